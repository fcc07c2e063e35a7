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
use std::sync::OnceLock;

/// Half the way over which slopes are taken, in half ranges.
const SLOPE_REACH: f64 = 0.1;
/// Weight of an estimate at the end of its range, in deviations that a row is trusted with.
const RANGE_WEIGHT: f64 = 0.5;
/// Where fits begin, as shares of the way from the middle of the ranges to the estimates as
/// they are.
const STARTS: [f64; 4] = [0.0, 0.4, 0.7, 1.0];
/// Places beyond which an estimate counts as at the end of its range.
const AT_END: f64 = 0.99;
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

    /// The place of a value.
    fn place(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        (2.0 * value - low - high) / (high - low)
    }

    /// Whether a value stands at an end of the range: what was measured asks for more.
    pub fn at_end(&self, value: f64) -> bool {
        self.place(value).abs() > AT_END
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
    /// Why there are no figures for some values.
    type Error: Send + Sync;

    /// Figures for these values, in the order of the goals.
    ///
    /// # Errors
    /// Where there is none for a goal.
    fn figures(&self, values: &[f64]) -> Result<Vec<f64>, Self::Error>;
}

impl<E: Send + Sync, F: Fn(&[f64]) -> Result<Vec<f64>, E> + Sync> Model for F {
    type Error = E;

    fn figures(&self, values: &[f64]) -> Result<Vec<f64>, E> {
        self(values)
    }
}

struct Fit<'a, M: Model> {
    model: &'a M,
    movables: &'a [Movable],
    goals: &'a [Goal],
    hidden: Option<usize>,
    places: DVector<f64>,
    /// Why the model gave no figures, which ends the fit.
    error: OnceLock<M::Error>,
}

impl<M: Model> Fit<'_, M> {
    fn values(&self, places: &DVector<f64>) -> Vec<f64> {
        let pairs = self.movables.iter().zip(places.iter());
        pairs.map(|(movable, &place)| movable.at(place)).collect()
    }

    fn residuals_at(&self, places: &DVector<f64>) -> Result<DVector<f64>, M::Error> {
        let figures = self.model.figures(&self.values(places))?;
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
        Ok(DVector::from_vec(all))
    }

    /// What there is; an error is kept for the end of the fit.
    fn or_keep<T>(&self, found: Result<T, M::Error>) -> Option<T> {
        found
            .map_err(|error| {
                // The fit ends with the first: there is no second.
                let _ = self.error.set(error);
            })
            .ok()
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
        self.or_keep(self.residuals_at(&self.places))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let columns: Vec<Result<_, M::Error>> = (0..self.places.len())
            .into_par_iter()
            .map(|index| {
                // Both ends inside the range, so that the slope is one of the model.
                let middle = self.places[index].clamp(SLOPE_REACH - 1.0, 1.0 - SLOPE_REACH);
                let at = |place: f64| {
                    let mut places = self.places.clone();
                    places[index] = place;
                    self.residuals_at(&places)
                };
                let (above, below) = (at(middle + SLOPE_REACH)?, at(middle - SLOPE_REACH)?);
                Ok((above - below) / (2.0 * SLOPE_REACH))
            })
            .collect();
        // The first error of their order, whichever thread was faster.
        let columns = self.or_keep(columns.into_iter().collect::<Result<Vec<_>, _>>())?;
        Some(DMatrix::from_columns(&columns))
    }
}

/// The best of several fits: engine starts give the sum of squares many small valleys.
fn fit<M: Model>(
    model: &M,
    movables: &[Movable],
    goals: &[Goal],
    hidden: Option<usize>,
) -> Result<Vec<f64>, M::Error> {
    let now = movables.iter().map(|it| it.place(it.value));
    let now = DVector::from_iterator(movables.len(), now);
    let ends: Vec<Result<_, M::Error>> = STARTS
        .par_iter()
        .map(|share| {
            let problem = Fit {
                model,
                movables,
                goals,
                hidden,
                places: &now * *share,
                error: OnceLock::new(),
            };
            let (fitted, report) = LevenbergMarquardt::new()
                .with_ftol(1e-4)
                .with_xtol(1e-3)
                .with_gtol(1e-4)
                .with_stepbound(1.0)
                .with_patience(PATIENCE)
                .minimize(problem);
            let values = fitted.values(&fitted.places);
            match fitted.error.into_inner() {
                Some(error) => Err(error),
                None => Ok((report.objective_function, values)),
            }
        })
        .collect();
    let ends = ends.into_iter().collect::<Result<Vec<_>, M::Error>>()?;
    let best = ends.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let unmoved = || movables.iter().map(|it| it.value).collect();
    Ok(best.map_or_else(unmoved, |it| it.1))
}

/// Moves the estimates until the goals are met as well as their ranges allow. With
/// `leave_one_out` every goal is also predicted by a fit that does not see it; else those
/// deviations are the ones of the fit. `fitted` is told of every fit that is done.
///
/// # Errors
/// That of the model, where it has no figures for values inside the ranges.
pub fn calibrate<M: Model>(
    model: &M,
    movables: &[Movable],
    goals: &[Goal],
    leave_one_out: bool,
    fitted: &dyn Fn(),
) -> Result<Calibration, M::Error> {
    let errors = |values: &[f64]| -> Result<Vec<f64>, M::Error> {
        let figures = model.figures(values)?;
        let pairs = figures.iter().zip(goals);
        Ok(pairs
            .map(|(figure, goal)| figure / goal.measured - 1.0)
            .collect())
    };
    let start: Vec<f64> = movables.iter().map(|it| it.value).collect();
    let before = errors(&start)?;
    let values = fit(model, movables, goals, None)?;
    fitted();
    let after = errors(&values)?;
    let left_out = if leave_one_out {
        (0..goals.len())
            .map(|hidden| {
                let error = errors(&fit(model, movables, goals, Some(hidden))?)?[hidden];
                fitted();
                Ok(error)
            })
            .collect::<Result<Vec<_>, M::Error>>()?
    } else {
        after.clone()
    };
    Ok(Calibration {
        values,
        before,
        after,
        left_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[allow(clippy::unnecessary_wraps)] // what a model gives
    fn figures(figures: Vec<f64>) -> Result<Vec<f64>, Infallible> {
        Ok(figures)
    }

    fn movable(value: f64) -> Movable {
        Movable {
            key: "x".into(),
            value,
            range: (0.0, 10.0),
        }
    }

    #[test]
    fn a_line_through_two_points_is_found() {
        let model = |x: &[f64]| figures(vec![1.0 + x[0], 2.0 + x[0] + 2.0 * x[1]]);
        let goals =
            [(5.0, 0.001), (12.0, 0.001)].map(|(measured, trusted)| Goal { measured, trusted });
        let found =
            calibrate(&model, &[movable(5.0), movable(5.0)], &goals, false, &|| ()).unwrap();
        assert!((found.values[0] - 4.0).abs() < 0.02, "{found:?}");
        assert!((found.values[1] - 3.0).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn no_estimate_leaves_its_range_for_a_goal_it_cannot_meet() {
        let model = |x: &[f64]| figures(vec![x[0]]);
        let goals = [Goal {
            measured: 20.0,
            trusted: 0.01,
        }];
        let found = calibrate(&model, &[movable(5.0)], &goals, false, &|| ()).unwrap();
        assert!(
            found.values[0] <= 10.0 && found.values[0] > 9.0,
            "{found:?}"
        );
    }

    #[test]
    fn an_estimate_that_no_row_asks_for_goes_to_the_middle_of_its_range() {
        let model = |x: &[f64]| figures(vec![x[0]]);
        let goals = [Goal {
            measured: 7.0,
            trusted: 0.01,
        }];
        let found = calibrate(&model, &[movable(2.0), movable(9.0)], &goals, true, &|| ()).unwrap();
        assert!((found.values[1] - 5.0).abs() < 0.1, "{found:?}");
        // Hidden, the only row is predicted by the middle.
        assert!(
            (found.left_out[0] - (5.0 / 7.0 - 1.0)).abs() < 0.05,
            "{found:?}"
        );
    }

    #[test]
    fn a_model_without_figures_ends_the_fit_with_its_error() {
        let goals = [Goal {
            measured: 9.0,
            trusted: 0.01,
        }];
        // At the start there is a figure, on the way to the goal there is none.
        let model = |x: &[f64]| match x[0] {
            x if x < 7.0 => Ok(vec![x]),
            _ => Err("no car"),
        };
        let found = calibrate(&model, &[movable(5.0)], &goals, false, &|| ());
        assert_eq!(found, Err("no car"));
    }

    #[test]
    fn an_estimate_is_at_the_end_of_its_range_and_not_near_it() {
        let movable = movable(5.0);
        let places = [0.0, 0.2, 5.0, 9.8, 10.0].map(|value| movable.at_end(value));
        assert_eq!(places, [true, false, false, false, true]);
    }
}
