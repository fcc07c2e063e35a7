//! A page of the documentation: its text, and the calls in its `console` blocks.
//!
//! A call begins with `$ `, goes on after `\` and `|`, to the end of a quotation in `'` or of
//! its here-document, and is followed by what it prints. A line `...` stands for any lines; a
//! call without shown lines only has to succeed.

use std::collections::BTreeSet;

/// Stands for any number of printed lines; at most once in a call.
const ANY: &str = "...";

pub(crate) struct Page {
    pub(crate) pieces: Vec<Piece>,
}

pub(crate) enum Piece {
    /// A line that is not run.
    Text(String),
    Call(Call),
}

impl Piece {
    pub(crate) fn is_call(&self) -> bool {
        matches!(self, Self::Call(_))
    }
}

pub(crate) struct Call {
    /// Where it stands, from 1.
    pub(crate) line: usize,
    /// Its lines, the first without the prompt.
    command: Vec<String>,
    shown: Vec<String>,
}

/// `<!-- picture pictures/a.svg = results/b/c.svg -->`
pub(crate) struct Picture {
    /// Where it is kept, as seen from the page.
    pub(crate) name: String,
    /// Where the commands of the page leave it.
    pub(crate) made: String,
}

impl Page {
    pub(crate) fn parse(file: &str, text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut lines = text.lines().enumerate();
        let mut console = false;
        while let Some((at, line)) = lines.next() {
            let fence = line.starts_with("```");
            if fence || !console {
                console = fence && line == "```console";
                pieces.push(Piece::Text(line.to_owned()));
            } else if let Some(first) = line.strip_prefix("$ ") {
                let mut command = vec![first.to_owned()];
                while goes_on(&command) {
                    let (_, next) = lines.next().expect("the rest of a command");
                    command.push(next.to_owned());
                }
                pieces.push(Piece::Call(Call {
                    line: at + 1,
                    command,
                    shown: Vec::new(),
                }));
            } else if let Some(Piece::Call(call)) = pieces.last_mut() {
                call.shown.push(line.trim_end().to_owned());
                let gaps = call.shown.iter().filter(|line| *line == ANY).count();
                assert!(gaps < 2, "{file}:{}: `{ANY}` twice in an output", at + 1);
            } else {
                panic!("{file}:{}: an output without a command", at + 1);
            }
        }
        Self { pieces }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut write = |line: &str| {
            text += line;
            text.push('\n');
        };
        for piece in &self.pieces {
            match piece {
                Piece::Text(line) => write(line),
                Piece::Call(call) => {
                    write(&format!("$ {}", call.script()));
                    call.shown.iter().for_each(|line| write(line));
                }
            }
        }
        text
    }

    fn prose(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(line) => Some(line.as_str()),
            Piece::Call(_) => None,
        })
    }

    pub(crate) fn pictures(&self) -> impl Iterator<Item = Picture> {
        self.prose().filter_map(|line| {
            let mark = line.strip_prefix("<!-- picture ")?.strip_suffix(" -->")?;
            let (name, made) = mark.split_once(" = ")?;
            Some(Picture {
                name: name.to_owned(),
                made: made.to_owned(),
            })
        })
    }

    /// Where `[…](…)` and `![…](…)` lead.
    pub(crate) fn links(&self) -> BTreeSet<String> {
        let inside = |line: &str| -> Vec<String> {
            let ends = line.split("](").skip(1);
            ends.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
                .collect()
        };
        self.prose().flat_map(inside).collect()
    }
}

/// Whether a command has lines to come.
fn goes_on(command: &[String]) -> bool {
    let last = command.last().map_or("", String::as_str);
    if let Some((_, word)) = command[0].split_once("<<'") {
        return word.split('\'').next() != Some(last);
    }
    let quotes: usize = command.iter().map(|line| line.matches('\'').count()).sum();
    last.ends_with(['\\', '|']) || quotes % 2 == 1
}

impl Call {
    pub(crate) fn script(&self) -> String {
        self.command.join("\n")
    }

    /// Whether it builds or needs what only developers and clusters have.
    pub(crate) fn is_for_developers(&self) -> bool {
        ["cargo ", "sbatch "]
            .iter()
            .any(|name| self.command[0].starts_with(name))
    }

    /// Whether the page shows an error, and the command does not answer it itself.
    pub(crate) fn shows_refusal(&self) -> bool {
        let first = self.shown.first();
        first.is_some_and(|line| line.starts_with("error: ")) && !self.script().contains("||")
    }

    /// Shown lines before and after the gap, if there is one.
    fn ends(&self) -> Option<(&[String], &[String])> {
        let gap = self.shown.iter().position(|line| line == ANY)?;
        Some((&self.shown[..gap], &self.shown[gap + 1..]))
    }

    /// Whether the page shows what was printed.
    pub(crate) fn shows(&self, printed: &[String]) -> bool {
        match self.ends() {
            None => self.shown.is_empty() || self.shown == printed,
            Some((head, tail)) => {
                head.len() + tail.len() <= printed.len()
                    && printed.starts_with(head)
                    && printed.ends_with(tail)
            }
        }
    }

    /// Shows what was printed, with the gap after as many lines and before as many as now.
    pub(crate) fn show(&mut self, printed: &[String]) {
        let ends = self.ends().map(|(head, tail)| (head.len(), tail.len()));
        self.shown = match ends {
            Some((head, tail)) if head + tail <= printed.len() => {
                let mut lines = printed[..head].to_vec();
                lines.push(ANY.to_owned());
                lines.extend_from_slice(&printed[printed.len() - tail..]);
                lines
            }
            _ => printed.to_vec(),
        };
    }
}

#[test]
fn a_call_is_read_with_its_here_document_and_its_output() {
    let text = "a\n```console\n$ cat <<'END'\n$ b\nEND\nc\n...\nd\n```\n";
    let mut page = Page::parse("page", text);
    assert_eq!(page.text(), text);
    let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
    let call = page.pieces.iter_mut().find_map(|piece| match piece {
        Piece::Call(call) => Some(call),
        Piece::Text(_) => None,
    });
    let call = call.expect("a call");
    assert_eq!(call.script(), "cat <<'END'\n$ b\nEND");
    assert!(call.shows(&lines("cd")) && call.shows(&lines("cxyd")));
    assert!(!call.shows(&lines("c")) && !call.shows(&lines("cxy")));
    call.show(&lines("exyf"));
    assert_eq!(call.shown, ["e", "...", "f"]);
}
