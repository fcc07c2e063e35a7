//! Speed of the kernel: one UDDS pass at a 1 s step on one core, without recording and
//! with the ledger, and the building of a plant.
//!
//! `cargo bench --bench kernel`

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use thsim::control::Rules;
use thsim::cycle::{self, Kinematics};
use thsim::ledger::Ledger;
use thsim::sim::{Initial, Recorder, Silent, drive};
use thsim::vehicle::Plant;

/// The processor, as Linux names it.
fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then(|| value.trim().to_owned())
    });
    name.unwrap_or_else(|| format!("unknown processor, {}", std::env::consts::ARCH))
}

fn kernel(criterion: &mut Criterion) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("machine: {}, {cores} cores; one is used", processor());
    let file = thsim::config::load("levin-hybrid", &[]).expect("a shipped vehicle");
    let vehicle = file.vehicle();
    let plant = Plant::new(vehicle);
    let rules = Rules::of(vehicle);
    let udds = cycle::find("udds").expect("a shipped cycle");
    let kinematics = Kinematics::new(&udds, 1.0);
    let initial = Initial {
        soc: 0.6,
        coolant_c: vehicle.thermal.warm_c,
        battery_c: 33.0,
        soaked_s: 0.0,
    };
    let mut group = criterion.benchmark_group("udds at 1 s");
    group.bench_function("no recording", |bencher| {
        bencher.iter(|| run(&plant, &rules, &kinematics, &initial, &mut Silent));
    });
    group.bench_function("ledger", |bencher| {
        bencher.iter(|| {
            run(
                &plant,
                &rules,
                &kinematics,
                &initial,
                &mut Ledger::default(),
            )
        });
    });
    group.finish();
    criterion.bench_function("plant", |bencher| {
        bencher.iter(|| Plant::new(black_box(vehicle)));
    });
}

fn run<R: Recorder>(
    plant: &Plant,
    rules: &Rules,
    kinematics: &Kinematics,
    initial: &Initial,
    recorder: &mut R,
) -> f64 {
    drive(
        black_box(plant),
        rules,
        black_box(kinematics),
        black_box(initial),
        recorder,
    )
    .soc
}

criterion_group!(benches, kernel);
criterion_main!(benches);
