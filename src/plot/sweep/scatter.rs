//! One output over another, with the designs that no other beats in both.
//!
//! The Pareto front is drawn as steps: what lies beyond them is beaten by a design at a
//! corner. If its designs are few, they carry their numbers.

use super::heading;
use super::scale::{Scale, range};
use super::shade::{Shades, Shading};
use super::words::{name_below, name_beside, title};
use crate::analysis::{Goal, pareto};
use crate::plot::axes::{Sample, legend, number};
use crate::plot::contour::Frame;
use crate::plot::scene::{Point, Scene, Text};
use crate::plot::theme::{Colour, ENGINE, LABEL, LINE, MARGIN, MG2, RULE, SMALL, THIN, WHITE};
use crate::results::{Column, Table};
use std::collections::BTreeMap;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 540.0;
/// Room on the left for the name of the axis, without its labels.
const LEFT: f64 = 64.0;
const TICKS: usize = 8;
/// Fronts of more designs carry no numbers.
const MOST_NUMBERED: usize = 15;
/// Above so many designs points are small and faint.
const MANY: usize = 800;
/// Designs that fall into one square of so many pixels are drawn as one.
const SQUARE: f64 = 1.5;
const FRONT: Colour = ENGINE;
/// Places tried for a number, from its design: all sides, then farther off.
const PLACES: [Point; 8] = [
    (-9.0, 12.0),
    (-9.0, -12.0),
    (9.0, -12.0),
    (9.0, 12.0),
    (-14.0, 24.0),
    (14.0, -24.0),
    (-14.0, -24.0),
    (14.0, 24.0),
];

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scatter<'a> {
    pub(super) x: &'a Column,
    pub(super) y: &'a Column,
    /// What colours the points.
    pub(super) by: Option<&'a Column>,
    /// Which way x and y are better; none where one is not simulated.
    pub(super) goals: Option<(Goal, Goal)>,
}

/// Name of an axis, and which way it is better.
fn named(column: &Column, goal: Option<Goal>) -> String {
    match goal {
        Some(Goal::Small) => format!("{} (less is better)", title(column)),
        Some(Goal::Large) => format!("{} (more is better)", title(column)),
        None => title(column),
    }
}

/// The picture.
pub(super) fn scene(table: &Table, plot: &Scatter<'_>) -> Scene {
    let front = plot
        .goals
        .map(|goals| pareto((plot.x, goals.0), (plot.y, goals.1)))
        .unwrap_or_default();
    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: scatter", table.name));
    let mut facts = Vec::new();
    if !front.is_empty() {
        let count = number(front.len() as f64, 0);
        facts.push(format!("{count} on the Pareto front"));
    }
    let top = heading(&mut scene, table, &facts) + 8.0;
    let bottom = top + HEIGHT;
    let shades = plot
        .by
        .map(|by| Shades::over(by, &by.values, Shading::Lines));
    let bar = shades
        .as_ref()
        .map_or(0.0, |shades| shades.bar_width(HEIGHT) + 22.0);
    let right = WIDTH - MARGIN - bar;
    let of = |column: &Column| range(&column.values).unwrap_or((0.0, 1.0));
    let y = Scale::round(plot.y, of(plot.y), TICKS, (bottom, top));
    let left = LEFT + y.labels_width(TICKS);
    let x = Scale::round(plot.x, of(plot.x), TICKS, (left, right));
    x.grid_x(&mut scene, (top, bottom), TICKS);
    y.draw_y(&mut scene, (left, right), TICKS);
    scene.line(vec![(left, bottom), (right, bottom)], RULE, THIN);
    points(&mut scene, plot, shades.as_ref(), &x, &y);
    let corners = draw_front(&mut scene, plot, shades.as_ref(), &front, (&x, &y));
    if front.len() <= MOST_NUMBERED {
        numbers(&mut scene, table, &front, &corners, (&x, &y));
    }
    if let Some(shades) = &shades {
        shades.bar(&mut scene, (right + 22.0, top), HEIGHT);
    }
    let goal = |of: fn((Goal, Goal)) -> Goal| plot.goals.map(of);
    let (goal_x, goal_y) = (goal(|goals| goals.0), goal(|goals| goals.1));
    let name = named(plot.y, goal_y);
    name_beside(&mut scene, MARGIN + 14.0, (top, bottom), &name);
    let end = x.labels_x(&mut scene, bottom, TICKS);
    let name = named(plot.x, goal_x);
    let mut end = name_below(&mut scene, (left, right), end + 1.5 * LABEL, &name);
    if !front.is_empty() {
        let words = if front.len() <= MOST_NUMBERED {
            "Pareto front, with the numbers of its designs"
        } else {
            "Pareto front"
        };
        end += 8.0;
        legend(
            &mut scene,
            (left, end),
            &[(Sample::Line(FRONT, LINE), words)],
        );
        end += 18.0;
    }
    scene.height = end + 2.0;
    scene
}

/// Colour of the design of a row.
fn colour(plot: &Scatter<'_>, shades: Option<&Shades<'_>>, row: usize) -> Colour {
    let value = plot.by.map_or(f64::NAN, |by| by.values[row]);
    match shades {
        Some(shades) if value.is_finite() => shades.of(value),
        Some(_) => RULE,
        None => MG2,
    }
}

/// All designs; of those that fall on each other the last.
fn points(
    scene: &mut Scene,
    plot: &Scatter<'_>,
    shades: Option<&Shades<'_>>,
    x: &Scale<'_>,
    y: &Scale<'_>,
) {
    let mut squares: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    for (row, (a, b)) in plot.x.values.iter().zip(&plot.y.values).enumerate() {
        if a.is_finite() && b.is_finite() {
            let square = |pixel: f64| (pixel / SQUARE).floor() as i64;
            squares.insert((square(x.at(*a)), square(y.at(*b))), row);
        }
    }
    let mut rows: Vec<usize> = squares.into_values().collect();
    // In the order of the designs: one shade does not lie over all others.
    rows.sort_unstable();
    let (radius, opacity) = if rows.len() > MANY {
        (2.0, 0.75)
    } else {
        (3.2, 0.9)
    };
    for row in rows {
        let at = (x.at(plot.x.values[row]), y.at(plot.y.values[row]));
        scene.disc(at, radius, colour(plot, shades, row), opacity);
    }
}

/// The front as steps, its designs ringed; returns where the designs are.
fn draw_front(
    scene: &mut Scene,
    plot: &Scatter<'_>,
    shades: Option<&Shades<'_>>,
    front: &[usize],
    (x, y): (&Scale<'_>, &Scale<'_>),
) -> Vec<Point> {
    let at = |row: &usize| (x.at(plot.x.values[*row]), y.at(plot.y.values[*row]));
    let corners: Vec<Point> = front.iter().map(at).collect();
    scene.line(steps(&corners), FRONT, LINE);
    for (corner, row) in corners.iter().zip(front) {
        scene.disc(*corner, 5.2, FRONT, 1.0);
        scene.disc(*corner, 3.8, WHITE, 1.0);
        scene.disc(*corner, 3.0, colour(plot, shades, *row), 1.0);
    }
    corners
}

/// From each corner along x and then along y to the next: what lies beyond is beaten.
fn steps(corners: &[Point]) -> Vec<Point> {
    let between = corners
        .windows(2)
        .flat_map(|pair| [(pair[1].0, pair[0].1), pair[1]]);
    corners
        .first()
        .copied()
        .into_iter()
        .chain(between)
        .collect()
}

/// Numbers of the designs of the front, beside them where nothing else of it lies.
fn numbers(
    scene: &mut Scene,
    table: &Table,
    front: &[usize],
    corners: &[Point],
    (x, y): (&Scale<'_>, &Scale<'_>),
) {
    let around = |a: Point, b: Point, room: f64| -> Frame {
        (
            (a.0.min(b.0) - room, a.1.min(b.1) - room),
            (a.0.max(b.0) + room, a.1.max(b.1) + room),
        )
    };
    let steps = steps(corners);
    let lines = steps.windows(2).map(|pair| around(pair[0], pair[1], 1.0));
    let mut taken: Vec<Frame> = lines.collect();
    taken.extend(corners.iter().map(|corner| around(*corner, *corner, 6.0)));
    let ((left, right), (bottom, top)) = (x.ends(), y.ends());
    for (row, corner) in front.iter().zip(corners) {
        let text = Text::new(*corner, format!("#{}", table.designs[*row]), SMALL);
        let wide = text.width();
        let free = PLACES.into_iter().find_map(|(dx, dy)| {
            let before = if dx < 0.0 { wide } else { 0.0 };
            let place = (corner.0 + dx - before, corner.1 + dy);
            let frame = (
                (place.0 - 2.0, place.1 - 7.0),
                (place.0 + wide + 2.0, place.1 + 7.0),
            );
            let inside =
                frame.0.0 > left && frame.1.0 < right && frame.0.1 > top && frame.1.1 < bottom;
            let meets = |other: &Frame| {
                frame.0.0 < other.1.0
                    && other.0.0 < frame.1.0
                    && frame.0.1 < other.1.1
                    && other.0.1 < frame.1.1
            };
            (inside && !taken.iter().any(meets)).then_some((frame, place))
        });
        if let Some((frame, place)) = free {
            scene.rectangle(frame.0, frame.1, WHITE, 0.8);
            scene.text(Text { at: place, ..text }.centred());
            taken.push(frame);
        }
    }
}
