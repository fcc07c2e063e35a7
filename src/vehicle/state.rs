//! What the car is at an instant.

use crate::lanes::{Number, beside};

/// Everything the next step depends on, besides what the control remembers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State<F = f64> {
    /// Road speed, m/s.
    pub speed_mps: F,
    /// Engine speed, rad/s.
    pub engine_rad_s: F,
    /// State of charge, 0 to 1.
    pub soc: F,
    /// Voltage over the battery's slow branch, V.
    pub polarisation_v: F,
    /// Coolant temperature, °C.
    pub coolant_c: F,
    /// Battery temperature, °C.
    pub battery_c: F,
}

beside!(State {
    speed_mps,
    engine_rad_s,
    soc,
    polarisation_v,
    coolant_c,
    battery_c
});

impl<F: Number> State<F> {
    /// The state of one lane.
    pub fn of_lane(&self, lane: usize) -> State {
        State {
            speed_mps: self.speed_mps.lane(lane),
            engine_rad_s: self.engine_rad_s.lane(lane),
            soc: self.soc.lane(lane),
            polarisation_v: self.polarisation_v.lane(lane),
            coolant_c: self.coolant_c.lane(lane),
            battery_c: self.battery_c.lane(lane),
        }
    }
}
