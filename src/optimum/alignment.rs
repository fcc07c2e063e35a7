//! How a table lies along the run that it is solved around.

use super::choices::{Plan, Second};
use crate::vehicle::{Plant, State};

/// How long an engine burns before one that rests instead has as good as rested all the time, s.
const LONG_S: f64 = 30.0;
/// How long before the reference stops one that rests instead has as good as stopped just now, s.
const SOON_S: f64 = 10.0;

/// State at the start of a hold of an engine that burnt before it: as the reference, or with what
/// an earlier run met that burnt where the reference rests.
pub(super) fn burning_state(second: &Second) -> State {
    let met_v = second.state.polarisation_v;
    let contrary_v = second.contrary_v.filter(|_| !second.burns);
    State {
        polarisation_v: contrary_v.unwrap_or(met_v),
        ..second.state
    }
}

/// States at the start of every hold of an engine that rested before it: as the reference, or
/// where it burns with what an earlier run met that rested there. Where none did, the battery's
/// slow branch goes on as if the reference had not burnt, and comes back to it before it stops.
/// What a control does that rests there would else be found dearer or cheaper than it is, and the
/// next round would find the contrary.
pub(super) fn resting_states(plant: &Plant, plan: &Plan) -> Vec<State> {
    let battery = &plant.battery;
    let mut left_s = 0.0;
    let left_s = plan.seconds.iter().rev().map(|second| {
        left_s = if second.burns {
            left_s + second.hold_s
        } else {
            0.0
        };
        left_s
    });
    let left_s: Vec<f64> = left_s.collect();
    let (mut rested_v, mut burnt_s) = (None, 0.0);
    let states = plan.seconds.iter().zip(left_s.iter().rev());
    let states = states.map(|(second, left_s)| {
        let met_v = second.state.polarisation_v;
        let state = State {
            polarisation_v: rested_v.unwrap_or(met_v),
            ..second.state
        };
        let share = (burnt_s / LONG_S).min(left_s / SOON_S).min(1.0);
        rested_v = second.off.as_ref().filter(|_| second.burns).map(|off| {
            let pace = battery.pace(second.hold_s);
            let terminals = battery.terminals(&pace, &state);
            let power_w = off.battery_w.max(-terminals.charge_limit_w);
            let ambient_c = plant.thermal.ambient_c;
            let drawn = battery.draw(&pace, &terminals, power_w, &state, ambient_c);
            drawn.polarisation_v
        });
        burnt_s = rested_v.map_or(0.0, |_| burnt_s + second.hold_s);
        let likely_v = met_v + share * (state.polarisation_v - met_v);
        let contrary_v = second.contrary_v.filter(|_| second.burns);
        State {
            polarisation_v: contrary_v.unwrap_or(likely_v),
            ..state
        }
    });
    states.collect()
}

/// State of charge of the lowest node before a hold, within half a node of `lowest`: the
/// reference goes from node to node, so that a corner of the costs that it goes along, as the
/// one of the charge that is asked for the end, stays on a node.
pub(super) fn lowest_before(
    (plant, plan): (&Plant, &Plan),
    (hold, resting): (usize, &State),
    lowest: f64,
    after: f64,
    per_step: f64,
) -> f64 {
    let second = &plan.seconds[hold];
    let next = plan.seconds.get(hold + 1).filter(|_| second.burns);
    let used = match (next, &second.off) {
        (Some(next), _) => {
            let before = plan.charge(plant, hold, &second.state);
            before - plan.charge(plant, hold + 1, &next.state)
        }
        (None, Some(off)) => {
            let battery = &plant.battery;
            let terminals = battery.terminals(&battery.pace(second.hold_s), resting);
            let power_w = off.battery_w.max(-terminals.charge_limit_w);
            let swung_j = off.swing_w * second.hold_s;
            battery.charge_used(&terminals, power_w, second.hold_s)
                + swung_j / battery.energy_per_soc_j(resting.soc)
        }
        (None, None) => return after,
    };
    let beyond = (after + used - lowest) * per_step;
    lowest + (beyond - beyond.round()) / per_step
}
