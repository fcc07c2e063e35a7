//! What the tests share: cars by name and settings, cycles by points, questions asked.
#![allow(dead_code, reason = "each test file uses its own part")]

use thsim::config;
use thsim::control::Rules;
use thsim::cycle::{self, Cycle, Start};
use thsim::ledger::Paths;
use thsim::results::{Context, Provenance, Summary};
use thsim::study::{Outcome, Question, StartWith};
use thsim::units::mps_from_kmh;
use thsim::vehicle::{Plant, Vehicle};

/// The default step, s.
pub(crate) const STEP_S: f64 = 0.1;

/// A car ready to drive.
pub(crate) struct Car {
    pub(crate) vehicle: Vehicle,
    pub(crate) plant: Plant,
    pub(crate) rules: Rules,
}

impl Car {
    /// The car, or why its file is wrong.
    pub(crate) fn try_load(name: &str, sets: &[String]) -> Result<Self, config::ConfigError> {
        let vehicle = config::load(name, sets)?.vehicle().clone();
        Ok(Self {
            plant: Plant::new(&vehicle),
            rules: Rules::of(&vehicle),
            vehicle,
        })
    }

    /// A shipped car with settings `key=value`.
    #[track_caller]
    pub(crate) fn with(name: &str, sets: &[&str]) -> Self {
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        Self::try_load(name, &sets).unwrap_or_else(|error| panic!("{:?}", error.issues()))
    }

    /// A shipped car.
    pub(crate) fn shipped(name: &str) -> Self {
        Self::with(name, &[])
    }

    /// Drives a cycle once, or until a charge balance is meaningful.
    pub(crate) fn answer(&self, cycle: &Cycle, step_s: f64, start: StartWith) -> Outcome {
        self.question(cycle, step_s, start).answer()
    }

    /// The question of one cycle.
    pub(crate) fn question<'a>(
        &'a self,
        cycle: &'a Cycle,
        step_s: f64,
        start: StartWith,
    ) -> Question<'a, Rules> {
        Question {
            vehicle: &self.vehicle,
            plant: &self.plant,
            controller: &self.rules,
            cycle,
            repeat: None,
            step_s,
            start,
        }
    }

    /// The summary of an answer.
    pub(crate) fn summary(&self, outcome: &Outcome) -> Summary {
        let provenance = Provenance {
            command: String::new(),
            input_hash: String::new(),
        };
        Summary::new(
            &Context {
                vehicle: &self.vehicle.name,
                cycle: "",
                control: "rules",
                repeat: outcome.repeat,
                step_s: STEP_S,
                fuel: &self.vehicle.engine.fuel,
                balance: outcome.balance,
                fuel_j_per_battery_j: outcome.fuel_j_per_battery_j,
                provenance: &provenance,
            },
            &outcome.totals,
            &outcome.ledger,
            &Paths::default(),
        )
    }

    /// Charge-corrected consumption of a shipped cycle, L/100 km.
    pub(crate) fn corrected(&self, cycle_name: &str, step_s: f64, start: StartWith) -> f64 {
        let outcome = self.answer(&shipped_cycle(cycle_name), step_s, start);
        self.summary(&outcome).fuel_corrected_l_per_100km
    }
}

/// A shipped cycle.
pub(crate) fn shipped_cycle(name: &str) -> Cycle {
    cycle::find(name).expect("a shipped cycle")
}

/// A cycle of straight lines through points of time in s, speed in km/h and grade.
pub(crate) fn cycle_of(points: &[(f64, f64, f64)]) -> Cycle {
    Cycle {
        name: "points".into(),
        title: "points".into(),
        source: "test".into(),
        phases: Vec::new(),
        time_s: points.iter().map(|point| point.0).collect(),
        speed_mps: points.iter().map(|point| mps_from_kmh(point.1)).collect(),
        grade: points.iter().map(|point| point.2).collect(),
        aux_w: vec![0.0; points.len()],
        start: Start::Balanced,
    }
}

/// Whether `found` is within a share of `expected`.
pub(crate) fn near(found: f64, expected: f64, share: f64) -> bool {
    (found - expected).abs() <= share * expected.abs()
}
