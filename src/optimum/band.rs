//! The charges at which a car may be for little more than the least cost.
//!
//! The program knows what is to come; what has been is followed forward. Charge is cut into
//! cells, and of all ways that lead into one in the same mode the cheapest goes on, with its
//! exact charge and engine speed. A way is dropped once its cost so far and the least cost to
//! go exceed what is allowed, so that every way kept can be driven to the end for that.

use super::choices::{Choice, Plan, Second};
use super::program::{LIMIT_TOLERANCE_W, Program};
use super::{Dwell, Mode};
use crate::vehicle::{Plant, State};

/// Cells that the window is cut into.
const CELLS: usize = 100;

/// A way that has come here.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Cost so far, J.
    cost_j: f64,
    /// That and the least cost to go, J.
    total_j: f64,
    /// State of charge, turning energy counted in.
    charge: f64,
    engine_rad_s: f64,
}

/// What a second is judged with.
struct Forward<'a> {
    program: &'a Program,
    plant: &'a Plant,
    plan: &'a Plan,
    window: (f64, f64),
    allowed_j: f64,
}

/// Ages of an engine without fuel, then of one with.
fn modes(dwell: Dwell) -> impl Iterator<Item = Mode> {
    let off = (1..=dwell.off).map(Mode::Off);
    off.chain((1..=dwell.on).map(|age| Mode::On(age, 0)))
}

fn place(dwell: Dwell, mode: Mode) -> usize {
    match mode {
        Mode::Off(age) => age - 1,
        Mode::On(age, _) => dwell.off + age - 1,
    }
}

impl Program {
    /// Lowest and highest state of charge at the start of every hold, and at the end, through
    /// which the car can come from a start without fuel and still spend no more than
    /// `allowed_j` in all. None where no way was found that keeps to it.
    pub fn band(
        &self,
        plant: &Plant,
        plan: &Plan,
        soc: f64,
        window: (f64, f64),
        allowed_j: f64,
    ) -> Vec<Option<(f64, f64)>> {
        let dwell = self.dwell();
        let forward = Forward {
            program: self,
            plant,
            plan,
            window,
            allowed_j,
        };
        let empty = vec![None; (dwell.off + dwell.on) * CELLS];
        let mut here = empty.clone();
        let mut after = empty.clone();
        let start = forward.way(0, dwell.rested(), 0.0, soc, 0.0);
        forward.keep(&mut here, dwell.rested(), start);
        let mut band = vec![bounds(&here)];
        for (hold, second) in plan.seconds.iter().enumerate() {
            after.copy_from_slice(&empty);
            for mode in modes(dwell) {
                let begin = place(dwell, mode) * CELLS;
                for way in here[begin..begin + CELLS].iter().flatten() {
                    forward.go_on(hold, second, mode, way, &mut after);
                }
            }
            std::mem::swap(&mut here, &mut after);
            band.push(bounds(&here));
        }
        band
    }
}

/// Lowest and highest charge of some ways.
fn bounds(ways: &[Option<Way>]) -> Option<(f64, f64)> {
    let charges = ways.iter().flatten().map(|way| way.charge);
    charges.fold(None, |bounds, charge| {
        let (low, high) = bounds.unwrap_or((charge, charge));
        Some((charge.min(low), charge.max(high)))
    })
}

impl Forward<'_> {
    /// A way with its least cost to go.
    fn way(&self, hold: usize, mode: Mode, cost_j: f64, charge: f64, engine_rad_s: f64) -> Way {
        let (program, plan) = (self.program, self.plan);
        let to_go_j = program.cost_with_j(plan, hold, mode, engine_rad_s, charge);
        Way {
            cost_j,
            total_j: cost_j + to_go_j,
            charge,
            engine_rad_s,
        }
    }

    /// Keeps a way where it costs no more than allowed and least of its cell.
    fn keep(&self, ways: &mut [Option<Way>], mode: Mode, way: Way) {
        let (low, high) = self.window;
        let share = (way.charge - low) / (high - low);
        if !(0.0..=1.0).contains(&share) || way.total_j > self.allowed_j {
            return;
        }
        let cell = ((share * CELLS as f64) as usize).min(CELLS - 1);
        let kept = &mut ways[place(self.program.dwell(), mode) * CELLS + cell];
        if kept.is_none_or(|kept| way.total_j < kept.total_j) {
            *kept = Some(way);
        }
    }

    /// All that can be done in a hold.
    fn go_on(
        &self,
        hold: usize,
        second: &Second,
        mode: Mode,
        way: &Way,
        after: &mut [Option<Way>],
    ) {
        let dwell = self.program.dwell();
        let battery = &self.plant.battery;
        let state = State {
            soc: way.charge,
            ..second.state
        };
        let terminals = battery.terminals(&battery.pace(second.hold_s), &state);
        let energy_per_soc_j = battery.energy_per_soc_j(way.charge);
        let mut take = |choice: &Choice, burns: bool, more_j: f64, end_rad_s: f64| {
            if choice.battery_w > terminals.discharge_limit_w + LIMIT_TOLERANCE_W {
                return;
            }
            let power_w = choice.battery_w.max(-terminals.charge_limit_w);
            let used = battery.charge_used(&terminals, power_w, second.hold_s)
                + choice.swing_w * second.hold_s / energy_per_soc_j;
            let next = dwell.after(mode, burns.then_some(0));
            let cost_j = way.cost_j + choice.fuel_j + more_j;
            let way = self.way(hold + 1, next, cost_j, way.charge - used, end_rad_s);
            self.keep(after, next, way);
        };
        let from = self.plan.speeds.around(way.engine_rad_s);
        match mode {
            Mode::Off(_) => {
                if let Some(off) = &second.off {
                    take(off, false, 0.0, off.end_rad_s);
                }
                if dwell.is_over(mode) || second.off.is_none() {
                    for choice in self.plan.starting(second) {
                        take(choice, true, 0.0, choice.end_rad_s);
                    }
                }
            }
            Mode::On(..) => {
                let nearest = from.0 + usize::from(from.1 > 0.5);
                if let (true, Some(stop)) = (dwell.is_over(mode), second.stop(nearest)) {
                    take(&stop, false, 0.0, stop.end_rad_s);
                }
                let changes = self.plan.changes(second);
                for (choice, changes) in self.plan.running(second).iter().zip(changes) {
                    let more_j = changes.cost_from_j(from, choice.ends_at);
                    let end_rad_s = self.plan.speeds.at_rad_s(changes.ends_at_from(from));
                    take(choice, true, more_j, end_rad_s);
                }
            }
        }
    }
}
