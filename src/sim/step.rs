//! One step of the car: (plant, interval, state, command) → (state, flows).
//!
//! The flows are written where the caller keeps them: handing them back by value would
//! copy three hundred bytes a step.
//!
//! Speeds follow the cycle, accelerations are known, torques follow from them
//! (`vehicle::gearset`). All quantities are means over the step: speeds are the mean of
//! both ends and accelerations their difference, so that `J·a·ω̄` is exactly the change
//! of kinetic energy and the balance closes to rounding at any step length.
//!
//! Where a limit binds (MG2's torque, the battery's power) the step asks for less
//! acceleration until it does not, and the car falls behind the cycle. Braking that
//! MG2 or the battery cannot take goes to the friction brakes.

use super::engine_plan::EnginePlan;
use super::flows::Flows;
use crate::bound::{Bound, seldom};
use crate::control::Command;
use crate::cycle::Interval;
use crate::units::GRAVITY_M_PER_S2;
use crate::vehicle::{Plant, Resistance, Split, State, Terminals};

/// Friction of the tyres on the road, as a share of the weight.
const GRIP: f64 = 1.0;
/// Rounds of asking for less before the last answer stands.
const MAX_ROUNDS: usize = 24;
/// Shortfall of force that counts as none, N.
const FORCE_TOLERANCE_N: f64 = 1e-7;
/// Excess of charging power that counts as none, W.
const POWER_TOLERANCE_W: f64 = 1e-3;
/// MG2 speed from which driving uses more power than it loses, rad/s.
const SLOWEST_SINK_RAD_S: f64 = 50.0;
/// Rounds of the search for the torque at which a power limit binds.
const TORQUE_ROUNDS: usize = 10;

/// A step that is about to be tried.
struct Attempt<'a> {
    plant: &'a Plant,
    interval: &'a Interval,
    state: &'a State,
    terminals: &'a Terminals,
    command: &'a Command,
}

/// The step tried with one speed at its end and one engine torque.
#[derive(Clone, Copy)]
struct Trial {
    /// Engine torque while firing after MG1's limit, N·m.
    engine_torque_nm: f64,
    /// Engine work per torque while firing, W per N·m.
    engine_w_per_nm: f64,
    /// Engine speed at the end, rad/s.
    engine_end_rad_s: f64,
    /// Force missing at the wheels, N.
    shortfall_n: f64,
    /// Charging power beyond the limit, W.
    excess_w: f64,
}

/// Mean speeds and accelerations of the shafts.
struct Motion {
    road_mps: f64,
    road_mps2: f64,
    ring_rad_s: f64,
    ring_rad_s2: f64,
    sun_rad_s: f64,
    sun_rad_s2: f64,
    mg2_rad_s: f64,
    parked: bool,
}

/// Engine, planetary and MG1.
struct EngineSide {
    /// Mean torque over the step, N·m.
    torque_nm: f64,
    /// Torque while firing, N·m.
    firing_nm: f64,
    split: Split,
    mg1_electric_w: f64,
}

/// What the road asks of the ring.
struct WheelSide {
    resistance: Resistance,
    /// Force that the cycle needs at the wheels, N.
    needed_n: f64,
    /// Torque that the driveline is asked for, at the ring, N·m.
    output_nm: f64,
}

/// MG2 within its limits.
struct Traction {
    torque_nm: f64,
    electric_w: f64,
    /// Charging power beyond the limit, W.
    excess_w: f64,
}

/// MG2 torque nearest to `wanted_nm` at which `excess_w` is not positive, searched
/// between it and `feasible_nm`, where the limit holds. Illinois' variant of false
/// position; the answer lies on the feasible side.
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
            if next_w > -POWER_TOLERANCE_W {
                break;
            }
        }
    }
    good
}

impl Trial {
    /// Whether the battery cannot take what the burning engine makes.
    #[inline]
    fn must_throttle(&self) -> bool {
        self.excess_w > POWER_TOLERANCE_W && self.engine_torque_nm > 0.0
    }
}

impl Attempt<'_> {
    #[inline]
    fn motion(&self, plan: &EnginePlan, end_mps: f64) -> Motion {
        let gears = &self.plant.gearset;
        let road_mps = 0.5 * (self.state.speed_mps + end_mps);
        let road_mps2 = (end_mps - self.state.speed_mps) * self.interval.per_dt;
        let ring_rad_s = road_mps * self.plant.ring_rad_per_m;
        let ring_rad_s2 = road_mps2 * self.plant.ring_rad_per_m;
        Motion {
            road_mps,
            road_mps2,
            ring_rad_s,
            ring_rad_s2,
            sun_rad_s: gears.sun_speed_rad_s(plan.mean_rad_s, ring_rad_s),
            sun_rad_s2: gears.sun_speed_rad_s(plan.rad_s2, ring_rad_s2),
            mg2_rad_s: ring_rad_s * gears.mg2_ratio,
            parked: road_mps == 0.0,
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn engine_side(&self, plan: &EnginePlan, motion: &Motion, asked_nm: f64) -> EngineSide {
        let plant = self.plant;
        let gears = &plant.gearset;
        if plan.at_rest {
            return EngineSide {
                torque_nm: 0.0,
                firing_nm: 0.0,
                mg1_electric_w: plant.mg1.electric_w(motion.sun_rad_s, 0.0),
                split: gears.split_engine_held(motion.sun_rad_s, motion.sun_rad_s2),
            };
        }
        let full_load_nm = plant.engine.full_load_nm(plan.fired_rad_s);
        let asked_nm = asked_nm.at_most(full_load_nm).at_least(0.0);
        let split_at = |torque_nm: f64| {
            gears.split(
                plan.mean_rad_s,
                motion.sun_rad_s,
                torque_nm,
                plan.rad_s2,
                motion.sun_rad_s2,
            )
        };
        let mut firing_nm = if plan.fired > 0.0 { asked_nm } else { 0.0 };
        let mut torque_nm = plan.nm_per_fired_nm * firing_nm - plan.drag_nm;
        let mut split = split_at(torque_nm);
        // MG1's limit throttles a burning engine, down to no torque; drag it cannot. It seldom
        // does: a branch keeps the divisions off the way of all other steps.
        let limit_nm = plant.mg1.torque_limit_nm(motion.sun_rad_s);
        if -split.mg1_torque_nm > limit_nm && firing_nm > 0.0 {
            seldom();
            let most_nm = gears.engine_torque_limit_nm(
                limit_nm,
                plan.mean_rad_s,
                motion.sun_rad_s,
                plan.rad_s2,
                motion.sun_rad_s2,
            );
            torque_nm = torque_nm.at_most(most_nm.at_least(-plan.drag_nm));
            firing_nm = (torque_nm + plan.drag_nm) / plan.nm_per_fired_nm;
            split = split_at(torque_nm);
        }
        EngineSide {
            torque_nm,
            firing_nm,
            mg1_electric_w: plant.mg1.electric_w(motion.sun_rad_s, split.mg1_torque_nm),
            split,
        }
    }

    #[inline]
    fn wheel_side(&self, motion: &Motion) -> WheelSide {
        let chassis = &self.plant.chassis;
        let resistance =
            chassis.resistance(motion.road_mps, self.interval.sine, self.interval.cosine);
        let moving_n = resistance.total_n() + chassis.inertial_mass_kg * motion.road_mps2;
        // A parked car is held by its brakes.
        let needed_n = if motion.parked { 0.0 } else { moving_n };
        let share = if needed_n < 0.0 {
            chassis.regen_share(motion.road_mps)
        } else {
            1.0
        };
        WheelSide {
            resistance,
            needed_n,
            output_nm: self
                .plant
                .gearset
                .output_torque_nm(needed_n * share * chassis.tyre_radius_m),
        }
    }

    /// MG2 torque within the machine's envelope and what the battery can give or take.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn traction(&self, motion: &Motion, asked_nm: f64, mg1_electric_w: f64) -> Traction {
        let (plant, speed) = (self.plant, motion.mg2_rad_s);
        let electric_w = |nm: f64| plant.mg2.electric_w(speed, nm);
        let aux_w = plant.auxiliary_w + self.interval.aux_w;
        let converter = &plant.converter;
        let most_w = converter
            .bus_side_w((self.terminals.discharge_limit_w - aux_w).at_most(converter.max_power_w))
            - mg1_electric_w;
        let least_w = converter
            .bus_side_w((-self.terminals.charge_limit_w - aux_w).at_least(-converter.max_power_w))
            - mg1_electric_w;
        let limit_nm = plant.mg2.torque_limit_nm(speed);
        let within_nm = asked_nm.at_most(limit_nm).at_least(-limit_nm);
        let wanted_w = electric_w(within_nm);
        let excess_w = (least_w - wanted_w).at_least(0.0);
        // MG2 may drive against the brakes to use what MG1 makes, but it is no heater.
        let most_nm = if speed > SLOWEST_SINK_RAD_S {
            limit_nm
        } else {
            0.0
        };
        let most_nm = within_nm.at_least(most_nm);
        // Too much power and forward torque: asked as one question it is nearly always false,
        // as two each is a coin's toss for the branch predictor.
        let limited_nm = if (wanted_w - most_w).at_most(within_nm) > 0.0 {
            torque_at_limit(within_nm, 0.0, |nm| electric_w(nm) - most_w)
        } else if (excess_w > POWER_TOLERANCE_W) & !motion.parked {
            torque_at_limit(within_nm, most_nm, |nm| least_w - electric_w(nm))
        } else {
            return Traction {
                torque_nm: within_nm,
                electric_w: wanted_w,
                excess_w,
            };
        };
        Traction {
            torque_nm: limited_nm,
            electric_w: electric_w(limited_nm),
            excess_w,
        }
    }

    /// Fuel power of the step, the extra of a start included, W.
    #[inline]
    fn fuel_w(&self, plan: &EnginePlan, firing_nm: f64) -> f64 {
        let engine = &self.plant.engine;
        if plan.at_rest {
            return 0.0;
        }
        let burning_w = plan.fired
            * engine.fuel_w(
                plan.fired_rad_s,
                firing_nm,
                self.state.coolant_c,
                self.command.late_spark,
            );
        burning_w + plan.starts * engine.start_fuel_j * self.interval.per_dt
    }

    /// A parked car with its engine off feeds its auxiliaries and does nothing else: what
    /// a trial would find, at once.
    #[inline]
    fn rest(&self, flows: &mut Flows) -> Trial {
        let aux_w = self.plant.auxiliary_w + self.interval.aux_w;
        *flows = Flows {
            dt_s: self.interval.dt_s,
            aux_w,
            battery_w: aux_w,
            ..Flows::default()
        };
        Trial {
            engine_torque_nm: 0.0,
            engine_w_per_nm: 0.0,
            engine_end_rad_s: 0.0,
            shortfall_n: 0.0,
            excess_w: 0.0,
        }
    }

    /// Everything that happens if the step ends at `end_mps` and the firing engine is
    /// asked for `engine_torque_nm`.
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn trial(&self, end_mps: f64, engine_torque_nm: f64, flows: &mut Flows) -> Trial {
        let plant = self.plant;
        let gears = &plant.gearset;
        let plan = &EnginePlan::new(
            plant,
            self.interval,
            self.state,
            self.terminals,
            self.command,
            end_mps,
        );
        let motion = self.motion(plan, end_mps);
        let (road, ring) = (motion.road_mps, motion.ring_rad_s);
        let engine = self.engine_side(plan, &motion, engine_torque_nm);
        let wheels = self.wheel_side(&motion);

        // The ring needs what goes to the wheels, its own drag and acceleration, less
        // what the mesh gives; MG2 adds the rest.
        let mesh_nm = gears.ring_torque_of_mesh_nm(engine.split.mesh_nm_per_tooth);
        let drag_nm = gears.spin_drag_torque_nm(ring);
        let taken_nm = drag_nm + gears.ring_inertia_kg_m2 * motion.ring_rad_s2 - mesh_nm;
        let asked_nm = gears.mg2_torque_nm(wheels.output_nm + taken_nm);
        let asked_nm = if motion.parked { 0.0 } else { asked_nm };
        let mg2 = self.traction(&motion, asked_nm, engine.mg1_electric_w);

        // Back to the wheels with what MG2 really gives.
        let reducer_nm = gears.ring_torque_of_mg2_nm(mg2.torque_nm);
        let output_nm = reducer_nm - taken_nm;
        let wheel_n = gears.wheel_torque_nm(output_nm) * plant.chassis.per_tyre_radius_per_m;
        let given_n = if motion.parked { 0.0 } else { wheel_n };
        let surplus_n = given_n - wheels.needed_n;

        let fuel_w = self.fuel_w(plan, engine.firing_nm);
        let engine_shaft_w = engine.torque_nm * plan.mean_rad_s;
        let bus_w = engine.mg1_electric_w + mg2.electric_w;
        let battery_side_w = plant.converter.battery_side_w(bus_w);
        let aux_w = plant.auxiliary_w + self.interval.aux_w;
        *flows = Flows {
            dt_s: self.interval.dt_s,
            speed_mps: road,
            engine_rad_s: plan.mean_rad_s,
            ring_rad_s: ring,
            mg1_rad_s: motion.sun_rad_s,
            mg2_rad_s: motion.mg2_rad_s,
            engine_torque_nm: engine.torque_nm,
            mg1_torque_nm: engine.split.mg1_torque_nm,
            mg2_torque_nm: mg2.torque_nm,
            fired: plan.fired,
            fuel_w,
            engine_heat_w: fuel_w - engine_shaft_w,
            engine_shaft_w,
            ring_w: mesh_nm * ring,
            mesh_loss_w: engine.split.mesh_loss_w,
            reducer_loss_w: mg2.torque_nm * motion.mg2_rad_s - reducer_nm * ring,
            final_loss_w: if motion.parked {
                0.0
            } else {
                output_nm * ring - given_n * road
            },
            spin_drag_w: drag_nm * ring,
            mg1_electric_w: engine.mg1_electric_w,
            mg1_loss_w: engine.mg1_electric_w - engine.split.mg1_torque_nm * motion.sun_rad_s,
            mg2_electric_w: mg2.electric_w,
            mg2_loss_w: mg2.electric_w - mg2.torque_nm * motion.mg2_rad_s,
            converter_loss_w: battery_side_w - bus_w,
            aux_w,
            battery_w: battery_side_w + aux_w,
            wheel_w: given_n * road,
            brake_w: surplus_n.at_least(0.0) * road,
            rolling_w: wheels.resistance.rolling_n * road,
            air_w: wheels.resistance.air_n * road,
            grade_w: wheels.resistance.grade_n * road,
            ..Flows::default()
        };
        Trial {
            engine_torque_nm: engine.firing_nm,
            engine_w_per_nm: plan.nm_per_fired_nm * plan.mean_rad_s,
            engine_end_rad_s: plan.end_rad_s,
            shortfall_n: (-surplus_n).at_least(0.0),
            excess_w: mg2.excess_w,
        }
    }

    /// Asks for less engine where the battery cannot take its power, and for less
    /// acceleration where the wheels do not get theirs, until every limit holds.
    #[cold]
    fn within_limits(&self, trial: &mut Trial, target_mps: f64, flows: &mut Flows) -> f64 {
        let (plant, dt) = (self.plant, self.interval.dt_s);
        let mut end_mps = target_mps;
        let mut torque_nm = self.command.engine_torque_nm;
        for _ in 0..MAX_ROUNDS {
            if trial.must_throttle() {
                let less_nm = trial.excess_w / trial.engine_w_per_nm.at_least(1.0);
                torque_nm = (trial.engine_torque_nm - 1.02 * less_nm - 0.01).at_least(0.0);
            } else if trial.shortfall_n > FORCE_TOLERANCE_N && end_mps > 0.0 {
                let less_mps2 = (trial.shortfall_n + 1e-3) / plant.accelerated_mass_kg;
                end_mps = (end_mps - less_mps2 * dt).at_least(0.0);
            } else {
                break;
            }
            *trial = self.trial(end_mps, torque_nm, flows);
        }
        end_mps
    }
}

/// Advances the car by one interval of the cycle; `flows` are overwritten.
#[inline(always)]
#[allow(clippy::inline_always)]
pub fn step(
    plant: &Plant,
    interval: &Interval,
    state: &State,
    terminals: &Terminals,
    command: &Command,
    flows: &mut Flows,
) -> State {
    let dt = interval.dt_s;
    // No tyre brakes harder and no torque of the car accelerates it more: an absurd cycle
    // must not make absurd first guesses.
    let downhill_mps2 = GRAVITY_M_PER_S2 * interval.sine.abs();
    let most_mps2 = plant.boundless_mps2 + downhill_mps2;
    let least_mps2 = GRIP * GRAVITY_M_PER_S2 + downhill_mps2;
    let target_mps = interval
        .target_mps
        .at_most(plant.max_speed_mps)
        .at_most(state.speed_mps + most_mps2 * dt)
        .at_least(state.speed_mps - least_mps2 * dt);
    let attempt = Attempt {
        plant,
        interval,
        state,
        terminals,
        command,
    };
    let rests = state.speed_mps == 0.0 && state.engine_rad_s == 0.0;
    let mut trial = if rests && target_mps == 0.0 && !command.turn {
        attempt.rest(flows)
    } else {
        attempt.trial(target_mps, command.engine_torque_nm, flows)
    };
    let mut end_mps = target_mps;
    if trial.shortfall_n > FORCE_TOLERANCE_N || trial.must_throttle() {
        end_mps = attempt.within_limits(&mut trial, target_mps, flows);
    }
    // A car that stops on a hill within the step climbs less of it than the step's mean
    // speed says: the force that is missing is gravity it does not work against.
    if end_mps == 0.0 {
        flows.grade_w -= trial.shortfall_n * flows.speed_mps;
    }

    let drawn = plant.battery.draw(
        terminals,
        flows.battery_w,
        state,
        plant.thermal.ambient_c,
        dt,
    );
    flows.battery_v = drawn.voltage_v;
    flows.battery_a = drawn.current_a;
    flows.battery_chemical_w = drawn.chemical_w;
    flows.battery_polarisation_w = drawn.polarisation_w;
    flows.battery_heat_w = drawn.heat_w;
    let burnt_heat_w = if flows.fired > 0.0 {
        flows.engine_heat_w
    } else {
        0.0
    };
    State {
        speed_mps: end_mps,
        engine_rad_s: trial.engine_end_rad_s,
        soc: drawn.soc,
        polarisation_v: drawn.polarisation_v,
        coolant_c: plant
            .thermal
            .coolant_after_c(state.coolant_c, burnt_heat_w, dt),
        battery_c: drawn.temperature_c,
    }
}
