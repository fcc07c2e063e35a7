//! Vector registers, and two of them as one.

use super::Number;
use std::fmt::Debug;

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
    /// These bits of the numbers, the others cleared.
    fn bits_of(self, bits: u64) -> Self;
    fn gt(self, other: Self) -> Self::Mask;
    fn lt(self, other: Self) -> Self::Mask;
    fn eq(self, other: Self) -> Self::Mask;
    fn mask(flag: bool) -> Self::Mask;
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self;
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn not(mask: Self::Mask) -> Self::Mask;
    fn any(mask: Self::Mask) -> bool;
    /// A bit a lane.
    fn bits(mask: Self::Mask) -> u32;
    /// Two columns of the first [`Self::LANES`] rows.
    fn pairs(rows: &[&[f64; 2]]) -> [Self; 2];
    /// Four columns of the first [`Self::LANES`] rows.
    fn fours(rows: &[&[f64; 4]]) -> [Self; 4];
}

/// Two registers as one of twice the width. Written out instead of an array of registers:
/// a loop for each operation of the kernel takes the compiler minutes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<V>(V, V);

macro_rules! of_both {
    ($($name:ident($($argument:ident),*);)*) => { $(
        #[inline(always)]
        fn $name(self $(, $argument: Self)*) -> Self {
            Self(self.0.$name($($argument.0),*), self.1.$name($($argument.1),*))
        }
    )* };
}

impl<V: Register> Register for Pair<V> {
    type Mask = (V::Mask, V::Mask);
    const LANES: usize = 2 * V::LANES;

    of_both! {
        add(other); sub(other); mul(other); div(other); max(other); min(other);
        sqrt(); abs(); neg();
    }

    #[inline(always)]
    fn bits_of(self, bits: u64) -> Self {
        Self(self.0.bits_of(bits), self.1.bits_of(bits))
    }

    #[inline(always)]
    fn splat(number: f64) -> Self {
        let register = V::splat(number);
        Self(register, register)
    }
    #[inline(always)]
    fn load(numbers: &[f64]) -> Self {
        Self(V::load(numbers), V::load(&numbers[V::LANES..]))
    }
    #[inline(always)]
    fn store(self, numbers: &mut [f64]) {
        self.0.store(numbers);
        self.1.store(&mut numbers[V::LANES..]);
    }
    #[inline(always)]
    fn gt(self, other: Self) -> Self::Mask {
        (self.0.gt(other.0), self.1.gt(other.1))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        (self.0.lt(other.0), self.1.lt(other.1))
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        (self.0.eq(other.0), self.1.eq(other.1))
    }
    #[inline(always)]
    fn mask(flag: bool) -> Self::Mask {
        (V::mask(flag), V::mask(flag))
    }
    #[inline(always)]
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(V::pick(mask.0, yes.0, no.0), V::pick(mask.1, yes.1, no.1))
    }
    #[inline(always)]
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (V::and(a.0, b.0), V::and(a.1, b.1))
    }
    #[inline(always)]
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (V::or(a.0, b.0), V::or(a.1, b.1))
    }
    #[inline(always)]
    fn not(mask: Self::Mask) -> Self::Mask {
        (V::not(mask.0), V::not(mask.1))
    }
    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        V::any(V::or(mask.0, mask.1))
    }
    #[inline(always)]
    fn bits(mask: Self::Mask) -> u32 {
        V::bits(mask.0) | V::bits(mask.1) << V::LANES
    }
    #[inline(always)]
    fn pairs(rows: &[&[f64; 2]]) -> [Self; 2] {
        let [a0, a1] = V::pairs(rows);
        let [b0, b1] = V::pairs(&rows[V::LANES..]);
        [Self(a0, b0), Self(a1, b1)]
    }
    #[inline(always)]
    fn fours(rows: &[&[f64; 4]]) -> [Self; 4] {
        let [a0, a1, a2, a3] = V::fours(rows);
        let [b0, b1, b2, b3] = V::fours(&rows[V::LANES..]);
        [Self(a0, b0), Self(a1, b1), Self(a2, b2), Self(a3, b3)]
    }
}

/// A register of one number: pairs of it are lanes for any processor.
impl Register for f64 {
    type Mask = bool;
    const LANES: usize = 1;

    #[inline(always)]
    fn splat(number: f64) -> Self {
        number
    }
    #[inline(always)]
    fn load(numbers: &[f64]) -> Self {
        numbers[0]
    }
    #[inline(always)]
    fn store(self, numbers: &mut [f64]) {
        numbers[0] = self;
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.at_least(other)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.at_most(other)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn neg(self) -> Self {
        -self
    }
    #[inline(always)]
    fn bits_of(self, bits: u64) -> Self {
        f64::from_bits(self.to_bits() & bits)
    }
    #[inline(always)]
    fn gt(self, other: Self) -> bool {
        self > other
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn eq(self, other: Self) -> bool {
        self.equals(other)
    }
    #[inline(always)]
    fn mask(flag: bool) -> bool {
        flag
    }
    #[inline(always)]
    fn pick(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn and(a: bool, b: bool) -> bool {
        a & b
    }
    #[inline(always)]
    fn or(a: bool, b: bool) -> bool {
        a | b
    }
    #[inline(always)]
    fn not(mask: bool) -> bool {
        !mask
    }
    #[inline(always)]
    fn any(mask: bool) -> bool {
        mask
    }
    #[inline(always)]
    fn bits(mask: bool) -> u32 {
        u32::from(mask)
    }
    #[inline(always)]
    fn pairs(rows: &[&[f64; 2]]) -> [Self; 2] {
        *rows[0]
    }
    #[inline(always)]
    fn fours(rows: &[&[f64; 4]]) -> [Self; 4] {
        *rows[0]
    }
}
