//! Running a sweep: all threads take chunks of designs in their order; who computes the last
//! chunk of a part writes the part.

use super::Sweep;
use super::folder::{Folder, FolderError, State};
use super::manifest::Manifest;
use super::part::Part;
use super::worker::{Row, Worker};
use crate::results::WriteError;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Chunks a part is cut into at most; fewer where designs are few.
const CHUNKS_PER_PART: u64 = 64;
/// Designs of a chunk: as many as drive side by side, and at most.
const LEAST_PER_CHUNK: u64 = 8;
const MOST_PER_CHUNK: u64 = 64;
/// Designs that a thread has in hand at a time: enough to fill the lanes whatever constraints
/// drop, few enough to stop soon.
const SIDE_BY_SIDE: u64 = 32;
/// Designs that are planned take seconds each and are driven one by one.
const ONE_BY_ONE: u64 = 1;
/// How long designs are timed for an estimate, and how often at most.
const TIMED_FOR: Duration = Duration::from_millis(400);
const MOST_TIMED: u64 = 200;

/// The share of a sweep that one process runs: part `number` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// The parts of this shard: every `of`-th, so that parts that take longer are spread.
    fn parts(self, parts: u64) -> impl Iterator<Item = u64> {
        (0..parts).filter(move |part| part % self.of == self.number - 1)
    }
}

/// Why a sweep did not come to its end. What was written before stands.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A part could not be written.
    #[error("{source} ({done} of {parts} parts are there; nothing of them is lost)")]
    Write {
        /// What the file system refused.
        source: WriteError,
        /// Parts of this shard that are there.
        done: u64,
        /// Parts of this shard.
        parts: u64,
    },
    /// A broken part could not be set aside.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The user stopped it.
    #[error("stopped")]
    Stopped,
}

/// What happens while a sweep runs.
pub trait Progress: Sync {
    /// So many designs of this shard were there already, of so many.
    fn begin(&self, there: u64, designs: u64);
    /// A part was broken and has been set aside.
    fn set_aside(&self, part: u64, reason: &str, file: PathBuf);
    /// So many designs more.
    fn done(&self, designs: u64);
}

/// What a sweep will take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Parts of this shard that are missing.
    pub parts: u64,
    /// Their designs.
    pub designs: u64,
    /// Time for them on these threads, s.
    pub wall_s: f64,
    /// Size of all parts of the sweep, B.
    pub bytes: u64,
}

/// A part that is being computed.
struct Open {
    part: u64,
    /// Chunks that are still to come.
    left: u64,
    rows: Vec<(u64, Row)>,
}

/// How parts are cut into chunks, which is what a thread takes at a time.
#[derive(Debug, Clone, Copy)]
struct Cut {
    per_chunk: u64,
    chunks_per_part: u64,
}

impl Cut {
    fn new(manifest: &Manifest) -> Self {
        let wanted = (manifest.designs_per_part / CHUNKS_PER_PART).min(MOST_PER_CHUNK);
        // Whole rows of lanes: what is left over drives alone.
        let per_chunk = LEAST_PER_CHUNK * (wanted / LEAST_PER_CHUNK).max(1);
        Self {
            per_chunk,
            chunks_per_part: manifest.designs_per_part.div_ceil(per_chunk),
        }
    }

    /// Designs of a chunk; none where the part is shorter than the others.
    fn designs(&self, chunk: u64, part: &Range<u64>) -> Range<u64> {
        let start = part.start + chunk % self.chunks_per_part * self.per_chunk;
        start.min(part.end)..(start + self.per_chunk).min(part.end)
    }
}

/// A lock whose content is whole whatever happened to the thread that held it last.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Parts of a shard that are missing; broken ones are set aside and told.
fn missing(folder: &Folder, shard: Shard, progress: &dyn Progress) -> Result<Vec<u64>, RunError> {
    let mut missing = Vec::new();
    for part in shard.parts(folder.manifest().parts()) {
        match folder.read(part) {
            State::Whole(_) => {}
            State::Missing => missing.push(part),
            State::Corrupt(error) => {
                let file = folder.set_aside(part)?;
                progress.set_aside(part, &error.to_string(), file);
                missing.push(part);
            }
        }
    }
    Ok(missing)
}

/// Designs that a thread has in hand at a time.
fn in_hand(sweep: &Sweep) -> u64 {
    if sweep.plans() {
        ONE_BY_ONE
    } else {
        SIDE_BY_SIDE
    }
}

/// Times some designs of what is missing, spread over all of it.
pub fn estimate(sweep: &Sweep, folder: Option<&Folder>, shard: Shard, threads: usize) -> Estimate {
    let manifest = Manifest::of(sweep);
    let is_missing =
        |part: &u64| folder.is_none_or(|folder| !matches!(folder.read(*part), State::Whole(_)));
    let missing: Vec<u64> = shard.parts(manifest.parts()).filter(is_missing).collect();
    let designs: u64 = missing
        .iter()
        .map(|part| {
            let range = manifest.designs_of(*part);
            range.end - range.start
        })
        .sum();
    let never = AtomicBool::new(false);
    let mut worker = Worker::new(sweep, &never);
    let in_hand = in_hand(sweep);
    let timed = designs.min(MOST_TIMED);
    let (mut made, mut spent) = (0_u64, Duration::ZERO);
    for nth in 0..timed {
        let place = nth * missing.len() as u64 / timed;
        let range = manifest.designs_of(missing[place as usize]);
        let within = nth * 7919 % (range.end - range.start);
        let begun = Instant::now();
        let first = range.start + within;
        let designs = first..(first + in_hand).min(range.end);
        let _ = worker.rows(designs.clone());
        // The first designs also warm everything up.
        if nth > 0 || timed == 1 {
            spent += begun.elapsed();
            made += designs.end - designs.start;
        }
        if spent > TIMED_FOR {
            break;
        }
    }
    let mean_s = spent.as_secs_f64() / made.max(1) as f64;
    let row_bytes = 8 * (manifest.columns.len() as u64 + 1);
    Estimate {
        parts: missing.len() as u64,
        designs,
        wall_s: mean_s * designs as f64 / threads as f64,
        bytes: manifest.designs.saturating_mul(row_bytes),
    }
}

/// Runs the parts of a shard that are missing, on the threads of the current rayon pool.
///
/// # Errors
/// A part that cannot be written, or the user's stop. What was written before stands, and
/// running again goes on from there.
pub fn run(
    sweep: &Sweep,
    folder: &Folder,
    shard: Shard,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<(), RunError> {
    let manifest = folder.manifest();
    let missing = missing(folder, shard, progress)?;
    let count = |part: &u64| {
        let range = manifest.designs_of(*part);
        range.end - range.start
    };
    let all: u64 = shard.parts(manifest.parts()).map(|part| count(&part)).sum();
    let parts = shard.parts(manifest.parts()).count() as u64;
    progress.begin(all - missing.iter().map(count).sum::<u64>(), all);

    let cut = Cut::new(manifest);
    let in_hand = in_hand(sweep);
    let open: Vec<Mutex<Open>> = missing
        .iter()
        .map(|part| {
            Mutex::new(Open {
                part: *part,
                left: count(part).div_ceil(cut.per_chunk),
                rows: Vec::new(),
            })
        })
        .collect();
    let next = AtomicU64::new(0);
    let written = AtomicUsize::new(0);
    let failure: Mutex<Option<WriteError>> = Mutex::new(None);
    let give_up = AtomicBool::new(false);
    let work = || {
        let mut worker = Worker::new(sweep, stop);
        let stopped = || stop.load(Ordering::Relaxed) || give_up.load(Ordering::Relaxed);
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let nth = (chunk / cut.chunks_per_part) as usize;
            let Some(part) = missing.get(nth) else {
                return;
            };
            let designs = cut.designs(chunk, &manifest.designs_of(*part));
            let mut rows = Vec::with_capacity((designs.end - designs.start) as usize);
            for first in designs.clone().step_by(in_hand as usize) {
                if stopped() {
                    return;
                }
                rows.extend(worker.rows(first..(first + in_hand).min(designs.end)));
            }
            // An optimum that was being searched has come to nothing.
            if in_hand == ONE_BY_ONE && stopped() {
                return;
            }
            if designs.is_empty() {
                continue;
            }
            let complete = {
                let mut open = locked(&open[nth]);
                open.rows.extend(rows);
                open.left -= 1;
                (open.left == 0).then(|| (open.part, std::mem::take(&mut open.rows)))
            };
            if let Some((index, mut rows)) = complete {
                // Chunks arrive as they are done.
                rows.sort_unstable_by_key(|(design, _)| *design);
                if let Err(error) = folder.write(index, &Part::of(rows, manifest)) {
                    give_up.store(true, Ordering::Relaxed);
                    locked(&failure).get_or_insert(error);
                    return;
                }
                written.fetch_add(1, Ordering::Relaxed);
            }
            progress.done(designs.end - designs.start);
        }
    };
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads() {
            scope.spawn(|_| work());
        }
    });
    if let Some(source) = locked(&failure).take() {
        let there = parts - missing.len() as u64 + written.load(Ordering::Relaxed) as u64;
        return Err(RunError::Write {
            source,
            done: there,
            parts,
        });
    }
    if written.into_inner() < missing.len() {
        return Err(RunError::Stopped);
    }
    let is_there = |part| folder.part_path(part).exists();
    if (0..manifest.parts()).all(is_there) {
        folder.tidy();
    }
    Ok(())
}
