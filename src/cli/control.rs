//! Who decides in a run, as named on the command line.

use super::failure::Failure;
use super::shared::{Asked, Car};
use crate::cycle::Cycle;
use crate::optimum::{Policy, ProgramError};
use crate::sim::Recorder;
use crate::study::{BestError, BestQuestion, ControlQuestion, Outcome, simulate};
pub(super) use crate::study::{Control, NODES};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

impl ValueEnum for Control {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Rules, Self::Ecms, Self::Aecms, Self::Optimal]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Rules => "The rules of the real car",
            Self::Ecms => {
                "Least equivalent consumption, with the factor that keeps the charge over this \
                 cycle"
            }
            Self::Aecms => {
                "The same with a factor that follows the charge and knows nothing of the cycle"
            }
            Self::Optimal => "The least fuel that is possible, by dynamic programming",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

impl Car {
    /// The same question for controls that plan.
    pub(super) fn best<'a>(&'a self, cycle: &'a Cycle, asked: &Asked<'_>) -> BestQuestion<'a> {
        let question = ControlQuestion {
            vehicle: self.file.vehicle(),
            plant: &self.plant,
            cycle,
            repeat: asked.repeat,
            step_s: asked.step_s,
            start: asked.start,
            control: asked.control,
        };
        question.best()
    }

    /// Drives the cycle with the control that was asked for.
    ///
    /// # Errors
    /// The optimum does not exist: the car cannot go on at some second.
    pub(super) fn drive(
        &self,
        cycle: &Cycle,
        asked: &Asked<'_>,
        recorder: &mut impl Recorder,
    ) -> Result<Outcome, Failure> {
        Ok(match asked.control {
            Control::Rules => simulate(&self.question(cycle, asked), Some(recorder)),
            Control::Ecms => self.best(cycle, asked).prepare().ecms(Some(recorder)).0,
            Control::Aecms => self.best(cycle, asked).prepare().adaptive(Some(recorder)),
            Control::Optimal if asked.policy.is_some() => self.follow(cycle, asked, recorder)?,
            Control::Optimal => {
                let best = self.best(cycle, asked).prepare();
                let optimum =
                    best.optimum(&|_, _| !asked.stop.load(Ordering::Relaxed), Some(recorder));
                optimum?.outcome
            }
        })
    }

    /// Drives the cycle with an optimum that was kept in a file.
    fn follow(
        &self,
        cycle: &Cycle,
        asked: &Asked<'_>,
        recorder: &mut impl Recorder,
    ) -> Result<Outcome, Failure> {
        let file = asked.policy.unwrap_or(Path::new(""));
        let refuse = |problem: String| {
            Failure::input(
                format!("`{}`: {problem}", file.display()),
                "make it with `thsim optimum CYCLE --save FILE`, for the same car and cycle",
            )
        };
        let bytes = fs::read(file).map_err(|error| refuse(error.to_string()))?;
        let hash = self.policy_hash(cycle);
        let policy = Policy::read(&bytes, &hash).map_err(|error| refuse(error.to_string()))?;
        let best = self.best(cycle, asked).prepare();
        let outcome = best.follow(&policy, Some(recorder));
        outcome.map_err(|error| refuse(error.to_string()))
    }
}

impl From<BestError> for Failure {
    fn from(error: BestError) -> Self {
        match error {
            BestError::Program(ProgramError::Interrupted) => Self::Interrupted,
            other => Self::failed(other.to_string()),
        }
    }
}
