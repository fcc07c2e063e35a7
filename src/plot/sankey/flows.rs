//! The energies of a run as flows between parts, balanced at every part.
//!
//! Each part is a node; what flows between two of them is a path of the ledger, each
//! direction apart, and what leaves the powertrain is a channel of the ledger:
//!
//! ```text
//! engine      fuel + turning                      = work + heat
//! planetary   work + MG1→sun + ring→carrier       = turning + sun→MG1 + carrier→ring + mesh + speed of rotors
//! MG1         motored + sun→MG1                   = generated + MG1→sun + loss
//! bus         generated (both) + battery out      = motored (both) + battery in + converter + auxiliaries
//! MG2         motored + ring→MG2                  = generated + MG2→ring + loss + reducer
//! ring        carrier→ring + MG2→ring + recovered = ring→carrier + ring→MG2 + driven + gears + speed of rotor
//! wheels      driven                              = recovered + rolling + air + height + brakes + speed of car
//! battery     charge used + battery in            = battery out + heat + polarisation
//! ```
//!
//! The ledger keeps one figure for the kinetic energy; its three parts follow from the
//! nodes they belong to, and together they must give that figure again.

use crate::results::Summary;

/// A part of the car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Engine,
    Planetary,
    Mg1,
    Bus,
    Mg2,
    Ring,
    Wheels,
    Battery,
}

impl Node {
    pub(super) const ALL: [Self; 8] = [
        Self::Engine,
        Self::Planetary,
        Self::Mg1,
        Self::Bus,
        Self::Mg2,
        Self::Ring,
        Self::Wheels,
        Self::Battery,
    ];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Planetary => "planetary",
            Self::Mg1 => "MG1",
            Self::Bus => "DC bus",
            Self::Mg2 => "MG2",
            Self::Ring => "ring",
            Self::Wheels => "wheels",
            Self::Battery => "battery",
        }
    }
}

/// Which flow it is; each has its place in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Fuel,
    EngineHeat,
    EngineWork,
    EngineTurning,
    Mesh,
    PlanetaryRotors,
    CarrierToRing,
    RingToCarrier,
    SunToMg1,
    Mg1ToSun,
    Mg1Loss,
    Mg1Generated,
    Mg1Motored,
    Converter,
    Auxiliary,
    Mg2Motored,
    Mg2Generated,
    Mg2Loss,
    Mg2ToRing,
    RingToMg2,
    FinalDrive,
    GearDrag,
    RingRotor,
    WheelsDriven,
    WheelsRecovered,
    Rolling,
    Air,
    Height,
    CarKinetic,
    Brakes,
    BatteryOut,
    BatteryIn,
    BatteryCharge,
    BatteryHeat,
    Polarisation,
}

/// Energy that flows, never negative; `None` is outside of the powertrain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flow {
    pub(super) kind: Kind,
    pub(super) from: Option<Node>,
    pub(super) to: Option<Node>,
    pub(super) energy_j: f64,
    pub(super) name: &'static str,
}

/// All flows of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flows {
    pub(super) list: Vec<Flow>,
    /// What 100 % are: energy put into the run, J.
    pub(super) input_j: f64,
}

impl Flows {
    /// The flows that a summary tells.
    pub(super) fn new(summary: &Summary) -> Self {
        let channel = |name: &str| summary.ledger.get(name).copied().unwrap_or(0.0);
        let path = |name: &str| summary.paths.get(name).copied().unwrap_or(0.0);
        let mut flows = Self {
            list: Vec::new(),
            input_j: summary.energy_in_j,
        };
        use Kind as K;
        use Node::{Battery, Bus, Engine, Mg1, Mg2, Planetary, Ring, Wheels};

        flows.enters(K::Fuel, Engine, channel("fuel"), ("fuel", ""));
        flows.leaves(
            K::EngineHeat,
            Engine,
            channel("engine_heat"),
            ("engine heat", ""),
        );
        let between = [
            (
                K::EngineWork,
                Engine,
                Planetary,
                "engine_work",
                "engine work",
            ),
            (
                K::EngineTurning,
                Planetary,
                Engine,
                "engine_turning",
                "turning the engine",
            ),
            (
                K::CarrierToRing,
                Planetary,
                Ring,
                "carrier_to_ring",
                "mechanical path",
            ),
            (
                K::RingToCarrier,
                Ring,
                Planetary,
                "ring_to_carrier",
                "back through the gears",
            ),
            (K::SunToMg1, Planetary, Mg1, "sun_to_mg1", "electrical path"),
            (K::Mg1ToSun, Mg1, Planetary, "mg1_to_sun", "MG1 drives"),
            (K::Mg1Generated, Mg1, Bus, "mg1_generated", "MG1 generates"),
            (K::Mg1Motored, Bus, Mg1, "mg1_motored", "to MG1"),
            (K::Mg2Motored, Bus, Mg2, "mg2_motored", "to MG2"),
            (K::Mg2Generated, Mg2, Bus, "mg2_generated", "MG2 generates"),
            (K::Mg2ToRing, Mg2, Ring, "mg2_to_ring", "MG2 drives"),
            (K::RingToMg2, Ring, Mg2, "ring_to_mg2", "ring drives MG2"),
            (K::WheelsDriven, Ring, Wheels, "wheels_driven", "driving"),
            (
                K::WheelsRecovered,
                Wheels,
                Ring,
                "wheels_recovered",
                "recovered",
            ),
            (K::BatteryOut, Battery, Bus, "battery_out", "battery out"),
            (K::BatteryIn, Bus, Battery, "battery_in", "battery in"),
        ];
        for (kind, from, to, key, name) in between {
            flows.list.push(Flow {
                kind,
                from: Some(from),
                to: Some(to),
                energy_j: path(key),
                name,
            });
        }
        let losses = [
            (
                K::Mesh,
                Planetary,
                channel("planetary_mesh"),
                "planetary mesh",
            ),
            (K::Mg1Loss, Mg1, channel("mg1_loss"), "MG1, inverter"),
            (K::Converter, Bus, channel("converter_loss"), "converter"),
            (K::Auxiliary, Bus, channel("auxiliary"), "auxiliaries"),
            (
                K::Mg2Loss,
                Mg2,
                channel("mg2_loss") + channel("mg2_reducer"),
                "MG2, inverter, reducer",
            ),
            (K::FinalDrive, Ring, channel("final_drive"), "final drive"),
            (K::GearDrag, Ring, channel("gear_drag"), "gear drag"),
            (K::Rolling, Wheels, channel("rolling"), "tyres, bearings"),
            (
                K::Brakes,
                Wheels,
                channel("friction_brakes"),
                "friction brakes",
            ),
            (
                K::BatteryHeat,
                Battery,
                channel("battery_heat"),
                "battery heat",
            ),
        ];
        for (kind, node, energy_j, name) in losses {
            flows.leaves(kind, node, energy_j, (name, name));
        }
        flows.leaves(
            K::Air,
            Wheels,
            channel("air"),
            ("air drag", "push of the wind"),
        );
        flows.leaves(
            K::Height,
            Wheels,
            channel("height"),
            ("height gained", "height lost"),
        );
        flows.enters(
            K::BatteryCharge,
            Battery,
            channel("battery"),
            ("charge used", "charge gained"),
        );
        flows.leaves(
            K::Polarisation,
            Battery,
            channel("battery_polarisation"),
            ("polarisation", "polarisation"),
        );
        for (kind, node, names) in [
            (
                K::PlanetaryRotors,
                Planetary,
                ("speed of rotors", "rotors slowed"),
            ),
            (K::RingRotor, Ring, ("speed of MG2", "MG2 slowed")),
            (K::CarKinetic, Wheels, ("speed gained", "speed lost")),
        ] {
            let kept_j = flows.into_j(node) - flows.out_of_j(node);
            flows.leaves(kind, node, kept_j, names);
        }
        flows
    }

    /// A flow to the outside; a negative one comes in under its second name.
    fn leaves(
        &mut self,
        kind: Kind,
        node: Node,
        energy_j: f64,
        names: (&'static str, &'static str),
    ) {
        let inward = energy_j < 0.0;
        self.list.push(Flow {
            kind,
            from: (!inward).then_some(node),
            to: inward.then_some(node),
            energy_j: energy_j.abs(),
            name: if inward { names.1 } else { names.0 },
        });
    }

    /// A flow from the outside; a negative one goes out under its second name.
    fn enters(
        &mut self,
        kind: Kind,
        node: Node,
        energy_j: f64,
        names: (&'static str, &'static str),
    ) {
        self.leaves(kind, node, -energy_j, (names.1, names.0));
    }

    /// Energy into a node, J.
    pub(super) fn into_j(&self, node: Node) -> f64 {
        let flows = self.list.iter().filter(|flow| flow.to == Some(node));
        flows.map(|flow| flow.energy_j).sum()
    }

    /// Energy out of a node, J.
    pub(super) fn out_of_j(&self, node: Node) -> f64 {
        let flows = self.list.iter().filter(|flow| flow.from == Some(node));
        flows.map(|flow| flow.energy_j).sum()
    }

    /// The flow of a kind.
    pub(super) fn of(&self, kind: Kind) -> Option<&Flow> {
        self.list.iter().find(|flow| flow.kind == kind)
    }

    /// Largest energy that passes a node, J.
    pub(super) fn largest_j(&self, node: Node) -> f64 {
        self.into_j(node).max(self.out_of_j(node))
    }
}
