//! What the car is at an instant.

/// Everything the next step depends on, besides what the control remembers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Road speed, m/s.
    pub speed_mps: f64,
    /// Engine speed, rad/s.
    pub engine_rad_s: f64,
    /// State of charge, 0 to 1.
    pub soc: f64,
    /// Voltage over the battery's slow branch, V.
    pub polarisation_v: f64,
    /// Coolant temperature, °C.
    pub coolant_c: f64,
    /// Battery temperature, °C.
    pub battery_c: f64,
}
