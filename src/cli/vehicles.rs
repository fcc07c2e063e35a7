//! `thsim vehicles`: list the vehicles, or print one in full.

use super::failure::Failure;
use super::print;
use super::summary_table::{Align, table};
use crate::config;

/// List the vehicles, or print one in full (after extends and --set): itself a valid vehicle file
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  thsim vehicles\n  thsim vehicles levin-hybrid\n  thsim vehicles prius-2010 --set auxiliary.power_w=500 > my.toml"
)]
pub(super) struct Args {
    /// Vehicle to print: a shipped name, or a file
    #[arg(value_name = "VEHICLE|FILE")]
    vehicle: Option<String>,
    /// Change a key of the vehicle file; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "vehicle")]
    sets: Vec<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(name) = &args.vehicle {
        return print(&config::load(name, &args.sets)?.to_toml());
    }
    let mut rows = Vec::new();
    for name in config::shipped() {
        let file = config::load(name, &[])?;
        let vehicle = file.vehicle();
        rows.push(vec![
            name.to_owned(),
            format!("{:.0}", vehicle.chassis.test_mass_kg),
            format!("{:.2}", vehicle.engine.displacement_l),
            format!("{:.0}", vehicle.engine.max_power_w / 1e3),
            format!("{:.0}", vehicle.mg1.max_power_w / 1e3),
            format!("{:.0}", vehicle.mg2.max_power_w / 1e3),
            format!("{:.1}", vehicle.battery.capacity_ah),
        ]);
    }
    let head = [
        ("vehicle", Align::Left),
        ("test mass kg", Align::Right),
        ("engine L", Align::Right),
        ("engine kW", Align::Right),
        ("MG1 kW", Align::Right),
        ("MG2 kW", Align::Right),
        ("battery A·h", Align::Right),
    ];
    print(&table(&head, rows))
}
