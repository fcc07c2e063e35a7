//! The report: one HTML file that holds a run, or several to be compared, and needs nothing else.
//!
//! ```text
//! folder ─► folder::read ─► Run, Optimum ─► figures, verdicts, sections ─► text in HTML ┐
//!                                   └─► columns, model ─► data in JSON ─────────────────┼─► page
//! page/*.js, page.css, uPlot ───────────────────────────────────────────────────────────┘
//! ```
//!
//! What can be said without a script stands in the page as text, tables and pictures; scripts
//! add what moves: traces, lever, gears, energy monitor. Every text is escaped where it enters
//! the page (`escape`), and the page's own policy allows no network and no script but these, by
//! their hashes (`page`). The same results give the same bytes.

// A page is written once: `write!` would only add results that cannot fail.
#![allow(clippy::format_push_string)]

mod columns;
mod comparison;
mod escape;
mod figures;
mod folder;
mod model;
mod optimum;
mod page;
mod sections;
mod verdicts;

pub use folder::{Found, Incomplete, Problem, read};
pub use optimum::{Course, Optimum};

use crate::plot::{self, PlotError};
use crate::results::StoredRun;
use crate::vehicle::{Plant, Vehicle};

/// A figure of a vehicle file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its key, with the unit.
    pub key: String,
    /// Its value as TOML writes it.
    pub value: String,
    /// Where it comes from, where the file says so.
    pub source: Option<String>,
}

/// A run to be reported.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Its summary and its trace.
    pub stored: &'a StoredRun,
    /// The car that was driven.
    pub vehicle: &'a Vehicle,
    /// Its tables.
    pub plant: &'a Plant,
    /// Its vehicle file.
    pub parameters: &'a [Parameter],
}

impl<'a> Run<'a> {
    /// The same for pictures.
    fn to_plot(self) -> plot::Run<'a> {
        plot::Run {
            summary: &self.stored.summary,
            trace: &self.stored.trace,
            car: Some(plot::Car {
                plant: self.plant,
                fuel: &self.vehicle.engine.fuel,
                strategy: &self.vehicle.strategy,
            }),
        }
    }

    /// Car, cycle and controller, as the page names the run.
    fn name(&self) -> String {
        let summary = &self.stored.summary;
        let repeat = if summary.repeat > 1 {
            format!(" × {}", summary.repeat)
        } else {
            String::new()
        };
        format!(
            "{} · {}{repeat} · {}",
            summary.vehicle, summary.cycle, summary.control
        )
    }
}

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A picture cannot be drawn.
    #[error(transparent)]
    Plot(#[from] PlotError),
    /// A summary cannot be written down.
    #[error("cannot write the summary into the page: {0}")]
    Data(#[from] serde_json::Error),
}

/// The page of some runs and comparisons with the optimum.
///
/// # Errors
/// A run without rows.
pub fn page(runs: &[Run<'_>], optima: &[Optimum]) -> Result<String, PageError> {
    page::assemble(runs, optima)
}

/// The letter by which a page of several runs names one of them: A to Z, then numbers.
fn letter(index: usize) -> String {
    match u8::try_from(index) {
        Ok(index @ 0..26) => char::from(b'A' + index).to_string(),
        _ => (index + 1).to_string(),
    }
}
