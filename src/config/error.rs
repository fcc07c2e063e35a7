//! Why there is no vehicle.

use std::path::PathBuf;

use super::shipped;
use crate::issue::Issue;

/// A vehicle that cannot be had. [`ConfigError::issues`] says everything for a message.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No shipped vehicle has this name.
    #[error("unknown vehicle `{name}`")]
    Unknown {
        /// The name as the user wrote it.
        name: String,
        /// What would have been right.
        help: String,
    },
    /// The file gives no text.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable {
        /// The file as the user wrote it.
        path: PathBuf,
        /// Why, in words.
        reason: String,
    },
    /// The text is no valid vehicle.
    #[error("vehicle `{name}` is not valid")]
    Invalid {
        /// Name or file as the user wrote it.
        name: String,
        /// Its problems: the file's in their order, then those of the files it extends
        /// and of `--set`.
        issues: Vec<Issue>,
    },
    /// A conventional car where only a power-split one can answer.
    #[error("`{name}` is a conventional car: it has no battery, no MG1 and no MG2")]
    Conventional {
        /// Name of the car.
        name: String,
    },
}

impl ConfigError {
    /// The problems, for the one place that renders them.
    pub fn issues(&self) -> Vec<Issue> {
        match self {
            Self::Unknown { help, .. } => vec![Issue::new(self.to_string()).help(help)],
            Self::Unreadable { path, .. } => {
                let issue = Issue::new(self.to_string());
                // `levin-hybrid.toml` is most likely the shipped vehicle, written as a file.
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                vec![match stem.filter(|stem| shipped::text(stem).is_some()) {
                    Some(name) => issue.help(format!("the shipped vehicle is called `{name}`")),
                    None => issue,
                }]
            }
            Self::Invalid { issues, .. } => issues.clone(),
            Self::Conventional { .. } => {
                vec![Issue::new(self.to_string()).help("take a power-split car, or `thsim run`")]
            }
        }
    }
}
