//! One cycle, one answer: how the run starts, and what its fuel is worth at zero net
//! battery energy.

use super::balance::{Charged, Next, Search, Worth};
use super::drive::Drive;
use crate::cycle::{Cycle, Kinematics, Start};
use crate::ledger::{Channel, Ledger};
use crate::results::{Balance, Sums, Totals};
use crate::sim::{Car, Initial, Recorder, Silent, drive};
use crate::vehicle::{Fuel, Plant, Vehicle};
use std::{ptr, slice};

/// A driven pack is this much warmer than the air, K.
const WARM_BATTERY_RISE_K: f64 = 8.0;
/// How far below the top of the window a scenario starts that wants a full battery.
const NEAR_TOP_SOC: f64 = 0.03;
/// Cycles shorter than this are repeated before a charge balance is looked for, s.
const SHORTEST_BALANCED_S: f64 = 600.0;

/// How a run starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StartWith {
    /// Warm, from the state of charge that the run also ends with; scenarios keep the
    /// start they are defined with.
    Balanced,
    /// Warm, from this state of charge.
    Soc(f64),
    /// Everything at the temperature of the air, from the target state of charge or from
    /// the one given.
    Cold(Option<f64>),
}

/// A car, a controller and a cycle.
pub struct Question<'a, C: Drive> {
    /// The car.
    pub vehicle: &'a Vehicle,
    /// The car's tables.
    pub plant: &'a Plant,
    /// Who decides.
    pub controller: &'a C,
    /// What is driven, once.
    pub cycle: &'a Cycle,
    /// How often in a row; none leaves it to the length of the cycle.
    pub repeat: Option<usize>,
    /// Step, s.
    pub step_s: f64,
    /// How it starts.
    pub start: StartWith,
}

/// The answer: sums of the run and what its net battery energy is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How the run started.
    pub initial: Initial,
    /// How the start was found.
    pub balance: Balance,
    /// How often the cycle was driven in a row.
    pub repeat: usize,
    /// Fuel energy that one joule of net battery energy stands for.
    pub fuel_j_per_battery_j: f64,
    /// Sums.
    pub totals: Totals,
    /// Energies.
    pub ledger: Ledger,
}

/// One run without a trace.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) initial: Initial,
    pub(super) totals: Totals,
    pub(super) ledger: Ledger,
}

impl Run {
    /// The answer that it is, once its start and the worth of battery energy are known.
    pub(super) fn outcome(
        self,
        balance: Balance,
        repeat: usize,
        fuel_j_per_battery_j: f64,
    ) -> Outcome {
        Outcome {
            initial: self.initial,
            balance,
            repeat,
            fuel_j_per_battery_j,
            totals: self.totals,
            ledger: self.ledger,
        }
    }
}

impl Charged for Run {
    fn soc_start(&self) -> f64 {
        self.initial.soc
    }
    fn soc_end(&self) -> f64 {
        self.totals.soc_end
    }
    fn fuel_j(&self) -> f64 {
        self.ledger.energy_j(Channel::Fuel)
    }
    fn battery_j(&self) -> f64 {
        self.ledger.energy_j(Channel::Battery)
    }
}

/// A cycle made ready for a question: repeated as often as it needs to be, and cut into
/// steps. Many cars can be driven over one.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub(super) kinematics: Kinematics,
    pub(super) repeat: usize,
    start: Start,
}

impl Course {
    /// Repeats and cuts a cycle. `repeat` is how often it is driven in a row; none leaves it
    /// to its length: before a charge balance is looked for, short cycles are repeated.
    pub fn new(cycle: &Cycle, repeat: Option<usize>, step_s: f64, start: StartWith) -> Self {
        let balanced = start == StartWith::Balanced && cycle.start == Start::Balanced;
        let repeat = repeat.unwrap_or(if balanced {
            (SHORTEST_BALANCED_S / cycle.duration_s()).ceil().max(1.0) as usize
        } else {
            1
        });
        let kinematics = if repeat > 1 {
            Kinematics::new(&cycle.repeated(repeat), step_s)
        } else {
            Kinematics::new(cycle, step_s)
        };
        Self {
            kinematics,
            repeat,
            start: cycle.start,
        }
    }

    /// How many steps it takes.
    pub fn steps(&self) -> usize {
        self.kinematics.intervals.len()
    }
}

/// Where a car may start: what a question has to know of it beside its tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Starts {
    start: StartWith,
    window: (f64, f64),
    soc_target: f64,
    /// Where the engine stops charging an empty battery.
    low_soc_stop: f64,
    warm_c: f64,
    ambient_c: f64,
}

impl Starts {
    /// Of a car that starts like this.
    pub fn of(vehicle: &Vehicle, start: StartWith) -> Self {
        let (battery, thermal) = (&vehicle.battery, &vehicle.thermal);
        Self {
            start,
            window: (battery.soc_min, battery.soc_max),
            soc_target: battery.soc_target,
            low_soc_stop: vehicle.strategy.low_soc_stop,
            warm_c: thermal.warm_c,
            ambient_c: thermal.ambient_c,
        }
    }

    pub(super) fn initial(&self, soc: f64) -> Initial {
        match self.start {
            StartWith::Cold(_) => overnight(self.ambient_c, soc),
            StartWith::Soc(_) | StartWith::Balanced => driving(self.warm_c, self.ambient_c, soc),
        }
    }

    /// The state of charge that the start prescribes, and why; none where it is looked for.
    fn given_soc(&self, course: &Course) -> Option<(f64, Balance)> {
        match (self.start, course.start) {
            (StartWith::Soc(soc), _) => Some((soc, Balance::Fixed)),
            (StartWith::Cold(soc), _) => Some((soc.unwrap_or(self.soc_target), Balance::Cold)),
            (StartWith::Balanced, Start::NearTopOfWindow) => {
                Some((self.window.1 - NEAR_TOP_SOC, Balance::Scenario))
            }
            (StartWith::Balanced, Start::EngineJustStopped) => {
                Some((self.low_soc_stop, Balance::Scenario))
            }
            (StartWith::Balanced, Start::Balanced) => None,
        }
    }
}

/// A question that is being answered: it says from which states of charge it wants its car to
/// be driven, and is told what that gave. Many of them are answered side by side
/// ([`answer_all`]).
pub struct Inquiry<'a, C> {
    plant: &'a Plant,
    controller: &'a C,
    course: &'a Course,
    starts: Starts,
    worth: bool,
    stage: Stage,
}

/// How far it is.
enum Stage {
    /// The start is known.
    Given(f64, Balance),
    /// It is looked for; the next run starts here.
    Search(Box<Search<Run>>, f64),
    /// The run is known, the worth of its battery energy is not.
    Worth(Box<(Run, Balance, Worth)>),
    /// All is known.
    Done(Box<Outcome>),
}

impl<'a, C> Inquiry<'a, C> {
    /// A car with its tables and its control, driven over a course. The worth of battery
    /// energy takes some runs more and is left out (NaN) where nobody asks for it.
    pub fn new(
        plant: &'a Plant,
        controller: &'a C,
        course: &'a Course,
        starts: Starts,
        worth: bool,
    ) -> Self {
        let stage = starts.given_soc(course).map_or_else(
            || {
                let search = Search::new(starts.window, plant.engine.best.efficiency);
                Stage::Search(Box::new(search), starts.soc_target)
            },
            |(soc, balance)| Stage::Given(soc, balance),
        );
        Self {
            plant,
            controller,
            course,
            starts,
            worth,
            stage,
        }
    }

    /// States of charge that it wants runs from now; none where all is known.
    fn socs(&self) -> &[f64] {
        match &self.stage {
            Stage::Given(soc, _) | Stage::Search(_, soc) => slice::from_ref(soc),
            Stage::Worth(found) => found.2.socs(),
            Stage::Done(_) => &[],
        }
    }

    /// The course, while it wants runs over it.
    fn open_course(&self) -> Option<&'a Course> {
        (!self.socs().is_empty()).then_some(self.course)
    }

    /// The car at each start that it wants a run from.
    fn cars(&self) -> impl Iterator<Item = Car<'a, C>> {
        self.socs().iter().map(|&soc| Car {
            plant: self.plant,
            controller: self.controller,
            initial: self.starts.initial(soc),
        })
    }

    /// Takes the runs that were asked for, in their order.
    fn tell(&mut self, mut runs: Vec<Run>) {
        match &mut self.stage {
            Stage::Given(_, balance) => {
                let balance = *balance;
                if let Some(run) = runs.pop() {
                    self.value(run, balance);
                }
            }
            Stage::Search(search, soc) => {
                let Some(run) = runs.pop() else { return };
                match search.tell(run) {
                    Next::Run(next) => *soc = next,
                    Next::Done(found) => match found.fuel_j_per_battery_j {
                        Some(exchange) => self.finish(found.run, found.balance, exchange),
                        None => self.value(found.run, found.balance),
                    },
                }
            }
            Stage::Worth(found) => {
                let exchange = found.2.fuel_j_per_battery_j(&runs);
                let (run, balance) = (found.0.clone(), found.1);
                self.finish(run, balance, exchange);
            }
            Stage::Done(_) => {}
        }
    }

    /// Goes on to the worth of the run's battery energy, where it is wanted.
    fn value(&mut self, run: Run, balance: Balance) {
        if !self.worth {
            return self.finish(run, balance, f64::NAN);
        }
        let worth = Worth::of(&run, self.plant, self.starts.window);
        if worth.socs().is_empty() {
            let exchange = worth.fuel_j_per_battery_j::<Run>(&[]);
            return self.finish(run, balance, exchange);
        }
        self.stage = Stage::Worth(Box::new((run, balance, worth)));
    }

    fn finish(&mut self, run: Run, balance: Balance, fuel_j_per_battery_j: f64) {
        let outcome = run.outcome(balance, self.course.repeat, fuel_j_per_battery_j);
        self.stage = Stage::Done(Box::new(outcome));
    }
}

impl<C: Drive> Inquiry<'_, C> {
    /// The answer: at once where [`answer_all`] has been through, else found alone.
    pub fn answer(mut self) -> Outcome {
        loop {
            if let Stage::Done(outcome) = self.stage {
                return *outcome;
            }
            answer_all(slice::from_mut(&mut self));
        }
    }
}

/// Answers inquiries side by side: in each round, all runs that are wanted over one course are
/// driven together. What comes out does not depend on what is answered beside it.
pub fn answer_all<C: Drive>(inquiries: &mut [Inquiry<'_, C>]) {
    let (mut cars, mut runs) = (Vec::new(), Vec::new());
    while let Some(course) = inquiries.iter().find_map(Inquiry::open_course) {
        let here = |it: &Inquiry<'_, C>| it.open_course().is_some_and(|own| ptr::eq(own, course));
        cars.clear();
        for inquiry in inquiries.iter().filter(|it| here(it)) {
            cars.extend(inquiry.cars());
        }
        let driven = C::drive_all(&cars, &course.kinematics).into_iter();
        runs.extend(
            cars.iter()
                .zip(driven)
                .map(|(car, ((totals, ledger), _))| Run {
                    initial: car.initial,
                    totals,
                    ledger,
                }),
        );
        let mut given = runs.drain(..);
        for inquiry in inquiries.iter_mut().filter(|it| here(it)) {
            let wanted = inquiry.socs().len();
            inquiry.tell(given.by_ref().take(wanted).collect());
        }
    }
}

/// A car that has been driven until now.
pub(super) fn driving(warm_c: f64, ambient_c: f64, soc: f64) -> Initial {
    Initial {
        soc,
        coolant_c: warm_c,
        battery_c: ambient_c + WARM_BATTERY_RISE_K,
        soaked_s: 0.0,
    }
}

/// A car that has taken the temperature of the air.
pub(super) fn overnight(ambient_c: f64, soc: f64) -> Initial {
    Initial {
        soc,
        coolant_c: ambient_c,
        battery_c: ambient_c,
        soaked_s: f64::INFINITY,
    }
}

/// Answers a question. `recorder` watches the final run once more (a trace, say).
pub fn simulate<C: Drive, R: Recorder>(
    question: &Question<'_, C>,
    recorder: Option<&mut R>,
) -> Outcome {
    let Question {
        vehicle,
        plant,
        controller,
        cycle,
        repeat,
        step_s,
        start,
    } = *question;
    let course = Course::new(cycle, repeat, step_s, start);
    let starts = Starts::of(vehicle, start);
    let outcome = Inquiry::new(plant, controller, &course, starts, true).answer();
    if let Some(recorder) = recorder {
        let kinematics = &course.kinematics;
        drive(plant, controller, kinematics, &outcome.initial, recorder);
    }
    outcome
}

impl Outcome {
    /// The sums that its figures are made of.
    pub fn sums<'a>(&'a self, fuel: &'a Fuel) -> Sums<'a> {
        Sums {
            totals: &self.totals,
            ledger: &self.ledger,
            fuel,
            fuel_j_per_battery_j: self.fuel_j_per_battery_j,
        }
    }

    /// Consumption at zero net battery energy, L/100 km.
    pub fn corrected_l_per_100km(&self, fuel: &Fuel) -> f64 {
        self.sums(fuel).fuel_corrected_l_per_100km()
    }
}

/// A question asked without a recorder.
impl<C: Drive> Question<'_, C> {
    /// The answer alone.
    pub fn answer(&self) -> Outcome {
        simulate::<C, Silent>(self, None)
    }
}
