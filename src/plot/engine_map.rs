//! Operating points of the engine over its map of specific fuel consumption.
//!
//! Bubbles hold the fuel burnt near a point; lines of equal consumption, the full load,
//! the line of least fuel for every power and the lines of equal power are those of the
//! warm engine as the kernel has it.

use super::axes::{Axis, DOTS, Panel, Sample, legend, number};
use super::bubbles::{self, Bubble};
use super::contour::{Frame, Grid, label_line};
use super::scene::{Point, Scene, Text};
use super::theme::{
    BATTERY, CONTOUR, ENGINE, GREY, INK, LINE, MARGIN, MG2, Marker, POWER, THICK, TICK, WHITE,
};
use super::{Car, Run, title};
use crate::sim::EngineState;
use crate::units::{bsfc_g_per_kwh, rad_s_from_rpm, rpm_from_rad_s};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 690.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 70.0;
/// Cells of the grid that consumption is sampled on.
const CELLS: (usize, usize) = (140, 100);
/// Lowest share of full load that lines of consumption reach.
const LEAST_LOAD: f64 = 0.06;
/// Size of the cells that points are gathered in, rpm and N·m.
const BIN: (f64, f64) = (100.0, 5.0);
/// Lines of equal consumption above the best: distance in percent.
const LEVELS: [f64; 10] = [1.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 50.0, 80.0, 120.0];

/// Fuel burnt by cell, each at its mean speed and torque, the largest first.
fn fuel(run: &Run<'_>) -> Vec<Bubble> {
    let burnt = run.trace.rows.windows(2).filter_map(|pair| {
        let (before, row) = (&pair[0], &pair[1]);
        let works = row.engine_state == EngineState::On && row.engine_torque_nm > 0.0;
        works.then_some(Bubble {
            amount: row.fuel_g_s * (row.time_s - before.time_s),
            x: 0.5 * (before.engine_rpm + row.engine_rpm),
            y: row.engine_torque_nm,
        })
    });
    bubbles::gather(burnt, BIN)
}

fn subtitle(run: &Run<'_>, car: &Car<'_>) -> String {
    let best = 100.0 * car.plant.engine.best.efficiency;
    let mean = 100.0 * run.summary.engine_mean_efficiency;
    if mean.is_finite() {
        format!(
            "mean efficiency of the engine {} %, best point {} % · {} g of fuel",
            number(mean, 1),
            number(best, 1),
            number(run.summary.fuel_g, 0)
        )
    } else {
        format!("no fuel was burnt · best point {} %", number(best, 1))
    }
}

/// The picture.
pub(super) fn scene(run: &Run<'_>, car: &Car<'_>) -> Scene {
    let engine = &car.plant.engine;
    let mut scene = Scene::new(WIDTH, HEIGHT, format!("{}: engine map", title(run.summary)));
    let top = scene.heading(MARGIN, &title(run.summary), &subtitle(run, car));
    let highest = (0..=100)
        .map(|i| engine.full_load_nm(engine.max_speed_rad_s * f64::from(i) / 100.0))
        .fold(0.0, f64::max);
    let low_rpm = rpm_from_rad_s(engine.firing_rad_s.min(engine.idle_rad_s));
    let panel = Panel {
        x: Axis::exact(
            (
                (low_rpm / 200.0).floor() * 200.0,
                (rpm_from_rad_s(engine.max_speed_rad_s) / 200.0).ceil() * 200.0,
            ),
            (LEFT, WIDTH - RIGHT),
        ),
        y: Axis::exact((0.0, 1.1 * highest), (HEIGHT - 108.0, top + 8.0)),
    };
    panel.x_grid(&mut scene, 8);
    panel.y_grid(&mut scene, 7);
    panel.x_labels(&mut scene, 8, "engine speed, rpm");
    panel.y_name(&mut scene, MARGIN + 8.0, "engine torque, N·m", INK);
    powers(&mut scene, &panel, car);
    let lines = consumption(&mut scene, &panel, car);
    let bubbles = fuel(run);
    let largest_g = bubbles::largest(&bubbles);
    let mut taken = bubbles::draw(&mut scene, &panel, &bubbles, ENGINE);
    let full = full_load_and_line(&mut scene, &panel, car);
    taken.push(best_point(&mut scene, &panel, car));
    for (level, line) in &lines {
        let clear = |at: Point, half: f64| {
            let away = |point: &Point| (point.0 - at.0).hypot(point.1 - at.1);
            full.iter().all(|point| away(point) > half + 6.0)
        };
        label_line(&mut scene, &mut taken, line, &number(*level, 0), clear);
    }
    let y = HEIGHT - MARGIN - 12.0;
    let x = legend(
        &mut scene,
        (LEFT, y),
        &[
            (Sample::Line(INK, THICK), "full load"),
            (Sample::Dashes(MG2, THICK), "least fuel for each power"),
            (Sample::Line(CONTOUR, LINE), "g/kWh"),
            (Sample::Dots(POWER, 1.25 * LINE), "equal power"),
        ],
    );
    if largest_g > 0.0 {
        let words = format!(
            "{} g of fuel in {} rpm × {} N·m (area ∝ fuel)",
            number(largest_g, usize::from(largest_g < 10.0)),
            number(BIN.0, 0),
            number(BIN.1, 0)
        );
        bubbles::legend(&mut scene, (x, y), &words, ENGINE);
    }
    scene.panel = Some(panel);
    scene
}

/// Lines of equal power with their labels at the right and upper edge.
fn powers(scene: &mut Scene, panel: &Panel, car: &Car<'_>) {
    let top_kw = car.plant.engine.max_power_w / 1e3;
    for kw in (1..)
        .map(|i| 10.0 * f64::from(i))
        .take_while(|kw| *kw <= top_kw + 10.0)
    {
        let torque = |rpm: f64| 1e3 * kw / rad_s_from_rpm(rpm);
        let line: Vec<Point> = (0..=200)
            .map(|i| panel.x.low + (panel.x.high - panel.x.low) * f64::from(i) / 200.0)
            .filter(|&rpm| torque(rpm) <= panel.y.high)
            .map(|rpm| panel.point(rpm, torque(rpm)))
            .collect();
        if let Some(end) = line.last().copied() {
            scene.dashes(&line, POWER, 1.25, DOTS);
            let words = format!("{} kW", number(kw, 0));
            scene.text(
                Text::new((end.0 + 6.0, end.1), words, TICK)
                    .colour(GREY)
                    .centred(),
            );
        }
    }
}

/// Draws lines of equal consumption; returns each in pixels with its level in g/kWh.
fn consumption(scene: &mut Scene, panel: &Panel, car: &Car<'_>) -> Vec<(f64, Vec<Point>)> {
    let engine = &car.plant.engine;
    let (low, high) = (
        rad_s_from_rpm(panel.x.low).max(engine.firing_rad_s),
        engine.max_speed_rad_s,
    );
    let lhv_mj_per_kg = car.fuel.lhv_j_per_kg / 1e6;
    // Rows are shares of full load: lines end on it, not on steps of a raster.
    let place = |column: f64, row: f64| {
        let speed = low + (high - low) * column / (CELLS.0 - 1) as f64;
        let load = LEAST_LOAD + (1.0 - LEAST_LOAD) * row / (CELLS.1 - 1) as f64;
        (speed, load * engine.full_load_nm(speed))
    };
    let grid = Grid::sample(CELLS, |column, row| {
        let (speed, torque) = place(column as f64, row as f64);
        bsfc_g_per_kwh(engine.efficiency(speed, torque), lhv_mj_per_kg)
    });
    let best = bsfc_g_per_kwh(engine.best.efficiency, lhv_mj_per_kg);
    let mut lines = Vec::new();
    let mut before = best;
    for above in LEVELS {
        // Round figures: to 1 g/kWh near the best, to 5 and 10 farther off.
        let exact = best * (1.0 + above / 100.0);
        let step = if above < 4.0 {
            1.0
        } else if above < 25.0 {
            5.0
        } else {
            10.0
        };
        let level = (exact / step).round() * step;
        if level <= before {
            continue;
        }
        before = level;
        for line in grid.lines(level) {
            let line: Vec<Point> = line
                .into_iter()
                .map(|(column, row)| {
                    let (speed, torque) = place(column, row);
                    panel.point(rpm_from_rad_s(speed), torque)
                })
                .collect();
            scene.line(line.clone(), CONTOUR, 1.0);
            lines.push((level, line));
        }
    }
    lines
}

/// Draws the full load and the line of least fuel; returns the full load in pixels.
fn full_load_and_line(scene: &mut Scene, panel: &Panel, car: &Car<'_>) -> Vec<Point> {
    let engine = &car.plant.engine;
    let (low, high) = (
        rad_s_from_rpm(panel.x.low).max(engine.firing_rad_s),
        engine.max_speed_rad_s,
    );
    let full: Vec<Point> = (0..=160)
        .map(|i| low + (high - low) * f64::from(i) / 160.0)
        .map(|speed| panel.point(rpm_from_rad_s(speed), engine.full_load_nm(speed)))
        .collect();
    scene.line(full.clone(), INK, THICK);
    let best: Vec<Point> = (0..=200)
        .map(|i| engine.max_power_w * f64::from(i) / 200.0)
        .map(|power| (engine.line_speed_rad_s(power), power))
        .map(|(speed, power)| panel.point(rpm_from_rad_s(speed), power / speed))
        .collect();
    scene.dashes(&best, MG2, THICK, (8.0, 4.0));
    full
}

/// Marks the best point; returns the rectangle that its label takes.
fn best_point(scene: &mut Scene, panel: &Panel, car: &Car<'_>) -> Frame {
    let best = &car.plant.engine.best;
    let lhv_mj_per_kg = car.fuel.lhv_j_per_kg / 1e6;
    let at = panel.point(rpm_from_rad_s(best.speed_rad_s), best.torque_nm);
    scene.marker(Marker::Diamond, at, 6.5, WHITE);
    scene.marker(Marker::Diamond, at, 5.0, BATTERY);
    let words = format!(
        "best {} g/kWh",
        number(bsfc_g_per_kwh(best.efficiency, lhv_mj_per_kg), 0)
    );
    let place = (at.0 + 8.0, at.1 + 15.0);
    let text = Text::new(place, words, TICK).bold().centred();
    let (from, to) = (
        (place.0 - 2.0, place.1 - 8.0),
        (place.0 + 2.0 + text.width(), place.1 + 8.0),
    );
    scene.rectangle(from, to, WHITE, 0.85);
    scene.text(text);
    (from, to)
}
