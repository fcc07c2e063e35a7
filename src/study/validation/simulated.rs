//! What the model says to each row of the table.

use super::table::Row;
use crate::control::Rules;
use crate::cycle::{self, Cycle};
use crate::ledger::Channel;
use crate::sim::{EngineState, Recorder, Simulated};
use crate::study::procedure::{
    CarUnderTest, Label, Planner, Procedure, Tested, labels, on_the_day,
};
use crate::study::{BestError, Control, ControlQuestion, FullThrottleQuestion, Outcome, StartWith};
use crate::units::{KM_PER_MILE, kmh_from_mps, mpg_us_from_l_per_100km, rpm_from_rad_s};
use crate::vehicle::{Plant, State, Vehicle};
use rayon::prelude::*;

/// A steady speed is held this long, s.
const STEADY_S: f64 = 1800.0;
/// Step of full throttle, s.
const FULL_THROTTLE_STEP_S: f64 = 0.01;
/// Millilitres in a litre.
const ML_PER_L: f64 = 1e3;

/// What a test gave, for all rows that read it.
enum Evidence {
    /// A procedure.
    Tested(Box<Tested>),
    /// The window sticker.
    Label(Label),
    /// The one figure there is, in the unit of its rows.
    Figure(f64),
    /// Consumption, L/100 km.
    Consumption(f64),
    /// The pedal on the floor: 0 to 100 km/h in s, top speed in km/h.
    FullThrottle(Option<f64>, f64),
}

/// The tests behind some rows, vehicle and name, each once.
pub fn tests(rows: &[Row]) -> Vec<(&str, &str)> {
    let mut tests: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if !tests.contains(&row.car_and_test()) {
            tests.push(row.car_and_test());
        }
    }
    tests
}

/// The figures that the model has for some rows, in their order; none where nothing is
/// simulated for a row. What several rows read is simulated once.
///
/// `car` gives the car of a name, `schedule` is that of procedures which ship none, and
/// `tested` is told of every test that is done.
///
/// Every test is driven by `control`, but for what no control decides: full throttle, and the
/// speed from which on the engine has to turn.
///
/// # Errors
/// Where a car is none, or where there is no optimum and it is asked for.
pub fn simulated<E: Send + From<BestError>>(
    rows: &[Row],
    car: impl Fn(&str) -> Result<Vehicle, E> + Sync,
    schedule: Option<&Cycle>,
    step_s: f64,
    control: Control,
    tested: &(dyn Fn() + Sync),
) -> Result<Vec<Option<f64>>, E> {
    let tests = tests(rows);
    let evidence: Vec<Result<(Vehicle, Option<Evidence>), E>> = tests
        .par_iter()
        .map(|(name, test)| {
            let vehicle = car(name)?;
            let bench = TestBench {
                vehicle: &vehicle,
                schedule,
                step_s,
                control,
            };
            let evidence = bench.evidence(test)?;
            tested();
            Ok((vehicle, evidence))
        })
        .collect();
    // The first error of the table's order, whichever thread was faster.
    let evidence = evidence.into_iter().collect::<Result<Vec<_>, E>>()?;
    let figures = rows.iter().map(|row| {
        let index = tests.iter().position(|test| *test == row.car_and_test())?;
        let (vehicle, evidence) = &evidence[index];
        figure(row, evidence.as_ref()?, vehicle)
    });
    Ok(figures.collect())
}

/// What a row reads from its test.
fn figure(row: &Row, evidence: &Evidence, vehicle: &Vehicle) -> Option<f64> {
    match evidence {
        Evidence::Tested(tested) => bag_figure(row, tested, vehicle)
            .or_else(|| row.consumption(tested.balanced_l_per_100km)),
        Evidence::Label(label) => match row.quantity.as_str() {
            "city" => Some(label.city_mpg),
            "highway" => Some(label.highway_mpg),
            _ => Some(label.combined_mpg),
        },
        Evidence::Figure(figure) => Some(*figure),
        Evidence::Consumption(l_per_100km) => row.consumption(*l_per_100km),
        Evidence::FullThrottle(to_100_s, top_speed_kmh) => match row.quantity.as_str() {
            "zero_to_100" => *to_100_s,
            _ => Some(*top_speed_kmh),
        },
    }
}

/// Fuel of bags, mL.
fn bag_figure(row: &Row, tested: &Tested, vehicle: &Vehicle) -> Option<f64> {
    let ml = |energy_j: f64| vehicle.engine.fuel.litres(energy_j) * ML_PER_L;
    let bags = tested.measured.bags.iter();
    let bags: Vec<f64> = bags
        .map(|bag| ml(bag.ledger.energy_j(Channel::Fuel)))
        .collect();
    let &[b1, b2, b3, b4] = bags.as_slice() else {
        return None;
    };
    // Passes that end with another charge are compared at equal charge.
    let worth_ml = |from: usize, to: usize| {
        let battery_j: f64 = tested.measured.bags[from..to]
            .iter()
            .map(|bag| bag.ledger.energy_j(Channel::Battery))
            .sum();
        ml(battery_j * tested.fuel_j_per_battery_j)
    };
    match row.quantity.as_str() {
        "bag_1" => Some(b1),
        "bag_2" => Some(b2),
        "bag_3" => Some(b3),
        "bag_4" => Some(b4),
        "cold_bags" => Some(b1 + b2),
        "hot_bags" => Some(b3 + b4),
        "cold_minus_hot" => Some(b1 + b2 + worth_ml(0, 2) - (b3 + b4 + worth_ml(2, 4))),
        _ => None,
    }
}

/// Mean speed of the burning engine.
#[derive(Default)]
struct MeanSpeed {
    turned_rad: f64,
    burnt_s: f64,
}

impl Recorder for MeanSpeed {
    fn begin(&mut self, _: &Plant, _: &State) {
        *self = Self::default();
    }
    fn record(&mut self, _: &Plant, step: &Simulated<'_>) {
        if step.engine() == EngineState::On {
            self.turned_rad += step.flows.engine_rad_s * step.flows.dt_s;
            self.burnt_s += step.flows.dt_s;
        }
    }
}

/// A car on a test bench.
struct TestBench<'a> {
    vehicle: &'a Vehicle,
    schedule: Option<&'a Cycle>,
    step_s: f64,
    control: Control,
}

impl TestBench<'_> {
    fn evidence(&self, test: &str) -> Result<Option<Evidence>, BestError> {
        Ok(match test {
            "epa-label" => {
                let city = self.test(Procedure::Ftp)?;
                let highway = self.test(Procedure::Hwfet)?;
                city.zip(highway).map(|(city, highway)| {
                    let mpg =
                        [city, highway].map(|it| mpg_us_from_l_per_100km(it.balanced_l_per_100km));
                    Evidence::Label(labels(mpg[0], mpg[1]).year_2008)
                })
            }
            "accelerate" => Some(self.full_throttle()),
            "ev-creep" => self.ceiling_kmh().map(Evidence::Figure),
            "steady-50mph" => self.steady(50.0)?.map(|it| Evidence::Figure(it.1)),
            "steady-68mph" => self.steady(68.0)?.map(|it| Evidence::Consumption(it.0)),
            "udds-warm" => self.warm("udds")?.map(Evidence::Consumption),
            "mixed-150km" => self.warm("mixed-150km")?.map(Evidence::Consumption),
            name => match Procedure::find(name) {
                Some(procedure) => self
                    .test(procedure)?
                    .map(|tested| Evidence::Tested(Box::new(tested))),
                None => None,
            },
        })
    }

    fn test(&self, procedure: Procedure) -> Result<Option<Tested>, BestError> {
        if procedure.needs_schedule() && self.schedule.is_none() {
            return Ok(None);
        }
        let Ok(vehicle) = on_the_day(procedure, self.vehicle) else {
            return Ok(None);
        };
        let driver = Planner::new(self.control);
        let car = CarUnderTest {
            vehicle: &vehicle,
            plant: &Plant::new(&vehicle),
            controller: &driver,
            given: self.schedule,
            step_s: self.step_s,
        };
        let tested = car.test(procedure).ok();
        driver.failure().map_or(Ok(tested), Err)
    }

    /// A warm drive that ends with the charge it began with.
    fn balanced(&self, cycle: &Cycle, control: Control) -> Result<(Outcome, MeanSpeed), BestError> {
        let question = ControlQuestion {
            vehicle: self.vehicle,
            plant: &Plant::new(self.vehicle),
            cycle,
            repeat: None,
            step_s: self.step_s,
            start: StartWith::Balanced,
            control,
        };
        let mut speed = MeanSpeed::default();
        let outcome = question.run(&mut speed)?;
        Ok((outcome, speed))
    }

    /// Consumption of a drive, L/100 km.
    fn l_per_100km(&self, outcome: &Outcome) -> f64 {
        outcome.corrected_l_per_100km(&self.vehicle.engine.fuel)
    }

    fn warm(&self, name: &str) -> Result<Option<f64>, BestError> {
        let Ok(cycle) = cycle::find(name) else {
            return Ok(None);
        };
        let (outcome, _) = self.balanced(&cycle, self.control)?;
        Ok(Some(self.l_per_100km(&outcome)))
    }

    /// Consumption in L/100 km and mean engine speed in rpm at a steady speed in mph.
    fn steady(&self, mph: f64) -> Result<Option<(f64, f64)>, BestError> {
        let road = Cycle::steady(mph * KM_PER_MILE, STEADY_S);
        let (outcome, speed) = self.balanced(&road, self.control)?;
        let mean_rad_s = speed.turned_rad / speed.burnt_s;
        let found = || (self.l_per_100km(&outcome), rpm_from_rad_s(mean_rad_s));
        Ok((speed.burnt_s > 0.0).then(found))
    }

    fn full_throttle(&self) -> Evidence {
        let question = FullThrottleQuestion {
            vehicle: self.vehicle,
            plant: &Plant::new(self.vehicle),
            controller: &Rules::of(self.vehicle),
            soc: self.vehicle.battery.soc_target,
            step_s: FULL_THROTTLE_STEP_S,
        };
        let to_100_s = question.to_100().map(|sprint| sprint.time_s);
        Evidence::FullThrottle(to_100_s, question.top_speed().speed_kmh)
    }

    /// Speed at which the ceiling starts the engine, km/h.
    fn ceiling_kmh(&self) -> Option<f64> {
        let creep = cycle::find("ev-creep").ok()?;
        let (outcome, _) = self.balanced(&creep, Control::Rules).ok()?;
        let start = outcome.totals.starts.first()?;
        Some(kmh_from_mps(start.speed_mps))
    }
}
