//! Vehicle files: text to a checked [`Vehicle`] or [`Conventional`] car, and back.
//!
//! ```text
//! file, files it extends, --set  →  documents  →  layers  →  values  →  checks  →  Vehicle
//! ```
//! A vehicle file is TOML with the unit in every key ([`keys`] lists them) and the
//! source of each figure beside it, as the comment on its line or in
//! `{ value = 1.0, source = "…" }`. `extends` takes another vehicle and changes what the
//! file names; naming one form of a choice (road load, fuel map, loss of a machine)
//! drops the other form. `--set key=value` is laid on top.
//!
//! All problems of all layers are found at once, each with its place.
//!
//! ```
//! let sets = ["chassis.test_mass_kg=1600".to_owned()];
//! let file = thsim::config::load("levin-hybrid", &sets)?;
//! assert_eq!(file.vehicle().chassis.test_mass_kg, 1600.0);
//! # Ok::<(), thsim::config::ConfigError>(())
//! ```

mod checks;
mod document;
mod error;
mod keys;
mod layers;
mod missing;
mod powertrain;
mod print;
mod schema;
mod shipped;
mod tables;
mod values;
mod variation;
mod vehicle;
mod watched;

use std::sync::Arc;

use layers::Layers;
use powertrain::Powertrain;
use print::Listed;
use values::Values;

pub use error::ConfigError;
pub use schema::{Key, Kind, Preset, key, keys, meant};
pub use shipped::{located, shipped, shipped_map, shipped_maps};
pub use variation::{Setting, Variation};

use crate::issue::{Issue, Source};
use crate::vehicle::{Conventional, Vehicle};

/// How many problems are told before the rest is only counted.
const SHOWN_ISSUES: usize = 60;

/// A vehicle file after `extends` and `--set`, checked; of a power-split car where
/// nothing else is said.
#[derive(Debug, Clone)]
pub struct VehicleFile<V = Vehicle> {
    vehicle: V,
    entries: Vec<Listed>,
}

/// A vehicle file of either kind of car.
#[derive(Debug, Clone)]
pub enum AnyVehicleFile {
    /// `powertrain = "power-split"`.
    PowerSplit(Box<VehicleFile>),
    /// `powertrain = "conventional"`.
    Conventional(Box<VehicleFile<Conventional>>),
}

impl AnyVehicleFile {
    /// Name of the car, as results carry it.
    pub fn name(&self) -> &str {
        match self {
            Self::PowerSplit(file) => &file.vehicle.name,
            Self::Conventional(file) => &file.vehicle.name,
        }
    }

    /// The file in full, as [`VehicleFile::to_toml`].
    pub fn to_toml(&self) -> String {
        match self {
            Self::PowerSplit(file) => file.to_toml(),
            Self::Conventional(file) => file.to_toml(),
        }
    }
}

impl<V> VehicleFile<V> {
    /// The vehicle it describes.
    pub fn vehicle(&self) -> &V {
        &self.vehicle
    }

    /// The file in full: valid by itself, gives the same vehicle, and keeps the source
    /// of each figure from the layer the figure came from.
    pub fn to_toml(&self) -> String {
        print::full(&self.entries)
    }

    /// Sorted `key = value` lines of everything that results depend on, for hashing.
    pub fn canonical(&self) -> String {
        print::canonical(&self.entries)
    }

    /// Every key with its value in TOML and its source, defaults included, in the order
    /// of the file.
    pub fn entries(&self) -> impl Iterator<Item = (&str, String, Option<&str>)> {
        let entries = self.entries.iter();
        entries.map(|listed| {
            (
                listed.path.as_str(),
                listed.value(),
                listed.source.as_deref(),
            )
        })
    }

    /// The estimates among the figures: key, value and the range that the file gives it,
    /// as `[E] estimate 0.65..0.9, why`.
    pub fn estimates(&self) -> impl Iterator<Item = (&str, f64, (f64, f64))> {
        self.entries().filter_map(|(key, value, source)| {
            let (_, estimate) = source?.split_once("[E] estimate ")?;
            let range = estimate.split([',', ' ', ';']).next()?;
            let (low, high) = range.split_once("..")?;
            let range = (low.parse().ok()?, high.parse().ok()?);
            Some((key, value.parse().ok()?, range))
        })
    }
}

/// Loads a power-split car: a text with a path separator or ending in `.toml` is a file,
/// anything else a shipped name. Each of `sets` is a `key=value` laid on top.
///
/// # Errors
/// [`ConfigError`], with all problems of the file, of what it extends and of `sets`; or
/// what a car of another kind lacks.
pub fn load(name_or_file: &str, sets: &[String]) -> Result<VehicleFile, ConfigError> {
    match load_any(name_or_file, sets)? {
        AnyVehicleFile::PowerSplit(file) => Ok(*file),
        AnyVehicleFile::Conventional(file) => Err(ConfigError::Conventional {
            name: file.vehicle.name,
        }),
    }
}

/// Loads a car of either kind, as [`load`] does.
///
/// # Errors
/// [`ConfigError`], with all problems of the file, of what it extends and of `sets`.
pub fn load_any(name_or_file: &str, sets: &[String]) -> Result<AnyVehicleFile, ConfigError> {
    let layers = Layers::read(name_or_file, sets)?;
    let mut values = Values::new(layers);
    checks::check(&mut values);
    let mut issues = values.layers.issues.clone();
    issues.append(&mut values.issues);
    let entries = || list(&values);
    let found = match values.powertrain {
        Some(Powertrain::Conventional) => vehicle::conventional(&values).map(|vehicle| {
            let entries = entries();
            AnyVehicleFile::Conventional(Box::new(VehicleFile { vehicle, entries }))
        }),
        _ => vehicle::power_split(&values).map(|vehicle| {
            let entries = entries();
            AnyVehicleFile::PowerSplit(Box::new(VehicleFile { vehicle, entries }))
        }),
    };
    match found {
        Some(file) if issues.is_empty() => Ok(file),
        _ => Err(ConfigError::Invalid {
            name: name_or_file.to_owned(),
            issues: in_order(issues, &values.layers.sources),
        }),
    }
}

/// Every key that has a value, in the order of the file.
fn list(values: &Values) -> Vec<Listed> {
    let layers = &values.layers;
    let mut listed = Vec::new();
    let mut last_section = None;
    for key in keys() {
        let (section, _) = key.split();
        if last_section != Some(section) && !section.is_empty() {
            // Sources of a whole section stand at its head.
            let inside = layers.entries.iter().filter(|(path, entry)| {
                entry.key.path == "source" && schema::is_below(path, section)
            });
            listed.extend(inside.map(|(path, entry)| Listed {
                path: path.clone(),
                key: entry.key,
                value: entry.value.clone(),
                source: entry.source.clone(),
                digest: None,
            }));
        }
        last_section = Some(section);
        if let Some(value) = values.value(key.path) {
            let entry = layers.entries.get(key.path);
            listed.push(Listed {
                path: key.path.to_owned(),
                key,
                value: value.clone(),
                source: match entry {
                    Some(entry) => entry.source.clone(),
                    None => Some("default".to_owned()),
                },
                digest: values.table(key.path).map(|table| table.digest.clone()),
            });
        }
    }
    listed
}

/// The issues by text (the main file first) and place, cut where they get too many.
fn in_order(mut issues: Vec<Issue>, sources: &[Arc<Source>]) -> Vec<Issue> {
    issues.sort_by_key(|issue| {
        issue.place.as_ref().map_or((0, 0), |place| {
            let mut known = sources.iter();
            let source = known.position(|source| Arc::ptr_eq(source, &place.source));
            (source.unwrap_or(sources.len()), place.span.start)
        })
    });
    if issues.len() > SHOWN_ISSUES {
        let more = issues.len() - SHOWN_ISSUES;
        issues.truncate(SHOWN_ISSUES);
        issues.push(Issue::new(format!("and {more} more problems")));
    }
    issues
}
