//! A cycle driven by a control that is named, and how far it is from the optimum.

use super::best::{BestError, BestQuestion};
use super::single::{Outcome, Question, StartWith, simulate};
use crate::control::Rules;
use crate::cycle::Cycle;
use crate::optimum::{Dwell, Grid};
use crate::sim::Recorder;
use crate::vehicle::{Plant, Vehicle};

/// States of charge at which the least cost to go is tabulated.
pub const NODES: usize = 400;

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Control {
    /// The rules of the real car.
    #[default]
    Rules,
    /// Least equivalent consumption, with the factor that keeps the charge over this cycle.
    Ecms,
    /// The same with a factor that follows the charge and knows nothing of the cycle.
    Aecms,
    /// The least fuel that is possible, by dynamic programming.
    Optimal,
}

impl Control {
    /// All of them, those that know more last.
    pub const ALL: [Self; 4] = [Self::Rules, Self::Aecms, Self::Ecms, Self::Optimal];

    /// Name on the command line, in sweep files and in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Ecms => "ecms",
            Self::Aecms => "aecms",
            Self::Optimal => "optimal",
        }
    }

    /// The control of a name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.name() == name)
    }
}

/// A car, a cycle and the control that drives it.
#[derive(Clone, Copy)]
pub struct ControlQuestion<'a> {
    /// The car.
    pub vehicle: &'a Vehicle,
    /// Its tables.
    pub plant: &'a Plant,
    /// What is driven, once.
    pub cycle: &'a Cycle,
    /// How often in a row; none leaves it to the length of the cycle.
    pub repeat: Option<usize>,
    /// Step, s.
    pub step_s: f64,
    /// How it starts.
    pub start: StartWith,
    /// Who decides.
    pub control: Control,
}

/// How far a control is from the optimum of the same road at the same step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regret {
    /// Fuel above the optimum at equal charge, %.
    pub percent: f64,
    /// Consumption of the optimum at equal charge, L/100 km.
    pub optimum_l_per_100km: f64,
    /// How far the optimum's run is from what its table promises, relative to its fuel, %:
    /// the regret is known to this.
    pub discretisation_error_percent: f64,
}

impl<'a> ControlQuestion<'a> {
    /// What is prepared for controls that plan: the car's own minimum times, the usual grid.
    pub fn best(&self) -> BestQuestion<'a> {
        BestQuestion {
            vehicle: self.vehicle,
            plant: self.plant,
            cycle: self.cycle,
            repeat: self.repeat,
            step_s: self.step_s,
            start: self.start,
            end_soc: None,
            dwell: Dwell::of(&self.vehicle.strategy),
            grid: Grid::default(),
            nodes: NODES,
        }
    }

    /// The run of the control, shown to a recorder. The rules drive the road as it is; a control
    /// that plans drives it as the rules can follow it.
    ///
    /// # Errors
    /// There is no optimum.
    pub fn run<R: Recorder>(&self, recorder: &mut R) -> Result<Outcome, BestError> {
        if self.control == Control::Rules {
            let question = Question {
                vehicle: self.vehicle,
                plant: self.plant,
                controller: &Rules::of(self.vehicle),
                cycle: self.cycle,
                repeat: self.repeat,
                step_s: self.step_s,
                start: self.start,
            };
            return Ok(simulate(&question, Some(recorder)));
        }
        let best = self.best().prepare();
        Ok(match self.control {
            Control::Rules => best.rules(Some(recorder)),
            Control::Ecms => best.ecms(Some(recorder)).0,
            Control::Aecms => best.adaptive(Some(recorder)),
            Control::Optimal => best.optimum(&|_, _| true, Some(recorder))?.outcome,
        })
    }

    /// The run of the control on the road as a planned control sees it, and its regret where
    /// that is asked: the optimum takes many times as long as a control without foresight.
    /// `go_on` is asked now and then whether to go on.
    ///
    /// # Errors
    /// The optimum is needed and does not exist, or `go_on` said no.
    pub fn answer(
        &self,
        regret: bool,
        go_on: &dyn Fn() -> bool,
    ) -> Result<(Outcome, Option<Regret>), BestError> {
        let best = self.best().prepare();
        let solve = || best.optimum(&|_, _| go_on(), None);
        let mut optimum = None;
        let outcome = match self.control {
            Control::Rules => best.rules(None),
            Control::Ecms => best.ecms(None).0,
            Control::Aecms => best.adaptive(None),
            Control::Optimal => optimum.insert(solve()?).outcome.clone(),
        };
        if !regret {
            return Ok((outcome, None));
        }
        let optimum = match optimum {
            Some(optimum) => optimum,
            None => solve()?,
        };
        let fuel = &self.vehicle.engine.fuel;
        let least = optimum.outcome.corrected_l_per_100km(fuel);
        let regret = Regret {
            percent: 100.0 * (outcome.corrected_l_per_100km(fuel) / least - 1.0),
            optimum_l_per_100km: least,
            discretisation_error_percent: 100.0 * optimum.discretisation_error,
        };
        Ok((outcome, Some(regret)))
    }
}
