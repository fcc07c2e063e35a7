//! thsim: simulator of Toyota's THS-II power-split hybrid.
//!
//! It answers how much fuel such a car burns on a drive cycle, when and why its engine
//! starts, and where every joule goes.
//!
//! Data flows one way; each stage is a value made from the one before, and a room knows
//! only rooms to its left:
//!
//! ```text
//! units, lanes ← map ← vehicle ← cycle ← control ← sim ← optimum ← ledger ← results ← study ← cli
//!        config builds vehicles, analysis reads tables of designs, plot draws results,
//!        report makes a page of them
//! ```
//!
//! Inside, everything is in SI units: rad/s, N·m, W, J, kg, s, m/s, V, A, Ω;
//! temperatures in °C. Speeds are positive in forward drive; a torque is positive when
//! it acts in the direction of positive speed on its shaft. Battery power and current
//! are positive when discharging; the electrical power of a machine is positive when it
//! draws from the bus.

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod control;
pub mod cycle;
pub mod issue;
pub mod lanes;
pub mod ledger;
pub mod map;
pub mod optimum;
#[cfg(feature = "plot")]
pub mod plot;
#[cfg(feature = "plot")]
pub mod report;
pub mod results;
pub mod sim;
pub mod study;
pub mod sweep;
pub mod units;
pub mod vehicle;
