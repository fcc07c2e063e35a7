//! The state of charge stays in its window.

use proptest::prelude::*;
use thsim::vehicle::State;

use crate::drives::{Case, Driven, cases, tried};

/// Electrical work of turning the engine once, at rest to firing, losses included, J.
const START_J: f64 = 6e3;

/// How far the state of charge may leave the window. Near its ends the limits fade to
/// nothing, so that only what nobody can refuse crosses: the auxiliaries while the engine
/// is being started (half a second and a step), the start itself, and at the upper end
/// what engine and rotor give back when they are slowed.
fn tolerance(driven: &Driven, step_s: f64) -> f64 {
    let plant = &driven.car.plant;
    let auxiliary_j = plant.auxiliary_w * (1.0 + 2.0 * step_s);
    let turning_j = driven.steps.iter().map(|step| {
        let turning = State {
            speed_mps: 0.0,
            ..step.end
        };
        plant.kinetic_j(&turning)
    });
    let rotor_j = turning_j.fold(START_J, f64::max);
    let window = &driven.car.vehicle.battery;
    (auxiliary_j + rotor_j) / plant.battery.energy_per_soc_j(window.soc_min)
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let Some(driven) = case.drive() else {
        return Err(TestCaseError::reject("settings"));
    };
    let window = &driven.car.vehicle.battery;
    let tolerance = tolerance(&driven, case.step_s);
    for step in &driven.steps {
        let soc = step.end.soc;
        prop_assert!(
            soc >= window.soc_min - tolerance && soc <= window.soc_max + tolerance,
            "{soc} at {} s, {tolerance} allowed: {step:?}",
            step.end_s()
        );
    }
    let totals = &driven.totals;
    let lowest = driven
        .steps
        .iter()
        .map(|step| step.end.soc)
        .fold(totals.soc_start, f64::min);
    let highest = driven
        .steps
        .iter()
        .map(|step| step.end.soc)
        .fold(totals.soc_start, f64::max);
    prop_assert_eq!((totals.soc_min, totals.soc_max), (lowest, highest));
    Ok(())
}

proptest! {
    #![proptest_config(tried(256))]

    #[test]
    fn charge_stays_in_its_window(case in cases()) {
        check(&case)?;
    }

    /// Minutes at the edges of the window: a crawl, a descent, a climb, a stop.
    #[test]
    fn charge_stays_in_its_window_for_as_long_as_it_takes(
        case in cases(),
        kmh in prop_oneof![Just(0.0), 0.5..5.0, 5.0..120.0],
        grade in prop_oneof![Just(0.0), -0.3..0.3],
        charge in prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0],
    ) {
        check(&Case {
            points: vec![(0.0, 0.0, grade), (20.0, kmh, grade), (900.0, kmh, grade)],
            step_s: case.step_s.max(0.1),
            charge,
            ..case
        })?;
    }
}
