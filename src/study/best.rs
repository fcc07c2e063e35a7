//! A cycle driven by a planned control: by ECMS with the factor that keeps the charge, by
//! A-ECMS, and by the optimum.

use super::drive::Drive;
use super::single::{Course, Inquiry, Outcome, Run, StartWith, Starts};
use crate::control::{Controller, Rules};
use crate::cycle::{Cycle, Kinematics};
use crate::ledger::{Channel, Ledger};
use crate::optimum::{
    Dwell, Factor, Feedback, Grid, HOLD_S, Mode, Plan, Planned, Program, ProgramError, Reference,
    Terminal, Watch, Worth,
};
use crate::results::{Balance, Totals};
use crate::sim::{Car, Initial, Recorder, Simulated, drive, drive_one};
use crate::vehicle::{Plant, State, Vehicle};

/// What battery energy is worth before anything is known: fuel to charge over this share of
/// the engine's best efficiency.
const ELECTRIC_EFFICIENCY: f64 = 0.85;
/// Net battery energy that counts as none, relative to the fuel energy.
const BALANCED: f64 = 2e-4;
/// Runs after which the factor is not looked for any longer.
const MOST_RUNS: usize = 24;
/// Relative width of a bracket of the factor in which the end charge jumps.
const JUMP: f64 = 1e-5;
/// How far a car is behind before the cycle is cut, m/s.
const LATE_MPS: f64 = 1e-6;
/// How far beyond the charge that ECMS visits the optimum may go.
const MARGIN_SOC: f64 = 0.05;
/// Charge that may be missing at the end, where the last choices are a few kilojoules apart.
const SHORT_SOC: f64 = 5e-3;
/// What missing charge costs at the end, over what it is worth.
const MISSING_COST: f64 = 4.0;
/// How much A-ECMS raises its factor for a unit of missing charge, relative to the factor.
const FEEDBACK_PER_SOC: f64 = 5.0;

/// A car and a cycle.
pub struct BestQuestion<'a> {
    /// The car.
    pub vehicle: &'a Vehicle,
    /// Its tables.
    pub plant: &'a Plant,
    /// What is driven, once.
    pub cycle: &'a Cycle,
    /// How often in a row; none leaves it to the length of the cycle.
    pub repeat: Option<usize>,
    /// Step, s.
    pub step_s: f64,
    /// How it starts; a balanced start is the target state of charge.
    pub start: StartWith,
    /// How long the engine has to run and to rest.
    pub dwell: Dwell,
    /// How finely choices are laid out.
    pub grid: Grid,
    /// States of charge that the optimum is tabulated at.
    pub nodes: usize,
}

/// All that is prepared for the controls of one question.
pub struct Best<'a> {
    question: BestQuestion<'a>,
    course: Course,
    clock: Kinematics,
    initial: Initial,
    plan: Plan,
    factor: f64,
    cut_mps: f64,
}

/// The optimum, and what is known of it.
pub struct Optimum {
    /// The run.
    pub outcome: Outcome,
    /// The least cost to go.
    pub program: Program,
    /// Window of charge that was searched.
    pub window: (f64, f64),
    /// How far the run is from what the table promises, relative to its fuel.
    pub discretisation_error: f64,
}

impl<'a> BestQuestion<'a> {
    /// Plans the cycle: the rules drive it once, for temperatures and for what a cold engine
    /// has to do; ECMS drives it over a first plan, and its run stands behind the second.
    pub fn prepare(self) -> Best<'a> {
        let course = Course::new(self.cycle, self.repeat, self.step_s, self.start);
        let clock = if (self.step_s - HOLD_S).abs() < 1e-9 {
            course.kinematics.clone()
        } else {
            Course::new(self.cycle, Some(course.repeat), HOLD_S, self.start).kinematics
        };
        let soc = match self.start {
            StartWith::Soc(soc) | StartWith::Cold(Some(soc)) => soc,
            StartWith::Balanced | StartWith::Cold(None) => self.vehicle.battery.soc_target,
        };
        let initial = Starts::of(self.vehicle, self.start).initial(soc);
        let rules = Rules::of(self.vehicle);
        let factor = 1.0 / (self.plant.engine.best.efficiency * ELECTRIC_EFFICIENCY);
        let mut best = Best {
            plan: Plan::default(),
            question: self,
            course,
            clock,
            initial,
            factor,
            cut_mps: 0.0,
        };
        best.cut(&rules);
        let reference = best.reference(&rules);
        best.plan = best.plan_of(&reference, false);
        best.factor = best.search(&best.clock).factor;
        let forced = reference.forced;
        let reference = best.reference(&best.planned(Best::factor_of(best.factor)));
        best.plan = best.plan_of(
            &Reference {
                forced,
                ..reference
            },
            false,
        );
        best
    }
}

/// Speeds at the ends of a run's steps, m/s.
#[derive(Default)]
struct Ends(Vec<f64>);

impl Recorder for Ends {
    fn begin(&mut self, _: &Plant, _: &State) {}
    fn record(&mut self, _: &Plant, step: &Simulated<'_>) {
        self.0.push(step.end.speed_mps);
    }
}

/// Where a search for the factor has come to.
struct Found {
    run: Run,
    factor: f64,
    fuel_j_per_battery_j: f64,
    balance: Balance,
}

impl Best<'_> {
    /// What the car could do.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    fn planned<W: Worth>(&self, worth: W) -> Planned<'_, W> {
        Planned {
            plan: &self.plan,
            dwell: self.question.dwell,
            worth,
        }
    }

    fn factor_of(factor: f64) -> Factor {
        Factor {
            factor,
            start_cost_j: 0.0,
        }
    }

    /// A plan around a run; with what changes of the engine's speed cost, for foresight.
    fn plan_of(&self, reference: &Reference, changes: bool) -> Plan {
        let BestQuestion {
            plant,
            vehicle,
            grid,
            ..
        } = &self.question;
        Plan::new(
            plant,
            &vehicle.strategy,
            &self.clock,
            reference,
            grid,
            changes.then_some(self.factor),
        )
    }

    /// Cuts the cycle to what the car follows: no control is to gain by falling behind.
    fn cut(&mut self, rules: &Rules) {
        for of_clock in [true, false] {
            let kinematics = if of_clock {
                &self.clock
            } else {
                &self.course.kinematics
            };
            let mut ends = Ends::default();
            let BestQuestion { plant, .. } = self.question;
            drive(plant, rules, kinematics, &self.initial, &mut ends);
            let kinematics = if of_clock {
                &mut self.clock
            } else {
                &mut self.course.kinematics
            };
            let intervals = &mut kinematics.intervals;
            for (interval, end_mps) in intervals.iter_mut().zip(ends.0) {
                let late_mps = interval.target_mps - end_mps;
                if late_mps > LATE_MPS {
                    self.cut_mps = self.cut_mps.max(late_mps);
                    interval.target_mps = end_mps;
                }
            }
            // The control looks to the end of its hold, which may be some steps ahead.
            for index in 0..intervals.len() {
                let horizon_s = intervals[index].start_s + intervals[index].decide_s - 1e-9;
                let ends = intervals[index..].iter().find(|it| it.end_s >= horizon_s);
                let end_mps = ends.map_or(0.0, |it| it.target_mps);
                let interval = &mut intervals[index];
                interval.decide_mps = interval.decide_mps.min(end_mps);
            }
        }
    }

    /// Most that the cycle's speed was cut for the car to follow, m/s.
    pub fn cut_mps(&self) -> f64 {
        self.cut_mps
    }

    /// The rules of the car over the same road.
    pub fn rules(&self) -> Outcome {
        self.with_rules(&Rules::of(self.question.vehicle))
    }

    /// Other rules in the same car over the same road.
    pub fn with_rules(&self, rules: &Rules) -> Outcome {
        let BestQuestion { vehicle, plant, .. } = self.question;
        let starts = Starts::of(vehicle, self.question.start);
        Inquiry::new(plant, rules, &self.course, starts, true).answer()
    }

    /// A run over the planning clock.
    fn reference<C: Controller>(&self, controller: &C) -> Reference {
        let BestQuestion { plant, vehicle, .. } = self.question;
        let mut watch = Watch::new(&vehicle.strategy);
        drive(plant, controller, &self.clock, &self.initial, &mut watch);
        watch.reference(plant, &vehicle.strategy, &self.clock)
    }

    fn run<C: Controller>(&self, controller: &C, kinematics: &Kinematics) -> Run {
        let car = Car {
            plant: self.question.plant,
            controller,
            initial: self.initial,
        };
        let ((totals, ledger), _): ((Totals, Ledger), _) = drive_one(&car, kinematics, &((), ()));
        Run {
            initial: self.initial,
            totals,
            ledger,
        }
    }

    /// The factor with which the run ends at the charge it starts with: closed in on by false
    /// position. Where the end charge jumps over zero the runs on both sides are mixed.
    fn search(&self, kinematics: &Kinematics) -> Found {
        let run = |factor: f64| self.run(&self.planned(Self::factor_of(factor)), kinematics);
        let battery_j = |run: &Run| run.ledger.energy_j(Channel::Battery);
        let fuel_j = |run: &Run| run.ledger.energy_j(Channel::Fuel);
        let mut low: Option<(f64, Run)> = None;
        let mut high: Option<(f64, Run)> = None;
        let mut factor = self.factor;
        for round in 0..MOST_RUNS {
            let here = run(factor);
            let net_j = battery_j(&here);
            if net_j.abs() < BALANCED * fuel_j(&here) {
                return Found {
                    run: here,
                    factor,
                    fuel_j_per_battery_j: factor,
                    balance: Balance::Balanced,
                };
            }
            // A larger factor takes less from the battery.
            if net_j > 0.0 {
                low = Some((factor, here));
            } else {
                high = Some((factor, here));
            }
            factor = match (&low, &high) {
                (Some((low, _)), None) => low * 1.06,
                (None, Some((high, _))) => high / 1.06,
                (Some((low, left)), Some((high, right))) => {
                    if high / low - 1.0 < JUMP {
                        break;
                    }
                    let (left_j, right_j) = (battery_j(left), battery_j(right));
                    let share = left_j / (left_j - right_j);
                    // Halving where the jump keeps false position on one side.
                    let share = if round % 3 == 2 {
                        0.5
                    } else {
                        share.clamp(0.05, 0.95)
                    };
                    low + share * (high - low)
                }
                (None, None) => factor,
            };
        }
        let mix = |(low, left): (f64, Run), (_, right): (f64, Run)| {
            let (left_j, right_j) = (battery_j(&left), battery_j(&right));
            let slope = (fuel_j(&right) - fuel_j(&left)) / (left_j - right_j);
            let nearer = if left_j.abs() < right_j.abs() {
                left
            } else {
                right
            };
            Found {
                run: nearer,
                factor: low,
                fuel_j_per_battery_j: slope,
                balance: Balance::Interpolated,
            }
        };
        match (low, high) {
            (Some(low), Some(high)) => mix(low, high),
            (Some((factor, run)), None) | (None, Some((factor, run))) => Found {
                run,
                factor,
                fuel_j_per_battery_j: factor,
                balance: Balance::NotPossible,
            },
            (None, None) => Found {
                run: run(factor),
                factor,
                fuel_j_per_battery_j: factor,
                balance: Balance::NotPossible,
            },
        }
    }

    fn outcome(&self, run: Run, balance: Balance, fuel_j_per_battery_j: f64) -> Outcome {
        Outcome {
            initial: run.initial,
            balance,
            repeat: self.course.repeat,
            fuel_j_per_battery_j,
            totals: run.totals,
            ledger: run.ledger,
        }
    }

    /// ECMS with the factor that keeps the charge, and that factor.
    pub fn ecms<R: Recorder>(&self, recorder: Option<&mut R>) -> (Outcome, f64) {
        let found = self.search(&self.course.kinematics);
        let factor = found.factor;
        if let Some(recorder) = recorder {
            self.watch(&self.planned(Self::factor_of(factor)), recorder);
        }
        let outcome = self.outcome(found.run, found.balance, found.fuel_j_per_battery_j);
        (outcome, factor)
    }

    fn watch<C: Controller, R: Recorder>(&self, controller: &C, recorder: &mut R) {
        let kinematics = &self.course.kinematics;
        drive(
            self.question.plant,
            controller,
            kinematics,
            &self.initial,
            recorder,
        );
    }

    /// A-ECMS: it knows the car and its own charge, and nothing of the cycle.
    pub fn adaptive<R: Recorder>(&self, recorder: Option<&mut R>) -> Outcome {
        let BestQuestion { vehicle, plant, .. } = self.question;
        let base = 1.0 / (plant.engine.best.efficiency * ELECTRIC_EFFICIENCY);
        let controller = self.planned(Feedback {
            base,
            per_soc: FEEDBACK_PER_SOC * base,
            soc_target: vehicle.battery.soc_target,
            start_cost_j: 0.0,
        });
        let starts = Starts::of(vehicle, self.question.start);
        let outcome = Inquiry::new(plant, &controller, &self.course, starts, true).answer();
        if let Some(recorder) = recorder {
            let kinematics = &self.course.kinematics;
            drive(plant, &controller, kinematics, &outcome.initial, recorder);
        }
        outcome
    }

    /// The optimum: from the charge at the start to no less at the end.
    ///
    /// # Errors
    /// The car cannot go on from any charge at some second.
    pub fn optimum<R: Recorder>(
        &mut self,
        recorder: Option<&mut R>,
    ) -> Result<Optimum, ProgramError> {
        self.refine(&self.reference(&self.planned(Self::factor_of(self.factor))));
        let first = self.solve()?;
        self.factor = first.outcome.fuel_j_per_battery_j;
        self.refine(&self.reference(&self.planned(&first.program)));
        let second = self.solve()?;
        if let Some(recorder) = recorder {
            self.watch(&self.planned(&second.program), recorder);
        }
        Ok(second)
    }

    /// Plans anew around a run.
    fn refine(&mut self, reference: &Reference) {
        let forced = self.plan.seconds.iter().map(|second| second.forced);
        let reference = Reference {
            forced: forced.collect(),
            ..reference.clone()
        };
        self.plan = self.plan_of(&reference, true);
    }

    /// Solves the plan as it stands.
    fn solve(&self) -> Result<Optimum, ProgramError> {
        let BestQuestion {
            vehicle,
            plant,
            dwell,
            nodes,
            ..
        } = self.question;
        let battery = &vehicle.battery;
        let guide = self.run(&self.planned(Self::factor_of(self.factor)), &self.clock);
        let mut margin = MARGIN_SOC;
        let soc = self.initial.soc;
        loop {
            let window = (
                (guide.totals.soc_min - margin).max(battery.soc_min),
                (guide.totals.soc_max + margin).min(battery.soc_max),
            );
            let terminal = Terminal {
                soc,
                missing_j_per_j: MISSING_COST * self.factor,
            };
            let program = Program::solve(plant, &self.plan, dwell, window, nodes, terminal)?;
            let run = self.run(&self.planned(&program), &self.course.kinematics);
            let inner = |soc: f64, end: f64, edge: f64| {
                (soc - end).abs() > 1e-3 || (end - edge).abs() < 1e-9
            };
            let fits = inner(run.totals.soc_min, window.0, battery.soc_min)
                && inner(run.totals.soc_max, window.1, battery.soc_max);
            if !fits {
                margin *= 2.0;
                continue;
            }
            let worth = program.factor(plant, 0, Mode::Off(dwell.off), soc);
            let fuel_j =
                run.ledger.energy_j(Channel::Fuel) + worth * run.ledger.energy_j(Channel::Battery);
            let promised_j = program.cost_j(0, dwell.rested(), soc);
            let ended = run.totals.soc_end;
            let balance = if ended < soc - SHORT_SOC {
                Balance::NotPossible
            } else {
                Balance::Balanced
            };
            return Ok(Optimum {
                outcome: self.outcome(run, balance, worth),
                discretisation_error: (fuel_j - promised_j).abs() / fuel_j,
                program,
                window,
            });
        }
    }
}

impl<W: Worth> Drive for Planned<'_, W> {}
