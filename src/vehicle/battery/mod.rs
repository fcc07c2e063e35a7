//! The NiMH battery: open-circuit voltage, two resistances, charge and temperature.
//!
//! Equivalent circuit: `V = U(q) − i·R₀ − u`, `τ·du/dt = i·R₁ − u`. The instant
//! resistance R₀ answers pulses, R₀ + R₁ steady loads; both depend on state of charge
//! and temperature. With u at the middle of the step (trapezoid rule),
//!
//! ```text
//! ū = u/(1 + β) + i·R₁·β/(1 + β),    β = Δt/2τ,
//! ```
//!
//! the terminal power p is a quadratic in the current, `p = E·i − R·i²`, solved
//! exactly, and the energy of the slow branch closes to rounding.
//!
//! Power and current are positive when discharging.

use super::State;
use crate::lanes::{Flags, Number, beside};
use crate::map::{Curve, Gap, Surface, UniformCurve, UniformSurface};
use crate::units::C_PER_AH;

/// State of charge over which the power limits fade to zero at the ends of the window.
const WINDOW_FADE_SOC: f64 = 0.02;
/// Share of the charge left in the window that one step may take.
const WINDOW_STEP_SHARE: f64 = 0.5;
/// Share of the highest open-circuit voltage below which the terminals never fall.
const LEAST_VOLTAGE_SHARE: f64 = 0.55;
const SOC_CELLS: usize = 50;
const TEMPERATURE_CELLS: usize = 24;
const VOLTAGE_ROOM: usize = 64;
const RESISTANCE_ROOM: usize = 2048;

/// The battery.
#[derive(Debug, Clone, PartialEq)]
pub struct Battery {
    /// Capacity, A·h.
    pub capacity_ah: f64,
    /// Cells in series.
    pub cells: f64,
    /// Open-circuit voltage of the pack over state of charge, V.
    pub open_circuit_v: Curve,
    /// Resistance to a pulse over (temperature in °C, state of charge), Ω.
    pub instant_ohm: Surface,
    /// Resistance to a steady load over (temperature in °C, state of charge), Ω.
    pub steady_ohm: Surface,
    /// Time constant between the two, s.
    pub time_constant_s: f64,
    /// Charge stored per charge put in.
    pub coulombic_efficiency: f64,
    /// Lowest state of charge used.
    pub soc_min: f64,
    /// Highest state of charge used.
    pub soc_max: f64,
    /// State of charge the control aims at.
    pub soc_target: f64,
    /// Largest power drawn, W.
    pub max_discharge_w: f64,
    /// Largest power put in, W.
    pub max_charge_w: f64,
    /// Lowest terminal voltage, V.
    pub min_v: f64,
    /// Highest terminal voltage, V.
    pub max_v: f64,
    /// Mass that heats, kg.
    pub mass_kg: f64,
    /// Specific heat, J/(kg·K).
    pub heat_capacity_j_per_kg_k: f64,
    /// Heat that the air takes away, W/K.
    pub cooling_w_per_k: f64,
}

/// Open-circuit voltage and resistances.
type Tables = (
    UniformCurve<VOLTAGE_ROOM>,
    UniformSurface<2, RESISTANCE_ROOM>,
);

/// The battery as the kernel uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct BatteryPlant<F: Number = f64> {
    open_circuit_v: UniformCurve<VOLTAGE_ROOM, F>,
    /// Instant resistance and what the slow branch adds to it, Ω.
    resistance_ohm: UniformSurface<2, RESISTANCE_ROOM, F>,
    time_constant_s: F,
    half_per_time_constant_per_s: F,
    coulombic_efficiency: F,
    soc_min: F,
    soc_max: F,
    discharge_w_per_soc: F,
    charge_w_per_soc: F,
    max_discharge_w: F,
    max_charge_w: F,
    min_v: F,
    max_v: F,
    cooling_w_per_k: F,
    per_heat_capacity_k_per_j: F,
    per_capacity_per_c: F,
    /// Capacity, C.
    pub capacity_c: F,
}

beside!(BatteryPlant {
    open_circuit_v,
    resistance_ohm,
    time_constant_s,
    half_per_time_constant_per_s,
    coulombic_efficiency,
    soc_min,
    soc_max,
    discharge_w_per_soc,
    charge_w_per_soc,
    max_discharge_w,
    max_charge_w,
    min_v,
    max_v,
    cooling_w_per_k,
    per_heat_capacity_k_per_j,
    per_capacity_per_c,
    capacity_c
});

/// What only the length of a step decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace<F = f64> {
    dt_s: f64,
    per_dt: f64,
    /// `1/(1 + β)` and `β/(1 + β)` of the trapezoid rule.
    kept: F,
    gained: F,
    /// Share of the charge left in the window that a step may take, per its length, C/s.
    window_c_per_s: F,
}

/// The battery at its terminals over one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terminals<F = f64> {
    open_circuit_v: F,
    /// Voltage without current: open circuit less what the slow branch holds, V.
    pub effective_v: F,
    /// Resistance that acts over the step, Ω.
    pub effective_ohm: F,
    instant_ohm: F,
    slow_ohm: F,
    per_slow_ohm: F,
    /// Largest power that may be drawn, W.
    pub discharge_limit_w: F,
    /// Largest power that may be put in, W, positive.
    pub charge_limit_w: F,
}

/// What a terminal power does to the battery over one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn<F = f64> {
    /// Terminal current, A.
    pub current_a: F,
    /// Terminal voltage, V.
    pub voltage_v: F,
    /// Power that the stored charge gives up, W.
    pub chemical_w: F,
    /// Power that goes into the slow branch's capacitance, W.
    pub polarisation_w: F,
    /// Heat, W.
    pub heat_w: F,
    /// State of charge at the end of the step.
    pub soc: F,
    /// Voltage over the slow branch at the end of the step, V.
    pub polarisation_v: F,
    /// Temperature at the end of the step, °C.
    pub temperature_c: F,
}

/// Nominal voltage of a NiMH cell, V (IEC 61951-2).
const NOMINAL_CELL_V: f64 = 1.2;

impl Battery {
    /// Nominal voltage of the pack, V.
    pub fn nominal_v(&self) -> f64 {
        self.cells * NOMINAL_CELL_V
    }

    /// Builds the tables.
    pub fn plant(&self) -> BatteryPlant {
        self.plant_with(self.tables())
    }

    /// The same as [`Self::plant`], with the tables of a plant that was made from another
    /// battery where this one's are the same.
    pub fn plant_like(&self, plant: &BatteryPlant, made_from: &Self) -> BatteryPlant {
        let same_tables = self.open_circuit_v == made_from.open_circuit_v
            && self.instant_ohm == made_from.instant_ohm
            && self.steady_ohm == made_from.steady_ohm;
        self.plant_with(if same_tables {
            (plant.open_circuit_v.clone(), plant.resistance_ohm.clone())
        } else {
            self.tables()
        })
    }

    /// How far the kernel's tables are from the measured ones: open-circuit voltage in V,
    /// instant and steady resistance in Ω.
    pub fn gaps(&self, plant: &BatteryPlant) -> [Gap; 3] {
        let ohm = |temperature: f64, soc: f64| plant.resistance_ohm.all_at(temperature, soc);
        let used = (self.steady_ohm.x_range(), (0.0, 1.0));
        [
            self.open_circuit_v.gap(|soc| plant.open_circuit_v.at(soc)),
            self.instant_ohm
                .gap((used.0, self.instant_ohm.y_range()), |temperature, soc| {
                    ohm(temperature, soc)[0]
                }),
            self.steady_ohm
                .gap((used.0, self.steady_ohm.y_range()), |temperature, soc| {
                    ohm(temperature, soc).iter().sum()
                }),
        ]
    }

    /// Open-circuit voltage and resistances.
    fn tables(&self) -> Tables {
        let open_circuit_v =
            UniformCurve::sample(0.0, 1.0, SOC_CELLS, |soc| self.open_circuit_v.at(soc));
        let resistance_ohm = UniformSurface::sample(
            self.steady_ohm.x_range(),
            (0.0, 1.0),
            (TEMPERATURE_CELLS, SOC_CELLS),
            |temperature| {
                let instant = measured_ohm(&self.instant_ohm, temperature);
                let steady = measured_ohm(&self.steady_ohm, temperature);
                move |soc| {
                    let instant_ohm = instant(soc);
                    [instant_ohm, steady(soc) - instant_ohm]
                }
            },
        );
        (open_circuit_v, resistance_ohm)
    }

    fn plant_with(&self, (open_circuit_v, resistance_ohm): Tables) -> BatteryPlant {
        BatteryPlant {
            open_circuit_v,
            resistance_ohm,
            time_constant_s: self.time_constant_s,
            half_per_time_constant_per_s: 0.5 / self.time_constant_s,
            coulombic_efficiency: self.coulombic_efficiency,
            soc_min: self.soc_min,
            soc_max: self.soc_max,
            discharge_w_per_soc: self.max_discharge_w / WINDOW_FADE_SOC,
            charge_w_per_soc: self.max_charge_w / WINDOW_FADE_SOC,
            max_discharge_w: self.max_discharge_w,
            max_charge_w: self.max_charge_w,
            // Below half its voltage a source gives less power, not more.
            min_v: self
                .min_v
                .max(LEAST_VOLTAGE_SHARE * self.open_circuit_v.max()),
            max_v: self.max_v,
            cooling_w_per_k: self.cooling_w_per_k,
            per_heat_capacity_k_per_j: 1.0 / (self.mass_kg * self.heat_capacity_j_per_kg_k),
            per_capacity_per_c: 1.0 / (self.capacity_ah * C_PER_AH),
            capacity_c: self.capacity_ah * C_PER_AH,
        }
    }
}

/// A resistance over state of charge at one temperature, Ω, not continued beyond what
/// was measured.
fn measured_ohm(surface: &Surface, temperature_c: f64) -> impl Fn(f64) -> f64 {
    let ((coldest, warmest), (empty, full)) = (surface.x_range(), surface.y_range());
    let section = surface.along(temperature_c.clamp(coldest, warmest));
    move |soc| section.at(soc.clamp(empty, full))
}

impl BatteryPlant {
    /// Open-circuit voltage, V.
    pub fn open_circuit_v(&self, soc: f64) -> f64 {
        self.open_circuit_v.at(soc)
    }

    /// Share of the charging current that is stored.
    pub fn coulombic_efficiency(&self) -> f64 {
        self.coulombic_efficiency
    }

    /// State of charge of a coulomb, 1/C.
    pub fn soc_per_c(&self) -> f64 {
        self.per_capacity_per_c
    }

    /// Energy of the charge per unit of state of charge, J.
    pub fn energy_per_soc_j(&self, soc: f64) -> f64 {
        self.capacity_c * self.open_circuit_v.at(soc)
    }

    /// Largest power that may be drawn for longer than the slow branch takes, W: the
    /// rating or the lowest voltage behind the steady resistance.
    pub fn steady_discharge_limit_w(&self, soc: f64, temperature_c: f64) -> f64 {
        let open_circuit_v = self.open_circuit_v.at(soc);
        let [instant_ohm, slow_ohm] = self.resistance_ohm.all_at(temperature_c, soc);
        let steady_ohm = instant_ohm + slow_ohm;
        let floor_w = self.min_v * (open_circuit_v - self.min_v) / steady_ohm;
        self.max_discharge_w.at_most(floor_w).at_least(0.0)
    }
}

impl<F> Pace<F> {
    /// Length of the step, s.
    pub fn dt_s(&self) -> f64 {
        self.dt_s
    }
}

impl<F: Number> BatteryPlant<F> {
    /// What is the same in all steps of this length.
    #[inline(always)]
    pub fn pace(&self, dt_s: f64) -> Pace<F> {
        let half_step = self.half_per_time_constant_per_s * dt_s;
        let kept = F::from(1.0) / (half_step + 1.0);
        let per_dt = 1.0 / dt_s;
        Pace {
            dt_s,
            per_dt,
            kept,
            gained: half_step * kept,
            window_c_per_s: self.capacity_c * (WINDOW_STEP_SHARE * per_dt),
        }
    }

    /// Circuit and limits for a step that starts in this state.
    #[inline(always)]
    pub fn terminals(&self, pace: &Pace<F>, state: &State<F>) -> Terminals<F> {
        let soc = state.soc;
        // Both tables have the same cells over the state of charge.
        let place = self.resistance_ohm.place_y(soc);
        let open_circuit_v = self.open_circuit_v.at_place(&place);
        let [instant_ohm, slow_ohm] = self.resistance_ohm.all_at_place(state.battery_c, &place);
        let effective_v = open_circuit_v - state.polarisation_v * pace.kept;
        let effective_ohm = instant_ohm + slow_ohm * pace.gained;

        // Two reciprocals by one division.
        let per_both = F::from(1.0) / (effective_ohm * slow_ohm);
        let (per_ohm, per_slow_ohm) = (per_both * slow_ohm, per_both * effective_ohm);
        let floor_w = self.min_v * (effective_v - self.min_v) * per_ohm;
        let ceiling_w = self.max_v * (self.max_v - effective_v) * per_ohm;
        let step_w_per_soc = pace.window_c_per_s * open_circuit_v;
        let above = (soc - self.soc_min).at_least(0.0);
        let below = (self.soc_max - soc).at_least(0.0);
        Terminals {
            open_circuit_v,
            effective_v,
            effective_ohm,
            instant_ohm,
            slow_ohm,
            per_slow_ohm,
            discharge_limit_w: self
                .max_discharge_w
                .at_most(self.discharge_w_per_soc.at_most(step_w_per_soc) * above)
                .at_most(floor_w)
                .at_least(0.0),
            charge_limit_w: self
                .max_charge_w
                .at_most(self.charge_w_per_soc.at_most(step_w_per_soc) * below)
                .at_most(ceiling_w)
                .at_least(0.0),
        }
    }

    /// State of charge that a power takes in a time, as the circuit says at its start.
    #[inline(always)]
    pub fn charge_used(&self, terminals: &Terminals<F>, power_w: F, time_s: f64) -> F {
        let t = terminals;
        let root = (t.effective_v * t.effective_v - t.effective_ohm * power_w * 4.0)
            .at_least(0.0)
            .sqrt();
        let current_a = power_w * 2.0 / (t.effective_v + root);
        let stored_a = current_a
            .below(0.0)
            .pick(current_a * self.coulombic_efficiency, current_a);
        stored_a * time_s * self.per_capacity_per_c
    }

    /// Half-way between the ends of the window.
    #[inline(always)]
    pub fn middle_soc(&self) -> F {
        (self.soc_min + self.soc_max) * 0.5
    }

    /// Draws `power_w` at the terminals for a step from a battery in this state.
    #[inline(always)]
    pub fn draw(
        &self,
        pace: &Pace<F>,
        terminals: &Terminals<F>,
        power_w: F,
        state: &State<F>,
        ambient_c: F,
    ) -> Drawn<F> {
        let t = terminals;
        let polarisation_v = state.polarisation_v;
        // p = E·i − R·i², the root that goes through zero, in the form without cancellation.
        let root = (t.effective_v * t.effective_v - t.effective_ohm * power_w * 4.0)
            .at_least(0.0)
            .sqrt();
        let current_a = power_w * 2.0 / (t.effective_v + root);

        let mean_polarisation_v = polarisation_v * pace.kept + current_a * t.slow_ohm * pace.gained;
        let end_polarisation_v = mean_polarisation_v * 2.0 - polarisation_v;
        // C = τ/R₁, so the energy ½·C·u² changes by C·ū·Δu.
        let slow_a = mean_polarisation_v * t.per_slow_ohm;
        let polarisation_w =
            self.time_constant_s * slow_a * (end_polarisation_v - polarisation_v) * pace.per_dt;
        let slow_heat_w = mean_polarisation_v * slow_a;

        let stored_a = current_a
            .below(0.0)
            .pick(current_a * self.coulombic_efficiency, current_a);
        let heat_w = current_a * current_a * t.instant_ohm
            + slow_heat_w
            + (stored_a - current_a) * t.open_circuit_v;
        Drawn {
            current_a,
            voltage_v: t.effective_v - t.effective_ohm * current_a,
            chemical_w: stored_a * t.open_circuit_v,
            polarisation_w,
            heat_w,
            soc: state.soc - stored_a * pace.dt_s * self.per_capacity_per_c,
            polarisation_v: end_polarisation_v,
            temperature_c: state.battery_c
                + (heat_w - self.cooling_w_per_k * (state.battery_c - ambient_c))
                    * self.per_heat_capacity_k_per_j
                    * pace.dt_s,
        }
    }
}

#[cfg(test)]
mod tests;
