//! The optimum: solved around the run of ECMS, then around its own.

use super::super::single::{Outcome, Run};
use super::{Best, BestQuestion, Ends, reference};
use crate::control::Controller;
use crate::ledger::Channel;
use crate::optimum::{
    Foresight, Most, Outlook, Plan, Planned, Policy, PolicyError, Program, ProgramError, Reference,
    Terminal, ToGo, Transitions, View, Watch, late_j,
};
use crate::results::Balance;
use crate::sim::Recorder;

/// How far beyond the charge that its reference visits the optimum may go.
const MARGIN_SOC: f64 = 0.05;
/// Charge that may be missing at the end, where the last choices are a few kilojoules apart.
const SHORT_SOC: f64 = 5e-3;
/// What missing charge costs at the end, over what it is worth.
const MISSING_COST: f64 = 4.0;
/// Fewest rounds: only the second has temperatures and polarisation of an optimum's run.
const LEAST_ROUNDS: usize = 2;
/// Most rounds, where the run stays off what the table promises.
const MOST_ROUNDS: usize = 6;
/// How far it may be off, relative to its fuel.
const GOOD_ERROR: f64 = 1e-3;
/// How many nodes each of the first round stands for, and the fewest that it has: the others rely
/// on what it says a choice is worth.
const COARSER: usize = 4;
const LEAST_NODES: usize = 50;
/// How many nodes the last round has for each that was asked for: a corner of the cost, as at the
/// end, lies between nodes.
const FINER: usize = 2;
/// A cycle that lasts this long is long. What a table of so many nodes leaves open is a few
/// kilojoules on any, and the more of a short one's fuel: that is solved the more finely and the
/// more often, the shorter it is.
const LONG_HOLDS: usize = 900;
/// How many nodes a short cycle has at most for each that was asked for.
const FINEST: usize = 4;
/// How often a drive that misses the charge that is asked for is driven again with another aim.
const AIMS: usize = 3;
/// Charge that is as good as not missed.
const MISSED_SOC: f64 = 2e-5;
/// Fuel by which two rounds do not differ, relative to it.
const SAME_FUEL: f64 = 2e-4;

/// The optimum, and what is known of it.
pub struct Optimum {
    /// The run.
    pub outcome: Outcome,
    /// What can be done in every second.
    pub plan: Plan,
    /// The optimum as a control.
    pub policy: Policy,
    /// Window of charge that was searched.
    pub window: (f64, f64),
    /// Fuel that a joule of charge saves at the start, J.
    pub factor: f64,
    /// How far the run is from what the table promises, relative to its fuel, or from the cheapest
    /// run of any round, if that is more.
    pub discretisation_error: f64,
    /// Fuel with the charge that is asked for, J: what is missing as dear as in the table. Rounds
    /// are compared by it: by what charge is worth, a drive that ends short of a start that it
    /// needs would seem the best.
    as_asked_j: f64,
}

/// Why there is no optimum.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BestError {
    /// The plan has no way through.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The charge that is asked for the end is out of reach.
    #[error("the charge cannot end at {asked}: it is {:.3} at most, as {most}", most.soc)]
    NotReached {
        /// State of charge asked for.
        asked: f64,
        /// What charging all the way would come to.
        most: Most,
    },
}

/// What is reported while the optimum is searched: how much is done, from 0 to 1 in each
/// round; the answer is whether to go on.
pub type Report<'a> = &'a dyn Fn(usize, f64) -> bool;

/// What a round starts from.
#[derive(Clone)]
struct Round<'a> {
    /// Which choices may pay.
    outlook: Outlook<'a>,
    /// The run that it is solved around.
    seen: Reference,
    /// Fuel that a joule of charge is worth, J.
    worth: f64,
    /// States of charge of its table.
    nodes: usize,
    /// How often its run may be driven with another aim.
    aims: usize,
}

/// What a table says of a whole drive.
struct Promise {
    /// Its cost, J.
    cost_j: f64,
    /// Fuel that a joule of charge saves, J.
    factor: f64,
    /// The charge that is asked for.
    terminal: Terminal,
}

/// A drive by a table.
struct Driven {
    run: Run,
    watch: Watch,
    /// As of [`Optimum`].
    as_asked_j: f64,
    /// How far it is from what was promised, relative to its fuel.
    error: f64,
}

impl Best<'_> {
    /// The optimum: from the charge at the start to no less than asked at the end.
    ///
    /// # Errors
    /// The car cannot go on from any charge at some second, or cannot end with the charge
    /// that is asked for, or `report` answered not to go on.
    pub fn optimum(
        &self,
        report: Report<'_>,
        recorder: Option<&mut dyn Recorder>,
    ) -> Result<Optimum, BestError> {
        let found = self.found();
        let guide = self.seen(&self.planned(self.plan_for(found.worth), found.worth));
        let mut known = Transitions::around(self.reference.clone());
        let factor = found.worth.factor;
        let shorter = LONG_HOLDS / self.clock().intervals.len().max(1);
        let least_rounds = (LEAST_ROUNDS + shorter).min(MOST_ROUNDS);
        let nodes = self.question.nodes * shorter.clamp(1, FINEST);
        // The first round only leads to the second.
        let coarse = nodes.div_ceil(COARSER).max(LEAST_NODES).min(nodes);
        // Asked for all that it has, or for more charge, the car may need what never pays.
        let outlook = if self.cut_mps > 0.0 || self.question.end_soc.is_some() {
            Outlook::None
        } else {
            Outlook::Worth(factor, &self.plan)
        };
        let told = |done| report(0, done);
        let first = Round {
            outlook,
            seen: guide,
            worth: factor,
            nodes: coarse,
            aims: 0,
        };
        let (mut best, mut seen) = self.solve_by(first, &mut known, &told)?;
        let mut worth = best.factor;
        let mut cheapest_j = best.as_asked_j;
        for round in 1..MOST_ROUNDS {
            if round >= least_rounds && best.discretisation_error < GOOD_ERROR {
                break;
            }
            let finer = if round + 1 < MOST_ROUNDS { 1 } else { FINER };
            let report = |done| report(round, done);
            let outlook = match self.question.end_soc {
                None => Outlook::Costs(&best.policy.program, &best.plan),
                Some(_) => Outlook::None,
            };
            let next = Round {
                outlook,
                seen,
                worth,
                nodes: finer * nodes,
                aims: AIMS,
            };
            let (here, met) = self.solve_by(next, &mut known, &report)?;
            (seen, worth) = (met, here.factor);
            // Every round's run can be driven: the one that burns least counts, and of those
            // that burn the same the one that is known best. What is not known well enough gives
            // way to what is, with its distance from the cheapest.
            cheapest_j = cheapest_j.min(here.as_asked_j);
            let less = here.as_asked_j / best.as_asked_j - 1.0;
            let [known, known_best] = [&here, &best].map(|it| it.known_to(cheapest_j));
            if less < -SAME_FUEL
                || less < SAME_FUEL && here.discretisation_error < best.discretisation_error
                || known < GOOD_ERROR && GOOD_ERROR <= known_best
            {
                best = here;
            }
        }
        best.discretisation_error = best.known_to(cheapest_j);
        let controller = self.planned(&best.plan, best.policy.to_go());
        self.show(&controller, &self.initial, recorder);
        Ok(best)
    }

    /// Drives a policy that was kept, from the charge of the question.
    ///
    /// # Errors
    /// It has another number of seconds.
    pub fn follow(
        &self,
        policy: &Policy,
        recorder: Option<&mut dyn Recorder>,
    ) -> Result<Outcome, PolicyError> {
        let plant = self.question.plant;
        let (found, wanted) = (policy.reference.forced.len(), self.clock().intervals.len());
        if found != wanted {
            return Err(PolicyError::OtherLength { found, wanted });
        }
        let foresight = Foresight {
            fuel_j_per_charge_j: policy.fuel_j_per_charge_j,
            transitions: &mut Transitions::around(self.reference.clone()),
            outlook: Outlook::None,
        };
        let plan = self.plan_around(&policy.reference, View::Ahead(foresight));
        let controller = Planned {
            dwell: policy.program.dwell(),
            ..self.planned(&plan, policy.to_go())
        };
        self.show(&controller, &self.initial, recorder);
        let soc = self.initial.soc;
        let factor = policy
            .program
            .factor(plant, 0, controller.dwell.rested(), soc);
        let run = self.run(&controller, &self.course.kinematics);
        Ok(run.outcome(Balance::Fixed, self.course.repeat, factor))
    }

    /// What a run meets; what a cold engine has to do stays as it was.
    fn seen(&self, controller: &impl Controller) -> Reference {
        let BestQuestion { plant, vehicle, .. } = self.question;
        let seen = reference(plant, vehicle, controller, self.clock(), &self.initial);
        self.as_forced(seen)
    }

    fn as_forced(&self, mut seen: Reference) -> Reference {
        seen.forced.clone_from(&self.reference.forced);
        seen
    }

    /// Solves a round with the choices that may pay; with all of them where there is no way
    /// through with those.
    fn solve_by(
        &self,
        round: Round<'_>,
        known: &mut Transitions,
        report: &dyn Fn(f64) -> bool,
    ) -> Result<(Optimum, Reference), BestError> {
        let solved = self.solve(round.clone(), known, report);
        let no_way = match &solved {
            Ok((optimum, _)) => self.is_stuck(optimum),
            Err(error) => matches!(error, BestError::Program(ProgramError::NoWay { .. })),
        };
        if no_way && !matches!(round.outlook, Outlook::None) {
            let outlook = Outlook::None;
            return self.solve(Round { outlook, ..round }, known, report);
        }
        solved
    }

    /// Whether a table has no way from the start, though it has one from another charge.
    fn is_stuck(&self, optimum: &Optimum) -> bool {
        let Policy {
            program, reference, ..
        } = &optimum.policy;
        let (plant, rested) = (self.question.plant, program.dwell().rested());
        let start = reference.states.first();
        start.is_some_and(|start| {
            let cost_j = program.cost_from_j(plant, &optimum.plan, 0, rested, start);
            cost_j.is_infinite()
        })
    }

    /// Solves a round; gives what the optimum meets as well.
    fn solve(
        &self,
        round: Round<'_>,
        known: &mut Transitions,
        report: &dyn Fn(f64) -> bool,
    ) -> Result<(Optimum, Reference), BestError> {
        let Round {
            outlook,
            seen,
            worth,
            nodes,
            aims,
        } = round;
        let BestQuestion {
            vehicle,
            plant,
            dwell,
            end_soc,
            ..
        } = self.question;
        let (battery, strategy) = (&vehicle.battery, &vehicle.strategy);
        let foresight = Foresight {
            fuel_j_per_charge_j: worth,
            transitions: known,
            outlook,
        };
        let plan = self.plan_around(&seen, View::Ahead(foresight));
        let soc = self.initial.soc;
        let asked = end_soc.unwrap_or(soc);
        let socs = seen.states.iter().map(|state| state.soc);
        let lowest = socs.clone().fold(soc.min(asked), f64::min);
        let highest = socs.fold(soc.max(asked), f64::max);
        let (mut margin, mut missing_j_per_j) = (MARGIN_SOC, MISSING_COST * worth);
        loop {
            let window = (
                (lowest - margin).max(battery.soc_min),
                (highest + margin).min(battery.soc_max),
            );
            let terminal = Terminal {
                soc: asked,
                missing_j_per_j,
            };
            let program = Program::solve(plant, &plan, dwell, window, nodes, terminal, report)?;
            let promise = Promise {
                cost_j: program.cost_j(0, dwell.rested(), soc),
                factor: program.factor(plant, 0, dwell.rested(), soc),
                terminal,
            };
            let costs = ToGo {
                program: &program,
                beyond_soc: 0.0,
            };
            let driven = self.driven(&plan, costs, &promise);
            let totals = &driven.run.totals;
            let inner = |soc: f64, end: f64, edge: f64| {
                (soc - end).abs() > 1e-3 || (end - edge).abs() < 1e-9
            };
            let fits = inner(totals.soc_min, window.0, battery.soc_min)
                && inner(totals.soc_max, window.1, battery.soc_max);
            if !fits {
                margin *= 2.0;
                continue;
            }
            if end_soc.is_some() && totals.soc_end < asked - SHORT_SOC {
                let most = plan.most_charge(plant, soc);
                if most.soc < asked - SHORT_SOC {
                    return Err(BestError::NotReached { asked, most });
                }
                missing_j_per_j *= MISSING_COST;
                continue;
            }
            let (driven, beyond_soc) = self.aimed(driven, &plan, costs, (&promise, aims));
            let balance = if driven.run.totals.soc_end < asked - SHORT_SOC {
                Balance::NotPossible
            } else if end_soc.is_some() {
                Balance::Fixed
            } else {
                Balance::Balanced
            };
            let charge_worth = self.charge_worth(&program, &promise, &driven);
            let met = driven.watch.reference(plant, strategy, self.clock());
            let repeat = self.course.repeat;
            let outcome = driven.run.outcome(balance, repeat, charge_worth);
            let optimum = Optimum {
                outcome,
                discretisation_error: driven.error,
                as_asked_j: driven.as_asked_j,
                policy: Policy {
                    reference: seen,
                    fuel_j_per_charge_j: worth,
                    program,
                    beyond_soc,
                },
                plan,
                window,
                factor: promise.factor,
            };
            let met = self.as_forced(met).after(&optimum.policy.reference);
            return Ok((optimum, met));
        }
    }

    /// Fuel that a joule is worth of the charge that a drive gains or gives, J. On the way to
    /// another charge the last of it may cost many times what most does: all of it is worth what the
    /// drive costs less that begins with it.
    fn charge_worth(&self, program: &Program, promise: &Promise, driven: &Driven) -> f64 {
        let (soc, asked) = (self.initial.soc, promise.terminal.soc);
        let beyond = driven.run.totals.soc_end > asked + SHORT_SOC;
        if beyond || (asked - soc).abs() < SHORT_SOC {
            return promise.factor;
        }
        let per_soc_j = self.question.plant.battery.energy_per_soc_j(asked);
        let from_there_j = program.cost_j(0, program.dwell().rested(), asked);
        (promise.cost_j - from_there_j) / (per_soc_j * (asked - soc))
    }

    /// Drives by a table.
    fn driven(&self, plan: &Plan, costs: ToGo<'_>, promise: &Promise) -> Driven {
        let BestQuestion { vehicle, plant, .. } = self.question;
        let mut watched = (Ends::default(), Watch::new(&vehicle.strategy));
        let run = self.run_shown(&self.planned(plan, costs), &mut watched);
        let (ends, watch) = watched;
        let burnt_j = run.ledger.energy_j(Channel::Fuel);
        let Promise {
            factor, terminal, ..
        } = *promise;
        let per_soc_j = plant.battery.energy_per_soc_j(terminal.soc);
        let beyond_j = per_soc_j * (run.totals.soc_end - terminal.soc);
        let by_worth_j = burnt_j - factor * beyond_j;
        let dearer_j_per_j = terminal.missing_j_per_j - factor;
        let as_asked_j = by_worth_j + dearer_j_per_j * (-beyond_j).max(0.0);
        // The table also counts where the car falls behind, and has missing charge dearer than the
        // fuel that is printed.
        let holds = self.clock().intervals.iter().zip(ends.0);
        let late = holds.map(|(hold, end_mps)| late_j(hold.target_mps, end_mps));
        let promised_j = promise.cost_j - late.sum::<f64>();
        let off_by_j = |fuel_j: f64| (fuel_j - promised_j).abs();
        Driven {
            error: off_by_j(as_asked_j).max(off_by_j(by_worth_j)) / burnt_j,
            as_asked_j,
            run,
            watch,
        }
    }

    /// Drives again where a run is not known well enough, and aims beyond the charge that is asked
    /// for by what it missed that by: the battery's slow branch is not quite as the table has it.
    fn aimed(
        &self,
        mut best: Driven,
        plan: &Plan,
        costs: ToGo<'_>,
        (promise, aims): (&Promise, usize),
    ) -> (Driven, f64) {
        let missed = |it: &Driven| promise.terminal.soc - it.run.totals.soc_end;
        let (mut beyond_soc, mut best_beyond_soc) = (missed(&best), 0.0);
        for _ in 0..aims {
            if best.error < GOOD_ERROR {
                break;
            }
            let costs = ToGo {
                beyond_soc,
                ..costs
            };
            let again = self.driven(plan, costs, promise);
            let misses = missed(&again);
            if again.error < best.error {
                (best, best_beyond_soc) = (again, beyond_soc);
            }
            if misses.abs() < MISSED_SOC {
                break;
            }
            beyond_soc += misses;
        }
        (best, best_beyond_soc)
    }
}

impl Optimum {
    /// How well it is known where a run is known that costs this.
    fn known_to(&self, cheapest_j: f64) -> f64 {
        let beyond = self.as_asked_j / cheapest_j - 1.0;
        self.discretisation_error.max(beyond)
    }

    /// Fuel of its run at equal charge, J.
    pub fn fuel_at_equal_charge_j(&self) -> f64 {
        let Outcome {
            ledger,
            fuel_j_per_battery_j,
            ..
        } = &self.outcome;
        ledger.energy_j(Channel::Fuel) + fuel_j_per_battery_j * ledger.energy_j(Channel::Battery)
    }
}
