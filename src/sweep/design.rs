//! Which point of the space a design is: a pure function of kind, seed and index.

use super::random::{hash, shuffled, unit};
use super::sobol::Sobol;
use crate::results::Sampling;

/// Where on an axis a design lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// At this one of the axis's points.
    Point(u64),
    /// At this share of the axis, 0 to below 1.
    Share(f64),
    /// At its low end.
    Low,
    /// In its middle.
    Middle,
    /// At its high end.
    High,
}

/// How the points of a sweep are chosen.
#[derive(Debug, Clone)]
pub(super) struct Design {
    pub(super) sampling: Sampling,
    /// Points of every axis of a grid; of the other kinds only their number matters.
    axes: Vec<u64>,
    /// Points asked for; for Saltelli's blocks their number.
    points: u64,
    seed: u64,
    sobol: Option<Sobol>,
}

/// Keeps streams of random numbers for different uses apart.
const SHUFFLE: u64 = 1;
const WITHIN: u64 = 2;

impl Design {
    /// `axes` are the points of each axis; `points` and `seed` matter to random designs only.
    pub(super) fn new(sampling: Sampling, axes: Vec<u64>, points: u64, seed: u64) -> Self {
        let sobol = match sampling {
            Sampling::Sobol => Some(Sobol::new(axes.len(), seed)),
            Sampling::Saltelli => Some(Sobol::new(2 * axes.len(), seed)),
            _ => None,
        };
        Self {
            sampling,
            axes,
            points,
            seed,
            sobol,
        }
    }

    /// How many designs there are; none where they are more than 2⁶⁴.
    pub(super) fn count(&self) -> Option<u64> {
        let axes = self.axes.len() as u64;
        match self.sampling {
            Sampling::Grid => {
                let mut axes = self.axes.iter();
                axes.try_fold(1_u64, |all, points| all.checked_mul(*points))
            }
            Sampling::LatinHypercube | Sampling::Sobol => Some(self.points),
            Sampling::Saltelli => self.points.checked_mul(axes + 2),
            Sampling::OneAtATime => Some(1 + 2 * axes),
        }
    }

    /// Puts the place of a design on every axis into `places`.
    pub(super) fn places(&self, design: u64, places: &mut [Place]) {
        match self.sampling {
            Sampling::Grid => {
                let mut rest = design;
                for (place, points) in places.iter_mut().zip(&self.axes).rev() {
                    *place = Place::Point(rest % points);
                    rest /= points;
                }
            }
            Sampling::LatinHypercube => {
                for (axis, place) in places.iter_mut().enumerate() {
                    let axis = axis as u64;
                    let slice = shuffled(design, self.points, hash(self.seed, [SHUFFLE, axis]));
                    let within = unit(hash(hash(self.seed, [WITHIN, axis]), [0, design]));
                    let share = (slice as f64 + within) / self.points as f64;
                    *place = Place::Share(share.min(1.0 - f64::EPSILON));
                }
            }
            Sampling::Sobol => {
                for (axis, place) in places.iter_mut().enumerate() {
                    *place = Place::Share(self.coordinate(axis, design));
                }
            }
            Sampling::Saltelli => {
                let axes = self.axes.len();
                let members = axes as u64 + 2;
                let (block, member) = (design / members, design % members);
                for (axis, place) in places.iter_mut().enumerate() {
                    let from_b = member == 1 || member == axis as u64 + 2;
                    let column = if from_b { axes + axis } else { axis };
                    *place = Place::Share(self.coordinate(column, block));
                }
            }
            Sampling::OneAtATime => {
                places.fill(Place::Middle);
                if let Some(end) = design.checked_sub(1) {
                    places[(end / 2) as usize] = match end % 2 {
                        0 => Place::Low,
                        _ => Place::High,
                    };
                }
            }
        }
    }

    fn coordinate(&self, column: usize, point: u64) -> f64 {
        let sobol = self.sobol.as_ref();
        sobol.map_or(0.0, |sobol| sobol.at(column, point))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(design: &Design, axes: usize) -> Vec<Vec<Place>> {
        let count = design.count().unwrap();
        (0..count)
            .map(|index| {
                let mut places = vec![Place::Middle; axes];
                design.places(index, &mut places);
                places
            })
            .collect()
    }

    fn share(place: Place) -> f64 {
        match place {
            Place::Share(share) => share,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_grid_goes_through_its_last_axis_first() {
        let grid = Design::new(Sampling::Grid, vec![2, 3], 0, 0);
        let points = all(&grid, 2);
        assert_eq!(points.len(), 6);
        assert_eq!(points[1], [Place::Point(0), Place::Point(1)]);
        assert_eq!(points[3], [Place::Point(1), Place::Point(0)]);
        let huge = Design::new(Sampling::Grid, vec![1 << 40, 1 << 40], 0, 0);
        assert_eq!(huge.count(), None);
    }

    #[test]
    fn a_latin_hypercube_uses_every_slice_of_every_axis_once() {
        let cube = Design::new(Sampling::LatinHypercube, vec![0; 3], 500, 9);
        let points = all(&cube, 3);
        for axis in 0..3 {
            let mut slices: Vec<u64> = points
                .iter()
                .map(|point| (share(point[axis]) * 500.0) as u64)
                .collect();
            assert!(!slices.is_sorted());
            slices.sort_unstable();
            assert!(slices.into_iter().eq(0..500), "{axis}");
        }
        let other = Design::new(Sampling::LatinHypercube, vec![0; 3], 500, 10);
        assert_ne!(points, all(&other, 3));
    }

    #[test]
    fn a_block_of_saltelli_takes_one_axis_after_the_other_from_b() {
        let design = Design::new(Sampling::Saltelli, vec![0; 2], 8, 1);
        for block in all(&design, 2).chunks(4) {
            let (a, b) = (&block[0], &block[1]);
            assert!(a[0] != b[0] && a[1] != b[1]);
            assert_eq!(block[2], [b[0], a[1]]);
            assert_eq!(block[3], [a[0], b[1]]);
        }
    }

    #[test]
    fn one_at_a_time_goes_to_both_ends_of_every_axis() {
        let design = Design::new(Sampling::OneAtATime, vec![0; 2], 0, 1);
        let points = all(&design, 2);
        assert_eq!(points[0], [Place::Middle, Place::Middle]);
        assert_eq!(points[3], [Place::Middle, Place::Low]);
        assert_eq!(points[4], [Place::Middle, Place::High]);
        assert_eq!(points.len(), 5);
    }
}
