//! The model against what was measured.
//!
//! - [`rows`]: the table of measured results, with what each is used for,
//! - [`simulated`]: what the model says to a row,
//! - [`calibrate`]: estimates moved inside their ranges.

mod budget;
mod calibration;
mod estimates;
mod simulated;
mod table;

pub use budget::{Budget, Compared, MEAN_LIMIT_PERCENT, WORST_LIMIT_PERCENT};
pub use calibration::{Calibration, Goal, Model, Movable, calibrate};
pub use estimates::movable_keys;
pub use simulated::{simulated, tests};
pub use table::{RoadLoadKnown, Row, Use, rows};
