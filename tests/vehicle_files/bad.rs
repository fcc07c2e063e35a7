//! What is wrong: each mistake is told with its line, column, key and what is allowed.

use thsim::config::{ConfigError, load};

use crate::{
    Folder, assert_told, child, issue_of_child, issues_of_sets, issues_of_text, load_path, only,
    told,
};

const SHORTEST: &str = "(the shortest vehicle file is `extends = \"levin-hybrid\"`)";

#[test]
fn an_empty_file_is_told_what_the_shortest_one_is() {
    for text in ["", "\n\n", "# only a remark\n"] {
        let expected = format!("the file has no keys {SHORTEST}");
        assert_told(&only(issues_of_text(text)), 1, 1, "", &expected);
    }
}

#[test]
fn binary_files_are_refused_without_quoting_them() {
    let folder = Folder::with(&[("nul.toml", "a\0b")]);
    std::fs::write(folder.path("bytes.toml"), [0xff, 0xfe, 0x00, 0x80]).unwrap();
    let (line, _, _, message) = only(folder.load("nul.toml", &[]).unwrap_err().issues());
    assert!(
        line == 0 && message.contains("nul.toml` is binary, not text"),
        "{message}"
    );
    let (_, _, _, message) = only(folder.load("bytes.toml", &[]).unwrap_err().issues());
    assert!(
        message.ends_with("it is not text in UTF-8 (byte 1)"),
        "{message}"
    );
}

#[test]
fn a_file_that_is_not_there_says_so_and_names_the_shipped_vehicle_of_that_name() {
    let folder = Folder::with(&[]);
    let error = folder.load("levin-hybrid.toml", &[]).unwrap_err();
    assert!(matches!(error, ConfigError::Unreadable { .. }));
    let (_, _, _, message) = only(error.issues());
    assert!(message.ends_with("no such file (the shipped vehicle is called `levin-hybrid`)"));
    let error = load_path(&folder.path(""), &[]).unwrap_err();
    assert!(error.to_string().contains("it is a directory"), "{error}");
}

#[test]
fn an_unknown_name_gets_the_nearest_shipped_one() {
    let error = load("levin-hybird", &[]).unwrap_err();
    assert!(matches!(error, ConfigError::Unknown { .. }));
    let expected = "unknown vehicle `levin-hybird` (did you mean `levin-hybrid`?)";
    assert_told(&only(error.issues()), 0, 0, "", expected);
}

#[test]
fn syntax_errors_are_found_together_with_wrong_values() {
    let issues = issues_of_text(&child(
        "[chassis]\ntest_mass_kg = \n[engine]\nidle_rpm = -1",
    ));
    let found: Vec<_> = issues.iter().map(told).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!((found[0].0, found[0].1), (3, 16));
    assert_eq!((found[1].0, found[1].2.as_str()), (5, "engine.idle_rpm"));
}

#[test]
fn a_key_given_twice_is_an_issue() {
    let found = issue_of_child("[auxiliary]\npower_w = 300\npower_w = 301");
    assert_told(&found, 4, 1, "power_w", "`power_w` is given twice");
}

#[test]
fn unknown_keys_get_the_nearest_valid_one() {
    let cases = [
        (
            "chassis.test_mas_kg = 1",
            "chassis.test_mas_kg",
            "did you mean `chassis.test_mass_kg`?",
        ),
        (
            "mg1.tyre_radius_m = 1",
            "mg1.tyre_radius_m",
            "did you mean `chassis.tyre_radius_m`?",
        ),
        (
            "engine.fuel.xyz = 1",
            "engine.fuel.xyz",
            "allowed: `engine.fuel.lhv_mj_per_kg`, `engine.fuel.density_kg_per_l`, `engine.fuel.co2_kg_per_l`",
        ),
    ];
    for (line, key, help) in cases {
        let found = issue_of_child(line);
        assert_eq!((found.0, found.2.as_str()), (2, key));
        assert_eq!(found.3, format!("unknown key `{key}` ({help})"));
    }
}

#[test]
fn a_misspelt_section_is_told_once_and_its_keys_are_not_called_missing() {
    let full = load("levin-hybrid", &[]).unwrap().to_toml();
    let text = full.replace("[converter]", "[convertor]");
    let line = 1 + text.lines().position(|line| line == "[convertor]").unwrap();
    let expected = "unknown key `convertor` (did you mean `converter`?)";
    assert_told(&only(issues_of_text(&text)), line, 2, "convertor", expected);
}

#[test]
fn a_section_is_no_value_and_a_value_no_section() {
    let found = issue_of_child("converter = 3");
    assert_told(
        &found,
        2,
        1,
        "converter",
        "`converter` is a section, found 3 (its keys: `converter.bus_max_v`, `converter.max_power_kw`, `converter.efficiency`)",
    );
    let found = issue_of_child("[chassis.test_mass_kg]\nvalue = 1500\nunit = \"kg\"");
    assert_eq!((found.0, found.2.as_str()), (4, "chassis.test_mass_kg"));
    assert!(
        found
            .3
            .starts_with("`chassis.test_mass_kg` has a value and a source, no `unit`")
    );
}

#[test]
fn all_problems_of_a_file_are_found_at_once_in_its_order() {
    let issues = issues_of_text(&child(
        "[chassis]\ntest_mass_kg = \"heavy\"\ntire_radius_m = 0.3\n[battery]\nsoc_min = 0.8\nsoc_max = 0.4\n[gearset]\nring_teeth = 20",
    ));
    let found: Vec<_> = issues
        .iter()
        .map(|issue| (told(issue).0, told(issue).2))
        .collect();
    let expected = [
        (3, "chassis.test_mass_kg"),
        (4, "chassis.tire_radius_m"),
        (7, "battery.soc_max"),
        (9, "gearset.ring_teeth"),
    ];
    assert_eq!(found, expected.map(|(line, key)| (line, key.to_owned())));
}

#[test]
fn extends_of_something_unknown_points_at_it() {
    let cases = [
        (
            "extends = \"levin\"",
            "unknown vehicle `levin` (did you mean `levin-hybrid`?)",
        ),
        (
            "extends = 3",
            "`extends` must be a text (the name of a shipped vehicle or a vehicle file)",
        ),
    ];
    for (text, message) in cases {
        assert_told(&only(issues_of_text(text)), 1, 11, "extends", message);
    }
    let found = only(issues_of_text("name = \"x\"\nextends = \"none.toml\""));
    assert_eq!((found.0, found.1, found.2.as_str()), (2, 11, "extends"));
    assert!(found.3.contains("none.toml`: no such file"), "{}", found.3);
}

#[test]
fn extends_in_a_circle_shows_the_circle() {
    let folder = Folder::with(&[
        ("a.toml", "extends = \"b.toml\"\nname = \"a\""),
        ("b.toml", "name = \"b\"\nextends = \"./a.toml\""),
        ("self.toml", "extends = \"self.toml\""),
    ]);
    let issues = folder.load("a.toml", &[]).unwrap_err().issues();
    assert!(
        issues[0]
            .place
            .as_ref()
            .unwrap()
            .source
            .name
            .ends_with("b.toml")
    );
    let found = only(issues);
    assert_eq!((found.0, found.1, found.2.as_str()), (2, 11, "extends"));
    assert!(
        found.3.starts_with("`extends` goes in a circle: "),
        "{}",
        found.3
    );
    let found = only(folder.load("self.toml", &[]).unwrap_err().issues());
    assert!(
        found.3.contains("a vehicle cannot extend itself"),
        "{}",
        found.3
    );
}

#[test]
fn problems_of_an_extended_file_are_told_with_its_name() {
    let folder = Folder::with(&[
        ("base.toml", &child("auxiliary.power_w = -5")),
        (
            "car.toml",
            "extends = \"base.toml\"\nchassis.test_mass_kg = 1",
        ),
    ]);
    let issues = folder.load("car.toml", &[]).unwrap_err().issues();
    let names: Vec<_> = issues
        .iter()
        .map(|issue| issue.place.as_ref().unwrap().source.name.clone())
        .collect();
    assert!(
        names[0].ends_with("car.toml") && names[1].ends_with("base.toml"),
        "{names:?}"
    );
}

#[test]
fn wrong_settings_point_into_the_argument() {
    let cases = [
        (
            "chassis.test_mas_kg=1600",
            1,
            "chassis.test_mas_kg",
            "unknown key `chassis.test_mas_kg` (did you mean `chassis.test_mass_kg`?)",
        ),
        (
            "chassis.test_mass_kg=heavy",
            22,
            "chassis.test_mass_kg",
            "`chassis.test_mass_kg` must be a number, found the text \"heavy\" (allowed: a number from 300 to 10000)",
        ),
        (
            "chassis.test_mass_kg = 0",
            24,
            "chassis.test_mass_kg",
            "`chassis.test_mass_kg` = 0 is out of range (allowed: 300 to 10000)",
        ),
        (
            "chassis.test_mass_kg",
            1,
            "",
            "`chassis.test_mass_kg` gives no value (the form is `key=value`, as in `chassis.test_mass_kg=1600`)",
        ),
        (
            "engine={ idle_rpm = 5 }",
            21,
            "engine.idle_rpm",
            "`engine.idle_rpm` = 5 is out of range (allowed: 300 to 3000)",
        ),
        (
            "extends=prius-2010",
            1,
            "extends",
            "`extends` belongs into a vehicle file (choose another vehicle instead)",
        ),
    ];
    for (set, column, key, message) in cases {
        let issues = issues_of_sets(&[set]);
        assert_eq!(issues[0].place.as_ref().unwrap().source.name, "--set");
        assert_told(&only(issues), 1, column, key, message);
    }
    let found = only(issues_of_sets(&["engine.fuel_map.loss_nm=[1, 2"]));
    assert_eq!(found.2, "engine.fuel_map.loss_nm");
    let found = only(issues_of_sets(&["chassis.test_mass_kg="]));
    assert_eq!((found.1, found.2.as_str()), (22, "chassis.test_mass_kg"));
}

#[test]
fn too_many_problems_are_counted() {
    let lines: Vec<_> = (0..200).map(|number| format!("zzz{number} = 1")).collect();
    let issues = issues_of_text(&child(&lines.join("\n")));
    assert_eq!(issues.len(), 61);
    assert_eq!(issues[60].message, "and 140 more problems");
}
