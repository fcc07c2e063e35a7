//! A scene as SVG or PNG, through the backends of plotters.
//!
//! plotters counts in whole pixels. A scene is therefore handed over four times as
//! large: SVG is scaled back by its view box, a bitmap is averaged two by two and comes
//! out at double size. Title, version, command and input hash go with the file.

use super::font;
use super::scene::{Align, Point, Scene, Shape, Text};
use super::theme::Colour;
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle,
};

/// Pixels handed to plotters per pixel of the scene.
const SCALE: f64 = 4.0;
/// Pixels of the hand-over averaged into one of the file.
const AVERAGED: usize = 2;
/// Distance of the base line from the top of a text in the SVG of plotters, em.
const TOP_EM: f64 = 0.76;
/// Size in terms of plotters for one em.
const SIZE_PER_EM: f64 = 1.24;

/// What a picture says about where it comes from.
pub(super) type Notes<'a> = [(&'a str, &'a str)];

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn pixel(point: Point) -> (i32, i32) {
    (
        (point.0 * SCALE).round() as i32,
        (point.1 * SCALE).round() as i32,
    )
}

fn pixels(points: &[Point]) -> Vec<(i32, i32)> {
    let mut list: Vec<(i32, i32)> = points.iter().copied().map(pixel).collect();
    list.dedup();
    list
}

fn stroke(colour: Colour, width: f64, opacity: f64) -> ShapeStyle {
    ShapeStyle {
        color: rgb(colour).mix(opacity),
        filled: false,
        stroke_width: (width * SCALE).round().max(1.0) as u32,
    }
}

/// Draws a scene on a backend that is `SCALE` times as large.
fn draw<B: DrawingBackend>(scene: &Scene, backend: &mut B, vector: bool) -> Result<(), String> {
    for shape in &scene.shapes {
        match shape {
            Shape::Line {
                points,
                colour,
                width,
                opacity,
            } => {
                let (points, style) = (pixels(points), stroke(*colour, *width, *opacity));
                if vector {
                    backend.draw_path(points, &style).map_err(said)?;
                } else {
                    draw_strokes(backend, &points, &style)?;
                }
            }
            Shape::Area {
                points,
                colour,
                opacity,
            } => backend
                .fill_polygon(pixels(points), &rgb(*colour).mix(*opacity))
                .map_err(said)?,
            Shape::Disc {
                centre,
                radius,
                colour,
                opacity,
            } => {
                let radius = (radius * SCALE).round().max(1.0) as u32;
                backend
                    .draw_circle(pixel(*centre), radius, &rgb(*colour).mix(*opacity), true)
                    .map_err(said)?;
            }
            Shape::Text(text) if vector => draw_words(backend, text)?,
            Shape::Text(text) => draw_glyphs(backend, text)?,
        }
    }
    backend.present().map_err(said)
}

/// An error of plotters in words: its type cannot be named through the crate.
#[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
fn said(error: impl ToString) -> String {
    error.to_string()
}

/// A thick line on a bitmap: piece by piece with round joints, since plotters' own
/// polygon of a whole zigzag crosses itself. Joints of a faint line would show as dots.
fn draw_strokes<B: DrawingBackend>(
    backend: &mut B,
    points: &[(i32, i32)],
    style: &ShapeStyle,
) -> Result<(), String> {
    let radius = style.stroke_width / 2;
    for (index, pair) in points.windows(2).enumerate() {
        backend.draw_line(pair[0], pair[1], style).map_err(said)?;
        if index > 0 && radius > 0 && style.color.alpha() >= 1.0 {
            backend
                .draw_circle(pair[0], radius, style, true)
                .map_err(said)?;
        }
    }
    Ok(())
}

/// Text of an SVG.
fn draw_words<B: DrawingBackend>(backend: &mut B, text: &Text) -> Result<(), String> {
    let em = text.size * SCALE;
    let top = em * TOP_EM;
    let (x, y) = (text.at.0 * SCALE, text.at.1 * SCALE);
    let (x, y) = if text.up { (x - top, y) } else { (x, y - top) };
    let horizontal = match text.align {
        Align::Start => HPos::Left,
        Align::Middle => HPos::Center,
        Align::End => HPos::Right,
    };
    let style = if text.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let mut font = FontDesc::new(FontFamily::Name(font::FAMILY), em * SIZE_PER_EM, style);
    if text.up {
        font = font.transform(FontTransform::Rotate270);
    }
    let colour = rgb(text.colour);
    let style = TextStyle::from(font)
        .color(&colour)
        .pos(Pos::new(horizontal, VPos::Top));
    backend
        .draw_text(&text.words, &style, (x.round() as i32, y.round() as i32))
        .map_err(said)
}

/// Text of a bitmap.
fn draw_glyphs<B: DrawingBackend>(backend: &mut B, text: &Text) -> Result<(), String> {
    let size = text.size * SCALE;
    let width = font::width(&text.words, size, text.bold);
    let before = match text.align {
        Align::Start => 0.0,
        Align::Middle => 0.5 * width,
        Align::End => width,
    };
    let (x, y) = pixel(text.at);
    let before = before.round() as i32;
    let (wide, high) = backend.get_size();
    let mut refused = Ok(());
    font::draw(&text.words, size, text.bold, |dx, dy, share| {
        let (along, down) = (dx - before, dy);
        let (x, y) = if text.up {
            (x + down, y - along)
        } else {
            (x + along, y + down)
        };
        let inside = (0..wide.cast_signed()).contains(&x) && (0..high.cast_signed()).contains(&y);
        if inside && share > 0.0 && refused.is_ok() {
            let colour = rgb(text.colour).mix(f64::from(share.min(1.0)));
            refused = backend.draw_pixel((x, y), colour.to_backend_color());
        }
    });
    refused.map_err(said)
}

fn size(scene: &Scene) -> (u32, u32) {
    (
        (scene.width * SCALE).round() as u32,
        (scene.height * SCALE).round() as u32,
    )
}

fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The scene as SVG.
pub(super) fn svg(scene: &Scene, notes: &Notes<'_>) -> Result<String, String> {
    let mut drawn = String::new();
    draw(
        scene,
        &mut SVGBackend::with_string(&mut drawn, size(scene)),
        true,
    )?;
    let body = drawn.split_once('\n').map_or("", |(_, body)| body);
    let (wide, high) = size(scene);
    let notes: Vec<String> = notes
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" \
         stroke-linejoin=\"round\" role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n\
         <rect width=\"{wide}\" height=\"{high}\" fill=\"#FFFFFF\"/>\n{}",
        scene.width,
        scene.height,
        escaped(&scene.title),
        escaped(&notes.join("\n")),
        body.replace(" opacity=\"1\"", "")
    ))
}

/// The scene as PNG at double size.
pub(super) fn png(scene: &Scene, notes: &Notes<'_>) -> Result<Vec<u8>, String> {
    let (wide, high) = size(scene);
    let mut large = vec![255_u8; wide as usize * high as usize * 3];
    draw(
        scene,
        &mut BitMapBackend::with_buffer(&mut large, (wide, high)),
        false,
    )?;
    encoded(scene, notes, &large).map_err(|error| error.to_string())
}

fn encoded(scene: &Scene, notes: &Notes<'_>, large: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let (wide, high) = size(scene);
    let (pixels, wide, high) = averaged(large, wide as usize, high as usize);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, wide as u32, high as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_itxt_chunk("Title".to_owned(), scene.title.clone())?;
    for (name, value) in notes {
        encoder.add_itxt_chunk((*name).to_owned(), (*value).to_owned())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

/// Means of squares of pixels.
fn averaged(large: &[u8], wide: usize, high: usize) -> (Vec<u8>, usize, usize) {
    let (small_wide, small_high) = (wide / AVERAGED, high / AVERAGED);
    let mut small = Vec::with_capacity(small_wide * small_high * 3);
    for y in 0..small_high {
        for x in 0..small_wide {
            for channel in 0..3 {
                let mut sum = 0_usize;
                for dy in 0..AVERAGED {
                    for dx in 0..AVERAGED {
                        let at = (y * AVERAGED + dy) * wide + x * AVERAGED + dx;
                        sum += usize::from(large[at * 3 + channel]);
                    }
                }
                small.push((sum / (AVERAGED * AVERAGED)) as u8);
            }
        }
    }
    (small, small_wide, small_high)
}
