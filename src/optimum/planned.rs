//! Controllers that choose from a plan.

use super::choices::{Choice, Plan, Second};
use super::reference::Forced;
use super::transitions::Changes;
use super::{Dwell, Mode};
use crate::control::{Command, Controller, Situation, StartCause};
use crate::vehicle::{Plant, State, Terminals};

/// What decides between choices.
pub trait Worth: Sync {
    /// Whether it knows what is to come. One that does not would never pay at once for what
    /// comes back later: it takes a start for a share of what it costs and a change of the
    /// engine's speed for nothing.
    const SEES_AHEAD: bool = false;

    /// Name in results.
    fn name(&self) -> &'static str;

    /// Share of the cost of a start that one without foresight counts.
    fn start_share(&self) -> f64 {
        1.0
    }

    /// Whether one without foresight counts what a change of the engine's speed costs. Its plan
    /// has to know it.
    fn counts_changes(&self) -> bool {
        false
    }

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
    /// Share of the cost of a start that it counts: less than all of it at once, all of it half
    /// before the start and half before the stop.
    pub start_share: f64,
    /// Whether it counts what changes of the engine's speed cost.
    pub counts_changes: bool,
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
    /// As for a fixed factor.
    pub start_share: f64,
}

impl Worth for Factor {
    fn name(&self) -> &'static str {
        "ecms"
    }

    fn start_share(&self) -> f64 {
        self.start_share
    }

    fn counts_changes(&self) -> bool {
        self.counts_changes
    }

    fn cost_to_go_j(&self, now: &Now, _: Mode, _: f64, soc: f64) -> f64 {
        -self.factor * now.energy_per_soc_j * (soc - now.soc)
    }
}

impl Worth for Feedback {
    fn name(&self) -> &'static str {
        "aecms"
    }

    fn start_share(&self) -> f64 {
        self.start_share
    }

    fn cost_to_go_j(&self, now: &Now, mode: Mode, share: f64, soc: f64) -> f64 {
        let factor = self.base + self.per_soc * (self.soc_target - now.soc);
        let fixed = Factor {
            factor,
            start_share: self.start_share,
            counts_changes: false,
        };
        fixed.cost_to_go_j(now, mode, share, soc)
    }
}

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
    /// What an engine at rest would have saved by burning, or one that burns by resting, since
    /// that began to save, J of fuel.
    missed_j: f64,
}

/// The cheapest so far.
struct Cheapest {
    cost_j: f64,
    choice: Option<Choice>,
    /// The mode after it.
    next: Mode,
    burns: bool,
    /// What the contrary would save in this hold were starts free, to burn or to rest, J of fuel;
    /// negative where it would cost.
    saves_j: f64,
}

/// Share of a start that who counts all of it pays off before the start; the rest before the
/// stop, which is when it will be needed again.
const PAID_BEFORE: f64 = 0.5;

/// How much dearer than the best a choice is past which none is better, J: the line they lie on
/// is bent a little otherwise where the battery is not at the middle of its window.
const PAST_J: f64 = 200.0;

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
    fn cheapest<'a>(
        &'a self,
        plant: &'a Plant,
        now: &Situation<'a>,
        hold: usize,
        m: &PlannedMemory,
    ) -> Cheapest {
        let mode = m.mode;
        let (plan, state) = (self.plan, now.state);
        let second = &plan.seconds[hold];
        let energy_per_soc_j = plant.battery.energy_per_soc_j(state.soc);
        let scales = Scales {
            planned: self,
            plant,
            second,
            terminals: now.terminals,
            at: Now {
                hold,
                soc: state.soc,
                energy_per_soc_j,
            },
            mode,
            charge: plan.charge(plant, hold, state),
            soc_per_swung_w: second.hold_s / energy_per_soc_j,
            from: match mode {
                Mode::Off(_) => (0, 0.0),
                Mode::On(..) => plan.speeds.around(state.engine_rad_s),
            },
        };
        let mut cheapest = scales.resting().unwrap_or(Cheapest {
            cost_j: f64::INFINITY,
            choice: None,
            next: mode,
            burns: false,
            saves_j: 0.0,
        });
        let burning = matches!(mode, Mode::On(..));
        let ways = if burning || !W::SEES_AHEAD {
            plan.running(second)
        } else {
            plan.starting(second)
        };
        // An engine that rests too shortly starts where the car cannot do without.
        if burning || self.dwell.is_over(mode) || cheapest.choice.is_none() {
            let best = if W::SEES_AHEAD {
                scales.least(ways, burning.then(|| plan.changes(second)))
            } else {
                scales.without_foresight(m.missed_j, &mut cheapest)
            };
            if let Some((cost_j, choice, next)) = best
                && cost_j < cheapest.cost_j
            {
                cheapest = Cheapest {
                    cost_j,
                    choice: Some(*choice),
                    next,
                    burns: true,
                    ..cheapest
                };
            }
        }
        let least_power = |a: &&Choice, b: &&Choice| a.battery_w.total_cmp(&b.battery_w);
        if cheapest.choice.is_none()
            && let Some(choice) = ways.iter().min_by(least_power)
        {
            // Nothing keeps to the limits: what takes least from the battery.
            cheapest.choice = Some(*choice);
            cheapest.next = self.dwell.after(mode, Some(choice.ends_at.0));
            cheapest.burns = true;
        }
        cheapest
    }
}

/// What choices are weighed by at an instant.
struct Scales<'a, W> {
    planned: &'a Planned<'a, W>,
    plant: &'a Plant,
    second: &'a Second,
    terminals: &'a Terminals,
    at: Now,
    mode: Mode,
    /// State of charge, turning energy counted in.
    charge: f64,
    /// State of charge that a watt of turning energy makes up over the hold.
    soc_per_swung_w: f64,
    /// The two speeds that are told apart next to the engine's: [`Speeds::around`].
    from: (usize, f64),
}

impl<'a, W: Worth> Scales<'a, W> {
    /// Charge after a choice; none where the battery does not give it.
    #[inline]
    fn after(&self, choice: &Choice) -> Option<f64> {
        let (battery, hold_s) = (&self.plant.battery, self.second.hold_s);
        let most_w = self.terminals.discharge_limit_w + super::program::LIMIT_TOLERANCE_W;
        let power_w = choice.battery_w.max(-self.terminals.charge_limit_w);
        let used = battery.charge_used(self.terminals, power_w, hold_s)
            + choice.swing_w * self.soc_per_swung_w;
        (choice.battery_w <= most_w).then_some(self.charge - used)
    }

    /// Cost of a choice that burns, and the mode after it.
    #[inline]
    fn burning(&self, choice: &Choice, changes: Option<&Changes>) -> Option<(f64, Mode)> {
        let Planned { dwell, worth, .. } = self.planned;
        let change_j = changes.map_or(0.0, |it| it.cost_from_j(self.from, choice.ends_at));
        let (speed, share) = changes.map_or(choice.ends_at, |it| it.ends_at_from(self.from));
        let next = dwell.after(self.mode, Some(speed));
        let to_go_j = worth.cost_to_go_j(&self.at, next, share, self.after(choice)?);
        Some((choice.fuel_j + change_j + to_go_j, next))
    }

    /// The cheapest of choices that burn, with changes from the engine's speed or without.
    fn least(
        &self,
        ways: &'a [Choice],
        changes: Option<&[Changes]>,
    ) -> Option<(f64, &'a Choice, Mode)> {
        // Choices that are the best at some worth of charge lie on a line that is bent one way:
        // past the best of them none is better. By falling fuel, as what burns more than the best
        // was left out of the plan.
        let bent_one_way = !W::SEES_AHEAD && !self.planned.worth.counts_changes();
        let mut least: Option<(f64, &Choice, Mode)> = None;
        for (index, choice) in ways.iter().enumerate() {
            let changes = changes.and_then(|all| all.get(index));
            let Some((cost_j, next)) = self.burning(choice, changes) else {
                continue;
            };
            match least {
                Some((least_j, ..)) if cost_j >= least_j => {
                    if bent_one_way && cost_j > least_j + PAST_J {
                        break;
                    }
                }
                _ => least = Some((cost_j, choice, next)),
            }
        }
        least
    }

    /// The cheapest choice that burns for one who does not see ahead, with what it counts of a
    /// start; `missed_j` is what the contrary would have saved so far, and `resting` becomes
    /// dearer by what is to be paid off before a stop.
    ///
    /// Who counts less than all of a start looks past the second of it. Who counts all of it
    /// pays it off by what burning, or resting, would have saved.
    fn without_foresight(
        &self,
        missed_j: f64,
        resting: &mut Cheapest,
    ) -> Option<(f64, &'a Choice, Mode)> {
        let Planned { plan, worth, .. } = self.planned;
        let burning = matches!(self.mode, Mode::On(..));
        let share = worth.start_share();
        let all = share >= 1.0;
        let changes = burning.then(|| plan.changes(self.second));
        let running = self.least(plan.running(self.second), changes)?;
        if burning && !(all && resting.choice.is_some()) {
            return Some(running);
        }
        if !all && running.0 >= resting.cost_j {
            // It would not be chosen even without a start.
            return Some(running);
        }
        let Some(start) = self.least(plan.starting(self.second), None) else {
            return Some(running);
        };
        let dearer_j = (start.0 - running.0).max(0.0);
        if !all {
            return Some((running.0 + share * dearer_j, running.1, running.2));
        }
        if burning {
            resting.saves_j = running.0 - resting.cost_j;
            resting.cost_j += ((1.0 - PAID_BEFORE) * dearer_j - missed_j).max(0.0);
            return Some(running);
        }
        resting.saves_j = resting.cost_j - running.0;
        let cost_j = running.0 + PAID_BEFORE * dearer_j - missed_j;
        Some((cost_j, start.1, start.2))
    }

    /// Cost of a choice without fuel, J.
    fn idle_j(&self, choice: &Choice) -> Option<f64> {
        let Planned { plan, dwell, worth } = self.planned;
        let next = dwell.after(self.mode, None);
        let to_go_j = worth.cost_to_go_j(&self.at, next, 0.0, self.after(choice)?);
        let still_j = if W::SEES_AHEAD {
            plan.still_turning_j(self.at.hold + 1, choice.end_rad_s)
        } else {
            0.0
        };
        Some(choice.fuel_j + still_j + to_go_j)
    }

    /// To leave the engine without fuel, or to stop it: where that can be.
    fn resting(&self) -> Option<Cheapest> {
        let (choice, cost_j) = match self.mode {
            Mode::Off(_) => {
                let off = self.second.off?;
                (off, self.idle_j(&off)?)
            }
            Mode::On(..) if !self.planned.dwell.is_over(self.mode) => return None,
            Mode::On(..) => {
                let (below, share) = self.from;
                let stop = |place: usize| {
                    let stop = self.second.stop(place)?;
                    Some((stop, self.idle_j(&stop)?))
                };
                match (stop(below), stop(below + 1)) {
                    (Some((stop, low_j)), Some((_, high_j))) => {
                        (stop, low_j + share * (high_j - low_j))
                    }
                    (low, high) => low.or(high)?,
                }
            }
        };
        Some(Cheapest {
            cost_j,
            choice: Some(choice),
            next: self.planned.dwell.after(self.mode, None),
            burns: false,
            saves_j: 0.0,
        })
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
            missed_j: 0.0,
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
        let cheapest = self.cheapest(plant, now, hold, m);
        let burnt = matches!(m.mode, Mode::On(..));
        m.missed_j = if cheapest.burns == burnt {
            (m.missed_j + cheapest.saves_j).max(0.0)
        } else {
            0.0
        };
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
