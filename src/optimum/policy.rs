//! A solved optimum as a control that is kept in a file.
//!
//! The file has one line of JSON, which says what the rest is and what was met on the way,
//! and then the costs to go as `f32`, little-endian: hold by hold, mode by mode, node by node.

use super::backward::PerSpeed;
use super::program::Program;
use super::reference::{Forced, Reference};
use super::span::Span;
use super::to_go::ToGo;
use crate::vehicle::State;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// What the first line says of itself.
const KIND: &str = "thsim-policy-3";

/// An optimum, and all that its control needs beside the car and the cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// What the plan is made around.
    pub reference: Reference,
    /// Fuel that a joule of charge is worth, for changes of engine speed.
    pub fuel_j_per_charge_j: f64,
    /// The least cost to go.
    pub program: Program,
    /// How much more charge its control asks for all along than the costs were solved for.
    pub beyond_soc: f64,
}

/// Why a file is no policy for a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It is something else.
    #[error("no policy: {0}")]
    Foreign(String),
    /// It belongs to another car or cycle.
    #[error(
        "the policy belongs to another car or cycle: its hash is {found}, that of this run {wanted}"
    )]
    OtherInput {
        /// Hash in the file.
        found: String,
        /// Hash of the run.
        wanted: String,
    },
    /// It is as long as another repetition of the cycle.
    #[error(
        "the policy has {found} seconds, this run {wanted}: was it kept with another `--repeat`?"
    )]
    OtherLength {
        /// Seconds of the policy.
        found: usize,
        /// Seconds of the run.
        wanted: usize,
    },
    /// It is not whole.
    #[error("the policy is not whole: {found} bytes of costs, {wanted} expected")]
    Cut {
        /// Bytes there are.
        found: usize,
        /// Bytes there should be.
        wanted: usize,
    },
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    kind: String,
    thsim_version: String,
    input_hash: String,
    fuel_j_per_charge_j: f64,
    #[serde(default)]
    beyond_soc: f64,
    /// Speed, engine speed, state of charge, polarisation, coolant and battery temperature.
    states: Vec<[f64; 6]>,
    /// 0 free, 1 burn, 2 late spark.
    forced: Vec<u8>,
    burns: Vec<bool>,
    ceiling: Vec<bool>,
    table: Table,
}

/// How the costs lie.
#[derive(Serialize, Deserialize)]
pub(super) struct Table {
    pub(super) min_on_holds: usize,
    pub(super) min_off_holds: usize,
    pub(super) nodes: usize,
    pub(super) per_soc: f64,
    pub(super) low_soc: Vec<f64>,
    pub(super) spans: Vec<Span>,
    pub(super) base_j: Vec<f64>,
    pub(super) sag_j: Vec<PerSpeed>,
}

fn of_state(state: &State) -> [f64; 6] {
    [
        state.speed_mps,
        state.engine_rad_s,
        state.soc,
        state.polarisation_v,
        state.coolant_c,
        state.battery_c,
    ]
}

fn state(numbers: &[f64; 6]) -> State {
    let [
        speed_mps,
        engine_rad_s,
        soc,
        polarisation_v,
        coolant_c,
        battery_c,
    ] = *numbers;
    State {
        speed_mps,
        engine_rad_s,
        soc,
        polarisation_v,
        coolant_c,
        battery_c,
    }
}

impl Policy {
    /// How the file of one begins, whatever its version.
    pub const BEGINS: &[u8] = br#"{"kind":"thsim-policy-"#;

    /// Its control.
    pub fn to_go(&self) -> ToGo<'_> {
        ToGo {
            program: &self.program,
            beyond_soc: self.beyond_soc,
        }
    }

    /// Writes it, with the hash of the car and the cycle it belongs to.
    ///
    /// # Errors
    /// The writer's.
    pub fn write(&self, input_hash: &str, writer: &mut dyn Write) -> io::Result<()> {
        let Self {
            reference,
            program,
            fuel_j_per_charge_j,
            beyond_soc,
        } = self;
        let head = Head {
            kind: KIND.to_owned(),
            thsim_version: env!("CARGO_PKG_VERSION").to_owned(),
            input_hash: input_hash.to_owned(),
            fuel_j_per_charge_j: *fuel_j_per_charge_j,
            beyond_soc: *beyond_soc,
            states: reference.states.iter().map(of_state).collect(),
            forced: reference.forced.iter().map(|it| *it as u8).collect(),
            burns: reference.burns.clone(),
            ceiling: reference.ceiling.clone(),
            table: program.table(),
        };
        serde_json::to_writer(&mut *writer, &head)?;
        writer.write_all(b"\n")?;
        for cost_j in program.costs_j() {
            writer.write_all(&cost_j.to_le_bytes())?;
        }
        Ok(())
    }

    /// Reads one that belongs to a car and a cycle of this hash.
    ///
    /// # Errors
    /// It is no policy, not whole, or belongs to something else.
    pub fn read(bytes: &[u8], input_hash: &str) -> Result<Self, PolicyError> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let end = end.ok_or_else(|| PolicyError::Foreign("its first line has no end".into()))?;
        let head: Head = serde_json::from_slice(&bytes[..end])
            .map_err(|error| PolicyError::Foreign(format!("its first line: {error}")))?;
        if head.kind != KIND {
            return Err(PolicyError::Foreign(format!(
                "it calls itself `{}`, not `{KIND}`",
                head.kind
            )));
        }
        if head.input_hash != input_hash {
            return Err(PolicyError::OtherInput {
                found: head.input_hash,
                wanted: input_hash.to_owned(),
            });
        }
        let holds = head.forced.len();
        let of_some = [
            head.table.min_on_holds,
            head.table.min_off_holds,
            head.table.nodes / 2,
        ];
        let whole = !of_some.contains(&0)
            && head.states.len() == holds + 1
            && head.burns.len() == holds
            && head.ceiling.len() == holds
            && head.table.low_soc.len() == holds + 1
            && head.table.spans.len() == holds + 1
            && head.table.spans.iter().all(|span| span.is_whole())
            && head.table.base_j.len() == holds + 1
            && head.table.sag_j.len() == holds + 1;
        if !whole {
            return Err(PolicyError::Foreign("its lists differ in length".into()));
        }
        let (numbers, _) = bytes[end + 1..].as_chunks::<4>();
        let costs_j = numbers.iter().map(|number| f32::from_le_bytes(*number));
        let costs_j: Vec<f32> = costs_j.collect();
        let wanted = 4 * Program::costs_of(&head.table);
        if bytes.len() - end - 1 != wanted {
            return Err(PolicyError::Cut {
                found: bytes.len() - end - 1,
                wanted,
            });
        }
        if costs_j.iter().any(|cost_j| !cost_j.is_finite()) {
            return Err(PolicyError::Foreign("a cost is not a number".into()));
        }
        let forced = head.forced.iter().map(|code| match code {
            1 => Forced::Burn,
            2 => Forced::LateSpark,
            _ => Forced::Free,
        });
        Ok(Self {
            reference: Reference {
                states: head.states.iter().map(state).collect(),
                forced: forced.collect(),
                burns: head.burns,
                ceiling: head.ceiling,
                contrary_v: Vec::new(),
            },
            fuel_j_per_charge_j: head.fuel_j_per_charge_j,
            program: Program::of_table(head.table, costs_j),
            beyond_soc: head.beyond_soc,
        })
    }
}
