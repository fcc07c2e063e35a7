//! What a sweep costs beside the runs themselves: the same designs by the bare kernel, side
//! by side and with plants built beforehand, and by a whole local sweep with its Parquet files; and what a
//! second thread brings. Rounds of each in turn, the fastest of each: a shared machine
//! disturbs both alike.
//!
//! `cargo bench --bench sweep`

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use thsim::config;
use thsim::control::Rules;
use thsim::cycle::{self, Kinematics};
use thsim::ledger::Ledger;
use thsim::results::Totals;
use thsim::sim::{Car, Initial, SideBySide, Silent, drive_many};
use thsim::sweep::{Folder, Joined, Progress, Shard, Sweep, run};
use thsim::vehicle::{Plant, Vehicle};

const DESIGNS: usize = 4096;
/// Designs that the bare kernel drives in turn: as many plants as a memory holds.
const PREPARED: usize = 512;
const ROUNDS: usize = 12;
/// Two axes of vehicle keys and one of control, raw figures from a fixed start.
const SWEEP: &str = r#"
cycles = ["udds"]
start = 0.6
outputs = ["fuel_l_per_100km", "soc_end", "engine_starts"]
[design]
kind = "sobol"
points = 4096
[[axis]]
key = "chassis.test_mass_kg"
uniform = { low = 1300, high = 1700 }
[[axis]]
key = "engine.fuel_map.peak_efficiency"
uniform = { low = 0.35, high = 0.40 }
[[axis]]
key = "control.engine_on_power_kw"
uniform = { low = 4, high = 14 }
"#;

/// Tells nothing.
struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: u64, _: u64) {}
    fn set_aside(&self, _: u64, _: &str, _: PathBuf) {}
    fn done(&self, _: u64) {}
}

/// A design of the sweep, ready to drive.
struct Design {
    vehicle: Vehicle,
    plant: Plant,
    rules: Rules,
}

/// Runs the sweep from nothing and gives the time a design took, s.
fn sweep_s(sweep: &Sweep, folder: &std::path::Path, threads: usize) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.expect("threads");
    let begun = Instant::now();
    let opened = Folder::for_sweep(folder, sweep, true).expect("a folder");
    pool.install(|| {
        run(
            sweep,
            &opened,
            Shard::WHOLE,
            &Quiet,
            &AtomicBool::new(false),
        )
    })
    .expect("a sweep");
    begun.elapsed().as_secs_f64() / DESIGNS as f64
}

/// Drives as many designs as the sweep has, side by side, and gives the time of one, s.
fn bare_s<R: SideBySide<Setup: Default>>(designs: &[Design], kinematics: &Kinematics) -> f64 {
    let cars: Vec<Car<'_, Rules>> = designs
        .iter()
        // As long as the sweep takes: a short round finds a quiet moment that a long one does
        // not.
        .cycle()
        .take(DESIGNS)
        .map(|design| Car {
            plant: &design.plant,
            controller: &design.rules,
            initial: Initial {
                soc: 0.6,
                coolant_c: design.vehicle.thermal.warm_c,
                battery_c: design.vehicle.thermal.ambient_c + 8.0,
                soaked_s: 0.0,
            },
        })
        .collect();
    let begun = Instant::now();
    drive_many(
        &cars,
        kinematics,
        &R::Setup::default(),
        |_, watched: R, end| {
            black_box((watched, end));
        },
    );
    begun.elapsed().as_secs_f64() / DESIGNS as f64
}

/// The designs of the sweep by the way that reads the vehicle file for each.
fn designs(folder: &std::path::Path) -> Vec<Design> {
    let table = Joined::open(&[folder.to_owned()]).expect("a sweep").table();
    let stride = table.designs.len() / PREPARED;
    let rows = (0..table.designs.len()).step_by(stride);
    rows.map(|row| {
        let axes = table.axes();
        let sets: Vec<String> = axes
            .map(|axis| format!("{}={:?}", axis.name, axis.values[row]))
            .collect();
        let file = config::load("levin-hybrid", &sets).expect("a design");
        let vehicle = file.vehicle().clone();
        Design {
            plant: Plant::new(&vehicle),
            rules: Rules::of(&vehicle),
            vehicle,
        }
    })
    .collect()
}

fn main() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("bench.toml");
    std::fs::write(&file, SWEEP).expect("a file");
    let sweep = Sweep::read(&file.display().to_string()).expect("a sweep");
    let out = place.path().join("out");
    sweep_s(&sweep, &out, 1);
    let designs = designs(&out);
    let kinematics = Kinematics::new(&cycle::find("udds").expect("a cycle"), 1.0);

    let (mut silent, mut kept, mut one, mut two) =
        (f64::INFINITY, f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        silent = silent.min(bare_s::<Silent>(&designs, &kinematics));
        kept = kept.min(bare_s::<(Totals, Ledger)>(&designs, &kinematics));
        one = one.min(sweep_s(&sweep, &out, 1));
        two = two.min(sweep_s(&sweep, &out, 2));
    }
    let micro = |seconds: f64| seconds * 1e6;
    println!("one UDDS at a 1 s step, the fastest of {ROUNDS} rounds, µs a design");
    println!("bare kernel, no recording        {:7.1}", micro(silent));
    println!("bare kernel, every account kept  {:7.1}", micro(kept));
    println!(
        "local sweep, 1 thread            {:7.1}  {:.3} x the kernel with accounts, {:.3} x without",
        micro(one),
        one / kept,
        one / silent
    );
    println!(
        "local sweep, 2 threads           {:7.1}  {:.2} x as fast as 1; 100 000 designs in {:.1} s",
        micro(two),
        one / two,
        1e5 * two
    );
}
