//! One-dimensional tables.

use super::{MapError, UniformAxis, check_breakpoints, locate};
use std::sync::Arc;

/// Piecewise-linear curve on the breakpoints it was given with; constant outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Curve {
    /// Builds a curve through `(x[i], y[i])`.
    ///
    /// # Errors
    /// Fewer than two points, unequal lengths, breakpoints that do not increase, or
    /// values that are not finite.
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Result<Self, MapError> {
        if x.len() != y.len() {
            return Err(MapError::Unequal {
                breakpoints: x.len(),
                values: y.len(),
            });
        }
        check_breakpoints(&x, 2)?;
        if y.iter().any(|value| !value.is_finite()) {
            return Err(MapError::NotFinite);
        }
        Ok(Self { x, y })
    }

    /// Value at `x`; beyond the ends the value of the end.
    pub fn at(&self, x: f64) -> f64 {
        let (cell, fraction) = locate(&self.x, x);
        let fraction = fraction.clamp(0.0, 1.0);
        self.y[cell] + fraction * (self.y[cell + 1] - self.y[cell])
    }

    /// First and last breakpoint.
    pub fn range(&self) -> (f64, f64) {
        (self.x[0], self.x[self.x.len() - 1])
    }

    /// Largest value.
    pub fn max(&self) -> f64 {
        self.y.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// The points, in order.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.x.iter().copied().zip(self.y.iter().copied())
    }
}

/// Piecewise-linear curve on equal steps; constant outside. Clones share the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct UniformCurve {
    axis: UniformAxis,
    /// Value at the cell's start and rise over the cell.
    cells: Arc<[[f64; 2]]>,
}

impl UniformCurve {
    /// Samples `value` at `cells + 1` equal steps from `first` to `last`.
    pub fn sample(first: f64, last: f64, cells: usize, value: impl Fn(f64) -> f64) -> Self {
        let axis = UniformAxis::new(first, last, cells);
        Self::on(axis, (0..=cells).map(|index| value(axis.node(index))))
    }

    /// Through these values at equal steps from `first` to `last`.
    pub fn through(first: f64, last: f64, values: &[f64]) -> Self {
        let axis = UniformAxis::new(first, last, values.len() - 1);
        Self::on(axis, values.iter().copied())
    }

    fn on(axis: UniformAxis, values: impl Iterator<Item = f64>) -> Self {
        let mut nodes: Vec<f64> = values.collect();
        // One more node after the last, equal to it.
        nodes.push(nodes[nodes.len() - 1]);
        let cells = nodes.windows(2).map(|pair| [pair[0], pair[1] - pair[0]]);
        Self {
            axis,
            cells: cells.collect(),
        }
    }

    /// Value at `x`; beyond the ends the value of the end.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    pub fn at(&self, x: f64) -> f64 {
        let (cell, fraction) = self.axis.locate(x);
        let [start, rise] = self.cells[cell];
        start + fraction * rise
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_breakpoints_that_do_not_increase() {
        let error = Curve::new(vec![0.0, 1.0, 1.0], vec![0.0; 3]).unwrap_err();
        assert_eq!(
            error,
            MapError::NotIncreasing {
                previous: 1.0,
                next: 1.0
            }
        );
    }

    #[test]
    fn meets_its_points_and_stays_constant_outside() {
        let curve = Curve::new(vec![0.0, 1.0, 3.0], vec![5.0, 7.0, 1.0]).unwrap();
        for (x, y) in [
            (-1.0, 5.0),
            (0.0, 5.0),
            (1.0, 7.0),
            (2.0, 4.0),
            (3.0, 1.0),
            (9.0, 1.0),
        ] {
            assert!((curve.at(x) - y).abs() < 1e-12, "at {x}");
        }
    }

    #[test]
    fn uniform_curve_meets_every_node_and_clamps_beyond() {
        for cells in [1, 2, 7, 48] {
            let curve = UniformCurve::sample(-2.0, 5.0, cells, |x| x * x);
            for node in 0..=cells {
                let x = -2.0 + 7.0 * node as f64 / cells as f64;
                assert!((curve.at(x) - x * x).abs() < 1e-9, "{cells} {node}");
            }
            assert_eq!((curve.at(-9.0), curve.at(99.0)), (4.0, 25.0));
        }
    }

    proptest! {
        /// A uniform table of a straight line is that line, nodes and ends included.
        #[test]
        fn uniform_curve_is_exact_for_lines(a in -5.0..5.0_f64, b in -5.0..5.0_f64, x in 0.0..=10.0_f64) {
            let curve = UniformCurve::sample(0.0, 10.0, 17, |x| a + b * x);
            prop_assert!((curve.at(x) - (a + b * x)).abs() < 1e-12);
        }
    }
}
