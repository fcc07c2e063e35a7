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
    (taken_w, kept): (&mut Vec<f64>, &mut Vec<usize>),
) -> f64 {
    kept.clear();
    kept.extend((0..tried.len()).filter(|&index| field.follows(hold, &tried[index])));
    if !kept.is_empty() {
        front(tried, foresight, taken_w, kept);
        return 0.0;
    }
    let faster = |a: &usize, b: &usize| tried[*a].end_mps.total_cmp(&tried[*b].end_mps);
    kept.extend((0..tried.len()).max_by(faster));
    let late = kept.first().map(|&it| field.late_mps(hold, &tried[it]));
    late.unwrap_or(0.0)
}

/// Sorts what is nearly sorted by what it takes: candidates come by rising power, and only the
/// speeds of one power are in no order.
fn sort_nearly_sorted(taken_w: &mut [f64], kept: &mut [usize]) {
    for last in 1..kept.len() {
        let (here_w, here) = (taken_w[last], kept[last]);
        let mut place = last;
        while place > 0 && taken_w[place - 1] > here_w {
            taken_w[place] = taken_w[place - 1];
            kept[place] = kept[place - 1];
            place -= 1;
        }
        if place < last {
            taken_w[place] = here_w;
            kept[place] = here;
        }
    }
}

/// Leaves only what no other beats in fuel and in charge, by falling fuel; without foresight
/// only what is best at some worth of charge: the corners of that line.
pub(super) fn front(
    tried: &[Tried],
    foresight: bool,
    taken_w: &mut Vec<f64>,
    kept: &mut Vec<usize>,
) {
    kept.reverse();
    taken_w.clear();
    taken_w.extend(kept.iter().map(|&index| tried[index].taken_w()));
    sort_nearly_sorted(taken_w, kept);
    // Those that stay so far stand at the beginning.
    let mut stay = 0;
    for at in 0..kept.len() {
        let next = &tried[kept[at]];
        if stay > 0 {
            if next.fuel_j >= tried[kept[stay - 1]].fuel_j {
                continue;
            }
            if taken_w[at] <= taken_w[stay - 1] {
                stay -= 1;
            }
        }
        while !foresight && stay > 1 {
            let [first, middle] = [&tried[kept[stay - 2]], &tried[kept[stay - 1]]];
            let saved_j = |to: &Tried| first.fuel_j - to.fuel_j;
            let taken_j = |to: &Tried| (to.charge_j - first.charge_j).max(f64::MIN_POSITIVE);
            // What one saves for what it takes, without dividing.
            if saved_j(next) * taken_j(middle) < saved_j(middle) * taken_j(next) {
                break;
            }
            stay -= 1;
        }
        (kept[stay], taken_w[stay]) = (kept[at], taken_w[at]);
        stay += 1;
    }
    kept.truncate(stay);
}
