//! What does stopping the engine save? A controller of our own finds out.
//!
//! [`NeverOff`] asks the rules, but where they would stop the engine it lets it idle.
//! Both drive the same cycle from the state of charge they also end with, and what is
//! left in the battery is counted at what it is worth in fuel.
//!
//! `cargo run --release --example own_controller -- nycc`

use std::error::Error;
use thsim::config;
use thsim::control::{Command, Controller, Rules, RulesMemory, Situation, StartCause};
use thsim::cycle::{self, Cycle};
use thsim::ledger::Channel;
use thsim::study::{Drive, Question, StartWith};
use thsim::vehicle::{Plant, State, Vehicle};

/// The rules with an engine that idles instead of resting.
struct NeverOff(Rules);

/// What the rules remember, and whether the engine was started.
#[derive(Clone, Copy)]
struct Memory {
    rules: RulesMemory,
    started: bool,
}

impl Controller for NeverOff {
    type Memory = Memory;

    fn name(&self) -> &'static str {
        "never-off"
    }

    fn begin(&self, plant: &Plant, state: &State, soaked_s: f64) -> Memory {
        Memory {
            rules: self.0.begin(plant, state, soaked_s),
            started: false,
        }
    }

    fn decide(&self, plant: &Plant, now: &Situation<'_>, memory: &mut Memory) -> Command {
        let asked = self.0.decide(plant, now, &mut memory.rules);
        let command = if asked.fuel {
            asked
        } else {
            Command {
                turn: true,
                fuel: true,
                engine_rad_s: plant.engine.idle_rad_s,
                ..Command::OFF
            }
        };
        // The first decision starts the engine, and has to say why; later ones find it
        // burning, whatever the rules took it for.
        let start = (!memory.started).then_some(asked.start.unwrap_or(StartCause::PowerDemand));
        memory.started = true;
        Command { start, ..command }
    }
}

/// Cars with it are driven one after the other.
impl Drive for NeverOff {}

/// Consumption at equal charge, L/100 km, and starts.
fn drive<C: Drive>(vehicle: &Vehicle, cycle: &Cycle, controller: &C) -> (f64, usize) {
    let outcome = Question {
        vehicle,
        plant: &Plant::new(vehicle),
        controller,
        cycle,
        repeat: None,
        step_s: 0.1,
        start: StartWith::Balanced,
    }
    .answer();
    let ledger = &outcome.ledger;
    let fuel_j = ledger.energy_j(Channel::Fuel)
        + outcome.fuel_j_per_battery_j * ledger.energy_j(Channel::Battery);
    let fuel_l = vehicle.engine.fuel.litres(fuel_j);
    let hundreds_of_km = outcome.totals.distance_m / 1e5;
    (fuel_l / hundreds_of_km, outcome.totals.starts.len())
}

/// The rules and [`NeverOff`] on the default car.
fn compare(cycle_name: &str) -> Result<[(f64, usize); 2], Box<dyn Error>> {
    let file = config::load("levin-hybrid", &[])?;
    let vehicle = file.vehicle();
    let cycle = cycle::find(cycle_name)?;
    let rules = Rules::of(vehicle);
    let never_off = NeverOff(rules.clone());
    Ok([
        drive(vehicle, &cycle, &rules),
        drive(vehicle, &cycle, &never_off),
    ])
}

fn main() -> Result<(), Box<dyn Error>> {
    let cycle_name = std::env::args().nth(1).unwrap_or_else(|| "nycc".to_owned());
    let [rules, never_off] = compare(&cycle_name)?;
    println!("{cycle_name}          L/100 km   starts");
    println!("rules         {:8.2} {:8}", rules.0, rules.1);
    println!("never off     {:8.2} {:8}", never_off.0, never_off.1);
    println!(
        "stopping the engine saves {:.0} %",
        100.0 * (1.0 - rules.0 / never_off.0)
    );
    Ok(())
}

#[test]
fn stopping_the_engine_saves_fuel_in_the_city() {
    let [rules, never_off] = compare("nycc").expect("a shipped cycle");
    assert!(never_off.0 > 1.1 * rules.0);
    assert!(rules.1 > 1);
    assert_eq!(never_off.1, 1);
}
