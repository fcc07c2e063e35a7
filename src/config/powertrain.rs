//! Which keys belong to which kind of car.

use super::schema::{Form, Key, is_below, keys};
use super::values::Values;
use crate::issue::Issue;

/// Kind of car, by its powertrain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Powertrain {
    PowerSplit,
    Conventional,
}

/// Keys and whole sections that only one kind of car has; the rest belongs to both.
const POWER_SPLIT: [&str; 13] = [
    "brakes",
    "gearset",
    "mg1",
    "mg2",
    "converter",
    "battery",
    "control",
    "chassis.road_load.machine_share",
    "engine.break_away_nm",
    "engine.firing_rpm",
    "engine.crank_rpm_per_s",
    "engine.start_fuel_g",
    "engine.late_spark_fuel_factor",
];
const CONVENTIONAL: [&str; 3] = [
    "gearbox",
    "engine.fuel_cut_rpm",
    "auxiliary.alternator_efficiency",
];

impl Powertrain {
    const ALL: [Self; 2] = [Self::PowerSplit, Self::Conventional];

    /// The kind of that name.
    pub(super) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PowerSplit => "power-split",
            Self::Conventional => "conventional",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::PowerSplit => Self::Conventional,
            Self::Conventional => Self::PowerSplit,
        }
    }

    /// Keys and sections that no other kind has.
    fn own(self) -> &'static [&'static str] {
        match self {
            Self::PowerSplit => &POWER_SPLIT,
            Self::Conventional => &CONVENTIONAL,
        }
    }

    /// The key or section of its own that a path is or lies in.
    fn own_part(self, path: &str) -> Option<&'static str> {
        let mut parts = self.own().iter().copied();
        parts.find(|part| path == *part || is_below(path, part))
    }

    /// Whether such a car has this key.
    pub(super) fn has(self, path: &str) -> bool {
        self.other().own_part(path).is_none()
    }

    /// Whether such a car has any key of this form.
    pub(super) fn has_form(self, form: Form) -> bool {
        keys().any(|key: &Key| key.form == Some(form) && self.has(key.path))
    }
}

/// Names every part of the file that belongs to the other kind of car, once.
pub(super) fn misplaced(values: &Values, kind: Powertrain) -> Vec<Issue> {
    let other = kind.other();
    let entries = &values.layers.entries;
    let mut issues = Vec::new();
    for part in other.own() {
        let mut inside: Vec<_> = entries
            .iter()
            .filter(|(path, _)| other.own_part(path) == Some(*part))
            .collect();
        // What was laid last is what the user wrote, in the order of the text.
        inside.sort_by_key(|(_, entry)| {
            let rank = values.layers.rank(&entry.place.source);
            (std::cmp::Reverse(rank), entry.place.span.start)
        });
        let Some((path, entry)) = inside.first() else {
            continue;
        };
        let more = match inside.len() {
            1 => String::new(),
            count => format!(" (and {} more of `{part}`)", count - 1),
        };
        let message = format!("a {} car has no `{path}`{more}", kind.name());
        let help = format!(
            "it belongs to `powertrain` \"{}\", this file is \"{}\"",
            other.name(),
            kind.name()
        );
        let issue = Issue::new(message).key(path.as_str()).help(help);
        issues.push(issue.at(&entry.place.source, entry.place.span.clone()));
    }
    issues
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_named_here_is_a_key_or_a_section() {
        for part in POWER_SPLIT.into_iter().chain(CONVENTIONAL) {
            let known = keys().any(|key| key.path == part || is_below(key.path, part));
            assert!(known, "{part}");
        }
    }
}
