//! Trying things out: the step of the simulation, from any engine speed, in any hold.

use super::choices::Choice;
use super::reference::Reference;
use super::{Changes, Speeds};
use crate::control::Command;
use crate::cycle::{Interval, Kinematics};
use crate::lanes::{Beside, Instructions, Number, Work};
use crate::sim::{Flows, step};
use crate::vehicle::{Plant, State, Strategy, Terminals};
use std::iter::once;

/// How much slower than asked a choice may leave the car, m/s.
const MISS_MPS: f64 = 0.01;
/// Fuel that a change of engine speed counts as which leaves the car slower than asked, J per
/// m/s: more than what it saves.
const LATE_J_PER_MPS: f64 = 1e6;
/// Cars that are tried at once.
const WIDTH: usize = 8;

/// Something to be tried in a hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) hold: usize,
    pub(super) from_rad_s: f64,
    pub(super) command: Command,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tried {
    fuel_w: f64,
    battery_w: f64,
    pub(super) end_mps: f64,
    end_rad_s: f64,
}

/// Where candidates are tried.
pub(super) struct Field<'a> {
    plant: &'a Plant,
    holds: &'a [Interval],
    reference: &'a Reference,
    spin_rad_s: f64,
    pub(super) speeds: Speeds,
    /// Road speed at the start of every hold, m/s.
    start_mps: Vec<f64>,
    /// The battery at the middle of its window in every hold.
    terminals: Vec<Terminals>,
    energy_per_soc_j: f64,
}

impl<'a> Field<'a> {
    /// Every hold starts with the speed that was asked at the end of the one before.
    pub(super) fn new(
        plant: &'a Plant,
        strategy: &Strategy,
        kinematics: &'a Kinematics,
        reference: &'a Reference,
    ) -> Self {
        let holds = &kinematics.intervals;
        let fastest_mps = plant.max_speed_mps;
        let asked = holds.iter().map(|hold| hold.target_mps.min(fastest_mps));
        let first = kinematics.start_mps.min(fastest_mps);
        let battery = &plant.battery;
        let terminals = holds.iter().zip(&reference.states).map(|(hold, state)| {
            let state = State {
                soc: battery.middle_soc(),
                polarisation_v: 0.0,
                ..*state
            };
            battery.terminals(&battery.pace(hold.dt_s), &state)
        });
        Self {
            plant,
            holds,
            reference,
            spin_rad_s: strategy.spin_rad_s,
            speeds: Speeds::of(&plant.engine),
            start_mps: once(first).chain(asked).collect(),
            terminals: terminals.collect(),
            energy_per_soc_j: battery.energy_per_soc_j(battery.middle_soc()),
        }
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

    /// Whether the car ends as fast as asked.
    pub(super) fn follows(&self, hold: usize, tried: &Tried) -> bool {
        self.late_mps(hold, tried) <= 0.0
    }

    /// How much slower than asked it ends, m/s.
    pub(super) fn late_mps(&self, hold: usize, tried: &Tried) -> f64 {
        (self.holds[hold].target_mps - MISS_MPS - tried.end_mps).max(0.0)
    }

    /// The hold after this one starts slower than asked.
    pub(super) fn start_slower(&mut self, hold: usize, speed_mps: f64) {
        self.start_mps[hold + 1] = speed_mps;
    }

    /// Turning energy at the start of a hold beyond that of an engine without fuel, J.
    fn turning_j(&self, hold: usize, speed_mps: f64, engine_rad_s: f64) -> f64 {
        let known = hold.min(self.holds.len() - 1);
        let state = |engine_rad_s| State {
            speed_mps,
            engine_rad_s,
            ..self.reference.states[known]
        };
        let off_rad_s = self.off_from_rad_s(hold);
        self.plant.kinetic_j(&state(engine_rad_s)) - self.plant.kinetic_j(&state(off_rad_s))
    }

    /// What was tried, as a choice.
    pub(super) fn choice(&self, candidate: &Candidate, tried: &Tried) -> Choice {
        let hold = candidate.hold;
        let interval = &self.holds[hold];
        let before_j = self.turning_j(hold, self.start_mps[hold], candidate.from_rad_s);
        let after_j = self.turning_j(hold + 1, tried.end_mps, tried.end_rad_s);
        Choice {
            engine_rad_s: candidate.command.engine_rad_s,
            ends_at: self.speeds.around(tried.end_rad_s),
            engine_torque_nm: candidate.command.engine_torque_nm,
            fuel_j: tried.fuel_w * interval.dt_s,
            battery_w: tried.battery_w,
            swing_w: (before_j - after_j) * interval.per_dt,
        }
    }

    /// Fuel and charge that a choice takes, at the middle of the window, J of fuel.
    fn spent_j(&self, hold: usize, choice: &Choice, fuel_j_per_charge_j: f64) -> f64 {
        let battery = &self.plant.battery;
        let hold_s = self.holds[hold].dt_s;
        let used = battery.charge_used(&self.terminals[hold], choice.battery_w, hold_s);
        let charge_j = used * self.energy_per_soc_j + choice.swing_w * hold_s;
        choice.fuel_j + fuel_j_per_charge_j * charge_j
    }

    /// What a choice costs more from each of the speeds than from its own.
    pub(super) fn changes(
        &self,
        steady: &Choice,
        steady_late_mps: f64,
        tried: &[(Candidate, Tried)],
        fuel_j_per_charge_j: f64,
    ) -> Changes {
        let mut changes = [f64::INFINITY; Speeds::COUNT];
        let spent_j =
            |hold: usize, choice: &Choice| self.spent_j(hold, choice, fuel_j_per_charge_j);
        let own_j = tried
            .first()
            .map_or(0.0, |(first, _)| spent_j(first.hold, steady));
        for (change_j, (candidate, tried)) in changes.iter_mut().zip(tried) {
            let hold = candidate.hold;
            let late_mps = (self.late_mps(hold, tried) - steady_late_mps).max(0.0);
            *change_j =
                spent_j(hold, &self.choice(candidate, tried)) - own_j + LATE_J_PER_MPS * late_mps;
        }
        changes
    }

    /// Tries candidates, those of a hold one after the other.
    pub(super) fn try_all(&self, candidates: &[Candidate]) -> Vec<Tried> {
        let mut tried = vec![Tried::default(); candidates.len()];
        Instructions::best().run::<WIDTH, _>(Trials {
            field: self,
            candidates,
            tried: &mut tried,
        });
        tried
    }
}

/// Candidates and where what comes of them is written.
struct Trials<'a> {
    field: &'a Field<'a>,
    candidates: &'a [Candidate],
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
            ..
        } = *self.field;
        let plant: Plant<F> = Plant::beside(&|_| plant);
        let battery = &plant.battery;
        let mut flows = Flows::default();
        let mut begin = 0;
        while begin < self.candidates.len() {
            // Lanes of one hold; the last fills those that are left.
            let hold = self.candidates[begin].hold;
            let mut end = begin + 1;
            while end < self.candidates.len()
                && end - begin < F::LANES
                && self.candidates[end].hold == hold
            {
                end += 1;
            }
            let lane = |index: usize| &self.candidates[(begin + index).min(end - 1)];
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
