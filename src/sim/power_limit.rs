//! What MG2 may give or take where a limit of power binds.

use crate::lanes::{Flags, Number};
use crate::vehicle::MachinePlant;

/// Excess of charging power that counts as none, W.
pub(super) const POWER_TOLERANCE_W: f64 = 1e-3;
/// Rounds of the search for the torque at which a power limit binds.
const TORQUE_ROUNDS: usize = 10;

/// A limit of power that MG2 has to keep.
pub(super) struct PowerLimit<'a, F: Number> {
    pub(super) mg2: &'a MachinePlant<F>,
    pub(super) mg2_rad_s: F,
    /// Where it binds: what is found elsewhere means nothing.
    pub(super) binds: F::Flags,
    /// Where it is that of drawing; elsewhere that of feeding.
    pub(super) drawing: F::Flags,
    pub(super) most_w: F,
    pub(super) least_w: F,
}

impl<F: Number> PowerLimit<'_, F> {
    /// Power beyond it, W.
    #[inline(always)]
    fn excess_w(&self, torque_nm: F) -> F {
        let at_w = self.mg2.electric_w(self.mg2_rad_s, torque_nm);
        self.drawing.pick(at_w - self.most_w, self.least_w - at_w)
    }

    /// Torque nearest to `wanted_nm` at which the limit is kept, searched between it and
    /// `feasible_nm`, where it is. Illinois' variant of false position; the answer lies on
    /// the feasible side.
    #[inline(always)]
    pub(super) fn torque_nm(&self, wanted_nm: F, feasible_nm: F) -> F {
        let (mut bad, mut good) = (wanted_nm, feasible_nm);
        let (mut bad_w, mut good_w) = (self.excess_w(bad), self.excess_w(good));
        let mut open = self.binds & !good_w.above(0.0);
        for _ in 0..TORQUE_ROUNDS {
            if !open.any() {
                break;
            }
            let next = good + (bad - good) * good_w / (good_w - bad_w);
            let next_w = self.excess_w(next);
            let over = next_w.above(0.0);
            let (still_bad, better) = (open & over, open & !over);
            bad = still_bad.pick(next, bad);
            bad_w = still_bad.pick(next_w, better.pick(bad_w * 0.5, bad_w));
            good = better.pick(next, good);
            good_w = better.pick(next_w, still_bad.pick(good_w * 0.5, good_w));
            open = open & !(better & next_w.above(-POWER_TOLERANCE_W));
        }
        good
    }
}
