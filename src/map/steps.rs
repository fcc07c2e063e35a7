//! How many equal steps meet the breakpoints of a measured table.

use std::ops::RangeInclusive;

/// Distances from a node that differ by less, as a share of the range, are the same.
const SAME: f64 = 1e-6;

/// Number of cells between `first` and `last` that brings a node nearest to every one of the
/// breakpoints between them; the fewest where several do alike.
///
/// A table is bilinear between its breakpoints: resampled with a node on each it is exact,
/// however bent it is there.
pub(super) fn cells_meeting(
    breakpoints: &[f64],
    (first, last): (f64, f64),
    allowed: RangeInclusive<usize>,
) -> usize {
    let inside = || breakpoints.iter().filter(|&&x| first < x && x < last);
    let miss = |cells: usize| {
        let per_step = cells as f64 / (last - first);
        let from_node = |x: &f64| {
            let place = (x - first) * per_step;
            (place - place.round()).abs() / cells as f64
        };
        inside().map(from_node).fold(0.0, f64::max)
    };
    let fewest = *allowed.start();
    let best = allowed.map(|cells| (cells, miss(cells)));
    best.reduce(|best, other| if other.1 < best.1 - SAME { other } else { best })
        .map_or(fewest, |(cells, _)| cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_of_the_table_itself_are_met() {
        let by_five_then_thirty: Vec<f64> = [0.0, 5.0]
            .into_iter()
            .chain((0..10).map(|step| 35.0 + 30.0 * f64::from(step)))
            .collect();
        assert_eq!(
            cells_meeting(&by_five_then_thirty, (0.0, 305.0), 20..=63),
            61
        );
        assert_eq!(
            cells_meeting(&[0.0, 500.0, 4500.0], (0.0, 6000.0), 12..=31),
            12
        );
        assert_eq!(cells_meeting(&[], (0.0, 1.0), 12..=31), 12);
    }

    proptest! {
        /// No other allowed number of cells has a farther breakpoint nearer to a node.
        #[test]
        fn nothing_allowed_meets_them_better(
            breakpoints in prop::collection::vec(0.0..1.0_f64, 0..8), other in 12_usize..=63,
        ) {
            let miss = |cells: usize| {
                let apart = breakpoints.iter().map(|x| {
                    let place = x * cells as f64;
                    (place - place.round()).abs() / cells as f64
                });
                apart.fold(0.0, f64::max)
            };
            let chosen = cells_meeting(&breakpoints, (0.0, 1.0), 12..=63);
            prop_assert!((12..=63).contains(&chosen));
            prop_assert!(miss(chosen) <= miss(other) + 52.0 * SAME);
        }
    }
}
