//! What is said about a cycle file that cannot be read, or whose head is wrong, and where.

use std::fs;
use std::path::Path;

use thsim::cycle::{CycleError, read_file, read_text, resolve};
use thsim::issue::{Issue, Source};

pub(crate) fn issues(text: &str) -> Vec<Issue> {
    match read_text("trip", &Source::new("trip.csv", text)) {
        Err(CycleError::Invalid { name, issues }) => {
            assert_eq!(name, "trip");
            issues
        }
        other => panic!("expected problems, got {other:?}"),
    }
}

/// Line and column, key, message and help of the only problem.
pub(crate) fn only(text: &str) -> ((usize, usize), String, String, String) {
    let issues = issues(text);
    assert_eq!(issues.len(), 1, "{issues:#?}");
    let issue = issues[0].clone();
    let place = issue
        .place
        .map_or((0, 0), |place| place.source.line_column(place.span.start));
    (
        place,
        issue.key.unwrap_or_default(),
        issue.message,
        issue.help.unwrap_or_default(),
    )
}

/// The text that the only problem points at.
pub(crate) fn pointed_at(text: &str) -> String {
    let place = issues(text)[0].place.clone();
    let place = place.expect("the problem has a place");
    place.source.text[place.span].to_owned()
}

#[track_caller]
pub(crate) fn says(text: &str, place: (usize, usize), key: &str, message: &str, help: &str) {
    let found = only(text);
    assert_eq!(
        found,
        (place, key.to_owned(), message.to_owned(), help.to_owned())
    );
}

const FORM: &str = "a cycle file has a header like `time_s,speed_kmh` and a row for each sample";

#[test]
fn an_empty_file_is_refused() {
    for text in ["", "\n \r\n", "\u{feff}"] {
        says(text, (0, 0), "", "`trip.csv`: the file is empty", FORM);
    }
}

#[test]
fn a_file_of_comments_is_refused() {
    says(
        "# title: a\n# b\n",
        (0, 0),
        "",
        "`trip.csv`: the file has comments only",
        FORM,
    );
}

#[test]
fn a_binary_text_is_refused_without_quoting_it() {
    says(
        "time_s,speed_kmh\n0,\0\n",
        (0, 0),
        "",
        "`trip.csv`: the file is binary, not text",
        FORM,
    );
}

#[test]
fn a_missing_time_column_is_named() {
    says(
        "speed_kmh\n0\n1\n",
        (1, 1),
        "time_s",
        "column `time_s` is missing",
        FORM,
    );
}

#[test]
fn a_missing_speed_column_is_named_with_those_that_may_replace_it() {
    says(
        "# a\ntime_s,grade\n0,0\n1,0\n",
        (2, 1),
        "speed_kmh",
        "column `speed_kmh` is missing",
        "`speed_mph` or `speed_mps` may stand in its place",
    );
}

#[test]
fn an_unknown_column_gets_the_nearest_name() {
    let text = "time_s,speed_kmh, grad\n0,0,0\n1,1,0\n";
    says(
        text,
        (1, 19),
        "grad",
        "unknown column `grad`",
        "did you mean `grade`?",
    );
    assert_eq!(pointed_at(text), "grad");
}

#[test]
fn a_column_like_no_other_gets_the_list() {
    let (_, _, message, help) = only("time_s,speed_kmh,xyz\n0,0,0\n1,1,0\n");
    assert_eq!(message, "unknown column `xyz`");
    assert!(help.starts_with("allowed: `time_s`, `speed_kmh`"), "{help}");
}

#[test]
fn a_column_without_a_name_is_refused() {
    says(
        "time_s,speed_kmh,\n0,0,\n1,1,\n",
        (1, 18),
        "",
        "a column has no name",
        "is there a comma too many?",
    );
}

#[test]
fn a_column_given_twice_is_refused_at_the_second() {
    says(
        "time_s,speed_kmh,time_s\n0,0,0\n1,1,1\n",
        (1, 18),
        "time_s",
        "column `time_s` is given twice",
        "",
    );
}

#[test]
fn semicolons_are_recognised_as_the_wrong_separator() {
    let issues = issues("time_s;speed_kmh\n0;0\n1;1\n");
    assert_eq!(issues[0].message, "unknown column `time_s;speed_kmh`");
    let help = "columns are separated by commas, decimals by points";
    assert!(
        issues
            .iter()
            .any(|issue| issue.help.as_deref() == Some(help))
    );
}

#[test]
fn a_file_without_header_is_told_what_a_header_is() {
    let issues = issues("0,0\n1,1\n");
    assert_eq!(issues[0].help.as_deref(), Some(FORM));
}

#[test]
fn malformed_phases_are_refused() {
    let form = "a phase is `# phase: name, start_s, end_s`";
    for (phase, message) in [
        ("town", "malformed phase `town`"),
        ("town, 0", "malformed phase `town, 0`"),
        ("town, 0, 1, 2, 3", "malformed phase `town, 0, 1, 2, 3`"),
        (", 0, 1", "a phase has no name"),
        ("town, zero, 1", "`zero` is not a finite number of seconds"),
        ("town, 0, inf", "`inf` is not a finite number of seconds"),
        ("town, 1, 1", "phase `town` does not end after it starts"),
    ] {
        let text = format!("# title: a\n# phase: {phase}\ntime_s,speed_kmh\n0,0\n9,0\n");
        says(&text, (2, 10), "phase", message, form);
    }
    let text = "# phase: a, 0, 1\n# phase: a, 1, 2\ntime_s,speed_kmh\n0,0\n9,0\n";
    says(text, (2, 10), "phase", "phase `a` is given twice", form);
}

#[test]
fn a_phase_outside_the_rows_is_refused() {
    for phase in ["99, 105", "105, 111", "0, 5"] {
        let text = format!("# phase: a, {phase}\ntime_s,speed_kmh\n100,0\n110,0\n");
        let message = "phase `a` lies outside the cycle";
        says(
            &text,
            (1, 10),
            "phase",
            message,
            "the rows go from 100 s to 110 s",
        );
    }
}

#[track_caller]
fn unreadable(path: &Path) -> (String, Option<String>) {
    match read_file(path) {
        Err(error @ CycleError::Unreadable { .. }) => {
            let issue = error.issues().remove(0);
            assert_eq!(issue.message, error.to_string());
            (issue.message, issue.help)
        }
        other => panic!("expected an unreadable file, got {other:?}"),
    }
}

#[test]
fn a_phase_is_not_blamed_for_a_row_without_time() {
    let (place, _, message, _) = only("# phase: a, 0, 9\ntime_s,speed_kmh\n0,0\n5,0\n9;0\n");
    assert_eq!(place, (5, 1));
    assert_eq!(message, "this row has 1 cell, the header has 2");
}

#[test]
fn a_missing_file_is_named() {
    let (message, help) = unreadable(Path::new("no/such/trip.csv"));
    assert_eq!(message, "cannot read `no/such/trip.csv`: no such file");
    assert_eq!(help, None);
}

#[test]
fn a_missing_file_with_the_name_of_a_shipped_cycle_is_told_that_name() {
    let (_, help) = unreadable(Path::new("WLTP.csv"));
    assert_eq!(help.unwrap(), "the shipped cycle is called `wltc_class3b`");
}

#[test]
fn a_directory_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (message, _) = unreadable(folder.path());
    assert!(message.ends_with("it is a directory"), "{message}");
}

#[test]
fn a_file_that_is_not_utf8_is_refused_with_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, b"time_s,speed_kmh\n0,\xff\n").unwrap();
    let (message, _) = unreadable(&path);
    assert!(
        message.ends_with("it is not text in UTF-8 (byte 20)"),
        "{message}"
    );
}

#[test]
fn columns_are_counted_without_the_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "\u{feff}speed_kmh,time_s,gradee\n0,0,0\n1,1,0\n").unwrap();
    let issue = resolve(path.to_str().unwrap())
        .unwrap_err()
        .issues()
        .remove(0);
    assert!(
        issue.to_string().contains("a.csv:1:18: unknown column"),
        "{issue}"
    );
}
