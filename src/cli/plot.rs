//! `thsim plot`: draw a picture of a result folder.

use super::any_car::refuse_pictures;
use super::failure::Failure;
use super::forced_start::{CREEP, draw_again};
use super::print;
use crate::config::{self, AnyVehicleFile};
use crate::issue::suggestion;
use crate::plot::{self, Car, Figure, Format, Run};
use crate::results::{ReadError, Summary, read_run};
use crate::vehicle::Plant;
use std::path::{Path, PathBuf};

/// What makes a result folder, for those who have none.
const MAKE_ONE: &str = "make one with `thsim run CYCLE --out DIR`";

/// Draw a picture of a result folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim plot sankey results/levin-hybrid-nedc
  thsim plot engine-map results/levin-hybrid-nedc --out map.png
  thsim plot all results/levin-hybrid-nedc")]
pub(super) struct Args {
    /// time-stack, sankey, lever, engine-map, split-map, mg1-map, mg2-map, soc-fuel, forced-start, or all of them
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
        Self::input(error.to_string(), MAKE_ONE)
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

/// What a picture is called in a result folder.
fn file_name(figure: Figure, format: Format) -> String {
    format!("{}.{}", figure.name(), format.extension())
}

/// Draws figures of a run into a folder, each as SVG and PNG.
pub(super) fn draw_into(
    folder: &Path,
    figures: impl IntoIterator<Item = Figure>,
    run: &Run<'_>,
) -> Result<(), Failure> {
    for figure in figures {
        for format in Format::ALL {
            plot::draw(figure, run, &folder.join(file_name(figure, format)))?;
        }
    }
    Ok(())
}

/// Whether a file of these endings can be written here, before anything is drawn.
pub(super) fn check_file(out: &Path, endings: &str) -> Result<(), Failure> {
    if out.is_dir() {
        return Err(Failure::input(
            format!("`{}` is a folder, not a file", out.display()),
            format!("name a file ending in {endings} with `--out`"),
        ));
    }
    let parent = out.parent().unwrap_or(Path::new(""));
    if !parent.as_os_str().is_empty() && !parent.is_dir() {
        let what = if parent.exists() {
            "is a file, not a folder"
        } else {
            "is no folder"
        };
        return Err(Failure::input(
            format!("`{}` {what}", parent.display()),
            "name a file in a folder that is there with `--out`",
        ));
    }
    Ok(())
}

/// The forced start is a study of its own: without its slow electric acceleration there
/// is nothing to see.
fn without_forced_start(
    kind: &str,
    figures: &[Figure],
    summary: &Summary,
) -> Result<Vec<Figure>, Failure> {
    if summary.cycle == CREEP {
        return Ok(figures.to_vec());
    }
    if kind == Figure::ForcedStart.name() {
        return Err(Failure::input(
            format!(
                "`forced-start` draws the slow electric acceleration, and this is a run of `{}`",
                summary.cycle
            ),
            "make it and its picture with `thsim forced-start --out DIR`",
        ));
    }
    let others = figures
        .iter()
        .filter(|figure| **figure != Figure::ForcedStart);
    Ok(others.copied().collect())
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
    if let Some(out) = &args.out {
        check_file(out, "`.svg` or `.png`")?;
    }
    if args.result.is_file() {
        return Err(Failure::input(
            format!(
                "`{}` is a file, not the folder of a result",
                args.result.display()
            ),
            MAKE_ONE,
        ));
    }
    let vehicle_file = args.result.join("vehicle.toml").display().to_string();
    if let Ok(AnyVehicleFile::Conventional(file)) = config::load_any(&vehicle_file, &[]) {
        return Err(refuse_pictures(&file.vehicle().name));
    }
    let stored = read_run(&args.result)?;
    let figures = without_forced_start(&args.kind, &figures, &stored.summary)?;
    let file = config::load(&vehicle_file, &[])?;
    let vehicle = file.vehicle();
    let plant = Plant::new(vehicle);
    let run = Run {
        summary: &stored.summary,
        trace: &stored.trace,
        car: Some(Car {
            plant: &plant,
            fuel: &vehicle.engine.fuel,
            strategy: &vehicle.strategy,
        }),
    };
    let mut written = Vec::new();
    for figure in figures {
        let files: Vec<PathBuf> = match &args.out {
            Some(out) => vec![out.clone()],
            None => Format::ALL
                .map(|format| args.result.join(file_name(figure, format)))
                .to_vec(),
        };
        if figure == Figure::ForcedStart {
            draw_again(&stored, vehicle, &plant, &files)?;
        } else {
            for file in &files {
                plot::draw(figure, &run, file)?;
            }
        }
        written.extend(files.iter().map(|file| format!("{}\n", file.display())));
    }
    print(&written.concat())
}
