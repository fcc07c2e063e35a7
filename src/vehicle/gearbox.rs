//! An automatic gearbox with a torque converter in front: ratios, losses, shift lines.
//!
//! The converter by its speed ratio ν = ω_turbine/ω_impeller:
//!
//! ```text
//! T_impeller = c·φ(ν)·ω_impeller²     φ = 1 up to ν_c, then falling to 0 at ν = 1
//! T_turbine  = τ(ν)·T_impeller        τ = τ₀ − (τ₀ − 1)·ν/ν_c up to ν_c, then 1
//! ```
//!
//! the usual straight-line form of a converter's measured curves. Its turbine does not
//! drive the impeller backwards. Above a turbine speed it locks up. The gears give on a
//! share η of the power that enters them, from either side. Ratios are input over
//! output; all torques and speeds are positive in forward drive.

/// Turbine speeds at which gears change: a line over load for each direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShiftLine {
    /// Without load, rad/s.
    pub light_rad_s: f64,
    /// At full load, rad/s.
    pub full_rad_s: f64,
}

impl ShiftLine {
    /// Turbine speed at a load from 0 to 1, rad/s.
    pub fn at(&self, load: f64) -> f64 {
        self.light_rad_s + (self.full_rad_s - self.light_rad_s) * load
    }
}

/// Torque converter with lock-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TorqueConverter {
    /// Turbine torque over impeller torque at stall.
    pub stall_torque_ratio: f64,
    /// Speed ratio from which torque is no longer multiplied.
    pub coupling_speed_ratio: f64,
    /// Impeller torque per speed squared below that, N·m/(rad/s)².
    pub capacity_nm_s2: f64,
    /// Lowest gear in which it locks, from 0.
    pub lockup_from: usize,
    /// Turbine speed from which it locks, rad/s.
    pub lockup_rad_s: f64,
    /// Turbine speed below which it opens again, rad/s.
    pub unlock_rad_s: f64,
}

/// Gears, converter and when they change.
#[derive(Debug, Clone, PartialEq)]
pub struct Gearbox {
    /// Ratio of every gear, the first gear first.
    pub ratios: Vec<f64>,
    /// Ratio of the final drive.
    pub final_ratio: f64,
    /// Share of the power that gears and final drive give on.
    pub efficiency: f64,
    /// Torque of oil pump and open clutches, on the engine's shaft, N·m.
    pub drag_nm: f64,
    /// In front of the gears.
    pub converter: TorqueConverter,
    /// Where the next gear is taken.
    pub up: ShiftLine,
    /// Where the gear below is taken.
    pub down: ShiftLine,
    /// Shortest time from a shift to the next gear up, s.
    pub hold_s: f64,
}

/// Rounds in which the impeller's speed is searched: to 1e-9 of the range.
const SPEED_ROUNDS: usize = 30;

impl TorqueConverter {
    /// Turbine torque over impeller torque at a speed ratio.
    pub fn torque_ratio(&self, speed_ratio: f64) -> f64 {
        let towards_coupling = (speed_ratio / self.coupling_speed_ratio).clamp(0.0, 1.0);
        self.stall_torque_ratio + (1.0 - self.stall_torque_ratio) * towards_coupling
    }

    /// Impeller torque at an impeller speed above zero, N·m.
    pub fn impeller_nm(&self, impeller_rad_s: f64, turbine_rad_s: f64) -> f64 {
        let slip = 1.0 - turbine_rad_s / impeller_rad_s;
        let filled = (slip / (1.0 - self.coupling_speed_ratio)).clamp(0.0, 1.0);
        self.capacity_nm_s2 * filled * impeller_rad_s * impeller_rad_s
    }

    /// Turbine torque at an impeller speed above zero, N·m.
    pub fn turbine_nm(&self, impeller_rad_s: f64, turbine_rad_s: f64) -> f64 {
        self.torque_ratio(turbine_rad_s / impeller_rad_s)
            * self.impeller_nm(impeller_rad_s, turbine_rad_s)
    }

    /// Slowest impeller in a range that gives the turbine this torque; the fastest where
    /// none does, rad/s.
    pub fn impeller_rad_s(
        &self,
        turbine_nm: f64,
        turbine_rad_s: f64,
        (slowest, fastest): (f64, f64),
    ) -> f64 {
        if self.turbine_nm(slowest, turbine_rad_s) >= turbine_nm {
            return slowest;
        }
        let (mut low, mut high) = (slowest, fastest);
        for _ in 0..SPEED_ROUNDS {
            let middle = 0.5 * (low + high);
            if self.turbine_nm(middle, turbine_rad_s) < turbine_nm {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

impl Gearbox {
    /// Turbine speed over wheel speed in a gear, from 0.
    pub fn overall(&self, gear: usize) -> f64 {
        self.ratios[gear] * self.final_ratio
    }

    /// The highest gear, from 0.
    pub fn highest(&self) -> usize {
        self.ratios.len() - 1
    }

    /// Turbine torque that gives a torque at the wheels, N·m.
    pub fn turbine_nm(&self, wheel_nm: f64, gear: usize) -> f64 {
        let lossless_nm = wheel_nm / self.overall(gear);
        if wheel_nm > 0.0 {
            lossless_nm / self.efficiency
        } else {
            lossless_nm * self.efficiency
        }
    }

    /// Torque at the wheels that a turbine torque gives, N·m.
    pub fn wheel_nm(&self, turbine_nm: f64, gear: usize) -> f64 {
        let lossless_nm = turbine_nm * self.overall(gear);
        if turbine_nm > 0.0 {
            lossless_nm * self.efficiency
        } else {
            lossless_nm / self.efficiency
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CONVERTER: TorqueConverter = TorqueConverter {
        stall_torque_ratio: 1.9,
        coupling_speed_ratio: 0.88,
        capacity_nm_s2: 0.0035,
        lockup_from: 1,
        lockup_rad_s: 130.0,
        unlock_rad_s: 105.0,
    };

    proptest! {
        /// A converter loses power and makes none.
        #[test]
        fn no_power_appears_in_the_converter(impeller in 50.0..600.0, ratio in 0.0..1.5) {
            let turbine = ratio * impeller;
            let given_w = CONVERTER.turbine_nm(impeller, turbine) * turbine;
            prop_assert!(given_w <= CONVERTER.impeller_nm(impeller, turbine) * impeller);
        }

        /// The impeller speed found gives the turbine what it was asked for.
        #[test]
        fn the_impeller_turns_as_fast_as_the_torque_needs(
            torque in 0.0..250.0,
            turbine in 0.0..400.0,
        ) {
            let found = CONVERTER.impeller_rad_s(torque, turbine, (70.0, 680.0));
            let given = CONVERTER.turbine_nm(found, turbine);
            let idles = found <= 70.0 && given >= torque;
            prop_assert!(idles || (given - torque).abs() < 1e-3);
        }
    }
}
