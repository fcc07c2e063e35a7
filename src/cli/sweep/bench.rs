//! `thsim sweep bench`.

use super::super::failure::Failure;
use super::super::shared::{CarArgs, count, cycles, power_split, step_s, with_jobs};
use super::super::{print, print_json};
use crate::config;
use crate::cycle::Kinematics;
use crate::study::{Speed, speed};
use cpu_time::ThreadTime;
use serde::Serialize;

/// How fast is the kernel? One car alone, eight side by side, and all threads together
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep bench udds
  thsim sweep bench wltc_class3b --jobs 1 --format json")]
pub(in super::super) struct Args {
    /// Cycle: a shipped name, or a CSV file
    #[arg(value_name = "CYCLE|FILE")]
    cycle: String,
    #[command(flatten)]
    car: CarArgs,
    /// Length of a step, s
    #[arg(long, value_name = "S", default_value_t = 1.0, value_parser = step_s, allow_negative_numbers = true)]
    step: f64,
    /// Threads for the number of runs a second
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    jobs: Option<usize>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// What is printed for programs.
#[derive(Serialize)]
struct Printed<'a> {
    cycle: &'a str,
    vehicle: &'a str,
    control: &'static str,
    #[serde(flatten)]
    speed: &'a Speed,
}

/// The result for people.
fn text(printed: &Printed<'_>) -> String {
    let speed = printed.speed;
    format!(
        "{} over {}, {} steps of {} s, ledger kept\n\
         one car alone        {:9.1} µs a run  {:7.1} ns a step\n\
         eight side by side   {:9.1} µs a run  {:7.1} ns a step  {:.2} x as fast, {}\n\
         {:3} threads          {:9.0} runs a second\n\
         energy residual      {:9.1e}, {}\n",
        printed.vehicle,
        printed.cycle,
        speed.steps,
        speed.step_s,
        1e6 * speed.scalar_s_per_run,
        speed.ns_per_step_scalar,
        1e6 * speed.lanes_s_per_run,
        speed.ns_per_step_lanes,
        speed.scalar_s_per_run / speed.lanes_s_per_run,
        speed.instructions,
        speed.jobs,
        speed.runs_per_s,
        speed.energy_residual_relative,
        if speed.same_bits {
            "the same bits both ways"
        } else {
            "other bits side by side than alone"
        },
    )
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let [name] = args.car.vehicle.as_slice() else {
        return Err(Failure::input(
            "a bench is of one vehicle",
            "name one `--vehicle`",
        ));
    };
    let car = power_split(config::load(name, &args.car.sets)?, None)?;
    let cycle = cycles(std::slice::from_ref(&args.cycle))?.remove(0);
    let kinematics = Kinematics::new(&cycle, args.step);
    let speed = with_jobs(args.jobs, || {
        let cpu_s = || ThreadTime::now().as_duration().as_secs_f64();
        speed(
            car.file.vehicle(),
            &car.plant,
            &car.rules,
            &kinematics,
            cpu_s,
        )
    })?;
    let printed = Printed {
        cycle: &cycle.name,
        vehicle: &car.file.vehicle().name,
        control: "rules",
        speed: &speed,
    };
    match args.format {
        Format::Table => print(&text(&printed))?,
        Format::Json => print_json(&printed)?,
    }
    if speed.same_bits {
        Ok(())
    } else {
        Err(Failure::failed(
            "side by side the cars gave other bits than alone",
        ))
    }
}
