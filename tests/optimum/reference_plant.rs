//! The published reference plant: tables of engine and machines, free starts, nothing beside
//! the powertrain.

use super::{Answered, answer, vehicle};
use thsim::ledger::Channel;
use thsim::map::Surface;
use thsim::optimum::Dwell;
use thsim::study::Outcome;
use thsim::units::rad_s_from_rpm;
use thsim::vehicle::{FuelMap, Loss, Machine, Plant, Vehicle};

const PLANT: &str = "prius-2001-reference";

fn free(cycle: &str) -> Answered {
    answer(vehicle(PLANT, &[]), cycle, Some(Dwell::NONE), 400)
}

fn outcomes(answered: &Answered) -> [(&'static str, &Outcome); 4] {
    [
        ("rules", &answered.rules),
        ("aecms", &answered.adaptive),
        ("ecms", &answered.ecms),
        ("optimal", &answered.optimum),
    ]
}

#[test]
fn nothing_is_better_than_the_optimum_with_minimum_times_or_without() {
    for cycle in ["udds", "hwfet", "us06", "nedc"] {
        free(cycle).holds(&format!("{cycle}, free"));
        answer(vehicle(PLANT, &[]), cycle, None, 400).holds(&format!("{cycle}, held"));
    }
}

#[test]
fn minimum_times_never_save_fuel() {
    for cycle in ["sc03", "japan_10_15"] {
        let free = free(cycle);
        let held = answer(vehicle(PLANT, &[]), cycle, None, 400);
        let more = 100.0 * (held.litres(&held.optimum) / free.litres(&free.optimum) - 1.0);
        let known = free.error_percent.abs() + held.error_percent.abs();
        assert!(
            more > -known.max(0.01),
            "{cycle}: {more} %, known to {known} %"
        );
    }
}

/// Energy is kept, the charge too, and what the plant has not costs nothing.
#[test]
fn energy_and_charge_are_kept_and_lossless_parts_lose_nothing() {
    for cycle in ["hwfet", "nedc"] {
        let answered = free(cycle);
        for (name, outcome) in outcomes(&answered) {
            let ledger = &outcome.ledger;
            let residual = ledger.residual_relative().abs();
            assert!(residual < 1e-9, "{cycle} {name}: {residual}");
            let moved = (outcome.totals.soc_end - outcome.totals.soc_start).abs();
            assert!(moved < 5e-3, "{cycle} {name}: {moved}");
            for channel in [
                Channel::Auxiliary,
                Channel::Mesh,
                Channel::Mg2Reducer,
                Channel::FinalDrive,
                Channel::SpinDrag,
                Channel::Converter,
            ] {
                let share = ledger.energy_j(channel).abs() / ledger.energy_j(Channel::Fuel);
                assert!(share < 1e-12, "{cycle} {name}: {channel:?} {share}");
            }
        }
    }
}

/// With free starts ECMS is within half a percent of the optimum.
#[test]
fn ecms_is_near_the_optimum_where_starts_are_free() {
    let cycles = [
        "udds",
        "hwfet",
        "us06",
        "sc03",
        "nycc",
        "la92",
        "nedc",
        "wltc_class3b",
        "cltc_p",
        "japan_10_15",
    ];
    for cycle in cycles {
        let answered = free(cycle);
        let regret = answered.regret(&answered.ecms);
        println!(
            "{cycle}: {regret:.2} %, error {:.2} %",
            answered.error_percent
        );
        assert!(regret < 0.5, "{cycle}: {regret} %");
    }
}

#[test]
fn a_price_for_starts_makes_them_fewer() {
    let priced = vehicle(PLANT, &["engine.start_fuel_g=0.2"]);
    let priced = answer(priced, "sc03", Some(Dwell::NONE), 200);
    let free = free("sc03");
    assert!(priced.optimum.totals.starts.len() < free.optimum.totals.starts.len());
    assert!(priced.litres(&priced.optimum) > free.litres(&free.optimum));
}

#[test]
fn the_kernel_has_the_tables_as_they_were_measured() {
    let vehicle = vehicle(PLANT, &[]);
    let plant = Plant::new(&vehicle);
    let gaps = plant.resampled(&vehicle);
    for key in ["engine.fuel_map", "mg1.loss", "mg2.loss"] {
        let table = gaps.iter().find(|table| table.key == key);
        let gap = table.expect("a table").gap;
        assert!(gap.share < 1e-3, "{key}: {gap:?}");
    }
    // The best point that is published: 224 g/kWh, with 42.6 MJ/kg.
    let best = 3.6e6 / (plant.engine.best.efficiency * 42.6e3);
    assert!((best - 224.0).abs() < 1.5, "{best} g/kWh");
}

/// A machine's loss as a table on its own formula.
fn tabled(machine: &Machine) -> Machine {
    let steps = |last: f64, cells: usize| -> Vec<f64> {
        let at = |index: usize| last * index as f64 / cells as f64;
        (0..=cells).map(at).collect()
    };
    let speeds = steps(machine.max_speed_rad_s, 30);
    let torques = steps(machine.max_torque_nm, 60);
    let at = |speed: &f64| {
        let loss_w = |torque: &f64| machine.loss.at_w(*speed, *torque);
        torques.iter().map(loss_w).collect::<Vec<_>>()
    };
    let watts = speeds.iter().flat_map(at).collect();
    Machine {
        loss: Loss::Table(Surface::new(speeds, torques, watts).expect("a grid")),
        ..machine.clone()
    }
}

/// A car whose engine and machines are tables of its own formulas.
fn with_tables(vehicle: &Vehicle) -> Vehicle {
    let engine = Plant::new(vehicle).engine;
    let speeds: Vec<f64> = (0..=45)
        .map(|step| rad_s_from_rpm(700.0 + 100.0 * f64::from(step)))
        .collect();
    let torques: Vec<f64> = (1..=71).map(|step| 2.0 * f64::from(step)).collect();
    let at = |speed: &f64| {
        let fuel_w = |torque: &f64| speed * torque / engine.efficiency(*speed, *torque);
        torques.iter().map(fuel_w).collect::<Vec<_>>()
    };
    let watts = speeds.iter().flat_map(at).collect();
    let mut vehicle = vehicle.clone();
    vehicle.engine.fuel_map = FuelMap::Table(Surface::new(speeds, torques, watts).expect("a grid"));
    vehicle.mg1 = tabled(&vehicle.mg1);
    vehicle.mg2 = tabled(&vehicle.mg2);
    vehicle
}

/// The controls of a car do not ask in which form its maps are given.
#[test]
fn tables_of_the_formulas_give_the_same_optimum_ecms_and_rules() {
    let formulas = vehicle("levin-hybrid", &[]);
    let tables = answer(with_tables(&formulas), "sc03", None, 200);
    let formulas = answer(formulas, "sc03", None, 200);
    let known = formulas.error_percent.abs() + tables.error_percent.abs();
    for ((name, table), (_, formula)) in outcomes(&tables).into_iter().zip(outcomes(&formulas)) {
        let percent = 100.0 * (tables.litres(table) / formulas.litres(formula) - 1.0);
        assert!(percent.abs() < known + 0.4, "{name}: {percent} %");
    }
    tables.holds("levin-hybrid of tables on sc03");
}
