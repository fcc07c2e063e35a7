//! From which engine speeds it is tried to cut the fuel.

use super::Speeds;
use std::array::from_fn;

/// Some of [`Speeds`] that are tried, and what these say of the others.
pub(super) struct Cuts {
    /// Those that are tried, by rising speed.
    pub(super) places: Vec<usize>,
    /// By place among [`Speeds`]: after which of `places`, and the share of the way to the next.
    at: [(usize, f64); Speeds::COUNT],
}

impl Cuts {
    /// Tries these places; those between lie between the nearest two by their turning energy,
    /// those beside are as the nearest.
    pub(super) fn new(places: impl Iterator<Item = usize>, speeds: &Speeds) -> Self {
        let places: Vec<usize> = places.collect();
        let mut next = 0;
        let at = from_fn(|place| {
            while next < places.len() && places[next] < place {
                next += 1;
            }
            match (next.checked_sub(1), places.get(next)) {
                (Some(last), None) => (last, 0.0),
                (Some(last), Some(&high)) if high != place => {
                    (last, speeds.share(places[last], place, high))
                }
                _ => (next, 0.0),
            }
        });
        Self { places, at }
    }

    /// Where one of [`Speeds`] lies: after which of those tried, and the share of the way to the
    /// next.
    pub(super) fn at(&self, place: usize) -> (usize, f64) {
        self.at[place]
    }
}
