//! The command `thsim`: parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    thsim::cli::main()
}
