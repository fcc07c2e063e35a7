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
pub struct GearsetPlant {
    sun_teeth: f64,
    ring_teeth: f64,
    teeth: f64,
    ring_per_sun: f64,
    sun_share: f64,
    ring_share: f64,
    ring_per_pinion: f64,
    mesh_loss: f64,
    mg2_driving_nm_per_nm: f64,
    mg2_driven_nm_per_nm: f64,
    output_driving_nm_per_nm: f64,
    output_driven_nm_per_nm: f64,
    ring_per_driving_mg2: f64,
    ring_per_driven_mg2: f64,
    wheel_per_driving_output: f64,
    wheel_per_driven_output: f64,
    /// Reciprocal of the inertia that MG1 feels when the engine's speed changes.
    per_carrier_change_inertia: f64,
    spin_drag_nm: f64,
    spin_drag_nm_per_rad_s: f64,
    /// MG2 speed over ring speed.
    pub mg2_ratio: f64,
    /// Ring speed over wheel speed.
    pub final_ratio: f64,
    /// Efficiency of counter gear and final drive together.
    pub final_efficiency: f64,
    /// Inertia of the engine with its flywheel, kg·m².
    pub engine_inertia_kg_m2: f64,
    /// Inertia of MG1's rotor, kg·m².
    pub mg1_inertia_kg_m2: f64,
    /// Inertia of MG2's rotor at the ring, kg·m².
    pub ring_inertia_kg_m2: f64,
}

impl Gearset {
    /// Folds ratios and reciprocals.
    pub fn plant(&self) -> GearsetPlant {
        let teeth = self.sun_teeth + self.ring_teeth;
        GearsetPlant {
            sun_teeth: self.sun_teeth,
            ring_teeth: self.ring_teeth,
            teeth,
            ring_per_sun: self.ring_teeth / self.sun_teeth,
            sun_share: self.sun_teeth / teeth,
            ring_share: self.ring_teeth / teeth,
            ring_per_pinion: self.ring_teeth / self.pinion_teeth,
            mesh_loss: 1.0 - self.mesh_efficiency,
            mg2_driving_nm_per_nm: 1.0 / (self.mg2_ratio * self.mg2_reducer_efficiency),
            mg2_driven_nm_per_nm: self.mg2_reducer_efficiency / self.mg2_ratio,
            output_driving_nm_per_nm: 1.0 / (self.final_ratio * self.final_efficiency),
            output_driven_nm_per_nm: self.final_efficiency / self.final_ratio,
            ring_per_driving_mg2: self.mg2_ratio * self.mg2_reducer_efficiency,
            ring_per_driven_mg2: self.mg2_ratio / self.mg2_reducer_efficiency,
            wheel_per_driving_output: self.final_ratio * self.final_efficiency,
            wheel_per_driven_output: self.final_ratio / self.final_efficiency,
            per_carrier_change_inertia: 1.0
                / (self.mg1_inertia_kg_m2 * teeth / self.sun_teeth
                    + self.engine_inertia_kg_m2 * self.sun_teeth / teeth),
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

/// What the planetary does with given accelerations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Mesh force F', N·m per tooth.
    pub mesh_nm_per_tooth: f64,
    /// Torque MG1 has to give, N·m.
    pub mg1_torque_nm: f64,
    /// Power that mesh friction takes, W, never negative.
    pub mesh_loss_w: f64,
}

impl GearsetPlant {
    /// Ring teeth over sun teeth.
    #[inline]
    pub fn ring_per_sun(&self) -> f64 {
        self.ring_per_sun
    }

    /// Share of carrier torque that goes to the ring at steady speed (0.7222 for P410).
    #[inline]
    pub fn ring_share(&self) -> f64 {
        self.ring_share
    }

    /// Share of carrier torque that goes to the sun at steady speed (0.2778 for P410).
    #[inline]
    pub fn sun_share(&self) -> f64 {
        self.sun_share
    }

    /// Speed (or acceleration) of the sun that the other two shafts impose.
    #[inline]
    pub fn sun_speed_rad_s(&self, carrier_rad_s: f64, ring_rad_s: f64) -> f64 {
        (1.0 + self.ring_per_sun) * carrier_rad_s - self.ring_per_sun * ring_rad_s
    }

    /// Speed of the carrier that sun and ring impose.
    #[inline]
    pub fn carrier_speed_rad_s(&self, sun_rad_s: f64, ring_rad_s: f64) -> f64 {
        self.sun_share * sun_rad_s + self.ring_share * ring_rad_s
    }

    /// Speed of a pinion on its pin, in magnitude.
    #[inline]
    pub fn pinion_speed_rad_s(&self, carrier_rad_s: f64, ring_rad_s: f64) -> f64 {
        (carrier_rad_s - ring_rad_s).abs() * self.ring_per_pinion
    }

    /// Ring speed at which the pinions turn this fast with the engine at rest.
    #[inline]
    pub fn ring_speed_of_pinion_rad_s(&self, pinion_rad_s: f64) -> f64 {
        pinion_rad_s / self.ring_per_pinion
    }

    /// Share of the engine's power that takes the electrical path at steady speed:
    /// `1 − 0.7222·ω_ring/ω_engine` for P410; zero at the mechanical point, negative
    /// beyond it, where power recirculates.
    #[inline]
    pub fn electrical_share(&self, carrier_rad_s: f64, ring_rad_s: f64) -> f64 {
        1.0 - self.ring_share * ring_rad_s / carrier_rad_s
    }

    /// Signed share of the mesh force that friction takes, with the sign of the
    /// relative speed and a continuous passage through zero.
    #[inline]
    fn friction_share(&self, sun_rad_s: f64, carrier_rad_s: f64) -> f64 {
        let relative = sun_rad_s - carrier_rad_s;
        self.mesh_loss * relative / (relative.abs() + FRICTION_FADE_RAD_S)
    }

    /// Trace following with the engine turning: known accelerations and engine torque
    /// give the mesh force and MG1's torque.
    #[inline]
    pub fn split(
        &self,
        carrier_rad_s: f64,
        sun_rad_s: f64,
        engine_torque_nm: f64,
        engine_rad_s2: f64,
        sun_rad_s2: f64,
    ) -> Split {
        let friction = self.friction_share(sun_rad_s, carrier_rad_s);
        let at_carrier = engine_torque_nm - self.engine_inertia_kg_m2 * engine_rad_s2;
        // τ = friction·N_s·|F'|, and F' has the sign of the torque at the carrier.
        let against = if at_carrier > 0.0 {
            friction
        } else {
            -friction
        };
        let mesh = at_carrier / (self.teeth - against * self.sun_teeth);
        self.finish(mesh, friction, sun_rad_s, carrier_rad_s, sun_rad_s2)
    }

    /// Trace following with the engine at rest, held by its own friction, and MG1
    /// without torque: the sun's inertia alone sets the mesh force.
    #[inline]
    pub fn split_engine_held(&self, sun_rad_s: f64, sun_rad_s2: f64) -> Split {
        let friction = self.friction_share(sun_rad_s, 0.0);
        let at_sun = self.mg1_inertia_kg_m2 * sun_rad_s2;
        let against = if at_sun > 0.0 { friction } else { -friction };
        let mesh = at_sun / (self.sun_teeth * (1.0 - against));
        Split {
            mg1_torque_nm: 0.0,
            ..self.finish(mesh, friction, sun_rad_s, 0.0, sun_rad_s2)
        }
    }

    #[inline]
    fn finish(
        &self,
        mesh: f64,
        friction: f64,
        sun_rad_s: f64,
        carrier_rad_s: f64,
        sun_rad_s2: f64,
    ) -> Split {
        let friction_nm = friction * self.sun_teeth * mesh.abs();
        Split {
            mesh_nm_per_tooth: mesh,
            mg1_torque_nm: self.mg1_inertia_kg_m2 * sun_rad_s2 - self.sun_teeth * mesh
                + friction_nm,
            mesh_loss_w: friction_nm * (sun_rad_s - carrier_rad_s),
        }
    }

    /// Largest engine torque that MG1 can react with `mg1_limit_nm`, N·m.
    #[inline]
    pub fn engine_torque_limit_nm(
        &self,
        mg1_limit_nm: f64,
        carrier_rad_s: f64,
        sun_rad_s: f64,
        engine_rad_s2: f64,
        sun_rad_s2: f64,
    ) -> f64 {
        let friction = self.friction_share(sun_rad_s, carrier_rad_s);
        let mesh = (mg1_limit_nm + self.mg1_inertia_kg_m2 * sun_rad_s2)
            / (self.sun_teeth * (1.0 - friction));
        mesh * (self.teeth - friction * self.sun_teeth) + self.engine_inertia_kg_m2 * engine_rad_s2
    }

    /// Acceleration of the carrier that MG1's torque makes with the engine's while the ring
    /// accelerates, without mesh friction:
    /// `T₁ = J₁·a₁ − (T_e − J_e·a_e)·N_s/(N_s + N_r)` solved for a_e.
    #[inline]
    pub fn carrier_acceleration_rad_s2(
        &self,
        mg1_nm: f64,
        engine_nm: f64,
        ring_rad_s2: f64,
    ) -> f64 {
        let ring_nm = self.mg1_inertia_kg_m2 * self.ring_per_sun * ring_rad_s2;
        (mg1_nm + ring_nm + engine_nm * self.sun_share) * self.per_carrier_change_inertia
    }

    /// Torque at the ring that the mesh force gives, N·m.
    #[inline]
    pub fn ring_torque_of_mesh_nm(&self, mesh_nm_per_tooth: f64) -> f64 {
        self.ring_teeth * mesh_nm_per_tooth
    }

    /// MG2 torque that gives `ring_nm` at the ring behind the reducer.
    #[inline]
    pub fn mg2_torque_nm(&self, ring_nm: f64) -> f64 {
        let driving = ring_nm * self.mg2_driving_nm_per_nm;
        let driven = ring_nm * self.mg2_driven_nm_per_nm;
        if ring_nm > 0.0 { driving } else { driven }
    }

    /// Torque at the ring that MG2's torque gives through the reducer.
    #[inline]
    pub fn ring_torque_of_mg2_nm(&self, mg2_torque_nm: f64) -> f64 {
        let driving = mg2_torque_nm * self.ring_per_driving_mg2;
        let driven = mg2_torque_nm * self.ring_per_driven_mg2;
        if mg2_torque_nm > 0.0 { driving } else { driven }
    }

    /// Torque at the ring that a torque at the wheels asks for.
    #[inline]
    pub fn output_torque_nm(&self, wheel_torque_nm: f64) -> f64 {
        let driving = wheel_torque_nm * self.output_driving_nm_per_nm;
        let driven = wheel_torque_nm * self.output_driven_nm_per_nm;
        if wheel_torque_nm > 0.0 {
            driving
        } else {
            driven
        }
    }

    /// Torque at the wheels that a torque at the ring gives.
    #[inline]
    pub fn wheel_torque_nm(&self, output_torque_nm: f64) -> f64 {
        let driving = output_torque_nm * self.wheel_per_driving_output;
        let driven = output_torque_nm * self.wheel_per_driven_output;
        if output_torque_nm > 0.0 {
            driving
        } else {
            driven
        }
    }

    /// Drag of the unloaded gears at the ring, N·m; none at standstill.
    #[inline]
    pub fn spin_drag_torque_nm(&self, ring_rad_s: f64) -> f64 {
        let turning = ring_rad_s / (ring_rad_s.abs() + FRICTION_FADE_RAD_S);
        self.spin_drag_nm * turning + self.spin_drag_nm_per_rad_s * ring_rad_s
    }

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
