//! The font of all pictures, carried along so that none has to be installed.
//!
//! DejaVu Sans, regular and bold, cut down to the characters a picture needs (licence
//! beside the files). In SVG the name is a list: Verdana has nearly the same widths
//! where DejaVu is missing. Bitmaps get their glyphs from here and not from plotters
//! (0.3.7), which leaves out the space at the left of each glyph.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use std::sync::OnceLock;

/// The family, as SVG names it.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, Geneva, sans-serif";

static REGULAR: &[u8] = include_bytes!("fonts/DejaVuSans.subset.ttf");
static BOLD: &[u8] = include_bytes!("fonts/DejaVuSans-Bold.subset.ttf");
/// Width of a character if the font could not be read, em.
const SUPPOSED_WIDTH_EM: f64 = 0.65;

/// The font, regular or bold.
pub(super) fn font(bold: bool) -> Option<&'static FontRef<'static>> {
    static FONTS: OnceLock<[Option<FontRef<'static>>; 2]> = OnceLock::new();
    let fonts =
        FONTS.get_or_init(|| [REGULAR, BOLD].map(|file| FontRef::try_from_slice(file).ok()));
    fonts[usize::from(bold)].as_ref()
}

/// The scale at which an em has this many pixels.
fn scale(font: &FontRef<'_>, size: f64) -> PxScale {
    let em = font.units_per_em().unwrap_or(2048.0);
    PxScale::from(size as f32 * font.height_unscaled() / em)
}

/// Width of a text of `size` pixels per em.
pub(super) fn width(words: &str, size: f64, bold: bool) -> f64 {
    let Some(font) = font(bold) else {
        return SUPPOSED_WIDTH_EM * size * words.chars().count() as f64;
    };
    let scaled = font.as_scaled(scale(font, size));
    words
        .chars()
        .map(|c| f64::from(scaled.h_advance(scaled.glyph_id(c))))
        .sum()
}

/// Covers pixels with a text whose base line begins at the origin: `cover(x, y, share)`.
pub(super) fn draw(words: &str, size: f64, bold: bool, mut cover: impl FnMut(i32, i32, f32)) {
    let Some(font) = font(bold) else {
        return;
    };
    let scale = scale(font, size);
    let scaled = font.as_scaled(scale);
    let mut x = 0.0;
    for c in words.chars() {
        let id = scaled.glyph_id(c);
        let glyph = Glyph {
            id,
            scale,
            position: point(x, 0.0),
        };
        x += scaled.h_advance(id);
        if let Some(outline) = font.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, share| {
                cover(
                    corner.x as i32 + dx.cast_signed(),
                    corner.y as i32 + dy.cast_signed(),
                    share,
                );
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_every_character_a_picture_writes() {
        for bold in [false, true] {
            let font = font(bold).expect("a font");
            for c in "Aÿ0Ωηωµ°±≥≤→·–−²₂₀⁻×Δ%\u{2009}".chars() {
                assert_ne!(font.glyph_id(c).0, 0, "`{c}` is missing");
            }
        }
    }

    #[test]
    fn bold_is_wider() {
        assert!(width("engine", 12.0, true) > width("engine", 12.0, false));
    }
}
