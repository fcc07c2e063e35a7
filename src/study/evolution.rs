//! Search for the least of a function that jumps: an evolution strategy with covariance
//! matrix adaptation (CMA-ES).
//!
//! A generation of points is drawn from a normal distribution; the better half, weighted by
//! rank, moves its middle, and the way that middle takes stretches and shrinks it. Only ranks
//! count, so jumps and points without a value do no harm.
//!
//! Reference: N. Hansen, *The CMA Evolution Strategy: A Tutorial*, arXiv:1604.00772, with its
//! recommended rates. Steps are drawn with the Cholesky factor of the covariance instead of
//! its symmetric root (Krause, Arbonès and Igel, NIPS 2016): it takes nothing but the four
//! operations and square roots, which are the same to the last bit on every machine.

use nalgebra::{DMatrix, DVector};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Where a search begins, as a standard deviation: a third of the range on either side.
const FIRST_SPREAD: f64 = 0.3;
/// Standard deviation below which all points of a generation are one.
const LAST_SPREAD: f64 = 2e-3;
/// Points of a generation: enough that a lucky jump is not mistaken for a direction, and whole
/// rows of cars side by side. Every restart draws this many times as many.
const POPULATION: usize = 32;
const RESTART_GROWTH: usize = 2;
/// Generations without a better point after which a search begins anew, for each unknown.
const PATIENCE_PER_UNKNOWN: usize = 4;
/// What a point beyond the range costs more than the end of the range, for a squared range, in
/// differences between the best and the middle of its generation.
const BEYOND_RANGE: f64 = 10.0;

/// Fewest points that a search can do with.
pub const FEWEST_RUNS: usize = POPULATION;

/// The distribution that points are drawn from.
struct Distribution {
    mean: DVector<f64>,
    sigma: f64,
    covariance: DMatrix<f64>,
    /// Lower triangle `L` with `L·Lᵀ` the covariance.
    factor: DMatrix<f64>,
    step_path: DVector<f64>,
    shape_path: DVector<f64>,
    /// What the first generation still weighs in the step path.
    unsettled: f64,
    rates: Rates,
}

/// Weights of the ranks, and how fast what was learnt is replaced.
struct Rates {
    weights: Vec<f64>,
    effective: f64,
    step_path: f64,
    damping: f64,
    shape_path: f64,
    rank_one: f64,
    rank_many: f64,
    /// Expected length of a standard normal vector.
    length: f64,
}

impl Rates {
    /// Hansen's table 1, positive weights.
    fn new(unknowns: usize, population: usize) -> Self {
        let n = unknowns as f64;
        let half = population / 2;
        let weight = |rank: usize| libm::log((half as f64 + 0.5) / (rank as f64 + 1.0));
        let sum: f64 = (0..half).map(weight).sum();
        let weights: Vec<f64> = (0..half).map(|rank| weight(rank) / sum).collect();
        let effective = 1.0 / weights.iter().map(|it| it * it).sum::<f64>();
        let step_path = (effective + 2.0) / (n + effective + 5.0);
        let rank_one = 2.0 / ((n + 1.3).powi(2) + effective);
        let rank_many = 2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0).powi(2) + effective);
        Self {
            weights,
            effective,
            step_path,
            damping: 1.0
                + 2.0 * (((effective - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0)
                + step_path,
            shape_path: (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n),
            rank_one,
            rank_many: rank_many.min(1.0 - rank_one),
            length: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
        }
    }
}

impl Distribution {
    fn new(mean: DVector<f64>, population: usize) -> Self {
        let n = mean.len();
        Self {
            mean,
            sigma: FIRST_SPREAD,
            covariance: DMatrix::identity(n, n),
            factor: DMatrix::identity(n, n),
            step_path: DVector::zeros(n),
            shape_path: DVector::zeros(n),
            unsettled: 1.0,
            rates: Rates::new(n, population),
        }
    }

    /// The point that a standard normal vector stands for.
    fn point(&self, normal: &DVector<f64>) -> DVector<f64> {
        &self.mean + &self.factor * normal * self.sigma
    }

    /// Largest standard deviation of an unknown.
    fn spread(&self) -> f64 {
        let largest = self.covariance.diagonal().max();
        self.sigma * largest.max(0.0).sqrt()
    }

    /// Learns from the vectors of a generation, the best first. False where the covariance
    /// has become too flat to go on.
    fn learn(&mut self, ranked: &[&DVector<f64>]) -> bool {
        let rates = &self.rates;
        let n = self.mean.len();
        let mut middle = DVector::zeros(n);
        for (weight, normal) in rates.weights.iter().zip(ranked) {
            middle += *normal * *weight;
        }
        let step = &self.factor * &middle;
        self.mean += &step * self.sigma;

        let keep = 1.0 - rates.step_path;
        let gain = (rates.step_path * (2.0 - rates.step_path) * rates.effective).sqrt();
        self.step_path = &self.step_path * keep + middle * gain;
        self.unsettled *= keep * keep;
        let length = self.step_path.norm();
        // While the step grows fast, the shape does not follow it.
        let expected = rates.length * (1.0 - self.unsettled).sqrt();
        let follows = length < (1.4 + 2.0 / (n as f64 + 1.0)) * expected;

        let gain = rates.shape_path * (2.0 - rates.shape_path);
        self.shape_path *= 1.0 - rates.shape_path;
        if follows {
            self.shape_path += step * (gain * rates.effective).sqrt();
        }
        let missed = if follows { 0.0 } else { rates.rank_one * gain };
        let (path, covariance) = (&self.shape_path, &mut self.covariance);
        *covariance *= 1.0 - rates.rank_one - rates.rank_many + missed;
        covariance.ger(rates.rank_one, path, path, 1.0);
        for (weight, normal) in rates.weights.iter().zip(ranked) {
            let step = &self.factor * *normal;
            covariance.ger(rates.rank_many * weight, &step, &step, 1.0);
        }
        self.sigma *= libm::exp((length / rates.length - 1.0) * rates.step_path / rates.damping);
        match self.covariance.clone().cholesky() {
            Some(root) => {
                self.factor = root.unpack();
                true
            }
            None => false,
        }
    }
}

/// A standard normal number (Box and Muller).
fn normal(random: &mut Pcg64) -> f64 {
    let (radius, angle): (f64, f64) = (random.random(), random.random());
    (-2.0 * libm::log(1.0 - radius)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * angle)
}

/// What points count as: the cost of the place inside the range, and more the farther they lie
/// beyond it, so that the search comes back.
fn judged(points: &[DVector<f64>], places: &[Vec<f64>], costs: &[f64]) -> Vec<f64> {
    let mut sorted = costs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let difference = sorted[sorted.len() / 2] - sorted[0];
    let price = if difference.is_finite() {
        BEYOND_RANGE * difference
    } else {
        BEYOND_RANGE
    };
    let pairs = points.iter().zip(places).zip(costs);
    pairs
        .map(|((point, place), cost)| {
            let ways = point.iter().zip(place).map(|(it, end)| (it - end).powi(2));
            cost + price * ways.sum::<f64>()
        })
        .collect()
}

/// Looks for the least cost among places, each from 0 to 1. It begins at `start`; where it has
/// settled, it begins anew at a random place with more points at a time, until about `runs`
/// places were tried (never more, a whole generation at least).
///
/// `costs` is asked of a generation at a time and says infinity of a place that cannot be; none
/// ends the search. Gives the best place with its cost; `start` with infinity where none could
/// be.
pub(super) fn least(
    start: &[f64],
    runs: usize,
    seed: u64,
    mut costs: impl FnMut(&[Vec<f64>]) -> Option<Vec<f64>>,
) -> (Vec<f64>, f64) {
    let n = start.len();
    let mut random = Pcg64::seed_from_u64(seed);
    let mut best = (start.to_vec(), f64::INFINITY);
    let mut population = POPULATION;
    let mut distribution = Distribution::new(DVector::from_column_slice(start), population);
    let (mut local, mut stale) = (f64::INFINITY, 0);
    let mut left = runs;
    while left >= population {
        left -= population;
        let normals: Vec<DVector<f64>> = (0..population)
            .map(|_| DVector::from_fn(n, |_, _| normal(&mut random)))
            .collect();
        let points: Vec<DVector<f64>> = normals.iter().map(|it| distribution.point(it)).collect();
        let inside = |point: &DVector<f64>| point.iter().map(|it| it.clamp(0.0, 1.0)).collect();
        let places: Vec<Vec<f64>> = points.iter().map(inside).collect();
        let Some(found) = costs(&places) else { break };
        let judged = judged(&points, &places, &found);
        let mut order: Vec<usize> = (0..population).collect();
        order.sort_by(|&a, &b| judged[a].total_cmp(&judged[b]));
        stale += 1;
        for (place, &cost) in places.iter().zip(&found) {
            if cost < local {
                (local, stale) = (cost, 0);
            }
            if cost < best.1 {
                best = (place.clone(), cost);
            }
        }
        let ranked: Vec<&DVector<f64>> = order.iter().map(|&index| &normals[index]).collect();
        let goes_on = distribution.learn(&ranked)
            && distribution.spread() > LAST_SPREAD
            && stale < PATIENCE_PER_UNKNOWN * n.max(4);
        if !goes_on {
            population *= RESTART_GROWTH;
            let place = DVector::from_fn(n, |_, _| random.random());
            distribution = Distribution::new(place, population);
            (local, stale) = (f64::INFINITY, 0);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(
        start: &[f64],
        (runs, seed): (usize, u64),
        cost: impl Fn(&[f64]) -> f64,
    ) -> (Vec<f64>, f64) {
        least(start, runs, seed, |places| {
            Some(places.iter().map(|place| cost(place)).collect())
        })
    }

    /// A long narrow valley, askew to all unknowns.
    fn valley(place: &[f64]) -> f64 {
        let middle: f64 = place.iter().sum::<f64>() / place.len() as f64;
        let across = place.iter().map(|it| (it - middle).powi(2)).sum::<f64>();
        (middle - 0.3).powi(2) + 1e3 * across
    }

    #[test]
    fn it_finds_the_end_of_a_narrow_valley() {
        for seed in 0..5 {
            let (place, cost) = search(&[0.9, 0.1, 0.5, 0.7], (3000, seed), valley);
            assert!(cost < 1e-4, "{cost} at {place:?} with seed {seed}");
        }
    }

    #[test]
    fn steps_and_walls_do_no_harm() {
        // Terraces of a tenth of the way to the best, and places that cannot be.
        let cost = |place: &[f64]| {
            let way: f64 = place.iter().map(|it| (it - 0.42).powi(2)).sum();
            if place[0] + place[1] > 1.1 {
                f64::INFINITY
            } else {
                (40.0 * way.sqrt()).floor()
            }
        };
        for seed in 0..5 {
            let (place, cost) = search(&[0.05, 0.95, 0.5], (2000, seed), cost);
            assert!(cost <= 1.0, "{cost} at {place:?} with seed {seed}");
        }
    }

    #[test]
    fn a_best_beyond_the_range_is_found_at_its_end() {
        let slope = |place: &[f64]| place[0] - place[1] + (place[2] - 0.5).powi(2);
        let (place, cost) = search(&[0.5; 3], (2000, 1), slope);
        assert_eq!((place[0], place[1]), (0.0, 1.0));
        assert!((cost + 1.0).abs() < 1e-3, "{cost} at {place:?}");
    }

    #[test]
    fn it_keeps_to_its_runs_and_to_its_seed() {
        let tried = std::cell::Cell::new(0);
        let count = |place: &[f64]| {
            tried.set(tried.get() + 1);
            assert!(place.iter().all(|it| (0.0..=1.0).contains(it)));
            valley(place)
        };
        let one = search(&[0.5; 2], (1000, 7), count);
        assert!(tried.get() <= 1000, "{tried:?}");
        assert!(tried.get() > 1000 - 8 * POPULATION, "{tried:?}");
        assert_eq!(one, search(&[0.5; 2], (1000, 7), valley));
        assert_ne!(one, search(&[0.5; 2], (1000, 8), valley));
    }

    #[test]
    fn where_nothing_can_be_the_start_stays() {
        let (place, cost) = search(&[0.2, 0.6], (500, 1), |_| f64::INFINITY);
        assert_eq!((place, cost), (vec![0.2, 0.6], f64::INFINITY));
        let stopped = least(&[0.2], 500, 1, |_| None);
        assert_eq!(stopped, (vec![0.2], f64::INFINITY));
    }
}
