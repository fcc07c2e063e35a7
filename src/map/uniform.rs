//! Tables on equal steps, for the kernel.
//!
//! The cell is found by one multiplication, and each cell holds the coefficients of its own
//! linear or bilinear form, so that one read gives the value. Side by side, each lane reads
//! its own table; lanes whose cars do not differ there share one.

use crate::lanes::{Beside, Number, ROUND, beside};
use std::iter::repeat_n;
use std::mem::swap;
use std::sync::Arc;

/// Equal steps from `first`, with the reciprocal stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UniformAxis<F = f64> {
    first: F,
    per_step: F,
    /// Number of cells, as the float the kernel clamps with.
    cells: F,
}

/// Where a number lies on an axis: tables over the same axis are read from one.
#[derive(Debug, Clone, Copy)]
pub struct Place<F> {
    /// The cell, a whole number, and [`ROUND`].
    rounded: F,
    /// Way through the cell, 0 to 1.
    fraction: F,
}

impl UniformAxis {
    /// `cells` equal steps from `first` to `last`.
    pub fn new(first: f64, last: f64, cells: usize) -> Self {
        Self {
            first,
            per_step: cells as f64 / (last - first),
            cells: cells as f64,
        }
    }

    fn node(&self, index: usize) -> f64 {
        self.first + index as f64 / self.per_step
    }
}

impl<F: Number> UniformAxis<F> {
    /// Cell and fraction, clamped to the table.
    ///
    /// The cell is found by rounding the position less one half, without the checks of a
    /// saturating cast. A position on a node may fall to either side of it, so a fraction
    /// is 0 to 1 inclusive and tables hold one more cell after the last node.
    #[inline(always)]
    fn place(&self, x: F) -> Place<F> {
        let position = ((x - self.first) * self.per_step)
            .at_least(0.0)
            .at_most(self.cells);
        let rounded = (position - 0.5) + ROUND;
        Place {
            rounded,
            fraction: position - (rounded - ROUND),
        }
    }
}

beside!(UniformAxis {
    first,
    per_step,
    cells
});

/// Room for as many cells, each this one, made where it stays: a table is large enough for a
/// copy to be felt.
fn filled<T: Copy, const ROOM: usize>(cell: T) -> Arc<[T; ROOM]> {
    const { assert!(ROOM.is_power_of_two()) };
    let cells: Arc<[T]> = repeat_n(cell, ROOM).collect();
    cells.try_into().unwrap_or_else(|_| unreachable!("as many"))
}

/// Piecewise-linear curve on equal steps; constant outside. Clones share the cells.
///
/// It has `ROOM` for cells, a power of two and more than it uses: an index is cut to its
/// low bits and then needs no check, which in lanes is a third of looking something up.
#[derive(Debug, Clone, PartialEq)]
pub struct UniformCurve<const ROOM: usize, F: Number = f64> {
    axis: UniformAxis<F>,
    /// Value at the cell's start and rise over the cell.
    cells: F::Each<Arc<[[f64; 2]; ROOM]>>,
}

impl<const ROOM: usize> UniformCurve<ROOM> {
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
        let mut all = filled([0.0; 2]);
        for (place, cell) in Arc::make_mut(&mut all)[..nodes.len() - 1]
            .iter_mut()
            .zip(cells)
        {
            *place = cell;
        }
        Self { axis, cells: all }
    }
}

impl<const ROOM: usize, F: Number> UniformCurve<ROOM, F> {
    /// Value at `x`; beyond the ends the value of the end.
    #[inline(always)]
    pub fn at(&self, x: F) -> F {
        self.at_place(&self.axis.place(x))
    }

    /// Value at a place on the axis of another table of as many cells over the same range.
    #[inline(always)]
    pub fn at_place(&self, place: &Place<F>) -> F {
        let index = place.rounded.indices::<ROOM>();
        let [start, rise] =
            F::pairs(|lane| &F::of_lane(&self.cells, lane)[*F::of_lane(&index, lane)]);
        start + place.fraction * rise
    }
}

impl<const ROOM: usize> Beside for UniformCurve<ROOM> {
    type Of<F: Number> = UniformCurve<ROOM, F>;

    fn beside<'a, F: Number>(lane: &dyn Fn(usize) -> &'a Self) -> UniformCurve<ROOM, F> {
        UniformCurve {
            axis: UniformAxis::beside(&|index| &lane(index).axis),
            cells: F::each(|index| Arc::clone(&lane(index).cells)),
        }
    }
}

/// Bilinear surface on equal steps; clamped outside. It holds `N` values a node, so that
/// quantities over the same axes are found with one search. Clones share the cells; `ROOM` as
/// for a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct UniformSurface<const N: usize, const ROOM: usize, F: Number = f64> {
    x: UniformAxis<F>,
    y: UniformAxis<F>,
    /// Cells of a row and the one after them, as a float.
    columns: F,
    /// Coefficients of `c0 + c1·fx + c2·fy + c3·fx·fy` in each cell.
    cells: F::Each<Arc<[[[f64; 4]; N]; ROOM]>>,
}

impl<const N: usize, const ROOM: usize> UniformSurface<N, ROOM> {
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
        let columns = cells.1 + 1;
        let ys: Vec<f64> = (0..columns).map(|iy| y.node(iy)).collect();
        // One more node after the last of each axis, equal to it.
        let nodes = |ix: usize, nodes: &mut Vec<[f64; N]>| {
            let value = row(x.node(ix.min(cells.0)));
            nodes.clear();
            nodes.extend(ys.iter().map(|&y| value(y)));
            nodes.push(nodes[cells.1]);
        };
        let (mut low, mut high) = (Vec::new(), Vec::new());
        nodes(0, &mut high);
        let mut forms = filled([[0.0; 4]; N]);
        for (ix, forms) in Arc::make_mut(&mut forms)[..(cells.0 + 1) * columns]
            .chunks_exact_mut(columns)
            .enumerate()
        {
            swap(&mut low, &mut high);
            nodes(ix + 1, &mut high);
            for ((form, low), high) in forms.iter_mut().zip(low.windows(2)).zip(high.windows(2)) {
                let ([c00, c01], [c10, c11]) = ([low[0], low[1]], [high[0], high[1]]);
                for n in 0..N {
                    let of_corners = [
                        c00[n],
                        c10[n] - c00[n],
                        c01[n] - c00[n],
                        c11[n] - c10[n] - c01[n] + c00[n],
                    ];
                    for (c, coefficient) in of_corners.into_iter().enumerate() {
                        form[(c * N + n) / 4][(c * N + n) % 4] = coefficient;
                    }
                }
            }
        }
        Self {
            x,
            y,
            columns: columns as f64,
            cells: forms,
        }
    }
}

impl<const N: usize, const ROOM: usize, F: Number> UniformSurface<N, ROOM, F> {
    /// Values at `(x, y)`, clamped to the table.
    #[inline(always)]
    pub fn all_at(&self, x: F, y: F) -> [F; N] {
        self.all_at_place(x, &self.place_y(y))
    }

    /// Where `y` lies on the second axis.
    #[inline(always)]
    pub fn place_y(&self, y: F) -> Place<F> {
        self.y.place(y)
    }

    /// Values at `x` and a place on the second axis.
    #[inline(always)]
    pub fn all_at_place(&self, x: F, y: &Place<F>) -> [F; N] {
        let x = self.x.place(x);
        // Whole numbers far below 2⁵³: exact.
        let index = ((x.rounded - ROUND) * self.columns + y.rounded).indices::<ROOM>();
        let mut form = [[F::from(0.0); 4]; N];
        for (n, four) in form.iter_mut().enumerate() {
            *four = F::fours(|lane| &F::of_lane(&self.cells, lane)[*F::of_lane(&index, lane)][n]);
        }
        let coefficient = |c: usize, n: usize| form[(c * N + n) / 4][(c * N + n) % 4];
        let mut values = [F::from(0.0); N];
        for (n, value) in values.iter_mut().enumerate() {
            let low = coefficient(0, n) + coefficient(1, n) * x.fraction;
            let high = coefficient(2, n) + coefficient(3, n) * x.fraction;
            *value = low + high * y.fraction;
        }
        values
    }
}

impl<const ROOM: usize, F: Number> UniformSurface<1, ROOM, F> {
    /// Value at `(x, y)`, clamped to the table.
    #[inline(always)]
    pub fn at(&self, x: F, y: F) -> F {
        let [value] = self.all_at(x, y);
        value
    }
}

impl<const N: usize, const ROOM: usize> Beside for UniformSurface<N, ROOM> {
    type Of<F: Number> = UniformSurface<N, ROOM, F>;

    fn beside<'a, F: Number>(lane: &dyn Fn(usize) -> &'a Self) -> UniformSurface<N, ROOM, F> {
        UniformSurface {
            x: UniformAxis::beside(&|index| &lane(index).x),
            y: UniformAxis::beside(&|index| &lane(index).y),
            columns: F::from_lanes(|index| lane(index).columns),
            cells: F::each(|index| Arc::clone(&lane(index).cells)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn curve_meets_every_node_and_clamps_beyond() {
        for cells in [1, 2, 7, 48, 63] {
            let curve = UniformCurve::<64>::sample(-2.0, 5.0, cells, |x| x * x);
            for node in 0..=cells {
                let x = -2.0 + 7.0 * node as f64 / cells as f64;
                assert!((curve.at(x) - x * x).abs() < 1e-9, "{cells} {node}");
            }
            assert_eq!((curve.at(-9.0), curve.at(99.0)), (4.0, 25.0));
        }
    }

    #[test]
    fn surface_meets_every_node_and_clamps_beyond() {
        let f = |x: f64, y: f64| x * x + 3.0 * y * y * x;
        let surface = UniformSurface::<1, 64>::sample((0.0, 4.0), (-1.0, 2.0), (8, 5), |x| {
            move |y| [f(x, y)]
        });
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
        /// A uniform table of a straight line is that line, nodes and ends included.
        #[test]
        fn curve_is_exact_for_lines(a in -5.0..5.0_f64, b in -5.0..5.0_f64, x in 0.0..=10.0_f64) {
            let curve = UniformCurve::<32>::sample(0.0, 10.0, 17, |x| a + b * x);
            prop_assert!((curve.at(x) - (a + b * x)).abs() < 1e-12);
        }

        /// A uniform table of a bilinear function is that function.
        #[test]
        fn surface_is_exact_for_bilinear_functions(
            c in prop::array::uniform4(-3.0..3.0_f64), x in 0.0..=4.0_f64, y in 0.0..=2.0_f64,
        ) {
            let f = |x: f64, y: f64| c[0] + c[1] * x + c[2] * y + c[3] * x * y;
            let uniform = UniformSurface::<1, 32>::sample((0.0, 4.0), (0.0, 2.0), (5, 3), |x| move |y| [f(x, y)]);
            prop_assert!((uniform.at(x, y) - f(x, y)).abs() < 1e-10);
        }
    }
}
