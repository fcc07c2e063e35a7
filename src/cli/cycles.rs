//! `thsim cycles`: list the drive cycles, or show one with its statistics.

use super::failure::Failure;
use super::shared::Format;
use super::summary_table::{Align, table};
use super::{print, print_json};
use crate::cycle::{self, Cycle, Statistics};
use serde::Serialize;
use std::fmt::Write as _;

/// List the drive cycles, or show some with their statistics
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  thsim cycles\n  thsim cycles wltc_class3b\n  thsim cycles my.csv --format json"
)]
pub(super) struct Args {
    /// Cycle to show: a shipped name, a CSV file, or `-` for standard input
    #[arg(value_name = "CYCLE|FILE")]
    cycles: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Serialize)]
struct Described {
    name: String,
    title: String,
    source: String,
    #[serde(flatten)]
    statistics: Statistics,
    phases: Vec<DescribedPhase>,
}

#[derive(Serialize)]
struct DescribedPhase {
    name: String,
    start_s: f64,
    end_s: f64,
    #[serde(flatten)]
    statistics: Statistics,
}

fn describe(cycle: &Cycle) -> Described {
    Described {
        name: cycle.name.clone(),
        title: cycle.title.clone(),
        source: cycle.source.clone(),
        statistics: Statistics::of(cycle),
        phases: cycle
            .phases
            .iter()
            .map(|phase| DescribedPhase {
                name: phase.name.clone(),
                start_s: phase.start_s,
                end_s: phase.end_s,
                statistics: Statistics::of_phase(cycle, phase),
            })
            .collect(),
    }
}

const HEAD: [(&str, Align); 9] = [
    ("cycle", Align::Left),
    ("s", Align::Right),
    ("km", Align::Right),
    ("mean km/h", Align::Right),
    ("max km/h", Align::Right),
    ("standstill %", Align::Right),
    ("stops", Align::Right),
    ("accel m/s²", Align::Right),
    ("decel m/s²", Align::Right),
];

fn cells(name: &str, s: &Statistics) -> Vec<String> {
    vec![
        name.to_owned(),
        format!("{:.0}", s.duration_s),
        format!("{:.3}", s.distance_km),
        format!("{:.2}", s.mean_speed_kmh),
        format!("{:.2}", s.max_speed_kmh),
        format!("{:.1}", 100.0 * s.standstill_fraction),
        s.stops.to_string(),
        format!("{:.2}", s.max_acceleration_mps2),
        format!("{:.2}", s.max_deceleration_mps2),
    ]
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let names: Vec<String> = if args.cycles.is_empty() {
        cycle::names().map(str::to_owned).collect()
    } else {
        args.cycles.clone()
    };
    let described: Vec<Described> = super::shared::cycles(&names)?
        .iter()
        .map(describe)
        .collect();
    match args.format {
        Format::Json => print_json(&described),
        Format::Csv => {
            let mut text = String::from(
                "name,duration_s,distance_km,mean_speed_kmh,max_speed_kmh,standstill_fraction,stops,max_acceleration_mps2,max_deceleration_mps2,title\n",
            );
            for d in &described {
                let s = &d.statistics;
                let _ = writeln!(
                    text,
                    "{},{},{},{},{},{},{},{},{},\"{}\"",
                    d.name,
                    s.duration_s,
                    s.distance_km,
                    s.mean_speed_kmh,
                    s.max_speed_kmh,
                    s.standstill_fraction,
                    s.stops,
                    s.max_acceleration_mps2,
                    s.max_deceleration_mps2,
                    d.title.replace('"', "\"\"")
                );
            }
            print(&text)
        }
        Format::Table if args.cycles.is_empty() => {
            let rows = described
                .iter()
                .map(|d| cells(&d.name, &d.statistics))
                .collect();
            print(&table(&HEAD, rows))
        }
        Format::Table => {
            let mut text = String::new();
            for d in &described {
                let _ = writeln!(text, "{}: {}\nsource: {}", d.name, d.title, d.source);
                let rows = std::iter::once(cells("whole", &d.statistics))
                    .chain(
                        d.phases
                            .iter()
                            .map(|phase| cells(&phase.name, &phase.statistics)),
                    )
                    .collect();
                let _ = writeln!(text, "{}", table(&HEAD, rows));
            }
            print(&text)
        }
    }
}
