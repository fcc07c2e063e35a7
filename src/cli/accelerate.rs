//! `thsim accelerate`: what the car can do with the pedal on the floor.

use super::failure::Failure;
use super::shared::{Car, CarArgs, Format, StartArgs, soc};
use super::summary_table::{Align, number, table};
use super::{print, print_json};
use crate::study::{Acceleration, FULL_THROTTLE_STEP_S, FullThrottleQuestion, Sprint};
use crate::units::GRAVITY_M_PER_S2;
use rayon::prelude::*;
use serde::Serialize;
use std::fmt::Write as _;

/// 0 to 100 km/h, 80 to 120 km/h, top speed, grades, and ten full-throttle starts in a row
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim accelerate
  thsim accelerate --vehicle prius-2010-eu --soc 0.5
  thsim accelerate --set battery.max_discharge_kw=20 --format json")]
pub(super) struct Args {
    #[command(flatten)]
    car: CarArgs,
    /// State of charge each test starts from (0 to 1)
    #[arg(long, value_name = "SOC", default_value = "0.6", value_parser = soc, allow_negative_numbers = true)]
    soc: f64,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// The study for programs.
#[derive(Serialize)]
struct Report {
    vehicle: String,
    #[serde(flatten)]
    found: Acceleration,
}

impl Report {
    fn of(car: &Car, soc: f64) -> Self {
        let vehicle = car.file.vehicle();
        Self {
            vehicle: vehicle.name.clone(),
            found: FullThrottleQuestion {
                vehicle,
                plant: &car.plant,
                controller: &car.rules,
                soc,
                step_s: FULL_THROTTLE_STEP_S,
            }
            .answer(),
        }
    }

    fn sprints(&self) -> [(&'static str, Option<&Sprint>); 2] {
        [
            ("0 to 100 km/h", self.found.to_100.as_ref()),
            ("80 to 120 km/h", self.found.from_80_to_120.as_ref()),
        ]
    }

    /// For people.
    fn text(&self) -> String {
        let found = &self.found;
        let mut text = format!("{}, warm, {:.0} % SOC\n", self.vehicle, 100.0 * found.soc);
        let mut say = |line: String| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{line}");
        };
        for (name, sprint) in self.sprints() {
            say(match sprint {
                Some(sprint) => format!(
                    "{name}: {:.2} s, battery {:.1} kW in the first 10 s ({:.1} kW at most), {:.2} g at most",
                    sprint.time_s,
                    sprint.battery_mean_w / 1e3,
                    sprint.battery_max_w / 1e3,
                    sprint.peak_mps2 / GRAVITY_M_PER_S2,
                ),
                None => format!("{name}: not reached"),
            });
        }
        let top = &found.top_speed;
        say(format!(
            "top speed: {:.1} km/h, bound by {}; engine {:.1} kW, battery {:.1} kW",
            top.speed_kmh,
            top.bound.name(),
            top.engine_w / 1e3,
            top.battery_w / 1e3
        ));
        let percent =
            |grade: Option<f64>| grade.map_or("–".to_owned(), |grade| number(100.0 * grade, 1));
        let head = [
            ("steepest grade", Align::Left),
            ("sustained %", Align::Right),
            ("10 s with battery %", Align::Right),
        ];
        let rows = found.climbs.iter().map(|climb| {
            let name = if climb.speed_kmh > 0.0 {
                format!("at {:.0} km/h", climb.speed_kmh)
            } else {
                "start-off".to_owned()
            };
            vec![
                name,
                percent(climb.sustained_grade),
                percent(climb.short_grade),
            ]
        });
        text.push_str(&table(&head, rows.collect()));
        let head = [
            ("start", Align::Right),
            ("0–100 s", Align::Right),
            ("battery kW", Align::Right),
            ("then SOC %", Align::Right),
            ("°C", Align::Right),
            ("pulse kW", Align::Right),
            ("lasting kW", Align::Right),
        ];
        let rows = found.starts.iter().enumerate().map(|(index, start)| {
            vec![
                (index + 1).to_string(),
                start.time_s.map_or("–".to_owned(), |time| number(time, 2)),
                number(start.battery_mean_w / 1e3, 1),
                number(100.0 * start.soc, 1),
                number(start.battery_c, 1),
                number(start.discharge_limit_w / 1e3, 1),
                number(start.lasting_limit_w / 1e3, 1),
            ]
        });
        text.push_str(&table(&head, rows.collect()));
        text
    }

    /// One line a figure.
    fn csv(&self) -> String {
        let found = &self.found;
        let mut figures: Vec<(String, Option<f64>)> = Vec::new();
        for (name, sprint) in [
            ("to_100", &found.to_100),
            ("from_80_to_120", &found.from_80_to_120),
        ] {
            let mut say = |figure: &str, of: fn(&Sprint) -> f64| {
                figures.push((format!("{name}_{figure}"), sprint.as_ref().map(of)));
            };
            say("time_s", |sprint| sprint.time_s);
            say("battery_mean_w", |sprint| sprint.battery_mean_w);
            say("battery_max_w", |sprint| sprint.battery_max_w);
            say("peak_mps2", |sprint| sprint.peak_mps2);
        }
        figures.push(("top_speed_kmh".into(), Some(found.top_speed.speed_kmh)));
        for climb in &found.climbs {
            let name = format!("grade_at_{:.0}_kmh", climb.speed_kmh);
            figures.push((format!("{name}_sustained"), climb.sustained_grade));
            figures.push((format!("{name}_short"), climb.short_grade));
        }
        for (index, start) in found.starts.iter().enumerate() {
            let name = format!("start_{}", index + 1);
            figures.push((format!("{name}_time_s"), start.time_s));
            figures.push((format!("{name}_battery_mean_w"), Some(start.battery_mean_w)));
            figures.push((format!("{name}_soc"), Some(start.soc)));
            figures.push((format!("{name}_battery_c"), Some(start.battery_c)));
            for (limit, value_w) in [
                ("discharge", start.discharge_limit_w),
                ("lasting", start.lasting_limit_w),
            ] {
                figures.push((format!("{name}_{limit}_limit_w"), Some(value_w)));
            }
        }
        let mut text = String::new();
        for (name, value) in figures {
            let value = value.map_or(String::new(), |value| value.to_string());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{},{name},{value}", self.vehicle);
        }
        text
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let start = StartArgs {
        soc: Some(args.soc),
        balance: false,
        cold: None,
    };
    let cars = args.car.load(Some(&start))?;
    let reports: Vec<Report> = cars
        .par_iter()
        .map(|car| Report::of(car, args.soc))
        .collect();
    match args.format {
        Format::Json => print_json(&reports),
        Format::Csv => {
            let lines: String = reports.iter().map(Report::csv).collect();
            print(&("vehicle,figure,value\n".to_owned() + &lines))
        }
        Format::Table => {
            let texts: Vec<_> = reports.iter().map(Report::text).collect();
            print(&texts.join("\n"))
        }
    }
}
