//! All that the car could do in every second of a cycle.

use super::reference::Forced;
use super::transitions::Changes;
use super::trials::turning_j;
use super::{Span, Speeds};
use crate::vehicle::{Plant, State};
use std::ops::Range;

/// One thing the car could do for a hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Engine speed, rad/s.
    pub engine_rad_s: f64,
    /// Engine speed at the end, rad/s.
    pub end_rad_s: f64,
    /// The same among those that are told apart: [`Speeds::around`]. Only for who sees ahead does
    /// it matter; in a plan for others it is the lowest.
    pub ends_at: (usize, f64),
    /// Engine torque, N·m.
    pub engine_torque_nm: f64,
    /// Fuel, J.
    pub fuel_j: f64,
    /// Mean power at the battery's terminals, W.
    pub battery_w: f64,
    /// Power that goes out of the turning parts beyond those of an engine at rest, W: with it,
    /// what the choice takes from charge and turning energy together.
    pub swing_w: f64,
}

/// What comes of cutting the fuel at a speed; `f32`, as there is one for each speed of each
/// hold, whether it is needed or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stop {
    pub(super) end_rad_s: f32,
    pub(super) battery_w: f32,
    pub(super) swing_w: f32,
}

impl Stop {
    /// This one, a share of the way to another.
    pub(super) fn towards(self, other: Self, share: f32) -> Self {
        let between = |here: f32, there: f32| here + share * (there - here);
        Self {
            end_rad_s: between(self.end_rad_s, other.end_rad_s),
            battery_w: between(self.battery_w, other.battery_w),
            swing_w: between(self.swing_w, other.swing_w),
        }
    }
}

/// One hold of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Second {
    /// When it starts, s.
    pub start_s: f64,
    /// How long it lasts, s.
    pub hold_s: f64,
    /// Speed of the engine without fuel: at rest, or turned for MG1's sake, rad/s.
    pub off_rad_s: f64,
    /// What the engine has to do.
    pub forced: Forced,
    /// How much slower than asked the car ends whatever it does, m/s.
    pub late_mps: f64,
    /// State of the reference at its start.
    pub state: State,
    /// Whether the reference burns.
    pub burns: bool,
    /// Voltage of the battery's slow branch at its start where a run before the reference did the
    /// contrary, V.
    pub contrary_v: Option<f64>,
    /// Without fuel before and now; none where the car cannot do it.
    pub off: Option<Choice>,
    /// Fuel is cut, from each of [`Speeds`]: [`Self::stop`].
    pub(super) stops: [Option<Stop>; Speeds::COUNT],
    /// What an engine without fuel costs more that still turns at each of [`Speeds`], J of
    /// fuel.
    pub still_turning_j: [f32; Speeds::COUNT],
    pub(super) running: Range<usize>,
    pub(super) starting: Range<usize>,
    /// Where the changes to `running` begin, for who counts them.
    pub(super) changes_begin: usize,
}

impl Second {
    /// Fuel is cut at one of [`Speeds`]; none where the car cannot do it.
    pub fn stop(&self, place: usize) -> Option<Choice> {
        self.stops[place].map(|stop| Choice {
            engine_rad_s: self.off_rad_s,
            end_rad_s: stop.end_rad_s.into(),
            ends_at: (0, 0.0),
            engine_torque_nm: 0.0,
            fuel_j: 0.0,
            battery_w: stop.battery_w.into(),
            swing_w: stop.swing_w.into(),
        })
    }
}

/// All choices of a cycle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Its holds.
    pub seconds: Vec<Second>,
    /// Those of burning engines of all holds, then those that begin to burn.
    pub(super) choices: Vec<Choice>,
    /// To the choices of burning engines of all holds.
    pub(super) changes: Vec<Changes>,
    /// Engine speeds that are told apart.
    pub speeds: Speeds,
    /// Those that a burning engine may have at the start of every hold, and at the end of the
    /// last: what no choice leads to is neither tried nor tabulated.
    pub spans: Vec<Span>,
}

impl Plan {
    /// State of charge at the start of a hold, where what turns the engine and MG1 beyond an
    /// engine at rest counts as charge.
    #[inline]
    pub(super) fn charge(&self, plant: &Plant, hold: usize, state: &State) -> f64 {
        let Some(before) = hold.checked_sub(1).and_then(|it| self.seconds.get(it)) else {
            return state.soc;
        };
        let turning_j = turning_j(plant, state, before.off_rad_s);
        state.soc + turning_j / plant.battery.energy_per_soc_j(state.soc)
    }

    /// What it costs to come to a hold with an engine without fuel that still turns, J of fuel.
    #[inline]
    pub fn still_turning_j(&self, hold: usize, engine_rad_s: f64) -> f64 {
        let Some(second) = self.seconds.get(hold).filter(|_| engine_rad_s > 0.0) else {
            return 0.0;
        };
        let idle_rad_s = self.speeds.rad_s(0);
        let slower = (engine_rad_s / idle_rad_s).clamp(0.0, 1.0);
        let at = self.speeds.around(engine_rad_s);
        slower * slower * Speeds::between(&second.still_turning_j, at)
    }

    /// What a burning engine could do in a hold, by falling fuel.
    #[inline]
    pub fn running(&self, second: &Second) -> &[Choice] {
        &self.choices[second.running.clone()]
    }

    /// What these come to from each of [`Speeds`].
    #[inline]
    pub fn changes(&self, second: &Second) -> &[Changes] {
        let begin = second.changes_begin;
        let all = begin..begin + second.running.len();
        self.changes.get(all).unwrap_or_default()
    }

    /// What an engine without fuel could do that begins to burn, by falling fuel.
    #[inline]
    pub fn starting(&self, second: &Second) -> &[Choice] {
        &self.choices[second.starting.clone()]
    }
}
