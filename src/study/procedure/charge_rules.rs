//! What a test result owes to its battery: the rules of four books, side by side.
//!
//! A test that ends with another charge than it began with has burnt too little or too
//! much fuel. Each book has a criterion for *little enough* and most have a correction
//! from runs at several initial states of charge:
//!
//! - SAE J1711: net energy change within 1 % of the fuel energy, else the test is void;
//! - WLTP (UN GTR 15, annex 8, appendix 2): |ΔE| over fuel energy within 0.5 %, else
//!   `M − K_CO2·EC` with K in g/km per Wh/km (used here in litres, which is the same);
//! - UN R101 (annex 8): charging, or discharging within 1 % of the fuel energy, else
//!   `C − K_fuel·Q` with K in L/100 km per Ah;
//! - ours: the initial state of charge is moved until the battery gives nothing.
//!
//! The books count charge at the terminals and take it for energy at the nominal voltage;
//! ours is the energy of the stored charge.

use super::course::Measured;
use crate::results::Balance;
use crate::study::balance::{Charged, Startable, charge_sustaining};
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

/// What a rule says of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The test stands as it is.
    Valid,
    /// The test stands with its correction.
    Corrected,
    /// The test is void.
    Invalid,
    /// No start inside the window balances.
    NotPossible,
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
    litres(run.fuel_j(), fuel) / run.distance_m() * 1e5
}

/// Fuel of this energy, L.
pub(super) fn litres(energy_j: f64, fuel: &Fuel) -> f64 {
    energy_j / fuel.lhv_j_per_kg / fuel.density_kg_per_l
}

/// Applies every rule to a test that began where the car arrived.
pub(super) fn judge<S: Startable<Run = Measured>>(
    course: &S,
    arrived: &Measured,
    own: Rule,
    fuel: &Fuel,
    nominal_v: f64,
) -> Vec<(Rule, Correction)> {
    let (lowest, highest) = course.window();
    let runs: Vec<Measured> = FACTOR_RUNS_SOC
        .iter()
        .map(|step| arrived.soc_start() + step)
        .filter(|soc| (lowest..=highest).contains(soc))
        .map(|soc| course.run(soc))
        .collect();
    let measured = l_per_100km(arrived, fuel);
    let fuel_j = arrived.fuel_j();
    // Per km, as the books have it, and positive when charged.
    let charged_wh_per_km =
        |run: &Measured| -run.charge_c() * nominal_v / J_PER_WH / run.distance_m() * 1e3;
    let charged_ah = |run: &Measured| -run.charge_c() / C_PER_AH;
    let per_wh_km = slope(
        runs.iter()
            .map(|run| (charged_wh_per_km(run), l_per_100km(run, fuel))),
    );
    let per_ah = slope(
        runs.iter()
            .map(|run| (charged_ah(run), l_per_100km(run, fuel))),
    );
    let by_energy = measured - per_wh_km * charged_wh_per_km(arrived);
    let by_charge = measured - per_ah * charged_ah(arrived);
    let discharged = arrived.charge_c() * nominal_v / fuel_j;

    let (balanced, balance, exchange) = charge_sustaining(course);
    let balanced_l_per_100km = litres(balanced.fuel_j() + exchange * balanced.battery_j(), fuel)
        / balanced.distance_m()
        * 1e5;

    Rule::ALL
        .into_iter()
        .map(|rule| {
            let (criterion, limit, stands, otherwise) = match rule {
                Rule::SaeJ1711 => (
                    discharged,
                    J1711_LIMIT,
                    discharged.abs() <= J1711_LIMIT,
                    Verdict::Invalid,
                ),
                Rule::WltpReess => (
                    discharged,
                    WLTP_LIMIT,
                    discharged <= WLTP_LIMIT,
                    Verdict::Corrected,
                ),
                Rule::UnR101 => (
                    discharged,
                    R101_LIMIT,
                    discharged <= R101_LIMIT,
                    Verdict::Corrected,
                ),
                Rule::ZeroBalance => (
                    arrived.battery_j() / fuel_j,
                    0.0,
                    false,
                    if balance == Balance::NotPossible {
                        Verdict::NotPossible
                    } else {
                        Verdict::Corrected
                    },
                ),
            };
            let (factor, factor_unit, corrected) = match rule {
                Rule::SaeJ1711 => (None, "", by_energy),
                Rule::WltpReess => {
                    // Grams of CO₂ a km per Wh a km, from litres a 100 km.
                    let co2 = per_wh_km * fuel.co2_kg_per_l * 10.0;
                    (Some(co2), "(g/km)/(Wh/km)", by_energy)
                }
                Rule::UnR101 => (Some(per_ah), "(L/100 km)/Ah", by_charge),
                Rule::ZeroBalance => (Some(exchange), "J/J", balanced_l_per_100km),
            };
            let verdict = if stands { Verdict::Valid } else { otherwise };
            let applied = verdict == Verdict::Corrected;
            let correction = Correction {
                own_rule: rule == own,
                applied,
                verdict,
                criterion_percent: 100.0 * criterion,
                limit_percent: 100.0 * limit,
                factor,
                factor_unit,
                corrected_l_per_100km: corrected,
                fuel_l_per_100km: if applied { corrected } else { measured },
            };
            (rule, correction)
        })
        .collect()
}
