//! A motor-generator with its inverter: limits and losses.
//!
//! `P_electric = T·ω + P_loss(|ω|, |T|)`, the same in all four quadrants. The loss is
//! given by coefficients, `c0 + c1·|ω| + c2·ω² + c3·T² + (c4 + c5·|ω|)·|T|`, or by a table. The constant part
//! belongs to the switching inverter and is absent while it is gated off. What remains
//! without torque is the drag of the rotor; it is drawn from the bus at any torque.

use crate::lanes::{Flags, Number, beside};
use crate::map::{Gap, Surface, UniformSurface};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Numbers of cells of a table: those that meet the measured points best are taken.
const SPEED_CELLS: RangeInclusive<usize> = 12..=31;
const TORQUE_CELLS: RangeInclusive<usize> = 20..=63;
const LOSS_ROOM: usize = 2048;

/// What stands where the loss is a formula: one for all machines.
static NO_TABLE: LazyLock<UniformSurface<1, LOSS_ROOM>> =
    LazyLock::new(|| UniformSurface::sample((0.0, 1.0), (0.0, 1.0), (1, 1), |_| |_| [0.0]));

/// Loss of machine and inverter, W, over |speed| in rad/s and |torque| in N·m.
#[derive(Debug, Clone, PartialEq)]
pub enum Loss {
    /// `constant + linear·ω + quadratic·ω² + copper·T² + switches·T + iron·T·ω`.
    Coefficients {
        /// W.
        constant_w: f64,
        /// W per rad/s.
        w_per_rad_s: f64,
        /// W per (rad/s)².
        w_per_rad2_s2: f64,
        /// W per (N·m)².
        w_per_nm2: f64,
        /// W per N·m: what the inverter's switches drop.
        w_per_nm: f64,
        /// W per (N·m)·(rad/s).
        w_per_nm_rad_s: f64,
    },
    /// A measured grid of loss in W over (rad/s, N·m).
    Table(Surface),
}

impl Loss {
    /// Loss of the switching machine, W, never negative.
    pub fn at_w(&self, speed_rad_s: f64, torque_nm: f64) -> f64 {
        let (speed, torque) = (speed_rad_s.abs(), torque_nm.abs());
        match self {
            Self::Coefficients {
                constant_w,
                w_per_rad_s,
                w_per_rad2_s2,
                w_per_nm2,
                w_per_nm,
                w_per_nm_rad_s,
            } => {
                constant_w
                    + w_per_rad_s * speed
                    + w_per_rad2_s2 * speed * speed
                    + w_per_nm2 * torque * torque
                    + (w_per_nm + w_per_nm_rad_s * speed) * torque
            }
            Self::Table(surface) => surface.at(speed, torque).max(0.0),
        }
    }

    /// The part that neither torque nor switching causes: drag of the rotor, W.
    pub fn unpowered_w(&self, speed_rad_s: f64) -> f64 {
        (self.at_w(speed_rad_s, 0.0) - self.at_w(0.0, 0.0)).max(0.0)
    }
}

/// A motor-generator.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// Largest torque, N·m.
    pub max_torque_nm: f64,
    /// Largest shaft power, W.
    pub max_power_w: f64,
    /// Fastest speed, rad/s.
    pub max_speed_rad_s: f64,
    /// Loss with its inverter.
    pub loss: Loss,
    /// Inertia of the rotor, kg·m².
    pub inertia_kg_m2: f64,
    /// Back-EMF, V per rad/s; none where unknown.
    pub back_emf_v_per_rad_s: Option<f64>,
}

/// A machine as the kernel uses it.
///
/// A loss that is given by coefficients stays what it is: six products are less work than
/// looking into a table, and exact. A machine has a formula or a table; the other is zero.
#[derive(Debug, Clone, PartialEq)]
pub struct MachinePlant<F: Number = f64> {
    /// Largest torque, N·m.
    pub max_torque_nm: F,
    /// Largest shaft power, W.
    pub max_power_w: F,
    /// Fastest speed, rad/s.
    pub max_speed_rad_s: F,
    constant_w: F,
    w_per_rad_s: F,
    w_per_rad2_s2: F,
    w_per_nm2: F,
    w_per_nm: F,
    w_per_nm_rad_s: F,
    table_w: UniformSurface<1, LOSS_ROOM, F>,
    /// One for a machine with a table, else zero.
    has_table: F,
    /// Loss of the switching inverter alone, W.
    switching_w: F,
}

beside!(MachinePlant {
    max_torque_nm,
    max_power_w,
    max_speed_rad_s,
    constant_w,
    w_per_rad_s,
    w_per_rad2_s2,
    w_per_nm2,
    w_per_nm,
    w_per_nm_rad_s,
    table_w,
    has_table,
    switching_w
});

impl Machine {
    /// Builds what the kernel needs.
    pub fn plant(&self) -> MachinePlant {
        let (table, coefficients) = match &self.loss {
            Loss::Coefficients {
                constant_w,
                w_per_rad_s,
                w_per_rad2_s2,
                w_per_nm2,
                w_per_nm,
                w_per_nm_rad_s,
            } => (
                None,
                [
                    *constant_w,
                    *w_per_rad_s,
                    *w_per_rad2_s2,
                    *w_per_nm2,
                    *w_per_nm,
                    *w_per_nm_rad_s,
                ],
            ),
            Loss::Table(surface) => (Some(surface), [0.0; 6]),
        };
        let [
            constant_w,
            w_per_rad_s,
            w_per_rad2_s2,
            w_per_nm2,
            w_per_nm,
            w_per_nm_rad_s,
        ] = coefficients;
        MachinePlant {
            max_torque_nm: self.max_torque_nm,
            max_power_w: self.max_power_w,
            max_speed_rad_s: self.max_speed_rad_s,
            constant_w,
            w_per_rad_s,
            w_per_rad2_s2,
            w_per_nm2,
            w_per_nm,
            w_per_nm_rad_s,
            table_w: table.map_or_else(
                || NO_TABLE.clone(),
                |measured_w| self.resampled_w(measured_w),
            ),
            has_table: f64::from(u8::from(table.is_some())),
            switching_w: self.loss.at_w(0.0, 0.0),
        }
    }

    /// A measured loss on equal steps up to the machine's limits.
    fn resampled_w(&self, measured_w: &Surface) -> UniformSurface<1, LOSS_ROOM> {
        let (speeds, torques) = self.used();
        UniformSurface::sample(
            speeds,
            torques,
            measured_w.cells((speeds, torques), (SPEED_CELLS, TORQUE_CELLS)),
            |speed| {
                let section = measured_w.along(speed);
                move |torque| [section.at(torque).max(0.0)]
            },
        )
    }

    /// Speeds and torques up to the machine's limits.
    fn used(&self) -> ((f64, f64), (f64, f64)) {
        ((0.0, self.max_speed_rad_s), (0.0, self.max_torque_nm))
    }

    /// How far the kernel's table is from a measured loss, W; none where the loss is a
    /// formula, which the kernel keeps.
    pub fn gap(&self, plant: &MachinePlant) -> Option<Gap> {
        let Loss::Table(measured_w) = &self.loss else {
            return None;
        };
        Some(measured_w.gap(self.used(), |speed, torque| plant.table_w.at(speed, torque)))
    }

    /// The same as [`Self::plant`], shared with a plant that was made from another machine
    /// where both are the same.
    pub fn plant_like(&self, plant: &MachinePlant, made_from: &Self) -> MachinePlant {
        if self == made_from {
            plant.clone()
        } else {
            self.plant()
        }
    }
}

/// Below a radian per second the torque limit binds for any machine of a car.
const SLOWEST_RAD_S: f64 = 1.0;

impl<F: Number> MachinePlant<F> {
    /// Largest torque in either direction at this speed, N·m.
    #[inline(always)]
    pub fn torque_limit_nm(&self, speed_rad_s: F) -> F {
        self.max_torque_nm
            .at_most(self.max_power_w / speed_rad_s.abs().at_least(SLOWEST_RAD_S))
    }

    /// Where this torque lies beyond the limit: asked without the division that the limit
    /// itself takes.
    #[inline(always)]
    pub fn is_beyond(&self, speed_rad_s: F, torque_nm: F) -> F::Flags {
        let torque_nm = torque_nm.abs();
        let power_w = torque_nm * speed_rad_s.abs().at_least(SLOWEST_RAD_S);
        torque_nm.above(self.max_torque_nm) | power_w.above(self.max_power_w)
    }

    /// What a loss by coefficients is without torque, the inverter switching, at a speed without
    /// its sign, W.
    #[inline(always)]
    fn idle_w(&self, speed: F) -> F {
        (self.w_per_rad2_s2 * speed + self.w_per_rad_s) * speed + self.constant_w
    }

    /// Loss at this point, W; without torque the inverter is gated off.
    #[inline(always)]
    pub fn loss_w(&self, speed_rad_s: F, torque_nm: F) -> F {
        let (speed, torque) = (speed_rad_s.abs(), torque_nm.abs());
        let idle_w = self.idle_w(speed);
        let per_nm_w = self.w_per_nm2 * torque + self.w_per_nm + self.w_per_nm_rad_s * speed;
        let mut loss_w = idle_w + per_nm_w * torque;
        let tabled = self.has_table.above(0.0);
        if tabled.any() {
            loss_w = tabled.pick(self.table_w.at(speed, torque), loss_w);
        }
        loss_w - torque_nm.equals(0.0).pick(self.switching_w, 0.0)
    }

    /// Power drawn from the DC bus, W.
    #[inline(always)]
    pub fn electric_w(&self, speed_rad_s: F, torque_nm: F) -> F {
        torque_nm * speed_rad_s + self.loss_w(speed_rad_s, torque_nm)
    }

    /// The same without torque, the inverter gated off, W.
    #[inline(always)]
    pub fn gated_w(&self, speed_rad_s: F) -> F {
        let speed = speed_rad_s.abs();
        let mut loss_w = self.idle_w(speed);
        let tabled = self.has_table.above(0.0);
        if tabled.any() {
            loss_w = tabled.pick(self.table_w.at(speed, 0.0.into()), loss_w);
        }
        loss_w - self.switching_w
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mg2() -> Machine {
        Machine {
            max_torque_nm: 207.0,
            max_power_w: 60e3,
            max_speed_rad_s: 1413.7,
            loss: Loss::Coefficients {
                constant_w: 313.0,
                w_per_rad_s: 0.53,
                w_per_rad2_s2: 9.77e-4,
                w_per_nm2: 0.2368,
                w_per_nm: 0.0,
                w_per_nm_rad_s: 0.0,
            },
            inertia_kg_m2: 0.024,
            back_emf_v_per_rad_s: None,
        }
    }

    proptest! {
        /// The kernel's loss is that of the coefficients.
        #[test]
        fn loss_is_that_of_the_coefficients(speed in -1413.0..1413.0_f64, torque in 0.1..207.0_f64) {
            let machine = mg2();
            let plant = machine.plant();
            prop_assert!((plant.loss_w(speed, -torque) - machine.loss.at_w(speed, torque)).abs() < 1e-9);
        }

        /// Gated off it draws what it draws without torque, to the last bit.
        #[test]
        fn gated_is_without_torque(speed in -1413.0..1413.0_f64) {
            let plant = mg2().plant();
            prop_assert_eq!(plant.gated_w(speed).to_bits(), plant.electric_w(speed, 0.0).to_bits());
        }

        /// A machine never gives more than it takes.
        #[test]
        fn machine_only_loses(speed in -1413.0..1413.0_f64, torque in -207.0..207.0_f64) {
            let plant = mg2().plant();
            prop_assert!(plant.electric_w(speed, torque) >= torque * speed);
        }

        /// A table of the same figures gives the same machine.
        #[test]
        fn table_machine_equals_coefficient_machine(speed in 0.0..1400.0_f64, torque in 0.0..200.0_f64) {
            let machine = mg2();
            let axis = |last: f64| (0..=40).map(|i| last * f64::from(i) / 40.0).collect::<Vec<_>>();
            let (speeds, torques) = (axis(1413.7), axis(207.0));
            let values = speeds.iter()
                .flat_map(|&w| torques.iter().map(move |&t| (w, t)))
                .map(|(w, t)| machine.loss.at_w(w, t)).collect();
            let table = Machine {
                loss: Loss::Table(Surface::new(speeds, torques, values).expect("a valid grid")),
                ..machine.clone()
            };
            let (a, b) = (machine.plant(), table.plant());
            prop_assert!((a.loss_w(speed, torque) - b.loss_w(speed, torque)).abs() < 5.0);
        }
    }
}
