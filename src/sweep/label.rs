//! What columns of a sweep mean, in the words of their keys: `battery.capacity_ah` is the
//! battery capacity in A·h.

/// Units by the ending of a key, longer endings before those they end with.
const UNITS: [(&str, &str); 40] = [
    ("_n_per_mps2", "N/(m/s)²"),
    ("_n_per_mps", "N/(m/s)"),
    ("_kw_per_percent_soc", "kW/%"),
    ("_nm_per_krpm2", "N·m/(1000 rpm)²"),
    ("_nm_per_rad_s", "N·m/(rad/s)"),
    ("_w_per_nm_rad_s", "W/(N·m·rad/s)"),
    ("_w_per_rad2_s2", "W/(rad/s)²"),
    ("_w_per_rad_s", "W/(rad/s)"),
    ("_w_per_nm2", "W/(N·m)²"),
    ("_w_per_nm", "W/(N·m)"),
    ("_rpm_per_s", "rpm/s"),
    ("_v_per_krpm", "V/1000 rpm"),
    ("_j_per_kg_k", "J/(kg·K)"),
    ("_kj_per_k", "kJ/K"),
    ("_w_per_k", "W/K"),
    ("_mj_per_kg", "MJ/kg"),
    ("_kg_per_l", "kg/L"),
    ("_per_krpm", "1/1000 rpm"),
    ("_l_per_100km", "L/100 km"),
    ("_kg_m2", "kg·m²"),
    ("_kmh", "km/h"),
    ("_mps2", "m/s²"),
    ("_mps", "m/s"),
    ("_rpm", "rpm"),
    ("_percent", "%"),
    ("_ohm", "Ω"),
    ("_kw", "kW"),
    ("_kg", "kg"),
    ("_ah", "A·h"),
    ("_nm", "N·m"),
    ("_m2", "m²"),
    ("_m", "m"),
    ("_n", "N"),
    ("_w", "W"),
    ("_v", "V"),
    ("_s", "s"),
    ("_c", "°C"),
    ("_g", "g"),
    ("_l", "L"),
    ("_j", "J"),
];
/// Sections that only repeat what the key says.
const UNSAID: [&str; 2] = ["run.", "chassis."];

/// Meaning and unit of a key or name.
pub(super) fn of(name: &str) -> (String, &'static str) {
    // `mg1.loss.w_per_nm2` ends with a unit as `max_power_kw` does.
    let flat = name.replace('.', "_");
    let ending = UNITS.iter().find(|(ending, _)| flat.ends_with(ending));
    let (words, unit) = ending.map_or((name, ""), |(ending, unit)| {
        (&name[..name.len() - ending.len()], *unit)
    });
    let words = UNSAID.iter().fold(words, |words, section| {
        words.strip_prefix(section).unwrap_or(words)
    });
    let label: Vec<String> = words
        .split(['.', '_'])
        .map(|word| match word {
            "mg1" | "mg2" | "soc" => word.to_uppercase(),
            "crr" | "cd" => format!("c_{}", &word[1..]),
            other => other.to_owned(),
        })
        .collect();
    (label.join(" "), unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Kind, keys};

    #[test]
    fn labels_read_as_the_keys_do() {
        let told = |name| {
            let (label, unit) = of(name);
            format!("{label} [{unit}]")
        };
        assert_eq!(told("battery.capacity_ah"), "battery capacity [A·h]");
        assert_eq!(told("mg1.loss.w_per_nm2"), "MG1 loss [W/(N·m)²]");
        assert_eq!(told("run.step_s"), "step [s]");
        assert_eq!(told("chassis.road_load.a_n"), "road load a [N]");
        assert_eq!(told("gearset.final_ratio"), "gearset final ratio []");
        assert_eq!(told("size"), "size []");
    }

    /// A key that gets a unit of a kind not listed here would lose it in pictures.
    #[test]
    fn numbers_without_a_unit_are_shares_ratios_and_counts() {
        let bare: Vec<&str> = keys()
            .filter(|key| matches!(key.kind, Kind::Number { .. }))
            .map(|key| key.path)
            .filter(|path| of(path).1.is_empty())
            .collect();
        let pure = [
            "share",
            "ratio",
            "efficiency",
            "cd",
            "crr",
            "soc",
            "factor",
            "enrichment",
            "setting",
        ];
        for path in bare {
            assert!(pure.iter().any(|word| path.contains(word)), "{path}");
        }
    }
}
