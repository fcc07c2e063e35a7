//! `tune`: what it finds, what it writes, what it refuses.

use crate::{SHORT, folder, names, read, thsim, thsim_in, write};
use serde_json::Value;
use std::collections::BTreeMap;

/// A search that takes no time: few designs over one short cycle, looked at on another.
const QUICK: [&str; 7] = [
    "tune",
    "japan_10_15",
    "--on",
    "eudc",
    "--runs",
    "96",
    "--quiet",
];

fn quick(more: &[&str]) -> Value {
    thsim(&[&QUICK[..], more, &["--format", "json"]].concat()).json()
}

fn number(value: &Value, key: &str) -> f64 {
    let number = value[key].as_f64();
    number.unwrap_or_else(|| panic!("{key} of {value}"))
}

#[test]
fn it_is_never_worse_on_the_set_than_the_car_as_it_is() {
    for (vehicle, seed) in [("levin-hybrid", "1"), ("prius-2004", "7")] {
        let found = quick(&["--vehicle", vehicle, "--seed", seed]);
        let rows = found["cycles"].as_array().expect("a list");
        let set: Vec<_> = rows.iter().filter(|row| row["in_set"] == true).collect();
        assert_eq!((set.len(), rows.len()), (1, 2));
        let change = number(set[0], "change_percent");
        assert!(change <= 0.0, "{found}");
        assert_eq!(found["set_change_percent"], set[0]["change_percent"]);
        let ratio = number(set[0], "after_l_per_100km") / number(set[0], "before_l_per_100km");
        assert!((100.0 * (ratio - 1.0) - change).abs() < 1e-9);
        assert!(rows.iter().all(|row| row["sound"].is_boolean()));
        assert_eq!(set[0]["sound"], true);
        assert_eq!(found["tried"], 96);
        for parameter in found["parameters"].as_array().expect("a list") {
            let to = number(parameter, "to");
            let (low, high) = (number(parameter, "low"), number(parameter, "high"));
            assert!((low..=high).contains(&to), "{parameter}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing_and_the_seed_does() {
    let run = |more: &[&str]| thsim(&[&QUICK[..], more].concat()).done();
    let alone = run(&["--jobs", "1"]);
    assert_eq!(alone, run(&["--jobs", "3"]));
    assert_ne!(alone, run(&["--seed", "2"]));
}

/// The consumption and the starts that `run` gives for each cycle.
fn driven(vehicle: &std::path::Path, cycles: &[&str]) -> BTreeMap<String, (f64, u64)> {
    let vehicle = vehicle.to_str().expect("UTF-8");
    let rest = ["--step", "1", "--vehicle", vehicle, "--format", "json"];
    let rows = thsim(&[&["run"], cycles, &rest].concat()).json();
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| {
        let cycle = row["cycle"].as_str().expect("a name").to_owned();
        let starts = row["engine_starts"].as_u64().expect("a count");
        (cycle, (number(row, "fuel_corrected_l_per_100km"), starts))
    })
    .collect()
}

#[test]
fn the_file_it_writes_is_the_car_it_found() {
    let here = folder();
    let out = here.path().join("tuned.toml");
    let written = out.to_str().expect("UTF-8");
    let set = ["--set", "chassis.test_mass_kg=1600"];
    let found = quick(&[&set[..], &["--out", written]].concat());
    let file = driven(&out, &["japan_10_15", "eudc"]);
    for row in found["cycles"].as_array().expect("a list") {
        let (l_per_100km, starts) = file[row["cycle"].as_str().expect("a name")];
        assert_eq!(row["after_l_per_100km"].as_f64(), Some(l_per_100km));
        assert_eq!(row["engine_starts_after"].as_u64(), Some(starts));
    }
    thsim(&["check", written]).done();
    assert_eq!(names(here.path()), ["tuned.toml"]);
    let text = read(&out);
    assert!(text.contains("extends = \"levin-hybrid\""), "{text}");
    for line in found["control_toml"]
        .as_str()
        .expect("text")
        .lines()
        .skip(1)
    {
        assert!(text.contains(&format!("control.{line}")), "{line}\n{text}");
    }

    // An earlier result is replaced, and what was tuned can be tuned further.
    let again = quick(&["--out", written]);
    assert_ne!(again["cycles"][0], found["cycles"][0]);
    let further = here.path().join("further.toml");
    let arguments = [
        "--vehicle",
        written,
        "--out",
        further.to_str().expect("UTF-8"),
    ];
    let found = quick(&arguments);
    let text = read(&further);
    assert!(text.contains("extends = \"./tuned.toml\""), "{text}");
    assert!(text.contains("name = \"levin-hybrid-tuned\""), "{text}");
    let itself = ["tune", "udds", "--vehicle", written, "--out", written];
    assert!(thsim(&itself).refused().contains("extend itself"));
    let (l_per_100km, _) = driven(&further, &["japan_10_15"])["japan_10_15"];
    let after = &found["cycles"][0]["after_l_per_100km"];
    assert_eq!(after.as_f64(), Some(l_per_100km));
}

#[test]
fn keys_move_in_the_range_that_is_given() {
    let keys = [
        "--key",
        "control.min_on_s=2..4",
        "--key",
        "control.min_off_s",
        "--key",
        "control.hysteresis_kw",
    ];
    let found = quick(&keys);
    let ranges: Vec<_> = found["parameters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["key"].as_str(), number(it, "low"), number(it, "high")))
        .collect();
    assert_eq!(
        ranges,
        [
            (Some("control.min_on_s"), 2.0, 4.0),
            (Some("control.min_off_s"), 2.0, 4.0),
            (Some("control.hysteresis_kw"), 0.0, 10.0)
        ]
    );
}

#[test]
fn what_is_set_by_hand_stays() {
    let found = quick(&["--set", "control.hysteresis_kw=1.5"]);
    let text = found["control_toml"].as_str().expect("text");
    assert!(!text.contains("hysteresis_kw"), "{text}");
    assert!(text.contains("engine_on_power_kw"), "{text}");
}

#[test]
fn without_other_cycles_the_rest_of_the_standard_set_is_looked_at() {
    let arguments = ["tune", "nycc", "udds", "--runs", "32", "--format", "csv"];
    let rows = thsim(&arguments).done();
    let rows: Vec<Vec<&str>> = rows.lines().map(|it| it.split(',').collect()).collect();
    assert_eq!(rows[0][..2], ["cycle", "in_set"]);
    assert_eq!(rows.len(), 1 + 10);
    assert_eq!((rows[1][0], rows[1][1]), ("nycc", "true"));
    assert!(rows[3..].iter().all(|row| row[1] == "false"));
    assert!(rows[3..].iter().all(|row| row[0] != "udds"));
}

#[test]
fn regrets_stand_beside_the_optimum() {
    let found = quick(&["--regret"]);
    for row in found["cycles"].as_array().expect("a list") {
        let before = number(row, "regret_before_percent");
        let after = number(row, "regret_after_percent");
        assert!(before > 0.0 && after > -0.5, "{row}");
        // Both are over the same optimum, so that they change as consumption does.
        let change = 100.0 * ((100.0 + after) / (100.0 + before) - 1.0);
        assert!(
            (change - number(row, "change_percent")).abs() < 0.05,
            "{row}"
        );
    }
}

#[test]
fn wrong_input_is_refused() {
    let here = folder();
    write(here.path(), "mine.toml", "extends = \"levin-hybrid\"\n");
    write(here.path(), "short.csv", SHORT);
    let before = names(here.path());
    for (arguments, part) in [
        (&["tune"][..], "CYCLE"),
        (&["tune", "uds"], "udds"),
        (&["tune", "udds", "udds"], "twice"),
        (&["tune", "udds", "--on", "udds"], "tuned over"),
        (&["tune", "ev-creep"], "scenario"),
        (&["tune", "udds", "--on", "long-stop"], "scenario"),
        (
            &["tune", "udds", "--vehicle", "conventional-2.0"],
            "conventional",
        ),
        (&["tune", "udds", "--runs", "31"], "32 to"),
        (&["tune", "udds", "--step", "2"], "0.01 to 1"),
        (&["tune", "udds", "--seed", "-1"], "seed"),
        (
            &["tune", "udds", "--key", "control.hysteresis"],
            "did you mean `control.hysteresis_kw`?",
        ),
        (
            &["tune", "udds", "--key", "engine_on_power_kw"],
            "did you mean `control.engine_on_power_kw`?",
        ),
        (
            &["tune", "udds", "--key", "chassis.test_mass_kg"],
            "no parameter of the rules",
        ),
        (
            &["tune", "udds", "--key", "control.speed_floor.rpm"],
            "no number",
        ),
        (
            &["tune", "udds", "--key", "control.spin_rpm"],
            "control.spin_rpm=LOW..HIGH",
        ),
        (&["tune", "udds", "--key", "control.min_on_s=8..2"], "empty"),
        (&["tune", "udds", "--key", "control.min_on_s=3..3"], "empty"),
        (
            &["tune", "udds", "--key", "control.min_on_s=2-8"],
            "no range",
        ),
        (
            &["tune", "udds", "--key", "control.min_on_s=-2..8"],
            "0 to 600",
        ),
        (
            &[
                "tune",
                "udds",
                "--key",
                "control.min_on_s",
                "--key",
                "control.min_on_s=2..3",
            ],
            "twice",
        ),
        (
            &[
                "tune",
                "udds",
                "--key",
                "control.min_on_s",
                "--set",
                "control.min_on_s=3",
            ],
            "`--set`",
        ),
        (
            &["tune", "udds", "--set", "control.hysteresis_kw=20"],
            "never let the engine stop",
        ),
        (&["tune", "udds", "--out", "tuned"], "`.toml`"),
        (
            &["tune", "udds", "--out", "none/tuned.toml"],
            "no folder `none`",
        ),
        (
            &["tune", "udds", "--out", "mine.toml"],
            "not written by `thsim tune`",
        ),
    ] {
        let called = thsim_in(here.path(), arguments);
        let err = called.refused();
        assert!(err.contains(part), "{arguments:?}: {err}");
    }
    assert_eq!(names(here.path()), before);
}

#[test]
fn a_road_that_only_charges_leaves_nothing_to_compare() {
    let here = folder();
    let mut downhill = "time_s,speed_kmh,grade\n0,0,-0.08\n".to_owned();
    downhill += "20,50,-0.08\n700,50,-0.08\n720,0,-0.08\n";
    write(here.path(), "down.csv", downhill);
    let called = thsim_in(here.path(), &["tune", "down.csv", "--runs", "32"]);
    assert_eq!((called.code, called.out.as_str()), (Some(1), ""));
    assert!(
        called.err.contains("does not keep its charge"),
        "{}",
        called.err
    );
}

/// Ctrl-C prints the best so far and writes its file.
#[test]
#[cfg(unix)]
fn an_interrupt_gives_the_best_so_far() {
    use std::process::{Command, Stdio};
    let here = folder();
    let arguments = [
        "tune",
        "udds",
        "--on",
        "nycc",
        "--runs",
        "1000000",
        "--format",
        "json",
        "--out",
        "best.toml",
    ];
    let running = crate::command(&arguments)
        .current_dir(here.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("thsim starts");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let process = running.id().to_string();
    let sent = Command::new("kill").args(["-INT", &process]).status();
    assert!(sent.expect("kill").success());
    let ended = running.wait_with_output().expect("its end");
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{errors}");
    let found: Value = serde_json::from_slice(&ended.stdout).expect("JSON");
    assert_eq!(found["interrupted"], true);
    assert!(found["tried"].as_u64().expect("a count") < 1_000_000);
    assert!(number(&found, "set_change_percent") <= 0.0);
    assert_eq!(names(here.path()), ["best.toml"]);
}
