//! Results do not depend on the step: on every shipped cycle longer than 5 km.

mod common;

use common::{Car, STEP_S};
use rayon::prelude::*;
use std::fmt::Write as _;
use thsim::cycle;
use thsim::study::StartWith;

/// Shorter ways than this hang on when a single start falls, km.
const SHORTEST_KM: f64 = 5.0;
/// What halving the default step may change.
const HALF: f64 = 0.002;
/// What a step of one second may change.
const COARSE: f64 = 0.015;

struct Converged {
    cycle: &'static str,
    default: f64,
    half: f64,
    coarse: f64,
}

fn measure(car: &Car) -> Vec<Converged> {
    let names: Vec<&'static str> = cycle::names().collect();
    names
        .into_par_iter()
        .filter(|name| common::shipped_cycle(name).distance_m() > SHORTEST_KM * 1e3)
        .filter(|name| *name != "ev-creep")
        .map(|name| {
            let at = |step_s: f64| car.corrected(name, step_s, StartWith::Balanced);
            let default = at(STEP_S);
            Converged {
                cycle: name,
                default,
                half: at(0.5 * STEP_S) / default - 1.0,
                coarse: at(1.0) / default - 1.0,
            }
        })
        .collect()
}

/// Prints the table (seen with `--nocapture`) and holds the limits.
fn holds(vehicle: &str) {
    let measured = measure(&Car::shipped(vehicle));
    let mut table = format!("{vehicle}\ncycle                 L/100 km   0.05 s      1 s\n");
    let mut wrong = String::new();
    for m in &measured {
        let line = format!(
            "{:<22} {:>7.4} {:>+7.3} % {:>+7.3} %",
            m.cycle,
            m.default,
            100.0 * m.half,
            100.0 * m.coarse
        );
        let _ = writeln!(table, "{line}");
        // A figure that is not a number does not converge either.
        if !(m.half.abs() < HALF && m.coarse.abs() < COARSE) {
            let _ = writeln!(wrong, "{line}");
        }
    }
    println!("{table}");
    assert!(measured.len() >= 10, "{} cycles", measured.len());
    assert!(wrong.is_empty(), "{vehicle} depends on the step:\n{wrong}");
}

#[test]
fn the_step_does_not_matter_for_the_levin() {
    holds("levin-hybrid");
}

#[test]
fn the_step_does_not_matter_for_the_prius() {
    holds("prius-2010");
}
