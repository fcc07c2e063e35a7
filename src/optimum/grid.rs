//! What a burning engine may be told: a grid of powers and speeds.

use super::Speeds;
use crate::control::Command;
use crate::vehicle::{Plant, Strategy, WarmUp};

/// How finely choices are laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Engine powers from idling to the largest.
    pub powers: usize,
    /// Engine speeds for each, over the one that needs the least fuel.
    pub speeds: Vec<f64>,
}

impl Default for Grid {
    fn default() -> Self {
        Self {
            powers: 25,
            speeds: vec![0.85, 1.0, 1.2, 1.5],
        }
    }
}

/// To burn at a speed and torque.
pub(super) fn burn(engine_rad_s: f64, engine_torque_nm: f64, late_spark: bool) -> Command {
    Command {
        turn: true,
        fuel: true,
        engine_rad_s,
        engine_torque_nm,
        late_spark,
        ..Command::OFF
    }
}

/// What an engine is told that heats its catalyst.
pub(super) fn heating(strategy: &Strategy) -> Command {
    let WarmUp {
        speed_rad_s,
        torque_nm,
        ..
    } = strategy.warm_up;
    burn(speed_rad_s, torque_nm, true)
}

/// What a burning engine may be told: all of the grid.
pub(super) fn laid<'a>(plant: &'a Plant, grid: &'a Grid) -> impl Iterator<Item = Command> + 'a {
    powers(plant, grid).flat_map(move |power_w| {
        let speeds = grid.speeds.iter();
        speeds.map(move |factor| burn_near(plant, power_w, *factor))
    })
}

/// The same at the speeds that need the least fuel.
pub(super) fn line<'a>(plant: &'a Plant, grid: &'a Grid) -> impl Iterator<Item = Command> + 'a {
    powers(plant, grid).map(move |power_w| burn_near(plant, power_w, 1.0))
}

/// Powers of the grid, W.
fn powers<'a>(plant: &'a Plant, grid: &'a Grid) -> impl Iterator<Item = f64> + 'a {
    (0..grid.powers).map(move |power| {
        // Finer where the engine runs most of its time.
        let share = power as f64 / (grid.powers - 1) as f64;
        plant.engine.max_power_w * share * (0.35 + 0.65 * share)
    })
}

/// To burn for a power, at a speed over the one that needs the least fuel.
fn burn_near(plant: &Plant, power_w: f64, factor: f64) -> Command {
    let engine = &plant.engine;
    let rad_s = (engine.line_speed_rad_s(power_w) * factor)
        .max(engine.idle_rad_s)
        .min(engine.max_speed_rad_s);
    let torque_nm = (power_w / rad_s).min(engine.full_load_nm(rad_s));
    burn(rad_s, torque_nm, false)
}

/// What a burning engine may be told besides, for those who see ahead: all that it gives at
/// each of the speeds, or the battery takes. It does not pay by itself, but a speed that will
/// be needed is reached, or kept, so.
pub(super) fn strained<'a>(
    plant: &'a Plant,
    speeds: &'a Speeds,
) -> impl Iterator<Item = Command> + 'a {
    (0..Speeds::COUNT).map(|place| {
        let rad_s = speeds.rad_s(place);
        burn(rad_s, plant.engine.full_load_nm(rad_s), false)
    })
}
