//! Whether a folder may take a result: an earlier result is replaced whole, anything else
//! that lies there is somebody's.

use std::fs;
use std::path::{Path, PathBuf};

/// Why a folder cannot take a result.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// A file stands where a folder is wanted.
    #[error("`{}` is a file, not a folder", path.display())]
    File {
        /// The file.
        path: PathBuf,
    },
    /// The folder holds something that is no result.
    #[error("the folder `{}` is no earlier result and would be replaced: it holds {found}", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What lies there, in words.
        found: String,
    },
    /// The system does not let it be made or read.
    #[error("cannot make the folder `{}`: {reason}", path.display())]
    Refused {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
}

/// How many names of what lies in a folder a message tells.
const NAMED: usize = 3;

/// Whether a result may be written into `folder`: it is not there yet, is empty, or holds
/// an earlier result. Changes nothing.
///
/// # Errors
/// A file in the way, or a folder that holds something else.
pub fn check_place(folder: &Path) -> Result<(), PlaceError> {
    for path in folder.ancestors() {
        if path.is_dir() {
            break;
        }
        if path.symlink_metadata().is_ok() {
            return Err(PlaceError::File {
                path: path.to_owned(),
            });
        }
    }
    if !folder.is_dir() || is_result(folder) {
        return Ok(());
    }
    let refused = |reason| PlaceError::Refused {
        path: folder.to_owned(),
        reason,
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(refused)? {
        let name = entry.map_err(refused)?.file_name();
        names.push(format!("`{}`", name.to_string_lossy()));
    }
    if names.is_empty() {
        return Ok(());
    }
    names.sort();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let mut found = names.join(", ");
    if more > 0 {
        found = format!("{found} and {more} more");
    }
    Err(PlaceError::Foreign {
        path: folder.to_owned(),
        found,
    })
}

/// Makes `out` and checks that every result folder below it may be written.
///
/// # Errors
/// As [`check_place`], and what the system refuses.
pub fn make_place<'a>(
    out: &Path,
    folders: impl IntoIterator<Item = &'a Path>,
) -> Result<(), PlaceError> {
    for folder in folders {
        check_place(folder)?;
    }
    fs::create_dir_all(out).map_err(|reason| PlaceError::Refused {
        path: out.to_owned(),
        reason,
    })
}

/// Files one of which every result has, written last.
const LAST_FILES: [&str; 2] = ["summary.json", "optimum.json"];

/// Whether a folder holds a result of this program: a summary that names its version.
fn is_result(folder: &Path) -> bool {
    LAST_FILES.iter().any(|name| {
        fs::read_to_string(folder.join(name)).is_ok_and(|text| text.contains("\"thsim_version\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_empty_folder_and_an_earlier_result_may_be_replaced() {
        let here = tempfile::tempdir().expect("a folder");
        let folder = here.path().join("result");
        assert!(check_place(&folder).is_ok());
        fs::create_dir(&folder).expect("a folder");
        assert!(check_place(&folder).is_ok());
        fs::write(folder.join("summary.json"), "{\"total\": 3}").expect("a file");
        for name in ["a", "b", "c"] {
            fs::write(folder.join(name), "").expect("a file");
        }
        let error = check_place(&folder).expect_err("foreign");
        assert!(
            error.to_string().contains("`a`, `b`, `c` and 1 more"),
            "{error}"
        );
        fs::write(folder.join("summary.json"), "{\"thsim_version\": \"0\"}").expect("a file");
        assert!(check_place(&folder).is_ok());
        let below = folder.join("summary.json/deeper");
        let error = check_place(&below).expect_err("a file in the way");
        assert!(
            error.to_string().contains("summary.json` is a file"),
            "{error}"
        );
    }
}
