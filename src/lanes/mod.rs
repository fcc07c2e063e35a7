//! What the kernel calculates with: one number, or several side by side.
//!
//! The kernel is written once, over a [`Number`]. With an `f64` it drives one car; with
//! several numbers side by side it drives as many cars at once, each with its own figures,
//! in the processor's vector registers. Every operation is the same IEEE 754 operation in
//! each lane, none looks at another lane and none is fused, so that a car's run is the same
//! to the last bit in any lane of any width with any instruction set.
//!
//! What only some lanes need stands behind `if flags.any()` and is then picked lane by
//! lane: with one number that is a plain branch.

mod beside;
mod processor;
mod register;
mod single;
mod wide;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use beside::Beside;
pub(crate) use beside::beside;
pub use processor::{Instructions, Work, WorkAlone};

use std::fmt::Debug;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, Mul, MulAssign, Neg, Not, Sub, SubAssign};

/// One number, or several side by side.
pub trait Number:
    Copy
    + Debug
    + Default
    + PartialEq
    + From<f64>
    + Send
    + Sync
    + 'static
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// The answer to a comparison.
    type Flags: Flags<Number = Self>;
    /// One thing a lane.
    type Each<T: Each>: Each;
    /// How many numbers.
    const LANES: usize;

    /// The number of each lane.
    fn from_lanes(number: impl FnMut(usize) -> f64) -> Self;
    /// The number of one lane.
    fn lane(self, lane: usize) -> f64;
    /// The numbers of all lanes.
    fn lanes(self) -> Self::Each<f64>;
    /// One thing a lane.
    fn each<T: Each>(make: impl FnMut(usize) -> T) -> Self::Each<T>;
    /// The thing of one lane.
    fn of_lane<T: Each>(each: &Self::Each<T>, lane: usize) -> &T;
    /// The thing of one lane, to be changed.
    fn of_lane_mut<T: Each>(each: &mut Self::Each<T>, lane: usize) -> &mut T;
    /// The whole numbers below `ROOM`, a power of two, in the low bits of numbers that
    /// [`ROUND`] was added to.
    fn indices<const ROOM: usize>(self) -> Self::Each<usize>;
    /// Two numbers of each lane that stand together somewhere.
    fn pairs<'a>(row: impl FnMut(usize) -> &'a [f64; 2]) -> [Self; 2];
    /// Four numbers of each lane that stand together somewhere.
    fn fours<'a>(row: impl FnMut(usize) -> &'a [f64; 4]) -> [Self; 4];

    /// The number, or `low` where it lies below. Nothing in the kernel is NaN: what could
    /// make one is refused when a file is read, and looking out for it costs five
    /// instructions where one will do.
    #[must_use]
    fn at_least(self, low: impl Into<Self>) -> Self;
    /// The number, or `high` where it lies above.
    #[must_use]
    fn at_most(self, high: impl Into<Self>) -> Self;
    /// Without its sign.
    #[must_use]
    fn abs(self) -> Self;
    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// Where it is greater.
    fn above(self, other: impl Into<Self>) -> Self::Flags;
    /// Where it is less.
    fn below(self, other: impl Into<Self>) -> Self::Flags;
    /// Where both are equal.
    fn equals(self, other: impl Into<Self>) -> Self::Flags;
}

/// What stands beside the numbers of a lane.
pub trait Each: Clone + Debug + PartialEq + Send + Sync {}

impl<T: Clone + Debug + PartialEq + Send + Sync> Each for T {}

/// A yes or no for each lane.
pub trait Flags:
    Copy
    + Debug
    + PartialEq
    + Send
    + Sync
    + From<bool>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
{
    /// What it picks between.
    type Number: Number<Flags = Self>;

    /// `yes` where it is set, else `no`.
    fn pick(self, yes: impl Into<Self::Number>, no: impl Into<Self::Number>) -> Self::Number;
    /// Whether it is set anywhere.
    fn any(self) -> bool;
    /// Whether it is set in this lane.
    fn lane(self, lane: usize) -> bool;

    /// Whether it is set everywhere.
    #[inline(always)]
    fn all(self) -> bool {
        !(!self).any()
    }

    /// One where it is set, else zero.
    #[inline(always)]
    fn one(self) -> Self::Number {
        self.pick(1.0, 0.0)
    }
}

/// Added to a whole number below 2³¹ this leaves it in the low bits; added to any float
/// below it, the nearest whole number: 1.5 · 2⁵².
pub const ROUND: f64 = 6_755_399_441_055_744.0;

/// Marks a branch that is seldom taken: the compiler keeps it a branch, so that what it
/// computes does not stand in the way of all other steps (`std::hint::cold_path` asks for
/// a newer compiler than the crate does).
#[cold]
#[inline(never)]
pub fn seldom() {}

#[cfg(test)]
mod tests;
