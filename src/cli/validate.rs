//! `thsim validate`: simulate every measured result that is known.

use super::control::Control;
use super::failure::Failure;
use super::shared::{
    Format, OutputArgs, make_places, progress, schedule, step_s, this_command, with_jobs,
};
use super::summary_table::{Align, table};
use super::validation_page::page;
use super::{print, print_csv, print_json};
use crate::config;
use crate::cycle::Cycle;
use crate::results::{InputHash, Provenance, VERSION, write_file};
use crate::study::validation::{
    Budget, Compared, MEAN_LIMIT_PERCENT, RoadLoadKnown, Row, Use, WORST_LIMIT_PERCENT, rows,
    simulated, tests,
};
use crate::vehicle::Vehicle;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Simulate every measured result that is known and print the errors
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim validate
  thsim validate --cycle jc08.csv       with the schedule of JC08, which is not shipped
  thsim validate --control ecms         what the tests would say of another control
  thsim validate --out docs             also the page validation.md with its picture

Exit code 1 where the error budget is broken: mean of 2 % and worst of 4 % over the tests
with a published road load, and every row's own tolerance. Measured cars were driven by their
own rules: with another control the budget is not asked for.")]
pub(super) struct Args {
    /// Schedule of procedures that ship none (JC08)
    #[arg(long, value_name = "FILE")]
    cycle: Option<String>,
    /// Change a key of every vehicle file; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Time step in s, 0.01 to 1
    #[arg(long, value_name = "S", default_value = "0.1", value_parser = step_s)]
    step: f64,
    /// Who drives; a control that plans does so leg by leg
    #[arg(long, value_enum, value_name = "CONTROL", default_value_t)]
    control: Control,
    /// Write validation.md and its picture into DIR
    #[arg(long, value_name = "DIR", conflicts_with = "control")]
    out: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Scale of a car's road load on the set of the 2010 Prius.
pub(super) struct Scale {
    pub(super) vehicle: String,
    pub(super) scale: f64,
}

/// Everything the page says.
pub(super) struct Found {
    pub(super) rows: Vec<Compared>,
    pub(super) budget: Budget,
    pub(super) scales: Vec<Scale>,
    pub(super) control: Control,
    pub(super) provenance: Provenance,
}

/// Compares all rows.
fn compare(args: &Args, table: Vec<Row>, schedule: Option<&Cycle>) -> Result<Found, Failure> {
    let mut hash = InputHash::new().numbers("step_s", &[args.step]);
    if args.control != Control::Rules {
        hash = hash.text("control", args.control.name());
    }
    let mut scales: Vec<Scale> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for row in &table {
        if seen.contains(&row.vehicle.as_str()) {
            continue;
        }
        seen.push(&row.vehicle);
        let file = config::load(&row.vehicle, &args.sets)?;
        hash = hash.text(&row.vehicle, &file.canonical());
        let mut of_car = table.iter().filter(|it| it.vehicle == row.vehicle);
        if of_car.any(|it| it.road_load == RoadLoadKnown::Scaled) {
            scales.push(Scale {
                vehicle: row.vehicle.clone(),
                scale: super::calibrate::scale(&file)?,
            });
        }
    }
    let bar = progress(args.output.quiet, tests(&table).len(), "tests");
    let car = |name: &str| -> Result<Vehicle, Failure> {
        Ok(config::load(name, &args.sets)?.vehicle().clone())
    };
    let figures = with_jobs(args.output.jobs, || {
        simulated(&table, car, schedule, args.step, args.control, &|| {
            bar.inc(1);
        })
    })?;
    bar.finish_and_clear();
    let rows: Vec<Compared> = table
        .into_iter()
        .zip(figures?)
        .map(|(row, simulated)| Compared { row, simulated })
        .collect();
    Ok(Found {
        budget: Budget::of(&rows),
        rows,
        scales,
        control: args.control,
        provenance: Provenance {
            command: this_command(),
            input_hash: hash.finish(),
        },
    })
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let schedule = schedule(args.cycle.as_deref())?;
    if let Some(out) = &args.out {
        make_places(out, [])?;
    }
    let found = compare(args, rows()?, schedule.as_ref())?;
    if let Some(out) = &args.out {
        write_page(out, &found)?;
    }
    match args.output.format {
        Format::Table => print(&as_text(&found)),
        Format::Json => print_json(&as_json(&found)),
        Format::Csv => {
            let lines: Vec<_> = found.rows.iter().map(line).collect();
            print_csv(&lines)
        }
    }?;
    if found.budget.holds() || found.control != Control::Rules {
        return Ok(());
    }
    let missed: Vec<String> = found
        .budget
        .broken
        .iter()
        .map(|&index| name(&found.rows[index].row))
        .collect();
    Err(Failure::failed(format!(
        "the error budget is broken: mean {:.1} % (limit {MEAN_LIMIT_PERCENT}), worst {:.1} % \
         (limit {WORST_LIMIT_PERCENT}), outside their tolerance: {}",
        found.budget.mean_percent,
        found.budget.worst_percent,
        if missed.is_empty() {
            "none".to_owned()
        } else {
            missed.join(", ")
        },
    )))
}

/// What a row is called.
pub(super) fn name(row: &Row) -> String {
    format!(
        "{} {} {}",
        row.vehicle,
        row.test,
        row.quantity.replace('_', " ")
    )
}

/// A measured figure or band with its unit.
pub(super) fn measured(row: &Row) -> String {
    let figures = if row.low < row.high {
        format!("{} to {}", row.low, row.high)
    } else {
        row.low.to_string()
    };
    format!("{figures} {}", row.unit)
}

/// A figure of the model with as many digits as the measured one deserves.
pub(super) fn simulated_text(compared: &Compared) -> String {
    let digits = match compared.row.unit.as_str() {
        "L/100km" => 2,
        "rpm" => 0,
        _ => 1,
    };
    compared
        .simulated
        .map_or_else(|| "–".to_owned(), |it| format!("{it:.digits$}"))
}

/// Deviation in percent.
pub(super) fn error_text(compared: &Compared) -> String {
    let error = compared.error_percent();
    error.map_or_else(|| "–".to_owned(), |it| format!("{it:+.1}"))
}

/// What a row is used for, in a word.
pub(super) fn used(row: &Row) -> &'static str {
    match row.used {
        Use::Fit => "fit",
        Use::Check => "check",
        Use::Report => "report",
    }
}

fn as_text(found: &Found) -> String {
    let head = [
        ("vehicle", Align::Left),
        ("test", Align::Left),
        ("quantity", Align::Left),
        ("measured", Align::Right),
        ("simulated", Align::Right),
        ("error %", Align::Right),
        ("band ±%", Align::Right),
        ("held to ±%", Align::Right),
        ("road load", Align::Left),
        ("use", Align::Left),
        ("", Align::Left),
    ];
    let rows = found.rows.iter().map(|compared| {
        let row = &compared.row;
        vec![
            row.vehicle.clone(),
            row.test.clone(),
            row.quantity.replace('_', " "),
            measured(row),
            simulated_text(compared),
            error_text(compared),
            format!("{:.1}", row.band_percent()),
            row.tolerance_percent.to_string(),
            road_load(row).to_owned(),
            used(row).to_owned(),
            if compared.breaks() { "outside" } else { "" }.to_owned(),
        ]
    });
    let budget = &found.budget;
    let scales: Vec<String> = found
        .scales
        .iter()
        .map(|it| format!("{} {:.3}", it.vehicle, it.scale))
        .collect();
    let control = match found.control {
        Control::Rules => String::new(),
        other => format!("driven by {}, not by the cars' own rules\n", other.name()),
    };
    format!(
        "{}\n{control}consumption with a published road load ({} rows): mean {:.1} %, worst {:.1} % (limits \
         {MEAN_LIMIT_PERCENT} and {WORST_LIMIT_PERCENT})\nimplied road load, times that of the \
         2010 Prius on 15 inch: {}\n",
        table(&head, rows.collect()),
        budget.count,
        budget.mean_percent,
        budget.worst_percent,
        scales.join(", "),
    )
}

/// What is known of a row's road load, in a word.
pub(super) fn road_load(row: &Row) -> &'static str {
    match row.road_load {
        RoadLoadKnown::Published => "published",
        RoadLoadKnown::Scaled => "implied",
        RoadLoadKnown::None => "",
    }
}

/// A row for programs.
fn line(compared: &Compared) -> serde_json::Value {
    let row = &compared.row;
    json!({
        "vehicle": row.vehicle, "test": row.test, "quantity": row.quantity,
        "measured_low": row.low, "measured_high": row.high, "unit": row.unit,
        "simulated": compared.simulated, "error_percent": compared.error_percent(),
        "band_percent": row.band_percent(), "tolerance_percent": row.tolerance_percent,
        "road_load": road_load(row), "use": used(row), "outside": compared.breaks(),
        "source": row.source, "note": row.note,
    })
}

fn as_json(found: &Found) -> serde_json::Value {
    let rows = found.rows.iter().map(line);
    let scales = found.scales.iter();
    json!({
        "rows": rows.collect::<Vec<_>>(),
        "published_rows": found.budget.count,
        "mean_error_percent": found.budget.mean_percent,
        "worst_error_percent": found.budget.worst_percent,
        "holds": found.budget.holds(),
        "control": found.control.name(),
        "implied_road_load": scales.map(|it| (it.vehicle.clone(), it.scale.into()))
            .collect::<serde_json::Map<String, serde_json::Value>>(),
        "thsim_version": VERSION,
        "command": found.provenance.command,
        "input_hash": found.provenance.input_hash,
    })
}

/// Writes the page and its picture.
fn write_page(out: &Path, found: &Found) -> Result<(), Failure> {
    write_file(&out.join("validation.md"), |writer| {
        writer.write_all(page(found).as_bytes())
    })?;
    #[cfg(feature = "plot")]
    for format in crate::plot::Format::ALL {
        let file = out.join(format!("validation.{}", format.extension()));
        crate::plot::draw_validation(&picture(found), &found.provenance, &file)?;
    }
    Ok(())
}

/// The picture's points.
#[cfg(feature = "plot")]
fn picture(found: &Found) -> crate::plot::ValidationPlot {
    use crate::plot::{Standing, ValidationPlot, ValidationPoint};
    let points = found.rows.iter().filter_map(|compared| {
        let row = &compared.row;
        let simulated = compared.simulated?;
        let ends = (row.consumption(row.low), row.consumption(row.high));
        let band = match ends {
            (Some(a), Some(b)) => Some((a.min(b), a.max(b))),
            _ => None,
        };
        Some(ValidationPoint {
            name: name(row),
            standing: match (row.used, row.road_load) {
                (Use::Report, _) => Standing::Reported,
                (_, RoadLoadKnown::Published) => Standing::Published,
                (_, RoadLoadKnown::Scaled) => Standing::Scaled,
                (_, RoadLoadKnown::None) => Standing::Other,
            },
            l_per_100km: band.zip(row.consumption(simulated)),
            error_percent: row.error_percent(simulated),
            band_percent: row.band_percent(),
            tolerance_percent: row.tolerance_percent,
        })
    });
    ValidationPlot {
        subtitle: format!(
            "consumption with a published road load, {} tests: mean {:.1} %, worst {:.1} %",
            found.budget.count, found.budget.mean_percent, found.budget.worst_percent
        ),
        points: points.collect(),
    }
}
