#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, missing_docs)]
use thsim::{
    control::*, cycle, cycle::Kinematics, ledger::*, map::*, plot::*, results::*, sim::*, units::*,
    vehicle::*,
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

fn main() {
    let v = levin();
    let plant = Plant::new(&v);
    let fuel = v.engine.fuel;
    let rules = Rules::new(&v.strategy, v.battery.soc_target, v.battery.soc_max);
    let out = std::path::PathBuf::from(std::env::var("OUT").unwrap_or("/tmp/h/plots".into()));
    std::fs::create_dir_all(&out).unwrap();
    let kinds: Vec<Figure> = std::env::var("KINDS").map_or(Figure::ALL.to_vec(), |k| {
        k.split(',').map(|n| Figure::find(n).unwrap()).collect()
    });
    for arg in std::env::args().skip(1) {
        let mut parts = arg.split('+');
        let name = parts.next().unwrap().to_string();
        let (mut cold, mut fixed, mut cut) = (false, None, None);
        for p in parts {
            if p == "cold" {
                cold = true
            } else if let Some(s) = p.strip_prefix("soc=") {
                fixed = Some(s.parse::<f64>().unwrap())
            } else if let Some(s) = p.strip_prefix("cut=") {
                cut = Some(s.parse::<f64>().unwrap())
            }
        }
        let mut c = cycle::resolve(&name).unwrap();
        if let Some(s) = cut {
            c = c.between(0.0, s);
        }
        let k = Kinematics::new(&c, 0.1);
        let mut soc = fixed.unwrap_or(match c.start {
            cycle::Start::Balanced => 0.6,
            cycle::Start::NearTopOfWindow => 0.75,
            cycle::Start::EngineJustStopped => 0.5,
        });
        let search = !cold && fixed.is_none() && c.start == cycle::Start::Balanced;
        for round in 0..12 {
            let mut rec = (
                (Ledger::default(), Totals::default()),
                Trace::new(42.9e6, 0),
            );
            let end = drive(
                &plant,
                &rules,
                &k,
                &Initial {
                    soc,
                    coolant_c: if cold { 25.0 } else { 88.0 },
                    battery_c: if cold { 25.0 } else { 33.0 },
                },
                &mut rec,
            );
            if search && (end.soc - soc).abs() >= 0.002 && round < 11 {
                soc = 0.5 * (soc + end.soc);
                continue;
            }
            let ((ledger, totals), trace) = rec;
            let provenance = Provenance {
                command: format!("thsim run {name}"),
                input_hash: "sha256:0".into(),
            };
            let summary = Summary::new(
                &Context {
                    vehicle: "levin-hybrid",
                    cycle: &name,
                    control: "rules",
                    repeat: 1,
                    step_s: 0.1,
                    fuel: &fuel,
                    balance: Balance::Fixed,
                    fuel_j_per_battery_j: 3.0,
                    provenance: &provenance,
                },
                &totals,
                &ledger,
            );
            let folder = out.join(arg.replace('=', "_"));
            let t = std::time::Instant::now();
            write_run(&folder, &summary, Some(&trace)).unwrap();
            println!("{arg}: written in {:?}", t.elapsed());
            let t = std::time::Instant::now();
            let back = read_run(&folder).unwrap();
            assert!(back.trace.rows == trace.rows && back.summary.ledger == summary.ledger);
            println!("{arg}: read in {:?}", t.elapsed());
            let run = Run {
                summary: &summary,
                trace: &back.trace,
                car: Some(Car {
                    plant: &plant,
                    fuel: &fuel,
                }),
            };
            if std::env::var("STUDY").is_ok() {
                let l = |name: &str, speed_kmh: Option<f64>, axis, per: f64, binds| Limit { name: name.into(), speed_kmh, axis, value_rpm: speed_kmh.filter(|_| per != 0.0).map(|k| per * k), binds };
                let car = Car { plant: &plant, fuel: &fuel };
                let plot = ForcedStartPlot { title: "levin-hybrid: how fast with the engine at rest?".into(), subtitle: "MG1's calibrated ceiling binds first, at 50.4 km/h".into(), limits: vec![
                    l("MG1, calibrated ceiling", Some(50.4), LimitAxis::Mg1, -73.16, true),
                    l("MG1 rating", Some(184.5), LimitAxis::Mg1, -73.16, false),
                    l("MG2 rating", Some(182.0), LimitAxis::Mg2, 74.18, false),
                    l("pinion rating", Some(147.0), LimitAxis::Pinion, 95.4, false),
                    l("back-EMF against the bus without boost", Some(55.1), LimitAxis::Mg1, -73.16, false),
                    l("battery power", Some(97.0), LimitAxis::Other, 0.0, false),
                    l("torque left to crank the engine", None, LimitAxis::Mg1, 0.0, false)],
                    ..ForcedStartPlot::of_run(&run, &car) };
                draw_forced_start(&plot, &summary, &folder.join("study.png")).unwrap();
            }
            for &f in &kinds {
                for format in Format::ALL {
                    let t = std::time::Instant::now();
                    let path = folder.join(format!("{}.{}", f.name(), format.extension()));
                    draw(f, &run, &path).unwrap();
                    println!(
                        "  {:14} {} {:?} {} kB",
                        f.name(),
                        format.extension(),
                        t.elapsed(),
                        std::fs::metadata(&path).unwrap().len() / 1024
                    );
                }
            }
            break;
        }
    }
}
