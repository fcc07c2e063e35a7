//! Bounds of the kernel: `at_least` and `at_most`.
//!
//! `f64::min` and `f64::max` have to look out for NaN, which costs five instructions
//! where one would do, some forty times a step. Nothing in the kernel is NaN: what could
//! make one is refused when a file is read.

/// Bounds a number without looking for NaN.
pub trait Bound {
    /// The number, or `low` where it lies below.
    #[must_use]
    fn at_least(self, low: Self) -> Self;
    /// The number, or `high` where it lies above.
    #[must_use]
    fn at_most(self, high: Self) -> Self;
}

impl Bound for f64 {
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn at_least(self, low: Self) -> Self {
        if self > low { self } else { low }
    }

    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn at_most(self, high: Self) -> Self {
        if self < high { self } else { high }
    }
}

/// Marks a branch that is seldom taken: the compiler keeps it a branch, so that what it
/// computes does not stand in the way of all other steps (`std::hint::cold_path` asks for
/// a newer compiler than the crate does).
#[cold]
#[inline(never)]
pub fn seldom() {}
