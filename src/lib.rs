//! thsim: simulator of Toyota's THS-II power-split hybrid.

pub mod control;
pub mod cycle;
pub mod issue;
pub mod ledger;
pub mod map;
#[cfg(feature = "plot")]
pub mod plot;
pub mod results;
pub mod sim;
pub mod units;
pub mod vehicle;
