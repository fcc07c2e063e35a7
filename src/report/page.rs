//! The page itself: head, policy, sections in their order, data and scripts.

use super::escape::{html, script_json};
use super::{Optimum, PageError, Run, comparison, model, sections};
use crate::plot::{self, Figure, Picture, PlotError};
use crate::results::VERSION;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Rules of the page, after those of uPlot.
const STYLE: [&str; 2] = [
    include_str!("../../vendor/uplot/uPlot.min.css"),
    include_str!("page/page.css"),
];
/// uPlot (MIT) with its licence, which has to go with it.
const UPLOT: [&str; 3] = ["/*!\n", include_str!("../../vendor/uplot/LICENSE"), "*/\n"];
const UPLOT_SCRIPT: &str = include_str!("../../vendor/uplot/uPlot.iife.min.js");
/// The page's own scripts, each of which knows only those before it.
const SCRIPTS: [&str; 11] = [
    include_str!("page/words.js"),
    include_str!("page/data.js"),
    include_str!("page/svg.js"),
    include_str!("page/lever.js"),
    include_str!("page/gears.js"),
    include_str!("page/monitor.js"),
    include_str!("page/maps.js"),
    include_str!("page/panels.js"),
    include_str!("page/quantities.js"),
    include_str!("page/player.js"),
    include_str!("page/main.js"),
];

/// Pictures of a run in the page.
const PICTURES: [Figure; 5] = [
    Figure::Sankey,
    Figure::EngineMap,
    Figure::SplitMap,
    Figure::Mg1Map,
    Figure::Mg2Map,
];

/// What a policy calls an element with this text.
fn hash(text: &str) -> String {
    format!(
        "'sha256-{}'",
        STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}

/// Nothing from outside, no script and no rules but those of the page.
fn policy(style: &str, scripts: &[&str]) -> String {
    let scripts: Vec<String> = scripts.iter().map(|script| hash(script)).collect();
    format!(
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src {}; script-src {}",
        hash(style),
        scripts.join(" ")
    )
}

fn title(runs: &[Run<'_>], optima: &[Optimum]) -> String {
    let names: Vec<String> = runs
        .iter()
        .map(Run::name)
        .chain(optima.iter().map(Optimum::name))
        .collect();
    match names.as_slice() {
        [one] => one.clone(),
        [first, .., last] if names.len() == 2 => format!("{first}, {last}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        [] => String::new(),
    }
}

/// A section: its name in links, its title, and what is in it.
struct Section {
    id: &'static str,
    title: &'static str,
    body: String,
}

/// The places that the scripts fill: player, diagrams and traces.
const DRIVE: &str = include_str!("page/drive.html");

fn of_each(runs: &[Run<'_>], section: impl Fn(usize) -> String) -> String {
    (0..runs.len()).map(section).collect()
}

fn all_sections(
    runs: &[Run<'_>],
    pictures: &[Vec<(Figure, Picture)>],
    optima: &[Optimum],
) -> Vec<Section> {
    let several = runs.len() > 1;
    let mut all = Vec::new();
    let mut add = |id, title, body| all.push(Section { id, title, body });
    if !runs.is_empty() {
        let summaries = of_each(runs, |index| {
            sections::summary(index, &runs[index], several)
        });
        add(
            "summary",
            "Summary",
            format!("<div class=\"cards\">\n{summaries}</div>\n"),
        );
        add("drive", "The drive", DRIVE.to_owned());
    }
    if !optima.is_empty() {
        let each = optima.iter().enumerate();
        let body = each
            .map(|(index, it)| sections::optimum(index, it))
            .collect();
        add("optimum", "Beside the optimum", body);
    }
    if !runs.is_empty() {
        let energy = of_each(runs, |index| {
            sections::energy(runs, index, &pictures[index])
        });
        add("energy", "Energy", energy);
        let maps = of_each(runs, |index| sections::maps(runs, index, &pictures[index]));
        add("maps", "Maps", maps);
        add(
            "starts",
            "Starts",
            of_each(runs, |index| sections::starts(runs, index)),
        );
        add("figures", "All figures", comparison::table(runs));
        if several {
            let differences = comparison::difference_table(runs);
            add("differences", "What differs between the cars", differences);
        }
        let parameters = of_each(runs, |index| sections::parameters(runs, index));
        add("parameters", "Parameters and sources", parameters);
    }
    all
}

/// The whole page.
pub(super) fn assemble(runs: &[Run<'_>], optima: &[Optimum]) -> Result<String, PageError> {
    let mut pictures: Vec<Vec<(Figure, Picture)>> = Vec::new();
    for run in runs {
        let of_run = run.to_plot();
        let drawn = PICTURES
            .iter()
            .map(|figure| Ok((*figure, plot::picture(*figure, &of_run)?)));
        pictures.push(drawn.collect::<Result<_, PlotError>>()?);
    }
    let style = plot::page_style() + &STYLE.concat();
    let uplot = UPLOT.concat() + UPLOT_SCRIPT;
    let own = format!("\"use strict\";\n{{\n{}}}\n", SCRIPTS.concat());
    let title = html(&title(runs, optima));
    let sections = all_sections(runs, &pictures, optima);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"thsim {VERSION}\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{title} – thsim report</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
         <header>\n<h1>{title}</h1>\n<nav aria-label=\"Sections\">\n<ul>\n",
        policy(&style, &[&uplot, &own])
    );
    for section in &sections {
        text += &format!(
            "<li><a href=\"#{}\">{}</a></li>\n",
            section.id, section.title
        );
    }
    text += "</ul>\n<button type=\"button\" id=\"theme\" hidden>Dark</button>\n</nav>\n</header>\n\
             <main id=\"content\">\n";
    for Section { id, title, body } in &sections {
        text += &format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{body}</section>\n"
        );
    }
    let data = model::of(runs, &pictures, optima)?;
    text += &format!(
        "</main>\n<footer><p>thsim {VERSION}. Traces are drawn by uPlot (MIT).</p></footer>\n\
         <script type=\"application/json\" id=\"data\">{}</script>\n\
         <script>{uplot}</script>\n<script>{own}</script>\n</body>\n</html>\n",
        script_json(&data)
    );
    Ok(text)
}
