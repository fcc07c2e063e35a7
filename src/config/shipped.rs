//! What comes with the program: the vehicles of `configs/vehicles` and the tables of
//! `configs/maps` that some of them name.

use std::path::Path;

/// Names and the files of a folder of `configs` that bear them.
macro_rules! shipped {
    ($folder:literal, $ending:literal: $($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../../configs/", $folder, "/", $name, ".", $ending)),
        )),*]
    };
}

const VEHICLES: [(&str, &str); 10] = shipped![
    "vehicles", "toml":
    "levin-hybrid",
    "prius-2010",
    "prius-2010-17in",
    "prius-2010-eu",
    "prius-2010-jp",
    "auris-hybrid-2010",
    "auris-hybrid-2013",
    "prius-2004",
    "prius-2001-reference",
    "conventional-2.0",
];

const MAPS: [(&str, &str); 3] = shipped![
    "maps", "csv":
    "engine-1nz-fxe-1998",
    "mg1-prius-1998",
    "mg2-prius-1998",
];

/// Names of the shipped vehicles; the first is the default one.
pub fn shipped() -> impl Iterator<Item = &'static str> + Clone {
    VEHICLES.iter().map(|(name, _)| *name)
}

/// The file of a shipped vehicle.
pub(super) fn text(name: &str) -> Option<&'static str> {
    find(&VEHICLES, name)
}

/// Names of the shipped tables, which a key of a vehicle file takes as it takes a file.
pub fn shipped_maps() -> impl Iterator<Item = &'static str> + Clone {
    MAPS.iter().map(|(name, _)| *name)
}

/// The text of a shipped table.
pub fn shipped_map(name: &str) -> Option<&'static str> {
    find(&MAPS, name)
}

/// Where the table is that a text in this folder names: a shipped one is everywhere.
pub fn located(table: &str, folder: &Path) -> String {
    match shipped_map(table) {
        Some(_) => table.to_owned(),
        None => folder.join(table).to_string_lossy().into_owned(),
    }
}

fn find(files: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let found = files.iter().find(|(shipped, _)| *shipped == name);
    found.map(|(_, text)| *text)
}
