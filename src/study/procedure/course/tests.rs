use super::*;
use crate::config;
use crate::control::Rules;
use crate::cycle;
use crate::study::single::driving;

fn levin() -> Vehicle {
    let file = config::load("levin-hybrid", &[]).unwrap();
    file.vehicle().clone()
}

/// A pass of the ECE-15, parked for this long or not at all, and a measured pass.
fn twice(car: &Vehicle, parked_s: Option<f64>) -> Measured {
    let plant = Plant::new(car);
    let rules = Rules::of(car);
    let ece15 = cycle::find("ece15").unwrap();
    let mut legs = vec![Leg::Drive(Road::new(ece15.clone(), 0.5))];
    legs.extend(parked_s.map(Leg::Soak));
    let ends = bag_ends(&ece15, "", 1.0);
    legs.push(Leg::Measure(Road::new(ece15, 0.5), ends));
    let course = Course {
        vehicle: car,
        plant: &plant,
        controller: &rules,
        start: driving(
            car.thermal.warm_c,
            car.thermal.ambient_c,
            car.battery.soc_target,
        ),
        legs,
    };
    course.drive(car.battery.soc_target).0
}

#[test]
fn a_parked_car_cools_towards_the_air_and_no_further() {
    let car = levin();
    let air_c = car.thermal.ambient_c;
    let hot = Initial {
        coolant_c: 88.0,
        battery_c: air_c + 12.0,
        ..driving(car.thermal.warm_c, car.thermal.ambient_c, 0.6)
    };
    let mut before = hot;
    for minutes in [1.0, 10.0, 60.0, 600.0] {
        let after = soaked(&car, &hot, 60.0 * minutes);
        assert!((air_c..before.coolant_c).contains(&after.coolant_c));
        assert!((air_c..before.battery_c).contains(&after.battery_c));
        assert!(after.soaked_s > before.soaked_s);
        assert!((after.soc - hot.soc).abs() < 1e-15);
        before = after;
    }
    let for_ever = soaked(&car, &hot, 1e7);
    assert!((for_ever.coolant_c - air_c).abs() < 1e-6);
    assert!((for_ever.battery_c - air_c).abs() < 1e-6);
    // A cold car warms up to a summer's day.
    let cold = Initial {
        coolant_c: air_c - 20.0,
        ..hot
    };
    let after = soaked(&car, &cold, 600.0);
    assert!((cold.coolant_c..air_c).contains(&after.coolant_c));
}

#[test]
fn two_soaks_are_as_one_of_their_length() {
    let car = levin();
    let hot = driving(car.thermal.warm_c, car.thermal.ambient_c, 0.6);
    let once = soaked(&car, &hot, 900.0);
    let twice = soaked(&car, &soaked(&car, &hot, 300.0), 600.0);
    assert!((once.coolant_c - twice.coolant_c).abs() < 1e-9);
    assert!((once.battery_c - twice.battery_c).abs() < 1e-9);
}

#[test]
fn a_soak_of_nothing_is_driving_on() {
    let car = levin();
    assert_eq!(twice(&car, None), twice(&car, Some(0.0)));
    assert_ne!(twice(&car, None), twice(&car, Some(3600.0)));
}

#[test]
fn passes_are_weighted_each_for_itself() {
    let bag = |pass, weight, distance_m, charge_c| Bag {
        name: String::new(),
        weight,
        pass,
        totals: Totals {
            distance_m,
            battery_net_c: charge_c,
            ..Totals::default()
        },
        ledger: Ledger::default(),
        paths: Paths::default(),
    };
    let measured = Measured {
        soc_start: 0.6,
        bags: vec![
            bag(0, 0.43, 1000.0, 10.0),
            bag(0, 0.43, 3000.0, 30.0),
            bag(1, 0.57, 2000.0, 80.0),
        ],
    };
    let expected = 0.43 * 40.0 / 4000.0 + 0.57 * 80.0 / 2000.0;
    assert!((measured.charge_c_per_m() - expected).abs() < 1e-15);
}
