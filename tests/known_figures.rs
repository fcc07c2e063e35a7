//! Figures that are known: from teeth and rules, from the makers, from tests of the cars.

mod common;

use approx::assert_abs_diff_eq;
use common::{Car, STEP_S, near, shipped_cycle};
use proptest::prelude::*;
use rayon::prelude::*;
use thsim::control::StartCause;
use thsim::cycle::DEFAULT_SET;
use thsim::sim::StartEvent;
use thsim::study::{ForcedStart, LimitKind, StartWith, forced_start};
use thsim::units::{
    kmh_from_mps, mpg_us_from_l_per_100km, mps_from_kmh, rad_s_from_rpm, rpm_from_rad_s,
};

#[test]
fn mg1_turns_backwards_at_3659_rpm_at_50_km_h() {
    let car = Car::shipped("levin-hybrid");
    let mg1 = rpm_from_rad_s(car.plant.mg1_speed_engine_off_rad_s(mps_from_kmh(50.0)));
    assert_abs_diff_eq!(mg1, -3659.0, epsilon = 3.0);
}

#[test]
fn the_electrical_path_takes_the_share_that_the_teeth_say() {
    let gears = Car::shipped("levin-hybrid").plant.gearset;
    for (engine, ring) in [(100.0, 50.0), (200.0, 250.0), (150.0, 0.0), (120.0, 300.0)] {
        let share = 1.0 - 0.722_222 * ring / engine;
        assert_abs_diff_eq!(gears.electrical_share(engine, ring), share, epsilon = 1e-5);
    }
    // The mechanical point.
    assert_abs_diff_eq!(gears.electrical_share(100.0, 138.4615), 0.0, epsilon = 1e-5);
    assert_abs_diff_eq!(gears.sun_speed_rad_s(100.0, 138.4615), 0.0, epsilon = 1e-3);
}

/// Of the first generation, whose MG1 may turn at 6500 rpm.
#[test]
fn engine_at_2333_rpm_and_mg1_at_6500_belong_to_12_6_mph() {
    let car = Car::with(
        "prius-2010",
        &["gearset.final_ratio=3.9", "chassis.tyre_radius_m=0.287"],
    );
    let speed = mps_from_kmh(12.6 * 1.609_344);
    let ring = speed * car.plant.ring_rad_per_m;
    let mg1 = car
        .plant
        .gearset
        .sun_speed_rad_s(rad_s_from_rpm(2333.0), ring);
    assert_abs_diff_eq!(rpm_from_rad_s(mg1), 6500.0, epsilon = 10.0);
}

#[test]
fn full_torque_of_the_engine_needs_39_4_n_m_at_mg1() {
    let lossless = Car::with("levin-hybrid", &["gearset.mesh_efficiency=1"])
        .plant
        .gearset;
    let split = lossless.split(400.0, 100.0, 142.0, 0.0, 0.0);
    assert_abs_diff_eq!(split.mg1_torque_nm, -39.44, epsilon = 0.01);
    assert!(split.mesh_loss_w.abs() < 1e-12);
    let lossy = Car::shipped("levin-hybrid").plant.gearset;
    assert!(lossy.split(400.0, 100.0, 142.0, 0.0, 0.0).mesh_loss_w > 0.0);
}

#[test]
fn the_levin_burns_4_2_litres_on_a_cold_nedc() {
    let car = Car::shipped("levin-hybrid");
    let corrected = car.corrected("nedc", STEP_S, StartWith::Cold(None));
    println!("levin-hybrid nedc cold: {corrected:.3} L/100 km, official 4.2");
    assert!(near(corrected, 4.2, 0.03), "{corrected} L/100 km");
}

#[test]
fn the_prius_meets_epa_on_udds_and_hwfet() {
    let car = Car::shipped("prius-2010");
    for (cycle, measured_mpg, share) in [("udds", 74.0, 0.08), ("hwfet", 70.0, 0.05)] {
        let mpg = mpg_us_from_l_per_100km(car.corrected(cycle, STEP_S, StartWith::Balanced));
        println!("prius-2010 {cycle}: {mpg:.2} mpg, measured {measured_mpg}");
        assert!(near(mpg, measured_mpg, share), "{cycle}: {mpg} mpg");
    }
}

/// A plausibility, not a validation: the article gives no shares of the roads.
#[test]
fn the_levin_on_mixed_roads_burns_more_the_harder_it_is_driven() {
    let car = Car::shipped("levin-hybrid");
    let routes = ["mixed-150km-gentle", "mixed-150km", "mixed-150km-brisk"];
    let burnt = routes.map(|name| car.corrected(name, STEP_S, StartWith::Balanced));
    println!(
        "levin-hybrid gentle, mixed, brisk: {burnt:.2?} L/100 km; article below 4, 4.1 to 4.4, below 6"
    );
    assert!(burnt[0] < burnt[1] && burnt[1] < burnt[2], "{burnt:?}");
    assert!(
        burnt[0] < 4.0 && near(burnt[1], 4.25, 0.1) && burnt[2] < 6.0,
        "{burnt:?}"
    );
}

fn creep(car: &Car) -> ForcedStart {
    let cycle = shipped_cycle("ev-creep");
    forced_start(&car.question(&cycle, STEP_S, StartWith::Balanced))
}

fn ceiling_kmh(found: &ForcedStart) -> f64 {
    let limit = found
        .limits
        .iter()
        .find(|limit| limit.kind == LimitKind::Mg1Ceiling);
    limit
        .and_then(|limit| limit.speed_kmh)
        .expect("a ceiling has a speed")
}

fn first_start(found: &ForcedStart) -> StartEvent {
    found.first_start.expect("the engine starts")
}

#[test]
fn the_levin_s_engine_starts_between_50_and_51_km_h_by_the_speed_ceiling() {
    let found = creep(&Car::shipped("levin-hybrid"));
    let start = first_start(&found);
    println!(
        "levin-hybrid creep: {:.3} km/h",
        kmh_from_mps(start.speed_mps)
    );
    assert_eq!(start.cause, StartCause::SpeedCeiling);
    assert!((50.0..=51.0).contains(&kmh_from_mps(start.speed_mps)));
    let first = found
        .limits
        .iter()
        .find(|limit| limit.binds)
        .expect("one binds");
    assert_eq!(first.kind, LimitKind::Mg1Ceiling);
}

#[test]
fn a_cycle_of_the_slow_acceleration_names_the_same_start() {
    let car = Car::shipped("levin-hybrid");
    let outcome = car.answer(&shipped_cycle("ev-creep"), STEP_S, StartWith::Balanced);
    let speed = car
        .summary(&outcome)
        .forced_start_speed_kmh
        .expect("a forced start");
    assert!((50.0..=51.0).contains(&speed), "{speed} km/h");
}

#[test]
fn the_prius_s_ceiling_lies_at_74_km_h() {
    let found = creep(&Car::shipped("prius-2010"));
    assert_abs_diff_eq!(ceiling_kmh(&found), 74.0, epsilon = 1.0);
    // What comes first in the drive is named, whatever it is, and not above the ceiling.
    let start = first_start(&found);
    println!(
        "prius-2010 creep: {:?} at {:.2} km/h",
        start.cause,
        kmh_from_mps(start.speed_mps)
    );
    assert!(kmh_from_mps(start.speed_mps) <= ceiling_kmh(&found) + 0.3);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// The ceiling in km/h is 2π·r·n₁·30/78/i by the teeth alone; the simulated start
    /// comes when that speed has been exceeded for the hold time at 0.35 km/h per second.
    #[test]
    fn the_ceiling_moves_as_the_kinematics_say(
        final_ratio in 2.8..4.2, radius_m in 0.28..0.33, rpm in 1200.0..3900.0,
    ) {
        let car = Car::with("levin-hybrid", &[
            &format!("gearset.final_ratio={final_ratio:?}"),
            &format!("chassis.tyre_radius_m={radius_m:?}"),
            &format!("control.engine_off_max_mg1_reverse_rpm={rpm:?}"),
        ]);
        let expected_kmh: f64 = 3.6 * rpm / 60.0 * 2.0 * std::f64::consts::PI * radius_m * (30.0 / 78.0) / final_ratio;
        let found = creep(&car);
        prop_assert!(near(ceiling_kmh(&found), expected_kmh, 1e-9));
        let start = first_start(&found);
        prop_assert_eq!(start.cause, StartCause::SpeedCeiling);
        let late_kmh = kmh_from_mps(start.speed_mps) - expected_kmh;
        // The hold of 0.3 s begins at the first decision above it: up to 0.1 s later.
        prop_assert!((0.3 * 0.35 - 1e-6..=0.4 * 0.35 + 1e-6).contains(&late_kmh), "{late_kmh} km/h late");
    }
}

#[test]
fn a_long_stop_cycles_the_engine_and_burns_a_tenth_of_a_litre_an_hour() {
    let car = Car::shipped("levin-hybrid");
    let cycle = shipped_cycle("long-stop");
    let summary = car.summary(&car.answer(&cycle, STEP_S, StartWith::Balanced));
    let battery = &car.vehicle.battery;
    let litres_per_hour = summary.fuel_corrected_l / (summary.duration_s / 3600.0);
    println!(
        "long-stop: {litres_per_hour:.4} L/h, {} starts",
        summary.engine_starts
    );
    assert!(summary.soc_min >= battery.soc_min && summary.soc_max <= battery.soc_max);
    assert!(
        summary.engine_starts >= 2,
        "{} starts",
        summary.engine_starts
    );
    assert_eq!(
        summary.engine_starts,
        summary.engine_start_causes["low_soc"]
    );
    assert!(
        (0.10..=0.20).contains(&litres_per_hour),
        "{litres_per_hour} L/h"
    );
}

#[test]
fn the_standard_cycles_are_followed_but_for_us06() {
    let car = Car::shipped("levin-hybrid");
    let missed: Vec<_> = DEFAULT_SET
        .into_par_iter()
        .map(|name| {
            let outcome = car.answer(&shipped_cycle(name), STEP_S, StartWith::Balanced);
            (name, outcome.totals.miss_max_kmh())
        })
        .collect();
    assert!(missed.len() >= 8);
    for (name, miss_kmh) in missed {
        assert!(
            miss_kmh <= 2.0 || name == "us06",
            "{name} missed by {miss_kmh} km/h"
        );
    }
}
