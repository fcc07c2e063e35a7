//! A cycle driven by a planned control: by ECMS with the factor that keeps the charge, by
//! A-ECMS, and by the optimum.

mod compare;
mod factor;
mod optimum;

pub use compare::{FactorRun, Way, WayPoint};
pub use optimum::{BestError, Optimum, Report};

use super::controlled::Control;
use super::drive::Drive;
use super::single::{Course, Inquiry, Outcome, Run, StartWith, Starts};
use crate::control::{Controller, Rules};
use crate::cycle::{Cycle, Kinematics};
use crate::ledger::Ledger;
use crate::optimum::{Dwell, Feedback, Grid, HOLD_S, Plan, Planned, Reference, View, Watch, Worth};
use crate::results::Totals;
use crate::sim::{Car, Initial, Recorder, SideBySide, Simulated, drive, drive_one};
use crate::vehicle::{Plant, State, Vehicle};
use factor::Found;
use std::cell::OnceCell;

/// What battery energy is worth before anything is known: fuel to charge over this share of
/// the engine's best efficiency.
const ELECTRIC_EFFICIENCY: f64 = 0.85;
/// Worth of battery energy up to which a plan is made at first, over what it is before anything
/// is known: ECMS seldom asks for more (over six cars and ten cycles 0.94 at most), and what pays
/// only beyond is a quarter of all there is to try.
const USUAL: f64 = 0.95;
/// How far a car is behind before the cycle is cut, m/s.
const LATE_MPS: f64 = 1e-6;
/// How much A-ECMS raises its factor for a unit of missing charge, relative to the factor.
const FEEDBACK_PER_SOC: f64 = 5.0;
/// Share of the cost of a start that A-ECMS counts at once: the best of 0.1 to 0.5 over five
/// cycles.
const ADAPTIVE_START_SHARE: f64 = 0.25;

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
    /// State of charge that the optimum ends with at least; none asks for that of the start.
    pub end_soc: Option<f64>,
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
    rules: Rules,
    course: Course,
    /// Steps of the planning clock, where those of the course are others.
    clock: Option<Kinematics>,
    initial: Initial,
    /// What the rules meet on the planning clock.
    reference: Reference,
    /// What can be done, for those who do not see ahead and to whom battery energy is worth no
    /// more than usual.
    plan: Plan,
    /// The same whatever it is worth.
    complete: OnceCell<Plan>,
    /// That with what changes of the engine's speed cost, for who counts them.
    changing: OnceCell<Plan>,
    cut_mps: f64,
    ecms: OnceCell<Found>,
}

impl<'a> BestQuestion<'a> {
    /// Plans the cycle: the rules drive it once, for temperatures and for what a cold engine
    /// has to do.
    pub fn prepare(self) -> Best<'a> {
        let vehicle = self.vehicle;
        let soc = match self.start {
            StartWith::Soc(soc) | StartWith::Cold(Some(soc)) => soc,
            StartWith::Balanced | StartWith::Cold(None) => vehicle.battery.soc_target,
        };
        let initial = Starts::of(vehicle, self.start).initial(soc);
        self.prepare_from(initial)
    }

    /// The same for a car that starts like this; its charge is that of the question's start.
    pub(super) fn prepare_from(self, initial: Initial) -> Best<'a> {
        let BestQuestion { vehicle, plant, .. } = self;
        let rules = Rules::of(vehicle);
        let cut = |kinematics: &mut Kinematics| cut(plant, vehicle, &rules, &initial, kinematics);
        let mut course = Course::new(self.cycle, self.repeat, self.step_s, self.start);
        let (mut cut_mps, mut met) = cut(&mut course.kinematics);
        let own_clock = (self.step_s - HOLD_S).abs() > 1e-9;
        let clock = own_clock.then(|| {
            let course = Course::new(self.cycle, Some(course.repeat), HOLD_S, self.start);
            let mut clock = course.kinematics;
            let late_mps;
            (late_mps, met) = cut(&mut clock);
            cut_mps = cut_mps.max(late_mps);
            clock
        });
        let kinematics = clock.as_ref().unwrap_or(&course.kinematics);
        let reference =
            met.unwrap_or_else(|| reference(plant, vehicle, &rules, kinematics, &initial));
        let strategy = &vehicle.strategy;
        let view = View::Here(USUAL * first_factor(plant));
        let plan = Plan::new(plant, strategy, kinematics, &reference, &self.grid, view);
        Best {
            question: self,
            rules,
            course,
            clock,
            initial,
            reference,
            plan,
            complete: OnceCell::new(),
            changing: OnceCell::new(),
            cut_mps,
            ecms: OnceCell::new(),
        }
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

/// A recorder behind a pointer: a kernel is compiled for each control, not for what watches.
struct Shown<'a>(&'a mut dyn Recorder);

impl Recorder for Shown<'_> {
    fn begin(&mut self, plant: &Plant, state: &State) {
        self.0.begin(plant, state);
    }
    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        self.0.record(plant, step);
    }
}

/// Cuts a cycle to what the car follows with its rules, as no control is to gain by falling
/// behind; gives the most it was cut by, m/s, and what the rules meet, where that is still so
/// because nothing was cut.
fn cut(
    plant: &Plant,
    vehicle: &Vehicle,
    rules: &Rules,
    initial: &Initial,
    kinematics: &mut Kinematics,
) -> (f64, Option<Reference>) {
    let mut watched = (Ends::default(), Watch::new(&vehicle.strategy));
    drive(plant, rules, kinematics, initial, &mut Shown(&mut watched));
    let (ends, watch) = watched;
    let mut most_mps = 0.0_f64;
    let intervals = &mut kinematics.intervals;
    for (interval, end_mps) in intervals.iter_mut().zip(ends.0) {
        let late_mps = interval.target_mps - end_mps;
        if late_mps > LATE_MPS {
            most_mps = most_mps.max(late_mps);
            interval.target_mps = end_mps;
        }
    }
    if most_mps == 0.0 {
        let met = watch.reference(plant, &vehicle.strategy, kinematics);
        return (most_mps, Some(met));
    }
    // The control looks to the end of its hold, which may be some steps ahead.
    for index in 0..intervals.len() {
        let horizon_s = intervals[index].start_s + intervals[index].decide_s - 1e-9;
        let ends = intervals[index..].iter().find(|it| it.end_s >= horizon_s);
        let end_mps = ends.map_or(0.0, |it| it.target_mps);
        let interval = &mut intervals[index];
        interval.decide_mps = interval.decide_mps.min(end_mps);
    }
    (most_mps, None)
}

/// What a run over the planning clock meets.
fn reference<C: Controller>(
    plant: &Plant,
    vehicle: &Vehicle,
    controller: &C,
    clock: &Kinematics,
    initial: &Initial,
) -> Reference {
    let mut watch = Watch::new(&vehicle.strategy);
    drive(plant, controller, clock, initial, &mut Shown(&mut watch));
    watch.reference(plant, &vehicle.strategy, clock)
}

/// What battery energy is worth before anything is known, J of fuel per J.
fn first_factor(plant: &Plant) -> f64 {
    1.0 / (plant.engine.best.efficiency * ELECTRIC_EFFICIENCY)
}

impl Best<'_> {
    /// Steps of the planning clock.
    fn clock(&self) -> &Kinematics {
        self.clock.as_ref().unwrap_or(&self.course.kinematics)
    }

    /// A plan around what a run meets.
    fn plan_around(&self, met: &Reference, view: View<'_>) -> Plan {
        let BestQuestion {
            vehicle,
            plant,
            ref grid,
            ..
        } = self.question;
        Plan::new(plant, &vehicle.strategy, self.clock(), met, grid, view)
    }

    /// What can be done, whatever battery energy is worth.
    fn complete(&self) -> &Plan {
        self.complete
            .get_or_init(|| self.plan_around(&self.reference, View::Here(f64::INFINITY)))
    }

    fn planned<'p, W: Worth>(&self, plan: &'p Plan, worth: W) -> Planned<'p, W> {
        Planned {
            plan,
            dwell: self.question.dwell,
            worth,
        }
    }

    /// Most that the cycle's speed was cut for the car to follow, m/s.
    pub fn cut_mps(&self) -> f64 {
        self.cut_mps
    }

    /// A run without a trace.
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

    /// A run of the course; shows the same over the planning clock to a recorder.
    fn run_shown<C: Controller>(&self, controller: &C, recorder: &mut dyn Recorder) -> Run {
        let (plant, initial) = (self.question.plant, &self.initial);
        let mut shown = Shown(recorder);
        if let Some(clock) = &self.clock {
            drive(plant, controller, clock, initial, &mut shown);
            return self.run(controller, &self.course.kinematics);
        }
        let mut both = (<(Totals, Ledger)>::new::<f64>(&((), ())), shown);
        let kinematics = &self.course.kinematics;
        drive(
            plant,
            controller,
            kinematics,
            initial,
            &mut Shown(&mut both),
        );
        let (totals, ledger) = both.0;
        Run {
            initial: self.initial,
            totals,
            ledger,
        }
    }

    /// Shows a run of the course to a recorder, where there is one.
    fn show<C: Controller>(
        &self,
        controller: &C,
        initial: &Initial,
        recorder: Option<&mut dyn Recorder>,
    ) {
        if let Some(recorder) = recorder {
            let (plant, kinematics) = (self.question.plant, &self.course.kinematics);
            drive(plant, controller, kinematics, initial, &mut Shown(recorder));
        }
    }

    /// A control that finds its own start, at equal charge.
    fn balanced<C: Drive>(&self, controller: &C, recorder: Option<&mut dyn Recorder>) -> Outcome {
        let BestQuestion { vehicle, plant, .. } = self.question;
        let starts = Starts::of(vehicle, self.question.start);
        let outcome = Inquiry::new(plant, controller, &self.course, starts, true).answer();
        self.show(controller, &outcome.initial, recorder);
        outcome
    }

    /// The rules of the car over the same road.
    pub fn rules(&self, recorder: Option<&mut dyn Recorder>) -> Outcome {
        self.balanced(&self.rules, recorder)
    }

    /// Other rules in the same car over the same road.
    pub fn with_rules(&self, rules: &Rules) -> Outcome {
        self.balanced(rules, None)
    }

    /// A-ECMS: it knows the car and its own charge, and nothing of the cycle.
    pub fn adaptive(&self, recorder: Option<&mut dyn Recorder>) -> Outcome {
        self.balanced(&self.planned(self.complete(), self.feedback()), recorder)
    }

    fn feedback(&self) -> Feedback {
        let BestQuestion { vehicle, plant, .. } = self.question;
        let base = first_factor(plant);
        Feedback {
            base,
            per_soc: FEEDBACK_PER_SOC * base,
            soc_target: vehicle.battery.soc_target,
            start_share: ADAPTIVE_START_SHARE,
        }
    }

    /// Drives the course from its start, wherever the charge of rules and A-ECMS ends; gives
    /// the state of the car at the end.
    ///
    /// # Errors
    /// There is no optimum.
    pub(super) fn drive_from_here(
        &self,
        control: Control,
        recorder: &mut dyn Recorder,
    ) -> Result<State, BestError> {
        Ok(match control {
            Control::Rules => self.shown(&self.rules, recorder),
            Control::Aecms => {
                let controller = self.planned(self.complete(), self.feedback());
                self.shown(&controller, recorder)
            }
            Control::Ecms => {
                let found = self.search(&self.course.kinematics);
                self.shown(
                    &self.planned(self.plan_for(found.worth), found.worth),
                    recorder,
                )
            }
            Control::Optimal => {
                let best = self.optimum(&|_, _| true, None)?;
                self.shown(&self.planned(&best.plan, best.policy.to_go()), recorder)
            }
        })
    }

    /// Shows a run of the course from its start to a recorder.
    fn shown<C: Controller>(&self, controller: &C, recorder: &mut dyn Recorder) -> State {
        let (plant, kinematics) = (self.question.plant, &self.course.kinematics);
        drive(
            plant,
            controller,
            kinematics,
            &self.initial,
            &mut Shown(recorder),
        )
    }

    /// ECMS with the factor that keeps the charge, and that factor.
    pub fn ecms(&self, recorder: Option<&mut dyn Recorder>) -> (Outcome, f64) {
        let found = match self.clock {
            None => self.found().clone(),
            Some(_) => self.search(&self.course.kinematics),
        };
        let controller = self.planned(self.plan_for(found.worth), found.worth);
        self.show(&controller, &self.initial, recorder);
        let repeat = self.course.repeat;
        let outcome = found
            .run
            .outcome(found.balance, repeat, found.fuel_j_per_battery_j);
        (outcome, found.worth.factor)
    }

    /// ECMS on the planning clock, searched for once.
    fn found(&self) -> &Found {
        self.ecms.get_or_init(|| self.search(self.clock()))
    }
}

impl<W: Worth> Drive for Planned<'_, W> {}
