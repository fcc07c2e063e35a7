//! One number.

use super::{Each, Flags, Number};

impl Number for f64 {
    type Flags = bool;
    type Each<T: Each> = T;
    const LANES: usize = 1;

    #[inline(always)]
    fn from_lanes(mut number: impl FnMut(usize) -> f64) -> Self {
        number(0)
    }
    #[inline(always)]
    fn lane(self, _: usize) -> f64 {
        self
    }
    #[inline(always)]
    fn lanes(self) -> f64 {
        self
    }
    #[inline(always)]
    fn each<T: Each>(mut make: impl FnMut(usize) -> T) -> T {
        make(0)
    }
    #[inline(always)]
    fn of_lane<T: Each>(each: &T, _: usize) -> &T {
        each
    }
    #[inline(always)]
    fn of_lane_mut<T: Each>(each: &mut T, _: usize) -> &mut T {
        each
    }
    #[inline(always)]
    fn indices<const ROOM: usize>(self) -> usize {
        // Not cut to the room: that the index is checked costs one number less than that it
        // is not, because the compiler then leaves a lookup behind its branch.
        self.to_bits() as u32 as usize
    }
    #[inline(always)]
    fn pairs<'a>(mut row: impl FnMut(usize) -> &'a [f64; 2]) -> [Self; 2] {
        *row(0)
    }
    #[inline(always)]
    fn fours<'a>(mut row: impl FnMut(usize) -> &'a [f64; 4]) -> [Self; 4] {
        *row(0)
    }

    #[inline(always)]
    fn at_least(self, low: impl Into<Self>) -> Self {
        let low = low.into();
        if self > low { self } else { low }
    }
    #[inline(always)]
    fn at_most(self, high: impl Into<Self>) -> Self {
        let high = high.into();
        if self < high { self } else { high }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn above(self, other: impl Into<Self>) -> bool {
        self > other.into()
    }
    #[inline(always)]
    fn below(self, other: impl Into<Self>) -> bool {
        self < other.into()
    }
    #[inline(always)]
    #[allow(clippy::float_cmp)] // exact equality is what is asked
    fn equals(self, other: impl Into<Self>) -> bool {
        self == other.into()
    }
}

impl Flags for bool {
    type Number = f64;

    #[inline(always)]
    fn pick(self, yes: impl Into<f64>, no: impl Into<f64>) -> f64 {
        let (yes, no) = (yes.into(), no.into());
        if self { yes } else { no }
    }
    #[inline(always)]
    fn any(self) -> bool {
        self
    }
    #[inline(always)]
    fn lane(self, _: usize) -> bool {
        self
    }
}
