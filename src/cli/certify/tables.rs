//! What procedures gave, for people: one line each, then each in full.

use super::report::{Report, WindowSticker};
use crate::cli::summary_table::{Align, number, table};
use crate::results::Summary;
use crate::study::procedure::{Part, Rule};
use std::fmt::Write as _;

fn percent(share: f64) -> String {
    number(100.0 * share, 1)
}

/// The table of all, and then every procedure in full.
pub(super) fn text(reports: &[Report]) -> String {
    let several = reports
        .windows(2)
        .any(|pair| pair[0].vehicle != pair[1].vehicle);
    let mut text = String::new();
    if let (Some(first), false) = (reports.first(), several) {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{}, {}", first.vehicle, first.control);
    }
    text.push_str(&overview(reports, several));
    for report in reports {
        text.push_str(&in_full(report, several));
    }
    text
}

fn overview(reports: &[Report], several: bool) -> String {
    let mut head = Vec::new();
    if several {
        head.push(("vehicle", Align::Left));
    }
    head.extend([
        ("procedure", Align::Left),
        ("L/100km", Align::Right),
        ("mpg\nUS", Align::Right),
        ("CO₂\ng/km", Align::Right),
        ("arrives\nSOC %", Align::Right),
        ("NEC\n%", Align::Right),
        ("rule", Align::Left),
        ("verdict", Align::Left),
    ]);
    let rows = reports
        .iter()
        .map(|it| {
            let mut row = Vec::new();
            if several {
                row.push(it.vehicle.clone());
            }
            row.extend([
                it.procedure.to_owned(),
                number(it.fuel_l_per_100km, 2),
                number(it.fuel_mpg_us, 1),
                number(it.co2_g_per_km, 1),
                it.soc_arrival.map_or("–".to_owned(), percent),
                number(it.nec_percent, 2),
                it.rule.map_or("–", Rule::title).to_owned(),
                it.verdict.title().to_owned(),
            ]);
            row
        })
        .collect();
    table(&head, rows)
}

fn bags(bags: &[Summary]) -> String {
    let head = [
        ("bag", Align::Left),
        ("km", Align::Right),
        ("fuel\nmL", Align::Right),
        ("L/100km", Align::Right),
        ("mpg\nUS", Align::Right),
        ("SOC %\nbegin → end", Align::Right),
        ("swing\n%", Align::Right),
        ("starts", Align::Right),
        ("engine\non s", Align::Right),
    ];
    let rows = bags
        .iter()
        .map(|bag| {
            vec![
                bag.cycle.clone(),
                number(bag.distance_km, 2),
                number(1e3 * bag.fuel_l, 1),
                number(bag.fuel_l_per_100km, 2),
                number(bag.fuel_mpg_us, 1),
                format!("{} → {}", percent(bag.soc_start), percent(bag.soc_end)),
                percent(bag.soc_max - bag.soc_min),
                bag.engine_starts.to_string(),
                number(bag.engine_on_fraction * bag.duration_s, 1),
            ]
        })
        .collect();
    table(&head, rows)
}

fn rules(report: &Report) -> String {
    let head = [
        ("charge rule", Align::Left),
        ("NEC\n%", Align::Right),
        ("limit\n%", Align::Right),
        ("verdict", Align::Left),
        ("factor", Align::Right),
        ("", Align::Left),
        ("corrected\nL/100km", Align::Right),
        ("by the rule\nL/100km", Align::Right),
        ("", Align::Left),
    ];
    let rows = report
        .corrections
        .iter()
        .map(|(rule, it)| {
            vec![
                rule.title().to_owned(),
                number(it.criterion_percent, 2),
                format!(
                    "{}{}",
                    if rule.limits_charging() { "±" } else { "" },
                    number(it.limit_percent, 1)
                ),
                it.verdict.title().to_owned(),
                it.factor.map_or("–".to_owned(), |k| number(k, 3)),
                it.factor_unit.to_owned(),
                number(it.corrected_l_per_100km, 3),
                number(it.fuel_l_per_100km, 3),
                if it.own_rule {
                    "the procedure's own"
                } else {
                    ""
                }
                .to_owned(),
            ]
        })
        .collect();
    table(&head, rows)
}

fn parts(parts: &[Part]) -> String {
    let head = [
        ("part", Align::Left),
        ("km", Align::Right),
        ("fuel\nmL", Align::Right),
        ("L/100km", Align::Right),
        ("L/100km\ncorrected", Align::Right),
        ("mpg\nUS", Align::Right),
        ("km/L", Align::Right),
    ];
    let rows = parts
        .iter()
        .map(|part| {
            vec![
                part.name.to_owned(),
                number(part.distance_km, 2),
                number(part.fuel_ml, 1),
                number(part.fuel_l_per_100km, 2),
                number(part.fuel_corrected_l_per_100km, 2),
                number(part.fuel_mpg_us, 1),
                number(part.fuel_km_per_l, 1),
            ]
        })
        .collect();
    table(&head, rows)
}

fn sticker(it: &WindowSticker) -> String {
    let head = [
        ("label", Align::Left),
        ("city\nmpg", Align::Right),
        ("highway\nmpg", Align::Right),
        ("combined\nmpg", Align::Right),
        ("rounded", Align::Right),
        ("", Align::Left),
    ];
    let periods = [
        ("2008", &it.labels.year_2008, &it.rounded_2008),
        ("2017", &it.labels.year_2017, &it.rounded_2017),
    ];
    let mut rows: Vec<Vec<String>> = periods
        .into_iter()
        .map(|(year, label, rounded)| {
            let main = if year == it.main { "main result" } else { "" };
            vec![
                format!("coefficients of {year}"),
                number(label.city_mpg, 2),
                number(label.highway_mpg, 2),
                number(label.combined_mpg, 2),
                format!(
                    "{} / {} / {}",
                    rounded.city, rounded.highway, rounded.combined
                ),
                main.to_owned(),
            ]
        })
        .collect();
    rows.push(vec![
        "tests, not adjusted".to_owned(),
        number(it.ftp_mpg_us, 2),
        number(it.hwfet_mpg_us, 2),
        number(it.labels.unadjusted_combined_mpg, 2),
        String::new(),
        String::new(),
    ]);
    let table = table(&head, rows);
    format!("{table}main result: {}\n", it.reason)
}

/// What only this procedure has to say.
fn particulars(report: &Report) -> String {
    let mut text = String::new();
    if let (Some(measured), Some(corrected)) = (
        report.cold_minus_soaked_ml,
        report.cold_minus_soaked_corrected_ml,
    ) {
        let _ = writeln!(
            text,
            "cold minus soaked UDDS: {measured:.1} mL, {corrected:.1} mL at equal charge"
        );
    }
    if let Some(other) = &report.nedc_automatic {
        let _ = writeln!(
            text,
            "schedule without gear changes (`nedc_automatic`): {} L/100km, {:+.2} %",
            number(other.fuel_l_per_100km, 3),
            other.difference_percent
        );
    }
    if matches!(report.procedure, "10-15" | "jc08") {
        let km_per_l = number(report.fuel_km_per_l, 2);
        let _ = writeln!(text, "by its own rule: {km_per_l} km/L");
    }
    for bag in report.bags.iter().filter(|bag| bag.trace_miss_s > 0.0) {
        let _ = writeln!(
            text,
            "{}: the car cannot follow: {:.1} s outside ±2 km/h",
            bag.cycle, bag.trace_miss_s
        );
    }
    text
}

/// A procedure in full.
fn in_full(report: &Report, several: bool) -> String {
    let mut text = String::from("\n");
    if several {
        let _ = write!(text, "{}, ", report.vehicle);
    }
    let _ = writeln!(
        text,
        "{}: {} ({})",
        report.procedure, report.procedure_title, report.source
    );
    text.push_str(&bags(&report.bags));
    text.push_str(&rules(report));
    let _ = writeln!(
        text,
        "the corrected figures disagree by {:.2} %, those by the rules by {:.2} %",
        report.corrections_disagreement_percent, report.rules_disagreement_percent
    );
    if !report.parts.is_empty() {
        text.push_str(&parts(&report.parts));
    }
    if let Some(label) = &report.label {
        text.push_str(&sticker(label));
    }
    text.push_str(&particulars(report));
    text
}
