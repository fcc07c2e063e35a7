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
            Self::Ring => "output ring",
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

/// Flows between nodes: kind, from, to, name of the ledger's path, name in the picture.
type Between = (Kind, Node, Node, &'static str, &'static str);

#[rustfmt::skip]
const BETWEEN: [Between; 16] = [
    (Kind::EngineWork, Node::Engine, Node::Planetary, "engine_work", "engine work"),
    (Kind::EngineTurning, Node::Planetary, Node::Engine, "engine_turning", "turning the engine"),
    (Kind::CarrierToRing, Node::Planetary, Node::Ring, "carrier_to_ring", "mechanical path"),
    (Kind::RingToCarrier, Node::Ring, Node::Planetary, "ring_to_carrier", "ring → planetary"),
    (Kind::SunToMg1, Node::Planetary, Node::Mg1, "sun_to_mg1", "electrical path"),
    (Kind::Mg1ToSun, Node::Mg1, Node::Planetary, "mg1_to_sun", "MG1 → planetary"),
    (Kind::Mg1Generated, Node::Mg1, Node::Bus, "mg1_generated", "MG1 generates"),
    (Kind::Mg1Motored, Node::Bus, Node::Mg1, "mg1_motored", "MG1 draws"),
    (Kind::Mg2Motored, Node::Bus, Node::Mg2, "mg2_motored", "MG2 draws"),
    (Kind::Mg2Generated, Node::Mg2, Node::Bus, "mg2_generated", "MG2 generates"),
    (Kind::Mg2ToRing, Node::Mg2, Node::Ring, "mg2_to_ring", "MG2 → ring"),
    (Kind::RingToMg2, Node::Ring, Node::Mg2, "ring_to_mg2", "ring → MG2"),
    (Kind::WheelsDriven, Node::Ring, Node::Wheels, "wheels_driven", "driving"),
    (Kind::WheelsRecovered, Node::Wheels, Node::Ring, "wheels_recovered", "from the wheels"),
    (Kind::BatteryOut, Node::Battery, Node::Bus, "battery_out", "battery gives"),
    (Kind::BatteryIn, Node::Bus, Node::Battery, "battery_in", "battery takes"),
];

/// Exits: kind, node, the ledger's channels, name in the picture and name of the opposite.
type Exit = (
    Kind,
    Node,
    &'static [&'static str],
    (&'static str, &'static str),
);

#[rustfmt::skip]
const EXITS: [Exit; 14] = [
    (Kind::EngineHeat, Node::Engine, &["engine_heat"], ("engine heat", "heat into the engine")),
    (Kind::Mesh, Node::Planetary, &["planetary_mesh"], ("planetary mesh loss", "planetary mesh, back")),
    (Kind::Mg1Loss, Node::Mg1, &["mg1_loss"], ("MG1, inverter loss", "MG1, inverter, back")),
    (Kind::Converter, Node::Bus, &["converter_loss"], ("converter loss", "converter, back")),
    (Kind::Auxiliary, Node::Bus, &["auxiliary"], ("auxiliaries", "auxiliaries, back")),
    (Kind::Mg2Loss, Node::Mg2, &["mg2_loss", "mg2_reducer"], ("MG2, inverter, gear loss", "MG2, back")),
    (Kind::FinalDrive, Node::Ring, &["final_drive"], ("final drive loss", "final drive, back")),
    (Kind::GearDrag, Node::Ring, &["gear_drag"], ("gear drag", "gear drag, back")),
    (Kind::Rolling, Node::Wheels, &["rolling"], ("tyres, bearings", "tyres, bearings, back")),
    (Kind::Air, Node::Wheels, &["air"], ("air drag", "push of the wind")),
    (Kind::Height, Node::Wheels, &["height"], ("height gained", "height lost")),
    (Kind::Brakes, Node::Wheels, &["friction_brakes"], ("friction brakes", "friction brakes, back")),
    (Kind::BatteryHeat, Node::Battery, &["battery_heat"], ("battery heat", "battery heat, back")),
    (Kind::Polarisation, Node::Battery, &["battery_polarisation"], ("kept as polarisation", "polarisation given back")),
];

/// Kinetic energy that a node keeps, in the order in which it follows from the others.
const KEPT: [(Kind, Node, (&str, &str)); 3] = [
    (
        Kind::PlanetaryRotors,
        Node::Planetary,
        ("speed of rotors gained", "speed of rotors lost"),
    ),
    (
        Kind::RingRotor,
        Node::Ring,
        ("speed of MG2 gained", "speed of MG2 lost"),
    ),
    (
        Kind::CarKinetic,
        Node::Wheels,
        ("speed of car gained", "speed of car lost"),
    ),
];

impl Flows {
    /// The flows that a summary tells.
    pub(super) fn new(summary: &Summary) -> Self {
        let channel = |name: &str| summary.ledger.get(name).copied().unwrap_or(0.0);
        let mut flows = Self {
            list: Vec::new(),
            input_j: summary.energy_in_j,
        };
        flows.enters(
            Kind::Fuel,
            Node::Engine,
            channel("fuel"),
            ("fuel", "fuel, back"),
        );
        let charge = ("charge used", "charge gained");
        flows.enters(
            Kind::BatteryCharge,
            Node::Battery,
            channel("battery"),
            charge,
        );
        for (kind, from, to, path, name) in BETWEEN {
            flows.list.push(Flow {
                kind,
                from: Some(from),
                to: Some(to),
                energy_j: summary.paths.get(path).copied().unwrap_or(0.0),
                name,
            });
        }
        for (kind, node, channels, names) in EXITS {
            let energy_j = channels.iter().map(|name| channel(name)).sum();
            flows.leaves(kind, node, energy_j, names);
        }
        for (kind, node, names) in KEPT {
            let kept_j = flows.inflow_j(node) - flows.outflow_j(node);
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
    pub(super) fn inflow_j(&self, node: Node) -> f64 {
        let flows = self.list.iter().filter(|flow| flow.to == Some(node));
        flows.map(|flow| flow.energy_j).sum()
    }

    /// Energy out of a node, J.
    pub(super) fn outflow_j(&self, node: Node) -> f64 {
        let flows = self.list.iter().filter(|flow| flow.from == Some(node));
        flows.map(|flow| flow.energy_j).sum()
    }

    /// The flow of a kind.
    pub(super) fn of(&self, kind: Kind) -> Option<&Flow> {
        self.list.iter().find(|flow| flow.kind == kind)
    }

    /// Largest energy that passes a node, J.
    pub(super) fn largest_j(&self, node: Node) -> f64 {
        self.inflow_j(node).max(self.outflow_j(node))
    }
}
