//! Laws that hold for any valid car on any road: proved on random ones.

#[path = "../common/mod.rs"]
mod common;

mod balance;
mod conventional;
mod drives;
mod envelopes;
mod heavier;
mod lanes;
mod parked;
mod power_split;
mod starts;
#[cfg(feature = "cli")]
mod threads;
mod traces;
mod tune;
mod window;
