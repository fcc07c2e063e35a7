//! `thsim optimum`.

use super::control::{Control, NODES};
use super::failure::Failure;
use super::optimum_files::Compared;
use super::shared::{
    Asked, Car, CarArgs, Format, OutputArgs, StartArgs, count, cycles, in_window, interruption,
    make_places, power_split, progress_of, replaces_its_own, soc, step_s, this_command, with_jobs,
};
use super::summary_table::{Align, REPETITIONS, number, table};
use super::{print, print_csv, print_json};
use crate::config;
use crate::cycle::Cycle;
use crate::optimum::{Dwell, HOLD_S, Policy};
use crate::results::{Balance, InputHash, Provenance, result_folder, write_file};
use crate::sim::Recorder;
use crate::study::{BestQuestion, Outcome, Way};
use serde::Serialize;
use std::array::from_fn;
use std::iter::once;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The best possible control of a cycle: dynamic programming, and how far ECMS, A-ECMS and the
/// rules are from it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim optimum udds
  thsim optimum hwfet --vehicle prius-2010 --format json
  thsim optimum udds --out results --plots     how all of them drive, with pictures
  thsim optimum wltc_class3b --no-min-times")]
pub(super) struct Args {
    /// Cycle: a shipped name, or a CSV file
    #[arg(value_name = "CYCLE|FILE", default_value = "udds")]
    cycle: String,
    #[command(flatten)]
    car: CarArgs,
    #[command(flatten)]
    start: StartArgs,
    /// Drive the cycle N times in a row
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    repeat: Option<usize>,
    /// Time step in s, 0.01 to 1, of every run; choices hold for 1 s
    #[arg(long, value_name = "S", default_value = "1", value_parser = step_s, allow_negative_numbers = true)]
    step: f64,
    /// States of charge at which the least cost to go is tabulated
    #[arg(long, value_name = "N", default_value_t = NODES, value_parser = nodes, allow_negative_numbers = true)]
    nodes: usize,
    /// State of charge that the optimum ends with at least; that of the start if not given
    #[arg(long, value_name = "SOC", value_parser = soc, allow_negative_numbers = true)]
    end_soc: Option<f64>,
    /// Keep the optimum as a control in this file: `thsim run CYCLE --policy FILE`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Write how every controller drives beside the optimum, and the least cost to go, into a
    /// folder below DIR; an earlier result of that name is replaced whole
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Draw charges, regret, cost to go and factors as SVG and PNG
    #[cfg(feature = "plot")]
    #[arg(long, requires = "out")]
    plots: bool,
    /// Let all but the rules start and stop the engine in every second
    #[arg(long)]
    no_min_times: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Discretisation error from which on the reader is told what to do.
const LARGE_ERROR_PERCENT: f64 = 0.2;

fn nodes(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(nodes) if (50..=20_000).contains(&nodes) => Ok(nodes),
        Ok(_) => Err("allowed: 50 to 20000".to_owned()),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

/// What is printed of a controller.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) control: &'static str,
    pub(super) vehicle: String,
    pub(super) cycle: String,
    pub(super) fuel_corrected_l_per_100km: f64,
    /// Fuel above the optimum at equal charge.
    pub(super) regret_percent: f64,
    /// How far the optimum's run is from what its table promises: regrets are known to this.
    pub(super) discretisation_error_percent: f64,
    pub(super) soc_start: f64,
    pub(super) soc_end: f64,
    balance: Balance,
    repeat: usize,
    engine_starts: usize,
    engine_on_fraction: f64,
    /// Fuel energy a joule of charge counts as; none for controllers without a factor.
    pub(super) equivalence_factor: Option<f64>,
    trace_miss_max_kmh: f64,
    /// Most that the cycle's speed was cut beforehand, for the car to follow.
    cycle_cut_max_kmh: f64,
    /// Whether the engine has to run and rest for the car's minimum times.
    min_times: bool,
    wall_s: f64,
}

/// A recorder behind a pointer, where there is one.
fn shown(way: &mut Option<Way>) -> Option<&mut dyn Recorder> {
    way.as_mut().map(|way| way as &mut dyn Recorder)
}

/// The controllers over one cycle, the optimum last; into `folder` goes how they drive.
#[allow(clippy::too_many_lines)] // a list of figures
fn rows(
    args: &Args,
    car: &Car,
    cycle: &Cycle,
    folder: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Vec<Row>, Failure> {
    let vehicle = car.file.vehicle();
    let start = args.start.start();
    let dwell = if args.no_min_times {
        Dwell::NONE
    } else {
        Dwell::of(&vehicle.strategy)
    };
    let asked = Asked {
        control: Control::Optimal,
        start,
        step_s: args.step,
        repeat: args.repeat,
        command: "",
        policy: None,
        stop,
    };
    let begun = Instant::now();
    let best = BestQuestion {
        dwell,
        nodes: args.nodes,
        end_soc: args.end_soc,
        ..car.best(cycle, &asked)
    }
    .prepare();
    let planned_s = begun.elapsed().as_secs_f64();
    let timed = |extra_s: f64, begun: Instant| extra_s + begun.elapsed().as_secs_f64();
    let mut ways: [Option<Way>; 4] = from_fn(|_| folder.map(|_| Way::default()));
    let [rules_way, adaptive_way, ecms_way, optimum_way] = &mut ways;

    let begun = Instant::now();
    let rules = best.rules(shown(rules_way));
    let rules_s = timed(0.0, begun);
    let begun = Instant::now();
    let adaptive = best.adaptive(shown(adaptive_way));
    let adaptive_s = timed(planned_s, begun);
    let begun = Instant::now();
    let (ecms, factor) = best.ecms(shown(ecms_way));
    let ecms_s = timed(planned_s, begun);
    let begun = Instant::now();
    let bar = progress_of(args.output.quiet, 100, "percent of a round");
    let report = |round: usize, done: f64| {
        bar.set_message(format!("round {}", round + 1));
        bar.set_position((100.0 * done) as u64);
        !stop.load(Ordering::Relaxed)
    };
    let optimum = best.optimum(&report, shown(optimum_way));
    bar.finish_and_clear();
    let optimum = optimum?;
    let optimum_s = timed(ecms_s, begun);
    if let Some(file) = &args.save {
        let hash = car.policy_hash(cycle);
        write_file(file, |writer| optimum.policy.write(&hash, writer))?;
    }

    let fuel = &vehicle.engine.fuel;
    let least = optimum.outcome.corrected_l_per_100km(fuel);
    let error = 100.0 * optimum.discretisation_error;
    let all: [(&'static str, &Outcome, Option<f64>, f64); 4] = [
        ("rules", &rules, None, rules_s),
        ("aecms", &adaptive, None, adaptive_s),
        ("ecms", &ecms, Some(factor), ecms_s),
        ("optimal", &optimum.outcome, Some(optimum.factor), optimum_s),
    ];
    let rows: Vec<Row> = all
        .into_iter()
        .map(|(control, outcome, equivalence_factor, wall_s)| {
            let corrected = outcome.corrected_l_per_100km(fuel);
            let totals = &outcome.totals;
            Row {
                control,
                vehicle: vehicle.name.clone(),
                cycle: cycle.name.clone(),
                fuel_corrected_l_per_100km: corrected,
                regret_percent: 100.0 * (corrected / least - 1.0),
                discretisation_error_percent: error,
                soc_start: totals.soc_start,
                soc_end: totals.soc_end,
                balance: outcome.balance,
                repeat: outcome.repeat,
                engine_starts: totals.starts.len(),
                engine_on_fraction: totals.engine_on_s / totals.duration_s,
                equivalence_factor,
                trace_miss_max_kmh: crate::units::kmh_from_mps(totals.miss_max_mps),
                cycle_cut_max_kmh: crate::units::kmh_from_mps(best.cut_mps()),
                min_times: !args.no_min_times,
                wall_s,
            }
        })
        .collect();
    if let Some(folder) = folder {
        let compared = Compared {
            car,
            best: &best,
            optimum: &optimum,
            rows: &rows,
            ways: &ways.map(Option::unwrap_or_default),
            provenance: &Provenance {
                command: this_command(),
                input_hash: args.input_hash(car, cycle),
            },
        };
        compared.write(folder, args.pictures())?;
    }
    Ok(rows)
}

impl Args {
    #[cfg(feature = "plot")]
    fn pictures(&self) -> bool {
        self.plots
    }

    #[cfg(not(feature = "plot"))]
    #[allow(clippy::unused_self)] // the option is there only with pictures
    fn pictures(&self) -> bool {
        false
    }

    /// Where the cars' results go, each into a folder of its own.
    fn folders(&self, cars: &[Car], cycle: &Cycle) -> Vec<Option<PathBuf>> {
        let mut taken: Vec<String> = Vec::new();
        let mut folder = |car: &Car| {
            let name = result_folder(&car.file.vehicle().name, &cycle.name) + "-optimum";
            let free = (2..).map(|number| format!("{name}-{number}"));
            let free = once(name.clone())
                .chain(free)
                .find(|it| !taken.contains(it));
            let free = free.unwrap_or(name);
            taken.push(free.clone());
            self.out.as_ref().map(|out| out.join(free))
        };
        cars.iter().map(&mut folder).collect()
    }

    /// Hash of everything that goes into the answer for a car.
    fn input_hash(&self, car: &Car, cycle: &Cycle) -> String {
        InputHash::new()
            .text("vehicle", &car.file.canonical())
            .cycle(cycle)
            .text("start", &format!("{:?}", self.start.start()))
            .text("end_soc", &format!("{:?}", self.end_soc))
            .text("repeat", &format!("{:?}", self.repeat))
            .text("min_times", &format!("{}", !self.no_min_times))
            .text("nodes", &self.nodes.to_string())
            .numbers("step_s", &[self.step])
            .finish()
    }
}

/// A difference in percent; a dash where there is none to tell, as without any fuel.
fn signed(percent: f64) -> String {
    if percent.is_finite() {
        format!("{percent:+.2}")
    } else {
        number(f64::NAN, 2)
    }
}

impl Args {
    /// The table for people.
    fn text(&self, rows: &[Row]) -> String {
        let head = [
            ("control", Align::Left),
            ("L/100 km", Align::Right),
            ("regret %", Align::Right),
            ("SOC start", Align::Right),
            ("SOC end", Align::Right),
            ("starts", Align::Right),
            ("engine on %", Align::Right),
            ("factor", Align::Right),
            ("ms", Align::Right),
        ];
        let cells = |row: &Row| {
            vec![
                row.control.to_owned(),
                number(row.fuel_corrected_l_per_100km, 3),
                signed(row.regret_percent),
                number(row.soc_start, 3),
                number(row.soc_end, 3),
                row.engine_starts.to_string(),
                number(100.0 * row.engine_on_fraction, 0),
                number(row.equivalence_factor.unwrap_or(f64::NAN), 2),
                number(1e3 * row.wall_s, 0),
            ]
        };
        let table = table(&head, rows.iter().map(cells).collect());
        let first = &rows[0];
        let times = if first.repeat > 1 {
            format!(" ×{}", first.repeat)
        } else {
            String::new()
        };
        let mut text = format!(
            "{} on {}{times}, at equal charge\n\n{table}\n{}; discretisation error {} %{}\n",
            first.vehicle,
            first.cycle,
            if first.min_times {
                "minimum times of the engine hold"
            } else {
                "without minimum times of the engine"
            },
            number(first.discretisation_error_percent, 3),
            self.remedy(first),
        );
        for row in rows.iter().filter(|it| it.balance == Balance::Interpolated) {
            text.push_str(row.control);
            text.push_str(": its end charge jumps over the start's; its fuel is mixed of the runs on both sides\n");
        }
        if first.repeat > 1 && self.repeat.is_none() {
            text.push_str(REPETITIONS);
        }
        text
    }

    /// What lessens a large error.
    fn remedy(&self, row: &Row) -> &'static str {
        if row.discretisation_error_percent < LARGE_ERROR_PERCENT {
            ""
        } else if self.step < HOLD_S {
            ": it is planned with steps of 1 s, which `--step 1` drives as well"
        } else {
            ", which more `--nodes` may lessen"
        }
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let sets = args.car.all_sets(Some(&args.start));
    let cycle = cycles(std::slice::from_ref(&args.cycle))?.remove(0);
    if let (Some(file), true) = (&args.save, args.car.vehicle.len() > 1) {
        return Err(Failure::input(
            format!("`--save {}` keeps the optimum of one car", file.display()),
            "name one `--vehicle`",
        ));
    }
    if let Some(file) = &args.save {
        replaces_its_own(file, Policy::BEGINS, ("is no policy", "--save"))?;
    }
    let mut cars = Vec::new();
    for name in &args.car.vehicle {
        let car = power_split(config::load(name, &sets)?, Some(&args.start))?;
        if let Some(end_soc) = args.end_soc {
            in_window("--end-soc", end_soc, car.file.vehicle())?;
        }
        cars.push(car);
    }
    let folders = args.folders(&cars, &cycle);
    if let Some(out) = &args.out {
        make_places(out, folders.iter().flatten().map(PathBuf::as_path))?;
    }
    let stop = interruption();
    let mut all = Vec::new();
    for (car, folder) in cars.iter().zip(&folders) {
        all.push(with_jobs(args.output.jobs, || {
            rows(args, car, &cycle, folder.as_deref(), &stop)
        })??);
    }
    match args.output.format {
        Format::Table => print(
            &all.iter()
                .map(|rows| args.text(rows))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        Format::Json => print_json(&all.into_iter().flatten().collect::<Vec<_>>()),
        Format::Csv => print_csv(&all.into_iter().flatten().collect::<Vec<_>>()),
    }
}
