//! `[[derived]]`: values that follow from others.

use super::axes::{self, MemberTarget};
use super::section::{At, Section};

/// A `[[derived]]` of the file.
pub(super) struct RawDerived {
    pub(super) key: At<String>,
    pub(super) target: MemberTarget,
    pub(super) formula: At<String>,
    pub(super) scales: bool,
    pub(super) label: Option<String>,
    pub(super) unit: Option<String>,
}

/// Reads all of them.
pub(super) fn derived(file: &Section<'_>) -> Vec<RawDerived> {
    let problems = file.problems;
    let sections = file.sections("derived");
    let read = |section: &Section<'_>| {
        let key = section.text("key");
        let name = section.text("name");
        let (value, scale) = (section.text("value"), section.text("scale"));
        let label = section.text("label").map(|it| it.value);
        let unit = section.text("unit").map(|it| it.value);
        let (key, target) = match (key, name) {
            (Some(key), None) => {
                let target = axes::target(problems, &key)?;
                (key, target)
            }
            (None, Some(name)) => (name, MemberTarget::Nothing),
            _ => {
                let help = "`key = \"chassis.test_mass_kg\"`, or `name` for other formulas";
                let message = "a derived value has one `key` or one `name`";
                problems.say(section.span.clone(), message, help);
                return None;
            }
        };
        if let MemberTarget::Run(run) = target {
            let message = format!("`{}` cannot be derived", run.name());
            problems.say(key.span, message, "let it vary on an axis");
            return None;
        }
        let (formula, scales) = match (value, scale) {
            (Some(value), None) => (value, false),
            (None, Some(scale)) => (scale, true),
            _ => {
                let message = format!("`{}` has no formula", key.value);
                let help = "`value = \"…\"`, or `scale = \"…\"` to multiply what the vehicle has";
                problems.say(section.span.clone(), message, help);
                return None;
            }
        };
        Some(RawDerived {
            key,
            target,
            formula,
            scales,
            label,
            unit,
        })
    };
    let mut all = Vec::new();
    for section in sections {
        all.extend(read(&section));
        section.finish();
    }
    all
}
