//! Speed of the parts: one UDDS pass at a 1 s step of one car alone and of eight side by side,
//! the building of a plant (the whole one, and that of the next design where one key has
//! changed), a run with its search for the balanced charge, and a test procedure.
//!
//! `cargo bench --bench kernel`

mod common;

use common::Designs;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use thsim::control::Rules;
use thsim::cycle;
use thsim::ledger::Ledger;
use thsim::sim::{Recorder, Silent, drive, drive_many};
use thsim::study::procedure::{CarUnderTest, Procedure};
use thsim::study::{Question, StartWith};
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

fn drives(criterion: &mut Criterion, designs: &Designs) {
    let mut group = criterion.benchmark_group("udds at 1 s");
    group.bench_function("alone, no recording", |bencher| {
        bencher.iter(|| alone(designs, &mut Silent));
    });
    group.bench_function("alone, ledger", |bencher| {
        bencher.iter(|| alone(designs, &mut Ledger::default()));
    });
    let cars = designs.cars();
    group.bench_function("eight side by side, ledger", |bencher| {
        bencher.iter(|| {
            drive_many(&cars, &designs.kinematics, &(), |_, ledger: Ledger, end| {
                black_box((ledger, end));
            });
        });
    });
    group.finish();
}

fn alone<R: Recorder>(designs: &Designs, recorder: &mut R) -> f64 {
    let car = designs.cars()[0];
    let kinematics = black_box(&designs.kinematics);
    drive(
        car.plant,
        car.controller,
        kinematics,
        &car.initial,
        recorder,
    )
    .soc
}

fn plants(criterion: &mut Criterion) {
    let file = thsim::config::load("levin-hybrid", &[]).expect("a shipped vehicle");
    let vehicle = file.vehicle();
    let plant = Plant::new(vehicle);
    let mut group = criterion.benchmark_group("plant");
    group.bench_function("whole", |bencher| {
        bencher.iter(|| Plant::new(black_box(vehicle)));
    });
    for change in [
        "chassis.test_mass_kg=1600",
        "engine.fuel_map.peak_efficiency=0.39",
        "engine.max_power_kw=70",
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

fn studies(criterion: &mut Criterion) {
    let file = thsim::config::load("levin-hybrid", &[]).expect("a shipped vehicle");
    let vehicle = file.vehicle();
    let (plant, rules) = (Plant::new(vehicle), Rules::of(vehicle));
    let udds = cycle::find("udds").expect("a shipped cycle");
    let mut group = criterion.benchmark_group("studies");
    group.sample_size(20);
    group.bench_function("udds at 0.1 s, balanced", |bencher| {
        bencher.iter(|| {
            Question {
                vehicle,
                plant: &plant,
                controller: &rules,
                cycle: black_box(&udds),
                repeat: None,
                step_s: 0.1,
                start: StartWith::Balanced,
            }
            .answer()
        });
    });
    group.bench_function("certify ftp at 0.1 s", |bencher| {
        bencher.iter(|| {
            CarUnderTest {
                vehicle,
                plant: &plant,
                controller: &rules,
                given: None,
                step_s: 0.1,
            }
            .certify(black_box(Procedure::Ftp))
        });
    });
    group.finish();
}

fn kernel(criterion: &mut Criterion) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("machine: {}, {cores} cores; one is used", processor());
    drives(criterion, &Designs::new());
    plants(criterion);
    studies(criterion);
}

criterion_group!(benches, kernel);
criterion_main!(benches);
