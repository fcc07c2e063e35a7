//! Values that are wrong, missing, or do not fit each other.

use thsim::config::load;

use crate::{
    assert_told, child, issue_of_child, issues_of_sets, issues_of_text, only, owned, told,
};

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
fn missing_keys_are_listed_at_once_and_missing_sections_as_one() {
    let full = load("levin-hybrid", &[]).unwrap().to_toml();
    let (before, after) = full.split_once("[auxiliary]").unwrap();
    let after = &after[after.find("[thermal]").unwrap()..];
    let text: Vec<_> = before
        .lines()
        .chain(after.lines())
        .filter(|line| !line.starts_with("idle_rpm") && !line.starts_with("loss."))
        .collect();
    let text = text.join("\n");
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
fn an_unknown_powertrain_is_told() {
    let expected = "unknown `powertrain` \"series\" (allowed: \"power-split\", \"conventional\")";
    assert_told(
        &issue_of_child("powertrain = \"series\""),
        2,
        14,
        "powertrain",
        expected,
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn figures_that_do_not_fit_each_other_are_refused() {
    let cases: [(&[&str], &str, &str); 22] = [
        (
            &["battery.soc_min=0.79"],
            "battery.soc_min",
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
            &["chassis.road_load.b_n_per_mps=-16"],
            "chassis.road_load.b_n_per_mps",
            "the road load would push the car",
        ),
        (
            &["brakes.regen_none_below_kmh=9"],
            "brakes.regen_none_below_kmh",
            "is not below `brakes.regen_full_above_kmh` = 9",
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
            &["engine.firing_rpm=600"],
            "engine.full_load.rpm",
            "full load begins at 700 rpm",
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
            &["control.hysteresis_kw=9.5"],
            "control.hysteresis_kw",
            "below `control.engine_on_power_kw` = 9.5",
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
