//! Where a run was, as bubbles: an amount gathered in the cells of a panel, each drawn at its
//! mean place with an area in proportion. Steps of any length give the same picture.

use super::axes::Panel;
use super::contour::Frame;
use super::scene::{Point, Scene, Text};
use super::theme::{Colour, TICK};
use std::collections::BTreeMap;

/// Largest bubble, pixels.
const LARGEST: f64 = 15.0;
/// Smallest, pixels.
const SMALLEST: f64 = 0.8;
/// Bubbles over which no label stands, radius in pixels.
const KEPT_CLEAR: f64 = 5.0;
const OPACITY: f64 = 0.55;

/// An amount at a place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bubble {
    pub(super) amount: f64,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Amounts by cell of this width and height, each at its mean place, the largest first.
pub(super) fn gather(points: impl Iterator<Item = Bubble>, (wide, high): Point) -> Vec<Bubble> {
    let mut cells: BTreeMap<(i64, i64), Bubble> = BTreeMap::new();
    for point in points.filter(|point| point.amount > 0.0) {
        let cell = (
            (point.x / wide).floor() as i64,
            (point.y / high).floor() as i64,
        );
        let sum = cells.entry(cell).or_default();
        sum.amount += point.amount;
        sum.x += point.amount * point.x;
        sum.y += point.amount * point.y;
    }
    let mean = |sum: Bubble| Bubble {
        amount: sum.amount,
        x: sum.x / sum.amount,
        y: sum.y / sum.amount,
    };
    let mut list: Vec<Bubble> = cells.into_values().map(mean).collect();
    list.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    list
}

/// What the largest bubble holds; nothing where there is none.
pub(super) fn largest(bubbles: &[Bubble]) -> f64 {
    bubbles.first().map_or(0.0, |bubble| bubble.amount)
}

/// Draws bubbles; returns where large ones lie.
pub(super) fn draw(
    scene: &mut Scene,
    panel: &Panel,
    bubbles: &[Bubble],
    colour: Colour,
) -> Vec<Frame> {
    let mut large = Vec::new();
    for bubble in bubbles {
        let radius = LARGEST * (bubble.amount / largest(bubbles)).sqrt();
        let at = (panel.x.clamped(bubble.x), panel.y.clamped(bubble.y));
        scene.disc(at, radius.max(SMALLEST), colour, OPACITY);
        if radius > KEPT_CLEAR {
            large.push((
                (at.0 - radius, at.1 - radius),
                (at.0 + radius, at.1 + radius),
            ));
        }
    }
    large
}

/// The largest bubble from a place on the base line of its words.
pub(super) fn legend(scene: &mut Scene, (x, y): Point, words: &str, colour: Colour) {
    scene.disc((x + LARGEST, y - 4.0), LARGEST, colour, OPACITY);
    scene.text(Text::new((x + 2.0 * LARGEST + 6.0, y), words, TICK));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finer_trace_gives_the_same_bubbles() {
        let coarse = [(3.0, 10.0, 20.0), (1.0, 10.4, 28.0), (2.0, 31.0, 22.0)];
        let of = |parts: u32| {
            let points = coarse.iter().flat_map(|&(amount, x, y)| {
                (0..parts).map(move |_| Bubble {
                    amount: amount / f64::from(parts),
                    x,
                    y,
                })
            });
            gather(points, (5.0, 10.0))
        };
        let (once, tenths) = (of(1), of(10));
        assert_eq!(once.len(), 2);
        assert!((largest(&once) - 4.0).abs() < 1e-12);
        for (a, b) in once.iter().zip(&tenths) {
            assert!((a.amount - b.amount).abs() < 1e-12);
            assert!((a.x - b.x).abs() < 1e-12 && (a.y - b.y).abs() < 1e-12);
        }
    }

    #[test]
    fn nothing_makes_no_bubble() {
        let none = Bubble::default();
        assert!(gather([none].into_iter(), (1.0, 1.0)).is_empty());
        assert!(largest(&[]).abs() < f64::MIN_POSITIVE);
    }
}
