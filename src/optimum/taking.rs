//! A plan takes what was tried in a hold, and says what is to be tried beside.

use super::choices::{Choice, Plan, Second};
use super::front::front;
use super::reference::Forced;
use super::trials::{Candidate, Field, Tried};
use super::{Span, Speeds};
use crate::control::Command;
use crate::lanes::Number;
use std::array::from_fn;

impl Plan {
    /// Takes a hold, and what a burning engine could do in it.
    pub(super) fn run_in<F: Number>(
        &mut self,
        field: &Field<'_, F>,
        hold: usize,
        late_mps: f64,
        add: impl FnOnce(&mut Vec<Choice>),
    ) {
        let begin = self.choices.len();
        add(&mut self.choices);
        let interval = field.interval(hold);
        self.seconds.push(Second {
            start_s: interval.start_s,
            hold_s: interval.dt_s,
            off_rad_s: field.off_rad_s(hold),
            forced: field.forced(hold),
            state: *field.state(hold),
            burns: field.burns(hold),
            late_mps,
            off: None,
            stops: [None; Speeds::COUNT],
            still_turning_j: [0.0; Speeds::COUNT],
            running: begin..self.choices.len(),
            starting: 0..0,
            changes_begin: 0,
        });
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

    /// What has to be tried beside in the last hold: to stay without fuel, to stop from some
    /// speeds, and to begin with some choices.
    pub(super) fn others<F: Number>(
        &self,
        (field, hold): (&Field<'_, F>, usize),
        cut_from: Span,
        begins: impl Iterator<Item = Command>,
        others: &mut Vec<Candidate>,
    ) {
        let Some(second) = self.seconds.last() else {
            return;
        };
        let off_from_rad_s = field.off_from_rad_s(hold);
        let off = Command {
            turn: second.off_rad_s > 0.0,
            engine_rad_s: second.off_rad_s,
            ..Command::OFF
        };
        let from = |from_rad_s: f64, command: Command| Candidate {
            from_rad_s,
            command,
        };
        others.push(from(off_from_rad_s, off));
        let stops = cut_from.places();
        others.extend(stops.map(|place| from(field.speeds.rad_s(place), off)));
        others.extend(begins.map(|command| from(off_from_rad_s, command)));
    }

    /// Takes what came of [`Self::others`], but for the starts: finds which of those stay.
    pub(super) fn stop_in<F: Number>(
        &mut self,
        (field, hold): (&Field<'_, F>, usize),
        cut_from: Span,
        tried: &[Tried],
        fuel_j_per_charge_j: Option<f64>,
        (ranked, kept): (&mut Vec<(f64, usize)>, &mut Vec<usize>),
    ) {
        let Some(second) = self.seconds.last_mut() else {
            return;
        };
        let (resting, starts) = tried.split_at(1 + cut_from.count());
        let at = |place| &resting[1 + cut_from.index(place)];
        if second.forced == Forced::Free {
            let off = &resting[0];
            second.off = field.follows(hold, off).then(|| field.choice(off));
            second.stops = from_fn(|place| field.stop(hold, at(place)));
        }
        if let (Some(worth), Some(_)) = (fuel_j_per_charge_j, &second.off) {
            let spent_j = |it: &Tried| it.fuel_j + worth * it.charge_j + field.late_j(hold, it);
            let still = |place: usize| spent_j(at(place)) - spent_j(&resting[0]);
            second.still_turning_j = from_fn(|place| still(place) as f32);
        }
        kept.clear();
        let missed = second.late_mps > 0.0;
        let able = |index: &usize| missed || field.follows(hold, &starts[*index]);
        kept.extend((0..starts.len()).filter(able));
        front(starts, fuel_j_per_charge_j.is_some(), ranked, kept);
    }

    /// Takes what an engine could do that begins to burn in the last hold.
    pub(super) fn starting_in(&mut self, add: impl FnOnce(&mut Vec<Choice>)) {
        let begin = self.choices.len();
        add(&mut self.choices);
        if let Some(second) = self.seconds.last_mut() {
            second.starting = begin..self.choices.len();
        }
    }
}
