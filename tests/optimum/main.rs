//! The best possible control: nothing may be better, and what is said of it has to hold.

#[path = "../common/mod.rs"]
mod common;
mod reference_plant;

use rayon::prelude::*;
use thsim::config;
use thsim::cycle::{self, Cycle};
use thsim::ledger::Channel;
use thsim::optimum::{Dwell, Grid};
use thsim::results::Balance;
use thsim::study::{BestQuestion, Outcome, StartWith};
use thsim::vehicle::{Plant, Vehicle};

/// What came of one car on one cycle.
struct Answered {
    rules: Outcome,
    adaptive: Outcome,
    ecms: Outcome,
    optimum: Outcome,
    error_percent: f64,
    /// How far the fuel of the optimum at equal charge is from the first cost of its table; none
    /// where the car falls behind the cycle, which costs as well.
    off_percent: Option<f64>,
    vehicle: Vehicle,
}

fn vehicle(name: &str, sets: &[&str]) -> Vehicle {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    config::load(name, &sets)
        .expect("a shipped vehicle")
        .vehicle()
        .clone()
}

fn question<'a>(
    vehicle: &'a Vehicle,
    plant: &'a Plant,
    cycle: &'a Cycle,
    dwell: Option<Dwell>,
    nodes: usize,
) -> BestQuestion<'a> {
    BestQuestion {
        vehicle,
        plant,
        cycle,
        repeat: None,
        step_s: 1.0,
        start: StartWith::Balanced,
        end_soc: None,
        dwell: dwell.unwrap_or_else(|| Dwell::of(&vehicle.strategy)),
        grid: Grid::default(),
        nodes,
    }
}

fn answer(vehicle: Vehicle, cycle: &str, dwell: Option<Dwell>, nodes: usize) -> Answered {
    let plant = Plant::new(&vehicle);
    let cycle = cycle::find(cycle).expect("a shipped cycle");
    let best = question(&vehicle, &plant, &cycle, dwell, nodes).prepare();
    let rules = best.rules(None);
    let adaptive = best.adaptive(None);
    let (ecms, _) = best.ecms(None);
    let optimum = best.optimum(&|_, _| true, None).expect("a way");
    let program = &optimum.policy.program;
    let promised_j = program.cost_j(0, program.dwell().rested(), optimum.outcome.initial.soc);
    Answered {
        rules,
        adaptive,
        ecms,
        error_percent: 100.0 * optimum.discretisation_error,
        off_percent: (best.cut_mps() == 0.0)
            .then(|| 100.0 * (optimum.fuel_at_equal_charge_j() / promised_j - 1.0)),
        optimum: optimum.outcome,
        vehicle,
    }
}

impl Answered {
    fn litres(&self, outcome: &Outcome) -> f64 {
        outcome.corrected_l_per_100km(&self.vehicle.engine.fuel)
    }

    /// Percent above the optimum.
    fn regret(&self, outcome: &Outcome) -> f64 {
        100.0 * (self.litres(outcome) / self.litres(&self.optimum) - 1.0)
    }

    /// No control is better than the optimum by more than the optimum is known to.
    fn holds(&self, what: &str) {
        let error = self.error_percent.abs();
        assert!(error <= 0.1, "{what}: discretisation error {error} %");
        let off = self.off_percent.map_or(0.0, f64::abs);
        assert!(
            off <= error + 0.005,
            "{what}: off by {off} %, error {error} %"
        );
        for (name, outcome) in [
            ("rules", &self.rules),
            ("aecms", &self.adaptive),
            ("ecms", &self.ecms),
        ] {
            let regret = self.regret(outcome);
            assert!(
                regret > -error.max(0.01),
                "{what}: {name} {regret} %, error {error} %"
            );
        }
    }
}

/// Every car on every shipped schedule, with its minimum times and without.
#[test]
fn no_control_is_better_than_the_optimum() {
    let cars = [
        "levin-hybrid",
        "prius-2010",
        "prius-2010-17in",
        "prius-2010-eu",
        "prius-2010-jp",
        "prius-2004",
        "auris-hybrid-2010",
        "auris-hybrid-2013",
    ];
    // Scenarios and routes have a hyphen.
    let cycles: Vec<_> = cycle::names().filter(|name| !name.contains('-')).collect();
    assert!(cycles.len() > 20, "{cycles:?}");
    let cases = cars.iter().flat_map(|car| {
        let cycles = cycles.iter();
        cycles.flat_map(move |cycle| [None, Some(Dwell::NONE)].map(|dwell| (*car, *cycle, dwell)))
    });
    let cases: Vec<_> = cases.collect();
    let all: Vec<_> = cases
        .par_iter()
        .map(|(car, cycle, dwell)| answer(vehicle(car, &[]), cycle, *dwell, 400))
        .collect();
    let what = |(car, cycle, dwell): &(&str, &str, Option<Dwell>)| {
        let times = if dwell.is_some() {
            ", no minimum times"
        } else {
            ""
        };
        format!("{car} on {cycle}{times}")
    };
    for (case, answered) in cases.iter().zip(&all) {
        println!(
            "{}: rules {:+.2}, aecms {:+.2}, ecms {:+.2} %, error {:.3} %",
            what(case),
            answered.regret(&answered.rules),
            answered.regret(&answered.adaptive),
            answered.regret(&answered.ecms),
            answered.error_percent
        );
    }
    for (case, answered) in cases.iter().zip(&all) {
        answered.holds(&what(case));
    }
}

/// What is gained or given on the way to another charge is worth what it saves there: the fuel at
/// equal charge is that of a drive that keeps the charge.
#[test]
fn another_charge_at_the_end_is_worth_what_it_saves() {
    let vehicle = vehicle("levin-hybrid", &[]);
    let plant = Plant::new(&vehicle);
    let cycle = cycle::find("udds").expect("a shipped cycle");
    let litres = |soc: f64, end_soc: Option<f64>| {
        let question = BestQuestion {
            start: StartWith::Soc(soc),
            end_soc,
            ..question(&vehicle, &plant, &cycle, Some(Dwell::NONE), 400)
        };
        let optimum = question.prepare().optimum(&|_, _| true, None);
        let optimum = optimum.expect("a way");
        let asked = end_soc.unwrap_or(soc);
        let end = optimum.outcome.totals.soc_end;
        assert!(end > asked - 5e-3, "ends at {end}, asked {asked}");
        let error = optimum.discretisation_error;
        assert!(error < 1e-3, "{error} from {soc} to {end_soc:?}");
        optimum.outcome.corrected_l_per_100km(&vehicle.engine.fuel)
    };
    let kept = litres(0.6, None);
    // The ends of the window, too.
    for (soc, end_soc) in [
        (0.5, Some(0.6)),
        (0.7, Some(0.6)),
        (0.6, Some(0.7)),
        (0.45, Some(0.78)),
        (0.78, Some(0.45)),
        (vehicle.battery.soc_min, None),
    ] {
        let beyond = litres(soc, end_soc) / kept - 1.0;
        assert!(beyond.abs() < 0.015, "{beyond} from {soc} to {end_soc:?}");
    }
}

#[test]
fn a_doubled_grid_hardly_moves_the_optimum() {
    let litres = |nodes| {
        let answered = answer(vehicle("levin-hybrid", &[]), "sc03", None, nodes);
        answered.litres(&answered.optimum)
    };
    let (coarse, fine) = (litres(200), litres(400));
    assert!((coarse / fine - 1.0).abs() < 1e-3, "{coarse} {fine}");
}

#[test]
fn minimum_times_cost_fuel_and_hold() {
    let car = || vehicle("levin-hybrid", &[]);
    let free = answer(car(), "nycc", Some(Dwell::NONE), 200);
    let held = answer(car(), "nycc", None, 200);
    let more = held.litres(&held.optimum) / free.litres(&free.optimum) - 1.0;
    assert!(more > -1e-3, "{more}");
    let strategy = &held.vehicle.strategy;
    let apart_s = strategy.min_on_s + strategy.min_off_s;
    let starts = &held.optimum.totals.starts;
    assert!(starts.len() > 10);
    for pair in starts.windows(2) {
        assert!(pair[1].time_s - pair[0].time_s >= apart_s, "{pair:?}");
    }
}

#[test]
fn the_charge_is_kept_and_the_energy_balances() {
    let answered = answer(vehicle("prius-2010", &[]), "sc03", None, 400);
    let optimum = &answered.optimum;
    assert!(optimum.ledger.residual_relative().abs() < 1e-9);
    assert!((optimum.totals.soc_end - optimum.totals.soc_start).abs() < 5e-3);
    assert_eq!(optimum.balance, Balance::Balanced);
    let net = answered.ecms.ledger.energy_j(Channel::Battery)
        / answered.ecms.ledger.energy_j(Channel::Fuel);
    let kept = answered.ecms.balance == Balance::Interpolated || net.abs() < 1e-3;
    assert!(kept, "{net}");
}

/// What a start costs is what keeps ECMS, which sees nothing to come, from the optimum.
#[test]
fn without_a_price_for_starts_ecms_is_near_the_optimum() {
    let car = vehicle("levin-hybrid", &["engine.start_fuel_g=0"]);
    let answered = answer(car, "hwfet", Some(Dwell::NONE), 200);
    let regret = answered.regret(&answered.ecms);
    assert!(regret < 0.5, "{regret} %");
}

/// Other masses move the optimum as they move the car.
#[test]
fn a_lighter_car_needs_less_at_best() {
    let litres = |kg: &str| {
        let car = vehicle("levin-hybrid", &[&format!("chassis.test_mass_kg={kg}")]);
        let answered = answer(car, "sc03", None, 100);
        answered.litres(&answered.optimum)
    };
    assert!(litres("1300") < litres("1600"));
}

/// On a climb on which the engine gives nearly all it has, the end charge hardly moves with the
/// factor until it is a sixth above where the search begins.
#[test]
fn ecms_keeps_the_charge_on_a_long_climb() {
    let vehicle = vehicle("levin-hybrid", &[]);
    let plant = Plant::new(&vehicle);
    let climb = [
        (0.0, 0.0, 0.0),
        (20.0, 80.0, 0.1),
        (1200.0, 80.0, 0.1),
        (1220.0, 0.0, 0.0),
    ];
    let cycle = common::cycle_of(&climb);
    let best = question(&vehicle, &plant, &cycle, None, 200).prepare();
    let (ecms, _) = best.ecms(None);
    assert_eq!(ecms.balance, Balance::Balanced);
    assert!((ecms.totals.soc_end - ecms.totals.soc_start).abs() < 0.02);
}
