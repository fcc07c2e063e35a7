//! Lines of equal value on a grid: marching squares, pieces joined into lines.

use super::scene::Point;
use std::collections::BTreeMap;

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
