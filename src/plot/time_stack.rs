//! The run over time: road speed, shaft speeds, powers, charge, and what the engine did.

use super::axes::{Axis, Panel, Sample, legend, legend_width, number};
use super::scene::{Point, Scene, Text};
use super::series::{banded, line, range, stretches, time_unit};
use super::theme::{
    BATTERY, Colour, ENGINE, GREY, INK, LABEL, LINE, MARGIN, MG1, MG2, Marker, RULE, THIN, TICK,
    WHEELS, cause, cause_title, engine_state,
};
use super::{Run, key_figures, title};
use crate::control::StartCause;
use crate::sim::{EngineState, TraceRow};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 78.0;
/// Height of the line of a panel's name.
const CAPTION: f64 = 26.0;
const GAP: f64 = 14.0;
/// Height of the strip of engine states.
const STRIP: f64 = 20.0;
/// Least span of the charge axis, percent.
const LEAST_SOC_SPAN: f64 = 6.0;
const X_TICKS: usize = 10;
/// The speed asked: a broad pale line under that driven.
const ASKED: Colour = Colour(229, 178, 209);
const ASKED_WIDTH: f64 = 5.0;
/// Width of the lines of power, and of the columns whose means they are, pixels.
const POWER: f64 = 1.25;
const COLUMN: f64 = 4.0;
/// Opacity of the range behind means.
const RANGE_OPACITY: f64 = 0.16;

/// A column to draw: how to read it, its colour, its width, its name.
struct Column {
    value: fn(&TraceRow) -> f64,
    sample: Sample,
    name: &'static str,
}

/// A panel to draw.
struct Plan {
    name: &'static str,
    height: f64,
    ticks: usize,
    /// Range that is shown at least.
    least: (f64, f64),
    /// Drawn as means of columns of pixels where rows are many, with their range behind.
    means: bool,
    columns: Vec<Column>,
}

fn column(value: fn(&TraceRow) -> f64, sample: Sample, name: &'static str) -> Column {
    Column {
        value,
        sample,
        name,
    }
}

fn plans(run: &Run<'_>) -> Vec<Plan> {
    let soc = soc_range(run);
    vec![
        Plan {
            name: "Speed, km/h",
            height: 118.0,
            ticks: 4,
            least: (0.0, 10.0),
            means: false,
            columns: vec![
                column(
                    |r| r.target_speed_kmh,
                    Sample::Line(ASKED, ASKED_WIDTH),
                    "asked",
                ),
                column(|r| r.speed_kmh, Sample::Line(WHEELS, LINE), "driven"),
            ],
        },
        Plan {
            name: "Shaft speeds, rpm",
            height: 150.0,
            ticks: 5,
            least: (0.0, 1000.0),
            means: false,
            columns: vec![
                column(|r| r.mg2_rpm, Sample::Line(MG2, LINE), "MG2"),
                column(|r| r.mg1_rpm, Sample::Line(MG1, LINE), "MG1"),
                column(|r| r.engine_rpm, Sample::Line(ENGINE, LINE), "engine"),
            ],
        },
        Plan {
            name: "Powers, kW",
            height: 132.0,
            ticks: 5,
            least: (0.0, 1.0),
            means: true,
            columns: vec![
                column(|r| r.wheel_w / 1e3, Sample::Line(WHEELS, POWER), "wheels"),
                column(|r| r.engine_w / 1e3, Sample::Line(ENGINE, POWER), "engine"),
            ],
        },
        Plan {
            name: "Battery power, kW",
            height: 92.0,
            ticks: 4,
            least: (0.0, 1.0),
            means: true,
            columns: vec![column(
                |r| r.battery_w / 1e3,
                Sample::Line(BATTERY, POWER),
                "positive when discharging",
            )],
        },
        Plan {
            name: "State of charge, %",
            height: 92.0,
            ticks: 4,
            least: soc,
            means: false,
            columns: vec![column(
                |r| 100.0 * r.soc,
                Sample::Line(BATTERY, 1.3 * LINE),
                "",
            )],
        },
    ]
}

/// Range of the charge with some room around it, percent.
fn soc_range(run: &Run<'_>) -> (f64, f64) {
    let (low, high) = range(&run.trace.rows, &[|r| 100.0 * r.soc]);
    let room = (0.5 * (LEAST_SOC_SPAN - (high - low))).max(0.06 * (high - low));
    ((low - room).max(0.0), (high + room).min(100.0))
}

/// The picture.
pub(super) fn scene(run: &Run<'_>) -> Scene {
    let rows = &run.trace.rows;
    let plans = plans(run);
    let used: f64 = plans.iter().map(|plan| plan.height + CAPTION + GAP).sum();
    let mut scene = Scene::new(
        WIDTH,
        used + 250.0,
        format!("{}: run over time", title(run.summary)),
    );
    let mut y = scene.heading(MARGIN, &title(run.summary), &key_figures(run.summary));
    let (first_s, last_s) = range(rows, &[|r| r.time_s]);
    let (unit_s, unit_name) = time_unit(last_s - first_s);
    let x = Axis::exact(
        (first_s / unit_s, last_s / unit_s),
        (LEFT, WIDTH - MARGIN - 6.0),
    );
    for plan in &plans {
        y += CAPTION;
        let values: Vec<fn(&TraceRow) -> f64> = plan.columns.iter().map(|c| c.value).collect();
        let (low, high) = range(rows, &values);
        let range = (low.min(plan.least.0), high.max(plan.least.1));
        let panel = Panel {
            x,
            y: Axis::round(range, plan.ticks, (y + plan.height, y)),
        };
        draw_panel(&mut scene, &panel, plan, rows, unit_s);
        y += plan.height + GAP;
    }
    y += CAPTION;
    let strip = Panel {
        x,
        y: Axis::exact((0.0, 1.0), (y + STRIP, y)),
    };
    strip.caption(&mut scene, "Engine", &state_legend());
    draw_strip(&mut scene, &strip, run, unit_s);
    let end = draw_causes(&mut scene, &strip, run, unit_s, unit_name);
    scene.height = (end + MARGIN).ceil();
    scene
}

fn draw_panel(scene: &mut Scene, panel: &Panel, plan: &Plan, rows: &[TraceRow], unit_s: f64) {
    panel.x_grid(scene, X_TICKS);
    panel.y_grid(scene, plan.ticks);
    let entries: Vec<(Sample, &str)> = plan
        .columns
        .iter()
        .rev()
        .filter(|column| !column.name.is_empty())
        .map(|column| (column.sample, column.name))
        .collect();
    let time = |row: &TraceRow| row.time_s / unit_s;
    // Rows as far apart as the columns need no means.
    let column_s = COLUMN / (panel.right() - panel.left()) * (panel.x.high - panel.x.low) * unit_s;
    let dense = rows.len() as f64 * COLUMN > 2.0 * (panel.right() - panel.left());
    if !(plan.means && dense) {
        panel.caption(scene, plan.name, &entries);
        for column in &plan.columns {
            if let Sample::Line(colour, width) = column.sample {
                let width = if plan.means { LINE } else { width };
                scene.line(line(panel, rows, time, column.value), colour, width);
            }
        }
        return;
    }
    let name = format!(
        "{}, means over {} s, ranges shaded",
        plan.name,
        number(column_s, usize::from(column_s < 20.0))
    );
    panel.caption(scene, &name, &entries);
    for column in &plan.columns {
        if let Sample::Line(colour, width) = column.sample {
            let (means, range) = banded(panel, rows, COLUMN, time, column.value);
            scene.area(range, colour, RANGE_OPACITY);
            scene.line(means, colour, width);
        }
    }
}

fn state_legend() -> [(Sample, &'static str); 4] {
    let block = |state| Sample::Block(engine_state(state), 1.0);
    [
        (block(EngineState::On), "burning"),
        (block(EngineState::Spun), "turned without fuel"),
        (block(EngineState::Cranking), "cranking"),
        (block(EngineState::Off), "at rest"),
    ]
}

/// Coloured stretches of engine states; short ones keep a visible width.
fn draw_strip(scene: &mut Scene, strip: &Panel, run: &Run<'_>, unit_s: f64) {
    for (state, from_s, to_s) in stretches(&run.trace.rows, |row| row.engine_state) {
        let (from, to) = (strip.x.at(from_s / unit_s), strip.x.at(to_s / unit_s));
        let least = if state == EngineState::Off { 0.0 } else { 0.75 };
        scene.rectangle(
            (from, strip.top()),
            (to.max(from + least).min(strip.right()), strip.bottom()),
            engine_state(state),
            1.0,
        );
    }
}

/// Markers of the starts under the strip, time axis and their legend; where it ends.
fn draw_causes(
    scene: &mut Scene,
    strip: &Panel,
    run: &Run<'_>,
    unit_s: f64,
    unit_name: &str,
) -> f64 {
    let starts = &run.summary.engine_start_events;
    let mut bottom = *strip;
    if !starts.is_empty() {
        let y = strip.bottom() + 10.0;
        for start in starts {
            let (marker, colour) = cause(start.cause);
            let at: Point = (strip.x.clamped(start.time_s / unit_s), y);
            scene.marker(marker, at, 4.5, colour);
        }
        bottom.y.from += 19.0;
        scene.line(
            vec![
                (strip.left(), bottom.bottom()),
                (strip.right(), bottom.bottom()),
            ],
            RULE,
            THIN,
        );
    }
    bottom.x_labels(scene, X_TICKS, unit_name);
    let y = bottom.bottom() + 6.0 + TICK + 1.5 * LABEL + 26.0;
    let counted: Vec<(StartCause, usize)> = StartCause::ALL
        .into_iter()
        .map(|kind| {
            (
                kind,
                starts.iter().filter(|start| start.cause == kind).count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let head = if counted.is_empty() {
        "No start of the engine"
    } else {
        "Starts by cause:"
    };
    let text = Text::new((strip.left(), y), head, TICK).colour(if counted.is_empty() {
        GREY
    } else {
        INK
    });
    let (mut x, mut y) = (strip.left() + text.width() + 16.0, y);
    scene.text(text);
    for (kind, count) in counted {
        let (marker, colour): (Marker, _) = cause(kind);
        let words = format!("{} ({count})", cause_title(kind));
        if x + legend_width(&words) > strip.right() {
            (x, y) = (strip.left(), y + 1.6 * TICK);
        }
        x = legend(scene, (x, y), &[(Sample::Marker(marker, colour), &words)]);
    }
    y
}
