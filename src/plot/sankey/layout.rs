//! Where nodes, bands and exits lie.

use super::HIDDEN;
use super::flows::{Flow, Flows, Kind, Node};
use super::geometry::{Band, Bend, Rect};
use super::labels::Label;
use super::ports::{left, sides};
use crate::plot::scene::{Align, Point};

/// Thickness of a node.
const BAR: f64 = 11.0;
/// Distance between bands at a node.
const PORT_GAP: f64 = 3.0;
const LEAST_WIDTH: f64 = 1.2;
/// Largest heights of the engine and of the other nodes, pixels.
const ENGINE_HEIGHT: f64 = 320.0;
const NODE_HEIGHT: f64 = 180.0;
/// Height of an exit's label with the room after it.
const EXIT_ROW: f64 = 40.0;
/// Shortest vertical part of an exit.
const EXIT: f64 = 22.0;
/// Free rows between the mechanical and the electrical path, and down to the battery.
const BETWEEN_ROWS: f64 = 124.0;
/// Left end of the fuel's band and right end of those into the road.
const FUEL_X: f64 = 20.0;
const ROAD_X: f64 = 1322.0;
/// Way of the engine's heat and of the charge used.
const HEAT_RUN: f64 = 155.0;
const CHARGE_RUN: f64 = 150.0;

/// A node in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) node: Node,
    pub(super) bar: Rect,
    pub(super) used: bool,
    pub(super) name_at: Point,
    pub(super) name_align: Align,
}

/// The whole arrangement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) nodes: Vec<Placed>,
    pub(super) bands: Vec<(Kind, Band)>,
    pub(super) bends: Vec<(Kind, Bend)>,
    /// Upper left corners of labels with a fixed place.
    pub(super) exits: Vec<(Kind, Point)>,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Widths of the flows that are drawn.
struct Widths<'a> {
    flows: &'a Flows,
    per_j: f64,
}

impl Widths<'_> {
    fn flow(&self, kind: Kind) -> Option<&Flow> {
        self.flows
            .of(kind)
            .filter(|flow| flow.energy_j >= HIDDEN * self.flows.input_j && flow.energy_j > 0.0)
    }

    /// An exit that bends is drawn outwards only.
    fn exit(&self, kind: Kind) -> Option<&Flow> {
        self.flow(kind).filter(|flow| flow.to.is_none())
    }

    fn of(&self, flow: &Flow) -> f64 {
        (flow.energy_j * self.per_j).max(LEAST_WIDTH)
    }

    /// Middles of ports stacked downwards, and where the stack ends.
    fn stacked(&self, kinds: &[Kind], top: f64) -> (Vec<(Kind, f64)>, f64) {
        let mut y = top;
        let mut ports = Vec::new();
        for &kind in kinds {
            if let Some(flow) = self.flow(kind) {
                // The label of a thin band above the heat stands between them.
                if kind == Kind::EngineHeat && self.flow(Kind::EngineTurning).is_some() {
                    y += Label::height() + 8.0;
                }
                let width = self.of(flow);
                ports.push((kind, y + 0.5 * width));
                y += width + PORT_GAP;
            }
        }
        (ports, (y - PORT_GAP).max(top))
    }

    /// Height of the exits above a node's reference line.
    fn up_height(&self, kinds: &[Kind]) -> f64 {
        let exits = kinds.iter().filter_map(|&kind| self.exit(kind));
        exits.map(|flow| self.of(flow) + PORT_GAP).sum()
    }

    fn exits(&self, kinds: &[Kind]) -> usize {
        kinds
            .iter()
            .filter(|&&kind| self.exit(kind).is_some())
            .count()
    }

    /// Height that the ports of a node need below its reference line.
    fn height(&self, node: Node) -> f64 {
        let sides = sides(node);
        let (_, left) = self.stacked(sides.left, 0.0);
        let (_, right) = self.stacked(&[sides.right, sides.down].concat(), 0.0);
        left.max(right)
    }
}

impl Layout {
    /// Arranges the flows below `top`.
    pub(super) fn new(flows: &Flows, top: f64) -> Self {
        let others = Node::ALL.into_iter().filter(|node| *node != Node::Engine);
        let largest_j = others.map(|node| flows.largest_j(node)).fold(0.0, f64::max);
        let widths = Widths {
            flows,
            per_j: (ENGINE_HEIGHT / flows.largest_j(Node::Engine).max(f64::MIN_POSITIVE))
                .min(NODE_HEIGHT / largest_j.max(f64::MIN_POSITIVE)),
        };
        let rows = |node: Node| {
            let up = sides(node).up;
            EXIT + EXIT_ROW * widths.exits(up).max(1) as f64 + widths.up_height(up)
        };
        let mechanical = top + rows(Node::Planetary).max(rows(Node::Ring)) + 12.0;
        let electrical = mechanical
            + widths
                .height(Node::Planetary)
                .max(widths.height(Node::Ring))
            + BETWEEN_ROWS
            + widths.up_height(sides(Node::Mg1).up);
        let row_height = [Node::Mg1, Node::Bus, Node::Mg2]
            .into_iter()
            .map(|node| widths.height(node))
            .fold(0.0, f64::max);
        let storage = electrical + row_height + BETWEEN_ROWS;
        let reference = |node: Node| match node {
            Node::Engine | Node::Planetary | Node::Ring | Node::Wheels => mechanical,
            Node::Mg1 | Node::Bus | Node::Mg2 => electrical,
            Node::Battery => storage,
        };
        let mut layout = Self {
            nodes: Vec::new(),
            bands: Vec::new(),
            bends: Vec::new(),
            exits: Vec::new(),
            top,
            bottom: 0.0,
        };
        let mut ends: Vec<(Kind, Node, Point)> = Vec::new();
        for node in Node::ALL {
            layout.place(node, reference(node), &widths, &mut ends);
        }
        layout.connect(&widths, &ends);
        let lowest = |point: f64, bottom: f64| point.max(bottom);
        let bars = layout
            .nodes
            .iter()
            .map(|node| node.name_at.1.max(node.bar.bottom()));
        let bends = layout.bends.iter().map(|(_, bend)| bend.rect().bottom());
        let bands = layout
            .bands
            .iter()
            .map(|(_, band)| band.from.1.max(band.to.1) + 0.5 * band.width);
        let labels = layout.exits.iter().map(|(_, at)| at.1 + Label::height());
        layout.bottom = bars
            .chain(bends)
            .chain(bands)
            .chain(labels)
            .fold(storage, lowest)
            + 44.0;
        layout
    }

    /// Whether a flow is drawn.
    pub(super) fn shows(&self, kind: Kind) -> bool {
        self.bands.iter().any(|(other, _)| *other == kind)
            || self.bends.iter().any(|(other, _)| *other == kind)
    }

    /// A node with its ports and bending exits; first ports lie below `line`.
    fn place(
        &mut self,
        node: Node,
        line: f64,
        widths: &Widths<'_>,
        ends: &mut Vec<(Kind, Node, Point)>,
    ) {
        let sides = sides(node);
        let (x_left, x_right) = (left(node), left(node) + BAR);
        let (ports, left_end) = widths.stacked(sides.left, line);
        ends.extend(ports.iter().map(|&(kind, y)| (kind, node, (x_left, y))));
        let (ports, mut right_end) = widths.stacked(sides.right, line);
        ends.extend(ports.iter().map(|&(kind, y)| (kind, node, (x_right, y))));

        let mut used = !ports.is_empty() || left_end > line;
        let mut bar_top = line;
        // Upwards: the nearest to the ports bends last, farthest to the right.
        let up: Vec<&Flow> = sides
            .up
            .iter()
            .filter_map(|&kind| widths.exit(kind))
            .collect();
        let height: f64 = up.iter().map(|flow| widths.of(flow) + PORT_GAP).sum();
        let (mut y, mut run) = (line - height, 9.0);
        bar_top -= height;
        for (index, flow) in up.iter().enumerate() {
            let width = widths.of(flow);
            let rows = (up.len() - 1 - index) as f64;
            let tip_y = line - height - EXIT - rows * EXIT_ROW;
            self.bend(flow.kind, (x_right, y + 0.5 * width), width, run, tip_y);
            y += width + PORT_GAP;
            run += width + 13.0;
            used = true;
        }
        // Downwards: the farthest from the ports bends first.
        let down: Vec<&Flow> = sides
            .down
            .iter()
            .filter_map(|&kind| widths.exit(kind))
            .collect();
        let height: f64 = down.iter().map(|flow| widths.of(flow) + PORT_GAP).sum();
        let begin = if ports.is_empty() {
            line - PORT_GAP
        } else {
            right_end
        };
        right_end = begin + height;
        let (mut y, mut run) = (right_end, 9.0);
        for (index, flow) in down.iter().rev().enumerate() {
            let width = widths.of(flow);
            let rows = (down.len() - 1 - index) as f64;
            let tip_y = right_end + EXIT + rows * EXIT_ROW + 6.0;
            self.bend(flow.kind, (x_right, y - 0.5 * width), width, run, tip_y);
            y -= width + PORT_GAP;
            run += width + 13.0;
            used = true;
        }
        let bar = Rect {
            x: x_left,
            y: bar_top,
            width: BAR,
            height: (left_end.max(right_end) - bar_top).max(16.0),
        };
        let (name_at, name_align) = match node {
            Node::Mg1 | Node::Wheels => ((x_left + 0.5 * BAR, bar.bottom() + 17.0), Align::Middle),
            Node::Engine | Node::Bus => ((x_left + 0.5 * BAR, bar.y - 8.0), Align::Middle),
            _ => ((x_right, bar.y - 8.0), Align::End),
        };
        self.nodes.push(Placed {
            node,
            bar,
            used,
            name_at,
            name_align,
        });
    }

    fn bend(&mut self, kind: Kind, from: Point, width: f64, run: f64, tip_y: f64) {
        let bend = Bend {
            from,
            width,
            run,
            tip_y,
        };
        let x = bend.x() + (0.5 * width).max(4.0) + 7.0;
        let y = if tip_y < from.1 {
            tip_y - 8.0
        } else {
            tip_y - Label::height() + 8.0
        };
        self.bends.push((kind, bend));
        self.exits.push((kind, (x, y)));
    }

    /// Bands between ports, and from and to the outside.
    fn connect(&mut self, widths: &Widths<'_>, ends: &[(Kind, Node, Point)]) {
        let port = |kind: Kind, node: Option<Node>| {
            ends.iter()
                .find(|(other, at, _)| *other == kind && Some(*at) == node)
                .map(|(_, _, point)| *point)
        };
        let slots = road_slots(widths, ends);
        for flow in &widths.flows.list {
            let outside = |(x, y): Point| match flow.kind {
                Kind::Fuel => Some((FUEL_X, y)),
                Kind::EngineHeat => Some((x + HEAT_RUN, y + 34.0)),
                Kind::BatteryCharge => Some((x - CHARGE_RUN, y)),
                kind => slots
                    .iter()
                    .find(|(other, _)| *other == kind)
                    .map(|(_, at)| *at),
            };
            let (from, to) = match (port(flow.kind, flow.from), port(flow.kind, flow.to)) {
                (Some(from), Some(to)) => (Some(from), Some(to)),
                (Some(from), None) => (Some(from), outside(from)),
                (None, Some(to)) => (outside(to), Some(to)),
                (None, None) => (None, None),
            };
            if let (Some(from), Some(to)) = (from, to) {
                let width = widths.of(flow);
                self.bands.push((flow.kind, Band { from, to, width }));
                if slots.iter().any(|(kind, _)| *kind == flow.kind) {
                    let end = if flow.to.is_none() { to } else { from };
                    self.exits
                        .push((flow.kind, (end.0 + 8.0, end.1 - 0.5 * Label::height())));
                }
            }
        }
    }
}

/// Ends of the bands into the road: one under the other, with room for their labels.
fn road_slots(widths: &Widths<'_>, ends: &[(Kind, Node, Point)]) -> Vec<(Kind, Point)> {
    let right = left(Node::Wheels) + BAR;
    let ports: Vec<(Kind, f64, f64)> = ends
        .iter()
        .filter(|(_, node, at)| *node == Node::Wheels && at.0 >= right)
        .filter_map(|(kind, _, at)| {
            widths
                .flow(*kind)
                .map(|flow| (*kind, at.1, widths.of(flow)))
        })
        .collect();
    let heights: Vec<f64> = ports
        .iter()
        .map(|port| port.2.max(Label::height()) + 8.0)
        .collect();
    let total: f64 = heights.iter().sum();
    let Some((first, last)) = ports.first().zip(ports.last()) else {
        return Vec::new();
    };
    let mut y = 0.5 * (first.1 + last.1) - 0.5 * total;
    ports
        .iter()
        .zip(heights)
        .map(|((kind, ..), height)| {
            y += height;
            (*kind, (ROAD_X, y - 0.5 * height))
        })
        .collect()
}
