//! Sums of a run that the ledger does not keep: distance, starts, misses, shares.

use crate::lanes::{Flags, Number, seldom};
use crate::sim::{ConventionalStep, EngineState, Recorder, SideBySide, Simulated, StartEvent};
use crate::units::{kmh_from_mps, mps_from_kmh};
use crate::vehicle::{ConventionalState, Plant, State};

/// Miss of the target speed beyond which a second counts, km/h.
const MISS_KMH: f64 = 2.0;

/// Sums over a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals<F: Number = f64> {
    /// Time, s.
    pub duration_s: f64,
    /// Way, m.
    pub distance_m: F,
    /// State of charge at the start.
    pub soc_start: F,
    /// State of charge at the end.
    pub soc_end: F,
    /// Lowest state of charge.
    pub soc_min: F,
    /// Highest state of charge.
    pub soc_max: F,
    /// Net charge at the battery's terminals, C, positive when discharged.
    pub battery_net_c: F,
    /// Time with fuel burning, s.
    pub engine_on_s: F,
    /// Starts, in order.
    pub starts: F::Each<Vec<StartEvent>>,
    /// Largest miss of the target speed, m/s.
    pub miss_max_mps: F,
    /// Time outside ±2 km/h, s.
    pub miss_s: F,
    /// Work of the burning engine, J.
    pub engine_work_j: F,
    /// That work times the share that takes the electrical path, J.
    pub electrical_path_j: F,
    /// Time of burning with power recirculating, s.
    pub recirculation_s: F,
    /// Coolant temperature at the end, °C.
    pub coolant_end_c: F,
    /// Battery temperature at the end, °C.
    pub battery_end_c: F,
}

impl<F: Number> Default for Totals<F> {
    fn default() -> Self {
        let zero = F::from(0.0);
        Self {
            duration_s: 0.0,
            starts: F::each(|_| Vec::new()),
            distance_m: zero,
            soc_start: zero,
            soc_end: zero,
            soc_min: zero,
            soc_max: zero,
            battery_net_c: zero,
            engine_on_s: zero,
            miss_max_mps: zero,
            miss_s: zero,
            engine_work_j: zero,
            electrical_path_j: zero,
            recirculation_s: zero,
            coolant_end_c: zero,
            battery_end_c: zero,
        }
    }
}

impl<F: Number> Recorder<F> for Totals<F> {
    #[inline(always)]
    fn begin(&mut self, _plant: &Plant<F>, state: &State<F>) {
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

    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
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
        if step.has_start() {
            seldom();
            for lane in 0..F::LANES {
                if let Some(event) = step.start_event(plant, lane) {
                    F::of_lane_mut(&mut self.starts, lane).push(event);
                }
            }
        }
        self.miss((end.speed_mps - step.interval.target_mps).abs(), dt);
        let burns = flows.fired.above(0.0);
        if burns.any() {
            self.engine_on_s += burns.pick(dt, 0.0);
            // Work times `electrical_share`, without its division.
            let works = burns & flows.engine_torque_nm.above(0.0);
            let per_rad_s_j = works.pick(flows.engine_torque_nm * dt, 0.0);
            let mechanical_rad_s = plant.gearset.ring_share() * flows.ring_rad_s;
            let electrical_rad_s = flows.engine_rad_s - mechanical_rad_s;
            self.engine_work_j += per_rad_s_j * flows.engine_rad_s;
            self.electrical_path_j += per_rad_s_j * electrical_rad_s;
            let recirculates = burns & electrical_rad_s.below(0.0);
            self.recirculation_s += recirculates.pick(dt, 0.0);
        }
    }
}

impl<F: Number> Totals<F> {
    /// Notes by how much the car missed the target speed at the end of a step.
    #[inline(always)]
    fn miss(&mut self, miss_mps: F, dt: f64) {
        self.miss_max_mps = self.miss_max_mps.at_least(miss_mps);
        self.miss_s += miss_mps.above(mps_from_kmh(MISS_KMH)).pick(dt, 0.0);
    }
}

impl SideBySide for Totals {
    type Of<F: Number> = Totals<F>;
    type Setup = ();

    fn new<F: Number>((): &()) -> Totals<F> {
        Totals::default()
    }

    fn of_lane<F: Number>(all: &Totals<F>, lane: usize) -> Self {
        Self {
            duration_s: all.duration_s,
            starts: F::of_lane(&all.starts, lane).clone(),
            distance_m: all.distance_m.lane(lane),
            soc_start: all.soc_start.lane(lane),
            soc_end: all.soc_end.lane(lane),
            soc_min: all.soc_min.lane(lane),
            soc_max: all.soc_max.lane(lane),
            battery_net_c: all.battery_net_c.lane(lane),
            engine_on_s: all.engine_on_s.lane(lane),
            miss_max_mps: all.miss_max_mps.lane(lane),
            miss_s: all.miss_s.lane(lane),
            engine_work_j: all.engine_work_j.lane(lane),
            electrical_path_j: all.electrical_path_j.lane(lane),
            recirculation_s: all.recirculation_s.lane(lane),
            coolant_end_c: all.coolant_end_c.lane(lane),
            battery_end_c: all.battery_end_c.lane(lane),
        }
    }
}

impl Totals {
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
