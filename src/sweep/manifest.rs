//! What a sweep's folder says of itself: enough to read its parts without the sweep file.

use super::Sweep;
use crate::results::{Column, Role, Sampling, Table, VERSION};
use crate::study::StartWith;
use serde::{Deserialize, Serialize};

/// The content of `sweep.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version that made it.
    pub thsim_version: String,
    /// Name of the sweep.
    pub name: String,
    /// What it asks.
    pub question: String,
    /// Hash of everything that moves a number in its results.
    pub hash: String,
    /// How the points were chosen.
    pub sampling: Sampling,
    /// Points of the design, those that constraints drop included.
    pub designs: u64,
    /// Designs of a part; the last one may have fewer.
    pub designs_per_part: u64,
    /// Columns of the results: variables, then outputs.
    pub columns: Vec<ColumnInfo>,
}

/// A column without its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Key, name or output.
    pub name: String,
    /// What it means.
    pub label: String,
    /// Unit; empty for pure numbers.
    pub unit: String,
    /// What it is to the sweep.
    pub role: Role,
    /// Texts that its values stand for; empty where they are numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
}

/// Steps of simulation in a part, at most: some seconds of one core, which is what an
/// interruption costs.
const STEPS_PER_PART: f64 = 2e7;
/// Parts of a small sweep, so that many threads and shards have something to do.
const PARTS: u64 = 64;
const MOST_DESIGNS_PER_PART: u64 = 16_384;
/// Files in one folder, at most.
const MOST_PARTS: u64 = 100_000;
/// Steps of a full-throttle test.
const FLOORED_STEPS: f64 = 1e4;
/// Runs that a search for a balanced start takes, and the worth of battery energy.
const SEARCH_RUNS: f64 = 4.0;
const WORTH_RUNS: f64 = 5.0;

/// What a control that plans takes, and the optimum, in runs.
const PLANNED_RUNS: f64 = 1000.0;
const OPTIMUM_RUNS: f64 = 10_000.0;

/// Steps that a design takes, roughly. Parts depend on it: it may ask nothing of a machine.
fn steps_per_design(sweep: &Sweep) -> f64 {
    let slowest = |courses: &Vec<crate::study::Course>| {
        let steps = courses.iter().map(crate::study::Course::steps);
        steps.max().unwrap_or(0) as f64
    };
    let once: f64 = sweep.courses.iter().map(slowest).sum();
    let searched = if sweep.start == StartWith::Balanced {
        SEARCH_RUNS
    } else {
        1.0
    };
    let worth = sweep.outputs.iter().any(|it| it.source.needs_worth());
    let runs = if worth {
        searched + WORTH_RUNS
    } else {
        searched
    };
    let runs = match (sweep.needs_optimum(), sweep.plans()) {
        (true, _) => runs + OPTIMUM_RUNS,
        (false, true) => runs + PLANNED_RUNS,
        (false, false) => runs,
    };
    let floored = sweep.outputs.iter().any(|it| it.source.is_of_the_car());
    once * runs + if floored { FLOORED_STEPS } else { 0.0 }
}

impl Manifest {
    /// What a sweep's folder says.
    pub fn of(sweep: &Sweep) -> Self {
        let by_cost = (STEPS_PER_PART / steps_per_design(sweep)).clamp(1.0, 1e9) as u64;
        let by_count = sweep.count.div_ceil(PARTS).clamp(1, MOST_DESIGNS_PER_PART);
        let designs_per_part = by_cost.min(by_count).max(sweep.count.div_ceil(MOST_PARTS));
        let variables = sweep.space.variables.iter().map(|variable| ColumnInfo {
            name: variable.name.clone(),
            label: variable.label.clone(),
            unit: variable.unit.clone(),
            role: variable.role,
            levels: variable
                .levels
                .iter()
                .map(|level| level.text.clone())
                .collect(),
        });
        let outputs = sweep.outputs.iter().map(|output| ColumnInfo {
            name: output.name.clone(),
            label: output.label.clone(),
            unit: output.unit.clone(),
            role: Role::Output,
            levels: Vec::new(),
        });
        Self {
            thsim_version: VERSION.to_owned(),
            name: sweep.name.clone(),
            question: sweep.question.clone(),
            hash: sweep.hash.clone(),
            sampling: sweep.space.design.sampling,
            designs: sweep.count,
            designs_per_part,
            columns: variables.chain(outputs).collect(),
        }
    }

    /// How many parts there are.
    pub fn parts(&self) -> u64 {
        self.designs.div_ceil(self.designs_per_part)
    }

    /// Designs of a part.
    pub fn designs_of(&self, part: u64) -> std::ops::Range<u64> {
        let start = part * self.designs_per_part;
        start..(start + self.designs_per_part).min(self.designs)
    }

    /// An empty table with its columns.
    pub fn table(&self) -> Table {
        let column = |info: &ColumnInfo| Column {
            name: info.name.clone(),
            label: info.label.clone(),
            unit: info.unit.clone(),
            role: info.role,
            levels: info.levels.clone(),
            values: Vec::new(),
        };
        Table {
            name: self.name.clone(),
            question: self.question.clone(),
            sampling: self.sampling,
            designs: Vec::new(),
            columns: self.columns.iter().map(column).collect(),
        }
    }
}
