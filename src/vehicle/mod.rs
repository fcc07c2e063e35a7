//! What the car is.
//!
//! A [`Vehicle`] is the description in SI units, checked when it was read; a [`Plant`]
//! is the same car with every table resampled and every constant folded, as the kernel
//! wants it. One file a component, each with its equations.

mod battery;
mod chassis;
mod conventional;
mod converter;
mod engine;
mod gearbox;
mod gearset;
mod machine;
mod plant;
mod state;
mod strategy;
mod thermal;

pub use battery::{Battery, BatteryPlant, Drawn, Pace, Terminals};
pub use chassis::{Chassis, ChassisPlant, Resistance, RoadLoad, air_density_kg_per_m3};
pub use conventional::{Conventional, ConventionalPlant, ConventionalState};
pub use converter::{Converter, ConverterPlant};
pub use engine::{Engine, EnginePlant, Fuel, FuelMap, OperatingPoint};
pub use gearbox::{Gearbox, ShiftLine, TorqueConverter};
pub use gearset::{EngineShaft, Gearset, GearsetPlant, Split};
pub use machine::{Loss, Machine, MachinePlant};
pub use plant::{GRIP, Plant, Resampled};
pub use state::State;
pub use strategy::{CruiseCharge, Strategy, WarmUp};
pub use thermal::{Thermal, ThermalPlant};

/// A car, in SI units.
#[derive(Debug, Clone, PartialEq)]
pub struct Vehicle {
    /// Name, as results carry it.
    pub name: String,
    /// Body, wheels, brakes and the air around.
    pub chassis: Chassis,
    /// Gears and inertias.
    pub gearset: Gearset,
    /// Engine.
    pub engine: Engine,
    /// Generator on the sun.
    pub mg1: Machine,
    /// Traction machine on the ring.
    pub mg2: Machine,
    /// Boost converter.
    pub converter: Converter,
    /// Battery.
    pub battery: Battery,
    /// Load on the 12 V side and of the climate control, W at the battery.
    pub auxiliary_w: f64,
    /// Coolant and the day.
    pub thermal: Thermal,
    /// Figures of the car's own supervisory control.
    pub strategy: Strategy,
}
