//! Controllers that choose from a plan.

use super::choices::{Choice, Plan, Second};
use super::reference::Forced;
use super::trials::Changes;
use super::{Dwell, Mode, Speeds};
use crate::control::{Command, Controller, Situation, StartCause};
use crate::vehicle::{Plant, State};

/// What decides between choices.
pub trait Worth: Sync {
    /// Whether it knows what is to come. One that does not would never pay at once for what
    /// comes back later: it takes a start for a share of what it costs and a change of the
    /// engine's speed for nothing.
    const SEES_AHEAD: bool = false;

    /// Name in results.
    fn name(&self) -> &'static str;

    /// Cost of what is left of the cycle, J of fuel, up to a constant: from the end of a hold,
    /// in this mode, a burning engine this share of the way to the next of [`super::Speeds`],
    /// with this charge (turning energy counted in).
    fn cost_to_go_j(&self, now: &Now, mode: Mode, share: f64, soc: f64) -> f64;
}

/// When something is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now {
    /// The hold that is chosen for.
    pub hold: usize,
    /// State of charge at its start.
    pub soc: f64,
    /// Energy of the charge per unit of its state, J.
    pub energy_per_soc_j: f64,
}

/// An equivalence factor that never changes: ECMS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// Fuel energy that a joule of charge counts as.
    pub factor: f64,
    /// Fuel that a start counts as beyond what it burns, J.
    pub start_cost_j: f64,
}

/// An equivalence factor that follows the charge: A-ECMS. It looks at nothing to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feedback {
    /// Factor at the target state of charge.
    pub base: f64,
    /// How much the factor rises for a unit of missing charge.
    pub per_soc: f64,
    /// State of charge aimed at.
    pub soc_target: f64,
    /// As for a fixed factor, J.
    pub start_cost_j: f64,
}

impl Worth for Factor {
    fn name(&self) -> &'static str {
        "ecms"
    }

    fn cost_to_go_j(&self, now: &Now, mode: Mode, _: f64, soc: f64) -> f64 {
        let start_j = if matches!(mode, Mode::On(1, _)) {
            self.start_cost_j
        } else {
            0.0
        };
        start_j - self.factor * now.energy_per_soc_j * (soc - now.soc)
    }
}

impl Worth for Feedback {
    fn name(&self) -> &'static str {
        "aecms"
    }

    fn cost_to_go_j(&self, now: &Now, mode: Mode, share: f64, soc: f64) -> f64 {
        let factor = self.base + self.per_soc * (self.soc_target - now.soc);
        let fixed = Factor {
            factor,
            start_cost_j: self.start_cost_j,
        };
        fixed.cost_to_go_j(now, mode, share, soc)
    }
}

/// Share of the cost of a start that a control without foresight counts at once.
const START_SHARE: f64 = 0.25;

/// Chooses from a plan what costs least.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a, W> {
    /// What can be done.
    pub plan: &'a Plan,
    /// How long the engine has to run and to rest.
    pub dwell: Dwell,
    /// What is best.
    pub worth: W,
}

/// What a planned control remembers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedMemory {
    clock_s: f64,
    /// The hold that is running, if any.
    hold: Option<usize>,
    mode: Mode,
    command: Command,
}

/// The cheapest so far.
struct Cheapest<'a> {
    cost_j: f64,
    choice: Option<&'a Choice>,
    /// The mode after it.
    next: Mode,
    burns: bool,
}

impl<W: Worth> Planned<'_, W> {
    /// The hold that this time lies in.
    fn hold_at(&self, from: usize, clock_s: f64) -> usize {
        let seconds = &self.plan.seconds;
        let mut hold = from;
        while hold + 1 < seconds.len() && seconds[hold + 1].start_s <= clock_s + 1e-6 {
            hold += 1;
        }
        hold
    }

    /// What is cheapest in this hold.
    fn cheapest(
        &self,
        plant: &Plant,
        now: &Situation<'_>,
        hold: usize,
        mode: Mode,
    ) -> Cheapest<'_> {
        let second: &Second = &self.plan.seconds[hold];
        let (battery, state) = (&plant.battery, now.state);
        let at = Now {
            hold,
            soc: state.soc,
            energy_per_soc_j: battery.energy_per_soc_j(state.soc),
        };
        // The engine's turning energy counts as charge.
        let resting = State {
            engine_rad_s: match hold {
                0 => state.engine_rad_s,
                later => self.plan.seconds[later - 1].off_rad_s,
            },
            ..*state
        };
        let turning_j = plant.kinetic_j(state) - plant.kinetic_j(&resting);
        let charge = state.soc + turning_j / at.energy_per_soc_j;
        let terminals = now.terminals;
        // Charge after a choice; none where the battery does not give it.
        let after = |choice: &Choice| {
            let most_w = terminals.discharge_limit_w + super::program::LIMIT_TOLERANCE_W;
            let power_w = choice.battery_w.max(-terminals.charge_limit_w);
            let used = battery.charge_used(terminals, power_w, second.hold_s)
                + choice.swing_w * second.hold_s / at.energy_per_soc_j;
            (choice.battery_w <= most_w).then(|| charge - used)
        };
        let to_go_j = |next: Mode, share: f64, soc: f64| {
            let to_go_j = self.worth.cost_to_go_j(&at, next, share, soc);
            (next, to_go_j)
        };
        // Between the two speeds that are told apart next to the engine's.
        let from = self.plan.speeds.around(state.engine_rad_s);
        let burn = |choice: &Choice, changes: Option<&Changes>| {
            let change_j = changes.map_or(0.0, |it| Speeds::between(&it.cost_j, from));
            let ends_at = changes.map_or(choice.ends_at, |it| {
                self.plan
                    .speeds
                    .around(Speeds::between(&it.end_rad_s, from))
            });
            let next = self.dwell.after(mode, Some(ends_at.0));
            let (next, to_go_j) = to_go_j(next, ends_at.1, after(choice)?);
            Some((choice.fuel_j + change_j + to_go_j, next))
        };
        let idle = |choice: &Choice| {
            let (next, to_go_j) = to_go_j(self.dwell.after(mode, None), 0.0, after(choice)?);
            let still_j = if W::SEES_AHEAD {
                self.plan.still_turning_j(hold + 1, choice.end_rad_s)
            } else {
                0.0
            };
            Some((choice.fuel_j + still_j + to_go_j, next))
        };
        let mut cheapest = Cheapest {
            cost_j: f64::INFINITY,
            choice: None,
            next: mode,
            burns: false,
        };
        let over = self.dwell.is_over(mode);
        let burning = matches!(mode, Mode::On(..));
        let resting = match mode {
            Mode::Off(_) => second.off.as_ref().and_then(|off| Some((off, idle(off)?))),
            Mode::On(..) if !over => None,
            Mode::On(..) => {
                let (below, share) = from;
                let stop = |place: usize| {
                    let stop = second.stops[place].as_ref()?;
                    Some((stop, idle(stop)?))
                };
                match (stop(below), stop(below + 1)) {
                    (Some((stop, (low_j, next))), Some((_, (high_j, _)))) => {
                        Some((stop, (low_j + share * (high_j - low_j), next)))
                    }
                    (low, high) => low.or(high),
                }
            }
        };
        if let Some((choice, (cost_j, next))) = resting {
            cheapest = Cheapest {
                cost_j,
                choice: Some(choice),
                next,
                burns: false,
            };
        }
        // What a start costs beyond running at once.
        let mut start_j = 0.0;
        let ways = if burning {
            self.plan.running(second)
        } else if W::SEES_AHEAD {
            self.plan.starting(second)
        } else {
            let least = |ways: &[Choice]| {
                let costs = ways.iter().filter_map(|choice| burn(choice, None));
                costs
                    .map(|(cost_j, _)| cost_j)
                    .fold(f64::INFINITY, f64::min)
            };
            let running = self.plan.running(second);
            start_j = START_SHARE * (least(self.plan.starting(second)) - least(running)).max(0.0);
            running
        };
        // An engine that rests too shortly starts where the car cannot do without.
        if burning || over || cheapest.choice.is_none() {
            let changes = self.plan.changes(second);
            for (index, choice) in ways.iter().enumerate() {
                let changes = (burning && W::SEES_AHEAD).then(|| &changes[index]);
                if let Some((cost_j, next)) = burn(choice, changes)
                    && cost_j + start_j < cheapest.cost_j
                {
                    cheapest = Cheapest {
                        cost_j: cost_j + start_j,
                        choice: Some(choice),
                        next,
                        burns: true,
                    };
                }
            }
        }
        if cheapest.choice.is_none()
            && let Some(choice) = ways
                .iter()
                .min_by(|a, b| a.battery_w.total_cmp(&b.battery_w))
        {
            // Nothing keeps to the limits: what takes least from the battery.
            cheapest.choice = Some(choice);
            cheapest.next = self.dwell.after(mode, Some(choice.ends_at.0));
            cheapest.burns = true;
        }
        cheapest
    }
}

impl<W: Worth> Controller for Planned<'_, W> {
    type Memory = PlannedMemory;

    fn name(&self) -> &'static str {
        self.worth.name()
    }

    fn begin(&self, _: &Plant, _: &State, _: f64) -> PlannedMemory {
        PlannedMemory {
            clock_s: 0.0,
            hold: None,
            mode: self.dwell.rested(),
            command: Command::OFF,
        }
    }

    fn decide(&self, plant: &Plant, now: &Situation<'_>, m: &mut PlannedMemory) -> Command {
        m.clock_s += now.since_s;
        let hold = self.hold_at(m.hold.unwrap_or(0), m.clock_s);
        m.command.start = None;
        if m.hold == Some(hold) || self.plan.seconds.is_empty() {
            return m.command;
        }
        m.hold = Some(hold);
        let second = &self.plan.seconds[hold];
        let cheapest = self.cheapest(plant, now, hold, m.mode);
        let burnt = matches!(m.mode, Mode::On(..));
        let turned = m.command.turn;
        let forced = cheapest.burns && second.off.is_none();
        m.mode = if cheapest.choice.is_some() {
            cheapest.next
        } else {
            self.dwell.after(m.mode, None)
        };
        m.command = match cheapest.choice {
            Some(choice) if cheapest.burns => Command {
                turn: true,
                fuel: true,
                engine_rad_s: choice.engine_rad_s,
                engine_torque_nm: choice.engine_torque_nm,
                late_spark: second.forced == Forced::LateSpark,
                ..Command::OFF
            },
            _ => Command {
                turn: second.off_rad_s > 0.0,
                engine_rad_s: second.off_rad_s,
                ..Command::OFF
            },
        };
        m.command.start = if cheapest.burns && !burnt {
            Some(match second.forced {
                Forced::Burn | Forced::LateSpark => StartCause::WarmUp,
                Forced::Free if forced => StartCause::BatteryLimit,
                Forced::Free if second.off_rad_s > 0.0 && !turned => StartCause::SpeedCeiling,
                Forced::Free => StartCause::PowerDemand,
            })
        } else if m.command.turn && !turned {
            Some(StartCause::SpeedCeiling)
        } else {
            None
        };
        m.command
    }
}
