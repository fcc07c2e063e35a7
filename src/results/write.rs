//! Files: a folder a run, each file written under a temporary name and renamed.

use super::place::check_place;
use super::summary::Summary;
use crate::sim::Trace;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Why a result could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {reason}", path.display())]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub reason: io::Error,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> WriteError + '_ {
    |reason| WriteError {
        path: path.to_owned(),
        reason,
    }
}

/// Folder name of a run: `<vehicle>-<cycle>`, made of letters, digits, `-`, `_` and `.`.
pub fn result_folder(vehicle: &str, cycle: &str) -> String {
    format!("{vehicle}-{cycle}")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// Writes a file whole or not at all: under a temporary name, then renamed. The temporary
/// name is this process's own, so that several may write into one folder.
///
/// # Errors
/// What the file system refuses; an earlier file of that name then still stands.
pub fn write_file(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), WriteError> {
    let (temporary, file) = create_beside(path).map_err(at(path))?;
    let mut writer = BufWriter::new(file);
    content(&mut writer)
        .and_then(|()| writer.flush())
        // On the disk before it has its name: a crash leaves the old file or the new one.
        .and_then(|()| writer.get_ref().sync_data())
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|reason| {
            // The first error is the one to tell; a leftover is only untidy.
            let _ = fs::remove_file(&temporary);
            WriteError {
                path: path.to_owned(),
                reason,
            }
        })
}

/// Ending of files that are being written, and of those that an interruption left behind.
pub const TEMPORARY: &str = ".tmp";

/// A new file beside `path`, under a name that nobody else has.
fn create_beside(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    let process = std::process::id();
    let mut number = 0_u32;
    loop {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{process}-{number}{TEMPORARY}"));
        let temporary = path.with_file_name(name);
        match fs::File::create_new(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            made => return made.map(|file| (temporary, file)),
        }
    }
}

/// Writes `summary.json`, `vehicle.toml` and `trace.csv` into `folder`; an earlier result
/// of that name is replaced whole, a folder of anything else is left alone.
///
/// # Errors
/// What the file system refuses, and what [`check_place`] does.
pub fn write_run(
    folder: &Path,
    summary: &Summary,
    trace: &Trace,
    vehicle_toml: &str,
) -> Result<(), WriteError> {
    // Asked again: time has passed since the run began.
    check_place(folder).map_err(|error| WriteError {
        path: folder.to_owned(),
        reason: io::Error::other(error),
    })?;
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    write_file(&folder.join("trace.csv"), |writer| {
        write_trace(writer, summary, trace)
    })?;
    write_file(&folder.join("vehicle.toml"), |writer| {
        writer.write_all(vehicle_toml.as_bytes())
    })?;
    // The summary last: a folder that has one is complete.
    write_file(&folder.join("summary.json"), |writer| {
        serde_json::to_writer_pretty(&mut *writer, summary)?;
        writer.write_all(b"\n")
    })
}

/// A cell: the shortest form that reads back to the same f64, empty where the car has no
/// such figure.
fn cell(number: f64) -> String {
    if number.is_nan() {
        String::new()
    } else {
        format!("{number}")
    }
}

/// Writes a trace as CSV, numbers in the shortest form that reads back to the same f64.
///
/// # Errors
/// What the writer refuses.
pub fn write_trace(writer: &mut dyn Write, summary: &Summary, trace: &Trace) -> io::Result<()> {
    writeln!(writer, "# thsim {} trace", summary.thsim_version)?;
    writeln!(writer, "# command: {}", summary.command)?;
    writeln!(writer, "# input: {}", summary.input_hash)?;
    writeln!(
        writer,
        "# units: s, km/h, rise over run, rpm, N.m, g/s, W, V, A, state of charge 0..1, degrees C"
    )?;
    writeln!(
        writer,
        "# speeds, soc, temperatures and engine_state at time_s; the rest are means over the step that ends there"
    )?;
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(COLUMNS)?;
    for row in &trace.rows {
        let numbers_before = [row.time_s, row.target_speed_kmh, row.speed_kmh, row.grade];
        let numbers_after = [
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
        ];
        for number in numbers_before {
            csv.write_field(cell(number))?;
        }
        csv.write_field(row.engine_state.name())?;
        csv.write_field(row.start_cause.map_or("", |cause| cause.name()))?;
        for number in numbers_after {
            csv.write_field(cell(number))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// Columns of a trace, in their order.
pub(super) const COLUMNS: [&str; 26] = [
    "time_s",
    "target_speed_kmh",
    "speed_kmh",
    "grade",
    "engine_state",
    "start_cause",
    "engine_rpm",
    "engine_torque_nm",
    "fuel_g_s",
    "mg1_rpm",
    "mg1_torque_nm",
    "mg1_electric_w",
    "mg2_rpm",
    "mg2_torque_nm",
    "mg2_electric_w",
    "converter_loss_w",
    "aux_w",
    "battery_w",
    "battery_v",
    "battery_a",
    "soc",
    "brake_w",
    "coolant_c",
    "battery_c",
    "wheel_w",
    "engine_w",
];
