//! `thsim tune`: the best parameters of the rules over some cycles.

mod file;
mod keys;
mod report;

use super::control::NODES;
use super::failure::Failure;
use super::shared::{
    Format, OutputArgs, cycles, interruption, progress, step_s, this_command, with_jobs,
};
use super::{print, print_csv, print_json};
use crate::config::{self, Setting, Variation, VehicleFile};
use crate::cycle::{Cycle, DEFAULT_SET, Start};
use crate::study::{Bench, Effort, FEWEST_RUNS, Parameter, TuneError, Tuning, tune};
use crate::vehicle::{Plant, Vehicle};
use report::{Moved, OnCycle, Report};
use std::path::PathBuf;
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};

/// The best parameters of the rules over some cycles, and what they give on others
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim tune udds hwfet wltc_class3b
  thsim tune commute.csv --vehicle prius-2010 --on udds --out tuned.toml
  thsim run commute.csv --vehicle tuned.toml
  thsim tune udds --key control.engine_on_power_kw --key control.min_on_s=2..8
  thsim tune udds hwfet --regret             how much of what was lost is won?

What is minimised is the mean over the cycles of consumption over that of the car as it is,
warm and at zero net battery energy. A design that loses its charge or follows a cycle less
well does not count. Ctrl-C prints the best so far. CSV has a row a cycle.")]
pub(super) struct Args {
    /// Cycles to tune over: shipped names, CSV files, or `-` for standard input
    #[arg(value_name = "CYCLE|FILE", required = true)]
    cycles: Vec<String>,
    /// Vehicle: a shipped name, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "levin-hybrid")]
    vehicle: String,
    /// Change a key of the vehicle file before; it then does not move; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Move this key of `control` instead of those that trade fuel, in its own range or in
    /// this one; repeatable
    #[arg(long = "key", value_name = "KEY[=LOW..HIGH]")]
    keys: Vec<String>,
    /// Cycle to look at with the tuned car, not tuned over; repeatable; the rest of the
    /// standard set if not given
    #[arg(long, value_name = "CYCLE|FILE")]
    on: Vec<String>,
    /// Also find the optimum of every cycle and print how far the rules are from it
    #[arg(long)]
    regret: bool,
    /// Seed of the search
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        allow_negative_numbers = true
    )]
    seed: u64,
    /// Designs to try at most
    #[arg(long, value_name = "N", default_value = "8000", value_parser = runs, allow_negative_numbers = true)]
    runs: usize,
    /// Time step in s, 0.01 to 1
    #[arg(long, value_name = "S", default_value = "1", value_parser = step_s, allow_negative_numbers = true)]
    step: f64,
    /// Write the tuned car as a vehicle file
    #[arg(long, value_name = "FILE.toml")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

fn runs(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(number) if (FEWEST_RUNS..=10_000_000).contains(&number) => Ok(number),
        Ok(_) => Err(format!("allowed: {FEWEST_RUNS} to 10000000")),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

/// What is tuned over, and what is looked at beside it.
struct Roads {
    set: Vec<Cycle>,
    others: Vec<Cycle>,
}

impl Roads {
    fn new(args: &Args) -> Result<Self, Failure> {
        let set = cycles(&args.cycles)?;
        for (index, cycle) in set.iter().enumerate() {
            if set[..index].iter().any(|it| same_road(it, cycle)) {
                return Err(Failure::input(
                    format!("`{}` is given twice", cycle.name),
                    "each cycle counts the same",
                ));
            }
        }
        if args.on.is_empty() {
            let rest = DEFAULT_SET.map(str::to_owned).to_vec();
            let tuned_over = |it: &Cycle| set.iter().any(|own| same_road(own, it));
            let mut others = cycles(&rest)?;
            others.retain(|it| !tuned_over(it));
            return Ok(Self { set, others });
        }
        let others = cycles(&args.on)?;
        if let Some(scenario) = others.iter().find(|it| it.start != Start::Balanced) {
            let cycle = scenario.name.clone();
            return Err(TuneError::Scenario { cycle }.into());
        }
        match others
            .iter()
            .find(|it| set.iter().any(|own| same_road(own, it)))
        {
            Some(cycle) => Err(Failure::input(
                format!("`--on {}` is one of the cycles tuned over", cycle.name),
                "name cycles that the search does not see",
            )),
            None => Ok(Self { set, others }),
        }
    }

    fn names(&self) -> Vec<&str> {
        self.set.iter().map(|it| it.name.as_str()).collect()
    }
}

/// Whether two cycles ask for the same, whatever they are called.
fn same_road(one: &Cycle, other: &Cycle) -> bool {
    let road = (&one.time_s, &one.speed_mps, &one.grade, &one.aux_w);
    road == (&other.time_s, &other.speed_mps, &other.grade, &other.aux_w)
}

impl From<TuneError> for Failure {
    fn from(error: TuneError) -> Self {
        match error {
            TuneError::Scenario { .. } => Self::input(
                error.to_string(),
                "name cycles: each is compared at equal charge",
            ),
            TuneError::NoBalance { .. } => Self::failed(error.to_string()),
        }
    }
}

/// The car with some values of the parameters; reading its file again would take as long as
/// driving it.
struct Cars {
    variation: Variation,
}

impl Cars {
    fn new(args: &Args, parameters: &[Parameter]) -> Result<Self, Failure> {
        let keys: Vec<String> = parameters.iter().map(|it| it.key.clone()).collect();
        Ok(Self {
            variation: Variation::new(&args.vehicle, &args.sets, &keys, &[])?,
        })
    }

    fn with(&mut self, values: &[f64]) -> Result<Vehicle, String> {
        for (number, value) in values.iter().enumerate() {
            self.variation.set(number, &Setting::number(*value));
        }
        self.variation.vehicle().cloned()
    }
}

/// All that is asked: the search, the other cycles, the regrets.
fn work(
    args: &Args,
    file: &VehicleFile,
    parameters: &[Parameter],
    roads: &Roads,
    stop: &AtomicBool,
) -> Result<(Tuning, Vec<OnCycle>), Failure> {
    let vehicle = file.vehicle();
    let plant = Plant::new(vehicle);
    let bench = Bench::new(vehicle, &plant, &roads.set, args.step);
    let beside = Bench::new(vehicle, &plant, &roads.others, args.step);
    let mut cars = Cars::new(args, parameters)?;
    let effort = Effort {
        seed: args.seed,
        runs: args.runs,
    };
    let bar = progress(args.output.quiet, args.runs, "designs");
    let told = |designs: usize| bar.inc(designs as u64);
    let found = tune(
        &bench,
        parameters,
        effort,
        |it| cars.with(it).ok(),
        told,
        stop,
    );
    bar.finish_and_clear();
    let found = found?;
    let tuned = cars.with(&found.values).map_err(Failure::failed)?;
    let mut rows = Vec::new();
    for (bench, cycles, in_set) in [(&bench, &roads.set, true), (&beside, &roads.others, false)] {
        let after = bench.drive(slice::from_ref(&tuned)).remove(0);
        let regrets = args.regret.then(|| bench.regrets(&tuned, NODES, stop));
        for (index, cycle) in cycles.iter().enumerate() {
            let (before, after) = (&bench.before()[index], &after[index]);
            rows.push(OnCycle {
                regret: regrets.as_ref().map(|it| it[index].into()),
                ..OnCycle::new(&cycle.name, in_set, before, after)
            });
        }
    }
    Ok((found, rows))
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let file = config::load(&args.vehicle, &args.sets)?;
    let parameters = keys::parameters(&file, &args.sets, &args.keys)?;
    let roads = Roads::new(args)?;
    if let Some(out) = &args.out {
        file::check_place(out, &args.vehicle)?;
    }
    let stop = interruption();
    let jobs = args.output.jobs;
    let (found, cycles) = with_jobs(jobs, || work(args, &file, &parameters, &roads, &stop))??;
    let moved = parameters.iter().zip(&found.values);
    let moved: Vec<Moved> = moved
        .map(|(it, &to)| Moved {
            key: it.key.clone(),
            from: it.from,
            to,
            low: it.range.0,
            high: it.range.1,
            at_end: it.at_end(to),
        })
        .collect();
    let interrupted = stop.load(Ordering::Relaxed);
    let report = Report {
        vehicle: file.vehicle().name.clone(),
        step_s: args.step,
        seed: args.seed,
        tried: found.tried,
        refused: found.refused,
        interrupted,
        set_change_percent: report::mean_change(&cycles, true),
        others_change_percent: report::mean_change(&cycles, false),
        control_toml: report::control_toml(&moved),
        parameters: moved,
        cycles,
        command: this_command(),
        thsim_version: env!("CARGO_PKG_VERSION"),
    };
    if let Some(out) = &args.out {
        let over = roads.names().join(", ");
        let lines = report::toml_lines(&report.parameters);
        let about = (report.command.as_str(), over.as_str());
        file::write(out, &file::text(&file, (&args.vehicle, out), &lines, about))?;
    }
    match args.output.format {
        Format::Table => print(&report::text(&report))?,
        Format::Json => print_json(&report)?,
        Format::Csv => print_csv(&report.cycles)?,
    }
    if interrupted {
        return Err(Failure::Interrupted);
    }
    Ok(())
}
