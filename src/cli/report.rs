//! `thsim report`: one HTML page of results.

use super::any_car::refuse_pictures;
use super::failure::Failure;
use super::plot::check_file;
use super::print;
use crate::config::{self, AnyVehicleFile, VehicleFile};
use crate::report::{self, Found, Incomplete, Optimum, PageError, Parameter, Problem, Run};
use crate::results::{self, StoredRun};
use crate::vehicle::{Plant, Vehicle};
use std::path::{Path, PathBuf};

/// What makes a result folder, for those who have none.
const MAKE_ONE: &str = "make one with `thsim run CYCLE --out DIR`";

/// One HTML page of a result, or of several to be compared: opens from disk, needs no network
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim report results/levin-hybrid-wltc_class3b
  thsim report results/levin-hybrid-udds results/prius-2010-udds --out both.html
  thsim report results/levin-hybrid-udds-optimum --out optimum.html")]
pub(super) struct Args {
    /// Folders that `thsim run --out` or `thsim optimum --out` wrote
    #[arg(value_name = "RESULT", required = true)]
    results: Vec<PathBuf>,
    /// File ending in .html; without it `report.html` in RESULT, if there is one only
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl From<Incomplete> for Failure {
    fn from(error: Incomplete) -> Self {
        let again = |command: &str| format!("run it again: `{command} --out DIR`");
        let help = match (&error.problem, &error.command) {
            (Problem::Parent { below, .. }, _) => {
                format!("thsim report {}", below.display())
            }
            (_, Some(command)) => again(command),
            (_, None) => MAKE_ONE.to_owned(),
        };
        Self::input(error.to_string(), help)
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Plot(error) => error.into(),
            error @ PageError::Data(_) => Self::failed(error.to_string()),
        }
    }
}

fn vehicle_file(folder: &Path) -> String {
    folder.join("vehicle.toml").display().to_string()
}

/// A car without a planetary has other columns, and none of the diagrams.
fn refuse_conventional(folder: &Path) -> Result<(), Failure> {
    match config::load_any(&vehicle_file(folder), &[]) {
        Ok(AnyVehicleFile::Conventional(file)) => Err(refuse_pictures(&file.vehicle().name)),
        // What is missing or wrong is said where the rest of the folder is read.
        _ => Ok(()),
    }
}

/// A run with the car its folder tells.
struct Told {
    stored: Box<StoredRun>,
    file: VehicleFile<Vehicle>,
    plant: Plant,
    parameters: Vec<Parameter>,
}

fn told(folder: &Path, stored: Box<StoredRun>) -> Result<Told, Failure> {
    let file = config::load(&vehicle_file(folder), &[])?;
    let entries = file.entries();
    let parameters = entries.map(|(key, value, source)| Parameter {
        key: key.to_owned(),
        value,
        source: source.map(str::to_owned),
    });
    Ok(Told {
        plant: Plant::new(file.vehicle()),
        parameters: parameters.collect(),
        stored,
        file,
    })
}

/// Where the page goes.
fn place(args: &Args) -> Result<PathBuf, Failure> {
    let out = match (&args.out, args.results.as_slice()) {
        (Some(out), _) => out.clone(),
        (None, [one]) => one.join("report.html"),
        (None, _) => {
            return Err(Failure::input(
                "a page of several results belongs into none of their folders",
                "name it with `--out FILE.html`",
            ));
        }
    };
    let html = out
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
    if !html {
        return Err(Failure::input(
            format!("`{}` does not end in `.html`", out.display()),
            "a report is a page of HTML",
        ));
    }
    if args.out.is_some() {
        check_file(&out, "`.html`")?;
    }
    Ok(out)
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let out = place(args)?;
    let mut runs: Vec<Told> = Vec::new();
    let mut optima: Vec<Optimum> = Vec::new();
    for folder in &args.results {
        refuse_conventional(folder)?;
        match report::read(folder)? {
            Found::Run(stored) => runs.push(told(folder, stored)?),
            Found::Optimum(optimum) => optima.push(*optimum),
        }
    }
    let runs: Vec<Run<'_>> = runs
        .iter()
        .map(|told| Run {
            stored: &told.stored,
            vehicle: told.file.vehicle(),
            plant: &told.plant,
            parameters: &told.parameters,
        })
        .collect();
    let page = report::page(&runs, &optima)?;
    results::write_file(&out, |writer| writer.write_all(page.as_bytes()))?;
    print(&format!("{}\n", out.display()))
}
