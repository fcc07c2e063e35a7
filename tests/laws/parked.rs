//! A parked car without load does nothing.

use proptest::prelude::*;
use thsim::sim::{EngineState, Flows};

use crate::drives::{Case, tried};

proptest! {
    #![proptest_config(tried(64))]

    #[test]
    fn a_parked_car_without_load_does_nothing(
        charge in 0.2..=1.0, step_s in 0.01..=1.0, grade in -0.5..0.5,
    ) {
        let case = Case {
            vehicle: "levin-hybrid",
            sets: vec!["auxiliary.power_w=0".to_owned()],
            points: vec![(0.0, 0.0, grade), (60.0, 0.0, grade)],
            step_s,
            charge,
            cold: false,
        };
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for step in &driven.steps {
            let still = Flows {
                dt_s: step.flows.dt_s,
                rests: true,
                battery_v: step.flows.battery_v,
                ..Flows::default()
            };
            prop_assert_eq!(step.flows, still);
            prop_assert_eq!(step.engine, EngineState::Off);
            prop_assert_eq!((step.end.soc, step.end.speed_mps), (step.start.soc, 0.0));
        }
        prop_assert!(driven.ledger.passed_j().abs() < f64::MIN_POSITIVE);
        prop_assert!(driven.totals.starts.is_empty());
    }
}
