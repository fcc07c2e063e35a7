//! The window sticker of the US: derived 5-cycle values from city and highway test.

use super::Certificate;
use super::charge_rules::{Correction, Rule};
use crate::units::mpg_us_from_l_per_100km;
use serde::Serialize;

/// Share of the city in combined figures.
const CITY: f64 = 0.55;
/// Share of the highway.
const HIGHWAY: f64 = 0.45;

/// Coefficients of the derived 5-cycle method: `1/(intercept + slope/FE)`, in mpg.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Coefficients {
    city: (f64, f64),
    highway: (f64, f64),
}

/// 40 CFR 600.210-08, model years 2008 to 2016.
const YEAR_2008: Coefficients = Coefficients {
    city: (0.003_259, 1.1805),
    highway: (0.001_376, 1.3466),
};
/// EPA CD-15-15, from model year 2017.
const YEAR_2017: Coefficients = Coefficients {
    city: (0.004_091, 1.1601),
    highway: (0.003_191, 1.2945),
};

/// A label, mpg.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Label {
    /// City.
    pub city_mpg: f64,
    /// Highway.
    pub highway_mpg: f64,
    /// Combined.
    pub combined_mpg: f64,
}

/// A label as it is printed, mpg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rounded {
    /// City.
    pub city: i64,
    /// Highway.
    pub highway: i64,
    /// Combined, rounded from what was not rounded before.
    pub combined: i64,
}

impl Label {
    /// As it is printed.
    pub fn rounded(&self) -> Rounded {
        Rounded {
            city: self.city_mpg.round() as i64,
            highway: self.highway_mpg.round() as i64,
            combined: self.combined_mpg.round() as i64,
        }
    }
}

/// The labels by the coefficients of two periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Labels {
    /// Model years 2008 to 2016.
    #[serde(rename = "2008")]
    pub year_2008: Label,
    /// From model year 2017.
    #[serde(rename = "2017")]
    pub year_2017: Label,
    /// City and highway test combined without adjustment, mpg.
    pub unadjusted_combined_mpg: f64,
}

/// City and highway figures as one, mpg.
pub fn combined_mpg(city_mpg: f64, highway_mpg: f64) -> f64 {
    1.0 / (CITY / city_mpg + HIGHWAY / highway_mpg)
}

fn label(with: &Coefficients, ftp_mpg: f64, hwfet_mpg: f64) -> Label {
    let derived = |(intercept, slope): (f64, f64), mpg: f64| 1.0 / (intercept + slope / mpg);
    let city_mpg = derived(with.city, ftp_mpg);
    let highway_mpg = derived(with.highway, hwfet_mpg);
    Label {
        city_mpg,
        highway_mpg,
        combined_mpg: combined_mpg(city_mpg, highway_mpg),
    }
}

/// The labels of a car with these test results.
pub fn labels(ftp_mpg: f64, hwfet_mpg: f64) -> Labels {
    Labels {
        year_2008: label(&YEAR_2008, ftp_mpg, hwfet_mpg),
        year_2017: label(&YEAR_2017, ftp_mpg, hwfet_mpg),
        unadjusted_combined_mpg: combined_mpg(ftp_mpg, hwfet_mpg),
    }
}

/// What goes on the window of a car with these two certificates. The main figure is the
/// combined one of 2008: the shipped cars are of the model years 2008 to 2016, or older,
/// whose stickers EPA restated with the coefficients of 2008.
#[derive(Debug, Clone, PartialEq)]
pub struct Sticker {
    /// From the official results of both tests.
    pub labels: Labels,
    /// Consumption that the main figure stands for.
    pub fuel_l_per_100km: f64,
    /// The same from the tests as measured.
    pub measured_l_per_100km: f64,
    /// The same from both tests at zero net battery energy.
    pub balanced_l_per_100km: f64,
    /// The same by every rule; a test that fails its rule fails the sticker.
    pub corrections: Vec<(Rule, Correction)>,
}

/// The sticker from city and highway test.
pub fn sticker(ftp: &Certificate, hwfet: &Certificate) -> Sticker {
    let both = |ftp_l_per_100km: f64, hwfet_l_per_100km: f64| {
        labels(
            mpg_us_from_l_per_100km(ftp_l_per_100km),
            mpg_us_from_l_per_100km(hwfet_l_per_100km),
        )
    };
    // Miles per gallon and litres a 100 km are each other's reciprocal.
    let main = |labels: Labels| mpg_us_from_l_per_100km(labels.year_2008.combined_mpg);
    let corrections = ftp.corrections.iter().zip(&hwfet.corrections);
    let corrections = corrections.map(|((rule, city), (_, highway))| {
        let worse = if city.criterion_percent.abs() > highway.criterion_percent.abs() {
            city
        } else {
            highway
        };
        let correction = Correction {
            own_rule: city.own_rule,
            applied: city.applied || highway.applied,
            verdict: city.verdict.max(highway.verdict),
            criterion_percent: worse.criterion_percent,
            limit_percent: worse.limit_percent,
            factor: None,
            factor_unit: "",
            corrected_l_per_100km: main(both(
                city.corrected_l_per_100km,
                highway.corrected_l_per_100km,
            )),
            fuel_l_per_100km: main(both(city.fuel_l_per_100km, highway.fuel_l_per_100km)),
        };
        (*rule, correction)
    });
    let labels = both(ftp.fuel_l_per_100km, hwfet.fuel_l_per_100km);
    Sticker {
        labels,
        fuel_l_per_100km: main(labels),
        measured_l_per_100km: main(both(ftp.measured_l_per_100km, hwfet.measured_l_per_100km)),
        balanced_l_per_100km: main(both(ftp.balanced_l_per_100km, hwfet.balanced_l_per_100km)),
        corrections: corrections.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 2010 Prius: 72.1 and 69.9 mpg on the tests, 51 / 48 / 50 on the sticker.
    #[test]
    fn the_sticker_of_the_2010_prius() {
        let label = labels(72.1, 69.9).year_2008;
        let rounded = label.rounded();
        assert_eq!(
            (rounded.city, rounded.highway, rounded.combined),
            (51, 48, 50)
        );
    }
}
