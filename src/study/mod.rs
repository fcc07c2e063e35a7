//! Questions that take several runs.

mod balance;
mod conventional;
mod forced_start;
pub mod procedure;
mod single;
pub mod validation;

pub use conventional::{ConventionalOutcome, ConventionalQuestion};
pub use forced_start::{CandidateLimit, ForcedStart, LimitKind, forced_start};
pub use single::{Outcome, Question, StartWith, simulate};
