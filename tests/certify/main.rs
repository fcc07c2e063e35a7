//! Test procedures: weights, bags, the day, and what the books make of the battery.

#[path = "../common/mod.rs"]
mod common;

use common::{Car, near, shipped_cycle};
use thsim::control::Rules;
use thsim::cycle::Cycle;
use thsim::ledger::Channel;
use thsim::study::procedure::{
    CarUnderTest, Certificate, Procedure, ProcedureError, Rule, labels, on_the_day, spread_percent,
    sticker,
};
use thsim::units::mpg_us_from_l_per_100km;
use thsim::vehicle::{Plant, RoadLoad, Vehicle};

/// Long enough to be quick; the laws hold at any step.
const STEP_S: f64 = 0.5;

fn through(procedure: Procedure, day: &Vehicle, given: Option<&Cycle>) -> Certificate {
    let car = CarUnderTest {
        vehicle: day,
        plant: &Plant::new(day),
        controller: &Rules::of(day),
        given,
        step_s: STEP_S,
    };
    car.certify(procedure).expect("a test")
}

fn certified(name: &str, procedure: Procedure) -> Certificate {
    let car = Car::shipped(name);
    let day = on_the_day(procedure, &car.vehicle).expect("a day");
    through(procedure, &day, None)
}

#[test]
fn the_ftp_weighs_its_passes_43_to_57_in_gallons_a_mile() {
    let ftp = certified("prius-2010", Procedure::Ftp);
    let [cold, soaked] = ftp.parts.as_slice() else {
        panic!("two passes: {:?}", ftp.parts);
    };
    let mpg = 1.0 / (0.43 / cold.fuel_mpg_us + 0.57 / soaked.fuel_mpg_us);
    assert!(near(
        mpg_us_from_l_per_100km(ftp.measured_l_per_100km),
        mpg,
        1e-9
    ));
    assert!(cold.fuel_ml > soaked.fuel_ml, "a cold pass burns more");
}

#[test]
fn bags_add_up_to_the_passes() {
    let ftp = certified("levin-hybrid", Procedure::Ftp);
    assert_eq!(ftp.measured.bags.len(), 4);
    let udds_km = shipped_cycle("udds").distance_m() / 1e3;
    let fuel_j = |from: usize| -> f64 {
        ftp.measured.bags[from..from + 2]
            .iter()
            .map(|bag| bag.ledger.energy_j(Channel::Fuel))
            .sum()
    };
    assert!(near(
        fuel_j(0) / fuel_j(2),
        ftp.parts[0].fuel_ml / ftp.parts[1].fuel_ml,
        1e-9
    ));
    for part in &ftp.parts {
        assert!(near(part.distance_km, udds_km, 1e-6), "{part:?}");
    }
    // Each begins as the one before it ended: nobody drives or charges in between.
    for pair in ftp.measured.bags.windows(2) {
        assert!((pair[0].totals.soc_end - pair[1].totals.soc_start).abs() < 1e-12);
    }
    let us06 = certified("levin-hybrid", Procedure::Us06);
    let parts_km: f64 = us06.parts.iter().map(|part| part.distance_km).sum();
    let bags_m: f64 = us06
        .measured
        .bags
        .iter()
        .map(|bag| bag.totals.distance_m)
        .sum();
    assert_eq!((us06.parts.len(), us06.measured.bags.len()), (2, 3));
    assert!(near(parts_km, bags_m / 1e3, 1e-9));
}

#[test]
fn corrected_figures_of_runs_from_any_charge_agree() {
    for procedure in [Procedure::Ftp, Procedure::Hwfet, Procedure::Wltp] {
        let it = certified("prius-2010", procedure);
        let runs = it.factor_runs.iter();
        assert!(it.factor_runs.len() >= 5, "{procedure:?}");
        let raw = spread_percent(runs.clone().map(|run| run.fuel_l_per_100km));
        let wltp = spread_percent(runs.clone().map(|run| run.wltp_l_per_100km));
        let r101 = spread_percent(runs.map(|run| run.r101_l_per_100km));
        for corrected in [wltp, r101] {
            assert!(
                corrected < 2.0 && corrected < 0.4 * raw,
                "{procedure:?}: {raw} % as measured, {corrected} % corrected"
            );
        }
    }
}

#[test]
fn factors_are_positive_and_a_charged_battery_lowers_the_figure() {
    let it = certified("levin-hybrid", Procedure::Nedc);
    for (rule, correction) in &it.corrections {
        if *rule != Rule::SaeJ1711 {
            assert!(correction.factor.expect("a factor") > 0.0, "{rule:?}");
        }
    }
    for run in &it.factor_runs {
        let lowered = run.wltp_l_per_100km < run.fuel_l_per_100km;
        assert_eq!(lowered, run.charged_ah > 0.0, "{run:?}");
    }
    // Two books, one line through the same runs.
    let (first, last) = (it.factor_runs[0], it.factor_runs[it.factor_runs.len() - 1]);
    assert!(first.charged_ah > last.charged_ah && first.fuel_l_per_100km > last.fuel_l_per_100km);
}

#[test]
fn a_test_that_stands_is_as_measured_and_one_that_is_corrected_is_not() {
    for procedure in [Procedure::Ftp, Procedure::Nedc, Procedure::Japan1015] {
        let it = certified("prius-2010", procedure);
        for (rule, correction) in &it.corrections {
            let gives = if correction.applied {
                correction.corrected_l_per_100km
            } else {
                it.measured_l_per_100km
            };
            assert!(near(correction.fuel_l_per_100km, gives, 1e-12), "{rule:?}");
        }
        assert_eq!(
            it.corrections.iter().filter(|(_, it)| it.own_rule).count(),
            1
        );
    }
}

#[test]
fn cold_air_and_a_compressor_cost_fuel() {
    let car = Car::shipped("prius-2010").vehicle;
    let at = |procedure| {
        let day = on_the_day(procedure, &car).expect("a day");
        through(procedure, &day, None).balanced_l_per_100km
    };
    assert!(at(Procedure::FtpCold) > 1.05 * at(Procedure::Ftp));
    let mut without = on_the_day(Procedure::Sc03, &car).expect("a day");
    without.auxiliary_w = car.auxiliary_w;
    let without = through(Procedure::Sc03, &without, None).balanced_l_per_100km;
    assert!(at(Procedure::Sc03) > 1.05 * without);
}

#[test]
fn the_cold_day_multiplies_a_coast_down_by_1_1_and_refuses_other_road_loads() {
    let mut car = Car::shipped("prius-2010").vehicle;
    let day = on_the_day(Procedure::FtpCold, &car).expect("a day");
    let a_n = |car: &Vehicle| match car.chassis.road_load {
        RoadLoad::CoastDown { a_n, .. } => a_n,
        RoadLoad::Coefficients { .. } => panic!("a coast-down"),
    };
    assert!(near(a_n(&day), 1.1 * a_n(&car), 1e-12));
    car.chassis.road_load = RoadLoad::Coefficients {
        cd: 0.25,
        frontal_area_m2: 2.2,
        crr: 0.008,
    };
    let refused = on_the_day(Procedure::FtpCold, &car);
    assert!(matches!(
        refused,
        Err(ProcedureError::NoRoadLoadRule { .. })
    ));
    assert!(on_the_day(Procedure::Ftp, &car).is_ok());
    assert!(matches!(
        on_the_day(Procedure::EpaLabel, &car),
        Err(ProcedureError::NotATest { .. })
    ));
}

#[test]
fn the_label_is_derived_from_city_and_highway() {
    let labels = labels(60.0, 55.0);
    let derived = |intercept: f64, slope: f64, mpg: f64| 1.0 / (intercept + slope / mpg);
    let old = labels.year_2008;
    assert!(near(old.city_mpg, derived(0.003_259, 1.1805, 60.0), 1e-12));
    assert!(near(
        old.highway_mpg,
        derived(0.001_376, 1.3466, 55.0),
        1e-12
    ));
    let new = labels.year_2017;
    assert!(near(new.city_mpg, derived(0.004_091, 1.1601, 60.0), 1e-12));
    assert!(near(
        new.highway_mpg,
        derived(0.003_191, 1.2945, 55.0),
        1e-12
    ));
    let combined = 1.0 / (0.55 / new.city_mpg + 0.45 / new.highway_mpg);
    assert!(near(new.combined_mpg, combined, 1e-12));

    let ftp = certified("levin-hybrid", Procedure::Ftp);
    let hwfet = certified("levin-hybrid", Procedure::Hwfet);
    let both = sticker(&ftp, &hwfet);
    let main = both.labels.year_2008.combined_mpg;
    assert!(near(
        mpg_us_from_l_per_100km(both.fuel_l_per_100km),
        main,
        1e-12
    ));
    assert!(both.fuel_l_per_100km > ftp.fuel_l_per_100km.max(hwfet.fuel_l_per_100km));
}

#[test]
fn jc08_weighs_consumption_25_cold_to_75_hot() {
    let car = Car::shipped("prius-2010").vehicle;
    let day = on_the_day(Procedure::Jc08, &car).expect("a day");
    // Any schedule will do for a law.
    let it = through(Procedure::Jc08, &day, Some(&shipped_cycle("japan_10_15")));
    let [cold, hot] = it.parts.as_slice() else {
        panic!("two passes: {:?}", it.parts);
    };
    let l_per_100km = 0.25 * cold.fuel_l_per_100km + 0.75 * hot.fuel_l_per_100km;
    assert!(near(it.measured_l_per_100km, l_per_100km, 1e-9));
    let km_per_l = 1.0 / (0.25 / cold.fuel_km_per_l + 0.75 / hot.fuel_km_per_l);
    assert!(near(100.0 / it.measured_l_per_100km, km_per_l, 1e-9));
}

#[test]
fn every_name_is_found_in_any_spelling() {
    for procedure in Procedure::ALL {
        assert_eq!(Procedure::find(procedure.name()), Some(procedure));
    }
    assert_eq!(
        Procedure::find("NEDC-automatic"),
        Some(Procedure::NedcAutomatic)
    );
    assert_eq!(Procedure::find("ftp_20F"), Some(Procedure::FtpCold));
    assert_eq!(Procedure::find("10_15"), Some(Procedure::Japan1015));
    assert_eq!(Procedure::find("ftp75"), None);
    assert!(Procedure::default_set().all(|it| !it.needs_schedule()));
}
