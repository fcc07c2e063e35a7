//! What figures have to be to each other: each fits its own range already.
//!
//! A check whose figures are not all valid says nothing (`None`): their own issues do.

mod battery;
mod engine;
mod gearbox;

use super::values::Values;
use super::vehicle;
use crate::units::{kmh_from_mps, mps_from_kmh};
use crate::vehicle::RoadLoad;

/// Sums and differences of decimal figures.
const ROUNDING: f64 = 1e-9;
/// Up to where the road may not push the car, km/h.
const ROAD_LOAD_TO_KMH: f64 = 200.0;
/// Temperatures in their order, with the reason for it.
const TEMPERATURES: [(&str, &str, &str); 3] = [
    (
        "control.warm_up.below_c",
        "thermal.warm_c",
        "the engine could not stop after a warm start",
    ),
    (
        "thermal.warm_c",
        "thermal.thermostat_c",
        "a warm start is not hotter than the thermostat",
    ),
    (
        "thermal.ambient_c",
        "thermal.warm_c",
        "a warm engine is warmer than the day",
    ),
];
/// Lists that are the two columns of one table.
const LISTS: [(&str, &str); 3] = [
    ("engine.full_load.rpm", "engine.full_load.torque_nm"),
    ("battery.open_circuit_v.soc", "battery.open_circuit_v.v"),
    ("control.speed_floor.kmh", "control.speed_floor.rpm"),
];

/// A check: `None` where a figure it needs is missing or wrong, which has its issue.
pub(super) type Check = fn(&mut Values) -> Option<()>;

/// All checks.
pub(super) fn all() -> impl Iterator<Item = Check> {
    let of_the_car: [Check; 8] = [
        road_load,
        regeneration,
        cruise_charge,
        teeth,
        ceiling,
        hysteresis,
        temperatures,
        lists,
    ];
    let checks = battery::CHECKS.into_iter().chain(engine::CHECKS);
    checks.chain(gearbox::CHECKS).chain(of_the_car)
}

/// Runs all checks; what does not fit becomes an issue.
pub(super) fn check(v: &mut Values) {
    for check in all() {
        let _: Option<()> = check(v);
    }
}

fn temperatures(v: &mut Values) -> Option<()> {
    let pairs = TEMPERATURES.into_iter();
    let checked = pairs.filter_map(|(lower, upper, why)| in_order(v, lower, upper, why));
    checked.reduce(|(), ()| ())
}

fn lists(v: &mut Values) -> Option<()> {
    let pairs = LISTS.into_iter();
    let checked = pairs.filter_map(|(x, y)| same_length(v, x, y));
    checked.reduce(|(), ()| ())
}

fn same_length(v: &mut Values, x: &str, y: &str) -> Option<()> {
    let (points, values) = (v.list(x)?.len(), v.list(y)?.len());
    if points != values {
        let message = format!("`{y}` has {values} values, `{x}` has {points}");
        v.report(y, message, "one value for each");
    }
    Some(())
}

/// `path` has to lie in `low..=high`, which `what` explains.
fn within(v: &mut Values, path: &str, (low, high): (f64, f64), what: &str) -> Option<()> {
    let found = v.number(path)?;
    if found < low - ROUNDING || found > high + ROUNDING {
        let round = |x: f64| (x * 1e6).round() / 1e6;
        let help = format!("allowed: {} to {}, {what}", round(low), round(high));
        v.report(path, format!("`{path}` = {found} does not fit"), &help);
    }
    Some(())
}

/// The road may not push the car, in the reference air nor in that of the drive.
fn road_load(v: &mut Values) -> Option<()> {
    let chassis = vehicle::chassis(v)?;
    let RoadLoad::CoastDown {
        a_n,
        b_n_per_mps,
        c_n_per_mps2,
        air_density_kg_per_m3,
        ..
    } = chassis.road_load
    else {
        return None;
    };
    let thinner = (chassis.air_density_kg_per_m3 / air_density_kg_per_m3).min(1.0);
    let square = c_n_per_mps2 * thinner;
    let top = mps_from_kmh(ROAD_LOAD_TO_KMH);
    let lowest = (-b_n_per_mps / (2.0 * square)).clamp(0.0, top);
    let (force, speed) = [0.0, lowest, top]
        .into_iter()
        .filter(|speed| speed.is_finite())
        .map(|speed| (a_n + (b_n_per_mps + square * speed) * speed, speed))
        .fold((f64::INFINITY, 0.0), |a, b| if b.0 < a.0 { b } else { a });
    if force < 0.0 {
        let kmh = kmh_from_mps(speed);
        let message = format!("the road load would push the car: {force:.1} N at {kmh:.0} km/h");
        let help =
            "`a_n`, `b_n_per_mps` and `c_n_per_mps2` together are not below 0 from 0 to 200 km/h";
        v.report("chassis.road_load.b_n_per_mps", message, help);
    }
    Some(())
}

/// Two speeds between which something comes in.
fn comes_in(v: &mut Values, none_key: &str, full_key: &str, help: &str) -> Option<()> {
    let (none, full) = (v.number(none_key)?, v.number(full_key)?);
    if none >= full {
        let message = format!("`{none_key}` = {none} is not below `{full_key}` = {full}");
        v.report(none_key, message, help);
    }
    Some(())
}

fn regeneration(v: &mut Values) -> Option<()> {
    comes_in(
        v,
        "brakes.regen_none_below_kmh",
        "brakes.regen_full_above_kmh",
        "friction brakes alone up to the one, MG2's whole share from the other",
    )
}

fn cruise_charge(v: &mut Values) -> Option<()> {
    comes_in(
        v,
        "control.cruise_charge.none_below_kmh",
        "control.cruise_charge.full_above_kmh",
        "no extra charging up to the one, all of it from the other",
    )
}

fn teeth(v: &mut Values) -> Option<()> {
    let (sun, ring) = (
        v.number("gearset.sun_teeth")?,
        v.number("gearset.ring_teeth")?,
    );
    if ring <= sun {
        let message = format!("`gearset.ring_teeth` = {ring} is not above `sun_teeth` = {sun}");
        v.report(
            "gearset.ring_teeth",
            message,
            "the ring lies around the sun",
        );
    }
    Some(())
}

fn ceiling(v: &mut Values) -> Option<()> {
    let rating = v.number("mg1.max_speed_rpm")?;
    let ceiling = v.number("control.engine_off_max_mg1_reverse_rpm")?;
    if ceiling > rating {
        let path = "control.engine_off_max_mg1_reverse_rpm";
        let help = format!("at most `mg1.max_speed_rpm` = {rating}");
        v.report(
            path,
            format!("`{path}` = {ceiling} is above MG1's rating"),
            &help,
        );
    }
    Some(())
}

fn hysteresis(v: &mut Values) -> Option<()> {
    let on = v.number("control.engine_on_power_kw")?;
    let hysteresis = v.number("control.hysteresis_kw")?;
    if hysteresis >= on {
        let message =
            format!("`control.hysteresis_kw` = {hysteresis} would never let the engine stop");
        let help = format!("below `control.engine_on_power_kw` = {on}");
        v.report("control.hysteresis_kw", message, &help);
    }
    Some(())
}

fn in_order(v: &mut Values, lower: &str, upper: &str, why: &str) -> Option<()> {
    let (low, high) = (v.number(lower)?, v.number(upper)?);
    if low > high {
        let message = format!("`{lower}` = {low} is above `{upper}` = {high}");
        v.report(lower, message, why);
    }
    Some(())
}
