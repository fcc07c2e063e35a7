//! A plan takes what was tried in a hold.

use super::choices::{Choice, Plan, Second, Stop};
use super::cuts::Cuts;
use super::reference::Forced;
use super::trials::{Field, Tried};
use super::{Span, Speeds};
use crate::lanes::Number;
use std::array::from_fn;

impl Plan {
    /// Takes a hold and what comes of no fuel in it: tried were to stay without, and to cut it at
    /// some of the speeds, between which the others are taken to lie.
    pub(super) fn rest_in<F: Number>(
        &mut self,
        (field, hold): (&Field<'_, F>, usize),
        cuts: &Cuts,
        tried: &[Tried],
        fuel_j_per_charge_j: Option<f64>,
    ) {
        let Some((off, stopped)) = tried.split_first() else {
            return;
        };
        let (interval, forced) = (field.interval(hold), field.forced(hold));
        let mut second = Second {
            start_s: interval.start_s,
            hold_s: interval.dt_s,
            off_rad_s: field.off_rad_s(hold),
            forced,
            state: *field.state(hold),
            burns: field.burns(hold),
            contrary_v: field.contrary_v(hold),
            late_mps: 0.0,
            off: None,
            stops: [None; Speeds::COUNT],
            still_turning_j: [0.0; Speeds::COUNT],
            running: 0..0,
            starting: 0..0,
            changes_begin: 0,
        };
        if forced == Forced::Free {
            let tried = |index: usize| stopped.get(index).and_then(|it| field.stop(hold, it));
            let tried: [Option<Stop>; Speeds::COUNT] = from_fn(tried);
            second.off = field.follows(hold, off).then(|| field.choice(off));
            second.stops = from_fn(|place| match cuts.at(place) {
                (low, 0.0) => tried[low],
                (low, share) => match (tried[low], tried[low + 1]) {
                    (Some(low), Some(high)) => Some(low.towards(high, share as f32)),
                    (low, high) => low.or(high),
                },
            });
        }
        if let (Some(worth), Some(_)) = (fuel_j_per_charge_j, &second.off) {
            let spent_j = |it: &Tried| it.fuel_j + worth * it.charge_j + field.late_j(hold, it);
            let still_j = |index: usize| spent_j(&stopped[index]) - spent_j(off);
            second.still_turning_j = from_fn(|place| still_j(cuts.at(place).0) as f32);
        }
        self.seconds.push(second);
    }

    /// Takes what a burning engine could do in the last hold.
    pub(super) fn run_in(&mut self, late_mps: f64, add: impl FnOnce(&mut Vec<Choice>)) {
        let begin = self.choices.len();
        add(&mut self.choices);
        if let Some(second) = self.seconds.last_mut() {
            second.late_mps = late_mps;
            second.running = begin..self.choices.len();
        }
    }

    /// Takes what an engine could do that begins to burn in the last hold.
    pub(super) fn begin_in(&mut self, add: impl FnOnce(&mut Vec<Choice>)) {
        let begin = self.choices.len();
        add(&mut self.choices);
        if let Some(second) = self.seconds.last_mut() {
            second.starting = begin..self.choices.len();
        }
    }

    /// Battery power of the last hold without fuel, W; infinite where the car cannot do without.
    pub(super) fn resting_w(&self) -> f64 {
        let off = self.seconds.last().and_then(|second| second.off.as_ref());
        off.map_or(f64::INFINITY, |off| off.battery_w)
    }

    /// What a burning engine could do in the last hold.
    pub(super) fn running_last(&self) -> &[Choice] {
        let last = self.seconds.last().map(|second| self.running(second));
        last.unwrap_or_default()
    }

    /// Speeds that a burning engine may have at the end of the last hold.
    pub(super) fn span_after(&self, hold: usize) -> Span {
        let (second, span) = (&self.seconds[hold], self.spans[hold]);
        let choices = self.running(second).iter().chain(self.starting(second));
        let own = choices.map(|choice| Span::around(choice.ends_at));
        let changed = self.changes(second).iter().map(|it| it.ends(span));
        own.chain(changed).reduce(Span::and).unwrap_or(span)
    }

    /// Speeds from which it has to be known what comes of cutting the fuel in a hold: those of a
    /// burning engine, and those that one without fuel may still turn at.
    pub(super) fn cut_from(&self, hold: usize) -> Span {
        let span = self.spans[hold];
        if span == Span::ALL {
            return span;
        }
        let before = hold.checked_sub(1).map(|before| &self.seconds[before]);
        let ends = before.into_iter().flat_map(|it| {
            let stops = it.stops.iter().flatten();
            let off = it.off.as_ref().map(|off| off.end_rad_s);
            stops.map(|stop| stop.end_rad_s.into()).chain(off)
        });
        let fastest_rad_s = ends.fold(0.0, f64::max);
        if fastest_rad_s > 0.0 {
            let still = Span::around(self.speeds.around(fastest_rad_s));
            span.and(still.from_idling())
        } else {
            span
        }
    }
}
