//! The best possible control: what could be done in every second of a cycle, and who chooses.
//!
//! A [`Plan`] holds, for every second of a cycle, all that the car could do: leave the engine
//! off, or run it at one of some speeds and torques that no other choice beats in fuel and in
//! charge at once. It is made by the step of the simulation itself, so that every limit of
//! the car is in it. [`Planned`] controllers choose from it: by an equivalence factor
//! ([`Factor`], ECMS), by one that follows the charge ([`Feedback`], A-ECMS), or by the least
//! cost to go of dynamic programming ([`ToGo`]).
//!
//! The energy that turns the engine and MG1 counts as charge: what an engine takes up to turn
//! faster it gives back when it slows down. A choice is therefore judged by the charge *and*
//! the turning energy it ends with. What is lost on the way from one speed to another is tried
//! from some of them ([`Speeds`]), and those who see ahead count it.

mod alignment;
mod backward;
mod band;
mod choices;
mod cuts;
mod enough;
mod front;
mod grid;
mod nodes;
mod outlook;
mod planned;
mod planning;
mod policy;
mod program;
mod reach;
mod reference;
mod span;
mod taking;
mod to_go;
mod transitions;
mod trials;

pub use choices::{Choice, Plan, Second};
pub use grid::Grid;
pub use outlook::Outlook;
pub use planned::{Factor, Feedback, Planned, PlannedMemory, Worth};
pub use planning::{Foresight, View};
pub use policy::{Policy, PolicyError};
pub use program::{Program, ProgramError, Terminal};
pub use reach::{ChargeLimit, Most};
pub use reference::{Forced, Reference, Watch};
pub use span::Span;
pub use to_go::ToGo;
pub use transitions::{Changes, Transitions};
pub use trials::late_j;

use crate::vehicle::{EnginePlant, Strategy};
use std::array::from_fn;

/// Length of the planning clock, s: a choice holds as long.
pub const HOLD_S: f64 = 1.0;

/// How long the engine has to run and to rest, in holds of the planning clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dwell {
    /// Holds that a start lasts at least.
    pub on: usize,
    /// Holds that a stop lasts at least.
    pub off: usize,
}

impl Dwell {
    /// No minimum times: every hold may start and stop.
    pub const NONE: Self = Self { on: 1, off: 1 };

    /// The minimum times of a car.
    pub fn of(strategy: &Strategy) -> Self {
        let holds = |time_s: f64| ((time_s / HOLD_S) - 1e-9).ceil().max(1.0) as usize;
        Self {
            on: holds(strategy.min_on_s),
            off: holds(strategy.min_off_s),
        }
    }
}

/// Whether the engine burns, and for how many holds it has or has not, up to the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Without fuel since so many holds, from 1.
    Off(usize),
    /// With fuel since so many holds, from 1, and at this speed or up to the next: a place
    /// among [`Speeds`].
    On(usize, usize),
}

/// Engine speeds that the optimum tells apart, because changing them costs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Speeds {
    rad_s: [f64; Speeds::COUNT],
    /// Their squares, as what turning energy goes by, and one over what lies between each and
    /// the next.
    squared: [f64; Speeds::COUNT],
    per_step: [f64; Speeds::COUNT],
}

impl Speeds {
    /// How many.
    pub const COUNT: usize = 14;

    /// From idling to the fastest, in equal ratios.
    pub fn of(engine: &EnginePlant) -> Self {
        let span = engine.max_speed_rad_s / engine.idle_rad_s;
        let last = (Self::COUNT - 1) as f64;
        let rad_s = |place: usize| engine.idle_rad_s * libm::pow(span, place as f64 / last);
        let rad_s: [f64; Self::COUNT] = from_fn(rad_s);
        let squared = rad_s.map(|rad_s| rad_s * rad_s);
        let next = |place: usize| squared[(place + 1).min(Self::COUNT - 1)];
        Self {
            rad_s,
            squared,
            per_step: from_fn(|place| 1.0 / (next(place) - squared[place])),
        }
    }

    /// The one below an engine speed, but not the last, and the share of the way to the next:
    /// by the turning energy, which is what a change of speed costs most for.
    #[inline]
    pub fn around(&self, engine_rad_s: f64) -> (usize, f64) {
        let squared = engine_rad_s * engine_rad_s;
        let inner = &self.squared[1..Self::COUNT - 1];
        let below = inner.iter().filter(|inner| **inner <= squared).count();
        let share = (squared - self.squared[below]) * self.per_step[below];
        (below, no_trace(share))
    }

    /// The speed at such a place, rad/s.
    pub fn at_rad_s(&self, (below, share): (usize, f64)) -> f64 {
        let (low, high) = (self.squared[below], self.squared[below + 1]);
        (low + share * (high - low)).sqrt()
    }

    /// What lies at a speed between values at each of them.
    #[inline]
    pub fn between<T: Copy + Into<f64>>(
        of_each: &[T; Self::COUNT],
        (below, share): (usize, f64),
    ) -> f64 {
        let (low, high): (f64, f64) = (of_each[below].into(), of_each[below + 1].into());
        if share == 0.0 {
            low
        } else {
            low + share * (high - low)
        }
    }

    /// How far something sags between two of them below the straight line, from how far it
    /// does half-way.
    #[inline]
    pub fn sag(half_way: f64, share: f64) -> f64 {
        4.0 * share * (1.0 - share) * half_way
    }

    /// The share of the way from one to another at which a third lies, by turning energy.
    fn share(&self, low: usize, place: usize, high: usize) -> f64 {
        let [low, here, high] = [low, place, high].map(|place| self.squared[place]);
        (here - low) / (high - low)
    }

    /// One of them, rad/s.
    #[inline]
    pub fn rad_s(&self, place: usize) -> f64 {
        self.rad_s[place]
    }
}

/// A share of the way to a neighbour, without a trace of one that is as good as out of reach:
/// what lies there may be something that cannot be done, and cost as much.
#[inline]
fn no_trace(share: f64) -> f64 {
    if share < 1e-6 {
        0.0
    } else if share > 1.0 - 1e-6 {
        1.0
    } else {
        share
    }
}

impl Dwell {
    /// How many modes there are where a burning engine has one of some speeds.
    #[inline]
    pub fn modes(self, span: Span) -> usize {
        self.off + self.on * span.count()
    }

    /// Place of a mode among them; a burning engine of another speed counts as one of the
    /// nearest.
    #[inline]
    pub fn index(self, mode: Mode, span: Span) -> usize {
        match mode {
            Mode::Off(age) => age.min(self.off) - 1,
            Mode::On(age, speed) => {
                self.off + (age.min(self.on) - 1) * span.count() + span.index(speed)
            }
        }
    }

    /// An engine that has rested long enough.
    pub fn rested(self) -> Mode {
        Mode::Off(self.off)
    }

    /// The mode after a hold with fuel at one of the speeds, or without.
    #[inline]
    #[must_use]
    pub fn after(self, mode: Mode, burns: Option<usize>) -> Mode {
        match (mode, burns) {
            (Mode::Off(age), None) => Mode::Off((age + 1).min(self.off)),
            (Mode::On(age, _), Some(speed)) => Mode::On((age + 1).min(self.on), speed),
            (Mode::Off(_), Some(speed)) => Mode::On(1, speed),
            (Mode::On(..), None) => Mode::Off(1),
        }
    }

    /// Whether the minimum time of a mode is over.
    #[inline]
    pub fn is_over(self, mode: Mode) -> bool {
        match mode {
            Mode::Off(age) => age >= self.off,
            Mode::On(age, _) => age >= self.on,
        }
    }
}

/// As `max`, by one instruction: of what is not a number there is no question.
#[inline(always)]
fn at_least(value: f32, least: f32) -> f32 {
    if value > least { value } else { least }
}

/// As `min`, likewise.
#[inline(always)]
fn at_most(value: f32, most: f32) -> f32 {
    if value < most { value } else { most }
}
