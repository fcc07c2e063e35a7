//! What a result folder holds, and what is wrong with it: which file, and what to run.

use super::optimum::{self, Optimum};
use crate::results::{ReadError, StoredRun, VERSION, read_run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A result folder that was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// What `thsim run --out` writes.
    Run(Box<StoredRun>),
    /// What `thsim optimum --out` writes.
    Optimum(Box<Optimum>),
}

/// Why a result folder cannot be reported.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct Incomplete {
    /// What is wrong, with the file.
    #[source]
    pub problem: Problem,
    /// The command that makes the result again, where the folder still tells it.
    pub command: Option<String>,
}

/// What is wrong with a result folder.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It is not there.
    #[error("`{}` is no folder", path.display())]
    NoFolder {
        /// The path given.
        path: PathBuf,
    },
    /// Nothing in it is a result.
    #[error("`{}` is no result: it has neither `summary.json` nor `optimum.json`", path.display())]
    NoResult {
        /// The folder.
        path: PathBuf,
    },
    /// Folders of results, not one.
    #[error("`{}` holds results but is none: name them, as `{}`", path.display(), below.display())]
    Parent {
        /// The folder.
        path: PathBuf,
        /// The first result in it.
        below: PathBuf,
    },
    /// A file of the result is missing.
    #[error("`{}` is missing: {what}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What it would tell.
        what: &'static str,
    },
    /// Made by another version.
    #[error("`{}` was made by thsim {found}, and this is {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it names.
        found: String,
    },
    /// It has no steps.
    #[error("`{}` has no step", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It ends before the run did.
    #[error("`{}` ends at {end_s} s, and the run lasts {duration_s} s: was the file cut off?", path.display())]
    CutOff {
        /// The file.
        path: PathBuf,
        /// Its last time, s.
        end_s: f64,
        /// What the summary says, s.
        duration_s: f64,
    },
    /// Summary and trace are not of the same run.
    #[error("`{}` is the trace of another run than `summary.json`", path.display())]
    Mixed {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A table of the optimum is not what it should be.
    #[error("`{}`: {reason}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// The first result below a folder, by name.
fn result_below(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let mut below: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("summary.json").is_file() || path.join("optimum.json").is_file())
        .collect();
    below.sort();
    below.into_iter().next()
}

/// What `summary.json` or `optimum.json` says of itself, whatever else stands in it.
struct Told {
    version: Option<String>,
    command: Option<String>,
    input_hash: Option<String>,
}

fn told(path: &Path) -> Told {
    let text = fs::read_to_string(path).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let of = |key: &str| value[key].as_str().map(str::to_owned);
    Told {
        version: of("thsim_version"),
        command: of("command"),
        input_hash: of("input_hash"),
    }
}

/// Reads a result folder.
///
/// # Errors
/// What is missing or of another version, with the file and the command that makes it again.
pub fn read(folder: &Path) -> Result<Found, Incomplete> {
    let lost = |problem: Problem| Incomplete {
        problem,
        command: None,
    };
    if !folder.is_dir() {
        return Err(lost(Problem::NoFolder {
            path: folder.to_owned(),
        }));
    }
    let (summary, optimum) = (folder.join("summary.json"), folder.join("optimum.json"));
    let (main, is_run) = if summary.is_file() {
        (summary, true)
    } else if optimum.is_file() {
        (optimum, false)
    } else {
        return Err(lost(no_result(folder)));
    };
    let told = told(&main);
    let run = || -> Result<Found, Problem> {
        if let Some(found) = told.version.clone().filter(|found| found != VERSION) {
            return Err(Problem::Version { path: main, found });
        }
        if is_run {
            let stored = stored_run(folder, told.input_hash.as_deref())?;
            Ok(Found::Run(Box::new(stored)))
        } else {
            Ok(Found::Optimum(Box::new(optimum::read(folder)?)))
        }
    };
    run().map_err(|problem| Incomplete {
        problem,
        command: told.command.clone(),
    })
}

fn no_result(folder: &Path) -> Problem {
    let path = folder.to_owned();
    if let Some(below) = result_below(folder) {
        Problem::Parent { path, below }
    } else if folder.join("trace.csv").is_file() {
        Problem::Missing {
            path: folder.join("summary.json"),
            what: "the run's figures; a run that was interrupted has none",
        }
    } else {
        Problem::NoResult { path }
    }
}

fn needed(folder: &Path, name: &str, what: &'static str) -> Result<(), Problem> {
    let path = folder.join(name);
    if path.is_file() {
        Ok(())
    } else {
        Err(Problem::Missing { path, what })
    }
}

fn stored_run(folder: &Path, input_hash: Option<&str>) -> Result<StoredRun, Problem> {
    needed(
        folder,
        "trace.csv",
        "without a trace there is nothing to show over time",
    )?;
    needed(
        folder,
        "vehicle.toml",
        "without the car there are no limits and no maps",
    )?;
    let stored = read_run(folder)?;
    let path = folder.join("trace.csv");
    if traced_input(&path).is_some_and(|of| Some(of.as_str()) != input_hash) {
        return Err(Problem::Mixed { path });
    }
    let rows = &stored.trace.rows;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err(Problem::Empty { path });
    };
    if rows.len() < 2 {
        return Err(Problem::Empty { path });
    }
    let (end_s, duration_s) = (last.time_s - first.time_s, stored.summary.duration_s);
    if (end_s - duration_s).abs() > 0.5 * stored.summary.step_s.max(1e-3) {
        return Err(Problem::CutOff {
            path,
            end_s: last.time_s,
            duration_s,
        });
    }
    Ok(stored)
}

/// The input hash that a trace names before its header.
fn traced_input(path: &Path) -> Option<String> {
    use std::io::{BufRead, BufReader};
    let file = fs::File::open(path).ok()?;
    BufReader::new(file)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| line.starts_with('#'))
        .find_map(|line| line.strip_prefix("# input: ").map(str::to_owned))
}
