//! All that the car could do in every second of a cycle.

use super::reference::{Forced, Reference};
use super::{HOLD_S, Speeds};
use crate::control::Command;
use crate::cycle::{Cycle, Interval, Kinematics};
use crate::lanes::{Beside, Instructions, Number, Work};
use crate::sim::{Flows, step};
use crate::vehicle::{Plant, State, Strategy, WarmUp};
use std::array::from_fn;
use std::iter::once;
use std::ops::Range;

/// How much slower than asked a choice may leave the car, m/s.
const MISS_MPS: f64 = 0.01;
/// Fuel that a change of engine speed counts as which leaves the car slower than asked, J per
/// m/s: more than what it saves.
const LATE_J_PER_MPS: f64 = 1e6;
/// Cars that are tried at once.
const WIDTH: usize = 8;

/// How finely choices are laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Engine powers from idling to the largest.
    pub powers: usize,
    /// Engine speeds for each, over the one that needs the least fuel.
    pub speeds: Vec<f64>,
}

impl Default for Grid {
    fn default() -> Self {
        Self {
            powers: 25,
            speeds: vec![0.85, 1.0, 1.2, 1.5],
        }
    }
}

/// One thing the car could do for a hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Engine speed, rad/s.
    pub engine_rad_s: f64,
    /// The engine's speed at the end among those that are told apart: [`Speeds::around`].
    pub ends_at: (usize, f64),
    /// Engine torque, N·m.
    pub engine_torque_nm: f64,
    /// Fuel, J.
    pub fuel_j: f64,
    /// Mean power at the battery's terminals, W.
    pub battery_w: f64,
    /// How much slower than asked the car ends, m/s.
    pub late_mps: f64,
    /// Power that goes out of the turning parts beyond those of an engine at rest, W: with it,
    /// what the choice takes from charge and turning energy together.
    pub swing_w: f64,
}

impl Choice {
    /// Power taken from charge and turning energy, W.
    fn taken_w(&self) -> f64 {
        self.battery_w + self.swing_w
    }
}

/// What a choice costs more than from its own speed, J of fuel, from each of [`Speeds`].
pub type Changes = [f64; Speeds::COUNT];

/// One hold of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Second {
    /// When it starts, s.
    pub start_s: f64,
    /// How long it lasts, s.
    pub hold_s: f64,
    /// Speed of the engine without fuel: at rest, or turned for MG1's sake, rad/s.
    pub off_rad_s: f64,
    /// What the engine has to do.
    pub forced: Forced,
    /// State of the reference at its start.
    pub state: State,
    /// Without fuel before and now; none where the car cannot do it.
    pub off: Option<Choice>,
    /// Fuel is cut, from each of [`Speeds`]; none where the car cannot do it.
    pub stops: [Option<Choice>; Speeds::COUNT],
    running: Range<usize>,
    changes: Range<usize>,
    starting: Range<usize>,
}

/// All choices of a cycle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Its holds.
    pub seconds: Vec<Second>,
    /// How much of the wanted speed no choice reaches: hold and miss in m/s.
    pub missed: Vec<(usize, f64)>,
    choices: Vec<Choice>,
    /// By the choices of a burning engine.
    changes: Vec<Changes>,
    /// Engine speeds that are told apart.
    pub speeds: Speeds,
}

/// Something to be tried in a hold.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    from_rad_s: f64,
    command: Command,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
struct Tried {
    fuel_w: f64,
    battery_w: f64,
    end_mps: f64,
    end_rad_s: f64,
}

impl Plan {
    /// Cuts a cycle into holds of the planning clock.
    pub fn clock(cycle: &Cycle) -> Kinematics {
        Kinematics::new(cycle, HOLD_S)
    }

    /// Tries everything of the grid in every hold. `kinematics` has the steps of
    /// [`Plan::clock`]; the reference is a run over them.
    pub fn new(
        plant: &Plant,
        strategy: &Strategy,
        kinematics: &Kinematics,
        reference: &Reference,
        grid: &Grid,
        fuel_j_per_charge_j: f64,
    ) -> Self {
        let holds = &kinematics.intervals;
        let off_rad_s = |hold: usize| match reference.ceiling[hold] {
            true => strategy.spin_rad_s,
            false => 0.0,
        };
        // At the start of a hold an engine without fuel turns as the hold before asked.
        let off_from = |hold: usize| match hold {
            0 => reference.states[0].engine_rad_s,
            later => off_rad_s(later - 1),
        };
        let mut candidates: Vec<(usize, Candidate)> = Vec::new();
        let mut ranges = Vec::with_capacity(holds.len());
        for hold in 0..holds.len() {
            let begin = candidates.len();
            let commands = commands(plant, strategy, reference.forced[hold], grid);
            candidates.extend(commands.map(|command| {
                let from_rad_s = command.engine_rad_s;
                (
                    hold,
                    Candidate {
                        from_rad_s,
                        command,
                    },
                )
            }));
            ranges.push(begin..candidates.len());
        }
        let mut field = Field::new(plant, kinematics, reference);
        let mut tried = field.try_all(&candidates);
        let follows =
            |hold: usize, tried: &Tried| tried.end_mps > holds[hold].target_mps - MISS_MPS;
        // Where nothing follows, the next hold starts from the fastest there is.
        for hold in 0..holds.len() {
            let ends = tried[ranges[hold].clone()].iter();
            let fastest_mps = ends.map(|tried| tried.end_mps).fold(0.0, f64::max);
            let short = fastest_mps <= holds[hold].target_mps - MISS_MPS;
            if let (true, Some(next)) = (short, ranges.get(hold + 1)) {
                field.start_mps[hold + 1] = fastest_mps;
                let again = field.try_all(&candidates[next.clone()]);
                tried[next.clone()].copy_from_slice(&again);
            }
        }

        // Turning energy beyond that of an engine without fuel, J.
        let turning_j = |hold: usize, speed_mps: f64, engine_rad_s: f64| {
            let state = |engine_rad_s| State {
                speed_mps,
                engine_rad_s,
                ..reference.states[hold.min(holds.len() - 1)]
            };
            plant.kinetic_j(&state(engine_rad_s)) - plant.kinetic_j(&state(off_from(hold)))
        };
        let speeds = Speeds::of(&plant.engine);
        let choice = |hold: usize, candidate: &Candidate, tried: &Tried, runs: bool| {
            let interval = &holds[hold];
            let before_j = if runs {
                turning_j(hold, field.start_mps[hold], candidate.from_rad_s)
            } else {
                0.0
            };
            let after_j = turning_j(hold + 1, tried.end_mps, tried.end_rad_s);
            let late_mps = (holds[hold].target_mps - MISS_MPS - tried.end_mps).max(0.0);
            Choice {
                engine_rad_s: candidate.command.engine_rad_s,
                ends_at: speeds.around(tried.end_rad_s),
                engine_torque_nm: candidate.command.engine_torque_nm,
                fuel_j: tried.fuel_w * interval.dt_s,
                late_mps,
                battery_w: tried.battery_w,
                swing_w: (before_j - after_j) * interval.per_dt,
            }
        };

        let mut plan = Self {
            seconds: Vec::with_capacity(holds.len()),
            missed: Vec::new(),
            choices: Vec::new(),
            changes: Vec::new(),
            speeds,
        };
        let mut others: Vec<(usize, Candidate)> = Vec::new();
        let mut rest = candidates.iter().zip(&tried).peekable();
        for (hold, interval) in holds.iter().enumerate() {
            let begin = plan.choices.len();
            let mut fastest: Option<(f64, Choice)> = None;
            while let Some(((_, candidate), tried)) = rest.next_if(|((at, _), _)| *at == hold) {
                let choice = choice(hold, candidate, tried, true);
                if follows(hold, tried) {
                    plan.choices.push(choice);
                }
                if fastest.is_none_or(|(mps, _)| tried.end_mps > mps) {
                    fastest = Some((tried.end_mps, choice));
                }
            }
            if let (true, Some((mps, choice))) = (plan.choices.len() == begin, fastest) {
                plan.missed.push((hold, interval.target_mps - mps));
                plan.choices.push(choice);
            }
            let kept = front(&mut plan.choices[begin..]);
            plan.choices.truncate(begin + kept);
            let late_spark = reference.forced[hold] == Forced::LateSpark;
            let off = Command {
                turn: off_rad_s(hold) > 0.0,
                engine_rad_s: off_rad_s(hold),
                ..Command::OFF
            };
            let turning = (0..Speeds::COUNT).map(|place| speeds.rad_s(place));
            let cut_from = once(off_from(hold)).chain(turning.clone());
            others.extend(cut_from.map(|from_rad_s| {
                let command = off;
                (
                    hold,
                    Candidate {
                        from_rad_s,
                        command,
                    },
                )
            }));
            others.extend(plan.choices[begin..].iter().map(|choice| {
                let command = burn(choice.engine_rad_s, choice.engine_torque_nm, late_spark);
                let from_rad_s = off_from(hold);
                (
                    hold,
                    Candidate {
                        from_rad_s,
                        command,
                    },
                )
            }));
            for choice in &plan.choices[begin..] {
                let command = burn(choice.engine_rad_s, choice.engine_torque_nm, late_spark);
                others.extend(turning.clone().map(|from_rad_s| {
                    (
                        hold,
                        Candidate {
                            from_rad_s,
                            command,
                        },
                    )
                }));
            }
            plan.seconds.push(Second {
                start_s: interval.start_s,
                hold_s: interval.dt_s,
                off_rad_s: off_rad_s(hold),
                forced: reference.forced[hold],
                state: reference.states[hold],
                off: None,
                stops: [None; Speeds::COUNT],
                running: begin..plan.choices.len(),
                changes: 0..0,
                starting: 0..0,
            });
        }

        let tried = field.try_all(&others);
        let mut rest = others.iter().zip(&tried);
        for hold in 0..holds.len() {
            let mut next = |runs: bool, any: bool| {
                let ((_, candidate), tried) = rest.next()?;
                let choice = choice(hold, candidate, tried, runs);
                (any || follows(hold, tried)).then_some(choice)
            };
            let free = reference.forced[hold] == Forced::Free;
            let off = next(false, false);
            let stops: [_; Speeds::COUNT] = from_fn(|_| next(true, false).filter(|_| free));
            let count = plan.seconds[hold].running.len();
            let missed = plan.missed.iter().any(|(missed, _)| *missed == hold);
            let begin = plan.choices.len();
            for _ in 0..count {
                plan.choices.extend(next(false, missed));
            }
            let kept = front(&mut plan.choices[begin..]);
            plan.choices.truncate(begin + kept);
            let second = &mut plan.seconds[hold];
            (second.off, second.stops) = (off.filter(|_| free), stops);
            second.starting = begin..plan.choices.len();
            second.changes = plan.changes.len()..plan.changes.len() + count;
            for steady in second.running.clone() {
                let spent = |choice: &Choice| {
                    choice.fuel_j + fuel_j_per_charge_j * field.charge_j(hold, choice)
                };
                let own_j = spent(&plan.choices[steady]);
                let late_mps = plan.choices[steady].late_mps;
                plan.changes.push(from_fn(|_| {
                    next(true, true).map_or(f64::INFINITY, |choice| {
                        let late_mps = (choice.late_mps - late_mps).max(0.0);
                        spent(&choice) - own_j + LATE_J_PER_MPS * late_mps
                    })
                }));
            }
        }
        plan
    }

    /// What a burning engine could do in a hold, by falling fuel.
    pub fn running(&self, second: &Second) -> &[Choice] {
        &self.choices[second.running.clone()]
    }

    /// What these cost more from each of [`Speeds`].
    pub fn changes(&self, second: &Second) -> &[Changes] {
        &self.changes[second.changes.clone()]
    }

    /// What an engine without fuel could do that begins to burn, by falling fuel.
    pub fn starting(&self, second: &Second) -> &[Choice] {
        &self.choices[second.starting.clone()]
    }
}

fn burn(engine_rad_s: f64, engine_torque_nm: f64, late_spark: bool) -> Command {
    Command {
        turn: true,
        fuel: true,
        engine_rad_s,
        engine_torque_nm,
        late_spark,
        ..Command::OFF
    }
}

/// What a burning engine may be told in a hold.
fn commands<'a>(
    plant: &'a Plant,
    strategy: &'a Strategy,
    forced: Forced,
    grid: &'a Grid,
) -> impl Iterator<Item = Command> + 'a {
    let engine = &plant.engine;
    let late_spark = forced == Forced::LateSpark;
    let WarmUp {
        speed_rad_s,
        torque_nm,
        ..
    } = strategy.warm_up;
    let held = late_spark.then(|| burn(speed_rad_s, torque_nm, true));
    let powers = if late_spark { 0 } else { grid.powers };
    let laid = (0..powers).flat_map(move |power| {
        // Finer where the engine runs most of its time.
        let share = power as f64 / (powers - 1) as f64;
        let power_w = engine.max_power_w * share * (0.35 + 0.65 * share);
        let best = engine.line_speed_rad_s(power_w);
        grid.speeds.iter().map(move |factor| {
            let rad_s = (best * factor)
                .max(engine.idle_rad_s)
                .min(engine.max_speed_rad_s);
            let torque_nm = (power_w / rad_s).min(engine.full_load_nm(rad_s));
            burn(rad_s, torque_nm, false)
        })
    });
    held.into_iter().chain(laid)
}

/// Sorts the choices that no other beats in fuel and in charge to the front, by falling fuel,
/// and gives how many they are.
fn front(choices: &mut [Choice]) -> usize {
    choices.sort_by(|a, b| {
        a.taken_w()
            .total_cmp(&b.taken_w())
            .then(a.fuel_j.total_cmp(&b.fuel_j))
    });
    let mut kept = 0;
    for index in 0..choices.len() {
        if kept == 0 || choices[index].fuel_j < choices[kept - 1].fuel_j {
            choices[kept] = choices[index];
            kept += 1;
        }
    }
    kept
}

/// Where candidates are tried.
struct Field<'a> {
    plant: &'a Plant,
    holds: &'a [Interval],
    reference: &'a Reference,
    /// Road speed at the start of every hold, m/s.
    start_mps: Vec<f64>,
}

impl<'a> Field<'a> {
    /// Every hold starts with the speed that was asked at the end of the one before.
    fn new(plant: &'a Plant, kinematics: &'a Kinematics, reference: &'a Reference) -> Self {
        let holds = &kinematics.intervals;
        let fastest_mps = plant.max_speed_mps;
        let asked = holds.iter().map(|hold| hold.target_mps.min(fastest_mps));
        let first = kinematics.start_mps.min(fastest_mps);
        Self {
            plant,
            holds,
            reference,
            start_mps: once(first).chain(asked).collect(),
        }
    }

    /// Charge and turning energy that a choice takes, J, at the middle of the window.
    fn charge_j(&self, hold: usize, choice: &Choice) -> f64 {
        let battery = &self.plant.battery;
        let soc = battery.middle_soc();
        let hold_s = self.holds[hold].dt_s;
        let state = State {
            soc,
            polarisation_v: 0.0,
            ..self.reference.states[hold]
        };
        let terminals = battery.terminals(&battery.pace(hold_s), &state);
        let used = battery.charge_used(&terminals, choice.battery_w, hold_s);
        used * battery.energy_per_soc_j(soc) + choice.swing_w * hold_s
    }

    /// Tries candidates, each in its hold.
    fn try_all(&self, candidates: &[(usize, Candidate)]) -> Vec<Tried> {
        let mut tried = vec![Tried::default(); candidates.len()];
        Instructions::best().run::<WIDTH, _>(Trials {
            field: self,
            candidates,
            tried: &mut tried,
        });
        tried
    }
}

struct Trials<'a> {
    field: &'a Field<'a>,
    candidates: &'a [(usize, Candidate)],
    tried: &'a mut [Tried],
}

impl Work for Trials<'_> {
    type Out = ();

    #[inline(always)]
    fn run<F: Number>(self) {
        let Field {
            plant,
            holds,
            reference,
            ref start_mps,
        } = *self.field;
        let plant: Plant<F> = Plant::beside(&|_| plant);
        let battery = &plant.battery;
        let mut flows = Flows::default();
        let mut begin = 0;
        while begin < self.candidates.len() {
            // Lanes of one hold; the last fills those that are left.
            let hold = self.candidates[begin].0;
            let mut end = begin + 1;
            while end < self.candidates.len()
                && end - begin < F::LANES
                && self.candidates[end].0 == hold
            {
                end += 1;
            }
            let lane = |index: usize| &self.candidates[(begin + index).min(end - 1)].1;
            let before = &reference.states[hold];
            let interval = &holds[hold];
            let flag = |ask: fn(&Command) -> bool| {
                let asked = F::from_lanes(|index| f64::from(u8::from(ask(&lane(index).command))));
                asked.above(0.5)
            };
            let state = State {
                speed_mps: start_mps[hold].into(),
                engine_rad_s: F::from_lanes(|index| lane(index).from_rad_s),
                soc: battery.middle_soc(),
                polarisation_v: 0.0.into(),
                coolant_c: before.coolant_c.into(),
                battery_c: before.battery_c.into(),
            };
            let command = Command {
                turn: flag(|command| command.turn),
                fuel: flag(|command| command.fuel),
                engine_rad_s: F::from_lanes(|index| lane(index).command.engine_rad_s),
                engine_rad_s2: f64::INFINITY.into(),
                engine_torque_nm: F::from_lanes(|index| lane(index).command.engine_torque_nm),
                late_spark: flag(|command| command.late_spark),
                start: F::each(|_| None),
            };
            let pace = battery.pace(interval.dt_s);
            let terminals = battery.terminals(&pace, &state);
            let after = step(
                &plant, interval, &pace, &state, &terminals, &command, &mut flows,
            );
            for index in 0..end - begin {
                self.tried[begin + index] = Tried {
                    fuel_w: flows.fuel_w.lane(index),
                    battery_w: flows.battery_w.lane(index),
                    end_mps: after.speed_mps.lane(index),
                    end_rad_s: after.engine_rad_s.lane(index),
                };
            }
            begin = end;
        }
    }
}
