//! Parameter sweeps: many designs of a car, each a pure function of the sweep and its index.
//!
//! ```text
//! sweep file ─► Sweep ─► Worker (one a thread) ─► rows ─► parts ─► Table ─► CSV, pictures
//!               space      vehicle, plant, runs            one Parquet file a range of designs
//! ```
//!
//! A sweep is cut into parts that depend on the sweep alone. A part is written whole or not
//! at all; to go on after an interruption is to run the parts that are missing. So threads,
//! shards, machines and interruptions leave no trace in the results.

mod design;
mod error;
mod file;
mod folder;
mod formula;
mod hash;
mod joe_kuo;
mod joined;
mod label;
mod manifest;
mod output;
mod part;
mod random;
mod run;
mod shipped;
mod slurm;
mod sobol;
mod space;
mod spread;
mod worker;

pub use error::SweepError;
pub use folder::{Folder, FolderError, State};
pub use joined::{JoinError, Joined, Status};
pub use manifest::{ColumnInfo, Manifest};
pub use part::{Part, PartError};
pub use run::{Estimate, Progress, RunError, Shard, estimate, run};
pub use shipped::NAMES as SHIPPED;
pub use slurm::script;

use crate::config::Variation;
use crate::cycle::Cycle;
use crate::study::{Control, Course, StartWith};
use output::Output;
use space::Space;

/// Most designs of a sweep.
pub const MOST_DESIGNS: u64 = 1 << 40;

/// A sweep, checked and ready to run.
#[derive(Clone)]
pub struct Sweep {
    /// Name, as results carry it.
    pub name: String,
    /// What it asks, in a sentence; empty where the file does not say.
    pub question: String,
    /// Hash of everything that moves a number in its results.
    pub hash: String,
    /// Points of the design, those that constraints drop included.
    pub count: u64,
    /// The sweep file.
    pub text: String,
    space: Space,
    cars: Vec<Variation>,
    steps_s: Vec<f64>,
    /// Every cycle at every step.
    courses: Vec<Vec<Course>>,
    start: StartWith,
    repeat: Option<usize>,
    /// Who decides: one, or those of an axis.
    controls: Vec<Control>,
    cycles: Vec<Cycle>,
    outputs: Vec<Output>,
}

impl Sweep {
    /// Reads a sweep: a shipped name, or a file (a text with a path separator or ending in
    /// `.toml`).
    ///
    /// # Errors
    /// [`SweepError`], with everything that is wrong with the file.
    pub fn read(name_or_file: &str) -> Result<Self, SweepError> {
        file::read(name_or_file)
    }

    /// Whether any design is driven by a control that plans, or held against the optimum. Such
    /// designs are driven one by one.
    fn plans(&self) -> bool {
        self.needs_optimum() || self.controls.iter().any(|it| *it != Control::Rules)
    }

    /// Whether the optimum of any design is looked for.
    fn needs_optimum(&self) -> bool {
        let compares = self.outputs.iter().any(|it| it.source.needs_optimum());
        compares || self.controls.contains(&Control::Optimal)
    }

    /// Whether a TOML text is meant to be a sweep, right or wrong: it has an axis or a design.
    pub fn is_meant_by(text: &str) -> bool {
        let (table, _) = toml::de::DeTable::parse_recoverable(text);
        let mut keys = table.get_ref().keys();
        keys.any(|key| matches!(key.get_ref().as_ref(), "axis" | "design"))
    }
}
