//! How fast the car goes with its engine at rest: shaft speeds over road speed, every
//! limit where it would bind, and what a run did.
//!
//! With the engine at rest the gears leave no choice: MG1 turns backwards and MG2
//! forwards in proportion to the road speed. The thin lines are those; the thick ones
//! are the run.

use super::axes::{Axis, Panel, Sample, legend, number};
use super::scene::{Align, Point, Scene, Text};
use super::series::range;
use super::theme::{
    BATTERY, BRAKES, Colour, ENGINE, GREY, INK, LINE, MARGIN, MG1, MG2, Marker, RULE, THICK, THIN,
    TICK, WHITE,
};
use super::{Car, Run, key_figures, title};
use crate::control::StartCause;
use crate::sim::{Trace, TraceRow};
use crate::units::{kmh_from_mps, mps_from_kmh, rpm_from_rad_s};
use crate::vehicle::Plant;
use std::collections::BTreeSet;

const WIDTH: f64 = 960.0;
const PLOT_HEIGHT: f64 = 420.0;
const LEFT: f64 = 84.0;
/// Height of a limit's line of text.
const ROW: f64 = 19.0;
/// Fastest road speed that is shown where no limit lies farther, km/h.
const LEAST_KMH: f64 = 100.0;

/// Distance of MG1 from its speed with the engine at rest that counts as none, rpm.
const AT_REST_RPM: f64 = 20.0;
/// Fall of speed after which a run counts as a cycle and not as one acceleration, km/h.
const FALL_KMH: f64 = 1.0;

/// How to read a column of the trace.
type Column = fn(&TraceRow) -> f64;

/// The shaft whose speed is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitAxis {
    /// MG1.
    Mg1,
    /// MG2.
    Mg2,
    /// The planetary's pinions.
    Pinion,
    /// No shaft: battery power, torque, voltage.
    Other,
}

/// Something that may end driving with the engine at rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What it is.
    pub name: String,
    /// Road speed at which it would bind, km/h; none where it never does.
    pub speed_kmh: Option<f64>,
    /// Which shaft it concerns.
    pub axis: LimitAxis,
    /// Speed of that shaft there, rpm.
    pub value_rpm: Option<f64>,
    /// Whether it is the one that binds first.
    pub binds: bool,
}

/// What the picture of the forced start shows.
#[derive(Debug, Clone)]
pub struct ForcedStartPlot<'a> {
    /// Title.
    pub title: String,
    /// Line under it.
    pub subtitle: String,
    /// A second line: what the reader must know of it.
    pub note: Option<String>,
    /// Candidates.
    pub limits: Vec<Limit>,
    /// The car.
    pub plant: &'a Plant,
    /// A run to draw on top: a slow electric acceleration.
    pub trace: Option<&'a Trace>,
    /// Where that run's engine started.
    pub start: Option<Started>,
}

/// A start of the engine, to be marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Started {
    /// Why.
    pub cause: StartCause,
    /// Road speed, km/h.
    pub speed_kmh: f64,
    /// MG1's speed before, rpm.
    pub mg1_rpm: f64,
}

impl<'a> ForcedStartPlot<'a> {
    /// What a run alone tells: the ratings of the plant, and its first forced start.
    pub fn of_run(run: &Run<'a>, car: &Car<'a>) -> Self {
        let plant = car.plant;
        let rating = |name: &str, axis: LimitAxis, limit_rad_s: f64, per_mps: f64| Limit {
            name: name.to_owned(),
            speed_kmh: limit_rad_s
                .is_finite()
                .then(|| kmh_from_mps(limit_rad_s / per_mps.abs())),
            axis,
            value_rpm: limit_rad_s
                .is_finite()
                .then(|| rpm_from_rad_s(limit_rad_s) * per_mps.signum()),
            binds: false,
        };
        let mut limits = vec![
            rating(
                "MG1 rating",
                LimitAxis::Mg1,
                plant.mg1.max_speed_rad_s,
                shaft_rad_s(plant, LimitAxis::Mg1, 1.0),
            ),
            rating(
                "MG2 rating",
                LimitAxis::Mg2,
                plant.mg2.max_speed_rad_s,
                shaft_rad_s(plant, LimitAxis::Mg2, 1.0),
            ),
        ];
        limits.retain(|limit| limit.speed_kmh.is_some());
        // The first start by the ceiling whose engine was at rest before.
        let forced = run.summary.engine_start_events.iter().find(|start| {
            let at_rest = shaft_rad_s(plant, LimitAxis::Mg1, mps_from_kmh(start.speed_kmh));
            let off_rpm = start.mg1_rpm - rpm_from_rad_s(at_rest);
            start.cause == StartCause::SpeedCeiling && off_rpm.abs() < AT_REST_RPM
        });
        if let Some(start) = forced {
            limits.push(Limit {
                name: "start by the speed ceiling".to_owned(),
                speed_kmh: Some(start.speed_kmh),
                axis: LimitAxis::Mg1,
                value_rpm: Some(start.mg1_rpm),
                binds: true,
            });
        }
        Self {
            title: title(run.summary),
            subtitle: key_figures(run.summary),
            note: None,
            limits,
            plant,
            trace: Some(run.trace),
            start: None,
        }
    }
}

/// Speed of a shaft with the engine at rest, rad/s.
fn shaft_rad_s(plant: &Plant, axis: LimitAxis, speed_mps: f64) -> f64 {
    let ring = speed_mps * plant.ring_rad_per_m;
    match axis {
        LimitAxis::Mg1 => plant.mg1_speed_engine_off_rad_s(speed_mps),
        LimitAxis::Mg2 => ring * plant.gearset.mg2_ratio,
        LimitAxis::Pinion => plant.gearset.pinion_speed_rad_s(0.0, ring),
        LimitAxis::Other => 0.0,
    }
}

fn colour(axis: LimitAxis) -> Colour {
    match axis {
        LimitAxis::Mg1 => MG1,
        LimitAxis::Mg2 => MG2,
        LimitAxis::Pinion => BATTERY,
        LimitAxis::Other => INK,
    }
}

/// The picture.
pub(super) fn scene(plot: &ForcedStartPlot<'_>) -> Scene {
    let rows = plot.trace.map_or(&[][..], |trace| &trace.rows);
    let mut at: Vec<(&Limit, f64)> = plot
        .limits
        .iter()
        .filter_map(|limit| limit.speed_kmh.map(|kmh| (limit, kmh)))
        .filter(|(_, kmh)| kmh.is_finite())
        .collect();
    at.sort_by(|a, b| a.1.total_cmp(&b.1));
    let never: Vec<&str> = plot
        .limits
        .iter()
        .filter(|limit| limit.speed_kmh.is_none_or(|kmh| !kmh.is_finite()))
        .map(|limit| limit.name.as_str())
        .collect();

    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: forced start", plot.title));
    let top = scene.heading(MARGIN, &plot.title, &plot.subtitle);
    let plot_top = top + ROW * at.len() as f64 + 10.0;
    let panel = panel(plot, rows, &at, plot_top);
    panel.x_grid(&mut scene, 10);
    panel.y_grid(&mut scene, 8);
    panel.x_labels(&mut scene, 10, "road speed, km/h");
    panel.y_name(&mut scene, MARGIN + 8.0, "shaft speed, rpm", INK);
    let places = rows_of_limits(&panel, &at, top);
    for ((limit, kmh), (_, y)) in at.iter().zip(&places) {
        let (shade, width) = if limit.binds {
            (BRAKES, LINE)
        } else {
            (RULE, THIN)
        };
        let x = panel.x.at(*kmh);
        scene.line(vec![(x, y - 0.3 * TICK), (x, panel.bottom())], shade, width);
    }
    for (text, _) in places {
        let width = text.width();
        let from = if text.align == Align::End {
            text.at.0 - width
        } else {
            text.at.0
        };
        let corner = (from - 2.0, text.at.1 - 0.8 * ROW);
        let end = (from + width + 2.0, text.at.1 + 0.2 * ROW);
        scene.rectangle(corner, end, WHITE, 1.0);
        scene.text(text);
    }
    let axes = axes(&at);
    for &axis in &axes {
        engine_off_line(&mut scene, &panel, plot.plant, axis);
    }
    let columns: [(Column, Colour); 3] = [
        (|r| r.mg2_rpm, MG2),
        (|r| r.mg1_rpm, MG1),
        (|r| r.engine_rpm, ENGINE),
    ];
    let fastest_kmh = rows.iter().map(|row| row.speed_kmh).fold(0.0, f64::max);
    let falls = rows
        .last()
        .is_some_and(|row| row.speed_kmh < fastest_kmh - FALL_KMH);
    let width = if falls { 0.6 * LINE } else { THICK };
    for (value, colour) in columns {
        for line in trajectory(&panel, rows, value) {
            scene.line(line, colour, width);
        }
    }
    for (limit, kmh) in &at {
        mark_limit(&mut scene, &panel, limit, *kmh);
    }
    let mut y = panel.bottom() + 72.0;
    let mut entries = vec![
        (Sample::Line(ENGINE, THICK), "engine"),
        (Sample::Line(MG1, THICK), "MG1"),
        (Sample::Line(MG2, THICK), "MG2"),
        (Sample::Dashes(GREY, LINE), "engine at rest"),
    ];
    if axes.contains(&LimitAxis::Pinion) {
        entries.push((Sample::Dashes(BATTERY, LINE), "pinions"));
    }
    let markers = [
        (
            true,
            (Sample::Marker(Marker::Diamond, BRAKES), "binds first"),
        ),
        (false, (Sample::Marker(Marker::Disc, GREY), "other limits")),
    ];
    let shown = markers
        .into_iter()
        .filter(|(binds, _)| at.iter().any(|(limit, _)| limit.binds == *binds));
    entries.extend(shown.map(|(_, entry)| entry));
    legend(&mut scene, (LEFT, y), &entries);
    if !never.is_empty() {
        y += 1.7 * TICK;
        let words = format!("Never binds: {}", never.join(", "));
        scene.text(Text::new((LEFT, y), words, TICK).colour(GREY));
    }
    scene.height = (y + MARGIN).ceil();
    scene
}

/// The shafts whose lines are drawn.
fn axes(at: &[(&Limit, f64)]) -> Vec<LimitAxis> {
    let mut axes = vec![LimitAxis::Mg1, LimitAxis::Mg2];
    if at.iter().any(|(limit, _)| limit.axis == LimitAxis::Pinion) {
        axes.push(LimitAxis::Pinion);
    }
    axes
}

fn panel(plot: &ForcedStartPlot<'_>, rows: &[TraceRow], at: &[(&Limit, f64)], top: f64) -> Panel {
    let driven_kmh = rows
        .iter()
        .map(|row| row.speed_kmh)
        .fold(LEAST_KMH, f64::max);
    let fastest_kmh = at.iter().map(|(_, kmh)| *kmh).fold(driven_kmh, f64::max);
    let x = Axis::round((0.0, 1.02 * fastest_kmh), 10, (LEFT, WIDTH - MARGIN - 10.0));
    let ends = axes(at)
        .into_iter()
        .map(|axis| rpm_from_rad_s(shaft_rad_s(plot.plant, axis, mps_from_kmh(x.high))));
    let (low, high) = range(rows, &[|r| r.mg1_rpm, |r| r.mg2_rpm, |r| r.engine_rpm]);
    let (low, high) = ends.fold((low.min(0.0), high.max(0.0)), |(low, high), end| {
        (low.min(end), high.max(end))
    });
    Panel {
        x,
        y: Axis::round((low, high), 8, (top + PLOT_HEIGHT, top)),
    }
}

fn engine_off_line(scene: &mut Scene, panel: &Panel, plant: &Plant, axis: LimitAxis) {
    let end = rpm_from_rad_s(shaft_rad_s(plant, axis, mps_from_kmh(panel.x.high)));
    let line = [panel.point(0.0, 0.0), panel.point(panel.x.high, end)];
    scene.dashes(&line, colour(axis), LINE, (6.0, 4.0));
}

/// Shaft speed over road speed in the order of time, as lines; ways that were drawn
/// before, to two pixels, are left out.
fn trajectory(panel: &Panel, rows: &[TraceRow], value: Column) -> Vec<Vec<Point>> {
    let cell = |point: Point| {
        (
            (point.0 / 2.0).round() as i64,
            (point.1 / 2.0).round() as i64,
        )
    };
    let mut drawn = BTreeSet::new();
    let mut lines: Vec<Vec<Point>> = vec![Vec::new()];
    let mut before: Option<Point> = None;
    for row in rows {
        let point = panel.point(row.speed_kmh, value(row));
        let Some(last) = before else {
            before = Some(point);
            lines.push(vec![point]);
            continue;
        };
        let (from, to) = (cell(last), cell(point));
        if from == to {
            continue;
        }
        let new = drawn.insert((from.min(to), from.max(to)));
        match lines.last_mut() {
            Some(line) if new && !line.is_empty() => line.push(point),
            _ if new => lines.push(vec![last, point]),
            _ => lines.push(Vec::new()),
        }
        before = Some(point);
    }
    lines
}

/// The text of each limit and the height of its row above the plot. Texts stand at the
/// right of their lines, from the slowest down; those that find no room stand at the left,
/// from the fastest down, so that few lines cross a text.
fn rows_of_limits(panel: &Panel, at: &[(&Limit, f64)], top: f64) -> Vec<(Text, f64)> {
    let mut texts: Vec<Text> = at
        .iter()
        .map(|(limit, kmh)| said(panel, limit, *kmh))
        .collect();
    let right = texts
        .iter()
        .filter(|text| text.align == Align::Start)
        .count();
    let (mut next, mut last) = (0, at.len());
    let row = |index: usize| top + ROW * (index as f64 + 0.7);
    texts
        .drain(..)
        .map(|text| {
            let index = if text.align == Align::Start {
                next += 1;
                next - 1
            } else {
                last -= 1;
                last.max(right)
            };
            let y = row(index);
            (
                Text {
                    at: (text.at.0, y),
                    ..text
                },
                y,
            )
        })
        .collect()
}

/// What is said about a limit, beside its line.
fn said(panel: &Panel, limit: &Limit, kmh: f64) -> Text {
    let x = panel.x.at(kmh);
    let shaft = limit
        .value_rpm
        .map_or(String::new(), |rpm| format!(" ({} rpm)", number(rpm, 0)));
    let words = format!("{}: {} km/h{shaft}", limit.name, number(kmh, 1));
    let mut text =
        Text::new((x + 6.0, 0.0), words, TICK).colour(if limit.binds { BRAKES } else { INK });
    if limit.binds {
        text = text.bold();
    }
    if text.at.0 + text.width() > panel.right() {
        text.at.0 = x - 6.0;
        text = text.align(Align::End);
    }
    text
}

/// The point on the shaft's line where a limit binds.
fn mark_limit(scene: &mut Scene, panel: &Panel, limit: &Limit, kmh: f64) {
    let Some(rpm) = limit.value_rpm else {
        return;
    };
    let at = panel.point(kmh, rpm);
    if limit.binds {
        scene.marker(Marker::Diamond, at, 6.0, BRAKES);
    } else {
        scene.marker(Marker::Disc, at, 4.5, colour(limit.axis));
    }
}
