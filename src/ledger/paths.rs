//! Flows between the parts, for the picture of energy paths. They overlap and are no part of
//! the balance.

use super::PowerSplit;
use crate::lanes::Number;
use crate::sim::{ConventionalStep, Recorder, SideBySide, Simulated};
use crate::vehicle::{Plant, State};

/// Energy through parts of the powertrain, J, each direction apart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Paths<F = f64> {
    /// Work of the burning engine.
    pub engine_work_j: F,
    /// Work spent on turning the engine without fuel.
    pub engine_turning_j: F,
    /// From the carrier through the mesh to the ring.
    pub carrier_to_ring_j: F,
    /// From the ring through the mesh back to the carrier and the sun.
    pub ring_to_carrier_j: F,
    /// From the sun's shaft into MG1.
    pub sun_to_mg1_j: F,
    /// From MG1 onto the sun's shaft.
    pub mg1_to_sun_j: F,
    /// From MG2 through its reducer to the ring.
    pub mg2_to_ring_j: F,
    /// From the ring through the reducer into MG2.
    pub ring_to_mg2_j: F,
    /// MG1 as generator, onto the bus.
    pub mg1_generated_j: F,
    /// MG1 as motor, from the bus.
    pub mg1_motored_j: F,
    /// MG2 as motor, from the bus.
    pub mg2_motored_j: F,
    /// MG2 as generator, onto the bus.
    pub mg2_generated_j: F,
    /// Out of the battery's terminals.
    pub battery_out_j: F,
    /// Into the battery's terminals.
    pub battery_in_j: F,
    /// Driving the wheels.
    pub wheels_driven_j: F,
    /// Taken from the wheels by the powertrain when braking.
    pub wheels_recovered_j: F,
    /// Unpowered machine drag that the coast-down contains and that was taken off the
    /// road load, because the machines count it.
    pub machine_drag_in_road_load_j: F,
    /// What the power split did with the engine's work.
    pub power_split: PowerSplit<F>,
}

impl Paths {
    /// All paths by name, J.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f64)> {
        [
            ("engine_work", self.engine_work_j),
            ("engine_turning", self.engine_turning_j),
            ("carrier_to_ring", self.carrier_to_ring_j),
            ("ring_to_carrier", self.ring_to_carrier_j),
            ("sun_to_mg1", self.sun_to_mg1_j),
            ("mg1_to_sun", self.mg1_to_sun_j),
            ("mg2_to_ring", self.mg2_to_ring_j),
            ("ring_to_mg2", self.ring_to_mg2_j),
            ("mg1_generated", self.mg1_generated_j),
            ("mg1_motored", self.mg1_motored_j),
            ("mg2_motored", self.mg2_motored_j),
            ("mg2_generated", self.mg2_generated_j),
            ("battery_out", self.battery_out_j),
            ("battery_in", self.battery_in_j),
            ("wheels_driven", self.wheels_driven_j),
            ("wheels_recovered", self.wheels_recovered_j),
            (
                "machine_drag_in_road_load",
                self.machine_drag_in_road_load_j,
            ),
        ]
        .into_iter()
    }
}

/// Adds an energy to the account of its direction.
#[inline(always)]
fn split<F: Number>(forth_j: &mut F, back_j: &mut F, energy_j: F) {
    *forth_j += energy_j.at_least(0.0);
    *back_j -= energy_j.at_most(0.0);
}

impl<F: Number> Paths<F> {
    /// What every car has: an engine and wheels.
    #[inline(always)]
    fn add_engine_and_wheels(&mut self, engine_shaft_w: F, wheel_w: F, dt_s: f64) {
        split(
            &mut self.engine_work_j,
            &mut self.engine_turning_j,
            engine_shaft_w * dt_s,
        );
        split(
            &mut self.wheels_driven_j,
            &mut self.wheels_recovered_j,
            wheel_w * dt_s,
        );
    }
}

impl<F: Number> Recorder<F> for Paths<F> {
    fn begin(&mut self, plant: &Plant<F>, state: &State<F>) {
        *self = Self::default();
        self.power_split.begin(plant, state);
    }

    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
        let flows = step.flows;
        let dt = flows.dt_s;
        self.add_engine_and_wheels(flows.engine_shaft_w, flows.wheel_w, dt);
        split(
            &mut self.carrier_to_ring_j,
            &mut self.ring_to_carrier_j,
            flows.ring_w * dt,
        );
        split(
            &mut self.mg1_to_sun_j,
            &mut self.sun_to_mg1_j,
            (flows.mg1_electric_w - flows.mg1_loss_w) * dt,
        );
        split(
            &mut self.mg2_to_ring_j,
            &mut self.ring_to_mg2_j,
            (flows.mg2_electric_w - flows.mg2_loss_w - flows.reducer_loss_w) * dt,
        );
        split(
            &mut self.mg1_motored_j,
            &mut self.mg1_generated_j,
            flows.mg1_electric_w * dt,
        );
        split(
            &mut self.mg2_motored_j,
            &mut self.mg2_generated_j,
            flows.mg2_electric_w * dt,
        );
        split(
            &mut self.battery_out_j,
            &mut self.battery_in_j,
            flows.battery_w * dt,
        );
        self.machine_drag_in_road_load_j +=
            plant.chassis.counted_twice_n(flows.speed_mps) * flows.speed_mps * dt;
        self.power_split.record(plant, step);
    }
}

impl SideBySide for Paths {
    type Of<F: Number> = Paths<F>;
    type Setup = ();

    fn new<F: Number>((): &()) -> Paths<F> {
        Paths::default()
    }

    fn of_lane<F: Number>(all: &Paths<F>, lane: usize) -> Self {
        Self {
            engine_work_j: all.engine_work_j.lane(lane),
            engine_turning_j: all.engine_turning_j.lane(lane),
            carrier_to_ring_j: all.carrier_to_ring_j.lane(lane),
            ring_to_carrier_j: all.ring_to_carrier_j.lane(lane),
            sun_to_mg1_j: all.sun_to_mg1_j.lane(lane),
            mg1_to_sun_j: all.mg1_to_sun_j.lane(lane),
            mg2_to_ring_j: all.mg2_to_ring_j.lane(lane),
            ring_to_mg2_j: all.ring_to_mg2_j.lane(lane),
            mg1_generated_j: all.mg1_generated_j.lane(lane),
            mg1_motored_j: all.mg1_motored_j.lane(lane),
            mg2_motored_j: all.mg2_motored_j.lane(lane),
            mg2_generated_j: all.mg2_generated_j.lane(lane),
            battery_out_j: all.battery_out_j.lane(lane),
            battery_in_j: all.battery_in_j.lane(lane),
            wheels_driven_j: all.wheels_driven_j.lane(lane),
            wheels_recovered_j: all.wheels_recovered_j.lane(lane),
            machine_drag_in_road_load_j: all.machine_drag_in_road_load_j.lane(lane),
            power_split: PowerSplit::of_lane(&all.power_split, lane),
        }
    }
}

impl Paths {
    /// No paths yet of a conventional car, which has no power split.
    pub fn of_conventional() -> Self {
        Self {
            power_split: PowerSplit::none(),
            ..Self::default()
        }
    }

    /// Adds one step of a conventional car, which has few of them.
    pub fn add_conventional(&mut self, step: &ConventionalStep<'_>) {
        let flows = step.flows;
        self.add_engine_and_wheels(flows.engine_shaft_w, flows.wheel_w, flows.dt_s);
    }
}
