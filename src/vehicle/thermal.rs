//! Temperatures around the engine: coolant and the day.
//!
//! `C·dT/dt = s·(P_fuel − P_shaft) − (k + k_heater)·(T − T_ambient)`, held at the thermostat.

use crate::bound::Bound;

/// The day, and the coolant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thermal {
    /// Temperature of the air, °C.
    pub ambient_c: f64,
    /// Coolant temperature of a warm start, °C.
    pub warm_c: f64,
    /// Temperature the thermostat holds, °C.
    pub thermostat_c: f64,
    /// Heat capacity of engine block and coolant, J/K.
    pub heat_capacity_j_per_k: f64,
    /// Share of the engine's waste heat that reaches the coolant.
    pub heat_share: f64,
    /// Heat lost to the air, W/K.
    pub loss_w_per_k: f64,
    /// Heat that the cabin takes from the coolant with the heater full on, W/K.
    pub heater_w_per_k: f64,
    /// How far the heater is on, 0 to 1; only while driving.
    pub heater_setting: f64,
}

impl Thermal {
    /// Coolant temperature after a step with this much waste heat of burning fuel, °C.
    #[inline]
    pub fn coolant_after_c(&self, coolant_c: f64, engine_heat_w: f64, dt_s: f64) -> f64 {
        let taken_w_per_k = self.loss_w_per_k + self.heater_setting * self.heater_w_per_k;
        let gain_w = self.heat_share * engine_heat_w - taken_w_per_k * (coolant_c - self.ambient_c);
        let free_c = coolant_c + gain_w * dt_s / self.heat_capacity_j_per_k;
        free_c.at_most(self.thermostat_c.at_least(coolant_c))
    }
}
