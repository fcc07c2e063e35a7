//! A plant made from that of another design is the plant of its own.

use proptest::prelude::*;
use thsim::config;
use thsim::vehicle::{Plant, Vehicle};

/// Values of keys, of every component: of its tables and of its other figures.
const VALUES: [&str; 30] = [
    "chassis.test_mass_kg=1600",
    "chassis.tyre_radius_m=0.3",
    "chassis.road_load.machine_share=0.5",
    "gearset.final_ratio=3.4",
    "gearset.spin_drag_nm=2",
    "engine.idle_rpm=1200",
    "engine.max_power_kw=60",
    "engine.inertia_kg_m2=0.12",
    "engine.firing_rpm=950",
    "engine.drag_nm=20",
    "engine.warm_c=60",
    "engine.fuel.density_kg_per_l=0.74",
    "engine.fuel_map.peak_efficiency=0.39",
    "engine.fuel_map.loss_nm=[25, -3.6, 0.7]",
    "mg1.max_torque_nm=44",
    "mg1.loss.w_per_rad_s=0.3",
    "mg1.inertia_kg_m2=0.02",
    "mg2.max_power_kw=50",
    "mg2.max_speed_rpm=13000",
    "mg2.loss.constant_w=300",
    "converter.efficiency=0.97",
    "battery.capacity_ah=7",
    "battery.soc_max=0.78",
    "battery.max_charge_kw=20",
    "battery.time_constant_s=20",
    "battery.resistance.temperature_c=[0, 26, 41]",
    "auxiliary.power_w=400",
    "thermal.ambient_c=-5",
    "thermal.heat_share=0.4",
    "control.hysteresis_kw=1.5",
];

/// The car with some of the values; none where they do not fit each other.
fn vehicle(chosen: &[bool]) -> Option<Vehicle> {
    let values = VALUES.iter().zip(chosen).filter(|(_, chosen)| **chosen);
    let sets: Vec<String> = values.map(|(value, _)| (*value).to_owned()).collect();
    let file = config::load("levin-hybrid", &sets).ok()?;
    Some(file.vehicle().clone())
}

fn designs() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(prop::bool::weighted(0.1), VALUES.len())
}

#[test]
fn every_value_makes_a_car() {
    for (number, value) in VALUES.iter().enumerate() {
        let alone: Vec<bool> = (0..VALUES.len()).map(|other| other == number).collect();
        let changed = vehicle(&alone).unwrap_or_else(|| panic!("{value} makes no car"));
        assert!(vehicle(&[]) != Some(changed), "{value} changes nothing");
    }
}

proptest! {
    #[test]
    fn whatever_was_built_before_the_plant_is_that_of_the_vehicle(
        first in designs(), second in designs(),
    ) {
        if let (Some(first), Some(second)) = (vehicle(&first), vehicle(&second)) {
            let plant = Plant::new(&first).like(&first, &second);
            prop_assert_eq!(plant, Plant::new(&second));
        }
    }
}
