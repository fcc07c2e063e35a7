//! Tables: measured ones on the grid they came with, and uniform ones for the kernel.
//!
//! A measured [`Curve`] or [`Surface`] keeps its own breakpoints and is looked up by
//! search. The kernel uses [`UniformCurve`] and [`UniformSurface`]: equal steps, so
//! that the cell is found by one multiplication, and each cell holds the coefficients
//! of its own linear or bilinear form, so that one read gives the value.

mod curve;
mod gap;
mod steps;
mod surface;
mod uniform;

pub use curve::Curve;
pub use gap::Gap;
pub use surface::{Section, Surface};
pub use uniform::{Place, UniformAxis, UniformCurve, UniformSurface};

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
