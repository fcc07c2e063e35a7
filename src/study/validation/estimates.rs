//! Which estimates calibration may move.

use serde::Deserialize;

const TABLE: &str = include_str!("../../../configs/validation/estimates.csv");

#[derive(Deserialize)]
struct Line {
    set: String,
    key: String,
}

/// Keys of the estimates that may move in a powertrain's set.
///
/// # Errors
/// Where the embedded file is not the table it should be.
pub fn movable_keys(set: &str) -> Result<Vec<String>, csv::Error> {
    let mut keys = Vec::new();
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(TABLE.as_bytes());
    for line in reader.deserialize() {
        let line: Line = line?;
        if line.set == set {
            keys.push(line.key);
        }
    }
    Ok(keys)
}
