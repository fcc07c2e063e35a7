//! Sobol indices: what share of an output's variance every axis has.
//!
//! Two bars an axis, its total and its first-order index, with bands of 95 %. What the
//! total is longer by comes from acting together with other axes.

use super::heading;
use super::scale::range;
use super::words::{Type, centred_paragraph, label, name_below, wrapped};
use crate::analysis::{Band, SobolError, sobol};
use crate::plot::axes::{Axis, Panel, Sample, legend, number};
use crate::plot::scene::{Align, Scene, Text};
use crate::plot::theme::{Colour, GREY, INK, LABEL, LINE, MARGIN, MG2, RULE, TICK, WHITE};
use crate::results::{Column, Table};

const WIDTH: f64 = 960.0;
const ROW: f64 = 40.0;
/// Where the names of the axes end, and where the figures begin.
const NAMES: f64 = 290.0;
const FIGURES: f64 = WIDTH - 118.0;
const TICKS: usize = 5;
/// Height of a bar, and half the height of the end of a band.
const BAR: f64 = 13.0;
const END: f64 = 3.5;
const FIRST: Colour = MG2;
const TOTAL: Colour = Colour(150, 200, 232);

/// The picture.
pub(super) fn scene(table: &Table, output: &Column) -> Result<Scene, SobolError> {
    let found = sobol(table, output)?;
    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: Sobol indices", table.name));
    let mut facts = vec![format!("{} blocks", number(found.blocks as f64, 0))];
    if found.left_out > 0 {
        let blocks = if found.left_out == 1 {
            "block"
        } else {
            "blocks"
        };
        let count = number(found.left_out as f64, 0);
        facts.push(format!(
            "{count} {blocks} left out for designs without a figure"
        ));
    }
    let sum: f64 = found.axes.iter().map(|index| index.first.value).sum();
    facts.push(format!("first-order indices add up to {}", number(sum, 2)));
    let top = heading(&mut scene, table, &facts) + 4.0;
    let entries = [
        (Sample::Block(TOTAL, 1.0), "total: has a part in"),
        (
            Sample::Block(FIRST, 1.0),
            "first order: comes from it alone",
        ),
        (Sample::Line(INK, LINE), "95 % band"),
    ];
    legend(&mut scene, (MARGIN, top + TICK), &entries);
    let head = top + 2.6 * TICK;
    for (at, words) in [(0.0, "total"), (58.0, "first")] {
        scene.text(Text::new((FIGURES + 14.0 + at, head), words, TICK).colour(GREY));
    }
    let top = head + 8.0;
    let bottom = top + found.axes.len() as f64 * ROW;
    let ends = found
        .axes
        .iter()
        .flat_map(|index| [index.first, index.total]);
    let ends: Vec<f64> = ends
        .flat_map(|band| [band.low, band.value, band.high])
        .chain([0.0])
        .collect();
    let x = Axis::round(
        range(&ends).unwrap_or((0.0, 1.0)),
        TICKS,
        (NAMES + 14.0, FIGURES),
    );
    let panel = Panel {
        x,
        y: Axis::exact((0.0, 1.0), (bottom, top)),
    };
    panel.x_grid(&mut scene, TICKS);
    for (index, it) in found.axes.iter().enumerate() {
        let y = top + (index as f64 + 0.5) * ROW;
        let name = table.column(&it.axis).map_or("", label);
        let lines = wrapped(name, TICK, false, NAMES - MARGIN, 2);
        let look = Type {
            size: TICK,
            bold: false,
            colour: INK,
            align: Align::End,
        };
        centred_paragraph(&mut scene, (NAMES, y), &lines, look);
        draw_band(&mut scene, &x, it.total, (y - BAR - 0.5, y - 0.5), TOTAL);
        draw_band(&mut scene, &x, it.first, (y + 0.5, y + BAR + 0.5), FIRST);
        for (at, band) in [(0.0, it.total), (58.0, it.first)] {
            let words = number(band.value, 2);
            scene.text(Text::new((FIGURES + 14.0 + at, y), words, TICK).centred());
        }
    }
    let zero = x.at(0.0);
    scene.line(vec![(zero, top), (zero, bottom)], RULE, LINE);
    panel.x_labels(&mut scene, TICKS, "");
    let name = format!("share of the variance of {}", label(output));
    let y = bottom + 6.0 + TICK + 1.5 * LABEL;
    scene.height = name_below(&mut scene, (NAMES, WIDTH - MARGIN), y, &name) + 4.0;
    Ok(scene)
}

/// A bar from zero with its band.
fn draw_band(scene: &mut Scene, x: &Axis, band: Band, (top, bottom): (f64, f64), colour: Colour) {
    let (zero, end) = (x.at(0.0), x.at(band.value));
    scene.rectangle((zero.min(end), top), (zero.max(end), bottom), colour, 1.0);
    let y = 0.5 * (top + bottom);
    let (low, high) = (x.at(band.low), x.at(band.high));
    // White below, so that it is seen on dark bars too.
    for (colour, width) in [(WHITE, 3.0 * LINE), (INK, LINE)] {
        scene.line(vec![(low, y), (high, y)], colour, width);
        for end in [low, high] {
            scene.line(vec![(end, y - END), (end, y + END)], colour, width);
        }
    }
}
