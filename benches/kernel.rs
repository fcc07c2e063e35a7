//! Speed of the kernel: one UDDS pass at a 1 s step on one core, without recording and
//! with the ledger, and the building of a plant: the whole one, and that of the next
//! design where one key has changed.
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
    let mut group = criterion.benchmark_group("plant");
    group.bench_function("whole", |bencher| {
        bencher.iter(|| Plant::new(black_box(vehicle)));
    });
    for change in [
        "chassis.test_mass_kg=1600",
        "engine.fuel_map.peak_efficiency=0.39",
        "mg1.max_torque_nm=44",
        "battery.capacity_ah=7",
    ] {
        let next = thsim::config::load("levin-hybrid", &[change.to_owned()]);
        let next = next.expect("a value of the key");
        let (key, _) = change.split_once('=').expect("a key and its value");
        group.bench_function(key, |bencher| {
            bencher.iter(|| plant.like(black_box(vehicle), black_box(next.vehicle())));
        });
    }
    group.finish();
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
