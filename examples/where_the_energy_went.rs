//! Where did every joule of a run go, and what does the balance miss?
//!
//! A run from a fixed state of charge, watched by two recorders at once: the ledger,
//! and one of our own that finds the largest power of the friction brakes.
//!
//! `cargo run --release --example where_the_energy_went -- us06`

use std::error::Error;
use thsim::config;
use thsim::control::Rules;
use thsim::cycle::{self, Kinematics};
use thsim::ledger::Ledger;
use thsim::sim::{Initial, Recorder, Simulated, drive};
use thsim::vehicle::{Plant, State};

/// Keeps the largest power that the friction brakes took.
#[derive(Default)]
struct HardestBraking {
    power_w: f64,
}

impl Recorder for HardestBraking {
    fn begin(&mut self, _: &Plant, _: &State) {
        self.power_w = 0.0;
    }

    fn record(&mut self, _: &Plant, step: &Simulated<'_>) {
        self.power_w = self.power_w.max(step.flows.brake_w);
    }
}

/// Drives the default car once over a shipped cycle, warm.
fn energy_of(cycle_name: &str) -> Result<(Ledger, HardestBraking), Box<dyn Error>> {
    let file = config::load("levin-hybrid", &[])?;
    let vehicle = file.vehicle();
    let mut watched = (Ledger::default(), HardestBraking::default());
    drive(
        &Plant::new(vehicle),
        &Rules::of(vehicle),
        &Kinematics::new(&cycle::find(cycle_name)?, 0.1),
        &Initial {
            soc: vehicle.battery.soc_target,
            coolant_c: vehicle.thermal.warm_c,
            battery_c: vehicle.thermal.ambient_c,
            soaked_s: 0.0,
        },
        &mut watched,
    );
    Ok(watched)
}

fn main() -> Result<(), Box<dyn Error>> {
    let cycle_name = std::env::args().nth(1).unwrap_or_else(|| "us06".to_owned());
    let (ledger, brakes) = energy_of(&cycle_name)?;
    let energy_in_j = ledger.energy_in_j();
    println!("{cycle_name}: {:.1} kJ came in", energy_in_j / 1e3);
    for (channel, energy_j) in ledger.channels() {
        println!(
            "{} {:24} {:10.1} kJ {:6.1} %",
            if channel.is_source() { "from" } else { "to  " },
            channel.title(),
            energy_j / 1e3,
            100.0 * energy_j / energy_in_j,
        );
    }
    println!(
        "residual {:.1e} of what passed through; worst step at {:.1} s misses {:.1e} J",
        ledger.residual_relative(),
        ledger.worst_step().time_s,
        ledger.worst_step().residual_j,
    );
    println!("hardest braking: {:.1} kW", brakes.power_w / 1e3);
    Ok(())
}

#[test]
fn nothing_is_lost() {
    let (ledger, brakes) = energy_of("us06").expect("a shipped cycle");
    assert!(ledger.residual_relative().abs() < 1e-9);
    let (given, taken): (Vec<_>, Vec<_>) = ledger
        .channels()
        .partition(|(channel, _)| channel.is_source());
    let sum = |side: &[(_, f64)]| side.iter().map(|(_, energy_j)| energy_j).sum::<f64>();
    assert!((sum(&given) - sum(&taken)).abs() < 1e-9 * ledger.passed_j());
    assert!(brakes.power_w > 0.0);
}
