//! Tables: measured ones on the grid they came with, and uniform ones for the kernel.
//!
//! A measured [`Curve`] or [`Surface`] keeps its own breakpoints and is looked up by
//! search. The kernel uses [`UniformCurve`] and [`UniformSurface`]: equal steps, so
//! that the cell is found by one multiplication, and each cell holds the coefficients
//! of its own linear or bilinear form, so that one read gives the value.

mod curve;
mod surface;

pub use curve::{Curve, UniformCurve};
pub use surface::{Surface, UniformSurface};

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
fn locate(breakpoints: &[f64], x: f64) -> (usize, f64) {
    let cell = breakpoints[1..breakpoints.len() - 1].partition_point(|&edge| edge <= x);
    let (low, high) = (breakpoints[cell], breakpoints[cell + 1]);
    (cell, (x - low) / (high - low))
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
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn locate(&self, x: f64) -> (usize, f64) {
        let position = ((x - self.first) * self.per_step).max(0.0).min(self.cells);
        let cell = position.min(self.cells - 1.0) as usize;
        (cell, position - cell as f64)
    }
}
