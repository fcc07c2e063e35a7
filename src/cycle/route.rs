//! Routes: cycles put together from others, from steady driving, full throttle and stops.
//!
//! They are written down in `configs/routes`, each with the reasons for its legs.

use serde::Deserialize;

use super::{Cycle, CycleError, FullThrottle, standard};
use crate::issue::Issue;
use crate::units::mps_from_kmh;

/// Names of the routes, in the order of their file.
pub const NAMES: [&str; 5] = [
    "mixed-150km",
    "mixed-150km-gentle",
    "mixed-150km-brisk",
    "steady-120",
    "steady-130",
];
const ROUTES: &str = include_str!("../../configs/routes/mixed-150km.toml");

/// How a full-throttle start of a route is driven, beside its speed.
const HELD_S: f64 = 12.0;
const BRAKE_MPS2: f64 = 2.0;
const REST_S: f64 = 8.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    route: Vec<Route>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    name: String,
    title: String,
    legs: Vec<Leg>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Leg {
    Driven {
        name: String,
        cycle: String,
        phase: Option<String>,
        times: usize,
        scale: Option<f64>,
    },
    Steady {
        name: String,
        steady_kmh: f64,
        km: f64,
    },
    Starts {
        name: String,
        starts: usize,
        to_kmh: f64,
    },
    Stop {
        name: String,
        stop_s: f64,
    },
}

/// The shipped file is not as it should be.
fn invalid(name: &str, message: impl Into<String>) -> CycleError {
    CycleError::Invalid {
        name: name.to_owned(),
        issues: vec![Issue::new(message)],
    }
}

impl Leg {
    fn name(&self) -> &str {
        match self {
            Self::Driven { name, .. }
            | Self::Steady { name, .. }
            | Self::Starts { name, .. }
            | Self::Stop { name, .. } => name,
        }
    }

    fn cycle(&self) -> Result<Cycle, CycleError> {
        match self {
            Self::Driven {
                cycle,
                phase,
                times,
                scale,
                ..
            } => {
                let mut driven = standard::find(cycle)?;
                if let Some(phase) = phase {
                    let part = driven.phases.iter().find(|part| part.name == *phase);
                    let part = part
                        .ok_or_else(|| invalid(cycle, format!("unknown phase `{phase}`")))?
                        .clone();
                    driven = driven.between(part.start_s, part.end_s);
                }
                for speed in &mut driven.speed_mps {
                    *speed *= scale.unwrap_or(1.0);
                }
                Ok(driven.repeated(*times))
            }
            Self::Steady { steady_kmh, km, .. } => {
                let speed_mps = mps_from_kmh(*steady_kmh);
                let time_s = 1000.0 * km / speed_mps;
                Ok(Cycle::of_lines(&[(0.0, speed_mps), (time_s, speed_mps)]))
            }
            Self::Starts { starts, to_kmh, .. } => Ok(FullThrottle {
                starts: *starts,
                to_mps: mps_from_kmh(*to_kmh),
                held_s: HELD_S,
                brake_mps2: BRAKE_MPS2,
                rest_s: REST_S,
            }
            .cycle()),
            Self::Stop { stop_s, .. } => Ok(Cycle::of_lines(&[(0.0, 0.0), (*stop_s, 0.0)])),
        }
    }
}

/// The route of that name, put together; none where there is none.
///
/// # Errors
/// What is wrong with the shipped file.
pub(super) fn find(name: &str) -> Result<Option<Cycle>, CycleError> {
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    let file: File = toml::from_str(ROUTES).map_err(|error| invalid(name, error.message()))?;
    let Some(route) = file.route.into_iter().find(|route| route.name == name) else {
        return Ok(None);
    };
    let mut whole = Cycle {
        name: route.name,
        title: route.title,
        source: "definition of thsim, configs/routes/mixed-150km.toml; the article gives no shares"
            .into(),
        ..Cycle::of_lines(&[])
    };
    for leg in &route.legs {
        whole.append(&leg.cycle()?, leg.name());
    }
    Ok(Some(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_the_routes_of_the_list_and_no_other() {
        let file: File = toml::from_str(ROUTES).unwrap();
        let names: Vec<_> = file.route.iter().map(|route| &route.name).collect();
        assert_eq!(names, NAMES);
        assert!(find("udds").unwrap().is_none());
    }

    #[test]
    fn a_steady_route_begins_at_its_speed() {
        let route = find("steady-120").unwrap().unwrap();
        assert_eq!(route.time_s, [0.0, 1500.0]);
        assert!((route.distance_m() - 50e3).abs() < 1e-6);
    }
}
