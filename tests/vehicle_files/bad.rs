//! What is wrong: each mistake is told with its line, column, key and what is allowed.

use thsim::config::{ConfigError, load};

use crate::{
    Folder, assert_told, child, issues_of_sets, issues_of_text, load_path, only, owned, told,
};

const SHORTEST: &str = "(the shortest vehicle file is `extends = \"levin-hybrid\"`)";

/// The one issue of a child of the Levin with these lines, which begin on line 2.
fn issue_of_child(lines: &str) -> (usize, usize, String, String) {
    only(issues_of_text(&child(lines)))
}

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
fn wrong_types_say_what_was_found() {
    let cases = [
        ("\"heavy\"", "the text \"heavy\""),
        ("true", "`true`"),
        ("1979-05-27", "the date 1979-05-27"),
        ("[1500]", "a list of 1"),
        ("{ source = \"x\" }", "a table"),
    ];
    for (value, described) in cases {
        let found = issue_of_child(&format!("chassis.test_mass_kg = {value}"));
        let expected = format!(
            "`chassis.test_mass_kg` must be a number, found {described} (allowed: a number from 300 to 10000)"
        );
        assert_told(&found, 2, 24, "chassis.test_mass_kg", &expected);
    }
}

#[test]
fn figures_out_of_range_say_what_is_allowed() {
    let cases = [
        (
            "chassis.test_mass_kg = -1500",
            "`chassis.test_mass_kg` = -1500 is out of range (allowed: 300 to 10000)",
        ),
        (
            "gearset.sun_teeth = 0",
            "`gearset.sun_teeth` = 0 is out of range (allowed: 10 to 200)",
        ),
        (
            "gearset.sun_teeth = 30.5",
            "`gearset.sun_teeth` must be a whole number, found 30.5 (allowed: a whole number from 10 to 200)",
        ),
        (
            "gearset.mesh_efficiency = 1.01",
            "`gearset.mesh_efficiency` = 1.01 is out of range (allowed: 0.5 to 1)",
        ),
        (
            "chassis.test_mass_kg = nan",
            "`chassis.test_mass_kg` = NaN is not finite (allowed: 300 to 10000)",
        ),
        (
            "chassis.test_mass_kg = -inf",
            "`chassis.test_mass_kg` = -inf is not finite (allowed: 300 to 10000)",
        ),
        (
            "chassis.test_mass_kg = 1e400",
            "`chassis.test_mass_kg` = inf is not finite (allowed: 300 to 10000)",
        ),
        (
            "thermal.ambient_c = 51",
            "`thermal.ambient_c` = 51 is out of range (allowed: -40 to 50)",
        ),
        (
            "name = \"\"",
            "`name` is empty or has control characters (one line of text)",
        ),
    ];
    for (line, message) in cases {
        let (key, _) = line.split_once(" = ").unwrap();
        assert_told(&issue_of_child(line), 2, key.len() + 4, key, message);
    }
}

#[test]
fn lists_are_checked_item_by_item() {
    let cases = [
        (
            "engine.full_load.rpm = [800, 2000, 1000]",
            36,
            "`engine.full_load.rpm` must increase, but 1000 follows 2000 (allowed: a list of numbers from 100 to 12000, increasing)",
        ),
        (
            "engine.full_load.torque_nm = [105, -5, 3]",
            36,
            "`engine.full_load.torque_nm` = -5 is out of range (allowed: 1 to 3000)",
        ),
        (
            "engine.full_load.torque_nm = [105, 110]",
            30,
            "`engine.full_load.torque_nm` has 2 values, `engine.full_load.rpm` has 7 (one value for each)",
        ),
        (
            "engine.fuel_map.loss_nm = [26.5, -3.6]",
            27,
            "`engine.fuel_map.loss_nm` must be a list of 3 numbers, found a list of 2 (allowed: a list of 3 numbers from -300 to 300)",
        ),
        (
            "battery.resistance.instant_ohm = [[0.1, 0.2], [0.1, 0.2], [0.1, 0.2]]",
            34,
            "row 1 of `battery.resistance.instant_ohm` has 2 values, `soc` has 11 (a row a temperature, a column a state of charge)",
        ),
    ];
    for (line, column, message) in cases {
        let (key, _) = line.split_once(" = ").unwrap();
        assert_told(&issue_of_child(line), 2, column, key, message);
    }
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
fn missing_keys_are_listed_at_once_and_missing_sections_as_one() {
    let full = load("levin-hybrid", &[]).unwrap().to_toml();
    let (before, after) = full.split_once("[auxiliary]").unwrap();
    let after = &after[after.find("[thermal]").unwrap()..];
    let text: String = format!("{before}{after}")
        .lines()
        .filter(|line| !line.starts_with("idle_rpm") && !line.starts_with("loss."))
        .map(|line| format!("{line}\n"))
        .collect();
    let found: Vec<_> = issues_of_text(&text).iter().map(told).collect();
    let messages: Vec<_> = found
        .iter()
        .map(|(_, _, _, message)| message.as_str())
        .collect();
    let choice = "give `mg1.loss.constant_w` and the other coefficients or `mg1.loss.table`";
    assert_eq!(
        messages,
        [
            "section `auxiliary` is missing (it needs `power_w`)".to_owned(),
            "`engine.idle_rpm` is missing (warm idle speed, rpm)".to_owned(),
            format!("the loss of MG1 is missing ({choice})"),
            format!(
                "the loss of MG2 is missing ({})",
                choice.replace("mg1", "mg2")
            ),
        ]
    );
    let engine = 1 + text.lines().position(|line| line == "[engine]").unwrap();
    assert_eq!((found[1].0, found[1].1), (engine, 2));
}

#[test]
fn a_form_without_its_other_keys_asks_for_them_where_it_is_chosen() {
    let issues = issues_of_sets(&["chassis.cd=0.26"]);
    let found: Vec<_> = issues.iter().map(told).collect();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_told(
        &found[0],
        1,
        12,
        "chassis.frontal_area_m2",
        "`chassis.frontal_area_m2` is missing (it goes with `chassis.cd`: frontal area, m²)",
    );
}

#[test]
fn both_forms_in_one_layer_are_refused() {
    let cases = [
        (
            "chassis.road_load.a_n = 90\nchassis.cd = 0.26",
            3,
            14,
            "chassis.cd",
            "the road load is given in both of its forms (either `chassis.road_load` or `chassis.cd`, `frontal_area_m2` and `crr`)",
        ),
        (
            "engine.fuel_map.table = \"fuel.csv\"\nengine.fuel_map.enrichment = 2",
            3,
            30,
            "engine.fuel_map.enrichment",
            "the fuel map is given in both of its forms (either `engine.fuel_map.peak_efficiency` and its shape or `engine.fuel_map.table`)",
        ),
    ];
    for (lines, line, column, key, message) in cases {
        let issues = issues_of_text(&child(lines));
        let both = issues
            .iter()
            .map(told)
            .find(|found| found.3.contains("both"));
        assert_told(&both.unwrap(), line, column, key, message);
    }
}

#[test]
fn the_conventional_powertrain_is_not_there_yet() {
    let found = only(issues_of_text(
        "name = \"a\"\npowertrain = \"conventional\"",
    ));
    let expected = "`powertrain` \"conventional\" is not there yet (\"power-split\" is)";
    assert_told(&found, 2, 14, "powertrain", expected);
    let expected = "unknown `powertrain` \"series\" (allowed: \"power-split\")";
    assert_told(
        &issue_of_child("powertrain = \"series\""),
        2,
        14,
        "powertrain",
        expected,
    );
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
fn figures_that_do_not_fit_each_other_are_refused() {
    let cases: [(&[&str], &str, &str); 22] = [
        (
            &["battery.soc_min=0.79"],
            "battery.soc_max",
            "is not above `battery.soc_min` = 0.79",
        ),
        (
            &["battery.soc_target=0.79"],
            "battery.soc_target",
            "allowed: 0.42 to 0.78",
        ),
        (
            &["control.low_soc_start=0.41"],
            "control.low_soc_start",
            "allowed: 0.42 to 0.76",
        ),
        (
            &["control.low_soc_stop=0.43"],
            "control.low_soc_stop",
            "is not above `low_soc_start` = 0.43",
        ),
        (
            &["battery.min_v=215"],
            "battery.min_v",
            "leaves nothing to discharge",
        ),
        (
            &["battery.max_v=219"],
            "battery.max_v",
            "leaves no way to charge",
        ),
        (
            &["battery.open_circuit_v={soc=[0.5,1], v=[215,233]}"],
            "battery.open_circuit_v.soc",
            "it has to cover `soc_min` to `soc_max`, 0.4 to 0.8",
        ),
        (
            &["chassis.road_load.b_n_per_mps=-13"],
            "chassis.road_load.b_n_per_mps",
            "the road load would push the car",
        ),
        (
            &["brakes.regen_none_below_kmh=9"],
            "brakes.regen_none_below_kmh",
            "is not below `regen_full_above_kmh` = 9",
        ),
        (
            &["gearset.ring_teeth=30"],
            "gearset.ring_teeth",
            "is not above `sun_teeth` = 30",
        ),
        (
            &["mg1.max_speed_rpm=3000"],
            "control.engine_off_max_mg1_reverse_rpm",
            "at most `mg1.max_speed_rpm` = 3000",
        ),
        (
            &["engine.firing_rpm=700"],
            "engine.full_load.rpm",
            "full load begins at 800 rpm",
        ),
        (
            &["engine.idle_rpm=890"],
            "engine.idle_rpm",
            "allowed: 900 to 5200",
        ),
        (
            &["control.spin_rpm=890"],
            "control.spin_rpm",
            "allowed: 900 to 5200",
        ),
        (
            &["control.speed_floor.rpm=[1000,1050,1150,1300,1600,5201]"],
            "control.speed_floor.rpm",
            "the engine turns up to 5200 rpm",
        ),
        (
            &["mg1.max_torque_nm=30"],
            "mg1.max_torque_nm",
            "cannot crank the engine",
        ),
        (
            &["control.hysteresis_kw=8.4"],
            "control.hysteresis_kw",
            "below `control.engine_on_power_kw` = 8.4",
        ),
        (
            &["thermal.warm_c=91"],
            "thermal.warm_c",
            "is above `thermal.thermostat_c` = 90",
        ),
        (
            &["control.warm_up.below_c=89"],
            "control.warm_up.below_c",
            "is above `thermal.warm_c` = 88",
        ),
        (
            &["engine.fuel_map.loss_nm=[2, -3.6, 0.67]"],
            "engine.fuel_map.loss_nm",
            "N·m at",
        ),
        (
            &[
                "engine.fuel_map.efficiency_per_krpm=0.5",
                "engine.fuel_map.reference_rpm=8000",
            ],
            "engine.fuel_map.efficiency_per_krpm",
            "multiplies the efficiency by",
        ),
        (
            &["engine.max_power_kw=90"],
            "engine.max_power_kw",
            "is not reached: full load gives 73.0 kW",
        ),
    ];
    for (sets, key, part) in cases {
        let found = only(issues_of_sets(sets));
        assert_eq!(found.2, key, "{sets:?}: {}", found.3);
        assert!(found.3.contains(part), "{sets:?}: {}", found.3);
    }
    let steady = "battery.resistance.steady_ohm=[[0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5],\
        [0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5],[0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5]]";
    let found = only(issues_of_sets(&[steady]));
    assert!(
        found
            .3
            .starts_with("the steady resistance 0.5 Ω is not above the instant one, 0.704 Ω"),
        "{}",
        found.3
    );
}

#[test]
fn a_negative_linear_road_load_is_fine_while_the_total_is_not_negative() {
    assert!(
        load(
            "levin-hybrid",
            &owned(&["chassis.road_load.b_n_per_mps=-12.5"])
        )
        .is_ok()
    );
}

#[test]
fn too_many_problems_are_counted() {
    let lines: Vec<_> = (0..200).map(|number| format!("zzz{number} = 1")).collect();
    let issues = issues_of_text(&child(&lines.join("\n")));
    assert_eq!(issues.len(), 61);
    assert_eq!(issues[60].message, "and 140 more problems");
}
