//! The error budget: what the rows together are held to.

use super::table::{RoadLoadKnown, Row, Use};

/// Largest mean deviation of consumption with a published road load, percent.
pub const MEAN_LIMIT_PERCENT: f64 = 2.0;
/// Largest single deviation of it, percent.
pub const WORST_LIMIT_PERCENT: f64 = 4.0;

/// A row with what the model says to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The row.
    pub row: Row,
    /// Figure of the model; none where nothing is simulated.
    pub simulated: Option<f64>,
}

/// The budget over all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Rows of consumption with a published road load.
    pub count: usize,
    /// Their mean deviation, percent.
    pub mean_percent: f64,
    /// Their worst, percent.
    pub worst_percent: f64,
    /// Rows that miss their own tolerance.
    pub broken: Vec<usize>,
}

impl Compared {
    /// Deviation from the middle of what was measured, percent.
    pub fn error_percent(&self) -> Option<f64> {
        self.simulated.map(|it| self.row.error_percent(it))
    }

    /// Whether the row counts and is outside its tolerance; inside the measured band it never
    /// is.
    pub fn breaks(&self) -> bool {
        let Some(simulated) = self.simulated else {
            return false;
        };
        let inside = (self.row.low..=self.row.high).contains(&simulated);
        let error = self.row.error_percent(simulated).abs();
        self.row.used != Use::Report && !inside && error > self.row.tolerance_percent
    }

    /// Whether the row is one of those that the mean is over: consumption of a whole test
    /// with a published road load.
    pub fn is_of_the_mean(&self) -> bool {
        let row = &self.row;
        row.road_load == RoadLoadKnown::Published
            && row.used != Use::Report
            && row.quantity == "fuel_economy"
    }
}

impl Budget {
    /// The budget of these rows.
    pub fn of(rows: &[Compared]) -> Self {
        let errors: Vec<f64> = rows
            .iter()
            .filter(|it| it.is_of_the_mean())
            .filter_map(|it| Some(it.error_percent()?.abs()))
            .collect();
        Self {
            count: errors.len(),
            mean_percent: errors.iter().sum::<f64>() / errors.len() as f64,
            worst_percent: errors.iter().copied().fold(0.0, f64::max),
            broken: (0..rows.len()).filter(|&i| rows[i].breaks()).collect(),
        }
    }

    /// Whether everything is within its limits.
    pub fn holds(&self) -> bool {
        self.broken.is_empty()
            && self.mean_percent <= MEAN_LIMIT_PERCENT
            && self.worst_percent <= WORST_LIMIT_PERCENT
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    fn all(factor: f64) -> Vec<Compared> {
        let rows = rows().unwrap();
        let compared = rows.into_iter().map(|row| Compared {
            simulated: Some(row.middle() * factor),
            row,
        });
        compared.collect()
    }

    #[test]
    fn the_measured_figures_themselves_hold_the_budget() {
        let budget = Budget::of(&all(1.0));
        assert!(budget.holds(), "{budget:?}");
        assert_eq!(budget.count, 6);
    }

    #[test]
    fn three_percent_off_everywhere_breaks_the_mean_and_five_the_worst() {
        let three = Budget::of(&all(1.03));
        assert!(!three.holds() && three.mean_percent > 2.9 && three.worst_percent < 4.0);
        let five = Budget::of(&all(1.05));
        assert!(!five.holds() && five.worst_percent > 4.0 && !five.broken.is_empty());
    }

    #[test]
    fn every_row_that_is_only_reported_says_why() {
        for row in rows().unwrap().iter().filter(|row| row.used == Use::Report) {
            assert!(!row.note.is_empty(), "{row:?}");
        }
    }
}
