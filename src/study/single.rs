//! One cycle, one answer: how the run starts, and what its fuel is worth at zero net
//! battery energy.

use super::balance::{Charged, Startable, charge_sustaining, fuel_per_battery};
use crate::control::Controller;
use crate::cycle::{Cycle, Kinematics, Start};
use crate::ledger::{Channel, Ledger};
use crate::results::{Balance, Sums, Totals};
use crate::sim::{Initial, Recorder, Silent, drive};
use crate::vehicle::{Fuel, Plant, Vehicle};

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
pub struct Question<'a, C: Controller> {
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
    kinematics: Kinematics,
    repeat: usize,
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

/// A car and a controller on a course: what the searches run from different states of charge.
pub struct Bench<'a, C: Controller> {
    /// The car.
    pub vehicle: &'a Vehicle,
    /// The car's tables.
    pub plant: &'a Plant,
    /// Who decides.
    pub controller: &'a C,
    /// What is driven.
    pub course: &'a Course,
    /// How it starts.
    pub start: StartWith,
}

impl<C: Controller> Startable for Bench<'_, C> {
    type Run = Run;

    fn plant(&self) -> &Plant {
        self.plant
    }
    fn window(&self) -> (f64, f64) {
        (self.vehicle.battery.soc_min, self.vehicle.battery.soc_max)
    }
    fn soc_target(&self) -> f64 {
        self.vehicle.battery.soc_target
    }

    fn run(&self, soc: f64) -> Run {
        let initial = match self.start {
            StartWith::Cold(_) => overnight(self.vehicle, soc),
            StartWith::Soc(_) | StartWith::Balanced => driving(self.vehicle, soc),
        };
        let mut watched = (Totals::default(), Ledger::default());
        self.drive(&initial, &mut watched);
        Run {
            initial,
            totals: watched.0,
            ledger: watched.1,
        }
    }
}

impl<C: Controller> Bench<'_, C> {
    fn drive<R: Recorder>(&self, initial: &Initial, recorder: &mut R) {
        let kinematics = &self.course.kinematics;
        drive(self.plant, self.controller, kinematics, initial, recorder);
    }

    /// The state of charge that the start prescribes, and why; none where it is looked for.
    fn given_soc(&self) -> Option<(f64, Balance)> {
        let battery = &self.vehicle.battery;
        match (self.start, self.course.start) {
            (StartWith::Soc(soc), _) => Some((soc, Balance::Fixed)),
            (StartWith::Cold(soc), _) => Some((soc.unwrap_or(battery.soc_target), Balance::Cold)),
            (StartWith::Balanced, Start::NearTopOfWindow) => {
                Some((battery.soc_max - NEAR_TOP_SOC, Balance::Scenario))
            }
            (StartWith::Balanced, Start::EngineJustStopped) => {
                Some((self.vehicle.strategy.low_soc_stop, Balance::Scenario))
            }
            (StartWith::Balanced, Start::Balanced) => None,
        }
    }

    /// Drives the course. The worth of battery energy takes some runs more and is left out
    /// (NaN) where nobody asks for it.
    pub fn answer(&self, worth: bool) -> Outcome {
        let valued = |run: Run, balance| {
            let exchange = if worth {
                fuel_per_battery(self, &run)
            } else {
                f64::NAN
            };
            (run, balance, exchange)
        };
        let (run, balance, fuel_j_per_battery_j) = match self.given_soc() {
            Some((soc, balance)) => valued(self.run(soc), balance),
            None => match charge_sustaining(self) {
                (run, balance, Some(exchange)) => (run, balance, exchange),
                (run, balance, None) => valued(run, balance),
            },
        };
        Outcome {
            initial: run.initial,
            balance,
            repeat: self.course.repeat,
            fuel_j_per_battery_j,
            totals: run.totals,
            ledger: run.ledger,
        }
    }
}

/// A car that has been driven until now.
pub(super) fn driving(vehicle: &Vehicle, soc: f64) -> Initial {
    Initial {
        soc,
        coolant_c: vehicle.thermal.warm_c,
        battery_c: vehicle.thermal.ambient_c + WARM_BATTERY_RISE_K,
        soaked_s: 0.0,
    }
}

/// A car that has taken the temperature of the air.
pub(super) fn overnight(vehicle: &Vehicle, soc: f64) -> Initial {
    let ambient_c = vehicle.thermal.ambient_c;
    Initial {
        soc,
        coolant_c: ambient_c,
        battery_c: ambient_c,
        soaked_s: f64::INFINITY,
    }
}

/// Answers a question. `recorder` watches the final run once more (a trace, say).
pub fn simulate<C: Controller, R: Recorder>(
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
    let bench = Bench {
        vehicle,
        plant,
        controller,
        course: &Course::new(cycle, repeat, step_s, start),
        start,
    };
    let outcome = bench.answer(true);
    if let Some(recorder) = recorder {
        bench.drive(&outcome.initial, recorder);
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
impl<C: Controller> Question<'_, C> {
    /// The answer alone.
    pub fn answer(&self) -> Outcome {
        simulate::<C, Silent>(self, None)
    }
}
