//! The columns of a trace, small enough for a page: whole numbers of a stated resolution,
//! 16 bits each, in base64.
//!
//! ```text
//! value = offset + resolution · n        n from −32 768 to 32 767
//! ```
//!
//! The resolution is the one wanted, or the next of 1, 2, 5, 10 … times it in which the
//! column's range fits. A column that does not move is one number. Speeds of the machines
//! and fuel burnt so far follow from other columns and are not stored.

use crate::sim::{Trace, TraceRow};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// Steps of a column at most: they fit into 16 bits with room for rounding.
const MOST_STEPS: f64 = 65_000.0;

/// A column of the page.
struct Column {
    name: &'static str,
    unit: &'static str,
    /// Resolution wanted, in its unit.
    resolution: f64,
    of: fn(&TraceRow) -> f64,
}

#[rustfmt::skip]
const COLUMNS: [Column; 18] = [
    Column { name: "speed_kmh", unit: "km/h", resolution: 0.005, of: |r| r.speed_kmh },
    Column { name: "grade", unit: "m/m", resolution: 1e-5, of: |r| r.grade },
    Column { name: "engine_rpm", unit: "rpm", resolution: 0.1, of: |r| r.engine_rpm },
    Column { name: "engine_torque_nm", unit: "N·m", resolution: 0.01, of: |r| r.engine_torque_nm },
    Column { name: "engine_w", unit: "W", resolution: 1.0, of: |r| r.engine_w },
    Column { name: "fuel_g_s", unit: "g/s", resolution: 1e-4, of: |r| r.fuel_g_s },
    Column { name: "mg1_torque_nm", unit: "N·m", resolution: 0.01, of: |r| r.mg1_torque_nm },
    Column { name: "mg1_electric_w", unit: "W", resolution: 1.0, of: |r| r.mg1_electric_w },
    Column { name: "mg2_torque_nm", unit: "N·m", resolution: 0.01, of: |r| r.mg2_torque_nm },
    Column { name: "mg2_electric_w", unit: "W", resolution: 1.0, of: |r| r.mg2_electric_w },
    Column { name: "aux_w", unit: "W", resolution: 0.1, of: |r| r.aux_w },
    Column { name: "battery_w", unit: "W", resolution: 1.0, of: |r| r.battery_w },
    Column { name: "battery_v", unit: "V", resolution: 0.01, of: |r| r.battery_v },
    Column { name: "soc", unit: "0 to 1", resolution: 1e-5, of: |r| r.soc },
    Column { name: "wheel_w", unit: "W", resolution: 1.0, of: |r| r.wheel_w },
    Column { name: "brake_w", unit: "W", resolution: 1.0, of: |r| r.brake_w },
    Column { name: "coolant_c", unit: "°C", resolution: 0.01, of: |r| r.coolant_c },
    Column { name: "battery_c", unit: "°C", resolution: 0.01, of: |r| r.battery_c },
];

/// The finest of 1, 2, 5, 10 … times the wanted resolution in which a span fits.
fn fitting(wanted: f64, span: f64) -> f64 {
    let mut decade = wanted;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if span / (decade * factor) <= MOST_STEPS {
                return decade * factor;
            }
        }
        decade *= 10.0;
    }
}

/// A column as the page reads it.
fn encoded(unit: &str, wanted: f64, values: &[f64]) -> Value {
    let ends = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (value.min(low), value.max(high))
        });
    let (low, high) = ends;
    if high - low < 0.5 * wanted || !(high - low).is_finite() {
        let value = values.first().copied().unwrap_or(0.0);
        return json!({"unit": unit, "constant": value});
    }
    let resolution = fitting(wanted, high - low);
    let offset = (0.5 * (low + high) / resolution).round() * resolution;
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| (((value - offset) / resolution).round() as i16).to_le_bytes())
        .collect();
    json!({"unit": unit, "offset": offset, "resolution": resolution, "data": STANDARD.encode(&bytes)})
}

/// Times of the rows: equal steps, the last of which may be shorter, or each by itself.
fn times(rows: &[TraceRow]) -> Value {
    let time_s = |index: usize| rows.get(index).map_or(0.0, |row: &TraceRow| row.time_s);
    let last = rows.len().saturating_sub(1);
    let (start_s, step_s) = (time_s(0), time_s(1) - time_s(0));
    let equal = (0..last).all(|index| {
        let expected = start_s + index as f64 * step_s;
        (time_s(index) - expected).abs() < 1e-4 * step_s
    });
    if equal {
        return json!({"start_s": start_s, "step_s": step_s, "end_s": time_s(last)});
    }
    let bytes: Vec<u8> = rows
        .iter()
        .flat_map(|row| row.time_s.to_le_bytes())
        .collect();
    json!({"each_s": STANDARD.encode(&bytes)})
}

/// Changes of the engine's state: row and name.
fn states(rows: &[TraceRow]) -> Value {
    let mut before = None;
    let mut changes = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if before != Some(row.engine_state) {
            changes.push(json!([index, row.engine_state.name()]));
            before = Some(row.engine_state);
        }
    }
    Value::Array(changes)
}

/// A trace as the page reads it.
pub(super) fn of(trace: &Trace) -> Value {
    let rows = &trace.rows;
    let mut columns = serde_json::Map::new();
    for column in &COLUMNS {
        let values: Vec<f64> = rows.iter().map(column.of).collect();
        let value = encoded(column.unit, column.resolution, &values);
        columns.insert(column.name.to_owned(), value);
    }
    // Most cars follow: then the target is the speed.
    let misses = rows
        .iter()
        .any(|row| (row.target_speed_kmh - row.speed_kmh).abs() > 1e-3);
    if misses {
        let values: Vec<f64> = rows.iter().map(|row| row.target_speed_kmh).collect();
        let value = encoded("km/h", 0.005, &values);
        columns.insert("target_speed_kmh".to_owned(), value);
    }
    json!({
        "rows": rows.len(),
        "time": times(rows),
        "states": states(rows),
        "columns": columns,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(column: &Value) -> Vec<f64> {
        let text = column["data"].as_str().expect("data");
        let bytes = STANDARD.decode(text).expect("base64");
        let (offset, resolution) = (
            column["offset"].as_f64().expect("offset"),
            column["resolution"].as_f64().expect("resolution"),
        );
        bytes
            .chunks_exact(2)
            .map(|pair| offset + resolution * f64::from(i16::from_le_bytes([pair[0], pair[1]])))
            .collect()
    }

    #[test]
    fn a_column_reads_back_within_half_its_resolution() {
        for span in [0.3, 40.0, 5e3, 9e4, 3e6] {
            let values: Vec<f64> = (0..600)
                .map(|i| span * (0.3 + (f64::from(i) * 0.37).sin()))
                .collect();
            let column = encoded("W", 0.1, &values);
            let resolution = column["resolution"].as_f64().expect("resolution");
            assert!(resolution >= 0.1 && resolution < span / 2.0 + 0.1);
            for (value, back) in values.iter().zip(decoded(&column)) {
                assert!((value - back).abs() <= 0.501 * resolution, "{value} {back}");
            }
        }
    }

    #[test]
    fn what_does_not_move_is_one_number() {
        assert_eq!(encoded("W", 0.1, &[300.0, 300.0])["constant"], 300.0);
    }
}
