//! One step, one run, and what is kept of it.

mod conventional;
mod engine_plan;
mod flows;
mod run;
mod step;
mod trace;

pub use conventional::{
    ConventionalFlows, ConventionalStep, conventional_start, drive_conventional,
};
pub use flows::Flows;
pub use run::{Initial, Recorder, Silent, Simulated, StartEvent, drive};
pub use step::step;
pub use trace::{EngineState, Trace, TraceRow};
