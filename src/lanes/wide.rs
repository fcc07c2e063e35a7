//! Several numbers in a register.

use super::register::Register;
use super::{Each, Flags, Number};
use std::array::from_fn;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, Mul, MulAssign, Neg, Not, Sub, SubAssign};

/// `L` numbers in a register of that width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wide<V, const L: usize>(V);

/// `L` answers to a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) struct WideFlags<V: Register, const L: usize>(V::Mask);

impl<V: Register, const L: usize> Wide<V, L> {
    #[inline(always)]
    fn to_array(self) -> [f64; L] {
        let mut numbers = [0.0; L];
        self.0.store(&mut numbers);
        numbers
    }
}

impl<V: Register, const L: usize> From<f64> for Wide<V, L> {
    #[inline(always)]
    fn from(number: f64) -> Self {
        const { assert!(V::LANES == L, "as many lanes as the register has") };
        Self(V::splat(number))
    }
}

impl<V: Register, const L: usize> Default for Wide<V, L> {
    #[inline(always)]
    fn default() -> Self {
        Self::from(0.0)
    }
}

impl<V: Register, const L: usize> PartialEq for Wide<V, L> {
    fn eq(&self, other: &Self) -> bool {
        self.to_array() == other.to_array()
    }
}

impl<V: Register, const L: usize> Neg for Wide<V, L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(self.0.neg())
    }
}

macro_rules! operators {
    ($($Operator:ident $operate:ident;)*) => { $(
        impl<V: Register, const L: usize> $Operator for Wide<V, L> {
            type Output = Self;
            #[inline(always)]
            fn $operate(self, other: Self) -> Self {
                Self(self.0.$operate(other.0))
            }
        }
        impl<V: Register, const L: usize> $Operator<f64> for Wide<V, L> {
            type Output = Self;
            #[inline(always)]
            fn $operate(self, other: f64) -> Self {
                Self(self.0.$operate(V::splat(other)))
            }
        }
    )* };
}
operators! { Add add; Sub sub; Mul mul; Div div; }

macro_rules! assignments {
    ($($Assign:ident $assign:ident $operate:ident;)*) => { $(
        impl<V: Register, const L: usize> $Assign for Wide<V, L> {
            #[inline(always)]
            fn $assign(&mut self, other: Self) {
                self.0 = self.0.$operate(other.0);
            }
        }
    )* };
}
assignments! { AddAssign add_assign add; SubAssign sub_assign sub; MulAssign mul_assign mul; }

impl<V: Register, const L: usize> Number for Wide<V, L> {
    type Flags = WideFlags<V, L>;
    type Each<T: Each> = [T; L];
    const LANES: usize = L;

    #[inline(always)]
    fn from_lanes(mut number: impl FnMut(usize) -> f64) -> Self {
        // No `from_fn`: its inner closures stay calls where instructions of their own are used.
        let mut numbers = [0.0; L];
        for (lane, here) in numbers.iter_mut().enumerate() {
            *here = number(lane);
        }
        Self(V::load(&numbers))
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
    fn indices<const ROOM: usize>(self) -> [usize; L] {
        // Masked side by side, not one by one.
        let low = Self(self.0.bits_of(ROOM as u64 - 1)).to_array();
        low.map(|number| number.to_bits() as usize)
    }
    #[inline(always)]
    fn pairs<'a>(row: impl FnMut(usize) -> &'a [f64; 2]) -> [Self; 2] {
        let rows: [&[f64; 2]; L] = from_fn(row);
        let [c0, c1] = V::pairs(&rows);
        [Self(c0), Self(c1)]
    }
    #[inline(always)]
    fn fours<'a>(row: impl FnMut(usize) -> &'a [f64; 4]) -> [Self; 4] {
        let rows: [&[f64; 4]; L] = from_fn(row);
        let [c0, c1, c2, c3] = V::fours(&rows);
        [Self(c0), Self(c1), Self(c2), Self(c3)]
    }

    #[inline(always)]
    fn at_least(self, low: impl Into<Self>) -> Self {
        Self(self.0.max(low.into().0))
    }
    #[inline(always)]
    fn at_most(self, high: impl Into<Self>) -> Self {
        Self(self.0.min(high.into().0))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn above(self, other: impl Into<Self>) -> Self::Flags {
        WideFlags(self.0.gt(other.into().0))
    }
    #[inline(always)]
    fn below(self, other: impl Into<Self>) -> Self::Flags {
        WideFlags(self.0.lt(other.into().0))
    }
    #[inline(always)]
    fn equals(self, other: impl Into<Self>) -> Self::Flags {
        WideFlags(self.0.eq(other.into().0))
    }
}

impl<V: Register, const L: usize> PartialEq for WideFlags<V, L> {
    fn eq(&self, other: &Self) -> bool {
        V::bits(self.0) == V::bits(other.0)
    }
}

impl<V: Register, const L: usize> From<bool> for WideFlags<V, L> {
    #[inline(always)]
    fn from(flag: bool) -> Self {
        Self(V::mask(flag))
    }
}

impl<V: Register, const L: usize> BitAnd for WideFlags<V, L> {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(V::and(self.0, other.0))
    }
}

impl<V: Register, const L: usize> BitOr for WideFlags<V, L> {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(V::or(self.0, other.0))
    }
}

impl<V: Register, const L: usize> Not for WideFlags<V, L> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(V::not(self.0))
    }
}

impl<V: Register, const L: usize> Flags for WideFlags<V, L> {
    type Number = Wide<V, L>;

    #[inline(always)]
    fn pick(self, yes: impl Into<Self::Number>, no: impl Into<Self::Number>) -> Self::Number {
        Wide(V::pick(self.0, yes.into().0, no.into().0))
    }
    #[inline(always)]
    fn any(self) -> bool {
        V::any(self.0)
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> bool {
        V::bits(self.0) >> lane & 1 == 1
    }
}
