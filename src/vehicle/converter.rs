//! The boost converter between battery and the machines' DC bus.
//!
//! Only what flows between battery and bus passes through it: power that MG1 makes
//! and MG2 uses stays on the bus.

/// Boost converter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Converter {
    /// Highest voltage of the bus, V.
    pub bus_max_v: f64,
    /// Largest power through it in either direction, W at the battery's side.
    pub max_power_w: f64,
    /// Efficiency in either direction.
    pub efficiency: f64,
}

/// The converter as the kernel uses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConverterPlant {
    efficiency: f64,
    per_efficiency: f64,
    /// Largest power through it in either direction, W at the battery's side.
    pub max_power_w: f64,
}

impl Converter {
    /// Folds the constants.
    pub fn plant(&self) -> ConverterPlant {
        ConverterPlant {
            efficiency: self.efficiency,
            per_efficiency: 1.0 / self.efficiency,
            max_power_w: self.max_power_w,
        }
    }
}

impl ConverterPlant {
    /// Power at the battery's side for a power that the bus draws, W.
    #[inline]
    pub fn battery_side_w(&self, bus_w: f64) -> f64 {
        let drawing = bus_w * self.per_efficiency;
        let feeding = bus_w * self.efficiency;
        if bus_w > 0.0 { drawing } else { feeding }
    }

    /// Power on the bus for a power at the battery's side, W.
    #[inline]
    pub fn bus_side_w(&self, battery_side_w: f64) -> f64 {
        let drawing = battery_side_w * self.efficiency;
        let feeding = battery_side_w * self.per_efficiency;
        if battery_side_w > 0.0 {
            drawing
        } else {
            feeding
        }
    }
}
