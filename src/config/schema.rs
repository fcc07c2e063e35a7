//! What a vehicle file may say: the form of a key, and where keys belong.
//!
//! The list itself is in `keys`. Everything that knows keys (reading, checking,
//! printing, suggestions, documentation) asks here.

use super::keys::KEYS;
use crate::issue::nearest;

/// What values a key takes. Bounds are inclusive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number, integer or float.
    Number {
        /// Smallest allowed.
        min: f64,
        /// Largest allowed.
        max: f64,
    },
    /// A number without fraction.
    Whole {
        /// Smallest allowed.
        min: f64,
        /// Largest allowed.
        max: f64,
    },
    /// A text.
    Text,
    /// A CSV file, relative to the file that says it.
    File,
    /// A list of numbers.
    List {
        /// Smallest allowed.
        min: f64,
        /// Largest allowed.
        max: f64,
        /// Each has to lie above the one before.
        increasing: bool,
        /// How many, where the number is fixed; at least two otherwise.
        length: Option<usize>,
    },
    /// A list of rows of numbers.
    Grid {
        /// Smallest allowed.
        min: f64,
        /// Largest allowed.
        max: f64,
    },
}

impl Kind {
    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self {
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Self::Text => "a text".to_owned(),
            Self::File => "the name of a CSV file".to_owned(),
            Self::List {
                min,
                max,
                increasing,
                length,
            } => {
                let count = length.map_or_else(String::new, |length| format!("{length} "));
                let order = if *increasing { ", increasing" } else { "" };
                format!("a list of {count}numbers from {min} to {max}{order}")
            }
            Self::Grid { min, max } => {
                format!("a list of rows, each a list of numbers from {min} to {max}")
            }
        }
    }
}

/// What a key is where no file says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Preset {
    /// This number.
    Number(f64),
    /// This text.
    Text(&'static str),
    /// It may be absent.
    Nothing,
}

/// One of two ways to describe a component. A key that belongs to a form is needed
/// only where that form is chosen, and naming it drops the other form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    CoastDown,
    DragCoefficients,
    FuelFormula,
    FuelTable,
    Mg1Formula,
    Mg1Table,
    Mg2Formula,
    Mg2Table,
}

/// The choices: what they are about, and their two forms.
pub(super) const CHOICES: [(&str, Form, Form); 4] = [
    ("road load", Form::CoastDown, Form::DragCoefficients),
    ("fuel map", Form::FuelFormula, Form::FuelTable),
    ("loss of MG1", Form::Mg1Formula, Form::Mg1Table),
    ("loss of MG2", Form::Mg2Formula, Form::Mg2Table),
];

impl Form {
    /// How a user names this form.
    pub(super) fn spelt(self) -> &'static str {
        match self {
            Self::CoastDown => "`chassis.road_load`",
            Self::DragCoefficients => "`chassis.cd`, `frontal_area_m2` and `crr`",
            Self::FuelFormula => "`engine.fuel_map.peak_efficiency` and its shape",
            Self::FuelTable => "`engine.fuel_map.table`",
            Self::Mg1Formula => "`mg1.loss.constant_w` and the other coefficients",
            Self::Mg1Table => "`mg1.loss.table`",
            Self::Mg2Formula => "`mg2.loss.constant_w` and the other coefficients",
            Self::Mg2Table => "`mg2.loss.table`",
        }
    }
}

/// A key of the vehicle file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// Full name, sections included: `chassis.test_mass_kg`.
    pub path: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What holds where it is not given; none where it must be.
    pub default: Option<Preset>,
    /// Where the published figures leave it open: the range calibration may move it in.
    pub estimate: Option<(f64, f64)>,
    pub(super) form: Option<Form>,
}

impl Key {
    const fn new(path: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            path,
            doc,
            kind,
            default: None,
            estimate: None,
            form: None,
        }
    }

    pub(super) const fn number(path: &'static str, min: f64, max: f64, doc: &'static str) -> Self {
        Self::new(path, Kind::Number { min, max }, doc)
    }

    pub(super) const fn whole(path: &'static str, min: f64, max: f64, doc: &'static str) -> Self {
        Self::new(path, Kind::Whole { min, max }, doc)
    }

    pub(super) const fn text(path: &'static str, doc: &'static str) -> Self {
        Self::new(path, Kind::Text, doc)
    }

    pub(super) const fn file(path: &'static str, doc: &'static str) -> Self {
        Self::new(path, Kind::File, doc)
    }

    pub(super) const fn list(path: &'static str, min: f64, max: f64, doc: &'static str) -> Self {
        let kind = Kind::List {
            min,
            max,
            increasing: false,
            length: None,
        };
        Self::new(path, kind, doc)
    }

    pub(super) const fn axis(path: &'static str, min: f64, max: f64, doc: &'static str) -> Self {
        let kind = Kind::List {
            min,
            max,
            increasing: true,
            length: None,
        };
        Self::new(path, kind, doc)
    }

    pub(super) const fn triple(path: &'static str, min: f64, max: f64, doc: &'static str) -> Self {
        let kind = Kind::List {
            min,
            max,
            increasing: false,
            length: Some(3),
        };
        Self::new(path, kind, doc)
    }

    pub(super) const fn grid(path: &'static str, min: f64, max: f64, doc: &'static str) -> Self {
        Self::new(path, Kind::Grid { min, max }, doc)
    }

    pub(super) const fn or(mut self, default: Preset) -> Self {
        self.default = Some(default);
        self
    }

    pub(super) const fn estimate(mut self, low: f64, high: f64) -> Self {
        self.estimate = Some((low, high));
        self
    }

    pub(super) const fn of(mut self, form: Form) -> Self {
        self.form = Some(form);
        self
    }

    /// Section and name in it; the section is empty for keys at the top of the file.
    pub fn split(&self) -> (&'static str, &'static str) {
        self.path.split_once('.').unwrap_or(("", self.path))
    }
}

/// Every section may say in one text where its figures come from.
const SECTION_SOURCE: Key =
    Key::text("source", "where the figures of this section come from").or(Preset::Nothing);

/// All keys, in the order of a vehicle file.
pub fn keys() -> impl Iterator<Item = &'static Key> + Clone {
    KEYS.iter()
}

/// The key of that name.
pub fn key(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// What a path stands for.
pub(super) enum Node {
    Key(&'static Key),
    Section,
    Unknown,
}

/// Looks a path up.
pub(super) fn find(path: &str) -> Node {
    if let Some(key) = key(path) {
        return Node::Key(key);
    }
    if is_section(path) {
        return Node::Section;
    }
    match path.rsplit_once('.') {
        Some((section, "source")) if is_section(section) => Node::Key(&SECTION_SOURCE),
        _ => Node::Unknown,
    }
}

fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| is_below(key.path, path))
}

/// Whether `path` is a key or section inside `section`.
pub(super) fn is_below(path: &str, section: &str) -> bool {
    path.strip_prefix(section)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// Full names of all keys and sections directly inside `section`, each once.
pub(super) fn children(section: &str) -> Vec<&'static str> {
    let skip = if section.is_empty() {
        0
    } else {
        section.len() + 1
    };
    let mut children: Vec<&'static str> = KEYS
        .iter()
        .filter(|key| section.is_empty() || is_below(key.path, section))
        .map(|key| match key.path[skip..].find('.') {
            Some(end) => &key.path[..skip + end],
            None => key.path,
        })
        .collect();
    children.dedup();
    children
}

/// What a user who wrote `path` most likely meant: a neighbour spelt alike, the same
/// name in another section, or anything spelt alike.
pub fn meant(path: &str) -> Option<&'static str> {
    let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
    let last = |path: &'static str| path.rsplit_once('.').map_or(path, |(_, name)| name);
    let siblings = children(section);
    let near = nearest(name, siblings.iter().map(|path| last(path)));
    near.and_then(|near| siblings.iter().copied().find(|path| last(path) == near))
        .or_else(|| {
            let mut elsewhere = KEYS.iter().map(|key| key.path);
            elsewhere.rfind(|path| last(path) == name)
        })
        .or_else(|| {
            let everything = KEYS.iter().map(|key| key.path);
            siblings.is_empty().then(|| nearest(path, everything))?
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_listed_twice_and_every_section_is_in_one_place() {
        let mut paths: Vec<_> = keys().map(|key| key.path).collect();
        let mut sections: Vec<_> = keys().map(|key| key.split().0).collect();
        let count = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), count);
        sections.dedup();
        let runs = sections.len();
        sections.sort_unstable();
        sections.dedup();
        assert_eq!(sections.len(), runs);
    }

    #[test]
    fn every_estimate_and_default_lies_in_the_allowed_range() {
        for key in keys() {
            let (Kind::Number { min, max } | Kind::Whole { min, max }) = key.kind else {
                assert!(key.estimate.is_none(), "{}", key.path);
                continue;
            };
            if let Some((low, high)) = key.estimate {
                assert!(min <= low && low < high && high <= max, "{}", key.path);
            }
            if let Some(Preset::Number(value)) = key.default {
                assert!(min <= value && value <= max, "{}", key.path);
            }
        }
    }

    #[test]
    fn suggests_a_neighbour_then_another_section() {
        assert_eq!(meant("chassis.test_mas_kg"), Some("chassis.test_mass_kg"));
        assert_eq!(meant("chasis"), Some("chassis"));
        assert_eq!(
            meant("battery.tyre_radius_m"),
            Some("chassis.tyre_radius_m")
        );
        assert_eq!(meant("zzz"), None);
    }
}
