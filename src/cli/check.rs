//! `thsim check`: is this file right?

use super::failure::Failure;
use super::print;
use super::shared::warn_of;
use crate::config::{self, AnyVehicleFile};
use crate::cycle;
use crate::issue::Issue;
use crate::sweep::Sweep;
use crate::vehicle::{Plant, Resampled};
use std::path::Path;

/// Is this vehicle or sweep (.toml) or cycle (.csv) file right?
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: thsim check my-car.toml my-cycle.csv my-sweep.toml")]
pub(super) struct Args {
    /// Files to check
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

/// Whether a file is a sweep; one that cannot be read is told as a vehicle.
fn is_sweep(file: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| Sweep::is_meant_by(&text))
}

/// How far the tables of the simulation are from the measured ones of a power-split car.
fn resampled(found: &AnyVehicleFile) -> String {
    let AnyVehicleFile::PowerSplit(file) = found else {
        return String::new();
    };
    let vehicle = file.vehicle();
    let tables = Plant::new(vehicle).resampled(vehicle).into_iter();
    let line = |it: Resampled| {
        // Two digits that say something, of ohms as of watts.
        let digits = 1.0 - it.gap.difference.max(1e-6).log10().floor();
        format!(
            "  {:32} resampled within {:.*} {} ({:.2} % of its largest value)\n",
            it.key,
            digits.max(2.0) as usize,
            it.gap.difference,
            it.unit,
            100.0 * it.gap.share
        )
    };
    tables.map(line).collect()
}

fn check(file: &str) -> Result<String, Vec<Issue>> {
    match Path::new(file)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some("toml") if is_sweep(file) => Sweep::read(file)
            .map(|found| {
                let points = found.count;
                format!(
                    "{file}: sweep `{}` of {points} points, no problems\n",
                    found.name
                )
            })
            .map_err(|error| error.issues()),
        Some("toml") => config::load_any(file, &[])
            .map(|found| {
                let tables = resampled(&found);
                format!("{file}: vehicle `{}`, no problems\n{tables}", found.name())
            })
            .map_err(|error| error.issues()),
        Some("csv") => cycle::read_file(Path::new(file))
            .map(|found| {
                let verdict = if warn_of(&found) {
                    "valid with a warning"
                } else {
                    "no problems"
                };
                format!(
                    "{file}: cycle of {:.0} s and {:.3} km, {verdict}\n",
                    found.duration_s(),
                    found.distance_m() / 1e3
                )
            })
            .map_err(|error| error.issues()),
        _ => Err(vec![
            Issue::new(format!("cannot tell what `{file}` is")).help(
                "allowed: a vehicle or sweep file ending in `.toml`, a cycle file ending in `.csv`",
            ),
        ]),
    }
}

/// Runs the command: every file is checked, whatever is wrong with the others.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let mut issues = Vec::new();
    for file in &args.files {
        match check(file) {
            Ok(line) => print(&line)?,
            Err(found) => issues.extend(found),
        }
    }
    Failure::if_any(issues)
}
