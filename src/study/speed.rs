//! How long the kernel takes: a car alone and eight side by side, over the same runs.
//!
//! The runs differ in the charge they start from, as those of a charge-balance search do, so
//! that the engines of the lanes start and stop at different times. Plant and kinematics are
//! made beforehand; the ledger is kept, nothing else is. Rounds of each in turn, the fastest
//! of each: a shared machine disturbs both alike.

use super::single::driving;
use crate::control::ManyCars;
use crate::cycle::Kinematics;
use crate::lanes::Instructions;
use crate::ledger::Ledger;
use crate::sim::{Car, drive, drive_many};
use crate::vehicle::{Plant, State, Vehicle};
use rayon::prelude::*;
use serde::Serialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Runs that are timed together.
const RUNS: usize = 8;
/// How far around the target the runs start.
const SPREAD_SOC: f64 = 0.05;
/// How long is timed, and how many rounds at least.
const TIMED_FOR: Duration = Duration::from_secs(2);
const LEAST_ROUNDS: usize = 5;
/// How long all threads run for the number of runs a second.
const COUNTED_FOR: Duration = Duration::from_secs(1);

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Speed {
    /// Steps of a run.
    pub steps: usize,
    /// Length of a step, s.
    pub step_s: f64,
    /// Runs that are driven side by side.
    pub lanes: usize,
    /// Instructions they are driven with.
    pub instructions: &'static str,
    /// Processor time of a run of a car alone, s.
    pub scalar_s_per_run: f64,
    /// Processor time of a single run of those side by side, s.
    pub lanes_s_per_run: f64,
    /// The same, the median of the rounds instead of the least.
    pub scalar_median_s_per_run: f64,
    /// As before.
    pub lanes_median_s_per_run: f64,
    /// The same for a step, ns.
    pub ns_per_step_scalar: f64,
    /// The same for a step of a single run, ns.
    pub ns_per_step_lanes: f64,
    /// Threads of the next figure.
    pub jobs: usize,
    /// Single runs that all threads did in a second of the clock, side by side.
    pub runs_per_s: f64,
    /// Largest residual of the energy balance of what was timed, relative to the energy that
    /// passed through.
    pub energy_residual_relative: f64,
    /// Whether the runs side by side gave the same bits as each alone.
    pub same_bits: bool,
}

/// Times a car over a cycle. `cpu_s` gives the processor time of the calling thread, s; the
/// runs a second are those of the current rayon pool.
pub fn speed<C: ManyCars>(
    vehicle: &Vehicle,
    plant: &Plant,
    controller: &C,
    kinematics: &Kinematics,
    cpu_s: impl Fn() -> f64,
) -> Speed {
    let cars: Vec<_> = (0..RUNS)
        .map(|index| {
            let share = 2.0 * index as f64 / (RUNS - 1) as f64 - 1.0;
            let soc = vehicle.battery.soc_target + SPREAD_SOC * share;
            Car {
                plant,
                controller,
                initial: driving(vehicle.thermal.warm_c, vehicle.thermal.ambient_c, soc),
            }
        })
        .collect();
    let alone = || -> Vec<(Ledger, State)> {
        let run = |car: &Car<'_, C>| {
            let mut ledger = Ledger::default();
            let end = drive(plant, controller, kinematics, &car.initial, &mut ledger);
            (ledger, end)
        };
        cars.iter().map(run).collect()
    };
    let beside = || {
        let mut runs = Vec::with_capacity(RUNS);
        drive_many(&cars, kinematics, &(), |_, ledger: Ledger, end| {
            runs.push((ledger, end));
        });
        runs
    };
    let (first_alone, first_beside) = (alone(), beside());
    let residuals = first_alone.iter().chain(&first_beside);
    let worst = residuals
        .map(|(ledger, _)| ledger.residual_relative().abs())
        .fold(0.0, f64::max);

    let timed = |work: &dyn Fn() -> Vec<(Ledger, State)>| {
        let begun = cpu_s();
        black_box(work());
        (cpu_s() - begun) / RUNS as f64
    };
    let (mut scalar_s, mut lanes_s) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    for round in 0.. {
        scalar_s.push(timed(&alone));
        lanes_s.push(timed(&beside));
        if round >= LEAST_ROUNDS && begun.elapsed() > TIMED_FOR {
            break;
        }
    }

    scalar_s.sort_unstable_by(f64::total_cmp);
    lanes_s.sort_unstable_by(f64::total_cmp);
    let middle = scalar_s.len() / 2;

    let jobs = rayon::current_num_threads();
    let begun = Instant::now();
    let runs: usize = (0..jobs)
        .into_par_iter()
        .map(|_| {
            let mut runs = 0;
            while begun.elapsed() < COUNTED_FOR {
                runs += black_box(beside()).len();
            }
            runs
        })
        .sum();
    let counted_s = begun.elapsed().as_secs_f64();
    let steps = kinematics.intervals.len();
    let per_step_ns = 1e9 / steps as f64;
    Speed {
        steps,
        step_s: kinematics.step_s,
        lanes: RUNS,
        instructions: Instructions::best().name(),
        scalar_s_per_run: scalar_s[0],
        lanes_s_per_run: lanes_s[0],
        scalar_median_s_per_run: scalar_s[middle],
        lanes_median_s_per_run: lanes_s[middle],
        ns_per_step_scalar: scalar_s[0] * per_step_ns,
        ns_per_step_lanes: lanes_s[0] * per_step_ns,
        jobs,
        runs_per_s: runs as f64 / counted_s,
        energy_residual_relative: worst,
        same_bits: first_alone == first_beside,
    }
}
