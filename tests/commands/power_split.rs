//! What the power split did, as a user gets it: figures and picture.

use serde_json::Value;

use crate::{folder, names, read, thsim, thsim_in, write};

/// Through the mechanical point and back.
const MOTORWAY: &str = "time_s,speed_kmh\n0,0\n25,110\n70,110\n80,80\n100,80\n115,0\n";

const FIGURES: [&str; 9] = [
    "recirculation_s",
    "electrical_path_j",
    "recirculation_j",
    "machine_loss_engine_on_j",
    "machine_loss_recirculation_j",
    "recirculation_work_fraction",
    "near_mechanical_point_fraction",
    "engine_on_mean_rpm",
    "mechanical_point_kmh",
];

/// Drives it and gives the folder's summary with the rows of its trace by column.
fn driven(options: &[&str]) -> (Value, impl Fn(&str) -> Vec<f64> + use<>) {
    let here = folder();
    write(here.path(), "motorway.csv", MOTORWAY);
    let run = ["run", "motorway.csv", "--soc=0.6", "--out", "out"];
    thsim_in(here.path(), &[&run[..], options].concat()).done();
    let result = here.path().join("out/levin-hybrid-motorway");
    let summary = serde_json::from_str(&read(&result.join("summary.json"))).expect("one object");
    let text = read(&result.join("trace.csv"));
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let header: Vec<String> = lines
        .next()
        .expect("a header")
        .split(',')
        .map(str::to_owned)
        .collect();
    let rows: Vec<Vec<String>> = lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    let column = move |name: &str| {
        let at = header
            .iter()
            .position(|column| column == name)
            .expect("a column");
        let number = |cell: &String| match cell.as_str() {
            "on" => 1.0,
            "off" | "cranking" | "spun" => 0.0,
            figure => figure.parse().expect("a number"),
        };
        rows.iter().map(|row| number(&row[at])).collect()
    };
    (summary, column)
}

#[test]
fn a_written_trace_gives_the_figures_of_the_summary_again() {
    for teeth in [[30.0, 78.0], [28.0, 80.0]] {
        let sets = [
            format!("gearset.sun_teeth={}", teeth[0]),
            format!("gearset.ring_teeth={}", teeth[1]),
        ];
        let (summary, column) = driven(&["--set", &sets[0], "--set", &sets[1]]);
        let number = |name: &str| summary[name].as_f64().unwrap_or_else(|| panic!("{name}"));
        let (time, on) = (column("time_s"), column("engine_state"));
        let (engine, mg2) = (column("engine_rpm"), column("mg2_rpm"));
        let torque = column("engine_torque_nm");
        let electric = [column("mg1_electric_w"), column("mg2_electric_w")];
        let [sun, ring] = teeth;
        let (mut on_s, mut beyond_s) = (0.0, 0.0);
        let (mut work, mut beyond, mut electrical) = (0.0, 0.0, 0.0);
        let (mut forth_j, mut round_j) = (0.0, 0.0);
        for at in (1..time.len()).filter(|&at| on[at] > 0.0) {
            let dt = time[at] - time[at - 1];
            let engine_rpm = 0.5 * (engine[at] + engine[at - 1]);
            let ring_rpm = 0.5 * (mg2[at] + mg2[at - 1]) * 22.0 / 58.0;
            let share = 1.0 - ring / (sun + ring) * ring_rpm / engine_rpm;
            on_s += dt;
            work += (torque[at] * engine_rpm).max(0.0) * dt;
            electrical += share * (torque[at] * engine_rpm).max(0.0) * dt;
            let [mg1_w, mg2_w] = [electric[0][at], electric[1][at]];
            if share < 0.0 {
                beyond_s += dt;
                beyond += (torque[at] * engine_rpm).max(0.0) * dt;
                round_j += mg1_w.min(-mg2_w).max(0.0) * dt;
            } else {
                forth_j += (-mg1_w).min(mg2_w).max(0.0) * dt;
            }
        }
        for (name, again) in [
            ("electrical_path_share", electrical / work),
            ("recirculation_fraction", beyond_s / on_s),
            ("recirculation_s", beyond_s),
            ("recirculation_work_fraction", beyond / work),
            ("electrical_path_j", forth_j),
            ("recirculation_j", round_j),
        ] {
            let told = number(name);
            assert!(
                (again - told).abs() < 1e-9 * told.abs(),
                "{name}: {again} {told}"
            );
            assert!(told.abs() > 1e-3, "{name}: {told}");
        }
        let lost = number("machine_loss_recirculation_j") / number("machine_loss_engine_on_j");
        assert!(0.0 < lost && lost < 1.0, "{lost}");
        // At that speed the ring turns (sun + ring)/ring times as fast as the engine.
        let ring_rpm =
            number("mechanical_point_kmh") / 3.6 / 0.308 * 3.267_75 * 30.0 / std::f64::consts::PI;
        let engine_rpm = number("engine_on_mean_rpm");
        assert!((ring_rpm / engine_rpm - (sun + ring) / ring).abs() < 1e-5);
    }
}

#[test]
fn a_car_that_burns_nothing_or_has_no_split_has_no_such_figures() {
    let conventional = [
        "run",
        "ece15",
        "--vehicle",
        "conventional-2.0",
        "--format",
        "json",
    ];
    let run = &thsim(&conventional).json()[0];
    for name in FIGURES {
        assert!(run[name].is_null(), "{name}: {}", run[name]);
    }
    let here = folder();
    write(here.path(), "rest.csv", "time_s,speed_kmh\n0,0\n5,0\n");
    let rest = ["run", "rest.csv", "--soc=0.6", "--format", "json"];
    let run = &thsim_in(here.path(), &rest).json()[0];
    for name in [
        "electrical_path_share",
        "engine_on_mean_rpm",
        "mechanical_point_kmh",
    ] {
        assert!(run[name].is_null(), "{name}: {}", run[name]);
    }
    for name in &FIGURES[..5] {
        assert_eq!(run[name], 0.0, "{name}");
    }
}

#[cfg(feature = "plot")]
#[test]
fn the_split_map_is_drawn_with_the_run_and_again_from_its_folder() {
    let here = folder();
    write(here.path(), "motorway.csv", MOTORWAY);
    let run = [
        "run",
        "motorway.csv",
        "--soc=0.6",
        "--out",
        "out",
        "--plots",
    ];
    thsim_in(here.path(), &run).done();
    let result = here.path().join("out/levin-hybrid-motorway");
    for file in ["split-map.svg", "split-map.png"] {
        assert!(names(&result).iter().any(|name| name == file), "{file}");
    }
    let first = read(&result.join("split-map.svg"));
    let again = [
        "plot",
        "split-map",
        "out/levin-hybrid-motorway",
        "--out",
        "again.svg",
    ];
    let printed = thsim_in(here.path(), &again).done();
    assert_eq!(printed, "again.svg\n");
    assert_eq!(read(&here.path().join("again.svg")), first);
    assert!(
        first.contains("mechanical point") && first.contains("recirculates"),
        "{first}"
    );
}
