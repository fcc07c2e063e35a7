//! Fuel burnt so far, and below it what of it is lost: what the best way on from here costs
//! more than the best way from the start.

use super::super::axes::{Axis, Panel, Sample};
use super::super::scene::{Point, Scene};
use super::super::theme::{INK, MARGIN};
use super::{BestPlot, BestRun, look, range, sample, time_axis, trace};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 600.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 24.0;
const X_TICKS: usize = 10;
/// Height of the panel of regret, pixels.
const LOWER: f64 = 210.0;
/// Least span of the axis of regret, percent.
const LEAST_REGRET: f64 = 0.5;
/// Share of the largest regret below which a negative one has no room of its own.
const TRACE: f64 = 0.03;

/// The picture.
pub(super) fn scene(plot: &BestPlot) -> Scene {
    let mut scene = Scene::new(WIDTH, HEIGHT, format!("{}: fuel and regret", plot.title));
    let top = scene.heading(MARGIN, &plot.title, &plot.subtitle);
    let (x, unit_s, unit_name) = time_axis(plot, (LEFT, WIDTH - RIGHT));
    let bottom = HEIGHT - 58.0;
    let all = |of: fn(&BestRun) -> &Vec<f64>| range(plot.runs.iter().flat_map(of).copied());
    let (_, most_g) = all(|run| &run.fuel_g);
    let fuel = Panel {
        x,
        y: Axis::round(
            (0.0, most_g.max(1.0)),
            5,
            (bottom - LOWER - 40.0, top + 28.0),
        ),
    };
    let (least, most) = all(|run| &run.regret_percent);
    let most = most.max(LEAST_REGRET);
    // A trace below zero is the discretisation, and no reason for a step of the axis.
    let least = if least < -TRACE * most { least } else { 0.0 };
    let ends = (least, most);
    let regret = Panel {
        x,
        y: Axis::round(ends, 5, (bottom, bottom - LOWER)),
    };
    let count = plot.runs.len();
    let entries: Vec<(Sample, &str)> = plot
        .runs
        .iter()
        .enumerate()
        .map(|(index, run)| (sample(index, count), run.control.as_str()))
        .collect();
    let draw = |scene: &mut Scene, panel: &Panel, of: fn(&BestRun) -> &Vec<f64>| {
        panel.x_grid(scene, X_TICKS);
        panel.y_grid(scene, 5);
        for (index, run) in plot.runs.iter().enumerate() {
            let points = plot.time_s.iter().zip(of(run));
            let points = points.map(|(time_s, value)| panel.point(time_s / unit_s, *value));
            trace(scene, &points.collect::<Vec<Point>>(), look(index, count));
        }
    };
    draw(&mut scene, &fuel, |run| &run.fuel_g);
    fuel.y_name(&mut scene, MARGIN + 8.0, "fuel, g", INK);
    fuel.caption(&mut scene, "Fuel burnt so far", &entries);
    draw(&mut scene, &regret, |run| &run.regret_percent);
    regret.y_name(&mut scene, MARGIN + 8.0, "% of the optimum's fuel", INK);
    regret.caption(
        &mut scene,
        "Regret so far: lost, whatever is done from here on",
        &[],
    );
    regret.x_labels(&mut scene, X_TICKS, unit_name);
    scene
}
