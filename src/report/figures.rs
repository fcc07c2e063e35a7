//! The figures of a summary as people read them: name, unit, decimals.

use super::escape::html;
use crate::results::Summary;

/// A figure of a run.
pub(super) struct Figure {
    /// Its key in `summary.json`.
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) unit: &'static str,
    /// What the figure is multiplied by to be in that unit.
    pub(super) factor: f64,
    pub(super) decimals: usize,
    pub(super) of: fn(&Summary) -> f64,
}

macro_rules! figure {
    ($key:ident, $title:literal, $unit:literal, $factor:literal, $decimals:literal) => {
        Figure {
            key: stringify!($key),
            title: $title,
            unit: $unit,
            factor: $factor,
            decimals: $decimals,
            of: |summary| summary.$key,
        }
    };
}

/// Those that stand large at the top.
pub(super) const HEADLINE: [Figure; 6] = [
    figure!(
        fuel_corrected_l_per_100km,
        "consumption at zero net battery energy",
        "L/100 km",
        1.0,
        2
    ),
    figure!(
        fuel_l_per_100km,
        "consumption as driven",
        "L/100 km",
        1.0,
        2
    ),
    figure!(co2_g_per_km, "CO₂ as driven", "g/km", 1.0, 1),
    figure!(
        engine_on_fraction,
        "engine burning",
        "% of the time",
        100.0,
        1
    ),
    figure!(
        engine_mean_efficiency,
        "mean efficiency of the engine",
        "%",
        100.0,
        1
    ),
    figure!(
        electrical_path_share,
        "electrical path",
        "% of the engine's work",
        100.0,
        1
    ),
];

/// All that stand in the table.
pub(super) const TABLE: [Figure; 35] = [
    figure!(distance_km, "distance", "km", 1.0, 3),
    figure!(duration_s, "duration", "s", 1.0, 1),
    figure!(
        fuel_corrected_l_per_100km,
        "consumption at zero net battery energy",
        "L/100 km",
        1.0,
        3
    ),
    figure!(
        fuel_l_per_100km,
        "consumption as driven",
        "L/100 km",
        1.0,
        3
    ),
    figure!(fuel_mpg_us, "fuel economy as driven", "mpg US", 1.0, 2),
    figure!(co2_g_per_km, "CO₂ as driven", "g/km", 1.0, 2),
    figure!(fuel_g, "fuel", "g", 1.0, 2),
    figure!(fuel_l, "fuel", "L", 1.0, 4),
    figure!(
        fuel_corrected_l,
        "fuel at zero net battery energy",
        "L",
        1.0,
        4
    ),
    figure!(soc_start, "state of charge at the start", "%", 100.0, 2),
    figure!(soc_end, "state of charge at the end", "%", 100.0, 2),
    figure!(soc_min, "lowest state of charge", "%", 100.0, 2),
    figure!(soc_max, "highest state of charge", "%", 100.0, 2),
    figure!(
        battery_net_j,
        "net battery energy, positive when it gave",
        "kJ",
        1e-3,
        2
    ),
    figure!(
        nec_percent,
        "net energy change over fuel energy",
        "%",
        1.0,
        3
    ),
    figure!(
        fuel_j_per_battery_j,
        "fuel energy that battery energy is worth",
        "J/J",
        1.0,
        3
    ),
    figure!(
        engine_on_fraction,
        "engine burning, share of the time",
        "%",
        100.0,
        2
    ),
    figure!(
        engine_mean_efficiency,
        "mean efficiency of the engine",
        "%",
        100.0,
        2
    ),
    figure!(
        engine_on_mean_rpm,
        "mean speed of the burning engine",
        "rpm",
        1.0,
        0
    ),
    figure!(
        mechanical_point_kmh,
        "road speed at which that is the mechanical point",
        "km/h",
        1.0,
        1
    ),
    figure!(
        electrical_path_share,
        "electrical path, share of the engine's work",
        "%",
        100.0,
        2
    ),
    figure!(electrical_path_j, "energy from MG1 to MG2", "kJ", 1e-3, 1),
    figure!(
        recirculation_s,
        "time with power recirculating",
        "s",
        1.0,
        1
    ),
    figure!(
        recirculation_fraction,
        "that of the burning time",
        "%",
        100.0,
        2
    ),
    figure!(recirculation_j, "energy that recirculates", "kJ", 1e-3, 1),
    figure!(
        recirculation_work_fraction,
        "engine work done meanwhile",
        "%",
        100.0,
        2
    ),
    figure!(
        near_mechanical_point_fraction,
        "engine work near the mechanical point",
        "%",
        100.0,
        2
    ),
    figure!(
        machine_loss_engine_on_j,
        "loss of the machines while the engine burns",
        "kJ",
        1e-3,
        1
    ),
    figure!(
        trace_miss_max_kmh,
        "largest miss of the target speed",
        "km/h",
        1.0,
        3
    ),
    figure!(trace_miss_s, "time outside ±2 km/h", "s", 1.0, 1),
    figure!(energy_in_j, "energy put in", "MJ", 1e-6, 3),
    figure!(
        energy_residual_relative,
        "what the energy balance misses, relative",
        "10⁻¹²",
        1e12,
        3
    ),
    figure!(coolant_end_c, "coolant at the end", "°C", 1.0, 1),
    figure!(battery_end_c, "battery at the end", "°C", 1.0, 1),
    figure!(step_s, "step", "s", 1.0, 3),
];

/// A figure as people write it: a true minus, thin spaces between thousands, a dash where
/// there is none.
pub(super) fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.char_indices() {
        let left = whole.len() - index;
        if index > 0 && left % 3 == 0 && whole.len() > 4 {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text + rest
}

impl Figure {
    /// The figure in its unit.
    pub(super) fn value(&self, summary: &Summary) -> f64 {
        (self.of)(summary) * self.factor
    }

    pub(super) fn words(&self, summary: &Summary) -> String {
        number(self.value(summary), self.decimals)
    }

    /// Attributes that say which figure of `summary.json` an element shows, and how.
    pub(super) fn attributes(&self, run: usize) -> String {
        format!(
            "data-run-of=\"{run}\" data-figure=\"{}\" data-factor=\"{}\" data-decimals=\"{}\"",
            self.key, self.factor, self.decimals
        )
    }
}

/// The large figures of a run.
pub(super) fn headline(run: usize, summary: &Summary) -> String {
    let mut text = String::from("<dl class=\"headline\">\n");
    for figure in &HEADLINE {
        if !(figure.of)(summary).is_finite() {
            continue;
        }
        text += &format!(
            "<div><dd><span class=\"large\" {}>{}</span> <span class=\"unit\">{}</span></dd><dt>{}</dt></div>\n",
            figure.attributes(run),
            figure.words(summary),
            figure.unit,
            figure.title
        );
    }
    text += &format!(
        "<div><dd><span class=\"large\">{} → {}</span> <span class=\"unit\">%</span></dd><dt>state of charge, {}</dt></div>\n",
        number(100.0 * summary.soc_start, 1),
        number(100.0 * summary.soc_end, 1),
        html(summary.balance.title())
    );
    text += &format!(
        "<div><dd><span class=\"large\" data-run-of=\"{run}\" data-figure=\"engine_starts\" data-factor=\"1\" data-decimals=\"0\">{}</span></dd><dt>starts of the engine in {} km, {} s</dt></div>\n</dl>\n",
        summary.engine_starts,
        number(summary.distance_km, 2),
        number(summary.duration_s, 0)
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_a_key_of_the_summary() {
        let keys: Vec<&str> = TABLE.iter().chain(&HEADLINE).map(|it| it.key).collect();
        let source = include_str!("../results/summary.rs");
        for key in keys {
            assert!(source.contains(&format!("pub {key}: f64")), "{key}");
        }
    }

    #[test]
    fn what_does_not_exist_is_a_dash() {
        assert_eq!(number(f64::NAN, 2), "–");
        assert_eq!(number(-12_345.678, 1), "\u{2212}12\u{2009}345.7");
        assert_eq!(number(-0.0001, 2), "0.00");
    }
}
