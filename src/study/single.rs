//! One cycle, one answer: how the run starts, and what its fuel is worth at zero net
//! battery energy.

use super::balance::{Charged, Startable, charge_sustaining, fuel_per_battery};
use crate::control::Controller;
use crate::cycle::{Cycle, Kinematics, Start};
use crate::ledger::{Channel, Ledger};
use crate::results::{Balance, Totals};
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

/// What the searches need to run the same thing from different states of charge.
struct Bench<'a, C: Controller> {
    vehicle: &'a Vehicle,
    plant: &'a Plant,
    controller: &'a C,
    kinematics: Kinematics,
    /// How the run starts, but for the state of charge.
    start: Initial,
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
        let initial = Initial { soc, ..self.start };
        let mut watched = (Totals::default(), Ledger::default());
        drive(
            self.plant,
            self.controller,
            &self.kinematics,
            &initial,
            &mut watched,
        );
        Run {
            initial,
            totals: watched.0,
            ledger: watched.1,
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
    let vehicle = question.vehicle;
    let battery = &vehicle.battery;
    let cold = matches!(question.start, StartWith::Cold(_));
    let balanced = question.start == StartWith::Balanced && question.cycle.start == Start::Balanced;
    let duration_s = question.cycle.duration_s();
    let repeat = question.repeat.unwrap_or(if balanced {
        (SHORTEST_BALANCED_S / duration_s).ceil().max(1.0) as usize
    } else {
        1
    });
    let repeated;
    let cycle = if repeat > 1 {
        repeated = question.cycle.repeated(repeat);
        &repeated
    } else {
        question.cycle
    };
    let start = if cold {
        overnight(vehicle, battery.soc_target)
    } else {
        driving(vehicle, battery.soc_target)
    };
    let bench = Bench {
        vehicle,
        plant: question.plant,
        controller: question.controller,
        kinematics: Kinematics::new(cycle, question.step_s),
        start,
    };

    let given = match (question.start, question.cycle.start) {
        (StartWith::Soc(soc), _) => Some((soc, Balance::Fixed)),
        (StartWith::Cold(soc), _) => Some((soc.unwrap_or(battery.soc_target), Balance::Cold)),
        (StartWith::Balanced, Start::NearTopOfWindow) => {
            Some((battery.soc_max - NEAR_TOP_SOC, Balance::Scenario))
        }
        (StartWith::Balanced, Start::EngineJustStopped) => {
            Some((vehicle.strategy.low_soc_stop, Balance::Scenario))
        }
        (StartWith::Balanced, Start::Balanced) => None,
    };
    let (run, balance, fuel_j_per_battery_j) = if let Some((soc, balance)) = given {
        let run = bench.run(soc);
        let exchange = fuel_per_battery(&bench, &run);
        (run, balance, exchange)
    } else {
        charge_sustaining(&bench)
    };
    if let Some(recorder) = recorder {
        drive(
            bench.plant,
            bench.controller,
            &bench.kinematics,
            &run.initial,
            recorder,
        );
    }
    Outcome {
        initial: run.initial,
        balance,
        repeat,
        fuel_j_per_battery_j,
        totals: run.totals,
        ledger: run.ledger,
    }
}

impl Outcome {
    /// Consumption at zero net battery energy, L/100 km.
    pub fn corrected_l_per_100km(&self, fuel: &Fuel) -> f64 {
        let battery_j = self.ledger.energy_j(Channel::Battery);
        let fuel_j = self.ledger.energy_j(Channel::Fuel) + self.fuel_j_per_battery_j * battery_j;
        fuel_j / fuel.lhv_j_per_kg / fuel.density_kg_per_l / self.totals.distance_m * 1e5
    }
}

/// A question asked without a recorder.
impl<C: Controller> Question<'_, C> {
    /// The answer alone.
    pub fn answer(&self) -> Outcome {
        simulate::<C, Silent>(self, None)
    }
}
