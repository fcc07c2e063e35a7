//! Who decides: engine off, turned without fuel, or running, and at which point.
//!
//! A [`Controller`] sees the [`Situation`] at an instant and what it remembers, and
//! answers with a [`Command`]. The step obeys as far as the car's limits allow. The
//! kernel takes controllers as a type parameter, so that nothing is called through a
//! pointer; a run owns the memory, so that one controller serves many runs.

mod rules;

pub use rules::{Rules, RulesMemory};

use crate::vehicle::{Plant, State, Terminals};
use serde::{Deserialize, Serialize};

/// Why the engine was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartCause {
    /// The wheels ask for more power than is driven electrically.
    PowerDemand,
    /// The battery is nearly empty.
    LowSoc,
    /// Battery or MG2 cannot give what is asked.
    BatteryLimit,
    /// MG1 would turn backwards too fast with the engine at rest.
    SpeedCeiling,
    /// Engine and catalyst are cold.
    WarmUp,
    /// The battery is full on a long descent: the engine is turned to take the power.
    BatteryFull,
}

impl StartCause {
    /// All causes, in the order they are listed.
    pub const ALL: [Self; 6] = [
        Self::PowerDemand,
        Self::LowSoc,
        Self::BatteryLimit,
        Self::SpeedCeiling,
        Self::WarmUp,
        Self::BatteryFull,
    ];

    /// Name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::PowerDemand => "power_demand",
            Self::LowSoc => "low_soc",
            Self::BatteryLimit => "battery_limit",
            Self::SpeedCeiling => "speed_ceiling",
            Self::WarmUp => "warm_up",
            Self::BatteryFull => "battery_full",
        }
    }

    /// Whether a limit of the car forces this start, minimum off time or not.
    pub fn is_forced(self) -> bool {
        !matches!(self, Self::PowerDemand | Self::WarmUp)
    }
}

/// What a controller knows when it decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Situation<'a> {
    /// The car now.
    pub state: &'a State,
    /// The battery's limits now.
    pub terminals: &'a Terminals,
    /// Time since the last decision, s.
    pub since_s: f64,
    /// Time this decision will hold, s.
    pub holds_s: f64,
    /// Mean road speed asked until the next decision, m/s.
    pub speed_mps: f64,
    /// Road speed asked at the next decision, m/s.
    pub horizon_mps: f64,
    /// Force asked at the wheels, N, negative when braking.
    pub wheel_force_n: f64,
    /// Auxiliary load, W.
    pub auxiliary_w: f64,
}

impl Situation<'_> {
    /// Power that will be asked at the wheels by the next decision, W: what it takes to
    /// cross a threshold in time at any length of step.
    #[inline]
    pub fn coming_wheel_power_w(&self) -> f64 {
        self.wheel_force_n * self.horizon_mps
    }

    /// Mean power asked at the wheels, W.
    #[inline]
    pub fn wheel_power_w(&self) -> f64 {
        self.wheel_force_n * self.speed_mps
    }
}

/// What the car is told to do until the next decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Command {
    /// The engine is to turn.
    pub turn: bool,
    /// It is to burn fuel.
    pub fuel: bool,
    /// Speed it is to turn at, rad/s.
    pub engine_rad_s: f64,
    /// Fastest change towards that speed, rad/s²; the engine's own limit holds as well.
    pub engine_rad_s2: f64,
    /// Torque it is to give when burning, N·m.
    pub engine_torque_nm: f64,
    /// Late spark: heat for the catalyst instead of torque.
    pub late_spark: bool,
    /// Why the engine is started or its fuel returns, where this decision does so.
    pub start: Option<StartCause>,
}

impl Command {
    /// Engine at rest.
    pub const OFF: Self = Self {
        turn: false,
        fuel: false,
        engine_rad_s: 0.0,
        engine_rad_s2: f64::INFINITY,
        engine_torque_nm: 0.0,
        late_spark: false,
        start: None,
    };
}

/// Decides what the engine does.
pub trait Controller: Sync {
    /// What it remembers between decisions.
    type Memory: Copy + Send;

    /// Name in results.
    fn name(&self) -> &'static str;

    /// Memory at the start of a run.
    fn begin(&self, plant: &Plant, state: &State, soaked_s: f64) -> Self::Memory;

    /// Decides, and changes its memory.
    fn decide(
        &self,
        plant: &Plant,
        situation: &Situation<'_>,
        memory: &mut Self::Memory,
    ) -> Command;
}
