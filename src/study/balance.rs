//! Charge-sustaining figures: the initial state of charge that the run also ends with,
//! and the fuel that battery energy is worth.
//!
//! The net battery energy over a run rises with the charge it starts from: a fuller
//! battery is used more. The start where it is zero is bracketed and closed in on by
//! false position, first guessed by where a run ends. Engine starts make the function
//! jump; where it jumps over zero, the two runs on both sides are mixed linearly.

use crate::results::Balance;
use crate::vehicle::Plant;

/// A run, as far as the balance of charge is concerned.
pub(super) trait Charged: Clone {
    /// State of charge it started from.
    fn soc_start(&self) -> f64;
    /// State of charge it ended with.
    fn soc_end(&self) -> f64;
    /// Fuel energy, J.
    fn fuel_j(&self) -> f64;
    /// Net battery energy, J, positive when discharged.
    fn battery_j(&self) -> f64;
}

/// Something that can be run from any state of charge.
pub(super) trait Startable {
    /// What a run gives.
    type Run: Charged;

    /// Runs it from this state of charge.
    fn run(&self, soc: f64) -> Self::Run;
    /// The car.
    fn plant(&self) -> &Plant;
    /// Lowest and highest state of charge a run may start from.
    fn window(&self) -> (f64, f64);
    /// State of charge that the control aims at.
    fn soc_target(&self) -> f64;
}

/// Net battery energy that counts as none, relative to the fuel energy.
pub(super) const BALANCED: f64 = 1e-3;
/// Bracket of the initial state of charge below which the function has a jump in it.
const NARROWEST_SOC: f64 = 1e-7;
const MAX_RUNS: usize = 60;
/// Neighbouring runs whose slope gives the worth of battery energy, as shares of the way
/// to the balanced start, or of [`SHORTEST_WAY_SOC`] where the run is nearly balanced.
const TOWARDS_BALANCE: [f64; 5] = [0.25, 0.5, 0.75, 1.0, 1.25];
const AROUND_BALANCE: [f64; 4] = [-1.0, -0.5, 0.5, 1.0];
const SHORTEST_WAY_SOC: f64 = 0.02;
/// Battery charging efficiency assumed where no run burns fuel.
const CHARGING_EFFICIENCY: f64 = 0.87;
/// Plausible fuel energy per battery energy; a slope outside is noise, not worth.
const PLAUSIBLE: (f64, f64) = (0.5, 8.0);

/// The charge-sustaining run and how it was found. Where two runs on both sides of a jump
/// were mixed, also the fuel energy that one joule of battery energy stands for; otherwise
/// [`fuel_per_battery`] says it.
pub(super) fn charge_sustaining<S: Startable>(bench: &S) -> (S::Run, Balance, Option<f64>) {
    let (lowest, highest) = bench.window();
    let first = bench.run(bench.soc_target());
    let mut charging: Option<S::Run> = None;
    let mut discharging: Option<S::Run> = None;
    let mut run = first.clone();
    for round in 0..MAX_RUNS {
        if run.battery_j().abs() <= BALANCED * run.fuel_j() {
            return (run, Balance::Balanced, None);
        }
        let soc = run.soc_start();
        let end = run.soc_end();
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
                let (a, b) = (low.soc_start(), high.soc_start());
                if (b - a).abs() < NARROWEST_SOC {
                    return interpolated(bench, low, high);
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
    if let (Some(low), Some(high)) = (charging, discharging) {
        interpolated(bench, &low, &high)
    } else {
        (first, Balance::NotPossible, None)
    }
}

/// Mixes the runs on both sides of a jump: the nearer one is shown, and its battery
/// energy is worth what the line through both says.
fn interpolated<S: Startable>(
    bench: &S,
    low: &S::Run,
    high: &S::Run,
) -> (S::Run, Balance, Option<f64>) {
    let (fa, fb) = (low.battery_j(), high.battery_j());
    let exchange = plausible(bench, (low.fuel_j() - high.fuel_j()) / (fb - fa));
    let nearer = if fa.abs() < fb.abs() { low } else { high };
    (nearer.clone(), Balance::Interpolated, Some(exchange))
}

/// Fuel energy that one joule of net battery energy stands for: the slope of fuel over
/// battery energy from this run through neighbours that lie between it and balance, so
/// that what is corrected over is also what was simulated.
pub(super) fn fuel_per_battery<S: Startable>(bench: &S, run: &S::Run) -> f64 {
    let (lowest, highest) = bench.window();
    // Were the end charge independent of the start, this start would balance.
    let way_soc = -run.battery_j() / bench.plant().battery.energy_per_soc_j(run.soc_start());
    let (shares, way_soc) = if way_soc.abs() > SHORTEST_WAY_SOC {
        (TOWARDS_BALANCE.as_slice(), way_soc)
    } else {
        (AROUND_BALANCE.as_slice(), SHORTEST_WAY_SOC)
    };
    let (mut spread, mut common) = (0.0, 0.0);
    for share in shares {
        let soc = run.soc_start() + share * way_soc;
        if (lowest..=highest).contains(&soc) {
            let neighbour = bench.run(soc);
            let battery_j = neighbour.battery_j() - run.battery_j();
            spread += battery_j * battery_j;
            common += battery_j * (neighbour.fuel_j() - run.fuel_j());
        }
    }
    plausible(bench, -common / spread)
}

/// A slope, or the worth by the engine's best efficiency where it is noise.
fn plausible<S: Startable>(bench: &S, slope: f64) -> f64 {
    if (PLAUSIBLE.0..=PLAUSIBLE.1).contains(&slope) {
        slope
    } else {
        1.0 / (bench.plant().engine.best.efficiency * CHARGING_EFFICIENCY)
    }
}
