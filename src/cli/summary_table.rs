//! Tables for people.

use crate::control::StartCause;
use crate::results::{Balance, Summary};

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use std::fmt::Write as _;

/// One line under the head and no other.
const HEAD_LINE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Where a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table with a line under its head, and a final newline.
pub(super) fn table(head: &[(&str, Align)], rows: Vec<Vec<String>>) -> String {
    let cells = |texts: Vec<String>| {
        texts
            .into_iter()
            .zip(head)
            .map(|(text, (_, align))| {
                Cell::new(text).set_alignment(match align {
                    Align::Left => CellAlignment::Left,
                    Align::Right => CellAlignment::Right,
                })
            })
            .collect::<Vec<_>>()
    };
    let mut table = Table::new();
    table
        .load_style(HEAD_LINE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(cells(
            head.iter().map(|(name, _)| (*name).to_owned()).collect(),
        ));
    for row in rows {
        table.add_row(cells(row));
    }
    // Lines must not end in blanks: what is printed is also compared and pasted.
    table
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// A number, or a dash where it does not exist.
pub(super) fn number(value: f64, digits: usize) -> String {
    if value.is_finite() {
        let text = format!("{value:.digits$}");
        match text.strip_prefix('-') {
            // What rounds to zero has no sign.
            Some(zero) if !zero.bytes().any(|b| (b'1'..=b'9').contains(&b)) => zero.to_owned(),
            _ => text,
        }
    } else {
        "–".to_owned()
    }
}

fn short(cause: StartCause) -> &'static str {
    match cause {
        StartCause::PowerDemand => "power",
        StartCause::LowSoc => "low SOC",
        StartCause::BatteryLimit => "battery",
        StartCause::SpeedCeiling => "ceiling",
        StartCause::WarmUp => "warm-up",
        StartCause::BatteryFull => "full",
    }
}

fn starts(summary: &Summary) -> String {
    let causes: Vec<String> = StartCause::ALL
        .into_iter()
        .filter_map(|cause| {
            let count = *summary.engine_start_causes.get(cause.name())?;
            (count > 0).then(|| format!("{count} {}", short(cause)))
        })
        .collect();
    if causes.is_empty() {
        "0".to_owned()
    } else {
        causes.join(", ")
    }
}

fn repeated(summary: &Summary) -> String {
    if summary.repeat > 1 {
        format!("{} ×{}", summary.cycle, summary.repeat)
    } else {
        summary.cycle.clone()
    }
}

/// The table of a set of runs. Vehicle and control have columns where they differ.
pub(super) fn runs(summaries: &[Summary]) -> String {
    let differ = |of: fn(&Summary) -> &String| {
        summaries
            .windows(2)
            .any(|pair| of(&pair[0]) != of(&pair[1]))
    };
    let (vehicles, controls) = (differ(|s| &s.vehicle), differ(|s| &s.control));
    let mut head = Vec::new();
    if vehicles {
        head.push(("vehicle", Align::Left));
    }
    if controls {
        head.push(("control", Align::Left));
    }
    head.extend([
        ("cycle", Align::Left),
        ("km", Align::Right),
        ("L/100km\nraw", Align::Right),
        ("L/100km\ncorrected", Align::Right),
        ("mpg US\nraw", Align::Right),
        ("CO₂ g/km\nraw", Align::Right),
        ("SOC %\nstart → end", Align::Right),
        ("NEC\n%", Align::Right),
        ("engine\non %", Align::Right),
        ("starts by cause", Align::Left),
        ("forced start\nkm/h", Align::Right),
        ("miss\nkm/h", Align::Right),
        ("energy\nresidual", Align::Right),
    ]);
    let rows = summaries
        .iter()
        .map(|s| {
            let mut row = Vec::new();
            if vehicles {
                row.push(s.vehicle.clone());
            }
            if controls {
                row.push(s.control.clone());
            }
            row.extend([
                repeated(s),
                number(s.distance_km, 2),
                number(s.fuel_l_per_100km, 2),
                number(s.fuel_corrected_l_per_100km, 2),
                number(s.fuel_mpg_us, 1),
                number(s.co2_g_per_km, 1),
                format!(
                    "{} → {}",
                    number(100.0 * s.soc_start, 1),
                    number(100.0 * s.soc_end, 1)
                ),
                number(s.nec_percent, 2),
                number(100.0 * s.engine_on_fraction, 1),
                starts(s),
                s.forced_start_speed_kmh
                    .map_or("–".to_owned(), |v| number(v, 1)),
                number(s.trace_miss_max_kmh, 1),
                format!("{:.0e}", s.energy_residual_relative.abs()),
            ]);
            row
        })
        .collect();
    let mut text = if vehicles || controls {
        String::new()
    } else {
        summaries
            .first()
            .map_or(String::new(), |s| format!("{}, {}\n", s.vehicle, s.control))
    };
    text.push_str(&table(&head, rows));
    for summary in summaries {
        text.push_str(&notes(summary));
    }
    text
}

/// What a reader must know of a run beside its numbers.
fn notes(summary: &Summary) -> String {
    let mut notes = String::new();
    let mut say = |note: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(notes, "{}: {note}", repeated(summary));
    };
    match summary.balance {
        Balance::Balanced
        | Balance::Fixed
        | Balance::Cold
        | Balance::Scenario
        | Balance::Bag
        | Balance::NoBattery => {}
        Balance::Interpolated => {
            say(
                "the end charge jumps over zero; the corrected figure mixes the runs on both sides"
                    .to_owned(),
            );
        }
        Balance::NotPossible => {
            say("no start inside the SOC window balances; started at the target".to_owned());
        }
    }
    if summary.trace_miss_s > 0.0 {
        say(format!(
            "the car cannot follow: {:.1} s outside ±2 km/h",
            summary.trace_miss_s
        ));
    }
    if summary.distance_km == 0.0 {
        say(format!(
            "at rest: {:.3} L raw, {:.3} L corrected, {:.3} L/h corrected",
            summary.fuel_l,
            summary.fuel_corrected_l,
            summary.fuel_corrected_l * 3600.0 / summary.duration_s
        ));
    }
    notes
}

/// What `×N` means, where the program chose the N.
pub(super) const REPETITIONS: &str = "×N: a short cycle is driven N times in a row, so that the \
     battery's charge can balance; `--repeat 1` drives it once\n";

/// [`REPETITIONS`], where there are any.
pub(super) fn repetitions(summaries: &[Summary]) -> &'static str {
    if summaries.iter().any(|summary| summary.repeat > 1) {
        REPETITIONS
    } else {
        ""
    }
}

/// One row a result, comma-separated: every plain figure by its name, empty where a
/// result has none of that name.
pub(super) fn csv(results: &[impl serde::Serialize]) -> Result<String, serde_json::Error> {
    let mut names: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for result in results {
        let value = serde_json::to_value(result)?;
        let fields: Vec<(String, String)> = value
            .as_object()
            .into_iter()
            .flatten()
            .flat_map(|(key, value)| flat(key, value))
            .collect();
        for (name, _) in &fields {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        rows.push(fields);
    }
    let mut text = names.join(",") + "\n";
    for fields in &rows {
        let cell = |name: &String| {
            let field = fields.iter().find(|(own, _)| own == name);
            field.map_or("", |(_, value)| value.as_str())
        };
        let cells: Vec<&str> = names.iter().map(cell).collect();
        text.push_str(&(cells.join(",") + "\n"));
    }
    Ok(text)
}

/// A field of the summary as named cells: objects by their keys, lists left out.
fn flat(key: &str, value: &serde_json::Value) -> Vec<(String, String)> {
    use serde_json::Value;
    match value {
        Value::Null => vec![(key.to_owned(), String::new())],
        Value::String(text) => {
            let quoted = if text.contains([',', '"', '\n']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text.clone()
            };
            vec![(key.to_owned(), quoted)]
        }
        Value::Object(object) => object
            .iter()
            .flat_map(|(inner, value)| flat(&format!("{key}.{inner}"), value))
            .collect(),
        Value::Array(_) => Vec::new(),
        other => vec![(key.to_owned(), other.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_that_rounds_to_zero_has_no_sign() {
        assert_eq!(number(-0.004, 2), "0.00");
        assert_eq!(number(-0.006, 2), "-0.01");
        assert_eq!(number(f64::NAN, 2), "–");
    }
}
