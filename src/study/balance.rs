//! Charge-sustaining figures: the initial state of charge that the run also ends with,
//! and the fuel that battery energy is worth.
//!
//! The net battery energy over a run rises with the charge it starts from: a fuller
//! battery is used more. The start where it is zero is bracketed and closed in on by
//! false position, first guessed by where a run ends. Engine starts make the function
//! jump; where it jumps over zero, the two runs on both sides are mixed linearly.

use crate::results::Balance;
use crate::vehicle::Plant;

/// A run, as far as the balance of charge is concerned.
pub(super) trait Charged: Clone {
    /// State of charge it started from.
    fn soc_start(&self) -> f64;
    /// State of charge it ended with.
    fn soc_end(&self) -> f64;
    /// Fuel energy, J.
    fn fuel_j(&self) -> f64;
    /// Net battery energy, J, positive when discharged.
    fn battery_j(&self) -> f64;
}

/// Something that can be run from any state of charge.
pub(super) trait Startable {
    /// What a run gives.
    type Run: Charged;

    /// Runs it from each of these states of charge, side by side.
    fn run_all(&self, socs: &[f64]) -> Vec<Self::Run>;
    /// The car.
    fn plant(&self) -> &Plant;
    /// Lowest and highest state of charge a run may start from.
    fn window(&self) -> (f64, f64);
    /// State of charge that the control aims at.
    fn soc_target(&self) -> f64;

    /// Runs it from this state of charge.
    fn run(&self, soc: f64) -> Self::Run;
}

/// Net battery energy that counts as none, relative to the fuel energy.
pub(super) const BALANCED: f64 = 1e-3;
/// Bracket of the initial state of charge below which the function has a jump in it.
const NARROWEST_SOC: f64 = 1e-7;
const MAX_RUNS: usize = 60;
/// Neighbouring runs whose slope gives the worth of battery energy, as shares of the way
/// to the balanced start, or of [`SHORTEST_WAY_SOC`] where the run is nearly balanced.
const TOWARDS_BALANCE: [f64; 5] = [0.25, 0.5, 0.75, 1.0, 1.25];
const AROUND_BALANCE: [f64; 4] = [-1.0, -0.5, 0.5, 1.0];
const SHORTEST_WAY_SOC: f64 = 0.02;
/// Battery charging efficiency assumed where no run burns fuel.
const CHARGING_EFFICIENCY: f64 = 0.87;
/// Plausible fuel energy per battery energy; a slope outside is noise, not worth.
const PLAUSIBLE: (f64, f64) = (0.5, 8.0);

/// A charge-sustaining run and how it was found. Where two runs on both sides of a jump were
/// mixed, also the fuel energy that one joule of battery energy stands for; otherwise a
/// [`Worth`] says it.
#[derive(Debug, Clone)]
pub(super) struct Sustained<R> {
    pub(super) run: R,
    pub(super) balance: Balance,
    pub(super) fuel_j_per_battery_j: Option<f64>,
}

/// The search for the start that a run also ends with. It says where it wants a run from and
/// is told what that gave, so that many cars can search side by side.
#[derive(Debug, Clone)]
pub(super) struct Search<R> {
    window: (f64, f64),
    efficiency: f64,
    round: usize,
    first: Option<R>,
    charging: Option<R>,
    discharging: Option<R>,
}

/// What a search wants next.
#[derive(Debug)]
pub(super) enum Next<R> {
    /// A run from this state of charge.
    Run(f64),
    /// Nothing: this was found.
    Done(Sustained<R>),
}

impl<R: Charged> Search<R> {
    /// A search in a window of the state of charge, which is to be told first of a run from
    /// the target. `efficiency` is the engine's best.
    pub(super) fn new(window: (f64, f64), efficiency: f64) -> Self {
        Self {
            window,
            efficiency,
            round: 0,
            first: None,
            charging: None,
            discharging: None,
        }
    }

    /// Takes the run that was asked for.
    pub(super) fn tell(&mut self, run: R) -> Next<R> {
        self.first.get_or_insert_with(|| run.clone());
        let (lowest, highest) = self.window;
        if run.battery_j().abs() <= BALANCED * run.fuel_j() {
            return Next::Done(Sustained {
                run,
                balance: Balance::Balanced,
                fuel_j_per_battery_j: None,
            });
        }
        let (soc, end) = (run.soc_start(), run.soc_end());
        let at_edge = if run.battery_j() > 0.0 {
            self.discharging = Some(run);
            soc <= lowest
        } else {
            self.charging = Some(run);
            soc >= highest
        };
        let round = self.round;
        self.round += 1;
        if at_edge || self.round == MAX_RUNS {
            return self.give_up();
        }
        Next::Run(match (&self.charging, &self.discharging) {
            (Some(low), Some(high)) => {
                let (a, b) = (low.soc_start(), high.soc_start());
                if (b - a).abs() < NARROWEST_SOC {
                    return Next::Done(self.mixed(low, high));
                }
                let (fa, fb) = (low.battery_j(), high.battery_j());
                // Every third round halves the bracket, whatever the jumps do.
                let share = if round % 3 == 2 { 0.5 } else { fa / (fa - fb) };
                a + share.clamp(0.02, 0.98) * (b - a)
            }
            // Where the run ended is where it nearly balances; twice as far brackets it.
            _ => (soc + 1.5 * (end - soc)).clamp(lowest, highest),
        })
    }

    fn give_up(&mut self) -> Next<R> {
        if let (Some(low), Some(high)) = (&self.charging, &self.discharging) {
            return Next::Done(self.mixed(low, high));
        }
        let any = self.charging.take().or(self.discharging.take());
        match self.first.take().or(any) {
            Some(run) => Next::Done(Sustained {
                run,
                balance: Balance::NotPossible,
                fuel_j_per_battery_j: None,
            }),
            // A run was told just now.
            None => Next::Run(self.window.0),
        }
    }

    /// Mixes the runs on both sides of a jump: the nearer one is shown, and its battery
    /// energy is worth what the line through both says.
    fn mixed(&self, low: &R, high: &R) -> Sustained<R> {
        let (fa, fb) = (low.battery_j(), high.battery_j());
        let slope = (low.fuel_j() - high.fuel_j()) / (fb - fa);
        let nearer = if fa.abs() < fb.abs() { low } else { high };
        Sustained {
            run: nearer.clone(),
            balance: Balance::Interpolated,
            fuel_j_per_battery_j: Some(plausible(self.efficiency, slope)),
        }
    }
}

/// What battery energy is worth: the slope of fuel over battery energy from a run through
/// neighbours that lie between it and balance, so that what is corrected over is also what
/// was simulated.
#[derive(Debug, Clone)]
pub(super) struct Worth {
    battery_j: f64,
    fuel_j: f64,
    efficiency: f64,
    socs: Vec<f64>,
}

impl Worth {
    /// Of the net battery energy of a run of this car.
    pub(super) fn of<R: Charged>(run: &R, plant: &Plant, window: (f64, f64)) -> Self {
        let (lowest, highest) = window;
        // Were the end charge independent of the start, this start would balance.
        let way_soc = -run.battery_j() / plant.battery.energy_per_soc_j(run.soc_start());
        let (shares, way_soc) = if way_soc.abs() > SHORTEST_WAY_SOC {
            (TOWARDS_BALANCE.as_slice(), way_soc)
        } else {
            (AROUND_BALANCE.as_slice(), SHORTEST_WAY_SOC)
        };
        let socs = shares.iter().map(|share| run.soc_start() + share * way_soc);
        Self {
            battery_j: run.battery_j(),
            fuel_j: run.fuel_j(),
            efficiency: plant.engine.best.efficiency,
            socs: socs
                .filter(|soc| (lowest..=highest).contains(soc))
                .collect(),
        }
    }

    /// Where its neighbours start.
    pub(super) fn socs(&self) -> &[f64] {
        &self.socs
    }

    /// Fuel energy that one joule of net battery energy stands for.
    pub(super) fn fuel_j_per_battery_j<R: Charged>(&self, neighbours: &[R]) -> f64 {
        let (mut spread, mut common) = (0.0, 0.0);
        for neighbour in neighbours {
            let battery_j = neighbour.battery_j() - self.battery_j;
            spread += battery_j * battery_j;
            common += battery_j * (neighbour.fuel_j() - self.fuel_j);
        }
        plausible(self.efficiency, -common / spread)
    }
}

/// A slope, or the worth by the engine's best efficiency where it is noise.
fn plausible(efficiency: f64, slope: f64) -> f64 {
    if (PLAUSIBLE.0..=PLAUSIBLE.1).contains(&slope) {
        slope
    } else {
        1.0 / (efficiency * CHARGING_EFFICIENCY)
    }
}

/// The charge-sustaining run of one car.
pub(super) fn charge_sustaining<S: Startable>(bench: &S) -> Sustained<S::Run> {
    let mut search = Search::new(bench.window(), bench.plant().engine.best.efficiency);
    let mut soc = bench.soc_target();
    loop {
        match search.tell(bench.run(soc)) {
            Next::Run(next) => soc = next,
            Next::Done(found) => return found,
        }
    }
}

/// The worth of battery energy of one car.
pub(super) fn fuel_per_battery<S: Startable>(bench: &S, run: &S::Run) -> f64 {
    let worth = Worth::of(run, bench.plant(), bench.window());
    worth.fuel_j_per_battery_j(&bench.run_all(worth.socs()))
}
