//! All that the car could do in every second of a cycle.

use super::reference::{Forced, Reference};
use super::trials::{Candidate, Field, Tried};
use super::{HOLD_S, Speeds};
use crate::control::Command;
use crate::cycle::{Cycle, Kinematics};
use crate::vehicle::{Plant, State, Strategy, WarmUp};
use std::array::from_fn;
use std::ops::Range;

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
    /// How much slower than asked the car ends whatever it does, m/s.
    pub late_mps: f64,
    /// State of the reference at its start.
    pub state: State,
    /// Without fuel before and now; none where the car cannot do it.
    pub off: Option<Choice>,
    /// Fuel is cut, from each of [`Speeds`]; none where the car cannot do it.
    pub stops: [Option<Choice>; Speeds::COUNT],
    running: Range<usize>,
    starting: Range<usize>,
}

/// All choices of a cycle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Its holds.
    pub seconds: Vec<Second>,
    /// Those of burning engines of all holds, then those that begin to burn.
    choices: Vec<Choice>,
    /// By the choices of burning engines.
    changes: Vec<Changes>,
    /// Engine speeds that are told apart.
    pub speeds: Speeds,
}

impl Plan {
    /// Cuts a cycle into holds of the planning clock.
    pub fn clock(cycle: &Cycle) -> Kinematics {
        Kinematics::new(cycle, HOLD_S)
    }

    /// Tries everything of the grid in every hold. `kinematics` has the steps of
    /// [`Plan::clock`]; the reference is a run over them. Changes of the engine's speed are
    /// valued where a joule of charge is given a worth, in J of fuel: only foresight asks.
    pub fn new(
        plant: &Plant,
        strategy: &Strategy,
        kinematics: &Kinematics,
        reference: &Reference,
        grid: &Grid,
        fuel_j_per_charge_j: Option<f64>,
    ) -> Self {
        let mut field = Field::new(plant, strategy, kinematics, reference);
        let mut plan = Self {
            speeds: field.speeds,
            ..Self::default()
        };
        plan.run_in_all(&mut field, plant, strategy, kinematics, reference, grid);
        let others = plan.others(&field, fuel_j_per_charge_j.is_some());
        let tried = field.try_all(&others);
        let tried: Vec<_> = others.into_iter().zip(tried).collect();
        plan.start_stop_and_change(&field, &tried, fuel_j_per_charge_j);
        let n = plan.seconds.len();
        let r: usize = plan.seconds.iter().map(|s| s.running.len()).sum();
        let st: usize = plan.seconds.iter().map(|s| s.starting.len()).sum();
        let im = plan.changes.iter().flatten().filter(|c| **c > 1e5).count();
        eprintln!(
            "holds {n} running {} starting {} changes>1e5 {} of {}",
            r / n,
            st / n,
            im,
            10 * r
        );
        plan
    }

    /// Finds what a burning engine could do in every hold.
    fn run_in_all(
        &mut self,
        field: &mut Field<'_>,
        plant: &Plant,
        strategy: &Strategy,
        kinematics: &Kinematics,
        reference: &Reference,
        grid: &Grid,
    ) {
        let holds = &kinematics.intervals;
        let (mut candidates, mut ranges) = (Vec::new(), Vec::with_capacity(holds.len()));
        for hold in 0..holds.len() {
            let begin = candidates.len();
            let commands = commands(plant, strategy, reference.forced[hold], grid);
            candidates.extend(commands.map(|command| Candidate {
                hold,
                from_rad_s: command.engine_rad_s,
                command,
            }));
            ranges.push(begin..candidates.len());
        }
        let mut tried = field.try_all(&candidates);
        for (hold, interval) in holds.iter().enumerate() {
            let range = ranges[hold].clone();
            let faster = |a: &usize, b: &usize| tried[*a].end_mps.total_cmp(&tried[*b].end_mps);
            let fastest = range.clone().max_by(faster).unwrap_or(range.start);
            let fastest_mps = tried[fastest].end_mps;
            let late_mps = field.late_mps(hold, &tried[fastest]);
            let begin = self.choices.len();
            if late_mps > 0.0 {
                // Nothing follows: the next hold starts from the fastest there is.
                let choice = field.choice(&candidates[fastest], &tried[fastest]);
                self.choices.push(choice);
                if let Some(next) = ranges.get(hold + 1) {
                    field.start_slower(hold, fastest_mps);
                    let again = field.try_all(&candidates[next.clone()]);
                    tried[next.clone()].copy_from_slice(&again);
                }
            } else {
                let pairs = candidates[range.clone()].iter().zip(&tried[range]);
                let follow = pairs.filter(|(_, tried)| field.follows(hold, tried));
                let choices = follow.map(|(candidate, tried)| field.choice(candidate, tried));
                self.choices.extend(choices);
                let kept = front(&mut self.choices[begin..]);
                self.choices.truncate(begin + kept);
            }
            self.seconds.push(Second {
                start_s: interval.start_s,
                hold_s: interval.dt_s,
                off_rad_s: field.off_rad_s(hold),
                forced: reference.forced[hold],
                state: reference.states[hold],
                late_mps,
                off: None,
                stops: [None; Speeds::COUNT],
                running: begin..self.choices.len(),
                starting: 0..0,
            });
        }
    }

    /// What has to be tried beside, hold by hold: to stay without fuel, to stop from every
    /// speed, to begin with each choice, and to come to each from every speed.
    fn others(&self, field: &Field<'_>, changes: bool) -> Vec<Candidate> {
        let mut others = Vec::new();
        let turning = (0..Speeds::COUNT).map(|place| field.speeds.rad_s(place));
        for (hold, second) in self.seconds.iter().enumerate() {
            let off_from_rad_s = field.off_from_rad_s(hold);
            let off = Command {
                turn: second.off_rad_s > 0.0,
                engine_rad_s: second.off_rad_s,
                ..Command::OFF
            };
            let mut try_from = |command: Command, from_rad_s: f64| {
                others.push(Candidate {
                    hold,
                    from_rad_s,
                    command,
                });
            };
            try_from(off, off_from_rad_s);
            turning.clone().for_each(|from| try_from(off, from));
            let late_spark = second.forced == Forced::LateSpark;
            let burns = |it: &Choice| burn(it.engine_rad_s, it.engine_torque_nm, late_spark);
            for choice in self.running(second) {
                try_from(burns(choice), off_from_rad_s);
            }
            for choice in self.running(second).iter().filter(|_| changes) {
                turning
                    .clone()
                    .for_each(|from| try_from(burns(choice), from));
            }
        }
        others
    }

    /// Takes what came of [`Self::others`].
    fn start_stop_and_change(
        &mut self,
        field: &Field<'_>,
        mut tried: &[(Candidate, Tried)],
        fuel_j_per_charge_j: Option<f64>,
    ) {
        let mut take = |count: usize| {
            let (taken, left) = tried.split_at(count.min(tried.len()));
            tried = left;
            taken
        };
        for hold in 0..self.seconds.len() {
            let running = self.seconds[hold].running.clone();
            let free = self.seconds[hold].forced == Forced::Free;
            let missed = self.seconds[hold].late_mps > 0.0;
            let able = |(candidate, tried): &(Candidate, Tried), any: bool| {
                (any || field.follows(hold, tried)).then(|| field.choice(candidate, tried))
            };
            let off = take(1).first().filter(|_| free);
            let off = off.and_then(|pair| able(pair, false));
            let stopped = take(Speeds::COUNT);
            let stops = from_fn(|place| able(stopped.get(place).filter(|_| free)?, false));
            let begin = self.choices.len();
            let started = take(running.len()).iter();
            self.choices
                .extend(started.filter_map(|pair| able(pair, missed)));
            let kept = front(&mut self.choices[begin..]);
            self.choices.truncate(begin + kept);
            for steady in running {
                let late_mps = self.seconds[hold].late_mps;
                let steady = &self.choices[steady];
                let value = |worth| field.changes(steady, late_mps, take(Speeds::COUNT), worth);
                let changes = fuel_j_per_charge_j.map_or([0.0; Speeds::COUNT], value);
                self.changes.push(changes);
            }
            let second = &mut self.seconds[hold];
            (second.off, second.stops) = (off, stops);
            second.starting = begin..self.choices.len();
        }
    }

    /// What a burning engine could do in a hold, by falling fuel.
    pub fn running(&self, second: &Second) -> &[Choice] {
        &self.choices[second.running.clone()]
    }

    /// What these cost more from each of [`Speeds`].
    pub fn changes(&self, second: &Second) -> &[Changes] {
        &self.changes[second.running.clone()]
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
