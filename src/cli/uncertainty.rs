//! `--uncertainty`: how far a figure moves with the estimates of the vehicle's file.

use super::failure::Failure;
use super::summary_table::{Align, table};
use crate::config::{self, VehicleFile};
use crate::study::{Factor, Spread, Values, spread};
use crate::vehicle::Vehicle;
use serde::Serialize;
use std::fmt::Write;

/// Runs where the option gives no number.
pub(super) const DEFAULT_RUNS: &str = "256";
const FEWEST: usize = 16;
const MOST: usize = 100_000;
/// Estimates named as those that move the figure most.
const NAMED: usize = 6;
/// Estimates that move together, under one name: those of one coast-down, and pairs of
/// which one has to stay below the other.
const TOGETHER: [(&str, &[&str]); 4] = [
    (
        "road load",
        &[
            "chassis.road_load.a_n",
            "chassis.road_load.b_n_per_mps",
            "chassis.road_load.c_n_per_mps2",
        ],
    ),
    (
        "coolant when warm",
        &["engine.warm_c", "thermal.warm_c", "thermal.thermostat_c"],
    ),
    (
        "low-SOC charging",
        &["control.low_soc_start", "control.low_soc_stop"],
    ),
    ("engine speeds", &["engine.firing_rpm", "engine.idle_rpm"]),
];

/// The spread of one figure.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Band {
    /// Vehicle.
    pub(super) vehicle: String,
    /// Cycle or procedure.
    pub(super) test: String,
    /// Runs that gave a figure.
    pub(super) runs: usize,
    /// Runs whose estimates did not fit each other.
    pub(super) refused: usize,
    /// Mean consumption.
    pub(super) mean_l_per_100km: f64,
    /// Its standard deviation.
    pub(super) deviation_l_per_100km: f64,
    /// Lower end of the 95 % band.
    pub(super) low_l_per_100km: f64,
    /// Upper end.
    pub(super) high_l_per_100km: f64,
    /// What moves it most: standardised regression coefficients.
    pub(super) drivers: Vec<Driver>,
}

/// An estimate and how much it moves the figure.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Driver {
    /// Key, or `road load` for its three coefficients.
    pub(super) key: String,
    /// Standard deviations of the figure per standard deviation of the estimate.
    pub(super) coefficient: f64,
    /// Its standard error; none where there are not more runs than estimates.
    pub(super) standard_error: Option<f64>,
    /// Whether it moves the figure more than chance would.
    #[serde(skip)]
    tells: bool,
}

/// Parser of the number of runs.
pub(super) fn runs(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(number) if (FEWEST..=MOST).contains(&number) => Ok(number),
        Ok(_) => Err(format!("allowed: {FEWEST} to {MOST}")),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

/// What may move: every estimate of the file that was not set by hand.
fn factors(file: &VehicleFile, sets: &[String]) -> Vec<Factor> {
    let set = |key: &str| {
        let mut names = sets.iter().filter_map(|it| it.split_once('='));
        names.any(|(name, _)| name.trim() == key)
    };
    let mut factors: Vec<Factor> = Vec::new();
    for (key, _, range) in file.estimates().filter(|(key, ..)| !set(key)) {
        let group = TOGETHER.iter().find(|(_, keys)| keys.contains(&key));
        let name = group.map_or(key, |(name, _)| name);
        let moved = (key.to_owned(), range);
        match factors.iter_mut().find(|it| it.name == name) {
            Some(factor) => factor.keys.push(moved),
            None => factors.push(Factor {
                name: name.to_owned(),
                keys: vec![moved],
            }),
        }
    }
    factors
}

/// The spread of a consumption in L/100 km over the estimates of a car. The consumption is
/// asked of several cars at a time.
pub(super) fn band(
    (name, test): (&str, &str),
    sets: &[String],
    runs: usize,
    l_per_100km: impl Fn(&[Vehicle]) -> Vec<Option<f64>> + Sync,
) -> Result<Band, Failure> {
    let file = config::load(name, sets)?;
    let factors = factors(&file, sets);
    let car = |values: &Values<'_>| {
        let mut sets = sets.to_vec();
        sets.extend(values.iter().map(|(key, value)| format!("{key}={value:?}")));
        Some(config::load(name, &sets).ok()?.vehicle().clone())
    };
    let found = spread(&factors, runs, |values| {
        let cars: Vec<Option<Vehicle>> = values.iter().map(car).collect();
        let fit: Vec<bool> = cars.iter().map(Option::is_some).collect();
        let cars: Vec<Vehicle> = cars.into_iter().flatten().collect();
        let mut figures = l_per_100km(&cars).into_iter();
        fit.into_iter()
            .map(|fits| if fits { figures.next().flatten() } else { None })
            .collect()
    });
    let Some(found) = found else {
        return Err(Failure::failed(format!(
            "no estimates of `{name}` inside their ranges gave a consumption on `{test}`"
        )));
    };
    Ok(Band::new(&file.vehicle().name, test, found))
}

impl Band {
    fn new(vehicle: &str, test: &str, found: Spread) -> Self {
        let drivers = found.drivers.into_iter();
        Self {
            vehicle: vehicle.to_owned(),
            test: test.to_owned(),
            runs: found.runs,
            refused: found.refused,
            mean_l_per_100km: found.mean,
            deviation_l_per_100km: found.deviation,
            low_l_per_100km: found.low,
            high_l_per_100km: found.high,
            drivers: drivers
                .map(|it| Driver {
                    tells: it.tells(),
                    coefficient: it.coefficient,
                    standard_error: Some(it.standard_error).filter(|error| error.is_finite()),
                    key: it.name,
                })
                .collect(),
        }
    }
}

/// The bands for people.
pub(super) fn text(bands: &[Band]) -> String {
    let rows = bands.iter().map(|it| {
        vec![
            it.vehicle.clone(),
            it.test.clone(),
            format!("{:.2}", it.mean_l_per_100km),
            format!("{:.2} to {:.2}", it.low_l_per_100km, it.high_l_per_100km),
            format!(
                "{:.1}",
                100.0 * it.deviation_l_per_100km / it.mean_l_per_100km
            ),
            it.runs.to_string(),
            it.refused.to_string(),
        ]
    });
    let table = table(
        &[
            ("vehicle", Align::Left),
            ("test", Align::Left),
            ("mean L/100km", Align::Right),
            ("95 % band", Align::Right),
            ("σ %", Align::Right),
            ("runs", Align::Right),
            ("refused", Align::Right),
        ],
        rows.collect(),
    );
    let mut text = format!(
        "\nevery estimate of the vehicle's file anywhere in its range, by itself; those of one \
         coast-down together\n{table}moved most by (standard deviations per standard deviation):\n"
    );
    for it in bands {
        let told = it.drivers.iter().filter(|driver| driver.tells);
        let drivers: Vec<String> = told
            .take(NAMED)
            .map(|driver| format!("{} {:+.2}", driver.key, driver.coefficient))
            .collect();
        let said = if drivers.is_empty() {
            format!(
                "{} runs are too few to tell which of {} estimates",
                it.runs,
                it.drivers.len()
            )
        } else {
            drivers.join(", ")
        };
        let _ = writeln!(text, " {} {}: {said}", it.vehicle, it.test);
    }
    text
}
