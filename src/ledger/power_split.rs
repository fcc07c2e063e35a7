//! What the power split did with the work of the burning engine: how much energy went over
//! the machines, and which way.
//!
//! With ρ = N_r/(N_s + N_r) the carrier's torque gives ρ·T_e to the ring and the rest to the
//! sun. Of the engine's power the share
//!
//! ```text
//! σ = 1 − ρ·ω_r/ω_e = (1 − ρ)·ω_s/ω_e
//! ```
//!
//! takes the electrical path. At the mechanical point (σ = 0) MG1 stands still, holds its
//! share of the torque and passes no power. Before it (σ > 0) MG1 generates what MG2 turns
//! into work; beyond it (σ < 0) MG1 turns backwards and motors, and MG2 takes from the ring
//! the power that MG1 puts back into it: it goes round. With P₁ and P₂ drawn from the bus and
//! x⁺ the positive part of x, while the engine burns,
//!
//! ```text
//! electrical path  E = ∫ min((−P₁)⁺, P₂⁺) dt      where σ ≥ 0
//! recirculation    E = ∫ min(P₁⁺, (−P₂)⁺) dt      where σ < 0
//! ```
//!
//! The smaller of the two is what really went from one machine to the other; what one of
//! them has beyond it is the battery's or the auxiliaries'. Both are energies on the bus:
//! behind the loss of the machine that generates, before the loss of the one that motors.
//! The boost converter stands between bus and battery and is not on these ways.

use crate::lanes::{Flags, Number};
use crate::sim::{Recorder, SideBySide, Simulated};
use crate::vehicle::{Plant, State};

/// |σ| up to which the engine works near the mechanical point.
const NEAR: f64 = 0.1;

/// Sums over the time in which the engine burns.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PowerSplit<F = f64> {
    /// That time, s.
    pub burning_s: F,
    /// Angle that the engine turned, rad.
    pub engine_rad: F,
    /// Road per angle of the engine at the mechanical point, m/rad.
    pub mechanical_point_m_per_rad: F,
    /// Electric energy from MG1 to MG2, before the mechanical point, J.
    pub electrical_path_j: F,
    /// Electric energy from MG2 to MG1, beyond the mechanical point, J.
    pub recirculation_j: F,
    /// Work of the engine with at most a tenth of it on the electrical path, either way, J.
    pub near_work_j: F,
    /// Work of the engine beyond the mechanical point, J.
    pub recirculation_work_j: F,
    /// Loss of both machines with their inverters, J.
    pub machine_loss_j: F,
    /// The part of it beyond the mechanical point, J.
    pub machine_loss_recirculation_j: F,
}

impl<F: Number> Recorder<F> for PowerSplit<F> {
    fn begin(&mut self, plant: &Plant<F>, _: &State<F>) {
        let engine_rad_per_m = plant.gearset.ring_share() * plant.ring_rad_per_m;
        *self = Self {
            mechanical_point_m_per_rad: F::from(1.0) / engine_rad_per_m,
            ..Self::default()
        };
    }

    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
        let flows = step.flows;
        let burns = flows.fired.above(0.0);
        if !burns.any() {
            return;
        }
        let burning_s = burns.pick(flows.dt_s, 0.0);
        self.burning_s += burning_s;
        self.engine_rad += flows.engine_rad_s * burning_s;

        // σ·ω_e, which asks for no division.
        let mechanical_rad_s = plant.gearset.ring_share() * flows.ring_rad_s;
        let electrical_rad_s = flows.engine_rad_s - mechanical_rad_s;
        let beyond = electrical_rad_s.below(0.0);
        let (mg1_w, mg2_w) = (flows.mg1_electric_w, flows.mg2_electric_w);
        let to_mg2_w = (-mg1_w).at_most(mg2_w).at_least(0.0);
        let to_mg1_w = mg1_w.at_most(-mg2_w).at_least(0.0);
        self.electrical_path_j += beyond.pick(0.0, to_mg2_w) * burning_s;
        self.recirculation_j += beyond.pick(to_mg1_w, 0.0) * burning_s;

        let far = electrical_rad_s.abs().above(flows.engine_rad_s * NEAR);
        let work_w = flows.engine_shaft_w.at_least(0.0);
        self.near_work_j += far.pick(0.0, work_w) * burning_s;
        self.recirculation_work_j += beyond.pick(work_w, 0.0) * burning_s;

        let loss_w = flows.mg1_loss_w + flows.mg2_loss_w;
        self.machine_loss_j += loss_w * burning_s;
        self.machine_loss_recirculation_j += beyond.pick(loss_w, 0.0) * burning_s;
    }
}

impl SideBySide for PowerSplit {
    type Of<F: Number> = PowerSplit<F>;
    type Setup = ();

    fn new<F: Number>((): &()) -> PowerSplit<F> {
        PowerSplit::default()
    }

    fn of_lane<F: Number>(all: &PowerSplit<F>, lane: usize) -> Self {
        Self {
            burning_s: all.burning_s.lane(lane),
            engine_rad: all.engine_rad.lane(lane),
            mechanical_point_m_per_rad: all.mechanical_point_m_per_rad.lane(lane),
            electrical_path_j: all.electrical_path_j.lane(lane),
            recirculation_j: all.recirculation_j.lane(lane),
            near_work_j: all.near_work_j.lane(lane),
            recirculation_work_j: all.recirculation_work_j.lane(lane),
            machine_loss_j: all.machine_loss_j.lane(lane),
            machine_loss_recirculation_j: all.machine_loss_recirculation_j.lane(lane),
        }
    }
}

impl PowerSplit {
    /// Of a car without one: no figure exists.
    pub fn none() -> Self {
        Self {
            burning_s: f64::NAN,
            engine_rad: f64::NAN,
            mechanical_point_m_per_rad: f64::NAN,
            electrical_path_j: f64::NAN,
            recirculation_j: f64::NAN,
            near_work_j: f64::NAN,
            recirculation_work_j: f64::NAN,
            machine_loss_j: f64::NAN,
            machine_loss_recirculation_j: f64::NAN,
        }
    }

    /// Mean speed of the burning engine over time, rad/s; NaN where it never burnt.
    pub fn mean_engine_rad_s(&self) -> f64 {
        self.engine_rad / self.burning_s
    }

    /// Road speed at which that speed is the mechanical point, m/s.
    pub fn mechanical_point_mps(&self) -> f64 {
        self.mean_engine_rad_s() * self.mechanical_point_m_per_rad
    }
}
