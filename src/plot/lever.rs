//! The lever diagram at moments of a run: MG1, engine and ring at distances as the teeth have,
//! so that their speeds lie on one straight line.
//!
//! ```text
//! z_s·ω_s + z_r·ω_r = (z_s + z_r)·ω_c        (Willis)
//! distance sun to carrier : carrier to ring = z_r : z_s
//! ```
//!
//! Bars are the speeds a shaft may turn at, arrows the torques on it; MG2's is the one it has on
//! the ring. After Benford and Leising, The Lever Analogy, SAE 810102 (1981).

use super::axes::{Axis, Panel, Sample, legend, number};
use super::scene::{Align, Scene, Text};
use super::theme::{
    BRAKES, Colour, ENGINE, GREY, INK, LABEL, LINE, MARGIN, MG1, MG2, RULE, SMALL, THICK, THIN,
};
use super::{Car, Run, title};
use crate::sim::{EngineState, TraceRow};
use crate::units::rpm_from_rad_s;

const COLUMNS: usize = 3;
/// Size of a moment's part of the picture.
const PART: (f64, f64) = (312.0, 300.0);
/// Places in it: axis of MG1, axis of the ring, top and bottom of the plot.
const SUN_X: f64 = 92.0;
const RING_X: f64 = 276.0;
const TOP: f64 = 62.0;
const BOTTOM: f64 = 232.0;
const Y_TICKS: usize = 6;
/// Width and opacity of the bars of speeds allowed.
const BAR: f64 = 9.0;
const BAR_SHADE: f64 = 0.22;
/// Longest arrow and its head, pixels; shorter ones than the head are not drawn.
const LONGEST_ARROW: f64 = 44.0;
const HEAD: f64 = 4.5;
const DISC: f64 = 5.5;
/// Room beyond the speeds shown.
const ROOM: f64 = 1.08;
/// Below this it stands, km/h.
const STANDS_KMH: f64 = 0.5;

/// A row worth looking at, and what it is.
type Moment<'a> = (&'static str, &'a TraceRow);

/// The row among those of a kind at which a figure is largest.
fn largest(
    rows: &[TraceRow],
    kind: impl Fn(&TraceRow) -> bool,
    figure: impl Fn(&TraceRow) -> f64,
) -> Option<&TraceRow> {
    let of_kind = rows.iter().skip(1).filter(|row| kind(row));
    of_kind.max_by(|a, b| figure(a).total_cmp(&figure(b)))
}

/// Moments that show what the gears can do; those that a run does not have are left out.
fn moments(rows: &[TraceRow]) -> Vec<Moment<'_>> {
    use EngineState::{Cranking, Off, On};
    let moves = |row: &TraceRow| row.speed_kmh > STANDS_KMH;
    let candidates = [
        (
            "electric, at its fastest",
            // Rests over the whole step, and is not just coming to rest.
            largest(
                rows,
                |r| r.engine_state == Off && r.engine_torque_nm == 0.0 && moves(r),
                |r| r.speed_kmh,
            ),
        ),
        (
            "MG1 cranks the engine",
            largest(rows, |r| r.engine_state == Cranking, |r| r.mg1_torque_nm),
        ),
        (
            "most power of the engine",
            largest(rows, |r| r.engine_state == On, |r| r.engine_w),
        ),
        (
            "MG1 at its fastest backwards, burning",
            largest(
                rows,
                |r| r.engine_state == On && r.mg1_rpm < 0.0,
                |r| -r.mg1_rpm,
            ),
        ),
        (
            "hardest recovery",
            largest(
                rows,
                |r| moves(r) && r.battery_w < 0.0,
                |r| -r.mg2_electric_w.min(0.0),
            ),
        ),
        ("fastest road speed", largest(rows, moves, |r| r.speed_kmh)),
    ];
    let mut moments: Vec<Moment<'_>> = Vec::new();
    for (name, row) in candidates {
        if let Some(row) = row
            && moments.iter().all(|(_, other)| !std::ptr::eq(*other, row))
        {
            moments.push((name, row));
        }
    }
    if moments.is_empty() {
        // A car that never moves.
        moments.extend(rows.last().map(|row| ("at rest", row)));
    }
    moments
}

/// A shaft of the diagram.
struct Shaft {
    name: &'static str,
    colour: Colour,
    /// Share of the way from the sun to the ring.
    along: f64,
    /// Speeds allowed, rpm.
    limits: (f64, f64),
    /// Speed, rpm, and torque, N·m.
    of: fn(&TraceRow, f64) -> (f64, f64),
}

/// MG1, engine and ring of a car.
fn shafts(car: &Car<'_>) -> [Shaft; 3] {
    let plant = car.plant;
    // The sun's speed at a ring speed of one with the carrier at rest is −z_r/z_s.
    let ring_per_sun = -plant.gearset.sun_speed_rad_s(0.0, 1.0);
    let mg1_rpm = rpm_from_rad_s(plant.mg1.max_speed_rad_s);
    let ring_rpm = rpm_from_rad_s(plant.mg2.max_speed_rad_s) / plant.gearset.mg2_ratio;
    let engine_rpm = rpm_from_rad_s(plant.engine.max_speed_rad_s);
    [
        Shaft {
            name: "MG1",
            colour: MG1,
            along: 0.0,
            limits: (-mg1_rpm, mg1_rpm),
            of: |row, _| (row.mg1_rpm, row.mg1_torque_nm),
        },
        Shaft {
            name: "engine",
            colour: ENGINE,
            along: ring_per_sun / (1.0 + ring_per_sun),
            limits: (rpm_from_rad_s(plant.engine.idle_rad_s), engine_rpm),
            of: |row, _| (row.engine_rpm, row.engine_torque_nm),
        },
        Shaft {
            name: "ring",
            colour: MG2,
            along: 1.0,
            limits: (-ring_rpm, ring_rpm),
            of: |row, ratio| (row.mg2_rpm / ratio, row.mg2_torque_nm * ratio),
        },
    ]
}

/// What all parts of the picture share.
struct Look {
    shafts: [Shaft; 3],
    mg2_ratio: f64,
    /// MG1's speed at which the control no longer lets the engine rest, rpm.
    ceiling_rpm: f64,
    /// Speeds shown, rpm.
    span_rpm: (f64, f64),
    largest_nm: f64,
}

impl Look {
    fn new(car: &Car<'_>, moments: &[Moment<'_>]) -> Self {
        let shafts = shafts(car);
        let mg2_ratio = car.plant.gearset.mg2_ratio;
        let ceiling_rpm = -rpm_from_rad_s(car.strategy.engine_off_max_mg1_reverse_rad_s);
        let points = moments
            .iter()
            .flat_map(|(_, row)| shafts.iter().map(|shaft| (shaft.of)(row, mg2_ratio)));
        let begin = (ceiling_rpm, shafts[1].limits.1, 1.0);
        let (low, high, largest_nm) = points.fold(begin, |(low, high, nm), (rpm, torque_nm)| {
            (rpm.min(low), rpm.max(high), torque_nm.abs().max(nm))
        });
        Self {
            shafts,
            mg2_ratio,
            ceiling_rpm,
            span_rpm: (ROOM * low, ROOM * high),
            largest_nm,
        }
    }

    /// One moment at a place.
    fn draw(&self, scene: &mut Scene, (left, top): (f64, f64), (name, row): &Moment<'_>) {
        let panel = Panel {
            x: Axis::exact((0.0, 1.0), (left + SUN_X, left + RING_X)),
            y: Axis::exact(self.span_rpm, (top + BOTTOM, top + TOP)),
        };
        scene.text(Text::new((left, top + 14.0), *name, LABEL).bold());
        let said = format!(
            "{} s · {} km/h · MG2 {} rpm",
            number(row.time_s, 1),
            number(row.speed_kmh, 1),
            number(row.mg2_rpm, 0)
        );
        scene.text(Text::new((left, top + 31.0), said, SMALL).colour(GREY));
        panel.y_grid(scene, Y_TICKS);
        for shaft in &self.shafts {
            self.axis(scene, &panel, shaft);
        }
        let y = panel.y.clamped(self.ceiling_rpm);
        scene.line(
            vec![(panel.left() - 13.0, y), (panel.left() + 13.0, y)],
            BRAKES,
            THICK,
        );

        let points = self.shafts.each_ref().map(|shaft| {
            let (rpm, torque_nm) = (shaft.of)(row, self.mg2_ratio);
            (panel.point(shaft.along, rpm), rpm, torque_nm, shaft)
        });
        scene.line(vec![points[0].0, points[2].0], INK, THICK);
        for (at, rpm, torque_nm, shaft) in points {
            self.arrow(scene, &panel, at, torque_nm, shaft.colour);
            scene.disc(at, DISC, shaft.colour, 1.0);
            for (line, figure) in [rpm, torque_nm].into_iter().enumerate() {
                let place = (at.0, panel.bottom() + 20.0 + 16.0 * line as f64);
                let text = Text::new(place, number(figure, 0), SMALL);
                scene.text(text.align(Align::Middle));
            }
        }
        for (line, unit) in ["rpm", "N·m"].into_iter().enumerate() {
            let place = (left, panel.bottom() + 20.0 + 16.0 * line as f64);
            scene.text(Text::new(place, unit, SMALL).colour(GREY));
        }
    }

    /// The axis of a shaft with the speeds it may turn at.
    fn axis(&self, scene: &mut Scene, panel: &Panel, shaft: &Shaft) {
        let x = panel.x.at(shaft.along);
        scene.line(vec![(x, panel.top()), (x, panel.bottom())], RULE, THIN);
        let (from, to) = shaft.limits;
        let (low, high) = (panel.y.clamped(from), panel.y.clamped(to));
        let half = 0.5 * BAR;
        scene.rectangle((x - half, high), (x + half, low), shaft.colour, BAR_SHADE);
        for (rpm, y) in [(from, low), (to, high)] {
            if (self.span_rpm.0..=self.span_rpm.1).contains(&rpm) {
                scene.line(vec![(x - BAR, y), (x + BAR, y)], shaft.colour, LINE);
            }
        }
        let name = Text::new((x, panel.top() - 8.0), shaft.name, SMALL);
        scene.text(name.align(Align::Middle));
    }

    /// A torque as an arrow from a point, kept inside of the panel.
    fn arrow(
        &self,
        scene: &mut Scene,
        panel: &Panel,
        (x, y): (f64, f64),
        torque_nm: f64,
        colour: Colour,
    ) {
        let length = LONGEST_ARROW * torque_nm / self.largest_nm;
        let tip = (y - length).clamp(panel.top(), panel.bottom());
        if (tip - y).abs() < HEAD + DISC {
            return;
        }
        let back = tip + HEAD * (y - tip).signum();
        scene.line(vec![(x, y), (x, tip)], colour, THICK);
        scene.line(
            vec![(x - HEAD, back), (x, tip), (x + HEAD, back)],
            colour,
            THICK,
        );
    }
}

/// The picture.
pub(super) fn scene(run: &Run<'_>, car: &Car<'_>) -> Scene {
    let moments = moments(&run.trace.rows);
    let look = Look::new(car, &moments);
    let lines = moments.len().div_ceil(COLUMNS) as f64;
    let width = 2.0 * MARGIN + COLUMNS as f64 * PART.0;
    let words = format!("{}: lever diagrams", title(run.summary));
    let mut scene = Scene::new(width, 0.0, words);
    let said = "speeds of MG1, engine and ring on one line at moments of the run, with the torques on them";
    let top = scene.heading(MARGIN, &title(run.summary), said);
    for (index, moment) in moments.iter().enumerate() {
        let (column, line) = (index % COLUMNS, index / COLUMNS);
        let place = (MARGIN + column as f64 * PART.0, top + line as f64 * PART.1);
        look.draw(&mut scene, place, moment);
    }
    let below = top + lines * PART.1 + 4.0;
    let longest = format!(
        "torque on the shaft (longest {} N·m)",
        number(look.largest_nm, 0)
    );
    legend(
        &mut scene,
        (MARGIN, below),
        &[
            (Sample::Line(INK, THICK), "lever"),
            (Sample::Block(MG1, BAR_SHADE), "speeds allowed"),
            (
                Sample::Line(BRAKES, THICK),
                "MG1's limit with the engine at rest",
            ),
            (Sample::Line(ENGINE, THICK), &longest),
        ],
    );
    scene.height = below + MARGIN;
    scene
}

#[cfg(test)]
mod tests {
    use super::super::sample::all;
    use super::*;

    /// Willis' equation as a picture: the engine's point lies on the line from MG1 to the ring.
    #[test]
    fn the_lever_is_straight_at_every_moment_of_every_run() {
        for (name, sample) in all() {
            let run = sample.run();
            let car = sample.car();
            let [sun, carrier, ring] = shafts(&car);
            let ratio = car.plant.gearset.mg2_ratio;
            for (moment, row) in moments(&run.trace.rows) {
                let rpm = |shaft: &Shaft| (shaft.of)(row, ratio).0;
                let on_line = rpm(&sun) + carrier.along * (rpm(&ring) - rpm(&sun));
                let off = (on_line - rpm(&carrier)).abs();
                assert!(
                    off < 1e-6 * (1.0 + rpm(&sun).abs()),
                    "{name}, {moment}: {off}"
                );
            }
        }
    }

    #[test]
    fn no_moment_is_shown_twice() {
        for (name, sample) in all() {
            let run = sample.run();
            let moments = moments(&run.trace.rows);
            let mut times: Vec<f64> = moments.iter().map(|(_, row)| row.time_s).collect();
            times.sort_by(f64::total_cmp);
            times.dedup();
            assert_eq!(times.len(), moments.len(), "{name}");
            assert!(!moments.is_empty(), "{name}");
        }
    }
}
