//! What a run says about itself in sentences: is it balanced, did it follow, does its energy
//! close, why did the engine start.

use super::Run;
use super::escape::html;
use super::figures::number;
use crate::control::StartCause;
use crate::results::Summary;

/// Net energy change up to which a run is balanced, percent of the fuel energy.
const BALANCED_PERCENT: f64 = 0.1;
/// What a balance may miss.
const CLOSES: f64 = 1e-9;

/// How a sentence is meant; it has a sign as well as a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Mind this before using the figures.
    Mind,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Mind => "mind",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Good => "as it should be",
            Self::Note => "note",
            Self::Mind => "mind",
        }
    }
}

/// One sentence.
pub(super) type Verdict = (Tone, String);

/// What a cause is called.
pub(super) fn cause_title(cause: StartCause) -> &'static str {
    match cause {
        StartCause::PowerDemand => "power demand",
        StartCause::LowSoc => "low SOC",
        StartCause::BatteryLimit => "battery limit",
        StartCause::SpeedCeiling => "speed ceiling",
        StartCause::WarmUp => "warm-up",
        StartCause::BatteryFull => "battery full",
    }
}

fn charge(summary: &Summary) -> Verdict {
    let nec = summary.nec_percent;
    if nec.abs() <= BALANCED_PERCENT {
        let said = format!(
            "The battery ends as it began: net energy change {} % of the fuel energy.",
            number(nec, 3)
        );
        return (Tone::Good, said);
    }
    let did = if summary.battery_net_j > 0.0 {
        "gave"
    } else {
        "took"
    };
    let kj = number(summary.battery_net_j.abs() / 1e3, 0);
    if !nec.is_finite() {
        return (
            Tone::Note,
            format!("No fuel was burnt; the battery {did} {kj} kJ."),
        );
    }
    let said = format!(
        "The battery {did} {kj} kJ, {} % of the fuel energy: compare the consumption at zero net battery energy.",
        number(nec.abs(), 2)
    );
    (Tone::Note, said)
}

fn follows(summary: &Summary) -> Verdict {
    if summary.trace_miss_s > 0.0 {
        let said = format!(
            "The car cannot follow: up to {} km/h too slow, {} s outside ±2 km/h.",
            number(summary.trace_miss_max_kmh, 1),
            number(summary.trace_miss_s, 1)
        );
        return (Tone::Mind, said);
    }
    let said = format!(
        "The cycle was followed; largest miss {} km/h.",
        number(summary.trace_miss_max_kmh, 2)
    );
    (Tone::Good, said)
}

fn closes(summary: &Summary) -> Verdict {
    let residual = summary.energy_residual_relative.abs();
    if residual < CLOSES {
        let said = format!(
            "Every joule is accounted for: the balance misses {residual:.0e} of what passed."
        );
        (Tone::Good, said)
    } else {
        let said = format!("The energy balance misses {residual:.1e} of what passed.");
        (Tone::Mind, said)
    }
}

fn starts(summary: &Summary) -> Verdict {
    if summary.engine_starts == 0 {
        return (Tone::Note, "The engine never started.".to_owned());
    }
    let causes: Vec<String> = StartCause::ALL
        .into_iter()
        .filter_map(|cause| {
            let count = summary.engine_start_causes.get(cause.name())?;
            (*count > 0).then(|| format!("{count} by {}", cause_title(cause)))
        })
        .collect();
    let forced = summary
        .forced_start_speed_kmh
        .map_or_else(String::new, |kmh| {
            format!(
                " The first one forced by MG1's speed came at {} km/h.",
                number(kmh, 1)
            )
        });
    let said = format!(
        "The engine started {} times: {}.{forced}",
        summary.engine_starts,
        causes.join(", ")
    );
    (Tone::Note, said.replace("started 1 times", "started once"))
}

fn window(run: &Run<'_>) -> Verdict {
    let (summary, battery) = (&run.stored.summary, &run.vehicle.battery);
    let span = format!(
        "SOC stayed between {} and {} %",
        number(100.0 * summary.soc_min, 1),
        number(100.0 * summary.soc_max, 1)
    );
    let window = format!(
        "the window of {} to {} %",
        number(100.0 * battery.soc_min, 0),
        number(100.0 * battery.soc_max, 0)
    );
    if summary.soc_min < battery.soc_min || summary.soc_max > battery.soc_max {
        (Tone::Mind, format!("{span}, outside {window}."))
    } else {
        (Tone::Good, format!("{span}, inside {window}."))
    }
}

fn efficiency(run: &Run<'_>) -> Option<Verdict> {
    let summary = &run.stored.summary;
    let (mean, best) = (
        summary.engine_mean_efficiency,
        run.plant.engine.best.efficiency,
    );
    mean.is_finite().then(|| {
        let said = format!(
            "The engine worked at {} % on average, its best point has {} %.",
            number(100.0 * mean, 1),
            number(100.0 * best, 1)
        );
        (Tone::Note, said)
    })
}

fn split(summary: &Summary) -> Option<Verdict> {
    let share = summary.electrical_path_share;
    if !share.is_finite() {
        return None;
    }
    let round = if summary.recirculation_s > 0.0 {
        format!(
            "power recirculated for {} s and {} kJ",
            number(summary.recirculation_s, 0),
            number(summary.recirculation_j / 1e3, 0)
        )
    } else {
        "no power recirculated".to_owned()
    };
    let said = format!(
        "{} % of the engine's work took the electrical path; {round}.",
        number(100.0 * share, 1)
    );
    Some((Tone::Note, said))
}

/// All sentences of a run.
pub(super) fn of(run: &Run<'_>) -> Vec<Verdict> {
    let summary = &run.stored.summary;
    let always = [
        charge(summary),
        follows(summary),
        closes(summary),
        window(run),
        starts(summary),
    ];
    always
        .into_iter()
        .chain(efficiency(run))
        .chain(split(summary))
        .collect()
}

/// They as a list.
pub(super) fn list(run: &Run<'_>) -> String {
    let mut text = String::from("<ul class=\"verdicts\">\n");
    for (tone, said) in of(run) {
        text += &format!(
            "<li class=\"{}\"><span class=\"hidden\">{}: </span>{}</li>\n",
            tone.class(),
            tone.word(),
            html(&said)
        );
    }
    text + "</ul>\n"
}
