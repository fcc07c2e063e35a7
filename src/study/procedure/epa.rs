//! The window sticker of the US: derived 5-cycle values from city and highway test.

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

#[cfg(test)]
mod tests {
    use super::*;

    /// The 2010 Prius: 72.1 and 69.9 mpg on the tests, 51 / 48 / 50 on the sticker.
    #[test]
    fn the_sticker_of_the_2010_prius() {
        let label = labels(72.1, 69.9).year_2008;
        let rounded =
            [label.city_mpg, label.highway_mpg, label.combined_mpg].map(|x| x.round() as i64);
        assert_eq!(rounded, [51, 48, 50]);
    }
}
