//! The vehicles that come with the program: the files of `configs/vehicles`.

/// A name and the file of `configs/vehicles` that bears it.
macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../configs/vehicles/", $name, ".toml")))),*]
    };
}

const VEHICLES: [(&str, &str); 9] = shipped![
    "levin-hybrid",
    "prius-2010",
    "prius-2010-17in",
    "prius-2010-eu",
    "prius-2010-jp",
    "auris-hybrid-2010",
    "auris-hybrid-2013",
    "prius-2004",
    "conventional-2.0",
];

/// Names of the shipped vehicles; the first is the default one.
pub fn shipped() -> impl Iterator<Item = &'static str> + Clone {
    VEHICLES.iter().map(|(name, _)| *name)
}

/// The file of a shipped vehicle.
pub(super) fn text(name: &str) -> Option<&'static str> {
    let found = VEHICLES.iter().find(|(shipped, _)| *shipped == name);
    found.map(|(_, text)| *text)
}
