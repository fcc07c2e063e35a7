//! Scenarios: traces that a definition gives, not a list of samples.
//!
//! Both come from a road test of the car: the slow acceleration that stays electric
//! until the engine has to start, and the long stop during which the engine runs from
//! time to time to keep the battery up.

use super::{Cycle, Start};
use crate::units::mps_from_kmh;

/// Names of the scenarios.
pub(super) const NAMES: [&str; 2] = ["ev-creep", "long-stop"];

/// Gentle enough for the battery alone, km/h per second.
const CREEP_KMH_PER_S: f64 = 0.35;
/// Above the engine-off ceiling of every vehicle of the family, km/h.
const CREEP_TOP_KMH: f64 = 90.0;
/// Long enough for several charges at rest, s.
const STOP_S: f64 = 3.0 * 3600.0;

/// The scenario of that canonical name.
pub(super) fn find(name: &str) -> Option<Cycle> {
    match name {
        "ev-creep" => Some(line(
            "ev-creep",
            "slow acceleration from rest, 0.35 km/h per second to 90 km/h: when must the engine start?",
            CREEP_TOP_KMH / CREEP_KMH_PER_S,
            CREEP_TOP_KMH,
            Start::NearTopOfWindow,
        )),
        "long-stop" => Some(line(
            "long-stop",
            "three hours at rest, ready to drive: how often does the engine run for the battery?",
            STOP_S,
            0.0,
            Start::EngineJustStopped,
        )),
        _ => None,
    }
}

impl Cycle {
    /// One speed held for a while, from rest and back at 1 m/s².
    pub fn steady(speed_kmh: f64, held_s: f64) -> Self {
        let speed_mps = mps_from_kmh(speed_kmh);
        let ramp_s = speed_mps;
        Self {
            name: format!("steady-{speed_kmh}"),
            title: format!("{speed_kmh} km/h for {held_s} s"),
            source: "definition of thsim".into(),
            phases: Vec::new(),
            time_s: vec![0.0, ramp_s, ramp_s + held_s, 2.0 * ramp_s + held_s],
            speed_mps: vec![0.0, speed_mps, speed_mps, 0.0],
            grade: vec![0.0; 4],
            aux_w: vec![0.0; 4],
            start: Start::Balanced,
        }
    }
}

/// A straight line from rest to a final speed.
fn line(name: &str, title: &str, duration_s: f64, final_kmh: f64, start: Start) -> Cycle {
    Cycle {
        name: name.into(),
        title: title.into(),
        source: "definition of thsim".into(),
        phases: Vec::new(),
        time_s: vec![0.0, duration_s],
        speed_mps: vec![0.0, mps_from_kmh(final_kmh)],
        grade: vec![0.0; 2],
        aux_w: vec![0.0; 2],
        start,
    }
}
