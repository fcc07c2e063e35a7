//! Tables: measured ones on the grid they came with, and uniform ones for the kernel.
//!
//! A measured [`Curve`] or [`Surface`] keeps its own breakpoints and is looked up by
//! search. The kernel uses [`UniformCurve`] and [`UniformSurface`]: equal steps, so
//! that the cell is found by one multiplication, and each cell holds the coefficients
//! of its own linear or bilinear form, so that one read gives the value.

mod curve;
mod surface;

use crate::bound::Bound;

pub use curve::{Curve, UniformCurve};
pub use surface::{Section, Surface, UniformSurface};

/// Why a table cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MapError {
    /// Fewer points than interpolation needs.
    #[error("needs at least {needed} points, found {found}")]
    TooShort {
        /// Points found.
        found: usize,
        /// Points needed.
        needed: usize,
    },
    /// Breakpoints and values differ in number.
    #[error("has {breakpoints} breakpoints but {values} values")]
    Unequal {
        /// Breakpoints found.
        breakpoints: usize,
        /// Values found.
        values: usize,
    },
    /// Breakpoints must rise.
    #[error("breakpoints must increase strictly, but {next} follows {previous}")]
    NotIncreasing {
        /// The earlier breakpoint.
        previous: f64,
        /// The one that does not lie above it.
        next: f64,
    },
    /// NaN or infinity.
    #[error("holds a value that is not finite")]
    NotFinite,
}

fn check_breakpoints(x: &[f64], needed: usize) -> Result<(), MapError> {
    if x.len() < needed {
        return Err(MapError::TooShort {
            found: x.len(),
            needed,
        });
    }
    if x.iter().any(|value| !value.is_finite()) {
        return Err(MapError::NotFinite);
    }
    for pair in x.windows(2) {
        if pair[1] <= pair[0] {
            return Err(MapError::NotIncreasing {
                previous: pair[0],
                next: pair[1],
            });
        }
    }
    Ok(())
}

/// Cell and fraction of `x` in sorted breakpoints; outside, the edge cell with a
/// fraction below 0 or above 1.
#[inline]
fn locate(breakpoints: &[f64], x: f64) -> (usize, f64) {
    let cell = breakpoints[1..breakpoints.len() - 1].partition_point(|&edge| edge <= x);
    (cell, way_through(breakpoints, cell, x))
}

/// The same, looked for from a cell near by.
fn locate_near(breakpoints: &[f64], x: f64, near: usize) -> (usize, f64) {
    let last = breakpoints.len() - 2;
    let mut cell = near;
    while cell < last && breakpoints[cell + 1] <= x {
        cell += 1;
    }
    while cell > 0 && breakpoints[cell] > x {
        cell -= 1;
    }
    (cell, way_through(breakpoints, cell, x))
}

fn way_through(breakpoints: &[f64], cell: usize, x: f64) -> f64 {
    let (low, high) = (breakpoints[cell], breakpoints[cell + 1]);
    (x - low) / (high - low)
}

/// Equal steps from `first`, with the reciprocal stored.
#[derive(Debug, Clone, Copy, PartialEq)]
struct UniformAxis {
    first: f64,
    per_step: f64,
    /// Number of cells, as the float the kernel clamps with.
    cells: f64,
}

impl UniformAxis {
    /// Added to a float below 2³¹ this leaves the nearest whole number in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²

    fn new(first: f64, last: f64, cells: usize) -> Self {
        Self {
            first,
            per_step: cells as f64 / (last - first),
            cells: cells as f64,
        }
    }

    fn node(&self, index: usize) -> f64 {
        self.first + index as f64 / self.per_step
    }

    /// Cell and fraction, clamped to the table.
    ///
    /// The cell is found by rounding the position less one half, without the checks of a
    /// saturating cast. A position on a node may fall to either side of it, so a fraction
    /// is 0 to 1 inclusive and tables hold one more cell after the last node.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn locate(&self, x: f64) -> (usize, f64) {
        let position = ((x - self.first) * self.per_step)
            .at_least(0.0)
            .at_most(self.cells);
        let rounded = (position - 0.5) + Self::ROUND;
        let cell = (rounded.to_bits() & 0xffff_ffff) as usize;
        (cell, position - (rounded - Self::ROUND))
    }
}
