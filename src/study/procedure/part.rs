//! Parts of a test that have figures of their own: the city of the US06, a cold pass.

use super::course::{Bag, Measured};
use crate::ledger::Channel;
use crate::units::mpg_us_from_l_per_100km;
use crate::vehicle::Fuel;
use serde::Serialize;

/// A part of a test with figures of its own, as measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Name.
    pub name: &'static str,
    /// Way, km.
    pub distance_km: f64,
    /// Fuel, mL.
    pub fuel_ml: f64,
    /// Consumption.
    pub fuel_l_per_100km: f64,
    /// Consumption with the net battery energy counted as fuel.
    pub fuel_corrected_l_per_100km: f64,
    /// The same consumption as measured, the Japanese way.
    pub fuel_km_per_l: f64,
    /// Fuel economy, miles per US gallon.
    pub fuel_mpg_us: f64,
    /// Energy that the battery gave, J.
    pub battery_net_j: f64,
}

/// The bags of a test whose names begin alike, as one.
pub(super) fn part(
    (name, prefix): (&'static str, &str),
    measured: &Measured,
    exchange: f64,
    fuel: &Fuel,
) -> Part {
    let bags = measured.bags.iter();
    let bags = bags.filter(|bag| bag.name.starts_with(prefix));
    let sum = |of: fn(&Bag) -> f64| bags.clone().map(of).sum::<f64>();
    let distance_m = sum(|bag| bag.totals.distance_m);
    let fuel_j = sum(|bag| bag.ledger.energy_j(Channel::Fuel));
    let battery_net_j = sum(|bag| bag.ledger.energy_j(Channel::Battery));
    let per_100km = |energy_j: f64| fuel.litres(energy_j) / distance_m * 1e5;
    let fuel_l_per_100km = per_100km(fuel_j);
    Part {
        name,
        distance_km: distance_m / 1e3,
        fuel_ml: fuel.litres(fuel_j) * 1e3,
        fuel_l_per_100km,
        fuel_corrected_l_per_100km: per_100km(fuel_j + exchange * battery_net_j),
        fuel_km_per_l: 100.0 / fuel_l_per_100km,
        fuel_mpg_us: mpg_us_from_l_per_100km(fuel_l_per_100km),
        battery_net_j,
    }
}
