//! What an output becomes at the ends of every axis.
//!
//! A one-at-a-time sweep holds the answer: its designs at the ends. Of any other the mean
//! over the designs in the lowest and the highest fifth of the axis's values is taken,
//! against the mean of all. That averages over the other axes, so it shows main effects
//! and is narrower than what the very ends would give.

use super::statistics::{mean, quantile};
use crate::results::{Column, Sampling, Table};

/// Share of the designs that stand for an end of an axis.
const FIFTH: f64 = 0.2;

/// Which designs stand for the ends of the axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// The designs at the very ends, all other axes in their middle.
    Exact,
    /// All designs in the lowest and the highest fifth of the axis's values.
    Fifths,
}

/// An output at the ends of all axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// The output of the design in the middle, or the mean of all designs.
    pub middle: f64,
    /// Whether it is that of the design in the middle.
    pub middle_is_design: bool,
    /// Which designs stand for the ends.
    pub ends: Ends,
    /// A bar an axis, the widest first.
    pub bars: Vec<Bar>,
}

/// An output at the ends of one axis; NaN where no design there gave a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Name of the axis.
    pub axis: String,
    /// Value of the axis at its low end (the mean over a fifth). Of an axis of texts: the
    /// index of the one with the smallest output.
    pub low_at: f64,
    /// Value of the axis at its high end; of texts, the one with the largest output.
    pub high_at: f64,
    /// The output at the low end.
    pub low: f64,
    /// The output at the high end.
    pub high: f64,
}

impl Bar {
    /// How far the output moves, from the middle included.
    fn width(&self, middle: f64) -> f64 {
        let reached = [self.low, self.high, middle];
        let most = reached.into_iter().fold(f64::NEG_INFINITY, f64::max);
        most - reached.into_iter().fold(f64::INFINITY, f64::min)
    }
}

/// The output at the ends of all axes.
pub fn tornado(table: &Table, output: &Column) -> Tornado {
    let row_of = |design: u64| table.designs.binary_search(&design).ok();
    let at_row = |values: &[f64], row: Option<usize>| row.map_or(f64::NAN, |row| values[row]);
    let finite = |figure: &f64| figure.is_finite();
    let all: Vec<f64> = output.values.iter().copied().filter(finite).collect();
    let base = at_row(&output.values, row_of(0));
    let exact = table.sampling == Sampling::OneAtATime;
    let middle_is_design = exact && base.is_finite();
    let middle = if middle_is_design { base } else { mean(&all) };
    let bar = |(index, axis): (usize, &Column)| {
        if exact {
            // Design 0 is the middle, then low and high end of every axis.
            let (low, high) = (row_of(2 * index as u64 + 1), row_of(2 * index as u64 + 2));
            Bar {
                axis: axis.name.clone(),
                low_at: at_row(&axis.values, low),
                high_at: at_row(&axis.values, high),
                low: at_row(&output.values, low),
                high: at_row(&output.values, high),
            }
        } else if axis.levels.is_empty() {
            fifths(axis, output)
        } else {
            levels(axis, output)
        }
    };
    let mut bars: Vec<Bar> = table.axes().enumerate().map(bar).collect();
    bars.sort_by(|a, b| b.width(middle).total_cmp(&a.width(middle)));
    Tornado {
        middle,
        middle_is_design,
        ends: if exact { Ends::Exact } else { Ends::Fifths },
        bars,
    }
}

/// Means of the axis and of the output over the designs where both have a figure and the
/// axis is `inside`.
fn means(axis: &Column, output: &Column, inside: impl Fn(f64) -> bool) -> (f64, f64) {
    let pairs = axis.values.iter().zip(&output.values);
    let (places, figures): (Vec<f64>, Vec<f64>) = pairs
        .filter(|(at, figure)| figure.is_finite() && inside(**at))
        .unzip();
    (mean(&places), mean(&figures))
}

/// The bar of an axis of numbers. All designs that share the value at which a fifth ends
/// belong to it.
fn fifths(axis: &Column, output: &Column) -> Bar {
    let mut sorted = axis.values.clone();
    sorted.retain(|value| value.is_finite());
    sorted.sort_by(f64::total_cmp);
    let (below, above) = (quantile(&sorted, FIFTH), quantile(&sorted, 1.0 - FIFTH));
    let (low_at, low) = means(axis, output, |at| at <= below);
    let (high_at, high) = means(axis, output, |at| at >= above);
    Bar {
        axis: axis.name.clone(),
        low_at,
        high_at,
        low,
        high,
    }
}

/// The bar of an axis of texts: those with the smallest and the largest mean.
fn levels(axis: &Column, output: &Column) -> Bar {
    let of_level = |level: f64| means(axis, output, |at| at.total_cmp(&level).is_eq());
    let means: Vec<(f64, f64)> = axis.distinct().into_iter().map(of_level).collect();
    let known = || means.iter().filter(|(_, figure)| figure.is_finite());
    let none = (f64::NAN, f64::NAN);
    let low = known().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(&none);
    let high = known().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(&none);
    Bar {
        axis: axis.name.clone(),
        low_at: low.0,
        high_at: high.0,
        low: low.1,
        high: high.1,
    }
}
