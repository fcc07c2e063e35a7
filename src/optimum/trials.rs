//! Trying things out: the step of the simulation, from any engine speed, in any hold.

use super::Speeds;
use super::choices::{Choice, Stop};
use super::enough::{Best, Enough, Last};
use super::reference::{Forced, Reference};
use crate::control::Command;
use crate::cycle::{Interval, Kinematics};
use crate::lanes::{Beside, Flags, Number};
use crate::sim::{Recorder, Simulated, step};
use crate::vehicle::{Plant, State, Strategy};
use std::iter::once;

/// How much slower than asked a choice may leave the car, m/s.
const MISS_MPS: f64 = 0.01;
/// Fuel that a change of engine speed counts as which leaves the car slower than asked, J per
/// m/s: more than what it saves.
const LATE_J_PER_MPS: f64 = 2.5e5;

/// Share of what the battery takes that it gets from an engine that is throttled for it: the
/// step does not find the limit exactly.
const THROTTLED: f64 = 0.97;
/// Share of it that is aimed at where that is done without a search.
const BELOW_LIMIT: f64 = 0.98;
/// Engine power for power into the battery: a little more than the electric path loses, as too
/// much is throttled and too little is not.
const ENGINE_W_PER_W: f64 = 1.05;

/// What an optimum counts for a car that ends a hold slower than asked, J of fuel.
pub fn late_j(asked_mps: f64, end_mps: f64) -> f64 {
    LATE_J_PER_MPS * (asked_mps - MISS_MPS - end_mps).max(0.0)
}

/// How far temperatures may be from those of a hold that is otherwise the same, K.
const SAME_K: f64 = 0.5;

/// Something to be tried in a hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) from_rad_s: f64,
    pub(super) command: Command,
}

impl Candidate {
    /// To burn, by an engine at that speed before.
    pub(super) fn steady(command: Command) -> Self {
        Self {
            from_rad_s: command.engine_rad_s,
            command,
        }
    }
}

/// Candidates that are tried at once.
pub(super) struct Trial<F: Number> {
    from_rad_s: F,
    command: Command<F>,
    /// How many there are; the last fills the lanes that are left.
    count: usize,
}

/// Candidates side by side, in their order: all are commands of one kind.
#[inline(always)]
pub(super) fn beside<F: Number>(candidates: &[Candidate], trials: &mut Vec<Trial<F>>) {
    for some in candidates.chunks(F::LANES) {
        let lane = |index: usize| &some[index.min(some.len() - 1)];
        let kind = &lane(0).command;
        debug_assert!(some.iter().all(|it| {
            let it = &it.command;
            (it.turn, it.fuel, it.late_spark) == (kind.turn, kind.fuel, kind.late_spark)
        }));
        let flag = |asked: bool| F::from(f64::from(u8::from(asked))).above(0.5);
        trials.push(Trial {
            from_rad_s: F::from_lanes(|index| lane(index).from_rad_s),
            command: Command {
                turn: flag(kind.turn),
                fuel: flag(kind.fuel),
                engine_rad_s: F::from_lanes(|index| lane(index).command.engine_rad_s),
                engine_rad_s2: f64::INFINITY.into(),
                engine_torque_nm: F::from_lanes(|index| lane(index).command.engine_torque_nm),
                late_spark: flag(kind.late_spark),
                start: F::each(|_| None),
            },
            count: some.len(),
        });
    }
}

/// What is tried in a hold.
pub(super) struct Tries<'a, F: Number> {
    /// By rising power: up to some that the battery throttles all.
    pub(super) rising: &'a [Trial<F>],
    /// What strains the engine, or anything else.
    pub(super) strained: &'a [Trial<F>],
    /// Whether that is tried even where the engine fills the battery without.
    pub(super) strained_anyhow: bool,
    /// Battery power without fuel, W, where those of rising power are to stay a little below
    /// what the battery takes: by it, and by those before, that is foreseen and need not be
    /// searched for. Infinite where the car does not follow so.
    pub(super) resting_w: Option<f64>,
    /// Where those of rising power end, of which so many of each power stand side by side.
    pub(super) enough: Option<Enough>,
    pub(super) of_a_power: usize,
}

/// What came of a candidate.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tried {
    /// Engine speed and torque it was told.
    engine_rad_s: f64,
    engine_torque_nm: f64,
    pub(super) fuel_j: f64,
    battery_w: f64,
    /// Power that goes out of the turning parts beyond those of an engine at rest, W.
    swing_w: f64,
    /// What it takes from charge and turning energy, at the middle of the window, J.
    pub(super) charge_j: f64,
    pub(super) end_mps: f64,
    pub(super) end_rad_s: f64,
}

impl Tried {
    /// Power taken from charge and turning energy, W.
    #[inline]
    pub(super) fn taken_w(&self) -> f64 {
        self.battery_w + self.swing_w
    }
}

/// What a step takes, from tank and battery, and the torque that the engine does it with.
#[derive(Default)]
struct Drawn<F> {
    engine_torque_nm: F,
    fuel_w: F,
    battery_w: F,
}

impl<F: Number> Recorder<F> for Drawn<F> {
    #[inline(always)]
    fn begin(&mut self, _: &Plant<F>, _: &State<F>) {}
    #[inline(always)]
    fn record(&mut self, _: &Plant<F>, step: &Simulated<'_, F>) {
        self.engine_torque_nm = step.flows.engine_torque_nm;
        self.fuel_w = step.flows.fuel_w;
        self.battery_w = step.flows.battery_w;
    }
}

/// Where candidates are tried.
pub(super) struct Field<'a, F: Number> {
    plant: Plant<F>,
    holds: &'a [Interval],
    reference: &'a Reference,
    spin_rad_s: f64,
    pub(super) speeds: Speeds,
    /// Whether it matters which of them the engine ends at.
    sees_ahead: bool,
    /// Road speed at the start of every hold, m/s.
    start_mps: Vec<f64>,
    energy_per_soc_j: f64,
}

impl<'a, F: Number> Field<'a, F> {
    /// Every hold starts with the speed that was asked at the end of the one before.
    #[inline(always)]
    pub(super) fn new(
        (plant, strategy): (&Plant, &Strategy),
        (kinematics, reference): (&'a Kinematics, &'a Reference),
        sees_ahead: bool,
    ) -> Self {
        let holds = &kinematics.intervals;
        let fastest_mps = plant.max_speed_mps;
        let asked = holds.iter().map(|hold| hold.target_mps.min(fastest_mps));
        let first = kinematics.start_mps.min(fastest_mps);
        Self {
            holds,
            reference,
            spin_rad_s: strategy.spin_rad_s,
            speeds: Speeds::of(&plant.engine),
            sees_ahead,
            start_mps: once(first).chain(asked).collect(),
            energy_per_soc_j: plant.battery.energy_per_soc_j(plant.battery.middle_soc()),
            plant: Plant::beside(&|_| plant),
        }
    }

    /// The step of a hold.
    pub(super) fn interval(&self, hold: usize) -> &Interval {
        &self.holds[hold]
    }

    /// Whether the engine heats its catalyst in a hold.
    pub(super) fn heats(&self, hold: usize) -> bool {
        self.forced(hold) == Forced::LateSpark
    }

    /// What the engine has to do in a hold.
    pub(super) fn forced(&self, hold: usize) -> Forced {
        self.reference.forced[hold]
    }

    /// Whether the reference burns in a hold.
    pub(super) fn burns(&self, hold: usize) -> bool {
        self.reference.burns[hold]
    }

    /// [`Reference::contrary_v`].
    pub(super) fn contrary_v(&self, hold: usize) -> Option<f64> {
        self.reference.contrary_v(hold)
    }

    /// State of the reference at the start of a hold.
    pub(super) fn state(&self, hold: usize) -> &State {
        &self.reference.states[hold]
    }

    /// Speed that an engine without fuel is to have in a hold, rad/s.
    pub(super) fn off_rad_s(&self, hold: usize) -> f64 {
        if self.reference.ceiling[hold] {
            self.spin_rad_s
        } else {
            0.0
        }
    }

    /// Speed of an engine without fuel at the start of a hold: what the hold before asked.
    pub(super) fn off_from_rad_s(&self, hold: usize) -> f64 {
        match hold {
            0 => self.reference.states[0].engine_rad_s,
            later => self.off_rad_s(later - 1),
        }
    }

    /// Whether what can be done in a hold is what could be done in one before: the road asks the
    /// same of a car in the same state.
    pub(super) fn repeats(&self, hold: usize, of: usize) -> bool {
        let asked = |hold: usize| {
            let it = &self.holds[hold];
            let road = [it.dt_s, it.target_mps, it.sine, it.cosine, it.aux_w];
            let off_rad_s = [self.off_from_rad_s(hold), self.off_rad_s(hold)];
            (road, self.start_mps[hold], off_rad_s, self.forced(hold))
        };
        let (here, there) = (self.state(hold), self.state(of));
        asked(hold) == asked(of)
            && (here.coolant_c - there.coolant_c).abs() < SAME_K
            && (here.battery_c - there.battery_c).abs() < SAME_K
    }

    /// Lays out what may come of no fuel in a hold: to stay without, and to cut it at some of the
    /// speeds.
    pub(super) fn rest(&self, hold: usize, cuts: &[usize], candidates: &mut Vec<Candidate>) {
        let off_rad_s = self.off_rad_s(hold);
        let command = Command {
            turn: off_rad_s > 0.0,
            engine_rad_s: off_rad_s,
            ..Command::OFF
        };
        let stops = cuts.iter().map(|place| self.speeds.rad_s(*place));
        let from = once(self.off_from_rad_s(hold)).chain(stops);
        candidates.extend(from.map(|from_rad_s| Candidate {
            from_rad_s,
            command,
        }));
    }

    /// Whether the car ends as fast as asked.
    #[inline]
    pub(super) fn follows(&self, hold: usize, tried: &Tried) -> bool {
        self.late_mps(hold, tried) <= 0.0
    }

    /// How much slower than asked it ends, m/s.
    #[inline]
    pub(super) fn late_mps(&self, hold: usize, tried: &Tried) -> f64 {
        (self.holds[hold].target_mps - MISS_MPS - tried.end_mps).max(0.0)
    }

    /// The hold after this one starts slower than asked.
    pub(super) fn start_slower(&mut self, hold: usize, speed_mps: f64) {
        self.start_mps[hold + 1] = speed_mps;
    }

    /// What was tried, as a choice.
    #[inline]
    pub(super) fn choice(&self, tried: &Tried) -> Choice {
        Choice {
            engine_rad_s: tried.engine_rad_s,
            end_rad_s: tried.end_rad_s,
            ends_at: if self.sees_ahead {
                self.speeds.around(tried.end_rad_s)
            } else {
                (0, 0.0)
            },
            engine_torque_nm: tried.engine_torque_nm,
            fuel_j: tried.fuel_j,
            battery_w: tried.battery_w,
            swing_w: tried.swing_w,
        }
    }

    /// What was tried without fuel, as a stop; none where the car does not follow.
    #[inline]
    pub(super) fn stop(&self, hold: usize, tried: &Tried) -> Option<Stop> {
        self.follows(hold, tried).then_some(Stop {
            end_rad_s: tried.end_rad_s as f32,
            battery_w: tried.battery_w as f32,
            swing_w: tried.swing_w as f32,
        })
    }

    /// What ending slower than asked counts as, J of fuel.
    #[inline]
    pub(super) fn late_j(&self, hold: usize, tried: &Tried) -> f64 {
        late_j(self.holds[hold].target_mps, tried.end_mps)
    }

    /// Tries candidates in a hold at the temperatures of a state.
    #[inline(always)]
    pub(super) fn try_all(
        &self,
        hold: usize,
        met: &State,
        tries: &Tries<'_, F>,
        tried: &mut Vec<Tried>,
    ) {
        tried.clear();
        let Tries {
            rising, strained, ..
        } = tries;
        let (plant, interval) = (&self.plant, &self.holds[hold]);
        let battery = &plant.battery;
        let pace = battery.pace(interval.dt_s);
        let at_rest = State {
            speed_mps: self.start_mps[hold].into(),
            engine_rad_s: 0.0.into(),
            soc: battery.middle_soc(),
            polarisation_v: 0.0.into(),
            coolant_c: met.coolant_c.into(),
            battery_c: met.battery_c.into(),
        };
        let terminals = battery.terminals(&pace, &at_rest);
        let off_rad_s = [self.off_from_rad_s(hold), self.off_from_rad_s(hold + 1)];
        let mut next = 0;
        let mut best = tries.enough.map(Best::unknown);
        // What the engine may give.
        let room_w = terminals.charge_limit_w * BELOW_LIMIT;
        let mut most_w = tries.resting_w.map(|resting_w| {
            let left_w = room_w + F::from(resting_w);
            (left_w * ENGINE_W_PER_W).at_least(0.0)
        });
        while let Some(trial) = rising
            .get(next)
            .or_else(|| strained.get(next - rising.len()))
        {
            next += 1;
            let state = State {
                engine_rad_s: trial.from_rad_s,
                ..at_rest
            };
            let of_grid = next <= rising.len();
            let mut command = trial.command.clone();
            if let Some(most_w) = most_w.filter(|_| of_grid) {
                let most_nm = most_w / command.engine_rad_s;
                command.engine_torque_nm = command.engine_torque_nm.at_most(most_nm);
            }
            let mut drawn = Drawn::default();
            let after = step(
                plant, interval, &pace, &state, &terminals, &command, &mut drawn,
            );
            let swung_j =
                turning_j(plant, &state, off_rad_s[0]) - turning_j(plant, &after, off_rad_s[1]);
            let used = battery.charge_used(&terminals, drawn.battery_w, interval.dt_s);
            let charge_j = used * self.energy_per_soc_j + swung_j;
            let fuel_j = drawn.fuel_w * interval.dt_s;
            let taken = [fuel_j, drawn.battery_w, swung_j * interval.per_dt, charge_j];
            let [fuel_each_j, battery_w, swing_w, charge_each_j] = taken.map(F::lanes);
            let [end_mps, end_rad_s] = [after.speed_mps, after.engine_rad_s].map(F::lanes);
            let asked = &trial.command;
            let told = [asked.engine_rad_s, asked.engine_torque_nm].map(F::lanes);
            let of = |each: &F::Each<f64>, index: usize| *F::of_lane(each, index);
            tried.extend((0..trial.count).map(|index| Tried {
                engine_rad_s: of(&told[0], index),
                engine_torque_nm: of(&told[1], index),
                fuel_j: of(&fuel_each_j, index),
                battery_w: of(&battery_w, index),
                swing_w: of(&swing_w, index),
                charge_j: of(&charge_each_j, index),
                end_mps: of(&end_mps, index),
                end_rad_s: of(&end_rad_s, index),
            }));
            if !of_grid {
                continue;
            }
            let fed_w = -drawn.battery_w;
            let on_time = !after.speed_mps.below(interval.target_mps - MISS_MPS);
            if let Some(best) = &mut best {
                let last = Last {
                    fuel_j,
                    battery_w: drawn.battery_w,
                    charge_j,
                    on_time,
                };
                if !best.leave(&last, (trial.count, tries.of_a_power), tried) {
                    return;
                }
            }
            let mut free = !fed_w.above(terminals.charge_limit_w * THROTTLED);
            if let Some(most_w) = &mut most_w {
                free = free & !asked.engine_torque_nm.above(command.engine_torque_nm);
                let engine_w = drawn.engine_torque_nm * command.engine_rad_s;
                let foreseen_w = engine_w + (room_w - fed_w) * ENGINE_W_PER_W;
                *most_w = (free & on_time).pick(foreseen_w, *most_w);
                if !(trial.count / 2..trial.count).any(|index| free.lane(index)) {
                    return;
                }
            }
            if !free.any() {
                // Where even the weakest are, the brakes fill the battery: an engine that is
                // turned fast takes what the battery does not.
                if next > 1 && !tries.strained_anyhow {
                    return;
                }
                next = rising.len();
            }
        }
    }
}

/// Turning energy beyond that of an engine at the speed it has without fuel, J.
#[inline(always)]
pub(super) fn turning_j<F: Number>(plant: &Plant<F>, state: &State<F>, off_rad_s: f64) -> F {
    let off = State {
        engine_rad_s: off_rad_s.into(),
        ..*state
    };
    plant.kinetic_j(state) - plant.kinetic_j(&off)
}
