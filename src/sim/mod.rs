//! One step, one run, and what is kept of it.

mod conventional;
mod engine_plan;
mod flows;
mod limits;
mod many;
mod power_limit;
mod run;
mod step;
mod trace;

pub use conventional::{
    ConventionalFlows, ConventionalStep, conventional_start, drive_conventional,
};
pub use flows::Flows;
pub use many::{Car, drive_many, drive_many_with, drive_one};
pub use run::{Initial, Recorder, SideBySide, Silent, Simulated, StartEvent, drive};
pub use step::step;
pub use trace::{EngineState, Trace, TraceRow};
