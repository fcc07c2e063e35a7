//! Labels of bands: two lines each, none over another, none over a band that is not its
//! own.
//!
//! What has a fixed place (names of nodes, labels of exits) is put down first. Every band
//! between nodes then tries places inside of it, above and below, along its way and
//! farther off, and takes the nearest free one; a label that finds none goes to the note
//! under the picture.

use super::geometry::{Band, Rect};
use crate::plot::font;
use crate::plot::scene::{Align, Scene, Text};
use crate::plot::theme::{Colour, GREY, INK, THIN, WHITE};

/// Size of the labels, pixels per em.
pub(super) const SIZE: f64 = 14.0;
/// Height of a line, pixels.
pub(super) const LINE_HEIGHT: f64 = 17.0;
/// Distance between labels, and of labels from bands.
const GAP: f64 = 4.0;
/// Distances from the band that are tried, pixels.
const OFFSETS: [f64; 7] = [3.0, 12.0, 24.0, 38.0, 54.0, 72.0, 92.0];
/// Places along the band that are tried.
const SHARES: [f64; 11] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9];

/// Two lines of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) value: String,
}

impl Label {
    pub(super) fn width(&self) -> f64 {
        font::width(&self.name, SIZE, false).max(font::width(&self.value, SIZE, true))
    }

    pub(super) fn height() -> f64 {
        2.0 * LINE_HEIGHT
    }
}

/// What stands where.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) labels: Vec<Rect>,
    pub(super) solids: Vec<Rect>,
    pub(super) bands: Vec<Band>,
}

impl Board {
    fn free(&self, rect: &Rect, own: Option<usize>, bounds: &Rect) -> bool {
        rect.x >= bounds.x
            && rect.right() <= bounds.right()
            && rect.y >= bounds.y
            && rect.bottom() <= bounds.bottom()
            && !self.labels.iter().any(|other| other.meets(rect, 1.5 * GAP))
            && !self.solids.iter().any(|other| other.meets(rect, GAP))
            && !self
                .bands
                .iter()
                .enumerate()
                .any(|(index, band)| own != Some(index) && band.meets(rect, 0.5 * GAP))
    }

    /// Best place for the label of a band, and whether it lies inside.
    pub(super) fn place(
        &self,
        index: usize,
        label: &Label,
        below_first: bool,
        bounds: &Rect,
    ) -> Option<(Rect, bool)> {
        let band = self.bands[index];
        let (width, height) = (label.width(), Label::height());
        let mut best: Option<(f64, Rect, bool)> = None;
        let mut offer = |cost: f64, rect: Rect, inside: bool, free: bool| {
            if free && best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, rect, inside));
            }
        };
        for share in SHARES {
            let middle = band.from.0 + share * (band.to.0 - band.from.0);
            let x = middle - 0.5 * width;
            let aside = 60.0 * (share - 0.5_f64).abs();
            let Some((top, bottom)) = band.span(x, x + width) else {
                continue;
            };
            let rect = |y: f64| Rect { x, y, width, height };
            let inside = rect(0.5 * (top + bottom - height));
            let holds = band.holds(&inside, GAP) && self.free(&inside, Some(index), bounds);
            offer(aside - 40.0, inside, true, holds);
            for offset in OFFSETS {
                let above = rect(top - offset - height);
                let below = rect(bottom + offset);
                let worse = 9.0;
                let (up, down) = if below_first { (worse, 0.0) } else { (0.0, worse) };
                offer(aside + offset + up, above, false, self.free(&above, Some(index), bounds));
                offer(aside + offset + down, below, false, self.free(&below, Some(index), bounds));
            }
        }
        best.map(|(_, rect, inside)| (rect, inside))
    }
}

/// Writes a label into its place.
pub(super) fn write(scene: &mut Scene, label: &Label, rect: &Rect, align: Align, colour: Colour) {
    let x = match align {
        Align::Start => rect.x,
        Align::Middle => rect.x + 0.5 * rect.width,
        Align::End => rect.right(),
    };
    let line = |row: f64| rect.y + (row + 0.76) * LINE_HEIGHT;
    scene.text(Text::new((x, line(0.0)), &*label.name, SIZE).align(align).colour(colour));
    scene.text(
        Text::new((x, line(1.0)), &*label.value, SIZE)
            .align(align)
            .colour(colour)
            .bold(),
    );
}

/// A thin line from a label that stands off to its band.
pub(super) fn lead(scene: &mut Scene, rect: &Rect, band: &Band) {
    let x = rect.x + 0.5 * rect.width;
    let Some((top, bottom)) = band.span(x - 1.0, x + 1.0) else {
        return;
    };
    let (from, to) = if rect.bottom() < top {
        (rect.bottom() + 1.0, top)
    } else {
        (rect.y - 1.0, bottom)
    };
    if (from - to).abs() > 9.0 {
        scene.line(vec![(x, from), (x, to)], GREY, THIN);
    }
}

/// Black or white, whichever reads on a colour.
pub(super) fn ink_on(colour: Colour) -> Colour {
    let bright = 0.30 * f64::from(colour.0) + 0.59 * f64::from(colour.1) + 0.11 * f64::from(colour.2);
    if bright > 125.0 { INK } else { WHITE }
}
