//! What flows through the car during one step.

/// Mean flows over one step. Powers in W; losses and storage are positive when they
/// take energy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flows {
    /// Length of the step, s.
    pub dt_s: f64,
    /// Mean road speed, m/s.
    pub speed_mps: f64,
    /// Mean engine speed, rad/s.
    pub engine_rad_s: f64,
    /// Mean ring speed, rad/s.
    pub ring_rad_s: f64,
    /// Mean MG1 speed, rad/s.
    pub mg1_rad_s: f64,
    /// Mean MG2 speed, rad/s.
    pub mg2_rad_s: f64,
    /// Engine torque at the shaft, N·m, negative while it is turned.
    pub engine_torque_nm: f64,
    /// MG1 torque, N·m.
    pub mg1_torque_nm: f64,
    /// MG2 torque, N·m.
    pub mg2_torque_nm: f64,
    /// Share of the step in which fuel burnt.
    pub fired: f64,
    /// Power of the fuel burnt.
    pub fuel_w: f64,
    /// Fuel less shaft work of the engine.
    pub engine_heat_w: f64,
    /// Power the engine's torque gives.
    pub engine_shaft_w: f64,
    /// Power through the mesh to the ring: the mechanical path.
    pub ring_w: f64,
    /// Friction in the planetary's mesh.
    pub mesh_loss_w: f64,
    /// Loss of the MG2 reducer.
    pub reducer_loss_w: f64,
    /// Loss of counter gear and final drive.
    pub final_loss_w: f64,
    /// Drag of the unloaded gears.
    pub spin_drag_w: f64,
    /// Drawn by MG1 from the bus.
    pub mg1_electric_w: f64,
    /// Lost in MG1 and its inverter.
    pub mg1_loss_w: f64,
    /// Drawn by MG2 from the bus.
    pub mg2_electric_w: f64,
    /// Lost in MG2 and its inverter.
    pub mg2_loss_w: f64,
    /// Lost in the boost converter.
    pub converter_loss_w: f64,
    /// Used by the auxiliaries.
    pub aux_w: f64,
    /// At the battery's terminals, positive when discharging.
    pub battery_w: f64,
    /// Terminal voltage, V.
    pub battery_v: f64,
    /// Terminal current, A.
    pub battery_a: f64,
    /// Given up by the stored charge.
    pub battery_chemical_w: f64,
    /// Into the battery's slow branch.
    pub battery_polarisation_w: f64,
    /// Heat in the battery.
    pub battery_heat_w: f64,
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
