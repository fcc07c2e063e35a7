//! What values an axis takes: a list, a range, a distribution.

use super::design::Place;

/// Values of one key or name along its axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Spread {
    /// These numbers.
    Numbers(Vec<f64>),
    /// So many texts or lists; a value is the number of one.
    Levels(usize),
    /// Evenly from the one to the other.
    Linear { from: f64, to: f64 },
    /// Evenly in the logarithm.
    Logarithmic { from: f64, to: f64 },
    /// Normal, its tails cut where bounds are given.
    Normal {
        mean: f64,
        sigma: f64,
        low: f64,
        high: f64,
    },
    /// Triangular.
    Triangular { low: f64, mode: f64, high: f64 },
}

/// Share at which an axis without ends has its low end; the high end is as far from the top.
const TAIL: f64 = 0.05;

impl Spread {
    /// Value at a place of an axis that has `points`.
    pub(super) fn at(&self, place: Place, points: u64) -> f64 {
        match self {
            Self::Numbers(numbers) => numbers[chosen(place, numbers.len())],
            Self::Levels(count) => chosen(place, *count) as f64,
            _ => match place {
                // Numbers of a grid are read by people: 3.3, not 3.3000000000000003.
                Place::Point(point) => rounded(self.quantile(self.share(point, points))),
                Place::Share(share) => self.quantile(share),
                Place::Middle => rounded(self.quantile(0.5)),
                Place::Low => rounded(self.quantile(self.end())),
                Place::High => rounded(self.quantile(1.0 - self.end())),
            },
        }
    }

    /// Whether it is spread evenly in the logarithm.
    pub(super) fn is_logarithmic(&self) -> bool {
        matches!(self, Self::Logarithmic { .. })
    }

    /// Share of the low end.
    fn end(&self) -> f64 {
        match self {
            Self::Normal { .. } | Self::Triangular { .. } => TAIL,
            _ => 0.0,
        }
    }

    /// Share at which a point of a grid lies: ranges reach both ends, distributions are cut
    /// into slices of equal probability and taken in the middle of each.
    fn share(&self, point: u64, points: u64) -> f64 {
        match self {
            Self::Normal { .. } | Self::Triangular { .. } => (point as f64 + 0.5) / points as f64,
            _ => point as f64 / points.saturating_sub(1).max(1) as f64,
        }
    }

    /// Value below which this share of the axis lies.
    fn quantile(&self, share: f64) -> f64 {
        match *self {
            Self::Numbers(_) | Self::Levels(_) => f64::NAN,
            Self::Linear { from, to } => from + share * (to - from),
            Self::Logarithmic { from, to } => {
                // Exact at both ends.
                if share <= 0.0 {
                    from
                } else if share >= 1.0 {
                    to
                } else {
                    from * libm::exp(share * libm::log(to / from))
                }
            }
            Self::Normal {
                mean,
                sigma,
                low,
                high,
            } => {
                let (below, above) = (normal((low - mean) / sigma), normal((high - mean) / sigma));
                let value = mean + sigma * normal_quantile(below + share * (above - below));
                value.clamp(low, high)
            }
            Self::Triangular { low, mode, high } => {
                let at_mode = (mode - low) / (high - low);
                if share <= at_mode {
                    low + ((high - low) * (mode - low) * share).sqrt()
                } else {
                    high - ((high - low) * (high - mode) * (1.0 - share)).sqrt()
                }
            }
        }
    }
}

/// Which of so many things lies at a place.
fn chosen(place: Place, count: usize) -> usize {
    let last = count - 1;
    match place {
        Place::Point(point) => (point as usize).min(last),
        Place::Share(share) => ((share * count as f64) as usize).min(last),
        Place::Low => 0,
        Place::Middle => last / 2,
        Place::High => last,
    }
}

/// A number to twelve digits.
pub(super) fn rounded(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// Share of the standard normal distribution below `x`.
fn normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// Value below which a share of the standard normal distribution lies, by bisection closed
/// with Newton's method: exact to rounding, and slow only where nobody waits.
fn normal_quantile(share: f64) -> f64 {
    const FARTHEST: f64 = 38.0;
    // The density, for Newton's steps.
    let density = |x: f64| libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
    if share.partial_cmp(&0.5) == Some(std::cmp::Ordering::Greater) {
        return -normal_quantile(1.0 - share);
    }
    let (mut low, mut high) = (-FARTHEST, 0.0);
    for _ in 0..12 {
        let middle = 0.5 * (low + high);
        if normal(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    let mut x = 0.5 * (low + high);
    for _ in 0..8 {
        let step = (normal(x) - share) / density(x);
        if !step.is_finite() {
            break;
        }
        x = (x - step).clamp(low, high);
        if step.abs() < 1e-15 * x.abs().max(1.0) {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (share, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.841_344_746_068_542_9, 1.0),
            (1e-9, -5.997_807_015_007_686),
            (0.9, 1.281_551_565_544_600_4),
        ] {
            assert!((normal_quantile(share) - expected).abs() < 1e-12, "{share}");
        }
    }

    #[test]
    #[allow(clippy::float_cmp)]
    fn grids_reach_the_ends_of_ranges_in_round_numbers() {
        let range = Spread::Linear { from: 3.0, to: 4.0 };
        let points: Vec<f64> = (0..11).map(|i| range.at(Place::Point(i), 11)).collect();
        assert_eq!(points[0], 3.0);
        assert_eq!(points[3], 3.3);
        assert_eq!(points[10], 4.0);
        assert_eq!(range.at(Place::Point(0), 1), 3.0);
        let decades = Spread::Logarithmic { from: 1.0, to: 1e4 };
        let points: Vec<f64> = (0..5).map(|i| decades.at(Place::Point(i), 5)).collect();
        assert_eq!(points, [1.0, 10.0, 100.0, 1000.0, 1e4]);
    }

    #[test]
    fn distributions_have_their_moments_and_bounds() {
        let sample = |spread: &Spread| -> (f64, f64) {
            let values: Vec<f64> = (0..2000)
                .map(|i| spread.at(Place::Share((f64::from(i) + 0.5) / 2000.0), 0))
                .collect();
            let mean = values.iter().sum::<f64>() / 2000.0;
            let square: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
            (mean, (square / 2000.0).sqrt())
        };
        let free = Spread::Normal {
            mean: 5.0,
            sigma: 2.0,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
        };
        let (mean, sigma) = sample(&free);
        assert_relative_eq!(mean, 5.0, epsilon = 1e-9);
        assert_relative_eq!(sigma, 2.0, epsilon = 0.01);
        let cut = Spread::Normal {
            mean: 5.0,
            sigma: 2.0,
            low: 4.0,
            high: 6.0,
        };
        for i in 0..=10 {
            let value = cut.at(Place::Share(f64::from(i) / 10.0), 0);
            assert!((4.0..=6.0).contains(&value), "{value}");
        }
        let triangle = Spread::Triangular {
            low: 0.0,
            mode: 1.0,
            high: 4.0,
        };
        let (mean, sigma) = sample(&triangle);
        assert_relative_eq!(mean, 5.0 / 3.0, epsilon = 1e-3);
        // Variance: (l² + m² + h² − lm − lh − mh) / 18.
        assert_relative_eq!(sigma, (13.0_f64 / 18.0).sqrt(), epsilon = 1e-3);
    }

    #[test]
    #[allow(clippy::float_cmp)]
    fn lists_are_cut_evenly() {
        let list = Spread::Numbers(vec![1.0, 2.0, 4.0]);
        assert_eq!(list.at(Place::Share(0.999), 3), 4.0);
        assert_eq!(list.at(Place::Share(0.34), 3), 2.0);
        assert_eq!(list.at(Place::Middle, 3), 2.0);
        assert_eq!(Spread::Levels(2).at(Place::High, 2), 1.0);
    }
}
