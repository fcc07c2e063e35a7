//! How much engine power is enough: what burns more will not be asked for.

use super::trials::Tried;
use crate::lanes::{Flags, Number};

/// How much else the difference between two choices may be where the battery is not at the middle
/// of its window, J of fuel.
const ASIDE_J: f64 = 500.0;

/// Where more engine power is too much: what is much dearer than something that burns less and
/// takes nothing from the battery either, so that it can do the same for an empty one, is not
/// asked for, nor is what comes after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enough {
    fuel_j_per_charge_j: f64,
    dearer_j: f64,
}

impl Enough {
    /// For whom a joule of charge is worth no more fuel than this, J, and for whom nothing pays
    /// that is dearer than the best by more than `spread_j`.
    pub(super) fn of(fuel_j_per_charge_j: f64, spread_j: f64) -> Self {
        Self {
            fuel_j_per_charge_j,
            dearer_j: spread_j + ASIDE_J,
        }
    }
}

/// What was tried last, side by side.
pub(super) struct Last<F: Number> {
    pub(super) fuel_j: F,
    pub(super) battery_w: F,
    /// Charge and turning energy that it takes, J.
    pub(super) charge_j: F,
    /// Where the car ends as fast as asked.
    pub(super) on_time: F::Flags,
}

/// What is enough in a hold, as far as it was tried.
pub(super) struct Best {
    enough: Enough,
    /// Fuel of the best that takes nothing from the battery, J: by itself, and its charge counted
    /// in.
    burnt_j: f64,
    spent_j: f64,
}

impl Best {
    /// Before anything was tried.
    pub(super) fn unknown(enough: Enough) -> Self {
        Self {
            enough,
            burnt_j: f64::INFINITY,
            spent_j: f64::INFINITY,
        }
    }

    /// Learns from the last `count` of what was tried, and leaves of them what may be asked for;
    /// whether that is any of the `strongest`, at the end.
    #[inline(always)]
    pub(super) fn leave<F: Number>(
        &mut self,
        last: &Last<F>,
        (count, strongest): (usize, usize),
        tried: &mut Vec<Tried>,
    ) -> bool {
        let spent_j = last.fuel_j + last.charge_j * self.enough.fuel_j_per_charge_j;
        let free = last.on_time & !last.battery_w.above(0.0);
        let each_j = [last.fuel_j, free.pick(spent_j, f64::INFINITY)].map(F::lanes);
        for lane in 0..F::LANES {
            let [burnt_j, spent_j] = each_j.each_ref().map(|each| *F::of_lane(each, lane));
            if spent_j < self.spent_j {
                (self.burnt_j, self.spent_j) = (burnt_j, spent_j);
            }
        }
        let past = free
            & last.fuel_j.above(self.burnt_j)
            & spent_j.above(self.spent_j + self.enough.dearer_j);
        if !past.any() {
            return true;
        }
        let first = tried.len() - count;
        let mut end = first;
        for lane in 0..count {
            tried[end] = tried[first + lane];
            end += usize::from(!past.lane(lane));
        }
        tried.truncate(end);
        !(count.saturating_sub(strongest)..count).all(|lane| past.lane(lane))
    }
}
