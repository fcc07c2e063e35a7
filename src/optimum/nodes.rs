//! The charges that dynamic programming tabulates: how they lie in memory, and where a choice
//! leads from them.

use super::backward::{After, no_trace_of};
use super::choices::Choice;
use super::program::{LIMIT_TOLERANCE_W, NEVER_J};
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
        let within = (place + beside).max(0.5).min(self.nodes as f32 + beside);
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
#[derive(Default)]
pub(super) struct Circuit {
    voltage_v: Vec<f32>,
    ohm: Vec<f32>,
    discharge_limit_w: Vec<f32>,
    charge_limit_w: Vec<f32>,
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
    pub(super) knots: &'a Circuit,
    /// At every node, once it is asked for.
    all: OnceCell<Circuit>,
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
    fn fill(&mut self, count: usize, at: impl Fn(usize) -> Terminals) {
        let Self {
            voltage_v,
            ohm,
            discharge_limit_w,
            charge_limit_w,
        } = self;
        let all = [voltage_v, ohm, discharge_limit_w, charge_limit_w];
        let [voltage_v, ohm, discharge_limit_w, charge_limit_w] = all.map(|each| {
            each.clear();
            each.reserve(count);
            each
        });
        for it in (0..count).map(at) {
            voltage_v.push(it.effective_v as f32);
            ohm.push(it.effective_ohm as f32);
            discharge_limit_w.push(it.discharge_limit_w as f32);
            charge_limit_w.push(it.charge_limit_w as f32);
        }
    }

    /// Whether the battery gives what a choice takes.
    #[inline(always)]
    pub(super) fn gives(&self, choice: &Choice, index: usize) -> bool {
        choice.battery_w as f32 <= self.discharge_limit_w[index] + LIMIT_TOLERANCE_W as f32
    }
}

impl Scale {
    /// Where a choice leads from a node, in nodes, by the battery's voltage without current,
    /// its resistance and what it takes at most.
    #[inline(always)]
    fn place(&self, choice: &Choice, node: f32, voltage_v: f32, ohm: f32, charge_w: f32) -> f32 {
        let power_w = (choice.battery_w as f32).max(-charge_w);
        let root = (voltage_v * voltage_v - 4.0 * ohm * power_w)
            .max(0.0)
            .sqrt();
        let current_a = 2.0 * power_w / (voltage_v + root);
        let stored_a = current_a.max(0.0) + current_a.min(0.0) * self.charging_efficiency;
        let swung = choice.swing_w as f32 * self.per_swung_w;
        node + self.ahead - stored_a * self.per_a - swung
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
        knots: &'a mut Circuit,
    ) -> Self {
        let battery = &plant.battery;
        let pace = battery.pace(hold_s);
        // Beyond the last node, where the last strip may end, nothing is asked for.
        let at = |strip: usize| {
            let node = (strip * STRIP).min(row.nodes - 1);
            let soc = low + node as f64 / per_step;
            battery.terminals(&pace, &State { soc, ..*met })
        };
        knots.fill(row.strips + 1, at);
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

    /// Where a choice leads from the ends of all strips, in nodes.
    #[inline(always)]
    pub(super) fn knots(&self, choice: &Choice, places: &mut [f32]) {
        let Circuit {
            voltage_v,
            ohm,
            charge_limit_w,
            ..
        } = self.knots;
        let circuit = voltage_v.iter().zip(ohm).zip(charge_limit_w);
        let knots = places.iter_mut().zip(circuit).enumerate();
        for (strip, (place, ((voltage_v, ohm), charge_w))) in knots {
            // Not summed up, which would have to be done one after the other.
            let node = (strip as u32 * STRIP as u32) as f32;
            *place = self.scale.place(choice, node, *voltage_v, *ohm, *charge_w);
        }
    }

    /// What the battery does at every node.
    fn all(&self) -> &Circuit {
        self.all.get_or_init(|| {
            let at = |node: usize| {
                let node = node.min(self.row.nodes - 1);
                let soc = self.low + node as f64 / self.per_step;
                let state = State { soc, ..*self.met };
                self.battery.terminals(&self.pace, &state)
            };
            let mut circuit = Circuit::default();
            circuit.fill(self.row.strips * STRIP, at);
            circuit
        })
    }

    /// Costs by a choice from the nodes of a strip, every one by itself.
    #[inline(never)]
    pub(super) fn bent<const MIXED: bool>(
        &self,
        choice: &Choice,
        strip: usize,
        after: &After<'_, MIXED>,
        by_j: &mut [f32],
    ) {
        let (circuit, scale) = (self.all(), &self.scale);
        for (index, by_j) in by_j.iter_mut().enumerate() {
            let node = strip * STRIP + index;
            *by_j = NEVER_J as f32;
            if circuit.gives(choice, node) {
                let (volt, ohm) = (circuit.voltage_v[node], circuit.ohm[node]);
                let charge_w = circuit.charge_limit_w[node];
                let place = scale.place(choice, node as f32, volt, ohm, charge_w);
                let (first, index) = self.row.first(place);
                let share = no_trace_of(place - first);
                let here = [after.at(index as usize), after.at(index as usize + 1)];
                *by_j = choice.fuel_j as f32 + (1.0 - share) * here[0] + share * here[1];
            }
        }
    }
}
