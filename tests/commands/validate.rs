//! `validate`, `calibrate` and `--uncertainty`.

use super::{folder, thsim, thsim_in};
use serde_json::Value;
use std::fs;

fn validated() -> Value {
    serde_json::from_str(&thsim(&["validate", "--format", "json"]).done()).expect("JSON")
}

/// The budget of the project: a mean of 2 % and a worst of 4 % where the road load is known.
#[test]
fn the_error_budget_holds() {
    let found = validated();
    assert_eq!(found["holds"], true, "{found:#}");
    assert_eq!(found["published_rows"], 6);
    assert!(found["mean_error_percent"].as_f64() < Some(2.0));
    assert!(found["worst_error_percent"].as_f64() < Some(4.0));
    for (car, scale) in found["implied_road_load"].as_object().expect("an object") {
        let scale = scale.as_f64().expect("a number");
        assert!((0.8..=1.25).contains(&scale), "{car}: {scale}");
    }
}

#[test]
fn a_car_that_is_made_worse_breaks_the_budget_and_the_rows_are_named() {
    let called = thsim(&["validate", "--set", "auxiliary.power_w=900"]);
    assert_eq!(called.code, Some(1));
    assert!(called.err.contains("budget is broken"), "{}", called.err);
    assert!(called.err.contains("prius-2010 ftp"), "{}", called.err);
    assert!(called.out.contains("outside"), "{}", called.out);
}

/// Cars were measured with their own rules: another control is compared, and needs less.
#[test]
fn another_control_drives_the_same_tests() {
    let rows = |control: &str| {
        let arguments = ["validate", "--step", "1", "--format", "json", "--control"];
        let out = thsim(&[&arguments[..], &[control]].concat()).done();
        let found: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(found["control"], control);
        found["rows"].as_array().expect("rows").clone()
    };
    let mut improved = 0;
    let (rules, ecms) = (rows("rules"), rows("ecms"));
    assert_eq!(rules.len(), ecms.len());
    for (rules, ecms) in rules.iter().zip(&ecms) {
        let simulated = |row: &Value| row["simulated"].as_f64();
        if rules["test"] == "ev-creep" || rules["test"] == "accelerate" {
            assert_eq!(simulated(rules), simulated(ecms), "{rules}");
        } else if rules["unit"] == "mpg" && rules["road_load"] == "published" {
            assert!(simulated(ecms) > simulated(rules), "{rules} {ecms}");
            improved += 1;
        }
    }
    assert!(improved >= 6);
    let called = thsim(&["validate", "--control", "ecms", "--out", "docs"]);
    assert_eq!(called.code, Some(2), "{}", called.err);
}

/// The page in the documentation is what the program writes today.
#[test]
fn the_page_of_the_documentation_is_up_to_date() {
    let here = folder();
    let called = thsim_in(here.path(), &["validate", "--out", "docs"]);
    assert_eq!(called.code, Some(0), "{}", called.err);
    let written = fs::read_to_string(here.path().join("docs/validation.md")).expect("a page");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/validation.md");
    let shipped = fs::read_to_string(shipped).expect("the page is there");
    assert_eq!(
        written, shipped,
        "write it again: thsim validate --out docs"
    );
    #[cfg(feature = "plot")]
    for ending in ["svg", "png"] {
        assert!(
            here.path()
                .join(format!("docs/validation.{ending}"))
                .exists()
        );
    }
}

/// The README gives the figures of that page: fuel economy of three cars on two tests.
#[test]
fn the_readme_says_what_the_page_says() {
    let read = |name: &str| {
        let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).expect("a page")
    };
    let (readme, page) = (read("README.md"), read("docs/validation.md"));
    let columns = |line: &str| -> Vec<String> {
        let columns = line.split('|').map(|it| it.trim().to_owned());
        columns.collect()
    };
    let found = page.lines().map(columns);
    let tests = ["ftp", "hwfet"];
    let found = found.filter(|it| {
        it.get(3).is_some_and(|it| it == "fuel economy") && tests.contains(&it[2].as_str())
    });
    let measured: Vec<_> = found.map(|it| (it[4].clone(), it[5].clone())).collect();
    assert_eq!(measured.len(), 6);
    for (measured, simulated) in measured {
        let said = readme.lines().map(columns);
        let said: Vec<_> = said
            .filter(|it| it.get(2).is_some_and(|it| *it == measured))
            .map(|it| it[3].clone())
            .collect();
        assert_eq!(said, [format!("{simulated} mpg")], "{measured}");
    }
}

#[test]
fn a_road_load_that_is_not_published_is_implied_by_one_scale() {
    let out = thsim(&[
        "calibrate",
        "auris-hybrid-2013",
        "--quick",
        "--format",
        "json",
    ])
    .done();
    let found: Value = serde_json::from_str(&out).expect("JSON");
    let estimate = &found["estimates"][0];
    assert_eq!(estimate["key"], "road-load scale");
    let (from, to) = (estimate["from"].as_f64(), estimate["to"].as_f64());
    // The shipped file holds what calibration finds.
    assert!((from.unwrap() - to.unwrap()).abs() < 0.01, "{found:#}");
    let after = found["results"][0]["error_after_percent"].as_f64().unwrap();
    assert!(after.abs() < 0.5, "{found:#}");
}

#[test]
fn calibrated_estimates_as_csv_are_those_of_the_json() {
    let ask = ["calibrate", "prius-2004", "--quick", "--step=1", "--format"];
    let json = thsim(&[&ask[..], &["json"]].concat()).json();
    let csv = thsim(&[&ask[..], &["csv"]].concat()).done();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("key,from,to,low,high,at_end"));
    let estimates = json["estimates"].as_array().expect("a list");
    assert_eq!(lines.clone().count(), estimates.len());
    for (line, estimate) in lines.zip(estimates) {
        let cells = estimate.as_object().expect("an object").values();
        let cells: Vec<_> = cells
            .map(|cell| cell.as_str().map_or(cell.to_string(), str::to_owned))
            .collect();
        assert_eq!(line, cells.join(","));
    }
}

#[test]
fn an_estimate_that_is_set_stays_and_a_road_load_that_is_fitted_cannot_be_set() {
    let found = thsim(&[
        "calibrate",
        "prius-2004",
        "--quick",
        "--step=1",
        "--format=json",
        "--set=mg1.loss.constant_w=120",
    ])
    .json();
    let estimates = found["estimates"].as_array().expect("a list");
    assert!(!estimates.is_empty());
    assert!(
        estimates
            .iter()
            .all(|it| it["key"] != "mg1.loss.constant_w")
    );
    for setting in ["chassis.road_load.a_n=150", "chassis={road_load={a_n=150}}"] {
        let err = thsim(&["calibrate", "levin-hybrid", "--set", setting]).refused();
        assert!(err.contains("chassis.road_load.a_n"), "{err}");
    }
    let drag = [
        "--set=chassis.cd=0.26",
        "--set=chassis.frontal_area_m2=2.2",
        "--set=chassis.crr=0.008",
    ];
    let err = thsim(&[&["calibrate", "levin-hybrid"], &drag[..]].concat()).refused();
    assert!(err.contains("chassis.cd"), "{err}");
}

/// Inside its range the power that starts the engine comes below this hysteresis.
#[test]
fn a_car_that_cannot_be_on_the_way_of_a_fit_ends_it() {
    let err = thsim(&[
        "calibrate",
        "prius-2004",
        "--quick",
        "--step=1",
        "--set=control.hysteresis_kw=8.35",
    ])
    .refused();
    for part in ["a value of the fit of `prius-2004`", "hysteresis_kw"] {
        assert!(err.contains(part), "{err}");
    }
}

#[test]
fn rows_as_csv_have_the_names_of_the_json() {
    let csv = thsim(&["validate", "--step=1", "--quiet", "--format=csv"]);
    let json = thsim(&["validate", "--step=1", "--format=json"]);
    let json: Value = serde_json::from_str(&json.out).expect("JSON");
    let rows = json["rows"].as_array().expect("a list");
    let mut lines = csv.out.lines();
    let names: Vec<_> = rows[0].as_object().expect("an object").keys().collect();
    let head: Vec<_> = lines.next().expect("a head").split(',').collect();
    assert_eq!(head, names);
    assert_eq!(lines.count(), rows.len());
}

#[test]
fn a_car_without_measured_results_cannot_be_calibrated() {
    let err = thsim(&["calibrate", "conventional-2.0"]).refused();
    assert!(err.contains("conventional-2.0"), "{err}");
    let err = thsim(&["calibrate", "prius-2011"]).refused();
    assert!(err.contains("prius-2010"), "{err}");
}

#[test]
fn uncertainty_is_a_band_around_the_figure_and_the_same_every_time() {
    let ask = [
        "run",
        "nedc",
        "--cold",
        "--uncertainty=32",
        "--format",
        "json",
        "--quiet",
    ];
    let out = thsim(&ask).done();
    let found: Value = serde_json::from_str(&out).expect("JSON");
    let band = &found[0]["uncertainty"];
    let of = |key: &str| band[key].as_f64().expect("a number");
    assert!(of("low_l_per_100km") < of("mean_l_per_100km"));
    assert!(of("mean_l_per_100km") < of("high_l_per_100km"));
    assert!(of("deviation_l_per_100km") / of("mean_l_per_100km") < 0.15);
    assert_eq!(out, thsim(&ask).done());
    // A figure that is set by hand is known.
    let drivers = band["drivers"].as_array().expect("a list");
    assert!(drivers.iter().any(|it| it["key"] == "brakes.regen_share"));
    let set = [&ask[..], &["--set", "brakes.regen_share=0.8"]].concat();
    let found: Value = serde_json::from_str(&thsim(&set).done()).expect("JSON");
    let drivers = found[0]["uncertainty"]["drivers"]
        .as_array()
        .expect("a list");
    assert!(drivers.iter().all(|it| it["key"] != "brakes.regen_share"));
    thsim(&["run", "udds", "--uncertainty=3"]).refused();
}
