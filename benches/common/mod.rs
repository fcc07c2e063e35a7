//! What the benches drive.

#![allow(dead_code)] // each bench uses its own part

use thsim::control::Rules;
use thsim::cycle::{self, Kinematics};
use thsim::sim::{Car, Initial};
use thsim::vehicle::{Plant, Vehicle};

const CAR: &str = "levin-hybrid";

/// Eight designs over UDDS at a 1 s step: two axes of vehicle keys, one of control.
pub(crate) struct Designs {
    pub(crate) kinematics: Kinematics,
    pub(crate) vehicles: Vec<Vehicle>,
    pub(crate) plants: Vec<Plant>,
    pub(crate) rules: Vec<Rules>,
    /// The car as shipped.
    pub(crate) shipped: (Plant, Rules),
}

impl Designs {
    pub(crate) fn new() -> Self {
        let vehicles: Vec<_> = (0..8).map(vehicle).collect();
        let shipped = thsim::config::load(CAR, &[]).expect("a shipped vehicle");
        let udds = cycle::find("udds").expect("a shipped cycle");
        Self {
            kinematics: Kinematics::new(&udds, 1.0),
            plants: vehicles.iter().map(Plant::new).collect(),
            rules: vehicles.iter().map(Rules::of).collect(),
            vehicles,
            shipped: (Plant::new(shipped.vehicle()), Rules::of(shipped.vehicle())),
        }
    }

    /// Warm, from the target state of charge.
    pub(crate) fn cars(&self) -> Vec<Car<'_, Rules>> {
        let all = self.vehicles.iter().zip(&self.plants).zip(&self.rules);
        all.map(|((vehicle, plant), controller)| Car {
            plant,
            controller,
            initial: Initial {
                soc: 0.6,
                coolant_c: vehicle.thermal.warm_c,
                battery_c: vehicle.thermal.ambient_c + 8.0,
                soaked_s: 0.0,
            },
        })
        .collect()
    }
}

fn vehicle(index: u32) -> Vehicle {
    let share = f64::from(index) / 7.0;
    let sets = [
        ("chassis.test_mass_kg", 1300.0 + 400.0 * share),
        ("engine.fuel_map.peak_efficiency", 0.35 + 0.05 * share),
        ("control.engine_on_power_kw", 4.0 + 10.0 * share),
    ]
    .map(|(key, value)| format!("{key}={value:?}"));
    let file = thsim::config::load(CAR, &sets).expect("a design");
    file.vehicle().clone()
}
