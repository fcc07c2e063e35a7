//! The head of a sweep file: vehicle, cycles, start, step, outputs.

use super::super::space::RunKey;
use super::super::spread::Spread;
use super::axes::{MemberTarget, RawAxis};
use super::section::{self, At, Problems, Section};
use crate::issue::suggestion;
use crate::study::{Control, StartWith};
use std::ops::Range;
use toml::de::DeValue;

const DEFAULT_VEHICLE: &str = "levin-hybrid";
const DEFAULT_STEP_S: f64 = 1.0;
const STEPS_S: (f64, f64) = (0.01, 1.0);
const MOST_REPEATS: u64 = 1000;

/// What the head of a file says of every run.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) question: String,
    pub(super) vehicles: Vec<At<String>>,
    pub(super) sets: Vec<String>,
    pub(super) cycles: Vec<At<String>>,
    pub(super) steps_s: Vec<f64>,
    pub(super) start: StartWith,
    /// One, or those of an axis.
    pub(super) controls: Vec<Control>,
    pub(super) repeat: Option<usize>,
    pub(super) outputs: Option<Vec<At<String>>>,
}

/// The head of a file.
pub(super) fn head(file: &Section<'_>, stem: &str, axes: &[RawAxis]) -> Option<Head> {
    let problems = file.problems;
    let varies = |run: RunKey| {
        let mut members = axes.iter().flat_map(|axis| &axis.members);
        members.find(|member| member.target == MemberTarget::Run(run))
    };
    let levels = |run: RunKey| {
        varies(run).map(|member| {
            let texts = member.levels.iter().map(|level| At {
                value: level.text.clone(),
                span: member.span.clone(),
            });
            texts.collect::<Vec<_>>()
        })
    };
    let both = |at: &Range<usize>, key: &str, run: RunKey| {
        let message = format!("`{key}` is given, and `{}` varies", run.name());
        problems.say(at.clone(), message, "leave one of them away");
    };

    let name = file
        .text("name")
        .map_or_else(|| stem.to_owned(), |it| it.value);
    let question = file
        .text("question")
        .map_or_else(String::new, |it| it.value);
    let vehicle = file.text("vehicle");
    let vehicles = match (vehicle, levels(RunKey::Vehicle)) {
        (Some(vehicle), Some(_)) => {
            both(&vehicle.span, "vehicle", RunKey::Vehicle);
            return None;
        }
        (None, Some(levels)) => levels,
        (Some(vehicle), None) => vec![vehicle],
        (None, None) => vec![At {
            value: DEFAULT_VEHICLE.to_owned(),
            span: 0..0,
        }],
    };
    let sets = file.texts("set").map_or(Vec::new(), |it| {
        it.value.into_iter().map(|set| set.value).collect()
    });
    let given = file.texts("cycles");
    let cycles = match (given, levels(RunKey::Cycle)) {
        (Some(cycles), Some(_)) => {
            both(&cycles.span, "cycles", RunKey::Cycle);
            return None;
        }
        (None, levels) => levels.unwrap_or_default(),
        (Some(cycles), None) => cycles.value,
    };
    let step = file.number("step_s");
    let steps_s = match (step, varies(RunKey::Step)) {
        (Some(step), Some(_)) => {
            both(&step.span, "step_s", RunKey::Step);
            return None;
        }
        (None, Some(member)) => match &member.spread {
            Spread::Numbers(numbers) => numbers.clone(),
            _ => Vec::new(),
        },
        (step, None) => vec![step.map_or(DEFAULT_STEP_S, |it| it.value)],
    };
    for step_s in &steps_s {
        if !(STEPS_S.0..=STEPS_S.1).contains(step_s) {
            let span = file.get("step_s").map(toml::Spanned::span);
            let span = span.or_else(|| varies(RunKey::Step).map(|it| it.span.clone()));
            let help = format!("allowed: {} to {}", STEPS_S.0, STEPS_S.1);
            problems.say(span.unwrap_or(0..0), format!("a step of {step_s} s"), &help);
        }
    }
    let controls = match (file.text("control"), levels(RunKey::Control)) {
        (Some(control), Some(_)) => {
            both(&control.span, "control", RunKey::Control);
            return None;
        }
        (None, Some(levels)) => levels,
        (Some(control), None) => vec![control],
        (None, None) => Vec::new(),
    };
    let controls = controls_of(problems, &controls)?;
    let start = start(file, varies(RunKey::Soc).is_some());
    let repeat = file
        .whole("repeat", 1, MOST_REPEATS)
        .map(|it| it.value as usize);
    let outputs = file.texts("outputs").map(|it| it.value);
    Some(Head {
        name,
        question,
        vehicles,
        sets,
        cycles,
        steps_s,
        start: start?,
        controls,
        repeat,
        outputs,
    })
}

/// The controls of these names; the rules where there is none.
fn controls_of(problems: &Problems, names: &[At<String>]) -> Option<Vec<Control>> {
    if names.is_empty() {
        return Some(vec![Control::Rules]);
    }
    let find = |name: &At<String>| {
        let found = Control::find(&name.value);
        if found.is_none() {
            let message = format!("unknown control `{}`", name.value);
            let help = suggestion(&name.value, Control::ALL.map(Control::name));
            problems.say(name.span.clone(), message, &help);
        }
        found
    };
    // Every wrong name is told, not the first alone.
    let found: Vec<Option<Control>> = names.iter().map(find).collect();
    found.into_iter().collect()
}

/// `start = "balanced"`, `"cold"`, or a state of charge.
fn start(file: &Section<'_>, soc_varies: bool) -> Option<StartWith> {
    let problems = file.problems;
    let Some(value) = file.get("start") else {
        // The state of charge is then given by the axis.
        return Some(if soc_varies {
            StartWith::Soc(f64::NAN)
        } else {
            StartWith::Balanced
        });
    };
    let allowed = "\"balanced\", \"cold\", or a state of charge from 0 to 1";
    let start = match value.get_ref() {
        DeValue::String(text) if *text == "cold" => {
            Some(StartWith::Cold(soc_varies.then_some(f64::NAN)))
        }
        DeValue::String(text) if *text == "balanced" => Some(StartWith::Balanced),
        other => section::number(other)
            .filter(|soc| (0.0..=1.0).contains(soc))
            .map(StartWith::Soc),
    };
    match start {
        None => {
            let message = format!("`start` = {} is no start", problems.text(&value.span()));
            problems.say(value.span(), message, &format!("allowed: {allowed}"));
            None
        }
        Some(StartWith::Balanced | StartWith::Soc(_)) if soc_varies => {
            let message = "`start` is given, and `run.soc` varies";
            problems.say(value.span(), message, "leave one of them away");
            None
        }
        start => start,
    }
}
