//! One hold of dynamic programming backward: from the costs after it to those before it.
//!
//! Charge is cut into strips of [`STRIP`] nodes. Where a choice leads is calculated at the
//! strip's ends by the battery's circuit; between them the way is as good as straight, so that
//! the costs it leads to stand together in memory. Where it is not, at a limit of the battery,
//! every node is followed by itself. Costs are `f32` over a base that each hold has for itself:
//! a joule or less, of the megajoules that one hold's costs differ by.

use super::choices::{Changes, Choice, Plan, Second};
use super::program::{IMPOSSIBLE_J, LIMIT_TOLERANCE_W, NEVER_J};
use super::{Dwell, Mode, Speeds};
use crate::vehicle::{Plant, State};

/// Nodes that are worked on together.
const STRIP: usize = 8;
/// Room beside the nodes of a row: what lies below the window cannot be, and what lies above
/// is worth as much as its upper end.
const BESIDE: usize = STRIP + 1;
/// How far a way over a strip may be from one as long as the strip, in nodes.
const STRAIGHT: f64 = 0.1;

/// One cost for each node of a strip, J.
type Costs = [f32; STRIP];

/// How the costs of one mode over charge lie in memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    nodes: usize,
    strips: usize,
}

impl Row {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            nodes,
            strips: nodes.div_ceil(STRIP),
        }
    }

    pub(super) fn nodes(self) -> usize {
        self.nodes
    }

    /// Places that a row takes.
    pub(super) fn len(self) -> usize {
        self.strips * STRIP + 2 * BESIDE
    }

    /// The nodes of a row.
    pub(super) fn of(self, row: &[f32]) -> &[f32] {
        &row[BESIDE..BESIDE + self.nodes]
    }

    /// Fills the room beside the nodes.
    pub(super) fn finish(self, row: &mut [f32]) {
        row[..BESIDE].fill(NEVER_J as f32);
        let last = BESIDE + self.nodes - 1;
        let top_j = row[last];
        row[last..].fill(top_j);
    }

    /// The nodes of a row, to be changed; [`Self::finish`] is due afterwards.
    pub(super) fn of_mut(self, row: &mut [f32]) -> &mut [f32] {
        &mut row[BESIDE..BESIDE + self.nodes]
    }
}

/// What the battery does at every node in one hold.
pub(super) struct Nodes {
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

impl Nodes {
    /// The lowest node has the state of charge `low`; `per_step` nodes make up one.
    pub(super) fn new(plant: &Plant, second: &Second, row: Row, low: f64, per_step: f64) -> Self {
        let battery = &plant.battery;
        let pace = battery.pace(second.hold_s);
        let at = |node: usize| {
            let state = State {
                soc: low + node as f64 / per_step,
                ..second.state
            };
            battery.terminals(&pace, &state)
        };
        // One more than there are: the far end of the last strip.
        let all: Vec<_> = (0..=row.strips * STRIP).map(at).collect();
        Self {
            voltage_v: all.iter().map(|it| it.effective_v).collect(),
            ohm: all.iter().map(|it| it.effective_ohm).collect(),
            discharge_limit_w: all.iter().map(|it| it.discharge_limit_w).collect(),
            charge_limit_w: all.iter().map(|it| it.charge_limit_w).collect(),
            charging_efficiency: battery.coulombic_efficiency(),
            per_a: battery.soc_per_c() * second.hold_s * per_step,
            per_swung_w: second.hold_s * per_step / battery.energy_per_soc_j(second.state.soc),
        }
    }

    /// Whether the battery gives what a choice takes.
    #[inline(always)]
    fn gives(&self, choice: &Choice, node: usize) -> bool {
        choice.battery_w <= self.discharge_limit_w[node] + LIMIT_TOLERANCE_W
    }

    /// Where a choice leads from a node, in nodes.
    #[inline(always)]
    fn place(&self, choice: &Choice, node: usize) -> f64 {
        let (voltage_v, ohm) = (self.voltage_v[node], self.ohm[node]);
        let power_w = choice.battery_w.max(-self.charge_limit_w[node]);
        let root = (voltage_v * voltage_v - 4.0 * ohm * power_w)
            .max(0.0)
            .sqrt();
        let current_a = 2.0 * power_w / (voltage_v + root);
        let stored_a = current_a.max(0.0) + current_a.min(0.0) * self.charging_efficiency;
        node as f64 - stored_a * self.per_a - choice.swing_w * self.per_swung_w
    }
}

/// Where a choice leads from the nodes of a strip.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Nowhere: the battery does not give it.
    None,
    /// From place to place: the first of the row, the share of the way from there to the next,
    /// and how much this share grows from node to node.
    Straight(u32, f32, f32),
    /// Every node by itself.
    Bent,
}

/// Ways of all choices from all strips.
struct Ways {
    /// Of the choices from one strip after the other.
    all: Vec<Way>,
    choices: usize,
}

impl Ways {
    #[inline(always)]
    fn new<'a>(nodes: &Nodes, row: Row, choices: impl ExactSizeIterator<Item = &'a Choice>) -> Self {
        let count = choices.len();
        let mut all = vec![Way::None; count * row.strips];
        let mut places = vec![0.0; row.strips + 1];
        for (index, choice) in choices.enumerate() {
            for (knot, place) in places.iter_mut().enumerate() {
                *place = nodes.place(choice, knot * STRIP);
            }
            let mut gave = nodes.gives(choice, 0);
            for strip in 0..row.strips {
                let gives = nodes.gives(choice, (strip + 1) * STRIP);
                let (from, to) = (places[strip], places[strip + 1]);
                let longer = to - from - STRIP as f64;
                all[strip * count + index] = if !gave && !gives {
                    Way::None
                } else if gave && gives && longer.abs() < STRAIGHT {
                    // From the place below the middle of the way.
                    let first = (from + 0.5 * longer).floor();
                    let first = first.max(-(BESIDE as f64)).min(row.nodes as f64);
                    let share = (from - first).max(-STRAIGHT).min(1.0 + STRAIGHT);
                    Way::Straight(
                        (first + BESIDE as f64) as u32,
                        share as f32,
                        (longer / STRIP as f64) as f32,
                    )
                } else {
                    Way::Bent
                };
                gave = gives;
            }
        }
        Self {
            all,
            choices: count,
        }
    }

    /// Those from one strip.
    #[inline(always)]
    fn from(&self, strip: usize) -> &[Way] {
        &self.all[strip * self.choices..(strip + 1) * self.choices]
    }
}

/// One hold, from the costs after it to the costs before it.
pub(super) struct Hold<'a> {
    pub(super) dwell: Dwell,
    pub(super) row: Row,
    pub(super) nodes: &'a Nodes,
    /// Costs after it, J, mode by mode.
    pub(super) after_j: &'a [f32],
}

impl Hold<'_> {
    /// Begin of a mode's row.
    #[inline(always)]
    fn begin(&self, mode: Mode) -> usize {
        self.dwell.index(mode) * self.row.len()
    }

    /// Costs by a choice from every node of a strip: those of the row that begins here.
    #[inline(always)]
    fn by(&self, choice: &Choice, way: Way, strip: usize, begin: usize) -> Costs {
        let fuel_j = choice.fuel_j as f32;
        match way {
            Way::None => [NEVER_J as f32; STRIP],
            Way::Straight(first, share, grows) => {
                let from = begin + first as usize;
                let here = &self.after_j[from..from + STRIP + 1];
                // Beside what cannot be, a share must not lie outside 0 to 1.
                if here[0].max(here[STRIP]) > IMPOSSIBLE_J as f32 {
                    return self.bent(choice, strip, begin);
                }
                let mut costs = [0.0; STRIP];
                for (node, cost) in costs.iter_mut().enumerate() {
                    let share = share + grows * node as f32;
                    *cost = fuel_j + here[node] + share * (here[node + 1] - here[node]);
                }
                costs
            }
            Way::Bent => self.bent(choice, strip, begin),
        }
    }

    /// The same, every node by itself.
    #[inline(never)]
    fn bent(&self, choice: &Choice, strip: usize, begin: usize) -> Costs {
        let mut costs = [NEVER_J as f32; STRIP];
        for (index, cost) in costs.iter_mut().enumerate() {
            let node = strip * STRIP + index;
            if self.nodes.gives(choice, node) {
                let place = self.nodes.place(choice, node);
                let first = place.floor();
                let first = first.max(-(BESIDE as f64)).min(self.row.nodes as f64);
                let share = (place - first).clamp(0.0, 1.0) as f32;
                let from = begin + (first + BESIDE as f64) as usize;
                let here = &self.after_j[from..from + 2];
                *cost = choice.fuel_j as f32 + here[0] + share * (here[1] - here[0]);
            }
        }
        costs
    }

    /// Costs by a choice of a burning engine, between the two speeds around the one it ends at.
    #[inline(always)]
    fn burning(&self, choice: &Choice, way: Way, strip: usize, age: usize) -> Costs {
        let (speed, share) = choice.ends_at;
        let share = share as f32;
        let low = self.by(choice, way, strip, self.begin(Mode::On(age, speed)));
        let high = self.by(choice, way, strip, self.begin(Mode::On(age, speed + 1)));
        let mut costs = low;
        for (cost, high) in costs.iter_mut().zip(high) {
            *cost += share * (high - *cost);
        }
        costs
    }

    /// Costs by the best of these choices, from every node of a strip.
    #[inline(always)]
    fn best_start(&self, starting: &[Choice], ways: &[Way], strip: usize) -> Costs {
        let mut best = [NEVER_J as f32; STRIP];
        for (choice, way) in starting.iter().zip(ways) {
            if !matches!(way, Way::None) {
                lower(&mut best, &self.burning(choice, *way, strip, 1));
            }
        }
        best
    }

    /// Costs by the best of these choices, from every speed and every node of a strip.
    #[inline(always)]
    fn best_run(
        &self,
        running: &[Choice],
        changes: &[[f32; Speeds::COUNT]],
        ways: &[Way],
        strip: usize,
        next_age: usize,
    ) -> [Costs; Speeds::COUNT] {
        let mut best = [[NEVER_J as f32; STRIP]; Speeds::COUNT];
        for ((choice, way), changes) in running.iter().zip(ways).zip(changes) {
            if matches!(way, Way::None) {
                continue;
            }
            let costs = self.burning(choice, *way, strip, next_age);
            for (best, change_j) in best.iter_mut().zip(changes) {
                let mut changed = costs;
                for cost in &mut changed {
                    *cost += change_j;
                }
                lower(best, &changed);
            }
        }
        best
    }

    /// Fills the costs before the hold, mode by mode, but for the room beside the nodes.
    #[inline(always)]
    pub(super) fn fill(&self, plan: &Plan, second: &Second, before_j: &mut [f32]) {
        let (dwell, row) = (self.dwell, self.row);
        let (running, starting) = (plan.running(second), plan.starting(second));
        let narrow = |changes: &Changes| changes.map(|change_j| change_j as f32);
        let changes: Vec<_> = plan.changes(second).iter().map(narrow).collect();
        let run = Ways::new(self.nodes, row, running.iter());
        let start = Ways::new(self.nodes, row, starting.iter());
        let idle: Vec<_> = second.off.iter().chain(second.stops.iter().flatten()).collect();
        let idle_ways = Ways::new(self.nodes, row, idle.iter().copied());
        for strip in 0..row.strips {
            let mut write = |mode: Mode, costs: &Costs| {
                let begin = self.begin(mode) + BESIDE + strip * STRIP;
                before_j[begin..begin + STRIP].copy_from_slice(costs);
            };
            // The last two ages lead to the same one.
            for next in dwell.on.min(2)..=dwell.on {
                let best = self.best_run(running, &changes, run.from(strip), strip, next);
                let ages = if next == dwell.on { next } else { next - 1 };
                for (speed, costs) in best.iter().enumerate() {
                    for age in (next - 1).max(1)..=ages {
                        write(Mode::On(age, speed), costs);
                    }
                }
            }
            let mut idles = idle.iter().zip(idle_ways.from(strip));
            let none_j = [NEVER_J as f32; STRIP];
            let off = second.off.as_ref().and_then(|_| idles.next());
            let start_j = self.best_start(starting, start.from(strip), strip);
            for age in 1..=dwell.off {
                let next = self.begin(dwell.after(Mode::Off(age), None));
                let mut best = off.map_or(none_j, |(off, way)| self.by(off, *way, strip, next));
                let rested = age == dwell.off;
                for (best, start_j) in best.iter_mut().zip(start_j) {
                    // One that rests too shortly starts where the car cannot do without.
                    if rested || *best > IMPOSSIBLE_J as f32 {
                        *best = least(*best, start_j);
                    }
                }
                write(Mode::Off(age), &best);
            }
            for (speed, _) in second.stops.iter().enumerate().filter(|(_, it)| it.is_some()) {
                let Some((stop, way)) = idles.next() else {
                    break;
                };
                let stopped = self.by(stop, *way, strip, self.begin(Mode::Off(1)));
                let begin = self.begin(Mode::On(dwell.on, speed)) + BESIDE + strip * STRIP;
                for (best, stopped) in before_j[begin..begin + STRIP].iter_mut().zip(stopped) {
                    *best = least(*best, stopped);
                }
            }
        }
    }
}

#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

/// Lowers costs to those by another way.
#[inline(always)]
fn lower(best: &mut Costs, other: &Costs) {
    for (best, other) in best.iter_mut().zip(other) {
        *best = least(*best, *other);
    }
}
