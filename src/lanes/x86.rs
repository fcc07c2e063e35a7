//! The vector registers of x86-64.
//!
//! This is the only file that may hold `unsafe`, for two reasons: an instruction beyond the
//! least may only be used where the processor has it, and so may a function that is compiled
//! for more than the least. Numbers in wide registers are made here only, by
//! [`with_avx2`] and [`with_avx512`], which ask the processor first.
//!
//! An array of numbers would need none of this, but compilers leave most of the kernel in
//! single numbers then: measured, eight cars side by side took six tenths of the time of one
//! car alone instead of a fifth.

#![allow(unsafe_code)]

use super::register::{Pair, Register};
use super::wide::Wide;
use super::{Work, WorkAlone};
use std::arch::x86_64::{
    __m128d, __m256d, __m512d, __mmask8, _CMP_EQ_OQ, _CMP_GT_OQ, _CMP_LT_OQ, _mm_loadu_pd,
    _mm256_add_pd, _mm256_and_pd, _mm256_andnot_pd, _mm256_blendv_pd, _mm256_castpd128_pd256,
    _mm256_cmp_pd, _mm256_div_pd, _mm256_insertf128_pd, _mm256_loadu_pd, _mm256_max_pd,
    _mm256_min_pd, _mm256_movemask_pd, _mm256_mul_pd, _mm256_or_pd, _mm256_permute2f128_pd,
    _mm256_set1_pd, _mm256_sqrt_pd, _mm256_storeu_pd, _mm256_sub_pd, _mm256_unpackhi_pd,
    _mm256_unpacklo_pd, _mm256_xor_pd, _mm512_abs_pd, _mm512_add_pd, _mm512_and_pd,
    _mm512_castpd256_pd512, _mm512_cmp_pd_mask, _mm512_div_pd, _mm512_insertf64x4, _mm512_loadu_pd,
    _mm512_mask_blend_pd, _mm512_max_pd, _mm512_min_pd, _mm512_mul_pd, _mm512_set1_pd,
    _mm512_sqrt_pd, _mm512_storeu_pd, _mm512_sub_pd, _mm512_xor_pd,
};

/// Whether the processor has AVX2 and FMA.
pub(super) fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

/// Whether it has AVX-512 as well.
pub(super) fn has_avx512() -> bool {
    has_avx2()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw")
}

/// Does work with AVX2, where the processor has it.
pub(super) fn with_avx2<const L: usize, W: Work>(work: W) -> W::Out {
    assert!(has_avx2(), "asked before");
    // SAFETY: the processor has what the function is compiled for.
    unsafe { avx2::<L, W>(work) }
}

#[target_feature(enable = "avx2,fma")]
fn avx2<const L: usize, W: Work>(work: W) -> W::Out {
    match L {
        4 => work.run::<Wide<__m256d, 4>>(),
        8 => work.run::<Wide<Pair<__m256d>, 8>>(),
        _ => panic!("{L} lanes with AVX2"),
    }
}

/// Does work over single numbers with AVX2, where the processor has it.
pub(super) fn alone_with_avx2<W: WorkAlone>(work: W) -> W::Out {
    assert!(has_avx2(), "asked before");
    // SAFETY: the processor has what the function is compiled for.
    unsafe { alone_avx2(work) }
}

#[inline(never)]
#[target_feature(enable = "avx2,fma")]
fn alone_avx2<W: WorkAlone>(work: W) -> W::Out {
    work.run()
}

/// Does work over single numbers with AVX-512, where the processor has it.
pub(super) fn alone_with_avx512<W: WorkAlone>(work: W) -> W::Out {
    assert!(has_avx512(), "asked before");
    // SAFETY: the processor has what the function is compiled for.
    unsafe { alone_avx512(work) }
}

#[inline(never)]
#[target_feature(enable = "avx2,fma,avx512f,avx512vl,avx512dq,avx512bw")]
fn alone_avx512<W: WorkAlone>(work: W) -> W::Out {
    work.run()
}

/// Does work with AVX-512, where the processor has it.
pub(super) fn with_avx512<const L: usize, W: Work>(work: W) -> W::Out {
    assert!(has_avx512(), "asked before");
    // SAFETY: the processor has what the function is compiled for.
    unsafe { avx512::<L, W>(work) }
}

#[target_feature(enable = "avx2,fma,avx512f,avx512vl,avx512dq,avx512bw")]
fn avx512<const L: usize, W: Work>(work: W) -> W::Out {
    match L {
        16 => work.run::<Wide<Pair<__m512d>, 16>>(),
        8 => work.run::<Wide<__m512d, 8>>(),
        _ => panic!("{L} lanes with AVX-512"),
    }
}

/// The answers of a comparison in registers without masks of their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ones<V>(V);

/// Methods that are one instruction each.
macro_rules! instructions {
    ($($name:ident($($argument:ident),*) = $instruction:ident;)*) => { $(
        #[inline(always)]
        fn $name(self $(, $argument: Self)*) -> Self {
            // SAFETY: such registers are made only where the processor has the instruction.
            unsafe { $instruction(self $(, $argument)*) }
        }
    )* };
}

impl Register for __m256d {
    type Mask = Ones<Self>;
    const LANES: usize = 4;

    instructions! {
        add(other) = _mm256_add_pd;
        sub(other) = _mm256_sub_pd;
        mul(other) = _mm256_mul_pd;
        div(other) = _mm256_div_pd;
        max(other) = _mm256_max_pd;
        min(other) = _mm256_min_pd;
        sqrt() = _mm256_sqrt_pd;
    }

    #[inline(always)]
    fn splat(number: f64) -> Self {
        // SAFETY: such registers are made only where the processor has AVX2; so below.
        unsafe { _mm256_set1_pd(number) }
    }
    #[inline(always)]
    fn load(numbers: &[f64]) -> Self {
        let numbers = &numbers[..4];
        unsafe { _mm256_loadu_pd(numbers.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, numbers: &mut [f64]) {
        let numbers = &mut numbers[..4];
        unsafe { _mm256_storeu_pd(numbers.as_mut_ptr(), self) }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self) }
    }
    #[inline(always)]
    fn neg(self) -> Self {
        unsafe { _mm256_xor_pd(_mm256_set1_pd(-0.0), self) }
    }
    #[inline(always)]
    fn bits_of(self, bits: u64) -> Self {
        unsafe { _mm256_and_pd(self, Self::splat(f64::from_bits(bits))) }
    }
    #[inline(always)]
    fn gt(self, other: Self) -> Ones<Self> {
        Ones(unsafe { _mm256_cmp_pd::<_CMP_GT_OQ>(self, other) })
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Ones<Self> {
        Ones(unsafe { _mm256_cmp_pd::<_CMP_LT_OQ>(self, other) })
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Ones<Self> {
        Ones(unsafe { _mm256_cmp_pd::<_CMP_EQ_OQ>(self, other) })
    }
    #[inline(always)]
    fn mask(flag: bool) -> Ones<Self> {
        Ones(Self::splat(f64::from_bits(
            0_u64.wrapping_sub(u64::from(flag)),
        )))
    }
    #[inline(always)]
    fn pick(mask: Ones<Self>, yes: Self, no: Self) -> Self {
        unsafe { _mm256_blendv_pd(no, yes, mask.0) }
    }
    #[inline(always)]
    fn and(a: Ones<Self>, b: Ones<Self>) -> Ones<Self> {
        Ones(unsafe { _mm256_and_pd(a.0, b.0) })
    }
    #[inline(always)]
    fn or(a: Ones<Self>, b: Ones<Self>) -> Ones<Self> {
        Ones(unsafe { _mm256_or_pd(a.0, b.0) })
    }
    #[inline(always)]
    fn not(mask: Ones<Self>) -> Ones<Self> {
        Ones(unsafe { _mm256_xor_pd(mask.0, Self::mask(true).0) })
    }
    #[inline(always)]
    fn any(mask: Ones<Self>) -> bool {
        Self::bits(mask) != 0
    }
    #[inline(always)]
    fn bits(mask: Ones<Self>) -> u32 {
        unsafe { _mm256_movemask_pd(mask.0) }.cast_unsigned()
    }
    #[inline(always)]
    fn pairs(rows: &[&[f64; 2]]) -> [Self; 2] {
        let load = |row: &[f64; 2]| unsafe { _mm_loadu_pd(row.as_ptr()) };
        let (ac, bd) = (
            two(load(rows[0]), load(rows[2])),
            two(load(rows[1]), load(rows[3])),
        );
        unsafe { [_mm256_unpacklo_pd(ac, bd), _mm256_unpackhi_pd(ac, bd)] }
    }
    #[inline(always)]
    fn fours(rows: &[&[f64; 4]]) -> [Self; 4] {
        let (a, b) = (Self::load(rows[0]), Self::load(rows[1]));
        let (c, d) = (Self::load(rows[2]), Self::load(rows[3]));
        unsafe {
            let (ab0, ab1) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
            let (cd0, cd1) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
            [
                _mm256_permute2f128_pd::<0x20>(ab0, cd0),
                _mm256_permute2f128_pd::<0x20>(ab1, cd1),
                _mm256_permute2f128_pd::<0x31>(ab0, cd0),
                _mm256_permute2f128_pd::<0x31>(ab1, cd1),
            ]
        }
    }
}

/// Two halves in one register.
#[inline(always)]
fn two(low: __m128d, high: __m128d) -> __m256d {
    // SAFETY: called only where the processor has AVX2.
    unsafe { _mm256_insertf128_pd::<1>(_mm256_castpd128_pd256(low), high) }
}

/// Two halves in one register.
#[inline(always)]
fn both(low: __m256d, high: __m256d) -> __m512d {
    // SAFETY: called only where the processor has AVX-512.
    unsafe { _mm512_insertf64x4::<1>(_mm512_castpd256_pd512(low), high) }
}

impl Register for __m512d {
    type Mask = __mmask8;
    const LANES: usize = 8;

    instructions! {
        add(other) = _mm512_add_pd;
        sub(other) = _mm512_sub_pd;
        mul(other) = _mm512_mul_pd;
        div(other) = _mm512_div_pd;
        max(other) = _mm512_max_pd;
        min(other) = _mm512_min_pd;
        sqrt() = _mm512_sqrt_pd;
        abs() = _mm512_abs_pd;
    }

    #[inline(always)]
    fn splat(number: f64) -> Self {
        // SAFETY: such registers are made only where the processor has AVX-512; so below.
        unsafe { _mm512_set1_pd(number) }
    }
    #[inline(always)]
    fn load(numbers: &[f64]) -> Self {
        let numbers = &numbers[..8];
        unsafe { _mm512_loadu_pd(numbers.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, numbers: &mut [f64]) {
        let numbers = &mut numbers[..8];
        unsafe { _mm512_storeu_pd(numbers.as_mut_ptr(), self) }
    }
    #[inline(always)]
    fn neg(self) -> Self {
        unsafe { _mm512_xor_pd(_mm512_set1_pd(-0.0), self) }
    }
    #[inline(always)]
    fn bits_of(self, bits: u64) -> Self {
        unsafe { _mm512_and_pd(self, Self::splat(f64::from_bits(bits))) }
    }
    #[inline(always)]
    fn gt(self, other: Self) -> __mmask8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_GT_OQ>(self, other) }
    }
    #[inline(always)]
    fn lt(self, other: Self) -> __mmask8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self, other) }
    }
    #[inline(always)]
    fn eq(self, other: Self) -> __mmask8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self, other) }
    }
    #[inline(always)]
    fn mask(flag: bool) -> __mmask8 {
        0_u8.wrapping_sub(u8::from(flag))
    }
    #[inline(always)]
    fn pick(mask: __mmask8, yes: Self, no: Self) -> Self {
        unsafe { _mm512_mask_blend_pd(mask, no, yes) }
    }
    #[inline(always)]
    fn and(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }
    #[inline(always)]
    fn or(a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }
    #[inline(always)]
    fn not(mask: __mmask8) -> __mmask8 {
        !mask
    }
    #[inline(always)]
    fn any(mask: __mmask8) -> bool {
        mask != 0
    }
    #[inline(always)]
    fn bits(mask: __mmask8) -> u32 {
        u32::from(mask)
    }
    #[inline(always)]
    fn pairs(rows: &[&[f64; 2]]) -> [Self; 2] {
        let [low0, low1] = __m256d::pairs(rows);
        let [high0, high1] = __m256d::pairs(&rows[4..]);
        [both(low0, high0), both(low1, high1)]
    }
    #[inline(always)]
    fn fours(rows: &[&[f64; 4]]) -> [Self; 4] {
        let [low0, low1, low2, low3] = __m256d::fours(rows);
        let [high0, high1, high2, high3] = __m256d::fours(&rows[4..]);
        [
            both(low0, high0),
            both(low1, high1),
            both(low2, high2),
            both(low3, high3),
        ]
    }
}
