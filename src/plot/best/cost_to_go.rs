//! The least cost to go as a map over time and charge, with the way of the optimum on it.

use super::super::axes::{Axis, Panel, Sample, legend, number};
use super::super::contour::{Frame, Grid, label_line};
use super::super::scene::{Point, Scene};
use super::super::sweep::Shading;
use super::super::theme::{GREY, INK, MARGIN, THICK, THIN, WHITE};
use super::{BestPlot, CostMap, range, time_axis};
use crate::plot::series::thinned;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 24.0;
const X_TICKS: usize = 10;
/// Steps of the map, about: a round figure in grams.
const LEVELS: usize = 16;
/// Darkest part of the scale that is used, so that the way can be seen on it.
const DARKEST: f64 = 0.62;

/// The picture.
pub(super) fn scene(plot: &BestPlot) -> Scene {
    let map = &plot.map;
    let mut scene = Scene::new(WIDTH, HEIGHT, format!("{}: cost to go", plot.title));
    let top = scene.heading(MARGIN, &plot.title, &plot.subtitle);
    let (x, unit_s, unit_name) = time_axis(plot, (LEFT, WIDTH - RIGHT));
    let (low, high) = range(map.soc.iter().map(|soc| 100.0 * soc));
    let panel = Panel {
        x,
        y: Axis::exact((low, high), (HEIGHT - 58.0, top + 28.0)),
    };
    let (_, most_g) = range(map.fuel_g.iter().flatten().copied());
    let scale = Axis::round((0.0, most_g.max(1.0)), LEVELS, (0.0, 1.0));
    let levels: Vec<f64> = scale.ticks(LEVELS).into_iter().map(|tick| tick.0).collect();
    let at = |column: f64, row: f64| {
        let (time_s, soc) = (between(&map.time_s, column), between(&map.soc, row));
        panel.point(time_s / unit_s, 100.0 * soc)
    };
    shade(&mut scene, map, &levels, &at);
    panel.y_grid(&mut scene, 7);
    panel.x_labels(&mut scene, X_TICKS, unit_name);
    panel.y_name(&mut scene, MARGIN + 8.0, "state of charge, %", INK);

    let value = |column: usize, row: usize| map.fuel_g[column][row];
    let grid = Grid::sample((map.time_s.len(), map.soc.len()), value);
    let way: Vec<Point> = plot.runs.last().map_or(Vec::new(), |run| {
        let points = plot.time_s.iter().zip(&run.soc);
        let points = points.map(|(time_s, soc)| panel.point(time_s / unit_s, 100.0 * soc));
        thinned(points)
    });
    let mut lines = Vec::new();
    for level in levels.iter().filter(|level| **level > 0.0) {
        for line in grid.lines(*level) {
            let line: Vec<Point> = line.iter().map(|(column, row)| at(*column, *row)).collect();
            scene.line(line.clone(), GREY, THIN);
            lines.push((*level, line));
        }
    }
    scene.line(way.clone(), WHITE, THICK + 2.0);
    scene.line(way.clone(), INK, THICK);
    let mut taken: Vec<Frame> = Vec::new();
    let inside = |point: Point, half: f64| {
        let level = (panel.left() + half..panel.right() - half).contains(&point.0);
        level && (panel.top() + 10.0..panel.bottom() - 10.0).contains(&point.1)
    };
    for (level, line) in &lines {
        let clear = |point: Point, half: f64| {
            let close = |way: &Point| {
                (way.0 - point.0).abs() < half + 4.0 && (way.1 - point.1).abs() < 12.0
            };
            inside(point, half) && !way.iter().any(close)
        };
        label_line(&mut scene, &mut taken, line, &number(*level, 0), clear);
    }
    let entries = [
        (Sample::Line(INK, THICK), "the optimum"),
        (Sample::Line(GREY, THIN), "equal cost to go, g of fuel"),
    ];
    legend(&mut scene, (LEFT, panel.top() - 10.0), &entries);
    scene
}

/// A figure at a place between two of a list.
fn between(list: &[f64], place: f64) -> f64 {
    let below = (place as usize).min(list.len().saturating_sub(2));
    let share = place - below as f64;
    let next = list.get(below + 1).unwrap_or(&list[below]);
    list[below] + share * (next - list[below])
}

/// Shades the map by steps: in every row one rectangle for each stretch of the same step.
fn shade(scene: &mut Scene, map: &CostMap, levels: &[f64], at: &impl Fn(f64, f64) -> Point) {
    let step = |fuel_g: f64| {
        let reached = levels.iter().filter(|level| **level <= fuel_g).count();
        fuel_g.is_finite().then_some(reached)
    };
    let (columns, rows) = (map.time_s.len(), map.soc.len());
    for row in 0..rows.saturating_sub(1) {
        let middle_g = |column: usize| {
            let of = |column: usize| map.fuel_g[column][row] + map.fuel_g[column][row + 1];
            0.25 * (of(column) + of(column + 1))
        };
        let cells: Vec<usize> = (0..columns.saturating_sub(1)).collect();
        for stretch in cells.chunk_by(|a, b| step(middle_g(*a)) == step(middle_g(*b))) {
            let Some(reached) = step(middle_g(stretch[0])) else {
                continue;
            };
            let share = reached.saturating_sub(1) as f64 / levels.len() as f64;
            let (from, to) = (stretch[0], stretch[stretch.len() - 1] + 1);
            let (low, high) = (at(from as f64, row as f64), at(to as f64, (row + 1) as f64));
            scene.rectangle(low, high, Shading::Areas.of(DARKEST * share), 1.0);
        }
    }
}
