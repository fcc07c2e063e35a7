//! `thsim sweep list`.

use super::super::failure::Failure;
use super::super::print;
use super::super::summary_table::{Align, table};
use crate::sweep::{SHIPPED, Sweep};

/// List the sweeps that come with the program, or print one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep list
  thsim sweep list battery-size > my-sweep.toml   a file to begin with")]
pub(in super::super) struct Args {
    /// Print this one in full: itself a valid sweep file
    #[arg(value_name = "SWEEP")]
    name: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(name) = &args.name {
        return print(&Sweep::read(name)?.text);
    }
    let mut rows = Vec::new();
    for name in SHIPPED {
        let sweep = Sweep::read(name)?;
        rows.push(vec![
            name.to_owned(),
            sweep.count.to_string(),
            sweep.question,
        ]);
    }
    let columns = [
        ("sweep", Align::Left),
        ("designs", Align::Right),
        ("question", Align::Left),
    ];
    print(&table(&columns, rows))
}
