//! `thsim sweep plot`.

use super::super::failure::Failure;
use super::super::print;
use crate::issue::suggestion;
use crate::plot::{Format, SweepFigure, SweepPlotError, SweepView, draw_sweep, fitting};
use crate::results::Provenance;
use crate::sweep::Joined;
use std::fmt::Write;
use std::path::PathBuf;

/// Draw what fits the sweep, or the kinds you name
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep plot battery                                  all pictures that fit
  thsim sweep plot rules --kind heat --output engine_starts
  thsim sweep plot mine --kind scatter --x fuel_corrected_l_per_100km --y engine_starts
  thsim sweep plot mine --kind line --x battery.capacity_ah --by run.cycle --out size.svg")]
pub(in super::super) struct Args {
    /// Folder of the sweep; several where machines had folders of their own
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// line, heat, parallel, scatter, tornado or sobol; repeatable
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<SweepFigure>,
    /// Column on the horizontal axis
    #[arg(long, value_name = "COLUMN")]
    x: Option<String>,
    /// Column on the vertical axis of a heat map or scatter picture
    #[arg(long, value_name = "COLUMN")]
    y: Option<String>,
    /// Axis with a line for each value, or column that colours lines and points
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Output to show; repeatable
    #[arg(long, value_name = "OUTPUT")]
    output: Vec<String>,
    /// Output of which more is better, for the Pareto front; of all others less is
    #[arg(long, value_name = "OUTPUT")]
    maximise: Vec<String>,
    /// File ending in .svg or .png, for one kind; without it both are written into DIR/plots
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draw what is there where parts are missing or broken
    #[arg(long)]
    partial: bool,
}

/// Parser of `--kind`.
fn kind(text: &str) -> Result<SweepFigure, String> {
    let names = SweepFigure::ALL.map(SweepFigure::name);
    SweepFigure::find(text).ok_or_else(|| suggestion(text, names))
}

impl From<SweepPlotError> for Failure {
    fn from(error: SweepPlotError) -> Self {
        let message = error.to_string();
        match error {
            SweepPlotError::Plot(error) => error.into(),
            SweepPlotError::UnknownColumn { .. } | SweepPlotError::WrongColumn { .. } => {
                Self::input(message, "`thsim sweep merge DIR` prints all columns")
            }
            SweepPlotError::Missing { .. }
            | SweepPlotError::TooMany { .. }
            | SweepPlotError::NoFigures { .. }
            | SweepPlotError::Sobol(_) => Self::input(
                message,
                "without `--kind` the pictures that fit the sweep are drawn",
            ),
        }
    }
}

/// The command without folders and files: a picture of the same sweep is the same wherever
/// its results lie.
fn command(args: &Args, sweep: &str) -> String {
    let mut words = vec!["thsim sweep plot".to_owned(), sweep.to_owned()];
    let kinds = args.kind.iter().map(|kind| kind.name());
    words.extend(kinds.map(|kind| format!("--kind {kind}")));
    let columns = [("x", &args.x), ("y", &args.y), ("by", &args.by)];
    let columns = columns.into_iter().filter_map(|(name, column)| {
        let column = column.as_ref()?;
        Some(format!("--{name} {column}"))
    });
    words.extend(columns);
    words.extend(
        args.output
            .iter()
            .map(|output| format!("--output {output}")),
    );
    words.extend(
        args.maximise
            .iter()
            .map(|output| format!("--maximise {output}")),
    );
    words.join(" ")
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let joined = Joined::open(&args.folders)?;
    if !args.partial {
        joined.require_whole()?;
    }
    let table = joined.table();
    let kinds = if args.kind.is_empty() {
        fitting(&table)
    } else {
        args.kind.clone()
    };
    if args.out.is_some() && kinds.len() != 1 {
        return Err(Failure::input(
            "`--out` names one file, but several kinds are drawn",
            "name one with `--kind`, or leave `--out` away",
        ));
    }
    let (outputs, better) = (borrowed(&args.output), borrowed(&args.maximise));
    let view = SweepView {
        x: args.x.as_deref(),
        y: args.y.as_deref(),
        by: args.by.as_deref(),
        outputs: &outputs,
        large_is_better: &better,
    };
    let provenance = Provenance {
        command: command(args, &joined.manifest().name),
        input_hash: joined.manifest().hash.clone(),
    };
    let folder = joined.path().join("plots");
    if args.out.is_none() {
        std::fs::create_dir_all(&folder).map_err(|error| {
            let message = format!("cannot make the folder `{}`: {error}", folder.display());
            Failure::input(message, "name a file with `--out`")
        })?;
    }
    let mut written = String::new();
    for kind in kinds {
        let files: Vec<PathBuf> = match &args.out {
            Some(out) => vec![out.clone()],
            None => Format::ALL
                .map(|format| folder.join(format!("{}.{}", kind.name(), format.extension())))
                .to_vec(),
        };
        for file in &files {
            draw_sweep(kind, &table, &view, &provenance, file)?;
            // Writing to a string cannot fail.
            let _ = writeln!(written, "{}", file.display());
        }
    }
    print(&written)
}
