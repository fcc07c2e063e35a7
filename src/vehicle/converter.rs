//! The boost converter between battery and the machines' DC bus.
//!
//! Only what flows between battery and bus passes through it: power that MG1 makes
//! and MG2 uses stays on the bus.

use crate::lanes::{Flags, Number, beside};

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
pub struct ConverterPlant<F = f64> {
    efficiency: F,
    per_efficiency: F,
    /// Largest power through it in either direction, W at the battery's side.
    pub max_power_w: F,
}

beside!(ConverterPlant {
    efficiency,
    per_efficiency,
    max_power_w
});

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

impl<F: Number> ConverterPlant<F> {
    /// Power at the battery's side for a power that the bus draws, W.
    #[inline(always)]
    pub fn battery_side_w(&self, bus_w: F) -> F {
        let drawing = bus_w * self.per_efficiency;
        let feeding = bus_w * self.efficiency;
        bus_w.above(0.0).pick(drawing, feeding)
    }

    /// Power on the bus for a power at the battery's side, W.
    #[inline(always)]
    pub fn bus_side_w(&self, battery_side_w: F) -> F {
        let drawing = battery_side_w * self.efficiency;
        let feeding = battery_side_w * self.per_efficiency;
        battery_side_w.above(0.0).pick(drawing, feeding)
    }
}
