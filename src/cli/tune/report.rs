//! How a tuning is printed.

use super::super::summary_table::{Align, number, table};
use super::file::control_lines;
use crate::study::{Figures, TunedRegret};
use serde::Serialize;
use std::fmt::Write;

/// A parameter, and where it went.
#[derive(Debug, Serialize)]
pub(super) struct Moved {
    pub(super) key: String,
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether it stands at an end of its range: the best may lie beyond.
    pub(super) at_end: bool,
}

/// What the tuning gives on a cycle.
#[derive(Debug, Serialize)]
pub(super) struct OnCycle {
    pub(super) cycle: String,
    /// Whether it is one of those tuned over.
    pub(super) in_set: bool,
    pub(super) before_l_per_100km: f64,
    pub(super) after_l_per_100km: f64,
    /// NaN where one of them does not keep its charge.
    pub(super) change_percent: f64,
    pub(super) engine_starts_before: usize,
    pub(super) engine_starts_after: usize,
    /// Whether the car keeps its charge, and follows as well as before.
    pub(super) sound: bool,
    /// Where it was asked for.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(super) regret: Option<Regrets>,
}

/// Fuel above the optimum at equal charge; NaN where there is none.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Regrets {
    regret_before_percent: f64,
    regret_after_percent: f64,
}

impl From<Option<TunedRegret>> for Regrets {
    fn from(regret: Option<TunedRegret>) -> Self {
        let percent =
            |of: fn(&TunedRegret) -> f64| regret.as_ref().map_or(f64::NAN, |it| 100.0 * of(it));
        Self {
            regret_before_percent: percent(|it| it.before),
            regret_after_percent: percent(|it| it.after),
        }
    }
}

impl OnCycle {
    pub(super) fn new(cycle: &str, in_set: bool, before: &Figures, after: &Figures) -> Self {
        Self {
            cycle: cycle.to_owned(),
            in_set,
            before_l_per_100km: before.l_per_100km,
            after_l_per_100km: after.l_per_100km,
            change_percent: if before.keeps_charge() && after.keeps_charge() {
                100.0 * (after.l_per_100km / before.l_per_100km - 1.0)
            } else {
                f64::NAN
            },
            engine_starts_before: before.engine_starts,
            engine_starts_after: after.engine_starts,
            sound: before.keeps_charge() && after.keeps_charge() && after.follows_like(before),
            regret: None,
        }
    }
}

/// All of it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) vehicle: String,
    pub(super) step_s: f64,
    pub(super) seed: u64,
    /// Designs tried, and those of them that count for nothing.
    pub(super) tried: usize,
    pub(super) refused: usize,
    pub(super) interrupted: bool,
    /// Means over the cycles; null where there are none.
    pub(super) set_change_percent: f64,
    pub(super) others_change_percent: f64,
    pub(super) parameters: Vec<Moved>,
    pub(super) cycles: Vec<OnCycle>,
    /// Lines for a vehicle file.
    pub(super) control_toml: String,
    pub(super) command: String,
    pub(super) thsim_version: &'static str,
}

/// Mean change over the cycles of the set, or over the others, where there is one.
pub(super) fn mean_change(cycles: &[OnCycle], in_set: bool) -> f64 {
    let mine = cycles.iter().filter(|it| it.in_set == in_set);
    let changes: Vec<f64> = mine
        .map(|it| it.change_percent)
        .filter(|it| it.is_finite())
        .collect();
    changes.iter().sum::<f64>() / changes.len() as f64
}

fn signed(percent: f64) -> String {
    if percent.is_finite() {
        format!("{percent:+.2}")
    } else {
        number(percent, 2)
    }
}

/// The tables for people.
pub(super) fn text(report: &Report) -> String {
    let set = report.cycles.iter().filter(|it| it.in_set);
    let names: Vec<&str> = set.map(|it| it.cycle.as_str()).collect();
    format!(
        "{}, rules tuned over {}: {} designs, {} of them refused\n\n{}\n{}{}\n{}",
        report.vehicle,
        names.join(", "),
        report.tried,
        report.refused,
        parameters(&report.parameters),
        cycles(&report.cycles),
        notes(report),
        report.control_toml
    )
}

/// What has to be known beside the tables.
fn notes(report: &Report) -> String {
    let mut notes = format!("mean over the set {} %", signed(report.set_change_percent));
    if report.others_change_percent.is_finite() {
        let others = signed(report.others_change_percent);
        // Writing to a string cannot fail.
        let _ = write!(notes, ", over the others {others} %");
    }
    notes.push('\n');
    for it in report.cycles.iter().filter(|it| !it.sound) {
        let _ = writeln!(
            notes,
            "{}: the car does not keep its charge, or follows less well than before",
            it.cycle
        );
    }
    let at_end = report.parameters.iter().filter(|it| it.at_end);
    let ends: Vec<&str> = at_end.map(|it| it.key.as_str()).collect();
    if !ends.is_empty() {
        let _ = writeln!(
            notes,
            "at an end of its range, where the best may lie beyond: {}",
            ends.join(", ")
        );
    }
    if report.set_change_percent >= 0.0 {
        notes.push_str("nothing better was found: the values are those of the car as it is\n");
    }
    if report.interrupted {
        notes.push_str("interrupted: this is the best so far\n");
    }
    notes
}

fn parameters(all: &[Moved]) -> String {
    let rows = all.iter().map(|it| {
        vec![
            it.key.clone(),
            it.from.to_string(),
            it.to.to_string(),
            format!("{} to {}", it.low, it.high),
            if it.at_end { "at its end" } else { "" }.to_owned(),
        ]
    });
    table(
        &[
            ("parameter", Align::Left),
            ("from", Align::Right),
            ("to", Align::Right),
            ("range", Align::Left),
            ("", Align::Left),
        ],
        rows.collect(),
    )
}

fn cycles(all: &[OnCycle]) -> String {
    let regrets = all.iter().any(|it| it.regret.is_some());
    let mut head = vec![
        ("cycle", Align::Left),
        ("", Align::Left),
        ("L/100km\nbefore", Align::Right),
        ("after", Align::Right),
        ("change\n%", Align::Right),
        ("starts\nbefore", Align::Right),
        ("after", Align::Right),
    ];
    if regrets {
        head.extend([("regret %\nbefore", Align::Right), ("after", Align::Right)]);
    }
    let rows = all.iter().map(|it| {
        let mut row = vec![
            it.cycle.clone(),
            if it.in_set { "set" } else { "other" }.to_owned(),
            number(it.before_l_per_100km, 3),
            number(it.after_l_per_100km, 3),
            signed(it.change_percent),
            it.engine_starts_before.to_string(),
            it.engine_starts_after.to_string(),
        ];
        if let Some(regret) = it.regret {
            row.push(signed(regret.regret_before_percent));
            row.push(signed(regret.regret_after_percent));
        }
        row
    });
    table(&head, rows.collect())
}

/// The lines for a vehicle file.
pub(super) fn toml_lines(parameters: &[Moved]) -> Vec<(&str, String)> {
    let lines = parameters.iter();
    lines
        .map(|it| (it.key.as_str(), it.to.to_string()))
        .collect()
}

/// The same as text.
pub(super) fn control_toml(parameters: &[Moved]) -> String {
    control_lines(&toml_lines(parameters))
}
