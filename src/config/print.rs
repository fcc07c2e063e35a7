//! A vehicle back as text: the whole file, and the list that is hashed.

use std::fmt::Write;

use super::document::Value;
use super::schema::{Key, Kind};
use super::shipped::shipped_map;

/// A key with its value and where that comes from.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    /// Full name; of a section's `source` the schema's key does not tell the section.
    pub(super) path: String,
    pub(super) key: &'static Key,
    pub(super) value: Value,
    pub(super) source: Option<String>,
    /// SHA-256 of the table a file key names.
    pub(super) digest: Option<String>,
}

/// Where comments begin, if the value leaves room.
const COMMENT_COLUMN: usize = 40;

impl Listed {
    /// The value in TOML.
    pub(super) fn value(&self) -> String {
        match (self.key.kind, &self.value) {
            // Wherever this text is saved, it finds the table.
            (Kind::File, Value::Text(file)) if shipped_map(file).is_none() => {
                let absolute = std::path::absolute(file);
                let file =
                    absolute.map_or_else(|_| file.clone(), |path| path.display().to_string());
                toml(&Value::Text(file))
            }
            (Kind::Grid { .. }, Value::List(rows)) => {
                let rows: Vec<_> = rows
                    .iter()
                    .map(|(row, _)| format!("  {},\n", toml(row)))
                    .collect();
                format!("[\n{}]", rows.concat())
            }
            (_, value) => toml(value),
        }
    }
}

/// The file in full. What it reads back to is the same vehicle.
pub(super) fn full(entries: &[Listed]) -> String {
    let mut text = String::from(
        "# in full: every key, after `extends` and `--set`, with its source\n\
         # [S] read at a source, [D] derived from sourced figures, [E] estimate with its range\n\n",
    );
    let mut last_section = "";
    for listed in entries {
        let (section, name) = listed.path.split_once('.').unwrap_or(("", &listed.path));
        if section != last_section {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "\n[{section}]");
            last_section = section;
        }
        let line = format!("{name} = {}", listed.value());
        text += &line;
        if let Some(source) = &listed.source {
            let source = source.replace(char::is_control, " ");
            let width = line.rsplit('\n').next().unwrap_or("").chars().count();
            let gap = COMMENT_COLUMN.saturating_sub(width).max(1);
            let _ = write!(text, "{:gap$}# {source}", "");
        }
        text.push('\n');
    }
    text
}

/// Sorted `key = value` lines of all that a result depends on: no sources, and of a
/// table what it says instead of where it is.
pub(super) fn canonical(entries: &[Listed]) -> String {
    let mut lines: Vec<String> = entries
        .iter()
        .filter(|listed| listed.key.path != "source")
        .map(|listed| match &listed.digest {
            Some(digest) => format!("{} = sha256:{digest}\n", listed.path),
            None => format!("{} = {}\n", listed.path, toml(&listed.value)),
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}

fn toml(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => toml::Value::from(text.as_str()).to_string(),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|(item, _)| toml(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Other(words) => words.clone(),
    }
}
