//! What `thsim optimum --out` writes: all controllers beside the best possible one.

use super::folder::Problem;
use crate::results::ReadError;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A controller over the seconds of a cycle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Course {
    /// Its name.
    pub control: String,
    /// State of charge, 0 to 1.
    pub soc: Vec<f64>,
    /// Fuel burnt so far, g.
    pub fuel_g: Vec<f64>,
    /// Loss so far in percent of the optimum's fuel; NaN where it is not known.
    pub regret_percent: Vec<f64>,
}

/// A comparison with the optimum.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    /// `optimum.json`.
    pub told: Value,
    /// Times, s.
    pub time_s: Vec<f64>,
    /// Road speed of the optimum, km/h.
    pub speed_kmh: Vec<f64>,
    /// Lowest and highest state of charge of little more than the least cost.
    pub band: [Vec<f64>; 2],
    /// The controllers, in the order of `optimum.json`.
    pub courses: Vec<Course>,
}

impl Optimum {
    /// A text of `optimum.json`.
    pub(super) fn word(&self, key: &str) -> &str {
        self.told[key].as_str().unwrap_or_default()
    }

    /// Car and cycle.
    pub(super) fn name(&self) -> String {
        let first = &self.told["controls"][0];
        let of = |key: &str| first[key].as_str().unwrap_or_default().to_owned();
        format!("{} · {}", of("vehicle"), of("cycle"))
    }
}

/// Reads `optimum.json` and `trajectories.csv`.
pub(super) fn read(folder: &Path) -> Result<Optimum, Problem> {
    let wrong = |name: &str, reason: String| Problem::Table {
        path: folder.join(name),
        reason,
    };
    let text = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path)
            .map_err(|reason| Problem::Read(ReadError::Missing { path, reason }))
    };
    let told: Value = serde_json::from_str(&text("optimum.json")?)
        .map_err(|error| wrong("optimum.json", error.to_string()))?;
    let controls: Vec<String> = told["controls"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["control"].as_str().map(str::to_owned))
        .collect();
    if controls.is_empty() {
        return Err(wrong("optimum.json", "it names no controller".to_owned()));
    }
    if !folder.join("trajectories.csv").is_file() {
        return Err(Problem::Missing {
            path: folder.join("trajectories.csv"),
            what: "without it there is nothing to show over time",
        });
    }
    let columns =
        table(&text("trajectories.csv")?).map_err(|reason| wrong("trajectories.csv", reason))?;
    let column = |name: &str| {
        columns
            .get(name)
            .cloned()
            .ok_or_else(|| wrong("trajectories.csv", format!("column `{name}` is missing")))
    };
    let mut courses = Vec::new();
    for control in controls {
        courses.push(Course {
            soc: column(&format!("{control}_soc"))?,
            fuel_g: column(&format!("{control}_fuel_g"))?,
            regret_percent: column(&format!("{control}_regret_percent"))?,
            control,
        });
    }
    Ok(Optimum {
        time_s: column("time_s")?,
        speed_kmh: column("speed_kmh")?,
        band: [column("cost_band_low_soc")?, column("cost_band_high_soc")?],
        courses,
        told,
    })
}

/// Columns of numbers by their names; an empty cell is no number.
fn table(text: &str) -> Result<BTreeMap<String, Vec<f64>>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); header.len()];
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        for (column, cell) in columns.iter_mut().zip(&record) {
            column.push(match cell {
                "" => f64::NAN,
                cell => cell
                    .parse()
                    .map_err(|_| format!("`{cell}` is not a number"))?,
            });
        }
    }
    if columns.first().is_none_or(|column| column.len() < 2) {
        return Err("it has no rows".to_owned());
    }
    Ok(header.iter().map(str::to_owned).zip(columns).collect())
}
