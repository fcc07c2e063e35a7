//! A result folder read back: `summary.json` and `trace.csv`, as `write_run` left them.
//!
//! Columns are found by their names, in any order; numbers read back to the same f64.

#[cfg(test)]
mod tests;

use super::summary::Summary;
use super::write::COLUMNS;
use crate::control::StartCause;
use crate::sim::{EngineState, Trace, TraceRow};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A run as its folder tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// `summary.json`.
    pub summary: Summary,
    /// `trace.csv`.
    pub trace: Trace,
}

/// Why a result folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file is not there or cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The summary is not what this version writes.
    #[error("`{}` line {line}, column {column}: {reason}", path.display())]
    Summary {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// The trace lacks a column.
    #[error("`{}`: column `{column}` is missing", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// Its name.
        column: &'static str,
    },
    /// A cell of the trace does not hold what it should.
    #[error("`{}` line {line}, column `{column}`: `{found}` is not {expected}", path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Name of the column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// The trace is no table.
    #[error("`{}` line {line}: {reason}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

/// Reads summary and trace of a run from its folder.
///
/// # Errors
/// A file that is missing or does not hold what [`super::write_run`] writes; the error
/// names file, line and column.
pub fn read_run(folder: &Path) -> Result<StoredRun, ReadError> {
    let summary = read_summary(&folder.join("summary.json"))?;
    let rows = read_trace(&folder.join("trace.csv"))?;
    // The heating value the run was made with; without fuel none is known nor needed.
    let lhv_j_per_kg = match summary.ledger.get("fuel") {
        Some(fuel_j) if summary.fuel_g > 0.0 => 1e3 * fuel_j / summary.fuel_g,
        _ => f64::INFINITY,
    };
    Ok(StoredRun {
        summary,
        trace: Trace::from_rows(lhv_j_per_kg, rows),
    })
}

fn text(path: &Path) -> Result<String, ReadError> {
    fs::read_to_string(path).map_err(|reason| ReadError::Missing {
        path: path.to_owned(),
        reason,
    })
}

/// Reads a `summary.json`.
///
/// # Errors
/// As [`read_run`].
pub fn read_summary(path: &Path) -> Result<Summary, ReadError> {
    serde_json::from_str(&text(path)?).map_err(|error| {
        let reason = error.to_string();
        ReadError::Summary {
            path: path.to_owned(),
            line: error.line(),
            column: error.column(),
            reason: match reason.rfind(" at line ") {
                Some(end) => reason[..end].to_owned(),
                None => reason,
            },
        }
    })
}

/// One line of the trace, with what its errors need.
struct Line<'a> {
    path: &'a Path,
    record: &'a csv::StringRecord,
    number: u64,
    /// Place of each of [`COLUMNS`] in the file.
    places: &'a [usize; COLUMNS.len()],
}

impl Line<'_> {
    fn cell(&self, column: usize) -> &str {
        self.record.get(self.places[column]).unwrap_or_default()
    }

    fn wrong(&self, column: usize, expected: &'static str) -> ReadError {
        ReadError::Cell {
            path: self.path.to_owned(),
            line: self.number,
            column: COLUMNS[column],
            found: self.cell(column).to_owned(),
            expected,
        }
    }

    fn figure(&self, column: usize) -> Result<f64, ReadError> {
        self.cell(column)
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| self.wrong(column, "a finite number"))
    }

    fn state(&self, column: usize) -> Result<EngineState, ReadError> {
        EngineState::find(self.cell(column))
            .ok_or_else(|| self.wrong(column, "one of off, cranking, on, spun"))
    }

    fn cause(&self, column: usize) -> Result<Option<StartCause>, ReadError> {
        let name = self.cell(column);
        let known = StartCause::ALL
            .into_iter()
            .find(|cause| cause.name() == name);
        if known.is_none() && !name.is_empty() {
            return Err(self.wrong(column, "the cause of a start"));
        }
        Ok(known)
    }

    /// The row; columns by their order in [`COLUMNS`].
    fn row(&self) -> Result<TraceRow, ReadError> {
        Ok(TraceRow {
            time_s: self.figure(0)?,
            target_speed_kmh: self.figure(1)?,
            speed_kmh: self.figure(2)?,
            grade: self.figure(3)?,
            engine_state: self.state(4)?,
            start_cause: self.cause(5)?,
            engine_rpm: self.figure(6)?,
            engine_torque_nm: self.figure(7)?,
            fuel_g_s: self.figure(8)?,
            mg1_rpm: self.figure(9)?,
            mg1_torque_nm: self.figure(10)?,
            mg1_electric_w: self.figure(11)?,
            mg2_rpm: self.figure(12)?,
            mg2_torque_nm: self.figure(13)?,
            mg2_electric_w: self.figure(14)?,
            converter_loss_w: self.figure(15)?,
            aux_w: self.figure(16)?,
            battery_w: self.figure(17)?,
            battery_v: self.figure(18)?,
            battery_a: self.figure(19)?,
            soc: self.figure(20)?,
            brake_w: self.figure(21)?,
            coolant_c: self.figure(22)?,
            battery_c: self.figure(23)?,
            wheel_w: self.figure(24)?,
            engine_w: self.figure(25)?,
        })
    }
}

/// Reads the rows of a `trace.csv`.
///
/// # Errors
/// As [`read_run`].
pub fn read_trace(path: &Path) -> Result<Vec<TraceRow>, ReadError> {
    let text = text(path)?;
    let table = |error: &csv::Error| ReadError::Table {
        path: path.to_owned(),
        line: error.position().map_or(1, csv::Position::line),
        reason: match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => {
                format!("{len} cells where the header has {expected_len}; was the file cut off?")
            }
            _ => error.to_string(),
        },
    };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| table(&error))?;
    let mut places = [0; COLUMNS.len()];
    for (place, &column) in places.iter_mut().zip(&COLUMNS) {
        *place = header
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| ReadError::Column {
                path: path.to_owned(),
                column,
            })?;
    }
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| table(&error))?
    {
        let line = Line {
            path,
            record: &record,
            number: record.position().map_or(1, csv::Position::line),
            places: &places,
        };
        rows.push(line.row()?);
    }
    Ok(rows)
}
