//! One run: a controller drives a plant over a cycle, and recorders watch.

use super::flows::Flows;
use super::step::step;
use super::trace::EngineState;
use crate::control::{Command, Controller, Situation, StartCause};
use crate::cycle::{Interval, Kinematics};
use crate::vehicle::{Plant, State};

/// How a run begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Initial {
    /// State of charge, 0 to 1.
    pub soc: f64,
    /// Coolant temperature, °C.
    pub coolant_c: f64,
    /// Battery temperature, °C.
    pub battery_c: f64,
    /// How long the car was parked before, s: zero where it drives on, infinite after a
    /// night. The catalyst has cooled with it.
    pub soaked_s: f64,
}

/// A start of the engine, or the return of fuel to one that was turned without.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartEvent {
    /// When, s.
    pub time_s: f64,
    /// Why.
    pub cause: StartCause,
    /// Road speed, m/s.
    pub speed_mps: f64,
    /// State of charge.
    pub soc: f64,
    /// MG1's speed before the start, rad/s.
    pub mg1_rad_s: f64,
}

/// What a step did, for those who watch.
#[derive(Debug, Clone, Copy)]
pub struct Simulated<'a> {
    /// The step of the cycle.
    pub interval: &'a Interval,
    /// State at its start.
    pub start: &'a State,
    /// State at its end.
    pub end: &'a State,
    /// Mean flows.
    pub flows: &'a Flows,
    /// What the engine did.
    pub engine: EngineState,
    /// The start that this step began with, if any.
    pub event: Option<&'a StartEvent>,
}

/// Watches a run. Two recorders make one as a tuple.
pub trait Recorder {
    /// The run begins in this state.
    fn begin(&mut self, plant: &Plant, state: &State);
    /// A step was made.
    fn record(&mut self, plant: &Plant, step: &Simulated<'_>);
}

/// Watches nothing.
pub struct Silent;

impl Recorder for Silent {
    fn begin(&mut self, _: &Plant, _: &State) {}
    fn record(&mut self, _: &Plant, _: &Simulated<'_>) {}
}

impl<A: Recorder, B: Recorder> Recorder for (A, B) {
    fn begin(&mut self, plant: &Plant, state: &State) {
        self.0.begin(plant, state);
        self.1.begin(plant, state);
    }
    #[inline]
    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        self.0.record(plant, step);
        self.1.record(plant, step);
    }
}

impl<A: Recorder> Recorder for Option<A> {
    fn begin(&mut self, plant: &Plant, state: &State) {
        if let Some(inner) = self {
            inner.begin(plant, state);
        }
    }
    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        if let Some(inner) = self {
            inner.record(plant, step);
        }
    }
}

/// What the engine did in a step.
fn engine_state(flows: &Flows, end: &State, command: &Command) -> EngineState {
    if flows.fired > 0.0 {
        EngineState::On
    } else if command.fuel {
        EngineState::Cranking
    } else if end.engine_rad_s > 0.0 || command.turn {
        EngineState::Spun
    } else {
        EngineState::Off
    }
}

/// Drives the cycle from an initial state and returns the last one.
// Not inlined: the compiler then spends its budget on what the steps call, the same
// whoever drives.
#[inline(never)]
pub fn drive<C: Controller, R: Recorder>(
    plant: &Plant,
    controller: &C,
    kinematics: &Kinematics,
    initial: &Initial,
    recorder: &mut R,
) -> State {
    let speed_mps = kinematics.start_mps.min(plant.max_speed_mps);
    let mut state = State {
        speed_mps,
        engine_rad_s: plant.slowest_engine_rad_s(speed_mps),
        soc: initial.soc,
        polarisation_v: 0.0,
        coolant_c: initial.coolant_c,
        battery_c: initial.battery_c,
    };
    let mut memory = controller.begin(plant, &state, initial.soaked_s);
    let mut command = Command::OFF;
    let mut last_decision_s = 0.0;
    let mut flows = Flows::default();
    recorder.begin(plant, &state);
    for interval in &kinematics.intervals {
        let terminals = plant.battery.terminals(
            state.soc,
            state.battery_c,
            state.polarisation_v,
            interval.dt_s,
        );
        let mut event = None;
        if interval.decide_s > 0.0 {
            let horizon_mps = interval.decide_mps.min(plant.max_speed_mps);
            let speed_mps = 0.5 * (state.speed_mps + horizon_mps);
            let acceleration = (horizon_mps - state.speed_mps) / interval.decide_s;
            let road = plant
                .chassis
                .resistance(speed_mps, interval.sine, interval.cosine);
            let situation = Situation {
                state: &state,
                terminals: &terminals,
                since_s: interval.start_s - last_decision_s,
                holds_s: interval.decide_s,
                speed_mps,
                horizon_mps,
                wheel_force_n: road.total_n() + plant.chassis.inertial_mass_kg * acceleration,
                auxiliary_w: plant.auxiliary_w + interval.aux_w,
            };
            last_decision_s = interval.start_s;
            command = controller.decide(plant, &situation, &mut memory);
            event = command.start.map(|cause| StartEvent {
                time_s: interval.start_s,
                cause,
                speed_mps: state.speed_mps,
                soc: state.soc,
                mg1_rad_s: plant
                    .gearset
                    .sun_speed_rad_s(state.engine_rad_s, state.speed_mps * plant.ring_rad_per_m),
            });
        }
        let end = step(plant, interval, &state, &terminals, &command, &mut flows);
        recorder.record(
            plant,
            &Simulated {
                interval,
                start: &state,
                end: &end,
                flows: &flows,
                engine: engine_state(&flows, &end, &command),
                event: event.as_ref(),
            },
        );
        state = end;
    }
    state
}
