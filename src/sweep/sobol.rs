//! The Sobol sequence, scrambled after Owen, by index.
//!
//! Scrambling keeps what makes the sequence even (each block of 2ᵏ points puts one into
//! every slice of 2⁻ᵏ of every axis) and makes its points random, so that no axis lies on
//! its own special points and another seed gives another, equally good set. A bit is turned
//! over by a hash of the seed, the axis and all higher bits of the unscrambled number.

use super::joe_kuo::{DIMENSIONS, TABLE};
use super::random::hash;

/// Bits of a coordinate, as many as a float holds below 1.
const BITS: usize = 53;
/// Axes there can be.
pub(super) const MOST_AXES: usize = DIMENSIONS;

/// A scrambled sequence in some axes.
#[derive(Debug, Clone)]
pub(super) struct Sobol {
    /// Direction numbers of every axis, the highest bit first, at the lower end of a word.
    directions: Vec<[u64; BITS]>,
    seed: u64,
}

/// Direction numbers of an axis, by the recurrence of its polynomial.
fn directions(axis: usize) -> [u64; BITS] {
    let Some((polynomial, initial)) = axis.checked_sub(1).and_then(|row| TABLE.get(row)) else {
        // Van der Corput: the bits of the index in reverse.
        return std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    };
    let degree = initial.len();
    let mut m = [0_u64; BITS];
    m[..degree].copy_from_slice(initial);
    for bit in degree..BITS {
        let mut next = m[bit - degree] ^ (m[bit - degree] << degree);
        for back in 1..degree {
            let coefficient = (polynomial >> (degree - back)) & 1;
            next ^= coefficient * (m[bit - back] << back);
        }
        m[bit] = next;
    }
    std::array::from_fn(|bit| m[bit] << (BITS - 1 - bit))
}

impl Sobol {
    pub(super) fn new(axes: usize, seed: u64) -> Self {
        Self {
            directions: (0..axes).map(directions).collect(),
            seed,
        }
    }

    /// Unscrambled coordinate as the lower bits of a word.
    fn raw(&self, axis: usize, index: u64) -> u64 {
        let directions = self.directions[axis].iter().enumerate();
        directions
            .filter(|(bit, _)| index >> bit & 1 == 1)
            .fold(0, |all, (_, direction)| all ^ direction)
    }

    /// Coordinate of a point on an axis, 0 to below 1.
    pub(super) fn at(&self, axis: usize, index: u64) -> f64 {
        let raw = self.raw(axis, index);
        let mut scrambled = 0;
        for bit in (0..BITS).rev() {
            // All higher bits, with a mark of how many they are.
            let above = (raw >> bit >> 1) | (1 << (BITS - bit));
            let turned = hash(self.seed, [axis as u64, above]) & 1;
            scrambled |= ((raw >> bit & 1) ^ turned) << bit;
        }
        scrambled as f64 / (1_u64 << BITS) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::float_cmp)]
    fn unscrambled_points_are_those_of_the_published_directions() {
        let sobol = Sobol::new(MOST_AXES, 0);
        let at = |axis, index| sobol.raw(axis, index) as f64 / (1_u64 << BITS) as f64;
        // Rows 1 to 7 of scipy 1.17's `qmc.Sobol(256, scramble=False)`, which counts in Gray
        // code, for some of its columns.
        let axes = [0, 1, 2, 3, 7, 100, 255];
        let rows = [
            [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25, 0.25, 0.75, 0.25, 0.75],
            [0.25, 0.75, 0.75, 0.75, 0.25, 0.75, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.875, 0.625, 0.375],
            [0.875, 0.875, 0.125, 0.375, 0.375, 0.125, 0.875],
            [0.625, 0.125, 0.875, 0.625, 0.125, 0.875, 0.625],
            [0.125, 0.625, 0.375, 0.125, 0.625, 0.375, 0.125],
        ];
        for (row, expected) in (1_u64..).zip(rows) {
            for (axis, coordinate) in axes.into_iter().zip(expected) {
                assert_eq!(at(axis, row ^ (row >> 1)), coordinate, "{axis} {row}");
            }
        }
    }

    #[test]
    fn every_slice_of_every_axis_holds_one_point() {
        const POINTS: u64 = 1024;
        let sobol = Sobol::new(MOST_AXES, 42);
        for axis in 0..MOST_AXES {
            let mut slices: Vec<u64> = (0..POINTS)
                .map(|index| (sobol.at(axis, index) * POINTS as f64) as u64)
                .collect();
            slices.sort_unstable();
            assert!(slices.into_iter().eq(0..POINTS), "axis {axis}");
        }
    }

    #[test]
    fn two_axes_fill_every_box_of_equal_area() {
        let sobol = Sobol::new(2, 7);
        for (columns, rows) in [(1, 256), (4, 64), (16, 16), (64, 4)] {
            let mut boxes: Vec<usize> = (0..256)
                .map(|index| {
                    let column = (sobol.at(0, index) * f64::from(columns)) as usize;
                    let row = (sobol.at(1, index) * f64::from(rows)) as usize;
                    column * rows as usize + row
                })
                .collect();
            boxes.sort_unstable();
            boxes.dedup();
            assert_eq!(boxes.len(), 256, "{columns} by {rows}");
        }
    }

    #[test]
    fn integrates_far_better_than_chance() {
        // A product of five factors whose mean is 1.
        let sobol = Sobol::new(5, 3);
        let points = 4096;
        let sum: f64 = (0..points)
            .map(|index| {
                let factors = (0..5).map(|axis| 0.5 + sobol.at(axis, index));
                factors.product::<f64>()
            })
            .sum();
        let error = (sum / points as f64 - 1.0).abs();
        assert!(error < 1e-3, "{error}");
    }
}
