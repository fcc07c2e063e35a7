//! `thsim sweep`: many designs of a car.

mod bench;
mod list;
mod merge;
#[cfg(feature = "plot")]
mod plot;
mod run;
mod status;

use super::failure::Failure;
use crate::sweep::{FolderError, JoinError, RunError, SweepError};

/// Parameter sweeps: many designs of a car, in parts that can be interrupted and shared
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep list                                     the sweeps that come with the program
  thsim sweep run battery-size --out battery           run one
  thsim sweep run my-sweep.toml --out mine --dry-run   how many designs, how long?
  thsim sweep status mine                              how far is it?
  thsim sweep merge mine --format csv > mine.csv       one row a design
  thsim sweep plot mine                                pictures that fit the sweep")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// How fast is the kernel?
    Bench(bench::Args),
    /// List the sweeps that come with the program, or print one
    List(list::Args),
    /// Run a sweep, or what is missing of it
    Run(run::Args),
    /// How far is a sweep?
    Status(status::Args),
    /// Print the results, one row a design
    Merge(merge::Args),
    /// Draw pictures of a sweep
    #[cfg(feature = "plot")]
    Plot(plot::Args),
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Bench(args) => bench::run(args),
        Command::List(args) => list::run(args),
        Command::Run(args) => run::run(args),
        Command::Status(args) => status::run(args),
        Command::Merge(args) => merge::run(args),
        #[cfg(feature = "plot")]
        Command::Plot(args) => plot::run(args),
    }
}

impl From<SweepError> for Failure {
    fn from(error: SweepError) -> Self {
        Self::Input(error.issues())
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        let message = error.to_string();
        match error {
            FolderError::Another { difference, .. } => Self::input(
                message,
                format!("{difference}; name another folder, or replace it with `--fresh`"),
            ),
            FolderError::Foreign { .. } => {
                Self::input(message, "name a folder that is empty or new with `--out`")
            }
            FolderError::NoSweep { .. } => Self::input(
                message,
                "name the folder that `thsim sweep run --out` filled",
            ),
            FolderError::Refused { .. } => {
                Self::input(message, "name a folder that can be written to")
            }
            FolderError::Write(_) => Self::failed(message),
        }
    }
}

impl From<JoinError> for Failure {
    fn from(error: JoinError) -> Self {
        let message = error.to_string();
        match error {
            JoinError::Folder(error) => error.into(),
            JoinError::Different { .. } => {
                Self::input(message, "only parts of one sweep can be taken together")
            }
            JoinError::Incomplete { .. } => Self::Failed(format!(
                "{message}: run the sweep again to go on, or take what is there with `--partial`"
            )),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Stopped => Self::Interrupted,
            RunError::Folder(error) => error.into(),
            RunError::Write { .. } => {
                Self::Failed(format!("{error}: make room and run the same command again"))
            }
        }
    }
}
