//! The designs that no other beats in two outputs.
//!
//! A design is beaten by one that is at least as good in both outputs and better in one
//! (Pareto dominance). Sorted by the first output, a design is beaten exactly if one
//! before it is as good in the second: one sort and one pass (Kung, Luccio and Preparata
//! 1975, J. ACM 22, for two outputs).

use crate::results::Column;

/// Which way an output is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    /// Fuel, engine starts, CO2, times.
    #[default]
    Small,
    /// Distance driven electrically, efficiency.
    Large,
}

impl Goal {
    /// The value, turned so that smaller is better.
    fn cost(self, value: f64) -> f64 {
        // Adding zero makes one zero of both.
        match self {
            Self::Small => value + 0.0,
            Self::Large => 0.0 - value,
        }
    }
}

/// Rows of the designs that no other beats in two outputs, the best in the first output
/// first. Of designs that are alike in both all are kept; a row without both figures is
/// left out.
pub fn pareto(first: (&Column, Goal), second: (&Column, Goal)) -> Vec<usize> {
    let pairs = first.0.values.iter().zip(&second.0.values);
    let mut costs: Vec<(f64, f64, usize)> = pairs
        .enumerate()
        .filter(|(_, (a, b))| a.is_finite() && b.is_finite())
        .map(|(row, (a, b))| (first.1.cost(*a), second.1.cost(*b), row))
        .collect();
    costs.sort_by(|a, b| {
        let by_costs = a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
        by_costs.then(a.2.cmp(&b.2))
    });
    let mut front: Vec<(f64, f64, usize)> = Vec::new();
    for design in costs {
        let kept = front.last().is_none_or(|last| {
            let alike = (last.0, last.1) == (design.0, design.1);
            design.1 < last.1 || alike
        });
        if kept {
            front.push(design);
        }
    }
    front.into_iter().map(|(_, _, row)| row).collect()
}
