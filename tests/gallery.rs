//! The pictures of the README and the documentation are those that this code draws.
#![cfg(all(feature = "cli", feature = "plot", unix))]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Pictures that `plots/make` cannot draw: the page in a browser, by `tests/browser/run SHOTS`.
const SCREENSHOTS: [&str; 1] = ["docs/report.png"];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of a folder with one of these endings, by their paths from the top.
fn files(folder: &str, endings: &[&str]) -> BTreeSet<String> {
    let entries = fs::read_dir(top().join(folder)).expect("a folder of the project");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .map(|name| {
            if folder == "." {
                name
            } else {
                format!("{folder}/{name}")
            }
        })
        .collect()
}

/// A path without `a/..`.
fn plain(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part.as_os_str().to_string_lossy().as_ref() {
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_owned()),
        }
    }
    parts.join("/")
}

/// Pictures that pages show, by their paths from the top.
fn shown() -> BTreeSet<String> {
    let pages = ["README.md".to_owned()]
        .into_iter()
        .chain(files("docs", &[".md"]))
        .chain(files("plots", &[".md"]));
    let mut pictures = BTreeSet::new();
    for page in pages {
        let text = fs::read_to_string(top().join(&page)).expect("a page");
        let folder = Path::new(&page).parent().expect("a folder");
        for link in text.split("](").skip(1) {
            let target = link.split(')').next().expect("a link");
            let drawn = [".svg", ".png"]
                .iter()
                .any(|ending| target.ends_with(ending));
            if drawn && !target.contains("://") {
                pictures.insert(plain(&folder.join(target)));
            }
        }
    }
    pictures
}

/// Draws all pictures again.
fn made_again() -> (tempfile::TempDir, BTreeSet<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Command::new(top().join("plots/make"))
        .arg(folder.path())
        .env("THSIM", env!("CARGO_BIN_EXE_thsim"))
        .output()
        .expect("bash");
    let complaint = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "plots/make: {complaint}");
    let below = |part: &str| -> Vec<String> {
        let entries = fs::read_dir(folder.path().join(part)).expect("pictures");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        names
            .map(|name| format!("{part}/{}", name.to_string_lossy()))
            .collect()
    };
    let pictures = ["plots", "docs"]
        .iter()
        .flat_map(|part| below(part))
        .collect();
    (folder, pictures)
}

#[test]
fn no_picture_is_out_of_date() {
    let (folder, pictures) = made_again();
    let bytes = |path: PathBuf| fs::read(path).ok();
    let stale: Vec<&String> = pictures
        .iter()
        .filter(|name| bytes(folder.path().join(name)) != bytes(top().join(name)))
        .collect();
    assert!(
        stale.is_empty(),
        "out of date, `plots/make` renews them, look at them: {stale:?}"
    );

    let there: BTreeSet<String> = files("plots", &[".svg", ".png"])
        .union(&files("docs", &[".svg", ".png"]))
        .cloned()
        .collect();
    let kept: BTreeSet<String> = pictures
        .into_iter()
        .chain(SCREENSHOTS.map(str::to_owned))
        .collect();
    assert_eq!(
        there, kept,
        "pictures there, and pictures that something makes"
    );
}

#[test]
fn every_picture_is_shown_and_every_picture_shown_is_there() {
    let there: BTreeSet<String> = files("plots", &[".svg", ".png"])
        .union(&files("docs", &[".svg", ".png"]))
        .cloned()
        .collect();
    assert_eq!(shown(), there, "pictures shown, and pictures there");
}
