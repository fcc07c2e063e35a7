//! A picture as a list of shapes, in pixels from the upper left corner.
//!
//! Figures build scenes and know nothing of files; `render` turns a scene into SVG or
//! PNG through plotters. What a figure drew can therefore be looked at by tests.

use super::axes::Panel;
use super::font;
use super::theme::{Colour, HALF_CAPITAL, INK, Marker};

/// Place, right and down.
pub(super) type Point = (f64, f64);

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// A line of text; `at` is on its base line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) at: Point,
    pub(super) words: String,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
    pub(super) align: Align,
    /// Written upwards.
    pub(super) up: bool,
    /// Stands on a band, not on the page.
    pub(super) on_band: bool,
}

impl Text {
    /// Regular text that begins at a place.
    pub(super) fn new(at: Point, words: impl Into<String>, size: f64) -> Self {
        Self {
            at,
            words: words.into(),
            size,
            bold: false,
            colour: INK,
            align: Align::Start,
            up: false,
            on_band: false,
        }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub(super) fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    pub(super) fn up(self) -> Self {
        Self { up: true, ..self }
    }

    pub(super) fn on_band(self, on_band: bool) -> Self {
        Self { on_band, ..self }
    }

    /// Moves the base line so that the capitals stand centred on the place.
    pub(super) fn centred(mut self) -> Self {
        let shift = HALF_CAPITAL * self.size;
        if self.up {
            self.at.0 += shift;
        } else {
            self.at.1 += shift;
        }
        self
    }

    /// Length along the base line.
    pub(super) fn width(&self) -> f64 {
        font::width(&self.words, self.size, self.bold)
    }
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Line {
        points: Vec<Point>,
        colour: Colour,
        width: f64,
        opacity: f64,
    },
    Area {
        points: Vec<Point>,
        colour: Colour,
        opacity: f64,
    },
    Disc {
        centre: Point,
        radius: f64,
        colour: Colour,
        opacity: f64,
    },
    Text(Text),
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    pub(super) width: f64,
    pub(super) height: f64,
    /// What it shows, for those who cannot see it.
    pub(super) title: String,
    pub(super) shapes: Vec<Shape>,
    /// What shapes are, by their place in the list: for a page where one can point at them.
    pub(super) named: Vec<(usize, String)>,
    /// The panel of a picture of one, for a page that marks a point in it.
    pub(super) panel: Option<Panel>,
}

impl Scene {
    pub(super) fn new(width: f64, height: f64, title: impl Into<String>) -> Self {
        Self {
            width,
            height,
            title: title.into(),
            shapes: Vec::new(),
            named: Vec::new(),
            panel: None,
        }
    }

    /// Says what the last shape is.
    pub(super) fn name_last(&mut self, words: String) {
        if let Some(last) = self.shapes.len().checked_sub(1) {
            self.named.push((last, words));
        }
    }

    pub(super) fn line(&mut self, points: Vec<Point>, colour: Colour, width: f64) {
        self.faint_line(points, colour, width, 1.0);
    }

    /// A line through which what is below can be seen.
    pub(super) fn faint_line(
        &mut self,
        points: Vec<Point>,
        colour: Colour,
        width: f64,
        opacity: f64,
    ) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line {
                points,
                colour,
                width,
                opacity,
            });
        }
    }

    /// A line of dashes, `on` pixels long with `off` between them.
    pub(super) fn dashes(
        &mut self,
        points: &[Point],
        colour: Colour,
        width: f64,
        (on, off): (f64, f64),
    ) {
        let (mut left, mut drawn) = (on, true);
        let mut dash: Vec<Point> = points.first().copied().into_iter().collect();
        for pair in points.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            loop {
                let (dx, dy) = (to.0 - from.0, to.1 - from.1);
                let length = dx.hypot(dy);
                if length <= left {
                    left -= length;
                    dash.push(to);
                    break;
                }
                let share = left / length;
                from = (from.0 + dx * share, from.1 + dy * share);
                dash.push(from);
                if drawn {
                    self.line(std::mem::take(&mut dash), colour, width);
                }
                drawn = !drawn;
                left = if drawn { on } else { off };
                dash = vec![from];
            }
        }
        if drawn {
            self.line(dash, colour, width);
        }
    }

    pub(super) fn area(&mut self, points: Vec<Point>, colour: Colour, opacity: f64) {
        if points.len() > 2 {
            self.shapes.push(Shape::Area {
                points,
                colour,
                opacity,
            });
        }
    }

    pub(super) fn rectangle(&mut self, from: Point, to: Point, colour: Colour, opacity: f64) {
        self.area(
            vec![from, (to.0, from.1), to, (from.0, to.1)],
            colour,
            opacity,
        );
    }

    pub(super) fn disc(&mut self, centre: Point, radius: f64, colour: Colour, opacity: f64) {
        self.shapes.push(Shape::Disc {
            centre,
            radius,
            colour,
            opacity,
        });
    }

    pub(super) fn text(&mut self, text: Text) {
        if !text.words.is_empty() {
            self.shapes.push(Shape::Text(text));
        }
    }

    /// A marker of about `radius` around a place.
    pub(super) fn marker(&mut self, marker: Marker, (x, y): Point, radius: f64, colour: Colour) {
        let r = radius;
        match marker {
            Marker::Disc => self.disc((x, y), r, colour, 1.0),
            Marker::Square => {
                self.rectangle(
                    (x - 0.88 * r, y - 0.88 * r),
                    (x + 0.88 * r, y + 0.88 * r),
                    colour,
                    1.0,
                );
            }
            Marker::Up => self.area(
                vec![
                    (x, y - 1.15 * r),
                    (x + 1.1 * r, y + 0.8 * r),
                    (x - 1.1 * r, y + 0.8 * r),
                ],
                colour,
                1.0,
            ),
            Marker::Down => self.area(
                vec![
                    (x, y + 1.15 * r),
                    (x + 1.1 * r, y - 0.8 * r),
                    (x - 1.1 * r, y - 0.8 * r),
                ],
                colour,
                1.0,
            ),
            Marker::Diamond => self.area(
                vec![
                    (x, y - 1.25 * r),
                    (x + 1.25 * r, y),
                    (x, y + 1.25 * r),
                    (x - 1.25 * r, y),
                ],
                colour,
                1.0,
            ),
            Marker::Cross => {
                let a = 0.85 * r;
                self.line(vec![(x - a, y - a), (x + a, y + a)], colour, 0.5 * r);
                self.line(vec![(x - a, y + a), (x + a, y - a)], colour, 0.5 * r);
            }
        }
    }

    /// Where the rightmost shape ends.
    pub(super) fn right(&self) -> f64 {
        let of_points = |points: &[Point]| points.iter().map(|p| p.0).fold(0.0, f64::max);
        let ends = self.shapes.iter().map(|shape| match shape {
            Shape::Line { points, .. } | Shape::Area { points, .. } => of_points(points),
            Shape::Disc { centre, radius, .. } => centre.0 + radius,
            Shape::Text(text) => match text.align {
                Align::Start => text.at.0 + text.width(),
                Align::Middle => text.at.0 + 0.5 * text.width(),
                Align::End => text.at.0,
            },
        });
        ends.fold(0.0, f64::max)
    }

    /// Title and the line under it; the y where the rest may begin.
    pub(super) fn heading(&mut self, left: f64, title: &str, subtitle: &str) -> f64 {
        use super::theme::{GREY, MARGIN, SUBTITLE, TITLE};
        let y = MARGIN + 0.8 * TITLE;
        self.text(Text::new((left, y), title, TITLE).bold());
        self.text(Text::new((left, y + 1.55 * SUBTITLE), subtitle, SUBTITLE).colour(GREY));
        y + 1.55 * SUBTITLE + 14.0
    }
}
