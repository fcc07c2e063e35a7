//! What the car can do with the pedal on the floor.
//!
//! The pedal is a speed asked that is faster than the car: the control answers with all the
//! power there is, and the step gives what its limits allow (`sim::step`, "falling behind").
//! Speed is linear in a step, so the instant at which it passes a figure is exact in it.
//!
//! Tyres are not limited here: what their grip must be is told by the launch's peak
//! acceleration.

mod lasting;

pub use lasting::{Climb, TopSpeed, TopSpeedBound};

use super::single::driving;
use crate::control::Controller;
use crate::cycle::{Cycle, FullThrottle, Kinematics};
use crate::ledger::Ledger;
use crate::sim::{Flows, Recorder, Simulated, drive};
use crate::units::mps_from_kmh;
use crate::vehicle::{Plant, State, Vehicle};

/// Step of the study, s; halving it moves 0 to 100 km/h by less than 0.5 %.
pub const STEP_S: f64 = 0.01;
/// Speed asked with the pedal on the floor: no car of the family reaches it, km/h.
const FLOORED_KMH: f64 = 300.0;
/// Time after which a launch that has not arrived is given up, s.
const LONGEST_LAUNCH_S: f64 = 90.0;
/// Time driven at the lower speed before a kick-down, s.
const LEAD_S: f64 = 10.0;
/// Time over which the battery's mean power is told, s.
const BATTERY_S: f64 = 10.0;
/// The starts in a row: a little beyond 100 km/h, so that the pedal is down until there.
const STARTS_TO_KMH: f64 = 105.0;
const STARTS_HELD_S: f64 = 20.0;
const STARTS_BRAKE_MPS2: f64 = 2.5;
const STARTS_REST_S: f64 = 8.0;

/// A car, a controller and a state of charge.
pub struct FullThrottleQuestion<'a, C: Controller> {
    /// The car.
    pub vehicle: &'a Vehicle,
    /// The car's tables.
    pub plant: &'a Plant,
    /// Who decides.
    pub controller: &'a C,
    /// State of charge at the start of each test.
    pub soc: f64,
    /// Step, s.
    pub step_s: f64,
}

/// An acceleration between two speeds.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Sprint {
    /// How long it took, s.
    pub time_s: f64,
    /// Mean power of the battery over its first 10 s, W, or over all of it if shorter.
    pub battery_mean_w: f64,
    /// Largest power of the battery, W.
    pub battery_max_w: f64,
    /// Largest acceleration, m/s².
    pub peak_mps2: f64,
    /// Time until the engine burns, s; none where it burnt from the start.
    pub engine_start_s: Option<f64>,
}

/// One of the starts in a row.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Repeat {
    /// 0 to 100 km/h, s; none where it was not reached.
    pub time_s: Option<f64>,
    /// Mean power of the battery over its first 10 s, W.
    pub battery_mean_w: f64,
    /// State of charge at the end of the rest after it.
    pub soc: f64,
    /// The battery's temperature then, °C.
    pub battery_c: f64,
    /// Power the battery could give then for a moment, W.
    pub discharge_limit_w: f64,
    /// Power it could give for longer than its slow branch takes, W.
    pub lasting_limit_w: f64,
}

/// The answer of the study.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Acceleration {
    /// State of charge the tests began with.
    pub soc: f64,
    /// 0 to 100 km/h; none where the car never gets there.
    pub to_100: Option<Sprint>,
    /// 80 to 120 km/h.
    pub from_80_to_120: Option<Sprint>,
    /// The fastest it drives on the level, without draining its battery.
    pub top_speed: TopSpeed,
    /// Steepest grades at some speeds, the start-off first.
    pub climbs: Vec<Climb>,
    /// Ten full-throttle starts in a row.
    pub starts: Vec<Repeat>,
    /// Largest residual of the energy balance of launch, kick-down and starts.
    pub energy_residual_relative: f64,
}

/// A step as the study looks at it.
struct Row {
    end_s: f64,
    from_mps: f64,
    end: State,
    flows: Flows,
}

/// All steps of a drive.
#[derive(Default)]
struct Log {
    rows: Vec<Row>,
}

impl Recorder for Log {
    fn begin(&mut self, _: &Plant, _: &State) {
        self.rows.clear();
    }

    fn record(&mut self, _: &Plant, step: &Simulated<'_>) {
        self.rows.push(Row {
            end_s: step.interval.end_s,
            from_mps: step.start.speed_mps,
            end: *step.end,
            flows: *step.flows,
        });
    }
}

impl Log {
    /// First instant from `from_s` on at which the speed passes `speed_mps`, s.
    fn passes_s(&self, speed_mps: f64, from_s: f64) -> Option<f64> {
        let after = self.rows.iter().filter(|row| row.end_s > from_s + 1e-9);
        let mut passing = after.filter(|row| row.end.speed_mps >= speed_mps);
        passing.next().map(|row| {
            let left = row.end.speed_mps - speed_mps;
            let gained = row.end.speed_mps - row.from_mps;
            let share = if gained > 0.0 { left / gained } else { 0.0 };
            (row.end_s - share * row.flows.dt_s).max(from_s)
        })
    }

    fn between(&self, from_s: f64, to_s: f64) -> impl Iterator<Item = &Row> {
        let inside = move |row: &&Row| row.end_s > from_s + 1e-9 && row.end_s < to_s + 1e-9;
        self.rows.iter().filter(inside)
    }

    /// Mean power of the battery from `from_s` to `to_s`, W.
    fn battery_mean_w(&self, from_s: f64, to_s: f64) -> f64 {
        let (energy_j, time_s) = self.between(from_s, to_s).fold((0.0, 0.0), |sum, row| {
            let dt = row.flows.dt_s;
            (sum.0 + row.flows.battery_w * dt, sum.1 + dt)
        });
        if time_s > 0.0 { energy_j / time_s } else { 0.0 }
    }

    /// The sprint that begins at `from_s` and ends where the speed passes `to_mps`.
    fn sprint(&self, from_s: f64, to_mps: f64) -> Option<Sprint> {
        let to_s = self.passes_s(to_mps, from_s)?;
        let largest = |of: fn(&Row) -> f64| {
            let values = self.between(from_s, to_s).map(of);
            values.fold(f64::NEG_INFINITY, f64::max)
        };
        let off = self
            .between(from_s, to_s)
            .take_while(|row| row.flows.fired <= 0.0);
        Some(Sprint {
            time_s: to_s - from_s,
            battery_mean_w: self.battery_mean_w(from_s, to_s.min(from_s + BATTERY_S)),
            battery_max_w: largest(|row| row.flows.battery_w),
            peak_mps2: largest(|row| (row.end.speed_mps - row.from_mps) / row.flows.dt_s),
            engine_start_s: off.last().map(|row| row.end_s - from_s),
        })
    }
}

impl<C: Controller> FullThrottleQuestion<'_, C> {
    /// Drives a warm car over a cycle and logs every step.
    fn log(&self, cycle: &Cycle, soc: f64, step_s: f64) -> (Log, Ledger) {
        let initial = driving(
            self.vehicle.thermal.warm_c,
            self.vehicle.thermal.ambient_c,
            soc,
        );
        let mut watched = (Log::default(), Ledger::default());
        let kinematics = Kinematics::new(cycle, step_s);
        drive(
            self.plant,
            self.controller,
            &kinematics,
            &initial,
            &mut watched,
        );
        watched
    }

    /// Ten starts in a row to 100 km/h.
    fn starts(&self) -> (Vec<Repeat>, Ledger) {
        let asked = FullThrottle {
            starts: 10,
            to_mps: mps_from_kmh(STARTS_TO_KMH),
            held_s: STARTS_HELD_S,
            brake_mps2: STARTS_BRAKE_MPS2,
            rest_s: STARTS_REST_S,
        };
        let (log, ledger) = self.log(&asked.cycle(), self.soc, self.step_s);
        let repeat = |start: usize| {
            let from_s = start as f64 * asked.period_s();
            let next_s = from_s + asked.period_s();
            let after = log.between(from_s, next_s).last()?.end;
            let sprint = log
                .sprint(from_s, mps_from_kmh(100.0))
                .filter(|sprint| sprint.time_s < asked.held_s);
            let battery = &self.plant.battery;
            let terminals = battery.terminals(&battery.pace(self.step_s), &after);
            Some(Repeat {
                time_s: sprint.map(|sprint| sprint.time_s),
                battery_mean_w: log.battery_mean_w(from_s, from_s + BATTERY_S),
                soc: after.soc,
                battery_c: after.battery_c,
                discharge_limit_w: terminals.discharge_limit_w,
                lasting_limit_w: self
                    .plant
                    .battery
                    .steady_discharge_limit_w(after.soc, after.battery_c),
            })
        };
        ((0..asked.starts).filter_map(repeat).collect(), ledger)
    }

    /// The launch from rest to 100 km/h, and its ledger.
    fn launch(&self) -> (Option<Sprint>, Ledger) {
        let floored_mps = mps_from_kmh(FLOORED_KMH);
        let cycle = Cycle::kick_down(0.0, 0.0, floored_mps, LONGEST_LAUNCH_S);
        let (log, ledger) = self.log(&cycle, self.soc, self.step_s);
        (log.sprint(0.0, mps_from_kmh(100.0)), ledger)
    }

    /// 0 to 100 km/h alone; none where the car never gets there.
    pub fn to_100(&self) -> Option<Sprint> {
        self.launch().0
    }

    /// Makes all tests.
    pub fn answer(&self) -> Acceleration {
        let floored_mps = mps_from_kmh(FLOORED_KMH);
        let roll = Cycle::kick_down(mps_from_kmh(80.0), LEAD_S, floored_mps, LONGEST_LAUNCH_S);
        let (to_100, launch_ledger) = self.launch();
        let (rolled, roll_ledger) = self.log(&roll, self.soc, self.step_s);
        let (starts, starts_ledger) = self.starts();
        let residuals = [launch_ledger, roll_ledger, starts_ledger];
        Acceleration {
            soc: self.soc,
            to_100,
            from_80_to_120: rolled.sprint(LEAD_S, mps_from_kmh(120.0)),
            top_speed: self.top_speed(),
            climbs: self.climbs(),
            starts,
            energy_residual_relative: residuals
                .iter()
                .map(|ledger| ledger.residual_relative().abs())
                .fold(0.0, f64::max),
        }
    }
}
