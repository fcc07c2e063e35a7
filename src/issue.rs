//! What is wrong with something a user wrote, and where.
//!
//! Every reader of outside text (vehicle files, cycle files, `--set`) collects
//! [`Issue`]s instead of stopping at the first: one look at the message mends the
//! whole file. Rendering is left to the edge (`cli`), which has the source text in
//! [`Source`] to show the line itself.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text that came from outside: its name for messages and its content.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// File path as the user wrote it, `--set`, or `<stdin>`.
    pub name: String,
    /// The whole text, so that a message can quote the line.
    pub text: String,
}

impl Source {
    /// A source shared by all issues that point into it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
        })
    }

    /// Line and column (both from 1, the column in characters) of a byte offset.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }
}

/// Where in a [`Source`] an issue lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Byte range inside it; empty where the whole text is meant.
    pub span: Range<usize>,
}

/// One problem: what was found, what is allowed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What is wrong, lower case, the offending name in backquotes.
    pub message: String,
    /// Key of the vehicle file or column of the cycle file, where there is one.
    pub key: Option<String>,
    /// What would have been right, or the nearest valid name.
    pub help: Option<String>,
    /// Where it stands; none for problems without a text (a missing file).
    pub place: Option<Place>,
}

impl Issue {
    /// A problem without a place yet.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            key: None,
            help: None,
            place: None,
        }
    }

    /// Names the key or column.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Says what is allowed.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the text in the message where the issue points to no place in it.
    #[must_use]
    pub fn of(mut self, name: &str) -> Self {
        if self.place.is_none() && !self.message.contains(name) {
            self.message = format!("`{name}`: {}", self.message);
        }
        self
    }

    /// Points into a text.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>) -> Self {
        self.place = Some(Place {
            source: Arc::clone(source),
            span,
        });
        self
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            let (line, column) = place.source.line_column(place.span.start);
            write!(f, "{}:{line}:{column}: ", place.source.name)?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

/// The nearest of `valid` to a misspelt `name`, if one is near enough to suggest.
pub fn nearest<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR_ENOUGH: f64 = 0.72;
    let name = name.to_lowercase();
    valid
        .into_iter()
        .map(|candidate| {
            let score = strsim::jaro_winkler(&name, &candidate.to_lowercase()).max(
                strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase()),
            );
            (score, candidate)
        })
        .filter(|(score, _)| *score >= NEAR_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// `did you mean ...?` for a misspelt name, else the list of valid ones.
pub fn suggestion<'a>(name: &str, valid: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(name, valid.clone()) {
        return format!("did you mean `{near}`?");
    }
    let names: Vec<_> = valid.into_iter().map(|name| format!("`{name}`")).collect();
    format!("allowed: {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_columns_from_one_in_characters() {
        let source = Source::new("a", "ab\nçd = 1\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(3), (2, 1));
        assert_eq!(source.line_column(5), (2, 2));
        assert_eq!(source.line_column(999), (3, 1));
    }

    #[test]
    fn suggests_the_nearest_name_and_stays_silent_when_none_is_near() {
        let names = ["test_mass_kg", "tyre_radius_m"];
        assert_eq!(nearest("test_mas_kg", names), Some("test_mass_kg"));
        assert_eq!(nearest("zzz", names), None);
    }
}
