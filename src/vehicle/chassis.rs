//! What the road takes from the car.
//!
//! `F = A + B·v + C·v²` from a coast-down, or `m·g·f·cos θ + ½·ρ·c_d·A·v²`, each with
//! `m·g·sin θ` on a grade. A coast-down in neutral contains the drag of the rotors, MG1's
//! at −(N_r/N_s)·ω_ring; the machines count theirs at the speed they really turn at, so
//! the share of it that the coefficients contain is taken off the road load. Air drag
//! follows the density of the day and the head wind; the rotating wheels enter as
//! inertia, not as a factor on the mass.

use crate::lanes::{Number, beside};
use crate::units::{GRAVITY_M_PER_S2, ZERO_CELSIUS_K};

/// Road speeds through which the force of the machines' drag is laid as a line, m/s: it
/// is one for losses given by coefficients.
const COAST_DOWN_MPS: (f64, f64) = (10.0, 30.0);

/// Resistance to rolling and air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RoadLoad {
    /// Coefficients of a coast-down in neutral, which contain the unpowered drag of
    /// gears and rotors.
    CoastDown {
        /// N.
        a_n: f64,
        /// N/(m/s); fits of coast-downs are often negative here.
        b_n_per_mps: f64,
        /// N/(m/s)².
        c_n_per_mps2: f64,
        /// Density of air the coefficients belong to, kg/m³.
        air_density_kg_per_m3: f64,
        /// Share of the machines' unpowered, speed-dependent loss that the coefficients
        /// already contain, 0 to 1.
        machine_share: f64,
    },
    /// Rolling and air resistance of the bare car; gears and rotors count apart.
    Coefficients {
        /// Drag coefficient.
        cd: f64,
        /// Frontal area, m².
        frontal_area_m2: f64,
        /// Rolling resistance coefficient.
        crr: f64,
    },
}

/// Body, wheels and brakes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chassis {
    /// Mass of the car as tested, kg.
    pub test_mass_kg: f64,
    /// Rolling radius of the driven wheels, m.
    pub tyre_radius_m: f64,
    /// Inertia of all turning wheels, kg·m².
    pub wheel_inertia_kg_m2: f64,
    /// Resistance to rolling and air.
    pub road_load: RoadLoad,
    /// Air speed against the car at rest, m/s.
    pub head_wind_mps: f64,
    /// Density of the air driven through, kg/m³.
    pub air_density_kg_per_m3: f64,
    /// Share of the braking force at the wheels that MG2 may take.
    pub regen_share: f64,
    /// Speed at and below which only friction brakes, m/s.
    pub regen_none_below_mps: f64,
    /// Speed from which MG2 takes its whole share, m/s.
    pub regen_full_above_mps: f64,
}

/// Density of dry air, kg/m³: ideal gas in the standard atmosphere's pressure (ISO 2533).
pub fn air_density_kg_per_m3(temperature_c: f64, altitude_m: f64) -> f64 {
    const SEA_LEVEL_PA: f64 = 101_325.0;
    const GAS_CONSTANT_J_PER_KG_K: f64 = 287.053;
    let pressure_pa = SEA_LEVEL_PA * libm::pow(1.0 - 2.255_77e-5 * altitude_m, 5.255_88);
    pressure_pa / (GAS_CONSTANT_J_PER_KG_K * (temperature_c + ZERO_CELSIUS_K))
}

/// Forces against the car at one speed, N.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resistance<F = f64> {
    /// Tyres and bearings (and, with coast-down coefficients, the unpowered gears).
    pub rolling_n: F,
    /// Air.
    pub air_n: F,
    /// Gravity along the road, positive uphill.
    pub grade_n: F,
}

impl<F: Number> Resistance<F> {
    /// All of it, N.
    #[inline(always)]
    pub fn total_n(&self) -> F {
        self.rolling_n + self.air_n + self.grade_n
    }
}

/// The chassis as the kernel uses it: every constant of one car and one day folded in.
#[derive(Debug, Clone, PartialEq)]
pub struct ChassisPlant<F = f64> {
    constant_n: F,
    linear_n_per_mps: F,
    air_n_per_mps2: F,
    weight_n: F,
    /// Rolling resistance by coefficient on the level, N.
    rolling_n: F,
    /// Drag of the unpowered machines that the coast-down contains and the machines count
    /// themselves, N over m/s.
    counted_twice_n: F,
    counted_twice_n_per_mps: F,
    head_wind_mps: F,
    regen_share: F,
    regen_none_below_mps: F,
    regen_per_mps: F,
    /// Mass that the wheels feel: the car's and that of the turning wheels, kg.
    pub inertial_mass_kg: F,
    /// Rolling radius, m.
    pub tyre_radius_m: F,
    /// Its reciprocal, 1/m.
    pub per_tyre_radius_per_m: F,
}

beside!(ChassisPlant {
    constant_n,
    linear_n_per_mps,
    air_n_per_mps2,
    weight_n,
    rolling_n,
    counted_twice_n,
    counted_twice_n_per_mps,
    head_wind_mps,
    regen_share,
    regen_none_below_mps,
    regen_per_mps,
    inertial_mass_kg,
    tyre_radius_m,
    per_tyre_radius_per_m
});

impl Chassis {
    /// Folds the constants. `unpowered_w` is what the machines' rotors take at a road
    /// speed in m/s when the car rolls in neutral with its engine at rest.
    pub fn plant(&self, unpowered_w: impl Fn(f64) -> f64) -> ChassisPlant {
        let machine_share = match self.road_load {
            RoadLoad::CoastDown { machine_share, .. } => machine_share,
            RoadLoad::Coefficients { .. } => 0.0,
        };
        let counted_twice = {
            let (slow, fast) = COAST_DOWN_MPS;
            let force_n = |speed: f64| machine_share * unpowered_w(speed) / speed;
            let per_mps = (force_n(fast) - force_n(slow)) / (fast - slow);
            (force_n(slow) - per_mps * slow, per_mps)
        };
        let (constant_n, linear_n_per_mps, air_n_per_mps2, crr) = match self.road_load {
            RoadLoad::CoastDown {
                a_n,
                b_n_per_mps,
                c_n_per_mps2,
                air_density_kg_per_m3,
                ..
            } => (
                a_n,
                b_n_per_mps,
                c_n_per_mps2 * self.air_density_kg_per_m3 / air_density_kg_per_m3,
                0.0,
            ),
            RoadLoad::Coefficients {
                cd,
                frontal_area_m2,
                crr,
            } => (
                0.0,
                0.0,
                0.5 * self.air_density_kg_per_m3 * cd * frontal_area_m2,
                crr,
            ),
        };
        ChassisPlant {
            constant_n: constant_n - counted_twice.0,
            linear_n_per_mps: linear_n_per_mps - counted_twice.1,
            air_n_per_mps2,
            weight_n: self.test_mass_kg * GRAVITY_M_PER_S2,
            rolling_n: crr * self.test_mass_kg * GRAVITY_M_PER_S2,
            counted_twice_n: counted_twice.0,
            counted_twice_n_per_mps: counted_twice.1,
            head_wind_mps: self.head_wind_mps,
            regen_share: self.regen_share,
            regen_none_below_mps: self.regen_none_below_mps,
            regen_per_mps: 1.0 / (self.regen_full_above_mps - self.regen_none_below_mps),
            inertial_mass_kg: self.test_mass_kg
                + self.wheel_inertia_kg_m2 / (self.tyre_radius_m * self.tyre_radius_m),
            tyre_radius_m: self.tyre_radius_m,
            per_tyre_radius_per_m: 1.0 / self.tyre_radius_m,
        }
    }
}

impl<F: Number> ChassisPlant<F> {
    /// Forces against the car that moves at `speed_mps` on a road with this sine and
    /// cosine of its angle.
    #[inline(always)]
    pub fn resistance(&self, speed_mps: F, sine: f64, cosine: f64) -> Resistance<F> {
        let air_mps = speed_mps + self.head_wind_mps;
        Resistance {
            rolling_n: self.constant_n
                + self.linear_n_per_mps * speed_mps
                + self.rolling_n * cosine,
            air_n: self.air_n_per_mps2 * air_mps * air_mps.abs(),
            grade_n: self.weight_n * sine,
        }
    }

    /// Machine drag that the coast-down contains and that the machines count themselves,
    /// at a road speed, N.
    #[inline(always)]
    pub fn counted_twice_n(&self, speed_mps: F) -> F {
        self.counted_twice_n + self.counted_twice_n_per_mps * speed_mps
    }

    /// Share of a braking force that MG2 may take at this speed: friction blends in
    /// towards standstill.
    #[inline(always)]
    pub fn regen_share(&self, speed_mps: F) -> F {
        let blend = (speed_mps - self.regen_none_below_mps) * self.regen_per_mps;
        self.regen_share * blend.at_least(0.0).at_most(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn air_at_sea_level_and_15_degrees_has_the_standard_density() {
        assert_relative_eq!(air_density_kg_per_m3(15.0, 0.0), 1.225, epsilon = 1e-3);
        // ISO 2533: 0.9091 kg/m³ at 3000 m, where the standard temperature is −4.5 °C.
        assert_relative_eq!(air_density_kg_per_m3(-4.5, 3000.0), 0.9091, epsilon = 1e-3);
    }
}
