//! The figures of a run, each computed in one place from the sums of the run: a summary
//! shows all of them, a sweep those that were asked for.

use super::totals::Totals;
use crate::control::StartCause;
use crate::ledger::{Channel, Ledger};
use crate::units::{kmh_from_mps, mpg_us_from_l_per_100km};
use crate::vehicle::Fuel;

/// The sums of a run, and what its figures need beside them.
#[derive(Debug, Clone, Copy)]
pub struct Sums<'a> {
    /// Distance, starts, times.
    pub totals: &'a Totals,
    /// Energies.
    pub ledger: &'a Ledger,
    /// What the engine burnt.
    pub fuel: &'a Fuel,
    /// Fuel energy that one joule of net battery energy stands for; NaN where nobody asked.
    pub fuel_j_per_battery_j: f64,
}

/// One figure; NaN where it does not exist.
type Of = fn(&Sums<'_>) -> f64;

/// A figure that a run can be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Name in summaries.
    pub name: &'static str,
    /// What it means, in few words.
    pub label: &'static str,
    /// Unit as it is printed; empty for pure numbers.
    pub unit: &'static str,
    /// Whether it needs the worth of battery energy, which takes several runs.
    pub needs_worth: bool,
    of: Of,
}

const fn figure(name: &'static str, label: &'static str, unit: &'static str, of: Of) -> Figure {
    Figure {
        name,
        label,
        unit,
        needs_worth: false,
        of,
    }
}

const fn corrected(name: &'static str, label: &'static str, unit: &'static str, of: Of) -> Figure {
    Figure {
        needs_worth: true,
        ..figure(name, label, unit, of)
    }
}

/// Figures that are one number, in the order of a summary.
// One figure a line reads as the table it is.
#[rustfmt::skip]
// A method's path is no function of every lifetime.
#[allow(clippy::redundant_closure_for_method_calls)]
pub const FIGURES: &[Figure] = &[
    figure("duration_s", "duration", "s", |it| it.totals.duration_s),
    figure("distance_km", "distance", "km", |it| it.totals.distance_m / 1e3),
    figure("fuel_l_per_100km", "raw consumption", "L/100 km", |it| it.fuel_l_per_100km()),
    figure("fuel_mpg_us", "raw fuel economy", "mpg (US)", |it| it.fuel_mpg_us()),
    figure("co2_g_per_km", "raw CO₂", "g/km", |it| it.co2_g_per_km()),
    figure("fuel_g", "fuel", "g", |it| it.fuel_g()),
    figure("fuel_l", "fuel", "L", |it| it.fuel_l()),
    figure("soc_start", "state of charge at the start", "", |it| it.totals.soc_start),
    figure("soc_end", "state of charge at the end", "", |it| it.totals.soc_end),
    figure("soc_min", "lowest state of charge", "", |it| it.totals.soc_min),
    figure("soc_max", "highest state of charge", "", |it| it.totals.soc_max),
    figure("battery_net_j", "net battery energy", "J", |it| it.battery_net_j()),
    figure("nec_percent", "net battery energy over fuel energy", "%", |it| it.nec_percent()),
    corrected("fuel_corrected_l_per_100km", "consumption", "L/100 km", |it| it.fuel_corrected_l_per_100km()),
    corrected("fuel_corrected_l", "fuel at zero net battery energy", "L", |it| it.fuel_corrected_l()),
    corrected("fuel_j_per_battery_j", "fuel energy per battery energy", "", |it| it.fuel_j_per_battery_j),
    figure("engine_on_fraction", "share of time with the engine on", "", |it| it.engine_on_fraction()),
    figure("engine_starts", "engine starts", "", |it| it.totals.starts.len() as f64),
    figure("forced_start_speed_kmh", "speed of the forced start", "km/h", |it| it.forced_start_speed_kmh()),
    figure("trace_miss_max_kmh", "largest miss of the target speed", "km/h", |it| it.totals.miss_max_kmh()),
    figure("trace_miss_s", "time off the target speed", "s", |it| it.totals.miss_s),
    figure("energy_in_j", "energy that went in", "J", |it| it.ledger.energy_in_j()),
    figure("energy_residual_relative", "residual of the energy balance", "", |it| it.ledger.residual_relative()),
    figure("engine_mean_efficiency", "mean engine efficiency", "", |it| it.engine_mean_efficiency()),
    figure("electrical_path_share", "share of the electrical path", "", |it| it.electrical_path_share()),
    figure("recirculation_fraction", "share of time with recirculation", "", |it| it.recirculation_fraction()),
    figure("recirculation_s", "time with recirculation", "s", |it| it.totals.recirculation_s),
    figure("coolant_end_c", "coolant at the end", "°C", |it| it.totals.coolant_end_c),
    figure("battery_end_c", "battery at the end", "°C", |it| it.totals.battery_end_c),
];

impl Figure {
    /// Its value for a run; NaN where it does not exist.
    pub fn of(&self, sums: &Sums<'_>) -> f64 {
        (self.of)(sums)
    }
}

impl Sums<'_> {
    fn fuel_j(&self) -> f64 {
        self.ledger.energy_j(Channel::Fuel)
    }

    fn per_100km(&self) -> f64 {
        1e5 / self.totals.distance_m
    }

    /// Energy the battery gave over the run, J, positive when discharged.
    pub fn battery_net_j(&self) -> f64 {
        self.ledger.energy_j(Channel::Battery)
    }

    /// The same in percent of the fuel energy.
    pub fn nec_percent(&self) -> f64 {
        100.0 * self.battery_net_j() / self.fuel_j()
    }

    /// Fuel, g.
    pub fn fuel_g(&self) -> f64 {
        self.fuel_j() / self.fuel.lhv_j_per_kg * 1e3
    }

    /// Fuel, L.
    pub fn fuel_l(&self) -> f64 {
        self.fuel.litres(self.fuel_j())
    }

    /// Raw consumption, L/100 km.
    pub fn fuel_l_per_100km(&self) -> f64 {
        self.fuel_l() * self.per_100km()
    }

    /// Raw fuel economy, miles per US gallon.
    pub fn fuel_mpg_us(&self) -> f64 {
        let l_per_100km = self.fuel_l_per_100km();
        // Per distance there is none where there is no distance.
        if l_per_100km.is_finite() {
            mpg_us_from_l_per_100km(l_per_100km)
        } else {
            f64::NAN
        }
    }

    /// Raw CO₂, g/km.
    pub fn co2_g_per_km(&self) -> f64 {
        self.fuel_l_per_100km() * self.fuel.co2_kg_per_l * 10.0
    }

    /// Fuel at zero net battery energy, L.
    pub fn fuel_corrected_l(&self) -> f64 {
        self.fuel
            .litres(self.fuel_j() + self.fuel_j_per_battery_j * self.battery_net_j())
    }

    /// Consumption at zero net battery energy, L/100 km.
    pub fn fuel_corrected_l_per_100km(&self) -> f64 {
        self.fuel_corrected_l() * self.per_100km()
    }

    /// Share of the time with fuel burning.
    pub fn engine_on_fraction(&self) -> f64 {
        self.totals.engine_on_s / self.totals.duration_s
    }

    /// How often the engine was started for a reason.
    pub fn starts_by(&self, cause: StartCause) -> usize {
        let starts = self.totals.starts.iter();
        starts.filter(|start| start.cause == cause).count()
    }

    /// Speed at the first start that the speed ceiling caused, km/h; NaN where there is none.
    pub fn forced_start_speed_kmh(&self) -> f64 {
        let mut starts = self.totals.starts.iter();
        let forced = starts.find(|start| start.cause == StartCause::SpeedCeiling);
        forced.map_or(f64::NAN, |start| kmh_from_mps(start.speed_mps))
    }

    /// Work of the engine over fuel energy.
    pub fn engine_mean_efficiency(&self) -> f64 {
        self.totals.engine_work_j / self.fuel_j()
    }

    /// Mean share of the engine's work that takes the electrical path.
    pub fn electrical_path_share(&self) -> f64 {
        self.totals.electrical_path_j / self.totals.engine_work_j
    }

    /// Share of the burning time in which power recirculates.
    pub fn recirculation_fraction(&self) -> f64 {
        self.totals.recirculation_s / self.totals.engine_on_s
    }
}
