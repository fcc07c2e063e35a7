//! The page that `thsim report` writes.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{folder, names, read, thsim, write};

/// Largest page of a WLTC, bytes.
const LARGEST: usize = 1_500_000;

/// The result folder of a run.
fn result_of(dir: &Path, arguments: &[&str]) -> PathBuf {
    let out = dir.join("out");
    let mut all = vec!["run", "--quiet", "--out", out.to_str().expect("UTF-8")];
    all.extend(arguments);
    thsim(&all).done();
    let made = names(&out);
    out.join(made.last().expect("a result"))
}

/// A short run's folder.
fn short_result(dir: &Path) -> PathBuf {
    result_of(dir, &["ece15", "--soc", "0.6"])
}

fn report(folder: &Path) -> crate::Called {
    thsim(&["report", folder.to_str().expect("UTF-8")])
}

fn page_of(folder: &Path) -> String {
    let path = report(folder).done();
    read(Path::new(path.trim_end()))
}

/// What the first element with these attributes says.
fn said<'a>(page: &'a str, attributes: &str) -> &'a str {
    let (_, rest) = page.split_once(attributes).expect("an element");
    let (_, rest) = rest.split_once('>').expect("its end");
    rest.split('<').next().expect("its text")
}

/// As people write it, back to a number.
fn number(words: &str) -> f64 {
    let plain = words.replace('\u{2212}', "-").replace('\u{2009}', "");
    plain.parse().expect("a number")
}

#[test]
fn the_page_says_what_the_summary_says() {
    let dir = folder();
    let result = short_result(dir.path());
    let page = page_of(&result);
    let summary: Value = serde_json::from_str(&read(&result.join("summary.json"))).expect("JSON");
    let mut compared = 0;
    for element in page.split("data-run-of=\"0\" data-figure=\"").skip(1) {
        let key = element.split('"').next().expect("a key");
        let attribute = |name: &str| -> f64 {
            let (_, rest) = element
                .split_once(&format!("{name}=\""))
                .expect("an attribute");
            rest.split('"')
                .next()
                .expect("its value")
                .parse()
                .expect("a number")
        };
        let (factor, decimals) = (attribute("data-factor"), attribute("data-decimals"));
        let words = said(element, "data-decimals");
        let Some(value) = summary[key].as_f64() else {
            assert_eq!(words, "–", "{key}");
            continue;
        };
        let least = 0.501 * 10_f64.powf(-decimals);
        let shown = number(words);
        assert!(
            (shown - value * factor).abs() <= least,
            "{key}: {words} {value}"
        );
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
    let fuel_j = summary["ledger"]["fuel"].as_f64().expect("fuel");
    let words = said(&page, "data-run-of=\"0\" data-account=\"fuel\"");
    assert!(
        (number(words) - fuel_j / 1e3).abs() <= 0.051,
        "{words} {fuel_j}"
    );
    assert!(page.contains("<code>thsim run ece15 --soc 0.6</code>"));
}

#[test]
fn the_page_of_a_wltc_is_small_and_needs_nothing_else() {
    let dir = folder();
    let page = page_of(&result_of(dir.path(), &["wltc_class3b"]));
    assert!(page.len() < LARGEST, "{} bytes", page.len());
    for outside in [
        "src=",
        "url(",
        "@import",
        "href=\"http",
        "fetch(",
        "XMLHttpRequest",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    // The licence goes with the library.
    assert!(page.contains("Permission is hereby granted"));
}

#[test]
fn the_same_result_gives_the_same_page() {
    let dir = folder();
    let result = short_result(dir.path());
    assert_eq!(page_of(&result), page_of(&result));
}

#[test]
fn names_of_cars_and_cycles_are_text() {
    let dir = folder();
    let evil = "<script>alert(1)</script>";
    let cycle = "<img src=x>.csv";
    write(dir.path(), cycle, "time_s,speed_kmh\n0,0\n20,50\n40,0\n");
    let path = dir.path().join(cycle);
    let name = format!("name={evil:?}");
    let arguments = [
        path.to_str().expect("UTF-8"),
        "--soc",
        "0.6",
        "--set",
        &name,
    ];
    let page = page_of(&result_of(dir.path(), &arguments));
    assert!(!page.contains(evil) && !page.contains("<img"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; · &lt;img src=x&gt;"));
    // Data, uPlot and the page's own.
    assert_eq!(page.matches("<script").count(), 3);
}

#[test]
fn several_runs_are_compared_on_a_page_that_is_named() {
    let dir = folder();
    let out = dir.path().join("out");
    let out = out.to_str().expect("UTF-8");
    thsim(&[
        "run",
        "ece15",
        "--vehicle",
        "levin-hybrid",
        "--vehicle",
        "prius-2010",
        "--soc",
        "0.6",
        "--out",
        out,
        "--quiet",
    ])
    .done();
    let (levin, prius) = (
        format!("{out}/levin-hybrid-ece15"),
        format!("{out}/prius-2010-ece15"),
    );
    let unnamed = thsim(&["report", &levin, &prius]).refused();
    assert!(unnamed.contains("--out FILE.html"), "{unnamed}");
    let file = dir.path().join("both.html");
    let file = file.to_str().expect("UTF-8");
    thsim(&["report", &levin, &prius, "--out", file]).done();
    let page = read(Path::new(file));
    for part in [
        "What differs between the cars",
        "chassis.test_mass_kg",
        "data-run-of=\"1\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let wrong = thsim(&["report", &levin, "--out", "page.pdf"]).refused();
    assert!(
        wrong.contains("`page.pdf` does not end in `.html`"),
        "{wrong}"
    );
}

#[test]
fn the_regret_of_every_control_is_in_the_page_of_an_optimum() {
    let dir = folder();
    let out = dir.path().join("out");
    thsim(&[
        "optimum",
        "ece15",
        "--out",
        out.to_str().expect("UTF-8"),
        "--quiet",
    ])
    .done();
    let result = out.join("levin-hybrid-ece15-optimum");
    let page = page_of(&result);
    let told: Value = serde_json::from_str(&read(&result.join("optimum.json"))).expect("JSON");
    let controls = told["controls"].as_array().expect("controls");
    let mut elements = page.split("data-figure=\"regret_percent\"").skip(1);
    for control in controls {
        let words = said(elements.next().expect("a cell"), "");
        let regret = control["regret_percent"].as_f64().expect("a number");
        assert!(
            (number(words) - regret).abs() <= 0.00501,
            "{words} {regret}"
        );
    }
}

#[test]
fn what_a_folder_lacks_is_named_with_what_to_run() {
    let dir = folder();
    let result = short_result(dir.path());
    for file in ["trace.csv", "vehicle.toml"] {
        let path = result.join(file);
        let kept = read(&path);
        fs::remove_file(&path).expect("removed");
        let error = report(&result).refused();
        assert!(
            error.contains(file) && error.contains("is missing"),
            "{error}"
        );
        assert!(
            error.contains("`thsim run ece15 --soc 0.6 --out DIR`"),
            "{error}"
        );
        write(&result, file, &kept);
    }
    let trace = result.join("trace.csv");
    let whole = read(&trace);
    let half: Vec<&str> = whole.lines().take(500).collect();
    write(&result, "trace.csv", half.join("\n"));
    let error = report(&result).refused();
    assert!(error.contains("was the file cut off?"), "{error}");
    write(
        &result,
        "trace.csv",
        whole.replace("# input: sha256:", "# input: sha256:0"),
    );
    let error = report(&result).refused();
    assert!(error.contains("the trace of another run"), "{error}");
    write(&result, "trace.csv", &whole);

    let summary = result.join("summary.json");
    let kept = read(&summary);
    write(
        &result,
        "summary.json",
        kept.replace("\"thsim_version\": \"", "\"thsim_version\": \"9."),
    );
    let error = report(&result).refused();
    assert!(error.contains("was made by thsim 9."), "{error}");
    assert!(
        error.contains("`thsim run ece15 --soc 0.6 --out DIR`"),
        "{error}"
    );
    fs::remove_file(&summary).expect("removed");
    let error = report(&result).refused();
    assert!(
        error.contains("summary.json") && error.contains("is missing"),
        "{error}"
    );
    assert!(!result.join("report.html").exists(), "half a result");
}

#[test]
fn what_is_no_result_is_said() {
    let dir = folder();
    let result = short_result(dir.path());
    let nothing = dir.path().join("nothing");
    let error = report(&nothing).refused();
    assert!(
        error.contains("is no folder") && error.contains("--out DIR"),
        "{error}"
    );
    let parent = report(result.parent().expect("a parent")).refused();
    assert!(
        parent.contains("thsim report ") && parent.contains("levin-hybrid-ece15"),
        "{parent}"
    );
    fs::create_dir(&nothing).expect("a folder");
    let error = report(&nothing).refused();
    assert!(error.contains("is no result"), "{error}");
    let plain = dir.path().join("plain");
    fs::create_dir(&plain).expect("a folder");
    let conventional = result_of(&plain, &["ece15", "--vehicle", "conventional-2.0"]);
    let error = report(&conventional).refused();
    assert!(error.contains("power-split"), "{error}");
}
