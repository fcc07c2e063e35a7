//! Laws of the gears.

#![allow(clippy::float_cmp)] // a lossless mesh loses exactly nothing

use super::*;
use approx::assert_relative_eq;
use proptest::prelude::*;

fn p410(mesh_efficiency: f64) -> GearsetPlant {
    spec(mesh_efficiency).plant()
}

fn spec(mesh_efficiency: f64) -> Gearset {
    Gearset {
        sun_teeth: 30.0,
        ring_teeth: 78.0,
        pinion_teeth: 23.0,
        mg2_ratio: 58.0 / 22.0,
        final_ratio: 55.0 / 54.0 * 77.0 / 24.0,
        mesh_efficiency,
        mg2_reducer_efficiency: 0.985,
        final_efficiency: 0.975,
        spin_drag_nm: 1.1,
        spin_drag_nm_per_rad_s: 0.002,
        pinion_max_speed_rad_s: f64::INFINITY,
        engine_inertia_kg_m2: 0.15,
        mg1_inertia_kg_m2: 0.015,
        mg2_inertia_kg_m2: 0.024,
    }
}

#[test]
fn an_engine_at_142_nm_needs_39_4_nm_of_mg1() {
    let split = p410(1.0).split(300.0, 100.0, 142.0, 0.0, 0.0);
    assert_relative_eq!(split.mg1_torque_nm, -39.4, epsilon = 0.05);
}

#[test]
fn the_electrical_share_vanishes_at_the_mechanical_point() {
    assert_relative_eq!(
        p410(1.0).electrical_share(100.0, 138.46),
        0.0,
        epsilon = 1e-4
    );
    assert_relative_eq!(
        p410(1.0).electrical_share(100.0, 100.0),
        1.0 - 0.7222,
        epsilon = 1e-4
    );
}

#[test]
fn first_generation_reaches_its_mg1_rating_at_12_6_mph_and_full_engine_power() {
    let gears = p410(1.0);
    let mg1 = crate::units::rad_s_from_rpm(6500.0);
    let engine = crate::units::rad_s_from_rpm(2333.0);
    let ring = (3.6 * engine - mg1) / 2.6;
    let mph = crate::units::kmh_from_mps(ring / 3.9 * 0.287) / crate::units::KM_PER_MILE;
    assert_relative_eq!(gears.sun_speed_rad_s(engine, ring), mg1, epsilon = 1e-9);
    assert_relative_eq!(mph, 12.6, epsilon = 0.05);
}

proptest! {
    /// Willis holds for any speeds of two shafts.
    #[test]
    fn willis_holds(carrier in -600.0..600.0, ring in -600.0..600.0) {
        let gears = p410(0.98);
        let sun = gears.sun_speed_rad_s(carrier, ring);
        let residual = 30.0 * sun + 78.0 * ring - 108.0 * carrier;
        prop_assert!(residual.abs() < 1e-8);
        prop_assert!((gears.carrier_speed_rad_s(sun, ring) - carrier).abs() < 1e-9);
    }

    /// No power appears in the mesh: what the three shafts put in, less what their
    /// inertias take, is the friction, which never is negative and is nothing at all
    /// at efficiency 1.
    #[test]
    fn mesh_only_loses(
        engine in 0.0..545.0, ring in -100.0..600.0, torque in -40.0..142.0,
        a_engine in -600.0..600.0, a_ring in -50.0..50.0, efficiency in 0.9..=1.0_f64,
    ) {
        let gears = p410(efficiency);
        let sun = gears.sun_speed_rad_s(engine, ring);
        let a_sun = gears.sun_speed_rad_s(a_engine, a_ring);
        let split = gears.split(engine, sun, torque, a_engine, a_sun);
        let ring_side = 78.0 * split.mesh_nm_per_tooth;
        let lost = torque * engine + split.mg1_torque_nm * sun - ring_side * ring
            - 0.15 * a_engine * engine - 0.015 * a_sun * sun;
        prop_assert!(split.mesh_loss_w >= 0.0);
        prop_assert!((lost - split.mesh_loss_w).abs() < 1e-6 * (1.0 + torque.abs() * 600.0));
        if efficiency == 1.0 {
            prop_assert_eq!(split.mesh_loss_w, 0.0);
        }
    }

    /// The engine held at rest: the mesh gives the sun its acceleration and no power
    /// leaves through the carrier.
    #[test]
    fn held_engine_only_loses(ring in 0.0..600.0, a_ring in -50.0..50.0) {
        let gears = p410(0.98);
        let (sun, a_sun) = (gears.sun_speed_rad_s(0.0, ring), gears.sun_speed_rad_s(0.0, a_ring));
        let split = gears.split_engine_held(sun, a_sun);
        let lost = -78.0 * split.mesh_nm_per_tooth * ring - 0.015 * a_sun * sun;
        prop_assert!(split.mesh_loss_w >= 0.0);
        prop_assert!((lost - split.mesh_loss_w).abs() < 1e-7 * (1.0 + sun.abs()));
    }

    /// The closed form of the kernel and the linear system give each other back:
    /// torques from accelerations, accelerations from these torques.
    #[test]
    fn closed_form_equals_the_linear_system(
        engine in 50.0..500.0, ring in 1.0..500.0, torque in -30.0..142.0,
        a_engine in -400.0..400.0, a_ring in -40.0..40.0, output_inertia in 5.0..40.0,
        load in -300.0..300.0,
    ) {
        let gears = Gearset { mg2_reducer_efficiency: 1.0, ..spec(1.0) }.plant();
        let sun = gears.sun_speed_rad_s(engine, ring);
        let a_sun = gears.sun_speed_rad_s(a_engine, a_ring);
        let split = gears.split(engine, sun, torque, a_engine, a_sun);
        let ring_inertia = gears.ring_inertia_kg_m2 + output_inertia;
        let needed = ring_inertia * a_ring + load - 78.0 * split.mesh_nm_per_tooth;
        let mg2 = gears.mg2_torque_nm(needed);
        let solved = gears
            .accelerations(torque, split.mg1_torque_nm, mg2, load, output_inertia)
            .expect("inertias are positive");
        for (found, expected) in solved.iter().zip([a_engine, a_sun, a_ring, split.mesh_nm_per_tooth]) {
            prop_assert!((found - expected).abs() < 1e-6 * (1.0 + expected.abs()));
        }
    }

    /// Gears take their share whichever way the power goes, and none appears.
    #[test]
    fn gears_dissipate_in_both_directions(torque in -500.0..500.0_f64) {
        let gears = p410(0.98);
        let ring = gears.output_torque_nm(torque);
        prop_assert!(torque <= ring * gears.final_ratio + 1e-12);
        prop_assert!((gears.wheel_torque_nm(ring) - torque).abs() < 1e-9);
        let mg2 = gears.mg2_torque_nm(torque);
        prop_assert!(torque <= mg2 * gears.mg2_ratio + 1e-12);
        prop_assert!((gears.ring_torque_of_mg2_nm(mg2) - torque).abs() < 1e-9);
    }
}
