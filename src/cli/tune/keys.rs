//! Which parameters of the rules move, and how far.

use super::super::failure::Failure;
use crate::config::{self, Kind, VehicleFile};
use crate::issue::{Issue, nearest};
use crate::study::Parameter;

/// What moves where nobody says it, with the range: what trades fuel now against fuel later.
/// The times of the engine, its ceiling and its warm-up are limits that the optimum obeys as
/// well, and the low charge protects the battery. The speeds between which charging at
/// cruising speed sets in are worth nothing without it.
///
/// The ranges are wider than those of the estimates, which say what the real car does. The
/// starting power goes as far as the rules let it, the hysteresis to half of that, charging to
/// what the battery takes and the loaded minimum to the power of the engine's best point. The
/// lower ends of charging keep a control that holds its charge on roads that no cycle knows:
/// over a flat warm cycle the best would be to ask for none.
pub(super) const TUNED: [(&str, (f64, f64)); 7] = [
    ("control.engine_on_power_kw", (3.0, 22.0)),
    ("control.engine_on_power_kw_per_percent_soc", (0.0, 1.5)),
    ("control.hysteresis_kw", (0.0, 10.0)),
    ("control.charge_kw_per_percent_soc", (0.2, 2.0)),
    ("control.max_charge_kw", (2.0, 20.0)),
    ("control.loaded_min_kw", (0.0, 25.0)),
    ("control.cruise_charge.power_kw", (0.0, 10.0)),
];

/// The section that the rules read.
const SECTION: &str = "control.";

/// The parameters that `--key` names, or those that move by default: all that `--set` does not
/// give.
pub(super) fn parameters(
    file: &VehicleFile,
    sets: &[String],
    keys: &[String],
) -> Result<Vec<Parameter>, Failure> {
    if keys.is_empty() {
        let given = |key: &str| sets.iter().any(|it| name_of(it) == key);
        let free = TUNED.iter().filter(|(key, _)| !given(key));
        let parameters: Vec<Parameter> = free
            .filter_map(|&(key, range)| {
                let from = value(file, key)?;
                let key = key.to_owned();
                Some(Parameter { key, from, range })
            })
            .collect();
        if parameters.is_empty() {
            return Err(Failure::input(
                "`--set` gives every parameter that could move",
                "leave one away, or name others with `--key`",
            ));
        }
        return Ok(parameters);
    }
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut issues = Vec::new();
    for argument in keys {
        let key = name_of(argument);
        if parameters.iter().any(|it| it.key == key) {
            issues.push(Issue::new(format!("`--key {key}` is given twice")));
        } else if sets.iter().any(|it| name_of(it) == key) {
            let issue = Issue::new(format!("`{key}` is given by `--set` and moved by `--key`"));
            issues.push(issue.help("leave one of them away"));
        } else {
            match named(file, argument) {
                Ok(parameter) => parameters.push(parameter),
                Err(issue) => issues.push(issue),
            }
        }
    }
    Failure::if_any(issues)?;
    Ok(parameters)
}

/// The key of `KEY=…`.
fn name_of(argument: &str) -> &str {
    argument.split('=').next().unwrap_or(argument).trim()
}

/// The number that a key has in a vehicle.
fn value(file: &VehicleFile, key: &str) -> Option<f64> {
    let mut entries = file.entries();
    entries.find(|(own, ..)| *own == key)?.1.parse().ok()
}

/// The parameter of `--key KEY` or `--key KEY=LOW..HIGH`.
fn named(file: &VehicleFile, argument: &str) -> Result<Parameter, Issue> {
    let key = name_of(argument);
    let known = config::key(key).ok_or_else(|| {
        let issue = Issue::new(format!("unknown key `{key}`"));
        let name = key.strip_prefix(SECTION).unwrap_or(key);
        let of_rules = config::keys().filter_map(|it| it.path.strip_prefix(SECTION));
        match nearest(name, of_rules) {
            Some(near) => issue.help(format!("did you mean `{SECTION}{near}`?")),
            None => issue.help("`thsim vehicles levin-hybrid` shows all keys"),
        }
    })?;
    let (Kind::Number { min, max } | Kind::Whole { min, max }) = known.kind else {
        return Err(Issue::new(format!("`{key}` is no number")).help("only numbers can move"));
    };
    if !key.starts_with(SECTION) {
        return Err(Issue::new(format!("`{key}` is no parameter of the rules"))
            .help("those of section `control` are; `thsim sweep` varies any key"));
    }
    let from = value(file, key)
        .ok_or_else(|| Issue::new(format!("`{}` has no `{key}`", file.vehicle().name)))?;
    let range = match argument.split_once('=') {
        Some((_, text)) => range(key, text, (min, max))?,
        None => known_range(file, key).or(known.estimate).ok_or_else(|| {
            let issue = Issue::new(format!("`{key}` has no range to move in"));
            issue.help(format!("give one: `--key {key}=LOW..HIGH`"))
        })?,
    };
    let key = key.to_owned();
    Ok(Parameter { key, from, range })
}

/// The range that a key is tuned in, or that the vehicle's file gives its estimate.
fn known_range(file: &VehicleFile, key: &str) -> Option<(f64, f64)> {
    let tuned = TUNED.iter().find(|(own, _)| *own == key);
    let of_file = || file.estimates().find(|(own, ..)| *own == key);
    tuned
        .map(|(_, range)| *range)
        .or_else(|| of_file().map(|(.., range)| range))
}

/// Reads `LOW..HIGH`.
fn range(key: &str, text: &str, (min, max): (f64, f64)) -> Result<(f64, f64), Issue> {
    let ends = text.split_once("..").and_then(|(low, high)| {
        let ends: (f64, f64) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
        Some(ends)
    });
    let Some((low, high)) = ends else {
        return Err(Issue::new(format!("`{}` is no range", text.trim()))
            .help(format!("write it as `--key {key}=2..8`")));
    };
    if low < min || high > max || !low.is_finite() || !high.is_finite() {
        return Err(
            Issue::new(format!("`{key}` cannot move from {low} to {high}"))
                .help(format!("allowed: {min} to {max}")),
        );
    }
    if low >= high {
        return Err(
            Issue::new(format!("the range of `{key}` is empty: {low}..{high}"))
                .help("the lower end comes first"),
        );
    }
    Ok((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_by_default_is_an_estimate_and_moves_at_least_as_far() {
        for (path, (low, high)) in TUNED {
            let key = config::key(path).expect("a key of the schema");
            let estimate = key.estimate.expect("an estimate");
            assert!(low <= estimate.0 && estimate.1 <= high, "{path}");
            let Kind::Number { min, max } = key.kind else {
                panic!("{path} is no number")
            };
            assert!(min <= low && high <= max, "{path}");
        }
    }
}
