//! Who decides: engine off, turned without fuel, or running, and at which point.
//!
//! A [`Controller`] sees the [`Situation`] at an instant and what it remembers, and
//! answers with a [`Command`]. The step obeys as far as the car's limits allow. The
//! kernel takes controllers as a type parameter, so that nothing is called through a
//! pointer; a run owns the memory, so that one controller serves many runs. A controller
//! that is written over any [`Number`] can drive [`ManyCars`] at once.

mod ceiling;
mod rules;

pub use ceiling::{Ceiling, CeilingMemory};
pub use rules::{Rules, RulesMemory};

use crate::lanes::Number;
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
pub struct Situation<'a, F = f64> {
    /// The car now.
    pub state: &'a State<F>,
    /// The battery's limits now.
    pub terminals: &'a Terminals<F>,
    /// Time since the last decision, s.
    pub since_s: f64,
    /// Time this decision will hold, s.
    pub holds_s: f64,
    /// Its reciprocal, 1/s.
    pub per_hold: f64,
    /// Mean road speed asked until the next decision, m/s.
    pub speed_mps: F,
    /// Road speed asked at the next decision, m/s.
    pub horizon_mps: F,
    /// Force asked at the wheels, N, negative when braking.
    pub wheel_force_n: F,
    /// Auxiliary load, W.
    pub auxiliary_w: F,
}

impl<F: Number> Situation<'_, F> {
    /// Power that will be asked at the wheels by the next decision, W: what it takes to
    /// cross a threshold in time at any length of step.
    #[inline(always)]
    pub fn coming_wheel_power_w(&self) -> F {
        self.wheel_force_n * self.horizon_mps
    }

    /// Mean power asked at the wheels, W.
    #[inline(always)]
    pub fn wheel_power_w(&self) -> F {
        self.wheel_force_n * self.speed_mps
    }
}

/// What the car is told to do until the next decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Command<F: Number = f64> {
    /// The engine is to turn.
    pub turn: F::Flags,
    /// It is to burn fuel.
    pub fuel: F::Flags,
    /// Speed it is to turn at, rad/s.
    pub engine_rad_s: F,
    /// Fastest change towards that speed, rad/s²; the engine's own limit holds as well.
    pub engine_rad_s2: F,
    /// Torque it is to give when burning, N·m.
    pub engine_torque_nm: F,
    /// Late spark: heat for the catalyst instead of torque.
    pub late_spark: F::Flags,
    /// Why the engine is started or its fuel returns, where this decision does so.
    pub start: F::Each<Option<StartCause>>,
}

impl Copy for Command {}

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

impl<F: Number> Default for Command<F> {
    /// Engine at rest.
    #[inline(always)]
    fn default() -> Self {
        Self {
            turn: false.into(),
            fuel: false.into(),
            engine_rad_s: 0.0.into(),
            engine_rad_s2: f64::INFINITY.into(),
            engine_torque_nm: 0.0.into(),
            late_spark: false.into(),
            start: F::each(|_| None),
        }
    }
}

/// Decides what the engine does.
pub trait Controller<F: Number = f64>: Sync {
    /// What it remembers between decisions.
    type Memory: Copy + Send;

    /// Name in results.
    fn name(&self) -> &'static str;

    /// Memory at the start of a run.
    fn begin(&self, plant: &Plant<F>, state: &State<F>, soaked_s: F) -> Self::Memory;

    /// Decides, and changes its memory.
    fn decide(
        &self,
        plant: &Plant<F>,
        situation: &Situation<'_, F>,
        memory: &mut Self::Memory,
    ) -> Command<F>;
}

/// A controller that can drive several cars side by side, each with its own figures.
pub trait ManyCars: Controller + 'static {
    /// The same controller over any number.
    type Of<F: Number>: Controller<F>;

    /// Lays controllers side by side; `lane` gives the one of each lane.
    fn side_by_side<'a, F: Number>(lane: &dyn Fn(usize) -> &'a Self) -> Self::Of<F>;
}
