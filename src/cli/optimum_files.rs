//! What `thsim optimum --out` writes: the controllers beside the optimum over time, the least
//! cost to go, and their pictures.

use super::failure::Failure;
use super::optimum::Row;
use super::shared::Car;
#[cfg(feature = "plot")]
use crate::plot::{self, BestFigure, BestPlot, BestRun, CostMap};
use crate::results::{Provenance, VERSION, WriteError, check_place, write_file};
use crate::study::{Best, Optimum, Way};
use crate::units::kmh_from_mps;
use serde_json::{Value, json};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// How much more than the least cost counts as little.
const BAND_SHARE: f64 = 0.01;
/// Most times and charges of the table of costs to go.
const MOST_TIMES: usize = 200;
const MOST_SOCS: usize = 100;
/// Factors of ECMS that are tried for the picture, and how far from the one found.
#[cfg(feature = "plot")]
const FACTORS: usize = 25;
#[cfg(feature = "plot")]
const FACTOR_RATIO: f64 = 1.15;

/// What is written for one car.
pub(super) struct Compared<'a> {
    pub(super) car: &'a Car,
    pub(super) best: &'a Best<'a>,
    pub(super) optimum: &'a Optimum,
    pub(super) rows: &'a [Row],
    /// The runs of the rows.
    pub(super) ways: &'a [Way; 4],
    pub(super) provenance: &'a Provenance,
}

/// One control over the seconds of the cycle.
struct Course {
    control: &'static str,
    soc: Vec<f64>,
    fuel_g: Vec<f64>,
    regret_g: Vec<f64>,
    regret_percent: Vec<f64>,
}

/// All controls over the seconds of the cycle.
struct Courses {
    time_s: Vec<f64>,
    speed_kmh: Vec<f64>,
    band: Vec<(f64, f64)>,
    factor: Vec<f64>,
    each: Vec<Course>,
}

/// The least cost to go over time and charge, g; time by time.
struct ToGo {
    time_s: Vec<f64>,
    soc: Vec<f64>,
    fuel_g: Vec<Vec<f64>>,
}

impl Compared<'_> {
    /// Energy of a gram of fuel, J.
    fn j_per_g(&self) -> f64 {
        self.car.file.vehicle().engine.fuel.lhv_j_per_kg / 1e3
    }

    fn courses(&self) -> Courses {
        let (best, optimum) = (self.best, self.optimum);
        let own = &self.ways[3];
        let least_j = optimum.fuel_at_equal_charge_j();
        let points = best.at_seconds(own);
        let course = |(row, way): (&Row, &Way)| {
            let points = best.at_seconds(way);
            let lost_j = best.regret_j(optimum, way);
            Course {
                control: row.control,
                soc: points.iter().map(|it| it.state.soc).collect(),
                fuel_g: points.iter().map(|it| it.fuel_j / self.j_per_g()).collect(),
                regret_g: lost_j.iter().map(|it| it / self.j_per_g()).collect(),
                regret_percent: lost_j.iter().map(|it| 100.0 * it / least_j).collect(),
            }
        };
        Courses {
            time_s: points.iter().map(|it| it.time_s).collect(),
            speed_kmh: points
                .iter()
                .map(|it| kmh_from_mps(it.state.speed_mps))
                .collect(),
            band: best.band(optimum, own, BAND_SHARE),
            factor: best.factor_over_time(optimum, own),
            each: self.rows.iter().zip(self.ways).map(course).collect(),
        }
    }

    fn to_go(&self) -> ToGo {
        let (program, (low, high)) = (&self.optimum.policy.program, self.optimum.window);
        let seconds = &self.optimum.plan.seconds;
        let end_s = seconds
            .last()
            .map_or(0.0, |last| last.start_s + last.hold_s);
        let every = seconds.len().div_ceil(MOST_TIMES - 2).max(1);
        let mut holds: Vec<usize> = (0..seconds.len()).step_by(every).collect();
        holds.push(seconds.len());
        // From the lower edge of the window much leads out of it.
        let step = (high - low) / MOST_SOCS as f64;
        let socs = (1..=MOST_SOCS).map(|node| low + step * node as f64);
        let soc: Vec<f64> = socs.collect();
        let at = |hold: &usize| {
            let costs = soc.iter().map(|soc| program.least_cost_j(*hold, *soc));
            costs.map(|cost_j| cost_j / self.j_per_g()).collect()
        };
        ToGo {
            time_s: holds
                .iter()
                .map(|hold| seconds.get(*hold).map_or(end_s, |it| it.start_s))
                .collect(),
            fuel_g: holds.iter().map(at).collect(),
            soc,
        }
    }

    /// Writes all into a folder; with `pictures` also those.
    pub(super) fn write(&self, folder: &Path, pictures: bool) -> Result<(), Failure> {
        let refused = |reason: io::Error| WriteError {
            path: folder.to_owned(),
            reason,
        };
        // Asked again: time has passed since the search began.
        check_place(folder).map_err(|error| refused(io::Error::other(error)))?;
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(refused)?;
        }
        fs::create_dir_all(folder).map_err(refused)?;
        let (courses, to_go) = (self.courses(), self.to_go());
        write_file(&folder.join("trajectories.csv"), |writer| {
            self.head(writer, "trajectories", "s, km/h, state of charge 0..1, J of fuel per J of charge, g, percent of the optimum's fuel")?;
            courses.write(writer)
        })?;
        write_file(&folder.join("cost_to_go.csv"), |writer| {
            self.head(writer, "cost to go", "s, state of charge 0..1, g of fuel")?;
            to_go.write(writer)
        })?;
        write_file(&folder.join("vehicle.toml"), |writer| {
            writer.write_all(self.car.file.to_toml().as_bytes())
        })?;
        #[cfg(feature = "plot")]
        if pictures {
            self.draw(folder, courses, to_go)?;
        }
        #[cfg(not(feature = "plot"))]
        let _ = pictures;
        // Last: a folder that has it is complete.
        let rows: Result<Vec<Value>, _> = self.rows.iter().map(row).collect();
        let rows = rows.map_err(|error| Failure::failed(format!("cannot write: {error}")))?;
        let all = json!({
            "thsim_version": VERSION,
            "command": self.provenance.command,
            "input_hash": self.provenance.input_hash,
            "controls": rows,
        });
        write_file(&folder.join("optimum.json"), |writer| {
            serde_json::to_writer_pretty(&mut *writer, &all)?;
            writer.write_all(b"\n")
        })?;
        Ok(())
    }

    fn head(&self, writer: &mut dyn Write, what: &str, units: &str) -> io::Result<()> {
        writeln!(writer, "# thsim {VERSION} {what}")?;
        writeln!(writer, "# command: {}", self.provenance.command)?;
        writeln!(writer, "# input: {}", self.provenance.input_hash)?;
        writeln!(writer, "# units: {units}")
    }

    #[cfg(feature = "plot")]
    fn draw(&self, folder: &Path, courses: Courses, to_go: ToGo) -> Result<(), Failure> {
        let (ecms, optimal) = (&self.rows[2], &self.rows[3]);
        let regrets: Vec<String> = self.rows[..3]
            .iter()
            .map(|row| format!("{} {:+.1} %", row.control, row.regret_percent))
            .collect();
        let factors = self.best.factors_around(FACTOR_RATIO, FACTORS);
        let run = |course: Course| BestRun {
            control: course.control.to_owned(),
            soc: course.soc,
            fuel_g: course.fuel_g,
            regret_percent: course.regret_percent,
        };
        let plot = BestPlot {
            title: format!(
                "{} · {} · best possible control",
                optimal.vehicle, optimal.cycle
            ),
            subtitle: format!(
                "optimum {:.2} L/100 km at equal charge, known to {:.2} % · above it: {}",
                optimal.fuel_corrected_l_per_100km,
                optimal.discretisation_error_percent,
                regrets.join(", ")
            ),
            time_s: courses.time_s,
            speed_kmh: courses.speed_kmh,
            band: courses.band,
            band_percent: 100.0 * BAND_SHARE,
            runs: courses.each.into_iter().map(run).collect(),
            map: CostMap {
                time_s: to_go.time_s,
                soc: to_go.soc,
                fuel_g: to_go.fuel_g,
            },
            factors: factors.iter().map(|it| (it.factor, it.soc_end)).collect(),
            found: (ecms.equivalence_factor.unwrap_or(f64::NAN), ecms.soc_end),
            soc_start: ecms.soc_start,
        };
        for figure in BestFigure::ALL {
            for format in plot::Format::ALL {
                let file = folder.join(format!("{}.{}", figure.name(), format.extension()));
                plot::draw_best(figure, &plot, self.provenance, &file)?;
            }
        }
        Ok(())
    }
}

/// A row without the time that it took: the same input gives the same bytes.
fn row(row: &Row) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(row)?;
    if let Some(keys) = value.as_object_mut() {
        keys.shift_remove("wall_s");
    }
    Ok(value)
}

/// A cell: the shortest form that reads back to the same f64, empty where it is not known.
fn cell(number: f64) -> String {
    if number.is_finite() {
        format!("{number}")
    } else {
        String::new()
    }
}

impl Courses {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(writer);
        let head = [
            "time_s",
            "speed_kmh",
            "cost_band_low_soc",
            "cost_band_high_soc",
        ];
        let mut head: Vec<String> = head.map(str::to_owned).to_vec();
        head.push("optimal_equivalence_factor".to_owned());
        for course in &self.each {
            for column in ["soc", "fuel_g", "regret_g", "regret_percent"] {
                head.push(format!("{}_{column}", course.control));
            }
        }
        csv.write_record(&head)?;
        let at =
            |column: &[f64], second: usize| cell(column.get(second).copied().unwrap_or(f64::NAN));
        for second in 0..self.time_s.len() {
            let (low, high) = self
                .band
                .get(second)
                .copied()
                .unwrap_or((f64::NAN, f64::NAN));
            let mut cells = vec![
                at(&self.time_s, second),
                at(&self.speed_kmh, second),
                cell(low),
                cell(high),
                at(&self.factor, second),
            ];
            for course in &self.each {
                let columns = [
                    &course.soc,
                    &course.fuel_g,
                    &course.regret_g,
                    &course.regret_percent,
                ];
                cells.extend(columns.map(|column| at(column, second)));
            }
            csv.write_record(&cells)?;
        }
        csv.flush()
    }
}

impl ToGo {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(writer);
        csv.write_record(["time_s", "soc", "cost_to_go_g"])?;
        for (time_s, costs) in self.time_s.iter().zip(&self.fuel_g) {
            for (soc, fuel_g) in self.soc.iter().zip(costs) {
                csv.write_record([cell(*time_s), cell(*soc), cell(*fuel_g)])?;
            }
        }
        csv.flush()
    }
}
