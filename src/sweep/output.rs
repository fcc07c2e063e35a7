//! What a design is asked for: figures of the summary, accounts of the ledger, causes of
//! starts, and how the car accelerates.

use crate::control::{Controller, StartCause};
use crate::issue::nearest;
use crate::ledger::Channel;
use crate::results::{FIGURES, Figure, Sums};
use crate::study::{FullThrottleQuestion, Regret, Sprint};
use std::fmt::Write as _;

/// Figures of the launch from rest, under the names of `thsim accelerate --format json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Launch {
    Time,
    BatteryMean,
    Peak,
}

impl Launch {
    const ALL: [Self; 3] = [Self::Time, Self::BatteryMean, Self::Peak];

    fn name(self) -> &'static str {
        match self {
            Self::Time => "accelerate.to_100.time_s",
            Self::BatteryMean => "accelerate.to_100.battery_mean_w",
            Self::Peak => "accelerate.to_100.peak_mps2",
        }
    }

    fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Time => ("0 to 100 km/h", "s"),
            Self::BatteryMean => ("battery power of the launch", "W"),
            Self::Peak => ("largest acceleration of the launch", "m/s²"),
        }
    }
}

/// Figures against the optimum, under the names of `thsim optimum --format json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    Regret,
    Optimum,
    Error,
}

impl Against {
    const ALL: [Self; 3] = [Self::Regret, Self::Optimum, Self::Error];

    fn name(self) -> &'static str {
        match self {
            Self::Regret => "regret_percent",
            Self::Optimum => "optimum_l_per_100km",
            Self::Error => "discretisation_error_percent",
        }
    }

    fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Regret => ("fuel above the optimum", "%"),
            Self::Optimum => ("consumption of the optimum", "L/100 km"),
            Self::Error => ("discretisation error of the optimum", "%"),
        }
    }

    fn of(self, regret: &Regret) -> f64 {
        match self {
            Self::Regret => regret.percent,
            Self::Optimum => regret.optimum_l_per_100km,
            Self::Error => regret.discretisation_error_percent,
        }
    }
}

/// What an output is taken from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Figure(&'static Figure),
    Channel(Channel),
    Starts(StartCause),
    Against(Against),
    Launch(Launch),
    TopSpeed,
}

/// An output column.
#[derive(Debug, Clone)]
pub(super) struct Output {
    /// Name of the column.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) unit: String,
    pub(super) source: Source,
    /// Which of the design's cycles; none where no cycle is driven for it.
    pub(super) cycle: Option<usize>,
}

const TOP_SPEED: &str = "accelerate.top_speed.speed_kmh";

/// Where an output of that name comes from.
pub(super) fn find(name: &str) -> Option<Source> {
    let named = |section: &str| name.strip_prefix(section);
    if let Some(figure) = FIGURES.iter().find(|figure| figure.name == name) {
        return Some(Source::Figure(figure));
    }
    if let Some(channel) = named("ledger.") {
        let mut channels = Channel::ALL.into_iter();
        return Some(Source::Channel(channels.find(|it| it.name() == channel)?));
    }
    if let Some(cause) = named("engine_start_causes.") {
        let mut causes = StartCause::ALL.into_iter();
        return Some(Source::Starts(causes.find(|it| it.name() == cause)?));
    }
    if name == TOP_SPEED {
        return Some(Source::TopSpeed);
    }
    if let Some(against) = Against::ALL.into_iter().find(|it| it.name() == name) {
        return Some(Source::Against(against));
    }
    let launch = Launch::ALL.into_iter().find(|it| it.name() == name)?;
    Some(Source::Launch(launch))
}

/// All names, in their order.
fn names() -> Vec<String> {
    let figures = FIGURES.iter().map(|figure| figure.name.to_owned());
    let ledger = Channel::ALL.map(|channel| format!("ledger.{}", channel.name()));
    let causes = StartCause::ALL.map(|cause| format!("engine_start_causes.{}", cause.name()));
    let against = Against::ALL.map(|it| it.name().to_owned());
    let launch = Launch::ALL.map(|launch| launch.name().to_owned());
    figures
        .chain(ledger)
        .chain(causes)
        .chain(against)
        .chain(launch)
        .chain([TOP_SPEED.to_owned()])
        .collect()
}

/// What a user who wrote an unknown name most likely meant, or all names.
pub(super) fn help(name: &str) -> String {
    let names = names();
    if let Some(near) = nearest(name, names.iter().map(String::as_str)) {
        return format!("did you mean `{near}`?");
    }
    let mut text = String::from("allowed:");
    for name in &names {
        let _ = write!(text, " {name}");
    }
    text
}

impl Source {
    /// Meaning and unit.
    pub(super) fn label(self) -> (String, &'static str) {
        match self {
            Self::Figure(figure) => (figure.label.to_owned(), figure.unit),
            Self::Channel(channel) => (channel.title().to_owned(), "J"),
            Self::Starts(cause) => (format!("starts by {}", cause.name().replace('_', " ")), ""),
            Self::Against(against) => {
                let (label, unit) = against.label();
                (label.to_owned(), unit)
            }
            Self::Launch(launch) => {
                let (label, unit) = launch.label();
                (label.to_owned(), unit)
            }
            Self::TopSpeed => ("top speed".to_owned(), "km/h"),
        }
    }

    /// Whether it is a matter of the car alone, whatever the cycle.
    pub(super) fn is_of_the_car(self) -> bool {
        matches!(self, Self::Launch(_) | Self::TopSpeed)
    }

    /// Whether it needs the worth of battery energy.
    pub(super) fn needs_worth(self) -> bool {
        matches!(self, Self::Figure(figure) if figure.needs_worth)
    }

    /// Whether the optimum has to be known.
    pub(super) fn needs_optimum(self) -> bool {
        matches!(self, Self::Against(_))
    }

    /// Its value against the optimum; NaN where it does not exist.
    pub(super) fn of_regret(self, regret: &Regret) -> f64 {
        match self {
            Self::Against(against) => against.of(regret),
            _ => f64::NAN,
        }
    }

    /// Its value for a run; NaN where it does not exist.
    pub(super) fn of_run(self, sums: &Sums<'_>) -> f64 {
        match self {
            Self::Figure(figure) => figure.of(sums),
            Self::Channel(channel) => sums.ledger.energy_j(channel),
            Self::Starts(cause) => sums.starts_by(cause) as f64,
            Self::Against(_) | Self::Launch(_) | Self::TopSpeed => f64::NAN,
        }
    }

    /// Its value for a car with the pedal on the floor; NaN where it does not exist.
    pub(super) fn of_car(self, floored: &Floored) -> f64 {
        match (self, &floored.launch) {
            (Self::TopSpeed, _) => floored.top_speed_kmh,
            (Self::Launch(Launch::Time), Some(sprint)) => sprint.time_s,
            (Self::Launch(Launch::BatteryMean), Some(sprint)) => sprint.battery_mean_w,
            (Self::Launch(Launch::Peak), Some(sprint)) => sprint.peak_mps2,
            _ => f64::NAN,
        }
    }
}

/// What the car does with the pedal on the floor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Floored {
    launch: Option<Sprint>,
    top_speed_kmh: f64,
}

impl Floored {
    /// Makes the tests that these outputs need.
    pub(super) fn new<C: Controller>(
        outputs: &[Output],
        car: &FullThrottleQuestion<'_, C>,
    ) -> Self {
        let wanted = |of: fn(Source) -> bool| outputs.iter().any(|output| of(output.source));
        let launches = wanted(|source| matches!(source, Source::Launch(_)));
        let tops_out = wanted(|source| matches!(source, Source::TopSpeed));
        Self {
            launch: launches.then(|| car.to_100()).flatten(),
            top_speed_kmh: if tops_out {
                car.top_speed().speed_kmh
            } else {
                f64::NAN
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_a_misspelt_one_suggested() {
        for name in names() {
            assert!(find(&name).is_some(), "{name}");
        }
        assert!(find("ledger.nothing").is_none());
        assert_eq!(help("fuel_l_per_100"), "did you mean `fuel_l_per_100km`?");
        assert!(help("zzz").starts_with("allowed: duration_s "));
    }
}
