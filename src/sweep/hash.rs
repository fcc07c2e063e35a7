//! What a sweep is: everything that moves a number in its results, in one hash. Name and
//! question are not among it.

use super::output::Output;
use super::space::Space;
use crate::config::Variation;
use crate::cycle::Cycle;
use crate::results::{InputHash, VERSION};
use crate::study::{Control, StartWith};
use std::fmt::Write as _;

/// All that enters.
pub(super) struct Parts<'a> {
    pub(super) space: &'a Space,
    /// Constraints as they were written.
    pub(super) texts: &'a [&'a str],
    pub(super) cars: &'a [Variation],
    pub(super) cycles: &'a [Cycle],
    pub(super) steps_s: &'a [f64],
    pub(super) start: StartWith,
    pub(super) repeat: Option<usize>,
    pub(super) controls: &'a [Control],
    pub(super) outputs: &'a [Output],
    pub(super) points: u64,
    pub(super) seed: u64,
    pub(super) count: u64,
}

/// The hash, `sha256:` before it.
pub(super) fn of(parts: &Parts<'_>) -> String {
    let mut hash = InputHash::new()
        .text("thsim", VERSION)
        .text("design", parts.space.design.sampling.name())
        .text(
            "points",
            &format!("{} {} {}", parts.points, parts.seed, parts.count),
        )
        .text("start", &format!("{:?} {:?}", parts.start, parts.repeat))
        .numbers("steps_s", parts.steps_s);
    if parts.controls != [Control::Rules] {
        let names = parts.controls.iter().map(|control| control.name());
        hash = hash.text("control", &names.collect::<Vec<_>>().join(" "));
    }
    for car in parts.cars {
        hash = hash.text("vehicle", car.canonical());
    }
    for cycle in parts.cycles {
        hash = hash.cycle(cycle);
    }
    for axis in &parts.space.axes {
        let mut text = axis.points.to_string();
        for (variable, spread) in &axis.members {
            let variable = &parts.space.variables[*variable];
            // Writing to a string cannot fail.
            let _ = write!(text, " {} {spread:?}", variable.name);
            for level in &variable.levels {
                let _ = write!(text, " {:?} {:?}", level.text, level.digest);
            }
        }
        hash = hash.text("axis", &text);
    }
    for derived in &parts.space.derived {
        let variable = &parts.space.variables[derived.variable];
        let scales = derived.scales.is_some();
        let text = format!("{} {scales} {}", variable.name, derived.text);
        hash = hash.text("derived", &text);
    }
    for text in parts.texts {
        hash = hash.text("constraint", text);
    }
    for output in parts.outputs {
        hash = hash.text("output", &output.name);
    }
    hash.finish()
}
