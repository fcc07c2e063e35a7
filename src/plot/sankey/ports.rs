//! Where nodes stand, and in which order flows meet them.

use super::flows::{Kind, Node};

/// Left edge of a node.
pub(super) fn left(node: Node) -> f64 {
    match node {
        Node::Engine => 190.0,
        Node::Planetary => 360.0,
        Node::Mg1 | Node::Battery => 520.0,
        Node::Bus => 755.0,
        Node::Mg2 => 925.0,
        Node::Ring => 1095.0,
        Node::Wheels => 1270.0,
    }
}

/// What meets a node on either side, from top to bottom; exits that bend upwards come
/// before all others, exits that bend downwards after them.
pub(super) struct Sides {
    pub(super) left: &'static [Kind],
    pub(super) up: &'static [Kind],
    pub(super) right: &'static [Kind],
    pub(super) down: &'static [Kind],
}

/// Order of the ports of a node.
pub(super) fn sides(node: Node) -> Sides {
    use Kind as K;
    let (left, up, right, down): (&[K], &[K], &[K], &[K]) = match node {
        Node::Engine => (
            &[K::Fuel],
            &[],
            &[K::EngineWork, K::EngineTurning, K::EngineHeat],
            &[],
        ),
        Node::Planetary => (
            &[K::EngineWork, K::EngineTurning],
            &[K::Mesh, K::PlanetaryRotors],
            &[K::CarrierToRing, K::RingToCarrier, K::SunToMg1, K::Mg1ToSun],
            &[],
        ),
        Node::Mg1 => (
            &[K::SunToMg1, K::Mg1ToSun],
            &[K::Mg1Loss],
            &[K::Mg1Generated, K::Mg1Motored],
            &[],
        ),
        Node::Bus => (
            &[K::Mg1Generated, K::Mg1Motored, K::BatteryOut, K::BatteryIn],
            &[],
            &[K::Mg2Motored, K::Mg2Generated],
            &[K::Auxiliary, K::Converter],
        ),
        Node::Mg2 => (
            &[K::Mg2Motored, K::Mg2Generated],
            &[],
            &[K::Mg2ToRing, K::RingToMg2],
            &[K::Mg2Loss],
        ),
        Node::Ring => (
            &[
                K::CarrierToRing,
                K::RingToCarrier,
                K::Mg2ToRing,
                K::RingToMg2,
            ],
            &[K::FinalDrive, K::GearDrag, K::RingRotor],
            &[K::WheelsDriven, K::WheelsRecovered],
            &[],
        ),
        Node::Wheels => (
            &[K::WheelsDriven, K::WheelsRecovered],
            &[],
            &[K::Rolling, K::Air, K::Height, K::CarKinetic, K::Brakes],
            &[],
        ),
        Node::Battery => (
            &[K::BatteryCharge],
            &[],
            &[K::BatteryOut, K::BatteryIn],
            &[K::BatteryHeat, K::Polarisation],
        ),
    };
    Sides {
        left,
        up,
        right,
        down,
    }
}
