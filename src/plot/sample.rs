//! Runs for the tests of pictures: a hand-made car, driven by the rules.

use super::{Car, Run};
use crate::control::Rules;
use crate::cycle::{self, Cycle, Kinematics};
use crate::ledger::{Ledger, Paths};
use crate::map::{Curve, Surface};
use crate::results::{Balance, Context, Provenance, Summary, Totals};
use crate::sim::{Initial, Trace, drive};
use crate::units::rad_s_from_rpm;
use crate::vehicle::{
    Battery, Chassis, Converter, CruiseCharge, Engine, Fuel, FuelMap, Gearset, Loss, Machine,
    Plant, RoadLoad, Strategy, Thermal, Vehicle, WarmUp,
};

/// A car like the Levin hybrid.
#[allow(clippy::too_many_lines)] // a list of figures
pub(super) fn vehicle() -> Vehicle {
    let soc: Vec<f64> = (0..=10).map(|i| f64::from(i) / 10.0).collect();
    let grid = |rows: [[f64; 11]; 3]| {
        Surface::new(vec![1.0, 26.0, 40.0], soc.clone(), rows.concat()).unwrap()
    };
    let rpm = rad_s_from_rpm;
    let factor = 1.12;
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
            cold_enrichment: 0.0,
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
                w_per_nm: 0.0,
                w_per_nm_rad_s: 0.0,
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
                w_per_nm: 0.0,
                w_per_nm_rad_s: 0.0,
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
            heater_w_per_k: 50.0,
            heater_setting: 0.0,
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
            cruise_charge: CruiseCharge {
                power_w: 4e3,
                none_below_mps: 40.0 / 3.6,
                full_above_mps: 70.0 / 3.6,
            },
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
                below_heater_c: 55.0,
                catalyst_time_constant_s: 690.0,
                speed_rad_s: rpm(1350.0),
                torque_nm: 4.0,
            },
        },
    }
}

/// A run with all that a picture needs.
pub(super) struct Sample {
    pub(super) summary: Summary,
    pub(super) trace: Trace,
    pub(super) plant: Plant,
    pub(super) fuel: Fuel,
    pub(super) strategy: Strategy,
}

impl Sample {
    /// Drives a cycle from this charge and coolant temperature.
    pub(super) fn drive(cycle: &Cycle, soc: f64, coolant_c: f64) -> Self {
        let car = vehicle();
        let fuel = car.engine.fuel;
        let plant = Plant::new(&car);
        let rules = Rules::of(&car);
        let mut recorder = (
            ((Ledger::default(), Paths::default()), Totals::default()),
            Trace::new(fuel.lhv_j_per_kg, 0),
        );
        let initial = Initial {
            soc,
            coolant_c,
            battery_c: 30.0,
            soaked_s: 0.0,
        };
        drive(
            &plant,
            &rules,
            &Kinematics::new(cycle, 0.1),
            &initial,
            &mut recorder,
        );
        let (((ledger, paths), totals), trace) = recorder;
        let provenance = Provenance {
            command: format!("thsim run {}", cycle.name),
            input_hash: "sha256:0".into(),
        };
        let context = Context {
            vehicle: &car.name,
            cycle: &cycle.name,
            control: "rules",
            repeat: 1,
            step_s: 0.1,
            fuel: &fuel,
            balance: Balance::Fixed,
            fuel_j_per_battery_j: 3.0,
            provenance: &provenance,
        };
        Self {
            summary: Summary::new(&context, &totals, &ledger, &paths),
            trace,
            plant,
            fuel,
            strategy: car.strategy,
        }
    }

    pub(super) fn car(&self) -> Car<'_> {
        Car {
            plant: &self.plant,
            fuel: &self.fuel,
            strategy: &self.strategy,
        }
    }

    pub(super) fn run(&self) -> Run<'_> {
        Run {
            summary: &self.summary,
            trace: &self.trace,
            car: Some(self.car()),
        }
    }
}

fn shipped(name: &str) -> Cycle {
    cycle::find(name).expect("a shipped cycle")
}

/// Ordinary and odd runs by name.
pub(super) fn all() -> Vec<(&'static str, Sample)> {
    let cut = |name: &str, end_s: f64| shipped(name).between(0.0, end_s);
    vec![
        ("udds", Sample::drive(&shipped("udds"), 0.56, 88.0)),
        ("cold udds", Sample::drive(&shipped("udds"), 0.6, 20.0)),
        ("us06", Sample::drive(&shipped("us06"), 0.65, 88.0)),
        ("creep", Sample::drive(&shipped("ev-creep"), 0.75, 88.0)),
        (
            "electric creep",
            Sample::drive(&cut("ev-creep", 100.0), 0.75, 88.0),
        ),
        (
            "braking",
            Sample::drive(&shipped("us06").between(110.0, 125.0), 0.6, 88.0),
        ),
        (
            "hour at rest",
            Sample::drive(&cut("long-stop", 3600.0), 0.5, 88.0),
        ),
        (
            "minute at rest",
            Sample::drive(&cut("long-stop", 60.0), 0.5, 88.0),
        ),
        ("one step", Sample::drive(&cut("nedc", 0.1), 0.6, 88.0)),
        (
            "full throttle step",
            Sample::drive(&shipped("us06").between(300.0, 300.1), 0.6, 88.0),
        ),
    ]
}
