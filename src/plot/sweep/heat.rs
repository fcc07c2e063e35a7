//! An output over two axes of a grid: cells from light to dark, lines of equal value.
//!
//! A cell reaches half way to its neighbours. Where the grid has other axes, it holds the
//! mean over them. Hatched: no design there has a figure; empty: a constraint dropped them.
//! Lines of equal value run between the middles of cells; over texts there is nothing
//! between two cells, and figures stand in them instead where they find room.

use super::heading;
use super::scale::{Scale, range};
use super::shade::{Shades, Shading, is_dark};
use super::words::{name_below, name_beside, title};
use crate::analysis::mean;
use crate::plot::axes::{Axis, number};
use crate::plot::contour::{Grid, label_line};
use crate::plot::font;
use crate::plot::scene::{Align, Point, Scene, Text};
use crate::plot::theme::{Colour, INK, LABEL, MARGIN, RULE, SMALL, THIN, TICK, WHITE};
use crate::results::{Column, Table};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 520.0;
/// Room on the left for the name of the axis, without its labels.
const LEFT: f64 = 62.0;
const TICKS: usize = 7;
/// Most cells along an axis; neighbours are put together where there are more.
const MOST_CELLS: usize = 120;
/// Lines of equal value, about.
const LEVELS: usize = 8;
const CONTOUR: Colour = Colour(70, 70, 70);
const FAILED: Colour = Colour(225, 225, 225);
/// Distance of the lines of a hatching.
const HATCH: f64 = 7.0;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Heat<'a> {
    pub(super) x: &'a Column,
    pub(super) y: &'a Column,
    pub(super) output: &'a Column,
}

/// What happened in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Known(f64),
    Failed,
    Dropped,
}

impl Cell {
    fn value(self) -> f64 {
        match self {
            Self::Known(value) => value,
            Self::Failed | Self::Dropped => f64::NAN,
        }
    }
}

/// Values of an axis in cells: the middle of each cell.
#[derive(Debug, Clone, PartialEq)]
struct Cells {
    /// First value of every cell.
    from: Vec<f64>,
    middle: Vec<f64>,
}

impl Cells {
    fn of(axis: &Column) -> Self {
        let values = axis.distinct();
        let groups = values.chunks(values.len().div_ceil(MOST_CELLS).max(1));
        let (from, middle) = groups.map(|group| (group[0], mean(group))).unzip();
        Self { from, middle }
    }

    fn len(&self) -> usize {
        self.middle.len()
    }

    /// The cell of a value.
    fn find(&self, value: f64) -> Option<usize> {
        let above = self.from.partition_point(|from| *from <= value);
        value.is_finite().then(|| above.checked_sub(1)).flatten()
    }
}

/// Pixels of the cells of an axis: the middles, and edges half way between them.
struct Places {
    middle: Vec<f64>,
    edge: Vec<f64>,
}

impl Places {
    fn of(scale: &Scale<'_>, cells: &Cells) -> Self {
        let middle: Vec<f64> = cells.middle.iter().map(|value| scale.at(*value)).collect();
        let (from, to) = scale.ends();
        let inner = middle.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
        let edge = [from].into_iter().chain(inner).chain([to]).collect();
        Self { middle, edge }
    }

    /// Pixel of a place that counts in cells.
    fn at(&self, place: f64) -> f64 {
        let last = self.middle.len() - 1;
        let below = (place as usize).min(last);
        let above = (below + 1).min(last);
        let share = place - below as f64;
        self.middle[below] + share * (self.middle[above] - self.middle[below])
    }
}

/// The cells with what their designs gave, row by row from the lowest y.
fn gathered(heat: &Heat<'_>, columns: &Cells, rows: &Cells) -> Vec<Cell> {
    let mut sums = vec![(0_u32, 0_u32, 0.0); columns.len() * rows.len()];
    for (index, figure) in heat.output.values.iter().enumerate() {
        let column = columns.find(heat.x.values[index]);
        let row = rows.find(heat.y.values[index]);
        let (Some(column), Some(row)) = (column, row) else {
            continue;
        };
        let sum = &mut sums[row * columns.len() + column];
        sum.0 += 1;
        if figure.is_finite() {
            sum.1 += 1;
            sum.2 += figure;
        }
    }
    let cell = |(designs, known, sum): (u32, u32, f64)| match (designs, known) {
        (0, _) => Cell::Dropped,
        (_, 0) => Cell::Failed,
        _ => Cell::Known(sum / f64::from(known)),
    };
    sums.into_iter().map(cell).collect()
}

/// The scale of an axis, with half a cell beyond its outermost points.
fn scale_of<'a>(axis: &'a Column, cells: &Cells, (from, to): (f64, f64)) -> Scale<'a> {
    let (low, high) = (cells.middle[0], cells.middle[cells.len() - 1]);
    let inner = Scale::exact(axis, (low, high), (from, to));
    if inner.is_levels() || cells.len() < 2 {
        return inner;
    }
    let at = |index: usize| inner.at(cells.middle[index]);
    let last = cells.len() - 1;
    let first_half = 0.5 * (at(1) - at(0));
    let last_half = 0.5 * (at(last) - at(last - 1));
    let shrink = (to - from) / (to - from + first_half + last_half);
    let begin = from + first_half * shrink;
    inner.widened((begin, to - last_half * shrink), (from, to))
}

/// The picture.
pub(super) fn scene(table: &Table, heat: &Heat<'_>) -> Scene {
    let (columns, rows) = (Cells::of(heat.x), Cells::of(heat.y));
    let cells = gathered(heat, &columns, &rows);
    let values: Vec<f64> = cells.iter().map(|cell| cell.value()).collect();
    let shades = Shades::over(heat.output, &values, Shading::Areas);
    let mut scene = Scene::new(WIDTH, 0.0, format!("{}: heat map", table.name));
    let top = heading(&mut scene, table, &facts(table, heat)) + 4.0;
    let bottom = top + HEIGHT;
    let bar = shades.bar_width(HEIGHT);
    let y_scale = scale_of(heat.y, &rows, (bottom, top));
    let (left, right) = (
        LEFT + y_scale.labels_width(TICKS),
        WIDTH - MARGIN - bar - 22.0,
    );
    let x_scale = scale_of(heat.x, &columns, (left, right));
    let (x, y) = (Places::of(&x_scale, &columns), Places::of(&y_scale, &rows));
    draw_cells(&mut scene, &shades, &cells, &x, &y);
    if x_scale.is_levels() || y_scale.is_levels() {
        figures(&mut scene, &shades, &cells, &x, &y);
    } else {
        contours(&mut scene, &shades, &values, &x, &y);
    }
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
    let frame = corners.into_iter().chain([(left, top)]).collect();
    scene.line(frame, RULE, THIN);
    shades.bar(&mut scene, (right + 22.0, top), HEIGHT);
    for (y, _) in y_scale.ticks(TICKS) {
        scene.line(vec![(left - 4.0, y), (left, y)], RULE, THIN);
    }
    y_scale.labels_y(&mut scene, left - 3.0, TICKS);
    name_beside(&mut scene, MARGIN + 14.0, (top, bottom), &title(heat.y));
    let end = x_scale.labels_x(&mut scene, bottom, TICKS + 2);
    let end = name_below(&mut scene, (left, right), end + 1.5 * LABEL, &title(heat.x));
    scene.height = key(&mut scene, &cells, (left, end + 4.0));
    scene
}

fn facts(table: &Table, heat: &Heat<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    let mut others = table.axes().map(|axis| &axis.name);
    if others.any(|name| *name != heat.x.name && *name != heat.y.name) {
        facts.push("mean over all other axes".to_owned());
    }
    let fine = |axis: &Column| axis.levels.is_empty() && axis.distinct().len() > MOST_CELLS;
    if fine(heat.x) || fine(heat.y) {
        facts.push("neighbouring designs put together".to_owned());
    }
    facts
}

/// Every cell, drawn a little over the next ones so that no seam shows.
fn draw_cells(scene: &mut Scene, shades: &Shades<'_>, cells: &[Cell], x: &Places, y: &Places) {
    let (columns, rows) = (x.middle.len(), y.middle.len());
    // From the top, since pixels count downwards.
    for row in (0..rows).rev() {
        for column in 0..columns {
            let cell = cells[row * columns + column];
            let right = x.edge[column + 1] + if column + 1 < columns { 0.5 } else { 0.0 };
            let bottom = y.edge[row] + if row > 0 { 0.5 } else { 0.0 };
            let (from, to) = ((x.edge[column], y.edge[row + 1]), (right, bottom));
            match cell {
                Cell::Known(value) => scene.rectangle(from, to, shades.of(value), 1.0),
                Cell::Failed => {
                    let to = (x.edge[column + 1], y.edge[row]);
                    scene.rectangle(from, to, FAILED, 1.0);
                    hatch(scene, from, to);
                }
                // The cells before it reach a little into it.
                Cell::Dropped => scene.rectangle(from, to, WHITE, 1.0),
            }
        }
    }
}

/// Lines across a rectangle that go on in the next one.
fn hatch(scene: &mut Scene, from: Point, to: Point) {
    let first = ((from.0 + from.1) / HATCH).ceil() as i64;
    let last = ((to.0 + to.1) / HATCH).floor() as i64;
    for index in first..=last {
        // On this line x and y add up to the same.
        let sum = index as f64 * HATCH;
        let left = from.0.max(sum - to.1);
        let right = to.0.min(sum - from.1);
        scene.line(vec![(left, sum - left), (right, sum - right)], RULE, THIN);
    }
}

/// Lines of equal value at round figures, dark on light colours and light on dark ones.
fn contours(scene: &mut Scene, shades: &Shades<'_>, values: &[f64], x: &Places, y: &Places) {
    let Some((low, high)) = range(values) else {
        return;
    };
    let columns = x.middle.len();
    let grid = Grid::sample((columns, y.middle.len()), |column, row| {
        values[row * columns + column]
    });
    let mut lines: Vec<(String, Vec<Point>)> = Vec::new();
    for (level, label) in Axis::exact((low, high), (0.0, 1.0)).ticks(LEVELS) {
        let colour = if is_dark(shades.of(level)) {
            WHITE
        } else {
            CONTOUR
        };
        for line in grid.lines(level) {
            let place = |(column, row): Point| (x.at(column), y.at(row));
            let line: Vec<Point> = line.into_iter().map(place).collect();
            scene.line(line.clone(), colour, 1.0);
            lines.push((label.clone(), line));
        }
    }
    let (left, right) = (x.edge[0], x.edge[columns]);
    let mut taken = Vec::new();
    for (label, line) in lines {
        let inside = |at: Point, half: f64| at.0 - half > left && at.0 + half < right;
        label_line(scene, &mut taken, &dense(&line), &label, inside);
    }
}

/// The line with points close to each other, so that a label finds more places on it.
fn dense(line: &[Point]) -> Vec<Point> {
    let pieces = line.windows(2).flat_map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        let steps = ((to.0 - from.0).hypot(to.1 - from.1) / 6.0).ceil().max(1.0);
        (0..steps as u32).map(move |step| {
            let share = f64::from(step) / steps;
            (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            )
        })
    });
    pieces.chain(line.last().copied()).collect()
}

/// The figure of every cell, if all of them find room.
fn figures(scene: &mut Scene, shades: &Shades<'_>, cells: &[Cell], x: &Places, y: &Places) {
    let values: Vec<f64> = cells.iter().map(|cell| cell.value()).collect();
    let (low, high) = range(&values).unwrap_or((0.0, 1.0));
    // Some two hundredths of what the cells differ by can be told.
    let integers = values
        .iter()
        .all(|value| value.is_nan() || value.fract() == 0.0);
    let decimals = if integers {
        0
    } else {
        let digits = 2.69 - (high - low).max(1e-6).log10();
        digits.floor().clamp(0.0, 6.0) as usize
    };
    let narrowest = |edge: &[f64]| {
        let widths = edge.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        widths.fold(f64::INFINITY, f64::min)
    };
    let known = values.iter().filter(|value| value.is_finite());
    let widest = known
        .map(|value| font::width(&number(*value, decimals), SMALL, false))
        .fold(0.0, f64::max);
    if narrowest(&x.edge) < widest + 8.0 || narrowest(&y.edge) < 1.4 * SMALL {
        return;
    }
    for (index, value) in values.iter().enumerate() {
        if value.is_nan() {
            continue;
        }
        let (row, column) = (index / x.middle.len(), index % x.middle.len());
        let colour = if is_dark(shades.of(*value)) {
            WHITE
        } else {
            INK
        };
        let at = (x.middle[column], y.middle[row]);
        let text = Text::new(at, number(*value, decimals), SMALL).colour(colour);
        scene.text(text.align(Align::Middle).centred());
    }
}

/// What hatched and empty cells are, where there are any; the y where it ends.
fn key(scene: &mut Scene, cells: &[Cell], (left, y): Point) -> f64 {
    let kinds = [
        (Cell::Failed, "no figure"),
        (Cell::Dropped, "dropped by a constraint"),
    ];
    let (mut x, mut end) = (left, y);
    for (kind, words) in kinds {
        if !cells.contains(&kind) {
            continue;
        }
        let (from, to) = ((x, y - 6.0), (x + 22.0, y + 8.0));
        if kind == Cell::Failed {
            scene.rectangle(from, to, FAILED, 1.0);
            hatch(scene, from, to);
        }
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
        scene.line(corners.to_vec(), RULE, THIN);
        let text = Text::new((x + 29.0, y + 1.0), words, TICK).centred();
        x += 29.0 + text.width() + 24.0;
        scene.text(text);
        end = y + 24.0;
    }
    end
}
