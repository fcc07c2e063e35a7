//! Starts: each has one cause, and none comes without need.

use proptest::prelude::*;
use thsim::cycle::CONTROL_CLOCK_S;
use thsim::sim::EngineState;
use thsim::vehicle::Plant;

use crate::drives::{Driven, Step, cases, tried};

/// Rounding of times that are sums of steps, s.
const ROUNDING_S: f64 = 1e-5;

/// Power asked at the wheels when the control decided at this step, W.
fn asked_w(plant: &Plant, step: &Step) -> f64 {
    let interval = &step.interval;
    let horizon_mps = interval.decide_mps.min(plant.max_speed_mps);
    let speed_mps = 0.5 * (step.start.speed_mps + horizon_mps);
    let rate = (horizon_mps - step.start.speed_mps) / interval.decide_s;
    let road = plant
        .chassis
        .resistance(speed_mps, interval.sine, interval.cosine);
    (road.total_n() + plant.chassis.inertial_mass_kg * rate) * speed_mps
}

/// Index ranges of steps in which fuel was commanded.
fn fuelled_stretches(driven: &Driven) -> Vec<(usize, usize)> {
    let steps = &driven.steps;
    let mut stretches = Vec::new();
    let mut first = None;
    for (index, step) in steps.iter().enumerate() {
        match (step.is_fuelled(), first) {
            (true, None) => first = Some(index),
            (false, Some(begin)) => {
                stretches.push((begin, index));
                first = None;
            }
            _ => {}
        }
    }
    stretches.extend(first.map(|begin| (begin, steps.len())));
    stretches
}

proptest! {
    #![proptest_config(tried(384))]

    /// Fuel, first or again, never comes without a start; and a start always brings fuel,
    /// or turns an engine that rests or is about to.
    #[test]
    fn every_start_has_one_cause_and_every_cause_one_start(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let mut was_fuelled = false;
        for step in &driven.steps {
            let fuel_comes = step.is_fuelled() && !was_fuelled;
            let told = step.event.is_some();
            prop_assert!(told || !fuel_comes, "fuel without a start: {step:?}");
            prop_assert!(!told || fuel_comes || step.engine == EngineState::Spun, "a start of nothing: {step:?}");
            was_fuelled = step.is_fuelled();
        }
        let events: Vec<_> = driven.steps.iter().filter_map(|step| step.event).collect();
        prop_assert_eq!(&events, &driven.totals.starts);
        let causes: Vec<_> = driven.trace.rows.iter().filter_map(|row| row.start_cause).collect();
        let counted: Vec<_> = events.iter().map(|event| event.cause).collect();
        prop_assert_eq!(causes, counted);
    }

    #[test]
    fn no_start_comes_within_the_least_rest_unless_forced(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let rest_s = driven.car.vehicle.strategy.min_off_s;
        let mut last_fuel_s = f64::NEG_INFINITY;
        for step in &driven.steps {
            if let Some(event) = step.event {
                let rested_s = event.time_s - last_fuel_s;
                prop_assert!(
                    event.cause.is_forced() || rested_s >= rest_s - ROUNDING_S,
                    "{event:?} after {rested_s} of {rest_s} s"
                );
            }
            if step.is_fuelled() {
                last_fuel_s = step.end_s();
            }
        }
    }

    #[test]
    fn fuel_burns_for_the_least_time_unless_the_car_is_braked(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let least_s = driven.car.vehicle.strategy.min_on_s;
        for (begin, end) in fuelled_stretches(&driven) {
            let Some(cut) = driven.steps.get(end) else { continue };
            let lasted_s = cut.interval.start_s - driven.steps[begin].interval.start_s;
            prop_assert!(
                lasted_s >= least_s - ROUNDING_S || asked_w(&driven.car.plant, cut) < 0.0,
                "fuel for {lasted_s} of {least_s} s, cut by {cut:?}"
            );
        }
    }

    /// Decisions keep the control's clock, however short the step.
    #[test]
    fn decisions_keep_the_clock(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for step in driven.steps.iter().filter(|step| step.event.is_some()) {
            prop_assert!(step.interval.decide_s > 0.0, "{step:?}");
        }
        let decisions = driven.steps.iter().filter(|step| step.interval.decide_s > 0.0).count() as f64;
        let most = (driven.totals.duration_s / case.step_s.max(CONTROL_CLOCK_S * 0.66)).ceil() + 1.0;
        prop_assert!(decisions <= most, "{decisions} decisions in {} s", driven.totals.duration_s);
    }
}
