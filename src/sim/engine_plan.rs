//! What the engine's speed does in a step, before any torque is known.
//!
//! The engine follows the commanded speed as fast as cranking, its slew limit and MG1's
//! torque allow. Torques over the step are those that do the work of their part of it,
//! whatever its length: a start takes half a second and a long step holds more than that.

use crate::bound::{Bound, seldom};
use crate::control::Command;
use crate::cycle::Interval;
use crate::vehicle::{Plant, State, Terminals};

/// Share of MG1's torque that changes of engine speed are planned with.
const PLANNED_MG1_SHARE: f64 = 0.95;
/// Share of MG1's fastest speed that they may bring it to.
const PLANNED_MG1_SPEED_SHARE: f64 = 0.998;
/// Share of the battery's power that they are planned with; the losses of both machines and
/// the auxiliaries take the rest.
const PLANNED_BATTERY_SHARE: f64 = 0.6;
/// Shaft power of MG1 that starting and stopping the engine may take or give, whatever the
/// battery's limits: a car at the end of its window must still start, W.
const LEAST_CRANKING_W: f64 = 3e3;
/// Speed below which the engine rests, rad/s.
const RESTING_RAD_S: f64 = 1e-6;
/// Smallest share of a step in which a burning engine burns.
const LEAST_FIRED: f64 = 1e-6;
/// Share of the firing speed from which the engine counts as fast enough to burn.
const FIRING_SHARE: f64 = 0.999;

/// What the engine does in a step, before torques are known.
#[derive(Clone, Copy)]
pub(super) struct EnginePlan {
    pub(super) end_rad_s: f64,
    pub(super) mean_rad_s: f64,
    pub(super) rad_s2: f64,
    /// Share of the step in which fuel burns.
    pub(super) fired: f64,
    /// Mean speed in that share, rad/s.
    pub(super) fired_rad_s: f64,
    /// Torque over the step that does the work of one N·m while fuel burns.
    pub(super) nm_per_fired_nm: f64,
    /// Torque over the step that does the work of the drag while none burns, N·m.
    pub(super) drag_nm: f64,
    pub(super) at_rest: bool,
    /// One where the engine begins to burn in this step, else zero.
    pub(super) starts: f64,
}

impl EnginePlan {
    /// The engine rests through the step.
    const AT_REST: Self = Self {
        end_rad_s: 0.0,
        mean_rad_s: 0.0,
        rad_s2: 0.0,
        fired: 0.0,
        fired_rad_s: 0.0,
        nm_per_fired_nm: 0.0,
        drag_nm: 0.0,
        at_rest: true,
        starts: 0.0,
    };

    /// The engine burns through the whole step.
    #[inline]
    fn burning(end_rad_s: f64, mean_rad_s: f64, rad_s2: f64) -> Self {
        Self {
            end_rad_s,
            mean_rad_s,
            rad_s2,
            fired: 1.0,
            fired_rad_s: mean_rad_s,
            nm_per_fired_nm: 1.0,
            drag_nm: 0.0,
            at_rest: false,
            starts: 0.0,
        }
    }

    /// Plans the step that begins in `state` and ends at `end_mps`.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    pub(super) fn new(
        plant: &Plant,
        interval: &Interval,
        state: &State,
        terminals: &Terminals,
        command: &Command,
        end_mps: f64,
    ) -> Self {
        let (engine, gears) = (&plant.engine, &plant.gearset);
        let (dt, per_dt) = (interval.dt_s, interval.per_dt);
        let start = state.engine_rad_s;
        let ring_start = state.speed_mps * plant.ring_rad_per_m;
        let ring_end = end_mps * plant.ring_rad_per_m;

        // MG1's fastest speeds bound the engine's at the end of the step.
        let sun_max = PLANNED_MG1_SPEED_SHARE * plant.mg1.max_speed_rad_s;
        let highest = gears
            .carrier_speed_rad_s(sun_max, ring_end)
            .at_most(engine.max_speed_rad_s);
        let lowest = gears.carrier_speed_rad_s(-sun_max, ring_end).at_least(0.0);
        let wanted = if command.turn {
            command.engine_rad_s
        } else {
            0.0
        };
        let target = wanted.at_most(highest).at_least(lowest);
        if target <= 0.0 && start <= 0.0 {
            return Self::AT_REST;
        }

        let crank_s = if command.turn {
            ((engine.firing_rad_s - start) * engine.per_crank_s2_per_rad)
                .at_least(0.0)
                .at_most(dt)
        } else {
            0.0
        };
        let after_s = dt - crank_s;
        let slew_rad_s2 = engine.slew_rad_s2.at_most(command.engine_rad_s2);
        let cranked = start + engine.crank_rad_s2 * crank_s;
        let up = (cranked + slew_rad_s2 * after_s).at_most(target);
        let down = (start - slew_rad_s2 * dt).at_least(target);
        let followed = if target > start { up } else { down };
        // A command may ask for a gentler change, but not against MG1's fastest speed.
        let soonest = start - engine.slew_rad_s2 * dt;
        let free = followed.at_most(highest.at_least(soonest));

        // MG1 must be able to turn the engine this fast, with its torque limit at the faster
        // end; mesh friction is in the planned share.
        let sun_start = gears.sun_speed_rad_s(start, ring_start);
        let sun_end = gears.sun_speed_rad_s(free, ring_end);
        let sun_fastest = sun_start.abs().at_least(sun_end.abs());
        let torque_nm = PLANNED_MG1_SHARE * plant.mg1.torque_limit_nm(sun_fastest);
        let forwards = sun_start + sun_end > 0.0;
        let (up_nm, down_nm) =
            turning_limits_nm(plant, terminals, torque_nm, sun_fastest, forwards);
        // The torque it is sure to have: what it is asked for on the way up, none on the way
        // down, its drag where it does not burn.
        let unfired = if command.fuel { crank_s * per_dt } else { 1.0 };
        let drag_nm = engine.drag_torque_nm(0.5 * (start + free)) * unfired;
        let burns = command.fuel && start >= engine.firing_rad_s;
        let driving_nm = if burns {
            command.engine_torque_nm.at_most(engine.full_load_nm(start))
        } else {
            -drag_nm
        };
        let ring_rad_s2 = (ring_end - ring_start) * per_dt;
        let fastest_up = gears.carrier_acceleration_rad_s2(up_nm, driving_nm, ring_rad_s2);
        let fastest_down = gears.carrier_acceleration_rad_s2(-down_nm, -drag_nm, ring_rad_s2);
        let (most, least) = (start + fastest_up * dt, start + fastest_down * dt);
        // Only starts and stops reach these: a branch keeps their divisions off the way of
        // all other steps.
        let mut end = free;
        if (free > most) | (free < least) {
            seldom();
            end = free.at_most(most).at_least(least);
        }
        let end = if end < RESTING_RAD_S { 0.0 } else { end };

        let mean = 0.5 * (start + end);
        let rad_s2 = (end - start) * per_dt;
        if burns && end >= engine.firing_rad_s {
            return Self::burning(end, mean, rad_s2);
        }
        let per_mean = if mean > 0.0 { 1.0 / mean } else { 0.0 };
        let lowest_firing = FIRING_SHARE * engine.firing_rad_s;
        let fires = command.fuel && end >= lowest_firing;
        // A start that ends with the step has burnt already: its fuel belongs there.
        let fired = if fires {
            (after_s * per_dt).at_least(LEAST_FIRED)
        } else {
            0.0
        };
        let fired_rad_s = 0.5 * (start.at_least(engine.firing_rad_s.at_most(end)) + end);
        let unfired_rad_s = if fired > 0.0 {
            0.5 * (start + engine.firing_rad_s)
        } else {
            mean
        };
        let stopping_s = (start - end) * engine.per_slew_s2_per_rad;
        let turning = if end == 0.0 {
            (stopping_s * per_dt).at_most(1.0)
        } else {
            1.0
        };
        Self {
            end_rad_s: end,
            mean_rad_s: mean,
            rad_s2,
            fired,
            fired_rad_s,
            nm_per_fired_nm: fired * (fired_rad_s * per_mean),
            drag_nm: (1.0 - fired)
                * turning
                * engine.drag_torque_nm(unfired_rad_s)
                * (unfired_rad_s * per_mean),
            at_rest: false,
            starts: f64::from(u8::from(fires & (start < lowest_firing))),
        }
    }
}

/// What MG1 may give to raise and to lower the engine's speed, N·m.
///
/// Where MG1 turns forwards it draws from the battery to turn an engine that does not burn,
/// and feeds it when the engine slows down; backwards, the other way round. What a start at
/// speed feeds, MG2 uses.
#[inline]
fn turning_limits_nm(
    plant: &Plant,
    terminals: &Terminals,
    torque_nm: f64,
    sun_fastest_rad_s: f64,
    forwards: bool,
) -> (f64, f64) {
    let nm_of = |battery_w: f64| {
        let power_w = (PLANNED_BATTERY_SHARE * battery_w)
            .at_least(LEAST_CRANKING_W)
            .at_most(PLANNED_BATTERY_SHARE * plant.converter.max_power_w);
        torque_nm.at_most(power_w / sun_fastest_rad_s.at_least(1.0))
    };
    let drawn_nm = nm_of(terminals.discharge_limit_w);
    let fed_nm = nm_of(terminals.charge_limit_w);
    if forwards {
        (drawn_nm, fed_nm)
    } else {
        (torque_nm, drawn_nm)
    }
}
