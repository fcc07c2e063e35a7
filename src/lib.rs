//! thsim: simulator of Toyota's THS-II power-split hybrid.

pub mod config;
pub mod control;
pub mod cycle;
pub mod issue;
pub mod ledger;
pub mod map;
pub mod results;
pub mod sim;
pub mod study;
pub mod units;
pub mod vehicle;
