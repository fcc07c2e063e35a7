//! The conventional car's file: what it needs, and what does not belong there.

use thsim::config::{AnyVehicleFile, load, load_any};
use thsim::issue::Issue;

use crate::{Folder, child, issues_of_text, owned, told};

fn messages(issues: &[Issue]) -> Vec<String> {
    issues.iter().map(|issue| told(issue).3).collect()
}

fn issues_of_sets(sets: &[&str]) -> Vec<String> {
    let error = load_any("conventional-2.0", &owned(sets)).expect_err("a wrong setting");
    messages(&error.issues())
}

#[track_caller]
fn assert_one(found: &[String], expected: &str) {
    assert_eq!(found, [expected]);
}

#[test]
fn what_is_printed_in_full_loads_to_the_same_car() {
    let file = load_any("conventional-2.0", &[]).unwrap();
    let AnyVehicleFile::Conventional(file) = file else {
        panic!("a conventional car");
    };
    let printed = file.to_toml();
    let folder = Folder::with(&[("full.toml", &printed)]);
    let path = folder.path("full.toml");
    let again = load_any(path.to_str().unwrap(), &[]).unwrap();
    let AnyVehicleFile::Conventional(again) = again else {
        panic!("a conventional car");
    };
    assert_eq!(again.vehicle(), file.vehicle());
    assert_eq!(again.to_toml(), printed);
    assert_eq!(again.canonical(), file.canonical());
}

#[test]
fn a_child_of_it_is_conventional_too() {
    let folder = Folder::with(&[(
        "long.toml",
        "extends = \"conventional-2.0\"\n[gearbox]\nfinal_ratio = 2.9\n",
    )]);
    let path = folder.path("long.toml");
    let file = load_any(path.to_str().unwrap(), &[]).unwrap();
    assert!(matches!(file, AnyVehicleFile::Conventional(file)
        if (file.vehicle().gearbox.final_ratio - 2.9).abs() < 1e-12));
}

#[test]
fn what_needs_a_power_split_car_says_what_is_missing() {
    let error = load("conventional-2.0", &[]).expect_err("no battery");
    assert_one(
        &messages(&error.issues()),
        "`conventional-2.0` is a conventional car: it has no battery, no MG1 and no MG2 (take a power-split car, or `thsim run`)",
    );
}

#[test]
fn names_keys_of_the_other_kind_of_car() {
    assert_one(
        &issues_of_sets(&["mg2.max_torque_nm=207"]),
        "a conventional car has no `mg2.max_torque_nm` (it belongs to `powertrain` \"power-split\", this file is \"conventional\")",
    );
    assert_one(
        &issues_of_sets(&["battery.capacity_ah=6", "battery.cells=168"]),
        "a conventional car has no `battery.cells` (and 1 more of `battery`) (it belongs to `powertrain` \"power-split\", this file is \"conventional\")",
    );
    assert_one(
        &messages(&issues_of_text(&child("gearbox.final_ratio = 3.2"))),
        "a power-split car has no `gearbox.final_ratio` (it belongs to `powertrain` \"conventional\", this file is \"power-split\")",
    );
}

#[test]
fn a_power_split_car_does_not_become_conventional_by_its_name() {
    let found = messages(&issues_of_text(&child("powertrain = \"conventional\"")));
    let has = |part: &str| found.iter().any(|message| message.contains(part));
    assert!(has("a conventional car has no `mg1."), "{found:#?}");
    assert!(has("section `gearbox` is missing"), "{found:#?}");
    assert!(has("`engine.fuel_cut_rpm` is missing"), "{found:#?}");
}

#[test]
fn an_unknown_key_suggests_a_known_one() {
    let found = issues_of_sets(&["gearbox.final_ration=3"]);
    assert!(found[0].contains("gearbox.final_ratio"), "{found:?}");
}

#[test]
fn gears_fall_and_shifts_do_not_undo_themselves() {
    assert!(
        issues_of_sets(&["gearbox.ratios=[4.2, 2.6, 2.7, 1.4, 1.0, 0.77]"]).contains(
            &"`gearbox.ratios` must fall, but 2.7 follows 2.6 (the first gear first)".into()
        )
    );
    assert_one(
        &issues_of_sets(&["gearbox.shift.down_full_rpm=3800"]),
        "`gearbox.shift.down_full_rpm` = 3800 undoes shifts up: after one at 6000 rpm at full load the turbine turns at 3714 rpm (below 3714, or a higher `gearbox.shift.up_full_rpm`)",
    );
    assert_one(
        &issues_of_sets(&["gearbox.converter.unlock_rpm=1300"]),
        "`gearbox.converter.unlock_rpm` = 1300 is not below `lockup_rpm` = 1300 (it locks at the one and opens at the other)",
    );
    assert_one(
        &issues_of_sets(&["gearbox.shift.up_full_rpm=7000"]),
        "`gearbox.shift.up_full_rpm` = 7000 is faster than the engine turns (at most the last of `engine.full_load.rpm`, 6500)",
    );
}
