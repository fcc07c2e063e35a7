//! How far the charge can be brought.

use super::choices::{Choice, Plan};
use crate::vehicle::{Plant, State};
use std::fmt;

/// What charging all the way comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Most {
    /// State of charge at the end.
    pub soc: f64,
    /// The first second in which a limit keeps it from charging more, s.
    pub start_s: f64,
    /// Which.
    pub limit: ChargeLimit,
}

/// What keeps a car from charging more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChargeLimit {
    /// The battery takes no more than this, W.
    Battery(f64),
    /// Engine and machines give no more than this at this speed, W.
    Powertrain(f64),
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start_s, limit, .. } = self;
        match limit {
            ChargeLimit::Battery(power_w) => {
                write!(
                    f,
                    "from {start_s} s on the battery takes no more than {power_w:.0} W"
                )
            }
            ChargeLimit::Powertrain(power_w) => write!(
                f,
                "from {start_s} s on engine and machines charge with no more than {power_w:.0} W"
            ),
        }
    }
}

impl Plan {
    /// Follows the choice that charges most in every hold, whatever it burns and however often
    /// the engine starts: no control brings the charge further.
    pub fn most_charge(&self, plant: &Plant, soc: f64) -> Most {
        let battery = &plant.battery;
        let mut most = Most {
            soc,
            start_s: 0.0,
            limit: ChargeLimit::Powertrain(0.0),
        };
        let mut limited = false;
        for second in &self.seconds {
            let state = State {
                soc: most.soc,
                ..second.state
            };
            let terminals = battery.terminals(&battery.pace(second.hold_s), &state);
            let ways = self.running(second).iter().chain(&second.off);
            let taken = |choice: &Choice| choice.battery_w.max(-terminals.charge_limit_w);
            let Some(best) = ways.min_by(|a, b| taken(a).total_cmp(&taken(b))) else {
                continue;
            };
            if !limited {
                limited = true;
                most.start_s = second.start_s;
                most.limit = if best.battery_w < -terminals.charge_limit_w {
                    ChargeLimit::Battery(terminals.charge_limit_w)
                } else {
                    ChargeLimit::Powertrain(-best.battery_w)
                };
            } else if best.battery_w < -terminals.charge_limit_w
                && matches!(most.limit, ChargeLimit::Powertrain(_))
            {
                most.start_s = second.start_s;
                most.limit = ChargeLimit::Battery(terminals.charge_limit_w);
            }
            most.soc -= battery.charge_used(&terminals, taken(best), second.hold_s);
        }
        most
    }
}
