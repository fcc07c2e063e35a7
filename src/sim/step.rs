//! One step of the car: (plant, interval, state, command) → (state, flows).
//!
//! Speeds follow the cycle, accelerations are known, torques follow from them
//! (`vehicle::gearset`). All quantities are means over the step: speeds are the mean of
//! both ends and accelerations their difference, so that `J·a·ω̄` is exactly the change
//! of kinetic energy and the balance closes to rounding at any step length.
//!
//! Where a limit binds (MG2's torque, the battery's power) the step asks for less
//! acceleration until it does not, and the car falls behind the cycle. Braking that
//! MG2 or the battery cannot take goes to the friction brakes.

use crate::control::Command;
use crate::cycle::Interval;
use crate::vehicle::{Plant, State, Terminals};

/// Rounds of asking for less before the last answer stands.
const MAX_ROUNDS: usize = 24;
/// Share of the firing speed from which the engine counts as fast enough to burn.
const FIRING_SHARE: f64 = 0.999;
/// Shortfall of force that counts as none, N.
const FORCE_TOLERANCE_N: f64 = 1e-7;
/// Excess of charging power that counts as none, W.
const POWER_TOLERANCE_W: f64 = 1e-3;
/// Share of MG1's torque that changes of engine speed are planned with.
const PLANNED_MG1_SHARE: f64 = 0.95;
/// Rounds of the search for the torque at which a power limit binds.
const TORQUE_ROUNDS: usize = 10;

/// Mean flows over one step. Powers in W; losses and storage are positive when they
/// take energy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Flows {
    /// Length of the step, s.
    pub dt_s: f64,
    /// Mean road speed, m/s.
    pub speed_mps: f64,
    /// Mean engine speed, rad/s.
    pub engine_rad_s: f64,
    /// Mean ring speed, rad/s.
    pub ring_rad_s: f64,
    /// Mean MG1 speed, rad/s.
    pub mg1_rad_s: f64,
    /// Mean MG2 speed, rad/s.
    pub mg2_rad_s: f64,
    /// Engine torque at the shaft, N·m, negative while it is turned.
    pub engine_torque_nm: f64,
    /// MG1 torque, N·m.
    pub mg1_torque_nm: f64,
    /// MG2 torque, N·m.
    pub mg2_torque_nm: f64,
    /// Share of the step in which fuel burnt.
    pub fired: f64,
    /// Power of the fuel burnt.
    pub fuel_w: f64,
    /// Fuel less shaft work of the engine.
    pub engine_heat_w: f64,
    /// Power the engine's torque gives.
    pub engine_shaft_w: f64,
    /// Power through the mesh to the ring: the mechanical path.
    pub ring_w: f64,
    /// Friction in the planetary's mesh.
    pub mesh_loss_w: f64,
    /// Loss of the MG2 reducer.
    pub reducer_loss_w: f64,
    /// Loss of counter gear and final drive.
    pub final_loss_w: f64,
    /// Drag of the unloaded gears.
    pub spin_drag_w: f64,
    /// Drawn by MG1 from the bus.
    pub mg1_electric_w: f64,
    /// Lost in MG1 and its inverter.
    pub mg1_loss_w: f64,
    /// Drawn by MG2 from the bus.
    pub mg2_electric_w: f64,
    /// Lost in MG2 and its inverter.
    pub mg2_loss_w: f64,
    /// Lost in the boost converter.
    pub converter_loss_w: f64,
    /// Used by the auxiliaries.
    pub aux_w: f64,
    /// At the battery's terminals, positive when discharging.
    pub battery_w: f64,
    /// Terminal voltage, V.
    pub battery_v: f64,
    /// Terminal current, A.
    pub battery_a: f64,
    /// Given up by the stored charge.
    pub battery_chemical_w: f64,
    /// Into the battery's slow branch.
    pub battery_polarisation_w: f64,
    /// Heat in the battery.
    pub battery_heat_w: f64,
    /// At the wheels, before the friction brakes.
    pub wheel_w: f64,
    /// Friction brakes.
    pub brake_w: f64,
    /// Tyres and bearings.
    pub rolling_w: f64,
    /// Air.
    pub air_w: f64,
    /// Against gravity.
    pub grade_w: f64,
}

/// What the engine does in this step, before torques are known.
#[derive(Clone, Copy)]
struct EnginePlan {
    end_rad_s: f64,
    mean_rad_s: f64,
    rad_s2: f64,
    /// Share of the step in which fuel burns, and the mean speed in it.
    fired: f64,
    fired_rad_s: f64,
    /// Torque over the step that does the work of one N·m while fuel burns.
    nm_per_fired_nm: f64,
    /// Torque over the step that does the work of the drag while none burns, N·m.
    drag_nm: f64,
    at_rest: bool,
    starts_from_rest: bool,
}

/// The step tried with one speed at its end and one engine torque.
#[derive(Clone, Copy)]
struct Trial {
    flows: Flows,
    /// Engine torque while firing after MG1's limit, N·m.
    engine_torque_nm: f64,
    /// Force missing at the wheels, N.
    shortfall_n: f64,
    /// Charging power beyond the limit, W.
    excess_w: f64,
}

#[inline]
fn plan_engine(
    plant: &Plant,
    interval: &Interval,
    state: &State,
    command: &Command,
    target_mps: f64,
) -> EnginePlan {
    let (engine, gears) = (&plant.engine, &plant.gearset);
    let (dt, per_dt) = (interval.dt_s, interval.per_dt);
    let start = state.engine_rad_s;
    let ring_start = state.speed_mps * plant.ring_rad_per_m;
    let ring_end = target_mps * plant.ring_rad_per_m;

    // MG1's fastest speeds bound the engine's at the end of the step.
    let sun_max = plant.mg1.max_speed_rad_s;
    let highest = gears
        .carrier_speed_rad_s(sun_max, ring_end)
        .min(engine.max_speed_rad_s);
    let lowest = gears.carrier_speed_rad_s(-sun_max, ring_end).max(0.0);
    let wanted = if command.turn {
        command.engine_rad_s
    } else {
        0.0
    };
    let target = wanted.min(highest).max(lowest);

    let crank_s = if command.turn {
        ((engine.firing_rad_s - start) / engine.crank_rad_s2)
            .max(0.0)
            .min(dt)
    } else {
        0.0
    };
    let after_s = dt - crank_s;
    let slew_rad_s2 = engine.slew_rad_s2.min(command.engine_rad_s2);
    let cranked = start + engine.crank_rad_s2 * crank_s;
    let up = (cranked + slew_rad_s2 * after_s).min(target);
    let down = (start - slew_rad_s2 * dt).max(target);
    let free = if target > start { up } else { down };

    // MG1 must be able to turn the engine this fast: with its torque limit at the faster
    // end, T₁ = J₁·a₁ − (T_e − J_e·a_e)·N_s/(N_s+N_r) bounds a_e (mesh friction is in the
    // planned share).
    let sun_start = gears.sun_speed_rad_s(start, ring_start).abs();
    let sun_end = gears.sun_speed_rad_s(free, ring_end).abs();
    let mg1_nm = PLANNED_MG1_SHARE * plant.mg1.torque_limit_nm(sun_start.max(sun_end));
    let share = gears.sun_share();
    let per_rad_s2 =
        gears.mg1_inertia_kg_m2 * (1.0 + gears.ring_per_sun()) + gears.engine_inertia_kg_m2 * share;
    let ring_nm = gears.mg1_inertia_kg_m2 * gears.ring_per_sun() * (ring_end - ring_start) * per_dt;
    let unfired = if command.fuel { crank_s * per_dt } else { 1.0 };
    let drag_at_sun_nm = engine.drag_torque_nm(0.5 * (start + free)) * unfired * share;
    let fastest_up = (mg1_nm + ring_nm - drag_at_sun_nm) / per_rad_s2;
    let fastest_down = (ring_nm - mg1_nm - drag_at_sun_nm) / per_rad_s2;
    let bounded = start + ((free - start) * per_dt).min(fastest_up).max(fastest_down) * dt;
    let end = if bounded == free {
        free
    } else {
        bounded.max(0.0)
    };

    // Mean torques are those that do the work of their part of the step, whatever its
    // length: a start takes half a second and a long step holds more than that.
    let mean = 0.5 * (start + end);
    let per_mean = if mean > 0.0 { 1.0 / mean } else { 0.0 };
    let lowest_firing = FIRING_SHARE * engine.firing_rad_s;
    let fires = command.fuel && end >= lowest_firing;
    let fired = if fires { after_s * per_dt } else { 0.0 };
    let fired_rad_s = 0.5 * (start.max(engine.firing_rad_s.min(end)) + end);
    let unfired_rad_s = if fired > 0.0 {
        0.5 * (start + engine.firing_rad_s)
    } else {
        mean
    };
    let stopping_s = (start - end) * engine.per_slew_s2_per_rad;
    let turning = if end == 0.0 {
        (stopping_s * per_dt).min(1.0)
    } else {
        1.0
    };
    EnginePlan {
        end_rad_s: end,
        mean_rad_s: mean,
        rad_s2: (end - start) * per_dt,
        fired,
        fired_rad_s,
        nm_per_fired_nm: fired * (fired_rad_s * per_mean),
        drag_nm: (1.0 - fired)
            * turning
            * engine.drag_torque_nm(unfired_rad_s)
            * (unfired_rad_s * per_mean),
        at_rest: start == 0.0 && end == 0.0,
        starts_from_rest: fires && start < lowest_firing,
    }
}

/// MG2 torque nearest to `wanted_nm` whose bus power respects `within`, searched between
/// it and `feasible_nm`, where the limit holds. Illinois' variant of false position;
/// the answer lies on the feasible side.
#[inline]
fn torque_at_limit(wanted_nm: f64, feasible_nm: f64, excess_w: impl Fn(f64) -> f64) -> f64 {
    let (mut bad, mut good) = (wanted_nm, feasible_nm);
    let (mut bad_w, mut good_w) = (excess_w(bad), excess_w(good));
    if good_w > 0.0 {
        return good;
    }
    for _ in 0..TORQUE_ROUNDS {
        let next = good + (bad - good) * good_w / (good_w - bad_w);
        let next_w = excess_w(next);
        if next_w > 0.0 {
            (bad, bad_w) = (next, next_w);
            good_w *= 0.5;
        } else {
            (good, good_w) = (next, next_w);
            bad_w *= 0.5;
        }
        if next_w <= 0.0 && next_w > -POWER_TOLERANCE_W {
            break;
        }
    }
    good
}

/// Everything that happens in the step if it ends at `end_mps` and the firing engine is
/// asked for `engine_torque_nm`.
#[inline]
fn attempt(
    plant: &Plant,
    interval: &Interval,
    state: &State,
    terminals: &Terminals,
    plan: &EnginePlan,
    command: &Command,
    end_mps: f64,
    engine_torque_nm: f64,
) -> Trial {
    let (gears, dt) = (&plant.gearset, interval.dt_s);
    let per_dt = interval.per_dt;
    let speed = 0.5 * (state.speed_mps + end_mps);
    let acceleration = (end_mps - state.speed_mps) * per_dt;
    let parked = speed == 0.0;
    let ring = speed * plant.ring_rad_per_m;
    let ring_rad_s2 = acceleration * plant.ring_rad_per_m;
    let engine = plan.mean_rad_s;
    let sun = gears.sun_speed_rad_s(engine, ring);
    let sun_rad_s2 = gears.sun_speed_rad_s(plan.rad_s2, ring_rad_s2);
    let mg2 = ring * gears.mg2_ratio;

    // Engine and planetary.
    let mg1_limit_nm = plant.mg1.torque_limit_nm(sun);
    let most_nm = gears.engine_torque_limit_nm(mg1_limit_nm, engine, sun, plan.rad_s2, sun_rad_s2);
    let full_load_nm = plant.engine.full_load_nm(plan.fired_rad_s);
    let firing_nm = engine_torque_nm.min(full_load_nm).max(0.0);
    let wanted_nm = plan.nm_per_fired_nm * firing_nm - plan.drag_nm;
    // MG1's limit throttles a burning engine, down to no torque; drag it cannot.
    let engine_nm = wanted_nm.min(most_nm.max(-plan.drag_nm));
    let firing_nm = if plan.fired > 0.0 {
        (engine_nm + plan.drag_nm) / plan.nm_per_fired_nm
    } else {
        0.0
    };
    let engine_nm = if plan.at_rest { 0.0 } else { engine_nm };
    let turning = gears.split(engine, sun, engine_nm, plan.rad_s2, sun_rad_s2);
    let held = gears.split_engine_held(sun, sun_rad_s2);
    let split = if plan.at_rest { held } else { turning };
    let mg1_nm = split.mg1_torque_nm;

    // Wheels: what the road takes, what the brakes may leave to MG2.
    let resistance = plant
        .chassis
        .resistance(speed, interval.sine, interval.cosine);
    let road_n = resistance.total_n() + plant.chassis.inertial_mass_kg * acceleration;
    let road_n = if parked { 0.0 } else { road_n };
    let braking_n = road_n * plant.chassis.regen_share(speed);
    let driveline_n = if road_n < 0.0 { braking_n } else { road_n };

    // Ring: what MG2 has to add.
    let ring_from_mesh_nm = gears.ring_torque_of_mesh_nm(split.mesh_nm_per_tooth);
    let drag_nm = gears.spin_drag_torque_nm(ring);
    let taken_nm = drag_nm + gears.ring_inertia_kg_m2 * ring_rad_s2 - ring_from_mesh_nm;
    let output_nm = gears.output_torque_nm(driveline_n * plant.chassis.tyre_radius_m);
    let asked_nm = gears.mg2_torque_nm(output_nm + taken_nm);
    let asked_nm = if parked { 0.0 } else { asked_nm };

    // MG2 within its envelope, the bus within what the battery can give or take.
    let mg1_electric_w = plant.mg1.electric_w(sun, mg1_nm);
    let aux_w = plant.auxiliary_w + interval.aux_w;
    let converter_w = plant.converter.max_power_w;
    let bus_most_w = plant
        .converter
        .bus_side_w((terminals.discharge_limit_w - aux_w).min(converter_w))
        - mg1_electric_w;
    let bus_least_w = plant
        .converter
        .bus_side_w((-terminals.charge_limit_w - aux_w).max(-converter_w))
        - mg1_electric_w;
    let mg2_limit_nm = plant.mg2.torque_limit_nm(mg2);
    let within_nm = asked_nm.min(mg2_limit_nm).max(-mg2_limit_nm);
    let wanted_w = plant.mg2.electric_w(mg2, within_nm);
    let excess_w = (bus_least_w - wanted_w).max(0.0);
    let mg2_nm = if wanted_w > bus_most_w && within_nm > 0.0 {
        torque_at_limit(within_nm, 0.0, |nm| {
            plant.mg2.electric_w(mg2, nm) - bus_most_w
        })
    } else if excess_w > POWER_TOLERANCE_W && !parked {
        torque_at_limit(within_nm, mg2_limit_nm, |nm| {
            bus_least_w - plant.mg2.electric_w(mg2, nm)
        })
    } else {
        within_nm
    };
    let mg2_electric_w = if mg2_nm == within_nm {
        wanted_w
    } else {
        plant.mg2.electric_w(mg2, mg2_nm)
    };

    // Back to the wheels with what MG2 really gives.
    let reducer_nm = gears.ring_torque_of_mg2_nm(mg2_nm);
    let given_output_nm = reducer_nm - taken_nm;
    let given_n = gears.wheel_torque_nm(given_output_nm) / plant.chassis.tyre_radius_m;
    let given_n = if parked { 0.0 } else { given_n };
    let surplus_n = given_n - road_n;

    // Fuel, with the start's extra as heat of this step.
    let start_w = if plan.starts_from_rest {
        plant.engine.start_fuel_j / dt
    } else {
        0.0
    };
    let burning_w = plan.fired
        * plant.engine.fuel_w(
            plan.fired_rad_s,
            firing_nm,
            state.coolant_c,
            command.late_spark,
        );
    let fuel_w = burning_w + start_w;
    let engine_shaft_w = engine_nm * engine;

    let bus_w = mg1_electric_w + mg2_electric_w;
    let battery_side_w = plant.converter.battery_side_w(bus_w);
    Trial {
        flows: Flows {
            dt_s: dt,
            speed_mps: speed,
            engine_rad_s: engine,
            ring_rad_s: ring,
            mg1_rad_s: sun,
            mg2_rad_s: mg2,
            engine_torque_nm: engine_nm,
            mg1_torque_nm: mg1_nm,
            mg2_torque_nm: mg2_nm,
            fired: plan.fired,
            fuel_w,
            engine_heat_w: fuel_w - engine_shaft_w,
            engine_shaft_w,
            ring_w: ring_from_mesh_nm * ring,
            mesh_loss_w: split.mesh_loss_w,
            reducer_loss_w: mg2_nm * mg2 - reducer_nm * ring,
            final_loss_w: if parked {
                0.0
            } else {
                given_output_nm * ring - given_n * speed
            },
            spin_drag_w: drag_nm * ring,
            mg1_electric_w,
            mg1_loss_w: mg1_electric_w - mg1_nm * sun,
            mg2_electric_w,
            mg2_loss_w: mg2_electric_w - mg2_nm * mg2,
            converter_loss_w: battery_side_w - bus_w,
            aux_w,
            battery_w: battery_side_w + aux_w,
            wheel_w: given_n * speed,
            brake_w: surplus_n.max(0.0) * speed,
            rolling_w: resistance.rolling_n * speed,
            air_w: resistance.air_n * speed,
            grade_w: resistance.grade_n * speed,
            ..Flows::default()
        },
        engine_torque_nm: firing_nm,
        shortfall_n: (-surplus_n).max(0.0),
        excess_w,
    }
}

/// Advances the car by one interval of the cycle.
#[inline]
pub fn step(
    plant: &Plant,
    interval: &Interval,
    state: &State,
    terminals: &Terminals,
    command: &Command,
) -> (State, Flows) {
    let dt = interval.dt_s;
    let mut end_mps = interval.target_mps.min(plant.max_speed_mps);
    let plan = plan_engine(plant, interval, state, command, end_mps);
    let mut torque_nm = command.engine_torque_nm;
    let mut trial = attempt(
        plant, interval, state, terminals, &plan, command, end_mps, torque_nm,
    );
    for _ in 0..MAX_ROUNDS {
        let throttles =
            trial.excess_w > POWER_TOLERANCE_W && trial.engine_torque_nm > 0.0 && plan.fired > 0.0;
        let falls_behind = trial.shortfall_n > FORCE_TOLERANCE_N && end_mps > 0.0;
        if !throttles && !falls_behind {
            break;
        }
        if throttles {
            let less_nm = trial.excess_w / (plan.nm_per_fired_nm * plan.mean_rad_s).max(1.0);
            torque_nm = (trial.engine_torque_nm - 1.02 * less_nm - 0.01).max(0.0);
        } else {
            let less_mps2 = (trial.shortfall_n + 1e-3) / plant.accelerated_mass_kg;
            end_mps = (end_mps - less_mps2 * dt).max(0.0);
        }
        trial = attempt(
            plant, interval, state, terminals, &plan, command, end_mps, torque_nm,
        );
    }
    let mut flows = trial.flows;
    // A car that stops on a hill within the step climbs less of it than the step's mean
    // speed says: the force that is missing is gravity it does not work against.
    flows.grade_w -= trial.shortfall_n * flows.speed_mps;

    let drawn = plant.battery.draw(
        terminals,
        flows.battery_w,
        state.soc,
        state.battery_c,
        state.polarisation_v,
        plant.thermal.ambient_c,
        dt,
    );
    flows.battery_v = drawn.voltage_v;
    flows.battery_a = drawn.current_a;
    flows.battery_chemical_w = drawn.chemical_w;
    flows.battery_polarisation_w = drawn.polarisation_w;
    flows.battery_heat_w = drawn.heat_w;
    let burnt_heat_w = if plan.fired > 0.0 {
        flows.engine_heat_w
    } else {
        0.0
    };
    let end = State {
        speed_mps: end_mps,
        engine_rad_s: plan.end_rad_s,
        soc: drawn.soc,
        polarisation_v: drawn.polarisation_v,
        coolant_c: plant
            .thermal
            .coolant_after_c(state.coolant_c, burnt_heat_w, dt),
        battery_c: drawn.temperature_c,
    };
    (end, flows)
}
