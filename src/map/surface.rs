//! Two-dimensional tables.

use super::{MapError, UniformAxis, check_breakpoints, locate};

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
        let (ix, fx) = locate(&self.x, x);
        let (iy, fy) = locate(&self.y, y);
        let columns = self.y.len();
        let corner = |dx: usize, dy: usize| self.values[(ix + dx) * columns + iy + dy];
        let low = corner(0, 0) + fy * (corner(0, 1) - corner(0, 0));
        let high = corner(1, 0) + fy * (corner(1, 1) - corner(1, 0));
        low + fx * (high - low)
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

/// Bilinear surface on equal steps; clamped outside. It holds `N` values a node, so that
/// quantities over the same axes are found with one search.
#[derive(Debug, Clone, PartialEq)]
pub struct UniformSurface<const N: usize = 1> {
    x: UniformAxis,
    y: UniformAxis,
    columns: usize,
    /// Coefficients of `c0 + c1·fx + c2·fy + c3·fx·fy` in each cell.
    cells: Box<[[[f64; 4]; N]]>,
}

impl<const N: usize> UniformSurface<N> {
    /// Samples `values(x, y)` on `cells.0 + 1` by `cells.1 + 1` nodes.
    pub fn sample_all(
        x: (f64, f64),
        y: (f64, f64),
        cells: (usize, usize),
        values: impl Fn(f64, f64) -> [f64; N],
    ) -> Self {
        let x = UniformAxis::new(x.0, x.1, cells.0);
        let y = UniformAxis::new(y.0, y.1, cells.1);
        let rows: Vec<Vec<[f64; N]>> = (0..=cells.0)
            .map(|ix| {
                (0..=cells.1)
                    .map(|iy| values(x.node(ix), y.node(iy)))
                    .collect()
            })
            .collect();
        // One more row and column after the last nodes, constant across them.
        let node = |ix: usize, iy: usize| rows[ix.min(cells.0)][iy.min(cells.1)];
        let forms = (0..=cells.0)
            .flat_map(|ix| (0..=cells.1).map(move |iy| (ix, iy)))
            .map(|(ix, iy)| {
                let (c00, c10) = (node(ix, iy), node(ix + 1, iy));
                let (c01, c11) = (node(ix, iy + 1), node(ix + 1, iy + 1));
                std::array::from_fn(|n| {
                    [
                        c00[n],
                        c10[n] - c00[n],
                        c01[n] - c00[n],
                        c11[n] - c10[n] - c01[n] + c00[n],
                    ]
                })
            })
            .collect();
        Self {
            x,
            y,
            columns: cells.1 + 1,
            cells: forms,
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
    /// Samples `value(x, y)` on `cells.0 + 1` by `cells.1 + 1` nodes.
    pub fn sample(
        x: (f64, f64),
        y: (f64, f64),
        cells: (usize, usize),
        value: impl Fn(f64, f64) -> f64,
    ) -> Self {
        Self::sample_all(x, y, cells, |x, y| [value(x, y)])
    }

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
        let surface = UniformSurface::sample((0.0, 4.0), (-1.0, 2.0), (8, 5), f);
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
            let uniform = UniformSurface::sample((0.0, 4.0), (0.0, 2.0), (5, 3), f);
            prop_assert!((measured.at(x, y) - f(x, y)).abs() < 1e-10);
            prop_assert!((uniform.at(x, y) - f(x, y)).abs() < 1e-10);
        }
    }
}
