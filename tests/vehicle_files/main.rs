//! Vehicle files from the outside: what is shipped is right, what is wrong is named.

#![expect(clippy::float_cmp, reason = "figures arrive as they were written")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "issues come straight from the call"
)]

mod bad;
mod bad_values;
mod conventional;
mod good;
mod plants;
mod tables;
mod variation;

use std::path::{Path, PathBuf};

use thsim::config::{ConfigError, VehicleFile, load};
use thsim::issue::Issue;

/// A folder with files, and a way to load from it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("a file for the test");
        }
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn load(&self, name: &str, sets: &[&str]) -> Result<VehicleFile, ConfigError> {
        load_path(&self.path(name), sets)
    }
}

pub(crate) fn load_path(path: &Path, sets: &[&str]) -> Result<VehicleFile, ConfigError> {
    load(path.to_str().expect("a path in UTF-8"), &owned(sets))
}

pub(crate) fn owned(sets: &[&str]) -> Vec<String> {
    sets.iter().map(ToString::to_string).collect()
}

/// A child of the Levin with these lines.
pub(crate) fn child(lines: &str) -> String {
    format!("extends = \"levin-hybrid\"\n{lines}\n")
}

pub(crate) fn issues_of_text(text: &str) -> Vec<Issue> {
    let folder = Folder::with(&[("car.toml", text)]);
    folder
        .load("car.toml", &[])
        .expect_err("a wrong file")
        .issues()
}

pub(crate) fn issues_of_sets(sets: &[&str]) -> Vec<Issue> {
    load("levin-hybrid", &owned(sets))
        .expect_err("a wrong setting")
        .issues()
}

/// Line, column, key and message with help, for comparison; file names have no folder.
pub(crate) fn told(issue: &Issue) -> (usize, usize, String, String) {
    let (line, column) = issue
        .place
        .as_ref()
        .map_or((0, 0), |place| place.source.line_column(place.span.start));
    let help = issue
        .help
        .as_ref()
        .map_or(String::new(), |help| format!(" ({help})"));
    let key = issue.key.clone().unwrap_or_default();
    (line, column, key, issue.message.clone() + &help)
}

/// The one issue there is.
pub(crate) fn only(issues: Vec<Issue>) -> (usize, usize, String, String) {
    let [issue] = &issues[..] else {
        let told: Vec<_> = issues.iter().map(told).collect();
        panic!("expected one issue, found {told:#?}");
    };
    told(issue)
}

#[track_caller]
pub(crate) fn assert_told(
    found: &(usize, usize, String, String),
    line: usize,
    column: usize,
    key: &str,
    message: &str,
) {
    let expected = (line, column, key.to_owned(), message.to_owned());
    assert_eq!(found, &expected);
}

/// The one issue of a child of the Levin with these lines, which begin on line 2.
pub(crate) fn issue_of_child(lines: &str) -> (usize, usize, String, String) {
    only(issues_of_text(&child(lines)))
}
