//! What the engine's speed does in a step, before any torque is known.
//!
//! The engine follows the commanded speed as fast as cranking, its slew limit and MG1's
//! torque allow. Torques over the step are those that do the work of their part of it,
//! whatever its length: a start takes half a second and a long step holds more than that.

use super::step::Attempt;
use crate::lanes::{Flags, Number, seldom};

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
pub(super) struct EnginePlan<F: Number> {
    pub(super) end_rad_s: F,
    pub(super) mean_rad_s: F,
    pub(super) rad_s2: F,
    /// Share of the step in which fuel burns.
    pub(super) fired: F,
    /// Mean speed in that share, rad/s.
    pub(super) fired_rad_s: F,
    /// Torque over the step that does the work of one N·m while fuel burns.
    pub(super) nm_per_fired_nm: F,
    /// Torque over the step that does the work of the drag while none burns, N·m.
    pub(super) drag_nm: F,
    /// Where it rests through the step.
    pub(super) at_rest: F::Flags,
    /// One where the engine begins to burn in this step, else zero.
    pub(super) starts: F,
    /// Where it burns from the beginning to the end.
    pub(super) through: F::Flags,
}

/// A change of the engine's speed that MG1 may be too weak for.
struct Change<F> {
    free_rad_s: F,
    /// Of MG1 at both ends of the step, rad/s.
    sun_start_rad_s: F,
    sun_end_rad_s: F,
    ring_rad_s2: F,
    /// Torque of the engine that helps on the way up and on the way down, N·m.
    up_nm: F,
    down_nm: F,
}

impl<F: Number> EnginePlan<F> {
    /// Plans the step that ends at `end_mps`.
    #[inline(always)]
    pub(super) fn new(step: &Attempt<'_, F>, end_mps: F) -> Self {
        let (plant, state, command) = (step.plant, step.state, step.command);
        let (engine, gears) = (&plant.engine, &plant.gearset);
        let (dt, per_dt) = (step.interval.dt_s, step.interval.per_dt);
        let zero = F::from(0.0);
        let start = state.engine_rad_s;
        let ring_start = state.speed_mps * plant.ring_rad_per_m;
        let ring_end = end_mps * plant.ring_rad_per_m;

        // MG1's fastest speeds bound the engine's at the end of the step.
        let sun_max = plant.mg1.max_speed_rad_s * PLANNED_MG1_SPEED_SHARE;
        let lowest = gears.carrier_speed_rad_s(-sun_max, ring_end);
        // Nothing turns an engine at rest.
        if !(command.turn | start.above(0.0) | lowest.above(0.0)).any() {
            return Self::rest();
        }
        let lowest = lowest.at_least(0.0);
        let highest = gears
            .carrier_speed_rad_s(sun_max, ring_end)
            .at_most(engine.max_speed_rad_s);
        let wanted = command.turn.pick(command.engine_rad_s, 0.0);
        let target = wanted.at_most(highest).at_least(lowest);
        let at_rest = !(target.above(0.0) | start.above(0.0));
        if at_rest.all() {
            return Self::rest();
        }

        let burns = command.fuel & !start.below(engine.firing_rad_s);
        let mut crank_s = zero;
        if !(burns | at_rest).all() {
            let missing_rad_s = engine.firing_rad_s - start;
            let needed_s = (missing_rad_s * engine.per_crank_s2_per_rad).at_least(0.0);
            crank_s = command.turn.pick(needed_s.at_most(dt), 0.0);
        }
        let after_s = F::from(dt) - crank_s;
        let slew_rad_s2 = engine.slew_rad_s2.at_most(command.engine_rad_s2);
        let cranked = start + engine.crank_rad_s2 * crank_s;
        let up = (cranked + slew_rad_s2 * after_s).at_most(target);
        let down = (start - slew_rad_s2 * dt).at_least(target);
        let followed = target.above(start).pick(up, down);
        // A command may ask for a gentler change, but not against MG1's fastest speed.
        let soonest = start - engine.slew_rad_s2 * dt;
        let free = followed.at_most(highest.at_least(soonest));

        // The torque it is sure to have: what it is asked for on the way up, none on the way
        // down, its drag where it does not burn.
        let mut drag_nm = zero;
        if !burns.all() {
            let unfired = command.fuel.pick(crank_s * per_dt, 1.0);
            drag_nm = engine.drag_torque_nm((start + free) * 0.5) * unfired;
        }
        let asked_nm = engine.within_full_load_nm(command.engine_torque_nm, start);
        let change = Change {
            free_rad_s: free,
            sun_start_rad_s: gears.sun_speed_rad_s(start, ring_start),
            sun_end_rad_s: gears.sun_speed_rad_s(free, ring_end),
            ring_rad_s2: (ring_end - ring_start) * per_dt,
            up_nm: burns.pick(asked_nm, -drag_nm),
            down_nm: -drag_nm,
        };
        let end = step.within_mg1(&change);
        let end = (at_rest | end.below(RESTING_RAD_S)).pick(0.0, end);

        let mean = (start + end) * 0.5;
        let rad_s2 = (end - start) * per_dt;
        let through = burns & !end.below(engine.firing_rad_s);
        let burning = Self {
            end_rad_s: end,
            mean_rad_s: mean,
            rad_s2,
            at_rest,
            through,
            ..Self::rest()
        };
        if through.all() {
            return burning.burning_through();
        }
        let per_mean = F::from(1.0) / mean;
        let per_mean = mean.above(0.0).pick(per_mean, 0.0);
        let lowest_firing = engine.firing_rad_s * FIRING_SHARE;
        let fires = command.fuel & !end.below(lowest_firing);
        // A start that ends with the step has burnt already: its fuel belongs there.
        let fired = fires.pick((after_s * per_dt).at_least(LEAST_FIRED), 0.0);
        let fired_rad_s = (start.at_least(engine.firing_rad_s.at_most(end)) + end) * 0.5;
        let unfired_rad_s = fires.pick((start + engine.firing_rad_s) * 0.5, mean);
        let stopping_s = (start - end) * engine.per_slew_s2_per_rad;
        let turning = end
            .equals(0.0)
            .pick((stopping_s * per_dt).at_most(1.0), 1.0);
        let drag_nm = (F::from(1.0) - fired)
            * turning
            * engine.drag_torque_nm(unfired_rad_s)
            * (unfired_rad_s * per_mean);
        Self {
            fired: through.pick(1.0, fired),
            fired_rad_s: through.pick(mean, fired_rad_s),
            nm_per_fired_nm: through.pick(1.0, fired * (fired_rad_s * per_mean)),
            drag_nm: through.pick(zero, drag_nm),
            starts: (fires & !through & start.below(lowest_firing)).one(),
            ..burning
        }
    }

    /// The plan with what is the same in every step through which the engine burns written
    /// as constants, for the compiler.
    #[inline(always)]
    pub(super) fn burning_through(self) -> Self {
        Self {
            fired: 1.0.into(),
            fired_rad_s: self.mean_rad_s,
            nm_per_fired_nm: 1.0.into(),
            drag_nm: 0.0.into(),
            at_rest: false.into(),
            starts: 0.0.into(),
            through: true.into(),
            ..self
        }
    }

    /// The engine rests through the step.
    #[inline(always)]
    pub(super) fn rest() -> Self {
        let zero = F::from(0.0);
        Self {
            end_rad_s: zero,
            mean_rad_s: zero,
            rad_s2: zero,
            fired: zero,
            fired_rad_s: zero,
            nm_per_fired_nm: zero,
            drag_nm: zero,
            at_rest: true.into(),
            starts: zero,
            through: false.into(),
        }
    }
}

impl<F: Number> Attempt<'_, F> {
    /// Engine speed at the end of the step that MG1 is able to bring about: with its torque
    /// limit at the faster end, and mesh friction in the planned share.
    ///
    /// Where MG1 turns forwards it draws from the battery to turn an engine that does not
    /// burn, and feeds it when the engine slows down; backwards, the other way round. What
    /// a start at speed feeds, MG2 uses.
    #[inline(always)]
    fn within_mg1(&self, change: &Change<F>) -> F {
        let (plant, gears) = (self.plant, &self.plant.gearset);
        let (start, free) = (self.state.engine_rad_s, change.free_rad_s);
        let rad_s2 = (free - start) * self.interval.per_dt;
        let ring_rad_s2 = change.ring_rad_s2;
        let up_needed_nm = gears.accelerating_mg1_nm(rad_s2, change.up_nm, ring_rad_s2);
        let down_needed_nm = -gears.accelerating_mg1_nm(rad_s2, change.down_nm, ring_rad_s2);

        let sun_fastest = change
            .sun_start_rad_s
            .abs()
            .at_least(change.sun_end_rad_s.abs())
            .at_least(1.0);
        let forwards = (change.sun_start_rad_s + change.sun_end_rad_s).above(0.0);
        let most_nm = plant.mg1.max_torque_nm * PLANNED_MG1_SHARE;
        let most_w = plant.mg1.max_power_w * PLANNED_MG1_SHARE;
        let most_battery_w = most_w.at_most(plant.converter.max_power_w * PLANNED_BATTERY_SHARE);
        let drawn_w = (self.terminals.discharge_limit_w * PLANNED_BATTERY_SHARE)
            .at_least(LEAST_CRANKING_W)
            .at_most(most_battery_w);
        let fed_w = (self.terminals.charge_limit_w * PLANNED_BATTERY_SHARE)
            .at_least(LEAST_CRANKING_W)
            .at_most(most_battery_w);
        let up_w = forwards.pick(drawn_w, most_w);
        let down_w = forwards.pick(fed_w, drawn_w);
        let too_weak = up_needed_nm.above(most_nm)
            | (up_needed_nm * sun_fastest).above(up_w)
            | down_needed_nm.above(most_nm)
            | (down_needed_nm * sun_fastest).above(down_w);
        if !too_weak.any() {
            return free;
        }
        // Only starts and stops come here: the divisions are off the way of all other steps.
        seldom();
        let up_nm = most_nm.at_most(up_w / sun_fastest);
        let down_nm = most_nm.at_most(down_w / sun_fastest);
        let dt = self.interval.dt_s;
        let up = gears.carrier_acceleration_rad_s2(up_nm, change.up_nm, ring_rad_s2);
        let down = gears.carrier_acceleration_rad_s2(-down_nm, change.down_nm, ring_rad_s2);
        let (most, least) = (start + up * dt, start + down * dt);
        too_weak.pick(free.at_most(most).at_least(least), free)
    }
}
