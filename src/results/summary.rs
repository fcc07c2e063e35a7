//! The summary of a run: one object of named figures.

use super::figure::Sums;
use super::provenance::{Provenance, VERSION};
use super::totals::Totals;
use crate::control::StartCause;
use crate::ledger::{Ledger, Paths};
use crate::units::{kmh_from_mps, rpm_from_rad_s};
use crate::vehicle::Fuel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the initial state of charge was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Balance {
    /// Searched until the net battery energy was below 0.1 % of the fuel energy.
    Balanced,
    /// The end charge jumps over zero: two neighbouring runs were interpolated.
    Interpolated,
    /// No start inside the window balances; the run starts at the target.
    NotPossible,
    /// Given by the user.
    Fixed,
    /// A cold start at the target.
    Cold,
    /// Given by the scenario.
    Scenario,
    /// A bag of a test, which begins as the one before it ended.
    Bag,
    /// A car without a battery to balance.
    NoBattery,
}

impl Balance {
    /// What tables say.
    pub fn title(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::Interpolated => "interpolated",
            Self::NotPossible => "not possible",
            Self::Fixed => "fixed start",
            Self::Cold => "cold start",
            Self::Scenario => "scenario",
            Self::Bag => "bag of a test",
            Self::NoBattery => "no battery",
        }
    }
}

/// A start of the engine, for readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// When, s.
    pub time_s: f64,
    /// Why.
    pub cause: StartCause,
    /// Road speed, km/h.
    pub speed_kmh: f64,
    /// State of charge.
    pub soc: f64,
    /// MG1's speed before, rpm.
    pub mg1_rpm: f64,
}

/// Figures of a run. Those that do not exist (consumption per distance of a car at rest,
/// state of charge of a car without a battery) are `null` in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Vehicle.
    pub vehicle: String,
    /// Cycle.
    pub cycle: String,
    /// Controller.
    pub control: String,
    /// How often the cycle was driven in a row.
    pub repeat: usize,
    /// Time, s.
    pub duration_s: f64,
    /// Way, km.
    pub distance_km: f64,
    /// Raw consumption.
    #[serde(with = "nullable")]
    pub fuel_l_per_100km: f64,
    /// Raw fuel economy, miles per US gallon.
    #[serde(with = "nullable")]
    pub fuel_mpg_us: f64,
    /// Raw CO₂.
    #[serde(with = "nullable")]
    pub co2_g_per_km: f64,
    /// Fuel, g.
    pub fuel_g: f64,
    /// Fuel, L.
    pub fuel_l: f64,
    /// State of charge at the start.
    #[serde(with = "nullable")]
    pub soc_start: f64,
    /// State of charge at the end.
    #[serde(with = "nullable")]
    pub soc_end: f64,
    /// Lowest state of charge.
    #[serde(with = "nullable")]
    pub soc_min: f64,
    /// Highest state of charge.
    #[serde(with = "nullable")]
    pub soc_max: f64,
    /// How the initial state of charge was found.
    pub balance: Balance,
    /// Energy the battery gave over the run, J, positive when discharged.
    pub battery_net_j: f64,
    /// The same in percent of the fuel energy.
    #[serde(with = "nullable")]
    pub nec_percent: f64,
    /// Consumption at zero net battery energy.
    #[serde(with = "nullable")]
    pub fuel_corrected_l_per_100km: f64,
    /// Fuel at zero net battery energy, L.
    #[serde(with = "nullable")]
    pub fuel_corrected_l: f64,
    /// Fuel energy that one joule of battery energy stands for.
    #[serde(with = "nullable")]
    pub fuel_j_per_battery_j: f64,
    /// Share of the time with fuel burning.
    pub engine_on_fraction: f64,
    /// Starts.
    pub engine_starts: usize,
    /// Starts by cause.
    pub engine_start_causes: BTreeMap<String, usize>,
    /// Every start.
    pub engine_start_events: Vec<Start>,
    /// Speed at the first start that the speed ceiling caused, km/h.
    pub forced_start_speed_kmh: Option<f64>,
    /// Largest miss of the target speed, km/h.
    pub trace_miss_max_kmh: f64,
    /// Time outside ±2 km/h, s.
    pub trace_miss_s: f64,
    /// Energy that went in over the run, J.
    pub energy_in_j: f64,
    /// What the balance misses, relative to the energy that passed through.
    pub energy_residual_relative: f64,
    /// Time of the step that closes worst, s.
    pub energy_residual_worst_step_time_s: f64,
    /// What that step misses, J.
    pub energy_residual_worst_step_j: f64,
    /// Energy by channel, J; `fuel` and `battery` give, the others take.
    pub ledger: BTreeMap<String, f64>,
    /// Energy through the parts, J; these overlap and are no part of the balance.
    pub paths: BTreeMap<String, f64>,
    /// Work of the engine over fuel energy.
    #[serde(with = "nullable")]
    pub engine_mean_efficiency: f64,
    /// Mean share of the engine's work that takes the electrical path.
    #[serde(with = "nullable")]
    pub electrical_path_share: f64,
    /// Share of the burning time in which power recirculates.
    #[serde(with = "nullable")]
    pub recirculation_fraction: f64,
    /// Time of burning with power recirculating, s.
    #[serde(with = "nullable")]
    pub recirculation_s: f64,
    /// Share of the engine's work done meanwhile.
    #[serde(with = "nullable")]
    pub recirculation_work_fraction: f64,
    /// Electric energy from MG1 to MG2 before the mechanical point, J ([`PowerSplit`]).
    ///
    /// [`PowerSplit`]: crate::ledger::PowerSplit
    #[serde(with = "nullable")]
    pub electrical_path_j: f64,
    /// Electric energy from MG2 to MG1 beyond the mechanical point, J: what goes round.
    #[serde(with = "nullable")]
    pub recirculation_j: f64,
    /// Loss of both machines with their inverters while the engine burns, J.
    #[serde(with = "nullable")]
    pub machine_loss_engine_on_j: f64,
    /// The part of it while power recirculates, J.
    #[serde(with = "nullable")]
    pub machine_loss_recirculation_j: f64,
    /// Share of the engine's work of which at most a tenth takes the electrical path, either
    /// way.
    #[serde(with = "nullable")]
    pub near_mechanical_point_fraction: f64,
    /// Mean speed of the burning engine over time.
    #[serde(with = "nullable")]
    pub engine_on_mean_rpm: f64,
    /// Road speed at which that engine speed is the mechanical point.
    #[serde(with = "nullable")]
    pub mechanical_point_kmh: f64,
    /// Coolant at the end, °C.
    pub coolant_end_c: f64,
    /// Battery temperature at the end, °C.
    #[serde(with = "nullable")]
    pub battery_end_c: f64,
    /// Step, s.
    pub step_s: f64,
    /// Version that made it.
    pub thsim_version: String,
    /// Command that makes it again.
    pub command: String,
    /// Hash of everything that went in.
    pub input_hash: String,
}

/// JSON has no infinity: what does not exist is null.
mod nullable {
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde passes references
    pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        if value.is_finite() {
            to.serialize_f64(*value)
        } else {
            to.serialize_none()
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Option::<f64>::deserialize(from).map(|value| value.unwrap_or(f64::NAN))
    }
}

/// What a summary is made of, besides the sums.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Vehicle.
    pub vehicle: &'a str,
    /// Cycle.
    pub cycle: &'a str,
    /// Controller.
    pub control: &'a str,
    /// How often the cycle was driven in a row.
    pub repeat: usize,
    /// Step, s.
    pub step_s: f64,
    /// What the engine burnt.
    pub fuel: &'a Fuel,
    /// How the initial state of charge was found.
    pub balance: Balance,
    /// Fuel energy that one joule of net battery energy stands for.
    pub fuel_j_per_battery_j: f64,
    /// Where the result comes from.
    pub provenance: &'a Provenance,
}

impl Summary {
    /// Summary of a run from its sums.
    pub fn new(context: &Context<'_>, totals: &Totals, ledger: &Ledger, paths: &Paths) -> Self {
        let sums = Sums {
            totals,
            ledger,
            fuel: context.fuel,
            fuel_j_per_battery_j: context.fuel_j_per_battery_j,
        };
        let forced_kmh = sums.forced_start_speed_kmh();
        let worst = ledger.worst_step();
        let split = &paths.power_split;
        Self {
            vehicle: context.vehicle.to_owned(),
            cycle: context.cycle.to_owned(),
            control: context.control.to_owned(),
            repeat: context.repeat,
            duration_s: totals.duration_s,
            distance_km: totals.distance_m / 1e3,
            fuel_l_per_100km: sums.fuel_l_per_100km(),
            fuel_mpg_us: sums.fuel_mpg_us(),
            co2_g_per_km: sums.co2_g_per_km(),
            fuel_g: sums.fuel_g(),
            fuel_l: sums.fuel_l(),
            soc_start: totals.soc_start,
            soc_end: totals.soc_end,
            soc_min: totals.soc_min,
            soc_max: totals.soc_max,
            balance: context.balance,
            battery_net_j: sums.battery_net_j(),
            nec_percent: sums.nec_percent(),
            fuel_corrected_l_per_100km: sums.fuel_corrected_l_per_100km(),
            fuel_corrected_l: sums.fuel_corrected_l(),
            fuel_j_per_battery_j: context.fuel_j_per_battery_j,
            engine_on_fraction: sums.engine_on_fraction(),
            engine_starts: totals.starts.len(),
            engine_start_causes: StartCause::ALL
                .iter()
                .map(|cause| (cause.name().to_owned(), sums.starts_by(*cause)))
                .collect(),
            engine_start_events: totals
                .starts
                .iter()
                .map(|start| Start {
                    time_s: start.time_s,
                    cause: start.cause,
                    speed_kmh: kmh_from_mps(start.speed_mps),
                    soc: start.soc,
                    mg1_rpm: rpm_from_rad_s(start.mg1_rad_s),
                })
                .collect(),
            forced_start_speed_kmh: Some(forced_kmh).filter(|kmh| kmh.is_finite()),
            trace_miss_max_kmh: totals.miss_max_kmh(),
            trace_miss_s: totals.miss_s,
            energy_in_j: ledger.energy_in_j(),
            energy_residual_relative: ledger.residual_relative(),
            energy_residual_worst_step_time_s: worst.time_s,
            energy_residual_worst_step_j: worst.residual_j,
            ledger: ledger
                .channels()
                .map(|(channel, energy_j)| (channel.name().to_owned(), energy_j))
                .collect(),
            paths: paths
                .named()
                .map(|(name, energy_j)| (name.to_owned(), energy_j))
                .collect(),
            engine_mean_efficiency: sums.engine_mean_efficiency(),
            electrical_path_share: sums.electrical_path_share(),
            recirculation_fraction: sums.recirculation_fraction(),
            recirculation_s: totals.recirculation_s,
            recirculation_work_fraction: split.recirculation_work_j / totals.engine_work_j,
            electrical_path_j: split.electrical_path_j,
            recirculation_j: split.recirculation_j,
            machine_loss_engine_on_j: split.machine_loss_j,
            machine_loss_recirculation_j: split.machine_loss_recirculation_j,
            near_mechanical_point_fraction: split.near_work_j / totals.engine_work_j,
            engine_on_mean_rpm: rpm_from_rad_s(split.mean_engine_rad_s()),
            mechanical_point_kmh: kmh_from_mps(split.mechanical_point_mps()),
            coolant_end_c: totals.coolant_end_c,
            battery_end_c: totals.battery_end_c,
            step_s: context.step_s,
            thsim_version: VERSION.to_owned(),
            command: context.provenance.command.clone(),
            input_hash: context.provenance.input_hash.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::figure::FIGURES;
    use super::*;
    use crate::config;
    use crate::control::Rules;
    use crate::cycle;
    use crate::study::{Question, StartWith};
    use crate::vehicle::Plant;

    #[test]
    fn every_figure_is_in_the_summary_under_its_name() {
        let file = config::load("levin-hybrid", &[]).unwrap();
        let vehicle = file.vehicle();
        let outcome = Question {
            vehicle,
            plant: &Plant::new(vehicle),
            controller: &Rules::of(vehicle),
            cycle: &cycle::find("ece15").unwrap(),
            repeat: Some(1),
            step_s: 1.0,
            start: StartWith::Soc(0.55),
        }
        .answer();
        let provenance = Provenance {
            command: String::new(),
            input_hash: String::new(),
        };
        let context = Context {
            vehicle: "levin-hybrid",
            cycle: "ece15",
            control: "rules",
            repeat: 1,
            step_s: 1.0,
            fuel: &vehicle.engine.fuel,
            balance: Balance::Fixed,
            fuel_j_per_battery_j: outcome.fuel_j_per_battery_j,
            provenance: &provenance,
        };
        let summary = Summary::new(
            &context,
            &outcome.totals,
            &outcome.ledger,
            &Paths::default(),
        );
        let json = serde_json::to_value(&summary).unwrap();
        let sums = outcome.sums(&vehicle.engine.fuel);
        for figure in FIGURES {
            let found = json[figure.name].as_f64().unwrap_or(f64::NAN);
            let told = figure.of(&sums);
            assert!(json.get(figure.name).is_some(), "{}", figure.name);
            assert!(
                found.to_bits() == told.to_bits() || (found.is_nan() && told.is_nan()),
                "{}: {found} {told}",
                figure.name
            );
        }
    }
}
