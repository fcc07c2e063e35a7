//! What it costs to change the engine's speed.
//!
//! It depends on the road's speed and the two speeds of the engine, and hardly on anything that
//! differs between runs over the same cycle: it is tried once, at the temperatures of one
//! reference, and known from then on.

use super::Speeds;
use super::reference::Reference;
use super::trials::{Candidate, Tried};
use crate::control::Command;
use std::array::from_fn;

/// What comes of a choice from each of [`Speeds`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Changes {
    /// What it costs more than from its own speed, J of fuel.
    pub cost_j: [f64; Speeds::COUNT],
    /// Engine speed at the end, rad/s: a large change takes longer than a hold.
    pub end_rad_s: [f64; Speeds::COUNT],
}

impl Changes {
    /// What it costs more from a speed ([`Speeds::around`]) than from the choice's own, J of
    /// fuel: from its own nothing, and from there straight to the next of [`Speeds`].
    pub fn cost_from_j(&self, from: (usize, f64), own: (usize, f64)) -> f64 {
        let (below, share) = from;
        let (low_j, high_j) = (self.cost_j[below], self.cost_j[below + 1]);
        if own.0 != below || share == 0.0 {
            Speeds::between(&self.cost_j, from)
        } else if share < own.1 {
            low_j * (1.0 - share / own.1)
        } else if share > own.1 {
            high_j * (share - own.1) / (1.0 - own.1)
        } else {
            0.0
        }
    }
}

/// Speed and torque of a choice of the grid, as bits.
type Key = [u64; 2];

fn key(command: &Command) -> Key {
    [command.engine_rad_s, command.engine_torque_nm].map(f64::to_bits)
}

/// What comes of a choice of the grid from each of [`Speeds`], beside from its own.
#[derive(Debug, Clone, Copy)]
struct Transition {
    choice: Key,
    /// More fuel, J, and what is counted for ending slower.
    fuel_j: [f64; Speeds::COUNT],
    /// More charge and turning energy taken, J.
    charge_j: [f64; Speeds::COUNT],
    /// Engine speed at the end, rad/s.
    end_rad_s: [f64; Speeds::COUNT],
}

/// What is known of changes of the engine's speed in every hold.
#[derive(Debug)]
pub struct Transitions {
    reference: Reference,
    known: Vec<Vec<Transition>>,
    /// Choices that are being tried.
    asked: Vec<Key>,
}

impl Transitions {
    /// Nothing is known yet; what will be tried is at the temperatures of this run.
    pub fn around(reference: Reference) -> Self {
        Self {
            known: vec![Vec::new(); reference.forced.len()],
            reference,
            asked: Vec::new(),
        }
    }

    /// The run whose temperatures they are tried at.
    pub(super) fn reference(&self) -> &Reference {
        &self.reference
    }

    /// What has to be tried to know the changes to some choices of the grid: each from its own
    /// speed, then all from each of the speeds, so that what is alike stands together.
    pub(super) fn unknown(
        &mut self,
        hold: usize,
        speeds: &Speeds,
        choices: impl Iterator<Item = Command> + Clone,
        candidates: &mut Vec<Candidate>,
    ) {
        let known = &self.known[hold];
        let commands = choices.filter(|it| known.iter().all(|known| known.choice != key(it)));
        self.asked.clear();
        self.asked.extend(commands.clone().map(|it| key(&it)));
        let own = commands.clone().map(Candidate::steady);
        candidates.extend(own);
        for place in 0..Speeds::COUNT {
            let from_rad_s = speeds.rad_s(place);
            candidates.extend(commands.clone().map(|command| Candidate {
                from_rad_s,
                command,
            }));
        }
    }

    /// Takes what came of [`Self::unknown`]; `late_j` is what ending slower than asked counts
    /// as, J.
    pub(super) fn learn(&mut self, hold: usize, tried: &[Tried], late_j: impl Fn(&Tried) -> f64) {
        let count = self.asked.len();
        let (own, others) = tried.split_at(count);
        let spent_j = |it: &Tried| it.fuel_j + late_j(it);
        for (at, (&choice, own)) in self.asked.iter().zip(own).enumerate() {
            let from = |place: usize| &others[place * count + at];
            self.known[hold].push(Transition {
                choice,
                fuel_j: from_fn(|place| spent_j(from(place)) - spent_j(own)),
                charge_j: from_fn(|place| from(place).charge_j - own.charge_j),
                end_rad_s: from_fn(|place| from(place).end_rad_s),
            });
        }
    }

    /// The changes to a known choice of the grid, where a joule of charge has this worth in J of
    /// fuel.
    pub(super) fn changes(
        &self,
        hold: usize,
        choice: &Command,
        fuel_j_per_charge_j: f64,
    ) -> Changes {
        let known = self.known[hold].iter().find(|it| it.choice == key(choice));
        known.map_or_else(Changes::default, |it| Changes {
            cost_j: from_fn(|place| it.fuel_j[place] + fuel_j_per_charge_j * it.charge_j[place]),
            end_rad_s: it.end_rad_s,
        })
    }
}
