//! The command `thsim`: parse, dispatch, exit code.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Takes memory from the system in large pages and keeps it: of the optimum, whose tables are tens
/// of megabytes, a fifth was the system handing them out page by page.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    thsim::cli::main()
}
