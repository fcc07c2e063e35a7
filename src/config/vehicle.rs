//! Checked values to a [`Vehicle`] or a [`Conventional`] car in SI units.
//!
//! `None` where a value is not valid; the issues then say which.

use super::powertrain::Powertrain;
use super::schema::Form;
use super::values::Values;
use crate::units::{mps_from_kmh, rad_s_from_rpm};
use crate::vehicle::{
    Battery, Chassis, Conventional, Converter, CruiseCharge, Engine, Fuel, FuelMap, Gearbox,
    Gearset, Loss, Machine, RoadLoad, ShiftLine, Strategy, Thermal, TorqueConverter, Vehicle,
    WarmUp, air_density_kg_per_m3,
};

const PERCENT_PER_ONE: f64 = 100.0;

pub(super) fn power_split(v: &Values) -> Option<Vehicle> {
    Some(Vehicle {
        name: v.text("name")?.to_owned(),
        chassis: chassis(v)?,
        gearset: gearset(v)?,
        engine: engine(v)?,
        mg1: mg1(v)?,
        mg2: mg2(v)?,
        converter: converter(v)?,
        battery: battery(v)?,
        auxiliary_w: v.number("auxiliary.power_w")?,
        thermal: thermal(v)?,
        strategy: strategy(v)?,
    })
}

/// A component of a vehicle, built again from values that have changed.
pub(super) type Rebuild = fn(&Values, &mut Vehicle) -> Option<()>;

/// Every component of [`power_split`], each by itself.
pub(super) const COMPONENTS: [Rebuild; 10] = [
    |v, car| chassis(v).map(|it| car.chassis = it),
    |v, car| gearset(v).map(|it| car.gearset = it),
    |v, car| engine(v).map(|it| car.engine = it),
    |v, car| mg1(v).map(|it| car.mg1 = it),
    |v, car| mg2(v).map(|it| car.mg2 = it),
    |v, car| converter(v).map(|it| car.converter = it),
    |v, car| battery(v).map(|it| car.battery = it),
    |v, car| v.number("auxiliary.power_w").map(|it| car.auxiliary_w = it),
    |v, car| thermal(v).map(|it| car.thermal = it),
    |v, car| strategy(v).map(|it| car.strategy = it),
];

fn mg1(v: &Values) -> Option<Machine> {
    machine(v, "mg1", Form::Mg1Table)
}

fn mg2(v: &Values) -> Option<Machine> {
    machine(v, "mg2", Form::Mg2Table)
}

fn converter(v: &Values) -> Option<Converter> {
    Some(Converter {
        bus_max_v: v.number("converter.bus_max_v")?,
        max_power_w: v.kilo("converter.max_power_kw")?,
        efficiency: v.number("converter.efficiency")?,
    })
}

pub(super) fn conventional(v: &Values) -> Option<Conventional> {
    Some(Conventional {
        name: v.text("name")?.to_owned(),
        chassis: chassis(v)?,
        engine: engine(v)?,
        engine_inertia_kg_m2: v.number("engine.inertia_kg_m2")?,
        fuel_cut_rad_s: v.rpm("engine.fuel_cut_rpm")?,
        gearbox: gearbox(v)?,
        auxiliary_w: v.number("auxiliary.power_w")?,
        alternator_efficiency: v.number("auxiliary.alternator_efficiency")?,
        thermal: thermal(v)?,
    })
}

fn gearbox(v: &Values) -> Option<Gearbox> {
    let line = |light, full| {
        Some(ShiftLine {
            light_rad_s: v.rpm(light)?,
            full_rad_s: v.rpm(full)?,
        })
    };
    let krpm = rad_s_from_rpm(1000.0);
    Some(Gearbox {
        ratios: v.list("gearbox.ratios")?,
        final_ratio: v.number("gearbox.final_ratio")?,
        efficiency: v.number("gearbox.efficiency")?,
        drag_nm: v.number("gearbox.drag_nm")?,
        converter: TorqueConverter {
            stall_torque_ratio: v.number("gearbox.converter.stall_torque_ratio")?,
            coupling_speed_ratio: v.number("gearbox.converter.coupling_speed_ratio")?,
            capacity_nm_s2: v.number("gearbox.converter.capacity_nm_per_krpm2")? / (krpm * krpm),
            lockup_from: v.number("gearbox.converter.lockup_from_gear")? as usize - 1,
            lockup_rad_s: v.rpm("gearbox.converter.lockup_rpm")?,
            unlock_rad_s: v.rpm("gearbox.converter.unlock_rpm")?,
        },
        up: line("gearbox.shift.up_light_rpm", "gearbox.shift.up_full_rpm")?,
        down: line(
            "gearbox.shift.down_light_rpm",
            "gearbox.shift.down_full_rpm",
        )?,
        hold_s: v.number("gearbox.shift.hold_s")?,
    })
}

/// A number that only a power-split car has; a conventional one does without.
fn unless_conventional(v: &Values, path: &str, without: f64) -> Option<f64> {
    if v.powertrain == Some(Powertrain::Conventional) {
        Some(without)
    } else {
        v.number(path)
    }
}

pub(super) fn thermal(v: &Values) -> Option<Thermal> {
    Some(Thermal {
        ambient_c: v.number("thermal.ambient_c")?,
        warm_c: v.number("thermal.warm_c")?,
        thermostat_c: v.number("thermal.thermostat_c")?,
        heat_capacity_j_per_k: v.kilo("thermal.heat_capacity_kj_per_k")?,
        heat_share: v.number("thermal.heat_share")?,
        loss_w_per_k: v.number("thermal.loss_w_per_k")?,
        heater_w_per_k: v.number("thermal.heater_w_per_k")?,
        heater_setting: v.number("thermal.heater_setting")?,
    })
}

pub(super) fn chassis(v: &Values) -> Option<Chassis> {
    let air = |temperature_c, altitude_m| {
        Some(air_density_kg_per_m3(
            v.number(temperature_c)?,
            v.number(altitude_m)?,
        ))
    };
    let road_load = if v.chosen(Form::CoastDown) {
        RoadLoad::CoastDown {
            a_n: v.number("chassis.road_load.a_n")?,
            b_n_per_mps: v.number("chassis.road_load.b_n_per_mps")?,
            c_n_per_mps2: v.number("chassis.road_load.c_n_per_mps2")?,
            air_density_kg_per_m3: air(
                "chassis.road_load.reference_c",
                "chassis.road_load.reference_altitude_m",
            )?,
            machine_share: unless_conventional(v, "chassis.road_load.machine_share", 0.0)?,
        }
    } else {
        RoadLoad::Coefficients {
            cd: v.number("chassis.cd")?,
            frontal_area_m2: v.number("chassis.frontal_area_m2")?,
            crr: v.number("chassis.crr")?,
        }
    };
    Some(Chassis {
        test_mass_kg: v.number("chassis.test_mass_kg")?,
        tyre_radius_m: v.number("chassis.tyre_radius_m")?,
        wheel_inertia_kg_m2: v.number("chassis.wheel_inertia_kg_m2")?,
        road_load,
        head_wind_mps: mps_from_kmh(v.number("chassis.head_wind_kmh")?),
        air_density_kg_per_m3: air("thermal.ambient_c", "thermal.altitude_m")?,
        regen_share: unless_conventional(v, "brakes.regen_share", 0.0)?,
        regen_none_below_mps: mps_from_kmh(unless_conventional(
            v,
            "brakes.regen_none_below_kmh",
            0.0,
        )?),
        regen_full_above_mps: mps_from_kmh(unless_conventional(
            v,
            "brakes.regen_full_above_kmh",
            f64::INFINITY,
        )?),
    })
}

fn gearset(v: &Values) -> Option<Gearset> {
    Some(Gearset {
        sun_teeth: v.number("gearset.sun_teeth")?,
        ring_teeth: v.number("gearset.ring_teeth")?,
        pinion_teeth: v.number("gearset.pinion_teeth")?,
        mg2_ratio: v.number("gearset.mg2_ratio")?,
        final_ratio: v.number("gearset.final_ratio")?,
        mesh_efficiency: v.number("gearset.mesh_efficiency")?,
        mg2_reducer_efficiency: v.number("gearset.mg2_reducer_efficiency")?,
        final_efficiency: v.number("gearset.final_efficiency")?,
        spin_drag_nm: v.number("gearset.spin_drag_nm")?,
        spin_drag_nm_per_rad_s: v.number("gearset.spin_drag_nm_per_rad_s")?,
        pinion_max_speed_rad_s: v.rpm("gearset.pinion_max_rpm").unwrap_or(f64::INFINITY),
        engine_inertia_kg_m2: v.number("engine.inertia_kg_m2")?,
        mg1_inertia_kg_m2: v.number("mg1.inertia_kg_m2")?,
        mg2_inertia_kg_m2: v.number("mg2.inertia_kg_m2")?,
    })
}

pub(super) fn engine(v: &Values) -> Option<Engine> {
    // The engine of a conventional car runs when the cycle begins: it is never started.
    let slowest_rpm = *v.list("engine.full_load.rpm")?.first()?;
    let of_a_start = |path, without| unless_conventional(v, path, without);
    let fuel_map = if v.chosen(Form::FuelTable) {
        FuelMap::Table(v.table("engine.fuel_map.table")?.surface.clone())
    } else {
        FuelMap::Willans {
            peak_efficiency: v.number("engine.fuel_map.peak_efficiency")?,
            loss_nm: v.list("engine.fuel_map.loss_nm")?.try_into().ok()?,
            efficiency_per_krpm: v.number("engine.fuel_map.efficiency_per_krpm")?,
            reference_krpm: v.number("engine.fuel_map.reference_rpm")? / 1000.0,
            enrichment_from: v.number("engine.fuel_map.enrichment_from")?,
            enrichment: v.number("engine.fuel_map.enrichment")?,
        }
    };
    Some(Engine {
        displacement_l: v.number("engine.displacement_l")?,
        max_power_w: v.kilo("engine.max_power_kw")?,
        full_load_nm: v.curve(
            ("engine.full_load.rpm", rad_s_from_rpm),
            ("engine.full_load.torque_nm", |nm| nm),
        )?,
        fuel_map,
        fuel: Fuel {
            lhv_j_per_kg: v.number("engine.fuel.lhv_mj_per_kg")? * 1e6,
            density_kg_per_l: v.number("engine.fuel.density_kg_per_l")?,
            co2_kg_per_l: v.number("engine.fuel.co2_kg_per_l")?,
        },
        idle_rad_s: v.rpm("engine.idle_rpm")?,
        break_away_nm: of_a_start("engine.break_away_nm", v.number("engine.drag_nm")?)?,
        drag_nm: v.number("engine.drag_nm")?,
        drag_nm_per_rad_s: v.number("engine.drag_nm_per_rad_s")?,
        firing_rad_s: rad_s_from_rpm(of_a_start("engine.firing_rpm", slowest_rpm)?),
        crank_rad_s2: rad_s_from_rpm(of_a_start("engine.crank_rpm_per_s", f64::INFINITY)?),
        slew_rad_s2: v.rpm("engine.slew_rpm_per_s")?,
        start_fuel_kg: of_a_start("engine.start_fuel_g", 0.0)? / 1e3,
        cold_friction_nm: v.number("engine.cold_friction_nm")?,
        cold_enrichment: v.number("engine.cold_enrichment")?,
        warm_c: v.number("engine.warm_c")?,
        late_spark_fuel_factor: of_a_start("engine.late_spark_fuel_factor", 1.0)?,
    })
}

fn machine(v: &Values, section: &str, table: Form) -> Option<Machine> {
    let key = |name: &str| format!("{section}.{name}");
    let loss = if v.chosen(table) {
        Loss::Table(v.table(&key("loss.table"))?.surface.clone())
    } else {
        Loss::Coefficients {
            constant_w: v.number(&key("loss.constant_w"))?,
            w_per_rad_s: v.number(&key("loss.w_per_rad_s"))?,
            w_per_rad2_s2: v.number(&key("loss.w_per_rad2_s2"))?,
            w_per_nm2: v.number(&key("loss.w_per_nm2"))?,
            w_per_nm: v.number(&key("loss.w_per_nm"))?,
            w_per_nm_rad_s: v.number(&key("loss.w_per_nm_rad_s"))?,
        }
    };
    Some(Machine {
        max_torque_nm: v.number(&key("max_torque_nm"))?,
        max_power_w: v.kilo(&key("max_power_kw"))?,
        max_speed_rad_s: v.rpm(&key("max_speed_rpm"))?,
        loss,
        inertia_kg_m2: v.number(&key("inertia_kg_m2"))?,
        back_emf_v_per_rad_s: v
            .number(&key("back_emf_v_per_krpm"))
            .map(|v_per_krpm| v_per_krpm / rad_s_from_rpm(1000.0)),
    })
}

fn battery(v: &Values) -> Option<Battery> {
    Some(Battery {
        capacity_ah: v.number("battery.capacity_ah")?,
        cells: v.number("battery.cells")?,
        open_circuit_v: v.curve(
            ("battery.open_circuit_v.soc", |soc| soc),
            ("battery.open_circuit_v.v", |v| v),
        )?,
        instant_ohm: v.resistance("battery.resistance.instant_ohm")?,
        steady_ohm: v.resistance("battery.resistance.steady_ohm")?,
        time_constant_s: v.number("battery.time_constant_s")?,
        coulombic_efficiency: v.number("battery.coulombic_efficiency")?,
        soc_min: v.number("battery.soc_min")?,
        soc_max: v.number("battery.soc_max")?,
        soc_target: v.number("battery.soc_target")?,
        max_discharge_w: v.kilo("battery.max_discharge_kw")?,
        max_charge_w: v.kilo("battery.max_charge_kw")?,
        min_v: v.number("battery.min_v")?,
        max_v: v.number("battery.max_v")?,
        mass_kg: v.number("battery.mass_kg")?,
        heat_capacity_j_per_kg_k: v.number("battery.heat_capacity_j_per_kg_k")?,
        cooling_w_per_k: v.number("battery.cooling_w_per_k")?,
    })
}

fn strategy(v: &Values) -> Option<Strategy> {
    Some(Strategy {
        engine_off_max_mg1_reverse_rad_s: v.rpm("control.engine_off_max_mg1_reverse_rpm")?,
        ceiling_hold_s: v.number("control.ceiling_hold_s")?,
        ceiling_release_mps: mps_from_kmh(v.number("control.ceiling_release_kmh")?),
        engine_on_power_w: v.kilo("control.engine_on_power_kw")?,
        engine_on_power_w_per_soc: v.kilo("control.engine_on_power_kw_per_percent_soc")?
            * PERCENT_PER_ONE,
        hysteresis_w: v.kilo("control.hysteresis_kw")?,
        min_on_s: v.number("control.min_on_s")?,
        min_off_s: v.number("control.min_off_s")?,
        charge_w_per_soc: v.kilo("control.charge_kw_per_percent_soc")? * PERCENT_PER_ONE,
        max_charge_w: v.kilo("control.max_charge_kw")?,
        loaded_min_w: v.kilo("control.loaded_min_kw")?,
        cruise_charge: CruiseCharge {
            power_w: v.kilo("control.cruise_charge.power_kw")?,
            none_below_mps: mps_from_kmh(v.number("control.cruise_charge.none_below_kmh")?),
            full_above_mps: mps_from_kmh(v.number("control.cruise_charge.full_above_kmh")?),
        },
        low_soc_start: v.number("control.low_soc_start")?,
        low_soc_stop: v.number("control.low_soc_stop")?,
        speed_floor_rad_s: v.curve(
            ("control.speed_floor.kmh", mps_from_kmh),
            ("control.speed_floor.rpm", rad_s_from_rpm),
        )?,
        spin_rad_s: v.rpm("control.spin_rpm")?,
        warm_up: WarmUp {
            below_c: if v.number("thermal.heater_setting")? > 0.0 {
                v.number("control.warm_up.below_heater_c")?
            } else {
                v.number("control.warm_up.below_c")?
            },
            below_heater_c: v.number("control.warm_up.below_heater_c")?,
            delay_s: v.number("control.warm_up.delay_s")?,
            hold_s: v.number("control.warm_up.hold_s")?,
            speed_rad_s: v.rpm("control.warm_up.rpm")?,
            torque_nm: v.number("control.warm_up.torque_nm")?,
            catalyst_time_constant_s: v.number("control.warm_up.catalyst_time_constant_s")?,
        },
    })
}
