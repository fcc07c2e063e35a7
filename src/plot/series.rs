//! Columns of the trace as lines of few points.
//!
//! Over time, what falls into one pixel is drawn by its first, lowest, highest and last value,
//! in their order: the line looks as that of all rows does, and its size depends on the
//! picture, not on the length of the run.

use super::axes::Panel;
use super::scene::Point;
use crate::sim::TraceRow;
use std::collections::BTreeSet;

/// The points of a column in a panel over time; `time` turns a row into the axis' unit.
pub(super) fn line(
    panel: &Panel,
    rows: &[TraceRow],
    time: impl Fn(&TraceRow) -> f64,
    value: impl Fn(&TraceRow) -> f64,
) -> Vec<Point> {
    thinned(
        rows.iter()
            .map(|row| panel.point(time(row), value(row)))
            .filter(|point| point.0.is_finite() && point.1.is_finite()),
    )
}

/// A column of the trace in columns of pixels: the line of means, and the outline of what
/// lies between the lowest and the highest values.
pub(super) fn banded(
    panel: &Panel,
    rows: &[TraceRow],
    column: f64,
    time: impl Fn(&TraceRow) -> f64,
    value: impl Fn(&TraceRow) -> f64,
) -> (Vec<Point>, Vec<Point>) {
    let points: Vec<Point> = rows
        .iter()
        .map(|row| panel.point(time(row), value(row)))
        .filter(|point| point.0.is_finite() && point.1.is_finite())
        .collect();
    let cell = |point: &Point| ((point.0 - panel.left()) / column).floor() as i64;
    let (mut means, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    for group in points.chunk_by(|a, b| cell(a) == cell(b)) {
        let count = group.len() as f64;
        let x = group.iter().map(|point| point.0).sum::<f64>() / count;
        let y = group.iter().map(|point| point.1);
        means.push((x, y.clone().sum::<f64>() / count));
        low.push((x, y.clone().fold(f64::NEG_INFINITY, f64::max)));
        high.push((x, y.fold(f64::INFINITY, f64::min)));
    }
    high.extend(low.into_iter().rev());
    (means, high)
}

/// First, lowest, highest and last point of each pixel.
pub(super) fn thinned(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    let mut pixel: Vec<Point> = Vec::new();
    for point in points {
        if pixel
            .first()
            .is_some_and(|first| first.0.floor() as i64 != point.0.floor() as i64)
        {
            keep(&mut kept, &pixel);
            pixel.clear();
        }
        pixel.push(point);
    }
    keep(&mut kept, &pixel);
    straightened(&kept)
}

fn keep(kept: &mut Vec<Point>, pixel: &[Point]) {
    let Some(last) = pixel.len().checked_sub(1) else {
        return;
    };
    let by = |a: &usize, b: &usize| pixel[*a].1.total_cmp(&pixel[*b].1);
    let mut indices = [
        0,
        (0..=last).min_by(by).unwrap_or(0),
        (0..=last).max_by(by).unwrap_or(0),
        last,
    ];
    indices.sort_unstable();
    for (order, &index) in indices.iter().enumerate() {
        if order == 0 || indices[order - 1] != index {
            kept.push(pixel[index]);
        }
    }
}

/// One column over another in the order of time, as lines; ways that were drawn before, to
/// two pixels, are left out.
pub(super) fn way(
    panel: &Panel,
    rows: &[TraceRow],
    x: impl Fn(&TraceRow) -> f64,
    y: impl Fn(&TraceRow) -> f64,
) -> Vec<Vec<Point>> {
    let cell = |point: Point| {
        (
            (point.0 / 2.0).round() as i64,
            (point.1 / 2.0).round() as i64,
        )
    };
    let mut drawn = BTreeSet::new();
    let mut lines: Vec<Vec<Point>> = vec![Vec::new()];
    let mut before: Option<Point> = None;
    for row in rows {
        let point = panel.point(x(row), y(row));
        let Some(last) = before else {
            before = Some(point);
            lines.push(vec![point]);
            continue;
        };
        let (from, to) = (cell(last), cell(point));
        if from == to {
            continue;
        }
        let new = drawn.insert((from.min(to), from.max(to)));
        match lines.last_mut() {
            Some(line) if new && !line.is_empty() => line.push(point),
            _ if new => lines.push(vec![last, point]),
            _ => lines.push(Vec::new()),
        }
        before = Some(point);
    }
    lines
}

/// Leaves out points in the middle of level stretches.
fn straightened(points: &[Point]) -> Vec<Point> {
    let level = |a: f64, b: f64| (a - b).abs() < 0.02;
    (0..points.len())
        .filter(|&i| {
            i == 0
                || i + 1 == points.len()
                || !level(points[i - 1].1, points[i].1)
                || !level(points[i].1, points[i + 1].1)
        })
        .map(|i| points[i])
        .collect()
}

/// Lowest and highest of all columns named.
pub(super) fn range(rows: &[TraceRow], columns: &[fn(&TraceRow) -> f64]) -> (f64, f64) {
    rows.iter()
        .flat_map(|row| columns.iter().map(move |column| column(row)))
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
}

/// Stretches of rows with the same value: the value, begin and end time. A row belongs to
/// the step that ends with it, so a stretch begins where the row before it stands.
pub(super) fn stretches<T: PartialEq + Copy>(
    rows: &[TraceRow],
    value: impl Fn(&TraceRow) -> T,
) -> Vec<(T, f64, f64)> {
    let mut list: Vec<(T, f64, f64)> = Vec::new();
    for pair in rows.windows(2) {
        let now = value(&pair[1]);
        match list.last_mut() {
            Some((before, _, end)) if *before == now => *end = pair[1].time_s,
            _ => list.push((now, pair[0].time_s, pair[1].time_s)),
        }
    }
    list
}

/// Unit of a time axis: seconds in it and its name.
pub(super) fn time_unit(duration_s: f64) -> (f64, &'static str) {
    if duration_s <= 2500.0 {
        (1.0, "time, s")
    } else if duration_s <= 6.0 * 3600.0 {
        (60.0, "time, min")
    } else {
        (3600.0, "time, h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_inside_a_pixel_survives() {
        let points = (0..1000).map(|i| (f64::from(i) / 100.0, if i == 555 { 9.0 } else { 1.0 }));
        let few = thinned(points);
        assert!(few.len() < 50);
        assert!(few.iter().any(|p| p.1 > 8.9));
        assert_eq!(few.first().map(|p| p.0), Some(0.0));
        assert_eq!(few.last().map(|p| p.0), Some(9.99));
    }

    #[test]
    fn nothing_stays_nothing() {
        assert!(thinned(std::iter::empty()).is_empty());
    }
}
