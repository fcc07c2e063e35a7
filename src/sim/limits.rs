//! The step within every limit: tried as it is asked for, and with less until nothing breaks.

use super::engine_plan::EnginePlan;
use super::flows::Flows;
use super::power_limit::POWER_TOLERANCE_W;
use super::run::Recorder;
use super::step::{Attempt, Outcome, Trial};
use crate::lanes::{Flags, Number, seldom};
use crate::vehicle::State;

/// Rounds of asking for less before the last answer stands.
const MAX_ROUNDS: usize = 24;
/// Shortfall of force that counts as none, N.
const FORCE_TOLERANCE_N: f64 = 1e-7;

impl<F: Number> Trial<F> {
    /// Where the battery cannot take what the burning engine makes, so that it must throttle,
    /// and where the wheels do not get theirs, so that the car must slow down.
    #[inline(always)]
    fn breaches(&self, end_mps: F) -> (F::Flags, F::Flags) {
        let throttle = self.excess_w.above(POWER_TOLERANCE_W) & self.engine_torque_nm.above(0.0);
        let short = self.shortfall_n.above(FORCE_TOLERANCE_N) & !throttle;
        (throttle, short & end_mps.above(0.0))
    }
}

impl<F: Number> Attempt<'_, F> {
    /// The step that ends at `target_mps`, with less engine where the battery cannot take
    /// its power and with less acceleration where the wheels do not get theirs, until every
    /// limit holds; and the state it ends with.
    #[inline(always)]
    pub(super) fn within_limits<R: Recorder<F>>(
        &self,
        target_mps: F,
        mut outcome: Outcome<'_, F, R>,
    ) -> State<F> {
        if F::LANES > 1 {
            let mut flows = Flows::default();
            let (trial, end_mps) = self.search(target_mps, &mut flows);
            return outcome.of(&trial, end_mps, &mut flows);
        }
        // A car alone: the first trial nearly always stands, and is faster where it is no
        // loop's. Each of what the engine mostly does has a copy of all that follows from it,
        // without the rest of it.
        let plan = EnginePlan::new(self, target_mps);
        let first = if plan.at_rest.all() {
            self.first(&EnginePlan::rest(), target_mps, &mut outcome)
        } else if plan.through.all() {
            self.first(&plan.burning_through(), target_mps, &mut outcome)
        } else {
            self.first(&plan, target_mps, &mut outcome)
        };
        if let Some(end) = first {
            return end;
        }
        let mut flows = Flows::default();
        // Copies, so that the originals need no place in memory.
        let command = self.command.clone();
        let again = Attempt {
            state: &{ *self.state },
            terminals: &{ *self.terminals },
            command: &command,
            ..*self
        };
        let (trial, end_mps) = again.search_apart(target_mps, &mut flows);
        outcome.of(&trial, end_mps, &mut flows)
    }

    /// The step as it is asked for, if it breaks no limit.
    #[inline(always)]
    fn first<R: Recorder<F>>(
        &self,
        plan: &EnginePlan<F>,
        target_mps: F,
        outcome: &mut Outcome<'_, F, R>,
    ) -> Option<State<F>> {
        let mut flows = Flows::default();
        let torque_nm = self.command.engine_torque_nm;
        let trial = self.trial_of(plan, target_mps, torque_nm, &mut flows);
        let (throttle, slow_down) = trial.breaches(target_mps);
        if (throttle | slow_down).any() {
            return None;
        }
        Some(outcome.of(&trial, target_mps, &mut flows))
    }

    /// [`Self::search`] as a call of its own.
    #[cold]
    #[inline(never)]
    fn search_apart(&self, target_mps: F, flows: &mut Flows<F>) -> (Trial<F>, F) {
        self.search(target_mps, flows)
    }

    /// Trials, the first as asked, each with less than the one before.
    #[inline(always)]
    fn search(&self, target_mps: F, flows: &mut Flows<F>) -> (Trial<F>, F) {
        let (plant, dt) = (self.plant, self.interval.dt_s);
        let mut end_mps = target_mps;
        let mut torque_nm = self.command.engine_torque_nm;
        let mut round = 0;
        loop {
            let trial = self.trial(end_mps, torque_nm, flows);
            let (throttle, slow_down) = trial.breaches(end_mps);
            if round == MAX_ROUNDS || !(throttle | slow_down).any() {
                return (trial, end_mps);
            }
            seldom();
            round += 1;
            let less_nm = trial.excess_w / trial.engine_w_per_nm.at_least(1.0);
            // In the last round none: an engine that still has to throttle is not done with.
            let share = if round == MAX_ROUNDS { 0.0 } else { 1.0 };
            let throttled_nm = trial.engine_torque_nm - less_nm * 1.02 - 0.01;
            let throttled_nm = throttled_nm.at_least(0.0) * share;
            torque_nm = throttle.pick(throttled_nm, torque_nm);
            let less_mps2 = (trial.shortfall_n + 1e-3) / plant.accelerated_mass_kg;
            let slower_mps = (end_mps - less_mps2 * dt).at_least(0.0);
            end_mps = slow_down.pick(slower_mps, end_mps);
        }
    }
}
