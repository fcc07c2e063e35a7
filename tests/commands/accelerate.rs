//! `accelerate`: its forms of output and what it refuses.

use crate::{folder, names, thsim, thsim_in};

#[test]
fn accelerate_prints_the_same_figures_in_every_form() {
    let table = thsim(&["accelerate"]).done();
    assert!(
        table.contains("0 to 100 km/h") && table.contains("bound by"),
        "{table}"
    );
    let json = thsim(&["accelerate", "--format", "json"]).json();
    let time = json[0]["to_100"]["time_s"].as_f64().expect("a time");
    assert_eq!(json[0]["starts"].as_array().map(Vec::len), Some(10));
    assert!(json[0]["top_speed"]["bound"].is_string());
    let csv = thsim(&["accelerate", "--format", "csv"]).done();
    assert!(
        csv.contains(&format!("levin-hybrid,to_100_time_s,{time}\n")),
        "{csv}"
    );
}

#[test]
fn several_cars_are_printed_in_the_order_of_the_arguments() {
    let cars = [
        "--vehicle",
        "prius-2010-jp",
        "--vehicle",
        "auris-hybrid-2013",
    ];
    let json = thsim(&[&["accelerate", "--format", "json"][..], &cars].concat()).json();
    assert_eq!(json[0]["vehicle"], "prius-2010-jp");
    assert_eq!(json[1]["vehicle"], "auris-hybrid-2013");
}

#[test]
fn accelerate_refuses_wrong_input() {
    let here = folder();
    for (arguments, part) in [
        (&["--soc=0.9"][..], "0.4 to 0.8"),
        (&["--soc=nan"], "--soc"),
        (&["--vehicle", "levin-hybird"], "`levin-hybrid`"),
        (
            &["--set", "chassis.test_mas_kg=1"],
            "`chassis.test_mass_kg`",
        ),
        (&["--format", "xml"], "json"),
        (&["nedc"], "nedc"),
    ] {
        let message = thsim_in(here.path(), &[&["accelerate"], arguments].concat()).refused();
        assert!(message.contains(part), "no `{part}` in: {message}");
    }
    assert!(names(here.path()).is_empty());
}

#[test]
fn a_route_is_run_like_any_cycle() {
    let json = thsim(&["run", "mixed-150km", "--format", "json", "--soc=0.6"]).json();
    let summary = &json[0];
    let km = summary["distance_km"].as_f64().expect("a distance");
    assert!((km - 150.0).abs() < 2.0, "{km} km");
    assert!(summary["energy_residual_relative"].as_f64() < Some(1e-9));
    assert!(
        thsim(&["run", "mixed-15km"])
            .refused()
            .contains("`mixed-150km`")
    );
}
