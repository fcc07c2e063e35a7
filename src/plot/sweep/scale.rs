//! The scale of a column: linear, logarithmic, or a place for every text.

use super::words::{LEADING, Type, centred_paragraph, figure, paragraph, wrapped};
use crate::plot::axes::Axis;
use crate::plot::font;
use crate::plot::scene::{Align, Scene};
use crate::plot::theme::{GREY, GRID, RULE, THIN, TICK};
use crate::results::{Column, Role};

/// Relative width below which a range is nothing but rounding.
const NARROWEST: f64 = 1e-9;
/// Figures per decade that a logarithmic scale may show.
const PER_DECADE: [f64; 3] = [1.0, 2.0, 5.0];

/// Widest label beside a vertical scale, pixels.
const WIDEST_LABEL: f64 = 130.0;
/// How labels of scales look.
const LABELS: Type = Type {
    size: TICK,
    bold: false,
    colour: GREY,
    align: Align::Middle,
};

/// How values become places.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Linear { integers: bool },
    Logarithmic,
    Levels,
}

/// From values of a column to pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale<'a> {
    column: &'a Column,
    kind: Kind,
    /// In the decimal logarithm where the scale is logarithmic.
    axis: Axis,
}

/// Smallest and largest finite value; nothing of none.
pub(super) fn range(values: &[f64]) -> Option<(f64, f64)> {
    let finite = values.iter().filter(|value| value.is_finite());
    finite.fold(None, |range, &value| {
        let (low, high) = range.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

impl<'a> Scale<'a> {
    /// A scale that holds exactly this range of the column's values.
    pub(super) fn exact(column: &'a Column, range: (f64, f64), pixels: (f64, f64)) -> Self {
        Self::new(column, range, pixels, None)
    }

    /// A scale that holds at least this range and, where it is linear, ends on two of
    /// about so many ticks.
    pub(super) fn round(
        column: &'a Column,
        range: (f64, f64),
        ticks: usize,
        pixels: (f64, f64),
    ) -> Self {
        Self::new(column, range, pixels, Some(ticks))
    }

    fn new(
        column: &'a Column,
        (low, high): (f64, f64),
        pixels: (f64, f64),
        ticks: Option<usize>,
    ) -> Self {
        let logarithmic = column.role == Role::Axis { logarithmic: true } && low > 0.0;
        if !column.levels.is_empty() {
            let ends = (-0.5, column.levels.len() as f64 - 0.5);
            let axis = Axis::exact(ends, pixels);
            let kind = Kind::Levels;
            return Self { column, kind, axis };
        }
        if logarithmic && high > low {
            let axis = Axis::exact((low.log10(), high.log10()), pixels);
            let kind = Kind::Logarithmic;
            return Self { column, kind, axis };
        }
        let mut finite = column.values.iter().filter(|value| value.is_finite());
        let integers = finite.all(|value| value.fract() == 0.0);
        let middle = 0.5 * (low + high);
        let (low, high) = if high - low > NARROWEST * middle.abs() {
            (low, high)
        } else if integers || middle == 0.0 {
            (middle - 1.0, middle + 1.0)
        } else {
            (middle - 0.05 * middle.abs(), middle + 0.05 * middle.abs())
        };
        let kind = Kind::Linear { integers };
        let axis = match ticks {
            Some(ticks) if integers => {
                Axis::round((low, high), ticks.min((high - low) as usize), pixels)
            }
            Some(ticks) => Axis::round((low, high), ticks, pixels),
            None => Axis::exact((low, high), pixels),
        };
        Self { column, kind, axis }
    }

    /// The scale over more pixels: what lay between `inner` stretches over `outer`, and
    /// the figures at its ends with it.
    pub(super) fn widened(mut self, inner: (f64, f64), outer: (f64, f64)) -> Self {
        let per_pixel = (self.axis.high - self.axis.low) / (inner.1 - inner.0);
        let low = self.axis.low + per_pixel * (outer.0 - inner.0);
        let high = self.axis.high + per_pixel * (outer.1 - inner.1);
        self.axis = Axis::exact((low, high), outer);
        self
    }

    /// The scale in pixels: where it begins and ends.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.axis.from, self.axis.to)
    }

    /// Pixel of a value.
    pub(super) fn at(&self, value: f64) -> f64 {
        self.axis.at(match self.kind {
            Kind::Logarithmic => value.log10(),
            Kind::Linear { .. } | Kind::Levels => value,
        })
    }

    /// Place of a value on the scale, 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let (from, to) = self.ends();
        ((self.at(value) - from) / (to - from)).clamp(0.0, 1.0)
    }

    /// Whether its values are texts.
    pub(super) fn is_levels(&self) -> bool {
        self.kind == Kind::Levels
    }

    /// Round figures, about `count` of them, or all texts: pixel and label.
    pub(super) fn ticks(&self, count: usize) -> Vec<(f64, String)> {
        let at = |(value, label): (f64, String)| (self.at(value), label);
        match self.kind {
            Kind::Levels => {
                let levels = self.column.levels.iter().enumerate();
                levels
                    .map(|(index, level)| at((index as f64, level.clone())))
                    .collect()
            }
            Kind::Logarithmic => self.logarithmic_ticks(count).into_iter().map(at).collect(),
            Kind::Linear { integers } => {
                let steps = (self.axis.high - self.axis.low) as usize;
                let count = if integers { count.min(steps) } else { count };
                let mut ticks = self.axis.ticks(count);
                ticks.retain(|(value, _)| !integers || (value - value.round()).abs() < 1e-6);
                let label = |(value, label): (f64, String)| {
                    let label = if integers {
                        figure(value.round())
                    } else {
                        label
                    };
                    at((value, label))
                };
                ticks.into_iter().map(label).collect()
            }
        }
    }

    /// 1, 2 and 5 of every decade, only 1 where those are too many, and figures as of a
    /// linear scale where they are too few.
    fn logarithmic_ticks(&self, count: usize) -> Vec<(f64, String)> {
        let (low, high) = (self.axis.low, self.axis.high);
        let decades = low.floor() as i32..=high.ceil() as i32;
        let among = |figures: &[f64]| -> Vec<f64> {
            let all = decades.clone().flat_map(|decade| {
                let figures = figures.iter();
                figures.map(move |figure| figure * 10_f64.powi(decade))
            });
            let inside = |value: &f64| (low - 1e-9..=high + 1e-9).contains(&value.log10());
            all.filter(inside).collect()
        };
        let mut values = among(&PER_DECADE);
        if values.len() > count + 2 {
            values = among(&PER_DECADE[..1]);
        }
        if values.len() < 3 {
            let ends = (10_f64.powf(low), 10_f64.powf(high));
            return Axis::exact(ends, (0.0, 1.0)).ticks(count.min(5));
        }
        values
            .into_iter()
            .map(|value| (value, figure(value)))
            .collect()
    }

    /// Horizontal lines of the grid over a stretch of x, with labels on the left.
    pub(super) fn draw_y(&self, scene: &mut Scene, (left, right): (f64, f64), count: usize) {
        for (y, _) in self.ticks(count) {
            scene.line(vec![(left, y), (right, y)], GRID, THIN);
        }
        self.labels_y(scene, left - 3.0, count);
    }

    /// Labels left of the vertical scale, long texts in lines.
    pub(super) fn labels_y(&self, scene: &mut Scene, left: f64, count: usize) {
        let look = Type {
            align: Align::End,
            ..LABELS
        };
        for (y, label) in self.ticks(count) {
            let lines = wrapped(&label, TICK, false, WIDEST_LABEL, 2);
            centred_paragraph(scene, (left - 4.0, y), &lines, look);
        }
    }

    /// Room that [`Self::labels_y`] takes.
    pub(super) fn labels_width(&self, count: usize) -> f64 {
        let ticks = self.ticks(count).into_iter();
        let lines = ticks.flat_map(|(_, label)| wrapped(&label, TICK, false, WIDEST_LABEL, 2));
        let widths = lines.map(|line| font::width(&line, TICK, false));
        widths.fold(0.0, f64::max)
    }

    /// Vertical lines of the grid over a stretch of y.
    pub(super) fn grid_x(&self, scene: &mut Scene, (top, bottom): (f64, f64), count: usize) {
        for (x, _) in self.ticks(count) {
            scene.line(vec![(x, top), (x, bottom)], GRID, THIN);
        }
    }

    /// Labels below the horizontal scale; the y where they end. Texts are broken into
    /// lines as wide as their place.
    pub(super) fn labels_x(&self, scene: &mut Scene, bottom: f64, count: usize) -> f64 {
        let look = LABELS;
        let (from, to) = self.ends();
        let place = if self.is_levels() {
            (to - from).abs() / self.column.levels.len() as f64 - 8.0
        } else {
            f64::INFINITY
        };
        let mut end = bottom + 6.0 + TICK;
        for (x, label) in self.ticks(count) {
            scene.line(vec![(x, bottom), (x, bottom + 4.0)], RULE, THIN);
            let lines = wrapped(&label, TICK, false, place, 3);
            let below = paragraph(scene, (x, bottom + 6.0 + TICK), &lines, look);
            end = end.max(below - LEADING * TICK);
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(logarithmic: bool, values: &[f64]) -> Column {
        Column {
            name: "a".into(),
            label: "a".into(),
            unit: String::new(),
            role: Role::Axis { logarithmic },
            levels: Vec::new(),
            values: values.to_vec(),
        }
    }

    fn labels(column: &Column, count: usize) -> Vec<String> {
        let range = range(&column.values).unwrap();
        let scale = Scale::exact(column, range, (0.0, 100.0));
        scale.ticks(count).into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn ticks_of_integers_are_integers() {
        assert_eq!(labels(&column(false, &[1.0, 2.0, 3.0]), 8), ["1", "2", "3"]);
        assert_eq!(labels(&column(false, &[4.0]), 5), ["3", "4", "5"]);
        assert!(!labels(&column(false, &[4.3]), 5).is_empty());
    }

    #[test]
    fn ticks_of_a_logarithm_are_round() {
        let few = column(true, &[1.0, 100.0]);
        assert_eq!(labels(&few, 8), ["1", "2", "5", "10", "20", "50", "100"]);
        let many = column(true, &[0.01, 1000.0]);
        assert_eq!(labels(&many, 6), ["0.01", "0.1", "1", "10", "100", "1000"]);
        assert!(labels(&column(true, &[3.1, 4.2]), 5).len() > 2);
    }
}
