//! The house keeps its order: who may know whom, how long a file may be, what may not
//! stand in it. ARCHITECTURE.md gives the reasons.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in the order in which they build on each other, and the rooms each may know.
/// [`EVERYBODYS`] stand open to all.
const MAY_KNOW: [(&str, &[&str]); 18] = [
    ("lanes", &[]),
    ("units", &[]),
    ("issue", &[]),
    ("map", &[]),
    ("vehicle", &["map"]),
    ("cycle", &["issue"]),
    ("control", &["map", "vehicle"]),
    ("sim", &["vehicle", "cycle", "control"]),
    ("optimum", &["vehicle", "cycle", "control", "sim"]),
    ("ledger", &["vehicle", "sim"]),
    ("results", &["vehicle", "cycle", "control", "sim", "ledger"]),
    ("analysis", &["results"]),
    (
        "study",
        &[
            "vehicle", "cycle", "control", "sim", "optimum", "ledger", "results", "analysis",
        ],
    ),
    ("config", &["issue", "map", "vehicle"]),
    (
        "sweep",
        &[
            "issue", "vehicle", "cycle", "control", "ledger", "results", "study", "config",
        ],
    ),
    (
        "plot",
        &[
            "issue", "vehicle", "control", "sim", "ledger", "results", "analysis",
        ],
    ),
    (
        "report",
        &["vehicle", "control", "sim", "ledger", "results", "plot"],
    ),
    (
        "cli",
        &[
            "issue", "vehicle", "cycle", "control", "sim", "optimum", "ledger", "results", "study",
            "config", "sweep", "plot", "report",
        ],
    ),
];
const EVERYBODYS: [&str; 2] = ["lanes", "units"];

const LONGEST_FILE: usize = 500;
/// What library code does not say: an error is answered, not asserted.
const FORBIDDEN: [&str; 4] = [".unwrap()", ".expect(", "todo!(", "unimplemented!("];

/// A source file: its path from the top of the project, with `/`.
struct File {
    path: String,
    text: String,
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the project, in order.
fn rust_files(folder: &str) -> Vec<File> {
    let mut folders = vec![top().join(folder)];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("a folder of the project");
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let file = |path: PathBuf| {
        let parts = path.strip_prefix(top()).expect("inside").iter();
        let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
        File {
            path: parts.join("/"),
            text: fs::read_to_string(&path).expect("a source file"),
        }
    };
    paths.into_iter().map(file).collect()
}

impl File {
    /// The room of a file under `src`, and none for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let room = inside.split('/').next()?.trim_end_matches(".rs");
        (!matches!(room, "lib" | "main")).then_some(room)
    }

    /// The path its modules would have: `src/plot/mod.rs` and `src/plot.rs` hold
    /// `src/plot`.
    fn module(&self) -> &str {
        let stem = self.path.trim_end_matches(".rs");
        stem.strip_suffix("/mod").unwrap_or(stem)
    }

    /// Lines that are compiled without tests, numbered from 1, without comments.
    fn lines(&self) -> Vec<(usize, &str)> {
        let mut kept = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let indent = line.len() - line.trim_start().len();
            if line.trim() == "#[cfg(test)]" {
                // An item ends with `;` on its first line, or with `}` at its indent.
                let mut first = true;
                for (_, line) in lines.by_ref() {
                    let attribute = line.trim_start().starts_with("#[");
                    let closed = line.trim() == "}" && line.find('}') == Some(indent);
                    if closed || (first && line.ends_with(';')) {
                        break;
                    }
                    first &= attribute;
                }
            } else if !line.trim_start().starts_with("//") {
                kept.push((at + 1, line));
            }
        }
        kept
    }

    /// Modules in files of their own that are compiled for tests only.
    fn test_modules(&self) -> impl Iterator<Item = String> {
        let lines = self.text.lines();
        lines
            .clone()
            .zip(lines.skip(1))
            .filter(|(attribute, _)| attribute.trim() == "#[cfg(test)]")
            .filter_map(|(_, item)| item.trim().strip_prefix("mod ")?.strip_suffix(';'))
            .map(|name| format!("{}/{name}", self.module()))
    }
}

/// Files under `src` that are compiled without tests.
fn product_files() -> Vec<File> {
    let mut files = rust_files("src");
    let tests: BTreeSet<_> = files.iter().flat_map(File::test_modules).collect();
    files.retain(|file| {
        let inside = |module: &String| {
            let rest = file.module().strip_prefix(module.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !tests.iter().any(inside)
    });
    files
}

/// Names that follow `crate::` in a text, those of `crate::{a::B, c}` included.
fn named_rooms(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, path) in text.match_indices("crate::") {
        // `some_crate::` is another thing.
        let before = text[..at].chars().next_back().unwrap_or(' ');
        if before == '_' || before.is_alphanumeric() {
            continue;
        }
        let after = &text[at + path.len()..];
        let word = |text: &str| -> String {
            let letter = |c: &char| c.is_alphanumeric() || *c == '_';
            text.trim_start().chars().take_while(letter).collect()
        };
        let Some(group) = after.strip_prefix('{') else {
            rooms.push(word(after));
            continue;
        };
        let mut depth = 0_usize;
        rooms.push(word(group));
        for (at, sign) in group.char_indices() {
            match sign {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => rooms.push(word(&group[at + 1..])),
                _ => {}
            }
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms
}

/// Fails with the rule and every place that breaks it.
#[track_caller]
fn hold(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}

#[test]
fn rooms_know_only_what_they_may() {
    let mut broken = Vec::new();
    for file in product_files() {
        let Some(room) = file.room() else { continue };
        let Some((_, may_know)) = MAY_KNOW.iter().find(|(name, _)| *name == room) else {
            continue;
        };
        let lines: Vec<_> = file.lines().into_iter().map(|(_, line)| line).collect();
        for known in named_rooms(&lines.join("\n")) {
            let open = EVERYBODYS.contains(&known.as_str());
            if known != room && !open && !may_know.contains(&known.as_str()) {
                broken.push(format!("{}: `{room}` uses `crate::{known}`", file.path));
            }
        }
    }
    hold(
        "a room knows only the rooms that the table in tests/house.rs and ARCHITECTURE.md allows",
        &broken,
    );
}

#[test]
fn no_path_climbs_out_of_its_room() {
    let mut broken = Vec::new();
    for file in product_files() {
        let depth = file.module().split('/').count() - 1;
        let way_out = "super::".repeat(depth);
        for (at, line) in file.lines() {
            if file.room().is_some() && line.contains(&way_out) {
                broken.push(format!("{}:{at}: {}", file.path, line.trim()));
            }
        }
    }
    hold(
        "other rooms are named by `crate::`, not reached by `super::`",
        &broken,
    );
}

#[test]
fn the_table_of_rooms_has_no_circle_and_misses_none() {
    let mut broken = Vec::new();
    for (at, (room, may_know)) in MAY_KNOW.iter().enumerate() {
        let before: Vec<_> = MAY_KNOW[..at].iter().map(|(name, _)| name).collect();
        for known in may_know.iter().filter(|known| !before.contains(known)) {
            broken.push(format!("`{room}` may know `{known}`, which comes later"));
        }
    }
    let files = rust_files("src");
    let rooms: BTreeSet<_> = files.iter().filter_map(File::room).collect();
    let table: BTreeSet<_> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    for room in rooms.symmetric_difference(&table) {
        broken.push(format!("`{room}` is only in the table or only under src"));
    }
    let text = fs::read_to_string(top().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for room in rooms {
        if !text.contains(&format!("| `{room}` |")) {
            broken.push(format!("ARCHITECTURE.md has no row for `{room}`"));
        }
    }
    hold(
        "rooms stand in one order, each in the table of tests/house.rs and of ARCHITECTURE.md",
        &broken,
    );
}

#[test]
fn no_file_is_too_long() {
    let files = ["src", "tests", "examples", "benches"]
        .into_iter()
        .flat_map(rust_files);
    let broken: Vec<_> = files
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    hold(
        "a file has at most 500 lines; tests may move to a file of their own",
        &broken,
    );
}

#[test]
fn library_code_does_not_unwrap() {
    let mut broken = Vec::new();
    for file in product_files() {
        for (at, line) in file.lines() {
            if FORBIDDEN.iter().any(|word| line.contains(word)) {
                broken.push(format!("{}:{at}: {}", file.path, line.trim()));
            }
        }
    }
    hold(
        "outside tests nothing is unwrapped, expected or left to do: answer the error",
        &broken,
    );
}

/// Files of a folder that are not among the names.
fn unlisted(folder: &str, ending: &str, names: &[&str]) -> Vec<String> {
    let entries = fs::read_dir(top().join(folder)).expect("a folder of the project");
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|stem| !names.contains(&stem.as_str()))
        .map(|stem| format!("{folder}/{stem}.{ending}"))
        .collect()
}

#[test]
fn every_shipped_file_is_listed() {
    let cycles: Vec<_> = thsim::cycle::names().collect();
    let vehicles: Vec<_> = thsim::config::shipped().collect();
    let mut broken = unlisted("configs/cycles", "csv", &cycles);
    broken.extend(unlisted("configs/vehicles", "toml", &vehicles));
    let maps: Vec<_> = thsim::config::shipped_maps().collect();
    broken.extend(unlisted("configs/maps", "csv", &maps));
    hold(
        "a file below configs is embedded: list it in src/cycle/standard.rs or src/config/shipped.rs",
        &broken,
    );
}

#[test]
fn every_example_is_run() {
    let manifest = fs::read_to_string(top().join("Cargo.toml")).expect("Cargo.toml");
    let broken: Vec<_> = rust_files("examples")
        .into_iter()
        .filter(|file| {
            let name = file.module().trim_start_matches("examples/");
            let entry = format!("[[example]]\nname = \"{name}\"\ntest = true");
            !manifest.contains(&entry) || !file.text.contains("#[test]")
        })
        .map(|file| file.path)
        .collect();
    hold(
        "an example has a test, and an entry with `test = true` in Cargo.toml that lets it run",
        &broken,
    );
}

#[test]
fn rooms_are_read_from_every_form_of_path() {
    let text = "use crate::{map::{Curve, Surface}, units};\nlet a = crate::sim::step;\n\
                $crate::cli::x; my_crate::plot::y;";
    assert_eq!(named_rooms(text), ["map", "units", "sim", "cli"]);
}
