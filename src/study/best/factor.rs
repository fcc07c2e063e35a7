//! The equivalence factor of ECMS that keeps the charge, and how much it counts of a start and of
//! changes of the engine's speed.

use super::super::single::Run;
use super::{Best, USUAL, first_factor};
use crate::cycle::Kinematics;
use crate::ledger::Channel;
use crate::optimum::{Factor, Foresight, Outlook, Plan, Transitions, View};
use crate::results::Balance;

/// Shares of the cost of a start that are tried: all of it is right where starts are free,
/// and keeps a control that sees no second ahead from any start where they are dear.
const START_SHARES: [f64; 2] = [0.25, 1.0];
/// Net battery energy that counts as none, relative to the fuel energy: the optimum is solved
/// around what is found here, and with more it is found 0.05 % dearer where many ways cost nearly
/// the same.
const KEPT: f64 = 3e-4;
/// Runs after which the factor is not looked for any longer.
const MOST_RUNS: usize = 24;
/// Relative width of a bracket of the factor over which the end charge counts as jumping, as it
/// changes there at least three times as much as it mostly does; and how narrow the bracket is to
/// be where the jump is large, by the difference of net battery energies relative to the fuel, as
/// there may be several in it.
const JUMP: f64 = 1e-4;
const NARROW_JUMP: f64 = 1e-5;
const LARGE_JUMP: f64 = 4e-3;
/// Step of the factor until it is between two others: at most, at least, and for the net battery
/// energy relative to the fuel, which a change of the factor moves by about twice as much. The
/// next is to lie on the other side; where it does not, as on a climb on which the engine gives
/// all it has at many factors, each step is twice as eager.
const MOST_STEP: f64 = 0.06;
const LEAST_STEP: f64 = 0.002;
const STEP_PER_NET: f64 = 0.75;
/// Every so many runs the bracket is halved, as a jump keeps false position on one side.
const HALVED_EVERY: usize = 4;
/// Net battery energy relative to the fuel up to which a run says what one that keeps the charge
/// would burn at least: beyond, the window of charge has its say.
const NEAR: f64 = 0.03;
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
    /// start's cost that burns least. Where that is all of it, starts cost next to nothing, and
    /// changes of the engine's speed may be worth counting too: elsewhere they come back later.
    pub(super) fn search(&self, kinematics: &Kinematics) -> Found {
        let [share, all] = START_SHARES;
        let first = Factor {
            factor: BEGIN * first_factor(self.question.plant),
            start_share: share,
            counts_changes: false,
        };
        let mut best = self.search_from(first, kinematics, f64::INFINITY);
        for counts_changes in [false, true] {
            let (factor, least_j) = (best.worth.factor, best.spent_j());
            let other = Factor {
                factor,
                start_share: all,
                counts_changes,
            };
            let found = self.search_from(other, kinematics, least_j);
            if found.balance != Balance::NotPossible && found.spent_j() < least_j {
                best = found;
            }
            if best.worth.start_share < all {
                break;
            }
        }
        best
    }

    /// The plan that an ECMS chooses from.
    pub(super) fn plan_for(&self, worth: Factor) -> &Plan {
        if worth.counts_changes {
            return self.changing.get_or_init(|| {
                let foresight = Foresight {
                    fuel_j_per_charge_j: worth.factor,
                    transitions: &mut Transitions::around(self.reference.clone()),
                    outlook: Outlook::None,
                };
                self.plan_around(&self.reference, View::Ahead(foresight))
            });
        }
        if worth.factor > USUAL * first_factor(self.question.plant) {
            return self.complete();
        }
        &self.plan
    }

    /// Closes in on the factor by false position. Where the end charge jumps over zero the
    /// runs on both sides are mixed. Given up where a run burns more than `least_j`, its charge
    /// counted by its own factor: one that keeps the charge burns no less, as that factor is
    /// where fuel rises by least for charge. Not so where starts come and go with the factor;
    /// there one that burnt less keeps it going.
    fn search_from(&self, first: Factor, kinematics: &Kinematics, least_j: f64) -> Found {
        let mut low: Option<(f64, Run)> = None;
        let mut high: Option<(f64, Run)> = None;
        let mut worth = first;
        let mut rounds = 0;
        let mut eager = STEP_PER_NET;
        let mut promising = false;
        loop {
            let here = self.run(&self.planned(self.plan_for(worth), worth), kinematics);
            let (net_j, factor) = (battery_j(&here), worth.factor);
            rounds += 1;
            let net = net_j.abs() / fuel_j(&here);
            let dearer = fuel_j(&here) + factor * net_j > least_j;
            promising |= net < NEAR && !dearer;
            let hopeless = net < NEAR && dearer && !promising;
            let kept = net < KEPT;
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
            let step = (eager * net).clamp(LEAST_STEP, MOST_STEP);
            eager *= 2.0;
            worth.factor = match (&low, &high) {
                (Some((low, left)), Some((high, right))) => {
                    let (left_j, right_j) = (battery_j(left), battery_j(right));
                    let small = left_j - right_j < LARGE_JUMP * fuel_j(left);
                    let width = if small { JUMP } else { NARROW_JUMP };
                    if high / low - 1.0 < width || rounds >= MOST_RUNS {
                        return mixed(worth, (*low, left), right);
                    }
                    let share = if rounds % HALVED_EVERY == 0 {
                        0.5
                    } else {
                        (left_j / (left_j - right_j)).clamp(0.05, 0.95)
                    };
                    low + share * (high - low)
                }
                (Some(_), None) => factor * (1.0 + step),
                (None, _) => factor / (1.0 + step),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimum::{Dwell, Grid};
    use crate::study::{BestQuestion, StartWith};
    use crate::vehicle::Plant;
    use crate::{config, cycle};

    /// Nobody to whom battery energy is worth no more than usual misses what pays only beyond:
    /// not with an empty battery or a full one, and not in the cold.
    #[test]
    fn what_is_left_out_of_the_usual_plan_is_not_missed() {
        let tried = [
            ("us06", StartWith::Soc(0.42)),
            ("nedc", StartWith::Soc(0.42)),
            ("udds", StartWith::Soc(0.6)),
            ("us06", StartWith::Soc(0.6)),
            ("udds", StartWith::Soc(0.78)),
            ("us06", StartWith::Cold(None)),
        ];
        for car in ["levin-hybrid", "prius-2004", "prius-2001-reference"] {
            let file = config::load(car, &[]).expect("a shipped vehicle");
            let plant = Plant::new(file.vehicle());
            for (name, start) in tried {
                let cycle = cycle::find(name).expect("a shipped cycle");
                let question = BestQuestion {
                    vehicle: file.vehicle(),
                    plant: &plant,
                    cycle: &cycle,
                    repeat: Some(1),
                    step_s: 1.0,
                    start,
                    end_soc: None,
                    dwell: Dwell::NONE,
                    grid: Grid::default(),
                    nodes: 200,
                };
                let best = question.prepare();
                for times in [0.5, 0.8, 0.9] {
                    let worth = Factor {
                        factor: times * first_factor(&plant),
                        start_share: START_SHARES[0],
                        counts_changes: false,
                    };
                    let driven = |plan: &Plan| {
                        let run = best.run(&best.planned(plan, worth), best.clock());
                        let spent_j = fuel_j(&run) + worth.factor * battery_j(&run);
                        (spent_j, run.totals.miss_s)
                    };
                    let (usual_j, usual_s) = driven(&best.plan);
                    let (complete_j, complete_s) = driven(best.complete());
                    let case = format!("{car}, {name} from {start:?}, {times}");
                    assert!((usual_j / complete_j - 1.0).abs() < 2e-3, "{case}");
                    assert!((usual_s - complete_s).abs() < 1e-9, "{case}");
                }
            }
        }
    }
}
