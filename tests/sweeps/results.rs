//! What rows say.

use super::{Bench, QUICK, cell, number, rows};
use std::process::Command;

fn thsim(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_thsim"))
        .args(arguments)
        .output();
    let output = output.expect("the program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

/// A row is what `thsim run` says of the same car, to the last figure.
#[test]
fn a_design_is_the_run_with_these_values() {
    let bench = Bench::with(
        r#"
        cycles = ["udds", "ece15"]
        outputs = ["fuel_corrected_l_per_100km", "engine_starts", "ledger.mg2_loss",
                   "udds.engine_start_causes.power_demand", "ece15.soc_start"]
        [[axis]]
        key = "chassis.test_mass_kg"
        list = [1400, 1650.5]
        [[axis]]
        key = "engine.fuel_map.peak_efficiency"
        list = [0.36, 0.385]
        "#,
    );
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let designs = bench.merged("out");
    assert_eq!(designs.len(), 4);
    for row in &designs {
        let mass = format!("chassis.test_mass_kg={}", cell(row, "chassis.test_mass_kg"));
        let key = "engine.fuel_map.peak_efficiency";
        let peak = format!("{key}={}", cell(row, key));
        let told = thsim(&[
            "run", "udds", "ece15", "--step", "1", "--set", &mass, "--set", &peak, "--format",
            "csv",
        ]);
        let runs = rows(&told);
        for (run, cycle) in runs.iter().zip(["udds", "ece15"]) {
            for output in [
                "fuel_corrected_l_per_100km",
                "engine_starts",
                "ledger.mg2_loss",
            ] {
                let column = format!("{cycle}.{output}");
                assert_eq!(cell(row, &column), cell(run, output), "{column}");
            }
        }
        let causes = "engine_start_causes.power_demand";
        assert_eq!(cell(row, &format!("udds.{causes}")), cell(&runs[0], causes));
        assert_eq!(cell(row, "ece15.soc_start"), cell(&runs[1], "soc_start"));
    }
}

#[test]
fn a_design_that_fails_is_a_row_with_its_reason() {
    let bench = Bench::with(
        r#"
        cycles = ["ece15"]
        outputs = ["fuel_g"]
        [[axis]]
        key = "battery.soc_target"
        list = [0.6, 0.9]
        "#,
    );
    let told = bench.prints(&["run", "sweep.toml", "--out", "out"]);
    assert!(told.contains("2 rows, 1 of them failed"), "{told}");
    let designs = bench.merged("out");
    assert_eq!(cell(&designs[0], "status"), "ok");
    assert_eq!(cell(&designs[0], "reason"), "");
    assert!(number(&designs[0], "fuel_g") > 0.0);
    assert_eq!(cell(&designs[1], "status"), "failed");
    assert_eq!(cell(&designs[1], "fuel_g"), "");
    assert!(
        cell(&designs[1], "reason").contains("battery.soc_target"),
        "{designs:?}"
    );
    let json = bench.prints(&["merge", "out", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(
        json[1]["fuel_g"].is_null() && json[0]["reason"].is_null(),
        "{json}"
    );
}

#[test]
fn constraints_drop_points_and_formulas_follow() {
    let bench = Bench::with(
        r#"
        cycles = ["ece15"]
        start = 0.6
        outputs = ["fuel_g"]
        constraints = ["size * chassis.test_mass_kg <= 3000", "size != 1"]
        [[axis]]
        name = "size"
        list = [1, 2, 3]
        [[derived]]
        key = "chassis.test_mass_kg"
        value = "chassis.test_mass_kg + 10 * (size - 2)"
        [[derived]]
        key = "battery.resistance.instant_ohm"
        scale = "1 / size"
        "#,
    );
    let told = bench.prints(&["run", "sweep.toml", "--out", "out"]);
    assert!(told.contains("1 rows, 2 points dropped"), "{told}");
    let designs = bench.merged("out");
    assert_eq!(cell(&designs[0], "design"), "1");
    assert_eq!(cell(&designs[0], "chassis.test_mass_kg"), "1500");
    assert_eq!(cell(&designs[0], "battery.resistance.instant_ohm"), "0.5");
}

#[test]
fn vehicle_cycle_step_and_charge_vary_as_well() {
    let bench = Bench::with(
        r#"
        outputs = ["fuel_g", "soc_start", "duration_s"]
        [[axis]]
        key = "run.vehicle"
        list = ["levin-hybrid", "prius-2010"]
        [[axis]]
        key = "run.cycle"
        list = ["ece15", "eudc"]
        [[axis]]
        key = "run.step_s"
        list = [0.5, 1]
        [[axis]]
        key = "run.soc"
        range = { from = 0.3, to = 0.6, points = 2 }
        "#,
    );
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let designs = bench.merged("out");
    assert_eq!(designs.len(), 16);
    for row in &designs {
        if cell(row, "run.soc") == "0.3" {
            assert!(
                cell(row, "reason").contains("outside the window"),
                "{row:?}"
            );
            continue;
        }
        let (vehicle, cycle) = (cell(row, "run.vehicle"), cell(row, "run.cycle"));
        let step = cell(row, "run.step_s");
        let told = thsim(&[
            "run",
            cycle,
            "--vehicle",
            vehicle,
            "--step",
            step,
            "--soc",
            "0.6",
            "--format",
            "csv",
        ]);
        assert_eq!(cell(row, "fuel_g"), cell(&rows(&told)[0], "fuel_g"));
    }
}

#[test]
fn together_axes_walk_in_step_and_grids_go_through_the_last_axis_first() {
    let bench = Bench::with(
        r#"
        cycles = ["ece15"]
        start = 0.6
        outputs = ["fuel_g"]
        [[axis]]
        together = [
          { key = "chassis.road_load.a_n", list = [80, 100] },
          { key = "chassis.road_load.c_n_per_mps2", range = { from = 0.4, to = 0.5, points = 2 } },
        ]
        [[axis]]
        key = "auxiliary.power_w"
        log = { from = 100, to = 1000, points = 3 }
        "#,
    );
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let found: Vec<String> = bench
        .merged("out")
        .iter()
        .map(|row| {
            let names = [
                "chassis.road_load.a_n",
                "chassis.road_load.c_n_per_mps2",
                "auxiliary.power_w",
            ];
            names.map(|name| cell(row, name)).join(" ")
        })
        .collect();
    assert_eq!(
        found,
        [
            "80 0.4 100",
            "80 0.4 316.227766017",
            "80 0.4 1000",
            "100 0.5 100",
            "100 0.5 316.227766017",
            "100 0.5 1000"
        ]
    );
}

#[test]
fn a_merged_file_carries_units_and_source() {
    let bench = Bench::with(&QUICK.replace("4000", "8"));
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    bench.prints(&["merge", "out", "--out", "all.csv"]);
    let text = std::fs::read_to_string(bench.path("all.csv")).expect("a file");
    assert!(
        text.contains("# command: thsim sweep merge sweep\n"),
        "{text}"
    );
    assert!(
        text.contains("# unit of control.engine_on_power_kw: kW\n"),
        "{text}"
    );
    let body: Vec<&str> = text.lines().filter(|it| !it.starts_with('#')).collect();
    assert_eq!(body.join("\n") + "\n", bench.prints(&["merge", "out"]));
}

/// A picture of the same sweep has the same bytes wherever its folder lies.
#[test]
#[cfg(feature = "plot")]
fn pictures_know_the_sweep_and_not_the_folder() {
    let bench = Bench::with(&QUICK.replace("4000", "64"));
    for out in ["here", "there"] {
        bench.prints(&["run", "sweep.toml", "--out", out]);
        let told = bench.prints(&["plot", out]);
        assert!(
            told.contains(&format!("{out}/plots/parallel.png")),
            "{told}"
        );
    }
    for picture in ["parallel.svg", "tornado.svg", "scatter.png"] {
        let bytes = |out: &str| std::fs::read(bench.path(&format!("{out}/plots/{picture}")));
        let (here, there) = (
            bytes("here").expect("a picture"),
            bytes("there").expect("one"),
        );
        assert!(here == there, "{picture}");
    }
    let (code, errors) = bench.fails(&["plot", "here", "--kind", "sobol"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("saltelli"), "{errors}");
    let (code, errors) = bench.fails(&["plot", "here", "--kind", "line", "--x", "chassis.mass"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("chassis.test_mass_kg"), "{errors}");
}

#[test]
fn every_shipped_sweep_is_valid() {
    let bench = Bench::with("");
    let listed = bench.prints(&["list"]);
    for name in thsim::sweep::SHIPPED {
        assert!(listed.contains(name), "{listed}");
        let told = bench.prints(&["run", name, "--dry-run"]);
        assert!(
            told.contains("points in") && told.contains("about"),
            "{told}"
        );
    }
}

#[test]
fn a_dry_run_writes_nothing_and_a_script_runs_every_shard() {
    let bench = Bench::with(&QUICK.replace("4000", "64"));
    bench.prints(&["run", "sweep.toml", "--out", "out", "--dry-run"]);
    assert!(!bench.path("out").exists());
    let script = bench.prints(&["run", "sweep.toml", "--out", "out", "--slurm", "5"]);
    assert!(!bench.path("out").exists());
    assert!(
        script.starts_with("#!/bin/bash\n") && script.contains("--array=1-5\n"),
        "{script}"
    );
    // The script's own command, as each task of the array would run it.
    let path = std::env::var("PATH").unwrap_or_default();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_thsim"));
    let folder = program.parent().expect("a folder").display();
    for task in 1..=5 {
        let ran = Command::new("bash")
            .args(["-c", &script])
            .env("PATH", format!("{folder}:{path}"))
            .env("SLURM_ARRAY_TASK_ID", task.to_string())
            .env("SLURM_CPUS_PER_TASK", "1")
            .current_dir(bench.path(""))
            .output()
            .expect("bash");
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
    }
    assert_eq!(bench.merged("out").len(), 64);
}
