//! How fast the car goes with its engine at rest: shaft speeds over road speed, every
//! limit where it would bind, and what a run did.
//!
//! With the engine at rest the gears leave no choice: MG1 turns backwards and MG2
//! forwards in proportion to the road speed. The thin lines are those; the thick ones
//! are the run.

use super::axes::{Axis, Panel, Sample, legend, number};
use super::scene::{Align, Scene, Text};
use super::series::{range, way};
use super::theme::{
    BATTERY, BRAKES, Colour, ENGINE, GREY, INK, LINE, MARGIN, MG1, MG2, Marker, RULE, SUBTITLE,
    THICK, THIN, TICK, cause, cause_title,
};
use super::{Car, Run, key_figures, title};
use crate::control::StartCause;
use crate::sim::{Trace, TraceRow};
use crate::units::{kmh_from_mps, mps_from_kmh, rpm_from_rad_s};
use crate::vehicle::Plant;

const WIDTH: f64 = 960.0;
const PLOT_HEIGHT: f64 = 420.0;
const LEFT: f64 = 84.0;
/// Height of a limit's line of text.
const ROW: f64 = 19.0;
/// Height of the numbers above the plot with their leaders, and their least distance.
const NUMBERS: f64 = 40.0;
const APART: f64 = 16.0;
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
    let mut top = scene.heading(MARGIN, &plot.title, &typeset(&plot.subtitle));
    if let Some(note) = &plot.note {
        let words = typeset(note);
        scene.text(Text::new((MARGIN, top + 5.0), words, SUBTITLE).colour(GREY));
        top += 5.0 + 1.2 * SUBTITLE;
    }
    let list_end = list(&mut scene, &at, top + 4.0);
    let panel = panel(plot, rows, &at, list_end + NUMBERS);
    panel.x_grid(&mut scene, 10);
    panel.y_grid(&mut scene, 8);
    panel.x_labels(&mut scene, 10, "road speed, km/h");
    panel.y_name(&mut scene, MARGIN + 8.0, "shaft speed, rpm", INK);
    number_lines(&mut scene, &panel, &at);
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
        for line in way(&panel, rows, |row| row.speed_kmh, value) {
            scene.line(line, colour, width);
        }
    }
    let start = plot
        .start
        .filter(|start| start.cause != StartCause::SpeedCeiling);
    let mut start_words = String::new();
    if let Some(start) = &start {
        let place = panel.point(start.speed_kmh, start.mg1_rpm);
        let (marker, colour) = cause(start.cause);
        scene.marker(marker, place, 6.0, colour);
        start_words = format!("engine starts: {}", cause_title(start.cause));
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
    if let Some(start) = &start {
        let (marker, colour) = cause(start.cause);
        entries.push((Sample::Marker(marker, colour), &start_words));
    }
    legend(&mut scene, (LEFT, y), &entries);
    if !never.is_empty() {
        y += 1.7 * TICK;
        let words = format!("Without a speed: {}", typeset(&never.join(", ")));
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

/// The limits as a numbered list, the lowest speed first; where it ends.
fn list(scene: &mut Scene, at: &[(&Limit, f64)], top: f64) -> f64 {
    for (index, (limit, kmh)) in at.iter().enumerate() {
        let y = top + ROW * (index as f64 + 0.7);
        let shaft = limit.value_rpm.filter(|_| !limit.name.contains(" rpm"));
        let shaft = shaft.map_or(String::new(), |rpm| format!(" ({} rpm)", number(rpm, 0)));
        let cells = [
            (LEFT, Align::End, (index + 1).to_string()),
            (LEFT + 84.0, Align::End, format!("{} km/h", number(*kmh, 1))),
            (LEFT + 100.0, Align::Start, typeset(&limit.name) + &shaft),
        ];
        for (x, align, words) in cells {
            let mut text = Text::new((x, y), words, TICK).align(align);
            if limit.binds {
                text = text.colour(BRAKES).bold();
            }
            scene.text(text);
        }
    }
    top + ROW * at.len() as f64
}

/// The lines of the limits with their numbers above the plot, which keep apart.
fn number_lines(scene: &mut Scene, panel: &Panel, at: &[(&Limit, f64)]) {
    let mut places: Vec<f64> = at.iter().map(|(_, kmh)| panel.x.at(*kmh)).collect();
    for index in 1..places.len() {
        places[index] = places[index].max(places[index - 1] + APART);
    }
    let mut right = panel.right() + APART;
    for place in places.iter_mut().rev() {
        *place = place.min(right - APART);
        right = *place;
    }
    let foot = panel.top() - NUMBERS + 1.3 * TICK;
    for (index, ((limit, kmh), place)) in at.iter().zip(places).enumerate() {
        let (shade, width) = if limit.binds {
            (BRAKES, LINE)
        } else {
            (RULE, THIN)
        };
        let x = panel.x.at(*kmh);
        let line = vec![(place, foot), (x, panel.top()), (x, panel.bottom())];
        scene.line(line, shade, width);
        let text = Text::new((place, foot - 4.0), (index + 1).to_string(), TICK);
        scene.text(if limit.binds {
            text.align(Align::Middle).colour(BRAKES).bold()
        } else {
            text.align(Align::Middle)
        });
    }
}

/// Words of a terminal as a picture writes them: true minus, thousands apart, no
/// backquotes and none of the underscores between them.
fn typeset(words: &str) -> String {
    let mut text = String::new();
    for (index, part) in words.split('`').enumerate() {
        if index % 2 == 1 {
            text.push_str(&part.replace('_', " ").replace("soc", "SOC"));
            continue;
        }
        let mut rest = part;
        while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
            let (before, digits) = rest.split_at(begin);
            let end = digits
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(digits.len());
            match before.strip_suffix('-') {
                Some(words) if words.is_empty() || words.ends_with(' ') => {
                    text.push_str(words);
                    text.push('\u{2212}');
                }
                _ => text.push_str(before),
            }
            let (whole, after) = digits.split_at(end);
            match whole.parse::<f64>() {
                Ok(value) if !text.ends_with('.') && !whole.starts_with('0') => {
                    text.push_str(&number(value, 0));
                }
                _ => text.push_str(whole),
            }
            rest = after;
        }
        text.push_str(rest);
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

#[cfg(test)]
mod tests {
    use super::typeset;

    #[test]
    fn words_of_a_terminal_are_set_for_a_picture() {
        assert_eq!(
            typeset("by `speed_ceiling` after 144 s, MG1 -13693 rpm, 0.05"),
            "by speed ceiling after 144 s, MG1 \u{2212}13\u{2009}693 rpm, 0.05"
        );
        assert_eq!(
            typeset("prius-2010, 13500.12345"),
            "prius-2010, 13\u{2009}500.12345"
        );
    }
}
