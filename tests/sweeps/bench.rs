//! `thsim sweep bench`.

use super::Bench;

#[test]
fn a_bench_says_how_long_a_step_takes_and_that_the_lanes_give_the_same_bits() {
    let bench = Bench::with("");
    let output = bench
        .command(&["bench", "ece15", "--jobs", "1", "--format", "json"])
        .output()
        .expect("the program");
    assert!(output.status.success(), "{output:?}");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an object");
    let number = |key: &str| {
        said[key]
            .as_f64()
            .unwrap_or_else(|| panic!("{key}: {said}"))
    };
    let steps = number("steps");
    for (run, step) in [
        ("scalar_s_per_run", "ns_per_step_scalar"),
        ("lanes_s_per_run", "ns_per_step_lanes"),
    ] {
        assert!(number(run) > 0.0);
        assert!((number(run) * 1e9 / steps / number(step) - 1.0).abs() < 1e-9);
    }
    assert!(number("runs_per_s") > 0.0);
    assert!(number("energy_residual_relative") < 1e-9);
    assert_eq!(said["same_bits"], true);
    assert_eq!(
        (&said["cycle"], &said["vehicle"]),
        (&"ece15".into(), &"levin-hybrid".into())
    );
    assert_eq!((steps, number("step_s"), number("jobs")), (195.0, 1.0, 1.0));
}

#[test]
fn a_bench_of_what_is_not_there_is_refused() {
    let bench = Bench::with("");
    for wrong in [
        &["bench", "uddss"][..],
        &["bench", "udds", "--step", "0"],
        &["bench", "udds", "--jobs", "0"],
        &["bench", "udds", "--vehicle", "conventional-2.0"],
    ] {
        let output = bench.command(wrong).output().expect("the program");
        assert_eq!(output.status.code(), Some(2), "{wrong:?} {output:?}");
        assert!(output.stdout.is_empty());
    }
}
