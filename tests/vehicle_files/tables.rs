//! Maps from CSV files: the engine's fuel and the machines' losses.

use thsim::config::{load, shipped_map, shipped_maps};
use thsim::units::{bsfc_g_per_kwh, rad_s_from_rpm};
use thsim::vehicle::{FuelMap, Loss, Plant};

use crate::{Folder, assert_told, child, only, owned, told};

const LHV_J_PER_KG: f64 = 42.9e6;

/// A grid of the Willans line P = 2.2·ω·(T + 20), in g/s.
fn fuel_table(rows_backwards: bool) -> String {
    let mut rows = Vec::new();
    for rpm in [800.0, 2000.0, 3500.0, 5200.0] {
        for torque in [0.0, 50.0, 100.0, 150.0] {
            let grams = 2.2 * rad_s_from_rpm(rpm) * (torque + 20.0) / LHV_J_PER_KG * 1e3;
            rows.push(format!("{rpm},{torque},{grams}"));
        }
    }
    if rows_backwards {
        rows.reverse();
    }
    format!("# measured\nrpm,torque_nm,fuel_g_s\n{}\n", rows.join("\n"))
}

fn with_engine_table(table: &str) -> Folder {
    let car = child("engine.fuel_map.table = \"fuel.csv\"");
    Folder::with(&[("car.toml", &car), ("fuel.csv", table)])
}

fn with_loss_table(table: &str) -> Folder {
    let car = child("[mg2.loss]\ntable = \"loss.csv\"");
    Folder::with(&[("car.toml", &car), ("loss.csv", table)])
}

#[test]
fn an_engine_table_takes_the_place_of_the_formula_in_any_order_of_rows() {
    let folders = [fuel_table(false), fuel_table(true)].map(|table| with_engine_table(&table));
    let [one, other] = folders
        .each_ref()
        .map(|folder| folder.load("car.toml", &[]).unwrap());
    assert_eq!(one.vehicle(), other.vehicle());
    let FuelMap::Table(surface) = &one.vehicle().engine.fuel_map else {
        panic!("a table was given");
    };
    let (speed, torque) = (rad_s_from_rpm(2000.0), 75.0);
    let expected = 2.2 * speed * (torque + 20.0);
    assert!((surface.at(speed, torque) - expected).abs() < 1e-6 * expected);
    let best = Plant::new(one.vehicle()).engine.best.efficiency;
    assert!(best > 0.38 && best < 1.0 / 2.2, "{best}");
}

#[test]
fn bsfc_and_fuel_flow_say_the_same() {
    let row = |(rpm, torque): (f64, f64)| {
        let bsfc = bsfc_g_per_kwh(torque / (2.2 * (torque + 20.0)), 42.9);
        format!("{rpm}, {torque}, {bsfc}")
    };
    let points = [
        (800.0, 50.0),
        (800.0, 150.0),
        (5200.0, 50.0),
        (5200.0, 150.0),
    ];
    let rows = format!(
        "rpm,torque_nm,bsfc_g_per_kwh\n{}",
        points.map(row).join("\n")
    );
    let file = with_engine_table(&rows).load("car.toml", &[]).unwrap();
    let FuelMap::Table(surface) = &file.vehicle().engine.fuel_map else {
        panic!("a table was given");
    };
    let speed = rad_s_from_rpm(5200.0);
    assert!((surface.at(speed, 150.0) / (2.2 * speed * 170.0) - 1.0).abs() < 1e-12);
}

#[test]
fn a_loss_table_by_watt_or_efficiency_takes_the_place_of_the_coefficients() {
    let watt = "rpm,torque_nm,loss_w\n0,0,100\n0,200,5000\n13500,0,3000\n13500,200,9000\n";
    let file = with_loss_table(watt).load("car.toml", &[]).unwrap();
    assert!(matches!(file.vehicle().mg2.loss, Loss::Table(_)));
    assert!(matches!(file.vehicle().mg1.loss, Loss::Coefficients { .. }));
    assert!((file.vehicle().mg2.loss.at_w(0.0, 100.0) - 2550.0).abs() < 1e-9);
    let share =
        "rpm,torque_nm,efficiency\n1000,50,0.8\n1000,200,0.8\n13500,50,0.9\n13500,200,0.9\n";
    let file = with_loss_table(share).load("car.toml", &[]).unwrap();
    let speed = rad_s_from_rpm(1000.0);
    let expected = speed * 50.0 * 0.25;
    assert!((file.vehicle().mg2.loss.at_w(speed, 50.0) - expected).abs() < 1e-9);
}

#[test]
fn the_printed_file_finds_the_table_from_anywhere_and_the_hash_knows_its_content() {
    let folder = with_engine_table(&fuel_table(false));
    let file = folder.load("car.toml", &[]).unwrap();
    let elsewhere = Folder::with(&[("full.toml", &file.to_toml())]);
    let again = elsewhere.load("full.toml", &[]).unwrap();
    assert_eq!(again.vehicle(), file.vehicle());
    assert_eq!(again.canonical(), file.canonical());
    assert!(file.canonical().contains("engine.fuel_map.table = sha256:"));
    let other = with_engine_table(&fuel_table(true))
        .load("car.toml", &[])
        .unwrap();
    assert_ne!(other.canonical(), file.canonical());
}

#[test]
fn a_shipped_table_is_named_from_anywhere() {
    let shipped = "engine.fuel_map.table = \"engine-1nz-fxe-1998\"";
    let limits = "engine.max_power_kw = 43\nengine.full_load = { rpm = [700, 4000], torque_nm = [70, 102] }\ncontrol.speed_floor.rpm = [1000, 1050, 1150, 1300, 1600, 2200]";
    let folder = Folder::with(&[("car.toml", &child(&format!("{shipped}\n{limits}")))]);
    let file = folder.load("car.toml", &[]).unwrap();
    assert!(matches!(file.vehicle().engine.fuel_map, FuelMap::Table(_)));
    let printed = file.to_toml();
    assert!(
        printed.contains("fuel_map.table = \"engine-1nz-fxe-1998\""),
        "{printed}"
    );
    let elsewhere = Folder::with(&[("full.toml", &printed)]);
    let again = elsewhere.load("full.toml", &[]).unwrap();
    assert_eq!(again.canonical(), file.canonical());
    // As a setting, and by what it says instead of its name.
    let set = load("levin-hybrid", &owned(&["mg2.loss.table=mg2-prius-1998"])).unwrap();
    let text = shipped_map("mg2-prius-1998").unwrap();
    let own = with_loss_table(text).load("car.toml", &[]).unwrap();
    assert_eq!(set.vehicle().mg2, own.vehicle().mg2);
    assert_eq!(
        set.canonical()
            .lines()
            .find(|line| line.starts_with("mg2.loss.table")),
        own.canonical()
            .lines()
            .find(|line| line.starts_with("mg2.loss.table")),
    );
}

#[test]
fn a_shipped_table_spelt_wrongly_is_suggested() {
    let sets = owned(&["mg2.loss.table=mg2-prius-1989"]);
    let found = only(load("levin-hybrid", &sets).unwrap_err().issues());
    assert!(
        found.3.contains("no such file") && found.3.contains("`mg2-prius-1998`"),
        "{}",
        found.3
    );
}

#[test]
fn every_shipped_table_is_one_and_is_named_by_a_shipped_vehicle() {
    let printed: String = thsim::config::shipped()
        .filter(|name| !name.starts_with("conventional"))
        .map(|name| load(name, &[]).unwrap().to_toml())
        .collect();
    for name in shipped_maps() {
        assert!(printed.contains(&format!("table = \"{name}\"")), "{name}");
    }
}

#[test]
fn a_table_that_is_not_there_points_at_its_key() {
    let folder = Folder::with(&[("car.toml", &child("engine.fuel_map.table = \"no.csv\""))]);
    let found = only(folder.load("car.toml", &[]).unwrap_err().issues());
    assert_eq!(
        (found.0, found.1, found.2.as_str()),
        (2, 25, "engine.fuel_map.table")
    );
    assert!(found.3.contains("no.csv`: no such file"), "{}", found.3);
}

#[test]
fn bad_tables_are_refused_with_their_line() {
    let grid = "rpm,torque_nm,fuel_g_s\n1000,50,0.5\n1000,100,0.8\n5000,50,2.5\n5000,100,4.2\n";
    let cases: [(String, usize, usize, &str); 11] = [
        (
            String::new(),
            1,
            1,
            "the table is empty (a table of fuel has `rpm`, `torque_nm` and `fuel_g_s` or `bsfc_g_per_kwh`)",
        ),
        (
            grid.replace("torque_nm", "torque_mn"),
            1,
            5,
            "unknown column `torque_mn` (did you mean `torque_nm`?)",
        ),
        (
            grid.replace("torque_nm", "rpm"),
            1,
            5,
            "column `rpm` is given twice (a table of fuel has `rpm`, `torque_nm` and `fuel_g_s` or `bsfc_g_per_kwh`)",
        ),
        (
            "rpm,torque_nm\n1,2\n".to_owned(),
            1,
            1,
            "the header does not name the three columns (a table of fuel has `rpm`, `torque_nm` and `fuel_g_s` or `bsfc_g_per_kwh`)",
        ),
        (
            grid.replace("0.8", "much"),
            3,
            10,
            "`much` is no number from 0 to 10000000 (speeds, torques and values are not negative)",
        ),
        (
            grid.replace("0.8", "-0.8"),
            3,
            10,
            "`-0.8` is no number from 0 to 10000000 (speeds, torques and values are not negative)",
        ),
        (
            grid.replace("0.8", "nan"),
            3,
            10,
            "`nan` is no number from 0 to 10000000 (speeds, torques and values are not negative)",
        ),
        (
            grid.replace("5000,50,2.5", "5000,50"),
            4,
            1,
            "2 cells, the header has 3 (a table of fuel has `rpm`, `torque_nm` and `fuel_g_s` or `bsfc_g_per_kwh`)",
        ),
        (
            grid.replace("5000,50,2.5\n", ""),
            1,
            1,
            "no row for 5000 rpm and 50 N·m (the rows form a full grid: every speed with every torque)",
        ),
        (
            grid.replace("5000,50,2.5", "1000,50,0.5\n5000,50,2.5"),
            4,
            1,
            "a second row for 1000 rpm and 50 N·m (one row a point)",
        ),
        (
            grid.replace("0.8", "0.2"),
            3,
            1,
            "the efficiency here would be 1.22 (no engine is better than 0.65)",
        ),
    ];
    for (table, line, column, message) in cases {
        let folder = with_engine_table(&table);
        let issues = folder.load("car.toml", &[]).unwrap_err().issues();
        assert!(
            issues[0]
                .place
                .as_ref()
                .unwrap()
                .source
                .name
                .ends_with("fuel.csv")
        );
        assert_told(
            &told(&issues[0]),
            line,
            column,
            "engine.fuel_map.table",
            message,
        );
    }
}

#[test]
fn an_efficiency_needs_power_and_stays_below_one() {
    let table = "rpm,torque_nm,efficiency\n0,50,0.8\n0,100,0.8\n1000,50,1.2\n1000,100,0.9\n";
    let issues = with_loss_table(table)
        .load("car.toml", &[])
        .unwrap_err()
        .issues();
    let lines: Vec<_> = issues.iter().map(|issue| told(issue).0).collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn a_table_that_gives_nonsense_where_it_is_continued_is_refused() {
    let table = "rpm,torque_nm,fuel_g_s\n1000,20,0.30\n1000,40,0.31\n1500,20,0.40\n1500,40,0.41\n";
    let found = only(
        with_engine_table(table)
            .load("car.toml", &[])
            .unwrap_err()
            .issues(),
    );
    assert_eq!((found.0, found.2.as_str()), (2, "engine.fuel_map.table"));
    assert!(
        found
            .3
            .contains("the table covers 1000 to 1500 rpm and 20 to 40 N·m"),
        "{}",
        found.3
    );
}
