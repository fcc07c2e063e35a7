//! What the results of many designs say: pure functions over a [`Table`](crate::results::Table).
//!
//! | function | question |
//! |---|---|
//! | [`pareto`] | which designs does no other beat in two outputs? |
//! | [`response`] | how does an output go with an axis? |
//! | [`sobol`] | which axis does the spread of an output come from? |
//! | [`tornado`] | what does an output become at the ends of every axis? |
//!
//! Nothing here draws or prints, and nothing depends on the number of threads. A design
//! that failed has NaN for its outputs and is left out.

mod pareto;
mod response;
mod sobol;
mod statistics;
#[cfg(test)]
mod tests;
mod tornado;

pub use pareto::{Goal, pareto};
pub use response::{Response, ResponseLine, ResponsePoint, response};
pub use sobol::{Band, Index, Indices, SobolError, sobol};
pub use statistics::{mean, quantile};
pub use tornado::{Bar, Ends, Tornado, tornado};
