use super::*;
use crate::ledger::{Ledger, Paths};
use crate::results::{Balance, Context, Provenance, Totals, write_run};
use crate::vehicle::Fuel;

fn summary() -> Summary {
    let provenance = Provenance {
        command: "thsim run udds".into(),
        input_hash: "sha256:0".into(),
    };
    let totals = Totals {
        duration_s: 0.2,
        distance_m: 1.0 / 3.0,
        ..Totals::default()
    };
    let context = Context {
        vehicle: "a",
        cycle: "b",
        control: "rules",
        repeat: 1,
        step_s: 0.1,
        fuel: &Fuel {
            lhv_j_per_kg: 42.9e6,
            density_kg_per_l: 0.743,
            co2_kg_per_l: 2.33,
        },
        balance: Balance::Fixed,
        fuel_j_per_battery_j: 3.0,
        provenance: &provenance,
    };
    Summary::new(&context, &totals, &Ledger::default(), &Paths::default())
}

/// Rows of awkward numbers: thirds, tiny, huge, negative zero.
fn rows() -> Vec<TraceRow> {
    let row = |seed: f64, state, cause| TraceRow {
        time_s: seed,
        target_speed_kmh: seed / 3.0,
        speed_kmh: seed.sqrt(),
        grade: -0.0,
        engine_state: state,
        start_cause: cause,
        engine_rpm: 1e-300 * seed,
        engine_torque_nm: 1e17 * seed,
        fuel_g_s: seed / 7.0,
        mg1_rpm: -seed / 9.0,
        mg1_torque_nm: f64::MIN_POSITIVE,
        mg1_electric_w: f64::MAX,
        mg2_rpm: 0.1 + 0.2,
        mg2_torque_nm: seed.cbrt(),
        mg2_electric_w: seed.ln(),
        converter_loss_w: seed.sin(),
        aux_w: 300.0,
        battery_w: -seed.cos(),
        battery_v: 201.6 + seed,
        battery_a: seed / 201.6,
        soc: 0.6 - seed * 1e-9,
        brake_w: 0.0,
        coolant_c: 88.0 / 3.0,
        battery_c: 33.3,
        wheel_w: seed * 1e3 / 11.0,
        engine_w: seed * 1e3 / 13.0,
    };
    vec![
        row(0.1, EngineState::Off, None),
        row(0.3, EngineState::Cranking, Some(StartCause::SpeedCeiling)),
        row(1e6 / 3.0, EngineState::On, Some(StartCause::BatteryFull)),
        row(2.0, EngineState::Spun, None),
    ]
}

fn bits(row: &TraceRow) -> Vec<u64> {
    [
        row.time_s,
        row.target_speed_kmh,
        row.speed_kmh,
        row.grade,
        row.engine_rpm,
        row.engine_torque_nm,
        row.fuel_g_s,
        row.mg1_rpm,
        row.mg1_torque_nm,
        row.mg1_electric_w,
        row.mg2_rpm,
        row.mg2_torque_nm,
        row.mg2_electric_w,
        row.converter_loss_w,
        row.aux_w,
        row.battery_w,
        row.battery_v,
        row.battery_a,
        row.soc,
        row.brake_w,
        row.coolant_c,
        row.battery_c,
        row.wheel_w,
        row.engine_w,
    ]
    .map(f64::to_bits)
    .to_vec()
}

/// A folder with a run in it, its files changed by `change`.
fn stored(change: impl Fn(&Path)) -> Result<StoredRun, ReadError> {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("run");
    let trace = Trace::from_rows(42.9e6, rows());
    write_run(&at, &summary(), &trace, "").expect("written");
    change(&at);
    read_run(&at)
}

/// Replaces text in a file of the folder.
fn replace(at: &Path, file: &str, from: &str, to: &str) {
    let path = at.join(file);
    let text = fs::read_to_string(&path).expect("the file");
    assert!(text.contains(from));
    fs::write(&path, text.replacen(from, to, 1)).expect("written");
}

#[test]
fn rows_read_back_bit_for_bit() {
    let run = stored(|_| ()).expect("a run");
    for (read, written) in run.trace.rows.iter().zip(&rows()) {
        assert_eq!(bits(read), bits(written));
        assert_eq!(
            (read.engine_state, read.start_cause),
            (written.engine_state, written.start_cause)
        );
    }
    assert_eq!(run.trace.rows.len(), rows().len());
    assert_eq!(
        run.summary.distance_km.to_bits(),
        summary().distance_km.to_bits()
    );
    assert_eq!(run.summary.ledger, summary().ledger);
}

#[test]
fn a_missing_file_is_named() {
    let error = stored(|at| fs::remove_file(at.join("trace.csv")).expect("removed"))
        .expect_err("no trace")
        .to_string();
    assert!(error.contains("trace.csv"), "{error}");
}

#[test]
fn a_broken_summary_is_named_with_its_line() {
    let error = stored(|at| replace(at, "summary.json", "\"cycle\"", "\"cycles\""))
        .expect_err("no cycle")
        .to_string();
    assert!(
        error.contains("summary.json` line ") && error.contains("`cycle`"),
        "{error}"
    );
}

#[test]
fn a_missing_column_is_named() {
    let error =
        stored(|at| replace(at, "trace.csv", "brake_w", "brakes_w")).expect_err("no column");
    assert!(
        matches!(
            error,
            ReadError::Column {
                column: "brake_w",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_broken_cell_is_named_with_line_and_column() {
    let error = stored(|at| replace(at, "trace.csv", "spun", "spinning")).expect_err("no state");
    let ReadError::Cell {
        line,
        column,
        ref found,
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (line, column, found.as_str()),
        (10, "engine_state", "spinning")
    );
}

#[test]
fn a_file_cut_off_is_told() {
    let error = stored(|at| {
        let path = at.join("trace.csv");
        let text = fs::read_to_string(&path).expect("the file");
        fs::write(&path, &text[..text.len() - 40]).expect("written");
    })
    .expect_err("half a row")
    .to_string();
    assert!(
        error.contains("trace.csv` line 10") || error.contains("cut off"),
        "{error}"
    );
}
