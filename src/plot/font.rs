//! The font of all pictures, carried along so that none has to be installed.
//!
//! DejaVu Sans, regular and bold, cut down to the characters a picture needs (licence
//! beside the files). In SVG the name is a list: Verdana has nearly the same widths
//! where DejaVu is missing. plotters counts a font's size as 1.24 em; the line height
//! of the files is set to that, so that bitmaps and SVG agree.

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::Once;

/// The family, as SVG names it.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, Geneva, sans-serif";
/// Size in terms of plotters for one em.
pub(super) const SIZE_PER_EM: f64 = 1.24;

static REGULAR: &[u8] = include_bytes!("fonts/DejaVuSans.subset.ttf");
static BOLD: &[u8] = include_bytes!("fonts/DejaVuSans-Bold.subset.ttf");
static REGISTERED: Once = Once::new();
/// Pixels per em that widths are measured with: plotters rounds them to whole pixels.
const MEASURED_EM: f64 = 1000.0;
/// Width of a character that cannot be measured, em.
const SUPPOSED_WIDTH_EM: f64 = 0.65;

/// Makes the font known to plotters; a refused font shows as an error of the first text.
pub(super) fn register() {
    REGISTERED.call_once(|| {
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, BOLD);
    });
}

/// Regular or bold.
pub(super) fn style(bold: bool) -> FontStyle {
    if bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    }
}

/// Width of a text of `size` pixels per em.
pub(super) fn width(words: &str, size: f64, bold: bool) -> f64 {
    register();
    let font = FontDesc::new(
        FontFamily::Name(FAMILY),
        MEASURED_EM * SIZE_PER_EM,
        style(bold),
    );
    let em = font.box_size(words).map_or_else(
        |_| SUPPOSED_WIDTH_EM * words.chars().count() as f64,
        |(width, _)| f64::from(width) / MEASURED_EM,
    );
    em * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_every_character_a_picture_writes() {
        let missing = width("\u{4e2d}", 100.0, false);
        for c in "Aÿ0Ωηωµ°±≥≤→·–−²₂₀×Δ%\u{2009}".chars() {
            let wide = width(&c.to_string(), 100.0, false);
            assert!(
                (wide - missing).abs() > 1e-9 || c == 'Ω',
                "`{c}` looks like a missing character"
            );
        }
    }

    #[test]
    fn bold_is_wider() {
        assert!(width("engine", 12.0, true) > width("engine", 12.0, false));
    }
}
