//! `thsim sweep merge`.

use super::super::failure::Failure;
use crate::results::{VERSION, write_file};
use crate::sweep::{Joined, Manifest, Part};
use serde_json::{Map, Value, json};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Print the results, one row a design in the order of the designs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep merge battery --format csv > battery.csv
  thsim sweep merge half-a half-b --out both.csv
The parts themselves are Parquet files: pandas, polars and DuckDB read battery/parts/*.parquet")]
pub(in super::super) struct Args {
    /// Folder of the sweep; several where machines had folders of their own
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Write to this file instead, with the units of all columns at its head
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Take what is there where parts are missing or broken
    #[arg(long)]
    partial: bool,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For spreadsheets and programs.
    Csv,
    /// A list of objects.
    Json,
}

/// A value as a text: numbers in the shortest form that reads back, nothing for none.
fn cell(levels: &[String], value: f64) -> String {
    if value.is_nan() {
        return String::new();
    }
    match levels.get(value as usize) {
        Some(level) => level.clone(),
        None => value.to_string(),
    }
}

fn status(reason: Option<&String>) -> &'static str {
    if reason.is_some() { "failed" } else { "ok" }
}

/// Rows of a part as CSV.
fn csv_rows(to: &mut dyn Write, manifest: &Manifest, part: &Part) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    for (row, design) in part.designs.iter().enumerate() {
        csv.write_field(design.to_string())?;
        for (info, column) in manifest.columns.iter().zip(&part.columns) {
            csv.write_field(cell(&info.levels, column[row]))?;
        }
        let reason = part.reasons[row].as_ref();
        csv.write_field(status(reason))?;
        csv.write_field(reason.map_or("", String::as_str))?;
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

fn csv(to: &mut dyn Write, joined: &Joined, with_units: bool) -> io::Result<()> {
    let manifest = joined.manifest();
    if with_units {
        writeln!(to, "# thsim {VERSION} sweep {}", manifest.name)?;
        writeln!(to, "# command: thsim sweep merge {}", manifest.name)?;
        writeln!(to, "# input: {}", manifest.hash)?;
        for info in manifest.columns.iter().filter(|info| !info.unit.is_empty()) {
            writeln!(to, "# unit of {}: {}", info.name, info.unit)?;
        }
    }
    let mut header = csv::Writer::from_writer(&mut *to);
    let names = manifest.columns.iter().map(|info| info.name.as_str());
    let names: Vec<&str> = ["design"]
        .into_iter()
        .chain(names)
        .chain(["status", "reason"])
        .collect();
    header.write_record(names)?;
    header.flush()?;
    drop(header);
    joined.each(|part| csv_rows(to, manifest, &part))
}

/// A row as an object.
fn object(manifest: &Manifest, part: &Part, row: usize) -> Value {
    let mut object = Map::new();
    object.insert("design".to_owned(), json!(part.designs[row]));
    for (info, column) in manifest.columns.iter().zip(&part.columns) {
        let value = match info.levels.get(column[row] as usize) {
            Some(level) => json!(level),
            // JSON has no NaN: null.
            None => json!(column[row]),
        };
        object.insert(info.name.clone(), value);
    }
    let reason = part.reasons[row].as_ref();
    object.insert("status".to_owned(), json!(status(reason)));
    object.insert("reason".to_owned(), json!(reason));
    Value::Object(object)
}

fn json(to: &mut dyn Write, joined: &Joined) -> io::Result<()> {
    let mut before = "[\n";
    joined.each(|part| {
        for row in 0..part.designs.len() {
            write!(to, "{before}  {}", object(joined.manifest(), &part, row))?;
            before = ",\n";
        }
        io::Result::Ok(())
    })?;
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    to.write_all(end.as_bytes())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let joined = Joined::open(&args.folders)?;
    if !args.partial {
        joined.require_whole()?;
    }
    let write = |to: &mut dyn Write| match args.format {
        Format::Csv => csv(to, &joined, args.out.is_some()),
        Format::Json => json(to, &joined),
    };
    if let Some(out) = &args.out {
        return Ok(write_file(out, write)?);
    }
    let mut to = BufWriter::new(io::stdout().lock());
    match write(&mut to).and_then(|()| to.flush()) {
        // A reader that closed the pipe has had enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}
