//! What a cycle file may look like.

#![expect(clippy::float_cmp, reason = "what is written is read back to the bit")]

use std::fs;

use approx::assert_abs_diff_eq;
use proptest::prelude::*;
use thsim::cycle::{Cycle, CycleError, Start, read_file, read_text, resolve};
use thsim::issue::Source;

fn read(text: &str) -> Result<Cycle, CycleError> {
    read_text("trip", &Source::new("trip.csv", text))
}

/// Rows in the file's own units: time, speed in km/h, grade, load.
#[derive(Debug, Clone)]
struct Table {
    rows: Vec<[f64; 4]>,
    order: Vec<usize>,
}

const HEADER: [&str; 4] = ["time_s", "speed_kmh", "grade", "aux_w"];

impl Table {
    /// The CSV, with the speed under another name and in another unit.
    fn csv(&self, speed_name: &str, per_kmh: f64) -> String {
        let line = |cells: Vec<String>| {
            let cells: Vec<_> = self.order.iter().map(|&i| cells[i].clone()).collect();
            cells.join(",")
        };
        let mut header: Vec<_> = HEADER.map(String::from).to_vec();
        speed_name.clone_into(&mut header[1]);
        let mut text = line(header);
        for [time, speed, grade, aux] in &self.rows {
            let cells = [*time, speed * per_kmh, *grade, *aux];
            text += "\n";
            text += &line(cells.map(|cell| cell.to_string()).to_vec());
        }
        text
    }
}

prop_compose! {
    /// Any valid table: any start, any sampling, columns in any order.
    fn table()(
        start in -1e5..1e5,
        rows in prop::collection::vec((1e-3..50.0, 0.0..400.0, -0.5..0.5, 0.0..20_000.0), 2..40),
        order in Just(vec![0, 1, 2, 3]).prop_shuffle(),
    ) -> Table {
        let mut time = start;
        let rows = rows.into_iter().map(|(step, speed, grade, aux)| {
            time += step;
            [time, speed, grade, aux]
        });
        Table { rows: rows.collect(), order }
    }
}

proptest! {
    #[test]
    fn any_valid_table_is_read_as_it_was_written(table in table()) {
        let cycle = read(&table.csv("speed_kmh", 1.0)).unwrap();
        let first = table.rows[0][0];
        prop_assert_eq!(cycle.time_s[0].to_bits(), 0.0_f64.to_bits());
        prop_assert!(cycle.time_s.windows(2).all(|t| t[0] < t[1]));
        for (i, [time, speed, grade, aux]) in table.rows.iter().enumerate() {
            prop_assert_eq!(cycle.time_s[i], time - first);
            prop_assert_eq!(cycle.speed_mps[i], speed / 3.6);
            prop_assert_eq!(cycle.grade[i], *grade);
            prop_assert_eq!(cycle.aux_w[i], *aux);
        }
        prop_assert_eq!(cycle.speed_mps.len(), table.rows.len());
    }

    #[test]
    fn speed_means_the_same_in_every_unit(table in table()) {
        let kmh = read(&table.csv("speed_kmh", 1.0)).unwrap();
        let mph = read(&table.csv("speed_mph", 1.0 / 1.609_344)).unwrap();
        let mps = read(&table.csv("speed_mps", 1.0 / 3.6)).unwrap();
        for i in 0..table.rows.len() {
            prop_assert!((kmh.speed_mps[i] - mph.speed_mps[i]).abs() < 1e-10);
            prop_assert!((kmh.speed_mps[i] - mps.speed_mps[i]).abs() < 1e-10);
        }
    }

    #[test]
    fn line_endings_blanks_and_a_byte_order_mark_change_nothing(table in table()) {
        let plain = table.csv("speed_kmh", 1.0);
        let dressed = format!("\u{feff}# remark\r\n\r\n{}\r\n \r\n\r\n", plain.replace(',', " ,\t").replace('\n', "\r\n"));
        prop_assert_eq!(read(&plain).unwrap(), read(&dressed).unwrap());
    }

    #[test]
    fn repeating_multiplies_time_and_keeps_it_increasing(table in table(), n in 1_usize..5) {
        let cycle = read(&table.csv("speed_kmh", 1.0)).unwrap();
        let repeated = cycle.repeated(n);
        prop_assert!(repeated.time_s.windows(2).all(|t| t[0] < t[1]));
        prop_assert!(repeated.duration_s() >= n as f64 * cycle.duration_s() * (1.0 - 1e-12));
        prop_assert!(repeated.distance_m() >= n as f64 * cycle.distance_m() * (1.0 - 1e-12));
    }

    #[test]
    fn parts_add_up_to_the_whole(table in table(), share in 0.0..1.0) {
        let cycle = read(&table.csv("speed_kmh", 1.0)).unwrap();
        let cut_s = share * cycle.duration_s();
        let parts_m = cycle.between(0.0, cut_s).distance_m()
            + cycle.between(cut_s, cycle.duration_s()).distance_m();
        prop_assert!((parts_m - cycle.distance_m()).abs() < 1e-6);
    }
}

#[test]
fn metadata_is_taken_from_the_comment_lines() {
    let cycle = read(
        "#title: home to work\n# regulation: none\n# source: logger\n# checked by: me\n\
         # phase: town, 100, 105\n# phase: road, 105, 110, 0.1 km\n\
         time_s,speed_kmh\n100,0\n110,36\n",
    )
    .unwrap();
    assert_eq!(cycle.name, "trip");
    assert_eq!(cycle.title, "home to work");
    assert_eq!(cycle.source, "none; logger");
    assert_eq!(cycle.start, Start::Balanced);
    assert_eq!(cycle.time_s, [0.0, 10.0]);
    let phases: Vec<_> = cycle
        .phases
        .iter()
        .map(|p| (p.name.as_str(), p.start_s, p.end_s))
        .collect();
    assert_eq!(phases, [("town", 0.0, 5.0), ("road", 5.0, 10.0)]);
}

#[test]
fn a_bare_table_is_named_after_its_file_and_has_flat_road_and_no_load() {
    let cycle = read("time_s,speed_kmh\n0,0\n1,36").unwrap();
    assert_eq!(
        (cycle.title.as_str(), cycle.source.as_str()),
        ("trip", "trip.csv")
    );
    assert_eq!((cycle.grade, cycle.aux_w), (vec![0.0; 2], vec![0.0; 2]));
    assert_eq!(cycle.speed_mps, [0.0, 10.0]);
}

#[test]
fn several_speed_columns_may_agree() {
    let cycle = read("time_s,speed_mps,speed_kmh,speed_mph\n0,0,0,0\n1,10,36.01,22.374").unwrap();
    assert_abs_diff_eq!(cycle.speed_mps[1], 36.01 / 3.6, epsilon = 1e-12);
}

#[test]
fn limits_are_allowed_in_every_unit() {
    read("time_s,speed_kmh,grade,aux_w\n0,0,-0.5,0\n1000000,400,0.5,20000").unwrap();
    read("time_s,speed_mph\n0,-0\n1,248.54847").unwrap();
    read("time_s,speed_mps\n0,0\n1,111.11111").unwrap();
}

#[test]
fn quoted_cells_and_old_line_endings_are_read() {
    let cycle = read("# remark\r\"time_s\",\"speed_kmh\"\r\"0\",\"0\"\r1,36\r").unwrap();
    assert_eq!(cycle.speed_mps, [0.0, 10.0]);
}

#[test]
fn a_file_is_named_after_its_stem() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my trip.csv");
    fs::write(&path, "\u{feff}time_s,speed_kmh\n0,0\n1,36\n").unwrap();
    assert_eq!(read_file(&path).unwrap().name, "my trip");
    assert_eq!(resolve(path.to_str().unwrap()).unwrap().name, "my trip");
}

#[test]
fn a_text_without_separator_or_ending_is_a_shipped_name() {
    assert_eq!(resolve("la4").unwrap().name, "udds");
    assert!(matches!(
        resolve("./udds"),
        Err(CycleError::Unreadable { .. })
    ));
    assert!(matches!(
        resolve("udds.csv"),
        Err(CycleError::Unreadable { .. })
    ));
    assert!(matches!(resolve("uds"), Err(CycleError::Unknown { .. })));
}
