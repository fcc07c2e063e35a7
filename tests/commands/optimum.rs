//! `optimum` and `run --control`: what they print and what they refuse.

use crate::{folder, names, read, thsim, thsim_in, write};

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
        (&["optimum", "sc03", "--nodes", "5"], "50 to 20000"),
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

/// The columns of a CSV file without its comment lines; empty cells are NaN.
fn columns(text: &str) -> Vec<(String, Vec<f64>)> {
    let mut lines = text.lines().skip_while(|line| line.starts_with('#'));
    let head = lines.next().expect("a head").split(',');
    let mut columns: Vec<(String, Vec<f64>)> =
        head.map(|name| (name.to_owned(), Vec::new())).collect();
    for line in lines {
        for (cell, column) in line.split(',').zip(&mut columns) {
            column.1.push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    columns
}

#[test]
fn every_control_is_written_beside_the_optimum() {
    let here = folder();
    let written = |jobs: &str, out: &str, more: &[&str]| {
        let arguments = ["optimum", "sc03", "--nodes", "150", "--format", "json"];
        let out = ["--out", out, "--jobs", jobs];
        let json = thsim_in(here.path(), &[&arguments[..], &out, more].concat()).json();
        (
            json,
            here.path().join(out[1]).join("levin-hybrid-sc03-optimum"),
        )
    };
    let plots: &[&str] = if cfg!(feature = "plot") {
        &["--plots"]
    } else {
        &[]
    };
    let (printed, result) = written("1", "a", plots);
    let (_, again) = written("2", "b", &[]);
    for name in [
        "optimum.json",
        "trajectories.csv",
        "cost_to_go.csv",
        "vehicle.toml",
    ] {
        assert_eq!(read(&result.join(name)), read(&again.join(name)), "{name}");
    }
    if cfg!(feature = "plot") {
        for picture in [
            "soc-trajectories",
            "fuel-regret",
            "cost-to-go",
            "factor-end-soc",
        ] {
            assert!(read(&result.join(format!("{picture}.svg"))).starts_with("<svg"));
            assert!(result.join(format!("{picture}.png")).is_file());
        }
    }
    let kept: serde_json::Value =
        serde_json::from_str(&read(&result.join("optimum.json"))).expect("JSON");
    assert_eq!(kept["command"], "thsim optimum sc03 --nodes 150");
    for (kept, printed) in kept["controls"]
        .as_array()
        .expect("a list")
        .iter()
        .zip(printed.as_array().expect("a list"))
    {
        assert_eq!(kept["regret_percent"], printed["regret_percent"]);
        assert!(kept.get("wall_s").is_none());
    }

    let courses = columns(&read(&result.join("trajectories.csv")));
    let column = |name: &str| {
        let found = courses.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("no column {name}")).1
    };
    assert_eq!(column("time_s").first(), Some(&0.0));
    let band = column("cost_band_low_soc")
        .iter()
        .zip(column("cost_band_high_soc"));
    for ((low, high), soc) in band.zip(column("optimal_soc")) {
        assert!(low <= soc && soc <= high, "{low} {soc} {high}");
    }
    for row in printed.as_array().expect("a list") {
        let control = row["control"].as_str().expect("a name");
        let number = |key: &str| row[key].as_f64().expect("a number");
        let error = number("discretisation_error_percent").abs();
        let regret = column(&format!("{control}_regret_percent"));
        assert!(regret[0].abs() < 1e-12, "{control}");
        let last = regret[regret.len() - 1];
        let printed = number("regret_percent");
        assert!(
            (last - printed).abs() <= error + 0.1,
            "{control}: {last}, {printed}"
        );
        let mut most = 0.0_f64;
        for now in regret.iter().filter(|now| now.is_finite()) {
            assert!(
                *now >= most - error - 0.3,
                "{control}: from {most} to {now}"
            );
            most = most.max(*now);
        }
        let fuel = column(&format!("{control}_fuel_g"));
        assert!(fuel.windows(2).all(|pair| pair[0] <= pair[1]), "{control}");
    }

    let map = columns(&read(&result.join("cost_to_go.csv")));
    let (times, socs, costs) = (&map[0].1, &map[1].1, &map[2].1);
    assert!(costs.len() <= 20_000);
    for at in 1..costs.len() {
        // More charge never costs more.
        if (times[at] - times[at - 1]).abs() < 1e-9
            && costs[at].is_finite()
            && costs[at - 1].is_finite()
        {
            assert!(socs[at] > socs[at - 1]);
            assert!(costs[at] <= costs[at - 1] + 0.05, "at {} s", times[at]);
        }
    }
}

#[test]
fn only_an_earlier_result_is_replaced() {
    let here = folder();
    let place = here.path().join("out/levin-hybrid-sc03-optimum");
    std::fs::create_dir_all(&place).expect("a folder");
    write(&place, "mine.txt", "mine");
    let refused = thsim_in(here.path(), &["optimum", "sc03", "--out", "out"]).refused();
    assert!(refused.contains("`mine.txt`"), "{refused}");
    #[cfg(feature = "plot")]
    thsim_in(here.path(), &["optimum", "sc03", "--plots"]).refused();
    assert_eq!(names(&place), ["mine.txt"]);
}

#[test]
fn an_optimum_is_kept_as_a_control() {
    let here = folder();
    let keep = ["optimum", "sc03", "--save", "kept", "--format", "json"];
    let rows = thsim_in(here.path(), &keep).json();
    let least = rows[3]["fuel_corrected_l_per_100km"].as_f64();
    let drive = |cycle: &str, more: &[&str]| {
        let run = ["run", cycle, "--control", "optimal", "--policy", "kept"];
        let json = ["--step", "1", "--format", "json"];
        thsim_in(here.path(), &[&run[..], &json, more].concat())
    };
    let litres =
        |more: &[&str]| drive("sc03", more).json()[0]["fuel_corrected_l_per_100km"].as_f64();
    let off = |litres: Option<f64>| litres.expect("litres") / least.expect("litres") - 1.0;
    assert!(off(litres(&[])).abs() < 1e-3, "{:?}", litres(&[]));
    // From another charge it comes to the same at the end, and what it gave or took is worth fuel.
    for soc in ["0.55", "0.7", "0.79"] {
        let off = off(litres(&["--soc", soc]));
        assert!(off.abs() < 0.03, "{off} from {soc}");
    }
    // Of another car, of another cycle, and of nothing.
    drive("sc03", &["--vehicle", "prius-2010"]).refused();
    drive("nycc", &[]).refused();
    let place = here.path().join("kept");
    let whole = std::fs::read(&place).expect("a policy");
    let with = |bytes: &[u8]| {
        std::fs::write(&place, bytes).expect("written");
        drive("sc03", &[]).refused()
    };
    assert!(with(&whole[..whole.len() - 4]).contains("not whole"));
    let mut broken = whole.clone();
    let last = broken.len() - 4;
    broken[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(with(&broken).contains("not a number"));
    assert!(with(b"{}\n").contains("first line"));
}

#[test]
fn a_kept_control_replaces_no_file_but_a_policy() {
    let here = folder();
    write(here.path(), "mine.toml", "extends = \"prius-2010\"\n");
    let keep = |file| {
        [
            "optimum", "sc03", "--nodes", "50", "--save", file, "--quiet",
        ]
    };
    let refused = thsim_in(here.path(), &keep("mine.toml")).refused();
    assert!(refused.contains("`mine.toml`"), "{refused}");
    assert_eq!(names(here.path()), ["mine.toml"]);
    thsim_in(here.path(), &keep("kept")).done();
    thsim_in(here.path(), &keep("kept")).done();
}

#[test]
fn the_optimum_keeps_up_from_a_low_charge() {
    let here = folder();
    let road = "time_s,speed_kmh,grade\n0,0,0\n20,60,-0.06\n900,60,-0.06\n920,0,0\n";
    write(here.path(), "down.csv", road);
    let drive = ["optimum", "down.csv", "--repeat", "1", "--soc", "0.42"];
    let rows = thsim_in(here.path(), &[&drive[..], &["--format", "json"]].concat()).json();
    let miss_kmh = rows[3]["trace_miss_max_kmh"].as_f64();
    assert!(miss_kmh.is_some_and(|miss| miss < 0.5), "{miss_kmh:?}");
}
