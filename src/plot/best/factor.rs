//! State of charge that ECMS ends with over its equivalence factor.

use super::super::axes::{Axis, Panel, Sample, legend, number};
use super::super::scene::{Point, Scene};
use super::super::theme::{BATTERY, GREY, INK, LINE, MARGIN, MG2, Marker};
use super::{BestPlot, range};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 24.0;
const TICKS: usize = 8;

/// The picture.
pub(super) fn scene(plot: &BestPlot) -> Scene {
    let title = format!("{} · ECMS", plot.title);
    let mut scene = Scene::new(WIDTH, HEIGHT, format!("{title}: factor and end charge"));
    let subtitle = format!(
        "charge is kept by a factor of {}: a joule of charge counts as so many of fuel",
        number(plot.found.0, 3)
    );
    let top = scene.heading(MARGIN, &title, &subtitle);
    let all = || plot.factors.iter().chain([&plot.found]);
    let (low, high) = range(all().map(|(factor, _)| *factor));
    let ends = all().map(|(_, soc)| *soc).chain([plot.soc_start]);
    let (lowest, highest) = range(ends.map(|soc| 100.0 * soc));
    let panel = Panel {
        x: Axis::round((low, high), TICKS, (LEFT, WIDTH - RIGHT)),
        y: Axis::round((lowest, highest), TICKS, (HEIGHT - 58.0, top + 28.0)),
    };
    panel.x_grid(&mut scene, TICKS);
    panel.y_grid(&mut scene, TICKS);
    panel.x_labels(
        &mut scene,
        TICKS,
        "equivalence factor, J of fuel per J of charge",
    );
    panel.y_name(
        &mut scene,
        MARGIN + 8.0,
        "state of charge at the end, %",
        INK,
    );
    let start = 100.0 * plot.soc_start;
    scene.dashes(
        &[
            panel.point(panel.x.low, start),
            panel.point(panel.x.high, start),
        ],
        GREY,
        LINE,
        (6.0, 4.0),
    );
    let points: Vec<Point> = plot
        .factors
        .iter()
        .map(|(factor, soc)| panel.point(*factor, 100.0 * soc))
        .collect();
    scene.line(points.clone(), MG2, LINE);
    for point in points {
        scene.marker(Marker::Disc, point, 3.5, MG2);
    }
    let found = panel.point(plot.found.0, 100.0 * plot.found.1);
    scene.marker(Marker::Diamond, found, 7.5, BATTERY);
    let entries = [
        (Sample::Marker(Marker::Disc, MG2), "ECMS with this factor"),
        (Sample::Marker(Marker::Diamond, BATTERY), "the factor found"),
        (Sample::Dashes(GREY, LINE), "charge at the start"),
    ];
    legend(&mut scene, (LEFT, panel.top() - 10.0), &entries);
    scene
}
