//! The comment lines in front of a cycle's table.

use std::ops::Range;

use super::Phase;
use super::reader::Problems;
use crate::issue::Issue;

const PHASE_FORM: &str = "a phase is `# phase: name, start_s, end_s`";

/// What the comment lines say, in the file's own time.
#[derive(Default)]
pub(super) struct Preamble {
    pub(super) title: Option<String>,
    pub(super) regulation: Option<String>,
    pub(super) source: Option<String>,
    /// Each phase with the place that it was read from.
    pub(super) phases: Vec<(Phase, Range<usize>)>,
    /// Where the table begins; none in a file of comments.
    pub(super) header_start: Option<usize>,
}

impl Preamble {
    /// Reads comments and blank lines from `begin` up to the header.
    pub(super) fn read(text: &str, begin: usize, problems: &mut Problems) -> Self {
        let mut preamble = Self::default();
        let mut line_start = begin;
        for line in text[begin..].split_inclusive(['\n', '\r']) {
            let content = line.trim();
            if let Some(comment) = content.strip_prefix('#') {
                preamble.comment(text, comment, problems);
            } else if !content.is_empty() {
                preamble.header_start = Some(line_start);
                break;
            }
            line_start += line.len();
        }
        preamble
    }

    /// Takes one comment, a slice of `text`.
    fn comment(&mut self, text: &str, comment: &str, problems: &mut Problems) {
        let Some((key, value)) = comment.split_once(':') else {
            return;
        };
        let value = value.trim();
        match key.trim() {
            "title" => self.title = some(value),
            "regulation" => self.regulation = some(value),
            "source" => self.source = some(value),
            "phase" => {
                let start = offset(text, value);
                let span = start..start + value.len();
                match self.phase(value) {
                    Ok(phase) => self.phases.push((phase, span)),
                    Err(message) => {
                        problems.add(span, || Issue::new(message).key("phase").help(PHASE_FORM));
                    }
                }
            }
            _ => {}
        }
    }

    /// `name, start_s, end_s`, and after one more comma a remark (its distance, say).
    fn phase(&self, value: &str) -> Result<Phase, String> {
        let fields: Vec<_> = value.split(',').map(str::trim).collect();
        let (&[name, start, end] | &[name, start, end, _]) = fields.as_slice() else {
            return Err(format!("malformed phase `{value}`"));
        };
        if name.is_empty() {
            return Err("a phase has no name".to_owned());
        }
        if self.phases.iter().any(|(phase, _)| phase.name == name) {
            return Err(format!("phase `{name}` is given twice"));
        }
        let start_s = seconds(start)?;
        let end_s = seconds(end)?;
        if end_s <= start_s {
            return Err(format!("phase `{name}` does not end after it starts"));
        }
        Ok(Phase {
            name: name.to_owned(),
            start_s,
            end_s,
        })
    }
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn seconds(field: &str) -> Result<f64, String> {
    let number = field.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("`{field}` is not a finite number of seconds"))
}

/// Where a slice lies in the text that it was cut from.
fn offset(text: &str, slice: &str) -> usize {
    slice.as_ptr() as usize - text.as_ptr() as usize
}
