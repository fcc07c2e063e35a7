//! Sweeps under any control, and how far it is from the optimum.

use super::{Bench, cell, number, rows};
use std::process::Command;

/// A short road: the laws hold on any.
const HEAD: &str = r#"
cycles = ["ece15"]
outputs = ["fuel_corrected_l_per_100km", "engine_starts", "soc_end", "regret_percent",
           "optimum_l_per_100km", "discretisation_error_percent"]
"#;

const CONTROLS: &str = r#"
[[axis]]
key = "run.control"
list = ["rules", "aecms", "ecms", "optimal"]
"#;

/// What `thsim` prints where it has to succeed.
fn thsim(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_thsim"))
        .args(arguments)
        .output()
        .expect("the program runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// The optimum is one whoever drives; nobody is below it by more than it is known to, and
/// its own regret is none. The figures are those of `thsim run` and `thsim optimum`.
#[test]
fn a_design_under_a_control_is_the_run_with_it_and_never_beats_the_optimum() {
    let bench = Bench::with(&format!("{HEAD}{CONTROLS}"));
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let designs = bench.merged("out");
    assert_eq!(designs.len(), 4);
    let told = thsim(&["optimum", "ece15", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    for row in &designs {
        let control = cell(row, "run.control");
        let least = number(row, "optimum_l_per_100km");
        let regret = number(row, "regret_percent");
        let error = number(row, "discretisation_error_percent");
        let fuel = number(row, "fuel_corrected_l_per_100km");
        let said = number(&designs[3], "optimum_l_per_100km");
        assert!((least - said).abs() < 1e-12, "{least} {said}");
        assert!(regret >= -error, "{control}: {regret} % known to {error} %");
        assert!((fuel / least - 1.0 - regret / 100.0).abs() < 1e-12);
        if control == "optimal" {
            assert_eq!((regret, fuel), (0.0, least));
        }
        let run = thsim(&[
            "run",
            "ece15",
            "--step",
            "1",
            "--control",
            control,
            "--format",
            "csv",
        ]);
        for output in ["fuel_corrected_l_per_100km", "engine_starts", "soc_end"] {
            let run = &rows(&run)[0];
            assert_eq!(cell(row, output), cell(run, output), "{control}: {output}");
        }
        let known = told.as_array().expect("a list").iter();
        let known: Vec<_> = known.filter(|it| it["control"] == control).collect();
        assert_eq!(known.len(), 1, "{control}");
        assert_eq!(known[0]["regret_percent"].as_f64(), Some(regret));
        let known_to = known[0]["discretisation_error_percent"].as_f64();
        assert_eq!(known_to, Some(error));
    }
}

/// Two masses under ECMS, on one thread, on two and in shards: the heavier car needs more
/// whoever drives, and nothing of who computed it is left in the bytes.
#[test]
fn designs_are_the_same_whoever_computes_them() {
    let bench = Bench::with(&format!(
        "control = \"ecms\"\n{HEAD}[[axis]]\nkey = \"chassis.test_mass_kg\"\nlist = [1450, 1650]\n"
    ));
    bench.prints(&["run", "sweep.toml", "--out", "one", "--jobs", "1"]);
    bench.prints(&["run", "sweep.toml", "--out", "two", "--jobs", "2"]);
    for shard in ["2/2", "1/2"] {
        bench.prints(&["run", "sweep.toml", "--out", "shards", "--shard", shard]);
    }
    assert_eq!(bench.content("one"), bench.content("two"));
    assert_eq!(bench.content("one"), bench.content("shards"));
    let designs = bench.merged("one");
    for output in ["fuel_corrected_l_per_100km", "optimum_l_per_100km"] {
        let [light, heavy] = [&designs[0], &designs[1]].map(|row| number(row, output));
        assert!(heavy > light, "{output}: {light} and {heavy}");
    }
    for row in &designs {
        let error = number(row, "discretisation_error_percent");
        assert!(number(row, "regret_percent") >= -error, "{row:?}");
    }
}

/// The optimum of one cycle is looked for where an output asks for that one: the other cycle
/// and the rules' own figures stay what they are without.
#[test]
fn rules_are_held_against_the_optimum_without_being_changed() {
    let axis = "[[axis]]\nkey = \"chassis.test_mass_kg\"\nlist = [1500]\n";
    let outputs = r#""ece15.fuel_corrected_l_per_100km", "eudc.fuel_corrected_l_per_100km""#;
    let cycles = "cycles = [\"ece15\", \"eudc\"]\n";
    let plain = Bench::with(&format!("{cycles}outputs = [{outputs}]\n{axis}"));
    let held = Bench::with(&format!(
        "{cycles}outputs = [{outputs}, \"ece15.regret_percent\"]\n{axis}"
    ));
    for bench in [&plain, &held] {
        bench.prints(&["run", "sweep.toml", "--out", "out"]);
    }
    let (plain, held) = (plain.merged("out"), held.merged("out"));
    for output in ["ece15", "eudc"] {
        let output = format!("{output}.fuel_corrected_l_per_100km");
        assert_eq!(cell(&plain[0], &output), cell(&held[0], &output));
    }
    assert!(number(&held[0], "ece15.regret_percent") > 0.0);
}

#[test]
fn controls_that_are_none_are_told_with_their_place() {
    let axis = "[[axis]]\nkey = \"chassis.test_mass_kg\"\nlist = [1500]\n";
    for (file, told) in [
        (
            format!("control = \"ecm\"\n{HEAD}{axis}"),
            &[
                "sweep.toml:1:11",
                "unknown control `ecm`",
                "did you mean `ecms`?",
            ][..],
        ),
        (
            format!("control = 3\n{HEAD}{axis}"),
            &[
                "sweep.toml:1:11",
                "`control` must be a text, found a number",
            ],
        ),
        (
            format!("contrl = \"ecms\"\n{HEAD}{axis}"),
            &["sweep.toml:1:1", "did you mean `control`?"],
        ),
        (
            format!("control = \"ecms\"\n{HEAD}{CONTROLS}"),
            &["`control` is given, and `run.control` varies"],
        ),
        (
            format!("{HEAD}{}", CONTROLS.replace("aecms", "aecm")),
            &["unknown control `aecm`", "did you mean `aecms`?"],
        ),
        (
            format!("{HEAD}{}", CONTROLS.replace("\"aecms\"", "3")),
            &["`run.control` takes names"],
        ),
        (
            format!("{}{axis}", HEAD.replace("regret_percent", "regret_percnt")),
            &["did you mean `regret_percent`?"],
        ),
    ] {
        let bench = Bench::with(&file);
        let (code, errors) = bench.fails(&["run", "sweep.toml", "--out", "out"]);
        assert_eq!(code, Some(2), "{errors}");
        for told in told {
            assert!(errors.contains(told), "{told} in\n{errors}");
        }
    }
}
