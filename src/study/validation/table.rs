//! The table of measured results.

use crate::units::mpg_us_from_l_per_100km;
use serde::Deserialize;

const TABLE: &str = include_str!("../../../configs/validation/measured.csv");

/// What is known of the road load that a result was measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoadLoadKnown {
    /// The coefficients of the test are published.
    Published,
    /// They are not: one scale per car is fitted, and the row implies it.
    Scaled,
    /// It does not matter.
    None,
}

/// What a row is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Calibration sees it.
    Fit,
    /// Calibration does not see it; the budget counts it.
    Check,
    /// Shown, and outside the budget.
    Report,
}

/// A measured result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Row {
    /// Shipped vehicle.
    pub vehicle: String,
    /// Powertrain that it shares with others of the table.
    pub set: String,
    /// What is driven.
    pub test: String,
    /// What is compared.
    pub quantity: String,
    /// Lowest figure known.
    pub low: f64,
    /// Highest figure known.
    pub high: f64,
    /// Unit of both.
    pub unit: String,
    /// What is known of its road load.
    pub road_load: RoadLoadKnown,
    /// What the row is used for.
    #[serde(rename = "use")]
    pub used: Use,
    /// Deviation that the row itself is held to, percent.
    pub tolerance_percent: f64,
    /// Who measured it.
    pub source: String,
    /// Why it is reported, or what to know.
    pub note: String,
}

impl Row {
    /// The car, and what it is put through.
    pub fn car_and_test(&self) -> (&str, &str) {
        (&self.vehicle, &self.test)
    }

    /// Middle of the measured band.
    pub fn middle(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    /// Half the measured band, percent.
    pub fn band_percent(&self) -> f64 {
        50.0 * (self.high - self.low) / self.middle()
    }

    /// A consumption in L/100 km in the row's unit; the other way round it is the same sum,
    /// for distance by volume is the reciprocal. None where the unit is none of consumption.
    pub fn consumption(&self, figure: f64) -> Option<f64> {
        match self.unit.as_str() {
            "mpg" => Some(mpg_us_from_l_per_100km(figure)),
            "km/L" => Some(100.0 / figure),
            "L/100km" => Some(figure),
            _ => None,
        }
    }

    /// Deviation of a simulated figure from the middle, percent.
    pub fn error_percent(&self, simulated: f64) -> f64 {
        100.0 * (simulated / self.middle() - 1.0)
    }
}

/// All rows, in the order of the file.
///
/// # Errors
/// Where the embedded file is not the table it should be.
pub fn rows() -> Result<Vec<Row>, csv::Error> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(TABLE.as_bytes())
        .deserialize()
        .collect()
}
