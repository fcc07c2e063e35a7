//! Results of many designs, column by column: what sweeps write and pictures of sweeps read.

use serde::{Deserialize, Serialize};

/// How the points of a sweep were chosen; design indices count in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// Every combination of the axes' points, the last axis fastest.
    Grid,
    /// Each axis cut into as many slices as there are points, each slice used once.
    LatinHypercube,
    /// A scrambled Sobol sequence.
    Sobol,
    /// Blocks of `axes + 2` designs for variance-based sensitivity (Saltelli 2010): a point
    /// A, a point B, and for every axis in its order A with that axis taken from B.
    Saltelli,
    /// The middle of every axis, then for every axis its low and its high end with all
    /// others in the middle.
    OneAtATime,
}

impl Sampling {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Grid,
        Self::LatinHypercube,
        Self::Sobol,
        Self::Saltelli,
        Self::OneAtATime,
    ];

    /// Name in sweep files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::LatinHypercube => "latin-hypercube",
            Self::Sobol => "sobol",
            Self::Saltelli => "saltelli",
            Self::OneAtATime => "one-at-a-time",
        }
    }

    /// The one of that name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a column is to the sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It was chosen: independently of all other axes.
    Axis {
        /// Its points are spread evenly in the logarithm.
        logarithmic: bool,
    },
    /// It was chosen together with the axis before it, or derived from axes by a formula.
    Bound,
    /// It was simulated.
    Output,
}

/// One column: a name, what it means, and a value a design.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Key of the vehicle file, `run.cycle` and the like, or name of the output; with
    /// several cycles a design, outputs are called `cycle.output`.
    pub name: String,
    /// What it means, in few words, without the unit.
    pub label: String,
    /// Unit as it is printed; empty for pure numbers.
    pub unit: String,
    /// What it is to the sweep.
    pub role: Role,
    /// Texts that the values stand for (names of cycles, say); empty where they are numbers.
    pub levels: Vec<String>,
    /// A value a design: a number, or an index into `levels`; NaN where there is none.
    pub values: Vec<f64>,
}

/// All designs of a sweep that are there, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name of the sweep.
    pub name: String,
    /// What it asks, in a sentence; empty where the file does not say.
    pub question: String,
    /// How the points were chosen.
    pub sampling: Sampling,
    /// Number of every design. Those dropped by a constraint are missing; those that failed
    /// are there, with outputs that are NaN.
    pub designs: Vec<u64>,
    /// Columns: axes and what is bound to them, then outputs.
    pub columns: Vec<Column>,
}

impl Column {
    /// Every number that occurs, once, in ascending order.
    pub fn distinct(&self) -> Vec<f64> {
        let mut values = self.values.clone();
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    }

    /// What an axis of a picture says: meaning and unit.
    pub fn title(&self) -> String {
        if self.unit.is_empty() {
            self.label.clone()
        } else {
            format!("{}, {}", self.label, self.unit)
        }
    }
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The axes that were chosen independently.
    pub fn axes(&self) -> impl Iterator<Item = &Column> {
        let is_axis = |column: &&Column| matches!(column.role, Role::Axis { .. });
        self.columns.iter().filter(is_axis)
    }

    /// What was simulated.
    pub fn outputs(&self) -> impl Iterator<Item = &Column> {
        let is_output = |column: &&Column| column.role == Role::Output;
        self.columns.iter().filter(is_output)
    }
}
