//! Temperatures around the engine: coolant and the day.
//!
//! `C·dT/dt = s·(P_fuel − P_shaft) − (k + k_heater)·(T − T_ambient)`, held at the thermostat.

use crate::lanes::{Number, beside};

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

/// Coolant and the day as the kernel uses them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThermalPlant<F = f64> {
    /// Temperature of the air, °C.
    pub ambient_c: F,
    /// Coolant temperature of a warm start, °C.
    pub warm_c: F,
    thermostat_c: F,
    heat_share: F,
    taken_w_per_k: F,
    per_heat_capacity_k_per_j: F,
}

beside!(ThermalPlant {
    ambient_c,
    warm_c,
    thermostat_c,
    heat_share,
    taken_w_per_k,
    per_heat_capacity_k_per_j
});

impl Thermal {
    /// Folds the constants.
    pub fn plant(&self) -> ThermalPlant {
        ThermalPlant {
            ambient_c: self.ambient_c,
            warm_c: self.warm_c,
            thermostat_c: self.thermostat_c,
            heat_share: self.heat_share,
            taken_w_per_k: self.loss_w_per_k + self.heater_setting * self.heater_w_per_k,
            per_heat_capacity_k_per_j: 1.0 / self.heat_capacity_j_per_k,
        }
    }
}

impl<F: Number> ThermalPlant<F> {
    /// Coolant temperature after a step with this much waste heat of burning fuel, °C.
    #[inline(always)]
    pub fn coolant_after_c(&self, coolant_c: F, engine_heat_w: F, dt_s: f64) -> F {
        let gain_w =
            self.heat_share * engine_heat_w - self.taken_w_per_k * (coolant_c - self.ambient_c);
        let free_c = coolant_c + gain_w * dt_s * self.per_heat_capacity_k_per_j;
        free_c.at_most(self.thermostat_c.at_least(coolant_c))
    }
}
