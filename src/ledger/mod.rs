//! Every joule: where it came from, where it went.
//!
//! Fuel and the battery's stored charge are sources, everything else takes energy; what
//! is stored (kinetic, height, the battery's slow branch, the charge itself) may come
//! out negative over a run. Each channel is summed from its own flow of the step, and
//! the kinetic energy is that of the states at both ends, so that the residual is a
//! check and not a difference put where it fits:
//!
//! ```text
//! fuel + battery = Σ other channels + residual
//! ```
//!
//! [`Paths`] are the flows between the parts, for the picture of energy paths; they
//! overlap and are no part of the balance.

mod conventional;

use crate::bound::Bound;
use crate::sim::{Flows, Recorder, Simulated};
use crate::vehicle::{Plant, State};

/// An account of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(usize)]
pub enum Channel {
    /// Heating value of the fuel burnt: source.
    Fuel,
    /// Energy the battery's charge gave up, negative where it gained: source.
    Battery,
    /// Heat of the engine: exhaust, coolant, friction, and of turning it without fuel.
    EngineHeat,
    /// Friction in the planetary's mesh.
    Mesh,
    /// MG2's reducer.
    Mg2Reducer,
    /// Counter gear and final drive.
    FinalDrive,
    /// Drag of unloaded gears, where the road load does not contain it.
    SpinDrag,
    /// MG1 and its inverter.
    Mg1,
    /// MG2 and its inverter.
    Mg2,
    /// Boost converter.
    Converter,
    /// Battery resistance and charge lost.
    BatteryHeat,
    /// Left in the battery's slow branch.
    BatteryPolarisation,
    /// Slip of a conventional car's torque converter.
    ConverterSlip,
    /// A conventional car's gears, oil pump and final drive.
    Gearbox,
    /// A conventional car's alternator.
    Alternator,
    /// Auxiliaries.
    Auxiliary,
    /// Friction brakes.
    Brakes,
    /// Tyres and bearings, with the gears' drag that a coast-down contains.
    Rolling,
    /// Air.
    Air,
    /// Height.
    Height,
    /// Kinetic energy of the car and of everything that turns.
    Kinetic,
}

impl Channel {
    /// All channels, sources first.
    pub const ALL: [Self; 21] = [
        Self::Fuel,
        Self::Battery,
        Self::EngineHeat,
        Self::Mesh,
        Self::Mg2Reducer,
        Self::FinalDrive,
        Self::SpinDrag,
        Self::Mg1,
        Self::Mg2,
        Self::Converter,
        Self::BatteryHeat,
        Self::BatteryPolarisation,
        Self::ConverterSlip,
        Self::Gearbox,
        Self::Alternator,
        Self::Auxiliary,
        Self::Brakes,
        Self::Rolling,
        Self::Air,
        Self::Height,
        Self::Kinetic,
    ];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::Battery => "battery",
            Self::EngineHeat => "engine_heat",
            Self::Mesh => "planetary_mesh",
            Self::Mg2Reducer => "mg2_reducer",
            Self::FinalDrive => "final_drive",
            Self::SpinDrag => "gear_drag",
            Self::Mg1 => "mg1_loss",
            Self::Mg2 => "mg2_loss",
            Self::Converter => "converter_loss",
            Self::BatteryHeat => "battery_heat",
            Self::BatteryPolarisation => "battery_polarisation",
            Self::ConverterSlip => "torque_converter_slip",
            Self::Gearbox => "gearbox",
            Self::Alternator => "alternator_loss",
            Self::Auxiliary => "auxiliary",
            Self::Brakes => "friction_brakes",
            Self::Rolling => "rolling",
            Self::Air => "air",
            Self::Height => "height",
            Self::Kinetic => "kinetic",
        }
    }

    /// What it is, for tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::Fuel => "fuel",
            Self::Battery => "battery charge used",
            Self::EngineHeat => "engine heat",
            Self::Mesh => "planetary mesh",
            Self::Mg2Reducer => "MG2 reducer",
            Self::FinalDrive => "final drive",
            Self::SpinDrag => "drag of unloaded gears",
            Self::Mg1 => "MG1 and inverter",
            Self::Mg2 => "MG2 and inverter",
            Self::Converter => "boost converter",
            Self::BatteryHeat => "battery heat",
            Self::BatteryPolarisation => "battery polarisation",
            Self::ConverterSlip => "torque converter slip",
            Self::Gearbox => "gearbox",
            Self::Alternator => "alternator",
            Self::Auxiliary => "auxiliaries",
            Self::Brakes => "friction brakes",
            Self::Rolling => "tyres, bearings, gears",
            Self::Air => "air drag",
            Self::Height => "height gained",
            Self::Kinetic => "speed gained",
        }
    }

    /// Whether the channel gives energy instead of taking it.
    pub fn is_source(self) -> bool {
        matches!(self, Self::Fuel | Self::Battery)
    }
}

const CHANNELS: usize = Channel::ALL.len();

/// Energy through parts of the powertrain, J, each direction apart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Paths {
    /// Work of the burning engine.
    pub engine_work_j: f64,
    /// Work spent on turning the engine without fuel.
    pub engine_turning_j: f64,
    /// From the carrier through the mesh to the ring.
    pub carrier_to_ring_j: f64,
    /// From the ring through the mesh back to the carrier and the sun.
    pub ring_to_carrier_j: f64,
    /// From the sun's shaft into MG1.
    pub sun_to_mg1_j: f64,
    /// From MG1 onto the sun's shaft.
    pub mg1_to_sun_j: f64,
    /// From MG2 through its reducer to the ring.
    pub mg2_to_ring_j: f64,
    /// From the ring through the reducer into MG2.
    pub ring_to_mg2_j: f64,
    /// MG1 as generator, onto the bus.
    pub mg1_generated_j: f64,
    /// MG1 as motor, from the bus.
    pub mg1_motored_j: f64,
    /// MG2 as motor, from the bus.
    pub mg2_motored_j: f64,
    /// MG2 as generator, onto the bus.
    pub mg2_generated_j: f64,
    /// Out of the battery's terminals.
    pub battery_out_j: f64,
    /// Into the battery's terminals.
    pub battery_in_j: f64,
    /// Driving the wheels.
    pub wheels_driven_j: f64,
    /// Taken from the wheels by the powertrain when braking.
    pub wheels_recovered_j: f64,
    /// Unpowered machine drag that the coast-down contains and that was taken off the
    /// road load, because the machines count it.
    pub machine_drag_in_road_load_j: f64,
}

/// The step that closes worst.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WorstStep {
    /// Time at its start, s.
    pub time_s: f64,
    /// Energy it misses, J.
    pub residual_j: f64,
}

/// The accounts of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    energy_j: [f64; CHANNELS],
    /// Gross energy that came in, step by step, J.
    passed_j: f64,
    kinetic_start_j: f64,
    kinetic_end_j: f64,
    paths: Paths,
    worst: WorstStep,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            energy_j: [0.0; CHANNELS],
            passed_j: 0.0,
            kinetic_start_j: 0.0,
            kinetic_end_j: 0.0,
            paths: Paths::default(),
            worst: WorstStep::default(),
        }
    }
}

/// Power into each channel of one step, W; kinetic is left to the states, and what only a
/// conventional car has is zero.
#[inline(always)]
#[allow(clippy::inline_always)] // see `Recorder for Ledger`
fn powers_w(flows: &Flows) -> [f64; CHANNELS] {
    [
        flows.fuel_w,
        flows.battery_chemical_w,
        flows.engine_heat_w,
        flows.mesh_loss_w,
        flows.reducer_loss_w,
        flows.final_loss_w,
        flows.spin_drag_w,
        flows.mg1_loss_w,
        flows.mg2_loss_w,
        flows.converter_loss_w,
        flows.battery_heat_w,
        flows.battery_polarisation_w,
        0.0,
        0.0,
        0.0,
        flows.aux_w,
        flows.brake_w,
        flows.rolling_w,
        flows.air_w,
        flows.grade_w,
        0.0,
    ]
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

    #[inline(always)]
    #[allow(clippy::inline_always)] // see `Recorder for Ledger`
    fn add(&mut self, plant: &Plant, flows: &Flows) {
        let dt = flows.dt_s;
        let mut split =
            |value_w: f64, forth: fn(&mut Self) -> &mut f64, back: fn(&mut Self) -> &mut f64| {
                *forth(self) += value_w.at_least(0.0) * dt;
                *back(self) += (-value_w).at_least(0.0) * dt;
            };
        split(
            flows.engine_shaft_w,
            |p| &mut p.engine_work_j,
            |p| &mut p.engine_turning_j,
        );
        split(
            flows.ring_w,
            |p| &mut p.carrier_to_ring_j,
            |p| &mut p.ring_to_carrier_j,
        );
        split(
            flows.mg1_electric_w - flows.mg1_loss_w,
            |p| &mut p.mg1_to_sun_j,
            |p| &mut p.sun_to_mg1_j,
        );
        split(
            flows.mg2_electric_w - flows.mg2_loss_w - flows.reducer_loss_w,
            |p| &mut p.mg2_to_ring_j,
            |p| &mut p.ring_to_mg2_j,
        );
        split(
            flows.mg1_electric_w,
            |p| &mut p.mg1_motored_j,
            |p| &mut p.mg1_generated_j,
        );
        split(
            flows.mg2_electric_w,
            |p| &mut p.mg2_motored_j,
            |p| &mut p.mg2_generated_j,
        );
        split(
            flows.battery_w,
            |p| &mut p.battery_out_j,
            |p| &mut p.battery_in_j,
        );
        split(
            flows.wheel_w,
            |p| &mut p.wheels_driven_j,
            |p| &mut p.wheels_recovered_j,
        );
        self.machine_drag_in_road_load_j +=
            plant.chassis.counted_twice_n(flows.speed_mps) * flows.speed_mps * dt;
    }
}

impl Ledger {
    /// Books one step: the power into each channel, and the kinetic energy at its end.
    #[inline(always)]
    #[allow(clippy::inline_always)] // see `Recorder for Ledger`
    fn book(&mut self, powers: &[f64; CHANNELS], kinetic_j: f64, start_s: f64, dt: f64) {
        for (sum, power) in self.energy_j.iter_mut().zip(powers) {
            *sum += power * dt;
        }
        let [fuel_w, battery_w, taken @ ..] = powers;
        // Four sums side by side: one after the other, each addition waits for the last.
        let mut taken_w = [0.0; 4];
        for (index, power_w) in taken.iter().enumerate() {
            taken_w[index % 4] += power_w;
        }
        let taken_w = (taken_w[0] + taken_w[1]) + (taken_w[2] + taken_w[3]);
        let residual_j = (fuel_w + battery_w - taken_w) * dt - (kinetic_j - self.kinetic_end_j);
        if residual_j.abs() > self.worst.residual_j.abs() {
            self.worst = WorstStep {
                time_s: start_s,
                residual_j,
            };
        }
        let downhill_w = (-powers[Channel::Height as usize]).at_least(0.0);
        let given_w = fuel_w + battery_w.at_least(0.0) + downhill_w;
        self.passed_j += given_w * dt + (self.kinetic_end_j - kinetic_j).at_least(0.0);
        self.kinetic_end_j = kinetic_j;
    }

    /// Energy of a channel, J: given by a source, taken by any other.
    pub fn energy_j(&self, channel: Channel) -> f64 {
        match channel {
            Channel::Kinetic => self.kinetic_end_j - self.kinetic_start_j,
            other => self.energy_j[other as usize],
        }
    }

    /// All channels with their energy.
    pub fn channels(&self) -> impl Iterator<Item = (Channel, f64)> + '_ {
        Channel::ALL
            .into_iter()
            .map(|channel| (channel, self.energy_j(channel)))
    }

    /// Energy that the sources gave over the run, and stores that were emptied, J.
    pub fn energy_in_j(&self) -> f64 {
        self.channels()
            .map(|(channel, energy)| if channel.is_source() { energy } else { -energy })
            .filter(|given| *given > 0.0)
            .sum()
    }

    /// Gross energy that passed through: fuel, and every joule that battery, height and
    /// motion gave, step by step, J.
    pub fn passed_j(&self) -> f64 {
        self.passed_j
    }

    /// What the balance misses, J.
    pub fn residual_j(&self) -> f64 {
        self.channels()
            .map(|(channel, energy)| if channel.is_source() { energy } else { -energy })
            .sum()
    }

    /// What the balance misses, relative to the energy that passed through.
    pub fn residual_relative(&self) -> f64 {
        self.residual_j() / self.passed_j.max(1.0)
    }

    /// Flows between the parts.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The step that closes worst.
    pub fn worst_step(&self) -> WorstStep {
        self.worst
    }
}

impl Recorder for Ledger {
    fn begin(&mut self, plant: &Plant, state: &State) {
        *self = Self {
            kinetic_start_j: plant.kinetic_j(state),
            kinetic_end_j: plant.kinetic_j(state),
            ..Self::default()
        };
    }

    // Inlined by force: called, it reads the flows back as pairs of numbers that the step
    // has just written one by one, and such a load waits until the stores are through.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn record(&mut self, plant: &Plant, step: &Simulated<'_>) {
        self.paths.add(plant, step.flows);
        self.book(
            &powers_w(step.flows),
            plant.kinetic_j(step.end),
            step.interval.start_s,
            step.flows.dt_s,
        );
    }
}
