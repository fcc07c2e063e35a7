//! Sweeps for the tests of pictures: formulas that look like a hybrid car.

use crate::results::{Column, Role, Sampling, Table};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Name, label, unit, range, whether logarithmic.
type AxisOf = (&'static str, &'static str, &'static str, (f64, f64), bool);

pub(super) const ENGINE_ON: AxisOf = (
    "control.engine_on_power_kw",
    "power above which the engine starts",
    "kW",
    (4.0, 14.0),
    false,
);
pub(super) const SOC_GAIN: AxisOf = (
    "control.charge_kw_per_soc",
    "charging power per missing state of charge",
    "kW",
    (5.0, 500.0),
    true,
);
pub(super) const CELLS: AxisOf = ("battery.cells", "cells", "", (120.0, 200.0), false);
pub(super) const MASS: AxisOf = (
    "chassis.test_mass_kg",
    "test mass",
    "kg",
    (1300.0, 1600.0),
    false,
);
pub(super) const ROAD_LOAD: AxisOf = (
    "chassis.road_load_scale",
    "scale on the coast-down coefficients of the road load",
    "",
    (0.9, 1.15),
    false,
);
pub(super) const FINAL: AxisOf = ("gearset.final_ratio", "final ratio", "", (2.9, 3.9), false);
pub(super) const AUXILIARY: AxisOf = ("auxiliary_w", "auxiliaries", "W", (150.0, 900.0), false);

fn column(name: &str, label: &str, unit: &str, role: Role, values: Vec<f64>) -> Column {
    Column {
        name: name.into(),
        label: label.into(),
        unit: unit.into(),
        role,
        levels: Vec::new(),
        values,
    }
}

/// A place 0 to 1 of an axis.
fn value(axis: &AxisOf, share: f64) -> f64 {
    let (low, high) = axis.3;
    if axis.4 {
        low * (high / low).powf(share)
    } else {
        low + share * (high - low)
    }
}

/// Fuel, L/100 km, engine starts and time to 100 km/h, by the axes that are there.
fn outputs(axes: &[AxisOf], shares: &[f64], cycle: f64) -> [f64; 3] {
    let of = |wanted: &AxisOf| {
        let found = axes.iter().position(|axis| axis.0 == wanted.0);
        found.map_or(0.5, |index| shares[index])
    };
    let (on, gain, cells) = (of(&ENGINE_ON), of(&SOC_GAIN), of(&CELLS));
    let (mass, load) = (of(&MASS), of(&ROAD_LOAD));
    let (gear, auxiliary) = (of(&FINAL), of(&AUXILIARY));
    let fuel = 4.1 + 0.9 * (on - 0.45).powi(2) + 0.5 * (gain - 0.3 - 0.4 * on).powi(2)
        - 0.12 * cells
        + 0.45 * mass
        + 0.6 * load
        + 0.2 * auxiliary
        + 0.25 * (gear - 0.4).powi(2)
        + 0.6 * cycle;
    let starts =
        52.0 - 34.0 * on + 14.0 * gain * (1.0 - on) - 4.0 * cells + 6.0 * load - 9.0 * cycle;
    let sprint = 11.4 + 1.6 * mass - 1.1 * gear + 0.5 * gear.powi(2) - 0.5 * cells;
    [fuel, starts.round(), sprint]
}

/// A table of designs, each a share of every axis.
fn table(name: &str, sampling: Sampling, axes: &[AxisOf], designs: &[Vec<f64>]) -> Table {
    let mut columns: Vec<Column> = axes
        .iter()
        .enumerate()
        .map(|(index, axis)| {
            let values = designs.iter().map(|shares| value(axis, shares[index]));
            let role = Role::Axis {
                logarithmic: axis.4,
            };
            column(axis.0, axis.1, axis.2, role, values.collect())
        })
        .collect();
    let figures: Vec<[f64; 3]> = designs
        .iter()
        .map(|shares| outputs(axes, shares, 0.0))
        .collect();
    let kinds = [
        (
            "fuel_l_per_100km",
            "fuel at zero net battery energy",
            "L/100 km",
        ),
        ("engine_starts", "engine starts", ""),
        ("sprint_s", "time from rest to 100 km/h", "s"),
    ];
    for (index, (name, label, unit)) in kinds.into_iter().enumerate() {
        let values = figures.iter().map(|figures| figures[index]).collect();
        columns.push(column(name, label, unit, Role::Output, values));
    }
    Table {
        name: name.into(),
        question: "How do the rules of the engine's start trade fuel against engine starts?".into(),
        sampling,
        designs: (0..designs.len() as u64).collect(),
        columns,
    }
}

/// All combinations of so many points of each axis, the last axis fastest.
pub(super) fn grid(axes: &[AxisOf], points: &[usize]) -> Table {
    let mut designs = vec![Vec::new()];
    for count in points {
        let share = |point: usize| point as f64 / (count.max(&2) - 1) as f64;
        designs = designs
            .into_iter()
            .flat_map(|shares: Vec<f64>| {
                (0..*count).map(move |point| [&shares[..], &[share(point)]].concat())
            })
            .collect();
    }
    table("engine start", Sampling::Grid, axes, &designs)
}

/// Random points.
pub(super) fn random(axes: &[AxisOf], count: usize) -> Table {
    let mut random = Pcg64::seed_from_u64(5);
    let mut shares = || axes.iter().map(|_| random.random_range(0.0..1.0)).collect();
    let designs: Vec<Vec<f64>> = (0..count).map(|_| shares()).collect();
    table("rules and car", Sampling::LatinHypercube, axes, &designs)
}

/// Blocks for sensitivity indices.
pub(super) fn saltelli(axes: &[AxisOf], blocks: usize) -> Table {
    let points = random(axes, 2 * blocks);
    let share = |row: usize, axis: usize| {
        let ((low, high), at) = (axes[axis].3, points.columns[axis].values[row]);
        if axes[axis].4 {
            (at / low).ln() / (high / low).ln()
        } else {
            (at - low) / (high - low)
        }
    };
    let mut designs = Vec::new();
    for block in 0..blocks {
        for member in 0..axes.len() + 2 {
            let from_b = |axis: usize| member == 1 || member == axis + 2;
            let row = |axis: usize| 2 * block + usize::from(from_b(axis));
            designs.push((0..axes.len()).map(|axis| share(row(axis), axis)).collect());
        }
    }
    table("what moves the fuel", Sampling::Saltelli, axes, &designs)
}

/// The middle and every end.
pub(super) fn one_at_a_time(axes: &[AxisOf]) -> Table {
    let mut designs = vec![vec![0.5; axes.len()]];
    for axis in 0..axes.len() {
        for end in [0.0, 1.0] {
            let mut shares = vec![0.5; axes.len()];
            shares[axis] = end;
            designs.push(shares);
        }
    }
    table("one at a time", Sampling::OneAtATime, axes, &designs)
}

/// A grid with a cycle as its first axis.
pub(super) fn cycles(axis: AxisOf, points: usize) -> Table {
    const NAMES: [&str; 4] = ["nedc", "udds", "wltc_class3b", "us06+grade of two percent"];
    let mut one = grid(&[axis], &[points]);
    let shares: Vec<f64> = (0..points)
        .map(|i| i as f64 / (points - 1) as f64)
        .collect();
    let rows = NAMES.len() * points;
    for column in &mut one.columns {
        column.values = (0..rows).map(|row| column.values[row % points]).collect();
    }
    for row in 0..rows {
        let figures = outputs(&[axis], &[shares[row % points]], (row / points) as f64);
        for (column, figure) in one.columns[1..].iter_mut().zip(figures) {
            column.values[row] = figure;
        }
    }
    let values = (0..rows).map(|row| (row / points) as f64).collect();
    let mut cycle = column(
        "run.cycle",
        "cycle",
        "",
        Role::Axis { logarithmic: false },
        values,
    );
    cycle.levels = NAMES.map(str::to_owned).to_vec();
    one.columns.insert(0, cycle);
    one.designs = (0..rows as u64).collect();
    one
}

/// The same table with the outputs of these rows failed.
pub(super) fn failed(mut table: Table, fails: impl Fn(&Table, usize) -> bool) -> Table {
    let rows: Vec<usize> = (0..table.designs.len())
        .filter(|row| fails(&table, *row))
        .collect();
    for column in &mut table.columns {
        if column.role == Role::Output {
            for row in &rows {
                column.values[*row] = f64::NAN;
            }
        }
    }
    table
}

/// The same table without these rows, as a constraint leaves it.
pub(super) fn dropped(mut table: Table, drops: impl Fn(&Table, usize) -> bool) -> Table {
    let kept: Vec<usize> = (0..table.designs.len())
        .filter(|row| !drops(&table, *row))
        .collect();
    for column in &mut table.columns {
        column.values = kept.iter().map(|row| column.values[*row]).collect();
    }
    table.designs = kept.iter().map(|row| table.designs[*row]).collect();
    table
}
