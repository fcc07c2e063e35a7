//! What names stand for once vehicles and cycles are read: formulas and outputs.

use super::super::design::Design;
use super::super::formula::Formula;
use super::super::output::{self, Output};
use super::super::space::{Axis, Derived, Point, RunKey, Scales, Space, Target, Variable};
use super::super::{MOST_DESIGNS, Sweep, label, sobol};
use super::axes::{self, MemberTarget, RawAxis};
use super::section::{At, Problems};
use super::{Chosen, Head, RawDerived};
use crate::config::{self, Kind, Setting, Variation};
use crate::issue::Issue;
use crate::results::{Role, Sampling};

/// Points looked at to see whether constraints leave anything.
const LOOKED_AT: u64 = 100_000;
/// Outputs where the file names none.
const DEFAULT_OUTPUTS: [&str; 4] = [
    "fuel_corrected_l_per_100km",
    "engine_starts",
    "engine_on_fraction",
    "soc_end",
];

/// Finds the outputs: of every cycle, or of the cycle before the dot.
pub(super) fn outputs(problems: &Problems, head: &Head, axes: &[RawAxis]) -> Option<Vec<Output>> {
    let cycle_varies = axes
        .iter()
        .flat_map(|axis| &axis.members)
        .any(|member| member.target == MemberTarget::Run(RunKey::Cycle));
    // A design drives all cycles of the list, or the one of its axis.
    let driven: Vec<&str> = if cycle_varies {
        vec![""]
    } else {
        head.cycles.iter().map(|it| it.value.as_str()).collect()
    };
    let defaults;
    let wanted = if let Some(wanted) = &head.outputs {
        wanted
    } else {
        defaults = DEFAULT_OUTPUTS.map(|name| At {
            value: name.to_owned(),
            span: 0..0,
        });
        &defaults.to_vec()
    };
    let mut found: Vec<Output> = Vec::new();
    let mut complete = true;
    for At { value: name, span } in wanted {
        let (cycle, inner) = prefixed(name, &driven);
        let Some(source) = output::find(inner) else {
            let issue = Issue::new(format!("unknown output `{name}`")).key(name);
            problems.add(issue.help(output::help(inner)), span.clone());
            complete = false;
            continue;
        };
        let (label, unit) = source.label();
        let mut add = |cycle: Option<usize>, name: String, label: String| {
            if found.iter().any(|other| other.name == name) {
                let message = format!("the output `{name}` is asked for twice");
                problems.say(span.clone(), message, "once is enough");
                complete = false;
            }
            found.push(Output {
                name,
                label,
                unit: unit.to_owned(),
                source,
                cycle,
            });
        };
        match cycle {
            _ if source.is_of_the_car() => add(None, inner.to_owned(), label),
            Some(cycle) => {
                let label = format!("{label} on {}", driven[cycle]);
                add(Some(cycle), name.clone(), label);
            }
            None if driven.is_empty() => {
                let message = format!("`{name}` needs a cycle");
                problems.say(span.clone(), message, "`cycles = [\"wltc_class3b\"]`, say");
                complete = false;
            }
            None if driven.len() == 1 => add(Some(0), name.clone(), label),
            None => {
                for (index, cycle) in driven.iter().enumerate() {
                    let label = format!("{label} on {cycle}");
                    add(Some(index), format!("{cycle}.{name}"), label);
                }
            }
        }
    }
    if wanted.is_empty() {
        problems.say(0..0, "`outputs` is empty", "name at least one");
        return None;
    }
    complete.then_some(found)
}

/// The cycle that an output's name begins with, and the rest.
fn prefixed<'n>(name: &'n str, driven: &[&str]) -> (Option<usize>, &'n str) {
    let cycles = driven.iter().enumerate();
    cycles
        .filter(|(_, cycle)| !cycle.is_empty())
        .find_map(|(index, cycle)| {
            let inner = name.strip_prefix(*cycle)?.strip_prefix('.')?;
            Some((Some(index), inner))
        })
        .unwrap_or((None, name))
}

/// Names of formulas: variables, and figures of the vehicle that are looked up as needed.
struct Names<'a> {
    cars: &'a [Variation],
    variables: Vec<(String, usize)>,
    figures: Vec<String>,
    /// Places before the vehicle's figures.
    count: usize,
}

impl Names<'_> {
    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some((_, place)) = self.variables.iter().find(|(known, _)| known == name) {
            return Some(*place);
        }
        let known = self.figures.iter().position(|figure| figure == name);
        let index = if let Some(index) = known {
            index
        } else {
            let is_number = |car: &Variation| car.setting(name)?.as_number();
            self.cars
                .iter()
                .all(|car| is_number(car).is_some())
                .then_some(())?;
            self.figures.push(name.to_owned());
            self.figures.len() - 1
        };
        Some(self.count + index)
    }

    fn parse(&mut self, problems: &Problems, text: &At<String>) -> Option<Formula> {
        let known: Vec<String> = self
            .variables
            .iter()
            .map(|(name, _)| name.clone())
            .chain(config::keys().map(|key| key.path.to_owned()))
            .collect();
        let mut bind = |name: &str| self.place(name);
        let known = known.iter().map(String::as_str);
        match Formula::parse(&text.value, &mut bind, known) {
            Ok(formula) => Some(formula),
            Err(problem) => {
                let issue = Issue::new(format!("formula: {}", problem.message));
                let issue = match problem.help {
                    Some(help) => issue.help(help),
                    None => issue,
                };
                // Behind the quote that the text begins with, if it is written as it reads.
                let inside = problems.text(&text.span).find(&text.value);
                let span = match inside {
                    Some(offset) if !text.value.is_empty() => {
                        let start = text.span.start + offset;
                        start + problem.span.start..start + problem.span.end
                    }
                    _ => text.span.clone(),
                };
                problems.add(issue, span);
                None
            }
        }
    }
}

/// Variables of all axes, and which of them move on which axis.
fn variables(axes: Vec<RawAxis>, keys: &[String]) -> (Vec<Variable>, Vec<Axis>) {
    let mut variables: Vec<Variable> = Vec::new();
    let mut bound = Vec::new();
    for axis in axes {
        let mut members = Vec::new();
        for (at, member) in axis.members.into_iter().enumerate() {
            members.push((variables.len(), member.spread.clone()));
            variables.push(Variable {
                target: axes::numbered(member.target, &member.name, keys),
                role: axes::role(at == 0, &member.spread),
                name: member.name,
                label: member.label,
                unit: member.unit,
                levels: member.levels,
            });
        }
        bound.push(Axis {
            members,
            points: axis.points,
        });
    }
    (variables, bound)
}

/// The variable of a derived value.
fn derived_variable(raw: &RawDerived, keys: &[String]) -> Variable {
    let name = &raw.key.value;
    let (label, unit) = label::of(name);
    Variable {
        // A scaled key is set from its factor.
        target: if raw.scales {
            Target::Nothing
        } else {
            axes::numbered(raw.target, name, keys)
        },
        role: Role::Bound,
        label: raw.label.clone().unwrap_or(label),
        unit: raw.unit.clone().unwrap_or_else(|| unit.to_owned()),
        levels: Vec::new(),
        name: name.clone(),
    }
}

/// Puts variables, formulas and design together.
pub(super) fn space(
    problems: &Problems,
    chosen: &Chosen,
    axes: Vec<RawAxis>,
    derived: Vec<RawDerived>,
    constraints: &[At<String>],
    keys: &[String],
    cars: &[Variation],
) -> Option<Space> {
    let (mut variables, axes) = variables(axes, keys);
    few_enough(problems, chosen, axes.len())?;
    let usable = variables.iter().enumerate();
    let mut names = Names {
        cars,
        variables: usable
            .filter(|(_, variable)| variable.levels.is_empty())
            .map(|(place, variable)| (variable.name.clone(), place))
            .collect(),
        figures: Vec::new(),
        count: variables.len() + derived.len(),
    };
    let before = problems.issues.borrow().len();
    let mut formulas = Vec::new();
    for raw in derived {
        let name = &raw.key.value;
        if variables.iter().any(|variable| variable.name == *name) {
            let message = format!("`{name}` already has a value");
            let help = "an axis or a formula, once";
            problems.say(raw.key.span.clone(), message, help);
        }
        takes_number(problems, &raw);
        let formula = names.parse(problems, &raw.formula);
        let scales = raw.scales.then(|| scales(problems, cars, &raw.key, keys));
        names.variables.push((name.clone(), variables.len()));
        let variable = variables.len();
        variables.push(derived_variable(&raw, keys));
        formulas.extend(formula.map(|formula| Derived {
            variable,
            formula,
            text: raw.formula.value,
            scales: scales.flatten(),
        }));
    }
    let constraints = constraints
        .iter()
        .filter_map(|text| names.parse(problems, text))
        .collect();
    let figure = |car: &Variation, name: &String| {
        let setting = car.setting(name);
        setting.and_then(|it| it.as_number()).unwrap_or(f64::NAN)
    };
    let figures = |car| names.figures.iter().map(|name| figure(car, name)).collect();
    let points = axes.iter().map(|axis| axis.points).collect();
    let complete = problems.issues.borrow().len() == before;
    complete.then(|| Space {
        design: Design::new(chosen.sampling, points, chosen.points, chosen.seed),
        constants: cars.iter().map(figures).collect(),
        variables,
        axes,
        derived: formulas,
        constraints,
    })
}

/// The Sobol sequence has so many axes; Saltelli's blocks take two for each.
fn few_enough(problems: &Problems, chosen: &Chosen, axes: usize) -> Option<()> {
    let most = sobol::MOST_AXES / 2;
    if axes <= most {
        return Some(());
    }
    let message = format!("{axes} axes are too many");
    problems.say(
        chosen.span.clone(),
        message,
        &format!("at most {most} axes"),
    );
    None
}

/// A formula gives a number: the key has to take one.
fn takes_number(problems: &Problems, raw: &RawDerived) {
    let takes = match config::key(&raw.key.value).map(|key| key.kind) {
        Some(Kind::Number { .. } | Kind::Whole { .. }) | None => true,
        Some(_) => false,
    };
    if !takes && !raw.scales {
        let message = format!("`{}` takes no number", raw.key.value);
        problems.say(
            raw.key.span.clone(),
            message,
            "multiply what it has with `scale`",
        );
    }
}

/// What every vehicle has under a key that is scaled.
fn scales(
    problems: &Problems,
    cars: &[Variation],
    key: &At<String>,
    keys: &[String],
) -> Option<Scales> {
    let bases: Vec<Setting> = cars
        .iter()
        .filter_map(|car| car.setting(&key.value))
        .collect();
    let number = keys.iter().position(|known| *known == key.value);
    match number {
        Some(key) if bases.len() == cars.len() => Some(Scales { key, bases }),
        _ => {
            let message = format!("the vehicle has no `{}` to scale", key.value);
            problems.say(key.span.clone(), message, "give a `value`");
            None
        }
    }
}

/// How many designs there are.
pub(super) fn count(problems: &Problems, space: &Space, chosen: &Chosen) -> Option<u64> {
    match space.design.count() {
        Some(count) if count <= MOST_DESIGNS => Some(count),
        _ => {
            let axes = space.axes.iter().map(|axis| axis.points.to_string());
            let product = axes.collect::<Vec<_>>().join(" × ");
            let message = match chosen.sampling {
                Sampling::Grid => format!("the grid has {product} designs"),
                _ => "there are too many designs".to_owned(),
            };
            let help = "at most 2^40; a sobol design needs far fewer points than a grid";
            problems.say(chosen.span.clone(), message, help);
            None
        }
    }
}

/// Whether the constraints leave any of some points, spread over the whole sweep.
pub(super) fn leaves_something(
    problems: &Problems,
    sweep: &Sweep,
    first: Option<&At<String>>,
) -> Option<()> {
    let Some(first) = first else {
        return Some(());
    };
    let looked_at = sweep.count.min(LOOKED_AT);
    let mut point = Point::default();
    let design =
        |nth: u64| (u128::from(nth) * u128::from(sweep.count) / u128::from(looked_at)) as u64;
    if (0..looked_at).any(|nth| sweep.space.fill(design(nth), &mut point)) {
        return Some(());
    }
    let message = if looked_at == sweep.count {
        format!("the constraints drop all {looked_at} designs")
    } else {
        format!("the constraints drop every one of {looked_at} designs tried")
    };
    problems.say(
        first.span.clone(),
        message,
        "a design is kept where all of them hold",
    );
    None
}
