//! The table of a cycle file: header, cells, and what is allowed in each.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::reader::{FORM, Problems};
use super::row::Row;
use crate::issue::{Issue, suggestion};
use crate::units::{KM_PER_MILE, kmh_from_mph, kmh_from_mps, mps_from_kmh};

/// The longest cycle, s.
const LONGEST_S: f64 = 1_000_000.0;
/// By how much two speed columns may differ, km/h: rounding to two decimals.
const SPEED_AGREEMENT_KMH: f64 = 0.01;
/// For the same comparison in binary, km/h.
const BINARY_ROUNDING_KMH: f64 = 1e-9;
/// How much of a wrong cell a message shows, in characters.
const SHOWN_CELL: usize = 32;

/// A column: its name and the range of its values.
struct Column {
    name: &'static str,
    lowest: f64,
    highest: f64,
    allowed: &'static str,
}

const TIME: usize = 0;
const SPEED_KMH: usize = 1;
const SPEED_MPH: usize = 2;
const SPEED_MPS: usize = 3;
const GRADE: usize = 4;
const AUX: usize = 5;
/// The columns that may give the speed.
const SPEEDS: [usize; 3] = [SPEED_KMH, SPEED_MPH, SPEED_MPS];

const COLUMNS: [Column; 6] = [
    column("time_s", f64::MIN, f64::MAX, "seconds, strictly increasing"),
    column("speed_kmh", 0.0, 400.0, "0 to 400 km/h"),
    column(
        "speed_mph",
        0.0,
        400.0 / KM_PER_MILE,
        "0 to 400 km/h, which is 248.5 mph",
    ),
    column(
        "speed_mps",
        0.0,
        400.0 / 3.6,
        "0 to 400 km/h, which is 111.1 m/s",
    ),
    column(
        "grade",
        -0.5,
        0.5,
        "-0.5 to 0.5, rise over run: 0.05 is 5 %",
    ),
    column("aux_w", 0.0, 20_000.0, "0 to 20000 W"),
];

const fn column(name: &'static str, lowest: f64, highest: f64, allowed: &'static str) -> Column {
    Column {
        name,
        lowest,
        highest,
        allowed,
    }
}

/// The rows, checked, in SI and with time from 0. Worth something only without problems.
#[derive(Default)]
pub(super) struct Rows {
    /// Time of the first row in the file.
    first_s: Option<f64>,
    pub(super) time_s: Vec<f64>,
    pub(super) speed_mps: Vec<f64>,
    pub(super) grade: Vec<f64>,
    pub(super) aux_w: Vec<f64>,
    /// How many rows the file has, right or wrong.
    count: usize,
}

/// Where each column stands in the file, and how many cells a row has.
#[derive(Default)]
struct Layout {
    cell_of: [Option<usize>; COLUMNS.len()],
    width: usize,
}

/// Reads header and rows; `begin` is the start of the header line.
pub(super) fn read_rows(text: &str, begin: usize, problems: &mut Problems) -> Rows {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(&text.as_bytes()[begin..]);
    let mut record = StringRecord::new();
    let mut layout = None;
    let mut rows = Rows::default();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                problems.add(begin..begin, || Issue::new(error.to_string()));
                break;
            }
        }
        let offset = record
            .position()
            .map_or(0, |position| position.byte() as usize);
        let row = Row::new(text, begin + offset, &record);
        match &layout {
            None => layout = Some(read_header(&row, problems)),
            Some(_) if row.is_blank() => {}
            Some(layout) => rows.read(layout, &row, problems),
        }
    }
    let count = rows.count;
    if count < 2 {
        problems.add(text.len()..text.len(), || {
            Issue::new(format!(
                "a cycle needs at least two rows, this file has {count}"
            ))
        });
    }
    rows
}

fn read_header(row: &Row, problems: &mut Problems) -> Layout {
    let mut layout = Layout {
        width: row.cells.len(),
        ..Layout::default()
    };
    for (index, name) in row.cells.iter().enumerate() {
        match COLUMNS.iter().position(|column| column.name == name) {
            Some(column) if layout.cell_of[column].is_none() => {
                layout.cell_of[column] = Some(index);
            }
            Some(_) => problems.add(row.cell_span(index), || {
                Issue::new(format!("column `{name}` is given twice")).key(name)
            }),
            None => problems.add(row.cell_span(index), || unknown_column(name)),
        }
    }
    if layout.cell_of[TIME].is_none() {
        problems.add(row.span(), || {
            Issue::new("column `time_s` is missing")
                .key("time_s")
                .help(FORM)
        });
    }
    if !layout.has_speed() {
        problems.add(row.span(), || {
            Issue::new("column `speed_kmh` is missing")
                .key("speed_kmh")
                .help("`speed_mph` or `speed_mps` may stand in its place")
        });
    }
    layout
}

fn unknown_column(name: &str) -> Issue {
    if name.is_empty() {
        return Issue::new("a column has no name").help("is there a comma too many?");
    }
    let issue = Issue::new(format!("unknown column `{}`", shown(name))).key(name);
    if name.contains([';', '\t']) {
        issue.help("columns are separated by commas, decimals by points")
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        issue.help(FORM)
    } else {
        issue.help(suggestion(name, COLUMNS.iter().map(|column| column.name)))
    }
}

impl Layout {
    fn has_speed(&self) -> bool {
        SPEEDS.iter().any(|&speed| self.cell_of[speed].is_some())
    }
}

impl Rows {
    /// First and last instant in the file's own time, where every row has its time.
    pub(super) fn file_range_s(&self) -> Option<(f64, f64)> {
        let (first_s, duration_s) = self.first_s.zip(self.time_s.last().copied())?;
        (self.time_s.len() == self.count).then_some((first_s, first_s + duration_s))
    }

    fn read(&mut self, layout: &Layout, row: &Row, problems: &mut Problems) {
        self.count += 1;
        if row.cells[0].starts_with('#') {
            problems.add(row.span(), || {
                Issue::new("comment lines stand before the header only")
            });
        } else if row.cells.len() < layout.width {
            let first_missing = Some(row.cells.len());
            let missing = layout
                .cell_of
                .iter()
                .position(|&cell| cell == first_missing);
            problems.add(row.span(), || {
                let issue = Issue::new(wrong_length(row, layout));
                match missing {
                    Some(column) => issue.key(COLUMNS[column].name),
                    None => issue,
                }
            });
        } else if row.cells.len() > layout.width {
            problems.add(row.cell_span(layout.width), || {
                Issue::new(wrong_length(row, layout)).help("decimals are written with a point")
            });
        } else {
            self.read_values(layout, row, problems);
        }
    }

    fn read_values(&mut self, layout: &Layout, row: &Row, problems: &mut Problems) {
        let mut values = [None; COLUMNS.len()];
        for ((column, cell), value) in COLUMNS.iter().zip(layout.cell_of).zip(&mut values) {
            let Some(cell) = cell else { continue };
            match column.value(&row.cells[cell]) {
                Ok(number) => *value = Some(number),
                Err(message) => problems.add(row.cell_span(cell), || {
                    let allowed = format!("allowed: {}", column.allowed);
                    Issue::new(message).key(column.name).help(allowed)
                }),
            }
        }
        if let (Some(time_s), Some(cell)) = (values[TIME], layout.cell_of[TIME]) {
            self.read_time(time_s, row, cell, problems);
        }
        self.speed_mps
            .extend(speed_mps(&values, layout, row, problems));
        self.grade.push(values[GRADE].unwrap_or(0.0));
        self.aux_w.push(values[AUX].unwrap_or(0.0));
    }

    /// Adds an instant, counted from the first. It is compared after that subtraction,
    /// which can round two instants onto each other.
    fn read_time(&mut self, file_s: f64, row: &Row, cell: usize, problems: &mut Problems) {
        let time_s = file_s - *self.first_s.get_or_insert(file_s);
        let before_s = self.time_s.last().copied();
        if before_s.is_some_and(|before_s| time_s <= before_s) {
            problems.add(row.cell_span(cell), || {
                Issue::new(format!("time `{}` does not increase", &row.cells[cell]))
                    .key("time_s")
                    .help("every row must be later than the one before")
            });
        } else if time_s > LONGEST_S && before_s.is_some_and(|before_s| before_s <= LONGEST_S) {
            problems.add(row.cell_span(cell), || {
                let cell = &row.cells[cell];
                Issue::new(format!(
                    "the cycle is too long: `{cell}` is over {LONGEST_S} s after its begin"
                ))
                .key("time_s")
                .help(format!("allowed: at most {LONGEST_S} s"))
            });
        }
        self.time_s.push(time_s);
    }
}

/// The speed of a row; none where it has none that is right.
fn speed_mps(
    values: &[Option<f64>],
    layout: &Layout,
    row: &Row,
    problems: &mut Problems,
) -> Option<f64> {
    let given_kmh = [
        values[SPEED_KMH],
        values[SPEED_MPH].map(kmh_from_mph),
        values[SPEED_MPS].map(kmh_from_mps),
    ];
    // Two that disagree are told at the second; a third adds nothing to that.
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let Some((one_kmh, other_kmh)) = given_kmh[one].zip(given_kmh[other]) else {
            continue;
        };
        let apart_kmh = (one_kmh - other_kmh).abs();
        if apart_kmh <= SPEED_AGREEMENT_KMH + BINARY_ROUNDING_KMH {
            continue;
        }
        let name = COLUMNS[SPEEDS[other]].name;
        let cell = layout.cell_of[SPEEDS[other]].unwrap_or(0);
        problems.add(row.cell_span(cell), || {
            let first = COLUMNS[SPEEDS[one]].name;
            Issue::new(format!(
                "`{name}` and `{first}` are {apart_kmh:.4} km/h apart"
            ))
            .key(name)
            .help("they must agree within 0.01 km/h")
        });
        break;
    }
    let kmh = given_kmh[0].or(given_kmh[1]);
    kmh.map(mps_from_kmh).or(values[SPEED_MPS])
}

fn wrong_length(row: &Row, layout: &Layout) -> String {
    let (found, expected) = (row.cells.len(), layout.width);
    let cells = if found == 1 { "cell" } else { "cells" };
    format!("this row has {found} {cells}, the header has {expected}")
}

impl Column {
    /// The value of a cell, or what is wrong with it.
    fn value(&self, cell: &str) -> Result<f64, String> {
        if cell.is_empty() {
            return Err(format!("`{}` is empty", self.name));
        }
        let number: f64 = cell
            .parse()
            .map_err(|_| format!("`{}` is not a number", shown(cell)))?;
        if !number.is_finite() {
            return Err(format!("`{}` is not a finite number", shown(cell)));
        }
        if number < self.lowest || number > self.highest {
            return Err(format!("`{}` = {} is out of range", self.name, shown(cell)));
        }
        // Minus zero becomes zero, so that equal inputs have equal bits.
        Ok(number + 0.0)
    }
}

/// A cell as a message shows it: short and on one line.
fn shown(cell: &str) -> String {
    let mut shown: String = cell
        .chars()
        .take(SHOWN_CELL)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    shown
}
