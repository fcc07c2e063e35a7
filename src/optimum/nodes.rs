//! The charges that dynamic programming tabulates: how they lie in memory, and where a choice
//! leads from them.

use super::backward::{After, no_trace_of};
use super::choices::Choice;
use super::program::{LIMIT_TOLERANCE_W, NEVER_J};
use super::{at_least, at_most};
use crate::vehicle::{BatteryPlant, Pace, Plant, State, Terminals};
use std::cell::OnceCell;
use std::ops::Range;

/// Nodes that are worked on together.
pub(super) const STRIP: usize = 16;
/// Room beside the nodes of a row: what lies below the window cannot be, and what lies above
/// is worth as much as its upper end.
pub(super) const BESIDE: usize = STRIP + 1;
/// Added to a whole number below [`ROOM`] this leaves it in the low bits: 1.5 · 2²³.
const ROUND: f32 = 12_582_912.0;
/// Places that a row may have, a power of two.
const ROOM: u32 = 1 << 22;
/// How the costs of one mode over charge lie in memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    nodes: usize,
    pub(super) strips: usize,
}

impl Row {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            nodes,
            strips: nodes.div_ceil(STRIP),
        }
    }

    #[inline]
    pub(super) fn nodes(self) -> usize {
        self.nodes
    }

    /// How many [`Circuit`]s the ends of its strips take.
    #[inline]
    pub(super) fn circuits(self) -> usize {
        (self.strips + 1).div_ceil(STRIP)
    }

    /// Places that a row takes.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.strips * STRIP + 2 * BESIDE
    }

    /// Where a row of several stands.
    #[inline(always)]
    pub(super) fn range(self, row: usize) -> Range<usize> {
        let begin = row * self.len();
        begin..begin + self.len()
    }

    /// The nodes of a row.
    #[inline]
    pub(super) fn of(self, row: &[f32]) -> &[f32] {
        &row[BESIDE..BESIDE + self.nodes]
    }

    /// The node at or below a place, within the room beside the nodes, and where it stands in a
    /// row. On a node it may be the one before, all of the way from it.
    #[inline(always)]
    pub(super) fn first(self, place: f32) -> (f32, u32) {
        let beside = BESIDE as f32;
        let within = at_least(place + beside, 0.5);
        let within = at_most(within, self.nodes as f32 + beside);
        // Rounded to the nearest by adding, which goes for several places at once on the least
        // processors.
        let rounded = within - 0.5 + ROUND;
        (rounded - ROUND - beside, rounded.to_bits() & (ROOM - 1))
    }

    /// Fills the room beside the nodes.
    #[inline]
    pub(super) fn finish(self, row: &mut [f32]) {
        row[..BESIDE].fill(NEVER_J as f32);
        let last = BESIDE + self.nodes - 1;
        let top_j = row[last];
        row[last..].fill(top_j);
    }

    /// The nodes of a row, to be changed; [`Self::finish`] is due afterwards.
    #[inline]
    pub(super) fn of_mut(self, row: &mut [f32]) -> &mut [f32] {
        &mut row[BESIDE..BESIDE + self.nodes]
    }
}

/// What the battery does at some states of charge; `f32`, as a thousandth of a node is enough.
#[derive(Clone, Default)]
pub(super) struct Circuit {
    voltage_v: [f32; STRIP],
    ohm: [f32; STRIP],
    discharge_limit_w: [f32; STRIP],
    charge_limit_w: [f32; STRIP],
}

/// What the battery does in one hold.
pub(super) struct Nodes<'a> {
    battery: &'a BatteryPlant,
    pace: Pace,
    met: &'a State,
    row: Row,
    /// State of charge of the lowest node, and how many nodes make up one.
    low: f64,
    per_step: f64,
    scale: Scale,
    /// At the ends of the strips.
    knots: &'a [Circuit],
    /// At every node, once it is asked for.
    all: OnceCell<Vec<Circuit>>,
}

/// How far powers lead.
struct Scale {
    charging_efficiency: f32,
    /// How far the nodes after the hold lie below those before it, in nodes.
    ahead: f32,
    /// Nodes per ampere over the hold.
    per_a: f32,
    /// Nodes per watt of turning energy over the hold.
    per_swung_w: f32,
}

impl Circuit {
    /// At so many states, [`STRIP`] in each; the last fills the room that is left.
    fn fill(all: &mut Vec<Self>, count: usize, at: impl Fn(usize) -> Terminals) {
        all.clear();
        let mut it = at(0);
        for begin in (0..count).step_by(STRIP) {
            let mut circuit = Self::default();
            for index in 0..STRIP {
                if (1..count).contains(&(begin + index)) {
                    it = at(begin + index);
                }
                circuit.voltage_v[index] = it.effective_v as f32;
                circuit.ohm[index] = it.effective_ohm as f32;
                circuit.discharge_limit_w[index] = it.discharge_limit_w as f32;
                circuit.charge_limit_w[index] = it.charge_limit_w as f32;
            }
            all.push(circuit);
        }
    }

    /// Whether the battery gives what a choice takes.
    #[inline(always)]
    fn gives(&self, choice: &Choice, index: usize) -> bool {
        choice.battery_w as f32 <= self.discharge_limit_w[index] + LIMIT_TOLERANCE_W as f32
    }

    /// Where a choice leads from a node, in nodes.
    #[inline(always)]
    fn place(&self, scale: &Scale, choice: &Choice, node: f32, index: usize) -> f32 {
        let (voltage_v, ohm) = (self.voltage_v[index], self.ohm[index]);
        let power_w = at_least(choice.battery_w as f32, -self.charge_limit_w[index]);
        let root = at_least(voltage_v * voltage_v - 4.0 * ohm * power_w, 0.0).sqrt();
        let current_a = 2.0 * power_w / (voltage_v + root);
        let charging_a = at_most(current_a, 0.0);
        let stored_a = at_least(current_a, 0.0) + charging_a * scale.charging_efficiency;
        let swung = choice.swing_w as f32 * scale.per_swung_w;
        node + scale.ahead - stored_a * scale.per_a - swung
    }
}

impl<'a> Nodes<'a> {
    /// Around a state that is met; the lowest node has the state of charge `low`; `per_step` nodes
    /// make up one. `knots` is written over.
    pub(super) fn new(
        plant: &'a Plant,
        (met, hold_s): (&'a State, f64),
        row: Row,
        (low, low_after): (f64, f64),
        per_step: f64,
        knots: &'a mut Vec<Circuit>,
    ) -> Self {
        let battery = &plant.battery;
        let pace = battery.pace(hold_s);
        // Beyond the last node, where the last strip may end, nothing is asked for.
        let at = |strip: usize| {
            let node = (strip * STRIP).min(row.nodes - 1);
            let soc = low + node as f64 / per_step;
            battery.terminals(&pace, &State { soc, ..*met })
        };
        Circuit::fill(knots, row.strips + 1, at);
        Self {
            scale: Scale {
                charging_efficiency: battery.coulombic_efficiency() as f32,
                ahead: ((low - low_after) * per_step) as f32,
                per_a: (battery.soc_per_c() * hold_s * per_step) as f32,
                per_swung_w: (hold_s * per_step / battery.energy_per_soc_j(met.soc)) as f32,
            },
            knots,
            all: OnceCell::new(),
            battery,
            pace,
            met,
            row,
            low,
            per_step,
        }
    }

    /// Where a choice leads from the ends of some strips, in nodes; not a number where the battery
    /// does not give what it takes.
    #[inline(always)]
    pub(super) fn knots(&self, choice: &Choice, some: usize) -> [f32; STRIP] {
        let circuit = &self.knots[some];
        let mut places = [0.0; STRIP];
        for (index, place) in places.iter_mut().enumerate() {
            // Not summed up, which would have to be done one after the other.
            let strip = (some * STRIP + index) as u32;
            let node = (strip * STRIP as u32) as f32;
            let leads = circuit.place(&self.scale, choice, node, index);
            let gives = circuit.gives(choice, index);
            *place = if gives { leads } else { f32::NAN };
        }
        places
    }

    /// What the battery does at every node.
    fn all(&self) -> &[Circuit] {
        self.all.get_or_init(|| {
            let at = |node: usize| {
                let node = node.min(self.row.nodes - 1);
                let soc = self.low + node as f64 / self.per_step;
                let state = State { soc, ..*self.met };
                self.battery.terminals(&self.pace, &state)
            };
            let mut all = Vec::with_capacity(self.row.strips);
            Circuit::fill(&mut all, self.row.strips * STRIP, at);
            all
        })
    }

    /// Whether the battery gives what a choice takes at the end of a strip.
    fn gives(&self, choice: &Choice, knot: usize) -> bool {
        self.knots[knot / STRIP].gives(choice, knot % STRIP)
    }

    /// Costs by a choice from the nodes of a strip, every one by itself.
    #[inline(never)]
    pub(super) fn bent<const MIXED: bool>(
        &self,
        choice: &Choice,
        strip: usize,
        after: &After<'_, MIXED>,
    ) -> [f32; STRIP] {
        let never = [NEVER_J as f32; STRIP];
        if !(self.gives(choice, strip) || self.gives(choice, strip + 1)) {
            return never;
        }
        let circuit = &self.all()[strip];
        let mut by_j = never;
        for (index, by_j) in by_j.iter_mut().enumerate() {
            if circuit.gives(choice, index) {
                let node = (strip * STRIP + index) as f32;
                let place = circuit.place(&self.scale, choice, node, index);
                let (first, index) = self.row.first(place);
                let share = no_trace_of(place - first);
                let here = [after.at(index as usize), after.at(index as usize + 1)];
                *by_j = choice.fuel_j as f32 + (1.0 - share) * here[0] + share * here[1];
            }
        }
        by_j
    }
}
