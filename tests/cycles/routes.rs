//! Routes put together from cycles.

use thsim::cycle::{Cycle, Statistics, find};

const MIXED: [&str; 3] = ["mixed-150km", "mixed-150km-gentle", "mixed-150km-brisk"];

fn route(name: &str) -> Cycle {
    find(name).expect("a shipped route")
}

#[test]
fn the_mixed_routes_are_150_km_long_and_keep_to_110_km_h() {
    for name in MIXED {
        let cycle = route(name);
        let figures = Statistics::of(&cycle);
        assert!(
            (figures.distance_km - 150.0).abs() < 2.0,
            "{name}: {figures:?}"
        );
        assert!(figures.max_speed_kmh < 110.0 + 1e-9, "{name}: {figures:?}");
        let ends = [cycle.speed_mps.first(), cycle.speed_mps.last()];
        assert_eq!(ends, [Some(&0.0); 2], "{name} is driven from rest to rest");
        assert!(
            cycle.time_s.windows(2).all(|pair| pair[0] < pair[1]),
            "{name}"
        );
    }
}

#[test]
fn legs_are_phases_with_their_own_length() {
    let cycle = route("mixed-150km");
    for (name, km) in [
        ("town", 9.806),
        ("motorway 100", 20.386),
        ("long stop", 0.0),
    ] {
        let phase = cycle.phases.iter().find(|phase| phase.name == name);
        let figures = Statistics::of_phase(&cycle, phase.expect("a leg"));
        assert!(
            (figures.distance_km - km).abs() < 2e-3,
            "{name}: {figures:?}"
        );
    }
}

#[test]
fn the_gentle_route_has_gentler_accelerations_than_the_brisk_one() {
    let rpa = |name| Statistics::of(&route(name)).relative_positive_acceleration_mps2;
    assert!(rpa(MIXED[1]) < rpa(MIXED[0]) && rpa(MIXED[0]) < rpa(MIXED[2]));
}

#[test]
fn steady_routes_are_driven_at_one_speed() {
    for (name, kmh) in [("steady-120", 120.0), ("steady-130", 130.0)] {
        let figures = Statistics::of(&route(name));
        assert!(
            (figures.distance_km - 50.0).abs() < 1e-6,
            "{name}: {figures:?}"
        );
        assert!(
            (figures.mean_speed_kmh - kmh).abs() < 1e-6,
            "{name}: {figures:?}"
        );
    }
}
