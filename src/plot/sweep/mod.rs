//! Pictures of a sweep: a kind a file, from its table of designs.
//!
//! ```text
//! Table ─► choose ─► line │ heat │ parallel │ scatter │ tornado │ indices ─► Scene ─► file
//!                      └───────── analysis (means, fronts, indices) ────┘
//! ```
//!
//! `choose` turns the names a user wrote into columns and finds the others; `scale`,
//! `shade` and `words` are the axes, colours and long names that all kinds share.

mod choose;
mod heat;
mod indices;
mod line;
mod parallel;
#[cfg(test)]
mod sample;
mod scale;
mod scatter;
mod shade;
#[cfg(test)]
mod tests;
mod tornado;
mod words;

use super::scene::Scene;
use super::theme::{GREY, INK, MARGIN, SUBTITLE, TITLE};
use super::{Format, PlotError, save};
use crate::analysis::SobolError;
use crate::results::{Provenance, Sampling, Table, VERSION};
use choose::Chooser;
pub(super) use shade::Shading;
use std::path::Path;
use words::{Type, fitted, paragraph, wrapped};

/// A kind of picture of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepFigure {
    /// Outputs over one axis, with a band or a line for each value of a second.
    Line,
    /// An output over two axes of a grid, with lines of equal value.
    Heat,
    /// A line a design across all axes and outputs.
    Parallel,
    /// One output over another, with the designs that no other beats.
    Scatter,
    /// An output at the ends of every axis.
    Tornado,
    /// Shares of an output's variance that come from every axis.
    Sobol,
}

impl SweepFigure {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Line,
        Self::Heat,
        Self::Parallel,
        Self::Scatter,
        Self::Tornado,
        Self::Sobol,
    ];

    /// Name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Heat => "heat",
            Self::Parallel => "parallel",
            Self::Scatter => "scatter",
            Self::Tornado => "tornado",
            Self::Sobol => "sobol",
        }
    }

    /// The kind of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }

    /// The kind in a sentence.
    fn title(self) -> &'static str {
        match self {
            Self::Line => "a line picture",
            Self::Heat => "a heat map",
            Self::Parallel => "a picture of parallel coordinates",
            Self::Scatter => "a scatter picture",
            Self::Tornado => "a tornado",
            Self::Sobol => "a picture of sensitivity indices",
        }
    }
}

/// What of a sweep a picture shows, by names of columns. What is left open is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SweepView<'a> {
    /// Horizontal axis of a line picture, a heat map or a scatter picture.
    pub x: Option<&'a str>,
    /// Vertical axis of a heat map or a scatter picture.
    pub y: Option<&'a str>,
    /// Axis with a line for each value, or the column that colours lines and points.
    pub by: Option<&'a str>,
    /// Outputs to be shown; all or the first where there is none.
    pub outputs: &'a [&'a str],
    /// Outputs of which more is better; of all others less is.
    pub large_is_better: &'a [&'a str],
}

/// Why a picture of a sweep was not made.
#[derive(Debug, thiserror::Error)]
pub enum SweepPlotError {
    /// No column has that name.
    #[error("the sweep has no column `{name}` ({suggestion})")]
    UnknownColumn {
        /// What was asked for.
        name: String,
        /// The nearest name, or all.
        suggestion: String,
    },
    /// The column is none of the kind that stands in that place.
    #[error("`{name}` is not {wanted} of the sweep ({suggestion})")]
    WrongColumn {
        /// What was asked for.
        name: String,
        /// What it should have been: an axis, an output.
        wanted: &'static str,
        /// The columns that are.
        suggestion: String,
    },
    /// The sweep lacks what the picture shows.
    #[error("{figure} needs {needs}; this sweep has {has}")]
    Missing {
        /// The kind of picture.
        figure: &'static str,
        /// What it shows.
        needs: &'static str,
        /// What there is.
        has: String,
    },
    /// More than the picture can show.
    #[error("{figure} shows at most {most} {things}, not {found}")]
    TooMany {
        /// The kind of picture.
        figure: &'static str,
        /// What there is too much of.
        things: String,
        /// How many it can show.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// Every design failed.
    #[error("no design of the sweep has a figure for `{column}`")]
    NoFigures {
        /// The output.
        column: String,
    },
    /// The sweep gives no sensitivity indices.
    #[error(transparent)]
    Sobol(#[from] SobolError),
    /// The file could not be made.
    #[error(transparent)]
    Plot(#[from] PlotError),
}

/// Draws a picture of a sweep; the file's name says the format.
///
/// # Errors
/// A column that is not there or of the wrong kind, a sweep that does not fit the figure,
/// outputs without a figure, an unknown ending, or what plotters and the file system refuse.
pub fn draw_sweep(
    figure: SweepFigure,
    table: &Table,
    view: &SweepView<'_>,
    provenance: &Provenance,
    path: &Path,
) -> Result<(), SweepPlotError> {
    let format = Format::of(path)?;
    let scene = scene(figure, table, view)?;
    let notes = [
        ("thsim", VERSION),
        ("command", provenance.command.as_str()),
        ("input", provenance.input_hash.as_str()),
    ];
    save(figure.name(), &scene, &notes, format, path)?;
    Ok(())
}

fn scene(
    figure: SweepFigure,
    table: &Table,
    view: &SweepView<'_>,
) -> Result<Scene, SweepPlotError> {
    let chooser = Chooser {
        figure,
        table,
        view,
    };
    Ok(match figure {
        SweepFigure::Line => line::scene(table, &chooser.line()?),
        SweepFigure::Heat => heat::scene(table, &chooser.heat()?),
        SweepFigure::Parallel => parallel::scene(table, &chooser.parallel()?),
        SweepFigure::Scatter => scatter::scene(table, &chooser.scatter()?),
        SweepFigure::Tornado => tornado::scene(table, chooser.only_output()?),
        SweepFigure::Sobol => indices::scene(table, chooser.only_output()?)?,
    })
}

/// The kinds that fit a sweep, the most telling first.
pub fn fitting(table: &Table) -> Vec<SweepFigure> {
    const MOST_TELLING_FIRST: [SweepFigure; 6] = [
        SweepFigure::Sobol,
        SweepFigure::Tornado,
        SweepFigure::Heat,
        SweepFigure::Line,
        SweepFigure::Parallel,
        SweepFigure::Scatter,
    ];
    let (axes, outputs) = (table.axes().count(), table.outputs().count());
    if axes == 0 || outputs == 0 {
        return Vec::new();
    }
    let alone = table.sampling == Sampling::OneAtATime;
    let grid = table.sampling == Sampling::Grid;
    MOST_TELLING_FIRST
        .into_iter()
        .filter(|figure| match figure {
            SweepFigure::Line => !alone && (axes == 1 || (axes == 2 && grid)),
            SweepFigure::Heat => axes == 2 && grid,
            SweepFigure::Parallel => !alone && (axes > 2 || (axes == 2 && !grid)),
            SweepFigure::Scatter => !alone && outputs > 1,
            SweepFigure::Tornado => alone || axes > 2 || (axes == 2 && !grid),
            SweepFigure::Sobol => table.sampling == Sampling::Saltelli,
        })
        .collect()
}

/// Name and question of the sweep and, below, how many designs there are and `facts` of
/// the picture; the y where the rest may begin.
fn heading(scene: &mut Scene, table: &Table, facts: &[String]) -> f64 {
    let width = scene.width - 2.0 * MARGIN;
    let mut look = Type {
        size: TITLE,
        bold: true,
        colour: INK,
        align: super::scene::Align::Start,
    };
    let name = fitted(&table.name, TITLE, true, width);
    let y = paragraph(scene, (MARGIN, MARGIN + 0.8 * TITLE), &[name], look);
    look = Type {
        size: SUBTITLE,
        bold: false,
        ..look
    };
    let question = wrapped(&table.question, SUBTITLE, false, width, 2);
    let y = if table.question.is_empty() {
        y
    } else {
        paragraph(scene, (MARGIN, y), &question, look)
    };
    let mut words = counts(table);
    for fact in facts {
        words = format!("{words} · {fact}");
    }
    let lines = wrapped(&words, SUBTITLE, false, width, 3);
    paragraph(
        scene,
        (MARGIN, y),
        &lines,
        Type {
            colour: GREY,
            ..look
        },
    )
}

/// How many designs there are, how they were chosen, and how many have no figure.
fn counts(table: &Table) -> String {
    use super::axes::number;
    let count = |count: usize| number(count as f64, 0);
    // A figure that does not exist (a start that never comes) is no failure.
    let failed = |row: &usize| table.outputs().all(|output| output.values[*row].is_nan());
    let failed = (0..table.designs.len()).filter(failed).count();
    let designs = if table.designs.len() == 1 {
        "design"
    } else {
        "designs"
    };
    let mut words = format!(
        "{} {designs}, {}",
        count(table.designs.len()),
        table.sampling.name()
    );
    if failed > 0 {
        words = format!("{words} · {} failed", count(failed));
    }
    words
}
