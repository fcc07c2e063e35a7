//! The gearbox of a conventional car: gears in order, and shifts that do not undo
//! themselves.

use super::super::values::Values;

pub(super) const CHECKS: [fn(&mut Values) -> Option<()>; 4] =
    [falling_ratios, shift_lines, lockup, fastest_shift];

/// Two shift lines: at which load, and their keys.
const LINES: [(&str, &str, &str); 2] = [
    (
        "without load",
        "gearbox.shift.up_light_rpm",
        "gearbox.shift.down_light_rpm",
    ),
    (
        "at full load",
        "gearbox.shift.up_full_rpm",
        "gearbox.shift.down_full_rpm",
    ),
];

fn falling_ratios(v: &mut Values) -> Option<()> {
    let ratios = v.list("gearbox.ratios")?;
    let rise = ratios.windows(2).find(|pair| pair[1] >= pair[0])?;
    let message = format!(
        "`gearbox.ratios` must fall, but {} follows {}",
        rise[1], rise[0]
    );
    v.report("gearbox.ratios", message, "the first gear first");
    Some(())
}

/// After a shift up, the turbine must turn faster than the line down.
fn shift_lines(v: &mut Values) -> Option<()> {
    let ratios = v.list("gearbox.ratios")?;
    for (when, up, down) in LINES {
        let (up_rpm, down_rpm) = (v.number(up)?, v.number(down)?);
        let widest = ratios
            .windows(2)
            .map(|pair| pair[1] / pair[0])
            .fold(1.0, f64::min);
        let after_rpm = up_rpm * widest;
        if down_rpm >= after_rpm {
            let message = format!(
                "`{down}` = {down_rpm} undoes shifts up: after one at {up_rpm} rpm {when} the turbine turns at {after_rpm:.0} rpm"
            );
            let help = format!("below {after_rpm:.0}, or a higher `{up}`");
            v.report(down, message, &help);
        }
    }
    Some(())
}

fn lockup(v: &mut Values) -> Option<()> {
    let lock = v.number("gearbox.converter.lockup_rpm")?;
    let unlock = v.number("gearbox.converter.unlock_rpm")?;
    if unlock >= lock {
        let message =
            format!("`gearbox.converter.unlock_rpm` = {unlock} is not below `lockup_rpm` = {lock}");
        let help = "it locks at the one and opens at the other";
        v.report("gearbox.converter.unlock_rpm", message, help);
    }
    let idle = v.number("engine.idle_rpm")?;
    if unlock < idle {
        let message = format!(
            "`gearbox.converter.unlock_rpm` = {unlock} is below `engine.idle_rpm` = {idle}"
        );
        let help = "a locked engine would be turned slower than it can run";
        v.report("gearbox.converter.unlock_rpm", message, help);
    }
    Some(())
}

/// The engine does not turn faster than its range.
fn fastest_shift(v: &mut Values) -> Option<()> {
    let fastest = *v.list("engine.full_load.rpm")?.last()?;
    for path in ["gearbox.shift.up_light_rpm", "gearbox.shift.up_full_rpm"] {
        let rpm = v.number(path)?;
        if rpm > fastest {
            let message = format!("`{path}` = {rpm} is faster than the engine turns");
            let help = format!("at most the last of `engine.full_load.rpm`, {fastest}");
            v.report(path, message, &help);
        }
    }
    Some(())
}
