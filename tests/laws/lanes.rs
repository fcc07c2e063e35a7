//! Cars side by side give, to the last bit, what each gives alone: with any instructions, in
//! any lane of any width, whatever drives beside them.

use crate::common::{Car, cycle_of};
use crate::drives::{points, settings, tried};
use proptest::array::uniform8;
use proptest::prelude::*;
use proptest::sample::select;
use thsim::control::Rules;
use thsim::cycle::Kinematics;
use thsim::lanes::Instructions::{self, Avx2, Avx512, Portable};
use thsim::ledger::Ledger;
use thsim::results::Totals;
use thsim::sim::{self, Initial, drive, drive_many, drive_many_with};
use thsim::vehicle::State;

/// All that is known of a drive, as it is compared: every digit of every number.
type Result = (String, State);

fn result(watched: &(Totals, Ledger), end: State) -> Result {
    (format!("{watched:?}"), end)
}

/// A random car and how it starts.
#[derive(Debug, Clone)]
struct Design {
    vehicle: &'static str,
    sets: Vec<String>,
    charge: f64,
    cold: bool,
}

fn designs() -> impl Strategy<Value = [Design; 8]> {
    let vehicles = vec!["levin-hybrid", "prius-2010", "prius-2010-17in"];
    let design = (
        select(vehicles),
        settings(),
        0.0..=1.0,
        prop::bool::weighted(0.25),
    );
    uniform8(design.prop_map(|(vehicle, sets, charge, cold)| Design {
        vehicle,
        sets,
        charge,
        cold,
    }))
}

impl Design {
    /// The car, or a shipped one where the settings do not fit each other.
    fn car(&self) -> Car {
        Car::try_load(self.vehicle, &self.sets).unwrap_or_else(|_| Car::shipped(self.vehicle))
    }

    fn initial(&self, car: &Car) -> Initial {
        let (battery, thermal) = (&car.vehicle.battery, &car.vehicle.thermal);
        Initial {
            soc: battery.soc_min + self.charge * (battery.soc_max - battery.soc_min),
            coolant_c: if self.cold {
                thermal.ambient_c
            } else {
                thermal.warm_c
            },
            battery_c: thermal.ambient_c + if self.cold { 0.0 } else { 8.0 },
            soaked_s: if self.cold { f64::INFINITY } else { 0.0 },
        }
    }
}

/// What `L` lanes of these instructions give, where the processor has them.
fn beside<const L: usize>(
    instructions: Instructions,
    cars: &[sim::Car<'_, Rules>],
    kinematics: &Kinematics,
) -> Vec<Result> {
    let mut results = Vec::new();
    drive_many_with::<L, _, _>(
        instructions,
        cars,
        kinematics,
        &((), ()),
        |index, watched, end| {
            assert_eq!(index, results.len(), "in order");
            results.push(result(&watched, end));
        },
    );
    results
}

proptest! {
    #![proptest_config(tried(150))]

    #[test]
    fn cars_side_by_side_drive_as_they_do_alone(
        designs in designs(),
        points in points(),
        step_s in prop_oneof![4 => select(vec![0.1, 0.5, 1.0]), 1 => 0.05..=1.0],
        few in 1..=8_usize,
    ) {
        let owned: Vec<Car> = designs.iter().map(Design::car).collect();
        let kinematics = Kinematics::new(&cycle_of(&points), step_s);
        let cars: Vec<_> = owned
            .iter()
            .zip(&designs)
            .map(|(car, design)| sim::Car {
                plant: &car.plant,
                controller: &car.rules,
                initial: design.initial(car),
            })
            .collect();
        let alone: Vec<Result> = cars
            .iter()
            .map(|car| {
                let mut watched = (Totals::default(), Ledger::default());
                let end = drive(car.plant, car.controller, &kinematics, &car.initial, &mut watched);
                result(&watched, end)
            })
            .collect();

        prop_assert_eq!(&beside::<1>(Portable, &cars, &kinematics), &alone, "1, portable");
        prop_assert_eq!(&beside::<8>(Portable, &cars, &kinematics), &alone, "8, portable");
        if Avx2.are_here() {
            prop_assert_eq!(&beside::<4>(Avx2, &cars, &kinematics), &alone, "4, AVX2");
            prop_assert_eq!(&beside::<8>(Avx2, &cars, &kinematics), &alone, "8, AVX2");
        }
        if Avx512.are_here() {
            prop_assert_eq!(&beside::<8>(Avx512, &cars, &kinematics), &alone, "8, AVX-512");
            prop_assert_eq!(&beside::<16>(Avx512, &cars, &kinematics), &alone, "16, AVX-512");
        }
        // As many as there happen to be, in whatever way is best for them.
        let mut best = Vec::new();
        drive_many(&cars[..few], &kinematics, &((), ()), |_, watched, end| best.push(result(&watched, end)));
        prop_assert_eq!(&best, &alone[..few], "the best way");
    }
}
