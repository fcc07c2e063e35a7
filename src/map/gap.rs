//! How far a table on equal steps is from the measured one that it was made from.

use super::{Curve, Surface};

/// The largest difference between a measured table and the kernel's, at the measured points
/// and halfway between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Largest difference, in the unit of the table.
    pub difference: f64,
    /// The same as a share of the largest value measured.
    pub share: f64,
}

/// Breakpoints inside a range, and the points halfway between them.
fn points(breakpoints: impl Iterator<Item = f64>, (first, last): (f64, f64)) -> Vec<f64> {
    let inside: Vec<f64> = breakpoints.map(|point| point.clamp(first, last)).collect();
    let halfway = inside.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
    inside.iter().copied().chain(halfway).collect()
}

fn gap(pairs: impl Iterator<Item = (f64, f64)>) -> Gap {
    let (mut difference, mut largest) = (0.0_f64, 0.0_f64);
    for (measured, resampled) in pairs {
        difference = difference.max((resampled - measured).abs());
        largest = largest.max(measured.abs());
    }
    Gap {
        difference,
        share: if largest > 0.0 {
            difference / largest
        } else {
            0.0
        },
    }
}

impl Curve {
    /// How far `resampled` is from this curve between its ends.
    pub fn gap(&self, resampled: impl Fn(f64) -> f64) -> Gap {
        let points = points(self.points().map(|(x, _)| x), self.range());
        gap(points.into_iter().map(|x| (self.at(x), resampled(x))))
    }
}

impl Surface {
    /// How far `resampled` is from this surface where both are used: `x` and `y` between
    /// these ends.
    pub fn gap(
        &self,
        (x_range, y_range): ((f64, f64), (f64, f64)),
        resampled: impl Fn(f64, f64) -> f64,
    ) -> Gap {
        let xs = points(self.x_breakpoints(), x_range);
        let ys = points(self.y_breakpoints(), y_range);
        let at = |x: &f64| -> Vec<(f64, f64)> {
            let pair = |y: &f64| (self.at(*x, *y), resampled(*x, *y));
            ys.iter().map(pair).collect()
        };
        gap(xs.iter().flat_map(at))
    }
}

#[cfg(test)]
mod tests {
    use super::super::UniformCurve;
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_corner_between_equal_steps_is_a_gap_of_known_height() {
        let roof = Curve::new(vec![0.0, 1.5, 3.0], vec![0.0, 3.0, 0.0]).unwrap();
        let resampled = UniformCurve::<4>::sample(0.0, 3.0, 3, |x| roof.at(x));
        let gap = roof.gap(|x| resampled.at(x));
        assert!((gap.difference - 1.0).abs() < 1e-12, "{gap:?}");
        assert!((gap.share - 1.0 / 3.0).abs() < 1e-12, "{gap:?}");
        let same = UniformCurve::<4>::sample(0.0, 3.0, 2, |x| roof.at(x));
        assert!(roof.gap(|x| same.at(x)).difference < 1e-12);
    }

    #[test]
    fn a_surface_on_its_own_grid_has_no_gap() {
        let surface =
            Surface::new(vec![0.0, 1.0], vec![0.0, 2.0], vec![1.0, 2.0, 3.0, 5.0]).unwrap();
        let whole = ((0.0, 1.0), (0.0, 2.0));
        let own = surface.gap(whole, |x, y| surface.at(x, y));
        assert_relative_eq!(own.difference, 0.0);
        let flat = surface.gap(whole, |_, _| 1.0);
        assert_relative_eq!(flat.difference, 4.0);
        assert_relative_eq!(flat.share, 0.8);
    }
}
