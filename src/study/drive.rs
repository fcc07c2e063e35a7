//! How the runs of a question are driven.

use super::procedure::Bagged;
use crate::control::{Controller, Rules};
use crate::cycle::Kinematics;
use crate::ledger::Ledger;
use crate::results::Totals;
use crate::sim::{Car, drive_many, drive_one};
use crate::vehicle::State;

/// Sums and energies of a run, and its last state.
pub type Driven = ((Totals, Ledger), State);

/// A controller whose cars can be driven through questions. What it does unless told better
/// is to drive one car after the other: `impl Drive for MyController {}`.
pub trait Drive: Controller + Sized {
    /// Drives every car over the cycle.
    fn drive_all(cars: &[Car<'_, Self>], kinematics: &Kinematics) -> Vec<Driven> {
        let one = |car| drive_one(car, kinematics, &((), ()));
        cars.iter().map(one).collect()
    }

    /// Drives every car over the cycle into bags, which end at these times, s.
    fn drive_into_bags(
        cars: &[Car<'_, Self>],
        kinematics: &Kinematics,
        ends_s: &Vec<f64>,
    ) -> Vec<(Bagged, State)> {
        let one = |car| drive_one(car, kinematics, ends_s);
        cars.iter().map(one).collect()
    }
}

/// Cars with the rules drive side by side. Not generic, so that it is compiled once.
impl Drive for Rules {
    fn drive_all(cars: &[Car<'_, Self>], kinematics: &Kinematics) -> Vec<Driven> {
        let mut driven = Vec::with_capacity(cars.len());
        drive_many(cars, kinematics, &((), ()), |_, watched, end| {
            driven.push((watched, end));
        });
        driven
    }

    fn drive_into_bags(
        cars: &[Car<'_, Self>],
        kinematics: &Kinematics,
        ends_s: &Vec<f64>,
    ) -> Vec<(Bagged, State)> {
        let mut driven = Vec::with_capacity(cars.len());
        drive_many(cars, kinematics, ends_s, |_, bagged, end| {
            driven.push((bagged, end));
        });
        driven
    }
}
