//! What a tuning leaves: lines for a vehicle file, and a file of its own.

use super::super::failure::Failure;
use super::super::shared::replaces_its_own;
use crate::config::{self, VehicleFile};
use crate::results::write_file;
use std::fmt::Write;
use std::fs;
use std::path::{self, Path};

/// First words of a file that this command wrote: only such a file is replaced.
const HEAD: &str = "# Tuned rules, written by thsim";

/// A key with its value as TOML.
pub(super) type Line<'a> = (&'a str, String);

/// The lines to put into the `[control]` section of a vehicle file.
pub(super) fn control_lines(lines: &[Line<'_>]) -> String {
    let mut text = "[control]\n".to_owned();
    for (key, value) in lines {
        let name = key.split_once('.').map_or(*key, |(_, name)| name);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} = {value}");
    }
    text
}

/// Whether a file may be written here; asked before anything is simulated.
pub(super) fn check_place(out: &Path, vehicle: &str) -> Result<(), Failure> {
    let shown = out.display();
    if out.extension().is_none_or(|ending| ending != "toml") {
        return Err(Failure::input(
            format!("`{shown}` does not end in `.toml`"),
            "a vehicle file does: `--vehicle` knows it by its ending",
        ));
    }
    let folder = out.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|it| !it.is_dir()) {
        return Err(Failure::input(
            format!("there is no folder `{}`", folder.display()),
            "make it first, or write elsewhere",
        ));
    }
    let is_no = "was not written by `thsim tune`";
    replaces_its_own(out, HEAD.as_bytes(), (is_no, "--out"))?;
    if fs::canonicalize(out).is_ok_and(|it| fs::canonicalize(vehicle).is_ok_and(|own| own == it)) {
        return Err(Failure::input(
            format!("`{shown}` is the vehicle itself: it would extend itself"),
            "name another file with `--out`",
        ));
    }
    Ok(())
}

/// The vehicle file: what it extends, what was set by hand, what was tuned.
pub(super) fn text(
    file: &VehicleFile,
    (vehicle, out): (&str, &Path),
    lines: &[Line<'_>],
    (command, over): (&str, &str),
) -> String {
    let extends = toml::Value::from(extended(vehicle, out)).to_string();
    let name = file.vehicle().name.trim_end_matches("-tuned");
    let name = toml::Value::from(format!("{name}-tuned")).to_string();
    // A comment ends with its line.
    let comment = |words: &str| words.replace(char::is_control, " ");
    let (command, over) = (comment(command), comment(over));
    let mut text = format!("{HEAD}\n# {command}\n\nname = {name}\nextends = {extends}\n");
    let by_hand = |source: Option<&str>| source.is_some_and(|it| it.starts_with("--set "));
    let entries = file.entries();
    for (key, value, _) in entries.filter(|(key, _, source)| *key != "name" && by_hand(*source)) {
        let _ = writeln!(text, "{key} = {value}  # set by hand");
    }
    for (key, value) in lines {
        let _ = writeln!(text, "{key} = {value}  # tuned over {over}");
    }
    text
}

/// How the new file names the vehicle it extends: a shipped one by its name, a file by its
/// way from the new one where it lies below the same folder, else in full.
fn extended(vehicle: &str, out: &Path) -> String {
    let absolute = |path: &Path| path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if config::shipped().any(|name| name == vehicle) {
        return vehicle.to_owned();
    }
    let (file, out) = (absolute(Path::new(vehicle)), absolute(out));
    let below = out
        .parent()
        .and_then(|folder| file.strip_prefix(folder).ok());
    match below {
        // With its separator it is a file, whatever its ending.
        Some(below) => Path::new(".").join(below).display().to_string(),
        None => file.display().to_string(),
    }
}

/// Writes the vehicle file whole or not at all.
pub(super) fn write(out: &Path, text: &str) -> Result<(), Failure> {
    Ok(write_file(out, |writer| writer.write_all(text.as_bytes()))?)
}
