//! The rules of the real car (as far as owners' logs and test data show them).
//!
//! The engine is off whenever it can be; when it runs, it runs near its line of least
//! fuel and every chance to recharge is used. It starts when the wheels ask for more
//! than a power that rises with the state of charge, when a limit of the car forces it,
//! or for heat. Fuel is cut at once on deceleration; the engine then stops, or keeps
//! turning without fuel while its minimum time runs or MG1 would turn too fast.

use super::ceiling::{Ceiling, CeilingMemory, SLACK_S};
use super::{Command, Controller, ManyCars, Situation, StartCause};
use crate::lanes::{Beside, Flags, Number, beside, seldom};
use crate::map::UniformCurve;
use crate::vehicle::{Plant, State, Strategy, Vehicle, WarmUp};

/// Fuel-side power per power at the wheels that a running engine is asked for; what it
/// misses the feedback on the state of charge makes up for.
const PER_DRIVE_EFFICIENCY: f64 = 1.0 / 0.92;
/// Share of the battery's limits the rules plan with.
const PLANNED_SHARE: f64 = 0.92;
/// State of charge above target over which the loaded minimum fades: there is no use in
/// charging a full battery. Its reciprocal.
const PER_LOADED_MIN_FADE_SOC: f64 = 1.0 / 0.06;
/// The same for the charging at cruising speed.
const PER_CRUISE_FADE_SOC: f64 = 1.0 / 0.2;
/// Range of the power that starts the engine, W.
const ON_POWER_RANGE_W: (f64, f64) = (3e3, 22e3);
/// How far below the top of the window the battery counts as full, and no longer.
const FULL_SOC: (f64, f64) = (0.01, 0.03);
/// Braking that gives an empty battery less than the engine would, W at the wheels.
const GENTLE_BRAKING_W: f64 = 4e3;
/// Coolant drop below the stop temperature at which a stopped engine is heated again, K.
const REHEAT_K: f64 = 4.0;
const FLOOR_CELLS: usize = 180;
const FLOOR_ROOM: usize = 256;

/// The rules, with the figures of one car, or of several side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules<F: Number = f64> {
    speed_floor_rad_s: UniformCurve<FLOOR_ROOM, F>,
    soc_target: F,
    soc_max: F,
    ceiling: Ceiling<F>,
    on_power_w: F,
    on_power_w_per_soc: F,
    hysteresis_w: F,
    min_on_s: F,
    min_off_s: F,
    charge_w_per_soc: F,
    max_charge_w: F,
    loaded_min_w: F,
    cruise_charge_w: F,
    cruise_none_below_mps: F,
    cruise_per_mps: F,
    low_soc_start: F,
    low_soc_stop: F,
    spin_rad_s: F,
    warm_up: WarmUp<F>,
}

beside!(Rules {
    speed_floor_rad_s,
    soc_target,
    soc_max,
    ceiling,
    on_power_w,
    on_power_w_per_soc,
    hysteresis_w,
    min_on_s,
    min_off_s,
    charge_w_per_soc,
    max_charge_w,
    loaded_min_w,
    cruise_charge_w,
    cruise_none_below_mps,
    cruise_per_mps,
    low_soc_start,
    low_soc_stop,
    spin_rad_s,
    warm_up
});

/// What the rules remember. An engine that is neither fuelled nor spun is off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RulesMemory<F: Number = f64> {
    fuelled: F::Flags,
    spun: F::Flags,
    /// Time since the start of the run, s.
    clock_s: f64,
    /// When the engine was last started, s.
    started_s: F,
    /// When fuel was last cut, s.
    cut_s: F,
    ceiling: CeilingMemory<F>,
    /// The battery is being charged up from its lower end.
    charging: F::Flags,
    /// The battery counts as full.
    full: F::Flags,
    /// The engine is too cold to stop.
    cold: F::Flags,
    /// Late-spark time left until the catalyst is hot, s.
    hold_left_s: F,
}

impl<F: Number> RulesMemory<F> {
    /// Coolant or catalyst need the engine.
    #[inline(always)]
    fn must_heat(&self) -> F::Flags {
        self.cold | self.hold_left_s.above(0.0)
    }
}

/// What the wheels ask for, and what follows from it at once.
struct Asked<F: Number> {
    wheel_w: F,
    /// They drive, and they brake.
    drives: F::Flags,
    brakes: F::Flags,
    /// Power at the wheels above which the engine starts, W.
    on_power_w: F,
}

/// A share, kept between none and the whole.
#[inline(always)]
fn within_one<F: Number>(share: F) -> F {
    share.at_least(0.0).at_most(1.0)
}

/// What a transition does.
struct Turn<F: Number> {
    /// Battery and MG2 can drive the car alone; known only where it was asked.
    electric: F::Flags,
    start: F::Each<Option<StartCause>>,
}

impl Rules {
    /// The rules of this car.
    pub fn of(car: &Vehicle) -> Self {
        Self::new(&car.strategy, car.battery.soc_target, car.battery.soc_max)
    }

    /// Rules with a car's figures.
    pub fn new(strategy: &Strategy, soc_target: f64, soc_max: f64) -> Self {
        let (slowest, fastest) = strategy.speed_floor_rad_s.range();
        let cruise = &strategy.cruise_charge;
        Self {
            speed_floor_rad_s: UniformCurve::sample(slowest, fastest, FLOOR_CELLS, |speed| {
                strategy.speed_floor_rad_s.at(speed)
            }),
            soc_target,
            soc_max,
            ceiling: Ceiling::of(strategy),
            on_power_w: strategy.engine_on_power_w,
            on_power_w_per_soc: strategy.engine_on_power_w_per_soc,
            hysteresis_w: strategy.hysteresis_w,
            min_on_s: strategy.min_on_s - SLACK_S,
            min_off_s: strategy.min_off_s - SLACK_S,
            charge_w_per_soc: strategy.charge_w_per_soc,
            max_charge_w: strategy.max_charge_w,
            loaded_min_w: strategy.loaded_min_w,
            cruise_charge_w: cruise.power_w,
            cruise_none_below_mps: cruise.none_below_mps,
            cruise_per_mps: 1.0 / (cruise.full_above_mps - cruise.none_below_mps),
            low_soc_start: strategy.low_soc_start,
            low_soc_stop: strategy.low_soc_stop,
            spin_rad_s: strategy.spin_rad_s,
            warm_up: WarmUp {
                delay_s: strategy.warm_up.delay_s - SLACK_S,
                ..strategy.warm_up
            },
        }
    }
}

impl<F: Number> Rules<F> {
    /// Power at the wheels above which the engine starts, W.
    #[inline(always)]
    fn on_power_w(&self, soc: F) -> F {
        (self.on_power_w + self.on_power_w_per_soc * (soc - self.soc_target))
            .at_least(ON_POWER_RANGE_W.0)
            .at_most(ON_POWER_RANGE_W.1)
    }

    /// Timers and latches at this instant.
    #[inline(always)]
    fn observe(
        &self,
        plant: &Plant<F>,
        now: &Situation<'_, F>,
        asked: &Asked<F>,
        m: &mut RulesMemory<F>,
    ) {
        let since_s = F::from(now.since_s);
        m.clock_s += now.since_s;
        self.ceiling
            .observe(plant, now.state.speed_mps, since_s, &mut m.ceiling);

        let (soc, coolant_c) = (now.state.soc, now.state.coolant_c);
        let low = soc.below(self.low_soc_stop);
        let nearly_full = asked.brakes & soc.above(self.soc_max - FULL_SOC.1);
        let cool = coolant_c.below(self.warm_up.below_c);
        let held = m.hold_left_s.above(0.0);
        // A warm car within its window: nothing to see.
        if !(low | nearly_full | cool | held).any() {
            let no = F::Flags::from(false);
            (m.charging, m.full, m.cold) = (no, no, no);
            return;
        }
        seldom();
        m.charging = low & (m.charging | soc.below(self.low_soc_start));
        m.full = nearly_full & (m.full | soc.above(self.soc_max - FULL_SOC.0));
        m.cold = cool & (m.cold | coolant_c.below(self.warm_up.below_c - REHEAT_K));
        let burnt_s = m.fuelled.pick(since_s, 0.0);
        m.hold_left_s = held.pick((m.hold_left_s - burnt_s).at_least(0.0), m.hold_left_s);
    }

    /// Where battery and MG2 can drive the car alone.
    #[inline(always)]
    fn electric_can(plant: &Plant<F>, now: &Situation<'_, F>) -> F::Flags {
        let gears = &plant.gearset;
        let mg2_rad_s = now.speed_mps * plant.ring_rad_per_m * gears.mg2_ratio;
        let wheel_nm = now.wheel_force_n * plant.chassis.tyre_radius_m;
        let mg2_nm = gears.mg2_torque_nm(gears.output_torque_nm(wheel_nm));
        let bus_w = plant.mg2.electric_w(mg2_rad_s, mg2_nm);
        let battery_w = plant.converter.battery_side_w(bus_w) + now.auxiliary_w;
        !(plant.mg2.is_beyond(mg2_rad_s, mg2_nm)
            | battery_w.above(now.terminals.discharge_limit_w * PLANNED_SHARE))
    }

    /// Chooses between off, fuelled and spun; none where the engine rests and nothing asks for
    /// it.
    #[inline(always)]
    fn transition(
        &self,
        plant: &Plant<F>,
        now: &Situation<'_, F>,
        asked: &Asked<F>,
        m: &mut RulesMemory<F>,
    ) -> Option<Turn<F>> {
        let (wheel_w, fuelled, spun) = (asked.wheel_w, m.fuelled, m.spun);
        let none = F::Flags::from(false);
        let waits = !fuelled;
        let idle_below_w = asked.on_power_w - self.hysteresis_w;
        // A burning engine of which enough is asked goes on burning.
        let needed = fuelled & !wheel_w.below(idle_below_w.at_least(0.0));
        if (needed & !(spun | m.hold_left_s.above(0.0))).all() {
            return Some(Turn {
                electric: true.into(),
                start: F::each(|_| None),
            });
        }
        let heats = m.must_heat();
        let clock_s = F::from(m.clock_s);
        let has_run = !(clock_s - m.started_s).below(self.min_on_s);
        let forced = m.ceiling.binds | m.full;
        let must_turn = forced | !has_run;

        // A fuelled engine: fuel is cut where the car brakes, and where it asks for little.
        let (mut cut, mut tempted) = (none, none);
        if fuelled.any() {
            let gentle_w = m.charging.pick(GENTLE_BRAKING_W, 0.0);
            cut = fuelled & wheel_w.below(-gentle_w) & !heats;
            let idle = wheel_w.below(idle_below_w);
            tempted = fuelled & idle & !(cut | must_turn | m.charging | heats);
        }
        // One without fuel: an engine that turns anyway burns again for any demand.
        let (mut demand, mut rested) = (none, none);
        if waits.any() {
            rested = waits & !(asked.brakes | (clock_s - m.cut_s).below(self.min_off_s));
            let threshold_w = (spun & m.ceiling.binds).pick(0.0, asked.on_power_w);
            demand = rested & now.coming_wheel_power_w().above(threshold_w);
        }

        let unsure = tempted | (waits & !demand) | m.hold_left_s.above(0.0);
        let mut electric = F::Flags::from(true);
        if (unsure & asked.drives).any() {
            electric = !asked.drives | Self::electric_can(plant, now);
        }
        let stirred = fuelled | spun | demand | heats | forced | m.charging | !electric;
        if !stirred.any() {
            return None;
        }
        let off_fuel = cut | (tempted & electric);

        let (mut fires, mut spins, mut rests) = (none, none, none);
        let (mut limit, mut ceiling, mut low_soc, mut warm_up) = (none, none, none, none);
        if waits.any() {
            let off = waits & !spun;
            limit = waits & !(asked.brakes | electric);
            ceiling = off & asked.drives & m.ceiling.binds;
            low_soc = waits & m.charging & wheel_w.above(-GENTLE_BRAKING_W);
            warm_up = rested & heats & !clock_s.below(self.warm_up.delay_s);
            fires = demand | limit | ceiling | low_soc | warm_up;
            spins = off & forced & !fires;
            rests = spun & has_run & !(fires | forced);
        }

        m.fuelled = (fuelled & !off_fuel) | fires;
        m.spun = (cut & must_turn) | spins | (spun & !(fires | rests));
        m.cut_s = off_fuel.pick(clock_s, m.cut_s);
        m.started_s = (fires | spins).pick(clock_s, m.started_s);
        let mut start = F::each(|_| None);
        if (fires | spins).any() {
            seldom();
            // The first that holds is the reason.
            let reasons = [
                (demand, StartCause::PowerDemand),
                (limit, StartCause::BatteryLimit),
                (ceiling, StartCause::SpeedCeiling),
                (low_soc, StartCause::LowSoc),
                (warm_up, StartCause::WarmUp),
                (spins & m.full, StartCause::BatteryFull),
                (spins, StartCause::SpeedCeiling),
            ];
            start = F::each(|lane| {
                let reason = reasons.iter().find(|(holds, _)| holds.lane(lane));
                reason.map(|&(_, cause)| cause)
            });
        }
        Some(Turn { electric, start })
    }

    /// Power asked of the running engine, W.
    #[inline(always)]
    fn engine_power_w(&self, plant: &Plant<F>, now: &Situation<'_, F>, wheel_w: F) -> F {
        let soc_below = self.soc_target - now.state.soc;
        let drive_w = wheel_w.at_least(0.0) * PER_DRIVE_EFFICIENCY + now.auxiliary_w;
        let charge_w = (self.charge_w_per_soc * soc_below)
            .at_least(-self.max_charge_w)
            .at_most(self.max_charge_w);
        let fade = within_one(soc_below * PER_LOADED_MIN_FADE_SOC + 1.0);
        let least_w = drive_w - now.terminals.discharge_limit_w * PLANNED_SHARE;
        let most_w = drive_w + now.terminals.charge_limit_w * PLANNED_SHARE;
        let cruising =
            within_one((now.speed_mps - self.cruise_none_below_mps) * self.cruise_per_mps);
        let not_full = within_one(soc_below * PER_CRUISE_FADE_SOC + 1.0);
        (drive_w + charge_w + self.cruise_charge_w * cruising * not_full)
            .at_least(self.loaded_min_w * fade)
            .at_least(least_w)
            .at_most(most_w)
            .at_least(0.0)
            .at_most(plant.engine.max_power_w)
    }

    /// Speed, its change and torque for a power: on the line of least fuel, not below the
    /// floor that keeps MG1 from turning backwards too fast.
    #[inline(always)]
    fn operate(&self, plant: &Plant<F>, now: &Situation<'_, F>, power_w: F) -> (F, F, F) {
        let engine = &plant.engine;
        let floor = self.speed_floor_rad_s.at(now.speed_mps);
        let target = engine
            .line_speed_rad_s(power_w)
            .at_least(floor)
            .at_least(engine.idle_rad_s);
        let reach = engine.slew_rad_s2 * now.holds_s;
        let from = now.state.engine_rad_s.at_least(engine.firing_rad_s);
        let end = target.at_least(from - reach).at_most(from + reach);
        // Spread over the time the decision holds, so that short steps see the same ramp.
        let rad_s2 = (end - from).abs() * now.per_hold;
        (target, rad_s2, power_w / ((from + end) * 0.5))
    }
}

impl<F: Number> Controller<F> for Rules<F> {
    type Memory = RulesMemory<F>;

    fn name(&self) -> &'static str {
        "rules"
    }

    #[inline(always)]
    fn begin(&self, _plant: &Plant<F>, state: &State<F>, soaked_s: F) -> RulesMemory<F> {
        let warm_up = &self.warm_up;
        let no = F::Flags::from(false);
        RulesMemory {
            fuelled: no,
            spun: state.engine_rad_s.above(0.0),
            clock_s: 0.0,
            started_s: -self.min_on_s,
            cut_s: -self.min_off_s,
            ceiling: CeilingMemory::default(),
            charging: no,
            full: no,
            cold: state.coolant_c.below(warm_up.below_c),
            hold_left_s: warm_up.hold_s * warm_up.catalyst_cooled(soaked_s),
        }
    }

    #[inline(always)]
    fn decide(
        &self,
        plant: &Plant<F>,
        now: &Situation<'_, F>,
        m: &mut RulesMemory<F>,
    ) -> Command<F> {
        // A car alone: each of both has its own copy without what the other asks.
        if F::LANES > 1 {
            self.decide_from(plant, now, m.fuelled, m)
        } else if m.fuelled.any() {
            self.decide_from(plant, now, true.into(), m)
        } else {
            self.decide_from(plant, now, false.into(), m)
        }
    }
}

impl<F: Number> Rules<F> {
    /// Decides for an engine that has been fuelled or not.
    #[inline(always)]
    fn decide_from(
        &self,
        plant: &Plant<F>,
        now: &Situation<'_, F>,
        fuelled: F::Flags,
        m: &mut RulesMemory<F>,
    ) -> Command<F> {
        m.fuelled = fuelled;
        let wheel_w = now.wheel_power_w();
        let asked = Asked {
            wheel_w,
            drives: wheel_w.above(0.0),
            brakes: wheel_w.below(0.0),
            on_power_w: self.on_power_w(now.state.soc),
        };
        self.observe(plant, now, &asked, m);
        let Some(Turn { electric, start }) = self.transition(plant, now, &asked, m) else {
            return Command::default();
        };
        let warm_up = &self.warm_up;
        let fuelled = m.fuelled;
        let holds = fuelled & m.hold_left_s.above(0.0) & !m.charging & electric;
        // A cold engine keeps burning while the car brakes, without load.
        let loaded = fuelled & !(holds | (asked.brakes & !m.charging));
        let mut command = Command {
            turn: fuelled | m.spun,
            fuel: fuelled,
            engine_rad_s: fuelled.pick(warm_up.speed_rad_s, m.spun.pick(self.spin_rad_s, 0.0)),
            engine_rad_s2: f64::INFINITY.into(),
            engine_torque_nm: fuelled.pick(warm_up.torque_nm, 0.0),
            late_spark: holds,
            start,
        };
        if loaded.any() {
            let power_w = self.engine_power_w(plant, now, wheel_w);
            let (rad_s, rad_s2, torque_nm) = self.operate(plant, now, power_w);
            command.engine_rad_s = loaded.pick(rad_s, command.engine_rad_s);
            command.engine_rad_s2 = loaded.pick(rad_s2, command.engine_rad_s2);
            command.engine_torque_nm = loaded.pick(torque_nm, command.engine_torque_nm);
        }
        command
    }
}

impl ManyCars for Rules {
    type Of<F: Number> = Rules<F>;

    fn side_by_side<'a, F: Number>(lane: &dyn Fn(usize) -> &'a Self) -> Rules<F> {
        Rules::beside(lane)
    }
}
