//! `thsim plot`: draw a picture of a result folder.

use super::any_car::refuse_pictures;
use super::failure::Failure;
use super::print;
use crate::config::{self, AnyVehicleFile};
use crate::issue::suggestion;
use crate::plot::{self, Car, Figure, Format, Run};
use crate::results::{ReadError, read_run};
use crate::vehicle::Plant;
use std::path::{Path, PathBuf};

/// Draw a picture of a result folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim plot sankey results/levin-hybrid-nedc
  thsim plot engine-map results/levin-hybrid-nedc --out map.png
  thsim plot all results/levin-hybrid-nedc")]
pub(super) struct Args {
    /// time-stack, sankey, engine-map, soc-fuel, forced-start, or all of them
    #[arg(value_name = "KIND")]
    kind: String,
    /// Folder that `thsim run --out` wrote
    #[arg(value_name = "RESULT")]
    result: PathBuf,
    /// File ending in .svg or .png; without it both are written into RESULT
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::input(
            error.to_string(),
            "make one with `thsim run CYCLE --out DIR`",
        )
    }
}

impl From<plot::PlotError> for Failure {
    fn from(error: plot::PlotError) -> Self {
        match error {
            plot::PlotError::UnknownFormat { .. } => {
                Self::input(error.to_string(), "allowed: `.svg`, `.png`")
            }
            other => Self::failed(other.to_string()),
        }
    }
}

/// The kinds a name stands for.
fn figures(name: &str) -> Result<Vec<Figure>, Failure> {
    if name == "all" {
        return Ok(Figure::ALL.to_vec());
    }
    let names = Figure::ALL.map(Figure::name);
    match Figure::find(name) {
        Some(figure) => Ok(vec![figure]),
        None => Err(Failure::input(
            format!("unknown kind of picture `{name}`"),
            suggestion(name, names.into_iter().chain(["all"])),
        )),
    }
}

/// Draws figures of a run into a folder, each as SVG and PNG.
pub(super) fn draw_into(folder: &Path, figures: &[Figure], run: &Run<'_>) -> Result<(), Failure> {
    for figure in figures {
        for format in Format::ALL {
            let file = format!("{}.{}", figure.name(), format.extension());
            plot::draw(*figure, run, &folder.join(file))?;
        }
    }
    Ok(())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let figures = figures(&args.kind)?;
    if args.out.is_some() && figures.len() > 1 {
        return Err(Failure::input(
            "`--out` names one file, but `all` makes several",
            "leave `--out` away: they are written into the result folder",
        ));
    }
    let vehicle_file = args.result.join("vehicle.toml").display().to_string();
    if let Ok(AnyVehicleFile::Conventional(file)) = config::load_any(&vehicle_file, &[]) {
        return Err(refuse_pictures(&file.vehicle().name));
    }
    let stored = read_run(&args.result)?;
    let file = config::load(&vehicle_file, &[])?;
    let vehicle = file.vehicle();
    let run = Run {
        summary: &stored.summary,
        trace: &stored.trace,
        car: Some(Car {
            plant: &Plant::new(vehicle),
            fuel: &vehicle.engine.fuel,
        }),
    };
    if let Some(out) = &args.out {
        plot::draw(figures[0], &run, out)?;
        return print(&format!("{}\n", out.display()));
    }
    draw_into(&args.result, &figures, &run)?;
    let lines: Vec<String> = figures
        .iter()
        .flat_map(|figure| {
            Format::ALL.map(|format| {
                let file = format!("{}.{}", figure.name(), format.extension());
                format!("{}\n", args.result.join(file).display())
            })
        })
        .collect();
    print(&lines.concat())
}
