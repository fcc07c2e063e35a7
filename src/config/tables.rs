//! Maps in CSV files: fuel of an engine, loss of a machine.
//!
//! ```text
//! # any remark
//! rpm,torque_nm,fuel_g_s
//! 1000,20,0.21
//! 1000,40,0.33
//! ```
//! A key names a file, or one of the tables that come with the program
//! ([`shipped_maps`]). Rows in any order, together a full rectangular grid. An engine's map has `fuel_g_s`
//! or `bsfc_g_per_kwh` (which needs torque); a machine's has `loss_w` or `efficiency`
//! when motoring (which needs speed and torque).

use std::ffi::OsStr;
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::ConfigError;
use super::layers::read_text;
use super::shipped::{shipped_map, shipped_maps};
use crate::issue::{Issue, Source, nearest, suggestion};
use crate::map::Surface;
use crate::units::rad_s_from_rpm;

/// No engine turns more of its fuel into work; above it, columns are mixed up.
const BEST_ENGINE: f64 = 0.65;
/// How many problems of a table are told before the rest is only counted.
const SHOWN_ISSUES: usize = 10;
const LARGEST: f64 = 1e7;

/// What a table is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Fuel power; the heating value is missing where the file's is not valid.
    Fuel { lhv_j_per_kg: Option<f64> },
    /// Loss power.
    Loss,
}

/// A map, and what its text was.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// W over (rad/s, N·m).
    pub(super) surface: Surface,
    /// SHA-256 of the text: a result depends on what a table says, not where it is.
    pub(super) digest: String,
}

/// One row.
struct Point {
    rpm: f64,
    torque_nm: f64,
    watt: f64,
    span: Range<usize>,
}

/// Reads the table in this file.
pub(super) fn read(file: &str, kind: Kind) -> Result<Table, Vec<Issue>> {
    let text = match shipped_map(file) {
        Some(text) => text.to_owned(),
        None => read_text(Path::new(file)).map_err(|error| missing(file, &error))?,
    };
    let digest = Sha256::digest(text.as_bytes());
    let digest = digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let mut reader = Reader {
        source: Source::new(file, text),
        issues: Vec::new(),
    };
    let points = reader.points(kind);
    let surface = reader.surface(points);
    if reader.issues.len() > SHOWN_ISSUES {
        let more = reader.issues.len() - SHOWN_ISSUES;
        reader.issues.truncate(SHOWN_ISSUES);
        let issue = Issue::new(format!("and {more} more problems in `{file}`"));
        reader.issues.push(issue.at(&reader.source, 0..0));
    }
    match surface {
        Some(surface) if reader.issues.is_empty() => Ok(Table { surface, digest }),
        _ => Err(reader.issues),
    }
}

/// What is wrong with a file that cannot be read: it may be the name of a shipped table.
fn missing(file: &str, error: &ConfigError) -> Vec<Issue> {
    let path = Path::new(file);
    let name = path.file_name().filter(|_| path.extension().is_none());
    let near = name
        .and_then(OsStr::to_str)
        .and_then(|name| nearest(name, shipped_maps()));
    let told = error.issues().into_iter();
    told.map(|issue| match near {
        Some(near) => issue.help(format!("did you mean the shipped table `{near}`?")),
        None => issue,
    })
    .collect()
}

struct Reader {
    source: Arc<Source>,
    issues: Vec<Issue>,
}

impl Reader {
    fn report(&mut self, span: Range<usize>, message: String, help: &str) {
        let issue = Issue::new(message).help(help).at(&self.source, span);
        self.issues.push(issue);
    }

    fn points(&mut self, kind: Kind) -> Vec<Point> {
        let source = Arc::clone(&self.source);
        let mut lines = cells_of_lines(&source.text);
        let (names, needed): ([&str; 2], _) = match kind {
            Kind::Fuel { .. } => (
                ["fuel_g_s", "bsfc_g_per_kwh"],
                "a table of fuel has `rpm`, `torque_nm` and `fuel_g_s` or `bsfc_g_per_kwh`",
            ),
            Kind::Loss => (
                ["loss_w", "efficiency"],
                "a table of losses has `rpm`, `torque_nm` and `loss_w` or `efficiency`",
            ),
        };
        let Some(header) = lines.next() else {
            self.report(0..0, "the table is empty".to_owned(), needed);
            return Vec::new();
        };
        let allowed = ["rpm", "torque_nm", names[0], names[1]];
        let mut columns = [None; 4];
        for (at, (name, span)) in header.iter().enumerate() {
            match allowed.iter().position(|allowed| allowed == name) {
                Some(column) if columns[column].is_none() => columns[column] = Some(at),
                Some(_) => {
                    self.report(
                        span.clone(),
                        format!("column `{name}` is given twice"),
                        needed,
                    );
                }
                None => {
                    let help = suggestion(name, allowed.iter().copied());
                    self.report(span.clone(), format!("unknown column `{name}`"), &help);
                }
            }
        }
        let (rpm, torque, value, is_direct) = match columns {
            [Some(rpm), Some(torque), Some(value), None] => (rpm, torque, value, true),
            [Some(rpm), Some(torque), None, Some(value)] => (rpm, torque, value, false),
            _ => {
                if self.issues.is_empty() {
                    let end = header.last().map_or(0, |(_, span)| span.end);
                    let message = "the header does not name the three columns".to_owned();
                    self.report(header[0].1.start..end, message, needed);
                }
                return Vec::new();
            }
        };
        let mut points = Vec::new();
        for cells in lines {
            let span = cells[0].1.start..cells.last().map_or(0, |(_, span)| span.end);
            if cells.len() != header.len() {
                let message = format!("{} cells, the header has {}", cells.len(), header.len());
                self.report(span, message, needed);
                continue;
            }
            let numbers = [rpm, torque, value].map(|at| self.number(cells[at].clone()));
            if let [Some(rpm), Some(torque_nm), Some(value)] = numbers {
                match power(kind, is_direct, rpm, torque_nm, value) {
                    Ok(watt) => points.push(Point {
                        rpm,
                        torque_nm,
                        watt,
                        span,
                    }),
                    Err((message, help)) => self.report(span, message, help),
                }
            }
        }
        points
    }

    fn number(&mut self, (cell, span): (&str, Range<usize>)) -> Option<f64> {
        match cell.parse::<f64>() {
            Ok(number) if (0.0..=LARGEST).contains(&number) => Some(number),
            _ => {
                let message = format!("`{cell}` is no number from 0 to {LARGEST}");
                self.report(span, message, "speeds, torques and values are not negative");
                None
            }
        }
    }

    /// The rows as a grid.
    fn surface(&mut self, mut points: Vec<Point>) -> Option<Surface> {
        let axis = |of: fn(&Point) -> f64| {
            let mut axis: Vec<f64> = points.iter().map(of).collect();
            axis.sort_by(f64::total_cmp);
            axis.dedup();
            axis
        };
        let (rpm, torque) = (axis(|point| point.rpm), axis(|point| point.torque_nm));
        if !self.issues.is_empty() {
            return None;
        }
        if rpm.len() < 2 || torque.len() < 2 {
            let message = format!(
                "the table has {} speeds and {} torques",
                rpm.len(),
                torque.len()
            );
            self.report(0..0, message, "at least two of each");
            return None;
        }
        points.sort_by(|a, b| {
            a.rpm
                .total_cmp(&b.rpm)
                .then(a.torque_nm.total_cmp(&b.torque_nm))
        });
        let mut next = points.iter().peekable();
        let mut watts = Vec::with_capacity(points.len());
        for &speed in &rpm {
            for &torque in &torque {
                let mut found = Vec::new();
                while let Some(point) =
                    next.next_if(|point| point.rpm <= speed && point.torque_nm <= torque)
                {
                    found.push(point);
                }
                match found[..] {
                    [point] => watts.push(point.watt),
                    [] => self.report(
                        0..0,
                        format!("no row for {speed} rpm and {torque} N·m"),
                        "the rows form a full grid: every speed with every torque",
                    ),
                    [_, again, ..] => self.report(
                        again.span.clone(),
                        format!("a second row for {speed} rpm and {torque} N·m"),
                        "one row a point",
                    ),
                }
            }
        }
        let rad_s = rpm.into_iter().map(rad_s_from_rpm).collect();
        Surface::new(rad_s, torque, watts).ok()
    }
}

/// Power of fuel or loss in a row, W.
fn power(
    kind: Kind,
    is_direct: bool,
    rpm: f64,
    torque_nm: f64,
    value: f64,
) -> Result<f64, (String, &'static str)> {
    let shaft_w = rad_s_from_rpm(rpm) * torque_nm;
    match kind {
        Kind::Fuel { lhv_j_per_kg } => {
            // Without a valid heating value its own issue is enough.
            let lhv_j_per_kg = lhv_j_per_kg.unwrap_or(43e6);
            let watt = if is_direct {
                value * 1e-3 * lhv_j_per_kg
            } else if torque_nm > 0.0 {
                shaft_w * value / 3.6e9 * lhv_j_per_kg
            } else {
                return Err((
                    "`bsfc_g_per_kwh` says nothing at 0 N·m".to_owned(),
                    "leave these rows out, or give `fuel_g_s`",
                ));
            };
            if watt <= 0.0 && rpm > 0.0 {
                return Err(("a turning engine burns fuel".to_owned(), "more than 0"));
            }
            if shaft_w > BEST_ENGINE * watt {
                let efficiency = shaft_w / watt;
                return Err((
                    format!("the efficiency here would be {efficiency:.2}"),
                    "no engine is better than 0.65",
                ));
            }
            Ok(watt)
        }
        Kind::Loss if is_direct => Ok(value),
        Kind::Loss if shaft_w <= 0.0 => Err((
            "`efficiency` says nothing without speed and torque".to_owned(),
            "leave these rows out, or give `loss_w`",
        )),
        Kind::Loss if value <= 0.0 || value > 1.0 => Err((
            format!("the efficiency is {value}"),
            "above 0 and not above 1",
        )),
        Kind::Loss => Ok(shaft_w * (1.0 / value - 1.0)),
    }
}

/// Cells of every line that is neither blank nor a remark, with their places.
fn cells_of_lines(text: &str) -> impl Iterator<Item = Vec<(&str, Range<usize>)>> {
    let place = move |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(move |line| {
            line.split(',')
                .map(|cell| {
                    let cell = cell.trim();
                    (cell, place(cell)..place(cell) + cell.len())
                })
                .collect()
        })
}
