//! Known answers, over tables made here.

#![allow(clippy::float_cmp)] // exact by construction

use super::*;
use crate::results::{Column, Role, Sampling, Table};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::f64::consts::PI;

fn column(name: &str, role: Role, values: Vec<f64>) -> Column {
    Column {
        name: name.into(),
        label: name.into(),
        unit: String::new(),
        role,
        levels: Vec::new(),
        values,
    }
}

fn axis(name: &str, values: Vec<f64>) -> Column {
    column(name, Role::Axis { logarithmic: false }, values)
}

fn output(values: Vec<f64>) -> Column {
    column("y", Role::Output, values)
}

/// A table of these axes with the output `y` of a function of their values.
fn table(sampling: Sampling, mut axes: Vec<Column>, of: impl Fn(&[f64]) -> f64) -> Table {
    let rows = axes[0].values.len();
    let place = |row: usize| axes.iter().map(|axis| axis.values[row]).collect::<Vec<_>>();
    let values = (0..rows).map(|row| of(&place(row))).collect();
    axes.push(output(values));
    Table {
        name: "test".into(),
        question: String::new(),
        sampling,
        designs: (0..rows as u64).collect(),
        columns: axes,
    }
}

/// Blocks of random points of three axes from −π to π.
fn blocks(count: usize, of: impl Fn(&[f64]) -> f64) -> Table {
    blocks_of_seed(1, count, of)
}

fn blocks_of_seed(seed: u64, count: usize, of: impl Fn(&[f64]) -> f64) -> Table {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut axes = vec![Vec::new(); 3];
    for _ in 0..count {
        let mut point = || [0; 3].map(|_| random.random_range(-PI..PI));
        let (a, b) = (point(), point());
        for member in 0..5 {
            for (index, axis) in axes.iter_mut().enumerate() {
                let from_b = member == 1 || member == index + 2;
                axis.push(if from_b { b[index] } else { a[index] });
            }
        }
    }
    let axes = ["x1", "x2", "x3"].into_iter().zip(axes);
    let axes = axes.map(|(name, values)| axis(name, values)).collect();
    table(Sampling::Saltelli, axes, of)
}

fn y(table: &Table) -> &Column {
    table.column("y").expect("the output")
}

/// Ishigami and Homma 1990, with a = 7 and b = 0.1.
fn ishigami(x: &[f64]) -> f64 {
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// Its indices, first order and total, from its variances in closed form.
const ISHIGAMI: [(&str, f64, f64); 3] = [
    ("x1", 0.3139, 0.5576),
    ("x2", 0.4424, 0.4424),
    ("x3", 0.0, 0.2437),
];

#[test]
fn ishigami_has_its_known_indices() {
    let table = blocks(1 << 15, ishigami);
    let found = sobol(&table, y(&table)).unwrap();
    assert_eq!((found.blocks, found.left_out), (1 << 15, 0));
    // The standard error of an index over so many random blocks is about 0.008.
    for (index, (name, first, total)) in found.axes.iter().zip(ISHIGAMI) {
        assert_eq!(index.axis, name);
        assert!((index.first.value - first).abs() < 0.025, "{index:?}");
        assert!((index.total.value - total).abs() < 0.025, "{index:?}");
    }
}

#[test]
fn a_band_holds_the_known_index_nineteen_times_in_twenty() {
    let (mut inside, mut bands) = (0, 0);
    for seed in 0..100 {
        let table = blocks_of_seed(seed, 500, ishigami);
        for index in sobol(&table, y(&table)).unwrap().axes {
            let known = ISHIGAMI.iter().find(|known| known.0 == index.axis);
            let (_, first, total) = known.expect("an axis of it");
            for (band, known) in [(index.first, first), (index.total, total)] {
                inside += u32::from(band.low < *known && *known < band.high);
                bands += 1;
            }
        }
    }
    let share = f64::from(inside) / f64::from(bands);
    assert!((0.92..0.98).contains(&share), "{share}");
}

#[test]
fn a_sum_shares_its_variance_by_squares_and_nothing_acts_together() {
    // The mean is far from zero: it must not disturb the indices.
    let table = blocks(1 << 15, |x| 1000.0 + 3.0 * x[0] + 2.0 * x[1] + x[2]);
    let found = sobol(&table, y(&table)).unwrap();
    for (index, known) in found.axes.iter().zip([9.0, 4.0, 1.0]) {
        for band in [index.first, index.total] {
            assert!((band.value - known / 14.0).abs() < 0.03, "{index:?}");
        }
    }
    assert_eq!(found, sobol(&table, y(&table)).unwrap());
}

#[test]
fn blocks_that_are_not_whole_are_left_out() {
    let mut table = blocks(100, |x| x[0] + x[1]);
    table.columns[3].values[12] = f64::NAN;
    // The first design of the second block is dropped.
    table.designs.remove(5);
    for column in &mut table.columns {
        column.values.remove(5);
    }
    let found = sobol(&table, y(&table)).unwrap();
    assert_eq!((found.blocks, found.left_out), (98, 2));
}

#[test]
fn a_table_without_indices_says_what_to_write() {
    let grid = table(Sampling::Grid, vec![axis("a", vec![1.0])], |x| x[0]);
    let refused = sobol(&grid, y(&grid)).unwrap_err().to_string();
    assert!(refused.contains("kind = \"saltelli\""), "{refused}");
    let few = blocks(8, |x| x[0]);
    let refused = sobol(&few, y(&few)).unwrap_err();
    assert!(matches!(refused, SobolError::TooFewBlocks { whole: 8, .. }));
    let flat = blocks(20, |_| 3.0);
    let refused = sobol(&flat, y(&flat)).unwrap_err();
    assert!(matches!(refused, SobolError::Constant { .. }));
}

#[test]
fn a_front_holds_what_no_other_beats() {
    let nan = f64::NAN;
    let first = output(vec![1.0, 2.0, 2.0, 3.0, 1.0, nan, 0.5, 4.0]);
    let second = output(vec![5.0, 4.0, 3.0, 3.0, 5.0, 0.0, nan, 1.0]);
    let (small, large) = (Goal::Small, Goal::Large);
    // Rows 0 and 4 are alike; 1 and 3 are beaten by 2; 5 and 6 failed.
    assert_eq!(pareto((&first, small), (&second, small)), [0, 4, 2, 7]);
    assert_eq!(pareto((&first, large), (&second, large)), [7, 3, 1, 0, 4]);
    assert_eq!(pareto((&first, small), (&second, large)), [0, 4]);
    let zeros = output(vec![0.0, -0.0]);
    assert_eq!(pareto((&zeros, small), (&zeros, small)), [0, 1]);
}

#[test]
fn a_front_is_what_comparing_all_pairs_gives() {
    let mut random = Pcg64::seed_from_u64(7);
    let mut figures = || {
        output(
            (0..400)
                .map(|_| f64::from(random.random_range(0..40)))
                .collect(),
        )
    };
    let (a, b) = (figures(), figures());
    let beats = |i: usize, j: usize| {
        a.values[i] <= a.values[j]
            && b.values[i] <= b.values[j]
            && (a.values[i] < a.values[j] || b.values[i] < b.values[j])
    };
    let slow: Vec<usize> = (0..400)
        .filter(|&j| !(0..400).any(|i| beats(i, j)))
        .collect();
    let mut front = pareto((&a, Goal::Small), (&b, Goal::Small));
    front.sort_unstable();
    assert_eq!(front, slow);
}

#[test]
fn one_at_a_time_bars_are_the_very_ends() {
    // Middle, then low and high of `a`, then of `b`; the high end of `b` failed.
    let a = axis("a", vec![5.0, 0.0, 10.0, 5.0, 5.0]);
    let b = axis("b", vec![1.0, 1.0, 1.0, 0.0, 2.0]);
    let table = table(Sampling::OneAtATime, vec![a, b], |x| {
        if x[1] > 1.5 {
            f64::NAN
        } else {
            x[0] + 20.0 * x[1]
        }
    });
    let found = tornado(&table, y(&table));
    assert_eq!((found.middle, found.ends), (25.0, Ends::Exact));
    let names: Vec<_> = found.bars.iter().map(|bar| bar.axis.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!((found.bars[0].low, found.bars[0].low_at), (5.0, 0.0));
    assert!(found.bars[0].high.is_nan());
    assert_eq!((found.bars[1].low, found.bars[1].high), (20.0, 30.0));
}

#[test]
fn bars_of_other_samplings_are_means_over_fifths_or_levels() {
    let places = || (0..100).map(f64::from);
    let mut cycle = axis("cycle", places().map(|i| i % 3.0).collect());
    cycle.levels = ["nedc", "udds", "us06"].map(str::to_owned).to_vec();
    let axes = vec![axis("a", places().collect()), cycle];
    let table = table(Sampling::LatinHypercube, axes, |x| {
        // Level 1 is the largest, level 2 the smallest.
        x[0] + [0.0, 300.0, -300.0][x[1] as usize]
    });
    let found = tornado(&table, y(&table));
    assert_eq!(found.ends, Ends::Fifths);
    let [cycle, a] = &found.bars[..] else {
        panic!("two bars: {found:?}")
    };
    assert_eq!((cycle.low_at, cycle.high_at), (2.0, 1.0));
    assert_eq!((a.low_at, a.high_at), (9.5, 89.5));
    assert!((a.high - a.low - 80.0).abs() < 40.0, "{a:?}");
}

#[test]
fn a_response_holds_every_value_of_a_grid() {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for i in 0..4 {
        for j in 0..101 {
            a.push(f64::from(i));
            b.push(f64::from(j));
        }
    }
    let table = table(Sampling::Grid, vec![axis("a", a), axis("b", b)], |x| {
        if x[0] > 2.5 {
            f64::NAN
        } else {
            100.0 * x[0] + x[1]
        }
    });
    let found = response(&table, &table.columns[0], y(&table), None);
    assert!(!found.binned);
    let point = &found.lines[0].points[1];
    assert_eq!((point.at, point.designs, point.mean), (1.0, 101, 150.0));
    assert_eq!((point.least, point.low), (100.0, 105.0));
    assert_eq!((point.high, point.most), (195.0, 200.0));
    let failed = &found.lines[0].points[3];
    assert!(failed.designs == 0 && failed.mean.is_nan());

    let by = response(
        &table,
        &table.columns[1],
        y(&table),
        Some(&table.columns[0]),
    );
    assert!(!by.binned && by.lines[0].points.len() == 101);
    let of: Vec<_> = by.lines.iter().map(|line| line.of).collect();
    assert_eq!(of, [Some(0.0), Some(1.0), Some(2.0), Some(3.0)]);
}

#[test]
fn a_response_over_random_points_has_bins_of_equally_many() {
    let mut random = Pcg64::seed_from_u64(3);
    let places = (0..1000).map(|_| random.random_range(0.0..1.0)).collect();
    let axes = vec![axis("a", places)];
    let table = table(Sampling::LatinHypercube, axes, |x| 2.0 * x[0]);
    let found = response(&table, &table.columns[0], y(&table), None);
    assert!(found.binned);
    let points = &found.lines[0].points;
    assert_eq!(points.len(), 20);
    assert!(points.iter().all(|point| point.designs == 50));
    assert!(
        points
            .iter()
            .all(|point| (point.mean - 2.0 * point.at).abs() < 1e-9)
    );
}
