//! What is said about rows of a cycle file that are wrong, and where.

use crate::bad_files::{issues, only, pointed_at, says};

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
fn nan_and_infinity_are_refused_in_every_column() {
    let columns = ["time_s", "speed_kmh", "grade", "aux_w"];
    for word in ["NaN", "nan", "inf", "-inf", "infinity", "1e999"] {
        for (i, column) in columns.into_iter().enumerate() {
            let mut cells = ["1", "0", "0", "0"];
            cells[i] = word;
            let text = format!("{}\n0,0,0,0\n{}\n", columns.join(","), cells.join(","));
            let (place, key, message, _) = only(&text);
            assert_eq!((place, key.as_str()), ((3, 1 + 2 * i), column));
            assert_eq!(message, format!("`{word}` is not a finite number"));
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
fn all_problems_of_a_file_are_found_at_once_in_its_order() {
    let issues = issues(
        "# phase: a, 5, 4\ntime_s,sped_kmh,speed_mph,grade\n0,0,x,0\n1,0,0,7\n1,0,0\n1,0,-1,0\n",
    );
    let shown: Vec<_> = issues.iter().map(ToString::to_string).collect();
    let expected = [
        "trip.csv:1:10: phase `a` does not end after it starts",
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
    assert!(issues[19].to_string().starts_with("trip.csv:21:1: `x`"));
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
fn an_open_quote_is_reported_in_its_row() {
    let (place, key, message, _) = only("time_s,speed_kmh\n0,0\n1,\"5\n2,3\n");
    assert_eq!((place, key.as_str()), ((3, 3), "speed_kmh"));
    assert_eq!(message, "`5 2,3` is not a number");
}
