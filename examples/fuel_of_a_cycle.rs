//! How much fuel does the car burn on a cycle, and why does its engine start?
//!
//! `cargo run --release --example fuel_of_a_cycle -- udds`

use std::error::Error;
use thsim::config;
use thsim::control::{Rules, StartCause};
use thsim::cycle;
use thsim::ledger::Channel;
use thsim::study::{Question, StartWith};
use thsim::vehicle::Plant;

/// What one run says.
struct Answer {
    distance_km: f64,
    fuel_l_per_100km: f64,
    soc_start: f64,
    soc_end: f64,
    starts: Vec<StartCause>,
}

/// Drives the default car over a shipped cycle, warm, from the state of charge that the
/// run also ends with: all energy then comes from the tank.
fn fuel_of(cycle_name: &str) -> Result<Answer, Box<dyn Error>> {
    let file = config::load("levin-hybrid", &[])?;
    let vehicle = file.vehicle();
    let outcome = Question {
        vehicle,
        plant: &Plant::new(vehicle),
        controller: &Rules::of(vehicle),
        cycle: &cycle::find(cycle_name)?,
        repeat: None,
        step_s: 0.1,
        start: StartWith::Balanced,
    }
    .answer();

    let fuel = &vehicle.engine.fuel;
    let fuel_kg = outcome.ledger.energy_j(Channel::Fuel) / fuel.lhv_j_per_kg;
    let totals = &outcome.totals;
    let distance_km = totals.distance_m / 1e3;
    Ok(Answer {
        distance_km,
        fuel_l_per_100km: fuel_kg / fuel.density_kg_per_l / distance_km * 100.0,
        soc_start: totals.soc_start,
        soc_end: totals.soc_end,
        starts: totals.starts.iter().map(|start| start.cause).collect(),
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let cycle_name = std::env::args().nth(1).unwrap_or_else(|| "udds".to_owned());
    let answer = fuel_of(&cycle_name)?;
    println!("{cycle_name}: {:.2} km", answer.distance_km);
    println!("fuel    {:.2} L/100 km", answer.fuel_l_per_100km);
    println!(
        "charge  {:.1} % → {:.1} %",
        100.0 * answer.soc_start,
        100.0 * answer.soc_end
    );
    println!("starts  {}", answer.starts.len());
    for cause in StartCause::ALL {
        let count = answer.starts.iter().filter(|&&own| own == cause).count();
        if count > 0 {
            println!("  {count:3} {}", cause.name());
        }
    }
    Ok(())
}

#[test]
fn a_balanced_run_burns_what_such_a_car_burns() {
    let answer = fuel_of("udds").expect("a shipped cycle");
    assert!((2.5..5.0).contains(&answer.fuel_l_per_100km));
    assert!((answer.soc_end - answer.soc_start).abs() < 0.01);
    assert!(!answer.starts.is_empty());
}

#[test]
fn an_unknown_cycle_is_an_error() {
    assert!(fuel_of("uds").is_err());
}
