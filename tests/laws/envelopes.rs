//! No part leaves its envelope.

use proptest::prelude::*;
use thsim::sim::EngineState;
use thsim::units::kmh_from_mps;
use thsim::vehicle::MachinePlant;

use crate::drives::{Step, cases, tried};

const SHARE: f64 = 1e-6;

fn within(value: f64, limit: f64) -> bool {
    value <= limit * (1.0 + SHARE) + SHARE
}

fn check_machine(
    name: &str,
    machine: &MachinePlant,
    max_power_w: f64,
    speed_rad_s: f64,
    torque_nm: f64,
    step: &Step,
) -> Result<(), TestCaseError> {
    let limit_nm = machine.torque_limit_nm(speed_rad_s);
    let mechanical_w = speed_rad_s * torque_nm;
    prop_assert!(
        within(torque_nm.abs(), limit_nm),
        "{name}: {torque_nm} N·m of {limit_nm}: {step:?}"
    );
    prop_assert!(
        within(mechanical_w.abs(), max_power_w),
        "{name}: {mechanical_w} W of {max_power_w}: {step:?}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(tried(256))]

    #[test]
    fn machines_stay_within_torque_and_power(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let (vehicle, plant) = (&driven.car.vehicle, &driven.car.plant);
        for step in &driven.steps {
            let f = &step.flows;
            check_machine("MG1", &plant.mg1, vehicle.mg1.max_power_w, f.mg1_rad_s, f.mg1_torque_nm, step)?;
            check_machine("MG2", &plant.mg2, vehicle.mg2.max_power_w, f.mg2_rad_s, f.mg2_torque_nm, step)?;
        }
    }

    #[test]
    fn machines_stay_below_their_fastest_speed(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let (vehicle, plant) = (&driven.car.vehicle, &driven.car.plant);
        for step in &driven.steps {
            let ring = step.end.speed_mps * plant.ring_rad_per_m;
            let mg1 = plant.gearset.sun_speed_rad_s(step.end.engine_rad_s, ring).abs();
            let mg2 = (ring * plant.gearset.mg2_ratio).abs();
            prop_assert!(within(mg1, vehicle.mg1.max_speed_rad_s), "MG1 {mg1} rad/s: {step:?}");
            prop_assert!(within(mg2, vehicle.mg2.max_speed_rad_s), "MG2 {mg2} rad/s: {step:?}");
        }
    }

    #[test]
    fn the_engine_stays_below_full_load_and_its_fastest_speed(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let engine = &driven.car.plant.engine;
        let most_w = driven.car.vehicle.engine.max_power_w;
        for step in &driven.steps {
            let f = &step.flows;
            // The mean speed of firing, at which full load is taken, is not in the flows.
            let (slow, fast) = (step.start.engine_rad_s, step.end.engine_rad_s);
            let full_nm = [slow, f.engine_rad_s, fast].map(|speed| engine.full_load_nm(speed));
            let full_nm = full_nm.into_iter().fold(0.0, f64::max);
            // In a step that begins without fuel, torque is that which does the work.
            let whole = f.fired > 0.999_999;
            prop_assert!(!whole || within(f.engine_torque_nm, full_nm), "{} N·m of {full_nm}: {step:?}", f.engine_torque_nm);
            let work_w = full_nm * slow.max(fast) * f.fired;
            prop_assert!(within(f.engine_shaft_w, work_w), "{} W of {work_w}: {step:?}", f.engine_shaft_w);
            prop_assert!(within(f.engine_shaft_w, 1.02 * most_w), "{} W: {step:?}", f.engine_shaft_w);
            prop_assert!(within(step.end.engine_rad_s, engine.max_speed_rad_s), "{step:?}");
            prop_assert!(step.end.engine_rad_s >= 0.0, "{step:?}");
        }
    }

    #[test]
    fn the_engine_changes_speed_no_faster_than_it_can(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let engine = &driven.car.plant.engine;
        for step in &driven.steps {
            let change = (step.end.engine_rad_s - step.start.engine_rad_s) / step.interval.dt_s;
            // From rest up to firing by cranking, from there on by the slew rate.
            let crank = step.start.engine_rad_s < engine.firing_rad_s;
            let up = if crank { engine.crank_rad_s2.max(engine.slew_rad_s2) } else { engine.slew_rad_s2 };
            prop_assert!(within(change, up) && within(-change, engine.slew_rad_s2), "{change} rad/s²: {step:?}");
        }
    }

    #[test]
    fn fuel_burns_only_in_an_engine_that_turns_fast_enough(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let engine = &driven.car.plant.engine;
        for step in &driven.steps {
            let burns = step.flows.fuel_w > 0.0;
            // The fuel of a start burns in the step that reaches firing.
            let reaches = step.end.engine_rad_s >= 0.99 * engine.firing_rad_s;
            prop_assert!(step.engine != EngineState::On || burns, "{step:?}");
            prop_assert!(!burns || step.is_fuelled() && reaches, "{step:?}");
            let rests = step.start.engine_rad_s == 0.0 && step.end.engine_rad_s == 0.0;
            prop_assert!(step.engine != EngineState::Off || !burns && (rests || step.end.engine_rad_s == 0.0), "{step:?}");
        }
    }

    /// Nobody asks the auxiliaries, and an engine has to be started even from an empty
    /// battery: beyond these the battery keeps to its limits.
    #[test]
    fn the_battery_gives_no_more_than_it_can(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let plant = &driven.car.plant;
        for step in driven.steps.iter().filter(|step| step.engine != EngineState::Cranking) {
            let f = &step.flows;
            // Machines that turn without torque drag, an inverter that is on has its own loss.
            let (mg1, mg2) = (f.mg1_rad_s, f.mg2_rad_s);
            let idle_w = plant.mg1.electric_w(mg1, 1e-9) + plant.mg2.electric_w(mg2, 1e-9);
            let idle_w = f.aux_w + idle_w / driven.car.vehicle.converter.efficiency;
            let most_w = step.terminals(plant).discharge_limit_w.max(idle_w + step.turning_engine_w());
            prop_assert!(f.battery_w <= most_w + 1.0, "{} W of {most_w}: {step:?}", f.battery_w);
            prop_assert!(f.battery_v > 0.0 && f.battery_v.is_finite());
        }
    }

    #[test]
    fn the_battery_takes_no_more_than_it_can(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for step in &driven.steps {
            let limit_w = step.terminals(&driven.car.plant).charge_limit_w;
            let (power_w, least_w) = (step.flows.battery_w, -limit_w.max(step.turning_engine_w()));
            prop_assert!(power_w >= least_w - 1.0, "{power_w} W of {least_w}: {step:?}");
        }
    }

    #[test]
    fn the_car_never_rolls_backwards_nor_outruns_the_cycle(case in cases()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        for step in &driven.steps {
            let (speed, target) = (step.end.speed_mps, step.interval.target_mps);
            prop_assert!(speed >= 0.0, "{step:?}");
            // Tyres brake with the car's weight at most: harder braking is not followed.
            let braking = (step.start.speed_mps - speed) / step.interval.dt_s;
            let follows = speed <= target + 1e-9 || braking > 9.8;
            prop_assert!(follows, "{} of {} km/h", kmh_from_mps(speed), kmh_from_mps(target));
        }
    }
}
