//! What flows through the car during one step.

use crate::lanes::Number;

/// Mean flows over one step. Powers in W; losses and storage are positive when they
/// take energy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flows<F = f64> {
    /// Length of the step, s.
    pub dt_s: f64,
    /// Whether the car is parked with its engine off, in every lane: nothing flows but what the
    /// battery gives to the auxiliaries.
    pub rests: bool,
    /// Mean road speed, m/s.
    pub speed_mps: F,
    /// Mean engine speed, rad/s.
    pub engine_rad_s: F,
    /// Mean ring speed, rad/s.
    pub ring_rad_s: F,
    /// Mean MG1 speed, rad/s.
    pub mg1_rad_s: F,
    /// Mean MG2 speed, rad/s.
    pub mg2_rad_s: F,
    /// Engine torque at the shaft, N·m, negative while it is turned.
    pub engine_torque_nm: F,
    /// MG1 torque, N·m.
    pub mg1_torque_nm: F,
    /// MG2 torque, N·m.
    pub mg2_torque_nm: F,
    /// Share of the step in which fuel burnt.
    pub fired: F,
    /// Power of the fuel burnt.
    pub fuel_w: F,
    /// Fuel less shaft work of the engine.
    pub engine_heat_w: F,
    /// Power the engine's torque gives.
    pub engine_shaft_w: F,
    /// Power through the mesh to the ring: the mechanical path.
    pub ring_w: F,
    /// Friction in the planetary's mesh.
    pub mesh_loss_w: F,
    /// Loss of the MG2 reducer.
    pub reducer_loss_w: F,
    /// Loss of counter gear and final drive.
    pub final_loss_w: F,
    /// Drag of the unloaded gears.
    pub spin_drag_w: F,
    /// Drawn by MG1 from the bus.
    pub mg1_electric_w: F,
    /// Lost in MG1 and its inverter.
    pub mg1_loss_w: F,
    /// Drawn by MG2 from the bus.
    pub mg2_electric_w: F,
    /// Lost in MG2 and its inverter.
    pub mg2_loss_w: F,
    /// Lost in the boost converter.
    pub converter_loss_w: F,
    /// Used by the auxiliaries.
    pub aux_w: F,
    /// At the battery's terminals, positive when discharging.
    pub battery_w: F,
    /// Terminal voltage, V.
    pub battery_v: F,
    /// Terminal current, A.
    pub battery_a: F,
    /// Given up by the stored charge.
    pub battery_chemical_w: F,
    /// Into the battery's slow branch.
    pub battery_polarisation_w: F,
    /// Heat in the battery.
    pub battery_heat_w: F,
    /// At the wheels, before the friction brakes.
    pub wheel_w: F,
    /// Friction brakes.
    pub brake_w: F,
    /// Tyres and bearings.
    pub rolling_w: F,
    /// Air.
    pub air_w: F,
    /// Against gravity.
    pub grade_w: F,
}

impl<F: Number> Default for Flows<F> {
    /// Nothing flows. Not derived: it has to be inlined.
    #[inline(always)]
    fn default() -> Self {
        let none = F::from(0.0);
        Self {
            dt_s: 0.0,
            rests: false,
            speed_mps: none,
            engine_rad_s: none,
            ring_rad_s: none,
            mg1_rad_s: none,
            mg2_rad_s: none,
            engine_torque_nm: none,
            mg1_torque_nm: none,
            mg2_torque_nm: none,
            fired: none,
            fuel_w: none,
            engine_heat_w: none,
            engine_shaft_w: none,
            ring_w: none,
            mesh_loss_w: none,
            reducer_loss_w: none,
            final_loss_w: none,
            spin_drag_w: none,
            mg1_electric_w: none,
            mg1_loss_w: none,
            mg2_electric_w: none,
            mg2_loss_w: none,
            converter_loss_w: none,
            aux_w: none,
            battery_w: none,
            battery_v: none,
            battery_a: none,
            battery_chemical_w: none,
            battery_polarisation_w: none,
            battery_heat_w: none,
            wheel_w: none,
            brake_w: none,
            rolling_w: none,
            air_w: none,
            grade_w: none,
        }
    }
}
