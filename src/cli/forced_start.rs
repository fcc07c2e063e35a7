//! `thsim forced-start`: the engine-off ceiling.

use super::control::Control;
use super::failure::Failure;
use super::shared::{Asked, CarArgs, Format, StartArgs, step_s, this_command};
#[cfg(feature = "plot")]
use super::shared::{Car, make_places};
use super::summary_table::{Align, number, table};
use super::{print, print_json};
use crate::control::StartCause;
use crate::cycle;
#[cfg(feature = "plot")]
use crate::plot;
use crate::results::{Start, Summary};
#[cfg(feature = "plot")]
use crate::results::{StoredRun, result_folder, write_run};
#[cfg(feature = "plot")]
use crate::sim::Trace;
use crate::study::{CandidateLimit, forced_start};
#[cfg(feature = "plot")]
use crate::study::{LimitKind, candidate_limits, reached_kmh};
#[cfg(feature = "plot")]
use crate::vehicle::{Plant, Vehicle};
use serde::Serialize;
use std::fmt::Write as _;
#[cfg(feature = "plot")]
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

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
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = step_s, allow_negative_numbers = true)]
    step: f64,
    /// Write the run and the picture of MG1, MG2 and engine speed over vehicle speed into
    /// a folder below DIR; an earlier result of that name is replaced whole
    #[cfg(feature = "plot")]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// The slow electric acceleration.
pub(super) const CREEP: &str = "ev-creep";

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

/// The report of limits and of the run that `summary` tells.
fn report(limits: Vec<CandidateLimit>, reached_kmh: f64, summary: &Summary) -> Report {
    let start = first_start(summary);
    Report {
        vehicle: summary.vehicle.clone(),
        binds: limits.iter().find(|limit| limit.binds).cloned(),
        limits,
        simulated_cause: start.map(|start| start.cause),
        simulated_speed_kmh: start.map(|start| start.speed_kmh),
        simulated_time_s: start.map(|start| start.time_s),
        simulated_soc: start.map(|start| start.soc),
        simulated_mg1_rpm: start.map(|start| start.mg1_rpm),
        reached_kmh,
    }
}

/// The first start that driving caused.
fn first_start(summary: &Summary) -> Option<&Start> {
    let mut starts = summary.engine_start_events.iter();
    starts.find(|start| start.cause != StartCause::WarmUp)
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

/// Why the engine starts before the speed of the limit that binds first, and what shows
/// the limit; none where the limit is what starts it.
fn before_the_limit(report: &Report) -> Option<(String, &'static str)> {
    let limit_kmh = report.binds.as_ref()?.speed_kmh?;
    let Some(cause) = report.simulated_cause else {
        return (report.reached_kmh < limit_kmh).then(|| {
            (
                format!(
                    "the acceleration ends before the limit at {limit_kmh:.1} km/h: up to there nothing starts the engine"
                ),
                match &report.binds {
                    Some(limit) if limit.kind == LimitKind::Mg1Ceiling => {
                        "move the limit down to see it, by `control.engine_off_max_mg1_reverse_rpm`"
                    }
                    _ => "to see it drive a faster cycle of your own with `thsim run FILE`",
                },
            )
        });
    };
    let (why, way) = match cause {
        StartCause::SpeedCeiling => return None,
        StartCause::PowerDemand => (
            "driving takes more power than the control allows without the engine",
            "to see the limit raise that power: `--set control.engine_on_power_kw=20`",
        ),
        StartCause::LowSoc => (
            "the battery has fallen to the charge at which the control recharges it",
            "to see the limit start with more charge, by `--soc`; without it the start is near the top",
        ),
        StartCause::BatteryLimit => (
            "driving takes more than the battery may give",
            "to see the limit let it give more: `--set battery.max_discharge_kw=50`",
        ),
        StartCause::BatteryFull => (
            "the battery is full",
            "to see the limit start with less charge: a lower `--soc`",
        ),
        StartCause::WarmUp => (
            "the engine is cold",
            "to see the limit start warm: without `--cold`",
        ),
    };
    let speed_kmh = report.simulated_speed_kmh?;
    (speed_kmh < limit_kmh).then(|| {
        (
            format!("this is before the limit at {limit_kmh:.1} km/h: {why}"),
            way,
        )
    })
}

/// What the table says beside a limit.
fn remark(limit: &CandidateLimit, reached: bool) -> &'static str {
    match (limit.binds, limit.ends_driving) {
        (true, _) if reached => "binds first",
        (true, _) => "binds first, but the engine starts before",
        (false, false) => "no limit: from here the converter boosts",
        (false, true) => "",
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
    let before = before_the_limit(report);
    let reached = before.is_none() || report.simulated_cause.is_none();
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
                remark(limit, reached).to_owned(),
            ]
        })
        .collect();
    let why = before.map_or(String::new(), |(why, way)| format!("{why};\n{way}\n"));
    format!(
        "{}\n{}{}\n{why}",
        report.vehicle,
        table(&head, rows),
        simulated(report)
    )
}

/// The picture of a report.
#[cfg(feature = "plot")]
fn picture<'a>(report: &Report, plant: &'a Plant, trace: &'a Trace) -> plot::ForcedStartPlot<'a> {
    let limits = report.limits.iter().map(|limit| plot::Limit {
        name: if limit.ends_driving {
            limit.description.clone()
        } else {
            format!("{} (no limit: boosted)", limit.description)
        },
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
    let start = report.simulated_speed_kmh.zip(report.simulated_mg1_rpm);
    plot::ForcedStartPlot {
        title: format!("{}: how fast with the engine at rest", report.vehicle),
        subtitle: simulated(report),
        note: before_the_limit(report).map(|(why, _)| why),
        limits: limits.collect(),
        plant,
        trace: Some(trace),
        start: report
            .simulated_cause
            .zip(start)
            .map(|(cause, (speed_kmh, mg1_rpm))| plot::Started {
                cause,
                speed_kmh,
                mg1_rpm,
            }),
    }
}

/// The picture of a forced start that was written before, drawn again.
#[cfg(feature = "plot")]
pub(super) fn draw_again(
    stored: &StoredRun,
    vehicle: &Vehicle,
    plant: &Plant,
    files: &[PathBuf],
) -> Result<(), Failure> {
    let (summary, trace) = (&stored.summary, &stored.trace);
    let Some(first) = trace.rows.first() else {
        return Err(plot::PlotError::NoTrace.into());
    };
    let limits = candidate_limits(vehicle, plant, first.soc, first.battery_c);
    let until_s = first_start(summary).map(|start| start.time_s);
    let report = report(limits, reached_kmh(trace, until_s), summary);
    let picture = picture(&report, plant, trace);
    for file in files {
        plot::draw_forced_start(&picture, summary, file)?;
    }
    Ok(())
}

/// Draws the study into a folder.
#[cfg(feature = "plot")]
fn draw(
    folder: &Path,
    picture: &plot::ForcedStartPlot<'_>,
    summary: &Summary,
) -> Result<(), Failure> {
    for format in plot::Format::ALL {
        let file = folder.join(format!("forced-start.{}", format.extension()));
        plot::draw_forced_start(picture, summary, &file)?;
    }
    Ok(())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let cars = args.car.load(Some(&args.start))?;
    let creep = cycle::find(CREEP)?;
    let command = this_command();
    let asked = Asked {
        control: Control::Rules,
        start: args.start.start(),
        step_s: args.step,
        repeat: Some(1),
        command: &command,
        policy: None,
        stop: &AtomicBool::new(false),
    };
    #[cfg(feature = "plot")]
    let folder =
        |out: &Path, car: &Car| out.join(result_folder(&car.file.vehicle().name, "forced-start"));
    #[cfg(feature = "plot")]
    if let Some(out) = &args.out {
        let folders: Vec<PathBuf> = cars.iter().map(|car| folder(out, car)).collect();
        make_places(out, folders.iter().map(PathBuf::as_path))?;
    }
    let mut reports = Vec::new();
    for car in &cars {
        let found = forced_start(&car.question(&creep, &asked));
        let summary = car.summary(&creep, &asked, &found.outcome, &found.paths);
        let report = report(found.limits, found.reached_kmh, &summary);
        #[cfg(feature = "plot")]
        if let Some(out) = &args.out {
            let folder = folder(out, car);
            write_run(&folder, &summary, &found.trace, &car.file.to_toml())?;
            draw(
                &folder,
                &picture(&report, &car.plant, &found.trace),
                &summary,
            )?;
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
