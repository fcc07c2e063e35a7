//! Instructions that the kernel takes, counted by callgrind and compared with the budgets in
//! `instructions.csv`: an exact measure on any machine, however busy it is.
//!
//! Each budget is the count of one step of one car (or of one plant). A count may leave its
//! budget by one per cent; a change that means to moves the budget with it. Compilers differ
//! by more than that: the budgets name theirs, and with another one counts are only printed.
//!
//! `cargo bench --no-default-features --bench instructions` compares, `-- --write` writes the budgets anew.

mod common;

use common::Designs;
use std::hint::black_box;
use std::process::{Command, ExitCode};
use thsim::control::Rules;
use thsim::lanes::Instructions;
use thsim::ledger::Ledger;
use thsim::results::Totals;
use thsim::sim::{Car, Initial, SideBySide, Silent, drive, drive_many_with};
use thsim::vehicle::Plant;

const BUDGETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.csv");
const HEADER: &str = "what,instructions";
/// Stands before the compiler that the budgets belong to.
const COMPILER: &str = "# ";
/// How far a count may leave its budget.
const TOLERANCE: f64 = 0.01;
/// Says that this process is the one that is counted.
const COUNTED: &str = "THSIM_COUNTED";
/// Instructions that valgrind knows beyond the least.
const WIDEST: Instructions = Instructions::Avx2;

/// What is counted, and by how much work a count is divided.
struct Counted {
    name: &'static str,
    /// Times the work is done.
    times: usize,
    work: fn(&Designs),
    per_time: fn(&Designs) -> usize,
}

fn steps(designs: &Designs) -> usize {
    designs.kinematics.intervals.len()
}

fn steps_of_eight(designs: &Designs) -> usize {
    8 * steps(designs)
}

fn one(_: &Designs) -> usize {
    1
}

/// The shipped car from eight charges, as `thsim sweep bench` drives it.
fn same_car(designs: &Designs) -> Vec<Car<'_, Rules>> {
    let spread = (0..8).map(|index| 0.05 * (2.0 * f64::from(index) / 7.0 - 1.0));
    let cars = spread.zip(designs.cars().into_iter().cycle());
    cars.map(|(soc, car)| Car {
        plant: &designs.shipped.0,
        controller: &designs.shipped.1,
        initial: Initial {
            soc: car.initial.soc + soc,
            ..car.initial
        },
    })
    .collect()
}

const ALL: [Counted; 10] = [
    Counted {
        name: "shipped car alone, ledger",
        times: 4,
        work: shipped_alone,
        per_time: steps,
    },
    Counted {
        name: "shipped car from eight charges, ledger",
        times: 4,
        work: shipped_eight,
        per_time: steps_of_eight,
    },
    Counted {
        name: "alone, no recording",
        times: 4,
        work: alone::<Silent>,
        per_time: steps,
    },
    Counted {
        name: "alone, every account",
        times: 4,
        work: alone::<(Totals, Ledger)>,
        per_time: steps,
    },
    Counted {
        name: "eight, no recording",
        times: 4,
        work: eight::<Silent>,
        per_time: steps_of_eight,
    },
    Counted {
        name: "eight, ledger",
        times: 4,
        work: eight::<Ledger>,
        per_time: steps_of_eight,
    },
    Counted {
        name: "eight, every account",
        times: 4,
        work: eight::<(Totals, Ledger)>,
        per_time: steps_of_eight,
    },
    Counted {
        name: "plant, whole",
        times: 4,
        work: plant,
        per_time: one,
    },
    Counted {
        name: "plant, another engine",
        times: 4,
        work: next_engine,
        per_time: one,
    },
    Counted {
        name: "plant, another best efficiency",
        times: 64,
        work: next_plant,
        per_time: one,
    },
];

fn shipped_alone(designs: &Designs) {
    drive_alone::<Ledger>(&same_car(designs)[0], designs);
}

fn shipped_eight(designs: &Designs) {
    drive_eight::<Ledger>(&same_car(designs), designs);
}

fn alone<R: SideBySide<Setup: Default>>(designs: &Designs) {
    drive_alone::<R>(&designs.cars()[0], designs);
}

fn eight<R: SideBySide<Setup: Default>>(designs: &Designs) {
    drive_eight::<R>(&designs.cars(), designs);
}

#[inline(never)]
fn drive_alone<R: SideBySide<Setup: Default>>(car: &Car<'_, Rules>, designs: &Designs) {
    let mut watched = R::new::<f64>(&R::Setup::default());
    black_box(drive(
        car.plant,
        car.controller,
        &designs.kinematics,
        &car.initial,
        &mut watched,
    ));
    black_box(&R::of_lane(&watched, 0));
}

#[inline(never)]
fn drive_eight<R: SideBySide<Setup: Default>>(cars: &[Car<'_, Rules>], designs: &Designs) {
    drive_many_with::<8, Rules, R>(
        WIDEST,
        cars,
        &designs.kinematics,
        &R::Setup::default(),
        |_, watched, end| {
            black_box((&watched, end));
        },
    );
}

fn plant(designs: &Designs) {
    black_box(Plant::new(black_box(&designs.vehicles[0])));
}

fn next_plant(designs: &Designs) {
    let [first, second, ..] = designs.vehicles.as_slice() else {
        return;
    };
    black_box(designs.plants[0].like(black_box(first), black_box(second)));
}

fn next_engine(designs: &Designs) {
    let [first, ..] = designs.vehicles.as_slice() else {
        return;
    };
    let mut next = first.clone();
    next.engine.max_power_w *= 0.99;
    black_box(designs.plants[0].like(black_box(first), black_box(&next)));
}

/// Instructions of a process that does the work this often, as callgrind counts them.
fn instructions(name: &str, times: usize) -> Option<f64> {
    let own = std::env::current_exe().ok()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .env(COUNTED, format!("{name}:{times}"))
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// The compiler, as it names itself.
fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
    text.unwrap_or_default()
}

fn main() -> ExitCode {
    if let Ok(asked) = std::env::var(COUNTED) {
        let (name, times) = asked.split_once(':').expect("name:times");
        let counted = ALL.iter().find(|it| it.name == name).expect("a name");
        let designs = Designs::new();
        for _ in 0..times.parse::<usize>().expect("a number") {
            (counted.work)(&designs);
        }
        return ExitCode::SUCCESS;
    }
    let valgrind = Command::new("valgrind").arg("--version").output();
    if !valgrind.is_ok_and(|output| output.status.success()) {
        println!("skipped: instructions are counted by valgrind, which is not here");
        return ExitCode::SUCCESS;
    }
    if !WIDEST.are_here() {
        println!("skipped: the budgets are for a processor with AVX2");
        return ExitCode::SUCCESS;
    }
    let budgets = std::fs::read_to_string(BUDGETS).unwrap_or_default();
    let budget = |name: &str| -> Option<f64> {
        let line = budgets
            .lines()
            .find_map(|line| line.strip_prefix(&format!("\"{name}\",")));
        line?.parse().ok()
    };
    let designs = Designs::new();
    let compiler = compiler();
    let same_compiler = budgets
        .lines()
        .any(|line| line.strip_prefix(COMPILER) == Some(&compiler));
    let mut rows = vec![format!("{COMPILER}{compiler}\n{HEADER}\n")];
    let mut kept = true;
    for it in &ALL {
        let counts = instructions(it.name, 0).zip(instructions(it.name, it.times));
        let Some((without, with)) = counts else {
            println!("{}: valgrind counted nothing", it.name);
            return ExitCode::FAILURE;
        };
        let count = (with - without) / (it.times * (it.per_time)(&designs)) as f64;
        rows.push(format!("\"{}\",{count:.1}\n", it.name));
        let verdict = budget(it.name).map_or("no budget".to_owned(), |budget| {
            let off = count / budget - 1.0;
            let holds = off.abs() <= TOLERANCE;
            kept &= holds || !same_compiler;
            let word = match (same_compiler, holds) {
                (false, _) => "of another compiler",
                (true, true) => "kept",
                (true, false) => "LEFT",
            };
            format!("budget {budget:.1}, {:+.2} %, {word}", 100.0 * off)
        });
        println!("{:40} {count:10.1}  {verdict}", it.name);
    }
    if std::env::args().any(|argument| argument == "--write") {
        std::fs::write(BUDGETS, rows.concat()).expect("the folder of the benches");
        return ExitCode::SUCCESS;
    }
    if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
