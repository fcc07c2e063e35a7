//! Values that fit their keys: kind and range checked, defaults filled in.
//!
//! A getter answers `None` where there is no valid value; then an issue says why, and
//! whatever needs the value leaves it at that. So one wrong figure hides no other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{Entry, Value, describe};
use super::layers::Layers;
use super::missing;
use super::powertrain::{self, Powertrain};
use super::schema::{self, Form, Key, Kind, Node, Preset, keys};
use super::tables::{self, Table};
use super::watched::{Reads, Watched};
use crate::issue::{Issue, Place};
use crate::map::{Curve, Surface};
use crate::units::rad_s_from_rpm;

/// The valid values of a vehicle, and the problems found so far.
#[derive(Clone)]
pub(super) struct Values {
    pub(super) layers: Layers,
    good: BTreeMap<String, Value>,
    watched: Watched,
    tables: BTreeMap<&'static str, Table>,
    /// The kind of car; none where it is not known.
    pub(super) powertrain: Option<Powertrain>,
    pub(super) issues: Vec<Issue>,
}

impl Values {
    /// Checks every value by itself, and that none is missing.
    pub(super) fn new(layers: Layers) -> Self {
        let mut values = Self {
            layers,
            good: BTreeMap::new(),
            watched: Watched::default(),
            tables: BTreeMap::new(),
            powertrain: None,
            issues: Vec::new(),
        };
        for (path, entry) in &values.layers.entries {
            match check(path, entry) {
                Ok(()) => {
                    values.good.insert(path.clone(), entry.value.clone());
                }
                Err(issue) => values.issues.push(issue),
            }
        }
        values.fill_in_powertrain();
        values.fill_in_defaults();
        if let Some(kind) = values.powertrain {
            let mut issues = powertrain::misplaced(&values, kind);
            if values.layers.complete {
                issues.extend(missing::find(&values));
            }
            values.issues.append(&mut issues);
        }
        values.read_tables();
        values
    }

    fn fill_in_defaults(&mut self) {
        for key in keys() {
            let preset = match key.default {
                Some(Preset::Number(number)) => Value::Number(number),
                Some(Preset::Text(text)) => Value::Text(text.to_owned()),
                Some(Preset::Nothing) | None => continue,
            };
            if self.applies(key) && !self.layers.entries.contains_key(key.path) {
                self.good.insert(key.path.to_owned(), preset);
            }
        }
    }

    /// The kind of car decides which keys apply: it is looked at before the defaults.
    fn fill_in_powertrain(&mut self) {
        let name = match self.layers.entries.get("powertrain") {
            Some(_) => self.text("powertrain"),
            None => Some(Powertrain::PowerSplit.name()),
        };
        let Some(name) = name.map(str::to_owned) else {
            return;
        };
        self.powertrain = Powertrain::find(&name);
        if self.powertrain.is_none() {
            let message = format!("unknown `powertrain` \"{name}\"");
            let help = "allowed: \"power-split\", \"conventional\"";
            self.report("powertrain", message, help);
        }
    }

    /// Reads the tables that the values name, once more where they have changed.
    pub(super) fn read_tables(&mut self) {
        self.tables.clear();
        let lhv_j_per_kg = self
            .number("engine.fuel.lhv_mj_per_kg")
            .map(|lhv| lhv * 1e6);
        for (path, kind) in [
            ("engine.fuel_map.table", tables::Kind::Fuel { lhv_j_per_kg }),
            ("mg1.loss.table", tables::Kind::Loss),
            ("mg2.loss.table", tables::Kind::Loss),
        ] {
            let Some(file) = self.text(path) else {
                continue;
            };
            match tables::read(file, kind) {
                Ok(table) => {
                    self.tables.insert(path, table);
                }
                Err(issues) => {
                    for issue in issues {
                        let issue = issue.key(path);
                        match (&issue.place, self.layers.entries.get(path)) {
                            (None, Some(Entry { place, .. })) => self
                                .issues
                                .push(issue.at(&place.source, place.span.clone())),
                            _ => self.issues.push(issue),
                        }
                    }
                }
            }
        }
    }

    /// Whether this form of a choice is in use.
    pub(super) fn chosen(&self, form: Form) -> bool {
        let mut entries = self.layers.entries.values();
        entries.any(|entry| entry.key.form == Some(form))
    }

    /// Whether this kind of car has the key, in the forms that are chosen.
    pub(super) fn applies(&self, key: &Key) -> bool {
        self.powertrain.is_none_or(|kind| kind.has(key.path))
            && key.form.is_none_or(|form| self.chosen(form))
    }

    /// Of the keys that a message names in backquotes, the one whose value was laid last:
    /// where figures do not fit each other, that is the one the user wrote.
    fn laid_last<'m>(&self, path: &'m str, message: &'m str) -> &'m str {
        let named = message.split('`').skip(1).step_by(2);
        let layer = |key: &str| {
            let entry = self.layers.entries.get(key)?;
            self.layers.rank(&entry.place.source)
        };
        named
            .chain([path])
            .filter(|key| layer(key).is_some())
            .max_by_key(|key| layer(key))
            .unwrap_or(path)
    }

    /// A problem with the value of a key, at its place.
    pub(super) fn report(&mut self, path: &str, message: String, help: &str) {
        let place = self.laid_last(path, &message).to_owned();
        let issue = Issue::new(message).key(&place).help(help);
        self.issues.push(match self.layers.entries.get(&place) {
            Some(Entry { place, .. }) => issue.at(&place.source, place.span.clone()),
            None => issue.at(&self.layers.main.source, 0..0),
        });
    }

    /// Any valid value, or the default.
    pub(super) fn value(&self, path: &str) -> Option<&Value> {
        debug_assert!(
            matches!(schema::find(path), Node::Key(_)),
            "no key `{path}`"
        );
        self.watched.note(path);
        self.good.get(path)
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        match self.value(path)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self, path: &str) -> Option<f64> {
        match self.value(path)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A key in kW or kJ as W or J.
    pub(super) fn kilo(&self, path: &str) -> Option<f64> {
        Some(self.number(path)? * 1e3)
    }

    /// A key in rpm (or rpm/s) as rad/s (or rad/s²).
    pub(super) fn rpm(&self, path: &str) -> Option<f64> {
        self.number(path).map(rad_s_from_rpm)
    }

    pub(super) fn list(&self, path: &str) -> Option<Vec<f64>> {
        match self.value(path)? {
            Value::List(items) => items.iter().map(|(item, _)| as_number(item)).collect(),
            _ => None,
        }
    }

    pub(super) fn grid(&self, path: &str) -> Option<Vec<Vec<f64>>> {
        let Value::List(rows) = self.value(path)? else {
            return None;
        };
        rows.iter()
            .map(|(row, _)| match row {
                Value::List(items) => items.iter().map(|(item, _)| as_number(item)).collect(),
                _ => None,
            })
            .collect()
    }

    /// Two lists as a curve, each list changed to SI.
    pub(super) fn curve(
        &self,
        (x, x_si): (&str, fn(f64) -> f64),
        (y, y_si): (&str, fn(f64) -> f64),
    ) -> Option<Curve> {
        let x = self.list(x)?.into_iter().map(x_si).collect();
        let y = self.list(y)?.into_iter().map(y_si).collect();
        Curve::new(x, y).ok()
    }

    /// The resistances in this key over temperature and state of charge.
    pub(super) fn resistance(&self, path: &str) -> Option<Surface> {
        let temperatures = self.list("battery.resistance.temperature_c")?;
        let socs = self.list("battery.resistance.soc")?;
        let rows = self.grid(path)?;
        if rows.iter().any(|row| row.len() != socs.len()) {
            return None;
        }
        Surface::new(temperatures, socs, rows.concat()).ok()
    }

    /// Gives a key of this vehicle another value. What is wrong with it is told, and the key
    /// then has no valid value.
    pub(super) fn change(&mut self, path: &str, value: &Value) -> Result<(), Issue> {
        if !self.layers.entries.contains_key(path)
            && let Node::Key(key) = schema::find(path)
        {
            // No file says it: it had its default.
            let entry = Entry {
                key,
                value: value.clone(),
                place: Place {
                    source: Arc::clone(&self.layers.main.source),
                    span: 0..0,
                },
                source: None,
            };
            self.layers.entries.insert(path.to_owned(), entry);
        }
        let Some(entry) = self.layers.entries.get_mut(path) else {
            return Ok(());
        };
        entry.value.clone_from(value);
        let checked = check(path, entry);
        match (&checked, self.good.get_mut(path)) {
            (Err(_), _) => {
                self.good.remove(path);
            }
            (Ok(()), Some(good)) => good.clone_from(value),
            (Ok(()), None) => {
                self.good.insert(path.to_owned(), value.clone());
            }
        }
        checked
    }

    /// Watches from now on which of these keys are read.
    pub(super) fn watch(&mut self, keys: &[String]) {
        self.watched = Watched::new(keys);
    }

    /// Runs `work` and says which watched keys it read.
    pub(super) fn reads<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> (T, Reads) {
        self.watched.forget();
        let done = work(self);
        (done, self.watched.seen())
    }

    /// The table that this key names.
    pub(super) fn table(&self, path: &str) -> Option<&Table> {
        self.tables.get(path)
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// Whether a value is what its key takes.
pub(super) fn check(path: &str, entry: &Entry) -> Result<(), Issue> {
    let Entry {
        key, value, place, ..
    } = entry;
    let wrong = |found: &Value, span: &std::ops::Range<usize>| {
        let message = format!(
            "`{path}` must be {}, found {}",
            noun(key.kind),
            describe(found)
        );
        Issue::new(message)
            .key(path)
            .help(format!("allowed: {}", key.kind.allowed()))
            .at(&place.source, span.clone())
    };
    let numbers = |items: &[(Value, std::ops::Range<usize>)], min, max| {
        items.iter().try_for_each(|(item, span)| match item {
            Value::Number(number) => in_range(path, *number, min, max)
                .map_err(|issue| issue.at(&place.source, span.clone())),
            other => Err(wrong(other, span)),
        })
    };
    match (key.kind, value) {
        (Kind::Number { min, max }, Value::Number(number)) => in_range(path, *number, min, max)
            .map_err(|issue| issue.at(&place.source, place.span.clone())),
        (Kind::Whole { min, max }, Value::Number(number)) => {
            if number.is_finite() && number.fract() != 0.0 {
                return Err(wrong(value, &place.span));
            }
            in_range(path, *number, min, max)
                .map_err(|issue| issue.at(&place.source, place.span.clone()))
        }
        (Kind::Text | Kind::File, Value::Text(text)) => {
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                let message = format!("`{path}` is empty or has control characters");
                let issue = Issue::new(message).key(path).help("one line of text");
                return Err(issue.at(&place.source, place.span.clone()));
            }
            Ok(())
        }
        (
            Kind::List {
                min,
                max,
                increasing,
                length,
            },
            Value::List(items),
        ) => {
            if length.is_some_and(|length| items.len() != length) || items.len() < 2 {
                return Err(wrong(value, &place.span));
            }
            numbers(items, min, max)?;
            let falls = items
                .windows(2)
                .find(|pair| increasing && as_number(&pair[1].0) <= as_number(&pair[0].0));
            match falls {
                Some([(before, _), (after, span)]) => {
                    let (before, after) = (describe(before), describe(after));
                    let message = format!("`{path}` must increase, but {after} follows {before}");
                    let issue = Issue::new(message)
                        .key(path)
                        .help(format!("allowed: {}", key.kind.allowed()));
                    Err(issue.at(&place.source, span.clone()))
                }
                _ => Ok(()),
            }
        }
        (Kind::Grid { min, max }, Value::List(rows)) => {
            if rows.len() < 2 {
                return Err(wrong(value, &place.span));
            }
            rows.iter().try_for_each(|(row, span)| match row {
                Value::List(items) => numbers(items, min, max),
                other => Err(wrong(other, span)),
            })
        }
        _ => Err(wrong(value, &place.span)),
    }
}

/// The kind, in the fewest words.
fn noun(kind: Kind) -> String {
    match kind {
        Kind::Number { .. } => "a number".to_owned(),
        Kind::Whole { .. } => "a whole number".to_owned(),
        Kind::Text => "a text".to_owned(),
        Kind::File => "the name of a file".to_owned(),
        Kind::List {
            length: Some(length),
            ..
        } => format!("a list of {length} numbers"),
        Kind::List { .. } => "a list of at least 2 numbers".to_owned(),
        Kind::Grid { .. } => "a list of at least 2 rows of numbers".to_owned(),
    }
}

fn in_range(path: &str, number: f64, min: f64, max: f64) -> Result<(), Issue> {
    if min <= number && number <= max {
        return Ok(());
    }
    let problem = if number.is_finite() {
        "is out of range"
    } else {
        "is not finite"
    };
    let issue = Issue::new(format!("`{path}` = {number} {problem}"));
    Err(issue.key(path).help(format!("allowed: {min} to {max}")))
}
