//! Every picture of ordinary and odd comparisons.

use super::super::render;
use super::super::tests::{check_places, check_texts};
use super::*;

/// A made-up comparison over so many seconds; with `odd` things that may go missing.
fn plot(seconds: usize, odd: bool) -> BestPlot {
    let last = seconds.max(1) as f64;
    let share = |second: usize| second as f64 / last;
    let run = |control: &str, loss: f64| BestRun {
        control: control.to_owned(),
        soc: (0..=seconds)
            .map(|at| 0.6 + 0.05 * (12.0 * share(at)).sin() - 0.01 * loss)
            .collect(),
        fuel_g: (0..=seconds).map(|at| (300.0 + loss) * share(at)).collect(),
        regret_percent: (0..=seconds)
            .map(|at| {
                if odd && at % 7 > 3 {
                    f64::NAN
                } else {
                    loss * share(at)
                }
            })
            .collect(),
    };
    let soc: Vec<f64> = (0..40).map(|node| 0.5 + 0.005 * f64::from(node)).collect();
    let time_s: Vec<f64> = (0..=seconds).map(|at| at as f64).collect();
    let cost_g = |time_s: &f64, soc: &f64| {
        if odd && *soc < 0.52 {
            f64::INFINITY
        } else {
            (300.0 * (1.0 - time_s / last) - 800.0 * (soc - 0.6)).max(0.0)
        }
    };
    let costs = |at: &f64| soc.iter().map(|soc| cost_g(at, soc)).collect();
    BestPlot {
        title: "levin-hybrid · udds · best possible control".into(),
        subtitle: "optimum 3.29 L/100 km at equal charge, known to 0.01 %".into(),
        speed_kmh: time_s
            .iter()
            .map(|at| 40.0 - 40.0 * (at / 30.0).cos())
            .collect(),
        band: (0..=seconds)
            .map(|at| {
                let middle = 0.6 + 0.05 * (12.0 * share(at)).sin();
                let half = 0.2 * share(at) * (1.0 - share(at));
                (middle - half, middle + half)
            })
            .collect(),
        band_percent: 1.0,
        runs: vec![
            run("rules", 6.0),
            run("aecms", 3.0),
            run("ecms", if odd { -0.3 } else { 2.0 }),
            run("optimal", 0.0),
        ],
        map: CostMap {
            fuel_g: time_s.iter().map(costs).collect(),
            time_s: time_s.clone(),
            soc,
        },
        time_s,
        factors: (0..25)
            .map(|at| (2.5 + 0.02 * f64::from(at), 0.4 + 0.015 * f64::from(at)))
            .collect(),
        found: (2.75, 0.6),
        soc_start: 0.6,
    }
}

#[test]
fn no_text_meets_another_or_leaves_the_picture() {
    for (seconds, odd) in [
        (1369, false),
        (1369, true),
        (8000, false),
        (60, true),
        (1, false),
    ] {
        let plot = plot(seconds, odd);
        for figure in BestFigure::ALL {
            let name = format!("{} of {seconds} s, odd: {odd}", figure.name());
            let scene = scene(figure, &plot);
            check_texts(&name, &scene);
            check_places(&name, &scene);
        }
    }
}

#[test]
fn every_figure_becomes_the_same_small_file_twice() {
    let plot = plot(1369, false);
    let provenance = Provenance {
        command: "thsim optimum udds".into(),
        input_hash: "sha256:0".into(),
    };
    let folder = tempfile::tempdir().expect("a folder");
    for figure in BestFigure::ALL {
        for format in Format::ALL {
            let file = folder.path().join(format!("a.{}", format.extension()));
            let draw = || {
                draw_best(figure, &plot, &provenance, &file).expect("a picture");
                std::fs::read(&file).expect("the file")
            };
            let once = draw();
            assert_eq!(once, draw(), "{}", figure.name());
            assert!(once.len() < 1_000_000, "{}: {}", figure.name(), once.len());
        }
        assert!(render::svg(&scene(figure, &plot), &[]).is_ok());
    }
}

#[test]
fn a_comparison_of_nothing_is_refused() {
    let provenance = Provenance {
        command: String::new(),
        input_hash: String::new(),
    };
    let refused = draw_best(
        BestFigure::CostToGo,
        &BestPlot::default(),
        &provenance,
        Path::new("a.svg"),
    );
    assert!(matches!(refused, Err(PlotError::NoTrace)));
}
