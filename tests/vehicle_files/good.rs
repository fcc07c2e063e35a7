//! What is right: the shipped cars, printing, layers, ways to write the same.

use thsim::config::{AnyVehicleFile, Kind, keys, load, load_any, shipped};
use thsim::units::{kmh_from_mps, rpm_from_rad_s};
use thsim::vehicle::{Plant, RoadLoad};

use crate::{Folder, child, owned};

/// Shipped cars of the default powertrain.
fn power_split() -> impl Iterator<Item = &'static str> {
    shipped().filter(|name| !name.starts_with("conventional"))
}

#[test]
fn what_is_printed_in_full_loads_to_the_same_vehicle_and_prints_the_same() {
    for name in power_split() {
        let file = load(name, &[]).unwrap_or_else(|error| panic!("{name}: {:#?}", error.issues()));
        assert_eq!(file.vehicle().name, name);
        let printed = file.to_toml();
        assert!(!printed.contains("extends ="), "{name}");
        let folder = Folder::with(&[("full.toml", &printed)]);
        let again = folder.load("full.toml", &[]).unwrap();
        assert_eq!(again.vehicle(), file.vehicle(), "{name}");
        assert_eq!(again.to_toml(), printed, "{name}");
        assert_eq!(again.canonical(), file.canonical(), "{name}");
    }
}

#[test]
fn every_figure_of_a_shipped_vehicle_has_a_tagged_source_and_estimates_hold_their_value() {
    for name in shipped() {
        let file = load_any(name, &[]).unwrap();
        let entries: Vec<_> = match &file {
            AnyVehicleFile::PowerSplit(file) => file.entries().collect(),
            AnyVehicleFile::Conventional(file) => file.entries().collect(),
        };
        for (key, value, source) in entries {
            if ["name", "powertrain", "source"].contains(&key) {
                continue;
            }
            let source = source.unwrap_or_else(|| panic!("{name}: `{key}` has no source"));
            let tagged = ["[S] ", "[D] ", "[E] "]
                .iter()
                .any(|tag| source.starts_with(tag));
            assert!(tagged || source == "default", "{name}: `{key}` # {source}");
            assert!(
                !source.contains("/work") && !source.contains("home/"),
                "{source}"
            );
            let Some(estimate) = source.strip_prefix("[E] estimate ") else {
                continue;
            };
            let range = estimate.split([',', ' ', ';']).next().unwrap();
            let (low, high) = range
                .split_once("..")
                .unwrap_or_else(|| panic!("{key}: {range}"));
            let [value, low, high] = [&value, low, high].map(|text| text.parse::<f64>().unwrap());
            assert!(
                low <= value && value <= high,
                "{name}: {key} = {value}, {range}"
            );
            // The ranges of the schema are those of transaxle P410.
            let schema = keys().find(|listed| listed.path == key).unwrap();
            let other = ["prius-2004", "prius-2001-reference", "conventional-2.0"].contains(&name);
            if let Some(range) = schema.estimate.filter(|_| !other) {
                assert_eq!(range, (low, high), "{name}: {key}");
            }
        }
    }
}

#[test]
fn the_ceilings_of_the_shipped_cars_are_those_that_are_known() {
    for (name, kmh) in [("levin-hybrid", 50.4), ("prius-2010", 74.0)] {
        let vehicle = load(name, &[]).unwrap().vehicle().clone();
        let limit = vehicle.strategy.engine_off_max_mg1_reverse_rad_s;
        let found = kmh_from_mps(Plant::new(&vehicle).engine_off_speed_mps(limit));
        assert!((found - kmh).abs() < 0.15, "{name}: {found}");
    }
}

#[test]
fn mg1_is_93_to_94_percent_efficient_at_40_nm_and_6000_rpm() {
    let vehicle = load("levin-hybrid", &[]).unwrap().vehicle().clone();
    let speed = thsim::units::rad_s_from_rpm(6000.0);
    let shaft = 40.0 * speed;
    let efficiency = shaft / (shaft + vehicle.mg1.loss.at_w(speed, 40.0));
    assert!((0.93..=0.94).contains(&efficiency), "{efficiency}");
}

#[test]
fn figures_arrive_in_si_units() {
    let sets = [
        "engine.start_fuel_g=0.16",
        "control.charge_kw_per_percent_soc=0.5",
    ]
    .map(str::to_owned);
    let file = load("levin-hybrid", &sets).unwrap();
    let vehicle = file.vehicle();
    let near =
        |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9 * expected.abs());
    near(rpm_from_rad_s(vehicle.mg2.max_speed_rad_s), 13_500.0);
    near(vehicle.gearset.final_ratio, 55.0 / 54.0 * 77.0 / 24.0);
    near(vehicle.gearset.mg2_ratio, 58.0 / 22.0);
    near(vehicle.engine.start_fuel_kg, 0.16e-3);
    near(vehicle.engine.fuel.lhv_j_per_kg, 42.9e6);
    near(vehicle.strategy.charge_w_per_soc, 50_000.0);
    near(vehicle.strategy.engine_on_power_w_per_soc, 30_000.0);
    near(vehicle.thermal.heat_capacity_j_per_k, 55_000.0);
    near(vehicle.battery.steady_ohm.at(26.0, 0.6), 0.532);
    near(vehicle.battery.open_circuit_v.at(0.6), 216.76);
    near(
        vehicle.mg1.back_emf_v_per_rad_s.unwrap() * thsim::units::rad_s_from_rpm(1000.0),
        50.0,
    );
    assert!(vehicle.gearset.pinion_max_speed_rad_s.is_infinite());
    assert!(vehicle.mg2.back_emf_v_per_rad_s.is_none());
    // A dynamometer's set holds whatever the air: no correction of density.
    let RoadLoad::CoastDown {
        air_density_kg_per_m3,
        ..
    } = vehicle.chassis.road_load
    else {
        panic!("the Levin has coast-down coefficients");
    };
    near(air_density_kg_per_m3, vehicle.chassis.air_density_kg_per_m3);
}

#[test]
fn a_child_changes_what_it_names_and_keeps_the_rest_with_its_sources() {
    let text = child("[chassis]\ntest_mass_kg = 1600 # two friends more\n");
    let folder = Folder::with(&[("car.toml", &text)]);
    let file = folder.load("car.toml", &[]).unwrap();
    let base = load("levin-hybrid", &[]).unwrap();
    let mut expected = base.vehicle().clone();
    expected.chassis.test_mass_kg = 1600.0;
    assert_eq!(file.vehicle(), &expected);
    let source = |wanted: &str| {
        let mut entries = file.entries();
        entries
            .find(|(key, ..)| *key == wanted)
            .and_then(|(_, _, source)| source)
    };
    assert_eq!(source("chassis.test_mass_kg"), Some("two friends more"));
    assert!(
        source("chassis.tyre_radius_m")
            .unwrap()
            .starts_with("[E] estimate")
    );
    assert!(file.to_toml().contains("# two friends more"));
}

#[test]
fn chains_of_files_are_relative_to_the_file_that_says_them() {
    let folder = Folder::with(&[
        ("top.toml", "extends = \"sub/middle.toml\"\nname = \"top\""),
        ("base.toml", &child("auxiliary.power_w = 777")),
    ]);
    std::fs::create_dir(folder.path("sub")).unwrap();
    let middle = "extends = \"../base.toml\"\nchassis.test_mass_kg = 1700";
    std::fs::write(folder.path("sub/middle.toml"), middle).unwrap();
    let file = folder.load("top.toml", &[]).unwrap();
    assert_eq!(file.vehicle().name, "top");
    assert_eq!(file.vehicle().auxiliary_w, 777.0);
    assert_eq!(file.vehicle().chassis.test_mass_kg, 1700.0);
}

#[test]
fn tables_dotted_keys_and_inline_tables_are_the_same() {
    let written = [
        "[chassis]\ntest_mass_kg = 1600\n[chassis.road_load]\na_n = 95\n[engine.fuel]\ndensity_kg_per_l = 0.75",
        "chassis.test_mass_kg = 1600.0\nchassis.road_load.a_n = 95.0\nengine.fuel.density_kg_per_l = 0.75",
        "chassis = { test_mass_kg = 1_600, road_load = { a_n = 95 } }\nengine = { fuel = { density_kg_per_l = 75e-2 } }",
        "[chassis]\ntest_mass_kg = { value = 1600, source = \"scales\" }\nroad_load = { a_n = { value = 95 } }\n[engine]\nfuel.density_kg_per_l = 0.75",
    ];
    let vehicles = written.map(|lines| {
        let folder = Folder::with(&[("car.toml", &child(lines))]);
        folder.load("car.toml", &[]).unwrap().vehicle().clone()
    });
    assert_eq!(vehicles[0].chassis.test_mass_kg, 1600.0);
    for other in &vehicles[1..] {
        assert_eq!(other, &vehicles[0]);
    }
}

#[test]
fn sources_are_the_comment_on_the_line_or_the_source_key() {
    let text = child(
        "[chassis]\ntest_mass_kg = { value = 1600, source = \"scales # 3\" } # not this\n\
         tyre_radius_m = 0.3 # ruler\nhead_wind_kmh = 5\n\
         [mg1]\nsource = \"a brochure\"\nmax_power_kw = 40",
    );
    let folder = Folder::with(&[("car.toml", &text)]);
    let file = folder.load("car.toml", &[]).unwrap();
    let found: Vec<_> = file
        .entries()
        .filter(|(key, ..)| {
            [
                "test_mass_kg",
                "tyre_radius_m",
                "head_wind_kmh",
                "mg1.source",
            ]
            .iter()
            .any(|end| key.ends_with(end))
        })
        .map(|(_, value, source)| (value, source.map(str::to_owned)))
        .collect();
    let with = |value: &str, source: Option<&str>| (value.to_owned(), source.map(str::to_owned));
    assert_eq!(
        found,
        [
            with("1600", Some("scales # 3")),
            with("0.3", Some("ruler")),
            with("5", None),
            with("\"a brochure\"", None),
        ]
    );
    let again = Folder::with(&[("full.toml", &file.to_toml())]);
    assert_eq!(
        again.load("full.toml", &[]).unwrap().to_toml(),
        file.to_toml()
    );
}

#[test]
fn a_child_that_names_one_form_of_road_load_drops_the_other_whole() {
    let text = child("[chassis]\ncd = 0.26\nfrontal_area_m2 = 2.2\ncrr = 0.008");
    let grandchild = "extends = \"car.toml\"\n[chassis.road_load]\na_n = 90\nb_n_per_mps = -1\n\
                      c_n_per_mps2 = 0.42\nmachine_share = 0";
    let folder = Folder::with(&[("car.toml", &text), ("grandchild.toml", grandchild)]);
    let file = folder.load("car.toml", &[]).unwrap();
    assert!(matches!(
        file.vehicle().chassis.road_load,
        RoadLoad::Coefficients { crr: 0.008, .. }
    ));
    assert!(!file.to_toml().contains("road_load"));
    let file = folder.load("grandchild.toml", &[]).unwrap();
    assert!(matches!(
        file.vehicle().chassis.road_load,
        RoadLoad::CoastDown {
            b_n_per_mps: -1.0,
            ..
        }
    ));
}

#[test]
fn settings_lie_on_top_and_the_last_one_holds() {
    let sets = owned(&[
        "chassis.test_mass_kg=1600",
        " chassis.test_mass_kg = 1650.5 ",
        "name=my car",
        "engine.fuel_map.loss_nm=[26, -3, 0.6]",
        "engine={ idle_rpm = 1050 }",
    ]);
    let file = load("levin-hybrid", &sets).unwrap();
    assert_eq!(file.vehicle().chassis.test_mass_kg, 1650.5);
    assert_eq!(file.vehicle().name, "my car");
    assert!((rpm_from_rad_s(file.vehicle().engine.idle_rad_s) - 1050.0).abs() < 1e-9);
    let printed = file.to_toml();
    assert!(
        printed.contains("# --set chassis.test_mass_kg\n"),
        "{printed}"
    );
}

#[test]
fn the_canonical_text_knows_values_and_nothing_else() {
    let same = [
        child("chassis.test_mass_kg = 1600"),
        child("chassis.test_mass_kg = 1600.0 # scales\nsource = \"me\""),
    ];
    let texts = same.map(|text| {
        let folder = Folder::with(&[("car.toml", &text)]);
        folder.load("car.toml", &[]).unwrap().canonical()
    });
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("chassis.test_mass_kg = 1600\n"));
    assert!(texts[0].lines().is_sorted());
    assert_ne!(texts[0], load("levin-hybrid", &[]).unwrap().canonical());
}

#[test]
fn byte_order_mark_and_windows_line_endings_are_no_problem() {
    let text = format!(
        "\u{feff}{}",
        child("[chassis]\ntest_mass_kg = 1600 # scales")
    )
    .replace('\n', "\r\n");
    let folder = Folder::with(&[("car.toml", &text)]);
    let file = folder.load("car.toml", &[]).unwrap();
    let mut entries = file.entries();
    let mass = entries
        .find(|(key, ..)| *key == "chassis.test_mass_kg")
        .unwrap();
    assert_eq!(
        mass,
        ("chassis.test_mass_kg", "1600".to_owned(), Some("scales"))
    );
}

#[test]
fn every_figure_reaches_the_vehicle() {
    let base = load("levin-hybrid", &[]).unwrap();
    let mut changed = 0;
    for (key, value, _) in base.entries() {
        let Ok(value) = value.parse::<f64>() else {
            continue;
        };
        let schema = keys().find(|listed| listed.path == key).unwrap();
        // Some figures are at the edge of what fits the others: try both directions.
        let tried = [1.0, -1.0].map(|direction| {
            let step = match schema.kind {
                Kind::Whole { .. } => direction,
                _ if value == 0.0 => 0.01 * direction,
                _ => value.abs() * 1e-4 * direction,
            };
            load("levin-hybrid", &[format!("{key}={}", value + step)]).ok()
        });
        let other = tried.iter().flatten().next();
        let other = other.unwrap_or_else(|| panic!("`{key}` cannot be changed"));
        assert_ne!(other.vehicle(), base.vehicle(), "{key}");
        changed += 1;
    }
    assert!(changed > 90, "{changed}");
}
