//! One step of the car: (plant, interval, state, command) → (state, flows).
//!
//! Who watches is called from within the step: handing the flows back would write and read
//! three hundred bytes, and each copy of the step that a car alone has for what its engine
//! does (`limits`) then books no more than what can happen in it.
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
use super::power_limit::{POWER_TOLERANCE_W, PowerLimit};
use super::run::{Recorder, Simulated};
use crate::control::Command;
use crate::cycle::Interval;
use crate::lanes::{Flags, Number, seldom};
use crate::units::GRAVITY_M_PER_S2;
use crate::vehicle::{EngineShaft, GRIP, Pace, Plant, Resistance, Split, State, Terminals};

/// Distance from a limit of the battery's power at which it surely does not bind, whatever was
/// rounded on the way, W.
const SURE_W: f64 = 1.0;
/// MG2 speed from which driving uses more power than it loses, rad/s.
const SLOWEST_SINK_RAD_S: f64 = 50.0;

/// A step that is about to be tried.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a, F: Number> {
    pub(super) plant: &'a Plant<F>,
    pub(super) interval: &'a Interval,
    pub(super) state: &'a State<F>,
    pub(super) terminals: &'a Terminals<F>,
    pub(super) command: &'a Command<F>,
}

/// The step tried with one speed at its end and one engine torque.
#[derive(Clone, Copy)]
pub(super) struct Trial<F> {
    /// Engine torque while firing after MG1's limit, N·m.
    pub(super) engine_torque_nm: F,
    /// Engine work per torque while firing, W per N·m.
    pub(super) engine_w_per_nm: F,
    /// Engine speed at the end, rad/s.
    pub(super) engine_end_rad_s: F,
    /// Force missing at the wheels, N.
    pub(super) shortfall_n: F,
    /// Charging power beyond the limit, W.
    pub(super) excess_w: F,
}

/// Mean speeds and accelerations of the shafts.
struct Motion<F: Number> {
    road_mps: F,
    road_mps2: F,
    ring_rad_s: F,
    ring_rad_s2: F,
    sun_rad_s: F,
    sun_rad_s2: F,
    mg2_rad_s: F,
    parked: F::Flags,
}

/// Engine, planetary and MG1.
struct EngineSide<F> {
    /// Mean torque over the step, N·m.
    torque_nm: F,
    /// Torque while firing, N·m.
    firing_nm: F,
    split: Split<F>,
    mg1_electric_w: F,
    mg1_shaft_w: F,
}

/// What the road asks of the ring.
struct WheelSide<F> {
    resistance: Resistance<F>,
    /// Force that the cycle needs at the wheels, N.
    needed_n: F,
    /// Torque that the driveline is asked for, at the ring, N·m.
    output_nm: F,
}

/// MG2 within its limits.
struct Traction<F> {
    torque_nm: F,
    electric_w: F,
    /// Charging power beyond the limit, W.
    excess_w: F,
}

impl<F: Number> Attempt<'_, F> {
    #[inline(always)]
    fn motion(&self, plan: &EnginePlan<F>, end_mps: F) -> Motion<F> {
        let gears = &self.plant.gearset;
        let road_mps = (self.state.speed_mps + end_mps) * 0.5;
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
            parked: road_mps.equals(0.0),
        }
    }

    #[inline(always)]
    fn engine_side(&self, plan: &EnginePlan<F>, motion: &Motion<F>, asked_nm: F) -> EngineSide<F> {
        let plant = self.plant;
        let gears = &plant.gearset;
        let fires = plan.fired.above(0.0);
        let mut firing_nm = F::from(0.0);
        if fires.any() {
            let within_nm = plant.engine.within_full_load_nm(asked_nm, plan.fired_rad_s);
            firing_nm = fires.pick(within_nm.at_least(0.0), 0.0);
        }
        let mut torque_nm = plan.nm_per_fired_nm * firing_nm - plan.drag_nm;
        let mut shaft = EngineShaft {
            held: plan.at_rest,
            rad_s: plan.mean_rad_s,
            rad_s2: plan.rad_s2,
            torque_nm,
        };
        let mut split = gears.split_with(&shaft, motion.sun_rad_s, motion.sun_rad_s2);
        // MG1's limit throttles a burning engine, down to no torque; drag it cannot. It seldom
        // does: a branch keeps the divisions off the way of all other steps.
        let beyond = firing_nm.above(0.0)
            & split.mg1_torque_nm.below(0.0)
            & plant.mg1.is_beyond(motion.sun_rad_s, split.mg1_torque_nm);
        if beyond.any() {
            seldom();
            let most_nm = gears.engine_torque_limit_nm(
                plant.mg1.torque_limit_nm(motion.sun_rad_s),
                plan.mean_rad_s,
                motion.sun_rad_s,
                plan.rad_s2,
                motion.sun_rad_s2,
            );
            let limited_nm = torque_nm.at_most(most_nm.at_least(-plan.drag_nm));
            let firing_limited_nm = (limited_nm + plan.drag_nm) / plan.nm_per_fired_nm;
            torque_nm = beyond.pick(limited_nm, torque_nm);
            firing_nm = beyond.pick(firing_limited_nm, firing_nm);
            shaft.torque_nm = torque_nm;
            split = gears.split_with(&shaft, motion.sun_rad_s, motion.sun_rad_s2);
        }
        let (mg1_electric_w, mg1_shaft_w) = if F::LANES == 1 && plan.at_rest.all() {
            (plant.mg1.gated_w(motion.sun_rad_s), 0.0.into())
        } else {
            let electric_w = plant.mg1.electric_w(motion.sun_rad_s, split.mg1_torque_nm);
            (electric_w, split.mg1_torque_nm * motion.sun_rad_s)
        };
        EngineSide {
            torque_nm,
            firing_nm,
            split,
            mg1_electric_w,
            mg1_shaft_w,
        }
    }

    #[inline(always)]
    fn wheel_side(&self, motion: &Motion<F>) -> WheelSide<F> {
        let chassis = &self.plant.chassis;
        let resistance =
            chassis.resistance(motion.road_mps, self.interval.sine, self.interval.cosine);
        let moving_n = resistance.total_n() + chassis.inertial_mass_kg * motion.road_mps2;
        // A parked car is held by its brakes.
        let needed_n = motion.parked.pick(0.0, moving_n);
        let mut asked_n = needed_n;
        let brakes = needed_n.below(0.0);
        if brakes.any() {
            asked_n = brakes.pick(needed_n * chassis.regen_share(motion.road_mps), needed_n);
        }
        WheelSide {
            resistance,
            needed_n,
            output_nm: self
                .plant
                .gearset
                .output_torque_nm(asked_n * chassis.tyre_radius_m),
        }
    }

    /// MG2 torque within the machine's envelope and what the battery can give or take.
    #[inline(always)]
    fn traction(&self, motion: &Motion<F>, asked_nm: F, engine: &EngineSide<F>) -> Traction<F> {
        let (plant, speed) = (self.plant, motion.mg2_rad_s);
        let mut within_nm = asked_nm;
        let beyond = plant.mg2.is_beyond(speed, asked_nm);
        if beyond.any() {
            let limit_nm = plant.mg2.torque_limit_nm(speed);
            within_nm = beyond.pick(asked_nm.at_most(limit_nm).at_least(-limit_nm), asked_nm);
        }
        let wanted_w = plant.mg2.electric_w(speed, within_nm);
        // Asked at the battery, where the power has to be known anyhow: well within its limits,
        // as in nearly all steps, none of them binds.
        let aux_w = plant.auxiliary_w + self.interval.aux_w;
        let converter = &plant.converter;
        let most_battery_w =
            (self.terminals.discharge_limit_w - aux_w).at_most(converter.max_power_w);
        let least_battery_w =
            (-self.terminals.charge_limit_w - aux_w).at_least(-converter.max_power_w);
        let battery_w = converter.battery_side_w(engine.mg1_electric_w + wanted_w);
        let sure =
            battery_w.below(most_battery_w - SURE_W) & battery_w.above(least_battery_w + SURE_W);
        if sure.all() {
            return Traction {
                torque_nm: within_nm,
                electric_w: wanted_w,
                excess_w: 0.0.into(),
            };
        }
        let most_w = converter.bus_side_w(most_battery_w) - engine.mg1_electric_w;
        let least_w = converter.bus_side_w(least_battery_w) - engine.mg1_electric_w;
        let excess_w = (least_w - wanted_w).at_least(0.0);
        // Too much power and forward torque: asked as one question it is nearly always false,
        // as two each is a coin's toss for the branch predictor.
        let too_much = (wanted_w - most_w).at_most(within_nm).above(0.0);
        let too_little = excess_w.above(POWER_TOLERANCE_W) & !(motion.parked | too_much);
        // A burning engine is throttled first, and all is tried again.
        let limited = too_much | (too_little & !engine.firing_nm.above(0.0));
        if !limited.any() {
            return Traction {
                torque_nm: within_nm,
                electric_w: wanted_w,
                excess_w,
            };
        }
        seldom();
        // MG2 may drive against the brakes to use what MG1 makes, but it is no heater.
        let sink_nm = speed
            .above(SLOWEST_SINK_RAD_S)
            .pick(plant.mg2.torque_limit_nm(speed), 0.0);
        let feasible_nm = too_much.pick(0.0, within_nm.at_least(sink_nm));
        let limit = PowerLimit {
            mg2: &plant.mg2,
            mg2_rad_s: speed,
            binds: limited,
            drawing: too_much,
            most_w,
            least_w,
        };
        let found_nm = limit.torque_nm(within_nm, feasible_nm);
        let torque_nm = limited.pick(found_nm, within_nm);
        Traction {
            torque_nm,
            electric_w: plant.mg2.electric_w(speed, torque_nm),
            excess_w,
        }
    }

    /// Fuel power of the step, the extra of a start included, W.
    #[inline(always)]
    fn fuel_w(&self, plan: &EnginePlan<F>, firing_nm: F) -> F {
        let engine = &self.plant.engine;
        if !plan.fired.above(0.0).any() {
            return 0.0.into();
        }
        let burning_w = plan.fired
            * engine.fuel_w(
                plan.fired_rad_s,
                firing_nm,
                self.state.coolant_c,
                self.command.late_spark,
            );
        if !plan.starts.above(0.0).any() {
            return burning_w;
        }
        burning_w + plan.starts * engine.start_fuel_j * self.interval.per_dt
    }

    /// A parked car with its engine off feeds its auxiliaries and does nothing else: what
    /// a trial would find, at once.
    #[inline(always)]
    fn rest(&self) -> (Trial<F>, Flows<F>) {
        let aux_w = self.plant.auxiliary_w + self.interval.aux_w;
        let flows = Flows {
            dt_s: self.interval.dt_s,
            rests: true,
            aux_w,
            battery_w: aux_w,
            ..Flows::default()
        };
        let zero = F::from(0.0);
        let trial = Trial {
            engine_torque_nm: zero,
            engine_w_per_nm: zero,
            engine_end_rad_s: zero,
            shortfall_n: zero,
            excess_w: zero,
        };
        (trial, flows)
    }

    /// Everything that happens if the step ends at `end_mps` and the firing engine is
    /// asked for `engine_torque_nm`.
    #[inline(always)]
    pub(super) fn trial(&self, end_mps: F, engine_torque_nm: F, flows: &mut Flows<F>) -> Trial<F> {
        let plan = EnginePlan::new(self, end_mps);
        self.trial_of(&plan, end_mps, engine_torque_nm, flows)
    }

    /// The same with a plan for the engine.
    #[inline(always)]
    pub(super) fn trial_of(
        &self,
        plan: &EnginePlan<F>,
        end_mps: F,
        engine_torque_nm: F,
        flows: &mut Flows<F>,
    ) -> Trial<F> {
        let plant = self.plant;
        let gears = &plant.gearset;
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
        let asked_nm = motion.parked.pick(0.0, asked_nm);
        let mg2 = self.traction(&motion, asked_nm, &engine);

        // Back to the wheels with what MG2 really gives.
        let reducer_nm = gears.ring_torque_of_mg2_nm(mg2.torque_nm);
        let output_nm = reducer_nm - taken_nm;
        let wheel_n = gears.wheel_torque_nm(output_nm) * plant.chassis.per_tyre_radius_per_m;
        let given_n = motion.parked.pick(0.0, wheel_n);
        let surplus_n = given_n - wheels.needed_n;
        let shortfall_n = (-surplus_n).at_least(0.0);
        let wheel_w = given_n * road;
        let mut grade_w = wheels.resistance.grade_n * road;
        // A car that stops on a hill within the step climbs less of it than the step's mean
        // speed says: the force that is missing is gravity it does not work against.
        let stopped = end_mps.equals(0.0);
        if stopped.any() {
            seldom();
            grade_w -= stopped.pick(shortfall_n * road, 0.0);
        }

        let fuel_w = self.fuel_w(plan, engine.firing_nm);
        let engine_shaft_w = engine.torque_nm * plan.mean_rad_s;
        let bus_w = engine.mg1_electric_w + mg2.electric_w;
        let battery_side_w = plant.converter.battery_side_w(bus_w);
        let aux_w = plant.auxiliary_w + self.interval.aux_w;
        let mg2_shaft_w = mg2.torque_nm * motion.mg2_rad_s;
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
            reducer_loss_w: mg2_shaft_w - reducer_nm * ring,
            final_loss_w: motion.parked.pick(0.0, output_nm * ring - wheel_w),
            spin_drag_w: drag_nm * ring,
            mg1_electric_w: engine.mg1_electric_w,
            mg1_loss_w: engine.mg1_electric_w - engine.mg1_shaft_w,
            mg2_electric_w: mg2.electric_w,
            mg2_loss_w: mg2.electric_w - mg2_shaft_w,
            converter_loss_w: battery_side_w - bus_w,
            aux_w,
            battery_w: battery_side_w + aux_w,
            wheel_w,
            brake_w: surplus_n.at_least(0.0) * road,
            rolling_w: wheels.resistance.rolling_n * road,
            air_w: wheels.resistance.air_n * road,
            grade_w,
            ..Flows::default()
        };
        Trial {
            engine_torque_nm: engine.firing_nm,
            engine_w_per_nm: plan.nm_per_fired_nm * plan.mean_rad_s,
            engine_end_rad_s: plan.end_rad_s,
            shortfall_n,
            excess_w: mg2.excess_w,
        }
    }
}

/// What follows once it is known what the step does: battery, coolant, and who watches.
pub(super) struct Outcome<'a, F: Number, R> {
    pub(super) attempt: Attempt<'a, F>,
    pub(super) pace: &'a Pace<F>,
    pub(super) recorder: &'a mut R,
}

impl<F: Number, R: Recorder<F>> Outcome<'_, F, R> {
    /// The state at the end of the step.
    #[inline(always)]
    pub(super) fn of(&mut self, trial: &Trial<F>, end_mps: F, flows: &mut Flows<F>) -> State<F> {
        let Attempt {
            plant,
            interval,
            state,
            terminals,
            command,
        } = self.attempt;
        let ambient_c = plant.thermal.ambient_c;
        let battery = &plant.battery;
        let drawn = battery.draw(self.pace, terminals, flows.battery_w, state, ambient_c);
        flows.battery_v = drawn.voltage_v;
        flows.battery_a = drawn.current_a;
        flows.battery_chemical_w = drawn.chemical_w;
        flows.battery_polarisation_w = drawn.polarisation_w;
        flows.battery_heat_w = drawn.heat_w;
        let burnt_heat_w = flows.fired.above(0.0).pick(flows.engine_heat_w, 0.0);
        let end = State {
            speed_mps: end_mps,
            engine_rad_s: trial.engine_end_rad_s,
            soc: drawn.soc,
            polarisation_v: drawn.polarisation_v,
            coolant_c: plant
                .thermal
                .coolant_after_c(state.coolant_c, burnt_heat_w, interval.dt_s),
            battery_c: drawn.temperature_c,
        };
        self.recorder.record(
            plant,
            &Simulated {
                interval,
                start: state,
                end: &end,
                flows,
                command,
            },
        );
        end
    }
}

/// Advances the car by one interval of the cycle, and shows the step to who watches.
#[inline(always)]
pub fn step<F: Number, R: Recorder<F>>(
    plant: &Plant<F>,
    interval: &Interval,
    pace: &Pace<F>,
    state: &State<F>,
    terminals: &Terminals<F>,
    command: &Command<F>,
    recorder: &mut R,
) -> State<F> {
    let dt = interval.dt_s;
    let mut target_mps = plant.max_speed_mps.at_most(interval.target_mps);
    let change_mps = (target_mps - state.speed_mps).abs();
    if change_mps.above(plant.gentle_mps2 * dt).any() {
        seldom();
        // No tyre brakes harder and no torque of the car accelerates it more: an absurd cycle
        // must not make absurd first guesses.
        let downhill_mps2 = GRAVITY_M_PER_S2 * interval.sine.abs();
        let most_mps2 = plant.boundless_mps2 + downhill_mps2;
        let least_mps2 = GRIP * GRAVITY_M_PER_S2 + downhill_mps2;
        target_mps = target_mps
            .at_most(state.speed_mps + most_mps2 * dt)
            .at_least(state.speed_mps - least_mps2 * dt);
    }
    let attempt = Attempt {
        plant,
        interval,
        state,
        terminals,
        command,
    };
    let mut outcome = Outcome {
        attempt,
        pace,
        recorder,
    };
    let moves = state.speed_mps.above(0.0) | target_mps.above(0.0);
    let turns = state.engine_rad_s.above(0.0) | command.turn;
    if (moves | turns).any() {
        attempt.within_limits(target_mps, outcome)
    } else {
        let (trial, mut flows) = attempt.rest();
        outcome.of(&trial, target_mps, &mut flows)
    }
}
