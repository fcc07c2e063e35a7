//! Tuned rules are never worse than the car they began with, and what is said of them is what
//! the car does.

use crate::common::{Car, cycle_of, near, shipped_cycle};
use proptest::prelude::*;
use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use thsim::config::load;
use thsim::study::{Bench, Effort, FEWEST_RUNS, Parameter, StartWith, TuneError, Tuning, tune};

/// Two parameters of the rules with a range each; what they begin with may lie outside.
fn parameters(on_kw: f64, charge_kw: f64) -> [Parameter; 2] {
    let parameter = |key: &str, from, range| Parameter {
        key: key.into(),
        from,
        range,
    };
    [
        parameter("control.engine_on_power_kw", on_kw, (4.0, 15.0)),
        parameter("control.charge_kw_per_percent_soc", charge_kw, (0.2, 1.5)),
    ]
}

fn sets(values: &[f64]) -> Vec<String> {
    let [on_kw, charge_kw] = values else {
        panic!("two values: {values:?}")
    };
    vec![
        format!("control.engine_on_power_kw={on_kw:?}"),
        format!("control.charge_kw_per_percent_soc={charge_kw:?}"),
    ]
}

/// Corrected consumption of a car with these values, found by itself.
fn alone(vehicle: &str, values: &[f64], cycle: &str) -> f64 {
    let car = Car::try_load(vehicle, &sets(values)).expect("a car");
    let outcome = car.answer(&shipped_cycle(cycle), 1.0, StartWith::Balanced);
    outcome.corrected_l_per_100km(&car.vehicle.engine.fuel)
}

fn tuned(vehicle: &str, from: [f64; 2], cycles: &[&str], effort: Effort) -> Tuning {
    let car = Car::try_load(vehicle, &sets(&from)).expect("a car");
    let roads: Vec<_> = cycles.iter().map(|it| shipped_cycle(it)).collect();
    let bench = Bench::new(&car.vehicle, &car.plant, &roads, 1.0);
    let told = Cell::new(0);
    let found = tune(
        &bench,
        &parameters(from[0], from[1]),
        effort,
        |values| Some(load(vehicle, &sets(values)).ok()?.vehicle().clone()),
        |designs| told.set(told.get() + designs),
        &AtomicBool::new(false),
    )
    .expect("cycles that balance");
    assert_eq!(told.get(), found.tried);
    assert!(found.tried <= effort.runs && !found.stopped);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever it begins with, the mean ratio is at most one, and it is that of cars driven
    /// one by one.
    #[test]
    fn what_is_tuned_is_no_worse(on_kw in 3.0..18.0, charge_kw in 0.1..1.8, seed in 0_u64..1000) {
        let (vehicle, cycles) = ("levin-hybrid", ["ece15", "japan_10_15"]);
        let effort = Effort { seed, runs: FEWEST_RUNS };
        let found = tuned(vehicle, [on_kw, charge_kw], &cycles, effort);
        prop_assert!(found.ratio <= 1.0);
        let ratios = cycles.map(|cycle| {
            alone(vehicle, &found.values, cycle) / alone(vehicle, &[on_kw, charge_kw], cycle)
        });
        let mean = ratios.iter().sum::<f64>() / 2.0;
        prop_assert!(near(found.ratio, mean, 1e-12), "{} and {mean}", found.ratio);
    }
}

#[test]
fn more_designs_are_never_worse() {
    let ratio = |runs| {
        let effort = Effort { seed: 3, runs };
        tuned("prius-2010", [9.5, 0.56], &["nycc"], effort).ratio
    };
    let (few, more, many) = (ratio(32), ratio(96), ratio(256));
    assert!(few >= more && more >= many, "{few} {more} {many}");
    assert!(many < 0.999, "{many}");
}

/// A search among designs that make no car.
fn barren(runs: usize, stop: bool) -> Tuning {
    let car = Car::shipped("levin-hybrid");
    let roads = [shipped_cycle("ece15")];
    let bench = Bench::new(&car.vehicle, &car.plant, &roads, 1.0);
    let (parameters, stop) = (parameters(9.5, 0.56), AtomicBool::new(stop));
    let effort = Effort { seed: 1, runs };
    let found = tune(&bench, &parameters, effort, |_| None, |_| (), &stop);
    found.expect("a cycle that balances")
}

#[test]
fn where_no_design_is_a_car_the_car_stays_as_it_is() {
    let found = barren(64, false);
    assert_eq!((found.tried, found.refused), (64, 64));
    assert_eq!((found.values, found.ratio), (vec![9.5, 0.56], 1.0));
    let stopped = barren(64, true);
    assert_eq!((stopped.tried, stopped.stopped), (0, true));
    assert_eq!((stopped.values, stopped.ratio), (vec![9.5, 0.56], 1.0));
}

#[test]
fn a_scenario_and_a_road_without_a_balance_are_refused() {
    let car = Car::shipped("levin-hybrid");
    let parameters = parameters(9.5, 0.56);
    let effort = Effort { seed: 1, runs: 64 };
    let stop = AtomicBool::new(false);
    let refusal = |cycle| {
        let roads = [cycle];
        let bench = Bench::new(&car.vehicle, &car.plant, &roads, 1.0);
        tune(&bench, &parameters, effort, |_| None, |_| (), &stop).expect_err("no search")
    };
    let creep = refusal(shipped_cycle("ev-creep"));
    assert!(matches!(creep, TuneError::Scenario { .. }), "{creep}");
    let down = [
        (0.0, 0.0, -0.08),
        (20.0, 50.0, -0.08),
        (700.0, 50.0, -0.08),
        (720.0, 0.0, -0.08),
    ];
    let down = refusal(cycle_of(&down));
    assert!(matches!(down, TuneError::NoBalance { .. }), "{down}");
}
