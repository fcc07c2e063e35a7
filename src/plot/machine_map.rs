//! Working points of a machine over the loss of machine and inverter.
//!
//! Speed and torque have signs: the two quadrants in which both are equal motor, the others
//! generate. Bubbles hold the energy lost near a point; together they are the machine's
//! account in the ledger. Lines of equal loss and the limits are those of the kernel.

use super::axes::{Axis, Panel, Sample, legend, number};
use super::bubbles::{self, Bubble};
use super::contour::{Grid, label_line};
use super::scene::{Point, Scene, Text};
use super::theme::{CONTOUR, Colour, GREY, INK, LINE, MARGIN, MG1, MG2, RULE, SMALL, THICK, THIN};
use super::{Car, Run, title};
use crate::sim::TraceRow;
use crate::units::{rad_s_from_rpm, rpm_from_rad_s};
use crate::vehicle::MachinePlant;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 640.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 40.0;
const BELOW: f64 = 104.0;
/// Cells of the grid that the loss is sampled on.
const CELLS: (usize, usize) = (141, 101);
/// Size of the cells that points are gathered in, rpm and N·m.
const BIN: (f64, f64) = (200.0, 5.0);
/// Losses that have a line, W.
const LEVELS: [f64; 10] = [
    150.0, 300.0, 500.0, 750.0, 1000.0, 1500.0, 2000.0, 3000.0, 5000.0, 8000.0,
];
/// Torque for the loss of a switching machine that gives none, N·m.
const LEAST_NM: f64 = 1e-6;
/// Reach of the speed axis beyond the run, and its least end, rpm.
const LEAST_RPM: f64 = 1000.0;

/// Which machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// On the sun.
    Mg1,
    /// On the ring.
    Mg2,
}

impl Which {
    fn name(self) -> &'static str {
        match self {
            Self::Mg1 => "MG1",
            Self::Mg2 => "MG2",
        }
    }

    fn colour(self) -> Colour {
        match self {
            Self::Mg1 => MG1,
            Self::Mg2 => MG2,
        }
    }

    /// What the trace says: rpm at the end of the step, N·m and electric W.
    fn of(self, row: &TraceRow) -> (f64, f64, f64) {
        match self {
            Self::Mg1 => (row.mg1_rpm, row.mg1_torque_nm, row.mg1_electric_w),
            Self::Mg2 => (row.mg2_rpm, row.mg2_torque_nm, row.mg2_electric_w),
        }
    }

    fn plant<'a>(self, car: &Car<'a>) -> &'a MachinePlant {
        match self {
            Self::Mg1 => &car.plant.mg1,
            Self::Mg2 => &car.plant.mg2,
        }
    }
}

/// Energy lost by cell, J.
fn lost(run: &Run<'_>, which: Which) -> Vec<Bubble> {
    let steps = run.trace.rows.windows(2).map(|pair| {
        let (before_rpm, ..) = which.of(&pair[0]);
        let (rpm, torque_nm, electric_w) = which.of(&pair[1]);
        let mean_rpm = 0.5 * (before_rpm + rpm);
        let loss_w = electric_w - torque_nm * rad_s_from_rpm(mean_rpm);
        Bubble {
            amount: loss_w * (pair[1].time_s - pair[0].time_s),
            x: mean_rpm,
            y: torque_nm,
        }
    });
    bubbles::gather(steps, BIN)
}

/// The picture.
pub(super) fn scene(run: &Run<'_>, car: &Car<'_>, which: Which) -> Scene {
    let machine = which.plant(car);
    let name = which.name();
    let words = format!("{}: map of {name}", title(run.summary));
    let mut scene = Scene::new(WIDTH, HEIGHT, words);
    let bubbles = lost(run, which);
    let lost_j: f64 = bubbles.iter().map(|bubble| bubble.amount).sum();
    let said = format!(
        "{name} and its inverter lost {} kJ, {} % of the energy put in · upper right and lower left: motor",
        number(lost_j / 1e3, 0),
        number(100.0 * lost_j / run.summary.energy_in_j.max(1.0), 1)
    );
    let top = scene.heading(MARGIN, &title(run.summary), &said);
    let speeds = run.trace.rows.iter().map(|row| which.of(row).0);
    let (slowest, fastest) = speeds.fold((-LEAST_RPM, LEAST_RPM), |(low, high), rpm| {
        (rpm.min(low), rpm.max(high))
    });
    let panel = Panel {
        x: Axis::round((slowest, fastest), 10, (LEFT, WIDTH - RIGHT)),
        y: Axis::exact(
            (-1.08 * machine.max_torque_nm, 1.08 * machine.max_torque_nm),
            (HEIGHT - BELOW, top + 8.0),
        ),
    };
    panel.x_grid(&mut scene, 10);
    panel.y_grid(&mut scene, 8);
    panel.x_labels(&mut scene, 10, &format!("speed of {name}, rpm"));
    panel.y_name(
        &mut scene,
        MARGIN + 8.0,
        &format!("torque of {name}, N·m"),
        INK,
    );
    let zero = panel.x.at(0.0);
    scene.line(
        vec![(zero, panel.top()), (zero, panel.bottom())],
        RULE,
        THIN,
    );
    let lines = losses(&mut scene, &panel, machine);
    let mut taken = bubbles::draw(&mut scene, &panel, &bubbles, which.colour());
    limits(&mut scene, &panel, machine);
    for (level, line) in &lines {
        label_line(&mut scene, &mut taken, line, &number(*level, 0), |_, _| {
            true
        });
    }
    let y = HEIGHT - MARGIN - 12.0;
    let entries = [
        (Sample::Line(INK, THICK), "largest torque"),
        (Sample::Line(CONTOUR, LINE), "loss, W"),
    ];
    let x = legend(&mut scene, (LEFT, y), &entries);
    let largest_kj = bubbles::largest(&bubbles) / 1e3;
    if largest_kj > 0.0 {
        let words = format!(
            "{} kJ lost in {} rpm × {} N·m (area ∝ loss)",
            number(largest_kj, 1),
            number(BIN.0, 0),
            number(BIN.1, 0)
        );
        bubbles::legend(&mut scene, (x, y), &words, which.colour());
    } else {
        let none = Text::new((x, y), "nothing was lost", SMALL).colour(GREY);
        scene.text(none);
    }
    scene.panel = Some(panel);
    scene
}

/// Draws lines of equal loss inside the limits; returns each in pixels with its level in W.
fn losses(scene: &mut Scene, panel: &Panel, machine: &MachinePlant) -> Vec<(f64, Vec<Point>)> {
    let (columns, rows) = ((CELLS.0 - 1) as f64, (CELLS.1 - 1) as f64);
    // Rows are shares of the largest torque: lines end on it.
    let place = |column: f64, row: f64| {
        let rpm = panel.x.low + (panel.x.high - panel.x.low) * column / columns;
        let speed = rad_s_from_rpm(rpm);
        let torque = machine.torque_limit_nm(speed) * (2.0 * row / rows - 1.0);
        (speed, torque)
    };
    let grid = Grid::sample(CELLS, |column, row| {
        let (speed, torque) = place(column as f64, row as f64);
        let torque = if torque.abs() < LEAST_NM {
            LEAST_NM
        } else {
            torque
        };
        machine.loss_w(speed, torque)
    });
    let mut lines = Vec::new();
    for level in LEVELS {
        for line in grid.lines(level) {
            let line: Vec<Point> = line
                .into_iter()
                .map(|(column, row)| {
                    let (speed, torque) = place(column, row);
                    panel.point(rpm_from_rad_s(speed), torque)
                })
                .collect();
            scene.line(line.clone(), CONTOUR, 1.0);
            lines.push((level, line));
        }
    }
    lines
}

/// The largest torque in either direction.
fn limits(scene: &mut Scene, panel: &Panel, machine: &MachinePlant) {
    for sign in [1.0, -1.0] {
        let line = (0..=200)
            .map(|i| panel.x.low + (panel.x.high - panel.x.low) * f64::from(i) / 200.0)
            .map(|rpm| {
                let most_nm = machine.torque_limit_nm(rad_s_from_rpm(rpm));
                panel.point(rpm, sign * most_nm)
            })
            .collect();
        scene.line(line, INK, THICK);
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn bubbles_are_the_account_of_the_ledger() {
        let cycle = crate::cycle::find("us06").expect("a shipped cycle");
        let sample = Sample::drive(&cycle, 0.65, 88.0);
        for (which, channel) in [(Which::Mg1, "mg1_loss"), (Which::Mg2, "mg2_loss")] {
            let bubbles = lost(&sample.run(), which);
            let lost_j: f64 = bubbles.iter().map(|bubble| bubble.amount).sum();
            let booked_j = sample.summary.ledger[channel];
            assert!(
                (lost_j / booked_j - 1.0).abs() < 1e-6,
                "{channel}: {lost_j} {booked_j}"
            );
        }
    }
}
