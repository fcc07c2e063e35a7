#![allow(clippy::float_cmp)] // limits are exactly zero

use super::*;
use proptest::prelude::*;

fn plant() -> BatteryPlant {
    Battery {
        capacity_ah: 6.5,
        cells: 168.0,
        open_circuit_v: Curve::new(vec![0.0, 0.5, 1.0], vec![190.0, 216.0, 233.0]).unwrap(),
        instant_ohm: Surface::new(vec![0.0, 40.0], vec![0.0, 1.0], vec![0.7, 0.7, 0.3, 0.3])
            .unwrap(),
        steady_ohm: Surface::new(vec![0.0, 40.0], vec![0.0, 1.0], vec![1.1, 1.1, 0.43, 0.43])
            .unwrap(),
        time_constant_s: 12.0,
        coulombic_efficiency: 0.98,
        soc_min: 0.4,
        soc_max: 0.8,
        soc_target: 0.6,
        max_discharge_w: 25e3,
        max_charge_w: 25e3,
        min_v: 150.0,
        max_v: 280.0,
        mass_kg: 28.0,
        heat_capacity_j_per_kg_k: 800.0,
        cooling_w_per_k: 8.0,
    }
    .plant()
}

fn state(soc: f64, battery_c: f64, polarisation_v: f64) -> State {
    State {
        speed_mps: 0.0,
        engine_rad_s: 0.0,
        soc,
        polarisation_v,
        coolant_c: 90.0,
        battery_c,
    }
}

proptest! {
    /// What the charge gives up arrives at the terminals, in the slow branch or as heat.
    #[test]
    fn energy_closes(power in -25e3..25e3_f64, soc in 0.45..0.75, u in -10.0..10.0, dt in 0.01..1.0) {
        let battery = plant();
        let (pace, state) = (battery.pace(dt), state(soc, 25.0, u));
        let terminals = battery.terminals(&pace, &state);
        let power = power.min(terminals.discharge_limit_w).max(-terminals.charge_limit_w);
        let d = battery.draw(&pace, &terminals, power, &state, 25.0);
        prop_assert!((d.chemical_w - power - d.polarisation_w - d.heat_w).abs() < 1e-7);
        prop_assert!((d.voltage_v * d.current_a - power).abs() < 1e-8 * (1.0 + power.abs()));
        prop_assert!(d.heat_w >= 0.0);
    }
}

#[test]
fn a_pulse_sees_the_instant_and_a_long_load_the_steady_resistance() {
    let battery = plant();
    let (mut u, mut first_v, mut last_v) = (0.0, 0.0, 0.0);
    for step in 0..2000 {
        let (pace, state) = (battery.pace(0.05), state(0.6, 40.0, u));
        let terminals = battery.terminals(&pace, &state);
        let d = battery.draw(&pace, &terminals, 5e3, &state, 40.0);
        u = d.polarisation_v;
        last_v = (terminals.open_circuit_v - d.voltage_v) / d.current_a;
        if step == 0 {
            first_v = last_v;
        }
    }
    assert!((first_v - 0.30).abs() < 0.002, "{first_v}");
    assert!((last_v - 0.43).abs() < 0.002, "{last_v}");
}

#[test]
fn limits_fade_to_nothing_at_the_ends_of_the_window() {
    let battery = plant();
    let terminals = |soc, celsius| battery.terminals(&battery.pace(0.1), &state(soc, celsius, 0.0));
    assert_eq!(terminals(0.4, 25.0).discharge_limit_w, 0.0);
    assert_eq!(terminals(0.8, 25.0).charge_limit_w, 0.0);
    assert!(terminals(0.6, 35.0).discharge_limit_w > 18e3);
}
