//! Which keys a piece of work reads: what depends on a key is found out, not written down.

use std::sync::atomic::{AtomicU64, Ordering};

/// A set of watched keys, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reads(u64);

/// Keys that have a bit of their own; all further ones share the last.
const OWN_BITS: usize = 63;

impl Reads {
    pub(super) const NONE: Self = Self(0);

    /// The key of this number alone.
    pub(super) fn of(number: usize) -> Self {
        Self(1 << number.min(OWN_BITS))
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Keys, and which of them were read since last asked.
#[derive(Debug, Default)]
pub(super) struct Watched {
    keys: Vec<String>,
    /// Getters take `&self`; an atomic instead of a cell keeps the values shareable.
    seen: AtomicU64,
}

impl Clone for Watched {
    fn clone(&self) -> Self {
        Self::new(&self.keys)
    }
}

impl Watched {
    pub(super) fn new(keys: &[String]) -> Self {
        Self {
            keys: keys.to_vec(),
            seen: AtomicU64::new(0),
        }
    }

    pub(super) fn note(&self, path: &str) {
        if let Some(number) = self.keys.iter().position(|key| key == path) {
            self.seen.fetch_or(Reads::of(number).0, Ordering::Relaxed);
        }
    }

    pub(super) fn forget(&self) {
        self.seen.store(0, Ordering::Relaxed);
    }

    pub(super) fn seen(&self) -> Reads {
        Reads(self.seen.load(Ordering::Relaxed))
    }
}
