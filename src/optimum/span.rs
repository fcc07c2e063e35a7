//! Engine speeds that come into question.

use super::Speeds;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Neighbouring places among [`Speeds`], from a first to a last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    first: usize,
    last: usize,
}

impl Span {
    /// All of them.
    pub const ALL: Self = Self {
        first: 0,
        last: Speeds::COUNT - 1,
    };

    /// As good as none.
    pub const NONE: Self = Self { first: 0, last: 0 };

    /// The two next to a speed ([`Speeds::around`]), or the one that it is.
    pub fn around((below, share): (usize, f64)) -> Self {
        Self {
            first: below,
            last: below + usize::from(share > 0.0),
        }
    }

    /// Up to the last of this one.
    #[must_use]
    pub fn from_idling(self) -> Self {
        Self { first: 0, ..self }
    }

    /// This one, another and what lies between them.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }

    /// How many.
    #[inline]
    pub fn count(self) -> usize {
        self.last - self.first + 1
    }

    /// One after the other.
    #[inline]
    pub fn places(self) -> Range<usize> {
        self.first..self.last + 1
    }

    /// Those that are not the last.
    #[inline]
    pub fn steps(self) -> Range<usize> {
        self.first..self.last
    }

    /// How far into it a place is; one beside it counts as the nearest of it.
    #[inline]
    pub fn index(self, place: usize) -> usize {
        place.max(self.first).min(self.last) - self.first
    }

    /// Whether one of those next to a speed ([`Speeds::around`]) is in it.
    #[inline]
    pub fn is_next_to(self, (below, share): (usize, f64)) -> bool {
        below <= self.last && self.first <= below + usize::from(share > 0.0)
    }

    /// Whether all of another are in it.
    pub fn covers(self, other: Self) -> bool {
        self.and(other) == self
    }

    /// Gives all places beside it what the nearest of it has.
    #[inline]
    pub fn extend<T: Copy>(self, of_each: &mut [T; Speeds::COUNT]) {
        let (low, high) = (of_each[self.first], of_each[self.last]);
        of_each[..self.first].fill(low);
        of_each[self.last + 1..].fill(high);
    }

    /// Whether it is one that [`Speeds`] have.
    pub fn is_whole(self) -> bool {
        self.first <= self.last && self.last < Speeds::COUNT
    }
}
