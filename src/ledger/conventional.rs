//! The accounts of a conventional car.

use super::{Booking, Channel, Ledger};
use crate::sim::ConventionalStep;
use crate::vehicle::{ConventionalPlant, ConventionalState};

impl Ledger {
    /// Empty accounts of a conventional car in the state in which it begins.
    pub fn of_conventional(plant: &ConventionalPlant, start: &ConventionalState) -> Self {
        Self {
            kinetic_start_j: plant.kinetic_j(start),
            kinetic_end_j: plant.kinetic_j(start),
            ..Self::default()
        }
    }

    /// Books one step of a conventional car.
    pub fn book_conventional(&mut self, plant: &ConventionalPlant, step: &ConventionalStep<'_>) {
        let flows = step.flows;
        let dt = flows.dt_s;
        let mut booking = Booking::new(self, dt);
        booking.give(Channel::Fuel, flows.fuel_w);
        booking.take(Channel::EngineHeat, flows.engine_heat_w);
        booking.take(Channel::ConverterSlip, flows.slip_w);
        booking.take(Channel::Gearbox, flows.gearbox_loss_w);
        booking.take(Channel::Alternator, flows.alternator_loss_w);
        booking.take(Channel::Auxiliary, flows.aux_w);
        booking.take(Channel::Brakes, flows.brake_w);
        booking.take(Channel::Rolling, flows.rolling_w);
        booking.take(Channel::Air, flows.air_w);
        booking.climb(flows.grade_w);
        booking.close(plant.kinetic_j(step.end), step.interval.start_s);
    }
}
