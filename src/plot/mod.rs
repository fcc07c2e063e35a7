//! Pictures of runs and sweeps: SVG and PNG, one kind of figure a file, one look.
//!
//! ```text
//! Run ─► time_stack │ sankey │ engine_map │ split_map │ soc_fuel │ forced_start ─► Scene ─► render ─► file
//! Table ─► sweep ───────────────────────────────────────────────────────────────────┤
//! BestPlot ─► best ─────────────────────────────────────────────────────────────────┘
//! ```
//!
//! A figure builds a scene of shapes in pixels; `render` hands it to plotters. The same
//! run gives the same bytes. SVG text stays text; a bitmap comes at double size.

mod axes;
mod best;
mod bubbles;
mod contour;
mod engine_map;
mod font;
mod forced_start;
mod inline;
mod lever;
mod machine_map;
mod render;
#[cfg(test)]
mod sample;
mod sankey;
mod scene;
mod series;
mod soc_fuel;
mod split_map;
mod sweep;
#[cfg(test)]
mod tests;
mod theme;
mod time_stack;
mod validation;

pub use best::{BestFigure, BestPlot, BestRun, CostMap, draw_best};
pub use forced_start::{ForcedStartPlot, Limit, LimitAxis, Started};
pub use inline::{Picture, Scale, page_style};
pub use sweep::{SweepFigure, SweepPlotError, SweepView, draw_sweep, fitting};
pub use validation::{Point as ValidationPoint, Standing, ValidationPlot};

use crate::results::{Provenance, Summary, VERSION, WriteError, write_file};
use crate::sim::Trace;
use crate::vehicle::{Fuel, Plant, Strategy};
use scene::Scene;
use std::path::Path;

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Speed, shaft speeds, powers, charge and engine state over time.
    TimeStack,
    /// Energy from fuel and battery to where it went.
    Sankey,
    /// The lever diagram at moments of the run.
    Lever,
    /// Operating points of the engine over its consumption map.
    EngineMap,
    /// Engine speed over road speed with the share of the electrical path.
    SplitMap,
    /// State of charge and fuel over time.
    SocFuel,
    /// Working points of MG1 over its loss.
    Mg1Map,
    /// Working points of MG2 over its loss.
    Mg2Map,
    /// Shaft speeds over road speed with the limits of driving without the engine.
    ForcedStart,
}

impl Figure {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::TimeStack,
        Self::Sankey,
        Self::Lever,
        Self::EngineMap,
        Self::SplitMap,
        Self::Mg1Map,
        Self::Mg2Map,
        Self::SocFuel,
        Self::ForcedStart,
    ];

    /// Name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::TimeStack => "time-stack",
            Self::Sankey => "sankey",
            Self::Lever => "lever",
            Self::EngineMap => "engine-map",
            Self::SplitMap => "split-map",
            Self::Mg1Map => "mg1-map",
            Self::Mg2Map => "mg2-map",
            Self::SocFuel => "soc-fuel",
            Self::ForcedStart => "forced-start",
        }
    }

    /// Whether a run is not enough to draw it: maps, gears and limits of the car are needed.
    pub fn needs_car(self) -> bool {
        matches!(
            self,
            Self::Lever
                | Self::EngineMap
                | Self::SplitMap
                | Self::Mg1Map
                | Self::Mg2Map
                | Self::ForcedStart
        )
    }

    /// The kind of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines and text, for print and the web.
    Svg,
    /// Pixels, at double size.
    Png,
}

impl Format {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Svg, Self::Png];

    /// End of the file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// The kind that a file's name ends with.
    ///
    /// # Errors
    /// Any other ending.
    pub fn of(path: &Path) -> Result<Self, PlotError> {
        let extension = path.extension().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|format| extension.eq_ignore_ascii_case(format.extension()))
            .ok_or_else(|| PlotError::UnknownFormat {
                path: path.to_owned(),
            })
    }
}

/// Why a picture was not made.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// Neither SVG nor PNG.
    #[error("cannot tell the picture's format from `{}`: end it with .svg or .png", path.display())]
    UnknownFormat {
        /// The file.
        path: std::path::PathBuf,
    },
    /// A trace without a row.
    #[error("the run has no trace to draw")]
    NoTrace,
    /// A figure of the car without the car.
    #[error("cannot draw {figure} from the result alone: the vehicle that was driven is needed")]
    NoCar {
        /// Name of the figure.
        figure: &'static str,
    },
    /// What plotters or the encoder refused.
    #[error("cannot draw {figure}: {reason}")]
    Drawing {
        /// Name of the figure.
        figure: &'static str,
        /// What it said.
        reason: String,
    },
    /// What the file system refused.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A run to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Its figures.
    pub summary: &'a Summary,
    /// Its rows.
    pub trace: &'a Trace,
    /// The car, where it is known: some figures need it ([`Figure::needs_car`]).
    pub car: Option<Car<'a>>,
}

/// The car that was driven.
#[derive(Debug, Clone, Copy)]
pub struct Car<'a> {
    /// Its tables.
    pub plant: &'a Plant,
    /// What its engine burns.
    pub fuel: &'a Fuel,
    /// The figures of its control.
    pub strategy: &'a Strategy,
}

/// Draws a figure of a run; the file's name says the format.
///
/// # Errors
/// An unknown ending, a run without rows, a car that is needed and missing, or what plotters and the file system refuse.
pub fn draw(figure: Figure, run: &Run<'_>, path: &Path) -> Result<(), PlotError> {
    let format = Format::of(path)?;
    let scene = scene(figure, run)?;
    save(figure.name(), &scene, &notes(run.summary), format, path)
}

/// A figure of a run to be put into a page that has the rules of [`page_style`].
///
/// # Errors
/// A run without rows, or a car that is needed and missing.
pub fn picture(figure: Figure, run: &Run<'_>) -> Result<Picture, PlotError> {
    Ok(inline::picture(&scene(figure, run)?))
}

fn scene(figure: Figure, run: &Run<'_>) -> Result<Scene, PlotError> {
    if run.trace.rows.is_empty() {
        return Err(PlotError::NoTrace);
    }
    let car = run.car.ok_or(PlotError::NoCar {
        figure: figure.name(),
    });
    Ok(match figure {
        Figure::TimeStack => time_stack::scene(run),
        Figure::Sankey => sankey::scene(run.summary),
        Figure::Lever => lever::scene(run, &car?),
        Figure::EngineMap => engine_map::scene(run, &car?),
        Figure::SplitMap => split_map::scene(run, &car?),
        Figure::Mg1Map => machine_map::scene(run, &car?, machine_map::Which::Mg1),
        Figure::Mg2Map => machine_map::scene(run, &car?, machine_map::Which::Mg2),
        Figure::SocFuel => soc_fuel::scene(run),
        Figure::ForcedStart => forced_start::scene(&ForcedStartPlot::of_run(run, &car?)),
    })
}

/// Draws the forced-start study; the file's name says the format.
///
/// # Errors
/// As [`draw`].
pub fn draw_forced_start(
    plot: &ForcedStartPlot<'_>,
    summary: &Summary,
    path: &Path,
) -> Result<(), PlotError> {
    let scene = forced_start::scene(plot);
    let format = Format::of(path)?;
    let name = Figure::ForcedStart.name();
    save(name, &scene, &notes(summary), format, path)
}

/// Draws simulated against measured; the file's name says the format.
///
/// # Errors
/// An unknown ending, or what plotters and the file system refuse.
pub fn draw_validation(
    plot: &ValidationPlot,
    provenance: &Provenance,
    path: &Path,
) -> Result<(), PlotError> {
    let notes = [
        ("thsim", VERSION),
        ("command", provenance.command.as_str()),
        ("input", provenance.input_hash.as_str()),
    ];
    let format = Format::of(path)?;
    save("validation", &validation::scene(plot), &notes, format, path)
}

/// What a picture carries about where it comes from.
fn notes(summary: &Summary) -> [(&'static str, &str); 3] {
    [
        ("thsim", &summary.thsim_version),
        ("command", &summary.command),
        ("input", &summary.input_hash),
    ]
}

fn save(
    figure: &'static str,
    scene: &Scene,
    notes: &render::Notes<'_>,
    format: Format,
    path: &Path,
) -> Result<(), PlotError> {
    let bytes = match format {
        Format::Svg => render::svg(scene, notes).map(String::into_bytes),
        Format::Png => render::png(scene, notes),
    }
    .map_err(|reason| PlotError::Drawing { figure, reason })?;
    write_file(path, |writer| writer.write_all(&bytes))?;
    Ok(())
}

/// `vehicle · cycle · control`, as titles begin.
fn title(summary: &Summary) -> String {
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

/// The figures that matter most, for the line under a title.
fn key_figures(summary: &Summary) -> String {
    use axes::number;
    let mut parts = Vec::new();
    let corrected = summary.fuel_corrected_l_per_100km;
    if corrected.is_finite() {
        parts.push(format!(
            "{} L/100 km at zero net battery energy",
            number(corrected, 2)
        ));
    } else {
        parts.push(format!("{} L of fuel", number(summary.fuel_l, 3)));
    }
    parts.push(format!(
        "SOC {} → {} %",
        number(100.0 * summary.soc_start, 1),
        number(100.0 * summary.soc_end, 1)
    ));
    parts.push(match summary.engine_starts {
        0 => "no engine start".to_owned(),
        1 => "1 engine start".to_owned(),
        n => format!("{n} engine starts"),
    });
    let seconds = format!("{} s", number(summary.duration_s, 0));
    parts.push(if summary.distance_km > 0.0 {
        format!("{} km in {seconds}", number(summary.distance_km, 2))
    } else {
        format!("{seconds} at rest")
    });
    parts.join(" · ")
}
