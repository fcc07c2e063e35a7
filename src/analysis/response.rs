//! How an output goes with an axis, whatever the other axes do.
//!
//! For every value of the axis (or, in random designs, where nearly every design has a
//! value of its own, for bins of equally many) the mean, the 5 and 95 % quantiles and the ends of the
//! output over all designs that have it.

use super::statistics::{mean, quantile};
use crate::results::{Column, Sampling, Table};

/// An axis of a random design with more values than this is cut into bins.
const MOST_VALUES: usize = 64;
/// Most bins, and least designs in one.
const MOST_BINS: usize = 20;
const LEAST_IN_BIN: usize = 20;
/// Share outside the band at either end.
const TAIL: f64 = 0.05;

/// An output over an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Whether designs with neighbouring values of the axis were put together.
    pub binned: bool,
    /// One line, or one for every value of the second axis, in ascending order.
    pub lines: Vec<ResponseLine>,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseLine {
    /// Value of the second axis; none where the line holds all designs.
    pub of: Option<f64>,
    /// Its points, in ascending order of the axis.
    pub points: Vec<ResponsePoint>,
}

/// The output at one value of the axis; figures are NaN where no design has one.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsePoint {
    /// Value of the axis; the mean of a bin.
    pub at: f64,
    /// Designs that gave a figure.
    pub designs: usize,
    /// Mean of the output.
    pub mean: f64,
    /// What 5 % of the designs stay below.
    pub low: f64,
    /// What 95 % of them stay below.
    pub high: f64,
    /// Smallest.
    pub least: f64,
    /// Largest.
    pub most: f64,
}

impl ResponsePoint {
    /// The point of designs, each with its value of the axis and of the output.
    fn of(designs: &[(f64, f64)]) -> Self {
        let places: Vec<f64> = designs.iter().map(|(at, _)| *at).collect();
        let figures = designs.iter().map(|(_, figure)| *figure);
        let mut sorted: Vec<f64> = figures.filter(|figure| figure.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        Self {
            at: mean(&places),
            designs: sorted.len(),
            mean: mean(&sorted),
            low: quantile(&sorted, TAIL),
            high: quantile(&sorted, 1.0 - TAIL),
            least: quantile(&sorted, 0.0),
            most: quantile(&sorted, 1.0),
        }
    }
}

/// The output over the axis, with a line for every value of `by` where that is given.
pub fn response(table: &Table, axis: &Column, output: &Column, by: Option<&Column>) -> Response {
    let chosen = matches!(table.sampling, Sampling::Grid | Sampling::OneAtATime);
    let binned = !chosen && axis.distinct().len() > MOST_VALUES;
    let line = |of: Option<f64>| {
        let pairs = axis.values.iter().zip(&output.values).enumerate();
        let mut designs: Vec<(f64, f64)> = pairs
            .filter(|(row, (at, _))| {
                at.is_finite() && by.is_none_or(|by| Some(by.values[*row]) == of)
            })
            .map(|(_, (at, figure))| (*at, *figure))
            .collect();
        designs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let points = if binned {
            let bins = (designs.len() / LEAST_IN_BIN).clamp(1, MOST_BINS);
            let edge = |bin: usize| bin * designs.len() / bins;
            let bins = (0..bins).map(|bin| &designs[edge(bin)..edge(bin + 1)]);
            bins.map(ResponsePoint::of).collect()
        } else {
            let groups = designs.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq());
            groups.map(ResponsePoint::of).collect()
        };
        ResponseLine { of, points }
    };
    let lines = match by {
        None => vec![line(None)],
        Some(by) => by.distinct().into_iter().map(Some).map(line).collect(),
    };
    Response { binned, lines }
}
