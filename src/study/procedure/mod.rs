//! Test procedures: a car is prepared, parked and driven by the book, its exhaust kept
//! in bags, and the charge of its battery judged.
//!
//! - [`Procedure`]: which there are, as data (`definition`),
//! - [`CarUnderTest`]: a car through one of them,
//! - `course`: driving and parking in turn,
//! - `driver`: who drives,
//! - `charge_rules`: what the books say of the battery,
//! - `part`: parts of a test with figures of their own,
//! - `epa`: the window sticker.

mod charge_rules;
mod course;
mod definition;
mod driver;
mod epa;
mod part;

pub use charge_rules::{Correction, FactorRun, Rule, Verdict, spread_percent};
pub use course::{Bag, Bagged, Measured};
pub use definition::Procedure;
pub use driver::{Driver, Planner, Road};
pub use epa::{Label, Labels, Rounded, Sticker, combined_mpg, labels, sticker};
pub use part::Part;

use super::balance::fuel_per_battery;
use super::single::{driving, overnight};
use crate::cycle::{self, Cycle};
use crate::vehicle::{Plant, RoadLoad, Vehicle};
use charge_rules::{exchanged_l_per_100km, judge, l_per_100km};
use course::{BagEnd, Course, Leg, bag_ends};
use definition::{Act, Begin, Definition, Schedule};
use part::part;

/// A procedure that cannot be run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProcedureError {
    /// The schedule is not shipped and was not given.
    #[error("`{procedure}` has a schedule that is not shipped")]
    NoSchedule {
        /// The procedure.
        procedure: &'static str,
    },
    /// It is computed from tests and is none itself.
    #[error("`{procedure}` is computed from other tests")]
    NotATest {
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
    /// The runs from several states of charge that gave the books' factors.
    pub factor_runs: Vec<FactorRun>,
    /// Parts of the test with figures of their own.
    pub parts: Vec<Part>,
}

impl Certificate {
    /// What the procedure's own rule says.
    pub fn verdict(&self) -> Verdict {
        let own = self.corrections.iter().find(|(_, it)| it.own_rule);
        own.map_or(Verdict::Valid, |(_, it)| it.verdict)
    }
}

impl Procedure {
    /// The test as data.
    fn as_test(self) -> Result<Definition, ProcedureError> {
        self.definition().ok_or(ProcedureError::NotATest {
            procedure: self.name(),
        })
    }

    /// Every schedule that it drives, in order, those of its preparation first.
    ///
    /// # Errors
    /// Where a schedule is missing, or the procedure is no test.
    pub fn schedules(self, given: Option<&Cycle>) -> Result<Vec<Cycle>, ProcedureError> {
        let test = self.as_test()?;
        let acts = test.prepare.iter().chain(test.measure);
        acts.filter_map(|act| match act {
            Act::Drive(schedule) | Act::Measure { schedule, .. } => Some(*schedule),
            Act::Soak(_) => None,
        })
        .map(|schedule| cycle_of(schedule, given, test.name))
        .collect()
    }
}

/// The car on the day of the procedure: its weather, loads and road.
///
/// # Errors
/// Where the procedure multiplies a coast-down that the car does not have, or is no test.
pub fn on_the_day(procedure: Procedure, vehicle: &Vehicle) -> Result<Vehicle, ProcedureError> {
    let day = procedure.as_test()?;
    let mut car = vehicle.clone();
    car.thermal.ambient_c = day.ambient_c;
    car.auxiliary_w += day.air_conditioning_w;
    if day.heater {
        car.thermal.heater_setting = 1.0;
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

/// A car under test, already prepared [`on_the_day`] of the procedure, and what it is driven
/// with.
pub struct CarUnderTest<'a, C: Driver> {
    /// The car of that day.
    pub vehicle: &'a Vehicle,
    /// Its tables.
    pub plant: &'a Plant,
    /// Who decides.
    pub controller: &'a C,
    /// Schedule of procedures that ship none.
    pub given: Option<&'a Cycle>,
    /// Step, s.
    pub step_s: f64,
}

impl<'a, C: Driver> CarUnderTest<'a, C> {
    /// The legs of some acts.
    fn legs(&self, acts: &[Act], day: &Definition) -> Result<Vec<Leg>, ProcedureError> {
        let mut legs = Vec::with_capacity(acts.len());
        for act in acts {
            legs.push(match *act {
                Act::Soak(time_s) => Leg::Soak(time_s),
                Act::Drive(schedule) => {
                    let cycle = cycle_of(schedule, self.given, day.name)?;
                    Leg::Drive(Road::new(cycle, self.step_s))
                }
                Act::Measure {
                    schedule,
                    prefix,
                    weight,
                } => {
                    let cycle = cycle_of(schedule, self.given, day.name)?;
                    let ends: Vec<BagEnd> = bag_ends(&cycle, prefix, weight);
                    Leg::Measure(Road::new(cycle, self.step_s), ends)
                }
            });
        }
        Ok(legs)
    }

    /// Prepares the car and drives the test once; the course is there to be driven again.
    fn driven(&self, procedure: Procedure) -> Result<(Course<'a, C>, Tested), ProcedureError> {
        let day = procedure.as_test()?;
        let car = self.vehicle;
        let target = car.battery.soc_target;
        let course = |start, legs| Course {
            vehicle: car,
            plant: self.plant,
            controller: self.controller,
            start,
            legs,
        };
        let preparation = course(
            driving(car.thermal.warm_c, car.thermal.ambient_c, target),
            self.legs(day.prepare, &day)?,
        );
        let (_, arrival) = preparation.drive(target);
        let start = match day.begin {
            Begin::Overnight => overnight(car.thermal.ambient_c, arrival.soc),
            Begin::Warm => arrival,
        };
        let test = course(start, self.legs(day.measure, &day)?);
        let (measured, _) = test.drive(arrival.soc);
        let exchange = fuel_per_battery(&test, &measured);
        let tested = Tested {
            balanced_l_per_100km: exchanged_l_per_100km(&measured, exchange, &car.engine.fuel),
            fuel_j_per_battery_j: exchange,
            measured,
        };
        Ok((test, tested))
    }

    /// Drives it through a procedure without asking the books about its battery.
    ///
    /// # Errors
    /// Where the schedule is missing, or the procedure is no test.
    pub fn test(&self, procedure: Procedure) -> Result<Tested, ProcedureError> {
        self.driven(procedure).map(|(_, tested)| tested)
    }

    /// Drives it through a procedure.
    ///
    /// # Errors
    /// Where the schedule is missing, or the procedure is no test.
    pub fn certify(&self, procedure: Procedure) -> Result<Certificate, ProcedureError> {
        let (course, tested) = self.driven(procedure)?;
        let (day, battery) = (procedure.as_test()?, &self.vehicle.battery);
        let fuel = &self.vehicle.engine.fuel;
        let measured = tested.measured;
        let judged = judge(&course, &measured, day.rule, fuel, battery.nominal_v());
        let exchange = tested.fuel_j_per_battery_j;
        let measured_l_per_100km = l_per_100km(&measured, fuel);
        let own = judged.corrections.iter().find(|(_, it)| it.own_rule);
        let parts = day.parts.iter();
        Ok(Certificate {
            procedure,
            measured_l_per_100km,
            fuel_l_per_100km: own.map_or(measured_l_per_100km, |(_, it)| it.fuel_l_per_100km),
            balanced_l_per_100km: tested.balanced_l_per_100km,
            fuel_j_per_battery_j: exchange,
            parts: parts
                .map(|named| part(*named, &measured, exchange, fuel))
                .collect(),
            measured,
            corrections: judged.corrections,
            factor_runs: judged.factor_runs,
        })
    }
}
