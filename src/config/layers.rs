//! Layers of a vehicle: the file it extends, the file itself, `--set`.

use std::fs;
use std::io::ErrorKind;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;

use super::document::{Document, Entries, Entry, SETTING, Value};
use super::schema::CHOICES;
use super::{ConfigError, shipped};
use crate::issue::{Issue, Source, suggestion};

/// What programs on Windows put before UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// All layers on each other.
#[derive(Clone)]
pub(super) struct Layers {
    pub(super) entries: Entries,
    /// Problems of the texts themselves.
    pub(super) issues: Vec<Issue>,
    /// The file that was asked for: what is missing is missing there.
    pub(super) main: Document,
    /// Every text, the main one first.
    pub(super) sources: Vec<Arc<Source>>,
    /// Every layer could be read, so that what is not there is known to be missing.
    pub(super) complete: bool,
}

/// Where a vehicle file is.
#[derive(Clone, PartialEq, Eq)]
enum Origin {
    Shipped(&'static str, &'static str),
    File(PathBuf),
}

impl Origin {
    /// Design section 4: a path separator or the ending `.toml` make a file.
    fn of(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let is_toml = Path::new(text)
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if is_toml || text.contains('/') || text.contains(path::is_separator) {
            return Ok(Self::File(folder.join(text)));
        }
        let found = shipped().find(|name| *name == text);
        found
            .and_then(|name| Some(Self::Shipped(name, shipped::text(name)?)))
            .ok_or_else(|| {
                // The name of a file without its ending.
                let file = format!("{text}.toml");
                ConfigError::Unknown {
                    name: text.to_owned(),
                    help: if folder.join(&file).is_file() {
                        format!("did you mean the file `{file}`?")
                    } else {
                        suggestion(text, shipped())
                    },
                }
            })
    }

    fn read(&self) -> Result<Document, ConfigError> {
        match self {
            Self::Shipped(name, text) => {
                Ok(Document::read(&Source::new(*name, *text), Path::new("")))
            }
            Self::File(path) => {
                let text = read_text(path)?;
                let source = Source::new(path.display().to_string(), text);
                Ok(Document::read(&source, self.folder()))
            }
        }
    }

    /// What files named in it are relative to.
    fn folder(&self) -> &Path {
        match self {
            Self::Shipped(..) => Path::new(""),
            Self::File(path) => path.parent().unwrap_or(Path::new("")),
        }
    }

    /// The same for two ways to write one path.
    fn identity(&self) -> Self {
        match self {
            Self::Shipped(..) => self.clone(),
            Self::File(path) => Self::File(fs::canonicalize(path).unwrap_or_else(|_| path.clone())),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Shipped(name, _) => (*name).to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// Text of a file, without byte order mark.
pub(super) fn read_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let bytes = fs::read(path).map_err(|error| {
        unreadable(match error.kind() {
            ErrorKind::NotFound => "no such file".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            ErrorKind::IsADirectory => "it is a directory".to_owned(),
            _ => error.to_string(),
        })
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        unreadable(format!("it is not text in UTF-8 (byte {at})"))
    })?;
    // Columns of messages count from the first character that the user sees.
    Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

impl Layers {
    /// Reads a vehicle, what it extends, and lays the settings on top.
    pub(super) fn read(name_or_file: &str, sets: &[String]) -> Result<Self, ConfigError> {
        let mut origin = Origin::of(name_or_file, Path::new(""))?;
        let mut main = origin.read()?;
        let mut layers = Self {
            entries: Entries::new(),
            issues: std::mem::take(&mut main.issues),
            sources: vec![Arc::clone(&main.source)],
            complete: main.is_sound(),
            main,
        };
        let mut documents = Vec::new();
        let mut chain = vec![origin.clone()];
        let mut extends = layers.main.entries.remove("extends");
        while let Some(entry) = extends.take() {
            match next(&entry, &origin, &chain) {
                Ok((parent, mut document)) => {
                    layers.issues.append(&mut document.issues);
                    layers.sources.push(Arc::clone(&document.source));
                    layers.complete &= document.is_sound();
                    extends = document.entries.remove("extends");
                    documents.push(document);
                    chain.push(parent.clone());
                    origin = parent;
                }
                Err(issue) => {
                    let place = &entry.place;
                    let issue = issue.key("extends");
                    layers
                        .issues
                        .push(issue.at(&place.source, place.span.clone()));
                    layers.complete = false;
                }
            }
        }
        for document in documents.iter().rev() {
            lay(&mut layers.entries, document);
        }
        lay(&mut layers.entries, &layers.main);
        layers.set(sets);
        Ok(layers)
    }

    /// How late a text was laid on the others: settings after the main file, the main file
    /// after those it extends.
    pub(super) fn rank(&self, source: &Arc<Source>) -> Option<usize> {
        let texts = self.sources.len();
        let index = self
            .sources
            .iter()
            .position(|text| Arc::ptr_eq(text, source))?;
        let is_setting = source.name == SETTING;
        Some(if is_setting {
            texts + index
        } else {
            texts - index
        })
    }

    /// The settings are one layer, each with its own text; the later one holds.
    fn set(&mut self, sets: &[String]) {
        for argument in sets {
            let mut document = Document::read_set(argument);
            if let Some(entry) = document.entries.remove("extends") {
                let issue = Issue::new("`extends` belongs into a vehicle file")
                    .key("extends")
                    .help("choose another vehicle instead");
                document
                    .issues
                    .push(issue.at(&entry.place.source, 0..entry.place.span.end));
            }
            self.issues.append(&mut document.issues);
            self.main.meant.append(&mut document.meant);
            self.sources.push(Arc::clone(&document.source));
            lay(&mut self.entries, &document);
        }
    }
}

/// The vehicle that an `extends` names.
fn next(entry: &Entry, from: &Origin, chain: &[Origin]) -> Result<(Origin, Document), Issue> {
    let Value::Text(text) = &entry.value else {
        return Err(Issue::new("`extends` must be a text")
            .help("the name of a shipped vehicle or a vehicle file"));
    };
    let parent = Origin::of(text, from.folder()).map_err(|error| as_issue(&error))?;
    let seen = chain
        .iter()
        .position(|origin| origin.identity() == parent.identity());
    if let Some(first) = seen {
        let circle: Vec<_> = chain[first..]
            .iter()
            .chain([&parent])
            .map(|origin| format!("`{}`", origin.shown()))
            .collect();
        let message = format!("`extends` goes in a circle: {}", circle.join(" → "));
        return Err(Issue::new(message).help("a vehicle cannot extend itself"));
    }
    let document = parent.read().map_err(|error| as_issue(&error))?;
    Ok((parent, document))
}

fn as_issue(error: &ConfigError) -> Issue {
    let message = error.to_string();
    error.issues().pop().unwrap_or_else(|| Issue::new(message))
}

/// Lays a layer on those below, key by key; a form it names drops the other form.
fn lay(below: &mut Entries, layer: &Document) {
    for (_, one, other) in CHOICES {
        for (named, dropped) in [(one, other), (other, one)] {
            if layer.names(named) && !layer.names(dropped) {
                below.retain(|_, entry| entry.key.form != Some(dropped));
            }
        }
    }
    for (path, entry) in &layer.entries {
        below.insert(path.clone(), entry.clone());
    }
}
