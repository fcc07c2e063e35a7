//! Dynamic programming: the least fuel for what is left of a cycle, from any charge and mode
//! of the engine at the start of any hold.
//!
//! Backward from the end, `J_k(mode, s) = min over choices of fuel + J_{k+1}(mode', s')`. The
//! charge after a hold is what the battery's circuit says, not a place of the grid: `J` is
//! interpolated linearly over charge. At the end, missing charge costs several times what it
//! can be made for, so that the best way ends with none missing, without a cliff that an
//! interpolation would smear; charge beyond what is asked is worth nothing.

use super::choices::{Choice, Plan, Second};
use super::planned::{Now, Worth};
use super::{Dwell, Mode};
use crate::lanes::{Instructions, WorkAlone};
use crate::vehicle::{Plant, State};
use std::ops::Range;

/// Power beyond the battery's limit that still counts as within it, W.
pub(super) const LIMIT_TOLERANCE_W: f64 = 1.0;
/// Cost of what cannot be done, J: far beyond the fuel of any cycle.
const NEVER_J: f64 = 1e16;
/// Costs from here on are of something that cannot be done, J.
const IMPOSSIBLE_J: f64 = 1e14;

/// What the charge has to be at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terminal {
    /// At least this state of charge.
    pub soc: f64,
    /// Fuel that a joule of missing charge costs, J per J.
    pub missing_j_per_j: f64,
}

/// Why there is no best way.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProgramError {
    /// No charge of the window lets the car do what is asked.
    #[error(
        "at {start_s} s the car cannot go on from any charge between {low} and {high}: it needs {needed_w:.0} W of the battery at least"
    )]
    NoWay {
        /// Start of the hold, s.
        start_s: f64,
        /// Ends of the window.
        low: f64,
        /// As before.
        high: f64,
        /// Least battery power of any choice, W.
        needed_w: f64,
    },
}

/// The least cost to go.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    dwell: Dwell,
    low: f64,
    per_step: f64,
    nodes: usize,
    /// J, by hold, mode and charge.
    cost_j: Vec<f64>,
}

/// What the battery does at every node in one hold.
struct Nodes {
    voltage_v: Vec<f64>,
    ohm: Vec<f64>,
    discharge_limit_w: Vec<f64>,
    charge_limit_w: Vec<f64>,
    charging_efficiency: f64,
    /// Nodes per ampere over the hold.
    per_a: f64,
    /// Nodes per watt of turning energy over the hold.
    per_swung_w: f64,
}

/// Where each node comes to with a choice.
struct Landing {
    node: Vec<u32>,
    share: Vec<f64>,
    cost_j: Vec<f64>,
}

impl Nodes {
    fn new(plant: &Plant, second: &Second, program: &Program) -> Self {
        let battery = &plant.battery;
        let pace = battery.pace(second.hold_s);
        let at = |node: usize| {
            let soc = program.low + node as f64 / program.per_step;
            let state = State {
                soc,
                ..second.state
            };
            battery.terminals(&pace, &state)
        };
        let all: Vec<_> = (0..program.nodes).map(at).collect();
        Self {
            voltage_v: all.iter().map(|it| it.effective_v).collect(),
            ohm: all.iter().map(|it| it.effective_ohm).collect(),
            discharge_limit_w: all.iter().map(|it| it.discharge_limit_w).collect(),
            charge_limit_w: all.iter().map(|it| it.charge_limit_w).collect(),
            charging_efficiency: battery.coulombic_efficiency(),
            per_a: battery.soc_per_c() * second.hold_s * program.per_step,
            per_swung_w: second.hold_s * program.per_step
                / battery.energy_per_soc_j(second.state.soc),
        }
    }

    /// Follows a choice from every node.
    #[inline(always)]
    fn follow(&self, choice: &Choice, landing: &mut Landing) {
        let nodes = self.ohm.len();
        let battery_w = choice.battery_w;
        let swung = choice.swing_w * self.per_swung_w;
        let last = nodes as f64 - 1.0 - 1e-9;
        let all = self.voltage_v.iter().zip(&self.ohm);
        let limits = self.discharge_limit_w.iter().zip(&self.charge_limit_w);
        let landed = landing.node.iter_mut().zip(&mut landing.share);
        for (from, (((voltage_v, ohm), (most_w, least_w)), ((node, share), cost_j))) in all
            .zip(limits)
            .zip(landed.zip(&mut landing.cost_j))
            .enumerate()
        {
            let beyond_w = (-least_w - battery_w).max(0.0);
            let power_w = battery_w + beyond_w;
            let root = (voltage_v * voltage_v - 4.0 * ohm * power_w)
                .max(0.0)
                .sqrt();
            let current_a = 2.0 * power_w / (voltage_v + root);
            let stored_a = current_a.max(0.0) + current_a.min(0.0) * self.charging_efficiency;
            let place = from as f64 - stored_a * self.per_a - swung;
            let never = (battery_w > most_w + LIMIT_TOLERANCE_W) | (place < 0.0);
            let place = place.max(0.0).min(last);
            // Whole part by an i32: a vector has no other cast.
            let whole = (place as i32).cast_unsigned();
            *node = whole;
            *share = place - f64::from(whole);
            *cost_j = choice.fuel_j + if never { NEVER_J } else { 0.0 };
        }
    }
}

impl Landing {
    fn new(nodes: usize) -> Self {
        Self {
            node: vec![0; nodes],
            share: vec![0.0; nodes],
            cost_j: vec![0.0; nodes],
        }
    }

    /// Lowers the costs to those by this way.
    #[inline(always)]
    fn lower(&self, after_j: &[f64], best_j: &mut [f64]) {
        let landed = self.node.iter().zip(&self.share).zip(&self.cost_j);
        for (best, ((node, share), cost)) in best_j.iter_mut().zip(landed) {
            let node = *node as usize;
            let (here, there) = (after_j[node], after_j[node + 1]);
            *best = best.min(cost + here + share * (there - here));
        }
    }
}

/// Costs after a choice, between the two speeds around the one it ends at.
#[inline(always)]
fn between(
    after: &[f64],
    of: impl Fn(Mode) -> Range<usize>,
    choice: &Choice,
    next: impl Fn(usize) -> Mode,
    mixed: &mut [f64],
) {
    let (speed, share) = choice.ends_at;
    let (low, high) = (&after[of(next(speed))], &after[of(next(speed + 1))]);
    for (mixed, (low, high)) in mixed.iter_mut().zip(low.iter().zip(high)) {
        *mixed = low + share * (high - low);
    }
}

/// The way backward from the end.
struct Backward<'a> {
    plant: &'a Plant,
    plan: &'a Plan,
    program: &'a mut Program,
}

impl WorkAlone for Backward<'_> {
    type Out = Result<(), ProgramError>;

    #[inline(always)]
    fn run(self) -> Result<(), ProgramError> {
        let Self {
            plant,
            plan,
            program,
        } = self;
        let (dwell, nodes) = (program.dwell, program.nodes);
        let of_a_hold = dwell.modes() * nodes;
        let mut landing = Landing::new(nodes);
        let (mut reached, mut mixed) = (vec![NEVER_J; nodes], vec![NEVER_J; nodes]);
        for (hold, second) in plan.seconds.iter().enumerate().rev() {
            let here = Nodes::new(plant, second, program);
            let (before, after) = program.cost_j.split_at_mut((hold + 1) * of_a_hold);
            let now = &mut before[hold * of_a_hold..];
            let after = &after[..of_a_hold];
            let of = |mode: Mode| dwell.index(mode) * nodes..(dwell.index(mode) + 1) * nodes;
            for (choice, changes) in plan.running(second).iter().zip(plan.changes(second)) {
                here.follow(choice, &mut landing);
                for age in 1..=dwell.on {
                    let next = |speed| Mode::On((age + 1).min(dwell.on), speed);
                    reached.fill(NEVER_J);
                    between(after, of, choice, next, &mut mixed);
                    landing.lower(&mixed, &mut reached);
                    for (from, change_j) in changes.iter().enumerate() {
                        if *change_j < IMPOSSIBLE_J {
                            let best = now[of(Mode::On(age, from))].iter_mut();
                            for (best, reached) in best.zip(&reached) {
                                *best = best.min(reached + change_j);
                            }
                        }
                    }
                }
            }
            for (speed, choice) in second.stops.iter().enumerate() {
                if let Some(choice) = choice {
                    here.follow(choice, &mut landing);
                    let mode = Mode::On(dwell.on, speed);
                    landing.lower(&after[of(Mode::Off(1))], &mut now[of(mode)]);
                }
            }
            if let Some(choice) = &second.off {
                here.follow(choice, &mut landing);
                for age in 1..=dwell.off {
                    let mode = Mode::Off(age);
                    let next = dwell.after(mode, None);
                    landing.lower(&after[of(next)], &mut now[of(mode)]);
                }
            }
            let mut started = vec![NEVER_J; nodes];
            for choice in plan.starting(second) {
                here.follow(choice, &mut landing);
                between(after, of, choice, |speed| Mode::On(1, speed), &mut mixed);
                landing.lower(&mixed, &mut started);
            }
            for age in 1..=dwell.off {
                let rested = age == dwell.off;
                for (best, started) in now[of(Mode::Off(age))].iter_mut().zip(&started) {
                    // One that rests too shortly starts where the car cannot do without.
                    if rested || *best > IMPOSSIBLE_J {
                        *best = best.min(*started);
                    }
                }
            }
            if now.iter().all(|cost_j| *cost_j > IMPOSSIBLE_J) {
                let ways = plan.running(second).iter().chain(plan.starting(second));
                let ways = ways.chain(&second.off);
                return Err(ProgramError::NoWay {
                    start_s: second.start_s,
                    low: program.low,
                    high: program.low + (nodes - 1) as f64 / program.per_step,
                    needed_w: ways.map(|it| it.battery_w).fold(f64::INFINITY, f64::min),
                });
            }
        }
        Ok(())
    }
}

impl Program {
    /// Solves a plan over a window of charge.
    ///
    /// # Errors
    /// There is a second in which the car can go on from no charge of the window.
    pub fn solve(
        plant: &Plant,
        plan: &Plan,
        dwell: Dwell,
        (low, high): (f64, f64),
        nodes: usize,
        terminal: Terminal,
    ) -> Result<Self, ProgramError> {
        let holds = plan.seconds.len();
        let of_a_hold = dwell.modes() * nodes;
        let mut program = Self {
            dwell,
            low,
            per_step: (nodes - 1) as f64 / (high - low),
            nodes,
            cost_j: vec![NEVER_J; (holds + 1) * of_a_hold],
        };
        let per_soc_j = terminal.missing_j_per_j * plant.battery.energy_per_soc_j(terminal.soc);
        let (_, end) = program.cost_j.split_at_mut(holds * of_a_hold);
        for (index, cost_j) in end.iter_mut().enumerate() {
            let soc = low + (index % nodes) as f64 / program.per_step;
            *cost_j = per_soc_j * (terminal.soc - soc).max(0.0);
        }
        Instructions::best_of_one(Backward {
            plant,
            plan,
            program: &mut program,
        })?;
        Ok(program)
    }

    /// Least cost from the start of a hold on, J.
    pub fn cost_j(&self, hold: usize, mode: Mode, soc: f64) -> f64 {
        let begin = (hold * self.dwell.modes() + self.dwell.index(mode)) * self.nodes;
        let costs = &self.cost_j[begin..begin + self.nodes];
        let place = (soc - self.low) * self.per_step;
        if place < 0.0 {
            // Below the window a missing node costs as much as between the lowest two, and a
            // good deal more.
            let slope = (costs[0] - costs[1]).max(0.0);
            return costs[0] - 4.0 * slope * place;
        }
        let node = (place as usize).min(self.nodes - 2);
        let share = (place - node as f64).min(1.0);
        costs[node] + share * (costs[node + 1] - costs[node])
    }

    /// Fuel that a joule of charge saves from the start of a hold on: the equivalence factor.
    pub fn factor(&self, plant: &Plant, hold: usize, mode: Mode, soc: f64) -> f64 {
        let step = 1.0 / self.per_step;
        let saved_j = self.cost_j(hold, mode, soc - step) - self.cost_j(hold, mode, soc + step);
        saved_j / (2.0 * step * plant.battery.energy_per_soc_j(soc))
    }
}

impl Worth for &Program {
    const SEES_AHEAD: bool = true;

    fn name(&self) -> &'static str {
        "optimal"
    }

    fn cost_to_go_j(&self, now: &Now, mode: Mode, share: f64, soc: f64) -> f64 {
        let here_j = self.cost_j(now.hold + 1, mode, soc);
        match mode {
            Mode::On(age, speed) if share > 0.0 => {
                let next_j = self.cost_j(now.hold + 1, Mode::On(age, speed + 1), soc);
                here_j + share * (next_j - here_j)
            }
            _ => here_j,
        }
    }
}
