//! Why there is no cycle.

use std::path::PathBuf;

use super::standard;
use crate::issue::Issue;

/// A cycle that cannot be had. [`CycleError::issues`] says everything for a message.
#[derive(Debug, thiserror::Error)]
pub enum CycleError {
    /// No shipped cycle has this name.
    #[error("unknown cycle `{name}`")]
    Unknown {
        /// The name as the user wrote it.
        name: String,
        /// What would have been right.
        help: String,
    },
    /// The file gives no text.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable {
        /// The file as the user wrote it; `-` for standard input.
        path: PathBuf,
        /// Why, in words.
        reason: String,
    },
    /// The text is no valid cycle.
    #[error("cycle `{name}` is not valid")]
    Invalid {
        /// Name of the cycle.
        name: String,
        /// Its problems in the order of the file; a last one counts what is left out.
        issues: Vec<Issue>,
    },
}

impl CycleError {
    /// The problems, for the one place that renders them.
    pub fn issues(&self) -> Vec<Issue> {
        match self {
            Self::Unknown { help, .. } => vec![Issue::new(self.to_string()).help(help)],
            Self::Unreadable { path, .. } => {
                let issue = Issue::new(self.to_string());
                // `udds.csv` is most likely the shipped cycle, written as a file.
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                vec![match stem.and_then(standard::canonical) {
                    Some(name) => issue.help(format!("the shipped cycle is called `{name}`")),
                    None => issue,
                }]
            }
            Self::Invalid { issues, .. } => issues.clone(),
        }
    }
}
