//! What is passed over in the search is not missed: every grid looked through whole.

#![allow(clippy::float_cmp)] // the same points, not near ones

use super::search::{LINE_CELLS, LINE_STEPS, SEARCH_STEPS};
use super::*;
use crate::map::Surface;
use proptest::prelude::*;

/// Shapes of a Willans map, physical and odd, over two shapes of full load.
fn willans() -> impl Strategy<Value = Engine> {
    let map = (
        (15.0..60.0_f64, -4.0..6.0_f64, 0.3..2.0_f64),
        -0.1..0.1_f64,
        (0.0..1.0_f64, 0.0..50.0_f64),
    );
    let limits = (prop::bool::ANY, 20e3..75e3_f64);
    (map, limits).prop_map(|((loss, slope, enrichment), (dip, max_power_w))| {
        let file = crate::config::load("levin-hybrid", &[]).expect("a shipped vehicle");
        let mut engine = file.vehicle().engine.clone();
        engine.max_power_w = max_power_w;
        engine.fuel_map = FuelMap::Willans {
            peak_efficiency: 0.38,
            loss_nm: [loss.0, loss.1, loss.2],
            efficiency_per_krpm: slope,
            reference_krpm: 2.2,
            enrichment_from: enrichment.0,
            enrichment: enrichment.1,
        };
        if dip {
            let speeds = vec![80.0, 200.0, 260.0, 330.0, 545.0];
            let torques = vec![110.0, 142.0, 90.0, 141.0, 128.0];
            engine.full_load_nm = Curve::new(speeds, torques).expect("a curve");
        }
        engine
    })
}

/// The same engine measured on a grid, with some noise.
fn measured(engine: &Engine) -> Engine {
    let axis = |last: f64| (0..=20).map(move |step| last * f64::from(step) / 20.0);
    let (speeds, torques): (Vec<f64>, Vec<f64>) = (axis(545.0).collect(), axis(150.0).collect());
    let mut values = Vec::new();
    for (row, &speed) in speeds.iter().enumerate() {
        let at = engine.at_speed(speed);
        for (column, &torque) in torques.iter().enumerate() {
            let noise = 1.0 + 0.01 * f64::from((row * 7 + column * 5) as u32 % 11);
            values.push(2.5 * noise * at.relative_fuel_w(torque));
        }
    }
    Engine {
        fuel_map: FuelMap::Table(Surface::new(speeds, torques, values).expect("a grid")),
        ..engine.clone()
    }
}

/// The best point between two speeds and two shares of full load.
fn best_of_all(engine: &Engine, speeds: (f64, f64), loads: (f64, f64)) -> OperatingPoint {
    let steps = SEARCH_STEPS as f64;
    let mut best: Option<OperatingPoint> = None;
    for row in 0..=SEARCH_STEPS {
        let speed = speeds.0 + (speeds.1 - speeds.0) * row as f64 / steps;
        for column in 1..=SEARCH_STEPS {
            let load = loads.0 + (loads.1 - loads.0) * column as f64 / steps;
            let torque = engine.full_load_nm.at(speed) * load;
            let efficiency = speed * torque / engine.at_speed(speed).relative_fuel_w(torque);
            if best.is_none_or(|best| efficiency > best.efficiency) {
                best = Some(OperatingPoint {
                    speed_rad_s: speed,
                    torque_nm: torque,
                    efficiency,
                });
            }
        }
    }
    best.expect("a point")
}

/// Speeds of the operating line.
fn line_of_all(engine: &Engine, max_power_w: f64) -> Vec<f64> {
    let (low, high) = (engine.idle_rad_s, engine.max_speed_rad_s());
    let speed = |step: usize| low + (high - low) * step as f64 / LINE_STEPS as f64;
    let speeds: Vec<f64> = (0..=LINE_STEPS).map(speed).collect();
    let most_w = |speed: f64| speed * engine.full_load_nm.at(speed);
    let strongest = speeds
        .iter()
        .fold(low, |a, &b| if most_w(b) > most_w(a) { b } else { a });
    let mut floor = low;
    let mut line = Vec::new();
    for node in 0..=LINE_CELLS {
        let power = max_power_w * node as f64 / LINE_CELLS as f64;
        let mut best = (strongest, f64::INFINITY);
        for &speed in &speeds {
            if speed >= floor && power <= most_w(speed) + 1e-6 {
                let fuel_w = engine.at_speed(speed).relative_fuel_w(power / speed);
                if fuel_w < best.1 {
                    best = (speed, fuel_w);
                }
            }
        }
        floor = best.0;
        line.push(floor);
    }
    line
}

fn finds_what_the_whole_grid_holds(engine: &Engine) {
    let (low, high) = (engine.firing_rad_s, engine.max_speed_rad_s());
    let coarse = best_of_all(engine, (low, high), (0.0, 1.0));
    let (speed, load) = (
        (high - low) / SEARCH_STEPS as f64,
        1.0 / SEARCH_STEPS as f64,
    );
    let around = (
        (coarse.speed_rad_s - speed).max(low),
        (coarse.speed_rad_s + speed).min(high),
    );
    let at = coarse.torque_nm / engine.full_load_nm.at(coarse.speed_rad_s);
    let best = best_of_all(engine, around, (at - load, (at + load).min(1.0)));
    assert_eq!(search::best_point(engine), best);

    let line = search::operating_line(engine);
    let speeds = line_of_all(engine, line.max_power_w);
    let expected = UniformCurve::through(0.0, line.max_power_w, &speeds);
    assert_eq!(line.speed_rad_s, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn best_point_and_line_of_a_formula_are_those_of_the_whole_grid(engine in willans()) {
        finds_what_the_whole_grid_holds(&engine);
    }

    #[test]
    fn best_point_and_line_of_a_measured_map_are_those_of_the_whole_grid(engine in willans()) {
        finds_what_the_whole_grid_holds(&measured(&engine));
    }
}
