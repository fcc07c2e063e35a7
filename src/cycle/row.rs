//! Where the cells of a cycle file stand, for its messages.

use std::ops::Range;

use csv::StringRecord;

/// One row of the file, able to say where its cells are.
pub(super) struct Row<'a> {
    text: &'a str,
    start: usize,
    pub(super) cells: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The row at an offset as the csv reader counts it: the line break of the row before
    /// and blank lines belong to the row there.
    pub(super) fn new(text: &'a str, offset: usize, cells: &'a StringRecord) -> Self {
        let rest = text[offset..].trim_start_matches(['\r', '\n']);
        let start = text.len() - rest.len();
        Self { text, start, cells }
    }

    /// A line of blanks; a line without anything gives no row at all.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.len() == 1 && self.cells[0].is_empty()
    }

    /// Place of the whole row.
    pub(super) fn span(&self) -> Range<usize> {
        let line = self.text[self.start..].split(['\r', '\n']).next();
        let length = line.map_or(0, |line| line.trim_end().len());
        self.start..self.start + length
    }

    /// Place of a cell, without the blanks around it. The row is scanned again: only
    /// messages need places, and the csv reader does not keep them.
    pub(super) fn cell_span(&self, index: usize) -> Range<usize> {
        let mut start = self.start;
        let mut end = self.text.len();
        let mut cell = 0;
        let mut quoted = false;
        for (at, byte) in self.text.bytes().enumerate().skip(self.start) {
            match byte {
                b'"' if quoted || at == start => quoted = !quoted,
                b',' if !quoted && cell < index => {
                    cell += 1;
                    start = at + 1;
                }
                b',' | b'\r' | b'\n' if !quoted => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let content = self.text[start..end].trim();
        let blanks = self.text[start..end].len() - self.text[start..end].trim_start().len();
        start += if content.is_empty() { 0 } else { blanks };
        start..start + content.len()
    }
}
