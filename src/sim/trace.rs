//! The trace: one row a step, for files and pictures.
//!
//! Speeds, state of charge, temperatures and engine state are those at `time_s`;
//! torques, powers, current, voltage and fuel are means over the step that ends there.
//! The first row is the initial state with zero flows.

use super::run::{Recorder, Simulated};
use crate::control::StartCause;
use crate::units::{kmh_from_mps, rpm_from_rad_s};
use crate::vehicle::{Plant, State};

/// What the engine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineState {
    /// At rest.
    Off,
    /// Being started, not yet burning.
    Cranking,
    /// Burning fuel.
    On,
    /// Turning without fuel.
    Spun,
}

impl EngineState {
    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Cranking => "cranking",
            Self::On => "on",
            Self::Spun => "spun",
        }
    }

    /// The state of that name.
    pub fn find(name: &str) -> Option<Self> {
        [Self::Off, Self::Cranking, Self::On, Self::Spun]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// One row, in the units of the file.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // the names carry meaning and unit; the module says what they mean
pub struct TraceRow {
    pub time_s: f64,
    pub target_speed_kmh: f64,
    pub speed_kmh: f64,
    pub grade: f64,
    pub engine_state: EngineState,
    pub start_cause: Option<StartCause>,
    pub engine_rpm: f64,
    pub engine_torque_nm: f64,
    pub fuel_g_s: f64,
    pub mg1_rpm: f64,
    pub mg1_torque_nm: f64,
    pub mg1_electric_w: f64,
    pub mg2_rpm: f64,
    pub mg2_torque_nm: f64,
    pub mg2_electric_w: f64,
    pub converter_loss_w: f64,
    pub aux_w: f64,
    pub battery_w: f64,
    pub battery_v: f64,
    pub battery_a: f64,
    pub soc: f64,
    pub brake_w: f64,
    pub coolant_c: f64,
    pub battery_c: f64,
    pub wheel_w: f64,
    pub engine_w: f64,
}

/// The rows of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    lhv_j_per_g: f64,
    /// One row a step, after one for the initial state.
    pub rows: Vec<TraceRow>,
}

impl Trace {
    /// An empty trace with room for `steps` steps of a car that burns this fuel.
    pub fn new(lhv_j_per_kg: f64, steps: usize) -> Self {
        Self {
            lhv_j_per_g: lhv_j_per_kg / 1000.0,
            rows: Vec::with_capacity(steps + 1),
        }
    }

    /// A trace of rows that were recorded before.
    pub fn from_rows(lhv_j_per_kg: f64, rows: Vec<TraceRow>) -> Self {
        Self {
            lhv_j_per_g: lhv_j_per_kg / 1000.0,
            rows,
        }
    }
}

/// The columns that are states, the rest zero.
fn state_row(plant: &Plant, time_s: f64, target_mps: f64, grade: f64, state: &State) -> TraceRow {
    let ring = state.speed_mps * plant.ring_rad_per_m;
    TraceRow {
        time_s,
        target_speed_kmh: kmh_from_mps(target_mps),
        speed_kmh: kmh_from_mps(state.speed_mps),
        grade,
        engine_state: if state.engine_rad_s > 0.0 {
            EngineState::Spun
        } else {
            EngineState::Off
        },
        start_cause: None,
        engine_rpm: rpm_from_rad_s(state.engine_rad_s),
        engine_torque_nm: 0.0,
        fuel_g_s: 0.0,
        mg1_rpm: rpm_from_rad_s(plant.gearset.sun_speed_rad_s(state.engine_rad_s, ring)),
        mg1_torque_nm: 0.0,
        mg1_electric_w: 0.0,
        mg2_rpm: rpm_from_rad_s(ring * plant.gearset.mg2_ratio),
        mg2_torque_nm: 0.0,
        mg2_electric_w: 0.0,
        converter_loss_w: 0.0,
        aux_w: 0.0,
        battery_w: 0.0,
        battery_v: plant.battery.open_circuit_v(state.soc),
        battery_a: 0.0,
        soc: state.soc,
        brake_w: 0.0,
        coolant_c: state.coolant_c,
        battery_c: state.battery_c,
        wheel_w: 0.0,
        engine_w: 0.0,
    }
}

impl Recorder for Trace {
    fn begin(&mut self, plant: &Plant, state: &State) {
        self.rows.clear();
        self.rows
            .push(state_row(plant, 0.0, state.speed_mps, 0.0, state));
    }

    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        let (interval, flows) = (step.interval, step.flows);
        self.rows.push(TraceRow {
            engine_state: step.engine(),
            start_cause: step.event(plant).map(|event| event.cause),
            engine_torque_nm: flows.engine_torque_nm,
            fuel_g_s: flows.fuel_w / self.lhv_j_per_g,
            mg1_torque_nm: flows.mg1_torque_nm,
            mg1_electric_w: flows.mg1_electric_w,
            mg2_torque_nm: flows.mg2_torque_nm,
            mg2_electric_w: flows.mg2_electric_w,
            converter_loss_w: flows.converter_loss_w,
            aux_w: flows.aux_w,
            battery_w: flows.battery_w,
            battery_v: flows.battery_v,
            battery_a: flows.battery_a,
            brake_w: flows.brake_w,
            wheel_w: flows.wheel_w,
            engine_w: flows.engine_shaft_w,
            ..state_row(
                plant,
                interval.end_s,
                interval.target_mps,
                interval.sine / interval.cosine,
                step.end,
            )
        });
    }
}
