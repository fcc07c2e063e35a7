//! What a plan takes from a run that was driven before: temperatures, the battery's slow
//! branch, and what a cold engine has to do.

use crate::control::{Ceiling, CeilingMemory};
use crate::cycle::Kinematics;
use crate::sim::{Recorder, Simulated};
use crate::vehicle::{Plant, State, Strategy};

/// What the engine has to do in a hold, whatever the charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forced {
    /// Nothing.
    #[default]
    Free,
    /// Burn: the coolant is cold.
    Burn,
    /// Burn with late spark, for the catalyst.
    LateSpark,
}

/// A run as far as a plan needs it: one entry a hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reference {
    /// State at the start of every hold, and at the end of the last.
    pub states: Vec<State>,
    /// What the engine has to do.
    pub forced: Vec<Forced>,
    /// Whether it burns.
    pub burns: Vec<bool>,
    /// Whether the engine may not rest, for MG1's speed.
    pub ceiling: Vec<bool>,
    /// What [`Self::after`] remembers; empty where no run came before.
    pub(super) contrary_v: Vec<Option<f64>>,
}

impl Reference {
    /// The same run, that remembers what one before it met where it did the contrary.
    #[must_use]
    pub fn after(mut self, before: &Self) -> Self {
        let remembered = |hold: usize| {
            if self.burns[hold] == before.burns[hold] {
                before.contrary_v(hold)
            } else {
                Some(before.states[hold].polarisation_v)
            }
        };
        self.contrary_v = (0..self.burns.len()).map(remembered).collect();
        self
    }

    /// Voltage of the battery's slow branch at the start of a hold in the last of the runs before
    /// that did the contrary in it.
    pub(super) fn contrary_v(&self, hold: usize) -> Option<f64> {
        self.contrary_v.get(hold).copied().flatten()
    }
}

/// Watches the run that becomes a reference. It has to be driven with steps of one hold.
pub struct Watch {
    reference: Reference,
    /// Coolant temperature below which the engine may not stop, °C.
    cold_below_c: f64,
}

impl Watch {
    /// Watches a car.
    pub fn new(strategy: &Strategy) -> Self {
        Self {
            reference: Reference::default(),
            cold_below_c: strategy.warm_up.below_c,
        }
    }

    /// What was seen; the ceiling follows from the speeds.
    pub fn reference(
        mut self,
        plant: &Plant,
        strategy: &Strategy,
        kinematics: &Kinematics,
    ) -> Reference {
        let ceiling = Ceiling::of(strategy);
        let mut memory = CeilingMemory::default();
        let mut last_s = 0.0;
        let holds = kinematics.intervals.iter().zip(&self.reference.states);
        self.reference.ceiling = holds
            .map(|(hold, state)| {
                let since_s = hold.start_s - last_s;
                last_s = hold.start_s;
                ceiling.observe(plant, state.speed_mps, since_s, &mut memory);
                memory.binds
            })
            .collect();
        self.reference
    }
}

impl Recorder for Watch {
    fn begin(&mut self, _: &Plant, state: &State) {
        self.reference.states.push(*state);
    }

    fn record(&mut self, _: &Plant, step: &Simulated<'_>) {
        let forced = if !step.command.fuel {
            Forced::Free
        } else if step.command.late_spark {
            Forced::LateSpark
        } else if step.start.coolant_c < self.cold_below_c {
            Forced::Burn
        } else {
            Forced::Free
        };
        self.reference.forced.push(forced);
        self.reference.burns.push(step.command.fuel);
        self.reference.states.push(*step.end);
    }
}
