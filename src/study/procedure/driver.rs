//! Who drives the legs of a procedure.

use super::course::Bagged;
use crate::control::Rules;
use crate::cycle::{Cycle, Kinematics};
use crate::sim::{Car, Initial, SideBySide};
use crate::study::best::BestError;
use crate::study::controlled::{Control, ControlQuestion};
use crate::study::drive::Drive;
use crate::study::single::StartWith;
use crate::vehicle::{Plant, State, Vehicle};
use std::sync::Mutex;

/// A road that is driven once.
pub struct Road {
    /// Its cycle.
    pub cycle: Cycle,
    /// Step, s.
    pub step_s: f64,
    /// The cycle in steps.
    pub kinematics: Kinematics,
}

impl Road {
    /// A cycle in steps, s.
    pub(super) fn new(cycle: Cycle, step_s: f64) -> Self {
        Self {
            kinematics: Kinematics::new(&cycle, step_s),
            cycle,
            step_s,
        }
    }
}

/// Who drives a car over a road: a controller, or a control that has to plan it first.
pub trait Driver: Sync {
    /// Drives it from each of some starts, into bags that end at these times, s.
    fn drive(
        &self,
        vehicle: &Vehicle,
        plant: &Plant,
        road: &Road,
        starts: &[Initial],
        ends_s: &[f64],
    ) -> Vec<(Bagged, State)>;
}

impl<C: Drive> Driver for C {
    fn drive(
        &self,
        _: &Vehicle,
        plant: &Plant,
        road: &Road,
        starts: &[Initial],
        ends_s: &[f64],
    ) -> Vec<(Bagged, State)> {
        let car = |&initial: &Initial| Car {
            plant,
            controller: self,
            initial,
        };
        let cars: Vec<_> = starts.iter().map(car).collect();
        C::drive_into_bags(&cars, &road.kinematics, &ends_s.to_vec())
    }
}

/// A control by its name. One that plans does so for every leg and every start of it; ECMS and
/// the optimum end a leg with the charge that they find at its begin.
#[derive(Debug)]
pub struct Planner {
    control: Control,
    failed: Mutex<Option<BestError>>,
}

impl Planner {
    /// The control.
    pub fn new(control: Control) -> Self {
        Self {
            control,
            failed: Mutex::new(None),
        }
    }

    /// Why what was driven does not count: a leg that the control found no way through.
    pub fn failure(self) -> Option<BestError> {
        self.failed.into_inner().unwrap_or_default()
    }
}

impl Driver for Planner {
    fn drive(
        &self,
        vehicle: &Vehicle,
        plant: &Plant,
        road: &Road,
        starts: &[Initial],
        ends_s: &[f64],
    ) -> Vec<(Bagged, State)> {
        let rules = Rules::of(vehicle);
        let by_rules = || rules.drive(vehicle, plant, road, starts, ends_s);
        if self.control == Control::Rules {
            return by_rules();
        }
        let bags = ends_s.to_vec();
        let from = |initial: &Initial| {
            let question = ControlQuestion {
                vehicle,
                plant,
                cycle: &road.cycle,
                repeat: Some(1),
                step_s: road.step_s,
                start: StartWith::Soc(initial.soc),
                control: self.control,
            };
            let best = question.best().prepare_from(*initial);
            let mut bagged = <Bagged as SideBySide>::new(&bags);
            let end = best.drive_from_here(self.control, &mut bagged);
            end.map(|end| (bagged, end))
        };
        let driven: Result<Vec<_>, BestError> = starts.iter().map(from).collect();
        driven.unwrap_or_else(|error| {
            if let Ok(mut failed) = self.failed.lock() {
                failed.get_or_insert(error);
            }
            // What is driven on does not count, but it has to go on.
            by_rules()
        })
    }
}
