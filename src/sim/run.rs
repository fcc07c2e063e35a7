//! One run: a controller drives a plant over a cycle, and recorders watch.

use super::flows::Flows;
use super::step::step;
use super::trace::EngineState;
use crate::control::{Command, Controller, Situation, StartCause};
use crate::cycle::{Interval, Kinematics};
use crate::lanes::{Instructions, Number, WorkAlone, beside};
use crate::vehicle::{Plant, State};

/// How a run begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Initial<F = f64> {
    /// State of charge, 0 to 1.
    pub soc: F,
    /// Coolant temperature, °C.
    pub coolant_c: F,
    /// Battery temperature, °C.
    pub battery_c: F,
    /// How long the car was parked before, s: zero where it drives on, infinite after a
    /// night. The catalyst has cooled with it.
    pub soaked_s: F,
}

beside!(Initial {
    soc,
    coolant_c,
    battery_c,
    soaked_s
});

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
pub struct Simulated<'a, F: Number = f64> {
    /// The step of the cycle.
    pub interval: &'a Interval,
    /// State at its start.
    pub start: &'a State<F>,
    /// State at its end.
    pub end: &'a State<F>,
    /// Mean flows.
    pub flows: &'a Flows<F>,
    /// What the control said, in this step or before.
    pub command: &'a Command<F>,
}

impl<F: Number> Simulated<'_, F> {
    /// Whether the step began with a start in any lane.
    #[inline(always)]
    pub fn has_start(&self) -> bool {
        self.interval.decide_s > 0.0
            && (0..F::LANES).any(|lane| F::of_lane(&self.command.start, lane).is_some())
    }

    /// The start that this step began with in a lane, if any.
    #[inline(always)] // a call would keep the flows in memory
    pub fn start_event(&self, plant: &Plant<F>, lane: usize) -> Option<StartEvent> {
        let cause = *F::of_lane(&self.command.start, lane);
        let state = self.start;
        let ring = state.speed_mps * plant.ring_rad_per_m;
        let mg1 = plant.gearset.sun_speed_rad_s(state.engine_rad_s, ring);
        let cause = cause.filter(|_| self.interval.decide_s > 0.0)?;
        Some(StartEvent {
            time_s: self.interval.start_s,
            cause,
            speed_mps: state.speed_mps.lane(lane),
            soc: state.soc.lane(lane),
            mg1_rad_s: mg1.lane(lane),
        })
    }
}

impl Simulated<'_> {
    /// The start that this step began with, if any.
    pub fn event(&self, plant: &Plant) -> Option<StartEvent> {
        self.start_event(plant, 0)
    }

    /// What the engine did.
    pub fn engine(&self) -> EngineState {
        if self.flows.fired > 0.0 {
            EngineState::On
        } else if self.command.fuel {
            EngineState::Cranking
        } else if self.end.engine_rad_s > 0.0 || self.command.turn {
            EngineState::Spun
        } else {
            EngineState::Off
        }
    }
}

/// Watches a run. Two recorders make one as a tuple.
pub trait Recorder<F: Number = f64> {
    /// The run begins in this state.
    fn begin(&mut self, plant: &Plant<F>, state: &State<F>);
    /// A step was made.
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>);
}

/// A recorder that can watch several cars side by side.
pub trait SideBySide: Sized {
    /// The same recorder over any number.
    type Of<F: Number>: Recorder<F>;
    /// What it is made from.
    type Setup;

    /// A new one.
    fn new<F: Number>(setup: &Self::Setup) -> Self::Of<F>;

    /// What it saw in one lane.
    fn of_lane<F: Number>(watched: &Self::Of<F>, lane: usize) -> Self;
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl SideBySide for Silent {
    type Of<F: Number> = Self;
    type Setup = ();

    fn new<F: Number>((): &()) -> Self {
        Self
    }

    fn of_lane<F: Number>(_: &Self, _: usize) -> Self {
        Self
    }
}

impl<A: SideBySide, B: SideBySide> SideBySide for (A, B) {
    type Of<F: Number> = (A::Of<F>, B::Of<F>);
    type Setup = (A::Setup, B::Setup);

    fn new<F: Number>(setup: &Self::Setup) -> Self::Of<F> {
        (A::new(&setup.0), B::new(&setup.1))
    }

    fn of_lane<F: Number>(watched: &Self::Of<F>, lane: usize) -> Self {
        (A::of_lane(&watched.0, lane), B::of_lane(&watched.1, lane))
    }
}

impl<F: Number> Recorder<F> for Silent {
    #[inline(always)]
    fn begin(&mut self, _: &Plant<F>, _: &State<F>) {}
    #[inline(always)]
    fn record(&mut self, _: &Plant<F>, _: &Simulated<'_, F>) {}
}

impl<F: Number, A: Recorder<F>, B: Recorder<F>> Recorder<F> for (A, B) {
    #[inline(always)]
    fn begin(&mut self, plant: &Plant<F>, state: &State<F>) {
        self.0.begin(plant, state);
        self.1.begin(plant, state);
    }
    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
        self.0.record(plant, step);
        self.1.record(plant, step);
    }
}

impl<F: Number, A: Recorder<F>> Recorder<F> for Option<A> {
    #[inline(always)]
    fn begin(&mut self, plant: &Plant<F>, state: &State<F>) {
        if let Some(inner) = self {
            inner.begin(plant, state);
        }
    }
    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
        if let Some(inner) = self {
            inner.record(plant, step);
        }
    }
}

/// Drives the cycle from an initial state and returns the last one.
pub fn drive<C: Controller, R: Recorder>(
    plant: &Plant,
    controller: &C,
    kinematics: &Kinematics,
    initial: &Initial,
    recorder: &mut R,
) -> State {
    Instructions::best_of_one(Alone {
        plant,
        controller,
        kinematics,
        initial,
        recorder,
    })
}

/// A car that drives alone.
struct Alone<'a, C, R> {
    plant: &'a Plant,
    controller: &'a C,
    kinematics: &'a Kinematics,
    initial: &'a Initial,
    recorder: &'a mut R,
}

impl<C: Controller, R: Recorder> WorkAlone for Alone<'_, C, R> {
    type Out = State;

    #[inline(always)]
    fn run(self) -> State {
        drive_lanes(
            self.plant,
            self.controller,
            self.kinematics,
            self.initial,
            self.recorder,
        )
    }
}

/// Drives the cycle with one car a lane.
#[inline(always)]
pub(super) fn drive_lanes<F: Number, C: Controller<F>, R: Recorder<F>>(
    plant: &Plant<F>,
    controller: &C,
    kinematics: &Kinematics,
    initial: &Initial<F>,
    recorder: &mut R,
) -> State<F> {
    let speed_mps = plant.max_speed_mps.at_most(kinematics.start_mps);
    let mut state = State {
        speed_mps,
        engine_rad_s: plant.slowest_engine_rad_s(speed_mps),
        soc: initial.soc,
        polarisation_v: 0.0.into(),
        coolant_c: initial.coolant_c,
        battery_c: initial.battery_c,
    };
    let mut memory = controller.begin(plant, &state, initial.soaked_s);
    let mut command = Command::default();
    let mut last_decision_s = 0.0;
    let mut pace = plant.battery.pace(kinematics.step_s);
    recorder.begin(plant, &state);
    for interval in &kinematics.intervals {
        // Nearly all steps are as long as the one before.
        if pace.dt_s().to_bits() != interval.dt_s.to_bits() {
            pace = plant.battery.pace(interval.dt_s);
        }
        let terminals = plant.battery.terminals(&pace, &state);
        if interval.decide_s > 0.0 {
            let horizon_mps = plant.max_speed_mps.at_most(interval.decide_mps);
            let speed_mps = (state.speed_mps + horizon_mps) * 0.5;
            let acceleration = (horizon_mps - state.speed_mps) * interval.per_decide;
            let road = plant
                .chassis
                .resistance(speed_mps, interval.sine, interval.cosine);
            let situation = Situation {
                state: &state,
                terminals: &terminals,
                since_s: interval.start_s - last_decision_s,
                holds_s: interval.decide_s,
                per_hold: interval.per_decide,
                speed_mps,
                horizon_mps,
                wheel_force_n: road.total_n() + plant.chassis.inertial_mass_kg * acceleration,
                auxiliary_w: plant.auxiliary_w + interval.aux_w,
            };
            last_decision_s = interval.start_s;
            command = controller.decide(plant, &situation, &mut memory);
        }
        state = step(
            plant, interval, &pace, &state, &terminals, &command, recorder,
        );
    }
    state
}
