//! Questions that take several runs.

mod accelerate;
mod balance;
mod best;
mod controlled;
mod conventional;
mod drive;
mod evolution;
mod forced_start;
pub mod procedure;
mod single;
mod speed;
mod tune;
mod uncertainty;
pub mod validation;

pub use accelerate::{
    Acceleration, Climb, FullThrottleQuestion, Repeat, STEP_S as FULL_THROTTLE_STEP_S, Sprint,
    TopSpeed, TopSpeedBound,
};
pub use best::{Best, BestError, BestQuestion, FactorRun, Optimum, Report, Way, WayPoint};
pub use controlled::{Control, ControlQuestion, NODES, Regret};
pub use conventional::{ConventionalOutcome, ConventionalQuestion};
pub use drive::{Drive, Driven};
pub use evolution::FEWEST_RUNS;
pub use forced_start::{
    CandidateLimit, ForcedStart, LimitKind, candidate_limits, forced_start, reached_kmh,
};
pub use single::{Course, Inquiry, Outcome, Question, StartWith, Starts, answer_all, simulate};
pub use speed::{Speed, speed};
pub use tune::{Bench, Effort, Figures, Parameter, TuneError, TunedRegret, Tuning, tune};
pub use uncertainty::{Driver, Factor, Spread, Values, spread};
