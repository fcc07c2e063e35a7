//! Calibration: estimates moved inside their ranges until the model meets what was
//! measured.
//!
//! Least squares by Levenberg and Marquardt over
//!
//! - one residual a row: deviation over what the row is trusted with, and
//! - one residual an estimate: its distance from the middle of its range. A range is what
//!   is known before the fit; without this part the fit would spend estimates that no row
//!   asks for on the last tenth of a percent.
//!
//! Engine starts make the model jump by some tenths of a percent, so slopes are taken over a
//! good part of a range and not at a point. Leave-one-out: every row in turn is hidden from
//! the fit and then predicted.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DMatrix, DVector, Dyn, Owned};
use rayon::prelude::*;

/// Half the way over which slopes are taken, in half ranges.
const SLOPE_REACH: f64 = 0.1;
/// Weight of an estimate at the end of its range, in deviations that a row is trusted with.
const RANGE_WEIGHT: f64 = 0.5;
/// Where fits begin, as shares of the way from the middle of the ranges to the estimates as
/// they are.
const STARTS: [f64; 4] = [0.0, 0.4, 0.7, 1.0];
/// Effort of a fit, in rounds per estimate.
const PATIENCE: usize = 12;

/// An estimate that may move.
#[derive(Debug, Clone, PartialEq)]
pub struct Movable {
    /// Key of the vehicle file.
    pub key: String,
    /// Where it is now.
    pub value: f64,
    /// Range it may move in.
    pub range: (f64, f64),
}

impl Movable {
    /// The value at a place of the range: −1 at its low end, 1 at its high one, and never
    /// beyond.
    fn at(&self, place: f64) -> f64 {
        let (low, high) = self.range;
        low + 0.5 * (high - low) * (1.0 + place.clamp(-1.0, 1.0))
    }

    fn place(&self) -> f64 {
        let (low, high) = self.range;
        (2.0 * self.value - low - high) / (high - low)
    }
}

/// A result to be met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// Figure measured.
    pub measured: f64,
    /// Relative deviation that it is trusted with.
    pub trusted: f64,
}

/// What a calibration found.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Values found, in the order of the estimates.
    pub values: Vec<f64>,
    /// Relative deviation of every goal before.
    pub before: Vec<f64>,
    /// After.
    pub after: Vec<f64>,
    /// Of every goal when it is hidden from the fit.
    pub left_out: Vec<f64>,
}

/// The model as a fit sees it: values of the estimates to figures of the goals.
pub trait Model: Sync {
    /// Figures for these values, in the order of the goals.
    fn figures(&self, values: &[f64]) -> Vec<f64>;
}

impl<F: Fn(&[f64]) -> Vec<f64> + Sync> Model for F {
    fn figures(&self, values: &[f64]) -> Vec<f64> {
        self(values)
    }
}

struct Fit<'a, M: Model> {
    model: &'a M,
    movables: &'a [Movable],
    goals: &'a [Goal],
    hidden: Option<usize>,
    places: DVector<f64>,
}

impl<M: Model> Fit<'_, M> {
    fn values(&self, places: &DVector<f64>) -> Vec<f64> {
        let pairs = self.movables.iter().zip(places.iter());
        pairs.map(|(movable, &place)| movable.at(place)).collect()
    }

    fn residuals_at(&self, places: &DVector<f64>) -> DVector<f64> {
        let figures = self.model.figures(&self.values(places));
        let rows = figures.iter().zip(self.goals).enumerate();
        let of_rows = rows.map(|(index, (figure, goal))| {
            if self.hidden == Some(index) {
                0.0
            } else {
                (figure / goal.measured - 1.0) / goal.trusted
            }
        });
        let of_ranges = places.iter().map(|place| RANGE_WEIGHT * place);
        let all: Vec<f64> = of_rows.chain(of_ranges).collect();
        DVector::from_vec(all)
    }
}

impl<M: Model> LeastSquaresProblem<f64, Dyn, Dyn> for Fit<'_, M> {
    type ParameterStorage = Owned<f64, Dyn>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;

    fn set_params(&mut self, places: &DVector<f64>) {
        self.places.copy_from(places);
    }

    fn params(&self) -> DVector<f64> {
        self.places.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(self.residuals_at(&self.places))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let columns: Vec<DVector<f64>> = (0..self.places.len())
            .into_par_iter()
            .map(|index| {
                // Both ends inside the range, so that the slope is one of the model.
                let middle = self.places[index].clamp(SLOPE_REACH - 1.0, 1.0 - SLOPE_REACH);
                let at = |place: f64| {
                    let mut places = self.places.clone();
                    places[index] = place;
                    self.residuals_at(&places)
                };
                (at(middle + SLOPE_REACH) - at(middle - SLOPE_REACH)) / (2.0 * SLOPE_REACH)
            })
            .collect();
        Some(DMatrix::from_columns(&columns))
    }
}

/// The best of several fits: engine starts give the sum of squares many small valleys.
fn fit<M: Model>(
    model: &M,
    movables: &[Movable],
    goals: &[Goal],
    hidden: Option<usize>,
) -> Vec<f64> {
    let now = DVector::from_iterator(movables.len(), movables.iter().map(Movable::place));
    let ends: Vec<(f64, Vec<f64>)> = STARTS
        .par_iter()
        .map(|share| {
            let problem = Fit {
                model,
                movables,
                goals,
                hidden,
                places: &now * *share,
            };
            let (fitted, report) = LevenbergMarquardt::new()
                .with_ftol(1e-4)
                .with_xtol(1e-3)
                .with_gtol(1e-4)
                .with_stepbound(1.0)
                .with_patience(PATIENCE)
                .minimize(problem);
            (report.objective_function, fitted.values(&fitted.places))
        })
        .collect();
    let best = ends.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(|| movables.iter().map(|it| it.value).collect(), |it| it.1)
}

/// Moves the estimates until the goals are met as well as their ranges allow. With
/// `leave_one_out` every goal is also predicted by a fit that does not see it; else those
/// deviations are the ones of the fit. `fitted` is told of every fit that is done.
pub fn calibrate<M: Model>(
    model: &M,
    movables: &[Movable],
    goals: &[Goal],
    leave_one_out: bool,
    fitted: &dyn Fn(),
) -> Calibration {
    let errors = |values: &[f64]| -> Vec<f64> {
        let figures = model.figures(values);
        let pairs = figures.iter().zip(goals);
        pairs
            .map(|(figure, goal)| figure / goal.measured - 1.0)
            .collect()
    };
    let start: Vec<f64> = movables.iter().map(|it| it.value).collect();
    let values = fit(model, movables, goals, None);
    fitted();
    let after = errors(&values);
    let left_out = if leave_one_out {
        (0..goals.len())
            .map(|hidden| {
                let error = errors(&fit(model, movables, goals, Some(hidden)))[hidden];
                fitted();
                error
            })
            .collect()
    } else {
        after.clone()
    };
    Calibration {
        before: errors(&start),
        after,
        left_out,
        values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movable(value: f64) -> Movable {
        Movable {
            key: "x".into(),
            value,
            range: (0.0, 10.0),
        }
    }

    #[test]
    fn a_line_through_two_points_is_found() {
        let model = |x: &[f64]| vec![1.0 + x[0], 2.0 + x[0] + 2.0 * x[1]];
        let goals =
            [(5.0, 0.001), (12.0, 0.001)].map(|(measured, trusted)| Goal { measured, trusted });
        let found = calibrate(&model, &[movable(5.0), movable(5.0)], &goals, false, &|| ());
        assert!((found.values[0] - 4.0).abs() < 0.02, "{found:?}");
        assert!((found.values[1] - 3.0).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn no_estimate_leaves_its_range_for_a_goal_it_cannot_meet() {
        let model = |x: &[f64]| vec![x[0]];
        let goals = [Goal {
            measured: 20.0,
            trusted: 0.01,
        }];
        let found = calibrate(&model, &[movable(5.0)], &goals, false, &|| ());
        assert!(
            found.values[0] <= 10.0 && found.values[0] > 9.0,
            "{found:?}"
        );
    }

    #[test]
    fn an_estimate_that_no_row_asks_for_goes_to_the_middle_of_its_range() {
        let model = |x: &[f64]| vec![x[0]];
        let goals = [Goal {
            measured: 7.0,
            trusted: 0.01,
        }];
        let found = calibrate(&model, &[movable(2.0), movable(9.0)], &goals, true, &|| ());
        assert!((found.values[1] - 5.0).abs() < 0.1, "{found:?}");
        // Hidden, the only row is predicted by the middle.
        assert!(
            (found.left_out[0] - (5.0 / 7.0 - 1.0)).abs() < 0.05,
            "{found:?}"
        );
    }
}
