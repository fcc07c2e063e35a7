//! A scene as SVG inside a page: its colours are the page's own, so that they follow light and
//! dark, and what can be pointed at says what it is.
//!
//! No style stands in the shapes, only classes: `f-NAME` fills and `s-NAME` strokes with the
//! colour of that name, `b` is bold, `t` stands on a band. Lines of one look that follow each
//! other are one path.

use super::axes::{Axis, Panel};
use super::scene::{Align, Point, Scene, Shape, Text};
use super::theme::{Colour, NAMED};
use std::fmt::Write as _;

/// A picture for a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// One `svg` element; every text in it is escaped.
    pub svg: String,
    /// Figures to pixels of its view box, where it is one panel: horizontal and vertical.
    pub scales: Option<[Scale; 2]>,
}

/// A linear scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Lowest and highest figure.
    pub figures: [f64; 2],
    /// Their pixels.
    pub pixels: [f64; 2],
}

impl From<Axis> for Scale {
    fn from(axis: Axis) -> Self {
        Self {
            figures: [axis.low, axis.high],
            pixels: [axis.from, axis.to],
        }
    }
}

/// Rules of CSS for a page with pictures: every colour as a custom property `--NAME`, light
/// or dark as the reader's system or the page's `data-theme` says and light on paper, and the
/// classes of the shapes.
pub fn page_style() -> String {
    let list = |pick: fn(&(&str, Colour, Colour)) -> Colour| {
        NAMED.iter().fold(String::new(), |text, named| {
            text + &format!("--{}:{};", named.0, hex(pick(named)))
        })
    };
    let (light, dark) = (list(|named| named.1), list(|named| named.2));
    let mut text = format!(
        ":root{{color-scheme:light;{light}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n\
         @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         @media print{{:root:root:root{{color-scheme:light;{light}}}}}\n"
    );
    for (name, ..) in NAMED {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            ".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name});fill:none}}"
        );
    }
    text
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The attribute that paints with a colour: a class where it has a name.
fn paint(kind: char, colour: Colour, more: &str) -> String {
    let named = NAMED.iter().find(|named| named.1 == colour);
    match (named, kind) {
        (Some((name, ..)), _) => format!("class=\"{kind}-{name}{more}\""),
        (None, 'f') => format!("class=\"{}\" fill=\"{}\"", more.trim(), hex(colour)),
        (None, _) => format!(
            "class=\"{}\" fill=\"none\" stroke=\"{}\"",
            more.trim(),
            hex(colour)
        ),
    }
}

/// Text as it may stand in an element or a quoted attribute.
pub(super) fn escaped(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A coordinate to a tenth of a pixel, without needless digits.
fn pixel(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

fn path(points: &[Point], text: &mut String) {
    let mut last = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        let place = format!("{} {}", pixel(*x), pixel(*y));
        if place != last {
            text.push(letter);
            text.push_str(&place);
        }
        last = place;
    }
}

fn words(text: &Text) -> String {
    let (x, y) = (pixel(text.at.0), pixel(text.at.1));
    let anchor = match text.align {
        Align::Start => "",
        Align::Middle => " text-anchor=\"middle\"",
        Align::End => " text-anchor=\"end\"",
    };
    let turned = if text.up {
        format!(" transform=\"rotate(-90 {x} {y})\"")
    } else {
        String::new()
    };
    let more = match (text.bold, text.on_band) {
        (false, false) => "",
        (true, false) => " b",
        (false, true) => " t",
        (true, true) => " b t",
    };
    format!(
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" {}{anchor}{turned}>{}</text>",
        text.size,
        paint('f', text.colour, more),
        escaped(&text.words)
    )
}

/// The look of a line, and its path so far.
type Pending = Option<(Colour, f64, f64, String)>;

fn flush(pending: &mut Pending, svg: &mut String) {
    if let Some((colour, width, opacity, path)) = pending.take() {
        let _ = writeln!(
            svg,
            "<path {} stroke-width=\"{width}\"{} d=\"{path}\"/>",
            paint('s', colour, ""),
            share("stroke-opacity", opacity)
        );
    }
}

fn share(name: &str, opacity: f64) -> String {
    if opacity < 1.0 {
        format!(" {name}=\"{opacity}\"")
    } else {
        String::new()
    }
}

/// The scene for a page.
pub(super) fn picture(scene: &Scene) -> Picture {
    let (width, height) = (pixel(scene.width), pixel(scene.height));
    let mut svg = format!(
        "<svg class=\"picture\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{}\">\n",
        escaped(&scene.title)
    );
    let mut pending: Pending = None;
    for (index, shape) in scene.shapes.iter().enumerate() {
        let name = scene.named.iter().find(|named| named.0 == index);
        if let Shape::Line {
            points,
            colour,
            width,
            opacity,
        } = shape
        {
            let same = pending.as_ref().is_some_and(|pending| {
                (pending.0, pending.1, pending.2) == (*colour, *width, *opacity) && *opacity >= 1.0
            });
            if !same {
                flush(&mut pending, &mut svg);
                pending = Some((*colour, *width, *opacity, String::new()));
            }
            if let Some(pending) = &mut pending {
                path(points, &mut pending.3);
            }
            continue;
        }
        flush(&mut pending, &mut svg);
        if let Some((_, name)) = name {
            let name = escaped(name);
            let _ = write!(
                svg,
                "<g class=\"flow\" tabindex=\"0\" role=\"img\" aria-label=\"{name}\">"
            );
        }
        match shape {
            Shape::Line { .. } => {}
            Shape::Area {
                points,
                colour,
                opacity,
            } => {
                let mut outline = String::new();
                path(points, &mut outline);
                let _ = write!(
                    svg,
                    "<path {}{} d=\"{outline}Z\"/>",
                    paint('f', *colour, ""),
                    share("fill-opacity", *opacity)
                );
            }
            Shape::Disc {
                centre,
                radius,
                colour,
                opacity,
            } => {
                let _ = write!(
                    svg,
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {}{}/>",
                    pixel(centre.0),
                    pixel(centre.1),
                    pixel(*radius),
                    paint('f', *colour, ""),
                    share("fill-opacity", *opacity)
                );
            }
            Shape::Text(text) => svg.push_str(&words(text)),
        }
        svg.push_str(if name.is_some() { "</g>\n" } else { "\n" });
    }
    flush(&mut pending, &mut svg);
    svg.push_str("</svg>\n");
    Picture {
        svg,
        scales: scene
            .panel
            .map(|Panel { x, y }| [Scale::from(x), Scale::from(y)]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::theme::{ENGINE, INK, THICK};
    use super::*;

    #[test]
    fn texts_and_names_cannot_leave_their_place() {
        let mut scene = Scene::new(10.0, 10.0, "</svg><script>");
        scene.rectangle((0.0, 0.0), (1.0, 1.0), ENGINE, 0.5);
        scene.name_last("\"><script>x</script>".into());
        scene.text(Text::new((1.0, 1.0), "<script>&\"", 10.0));
        let svg = picture(&scene).svg;
        assert!(!svg.contains("<script"), "{svg}");
        assert_eq!(svg.matches("</svg>").count(), 1);
        assert!(svg.contains("aria-label=\"&quot;&gt;&lt;script&gt;x"));
    }

    #[test]
    fn lines_of_one_look_are_one_path() {
        let mut scene = Scene::new(10.0, 10.0, "lines");
        scene.line(vec![(0.0, 0.0), (1.04, 1.0)], INK, THICK);
        scene.line(vec![(2.0, 0.0), (3.0, 1.0)], INK, THICK);
        let svg = picture(&scene).svg;
        assert!(svg.contains("d=\"M0 0L1 1M2 0L3 1\""), "{svg}");
    }

    /// Relative luminance and contrast of WCAG 2.
    fn contrast(a: Colour, b: Colour) -> f64 {
        let luminance = |Colour(r, g, b): Colour| {
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 {
                    part / 12.92
                } else {
                    ((part + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn words_read_on_light_and_dark_pages_and_on_dark_bands() {
        let paper = NAMED[0];
        for (name, light, dark) in NAMED {
            if matches!(name, "ink" | "grey") {
                assert!(contrast(light, paper.1) >= 4.5, "{name}, light");
            }
            let quiet = ["paper", "grid", "rule", "off", "spun", "power", "contour"];
            if !quiet.contains(&name) {
                assert!(contrast(dark, paper.2) >= 4.5, "{name}, dark");
            }
        }
    }
}
