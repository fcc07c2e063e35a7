//! State of charge and fuel burnt over time, on two axes; the engine's burning shaded.

use super::axes::{Axis, Panel, Sample, legend, number};
use super::scene::{Align, Point, Scene, Text};
use super::series::{line, range, stretches, thinned, time_unit};
use super::theme::{BATTERY, ENGINE, MARGIN, RULE, THICK, THIN, TICK};
use super::{Run, key_figures, title};
use crate::sim::EngineState;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 84.0;
const X_TICKS: usize = 10;
const Y_TICKS: usize = 6;
/// Least span of the charge axis, percent.
const LEAST_SOC_SPAN: f64 = 6.0;
/// Opacity of the shading.
const SHADE: f64 = 0.13;

/// The picture.
pub(super) fn scene(run: &Run<'_>) -> Scene {
    let rows = &run.trace.rows;
    let mut scene = Scene::new(
        WIDTH,
        HEIGHT,
        format!("{}: charge and fuel", title(run.summary)),
    );
    let top = scene.heading(MARGIN, &title(run.summary), &key_figures(run.summary));
    let (first_s, last_s) = range(rows, &[|r| r.time_s]);
    let (unit_s, unit_name) = time_unit(last_s - first_s);
    let pixels = (HEIGHT - 62.0, top + 28.0);
    let x = Axis::exact((first_s / unit_s, last_s / unit_s), (LEFT, WIDTH - RIGHT));

    let (low, high) = range(rows, &[|r| 100.0 * r.soc]);
    let room = 0.5 * (LEAST_SOC_SPAN - (high - low)).max(0.0);
    let soc = Panel {
        x,
        y: Axis::round(
            ((low - room).max(0.0), (high + room).min(100.0)),
            Y_TICKS,
            pixels,
        ),
    };
    let burnt: Vec<(f64, f64)> = cumulative(run);
    let total_g = burnt.last().map_or(0.0, |(_, grams)| *grams);
    let fuel = Panel {
        x,
        // As many steps as the charge has, so that both read off one grid.
        y: Axis::stepped(total_g.max(1.0), soc.y.steps(), pixels),
    };

    for (state, from_s, to_s) in stretches(rows, |row| row.engine_state) {
        if state == EngineState::On {
            let (from, to) = (x.at(from_s / unit_s), x.at(to_s / unit_s));
            scene.rectangle(
                (from, soc.top()),
                (to.max(from + 0.5), soc.bottom()),
                ENGINE,
                SHADE,
            );
        }
    }
    soc.x_grid(&mut scene, X_TICKS);
    soc.y_grid(&mut scene, Y_TICKS);
    soc.x_labels(&mut scene, X_TICKS, unit_name);
    soc.y_name(&mut scene, MARGIN + 8.0, "state of charge, %", BATTERY);
    for (value, label) in fuel.y.ticks(Y_TICKS) {
        let y = fuel.y.at(value);
        scene.line(vec![(fuel.right(), y), (fuel.right() + 4.0, y)], RULE, THIN);
        scene.text(
            Text::new((fuel.right() + 8.0, y), label, TICK)
                .colour(ENGINE)
                .centred(),
        );
    }
    fuel.y_name(&mut scene, WIDTH - MARGIN - 6.0, "fuel burnt, g", ENGINE);

    let points = burnt
        .iter()
        .map(|(time_s, grams)| fuel.point(time_s / unit_s, *grams));
    scene.line(thinned(points), ENGINE, THICK);
    scene.line(
        line(&soc, rows, |r| r.time_s / unit_s, |r| 100.0 * r.soc),
        BATTERY,
        THICK,
    );
    legend(
        &mut scene,
        (LEFT, soc.top() - 10.0),
        &[
            (Sample::Line(BATTERY, THICK), "state of charge (left)"),
            (Sample::Line(ENGINE, THICK), "fuel burnt (right)"),
            (Sample::Block(ENGINE, SHADE), "engine burning"),
        ],
    );
    let words = format!(
        "{} g = {} L",
        number(total_g, 0),
        number(run.summary.fuel_l, 3)
    );
    let at: Point = (soc.right(), soc.top() - 10.0);
    scene.text(Text::new(at, words, TICK).align(Align::End).colour(ENGINE));
    scene
}

/// Fuel burnt since the beginning at each row: time in s, grams.
fn cumulative(run: &Run<'_>) -> Vec<(f64, f64)> {
    let rows = &run.trace.rows;
    let mut grams = 0.0;
    let mut before_s = rows.first().map_or(0.0, |row| row.time_s);
    rows.iter()
        .map(|row| {
            grams += row.fuel_g_s * (row.time_s - before_s);
            before_s = row.time_s;
            (row.time_s, grams)
        })
        .collect()
}
