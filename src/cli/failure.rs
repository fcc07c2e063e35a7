//! The one place where problems are shown.

use crate::config::ConfigError;
use crate::cycle::CycleError;
use crate::issue::Issue;
use crate::results::WriteError;
use crate::study::procedure::ProcedureError;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The input is wrong.
    Input(Vec<Issue>),
    /// The simulation or a check failed.
    Failed(String),
    /// Stopped by the user.
    Interrupted,
}

impl Failure {
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// Wrong input that is not in a file.
    pub(super) fn input(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Input(vec![Issue::new(message).help(help)])
    }

    /// Wrong input, where anything was found to be wrong.
    pub(super) fn if_any(issues: Vec<Issue>) -> Result<(), Self> {
        if issues.is_empty() {
            Ok(())
        } else {
            Err(Self::Input(issues))
        }
    }

    /// Shows it on standard error and gives the exit code.
    pub(super) fn report(&self) -> ExitCode {
        let text = match self {
            Self::Input(issues) => render(issues),
            Self::Failed(message) => format!("error: {message}\n"),
            Self::Interrupted => "interrupted\n".to_owned(),
        };
        // Nobody left to tell if standard error is closed.
        let _ = io::stderr().lock().write_all(text.as_bytes());
        ExitCode::from(match self {
            Self::Input(_) => 2,
            Self::Failed(_) => 1,
            Self::Interrupted => 130,
        })
    }
}

impl From<CycleError> for Failure {
    fn from(error: CycleError) -> Self {
        Self::Input(error.issues())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Input(error.issues())
    }
}

/// The one table that commands read as such is part of the program.
impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        Self::failed(format!("the table of measured results: {error}"))
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ProcedureError> for Failure {
    fn from(error: ProcedureError) -> Self {
        let help = match &error {
            ProcedureError::NoSchedule { .. } => {
                "give the schedule with `--cycle FILE`, a CSV file with `time_s,speed_kmh`"
            }
            ProcedureError::NoRoadLoadRule { .. } => {
                "give `chassis.road_load.a_n`, `b_n_per_mps` and `c_n_per_mps2`"
            }
            ProcedureError::NotATest { .. } => "certify those",
        };
        Self::input(error.to_string(), help)
    }
}

/// All issues as rustc shows its own: place, line, what was found, what is allowed.
fn render(issues: &[Issue]) -> String {
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for issue in issues {
        let title = Level::ERROR.primary_title(issue.message.as_str());
        let mut group = match &issue.place {
            Some(place) if !place.source.text.is_empty() => {
                let length = place.source.text.len();
                let span = place.span.start.min(length)..place.span.end.min(length);
                title.element(
                    Snippet::source(place.source.text.as_str())
                        .path(place.source.name.as_str())
                        .annotation(AnnotationKind::Primary.span(span)),
                )
            }
            Some(place) => title.element(
                Level::NOTE.message(format!("in `{}`, which is empty", place.source.name)),
            ),
            None => annotate_snippets::Group::with_title(title),
        };
        if let Some(key) = &issue.key
            && !issue.message.contains(key.as_str())
        {
            group = group.element(Level::NOTE.message(format!("key or column: `{key}`")));
        }
        if let Some(help) = &issue.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        text.push_str(&renderer.render(&[group]));
        text.push_str("\n\n");
    }
    if issues.len() > 1 {
        let _ = writeln!(text, "{} problems found", issues.len());
    }
    text
}
