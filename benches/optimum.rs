//! Speed of the best possible control: ECMS with its plan and its search, and the optimum with
//! all of its rounds, on one thread at a 1 s step.
//!
//! `cargo bench --bench optimum`

use criterion::{Criterion, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use std::hint::black_box;
use std::time::Duration;
use thsim::config;
use thsim::cycle::{self, Cycle};
use thsim::optimum::{Dwell, Grid};
use thsim::study::{Best, BestQuestion, StartWith};
use thsim::vehicle::{Plant, Vehicle};

/// As in the command.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What is asked: a cycle, and how finely.
struct Asked {
    vehicle: Vehicle,
    plant: Plant,
    cycle: Cycle,
    nodes: usize,
    powers: usize,
}

impl Asked {
    fn new(cycle: &str, nodes: usize, choices: usize) -> Self {
        let file = config::load("levin-hybrid", &[]).expect("a shipped vehicle");
        Self {
            plant: Plant::new(file.vehicle()),
            vehicle: file.vehicle().clone(),
            cycle: cycle::find(cycle).expect("a shipped cycle"),
            nodes,
            powers: choices / Grid::default().speeds.len(),
        }
    }

    /// All that comes before a control: plan and what the rules meet.
    fn prepared(&self, dwell: Dwell) -> Best<'_> {
        BestQuestion {
            vehicle: &self.vehicle,
            plant: &self.plant,
            cycle: &self.cycle,
            repeat: Some(1),
            step_s: 1.0,
            start: StartWith::Balanced,
            end_soc: None,
            dwell,
            grid: Grid {
                powers: self.powers,
                ..Grid::default()
            },
            nodes: self.nodes,
        }
        .prepare()
    }
}

fn controls(criterion: &mut Criterion) {
    for (cycle, nodes, choices) in [("udds", 200, 60), ("wltc_class3b", 400, 100)] {
        let asked = Asked::new(cycle, nodes, choices);
        let mut group = criterion.benchmark_group(format!("{cycle}, {nodes} x {choices}"));
        group
            .sample_size(10)
            .measurement_time(Duration::from_secs(8));
        group.bench_function("ecms, plan and search", |bencher| {
            bencher.iter(|| black_box(asked.prepared(Dwell::NONE).ecms(None)));
        });
        for (name, dwell) in [
            ("optimum", Dwell::NONE),
            (
                "optimum with minimum times",
                Dwell::of(&asked.vehicle.strategy),
            ),
        ] {
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    let best = asked.prepared(dwell);
                    black_box(best.optimum(&|_, _| true, None).is_ok())
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, controls);
criterion_main!(benches);
