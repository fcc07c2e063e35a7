//! The ledger: every joule is somewhere, and no part makes energy.

use proptest::prelude::*;
use thsim::ledger::Channel;

use crate::drives::{cases, tried};

/// Rounding of a step: kinetic energies of a megajoule in double precision, some tens of
/// operations each.
const STEP_ROUNDING_J: f64 = 1e-6;
/// Rounding of a difference of two powers, W.
const POWER_ROUNDING_W: f64 = 1e-6;

proptest! {
    #![proptest_config(tried(256))]

    #[test]
    fn every_joule_is_accounted_for(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let ledger = &driven.ledger;
        prop_assert!(ledger.residual_relative().abs() < 1e-9, "{}", ledger.residual_relative());
        let worst = ledger.worst_step();
        prop_assert!(worst.residual_j.abs() < STEP_ROUNDING_J, "{worst:?}");
    }

    #[test]
    fn no_part_makes_energy(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for step in &driven.steps {
            let f = &step.flows;
            let losses = [
                ("engine", f.engine_heat_w), ("mesh", f.mesh_loss_w), ("reducer", f.reducer_loss_w),
                ("final drive", f.final_loss_w), ("gears", f.spin_drag_w), ("MG1", f.mg1_loss_w),
                ("MG2", f.mg2_loss_w), ("converter", f.converter_loss_w),
                ("battery", f.battery_heat_w), ("brakes", f.brake_w), ("tyres", f.rolling_w),
                ("air", f.air_w), ("fuel", f.fuel_w),
            ];
            for (part, loss_w) in losses {
                prop_assert!(loss_w >= -POWER_ROUNDING_W, "{part} {loss_w} W at {} s: {step:?}", step.interval.start_s);
            }
        }
    }

    /// What the limits take from a climb is never hidden in the height: the car stands
    /// where it cannot climb.
    #[test]
    fn height_is_the_road_s_unless_the_car_stops_on_it(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for step in &driven.steps {
            let f = &step.flows;
            let road = driven.car.plant.chassis.resistance(f.speed_mps, step.interval.sine, step.interval.cosine);
            let missing_w = f.grade_w - road.grade_n * f.speed_mps;
            prop_assert!(
                missing_w.abs() < 1e-3 * (1.0 + f.wheel_w.abs()) || step.end.speed_mps == 0.0,
                "{missing_w} W at {} s: {step:?}", step.interval.start_s
            );
        }
    }

    /// The channels are the sums of the flows, the battery's is also that of its charge.
    #[test]
    fn channels_are_sums_of_flows(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let sum = |power: fn(&thsim::sim::Flows) -> f64| -> f64 {
            driven.steps.iter().map(|step| power(&step.flows) * step.flows.dt_s).sum()
        };
        let tolerance_j = 1e-9 * driven.ledger.passed_j() + 1e-6;
        for (channel, sum_j) in [
            (Channel::Fuel, sum(|f| f.fuel_w)),
            (Channel::Auxiliary, sum(|f| f.aux_w)),
            (Channel::Brakes, sum(|f| f.brake_w)),
            (Channel::Mg1, sum(|f| f.mg1_loss_w)),
            (Channel::Mg2, sum(|f| f.mg2_loss_w)),
        ] {
            let booked_j = driven.ledger.energy_j(channel);
            prop_assert!((booked_j - sum_j).abs() <= tolerance_j, "{channel:?}: {booked_j} J, {sum_j} J");
        }
        let plant = &driven.car.plant;
        let stored_j: f64 = driven.steps.iter()
            .map(|step| (step.start.soc - step.end.soc) * plant.battery.energy_per_soc_j(step.start.soc))
            .sum();
        let booked_j = driven.ledger.energy_j(Channel::Battery);
        // The state of charge is a difference of numbers near one: 1e-16 of it a step.
        let rounding_j = 1e-15 * plant.battery.energy_per_soc_j(0.5) * driven.steps.len() as f64;
        prop_assert!((booked_j - stored_j).abs() <= tolerance_j + rounding_j, "{booked_j} J, {stored_j} J");
    }
}
