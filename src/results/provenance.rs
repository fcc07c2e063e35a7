//! Where a result comes from: version, command and a hash of everything that went in.
//!
//! Nothing here depends on the time of day, the machine, the folder or the number of
//! threads: the same input gives the same bytes.

use crate::cycle::Cycle;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Version, command and input hash of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The command, without the options that do not change the result.
    pub command: String,
    /// Hash of vehicle, cycle, control and options.
    pub input_hash: String,
}

/// SHA-256 over the inputs of a run.
#[derive(Debug, Clone, Default)]
pub struct InputHash(Sha256);

impl InputHash {
    /// An empty hash.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under a name; both enter with their length, so that no two lists of
    /// parts run together.
    #[must_use]
    pub fn text(mut self, name: &str, text: &str) -> Self {
        for part in [name, text] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part.as_bytes());
        }
        self
    }

    /// Adds numbers under a name, bit by bit.
    #[must_use]
    pub fn numbers(mut self, name: &str, numbers: &[f64]) -> Self {
        self = self.text(name, "");
        self.0.update((numbers.len() as u64).to_le_bytes());
        for number in numbers {
            self.0.update(number.to_bits().to_le_bytes());
        }
        self
    }

    /// Adds a cycle.
    #[must_use]
    pub fn cycle(self, cycle: &Cycle) -> Self {
        self.text("cycle", &cycle.name)
            .numbers("time_s", &cycle.time_s)
            .numbers("speed_mps", &cycle.speed_mps)
            .numbers("grade", &cycle.grade)
            .numbers("aux_w", &cycle.aux_w)
    }

    /// The hash in hexadecimal, `sha256:` before it.
    pub fn finish(self) -> String {
        let mut text = String::from("sha256:");
        for byte in self.0.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let a = InputHash::new().text("a", "bc").finish();
        let b = InputHash::new().text("ab", "c").finish();
        assert_ne!(a, b);
        assert_eq!(a.len(), "sha256:".len() + 64);
    }
}
