//! Making a plan: everything of the grid is tried in every hold.

use super::Span;
use super::choices::{Choice, Plan, Second};
use super::cuts::Cuts;
use super::enough::Enough;
use super::front::{front as leave_front, keep};
use super::grid::{Grid, burn, heating, laid, line, strained};
use super::outlook::{Ahead, Outlook};
use super::reference::Reference;
use super::transitions::Transitions;
use super::trials::{Candidate, Field, Trial, Tried, Tries, beside};
use crate::control::Command;
use crate::cycle::Kinematics;
use crate::lanes::{Instructions, Number, Work};
use crate::vehicle::{Plant, State, Strategy};

/// Choices that are tried at once.
const WIDTH: usize = 8;
/// Choices a hold that there is room for at first, for one who does not see ahead and for one
/// who does: about as many as a city cycle has. Memory that grows is written twice.
const ROOM: [usize; 2] = [24, 80];
/// Speeds at which who does not see ahead tries to cut fuel, as places among [`super::Speeds`]:
/// with staying without it as many as are tried at once.
const FEW_CUTS: [usize; 7] = [0, 2, 4, 6, 8, 10, 13];

/// Who a plan is made for.
#[derive(Debug)]
pub enum View<'a> {
    /// One who does not see ahead, and for whom a joule of charge is worth no more fuel than this,
    /// J.
    Here(f64),
    /// One who does.
    Ahead(Foresight<'a>),
}

/// What a control that sees ahead asks of a plan.
#[derive(Debug)]
pub struct Foresight<'a> {
    /// Fuel that a joule of charge is worth, J: what a change of engine speed loses is valued by
    /// it.
    pub fuel_j_per_charge_j: f64,
    /// What is known of such changes.
    pub transitions: &'a mut Transitions,
    /// Which choices can pay.
    pub outlook: Outlook<'a>,
}

impl Plan {
    /// Tries everything of the grid in every hold. `kinematics` has steps of
    /// [`super::HOLD_S`]; the reference is a run over them. For who sees ahead, changes of the
    /// engine's speed are valued, and all choices stay that no other beats in fuel and in
    /// charge; for who does not, only those that are best at some worth.
    pub fn new(
        plant: &Plant,
        strategy: &Strategy,
        kinematics: &Kinematics,
        reference: &Reference,
        grid: &Grid,
        view: View<'_>,
    ) -> Self {
        let (enough, foresight) = match view {
            View::Here(worth) => (worth.is_finite().then(|| Enough::of(worth, 0.0)), None),
            View::Ahead(foresight) => (None, Some(foresight)),
        };
        Instructions::best().run::<WIDTH, _>(Planning {
            plant,
            strategy,
            kinematics,
            reference,
            grid,
            enough,
            foresight,
        })
    }
}

/// A plan that is being made.
struct Planning<'a> {
    plant: &'a Plant,
    strategy: &'a Strategy,
    kinematics: &'a Kinematics,
    reference: &'a Reference,
    grid: &'a Grid,
    enough: Option<Enough>,
    foresight: Option<Foresight<'a>>,
}

/// What is tried in a hold, one after the other.
#[derive(Clone, Copy)]
enum Stage {
    /// To stay without fuel, and to cut it at some speeds.
    Rest,
    /// To burn at each speed and torque of the grid, or at those known to be worth it, at that
    /// speed before.
    Steady,
    /// To begin with each choice.
    Begin,
    /// To come to each choice from every speed that the engine may have.
    Transitions,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Rest, Self::Steady, Self::Begin, Self::Transitions];
}

/// What a stage tries.
enum LaidOut {
    /// All of the grid: [`Tries`] has what is said beside.
    Grid {
        strained_anyhow: bool,
        resting_w: Option<f64>,
        enough: Option<Enough>,
    },
    /// The candidates that were laid out for it.
    Candidates,
}

impl Work for Planning<'_> {
    type Out = Plan;

    #[inline(always)]
    fn run<F: Number>(self) -> Plan {
        let (holds, speeds) = (self.kinematics.intervals.len(), self.grid.speeds.len());
        let field = Field::<F>::new(
            (self.plant, self.strategy),
            (self.kinematics, self.reference),
            self.foresight.is_some(),
        );
        let mut making = Making::new(self, field);
        for hold in 0..holds {
            if making.repeat(hold) {
                continue;
            }
            let ahead = making.ahead(hold);
            for stage in Stage::ALL {
                let Some(laid_out) = making.lay_out(stage, hold, &ahead) else {
                    continue;
                };
                let Making {
                    field,
                    met,
                    laid,
                    strained,
                    candidates,
                    trials,
                    tried,
                    ..
                } = &mut making;
                let tries = match laid_out {
                    LaidOut::Grid {
                        strained_anyhow,
                        resting_w,
                        enough,
                    } => Tries {
                        of_a_power: speeds,
                        rising: laid,
                        strained,
                        strained_anyhow,
                        resting_w,
                        enough,
                    },
                    LaidOut::Candidates => {
                        trials.clear();
                        beside(candidates, trials);
                        Tries {
                            rising: &[],
                            strained: trials,
                            strained_anyhow: true,
                            resting_w: None,
                            enough: None,
                            of_a_power: 1,
                        }
                    }
                };
                // The one place that tries, so that it is compiled once.
                field.try_all(hold, met, &tries, tried);
                making.take(stage, hold, &ahead);
            }
            making.end(hold);
        }
        making.plan
    }
}

/// A plan, and what is at hand while it is made.
struct Making<'a, F: Number> {
    asked: Planning<'a>,
    field: Field<'a, F>,
    plan: Plan,
    /// All of the grid, by rising power.
    laid: Vec<Trial<F>>,
    /// That at the speeds that need the least fuel, one by one.
    line: Vec<Command>,
    /// What those try besides who see ahead.
    strained: Vec<Trial<F>>,
    /// What is tried next, one by one and side by side, and at which temperatures.
    candidates: Vec<Candidate>,
    trials: Vec<Trial<F>>,
    met: State,
    /// Whether all choices of a hold stay.
    open: Vec<bool>,
    /// The hold that was tried last; those after it are like it.
    last_tried: usize,
    /// Speeds at which it had to be known what comes of cutting fuel, and those at which that
    /// was tried.
    cut_from: Span,
    cuts: Cuts,
    /// What came of it, which of that is kept, and the same by what it takes.
    tried: Vec<Tried>,
    kept: Vec<usize>,
    /// What is at hand of this hold: what a burning engine could do, whether it may pay or not,
    /// then how it could begin.
    front: Vec<Choice>,
    taken_w: Vec<f64>,
    spent_j: Vec<f64>,
}

impl<'a, F: Number> Making<'a, F> {
    fn new(asked: Planning<'a>, field: Field<'a, F>) -> Self {
        let (plant, speeds) = (asked.plant, field.speeds);
        let holds = asked.kinematics.intervals.len();
        let sees_ahead = asked.foresight.is_some();
        let choices = holds * ROOM[usize::from(sees_ahead)];
        let changes = if sees_ahead { choices } else { 0 };
        let (mut grid, mut besides) = (Vec::new(), Vec::new());
        let mut steady: Vec<_> = laid(plant, asked.grid).map(Candidate::steady).collect();
        // Near idling and full power several speeds of a power are the same.
        steady.dedup_by(|a, b| a.command == b.command);
        beside(&steady, &mut grid);
        if sees_ahead {
            let steady: Vec<_> = strained(plant, &speeds).map(Candidate::steady).collect();
            beside(&steady, &mut besides);
        }
        let outlook = asked.foresight.as_ref().map(|it| it.outlook);
        Self {
            open: outlook.unwrap_or(Outlook::None).open(holds),
            laid: grid,
            line: line(plant, asked.grid).collect(),
            strained: besides,
            met: asked.reference.states[0],
            last_tried: 0,
            cut_from: Span::ALL,
            cuts: Cuts::new(FEW_CUTS.into_iter(), &field.speeds),
            asked,
            field,
            plan: Plan {
                speeds,
                // It begins with an engine without fuel.
                spans: vec![if sees_ahead { Span::NONE } else { Span::ALL }],
                seconds: Vec::with_capacity(holds),
                choices: Vec::with_capacity(choices),
                changes: Vec::with_capacity(changes),
            },
            candidates: Vec::new(),
            trials: Vec::new(),
            tried: Vec::new(),
            kept: Vec::new(),
            front: Vec::new(),
            taken_w: Vec::new(),
            spent_j: Vec::new(),
        }
    }

    /// Whether a hold is like the last one that was tried; then it takes what that has.
    fn repeat(&mut self, hold: usize) -> bool {
        let (of, outlook) = (self.last_tried, self.outlook());
        let repeats = hold > of
            && !matches!(outlook, Outlook::Costs(..))
            && self.open[hold] == self.open[of]
            && self.field.repeats(hold, of)
            && self.plan.seconds[of].late_mps == 0.0
            && self.plan.spans[of].covers(self.plan.spans[hold])
            && self.cut_from.covers(self.plan.cut_from(hold));
        if !repeats {
            self.last_tried = hold;
            return false;
        }
        self.plan.seconds.push(Second {
            start_s: self.field.interval(hold).start_s,
            state: *self.field.state(hold),
            burns: self.field.burns(hold),
            ..self.plan.seconds[of].clone()
        });
        self.plan.spans.push(self.plan.spans[of + 1]);
        if let Some(foresight) = &mut self.asked.foresight {
            foresight.transitions.repeat(hold, of);
        }
        true
    }

    fn outlook(&self) -> Outlook<'a> {
        let foresight = self.asked.foresight.as_ref();
        foresight.map_or(Outlook::None, |it| it.outlook)
    }

    /// Notes which speeds a hold leads to.
    fn end(&mut self, hold: usize) {
        let after = match self.asked.foresight {
            Some(_) => self.plan.span_after(hold),
            None => Span::ALL,
        };
        self.plan.spans.push(after);
    }

    /// What is known of a hold before.
    fn ahead(&self, hold: usize) -> Ahead<'a> {
        let Planning {
            plant, reference, ..
        } = self.asked;
        let hold_s = self.field.interval(hold).dt_s;
        let met = &reference.states[hold];
        let here = (hold, self.open[hold]);
        self.outlook().of(plant, here, hold_s, met)
    }

    /// Lays out what is to be tried; none where nothing is.
    #[inline(always)]
    fn lay_out(&mut self, stage: Stage, hold: usize, ahead: &Ahead<'a>) -> Option<LaidOut> {
        let Self {
            asked,
            field,
            plan,
            line,
            candidates,
            front,
            met,
            cut_from,
            cuts,
            spent_j,
            ..
        } = self;
        candidates.clear();
        *met = asked.reference.states[hold];
        let heats = field.heats(hold);
        let told = |it: &Choice| burn(it.engine_rad_s, it.engine_torque_nm, heats);
        match stage {
            Stage::Rest => {
                *cut_from = plan.cut_from(hold);
                if asked.foresight.is_some() {
                    *cuts = Cuts::new(cut_from.places(), &field.speeds);
                }
                field.rest(hold, &cuts.places, candidates);
            }
            Stage::Steady if heats => {
                candidates.push(Candidate::steady(heating(asked.strategy)));
            }
            Stage::Steady => {
                let Some([running, _]) = ahead.known() else {
                    // Those who see ahead may reach a speed by an engine that is throttled.
                    let foresees_limit = asked.foresight.is_none();
                    return Some(LaidOut::Grid {
                        strained_anyhow: ahead.is_open,
                        resting_w: foresees_limit.then(|| plan.resting_w()),
                        enough: asked.enough.or(ahead.enough()),
                    });
                };
                front.clear();
                ahead.keep(false, running, (spent_j, front));
                candidates.extend(front.iter().map(told).map(Candidate::steady));
            }
            Stage::Begin => {
                if let Some([_, starting]) = ahead.known().filter(|_| !heats) {
                    front.clear();
                    ahead.keep(true, starting, (spent_j, front));
                }
                let from_rad_s = field.off_from_rad_s(hold);
                let begin = |command| Candidate {
                    from_rad_s,
                    command,
                };
                candidates.extend(front.iter().map(told).map(begin));
                if asked.enough.is_some() && !heats {
                    // An engine that starts gives half a second's power: a little more may be
                    // worth while in that second than is while it burns. There is room beside.
                    let power_w = |it: &Command| it.engine_rad_s * it.engine_torque_nm;
                    let most_w = candidates
                        .first()
                        .map_or(f64::INFINITY, |it| power_w(&it.command));
                    let more = &line[line.partition_point(|it| power_w(it) <= most_w)..];
                    let room = candidates.len().next_multiple_of(F::LANES) - candidates.len();
                    candidates.extend(more.iter().take(room).map(|&command| begin(command)));
                }
            }
            Stage::Transitions => {
                let Foresight { transitions, .. } = asked.foresight.as_mut()?;
                let burning = plan.running_last().iter().map(told);
                let from = (&field.speeds, plan.spans[hold]);
                transitions.unknown(hold, from, burning, candidates);
                *met = transitions.reference().states[hold];
            }
        }
        Some(LaidOut::Candidates)
    }

    /// Takes what came of it.
    #[inline(always)]
    fn take(&mut self, stage: Stage, hold: usize, ahead: &Ahead<'a>) {
        let Self {
            asked: Planning { foresight, .. },
            field,
            plan,
            tried,
            kept,
            front,
            taken_w,
            spent_j,
            cuts,
            ..
        } = self;
        match (stage, foresight) {
            (Stage::Rest, foresight) => {
                let worth = foresight.as_ref().map(|it| it.fuel_j_per_charge_j);
                plan.rest_in((field, hold), cuts, tried, worth);
            }
            (Stage::Steady, foresight) => {
                let late_mps = keep(field, hold, tried, foresight.is_some(), (taken_w, kept));
                front.clear();
                front.extend(kept.iter().map(|&index| field.choice(&tried[index])));
                plan.run_in(late_mps, |choices| {
                    if ahead.known().is_some() {
                        choices.extend_from_slice(front);
                    } else {
                        ahead.keep(false, front, (spent_j, choices));
                    }
                });
                if late_mps > 0.0 {
                    // Nothing follows: the next hold starts from the fastest there is.
                    let ends = kept.iter().map(|&index| tried[index].end_mps);
                    field.start_slower(hold, ends.fold(0.0, f64::max));
                }
            }
            (Stage::Begin, foresight) => {
                let missed = plan.seconds[hold].late_mps > 0.0;
                let able = |index: &usize| missed || field.follows(hold, &tried[*index]);
                kept.clear();
                kept.extend((0..tried.len()).filter(able));
                leave_front(tried, foresight.is_some(), taken_w, kept);
                front.clear();
                front.extend(kept.iter().map(|&index| field.choice(&tried[index])));
                plan.begin_in(|choices| ahead.keep(true, front, (spent_j, choices)));
            }
            (Stage::Transitions, None) => {}
            (Stage::Transitions, Some(foresight)) => {
                let (worth, known) = (foresight.fuel_j_per_charge_j, &mut foresight.transitions);
                known.learn(hold, &plan.speeds, tried, |it| field.late_j(hold, it));
                let begin = plan.changes.len();
                let Plan {
                    seconds,
                    choices,
                    changes,
                    ..
                } = plan;
                if let Some(second) = seconds.last_mut() {
                    second.changes_begin = begin;
                    let running = &choices[second.running.clone()];
                    changes.extend(known.changes(hold, running, worth));
                }
            }
        }
    }
}
