//! `thsim run`: drive cycles, in parallel.

use super::any_car::AnyCar;
#[cfg(feature = "plot")]
use super::any_car::refuse_pictures;
use super::control::Control;
use super::failure::Failure;
#[cfg(feature = "plot")]
use super::plot::draw_into;
use super::shared::{
    Asked, CarArgs, Format, OutputArgs, StartArgs, count, cycles, interruption, make_places,
    progress, step_s, this_command, unbalanced, warn_of, with_jobs,
};
use super::uncertainty::{self, Band, band};
use super::{print, print_csv, print_json, summary_table};
use crate::control::Rules;
use crate::cycle::{Cycle, DEFAULT_SET};
#[cfg(feature = "plot")]
use crate::plot::{self, Figure};
use crate::results::{Summary, result_folder, write_run};
use crate::study::{Course, Inquiry, StartWith, Starts, answer_all};
use crate::vehicle::{Plant, Vehicle};
use rayon::prelude::*;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Drive cycles, in parallel; without a cycle: the standard set
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim run                                  the standard cycles on the default car
  thsim run nedc --cold                      a cold start
  thsim run udds my.csv --vehicle prius-2010 --out results --plots
  thsim run wltc_class3b --set control.engine_on_power_kw=10 --format json
  thsim run nedc --cold --uncertainty        how well is this figure known?")]
pub(super) struct Args {
    /// Cycles: shipped names, CSV files, or `-` for standard input
    #[arg(value_name = "CYCLE|FILE", allow_negative_numbers = true)]
    cycles: Vec<String>,
    #[command(flatten)]
    car: CarArgs,
    /// Who decides; repeatable
    #[arg(long, value_enum, default_value = "rules")]
    control: Vec<Control>,
    /// Drive with an optimum that `thsim optimum CYCLE --save FILE` kept; with `--control optimal`
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    start: StartArgs,
    /// Drive each cycle N times in a row
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    repeat: Option<usize>,
    /// Time step in s, 0.01 to 1
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = step_s, allow_negative_numbers = true)]
    step: f64,
    /// Write summary, trace and vehicle of every run into a folder below DIR; an earlier
    /// result of the same car and cycle is replaced whole
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Draw the pictures of every run as SVG and PNG
    #[cfg(feature = "plot")]
    #[arg(long, requires = "out")]
    plots: bool,
    /// Also print how far consumption moves when all estimates of the vehicle's file move
    /// inside their ranges, from so many runs
    #[arg(long, value_name = "RUNS", num_args = 0..=1, require_equals = true,
          default_missing_value = uncertainty::DEFAULT_RUNS, value_parser = uncertainty::runs)]
    uncertainty: Option<usize>,
    #[command(flatten)]
    output: OutputArgs,
}

/// One run to be made.
struct Job<'a> {
    car: &'a AnyCar,
    control: Control,
    cycle: &'a Cycle,
    folder: Option<PathBuf>,
}

/// Every car with every control on every cycle, each with a folder of its own.
fn jobs<'a>(
    cars: &'a [AnyCar],
    controls: &[Control],
    cycles: &'a [Cycle],
    out: Option<&Path>,
) -> Vec<Job<'a>> {
    let mut taken: Vec<String> = Vec::new();
    let mut jobs = Vec::new();
    let pairs = cars
        .iter()
        .flat_map(|car| controls.iter().map(move |control| (car, *control)));
    for (car, control) in pairs {
        for cycle in cycles {
            let folder = out.map(|out| {
                let name = result_folder(car.name(), &cycle.name);
                let mut free = name.clone();
                let mut number = 1;
                while taken.contains(&free) {
                    number += 1;
                    free = format!("{name}-{number}");
                }
                taken.push(free.clone());
                out.join(free)
            });
            jobs.push(Job {
                car,
                control,
                cycle,
                folder,
            });
        }
    }
    jobs
}

/// Makes one run, and writes it where it is to be written.
fn make(job: &Job<'_>, args: &Args, command: &str, stop: &AtomicBool) -> Result<Summary, Failure> {
    let car = job.car;
    let asked = Asked {
        control: job.control,
        start: args.start.start(),
        step_s: args.step,
        repeat: args.repeat,
        command,
        policy: args.policy.as_deref(),
        stop,
    };
    let (summary, trace) = car.drive(job.cycle, &asked, job.folder.is_some())?;
    if let (Some(folder), Some(trace)) = (&job.folder, &trace) {
        write_run(folder, &summary, trace, &car.to_toml())?;
        #[cfg(feature = "plot")]
        if let (AnyCar::PowerSplit(car), true) = (car, args.plots) {
            let run = plot::Run {
                summary: &summary,
                trace,
                car: Some(plot::Car {
                    plant: &car.plant,
                    fuel: &car.file.vehicle().engine.fuel,
                    strategy: &car.file.vehicle().strategy,
                }),
            };
            // The forced start has a study of its own.
            let of_a_run = Figure::ALL
                .into_iter()
                .filter(|figure| *figure != Figure::ForcedStart);
            draw_into(folder, of_a_run, &run)?;
        }
    }
    Ok(summary)
}

/// Makes all runs, in the order of the arguments whatever the number of threads.
fn make_all(jobs: &[Job<'_>], args: &Args, stop: &AtomicBool) -> Vec<Result<Summary, Failure>> {
    let command = this_command();
    let bar = progress(args.output.quiet, jobs.len(), "runs");
    let made = jobs
        .par_iter()
        .map(|job| {
            if stop.load(Ordering::Relaxed) {
                return Err(Failure::Interrupted);
            }
            let summary = make(job, args, &command, stop);
            bar.inc(1);
            summary
        })
        .collect();
    bar.finish_and_clear();
    made
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let names: Vec<String> = if args.cycles.is_empty() {
        DEFAULT_SET.map(str::to_owned).to_vec()
    } else {
        args.cycles.clone()
    };
    let cars = args.car.load_any(&args.start)?;
    #[cfg(feature = "plot")]
    for car in &cars {
        if let (AnyCar::Conventional(_), true) = (car, args.plots) {
            return Err(refuse_pictures(car.name()));
        }
    }
    let cycles = cycles(&names).map_err(|failure| hint_at_cold(failure, &names, &args.start))?;
    let jobs = jobs(&cars, &args.control, &cycles, args.out.as_deref());
    if let Some(out) = &args.out {
        make_places(out, jobs.iter().filter_map(|job| job.folder.as_deref()))?;
    }
    for cycle in &cycles {
        warn_of(cycle);
    }
    if let (Some(_), Some(AnyCar::Conventional(_))) = (
        args.uncertainty,
        cars.iter()
            .find(|car| matches!(car, AnyCar::Conventional(_))),
    ) {
        return Err(Failure::input(
            "`--uncertainty` knows the estimates of power-split cars only",
            "leave the conventional car out",
        ));
    }
    if args
        .control
        .iter()
        .any(|control| *control != Control::Rules)
    {
        if let Some(car) = cars
            .iter()
            .find(|car| matches!(car, AnyCar::Conventional(_)))
        {
            return Err(Failure::input(
                format!(
                    "`{}` is a conventional car: its engine always runs",
                    car.name()
                ),
                "leave `--control` away, or take a power-split car",
            ));
        }
        if args.uncertainty.is_some() {
            return Err(Failure::input(
                "`--uncertainty` is about the car with its rules",
                "leave `--control` away",
            ));
        }
    }
    if args.policy.is_some() && args.control != [Control::Optimal] {
        return Err(Failure::input(
            "`--policy` is an optimum that was kept",
            "drive it alone, with `--control optimal`",
        ));
    }
    let stop = interruption();
    let summaries = with_jobs(args.output.jobs, || make_all(&jobs, args, &stop))?
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let bands = with_jobs(args.output.jobs, || bands(args, &cycles))??;
    match args.output.format {
        Format::Table => {
            let mut text = summary_table::runs(&summaries);
            if args.repeat.is_none() {
                text.push_str(summary_table::repetitions(&summaries));
            }
            if !bands.is_empty() {
                text.push_str(&uncertainty::text(&bands));
            }
            print(&text)
        }
        Format::Json if bands.is_empty() => print_json(&summaries),
        Format::Json => print_json(&with_bands(&summaries, &bands)),
        Format::Csv => print_csv(&summaries),
    }?;
    unbalanced(summaries.iter())
}

/// How far every run's consumption moves, where that is asked.
fn bands(args: &Args, cycles: &[Cycle]) -> Result<Vec<Band>, Failure> {
    let Some(runs) = args.uncertainty else {
        return Ok(Vec::new());
    };
    let sets = args.car.all_sets(Some(&args.start));
    let mut bands = Vec::new();
    for name in &args.car.vehicle {
        for cycle in cycles {
            let start = args.start.start();
            let course = Course::new(cycle, args.repeat, args.step, start);
            let of_all = |cars: &[Vehicle]| consumptions(cars, &course, start);
            bands.push(band((name, &cycle.name), &sets, runs, of_all)?);
        }
    }
    Ok(bands)
}

/// Consumption of each car at zero net battery energy, L/100 km.
fn consumptions(cars: &[Vehicle], course: &Course, start: StartWith) -> Vec<Option<f64>> {
    let driven = |car| (Plant::new(car), Rules::of(car), Starts::of(car, start));
    let driven: Vec<_> = cars.iter().map(driven).collect();
    let mut inquiries: Vec<_> = driven
        .iter()
        .map(|(plant, rules, starts)| Inquiry::new(plant, rules, course, *starts, true))
        .collect();
    answer_all(&mut inquiries);
    let answers = inquiries.into_iter().map(Inquiry::answer);
    let fuels = cars.iter().map(|car| &car.engine.fuel);
    answers
        .zip(fuels)
        .map(|(answer, fuel)| Some(answer.corrected_l_per_100km(fuel)))
        .collect()
}

/// Summaries with the band of each.
fn with_bands(summaries: &[Summary], bands: &[Band]) -> Vec<serde_json::Value> {
    let pairs = summaries.iter().zip(bands);
    pairs
        .map(|(summary, band)| {
            let mut value = json!(summary);
            value["uncertainty"] = json!(band);
            value
        })
        .collect()
}

/// A number that was taken for a cycle was most likely the temperature of `--cold`.
fn hint_at_cold(failure: Failure, names: &[String], start: &StartArgs) -> Failure {
    let Failure::Input(mut issues) = failure else {
        return failure;
    };
    let numbers = names.iter().filter(|name| name.parse::<f64>().is_ok());
    for name in numbers.filter(|_| start.cold.is_some()) {
        let message = format!("unknown cycle `{name}`");
        for issue in issues.iter_mut().filter(|issue| issue.message == message) {
            issue.help = Some(format!("a temperature needs the sign: `--cold={name}`"));
        }
    }
    Failure::Input(issues)
}
