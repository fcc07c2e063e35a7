//! Every figure of ordinary and odd runs.

use super::sample::{Sample, all};
use super::scene::{Align, Point, Scene, Shape, Text};
use super::{Figure, ForcedStartPlot, Format, Limit, LimitAxis, PlotError, Run, draw, scene};
use super::{font, forced_start, render};
use ab_glyph::Font;
use std::path::Path;

fn scenes(sample: &Sample) -> Vec<(Figure, Scene)> {
    let run = sample.run();
    let drawn = |figure| (figure, scene(figure, &run).expect("a picture"));
    Figure::ALL.map(drawn).into()
}

/// The rectangle of a text: upper left and lower right corner.
fn frame(text: &Text) -> (Point, Point) {
    let (width, up, down) = (text.width(), 0.74 * text.size, 0.22 * text.size);
    let before = match text.align {
        Align::Start => 0.0,
        Align::Middle => 0.5 * width,
        Align::End => width,
    };
    let (x, y) = text.at;
    if text.up {
        ((x - up, y + before - width), (x + down, y + before))
    } else {
        ((x - before, y - up), (x - before + width, y + down))
    }
}

fn texts(scene: &Scene) -> Vec<&Text> {
    scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            _ => None,
        })
        .collect()
}

pub(super) fn check_texts(name: &str, scene: &Scene) {
    let texts = texts(scene);
    let frames: Vec<_> = texts.iter().map(|text| frame(text)).collect();
    for (index, (from, to)) in frames.iter().enumerate() {
        let words = &texts[index].words;
        assert!(
            from.0 >= 0.0 && from.1 >= 0.0 && to.0 <= scene.width && to.1 <= scene.height,
            "{name}: `{words}` leaves the picture: {from:?} {to:?}"
        );
        for (other, (other_from, other_to)) in frames.iter().enumerate().skip(index + 1) {
            let meet = from.0 < other_to.0
                && other_from.0 < to.0
                && from.1 < other_to.1
                && other_from.1 < to.1;
            assert!(!meet, "{name}: `{words}` over `{}`", texts[other].words);
        }
        for bold in [false, true] {
            let font = font::font(bold).expect("a font");
            for c in words.chars() {
                assert_ne!(
                    font.glyph_id(c).0,
                    0,
                    "{name}: `{c}` of `{words}` is not in the font"
                );
            }
        }
    }
}

pub(super) fn check_places(name: &str, scene: &Scene) {
    let check = |(x, y): Point| {
        assert!(
            x.is_finite()
                && y.is_finite()
                && (-2.0..=scene.width + 2.0).contains(&x)
                && (-2.0..=scene.height + 2.0).contains(&y),
            "{name}: a shape at {x}, {y}"
        );
    };
    for shape in &scene.shapes {
        match shape {
            Shape::Line { points, .. } | Shape::Area { points, .. } => {
                points.iter().copied().for_each(check);
            }
            Shape::Disc { centre, .. } => check(*centre),
            Shape::Text(text) => check(text.at),
        }
    }
}

#[test]
fn no_text_meets_another_or_leaves_the_picture_in_any_run() {
    for (name, sample) in all() {
        for (figure, scene) in scenes(&sample) {
            let name = format!("{name}, {}", figure.name());
            check_texts(&name, &scene);
            check_places(&name, &scene);
        }
    }
}

#[test]
fn every_figure_of_every_run_becomes_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, sample) in all() {
        for figure in Figure::ALL {
            for format in Format::ALL {
                let file = folder
                    .path()
                    .join(format!("{}.{}", figure.name(), format.extension()));
                draw(figure, &sample.run(), &file)
                    .unwrap_or_else(|error| panic!("{name}, {}: {error}", figure.name()));
                let bytes = std::fs::read(&file).expect("the file");
                match format {
                    Format::Svg => {
                        assert!(bytes.starts_with(b"<svg") && bytes.ends_with(b"</svg>\n"));
                    }
                    Format::Png => assert!(bytes.starts_with(b"\x89PNG")),
                }
            }
        }
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let sample = &all()[3].1;
    for ((figure, once), (_, twice)) in scenes(sample).iter().zip(&scenes(sample)) {
        assert_eq!(
            render::svg(once, &[]),
            render::svg(twice, &[]),
            "{}",
            figure.name()
        );
        assert_eq!(
            render::png(once, &[]),
            render::png(twice, &[]),
            "{}",
            figure.name()
        );
    }
}

#[test]
fn a_long_run_stays_a_small_svg() {
    let cycle = crate::cycle::find("us06")
        .expect("a shipped cycle")
        .repeated(18);
    let sample = Sample::drive(&cycle, 0.65, 88.0);
    assert!(sample.summary.duration_s > 10_000.0);
    for (figure, scene) in scenes(&sample) {
        let size = render::svg(&scene, &[]).expect("a picture").len();
        assert!(size < 1_000_000, "{}: {size} bytes", figure.name());
    }
}

#[test]
fn limits_close_together_keep_their_texts_apart() {
    let sample = &all()[3].1;
    let limit = |name: &str, speed_kmh, binds| Limit {
        name: name.to_owned(),
        speed_kmh,
        axis: LimitAxis::Mg1,
        value_rpm: speed_kmh.map(|kmh| -73.0 * kmh),
        binds,
    };
    let plot = ForcedStartPlot {
        limits: vec![
            limit("MG1, calibrated ceiling", Some(50.4), true),
            limit("battery power at this speed", Some(97.0), false),
            limit("back-EMF against the bus without boost", Some(99.0), false),
            limit("MG2 rating", Some(181.9), false),
            limit("MG1 rating", Some(184.0), false),
            limit("torque left to crank the engine", Some(184.5), false),
            Limit {
                axis: LimitAxis::Pinion,
                value_rpm: Some(14_000.0),
                ..limit("pinion speed", Some(147.0), false)
            },
            limit("battery voltage", None, false),
        ],
        ..ForcedStartPlot::of_run(&sample.run(), &sample.car())
    };
    let scene = forced_start::scene(&plot);
    check_texts("forced start", &scene);
    check_places("forced start", &scene);
}

#[test]
fn refuses_an_unknown_format_a_missing_car_and_an_empty_trace() {
    let mut sample = Sample::drive(
        &crate::cycle::find("nedc")
            .expect("a cycle")
            .between(0.0, 1.0),
        0.6,
        88.0,
    );
    let refused = draw(Figure::Sankey, &sample.run(), Path::new("a.pdf"));
    assert!(matches!(refused, Err(PlotError::UnknownFormat { .. })));
    let alone = Run {
        car: None,
        ..sample.run()
    };
    let refused = draw(Figure::EngineMap, &alone, Path::new("a.svg"));
    assert!(matches!(refused, Err(PlotError::NoCar { .. })));
    sample.trace.rows.clear();
    let refused = draw(Figure::Sankey, &sample.run(), Path::new("a.svg"));
    assert!(matches!(refused, Err(PlotError::NoTrace)));
}
