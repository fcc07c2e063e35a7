//! Questions that take several runs.

mod balance;
mod forced_start;
mod single;

pub use forced_start::{
    CandidateLimit, ForcedStart, LimitKind, candidate_limits, forced_start, reached_kmh,
};
pub use single::{Outcome, Question, StartWith, simulate};
