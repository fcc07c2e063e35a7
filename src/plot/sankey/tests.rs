use super::flows::{Flows, Kind, Node};
use super::scene;
use crate::ledger::Channel;
use crate::plot::sample::{Sample, all};
use crate::plot::scene::{Scene, Shape};
use crate::plot::theme::SUBTITLE;
use crate::results::Summary;
use proptest::prelude::*;

/// Nodes whose balance owes nothing to a derived flow.
const INDEPENDENT: [Node; 5] = [Node::Engine, Node::Mg1, Node::Bus, Node::Mg2, Node::Battery];

#[test]
fn what_flows_into_a_node_flows_out_of_it() {
    for (name, sample) in all() {
        let flows = Flows::new(&sample.summary);
        for node in Node::ALL {
            let miss_j = flows.inflow_j(node) - flows.outflow_j(node);
            let throughput_j = flows.largest_j(node).max(1e-3 * flows.input_j);
            assert!(
                miss_j.abs() <= 1e-6 * throughput_j,
                "{name}: {node:?} misses {miss_j} J of {throughput_j} J"
            );
        }
        assert!(INDEPENDENT.iter().all(|node| Node::ALL.contains(node)));
    }
}

#[test]
fn derived_kinetic_energies_add_up_to_the_ledgers() {
    for (name, sample) in all() {
        let flows = Flows::new(&sample.summary);
        let signed = |kind: Kind| {
            let flow = flows.of(kind).expect("a flow");
            if flow.to.is_none() {
                flow.energy_j
            } else {
                -flow.energy_j
            }
        };
        let parts_j =
            signed(Kind::PlanetaryRotors) + signed(Kind::RingRotor) + signed(Kind::CarKinetic);
        let ledger_j = sample.summary.ledger[Channel::Kinetic.name()];
        assert!(
            (parts_j - ledger_j).abs() <= 1e-6 * flows.input_j.max(1.0),
            "{name}: {parts_j} J are not {ledger_j} J"
        );
        // The rotors' part is small: a path counted wrong would show here.
        let rotors_j = signed(Kind::PlanetaryRotors).abs() + signed(Kind::RingRotor).abs();
        assert!(rotors_j <= 40e3, "{name}: rotors keep {rotors_j} J");
    }
}

#[test]
fn every_channel_of_the_ledger_is_in_the_picture() {
    let sample = &all()[0].1;
    let flows = Flows::new(&sample.summary);
    let outside_j: f64 = flows
        .list
        .iter()
        .filter(|flow| flow.from.is_none() != flow.to.is_none())
        .map(|flow| {
            if flow.from.is_none() {
                flow.energy_j
            } else {
                -flow.energy_j
            }
        })
        .sum();
    assert!(outside_j.abs() < 1e-6 * flows.input_j);
}

/// Labels of bands: bold numbers with a percentage.
fn values(scene: &Scene) -> usize {
    scene
        .shapes
        .iter()
        .filter(
            |shape| matches!(shape, Shape::Text(text) if text.bold && text.words.ends_with('%')),
        )
        .count()
}

/// Whether a note names flows without a label.
fn has_unlabelled(scene: &Scene) -> bool {
    scene.shapes.iter().any(|shape| {
        matches!(shape, Shape::Text(text) if text.size == SUBTITLE && text.words.starts_with("Without a label"))
    })
}

#[test]
fn ordinary_runs_label_every_band() {
    for (name, sample) in &all()[..5] {
        let scene = scene(&sample.summary);
        assert!(!has_unlabelled(&scene), "{name}");
        assert!(values(&scene) >= 8, "{name}");
    }
}

#[test]
fn a_run_without_energy_says_so() {
    let mut summary = all()[8].1.summary.clone();
    summary.energy_in_j = 0.0;
    assert_eq!(values(&scene(&summary)), 0);
}

fn scaled(summary: &Summary, factors: &[f64]) -> Summary {
    let mut summary = summary.clone();
    let energies = summary
        .ledger
        .values_mut()
        .chain(summary.paths.values_mut());
    for (energy_j, factor) in energies.zip(factors.iter().cycle()) {
        *energy_j *= factor;
    }
    summary
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Whatever the flows are, labels keep apart and inside.
    #[test]
    fn labels_never_meet(factors in prop::collection::vec(prop_oneof![Just(0.0), 0.001..0.05, 0.3..3.0_f64], 36)) {
        thread_local! {
            static SAMPLE: Sample = Sample::drive(&crate::cycle::find("us06").expect("a cycle"), 0.65, 88.0);
        }
        SAMPLE.with(|sample| {
            let summary = scaled(&sample.summary, &factors);
            crate::plot::tests::check_texts("random flows", &scene(&summary));
        });
    }
}
