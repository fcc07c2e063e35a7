//! Long words in narrow places: broken into lines, cut with an ellipsis, or as figures.

use crate::plot::axes::number;
use crate::plot::font;
use crate::plot::scene::{Align, Point, Scene, Text};
use crate::plot::theme::{Colour, HALF_CAPITAL, INK, LABEL};
use crate::results::Column;

/// Height of a line of text, em.
pub(super) const LEADING: f64 = 1.25;
/// Digits that a figure keeps.
const DIGITS: i32 = 3;

/// What a column means, with its unit; its name where nobody said.
pub(super) fn title(column: &Column) -> String {
    if column.label.is_empty() || column.unit.is_empty() {
        return label(column).to_owned();
    }
    // A unit is not broken over two lines.
    let unit = column.unit.replace(' ', "\u{a0}");
    format!("{}, {unit}", column.label)
}

/// What a column means, without its unit.
pub(super) fn label(column: &Column) -> &str {
    if column.label.is_empty() {
        &column.name
    } else {
        &column.label
    }
}

/// A figure in few digits: integers as integers, else three digits that count.
pub(super) fn figure(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e9 {
        return number(value, 0);
    }
    let decimals = (DIGITS - 1 - value.abs().log10().floor() as i32).clamp(0, 6);
    let text = number(value, decimals as usize);
    if text.contains('.') {
        let text = text.trim_end_matches('0').trim_end_matches('.');
        return text.to_owned();
    }
    text
}

/// A value of a column as people write it: its text, or a figure.
pub(super) fn value_text(column: &Column, value: f64) -> String {
    match column.levels.get(value as usize) {
        Some(level) if value >= 0.0 => level.clone(),
        _ if value.is_finite() => figure(value),
        _ => "\u{2013}".to_owned(),
    }
}

/// A value of a column with its unit.
pub(super) fn value_with_unit(column: &Column, value: f64) -> String {
    let unit = if column.levels.is_empty() {
        column.unit.as_str()
    } else {
        ""
    };
    format!("{} {unit}", value_text(column, value))
        .trim_end()
        .to_owned()
}

/// A text cut to a width, with an ellipsis where something is missing.
pub(super) fn fitted(words: &str, size: f64, bold: bool, width: f64) -> String {
    if font::width(words, size, bold) <= width {
        return words.to_owned();
    }
    let mut kept = words.to_owned();
    while !kept.is_empty() && font::width(&format!("{kept}…"), size, bold) > width {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// Pieces between which a line may end: after a space, and inside a word that is too
/// long for a line after `_`, `.`, `/` or `-`.
fn pieces(words: &str, size: f64, bold: bool, width: f64) -> Vec<&str> {
    let too_long = |word: &&str| font::width(word.trim_end(), size, bold) > width;
    words
        .split_inclusive(' ')
        .flat_map(|word| {
            if too_long(&word) {
                word.split_inclusive(['_', '.', '/', '-']).collect()
            } else {
                vec![word]
            }
        })
        .collect()
}

/// A text in lines no wider than a width, at most so many.
pub(super) fn wrapped(words: &str, size: f64, bold: bool, width: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = String::new();
    for piece in pieces(words, size, bold, width) {
        let longer = format!("{rest}{piece}");
        if rest.is_empty() || font::width(longer.trim_end(), size, bold) <= width {
            rest = longer;
        } else {
            lines.push(std::mem::replace(&mut rest, piece.to_owned()));
        }
    }
    lines.push(rest);
    if lines.len() > most {
        let tail = lines.split_off(most.saturating_sub(1)).concat();
        lines.push(tail);
    }
    lines
        .iter()
        .map(|line| fitted(line.trim_end(), size, bold, width))
        .collect()
}

/// How the lines of a paragraph look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
    pub(super) align: Align,
}

/// Lines below each other, the first on the base line of the place; the base line that
/// one more would have.
pub(super) fn paragraph(scene: &mut Scene, (x, mut y): Point, lines: &[String], look: Type) -> f64 {
    for line in lines {
        let mut text = Text::new((x, y), line.as_str(), look.size)
            .colour(look.colour)
            .align(look.align);
        text.bold = look.bold;
        scene.text(text);
        y += LEADING * look.size;
    }
    y
}

/// Lines centred up and down on a place.
pub(super) fn centred_paragraph(scene: &mut Scene, (x, y): Point, lines: &[String], look: Type) {
    let up = 0.5 * (lines.len().max(1) - 1) as f64 * LEADING * look.size;
    let y = y - up + HALF_CAPITAL * look.size;
    paragraph(scene, (x, y), lines, look);
}

/// Name of a horizontal scale below it, in as many lines as it needs; where it ends.
pub(super) fn name_below(scene: &mut Scene, (left, right): (f64, f64), y: f64, words: &str) -> f64 {
    let lines = wrapped(words, LABEL, false, right - left, 2);
    let look = Type {
        size: LABEL,
        bold: false,
        colour: INK,
        align: Align::Middle,
    };
    paragraph(scene, (0.5 * (left + right), y), &lines, look)
}

/// Name of a vertical scale beside it, upwards.
pub(super) fn name_beside(scene: &mut Scene, x: f64, (top, bottom): (f64, f64), words: &str) {
    let lines = wrapped(words, LABEL, false, bottom - top, 2);
    let mut x = x - 0.5 * (lines.len() - 1) as f64 * LEADING * LABEL;
    for line in lines {
        let text = Text::new((x, 0.5 * (top + bottom)), line, LABEL).up();
        scene.text(text.align(Align::Middle).centred());
        x += LEADING * LABEL;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits_and_integers_stay_integers() {
        let texts = [12.0, 0.5, 4.2345, 123.456, -0.012_34, 12_000.0].map(figure);
        let known = [
            "12",
            "0.5",
            "4.23",
            "123",
            "\u{2212}0.0123",
            "12\u{2009}000",
        ];
        assert_eq!(texts, known);
    }

    #[test]
    fn long_words_are_broken_and_cut() {
        let lines = wrapped("control.engine_on_power_kw", 12.0, false, 90.0, 4);
        assert!(lines.len() > 1 && lines.concat() == "control.engine_on_power_kw");
        let lines = wrapped("power above which the engine starts", 12.0, false, 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        for line in lines {
            assert!(font::width(&line, 12.0, false) <= 60.0, "{line}");
        }
    }
}
