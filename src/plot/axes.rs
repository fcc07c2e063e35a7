//! Axes: from figures to pixels, round ticks, grid and labels.

use super::scene::{Align, Point, Scene, Text};
use super::theme::{Colour, GREY, GRID, INK, LABEL, RULE, THIN, TICK};

/// Length of a legend's piece of line, and gaps of its entries, pixels.
const SWATCH: f64 = 18.0;
const SWATCH_GAP: f64 = 5.0;
const ENTRY_GAP: f64 = 16.0;
/// Dots of a line and the gaps between them, pixels.
pub(super) const DOTS: (f64, f64) = (2.0, 3.0);

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Pixel of `low`.
    pub(super) from: f64,
    /// Pixel of `high`.
    pub(super) to: f64,
    /// Distance of ticks that the ends were rounded to.
    step: Option<f64>,
}

impl Axis {
    /// A scale that holds exactly these figures; one of no length is widened.
    pub(super) fn exact((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            from,
            to,
            step: None,
        }
    }

    /// A scale whose ends are ticks.
    pub(super) fn round((low, high): (f64, f64), ticks: usize, pixels: (f64, f64)) -> Self {
        let axis = Self::exact((low, high), pixels);
        let step = axis.step(ticks);
        Self {
            low: (axis.low / step + 1e-6).floor() * step,
            high: (axis.high / step - 1e-6).ceil() * step,
            step: Some(step),
            ..axis
        }
    }

    /// A scale from zero of exactly so many round steps.
    pub(super) fn stepped(high: f64, steps: usize, pixels: (f64, f64)) -> Self {
        let step = Self::exact((0.0, high), pixels).step(steps);
        Self {
            step: Some(step),
            ..Self::exact((0.0, step * steps.max(1) as f64), pixels)
        }
    }

    /// How many steps a round scale has.
    pub(super) fn steps(&self) -> usize {
        self.step.map_or(1, |step| {
            ((self.high - self.low) / step).round().max(1.0) as usize
        })
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// [`Self::at`], kept on the axis.
    pub(super) fn clamped(&self, value: f64) -> f64 {
        self.at(value.max(self.low).min(self.high))
    }

    fn step(&self, ticks: usize) -> f64 {
        let rough = (self.high - self.low) / ticks.max(1) as f64;
        let power = 10_f64.powi(rough.log10().floor() as i32);
        let factor = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .find(|factor| factor * power >= rough * 0.999)
            .unwrap_or(10.0);
        factor * power
    }

    /// Round figures on the axis, about `ticks` of them, with their labels.
    pub(super) fn ticks(&self, ticks: usize) -> Vec<(f64, String)> {
        let step = self.step.unwrap_or_else(|| self.step(ticks));
        let decimals = (0..6)
            .find(|&d| {
                let scaled = step * 10_f64.powi(d);
                (scaled - scaled.round()).abs() < 1e-6 * scaled
            })
            .unwrap_or(6) as usize;
        let (first, last) = (
            (self.low / step - 1e-6).ceil() as i64,
            (self.high / step + 1e-6).floor() as i64,
        );
        (first..=last)
            .map(|i| i as f64 * step)
            .map(|value| (value, number(value, decimals)))
            .collect()
    }
}

/// A figure as people write it: a true minus, thin spaces between thousands.
pub(super) fn number(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.char_indices() {
        let left = whole.len() - index;
        if index > 0 && left % 3 == 0 && whole.len() > 4 {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text + rest
}

/// What a legend entry shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    Line(Colour, f64),
    Dashes(Colour, f64),
    Dots(Colour, f64),
    Block(Colour, f64),
    Marker(super::theme::Marker, Colour),
}

/// An area with two axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Panel {
    pub(super) x: Axis,
    pub(super) y: Axis,
}

impl Panel {
    pub(super) fn point(&self, x: f64, y: f64) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    pub(super) fn left(&self) -> f64 {
        self.x.from
    }

    pub(super) fn right(&self) -> f64 {
        self.x.to
    }

    pub(super) fn top(&self) -> f64 {
        self.y.to
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y.from
    }

    /// Horizontal grid with labels on the left; the zero line stands out.
    pub(super) fn y_grid(&self, scene: &mut Scene, ticks: usize) {
        for (value, label) in self.y.ticks(ticks) {
            let y = self.y.at(value);
            let colour = if value == 0.0 { RULE } else { GRID };
            scene.line(vec![(self.left(), y), (self.right(), y)], colour, THIN);
            scene.text(
                Text::new((self.left() - 7.0, y), label, TICK)
                    .align(Align::End)
                    .colour(GREY)
                    .centred(),
            );
        }
    }

    /// Vertical grid, without labels.
    pub(super) fn x_grid(&self, scene: &mut Scene, ticks: usize) {
        for (value, _) in self.x.ticks(ticks) {
            let x = self.x.at(value);
            scene.line(vec![(x, self.top()), (x, self.bottom())], GRID, THIN);
        }
    }

    /// Labels and name of the horizontal axis, below the panel.
    pub(super) fn x_labels(&self, scene: &mut Scene, ticks: usize, name: &str) {
        let y = self.bottom() + 6.0 + TICK;
        for (value, label) in self.x.ticks(ticks) {
            let x = self.x.at(value);
            scene.line(
                vec![(x, self.bottom()), (x, self.bottom() + 4.0)],
                RULE,
                THIN,
            );
            scene.text(
                Text::new((x, y), label, TICK)
                    .align(Align::Middle)
                    .colour(GREY),
            );
        }
        let middle = 0.5 * (self.left() + self.right());
        scene.text(Text::new((middle, y + 1.5 * LABEL), name, LABEL).align(Align::Middle));
    }

    /// Name of the vertical axis, upwards beside it.
    pub(super) fn y_name(&self, scene: &mut Scene, at: f64, name: &str, colour: Colour) {
        let middle = 0.5 * (self.top() + self.bottom());
        scene.text(
            Text::new((at, middle), name, LABEL)
                .align(Align::Middle)
                .colour(colour)
                .up()
                .centred(),
        );
    }

    /// Name of the panel above its left end and a legend after it, outside of the data.
    pub(super) fn caption(&self, scene: &mut Scene, name: &str, entries: &[(Sample, &str)]) {
        let y = self.top() - 8.0;
        let text = Text::new((self.left(), y), name, LABEL).bold();
        let x = self.left() + text.width() + 20.0;
        scene.text(text);
        legend(scene, (x, y), entries);
    }
}

/// Entries in a row from a place on their base line; the x after the last.
pub(super) fn legend(scene: &mut Scene, (mut x, y): Point, entries: &[(Sample, &str)]) -> f64 {
    for (sample, words) in entries {
        let middle = y - 0.3 * TICK;
        let wide = match sample {
            Sample::Marker(..) => 0.6 * SWATCH,
            _ => SWATCH,
        };
        match *sample {
            Sample::Line(colour, width) => {
                scene.line(vec![(x, middle), (x + wide, middle)], colour, width);
            }
            Sample::Dashes(colour, width) => {
                scene.dashes(
                    &[(x, middle), (x + wide, middle)],
                    colour,
                    width,
                    (5.0, 3.0),
                );
            }
            Sample::Dots(colour, width) => {
                scene.dashes(&[(x, middle), (x + wide, middle)], colour, width, DOTS);
            }
            Sample::Block(colour, opacity) => {
                scene.rectangle((x, middle - 5.0), (x + wide, middle + 5.0), colour, opacity);
            }
            Sample::Marker(marker, colour) => {
                scene.marker(marker, (x + 0.5 * wide, middle), 4.5, colour);
            }
        }
        x += wide + SWATCH_GAP;
        let text = Text::new((x, y), *words, TICK).colour(INK);
        x += text.width() + ENTRY_GAP;
        scene.text(text);
    }
    x
}

/// Width that [`legend`] takes for one entry.
pub(super) fn legend_width(words: &str) -> f64 {
    SWATCH + SWATCH_GAP + ENTRY_GAP + super::font::width(words, TICK, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_on_the_axis() {
        let axis = Axis::exact((-3.2, 7.9), (0.0, 100.0));
        let labels: Vec<String> = axis.ticks(5).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["\u{2212}2.5", "0.0", "2.5", "5.0", "7.5"]);
    }

    #[test]
    fn a_round_axis_ends_on_ticks() {
        let axis = Axis::round((3.0, 118.0), 4, (0.0, 1.0));
        assert_eq!((axis.low, axis.high), (0.0, 150.0));
    }

    #[test]
    fn a_stepped_axis_shares_the_grid_of_another() {
        let axis = Axis::stepped(307.0, 7, (0.0, 1.0));
        assert_eq!((axis.high, axis.ticks(6).len()), (350.0, 8));
        assert_eq!(axis.steps(), 7);
    }

    #[test]
    fn an_axis_of_one_figure_has_a_length() {
        let axis = Axis::exact((5.0, 5.0), (0.0, 10.0));
        assert!(axis.at(5.0).is_finite() && !axis.ticks(4).is_empty());
    }

    #[test]
    fn numbers_have_a_true_minus_and_no_negative_zero() {
        assert_eq!(number(-0.001, 1), "0.0");
        assert_eq!(number(-12_345.0, 0), "\u{2212}12\u{2009}345");
        assert_eq!(number(1234.5, 1), "1234.5");
    }
}
