//! Sums of a run that the ledger does not keep: distance, starts, misses, shares.

use crate::bound::Bound;
use crate::sim::{ConventionalStep, EngineState, Recorder, Simulated, StartEvent};
use crate::units::{kmh_from_mps, mps_from_kmh};
use crate::vehicle::{ConventionalState, Plant, State};

/// Miss of the target speed beyond which a second counts, km/h.
const MISS_KMH: f64 = 2.0;

/// Sums over a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// Time, s.
    pub duration_s: f64,
    /// Way, m.
    pub distance_m: f64,
    /// State of charge at the start.
    pub soc_start: f64,
    /// State of charge at the end.
    pub soc_end: f64,
    /// Lowest state of charge.
    pub soc_min: f64,
    /// Highest state of charge.
    pub soc_max: f64,
    /// Net charge at the battery's terminals, C, positive when discharged.
    pub battery_net_c: f64,
    /// Time with fuel burning, s.
    pub engine_on_s: f64,
    /// Starts, in order.
    pub starts: Vec<StartEvent>,
    /// Largest miss of the target speed, m/s.
    pub miss_max_mps: f64,
    /// Time outside ±2 km/h, s.
    pub miss_s: f64,
    /// Work of the burning engine, J.
    pub engine_work_j: f64,
    /// That work times the share that takes the electrical path, J.
    pub electrical_path_j: f64,
    /// Time of burning with power recirculating, s.
    pub recirculation_s: f64,
    /// Coolant temperature at the end, °C.
    pub coolant_end_c: f64,
    /// Battery temperature at the end, °C.
    pub battery_end_c: f64,
}

impl Recorder for Totals {
    fn begin(&mut self, _plant: &Plant, state: &State) {
        *self = Self {
            soc_start: state.soc,
            soc_end: state.soc,
            soc_min: state.soc,
            soc_max: state.soc,
            coolant_end_c: state.coolant_c,
            battery_end_c: state.battery_c,
            ..Self::default()
        };
    }

    // As the ledger's.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        let (flows, end) = (step.flows, step.end);
        let dt = flows.dt_s;
        self.duration_s += dt;
        self.distance_m += flows.speed_mps * dt;
        self.battery_net_c += flows.battery_a * dt;
        self.soc_end = end.soc;
        self.soc_min = self.soc_min.at_most(end.soc);
        self.soc_max = self.soc_max.at_least(end.soc);
        self.coolant_end_c = end.coolant_c;
        self.battery_end_c = end.battery_c;
        if let Some(event) = step.event {
            self.starts.push(*event);
        }
        self.miss((end.speed_mps - step.interval.target_mps).abs(), dt);
        if step.engine == EngineState::On {
            self.engine_on_s += dt;
            let work_j = flows.engine_shaft_w.at_least(0.0) * dt;
            if flows.engine_rad_s > 0.0 {
                let share = plant
                    .gearset
                    .electrical_share(flows.engine_rad_s, flows.ring_rad_s);
                self.engine_work_j += work_j;
                self.electrical_path_j += work_j * share;
                if share < 0.0 {
                    self.recirculation_s += dt;
                }
            }
        }
    }
}

impl Totals {
    /// Notes by how much the car missed the target speed at the end of a step.
    #[inline]
    fn miss(&mut self, miss_mps: f64, dt: f64) {
        self.miss_max_mps = self.miss_max_mps.at_least(miss_mps);
        if miss_mps > mps_from_kmh(MISS_KMH) {
            self.miss_s += dt;
        }
    }

    /// Empty sums of a conventional car. What it does not have is no number.
    pub fn of_conventional(start: &ConventionalState) -> Self {
        const NONE: f64 = f64::NAN;
        Self {
            soc_start: NONE,
            soc_end: NONE,
            soc_min: NONE,
            soc_max: NONE,
            electrical_path_j: NONE,
            recirculation_s: NONE,
            battery_end_c: NONE,
            coolant_end_c: start.coolant_c,
            ..Self::default()
        }
    }

    /// Adds one step of a conventional car. Its engine never rests: it has no starts.
    pub fn add_conventional(&mut self, step: &ConventionalStep<'_>) {
        let (flows, end) = (step.flows, step.end);
        let dt = flows.dt_s;
        self.duration_s += dt;
        self.distance_m += flows.speed_mps * dt;
        self.coolant_end_c = end.coolant_c;
        self.miss((end.speed_mps - step.interval.target_mps).abs(), dt);
        if step.engine() == EngineState::On {
            self.engine_on_s += dt;
            self.engine_work_j += flows.engine_shaft_w.max(0.0) * dt;
        }
    }

    /// Largest miss of the target speed, km/h.
    pub fn miss_max_kmh(&self) -> f64 {
        kmh_from_mps(self.miss_max_mps)
    }
}
