//! Cycle files: text to a checked [`Cycle`].
//!
//! ```text
//! # title: home to work
//! # phase: town, 0, 20
//! time_s,speed_kmh,grade
//! 0,0,0
//! 20,50,0.01
//! ```
//! A table with commas: `time_s` and a speed in `speed_kmh`, `speed_mph` or
//! `speed_mps` (several must agree), optionally `grade` (rise over run) and `aux_w`.
//! Lines that start with `#` come before the header; `title`, `regulation`, `source`
//! and `phase` mean something there, all else is remark. Time may begin anywhere and
//! is sampled as it likes; phases are given in the same time. Blank lines, blanks
//! around cells, a byte order mark and any line ending are accepted.
//!
//! All problems of a file are found at once. Whoever fixes a column by hand wants the
//! list, whoever exported the wrong file does not want thousands: it is cut short.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::ops::Range;
use std::path::{self, Path};
use std::sync::Arc;

use super::preamble::Preamble;
use super::table::{Rows, read_rows};
use super::{Cycle, CycleError, Phase, Start, standard};
use crate::issue::{Issue, Source};

/// How many problems of a file are told before the rest is only counted.
const SHOWN_ISSUES: usize = 20;
/// A phase may miss the ends of the cycle by this much, s: the rounding of summed times.
const PHASE_TOLERANCE_S: f64 = 1e-6;
/// What programs on Windows put before UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a user calls a cycle: `-` is standard input, a text with a path separator or
/// ending in `.csv` a file, anything else a shipped name.
///
/// # Errors
/// As [`super::find`] and [`read_file`].
pub fn resolve(text: &str) -> Result<Cycle, CycleError> {
    let path = Path::new(text);
    let is_csv = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("csv"));
    if text == "-" {
        let mut bytes = Vec::new();
        match io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => read_bytes("stdin", "<stdin>", path, bytes),
            Err(error) => Err(unreadable(path, error.to_string())),
        }
    } else if is_csv || text.contains('/') || text.contains(path::is_separator) {
        read_file(path)
    } else {
        standard::find(text).map_err(|error| match error {
            // The name of a file without its ending.
            CycleError::Unknown { name, .. } if Path::new(&format!("{name}.csv")).is_file() => {
                let help = format!("did you mean the file `{name}.csv`?");
                CycleError::Unknown { name, help }
            }
            other => other,
        })
    }
}

/// Reads a cycle file; the cycle is named after it.
///
/// # Errors
/// [`CycleError::Unreadable`] or [`CycleError::Invalid`].
pub fn read_file(path: &Path) -> Result<Cycle, CycleError> {
    let bytes = fs::read(path).map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::NotFound => "no such file".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            ErrorKind::IsADirectory => "it is a directory".to_owned(),
            _ => error.to_string(),
        };
        unreadable(path, reason)
    })?;
    let shown = path.display().to_string();
    let name = path
        .file_stem()
        .map_or_else(|| shown.clone().into(), |stem| stem.to_string_lossy());
    read_bytes(&name, &shown, path, bytes)
}

fn read_bytes(name: &str, shown: &str, path: &Path, bytes: Vec<u8>) -> Result<Cycle, CycleError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        unreadable(path, format!("it is not text in UTF-8 (byte {at})"))
    })?;
    // Columns of messages count from the first character that the user sees.
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    read_text(name, &Source::new(shown, text))
}

fn unreadable(path: &Path, reason: String) -> CycleError {
    CycleError::Unreadable {
        path: path.to_owned(),
        reason,
    }
}

/// Reads a cycle from a text that is already there.
///
/// # Errors
/// [`CycleError::Invalid`] with all problems of the text.
pub fn read_text(name: &str, source: &Arc<Source>) -> Result<Cycle, CycleError> {
    let mut problems = Problems::new(source);
    let (preamble, rows) = read_parts(&source.text, &mut problems);
    let phases = place_phases(&preamble, &rows, &mut problems);
    let issues = problems.into_issues();
    if !issues.is_empty() {
        return Err(CycleError::Invalid {
            name: name.to_owned(),
            // The count of what is left out comes last, the file's name is said before.
            issues: issues
                .into_iter()
                .enumerate()
                .map(|(index, issue)| {
                    if index == 0 {
                        issue.of(&source.name)
                    } else {
                        issue
                    }
                })
                .collect(),
        });
    }
    let origin = [preamble.regulation, preamble.source];
    let origin: Vec<_> = origin.into_iter().flatten().collect();
    Ok(Cycle {
        name: name.to_owned(),
        title: preamble.title.unwrap_or_else(|| name.to_owned()),
        source: if origin.is_empty() {
            source.name.clone()
        } else {
            origin.join("; ")
        },
        phases,
        time_s: rows.time_s,
        speed_mps: rows.speed_mps,
        grade: rows.grade,
        aux_w: rows.aux_w,
        start: Start::Balanced,
    })
}

/// Comments and table, as far as they can be read.
fn read_parts(text: &str, problems: &mut Problems) -> (Preamble, Rows) {
    let begin = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    if text[begin..].trim().is_empty() {
        problems.add_unplaced(Issue::new("the file is empty").help(FORM));
    } else if text.contains('\0') {
        // Quoting such a line would write its bytes to the terminal.
        problems.add_unplaced(Issue::new("the file is binary, not text").help(FORM));
    } else {
        let preamble = Preamble::read(text, begin, problems);
        if let Some(header) = preamble.header_start {
            let rows = read_rows(text, header, problems);
            return (preamble, rows);
        }
        problems.add_unplaced(Issue::new("the file has comments only").help(FORM));
    }
    (Preamble::default(), Rows::default())
}

/// The shortest description of the form, for files that are something else.
pub(super) const FORM: &str =
    "a cycle file has a header like `time_s,speed_kmh` and a row for each sample";

/// Moves the phases to the time of the cycle and checks that they lie inside it. Where the
/// times themselves are wrong, nothing is said: mending them may mend the phases.
fn place_phases(preamble: &Preamble, rows: &Rows, problems: &mut Problems) -> Vec<Phase> {
    let Some((first_s, last_s)) = rows.file_range_s() else {
        return Vec::new();
    };
    let duration_s = rows.time_s.last().copied().unwrap_or(0.0);
    let mut placed: Vec<Phase> = Vec::new();
    for (phase, span) in &preamble.phases {
        let (start_s, end_s) = (phase.start_s - first_s, phase.end_s - first_s);
        if start_s < -PHASE_TOLERANCE_S || end_s > duration_s + PHASE_TOLERANCE_S {
            problems.add(span.clone(), || {
                Issue::new(format!("phase `{}` lies outside the cycle", phase.name))
                    .key("phase")
                    .help(format!("the rows go from {first_s} s to {last_s} s"))
            });
        }
        placed.push(Phase {
            name: phase.name.clone(),
            start_s: start_s.max(0.0),
            end_s: end_s.min(duration_s),
        });
    }
    placed
}

/// Collects the problems of one text; the first ones whole, the others as a number.
pub(super) struct Problems<'a> {
    source: &'a Arc<Source>,
    issues: Vec<Issue>,
    more: usize,
}

impl<'a> Problems<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            issues: Vec::new(),
            more: 0,
        }
    }

    /// A problem at a place. Its words are made only if they will be shown.
    pub(super) fn add(&mut self, span: Range<usize>, issue: impl FnOnce() -> Issue) {
        if self.issues.len() < SHOWN_ISSUES {
            self.issues.push(issue().at(self.source, span));
        } else {
            self.more += 1;
        }
    }

    /// A problem of the text as a whole.
    fn add_unplaced(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// The list in the order of the text.
    fn into_issues(mut self) -> Vec<Issue> {
        let start = |issue: &Issue| issue.place.as_ref().map_or(0, |place| place.span.start);
        self.issues.sort_by_key(start);
        if self.more > 0 {
            self.issues
                .push(Issue::new(format!("and {} more problems", self.more)));
        }
        self.issues
    }
}
