//! Random cars on random roads, and everything that happened on them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use thsim::config::keys;
use thsim::cycle::{Interval, Kinematics};
use thsim::ledger::{Ledger, Paths};
use thsim::results::Totals;
use thsim::sim::{EngineState, Flows, Initial, Recorder, Simulated, StartEvent, Trace, drive};
use thsim::vehicle::{Plant, State, Terminals};

use crate::common::{Car, cycle_of};

/// A car and a drive, as plain data: what a failing law prints.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) vehicle: &'static str,
    pub(crate) sets: Vec<String>,
    /// Time in s, speed in km/h, grade.
    pub(crate) points: Vec<(f64, f64, f64)>,
    pub(crate) step_s: f64,
    /// Where the run starts in the window, 0 to 1.
    pub(crate) charge: f64,
    pub(crate) cold: bool,
}

/// One step with everything it did.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) interval: Interval,
    pub(crate) start: State,
    pub(crate) end: State,
    pub(crate) flows: Flows,
    pub(crate) engine: EngineState,
    pub(crate) event: Option<StartEvent>,
}

/// All that a case did.
pub(crate) struct Driven {
    pub(crate) car: Car,
    pub(crate) steps: Vec<Step>,
    pub(crate) trace: Trace,
    pub(crate) totals: Totals,
    pub(crate) ledger: Ledger,
    pub(crate) paths: Paths,
}

struct Steps(Vec<Step>);

impl Recorder for Steps {
    fn begin(&mut self, _: &Plant, _: &State) {}

    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        self.0.push(Step {
            interval: *step.interval,
            start: *step.start,
            end: *step.end,
            flows: *step.flows,
            engine: step.engine(),
            event: step.event(plant),
        });
    }
}

impl Step {
    /// End of the step, s.
    pub(crate) fn end_s(&self) -> f64 {
        self.interval.end_s
    }

    /// What changing the engine's speed may take from or give to the battery whatever
    /// its limits: a car at the end of its window must still start.
    pub(crate) fn turning_engine_w(&self) -> f64 {
        let changes = (self.start.engine_rad_s - self.end.engine_rad_s).abs() > 0.0;
        if changes { 4.2e3 } else { 0.0 }
    }

    /// The battery as the step found it.
    pub(crate) fn terminals(&self, plant: &Plant) -> Terminals {
        let (state, dt) = (&self.start, self.interval.dt_s);
        let battery = &plant.battery;
        battery.terminals(&battery.pace(dt), state)
    }

    /// Whether fuel burns or is about to.
    pub(crate) fn is_fuelled(&self) -> bool {
        matches!(self.engine, EngineState::On | EngineState::Cranking)
    }
}

impl Case {
    /// Drives it; none where the settings do not fit each other.
    pub(crate) fn drive(&self) -> Option<Driven> {
        let car = Car::try_load(self.vehicle, &self.sets).ok()?;
        let battery = &car.vehicle.battery;
        let thermal = &car.vehicle.thermal;
        let initial = Initial {
            soc: battery.soc_min + self.charge * (battery.soc_max - battery.soc_min),
            coolant_c: if self.cold {
                thermal.ambient_c
            } else {
                thermal.warm_c
            },
            battery_c: if self.cold {
                thermal.ambient_c
            } else {
                thermal.ambient_c + 8.0
            },
            soaked_s: if self.cold { f64::INFINITY } else { 0.0 },
        };
        let kinematics = Kinematics::new(&cycle_of(&self.points), self.step_s);
        let trace = Trace::new(
            car.vehicle.engine.fuel.lhv_j_per_kg,
            kinematics.intervals.len(),
        );
        let mut watched = (
            (Steps(Vec::new()), trace),
            (Totals::default(), (Ledger::default(), Paths::default())),
        );
        drive(&car.plant, &car.rules, &kinematics, &initial, &mut watched);
        let ((steps, trace), (totals, (ledger, paths))) = watched;
        Some(Driven {
            car,
            steps: steps.0,
            trace,
            totals,
            ledger,
            paths,
        })
    }
}

/// `key=value` of a figure that may lie anywhere in a range.
fn figure(key: &'static str, low: f64, high: f64) -> impl Strategy<Value = String> {
    (low..=high).prop_map(move |value| format!("{key}={value:?}"))
}

/// Some of the estimates, each anywhere in the range that calibration may use.
fn estimates() -> impl Strategy<Value = Vec<String>> {
    let open: Vec<_> = keys().filter(|key| key.estimate.is_some()).collect();
    vec((select(open), 0.0..=1.0), 0..6).prop_map(|chosen| {
        chosen
            .into_iter()
            .map(|(key, share)| {
                let (low, high) = key.estimate.unwrap_or_default();
                format!("{}={:?}", key.path, low + share * (high - low))
            })
            .collect()
    })
}

/// Settings far beyond the car family, each within what a vehicle file allows.
pub(crate) fn settings() -> impl Strategy<Value = Vec<String>> {
    let road_load = (0.7..1.5).prop_map(|factor| {
        format!(
            "chassis.road_load={{ a_n = {:?}, b_n_per_mps = {:?}, c_n_per_mps2 = {:?} }}",
            90.0 * factor,
            0.24 * factor,
            0.44 * factor
        )
    });
    let wide = vec![
        figure("chassis.test_mass_kg", 900.0, 2500.0).boxed(),
        road_load.boxed(),
        figure("auxiliary.power_w", 0.0, 2000.0).boxed(),
        figure("battery.capacity_ah", 1.0, 20.0).boxed(),
        figure("battery.coulombic_efficiency", 0.9, 1.0).boxed(),
        figure("mg2.max_power_kw", 20.0, 90.0).boxed(),
        figure("mg1.max_power_kw", 20.0, 60.0).boxed(),
        figure("mg1.max_speed_rpm", 6000.0, 13500.0).boxed(),
        figure("engine.fuel_map.peak_efficiency", 0.28, 0.42).boxed(),
        figure("gearset.mesh_efficiency", 0.95, 1.0).boxed(),
        figure("gearset.final_efficiency", 0.9, 1.0).boxed(),
        figure("gearset.final_ratio", 2.5, 4.5).boxed(),
        figure("converter.efficiency", 0.9, 1.0).boxed(),
        figure("converter.max_power_kw", 5.0, 40.0).boxed(),
        figure("thermal.ambient_c", -20.0, 40.0).boxed(),
        figure("control.engine_off_max_mg1_reverse_rpm", 1500.0, 6000.0).boxed(),
    ];
    let wide = vec(select((0..wide.len()).collect::<Vec<_>>()), 0..5).prop_flat_map(move |which| {
        which
            .into_iter()
            .map(|i| wide[i].clone())
            .collect::<Vec<_>>()
    });
    (wide, estimates()).prop_map(|(mut wide, mut estimates)| {
        wide.append(&mut estimates);
        wide
    })
}

/// A way to the next point: how long, how fast at its end.
fn leg() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![
        3 => (5.0..30.0, 0.0..140.0),
        2 => (2.0..20.0, Just(0.0)),
        1 => (5.0..40.0, 0.0..4.0),
        1 => (0.2..3.0, 0.0..140.0),
    ]
}

fn grade() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => Just(0.0),
        4 => -0.08..0.08,
        2 => -0.3..0.3,
        1 => select(vec![-0.5, 0.5]),
    ]
}

pub(crate) fn points() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let begin = (prop_oneof![3 => Just(0.0), 1 => 0.0..140.0], grade());
    (begin, vec((leg(), option::weighted(0.3, grade())), 2..8)).prop_map(|(begin, legs)| {
        let mut points = vec![(0.0, begin.0, begin.1)];
        for ((duration_s, kmh), slope) in legs {
            let last = points[points.len() - 1];
            points.push((last.0 + duration_s, kmh, slope.unwrap_or(last.2)));
        }
        points
    })
}

/// A random car on a random road.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let step = prop_oneof![
        4 => select(vec![0.01, 0.05, 0.1, 0.2, 0.5, 1.0]),
        1 => 0.01..=1.0,
    ];
    let car = (
        select(vec!["levin-hybrid", "prius-2010", "prius-2010-17in"]),
        settings(),
    );
    (car, points(), step, 0.0..=1.0, prop::bool::weighted(0.25)).prop_map(
        |((vehicle, sets), points, step_s, charge, cold)| Case {
            vehicle,
            sets,
            points,
            step_s,
            charge,
            cold,
        },
    )
}

/// How often a law is tried. The seed is fixed, so that a run says about a change what
/// the change did; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` look further.
pub(crate) fn tried(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config.failure_persistence = None;
    config
}
