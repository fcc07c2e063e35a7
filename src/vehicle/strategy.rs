//! The figures of the car's own supervisory control: what the maker chose.
//!
//! They belong to the car, not to a controller: the rules follow all of them, an
//! optimal control still has to respect the ceiling, the minimum times and the warm-up.

use crate::lanes::{Number, beside};
use crate::map::Curve;

/// Figures of the supervisory control.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    /// Fastest reverse speed allowed to MG1 with the engine at rest, rad/s.
    pub engine_off_max_mg1_reverse_rad_s: f64,
    /// Time the ceiling has to be exceeded before it binds, s.
    pub ceiling_hold_s: f64,
    /// How far below the ceiling it is released, m/s.
    pub ceiling_release_mps: f64,
    /// Power at the wheels above which the engine starts, at the target SOC, W.
    pub engine_on_power_w: f64,
    /// Change of that power per unit of state of charge, W.
    pub engine_on_power_w_per_soc: f64,
    /// How far below the starting power the engine stops, W.
    pub hysteresis_w: f64,
    /// Shortest time the engine runs, s.
    pub min_on_s: f64,
    /// Shortest time the engine rests, s, where no limit forces it.
    pub min_off_s: f64,
    /// Charging power asked per unit of state of charge below target, W.
    pub charge_w_per_soc: f64,
    /// Largest charging power asked, W.
    pub max_charge_w: f64,
    /// Smallest engine power under load, W.
    pub loaded_min_w: f64,
    /// What a running engine charges with at speed.
    pub cruise_charge: CruiseCharge,
    /// State of charge at which the engine starts to charge.
    pub low_soc_start: f64,
    /// State of charge up to which it then charges.
    pub low_soc_stop: f64,
    /// Slowest running engine over road speed in m/s, rad/s.
    pub speed_floor_rad_s: Curve,
    /// Speed at which the engine is turned without fuel above the ceiling, rad/s.
    pub spin_rad_s: f64,
    /// What a cold engine does first.
    pub warm_up: WarmUp,
}

/// Charging of a running engine at speed: the floor of its speed makes it turn faster than
/// the road asks for, and it charges instead of running at a low load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CruiseCharge {
    /// Power beyond what the road and the state of charge ask for, W.
    pub power_w: f64,
    /// Road speed up to which there is none, m/s.
    pub none_below_mps: f64,
    /// Road speed from which there is all of it, m/s.
    pub full_above_mps: f64,
}

/// Warm-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmUp<F = f64> {
    /// Coolant temperature below which the warm-up runs and the engine may not stop, °C.
    pub below_c: F,
    /// The same with the heater on, °C.
    pub below_heater_c: F,
    /// Time driven electrically first, s.
    pub delay_s: F,
    /// Time of late spark and almost no drive power, s.
    pub hold_s: F,
    /// Engine speed of that phase, rad/s.
    pub speed_rad_s: F,
    /// Engine torque of that phase, N·m.
    pub torque_nm: F,
    /// Time constant with which the catalyst of a parked car cools, s.
    pub catalyst_time_constant_s: F,
}

beside!(WarmUp {
    below_c,
    below_heater_c,
    delay_s,
    hold_s,
    speed_rad_s,
    torque_nm,
    catalyst_time_constant_s
});

impl<F: Number> WarmUp<F> {
    /// How far the catalyst has cooled in this time, 0 to 1: the share of the late-spark
    /// phase that has to be run again.
    pub fn catalyst_cooled(&self, soaked_s: F) -> F {
        let time_constants = soaked_s / self.catalyst_time_constant_s;
        F::from_lanes(|lane| -(-time_constants.lane(lane)).exp_m1())
    }
}
