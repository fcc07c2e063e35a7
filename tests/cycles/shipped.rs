//! The shipped cycles have the figures of the regulations they come from.

use approx::assert_abs_diff_eq;
use thsim::cycle::{DEFAULT_SET, ROUTES, Start, Statistics, find, names};

/// Name, duration in s, distance in km, highest and mean speed in km/h. Computed from the
/// 1 Hz schedules; duration within 4 s and distance within 0.5 % of what is published.
const FIGURES: [(&str, f64, f64, f64, f64); 23] = [
    ("artemis_motorway_130", 1068.0, 28.7358, 131.80, 96.862),
    ("artemis_motorway_150", 1068.0, 29.5450, 150.40, 99.590),
    ("artemis_urban", 993.0, 4.8698, 57.70, 17.655),
    ("cltc_p", 1800.0, 14.4798, 114.00, 28.960),
    ("ece15", 195.0, 1.0146, 50.00, 18.731),
    ("eudc", 400.0, 6.9549, 120.00, 62.594),
    ("ftp75", 1874.0, 17.7694, 91.25, 34.136),
    ("hwfet", 765.0, 16.5065, 96.40, 77.678),
    ("idc", 648.0, 3.9475, 42.00, 21.931),
    ("japan_10_15", 660.0, 4.1653, 70.00, 22.720),
    ("la92", 1435.0, 15.7974, 108.15, 39.631),
    ("midc", 1180.0, 10.6674, 90.00, 32.544),
    ("nedc", 1180.0, 11.0132, 120.00, 33.600),
    ("nycc", 598.0, 1.8984, 44.58, 11.429),
    ("real_chicago_commute", 1203.0, 17.2589, 116.61, 51.647),
    ("real_chicago_urban", 1735.0, 12.0737, 79.87, 25.052),
    ("sc03", 600.0, 5.7606, 88.19, 34.564),
    ("udds", 1369.0, 11.9902, 91.25, 31.530),
    ("us06", 600.0, 12.8876, 129.23, 77.325),
    ("wltc_class1", 1611.0, 11.4277, 64.40, 25.537),
    ("wltc_class2", 1800.0, 22.6491, 123.10, 45.298),
    ("wltc_class3a", 1800.0, 23.1936, 131.30, 46.387),
    ("wltc_class3b", 1800.0, 23.2663, 131.30, 46.533),
];

/// Cycle, phase, begin and end in s, distance in km.
const PHASES: &[(&str, &str, f64, f64, f64)] = &[
    ("udds", "bag1_transient", 0.0, 505.0, 5.7792),
    ("udds", "bag2_stabilized", 505.0, 1369.0, 6.2110),
    ("ftp75", "phase1_cold_transient", 0.0, 505.0, 5.7792),
    ("ftp75", "phase2_stabilized", 505.0, 1369.0, 6.2110),
    ("ftp75", "phase3_hot_transient", 1369.0, 1874.0, 5.7792),
    ("us06", "city1", 0.0, 130.0, 2.0591),
    ("us06", "highway", 130.0, 495.0, 10.0355),
    ("us06", "city2", 495.0, 600.0, 0.7930),
    ("nedc", "ece15_1", 0.0, 195.0, 1.0146),
    ("nedc", "ece15_2", 195.0, 390.0, 1.0146),
    ("nedc", "ece15_3", 390.0, 585.0, 1.0146),
    ("nedc", "ece15_4", 585.0, 780.0, 1.0146),
    ("nedc", "eudc", 780.0, 1180.0, 6.9549),
    ("midc", "part1", 0.0, 780.0, 4.0583),
    ("midc", "part2", 780.0, 1180.0, 6.6090),
    ("idc", "pass1", 0.0, 108.0, 0.6579),
    ("idc", "pass2", 108.0, 216.0, 0.6579),
    ("idc", "pass3", 216.0, 324.0, 0.6579),
    ("idc", "pass4", 324.0, 432.0, 0.6579),
    ("idc", "pass5", 432.0, 540.0, 0.6579),
    ("idc", "pass6", 540.0, 648.0, 0.6579),
    ("japan_10_15", "idle", 0.0, 24.0, 0.0000),
    ("japan_10_15", "10mode_1", 24.0, 159.0, 0.6639),
    ("japan_10_15", "10mode_2", 159.0, 294.0, 0.6639),
    ("japan_10_15", "10mode_3", 294.0, 429.0, 0.6639),
    ("japan_10_15", "15mode", 429.0, 660.0, 2.1736),
    ("wltc_class3b", "low", 0.0, 589.0, 3.0945),
    ("wltc_class3b", "medium", 589.0, 1022.0, 4.7559),
    ("wltc_class3b", "high", 1022.0, 1477.0, 7.1617),
    ("wltc_class3b", "extra_high", 1477.0, 1800.0, 8.2541),
    ("wltc_class3a", "low", 0.0, 589.0, 3.0945),
    ("wltc_class3a", "medium", 589.0, 1022.0, 4.7210),
    ("wltc_class3a", "high", 1022.0, 1477.0, 7.1239),
    ("wltc_class3a", "extra_high", 1477.0, 1800.0, 8.2541),
    ("wltc_class2", "low", 0.0, 589.0, 3.1006),
    ("wltc_class2", "medium", 589.0, 1022.0, 4.7373),
    ("wltc_class2", "high", 1022.0, 1477.0, 6.7918),
    ("wltc_class2", "extra_high", 1477.0, 1800.0, 8.0194),
    ("wltc_class1", "low", 0.0, 589.0, 3.3301),
    ("wltc_class1", "medium", 589.0, 1022.0, 4.7674),
    ("wltc_class1", "low_2", 1022.0, 1611.0, 3.3301),
    ("cltc_p", "slow", 0.0, 674.0, 2.4516),
    ("cltc_p", "medium", 674.0, 1367.0, 5.9054),
    ("cltc_p", "fast", 1367.0, 1800.0, 6.1227),
];

/// Half of the last digit of the figures above, and rounding to 4 decimals below it.
const LAST_DIGIT_KMH: f64 = 0.0051;

#[test]
fn every_schedule_has_the_figures_of_its_regulation() {
    for (name, duration_s, distance_km, max_kmh, mean_kmh) in FIGURES {
        let figures = Statistics::of(&find(name).unwrap());
        println!("{name}: {figures:?}");
        assert_abs_diff_eq!(figures.duration_s, duration_s);
        assert_abs_diff_eq!(figures.distance_km, distance_km, epsilon = 1e-4);
        assert_abs_diff_eq!(figures.max_speed_kmh, max_kmh, epsilon = LAST_DIGIT_KMH);
        assert_abs_diff_eq!(figures.mean_speed_kmh, mean_kmh, epsilon = 0.00051);
    }
}

#[test]
fn every_name_is_covered_by_the_figures_or_by_its_own_test() {
    let own = ["nedc_automatic", "ev-creep", "long-stop"];
    let own = |name: &&str| own.contains(name) || ROUTES.contains(name);
    for name in names().filter(|name| !own(name)) {
        assert!(FIGURES.iter().any(|row| row.0 == name), "{name}");
    }
    assert!(
        DEFAULT_SET
            .iter()
            .all(|name| names().any(|known| known == *name))
    );
}

#[test]
fn phases_have_their_times_and_distances() {
    for &(name, phase_name, start_s, end_s, distance_km) in PHASES {
        let cycle = find(name).unwrap();
        let phase = cycle.phases.iter().find(|phase| phase.name == phase_name);
        let phase = phase.unwrap_or_else(|| panic!("{name} has a phase {phase_name}"));
        assert_abs_diff_eq!(phase.start_s, start_s);
        assert_abs_diff_eq!(phase.end_s, end_s);
        let figures = Statistics::of_phase(&cycle, phase);
        assert_abs_diff_eq!(figures.duration_s, end_s - start_s);
        assert_abs_diff_eq!(figures.distance_km, distance_km, epsilon = 1e-4);
    }
}

#[test]
fn no_phase_is_left_out_of_the_table() {
    for name in names().filter(|name| *name != "nedc_automatic" && !ROUTES.contains(name)) {
        let expected = PHASES.iter().filter(|row| row.0 == name).count();
        assert_eq!(find(name).unwrap().phases.len(), expected, "{name}");
    }
}

#[test]
fn phases_cover_the_cycle_and_their_distances_add_up() {
    for name in names() {
        let cycle = find(name).unwrap();
        if cycle.phases.is_empty() {
            continue;
        }
        let distances = cycle
            .phases
            .iter()
            .map(|phase| Statistics::of_phase(&cycle, phase));
        let sum_km: f64 = distances.map(|figures| figures.distance_km).sum();
        assert_abs_diff_eq!(sum_km, cycle.distance_m() / 1000.0, epsilon = 1e-9);
    }
}

#[test]
fn nedc_without_gear_change_plateaus_is_10_937_km() {
    let automatic = find("nedc_automatic").unwrap();
    let figures = Statistics::of(&automatic);
    assert_abs_diff_eq!(figures.duration_s, 1180.0);
    assert_abs_diff_eq!(figures.distance_km, 10.937, epsilon = 5e-4);
    assert_abs_diff_eq!(figures.max_speed_kmh, 120.0, epsilon = 1e-9);
    assert_eq!(automatic.phases, find("nedc").unwrap().phases);
}

/// From the comment lines of the schedules: acceleration by forward difference.
#[test]
fn accelerations_are_those_of_the_schedules() {
    for (name, acceleration, deceleration) in [
        ("udds", 1.475, 1.475),
        ("nedc", 1.042, 1.389),
        ("cltc_p", 1.917, 1.944),
        ("japan_10_15", 0.794, 0.833),
        ("la92", 3.085, 3.934),
    ] {
        let figures = Statistics::of(&find(name).unwrap());
        assert_abs_diff_eq!(figures.max_acceleration_mps2, acceleration, epsilon = 6e-4);
        assert_abs_diff_eq!(figures.max_deceleration_mps2, deceleration, epsilon = 6e-4);
    }
}

/// GB/T 38146.1 table 1: CLTC-P stands 22.11 % of the time, runs at 37.18 km/h.
#[test]
fn standstill_and_running_speed_of_cltc_p_are_those_of_its_standard() {
    let figures = Statistics::of(&find("cltc_p").unwrap());
    assert_abs_diff_eq!(figures.standstill_fraction, 0.2211, epsilon = 0.01);
    assert_abs_diff_eq!(figures.mean_running_speed_kmh, 37.18, epsilon = 0.4);
}

/// Every ECE-15 stops three times, the EUDC once.
#[test]
fn nedc_stops_thirteen_times() {
    assert_eq!(Statistics::of(&find("nedc").unwrap()).stops, 13);
}

#[test]
fn scenarios_are_made_from_their_definition_and_say_how_they_start() {
    let creep = find("ev-creep").unwrap();
    assert_eq!(creep.start, Start::NearTopOfWindow);
    let figures = Statistics::of(&creep);
    assert_abs_diff_eq!(figures.max_speed_kmh, 90.0, epsilon = 1e-9);
    assert_abs_diff_eq!(figures.max_acceleration_mps2, 0.35 / 3.6, epsilon = 1e-12);

    let stop = find("long-stop").unwrap();
    assert_eq!(stop.start, Start::EngineJustStopped);
    assert_abs_diff_eq!(stop.duration_s(), 3.0 * 3600.0);
    assert_abs_diff_eq!(stop.distance_m(), 0.0);

    assert_eq!(find("udds").unwrap().start, Start::Balanced);
}

#[test]
fn a_shipped_cycle_names_regulation_and_origin() {
    let source = find("wltp").unwrap().source;
    assert!(source.starts_with("UN GTR 15"), "{source}");
    assert!(source.contains("PyPI wltp"), "{source}");
}
