//! `thsim certify`: what it prints, and how it ends.

use crate::{folder, thsim, thsim_in, write};
use serde_json::Value;

/// A battery that is too large for one preparation pass: the test ends with more charge.
const UNSETTLED: [&str; 4] = ["us06", "--set", "battery.capacity_ah=40", "--step=0.5"];

const CD_CAR: &str = "extends = \"levin-hybrid\"\nname = \"bare\"\n[chassis]\ncd = 0.26\n\
                      frontal_area_m2 = 2.2\ncrr = 0.008\n";

fn certify<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["certify"], more].concat()
}

#[track_caller]
fn refused(arguments: &[&str], parts: &[&str]) {
    let message = thsim(&certify(arguments)).refused();
    for part in parts {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
}

#[test]
fn json_holds_the_fields_of_the_contract() {
    let list = thsim(&certify(&["ftp", "wltp", "--step=0.5", "--format=json"])).json();
    let list = list.as_array().expect("a list");
    assert_eq!(list.len(), 2);
    for it in list {
        for key in [
            "fuel_mpg_us",
            "fuel_l_per_100km",
            "co2_g_per_km",
            "soc_arrival",
            "measured_l_per_100km",
            "balanced_l_per_100km",
            "corrections_disagreement_percent",
            "step_s",
        ] {
            assert!(it[key].is_number(), "{key}: {}", it[key]);
        }
        for key in [
            "procedure_title",
            "source",
            "verdict",
            "thsim_version",
            "command",
            "input_hash",
        ] {
            assert!(it[key].is_string(), "{key}: {}", it[key]);
        }
        assert_eq!(it["vehicle"], "levin-hybrid");
        let rules = it["corrections"].as_object().expect("rules");
        let names: Vec<_> = rules.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["sae_j1711", "wltp_reess", "un_r101", "zero_balance"]
        );
        for rule in rules.values() {
            assert!(rule["applied"].is_boolean() && rule["verdict"].is_string());
            assert!(rule["corrected_l_per_100km"].is_number());
        }
        for bag in it["bags"].as_array().expect("bags") {
            assert_eq!(bag["balance"], "bag");
            assert!(bag["fuel_corrected_l_per_100km"].is_number());
            assert!(bag["ledger"]["fuel"].is_number());
            assert_eq!(bag["input_hash"], it["input_hash"]);
        }
    }
    let names = |it: &Value| -> Vec<String> {
        let bags = it["bags"].as_array().expect("bags").iter();
        bags.map(|bag| bag["cycle"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(list[0]["procedure"], "ftp");
    assert_eq!(names(&list[0]).len(), 4);
    assert_eq!(list[1]["procedure"], "wltp");
    assert_eq!(names(&list[1]), ["low", "medium", "high", "extra_high"]);
    assert_eq!(list[0]["command"], "thsim certify ftp wltp --step=0.5");
}

#[test]
fn without_a_name_all_are_certified_that_need_no_schedule() {
    let csv = thsim(&certify(&["--step=1", "--format=csv"])).done();
    let first: Vec<_> = csv.lines().map(|line| line.split(',').next()).collect();
    let names = [
        "procedure",
        "ftp",
        "ftp-20f",
        "hwfet",
        "us06",
        "sc03",
        "epa-label",
        "nedc",
        "wltp",
        "10-15",
    ];
    assert_eq!(first, names.map(Some));
}

#[test]
fn tables_keep_the_order_of_the_arguments_and_show_what_is_particular() {
    let arguments = [
        "nedc",
        "epa-label",
        "--vehicle=prius-2010",
        "--vehicle=levin-hybrid",
        "--step=1",
    ];
    let one = thsim(&certify(&[&arguments[..], &["--jobs=1"]].concat())).done();
    let two = thsim(&certify(&[&arguments[..], &["--jobs=2"]].concat())).done();
    assert_eq!(one, two);
    let places: Vec<_> = [
        "prius-2010, nedc:",
        "`nedc_automatic`",
        "prius-2010, epa-label:",
        "coefficients of 2008",
        "main result:",
        "levin-hybrid, nedc:",
    ]
    .map(|part| {
        one.find(part)
            .unwrap_or_else(|| panic!("no {part} in {one}"))
    })
    .into();
    assert!(places.is_sorted(), "{one}");
    let ftp = thsim(&certify(&["ftp", "us06", "--step=1"])).done();
    for part in [
        "cold minus soaked UDDS",
        "disagree by",
        "(g/km)/(Wh/km)",
        "highway",
    ] {
        assert!(ftp.contains(part), "no `{part}` in {ftp}");
    }
}

#[test]
fn names_and_options_that_are_wrong_are_refused() {
    refused(&["wlpt"], &["unknown procedure `wlpt`", "`wltp`"]);
    refused(&["ftp", "jc80", "--vehicle=x"], &["`jc08`"]);
    for step in ["0", "2", "nan", "0.009"] {
        refused(&["ftp", &format!("--step={step}")], &["--step"]);
    }
    refused(&["ftp", "--jobs=0"], &["--jobs"]);
    refused(&["ftp", "--cycle=udds"], &["--cycle", "jc08"]);
    refused(&["jc08", "--cycle=no/such.csv"], &["no/such.csv"]);
    refused(
        &["ftp", "--vehicle=conventional-2.0"],
        &["`conventional-2.0` is a conventional car", "no battery"],
    );
}

#[test]
fn jc08_asks_for_its_schedule_and_takes_it() {
    refused(&["jc08"], &["`jc08`", "not shipped", "--cycle FILE"]);
    let here = folder();
    write(here.path(), "mine.csv", crate::SHORT);
    let list = thsim_in(
        here.path(),
        &certify(&["jc08", "--cycle=mine.csv", "--format=json"]),
    )
    .json();
    let bags = list[0]["bags"].as_array().expect("bags");
    let names: Vec<_> = bags.iter().map(|bag| &bag["cycle"]).collect();
    assert_eq!(names, ["cold_mine", "hot_mine"]);
    assert!(list[0]["parts"][0]["fuel_km_per_l"].is_number());
}

#[test]
fn a_car_without_a_coast_down_cannot_take_the_cold_ftp() {
    let here = folder();
    write(here.path(), "bare.toml", CD_CAR);
    let call = |more: &[&str]| {
        let car = ["--vehicle", "bare.toml", "--step=1"];
        thsim_in(here.path(), &certify(&[&car[..], more].concat()))
    };
    let message = call(&["ftp-20f"]).refused();
    for part in ["`ftp-20f`", "`bare`", "1.1", "chassis.road_load"] {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
    // Where nobody asked for it, it is left out, and that is said.
    let all = call(&["--format=csv"]);
    assert_eq!(all.code, Some(0));
    assert!(all.err.contains("left out: `ftp-20f`"), "{}", all.err);
    assert_eq!(all.out.lines().count(), 9);
}

#[test]
fn a_void_test_says_so_and_fails_only_where_strictness_is_asked() {
    let table = thsim(&certify(&UNSETTLED)).done();
    assert!(table.contains("invalid"), "{table}");
    let strict = thsim(&certify(&[&UNSETTLED[..], &["--strict"]].concat()));
    assert_eq!(strict.code, Some(1));
    assert!(strict.out.contains("invalid"));
    assert!(
        strict.err.contains("`us06` of `levin-hybrid`"),
        "{}",
        strict.err
    );
    thsim(&certify(&["hwfet", "--strict"])).done();
}
