//! How a tuning is printed.

use super::super::summary_table::{Align, number, table};
use super::file::control_lines;
use crate::study::Figures;
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
    pub(super) change_percent: f64,
    pub(super) engine_starts_before: usize,
    pub(super) engine_starts_after: usize,
    /// Fuel above the optimum at equal charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) regret_before_percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) regret_after_percent: Option<f64>,
    /// Whether the tuned car keeps its charge and follows as well as before.
    pub(super) sound: bool,
}

impl OnCycle {
    pub(super) fn new(cycle: &str, in_set: bool, before: &Figures, after: &Figures) -> Self {
        Self {
            cycle: cycle.to_owned(),
            in_set,
            before_l_per_100km: before.l_per_100km,
            after_l_per_100km: after.l_per_100km,
            change_percent: 100.0 * (after.l_per_100km / before.l_per_100km - 1.0),
            engine_starts_before: before.engine_starts,
            engine_starts_after: after.engine_starts,
            regret_before_percent: None,
            regret_after_percent: None,
            sound: after.keeps_charge() && after.follows_like(before),
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

/// Mean change over the cycles of the set, or over the others.
pub(super) fn mean_change(cycles: &[OnCycle], in_set: bool) -> f64 {
    let mine = || cycles.iter().filter(|it| it.in_set == in_set);
    mine().map(|it| it.change_percent).sum::<f64>() / mine().count() as f64
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
    let names: Vec<&str> = report
        .cycles
        .iter()
        .filter(|it| it.in_set)
        .map(|it| it.cycle.as_str())
        .collect();
    let mut text = format!(
        "{}, rules tuned over {}: {} designs, {} of them refused\n\n",
        report.vehicle,
        names.join(", "),
        report.tried,
        report.refused
    );
    text += &parameters(&report.parameters);
    text.push('\n');
    text += &cycles(&report.cycles);
    let _ = write!(
        text,
        "mean over the set {} %",
        signed(report.set_change_percent)
    );
    if report.others_change_percent.is_finite() {
        let _ = write!(
            text,
            ", over the others {} %",
            signed(report.others_change_percent)
        );
    }
    text.push('\n');
    for cycle in report.cycles.iter().filter(|it| !it.sound) {
        let _ = writeln!(
            text,
            "{}: the tuned car does not keep its charge, or follows less well than before",
            cycle.cycle
        );
    }
    let ends: Vec<&str> = report
        .parameters
        .iter()
        .filter(|it| it.at_end)
        .map(|it| it.key.as_str())
        .collect();
    if !ends.is_empty() {
        let _ = writeln!(
            text,
            "at an end of its range, where the best may lie beyond: {}",
            ends.join(", ")
        );
    }
    if report.set_change_percent == 0.0 {
        text.push_str("nothing better was found: the values are those of the car as it is\n");
    }
    if report.interrupted {
        text.push_str("interrupted: this is the best so far\n");
    }
    let _ = write!(text, "\n{}", control_lines_of(report));
    text
}

fn control_lines_of(report: &Report) -> &str {
    &report.control_toml
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
    let regrets = all.iter().any(|it| it.regret_before_percent.is_some());
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
        if regrets {
            let regrets = [it.regret_before_percent, it.regret_after_percent];
            row.extend(regrets.map(|it| signed(it.unwrap_or(f64::NAN))));
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
