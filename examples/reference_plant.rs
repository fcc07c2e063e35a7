//! How near do controls without foresight come to the optimum of a published plant?
//!
//! The first Prius as the literature simulates it, with tables of its engine and machines:
//! lossless gears, no auxiliaries, starts that cost nothing. What parts the controls from the
//! optimum is then only what they do not know. `docs/reference-plant.md` has the plant.
//!
//! `cargo run --release --example reference_plant -- sc03`

use std::error::Error;
use thsim::config;
use thsim::cycle;
use thsim::optimum::{Dwell, Grid};
use thsim::study::{BestQuestion, StartWith};
use thsim::vehicle::Plant;

/// A control, what it burns at equal charge in L/100 km, and how often it starts the engine.
type Row = (&'static str, f64, usize);

/// The controls over a shipped cycle without minimum times of the engine, the optimum last,
/// and how far the optimum itself is known, in percent.
fn controls(cycle_name: &str) -> Result<(Vec<Row>, f64), Box<dyn Error>> {
    let file = config::load("prius-2001-reference", &[])?;
    let vehicle = file.vehicle();
    let (plant, cycle) = (Plant::new(vehicle), cycle::find(cycle_name)?);
    let best = BestQuestion {
        vehicle,
        plant: &plant,
        cycle: &cycle,
        repeat: None,
        step_s: 1.0,
        start: StartWith::Balanced,
        end_soc: None,
        dwell: Dwell::NONE,
        grid: Grid::default(),
        nodes: 400,
    }
    .prepare();
    let rules = best.rules(None);
    let adaptive = best.adaptive(None);
    let (ecms, _) = best.ecms(None);
    let optimum = best.optimum(&|_, _| true, None)?;
    let rows = [
        ("rules", &rules),
        ("aecms", &adaptive),
        ("ecms", &ecms),
        ("optimal", &optimum.outcome),
    ]
    .map(|(name, outcome)| {
        let litres = outcome.corrected_l_per_100km(&vehicle.engine.fuel);
        (name, litres, outcome.totals.starts.len())
    });
    Ok((rows.to_vec(), 100.0 * optimum.discretisation_error.abs()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let cycle_name = std::env::args().nth(1).unwrap_or_else(|| "sc03".to_owned());
    let (rows, error_percent) = controls(&cycle_name)?;
    let least = rows[rows.len() - 1].1;
    println!("{cycle_name}, L/100 km at equal charge, optimum known to {error_percent:.2} %");
    for (name, litres, starts) in rows {
        let regret = 100.0 * (litres / least - 1.0);
        println!("{name:8} {litres:5.3}  {regret:+5.2} %  {starts:3} starts");
    }
    Ok(())
}

#[test]
fn nothing_beats_the_optimum_and_foresight_is_worth_little() {
    let (rows, error_percent) = controls("sc03").expect("a shipped cycle");
    let least = rows[rows.len() - 1].1;
    assert!((2.5..4.5).contains(&least), "{least}");
    assert!(error_percent < 0.5, "{error_percent}");
    for (name, litres, _) in rows {
        let regret = 100.0 * (litres / least - 1.0);
        assert!(regret > -error_percent.max(0.01), "{name} {regret} %");
        assert!(regret < 10.0, "{name} {regret} %");
    }
}
