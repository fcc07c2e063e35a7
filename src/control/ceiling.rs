//! The engine-off ceiling: where MG1 would turn backwards too fast with the engine at rest.

use crate::lanes::{Flags, Number, beside};
use crate::vehicle::{Plant, Strategy};

/// Timers are sums of steps: without the slack, rounding would decide.
pub(super) const SLACK_S: f64 = 1e-6;

/// When the ceiling binds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceiling<F = f64> {
    /// Fastest reverse speed allowed to MG1 with the engine at rest, rad/s.
    reverse_rad_s: F,
    /// Time it has to be exceeded for before it binds, s.
    hold_s: F,
    /// How far below it is released, m/s.
    release_mps: F,
}

beside!(Ceiling {
    reverse_rad_s,
    hold_s,
    release_mps
});

/// What is remembered of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CeilingMemory<F: Number = f64> {
    /// It has been exceeded for, s; where it was exceeded when last seen.
    above_s: F,
    was_above: F::Flags,
    /// The engine may not rest at this speed.
    pub binds: F::Flags,
}

impl<F: Number> Default for CeilingMemory<F> {
    #[inline(always)]
    fn default() -> Self {
        let no = F::Flags::from(false);
        Self {
            above_s: 0.0.into(),
            was_above: no,
            binds: no,
        }
    }
}

impl Ceiling {
    /// That of a car.
    pub fn of(strategy: &Strategy) -> Self {
        Self {
            reverse_rad_s: strategy.engine_off_max_mg1_reverse_rad_s,
            hold_s: strategy.ceiling_hold_s - SLACK_S,
            release_mps: strategy.ceiling_release_mps,
        }
    }
}

impl<F: Number> Ceiling<F> {
    /// Sees the road speed, so long after the last time.
    #[inline(always)]
    pub fn observe(&self, plant: &Plant<F>, speed_mps: F, since_s: F, m: &mut CeilingMemory<F>) {
        let reverse = plant.mg1_reverse_engine_off_rad_s(speed_mps);
        let above = reverse.above(self.reverse_rad_s);
        if (above | m.binds).any() {
            m.above_s = (above & m.was_above).pick(m.above_s + since_s, 0.0);
            let release_rad_s = plant.mg1_reverse_engine_off_rad_s(self.release_mps);
            let released = reverse.below(self.reverse_rad_s - release_rad_s);
            let held = m.above_s.above(self.hold_s);
            m.binds = (m.binds & !released) | held;
        }
        m.was_above = above;
    }
}
