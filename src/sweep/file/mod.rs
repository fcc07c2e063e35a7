//! Sweep files: text to a checked [`Sweep`]. All problems are told at once, each with its
//! line and column.
//!
//! ```text
//! header, [design], [[axis]] ─► variables ─► vehicles read with their keys ─► formulas bound
//!                                            cycles cut into steps         ─► outputs found
//! ```

mod axes;
mod bind;
mod section;

use super::design::Place;
use super::space::RunKey;
use super::spread::Spread;
use super::{MOST_DESIGNS, Sweep, SweepError, hash, shipped};
use crate::config::Variation;
use crate::cycle::{self, Cycle};
use crate::issue::{Issue, Source, suggestion};
use crate::results::Sampling;
use crate::study::{Course, StartWith};
use axes::{MemberTarget, RawAxis};
use bind::{count, leaves_something, outputs, space};
use section::{At, Problems, Section};
use std::ops::Range;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

const DEFAULT_VEHICLE: &str = "levin-hybrid";
const DEFAULT_STEP_S: f64 = 1.0;
const STEPS_S: (f64, f64) = (0.01, 1.0);
const MOST_REPEATS: u64 = 1000;

/// What the head of a file says of every run.
struct Head {
    name: String,
    question: String,
    vehicles: Vec<At<String>>,
    sets: Vec<String>,
    cycles: Vec<At<String>>,
    steps_s: Vec<f64>,
    start: StartWith,
    repeat: Option<usize>,
    outputs: Option<Vec<At<String>>>,
}

struct Chosen {
    sampling: Sampling,
    points: u64,
    seed: u64,
    span: Range<usize>,
}

/// Reads a sweep: a shipped name, or a file.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(name_or_file: &str) -> Result<Sweep, SweepError> {
    let (source, folder) = text(name_or_file)?;
    let problems = Problems::new(&source);
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        problems.add(Issue::new(error.message()), span);
    }
    // What a parser makes of broken text is not looked at.
    let sweep = if errors.is_empty() {
        let file = Section::new(&problems, table.get_ref(), "", 0..0);
        whole(file, &stem(name_or_file), &folder)
    } else {
        None
    };
    let issues = problems.issues.take();
    match sweep {
        Some(sweep) if issues.is_empty() => Ok(Sweep {
            text: source.text.clone(),
            ..sweep
        }),
        _ => Err(SweepError::Invalid {
            name: name_or_file.to_owned(),
            issues: in_order(issues, &source),
        }),
    }
}

/// Issues of this file in the order of its lines, then those of other files.
fn in_order(mut issues: Vec<Issue>, source: &Arc<Source>) -> Vec<Issue> {
    issues.sort_by_key(|issue| match &issue.place {
        Some(place) if Arc::ptr_eq(&place.source, source) => (0, place.span.start),
        _ => (1, 0),
    });
    issues.dedup();
    issues
}

/// Name of a file without folder and ending.
fn stem(name_or_file: &str) -> String {
    let stem = Path::new(name_or_file).file_stem();
    stem.map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// Text of a sweep, and the folder that files named in it are relative to.
fn text(name_or_file: &str) -> Result<(Arc<Source>, PathBuf), SweepError> {
    let path = Path::new(name_or_file);
    if !is_file(name_or_file, "toml") {
        return match shipped::text(name_or_file) {
            Some(text) => Ok((Source::new(name_or_file, text), Path::new("").into())),
            None => Err(SweepError::Unknown {
                name: name_or_file.to_owned(),
                help: suggestion(name_or_file, shipped::NAMES),
            }),
        };
    }
    let text = std::fs::read_to_string(path).map_err(|error| SweepError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok((Source::new(name_or_file, text), folder.to_owned()))
}

/// Design section 4: a path separator or the ending make a file.
fn is_file(text: &str, ending: &str) -> bool {
    let has_ending = Path::new(text)
        .extension()
        .is_some_and(|found| found.eq_ignore_ascii_case(ending));
    has_ending || text.contains('/') || text.contains(path::is_separator)
}

/// A file named in the sweep, seen from where the program runs.
fn located(folder: &Path, text: &str, ending: &str) -> String {
    if is_file(text, ending) {
        folder.join(text).display().to_string()
    } else {
        text.to_owned()
    }
}

fn whole(file: Section<'_>, stem: &str, folder: &Path) -> Option<Sweep> {
    let problems = file.problems;
    let chosen = design(&file);
    let sampling = chosen.as_ref().map_or(Sampling::Grid, |it| it.sampling);
    let axes = axes::read(&file, sampling, folder);
    let head = head(&file, stem, &axes);
    if file.get("axis").is_none() {
        problems.say(
            0..0,
            "the sweep has no axis",
            "`[[axis]]` with a `key` and its values",
        );
    }
    let derived = derived(&file);
    let constraints = file.texts("constraints").map_or(Vec::new(), |it| it.value);
    file.finish();
    let (head, chosen) = (head?, chosen?);

    let keys = keys(&axes, &derived);
    let cars = cars(problems, &head, &keys, &axes, folder);
    let cycles = cycles(problems, &head, folder);
    let outputs = outputs(problems, &head, &axes);
    let cars = cars?;
    let space = space(problems, &chosen, axes, derived, &constraints, &keys, &cars)?;
    let (cycles, outputs) = (cycles?, outputs?);
    let count = count(problems, &space, &chosen)?;
    if !problems.issues.borrow().is_empty() {
        return None;
    }
    let sweep = Sweep {
        courses: courses(&head, &cycles),
        steps_s: head.steps_s.clone(),
        hash: hash::of(&hash::Parts {
            space: &space,
            texts: &constraints
                .iter()
                .map(|it| it.value.as_str())
                .collect::<Vec<_>>(),
            cars: &cars,
            cycles: &cycles,
            steps_s: &head.steps_s,
            start: head.start,
            repeat: head.repeat,
            outputs: &outputs,
            points: chosen.points,
            seed: chosen.seed,
            count,
        }),
        name: head.name,
        question: head.question,
        start: head.start,
        cars,
        outputs,
        space,
        count,
        text: String::new(),
    };
    leaves_something(problems, &sweep, constraints.first())?;
    Some(sweep)
}

/// The head of a file.
fn head(file: &Section<'_>, stem: &str, axes: &[RawAxis]) -> Option<Head> {
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
        repeat,
        outputs,
    })
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

/// `[design]`.
fn design(file: &Section<'_>) -> Option<Chosen> {
    let problems = file.problems;
    let Some(section) = file.section("design") else {
        return Some(Chosen {
            sampling: Sampling::Grid,
            points: 0,
            seed: 0,
            span: 0..0,
        });
    };
    let kind = section.text("kind");
    let points = section.whole("points", 1, MOST_DESIGNS);
    let seed = section.whole("seed", 0, u64::MAX >> 12);
    let sampling = match &kind {
        None => Sampling::Grid,
        Some(kind) => {
            let Some(found) = Sampling::find(&kind.value) else {
                let message = format!("unknown kind of design `{}`", kind.value);
                let help = suggestion(&kind.value, Sampling::ALL.map(Sampling::name));
                problems.say(kind.span.clone(), message, &help);
                section.finish();
                return None;
            };
            found
        }
    };
    let random = matches!(
        sampling,
        Sampling::LatinHypercube | Sampling::Sobol | Sampling::Saltelli
    );
    if random && points.is_none() && section.get("points").is_none() {
        let message = format!("`{}` needs the number of `points`", sampling.name());
        problems.say(section.span.clone(), message, "`points = 1024`, say");
    }
    if !random && let Some(points) = &points {
        let message = format!("`points` says nothing of a {} design", sampling.name());
        problems.say(
            points.span.clone(),
            message,
            "each axis has its own `points`",
        );
    }
    let chosen = Chosen {
        sampling,
        points: points.map_or(0, |it| it.value),
        seed: seed.map_or(0, |it| it.value),
        span: section.span.clone(),
    };
    section.finish();
    Some(chosen)
}

/// A `[[derived]]` of the file.
struct RawDerived {
    key: At<String>,
    target: MemberTarget,
    formula: At<String>,
    scales: bool,
    label: Option<String>,
    unit: Option<String>,
}

fn derived(file: &Section<'_>) -> Vec<RawDerived> {
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

/// Keys of the vehicle that change, in the order of their numbers.
fn keys(axes: &[RawAxis], derived: &[RawDerived]) -> Vec<String> {
    let members = axes.iter().flat_map(|axis| &axis.members);
    let varied = members.filter(|member| member.target == MemberTarget::Key);
    let bound = derived.iter().filter(|it| it.target == MemberTarget::Key);
    varied
        .map(|member| member.name.clone())
        .chain(bound.map(|it| it.key.value.clone()))
        .collect()
}

/// Reads the vehicles with the keys that change.
fn cars(
    problems: &Problems,
    head: &Head,
    keys: &[String],
    axes: &[RawAxis],
    folder: &Path,
) -> Option<Vec<Variation>> {
    // Keys of the other form of a choice drop the form that the vehicle has.
    let members = axes.iter().flat_map(|axis| &axis.members);
    let first: Vec<String> = members
        .filter(|member| member.target == MemberTarget::Key)
        .map(|member| {
            let value = match (&member.spread, member.levels.first()) {
                (_, Some(level)) => match &level.setting {
                    // Where the file lies, not how the sweep calls it.
                    Some(setting) if level.digest.is_some() => setting.describe(),
                    _ => level.text.clone(),
                },
                (spread, None) => {
                    let middle = spread.at(Place::Middle, 1);
                    format!("{middle:?}")
                }
            };
            format!("{}={value}", member.name)
        })
        .collect();
    let mut cars = Vec::new();
    for vehicle in &head.vehicles {
        let name = located(folder, &vehicle.value, "toml");
        match Variation::new(&name, &head.sets, keys, &first) {
            Ok(car) => cars.push(car),
            Err(error) => {
                for issue in error.issues() {
                    if issue.place.is_some() || vehicle.span.is_empty() {
                        problems.issues.borrow_mut().push(issue);
                    } else {
                        problems.add(issue, vehicle.span.clone());
                    }
                }
            }
        }
    }
    (cars.len() == head.vehicles.len()).then_some(cars)
}

fn cycles(problems: &Problems, head: &Head, folder: &Path) -> Option<Vec<Cycle>> {
    let mut cycles: Vec<Cycle> = Vec::new();
    for wanted in &head.cycles {
        match cycle::resolve(&located(folder, &wanted.value, "csv")) {
            Ok(cycle) if cycles.iter().any(|other| other.name == cycle.name) => {
                let message = format!("the cycle `{}` is given twice", cycle.name);
                problems.say(wanted.span.clone(), message, "once is enough");
            }
            Ok(cycle) => cycles.push(cycle),
            Err(error) => {
                for issue in error.issues() {
                    if issue.place.is_some() {
                        problems.issues.borrow_mut().push(issue);
                    } else {
                        problems.add(issue, wanted.span.clone());
                    }
                }
            }
        }
    }
    (cycles.len() == head.cycles.len()).then_some(cycles)
}

/// Every cycle at every step.
fn courses(head: &Head, cycles: &[Cycle]) -> Vec<Vec<Course>> {
    let course = |cycle, step_s| Course::new(cycle, head.repeat, step_s, head.start);
    let steps = &head.steps_s;
    let of_cycle = |cycle| steps.iter().map(|step_s| course(cycle, *step_s)).collect();
    cycles.iter().map(of_cycle).collect()
}
