//! One-dimensional tables.

use super::{MapError, check_breakpoints, locate};

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

    /// Smallest value.
    pub fn min(&self) -> f64 {
        self.y.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The points, in order.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.x.iter().copied().zip(self.y.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
