//! What the engine burns.
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

use super::Engine;
use crate::lanes::Number;
use crate::map::{Section, Surface};
use crate::units::rpm_from_rad_s;

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

/// A fuel map but for its level.
#[derive(Debug, PartialEq)]
pub(super) enum FuelShape<'a> {
    Willans([f64; 7]),
    Table(&'a Surface),
}

impl FuelMap {
    /// What is left of it without its level.
    pub(super) fn shape(&self) -> FuelShape<'_> {
        match self {
            Self::Willans {
                peak_efficiency: _,
                loss_nm: [l0, l1, l2],
                efficiency_per_krpm,
                reference_krpm,
                enrichment_from,
                enrichment,
            } => FuelShape::Willans([
                *l0,
                *l1,
                *l2,
                *efficiency_per_krpm,
                *reference_krpm,
                *enrichment_from,
                *enrichment,
            ]),
            Self::Table(surface) => FuelShape::Table(surface),
        }
    }
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

/// Full load and fuel of the warm engine at one speed: what depends on the speed only is
/// found once.
#[derive(Debug)]
pub(super) struct AtSpeed<'a> {
    pub(super) speed_rad_s: f64,
    pub(super) full_load_nm: f64,
    fuel: FuelAtSpeed<'a>,
}

#[derive(Debug)]
enum FuelAtSpeed<'a> {
    Willans {
        loss_nm: f64,
        /// Reciprocal of the indicated efficiency over that at the reference speed.
        per_indicated: f64,
        /// Fuel power per torque, W per N·m.
        w_per_nm: f64,
        /// Reciprocal of the torque at full load, 1/(N·m).
        per_full_load: f64,
        enrichment_from: f64,
        enrichment: f64,
    },
    Table(Section<'a>),
}

impl Engine {
    /// The engine at one speed.
    #[inline]
    pub(super) fn at_speed(&self, speed_rad_s: f64) -> AtSpeed<'_> {
        let full_load_nm = self.full_load_nm.at(speed_rad_s);
        let fuel = match &self.fuel_map {
            FuelMap::Willans {
                loss_nm: [l0, l1, l2],
                efficiency_per_krpm,
                reference_krpm,
                enrichment_from,
                enrichment,
                ..
            } => {
                let krpm = rpm_from_rad_s(speed_rad_s) / 1000.0;
                let per_indicated = 1.0 / (1.0 + efficiency_per_krpm * (krpm - reference_krpm));
                FuelAtSpeed::Willans {
                    loss_nm: l0 + l1 * krpm + l2 * krpm * krpm,
                    per_indicated,
                    w_per_nm: speed_rad_s * per_indicated,
                    per_full_load: 1.0 / full_load_nm,
                    enrichment_from: *enrichment_from,
                    enrichment: *enrichment,
                }
            }
            FuelMap::Table(surface) => FuelAtSpeed::Table(surface.along(speed_rad_s)),
        };
        AtSpeed {
            speed_rad_s,
            full_load_nm,
            fuel,
        }
    }
}

impl AtSpeed<'_> {
    /// Fuel power before its level is set by the best efficiency, W.
    #[inline]
    pub(super) fn relative_fuel_w(&self, torque_nm: f64) -> f64 {
        match self.fuel {
            FuelAtSpeed::Willans {
                loss_nm,
                w_per_nm,
                per_full_load,
                enrichment_from,
                enrichment,
                ..
            } => {
                let rich = (torque_nm * per_full_load - enrichment_from).at_least(0.0);
                w_per_nm * (torque_nm + loss_nm) * (1.0 + enrichment * rich * rich)
            }
            FuelAtSpeed::Table(ref section) => section.at(torque_nm).max(0.0),
        }
    }

    /// A straight line under [`Self::relative_fuel_w`] over power: W per W, and W without
    /// power.
    pub(super) fn least_fuel(&self) -> (f64, f64) {
        match self.fuel {
            FuelAtSpeed::Willans {
                loss_nm,
                per_indicated,
                w_per_nm,
                ..
            } => (per_indicated, w_per_nm * loss_nm),
            FuelAtSpeed::Table(_) => (0.0, 0.0),
        }
    }

    /// Whether the efficiency rises with torque up to one best torque and falls beyond it.
    ///
    /// In Willans form the fuel per work is `(1 + q/x)·(1 + k·max(0, x − x₀)²)` over the
    /// share x of full load, with q = T_loss/T_full > 0. What the first factor loses with
    /// x falls, in proportion to it: q/(x·(x + q)) < 1/x. What the second one gains rises,
    /// with r = x − x₀, until k·r² = 1, and is above 1/r from there on.
    pub(super) fn has_one_best_torque(&self) -> bool {
        matches!(self.fuel, FuelAtSpeed::Willans { .. })
    }
}
