//! An output at the ends of every axis, the widest bar first.
//!
//! The light bar belongs to the low end of an axis, the dark one to its high end, each
//! labelled with the value of the axis there. Bars to the same side share the height.

use super::heading;
use super::scale::{Scale, range};
use super::words::{Type, centred_paragraph, fitted, name_below, title, value_with_unit, wrapped};
use crate::analysis::{Bar, Ends, tornado};
use crate::plot::axes::{Sample, legend};
use crate::plot::font;
use crate::plot::scene::{Align, Scene, Text};
use crate::plot::theme::{Colour, INK, LABEL, LINE, MARGIN, MG2, SMALL, TICK};
use crate::results::{Column, Table};

const WIDTH: f64 = 960.0;
const ROW: f64 = 34.0;
/// Where the names of the axes end.
const NAMES: f64 = 290.0;
/// Widest value of an axis beside its bar.
const WIDEST: f64 = 110.0;
const TICKS: usize = 6;
const LOW: Colour = Colour(150, 200, 232);
const HIGH: Colour = MG2;

/// The picture.
pub(super) fn scene(table: &Table, output: &Column) -> Scene {
    let found = tornado(table, output);
    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: tornado", table.name));
    let facts = [match found.ends {
        Ends::Exact => "each axis at its ends, all others in the middle",
        Ends::Fifths => "means over the lowest and the highest fifth of each axis",
    }
    .to_owned()];
    let top = heading(&mut scene, table, &[output], &facts) + 4.0;
    let values = match found.ends {
        Ends::Exact => "value of the axis",
        Ends::Fifths => "mean of the axis there",
    };
    let entries = [
        (Sample::Block(LOW, 1.0), "low end of the axis"),
        (Sample::Block(HIGH, 1.0), "high end of the axis"),
        (Sample::Line(INK, LINE), middle_name(found.ends)),
    ];
    let x = legend(&mut scene, (MARGIN, top + TICK), &entries);
    scene.text(Text::new(
        (x, top + TICK),
        format!("figures: {values}"),
        TICK,
    ));
    let top = top + 2.2 * TICK;
    let bottom = top + found.bars.len() as f64 * ROW + 6.0;
    let ends = found.bars.iter().flat_map(|bar| [bar.low, bar.high]);
    let reached: Vec<f64> = ends.chain([found.middle]).collect();
    let label = |bar: &Bar, at: f64| {
        let axis = table.column(&bar.axis);
        let words = axis.map_or(String::new(), |axis| value_with_unit(axis, at));
        fitted(&words, SMALL, false, WIDEST)
    };
    let labels = found.bars.iter();
    let widest = labels
        .flat_map(|bar| [label(bar, bar.low_at), label(bar, bar.high_at)])
        .map(|words| font::width(&words, SMALL, false) + 10.0)
        .fold(0.0, f64::max);
    // Room for the labels on both sides of the longest bars.
    let inner = (NAMES + 14.0 + widest, WIDTH - MARGIN - widest);
    let reach = range(&reached).unwrap_or((0.0, 1.0));
    let x = Scale::exact(output, reach, inner).widened(inner, (NAMES + 14.0, WIDTH - MARGIN));
    x.grid_x(&mut scene, (top, bottom), TICKS);
    let middle = x.at(found.middle);
    for (index, bar) in found.bars.iter().enumerate() {
        let y = top + 3.0 + (index as f64 + 0.5) * ROW;
        let name = table.column(&bar.axis).map_or(String::new(), title);
        let lines = wrapped(&name, TICK, false, NAMES - MARGIN, 2);
        let look = Type {
            size: TICK,
            bold: false,
            colour: INK,
            align: Align::End,
        };
        centred_paragraph(&mut scene, (NAMES, y), &lines, look);
        let same_side = (bar.low - found.middle) * (bar.high - found.middle) > 0.0;
        let halves = if same_side {
            [(y - 0.4 * ROW, y), (y, y + 0.4 * ROW)]
        } else {
            [(y - 0.34 * ROW, y + 0.34 * ROW); 2]
        };
        let ends = [(bar.low, bar.low_at, LOW), (bar.high, bar.high_at, HIGH)];
        // Of two bars without length the labels stand on either side.
        let low_left = bar.low < bar.high || bar.high.is_nan();
        for (which, ((value, at, colour), (from, to))) in ends.into_iter().zip(halves).enumerate() {
            if value.is_nan() {
                continue;
            }
            let end = x.at(value);
            scene.rectangle((middle.min(end), from), (middle.max(end), to), colour, 1.0);
            let left = if same_side {
                end < middle
            } else {
                (which == 0) == low_left
            };
            let (place, align) = if left {
                (end - 5.0, Align::End)
            } else {
                (end + 5.0, Align::Start)
            };
            let text = Text::new((place, 0.5 * (from + to)), label(bar, at), SMALL);
            scene.text(text.align(align).centred());
        }
    }
    scene.line(vec![(middle, top), (middle, bottom)], INK, LINE);
    let end = x.labels_x(&mut scene, bottom, TICKS);
    let pixels = (NAMES, WIDTH - MARGIN);
    scene.height = name_below(&mut scene, pixels, end + 1.5 * LABEL, &title(output)) + 4.0;
    scene
}

fn middle_name(ends: Ends) -> &'static str {
    match ends {
        Ends::Exact => "design in the middle",
        Ends::Fifths => "mean of all designs",
    }
}
