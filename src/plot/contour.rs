//! Lines of equal value on a grid: marching squares, pieces joined into lines, and where
//! their labels find room.

use super::font;
use super::scene::{Align, Point, Scene, Text};
use super::theme::{GREY, SMALL, WHITE};
use std::collections::BTreeMap;

/// Lines shorter than this have no label, longer ones two, pixels.
const SHORTEST_LABELLED: f64 = 40.0;
const LABELLED_TWICE: f64 = 700.0;
/// Least distance of two labels of one line, pixels.
const LABELS_APART: f64 = 250.0;
/// Places tried for a label.
const PLACES: u32 = 40;

/// Upper left and lower right corner of what a label must not cover.
pub(super) type Frame = (Point, Point);

/// Values on the crossings of a grid, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    columns: usize,
    rows: usize,
    values: Vec<f64>,
}

/// An edge of a cell: its lower left crossing and whether it runs to the right.
type Edge = (usize, usize, bool);

impl Grid {
    /// Samples a function of the column and the row.
    pub(super) fn sample(
        (columns, rows): (usize, usize),
        value: impl Fn(usize, usize) -> f64,
    ) -> Self {
        let values = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (column, row)))
            .map(|(column, row)| value(column, row))
            .collect();
        Self {
            columns,
            rows,
            values,
        }
    }

    fn at(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// Where a level crosses an edge, in columns and rows.
    fn crossing(&self, (column, row, right): Edge, level: f64) -> Point {
        let near = self.at(column, row);
        let far = if right {
            self.at(column + 1, row)
        } else {
            self.at(column, row + 1)
        };
        let share = (level - near) / (far - near);
        if right {
            (column as f64 + share, row as f64)
        } else {
            (column as f64, row as f64 + share)
        }
    }

    /// Pieces of the level in one cell. In a saddle the mean of the corners decides.
    fn pieces(&self, column: usize, row: usize, level: f64) -> Vec<(Edge, Edge)> {
        let corners = [
            self.at(column, row),
            self.at(column + 1, row),
            self.at(column + 1, row + 1),
            self.at(column, row + 1),
        ];
        if corners.iter().any(|value| !value.is_finite()) {
            return Vec::new();
        }
        let below: Edge = (column, row, true);
        let above: Edge = (column, row + 1, true);
        let left: Edge = (column, row, false);
        let right: Edge = (column + 1, row, false);
        let high = corners.map(|value| value > level);
        let middle_high = corners.iter().sum::<f64>() > 4.0 * level;
        match high {
            [a, b, c, d] if a == b && b == c && c == d => vec![],
            [a, b, c, d] if a == c && b == d => {
                if a == middle_high {
                    vec![(below, right), (above, left)]
                } else {
                    vec![(below, left), (above, right)]
                }
            }
            [a, b, c, _] if b == c && a != b => {
                if high[3] == a {
                    vec![(below, above)]
                } else {
                    vec![(below, left)]
                }
            }
            [a, b, c, d] if a == d && b != c => {
                if b == a {
                    vec![(above, right)]
                } else {
                    vec![(below, right)]
                }
            }
            [a, b, ..] if a == b && high[2] == high[3] => vec![(left, right)],
            _ => vec![(above, left)],
        }
    }

    /// All lines of a level, in columns and rows.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let pieces: Vec<(Edge, Edge)> = (0..self.rows.saturating_sub(1))
            .flat_map(|row| (0..self.columns.saturating_sub(1)).map(move |column| (column, row)))
            .flat_map(|(column, row)| self.pieces(column, row, level))
            .collect();
        let mut at_edge: BTreeMap<Edge, Vec<usize>> = BTreeMap::new();
        for (index, (from, to)) in pieces.iter().enumerate() {
            at_edge.entry(*from).or_default().push(index);
            at_edge.entry(*to).or_default().push(index);
        }
        let mut used = vec![false; pieces.len()];
        // Lines with ends first, then closed ones.
        let open = at_edge
            .iter()
            .filter(|(_, at)| at.len() == 1)
            .map(|(edge, _)| *edge);
        let begins: Vec<Edge> = open.chain(pieces.iter().map(|(from, _)| *from)).collect();
        let mut lines = Vec::new();
        for begin in begins {
            let mut edge = begin;
            let mut line = vec![self.crossing(edge, level)];
            while let Some(&piece) = at_edge
                .get(&edge)
                .and_then(|at| at.iter().find(|&&piece| !used[piece]))
            {
                used[piece] = true;
                let (from, to) = pieces[piece];
                edge = if from == edge { to } else { from };
                line.push(self.crossing(edge, level));
            }
            if line.len() > 1 {
                lines.push(line);
            }
        }
        lines
    }
}

/// Labels on a line where they meet nothing that is taken and the place is `clear` for
/// half their width: one, and a second far off on a long line.
pub(super) fn label_line(
    scene: &mut Scene,
    taken: &mut Vec<Frame>,
    line: &[Point],
    words: &str,
    clear: impl Fn(Point, f64) -> bool,
) {
    let away = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
    let length: f64 = line.windows(2).map(|pair| away(pair[0], pair[1])).sum();
    if length < SHORTEST_LABELLED {
        return;
    }
    let half = 0.5 * font::width(words, SMALL, false) + 2.0;
    let mut labelled: Vec<Point> = Vec::new();
    let wanted = if length > LABELLED_TWICE { 2 } else { 1 };
    // From three tenths on, then the rest of the line.
    for share in (0..PLACES).map(|i| (0.3 + f64::from(i) / f64::from(PLACES)) % 1.0) {
        let at = line[((line.len() - 1) as f64 * share) as usize];
        let (from, to) = ((at.0 - half, at.1 - 7.0), (at.0 + half, at.1 + 7.0));
        let free = taken.iter().all(|(other_from, other_to)| {
            from.0 > other_to.0 + 4.0
                || to.0 < other_from.0 - 4.0
                || from.1 > other_to.1 + 3.0
                || to.1 < other_from.1 - 3.0
        });
        let alone = labelled.iter().all(|other| away(*other, at) > LABELS_APART)
            && away(line[0], at).min(away(line[line.len() - 1], at)) > half;
        if free && alone && clear(at, half) {
            scene.rectangle(from, to, WHITE, 0.85);
            scene.text(
                Text::new(at, words, SMALL)
                    .align(Align::Middle)
                    .colour(GREY)
                    .centred(),
            );
            taken.push((from, to));
            labelled.push(at);
            if labelled.len() == wanted {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bowl() -> Grid {
        Grid::sample((21, 21), |x, y| (x as f64 - 10.0).hypot(y as f64 - 10.0))
    }

    #[test]
    fn a_level_of_a_bowl_is_one_closed_circle() {
        let lines = bowl().lines(6.0);
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!(line.first(), line.last());
        for (x, y) in line {
            assert!(((x - 10.0).hypot(y - 10.0) - 6.0).abs() < 0.05);
        }
    }

    #[test]
    fn a_level_beyond_the_grid_has_no_lines() {
        assert!(bowl().lines(99.0).is_empty());
    }

    #[test]
    fn lines_end_at_the_border() {
        let ramp = Grid::sample((5, 4), |x, _| x as f64);
        assert_eq!(
            ramp.lines(1.5),
            [vec![(1.5, 0.0), (1.5, 1.0), (1.5, 2.0), (1.5, 3.0)]]
        );
    }

    #[test]
    fn every_corner_case_has_its_pieces() {
        for bits in 0..16_u32 {
            let grid = Grid::sample((2, 2), |x, y| {
                let corner = [[0, 3], [1, 2]][x][y];
                f64::from(bits >> corner & 1)
            });
            let ends: usize = grid.pieces(0, 0, 0.5).len();
            let high = bits.count_ones();
            let expected = match (high, bits) {
                (0 | 4, _) => 0,
                (2, 0b0101 | 0b1010) => 2,
                _ => 1,
            };
            assert_eq!(ends, expected, "corners {bits:04b}");
            for (from, to) in grid.pieces(0, 0, 0.5) {
                for edge in [from, to] {
                    let (x, y) = grid.crossing(edge, 0.5);
                    assert!(
                        (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y),
                        "corners {bits:04b}"
                    );
                }
            }
        }
    }
}
