//! What it costs to change the engine's speed.
//!
//! It depends on the road's speed and the two speeds of the engine, and hardly on anything that
//! differs between runs over the same cycle: it is tried once, at the temperatures of one
//! reference, and known from then on.

use super::choices::Choice;
use super::reference::Reference;
use super::trials::{Candidate, Tried};
use super::{Span, Speeds, at_least, at_most};
use crate::control::Command;

/// Speeds at the end of a hold that are the same, rad/s.
const SAME_RAD_S: f64 = 1e-6;

/// What comes of a choice from each of [`Speeds`]; `f32`, as there are a hundred thousand of
/// them in half an hour.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Changes {
    /// What it costs more than from its own speed, J of fuel.
    pub cost_j: [f32; Speeds::COUNT],
    /// Engine speed at the end, as a place among [`Speeds`] and the share of the way to the
    /// next: a large change takes longer than a hold.
    pub ends_at: [f32; Speeds::COUNT],
}

impl Changes {
    /// What it costs more from a speed ([`Speeds::around`]) than from the choice's own, J of
    /// fuel.
    #[inline]
    pub fn cost_from_j(&self, from: (usize, f64), own: (usize, f64)) -> f64 {
        between_j(&self.cost_j, from, own)
    }

    /// Where the engine ends among [`Speeds`], from one of them.
    #[inline(always)]
    pub(super) fn ends_at(&self, from: usize) -> (usize, f64) {
        apart(self.ends_at[from].into())
    }

    /// Between which of them, from any of some.
    pub(super) fn ends(&self, from: Span) -> Span {
        let ends_at = &self.ends_at[from.places()];
        let slowest = ends_at.iter().copied().fold(f32::INFINITY, at_most);
        let fastest = ends_at.iter().copied().fold(0.0, at_least);
        Span::around(apart(slowest.into())).and(Span::around(apart(fastest.into())))
    }

    /// The same from between two of them.
    #[inline]
    pub fn ends_at_from(&self, from: (usize, f64)) -> (usize, f64) {
        apart(Speeds::between(&self.ends_at, from))
    }
}

/// A place among [`Speeds`] with the share of the way to the next: both for themselves.
#[inline(always)]
fn apart(at: f64) -> (usize, f64) {
    let place = (at as usize).min(Speeds::COUNT - 2);
    (place, at - place as f64)
}

/// What a change costs from between two of [`Speeds`], from what it costs from each of them: it
/// grows with the square of the way from the choice's own speed, as what it loses does.
#[inline(always)]
pub(super) fn between_j(
    of_each_j: &[f32; Speeds::COUNT],
    (below, share): (usize, f64),
    own: (usize, f64),
) -> f64 {
    let at = |place: usize| f64::from(of_each_j[place]);
    let (low_j, high_j) = (at(below), at(below + 1));
    if share == 0.0 {
        low_j
    } else if own.0 != below {
        let bend_j = |place: usize| at(place - 1) - 2.0 * at(place) + at(place + 1);
        let below_j = bend_j(below.max(1));
        let above_j = bend_j((below + 1).min(Speeds::COUNT - 2));
        let half_way_j = below_j.min(above_j).max(0.0) / 8.0;
        low_j + share * (high_j - low_j) - Speeds::sag(half_way_j, share)
    } else if share < own.1 {
        let way = 1.0 - share / own.1;
        low_j * way * way
    } else if share > own.1 {
        let way = (share - own.1) / (1.0 - own.1);
        high_j * way * way
    } else {
        0.0
    }
}

/// What a change costs from half-way between each of [`Speeds`] and the next, as [`between_j`]
/// says; at the last there is none.
#[inline(always)]
pub(super) fn all_half_way_j(
    of_each_j: &[f32; Speeds::COUNT],
    own: (usize, f64),
) -> [f32; Speeds::COUNT] {
    const LAST: usize = Speeds::COUNT - 1;
    let mut bend_j = [0.0; Speeds::COUNT];
    for place in 1..LAST {
        bend_j[place] = of_each_j[place - 1] - 2.0 * of_each_j[place] + of_each_j[place + 1];
    }
    (bend_j[0], bend_j[LAST]) = (bend_j[1], bend_j[LAST - 1]);
    let mut all_j = [f32::INFINITY; Speeds::COUNT];
    for below in 0..LAST {
        let mean_j = 0.5 * (of_each_j[below] + of_each_j[below + 1]);
        let least_bend_j = at_most(bend_j[below], bend_j[below + 1]);
        all_j[below] = mean_j - at_least(least_bend_j, 0.0) / 8.0;
    }
    all_j[own.0] = between_j(of_each_j, (own.0, 0.5), own) as f32;
    all_j
}

/// Speed and torque of a choice of the grid, as bits.
type Key = [u64; 2];

#[inline]
fn key(engine_rad_s: f64, engine_torque_nm: f64) -> Key {
    [engine_rad_s, engine_torque_nm].map(f64::to_bits)
}

/// What comes of a choice of the grid from each of [`Speeds`], beside from its own.
#[derive(Debug, Clone, Copy)]
struct Transition {
    choice: Key,
    /// From which of them it was tried; from the others it counts as from the nearest of these.
    from: Span,
    /// More fuel, J, and what is counted for ending slower.
    fuel_j: [f32; Speeds::COUNT],
    /// More charge and turning energy taken, J.
    charge_j: [f32; Speeds::COUNT],
    /// Where the engine's speed at the end is among [`Speeds`].
    ends_at: [f32; Speeds::COUNT],
}

/// What is known of changes of the engine's speed in every hold.
#[derive(Debug)]
pub struct Transitions {
    reference: Reference,
    known: Vec<Vec<Transition>>,
    /// In which hold is known what is known of each.
    place: Vec<usize>,
    /// Choices that are being tried, with their places among the known, and from which speeds.
    asked: Vec<(Key, Option<usize>)>,
    from: Span,
}

/// What is known of a choice, where it is looked for among all that is known of a hold from a
/// place on: choices come in much the same order in every round.
#[inline]
fn find(known: &[Transition], from: usize, key: Key) -> Option<usize> {
    let from = from.min(known.len());
    let mut places = (from..known.len()).chain(0..from);
    places.find(|&place| known[place].choice == key)
}

impl Transitions {
    /// Nothing is known yet; what will be tried is at the temperatures of this run.
    pub fn around(reference: Reference) -> Self {
        Self {
            known: vec![Vec::new(); reference.forced.len()],
            place: (0..reference.forced.len()).collect(),
            reference,
            asked: Vec::new(),
            from: Span::ALL,
        }
    }

    /// The run whose temperatures they are tried at.
    pub(super) fn reference(&self) -> &Reference {
        &self.reference
    }

    /// A hold is like another: what is known of one is known of both.
    pub(super) fn repeat(&mut self, hold: usize, of: usize) {
        self.place[hold] = self.place[of];
    }

    /// What has to be tried to know the changes to some choices of the grid from some of the
    /// speeds: each from its own speed, then all from each of these, so that what is alike stands
    /// together.
    pub(super) fn unknown(
        &mut self,
        hold: usize,
        (speeds, from): (&Speeds, Span),
        burning: impl Iterator<Item = Command>,
        candidates: &mut Vec<Candidate>,
    ) {
        let known = &self.known[self.place[hold]];
        let mut next = 0;
        self.asked.clear();
        self.from = from;
        candidates.extend(burning.filter_map(|command| {
            let key = key(command.engine_rad_s, command.engine_torque_nm);
            let place = find(known, next, key);
            if let Some(place) = place {
                next = place + 1;
                if known[place].from.covers(from) {
                    return None;
                }
            }
            self.asked.push((key, place));
            Some(Candidate::steady(command))
        }));
        let count = candidates.len();
        for place in from.places() {
            let from_rad_s = speeds.rad_s(place);
            candidates.extend_from_within(..count);
            let last = candidates.len() - count;
            for candidate in &mut candidates[last..] {
                candidate.from_rad_s = from_rad_s;
            }
        }
    }

    /// Takes what came of [`Self::unknown`]; `late_j` is what ending slower than asked counts
    /// as, J.
    pub(super) fn learn(
        &mut self,
        hold: usize,
        speeds: &Speeds,
        tried: &[Tried],
        late_j: impl Fn(&Tried) -> f64,
    ) {
        let count = self.asked.len();
        let (own, others) = tried.split_at(count);
        let spent_j = |it: &Tried| it.fuel_j + late_j(it);
        let known = &mut self.known[self.place[hold]];
        known.reserve_exact(count);
        for (at, (&(choice, place), own)) in self.asked.iter().zip(own).enumerate() {
            let mut found = Transition {
                choice,
                from: self.from,
                fuel_j: [0.0; Speeds::COUNT],
                charge_j: [0.0; Speeds::COUNT],
                ends_at: [0.0; Speeds::COUNT],
            };
            let own_at = speeds.around(own.end_rad_s);
            for (index, place) in self.from.places().enumerate() {
                let from = &others[index * count + at];
                // Most come to the speed that they are told.
                let (below, share) = if (from.end_rad_s - own.end_rad_s).abs() < SAME_RAD_S {
                    own_at
                } else {
                    speeds.around(from.end_rad_s)
                };
                found.fuel_j[place] = (spent_j(from) - spent_j(own)) as f32;
                found.charge_j[place] = (from.charge_j - own.charge_j) as f32;
                found.ends_at[place] = (below as f64 + share) as f32;
            }
            self.from.extend(&mut found.fuel_j);
            self.from.extend(&mut found.charge_j);
            self.from.extend(&mut found.ends_at);
            match place {
                Some(place) => known[place] = found,
                None => known.push(found),
            }
        }
    }

    /// The changes to known choices of the grid, where a joule of charge has this worth in J of
    /// fuel.
    pub(super) fn changes(
        &self,
        hold: usize,
        choices: &[Choice],
        fuel_j_per_charge_j: f64,
    ) -> impl Iterator<Item = Changes> {
        let (known, worth) = (&self.known[self.place[hold]], fuel_j_per_charge_j as f32);
        let mut next = 0;
        choices.iter().map(move |choice| {
            let key = key(choice.engine_rad_s, choice.engine_torque_nm);
            let Some(place) = find(known, next, key) else {
                return Changes::default();
            };
            next = place + 1;
            let it = &known[place];
            let mut cost_j = it.fuel_j;
            for (cost_j, charge_j) in cost_j.iter_mut().zip(&it.charge_j) {
                *cost_j += worth * charge_j;
            }
            Changes {
                cost_j,
                ends_at: it.ends_at,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Speeds, all_half_way_j, between_j};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn half_way_is_between(
            of_each_j in prop::array::uniform14(0.0_f32..1e5),
            own in (0..Speeds::COUNT - 1, 0.0_f64..1.0),
        ) {
            let all_j = all_half_way_j(&of_each_j, own);
            for (below, half_way_j) in all_j[..Speeds::COUNT - 1].iter().enumerate() {
                let one_j = between_j(&of_each_j, (below, 0.5), own);
                prop_assert!((f64::from(*half_way_j) - one_j).abs() < 0.1);
            }
            prop_assert!(all_j[Speeds::COUNT - 1].is_infinite());
        }
    }
}
