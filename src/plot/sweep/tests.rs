//! Every kind of picture of ordinary and odd sweeps.

use super::sample::{
    AUXILIARY, CELLS, ENGINE_ON, FINAL, MASS, ROAD_LOAD, SOC_GAIN, cycles, dropped, failed, grid,
    one_at_a_time, random, saltelli,
};
use super::{SweepFigure, SweepPlotError, SweepView, draw_sweep, fitting, scene};
use crate::plot::tests::{check_places, check_texts};
use crate::plot::{Format, render};
use crate::results::{Provenance, Table};
use std::path::Path;

const FUEL: &str = "fuel_l_per_100km";

fn provenance() -> Provenance {
    Provenance {
        command: "thsim sweep plot".into(),
        input_hash: "sha256:0".into(),
    }
}

/// A row's value of a column.
fn at(table: &Table, name: &str, row: usize) -> f64 {
    table.column(name).expect("a column").values[row]
}

/// Name of the picture, its kind, its sweep and what of it is shown.
type Case = (&'static str, SweepFigure, Table, SweepView<'static>);

/// The same table with the longest names there may be.
fn nameless(mut table: Table) -> Table {
    table.name = "a sweep with a name that does not end before its end is reached ".repeat(3);
    table.question = "What would a reader ask who has all the time in the world? ".repeat(6);
    for column in &mut table.columns {
        column.label.clear();
        if column.unit.is_empty() {
            column.unit = "a unit of many words".into();
        }
    }
    table.columns[0].label = "a label that says at length what everybody knew before ".repeat(3);
    table
}

#[allow(clippy::too_many_lines)] // a list
fn cases() -> Vec<Case> {
    use SweepFigure::{Heat, Line, Parallel, Scatter, Sobol, Tornado};
    let usual = SweepView::default();
    let seven = [
        ENGINE_ON, SOC_GAIN, CELLS, MASS, ROAD_LOAD, FINAL, AUXILIARY,
    ];
    let fuel = SweepView {
        outputs: &[FUEL],
        ..usual
    };
    let plane = || grid(&[ENGINE_ON, SOC_GAIN], &[33, 25]);
    let holes = |table: Table| {
        let table = failed(table, |table, row| {
            at(table, ENGINE_ON.0, row) > 11.0 && at(table, SOC_GAIN.0, row) < 9.0
        });
        dropped(table, |table, row| {
            at(table, ENGINE_ON.0, row) < 6.0 && at(table, SOC_GAIN.0, row) > 250.0
        })
    };
    vec![
        ("line", Line, grid(&[ENGINE_ON], &[21]), usual),
        ("line-one", Line, grid(&[ENGINE_ON], &[21]), fuel),
        ("line-log", Line, grid(&[SOC_GAIN], &[9]), fuel),
        (
            "line-by",
            Line,
            grid(&[ENGINE_ON, CELLS], &[21, 5]),
            SweepView {
                outputs: &[FUEL, "engine_starts"],
                ..usual
            },
        ),
        (
            "line-band",
            Line,
            grid(&[ENGINE_ON, SOC_GAIN, MASS], &[21, 9, 9]),
            usual,
        ),
        ("line-bins", Line, random(&seven, 4000), fuel),
        (
            "line-failed",
            Line,
            failed(grid(&[ENGINE_ON], &[21]), |_, row| {
                (8..11).contains(&row) || row == 15
            }),
            fuel,
        ),
        ("line-cycles", Line, cycles(ENGINE_ON, 15), fuel),
        (
            "line-of-cycles",
            Line,
            cycles(ENGINE_ON, 15),
            SweepView {
                x: Some("run.cycle"),
                ..fuel
            },
        ),
        (
            "line-of-cycles-by",
            Line,
            cycles(ENGINE_ON, 4),
            SweepView {
                x: Some("run.cycle"),
                by: Some(ENGINE_ON.0),
                ..fuel
            },
        ),
        ("heat", Heat, plane(), fuel),
        ("heat-holes", Heat, holes(plane()), fuel),
        (
            "heat-coarse",
            Heat,
            grid(&[ENGINE_ON, CELLS], &[6, 5]),
            fuel,
        ),
        (
            "heat-fine",
            Heat,
            grid(&[ENGINE_ON, MASS], &[400, 300]),
            fuel,
        ),
        (
            "heat-starts",
            Heat,
            plane(),
            SweepView {
                outputs: &["engine_starts"],
                ..usual
            },
        ),
        ("heat-cycles", Heat, cycles(ENGINE_ON, 9), fuel),
        (
            "heat-cycles-across",
            Heat,
            cycles(ENGINE_ON, 9),
            SweepView {
                x: Some(ENGINE_ON.0),
                ..fuel
            },
        ),
        (
            "heat-mean",
            Heat,
            grid(&[ENGINE_ON, SOC_GAIN, MASS], &[15, 9, 5]),
            SweepView {
                x: Some(MASS.0),
                y: Some(ENGINE_ON.0),
                ..fuel
            },
        ),
        ("parallel", Parallel, random(&seven, 8000), usual),
        ("parallel-few", Parallel, random(&seven[..3], 120), usual),
        ("parallel-cycles", Parallel, cycles(ENGINE_ON, 25), fuel),
        ("scatter", Scatter, random(&seven, 4000), usual),
        (
            "scatter-few",
            Scatter,
            grid(&[ENGINE_ON, CELLS], &[9, 4]),
            usual,
        ),
        (
            "scatter-large",
            Scatter,
            random(&seven[..3], 600),
            SweepView {
                x: Some(FUEL),
                y: Some("sprint_s"),
                by: Some(SOC_GAIN.0),
                large_is_better: &["sprint_s"],
                ..usual
            },
        ),
        ("scatter-cycles", Scatter, cycles(ENGINE_ON, 25), usual),
        ("tornado", Tornado, one_at_a_time(&seven), fuel),
        ("tornado-fifths", Tornado, random(&seven, 4000), fuel),
        ("tornado-cycles", Tornado, cycles(ENGINE_ON, 25), fuel),
        (
            "tornado-failed",
            Tornado,
            failed(one_at_a_time(&seven), |_, row| matches!(row, 2 | 5 | 6)),
            fuel,
        ),
        ("sobol", Sobol, saltelli(&seven, 2000), fuel),
        (
            "sobol-few",
            Sobol,
            failed(saltelli(&seven[..3], 40), |_, row| row == 7),
            fuel,
        ),
        (
            "names-line",
            Line,
            nameless(grid(&[ENGINE_ON, CELLS], &[21, 5])),
            usual,
        ),
        ("names-heat", Heat, nameless(plane()), fuel),
        (
            "names-parallel",
            Parallel,
            nameless(random(&seven, 1200)),
            usual,
        ),
        (
            "names-scatter",
            Scatter,
            nameless(random(&seven, 900)),
            usual,
        ),
        (
            "names-tornado",
            Tornado,
            nameless(one_at_a_time(&seven)),
            fuel,
        ),
        ("names-sobol", Sobol, nameless(saltelli(&seven, 200)), fuel),
        // One design, one value, one figure.
        ("one-line", Line, grid(&[ENGINE_ON], &[1]), usual),
        ("one-heat", Heat, grid(&[ENGINE_ON, MASS], &[1, 1]), usual),
        ("one-parallel", Parallel, grid(&[ENGINE_ON], &[1]), fuel),
        ("one-scatter", Scatter, grid(&[ENGINE_ON], &[1]), usual),
    ]
}

#[test]
fn no_text_meets_another_or_leaves_the_picture_of_any_sweep() {
    for (name, figure, table, view) in cases() {
        let scene = scene(figure, &table, &view).unwrap_or_else(|error| panic!("{name}: {error}"));
        check_texts(name, &scene);
        check_places(name, &scene);
    }
}

#[test]
fn the_same_sweep_gives_the_same_bytes_in_both_formats() {
    for (name, figure, table, view) in cases() {
        let once = scene(figure, &table, &view).expect("a scene");
        let twice = scene(figure, &table, &view).expect("a scene");
        assert_eq!(once, twice, "{name}");
        let svg = render::svg(&once, &[]).expect("a picture");
        assert!(svg.len() < 1_000_000, "{name}: {} bytes", svg.len());
    }
}

#[test]
fn every_kind_becomes_a_file() {
    // To look at them: a folder that is there, in this variable.
    let kept = std::env::var_os("THSIM_SWEEP_PICTURES");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = kept.as_deref().map_or(folder.path(), Path::new);
    for (name, figure, table, view) in cases() {
        for format in Format::ALL {
            let file = folder.join(format!("{name}.{}", format.extension()));
            draw_sweep(figure, &table, &view, &provenance(), &file)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let bytes = std::fs::read(&file).expect("the file");
            match format {
                Format::Svg => {
                    assert!(bytes.starts_with(b"<svg") && bytes.ends_with(b"</svg>\n"));
                }
                Format::Png => assert!(bytes.starts_with(b"\x89PNG"), "{name}"),
            }
        }
    }
    let (_, figure, table, view) = &cases()[0];
    let refused = draw_sweep(*figure, table, view, &provenance(), Path::new("a.pdf"));
    assert!(matches!(refused, Err(SweepPlotError::Plot(_))));
}

/// What a picture that cannot be drawn says.
fn refusal(figure: SweepFigure, table: &Table, view: &SweepView<'_>) -> String {
    scene(figure, table, view)
        .expect_err("no picture")
        .to_string()
}

#[test]
fn says_what_is_missing_or_meant() {
    let plane = grid(&[ENGINE_ON, SOC_GAIN], &[9, 9]);
    let usual = SweepView::default();
    let by_name = |name| SweepView {
        x: Some(name),
        ..usual
    };
    assert_eq!(
        refusal(
            SweepFigure::Line,
            &plane,
            &by_name("control.engine_on_power")
        ),
        "the sweep has no column `control.engine_on_power` (did you mean `control.engine_on_power_kw`?)"
    );
    assert_eq!(
        refusal(SweepFigure::Line, &plane, &by_name("sprint_s")),
        "`sprint_s` is not an axis of the sweep (allowed: `control.engine_on_power_kw`, `control.charge_kw_per_soc`)"
    );
    assert_eq!(
        refusal(SweepFigure::Heat, &grid(&[ENGINE_ON], &[9]), &usual),
        "a heat map needs two axes of a grid; this sweep has 1 axis (`control.engine_on_power_kw`) \
         and 3 outputs in a grid design"
    );
    let by_many = SweepView {
        by: Some(SOC_GAIN.0),
        ..usual
    };
    assert_eq!(
        refusal(SweepFigure::Line, &plane, &by_many),
        "a line picture shows at most 6 lines, one for each value of `control.charge_kw_per_soc`, not 9"
    );
    assert_eq!(
        refusal(
            SweepFigure::Scatter,
            &failed(plane.clone(), |_, _| true),
            &usual
        ),
        "no design of the sweep has a figure for `fuel_l_per_100km`"
    );
    let refused = refusal(SweepFigure::Sobol, &plane, &usual);
    assert!(refused.contains("kind = \"saltelli\""), "{refused}");
    let outputs = SweepView {
        outputs: &["fuel_l_per_100km", "sprint_s"],
        ..usual
    };
    assert_eq!(
        refusal(SweepFigure::Tornado, &plane, &outputs),
        "a tornado shows at most 1 output, not 2"
    );
}

#[test]
fn kinds_that_fit_can_be_drawn_without_choosing() {
    use SweepFigure::{Heat, Line, Parallel, Scatter, Sobol, Tornado};
    let three = [ENGINE_ON, SOC_GAIN, MASS];
    let fits = [
        (grid(&three[..1], &[9]), vec![Line, Scatter]),
        (grid(&three[..2], &[9, 9]), vec![Heat, Line, Scatter]),
        (grid(&three, &[5, 5, 5]), vec![Tornado, Parallel, Scatter]),
        (random(&three[..2], 100), vec![Tornado, Parallel, Scatter]),
        (one_at_a_time(&three), vec![Tornado]),
        (
            saltelli(&three, 50),
            vec![Sobol, Tornado, Parallel, Scatter],
        ),
    ];
    for (table, expected) in fits {
        assert_eq!(fitting(&table), expected, "{}", table.sampling.name());
        for figure in expected {
            scene(figure, &table, &SweepView::default()).expect("a picture");
        }
    }
}
