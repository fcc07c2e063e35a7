//! `thsim calibrate`: fit the estimates of a vehicle to its measured results.

use super::control::Control;
use super::failure::Failure;
use super::shared::{Format, OutputArgs, progress, schedule, step_s, with_jobs};
use super::summary_table::{Align, table};
use super::{print, print_csv, print_json, validate};
use crate::config;
use crate::issue::Issue;
use crate::study::procedure::Procedure;
use crate::study::validation::{
    Calibration, Goal, Movable, RoadLoadKnown, Row, Use, calibrate, movable_keys, rows, simulated,
};
use crate::vehicle::Vehicle;
use serde::Serialize;
use serde_json::json;

/// How far a row's tolerance is trusted: the budget's worst row is two deviations away.
const DEVIATIONS_IN_TOLERANCE: f64 = 4.0;
/// The set that cars without a published road load are scaled from: EPA's of the 2010 Prius
/// on 15 inch.
const SCALED_FROM: &str = "prius-2010";
const SCALE: &str = "road-load scale";
const SCALE_RANGE: (f64, f64) = (0.8, 1.25);
const ROAD_LOAD_KEYS: [&str; 3] = [
    "chassis.road_load.a_n",
    "chassis.road_load.b_n_per_mps",
    "chassis.road_load.c_n_per_mps2",
];
/// The key that gives a road load in another form.
const DRAG_KEY: &str = "chassis.cd";

/// Fit the estimates of a vehicle to its measured results, once for all cars of its powertrain
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim calibrate prius-2010            powertrain of all cars with its transaxle
  thsim calibrate levin-hybrid          its road load alone: it is not published
  thsim calibrate prius-2010 --quick    without the leave-one-out fits

A car whose road load is published is fitted together with all others of its powertrain:
the estimates listed in configs/validation/estimates.csv move inside the ranges of the
vehicle's file. Of a car whose road load is not published only one scale on it moves.
Nothing is written: the lines to put into the file are printed.")]
pub(super) struct Args {
    /// Vehicle, by its shipped name
    #[arg(value_name = "VEHICLE")]
    vehicle: String,
    /// Change a key of every vehicle file before the fit, which then leaves it there;
    /// repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Skip the fits that leave out one result each
    #[arg(long)]
    quick: bool,
    /// Schedule of procedures that ship none (JC08); without it their results are not fitted to
    #[arg(long, value_name = "FILE")]
    cycle: Option<String>,
    /// Time step in s, 0.01 to 1
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = step_s)]
    step: f64,
    #[command(flatten)]
    output: OutputArgs,
}

/// What is fitted to what.
struct Task {
    rows: Vec<Row>,
    movables: Vec<Movable>,
    scaled: bool,
}

/// An estimate and where the fit took it.
#[derive(Serialize)]
struct Moved<'a> {
    key: &'a str,
    from: f64,
    to: f64,
    low: f64,
    high: f64,
    /// Whether it stands at an end of its range.
    at_end: bool,
}

/// What there is to fit for a vehicle.
fn task(args: &Args) -> Result<Task, Failure> {
    let file = config::load(&args.vehicle, &args.sets)?;
    let all = rows()?;
    let own: Vec<&Row> = all
        .iter()
        .filter(|row| row.vehicle == args.vehicle)
        .collect();
    let fits = |row: &&Row, known| row.used == Use::Fit && row.road_load == known;
    if let Some(first) = own.iter().find(|row| fits(row, RoadLoadKnown::Published)) {
        let set = &first.set;
        let keys = movable_keys(set)?;
        let movables = file
            .estimates()
            .filter(|(key, ..)| keys.iter().any(|it| it == key))
            .map(|(key, value, range)| Movable {
                key: key.to_owned(),
                value,
                range,
            })
            .collect();
        let of_set = all.iter().filter(|row| row.set == *set);
        return Ok(Task {
            rows: of_set
                .filter(|row| fits(row, RoadLoadKnown::Published))
                .cloned()
                .collect(),
            movables,
            scaled: false,
        });
    }
    let has_schedule = |row: &&Row| {
        let needs = Procedure::find(&row.test).is_some_and(Procedure::needs_schedule);
        !needs || args.cycle.is_some()
    };
    let rows: Vec<Row> = own
        .into_iter()
        .filter(|row| fits(row, RoadLoadKnown::Scaled))
        .filter(has_schedule)
        .cloned()
        .collect();
    if rows.is_empty() {
        return Err(Failure::input(
            format!(
                "no measured result of `{}` is there to fit to",
                args.vehicle
            ),
            "`thsim validate` lists what was measured of which car",
        ));
    }
    refuse_set_road_load(&file)?;
    Ok(Task {
        rows,
        movables: vec![Movable {
            key: SCALE.to_owned(),
            value: scale(&file)?,
            range: SCALE_RANGE,
        }],
        scaled: true,
    })
}

/// Scale of a file's road load on the set it was scaled from.
pub(super) fn scale(file: &config::VehicleFile) -> Result<f64, Failure> {
    let base = config::load(SCALED_FROM, &[])?;
    Ok(road_load(file)[0] / road_load(&base)[0])
}

/// The three coefficients of a file's road load.
fn road_load(file: &config::VehicleFile) -> [f64; 3] {
    ROAD_LOAD_KEYS.map(|wanted| {
        let mut entries = file.entries();
        let value = entries.find(|(key, ..)| *key == wanted).map(|it| it.1);
        value.and_then(|text| text.parse().ok()).unwrap_or(0.0)
    })
}

/// A road load that is fitted cannot be set as well.
fn refuse_set_road_load(file: &config::VehicleFile) -> Result<(), Failure> {
    let fitted = |key: &str| ROAD_LOAD_KEYS.contains(&key) || key == DRAG_KEY;
    let by_hand = |source: Option<&str>| source.is_some_and(|it| it.starts_with("--set "));
    let issues: Vec<Issue> = file
        .entries()
        .filter(|(key, _, source)| fitted(key) && by_hand(*source))
        .map(|(key, ..)| {
            Issue::new(format!("`--set {key}` gives the road load that is fitted"))
                .help("leave it away: of a car whose road load is not published its scale moves")
        })
        .collect();
    Failure::if_any(issues)
}

/// A car with these values. Inside their ranges they may still not fit each other, or what
/// was set by hand.
fn car(name: &str, sets: &[String], task: &Task, values: &[f64]) -> Result<Vehicle, Failure> {
    let mut sets = sets.to_vec();
    if task.scaled {
        let base = road_load(&config::load(SCALED_FROM, &[])?);
        let keys = ROAD_LOAD_KEYS.iter().zip(base);
        sets.extend(keys.map(|(key, it)| format!("{key}={:?}", it * values[0])));
    } else {
        let keys = task.movables.iter().zip(values);
        sets.extend(keys.map(|(it, value)| format!("{}={value:?}", it.key)));
    }
    let file = config::load(name, &sets).map_err(|error| {
        let issues = error.issues().into_iter();
        let tried = issues.map(|issue| Issue {
            message: format!("a value of the fit of `{name}`: {}", issue.message),
            ..issue
        });
        Failure::Input(tried.collect())
    })?;
    Ok(file.vehicle().clone())
}

/// Deviation that a row is trusted with, percent: a share of what it is held to, and what the
/// measured figures themselves are apart.
fn trusted_percent(row: &Row) -> f64 {
    (row.tolerance_percent / DEVIATIONS_IN_TOLERANCE).hypot(row.band_percent())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let task = task(args)?;
    let schedule = schedule(args.cycle.as_deref())?;
    let goals: Vec<Goal> = task
        .rows
        .iter()
        .map(|row| Goal {
            measured: row.middle(),
            trusted: trusted_percent(row) / 100.0,
        })
        .collect();
    let model = |values: &[f64]| -> Result<Vec<f64>, Failure> {
        let build = |name: &str| car(name, &args.sets, &task, values);
        let control = Control::Rules;
        let figures = simulated(
            &task.rows,
            build,
            schedule.as_ref(),
            args.step,
            control,
            &|| (),
        )?;
        let pairs = task.rows.iter().zip(figures);
        pairs
            .map(|(row, figure)| figure.ok_or_else(|| no_figure(row)))
            .collect()
    };
    let OutputArgs {
        format,
        jobs,
        quiet,
    } = args.output;
    let fits = if args.quick { 1 } else { 1 + goals.len() };
    let bar = progress(quiet, fits, "fits");
    let found = with_jobs(jobs, || {
        calibrate(&model, &task.movables, &goals, !args.quick, &|| bar.inc(1))
    })?;
    bar.finish_and_clear();
    let found = found?;
    match format {
        Format::Json => print_json(&as_json(&task, &found)),
        Format::Table => print(&as_text(&task, &found)),
        Format::Csv => print_csv(&moved(&task, &found)),
    }
}

/// A row that the model says nothing to cannot be met.
fn no_figure(row: &Row) -> Failure {
    Failure::failed(format!(
        "the model has no figure for `{}`",
        validate::name(row)
    ))
}

/// Where the fit took every estimate.
fn moved<'a>(task: &'a Task, found: &Calibration) -> Vec<Moved<'a>> {
    let estimates = task.movables.iter().zip(&found.values);
    estimates
        .map(|(it, &value)| Moved {
            key: &it.key,
            from: it.value,
            to: value,
            low: it.range.0,
            high: it.range.1,
            at_end: it.at_end(value),
        })
        .collect()
}

fn as_json(task: &Task, found: &Calibration) -> serde_json::Value {
    let results = task.rows.iter().enumerate();
    json!({
        "estimates": moved(task, found),
        "results": results.map(|(i, row)| json!({
            "vehicle": row.vehicle, "test": row.test, "quantity": row.quantity,
            "measured": row.middle(),
            "error_before_percent": 100.0 * found.before[i],
            "error_after_percent": 100.0 * found.after[i],
            "error_left_out_percent": 100.0 * found.left_out[i],
        })).collect::<Vec<_>>(),
    })
}

fn as_text(task: &Task, found: &Calibration) -> String {
    let estimates = task.movables.iter().zip(&found.values).map(|(it, value)| {
        vec![
            it.key.clone(),
            format!("{:.4}", it.value),
            format!("{value:.4}"),
            format!("{} to {}", it.range.0, it.range.1),
        ]
    });
    let estimates = table(
        &[
            ("estimate", Align::Left),
            ("from", Align::Right),
            ("to", Align::Right),
            ("range", Align::Left),
        ],
        estimates.collect(),
    );
    let results = task.rows.iter().enumerate().map(|(i, row)| {
        vec![
            row.vehicle.clone(),
            row.test.clone(),
            row.quantity.clone(),
            format!("{:.1} {}", row.middle(), row.unit),
            format!("{:+.1}", 100.0 * found.before[i]),
            format!("{:+.1}", 100.0 * found.after[i]),
            format!("{:+.1}", 100.0 * found.left_out[i]),
        ]
    });
    let results = table(
        &[
            ("vehicle", Align::Left),
            ("test", Align::Left),
            ("quantity", Align::Left),
            ("measured", Align::Right),
            ("before %", Align::Right),
            ("after %", Align::Right),
            ("left out %", Align::Right),
        ],
        results.collect(),
    );
    format!("{estimates}\n{results}")
}
