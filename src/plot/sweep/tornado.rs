//! An output at the ends of every axis, the widest bar first.
//!
//! The light bar belongs to the low end of an axis, the dark one to its high end, each
//! labelled with the value of the axis there. Bars to the same side share the height.

use super::heading;
use super::scale::{Scale, range};
use super::words::{
    Type, centred_paragraph, fitted, label, name_below, title, value_with_unit, wrapped,
};
use crate::analysis::{Bar, Ends, Tornado, tornado};
use crate::plot::axes::{Sample, legend};
use crate::plot::font;
use crate::plot::scene::{Align, Scene, Text};
use crate::plot::theme::{Colour, GREY, INK, LABEL, LINE, MARGIN, MG2, SMALL, TICK, WHITE};
use crate::results::{Column, Table};

const WIDTH: f64 = 960.0;
const ROW: f64 = 34.0;
/// Where the names of the axes end.
const NAMES: f64 = 290.0;
/// Widest value of an axis beside its bar.
const WIDEST: f64 = 150.0;
const TICKS: usize = 6;
const LOW: Colour = Colour(150, 200, 232);
const HIGH: Colour = MG2;

/// The picture.
pub(super) fn scene(table: &Table, output: &Column) -> Scene {
    let found = tornado(table, output);
    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: tornado", table.name));
    let (ends, values) = match found.ends {
        Ends::Exact => (
            "each axis at its ends, all others in the middle",
            "value of the axis",
        ),
        Ends::Fifths => (
            "means over the lowest and the highest fifth of each axis",
            "mean of the axis there",
        ),
    };
    let top = heading(&mut scene, table, &[ends.to_owned()]) + 4.0;
    key(&mut scene, &found, top + TICK, values);
    let top = top + 2.2 * TICK;
    let bottom = top + found.bars.len() as f64 * ROW + 6.0;
    let values = found.bars.iter().flat_map(|bar| [bar.low, bar.high]);
    let reached: Vec<f64> = values.chain([found.middle]).collect();
    let words = found.bars.iter().flat_map(|bar| labels(table, bar));
    let widest = words
        .map(|words| font::width(&words, SMALL, false) + 10.0)
        .fold(0.0, f64::max);
    // Room for the labels on both sides of the longest bars.
    let (left, right) = (NAMES + 14.0, WIDTH - MARGIN);
    let inner = (left + widest, right - widest);
    let reach = range(&reached).unwrap_or((0.0, 1.0));
    let x = Scale::exact(output, reach, inner).widened(inner, (left, right));
    x.grid_x(&mut scene, (top, bottom), TICKS);
    for (index, bar) in found.bars.iter().enumerate() {
        let y = top + 3.0 + (index as f64 + 0.5) * ROW;
        let name = table.column(&bar.axis).map_or("", label);
        let lines = wrapped(name, TICK, false, NAMES - MARGIN, 2);
        let look = Type {
            size: TICK,
            bold: false,
            colour: INK,
            align: Align::End,
        };
        centred_paragraph(&mut scene, (NAMES, y), &lines, look);
        draw_bar(&mut scene, &x, found.middle, bar, &labels(table, bar), y);
    }
    let middle = x.at(found.middle);
    scene.line(vec![(middle, top), (middle, bottom)], INK, LINE);
    let end = x.labels_x(&mut scene, bottom, TICKS);
    let y = end + 1.5 * LABEL;
    scene.height = name_below(&mut scene, (left, right), y, &title(output)) + 4.0;
    scene
}

/// What bars, line and labels are.
fn key(scene: &mut Scene, found: &Tornado, y: f64, values: &str) {
    let middle = if found.middle_is_design {
        "design in the middle"
    } else {
        "mean of all designs"
    };
    let entries = [
        (Sample::Block(LOW, 1.0), "low end of the axis"),
        (Sample::Block(HIGH, 1.0), "high end of the axis"),
        (Sample::Line(INK, LINE), middle),
    ];
    let x = legend(scene, (MARGIN, y), &entries);
    scene.text(Text::new(
        (x, y),
        format!("beside the bars: {values}"),
        TICK,
    ));
}

/// Values of the axis at its low and its high end, or that there is no figure.
fn labels(table: &Table, bar: &Bar) -> [String; 2] {
    let axis = table.column(&bar.axis);
    let ends = [
        (bar.low, bar.low_at, "low end: no figure"),
        (bar.high, bar.high_at, "high end: no figure"),
    ];
    ends.map(|(value, at, failed)| match axis {
        Some(axis) if value.is_finite() => fitted(&value_with_unit(axis, at), SMALL, false, WIDEST),
        _ => failed.to_owned(),
    })
}

/// Both halves of a bar with their labels. An end without a figure has only a label, on
/// the side that the other leaves.
fn draw_bar(
    scene: &mut Scene,
    x: &Scale<'_>,
    middle: f64,
    bar: &Bar,
    labels: &[String; 2],
    y: f64,
) {
    let same_side = (bar.low - middle) * (bar.high - middle) > 0.0;
    let halves = if same_side {
        [(y - 0.4 * ROW, y), (y, y + 0.4 * ROW)]
    } else {
        [(y - 0.34 * ROW, y + 0.34 * ROW); 2]
    };
    // An end without a figure or without length gives way to the other.
    let low_left = if bar.low.is_nan() || (bar.low - middle).abs() <= 0.0 {
        bar.high.is_nan() || bar.high >= middle
    } else {
        bar.low < middle
    };
    for (index, (value, colour)) in [(bar.low, LOW), (bar.high, HIGH)].into_iter().enumerate() {
        let (from, to) = halves[index];
        let known = value.is_finite();
        let (start, end) = (x.at(middle), x.at(if known { value } else { middle }));
        if known {
            scene.rectangle((start.min(end), from), (start.max(end), to), colour, 1.0);
        }
        let left = low_left == (same_side || index == 0);
        let mut text = Text::new((end + 5.0, 0.5 * (from + to)), &*labels[index], SMALL);
        let (width, up) = (text.width(), 0.5 * SMALL);
        let frame = if left { end - 6.0 - width } else { end + 4.0 };
        let corner = (frame + width + 2.0, text.at.1 + up);
        // Lines of the grid do not run through figures.
        scene.rectangle((frame, text.at.1 - up), corner, WHITE, 0.85);
        if left {
            text.at.0 = end - 5.0;
            text.align = Align::End;
        }
        text.colour = if known { INK } else { GREY };
        scene.text(text.centred());
    }
}
