//! What a run leaves behind: summary, trace, and the files they are written to.

mod figure;
mod place;
mod provenance;
mod read;
mod summary;
mod table;
mod totals;
mod write;

pub use figure::{FIGURES, Figure, Sums};
pub use place::{PlaceError, check_place, make_place};
pub use provenance::{InputHash, Provenance, VERSION};
pub use read::{ReadError, StoredRun, read_run, read_summary, read_trace};
pub use summary::{Balance, Context, Start, Summary};
pub use table::{Column, Role, Sampling, Table};
pub use totals::Totals;
pub use write::{TEMPORARY, WriteError, result_folder, write_file, write_run, write_trace};
