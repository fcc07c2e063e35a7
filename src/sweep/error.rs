//! Why there is no sweep.

use crate::issue::Issue;
use std::path::PathBuf;

/// A sweep that cannot be had. [`SweepError::issues`] says everything for a message.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// No shipped sweep has this name.
    #[error("unknown sweep `{name}`")]
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
    /// The text is no valid sweep.
    #[error("sweep `{name}` is not valid")]
    Invalid {
        /// Name or file as the user wrote it.
        name: String,
        /// Its problems, in the order of the file.
        issues: Vec<Issue>,
    },
}

impl SweepError {
    /// The problems, for the one place that renders them.
    pub fn issues(&self) -> Vec<Issue> {
        match self {
            Self::Unknown { help, .. } => {
                let file = "; a file ends in `.toml`";
                vec![Issue::new(self.to_string()).help(format!("{help}{file}"))]
            }
            Self::Unreadable { .. } => vec![Issue::new(self.to_string())],
            Self::Invalid { issues, .. } => issues.clone(),
        }
    }
}
