//! The engine-off ceiling: up to which speed can the car drive with its engine at rest,
//! and what ends it?
//!
//! With the engine at rest `ω_mg1 = −(N_r/N_s)·i·v/r`. Every candidate limit is turned
//! into the road speed at which it would bind; the lowest one binds first. The slow
//! electric acceleration is then simulated, and names the cause that really comes first.

use super::drive::Drive;
use super::single::{Outcome, Question, simulate};
use crate::control::StartCause;
use crate::ledger::Paths;
use crate::sim::{StartEvent, Trace};
use crate::units::{kmh_from_mps, mps_from_kmh, rpm_from_rad_s};
use crate::vehicle::{Plant, Vehicle};

/// What limits driving with the engine at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// The fastest reverse speed the car's control allows MG1.
    Mg1Ceiling,
    /// MG1's rating.
    Mg1Rating,
    /// MG2's rating.
    Mg2Rating,
    /// The pinions on their pins.
    Pinion,
    /// MG1's back-EMF reaches the battery's voltage: above it the bus needs boost.
    BackEmf,
    /// Steady driving takes all the battery can give.
    BatteryPower,
    /// MG1 has just the torque left to crank the engine.
    CrankingTorque,
}

/// A candidate limit and the speed at which it would bind.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CandidateLimit {
    /// Which limit.
    pub kind: LimitKind,
    /// What it is, with its figure.
    pub description: String,
    /// Road speed at which it binds, km/h; none where the car does not state it or it
    /// never binds below 250 km/h.
    pub speed_kmh: Option<f64>,
    /// MG1's speed there with the engine at rest, rpm.
    pub mg1_rpm: Option<f64>,
    /// MG2's speed there, rpm.
    pub mg2_rpm: Option<f64>,
    /// Whether driving with the engine at rest ends there. Needing boost ends nothing
    /// while there is a boost converter: it is listed, but the car drives on.
    pub ends_driving: bool,
    /// Whether it is the one that binds first.
    pub binds: bool,
}

/// The answer of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct ForcedStart {
    /// All candidates, the lowest speed first.
    pub limits: Vec<CandidateLimit>,
    /// The first engine start of the simulated slow acceleration.
    pub first_start: Option<StartEvent>,
    /// Fastest speed reached before it, km/h.
    pub reached_kmh: f64,
    /// The slow acceleration.
    pub outcome: Outcome,
    /// Its flows between the parts.
    pub paths: Paths,
    /// Its trace.
    pub trace: Trace,
}

/// Fastest speed looked at, km/h.
const FASTEST_KMH: f64 = 250.0;

/// Lowest speed up to [`FASTEST_KMH`] at which `beyond` holds, m/s, by bisection between
/// the first 1 km/h step at which it holds and the one before.
fn first_speed(beyond: impl Fn(f64) -> bool) -> Option<f64> {
    let mut low = 0.0;
    for step in 1..=FASTEST_KMH as usize {
        let mut high = mps_from_kmh(step as f64);
        if beyond(high) {
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if beyond(middle) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return Some(high);
        }
        low = high;
    }
    None
}

/// Power the battery gives for driving steadily on the level with the engine at rest, W.
fn steady_battery_w(plant: &Plant, speed_mps: f64) -> f64 {
    let gears = &plant.gearset;
    let force = plant.chassis.resistance(speed_mps, 0.0, 1.0).total_n();
    let ring = speed_mps * plant.ring_rad_per_m;
    let output = gears.output_torque_nm(force * plant.chassis.tyre_radius_m)
        + gears.spin_drag_torque_nm(ring);
    let mg2 = ring * gears.mg2_ratio;
    let bus = plant.mg2.electric_w(mg2, gears.mg2_torque_nm(output))
        + plant.mg1.electric_w(gears.sun_speed_rad_s(0.0, ring), 0.0);
    plant.converter.battery_side_w(bus) + plant.auxiliary_w
}

/// Candidate limits of a car whose battery is at `soc` and `battery_c`, the lowest speed
/// first.
pub fn candidate_limits(
    vehicle: &Vehicle,
    plant: &Plant,
    soc: f64,
    battery_c: f64,
) -> Vec<CandidateLimit> {
    let gears = &plant.gearset;
    let ceiling = vehicle.strategy.engine_off_max_mg1_reverse_rad_s;
    let mg1 = |speed_mps: f64| plant.mg1_speed_engine_off_rad_s(speed_mps);
    let of_mg1 = |rad_s: f64| Some(plant.engine_off_speed_mps(rad_s));

    let pinion_max = vehicle.gearset.pinion_max_speed_rad_s;
    let pinion = pinion_max
        .is_finite()
        .then(|| gears.ring_speed_of_pinion_rad_s(pinion_max) / plant.ring_rad_per_m);
    let battery_v = plant.battery.open_circuit_v(soc);
    let back_emf = vehicle
        .mg1
        .back_emf_v_per_rad_s
        .and_then(|per_rad_s| of_mg1(battery_v / per_rad_s));
    let discharge_w = plant
        .battery
        .steady_discharge_limit_w(soc, battery_c)
        .min(plant.converter.max_power_w);
    let battery = first_speed(|speed| steady_battery_w(plant, speed) > discharge_w);
    let engine = &vehicle.engine;
    let crank_nm = engine.break_away_nm * gears.sun_share()
        + engine.crank_rad_s2
            * (gears.engine_inertia_kg_m2 * gears.sun_share()
                + gears.mg1_inertia_kg_m2 * (1.0 + gears.ring_per_sun()));
    let crank = first_speed(|speed| plant.mg1.torque_limit_nm(mg1(speed)) < crank_nm);

    let boosted = vehicle.converter.bus_max_v > battery_v;
    let rpm = rpm_from_rad_s;
    let mut limits: Vec<CandidateLimit> = [
        (
            LimitKind::Mg1Ceiling,
            format!(
                "MG1 reverse speed the control allows, {:.0} rpm",
                rpm(ceiling)
            ),
            of_mg1(ceiling),
        ),
        (
            LimitKind::Mg1Rating,
            format!("MG1 rating, {:.0} rpm", rpm(vehicle.mg1.max_speed_rad_s)),
            of_mg1(vehicle.mg1.max_speed_rad_s),
        ),
        (
            LimitKind::Mg2Rating,
            format!("MG2 rating, {:.0} rpm", rpm(vehicle.mg2.max_speed_rad_s)),
            Some(plant.max_speed_mps),
        ),
        (
            LimitKind::Pinion,
            if pinion.is_some() {
                format!("pinions on their pins, {:.0} rpm", rpm(pinion_max))
            } else {
                "pinions on their pins, no figure".to_owned()
            },
            pinion,
        ),
        (
            LimitKind::BackEmf,
            match vehicle.mg1.back_emf_v_per_rad_s {
                Some(_) => format!("MG1 back-EMF against the bus without boost, {battery_v:.0} V"),
                None => "MG1 back-EMF against the bus without boost, no figure".to_owned(),
            },
            back_emf,
        ),
        (
            LimitKind::BatteryPower,
            format!(
                "battery power for steady driving, {:.1} kW at {:.0} % SOC",
                discharge_w / 1e3,
                100.0 * soc
            ),
            battery,
        ),
        (
            LimitKind::CrankingTorque,
            format!("MG1 torque left to crank the engine, {crank_nm:.0} N·m"),
            crank,
        ),
    ]
    .into_iter()
    .map(|(kind, description, speed_mps)| CandidateLimit {
        kind,
        description,
        speed_kmh: speed_mps.map(kmh_from_mps),
        mg1_rpm: speed_mps.map(|speed| rpm(mg1(speed))),
        mg2_rpm: speed_mps.map(|speed| rpm(speed * plant.ring_rad_per_m * gears.mg2_ratio)),
        ends_driving: !(boosted && kind == LimitKind::BackEmf),
        binds: false,
    })
    .collect();
    let key = |limit: &CandidateLimit| limit.speed_kmh.unwrap_or(f64::INFINITY);
    limits.sort_by(|a, b| key(a).total_cmp(&key(b)));
    if let Some(first) = limits.iter_mut().find(|limit| limit.ends_driving) {
        first.binds = first.speed_kmh.is_some();
    }
    limits
}

/// Lists the limits and simulates the slow electric acceleration that `creep` asks for.
pub fn forced_start<C: Drive>(creep: &Question<'_, C>) -> ForcedStart {
    let (vehicle, plant) = (creep.vehicle, creep.plant);
    let trace = Trace::new(vehicle.engine.fuel.lhv_j_per_kg, 0);
    let mut watched = (Paths::default(), trace);
    let outcome = simulate(creep, Some(&mut watched));
    let (paths, trace) = watched;
    let first_start = outcome
        .totals
        .starts
        .iter()
        .find(|start| start.cause != StartCause::WarmUp)
        .copied();
    ForcedStart {
        limits: candidate_limits(
            vehicle,
            plant,
            outcome.initial.soc,
            outcome.initial.battery_c,
        ),
        first_start,
        reached_kmh: reached_kmh(&trace, first_start.map(|start| start.time_s)),
        outcome,
        paths,
        trace,
    }
}

/// Fastest speed of a run up to an instant, or to its end, km/h.
pub fn reached_kmh(trace: &Trace, until_s: Option<f64>) -> f64 {
    let until_s = until_s.map_or(f64::INFINITY, |start_s| start_s + 1e-9);
    let rows = trace.rows.iter();
    rows.take_while(|row| row.time_s <= until_s)
        .map(|row| row.speed_kmh)
        .fold(0.0, f64::max)
}
