//! Arguments that several commands share, and what they mean.

use super::command_line::command_line;
use super::control::Control;
use super::failure::Failure;
use crate::config::{self, VehicleFile};
use crate::control::Rules;
use crate::cycle::{self, Cycle};
use crate::ledger::Paths;
use crate::results::{Context, InputHash, PlaceError, Provenance, Summary, make_place};
use crate::study::{Outcome, Question, StartWith};
use crate::vehicle::{Plant, Vehicle};
use clap::{ArgAction, Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::ThreadPoolBuilder;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Residual of the energy balance, relative to what passed through, above which a run is
/// no result.
const LARGEST_RESIDUAL: f64 = 1e-9;

/// Which car.
#[derive(Debug, Clone, Args)]
pub(super) struct CarArgs {
    /// Vehicle: a shipped name, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "levin-hybrid", action = ArgAction::Append)]
    pub(super) vehicle: Vec<String>,
    /// Change a key of the vehicle file; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) sets: Vec<String>,
}

/// How the run starts.
#[derive(Debug, Clone, Args)]
pub(super) struct StartArgs {
    /// Start at this state of charge, without a search (0 to 1)
    #[arg(long, value_name = "SOC", value_parser = soc, conflicts_with = "balance", allow_negative_numbers = true)]
    pub(super) soc: Option<f64>,
    /// Move the initial state of charge until the battery gives nothing over the run (the
    /// default of every warm run)
    #[arg(long)]
    pub(super) balance: bool,
    /// Cold start at the vehicle's `thermal.ambient_c`, or at this air temperature in °C
    #[arg(
        long,
        value_name = "°C",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = cold,
        conflicts_with = "balance",
        allow_hyphen_values = true
    )]
    pub(super) cold: Option<Cold>,
}

/// A cold start, at the vehicle's own temperature where none is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cold {
    ambient_c: Option<f64>,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Table,
    /// For programs: everything.
    Json,
    /// For spreadsheets.
    Csv,
}

/// How a command works and prints; nothing of it changes a result.
#[derive(Debug, Clone, Args)]
pub(super) struct OutputArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Threads to use; all cores if not given
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub(super) jobs: Option<usize>,
    /// No progress
    #[arg(long)]
    pub(super) quiet: bool,
}

/// A number of an option that lies in a range.
fn in_range(text: &str, low: f64, high: f64) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        Ok(number) if number.is_finite() => Err(format!("allowed: {low} to {high}")),
        _ => Err("not a number".to_owned()),
    }
}

/// Parser of states of charge.
pub(super) fn soc(text: &str) -> Result<f64, String> {
    in_range(text, 0.0, 1.0)
}

fn cold(text: &str) -> Result<Cold, String> {
    let ambient_c = if text.is_empty() {
        None
    } else {
        Some(in_range(text, -40.0, 50.0)?)
    };
    Ok(Cold { ambient_c })
}

/// Parser of `--step`.
pub(super) fn step_s(text: &str) -> Result<f64, String> {
    in_range(text, 0.01, 1.0)
}

/// Parser of counts from one.
pub(super) fn count(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(0) => Err("allowed: 1 or more".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

impl StartArgs {
    /// How the run starts.
    pub(super) fn start(&self) -> StartWith {
        match (self.cold, self.soc) {
            (Some(_), soc) => StartWith::Cold(soc),
            (None, Some(soc)) => StartWith::Soc(soc),
            (None, None) => StartWith::Balanced,
        }
    }

    /// A cold start at a given temperature is a day of that temperature.
    fn sets(&self) -> Option<String> {
        let ambient_c = self.cold?.ambient_c?;
        Some(format!("thermal.ambient_c={ambient_c:?}"))
    }
}

/// What a run was asked with, beside car and cycle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) control: Control,
    pub(super) start: StartWith,
    pub(super) step_s: f64,
    pub(super) repeat: Option<usize>,
    pub(super) command: &'a str,
    /// File of a kept optimum.
    pub(super) policy: Option<&'a Path>,
    /// Raised by Ctrl-C.
    pub(super) stop: &'a AtomicBool,
}

/// A car ready to drive.
pub(super) struct Car {
    pub(super) file: VehicleFile,
    pub(super) plant: Plant,
    pub(super) rules: Rules,
}

impl Car {
    /// The question of this car on a cycle.
    pub(super) fn question<'a>(
        &'a self,
        cycle: &'a Cycle,
        asked: &Asked<'_>,
    ) -> Question<'a, Rules> {
        Question {
            vehicle: self.file.vehicle(),
            plant: &self.plant,
            controller: &self.rules,
            cycle,
            repeat: asked.repeat,
            step_s: asked.step_s,
            start: asked.start,
        }
    }

    /// Hash of everything that goes into the run.
    fn input_hash(&self, cycle: &Cycle, asked: &Asked<'_>) -> String {
        let start = match asked.start {
            StartWith::Balanced => "balanced".to_owned(),
            StartWith::Soc(soc) => format!("soc {soc:?}"),
            StartWith::Cold(soc) => format!("cold {soc:?}"),
        };
        InputHash::new()
            .text("vehicle", &self.file.canonical())
            .cycle(cycle)
            .text("control", asked.control.name())
            .text("start", &start)
            .text("repeat", &format!("{:?}", asked.repeat))
            .numbers("step_s", &[asked.step_s])
            .finish()
    }

    /// Hash of what a policy belongs to.
    pub(super) fn policy_hash(&self, cycle: &Cycle) -> String {
        InputHash::new()
            .text("vehicle", &self.file.canonical())
            .cycle(cycle)
            .finish()
    }

    /// The summary of what a run gave.
    pub(super) fn summary(
        &self,
        cycle: &Cycle,
        asked: &Asked<'_>,
        outcome: &Outcome,
        paths: &Paths,
    ) -> Summary {
        let vehicle = self.file.vehicle();
        let provenance = Provenance {
            command: asked.command.to_owned(),
            input_hash: self.input_hash(cycle, asked),
        };
        Summary::new(
            &Context {
                vehicle: &vehicle.name,
                cycle: &cycle.name,
                control: asked.control.name(),
                repeat: outcome.repeat,
                step_s: asked.step_s,
                fuel: &vehicle.engine.fuel,
                balance: outcome.balance,
                fuel_j_per_battery_j: outcome.fuel_j_per_battery_j,
                provenance: &provenance,
            },
            &outcome.totals,
            &outcome.ledger,
            paths,
        )
    }
}

impl CarArgs {
    /// Loads all cars named, which are power-split cars.
    pub(super) fn load(&self, start: Option<&StartArgs>) -> Result<Vec<Car>, Failure> {
        let sets = self.all_sets(start);
        self.vehicle
            .iter()
            .map(|name| power_split(config::load(name, &sets)?, start))
            .collect()
    }

    /// Every `--set`, and what a cold start at a given temperature sets.
    pub(super) fn all_sets(&self, start: Option<&StartArgs>) -> Vec<String> {
        let mut sets = self.sets.clone();
        sets.extend(start.and_then(StartArgs::sets));
        sets
    }
}

/// A file takes the place of nothing but an earlier one of its kind, which begins with these
/// words; `is_no` says of another what it is not.
pub(super) fn replaces_its_own(
    file: &Path,
    begins: &[u8],
    (is_no, option): (&str, &str),
) -> Result<(), Failure> {
    if file.symlink_metadata().is_err() {
        return Ok(());
    }
    let mut begin = Vec::new();
    let words = File::open(file).map(|it| it.take(begins.len() as u64));
    let read = words.and_then(|mut words| words.read_to_end(&mut begin));
    if read.is_ok() && begin == begins {
        return Ok(());
    }
    Err(Failure::input(
        format!("`{}` is there and {is_no}", file.display()),
        format!("only an earlier result is replaced: name another file with `{option}`"),
    ))
}

/// A state of charge has to lie in the window of the car.
pub(super) fn in_window(option: &str, soc: f64, vehicle: &Vehicle) -> Result<(), Failure> {
    let battery = &vehicle.battery;
    if (battery.soc_min..=battery.soc_max).contains(&soc) {
        return Ok(());
    }
    Err(Failure::input(
        format!(
            "`{option} {soc}` lies outside the window of `{}`",
            vehicle.name
        ),
        format!("allowed: {} to {}", battery.soc_min, battery.soc_max),
    ))
}

/// A power-split car ready to drive; the start has to lie in its window.
pub(super) fn power_split(file: VehicleFile, start: Option<&StartArgs>) -> Result<Car, Failure> {
    let vehicle = file.vehicle();
    if let Some(soc) = start.and_then(|start| start.soc) {
        in_window("--soc", soc, vehicle)?;
    }
    Ok(Car {
        plant: Plant::new(vehicle),
        rules: Rules::of(vehicle),
        file,
    })
}

/// Loads all cycles named; every wrong one is reported.
pub(super) fn cycles(names: &[String]) -> Result<Vec<Cycle>, Failure> {
    let mut issues = Vec::new();
    let mut loaded = Vec::new();
    for name in names {
        match cycle::resolve(name) {
            Ok(cycle) => loaded.push(cycle),
            Err(error) => issues.extend(error.issues()),
        }
    }
    Failure::if_any(issues)?;
    Ok(loaded)
}

/// The schedule of procedures that ship none, where one is given.
pub(super) fn schedule(name: Option<&str>) -> Result<Option<Cycle>, Failure> {
    Ok(name.map(cycle::resolve).transpose()?)
}

/// Says on standard error what no car can follow in a cycle.
pub(super) fn warn_of(cycle: &Cycle) -> bool {
    let Some(warning) = cycle.warning() else {
        return false;
    };
    // Nobody left to tell if standard error is closed.
    let _ = writeln!(io::stderr().lock(), "warning: {warning}");
    true
}

/// Makes `out` ready for results in these folders, before anything is simulated.
pub(super) fn make_places<'a>(
    out: &Path,
    folders: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Failure> {
    make_place(out, folders).map_err(|error| {
        let help = match error {
            PlaceError::Foreign { .. } => {
                "only an earlier result is replaced: name another folder with `--out`"
            }
            _ => "name a folder that can be made with `--out`",
        };
        Failure::input(error.to_string(), help)
    })
}

/// Runs `work` on as many threads as asked for.
pub(super) fn with_jobs<T: Send>(
    jobs: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(jobs.unwrap_or(0))
        .build()
        .map_err(|error| Failure::failed(format!("cannot start threads: {error}")))?;
    Ok(pool.install(work))
}

/// A flag that Ctrl-C raises.
pub(super) fn interruption() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    // Without a handler Ctrl-C still ends the program, only less politely.
    let _ = ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed));
    flag
}

/// The command of this process, without what does not change its results.
pub(super) fn this_command() -> String {
    command_line(std::env::args().skip(1))
}

/// How far a set of runs is.
pub(super) fn progress(quiet: bool, count: usize, what: &str) -> ProgressBar {
    progress_of(quiet, count as u64, what)
}

/// The same for as many as there can be.
pub(super) fn progress_of(quiet: bool, count: u64, what: &str) -> ProgressBar {
    let shown = !quiet && io::stderr().is_terminal();
    let bar = ProgressBar::with_draw_target(
        Some(count),
        if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        },
    );
    let template = format!("{{bar:30}} {{pos}}/{{len}} {what}, {{eta}} left {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// A run whose energy does not balance is a fault of ours, and no result.
pub(super) fn unbalanced<'a>(
    mut summaries: impl Iterator<Item = &'a Summary>,
) -> Result<(), Failure> {
    let closes = |summary: &Summary| summary.energy_residual_relative.abs() <= LARGEST_RESIDUAL;
    match summaries.find(|summary| !closes(summary)) {
        None => Ok(()),
        Some(summary) => Err(Failure::failed(format!(
            "the energy of `{}` on `{}` does not balance (residual {:.1e}): please report it",
            summary.vehicle, summary.cycle, summary.energy_residual_relative
        ))),
    }
}
