//! `thsim certify`: test procedures, by their rules.

mod report;
mod tables;

use super::failure::Failure;
use super::shared::{
    Car, CarArgs, Format, OutputArgs, interruption, progress, schedule, step_s, this_command,
    unbalanced, with_jobs,
};
use super::uncertainty::{self, Band, band};
use super::{print, print_csv, print_json};
use crate::control::Rules;
use crate::cycle::Cycle;
use crate::issue::suggestion;
use crate::study::procedure::{
    CarUnderTest, Certificate, Procedure, ProcedureError, Verdict, on_the_day,
};
use crate::vehicle::{Plant, Vehicle};
use rayon::prelude::*;
use report::Report;
use serde_json::json;
use std::sync::atomic::Ordering;

/// Take cars through test procedures, by their rules
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim certify                          every procedure whose schedule is shipped
  thsim certify epa-label --vehicle prius-2010
  thsim certify nedc wltp --strict       exit 1 where the charge balance fails its rule
  thsim certify jc08 --cycle jc08.csv    this schedule is not shipped

Procedures: ftp, ftp-20f, hwfet, us06, sc03, epa-label, nedc, nedc_automatic, wltp, 10-15,
jc08. A car arrives with the charge that the preparation of the procedure leaves it.")]
pub(super) struct Args {
    /// Procedures; all whose schedule is shipped if none is given
    #[arg(value_name = "PROCEDURE")]
    procedures: Vec<String>,
    #[command(flatten)]
    car: CarArgs,
    /// Schedule of a procedure that ships none: a CSV file
    #[arg(long, value_name = "FILE")]
    cycle: Option<String>,
    /// Time step in s, 0.01 to 1
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = step_s)]
    step: f64,
    /// Exit 1 if the charge balance of a test fails the rule of its procedure
    #[arg(long)]
    strict: bool,
    /// Also print how far consumption moves when all estimates of the vehicle's file move
    /// inside their ranges, from so many runs
    #[arg(long, value_name = "RUNS", num_args = 0..=1, require_equals = true,
          default_missing_value = uncertainty::DEFAULT_RUNS, value_parser = uncertainty::runs)]
    uncertainty: Option<usize>,
    #[command(flatten)]
    output: OutputArgs,
}

/// A test that is to be driven.
struct Test<'a> {
    of: &'a Car,
    procedure: Procedure,
    /// The car on that day.
    vehicle: Vehicle,
    plant: Plant,
    rules: Rules,
}

/// A procedure that was asked for of a car.
struct Wanted<'a> {
    car: &'a Car,
    procedure: Procedure,
}

/// The procedures named, or all that need no schedule (or none but the given one).
fn procedures(args: &Args) -> Result<Vec<Procedure>, Failure> {
    let names = || Procedure::ALL.into_iter().map(Procedure::name);
    let mut procedures = Vec::new();
    let mut issues = Vec::new();
    for name in &args.procedures {
        match Procedure::find(name) {
            Some(found) => procedures.push(found),
            None => issues.push(
                crate::issue::Issue::new(format!("unknown procedure `{name}`"))
                    .help(suggestion(name, names())),
            ),
        }
    }
    Failure::if_any(issues)?;
    if procedures.is_empty() {
        procedures.extend(Procedure::default_set());
        if args.cycle.is_some() {
            procedures.push(Procedure::Jc08);
        }
    }
    let asks = procedures.iter().any(|it| it.needs_schedule());
    if args.cycle.is_some() && !asks {
        return Err(Failure::input(
            "`--cycle` is given, and every procedure named has a schedule of its own",
            "it is for `jc08`",
        ));
    }
    Ok(procedures)
}

/// The tests behind what is wanted, each once. A car that cannot take a procedure is wrong
/// input where the procedure was named; where none was, it takes the others.
fn plan<'a>(
    cars: &'a [Car],
    procedures: &[Procedure],
    named: bool,
) -> Result<(Vec<Wanted<'a>>, Vec<Test<'a>>), Failure> {
    let mut wanted = Vec::new();
    let mut tests: Vec<Test<'a>> = Vec::new();
    for car in cars {
        for procedure in procedures {
            let days: Result<Vec<_>, ProcedureError> = procedure
                .tests()
                .iter()
                .map(|test| Ok((*test, on_the_day(*test, car.file.vehicle())?)))
                .collect();
            let days = match days {
                Ok(days) => days,
                Err(error) if named => return Err(error.into()),
                Err(error) => {
                    eprintln!("left out: {error}");
                    continue;
                }
            };
            for (test, vehicle) in days {
                let known = |it: &Test<'_>| std::ptr::eq(it.of, car) && it.procedure == test;
                if !tests.iter().any(known) {
                    tests.push(Test {
                        of: car,
                        procedure: test,
                        plant: Plant::new(&vehicle),
                        rules: Rules::of(&vehicle),
                        vehicle,
                    });
                }
            }
            wanted.push(Wanted {
                car,
                procedure: *procedure,
            });
        }
    }
    Ok((wanted, tests))
}

/// Drives all tests, in their order whatever the number of threads.
fn drive_all(
    tests: &[Test<'_>],
    given: Option<&Cycle>,
    args: &Args,
) -> Result<Vec<Certificate>, Failure> {
    let stop = interruption();
    let bar = progress(args.output.quiet, tests.len(), "tests");
    let driven = with_jobs(args.output.jobs, || {
        tests
            .par_iter()
            .map(|test| {
                if stop.load(Ordering::Relaxed) {
                    return Err(Failure::Interrupted);
                }
                let car = CarUnderTest {
                    vehicle: &test.vehicle,
                    plant: &test.plant,
                    controller: &test.rules,
                    given,
                    step_s: args.step,
                };
                let certificate = car.certify(test.procedure)?;
                bar.inc(1);
                Ok(certificate)
            })
            .collect()
    })?;
    bar.finish_and_clear();
    driven
}

/// How far the consumption of every test moves, where that is asked; the label has none.
fn bands(
    args: &Args,
    procedures: &[Procedure],
    given: Option<&Cycle>,
) -> Result<Vec<Band>, Failure> {
    let Some(runs) = args.uncertainty else {
        return Ok(Vec::new());
    };
    let mut bands = Vec::new();
    for name in &args.car.vehicle {
        let tests = procedures.iter().filter(|it| it.tests().len() == 1);
        for procedure in tests {
            let consumption = |vehicle: &Vehicle| {
                let vehicle = &on_the_day(*procedure, vehicle).ok()?;
                let car = CarUnderTest {
                    vehicle,
                    plant: &Plant::new(vehicle),
                    controller: &Rules::of(vehicle),
                    given,
                    step_s: args.step,
                };
                Some(car.test(*procedure).ok()?.balanced_l_per_100km)
            };
            let of = (name.as_str(), procedure.name());
            let of_all = |cars: &[Vehicle]| cars.iter().map(consumption).collect();
            bands.push(band(of, &args.car.sets, runs, of_all)?);
        }
    }
    Ok(bands)
}

/// Reports with the band of each that has one.
fn with_bands(reports: &[Report], bands: &[Band]) -> Vec<serde_json::Value> {
    let with = |report: &Report| {
        let mut value = json!(report);
        let own = |band: &&Band| {
            value["vehicle"] == json!(band.vehicle) && value["procedure"] == json!(band.test)
        };
        let band = bands.iter().find(own).map(|band| json!(band));
        value["uncertainty"] = band.unwrap_or_default();
        value
    };
    reports.iter().map(with).collect()
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let procedures = procedures(args)?;
    let cars = args.car.load(None)?;
    let given = schedule(args.cycle.as_deref())?;
    if given.is_none()
        && let Some(lacking) = procedures.iter().find(|it| it.needs_schedule())
    {
        let procedure = lacking.name();
        return Err(ProcedureError::NoSchedule { procedure }.into());
    }
    let (wanted, tests) = plan(&cars, &procedures, !args.procedures.is_empty())?;
    let certificates = drive_all(&tests, given.as_ref(), args)?;

    let asked = report::Asked {
        given: given.as_ref(),
        step_s: args.step,
        command: &this_command(),
    };
    let reports = wanted
        .iter()
        .map(|wanted| {
            let found: Vec<&Certificate> = wanted
                .procedure
                .tests()
                .iter()
                .filter_map(|procedure| {
                    let mine = |test: &Test<'_>| {
                        std::ptr::eq(test.of, wanted.car) && test.procedure == *procedure
                    };
                    certificates.get(tests.iter().position(mine)?)
                })
                .collect();
            Report::new(wanted.procedure, wanted.car, &found, &asked)
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let bands = with_jobs(args.output.jobs, || {
        bands(args, &procedures, given.as_ref())
    })??;
    match args.output.format {
        Format::Table if bands.is_empty() => print(&tables::text(&reports)),
        Format::Table => print(&(tables::text(&reports) + &uncertainty::text(&bands))),
        Format::Json if bands.is_empty() => print_json(&reports),
        Format::Json => print_json(&with_bands(&reports, &bands)),
        Format::Csv => print_csv(&reports),
    }?;
    unbalanced(reports.iter().flat_map(|report| &report.bags))?;
    if args.strict {
        strict(&reports)
    } else {
        Ok(())
    }
}

/// With `--strict` a test that its own rule calls void is a failure.
fn strict(reports: &[Report]) -> Result<(), Failure> {
    let void: Vec<String> = reports
        .iter()
        .filter(|report| report.verdict >= Verdict::NotPossible)
        .map(|report| format!("`{}` of `{}`", report.procedure, report.vehicle))
        .collect();
    if void.is_empty() {
        Ok(())
    } else {
        Err(Failure::failed(format!(
            "the charge balance fails its rule: {}",
            void.join(", ")
        )))
    }
}
