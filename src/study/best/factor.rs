//! The equivalence factor of ECMS that keeps the charge, and how much of a start it counts.

use super::super::single::Run;
use super::{Best, first_factor};
use crate::cycle::Kinematics;
use crate::ledger::Channel;
use crate::optimum::Factor;
use crate::results::Balance;

/// Shares of the cost of a start that are tried: all of it is right where starts are free,
/// and keeps a control that sees no second ahead from any start where they are dear.
const START_SHARES: [f64; 2] = [0.25, 1.0];
/// Net battery energy that counts as none, relative to the fuel energy: what it is worth is
/// known to some percent.
const KEPT: f64 = 3e-4;
/// Runs after which the factor is not looked for any longer.
const MOST_RUNS: usize = 24;
/// Relative width of a bracket of the factor in which the end charge jumps.
const JUMP: f64 = 1e-5;
/// Step of the factor until it is between two others.
const STEP: f64 = 1.06;
/// Where the search begins, over what battery energy is worth before anything is known: what
/// charge saves is less than what it costs, because it is made where the engine runs anyway.
const BEGIN: f64 = 0.86;

/// Where a search for the factor has come to.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) run: Run,
    pub(super) worth: Factor,
    pub(super) fuel_j_per_battery_j: f64,
    pub(super) balance: Balance,
}

fn battery_j(run: &Run) -> f64 {
    run.ledger.energy_j(Channel::Battery)
}

fn fuel_j(run: &Run) -> f64 {
    run.ledger.energy_j(Channel::Fuel)
}

impl Found {
    /// Fuel at equal charge, J.
    fn spent_j(&self) -> f64 {
        fuel_j(&self.run) + self.fuel_j_per_battery_j * battery_j(&self.run)
    }
}

impl Best<'_> {
    /// The factor with which the run ends at the charge it starts with, for the share of a
    /// start's cost that burns least.
    pub(super) fn search(&self, kinematics: &Kinematics) -> Found {
        let [first, others @ ..] = START_SHARES;
        let with = |factor: f64, start_share: f64| Factor {
            factor,
            start_share,
        };
        let factor = BEGIN * first_factor(self.question.plant);
        let mut best = self.search_from(with(factor, first), kinematics, f64::INFINITY);
        for start_share in others {
            let (factor, least_j) = (best.worth.factor, best.spent_j());
            let found = self.search_from(with(factor, start_share), kinematics, least_j);
            if found.balance != Balance::NotPossible && found.spent_j() < least_j {
                best = found;
            }
        }
        best
    }

    /// Closes in on the factor by false position. Where the end charge jumps over zero the
    /// runs on both sides are mixed. Given up where a run burns more than `least_j`, its charge
    /// counted by its own factor: one that keeps the charge burns no less, as that factor is
    /// where fuel rises by least for charge.
    fn search_from(&self, first: Factor, kinematics: &Kinematics, least_j: f64) -> Found {
        let mut low: Option<(f64, Run)> = None;
        let mut high: Option<(f64, Run)> = None;
        let mut worth = first;
        let mut rounds = 0;
        loop {
            let here = self.run(&self.planned(&self.plan, worth), kinematics);
            let (net_j, factor) = (battery_j(&here), worth.factor);
            rounds += 1;
            let hopeless = fuel_j(&here) + factor * net_j > least_j;
            let kept = net_j.abs() < KEPT * fuel_j(&here);
            let one_sided = low.is_none() || high.is_none();
            if kept || hopeless || rounds >= MOST_RUNS && one_sided {
                return Found {
                    run: here,
                    worth,
                    fuel_j_per_battery_j: factor,
                    balance: if kept && !hopeless {
                        Balance::Balanced
                    } else {
                        Balance::NotPossible
                    },
                };
            }
            // A larger factor takes less from the battery.
            if net_j > 0.0 {
                low = Some((factor, here));
            } else {
                high = Some((factor, here));
            }
            worth.factor = match (&low, &high) {
                (Some((low, left)), Some((high, right))) => {
                    if high / low - 1.0 < JUMP || rounds >= MOST_RUNS {
                        return mixed(worth, (*low, left), right);
                    }
                    let (left_j, right_j) = (battery_j(left), battery_j(right));
                    // Halving where the jump keeps false position on one side.
                    let share = if rounds % 3 == 0 {
                        0.5
                    } else {
                        (left_j / (left_j - right_j)).clamp(0.05, 0.95)
                    };
                    low + share * (high - low)
                }
                (Some(_), None) => factor * STEP,
                (None, _) => factor / STEP,
            };
        }
    }
}

/// Mixes the runs on both sides of a jump: the nearer one is shown, and its battery energy is
/// worth what the line through both says.
fn mixed(worth: Factor, (factor, left): (f64, &Run), right: &Run) -> Found {
    let (left_j, right_j) = (battery_j(left), battery_j(right));
    let nearer = if left_j.abs() < right_j.abs() {
        left
    } else {
        right
    };
    Found {
        run: nearer.clone(),
        worth: Factor { factor, ..worth },
        fuel_j_per_battery_j: (fuel_j(right) - fuel_j(left)) / (left_j - right_j),
        balance: Balance::Interpolated,
    }
}
