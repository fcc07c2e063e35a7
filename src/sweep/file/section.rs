//! Tables of a TOML text, read key by key with the place of everything.
//!
//! A section remembers which keys were asked for: what is left over at its end is unknown,
//! and the nearest of those asked for is what was meant.

use crate::issue::{Issue, Source, suggestion};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Problems of a text, gathered while it is read.
pub(super) struct Problems {
    pub(super) source: Arc<Source>,
    pub(super) issues: RefCell<Vec<Issue>>,
}

impl Problems {
    pub(super) fn new(source: &Arc<Source>) -> Self {
        Self {
            source: Arc::clone(source),
            issues: RefCell::default(),
        }
    }

    /// Notes a problem at a place of the text.
    pub(super) fn add(&self, issue: Issue, span: Range<usize>) {
        let issue = issue.at(&self.source, span);
        self.issues.borrow_mut().push(issue);
    }

    /// Notes a problem in few words.
    pub(super) fn say(&self, span: Range<usize>, message: impl Into<String>, help: &str) {
        self.add(Issue::new(message).help(help), span);
    }

    /// The text at a place.
    pub(super) fn text(&self, span: &Range<usize>) -> &str {
        self.source.text.get(span.clone()).unwrap_or_default()
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A table of the text.
pub(super) struct Section<'a> {
    pub(super) problems: &'a Problems,
    table: &'a DeTable<'a>,
    /// What messages call it; empty for the file itself.
    title: String,
    /// Where it stands.
    pub(super) span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

/// What a value is, for messages.
fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A number, where the value is one.
pub(super) fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .map(|whole| whole as f64),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}

impl<'a> Section<'a> {
    pub(super) fn new(
        problems: &'a Problems,
        table: &'a DeTable<'a>,
        title: impl Into<String>,
        span: Range<usize>,
    ) -> Self {
        Self {
            problems,
            table,
            title: title.into(),
            span,
            asked: RefCell::default(),
        }
    }

    /// How messages call a key of it.
    fn name(&self, key: &str) -> String {
        if self.title.is_empty() {
            format!("`{key}`")
        } else {
            format!("`{key}` of {}", self.title)
        }
    }

    /// Notes that a value is not what its key takes.
    fn wrong(&self, key: &str, wanted: &str, found: &Spanned<DeValue>) {
        let found_kind = kind(found.get_ref());
        let message = format!("{} must be {wanted}, found {found_kind}", self.name(key));
        self.problems
            .add(Issue::new(message).key(key), found.span());
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        drop(asked);
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    pub(super) fn text(&self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some(At {
                value: text.to_string(),
                span: value.span(),
            });
        }
        self.wrong(key, "a text", value);
        None
    }

    pub(super) fn number(&self, key: &'static str) -> Option<At<f64>> {
        let value = self.get(key)?;
        match number(value.get_ref()) {
            Some(found) if found.is_finite() => Some(At {
                value: found,
                span: value.span(),
            }),
            Some(found) => {
                let message = format!("{} = {found} is not finite", self.name(key));
                self.problems
                    .add(Issue::new(message).key(key), value.span());
                None
            }
            None => {
                self.wrong(key, "a number", value);
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn whole(&self, key: &'static str, least: u64, most: u64) -> Option<At<u64>> {
        let At { value, span } = self.number(key)?;
        if value.fract() == 0.0 && (least as f64..=most as f64).contains(&value) {
            return Some(At {
                value: value as u64,
                span,
            });
        }
        let message = format!("{} = {value} is out of range", self.name(key));
        let help = format!("allowed: a whole number from {least} to {most}");
        self.problems
            .add(Issue::new(message).key(key).help(help), span);
        None
    }

    pub(super) fn list(&self, key: &'static str) -> Option<At<Vec<&'a Spanned<DeValue<'a>>>>> {
        let value = self.get(key)?;
        if let DeValue::Array(items) = value.get_ref() {
            return Some(At {
                value: items.iter().collect(),
                span: value.span(),
            });
        }
        self.wrong(key, "a list", value);
        None
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Option<At<Vec<At<String>>>> {
        let At { value, span } = self.list(key)?;
        let texts = value.into_iter().filter_map(|item| {
            if let DeValue::String(text) = item.get_ref() {
                return Some(At {
                    value: text.to_string(),
                    span: item.span(),
                });
            }
            self.wrong(key, "a list of texts", item);
            None
        });
        Some(At {
            value: texts.collect(),
            span,
        })
    }

    pub(super) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        if let DeValue::Table(table) = value.get_ref() {
            let title = self.inner_title(key);
            return Some(Section::new(self.problems, table, title, value.span()));
        }
        self.wrong(key, "a table", value);
        None
    }

    /// All tables of a list of tables; one table alone counts as a list of one.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let title = self.inner_title(key);
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| {
                    if let DeValue::Table(table) = item.get_ref() {
                        let title = title.clone();
                        return Some(Section::new(self.problems, table, title, item.span()));
                    }
                    self.wrong(key, "a list of tables", item);
                    None
                })
                .collect(),
            DeValue::Table(table) => {
                vec![Section::new(self.problems, table, title, value.span())]
            }
            _ => {
                self.wrong(key, "a list of tables", value);
                Vec::new()
            }
        }
    }

    fn inner_title(&self, key: &str) -> String {
        if self.title.is_empty() {
            format!("`{key}`")
        } else {
            format!("`{key}` of {}", self.title)
        }
    }

    /// Every key that was not asked for is unknown.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) {
                let message = format!("unknown key {}", self.name(name));
                let help = suggestion(name, asked.iter().copied());
                let issue = Issue::new(message).key(name).help(help);
                self.problems.add(issue, key.span());
            }
        }
    }
}
