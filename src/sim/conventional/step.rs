//! One step of a conventional car: (plant, interval, state, choice) → (state, flows).
//!
//! ```text
//! T_engine = T_impeller + T_drag + J·α + P_alternator/ω      ω, α of the engine
//! ```
//!
//! Speeds are means of both ends of the step. The engine's speed at the end is the
//! turbine's where the converter is locked, and what the converter needs for the torque
//! where it is open; it follows no faster than its slew limit, so that after a shift a
//! clutch slips for a moment. What a slipping clutch or converter does not give on is
//! heat, never less than nothing.
//!
//! Where the engine cannot give the torque the step ends slower, found by halving.
//! Braking beyond the engine's drag goes to the
//! friction brakes, and so does the converter's creep where the cycle wants less.

use super::ConventionalFlows;
use crate::cycle::Interval;
use crate::units::GRAVITY_M_PER_S2;
use crate::vehicle::{ConventionalPlant, ConventionalState, GRIP, Resistance};

/// Width to which the fastest speed that the engine can reach is halved down to, m/s.
const SPEED_TOLERANCE_MPS: f64 = 1e-9;
/// Shortfall of force that counts as none, N.
const FORCE_TOLERANCE_N: f64 = 1e-7;
/// Rounds of the search for the speed that the engine revs up to.
const FULL_THROTTLE_ROUNDS: usize = 30;
/// Relative difference of speeds at which a clutch does not slip.
const SYNCHRONOUS: f64 = 1e-9;

/// What the gearbox does in a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// From 0.
    pub(super) gear: usize,
    pub(super) locked: bool,
}

struct Attempt<'a> {
    plant: &'a ConventionalPlant,
    interval: &'a Interval,
    state: &'a ConventionalState,
    choice: &'a Choice,
}

/// The step tried with one speed at its end.
struct Trial {
    engine_end_rad_s: f64,
    /// Force at the wheels beyond what the cycle needs, N.
    surplus_n: f64,
    flows: ConventionalFlows,
}

/// Mean speeds of the shafts, and what they do to torque.
struct Shafts {
    engine_rad_s: f64,
    engine_rad_s2: f64,
    engine_end_rad_s: f64,
    turbine_rad_s: f64,
    /// Impeller torque per turbine torque, for the engine driving and being pushed.
    driving: f64,
    pushed: f64,
    /// Least impeller torque: what the idling converter takes, N·m.
    creep_nm: f64,
    synchronous: bool,
}

/// Torques that fit each other.
#[allow(clippy::struct_field_names)] // the unit
struct Torques {
    engine_nm: f64,
    impeller_nm: f64,
    turbine_nm: f64,
}

impl Attempt<'_> {
    fn shafts(&self, end_mps: f64, turbine_nm: f64) -> Shafts {
        let (plant, dt) = (self.plant, self.interval.dt_s);
        let (engine, converter) = (&plant.engine, &plant.gearbox.converter);
        let start = self.state.engine_rad_s;
        let turbine_end = plant.turbine_rad_s(end_mps, self.choice.gear);
        let wanted = if self.choice.locked {
            turbine_end.max(engine.idle_rad_s)
        } else {
            let range = (engine.idle_rad_s, self.full_throttle_rad_s(turbine_end));
            converter.impeller_rad_s(turbine_nm, turbine_end, range)
        };
        let most = engine.slew_rad_s2 * dt;
        let engine_end = wanted.clamp(start - most, start + most);
        let engine_rad_s = 0.5 * (start + engine_end);
        let road_mps = 0.5 * (self.state.speed_mps + end_mps);
        let turbine_rad_s = plant.turbine_rad_s(road_mps, self.choice.gear);
        let ratio = turbine_rad_s / engine_rad_s;
        let (driving, pushed, creep_nm) = if self.choice.locked {
            (ratio.max(1.0), ratio.min(1.0), f64::NEG_INFINITY)
        } else {
            let creep_nm = converter.impeller_nm(engine.idle_rad_s, turbine_rad_s);
            let multiplied = 1.0 / converter.torque_ratio(ratio);
            (multiplied.max(ratio), 0.0, creep_nm)
        };
        Shafts {
            engine_rad_s,
            engine_rad_s2: (engine_end - start) * self.interval.per_dt,
            engine_end_rad_s: engine_end,
            turbine_rad_s,
            driving,
            pushed,
            creep_nm,
            synchronous: self.choice.locked && (ratio - 1.0).abs() < SYNCHRONOUS,
        }
    }

    /// Speed to which the engine revs up against the open converter at full load, rad/s.
    fn full_throttle_rad_s(&self, turbine_rad_s: f64) -> f64 {
        let (engine, converter) = (&self.plant.engine, &self.plant.gearbox.converter);
        let (mut low, mut high) = (engine.idle_rad_s, engine.max_speed_rad_s);
        for _ in 0..FULL_THROTTLE_ROUNDS {
            let middle = 0.5 * (low + high);
            if converter.impeller_nm(middle, turbine_rad_s) < engine.full_load_nm(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }

    /// Torques within the engine's limits; `own_nm` is what engine and gearbox need
    /// beside the impeller's torque.
    fn torques(&self, shafts: &Shafts, asked_nm: f64, own_nm: f64) -> Torques {
        let plant = self.plant;
        let speed = shafts.engine_rad_s;
        // Engine and gearbox get what they need themselves, whatever the auxiliaries take.
        let most_nm = plant.engine.full_load_nm(speed).max(own_nm);
        let cuts = self.choice.locked && speed >= plant.fuel_cut_rad_s;
        let least_nm = if cuts {
            -plant.engine.drag_torque_nm(speed)
        } else {
            0.0
        };
        let wanted_nm = if asked_nm > 0.0 {
            asked_nm * shafts.driving
        } else {
            asked_nm * shafts.pushed
        };
        let wanted_nm = wanted_nm.max(shafts.creep_nm);
        let free_nm = wanted_nm + own_nm;
        let engine_nm = free_nm.max(least_nm).min(most_nm);
        let impeller_nm = engine_nm - own_nm;
        let turbine_nm = if shafts.synchronous {
            impeller_nm
        } else if impeller_nm < 0.0 {
            impeller_nm / shafts.pushed
        } else if engine_nm > free_nm {
            // More than is wanted, from an engine that slows down: the slip takes it.
            wanted_nm.max(0.0) / shafts.driving
        } else {
            impeller_nm / shafts.driving
        };
        Torques {
            engine_nm,
            impeller_nm,
            turbine_nm,
        }
    }

    /// Fuel power, and the share of the step in which fuel burns. Between its drag and no
    /// torque an engine that may cut its fuel burns for part of the step.
    fn fuel_w(&self, engine_rad_s: f64, engine_nm: f64) -> (f64, f64) {
        let engine = &self.plant.engine;
        let fired = if engine_nm < 0.0 {
            (1.0 + engine_nm / engine.drag_torque_nm(engine_rad_s)).max(0.0)
        } else {
            1.0
        };
        let burning_w = engine.fuel_w(
            engine_rad_s,
            engine_nm.max(0.0),
            self.state.coolant_c,
            false,
        );
        (fired * burning_w, fired)
    }

    fn resistance(&self, road_mps: f64) -> Resistance {
        let interval = self.interval;
        let chassis = &self.plant.chassis;
        chassis.resistance(road_mps, interval.sine, interval.cosine)
    }

    /// Everything that happens if the step ends at this speed.
    fn trial(&self, end_mps: f64) -> Trial {
        let (plant, interval) = (self.plant, self.interval);
        let (gearbox, chassis) = (&plant.gearbox, &plant.chassis);
        let road_mps = 0.5 * (self.state.speed_mps + end_mps);
        let road_mps2 = (end_mps - self.state.speed_mps) * interval.per_dt;
        let resistance = self.resistance(road_mps);
        // A parked car is held by its brakes.
        let needed_n = if road_mps == 0.0 {
            0.0
        } else {
            resistance.total_n() + chassis.inertial_mass_kg * road_mps2
        };
        let asked_nm = gearbox.turbine_nm(needed_n * chassis.tyre_radius_m, self.choice.gear);
        let shafts = self.shafts(end_mps, asked_nm);
        let speed = shafts.engine_rad_s;
        let aux_w = plant.auxiliary_w + interval.aux_w;
        let alternator_w = aux_w / plant.alternator_efficiency;
        let own_nm = gearbox.drag_nm
            + plant.engine_inertia_kg_m2 * shafts.engine_rad_s2
            + alternator_w / speed;
        let torques = self.torques(&shafts, asked_nm, own_nm);

        let given_n =
            gearbox.wheel_nm(torques.turbine_nm, self.choice.gear) * chassis.per_tyre_radius_per_m;
        let surplus_n = given_n - needed_n;
        let (fuel_w, fired) = self.fuel_w(speed, torques.engine_nm);
        let engine_shaft_w = torques.engine_nm * speed;
        let turbine_w = torques.turbine_nm * shafts.turbine_rad_s;
        Trial {
            engine_end_rad_s: shafts.engine_end_rad_s,
            surplus_n,
            flows: ConventionalFlows {
                dt_s: interval.dt_s,
                speed_mps: road_mps,
                gear: self.choice.gear + 1,
                engine_torque_nm: torques.engine_nm,
                fired,
                fuel_w,
                engine_heat_w: fuel_w - engine_shaft_w,
                engine_shaft_w,
                slip_w: torques.impeller_nm * speed - turbine_w,
                gearbox_loss_w: gearbox.drag_nm * speed + turbine_w - given_n * road_mps,
                alternator_loss_w: alternator_w - aux_w,
                aux_w,
                wheel_w: given_n * road_mps,
                brake_w: surplus_n.max(0.0) * road_mps,
                rolling_w: resistance.rolling_n * road_mps,
                air_w: resistance.air_n * road_mps,
                grade_w: resistance.grade_n * road_mps,
            },
        }
    }

    /// The fastest end of the step that the engine can reach, and what happens then.
    fn within_limits(&self, target_mps: f64) -> (f64, Trial) {
        let (mut slow_mps, mut fast_mps) = (0.0, target_mps);
        let mut best = self.trial(slow_mps);
        while best.is_met() && fast_mps - slow_mps > SPEED_TOLERANCE_MPS {
            let middle_mps = 0.5 * (slow_mps + fast_mps);
            let trial = self.trial(middle_mps);
            if trial.is_met() {
                (slow_mps, best) = (middle_mps, trial);
            } else {
                fast_mps = middle_mps;
            }
        }
        (slow_mps, best)
    }
}

impl Trial {
    /// Whether the wheels get the force that the motion needs.
    fn is_met(&self) -> bool {
        self.surplus_n >= -FORCE_TOLERANCE_N
    }
}

/// Advances the car by one interval of the cycle.
pub(super) fn step(
    plant: &ConventionalPlant,
    interval: &Interval,
    state: &ConventionalState,
    choice: &Choice,
) -> (ConventionalState, ConventionalFlows) {
    let dt = interval.dt_s;
    let attempt = Attempt {
        plant,
        interval,
        state,
        choice,
    };
    // No tyre brakes harder.
    let least_mps2 = GRAVITY_M_PER_S2 * (GRIP + interval.sine.abs());
    let target_mps = interval
        .target_mps
        .min(plant.max_speed_mps)
        .max(state.speed_mps - least_mps2 * dt);
    let mut trial = attempt.trial(target_mps);
    let mut end_mps = target_mps;
    if !trial.is_met() {
        (end_mps, trial) = attempt.within_limits(target_mps);
    }
    let mut flows = trial.flows;
    // A car that stops on a hill within the step climbs less of it than the step's mean
    // speed says: the force that is missing is gravity it does not work against. What
    // rounding leaves missing elsewhere is within the tolerance.
    if end_mps == 0.0 {
        flows.grade_w -= (-trial.surplus_n).max(0.0) * flows.speed_mps;
    }
    let burnt_heat_w = if flows.fired > 0.0 {
        flows.engine_heat_w
    } else {
        0.0
    };
    let end = ConventionalState {
        speed_mps: end_mps,
        engine_rad_s: trial.engine_end_rad_s,
        coolant_c: plant
            .thermal
            .coolant_after_c(state.coolant_c, burnt_heat_w, dt),
    };
    (end, flows)
}
