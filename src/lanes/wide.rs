//! Several numbers in vector registers.

use super::{Each, Flags, Number};
use std::array::from_fn;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, Mul, MulAssign, Neg, Not, Sub, SubAssign};

/// A vector register of numbers.
pub(super) trait Register: Copy + Debug + Send + Sync + 'static {
    /// The answer to a comparison.
    type Mask: Copy + Debug + Send + Sync;
    const LANES: usize;

    fn splat(number: f64) -> Self;
    /// The first [`Self::LANES`] numbers.
    fn load(numbers: &[f64]) -> Self;
    fn store(self, numbers: &mut [f64]);
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// `self` where it is greater, else `other`: as the instruction is defined.
    fn max(self, other: Self) -> Self;
    fn min(self, other: Self) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    fn neg(self) -> Self;
    fn gt(self, other: Self) -> Self::Mask;
    fn lt(self, other: Self) -> Self::Mask;
    fn eq(self, other: Self) -> Self::Mask;
    fn mask(flag: bool) -> Self::Mask;
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self;
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn not(mask: Self::Mask) -> Self::Mask;
    /// A bit a lane.
    fn bits(mask: Self::Mask) -> u32;
    /// Two columns of the first [`Self::LANES`] rows.
    fn pairs(rows: &[&[f64; 2]]) -> [Self; 2];
    /// Four columns of the first [`Self::LANES`] rows.
    fn fours(rows: &[&[f64; 4]]) -> [Self; 4];
}

/// `L` numbers in `K` registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wide<V, const K: usize, const L: usize>([V; K]);

/// `L` answers to a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideFlags<V: Register, const K: usize, const L: usize>([V::Mask; K]);

/// One value for each register. Written as a loop, because what a closure of the standard
/// library's `from_fn` holds is not compiled for the instructions of whoever calls it.
macro_rules! each_register {
    ($K:expr, $first:expr, |$k:ident| $value:expr) => {{
        let mut values = [$first; $K];
        for $k in 0..$K {
            values[$k] = $value;
        }
        values
    }};
}

impl<V: Register, const K: usize, const L: usize> Wide<V, K, L> {
    #[inline(always)]
    fn to_array(self) -> [f64; L] {
        let mut numbers = [0.0; L];
        for k in 0..K {
            self.0[k].store(&mut numbers[k * V::LANES..]);
        }
        numbers
    }
}

impl<V: Register, const K: usize, const L: usize> From<f64> for Wide<V, K, L> {
    #[inline(always)]
    fn from(number: f64) -> Self {
        Self([V::splat(number); K])
    }
}

impl<V: Register, const K: usize, const L: usize> Default for Wide<V, K, L> {
    #[inline(always)]
    fn default() -> Self {
        Self::from(0.0)
    }
}

impl<V: Register, const K: usize, const L: usize> PartialEq for Wide<V, K, L> {
    fn eq(&self, other: &Self) -> bool {
        self.to_array() == other.to_array()
    }
}

impl<V: Register, const K: usize, const L: usize> Neg for Wide<V, K, L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(each_register!(K, self.0[0], |k| self.0[k].neg()))
    }
}

macro_rules! operators {
    ($($Operator:ident $operate:ident;)*) => { $(
        impl<V: Register, const K: usize, const L: usize> $Operator for Wide<V, K, L> {
            type Output = Self;
            #[inline(always)]
            fn $operate(self, other: Self) -> Self {
                Self(each_register!(K, self.0[0], |k| self.0[k].$operate(other.0[k])))
            }
        }
        impl<V: Register, const K: usize, const L: usize> $Operator<f64> for Wide<V, K, L> {
            type Output = Self;
            #[inline(always)]
            fn $operate(self, other: f64) -> Self {
                let other = V::splat(other);
                Self(each_register!(K, self.0[0], |k| self.0[k].$operate(other)))
            }
        }
    )* };
}
operators! { Add add; Sub sub; Mul mul; Div div; }

macro_rules! assignments {
    ($($Assign:ident $assign:ident $operate:ident;)*) => { $(
        impl<V: Register, const K: usize, const L: usize> $Assign for Wide<V, K, L> {
            #[inline(always)]
            fn $assign(&mut self, other: Self) {
                *self = Self(each_register!(K, self.0[0], |k| self.0[k].$operate(other.0[k])));
            }
        }
    )* };
}
assignments! { AddAssign add_assign add; SubAssign sub_assign sub; MulAssign mul_assign mul; }

impl<V: Register, const K: usize, const L: usize> Number for Wide<V, K, L> {
    type Flags = WideFlags<V, K, L>;
    type Each<T: Each> = [T; L];
    const LANES: usize = L;

    #[inline(always)]
    fn from_lanes(number: impl FnMut(usize) -> f64) -> Self {
        let numbers: [f64; L] = from_fn(number);
        Self(each_register!(K, V::splat(0.0), |k| V::load(
            &numbers[k * V::LANES..]
        )))
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> f64 {
        self.to_array()[lane]
    }
    #[inline(always)]
    fn lanes(self) -> [f64; L] {
        self.to_array()
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
        let mut columns = [Self::default(); 2];
        for k in 0..K {
            let [c0, c1] = V::pairs(&rows[k * V::LANES..]);
            (columns[0].0[k], columns[1].0[k]) = (c0, c1);
        }
        columns
    }
    #[inline(always)]
    fn fours<'a>(row: impl FnMut(usize) -> &'a [f64; 4]) -> [Self; 4] {
        let rows: [&[f64; 4]; L] = from_fn(row);
        let mut columns = [Self::default(); 4];
        for k in 0..K {
            let four = V::fours(&rows[k * V::LANES..]);
            for (column, register) in columns.iter_mut().zip(four) {
                column.0[k] = register;
            }
        }
        columns
    }

    #[inline(always)]
    fn at_least(self, low: impl Into<Self>) -> Self {
        let low = low.into();
        Self(each_register!(K, self.0[0], |k| self.0[k].max(low.0[k])))
    }
    #[inline(always)]
    fn at_most(self, high: impl Into<Self>) -> Self {
        let high = high.into();
        Self(each_register!(K, self.0[0], |k| self.0[k].min(high.0[k])))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(each_register!(K, self.0[0], |k| self.0[k].abs()))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(each_register!(K, self.0[0], |k| self.0[k].sqrt()))
    }
    #[inline(always)]
    fn above(self, other: impl Into<Self>) -> Self::Flags {
        let other = other.into();
        WideFlags(each_register!(K, V::mask(false), |k| self.0[k].gt(other.0[k])))
    }
    #[inline(always)]
    fn below(self, other: impl Into<Self>) -> Self::Flags {
        let other = other.into();
        WideFlags(each_register!(K, V::mask(false), |k| self.0[k].lt(other.0[k])))
    }
    #[inline(always)]
    fn equals(self, other: impl Into<Self>) -> Self::Flags {
        let other = other.into();
        WideFlags(each_register!(K, V::mask(false), |k| self.0[k].eq(other.0[k])))
    }
}

impl<V: Register, const K: usize, const L: usize> PartialEq for WideFlags<V, K, L> {
    fn eq(&self, other: &Self) -> bool {
        self.0.map(V::bits) == other.0.map(V::bits)
    }
}

impl<V: Register, const K: usize, const L: usize> From<bool> for WideFlags<V, K, L> {
    #[inline(always)]
    fn from(flag: bool) -> Self {
        Self([V::mask(flag); K])
    }
}

impl<V: Register, const K: usize, const L: usize> BitAnd for WideFlags<V, K, L> {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(each_register!(K, self.0[0], |k| V::and(
            self.0[k], other.0[k]
        )))
    }
}

impl<V: Register, const K: usize, const L: usize> BitOr for WideFlags<V, K, L> {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(each_register!(K, self.0[0], |k| V::or(
            self.0[k], other.0[k]
        )))
    }
}

impl<V: Register, const K: usize, const L: usize> Not for WideFlags<V, K, L> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(each_register!(K, self.0[0], |k| V::not(self.0[k])))
    }
}

impl<V: Register, const K: usize, const L: usize> Flags for WideFlags<V, K, L> {
    type Number = Wide<V, K, L>;

    #[inline(always)]
    fn pick(self, yes: impl Into<Self::Number>, no: impl Into<Self::Number>) -> Self::Number {
        let (yes, no) = (yes.into(), no.into());
        Wide(each_register!(K, yes.0[0], |k| V::pick(
            self.0[k], yes.0[k], no.0[k]
        )))
    }
    #[inline(always)]
    fn any(self) -> bool {
        let mut any = self.0[0];
        for mask in &self.0[1..] {
            any = V::or(any, *mask);
        }
        V::bits(any) != 0
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> bool {
        V::bits(self.0[lane / V::LANES]) >> (lane % V::LANES) & 1 == 1
    }
}
