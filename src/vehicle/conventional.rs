//! A car with an engine and a stepped gearbox, for comparison: no machines, no battery.

use super::{Chassis, ChassisPlant, Engine, EnginePlant, Gearbox, Thermal, ThermalPlant};

/// A conventional car, in SI units.
#[derive(Debug, Clone, PartialEq)]
pub struct Conventional {
    /// Name, as results carry it.
    pub name: String,
    /// Body, wheels, brakes and the air around.
    pub chassis: Chassis,
    /// Engine.
    pub engine: Engine,
    /// Inertia of engine, flywheel and impeller, kg·m².
    pub engine_inertia_kg_m2: f64,
    /// Speed from which the engine burns nothing when the car pushes it, rad/s.
    pub fuel_cut_rad_s: f64,
    /// Gears and torque converter.
    pub gearbox: Gearbox,
    /// Load on the 12 V side, W.
    pub auxiliary_w: f64,
    /// Electrical over mechanical power of the alternator.
    pub alternator_efficiency: f64,
    /// Coolant and the day.
    pub thermal: Thermal,
}

/// What a conventional car is at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConventionalState {
    /// Road speed, m/s.
    pub speed_mps: f64,
    /// Engine speed, rad/s.
    pub engine_rad_s: f64,
    /// Coolant temperature, °C.
    pub coolant_c: f64,
}

/// A conventional car with its tables built.
#[derive(Debug, Clone, PartialEq)]
pub struct ConventionalPlant {
    /// Body, wheels, brakes.
    pub chassis: ChassisPlant,
    /// Engine.
    pub engine: EnginePlant,
    /// Inertia of engine, flywheel and impeller, kg·m².
    pub engine_inertia_kg_m2: f64,
    /// Speed from which the engine burns nothing when the car pushes it, rad/s.
    pub fuel_cut_rad_s: f64,
    /// Gears and torque converter.
    pub gearbox: Gearbox,
    /// Load on the 12 V side, W.
    pub auxiliary_w: f64,
    /// Electrical over mechanical power of the alternator.
    pub alternator_efficiency: f64,
    /// Coolant and the day.
    pub thermal: ThermalPlant,
    /// Fastest road speed, at the engine's fastest speed in the highest gear, m/s.
    pub max_speed_mps: f64,
}

impl ConventionalPlant {
    /// Builds the tables of a car.
    pub fn new(vehicle: &Conventional) -> Self {
        let gearbox = vehicle.gearbox.clone();
        // A coast-down is driven in neutral: no rotor turns that is counted apart.
        let chassis = vehicle.chassis.plant(|_| 0.0);
        let engine = vehicle.engine.plant();
        let top_rad_per_m = gearbox.overall(gearbox.highest()) * chassis.per_tyre_radius_per_m;
        Self {
            max_speed_mps: engine.max_speed_rad_s / top_rad_per_m,
            engine_inertia_kg_m2: vehicle.engine_inertia_kg_m2,
            fuel_cut_rad_s: vehicle.fuel_cut_rad_s,
            auxiliary_w: vehicle.auxiliary_w,
            alternator_efficiency: vehicle.alternator_efficiency,
            thermal: vehicle.thermal.plant(),
            chassis,
            engine,
            gearbox,
        }
    }

    /// Turbine speed at a road speed in a gear, rad/s.
    pub fn turbine_rad_s(&self, speed_mps: f64, gear: usize) -> f64 {
        speed_mps * self.chassis.per_tyre_radius_per_m * self.gearbox.overall(gear)
    }

    /// Kinetic energy of car and engine, J.
    pub fn kinetic_j(&self, state: &ConventionalState) -> f64 {
        0.5 * (self.chassis.inertial_mass_kg * state.speed_mps.powi(2)
            + self.engine_inertia_kg_m2 * state.engine_rad_s.powi(2))
    }
}
