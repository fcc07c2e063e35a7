//! What figures have to be to each other: each fits its own range already.
//!
//! A check whose figures are not all valid says nothing (`None`): their own issues do.

use super::schema::Form;
use super::values::Values;
use super::vehicle;
use crate::map::Curve;
use crate::units::{kmh_from_mps, mps_from_kmh, rad_s_from_rpm, rpm_from_rad_s};
use crate::vehicle::{FuelMap, RoadLoad};

/// Narrowest window of the state of charge: both ends fade the battery's power.
const NARROWEST_WINDOW: f64 = 0.05;
/// The target keeps away from the ends, where the battery's power fades.
const TARGET_MARGIN: f64 = 0.02;
/// Charging starts above the fade of the lower end and ends below "full".
const CHARGE_MARGINS: (f64, f64) = (0.02, 0.04);
/// Sums and differences of decimal figures.
const ROUNDING: f64 = 1e-9;
/// Up to where the road may not push the car, km/h.
const ROAD_LOAD_TO_KMH: f64 = 200.0;
/// No engine turns more of its fuel into work.
const BEST_ENGINE: f64 = 0.65;
const STEPS: usize = 40;

/// Runs all checks; what does not fit becomes an issue.
pub(super) fn check(v: &mut Values) {
    for check in [
        soc_window,
        soc_target,
        low_soc,
        soc_tables,
        voltages,
        road_load,
        regeneration,
        teeth,
        ceiling,
        engine_speeds,
        cranking,
        hysteresis,
        temperatures,
        fuel_formula,
        fuel_table,
        engine_power,
    ] {
        // `None` is a figure that is missing or wrong, which has its issue.
        let _: Option<()> = check(v);
    }
    for (x, y) in [
        ("engine.full_load.rpm", "engine.full_load.torque_nm"),
        ("battery.open_circuit_v.soc", "battery.open_circuit_v.v"),
        ("control.speed_floor.kmh", "control.speed_floor.rpm"),
    ] {
        let _: Option<()> = same_length(v, x, y);
    }
    let _: Option<()> = resistances(v);
}

fn same_length(v: &mut Values, x: &str, y: &str) -> Option<()> {
    let (points, values) = (v.list(x)?.len(), v.list(y)?.len());
    if points != values {
        let message = format!("`{y}` has {values} values, `{x}` has {points}");
        v.report(y, message, "one value for each");
    }
    Some(())
}

fn resistances(v: &mut Values) -> Option<()> {
    let rows = v.list("battery.resistance.temperature_c")?.len();
    let columns = v.list("battery.resistance.soc")?.len();
    for name in ["instant_ohm", "steady_ohm"] {
        let path = format!("battery.resistance.{name}");
        let Some(grid) = v.grid(&path) else { continue };
        let odd = grid.iter().position(|row| row.len() != columns);
        let message = match odd {
            _ if grid.len() != rows => format!(
                "`{path}` has {} rows, `temperature_c` has {rows} values",
                grid.len()
            ),
            Some(row) => format!(
                "row {} of `{path}` has {} values, `soc` has {columns}",
                row + 1,
                grid[row].len()
            ),
            None => continue,
        };
        v.report(
            &path,
            message,
            "a row a temperature, a column a state of charge",
        );
    }
    let instant = v.grid("battery.resistance.instant_ohm")?.concat();
    let steady = v.grid("battery.resistance.steady_ohm")?.concat();
    let wrong = instant.iter().zip(&steady).find(|(i, s)| s <= i);
    if let Some((instant, steady)) = wrong {
        let message =
            format!("the steady resistance {steady} Ω is not above the instant one, {instant} Ω");
        let help = "a long load sees more resistance than a pulse, everywhere";
        v.report("battery.resistance.steady_ohm", message, help);
    }
    Some(())
}

fn soc_window(v: &mut Values) -> Option<()> {
    let (min, max) = (v.number("battery.soc_min")?, v.number("battery.soc_max")?);
    if max - min < NARROWEST_WINDOW - ROUNDING {
        let message = format!("`battery.soc_max` = {max} is not above `battery.soc_min` = {min}");
        let help = format!("the window is at least {NARROWEST_WINDOW} wide");
        v.report("battery.soc_max", message, &help);
    }
    Some(())
}

/// The window, if it is one.
fn window(v: &Values) -> Option<(f64, f64)> {
    let window = (v.number("battery.soc_min")?, v.number("battery.soc_max")?);
    (window.1 - window.0 >= NARROWEST_WINDOW - ROUNDING).then_some(window)
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

fn soc_target(v: &mut Values) -> Option<()> {
    let (min, max) = window(v)?;
    let range = (min + TARGET_MARGIN, max - TARGET_MARGIN);
    let what = "inside `soc_min` to `soc_max` by 0.02";
    within(v, "battery.soc_target", range, what)
}

fn low_soc(v: &mut Values) -> Option<()> {
    let (min, max) = window(v)?;
    let range = (min + CHARGE_MARGINS.0, max - CHARGE_MARGINS.1);
    let what = "from `battery.soc_min` + 0.02 to `battery.soc_max` - 0.04";
    within(v, "control.low_soc_start", range, what);
    within(v, "control.low_soc_stop", range, what);
    let start = v.number("control.low_soc_start")?;
    let stop = v.number("control.low_soc_stop")?;
    if stop <= start {
        let message =
            format!("`control.low_soc_stop` = {stop} is not above `low_soc_start` = {start}");
        let help = "charging starts at the one and ends at the other";
        v.report("control.low_soc_stop", message, help);
    }
    Some(())
}

fn soc_tables(v: &mut Values) -> Option<()> {
    let (min, max) = window(v)?;
    for path in ["battery.open_circuit_v.soc", "battery.resistance.soc"] {
        let Some(soc) = v.list(path) else { continue };
        let (first, last) = (soc[0], soc[soc.len() - 1]);
        if first > min || last < max {
            let message = format!("`{path}` goes from {first} to {last}");
            let help = format!("it has to cover `soc_min` to `soc_max`, {min} to {max}");
            v.report(path, message, &help);
        }
    }
    Some(())
}

fn voltages(v: &mut Values) -> Option<()> {
    let (min, max) = window(v)?;
    let open = v.curve(
        ("battery.open_circuit_v.soc", |soc| soc),
        ("battery.open_circuit_v.v", |v| v),
    )?;
    let inside = open.points().filter(|(soc, _)| (min..=max).contains(soc));
    let volts: Vec<f64> = inside
        .map(|(_, volt)| volt)
        .chain([open.at(min), open.at(max)])
        .collect();
    let lowest = volts.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = volts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if let Some(floor) = v.number("battery.min_v").filter(|floor| *floor >= lowest) {
        let message = format!("`battery.min_v` = {floor} leaves nothing to discharge");
        let help = format!("below the open-circuit voltage in the window, {lowest} V");
        v.report("battery.min_v", message, &help);
    }
    let ceiling = v.number("battery.max_v").filter(|top| *top <= highest);
    if let Some(ceiling) = ceiling {
        let message = format!("`battery.max_v` = {ceiling} leaves no way to charge");
        let help = format!("above the open-circuit voltage in the window, {highest} V");
        v.report("battery.max_v", message, &help);
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

fn regeneration(v: &mut Values) -> Option<()> {
    let none = v.number("brakes.regen_none_below_kmh")?;
    let full = v.number("brakes.regen_full_above_kmh")?;
    if none >= full {
        let message = format!(
            "`brakes.regen_none_below_kmh` = {none} is not below `regen_full_above_kmh` = {full}"
        );
        let help = "friction brakes alone up to the one, MG2's whole share from the other";
        v.report("brakes.regen_none_below_kmh", message, help);
    }
    Some(())
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

/// All speeds of the running engine lie in its range, which reaches down to firing.
fn engine_speeds(v: &mut Values) -> Option<()> {
    let rpm = v.list("engine.full_load.rpm")?;
    let (slowest, fastest) = (rpm[0], rpm[rpm.len() - 1]);
    let firing = v.number("engine.firing_rpm");
    if let Some(firing) = firing.filter(|firing| slowest > *firing) {
        let message =
            format!("full load begins at {slowest} rpm, the engine fires from {firing} rpm");
        v.report(
            "engine.full_load.rpm",
            message,
            "full load has to reach down to `engine.firing_rpm`",
        );
    }
    let low = firing.unwrap_or(slowest);
    let what = "from `engine.firing_rpm` to the last of `engine.full_load.rpm`";
    for path in ["engine.idle_rpm", "control.spin_rpm", "control.warm_up.rpm"] {
        within(v, path, (low, fastest), what);
    }
    let floor = v.list("control.speed_floor.rpm")?;
    if let Some(above) = floor.iter().find(|floor| **floor > fastest) {
        let message = format!("`control.speed_floor.rpm` asks for {above} rpm");
        let help = format!("the engine turns up to {fastest} rpm");
        v.report("control.speed_floor.rpm", message, &help);
    }
    Some(())
}

/// MG1 has to turn the engine at rest, its own rotor with it.
fn cranking(v: &mut Values) -> Option<()> {
    let (sun, ring) = (
        v.number("gearset.sun_teeth")?,
        v.number("gearset.ring_teeth")?,
    );
    if ring <= sun {
        return None;
    }
    let engine_rad_s2 = v.rpm("engine.crank_rpm_per_s")?;
    let at_carrier_nm =
        v.number("engine.break_away_nm")? + v.number("engine.inertia_kg_m2")? * engine_rad_s2;
    let rotor_nm = v.number("mg1.inertia_kg_m2")? * engine_rad_s2 * (sun + ring) / sun;
    let needed_nm =
        at_carrier_nm * sun / (sun + ring) / v.number("gearset.mesh_efficiency")? + rotor_nm;
    let torque_nm = v.number("mg1.max_torque_nm")?;
    if torque_nm < needed_nm {
        let message = format!(
            "`mg1.max_torque_nm` = {torque_nm} cannot crank the engine, which takes {needed_nm:.1} N·m"
        );
        let help =
            "more torque, or less of `engine.crank_rpm_per_s`, `break_away_nm` and the inertias";
        v.report("mg1.max_torque_nm", message, help);
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

fn temperatures(v: &mut Values) -> Option<()> {
    let order = [
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
    for (lower, upper, why) in order {
        if let Some((low, high)) = v
            .number(lower)
            .zip(v.number(upper))
            .filter(|(low, high)| low > high)
        {
            v.report(
                lower,
                format!("`{lower}` = {low} is above `{upper}` = {high}"),
                why,
            );
        }
    }
    Some(())
}

/// Speeds in rad/s over the range of the running engine.
fn running(full_load_nm: &Curve, firing_rad_s: f64) -> impl Iterator<Item = f64> {
    let last = full_load_nm.range().1;
    (0..=STEPS).map(move |step| firing_rad_s + (last - firing_rad_s) * step as f64 / STEPS as f64)
}

/// The formula has to describe an engine wherever it is used: losses that take power,
/// and an efficiency that stays one.
fn fuel_formula(v: &mut Values) -> Option<()> {
    let engine = vehicle::engine(v)?;
    let FuelMap::Willans {
        loss_nm: [l0, l1, l2],
        efficiency_per_krpm,
        reference_krpm,
        ..
    } = engine.fuel_map
    else {
        return None;
    };
    for speed in running(&engine.full_load_nm, engine.firing_rad_s) {
        let krpm = rpm_from_rad_s(speed) / 1000.0;
        let rpm = (krpm * 1000.0).round();
        let loss = l0 + l1 * krpm + l2 * krpm * krpm;
        if loss <= 0.0 {
            let message = format!("`engine.fuel_map.loss_nm` gives {loss:.1} N·m at {rpm} rpm");
            let help = "above 0 from `engine.firing_rpm` to the last of `engine.full_load.rpm`";
            v.report("engine.fuel_map.loss_nm", message, help);
            break;
        }
        let level = 1.0 + efficiency_per_krpm * (krpm - reference_krpm);
        if !(0.2..=3.0).contains(&level) {
            let path = "engine.fuel_map.efficiency_per_krpm";
            let message = format!("`{path}` multiplies the efficiency by {level:.2} at {rpm} rpm");
            v.report(path, message, "0.2 to 3 over the engine's range");
            break;
        }
    }
    Some(())
}

/// A table is continued outside its grid: it must still burn fuel there.
fn fuel_table(v: &mut Values) -> Option<()> {
    if !v.chosen(Form::FuelTable) {
        return None;
    }
    let engine = vehicle::engine(v)?;
    let FuelMap::Table(surface) = &engine.fuel_map else {
        return None;
    };
    for speed in running(&engine.full_load_nm, engine.firing_rad_s) {
        let torque = engine.full_load_nm.at(speed);
        let fuel_w = surface.at(speed, torque);
        if speed * torque > BEST_ENGINE * fuel_w {
            let rpm = rpm_from_rad_s(speed).round();
            let range = |(low, high): (f64, f64)| format!("{low:.0} to {high:.0}");
            let speeds = surface.x_range();
            let speeds = range((rpm_from_rad_s(speeds.0), rpm_from_rad_s(speeds.1)));
            let help = format!(
                "the table covers {speeds} rpm and {} N·m; it is continued in a straight line",
                range(surface.y_range())
            );
            let message =
                format!("the table gives no sensible fuel at {rpm} rpm and {torque:.0} N·m");
            v.report("engine.fuel_map.table", message, &help);
            break;
        }
    }
    Some(())
}

/// The best line needs power to be found on.
fn engine_power(v: &mut Values) -> Option<()> {
    let max_w = v.kilo("engine.max_power_kw")?;
    let full = v.curve(
        ("engine.full_load.rpm", rad_s_from_rpm),
        ("engine.full_load.torque_nm", |nm| nm),
    )?;
    let strongest = full
        .points()
        .map(|(speed, torque)| speed * torque)
        .fold(0.0, f64::max);
    if strongest < 0.9 * max_w {
        let message = format!(
            "`engine.max_power_kw` = {} is not reached: full load gives {:.1} kW",
            max_w / 1e3,
            strongest / 1e3
        );
        v.report(
            "engine.max_power_kw",
            message,
            "at most 10 % above the full-load curve",
        );
    }
    Some(())
}
