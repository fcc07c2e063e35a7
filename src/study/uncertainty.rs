//! How far a figure moves when all estimates move inside their ranges.
//!
//! A Latin hypercube: every estimate takes each of N slices of its range once, in an order of
//! its own. Ranges are what is known, without a preference inside: uniform distributions.
//! What moves the figure most is told by standardised regression coefficients, the change of
//! the figure in its own standard deviations per standard deviation of the estimate. What the
//! regression leaves unexplained says how far such a coefficient may be chance: with few runs
//! of many estimates most of them are.

use crate::analysis::{mean, quantile};
use nalgebra::{DMatrix, DVector};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

/// Seed of the hypercube: the same question has the same answer.
const SEED: u64 = 2010;
/// Share outside the band at either end.
const TAIL: f64 = 0.025;
/// Added to the diagonal so that few runs of many estimates still have a solution.
const RIDGE: f64 = 1e-6;

/// An estimate, or several that move together.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Name.
    pub name: String,
    /// Keys with the range of each.
    pub keys: Vec<(String, (f64, f64))>,
}

/// The spread of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Runs that gave a figure.
    pub runs: usize,
    /// Runs whose estimates did not fit each other.
    pub refused: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// Lower end of the band that holds 95 %.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Factors with their coefficients, the largest first.
    pub drivers: Vec<Driver>,
}

/// How much a factor moves the figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// Its name.
    pub name: String,
    /// Standard deviations of the figure per standard deviation of the factor.
    pub coefficient: f64,
    /// Standard error of the coefficient; infinite where there are not more runs than factors.
    pub standard_error: f64,
}

/// Standard errors from which on a coefficient is not taken for chance.
const TELLS: f64 = 2.5;

impl Driver {
    /// Whether it moves the figure more than chance would.
    pub fn tells(&self) -> bool {
        self.coefficient.abs() > TELLS * self.standard_error
    }
}

/// Places of all factors in their ranges, 0 to 1: a row a run.
fn hypercube(factors: usize, runs: usize) -> Vec<Vec<f64>> {
    let mut random = Pcg64::seed_from_u64(SEED);
    let mut rows = vec![vec![0.0; factors]; runs];
    let mut slices: Vec<usize> = (0..runs).collect();
    for factor in 0..factors {
        slices.shuffle(&mut random);
        for (row, slice) in rows.iter_mut().zip(&slices) {
            let within: f64 = random.random();
            row[factor] = (*slice as f64 + within) / runs as f64;
        }
    }
    rows
}

impl Factor {
    /// Keys with their values at a place of the ranges.
    fn at(&self, place: f64) -> impl Iterator<Item = (&str, f64)> {
        self.keys
            .iter()
            .map(move |(key, (low, high))| (key.as_str(), low + place * (high - low)))
    }
}

/// Standardised regression coefficients of the figures over the places, with their standard
/// errors.
fn coefficients(
    places: &[&Vec<f64>],
    figures: &[f64],
    mean: f64,
    deviation: f64,
) -> Vec<(f64, f64)> {
    let (runs, factors) = (places.len(), places.first().map_or(0, |row| row.len()));
    // A uniform distribution from 0 to 1 has this mean and deviation.
    let standard = |place: f64| (place - 0.5) * 12.0_f64.sqrt();
    let x = DMatrix::from_fn(runs, factors, |run, factor| standard(places[run][factor]));
    let y = DVector::from_iterator(runs, figures.iter().map(|it| (it - mean) / deviation));
    let mut normal = x.transpose() * &x;
    for index in 0..factors {
        normal[(index, index)] += RIDGE * runs as f64;
    }
    let Some(solved) = normal.cholesky() else {
        return Vec::new();
    };
    let found = solved.solve(&(x.transpose() * &y));
    // One more is known by the mean.
    let free = runs.saturating_sub(factors + 1);
    let unexplained = (&y - &x * &found).norm_squared() / free as f64;
    let spread = solved.inverse().diagonal();
    let error = |index: usize| match free {
        0 => f64::INFINITY,
        _ => (unexplained * spread[index]).sqrt(),
    };
    (0..factors)
        .map(|index| (found[index], error(index)))
        .collect()
}

/// Keys with their values.
pub type Values<'a> = Vec<(&'a str, f64)>;

/// Sets of estimates that are asked about at a time: as many as drive side by side.
const AT_A_TIME: usize = 8;

/// The spread of what `figures` says of `runs` sets of estimates, some of them at a time; none
/// where fewer than two of them give a figure. A set whose estimates do not fit each other
/// gives none.
pub fn spread(
    factors: &[Factor],
    runs: usize,
    figures: impl Fn(&[Values<'_>]) -> Vec<Option<f64>> + Sync,
) -> Option<Spread> {
    let places = hypercube(factors.len(), runs);
    let values = |row: &Vec<f64>| -> Values<'_> {
        let placed = factors.iter().zip(row);
        placed
            .flat_map(|(factor, place)| factor.at(*place))
            .collect()
    };
    let figures: Vec<Option<f64>> = places
        .par_chunks(AT_A_TIME)
        .flat_map_iter(|rows| {
            let sets: Vec<Values<'_>> = rows.iter().map(values).collect();
            let found = figures(&sets).into_iter();
            found.map(|figure| figure.filter(|it| it.is_finite()))
        })
        .collect();
    let (kept, found): (Vec<&Vec<f64>>, Vec<f64>) = places
        .iter()
        .zip(&figures)
        .filter_map(|(row, figure)| Some((row, (*figure)?)))
        .unzip();
    if found.len() < 2 {
        return None;
    }
    let count = found.len() as f64;
    let mean = mean(&found);
    let variance = found.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let deviation = variance.sqrt();
    let mut sorted = found.clone();
    sorted.sort_by(f64::total_cmp);
    let names = factors.iter().map(|factor| factor.name.clone());
    let of_factors = coefficients(&kept, &found, mean, deviation);
    let mut drivers: Vec<Driver> = names
        .zip(of_factors)
        .map(|(name, (coefficient, standard_error))| Driver {
            name,
            coefficient,
            standard_error,
        })
        .collect();
    drivers.sort_by(|a, b| b.coefficient.abs().total_cmp(&a.coefficient.abs()));
    Some(Spread {
        runs: found.len(),
        refused: runs - found.len(),
        mean,
        deviation,
        low: quantile(&sorted, TAIL),
        high: quantile(&sorted, 1.0 - TAIL),
        drivers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &str, range: (f64, f64)) -> Factor {
        Factor {
            name: name.into(),
            keys: vec![(name.into(), range)],
        }
    }

    #[test]
    fn a_sum_has_the_spread_of_its_parts_and_names_the_larger_one() {
        let factors = [factor("small", (0.0, 1.0)), factor("large", (0.0, 3.0))];
        let sum = |values: &Values<'_>| Some(values.iter().map(|it| it.1).sum());
        let found = spread(&factors, 400, |sets| sets.iter().map(sum).collect()).unwrap();
        // Variances of uniform distributions: 1/12 and 9/12.
        assert!((found.mean - 2.0).abs() < 0.01, "{found:?}");
        assert!(
            (found.deviation - (10.0_f64 / 12.0).sqrt()).abs() < 0.03,
            "{found:?}"
        );
        assert_eq!(found.drivers[0].name, "large");
        assert!(
            (found.drivers[0].coefficient - (0.9_f64).sqrt()).abs() < 0.02,
            "{found:?}"
        );
        assert!(found.low > 0.0 && found.high < 4.0 && found.low < found.high);
    }

    /// Of many factors that do nothing hardly one is named, whatever the number of runs.
    #[test]
    fn what_does_nothing_is_taken_for_chance() {
        let names: Vec<String> = (0..40).map(|index| format!("idle {index}")).collect();
        let mut factors: Vec<Factor> = names.iter().map(|it| factor(it, (0.0, 1.0))).collect();
        factors.push(factor("works", (0.0, 1.0)));
        // Bent, so that the regression leaves something.
        let figure = |values: &Values<'_>| values.last().map(|(_, it)| (3.0 * it).exp());
        for runs in [30, 64, 256, 1024] {
            let found = spread(&factors, runs, |sets| sets.iter().map(figure).collect());
            let found = found.expect("a spread");
            let told: Vec<&Driver> = found.drivers.iter().filter(|it| it.tells()).collect();
            assert!(told.len() <= 3, "{runs}: {told:?}");
            assert_eq!(
                runs > 60,
                told.iter().any(|it| it.name == "works"),
                "{runs}: {told:?}"
            );
        }
    }

    #[test]
    fn keys_that_move_together_do_and_sets_that_do_not_fit_are_counted() {
        let both = Factor {
            name: "both".into(),
            keys: vec![("a".into(), (0.0, 1.0)), ("b".into(), (10.0, 20.0))],
        };
        let lower_half = |values: &Values<'_>| {
            assert!((10.0 * values[0].1 + 10.0 - values[1].1).abs() < 1e-9);
            (values[0].1 < 0.5).then_some(values[0].1)
        };
        let found = spread(&[both], 100, |sets| sets.iter().map(lower_half).collect());
        let found = found.unwrap();
        assert_eq!((found.runs, found.refused), (50, 50));
    }

    #[test]
    fn the_same_question_has_the_same_answer() {
        let factors = [factor("a", (0.0, 1.0)), factor("b", (0.0, 1.0))];
        let product = |values: &Values<'_>| Some(values[0].1 * values[1].1);
        let ask = || spread(&factors, 64, |sets| sets.iter().map(product).collect());
        assert_eq!(ask(), ask());
        assert_eq!(spread(&factors, 64, |sets| vec![None; sets.len()]), None);
    }
}
