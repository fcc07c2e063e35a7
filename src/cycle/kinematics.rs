//! The cycle cut into steps: what the kernel needs of each, computed once for all runs.

use super::Cycle;

/// The control's clock, s: at shorter steps it decides every so often.
pub const CONTROL_CLOCK_S: f64 = 0.1;

/// One step of a cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Time at its start, s.
    pub start_s: f64,
    /// Time at its end, s.
    pub end_s: f64,
    /// Length, s: the same to the last bit in all but the last step.
    pub dt_s: f64,
    /// Its reciprocal, 1/s.
    pub per_dt: f64,
    /// Speed asked at its end, m/s.
    pub target_mps: f64,
    /// Sine of the road's angle.
    pub sine: f64,
    /// Cosine of the road's angle.
    pub cosine: f64,
    /// Auxiliary load beside the vehicle's own, W.
    pub aux_w: f64,
    /// Time over which the control looks ahead and holds its decision, s; zero where the
    /// decision of an earlier step still holds.
    pub decide_s: f64,
    /// Its reciprocal, 1/s; zero where there is none.
    pub per_decide: f64,
    /// Speed asked at the end of that time, m/s.
    pub decide_mps: f64,
}

impl Interval {
    /// One step at a steady speed on the level.
    pub fn steady(speed_mps: f64, dt_s: f64) -> Self {
        Self {
            start_s: 0.0,
            end_s: dt_s,
            dt_s,
            per_dt: 1.0 / dt_s,
            target_mps: speed_mps,
            sine: 0.0,
            cosine: 1.0,
            aux_w: 0.0,
            decide_s: dt_s,
            per_decide: 1.0 / dt_s,
            decide_mps: speed_mps,
        }
    }
}

/// A cycle at a given step.
#[derive(Debug, Clone, PartialEq)]
pub struct Kinematics {
    /// Speed at the start, m/s.
    pub start_mps: f64,
    /// Wanted length of a step, s; the last one may be shorter.
    pub step_s: f64,
    /// The steps.
    pub intervals: Vec<Interval>,
}

impl Kinematics {
    /// Interpolates a cycle linearly at steps of `step_s` (0.01 to 1 s in a checked run).
    pub fn new(cycle: &Cycle, step_s: f64) -> Self {
        let duration = cycle.duration_s();
        let steps = (duration / step_s - 1e-9).ceil().max(1.0) as usize;
        let edge = |index: usize| (index as f64 * step_s).min(duration);
        let per_decision = (CONTROL_CLOCK_S / step_s).round().max(1.0) as usize;
        let mut speed = Cursor::new(&cycle.time_s, &cycle.speed_mps);
        let mut ahead = Cursor::new(&cycle.time_s, &cycle.speed_mps);
        let mut grade = Cursor::new(&cycle.time_s, &cycle.grade);
        let mut aux = Cursor::new(&cycle.time_s, &cycle.aux_w);
        let intervals = (0..steps)
            .map(|index| {
                let (start_s, end_s) = (edge(index), edge(index + 1));
                let middle_s = 0.5 * (start_s + end_s);
                let slope = grade.at(middle_s);
                let cosine = 1.0 / (1.0 + slope * slope).sqrt();
                let decides = index % per_decision == 0;
                let horizon_s = edge((index + per_decision).min(steps));
                let dt_s = if index + 1 == steps {
                    end_s - start_s
                } else {
                    step_s
                };
                Interval {
                    start_s,
                    end_s,
                    dt_s,
                    per_dt: 1.0 / dt_s,
                    target_mps: speed.at(end_s),
                    sine: slope * cosine,
                    cosine,
                    aux_w: aux.at(middle_s),
                    decide_s: if decides { horizon_s - start_s } else { 0.0 },
                    per_decide: if decides {
                        1.0 / (horizon_s - start_s)
                    } else {
                        0.0
                    },
                    decide_mps: if decides { ahead.at(horizon_s) } else { 0.0 },
                }
            })
            .collect();
        Self {
            start_mps: cycle.speed_mps[0],
            step_s,
            intervals,
        }
    }

    /// Duration, s.
    pub fn duration_s(&self) -> f64 {
        self.intervals.last().map_or(0.0, |last| last.end_s)
    }
}

/// Linear interpolation at times that never fall.
struct Cursor<'a> {
    time_s: &'a [f64],
    value: &'a [f64],
    cell: usize,
}

impl<'a> Cursor<'a> {
    fn new(time_s: &'a [f64], value: &'a [f64]) -> Self {
        Self {
            time_s,
            value,
            cell: 0,
        }
    }

    fn at(&mut self, time_s: f64) -> f64 {
        while self.cell + 2 < self.time_s.len() && self.time_s[self.cell + 1] <= time_s {
            self.cell += 1;
        }
        let (from, to) = (self.time_s[self.cell], self.time_s[self.cell + 1]);
        let fraction = ((time_s - from) / (to - from)).clamp(0.0, 1.0);
        let (low, high) = (self.value[self.cell], self.value[self.cell + 1]);
        // Exact at both ends, so that a 1 Hz cycle at 1 s meets its own figures.
        if fraction >= 1.0 {
            high
        } else {
            low + fraction * (high - low)
        }
    }
}
