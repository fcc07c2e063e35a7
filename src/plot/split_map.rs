//! Where the power split works: engine speed over road speed, with the share of the engine's
//! power that takes the electrical path.
//!
//! ```text
//! σ = 1 − ρ·ω_ring/ω_engine        ρ = N_r/(N_s + N_r)
//! ```
//!
//! depends on the ratio of the two speeds only, so that a line of equal share is a straight
//! one through the origin. Bubbles hold the work of the engine: the electrical path's share
//! of a run is the mean of the map over their areas.

use super::axes::{Axis, DOTS, Panel, Sample, legend, number};
use super::bubbles::{self, Bubble};
use super::contour::label_line;
use super::scene::{Align, Point, Scene, Text};
use super::series::way;
use super::theme::{
    BATTERY, BRAKES, CONTOUR, Colour, ENGINE, GREY, INK, LINE, LOSS, MARGIN, Marker, THICK, TICK,
};
use super::{Car, Run, title};
use crate::sim::EngineState;
use crate::units::{kmh_from_mps, mps_from_kmh, rpm_from_rad_s};
use crate::vehicle::Plant;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 726.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 66.0;
/// Below the panel: the axis with its name, and the legend.
const BELOW: f64 = 150.0;
/// Distance of the legend's lines.
const ROW: f64 = 25.0;
/// Shares of the electrical path that have a line, beside the mechanical point.
const SHARES: [f64; 7] = [0.8, 0.6, 0.4, 0.2, -0.2, -0.5, -1.0];
/// Slowest end of the axis, km/h.
const LEAST_KMH: f64 = 60.0;
/// Size of the cells that work is gathered in, km/h and rpm.
const BIN: (f64, f64) = (2.0, 100.0);
/// Length of the pieces that a step's work is spread in, s.
const PIECE_S: f64 = 0.1;
/// Points of a line that may be labelled.
const PIECES: u32 = 120;
/// How much of the shades is seen.
const RECIRCULATES: f64 = 0.13;
const UNREACHED: f64 = 0.45;

/// The panel with the gears that its lines follow from.
struct Map<'a> {
    panel: Panel,
    car: &'a Car<'a>,
    /// Ring speed per road speed, rpm per km/h.
    ring_rpm_per_kmh: f64,
}

/// Work of the burning engine by cell, J. Long steps are spread over their way, so that
/// traces of any step look alike.
fn work(run: &Run<'_>) -> Vec<Bubble> {
    let pairs = run.trace.rows.windows(2).map(|pair| (&pair[0], &pair[1]));
    let done = pairs
        .filter(|(_, row)| row.engine_state == EngineState::On)
        .flat_map(|(before, row)| {
            let dt_s = row.time_s - before.time_s;
            let pieces = (dt_s / PIECE_S).round().max(1.0);
            (0..pieces as u32).map(move |piece| {
                let share = (f64::from(piece) + 0.5) / pieces;
                let between = |from: f64, to: f64| from + share * (to - from);
                Bubble {
                    amount: row.engine_w * dt_s / pieces,
                    x: between(before.speed_kmh, row.speed_kmh),
                    y: between(before.engine_rpm, row.engine_rpm),
                }
            })
        });
    bubbles::gather(done, BIN)
}

fn subtitle(run: &Run<'_>) -> String {
    let summary = run.summary;
    let share = 100.0 * summary.electrical_path_share;
    if !share.is_finite() {
        return "the engine did no work".to_owned();
    }
    let recirculation = if summary.recirculation_s > 0.0 {
        format!(
            "recirculation {} % of its time, {} MJ",
            number(100.0 * summary.recirculation_fraction, 0),
            number(summary.recirculation_j / 1e6, 2)
        )
    } else {
        "no recirculation".to_owned()
    };
    format!(
        "electrical path {} % of the engine's work · {recirculation} · \
         mechanical point of its mean {} rpm at {} km/h",
        number(share, 1),
        number(summary.engine_on_mean_rpm, 0),
        number(summary.mechanical_point_kmh, 0)
    )
}

/// The picture.
pub(super) fn scene(run: &Run<'_>, car: &Car<'_>) -> Scene {
    let mut scene = Scene::new(WIDTH, HEIGHT, format!("{}: split map", title(run.summary)));
    let top = scene.heading(MARGIN, &title(run.summary), &subtitle(run));
    let map = Map::new(run, car, top + 20.0);
    let panel = &map.panel;
    map.shade(&mut scene, &map.beyond(), BRAKES, RECIRCULATES);
    panel.x_grid(&mut scene, 10);
    panel.y_grid(&mut scene, 7);
    panel.x_labels(&mut scene, 10, "road speed, km/h");
    panel.y_name(&mut scene, MARGIN + 8.0, "engine speed, rpm", INK);
    for area in map.unreached() {
        map.shade(&mut scene, &area, LOSS, UNREACHED);
    }
    for share in SHARES {
        map.line_of(&mut scene, share, CONTOUR, 1.0);
    }
    map.engine_speeds(&mut scene);
    let follows_rules = run.summary.control == "rules";
    if follows_rules {
        map.floor(&mut scene);
    }
    for line in way(panel, &run.trace.rows, |r| r.speed_kmh, |r| r.engine_rpm) {
        scene.faint_line(line, ENGINE, 0.75, 0.45);
    }
    let ceiling_kmh = map.engine_off(&mut scene);
    let bubbles = work(run);
    let mut taken = bubbles::draw(&mut scene, panel, &bubbles, ENGINE);
    let mechanical = map.line_of(&mut scene, 0.0, INK, THICK);
    // Its lower half is crossed by the starts.
    let upper = &mechanical[mechanical.len() / 2..];
    label_line(&mut scene, &mut taken, upper, "mechanical point", |_, _| {
        true
    });
    keys(&mut scene, &map, ceiling_kmh, follows_rules, &bubbles);
    scene.panel = Some(map.panel);
    scene
}

/// The legend, in three lines.
fn keys(
    scene: &mut Scene,
    map: &Map<'_>,
    ceiling_kmh: f64,
    follows_rules: bool,
    bubbles: &[Bubble],
) {
    let last = HEIGHT - MARGIN - 6.0;
    legend(
        scene,
        (LEFT, last - 2.0 * ROW),
        &[
            (
                Sample::Line(CONTOUR, LINE),
                "share of the engine's power on the electrical path",
            ),
            (
                Sample::Block(BRAKES, 2.0 * RECIRCULATES),
                "power recirculates: MG1 motors, MG2 generates",
            ),
        ],
    );
    let mg1_rpm = rpm_from_rad_s(map.car.plant.mg1.max_speed_rad_s);
    let mg1 = format!("MG1 beyond {} rpm", number(mg1_rpm, 0));
    let ceiling = format!("engine off up to {} km/h", number(ceiling_kmh, 1));
    let mut entries = vec![
        (Sample::Block(LOSS, UNREACHED), mg1.as_str()),
        (Sample::Dashes(GREY, LINE), "idle and highest engine speed"),
        (Sample::Line(BATTERY, 2.0 * THICK), &ceiling),
    ];
    if follows_rules {
        entries.push((Sample::Dots(INK, LINE), "speed floor of the rules"));
    }
    legend(scene, (LEFT, last - ROW), &entries);
    let x = legend(
        scene,
        (LEFT, last),
        &[(Sample::Line(ENGINE, 0.75), "way of the run")],
    );
    let largest_kj = bubbles::largest(bubbles) / 1e3;
    if largest_kj > 0.0 {
        let words = format!(
            "{} kJ of engine work in {} km/h × {} rpm (area ∝ work)",
            number(largest_kj, usize::from(largest_kj < 10.0)),
            number(BIN.0, 0),
            number(BIN.1, 0)
        );
        bubbles::legend(scene, (x, last), &words, ENGINE);
    }
}

impl<'a> Map<'a> {
    fn new(run: &Run<'_>, car: &'a Car<'a>, top: f64) -> Self {
        let rows = &run.trace.rows;
        let fastest_kmh = rows.iter().map(|r| r.speed_kmh).fold(LEAST_KMH, f64::max);
        let highest_rpm = rpm_from_rad_s(car.plant.engine.max_speed_rad_s);
        Self {
            panel: Panel {
                x: Axis::round((0.0, fastest_kmh), 10, (LEFT, WIDTH - RIGHT)),
                y: Axis::exact(
                    (0.0, (1.04 * highest_rpm / 200.0).ceil() * 200.0),
                    (HEIGHT - BELOW, top),
                ),
            },
            car,
            ring_rpm_per_kmh: rpm_from_rad_s(mps_from_kmh(1.0) * car.plant.ring_rad_per_m),
        }
    }

    fn plant(&self) -> &Plant {
        self.car.plant
    }

    /// Engine speed less the mechanical point's, rpm: the share times the engine's speed.
    fn electrical_rpm(&self, kmh: f64, rpm: f64) -> f64 {
        rpm - self.plant().gearset.ring_share() * self.ring_rpm_per_kmh * kmh
    }

    fn mg1_rpm(&self, kmh: f64, rpm: f64) -> f64 {
        let gears = &self.plant().gearset;
        gears.sun_speed_rad_s(rpm, self.ring_rpm_per_kmh * kmh)
    }

    /// The part of the panel where a linear function of km/h and rpm is positive, by its
    /// corners.
    fn where_positive(&self, of: impl Fn(f64, f64) -> f64) -> Vec<(f64, f64)> {
        let Panel { x, y } = self.panel;
        let corners = [
            (x.low, y.low),
            (x.high, y.low),
            (x.high, y.high),
            (x.low, y.high),
        ];
        let mut area = Vec::new();
        for (index, &from) in corners.iter().enumerate() {
            let to = corners[(index + 1) % corners.len()];
            let (here, there) = (of(from.0, from.1), of(to.0, to.1));
            if here > 0.0 {
                area.push(from);
            }
            if (here > 0.0) != (there > 0.0) {
                let share = here / (here - there);
                area.push((
                    from.0 + share * (to.0 - from.0),
                    from.1 + share * (to.1 - from.1),
                ));
            }
        }
        area
    }

    /// Where power recirculates.
    fn beyond(&self) -> Vec<(f64, f64)> {
        self.where_positive(|kmh, rpm| -self.electrical_rpm(kmh, rpm))
    }

    /// Where MG1 would turn too fast, forwards and backwards.
    fn unreached(&self) -> [Vec<(f64, f64)>; 2] {
        let most_rpm = rpm_from_rad_s(self.plant().mg1.max_speed_rad_s);
        [1.0, -1.0]
            .map(|sign| self.where_positive(|kmh, rpm| sign * self.mg1_rpm(kmh, rpm) - most_rpm))
    }

    fn shade(&self, scene: &mut Scene, area: &[(f64, f64)], colour: Colour, opacity: f64) {
        let corners = area.iter().map(|&(kmh, rpm)| self.panel.point(kmh, rpm));
        scene.area(corners.collect(), colour, opacity);
    }

    /// The line of a share with its label where it leaves the panel.
    fn line_of(&self, scene: &mut Scene, share: f64, colour: Colour, width: f64) -> Vec<Point> {
        let panel = &self.panel;
        let rpm_per_kmh = self.plant().gearset.ring_share() * self.ring_rpm_per_kmh / (1.0 - share);
        let end_kmh = panel.x.high.min(panel.y.high / rpm_per_kmh);
        let line: Vec<Point> = (0..=PIECES)
            .map(|i| end_kmh * f64::from(i) / f64::from(PIECES))
            .map(|kmh| panel.point(kmh, rpm_per_kmh * kmh))
            .collect();
        scene.line(line.clone(), colour, width);
        let words = format!("{} %", number(100.0 * share, 0));
        let (x, y) = panel.point(end_kmh, rpm_per_kmh * end_kmh);
        let mut text = if end_kmh < panel.x.high {
            Text::new((x, y - 6.0), words, TICK).align(Align::Middle)
        } else {
            Text::new((x + 6.0, y), words, TICK).centred()
        };
        text = if width > LINE {
            text.bold()
        } else {
            text.colour(GREY)
        };
        scene.text(text);
        line
    }

    fn level(&self, scene: &mut Scene, rpm: f64) {
        let ends = [self.panel.x.low, self.panel.x.high].map(|kmh| self.panel.point(kmh, rpm));
        scene.dashes(&ends, GREY, LINE, (5.0, 3.0));
    }

    /// The engine's idle speed and its highest.
    fn engine_speeds(&self, scene: &mut Scene) {
        let engine = &self.plant().engine;
        for rad_s in [engine.idle_rad_s, engine.max_speed_rad_s] {
            self.level(scene, rpm_from_rad_s(rad_s));
        }
    }

    /// The engine speed that the rules ask for at least.
    fn floor(&self, scene: &mut Scene) {
        let floor = &self.car.strategy.speed_floor_rad_s;
        let line: Vec<Point> = (0..=PIECES)
            .map(|i| self.panel.x.high * f64::from(i) / f64::from(PIECES))
            .map(|kmh| (kmh, rpm_from_rad_s(floor.at(mps_from_kmh(kmh)))))
            .filter(|(_, rpm)| *rpm <= self.panel.y.high)
            .map(|(kmh, rpm)| self.panel.point(kmh, rpm))
            .collect();
        scene.dashes(&line, INK, LINE, DOTS);
    }

    /// The road speeds at which the engine may rest; the highest, km/h.
    fn engine_off(&self, scene: &mut Scene) -> f64 {
        let reverse_rad_s = self.car.strategy.engine_off_max_mg1_reverse_rad_s;
        let ceiling_kmh = kmh_from_mps(self.plant().engine_off_speed_mps(reverse_rad_s));
        let (from, to) = (
            self.panel.point(0.0, 0.0),
            (self.panel.x.clamped(ceiling_kmh), self.panel.bottom()),
        );
        scene.line(vec![from, to], BATTERY, 2.0 * THICK);
        if ceiling_kmh <= self.panel.x.high {
            scene.marker(Marker::Diamond, to, 6.0, BATTERY);
        }
        ceiling_kmh
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    fn us06() -> Sample {
        let cycle = crate::cycle::find("us06").expect("a shipped cycle");
        Sample::drive(&cycle, 0.65, 88.0)
    }

    #[test]
    fn the_mean_of_the_map_over_the_bubbles_is_the_share_of_the_run() {
        let sample = us06();
        let car = sample.car();
        let map = Map::new(&sample.run(), &car, 60.0);
        let bubbles = work(&sample.run());
        let whole_j: f64 = bubbles.iter().map(|bubble| bubble.amount).sum();
        let share = |bubble: &Bubble| map.electrical_rpm(bubble.x, bubble.y) / bubble.y;
        let electrical_j: f64 = bubbles.iter().map(|b| b.amount * share(b)).sum();
        assert!((electrical_j / whole_j - sample.summary.electrical_path_share).abs() < 0.002);
    }

    #[test]
    fn shades_end_where_mg1_stands_still_and_where_it_turns_as_fast_as_it_may() {
        let sample = us06();
        let car = sample.car();
        let map = Map::new(&sample.run(), &car, 60.0);
        let most_rpm = rpm_from_rad_s(car.plant.mg1.max_speed_rad_s);
        let mg1_rpm = |area: &[(f64, f64)]| -> Vec<f64> {
            area.iter()
                .map(|&(kmh, rpm)| map.mg1_rpm(kmh, rpm))
                .collect()
        };
        let backwards = mg1_rpm(&map.beyond());
        assert!(backwards.iter().all(|rpm| *rpm < 1e-6));
        assert_eq!(backwards.iter().filter(|rpm| rpm.abs() < 1e-6).count(), 2);
        let [forwards, none] = map.unreached();
        let too_fast = mg1_rpm(&forwards);
        assert!(too_fast.iter().all(|rpm| *rpm > most_rpm - 1e-6));
        let border = too_fast.iter().filter(|rpm| (*rpm - most_rpm).abs() < 1e-6);
        assert_eq!((border.count(), none.len()), (2, 0));
    }
}
