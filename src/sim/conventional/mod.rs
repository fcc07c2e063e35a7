//! A conventional car on a cycle: engine, torque converter, gears, wheels.
//!
//! As in the power-split step the motion gives the torques, and every quantity is a mean
//! over the step, so that the energy closes at any step length. The engine always runs;
//! pushed by the car with the converter locked it burns nothing. [`gears`] chooses gear
//! and lock-up on the control's clock, [`step`] computes what follows.

mod gears;
mod step;

use super::trace::{EngineState, TraceRow};
use crate::cycle::{Interval, Kinematics};
use crate::units::{kmh_from_mps, rpm_from_rad_s};
use crate::vehicle::{ConventionalPlant, ConventionalState};
use gears::Selector;

/// Mean flows over one step. Powers in W; losses are positive when they take energy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ConventionalFlows {
    /// Length of the step, s.
    pub dt_s: f64,
    /// Mean road speed, m/s.
    pub speed_mps: f64,
    /// Gear, the first is 1.
    pub gear: usize,
    /// Engine torque at the shaft, N·m, negative while it is turned without fuel.
    pub engine_torque_nm: f64,
    /// Share of the step in which fuel burnt.
    pub fired: f64,
    /// Power of the fuel burnt.
    pub fuel_w: f64,
    /// Fuel less shaft work of the engine.
    pub engine_heat_w: f64,
    /// Power the engine's torque gives.
    pub engine_shaft_w: f64,
    /// Slip in the converter or its lock-up clutch.
    pub slip_w: f64,
    /// Oil pump, open clutches, gears and final drive.
    pub gearbox_loss_w: f64,
    /// Alternator.
    pub alternator_loss_w: f64,
    /// Used by the auxiliaries.
    pub aux_w: f64,
    /// At the wheels, before the friction brakes.
    pub wheel_w: f64,
    /// Friction brakes.
    pub brake_w: f64,
    /// Tyres and bearings.
    pub rolling_w: f64,
    /// Air.
    pub air_w: f64,
    /// Against gravity.
    pub grade_w: f64,
}

/// A step of a conventional car, for those who watch.
#[derive(Debug, Clone, Copy)]
pub struct ConventionalStep<'a> {
    /// The step of the cycle.
    pub interval: &'a Interval,
    /// State at its end.
    pub end: &'a ConventionalState,
    /// Mean flows.
    pub flows: &'a ConventionalFlows,
}

impl ConventionalStep<'_> {
    /// What the engine did.
    pub fn engine(&self) -> EngineState {
        if self.flows.fired > 0.0 {
            EngineState::On
        } else {
            EngineState::Spun
        }
    }
}

/// The state in which a cycle begins: in gear, engine running.
pub fn conventional_start(
    plant: &ConventionalPlant,
    kinematics: &Kinematics,
    coolant_c: f64,
) -> ConventionalState {
    let speed_mps = kinematics.start_mps.min(plant.max_speed_mps);
    let selector = Selector::new(plant, speed_mps);
    ConventionalState {
        speed_mps,
        engine_rad_s: plant
            .turbine_rad_s(speed_mps, selector.gear)
            .max(plant.engine.idle_rad_s),
        coolant_c,
    }
}

/// Drives a cycle from the state in which it begins; `watch` sees every step.
pub fn drive_conventional(
    plant: &ConventionalPlant,
    kinematics: &Kinematics,
    start: &ConventionalState,
    mut watch: impl FnMut(&ConventionalStep<'_>),
) {
    let mut state = *start;
    let mut selector = Selector::new(plant, state.speed_mps);
    for interval in &kinematics.intervals {
        if interval.decide_s > 0.0 {
            selector.decide(plant, interval, state.speed_mps);
        }
        let (end, flows) = step::step(plant, interval, &state, &selector.choice());
        watch(&ConventionalStep {
            interval,
            end: &end,
            flows: &flows,
        });
        state = end;
    }
}

/// Row of a trace before any step, or with the states a step ends in. What the car does
/// not have is no number.
fn state_row(time_s: f64, target_mps: f64, grade: f64, state: &ConventionalState) -> TraceRow {
    const NONE: f64 = f64::NAN;
    TraceRow {
        time_s,
        target_speed_kmh: kmh_from_mps(target_mps),
        speed_kmh: kmh_from_mps(state.speed_mps),
        grade,
        engine_state: EngineState::On,
        start_cause: None,
        engine_rpm: rpm_from_rad_s(state.engine_rad_s),
        engine_torque_nm: 0.0,
        fuel_g_s: 0.0,
        mg1_rpm: NONE,
        mg1_torque_nm: NONE,
        mg1_electric_w: NONE,
        mg2_rpm: NONE,
        mg2_torque_nm: NONE,
        mg2_electric_w: NONE,
        converter_loss_w: NONE,
        aux_w: 0.0,
        battery_w: NONE,
        battery_v: NONE,
        battery_a: NONE,
        soc: NONE,
        brake_w: 0.0,
        coolant_c: state.coolant_c,
        battery_c: NONE,
        wheel_w: 0.0,
        engine_w: 0.0,
    }
}

impl TraceRow {
    /// The first row of a conventional car's trace.
    pub fn conventional_start(state: &ConventionalState) -> Self {
        state_row(0.0, state.speed_mps, 0.0, state)
    }

    /// The row of a step of a conventional car that burns fuel of this heating value.
    pub fn conventional(step: &ConventionalStep<'_>, lhv_j_per_kg: f64) -> Self {
        let (interval, flows) = (step.interval, step.flows);
        Self {
            engine_state: step.engine(),
            engine_torque_nm: flows.engine_torque_nm,
            fuel_g_s: 1e3 * flows.fuel_w / lhv_j_per_kg,
            aux_w: flows.aux_w,
            brake_w: flows.brake_w,
            wheel_w: flows.wheel_w,
            engine_w: flows.engine_shaft_w,
            ..state_row(
                interval.end_s,
                interval.target_mps,
                interval.sine / interval.cosine,
                step.end,
            )
        }
    }
}
