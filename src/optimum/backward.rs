//! One hold of dynamic programming backward: from the costs after it to those before it.
//!
//! Charge is cut into strips of [`STRIP`] nodes. Where a choice leads is calculated at the
//! strip's ends by the battery's circuit; between them the way is as good as straight, so that
//! the costs it leads to stand together in memory. Where it is not, at a limit of the battery,
//! every node is followed by itself. Costs are `f32` over a base that each hold has for itself:
//! a joule or less, of the megajoules that one hold's costs differ by.

use super::choices::{Choice, Plan};
use super::nodes::{BESIDE, Nodes, Row, STRIP};
use super::program::{IMPOSSIBLE_J, NEVER_J};
use super::transitions::{Changes, all_half_way_j};
use super::{Dwell, Mode, Span, Speeds, at_least, at_most};

/// The nodes of a strip, as numbers.
const NODE: [f32; STRIP] = {
    let mut all = [0.0; STRIP];
    let mut node = 1;
    while node < STRIP {
        all[node] = all[node - 1] + 1.0;
        node += 1;
    }
    all
};
/// Engine speeds that are the same, in places among [`Speeds`].
const SAME_SPEED: f64 = 0.03;
/// Share of the way to a node that cannot be, up to which it is as good as none: ways are
/// straightened by about as much.
const TRACE: f32 = 1e-3;
/// How far a way over a strip may be from one as long as the strip, in nodes.
const STRAIGHT: f32 = 0.1;

/// Costs by the speed that the engine has, J.
pub(super) type PerSpeed = [f32; Speeds::COUNT];

/// What is written while a hold is filled, for all holds.
pub(super) struct Scratch {
    /// Where the choice in hand leads from each strip.
    ways: Vec<Ways>,
    /// Costs by the choice in hand, from every node.
    by_j: Vec<f32>,
}

/// Where a choice leads from the nodes of some strips, as far as these ways are straight.
#[derive(Clone, Default)]
struct Ways {
    /// How much longer the way is than the strip, in nodes; not a number where an end leads
    /// nowhere.
    longer: [f32; STRIP],
    /// The first place of a row that is looked at.
    first: [u32; STRIP],
    /// How far the way begins from there, as a share of the way to the next.
    share: [f32; STRIP],
}

impl Scratch {
    pub(super) fn new(row: Row) -> Self {
        Self {
            ways: vec![Ways::default(); row.circuits()],
            by_j: vec![0.0; row.strips * STRIP],
        }
    }
}

/// One hold, from the costs after it to the costs before it.
pub(super) struct Hold<'a> {
    pub(super) dwell: Dwell,
    pub(super) row: Row,
    /// The battery of one whose engine burnt before it.
    pub(super) burnt: &'a Nodes<'a>,
    /// The battery of one whose engine rested before it.
    pub(super) rested: &'a Nodes<'a>,
    /// Engine speeds of burning engines before it and after it.
    pub(super) spans: [Span; 2],
    /// Costs after it, J, mode by mode.
    pub(super) after_j: &'a [f32],
    /// How far costs after it sag between engine speeds, J.
    pub(super) after_sag_j: PerSpeed,
    /// The node before it that the reference is nearest to.
    pub(super) reference: usize,
    /// The node after it that the reference is nearest to.
    pub(super) reference_after: usize,
    pub(super) scratch: &'a mut Scratch,
}

impl Hold<'_> {
    /// Finds where a choice leads.
    #[inline(always)]
    fn find_ways(&mut self, nodes: &Nodes<'_>, choice: &Choice) {
        // Beyond the last end there is no strip.
        let mut beyond = 0.0;
        for (some, ways) in self.scratch.ways.iter_mut().enumerate().rev() {
            let from = nodes.knots(choice, some);
            let mut to = [beyond; STRIP];
            to[..STRIP - 1].copy_from_slice(&from[1..]);
            beyond = from[0];
            for strip in 0..STRIP {
                let longer = to[strip] - from[strip] - STRIP as f32;
                // From the place below the middle of the way.
                let (below, first) = self.row.first(from[strip] + 0.5 * longer);
                ways.longer[strip] = longer;
                ways.first[strip] = first;
                let share = at_most(from[strip] - below, 1.0 + STRAIGHT);
                ways.share[strip] = at_least(share, -STRAIGHT);
            }
        }
    }

    /// Costs by the choice whose ways were found, from every node.
    #[inline(always)]
    fn follow<const MIXED: bool>(&mut self, nodes: &Nodes<'_>, choice: &Choice, ends: Ends) {
        let Scratch { ways, by_j, .. } = self.scratch;
        let (row, span) = (self.row, self.spans[1]);
        let row = |mode| &self.after_j[row.range(self.dwell.index(mode, span))];
        let after = After::<MIXED> {
            low_j: row(ends.low),
            high_j: row(ends.high),
            share: ends.share,
            sag_j: ends.sag_j,
        };
        let (by_j, _) = by_j.as_chunks_mut::<STRIP>();
        let at = (0..by_j.len()).map(|strip| (&ways[strip / STRIP], strip % STRIP));
        for ((strip, by_j), (ways, at)) in by_j.iter_mut().enumerate().zip(at) {
            let longer = ways.longer[at];
            *by_j = if longer.abs() < STRAIGHT {
                let grows = longer / STRIP as f32;
                after.straight(choice, ways.first[at] as usize, ways.share[at], grows)
            } else {
                nodes.bent(choice, strip, &after)
            };
        }
    }

    /// Costs by a choice of a burning engine whose ways were found: between the two speeds
    /// around the one it ends at.
    #[inline(always)]
    fn burn(&mut self, nodes: &Nodes<'_>, choice: &Choice, age: usize) {
        let (speed, share) = choice.ends_at;
        let ends = Ends {
            low: Mode::On(age, speed),
            high: Mode::On(age, speed + 1),
            share: share as f32,
            sag_j: Speeds::sag(self.after_sag_j[speed].into(), f64::from(share as f32)) as f32,
        };
        self.follow::<true>(nodes, choice, ends);
    }

    /// Cost after the hold, where the reference is, of an engine that burns since so many holds and
    /// turns between two of the speeds, J.
    #[inline(always)]
    fn ends_j(&self, (speed, share): (usize, f64), age: usize) -> f64 {
        let place = BESIDE + self.reference_after;
        let at = |speed| {
            let mode = self.dwell.index(Mode::On(age, speed), self.spans[1]);
            f64::from(self.after_j[self.row.range(mode)][place])
        };
        let sag_j = Speeds::sag(self.after_sag_j[speed].into(), share);
        (1.0 - share) * at(speed) + share * at(speed + 1) - sag_j
    }

    /// What the changes to a choice cost more, J: also because they end at another speed, which
    /// is weighed where the reference is.
    #[inline(always)]
    fn changed_j(&self, choice: &Choice, changes: &Changes, age: usize) -> PerSpeed {
        let (own, share) = choice.ends_at;
        let (steady_j, own) = (self.ends_j((own, share), age), own as f64 + share);
        let mut all_j = changes.cost_j;
        for from in self.spans[0].places() {
            if (f64::from(changes.ends_at[from]) - own).abs() < SAME_SPEED {
                continue;
            }
            let other_j = self.ends_j(changes.ends_at(from), age) - steady_j;
            if other_j.abs() < IMPOSSIBLE_J {
                all_j[from] += other_j as f32;
            }
        }
        self.spans[0].extend(&mut all_j);
        all_j
    }

    /// Fills the costs before the hold, mode by mode, but for the room beside the nodes. Gives
    /// how far the cost of a burning engine half-way between two speeds lies below the mean of
    /// those, where the reference is: there a choice between them needs no change.
    #[inline(always)]
    pub(super) fn fill(&mut self, plan: &Plan, hold: usize, before_j: &mut [f32]) -> PerSpeed {
        let second = &plan.seconds[hold];
        let (dwell, row) = (self.dwell, self.row);
        before_j.fill(NEVER_J as f32);
        let span = self.spans[0];
        let of = |mode: Mode| {
            let begin = dwell.index(mode, span) * row.len() + BESIDE;
            begin..begin + row.strips * STRIP
        };
        let mut half_way_j = [NEVER_J as f32; Speeds::COUNT];
        for (choice, changes) in plan.running(second).iter().zip(plan.changes(second)) {
            self.find_ways(self.burnt, choice);
            // The last two ages lead to the same one.
            for age in 1..dwell.on.max(2) {
                let next = (age + 1).min(dwell.on);
                self.burn(self.burnt, choice, next);
                let changed_j = self.changed_j(choice, changes, next);
                for speed in span.places() {
                    let before_j = &mut before_j[of(Mode::On(age, speed))];
                    lower(before_j, &self.scratch.by_j, changed_j[speed]);
                }
                if next == dwell.on {
                    let own_j = self.scratch.by_j[self.reference];
                    lower_half_way(&mut half_way_j, own_j, choice, &changed_j);
                }
            }
        }
        if dwell.on > 1 {
            for speed in span.places() {
                let from = of(Mode::On(dwell.on - 1, speed));
                before_j.copy_within(from, of(Mode::On(dwell.on, speed)).start);
            }
        }
        for speed in span.places() {
            if let Some(choice) = second.stop(speed) {
                self.find_ways(self.burnt, &choice);
                self.follow::<false>(self.burnt, &choice, Ends::one(Mode::Off(1)));
                let still_j = plan.still_turning_j(hold + 1, choice.end_rad_s) as f32;
                let before_j = &mut before_j[of(Mode::On(dwell.on, speed))];
                lower(before_j, &self.scratch.by_j, still_j);
            }
        }
        if let Some(choice) = &second.off {
            self.find_ways(self.rested, choice);
            for age in 1..=dwell.off {
                let mode = Mode::Off(age);
                self.follow::<false>(self.rested, choice, Ends::one(dwell.after(mode, None)));
                lower(&mut before_j[of(mode)], &self.scratch.by_j, 0.0);
            }
        }
        let mut sag_j = [0.0; Speeds::COUNT];
        for speed in span.steps() {
            let at = |speed| before_j[of(Mode::On(dwell.on, speed)).start + self.reference];
            let mean_j = 0.5 * (at(speed) + at(speed + 1));
            if mean_j < IMPOSSIBLE_J as f32 {
                sag_j[speed] = (mean_j - half_way_j[speed]).max(0.0);
            }
        }
        // One that rests too shortly starts where the car cannot do without.
        let forced: Vec<Vec<bool>> = (1..dwell.off)
            .map(|age| {
                let costs = before_j[of(Mode::Off(age))].iter();
                costs.map(|cost_j| *cost_j > IMPOSSIBLE_J as f32).collect()
            })
            .collect();
        for choice in plan.starting(second) {
            self.find_ways(self.rested, choice);
            self.burn(self.rested, choice, 1);
            lower(&mut before_j[of(dwell.rested())], &self.scratch.by_j, 0.0);
            for (age, forced) in (1..dwell.off).zip(&forced) {
                let before_j = before_j[of(Mode::Off(age))].iter_mut();
                for ((before_j, by_j), forced) in before_j.zip(&self.scratch.by_j).zip(forced) {
                    if *forced {
                        *before_j = at_most(*by_j, *before_j);
                    }
                }
            }
        }
        sag_j
    }
}

/// Lowers the costs half-way between two speeds to those by a choice, which costs this much
/// more from each of the speeds than from its own.
#[inline(always)]
fn lower_half_way(half_way_j: &mut PerSpeed, own_j: f32, choice: &Choice, more_j: &PerSpeed) {
    let more_j = all_half_way_j(more_j, choice.ends_at);
    for (half_way_j, more_j) in half_way_j.iter_mut().zip(more_j) {
        *half_way_j = at_most(own_j + more_j, *half_way_j);
    }
}

/// Between which modes a choice ends, and how far the cost sags there.
#[derive(Clone, Copy)]
struct Ends {
    low: Mode,
    high: Mode,
    share: f32,
    sag_j: f32,
}

impl Ends {
    /// In one mode.
    fn one(mode: Mode) -> Self {
        Self {
            low: mode,
            high: mode,
            share: 0.0,
            sag_j: 0.0,
        }
    }
}

/// Costs after a hold between two rows, mixed where they are asked for: a row that has just
/// been written cannot be read at once at other places. Where they are not `MIXED` the first row
/// is all.
pub(super) struct After<'a, const MIXED: bool> {
    low_j: &'a [f32],
    high_j: &'a [f32],
    share: f32,
    sag_j: f32,
}

impl<const MIXED: bool> After<'_, MIXED> {
    /// Costs by a choice from the nodes of a strip, where the ways from there are straight: from a
    /// share of the way past a place of the row, which grows from node to node.
    #[inline(always)]
    fn straight(&self, choice: &Choice, first: usize, share: f32, grows: f32) -> [f32; STRIP] {
        let here = Self {
            low_j: &self.low_j[first..][..=STRIP],
            high_j: &self.high_j[first..][..=STRIP],
            ..*self
        };
        let fuel_j = choice.fuel_j as f32;
        let mut by_j = [0.0; STRIP];
        // Beside what cannot be, a share must not lie outside 0 to 1, nor may a cost drown in the
        // difference of two.
        if here.at(0).max(here.at(STRIP)) > IMPOSSIBLE_J as f32 {
            for node in 0..STRIP {
                let share = no_trace_of(share + grows * NODE[node]);
                by_j[node] = fuel_j + (1.0 - share) * here.at(node) + share * here.at(node + 1);
            }
        } else {
            for node in 0..STRIP {
                let share = share + grows * NODE[node];
                let here_j = here.at(node);
                by_j[node] = fuel_j + here_j + share * (here.at(node + 1) - here_j);
            }
        }
        by_j
    }

    /// At a place.
    #[inline(always)]
    pub(super) fn at(&self, place: usize) -> f32 {
        let low_j = self.low_j[place];
        if MIXED {
            (1.0 - self.share) * low_j + self.share * self.high_j[place] - self.sag_j
        } else {
            low_j
        }
    }
}

/// A share of the way to the next node, of which nothing is left where it may be rounding.
#[inline(always)]
pub(super) fn no_trace_of(share: f32) -> f32 {
    let share = if share < TRACE { 0.0 } else { share };
    if share > 1.0 - TRACE { 1.0 } else { share }
}

/// Lowers costs to those by another way, which costs this much more. By `min`, as of a comparison
/// the compiler makes a store that hangs on it, which some processors do many times slower.
#[inline(always)]
fn lower(costs_j: &mut [f32], by_j: &[f32], more_j: f32) {
    for (cost_j, by_j) in costs_j.iter_mut().zip(by_j) {
        *cost_j = cost_j.min(by_j + more_j);
    }
}
