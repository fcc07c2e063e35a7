//! The parts of a sweep, in one folder or in several that different machines filled.

use super::folder::{Folder, FolderError, State};
use super::manifest::Manifest;
use super::part::Part;
use crate::results::{InputHash, Table};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why folders cannot be taken together.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// A folder that holds no sweep.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// They hold different sweeps.
    #[error("`{}` and `{}` hold different sweeps", first.display(), other.display())]
    Different {
        /// One folder.
        first: PathBuf,
        /// A folder of another sweep.
        other: PathBuf,
    },
    /// Parts are missing.
    #[error("{missing} of {parts} parts are missing{}", corrupt(*broken))]
    Incomplete {
        /// Parts of which there is no whole file.
        missing: u64,
        /// Those among them with a broken file.
        broken: u64,
        /// Parts of the sweep.
        parts: u64,
    },
}

fn corrupt(broken: u64) -> String {
    match broken {
        0 => String::new(),
        count => format!(", {count} of them broken"),
    }
}

/// How far a sweep is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// Name of the sweep.
    pub name: String,
    /// Its hash.
    pub hash: String,
    /// Parts of the sweep.
    pub parts: u64,
    /// Parts that are there and whole.
    pub parts_whole: u64,
    /// Broken parts, with the reason.
    pub parts_corrupt: BTreeMap<u64, String>,
    /// Points of the design.
    pub designs: u64,
    /// Rows there are.
    pub rows: u64,
    /// Rows of designs that failed.
    pub rows_failed: u64,
    /// Points that constraints dropped, in the parts that are there.
    pub dropped: u64,
    /// Hash of the content of all parts in their order; none before all are there.
    pub content: Option<String>,
}

/// What is kept of a part to tell the status.
enum Seen {
    Missing,
    Corrupt(String),
    Whole {
        rows: u64,
        failed: u64,
        content: String,
    },
}

/// All folders of one sweep.
#[derive(Debug, Clone)]
pub struct Joined {
    folders: Vec<Folder>,
}

impl Joined {
    /// Opens folders of the same sweep, at least one.
    ///
    /// # Errors
    /// A folder without a sweep, or with another one than the first.
    pub fn open(paths: &[PathBuf]) -> Result<Self, JoinError> {
        let open = |path: &PathBuf| Folder::open(path);
        let folders = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let Some(first) = folders.first() else {
            return Err(JoinError::Folder(FolderError::NoSweep {
                path: PathBuf::new(),
                reason: "no folder is given".to_owned(),
            }));
        };
        let differs = |folder: &&Folder| folder.manifest() != first.manifest();
        if let Some(other) = folders.iter().find(differs) {
            return Err(JoinError::Different {
                first: first.path().to_owned(),
                other: other.path().to_owned(),
            });
        }
        Ok(Self { folders })
    }

    /// What the sweep is.
    pub fn manifest(&self) -> &Manifest {
        self.folders[0].manifest()
    }

    /// The folder that was named first.
    pub fn path(&self) -> &Path {
        self.folders[0].path()
    }

    /// A part, from the first folder that has it whole.
    pub fn read(&self, part: u64) -> State {
        let mut found = State::Missing;
        for folder in &self.folders {
            match folder.read(part) {
                State::Missing => {}
                State::Whole(part) => return State::Whole(part),
                corrupt @ State::Corrupt(_) => found = corrupt,
            }
        }
        found
    }

    /// How far the sweep is. Every part is read in full.
    pub fn status(&self) -> Status {
        let manifest = self.manifest();
        let seen: Vec<Seen> = (0..manifest.parts())
            .into_par_iter()
            .map(|part| match self.read(part) {
                State::Missing => Seen::Missing,
                State::Corrupt(error) => Seen::Corrupt(error.to_string()),
                State::Whole(part) => Seen::Whole {
                    rows: part.designs.len() as u64,
                    failed: part.failed() as u64,
                    content: part.content(manifest),
                },
            })
            .collect();
        let mut status = Status {
            name: manifest.name.clone(),
            hash: manifest.hash.clone(),
            parts: manifest.parts(),
            parts_whole: 0,
            parts_corrupt: BTreeMap::new(),
            designs: manifest.designs,
            rows: 0,
            rows_failed: 0,
            dropped: 0,
            content: None,
        };
        let mut content = InputHash::new();
        for (part, seen) in (0..).zip(seen) {
            match seen {
                Seen::Missing => {}
                Seen::Corrupt(reason) => {
                    status.parts_corrupt.insert(part, reason);
                }
                Seen::Whole {
                    rows,
                    failed,
                    content: of_part,
                } => {
                    let designs = manifest.designs_of(part);
                    status.parts_whole += 1;
                    status.rows += rows;
                    status.rows_failed += failed;
                    status.dropped += designs.end - designs.start - rows;
                    content = content.text("part", &of_part);
                }
            }
        }
        status.content = (status.parts_whole == status.parts).then(|| content.finish());
        status
    }

    /// Checks that every part is there and whole.
    ///
    /// # Errors
    /// Parts that are missing or broken.
    pub fn require_whole(&self) -> Result<(), JoinError> {
        let status = self.status();
        if status.parts_whole == status.parts {
            return Ok(());
        }
        Err(JoinError::Incomplete {
            missing: status.parts - status.parts_whole,
            broken: status.parts_corrupt.len() as u64,
            parts: status.parts,
        })
    }

    /// Hands every whole part over in its order.
    ///
    /// # Errors
    /// What `each` says.
    pub fn each<E>(&self, mut each: impl FnMut(Part) -> Result<(), E>) -> Result<(), E> {
        for part in 0..self.manifest().parts() {
            if let State::Whole(part) = self.read(part) {
                each(part)?;
            }
        }
        Ok(())
    }

    /// All rows that are there as one table.
    pub fn table(&self) -> Table {
        let mut table = self.manifest().table();
        for part in 0..self.manifest().parts() {
            let State::Whole(part) = self.read(part) else {
                continue;
            };
            table.designs.extend(&part.designs);
            for (column, values) in table.columns.iter_mut().zip(part.columns) {
                column.values.extend(values);
            }
        }
        table
    }
}
