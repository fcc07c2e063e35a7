//! Who decides in a run, as named on the command line.

use super::failure::Failure;
use super::shared::{Asked, Car};
use crate::cycle::Cycle;
use crate::optimum::{Dwell, Grid, Policy, ProgramError};
use crate::sim::Recorder;
use crate::study::{BestError, BestQuestion, Outcome, simulate};
use clap::ValueEnum;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Control {
    /// The rules of the real car.
    Rules,
    /// Least equivalent consumption, with the factor that keeps the charge over this cycle.
    Ecms,
    /// The same with a factor that follows the charge and knows nothing of the cycle.
    Aecms,
    /// The least fuel that is possible, by dynamic programming.
    Optimal,
}

impl Control {
    /// Name in results.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Ecms => "ecms",
            Self::Aecms => "aecms",
            Self::Optimal => "optimal",
        }
    }
}

/// States of charge at which the least cost to go is tabulated.
pub(super) const NODES: usize = 400;

impl Car {
    /// The same question for controls that plan.
    pub(super) fn best<'a>(&'a self, cycle: &'a Cycle, asked: &Asked<'_>) -> BestQuestion<'a> {
        let vehicle = self.file.vehicle();
        BestQuestion {
            vehicle,
            plant: &self.plant,
            cycle,
            repeat: asked.repeat,
            step_s: asked.step_s,
            start: asked.start,
            end_soc: None,
            dwell: Dwell::of(&vehicle.strategy),
            grid: Grid::default(),
            nodes: NODES,
        }
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
