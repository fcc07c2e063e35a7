//! Pictures of the best possible control: how all controllers drove beside the optimum.

mod cost_to_go;
mod factor;
mod regret;
#[cfg(test)]
mod tests;
mod trajectories;

use super::axes::{Axis, Sample};
use super::scene::{Point, Scene};
use super::series::thinned;
use super::theme::{BATTERY, Colour, ENGINE, INK, MG2, THICK};
use super::{Format, PlotError, save};
use crate::results::{Provenance, VERSION};
use std::path::Path;

/// A kind of picture of the best possible control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BestFigure {
    /// State of charge of all controllers, with the band of little more than the least cost.
    SocTrajectories,
    /// Fuel burnt and regret over time.
    FuelRegret,
    /// The least cost to go over time and charge.
    CostToGo,
    /// State of charge that ECMS ends with over its equivalence factor.
    FactorEndSoc,
}

impl BestFigure {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::SocTrajectories,
        Self::FuelRegret,
        Self::CostToGo,
        Self::FactorEndSoc,
    ];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::SocTrajectories => "soc-trajectories",
            Self::FuelRegret => "fuel-regret",
            Self::CostToGo => "cost-to-go",
            Self::FactorEndSoc => "factor-end-soc",
        }
    }
}

/// A run over the times of a [`BestPlot`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BestRun {
    /// Who decided.
    pub control: String,
    /// State of charge.
    pub soc: Vec<f64>,
    /// Fuel burnt so far, g.
    pub fuel_g: Vec<f64>,
    /// Loss so far in percent of the optimum's fuel; NaN where it is not known.
    pub regret_percent: Vec<f64>,
}

/// The least cost to go over time and charge.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CostMap {
    /// Times, s.
    pub time_s: Vec<f64>,
    /// States of charge.
    pub soc: Vec<f64>,
    /// Fuel, g, time by time; infinite where the car cannot go on.
    pub fuel_g: Vec<Vec<f64>>,
}

/// What is drawn of the best possible control of a car on a cycle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BestPlot {
    /// Car and cycle.
    pub title: String,
    /// Figures that matter most.
    pub subtitle: String,
    /// Times, s.
    pub time_s: Vec<f64>,
    /// Road speed of the optimum, km/h.
    pub speed_kmh: Vec<f64>,
    /// Lowest and highest state of charge of little more than the least cost.
    pub band: Vec<(f64, f64)>,
    /// How much more, percent.
    pub band_percent: f64,
    /// The runs, the optimum last.
    pub runs: Vec<BestRun>,
    /// The least cost to go.
    pub map: CostMap,
    /// Equivalence factors of ECMS and the states of charge they end with.
    pub factors: Vec<(f64, f64)>,
    /// The factor that keeps the charge, and the charge that its run ends with.
    pub found: (f64, f64),
    /// State of charge that ECMS starts with.
    pub soc_start: f64,
}

/// Draws one; the file's name says the format.
///
/// # Errors
/// An unknown ending, runs without points, or what plotters and the file system refuse.
pub fn draw_best(
    figure: BestFigure,
    plot: &BestPlot,
    provenance: &Provenance,
    path: &Path,
) -> Result<(), PlotError> {
    let format = Format::of(path)?;
    if plot.time_s.is_empty() || plot.runs.is_empty() {
        return Err(PlotError::NoTrace);
    }
    let notes = [
        ("thsim", VERSION),
        ("command", provenance.command.as_str()),
        ("input", provenance.input_hash.as_str()),
    ];
    save(figure.name(), &scene(figure, plot), &notes, format, path)
}

fn scene(figure: BestFigure, plot: &BestPlot) -> Scene {
    match figure {
        BestFigure::SocTrajectories => trajectories::scene(plot),
        BestFigure::FuelRegret => regret::scene(plot),
        BestFigure::CostToGo => cost_to_go::scene(plot),
        BestFigure::FactorEndSoc => factor::scene(plot),
    }
}

/// How a run's line looks: by shape as well as by colour.
#[derive(Debug, Clone, Copy)]
enum Stroke {
    Line,
    Dashes,
    Dots,
}

/// Lengths of dashes and gaps, pixels.
const DASHES: (f64, f64) = (7.0, 3.5);
const DOTS: (f64, f64) = (2.5, 2.5);
/// Width of the lines of all but the optimum, pixels.
const OTHERS: f64 = 1.6;

/// The look of a run: the optimum is the broad line.
fn look(index: usize, runs: usize) -> (Colour, f64, Stroke) {
    match runs - 1 - index.min(runs - 1) {
        0 => (BATTERY, THICK, Stroke::Line),
        1 => (MG2, OTHERS, Stroke::Dashes),
        2 => (ENGINE, OTHERS, Stroke::Dots),
        _ => (INK, 1.1, Stroke::Line),
    }
}

/// The line of a run, broken where it is not known.
fn trace(scene: &mut Scene, points: &[Point], (colour, width, stroke): (Colour, f64, Stroke)) {
    let known = |point: &Point| point.1.is_finite();
    for piece in points.chunk_by(|a, b| known(a) == known(b)) {
        if !known(&piece[0]) {
            continue;
        }
        let line = thinned(piece.iter().copied());
        match stroke {
            Stroke::Line => scene.line(line, colour, width),
            Stroke::Dashes => scene.dashes(&line, colour, width, DASHES),
            Stroke::Dots => scene.dashes(&line, colour, width, DOTS),
        }
    }
}

/// The piece of a run's line in a legend.
fn sample(index: usize, runs: usize) -> Sample {
    let (colour, width, stroke) = look(index, runs);
    match stroke {
        Stroke::Line => Sample::Line(colour, width),
        Stroke::Dashes => Sample::Dashes(colour, width),
        Stroke::Dots => Sample::Dots(colour, width),
    }
}

/// The time axis, in a unit that suits the cycle, with the seconds in it and its name.
fn time_axis(plot: &BestPlot, pixels: (f64, f64)) -> (Axis, f64, &'static str) {
    let (first_s, last_s) = (plot.time_s[0], plot.time_s[plot.time_s.len() - 1]);
    let (unit_s, name) = super::series::time_unit(last_s - first_s);
    (
        Axis::exact((first_s / unit_s, last_s / unit_s), pixels),
        unit_s,
        name,
    )
}

/// Lowest and highest of some figures, those that are not known left out.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (value.min(low), value.max(high))
    });
    if low <= high { (low, high) } else { (0.0, 1.0) }
}
