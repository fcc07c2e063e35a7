//! The cycles that come with the program, and the names they answer to.
//!
//! The schedules are the files of `configs/cycles`, each with its regulation and
//! source in its first lines, read by the same reader as a user's file. Where the
//! regulation is piecewise linear, the rows are its breakpoints.

use super::{Cycle, CycleError, reader, route, scenario};
use crate::issue::{Source, nearest};

/// What a run without a cycle drives.
pub const DEFAULT_SET: [&str; 10] = [
    "udds",
    "hwfet",
    "us06",
    "sc03",
    "nycc",
    "la92",
    "nedc",
    "wltc_class3b",
    "cltc_p",
    "japan_10_15",
];

/// A name and the file of `configs/cycles` that bears it.
macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../configs/cycles/", $name, ".csv")))),*]
    };
}

const SCHEDULES: [(&str, &str); 24] = shipped![
    "artemis_motorway_130",
    "artemis_motorway_150",
    "artemis_urban",
    "cltc_p",
    "ece15",
    "eudc",
    "ftp75",
    "hwfet",
    "idc",
    "japan_10_15",
    "la92",
    "midc",
    "nedc",
    "nedc_automatic",
    "nycc",
    "real_chicago_commute",
    "real_chicago_urban",
    "sc03",
    "udds",
    "us06",
    "wltc_class1",
    "wltc_class2",
    "wltc_class3a",
    "wltc_class3b",
];

/// Other names in use, in folded form.
const ALIASES: [(&str, &str); 31] = [
    ("10_15", "japan_10_15"),
    ("1015", "japan_10_15"),
    ("japan1015", "japan_10_15"),
    ("jp_10_15", "japan_10_15"),
    ("artemis_motorway", "artemis_motorway_150"),
    ("artemis130", "artemis_motorway_130"),
    ("artemis150", "artemis_motorway_150"),
    ("cadc_motorway_130", "artemis_motorway_130"),
    ("cadc_motorway_150", "artemis_motorway_150"),
    ("cadc_urban", "artemis_urban"),
    ("cltc", "cltc_p"),
    ("cltcp", "cltc_p"),
    ("creep", "ev-creep"),
    ("ece_15", "ece15"),
    ("udc", "ece15"),
    ("ftp", "ftp75"),
    ("ftp_75", "ftp75"),
    ("ftp72", "udds"),
    ("ftp_72", "udds"),
    ("la4", "udds"),
    ("la_4", "udds"),
    ("hfet", "hwfet"),
    ("highway", "hwfet"),
    ("la_92", "la92"),
    ("ucds", "la92"),
    ("unified", "la92"),
    ("wltc", "wltc_class3b"),
    ("wltp", "wltc_class3b"),
    ("wltc_3b", "wltc_class3b"),
    ("wltc_class3", "wltc_class3b"),
    ("wltc_3a", "wltc_class3a"),
];

/// Known schedules without a copy that may be shipped. Without this list a look-alike
/// would be suggested: HUDDS, a cycle for lorries, is not UDDS.
const NOT_SHIPPED: [&str; 10] = [
    "braunschweig",
    "ccbc",
    "cltc_c",
    "hudds",
    "im240",
    "jc08",
    "manhattan",
    "orange_county",
    "rep05",
    "rts95",
];

/// The names of all shipped cycles: schedules in alphabetical order, then scenarios,
/// then routes.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    let schedules = SCHEDULES.iter().map(|(name, _)| *name);
    schedules.chain(scenario::NAMES).chain(route::NAMES)
}

/// The shipped cycle of that name or alias, whatever its case, `-` equal to `_`.
///
/// # Errors
/// [`CycleError::Unknown`] with the nearest name.
pub fn find(name: &str) -> Result<Cycle, CycleError> {
    let Some(canonical) = canonical(name) else {
        return Err(unknown(name));
    };
    if let Some(cycle) = scenario::find(canonical) {
        return Ok(cycle);
    }
    if let Some(cycle) = route::find(canonical)? {
        return Ok(cycle);
    }
    match SCHEDULES.iter().find(|(name, _)| *name == canonical) {
        Some((name, text)) => reader::read_text(name, &Source::new(*name, *text)),
        None => Err(unknown(name)),
    }
}

/// The exact name behind any accepted spelling.
pub(super) fn canonical(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    let alias = ALIASES.iter().find(|(alias, _)| *alias == folded);
    names()
        .find(|name| fold(name) == folded)
        .or(alias.map(|(_, name)| *name))
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase().replace('-', "_")
}

fn unknown(name: &str) -> CycleError {
    let folded = fold(name);
    let help = if NOT_SHIPPED.contains(&folded.as_str()) {
        "this schedule is not shipped: give it as a CSV file".to_owned()
    } else if let Some(near) = near(&folded) {
        format!("did you mean `{near}`?")
    } else {
        let known: Vec<_> = names().map(|name| format!("`{name}`")).collect();
        format!("allowed: {}, or a CSV file", known.join(", "))
    };
    CycleError::Unknown {
        name: name.to_owned(),
        help,
    }
}

/// The nearest name, or the name behind the nearest alias.
fn near(folded: &str) -> Option<&'static str> {
    let aliases = ALIASES.iter().map(|(alias, _)| *alias);
    nearest(folded, names().chain(aliases)).and_then(canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_list_is_found_and_is_its_own() {
        assert_eq!(names().count(), 31);
        for name in names() {
            let cycle = find(name).unwrap();
            assert_eq!(cycle.name, name);
            assert_ne!(cycle.title, name, "{name} has a title");
            assert_ne!(cycle.source, name, "{name} has a source");
        }
    }

    #[test]
    fn every_alias_leads_to_a_name_and_hides_none() {
        for (alias, name) in ALIASES {
            assert!(
                names().any(|known| known == name),
                "{alias} leads to {name}"
            );
            assert_eq!(fold(alias), alias);
            assert!(
                names().all(|known| fold(known) != alias),
                "{alias} is a name"
            );
            assert_eq!(canonical(alias), Some(name));
        }
    }

    #[test]
    fn the_default_set_is_shipped() {
        assert!(DEFAULT_SET.iter().all(|name| canonical(name) == Some(name)));
    }

    #[test]
    fn names_ignore_case_and_the_kind_of_dash() {
        assert_eq!(canonical("WLTC-Class3b"), Some("wltc_class3b"));
        assert_eq!(canonical("EV_creep"), Some("ev-creep"));
        assert_eq!(canonical("10-15"), Some("japan_10_15"));
        assert_eq!(canonical("Unified"), Some("la92"));
    }

    fn help_for(name: &str) -> String {
        let issues = find(name).unwrap_err().issues();
        assert_eq!(issues[0].message, format!("unknown cycle `{name}`"));
        issues[0].help.clone().unwrap()
    }

    #[test]
    fn a_typo_gets_the_nearest_name() {
        assert_eq!(help_for("uddss"), "did you mean `udds`?");
        assert_eq!(help_for("nedc_auto"), "did you mean `nedc_automatic`?");
        assert_eq!(help_for("unifed"), "did you mean `la92`?");
    }

    #[test]
    fn a_name_far_from_all_gets_the_list() {
        let help = help_for("qqqq");
        assert!(
            help.starts_with("allowed: `artemis_motorway_130`"),
            "{help}"
        );
        assert!(help.ends_with("`steady-130`, or a CSV file"), "{help}");
        assert!(help_for("").starts_with("allowed"));
    }

    #[test]
    fn a_schedule_that_is_not_shipped_is_not_taken_for_its_look_alike() {
        assert!(help_for("HUDDS").contains("not shipped"));
        assert!(NOT_SHIPPED.iter().all(|name| canonical(name).is_none()));
    }
}
