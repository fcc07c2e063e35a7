//! Bands and bends: the shapes of flows, one scale for all widths.

use crate::plot::scene::Point;

/// Pieces of a band's curve.
const PIECES: usize = 28;
/// Pieces of a quarter of a circle.
const BEND_PIECES: usize = 10;
/// Longest arrow head, pixels.
const HEAD: f64 = 11.0;
/// Half width of the head of a band that is thinner.
const LEAST_HALF_HEAD: f64 = 4.0;

/// A rectangle, from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Whether two share an area when each is grown by half of `gap`.
    pub(super) fn meets(&self, other: &Self, gap: f64) -> bool {
        self.x < other.right() + gap
            && other.x < self.right() + gap
            && self.y < other.bottom() + gap
            && other.y < self.bottom() + gap
    }
}

/// A horizontal band between two places, bent in between; `from` and `to` are the
/// middles of its ends and the arrow stands at `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Band {
    pub(super) from: Point,
    pub(super) to: Point,
    pub(super) width: f64,
}

fn head_length(width: f64) -> f64 {
    (0.5 * width).clamp(6.0, HEAD)
}

impl Band {
    /// Middle of the band at a share of the way.
    fn at(&self, share: f64) -> Point {
        let smooth = share * share * (3.0 - 2.0 * share);
        (
            self.from.0 + (self.to.0 - self.from.0) * share,
            self.from.1 + (self.to.1 - self.from.1) * smooth,
        )
    }

    fn head(&self) -> f64 {
        head_length(self.width).min((self.to.0 - self.from.0).abs())
    }

    /// Outline with its arrow head. The width is measured along y, so that bands that
    /// lie side by side do so all the way.
    pub(super) fn outline(&self) -> Vec<Point> {
        let half = 0.5 * self.width;
        let last = 1.0 - self.head() / (self.to.0 - self.from.0).abs();
        let middle: Vec<Point> = (0..=PIECES)
            .map(|piece| self.at(last * piece as f64 / PIECES as f64))
            .collect();
        let foot = middle.last().copied().unwrap_or(self.from);
        let head = half.max(LEAST_HALF_HEAD);
        let mut outline: Vec<Point> = middle.iter().map(|(x, y)| (*x, y - half)).collect();
        outline.extend([(foot.0, foot.1 - head), self.to, (foot.0, foot.1 + head)]);
        outline.extend(middle.iter().rev().map(|(x, y)| (*x, y + half)));
        outline
    }

    /// Highest and lowest y of the band where x is in the range, if it gets there.
    pub(super) fn span(&self, low: f64, high: f64) -> Option<(f64, f64)> {
        let (upper, lower) = self.edges(low, high)?;
        Some((upper.0, lower.1))
    }

    /// Ranges of y over which the upper and the lower edge run where x is in the range.
    fn edges(&self, low: f64, high: f64) -> Option<((f64, f64), (f64, f64))> {
        let (left, right) = (self.from.0.min(self.to.0), self.from.0.max(self.to.0));
        if high < left || low > right {
            return None;
        }
        let half = (0.5 * self.width).max(1.0);
        let share = |x: f64| {
            let share = (x - self.from.0) / (self.to.0 - self.from.0);
            share.clamp(0.0, 1.0)
        };
        // The band only rises or only falls.
        let (a, b) = (self.at(share(low)).1, self.at(share(high)).1);
        let (top, bottom) = (a.min(b), a.max(b));
        Some(((top - half, bottom - half), (top + half, bottom + half)))
    }

    /// Whether a rectangle touches the band when grown by `gap`.
    pub(super) fn meets(&self, rect: &Rect, gap: f64) -> bool {
        self.span(rect.x - gap, rect.right() + gap)
            .is_some_and(|(top, bottom)| top < rect.bottom() + gap && rect.y < bottom + gap)
    }

    /// Whether a rectangle lies inside of the band, `gap` away from its edges.
    pub(super) fn holds(&self, rect: &Rect, gap: f64) -> bool {
        let (left, right) = (self.from.0.min(self.to.0), self.from.0.max(self.to.0));
        rect.x >= left + gap
            && rect.right() <= right - gap
            && self
                .edges(rect.x, rect.right())
                .is_some_and(|(upper, lower)| {
                    upper.1 + gap <= rect.y && rect.bottom() + gap <= lower.0
                })
    }
}

/// A band that leaves to the right and bends up or down, its arrow at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bend {
    /// Middle of the end at the node.
    pub(super) from: Point,
    pub(super) width: f64,
    /// Way to the right before the vertical part's near edge.
    pub(super) run: f64,
    /// Where the arrow's tip is.
    pub(super) tip_y: f64,
}

impl Bend {
    /// Middle of the vertical part.
    pub(super) fn x(&self) -> f64 {
        self.from.0 + self.run + 0.5 * self.width
    }

    fn direction(&self) -> f64 {
        (self.tip_y - self.from.1).signum()
    }

    /// Outline with its arrow head.
    pub(super) fn outline(&self) -> Vec<Point> {
        let (half, down) = (0.5 * self.width, self.direction());
        let inner = self.run.min(8.0);
        let centre = (self.x() - half - inner, self.from.1 + down * (half + inner));
        let arc = |radius: f64| -> Vec<Point> {
            (0..=BEND_PIECES)
                .map(|piece| {
                    let angle = std::f64::consts::FRAC_PI_2 * piece as f64 / BEND_PIECES as f64;
                    (
                        centre.0 + radius * angle.sin(),
                        centre.1 - down * radius * angle.cos(),
                    )
                })
                .collect()
        };
        let length = head_length(self.width);
        let head = half.max(LEAST_HALF_HEAD);
        let foot = self.tip_y - down * length;
        let mut outline = vec![(self.from.0, self.from.1 - down * half)];
        outline.extend(arc(inner + self.width));
        outline.push((self.x() + half, foot));
        outline.push((self.x() + head, foot));
        outline.push((self.x(), self.tip_y));
        outline.push((self.x() - head, foot));
        outline.push((self.x() - half, foot));
        let mut back = arc(inner);
        back.reverse();
        outline.extend(back);
        outline.push((self.from.0, self.from.1 + down * half));
        outline
    }

    /// The rectangle around it.
    pub(super) fn rect(&self) -> Rect {
        let right = self.x() + (0.5 * self.width).max(LEAST_HALF_HEAD);
        let (half, down) = (0.5 * self.width, self.direction());
        let near = self.from.1 - down * half;
        let (top, bottom) = (near.min(self.tip_y), near.max(self.tip_y));
        Rect {
            x: self.from.0,
            y: top,
            width: right - self.from.0,
            height: bottom - top,
        }
    }
}
