//! More mass, drag or load never saves fuel.

use thsim::study::StartWith;

use crate::common::{Car, STEP_S};

/// What a change of the starts' times may be worth.
const SLACK: f64 = 0.005;

/// Consumption may rise with each of these steps from the shipped car on, and not fall.
fn never_saves(key: &str, values: &[f64]) {
    for cycle in ["udds", "nedc", "wltc_class3b"] {
        let mut lowest_after = f64::NEG_INFINITY;
        for value in values {
            let car = Car::with("levin-hybrid", &[&format!("{key}={value:?}")]);
            let corrected = car.corrected(cycle, STEP_S, StartWith::Balanced);
            assert!(
                corrected >= lowest_after * (1.0 - SLACK),
                "{cycle}: {key} = {value} gives {corrected} L/100 km, less of it {lowest_after}"
            );
            lowest_after = lowest_after.max(corrected);
        }
    }
}

#[test]
fn more_mass_saves_nothing() {
    never_saves(
        "chassis.test_mass_kg",
        &[1400.0, 1450.0, 1500.0, 1525.0, 1550.0, 1600.0, 1700.0],
    );
}

#[test]
fn more_rolling_resistance_saves_nothing() {
    never_saves(
        "chassis.road_load.a_n",
        &[80.0, 90.0, 97.11, 100.0, 105.0, 120.0],
    );
}

#[test]
fn more_air_drag_saves_nothing() {
    never_saves(
        "chassis.road_load.c_n_per_mps2",
        &[0.40, 0.44, 0.4757, 0.49, 0.51, 0.55],
    );
}

#[test]
fn more_auxiliary_load_saves_nothing() {
    never_saves(
        "auxiliary.power_w",
        &[0.0, 100.0, 250.0, 300.0, 350.0, 500.0, 1000.0],
    );
}
