//! Dynamic programming: the least fuel for what is left of a cycle, from any charge and mode
//! of the engine at the start of any hold.
//!
//! Backward from the end, `J_k(mode, s) = min over choices of fuel + J_{k+1}(mode', s')`. The
//! charge after a hold is what the battery's circuit says, not a place of the grid: `J` is
//! interpolated linearly over charge. At the end, missing charge costs several times what it
//! can be made for, so that the best way ends with none missing, without a cliff that an
//! interpolation would smear; charge beyond what is asked is worth nothing.

use super::alignment::{burning_state, lowest_before, resting_states};
use super::backward::{Hold, PerSpeed, Scratch};
use super::choices::Plan;
use super::nodes::{Nodes, Row};
use super::policy::Table;
use super::{Dwell, Mode, Span, Speeds};
use crate::lanes::{Instructions, WorkAlone};
use crate::vehicle::Plant;
use std::iter::once;
use std::mem::swap;

/// Power beyond the battery's limit that still counts as within it, W.
pub(super) const LIMIT_TOLERANCE_W: f64 = 1.0;
/// Cost of what cannot be done, J: far beyond the fuel of any cycle.
pub(super) const NEVER_J: f64 = 1e16;
/// Costs from here on are of something that cannot be done, J: beyond what any hold's costs
/// differ by, and less than a millionth of [`NEVER_J`].
pub(super) const IMPOSSIBLE_J: f64 = 1e9;
/// Costs are laid over a new base where they grow beyond this, J.
const REBASE_J: f32 = 1e6;

/// Holds from one report to the next.
const REPORTED_HOLDS: usize = 64;

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
    /// Whoever asked does not want it any longer.
    #[error("interrupted")]
    Interrupted,
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
    /// State of charge of the lowest node, by hold: the nodes lie so that the reference goes from
    /// node to node, and nothing is smeared on its way.
    low: Vec<f64>,
    per_step: f64,
    row: Row,
    /// Engine speeds that are tabulated, by hold.
    spans: Vec<Span>,
    /// Where the costs of each hold begin.
    begins: Vec<usize>,
    /// J over the base of the hold, by hold, mode and charge.
    cost_j: Vec<f32>,
    base_j: Vec<f64>,
    /// By hold, how far the cost of a burning engine half-way between two of [`Speeds`] lies
    /// below the mean of those, J.
    sag_j: Vec<PerSpeed>,
}

/// The way backward from the end.
struct Backward<'a> {
    plant: &'a Plant,
    plan: &'a Plan,
    program: &'a mut Program,
    report: &'a dyn Fn(f64) -> bool,
}

impl WorkAlone for Backward<'_> {
    type Out = Result<(), ProgramError>;

    #[inline(always)]
    fn run(self) -> Result<(), ProgramError> {
        let Program {
            dwell,
            ref mut low,
            per_step,
            row,
            ref spans,
            ref begins,
            ref mut cost_j,
            ref mut base_j,
            ref mut sag_j,
        } = *self.program;
        let lowest = low[0];
        let mut scratch = Scratch::new(row);
        let mut knots = [Vec::new(), Vec::new()];
        // Rows with the room beside their nodes that ways may lead to.
        let most = dwell.modes(Span::ALL) * row.len();
        let (mut here_j, mut after_j) = (vec![0.0; most], vec![0.0; most]);
        let rows = cost_j[begins[self.plan.seconds.len()]..].chunks_exact(row.nodes());
        for (costs, kept) in after_j.chunks_exact_mut(row.len()).zip(rows) {
            row.of_mut(costs).copy_from_slice(kept);
            row.finish(costs);
        }
        let resting = resting_states(self.plant, self.plan);
        for (hold, second) in self.plan.seconds.iter().enumerate().rev() {
            if hold % REPORTED_HOLDS == 0
                && !(self.report)(1.0 - hold as f64 / self.plan.seconds.len() as f64)
            {
                return Err(ProgramError::Interrupted);
            }
            let before_j = &mut here_j[..dwell.modes(spans[hold]) * row.len()];
            let after = low[hold + 1];
            let resting = &resting[hold];
            let along = (self.plant, self.plan);
            low[hold] = lowest_before(along, (hold, resting), lowest, after, per_step);
            let ends = (low[hold], after);
            let [burnt_knots, rested_knots] = &mut knots;
            let nodes = |state, knots| {
                let met = (state, second.hold_s);
                Nodes::new(self.plant, met, row, ends, per_step, knots)
            };
            let burning = burning_state(second);
            let rested = (*resting != burning).then(|| nodes(resting, rested_knots));
            let burnt = nodes(&burning, burnt_knots);
            let next = self.plan.seconds.get(hold + 1).unwrap_or(second);
            let nearest = |soc: f64, low: f64| {
                let place = ((soc - low) * per_step).round();
                place.clamp(0.0, (row.nodes() - 1) as f64) as usize
            };
            let mut here = Hold {
                dwell,
                row,
                burnt: &burnt,
                rested: rested.as_ref().unwrap_or(&burnt),
                spans: [spans[hold], spans[hold + 1]],
                after_j: &after_j,
                after_sag_j: sag_j[hold + 1],
                reference: nearest(second.state.soc, low[hold]),
                reference_after: nearest(next.state.soc, after),
                scratch: &mut scratch,
            };
            sag_j[hold] = here.fill(self.plan, hold, before_j);
            let rested = dwell.index(dwell.rested(), spans[hold]) * row.len();
            let middle_j = row.of(&before_j[rested..])[row.nodes() / 2];
            let over = middle_j.abs() > REBASE_J && f64::from(middle_j) < IMPOSSIBLE_J;
            let shift_j = if over { middle_j.trunc() } else { 0.0 };
            base_j[hold] = base_j[hold + 1] + f64::from(shift_j);
            let mut any = false;
            let kept = cost_j[begins[hold]..].chunks_exact_mut(row.nodes());
            for (costs, kept) in before_j.chunks_exact_mut(row.len()).zip(kept) {
                if shift_j != 0.0 {
                    for cost_j in row.of_mut(costs) {
                        *cost_j -= shift_j;
                    }
                }
                // What is full can most.
                let mut falling = row.of(costs).iter().rev();
                any = any || falling.any(|it| f64::from(*it) < IMPOSSIBLE_J);
                row.finish(costs);
                kept.copy_from_slice(row.of(costs));
            }
            if !any {
                let plan = self.plan;
                let ways = plan.running(second).iter().chain(plan.starting(second));
                let ways = ways.chain(&second.off);
                return Err(ProgramError::NoWay {
                    start_s: second.start_s,
                    low: lowest,
                    high: lowest + (row.nodes() - 1) as f64 / per_step,
                    needed_w: ways.map(|it| it.battery_w).fold(f64::INFINITY, f64::min),
                });
            }
            swap(&mut here_j, &mut after_j);
        }
        Ok(())
    }
}

/// Where the costs of each hold begin, and where those of the last end.
fn begins(dwell: Dwell, row: Row, spans: &[Span]) -> Vec<usize> {
    let costs = spans.iter().map(|span| dwell.modes(*span) * row.nodes());
    let ends = costs.scan(0, |end, costs| {
        *end += costs;
        Some(*end)
    });
    once(0).chain(ends).collect()
}

/// Where a charge lies among the nodes of a hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The node below it, or the lowest.
    node: usize,
    /// Share of the way from there to the next; less than none below the window.
    share: f64,
}

impl Place {
    /// A cost there among those of a mode, J.
    #[inline(always)]
    fn of(self, costs_j: &[f32]) -> f64 {
        let here_j = f64::from(costs_j[self.node]);
        let more_j = f64::from(costs_j[self.node + 1]) - here_j;
        if self.share < 0.0 {
            // Below the window a missing node costs as much as between the lowest two, and a
            // good deal more.
            here_j + 4.0 * more_j.min(0.0) * self.share
        } else {
            here_j + self.share * more_j
        }
    }
}

impl Program {
    /// Solves a plan over a window of charge. `report` is told from time to time how much is
    /// done, from 0 to 1, and answers whether to go on.
    ///
    /// # Errors
    /// `report` answered not to go on, or there is a second in which the car can go on from no charge of the window.
    pub fn solve(
        plant: &Plant,
        plan: &Plan,
        dwell: Dwell,
        (low, high): (f64, f64),
        nodes: usize,
        terminal: Terminal,
        report: &dyn Fn(f64) -> bool,
    ) -> Result<Self, ProgramError> {
        let holds = plan.seconds.len();
        let row = Row::new(nodes);
        let per_step = (nodes - 1) as f64 / (high - low);
        let begins = begins(dwell, row, &plan.spans);
        let mut program = Self {
            dwell,
            low: vec![low; holds + 1],
            per_step,
            row,
            spans: plan.spans.clone(),
            cost_j: vec![0.0; begins[holds + 1]],
            begins,
            base_j: vec![0.0; holds + 1],
            sag_j: vec![[0.0; Speeds::COUNT]; holds + 1],
        };
        let per_soc_j = terminal.missing_j_per_j * plant.battery.energy_per_soc_j(terminal.soc);
        // The end has a corner at what is asked of it.
        let asked = (terminal.soc - low) * per_step;
        program.low[holds] = low + (asked - asked.round()) / per_step;
        let low = program.low[holds];
        let end = &mut program.cost_j[program.begins[holds]..];
        for costs in end.chunks_exact_mut(nodes) {
            for (node, cost_j) in costs.iter_mut().enumerate() {
                let soc = low + node as f64 / program.per_step;
                *cost_j = (per_soc_j * (terminal.soc - soc).max(0.0)) as f32;
            }
        }
        Instructions::best_of_loops(Backward {
            plant,
            plan,
            program: &mut program,
            report,
        })?;
        Ok(program)
    }

    /// How its costs lie.
    pub(super) fn table(&self) -> Table {
        Table {
            min_on_holds: self.dwell.on,
            min_off_holds: self.dwell.off,
            nodes: self.row.nodes(),
            per_soc: self.per_step,
            low_soc: self.low.clone(),
            spans: self.spans.clone(),
            base_j: self.base_j.clone(),
            sag_j: self.sag_j.clone(),
        }
    }

    /// Its costs over the base, J: hold by hold, mode by mode, node by node.
    pub(super) fn costs_j(&self) -> &[f32] {
        &self.cost_j
    }

    /// How many costs there are.
    pub(super) fn costs_of(table: &Table) -> usize {
        let of_a_hold = |span: &Span| {
            let burning = table.min_on_holds.saturating_mul(span.count());
            let modes = table.min_off_holds.saturating_add(burning);
            modes.saturating_mul(table.nodes)
        };
        let holds = table.spans.iter().map(of_a_hold);
        holds.fold(0, usize::saturating_add)
    }

    /// A program of kept costs, [`Self::costs_of`] many.
    pub(super) fn of_table(table: Table, cost_j: Vec<f32>) -> Self {
        let row = Row::new(table.nodes);
        let dwell = Dwell {
            on: table.min_on_holds,
            off: table.min_off_holds,
        };
        Self {
            dwell,
            low: table.low_soc,
            per_step: table.per_soc,
            row,
            begins: begins(dwell, row, &table.spans),
            spans: table.spans,
            cost_j,
            base_j: table.base_j,
            sag_j: table.sag_j,
        }
    }

    /// Minimum times that it keeps.
    pub fn dwell(&self) -> Dwell {
        self.dwell
    }

    /// Lowest and highest charge that is tabulated at the start of a hold.
    pub(super) fn charges(&self, hold: usize) -> (f64, f64) {
        let low = self.low[hold];
        (low, low + (self.row.nodes() - 1) as f64 / self.per_step)
    }

    /// Least cost from the start of a hold on, J.
    #[inline]
    pub fn cost_j(&self, hold: usize, mode: Mode, soc: f64) -> f64 {
        self.base_j[hold] + self.place(hold, soc).of(self.costs(hold, mode))
    }

    /// Where a charge lies at the start of a hold.
    #[inline]
    pub(super) fn place(&self, hold: usize, soc: f64) -> Place {
        let beyond = (soc - self.low[hold]) * self.per_step;
        let node = (beyond.max(0.0) as usize).min(self.row.nodes() - 2);
        Place {
            node,
            share: (beyond - node as f64).min(1.0),
        }
    }

    /// Least cost from the start of a hold on, J, with an engine that burns since so many holds
    /// and turns at a speed ([`Speeds::around`]).
    #[inline(always)]
    pub(super) fn burning_j(
        &self,
        hold: usize,
        age: usize,
        (speed, share): (usize, f64),
        place: Place,
    ) -> f64 {
        let at_j = |speed| place.of(self.costs(hold, Mode::On(age, speed)));
        let mut over_base_j = at_j(speed);
        if share > 0.0 {
            let sag_j = Speeds::sag(self.sag_j[hold][speed].into(), share);
            over_base_j += share * (at_j(speed + 1) - over_base_j) - sag_j;
        }
        self.base_j[hold] + over_base_j
    }

    /// Whether what a choice leads to at the start of a hold, an engine that burns and turns at
    /// such a speed, is tabulated.
    pub(super) fn knows(&self, hold: usize, at: (usize, f64)) -> bool {
        self.spans[hold].is_next_to(at)
    }

    /// Costs of a mode over charge, over the base of the hold, J.
    #[inline]
    fn costs(&self, hold: usize, mode: Mode) -> &[f32] {
        let nodes = self.row.nodes();
        let begin = self.begins[hold] + self.dwell.index(mode, self.spans[hold]) * nodes;
        &self.cost_j[begin..begin + nodes]
    }

    /// Fuel that a joule of charge saves from the start of a hold on: the equivalence factor. At an
    /// end of what is tabulated it is that of the outermost nodes: nothing is known beyond.
    pub fn factor(&self, plant: &Plant, hold: usize, mode: Mode, soc: f64) -> f64 {
        let step = 1.0 / self.per_step;
        let (low, high) = self.charges(hold);
        let soc = soc.max(low + step).min(high - step);
        let saved_j = self.cost_j(hold, mode, soc - step) - self.cost_j(hold, mode, soc + step);
        saved_j / (2.0 * step * plant.battery.energy_per_soc_j(soc))
    }
}
