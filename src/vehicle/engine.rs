//! The Atkinson engine: full load, fuel, drag, start, and its operating line.
//!
//! Willans form of the fuel power, with the speed n in thousands of rpm:
//!
//! ```text
//! P_fuel = ω·(T + T_loss(n)) / e(n) · (1 + k·max(0, T/T_full(n) − x₀)²)
//! T_loss = l₀ + l₁·n + l₂·n²        e(n) ∝ 1 + s·(n − n₀)
//! ```
//!
//! The level of e follows from the engine's best efficiency, so that a map is its
//! shape and one published number. A cold engine has more friction, burnt as fuel.

use crate::bound::Bound;
use crate::map::{Curve, Surface, UniformCurve, UniformSurface};
use crate::units::rpm_from_rad_s;

const SPEED_CELLS: usize = 64;
const TORQUE_CELLS: usize = 40;
const LINE_CELLS: usize = 128;
/// Steps of speed and torque in which the best point is looked for, twice: over the
/// whole map, then around the first answer.
const SEARCH_STEPS: usize = 60;
/// Steps of speed in which the operating line is looked for.
const LINE_STEPS: usize = 210;
/// Indicated efficiency at which friction turns into fuel where no map says it.
const INDICATED_EFFICIENCY: f64 = 0.46;
/// Speed under which break-away friction adds to the drag, rad/s.
const BREAK_AWAY_RAD_S: f64 = 30.0;
/// Coolant temperature at which the extra friction of a cold engine is stated, °C.
const COLD_REFERENCE_C: f64 = 20.0;

/// Fuel burnt at a point.
#[derive(Debug, Clone, PartialEq)]
pub enum FuelMap {
    /// Willans form with a shape and a best efficiency.
    Willans {
        /// Efficiency at the best point.
        peak_efficiency: f64,
        /// Loss torque, N·m: constant, per thousand rpm, per thousand rpm squared.
        loss_nm: [f64; 3],
        /// Relative change of the indicated efficiency per thousand rpm.
        efficiency_per_krpm: f64,
        /// Speed at which that change is zero, thousands of rpm.
        reference_krpm: f64,
        /// Share of full load above which the mixture is enriched.
        enrichment_from: f64,
        /// Strength of the enrichment.
        enrichment: f64,
    },
    /// A measured grid of fuel power in W over (rad/s, N·m).
    Table(Surface),
}

/// What the tank holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fuel {
    /// Lower heating value, J/kg.
    pub lhv_j_per_kg: f64,
    /// Density, kg/L.
    pub density_kg_per_l: f64,
    /// CO₂ of burning a litre, kg.
    pub co2_kg_per_l: f64,
}

impl Fuel {
    /// Volume that holds this energy, L.
    pub fn litres(&self, energy_j: f64) -> f64 {
        energy_j / self.lhv_j_per_kg / self.density_kg_per_l
    }
}

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
pub struct OperatingPoint {
    /// Speed, rad/s.
    pub speed_rad_s: f64,
    /// Torque, N·m.
    pub torque_nm: f64,
    /// Efficiency there.
    pub efficiency: f64,
}

/// The engine as the kernel uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct EnginePlant {
    fuel_w: UniformSurface,
    full_load_nm: UniformCurve,
    line_rad_s: UniformCurve,
    break_away_nm: f64,
    drag_nm: f64,
    drag_nm_per_rad_s: f64,
    cold_friction_nm: f64,
    cold_enrichment: f64,
    warm_c: f64,
    per_cold_k: f64,
    late_spark_fuel_factor: f64,
    /// Warm idle speed, rad/s.
    pub idle_rad_s: f64,
    /// Speed from which fuel is injected during a start, rad/s.
    pub firing_rad_s: f64,
    /// Acceleration of a start, rad/s².
    pub crank_rad_s2: f64,
    /// Fastest change of speed while running, rad/s².
    pub slew_rad_s2: f64,
    /// Reciprocal of the acceleration of a start, s²/rad.
    pub per_crank_s2_per_rad: f64,
    /// Reciprocal of the fastest change of speed, s²/rad.
    pub per_slew_s2_per_rad: f64,
    /// Fastest speed, rad/s.
    pub max_speed_rad_s: f64,
    /// Largest power on the operating line, W.
    pub max_power_w: f64,
    /// Fuel energy of a start from rest beyond the mechanical work, J.
    pub start_fuel_j: f64,
    /// The best point of the map.
    pub best: OperatingPoint,
}

impl Engine {
    /// Fastest speed: the last point of full load, rad/s.
    pub fn max_speed_rad_s(&self) -> f64 {
        self.full_load_nm.range().1
    }

    /// Fuel power of a warm engine before the level is set by the best efficiency.
    fn relative_fuel_w(&self, speed_rad_s: f64, torque_nm: f64) -> f64 {
        match &self.fuel_map {
            FuelMap::Willans {
                loss_nm: [l0, l1, l2],
                efficiency_per_krpm,
                reference_krpm,
                enrichment_from,
                enrichment,
                ..
            } => {
                let krpm = rpm_from_rad_s(speed_rad_s) / 1000.0;
                let loss_nm = l0 + l1 * krpm + l2 * krpm * krpm;
                let indicated = 1.0 + efficiency_per_krpm * (krpm - reference_krpm);
                let load = torque_nm / self.full_load_nm.at(speed_rad_s);
                let rich = (load - enrichment_from).max(0.0);
                speed_rad_s * (torque_nm + loss_nm) / indicated * (1.0 + enrichment * rich * rich)
            }
            FuelMap::Table(surface) => surface.at(speed_rad_s, torque_nm).max(0.0),
        }
    }

    /// The point that needs the least fuel for its power, and the efficiency there in
    /// terms of [`Self::relative_fuel_w`].
    fn best_point(&self) -> OperatingPoint {
        let speeds = (self.firing_rad_s, self.max_speed_rad_s());
        let coarse = self.best_point_within(speeds, (0.0, 1.0));
        let (speed, load) = (
            (speeds.1 - speeds.0) / SEARCH_STEPS as f64,
            1.0 / SEARCH_STEPS as f64,
        );
        let at = coarse.torque_nm / self.full_load_nm.at(coarse.speed_rad_s);
        self.best_point_within(
            (
                (coarse.speed_rad_s - speed).max(speeds.0),
                (coarse.speed_rad_s + speed).min(speeds.1),
            ),
            (at - load, (at + load).min(1.0)),
        )
    }

    /// The best point between two speeds and two shares of full load.
    fn best_point_within(&self, speeds: (f64, f64), loads: (f64, f64)) -> OperatingPoint {
        let mut best = OperatingPoint {
            speed_rad_s: speeds.0,
            torque_nm: 0.0,
            efficiency: 0.0,
        };
        let between = |(low, high): (f64, f64), step: usize| {
            low + (high - low) * step as f64 / SEARCH_STEPS as f64
        };
        for row in 0..=SEARCH_STEPS {
            let speed = between(speeds, row);
            let full = self.full_load_nm.at(speed);
            for column in 1..=SEARCH_STEPS {
                let torque = full * between(loads, column);
                let efficiency = speed * torque / self.relative_fuel_w(speed, torque);
                if efficiency > best.efficiency {
                    best = OperatingPoint {
                        speed_rad_s: speed,
                        torque_nm: torque,
                        efficiency,
                    };
                }
            }
        }
        best
    }

    /// Builds the tables and the operating line.
    pub fn plant(&self) -> EnginePlant {
        let mut best = self.best_point();
        let scale = match self.fuel_map {
            FuelMap::Willans {
                peak_efficiency, ..
            } => {
                let scale = best.efficiency / peak_efficiency;
                best.efficiency = peak_efficiency;
                scale
            }
            FuelMap::Table(_) => 1.0,
        };
        let max_speed = self.max_speed_rad_s();
        let fuel_w = |speed: f64, torque: f64| scale * self.relative_fuel_w(speed, torque);
        let line = OperatingLine::find(self, fuel_w);
        EnginePlant {
            fuel_w: UniformSurface::sample(
                (0.0, max_speed),
                (0.0, self.full_load_nm.max()),
                (SPEED_CELLS, TORQUE_CELLS),
                fuel_w,
            ),
            full_load_nm: UniformCurve::sample(0.0, max_speed, SPEED_CELLS, |speed| {
                self.full_load_nm.at(speed)
            }),
            line_rad_s: line.speed_rad_s,
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
            max_speed_rad_s: max_speed,
            max_power_w: line.max_power_w,
            start_fuel_j: self.start_fuel_kg * self.fuel.lhv_j_per_kg,
            best,
        }
    }
}

/// Speed of least fuel for every power.
struct OperatingLine {
    speed_rad_s: UniformCurve,
    max_power_w: f64,
}

impl OperatingLine {
    fn find(engine: &Engine, fuel_w: impl Fn(f64, f64) -> f64) -> Self {
        let (low, high) = (engine.idle_rad_s, engine.max_speed_rad_s());
        let speeds: Vec<f64> = (0..=LINE_STEPS)
            .map(|step| low + (high - low) * step as f64 / LINE_STEPS as f64)
            .collect();
        let strongest = speeds
            .iter()
            .map(|&speed| (speed, speed * engine.full_load_nm.at(speed)))
            .fold((low, 0.0), |a, b| if b.1 > a.1 { b } else { a });
        let max_power_w = strongest.1.min(engine.max_power_w);
        // The line never falls with power: a measured map's noise must not make the
        // engine jump to and fro.
        let mut floor = low;
        let nodes: Vec<f64> = (0..=LINE_CELLS)
            .map(|node| {
                let power = max_power_w * node as f64 / LINE_CELLS as f64;
                let best = speeds
                    .iter()
                    .filter(|&&speed| {
                        speed >= floor && power <= speed * engine.full_load_nm.at(speed) + 1e-6
                    })
                    .map(|&speed| (speed, fuel_w(speed, power / speed)))
                    .fold(
                        (strongest.0, f64::INFINITY),
                        |a, b| if b.1 < a.1 { b } else { a },
                    );
                floor = best.0;
                best.0
            })
            .collect();
        let per_node = LINE_CELLS as f64 / max_power_w;
        Self {
            speed_rad_s: UniformCurve::sample(0.0, max_power_w, LINE_CELLS, |power| {
                nodes[((power * per_node).round() as usize).min(LINE_CELLS)]
            }),
            max_power_w,
        }
    }
}

impl EnginePlant {
    /// Largest torque at this speed, N·m.
    #[inline]
    pub fn full_load_nm(&self, speed_rad_s: f64) -> f64 {
        self.full_load_nm.at(speed_rad_s)
    }

    /// Torque with which an engine without fuel resists being turned, N·m.
    #[inline]
    pub fn drag_torque_nm(&self, speed_rad_s: f64) -> f64 {
        let break_away = (1.0 - speed_rad_s * (1.0 / BREAK_AWAY_RAD_S)).at_least(0.0);
        self.drag_nm
            + self.drag_nm_per_rad_s * speed_rad_s
            + (self.break_away_nm - self.drag_nm) * break_away
    }

    /// Fuel power at a point with this coolant, W.
    #[inline]
    pub fn fuel_w(
        &self,
        speed_rad_s: f64,
        torque_nm: f64,
        coolant_c: f64,
        late_spark: bool,
    ) -> f64 {
        let cold = ((self.warm_c - coolant_c) * self.per_cold_k).at_least(0.0);
        let warm_w = self.fuel_w.at(speed_rad_s, torque_nm);
        let friction_w = self.cold_friction_nm * cold * speed_rad_s * (1.0 / INDICATED_EFFICIENCY);
        let factor = if late_spark {
            self.late_spark_fuel_factor
        } else {
            1.0
        };
        (warm_w + friction_w) * (factor + self.cold_enrichment * cold)
    }

    /// Speed that gives this power with the least fuel, rad/s.
    #[inline]
    pub fn line_speed_rad_s(&self, power_w: f64) -> f64 {
        self.line_rad_s.at(power_w)
    }

    /// Efficiency of the warm engine at a point.
    pub fn efficiency(&self, speed_rad_s: f64, torque_nm: f64) -> f64 {
        speed_rad_s * torque_nm / self.fuel_w.at(speed_rad_s, torque_nm)
    }
}
