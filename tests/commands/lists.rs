//! `cycles`, `vehicles`, `check`, `forced-start`, help and a closed pipe.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::{SHORT, command, folder, thsim, thsim_in, write};

#[test]
fn every_cycle_is_listed_with_its_statistics() {
    let list = thsim(&["cycles", "--format", "json"]).json();
    let list = list.as_array().expect("a list");
    assert!(list.len() >= 20);
    let table = thsim(&["cycles"]).done();
    for cycle in list {
        assert!(table.contains(cycle["name"].as_str().expect("a name")));
        assert!(cycle["duration_s"].as_f64() > Some(0.0), "{cycle}");
    }
    let nedc = thsim(&["cycles", "nedc"]).done();
    assert!(nedc.contains("11.013") && nedc.contains("eudc"), "{nedc}");
}

#[test]
fn every_vehicle_prints_a_file_that_is_valid_and_prints_itself() {
    let here = folder();
    for name in thsim::config::shipped() {
        assert!(thsim(&["vehicles"]).done().contains(name));
        let text = thsim(&["vehicles", name, "--set", "auxiliary.power_w=123"]).done();
        assert!(text.contains("123"));
        write(here.path(), "car.toml", &text);
        let checked = thsim_in(here.path(), &["check", "car.toml"]).done();
        assert!(checked.contains("no problems"), "{checked}");
        assert_eq!(
            thsim_in(here.path(), &["vehicles", "car.toml"]).done(),
            text
        );
    }
}

#[test]
fn check_looks_at_every_file_whatever_is_wrong_with_the_others() {
    let here = folder();
    write(here.path(), "good.csv", SHORT);
    write(here.path(), "bad.csv", "time_s,speed_kmh\n0,0\n1,-5\n");
    write(
        here.path(),
        "bad.toml",
        "extends = \"levin-hybrid\"\n[chassis]\ntest_mass_kg = -1\n",
    );
    let called = thsim_in(here.path(), &["check", "bad.csv", "bad.toml", "good.csv"]);
    assert_eq!(called.code, Some(2));
    assert!(
        called.out.contains("good.csv") && called.out.contains("no problems"),
        "{}",
        called.out
    );
    for part in ["bad.csv:3:3", "-5", "bad.toml:3:16", "test_mass_kg"] {
        assert!(called.err.contains(part), "no {part} in {}", called.err);
    }
    let none = thsim_in(here.path(), &["check", "nothing.csv"]).refused();
    assert!(
        none.contains("nothing.csv") && none.contains("no such file"),
        "{none}"
    );
    assert!(
        thsim_in(here.path(), &["check", "car.yaml"])
            .refused()
            .contains(".toml")
    );
}

#[test]
fn forced_start_lists_every_candidate_and_which_binds() {
    let report = thsim(&["forced-start", "--format", "json"]).json();
    let limits = report[0]["limits"].as_array().expect("limits");
    let kinds: Vec<_> = limits
        .iter()
        .filter_map(|limit| limit["kind"].as_str())
        .collect();
    for kind in [
        "mg1_ceiling",
        "mg1_rating",
        "mg2_rating",
        "pinion",
        "back_emf",
        "battery_power",
        "cranking_torque",
    ] {
        assert!(kinds.contains(&kind), "no {kind} in {kinds:?}");
    }
    assert_eq!(report[0]["simulated_cause"], "speed_ceiling");
    assert_eq!(
        limits.iter().filter(|limit| limit["binds"] == true).count(),
        1
    );
    let text = thsim(&["forced-start", "--vehicle", "prius-2010"]).done();
    assert!(
        text.contains("binds first") && text.contains("the engine starts at"),
        "{text}"
    );
}

#[test]
fn forced_start_says_why_the_engine_starts_before_the_limit() {
    let low = ["forced-start", "--vehicle", "prius-2010", "--soc", "0.45"];
    let text = thsim(&low).done();
    for part in [
        "binds first, but the engine starts before",
        "no limit: from here the converter boosts",
        "`low_soc`",
        "this is before the limit at",
        "`--soc`",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let plain = thsim(&["forced-start"]).done();
    assert!(!plain.contains("before the limit"), "{plain}");
}

#[test]
fn check_and_run_warn_alike_of_what_no_car_can_follow() {
    let here = folder();
    write(here.path(), "crazy.csv", "time_s,speed_kmh\n0,0\n1,400\n");
    let check = thsim_in(here.path(), &["check", "crazy.csv"]);
    let run = thsim_in(here.path(), &["run", "crazy.csv", "--soc=0.6"]);
    assert_eq!((check.code, run.code), (Some(0), Some(0)));
    assert!(check.err.contains("111.1 m/s²"), "{}", check.err);
    assert_eq!(check.err, run.err);
    assert!(check.out.contains("valid with a warning"), "{}", check.out);
}

#[test]
fn every_command_shows_an_example_in_its_help() {
    for name in [
        "run",
        "cycles",
        "vehicles",
        "forced-start",
        "accelerate",
        "check",
    ] {
        let help = thsim(&[name, "--help"]).done();
        assert!(
            help.contains(&format!("thsim {name}")) && help.contains("Example"),
            "{help}"
        );
    }
    assert!(
        thsim(&["--version"])
            .done()
            .contains(env!("CARGO_PKG_VERSION"))
    );
    assert!(thsim(&["--help"]).done().contains("forced-start"));
}

/// As `thsim cycles | head -1`: the reader has had enough.
#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [
        &["cycles", "--format", "json"][..],
        &["run", "ece15", "--format", "json"],
    ] {
        let mut child = command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("thsim starts");
        let mut line = String::new();
        let mut out = BufReader::with_capacity(1, child.stdout.take().expect("a pipe"));
        if arguments[0] == "cycles" {
            out.read_line(&mut line).expect("a line");
            assert!(!line.is_empty());
        }
        drop(out);
        let ended = child.wait_with_output().expect("thsim ends");
        assert_eq!(ended.status.code(), Some(0), "{arguments:?}");
        assert!(
            ended.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&ended.stderr)
        );
    }
}
