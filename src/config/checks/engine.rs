//! The engine: its speeds, its start, and a fuel map that makes sense where it is used.

use super::super::schema::Form;
use super::super::values::Values;
use super::super::vehicle;
use super::within;
use crate::map::Curve;
use crate::units::{rad_s_from_rpm, rpm_from_rad_s};
use crate::vehicle::FuelMap;

/// No engine turns more of its fuel into work.
const BEST_ENGINE: f64 = 0.65;
const STEPS: usize = 40;

pub(super) const CHECKS: [fn(&mut Values) -> Option<()>; 5] = [
    engine_speeds,
    cranking,
    fuel_formula,
    fuel_table,
    engine_power,
];

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
    let what = if firing.is_some() {
        "from `engine.firing_rpm` to the last of `engine.full_load.rpm`"
    } else {
        "the range of `engine.full_load.rpm`"
    };
    for path in [
        "engine.idle_rpm",
        "engine.fuel_cut_rpm",
        "control.spin_rpm",
        "control.warm_up.rpm",
    ] {
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
