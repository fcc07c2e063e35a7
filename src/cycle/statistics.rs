//! Figures that describe a cycle, or a phase of it.
//!
//! Speed is linear between samples, so all integrals are exact:
//! distance by the trapezoid rule, and the relative positive acceleration
//! RPA = ∫ v·a⁺ dt / distance from v·a dt = d(v²)/2. A cycle at 1 Hz and its
//! breakpoints therefore give the same figures.

use serde::Serialize;

use super::{Cycle, Phase};
use crate::units::{kmh_from_mps, mps_from_kmh};

/// Below this a car is at rest, km/h: finer than any schedule's grid, coarser than the
/// noise of a recorded standstill.
const AT_REST_BELOW_KMH: f64 = 0.1;

/// Figures of a cycle; means and shares are 0 where they have no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Statistics {
    /// Length in time, s.
    pub duration_s: f64,
    /// Length of road, km.
    pub distance_km: f64,
    /// Mean over the whole time, km/h.
    pub mean_speed_kmh: f64,
    /// Mean over the time that is not standstill, km/h.
    pub mean_running_speed_kmh: f64,
    /// Highest speed, km/h.
    pub max_speed_kmh: f64,
    /// Share of the time in which both ends of an interval are at rest, 0..1.
    pub standstill_fraction: f64,
    /// How many times the car comes to rest, the end of the cycle included.
    pub stops: usize,
    /// Highest acceleration between two samples, m/s².
    pub max_acceleration_mps2: f64,
    /// Highest deceleration between two samples, m/s², a positive number.
    pub max_deceleration_mps2: f64,
    /// Acceleration work per mass and distance, m/s².
    pub relative_positive_acceleration_mps2: f64,
}

impl Statistics {
    /// Figures of the whole cycle.
    pub fn of(cycle: &Cycle) -> Self {
        let at_rest_mps = mps_from_kmh(AT_REST_BELOW_KMH);
        let mut standstill_s = 0.0;
        let mut stops = 0;
        let mut max_acceleration_mps2: f64 = 0.0;
        let mut max_deceleration_mps2: f64 = 0.0;
        let mut positive_work_j_per_kg = 0.0;
        for (t, v) in cycle.time_s.windows(2).zip(cycle.speed_mps.windows(2)) {
            let step_s = t[1] - t[0];
            let acceleration_mps2 = (v[1] - v[0]) / step_s;
            max_acceleration_mps2 = max_acceleration_mps2.max(acceleration_mps2);
            max_deceleration_mps2 = max_deceleration_mps2.max(-acceleration_mps2);
            positive_work_j_per_kg += 0.5 * (v[1] * v[1] - v[0] * v[0]).max(0.0);
            match (v[0] < at_rest_mps, v[1] < at_rest_mps) {
                (true, true) => standstill_s += step_s,
                (false, true) => stops += 1,
                _ => {}
            }
        }
        let duration_s = cycle.duration_s();
        let distance_m = cycle.distance_m();
        let max_speed_mps = cycle.speed_mps.iter().copied().fold(0.0, f64::max);
        Self {
            duration_s,
            distance_km: distance_m / 1000.0,
            mean_speed_kmh: kmh_from_mps(ratio(distance_m, duration_s)),
            mean_running_speed_kmh: kmh_from_mps(ratio(distance_m, duration_s - standstill_s)),
            max_speed_kmh: kmh_from_mps(max_speed_mps),
            standstill_fraction: ratio(standstill_s, duration_s),
            stops,
            max_acceleration_mps2,
            max_deceleration_mps2,
            relative_positive_acceleration_mps2: ratio(positive_work_j_per_kg, distance_m),
        }
    }

    /// Figures of one phase of it.
    pub fn of_phase(cycle: &Cycle, phase: &Phase) -> Self {
        Self::of(&cycle.between(phase.start_s, phase.end_s))
    }
}

/// A quotient that is 0 where nothing was driven.
fn ratio(numerator: f64, denominator: f64) -> f64 {
    if denominator > 0.0 {
        numerator / denominator
    } else {
        0.0
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "zeros and whole numbers are exact")]
mod tests {
    use approx::assert_relative_eq;

    use super::*;
    use crate::cycle::find;

    #[test]
    fn a_trapezoid_gives_the_figures_computed_by_hand() {
        let mut cycle = find("long-stop").unwrap();
        // 10 s at rest, to 20 m/s in 10 s, 10 s there, to rest in 5 s, 5 s at rest.
        cycle.time_s = vec![0.0, 10.0, 20.0, 30.0, 35.0, 40.0];
        cycle.speed_mps = vec![0.0, 0.0, 20.0, 20.0, 0.0, 0.0];
        let figures = Statistics::of(&cycle);
        assert_relative_eq!(figures.distance_km, 0.35);
        assert_relative_eq!(figures.mean_speed_kmh, 31.5);
        assert_relative_eq!(figures.mean_running_speed_kmh, 350.0 / 25.0 * 3.6);
        assert_relative_eq!(figures.max_speed_kmh, 72.0);
        assert_relative_eq!(figures.standstill_fraction, 15.0 / 40.0);
        assert_eq!(figures.stops, 1);
        assert_relative_eq!(figures.max_acceleration_mps2, 2.0);
        assert_relative_eq!(figures.max_deceleration_mps2, 4.0);
        assert_relative_eq!(figures.relative_positive_acceleration_mps2, 200.0 / 350.0);
    }

    #[test]
    fn standing_still_has_no_infinite_figures() {
        let figures = Statistics::of(&find("long-stop").unwrap());
        assert_eq!(figures.duration_s, 10_800.0);
        assert_eq!(figures.standstill_fraction, 1.0);
        assert_eq!(figures.mean_running_speed_kmh, 0.0);
        assert_eq!(figures.relative_positive_acceleration_mps2, 0.0);
        assert_eq!(figures.stops, 0);
    }
}
