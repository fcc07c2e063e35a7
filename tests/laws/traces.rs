//! The trace says what happened, row by row, and its sums are the totals.

use proptest::prelude::*;
use thsim::ledger::Channel;
use thsim::sim::EngineState;

use crate::drives::{cases, tried};

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * (scale.abs() + a.abs() + b.abs()) + 1e-9
}

proptest! {
    #![proptest_config(tried(256))]

    #[test]
    fn shafts_obey_willis_on_every_row(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let gears = &driven.car.vehicle.gearset;
        let (sun, ring) = (gears.sun_teeth, gears.ring_teeth);
        for row in &driven.trace.rows {
            let ring_rpm = row.mg2_rpm / gears.mg2_ratio;
            let (left, right) = (sun * row.mg1_rpm + ring * ring_rpm, (sun + ring) * row.engine_rpm);
            prop_assert!(close(left, right, ring * ring_rpm), "{row:?}");
            let wheel_rpm = row.speed_kmh / 3.6 / driven.car.vehicle.chassis.tyre_radius_m * 30.0 / std::f64::consts::PI;
            prop_assert!(close(ring_rpm, wheel_rpm * gears.final_ratio, 1.0), "{row:?}");
        }
        for step in &driven.steps {
            let f = &step.flows;
            let (left, right) = (sun * f.mg1_rad_s + ring * f.ring_rad_s, (sun + ring) * f.engine_rad_s);
            prop_assert!(close(left, right, ring * f.ring_rad_s), "{step:?}");
        }
    }

    #[test]
    fn battery_power_is_volts_times_amperes_and_the_sum_of_its_users(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for row in &driven.trace.rows {
            let users_w = row.mg1_electric_w + row.mg2_electric_w + row.converter_loss_w + row.aux_w;
            let gross_w = row.mg1_electric_w.abs() + row.mg2_electric_w.abs();
            prop_assert!(close(row.battery_w, users_w, gross_w), "{} W, users {users_w} W: {row:?}", row.battery_w);
            prop_assert!(close(row.battery_w, row.battery_v * row.battery_a, 0.0), "{row:?}");
        }
    }

    #[test]
    fn the_first_row_is_the_initial_state_with_zero_flows(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let row = &driven.trace.rows[0];
        prop_assert_eq!((row.time_s, row.soc), (0.0, driven.totals.soc_start));
        // The engine rests, unless MG1 would be too fast at the speed the cycle begins with.
        let start_mps = driven.steps[0].start.speed_mps;
        let turns = driven.car.plant.slowest_engine_rad_s(start_mps) > 0.0;
        prop_assert_eq!(row.engine_rpm > 0.0, turns);
        prop_assert_eq!(row.engine_state, if turns { EngineState::Spun } else { EngineState::Off });
        prop_assert_eq!(row.start_cause, None);
        let flows = [
            row.engine_torque_nm, row.fuel_g_s, row.mg1_torque_nm, row.mg1_electric_w, row.mg2_torque_nm,
            row.mg2_electric_w, row.converter_loss_w, row.aux_w, row.battery_w, row.battery_a, row.brake_w,
            row.wheel_w, row.engine_w,
        ];
        prop_assert!(flows.iter().all(|flow| flow.abs() < f64::MIN_POSITIVE), "{row:?}");
        prop_assert_eq!(driven.trace.rows.len(), driven.steps.len() + 1);
    }

    #[test]
    fn sums_of_the_trace_are_the_totals(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let rows = &driven.trace.rows;
        let sum = |value: fn(&thsim::sim::TraceRow) -> f64| -> f64 {
            rows.windows(2).map(|pair| value(&pair[1]) * (pair[1].time_s - pair[0].time_s)).sum()
        };
        let ledger = &driven.ledger;
        let lhv_j_per_g = driven.car.vehicle.engine.fuel.lhv_j_per_kg / 1e3;
        let (fuel_g, fuel_j) = (sum(|row| row.fuel_g_s), ledger.energy_j(Channel::Fuel));
        prop_assert!(close(fuel_g, fuel_j / lhv_j_per_g, 0.0), "{fuel_g} g, {fuel_j} J");
        for (channel, sum_j) in [
            (Channel::Auxiliary, sum(|row| row.aux_w)),
            (Channel::Converter, sum(|row| row.converter_loss_w)),
            (Channel::Brakes, sum(|row| row.brake_w)),
        ] {
            prop_assert!(close(ledger.energy_j(channel), sum_j, 1.0), "{channel:?} {sum_j} J");
        }
        let paths = &driven.paths;
        let battery_j = sum(|row| row.battery_w);
        prop_assert!(close(battery_j, paths.battery_out_j - paths.battery_in_j, paths.battery_out_j));
        let distance_m: f64 = rows.windows(2)
            .map(|pair| 0.5 * (pair[0].speed_kmh + pair[1].speed_kmh) / 3.6 * (pair[1].time_s - pair[0].time_s))
            .sum();
        prop_assert!(close(distance_m, driven.totals.distance_m, 1.0));
        let on_s: f64 = rows.windows(2)
            .filter(|pair| pair[1].engine_state == EngineState::On)
            .map(|pair| pair[1].time_s - pair[0].time_s)
            .sum();
        prop_assert!(close(on_s, driven.totals.engine_on_s, 1.0));
        prop_assert!(close(rows[rows.len() - 1].time_s, driven.totals.duration_s, 1.0));
    }

    #[test]
    fn misses_are_those_of_the_trace(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let rows = &driven.trace.rows;
        let miss = |row: &thsim::sim::TraceRow| (row.speed_kmh - row.target_speed_kmh).abs();
        let worst = rows.iter().map(miss).fold(0.0, f64::max);
        prop_assert!(close(worst, driven.totals.miss_max_kmh(), 100.0), "{worst}");
        let outside_s: f64 = rows.windows(2)
            .filter(|pair| miss(&pair[1]) > 2.0)
            .map(|pair| pair[1].time_s - pair[0].time_s)
            .sum();
        prop_assert!((outside_s - driven.totals.miss_s).abs() <= case.step_s + 1e-6);
    }
}
