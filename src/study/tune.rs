//! The best parameters of the rules over a set of cycles.
//!
//! What is minimised is the mean over the cycles of
//!
//! ```text
//! consumption of the design / consumption of the car as it is
//! ```
//!
//! both at zero net battery energy, warm, so that a long cycle counts as much as a short one.
//! A design that does not keep its charge or follows a cycle less well than the car as it is
//! does not count: fuel is not to be saved by falling behind.

use super::best::BestQuestion;
use super::evolution;
use super::single::{Course, Inquiry, Outcome, StartWith, Starts, answer_all};
use crate::control::Rules;
use crate::cycle::{Cycle, Start};
use crate::optimum::{Dwell, Grid};
use crate::results::Balance;
use crate::vehicle::{Plant, Vehicle};
use rayon::prelude::*;
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};

/// Parts of its range that a parameter is rounded to at least: figures that fit in a file.
const PARTS: f64 = 1000.0;
/// Share of its range within which a value stands at an end.
const AT_END: f64 = 0.005;
/// Cars that a thread drives over a cycle at a time.
const SIDE_BY_SIDE: usize = 16;
/// How much less well a design may follow, km/h and s outside ±2 km/h.
const HAIR: (f64, f64) = (0.1, 1e-9);
/// Residual of the energy balance, relative, above which a run is no result.
const LARGEST_RESIDUAL: f64 = 1e-9;

/// A parameter that moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Key of the vehicle file.
    pub key: String,
    /// Its value in the car as it is.
    pub from: f64,
    /// Range it moves in, whether or not it begins inside.
    pub range: (f64, f64),
}

impl Parameter {
    /// The value at a place of the range, 0 to 1, rounded to a thousandth of it or better.
    fn at(&self, place: f64) -> f64 {
        let (low, high) = self.range;
        let (mut digits, mut unit) = (0, 1.0);
        while unit > (high - low) / PARTS {
            digits += 1;
            unit /= 10.0;
        }
        let value = low + place * (high - low);
        // Through text: 9.53, not 9.530000000000001.
        let rounded = format!("{value:.digits$}").parse().unwrap_or(value);
        rounded.clamp(low, high)
    }

    fn place(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// Whether a value stands at an end of the range: the best may lie beyond.
    pub fn at_end(&self, value: f64) -> bool {
        let place = self.place(value);
        !(AT_END..=1.0 - AT_END).contains(&place)
    }
}

/// What a car does on a cycle, as far as tuning is concerned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Consumption at zero net battery energy, L/100 km.
    pub l_per_100km: f64,
    /// Starts of the engine.
    pub engine_starts: usize,
    /// Largest miss of the target speed, km/h.
    pub miss_max_kmh: f64,
    /// Time outside ±2 km/h, s.
    pub miss_s: f64,
    /// How the start was found.
    pub balance: Balance,
    /// Whether the energy balances.
    closes: bool,
}

impl Figures {
    fn of(outcome: &Outcome, vehicle: &Vehicle) -> Self {
        let totals = &outcome.totals;
        Self {
            l_per_100km: outcome.corrected_l_per_100km(&vehicle.engine.fuel),
            engine_starts: totals.starts.len(),
            miss_max_kmh: totals.miss_max_kmh(),
            miss_s: totals.miss_s,
            balance: outcome.balance,
            closes: outcome.ledger.residual_relative().abs() <= LARGEST_RESIDUAL,
        }
    }

    /// Whether there is a consumption at equal charge.
    pub fn keeps_charge(&self) -> bool {
        matches!(self.balance, Balance::Balanced | Balance::Interpolated)
            && self.closes
            && self.l_per_100km.is_finite()
            && self.l_per_100km > 0.0
    }

    /// Whether the cycle is followed as well as by another car, but for a hair.
    pub fn follows_like(&self, other: &Self) -> bool {
        self.miss_max_kmh <= other.miss_max_kmh + HAIR.0 && self.miss_s <= other.miss_s + HAIR.1
    }

    /// Consumption over that of the car as it is; infinite where the design does not count.
    fn ratio(&self, before: &Self) -> f64 {
        if self.keeps_charge() && self.follows_like(before) {
            self.l_per_100km / before.l_per_100km
        } else {
            f64::INFINITY
        }
    }
}

/// Fuel of the rules above the optimum of the car as it is, at equal charge, relative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TunedRegret {
    /// Of the car as it is.
    pub before: f64,
    /// Of the tuned one.
    pub after: f64,
}

/// Why there is nothing to tune on a cycle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TuneError {
    /// A scenario has a start of its own.
    #[error("`{cycle}` is a scenario: it does not end with the charge it begins with")]
    Scenario {
        /// Name of the cycle.
        cycle: String,
    },
    /// The car as it is has no consumption at equal charge.
    #[error(
        "`{vehicle}` does not keep its charge on `{cycle}`: there is no consumption to compare with"
    )]
    NoBalance {
        /// Name of the car.
        vehicle: String,
        /// Name of the cycle.
        cycle: String,
    },
}

/// Cycles made ready to compare cars on, and what the car as it is does on them.
pub struct Bench<'a> {
    vehicle: &'a Vehicle,
    plant: &'a Plant,
    cycles: &'a [Cycle],
    step_s: f64,
    courses: Vec<Course>,
    before: Vec<Figures>,
}

impl<'a> Bench<'a> {
    /// Cuts the cycles into steps and drives the car as it is over them.
    pub fn new(vehicle: &'a Vehicle, plant: &'a Plant, cycles: &'a [Cycle], step_s: f64) -> Self {
        let course = |cycle| Course::new(cycle, None, step_s, StartWith::Balanced);
        let mut bench = Self {
            vehicle,
            plant,
            cycles,
            step_s,
            courses: cycles.iter().map(course).collect(),
            before: Vec::new(),
        };
        bench.before = bench.drive(slice::from_ref(vehicle)).remove(0);
        bench
    }

    /// Whether designs can be compared on every cycle.
    fn check(&self) -> Result<(), TuneError> {
        let cycle = |it: &Cycle| it.name.clone();
        if let Some(it) = self.cycles.iter().find(|it| it.start != Start::Balanced) {
            return Err(TuneError::Scenario { cycle: cycle(it) });
        }
        let mut pairs = self.cycles.iter().zip(&self.before);
        match pairs.find(|(_, before)| !before.keeps_charge()) {
            Some((it, _)) => Err(TuneError::NoBalance {
                vehicle: self.vehicle.name.clone(),
                cycle: cycle(it),
            }),
            None => Ok(()),
        }
    }

    /// What the car as it is does, a cycle each.
    pub fn before(&self) -> &[Figures] {
        &self.before
    }

    /// What each car does, a cycle each. Cars side by side, cycles on all threads.
    pub fn drive(&self, cars: &[Vehicle]) -> Vec<Vec<Figures>> {
        let ready: Vec<(Plant, Rules, Starts)> = cars
            .iter()
            .map(|car| {
                let plant = self.plant.like(self.vehicle, car);
                (plant, Rules::of(car), Starts::of(car, StartWith::Balanced))
            })
            .collect();
        let courses = self.courses.par_iter();
        let of_courses: Vec<Vec<Figures>> = courses
            .map(|course| {
                let chunks = ready
                    .par_chunks(SIDE_BY_SIDE)
                    .zip(cars.par_chunks(SIDE_BY_SIDE));
                let of_chunks = chunks.flat_map_iter(|(ready, cars)| {
                    let mut inquiries: Vec<_> = ready
                        .iter()
                        .map(|(plant, rules, starts)| {
                            Inquiry::new(plant, rules, course, *starts, true)
                        })
                        .collect();
                    answer_all(&mut inquiries);
                    let answers = inquiries.into_iter().map(Inquiry::answer);
                    let pairs = answers.zip(cars).map(|(it, car)| Figures::of(&it, car));
                    pairs.collect::<Vec<_>>()
                });
                of_chunks.collect()
            })
            .collect();
        let of_car = |car: usize| of_courses.iter().map(|of_cars| of_cars[car]).collect();
        (0..cars.len()).map(of_car).collect()
    }

    /// How far the rules are from the optimum of each cycle, before and after; none where there
    /// is no optimum, and once `stop` is raised. `nodes` as in [`BestQuestion`].
    pub fn regrets(
        &self,
        tuned: &Vehicle,
        nodes: usize,
        stop: &AtomicBool,
    ) -> Vec<Option<TunedRegret>> {
        let of_cycle = |cycle: &Cycle| {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let best = BestQuestion {
                vehicle: self.vehicle,
                plant: self.plant,
                cycle,
                repeat: None,
                step_s: self.step_s,
                start: StartWith::Balanced,
                end_soc: None,
                dwell: Dwell::of(&self.vehicle.strategy),
                grid: Grid::default(),
                nodes,
            }
            .prepare();
            let of_rules = [self.vehicle, tuned].map(|car| best.with_rules(&Rules::of(car)));
            let optimum = best
                .optimum(&|_, _| !stop.load(Ordering::Relaxed), None)
                .ok()?
                .outcome;
            let fuel = &self.vehicle.engine.fuel;
            let least = optimum.corrected_l_per_100km(fuel);
            let [before, after] = of_rules.map(|it| it.corrected_l_per_100km(fuel) / least - 1.0);
            Some(TunedRegret { before, after })
        };
        self.cycles.par_iter().map(of_cycle).collect()
    }

    /// Mean ratio of a car's consumption to that of the car as it is.
    fn cost(&self, figures: &[Figures]) -> f64 {
        let ratios = figures.iter().zip(&self.before);
        let sum: f64 = ratios.map(|(after, before)| after.ratio(before)).sum();
        sum / figures.len() as f64
    }
}

/// What a search is given, beside cars and cycles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Seed of what is drawn.
    pub seed: u64,
    /// Designs tried at most.
    pub runs: usize,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// Values of the parameters, in their order: those of the car as it is where none are
    /// better.
    pub values: Vec<f64>,
    /// Mean ratio of the consumptions to those of the car as it is, 1 where none are better.
    pub ratio: f64,
    /// Designs that were tried.
    pub tried: usize,
    /// Those of them that make no car, lose their charge or fall behind.
    pub refused: usize,
    /// Stopped before the end.
    pub stopped: bool,
}

/// Looks for the values with the least mean consumption on the bench. `car` gives the car with
/// some values, and none where they do not fit each other; `told` hears of designs that were
/// tried; `stop` ends the search with the best so far.
///
/// # Errors
/// The first cycle that nothing can be compared on.
pub fn tune(
    bench: &Bench<'_>,
    parameters: &[Parameter],
    effort: Effort,
    mut car: impl FnMut(&[f64]) -> Option<Vehicle>,
    told: impl Fn(usize),
    stop: &AtomicBool,
) -> Result<Tuning, TuneError> {
    bench.check()?;
    let values = |places: &[f64]| -> Vec<f64> {
        let placed = parameters.iter().zip(places);
        placed.map(|(it, &place)| it.at(place)).collect()
    };
    let start: Vec<f64> = parameters.iter().map(|it| it.place(it.from)).collect();
    let (mut tried, mut refused, mut stopped) = (0, 0, false);
    let (place, ratio) = evolution::least(&start, effort.runs, effort.seed, |places| {
        if stop.load(Ordering::Relaxed) {
            stopped = true;
            return None;
        }
        let built: Vec<Option<Vehicle>> = places.iter().map(|it| car(&values(it))).collect();
        let fit: Vec<bool> = built.iter().map(Option::is_some).collect();
        let cars: Vec<Vehicle> = built.into_iter().flatten().collect();
        let mut driven = bench.drive(&cars).into_iter();
        let cost = |fits: bool| {
            let figures = if fits { driven.next() } else { None };
            figures.map_or(f64::INFINITY, |it| bench.cost(&it))
        };
        let costs: Vec<f64> = fit.into_iter().map(cost).collect();
        tried += costs.len();
        refused += costs.iter().filter(|it| !it.is_finite()).count();
        told(costs.len());
        Some(costs)
    });
    let better = ratio < 1.0;
    Ok(Tuning {
        values: if better {
            values(&place)
        } else {
            parameters.iter().map(|it| it.from).collect()
        },
        ratio: if better { ratio } else { 1.0 },
        tried,
        refused,
        stopped,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_lie_in_the_range_and_reach_its_ends() {
        let parameter = |range| Parameter {
            key: "key".into(),
            from: 1.0,
            range,
        };
        let wide = parameter((3.0, 22.0));
        for (range, place, value) in [
            ((3.0, 22.0), 0.0, "3"),
            ((3.0, 22.0), 0.123_456, "5.35"),
            ((3.0, 22.0), 1.0, "22"),
            ((0.05, 0.151), 0.5, "0.1005"),
            ((0.0, 1000.0), 0.123_456, "123"),
            // An end with more digits than the values between is still the end.
            ((0.123_456, 50.0), 0.0, "0.123456"),
        ] {
            assert_eq!(parameter(range).at(place).to_string(), value);
        }
        assert!(wide.at_end(22.0) && wide.at_end(30.0) && wide.at_end(3.05));
        assert!(!wide.at_end(4.0));
    }
}
