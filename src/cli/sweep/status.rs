//! `thsim sweep status`.

use super::super::failure::Failure;
use super::super::{print, print_json};
use crate::sweep::{Joined, Status};
use std::fmt::Write;
use std::path::PathBuf;

/// How far is a sweep? Every part is read and checked
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep status battery
  thsim sweep status half-a half-b --format json")]
pub(in super::super) struct Args {
    /// Folder of the sweep; several where machines had folders of their own
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How the status is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// The status for people.
pub(super) fn text(status: &Status) -> String {
    let mut text = format!(
        "{}: {} of {} parts, {} rows",
        status.name, status.parts_whole, status.parts, status.rows
    );
    // Writing to a string cannot fail.
    if status.rows_failed > 0 {
        let _ = write!(text, ", {} of them failed", status.rows_failed);
    }
    if status.dropped > 0 {
        let _ = write!(text, ", {} points dropped by constraints", status.dropped);
    }
    text.push('\n');
    for (part, reason) in &status.parts_corrupt {
        let _ = writeln!(text, "part {part} is broken: {reason}");
    }
    let _ = writeln!(text, "sweep   {}", status.hash);
    if let Some(content) = &status.content {
        let _ = writeln!(text, "content {content}");
    }
    text
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let status = Joined::open(&args.folders)?.status();
    match args.format {
        Format::Table => print(&text(&status)),
        Format::Json => print_json(&status),
    }
}
