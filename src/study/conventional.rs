//! A conventional car on a cycle: one drive, for nothing has to balance.

use crate::cycle::{Cycle, Kinematics};
use crate::ledger::{Ledger, Paths};
use crate::results::Totals;
use crate::sim::{ConventionalStep, conventional_start, drive_conventional};
use crate::vehicle::{ConventionalPlant, ConventionalState};

/// A conventional car and a cycle.
pub struct ConventionalQuestion<'a> {
    /// The car's tables.
    pub plant: &'a ConventionalPlant,
    /// What is driven, once.
    pub cycle: &'a Cycle,
    /// How often in a row.
    pub repeat: usize,
    /// Step, s.
    pub step_s: f64,
    /// Whether it starts at the temperature of the air.
    pub cold: bool,
}

/// The answer: sums and energies.
#[derive(Debug, Clone, PartialEq)]
pub struct ConventionalOutcome {
    /// Sums.
    pub totals: Totals,
    /// Energies.
    pub ledger: Ledger,
    /// Flows between the parts.
    pub paths: Paths,
    /// The state it began in.
    pub start: ConventionalState,
}

impl ConventionalQuestion<'_> {
    /// Drives the cycle; `watch` sees every step.
    pub fn answer(&self, mut watch: impl FnMut(&ConventionalStep<'_>)) -> ConventionalOutcome {
        let thermal = &self.plant.thermal;
        let coolant_c = if self.cold {
            thermal.ambient_c
        } else {
            thermal.warm_c
        };
        let kinematics = if self.repeat > 1 {
            Kinematics::new(&self.cycle.repeated(self.repeat), self.step_s)
        } else {
            Kinematics::new(self.cycle, self.step_s)
        };
        let start = conventional_start(self.plant, &kinematics, coolant_c);
        let mut totals = Totals::of_conventional(&start);
        let mut ledger = Ledger::of_conventional(self.plant, &start);
        let mut paths = Paths::of_conventional();
        drive_conventional(self.plant, &kinematics, &start, |step| {
            totals.add_conventional(step);
            ledger.book_conventional(self.plant, step);
            paths.add_conventional(step);
            watch(step);
        });
        ConventionalOutcome {
            totals,
            ledger,
            paths,
            start,
        }
    }
}
