//! Several numbers in an array: any width, any processor.

use super::{Each, Flags, Number};
use std::array::from_fn;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, Mul, MulAssign, Neg, Not, Sub, SubAssign};

/// `L` numbers side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub struct Array<const L: usize>([f64; L]);

/// `L` answers side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArrayFlags<const L: usize>([bool; L]);

impl<const L: usize> Default for Array<L> {
    #[inline(always)]
    fn default() -> Self {
        Self([0.0; L])
    }
}

impl<const L: usize> From<f64> for Array<L> {
    #[inline(always)]
    fn from(number: f64) -> Self {
        Self([number; L])
    }
}

impl<const L: usize> Neg for Array<L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(from_fn(|lane| -self.0[lane]))
    }
}

macro_rules! operators {
    ($($Operator:ident $operate:ident, $Assign:ident $assign:ident;)*) => { $(
        impl<const L: usize> $Operator for Array<L> {
            type Output = Self;
            #[inline(always)]
            fn $operate(self, other: Self) -> Self {
                Self(from_fn(|lane| self.0[lane].$operate(other.0[lane])))
            }
        }
        impl<const L: usize> $Operator<f64> for Array<L> {
            type Output = Self;
            #[inline(always)]
            fn $operate(self, other: f64) -> Self {
                Self(from_fn(|lane| self.0[lane].$operate(other)))
            }
        }
        impl<const L: usize> $Assign for Array<L> {
            #[inline(always)]
            fn $assign(&mut self, other: Self) {
                *self = $Operator::$operate(*self, other);
            }
        }
    )* };
}
use std::ops::DivAssign;
operators! {
    Add add, AddAssign add_assign;
    Sub sub, SubAssign sub_assign;
    Mul mul, MulAssign mul_assign;
    Div div, DivAssign div_assign;
}

impl<const L: usize> Number for Array<L> {
    type Flags = ArrayFlags<L>;
    type Each<T: Each> = [T; L];
    const LANES: usize = L;

    #[inline(always)]
    fn from_lanes(number: impl FnMut(usize) -> f64) -> Self {
        Self(from_fn(number))
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> f64 {
        self.0[lane]
    }
    #[inline(always)]
    fn lanes(self) -> [f64; L] {
        self.0
    }
    #[inline(always)]
    fn each<T: Each>(make: impl FnMut(usize) -> T) -> [T; L] {
        from_fn(make)
    }
    #[inline(always)]
    fn of_lane<T: Each>(each: &[T; L], lane: usize) -> &T {
        &each[lane]
    }
    #[inline(always)]
    fn of_lane_mut<T: Each>(each: &mut [T; L], lane: usize) -> &mut T {
        &mut each[lane]
    }
    #[inline(always)]
    fn pairs<'a>(row: impl FnMut(usize) -> &'a [f64; 2]) -> [Self; 2] {
        let rows: [&[f64; 2]; L] = from_fn(row);
        from_fn(|column| Self(from_fn(|lane| rows[lane][column])))
    }
    #[inline(always)]
    fn fours<'a>(row: impl FnMut(usize) -> &'a [f64; 4]) -> [Self; 4] {
        let rows: [&[f64; 4]; L] = from_fn(row);
        from_fn(|column| Self(from_fn(|lane| rows[lane][column])))
    }

    #[inline(always)]
    fn at_least(self, low: impl Into<Self>) -> Self {
        let low = low.into();
        Self(from_fn(|lane| self.0[lane].at_least(low.0[lane])))
    }
    #[inline(always)]
    fn at_most(self, high: impl Into<Self>) -> Self {
        let high = high.into();
        Self(from_fn(|lane| self.0[lane].at_most(high.0[lane])))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(from_fn(|lane| self.0[lane].abs()))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(from_fn(|lane| self.0[lane].sqrt()))
    }
    #[inline(always)]
    fn above(self, other: impl Into<Self>) -> ArrayFlags<L> {
        let other = other.into();
        ArrayFlags(from_fn(|lane| self.0[lane] > other.0[lane]))
    }
    #[inline(always)]
    fn below(self, other: impl Into<Self>) -> ArrayFlags<L> {
        let other = other.into();
        ArrayFlags(from_fn(|lane| self.0[lane] < other.0[lane]))
    }
    #[inline(always)]
    fn equals(self, other: impl Into<Self>) -> ArrayFlags<L> {
        let other = other.into();
        ArrayFlags(from_fn(|lane| self.0[lane].equals(other.0[lane])))
    }
}

impl<const L: usize> From<bool> for ArrayFlags<L> {
    #[inline(always)]
    fn from(flag: bool) -> Self {
        Self([flag; L])
    }
}

impl<const L: usize> BitAnd for ArrayFlags<L> {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] & other.0[lane]))
    }
}

impl<const L: usize> BitOr for ArrayFlags<L> {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(from_fn(|lane| self.0[lane] | other.0[lane]))
    }
}

impl<const L: usize> Not for ArrayFlags<L> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(from_fn(|lane| !self.0[lane]))
    }
}

impl<const L: usize> Flags for ArrayFlags<L> {
    type Number = Array<L>;

    #[inline(always)]
    fn pick(self, yes: impl Into<Array<L>>, no: impl Into<Array<L>>) -> Array<L> {
        let (yes, no) = (yes.into(), no.into());
        Array(from_fn(|lane| self.0[lane].pick(yes.0[lane], no.0[lane])))
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0.iter().fold(false, |any, flag| any | flag)
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> bool {
        self.0[lane]
    }
}
