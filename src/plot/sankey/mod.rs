//! Where every joule went: energy of the whole run from fuel and battery through the
//! power split to the road.
//!
//! The mechanical path runs along the top from the planetary to the ring, the electrical
//! path below it through MG1, the bus and MG2, the battery under the bus. Between two
//! parts each direction has its own band with an arrow: what comes back from the wheels
//! runs leftwards. All widths are to one scale; numbers are those of the ledger.

mod flows;
mod geometry;
mod labels;
mod layout;
mod ports;
#[cfg(test)]
mod tests;

use super::axes::{Sample, legend, legend_width, number};
use super::scene::{Align, Scene, Text};
use super::theme::{
    BATTERY, BRAKES, Colour, ENGINE, FUEL, GREY, INK, LABEL, LOSS, MARGIN, MG1, MG2, SUBTITLE,
    WHEELS,
};
use super::{font, key_figures, title};
use crate::results::Summary;
use flows::{Flow, Flows, Kind};
use geometry::Rect;
use labels::{Board, Label};
use layout::Layout;

const WIDTH: f64 = 1480.0;
/// Share of the input below which a flow is only named in the note.
const HIDDEN: f64 = 0.003;
const OPACITY: f64 = 0.85;
/// Input from which megajoules are written, J.
const MEGA_FROM_J: f64 = 20e6;
/// Inputs below which tenths of a kilojoule and whole joules are written, J.
const TENTHS_BELOW_J: f64 = 200e3;
const JOULES_BELOW_J: f64 = 2e3;

/// Writes energies of one picture in one unit.
#[derive(Debug, Clone, Copy)]
struct Unit {
    input_j: f64,
}

impl Unit {
    fn energy(self, energy_j: f64) -> String {
        if self.input_j >= MEGA_FROM_J {
            format!("{} MJ", number(energy_j / 1e6, 2))
        } else if self.input_j < JOULES_BELOW_J {
            format!("{} J", number(energy_j, 0))
        } else {
            let decimals = usize::from(self.input_j < TENTHS_BELOW_J);
            format!("{} kJ", number(energy_j / 1e3, decimals))
        }
    }

    /// Whether an energy is more than zero as it is written.
    fn shows(self, energy_j: f64) -> bool {
        self.energy(energy_j) != self.energy(0.0)
    }

    fn value(self, energy_j: f64) -> String {
        let percent = 100.0 * energy_j / self.input_j;
        format!("{} · {} %", self.energy(energy_j), number(percent, 1))
    }

    fn label(self, flow: &Flow) -> Label {
        Label {
            name: flow.name.to_owned(),
            value: self.value(flow.energy_j),
        }
    }
}

fn colour(kind: Kind) -> Colour {
    use Kind as K;
    match kind {
        K::Fuel => FUEL,
        K::EngineWork | K::EngineTurning | K::CarrierToRing | K::RingToCarrier => ENGINE,
        K::SunToMg1 | K::Mg1Generated | K::Mg2Motored | K::Mg2ToRing => MG2,
        K::Mg1ToSun | K::Mg1Motored => MG1,
        K::RingToMg2
        | K::Mg2Generated
        | K::WheelsRecovered
        | K::BatteryIn
        | K::BatteryOut
        | K::BatteryCharge => BATTERY,
        K::WheelsDriven | K::Rolling | K::Air | K::Height | K::CarKinetic => WHEELS,
        K::Brakes => BRAKES,
        _ => LOSS,
    }
}

/// The picture.
pub(super) fn scene(summary: &Summary) -> Scene {
    let flows = Flows::new(summary);
    let words = format!("{}: energy paths", title(summary));
    let mut scene = Scene::new(WIDTH, 0.0, words);
    let top = scene.heading(MARGIN, &title(summary), &key_figures(summary));
    if flows.input_j.is_nan() || flows.input_j <= 0.0 {
        scene.text(Text::new(
            (MARGIN, top + 40.0),
            "No energy was used in this run.",
            LABEL,
        ));
        scene.height = (top + 80.0).ceil();
        return scene;
    }
    let unit = Unit {
        input_j: flows.input_j,
    };
    let layout = Layout::new(&flows, top);
    let unplaced = draw(&mut scene, &flows, &layout, unit);
    notes(&mut scene, summary, &flows, &layout, unit, &unplaced);
    scene.width = (scene.right() + MARGIN).min(WIDTH).ceil();
    scene
}

/// Says what a band that was just drawn is.
fn name_flow(scene: &mut Scene, flows: &Flows, kind: Kind, unit: Unit) {
    if let Some(flow) = flows.of(kind) {
        scene.name_last(format!("{}: {}", flow.name, unit.value(flow.energy_j)));
    }
}

/// Draws bands, nodes and labels; returns the flows whose labels found no place.
fn draw(scene: &mut Scene, flows: &Flows, layout: &Layout, unit: Unit) -> Vec<Kind> {
    let mut board = Board::default();
    for (kind, bend) in &layout.bends {
        scene.area(bend.outline(), colour(*kind), OPACITY);
        name_flow(scene, flows, *kind, unit);
        board.solids.push(bend.rect());
    }
    for (kind, band) in &layout.bands {
        scene.area(band.outline(), colour(*kind), OPACITY);
        name_flow(scene, flows, *kind, unit);
        board.bands.push(*band);
    }
    // A part that nothing passes is not shown.
    for node in layout.nodes.iter().filter(|node| node.used) {
        let bar = &node.bar;
        scene.rectangle((bar.x, bar.y), (bar.right(), bar.bottom()), INK, 1.0);
        board.solids.push(*bar);
        let name = Text::new(node.name_at, node.node.title(), labels::SIZE)
            .bold()
            .align(node.name_align);
        let width = name.width();
        let x = match node.name_align {
            Align::Start => name.at.0,
            Align::Middle => name.at.0 - 0.5 * width,
            Align::End => name.at.0 - width,
        };
        board.labels.push(Rect {
            x,
            y: name.at.1 - 0.78 * labels::SIZE,
            width,
            height: labels::SIZE,
        });
        scene.text(name);
    }
    for (kind, at) in &layout.exits {
        let Some(flow) = flows.of(*kind) else {
            continue;
        };
        let label = unit.label(flow);
        let rect = Rect {
            x: at.0,
            y: at.1,
            width: label.width(),
            height: Label::height(),
        };
        labels::write(scene, &label, &rect, Align::Start, (INK, false));
        board.labels.push(rect);
    }
    let bounds = Rect {
        x: 6.0,
        y: layout.top,
        width: WIDTH - 12.0,
        height: layout.bottom - layout.top,
    };
    let (places, unplaced) = board.place_all(flows, layout, unit, &bounds);
    for (index, label, place) in places {
        let ink = if place.inside {
            labels::ink_on(colour(layout.bands[index].0))
        } else {
            INK
        };
        let ink = (ink, place.inside);
        labels::write(scene, &label, &place.rect, Align::Middle, ink);
        labels::lead(scene, &place);
    }
    unplaced
}

/// Legend, scale and what is not drawn.
fn notes(
    scene: &mut Scene,
    summary: &Summary,
    flows: &Flows,
    layout: &Layout,
    unit: Unit,
    unplaced: &[Kind],
) {
    let mut y = layout.bottom + 26.0;
    let entries = [
        (FUEL, "fuel"),
        (ENGINE, "mechanical path"),
        (MG2, "electrical path"),
        (MG1, "MG1 as a motor"),
        (BATTERY, "battery and recovered energy"),
        (WHEELS, "road"),
        (BRAKES, "friction brakes"),
        (LOSS, "losses and auxiliaries"),
    ];
    let mut x = MARGIN;
    let drawn = |shade: Colour| {
        let mut shown = flows.list.iter().filter(|flow| layout.shows(flow.kind));
        shown.any(|flow| colour(flow.kind) == shade)
    };
    for (shade, words) in entries.into_iter().filter(|entry| drawn(entry.0)) {
        let entry = (Sample::Block(shade, OPACITY), words);
        if x + legend_width(entry.1) > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 20.0);
        }
        x = legend(scene, (x, y), &[entry]);
    }
    y += 22.0;
    let residual = summary.energy_residual_relative.abs();
    let closes = if residual < 1e-9 {
        "the ledger closes within 1·10⁻⁹".to_owned()
    } else {
        format!(
            "the ledger misses {} of what passed",
            unit.value(residual * flows.input_j)
        )
    };
    let said = format!(
        "100 % = {} put into the run; widths to one scale; both directions of a path are drawn apart; {closes}.",
        unit.energy(flows.input_j)
    );
    scene.text(Text::new((MARGIN, y), said, SUBTITLE).colour(GREY));
    let list = |wanted: &dyn Fn(&Flow) -> bool| -> Vec<String> {
        let flows = flows.list.iter().filter(|flow| unit.shows(flow.energy_j));
        flows
            .filter(|flow| wanted(flow))
            .map(|flow| format!("{} {}", flow.name, unit.energy(flow.energy_j)))
            .collect()
    };
    let small = list(&|flow| !layout.shows(flow.kind) && flow.energy_j < HIDDEN * flows.input_j);
    let other = list(&|flow| {
        unplaced.contains(&flow.kind)
            || !layout.shows(flow.kind) && flow.energy_j >= HIDDEN * flows.input_j
    });
    let head = format!("Not drawn, each below {} %: ", number(100.0 * HIDDEN, 1));
    for (head, parts) in [(head.as_str(), small), ("Without a label: ", other)] {
        if parts.is_empty() {
            continue;
        }
        for line in wrapped(head, &parts, WIDTH - 2.0 * MARGIN) {
            y += 1.45 * SUBTITLE;
            scene.text(Text::new((MARGIN, y), line, SUBTITLE).colour(GREY));
        }
    }
    scene.height = (y + MARGIN).ceil();
}

/// Parts in a row, broken into lines of at most this width.
fn wrapped(head: &str, parts: &[String], width: f64) -> Vec<String> {
    let mut lines = vec![head.to_owned()];
    for (index, part) in parts.iter().enumerate() {
        let end = if index + 1 == parts.len() { "." } else { ", " };
        let piece = format!("{part}{end}");
        let fits = lines
            .last()
            .is_some_and(|line| font::width(&format!("{line}{piece}"), SUBTITLE, false) <= width);
        match lines.last_mut() {
            Some(line) if fits => line.push_str(&piece),
            _ => lines.push(piece),
        }
    }
    lines
}
