//! Runs beside the optimum, second by second: what each has lost that nothing can mend.

use super::{Best, Optimum};
use crate::ledger::Channel;
use crate::optimum::{Dwell, Factor, Mode, late_j};
use crate::sim::{Recorder, Simulated};
use crate::vehicle::{Plant, State};

/// A run as it is looked at beside the optimum.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Way {
    /// Its start, and every step's end.
    pub points: Vec<WayPoint>,
}

/// A run at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WayPoint {
    /// When, s.
    pub time_s: f64,
    /// State of the car.
    pub state: State,
    /// Fuel burnt so far, J.
    pub fuel_j: f64,
    /// Whether the engine was told to burn before.
    pub burns: bool,
    /// Speed asked, m/s.
    target_mps: f64,
}

impl Recorder for Way {
    fn begin(&mut self, _: &Plant, state: &State) {
        self.points.clear();
        self.points.push(WayPoint {
            time_s: 0.0,
            state: *state,
            fuel_j: 0.0,
            burns: false,
            target_mps: state.speed_mps,
        });
    }

    fn record(&mut self, _: &Plant, step: &Simulated<'_>) {
        let before_j = self.points.last().map_or(0.0, |point| point.fuel_j);
        self.points.push(WayPoint {
            time_s: step.interval.end_s,
            state: *step.end,
            fuel_j: before_j + step.flows.fuel_w * step.interval.dt_s,
            burns: step.command.fuel,
            target_mps: step.interval.target_mps,
        });
    }
}

/// An ECMS with one factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactorRun {
    /// Fuel energy that a joule of charge counts as.
    pub factor: f64,
    /// State of charge that it ends with.
    pub soc_end: f64,
    /// Fuel burnt, J.
    pub fuel_j: f64,
}

/// The mode at each point of a run. Where it ends a spell before its minimum time is over, as
/// rules may that cut the fuel to brake, that minimum did not bind it, and does not count.
fn modes(dwell: Dwell, points: &[WayPoint]) -> Vec<Mode> {
    let mut modes = Vec::with_capacity(points.len());
    for spell in points.chunk_by(|one, next| one.burns == next.burns) {
        let burns = spell[0].burns;
        let least = if burns { dwell.on } else { dwell.off };
        let is_first = modes.is_empty();
        let is_last = modes.len() + spell.len() == points.len();
        let is_free = is_first || (spell.len() < least && !is_last);
        modes.extend((1..=spell.len()).map(|age| {
            let age = if is_free { least } else { age.min(least) };
            if burns {
                Mode::On(age, 0)
            } else {
                Mode::Off(age)
            }
        }));
    }
    modes
}

impl Best<'_> {
    /// The points of a run at the start of every second of the plan, and its last.
    pub fn at_seconds(&self, way: &Way) -> Vec<WayPoint> {
        let mut seconds = self.plan.seconds.iter().map(|it| it.start_s).peekable();
        let last_s = way.points.last().map_or(0.0, |point| point.time_s);
        let due = |point: &&WayPoint| {
            let begins = seconds.next_if(|start_s| point.time_s > start_s - 1e-6);
            begins.is_some() || point.time_s >= last_s
        };
        way.points.iter().filter(due).copied().collect()
    }

    /// What a run has lost at each of [`Best::at_seconds`], J of fuel: its cost so far and the
    /// least cost to go from where it is, less the least cost from its start. The table asks
    /// for a charge at the end; a run that ends with another is looked at displaced by the
    /// difference, beside the best that gains as much charge. NaN where the charge has left
    /// the table.
    pub fn regret_j(&self, optimum: &Optimum, way: &Way) -> Vec<f64> {
        let plant = self.question.plant;
        let (program, plan) = (&optimum.policy.program, &optimum.plan);
        let dwell = program.dwell();
        let points = self.at_seconds(way);
        let asked = self.question.end_soc.unwrap_or(self.initial.soc);
        let ends = points.last().map_or(asked, |point| point.state.soc);
        let (low, high) = optimum.window;
        let modes = modes(dwell, &points);
        let mut late = 0.0;
        let mut start_j = 0.0;
        let lost = |(second, point): (usize, &WayPoint)| {
            if second > 0 {
                late += late_j(point.target_mps, point.state.speed_mps);
            }
            let state = State {
                soc: point.state.soc + asked - ends,
                ..point.state
            };
            let to_go_j = program.cost_from_j(plant, plan, second, modes[second], &state);
            let cost_j = point.fuel_j + late + to_go_j;
            if second == 0 {
                start_j = cost_j;
            }
            if (low..=high).contains(&state.soc) && cost_j.is_finite() {
                cost_j - start_j
            } else {
                f64::NAN
            }
        };
        points.iter().enumerate().map(lost).collect()
    }

    /// Lowest and highest state of charge at each of [`Best::at_seconds`] through which the
    /// whole cycle can be driven for no more than this share above the least cost. `way` is
    /// the run of the optimum itself, which is always within.
    pub fn band(&self, optimum: &Optimum, way: &Way, share: f64) -> Vec<(f64, f64)> {
        let plant = self.question.plant;
        let (program, plan) = (&optimum.policy.program, &optimum.plan);
        let (soc, rested) = (self.initial.soc, program.dwell().rested());
        let allowed_j = (1.0 + share) * program.cost_j(0, rested, soc);
        let band = program.band(plant, plan, soc, optimum.window, allowed_j);
        let socs = self.at_seconds(way).into_iter().map(|it| it.state.soc);
        band.into_iter()
            .zip(socs)
            .map(|(within, soc)| {
                let (low, high) = within.unwrap_or((soc, soc));
                (low.min(soc), high.max(soc))
            })
            .collect()
    }

    /// What charge is worth to the optimum at each of [`Best::at_seconds`] but the last, where
    /// it is worth nothing more: its equivalence factor. `way` is the run of the optimum.
    pub fn factor_over_time(&self, optimum: &Optimum, way: &Way) -> Vec<f64> {
        let plant = self.question.plant;
        let program = &optimum.policy.program;
        let dwell = program.dwell();
        let mut points = self.at_seconds(way);
        points.pop();
        let factor = |(second, point): (usize, &WayPoint)| {
            let state = &point.state;
            let mode = if point.burns {
                Mode::On(dwell.on, optimum.plan.speeds.around(state.engine_rad_s).0)
            } else {
                dwell.rested()
            };
            program.factor(plant, second, mode, state.soc)
        };
        points.iter().enumerate().map(factor).collect()
    }

    /// ECMS with factors around the one that keeps the charge: `runs` of them in equal ratios
    /// from `1 / ratio` to `ratio` times that one.
    pub fn factors_around(&self, ratio: f64, runs: usize) -> Vec<FactorRun> {
        let found = self.found().worth;
        let last = runs.saturating_sub(1).max(1) as f64;
        let at = |run: usize| {
            let factor = found.factor * libm::pow(ratio, 2.0 * run as f64 / last - 1.0);
            let worth = Factor { factor, ..found };
            let here = self.run(&self.planned(self.plan_for(worth), worth), self.clock());
            FactorRun {
                factor,
                soc_end: here.totals.soc_end,
                fuel_j: here.ledger.energy_j(Channel::Fuel),
            }
        };
        (0..runs).map(at).collect()
    }
}
