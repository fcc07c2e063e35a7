//! Which gear, and whether the converter is locked.
//!
//! The next gear is taken above one line of turbine speed over load, the gear below
//! under another; the lines lie so far apart that no shift undoes itself (held by
//! `config`). Load is power at the wheels over the engine's largest, which no shift
//! changes. A gear in which the engine cannot give the force is left downwards, and is
//! not taken again before it can give it with a reserve; at the line of full load the
//! next gear is taken all the same.

use super::step::Choice;
use crate::cycle::Interval;
use crate::units::GRAVITY_M_PER_S2;
use crate::vehicle::ConventionalPlant;

/// Acceleration beyond which the gear is not chosen for what the cycle asks: two driven
/// wheels carry about half of the weight.
const MOST_MPS2: f64 = 0.5 * GRAVITY_M_PER_S2;
/// Share of full load that the next gear may need.
const RESERVE: f64 = 0.9;
/// Share of the full-load line up to which a gear is taken for its force: further up it
/// would be left at once.
const KICKDOWN_SHARE: f64 = 0.9;
/// Share of the engine's fastest speed that no gear goes beyond.
const FASTEST_SHARE: f64 = 0.98;

/// Chooses gears; remembers the last choice and its time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Selector {
    /// From 0.
    pub(super) gear: usize,
    locked: bool,
    shifted_s: f64,
}

/// What is asked of the wheels.
struct Demand {
    speed_mps: f64,
    wheel_nm: f64,
    auxiliary_w: f64,
}

/// Whether the engine can give what is asked in a gear, with this share of its torque.
fn can_give(plant: &ConventionalPlant, demand: &Demand, gear: usize, share: f64) -> bool {
    let turbine_nm = plant.gearbox.turbine_nm(demand.wheel_nm, gear);
    let turbine_rad_s = plant.turbine_rad_s(demand.speed_mps, gear);
    let engine_rad_s = turbine_rad_s.max(plant.engine.idle_rad_s);
    let alternator_nm = demand.auxiliary_w / plant.alternator_efficiency / engine_rad_s;
    let needed_nm = turbine_nm + plant.gearbox.drag_nm + alternator_nm;
    needed_nm <= share * plant.engine.full_load_nm(engine_rad_s)
}

impl Selector {
    /// In the highest gear whose shift line down lies below this speed.
    pub(super) fn new(plant: &ConventionalPlant, speed_mps: f64) -> Self {
        let slowest = plant.gearbox.down.light_rad_s;
        let gear = (0..=plant.gearbox.highest())
            .rev()
            .find(|gear| plant.turbine_rad_s(speed_mps, *gear) >= slowest)
            .unwrap_or(0);
        let mut selector = Self {
            gear,
            locked: false,
            shifted_s: f64::NEG_INFINITY,
        };
        selector.lock(plant, speed_mps);
        selector
    }

    /// What the next steps are driven with.
    pub(super) fn choice(&self) -> Choice {
        Choice {
            gear: self.gear,
            locked: self.locked,
        }
    }

    fn lock(&mut self, plant: &ConventionalPlant, speed_mps: f64) {
        let converter = &plant.gearbox.converter;
        let turbine_rad_s = plant.turbine_rad_s(speed_mps, self.gear);
        let limit_rad_s = if self.locked {
            converter.unlock_rad_s
        } else {
            converter.lockup_rad_s
        };
        self.locked = self.gear >= converter.lockup_from && turbine_rad_s >= limit_rad_s;
    }

    /// Decides for the time that the interval looks ahead.
    pub(super) fn decide(&mut self, plant: &ConventionalPlant, interval: &Interval, now_mps: f64) {
        let reach_mps = now_mps + MOST_MPS2 * interval.decide_s;
        let ahead_mps = interval.decide_mps.min(plant.max_speed_mps).min(reach_mps);
        let speed_mps = 0.5 * (now_mps + ahead_mps);
        let chassis = &plant.chassis;
        let road = chassis.resistance(speed_mps, interval.sine, interval.cosine);
        let mps2 = (ahead_mps - now_mps) / interval.decide_s;
        let force_n = road.total_n() + chassis.inertial_mass_kg * mps2;
        let demand = Demand {
            speed_mps,
            wheel_nm: force_n * chassis.tyre_radius_m,
            auxiliary_w: plant.auxiliary_w + interval.aux_w,
        };
        let load = (force_n * speed_mps / plant.engine.max_power_w).clamp(0.0, 1.0);
        self.shift(plant, &demand, load, interval.start_s);
        self.lock(plant, speed_mps);
    }

    fn shift(&mut self, plant: &ConventionalPlant, demand: &Demand, load: f64, now_s: f64) {
        let gearbox = &plant.gearbox;
        let turbine_rad_s = |gear| plant.turbine_rad_s(demand.speed_mps, gear);
        let fastest = FASTEST_SHARE * plant.engine.max_speed_rad_s;
        let before = self.gear;
        let kickdown = KICKDOWN_SHARE * gearbox.up.full_rad_s;
        while self.gear > 0
            && (turbine_rad_s(self.gear) < gearbox.down.at(load)
                || turbine_rad_s(self.gear - 1) < kickdown
                    && !can_give(plant, demand, self.gear, 1.0))
        {
            self.gear -= 1;
        }
        while self.gear < gearbox.highest() && turbine_rad_s(self.gear) > fastest {
            self.gear += 1;
        }
        let settled = self.gear == before && now_s - self.shifted_s >= gearbox.hold_s;
        if settled
            && self.gear < gearbox.highest()
            && turbine_rad_s(self.gear) > gearbox.up.at(load)
            && (turbine_rad_s(self.gear) > gearbox.up.full_rad_s
                || can_give(plant, demand, self.gear + 1, RESERVE))
        {
            self.gear += 1;
        }
        if self.gear != before {
            self.shifted_s = now_s;
        }
    }
}
