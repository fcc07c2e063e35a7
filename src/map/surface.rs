//! Two-dimensional tables.

use super::steps::cells_meeting;
use super::{MapError, check_breakpoints, locate, locate_near};
use std::cell::Cell;
use std::ops::RangeInclusive;

/// Bilinear surface on the rectangular grid it was given with.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Row by row: all `y` of the first `x`, then of the second.
    values: Vec<f64>,
}

impl Surface {
    /// Builds a surface with `values[ix * y.len() + iy]` at `(x[ix], y[iy])`.
    ///
    /// # Errors
    /// Fewer than two points on an axis, a number of values that is not the product,
    /// breakpoints that do not increase, or values that are not finite.
    pub fn new(x: Vec<f64>, y: Vec<f64>, values: Vec<f64>) -> Result<Self, MapError> {
        check_breakpoints(&x, 2)?;
        check_breakpoints(&y, 2)?;
        if values.len() != x.len() * y.len() {
            return Err(MapError::Unequal {
                breakpoints: x.len() * y.len(),
                values: values.len(),
            });
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(MapError::NotFinite);
        }
        Ok(Self { x, y, values })
    }

    /// Value at `(x, y)`; outside, the edge cell's plane goes on (a Willans line
    /// reaches zero torque, a loss reaches standstill).
    pub fn at(&self, x: f64, y: f64) -> f64 {
        self.along(x).at(y)
    }

    /// The surface along one `x`, which is then looked up once for many `y`.
    pub fn along(&self, x: f64) -> Section<'_> {
        let (cell, fraction) = locate(&self.x, x);
        let columns = self.y.len();
        let (low, high) = self.values[cell * columns..][..2 * columns].split_at(columns);
        Section {
            y: &self.y,
            low,
            high,
            fraction,
            last_cell: Cell::new(0),
        }
    }

    /// Breakpoints of `x`.
    pub(super) fn x_breakpoints(&self) -> impl Iterator<Item = f64> {
        self.x.iter().copied()
    }

    /// Breakpoints of `y`.
    pub(super) fn y_breakpoints(&self) -> impl Iterator<Item = f64> {
        self.y.iter().copied()
    }

    /// Numbers of cells, of those allowed, with which equal steps over these ends meet the
    /// breakpoints best.
    pub fn cells(
        &self,
        (x_range, y_range): ((f64, f64), (f64, f64)),
        (x_cells, y_cells): (RangeInclusive<usize>, RangeInclusive<usize>),
    ) -> (usize, usize) {
        (
            cells_meeting(&self.x, x_range, x_cells),
            cells_meeting(&self.y, y_range, y_cells),
        )
    }

    /// First and last breakpoint of `x`.
    pub fn x_range(&self) -> (f64, f64) {
        (self.x[0], self.x[self.x.len() - 1])
    }

    /// First and last breakpoint of `y`.
    pub fn y_range(&self) -> (f64, f64) {
        (self.y[0], self.y[self.y.len() - 1])
    }

    /// The same grid with every value changed by `change(x, y, value)`.
    #[must_use]
    pub fn map(&self, change: impl Fn(f64, f64, f64) -> f64) -> Self {
        let columns = self.y.len();
        let values = self
            .values
            .iter()
            .enumerate()
            .map(|(index, &value)| change(self.x[index / columns], self.y[index % columns], value))
            .collect();
        Self {
            x: self.x.clone(),
            y: self.y.clone(),
            values,
        }
    }
}

/// A [`Surface`] along one `x`.
///
/// A search of `y` begins where the last one ended: tables are sampled in order.
#[derive(Debug, Clone)]
pub struct Section<'a> {
    y: &'a [f64],
    /// Values at the breakpoints of `x` on either side.
    low: &'a [f64],
    high: &'a [f64],
    /// Way from the one to the other.
    fraction: f64,
    last_cell: Cell<usize>,
}

impl Section<'_> {
    /// Value at `y`, as [`Surface::at`] gives it.
    pub fn at(&self, y: f64) -> f64 {
        let (cell, fraction) = locate_near(self.y, y, self.last_cell.get());
        self.last_cell.set(cell);
        let between = |row: &[f64]| row[cell] + fraction * (row[cell + 1] - row[cell]);
        let (low, high) = (between(self.low), between(self.high));
        low + self.fraction * (high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A measured table of a bilinear function is that function.
        #[test]
        fn surface_is_exact_for_bilinear_functions(
            c in prop::array::uniform4(-3.0..3.0_f64), x in 0.0..=4.0_f64, y in 0.0..=2.0_f64,
        ) {
            let f = |x: f64, y: f64| c[0] + c[1] * x + c[2] * y + c[3] * x * y;
            let (xs, ys) = (vec![0.0, 1.0, 4.0], vec![0.0, 0.3, 2.0]);
            let values = xs.iter().flat_map(|&x| ys.iter().map(move |&y| f(x, y))).collect();
            let measured = Surface::new(xs.clone(), ys.clone(), values).unwrap();
            prop_assert!((measured.at(x, y) - f(x, y)).abs() < 1e-10);
        }
    }
}
