//! One look for all pictures: light, printable, safe for the colour-blind.
//!
//! Colours are those of Okabe and Ito (2008), each bound to one part of the car in every
//! picture. Colour is never the only carrier of meaning: lines are named, markers differ
//! in shape.

use crate::control::StartCause;
use crate::sim::EngineState;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const WHITE: Colour = Colour(255, 255, 255);
/// Text and axes.
pub(super) const INK: Colour = Colour(34, 34, 34);
/// Text of second rank.
pub(super) const GREY: Colour = Colour(95, 95, 95);
/// Lines of the grid.
pub(super) const GRID: Colour = Colour(222, 222, 222);
/// Zero lines, frames of nothing.
pub(super) const RULE: Colour = Colour(150, 150, 150);

pub(super) const FUEL: Colour = Colour(230, 159, 0);
pub(super) const ENGINE: Colour = Colour(213, 94, 0);
pub(super) const MG1: Colour = Colour(61, 158, 214);
pub(super) const MG2: Colour = Colour(0, 86, 148);
pub(super) const BATTERY: Colour = Colour(0, 138, 100);
/// Wheels and road.
pub(super) const WHEELS: Colour = Colour(60, 60, 60);
pub(super) const BRAKES: Colour = Colour(190, 90, 150);
pub(super) const LOSS: Colour = Colour(170, 170, 170);
/// Lines of equal value of a map.
pub(super) const CONTOUR: Colour = Colour(120, 130, 145);
/// Lines of equal power.
pub(super) const POWER: Colour = Colour(180, 180, 180);
/// The engine at rest.
const OFF: Colour = Colour(236, 236, 236);
/// The engine turned without fuel.
const SPUN: Colour = Colour(246, 200, 150);

/// Colours by name, each as it is on white and what stands for it on a dark page.
///
/// On the dark page all bands are light enough for dark words on them, and every line and
/// word has a contrast of at least 4.5 with the page, those of the grid apart.
pub(super) const NAMED: [(&str, Colour, Colour); 17] = [
    ("paper", WHITE, Colour(18, 22, 28)),
    ("ink", INK, Colour(232, 235, 240)),
    ("grey", GREY, Colour(166, 174, 186)),
    ("grid", GRID, Colour(44, 51, 61)),
    ("rule", RULE, Colour(96, 105, 118)),
    ("fuel", FUEL, Colour(242, 184, 48)),
    ("engine", ENGINE, Colour(255, 140, 66)),
    ("mg1", MG1, Colour(134, 205, 250)),
    ("mg2", MG2, Colour(92, 154, 240)),
    ("battery", BATTERY, Colour(60, 196, 150)),
    ("wheels", WHEELS, Colour(196, 200, 206)),
    ("brakes", BRAKES, Colour(226, 140, 192)),
    ("loss", LOSS, Colour(140, 147, 157)),
    ("contour", CONTOUR, Colour(124, 136, 153)),
    ("power", POWER, Colour(92, 100, 112)),
    ("off", OFF, Colour(40, 46, 55)),
    ("spun", SPUN, Colour(150, 106, 62)),
];

/// Sizes of text, pixels per em.
pub(super) const TITLE: f64 = 18.0;
pub(super) const SUBTITLE: f64 = 13.0;
pub(super) const LABEL: f64 = 13.0;
pub(super) const TICK: f64 = 12.0;
pub(super) const SMALL: f64 = 11.5;

/// Widths of lines, pixels.
pub(super) const THIN: f64 = 0.75;
pub(super) const LINE: f64 = 1.5;
pub(super) const THICK: f64 = 2.25;

/// Distance of everything from the edge of the picture, pixels.
pub(super) const MARGIN: f64 = 18.0;

/// Half of the height of a capital letter, em.
pub(super) const HALF_CAPITAL: f64 = 0.365;

/// Shape of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Disc,
    Square,
    Up,
    Down,
    Diamond,
    Cross,
}

/// Marker and colour of a cause of a start.
pub(super) fn cause(cause: StartCause) -> (Marker, Colour) {
    match cause {
        StartCause::PowerDemand => (Marker::Up, ENGINE),
        StartCause::LowSoc => (Marker::Down, BATTERY),
        StartCause::BatteryLimit => (Marker::Square, MG2),
        StartCause::SpeedCeiling => (Marker::Diamond, BRAKES),
        StartCause::WarmUp => (Marker::Disc, FUEL),
        StartCause::BatteryFull => (Marker::Cross, INK),
    }
}

/// What a cause is called in pictures.
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

/// Colour of what the engine does.
pub(super) fn engine_state(state: EngineState) -> Colour {
    match state {
        EngineState::Off => OFF,
        EngineState::Cranking => INK,
        EngineState::On => ENGINE,
        EngineState::Spun => SPUN,
    }
}
