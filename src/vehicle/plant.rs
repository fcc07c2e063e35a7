//! The car as the kernel uses it.

use super::{
    BatteryPlant, ChassisPlant, ConverterPlant, EnginePlant, Gearset, GearsetPlant, MachinePlant,
    RoadLoad, State, Thermal, Vehicle,
};

/// A car with every table built. Immutable and shared by all runs of one design; clones
/// share the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Plant {
    /// Body, wheels, brakes.
    pub chassis: ChassisPlant,
    /// Gears and inertias.
    pub gearset: GearsetPlant,
    /// Engine.
    pub engine: EnginePlant,
    /// Generator on the sun.
    pub mg1: MachinePlant,
    /// Traction machine on the ring.
    pub mg2: MachinePlant,
    /// Boost converter.
    pub converter: ConverterPlant,
    /// Battery.
    pub battery: BatteryPlant,
    /// Auxiliary load, W.
    pub auxiliary_w: f64,
    /// Coolant and the day.
    pub thermal: Thermal,
    /// Ring speed per road speed, rad/s per m/s.
    pub ring_rad_per_m: f64,
    /// Fastest road speed, at MG2's fastest speed, m/s.
    pub max_speed_mps: f64,
    /// Mass that a force at the wheels accelerates, rotors included and rather too large:
    /// a step that asks for less acceleration comes near the limit from above.
    pub accelerated_mass_kg: f64,
    /// More acceleration than any torque of this car can give it on the level, m/s².
    pub boundless_mps2: f64,
}

/// How much too large the rotors' part of the accelerated mass is taken.
const ROTOR_MARGIN: f64 = 1.1;

impl Plant {
    /// Builds all tables of a car.
    pub fn new(vehicle: &Vehicle) -> Self {
        Self::assemble(
            vehicle,
            vehicle.engine.plant(),
            (vehicle.mg1.plant(), vehicle.mg2.plant()),
            vehicle.battery.plant(),
        )
    }

    /// What [`Plant::new`] gives for this vehicle, built from this plant and the vehicle it
    /// was made from: tables that depend on nothing that differs are shared.
    #[must_use]
    pub fn like(&self, made_from: &Vehicle, vehicle: &Vehicle) -> Self {
        Self::assemble(
            vehicle,
            vehicle.engine.plant_like(&self.engine, &made_from.engine),
            (
                vehicle.mg1.plant_like(&self.mg1, &made_from.mg1),
                vehicle.mg2.plant_like(&self.mg2, &made_from.mg2),
            ),
            vehicle
                .battery
                .plant_like(&self.battery, &made_from.battery),
        )
    }

    /// Puts the components with tables together with the others, which take no time to build.
    fn assemble(
        vehicle: &Vehicle,
        engine: EnginePlant,
        (mg1, mg2): (MachinePlant, MachinePlant),
        battery: BatteryPlant,
    ) -> Self {
        let gears_counted_apart = match vehicle.chassis.road_load {
            RoadLoad::CoastDown { .. } => 0.0,
            RoadLoad::Coefficients { .. } => 1.0,
        };
        let gearset = Gearset {
            spin_drag_nm: vehicle.gearset.spin_drag_nm * gears_counted_apart,
            spin_drag_nm_per_rad_s: vehicle.gearset.spin_drag_nm_per_rad_s * gears_counted_apart,
            ..vehicle.gearset
        }
        .plant();
        let ring_rad_per_m = gearset.final_ratio / vehicle.chassis.tyre_radius_m;
        let rotors_kg_m2 =
            gearset.ring_inertia_kg_m2 + gearset.ring_per_sun().powi(2) * gearset.mg1_inertia_kg_m2;
        let chassis = vehicle.chassis.plant(|speed_mps| {
            let ring = speed_mps * ring_rad_per_m;
            vehicle
                .mg1
                .loss
                .unpowered_w(gearset.sun_speed_rad_s(0.0, ring))
                + vehicle.mg2.loss.unpowered_w(gearset.mg2_ratio * ring)
        });
        Self {
            engine,
            mg1,
            mg2,
            converter: vehicle.converter.plant(),
            battery,
            auxiliary_w: vehicle.auxiliary_w,
            thermal: vehicle.thermal,
            ring_rad_per_m,
            max_speed_mps: vehicle.mg2.max_speed_rad_s / (gearset.mg2_ratio * ring_rad_per_m),
            accelerated_mass_kg: chassis.inertial_mass_kg
                + ROTOR_MARGIN * rotors_kg_m2 * ring_rad_per_m.powi(2) / gearset.final_efficiency,
            boundless_mps2: (gearset.ring_torque_of_mg2_nm(vehicle.mg2.max_torque_nm)
                + vehicle.engine.full_load_nm.max())
                * ring_rad_per_m
                / chassis.inertial_mass_kg,
            chassis,
            gearset,
        }
    }

    /// MG1's speed with the engine at rest at this road speed, rad/s (negative forward).
    pub fn mg1_speed_engine_off_rad_s(&self, speed_mps: f64) -> f64 {
        self.gearset
            .sun_speed_rad_s(0.0, speed_mps * self.ring_rad_per_m)
    }

    /// Slowest the engine may turn at this road speed without MG1 passing its fastest
    /// reverse speed, rad/s.
    pub fn slowest_engine_rad_s(&self, speed_mps: f64) -> f64 {
        self.gearset
            .carrier_speed_rad_s(-self.mg1.max_speed_rad_s, speed_mps * self.ring_rad_per_m)
            .max(0.0)
    }

    /// Road speed at which MG1 turns backwards this fast with the engine at rest, m/s.
    pub fn engine_off_speed_mps(&self, mg1_reverse_rad_s: f64) -> f64 {
        mg1_reverse_rad_s / (self.gearset.ring_per_sun() * self.ring_rad_per_m)
    }

    /// Kinetic energy of the car and everything that turns in it, J.
    pub fn kinetic_j(&self, state: &State) -> f64 {
        let ring = state.speed_mps * self.ring_rad_per_m;
        let sun = self.gearset.sun_speed_rad_s(state.engine_rad_s, ring);
        0.5 * (self.chassis.inertial_mass_kg * state.speed_mps.powi(2)
            + self.gearset.engine_inertia_kg_m2 * state.engine_rad_s.powi(2)
            + self.gearset.mg1_inertia_kg_m2 * sun.powi(2)
            + self.gearset.ring_inertia_kg_m2 * ring.powi(2))
    }
}
