//! Which choices can pay: what is known of a hold before the optimum is.
//!
//! Most of what a car could do in a second is far from the best at any worth of charge, and no
//! speed of the engine that it leads to makes up for it. What a change of the engine's speed
//! costs is tried only for the rest, and only the rest is tabulated.

use super::choices::{Choice, Plan};
use super::enough::Enough;
use super::program::{IMPOSSIBLE_J, Place, Program};
use crate::vehicle::{BatteryPlant, Plant, State, Terminals};

/// Fuel that a choice may burn more than the best, its charge counted in, where only the worth
/// of charge is known, J: what it costs to bring an engine from most speeds to another.
const SPREAD_J: f64 = 2.5e3;
/// The same for one that begins to burn: there is no speed that it comes from.
const START_SPREAD_J: f64 = 2e3;
/// The same where it is known what the best way costs from everywhere, J: what a coarser table
/// and other temperatures leave open.
const OPEN_J: f64 = 5e3;
/// What is as much dearer at one charge is not among the best at another.
const FAR_J: f64 = 30e3;
/// Power by which a choice draws the same, W: otherwise the battery's limit has its say.
const SAME_W: f64 = 1e-3;
/// Holds before and after one that the battery cannot drive alone in which a speed may be worth
/// more.
const AHEAD: usize = 3;
const BEHIND: usize = 4;
/// Charges at which a choice may pay, from that of the reference.
const PROBES_SOC: [f64; 3] = [0.0, -0.02, 0.02];

/// What is known of what comes.
#[derive(Debug, Clone, Copy)]
pub enum Outlook<'a> {
    /// Nothing: all choices stay that no other beats in fuel and in charge.
    None,
    /// What charge is worth, J of fuel per J, and a plan that says where the engine has to burn.
    Worth(f64, &'a Plan),
    /// The costs to go of a round before, with its plan.
    Costs(&'a Program, &'a Plan),
}

/// What is known of one hold.
pub(super) struct Ahead<'a> {
    outlook: Outlook<'a>,
    battery: &'a BatteryPlant,
    hold: usize,
    /// Whether all choices of the hold stay: [`Outlook::open`].
    pub(super) is_open: bool,
    hold_s: f64,
    /// State at its start.
    met: &'a State,
}

/// A charge at the start of a hold, with what the battery does there.
struct Probe {
    soc: f64,
    terminals: Terminals,
    energy_per_soc_j: f64,
}

impl Probe {
    /// Power that a choice draws from the battery, W.
    fn power_w(&self, choice: &Choice) -> f64 {
        choice.battery_w.max(-self.terminals.charge_limit_w)
    }
}

impl<'a> Outlook<'a> {
    /// What is known of a hold that begins in this state.
    pub(super) fn of(
        self,
        plant: &'a Plant,
        (hold, is_open): (usize, bool),
        hold_s: f64,
        met: &'a State,
    ) -> Ahead<'a> {
        Ahead {
            outlook: self,
            battery: &plant.battery,
            hold,
            is_open,
            hold_s,
            met,
        }
    }

    /// Whether all choices of each hold stay: near one that the battery cannot drive alone, what
    /// nothing else can do is worth any fuel.
    pub(super) fn open(self, holds: usize) -> Vec<bool> {
        let (Self::Worth(_, plan) | Self::Costs(_, plan)) = self else {
            return vec![true; holds];
        };
        let mut open = vec![false; holds];
        for (hold, second) in plan.seconds.iter().enumerate() {
            if second.off.is_none() {
                let last = holds.min(hold + BEHIND + 1);
                open[hold.saturating_sub(AHEAD)..last].fill(true);
            }
        }
        open
    }
}

impl<'a> Ahead<'a> {
    /// What was worth trying in the round before: to go on burning, and to begin. None where the
    /// car fell behind and only the fastest was left.
    pub(super) fn known(&self) -> Option<[&'a [Choice]; 2]> {
        let Outlook::Costs(_, plan) = self.outlook else {
            return None;
        };
        let second = plan.seconds.get(self.hold)?;
        (second.late_mps == 0.0).then(|| [plan.running(second), plan.starting(second)])
    }

    /// What is more engine power than may pay.
    pub(super) fn enough(&self) -> Option<Enough> {
        match self.outlook {
            Outlook::Worth(worth, _) if !self.is_open => Some(Enough::of(worth, SPREAD_J)),
            _ => None,
        }
    }

    fn probe(&self, soc: f64) -> Probe {
        let pace = self.battery.pace(self.hold_s);
        let state = State { soc, ..*self.met };
        Probe {
            soc,
            terminals: self.battery.terminals(&pace, &state),
            energy_per_soc_j: self.battery.energy_per_soc_j(self.met.soc),
        }
    }

    /// What a choice takes from a charge.
    fn takes(&self, choice: &Choice, probe: &Probe) -> f64 {
        let power_w = probe.power_w(choice);
        let used = self
            .battery
            .charge_used(&probe.terminals, power_w, self.hold_s);
        used + choice.swing_w * self.hold_s / probe.energy_per_soc_j
    }

    /// Adds to `kept` those choices that may pay, of an engine that burns or of one that begins
    /// to; all of them where none may and the car cannot do without.
    pub(super) fn keep(
        &self,
        starts: bool,
        choices: &[Choice],
        (spent_j, kept): (&mut Vec<f64>, &mut Vec<Choice>),
    ) {
        let before = kept.len();
        match self.outlook {
            _ if self.is_open => {}
            Outlook::None => {}
            Outlook::Worth(fuel_j_per_charge_j, _) => {
                let probe = self.probe(self.met.soc);
                let worth_j = fuel_j_per_charge_j * probe.energy_per_soc_j;
                let spent = |choice: &Choice| choice.fuel_j + worth_j * self.takes(choice, &probe);
                spent_j.clear();
                spent_j.extend(choices.iter().map(spent));
                let spread_j = if starts { START_SPREAD_J } else { SPREAD_J };
                let least_j = spent_j.iter().copied().fold(f64::INFINITY, f64::min);
                let pays = choices.iter().zip(spent_j);
                let pays = pays.filter(|(_, spent_j)| **spent_j <= least_j + spread_j);
                kept.extend(pays.map(|(choice, _)| choice));
                return;
            }
            Outlook::Costs(program, plan) => {
                let judge = self.judge(program);
                kept.extend(choices.iter().filter(|choice| judge.pays(starts, choice)));
                if kept.len() > before || plan.seconds[self.hold].off.is_some() {
                    return;
                }
            }
        }
        kept.extend(choices);
    }

    fn judge<'b>(&'b self, program: &'b Program) -> Judge<'b> {
        let (low, high) = program.charges(self.hold);
        let at = |beside: f64| self.probe((self.met.soc + beside).max(low).min(high));
        let probes = PROBES_SOC.map(at);
        let rested = program.dwell().rested();
        let rested_j = |probe: &Probe| program.cost_j(self.hold, rested, probe.soc);
        let place = |probe: &Probe| program.place(self.hold, probe.soc);
        Judge {
            ahead: self,
            program,
            rested_j: probes.each_ref().map(rested_j),
            places: probes.each_ref().map(place),
            probes,
        }
    }
}

/// What says by the costs to go whether a choice pays in a hold.
struct Judge<'a> {
    ahead: &'a Ahead<'a>,
    program: &'a Program,
    probes: [Probe; 3],
    /// Where their charges lie.
    places: [Place; 3],
    /// Least costs from them on with an engine that has rested long enough, J.
    rested_j: [f64; 3],
}

impl Judge<'_> {
    /// Whether a choice is among the best, or not much dearer, from anywhere the engine may be
    /// with its speed: one that may start, or one that burns, however long.
    fn pays(&self, starts: bool, choice: &Choice) -> bool {
        let hold = self.ahead.hold;
        if starts {
            return self.pays_from(choice, 1, |at| self.rested_j[at]);
        }
        (1..=self.program.dwell().on).any(|age| {
            let from_j = |at: usize| {
                let place = self.places[at];
                self.program.burning_j(hold, age, choice.ends_at, place)
            };
            self.pays_from(choice, age + 1, from_j)
        })
    }

    /// The same from where the least cost is known at each of the probes, by an engine that burns
    /// since so many holds afterwards.
    #[inline]
    fn pays_from(&self, choice: &Choice, age: usize, least_j: impl Fn(usize) -> f64) -> bool {
        let Self { ahead, program, .. } = self;
        let after = ahead.hold + 1;
        let [first, ..] = &self.probes;
        let (first_w, first_takes) = (first.power_w(choice), ahead.takes(choice, first));
        for (at, probe) in self.probes.iter().enumerate() {
            // A power takes much the same from all of them.
            let takes = if (probe.power_w(choice) - first_w).abs() < SAME_W {
                first_takes
            } else {
                ahead.takes(choice, probe)
            };
            let place = program.place(after, probe.soc - takes);
            let to_go_j = program.burning_j(after, age, choice.ends_at, place);
            let least_j = least_j(at);
            let more_j = choice.fuel_j + to_go_j - least_j;
            // Where nothing is known it may pay.
            if more_j <= OPEN_J || least_j >= IMPOSSIBLE_J {
                return true;
            }
            if (FAR_J..IMPOSSIBLE_J).contains(&more_j) {
                return false;
            }
        }
        false
    }
}
