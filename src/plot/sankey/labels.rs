//! Labels of bands: two lines each, none over another, none over a band that is not its
//! own.
//!
//! What has a fixed place (names of nodes, labels of exits) is put down first. Every band
//! between nodes then tries places inside of it, above and below, along its way and
//! farther off, and takes the nearest free one; a label that finds none goes to the note
//! under the picture.

use super::Unit;
use super::flows::{Flows, Kind};
use super::geometry::{Band, Rect};
use super::layout::Layout;
use crate::plot::font;
use crate::plot::scene::{Align, Point, Scene, Text};
use crate::plot::theme::{Colour, GREY, INK, THIN, WHITE};

/// Size of the labels, pixels per em.
pub(super) const SIZE: f64 = 14.0;
/// Height of a line, pixels.
pub(super) const LINE_HEIGHT: f64 = 17.0;
/// Distance between labels, and of labels from bands.
const GAP: f64 = 4.0;
/// Distances from the band that are tried, pixels.
const OFFSETS: [f64; 9] = [3.0, 12.0, 24.0, 38.0, 54.0, 72.0, 92.0, 116.0, 144.0];
/// Shortest leader that is drawn.
const LEAST_LEADER: f64 = 9.0;
/// Places along the band that are tried.
const SHARES: [f64; 11] = [
    0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9,
];

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
    /// Least distance of two labels.
    label_gap: f64,
}

impl Board {
    fn free(&self, rect: &Rect, own: Option<usize>, bounds: &Rect) -> bool {
        rect.x >= bounds.x
            && rect.right() <= bounds.right()
            && rect.y >= bounds.y
            && rect.bottom() <= bounds.bottom()
            && !self
                .labels
                .iter()
                .any(|other| other.meets(rect, self.label_gap))
            && !self.solids.iter().any(|other| other.meets(rect, GAP))
            && !self
                .bands
                .iter()
                .enumerate()
                .any(|(index, band)| own != Some(index) && band.meets(rect, 0.5 * GAP))
    }

    /// Best place for the label of a band: inside, beside, or anywhere near.
    fn place(
        &self,
        index: usize,
        label: &Label,
        below_first: bool,
        bounds: &Rect,
    ) -> Option<Place> {
        let band = self.bands[index];
        let (width, height) = (label.width(), Label::height());
        let mut best = Best::default();
        for share in SHARES {
            let middle = band.from.0 + share * (band.to.0 - band.from.0);
            let x = middle - 0.5 * width;
            let aside = 60.0 * (share - 0.5_f64).abs();
            let Some((top, bottom)) = band.span(x, x + width) else {
                continue;
            };
            let rect = |y: f64| Rect {
                x,
                y,
                width,
                height,
            };
            let inside = rect(0.5 * (top + bottom - height));
            if band.holds(&inside, GAP) && self.free(&inside, Some(index), bounds) {
                best.offer(aside - 40.0, inside, None, true);
            }
            for offset in OFFSETS {
                let above = (rect(top - offset - height), !below_first);
                let below = (rect(bottom + offset), below_first);
                for (rect, preferred) in [above, below] {
                    let cost = aside + offset + if preferred { 0.0 } else { 9.0 };
                    self.try_beside(&mut best, cost, rect, (index, middle), bounds);
                }
            }
        }
        if best.place.is_none() {
            self.search(&mut best, index, (width, height), bounds);
        }
        best.place
    }

    /// Tries a rectangle whose leader goes to the band's near edge at `x`.
    fn try_beside(
        &self,
        best: &mut Best,
        cost: f64,
        rect: Rect,
        (index, x): (usize, f64),
        bounds: &Rect,
    ) {
        if cost >= best.cost || !self.free(&rect, Some(index), bounds) {
            return;
        }
        let Some((top, bottom)) = self.bands[index].span(x, x) else {
            return;
        };
        let middle = rect.x + 0.5 * rect.width;
        let (from, to) = if rect.bottom() < top {
            ((middle, rect.bottom() + 1.0), (x, top))
        } else {
            ((middle, rect.y - 1.0), (x, bottom))
        };
        if (from.0 - to.0).hypot(from.1 - to.1) <= LEAST_LEADER {
            best.offer(cost, rect, None, false);
        } else if steps(from, to).all(|spot| self.free(&spot, Some(index), bounds)) {
            best.offer(cost, rect, Some((from, to)), false);
        }
    }

    /// Looks for any free place around, with a slanting leader.
    fn search(&self, best: &mut Best, index: usize, (width, height): (f64, f64), bounds: &Rect) {
        let band = self.bands[index];
        for share in SHARES {
            let x = band.from.0 + share * (band.to.0 - band.from.0);
            let Some((top, bottom)) = band.span(x, x) else {
                continue;
            };
            for column in -14..=14_i32 {
                for row in 1..=22_i32 {
                    let (across, away) = (12.0 * f64::from(column), 9.0 * f64::from(row));
                    let cost = across.hypot(away);
                    for y in [top - away - height, bottom + away] {
                        let rect = Rect {
                            x: x + across - 0.5 * width,
                            y,
                            width,
                            height,
                        };
                        self.try_beside(best, cost, rect, (index, x), bounds);
                    }
                }
            }
        }
    }

    /// Places for the labels of all bands that have none yet, and the flows that found
    /// none. The widest go first, since they are likeliest to hold their own label; who
    /// then finds no place goes before all others in the next try.
    pub(super) fn place_all(
        mut self,
        flows: &Flows,
        layout: &Layout,
        unit: Unit,
        bounds: &Rect,
    ) -> (Vec<(usize, Label, Place)>, Vec<Kind>) {
        const TRIES: usize = 4;
        let width = |index: &usize| layout.bands[*index].1.width;
        let mut order: Vec<usize> = (0..layout.bands.len())
            .filter(|&index| {
                layout
                    .exits
                    .iter()
                    .all(|(kind, _)| *kind != layout.bands[index].0)
            })
            .collect();
        order.sort_by(|a, b| width(b).total_cmp(&width(a)).then(a.cmp(b)));
        let fixed = (self.labels.len(), self.solids.len());
        let mut found = (Vec::new(), Vec::new());
        for attempt in 0..TRIES {
            // Wide apart if all find a place so, else closer.
            self.label_gap = if attempt < TRIES / 2 { 2.5 } else { 1.5 } * GAP;
            self.labels.truncate(fixed.0);
            self.solids.truncate(fixed.1);
            let (mut places, mut missing) = (Vec::new(), Vec::new());
            for &index in &order {
                let (kind, band) = layout.bands[index];
                let Some(flow) = flows.of(kind) else {
                    continue;
                };
                let label = unit.label(flow);
                let below = band.to.0 < band.from.0;
                match self.place(index, &label, below, bounds) {
                    Some(place) => {
                        self.labels.push(place.rect);
                        if let Some((from, to)) = place.leader {
                            self.solids.extend(steps(from, to));
                        }
                        places.push((index, label, place));
                    }
                    None => missing.push(index),
                }
            }
            order.retain(|index| !missing.contains(index));
            order.splice(0..0, missing.iter().copied());
            let better = found.0.is_empty() || places.len() > found.0.len();
            if better {
                let kinds = missing.iter().map(|&index| layout.bands[index].0);
                found = (places, kinds.collect());
            }
            if missing.is_empty() {
                break;
            }
        }
        found
    }
}

/// Draws the leader of a place, if it has one.
pub(super) fn lead(scene: &mut Scene, place: &Place) {
    if let Some((from, to)) = place.leader {
        scene.line(vec![from, to], GREY, THIN);
    }
}

/// A place for a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) rect: Rect,
    leader: Option<(Point, Point)>,
    pub(super) inside: bool,
}

/// The best place so far.
struct Best {
    cost: f64,
    place: Option<Place>,
}

impl Default for Best {
    fn default() -> Self {
        Self {
            cost: f64::INFINITY,
            place: None,
        }
    }
}

impl Best {
    fn offer(&mut self, cost: f64, rect: Rect, leader: Option<(Point, Point)>, inside: bool) {
        if cost < self.cost {
            self.cost = cost;
            self.place = Some(Place {
                rect,
                leader,
                inside,
            });
        }
    }
}

/// Spots along a leader.
fn steps(from: Point, to: Point) -> impl Iterator<Item = Rect> {
    const STEPS: i32 = 16;
    (0..=STEPS).map(move |step| {
        let share = f64::from(step) / f64::from(STEPS);
        Rect {
            x: from.0 + share * (to.0 - from.0),
            y: from.1 + share * (to.1 - from.1),
            width: 0.0,
            height: 0.0,
        }
    })
}

/// Writes a label into its place.
pub(super) fn write(
    scene: &mut Scene,
    label: &Label,
    rect: &Rect,
    align: Align,
    (colour, on_band): (Colour, bool),
) {
    let x = match align {
        Align::Start => rect.x,
        Align::Middle => rect.x + 0.5 * rect.width,
        Align::End => rect.right(),
    };
    let line = |row: f64| rect.y + (row + 0.76) * LINE_HEIGHT;
    scene.text(
        Text::new((x, line(0.0)), &*label.name, SIZE)
            .align(align)
            .colour(colour)
            .on_band(on_band),
    );
    scene.text(
        Text::new((x, line(1.0)), &*label.value, SIZE)
            .align(align)
            .colour(colour)
            .on_band(on_band)
            .bold(),
    );
}

/// Black or white, whichever reads on a colour.
pub(super) fn ink_on(colour: Colour) -> Colour {
    let bright =
        0.30 * f64::from(colour.0) + 0.59 * f64::from(colour.1) + 0.11 * f64::from(colour.2);
    if bright > 125.0 { INK } else { WHITE }
}
