//! One text (a vehicle file or a `--set`) as a flat list of keys with their places.
//!
//! Tables, dotted keys and inline tables come out the same. A figure's source is the
//! comment behind it on its line, or the `source` of `{ value = …, source = "…" }`.
//! Keys that no vehicle has are found here; whether values fit is seen later, when all
//! layers lie on each other.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::schema::{self, CHOICES, Form, Key, Kind, Node};
use super::shipped::located;
use crate::issue::{Issue, Place, Source};

/// A value of a vehicle file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(String),
    /// Numbers or rows; each with its place, for messages.
    List(Vec<(Value, Range<usize>)>),
    /// What no key takes, in words.
    Other(String),
}

/// A key that a text gives.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: &'static Key,
    pub(super) value: Value,
    /// Where the value stands.
    pub(super) place: Place,
    /// Where the figure comes from.
    pub(super) source: Option<String>,
}

/// Name of the text of a setting from the command line.
pub(super) const SETTING: &str = "--set";

/// Keys by their full names.
pub(super) type Entries = BTreeMap<String, Entry>;

/// What a text says.
#[derive(Clone)]
pub(super) struct Document {
    pub(super) source: Arc<Source>,
    pub(super) entries: Entries,
    pub(super) issues: Vec<Issue>,
    /// Section headers, for messages about what is missing in them.
    pub(super) sections: BTreeMap<String, Range<usize>>,
    /// Keys that misspelt ones were most likely meant to be: not to be called missing.
    pub(super) meant: Vec<&'static str>,
    /// Lines that are no TOML; what the parser makes of them is not looked at.
    broken_lines: Vec<usize>,
}

const SHORTEST: &str = "the shortest vehicle file is `extends = \"levin-hybrid\"`";

impl Document {
    fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            entries: Entries::new(),
            issues: Vec::new(),
            sections: BTreeMap::new(),
            meant: Vec::new(),
            broken_lines: Vec::new(),
        }
    }

    /// Reads a vehicle file; `folder` is what files named in it are relative to.
    pub(super) fn read(source: &Arc<Source>, folder: &Path) -> Self {
        let mut document = Self::new(Arc::clone(source));
        let whole = Issue::new("").at(source, 0..0).help(SHORTEST);
        if source.text.contains('\0') {
            // Quoting such a line would write its bytes to the terminal.
            let place = None;
            let message = format!("`{}` is binary, not text", source.name);
            document.issues.push(Issue {
                message,
                place,
                ..whole
            });
            document.broken_lines.push(0);
            return document;
        }
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            document.broken_lines.push(line_of(source, span.start));
            let message = error.message().trim_end_matches(", expected nothing");
            let issue = match (message, source.text.get(span.clone())) {
                ("duplicate key", Some(key)) => {
                    Issue::new(format!("`{key}` is given twice")).key(key)
                }
                _ => Issue::new(message),
            };
            document.issues.push(issue.at(source, span));
        }
        if table.get_ref().is_empty() && document.is_sound() {
            document.issues.push(Issue {
                message: "the file has no keys".to_owned(),
                ..whole
            });
            document.broken_lines.push(0);
        }
        document.table("", table.get_ref(), folder, 0);
        document.refuse_both_forms();
        document
    }

    /// Reads a `key=value` of the command line.
    pub(super) fn read_set(argument: &str) -> Self {
        let source = Source::new(SETTING, argument);
        let mut document = Self::new(Arc::clone(&source));
        let Some((path, text)) = argument.split_once('=') else {
            let issue = Issue::new(format!("`{argument}` gives no value"));
            let form = "the form is `key=value`, as in `chassis.test_mass_kg=1600`";
            document.issues.push(issue.help(form).at(&source, 0..0));
            return document;
        };
        let value_start = path.len() + 1 + (text.len() - text.trim_start().len());
        let (path, text) = (path.trim(), text.trim());
        let path_start = argument.len() - argument.trim_start().len();
        let path_span = path_start..path_start + path.len();
        match DeValue::parse(text) {
            Ok(value) => document.node(path, path_span, &value, Path::new(""), value_start),
            Err(error) if text.is_empty() || text.starts_with(['[', '{', '"', '\'']) => {
                let span = error.span().unwrap_or(0..0);
                let span = span.start + value_start..span.end + value_start;
                let issue = Issue::new(error.message()).key(path);
                document.issues.push(issue.at(&source, span));
            }
            // The shell has eaten the quotes of a text.
            Err(_) => {
                let value = Spanned::new(0..text.len(), DeValue::String(text.into()));
                document.node(path, path_span, &value, Path::new(""), value_start);
            }
        }
        for entry in document.entries.values_mut() {
            entry.source = Some(format!("--set {path}"));
        }
        document.refuse_both_forms();
        document
    }

    /// Whether the text is TOML, so that what it does not say is known to be missing.
    pub(super) fn is_sound(&self) -> bool {
        self.broken_lines.is_empty()
    }

    /// The first key of this form.
    fn first_of(&self, form: Form) -> Option<&Entry> {
        self.entries.values().find(|e| e.key.form == Some(form))
    }

    /// Whether a key of this form is given.
    pub(super) fn names(&self, form: Form) -> bool {
        self.first_of(form).is_some()
    }

    fn refuse_both_forms(&mut self) {
        for (what, one, other) in CHOICES {
            if let Some((first, second)) = self.first_of(one).zip(self.first_of(other)) {
                let later = if first.place.span.start > second.place.span.start {
                    first
                } else {
                    second
                };
                let issue = Issue::new(format!("the {what} is given in both of its forms"))
                    .key(later.key.path)
                    .help(format!("either {} or {}", one.spelt(), other.spelt()))
                    .at(&self.source, later.place.span.clone());
                self.issues.push(issue);
            }
        }
    }

    /// Takes the keys of a table; `offset` is where the parsed text begins in the source.
    fn table(&mut self, path: &str, table: &DeTable, folder: &Path, offset: usize) {
        for (name, value) in table {
            let span = name.span().start + offset..name.span().end + offset;
            let name = name.get_ref();
            let child = if path.is_empty() {
                name.to_string()
            } else {
                format!("{path}.{name}")
            };
            self.node(&child, span, value, folder, offset);
        }
    }

    /// Takes a key or section.
    fn node(
        &mut self,
        path: &str,
        path_span: Range<usize>,
        value: &Spanned<DeValue>,
        folder: &Path,
        offset: usize,
    ) {
        let lines = line_of(&self.source, path_span.start)
            ..=line_of(&self.source, value.span().end + offset);
        match (schema::find(path), value.get_ref()) {
            (Node::Section, DeValue::Table(table)) => {
                self.sections.entry(path.to_owned()).or_insert(path_span);
                self.table(path, table, folder, offset);
            }
            _ if self.broken_lines.iter().any(|line| lines.contains(line)) => {}
            (Node::Section, other) => {
                let names = schema::children(path).join("`, `");
                let issue = Issue::new(format!(
                    "`{path}` is a section, found {}",
                    describe(&take(other, offset))
                ));
                self.issues.push(
                    issue
                        .key(path)
                        .help(format!("its keys: `{names}`"))
                        .at(&self.source, path_span),
                );
            }
            (Node::Key(key), _) => self.leaf(path, key, value, folder, offset),
            (Node::Unknown, _) => self.unknown(path, path_span),
        }
    }

    fn unknown(&mut self, path: &str, path_span: Range<usize>) {
        let help = if let Some(near) = schema::meant(path) {
            self.meant.push(near);
            format!("did you mean `{near}`?")
        } else {
            let section = path.rsplit_once('.').map_or("", |(section, _)| section);
            format!("allowed: `{}`", schema::children(section).join("`, `"))
        };
        let issue = Issue::new(format!("unknown key `{path}`"));
        self.issues
            .push(issue.key(path).help(help).at(&self.source, path_span));
    }

    fn leaf(
        &mut self,
        path: &str,
        key: &'static Key,
        value: &Spanned<DeValue>,
        folder: &Path,
        offset: usize,
    ) {
        let (mut value, mut given) = (value, None);
        if let DeValue::Table(table) = value.get_ref() {
            for (name, part) in table {
                match (name.get_ref().as_ref(), part.get_ref()) {
                    ("value", _) => value = part,
                    ("source", DeValue::String(text)) => given = Some(text.to_string()),
                    (other, _) => {
                        let message = format!("`{path}` has a value and a source, no `{other}`");
                        let span = name.span().start + offset..name.span().end + offset;
                        let issue = Issue::new(message).key(path);
                        self.issues.push(
                            issue
                                .help("the form is `{ value = 1.0, source = \"…\" }`")
                                .at(&self.source, span),
                        );
                        return;
                    }
                }
            }
        }
        let span = value.span().start + offset..value.span().end + offset;
        let source = given.or_else(|| comment_behind(&self.source.text, span.end));
        let value = match (key.kind, take(value.get_ref(), offset)) {
            (Kind::File, Value::Text(file)) => Value::Text(located(&file, folder)),
            (_, value) => value,
        };
        let place = Place {
            source: Arc::clone(&self.source),
            span,
        };
        let entry = Entry {
            key,
            value,
            place,
            source,
        };
        self.entries.insert(path.to_owned(), entry);
    }
}

fn line_of(source: &Source, offset: usize) -> usize {
    source.line_column(offset).0
}

fn take(value: &DeValue, offset: usize) -> Value {
    match value {
        DeValue::Integer(integer) => {
            let number = if integer.radix() == 10 {
                integer.as_str().parse().ok()
            } else {
                i128::from_str_radix(integer.as_str(), integer.radix())
                    .ok()
                    .map(|whole| whole as f64)
            };
            number.map_or_else(|| Value::Other(integer.to_string()), Value::Number)
        }
        DeValue::Float(float) => match float.as_str().parse() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Other(float.to_string()),
        },
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Array(array) => Value::List(take_list(array, offset)),
        DeValue::Boolean(boolean) => Value::Other(format!("`{boolean}`")),
        DeValue::Datetime(date) => Value::Other(format!("the date {date}")),
        DeValue::Table(_) => Value::Other("a table".to_owned()),
    }
}

fn take_list(array: &DeArray, offset: usize) -> Vec<(Value, Range<usize>)> {
    array
        .iter()
        .map(|item| {
            let span = item.span().start + offset..item.span().end + offset;
            (take(item.get_ref(), offset), span)
        })
        .collect()
}

/// A value for a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("the text \"{text}\""),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Other(words) => words.clone(),
    }
}

/// The comment on the rest of the line, without its `#`.
fn comment_behind(text: &str, end: usize) -> Option<String> {
    let line = text.get(end..)?.lines().next()?;
    let mut quote = None;
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '#') => {
                let comment = line[at + 1..].trim();
                return (!comment.is_empty()).then(|| comment.to_owned());
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}
