//! The Atkinson engine: full load, drag, start, and the tables of its kernel.
//!
//! What it burns stands in `fuel`; the best point and the operating line are looked for
//! in `search`.

mod fuel;
mod search;

use crate::lanes::{Flags, Number, beside};
use crate::map::{Curve, Gap, UniformCurve, UniformSurface};

use fuel::FuelShape;
use search::{LINE_ROOM, OperatingLine};

pub use fuel::{Fuel, FuelMap};

const SPEED_CELLS: usize = 48;
const TORQUE_CELLS: usize = 40;
const FUEL_ROOM: usize = 2048;
const FULL_LOAD_ROOM: usize = 64;
/// Indicated efficiency at which friction turns into fuel where no map says it.
const INDICATED_EFFICIENCY: f64 = 0.46;
/// Speed under which break-away friction adds to the drag, rad/s.
const BREAK_AWAY_RAD_S: f64 = 30.0;
/// Coolant temperature at which the extra friction of a cold engine is stated, °C.
const COLD_REFERENCE_C: f64 = 20.0;

/// The engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Engine {
    /// Displacement, L.
    pub displacement_l: f64,
    /// Largest power, W.
    pub max_power_w: f64,
    /// Largest torque over speed in rad/s, N·m.
    pub full_load_nm: Curve,
    /// Fuel burnt.
    pub fuel_map: FuelMap,
    /// What it burns.
    pub fuel: Fuel,
    /// Warm idle speed, rad/s.
    pub idle_rad_s: f64,
    /// Torque to set the engine at rest in motion, N·m.
    pub break_away_nm: f64,
    /// Motoring drag, constant part, N·m.
    pub drag_nm: f64,
    /// Motoring drag per rad/s, N·m.
    pub drag_nm_per_rad_s: f64,
    /// Speed from which fuel is injected during a start, rad/s.
    pub firing_rad_s: f64,
    /// Acceleration of a start, rad/s².
    pub crank_rad_s2: f64,
    /// Fastest change of speed while running, rad/s².
    pub slew_rad_s2: f64,
    /// Fuel of a start from rest beyond the mechanical work, kg.
    pub start_fuel_kg: f64,
    /// Friction added at 20 °C coolant, N·m; fades to nothing when warm.
    pub cold_friction_nm: f64,
    /// Share of fuel that a rich mixture adds at 20 °C coolant.
    pub cold_enrichment: f64,
    /// Coolant temperature from which no friction is added, °C.
    pub warm_c: f64,
    /// Fuel of the late-spark phase over the same torque with normal spark.
    pub late_spark_fuel_factor: f64,
}

/// A point of the engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OperatingPoint<F = f64> {
    /// Speed, rad/s.
    pub speed_rad_s: F,
    /// Torque, N·m.
    pub torque_nm: F,
    /// Efficiency there.
    pub efficiency: F,
}

beside!(OperatingPoint {
    speed_rad_s,
    torque_nm,
    efficiency
});

/// The engine as the kernel uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct EnginePlant<F: Number = f64> {
    /// Fuel power before its level is set.
    relative_fuel_w: UniformSurface<1, FUEL_ROOM, F>,
    /// The level: a table of another level is the same table.
    fuel_level: F,
    /// Best efficiency before the level is set.
    relative_efficiency: F,
    full_load_nm: UniformCurve<FULL_LOAD_ROOM, F>,
    /// Largest torque at the speed where it is least, N·m.
    least_full_load_nm: F,
    line_rad_s: UniformCurve<LINE_ROOM, F>,
    break_away_nm: F,
    drag_nm: F,
    drag_nm_per_rad_s: F,
    cold_friction_nm: F,
    cold_enrichment: F,
    warm_c: F,
    per_cold_k: F,
    late_spark_fuel_factor: F,
    /// Warm idle speed, rad/s.
    pub idle_rad_s: F,
    /// Speed from which fuel is injected during a start, rad/s.
    pub firing_rad_s: F,
    /// Acceleration of a start, rad/s².
    pub crank_rad_s2: F,
    /// Fastest change of speed while running, rad/s².
    pub slew_rad_s2: F,
    /// Reciprocal of the acceleration of a start, s²/rad.
    pub per_crank_s2_per_rad: F,
    /// Reciprocal of the fastest change of speed, s²/rad.
    pub per_slew_s2_per_rad: F,
    /// Fastest speed, rad/s.
    pub max_speed_rad_s: F,
    /// Largest power on the operating line, W.
    pub max_power_w: F,
    /// Fuel energy of a start from rest beyond the mechanical work, J.
    pub start_fuel_j: F,
    /// The best point of the map.
    pub best: OperatingPoint<F>,
}

beside!(EnginePlant {
    relative_fuel_w,
    fuel_level,
    relative_efficiency,
    full_load_nm,
    least_full_load_nm,
    line_rad_s,
    break_away_nm,
    drag_nm,
    drag_nm_per_rad_s,
    cold_friction_nm,
    cold_enrichment,
    warm_c,
    per_cold_k,
    late_spark_fuel_factor,
    idle_rad_s,
    firing_rad_s,
    crank_rad_s2,
    slew_rad_s2,
    per_crank_s2_per_rad,
    per_slew_s2_per_rad,
    max_speed_rad_s,
    max_power_w,
    start_fuel_j,
    best
});

/// What takes time to find.
struct Tables {
    relative_fuel_w: UniformSurface<1, FUEL_ROOM>,
    full_load_nm: UniformCurve<FULL_LOAD_ROOM>,
    line: OperatingLine,
    /// With the efficiency that it has before the level is set.
    best: OperatingPoint,
}

impl Engine {
    /// Fastest speed: the last point of full load, rad/s.
    pub fn max_speed_rad_s(&self) -> f64 {
        self.full_load_nm.range().1
    }

    /// Builds the tables and the operating line.
    pub fn plant(&self) -> EnginePlant {
        self.plant_with(self.tables())
    }

    /// The same as [`Self::plant`], with the tables of a plant that was made from another
    /// engine where this one's are the same.
    pub fn plant_like(&self, plant: &EnginePlant, made_from: &Self) -> EnginePlant {
        let same_tables = self.behind_tables() == made_from.behind_tables();
        self.plant_with(if same_tables {
            plant.tables()
        } else {
            self.tables()
        })
    }

    /// All that [`Self::tables`] depends on.
    fn behind_tables(&self) -> (FuelShape<'_>, &Curve, [f64; 3]) {
        let limits = [self.max_power_w, self.firing_rad_s, self.idle_rad_s];
        (self.fuel_map.shape(), &self.full_load_nm, limits)
    }

    /// How far the kernel's tables are from the measured ones: full load in N·m, and fuel
    /// power in W where it is measured.
    pub fn gaps(&self, plant: &EnginePlant) -> (Gap, Option<Gap>) {
        let full_load = self.full_load_nm.gap(|speed| plant.full_load_nm(speed));
        let FuelMap::Table(measured_w) = &self.fuel_map else {
            return (full_load, None);
        };
        let used = (
            (0.0, self.max_speed_rad_s()),
            (0.0, self.full_load_nm.max()),
        );
        let fuel_w = |speed, torque| plant.warm_fuel_w(speed, torque);
        (full_load, Some(measured_w.gap(used, fuel_w)))
    }

    fn tables(&self) -> Tables {
        let max_speed = self.max_speed_rad_s();
        Tables {
            relative_fuel_w: UniformSurface::sample(
                (0.0, max_speed),
                (0.0, self.full_load_nm.max()),
                (SPEED_CELLS, TORQUE_CELLS),
                |speed| {
                    let at = self.at_speed(speed);
                    move |torque| [at.relative_fuel_w(torque)]
                },
            ),
            full_load_nm: UniformCurve::sample(0.0, max_speed, SPEED_CELLS, |speed| {
                self.full_load_nm.at(speed)
            }),
            line: search::operating_line(self),
            best: search::best_point(self),
        }
    }

    fn plant_with(&self, tables: Tables) -> EnginePlant {
        let relative_efficiency = tables.best.efficiency;
        let efficiency = match self.fuel_map {
            FuelMap::Willans {
                peak_efficiency, ..
            } => peak_efficiency,
            FuelMap::Table(_) => relative_efficiency,
        };
        EnginePlant {
            relative_fuel_w: tables.relative_fuel_w,
            fuel_level: relative_efficiency / efficiency,
            relative_efficiency,
            full_load_nm: tables.full_load_nm,
            least_full_load_nm: self.full_load_nm.min(),
            line_rad_s: tables.line.speed_rad_s,
            break_away_nm: self.break_away_nm,
            drag_nm: self.drag_nm,
            drag_nm_per_rad_s: self.drag_nm_per_rad_s,
            cold_friction_nm: self.cold_friction_nm,
            cold_enrichment: self.cold_enrichment,
            warm_c: self.warm_c,
            per_cold_k: 1.0 / (self.warm_c - COLD_REFERENCE_C),
            late_spark_fuel_factor: self.late_spark_fuel_factor,
            idle_rad_s: self.idle_rad_s,
            firing_rad_s: self.firing_rad_s,
            crank_rad_s2: self.crank_rad_s2,
            slew_rad_s2: self.slew_rad_s2,
            per_crank_s2_per_rad: 1.0 / self.crank_rad_s2,
            per_slew_s2_per_rad: 1.0 / self.slew_rad_s2,
            max_speed_rad_s: self.max_speed_rad_s(),
            max_power_w: tables.line.max_power_w,
            start_fuel_j: self.start_fuel_kg * self.fuel.lhv_j_per_kg,
            best: OperatingPoint {
                efficiency,
                ..tables.best
            },
        }
    }
}

impl EnginePlant {
    fn tables(&self) -> Tables {
        Tables {
            relative_fuel_w: self.relative_fuel_w.clone(),
            full_load_nm: self.full_load_nm.clone(),
            line: OperatingLine {
                speed_rad_s: self.line_rad_s.clone(),
                max_power_w: self.max_power_w,
            },
            best: OperatingPoint {
                efficiency: self.relative_efficiency,
                ..self.best
            },
        }
    }
}

impl<F: Number> EnginePlant<F> {
    /// Fuel power of the warm engine at a point, W.
    #[inline(always)]
    fn warm_fuel_w(&self, speed_rad_s: F, torque_nm: F) -> F {
        self.fuel_level * self.relative_fuel_w.at(speed_rad_s, torque_nm)
    }

    /// Largest torque at this speed, N·m.
    #[inline(always)]
    pub fn full_load_nm(&self, speed_rad_s: F) -> F {
        self.full_load_nm.at(speed_rad_s)
    }

    /// A torque, or the largest at this speed where that is less. Most torques are less
    /// than the engine gives at any speed.
    #[inline(always)]
    pub fn within_full_load_nm(&self, torque_nm: F, speed_rad_s: F) -> F {
        if torque_nm.above(self.least_full_load_nm).any() {
            torque_nm.at_most(self.full_load_nm(speed_rad_s))
        } else {
            torque_nm
        }
    }

    /// Torque with which an engine without fuel resists being turned, N·m.
    #[inline(always)]
    pub fn drag_torque_nm(&self, speed_rad_s: F) -> F {
        let break_away = (F::from(1.0) - speed_rad_s * (1.0 / BREAK_AWAY_RAD_S)).at_least(0.0);
        self.drag_nm
            + self.drag_nm_per_rad_s * speed_rad_s
            + (self.break_away_nm - self.drag_nm) * break_away
    }

    /// Fuel power at a point with this coolant, W.
    #[inline(always)]
    pub fn fuel_w(&self, speed_rad_s: F, torque_nm: F, coolant_c: F, late_spark: F::Flags) -> F {
        let cold = ((self.warm_c - coolant_c) * self.per_cold_k).at_least(0.0);
        let warm_w = self.warm_fuel_w(speed_rad_s, torque_nm);
        let friction_w = self.cold_friction_nm * cold * speed_rad_s * (1.0 / INDICATED_EFFICIENCY);
        let factor = late_spark.pick(self.late_spark_fuel_factor, 1.0);
        (warm_w + friction_w) * (factor + self.cold_enrichment * cold)
    }

    /// Speed that gives this power with the least fuel, rad/s.
    #[inline(always)]
    pub fn line_speed_rad_s(&self, power_w: F) -> F {
        self.line_rad_s.at(power_w)
    }

    /// Efficiency of the warm engine at a point.
    pub fn efficiency(&self, speed_rad_s: F, torque_nm: F) -> F {
        speed_rad_s * torque_nm / self.warm_fuel_w(speed_rad_s, torque_nm)
    }
}

#[cfg(test)]
mod tests;
