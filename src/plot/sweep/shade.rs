//! Light to dark: figures as colours, and the bar that explains them.
//!
//! The scale is YlGnBu of ColorBrewer 2.0 (Brewer, Harrower et al., Pennsylvania State
//! University): its lightness falls evenly, so it survives grey print and colour
//! blindness.

use super::scale::{Scale, range};
use super::words::{LEADING, Type, centred_paragraph, title, wrapped};
use crate::plot::font;
use crate::plot::scene::{Align, Scene, Text};
use crate::plot::theme::{Colour, GREY, LABEL, RULE, THIN, TICK};
use crate::results::Column;

const ANCHORS: [Colour; 9] = [
    Colour(255, 255, 217),
    Colour(237, 248, 177),
    Colour(199, 233, 180),
    Colour(127, 205, 187),
    Colour(65, 182, 196),
    Colour(29, 145, 192),
    Colour(34, 94, 168),
    Colour(37, 52, 148),
    Colour(8, 29, 88),
];
/// Where the part of the scale begins that can be seen as a line on white.
const LINES_FROM: f64 = 0.3;
/// Pieces that a bar is drawn in.
const PIECES: usize = 60;
const BAR: f64 = 16.0;
const TICKS: usize = 6;
/// Widest text of a tick, pixels.
const WIDEST_TICK: f64 = 110.0;
/// Most lines of the bar's name.
const NAME_LINES: usize = 2;

/// How shares become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plot) enum Shading {
    /// The whole scale, for areas.
    Areas,
    /// Without its lightest part, for lines and points.
    Lines,
    /// The same with the smallest darkest.
    LinesTurned,
}

impl Shading {
    /// Colour of a share of the scale, 0 to 1.
    pub(in crate::plot) fn of(self, share: f64) -> Colour {
        match self {
            Self::Areas => shade(share),
            Self::Lines => shade(LINES_FROM + (1.0 - LINES_FROM) * share),
            Self::LinesTurned => shade(1.0 - (1.0 - LINES_FROM) * share),
        }
    }
}

fn shade(share: f64) -> Colour {
    let last = ANCHORS.len() - 1;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = (place as usize).min(last - 1);
    let part = place - below as f64;
    let (from, to) = (ANCHORS[below], ANCHORS[below + 1]);
    let mixed = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    Colour(
        mixed(from.0, to.0),
        mixed(from.1, to.1),
        mixed(from.2, to.2),
    )
}

/// Whether white text is read better on this colour than dark text.
pub(super) fn is_dark(colour: Colour) -> bool {
    let Colour(red, green, blue) = colour;
    0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue) < 130.0
}

/// The colours of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shades<'a> {
    column: &'a Column,
    range: (f64, f64),
    shading: Shading,
    scale: Scale<'a>,
}

impl<'a> Shades<'a> {
    /// Over these values, which are of the column's kind.
    pub(super) fn over(column: &'a Column, values: &[f64], shading: Shading) -> Self {
        let range = range(values).unwrap_or((0.0, 1.0));
        Self {
            column,
            range,
            shading,
            scale: Scale::exact(column, range, (0.0, 1.0)),
        }
    }

    /// Colour of a value; of texts the first is lightest.
    pub(super) fn of(&self, value: f64) -> Colour {
        self.shading.of(self.share(value))
    }

    fn share(&self, value: f64) -> f64 {
        let levels = self.column.levels.len();
        if levels > 0 {
            value / (levels.max(2) - 1) as f64
        } else {
            self.scale.share(value)
        }
    }

    /// Width that the bar takes with its labels and its name.
    pub(super) fn bar_width(&self, height: f64) -> f64 {
        let name = self.name(height).len() as f64 * LEADING * LABEL;
        BAR + 8.0 + self.widest_tick() + 10.0 + name
    }

    fn name(&self, height: f64) -> Vec<String> {
        wrapped(&title(self.column), LABEL, false, height, NAME_LINES)
    }

    fn widest_tick(&self) -> f64 {
        let ticks = self.scale.ticks(TICKS).into_iter();
        let lines = ticks.flat_map(|tick| wrapped(&tick.1, TICK, false, WIDEST_TICK, 2));
        let widths = lines.map(|line| font::width(&line, TICK, false));
        widths.fold(0.0, f64::max)
    }

    /// An upright bar with round figures and the column's name.
    pub(super) fn bar(&self, scene: &mut Scene, (left, top): (f64, f64), height: f64) {
        let bottom = top + height;
        let scale = Scale::exact(self.column, self.range, (bottom, top));
        let right = left + BAR;
        let levels = self.column.levels.len();
        let pieces = if levels > 0 { levels } else { PIECES };
        for piece in 0..pieces {
            let share = piece as f64 / (pieces.max(2) - 1) as f64;
            let from = bottom - height * piece as f64 / pieces as f64;
            // Drawn to the top, so that no seam shows between two pieces.
            scene.rectangle((left, top), (right, from), self.shading.of(share), 1.0);
        }
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let frame = corners.into_iter().chain([(left, top)]).collect();
        scene.line(frame, RULE, THIN);
        for (y, label) in scale.ticks(TICKS) {
            scene.line(vec![(right, y), (right + 4.0, y)], RULE, THIN);
            let lines = wrapped(&label, TICK, false, WIDEST_TICK, 2);
            let look = Type {
                size: TICK,
                bold: false,
                colour: GREY,
                align: Align::Start,
            };
            centred_paragraph(scene, (right + 8.0, y), &lines, look);
        }
        let mut x = right + 8.0 + self.widest_tick() + 10.0 + 0.5 * LABEL;
        for line in self.name(height) {
            let text = Text::new((x, 0.5 * (top + bottom)), line, LABEL).up();
            scene.text(text.align(Align::Middle).centred());
            x += LEADING * LABEL;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_only_darkens() {
        let lightness = |share: f64| {
            let Colour(red, green, blue) = shade(share);
            0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)
        };
        for step in 0..100 {
            let share = f64::from(step) / 100.0;
            assert!(lightness(share + 0.01) < lightness(share), "{share}");
        }
        assert_eq!(Shading::Lines.of(1.0), Shading::LinesTurned.of(0.0));
    }
}
