//! Several runs side by side: their figures, and what differs between their cars.

use super::escape::html;
use super::figures::{TABLE, number};
use super::sections::wide;
use super::{Run, letter};
use std::collections::BTreeMap;

/// The figures of all runs as a table; from the second run on with the difference to the first.
pub(super) fn table(runs: &[Run<'_>]) -> String {
    let mut text = String::from(
        "<table class=\"figures\">\n<thead><tr><th scope=\"col\">figure</th><th scope=\"col\">unit</th>",
    );
    for (index, run) in runs.iter().enumerate() {
        let head = if runs.len() > 1 {
            format!("{}<br><small>{}</small>", letter(index), html(&run.name()))
        } else {
            "value".to_owned()
        };
        text += &format!("<th scope=\"col\" class=\"n\">{head}</th>");
    }
    text += "</tr></thead>\n<tbody>\n";
    for figure in &TABLE {
        let all: Vec<f64> = runs
            .iter()
            .map(|run| figure.value(&run.stored.summary))
            .collect();
        if all.iter().all(|value| !value.is_finite()) {
            continue;
        }
        text += &format!(
            "<tr><th scope=\"row\">{}</th><td class=\"unit\">{}</td>",
            figure.title, figure.unit
        );
        for (index, (run, value)) in runs.iter().zip(&all).enumerate() {
            let less = value - all[0];
            let difference =
                if index > 0 && less.is_finite() && figure.key != "energy_residual_relative" {
                    let sign = if less > 0.0 { "+" } else { "" };
                    format!(" <small>{sign}{}</small>", number(less, figure.decimals))
                } else {
                    String::new()
                };
            text += &format!(
                "<td class=\"n\"><span {}>{}</span>{difference}</td>",
                figure.attributes(index),
                figure.words(&run.stored.summary)
            );
        }
        text += "</tr>\n";
    }
    wide("All figures", &(text + "</tbody>\n</table>\n"))
}

/// The keys of the vehicle files in which the runs differ, with their values.
pub(super) fn differences(runs: &[Run<'_>]) -> Vec<(String, Vec<String>)> {
    let mut keys: Vec<&str> = Vec::new();
    let maps: Vec<BTreeMap<&str, &str>> = runs
        .iter()
        .map(|run| {
            let listed = run.parameters.iter();
            listed
                .map(|it| (it.key.as_str(), it.value.as_str()))
                .collect()
        })
        .collect();
    for run in runs {
        for parameter in run.parameters {
            if !keys.contains(&parameter.key.as_str()) {
                keys.push(&parameter.key);
            }
        }
    }
    let values = |key: &str| -> Vec<String> {
        maps.iter()
            .map(|map| map.get(key).map_or("–", |value| *value).to_owned())
            .collect()
    };
    keys.into_iter()
        .map(|key| (key.to_owned(), values(key)))
        .filter(|(_, values)| values.iter().any(|value| *value != values[0]))
        .collect()
}

/// They as a table.
pub(super) fn difference_table(runs: &[Run<'_>]) -> String {
    let differences = differences(runs);
    if differences.is_empty() {
        return "<p>The cars are the same in every figure.</p>\n".to_owned();
    }
    let mut text = String::from("<table>\n<thead><tr><th scope=\"col\">key</th>");
    for index in 0..runs.len() {
        text += &format!("<th scope=\"col\" class=\"n\">{}</th>", letter(index));
    }
    text += "</tr></thead>\n<tbody>\n";
    for (key, values) in differences {
        text += &format!("<tr><th scope=\"row\"><code>{}</code></th>", html(&key));
        for value in values {
            text += &format!("<td class=\"n\">{}</td>", html(&value));
        }
        text += "</tr>\n";
    }
    wide("What differs", &(text + "</tbody>\n</table>\n"))
}
