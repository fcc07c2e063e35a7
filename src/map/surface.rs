//! Two-dimensional tables.

use super::{MapError, UniformAxis, check_breakpoints, locate};
use std::sync::Arc;

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
        }
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
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    y: &'a [f64],
    /// Values at the breakpoints of `x` on either side.
    low: &'a [f64],
    high: &'a [f64],
    /// Way from the one to the other.
    fraction: f64,
}

impl Section<'_> {
    /// Value at `y`, as [`Surface::at`] gives it.
    pub fn at(&self, y: f64) -> f64 {
        let (cell, fraction) = locate(self.y, y);
        let between = |row: &[f64]| row[cell] + fraction * (row[cell + 1] - row[cell]);
        let (low, high) = (between(self.low), between(self.high));
        low + self.fraction * (high - low)
    }
}

/// Bilinear surface on equal steps; clamped outside. It holds `N` values a node, so that
/// quantities over the same axes are found with one search. Clones share the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct UniformSurface<const N: usize = 1> {
    x: UniformAxis,
    y: UniformAxis,
    columns: usize,
    /// Coefficients of `c0 + c1·fx + c2·fy + c3·fx·fy` in each cell.
    cells: Arc<[[[f64; 4]; N]]>,
}

impl<const N: usize> UniformSurface<N> {
    /// Samples `row(x)(y)` on `cells.0 + 1` by `cells.1 + 1` nodes: what depends on `x`
    /// only is computed once a row.
    pub fn sample<Row: Fn(f64) -> [f64; N]>(
        x: (f64, f64),
        y: (f64, f64),
        cells: (usize, usize),
        row: impl Fn(f64) -> Row,
    ) -> Self {
        let x = UniformAxis::new(x.0, x.1, cells.0);
        let y = UniformAxis::new(y.0, y.1, cells.1);
        let ys: Vec<f64> = (0..=cells.1).map(|iy| y.node(iy)).collect();
        // One more node after the last of each axis, equal to it.
        let stride = cells.1 + 2;
        let mut nodes = Vec::with_capacity((cells.0 + 2) * stride);
        for ix in 0..=cells.0 {
            let value = row(x.node(ix));
            nodes.extend(ys.iter().map(|&y| value(y)));
            nodes.push(nodes[nodes.len() - 1]);
        }
        nodes.extend_from_within(cells.0 * stride..);
        let mut forms = Vec::with_capacity((cells.0 + 1) * (cells.1 + 1));
        for pair in nodes.windows(2 * stride).step_by(stride) {
            let (low, high) = pair.split_at(stride);
            forms.extend(low.windows(2).zip(high.windows(2)).map(|(low, high)| {
                let ([c00, c01], [c10, c11]) = ([low[0], low[1]], [high[0], high[1]]);
                std::array::from_fn(|n| {
                    [
                        c00[n],
                        c10[n] - c00[n],
                        c01[n] - c00[n],
                        c11[n] - c10[n] - c01[n] + c00[n],
                    ]
                })
            }));
        }
        Self {
            x,
            y,
            columns: cells.1 + 1,
            cells: forms.into(),
        }
    }

    /// Values at `(x, y)`, clamped to the table.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    pub fn all_at(&self, x: f64, y: f64) -> [f64; N] {
        let (ix, fx) = self.x.locate(x);
        let (iy, fy) = self.y.locate(y);
        self.cells[ix * self.columns + iy]
            .map(|[c0, c1, c2, c3]| (c0 + c1 * fx) + (c2 + c3 * fx) * fy)
    }
}

impl UniformSurface {
    /// Value at `(x, y)`, clamped to the table.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let [value] = self.all_at(x, y);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn uniform_surface_meets_every_node_and_clamps_beyond() {
        let f = |x: f64, y: f64| x * x + 3.0 * y * y * x;
        let surface =
            UniformSurface::sample((0.0, 4.0), (-1.0, 2.0), (8, 5), |x| move |y| [f(x, y)]);
        for ix in 0..=8 {
            for iy in 0..=5 {
                let (x, y) = (0.5 * f64::from(ix), -1.0 + 0.6 * f64::from(iy));
                assert!((surface.at(x, y) - f(x, y)).abs() < 1e-9, "{ix} {iy}");
            }
        }
        assert!((surface.at(99.0, 99.0) - f(4.0, 2.0)).abs() < 1e-9);
        assert!((surface.at(-99.0, -99.0) - f(0.0, -1.0)).abs() < 1e-9);
    }

    proptest! {
        /// Measured and uniform tables of a bilinear function are that function.
        #[test]
        fn surfaces_are_exact_for_bilinear_functions(
            c in prop::array::uniform4(-3.0..3.0_f64), x in 0.0..=4.0_f64, y in 0.0..=2.0_f64,
        ) {
            let f = |x: f64, y: f64| c[0] + c[1] * x + c[2] * y + c[3] * x * y;
            let (xs, ys) = (vec![0.0, 1.0, 4.0], vec![0.0, 0.3, 2.0]);
            let values = xs.iter().flat_map(|&x| ys.iter().map(move |&y| f(x, y))).collect();
            let measured = Surface::new(xs.clone(), ys.clone(), values).unwrap();
            let uniform = UniformSurface::sample((0.0, 4.0), (0.0, 2.0), (5, 3), |x| move |y| [f(x, y)]);
            prop_assert!((measured.at(x, y) - f(x, y)).abs() < 1e-10);
            prop_assert!((uniform.at(x, y) - f(x, y)).abs() < 1e-10);
        }
    }
}
