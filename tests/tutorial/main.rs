//! The tutorial says what the program says: the commands of every page below `docs/tutorial`
//! are run in their order, and what they print and draw is compared with the page.
//!
//! `THSIM_TUTORIAL=write cargo test --test tutorial` writes outputs and pictures anew.
//!
//! A page is one story: later commands read files that earlier ones wrote, and there are
//! pipes and here-documents in it. trycmd calls programs without a shell, so it cannot tell it.
#![cfg(all(feature = "cli", feature = "plot", unix))]

mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use page::{Page, Picture, Piece};

/// A test for each page, and the list of them.
macro_rules! pages {
    ($($name:ident: $file:literal,)*) => {
        const PAGES: &[&str] = &[$($file),*];
        $(
            #[test]
            fn $name() {
                tell($file);
            }
        )*
    };
}

pages! {
    the_lever_diagram: "01-lever-diagram.md",
    the_first_run: "02-first-run.md",
    engine_starts: "03-engine-starts.md",
    the_engine: "04-engine.md",
    machines_and_battery: "05-machines-and-battery.md",
    the_energy: "06-energy.md",
    the_split: "07-power-split.md",
    the_tests: "08-tests.md",
    the_parameters: "09-parameters.md",
    the_optimum: "10-optimum.md",
}

/// Bytes of all pictures together.
const LARGEST_PICTURES: u64 = 2_000_000;

fn tutorial() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial")
}

fn read(file: &str) -> Page {
    let path = tutorial().join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    Page::parse(file, &text)
}

/// Outputs and pictures are written, not compared.
fn writes() -> bool {
    std::env::var_os("THSIM_TUTORIAL").is_some_and(|wish| wish == "write")
}

/// What a command prints on both streams, in a folder; all of it has to succeed.
fn call(script: &str, folder: &Path) -> Result<Vec<String>, String> {
    let binary = Path::new(env!("CARGO_BIN_EXE_thsim"));
    let mut search = vec![binary.parent().expect("a folder").to_owned()];
    search.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let output = Command::new("bash")
        .args(["-c", &format!("set -o pipefail; exec 2>&1\n{script}")])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(search).expect("a search path"))
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C")
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .output()
        .expect("bash starts");
    let text = String::from_utf8(output.stdout).expect("text in UTF-8");
    let lines = text.lines().map(|line| line.trim_end().to_owned());
    if output.status.success() {
        Ok(lines.collect())
    } else {
        Err(format!("{}:\n{text}", output.status))
    }
}

/// Runs a page from top to bottom in a folder of its own.
fn tell(file: &str) {
    let mut page = read(file);
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    assert!(page.pieces.iter().any(Piece::is_call), "{file}: no call");
    for piece in &mut page.pieces {
        let Piece::Call(call) = piece else { continue };
        let place = format!("{file}:{}: {}", call.line, call.script());
        match self::call(&call.script(), folder.path()) {
            Err(failure) => wrong.push(format!("{place}\n{failure}")),
            Ok(printed) if call.shows(&printed) => {}
            Ok(printed) if writes() => call.show(&printed),
            Ok(printed) => wrong.push(format!("{place}\nprints\n{}", printed.join("\n"))),
        }
    }
    for picture in page.pictures() {
        if let Err(failure) = renew_or_compare(&picture, folder.path()) {
            wrong.push(format!("{file}: {}: {failure}", picture.name));
        }
    }
    if writes() {
        fs::write(tutorial().join(file), page.text()).expect("a page");
    }
    assert!(
        wrong.is_empty(),
        "{}\n\nTHSIM_TUTORIAL=write cargo test --test tutorial writes the pages anew; \
         then read whether their sentences still hold",
        wrong.join("\n\n")
    );
}

fn renew_or_compare(picture: &Picture, folder: &Path) -> Result<(), String> {
    let made = fs::read(folder.join(&picture.made))
        .map_err(|error| format!("{}: {error}", picture.made))?;
    let kept = tutorial().join(&picture.name);
    if writes() {
        return fs::write(kept, made).map_err(|error| error.to_string());
    }
    let kept = fs::read(kept).map_err(|error| error.to_string())?;
    (kept == made)
        .then_some(())
        .ok_or_else(|| format!("is not what {} is", picture.made))
}

#[test]
fn every_page_is_run_and_in_the_index() {
    let entries = fs::read_dir(tutorial()).expect("the tutorial");
    let found: BTreeSet<String> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .filter(|name| name != "README.md")
        .collect();
    let listed: BTreeSet<String> = PAGES.iter().map(|&page| page.to_owned()).collect();
    assert_eq!(found, listed, "pages in the folder, and pages that are run");
    let index = read("README.md").links();
    let linked: BTreeSet<String> = index.intersection(&listed).cloned().collect();
    assert_eq!(linked, listed, "pages the index links to");
}

#[test]
fn every_picture_is_made_and_used() {
    let mut made = BTreeSet::new();
    for &file in PAGES {
        let page = read(file);
        let marked: BTreeSet<String> = page.pictures().map(|picture| picture.name).collect();
        let links = page.links().into_iter();
        let shown: BTreeSet<String> = links.filter(|link| link.starts_with("pictures/")).collect();
        assert_eq!(shown, marked, "{file}: pictures shown, and pictures made");
        made.extend(marked);
    }
    // While the pages write, a picture may not be there yet.
    if writes() {
        return;
    }
    let entries = fs::read_dir(tutorial().join("pictures")).expect("the pictures");
    let mut size = 0;
    let mut kept = BTreeSet::new();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        size += entry.metadata().expect("a file").len();
        kept.insert(format!("pictures/{}", entry.file_name().to_string_lossy()));
    }
    assert_eq!(kept, made, "pictures in the folder, and pictures in pages");
    assert!(size < LARGEST_PICTURES, "{size} bytes of pictures");
}

#[test]
fn every_link_leads_somewhere() {
    for file in PAGES.iter().chain(&["README.md"]) {
        for link in read(file).links() {
            let path = link.split('#').next().unwrap_or_default();
            let elsewhere = path.is_empty() || path.contains("://");
            let there = elsewhere || tutorial().join(path).exists();
            let later = writes() && path.starts_with("pictures/");
            assert!(there || later, "{file}: {link} is not there");
        }
    }
}
