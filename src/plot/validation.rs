//! Simulated against measured: consumption over consumption with the bands of ±2 and ±4 %,
//! and every row's deviation beside the band it is held to.

use super::axes::{Axis, Panel, Sample, legend, number};
use super::scene::{Align, Scene, Text};
use super::theme::{
    BATTERY, Colour, ENGINE, GREY, INK, LINE, LOSS, MARGIN, MG2, Marker, RULE, SMALL, THIN,
};

const WIDTH: f64 = 1120.0;
const ROW: f64 = 19.0;
const LEAST_HEIGHT: f64 = 560.0;
const SQUARE_LEFT: f64 = 74.0;
const SQUARE: f64 = 380.0;
/// Where the rows' zero line begins and ends.
const ROWS_LEFT: f64 = 812.0;
const ROWS_RIGHT: f64 = WIDTH - 28.0;
const TICKS: usize = 6;
const RADIUS: f64 = 5.0;
/// Largest deviation shown, percent.
const REACH_PERCENT: f64 = 15.0;
const BANDS: [(f64, f64); 2] = [(0.04, 0.10), (0.02, 0.16)];

/// What is known of the road load behind a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Published: a validation.
    Published,
    /// One scale of it was fitted: implied, no validation.
    Scaled,
    /// It does not matter to the figure.
    Other,
    /// Outside the budget.
    Reported,
}

/// A measured figure and the model's.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What it is.
    pub name: String,
    /// What is known of it.
    pub standing: Standing,
    /// Measured band and simulated figure, L/100 km, where it is a consumption.
    pub l_per_100km: Option<((f64, f64), f64)>,
    /// Deviation from the middle of the measured band, percent.
    pub error_percent: f64,
    /// Half the measured band, percent.
    pub band_percent: f64,
    /// Deviation it is held to, percent.
    pub tolerance_percent: f64,
}

/// The comparison to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationPlot {
    /// Line under the title.
    pub subtitle: String,
    /// The points, in the order of the rows.
    pub points: Vec<Point>,
}

impl Standing {
    fn look(self) -> (Marker, Colour, &'static str) {
        match self {
            Self::Published => (Marker::Disc, MG2, "road load published"),
            Self::Scaled => (Marker::Diamond, ENGINE, "road load implied"),
            Self::Other => (Marker::Square, BATTERY, "no road load in it"),
            Self::Reported => (Marker::Cross, GREY, "reported"),
        }
    }
}

const STANDINGS: [Standing; 4] = [
    Standing::Published,
    Standing::Scaled,
    Standing::Other,
    Standing::Reported,
];

/// The picture.
pub(super) fn scene(plot: &ValidationPlot) -> Scene {
    let height = LEAST_HEIGHT.max(plot.points.len() as f64 * ROW + 175.0);
    let mut scene = Scene::new(WIDTH, height, "simulated against measured");
    let top = scene.heading(MARGIN, "Simulated against measured", &plot.subtitle) + 22.0;
    let entries = STANDINGS.map(|standing| {
        let (marker, colour, words) = standing.look();
        (Sample::Marker(marker, colour), words)
    });
    legend(&mut scene, (SQUARE_LEFT, top), &entries);
    square(&mut scene, plot, top + 22.0);
    rows(&mut scene, plot, top + 22.0);
    scene
}

/// Consumption over consumption.
fn square(scene: &mut Scene, plot: &ValidationPlot, top: f64) {
    let consumptions = || {
        let points = plot.points.iter();
        points.filter_map(|point| Some((point, point.l_per_100km?)))
    };
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (_, ((from, to), simulated)) in consumptions() {
        low = low.min(from).min(simulated);
        high = high.max(to).max(simulated);
    }
    if low > high {
        return;
    }
    let range = (low - 0.1, high + 0.1);
    let panel = Panel {
        x: Axis::round(range, TICKS, (SQUARE_LEFT, SQUARE_LEFT + SQUARE)),
        y: Axis::round(range, TICKS, (top + SQUARE, top)),
    };
    panel.x_grid(scene, TICKS);
    panel.y_grid(scene, TICKS);
    let (from, to) = (panel.x.low, panel.x.high);
    for (share, opacity) in BANDS {
        // Cut where a band leaves the square.
        let edge = |factor: f64| {
            let (start, end) = ((from / factor).max(from), (to / factor).min(to));
            [(start, start * factor), (end, end * factor)]
        };
        let (upper, lower) = (edge(1.0 + share), edge(1.0 - share));
        let corners = [
            (from, from),
            upper[0],
            upper[1],
            (to, to),
            lower[1],
            lower[0],
        ];
        let band = corners.map(|(x, y)| panel.point(x, y)).to_vec();
        scene.area(band, LOSS, 2.0 * opacity);
    }
    scene.line(
        vec![panel.point(from, from), panel.point(to, to)],
        RULE,
        THIN,
    );
    panel.x_labels(scene, TICKS, "measured, L/100 km");
    panel.y_name(scene, MARGIN + 8.0, "simulated, L/100 km", INK);
    for (point, ((low, high), simulated)) in consumptions() {
        let (marker, colour, _) = point.standing.look();
        let middle = 0.5 * (low + high);
        scene.line(
            vec![panel.point(low, simulated), panel.point(high, simulated)],
            colour,
            LINE,
        );
        scene.marker(marker, panel.point(middle, simulated), RADIUS, colour);
    }
    let words = "grey: ±2 % and ±4 %; bars: spread of what was measured";
    let at = (SQUARE_LEFT, top + SQUARE + 58.0);
    scene.text(Text::new(at, words, SMALL).colour(GREY));
}

/// Deviation of every row.
fn rows(scene: &mut Scene, plot: &ValidationPlot, top: f64) {
    let bottom = top + plot.points.len() as f64 * ROW;
    let panel = Panel {
        x: Axis::exact((-REACH_PERCENT, REACH_PERCENT), (ROWS_LEFT, ROWS_RIGHT)),
        y: Axis::exact((plot.points.len() as f64, 0.0), (bottom, top)),
    };
    panel.x_grid(scene, TICKS);
    panel.x_labels(scene, TICKS, "deviation, %");
    for (index, point) in plot.points.iter().enumerate() {
        let y = top + (index as f64 + 0.5) * ROW;
        let (marker, colour, _) = point.standing.look();
        let x = |percent: f64| panel.x.clamped(percent);
        let tolerance = point.tolerance_percent;
        if point.standing != Standing::Reported {
            scene.rectangle(
                (x(-tolerance), y - 0.36 * ROW),
                (x(tolerance), y + 0.36 * ROW),
                LOSS,
                0.35,
            );
        }
        if point.band_percent > 0.0 {
            let band = [-point.band_percent, point.band_percent];
            scene.line(band.map(|it| (x(it), y)).to_vec(), INK, LINE);
        }
        scene.marker(marker, (x(point.error_percent), y), RADIUS, colour);
        let words = format!("{}  {}", point.name, number(point.error_percent, 1));
        let at = (ROWS_LEFT - 12.0, y);
        scene.text(Text::new(at, words, SMALL).align(Align::End).centred());
    }
    let x = panel.x.at(0.0);
    scene.line(vec![(x, top), (x, bottom)], RULE, THIN);
}
