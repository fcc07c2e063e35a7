//! What the car holds: its top speed and the grades it climbs.
//!
//! *Sustained* is what the engine gives alone. The battery is then at the lower end of its
//! window, where it gives nothing and the control charges what it can: with the pedal on
//! the floor there is nothing left to charge with. *Short* adds the battery at the state of
//! charge asked for.

use super::{FLOORED_KMH, FullThrottleQuestion, Row};
use crate::control::Controller;
use crate::cycle::Cycle;
use crate::units::{kmh_from_mps, mps_from_kmh};

/// Step of these tests, s: they look for an equilibrium, not for an instant.
const STEP_S: f64 = 0.05;
/// Time to reach the top speed, s, and the last part of it that is looked at: at MG2's
/// fastest speed the control lets the car swing by a tenth of a km/h.
const TOP_SPEED_S: f64 = 400.0;
const AT_TOP_S: f64 = 60.0;
/// Speeds whose grades are looked for, km/h; zero is the start-off.
const CLIMBED_KMH: [f64; 3] = [0.0, 50.0, 100.0];
/// Steepest grade looked at, rise over run.
const STEEPEST: f64 = 1.0;
const GRADE_ROUNDS: usize = 16;
/// Speed a start-off must reach, km/h, and the time it has, s.
const PULLED_AWAY_KMH: f64 = 10.0;
const PULL_AWAY_S: f64 = 20.0;
/// Time a sustained climb is driven, s, and the share of its speed it must end with.
const SUSTAINED_S: f64 = 180.0;
const HELD_SHARE: f64 = 0.995;
/// Before a short climb this share of the sustained grade is driven for so long, s: the
/// engine is up when the climb begins.
const LEAD_SHARE: f64 = 0.9;
const LEAD_S: f64 = 20.0;
/// Time of a short climb, s, after the grade has changed in the next one.
const SHORT_S: f64 = 10.0;
const CHANGE_S: f64 = 0.5;
/// Share of a limit from which it counts as reached.
const AT_LIMIT: f64 = 0.99;

/// What keeps the car from driving faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TopSpeedBound {
    /// MG2's fastest speed.
    Mg2Speed,
    /// The engine's largest power.
    EnginePower,
    /// MG1's torque or power: it cannot hold more of the engine.
    Mg1,
    /// MG2's torque or power.
    Mg2,
    /// None of them alone.
    Other,
}

impl TopSpeedBound {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mg2Speed => "MG2's fastest speed",
            Self::EnginePower => "the engine's power",
            Self::Mg1 => "MG1's torque",
            Self::Mg2 => "MG2's torque",
            Self::Other => "no single limit",
        }
    }
}

/// The fastest the car drives on the level.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct TopSpeed {
    /// Speed, km/h.
    pub speed_kmh: f64,
    /// What bounds it.
    pub bound: TopSpeedBound,
    /// Mean power of the engine there, W.
    pub engine_w: f64,
    /// Mean power of the battery there, W.
    pub battery_w: f64,
}

/// The steepest grades at a speed, rise over run; none where not even the level is held.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Climb {
    /// Speed, km/h; zero for the start-off.
    pub speed_kmh: f64,
    /// Held with the engine alone.
    pub sustained_grade: Option<f64>,
    /// Held for ten seconds with the battery.
    pub short_grade: Option<f64>,
}

/// Steepest grade up to [`STEEPEST`] that is held, by bisection.
fn steepest(held: impl Fn(f64) -> bool) -> Option<f64> {
    if !held(0.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, STEEPEST);
    for _ in 0..GRADE_ROUNDS {
        let middle = 0.5 * (low + high);
        if held(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

impl<C: Controller> FullThrottleQuestion<'_, C> {
    fn last_row(&self, cycle: &Cycle, soc: f64) -> Option<Row> {
        self.log(cycle, soc, STEP_S).0.rows.pop()
    }

    /// The fastest the car drives on the level with its engine alone.
    pub fn top_speed(&self) -> TopSpeed {
        let plant = self.plant;
        let cycle = Cycle::kick_down(0.0, 0.0, mps_from_kmh(FLOORED_KMH), TOP_SPEED_S);
        let log = self.log(&cycle, self.vehicle.battery.soc_min, STEP_S).0;
        let at_top = || log.between(TOP_SPEED_S - AT_TOP_S, f64::INFINITY);
        let mean = |of: fn(&Row) -> f64| {
            at_top().map(of).sum::<f64>() / (at_top().count() as f64).max(1.0)
        };
        let fastest_mps = at_top().map(|row| row.end.speed_mps).fold(0.0, f64::max);
        let engine_w = mean(|row| row.flows.engine_shaft_w);
        let flows = at_top().last().map(|row| row.flows).unwrap_or_default();
        let reached = |value: f64, limit: f64| value.abs() >= AT_LIMIT * limit;
        let bound = if fastest_mps >= plant.max_speed_mps * (1.0 - 1e-9) {
            TopSpeedBound::Mg2Speed
        } else if reached(engine_w, plant.engine.max_power_w) {
            TopSpeedBound::EnginePower
        } else if reached(
            flows.mg1_torque_nm,
            plant.mg1.torque_limit_nm(flows.mg1_rad_s),
        ) {
            TopSpeedBound::Mg1
        } else if reached(
            flows.mg2_torque_nm,
            plant.mg2.torque_limit_nm(flows.mg2_rad_s),
        ) {
            TopSpeedBound::Mg2
        } else {
            TopSpeedBound::Other
        };
        TopSpeed {
            speed_kmh: kmh_from_mps(fastest_mps),
            bound,
            engine_w,
            battery_w: mean(|row| row.flows.battery_w),
        }
    }

    /// Whether the car pulls away on this grade.
    fn pulls_away(&self, grade: f64, soc: f64) -> bool {
        let floored_mps = mps_from_kmh(FLOORED_KMH);
        let cycle = Cycle::kick_down(0.0, 0.0, floored_mps, PULL_AWAY_S).on_grade(grade);
        self.last_row(&cycle, soc)
            .is_some_and(|row| row.end.speed_mps >= mps_from_kmh(PULLED_AWAY_KMH))
    }

    /// Whether the engine alone holds this speed.
    fn sustains(&self, speed_mps: f64, grade: f64) -> bool {
        let hill = [(0.0, speed_mps), (SUSTAINED_S, speed_mps)];
        let cycle = Cycle::of_lines(&hill).on_grade(grade);
        self.last_row(&cycle, self.vehicle.battery.soc_min)
            .is_some_and(|row| row.end.speed_mps >= HELD_SHARE * speed_mps)
    }

    /// Whether engine and battery hold this speed for ten seconds, with the engine up from a
    /// gentler grade.
    fn holds_shortly(&self, speed_mps: f64, led_up: f64, grade: f64) -> bool {
        let climb_s = LEAD_S + CHANGE_S;
        let times = [0.0, LEAD_S, climb_s, climb_s + SHORT_S];
        let cycle = Cycle {
            grade: vec![led_up, led_up, grade, grade],
            ..Cycle::of_lines(&times.map(|time| (time, speed_mps)))
        };
        self.last_row(&cycle, self.soc)
            .is_some_and(|row| row.end.speed_mps >= HELD_SHARE * speed_mps)
    }

    /// The steepest grades at each speed looked at.
    pub(super) fn climbs(&self) -> Vec<Climb> {
        let of = |&speed_kmh: &f64| {
            let speed_mps = mps_from_kmh(speed_kmh);
            let (sustained_grade, short_grade) = if speed_kmh > 0.0 {
                let sustained = steepest(|grade| self.sustains(speed_mps, grade));
                let led_up = LEAD_SHARE * sustained.unwrap_or(0.0);
                let short = steepest(|grade| self.holds_shortly(speed_mps, led_up, grade));
                (sustained, short)
            } else {
                let empty = self.vehicle.battery.soc_min;
                (
                    steepest(|grade| self.pulls_away(grade, empty)),
                    steepest(|grade| self.pulls_away(grade, self.soc)),
                )
            };
            Climb {
                speed_kmh,
                sustained_grade,
                short_grade,
            }
        };
        CLIMBED_KMH.iter().map(of).collect()
    }
}
