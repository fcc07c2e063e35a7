//! The rules of the real car (as far as owners' logs and test data show them).
//!
//! The engine is off whenever it can be; when it runs, it runs near its line of least
//! fuel and every chance to recharge is used. It starts when the wheels ask for more
//! than a power that rises with the state of charge, when a limit of the car forces it,
//! or for heat. Fuel is cut at once on deceleration; the engine then stops, or keeps
//! turning without fuel while its minimum time runs or MG1 would turn too fast.

use super::{Command, Controller, Situation, StartCause};
use crate::bound::Bound;
use crate::map::UniformCurve;
use crate::vehicle::{Plant, State, Strategy, Vehicle};
use std::hint::select_unpredictable;

/// Share of the engine's power that reaches the wheels; what it misses the feedback on
/// the state of charge makes up for.
const DRIVE_EFFICIENCY: f64 = 0.92;
/// Share of the battery's limits the rules plan with.
const PLANNED_SHARE: f64 = 0.92;
/// State of charge above target over which the loaded minimum fades: there is no use in
/// charging a full battery.
const LOADED_MIN_FADE_SOC: f64 = 0.06;
/// The same for the charging at cruising speed.
const CRUISE_FADE_SOC: f64 = 0.2;
/// Range of the power that starts the engine, W.
const ON_POWER_RANGE_W: (f64, f64) = (3e3, 22e3);
/// How far below the top of the window the battery counts as full, and no longer.
const FULL_SOC: (f64, f64) = (0.01, 0.03);
/// Braking that gives an empty battery less than the engine would, W at the wheels.
const GENTLE_BRAKING_W: f64 = 4e3;
/// Coolant drop below the stop temperature at which a stopped engine is heated again, K.
const REHEAT_K: f64 = 4.0;
const FLOOR_CELLS: usize = 180;

/// The rules, with the figures of one car.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    strategy: Strategy,
    speed_floor_rad_s: UniformCurve,
    soc_target: f64,
    soc_max: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Off,
    Fuelled,
    Spun,
}

/// What the rules remember.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // latches, each of its own
pub struct RulesMemory {
    mode: Mode,
    /// Since the start of the run, s.
    clock_s: f64,
    /// Since the engine was last started, s.
    since_start_s: f64,
    /// Since fuel was last cut, s.
    since_cut_s: f64,
    /// The ceiling has been exceeded for, s.
    above_ceiling_s: f64,
    was_above: bool,
    /// The engine may not rest at this speed.
    ceiling: bool,
    /// The battery is being charged up from its lower end.
    charging: bool,
    /// The battery counts as full.
    full: bool,
    /// The engine is too cold to stop.
    cold: bool,
    /// Late-spark time left until the catalyst is hot, s.
    hold_left_s: f64,
}

impl RulesMemory {
    /// Coolant or catalyst need the engine.
    fn must_heat(&self) -> bool {
        self.cold || self.hold_left_s > 0.0
    }
}

impl Rules {
    /// The rules of this car.
    pub fn of(car: &Vehicle) -> Self {
        Self::new(&car.strategy, car.battery.soc_target, car.battery.soc_max)
    }

    /// Rules with a car's figures.
    pub fn new(strategy: &Strategy, soc_target: f64, soc_max: f64) -> Self {
        let (slowest, fastest) = strategy.speed_floor_rad_s.range();
        Self {
            speed_floor_rad_s: UniformCurve::sample(slowest, fastest, FLOOR_CELLS, |speed| {
                strategy.speed_floor_rad_s.at(speed)
            }),
            strategy: strategy.clone(),
            soc_target,
            soc_max,
        }
    }

    /// Power at the wheels above which the engine starts, W.
    fn on_power_w(&self, soc: f64) -> f64 {
        let rule = &self.strategy;
        (rule.engine_on_power_w + rule.engine_on_power_w_per_soc * (soc - self.soc_target))
            .clamp(ON_POWER_RANGE_W.0, ON_POWER_RANGE_W.1)
    }

    /// Timers and latches at this instant.
    fn observe(&self, plant: &Plant, now: &Situation<'_>, m: &mut RulesMemory) {
        let rule = &self.strategy;
        m.clock_s += now.since_s;
        m.since_start_s += now.since_s;
        m.since_cut_s += now.since_s;

        let limit = rule.engine_off_max_mg1_reverse_rad_s;
        let reverse = -plant.mg1_speed_engine_off_rad_s(now.state.speed_mps);
        let above = reverse > limit;
        m.above_ceiling_s =
            select_unpredictable(above & m.was_above, m.above_ceiling_s + now.since_s, 0.0);
        m.was_above = above;
        let release_rad_s = -plant.mg1_speed_engine_off_rad_s(rule.ceiling_release_mps);
        let released = reverse < limit - release_rad_s;
        // Timers are sums of steps: without the slack, rounding would decide.
        m.ceiling = (m.ceiling & !released) | (m.above_ceiling_s > rule.ceiling_hold_s - 1e-6);

        let soc = now.state.soc;
        m.charging = (soc < rule.low_soc_start) | (m.charging & (soc < rule.low_soc_stop));
        let downhill = now.wheel_power_w() < 0.0;
        let (full, no_longer_full) = (
            soc > self.soc_max - FULL_SOC.0,
            soc > self.soc_max - FULL_SOC.1,
        );
        m.full = downhill & (full | (m.full & no_longer_full));

        let coolant = now.state.coolant_c;
        if coolant >= rule.warm_up.below_c {
            m.cold = false;
        } else if coolant < rule.warm_up.below_c - REHEAT_K {
            m.cold = true;
        }
        let held_s = select_unpredictable(m.mode == Mode::Fuelled, now.since_s, 0.0);
        m.hold_left_s = (m.hold_left_s - held_s).at_least(0.0);
    }

    /// Whether battery and MG2 can drive the car alone.
    fn electric_can(plant: &Plant, now: &Situation<'_>) -> bool {
        if now.wheel_power_w() <= 0.0 {
            return true;
        }
        let gears = &plant.gearset;
        let mg2_rad_s = now.speed_mps * plant.ring_rad_per_m * gears.mg2_ratio;
        let wheel_nm = now.wheel_force_n * plant.chassis.tyre_radius_m;
        let mg2_nm = gears.mg2_torque_nm(gears.output_torque_nm(wheel_nm));
        let bus_w = plant.mg2.electric_w(mg2_rad_s, mg2_nm);
        let battery_w = plant.converter.battery_side_w(bus_w) + now.auxiliary_w;
        mg2_nm <= plant.mg2.torque_limit_nm(mg2_rad_s)
            && battery_w <= PLANNED_SHARE * now.terminals.discharge_limit_w
    }

    /// The one reason to burn fuel now, if there is one.
    fn cause(&self, plant: &Plant, now: &Situation<'_>, m: &RulesMemory) -> Option<StartCause> {
        let rule = &self.strategy;
        let power_w = now.wheel_power_w();
        let rested = m.since_cut_s >= rule.min_off_s - 1e-6;
        if power_w < 0.0 {
            let charges = m.charging && power_w > -GENTLE_BRAKING_W;
            return charges.then_some(StartCause::LowSoc);
        }
        // An engine that turns anyway burns again for any demand.
        let threshold_w = if m.mode == Mode::Spun && m.ceiling {
            0.0
        } else {
            self.on_power_w(now.state.soc)
        };
        if rested & (now.coming_wheel_power_w() > threshold_w) {
            return Some(StartCause::PowerDemand);
        }
        if !Self::electric_can(plant, now) {
            return Some(StartCause::BatteryLimit);
        }
        if power_w > 0.0 && m.ceiling && m.mode == Mode::Off {
            return Some(StartCause::SpeedCeiling);
        }
        if m.charging {
            return Some(StartCause::LowSoc);
        }
        (rested && m.must_heat() && m.clock_s >= rule.warm_up.delay_s - 1e-6)
            .then_some(StartCause::WarmUp)
    }

    /// Chooses between off, fuelled and spun.
    fn transition(
        &self,
        plant: &Plant,
        now: &Situation<'_>,
        m: &mut RulesMemory,
    ) -> Option<StartCause> {
        let rule = &self.strategy;
        let power_w = now.wheel_power_w();
        let has_run = m.since_start_s >= rule.min_on_s - 1e-6;
        match m.mode {
            Mode::Fuelled => {
                let idle = power_w < self.on_power_w(now.state.soc) - rule.hysteresis_w;
                let must_turn = m.ceiling || m.full || !has_run;
                let braking_w = if m.charging { GENTLE_BRAKING_W } else { 0.0 };
                if power_w < -braking_w && !m.must_heat() {
                    m.mode = if must_turn { Mode::Spun } else { Mode::Off };
                    m.since_cut_s = 0.0;
                } else if idle
                    && !must_turn
                    && !m.charging
                    && !m.must_heat()
                    && Self::electric_can(plant, now)
                {
                    m.mode = Mode::Off;
                    m.since_cut_s = 0.0;
                }
                None
            }
            Mode::Off | Mode::Spun => {
                if let Some(cause) = self.cause(plant, now, m) {
                    m.mode = Mode::Fuelled;
                    m.since_start_s = 0.0;
                    return Some(cause);
                }
                let spin = if m.full {
                    Some(StartCause::BatteryFull)
                } else if m.ceiling {
                    Some(StartCause::SpeedCeiling)
                } else {
                    None
                };
                match (m.mode, spin) {
                    (Mode::Off, Some(cause)) => {
                        m.mode = Mode::Spun;
                        m.since_start_s = 0.0;
                        Some(cause)
                    }
                    (Mode::Spun, None) if has_run => {
                        m.mode = Mode::Off;
                        None
                    }
                    _ => None,
                }
            }
        }
    }

    /// Power asked of the running engine, W.
    fn engine_power_w(&self, plant: &Plant, now: &Situation<'_>) -> f64 {
        let rule = &self.strategy;
        let soc_below = self.soc_target - now.state.soc;
        let drive_w = now.wheel_power_w().at_least(0.0) / DRIVE_EFFICIENCY + now.auxiliary_w;
        let charge_w =
            (rule.charge_w_per_soc * soc_below).clamp(-rule.max_charge_w, rule.max_charge_w);
        let fade = (1.0 + soc_below / LOADED_MIN_FADE_SOC).clamp(0.0, 1.0);
        let least_w = drive_w - PLANNED_SHARE * now.terminals.discharge_limit_w;
        let most_w = drive_w + PLANNED_SHARE * now.terminals.charge_limit_w;
        let cruise = &rule.cruise_charge;
        let cruising = ((now.speed_mps - cruise.none_below_mps)
            / (cruise.full_above_mps - cruise.none_below_mps))
            .clamp(0.0, 1.0);
        let not_full = (1.0 + soc_below / CRUISE_FADE_SOC).clamp(0.0, 1.0);
        (drive_w + charge_w + cruise.power_w * cruising * not_full)
            .at_least(rule.loaded_min_w * fade)
            .at_least(least_w)
            .at_most(most_w)
            .clamp(0.0, plant.engine.max_power_w)
    }

    /// Speed and torque for a power: on the line of least fuel, not below the floor that
    /// keeps MG1 from turning backwards too fast.
    fn operate(&self, plant: &Plant, now: &Situation<'_>, power_w: f64) -> (f64, f64, f64) {
        let engine = &plant.engine;
        let floor = self.speed_floor_rad_s.at(now.speed_mps);
        let target = engine
            .line_speed_rad_s(power_w)
            .at_least(floor)
            .at_least(engine.idle_rad_s);
        let reach = engine.slew_rad_s2 * now.holds_s;
        let from = now.state.engine_rad_s.at_least(engine.firing_rad_s);
        let end = target.clamp(from - reach, from + reach);
        // Spread over the time the decision holds, so that short steps see the same ramp.
        let rad_s2 = (end - from).abs() / now.holds_s;
        (target, rad_s2, power_w / (0.5 * (from + end)))
    }
}

impl Controller for Rules {
    type Memory = RulesMemory;

    fn name(&self) -> &'static str {
        "rules"
    }

    fn begin(&self, _plant: &Plant, state: &State, soaked_s: f64) -> RulesMemory {
        let warm_up = &self.strategy.warm_up;
        let cold = state.coolant_c < warm_up.below_c;
        let turning = state.engine_rad_s > 0.0;
        RulesMemory {
            mode: if turning { Mode::Spun } else { Mode::Off },
            clock_s: 0.0,
            since_start_s: self.strategy.min_on_s,
            since_cut_s: self.strategy.min_off_s,
            above_ceiling_s: 0.0,
            was_above: false,
            ceiling: false,
            charging: false,
            full: false,
            cold,
            hold_left_s: warm_up.hold_s * warm_up.catalyst_cooled(soaked_s),
        }
    }

    #[inline]
    fn decide(&self, plant: &Plant, now: &Situation<'_>, m: &mut RulesMemory) -> Command {
        self.observe(plant, now, m);
        let start = self.transition(plant, now, m);
        let rule = &self.strategy;
        match m.mode {
            Mode::Off => Command {
                start,
                ..Command::OFF
            },
            Mode::Spun => Command {
                turn: true,
                engine_rad_s: rule.spin_rad_s,
                start,
                ..Command::OFF
            },
            Mode::Fuelled => {
                let warm_up = &rule.warm_up;
                let holding = m.hold_left_s > 0.0 && !m.charging && Self::electric_can(plant, now);
                // A cold engine keeps burning while the car brakes, without load.
                let unloaded = holding || (now.wheel_power_w() < 0.0 && !m.charging);
                let (engine_rad_s, engine_rad_s2, engine_torque_nm) = if unloaded {
                    (warm_up.speed_rad_s, f64::INFINITY, warm_up.torque_nm)
                } else {
                    self.operate(plant, now, self.engine_power_w(plant, now))
                };
                Command {
                    turn: true,
                    fuel: true,
                    engine_rad_s,
                    engine_rad_s2,
                    engine_torque_nm,
                    late_spark: holding,
                    start,
                }
            }
        }
    }
}
