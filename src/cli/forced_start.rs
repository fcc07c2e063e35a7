//! `thsim forced-start`: the engine-off ceiling.

use super::failure::Failure;
use super::shared::{Asked, Car, CarArgs, Format, StartArgs, step_s, this_command};
use super::summary_table::{Align, number, table};
use super::{print, print_json};
use crate::control::StartCause;
use crate::cycle;
#[cfg(feature = "plot")]
use crate::plot;
#[cfg(feature = "plot")]
use crate::results::{Summary, result_folder, write_run};
#[cfg(feature = "plot")]
use crate::study::LimitKind;
use crate::study::{CandidateLimit, ForcedStart, forced_start};
use crate::units::{kmh_from_mps, rpm_from_rad_s};
use serde::Serialize;
use std::fmt::Write as _;
#[cfg(feature = "plot")]
use std::path::{Path, PathBuf};

/// The engine-off ceiling: every candidate limit, which binds, and the slow electric acceleration
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim forced-start
  thsim forced-start --vehicle prius-2010
  thsim forced-start --set gearset.final_ratio=3.7 --out results")]
pub(super) struct Args {
    #[command(flatten)]
    car: CarArgs,
    #[command(flatten)]
    start: StartArgs,
    /// Time step in s, 0.01 to 1
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = step_s)]
    step: f64,
    /// Write the run and the picture of MG1, MG2 and engine speed over vehicle speed into
    /// a folder below DIR
    #[cfg(feature = "plot")]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// The study for programs.
#[derive(Serialize)]
struct Report {
    vehicle: String,
    limits: Vec<CandidateLimit>,
    /// The limit that binds first.
    binds: Option<CandidateLimit>,
    simulated_cause: Option<StartCause>,
    simulated_speed_kmh: Option<f64>,
    simulated_time_s: Option<f64>,
    simulated_soc: Option<f64>,
    simulated_mg1_rpm: Option<f64>,
    reached_kmh: f64,
}

fn report(name: &str, found: &ForcedStart) -> Report {
    let start = found.first_start;
    Report {
        vehicle: name.to_owned(),
        limits: found.limits.clone(),
        binds: found.limits.iter().find(|limit| limit.binds).cloned(),
        simulated_cause: start.map(|start| start.cause),
        simulated_speed_kmh: start.map(|start| kmh_from_mps(start.speed_mps)),
        simulated_time_s: start.map(|start| start.time_s),
        simulated_soc: start.map(|start| start.soc),
        simulated_mg1_rpm: start.map(|start| rpm_from_rad_s(start.mg1_rad_s)),
        reached_kmh: found.reached_kmh,
    }
}

/// What the slow electric acceleration showed.
fn simulated(report: &Report) -> String {
    match (report.simulated_cause, report.simulated_speed_kmh) {
        (Some(cause), Some(speed)) => format!(
            "slow electric acceleration: the engine starts at {speed:.1} km/h by `{}` after {:.0} s, SOC {:.1} %, MG1 {:.0} rpm",
            cause.name(),
            report.simulated_time_s.unwrap_or_default(),
            100.0 * report.simulated_soc.unwrap_or_default(),
            report.simulated_mg1_rpm.unwrap_or_default(),
        ),
        _ => format!(
            "slow electric acceleration: no start up to {:.1} km/h",
            report.reached_kmh
        ),
    }
}

fn text(report: &Report) -> String {
    let head = [
        ("limit with the engine at rest", Align::Left),
        ("km/h", Align::Right),
        ("MG1 rpm", Align::Right),
        ("MG2 rpm", Align::Right),
        ("", Align::Left),
    ];
    let of = |value: Option<f64>, digits| value.map_or("–".to_owned(), |v| number(v, digits));
    let rows = report
        .limits
        .iter()
        .map(|limit| {
            vec![
                limit.description.clone(),
                of(limit.speed_kmh, 1),
                of(limit.mg1_rpm, 0),
                of(limit.mg2_rpm, 0),
                if limit.binds { "binds first" } else { "" }.to_owned(),
            ]
        })
        .collect();
    format!(
        "{}\n{}{}\n",
        report.vehicle,
        table(&head, rows),
        simulated(report)
    )
}

/// Draws the study into a folder.
#[cfg(feature = "plot")]
fn draw(
    folder: &Path,
    car: &Car,
    report: &Report,
    found: &ForcedStart,
    summary: &Summary,
) -> Result<(), Failure> {
    let limits = report.limits.iter().map(|limit| plot::Limit {
        name: limit.description.clone(),
        speed_kmh: limit.speed_kmh,
        axis: match limit.kind {
            LimitKind::Mg1Ceiling | LimitKind::Mg1Rating | LimitKind::BackEmf => {
                plot::LimitAxis::Mg1
            }
            LimitKind::Mg2Rating => plot::LimitAxis::Mg2,
            LimitKind::Pinion => plot::LimitAxis::Pinion,
            LimitKind::BatteryPower | LimitKind::CrankingTorque => plot::LimitAxis::Other,
        },
        value_rpm: match limit.kind {
            LimitKind::Mg2Rating => limit.mg2_rpm,
            LimitKind::Pinion | LimitKind::BatteryPower | LimitKind::CrankingTorque => None,
            _ => limit.mg1_rpm,
        },
        binds: limit.binds,
    });
    let picture = plot::ForcedStartPlot {
        title: format!("{}: how fast with the engine at rest", report.vehicle),
        subtitle: simulated(report),
        limits: limits.collect(),
        plant: &car.plant,
        trace: Some(&found.trace),
    };
    for format in plot::Format::ALL {
        let file = folder.join(format!("forced-start.{}", format.extension()));
        plot::draw_forced_start(&picture, summary, &file)?;
    }
    Ok(())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let cars = args.car.load(Some(&args.start))?;
    let creep = cycle::find("ev-creep")?;
    let command = this_command();
    let asked = Asked {
        start: args.start.start(),
        step_s: args.step,
        repeat: Some(1),
        command: &command,
    };
    let mut reports = Vec::new();
    for car in &cars {
        let found = forced_start(&car.question(&creep, &asked));
        let report = report(&car.file.vehicle().name, &found);
        #[cfg(feature = "plot")]
        if let Some(out) = &args.out {
            let summary = car.summary(&creep, &asked, &found.outcome);
            let folder = out.join(result_folder(&report.vehicle, "forced-start"));
            write_run(&folder, &summary, &found.trace, &car.file.to_toml())?;
            draw(&folder, car, &report, &found, &summary)?;
        }
        reports.push(report);
    }
    match args.format {
        Format::Json => print_json(&reports),
        Format::Csv => {
            let mut out = String::from("vehicle,limit,speed_kmh,mg1_rpm,mg2_rpm,binds\n");
            for report in &reports {
                for limit in &report.limits {
                    let of = |value: Option<f64>| value.map_or(String::new(), |v| v.to_string());
                    let _ = writeln!(
                        out,
                        "{},\"{}\",{},{},{},{}",
                        report.vehicle,
                        limit.description,
                        of(limit.speed_kmh),
                        of(limit.mg1_rpm),
                        of(limit.mg2_rpm),
                        limit.binds
                    );
                }
            }
            print(&out)
        }
        Format::Table => print(&reports.iter().map(text).collect::<Vec<_>>().join("\n")),
    }
}
