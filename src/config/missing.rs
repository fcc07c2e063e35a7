//! What a vehicle file does not say but has to.

use super::document::Entry;
use super::schema::{CHOICES, Key, is_below, keys};
use super::values::Values;
use crate::issue::Issue;

/// Names every key that is missing; a section at once where nothing of it is there.
pub(super) fn find(values: &Values) -> Vec<Issue> {
    let main = &values.layers.main;
    let entries = &values.layers.entries;
    // A misspelt key was reported already, with the one it was meant to be.
    let was_meant = |key: &Key| {
        let mut meant = main.meant.iter();
        meant.any(|meant| *meant == key.path || is_below(key.path, meant))
    };
    // Until one of two forms is taken back, neither has to be whole.
    let both_chosen = |key: &Key| {
        CHOICES.iter().any(|(_, one, other)| {
            [Some(*one), Some(*other)].contains(&key.form)
                && values.chosen(*one)
                && values.chosen(*other)
        })
    };
    let missing: Vec<&Key> = keys()
        .filter(|key| key.default.is_none() && values.applies(key))
        .filter(|key| !entries.contains_key(key.path) && !was_meant(key))
        .filter(|key| !both_chosen(key))
        .collect();

    let mut issues = Vec::new();
    let mut last_section = "";
    for key in &missing {
        let (section, _) = key.split();
        let is_there = section.is_empty()
            || main.sections.contains_key(section)
            || entries.keys().any(|path| is_below(path, section));
        if is_there {
            issues.push(missing_key(values, key));
        } else if section != last_section {
            let inside = missing.iter().filter(|key| key.split().0 == section);
            let names: Vec<_> = inside.map(|key| format!("`{}`", key.split().1)).collect();
            let issue = Issue::new(format!("section `{section}` is missing"));
            let help = format!("it needs {}", names.join(", "));
            issues.push(issue.key(section).help(help).at(&main.source, 0..0));
        }
        last_section = section;
    }

    for (what, one, other) in CHOICES {
        if values.powertrain.is_some_and(|kind| !kind.has_form(one)) {
            continue;
        }
        let forms = [Some(one), Some(other)];
        let mut keys_of_both = keys().filter(|key| forms.contains(&key.form));
        let section = keys_of_both.clone().next().map_or("", |key| key.split().0);
        if values.chosen(one) || values.chosen(other) || keys_of_both.any(was_meant) {
            continue;
        }
        let span = main.sections.get(section).cloned().unwrap_or(0..0);
        let help = format!("give {} or {}", one.spelt(), other.spelt());
        let issue = Issue::new(format!("the {what} is missing")).key(section);
        issues.push(issue.help(help).at(&main.source, span));
    }
    issues
}

fn missing_key(values: &Values, key: &Key) -> Issue {
    let issue = Issue::new(format!("`{}` is missing", key.path)).key(key.path);
    // Where a layer has chosen a form, the form's other keys belong beside it.
    let mut entries = values.layers.entries.values();
    let chooser = entries.find(|entry| key.form.is_some() && entry.key.form == key.form);
    if let Some(Entry {
        place, key: with, ..
    }) = chooser
    {
        let help = format!("it goes with `{}`: {}", with.path, key.doc);
        return issue.help(help).at(&place.source, place.span.clone());
    }
    let main = &values.layers.main;
    let mut sections: Vec<_> = main.sections.iter().collect();
    // The innermost section is the longest name.
    sections.sort_by_key(|(name, _)| name.len());
    let innermost = sections.iter().rfind(|(name, _)| is_below(key.path, name));
    let span = innermost.map_or(0..0, |(_, span)| (*span).clone());
    issue.help(key.doc).at(&main.source, span)
}
