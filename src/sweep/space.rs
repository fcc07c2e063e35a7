//! The space of a sweep: its variables, and their values for the design of an index.

use super::design::{Design, Place};
use super::formula::Formula;
use super::spread::{Spread, rounded};
use crate::config::Setting;
use crate::results::{Role, Sampling};

/// What a variable changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The key of this number of every vehicle file.
    Key(usize),
    /// The run.
    Run(RunKey),
    /// Nothing by itself: formulas use it.
    Nothing,
}

/// What an axis can change of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunKey {
    Vehicle,
    Cycle,
    Step,
    Soc,
    Control,
}

impl RunKey {
    pub(super) const ALL: [Self; 5] = [
        Self::Vehicle,
        Self::Cycle,
        Self::Step,
        Self::Soc,
        Self::Control,
    ];

    /// Name in sweep files and results.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Vehicle => "run.vehicle",
            Self::Cycle => "run.cycle",
            Self::Step => "run.step_s",
            Self::Soc => "run.soc",
            Self::Control => "run.control",
        }
    }

    pub(super) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }
}

/// Something that has a value in every design.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    /// Key, or the name the sweep file gives it.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) unit: String,
    pub(super) role: Role,
    pub(super) target: Target,
    /// Texts or lists, where it takes no numbers; its value is then the number of one.
    pub(super) levels: Vec<Level>,
}

/// A value that is no number.
#[derive(Debug, Clone)]
pub(super) struct Level {
    /// As the sweep file gives it.
    pub(super) text: String,
    /// Hash of the file that it names, where it names one.
    pub(super) digest: Option<String>,
    /// For keys of the vehicle.
    pub(super) setting: Option<Setting>,
}

/// Variables that move together along one axis.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) members: Vec<(usize, Spread)>,
    /// Points of a grid.
    pub(super) points: u64,
}

/// A variable whose value follows from others.
#[derive(Debug, Clone)]
pub(super) struct Derived {
    pub(super) variable: usize,
    pub(super) formula: Formula,
    /// The formula as it was written.
    pub(super) text: String,
    /// What the formula multiplies; none where it is the value itself.
    pub(super) scales: Option<Scales>,
}

/// A key that a factor multiplies.
#[derive(Debug, Clone)]
pub(super) struct Scales {
    /// Number of the key.
    pub(super) key: usize,
    /// What each vehicle has there.
    pub(super) bases: Vec<Setting>,
}

/// All of it.
#[derive(Debug, Clone)]
pub(super) struct Space {
    pub(super) design: Design,
    pub(super) variables: Vec<Variable>,
    pub(super) axes: Vec<Axis>,
    pub(super) derived: Vec<Derived>,
    pub(super) constraints: Vec<Formula>,
    /// Figures of each vehicle that formulas use, behind the variables in their values.
    pub(super) constants: Vec<Vec<f64>>,
}

/// Values of a design, and room to compute them in.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    places: Vec<Place>,
    /// Variables, then the vehicle's figures that formulas use.
    values: Vec<f64>,
    /// What the formulas gave, by their place in [`Space::derived`].
    pub(super) factors: Vec<f64>,
}

impl Point {
    /// Value of a variable.
    pub(super) fn value(&self, variable: usize) -> f64 {
        self.values[variable]
    }

    /// Which of a variable's levels it is.
    pub(super) fn level(&self, variable: usize) -> usize {
        self.values[variable] as usize
    }
}

impl Space {
    /// The variable that changes this of the run.
    pub(super) fn run_variable(&self, key: RunKey) -> Option<usize> {
        let mut variables = self.variables.iter();
        variables.position(|variable| variable.target == Target::Run(key))
    }

    /// Values of a design; false where a constraint drops it.
    pub(super) fn fill(&self, design: u64, point: &mut Point) -> bool {
        point.places.resize(self.axes.len(), Place::Middle);
        point.values.resize(self.variables.len(), 0.0);
        self.design.places(design, &mut point.places);
        for (axis, place) in self.axes.iter().zip(&point.places) {
            for (variable, spread) in &axis.members {
                point.values[*variable] = spread.at(*place, axis.points);
            }
        }
        let vehicle = self
            .run_variable(RunKey::Vehicle)
            .map_or(0, |variable| point.level(variable));
        point.values.truncate(self.variables.len());
        point.values.extend(&self.constants[vehicle]);
        point.factors.clear();
        // The numbers of these are read by people: 3.3, not 3.3000000000000003.
        let read = matches!(self.design.sampling, Sampling::Grid | Sampling::OneAtATime);
        for derived in &self.derived {
            let mut factor = derived.formula.value(&point.values);
            if read {
                factor = rounded(factor);
            }
            point.factors.push(factor);
            let scaled = derived
                .scales
                .as_ref()
                .and_then(|it| it.bases[vehicle].as_number());
            // A list has no value of its own: its factor is shown.
            let value = scaled.map_or(factor, |base| factor * base);
            point.values[derived.variable] = if read { rounded(value) } else { value };
        }
        let mut constraints = self.constraints.iter();
        constraints.all(|constraint| constraint.holds(&point.values))
    }
}
