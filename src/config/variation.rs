//! One vehicle file, many cars: keys that take one value after another.
//!
//! Reading a vehicle file takes a millisecond, a drive cycle a fifth of one. A sweep
//! therefore reads its file once. Every check and every component is watched for the keys
//! it reads; a change of keys runs only those that read one of them, and gives exactly the
//! car that the file would give with these values (`--set`).

use super::checks::{self, Check};
use super::document::{Document, Value, describe};
use super::schema::{self, Kind, Node};
use super::values::{self, Values};
use super::vehicle::{COMPONENTS, Rebuild};
use super::watched::Reads;
use super::{ConfigError, Layers, load};
use crate::issue::Issue;
use crate::vehicle::Vehicle;

/// Keys whose change means that a table of the vehicle has to be read again.
const TABLES: [&str; 4] = [
    "engine.fuel_map.table",
    "engine.fuel.lhv_mj_per_kg",
    "mg1.loss.table",
    "mg2.loss.table",
];

/// A value for a key: a number, a text, a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting(Value);

impl Setting {
    /// A number.
    pub fn number(number: f64) -> Self {
        Self(Value::Number(number))
    }

    /// Reads the value of a `key=value` as `--set` takes it.
    ///
    /// # Errors
    /// What is wrong with key or value, by itself.
    pub fn parse(argument: &str) -> Result<Self, Vec<Issue>> {
        let mut document = Document::read_set(argument);
        match document.entries.pop_first() {
            Some((path, entry)) if document.issues.is_empty() => {
                values::check(&path, &entry).map_err(|issue| vec![issue])?;
                Ok(Self(entry.value))
            }
            _ => Err(document.issues),
        }
    }

    /// The same with every number in it multiplied; texts stay.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        fn scaled(value: &Value, factor: f64) -> Value {
            match value {
                Value::Number(number) => Value::Number(number * factor),
                Value::List(items) => {
                    let items = items.iter();
                    let items = items.map(|(item, span)| (scaled(item, factor), span.clone()));
                    Value::List(items.collect())
                }
                other => other.clone(),
            }
        }
        Self(scaled(&self.0, factor))
    }

    /// The number, where it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.0 {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// In words, for messages.
    pub fn describe(&self) -> String {
        match &self.0 {
            Value::Text(text) => text.clone(),
            other => describe(other),
        }
    }
}

/// A check, the keys it read when last run, and what it then found.
#[derive(Clone)]
struct Checked {
    check: Check,
    reads: Reads,
    issues: Vec<Issue>,
}

/// A component, the keys it read when last built, and whether it could be built.
#[derive(Clone)]
struct Built {
    rebuild: Rebuild,
    reads: Reads,
    stands: bool,
}

/// A power-split car whose chosen keys take one value after another.
#[derive(Clone)]
pub struct Variation {
    values: Values,
    keys: Vec<String>,
    /// Which of them take whole numbers.
    whole: Vec<bool>,
    /// Last value of every key, and what is wrong with it by itself.
    current: Vec<(Option<Value>, Option<Issue>)>,
    reads_tables: Reads,
    tables_issues: Vec<Issue>,
    checks: Vec<Checked>,
    components: Vec<Built>,
    vehicle: Vehicle,
    canonical: String,
    changed: Reads,
}

impl Variation {
    /// Reads a vehicle as [`load`] does and lets these keys vary. `first` are values that the
    /// keys may have (a key of the other form of a choice drops the first form, as with
    /// `--set`); they need not fit each other yet.
    ///
    /// # Errors
    /// As [`load`], and what the keys lack in this vehicle.
    pub fn new(
        name_or_file: &str,
        sets: &[String],
        keys: &[String],
        first: &[String],
    ) -> Result<Self, ConfigError> {
        let file = load(name_or_file, sets)?;
        let canonical = file.canonical();
        let vehicle = file.vehicle;
        let mut all = sets.to_vec();
        all.extend(first.iter().cloned());
        let mut values = Values::new(Layers::read(name_or_file, &all)?);
        let mut issues = values.layers.issues.clone();
        issues.append(&mut values.issues);
        if !issues.is_empty() {
            return Err(ConfigError::Invalid {
                name: name_or_file.to_owned(),
                issues,
            });
        }
        values.watch(keys);
        let numbers = keys.iter().enumerate();
        let tables = numbers.filter(|(_, key)| TABLES.contains(&key.as_str()));
        let reads_tables = tables.fold(Reads::NONE, |all, (number, _)| all.and(Reads::of(number)));
        let checks = checks::all().map(|check| Checked {
            check,
            reads: Reads::NONE,
            issues: Vec::new(),
        });
        let components = COMPONENTS.into_iter().map(|rebuild| Built {
            rebuild,
            reads: Reads::NONE,
            stands: false,
        });
        let mut variation = Self {
            current: vec![(None, None); keys.len()],
            whole: keys.iter().map(|key| is_whole(key)).collect(),
            keys: keys.to_vec(),
            reads_tables,
            tables_issues: Vec::new(),
            checks: checks.collect(),
            components: components.collect(),
            vehicle,
            canonical,
            values,
            changed: Reads::NONE,
        };
        for checked in &mut variation.checks {
            checked.run(&mut variation.values);
        }
        for built in &mut variation.components {
            built.run(&mut variation.values, &mut variation.vehicle);
        }
        Ok(variation)
    }

    /// The value that a key has now; none where the car has no such figure.
    pub fn setting(&self, key: &str) -> Option<Setting> {
        match schema::find(key) {
            Node::Key(_) => self.values.value(key).cloned().map(Setting),
            _ => None,
        }
    }

    /// What the vehicle is without the keys that vary, for hashing.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// Gives the key of this number (in the order of [`Variation::new`]) a value.
    pub fn set(&mut self, number: usize, setting: &Setting) {
        let rounded;
        let value = match setting.0 {
            // Whole numbers that were sampled from a range are rounded.
            Value::Number(sampled) if self.whole[number] => {
                rounded = Value::Number(sampled.round());
                &rounded
            }
            _ => &setting.0,
        };
        let (current, issue) = &mut self.current[number];
        if current.as_ref() != Some(value) {
            *issue = self.values.change(&self.keys[number], value).err();
            *current = Some(value.clone());
            self.changed = self.changed.and(Reads::of(number));
        }
    }

    /// The car with the values that were set.
    ///
    /// # Errors
    /// Everything that does not fit, in words.
    pub fn vehicle(&mut self) -> Result<&Vehicle, String> {
        let changed = std::mem::replace(&mut self.changed, Reads::NONE);
        if self.reads_tables.overlaps(changed) {
            self.values.read_tables();
            self.tables_issues = std::mem::take(&mut self.values.issues);
        }
        for checked in &mut self.checks {
            if checked.reads.overlaps(changed) {
                checked.run(&mut self.values);
            }
        }
        for built in &mut self.components {
            if built.reads.overlaps(changed) || self.reads_tables.overlaps(changed) {
                built.run(&mut self.values, &mut self.vehicle);
            }
        }
        let by_themselves = self.current.iter().filter_map(|(_, issue)| issue.as_ref());
        let together = self.checks.iter().flat_map(|checked| &checked.issues);
        let issues: Vec<String> = by_themselves
            .chain(&self.tables_issues)
            .chain(together)
            .map(|issue| match &issue.help {
                Some(help) => format!("{} ({help})", issue.message),
                None => issue.message.clone(),
            })
            .collect();
        if !issues.is_empty() {
            return Err(issues.join("; "));
        }
        if self.components.iter().all(|component| component.stands) {
            Ok(&self.vehicle)
        } else {
            Err("the figures make no vehicle".to_owned())
        }
    }
}

fn is_whole(key: &str) -> bool {
    matches!(schema::find(key), Node::Key(key) if matches!(key.kind, Kind::Whole { .. }))
}

impl Checked {
    fn run(&mut self, values: &mut Values) {
        let (_, reads) = values.reads(self.check);
        self.reads = reads;
        self.issues = std::mem::take(&mut values.issues);
    }
}

impl Built {
    fn run(&mut self, values: &mut Values, vehicle: &mut Vehicle) {
        let (built, reads) = values.reads(|values| (self.rebuild)(values, vehicle));
        self.reads = reads;
        self.stands = built.is_some();
    }
}
