//! Wrong files: exit 2, file, line and column, nothing written.

use crate::{folder, names, thsim_in, thsim_reading, write};

/// Drives this cycle file, which is refused with all these parts in the message.
#[track_caller]
fn cycle_refused(content: &[u8], parts: &[&str]) {
    let here = folder();
    write(here.path(), "my.csv", content);
    let message = thsim_in(here.path(), &["run", "ece15", "my.csv", "--out", "out"]).refused();
    assert!(message.contains("my.csv"), "{message}");
    for part in parts {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
    assert_eq!(names(here.path()), ["my.csv"]);
    assert!(message.len() < 8000, "{} bytes of message", message.len());
}

/// The same for a vehicle file.
#[track_caller]
fn vehicle_refused(content: &[u8], parts: &[&str]) {
    let here = folder();
    write(here.path(), "my.toml", content);
    let run = ["run", "ece15", "--vehicle", "my.toml", "--out", "out"];
    let message = thsim_in(here.path(), &run).refused();
    assert!(message.contains("my.toml"), "{message}");
    for part in parts {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
    assert_eq!(names(here.path()), ["my.toml"]);
}

#[test]
fn cycles_that_are_no_table() {
    cycle_refused(b"", &["empty"]);
    cycle_refused(b"\n\n", &["empty"]);
    cycle_refused(b"# only a remark\n", &["comments only"]);
    cycle_refused(b"\x89PNG\r\n\x1a\n\0\0\0", &["not"]);
    cycle_refused(b"\xff\xfe\x00", &["UTF-8"]);
    cycle_refused(b"time_s,speed_kmh\n", &["two rows"]);
    cycle_refused(b"time_s,speed_kmh\n0,0\n", &["two rows"]);
    cycle_refused(b"time_s,speed_kmh\n0,0\n1", &["my.csv:3"]);
}

#[test]
fn cycles_with_wrong_columns() {
    cycle_refused(
        b"time_s,sped_kmh\n0,0\n1,1\n",
        &["my.csv:1:8", "sped_kmh", "`speed_kmh`"],
    );
    cycle_refused(b"speed_kmh\n0\n1\n", &["my.csv:1", "time_s"]);
    cycle_refused(
        b"time_s,speed_kmh,speed_kmh\n0,0,0\n1,1,1\n",
        &["my.csv:1:18", "speed_kmh"],
    );
    cycle_refused(
        b"time_s,speed_kmh,wind\n0,0,0\n1,1,1\n",
        &["my.csv:1:18", "wind"],
    );
    cycle_refused(
        b"time_s,speed_kmh,speed_mps\n0,0,0\n1,36,9\n",
        &["my.csv:3", "36"],
    );
    cycle_refused(b"time_s,speed_kmh\n0,0\n1,1,1\n", &["my.csv:3"]);
}

#[test]
fn cycles_with_wrong_numbers() {
    for (row, column) in [
        ("1,NaN", 3),
        ("1,inf", 3),
        ("1,-inf", 3),
        ("1,-5", 3),
        ("1,1e9", 3),
        ("1,401", 3),
        ("1,", 3),
        ("1,fast", 3),
        ("nan,1", 1),
        ("inf,1", 1),
        ("0,1", 1),
        ("-1,1", 1),
        ("2000000,1", 1),
    ] {
        let text = format!("time_s,speed_kmh\n0,0\n{row}\n3000001,0\n");
        cycle_refused(text.as_bytes(), &[&format!("my.csv:3:{column}")]);
    }
    cycle_refused(
        b"time_s,speed_kmh,grade\n0,0,0\n1,1,0.6\n",
        &["my.csv:3:5", "0.6", "-0.5 to 0.5"],
    );
    cycle_refused(b"time_s,speed_kmh,aux_w\n0,0,0\n1,1,nan\n", &["my.csv:3:5"]);
}

#[test]
fn a_column_of_a_wrong_number_is_named() {
    cycle_refused(
        b"time_s,speed_kmh\n0,0\n1,NaN\n",
        &["my.csv:3:3", "NaN", "speed_kmh"],
    );
}

#[test]
fn a_wrong_cycle_on_standard_input_is_named_so() {
    let message = thsim_reading("time_s,speed_kmh\n0,0\n0,5\n", &["run", "-"]).refused();
    assert!(message.contains("<stdin>:3:1"), "{message}");
    thsim_reading("", &["run", "-"]).refused();
}

#[test]
fn vehicles_that_are_no_toml() {
    vehicle_refused(b"", &["no keys"]);
    vehicle_refused(b"name = ", &["my.toml:1:"]);
    vehicle_refused(b"extends = \"levin-hybrid\"\n[chassis\n", &["my.toml:2:"]);
    vehicle_refused(b"\0\x01\x02", &[]);
    vehicle_refused(b"\xff\xfe", &["UTF-8"]);
}

#[test]
fn vehicles_with_wrong_keys_and_values() {
    let child = |lines: &str| format!("extends = \"levin-hybrid\"\n{lines}\n");
    for (lines, parts) in [
        (
            "chassis.test_mas_kg = 1500",
            ["my.toml:2:", "`chassis.test_mass_kg`"],
        ),
        ("[chasis]\ntest_mass_kg = 1500", ["my.toml:2:", "`chassis`"]),
        (
            "chassis.test_mass_kg = \"1500\"",
            ["my.toml:2:24", "number"],
        ),
        (
            "chassis.test_mass_kg = -1500",
            ["my.toml:2:24", "300 to 10000"],
        ),
        (
            "chassis.test_mass_kg = nan",
            ["my.toml:2:24", "300 to 10000"],
        ),
        ("gearset.sun_teeth = 0", ["my.toml:2:21", "10 to 200"]),
        ("converter.efficiency = 1.01", ["my.toml:2:24", "0.5 to 1"]),
        ("battery.soc_min = 0.9", ["my.toml:2:19", "soc_max"]),
        ("name = \"a\"\nname = \"b\"", ["my.toml:3:", "name"]),
        ("name = \"\"", ["my.toml:2:", "name"]),
    ] {
        vehicle_refused(child(lines).as_bytes(), &parts);
    }
}

#[test]
fn vehicles_that_extend_what_is_not_there_or_themselves() {
    vehicle_refused(
        b"extends = \"levin\"\n",
        &["my.toml:1:", "levin", "`levin-hybrid`"],
    );
    vehicle_refused(b"extends = \"my.toml\"\n", &["my.toml:1:", "circle"]);
    vehicle_refused(
        b"extends = \"./gone.toml\"\n",
        &["my.toml:1:", "gone.toml", "no such file"],
    );
    vehicle_refused(b"extends = 3\n", &["my.toml:1:"]);
}

#[test]
fn all_wrong_files_are_told_at_once() {
    let here = folder();
    write(here.path(), "a.csv", "time_s,speed_kmh\n0,0\n1,-1\n");
    write(here.path(), "b.csv", "time_s,speed_kmh\n0,0\n1,-2\n2,-3\n");
    let message = thsim_in(here.path(), &["run", "a.csv", "b.csv", "--out", "out"]).refused();
    for part in ["a.csv:3:3", "b.csv:3:3", "b.csv:4:3"] {
        assert!(message.contains(part), "no {part} in: {message}");
    }
}

#[test]
fn a_cycle_the_car_cannot_follow_is_driven_at_the_limit() {
    let steep = "time_s,speed_kmh,grade\n0,0,0.4\n5,150,0.4\n60,150,0.4\n";
    let list = thsim_reading(steep, &["run", "-", "--soc=0.6", "--format", "json"]).json();
    assert!(list[0]["trace_miss_max_kmh"].as_f64() > Some(50.0));
    assert!(list[0]["trace_miss_s"].as_f64() > Some(30.0));
    assert!(list[0]["energy_residual_relative"].as_f64().map(f64::abs) < Some(1e-9));
}
