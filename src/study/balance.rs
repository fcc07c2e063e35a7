//! Charge-sustaining figures: the initial state of charge that the run also ends with,
//! and the fuel that battery energy is worth.
//!
//! The net battery energy over a run rises with the charge it starts from: a fuller
//! battery is used more. The start where it is zero is bracketed and closed in on by
//! false position, first guessed by where a run ends. Engine starts make the function
//! jump; where it jumps over zero, the two runs on both sides are mixed linearly.

use super::single::{Bench, Run};
use crate::control::Controller;
use crate::results::Balance;

/// Net battery energy that counts as none, relative to the fuel energy.
const BALANCED: f64 = 1e-3;
/// Bracket of the initial state of charge below which the function has a jump in it.
const NARROWEST_SOC: f64 = 1e-7;
const MAX_RUNS: usize = 60;
/// Distances of neighbouring runs whose slope gives the worth of battery energy.
const NEIGHBOURS_SOC: [f64; 6] = [-0.03, -0.02, -0.01, 0.01, 0.02, 0.03];
/// Battery charging efficiency assumed where no run burns fuel.
const CHARGING_EFFICIENCY: f64 = 0.87;
/// Plausible fuel energy per battery energy; a slope outside is noise, not worth.
const PLAUSIBLE: (f64, f64) = (1.5, 6.0);

/// The charge-sustaining run, how it was found, and the fuel energy that one joule of
/// battery energy stands for near it.
pub(super) fn charge_sustaining<C: Controller>(bench: &Bench<'_, C>) -> (Run, Balance, f64) {
    let (lowest, highest) = bench.window;
    let first = bench.run(bench.soc_target);
    let mut charging: Option<Run> = None;
    let mut discharging: Option<Run> = None;
    let mut run = first.clone();
    for round in 0..MAX_RUNS {
        if run.battery_j().abs() <= BALANCED * run.fuel_j() {
            let exchange = fuel_per_battery(bench, &run);
            return (run, Balance::Balanced, exchange);
        }
        let soc = run.initial.soc;
        let end = run.totals.soc_end;
        let at_edge = if run.battery_j() > 0.0 {
            discharging = Some(run);
            soc <= lowest
        } else {
            charging = Some(run);
            soc >= highest
        };
        if at_edge {
            break;
        }
        let next = match (&charging, &discharging) {
            (Some(low), Some(high)) => {
                let (a, b) = (low.initial.soc, high.initial.soc);
                if (b - a).abs() < NARROWEST_SOC {
                    return interpolated(low, high);
                }
                let (fa, fb) = (low.battery_j(), high.battery_j());
                // Every third round halves the bracket, whatever the jumps do.
                let share = if round % 3 == 2 { 0.5 } else { fa / (fa - fb) };
                a + share.clamp(0.02, 0.98) * (b - a)
            }
            // Where the run ended is where it nearly balances; twice as far brackets it.
            _ => (soc + 1.5 * (end - soc)).clamp(lowest, highest),
        };
        run = bench.run(next);
    }
    match (charging, discharging) {
        (Some(low), Some(high)) => interpolated(&low, &high),
        _ => {
            let exchange = fuel_per_battery(bench, &first);
            (first, Balance::NotPossible, exchange)
        }
    }
}

/// Mixes the runs on both sides of a jump: the nearer one is shown, and its battery
/// energy is worth what the line through both says.
fn interpolated(low: &Run, high: &Run) -> (Run, Balance, f64) {
    let (fa, fb) = (low.battery_j(), high.battery_j());
    let exchange = (low.fuel_j() - high.fuel_j()) / (fb - fa);
    let nearer = if fa.abs() < fb.abs() { low } else { high };
    (nearer.clone(), Balance::Interpolated, exchange)
}

/// Fuel energy that one joule of net battery energy stands for: the slope of fuel over
/// battery energy through runs from neighbouring states of charge.
pub(super) fn fuel_per_battery<C: Controller>(bench: &Bench<'_, C>, run: &Run) -> f64 {
    let (lowest, highest) = bench.window;
    let points: Vec<(f64, f64)> = NEIGHBOURS_SOC
        .iter()
        .map(|distance| run.initial.soc + distance)
        .filter(|soc| (lowest..=highest).contains(soc))
        .map(|soc| bench.run(soc))
        .chain([run.clone()])
        .map(|neighbour| (neighbour.battery_j(), neighbour.fuel_j()))
        .collect();
    let count = points.len() as f64;
    let mean = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let mean = (mean.0 / count, mean.1 / count);
    let (mut spread, mut common) = (0.0, 0.0);
    for (battery, fuel) in points {
        spread += (battery - mean.0).powi(2);
        common += (battery - mean.0) * (fuel - mean.1);
    }
    let slope = -common / spread;
    if (PLAUSIBLE.0..=PLAUSIBLE.1).contains(&slope) {
        slope
    } else {
        1.0 / (bench.plant.engine.best.efficiency * CHARGING_EFFICIENCY)
    }
}
