//! Variance-based sensitivity: which axis the spread of an output comes from.
//!
//! A `saltelli` sweep holds N blocks of `k + 2` designs: A, B, and for every axis i A with
//! that axis taken from B, here AB_i. With the variance V of all A and B:
//!
//! ```text
//! first order  S_i  = 1/N Σ f(B)·(f(AB_i) − f(A)) / V      Saltelli 2010, table 2 (b)
//! total        ST_i = 1/2N Σ (f(A) − f(AB_i))² / V         Jansen 1999, there (f)
//! ```
//!
//! S_i is the share of V that would vanish if axis i alone were known; ST_i is the share
//! that would remain if all others were, so `ST_i − S_i` is what comes from acting
//! together. The mean is taken off f first: it drops out of S_i and spares it much noise.
//!
//! The band of an index holds 95 % of what 1000 resamples of the blocks give (Archer,
//! Saltelli and Sobol' 1997). Where the blocks follow a Sobol sequence, which covers the
//! axes more evenly than chance, the band is rather too wide. All sums are over blocks, so
//! a resample adds up sums of at most a thousand groups of neighbouring blocks, however
//! long the sweep is.
//!
//! Sources: Saltelli et al. 2010, Comput. Phys. Commun. 181, 259–270; Jansen 1999, Comput.
//! Phys. Commun. 117, 35–43.

use super::statistics::quantile;
use crate::results::{Column, Sampling, Table};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Seed of the resamples: the same table has the same bands.
const SEED: u64 = 2010;
const RESAMPLES: usize = 1000;
const MOST_GROUPS: usize = 1000;
/// Fewer blocks than this say nothing.
const LEAST_BLOCKS: usize = 16;
/// Share outside the band at either end.
const TAIL: f64 = 0.025;

/// A figure with its 95 % band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The figure.
    pub value: f64,
    /// Lower end of the band.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Sensitivity of an output to one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Name of the axis.
    pub axis: String,
    /// Share of the variance that comes from this axis alone.
    pub first: Band,
    /// Share that it has a part in.
    pub total: Band,
}

/// Sensitivity of an output to all axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// Blocks that were used.
    pub blocks: usize,
    /// Blocks with a design that failed or was dropped.
    pub left_out: usize,
    /// An index an axis, the largest total first.
    pub axes: Vec<Index>,
}

/// Why a table has no sensitivity indices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SobolError {
    /// Its designs do not come in blocks.
    #[error(
        "sensitivity indices need designs in blocks, and this sweep is a {found} design: \
         put `kind = \"saltelli\"` into `[design]` of the sweep file"
    )]
    Sampling {
        /// Name of its sampling.
        found: &'static str,
    },
    /// Too few blocks are whole.
    #[error(
        "sensitivity indices need at least {LEAST_BLOCKS} blocks of designs that all gave \
         `{output}`, and this sweep has {whole} of {blocks}: more designs, with \
         `kind = \"saltelli\"` in `[design]` of the sweep file"
    )]
    TooFewBlocks {
        /// The output.
        output: String,
        /// Blocks that are whole.
        whole: usize,
        /// All blocks.
        blocks: usize,
    },
    /// The output is the same in every design.
    #[error("`{output}` is the same in all designs: it has no variance to share out")]
    Constant {
        /// The output.
        output: String,
    },
}

/// Sums over blocks, from which the indices follow.
#[derive(Debug, Clone)]
struct Sums {
    blocks: f64,
    /// Σ f over A and B.
    output: f64,
    /// Σ f² over A and B.
    square: f64,
    /// Σ f(B)·(f(AB_i) − f(A)) of every axis.
    first: Vec<f64>,
    /// Σ (f(A) − f(AB_i))² of every axis.
    total: Vec<f64>,
}

impl Sums {
    fn none(axes: usize) -> Self {
        Self {
            blocks: 0.0,
            output: 0.0,
            square: 0.0,
            first: vec![0.0; axes],
            total: vec![0.0; axes],
        }
    }

    /// Adds a block: A, B and A with each axis from B, without the mean.
    fn add_block(&mut self, block: &[f64], mean: f64) {
        let (a, b) = (block[0] - mean, block[1] - mean);
        self.blocks += 1.0;
        self.output += a + b;
        self.square += a * a + b * b;
        for (axis, mixed) in block[2..].iter().enumerate() {
            let moved = mixed - mean - a;
            self.first[axis] += b * moved;
            self.total[axis] += moved * moved;
        }
    }

    fn add(&mut self, other: &Self) {
        self.blocks += other.blocks;
        self.output += other.output;
        self.square += other.square;
        let pairs = |to: &mut [f64], from: &[f64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        };
        pairs(&mut self.first, &other.first);
        pairs(&mut self.total, &other.total);
    }

    fn variance(&self) -> f64 {
        let designs = 2.0 * self.blocks;
        self.square / designs - (self.output / designs).powi(2)
    }

    fn first(&self, axis: usize) -> f64 {
        self.first[axis] / self.blocks / self.variance()
    }

    fn total(&self, axis: usize) -> f64 {
        0.5 * self.total[axis] / self.blocks / self.variance()
    }
}

/// First-order and total index of an output for every axis of a `saltelli` sweep.
///
/// # Errors
/// Another sampling, fewer than 16 whole blocks, or an output that never changes.
pub fn sobol(table: &Table, output: &Column) -> Result<Indices, SobolError> {
    if table.sampling != Sampling::Saltelli {
        let found = table.sampling.name();
        return Err(SobolError::Sampling { found });
    }
    let names: Vec<&str> = table.axes().map(|axis| axis.name.as_str()).collect();
    let (whole, blocks) = whole_blocks(table, output, names.len() + 2);
    if whole.len() < LEAST_BLOCKS {
        return Err(SobolError::TooFewBlocks {
            output: output.name.clone(),
            whole: whole.len(),
            blocks,
        });
    }
    let ends = || whole.iter().flat_map(|block| &block[..2]);
    let mean = ends().sum::<f64>() / (2 * whole.len()) as f64;
    if ends().all(|figure| figure.to_bits() == whole[0][0].to_bits()) {
        let output = output.name.clone();
        return Err(SobolError::Constant { output });
    }
    let groups: Vec<Sums> = whole
        .chunks(whole.len().div_ceil(MOST_GROUPS))
        .map(|blocks| {
            let mut sums = Sums::none(names.len());
            for block in blocks {
                sums.add_block(block, mean);
            }
            sums
        })
        .collect();
    let sum_of = |groups: &mut dyn Iterator<Item = &Sums>| {
        let mut sums = Sums::none(names.len());
        groups.for_each(|group| sums.add(group));
        sums
    };
    let all = sum_of(&mut groups.iter());
    let mut random = Pcg64::seed_from_u64(SEED);
    let resamples: Vec<Sums> = (0..RESAMPLES)
        .map(|_| {
            let drawn = (0..groups.len()).map(|_| random.random_range(0..groups.len()));
            let drawn: Vec<usize> = drawn.collect();
            sum_of(&mut drawn.into_iter().map(|group| &groups[group]))
        })
        .collect();
    let band = |value: f64, of: &dyn Fn(&Sums) -> f64| {
        let mut sorted: Vec<f64> = resamples.iter().map(of).collect();
        sorted.retain(|figure| figure.is_finite());
        sorted.sort_by(f64::total_cmp);
        Band {
            value,
            low: quantile(&sorted, TAIL),
            high: quantile(&sorted, 1.0 - TAIL),
        }
    };
    let index = |(axis, name): (usize, &&str)| Index {
        axis: (*name).to_owned(),
        first: band(all.first(axis), &|sums| sums.first(axis)),
        total: band(all.total(axis), &|sums| sums.total(axis)),
    };
    let mut axes: Vec<Index> = names.iter().enumerate().map(index).collect();
    axes.sort_by(|a, b| b.total.value.total_cmp(&a.total.value));
    Ok(Indices {
        blocks: whole.len(),
        left_out: blocks - whole.len(),
        axes,
    })
}

/// The output of every block whose designs are all there with a figure, and how many
/// blocks the sweep began.
fn whole_blocks<'a>(table: &Table, output: &'a Column, size: usize) -> (Vec<&'a [f64]>, usize) {
    let block_of = |design: &u64| design / size as u64;
    let blocks = table.designs.last().map_or(0, block_of) as usize + 1;
    let mut row = 0;
    let mut whole = Vec::new();
    for designs in table.designs.chunk_by(|a, b| block_of(a) == block_of(b)) {
        let figures = &output.values[row..row + designs.len()];
        row += designs.len();
        if designs.len() == size && figures.iter().all(|figure| figure.is_finite()) {
            whole.push(figures);
        }
    }
    (whole, blocks)
}
