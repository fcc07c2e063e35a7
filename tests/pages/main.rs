//! The README and the tutorial say what the program says: the commands of a page are run in
//! their order, and what they print and draw is compared with the page.
//!
//! `THSIM_PAGES=write cargo test --test pages` writes outputs and the tutorial's pictures anew;
//! the other pictures are those of `plots/make`.
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
    the_readme: "README.md",
    the_report: "docs/report.md",
    the_sweeps: "docs/sweeps.md",
    the_reference_plant: "docs/reference-plant.md",
    the_lever_diagram: "docs/tutorial/01-lever-diagram.md",
    the_first_run: "docs/tutorial/02-first-run.md",
    engine_starts: "docs/tutorial/03-engine-starts.md",
    the_engine: "docs/tutorial/04-engine.md",
    machines_and_battery: "docs/tutorial/05-machines-and-battery.md",
    the_energy: "docs/tutorial/06-energy.md",
    the_split: "docs/tutorial/07-power-split.md",
    the_tests: "docs/tutorial/08-tests.md",
    the_parameters: "docs/tutorial/09-parameters.md",
    the_optimum: "docs/tutorial/10-optimum.md",
}

/// Bytes of all pictures together.
const LARGEST_PICTURES: u64 = 2_000_000;

/// The pages that belong together.
const TUTORIAL: &str = "docs/tutorial/";

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tutorial() -> PathBuf {
    top().join(TUTORIAL)
}

/// What a page's links start from.
fn folder_of(file: &str) -> PathBuf {
    top().join(Path::new(file).parent().unwrap_or(Path::new("")))
}

fn read(file: &str) -> Page {
    let path = top().join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    Page::parse(file, &text)
}

/// Outputs and pictures are written, not compared.
fn writes() -> bool {
    std::env::var_os("THSIM_PAGES").is_some_and(|wish| wish == "write")
}

/// What a command prints on both streams, in a folder. It has to succeed, but for one of which
/// the page shows how it is refused.
fn call(script: &str, refused: bool, folder: &Path) -> Result<Vec<String>, String> {
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
    if output.status.success() == refused {
        Err(format!("{}:\n{text}", output.status))
    } else {
        Ok(lines.collect())
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
        if call.is_for_developers() {
            continue;
        }
        match self::call(&call.script(), call.shows_refusal(), folder.path()) {
            Err(failure) => wrong.push(format!("{place}\n{failure}")),
            Ok(printed) if call.shows(&printed) => {}
            Ok(printed) if writes() => call.show(&printed),
            Ok(printed) => wrong.push(format!("{place}\nprints\n{}", printed.join("\n"))),
        }
    }
    for picture in page.pictures() {
        if let Err(failure) = renew_or_compare(file, &picture, folder.path()) {
            wrong.push(format!("{file}: {}: {failure}", picture.name));
        }
    }
    if writes() {
        fs::write(top().join(file), page.text()).expect("a page");
    }
    assert!(
        wrong.is_empty(),
        "{}\n\nTHSIM_PAGES=write cargo test --test pages writes the pages anew; \
         then read whether their sentences still hold",
        wrong.join("\n\n")
    );
}

fn renew_or_compare(file: &str, picture: &Picture, folder: &Path) -> Result<(), String> {
    let made = fs::read(folder.join(&picture.made))
        .map_err(|error| format!("{}: {error}", picture.made))?;
    let kept = folder_of(file).join(&picture.name);
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
    let pages = PAGES.iter().filter_map(|page| page.strip_prefix(TUTORIAL));
    let listed: BTreeSet<String> = pages.map(str::to_owned).collect();
    assert_eq!(found, listed, "pages in the folder, and pages that are run");
    let index = read("docs/tutorial/README.md").links();
    let linked: BTreeSet<String> = index.intersection(&listed).cloned().collect();
    assert_eq!(linked, listed, "pages the index links to");
}

#[test]
fn every_picture_is_made_and_used() {
    let mut made = BTreeSet::new();
    for &file in PAGES.iter().filter(|page| page.starts_with(TUTORIAL)) {
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
    for file in PAGES
        .iter()
        .chain(&["docs/tutorial/README.md", "plots/README.md"])
    {
        for link in read(file).links() {
            let path = link.split('#').next().unwrap_or_default();
            let elsewhere = path.is_empty() || path.contains("://");
            let there = elsewhere || folder_of(file).join(path).exists();
            let later = writes() && path.starts_with("pictures/");
            assert!(there || later, "{file}: {link} is not there");
        }
    }
}
