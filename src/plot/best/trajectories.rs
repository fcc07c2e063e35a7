//! State of charge of all controllers over time; the band of little more than the least cost
//! shaded, the road speed as a strip below.

use super::super::axes::{Axis, Panel, Sample, number};
use super::super::scene::{Point, Scene};
use super::super::theme::{BATTERY, INK, LINE, MARGIN, WHEELS};
use super::{BestPlot, look, range, sample, time_axis, trace};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 560.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 24.0;
/// Height of the strip of road speed.
const STRIP: f64 = 76.0;
const X_TICKS: usize = 10;
/// Least span of the charge axis, percent.
const LEAST_SPAN: f64 = 6.0;
const SHADE: f64 = 0.2;

/// The picture.
pub(super) fn scene(plot: &BestPlot) -> Scene {
    let mut scene = Scene::new(WIDTH, HEIGHT, format!("{}: states of charge", plot.title));
    let top = scene.heading(MARGIN, &plot.title, &plot.subtitle);
    let (x, unit_s, unit_name) = time_axis(plot, (LEFT, WIDTH - RIGHT));
    let bottom = HEIGHT - 58.0;
    let band = plot.band.iter().flat_map(|(low, high)| [*low, *high]);
    let socs = plot.runs.iter().flat_map(|run| run.soc.iter().copied());
    let (low, high) = range(band.chain(socs).map(|soc| 100.0 * soc));
    let room = 0.5 * (LEAST_SPAN - (high - low)).max(0.0);
    let ends = ((low - room).max(0.0), (high + room).min(100.0));
    let soc = Panel {
        x,
        y: Axis::round(ends, 7, (bottom - STRIP - 34.0, top + 28.0)),
    };
    let (_, fastest) = range(plot.speed_kmh.iter().copied());
    let speed = Panel {
        x,
        y: Axis::round((0.0, fastest.max(10.0)), 2, (bottom, bottom - STRIP)),
    };

    soc.x_grid(&mut scene, X_TICKS);
    soc.y_grid(&mut scene, 7);
    soc.y_name(&mut scene, MARGIN + 8.0, "state of charge, %", INK);
    let times = || plot.time_s.iter().map(|time_s| time_s / unit_s);
    let edge = |of: fn(&(f64, f64)) -> f64| -> Vec<Point> {
        let points = times().zip(&plot.band);
        points
            .map(|(t, band)| soc.point(t, 100.0 * of(band)))
            .collect()
    };
    let mut outline = edge(|band| band.1);
    outline.extend(edge(|band| band.0).into_iter().rev());
    scene.area(outline, BATTERY, SHADE);
    let count = plot.runs.len();
    for (index, run) in plot.runs.iter().enumerate() {
        let points = times().zip(&run.soc);
        let points: Vec<Point> = points.map(|(t, own)| soc.point(t, 100.0 * own)).collect();
        trace(&mut scene, &points, look(index, count));
    }
    let within = format!(
        "within {} % of the least fuel",
        number(plot.band_percent, 0)
    );
    let mut entries: Vec<(Sample, &str)> = plot
        .runs
        .iter()
        .enumerate()
        .map(|(index, run)| (sample(index, count), run.control.as_str()))
        .collect();
    entries.push((Sample::Block(BATTERY, SHADE), &within));
    soc.caption(&mut scene, "State of charge", &entries);

    speed.x_grid(&mut scene, X_TICKS);
    speed.y_grid(&mut scene, 2);
    speed.x_labels(&mut scene, X_TICKS, unit_name);
    speed.caption(&mut scene, "Speed, km/h", &[]);
    let points = times().zip(&plot.speed_kmh);
    let points: Vec<Point> = points.map(|(t, kmh)| speed.point(t, *kmh)).collect();
    trace(&mut scene, &points, (WHEELS, LINE, super::Stroke::Line));
    scene
}
