//! Sweeps that come with the program.

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        /// Names of the shipped sweeps.
        pub const NAMES: [&str; [$($name),+].len()] = [$($name),+];

        /// Text of a shipped sweep.
        pub(super) fn text(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!("../../configs/sweeps/", $name, ".toml"))),)+
                _ => None,
            }
        }
    };
}

shipped!(
    "battery-size",
    "mg1-ceiling",
    "final-ratio",
    "best-final-ratio",
    "road-load-nedc",
    "rules",
);
