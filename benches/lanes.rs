//! One car alone against eight side by side, with every account kept: nanoseconds a step of
//! one car, for each set of instructions that this processor has. Rounds of each in turn,
//! the fastest of each: a shared machine disturbs all alike.
//!
//! It fails where the best lanes take more than half the time of a car alone.
//!
//! `cargo bench --bench lanes`

mod common;

use common::Designs;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;
use thsim::control::Rules;
use thsim::lanes::Instructions;
use thsim::ledger::Ledger;
use thsim::results::Totals;
use thsim::sim::{drive, drive_many_with};

const ROUNDS: usize = 200;
/// Lanes may take this share of the time of a car alone.
const LARGEST_SHARE: f64 = 0.5;

fn timed_ns(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1e9
}

fn main() -> ExitCode {
    let designs = Designs::new();
    let cars = designs.cars();
    let kinematics = &designs.kinematics;
    let steps = kinematics.intervals.len() as f64 * cars.len() as f64;

    let mut alone = f64::INFINITY;
    let here: Vec<_> = Instructions::ALL
        .into_iter()
        .filter(|it| it.are_here())
        .collect();
    let mut beside = vec![f64::INFINITY; here.len()];
    for _ in 0..ROUNDS {
        alone = alone.min(timed_ns(|| {
            for car in &cars {
                let mut watched = (Totals::default(), Ledger::default());
                black_box(drive(
                    car.plant,
                    car.controller,
                    kinematics,
                    &car.initial,
                    &mut watched,
                ));
                black_box(&watched);
            }
        }));
        for (instructions, best) in here.iter().zip(&mut beside) {
            *best = best.min(timed_ns(|| {
                drive_many_with::<8, Rules, (Totals, Ledger)>(
                    *instructions,
                    &cars,
                    kinematics,
                    &((), ()),
                    |_, watched, end| {
                        black_box((watched, end));
                    },
                );
            }));
        }
    }
    println!("udds at 1 s, every account kept, ns a step of one car");
    println!("alone              {:7.1}", alone / steps);
    for (instructions, best) in here.iter().zip(&beside) {
        println!(
            "eight, {:10}  {:7.1}  {:.2} x a car alone",
            instructions.name(),
            best / steps,
            best / alone
        );
    }
    let best = beside.iter().copied().fold(f64::INFINITY, f64::min);
    if best > LARGEST_SHARE * alone {
        println!("the lanes take more than {LARGEST_SHARE} of the time of a car alone");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
