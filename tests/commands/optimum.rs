//! `optimum` and `run --control`: what they print and what they refuse.

use crate::{folder, names, thsim, thsim_in};

#[test]
fn optimum_prints_one_object_a_control() {
    let json = thsim(&["optimum", "sc03", "--nodes", "100", "--format", "json"]).json();
    let rows = json.as_array().expect("a list");
    let controls: Vec<_> = rows.iter().map(|row| row["control"].as_str()).collect();
    assert_eq!(
        controls,
        ["rules", "aecms", "ecms", "optimal"].map(Some).to_vec()
    );
    for row in rows {
        for key in [
            "fuel_corrected_l_per_100km",
            "regret_percent",
            "discretisation_error_percent",
            "soc_start",
            "soc_end",
            "engine_starts",
            "wall_s",
        ] {
            assert!(row[key].is_number(), "{key} of {row}");
        }
    }
    assert_eq!(rows[3]["regret_percent"].as_f64(), Some(0.0));
}

#[test]
fn a_run_takes_any_control() {
    let arguments = [
        "run",
        "sc03",
        "--step",
        "1",
        "--format",
        "json",
        "--control",
        "rules",
        "--control",
        "aecms",
        "--control",
        "ecms",
        "--control",
        "optimal",
    ];
    let json = thsim(&arguments).json();
    let fuel = |index: usize| {
        json[index]["fuel_corrected_l_per_100km"]
            .as_f64()
            .expect("a number")
    };
    for (index, control) in ["rules", "aecms", "ecms", "optimal"]
        .into_iter()
        .enumerate()
    {
        assert_eq!(json[index]["control"], control);
        assert!(
            json[index]["energy_residual_relative"]
                .as_f64()
                .expect("a number")
                < 1e-9
        );
    }
    assert!((0..3).all(|index| fuel(3) < fuel(index)));
}

#[test]
fn a_cold_start_is_planned_as_well() {
    let arguments = [
        "run",
        "sc03",
        "--cold",
        "--step",
        "1",
        "--control",
        "optimal",
    ];
    let json = thsim(&[&arguments[..], &["--format", "json"]].concat()).json();
    assert_eq!(json[0]["engine_start_causes"]["warm_up"], 1);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let run = |jobs| {
        let arguments = [
            "run",
            "sc03",
            "--control",
            "optimal",
            "--step",
            "1",
            "--jobs",
            jobs,
        ];
        thsim(&[&arguments[..], &["--format", "json"]].concat()).done()
    };
    assert_eq!(run("1"), run("2"));
}

#[test]
fn wrong_input_is_refused() {
    let here = folder();
    for (arguments, part) in [
        (&["optimum", "uds"][..], "udds"),
        (&["optimum", "sc03", "--nodes", "5"], "20 to 20000"),
        (&["optimum", "sc03", "--soc", "0.9"], "0.4 to 0.8"),
        (
            &["optimum", "sc03", "--vehicle", "conventional-2.0"],
            "conventional",
        ),
        (&["run", "sc03", "--control", "best"], "optimal"),
        (
            &[
                "run",
                "sc03",
                "--vehicle",
                "conventional-2.0",
                "--control",
                "ecms",
            ],
            "conventional",
        ),
    ] {
        let called = thsim_in(here.path(), arguments);
        assert_eq!(called.code, Some(2), "{arguments:?}: {}", called.err);
        assert!(called.err.contains(part), "{arguments:?}: {}", called.err);
        assert!(names(here.path()).is_empty());
    }
}
