//! What a test result owes to its battery: the rules of four books, side by side.
//!
//! A test that ends with another charge than it began with has burnt too little or too
//! much fuel. Each book has a criterion for *little enough* and most have a correction
//! from runs at several initial states of charge:
//!
//! - SAE J1711: net energy change within 1 % of the fuel energy, else the test is void
//!   (its appendix C corrects fuel economy, where the authority agrees, by the line
//!   through runs of several net energy changes);
//! - WLTP (UN GTR 15, annex 8, appendix 2): charging, or discharging within 0.5 % of the
//!   fuel energy, else `M − K_CO2·EC` with K in g/km per Wh/km (computed here in litres
//!   a 100 km, which are proportional to grams a km);
//! - UN R101 (annex 8): charging, or discharging within 1 % of the fuel energy, else
//!   `C − K_fuel·Q` with K in L/100 km per Ah;
//! - ours: the initial state of charge is moved until the battery gives nothing.
//!
//! K is the slope of the line of least squares through runs from several initial states
//! of charge; EC and Q are positive when the battery was charged. The books count charge
//! at the terminals over the whole test and take it for energy at the nominal voltage;
//! ours is the energy of the stored charge, weighted as the fuel is.

use super::course::Measured;
use crate::results::Balance;
use crate::study::balance::{
    BALANCED, Charged, Startable, Sustained, charge_sustaining, fuel_per_battery,
};
use crate::units::{C_PER_AH, J_PER_WH};
use crate::vehicle::Fuel;
use serde::Serialize;

/// Net energy change relative to the fuel energy that SAE J1711 allows.
const J1711_LIMIT: f64 = 0.01;
/// The same in the WLTP.
const WLTP_LIMIT: f64 = 0.005;
/// The same in UN R101, when discharging.
const R101_LIMIT: f64 = 0.01;
/// Initial states of charge of the runs that give the books' factors, from the arrival.
const FACTOR_RUNS_SOC: [f64; 7] = [-0.06, -0.04, -0.02, 0.0, 0.02, 0.04, 0.06];

/// A rule for the charge balance of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// SAE J1711.
    SaeJ1711,
    /// WLTP: REESS correction criterion and `K_CO2`.
    WltpReess,
    /// UN R101: `K_fuel`.
    UnR101,
    /// Net battery energy of nothing.
    ZeroBalance,
}

/// What a rule says of a test, better before worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The test stands as it is.
    Valid,
    /// The test stands with its correction.
    Corrected,
    /// No start inside the window balances.
    NotPossible,
    /// The test is void.
    Invalid,
}

/// A rule applied to a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Correction {
    /// Whether this is the procedure's own rule.
    pub own_rule: bool,
    /// Whether the correction changes the result by this rule.
    pub applied: bool,
    /// What the rule says.
    pub verdict: Verdict,
    /// Net energy or charge by the rule's measure, percent of the fuel energy, positive
    /// when discharged.
    pub criterion_percent: f64,
    /// What it may be at most, percent.
    pub limit_percent: f64,
    /// Fuel per energy or charge, if the rule has such a factor.
    pub factor: Option<f64>,
    /// Its unit.
    pub factor_unit: &'static str,
    /// Consumption with the rule's correction, whether it is needed or not.
    pub corrected_l_per_100km: f64,
    /// Consumption that the rule gives: with the correction where one is needed.
    pub fuel_l_per_100km: f64,
}

/// A run of those that give the books' factors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FactorRun {
    /// State of charge it started from.
    pub soc_start: f64,
    /// State of charge it ended with.
    pub soc_end: f64,
    /// Charge that the battery gained at its terminals, Ah, weighted.
    pub charged_ah: f64,
    /// The same as energy at the nominal voltage, Wh/km.
    pub charged_wh_per_km: f64,
    /// Consumption as measured.
    pub fuel_l_per_100km: f64,
    /// Consumption corrected by the WLTP's factor.
    pub wltp_l_per_100km: f64,
    /// Consumption corrected by the factor of UN R101.
    pub r101_l_per_100km: f64,
}

/// What all rules say of a test.
pub(super) struct Judged {
    pub(super) corrections: Vec<(Rule, Correction)>,
    pub(super) factor_runs: Vec<FactorRun>,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::SaeJ1711,
        Self::WltpReess,
        Self::UnR101,
        Self::ZeroBalance,
    ];

    /// Name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::SaeJ1711 => "sae_j1711",
            Self::WltpReess => "wltp_reess",
            Self::UnR101 => "un_r101",
            Self::ZeroBalance => "zero_balance",
        }
    }

    /// Whether its limit holds for charging as well as for discharging.
    pub fn limits_charging(self) -> bool {
        matches!(self, Self::SaeJ1711 | Self::ZeroBalance)
    }

    /// What net energy or charge may be at most, by its measure, relative to the fuel energy.
    fn limit(self) -> f64 {
        match self {
            Self::SaeJ1711 => J1711_LIMIT,
            Self::WltpReess => WLTP_LIMIT,
            Self::UnR101 => R101_LIMIT,
            Self::ZeroBalance => BALANCED,
        }
    }

    /// Whether a test with this much stands as it is, positive when discharged.
    fn allows(self, discharged: f64) -> bool {
        let counted = if self.limits_charging() {
            discharged.abs()
        } else {
            discharged
        };
        counted <= self.limit()
    }

    /// What tables say.
    pub fn title(self) -> &'static str {
        match self {
            Self::SaeJ1711 => "SAE J1711",
            Self::WltpReess => "WLTP REESS",
            Self::UnR101 => "UN R101",
            Self::ZeroBalance => "zero balance",
        }
    }
}

impl Verdict {
    /// What tables say.
    pub fn title(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Corrected => "corrected",
            Self::Invalid => "invalid",
            Self::NotPossible => "not possible",
        }
    }
}

/// How far figures lie apart, percent of their mean.
pub fn spread_percent(figures: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = figures.clone().count() as f64;
    let mean = figures.clone().sum::<f64>() / count;
    let (low, high) = figures.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| {
        (low.min(it), high.max(it))
    });
    100.0 * (high - low) / mean
}

/// Slope of the line of least squares.
fn slope(points: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let n = points.clone().count() as f64;
    let (mean_x, mean_y) = points
        .clone()
        .fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / n, sum.1 + y / n));
    let (xx, xy) = points.fold((0.0, 0.0), |sum, (x, y)| {
        let dx = x - mean_x;
        (sum.0 + dx * dx, sum.1 + dx * (y - mean_y))
    });
    xy / xx
}

/// Consumption of a course, L/100 km.
pub(super) fn l_per_100km(run: &Measured, fuel: &Fuel) -> f64 {
    fuel.litres(run.fuel_j_per_m()) * 1e5
}

/// Consumption with the net battery energy counted as fuel, L/100 km.
pub(super) fn exchanged_l_per_100km(run: &Measured, exchange: f64, fuel: &Fuel) -> f64 {
    fuel.litres(run.fuel_j_per_m() + exchange * run.battery_j_per_m()) * 1e5
}

/// The books' factors, L/100 km per Wh/km and per Ah.
struct Factors {
    per_wh_km: f64,
    per_ah: f64,
}

/// A run by the books' measures, not corrected yet.
fn booked(run: &Measured, fuel: &Fuel, nominal_v: f64) -> FactorRun {
    let measured = l_per_100km(run, fuel);
    FactorRun {
        soc_start: run.soc_start(),
        soc_end: run.soc_end(),
        charged_ah: -run.charge_c() / C_PER_AH,
        charged_wh_per_km: -run.charge_c_per_m() * 1e3 * nominal_v / J_PER_WH,
        fuel_l_per_100km: measured,
        wltp_l_per_100km: measured,
        r101_l_per_100km: measured,
    }
}

impl Factors {
    fn of(runs: &[FactorRun]) -> Self {
        let over = |charged: fn(&FactorRun) -> f64| {
            slope(runs.iter().map(|run| (charged(run), run.fuel_l_per_100km)))
        };
        Self {
            per_wh_km: over(|run| run.charged_wh_per_km),
            per_ah: over(|run| run.charged_ah),
        }
    }

    fn correct(&self, run: &mut FactorRun) {
        run.wltp_l_per_100km = run.fuel_l_per_100km - self.per_wh_km * run.charged_wh_per_km;
        run.r101_l_per_100km = run.fuel_l_per_100km - self.per_ah * run.charged_ah;
    }
}

/// Applies every rule to a test that began where the car arrived.
pub(super) fn judge<S: Startable<Run = Measured>>(
    course: &S,
    arrived: &Measured,
    own: Rule,
    fuel: &Fuel,
    nominal_v: f64,
) -> Judged {
    let (lowest, highest) = course.window();
    let socs: Vec<f64> = FACTOR_RUNS_SOC
        .iter()
        .map(|step| arrived.soc_start() + step)
        .filter(|soc| (lowest..=highest).contains(soc))
        .collect();
    let runs = course.run_all(&socs);
    let mut runs: Vec<FactorRun> = runs
        .iter()
        .map(|run| booked(run, fuel, nominal_v))
        .collect();
    let factors = Factors::of(&runs);
    for run in &mut runs {
        factors.correct(run);
    }
    let mut test = booked(arrived, fuel, nominal_v);
    factors.correct(&mut test);
    let measured = test.fuel_l_per_100km;
    let (by_energy, by_charge) = (test.wltp_l_per_100km, test.r101_l_per_100km);
    let discharged = arrived.charge_per_fuel(nominal_v);
    let stored = arrived.battery_j() / arrived.fuel_j();

    let Sustained {
        run: balanced,
        balance,
        fuel_j_per_battery_j,
    } = charge_sustaining(course);
    let exchange = fuel_j_per_battery_j.unwrap_or_else(|| fuel_per_battery(course, &balanced));
    let balanced_l_per_100km = exchanged_l_per_100km(&balanced, exchange, fuel);

    let corrections = Rule::ALL
        .into_iter()
        .map(|rule| {
            let criterion = if rule == Rule::ZeroBalance {
                stored
            } else {
                discharged
            };
            let verdict = match rule {
                _ if rule.allows(criterion) => Verdict::Valid,
                Rule::SaeJ1711 => Verdict::Invalid,
                Rule::ZeroBalance if balance == Balance::NotPossible => Verdict::NotPossible,
                _ => Verdict::Corrected,
            };
            let (factor, factor_unit, corrected) = match rule {
                Rule::SaeJ1711 => (None, "", by_energy),
                Rule::WltpReess => {
                    // Grams of CO₂ a km per Wh a km, from litres a 100 km.
                    let co2 = factors.per_wh_km * fuel.co2_kg_per_l * 10.0;
                    (Some(co2), "(g/km)/(Wh/km)", by_energy)
                }
                Rule::UnR101 => (Some(factors.per_ah), "(L/100 km)/Ah", by_charge),
                Rule::ZeroBalance => (Some(exchange), "J/J", balanced_l_per_100km),
            };
            let applied = verdict == Verdict::Corrected;
            let correction = Correction {
                own_rule: rule == own,
                applied,
                verdict,
                criterion_percent: 100.0 * criterion,
                limit_percent: 100.0 * rule.limit(),
                factor,
                factor_unit,
                corrected_l_per_100km: corrected,
                fuel_l_per_100km: if applied { corrected } else { measured },
            };
            (rule, correction)
        })
        .collect();
    Judged {
        corrections,
        factor_runs: runs,
    }
}
