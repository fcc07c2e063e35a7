//! The accounts of a conventional car.

use super::{CHANNELS, Channel, Ledger};
use crate::sim::{ConventionalFlows, ConventionalStep};
use crate::vehicle::{ConventionalPlant, ConventionalState};

/// Power into each channel of one step, W; kinetic is left to the states.
fn powers_w(flows: &ConventionalFlows) -> [f64; CHANNELS] {
    let mut powers = [0.0; CHANNELS];
    for (channel, power_w) in [
        (Channel::Fuel, flows.fuel_w),
        (Channel::EngineHeat, flows.engine_heat_w),
        (Channel::ConverterSlip, flows.slip_w),
        (Channel::Gearbox, flows.gearbox_loss_w),
        (Channel::Alternator, flows.alternator_loss_w),
        (Channel::Auxiliary, flows.aux_w),
        (Channel::Brakes, flows.brake_w),
        (Channel::Rolling, flows.rolling_w),
        (Channel::Air, flows.air_w),
        (Channel::Height, flows.grade_w),
    ] {
        powers[channel as usize] = power_w;
    }
    powers
}

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
        self.paths.engine_work_j += flows.engine_shaft_w.max(0.0) * dt;
        self.paths.engine_turning_j += (-flows.engine_shaft_w).max(0.0) * dt;
        self.paths.wheels_driven_j += flows.wheel_w.max(0.0) * dt;
        self.paths.wheels_recovered_j += (-flows.wheel_w).max(0.0) * dt;
        let kinetic_j = plant.kinetic_j(step.end);
        self.book(&powers_w(flows), kinetic_j, step.interval.start_s, dt);
    }
}
