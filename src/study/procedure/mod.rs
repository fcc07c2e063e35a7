//! Test procedures: a car is prepared, parked and driven by the book, its exhaust kept
//! in bags, and the charge of its battery judged.
//!
//! - [`Procedure`]: which there are, as data (`definition`),
//! - [`certify`]: a car through one of them,
//! - `course`: driving and parking in turn,
//! - `charge_rules`: what the books say of the battery,
//! - `epa`: the window sticker.

mod charge_rules;
mod course;
mod definition;
mod epa;

pub use charge_rules::{Correction, Rule, Verdict};
pub use course::{Bag, Measured};
pub use definition::Procedure;
pub use epa::{Label, Labels, combined_mpg, labels};

use super::balance::{Charged, fuel_per_battery};
use super::single::{driving, overnight};
use crate::control::Controller;
use crate::cycle::{self, Cycle, Kinematics};
use crate::vehicle::{Plant, RoadLoad, Vehicle};
use charge_rules::{judge, l_per_100km, litres};
use course::{BagEnd, Course, Leg, bag_ends};
use definition::{Act, Begin, Definition, Schedule};

/// A procedure that cannot be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProcedureError {
    /// The schedule is not shipped and was not given.
    #[error("`{procedure}` has a schedule that is not shipped")]
    NoSchedule {
        /// The procedure.
        procedure: &'static str,
    },
    /// The road load has a form that the procedure has no rule for.
    #[error(
        "`{procedure}` multiplies the coast-down road load by {factor}, and `{vehicle}` has \
         drag coefficients instead"
    )]
    NoRoadLoadRule {
        /// The procedure.
        procedure: &'static str,
        /// The car.
        vehicle: String,
        /// The factor.
        factor: f64,
    },
}

/// A car that went through a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Which.
    pub procedure: Procedure,
    /// The test as driven from where the car arrived.
    pub measured: Measured,
    /// Fuel energy that one joule of net battery energy stands for.
    pub fuel_j_per_battery_j: f64,
    /// Consumption as measured, L/100 km.
    pub measured_l_per_100km: f64,
    /// Consumption by the procedure's own rule, L/100 km.
    pub fuel_l_per_100km: f64,
    /// Consumption at zero net battery energy, L/100 km.
    pub balanced_l_per_100km: f64,
    /// Every rule's word on its battery.
    pub corrections: Vec<(Rule, Correction)>,
}

impl Certificate {
    /// What the procedure's own rule says.
    pub fn verdict(&self) -> Verdict {
        let own = self.corrections.iter().find(|(_, it)| it.own_rule);
        own.map_or(Verdict::Valid, |(_, it)| it.verdict)
    }
}

/// The car on the day of the procedure: its weather, loads and road.
///
/// # Errors
/// Where the procedure multiplies a coast-down that the car does not have.
pub fn on_the_day(procedure: Procedure, vehicle: &Vehicle) -> Result<Vehicle, ProcedureError> {
    let day = procedure.definition();
    let mut car = vehicle.clone();
    car.thermal.ambient_c = day.ambient_c;
    car.auxiliary_w += day.air_conditioning_w;
    if day.heater {
        car.strategy.warm_up.below_c = car.strategy.warm_up.below_heater_c;
    }
    match &mut car.chassis.road_load {
        RoadLoad::CoastDown {
            a_n,
            b_n_per_mps,
            c_n_per_mps2,
            air_density_kg_per_m3,
            ..
        } => {
            for coefficient in [a_n, b_n_per_mps, c_n_per_mps2] {
                *coefficient *= day.road_load_factor;
            }
            // A dynamometer holds its set, whatever the air.
            car.chassis.air_density_kg_per_m3 = *air_density_kg_per_m3;
        }
        RoadLoad::Coefficients { .. } if day.road_load_factor > 1.0 => {
            return Err(ProcedureError::NoRoadLoadRule {
                procedure: day.name,
                vehicle: vehicle.name.clone(),
                factor: day.road_load_factor,
            });
        }
        RoadLoad::Coefficients { .. } => {}
    }
    Ok(car)
}

/// A schedule as a cycle.
fn cycle_of(
    schedule: Schedule,
    given: Option<&Cycle>,
    procedure: &'static str,
) -> Result<Cycle, ProcedureError> {
    let missing = ProcedureError::NoSchedule { procedure };
    match schedule {
        Schedule::Shipped(name) => cycle::find(name).map_err(|_| missing),
        Schedule::Given => given.cloned().ok_or(missing),
        Schedule::Steady { speed_kmh, time_s } => Ok(Cycle::steady(speed_kmh, time_s)),
    }
}

/// The legs of some acts.
fn legs(
    acts: &[Act],
    day: &Definition,
    given: Option<&Cycle>,
    step_s: f64,
) -> Result<Vec<Leg>, ProcedureError> {
    let mut legs = Vec::with_capacity(acts.len());
    for act in acts {
        legs.push(match *act {
            Act::Soak(time_s) => Leg::Soak(time_s),
            Act::Drive(schedule) => {
                let cycle = cycle_of(schedule, given, day.name)?;
                Leg::Drive(Kinematics::new(&cycle, step_s))
            }
            Act::Measure {
                schedule,
                prefix,
                weight,
            } => {
                let cycle = cycle_of(schedule, given, day.name)?;
                let ends: Vec<BagEnd> = bag_ends(&cycle, prefix, weight);
                Leg::Measure(Kinematics::new(&cycle, step_s), ends)
            }
        });
    }
    Ok(legs)
}

/// A test as driven, and what its fuel is worth at zero net battery energy.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// From where the car arrived.
    pub measured: Measured,
    /// Fuel energy that one joule of net battery energy stands for.
    pub fuel_j_per_battery_j: f64,
    /// Consumption at zero net battery energy, L/100 km.
    pub balanced_l_per_100km: f64,
}

/// Prepares a car and drives the test once; the course is there to be driven again.
fn driven<'a, C: Controller>(
    procedure: Procedure,
    car: &'a Vehicle,
    plant: &'a Plant,
    controller: &'a C,
    given: Option<&Cycle>,
    step_s: f64,
) -> Result<(Course<'a, C>, Tested), ProcedureError> {
    let day = procedure.definition();
    let target = car.battery.soc_target;
    let course = |start, legs| Course {
        vehicle: car,
        plant,
        controller,
        start,
        legs,
    };
    let preparation = course(
        driving(car, target),
        legs(day.prepare, &day, given, step_s)?,
    );
    let (_, arrival) = preparation.drive(target);
    let start = match day.begin {
        Begin::Overnight => overnight(car, arrival.soc),
        Begin::Warm => arrival,
    };
    let test = course(start, legs(day.measure, &day, given, step_s)?);
    let (measured, _) = test.drive(arrival.soc);
    let exchange = fuel_per_battery(&test, &measured);
    let balanced_j = measured.fuel_j() + exchange * measured.battery_j();
    let balanced_l = litres(balanced_j, &car.engine.fuel);
    let tested = Tested {
        balanced_l_per_100km: balanced_l / measured.distance_m() * 1e5,
        fuel_j_per_battery_j: exchange,
        measured,
    };
    Ok((test, tested))
}

/// Drives a car, already prepared [`on_the_day`], through a procedure, without asking the
/// books about its battery.
///
/// # Errors
/// Where the schedule is missing.
pub fn test<C: Controller>(
    procedure: Procedure,
    car: &Vehicle,
    plant: &Plant,
    controller: &C,
    given: Option<&Cycle>,
    step_s: f64,
) -> Result<Tested, ProcedureError> {
    driven(procedure, car, plant, controller, given, step_s).map(|(_, tested)| tested)
}

/// Drives a car, already prepared [`on_the_day`], through a procedure. `given` is the
/// schedule of procedures that ship none.
///
/// # Errors
/// Where the schedule is missing.
pub fn certify<C: Controller>(
    procedure: Procedure,
    car: &Vehicle,
    plant: &Plant,
    controller: &C,
    given: Option<&Cycle>,
    step_s: f64,
) -> Result<Certificate, ProcedureError> {
    let (course, tested) = driven(procedure, car, plant, controller, given, step_s)?;
    let (rule, fuel) = (procedure.definition().rule, &car.engine.fuel);
    let measured = tested.measured;
    let corrections = judge(&course, &measured, rule, fuel, car.battery.nominal_v());
    let measured_l_per_100km = l_per_100km(&measured, fuel);
    let own = corrections.iter().find(|(it, _)| *it == rule);
    Ok(Certificate {
        procedure,
        measured_l_per_100km,
        fuel_l_per_100km: own.map_or(measured_l_per_100km, |(_, it)| it.fuel_l_per_100km),
        balanced_l_per_100km: tested.balanced_l_per_100km,
        fuel_j_per_battery_j: tested.fuel_j_per_battery_j,
        measured,
        corrections,
    })
}
