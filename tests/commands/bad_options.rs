//! Wrong arguments: exit 2, what was found, what is allowed, nothing written.

use crate::{folder, names, thsim, thsim_in, write};

/// Refused with all these parts in the message, and nothing written.
#[track_caller]
fn refused(arguments: &[&str], parts: &[&str]) {
    let here = folder();
    let message = thsim_in(here.path(), arguments).refused();
    for part in parts {
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
    assert!(names(here.path()).is_empty(), "{:?}", names(here.path()));
}

#[test]
fn steps_are_numbers_from_0_01_to_1() {
    for step in ["0", "nan", "inf", "2", "-0.1", "0.009", "1e-300", "abc", ""] {
        let option = format!("--step={step}");
        refused(&["run", "ece15", &option, "--out", "out"], &["--step"]);
    }
    refused(&["run", "ece15", "--step", "2"], &["0.01 to 1"]);
    refused(&["run", "ece15", "--step", "-1"], &["0.01 to 1"]);
    refused(&["run", "ece15", "--soc", "-0.1"], &["0 to 1"]);
    refused(&["run", "ece15", "--repeat", "-1"], &["--repeat"]);
    for step in ["0.01", "1"] {
        thsim(&["run", "ece15", "--soc=0.6", "--step", step]).done();
    }
}

#[test]
fn counts_are_whole_and_at_least_one() {
    for jobs in ["0", "-1", "1.5", "many"] {
        refused(&["run", "ece15", &format!("--jobs={jobs}")], &["--jobs"]);
        refused(
            &["run", "ece15", &format!("--repeat={jobs}")],
            &["--repeat"],
        );
    }
}

#[test]
fn states_of_charge_lie_in_the_window() {
    for soc in ["nan", "inf", "-0.1", "1.5", "60", "x"] {
        refused(&["run", "ece15", &format!("--soc={soc}")], &["--soc"]);
    }
    refused(
        &["run", "ece15", "--soc=0.9", "--out", "out"],
        &["0.9", "0.4 to 0.8"],
    );
    refused(
        &["run", "ece15", "--soc=0.6", "--balance"],
        &["--soc", "--balance"],
    );
}

#[test]
fn cold_takes_a_temperature_only_with_an_equals_sign() {
    for cold in ["nan", "inf", "-300", "500", "icy"] {
        refused(&["run", "ece15", &format!("--cold={cold}")], &["--cold"]);
    }
    // Without the sign the next word is a cycle.
    refused(&["run", "--cold", "-7"], &["unknown cycle", "--cold=-7"]);
    refused(&["run", "--cold", "5"], &["unknown cycle", "--cold=5"]);
    thsim(&["run", "--cold", "ece15"]).done();
    thsim(&["run", "ece15", "--cold=-7"]).done();
}

#[test]
fn unknown_names_get_the_nearest_valid_one() {
    refused(&["run", "needc", "--out", "out"], &["needc", "`nedc`"]);
    refused(&["run", "ece15", "needc", "--out", "out"], &["`nedc`"]);
    refused(&["cycles", "uds"], &["uds", "`udds`"]);
    refused(
        &["run", "ece15", "--vehicle", "levin-hybird", "--out", "out"],
        &["levin-hybird", "`levin-hybrid`"],
    );
    refused(&["vehicles", "prius-2011"], &["prius-2011", "`prius-2010`"]);
    refused(&["run", "ece15", "--control", "rule"], &["rule", "rules"]);
    refused(
        &[
            "run",
            "ece15",
            "--set",
            "chassis.test_mas_kg=1600",
            "--out",
            "out",
        ],
        &["--set", "chassis.test_mas_kg", "`chassis.test_mass_kg`"],
    );
    refused(&["rum"], &["run"]);
    refused(&["run", "ece15", "--stop", "1"], &["--stop", "--step"]);
    refused(&["run", "ece15", "--format", "xml"], &["xml", "json"]);
}

#[test]
fn impossible_settings_are_named_with_what_is_allowed() {
    for (setting, parts) in [
        ("chassis.test_mass_kg=-5", ["-5", "300"]),
        ("chassis.test_mass_kg=nan", ["nan", "300"]),
        ("chassis.test_mass_kg=\"heavy\"", ["heavy", "number"]),
        ("gearset.sun_teeth=0", ["0", "10"]),
        ("gearset.mesh_efficiency=1.2", ["1.2", "0.5 to 1"]),
        ("battery.soc_min=0.9", ["soc_min", "soc_max"]),
        ("chassis.test_mass_kg", ["chassis.test_mass_kg", "="]),
        ("=1", ["=1", "="]),
    ] {
        refused(
            &["run", "ece15", "--set", setting, "--out", "out"],
            &["--set", parts[0], parts[1]],
        );
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    refused(
        &["run", "no/such.csv", "--out", "out"],
        &["no/such.csv", "no such file"],
    );
    refused(&["run", ".", "--out", "out"], &["."]);
    refused(
        &["run", "ece15", "--vehicle", "no/such.toml"],
        &["no/such.toml", "no such file"],
    );
}

#[test]
fn the_name_of_a_file_without_its_ending_gets_the_ending() {
    let here = folder();
    write(here.path(), "heavy.toml", "extends = \"levin-hybrid\"\n");
    write(here.path(), "home.csv", "time_s,speed_kmh\n0,0\n1,1\n");
    for (arguments, file) in [
        (["run", "ece15", "--vehicle", "heavy"], "`heavy.toml`"),
        (["run", "home", "--vehicle", "levin-hybrid"], "`home.csv`"),
    ] {
        let message = thsim_in(here.path(), &arguments).refused();
        assert!(message.contains(file), "no {file} in {message}");
    }
}
