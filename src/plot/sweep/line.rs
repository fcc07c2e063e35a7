//! Outputs over one axis: panels below each other that share the axis.
//!
//! One line is the mean, with a band from the 5 to the 95 % quantile and a paler one to
//! the ends where other axes vary. With a second axis there is a line for each of its
//! values, told apart by shade and marker and labelled at its end.

use super::heading;
use super::scale::{Scale, range};
use super::shade::Shading;
use super::words::{fitted, name_below, title, value_with_unit};
use crate::analysis::{Response, ResponseLine, ResponsePoint, response};
use crate::plot::axes::{Sample, legend, legend_width};
use crate::plot::font;
use crate::plot::scene::{Align, Point, Scene, Text};
use crate::plot::theme::{
    BATTERY, BRAKES, Colour, ENGINE, FUEL, GREY, LABEL, MG1, MG2, Marker, RULE, THICK, THIN, TICK,
};
use crate::results::{Column, Table};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 26.0;
/// Height of the only panel, and of one of several.
const ALONE: f64 = 400.0;
const STACKED: f64 = 200.0;
/// Room above a panel for its name.
const CAPTION: f64 = 34.0;
/// Widest label of a line, pixels, and the least distance of two.
const WIDEST: f64 = 190.0;
const APART: f64 = 15.0;
/// Lines of more points have no markers.
const MOST_MARKED: usize = 40;
/// Sideways distance of lines at the same text, pixels.
const BESIDE: f64 = 13.0;
/// Half the width of a bar that stands for a band, pixels.
const HALF_BAR: f64 = 6.0;
const X_TICKS: usize = 9;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lines<'a> {
    pub(super) x: &'a Column,
    pub(super) by: Option<&'a Column>,
    pub(super) outputs: Vec<&'a Column>,
}

/// Lower and upper end of a band at a point.
type Ends = fn(&ResponsePoint) -> (f64, f64);
/// The bands from the palest on; where they lie over each other the colours add up.
const BANDS: [(Ends, f64); 2] = [
    (|point| (point.least, point.most), 0.14),
    (|point| (point.low, point.high), 0.26),
];

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    colour: Colour,
    marker: Marker,
    /// Pixels to the right, where lines would stand on each other.
    beside: f64,
}

const MARKERS: [Marker; 6] = [
    Marker::Disc,
    Marker::Square,
    Marker::Up,
    Marker::Diamond,
    Marker::Down,
    Marker::Cross,
];
const COLOURS: [Colour; 6] = [MG2, ENGINE, BATTERY, BRAKES, FUEL, MG1];

/// The picture.
pub(super) fn scene(table: &Table, lines: &Lines<'_>) -> Scene {
    let responses: Vec<Response> = lines
        .outputs
        .iter()
        .map(|output| response(table, lines.x, output, lines.by))
        .collect();
    let panel_height = if responses.len() == 1 { ALONE } else { STACKED };
    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: line", table.name));
    let facts = facts(table, lines, &responses);
    let top = heading(&mut scene, table, &facts);
    let right = WIDTH - RIGHT - label_width(lines);
    let looks = looks(lines, &responses[0]);
    let mut y = top;
    let (mut x_scale, mut bottom) = (None, top);
    for (output, response) in lines.outputs.iter().zip(&responses) {
        let x = x_axis(lines.x, response, (LEFT, right));
        bottom = y + CAPTION + panel_height;
        panel(
            &mut scene,
            lines,
            (output, response),
            &x,
            (y + CAPTION, bottom),
            &looks,
        );
        y = bottom;
        x_scale = Some(x);
    }
    if let Some(x) = x_scale {
        let end = x.labels_x(&mut scene, bottom, X_TICKS);
        let end = name_below(
            &mut scene,
            (LEFT, right),
            end + 1.5 * LABEL,
            &title(lines.x),
        );
        scene.height = end + 4.0;
    }
    scene
}

/// The scale of x: as the sweep chose its points, over those that were drawn.
fn x_axis<'a>(x: &'a Column, response: &Response, pixels: (f64, f64)) -> Scale<'a> {
    let points = response.lines.iter().flat_map(|line| &line.points);
    let at: Vec<f64> = points.map(|point| point.at).collect();
    Scale::exact(x, range(&at).unwrap_or((0.0, 1.0)), pixels)
}

/// What the second line of the heading says of this picture.
fn facts(table: &Table, lines: &Lines<'_>, responses: &[Response]) -> Vec<String> {
    let mut facts = Vec::new();
    let others = table
        .axes()
        .filter(|axis| axis.name != lines.x.name && Some(*axis) != lines.by)
        .count();
    if lines.by.is_some() && others > 0 {
        facts.push("lines are means over all other axes".to_owned());
    }
    if responses.iter().any(|response| response.binned) {
        facts.push("neighbouring designs put together in bins".to_owned());
    }
    facts
}

/// Room for the labels at the ends of lines.
fn label_width(lines: &Lines<'_>) -> f64 {
    let Some(by) = lines.by else { return 0.0 };
    let words = by.distinct().into_iter().map(|of| value_with_unit(by, of));
    let widths = words.map(|words| font::width(&words, TICK, false));
    widths.fold(0.0, f64::max).min(WIDEST) + 26.0
}

/// Numbers get darker shades as they grow, texts colours of their own.
fn looks(lines: &Lines<'_>, response: &Response) -> Vec<Look> {
    let count = response.lines.len();
    let numbers = lines.by.is_some_and(|by| by.levels.is_empty());
    let texts = !lines.x.levels.is_empty();
    let look = |index: usize| Look {
        colour: if numbers && count > 1 {
            Shading::Lines.of(index as f64 / (count - 1) as f64)
        } else {
            COLOURS[index % COLOURS.len()]
        },
        marker: MARKERS[index % MARKERS.len()],
        beside: if texts {
            BESIDE * (index as f64 - 0.5 * (count - 1) as f64)
        } else {
            0.0
        },
    };
    (0..count).map(look).collect()
}

/// One output.
fn panel(
    scene: &mut Scene,
    lines: &Lines<'_>,
    (output, response): (&Column, &Response),
    x: &Scale<'_>,
    (top, bottom): (f64, f64),
    looks: &[Look],
) {
    let points = || response.lines.iter().flat_map(|line| &line.points);
    let spread = lines.by.is_none() && points().any(|point| point.most > point.least);
    let reached: Vec<f64> = points()
        .flat_map(|point| {
            if spread {
                [point.least, point.most]
            } else {
                [point.mean; 2]
            }
        })
        .collect();
    let ticks = if bottom - top > 300.0 { 7 } else { 4 };
    let y = Scale::round(
        output,
        range(&reached).unwrap_or((0.0, 1.0)),
        ticks,
        (bottom, top),
    );
    let (left, right) = x.ends();
    x.grid_x(scene, (top, bottom), X_TICKS);
    y.draw_y(scene, (left, right), ticks);
    scene.line(vec![(left, bottom), (right, bottom)], RULE, THIN);
    caption(scene, (output, lines.by), (left, right), top, spread);
    for (line, look) in response.lines.iter().zip(looks) {
        if spread {
            bands(scene, x, &y, &line.points, *look);
        }
        draw_line(scene, x, &y, line, *look);
    }
    if let Some(by) = lines.by {
        labels(scene, by, response, looks, x, &y, (top, bottom));
    }
}

/// Name of the output above its panel, and at the right what bands or lines are.
fn caption(
    scene: &mut Scene,
    (output, by): (&Column, Option<&Column>),
    (left, right): (f64, f64),
    top: f64,
    spread: bool,
) {
    let y = top - 8.0;
    let entries = [
        (Sample::Line(MG2, THICK), "mean"),
        (Sample::Block(MG2, 0.36), "5 to 95 % of designs"),
        (Sample::Block(MG2, 0.14), "all designs"),
    ];
    let mut room = right - left;
    if let Some(by) = by {
        let words = fitted(&format!("lines: {}", title(by)), TICK, false, 0.5 * room);
        let text = Text::new((WIDTH - RIGHT, y), words, TICK).colour(GREY);
        room = WIDTH - RIGHT - left - text.width() - 12.0;
        scene.text(text.align(Align::End));
    }
    if spread {
        let wide: f64 = entries.iter().map(|(_, words)| legend_width(words)).sum();
        legend(scene, (right - wide + 16.0, y), &entries);
        room -= wide + 8.0;
    }
    let words = fitted(&title(output), LABEL, true, room);
    scene.text(Text::new((left, y), words, LABEL).bold());
}

/// Stretches of points that have figures.
fn known(points: &[ResponsePoint]) -> impl Iterator<Item = &[ResponsePoint]> {
    let stretches = points.chunk_by(|a, b| a.mean.is_finite() == b.mean.is_finite());
    stretches.filter(|stretch| stretch[0].mean.is_finite())
}

/// From the quantiles and from the ends of the designs: areas, or bars beside a text.
fn bands(scene: &mut Scene, x: &Scale<'_>, y: &Scale<'_>, points: &[ResponsePoint], look: Look) {
    for stretch in known(points) {
        for (of, opacity) in BANDS {
            let place = |point: &ResponsePoint, value: f64| (x.at(point.at), y.at(value));
            if x.is_levels() || stretch.len() == 1 {
                for point in stretch {
                    let (low, high) = of(point);
                    let (from, to) = (place(point, high), place(point, low));
                    let corners = ((from.0 - HALF_BAR, from.1), (to.0 + HALF_BAR, to.1));
                    scene.rectangle(corners.0, corners.1, look.colour, opacity);
                }
                continue;
            }
            let upper = stretch.iter().map(|point| place(point, of(point).1));
            let lower = stretch.iter().rev().map(|point| place(point, of(point).0));
            scene.area(upper.chain(lower).collect(), look.colour, opacity);
        }
    }
}

/// The means, joined where the axis has an order.
fn draw_line(scene: &mut Scene, x: &Scale<'_>, y: &Scale<'_>, line: &ResponseLine, look: Look) {
    let place = |point: &ResponsePoint| (x.at(point.at) + look.beside, y.at(point.mean));
    for stretch in known(&line.points) {
        let places: Vec<Point> = stretch.iter().map(place).collect();
        if line.points.len() <= MOST_MARKED {
            for at in &places {
                scene.marker(look.marker, *at, 3.6, look.colour);
            }
        }
        if !x.is_levels() {
            scene.line(places, look.colour, THICK);
        }
    }
}

/// Labels of the lines at their right ends, pushed apart where they would meet.
fn labels(
    scene: &mut Scene,
    by: &Column,
    response: &Response,
    looks: &[Look],
    x: &Scale<'_>,
    y: &Scale<'_>,
    (top, bottom): (f64, f64),
) {
    let mut ends: Vec<(Point, String, Look)> = response
        .lines
        .iter()
        .zip(looks)
        .filter_map(|(line, look)| {
            let last = line.points.iter().rfind(|point| point.mean.is_finite())?;
            let at = (x.at(last.at) + look.beside, y.at(last.mean));
            let words = value_with_unit(by, line.of?);
            Some((at, fitted(&words, TICK, false, WIDEST), *look))
        })
        .collect();
    ends.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    // Down from the top, then up again from the bottom.
    let mut places: Vec<f64> = ends.iter().map(|end| end.0.1).collect();
    for index in 0..places.len() {
        let least = if index == 0 {
            top + 6.0
        } else {
            places[index - 1] + APART
        };
        places[index] = places[index].max(least);
    }
    for index in (0..places.len()).rev() {
        let most = places.get(index + 1).map_or(bottom - 4.0, |y| y - APART);
        places[index] = places[index].min(most);
    }
    let right = x.ends().1;
    for ((at, words, look), y) in ends.into_iter().zip(places) {
        if !x.is_levels() {
            let from = (at.0 + 5.0, at.1);
            scene.line(
                vec![from, (right + 5.0, at.1), (right + 10.0, y)],
                RULE,
                THIN,
            );
        }
        scene.marker(look.marker, (right + 15.0, y), 3.6, look.colour);
        scene.text(Text::new((right + 23.0, y), words, TICK).centred());
    }
}
