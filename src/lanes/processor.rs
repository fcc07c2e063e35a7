//! Which instructions work is done with.
//!
//! The same source is compiled for the instructions that every processor of its kind has,
//! for AVX2 and for AVX-512, and chosen when it runs. All of them give the same bits.

use super::Number;
use super::register::Pair;
use super::wide::Wide;
#[cfg(target_arch = "x86_64")]
use super::x86;

/// Work over any number of lanes. What it calls has to be inlined into it, so that it is
/// compiled for the same instructions.
pub trait Work {
    /// What comes out.
    type Out;

    /// Does it.
    fn run<F: Number>(self) -> Self::Out;
}

/// Work over single numbers, as [`Work`] otherwise.
pub trait WorkAlone {
    /// What comes out.
    type Out;

    /// Does it.
    fn run(self) -> Self::Out;
}

/// Instructions that the kernel is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instructions {
    /// Single numbers, put together by the compiler as it likes: any processor.
    Portable,
    /// AVX2 with FMA: four numbers a register.
    Avx2,
    /// AVX-512: eight numbers a register.
    Avx512,
}

impl Instructions {
    /// All that the kernel is compiled for, the widest last.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// Name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this processor has them.
    pub fn are_here(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return match self {
            Self::Portable => true,
            Self::Avx2 => x86::has_avx2(),
            Self::Avx512 => x86::has_avx512(),
        };
        #[cfg(not(target_arch = "x86_64"))]
        return self == Self::Portable;
    }

    /// The widest that this processor has.
    pub fn best() -> Self {
        let widest = Self::ALL.into_iter().rev().find(|it| it.are_here());
        widest.unwrap_or(Self::Portable)
    }

    /// Does work with `L` lanes: 1, 2, 4 or 8 portable ones, 4 or 8 with AVX2, 8 or 16 with
    /// AVX-512.
    ///
    /// # Panics
    /// The processor lacks these instructions, or they have no such lanes.
    #[inline]
    pub fn run<const L: usize, W: Work>(self, work: W) -> W::Out {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Portable => {}
            Self::Avx2 => return x86::with_avx2::<L, W>(work),
            Self::Avx512 => return x86::with_avx512::<L, W>(work),
        }
        match L {
            1 => work.run::<Wide<f64, 1>>(),
            2 => work.run::<Wide<Pair<f64>, 2>>(),
            4 => work.run::<Wide<Pair<Pair<f64>>, 4>>(),
            8 => work.run::<Wide<Pair<Pair<Pair<f64>>>, 8>>(),
            _ => panic!("{L} portable lanes"),
        }
    }

    /// Does work that is mostly loops over many numbers, which the compiler does in registers,
    /// with the widest instructions there are.
    #[inline]
    pub fn best_of_loops<W: WorkAlone>(work: W) -> W::Out {
        #[cfg(target_arch = "x86_64")]
        if x86::has_avx512() {
            return x86::alone_with_avx512(work);
        }
        Self::best_of_one(work)
    }

    /// Does work over single numbers with the best instructions for it: those of AVX2 say
    /// where a result goes and need fewer moves.
    #[inline]
    pub fn best_of_one<W: WorkAlone>(work: W) -> W::Out {
        #[cfg(target_arch = "x86_64")]
        if x86::has_avx2() {
            return x86::alone_with_avx2(work);
        }
        work.run()
    }
}
