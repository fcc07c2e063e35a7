//! One step, one run, and what is kept of it.

mod conventional;
mod engine_plan;
mod flows;
mod many;
mod run;
mod step;
mod trace;

pub use conventional::{
    ConventionalFlows, ConventionalStep, conventional_start, drive_conventional,
};
pub use flows::Flows;
pub use many::{Car, Drive, drive_many, drive_many_with};
pub use run::{Initial, Recorder, SideBySide, Silent, Simulated, StartEvent, drive};
pub use step::step;
pub use trace::{EngineState, Trace, TraceRow};
