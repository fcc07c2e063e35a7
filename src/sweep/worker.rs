//! From a design's index to its row: values, vehicle, plant, runs, outputs.

use super::Sweep;
use super::output::{Floored, Output};
use super::space::{Point, RunKey, Target};
use crate::config::{Setting, Variation};
use crate::control::Rules;
use crate::study::{
    Control, ControlQuestion, FULL_THROTTLE_STEP_S, FullThrottleQuestion, Inquiry, Outcome, Regret,
    StartWith, Starts, answer_all,
};
use crate::vehicle::{Fuel, Plant, Vehicle};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

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

/// Simulates designs, many at a time. Each thread has its own.
pub(super) struct Worker<'s> {
    sweep: &'s Sweep,
    stop: &'s AtomicBool,
    cars: Vec<Car>,
    point: Point,
    run_variables: [Option<usize>; RunKey::ALL.len()],
    /// For each cycle, whether an output is asked of it.
    cycles_wanted: Vec<bool>,
    worth: bool,
    /// For each cycle, whether an output compares with the optimum.
    regret_wanted: Vec<bool>,
}

/// A vehicle whose keys change, and its tables as they were last.
struct Car {
    variation: Variation,
    last: Option<(Vehicle, Plant)>,
}

/// A design that is ready to drive.
struct Ready {
    plant: Plant,
    rules: Rules,
    starts: Starts,
    fuel: Fuel,
    /// The cycle that an axis gives it.
    cycle: Option<usize>,
    step: usize,
    floored: Option<Floored>,
    control: Control,
    /// For each cycle, what planning gave, where something is planned.
    planned: Vec<Option<(Outcome, Option<Regret>)>>,
}

/// Runs of a design, a cycle each.
type Outcomes = Vec<Option<Outcome>>;

impl<'s> Worker<'s> {
    /// A worker of a sweep. Once `stop` is set, designs that are planned come to an end early
    /// and their rows say nothing.
    pub(super) fn new(sweep: &'s Sweep, stop: &'s AtomicBool) -> Self {
        let car = |variation: &Variation| Car {
            variation: variation.clone(),
            last: None,
        };
        let cycles = sweep.outputs.iter().filter_map(|output| output.cycle);
        let mut cycles_wanted = vec![false; cycles.clone().max().map_or(0, |last| last + 1)];
        for cycle in cycles {
            cycles_wanted[cycle] = true;
        }
        let mut regret_wanted = vec![false; cycles_wanted.len()];
        let against = |output: &&Output| output.source.needs_optimum();
        let against = sweep.outputs.iter().filter(against);
        for cycle in against.filter_map(|output| output.cycle) {
            regret_wanted[cycle] = true;
        }
        Self {
            sweep,
            stop,
            cars: sweep.cars.iter().map(car).collect(),
            point: Point::default(),
            run_variables: RunKey::ALL.map(|key| sweep.space.run_variable(key)),
            cycles_wanted,
            worth: sweep.outputs.iter().any(|it| it.source.needs_worth()),
            regret_wanted,
        }
    }

    /// The value of something that may vary over the run, or what it is without an axis.
    fn of_run(&self, key: RunKey) -> Option<f64> {
        let variable = self.run_variables[key as usize]?;
        Some(self.point.value(variable))
    }

    /// The rows of these designs, without those that a constraint drops. They are driven side
    /// by side; a row is the same whatever stands beside it.
    pub(super) fn rows(&mut self, designs: Range<u64>) -> Vec<(u64, Row)> {
        let variables = self.sweep.space.variables.len();
        let mut rows = Vec::new();
        let mut ready = Vec::new();
        for design in designs {
            if !self.sweep.space.fill(design, &mut self.point) {
                continue;
            }
            let values = (0..variables).map(|variable| self.point.value(variable));
            rows.push((design, values.collect::<Vec<f64>>()));
            ready.push(self.ready());
        }
        let outcomes = self.driven(&ready);
        let outputs = ready.iter().zip(outcomes).map(|(ready, outcomes)| {
            let ready = ready.as_ref().map_err(Clone::clone)?;
            self.outputs(ready, &outcomes)
        });
        let row = |((design, mut values), outputs): ((u64, Vec<f64>), Result<Vec<f64>, String>)| {
            let reason = match outputs {
                Ok(outputs) => {
                    values.extend(outputs);
                    None
                }
                Err(reason) => Some(reason),
            };
            values.resize(variables + self.sweep.outputs.len(), f64::NAN);
            (design, Row { values, reason })
        };
        rows.into_iter().zip(outputs).map(row).collect()
    }

    /// The design at the point, ready to drive, or why it cannot.
    fn ready(&mut self) -> Result<Ready, String> {
        let sweep = self.sweep;
        let vehicle_level = self
            .of_run(RunKey::Vehicle)
            .map_or(0, |level| level as usize);
        let cycle = self.of_run(RunKey::Cycle).map(|level| level as usize);
        let step = self.step();
        let soc = self.of_run(RunKey::Soc);
        let control = self
            .of_run(RunKey::Control)
            .map_or(0, |level| level as usize);
        let control = sweep.controls[control];
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
        let planned = |index: usize| {
            let regret = self.regret_wanted[index];
            let needed = regret || self.cycles_wanted[index] && control != Control::Rules;
            if !needed {
                return Ok(None);
            }
            let question = ControlQuestion {
                vehicle,
                plant,
                cycle: &sweep.cycles[cycle.unwrap_or(index)],
                repeat: sweep.repeat,
                step_s: sweep.steps_s[step],
                start,
                control,
            };
            let go_on = || !self.stop.load(Ordering::Relaxed);
            let answer = question.answer(regret, &go_on);
            answer
                .map(Some)
                .map_err(|error| format!("{}: {error}", question.cycle.name))
        };
        let planned = (0..self.cycles_wanted.len())
            .map(planned)
            .collect::<Result<_, String>>()?;
        Ok(Ready {
            plant: plant.clone(),
            starts: Starts::of(vehicle, start),
            fuel: vehicle.engine.fuel,
            rules,
            cycle,
            step,
            floored,
            control,
            planned,
        })
    }

    /// Drives all that is ready over all cycles that are wanted; a control that plans has
    /// driven already.
    fn driven(&self, ready: &[Result<Ready, String>]) -> Vec<Outcomes> {
        let mut outcomes: Vec<Outcomes> = ready
            .iter()
            .map(|_| self.cycles_wanted.iter().map(|_| None).collect())
            .collect();
        let mut places = Vec::new();
        let mut inquiries = Vec::new();
        for (place, ready) in ready.iter().enumerate() {
            let Ok(ready) = ready else { continue };
            if ready.control != Control::Rules {
                let planned = ready.planned.iter();
                outcomes[place] = planned
                    .map(|planned| planned.as_ref().map(|(outcome, _)| outcome.clone()))
                    .collect();
                continue;
            }
            for cycle in (0..self.cycles_wanted.len()).filter(|&cycle| self.cycles_wanted[cycle]) {
                let course = &self.sweep.courses[ready.cycle.unwrap_or(cycle)][ready.step];
                let (plant, rules) = (&ready.plant, &ready.rules);
                inquiries.push(Inquiry::new(plant, rules, course, ready.starts, self.worth));
                places.push((place, cycle));
            }
        }
        answer_all(&mut inquiries);
        for ((place, cycle), inquiry) in places.into_iter().zip(inquiries) {
            outcomes[place][cycle] = Some(inquiry.answer());
        }
        outcomes
    }

    /// The outputs of a design, or why there are none.
    fn outputs(&self, ready: &Ready, outcomes: &Outcomes) -> Result<Vec<f64>, String> {
        for outcome in outcomes.iter().flatten() {
            let residual = outcome.ledger.residual_relative();
            if residual.is_nan() || residual.abs() > LARGEST_RESIDUAL {
                return Err(format!(
                    "the energy does not balance (residual {residual:.1e})"
                ));
            }
        }
        let value = |output: &Output| match (output.cycle, &ready.floored) {
            (Some(cycle), _) if output.source.needs_optimum() => ready.planned[cycle]
                .as_ref()
                .and_then(|(_, regret)| regret.as_ref())
                .map_or(f64::NAN, |regret| output.source.of_regret(regret)),
            (Some(cycle), _) => outcomes[cycle]
                .as_ref()
                .map_or(f64::NAN, |it| output.source.of_run(&it.sums(&ready.fuel))),
            (None, Some(floored)) => output.source.of_car(floored),
            (None, None) => f64::NAN,
        };
        Ok(self.sweep.outputs.iter().map(value).collect())
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
