//! The battery: its tables, its window and what the control makes of it.

use super::super::values::Values;
use super::{ROUNDING, within};

/// Narrowest window of the state of charge: both ends fade the battery's power.
const NARROWEST_WINDOW: f64 = 0.05;
/// The target keeps away from the ends, where the battery's power fades.
const TARGET_MARGIN: f64 = 0.02;
/// Charging starts above the fade of the lower end and ends below "full".
const CHARGE_MARGINS: (f64, f64) = (0.02, 0.04);

pub(super) const CHECKS: [fn(&mut Values) -> Option<()>; 6] = [
    resistances,
    soc_window,
    soc_target,
    low_soc,
    soc_tables,
    voltages,
];

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
