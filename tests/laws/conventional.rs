//! Laws of the conventional car.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use thsim::config::{AnyVehicleFile, load_any};
use thsim::cycle::{Cycle, Kinematics};
use thsim::ledger::Channel;
use thsim::sim::{ConventionalFlows, conventional_start, drive_conventional};
use thsim::study::{ConventionalOutcome, ConventionalQuestion};
use thsim::units::kmh_from_mps;
use thsim::vehicle::ConventionalPlant;

use crate::common::{STEP_S, cycle_of, near, shipped_cycle};

/// The shipped car with settings.
fn plant(sets: &[&str]) -> ConventionalPlant {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    match load_any("conventional-2.0", &sets) {
        Ok(AnyVehicleFile::Conventional(file)) => ConventionalPlant::new(file.vehicle()),
        other => panic!("{other:?}"),
    }
}

fn answer(cycle: &Cycle, step_s: f64, cold: bool) -> (ConventionalOutcome, Vec<ConventionalFlows>) {
    let mut flows = Vec::new();
    let question = ConventionalQuestion {
        plant: &plant(&[]),
        cycle,
        repeat: 1,
        step_s,
        cold,
    };
    let outcome = question.answer(|step| flows.push(*step.flows));
    (outcome, flows)
}

/// Petrol of 42.9 MJ/kg and 0.75 kg/L, in L/100 km.
fn l_per_100km(outcome: &ConventionalOutcome) -> f64 {
    outcome.ledger.energy_j(Channel::Fuel) / 42.9e6 / 0.75 / outcome.totals.distance_m * 1e5
}

fn consumption(cycle: &str, step_s: f64) -> f64 {
    l_per_100km(&answer(&shipped_cycle(cycle), step_s, false).0)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        rng_seed: RngSeed::Fixed(20),
        ..ProptestConfig::default()
    })]

    /// Whatever is driven, no joule is missing and no loss gives energy.
    #[test]
    fn energy_closes_and_losses_lose(
        legs in vec((0.3..40.0, 0.0..230.0, -0.3..0.3), 2..12),
        step_s in prop::sample::select(vec![0.01, 0.1, 0.37, 1.0]),
        cold in any::<bool>(),
        auxiliary_w in 0.0..9000.0,
    ) {
        let mut time_s = 0.0;
        let mut points = vec![(0.0, legs[0].1, 0.0)];
        for (length_s, kmh, grade) in legs {
            time_s += length_s;
            points.push((time_s, kmh, grade));
        }
        let mut cycle = cycle_of(&points);
        cycle.aux_w.fill(auxiliary_w);
        let (outcome, flows) = answer(&cycle, step_s, cold);
        let residual = outcome.ledger.residual_relative().abs();
        prop_assert!(residual < 1e-9, "{residual}");
        for flows in flows {
            let losses = [
                flows.engine_heat_w,
                flows.slip_w,
                flows.gearbox_loss_w,
                flows.alternator_loss_w,
                flows.brake_w,
                flows.fuel_w,
            ];
            prop_assert!(losses.iter().all(|loss| *loss >= -1e-6), "{flows:?}");
            prop_assert!((0.0..=1.0).contains(&flows.fired), "{flows:?}");
        }
    }
}

#[test]
fn in_town_it_burns_8_to_10_l_per_100km() {
    for cycle in ["ece15", "udds"] {
        let found = consumption(cycle, STEP_S);
        assert!((8.0..=10.0).contains(&found), "{cycle}: {found}");
    }
}

#[test]
fn a_cold_start_burns_more() {
    let cycle = shipped_cycle("nedc");
    let [warm, cold] = [false, true].map(|cold| l_per_100km(&answer(&cycle, STEP_S, cold).0));
    assert!((1.01..1.2).contains(&(cold / warm)), "{warm} {cold}");
}

#[test]
fn the_step_does_not_decide() {
    for cycle in ["udds", "nedc", "us06"] {
        let fine = consumption(cycle, 0.02);
        let (default, coarse) = (consumption(cycle, STEP_S), consumption(cycle, 1.0));
        assert!(near(default, fine, 0.003), "{cycle}: {default} {fine}");
        assert!(near(coarse, fine, 0.02), "{cycle}: {coarse} {fine}");
    }
}

#[test]
fn at_a_speed_that_swings_around_a_shift_line_the_gear_stays() {
    // Steady, and around it a swing of 1 km/h at half a hertz.
    for kmh in 10..120 {
        let point = |index: i32| {
            let swing = [0.5, -0.5][(index % 2) as usize];
            (f64::from(index), f64::from(kmh) + swing, 0.0)
        };
        let points: Vec<_> = (0..60).map(point).collect();
        let (_, flows) = answer(&cycle_of(&points), STEP_S, false);
        let shifts = flows.windows(2).filter(|pair| pair[0].gear != pair[1].gear);
        let shifts = shifts.count();
        assert!(shifts <= 3, "{kmh} km/h: {shifts} shifts");
    }
}

#[test]
fn gears_rise_with_speed_and_the_highest_cruises() {
    let (_, flows) = answer(
        &cycle_of(&[(0.0, 0.0, 0.0), (60.0, 120.0, 0.0), (70.0, 120.0, 0.0)]),
        STEP_S,
        false,
    );
    assert!(flows.windows(2).all(|pair| pair[0].gear <= pair[1].gear));
    assert_eq!((flows[0].gear, flows[flows.len() - 1].gear), (1, 6));
}

#[test]
fn it_burns_nothing_when_the_car_pushes_the_engine_and_idles_at_standstill() {
    let cycle = cycle_of(&[
        (0.0, 100.0, 0.0),
        (10.0, 70.0, 0.0),
        (25.0, 0.0, 0.0),
        (40.0, 0.0, 0.0),
    ]);
    let (_, flows) = answer(&cycle, STEP_S, false);
    assert!(flows[50].fuel_w <= 0.0);
    let idle_l_per_h = flows[flows.len() - 1].fuel_w / 42.9e6 / 0.75 * 3600.0;
    assert!((0.6..1.2).contains(&idle_l_per_h), "{idle_l_per_h}");
}

#[test]
fn at_full_throttle_it_reaches_100_kmh_in_8_to_11_seconds() {
    let plant = plant(&[]);
    let kinematics = Kinematics::new(
        &cycle_of(&[(0.0, 0.0, 0.0), (0.1, 200.0, 0.0), (30.0, 200.0, 0.0)]),
        STEP_S,
    );
    let start = conventional_start(&plant, &kinematics, 88.0);
    let mut reached_s = None;
    drive_conventional(&plant, &kinematics, &start, |step| {
        if kmh_from_mps(step.end.speed_mps) >= 100.0 && reached_s.is_none() {
            reached_s = Some(step.interval.start_s);
        }
    });
    let reached_s = reached_s.expect("100 km/h");
    assert!((8.0..11.0).contains(&reached_s), "{reached_s}");
}
