//! The car as the kernel uses it.

use super::{
    BatteryPlant, ChassisPlant, ConverterPlant, EnginePlant, Gearset, GearsetPlant, MachinePlant,
    RoadLoad, State, ThermalPlant, Vehicle,
};
use crate::lanes::{Number, beside};
use crate::map::Gap;
use crate::units::GRAVITY_M_PER_S2;

/// A car with every table built. Immutable and shared by all runs of one design; clones
/// share the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Plant<F: Number = f64> {
    /// Body, wheels, brakes.
    pub chassis: ChassisPlant<F>,
    /// Gears and inertias.
    pub gearset: GearsetPlant<F>,
    /// Engine.
    pub engine: EnginePlant<F>,
    /// Generator on the sun.
    pub mg1: MachinePlant<F>,
    /// Traction machine on the ring.
    pub mg2: MachinePlant<F>,
    /// Boost converter.
    pub converter: ConverterPlant<F>,
    /// Battery.
    pub battery: BatteryPlant<F>,
    /// Auxiliary load, W.
    pub auxiliary_w: F,
    /// Coolant and the day.
    pub thermal: ThermalPlant<F>,
    /// Ring speed per road speed, rad/s per m/s.
    pub ring_rad_per_m: F,
    /// Fastest road speed, at MG2's fastest speed, m/s.
    pub max_speed_mps: F,
    /// Mass that a force at the wheels accelerates, rotors included and rather too large:
    /// a step that asks for less acceleration comes near the limit from above.
    pub accelerated_mass_kg: F,
    /// More acceleration than any torque of this car can give it on the level, m/s².
    pub boundless_mps2: F,
    /// Less change of speed than either that or the tyres' grip allows on any road, m/s².
    pub gentle_mps2: F,
}

beside!(Plant {
    chassis,
    gearset,
    engine,
    mg1,
    mg2,
    converter,
    battery,
    auxiliary_w,
    thermal,
    ring_rad_per_m,
    max_speed_mps,
    accelerated_mass_kg,
    boundless_mps2,
    gentle_mps2
});

/// Friction of the tyres on the road, as a share of the weight.
pub const GRIP: f64 = 1.0;
/// Share of a limit that is surely within it, whatever is rounded.
const GENTLE_SHARE: f64 = 0.99;
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
        let boundless_mps2 = (gearset.ring_torque_of_mg2_nm(vehicle.mg2.max_torque_nm)
            + vehicle.engine.full_load_nm.max())
            * ring_rad_per_m
            / chassis.inertial_mass_kg;
        Self {
            engine,
            mg1,
            mg2,
            converter: vehicle.converter.plant(),
            battery,
            auxiliary_w: vehicle.auxiliary_w,
            thermal: vehicle.thermal.plant(),
            ring_rad_per_m,
            max_speed_mps: vehicle.mg2.max_speed_rad_s / (gearset.mg2_ratio * ring_rad_per_m),
            accelerated_mass_kg: chassis.inertial_mass_kg
                + ROTOR_MARGIN * rotors_kg_m2 * ring_rad_per_m.powi(2) / gearset.final_efficiency,
            boundless_mps2,
            gentle_mps2: GENTLE_SHARE * boundless_mps2.min(GRIP * GRAVITY_M_PER_S2),
            chassis,
            gearset,
        }
    }
}

/// A measured table and how far the kernel's is from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampled {
    /// Its key in a vehicle file.
    pub key: &'static str,
    /// Unit of its values.
    pub unit: &'static str,
    /// The difference.
    pub gap: Gap,
}

impl Plant {
    /// How far each of the kernel's tables is from the measured one of the car it was made
    /// from.
    pub fn resampled(&self, vehicle: &Vehicle) -> Vec<Resampled> {
        let (full_load, fuel) = vehicle.engine.gaps(&self.engine);
        let [open_circuit, instant, steady] = vehicle.battery.gaps(&self.battery);
        [
            ("engine.full_load", "N·m", Some(full_load)),
            ("engine.fuel_map", "W", fuel),
            ("mg1.loss", "W", vehicle.mg1.gap(&self.mg1)),
            ("mg2.loss", "W", vehicle.mg2.gap(&self.mg2)),
            ("battery.open_circuit_v", "V", Some(open_circuit)),
            ("battery.resistance.instant_ohm", "Ω", Some(instant)),
            ("battery.resistance.steady_ohm", "Ω", Some(steady)),
        ]
        .into_iter()
        .filter_map(|(key, unit, gap)| {
            Some(Resampled {
                key,
                unit,
                gap: gap?,
            })
        })
        .collect()
    }
}

impl<F: Number> Plant<F> {
    /// MG1's speed with the engine at rest at this road speed, rad/s (negative forward).
    #[inline(always)]
    pub fn mg1_speed_engine_off_rad_s(&self, speed_mps: F) -> F {
        F::from(0.0) - self.mg1_reverse_engine_off_rad_s(speed_mps)
    }

    /// The same backwards, rad/s.
    #[inline(always)]
    pub fn mg1_reverse_engine_off_rad_s(&self, speed_mps: F) -> F {
        self.gearset.ring_per_sun() * (speed_mps * self.ring_rad_per_m)
    }

    /// Slowest the engine may turn at this road speed without MG1 passing its fastest
    /// reverse speed, rad/s.
    #[inline(always)]
    pub fn slowest_engine_rad_s(&self, speed_mps: F) -> F {
        self.gearset
            .carrier_speed_rad_s(-self.mg1.max_speed_rad_s, speed_mps * self.ring_rad_per_m)
            .at_least(0.0)
    }

    /// Road speed at which MG1 turns backwards this fast with the engine at rest, m/s.
    #[inline(always)]
    pub fn engine_off_speed_mps(&self, mg1_reverse_rad_s: F) -> F {
        mg1_reverse_rad_s / (self.gearset.ring_per_sun() * self.ring_rad_per_m)
    }

    /// Kinetic energy of the car and everything that turns in it, J.
    #[inline(always)]
    pub fn kinetic_j(&self, state: &State<F>) -> F {
        let (car, engine) = (state.speed_mps, state.engine_rad_s);
        let ring = car * self.ring_rad_per_m;
        let sun = self.gearset.sun_speed_rad_s(engine, ring);
        let gears = &self.gearset;
        (self.chassis.inertial_mass_kg * car * car
            + gears.engine_inertia_kg_m2 * engine * engine
            + gears.mg1_inertia_kg_m2 * sun * sun
            + gears.ring_inertia_kg_m2 * ring * ring)
            * 0.5
    }
}
