//! The binary as a user calls it: what it prints, what it writes, how it ends.
#![cfg(feature = "cli")]

mod accelerate;
mod bad_files;
mod bad_options;
mod certify;
mod conventional;
mod folders;
mod lists;
mod optimum;
mod power_split;
#[cfg(feature = "plot")]
mod report;
mod results;
mod tune;
mod validate;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A call of `thsim` that ended.
pub(crate) struct Called {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Called {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text in UTF-8");
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Called {
    /// What it printed; it ended well and complained of nothing.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""));
        self.out
    }

    /// What it complained of: the input is wrong, and nothing was printed.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!(
            (self.code, self.out.as_str()),
            (Some(2), ""),
            "{}",
            self.err
        );
        assert!(!self.err.contains("panicked"), "{}", self.err);
        assert!(
            !self.err.contains('\u{1b}'),
            "colours in a pipe: {:?}",
            self.err
        );
        self.err
    }

    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.done()).expect("JSON")
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thsim"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Calls `thsim` with these arguments.
pub(crate) fn thsim(arguments: &[&str]) -> Called {
    command(arguments).output().expect("thsim starts").into()
}

/// Calls it inside a folder.
pub(crate) fn thsim_in(folder: &Path, arguments: &[&str]) -> Called {
    let output = command(arguments).current_dir(folder).output();
    output.expect("thsim starts").into()
}

/// Calls it with a text on standard input.
pub(crate) fn thsim_reading(text: &str, arguments: &[&str]) -> Called {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("thsim starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("thsim reads");
    drop(input);
    child.wait_with_output().expect("thsim ends").into()
}

pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

pub(crate) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).expect("a file for the test");
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of what lies in a folder, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    names
}

/// A short drive that starts the engine.
pub(crate) const SHORT: &str = "time_s,speed_kmh\n0,0\n15,60\n30,60\n45,0\n50,0\n";
