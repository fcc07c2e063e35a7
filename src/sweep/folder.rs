//! The folder of a sweep.
//!
//! ```text
//! DIR/sweep.json                 what the sweep is
//! DIR/sweep.toml                 the sweep file
//! DIR/parts/part-000000.parquet  one file a range of designs, whole or not there
//! ```
//! Several processes, on several machines, may fill one folder.

use super::Sweep;
use super::manifest::Manifest;
use super::part::{Part, PartError};
use crate::results::{TEMPORARY, WriteError, write_file};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "sweep.json";
const TEXT: &str = "sweep.toml";
const PARTS: &str = "parts";
/// Pictures that `sweep plot` puts beside them.
const PLOTS: &str = "plots";
/// Ending of parts that were set aside.
const CORRUPT: &str = "corrupt";

/// Why a folder cannot hold or give the results of a sweep.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It holds another sweep.
    #[error("`{}` holds another sweep, `{found}` ({found_hash})", path.display())]
    Another {
        /// The folder.
        path: PathBuf,
        /// Name of the sweep it holds.
        found: String,
        /// Its hash, shortened.
        found_hash: String,
        /// What differs, in words.
        difference: String,
    },
    /// It holds something else.
    #[error("the folder `{}` is not empty and holds no sweep: `{found}`", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What lies there.
        found: String,
    },
    /// It holds no sweep.
    #[error("`{}` holds no sweep: {reason}", path.display())]
    NoSweep {
        /// The folder.
        path: PathBuf,
        /// Why, in words.
        reason: String,
    },
    /// The system does not let it be made or read.
    #[error("cannot use the folder `{}`: {reason}", path.display())]
    Refused {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A folder with a sweep.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    manifest: Manifest,
}

/// State of a part.
#[derive(Debug)]
pub enum State {
    /// It is not there.
    Missing,
    /// It is there and whole.
    Whole(Part),
    /// A file is there that is not this part.
    Corrupt(PartError),
}

/// A hash by its first figures.
fn short(hash: &str) -> String {
    let digits = hash.strip_prefix("sha256:").unwrap_or(hash);
    digits.chars().take(12).collect()
}

/// The first line in which two texts differ.
fn difference(theirs: &str, ours: &str) -> String {
    let clean = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    let (theirs, ours) = (clean(theirs), clean(ours));
    let length = theirs.len().max(ours.len());
    let at = |lines: &[String], line: usize| lines.get(line).cloned().unwrap_or_default();
    (0..length)
        .map(|line| (at(&theirs, line), at(&ours, line)))
        .find(|(theirs, ours)| theirs != ours)
        .map_or_else(
            || "the files are alike: a vehicle, a cycle or the version differs".to_owned(),
            |(theirs, ours)| format!("first difference: `{theirs}` there, `{ours}` here"),
        )
}

impl Folder {
    /// Opens the folder of a sweep that was begun.
    ///
    /// # Errors
    /// A folder that holds none.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let no_sweep = |reason: String| FolderError::NoSweep {
            path: path.to_owned(),
            reason,
        };
        let text = fs::read_to_string(path.join(MANIFEST)).map_err(|error| {
            no_sweep(match error.kind() {
                io::ErrorKind::NotFound => format!("it has no `{MANIFEST}`"),
                _ => error.to_string(),
            })
        })?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|error| no_sweep(format!("`{MANIFEST}` is broken ({error})")))?;
        if manifest.designs_per_part == 0 {
            return Err(no_sweep(format!("`{MANIFEST}` is broken (no parts)")));
        }
        Ok(Self {
            path: path.to_owned(),
            manifest,
        })
    }

    /// Opens the folder of this sweep, or makes it. `fresh` empties it first; a folder of
    /// something that is no sweep is left alone in any case.
    ///
    /// # Errors
    /// A folder that holds something else, or cannot be made.
    pub fn for_sweep(path: &Path, sweep: &Sweep, fresh: bool) -> Result<Self, FolderError> {
        let refused = |reason| FolderError::Refused {
            path: path.to_owned(),
            reason,
        };
        let manifest = Manifest::of(sweep);
        match Self::open(path) {
            Ok(found) if found.manifest.hash == manifest.hash && !fresh => return Ok(found),
            Ok(found) if !fresh => {
                let text = fs::read_to_string(path.join(TEXT)).unwrap_or_default();
                let found = found.manifest;
                return Err(FolderError::Another {
                    path: path.to_owned(),
                    difference: if found.thsim_version == manifest.thsim_version {
                        difference(&text, &sweep.text)
                    } else {
                        format!("made by thsim {}", found.thsim_version)
                    },
                    found: found.name,
                    found_hash: short(&found.hash),
                });
            }
            Ok(_) => {
                // The manifest first: what is left of an interruption is then no sweep.
                fs::remove_file(path.join(MANIFEST)).map_err(refused)?;
                fs::remove_dir_all(path.join(PARTS))
                    .or_else(|error| match error.kind() {
                        io::ErrorKind::NotFound => Ok(()),
                        _ => Err(error),
                    })
                    .map_err(refused)?;
            }
            Err(_) => refuse_foreign(path)?,
        }
        fs::create_dir_all(path.join(PARTS)).map_err(refused)?;
        write_file(&path.join(TEXT), |writer| {
            writer.write_all(sweep.text.as_bytes())
        })?;
        // The manifest last: a folder that has one is ready.
        write_file(&path.join(MANIFEST), |writer| {
            serde_json::to_writer_pretty(&mut *writer, &manifest)?;
            writer.write_all(b"\n")
        })?;
        Ok(Self {
            path: path.to_owned(),
            manifest,
        })
    }

    /// What the sweep is.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// File of a part.
    pub fn part_path(&self, part: u64) -> PathBuf {
        let name = format!("part-{part:06}.parquet");
        self.path.join(PARTS).join(name)
    }

    /// Reads a part.
    pub fn read(&self, part: u64) -> State {
        match fs::read(self.part_path(part)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::Missing,
            Err(error) => State::Corrupt(PartError::Unreadable(error.to_string())),
            Ok(bytes) => match Part::from_bytes(bytes, &self.manifest, part) {
                Ok(read) => State::Whole(read),
                Err(error) => State::Corrupt(error),
            },
        }
    }

    /// Writes a part.
    pub(super) fn write(&self, index: u64, part: &Part) -> Result<(), WriteError> {
        let path = self.part_path(index);
        let bytes = part.to_bytes(&self.manifest, index);
        write_file(&path, |writer| {
            writer.write_all(&bytes.map_err(io::Error::other)?)
        })
    }

    /// Puts the file of a broken part out of the way, under a name that says what it is.
    pub(super) fn set_aside(&self, part: u64) -> Result<PathBuf, FolderError> {
        let path = self.part_path(part);
        let mut aside = path.with_extension(format!("parquet.{CORRUPT}"));
        let mut number = 1;
        while aside.exists() {
            number += 1;
            aside = path.with_extension(format!("parquet.{CORRUPT}-{number}"));
        }
        fs::rename(&path, &aside).map_err(|reason| FolderError::Refused {
            path: self.path.clone(),
            reason,
        })?;
        Ok(aside)
    }

    /// Removes what interrupted processes left behind. Only for a sweep that is complete:
    /// before, another process may still be writing.
    pub(super) fn tidy(&self) {
        let entries = fs::read_dir(self.path.join(PARTS)).into_iter().flatten();
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().ends_with(TEMPORARY) {
                // What cannot be removed is only untidy.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether something lies in a folder that is no beginning of a sweep.
fn refuse_foreign(path: &Path) -> Result<(), FolderError> {
    let refused = |reason| FolderError::Refused {
        path: path.to_owned(),
        reason,
    };
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(refused)?,
    };
    for entry in entries {
        let name = entry.map_err(refused)?.file_name();
        let name = name.to_string_lossy();
        let ours = [TEXT, PARTS, PLOTS].contains(&name.as_ref()) || name.ends_with(TEMPORARY);
        if !ours {
            return Err(FolderError::Foreign {
                path: path.to_owned(),
                found: name.into_owned(),
            });
        }
    }
    Ok(())
}
