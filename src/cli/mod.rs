//! The command line: one file a command, arguments → library call → print.
//!
//! Results go to standard output, everything else to standard error. Exit code 0: done;
//! 1: the simulation or a check failed; 2: the input is wrong; 130: interrupted.

mod accelerate;
mod any_car;
mod calibrate;
mod certify;
mod check;
mod command_line;
mod control;
mod cycles;
mod failure;
mod forced_start;
mod optimum;
mod optimum_files;
#[cfg(feature = "plot")]
mod plot;
#[cfg(feature = "plot")]
mod report;
mod run;
mod shared;
mod summary_table;
mod sweep;
mod tune;
mod uncertainty;
mod validate;
mod validation_page;
mod vehicles;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

/// Simulator of Toyota's THS-II power-split hybrid.
#[derive(Debug, Parser)]
#[command(
    name = "thsim",
    version,
    about,
    after_help = "Example: thsim run nedc --cold\nEvery command has an example: thsim run --help",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Drive cycles, in parallel; without a cycle: the standard set
    Run(run::Args),
    /// List the drive cycles, or show one with its statistics
    Cycles(cycles::Args),
    /// List the vehicles, or print one in full: itself a valid vehicle file
    Vehicles(vehicles::Args),
    /// The engine-off ceiling: every candidate limit, which binds, and the slow electric
    /// acceleration
    ForcedStart(forced_start::Args),
    /// Take cars through test procedures, by their rules
    Certify(certify::Args),
    /// 0 to 100 km/h, 80 to 120 km/h, top speed, grades, and ten full-throttle starts in a row
    Accelerate(accelerate::Args),
    /// Fit the estimates of a vehicle to its measured results, once for all cars of its
    /// powertrain
    Calibrate(calibrate::Args),
    /// Simulate every measured result that is known and print the errors
    Validate(validate::Args),
    /// The best possible control of a cycle, and how far every controller is from it
    Optimum(optimum::Args),
    /// The best parameters of the rules over some cycles, and what they give on others
    Tune(tune::Args),
    /// Parameter sweeps: many designs of a car, in parts that can be interrupted and shared
    Sweep(sweep::Args),
    /// Draw a picture of a result folder
    #[cfg(feature = "plot")]
    Plot(plot::Args),
    /// One HTML page of a result, or of several to be compared
    #[cfg(feature = "plot")]
    Report(report::Args),
    /// Is this vehicle or cycle file right?
    Check(check::Args),
}

/// Parses the arguments, runs the command and gives its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe while printing help is no failure.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match &cli.command {
        Command::Run(args) => run::run(args),
        Command::Cycles(args) => cycles::run(args),
        Command::Vehicles(args) => vehicles::run(args),
        Command::Certify(args) => certify::run(args),
        Command::Calibrate(args) => calibrate::run(args),
        Command::Validate(args) => validate::run(args),
        Command::ForcedStart(args) => forced_start::run(args),
        Command::Accelerate(args) => accelerate::run(args),
        Command::Optimum(args) => optimum::run(args),
        Command::Tune(args) => tune::run(args),
        Command::Sweep(args) => sweep::run(args),
        #[cfg(feature = "plot")]
        Command::Plot(args) => plot::run(args),
        #[cfg(feature = "plot")]
        Command::Report(args) => report::run(args),
        Command::Check(args) => check::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Prints a result. A reader that closed the pipe has had enough: that is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints one row a result, comma-separated.
fn print_csv(results: &[impl serde::Serialize]) -> Result<(), Failure> {
    let text = summary_table::csv(results)
        .map_err(|error| Failure::failed(format!("cannot print: {error}")))?;
    print(&text)
}

/// Prints a value as indented JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::failed(format!("cannot print: {error}")))?;
    print(&(text + "\n"))
}
