//! What a run prints and writes.

use serde_json::Value;

use crate::{SHORT, folder, names, read, thsim, thsim_in, thsim_reading, write};

/// Design section 6.
const FIELDS: [&str; 45] = [
    "vehicle",
    "cycle",
    "control",
    "duration_s",
    "distance_km",
    "fuel_l_per_100km",
    "fuel_mpg_us",
    "co2_g_per_km",
    "fuel_g",
    "soc_start",
    "soc_end",
    "soc_min",
    "soc_max",
    "balance",
    "battery_net_j",
    "nec_percent",
    "fuel_corrected_l_per_100km",
    "engine_on_fraction",
    "engine_starts",
    "engine_start_causes",
    "forced_start_speed_kmh",
    "trace_miss_max_kmh",
    "trace_miss_s",
    "energy_in_j",
    "energy_residual_relative",
    "ledger",
    "engine_mean_efficiency",
    "electrical_path_share",
    "recirculation_fraction",
    "step_s",
    "thsim_version",
    "input_hash",
    "repeat",
    "command",
    "paths",
    "engine_start_events",
    "recirculation_s",
    "recirculation_work_fraction",
    "electrical_path_j",
    "recirculation_j",
    "machine_loss_engine_on_j",
    "machine_loss_recirculation_j",
    "near_mechanical_point_fraction",
    "engine_on_mean_rpm",
    "mechanical_point_kmh",
];
const CAUSES: [&str; 6] = [
    "power_demand",
    "low_soc",
    "battery_limit",
    "speed_ceiling",
    "warm_up",
    "battery_full",
];
/// Design section 6, in this order.
const COLUMNS: &str = "time_s,target_speed_kmh,speed_kmh,grade,engine_state,start_cause,engine_rpm,\
engine_torque_nm,fuel_g_s,mg1_rpm,mg1_torque_nm,mg1_electric_w,mg2_rpm,mg2_torque_nm,mg2_electric_w,\
converter_loss_w,aux_w,battery_w,battery_v,battery_a,soc,brake_w,coolant_c,battery_c";

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_else(|| panic!("{key} in {of}"))
}

#[test]
fn json_is_a_list_of_summaries_in_the_order_of_the_arguments() {
    let list = thsim(&["run", "nycc", "ece15", "--format", "json"]).json();
    let list = list.as_array().expect("a list");
    let cycles: Vec<_> = list
        .iter()
        .map(|summary| summary["cycle"].as_str())
        .collect();
    assert_eq!(cycles, [Some("nycc"), Some("ece15")]);
    for summary in list {
        for field in FIELDS {
            assert!(summary.get(field).is_some(), "no {field}");
        }
        let causes = summary["engine_start_causes"]
            .as_object()
            .expect("an object");
        let counted: u64 = CAUSES
            .iter()
            .map(|cause| causes[*cause].as_u64().expect("a count"))
            .sum();
        assert_eq!(causes.len(), CAUSES.len());
        assert_eq!(summary["engine_starts"], counted);
        assert!(number(summary, "energy_residual_relative").abs() < 1e-9);
        // Where the end charge jumps over zero, the nearer neighbour is shown.
        let balance = summary["balance"].as_str().expect("a text");
        let most_percent = match balance {
            "balanced" => 0.1,
            "interpolated" => 2.0,
            other => panic!("{other}"),
        };
        assert!(number(summary, "nec_percent").abs() < most_percent);
        assert_eq!(summary["thsim_version"], env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn the_figures_of_a_summary_agree_with_each_other() {
    let list = thsim(&["run", "ece15", "--soc", "0.6", "--format", "json"]).json();
    let s = &list[0];
    let km = number(s, "distance_km");
    let litres = number(s, "fuel_g") / 750.0;
    let close = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} and {b}");
    close(number(s, "fuel_l_per_100km"), litres / km * 100.0);
    close(
        number(s, "fuel_mpg_us"),
        km / 1.609_344 / (litres / 3.785_411_784),
    );
    close(number(s, "co2_g_per_km"), litres * 2330.0 / km);
    close(number(s, "battery_net_j"), number(&s["ledger"], "battery"));
    close(
        number(s, "nec_percent"),
        100.0 * number(s, "battery_net_j") / number(&s["ledger"], "fuel"),
    );
    // Discharged over the run: the charge fell, and the corrected figure is the higher.
    assert!(number(s, "soc_end") < 0.6 && number(s, "battery_net_j") > 0.0);
    assert!(number(s, "fuel_corrected_l_per_100km") > number(s, "fuel_l_per_100km"));
    assert_eq!(
        (number(s, "soc_start"), s["balance"].as_str()),
        (0.6, Some("fixed"))
    );
}

#[test]
fn csv_has_a_header_and_a_row_a_run() {
    let text = thsim(&["run", "ece15", "nycc", "--format", "csv"]).done();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    let header: Vec<_> = lines[0].split(',').collect();
    for field in [
        "vehicle",
        "cycle",
        "fuel_corrected_l_per_100km",
        "engine_start_causes.low_soc",
        "ledger.air",
    ] {
        assert!(header.contains(&field), "no {field} in {}", lines[0]);
    }
    let cycle = header
        .iter()
        .position(|name| *name == "cycle")
        .expect("a column");
    let cells: Vec<Vec<_>> = lines[1..]
        .iter()
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!((cells[0][cycle], cells[1][cycle]), ("ece15", "nycc"));
    assert!(cells.iter().all(|row| row.len() == header.len()), "{text}");
}

#[test]
fn a_trace_has_the_columns_and_the_first_row_that_are_promised() {
    let here = folder();
    write(here.path(), "short.csv", SHORT);
    thsim_in(
        here.path(),
        &["run", "short.csv", "--soc=0.6", "--out", "out"],
    )
    .done();
    let trace = read(&here.path().join("out/levin-hybrid-short/trace.csv"));
    let table: Vec<_> = trace
        .lines()
        .skip_while(|line| line.starts_with('#'))
        .collect();
    assert!(table[0].starts_with(COLUMNS), "{}", table[0]);
    assert!(table.iter().all(|line| !line.starts_with('#')));
    assert_eq!(table.len(), 1 + 1 + 500);
    let first: Vec<_> = table[1].split(',').collect();
    assert_eq!(first[..6], ["0", "0", "0", "0", "off", ""]);
    // Engine, fuel, MG1, MG2, converter, auxiliaries, battery power, then its voltage.
    assert!(first[6..18].iter().all(|cell| *cell == "0"), "{first:?}");
    assert_eq!((first[19], first[20], first[21]), ("0", "0.6", "0"));
    for line in &table[1..] {
        for (index, cell) in line.split(',').enumerate() {
            let text = index == 4 || index == 5;
            assert!(
                text || cell.parse::<f64>().is_ok_and(f64::is_finite),
                "{cell}: {line}"
            );
            // The shortest form that reads back to the same number.
            assert!(
                text || format!("{}", cell.parse::<f64>().unwrap_or(0.0)) == cell,
                "{cell}"
            );
        }
    }
}

#[test]
fn the_fuel_of_the_trace_is_the_fuel_of_the_summary() {
    let here = folder();
    write(here.path(), "short.csv", SHORT);
    thsim_in(here.path(), &["run", "short.csv", "--cold", "--out", "out"]).done();
    let result = here.path().join("out/levin-hybrid-short");
    let summary: Value =
        serde_json::from_str(&read(&result.join("summary.json"))).expect("one object");
    assert!(summary.is_object());
    let trace = read(&result.join("trace.csv"));
    let rows: Vec<Vec<&str>> = trace
        .lines()
        .skip_while(|line| line.starts_with('#'))
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    let cell = |row: &[&str], column: usize| row[column].parse::<f64>().expect("a number");
    let fuel_g: f64 = rows
        .windows(2)
        .map(|pair| cell(&pair[1], 8) * (cell(&pair[1], 0) - cell(&pair[0], 0)))
        .sum();
    assert!(fuel_g > 1.0);
    assert!((fuel_g / number(&summary, "fuel_g") - 1.0).abs() < 1e-9);
    let starts = rows.iter().filter(|row| !row[5].is_empty()).count();
    assert_eq!(summary["engine_starts"], starts);
}

#[test]
fn a_cold_start_is_cold_and_costs_fuel() {
    let run = |options: &[&str]| {
        let arguments = [&["run", "udds", "--format", "json"], options].concat();
        thsim(&arguments).json()[0].clone()
    };
    let (warm, cold, colder) = (run(&[]), run(&["--cold"]), run(&["--cold=-7"]));
    let corrected = |summary: &Value| number(summary, "fuel_corrected_l_per_100km");
    assert!(corrected(&cold) > 1.02 * corrected(&warm));
    assert!(corrected(&colder) > 1.02 * corrected(&cold));
    for summary in [&cold, &colder] {
        assert_eq!(
            (summary["balance"].as_str(), number(summary, "soc_start")),
            (Some("cold"), 0.6)
        );
        assert!(summary["engine_start_causes"]["warm_up"].as_u64() > Some(0));
    }
    assert_eq!(warm["engine_start_causes"]["warm_up"], 0);
}

#[test]
fn a_dash_reads_a_cycle_from_standard_input() {
    let here = folder();
    write(here.path(), "stdin.csv", SHORT);
    let piped = thsim_reading(SHORT, &["run", "-", "--format", "json"]).json();
    let file = here.path().join("stdin.csv");
    let read = thsim(&["run", file.to_str().expect("UTF-8"), "--format", "json"]).json();
    assert_eq!(piped[0]["cycle"], "stdin");
    assert_eq!(piped[0]["fuel_g"], read[0]["fuel_g"]);
    assert_eq!(piped[0]["input_hash"], read[0]["input_hash"]);
}

#[test]
fn several_cars_give_one_table_to_compare() {
    let both = [
        "run",
        "ece15",
        "--vehicle",
        "prius-2010",
        "--vehicle",
        "levin-hybrid",
    ];
    let list = thsim(&[&both[..], &["--format", "json"]].concat()).json();
    assert_eq!(
        (&list[0]["vehicle"], &list[1]["vehicle"]),
        (&"prius-2010".into(), &"levin-hybrid".into())
    );
    let table = thsim(&both).done();
    assert!(
        table.contains("prius-2010") && table.contains("levin-hybrid"),
        "{table}"
    );
}

#[test]
fn a_run_without_arguments_drives_the_standard_cycles_and_writes_nothing() {
    let here = folder();
    let list = thsim_in(here.path(), &["run", "--format", "json"]).json();
    let cycles: Vec<_> = list
        .as_array()
        .expect("a list")
        .iter()
        .map(|s| s["cycle"].clone())
        .collect();
    assert_eq!(
        cycles,
        [
            "udds",
            "hwfet",
            "us06",
            "sc03",
            "nycc",
            "la92",
            "nedc",
            "wltc_class3b",
            "cltc_p",
            "japan_10_15"
        ]
    );
    assert!(names(here.path()).is_empty());
}

#[test]
fn a_car_at_rest_has_no_figures_per_distance() {
    let summary = &thsim(&["run", "long-stop", "--format", "json"]).json()[0];
    for key in ["fuel_l_per_100km", "fuel_mpg_us", "co2_g_per_km"] {
        assert!(summary[key].is_null(), "{key}: {}", summary[key]);
    }
}

#[test]
fn a_table_says_what_it_repeats_unasked() {
    let unasked = thsim(&["run", "ece15"]).done();
    assert!(
        unasked.contains("ece15 ×4") && unasked.contains("`--repeat 1`"),
        "{unasked}"
    );
    let asked = thsim(&["run", "ece15", "--repeat", "2"]).done();
    assert!(
        asked.contains("ece15 ×2") && !asked.contains("--repeat"),
        "{asked}"
    );
}
