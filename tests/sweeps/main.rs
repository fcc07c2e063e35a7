//! Sweeps from the outside: the file, the command, and what interruptions leave.

#![cfg(feature = "cli")]

mod bad_files;
mod bench;
mod controls;
mod folders;
mod kills;
mod results;
mod same;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with a sweep file.
pub(crate) struct Bench {
    folder: TempDir,
}

impl Bench {
    pub(crate) fn with(sweep: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(folder.path().join("sweep.toml"), sweep).expect("a file for the test");
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `thsim sweep …` in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thsim"));
        command
            .current_dir(self.folder.path())
            .arg("sweep")
            .args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// What a command that has to succeed prints.
    pub(crate) fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// What a command that has to fail says, and its exit code.
    pub(crate) fn fails(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "a failure prints no result");
        let errors = String::from_utf8(output.stderr).expect("text");
        (output.status.code(), errors)
    }

    /// Columns of the merged results by name.
    pub(crate) fn merged(&self, out: &str) -> Vec<Vec<(String, String)>> {
        rows(&self.prints(&["merge", out, "--format", "csv"]))
    }

    /// Hash of the content of a complete sweep.
    pub(crate) fn content(&self, out: &str) -> String {
        let status = self.prints(&["status", out, "--format", "json"]);
        let status: serde_json::Value = serde_json::from_str(&status).expect("JSON");
        status["content"]
            .as_str()
            .expect("a complete sweep")
            .to_owned()
    }
}

/// Rows of a CSV text with the names of their columns.
pub(crate) fn rows(text: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            let pairs = header.iter().zip(record.iter());
            pairs
                .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
                .collect()
        })
        .collect()
}

/// A cell of a row.
pub(crate) fn cell<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    let found = row.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("no column `{name}`")).1
}

pub(crate) fn number(row: &[(String, String)], name: &str) -> f64 {
    cell(row, name)
        .parse()
        .unwrap_or_else(|_| panic!("{name}: {}", cell(row, name)))
}

/// Names of the files in the parts' folder.
pub(crate) fn parts(out: &Path) -> Vec<String> {
    let entries = fs::read_dir(out.join("parts")).expect("parts");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// A quick sweep: a warm start at a fixed state of charge, raw figures.
pub(crate) const QUICK: &str = r#"
cycles = ["ece15"]
start = 0.6
outputs = ["fuel_g", "soc_end", "engine_starts"]

[design]
kind = "sobol"
points = 4000
seed = 3

[[axis]]
key = "chassis.test_mass_kg"
range = { from = 1300, to = 1700 }

[[axis]]
key = "control.engine_on_power_kw"
uniform = { low = 4, high = 14 }
"#;
