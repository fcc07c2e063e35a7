//! `[[axis]]`: what varies, and over which values.

use super::super::label;
use super::super::space::{Level, RunKey, Target};
use super::super::spread::Spread;
use super::section::{At, Problems, Section, number};
use super::spreads::spread;
use crate::config::{self, Kind, Setting};
use crate::issue::{Issue, suggestion};
use crate::results::{InputHash, Role, Sampling};
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::DeValue;

/// A variable of an axis, as the file gives it.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) unit: String,
    pub(super) target: MemberTarget,
    pub(super) spread: Spread,
    pub(super) levels: Vec<Level>,
    /// Where its key stands.
    pub(super) span: Range<usize>,
}

/// What it changes; the vehicle's keys are numbered later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MemberTarget {
    Key,
    Run(RunKey),
    Nothing,
}

/// Members that move together.
pub(super) struct RawAxis {
    pub(super) members: Vec<Member>,
    pub(super) points: u64,
}

/// Keys of a vehicle file that say what it is, not how it is.
const NO_AXIS: [&str; 4] = ["name", "extends", "source", "powertrain"];
/// Ways to give the values of an axis.
const WAYS: [&str; 6] = ["list", "range", "log", "uniform", "normal", "triangular"];

/// Reads all axes.
pub(super) fn read(file: &Section<'_>, sampling: Sampling, folder: &Path) -> Vec<RawAxis> {
    let sections = file.sections("axis");
    let axes = sections
        .into_iter()
        .filter_map(|section| {
            let axis = axis(&section, sampling, folder);
            section.finish();
            axis
        })
        .collect::<Vec<_>>();
    refuse_twice(file.problems, &axes);
    axes
}

fn refuse_twice(problems: &Problems, axes: &[RawAxis]) {
    let members: Vec<&Member> = axes.iter().flat_map(|axis| &axis.members).collect();
    for (at, member) in members.iter().enumerate() {
        if members[..at].iter().any(|other| other.name == member.name) {
            let message = format!("`{}` varies on two axes", member.name);
            let help = "let keys that belong together move `together` on one axis";
            problems.say(member.span.clone(), message, help);
        }
    }
}

fn axis(section: &Section<'_>, sampling: Sampling, folder: &Path) -> Option<RawAxis> {
    let together = section.sections("together");
    if together.is_empty() {
        let (member, points) = member(section, sampling, folder)?;
        return Some(RawAxis {
            members: vec![member],
            points,
        });
    }
    let mut members = Vec::new();
    let mut counts: Vec<u64> = Vec::new();
    let mut complete = true;
    for inner in together {
        match member(&inner, sampling, folder) {
            Some((member, points)) => {
                members.push(member);
                counts.push(points);
            }
            None => complete = false,
        }
        inner.finish();
    }
    let points = *counts.first()?;
    if let Some(other) = counts.iter().find(|count| **count != points) {
        let message = format!("axes that move together have {points} and {other} points");
        section.problems.say(
            section.span.clone(),
            message,
            "give each the same number of points",
        );
        return None;
    }
    complete.then_some(RawAxis { members, points })
}

/// The key or name of a member, and what it changes.
fn named(section: &Section<'_>) -> Option<(At<String>, MemberTarget)> {
    let problems = section.problems;
    match (section.text("key"), section.text("name")) {
        (Some(key), None) => {
            let target = target(problems, &key)?;
            Some((key, target))
        }
        (None, Some(name)) => {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let starts = name.value.starts_with(|c: char| c.is_ascii_alphabetic());
            if !starts || !name.value.chars().all(is_word) {
                let message = format!("`{}` is no name", name.value);
                let help = "letters, digits and `_`, a letter first";
                problems.say(name.span, message, help);
                return None;
            }
            Some((name, MemberTarget::Nothing))
        }
        (Some(key), Some(_)) => {
            let help = "a key is its own name; `name` is for values that only formulas use";
            problems.say(key.span, "an axis has a `key` or a `name`, not both", help);
            None
        }
        (None, None) => {
            let help = "`key = \"battery.capacity_ah\"`, or `name = \"size\"` for formulas";
            problems.say(section.span.clone(), "this axis says not what varies", help);
            None
        }
    }
}

/// What a key changes.
pub(super) fn target(problems: &Problems, key: &At<String>) -> Option<MemberTarget> {
    let name = key.value.as_str();
    if let Some(run) = RunKey::find(name) {
        return Some(MemberTarget::Run(run));
    }
    if NO_AXIS.contains(&name) || name.ends_with(".source") {
        let help = "take other vehicles with `run.vehicle`";
        problems.say(key.span.clone(), format!("`{name}` cannot vary"), help);
        return None;
    }
    if config::key(name).is_some() {
        return Some(MemberTarget::Key);
    }
    let runs = RunKey::ALL.map(RunKey::name);
    let help = if name.starts_with("run.") {
        suggestion(name, runs)
    } else if let Some(near) = config::meant(name) {
        format!("did you mean `{near}`?")
    } else {
        "`thsim vehicles levin-hybrid` prints all keys; of the run: `run.vehicle`, `run.cycle`, \
         `run.step_s`, `run.soc`, `run.control`"
            .to_owned()
    };
    let issue = Issue::new(format!("unknown key `{name}`")).key(name);
    problems.add(issue.help(help), key.span.clone());
    None
}

fn member(section: &Section<'_>, sampling: Sampling, folder: &Path) -> Option<(Member, u64)> {
    let named = named(section);
    let label = section.text("label");
    let unit = section.text("unit");
    let given: Vec<&'static str> = WAYS
        .into_iter()
        .filter(|way| section.get(way).is_some())
        .collect();
    let problems = section.problems;
    let way = match given[..] {
        [way] => way,
        [] => {
            let help = "`list`, `range`, `log`, `uniform`, `normal` or `triangular`";
            problems.say(section.span.clone(), "this axis has no values", help);
            return None;
        }
        [first, second, ..] => {
            let message = format!("this axis has values in two ways, `{first}` and `{second}`");
            problems.say(section.span.clone(), message, "keep one");
            return None;
        }
    };
    let (name, target) = named?;
    let (spread, levels, points) = if way == "list" {
        list(section, &name.value, target, folder)?
    } else {
        let inner = section.section(way)?;
        let found = spread(&inner, way, sampling);
        inner.finish();
        let (spread, points) = found?;
        takes_numbers(problems, &name, target, &spread)?;
        (spread, Vec::new(), points)
    };
    let (own_label, own_unit) = label::of(&name.value);
    let member = Member {
        label: label.map_or(own_label, |label| label.value),
        unit: unit.map_or_else(|| own_unit.to_owned(), |unit| unit.value),
        name: name.value,
        target,
        spread,
        levels,
        span: name.span,
    };
    Some((member, points))
}

/// Whether a key takes the numbers of a range or distribution.
fn takes_numbers(
    problems: &Problems,
    name: &At<String>,
    target: MemberTarget,
    spread: &Spread,
) -> Option<()> {
    let bounds = match target {
        MemberTarget::Nothing => return Some(()),
        MemberTarget::Run(RunKey::Soc) => Some((0.0, 1.0)),
        MemberTarget::Run(_) => None,
        MemberTarget::Key => match config::key(&name.value)?.kind {
            Kind::Number { min, max } | Kind::Whole { min, max } => Some((min, max)),
            _ => None,
        },
    };
    let Some((min, max)) = bounds else {
        let help = "give its values as a `list`";
        let message = format!("`{}` takes no range of numbers", name.value);
        problems.say(name.span.clone(), message, help);
        return None;
    };
    let (low, high) = match *spread {
        Spread::Linear { from, to } | Spread::Logarithmic { from, to } => (from, to),
        Spread::Normal {
            mean, low, high, ..
        } => (
            if low.is_finite() { low } else { mean },
            if high.is_finite() { high } else { mean },
        ),
        Spread::Triangular { low, high, .. } => (low, high),
        Spread::Numbers(_) | Spread::Levels(_) => return Some(()),
    };
    if low < min || high > max {
        let message = format!("`{}` from {low} to {high} leaves its range", name.value);
        problems.say(
            name.span.clone(),
            message,
            &format!("allowed: {min} to {max}"),
        );
        return None;
    }
    Some(())
}

/// `list = [...]`.
fn list(
    section: &Section<'_>,
    name: &str,
    target: MemberTarget,
    folder: &Path,
) -> Option<(Spread, Vec<Level>, u64)> {
    let At { value: items, span } = section.list("list")?;
    let problems = section.problems;
    if items.is_empty() {
        let message = format!("the axis `{name}` has no points");
        problems.say(span, message, "put at least one value into its `list`");
        return None;
    }
    let points = items.len() as u64;
    let is_text = |item: &&Spanned<DeValue>| matches!(item.get_ref(), DeValue::String(_));
    let issues_before = problems.issues.borrow().len();
    let mut numbers = Vec::new();
    let mut levels = Vec::new();
    for item in &items {
        let found = number(item.get_ref());
        match target {
            MemberTarget::Key => {
                let level = level(problems, name, item, folder)?;
                numbers.extend(level.setting.as_ref().and_then(Setting::as_number));
                levels.push(level);
            }
            MemberTarget::Run(RunKey::Vehicle | RunKey::Cycle | RunKey::Control) => {
                match item.get_ref() {
                    DeValue::String(text) => levels.push(Level {
                        text: text.to_string(),
                        digest: None,
                        setting: None,
                    }),
                    _ => problems.say(item.span(), format!("`{name}` takes names"), "a text"),
                }
            }
            MemberTarget::Run(_) | MemberTarget::Nothing => match found {
                Some(number) if number.is_finite() => numbers.push(number),
                _ if is_text(item) => problems.say(
                    item.span(),
                    format!("`{name}` takes numbers, found a text"),
                    "only numbers can be used in formulas",
                ),
                _ => problems.say(item.span(), format!("`{name}` takes numbers"), "a number"),
            },
        }
    }
    if problems.issues.borrow().len() > issues_before {
        return None;
    }
    if numbers.len() == items.len() {
        return Some((Spread::Numbers(numbers), Vec::new(), points));
    }
    Some((Spread::Levels(levels.len()), levels, points))
}

/// One value of a key of the vehicle.
fn level(problems: &Problems, key: &str, item: &Spanned<DeValue>, folder: &Path) -> Option<Level> {
    let is_file = matches!(config::key(key)?.kind, Kind::File);
    let text = match item.get_ref() {
        DeValue::String(text) => text.to_string(),
        _ => problems.text(&item.span()).to_owned(),
    };
    let located = if is_file {
        config::located(&text, folder)
    } else {
        text.clone()
    };
    match Setting::parse(&format!("{key}={located}")) {
        Ok(setting) => Some(Level {
            text,
            // What cannot be read is told when the vehicle is.
            digest: is_file
                .then(|| match config::shipped_map(&located) {
                    Some(text) => text.to_owned(),
                    None => std::fs::read_to_string(&located).unwrap_or_default(),
                })
                .map(|content| InputHash::new().text("file", &content).finish()),
            setting: Some(setting),
        }),
        Err(issues) => {
            for issue in issues {
                problems.add(issue, item.span());
            }
            None
        }
    }
}

/// Target and number of a variable once the vehicle's keys are numbered.
pub(super) fn numbered(target: MemberTarget, name: &str, keys: &[String]) -> Target {
    match target {
        MemberTarget::Run(run) => Target::Run(run),
        MemberTarget::Nothing => Target::Nothing,
        MemberTarget::Key => {
            let number = keys.iter().position(|key| key == name);
            number.map_or(Target::Nothing, Target::Key)
        }
    }
}

/// The first member of an axis is chosen, the others are bound to it.
pub(super) fn role(first: bool, spread: &Spread) -> Role {
    if first {
        Role::Axis {
            logarithmic: spread.is_logarithmic(),
        }
    } else {
        Role::Bound
    }
}
