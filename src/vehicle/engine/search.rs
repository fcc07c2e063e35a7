//! The best point of the engine's map, and its operating line.
//!
//! Both are the best of a fixed grid of points. Where the fuel is given by a formula, what
//! cannot be the best is passed over; the point found is the one of the whole grid.

use super::fuel::AtSpeed;
use super::{Engine, OperatingPoint};
use crate::map::UniformCurve;
use std::array;

/// Steps of speed and torque in which the best point is looked for, twice: over the
/// whole map, then around the first answer.
pub(super) const SEARCH_STEPS: usize = 60;
pub(super) const LINE_CELLS: usize = 128;
pub(super) const LINE_ROOM: usize = 256;
/// Steps of speed in which the operating line is looked for.
pub(super) const LINE_STEPS: usize = 210;
/// Share of a bound that rounding cannot pass.
const CERTAINLY: f64 = 1.0 - 1e-12;

/// The point that needs the least fuel for its power, and the efficiency there in
/// terms of [`AtSpeed::relative_fuel_w`].
pub(super) fn best_point(engine: &Engine) -> OperatingPoint {
    let speeds = (engine.firing_rad_s, engine.max_speed_rad_s());
    let coarse = best_point_within(engine, speeds, (0.0, 1.0));
    let (speed, load) = (
        (speeds.1 - speeds.0) / SEARCH_STEPS as f64,
        1.0 / SEARCH_STEPS as f64,
    );
    let at = coarse.torque_nm / engine.full_load_nm.at(coarse.speed_rad_s);
    best_point_within(
        engine,
        (
            (coarse.speed_rad_s - speed).max(speeds.0),
            (coarse.speed_rad_s + speed).min(speeds.1),
        ),
        (at - load, (at + load).min(1.0)),
    )
}

/// The best point between two speeds and two shares of full load.
fn best_point_within(engine: &Engine, speeds: (f64, f64), loads: (f64, f64)) -> OperatingPoint {
    let between = |(low, high): (f64, f64), step: usize| {
        low + (high - low) * step as f64 / SEARCH_STEPS as f64
    };
    let loads: [f64; SEARCH_STEPS + 1] = array::from_fn(|step| between(loads, step));
    let mut best = OperatingPoint {
        speed_rad_s: speeds.0,
        torque_nm: 0.0,
        efficiency: 0.0,
    };
    let mut column = 1;
    for row in 0..=SEARCH_STEPS {
        let at = engine.at_speed(between(speeds, row));
        column = best_column(&at, &loads, column);
        let point = point_at(&at, loads[column]);
        if point.efficiency > best.efficiency {
            best = point;
        }
    }
    best
}

/// The point at a share of full load.
fn point_at(at: &AtSpeed, load: f64) -> OperatingPoint {
    let torque_nm = at.full_load_nm * load;
    OperatingPoint {
        speed_rad_s: at.speed_rad_s,
        torque_nm,
        efficiency: at.speed_rad_s * torque_nm / at.relative_fuel_w(torque_nm),
    }
}

/// The first of the best among the shares of full load from the second on; `near` is where
/// it may be expected.
fn best_column(at: &AtSpeed, loads: &[f64], near: usize) -> usize {
    let efficiency = |column: usize| point_at(at, loads[column]).efficiency;
    let climbs = at.has_one_best_torque();
    let mut best = (if climbs { near } else { 1 }, 0.0);
    best.1 = efficiency(best.0);
    for column in best.0 + 1..loads.len() {
        let here = efficiency(column);
        if here > best.1 {
            best = (column, here);
        } else if climbs {
            break;
        }
    }
    for column in (1..best.0).rev().take_while(|_| climbs) {
        let here = efficiency(column);
        if here < best.1 {
            break;
        }
        best = (column, here);
    }
    best.0
}

/// Speed of least fuel for every power.
pub(super) struct OperatingLine {
    pub(super) speed_rad_s: UniformCurve<LINE_ROOM>,
    pub(super) max_power_w: f64,
}

/// A speed on which the line may run.
struct Candidate<'a> {
    at: AtSpeed<'a>,
    max_power_w: f64,
    /// A straight line under the fuel over power at this speed and all above it: W per W,
    /// and W without power.
    least_from_here: (f64, f64),
}

/// Finds the operating line; the level of the fuel does not matter to it.
pub(super) fn operating_line(engine: &Engine) -> OperatingLine {
    let (low, high) = (engine.idle_rad_s, engine.max_speed_rad_s());
    let mut candidates: Vec<Candidate> = (0..=LINE_STEPS)
        .map(|step| {
            let at = engine.at_speed(low + (high - low) * step as f64 / LINE_STEPS as f64);
            let (per_power, without_power_w) = at.least_fuel();
            Candidate {
                max_power_w: at.speed_rad_s * at.full_load_nm,
                least_from_here: (CERTAINLY * per_power, CERTAINLY * without_power_w),
                at,
            }
        })
        .collect();
    for index in (0..LINE_STEPS).rev() {
        let above = candidates[index + 1].least_from_here;
        let least = &mut candidates[index].least_from_here;
        *least = (least.0.min(above.0), least.1.min(above.1));
    }
    let mut strongest = 0;
    for (index, candidate) in candidates.iter().enumerate() {
        if candidate.max_power_w > candidates[strongest].max_power_w {
            strongest = index;
        }
    }
    let max_power_w = candidates[strongest].max_power_w.min(engine.max_power_w);
    // The line never falls with power: a measured map's noise must not make the
    // engine jump to and fro.
    let mut floor = 0;
    let speeds: [f64; LINE_CELLS + 1] = array::from_fn(|node| {
        let power_w = max_power_w * node as f64 / LINE_CELLS as f64;
        let mut best = (strongest, f64::INFINITY);
        for (index, candidate) in candidates.iter().enumerate().skip(floor) {
            let (per_power, without_power_w) = candidate.least_from_here;
            if best.1 < per_power * power_w + without_power_w {
                break;
            }
            if power_w <= candidate.max_power_w + 1e-6 {
                let at = &candidate.at;
                let fuel_w = at.relative_fuel_w(power_w / at.speed_rad_s);
                if fuel_w < best.1 {
                    best = (index, fuel_w);
                }
            }
        }
        floor = best.0;
        candidates[floor].at.speed_rad_s
    });
    OperatingLine {
        speed_rad_s: UniformCurve::through(0.0, max_power_w, &speeds),
        max_power_w,
    }
}
