//! A line a design across all axes and outputs, coloured by one of them.
//!
//! The better a design is in the output that colours, the darker is its line and the
//! later it is drawn, so that the best lie on top.

use super::heading;
use super::scale::{Scale, range};
use super::shade::{Shades, Shading};
use super::words::{LEADING, Type, fitted, label, paragraph, title, wrapped};
use crate::analysis::Goal;
use crate::plot::axes::number;
use crate::plot::font;
use crate::plot::scene::{Align, Point, Scene, Text};
use crate::plot::theme::{GREY, INK, LINE, MARGIN, SMALL, THIN, TICK, WHITE};
use crate::results::{Column, Table};

/// Distance of two axes, and the least width of the picture.
const APART: f64 = 124.0;
const LEAST_WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 74.0;
/// Lines that one picture can hold.
const MOST_LINES: usize = 3000;
/// So many lines can be seen one by one; more are the fainter, the more they are.
const FEW: f64 = 150.0;
const FAINTEST: f64 = 0.2;
/// Of faint lines the best so many are drawn bold.
const BOLD: usize = 30;
const TICKS: usize = 6;
/// Most lines of an axis' name.
const NAME_LINES: usize = 5;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parallel<'a> {
    pub(super) axes: Vec<&'a Column>,
    pub(super) outputs: Vec<&'a Column>,
    /// What colours the lines.
    pub(super) by: &'a Column,
    /// Which way that is better; none where it was chosen.
    pub(super) goal: Option<Goal>,
}

impl Parallel<'_> {
    /// Rows that have all figures, the last drawn last; from too many evenly spread ones.
    /// Spread over what colours them and not over their numbers: every tenth design of a
    /// grid has one and the same value on its last axis.
    fn rows(&self) -> (Vec<usize>, usize) {
        let whole = |row: &usize| {
            let mut columns = self.axes.iter().chain(&self.outputs).chain([&self.by]);
            columns.all(|column| column.values[*row].is_finite())
        };
        let mut rows: Vec<usize> = (0..self.by.values.len()).filter(whole).collect();
        rows.sort_by(|a, b| {
            let order = self.by.values[*a].total_cmp(&self.by.values[*b]);
            let order = if self.goal == Some(Goal::Small) {
                order.reverse()
            } else {
                order
            };
            order.then(a.cmp(b))
        });
        let all = rows.len();
        if all > MOST_LINES {
            let last = (MOST_LINES - 1) as f64;
            let chosen = (0..MOST_LINES).map(|line| line as f64 / last * (all - 1) as f64);
            rows = chosen.map(|place| rows[place.round() as usize]).collect();
        }
        (rows, all)
    }
}

/// The picture.
pub(super) fn scene(table: &Table, plot: &Parallel<'_>) -> Scene {
    let (rows, all) = plot.rows();
    let columns: Vec<&Column> = plot.axes.iter().chain(&plot.outputs).copied().collect();
    let values: Vec<f64> = rows.iter().map(|row| plot.by.values[*row]).collect();
    let shading = match plot.goal {
        Some(Goal::Small) => Shading::LinesTurned,
        Some(Goal::Large) | None => Shading::Lines,
    };
    let shades = Shades::over(plot.by, &values, shading);
    let bar = shades.bar_width(HEIGHT) + 34.0;
    let gaps = (columns.len() - 1) as f64;
    let width = (LEFT + gaps * APART + bar + 60.0 + MARGIN).max(LEAST_WIDTH);
    let right = width - MARGIN - bar - 60.0;
    let mut scene = Scene::new(width, 0.0, format!("{}: parallel coordinates", table.name));
    let mut facts = Vec::new();
    if all > rows.len() {
        facts.push(format!(
            "{} of them drawn, evenly over {}",
            number(rows.len() as f64, 0),
            label(plot.by)
        ));
    }
    let bold = if plot.goal.is_some() && rows.len() as f64 > 2.0 * FEW {
        BOLD
    } else {
        0
    };
    if bold > 0 {
        facts.push(format!("bold: the {bold} best of those drawn"));
    }
    let top = heading(&mut scene, table, &facts);
    let step = (right - LEFT) / gaps.max(1.0);
    let x = |index: usize| LEFT + step * index as f64;
    let top = names(&mut scene, plot, &columns, top, (&x, step));
    let bottom = top + HEIGHT;
    let scales: Vec<Scale<'_>> = columns
        .iter()
        .copied()
        .map(|column| {
            let range = range(&column.values).unwrap_or((0.0, 1.0));
            Scale::exact(column, range, (bottom, top))
        })
        .collect();
    let opacity = (0.8 * (FEW / rows.len() as f64).sqrt()).clamp(FAINTEST, 0.8);
    let bold_from = rows.len() - bold;
    for (order, row) in rows.into_iter().enumerate() {
        let places = columns.iter().zip(&scales).enumerate();
        let line: Vec<Point> = places
            .map(|(index, (column, scale))| (x(index), scale.at(column.values[row])))
            .collect();
        let colour = shades.of(plot.by.values[row]);
        if order < bold_from {
            scene.faint_line(line, colour, THIN, opacity);
        } else {
            scene.line(line, colour, LINE);
        }
    }
    for (index, scale) in scales.iter().enumerate() {
        draw_axis(&mut scene, scale, (x(index), step - 30.0), (top, bottom));
    }
    shades.bar(&mut scene, (width - MARGIN - bar + 34.0, top), HEIGHT);
    scene.height = bottom + MARGIN + 8.0;
    scene
}

/// Names above their axes, on a common last line, and above them what was chosen and what
/// was simulated; the y where the axes may begin.
fn names(
    scene: &mut Scene,
    plot: &Parallel<'_>,
    columns: &[&Column],
    top: f64,
    (x, step): (&dyn Fn(usize) -> f64, f64),
) -> f64 {
    let look = Type {
        size: SMALL,
        bold: false,
        colour: INK,
        align: Align::Middle,
    };
    let names: Vec<Vec<String>> = columns
        .iter()
        .map(|column| {
            let width = (step - 12.0).min(2.0 * (LEFT - MARGIN));
            wrapped(&title(column), SMALL, false, width, NAME_LINES)
        })
        .collect();
    let most = names.iter().map(Vec::len).max().unwrap_or(1);
    let line = LEADING * SMALL;
    let first = top + 6.0 + TICK;
    let groups = [
        ("chosen", 0, plot.axes.len()),
        ("simulated", plot.axes.len(), columns.len()),
    ];
    for (words, from, to) in groups {
        let half = 0.5 * step.min(APART) - 6.0;
        let (left, right) = (x(from) - half, x(to - 1) + half);
        let text = Text::new((0.5 * (left + right), first - 4.0), words, TICK).bold();
        let gap = 0.5 * text.width() + 8.0;
        let (middle, y) = (0.5 * (left + right), first - 4.0 - 0.3 * TICK);
        scene.line(vec![(left, y), (middle - gap, y)], GREY, THIN);
        scene.line(vec![(middle + gap, y), (right, y)], GREY, THIN);
        scene.text(text.colour(GREY).align(Align::Middle));
    }
    for (index, lines) in names.iter().enumerate() {
        let y = first + 1.4 * TICK + (most - lines.len()) as f64 * line;
        paragraph(scene, (x(index), y), lines, look);
    }
    first + 1.4 * TICK + most as f64 * line
}

/// An upright axis with its ticks, on white so that they are read over the lines.
fn draw_axis(
    scene: &mut Scene,
    scale: &Scale<'_>,
    (x, room): (f64, f64),
    (top, bottom): (f64, f64),
) {
    scene.line(vec![(x, top), (x, bottom)], INK, LINE);
    for (y, words) in scale.ticks(TICKS) {
        scene.line(vec![(x - 4.0, y), (x + 4.0, y)], INK, LINE);
        let words = fitted(&words, SMALL, false, room);
        let wide = font::width(&words, SMALL, false);
        let left = x + 7.0;
        scene.rectangle(
            (left - 2.0, y - 7.0),
            (left + wide + 2.0, y + 7.0),
            WHITE,
            0.8,
        );
        scene.text(Text::new((left, y), words, SMALL).centred());
    }
}
