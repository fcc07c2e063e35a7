//! Keys that take one value after another give the cars that files with these values give.

use proptest::prelude::*;
use thsim::config::{self, Setting, Variation};

/// Keys with the values they take here: some fit each other, some do not, some are out of
/// range.
const KEYS: [(&str, &[f64]); 12] = [
    ("chassis.test_mass_kg", &[1450.0, 1600.0, 20.0]),
    ("chassis.road_load.b_n_per_mps", &[0.5, -40.0]),
    ("gearset.ring_teeth", &[78.0, 77.6, 29.0]),
    ("gearset.final_ratio", &[3.2, 3.5]),
    ("engine.idle_rpm", &[950.0, 1200.0]),
    ("engine.inertia_kg_m2", &[0.12, 0.15]),
    ("mg1.max_speed_rpm", &[10_000.0, 6000.0]),
    ("battery.soc_min", &[0.4, 0.45, 0.75]),
    ("battery.soc_target", &[0.6, 0.55, 0.35]),
    ("control.hysteresis_kw", &[2.0, 50.0]),
    ("control.low_soc_start", &[0.45, 0.39]),
    ("thermal.ambient_c", &[20.0, -10.0, 45.0]),
];

fn variation() -> Variation {
    let keys: Vec<String> = KEYS.iter().map(|(key, _)| (*key).to_owned()).collect();
    let first: Vec<String> = KEYS
        .iter()
        .map(|(key, values)| format!("{key}={:?}", values[0]))
        .collect();
    Variation::new("levin-hybrid", &[], &keys, &first).expect("a shipped vehicle")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_came_before_the_car_is_that_of_the_file(
        rows in prop::collection::vec(prop::collection::vec(0..3_usize, KEYS.len()), 1..8),
    ) {
        let mut variation = variation();
        for row in rows {
            let mut sets = Vec::new();
            for (number, ((key, values), pick)) in KEYS.iter().zip(row).enumerate() {
                let value = values[pick % values.len()];
                variation.set(number, &Setting::number(value));
                let whole = if key.ends_with("_teeth") { value.round() } else { value };
                sets.push(format!("{key}={whole:?}"));
            }
            let file = config::load("levin-hybrid", &sets);
            match (variation.vehicle(), file) {
                (Ok(varied), Ok(file)) => prop_assert_eq!(varied, file.vehicle()),
                (Err(reason), Err(error)) => {
                    for issue in error.issues() {
                        prop_assert!(reason.contains(&issue.message), "{} in {}", issue.message, reason);
                    }
                }
                (varied, file) => prop_assert!(false, "{:?} {:?}", varied.err(), file.err()),
            }
        }
    }
}

#[test]
fn a_key_of_the_other_form_drops_the_first_form() {
    let keys = ["chassis.cd", "chassis.frontal_area_m2", "chassis.crr"].map(str::to_owned);
    let first = [
        "chassis.cd=0.25",
        "chassis.frontal_area_m2=2.2",
        "chassis.crr=0.009",
    ]
    .map(str::to_owned);
    let mut variation = Variation::new("levin-hybrid", &[], &keys, &first).expect("both forms");
    for (number, setting) in first.iter().enumerate() {
        let setting = Setting::parse(setting).expect("a value");
        variation.set(number, &setting);
    }
    let file = config::load("levin-hybrid", &first).expect("a car");
    assert_eq!(variation.vehicle(), Ok(file.vehicle()));
    let alone = Variation::new("levin-hybrid", &[], &keys[..1], &first[..1]);
    assert!(alone.is_err(), "the other coefficients are missing");
}

#[test]
fn lists_and_tables_vary_as_well() {
    let keys = ["battery.resistance.instant_ohm".to_owned()];
    let mut variation = Variation::new("levin-hybrid", &[], &keys, &[]).expect("a car");
    let base = variation.setting(&keys[0]).expect("resistances");
    let mut ohm = |setting: &Setting| {
        variation.set(0, setting);
        let vehicle = variation.vehicle().expect("a car");
        vehicle.battery.instant_ohm.at(25.0, 0.6)
    };
    let less = ohm(&base.scaled(0.8));
    assert!((less - 0.8 * ohm(&base)).abs() < 1e-12);
}

#[test]
fn a_key_that_the_file_leaves_to_its_default_varies() {
    let keys = ["chassis.head_wind_kmh".to_owned()];
    let mut variation = Variation::new("levin-hybrid", &[], &keys, &[]).expect("a car");
    variation.set(0, &Setting::number(36.0));
    let vehicle = variation.vehicle().expect("a car");
    assert_eq!(vehicle.chassis.head_wind_mps, 10.0);
}
