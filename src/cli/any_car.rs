//! Cars of either kind: what `thsim run` drives.

use super::failure::Failure;
use super::shared::{Asked, Car, CarArgs, StartArgs, power_split};
use crate::config::{self, AnyVehicleFile, ConfigError, VehicleFile};
use crate::cycle::Cycle;
use crate::ledger::Paths;
use crate::results::{Balance, Context, InputHash, Provenance, Summary};
use crate::sim::{Trace, TraceRow};
use crate::study::{ConventionalOutcome, ConventionalQuestion, StartWith};
use crate::vehicle::{Conventional, ConventionalPlant};

/// Who decides in a conventional car.
const SHIFT_MAP: &str = "shift-map";

/// A conventional car ready to drive.
pub(super) struct ConventionalCar {
    file: VehicleFile<Conventional>,
    plant: ConventionalPlant,
}

/// A car of either kind.
pub(super) enum AnyCar {
    PowerSplit(Box<Car>),
    Conventional(Box<ConventionalCar>),
}

impl AnyCar {
    /// Name, as results carry it.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::PowerSplit(car) => &car.file.vehicle().name,
            Self::Conventional(car) => &car.file.vehicle().name,
        }
    }

    /// The vehicle file in full.
    pub(super) fn to_toml(&self) -> String {
        match self {
            Self::PowerSplit(car) => car.file.to_toml(),
            Self::Conventional(car) => car.file.to_toml(),
        }
    }

    /// Drives a cycle, with a trace where one is asked for.
    pub(super) fn drive(
        &self,
        cycle: &Cycle,
        asked: &Asked<'_>,
        trace: bool,
    ) -> Result<(Summary, Option<Trace>), Failure> {
        Ok(match self {
            Self::PowerSplit(car) => {
                let lhv_j_per_kg = car.file.vehicle().engine.fuel.lhv_j_per_kg;
                let trace = trace.then(|| Trace::new(lhv_j_per_kg, 0));
                let mut watched = (Paths::default(), trace);
                let outcome = car.drive(cycle, asked, &mut watched)?;
                let (paths, trace) = watched;
                (car.summary(cycle, asked, &outcome, &paths), trace)
            }
            Self::Conventional(car) => car.drive(cycle, asked, trace),
        })
    }
}

impl ConventionalCar {
    fn drive(&self, cycle: &Cycle, asked: &Asked<'_>, trace: bool) -> (Summary, Option<Trace>) {
        let lhv_j_per_kg = self.file.vehicle().engine.fuel.lhv_j_per_kg;
        let question = ConventionalQuestion {
            plant: &self.plant,
            cycle,
            repeat: asked.repeat.unwrap_or(1),
            step_s: asked.step_s,
            cold: matches!(asked.start, StartWith::Cold(_)),
        };
        let mut rows = Vec::new();
        let outcome = question.answer(|step| {
            if trace {
                rows.push(TraceRow::conventional(step, lhv_j_per_kg));
            }
        });
        let trace = trace.then(|| {
            rows.insert(0, TraceRow::conventional_start(&outcome.start));
            Trace::from_rows(lhv_j_per_kg, rows)
        });
        (self.summary(&question, asked, &outcome), trace)
    }

    fn summary(
        &self,
        question: &ConventionalQuestion<'_>,
        asked: &Asked<'_>,
        outcome: &ConventionalOutcome,
    ) -> Summary {
        let start = if question.cold { "cold" } else { "warm" };
        let provenance = Provenance {
            command: asked.command.to_owned(),
            input_hash: InputHash::new()
                .text("vehicle", &self.file.canonical())
                .cycle(question.cycle)
                .text("control", SHIFT_MAP)
                .text("start", start)
                .text("repeat", &question.repeat.to_string())
                .numbers("step_s", &[question.step_s])
                .finish(),
        };
        let vehicle = self.file.vehicle();
        let summary = Summary::new(
            &Context {
                vehicle: &vehicle.name,
                cycle: &question.cycle.name,
                control: SHIFT_MAP,
                repeat: question.repeat,
                step_s: question.step_s,
                fuel: &vehicle.engine.fuel,
                balance: Balance::NoBattery,
                fuel_j_per_battery_j: 0.0,
                provenance: &provenance,
            },
            &outcome.totals,
            &outcome.ledger,
            &outcome.paths,
        );
        Summary {
            fuel_j_per_battery_j: f64::NAN,
            ..summary
        }
    }
}

impl CarArgs {
    /// Loads all cars named, of either kind.
    pub(super) fn load_any(&self, start: &StartArgs) -> Result<Vec<AnyCar>, Failure> {
        let sets = self.all_sets(Some(start));
        self.vehicle
            .iter()
            .map(|name| match config::load_any(name, &sets)? {
                AnyVehicleFile::PowerSplit(file) => {
                    let car = power_split(*file, Some(start))?;
                    Ok(AnyCar::PowerSplit(Box::new(car)))
                }
                AnyVehicleFile::Conventional(file) => {
                    let name = &file.vehicle().name;
                    if start.soc.is_some() {
                        return Err(lacks_battery("--soc", name));
                    }
                    if start.balance {
                        return Err(lacks_battery("--balance", name));
                    }
                    let plant = ConventionalPlant::new(file.vehicle());
                    let file = *file;
                    Ok(AnyCar::Conventional(Box::new(ConventionalCar {
                        file,
                        plant,
                    })))
                }
            })
            .collect()
    }
}

fn lacks_battery(option: &str, name: &str) -> Failure {
    Failure::input(
        format!("`{option}` is about the charge of a battery, and `{name}` has none"),
        format!("leave `{option}` away, or take a power-split car"),
    )
}

/// Pictures show machines and battery: a conventional car has nothing to draw there.
#[cfg(feature = "plot")]
pub(super) fn refuse_pictures(name: &str) -> Failure {
    let missing = ConfigError::Conventional {
        name: name.to_owned(),
    };
    Failure::input(
        format!("no picture of this run: {missing}"),
        "pictures and reports are those of a power-split car; leave `--plots` away",
    )
}
