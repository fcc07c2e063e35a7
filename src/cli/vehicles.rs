//! `thsim vehicles`: list the vehicles, or print one in full.

use super::failure::Failure;
use super::print;
use super::summary_table::{Align, table};
use crate::config::{self, AnyVehicleFile};

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
        return print(&config::load_any(name, &args.sets)?.to_toml());
    }
    let mut rows = Vec::new();
    for name in config::shipped() {
        let file = config::load_any(name, &[])?;
        let (chassis, engine, electric) = match &file {
            AnyVehicleFile::PowerSplit(file) => {
                let vehicle = file.vehicle();
                let machine = |max_power_w: f64| format!("{:.0}", max_power_w / 1e3);
                let electric = [
                    machine(vehicle.mg1.max_power_w),
                    machine(vehicle.mg2.max_power_w),
                    format!("{:.1}", vehicle.battery.capacity_ah),
                ];
                (&vehicle.chassis, &vehicle.engine, electric)
            }
            AnyVehicleFile::Conventional(file) => {
                let vehicle = file.vehicle();
                let none = ["–", "–", "–"].map(str::to_owned);
                (&vehicle.chassis, &vehicle.engine, none)
            }
        };
        let mut row = vec![
            name.to_owned(),
            format!("{:.0}", chassis.test_mass_kg),
            format!("{:.2}", engine.displacement_l),
            format!("{:.0}", engine.max_power_w / 1e3),
        ];
        row.extend(electric);
        rows.push(row);
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
