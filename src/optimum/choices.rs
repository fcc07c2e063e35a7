//! All that the car could do in every second of a cycle.

use super::Speeds;
use super::reference::{Forced, Reference};
use super::trials::{Candidate, Changes, Field, Tried};
use crate::control::Command;
use crate::cycle::Kinematics;
use crate::lanes::{Instructions, Number, Work};
use crate::vehicle::{Plant, State, Strategy, WarmUp};
use std::array::from_fn;
use std::ops::Range;

/// Choices that are tried at once.
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
    /// Engine speed at the end, rad/s.
    pub end_rad_s: f64,
    /// The same among those that are told apart: [`Speeds::around`].
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
    /// What an engine without fuel costs more that still turns at each of [`Speeds`], J of
    /// fuel.
    pub still_turning_j: [f64; Speeds::COUNT],
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
    /// Tries everything of the grid in every hold. `kinematics` has steps of
    /// [`super::HOLD_S`]; the reference is a run over them. For foresight, changes of the
    /// engine's speed are valued, where a joule of charge has this worth in J of fuel, and all
    /// choices stay that no other beats in fuel and in charge; without, only those that are
    /// best at some worth.
    pub fn new(
        plant: &Plant,
        strategy: &Strategy,
        kinematics: &Kinematics,
        reference: &Reference,
        grid: &Grid,
        fuel_j_per_charge_j: Option<f64>,
    ) -> Self {
        Instructions::best().run::<WIDTH, _>(Planning {
            plant,
            strategy,
            kinematics,
            reference,
            grid,
            fuel_j_per_charge_j,
        })
    }

    /// What it costs to come to a hold with an engine without fuel that still turns, J of fuel.
    pub fn still_turning_j(&self, hold: usize, engine_rad_s: f64) -> f64 {
        let Some(second) = self.seconds.get(hold) else {
            return 0.0;
        };
        let idle_rad_s = self.speeds.rad_s(0);
        let slower = (engine_rad_s / idle_rad_s).clamp(0.0, 1.0);
        let at = self.speeds.around(engine_rad_s);
        slower * slower * Speeds::between(&second.still_turning_j, at)
    }

    /// What a burning engine could do in a hold, by falling fuel.
    pub fn running(&self, second: &Second) -> &[Choice] {
        &self.choices[second.running.clone()]
    }

    /// What these come to from each of [`Speeds`].
    pub fn changes(&self, second: &Second) -> &[Changes] {
        &self.changes[second.running.clone()]
    }

    /// What an engine without fuel could do that begins to burn, by falling fuel.
    pub fn starting(&self, second: &Second) -> &[Choice] {
        &self.choices[second.starting.clone()]
    }
}

/// A plan that is being made.
struct Planning<'a> {
    plant: &'a Plant,
    strategy: &'a Strategy,
    kinematics: &'a Kinematics,
    reference: &'a Reference,
    grid: &'a Grid,
    fuel_j_per_charge_j: Option<f64>,
}

impl Work for Planning<'_> {
    type Out = Plan;

    #[inline(always)]
    fn run<F: Number>(self) -> Plan {
        let Self {
            plant,
            strategy,
            kinematics,
            reference,
            grid,
            fuel_j_per_charge_j,
        } = self;
        let mut field = Field::<F>::new(plant, strategy, kinematics, reference);
        let mut plan = Plan {
            speeds: field.speeds,
            ..Plan::default()
        };
        let (mut candidates, mut tried, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for hold in 0..kinematics.intervals.len() {
            let forced = reference.forced[hold];
            candidates.clear();
            candidates.extend(
                commands(plant, strategy, forced, grid).map(|command| Candidate {
                    from_rad_s: command.engine_rad_s,
                    command,
                }),
            );
            field.try_all(hold, &candidates, &mut tried);
            let late_mps = keep(
                &field,
                hold,
                &tried,
                fuel_j_per_charge_j.is_some(),
                &mut kept,
            );
            plan.run_in(&field, hold, &candidates, &tried, &kept, late_mps);
            let steady: Vec<Tried> = kept.iter().map(|&index| tried[index]).collect();

            plan.others(&field, hold, fuel_j_per_charge_j.is_some(), &mut candidates);
            field.try_all(hold, &candidates, &mut tried);
            plan.start_stop_and_change(
                &field,
                hold,
                (&candidates, &tried),
                &steady,
                fuel_j_per_charge_j,
                &mut kept,
            );
            if late_mps > 0.0 {
                // Nothing follows: the next hold starts from the fastest there is.
                field.start_slower(hold, steady.iter().map(|it| it.end_mps).fold(0.0, f64::max));
            }
        }
        plan
    }
}

/// Finds which of the choices of a hold stay, by falling fuel, and how much slower than asked
/// the car ends whatever it does, m/s.
fn keep<F: Number>(
    field: &Field<'_, F>,
    hold: usize,
    tried: &[Tried],
    foresight: bool,
    kept: &mut Vec<usize>,
) -> f64 {
    let faster = |a: &usize, b: &usize| tried[*a].end_mps.total_cmp(&tried[*b].end_mps);
    let fastest = (0..tried.len()).max_by(faster).unwrap_or(0);
    let late_mps = tried
        .get(fastest)
        .map_or(0.0, |it| field.late_mps(hold, it));
    kept.clear();
    if late_mps > 0.0 {
        kept.push(fastest);
    } else {
        kept.extend((0..tried.len()).filter(|&index| field.follows(hold, &tried[index])));
        front(tried, kept, foresight);
    }
    late_mps
}

impl Plan {
    /// Takes what a burning engine could do in a hold.
    fn run_in<F: Number>(
        &mut self,
        field: &Field<'_, F>,
        hold: usize,
        candidates: &[Candidate],
        tried: &[Tried],
        kept: &[usize],
        late_mps: f64,
    ) {
        let begin = self.choices.len();
        let choice = |&index: &usize| field.choice(&candidates[index], &tried[index]);
        self.choices.extend(kept.iter().map(choice));
        let interval = field.interval(hold);
        self.seconds.push(Second {
            start_s: interval.start_s,
            hold_s: interval.dt_s,
            off_rad_s: field.off_rad_s(hold),
            forced: field.forced(hold),
            state: *field.state(hold),
            late_mps,
            off: None,
            stops: [None; Speeds::COUNT],
            still_turning_j: [0.0; Speeds::COUNT],
            running: begin..self.choices.len(),
            starting: 0..0,
        });
    }

    /// What has to be tried beside in the last hold: to stay without fuel, to stop from every
    /// speed, to begin with each choice, and to come to each from every speed.
    fn others<F: Number>(
        &self,
        field: &Field<'_, F>,
        hold: usize,
        changes: bool,
        others: &mut Vec<Candidate>,
    ) {
        others.clear();
        let Some(second) = self.seconds.last() else {
            return;
        };
        let turning = (0..Speeds::COUNT).map(|place| field.speeds.rad_s(place));
        let off_from_rad_s = field.off_from_rad_s(hold);
        let off = Command {
            turn: second.off_rad_s > 0.0,
            engine_rad_s: second.off_rad_s,
            ..Command::OFF
        };
        let from = |command: Command| {
            move |from_rad_s: f64| Candidate {
                from_rad_s,
                command,
            }
        };
        others.push(from(off)(off_from_rad_s));
        others.extend(turning.clone().map(from(off)));
        let late_spark = second.forced == Forced::LateSpark;
        let burns = |it: &Choice| burn(it.engine_rad_s, it.engine_torque_nm, late_spark);
        let running = self.running(second).iter();
        others.extend(running.clone().map(|it| from(burns(it))(off_from_rad_s)));
        for choice in running.filter(|_| changes) {
            others.extend(turning.clone().map(from(burns(choice))));
        }
    }

    /// Takes what came of [`Self::others`].
    fn start_stop_and_change<F: Number>(
        &mut self,
        field: &Field<'_, F>,
        hold: usize,
        (candidates, tried): (&[Candidate], &[Tried]),
        steady: &[Tried],
        fuel_j_per_charge_j: Option<f64>,
        kept: &mut Vec<usize>,
    ) {
        let begin = self.choices.len();
        let Some(second) = self.seconds.last_mut() else {
            return;
        };
        let able = |index: usize| {
            let follows = field.follows(hold, &tried[index]);
            follows.then(|| field.choice(&candidates[index], &tried[index]))
        };
        if second.forced == Forced::Free {
            second.off = able(0);
            second.stops = from_fn(|place| able(1 + place));
        }
        let (starts, changes) = tried[1 + Speeds::COUNT..].split_at(steady.len());
        kept.clear();
        let missed = second.late_mps > 0.0;
        let able = |index: &usize| missed || field.follows(hold, &starts[*index]);
        kept.extend((0..starts.len()).filter(able));
        front(starts, kept, fuel_j_per_charge_j.is_some());
        let commands = &candidates[1 + Speeds::COUNT..];
        let choice = |&index: &usize| field.choice(&commands[index], &starts[index]);
        self.choices.extend(kept.iter().map(choice));
        second.starting = begin..self.choices.len();
        self.changes.resize(begin, Changes::default());
        if let Some(worth) = fuel_j_per_charge_j {
            if second.off.is_some() {
                second.still_turning_j = field.changes(hold, &tried[0], &tried[1..], worth).cost_j;
            }
            let running = self.changes[second.running.clone()].iter_mut();
            let (changes, _) = changes.as_chunks::<{ Speeds::COUNT }>();
            for (changed, (steady, tried)) in running.zip(steady.iter().zip(changes)) {
                *changed = field.changes(hold, steady, tried, worth);
            }
        }
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

/// Leaves only what no other beats in fuel and in charge, by falling fuel; without foresight
/// only what is best at some worth of charge: the corners of that line.
fn front(tried: &[Tried], kept: &mut Vec<usize>, foresight: bool) {
    kept.sort_unstable_by(|&a, &b| {
        let (a, b) = (&tried[a], &tried[b]);
        let by_charge = a.taken_w().total_cmp(&b.taken_w());
        by_charge.then(a.fuel_j.total_cmp(&b.fuel_j))
    });
    let mut last = 0;
    for index in 0..kept.len() {
        let next = kept[index];
        if last > 0 && tried[next].fuel_j >= tried[kept[last - 1]].fuel_j {
            continue;
        }
        while !foresight && last > 1 {
            let [first, middle] = [&tried[kept[last - 2]], &tried[kept[last - 1]]];
            let saved = |to: &Tried| {
                (first.fuel_j - to.fuel_j) / (to.charge_j - first.charge_j).max(f64::MIN_POSITIVE)
            };
            if saved(&tried[next]) < saved(middle) {
                break;
            }
            last -= 1;
        }
        kept[last] = next;
        last += 1;
    }
    kept.truncate(last);
}
