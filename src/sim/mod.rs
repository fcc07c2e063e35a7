//! One step, one run, and what is kept of it.

mod run;
mod step;
mod trace;

pub use run::{Initial, Recorder, Silent, Simulated, StartEvent, drive};
pub use step::{Flows, step};
pub use trace::{EngineState, Trace, TraceRow};
