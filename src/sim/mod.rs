//! One step, one run, and what is kept of it.

mod engine_plan;
mod flows;
mod run;
mod step;
mod trace;

pub use flows::Flows;
pub use run::{Initial, Recorder, Silent, Simulated, StartEvent, drive};
pub use step::step;
pub use trace::{EngineState, Trace, TraceRow};
