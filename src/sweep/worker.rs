//! From a design's index to its row: values, vehicle, plant, runs, outputs.

use super::Sweep;
use super::output::{Floored, Output};
use super::space::{Point, RunKey, Target};
use crate::config::{Setting, Variation};
use crate::control::Rules;
use crate::study::{Bench, FULL_THROTTLE_STEP_S, FullThrottleQuestion, Outcome, StartWith};
use crate::vehicle::{Plant, Vehicle};

/// Residual of the energy balance, relative to what passed through, above which a run is no
/// result.
const LARGEST_RESIDUAL: f64 = 1e-9;

/// One design.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Values of the variables, then of the outputs.
    pub(super) values: Vec<f64>,
    /// Why there are no outputs, where there are none.
    pub(super) reason: Option<String>,
}

/// Simulates designs one after the other. Each thread has its own.
pub(super) struct Worker<'s> {
    sweep: &'s Sweep,
    cars: Vec<Car>,
    point: Point,
    run_variables: [Option<usize>; 4],
    worth: bool,
}

/// A vehicle whose keys change, and its tables as they were last.
struct Car {
    variation: Variation,
    last: Option<(Vehicle, Plant)>,
}

impl<'s> Worker<'s> {
    pub(super) fn new(sweep: &'s Sweep) -> Self {
        let car = |variation: &Variation| Car {
            variation: variation.clone(),
            last: None,
        };
        Self {
            sweep,
            cars: sweep.cars.iter().map(car).collect(),
            point: Point::default(),
            run_variables: RunKey::ALL.map(|key| sweep.space.run_variable(key)),
            worth: sweep.outputs.iter().any(|it| it.source.needs_worth()),
        }
    }

    /// The value of something that may vary over the run, or what it is without an axis.
    fn of_run(&self, key: RunKey) -> Option<f64> {
        let variable = self.run_variables[key as usize]?;
        Some(self.point.value(variable))
    }

    /// The row of a design; none where a constraint drops it.
    pub(super) fn row(&mut self, design: u64) -> Option<Row> {
        let space = &self.sweep.space;
        if !space.fill(design, &mut self.point) {
            return None;
        }
        let variables = space.variables.len();
        let mut values = Vec::with_capacity(variables + self.sweep.outputs.len());
        values.extend((0..variables).map(|variable| self.point.value(variable)));
        let reason = match self.outputs() {
            Ok(outputs) => {
                values.extend(outputs);
                None
            }
            Err(reason) => Some(reason),
        };
        values.resize(variables + self.sweep.outputs.len(), f64::NAN);
        Some(Row { values, reason })
    }

    fn outputs(&mut self) -> Result<Vec<f64>, String> {
        let sweep = self.sweep;
        let vehicle_level = self
            .of_run(RunKey::Vehicle)
            .map_or(0, |level| level as usize);
        let cycle_level = self.of_run(RunKey::Cycle).map(|level| level as usize);
        let step = self.step();
        let soc = self.of_run(RunKey::Soc);
        let car = &mut self.cars[vehicle_level];
        car.set(sweep, vehicle_level, &self.point);
        let (vehicle, plant) = car.built()?;
        let rules = Rules::of(vehicle);
        let start = match (sweep.start, soc) {
            (StartWith::Soc(_), Some(soc)) => StartWith::Soc(soc),
            (StartWith::Cold(_), Some(soc)) => StartWith::Cold(Some(soc)),
            (start, _) => start,
        };
        in_window(vehicle, start)?;
        let floored = sweep
            .outputs
            .iter()
            .any(|output| output.source.is_of_the_car())
            .then(|| {
                let question = FullThrottleQuestion {
                    vehicle,
                    plant,
                    controller: &rules,
                    soc: vehicle.battery.soc_target,
                    step_s: FULL_THROTTLE_STEP_S,
                };
                Floored::new(&sweep.outputs, &question)
            });
        let driven = |cycle: usize| -> Result<Outcome, String> {
            let course = &sweep.courses[cycle_level.unwrap_or(cycle)][step];
            let bench = Bench {
                vehicle,
                plant,
                controller: &rules,
                course,
                start,
            };
            let outcome = bench.answer(self.worth);
            let residual = outcome.ledger.residual_relative();
            if residual.abs() <= LARGEST_RESIDUAL {
                Ok(outcome)
            } else {
                Err(format!(
                    "the energy does not balance (residual {residual:.1e})"
                ))
            }
        };
        let cycles = sweep.outputs.iter().filter_map(|output| output.cycle);
        let last_cycle = cycles.max().map_or(0, |last| last + 1);
        let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(last_cycle);
        for cycle in 0..last_cycle {
            let wanted = sweep.outputs.iter().any(|it| it.cycle == Some(cycle));
            outcomes.push(wanted.then(|| driven(cycle)).transpose()?);
        }
        let fuel = &vehicle.engine.fuel;
        let value = |output: &Output| match (output.cycle, &floored) {
            (Some(cycle), _) => outcomes[cycle]
                .as_ref()
                .map_or(f64::NAN, |it| output.source.of_run(&it.sums(fuel))),
            (None, Some(floored)) => output.source.of_car(floored),
            (None, None) => f64::NAN,
        };
        Ok(sweep.outputs.iter().map(value).collect())
    }

    /// Which of the steps a design has.
    fn step(&self) -> usize {
        let Some(step_s) = self.of_run(RunKey::Step) else {
            return 0;
        };
        let steps = self.sweep.steps_s.iter();
        steps
            .map(|known| known.to_bits())
            .position(|known| known == step_s.to_bits())
            .unwrap_or(0)
    }
}

/// The start has to lie in the window of the battery.
fn in_window(vehicle: &Vehicle, start: StartWith) -> Result<(), String> {
    let (StartWith::Soc(soc) | StartWith::Cold(Some(soc))) = start else {
        return Ok(());
    };
    let battery = &vehicle.battery;
    if (battery.soc_min..=battery.soc_max).contains(&soc) {
        return Ok(());
    }
    Err(format!(
        "the start at a state of charge of {soc} lies outside the window (allowed: {} to {})",
        battery.soc_min, battery.soc_max
    ))
}

impl Car {
    /// Gives the keys of the vehicle the values of a design.
    fn set(&mut self, sweep: &Sweep, vehicle: usize, point: &Point) {
        let space = &sweep.space;
        for (index, variable) in space.variables.iter().enumerate() {
            let Target::Key(key) = variable.target else {
                continue;
            };
            if let Some(level) = variable.levels.get(point.level(index)) {
                if let Some(setting) = &level.setting {
                    self.variation.set(key, setting);
                }
            } else {
                let value = point.value(index);
                self.variation.set(key, &Setting::number(value));
            }
        }
        for (derived, factor) in space.derived.iter().zip(&point.factors) {
            if let Some(scales) = &derived.scales {
                let setting = scales.bases[vehicle].scaled(*factor);
                self.variation.set(scales.key, &setting);
            }
        }
    }

    /// The car as it is now; tables that did not change are shared with the last one.
    fn built(&mut self) -> Result<(&Vehicle, &Plant), String> {
        let vehicle = self.variation.vehicle()?;
        let built = match self.last.take() {
            Some((last, plant)) if last == *vehicle => (last, plant),
            Some((last, plant)) => (vehicle.clone(), plant.like(&last, vehicle)),
            None => (vehicle.clone(), Plant::new(vehicle)),
        };
        let (vehicle, plant) = self.last.insert(built);
        Ok((vehicle, plant))
    }
}
