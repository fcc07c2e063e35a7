//! What went over the machines, either way: from the teeth, the trace and the flows again.

use proptest::prelude::*;
use thsim::sim::EngineState;
use thsim::units::rad_s_from_rpm;

use crate::drives::{Case, Driven, Step, cases, tried};

/// A car without friction in the mesh and without loss in its machines.
const LOSSLESS: [&str; 13] = [
    "gearset.mesh_efficiency=1",
    "mg1.loss.constant_w=0",
    "mg1.loss.w_per_rad_s=0",
    "mg1.loss.w_per_rad2_s2=0",
    "mg1.loss.w_per_nm2=0",
    "mg1.loss.w_per_nm=0",
    "mg1.loss.w_per_nm_rad_s=0",
    "mg2.loss.constant_w=0",
    "mg2.loss.w_per_rad_s=0",
    "mg2.loss.w_per_rad2_s2=0",
    "mg2.loss.w_per_nm2=0",
    "mg2.loss.w_per_nm=0",
    "mg2.loss.w_per_nm_rad_s=0",
];

/// Random cars, each with teeth of its own.
fn cars() -> impl Strategy<Value = Case> {
    (cases(), 24..40, 70..90).prop_map(|(mut case, sun, ring)| {
        case.sets.push(format!("gearset.sun_teeth={sun}"));
        case.sets.push(format!("gearset.ring_teeth={ring}"));
        case
    })
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * (scale.abs() + a.abs() + b.abs()) + 1e-6
}

/// The figures of a run.
#[derive(Debug, Default)]
struct Sums {
    work_j: f64,
    electrical_work_j: f64,
    near_work_j: f64,
    recirculation_work_j: f64,
    burning_s: f64,
    engine_rad: f64,
    recirculation_s: f64,
    electrical_path_j: f64,
    recirculation_j: f64,
    loss_j: f64,
    recirculation_loss_j: f64,
}

/// The figures again from what a trace tells and the teeth: MG1 turns backwards beyond the
/// mechanical point.
fn of_trace(driven: &Driven) -> Sums {
    let gears = &driven.car.vehicle.gearset;
    let sun_share = gears.sun_teeth / (gears.sun_teeth + gears.ring_teeth);
    let mut sums = Sums::default();
    for pair in driven.trace.rows.windows(2) {
        let (before, row) = (&pair[0], &pair[1]);
        if row.engine_state != EngineState::On {
            continue;
        }
        let dt = row.time_s - before.time_s;
        let mean = |from: f64, to: f64| rad_s_from_rpm(0.5 * (from + to));
        let engine = mean(before.engine_rpm, row.engine_rpm);
        let mg1 = mean(before.mg1_rpm, row.mg1_rpm);
        let mg2 = mean(before.mg2_rpm, row.mg2_rpm);
        let work_j = (row.engine_torque_nm * engine).max(0.0) * dt;
        let share = sun_share * mg1 / engine;
        let loss_j = (row.mg1_electric_w - row.mg1_torque_nm * mg1 + row.mg2_electric_w
            - row.mg2_torque_nm * mg2)
            * dt;
        sums.work_j += work_j;
        sums.electrical_work_j += share * work_j;
        sums.near_work_j += if share.abs() <= 0.1 { work_j } else { 0.0 };
        sums.burning_s += dt;
        sums.engine_rad += engine * dt;
        sums.loss_j += loss_j;
        if mg1 < 0.0 {
            sums.recirculation_s += dt;
            sums.recirculation_work_j += work_j;
            sums.recirculation_loss_j += loss_j;
            sums.recirculation_j += row.mg1_electric_w.min(-row.mg2_electric_w).max(0.0) * dt;
        } else {
            sums.electrical_path_j += (-row.mg1_electric_w).min(row.mg2_electric_w).max(0.0) * dt;
        }
    }
    sums
}

/// Power that the engine gives beside what its own acceleration takes, W.
fn carrier_w(driven: &Driven, step: &Step) -> f64 {
    let flows = &step.flows;
    let rad_s2 = (step.end.engine_rad_s - step.start.engine_rad_s) / flows.dt_s;
    let inertia_nm = driven.car.plant.gearset.engine_inertia_kg_m2 * rad_s2;
    (flows.engine_torque_nm - inertia_nm) * flows.engine_rad_s
}

/// Power that MG1's acceleration takes, W.
fn rotor_w(driven: &Driven, step: &Step) -> f64 {
    let plant = &driven.car.plant;
    let sun = |state: &thsim::vehicle::State| {
        let ring = state.speed_mps * plant.ring_rad_per_m;
        plant.gearset.sun_speed_rad_s(state.engine_rad_s, ring)
    };
    let rad_s2 = (sun(&step.end) - sun(&step.start)) / step.flows.dt_s;
    plant.gearset.mg1_inertia_kg_m2 * rad_s2 * step.flows.mg1_rad_s
}

/// The steps with fuel.
fn burning(driven: &Driven) -> impl Iterator<Item = &Step> {
    let steps = driven.steps.iter();
    steps.filter(|step| step.engine == EngineState::On)
}

proptest! {
    #![proptest_config(tried(128))]

    #[test]
    fn the_figures_follow_from_the_trace_and_the_teeth(case in cars()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let (split, totals) = (&driven.paths.power_split, &driven.totals);
        let again = of_trace(&driven);
        for (name, recorded, again, scale) in [
            ("work", totals.engine_work_j, again.work_j, 1.0),
            ("electrical work", totals.electrical_path_j, again.electrical_work_j, again.work_j),
            ("near the mechanical point", split.near_work_j, again.near_work_j, again.work_j),
            ("work beyond it", split.recirculation_work_j, again.recirculation_work_j, again.work_j),
            ("burning", split.burning_s, again.burning_s, 1.0),
            ("angle", split.engine_rad, again.engine_rad, 1.0),
            ("time of recirculation", totals.recirculation_s, again.recirculation_s, 1.0),
            ("electrical path", split.electrical_path_j, again.electrical_path_j, again.work_j),
            ("recirculation", split.recirculation_j, again.recirculation_j, again.work_j),
            ("loss", split.machine_loss_j, again.loss_j, again.work_j),
            ("loss beyond", split.machine_loss_recirculation_j, again.recirculation_loss_j, again.work_j),
        ] {
            prop_assert!(close(recorded, again, scale), "{name}: {recorded}, from the trace {again}");
        }
        // MG1 stands still where the mean engine speed meets this road speed.
        if split.burning_s > 0.0 {
            let gears = &driven.car.plant.gearset;
            let ring = split.mechanical_point_mps() * driven.car.plant.ring_rad_per_m;
            let mg1 = gears.sun_speed_rad_s(split.mean_engine_rad_s(), ring);
            prop_assert!(close(mg1, 0.0, 1e3), "{mg1} rad/s");
        }
    }

    #[test]
    fn no_more_goes_over_the_machines_than_they_make_and_lose(case in cars()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let (split, paths) = (&driven.paths.power_split, &driven.paths);
        let within = |part: f64, whole: f64| part >= 0.0 && part <= whole * (1.0 + 1e-9) + 1e-6;
        prop_assert!(within(split.electrical_path_j, paths.mg1_generated_j.min(paths.mg2_motored_j)));
        prop_assert!(within(split.recirculation_j, paths.mg1_motored_j.min(paths.mg2_generated_j)));
        prop_assert!(within(split.near_work_j, driven.totals.engine_work_j));
        prop_assert!(within(split.recirculation_work_j, driven.totals.engine_work_j));
        let lost_j: f64 = driven.steps.iter()
            .map(|step| (step.flows.mg1_loss_w + step.flows.mg2_loss_w) * step.flows.dt_s)
            .sum();
        prop_assert!(within(split.machine_loss_j, lost_j));
        prop_assert!(within(split.machine_loss_recirculation_j, split.machine_loss_j));
    }

    /// The way there is none of has no energy.
    #[test]
    fn nothing_recirculates_before_the_mechanical_point(case in cars()) {
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let split = &driven.paths.power_split;
        let forwards = burning(&driven).all(|step| step.flows.mg1_rad_s > 0.0);
        let backwards = burning(&driven).all(|step| step.flows.mg1_rad_s < 0.0);
        if forwards {
            let none = [
                split.recirculation_j, split.recirculation_work_j, split.machine_loss_recirculation_j,
                driven.totals.recirculation_s,
            ];
            prop_assert!(none.iter().all(|part| part.abs() < f64::MIN_POSITIVE), "{none:?}");
        }
        if backwards {
            prop_assert!(split.electrical_path_j.abs() < f64::MIN_POSITIVE, "{split:?}");
        }
    }

    /// What does not take the electrical path takes the mechanical one, and what goes round
    /// is what the share says, unless MG2 is needed for less.
    #[test]
    fn without_losses_both_paths_make_the_whole(mut case in cars()) {
        case.sets.extend(LOSSLESS.map(str::to_owned));
        let Some(driven) = case.drive() else { return Err(TestCaseError::reject("settings")) };
        let gears = &driven.car.plant.gearset;
        let mut recirculation_j = 0.0;
        for step in burning(&driven) {
            let flows = &step.flows;
            let (carrier_w, rotor_w) = (carrier_w(&driven, step), rotor_w(&driven, step));
            let share = gears.electrical_share(flows.engine_rad_s, flows.ring_rad_s);
            let electrical_w = rotor_w - flows.mg1_torque_nm * flows.mg1_rad_s;
            let scale_w = flows.engine_shaft_w.abs() + rotor_w.abs() + 1e3;
            prop_assert!(close(flows.ring_w, (1.0 - share) * carrier_w, scale_w), "{step:?}");
            prop_assert!(close(electrical_w, share * carrier_w, scale_w), "{step:?}");
            prop_assert!(close(flows.ring_w + electrical_w, carrier_w, scale_w), "{step:?}");
            if share < 0.0 {
                let mg1_takes_w = rotor_w - share * carrier_w;
                let mg2_gives_w = -flows.mg2_torque_nm * flows.mg2_rad_s;
                recirculation_j += mg1_takes_w.min(mg2_gives_w).max(0.0) * flows.dt_s;
            }
        }
        let recorded_j = driven.paths.power_split.recirculation_j;
        prop_assert!(close(recorded_j, recirculation_j, driven.totals.engine_work_j + 1e3), "{recorded_j} {recirculation_j}");
        prop_assert!(driven.paths.power_split.machine_loss_j.abs() < 1e-3);
    }
}

/// Most of the laws say nothing about a car that never comes beyond the mechanical point.
#[test]
fn the_random_roads_lead_beyond_the_mechanical_point() {
    let car = Case {
        vehicle: "levin-hybrid",
        sets: Vec::new(),
        points: vec![(0.0, 0.0, 0.0), (30.0, 110.0, 0.0), (90.0, 110.0, 0.0)],
        step_s: 0.5,
        charge: 0.5,
        cold: false,
    };
    let driven = car.drive().expect("a shipped car");
    let split = &driven.paths.power_split;
    assert!(
        split.electrical_path_j > 1e4 && split.recirculation_j > 1e4,
        "{split:?}"
    );
    assert!(split.machine_loss_recirculation_j > 0.0, "{split:?}");
}
