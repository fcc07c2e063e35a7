//! `thsim sweep run`.

use super::super::failure::Failure;
use super::super::print;
use super::super::shared::{count, interruption, progress_of, with_jobs};
use super::status::text;
use crate::sweep::{
    Estimate, Folder, Joined, Manifest, Progress, RunError, Shard, Sweep, estimate, script,
};
use indicatif::{HumanBytes, HumanDuration, ProgressBar};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Run a sweep, or what is missing of it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  thsim sweep run battery-size --out battery
  thsim sweep run battery-size --out battery --dry-run    how many designs, how long?
  thsim sweep run battery-size --out battery --shard 2/8  the second of eight shares
  thsim sweep run battery-size --out battery --slurm 8 > battery.sh; sbatch battery.sh
What is in DIR already is not run again: the same command goes on after an interruption.")]
pub(in super::super) struct Args {
    /// Sweep: a shipped name, or a file
    #[arg(value_name = "NAME|FILE")]
    sweep: String,
    /// Folder of the results
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// Threads to use; all cores if not given
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    jobs: Option<usize>,
    /// Run only this share of the sweep, as `2/8`
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Start over: what is in DIR is removed first
    #[arg(long)]
    fresh: bool,
    /// Only say how many designs there are and how long they will take
    #[arg(long)]
    dry_run: bool,
    /// Only print a Slurm array script that runs the sweep in so many shards
    #[arg(long, value_name = "SHARDS", value_parser = count, conflicts_with_all = ["shard", "dry_run", "fresh", "jobs"])]
    slurm: Option<usize>,
    /// No progress
    #[arg(long)]
    quiet: bool,
}

/// Parser of `--shard`.
fn shard(text: &str) -> Result<Shard, String> {
    let form = || "the form is `k/n`, as in `2/8`".to_owned();
    let (number, of) = text.split_once('/').ok_or_else(form)?;
    let number: u64 = number.parse().map_err(|_| form())?;
    let of: u64 = of.parse().map_err(|_| form())?;
    if (1..=of).contains(&number) {
        Ok(Shard { number, of })
    } else {
        Err(format!("allowed: 1/{of} to {of}/{of}"))
    }
}

/// The progress bar, and what else is told on the way.
struct Told {
    bar: ProgressBar,
    quiet: bool,
}

impl Told {
    /// Says something on standard error, above the bar.
    fn say(&self, line: &str) {
        self.bar.suspend(|| {
            // Nobody left to tell if standard error is closed.
            let _ = writeln!(io::stderr().lock(), "{line}");
        });
    }
}

impl Progress for Told {
    fn begin(&self, there: u64, designs: u64) {
        if there > 0 && !self.quiet {
            self.say(&format!("{there} of {designs} designs are there already"));
        }
        self.bar.set_length(designs - there);
        self.bar.reset();
    }

    fn set_aside(&self, part: u64, reason: &str, file: PathBuf) {
        self.say(&format!(
            "warning: part {part} is broken ({reason}); it is set aside as `{}` and run again",
            file.display()
        ));
    }

    fn done(&self, designs: u64) {
        self.bar.inc(designs);
    }
}

/// The estimate for people.
fn estimated(sweep: &Sweep, estimate: &Estimate, threads: usize) -> String {
    let manifest = Manifest::of(sweep);
    format!(
        "{}: {} points in {} parts of at most {} designs; {} of them ({} parts) to run\n\
         about {} on {threads} {}, {} of results before compression\n",
        sweep.name,
        sweep.count,
        manifest.parts(),
        manifest.designs_per_part,
        estimate.designs,
        estimate.parts,
        took(estimate.wall_s),
        if threads == 1 { "thread" } else { "threads" },
        HumanBytes(estimate.bytes),
    )
}

/// A time for people.
fn took(seconds: f64) -> String {
    if seconds < 2.0 {
        return format!("{seconds:.1} s");
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) => HumanDuration(duration).to_string(),
        Err(_) => "longer than anyone waits".to_owned(),
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let sweep = Sweep::read(&args.sweep)?;
    if let (Some(shards), Some(out)) = (args.slurm, &args.out) {
        let out = out.display().to_string();
        return print(&script(&args.sweep, &sweep.name, &out, shards as u64));
    }
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    if args.dry_run {
        // What is there already counts only if it is this sweep and not started over.
        let folder = args
            .out
            .as_deref()
            .filter(|out| !args.fresh && out.exists());
        let folder = folder.map(Folder::open).transpose()?;
        let folder = folder.filter(|folder| folder.manifest().hash == sweep.hash);
        let text = with_jobs(args.jobs, || {
            let threads = rayon::current_num_threads();
            let found = estimate(&sweep, folder.as_ref(), shard, threads);
            estimated(&sweep, &found, threads)
        })?;
        return print(&text);
    }
    let Some(out) = &args.out else {
        return Err(Failure::input(
            "no folder is given",
            "name one with `--out`",
        ));
    };
    let folder = Folder::for_sweep(out, &sweep, args.fresh)?;
    let stop = interruption();
    let told = Told {
        bar: progress_of(args.quiet, sweep.count, "designs, {per_sec}"),
        quiet: args.quiet,
    };
    let done = with_jobs(args.jobs, || {
        crate::sweep::run(&sweep, &folder, shard, &told, &stop)
    })?;
    told.bar.finish_and_clear();
    if matches!(done, Err(RunError::Stopped)) {
        told.say("whole parts stay; the same command goes on from there");
    }
    done?;
    let joined = Joined::open(std::slice::from_ref(out))?;
    let status = with_jobs(args.jobs, || joined.status())?;
    print(&text(&status))?;
    if status.rows == 0 && status.parts_whole == status.parts {
        return Err(Failure::failed("the constraints dropped every design"));
    }
    Ok(())
}
