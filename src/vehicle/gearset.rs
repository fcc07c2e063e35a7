//! The power-split planetary and the gears behind it: sun = MG1, carrier = engine,
//! ring = output; MG2 drives the ring through its own reduction.
//!
//! Willis:  N_s·ω_s + N_r·ω_r = (N_s + N_r)·ω_c
//!
//! Newton, with the mesh force F' (tangential force times radius per tooth, N·m per
//! tooth) as the internal unknown and τ the mesh friction between sun and carrier:
//!
//! ```text
//! J_e·a_e = T_e − (N_s + N_r)·F' + τ
//! J_1·a_1 = T_1 + N_s·F' − τ
//! J_r·a_r = N_r·F' + k·T_2·η₂^±1 − T_out          J_r = k²·J_2
//! ```
//!
//! Mesh friction takes `(1 − η)` of the rolling power `|F'·N_s·(ω_s − ω_c)|`; the
//! reducer and the final drive take their share of the power that passes, whichever
//! way it goes. All of them vanish continuously with the power.
//!
//! Speeds in rad/s, positive in forward drive; a torque is positive when it acts in
//! the direction of positive speed. Teeth: Toyota P410, sun 30, pinion 23, ring 78.

use crate::lanes::{Flags, Number, beside};
use nalgebra::{Matrix4, Vector4};

/// Relative speed below which mesh friction fades out instead of changing sign, rad/s.
const FRICTION_FADE_RAD_S: f64 = 2.0;

/// Gears between engine, machines and wheels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gearset {
    /// Teeth of the sun, on MG1.
    pub sun_teeth: f64,
    /// Teeth of the ring, the output.
    pub ring_teeth: f64,
    /// Teeth of a pinion on the carrier, the engine.
    pub pinion_teeth: f64,
    /// MG2 speed over ring speed.
    pub mg2_ratio: f64,
    /// Ring speed over wheel speed.
    pub final_ratio: f64,
    /// Share of the rolling power that leaves the planetary's mesh.
    pub mesh_efficiency: f64,
    /// Efficiency of the MG2 reducer.
    pub mg2_reducer_efficiency: f64,
    /// Efficiency of counter gear and final drive together.
    pub final_efficiency: f64,
    /// Drag torque of the unloaded gears at the ring, constant part, N·m.
    pub spin_drag_nm: f64,
    /// Drag torque of the unloaded gears at the ring, per rad/s of ring speed.
    pub spin_drag_nm_per_rad_s: f64,
    /// Fastest pinion speed on its pin, rad/s; infinite where none is given.
    pub pinion_max_speed_rad_s: f64,
    /// Inertia of the engine with its flywheel, kg·m².
    pub engine_inertia_kg_m2: f64,
    /// Inertia of MG1's rotor, kg·m².
    pub mg1_inertia_kg_m2: f64,
    /// Inertia of MG2's rotor, kg·m².
    pub mg2_inertia_kg_m2: f64,
}

/// The gears as the kernel uses them: ratios and reciprocals folded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GearsetPlant<F = f64> {
    sun_teeth: F,
    ring_teeth: F,
    teeth: F,
    ring_per_sun: F,
    /// Sun speed per carrier speed with the ring at rest.
    sun_per_carrier: F,
    sun_share: F,
    ring_share: F,
    ring_per_pinion: F,
    mesh_loss: F,
    /// Mesh loss times the teeth of the sun.
    rubbing_teeth: F,
    /// Torque that MG1's inertia takes per acceleration of the ring.
    sun_nm_per_ring_rad_s2: F,
    mg2_driving_nm_per_nm: F,
    mg2_driven_nm_per_nm: F,
    output_driving_nm_per_nm: F,
    output_driven_nm_per_nm: F,
    ring_per_driving_mg2: F,
    ring_per_driven_mg2: F,
    wheel_per_driving_output: F,
    wheel_per_driven_output: F,
    /// Inertia that MG1 feels when the engine's speed changes, and its reciprocal.
    carrier_change_inertia_kg_m2: F,
    per_carrier_change_inertia: F,
    spin_drag_nm: F,
    spin_drag_nm_per_rad_s: F,
    /// MG2 speed over ring speed.
    pub mg2_ratio: F,
    /// Ring speed over wheel speed.
    pub final_ratio: F,
    /// Efficiency of counter gear and final drive together.
    pub final_efficiency: F,
    /// Inertia of the engine with its flywheel, kg·m².
    pub engine_inertia_kg_m2: F,
    /// Inertia of MG1's rotor, kg·m².
    pub mg1_inertia_kg_m2: F,
    /// Inertia of MG2's rotor at the ring, kg·m².
    pub ring_inertia_kg_m2: F,
}

beside!(GearsetPlant {
    sun_teeth,
    ring_teeth,
    teeth,
    ring_per_sun,
    sun_per_carrier,
    sun_share,
    ring_share,
    ring_per_pinion,
    mesh_loss,
    rubbing_teeth,
    sun_nm_per_ring_rad_s2,
    mg2_driving_nm_per_nm,
    mg2_driven_nm_per_nm,
    output_driving_nm_per_nm,
    output_driven_nm_per_nm,
    ring_per_driving_mg2,
    ring_per_driven_mg2,
    wheel_per_driving_output,
    wheel_per_driven_output,
    carrier_change_inertia_kg_m2,
    per_carrier_change_inertia,
    spin_drag_nm,
    spin_drag_nm_per_rad_s,
    mg2_ratio,
    final_ratio,
    final_efficiency,
    engine_inertia_kg_m2,
    mg1_inertia_kg_m2,
    ring_inertia_kg_m2
});

impl Gearset {
    /// Folds ratios and reciprocals.
    pub fn plant(&self) -> GearsetPlant {
        let teeth = self.sun_teeth + self.ring_teeth;
        let carrier_change_inertia_kg_m2 = self.mg1_inertia_kg_m2 * teeth / self.sun_teeth
            + self.engine_inertia_kg_m2 * self.sun_teeth / teeth;
        GearsetPlant {
            sun_teeth: self.sun_teeth,
            ring_teeth: self.ring_teeth,
            teeth,
            ring_per_sun: self.ring_teeth / self.sun_teeth,
            sun_per_carrier: 1.0 + self.ring_teeth / self.sun_teeth,
            sun_share: self.sun_teeth / teeth,
            ring_share: self.ring_teeth / teeth,
            ring_per_pinion: self.ring_teeth / self.pinion_teeth,
            mesh_loss: 1.0 - self.mesh_efficiency,
            rubbing_teeth: (1.0 - self.mesh_efficiency) * self.sun_teeth,
            sun_nm_per_ring_rad_s2: self.mg1_inertia_kg_m2 * (self.ring_teeth / self.sun_teeth),
            mg2_driving_nm_per_nm: 1.0 / (self.mg2_ratio * self.mg2_reducer_efficiency),
            mg2_driven_nm_per_nm: self.mg2_reducer_efficiency / self.mg2_ratio,
            output_driving_nm_per_nm: 1.0 / (self.final_ratio * self.final_efficiency),
            output_driven_nm_per_nm: self.final_efficiency / self.final_ratio,
            ring_per_driving_mg2: self.mg2_ratio * self.mg2_reducer_efficiency,
            ring_per_driven_mg2: self.mg2_ratio / self.mg2_reducer_efficiency,
            wheel_per_driving_output: self.final_ratio * self.final_efficiency,
            wheel_per_driven_output: self.final_ratio / self.final_efficiency,
            carrier_change_inertia_kg_m2,
            per_carrier_change_inertia: 1.0 / carrier_change_inertia_kg_m2,
            spin_drag_nm: self.spin_drag_nm,
            spin_drag_nm_per_rad_s: self.spin_drag_nm_per_rad_s,
            mg2_ratio: self.mg2_ratio,
            final_ratio: self.final_ratio,
            final_efficiency: self.final_efficiency,
            engine_inertia_kg_m2: self.engine_inertia_kg_m2,
            mg1_inertia_kg_m2: self.mg1_inertia_kg_m2,
            ring_inertia_kg_m2: self.mg2_ratio.powi(2) * self.mg2_inertia_kg_m2,
        }
    }
}

/// The engine, as the planetary feels it.
#[derive(Debug, Clone, Copy)]
pub struct EngineShaft<F: Number = f64> {
    /// It rests, held by its own friction, and MG1 is without torque.
    pub held: F::Flags,
    /// Speed, rad/s.
    pub rad_s: F,
    /// Acceleration, rad/s².
    pub rad_s2: F,
    /// Torque, N·m.
    pub torque_nm: F,
}

impl<F: Number> Default for EngineShaft<F> {
    fn default() -> Self {
        Self {
            held: false.into(),
            rad_s: 0.0.into(),
            rad_s2: 0.0.into(),
            torque_nm: 0.0.into(),
        }
    }
}

/// What the planetary does with given accelerations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split<F = f64> {
    /// Mesh force F', N·m per tooth.
    pub mesh_nm_per_tooth: F,
    /// Torque MG1 has to give, N·m.
    pub mg1_torque_nm: F,
    /// Power that mesh friction takes, W, never negative.
    pub mesh_loss_w: F,
}

impl<F: Number> GearsetPlant<F> {
    /// Ring teeth over sun teeth.
    #[inline(always)]
    pub fn ring_per_sun(&self) -> F {
        self.ring_per_sun
    }

    /// Share of carrier torque that goes to the ring at steady speed (0.7222 for P410).
    #[inline(always)]
    pub fn ring_share(&self) -> F {
        self.ring_share
    }

    /// Share of carrier torque that goes to the sun at steady speed (0.2778 for P410).
    #[inline(always)]
    pub fn sun_share(&self) -> F {
        self.sun_share
    }

    /// Speed (or acceleration) of the sun that the other two shafts impose.
    #[inline(always)]
    pub fn sun_speed_rad_s(&self, carrier_rad_s: F, ring_rad_s: F) -> F {
        self.sun_per_carrier * carrier_rad_s - self.ring_per_sun * ring_rad_s
    }

    /// Speed of the carrier that sun and ring impose.
    #[inline(always)]
    pub fn carrier_speed_rad_s(&self, sun_rad_s: F, ring_rad_s: F) -> F {
        self.sun_share * sun_rad_s + self.ring_share * ring_rad_s
    }

    /// Speed of a pinion on its pin, in magnitude.
    #[inline(always)]
    pub fn pinion_speed_rad_s(&self, carrier_rad_s: F, ring_rad_s: F) -> F {
        (carrier_rad_s - ring_rad_s).abs() * self.ring_per_pinion
    }

    /// Ring speed at which the pinions turn this fast with the engine at rest.
    #[inline(always)]
    pub fn ring_speed_of_pinion_rad_s(&self, pinion_rad_s: F) -> F {
        pinion_rad_s / self.ring_per_pinion
    }

    /// Share of the engine's power that takes the electrical path at steady speed:
    /// `1 − 0.7222·ω_ring/ω_engine` for P410; zero at the mechanical point, negative
    /// beyond it, where power recirculates.
    #[inline(always)]
    pub fn electrical_share(&self, carrier_rad_s: F, ring_rad_s: F) -> F {
        F::from(1.0) - self.ring_share * ring_rad_s / carrier_rad_s
    }

    /// Signed share of the mesh force that friction takes, with the sign of the
    /// relative speed and a continuous passage through zero.
    #[inline(always)]
    fn friction_share(&self, sun_rad_s: F, carrier_rad_s: F) -> F {
        let relative = sun_rad_s - carrier_rad_s;
        self.mesh_loss * relative / (relative.abs() + FRICTION_FADE_RAD_S)
    }

    /// Trace following with the engine turning: known accelerations and engine torque
    /// give the mesh force and MG1's torque.
    #[inline(always)]
    pub fn split(
        &self,
        carrier_rad_s: F,
        sun_rad_s: F,
        engine_torque_nm: F,
        engine_rad_s2: F,
        sun_rad_s2: F,
    ) -> Split<F> {
        let engine = EngineShaft {
            held: false.into(),
            rad_s: carrier_rad_s,
            rad_s2: engine_rad_s2,
            torque_nm: engine_torque_nm,
        };
        self.split_with(&engine, sun_rad_s, sun_rad_s2)
    }

    /// Trace following with the engine at rest, held by its own friction, and MG1
    /// without torque: the sun's inertia alone sets the mesh force.
    #[inline(always)]
    pub fn split_engine_held(&self, sun_rad_s: F, sun_rad_s2: F) -> Split<F> {
        let engine = EngineShaft {
            held: true.into(),
            ..EngineShaft::default()
        };
        self.split_with(&engine, sun_rad_s, sun_rad_s2)
    }

    /// Either, as the engine is held or not.
    ///
    /// With the friction share f = (1 − η)·ω/d, ω the relative speed and d its fading
    /// magnitude, and s the sign of the torque T at the shaft that sets the mesh force:
    /// `F' = T/(N − s·f·N_s) = T·d/(N·d − s·(1 − η)·N_s·ω)`, one division for F' and τ.
    #[inline(always)]
    pub fn split_with(&self, engine: &EngineShaft<F>, sun_rad_s: F, sun_rad_s2: F) -> Split<F> {
        let relative = sun_rad_s - engine.rad_s;
        let fading = relative.abs() + FRICTION_FADE_RAD_S;
        let rubbing = self.rubbing_teeth * relative;
        let sun_nm = self.mg1_inertia_kg_m2 * sun_rad_s2;
        let at_carrier = engine.torque_nm - self.engine_inertia_kg_m2 * engine.rad_s2;
        let setting_nm = engine.held.pick(sun_nm, at_carrier);
        let teeth = engine.held.pick(self.sun_teeth, self.teeth);
        let against = setting_nm.above(0.0).pick(rubbing, -rubbing);
        let per_force = F::from(1.0) / (teeth * fading - against);
        let mesh = setting_nm * fading * per_force;
        let friction_nm = rubbing * setting_nm.abs() * per_force;
        Split {
            mesh_nm_per_tooth: mesh,
            mg1_torque_nm: engine
                .held
                .pick(0.0, sun_nm - self.sun_teeth * mesh + friction_nm),
            mesh_loss_w: friction_nm * relative,
        }
    }

    /// Largest engine torque that MG1 can react with `mg1_limit_nm`, N·m.
    #[inline(always)]
    pub fn engine_torque_limit_nm(
        &self,
        mg1_limit_nm: F,
        carrier_rad_s: F,
        sun_rad_s: F,
        engine_rad_s2: F,
        sun_rad_s2: F,
    ) -> F {
        let friction = self.friction_share(sun_rad_s, carrier_rad_s);
        let mesh = (mg1_limit_nm + self.mg1_inertia_kg_m2 * sun_rad_s2)
            / (self.sun_teeth * (F::from(1.0) - friction));
        mesh * (self.teeth - friction * self.sun_teeth) + self.engine_inertia_kg_m2 * engine_rad_s2
    }

    /// Acceleration of the carrier that MG1's torque makes with the engine's while the ring
    /// accelerates, without mesh friction:
    /// `T₁ = J₁·a₁ − (T_e − J_e·a_e)·N_s/(N_s + N_r)` solved for a_e.
    #[inline(always)]
    pub fn carrier_acceleration_rad_s2(&self, mg1_nm: F, engine_nm: F, ring_rad_s2: F) -> F {
        let ring_nm = self.sun_nm_per_ring_rad_s2 * ring_rad_s2;
        (mg1_nm + ring_nm + engine_nm * self.sun_share) * self.per_carrier_change_inertia
    }

    /// The torque of MG1 that makes this acceleration of the carrier: the same solved for T₁.
    #[inline(always)]
    pub fn accelerating_mg1_nm(&self, carrier_rad_s2: F, engine_nm: F, ring_rad_s2: F) -> F {
        let ring_nm = self.sun_nm_per_ring_rad_s2 * ring_rad_s2;
        carrier_rad_s2 * self.carrier_change_inertia_kg_m2 - ring_nm - engine_nm * self.sun_share
    }

    /// Torque at the ring that the mesh force gives, N·m.
    #[inline(always)]
    pub fn ring_torque_of_mesh_nm(&self, mesh_nm_per_tooth: F) -> F {
        self.ring_teeth * mesh_nm_per_tooth
    }

    /// MG2 torque that gives `ring_nm` at the ring behind the reducer.
    #[inline(always)]
    pub fn mg2_torque_nm(&self, ring_nm: F) -> F {
        let driving = ring_nm * self.mg2_driving_nm_per_nm;
        let driven = ring_nm * self.mg2_driven_nm_per_nm;
        ring_nm.above(0.0).pick(driving, driven)
    }

    /// Torque at the ring that MG2's torque gives through the reducer.
    #[inline(always)]
    pub fn ring_torque_of_mg2_nm(&self, mg2_torque_nm: F) -> F {
        let driving = mg2_torque_nm * self.ring_per_driving_mg2;
        let driven = mg2_torque_nm * self.ring_per_driven_mg2;
        mg2_torque_nm.above(0.0).pick(driving, driven)
    }

    /// Torque at the ring that a torque at the wheels asks for.
    #[inline(always)]
    pub fn output_torque_nm(&self, wheel_torque_nm: F) -> F {
        let driving = wheel_torque_nm * self.output_driving_nm_per_nm;
        let driven = wheel_torque_nm * self.output_driven_nm_per_nm;
        wheel_torque_nm.above(0.0).pick(driving, driven)
    }

    /// Torque at the wheels that a torque at the ring gives.
    #[inline(always)]
    pub fn wheel_torque_nm(&self, output_torque_nm: F) -> F {
        let driving = output_torque_nm * self.wheel_per_driving_output;
        let driven = output_torque_nm * self.wheel_per_driven_output;
        output_torque_nm.above(0.0).pick(driving, driven)
    }

    /// Drag of the unloaded gears at the ring, N·m; none at standstill.
    #[inline(always)]
    pub fn spin_drag_torque_nm(&self, ring_rad_s: F) -> F {
        let linear_nm = self.spin_drag_nm_per_rad_s * ring_rad_s;
        // Most road loads contain it.
        if !self.spin_drag_nm.above(0.0).any() {
            return linear_nm;
        }
        let turning = ring_rad_s / (ring_rad_s.abs() + FRICTION_FADE_RAD_S);
        self.spin_drag_nm * turning + linear_nm
    }
}

impl GearsetPlant {
    /// The lossless dynamics as one linear system: accelerations of engine, MG1 and
    /// ring and the mesh force `[a_e, a_1, a_r, F']` for given torques, with
    /// `output_inertia_kg_m2` the car as seen from the ring.
    ///
    /// None where the system is singular (no inertia at all).
    pub fn accelerations(
        &self,
        engine_torque_nm: f64,
        mg1_torque_nm: f64,
        mg2_torque_nm: f64,
        output_torque_nm: f64,
        output_inertia_kg_m2: f64,
    ) -> Option<[f64; 4]> {
        let (sun, ring) = (self.sun_teeth, self.ring_teeth);
        let ring_inertia = self.ring_inertia_kg_m2 + output_inertia_kg_m2;
        #[rustfmt::skip]
        let system = Matrix4::new(
            self.engine_inertia_kg_m2, 0.0, 0.0, sun + ring,
            0.0, self.mg1_inertia_kg_m2, 0.0, -sun,
            0.0, 0.0, ring_inertia, -ring,
            -(sun + ring), sun, ring, 0.0,
        );
        let torques = Vector4::new(
            engine_torque_nm,
            mg1_torque_nm,
            self.mg2_ratio * mg2_torque_nm - output_torque_nm,
            0.0,
        );
        system.lu().solve(&torques).map(Into::into)
    }
}

#[cfg(test)]
mod tests;
