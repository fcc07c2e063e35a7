//! What it costs at least to go on from where a car is, and the control that goes by it.

use super::choices::Plan;
use super::planned::{Now, Worth};
use super::program::{IMPOSSIBLE_J, NEVER_J, Program};
use super::{Mode, Speeds};
use crate::vehicle::{Plant, State};

impl Program {
    /// Least cost from the start of a hold on, J, from a state of the car. What turns the
    /// engine counts as charge, and it turns as fast as the state says: of a burning `mode`
    /// only the age counts. Infinite where the car cannot go on.
    pub fn cost_from_j(
        &self,
        plant: &Plant,
        plan: &Plan,
        hold: usize,
        mode: Mode,
        state: &State,
    ) -> f64 {
        let charge = plan.charge(plant, hold, state);
        self.cost_with_j(plan, hold, mode, state.engine_rad_s, charge)
    }

    /// The same with a charge that the turning energy is counted in.
    #[inline]
    pub(super) fn cost_with_j(
        &self,
        plan: &Plan,
        hold: usize,
        mode: Mode,
        engine_rad_s: f64,
        charge: f64,
    ) -> f64 {
        let cost_j = match mode {
            Mode::Off(_) => {
                self.cost_j(hold, mode, charge) + plan.still_turning_j(hold, engine_rad_s)
            }
            Mode::On(age, _) => {
                let (speed, place) = (plan.speeds.around(engine_rad_s), self.place(hold, charge));
                self.burning_j(hold, age, speed, place)
            }
        };
        if cost_j < IMPOSSIBLE_J {
            cost_j
        } else {
            f64::INFINITY
        }
    }

    /// Least cost from the start of a hold on, J, whatever the engine does before, if only
    /// its minimum times are over and it turns as some choice can have left it.
    pub fn least_cost_j(&self, hold: usize, soc: f64) -> f64 {
        let dwell = self.dwell();
        let burning = (0..Speeds::COUNT).map(|place| Mode::On(dwell.on, place));
        let modes = burning.chain([dwell.rested()]);
        let costs = modes.map(|mode| self.cost_j(hold, mode, soc));
        costs
            .filter(|cost_j| *cost_j < IMPOSSIBLE_J)
            .fold(f64::INFINITY, f64::min)
    }
}

/// Goes by the least cost to go.
#[derive(Debug, Clone, Copy)]
pub struct ToGo<'a> {
    /// The costs.
    pub program: &'a Program,
    /// How much more charge it asks for all along than they were solved for.
    pub beyond_soc: f64,
}

impl Worth for ToGo<'_> {
    const SEES_AHEAD: bool = true;

    fn name(&self) -> &'static str {
        "optimal"
    }

    #[inline]
    fn cost_to_go_j(&self, now: &Now, mode: Mode, share: f64, soc: f64) -> f64 {
        let (program, after, soc) = (self.program, now.hold + 1, soc - self.beyond_soc);
        match mode {
            // A kept program may be asked about choices that it was not solved with.
            Mode::On(_, speed) if !program.knows(after, (speed, share)) => NEVER_J,
            Mode::On(age, speed) => {
                program.burning_j(after, age, (speed, share), program.place(after, soc))
            }
            Mode::Off(_) => program.cost_j(after, mode, soc),
        }
    }
}
