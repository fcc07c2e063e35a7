//! The sections of the page that say something without a script.

use super::escape::html;
use super::figures::{headline, number};
use super::verdicts::{cause_title, list};
use super::{Optimum, Run, letter};
use crate::ledger::Channel;
use crate::plot::{Figure, Picture};
use crate::results::Summary;

/// A table that may be wider than the page.
pub(super) fn wide(label: &str, table: &str) -> String {
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n{table}</div>\n",
        html(label)
    )
}

/// A heading that names the run where there are several.
fn heading(runs: &[Run<'_>], index: usize, id: &str, title: &str) -> String {
    let of = if runs.len() > 1 {
        format!("<span class=\"run run-{index}\">{}</span> ", letter(index))
    } else {
        String::new()
    };
    format!("<h3 id=\"{id}-{index}\">{of}{title}</h3>\n")
}

/// What came out, what to make of it, and how to make it again.
pub(super) fn summary(index: usize, run: &Run<'_>, several: bool) -> String {
    let summary = &run.stored.summary;
    let mut text = format!(
        "<article class=\"card\" aria-label=\"{}\">\n",
        html(&run.name())
    );
    if several {
        text += &format!(
            "<h3><span class=\"run run-{index}\">{}</span> {}</h3>\n",
            letter(index),
            html(&run.name())
        );
    }
    text += &headline(index, summary);
    text += &list(run);
    text += &format!(
        "<p>Made by <code>{}</code><br><small>thsim {} · input {}</small></p>\n</article>\n",
        html(&summary.command),
        html(&summary.thsim_version),
        html(&summary.input_hash)
    );
    text
}

/// Where the energy of a run goes: the picture and the accounts.
pub(super) fn energy(runs: &[Run<'_>], index: usize, pictures: &[(Figure, Picture)]) -> String {
    let mut text = heading(runs, index, "energy", "Where the energy goes");
    for (figure, picture) in pictures {
        if *figure == Figure::Sankey {
            text +=
                "<p>Point at a band, or step through them with the Tab key, for its energy.</p>\n";
            text += &format!("<figure class=\"sankey\">\n{}</figure>\n", picture.svg);
        }
    }
    text + &ledger(&runs[index].stored.summary, index)
}

fn ledger(summary: &Summary, index: usize) -> String {
    let mut table = String::from(
        "<table class=\"ledger\">\n<caption>The ledger: fuel and battery give, the others take.</caption>\n\
         <thead><tr><th scope=\"col\">account</th><th scope=\"col\" class=\"n\">kJ</th>\
         <th scope=\"col\" class=\"n\">% of the energy put in</th></tr></thead>\n<tbody>\n",
    );
    for channel in Channel::ALL {
        let energy_j = summary.ledger.get(channel.name()).copied().unwrap_or(0.0);
        if energy_j == 0.0 {
            continue;
        }
        table += &format!(
            "<tr{}><th scope=\"row\">{}</th>\
             <td class=\"n\" data-run-of=\"{index}\" data-account=\"{}\">{}</td><td class=\"n\">{}</td></tr>\n",
            if channel.is_source() {
                " class=\"source\""
            } else {
                ""
            },
            channel.title(),
            channel.name(),
            number(energy_j / 1e3, 1),
            number(100.0 * energy_j / summary.energy_in_j, 2)
        );
    }
    table += "</tbody>\n</table>\n";
    wide("Ledger", &table)
}

/// What a map shows.
fn map_words(figure: Figure) -> Option<&'static str> {
    match figure {
        Figure::EngineMap => {
            Some("Where the engine burnt its fuel: each disc is fuel burnt near a point.")
        }
        Figure::SplitMap => Some(
            "How the power is split: the share of the engine's power that takes the electrical path.",
        ),
        Figure::Mg1Map => Some("Where MG1 lost energy, over its losses."),
        Figure::Mg2Map => Some("Where MG2 lost energy, over its losses."),
        _ => None,
    }
}

/// The maps with the run's points on them.
pub(super) fn maps(runs: &[Run<'_>], index: usize, pictures: &[(Figure, Picture)]) -> String {
    let mut text = heading(runs, index, "maps", "Working points");
    text += "<div class=\"maps\">\n";
    for (figure, picture) in pictures {
        if let Some(words) = map_words(*figure) {
            text += &format!(
                "<figure class=\"map\" data-run-of=\"{index}\" data-map=\"{}\">\n{}\
                 <figcaption>{words} The ring is the moment under the cursor.</figcaption></figure>\n",
                figure.name(),
                picture.svg
            );
        }
    }
    text + "</div>\n"
}

/// Every start of the engine.
pub(super) fn starts(runs: &[Run<'_>], index: usize) -> String {
    let events = &runs[index].stored.summary.engine_start_events;
    let mut text = heading(runs, index, "starts", "Every start of the engine");
    if events.is_empty() {
        return text + "<p>The engine never started.</p>\n";
    }
    let mut table = String::from(
        "<table>\n<thead><tr><th scope=\"col\" class=\"n\">time, s</th><th scope=\"col\">cause</th>\
         <th scope=\"col\" class=\"n\">km/h</th><th scope=\"col\" class=\"n\">SOC, %</th>\
         <th scope=\"col\" class=\"n\">MG1, rpm</th></tr></thead>\n<tbody>\n",
    );
    for start in events {
        table += &format!(
            "<tr><td class=\"n\"><button type=\"button\" class=\"go\" data-run-of=\"{index}\" data-time=\"{}\">{}</button></td>\
             <td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            start.time_s,
            number(start.time_s, 1),
            cause_title(start.cause),
            number(start.speed_kmh, 1),
            number(100.0 * start.soc, 1),
            number(start.mg1_rpm, 0)
        );
    }
    table += "</tbody>\n</table>\n";
    text += &format!(
        "<details{}><summary>{} starts</summary>\n{}</details>\n",
        if events.len() > 12 { "" } else { " open" },
        events.len(),
        wide("Starts of the engine", &table)
    );
    text
}

/// Every figure of the car with its source.
pub(super) fn parameters(runs: &[Run<'_>], index: usize) -> String {
    let run = &runs[index];
    let mut text = heading(runs, index, "parameters", "The car");
    let mut table = String::from(
        "<table class=\"parameters\">\n<thead><tr><th scope=\"col\">key</th><th scope=\"col\">value</th>\
         <th scope=\"col\">source</th></tr></thead>\n",
    );
    let mut last = None;
    for parameter in run.parameters {
        let section = parameter
            .key
            .split_once('.')
            .map_or("", |(section, _)| section);
        if last != Some(section) {
            table += if last.is_some() {
                "</tbody>\n<tbody>\n"
            } else {
                "<tbody>\n"
            };
            last = Some(section);
        }
        table += &format!(
            "<tr><th scope=\"row\"><code>{}</code></th><td><code>{}</code></td><td>{}</td></tr>\n",
            html(&parameter.key),
            html(&parameter.value),
            html(parameter.source.as_deref().unwrap_or_default())
        );
    }
    table += "</tbody>\n</table>\n";
    text += &format!(
        "<details><summary>{} keys of <code>{}</code>; [S] read at a source, [D] derived, [E] estimate with its range</summary>\n{}</details>\n",
        run.parameters.len(),
        html(&run.stored.summary.vehicle),
        wide("Parameters of the car", &table)
    );
    text
}

/// All controllers beside the optimum.
pub(super) fn optimum(index: usize, optimum: &Optimum) -> String {
    let mut text = format!(
        "<h3 id=\"optimum-{index}\">{}</h3>\n<div class=\"panels\" data-optimum=\"{index}\"></div>\n",
        html(&optimum.name())
    );
    let mut table = String::from(
        "<table>\n<caption>Every controller at equal charge, beside the best possible control.</caption>\n\
         <thead><tr><th scope=\"col\">control</th><th scope=\"col\" class=\"n\">L/100 km at zero net battery energy</th>\
         <th scope=\"col\" class=\"n\">regret, %</th><th scope=\"col\" class=\"n\">SOC %, start</th>\
         <th scope=\"col\" class=\"n\">end</th><th scope=\"col\" class=\"n\">starts</th>\
         <th scope=\"col\" class=\"n\">engine burning, %</th></tr></thead>\n<tbody>\n",
    );
    let rows = optimum.told["controls"].as_array().into_iter().flatten();
    for row in rows {
        let of = |key: &str, factor: f64, decimals: usize| {
            number(row[key].as_f64().unwrap_or(f64::NAN) * factor, decimals)
        };
        table += &format!(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\" data-optimum-of=\"{index}\" data-figure=\"regret_percent\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            html(row["control"].as_str().unwrap_or_default()),
            of("fuel_corrected_l_per_100km", 1.0, 3),
            of("regret_percent", 1.0, 2),
            of("soc_start", 100.0, 1),
            of("soc_end", 100.0, 1),
            of("engine_starts", 1.0, 0),
            of("engine_on_fraction", 100.0, 1)
        );
    }
    table += "</tbody>\n</table>\n";
    text += &wide("Controllers", &table);
    let error = optimum.told["controls"][0]["discretisation_error_percent"]
        .as_f64()
        .unwrap_or(f64::NAN);
    text += &format!(
        "<p>Discretisation error of the optimum: {} %. Regret is what a controller burns above the optimum, \
         in percent of the optimum's fuel, at equal charge. Made by <code>{}</code><br><small>thsim {} · input {}</small></p>\n",
        number(error, 3),
        html(optimum.word("command")),
        html(optimum.word("thsim_version")),
        html(optimum.word("input_hash"))
    );
    text
}
