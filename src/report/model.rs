//! What the scripts of the page are given: summaries as they are, traces in small columns, and
//! the limits of each car.

use super::{Optimum, Run, columns, letter};
use crate::plot::{Figure, Picture, Scale};
use crate::results::VERSION;
use crate::units::{kmh_from_mps, rpm_from_rad_s};
use serde_json::{Value, json};

/// Points of the full load.
const FULL_LOAD_POINTS: u32 = 60;

fn scale(scale: &Scale) -> Value {
    json!({"figures": scale.figures, "pixels": scale.pixels})
}

/// Gears, limits and inertias.
fn car(run: &Run<'_>) -> Value {
    let (vehicle, plant) = (run.vehicle, run.plant);
    let gears = &vehicle.gearset;
    let machine = |it: &crate::vehicle::Machine| {
        json!({
            "max_torque_nm": it.max_torque_nm,
            "max_power_w": it.max_power_w,
            "max_rpm": rpm_from_rad_s(it.max_speed_rad_s),
            "inertia_kg_m2": it.inertia_kg_m2,
        })
    };
    let engine = &plant.engine;
    let full_load: Vec<[f64; 2]> = (0..=FULL_LOAD_POINTS)
        .map(|i| engine.max_speed_rad_s * f64::from(i) / f64::from(FULL_LOAD_POINTS))
        .map(|speed| [rpm_from_rad_s(speed), engine.full_load_nm(speed)])
        .collect();
    let reverse_rad_s = vehicle.strategy.engine_off_max_mg1_reverse_rad_s;
    json!({
        "sun_teeth": gears.sun_teeth,
        "ring_teeth": gears.ring_teeth,
        "pinion_teeth": gears.pinion_teeth,
        "mg2_ratio": gears.mg2_ratio,
        "ring_rpm_per_kmh": rpm_from_rad_s(plant.ring_rad_per_m) / 3.6,
        "mg1": machine(&vehicle.mg1),
        "mg2": machine(&vehicle.mg2),
        "engine": {
            "idle_rpm": rpm_from_rad_s(engine.idle_rad_s),
            "max_rpm": rpm_from_rad_s(engine.max_speed_rad_s),
            "full_load": full_load,
            "max_power_w": engine.max_power_w,
        },
        "engine_off_mg1_rpm": -rpm_from_rad_s(reverse_rad_s),
        "engine_off_kmh": kmh_from_mps(plant.engine_off_speed_mps(reverse_rad_s)),
        "soc": [vehicle.battery.soc_min, vehicle.battery.soc_target, vehicle.battery.soc_max],
        "battery_w": [-vehicle.battery.max_charge_w, vehicle.battery.max_discharge_w],
    })
}

fn run(index: usize, run: &Run<'_>, pictures: &[(Figure, Picture)]) -> serde_json::Result<Value> {
    let scales: serde_json::Map<String, Value> = pictures
        .iter()
        .filter_map(|(figure, picture)| {
            let [x, y] = picture.scales.as_ref()?;
            Some((
                figure.name().to_owned(),
                json!({"x": scale(x), "y": scale(y)}),
            ))
        })
        .collect();
    Ok(json!({
        "letter": letter(index),
        "name": run.name(),
        "summary": serde_json::to_value(&run.stored.summary)?,
        "trace": columns::of(&run.stored.trace),
        "car": car(run),
        "scales": scales,
    }))
}

/// Numbers with what is not known as null.
fn known(values: &[f64], decimals: i32) -> Value {
    let unit = 10_f64.powi(decimals);
    let rounded = |value: &f64| {
        if value.is_finite() {
            json!((value * unit).round() / unit)
        } else {
            Value::Null
        }
    };
    values.iter().map(rounded).collect()
}

fn optimum(it: &Optimum) -> Value {
    let courses: Vec<Value> = it
        .courses
        .iter()
        .map(|course| {
            json!({
                "control": course.control,
                "soc": known(&course.soc, 5),
                "fuel_g": known(&course.fuel_g, 2),
                "regret_percent": known(&course.regret_percent, 4),
            })
        })
        .collect();
    json!({
        "name": it.name(),
        "time_s": known(&it.time_s, 3),
        "speed_kmh": known(&it.speed_kmh, 2),
        "band": [known(&it.band[0], 5), known(&it.band[1], 5)],
        "courses": courses,
    })
}

/// All of it.
pub(super) fn of(
    runs: &[Run<'_>],
    pictures: &[Vec<(Figure, Picture)>],
    optima: &[Optimum],
) -> serde_json::Result<Value> {
    let list: serde_json::Result<Vec<Value>> = runs
        .iter()
        .zip(pictures)
        .enumerate()
        .map(|(index, (it, pictures))| run(index, it, pictures))
        .collect();
    Ok(json!({
        "version": VERSION,
        "runs": list?,
        "optima": optima.iter().map(optimum).collect::<Vec<_>>(),
    }))
}
