//! Physical constants and the only conversions between the SI units used inside and
//! the units used at the edges (files, command line, pictures).

use std::f64::consts::PI;

/// Standard gravity, m/s² (CGPM 1901).
pub const GRAVITY_M_PER_S2: f64 = 9.806_65;
/// 0 °C in kelvin.
pub const ZERO_CELSIUS_K: f64 = 273.15;
/// Litres in a US gallon (231 cubic inches).
pub const LITRES_PER_US_GALLON: f64 = 3.785_411_784;
/// Kilometres in a statute mile.
pub const KM_PER_MILE: f64 = 1.609_344;
/// Joules in a watt-hour.
pub const J_PER_WH: f64 = 3600.0;
/// Coulombs in an ampere-hour.
pub const C_PER_AH: f64 = 3600.0;

/// Rotational speed, rpm to rad/s.
pub fn rad_s_from_rpm(rpm: f64) -> f64 {
    rpm * (PI / 30.0)
}

/// Rotational speed, rad/s to rpm.
pub fn rpm_from_rad_s(rad_s: f64) -> f64 {
    rad_s * (30.0 / PI)
}

/// Road speed, km/h to m/s.
pub fn mps_from_kmh(kmh: f64) -> f64 {
    kmh / 3.6
}

/// Road speed, m/s to km/h.
pub fn kmh_from_mps(mps: f64) -> f64 {
    mps * 3.6
}

/// Road speed, mph to km/h.
pub fn kmh_from_mph(mph: f64) -> f64 {
    mph * KM_PER_MILE
}

/// Fuel consumption in L/100 km as miles per US gallon; infinite for none.
pub fn mpg_us_from_l_per_100km(l_per_100km: f64) -> f64 {
    100.0 * LITRES_PER_US_GALLON / KM_PER_MILE / l_per_100km
}

/// Brake-specific fuel consumption, g/kWh, of an efficiency and a heating value in MJ/kg.
pub fn bsfc_g_per_kwh(efficiency: f64, lhv_mj_per_kg: f64) -> f64 {
    3600.0 / (efficiency * lhv_mj_per_kg)
}
