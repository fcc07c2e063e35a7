//! The conventional car on the command line.

use crate::{SHORT, folder, names, read, thsim, thsim_in, write};

const CAR: [&str; 2] = ["--vehicle", "conventional-2.0"];

#[test]
fn stands_beside_a_hybrid_in_one_table() {
    let here = folder();
    write(here.path(), "short.csv", SHORT);
    let both = ["--vehicle", "levin-hybrid", "--vehicle", "conventional-2.0"];
    let table = thsim_in(here.path(), &[&["run", "short.csv"][..], &both].concat()).done();
    assert!(
        table.contains("levin-hybrid") && table.contains("shift-map"),
        "{table}"
    );
    assert!(table.contains("– → –"), "{table}");
    let csv = [&["run", "short.csv", "--format", "csv"][..], &both].concat();
    let csv = thsim_in(here.path(), &csv).done();
    let cells: Vec<_> = csv.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(cells.len(), 3);
    assert!(cells.windows(2).all(|pair| pair[0] == pair[1]), "{cells:?}");
}

#[test]
fn what_it_does_not_have_is_null_and_what_it_burns_is_corrected_by_nothing() {
    let json = thsim(&[&["run", "ece15", "--cold", "--format", "json"][..], &CAR].concat()).json();
    let run = &json[0];
    for key in [
        "soc_start",
        "soc_end",
        "soc_min",
        "soc_max",
        "electrical_path_share",
    ] {
        assert!(run[key].is_null(), "{key}: {}", run[key]);
    }
    assert_eq!(run["balance"], "no_battery");
    assert_eq!(run["battery_net_j"], 0.0);
    assert_eq!(run["nec_percent"], 0.0);
    assert_eq!(run["fuel_corrected_l_per_100km"], run["fuel_l_per_100km"]);
    assert!(run["ledger"]["torque_converter_slip"].as_f64() > Some(0.0));
}

#[test]
fn writes_a_folder_whose_trace_is_empty_where_the_car_has_nothing() {
    let here = folder();
    write(here.path(), "short.csv", SHORT);
    let run = [&["run", "short.csv", "--out", "out"][..], &CAR].concat();
    thsim_in(here.path(), &run).done();
    let result = here.path().join("out/conventional-2.0-short");
    assert_eq!(
        names(&result),
        ["summary.json", "trace.csv", "vehicle.toml"]
    );
    let trace = read(&result.join("trace.csv"));
    let mut rows = trace.lines().filter(|line| !line.starts_with('#'));
    let header: Vec<_> = rows.next().unwrap().split(',').collect();
    let last: Vec<_> = rows.next_back().unwrap().split(',').collect();
    let cell = |name| last[header.iter().position(|column| *column == name).unwrap()];
    assert_eq!(
        (cell("soc"), cell("mg1_rpm"), cell("battery_w")),
        ("", "", "")
    );
    assert_eq!(cell("engine_state"), "on");
    assert!(cell("fuel_g_s").parse::<f64>().unwrap() > 0.0);
    let plot = thsim_in(
        here.path(),
        &["plot", "sankey", "out/conventional-2.0-short"],
    );
    assert!(plot.refused().contains("it has no battery"));
}

#[test]
fn what_it_lacks_is_named() {
    let refused = |arguments: &[&str]| thsim(&[arguments, &CAR].concat()).refused();
    assert!(refused(&["forced-start"]).contains("it has no battery, no MG1 and no MG2"));
    assert!(refused(&["run", "ece15", "--soc", "0.6"]).contains("`conventional-2.0` has none"));
    assert!(refused(&["run", "ece15", "--balance"]).contains("`conventional-2.0` has none"));
    let here = folder();
    let plots = [&["run", "ece15", "--out", "out", "--plots"][..], &CAR].concat();
    let refused = thsim_in(here.path(), &plots).refused();
    assert!(refused.contains("no picture"), "{refused}");
    assert!(names(here.path()).is_empty());
}
