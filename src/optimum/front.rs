//! Which of what was tried stays: what nothing else beats in fuel and in charge at once.

use super::trials::{Field, Tried};
use crate::lanes::Number;

/// Finds which of the choices of a hold stay, by falling fuel, and how much slower than asked
/// the car ends whatever it does, m/s.
pub(super) fn keep<F: Number>(
    field: &Field<'_, F>,
    hold: usize,
    tried: &[Tried],
    foresight: bool,
    (ranked, kept): (&mut Vec<(f64, usize)>, &mut Vec<usize>),
) -> f64 {
    let faster = |a: &usize, b: &usize| tried[*a].end_mps.total_cmp(&tried[*b].end_mps);
    let fastest = (0..tried.len()).max_by(faster).unwrap_or(0);
    let late_mps = tried
        .get(fastest)
        .map_or(0.0, |it| field.late_mps(hold, it));
    kept.clear();
    if late_mps > 0.0 {
        kept.push(fastest);
    } else {
        kept.extend((0..tried.len()).filter(|&index| field.follows(hold, &tried[index])));
        front(tried, foresight, ranked, kept);
    }
    late_mps
}

/// Sorts what is nearly sorted: candidates come by rising power, and only the speeds of one power
/// are in no order.
fn sort_nearly_sorted(ranked: &mut [(f64, usize)]) {
    for last in 1..ranked.len() {
        let here = ranked[last];
        let mut place = last;
        while place > 0 && ranked[place - 1].0 > here.0 {
            ranked[place] = ranked[place - 1];
            place -= 1;
        }
        ranked[place] = here;
    }
}

/// Leaves only what no other beats in fuel and in charge, by falling fuel; without foresight
/// only what is best at some worth of charge: the corners of that line.
pub(super) fn front(
    tried: &[Tried],
    foresight: bool,
    ranked: &mut Vec<(f64, usize)>,
    kept: &mut Vec<usize>,
) {
    ranked.clear();
    ranked.extend(
        kept.drain(..)
            .rev()
            .map(|index| (tried[index].taken_w(), index)),
    );
    sort_nearly_sorted(ranked);
    for &(taken_w, next) in &*ranked {
        let fuel_j = tried[next].fuel_j;
        if let Some(&last) = kept.last() {
            if fuel_j >= tried[last].fuel_j {
                continue;
            }
            if taken_w <= tried[last].taken_w() {
                kept.pop();
            }
        }
        while !foresight && kept.len() > 1 {
            let [first, middle] = [2, 1].map(|back| &tried[kept[kept.len() - back]]);
            let saved_j = |to: &Tried| first.fuel_j - to.fuel_j;
            let taken_j = |to: &Tried| (to.charge_j - first.charge_j).max(f64::MIN_POSITIVE);
            // What one saves for what it takes, without dividing.
            let next = &tried[next];
            if saved_j(next) * taken_j(middle) < saved_j(middle) * taken_j(next) {
                break;
            }
            kept.pop();
        }
        kept.push(next);
    }
}
