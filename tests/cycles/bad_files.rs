//! What is said about a cycle file that is wrong, and where.

use std::fs;
use std::path::Path;

use thsim::cycle::{CycleError, read_file, read_text, resolve};
use thsim::issue::{Issue, Source};

fn issues(text: &str) -> Vec<Issue> {
    match read_text("trip", &Source::new("trip.csv", text)) {
        Err(CycleError::Invalid { name, issues }) => {
            assert_eq!(name, "trip");
            issues
        }
        other => panic!("expected problems, got {other:?}"),
    }
}

/// Line and column, key, message and help of the only problem.
fn only(text: &str) -> ((usize, usize), String, String, String) {
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
fn pointed_at(text: &str) -> String {
    let place = issues(text)[0].place.clone().unwrap();
    place.source.text[place.span].to_owned()
}

#[track_caller]
fn says(text: &str, place: (usize, usize), key: &str, message: &str, help: &str) {
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
        says(text, (0, 0), "", "the file is empty", FORM);
    }
}

#[test]
fn a_file_of_comments_is_refused() {
    says(
        "# title: a\n# b\n",
        (0, 0),
        "",
        "the file has comments only",
        FORM,
    );
}

#[test]
fn a_binary_text_is_refused_without_quoting_it() {
    says(
        "time_s,speed_kmh\n0,\0\n",
        (0, 0),
        "",
        "the file is binary, not text",
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
fn a_single_row_is_too_few() {
    let message = "a cycle needs at least two rows, this file has 1";
    says("time_s,speed_kmh\n0,0\n", (3, 1), "", message, "");
    let message = "a cycle needs at least two rows, this file has 0";
    says("time_s,speed_kmh", (1, 17), "", message, "");
}

#[test]
fn a_short_row_is_refused_with_the_column_it_lacks() {
    let text = "time_s,speed_kmh,grade\n0,0,0\n\n1,5\n2,5,0\n";
    says(
        text,
        (4, 1),
        "grade",
        "this row has 2 cells, the header has 3",
        "",
    );
    assert_eq!(pointed_at(text), "1,5");
}

#[test]
fn a_long_row_is_refused_at_its_first_surplus_cell() {
    says(
        "time_s,speed_kmh\n0,0\n1,5,3\n",
        (3, 5),
        "",
        "this row has 3 cells, the header has 2",
        "decimals are written with a point",
    );
}

#[test]
fn a_comment_below_the_header_is_refused() {
    let message = "comment lines stand before the header only";
    says(
        "time_s,speed_kmh\n0,0\n# a, b, c\n1,5\n",
        (3, 1),
        "",
        message,
        "",
    );
}

#[test]
fn a_word_is_no_number() {
    let text = "time_s,speed_kmh\r\n0,0\r\n1, fast \r\n2,0\r\n";
    says(
        text,
        (3, 4),
        "speed_kmh",
        "`fast` is not a number",
        "allowed: 0 to 400 km/h",
    );
    assert_eq!(pointed_at(text), "fast");
}

#[test]
fn an_empty_cell_is_refused() {
    let help = "allowed: seconds, strictly increasing";
    says(
        "time_s,speed_kmh\n0,0\n ,5\n",
        (3, 1),
        "time_s",
        "`time_s` is empty",
        help,
    );
}

#[test]
fn nan_and_infinity_are_refused() {
    for word in ["NaN", "nan", "inf", "-inf", "infinity", "1e999"] {
        let message = format!("`{word}` is not a finite number");
        for (column, key) in [
            ("1,0,0,", "aux_w"),
            ("1,0,,", "grade"),
            ("1,,,", "speed_kmh"),
            (",,,", "time_s"),
        ] {
            let cells: Vec<_> = column.split(',').collect();
            let row: Vec<_> = ["1", "0", "0", "0"]
                .iter()
                .enumerate()
                .map(|(i, cell)| {
                    if i == cells.iter().filter(|c| !c.is_empty()).count() {
                        word
                    } else {
                        cell
                    }
                })
                .collect();
            let text = format!("time_s,speed_kmh,grade,aux_w\n0,0,0,0\n{}\n", row.join(","));
            let (place, found_key, found, _) = only(&text);
            assert_eq!((place.0, found_key.as_str(), &found), (3, key, &message));
        }
    }
}

#[test]
fn every_column_has_its_range() {
    for (column, cell, message, help) in [
        (
            "speed_kmh",
            "-1",
            "`speed_kmh` = -1 is out of range",
            "allowed: 0 to 400 km/h",
        ),
        (
            "speed_kmh",
            "400.1",
            "`speed_kmh` = 400.1 is out of range",
            "allowed: 0 to 400 km/h",
        ),
        (
            "speed_mph",
            "249",
            "`speed_mph` = 249 is out of range",
            "allowed: 0 to 400 km/h, which is 248.5 mph",
        ),
        (
            "speed_mps",
            "112",
            "`speed_mps` = 112 is out of range",
            "allowed: 0 to 400 km/h, which is 111.1 m/s",
        ),
    ] {
        let text = format!("time_s,{column}\n0,0\n1,{cell}\n");
        says(&text, (3, 3), column, message, help);
    }
    for (column, cell, help) in [
        (
            "grade",
            "0.51",
            "allowed: -0.5 to 0.5, rise over run: 0.05 is 5 %",
        ),
        (
            "grade",
            "-3",
            "allowed: -0.5 to 0.5, rise over run: 0.05 is 5 %",
        ),
        ("aux_w", "-1", "allowed: 0 to 20000 W"),
        ("aux_w", "20001", "allowed: 0 to 20000 W"),
    ] {
        let text = format!("time_s,speed_kmh,{column}\n0,0,0\n1,0,{cell}\n");
        let message = format!("`{column}` = {cell} is out of range");
        says(&text, (3, 5), column, &message, help);
    }
}

#[test]
fn time_that_stands_still_or_goes_back_is_refused_once() {
    let help = "every row must be later than the one before";
    let text = "time_s,speed_kmh\n0,0\n5,0\n5,1\n6,1\n";
    says(text, (4, 1), "time_s", "time `5` does not increase", help);
    let text = "time_s,speed_kmh\n0,0\n5,0\n1,1\n2,1\n";
    says(text, (4, 1), "time_s", "time `1` does not increase", help);
}

#[test]
fn instants_that_fall_together_when_counted_from_the_first_are_refused() {
    let text = "time_s,speed_kmh\n-1000000,0\n1e-12,0\n2e-12,1\n";
    assert_eq!(only(text).0, (4, 1));
}

#[test]
fn a_cycle_too_long_is_refused_once() {
    says(
        "time_s,speed_kmh\n5,0\n1000006,0\n1000007,0\n",
        (3, 1),
        "time_s",
        "the cycle is too long: `1000006` is over 1000000 s after its begin",
        "allowed: at most 1000000 s",
    );
}

#[test]
fn speed_columns_that_disagree_are_refused_at_the_second() {
    says(
        "time_s,speed_mph,speed_kmh\n0,0,0\n1,10,16.1\n2,10,16.12\n",
        (4, 3),
        "speed_mph",
        "`speed_mph` and `speed_kmh` are 0.0266 km/h apart",
        "they must agree within 0.01 km/h",
    );
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

#[test]
fn all_problems_of_a_file_are_found_at_once_in_its_order() {
    let issues = issues(
        "# phase: a, 5, 9\ntime_s,sped_kmh,speed_mph,grade\n0,0,x,0\n1,0,0,7\n1,0,0\n1,0,-1,0\n",
    );
    let shown: Vec<_> = issues.iter().map(ToString::to_string).collect();
    let expected = [
        "trip.csv:1:10: phase `a` lies outside the cycle",
        "trip.csv:2:8: unknown column `sped_kmh`",
        "trip.csv:3:5: `x` is not a number",
        "trip.csv:4:7: `grade` = 7 is out of range",
        "trip.csv:5:1: this row has 3 cells, the header has 4",
        "trip.csv:6:1: time `1` does not increase",
        "trip.csv:6:5: `speed_mph` = -1 is out of range",
    ];
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (shown, expected) in shown.iter().zip(expected) {
        assert!(shown.starts_with(expected), "{shown}");
    }
}

#[test]
fn a_long_list_of_problems_is_cut_and_counted() {
    let issues = issues(&format!("time_s,speed_kmh\n{}", "x,0\n".repeat(100)));
    assert_eq!(issues.len(), 21);
    assert_eq!(
        issues[19]
            .place
            .as_ref()
            .unwrap()
            .source
            .line_column(issues[19].place.as_ref().unwrap().span.start),
        (21, 1)
    );
    assert_eq!(issues[20].message, "and 80 more problems");
}

#[test]
fn a_long_wrong_cell_is_shown_shortened_and_without_control_characters() {
    let (_, _, message, _) = only(&format!(
        "time_s,speed_kmh\n0,0\n1,a\u{1b}{}\n",
        "b".repeat(99)
    ));
    assert_eq!(message, format!("`a {}…` is not a number", "b".repeat(30)));
}

#[test]
fn an_open_quote_is_reported_where_it_opens() {
    assert_eq!(
        issues("time_s,speed_kmh\n0,0\n1,\"5\n2,3\n")[0]
            .place
            .clone()
            .unwrap()
            .source
            .line_column(23),
        (3, 3)
    );
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
