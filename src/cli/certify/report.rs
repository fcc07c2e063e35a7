//! What a procedure gave, for programs; the tables are made of the same.

use crate::cli::failure::Failure;
use crate::cli::shared::Car;
use crate::control::Controller;
use crate::cycle::Cycle;
use crate::results::{Balance, Context, InputHash, Provenance, Summary, VERSION};
use crate::study::procedure::{
    Bag, Certificate, Correction, FactorRun, Labels, Part, Procedure, Rounded, Rule, Verdict,
    spread_percent, sticker,
};
use crate::units::mpg_us_from_l_per_100km;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why the label of 2008 is the main one.
const MAIN_LABEL: (&str, &str) = (
    "2008",
    "the coefficients of 2008 hold for model years 2008 to 2016, and EPA restated the stickers \
     of older cars with them; all shipped cars are of these years",
);

/// What was asked for, beside car and procedure.
pub(super) struct Asked<'a> {
    pub(super) given: Option<&'a Cycle>,
    pub(super) step_s: f64,
    pub(super) command: &'a str,
}

/// One procedure of one car.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) procedure: &'static str,
    pub(super) procedure_title: &'static str,
    pub(super) source: &'static str,
    pub(super) vehicle: String,
    pub(super) control: String,
    /// Official result, by the procedure's own rule.
    pub(super) fuel_l_per_100km: f64,
    pub(super) fuel_mpg_us: f64,
    pub(super) fuel_km_per_l: f64,
    pub(super) co2_g_per_km: f64,
    pub(super) measured_l_per_100km: f64,
    pub(super) balanced_l_per_100km: f64,
    /// State of charge the car arrived with; none for a label.
    pub(super) soc_arrival: Option<f64>,
    /// Net energy change by the own rule's measure, positive when discharged.
    pub(super) nec_percent: f64,
    /// The procedure's own rule.
    pub(super) rule: Option<Rule>,
    pub(super) verdict: Verdict,
    pub(super) corrections: BTreeMap<Rule, Correction>,
    /// How far the corrected figures lie apart.
    pub(super) corrections_disagreement_percent: f64,
    /// How far the figures that the rules give lie apart.
    pub(super) rules_disagreement_percent: f64,
    /// Runs from several states of charge.
    pub(super) factor_runs: Vec<FactorRun>,
    pub(super) parts: Vec<Part>,
    /// Fuel of the cold pass over that of the soaked one, mL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cold_minus_soaked_ml: Option<f64>,
    /// The same at equal charge, mL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cold_minus_soaked_corrected_ml: Option<f64>,
    /// The other form of the NEDC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nedc_automatic: Option<OtherForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<WindowSticker>,
    pub(super) bags: Vec<Summary>,
    /// Share with which the pass of each bag enters the result.
    pub(super) bag_weights: Vec<f64>,
    pub(super) step_s: f64,
    thsim_version: &'static str,
    command: String,
    input_hash: String,
}

/// The same procedure on another form of its schedule.
#[derive(Debug, Serialize)]
pub(super) struct OtherForm {
    pub(super) fuel_l_per_100km: f64,
    /// Over the procedure's result, percent.
    pub(super) difference_percent: f64,
}

/// The window sticker.
#[derive(Debug, Serialize)]
pub(super) struct WindowSticker {
    #[serde(flatten)]
    pub(super) labels: Labels,
    pub(super) rounded_2008: Rounded,
    pub(super) rounded_2017: Rounded,
    /// Year of the coefficients that the main result is by.
    pub(super) main: &'static str,
    pub(super) reason: &'static str,
    pub(super) ftp_mpg_us: f64,
    pub(super) hwfet_mpg_us: f64,
}

/// The figures of a procedure that are found by its kind.
struct Figures {
    fuel_l_per_100km: f64,
    measured_l_per_100km: f64,
    balanced_l_per_100km: f64,
    corrections: Vec<(Rule, Correction)>,
    label: Option<WindowSticker>,
}

impl Figures {
    fn of_test(it: &Certificate) -> Self {
        Self {
            fuel_l_per_100km: it.fuel_l_per_100km,
            measured_l_per_100km: it.measured_l_per_100km,
            balanced_l_per_100km: it.balanced_l_per_100km,
            corrections: it.corrections.clone(),
            label: None,
        }
    }

    fn of_label(ftp: &Certificate, hwfet: &Certificate) -> Self {
        let sticker = sticker(ftp, hwfet);
        let labels = sticker.labels;
        Self {
            fuel_l_per_100km: sticker.fuel_l_per_100km,
            measured_l_per_100km: sticker.measured_l_per_100km,
            balanced_l_per_100km: sticker.balanced_l_per_100km,
            corrections: sticker.corrections,
            label: Some(WindowSticker {
                labels,
                rounded_2008: labels.year_2008.rounded(),
                rounded_2017: labels.year_2017.rounded(),
                main: MAIN_LABEL.0,
                reason: MAIN_LABEL.1,
                ftp_mpg_us: mpg_us_from_l_per_100km(ftp.fuel_l_per_100km),
                hwfet_mpg_us: mpg_us_from_l_per_100km(hwfet.fuel_l_per_100km),
            }),
        }
    }
}

/// Hash of everything that goes into a procedure.
fn input_hash(procedure: Procedure, car: &Car, asked: &Asked<'_>) -> Result<String, Failure> {
    let mut hash = InputHash::new()
        .text("vehicle", &car.file.canonical())
        .text("procedure", procedure.name())
        .text("control", car.rules.name())
        .numbers("step_s", &[asked.step_s]);
    for test in procedure.tests() {
        for cycle in test.schedules(asked.given)? {
            hash = hash.cycle(&cycle);
        }
    }
    Ok(hash.finish())
}

/// Cold over soaked pass of tests that have both: as measured, and at equal charge.
fn cold_minus_soaked(parts: &[Part]) -> Option<(f64, f64)> {
    let [cold, soaked] = parts else { return None };
    if (cold.name, soaked.name) != ("cold_udds", "soaked_udds") {
        return None;
    }
    let corrected_ml = |part: &Part| part.fuel_corrected_l_per_100km * part.distance_km * 10.0;
    Some((
        cold.fuel_ml - soaked.fuel_ml,
        corrected_ml(cold) - corrected_ml(soaked),
    ))
}

impl Report {
    /// Report of a procedure from the tests it takes.
    pub(super) fn new(
        procedure: Procedure,
        car: &Car,
        tests: &[&Certificate],
        asked: &Asked<'_>,
    ) -> Result<Self, Failure> {
        let vehicle = car.file.vehicle();
        let fuel = &vehicle.engine.fuel;
        let provenance = Provenance {
            command: asked.command.to_owned(),
            input_hash: input_hash(procedure, car, asked)?,
        };
        let summary = |test: &Certificate, bag: &Bag, name: &str| {
            let context = Context {
                vehicle: &vehicle.name,
                cycle: name,
                control: car.rules.name(),
                repeat: 1,
                step_s: asked.step_s,
                fuel,
                balance: Balance::Bag,
                fuel_j_per_battery_j: test.fuel_j_per_battery_j,
                provenance: &provenance,
            };
            Summary::new(&context, &bag.totals, &bag.ledger, &bag.paths)
        };
        let (figures, shown) = match *tests {
            [ftp, hwfet] if procedure == Procedure::EpaLabel => {
                (Figures::of_label(ftp, hwfet), tests)
            }
            [test, ..] => (Figures::of_test(test), &tests[..1]),
            [] => return Err(Failure::failed("no test was driven")),
        };
        let alone = (shown.len() == 1).then_some(shown[0]);
        let bags = shown.iter().flat_map(|test| {
            test.measured.bags.iter().map(|bag| {
                let of = test.procedure.name();
                if alone.is_some() || bag.name.starts_with(of) {
                    summary(test, bag, &bag.name)
                } else {
                    summary(test, bag, &format!("{of}_{}", bag.name))
                }
            })
        });
        let weights = shown.iter().flat_map(|test| &test.measured.bags);
        let nedc_automatic = match *tests {
            [nedc, other] if procedure == Procedure::Nedc => Some(OtherForm {
                fuel_l_per_100km: other.fuel_l_per_100km,
                difference_percent: 100.0 * (other.fuel_l_per_100km / nedc.fuel_l_per_100km - 1.0),
            }),
            _ => None,
        };
        let own = figures.corrections.iter().find(|(_, it)| it.own_rule);
        let parts = alone.map(|test| test.parts.clone()).unwrap_or_default();
        let cold = cold_minus_soaked(&parts);
        let l_per_100km = figures.fuel_l_per_100km;
        let rules = figures.corrections.iter();
        Ok(Self {
            procedure: procedure.name(),
            procedure_title: procedure.title(),
            source: procedure.source(),
            vehicle: vehicle.name.clone(),
            control: car.rules.name().to_owned(),
            fuel_l_per_100km: l_per_100km,
            fuel_mpg_us: mpg_us_from_l_per_100km(l_per_100km),
            fuel_km_per_l: 100.0 / l_per_100km,
            co2_g_per_km: l_per_100km * fuel.co2_kg_per_l * 10.0,
            measured_l_per_100km: figures.measured_l_per_100km,
            balanced_l_per_100km: figures.balanced_l_per_100km,
            soc_arrival: alone.map(|test| test.measured.soc_start),
            nec_percent: own.map_or(f64::NAN, |(_, it)| it.criterion_percent),
            rule: own.map(|(rule, _)| *rule),
            verdict: own.map_or(Verdict::Valid, |(_, it)| it.verdict),
            corrections_disagreement_percent: spread_percent(
                rules.clone().map(|(_, it)| it.corrected_l_per_100km),
            ),
            rules_disagreement_percent: spread_percent(rules.map(|(_, it)| it.fuel_l_per_100km)),
            factor_runs: alone.map(|it| it.factor_runs.clone()).unwrap_or_default(),
            cold_minus_soaked_ml: cold.map(|(measured, _)| measured),
            cold_minus_soaked_corrected_ml: cold.map(|(_, corrected)| corrected),
            parts,
            nedc_automatic,
            bags: bags.collect(),
            bag_weights: weights.map(|bag| bag.weight).collect(),
            corrections: figures.corrections.into_iter().collect(),
            label: figures.label,
            step_s: asked.step_s,
            thsim_version: VERSION,
            command: provenance.command.clone(),
            input_hash: provenance.input_hash.clone(),
        })
    }
}
