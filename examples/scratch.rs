use thsim::{
    control::*, cycle, cycle::Kinematics, ledger::*, map::*, sim::*, units::*, vehicle::*,
};
fn levin() -> Vehicle {
    let soc: Vec<f64> = (0..=10).map(|i| i as f64 / 10.0).collect();
    let grid = |rows: [[f64; 11]; 3]| {
        Surface::new(vec![1.0, 26.0, 40.0], soc.clone(), rows.concat()).unwrap()
    };
    let rpm = rad_s_from_rpm;
    let factor: f64 = std::env::var("RL")
        .ok()
        .map_or(1.12, |s| s.parse().unwrap());
    Vehicle {
        name: "levin".into(),
        chassis: Chassis {
            test_mass_kg: 1500.0,
            tyre_radius_m: 0.308,
            wheel_inertia_kg_m2: 1.7,
            road_load: RoadLoad::CoastDown {
                a_n: 82.3 * factor,
                b_n_per_mps: 0.222 * factor,
                c_n_per_mps2: 0.4031 * factor,
                air_density_kg_per_m3: 1.2,
                machine_share: 0.67,
            },
            head_wind_mps: 0.0,
            air_density_kg_per_m3: 1.2,
            regen_share: 0.85,
            regen_none_below_mps: 3.0 / 3.6,
            regen_full_above_mps: 9.0 / 3.6,
        },
        gearset: Gearset {
            sun_teeth: 30.0,
            ring_teeth: 78.0,
            pinion_teeth: 23.0,
            mg2_ratio: 58.0 / 22.0,
            final_ratio: 55.0 / 54.0 * 77.0 / 24.0,
            mesh_efficiency: 0.985,
            mg2_reducer_efficiency: 0.9875,
            final_efficiency: 0.975,
            spin_drag_nm: 1.13,
            spin_drag_nm_per_rad_s: 0.0021,
            pinion_max_speed_rad_s: f64::INFINITY,
            engine_inertia_kg_m2: 0.15,
            mg1_inertia_kg_m2: 0.015,
            mg2_inertia_kg_m2: 0.024,
        },
        engine: Engine {
            displacement_l: 1.798,
            max_power_w: 73e3,
            full_load_nm: Curve::new(
                [1000., 1400., 2000., 3000., 4000., 5200.].map(rpm).to_vec(),
                vec![105., 112., 123., 137., 142., 134.],
            )
            .unwrap(),
            fuel_map: FuelMap::Willans {
                peak_efficiency: 0.38,
                loss_nm: [26.5, -3.6, 0.67],
                efficiency_per_krpm: -0.03,
                reference_krpm: 2.2,
                enrichment_from: 0.79,
                enrichment: 2.7,
            },
            fuel: Fuel {
                lhv_j_per_kg: 42.9e6,
                density_kg_per_l: 0.743,
                co2_kg_per_l: 2.33,
            },
            idle_rad_s: rpm(1000.0),
            break_away_nm: 40.0,
            drag_nm: 15.0,
            drag_nm_per_rad_s: 0.045,
            firing_rad_s: rpm(900.0),
            crank_rad_s2: rpm(2000.0),
            slew_rad_s2: rpm(4000.0),
            start_fuel_kg: 0.16e-3,
            cold_friction_nm: 9.0,
            warm_c: 85.0,
            late_spark_fuel_factor: 1.25,
        },
        mg1: Machine {
            max_torque_nm: 42.0,
            max_power_w: 42e3,
            max_speed_rad_s: rpm(13500.0),
            loss: Loss::Coefficients {
                constant_w: 150.0,
                w_per_rad_s: 0.35,
                w_per_rad2_s2: 6.5e-4,
                w_per_nm2: 0.70,
            },
            inertia_kg_m2: 0.015,
            back_emf_v_per_rad_s: None,
        },
        mg2: Machine {
            max_torque_nm: 207.0,
            max_power_w: 53e3,
            max_speed_rad_s: rpm(13500.0),
            loss: Loss::Coefficients {
                constant_w: 250.0,
                w_per_rad_s: 0.53,
                w_per_rad2_s2: 9.8e-4,
                w_per_nm2: 0.237,
            },
            inertia_kg_m2: 0.024,
            back_emf_v_per_rad_s: None,
        },
        converter: Converter {
            bus_max_v: 650.0,
            max_power_w: 27e3,
            efficiency: 0.985,
        },
        battery: Battery {
            capacity_ah: 6.5,
            cells: 168.0,
            open_circuit_v: Curve::new(
                soc.clone(),
                vec![
                    170.00, 203.34, 208.89, 212.49, 214.61, 215.91, 216.76, 217.59, 219.08, 222.60,
                    233.02,
                ],
            )
            .unwrap(),
            instant_ohm: grid([
                [
                    0.704, 0.678, 0.661, 0.660, 0.669, 0.679, 0.691, 0.721, 0.768, 0.833, 0.968,
                ],
                [
                    0.350, 0.337, 0.329, 0.328, 0.333, 0.338, 0.344, 0.359, 0.382, 0.414, 0.482,
                ],
                [
                    0.275, 0.265, 0.258, 0.258, 0.261, 0.265, 0.270, 0.282, 0.300, 0.326, 0.378,
                ],
            ]),
            steady_ohm: grid([
                [
                    1.092, 1.051, 1.024, 1.023, 1.037, 1.053, 1.071, 1.118, 1.190, 1.292, 1.501,
                ],
                [
                    0.543, 0.523, 0.509, 0.509, 0.516, 0.523, 0.532, 0.556, 0.592, 0.642, 0.746,
                ],
                [
                    0.427, 0.411, 0.400, 0.400, 0.405, 0.411, 0.418, 0.437, 0.465, 0.505, 0.586,
                ],
            ]),
            time_constant_s: 12.6,
            coulombic_efficiency: 0.985,
            soc_min: 0.4,
            soc_max: 0.8,
            soc_target: 0.6,
            max_discharge_w: 25e3,
            max_charge_w: 25e3,
            min_v: 168.0,
            max_v: 270.0,
            mass_kg: 28.0,
            heat_capacity_j_per_kg_k: 800.0,
            cooling_w_per_k: 8.0,
        },
        auxiliary_w: 300.0,
        thermal: Thermal {
            ambient_c: 25.0,
            warm_c: 88.0,
            thermostat_c: 90.0,
            heat_capacity_j_per_k: 55e3,
            heat_share: 0.45,
            loss_w_per_k: 25.0,
        },
        strategy: Strategy {
            engine_off_max_mg1_reverse_rad_s: rpm(3685.0),
            ceiling_hold_s: 0.3,
            ceiling_release_mps: 2.0 / 3.6,
            engine_on_power_w: 8.4e3,
            engine_on_power_w_per_soc: 30e3,
            hysteresis_w: 2.5e3,
            min_on_s: 6.0,
            min_off_s: 3.0,
            charge_w_per_soc: 50e3,
            max_charge_w: 6e3,
            loaded_min_w: 8.5e3,
            low_soc_start: 0.43,
            low_soc_stop: 0.50,
            speed_floor_rad_s: Curve::new(
                [0., 40., 60., 80., 120., 180.]
                    .map(|k: f64| k / 3.6)
                    .to_vec(),
                [1000., 1050., 1150., 1300., 1600., 2200.].map(rpm).to_vec(),
            )
            .unwrap(),
            spin_rad_s: rpm(990.0),
            warm_up: WarmUp {
                below_c: 40.0,
                delay_s: 12.0,
                hold_s: 50.0,
                speed_rad_s: rpm(1350.0),
                torque_nm: 4.0,
            },
        },
    }
}
fn main() { if std::env::var("BENCH").is_ok() { return bench(); }
    let mut v = levin();
    if std::env::var("PRIUS").is_ok() {
        v.chassis.test_mass_kg = 1531.0;
        v.chassis.tyre_radius_m = 0.306;
        v.chassis.road_load = RoadLoad::CoastDown {
            a_n: 82.3,
            b_n_per_mps: 0.222,
            c_n_per_mps2: 0.4031,
            air_density_kg_per_m3: 1.2,
            machine_share: 0.67,
        };
        v.auxiliary_w = 336.0;
        v.mg2.max_power_w = 60e3;
        v.strategy.engine_off_max_mg1_reverse_rad_s = rad_s_from_rpm(5450.0);
        if let FuelMap::Willans {
            peak_efficiency, ..
        } = &mut v.engine.fuel_map
        {
            *peak_efficiency = 0.385;
        }
    }
    let t = std::time::Instant::now();
    let plant = Plant::new(&v);
    println!("plant {:?}", t.elapsed());
    let rules = Rules::new(&v.strategy, v.battery.soc_target, v.battery.soc_max);
    let dt: f64 = std::env::var("DT").ok().map_or(0.1, |s| s.parse().unwrap());
    for name in std::env::args().skip(1) {
        let (name, cold) = match name.strip_suffix("+cold") {
            Some(n) => (n.to_string(), true),
            None => (name, false),
        };
        let c = cycle::resolve(&name).unwrap();
        let k = Kinematics::new(&c, dt);
        let mut soc = 0.6;
        for _ in 0..12 {
            let mut rec = (Ledger::default(), Trace::new(42.9e6, 0));
            let coolant = if cold { 25.0 } else { 88.0 };
            let t = std::time::Instant::now();
            let end = drive(
                &plant,
                &rules,
                &k,
                &Initial {
                    soc,
                    coolant_c: coolant,
                    battery_c: if cold { 25.0 } else { 33.0 },
                },
                &mut rec,
            );
            let el = t.elapsed();
            let l = &rec.0;
            let fuel_l = l.energy_j(Channel::Fuel) / 42.9e6 / 0.743;
            let km = c.distance_m() / 1000.0;
            let driven = rec
                .1
                .rows
                .windows(2)
                .map(|w| (w[0].speed_kmh + w[1].speed_kmh) / 7.2 * (w[1].time_s - w[0].time_s))
                .sum::<f64>()
                / 1000.0;
            let miss = rec
                .1
                .rows
                .iter()
                .map(|r| (r.speed_kmh - r.target_speed_kmh).abs())
                .fold(0.0, f64::max);
            let corrected = fuel_l + l.energy_j(Channel::Battery) / 0.33 / (42.9e6 * 0.743);
            let on = rec
                .1
                .rows
                .iter()
                .filter(|r| r.engine_state == EngineState::On)
                .count() as f64
                / rec.1.rows.len() as f64;
            let mut causes = std::collections::BTreeMap::new();
            for r in &rec.1.rows {
                if let Some(c) = r.start_cause {
                    *causes.entry(c).or_insert(0) += 1;
                }
            }
            println!(
                "{name:12} {km:6.2} ({driven:6.2}) km  raw {:.3} corr {:.3} L/100 ({:.1} mpg) soc {soc:.3}->{:.3} nec {:.2}% on {:.0}% miss {miss:.2} res {:.1e} worst {:?} coolant {:.0} {causes:?} {el:?}",
                fuel_l / km * 100.0,
                corrected / km * 100.0,
                mpg_us_from_l_per_100km(corrected / km * 100.0),
                end.soc,
                100.0 * l.energy_j(Channel::Battery) / l.energy_j(Channel::Fuel),
                on * 100.0,
                l.residual_relative(),
                l.worst_step(),
                end.coolant_c
            );
            if std::env::var("LEDGER").is_ok() {
                for (c, e) in l.channels() {
                    println!("   {:24} {:9.1} kJ", c.title(), e / 1e3);
                }
                println!("{:#?}", l.paths());
            }
            let (mut es, mut fs) = (std::collections::BTreeMap::new(), 0);
            let _ = &mut es;
            let _: &mut std::collections::BTreeMap<i32, i32> = &mut es;
            fs += 1;
            let _ = fs;
            if std::env::var("CSV").is_ok() {
                let mut out = String::new();
                for r in &rec.1.rows {
                    out += &format!(
                        "{:.2},{:.2},{:.2},{:?},{:?},{:.0},{:.1},{:.3},{:.0},{:.1},{:.0},{:.1},{:.0},{:.0},{:.4},{:.0}\n",
                        r.time_s,
                        r.target_speed_kmh,
                        r.speed_kmh,
                        r.engine_state,
                        r.start_cause,
                        r.engine_rpm,
                        r.engine_torque_nm,
                        r.fuel_g_s,
                        r.mg1_rpm,
                        r.mg1_torque_nm,
                        r.mg2_rpm,
                        r.mg2_torque_nm,
                        r.battery_w,
                        r.wheel_w,
                        r.soc,
                        r.brake_w
                    );
                }
                std::fs::write("/tmp/t.csv", out).unwrap();
            }
            if cold || std::env::var("ONCE").is_ok() || (end.soc - soc).abs() < 0.002 {
                break;
            }
            soc = 0.5 * (soc + end.soc);
        }
    }
}
#[allow(dead_code)]
pub fn bench() {
    let v = levin(); let plant = Plant::new(&v);
    let rules = Rules::new(&v.strategy, v.battery.soc_target, v.battery.soc_max);
    let c = cycle::resolve("udds").unwrap(); let k = Kinematics::new(&c, 1.0);
    for rec in 0..2 {
    let mut best = f64::INFINITY;
    for _ in 0..2000 { let t = std::time::Instant::now();
        let i = Initial { soc: 0.6, coolant_c: 88.0, battery_c: 33.0 };
        let e = if rec == 0 { drive(&plant, &rules, &k, &i, &mut Silent) } else { drive(&plant, &rules, &k, &i, &mut Ledger::default()) };
        std::hint::black_box(e);
        best = best.min(t.elapsed().as_secs_f64()); }
    println!("recorder {rec}: {:.1} us/run {:.1} ns/step", best * 1e6, best * 1e9 / 1369.0); }
    let t = std::time::Instant::now(); for _ in 0..100 { std::hint::black_box(Plant::new(&v)); } println!("plant {:?}", t.elapsed() / 100);
}
