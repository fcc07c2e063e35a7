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
//! [`Paths`] are the flows between the parts, for the picture of energy paths, with what the
//! [`PowerSplit`] did; they overlap and are no part of the balance.

mod conventional;
mod paths;
mod power_split;

pub use paths::Paths;
pub use power_split::PowerSplit;

use crate::lanes::{Flags, Number, seldom};
use crate::sim::{Recorder, SideBySide, Simulated};
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

/// The step that closes worst.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WorstStep<F = f64> {
    /// Time at its start, s.
    pub time_s: F,
    /// Energy it misses, J.
    pub residual_j: F,
}

/// The accounts of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger<F = f64> {
    /// Powers of the steps of one length, summed, W: nearly all steps are as long as the one
    /// before, so that the length is multiplied once and not once a step.
    summed_w: [F; CHANNELS],
    /// Length of these steps, s.
    dt_s: f64,
    /// Energy of the steps of other lengths before them, J.
    settled_j: [F; CHANNELS],
    /// Gross energy that came in, step by step, J.
    passed_j: F,
    kinetic_start_j: F,
    kinetic_end_j: F,
    worst: WorstStep<F>,
}

impl<F: Number> Default for Ledger<F> {
    fn default() -> Self {
        Self {
            summed_w: [0.0.into(); CHANNELS],
            dt_s: 0.0,
            settled_j: [0.0.into(); CHANNELS],
            passed_j: 0.0.into(),
            kinetic_start_j: 0.0.into(),
            kinetic_end_j: 0.0.into(),
            worst: WorstStep::default(),
        }
    }
}

/// One step that is being booked. Each channel is booked by a call of its own, so that the
/// compiler knows where its account stands.
struct Booking<'a, F> {
    ledger: &'a mut Ledger<F>,
    given_w: F,
    taken_w: F,
    /// Of what passed through, beside the kinetic energy that was used.
    passed_w: F,
}

impl<'a, F: Number> Booking<'a, F> {
    #[inline(always)]
    fn new(ledger: &'a mut Ledger<F>, dt_s: f64) -> Self {
        if ledger.dt_s.to_bits() != dt_s.to_bits() {
            ledger.settle(dt_s);
        }
        let none = F::from(0.0);
        Self {
            ledger,
            given_w: none,
            taken_w: none,
            passed_w: none,
        }
    }

    /// Books what a source gave.
    #[inline(always)]
    fn give(&mut self, channel: Channel, power_w: F) {
        self.ledger.summed_w[channel as usize] += power_w;
        self.given_w += power_w;
        self.passed_w += power_w.at_least(0.0);
    }

    /// Books what went into a channel.
    #[inline(always)]
    fn take(&mut self, channel: Channel, power_w: F) {
        self.ledger.summed_w[channel as usize] += power_w;
        self.taken_w += power_w;
    }

    /// Books the height gained; downhill it is a source.
    #[inline(always)]
    fn climb(&mut self, power_w: F) {
        self.take(Channel::Height, power_w);
        self.passed_w -= power_w.at_most(0.0);
    }

    /// Books the kinetic energy at the end of the step, and what is missing.
    #[inline(always)]
    fn close(self, kinetic_j: F, start_s: f64) {
        let ledger = self.ledger;
        let slower_j = ledger.kinetic_end_j - kinetic_j;
        let residual_j = (self.given_w - self.taken_w) * ledger.dt_s + slower_j;
        let worse = residual_j.abs().above(ledger.worst.residual_j.abs());
        if worse.any() {
            seldom();
            ledger.worst.residual_j = worse.pick(residual_j, ledger.worst.residual_j);
            ledger.worst.time_s = worse.pick(start_s, ledger.worst.time_s);
        }
        ledger.passed_j += self.passed_w * ledger.dt_s + slower_j.at_least(0.0);
        ledger.kinetic_end_j = kinetic_j;
    }
}

impl<F: Number> Ledger<F> {
    /// The steps to come are of another length.
    #[cold]
    fn settle(&mut self, dt_s: f64) {
        for (settled_j, summed_w) in self.settled_j.iter_mut().zip(&mut self.summed_w) {
            *settled_j += *summed_w * self.dt_s;
            *summed_w = 0.0.into();
        }
        self.dt_s = dt_s;
    }
}

impl Ledger {
    /// Energy of a channel, J: given by a source, taken by any other.
    pub fn energy_j(&self, channel: Channel) -> f64 {
        match channel {
            Channel::Kinetic => self.kinetic_end_j - self.kinetic_start_j,
            other => self.summed_w[other as usize] * self.dt_s + self.settled_j[other as usize],
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

    /// The step that closes worst.
    pub fn worst_step(&self) -> WorstStep {
        self.worst
    }
}

impl SideBySide for Ledger {
    type Of<F: Number> = Ledger<F>;
    type Setup = ();

    fn new<F: Number>((): &()) -> Ledger<F> {
        Ledger::default()
    }

    fn of_lane<F: Number>(all: &Ledger<F>, lane: usize) -> Self {
        Self {
            summed_w: all.summed_w.map(|sum_w| sum_w.lane(lane)),
            dt_s: all.dt_s,
            settled_j: all.settled_j.map(|settled_j| settled_j.lane(lane)),
            passed_j: all.passed_j.lane(lane),
            kinetic_start_j: all.kinetic_start_j.lane(lane),
            kinetic_end_j: all.kinetic_end_j.lane(lane),
            worst: WorstStep {
                time_s: all.worst.time_s.lane(lane),
                residual_j: all.worst.residual_j.lane(lane),
            },
        }
    }
}

impl<F: Number> Recorder<F> for Ledger<F> {
    #[inline(always)]
    fn begin(&mut self, plant: &Plant<F>, state: &State<F>) {
        *self = Self {
            kinetic_start_j: plant.kinetic_j(state),
            kinetic_end_j: plant.kinetic_j(state),
            ..Self::default()
        };
    }

    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
        let flows = step.flows;
        let mut booking = Booking::new(self, flows.dt_s);
        if flows.rests {
            // The other accounts would get zeros.
            booking.give(Channel::Battery, flows.battery_chemical_w);
            booking.take(Channel::BatteryHeat, flows.battery_heat_w);
            booking.take(Channel::BatteryPolarisation, flows.battery_polarisation_w);
            booking.take(Channel::Auxiliary, flows.aux_w);
            let kinetic_j = booking.ledger.kinetic_end_j;
            booking.close(kinetic_j, step.interval.start_s);
            return;
        }
        booking.give(Channel::Battery, flows.battery_chemical_w);
        // A car alone has a copy of this for an engine at rest; in lanes the question costs more
        // than the zeros.
        let turns = flows.fired.above(0.0) | flows.engine_rad_s.above(0.0);
        if F::LANES > 1 || turns.any() {
            booking.give(Channel::Fuel, flows.fuel_w);
            booking.take(Channel::EngineHeat, flows.engine_heat_w);
        }
        booking.take(Channel::Mesh, flows.mesh_loss_w);
        booking.take(Channel::Mg2Reducer, flows.reducer_loss_w);
        booking.take(Channel::FinalDrive, flows.final_loss_w);
        booking.take(Channel::SpinDrag, flows.spin_drag_w);
        booking.take(Channel::Mg1, flows.mg1_loss_w);
        booking.take(Channel::Mg2, flows.mg2_loss_w);
        booking.take(Channel::Converter, flows.converter_loss_w);
        booking.take(Channel::BatteryHeat, flows.battery_heat_w);
        booking.take(Channel::BatteryPolarisation, flows.battery_polarisation_w);
        booking.take(Channel::Auxiliary, flows.aux_w);
        booking.take(Channel::Brakes, flows.brake_w);
        booking.take(Channel::Rolling, flows.rolling_w);
        booking.take(Channel::Air, flows.air_w);
        booking.climb(flows.grade_w);
        booking.close(plant.kinetic_j(step.end), step.interval.start_s);
    }
}
