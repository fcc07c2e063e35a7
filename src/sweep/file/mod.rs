//! Sweep files: text to a checked [`Sweep`]. All problems are told at once, each with its
//! line and column.
//!
//! ```text
//! header, [design], [[axis]] ─► variables ─► vehicles read with their keys ─► formulas bound
//!                                            cycles cut into steps         ─► outputs found
//! ```

mod axes;
mod bind;
mod derived;
mod head;
mod section;
mod spreads;

use super::design::Place;
use super::{MOST_DESIGNS, Sweep, SweepError, hash, shipped};
use crate::config::Variation;
use crate::cycle::{self, Cycle};
use crate::issue::{Issue, Source, suggestion};
use crate::results::Sampling;
use crate::study::Course;
use axes::{MemberTarget, RawAxis};
use bind::{count, leaves_something, outputs, space};
use derived::{RawDerived, derived};
use head::{Head, head};
use section::{Problems, Section};
use std::ops::Range;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use toml::de::DeTable;

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
            controls: &head.controls,
            outputs: &outputs,
            points: chosen.points,
            seed: chosen.seed,
            count,
        }),
        name: head.name,
        question: head.question,
        start: head.start,
        repeat: head.repeat,
        controls: head.controls,
        cycles,
        cars,
        outputs,
        space,
        count,
        text: String::new(),
    };
    leaves_something(problems, &sweep, constraints.first())?;
    Some(sweep)
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
