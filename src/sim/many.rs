//! Several cars over one cycle, side by side.
//!
//! Each car has its own plant, its own figures of control and its own start; all drive the
//! same cycle. What comes out is, to the last bit, what each would give alone.

use super::run::{Initial, SideBySide, drive, drive_lanes};
use crate::control::{Controller, ManyCars};
use crate::cycle::Kinematics;
use crate::lanes::{Beside, Instructions, Number, Work};
use crate::vehicle::{Plant, State};

/// How many cars drive side by side.
pub(super) const WIDTH: usize = 8;
/// So few are driven one by one: a lane of a full width takes a fourth of the time.
const FEW: usize = 2;

/// A car with its control and its start.
#[derive(Debug)]
pub struct Car<'a, C> {
    /// The car's tables.
    pub plant: &'a Plant,
    /// Who decides.
    pub controller: &'a C,
    /// How it starts.
    pub initial: Initial,
}

impl<C> Clone for Car<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Car<'_, C> {}

/// Drives one car; gives what the recorder saw and the last state.
pub fn drive_one<C: Controller, R: SideBySide>(
    car: &Car<'_, C>,
    kinematics: &Kinematics,
    setup: &R::Setup,
) -> (R, State) {
    let mut watched = R::new::<f64>(setup);
    let (plant, controller, initial) = (car.plant, car.controller, &car.initial);
    let end = drive(plant, controller, kinematics, initial, &mut watched);
    (R::of_lane(&watched, 0), end)
}

/// Drives every car over the cycle; `done` gets the place of each in `cars`, what the
/// recorder saw and the last state.
pub fn drive_many<C: ManyCars, R: SideBySide>(
    cars: &[Car<'_, C>],
    kinematics: &Kinematics,
    setup: &R::Setup,
    mut done: impl FnMut(usize, R, State),
) {
    let over = cars.len() % WIDTH;
    let (many, few) = cars.split_at(if over <= FEW {
        cars.len() - over
    } else {
        cars.len()
    });
    drive_many_with::<WIDTH, C, R>(Instructions::best(), many, kinematics, setup, &mut done);
    for (index, car) in few.iter().enumerate() {
        let (watched, end) = drive_one(car, kinematics, setup);
        done(many.len() + index, watched, end);
    }
}

/// The same with `L` lanes of these instructions.
///
/// # Panics
/// As [`Instructions::run`].
pub fn drive_many_with<const L: usize, C: ManyCars, R: SideBySide>(
    instructions: Instructions,
    cars: &[Car<'_, C>],
    kinematics: &Kinematics,
    setup: &R::Setup,
    mut done: impl FnMut(usize, R, State),
) {
    for (index, cars) in cars.chunks(L).enumerate() {
        instructions.run::<L, _>(Run::<_, R, _> {
            cars,
            kinematics,
            setup,
            done: |lane, watched, end| done(index * L + lane, watched, end),
        });
    }
}

/// Cars that fill the lanes; where there are too few the last one fills the rest.
struct Run<'a, C, R: SideBySide, D> {
    cars: &'a [Car<'a, C>],
    kinematics: &'a Kinematics,
    setup: &'a R::Setup,
    done: D,
}

impl<C: ManyCars, R: SideBySide, D: FnMut(usize, R, State)> Work for Run<'_, C, R, D> {
    type Out = ();

    #[inline(always)]
    fn run<F: Number>(mut self) {
        let car = |lane: usize| &self.cars[lane.min(self.cars.len() - 1)];
        let plant: Plant<F> = Plant::beside(&|lane| car(lane).plant);
        let controller: C::Of<F> = C::side_by_side(&|lane| car(lane).controller);
        let initial: Initial<F> = Initial::beside(&|lane| &car(lane).initial);
        let mut watched = R::new::<F>(self.setup);
        let end = drive_lanes(&plant, &controller, self.kinematics, &initial, &mut watched);
        for lane in 0..self.cars.len() {
            (self.done)(lane, R::of_lane(&watched, lane), end.of_lane(lane));
        }
    }
}
