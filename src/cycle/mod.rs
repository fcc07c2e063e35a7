//! What the road asks: speed, grade and auxiliary load against time.
//!
//! A [`Cycle`] is a list of samples, linear between them, whatever their spacing.
//! It comes from a shipped schedule ([`find`], figures of the regulations in
//! `configs/cycles`), from a scenario that is defined rather than listed, from a route
//! that is put together from others (`configs/routes`), or from a CSV file of the user
//! ([`read_file`]); [`resolve`] tells these apart.
//!
//! Inside, speeds are m/s and time begins at 0, whatever the file says.

mod error;
mod kinematics;
mod piece;
mod preamble;
mod reader;
mod route;
mod row;
mod scenario;
mod standard;
mod statistics;
mod table;

pub use error::CycleError;
pub use kinematics::{CONTROL_CLOCK_S, Interval, Kinematics};
pub use piece::FullThrottle;
pub use reader::{read_file, read_text, resolve};
pub use route::NAMES as ROUTES;
pub use standard::{DEFAULT_SET, find, names};
pub use statistics::Statistics;

/// Acceleration with which [`Cycle::repeated`] bridges unequal ends, m/s².
const BRIDGE_ACCELERATION_MPS2: f64 = 1.0;
/// The shortest bridge, s.
const BRIDGE_SHORTEST_S: f64 = 1.0;

/// Acceleration that good tyres hold on a dry road, about that of gravity, m/s².
const TYRES_HOLD_MPS2: f64 = 10.0;

/// A speed trace to be driven. The four columns have the same length, at least two.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycle {
    /// Short name: of the shipped cycle, or the stem of the file.
    pub name: String,
    /// One line that says what it is.
    pub title: String,
    /// Regulation and where the figures were taken from; the file for a user's own.
    pub source: String,
    /// Named parts, in the order of the file; may be empty.
    pub phases: Vec<Phase>,
    /// Time of each sample, s: begins at 0 and increases strictly.
    pub time_s: Vec<f64>,
    /// Speed to be driven, m/s, never negative.
    pub speed_mps: Vec<f64>,
    /// Road grade, rise over run; zeros where the cycle gives none.
    pub grade: Vec<f64>,
    /// Electrical load on top of the vehicle's own auxiliaries, W; zeros where none.
    pub aux_w: Vec<f64>,
    /// State of the car that the cycle is defined with.
    pub start: Start,
}

/// A named part of a cycle, as a time interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// Name, unique in its cycle.
    pub name: String,
    /// Begin, s from the begin of the cycle.
    pub start_s: f64,
    /// End, s from the begin of the cycle.
    pub end_s: f64,
}

/// Which initial state a cycle is defined with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// The state of charge that the cycle also ends with: all ordinary cycles.
    #[default]
    Balanced,
    /// A battery close to the top of its window, so that charge starts no engine.
    NearTopOfWindow,
    /// The state of charge at which the control has just stopped the engine.
    EngineJustStopped,
}

impl Cycle {
    /// Length in time, s.
    pub fn duration_s(&self) -> f64 {
        self.time_s.last().copied().unwrap_or(0.0)
    }

    /// Length of road, m: exact for a speed that is linear between samples.
    pub fn distance_m(&self) -> f64 {
        let steps = self.time_s.windows(2).zip(self.speed_mps.windows(2));
        steps
            .map(|(t, v)| 0.5 * (v[0] + v[1]) * (t[1] - t[0]))
            .sum()
    }

    /// What is right in the file and yet no road car can drive: a change of speed beyond
    /// what tyres hold.
    pub fn warning(&self) -> Option<String> {
        let samples = self.time_s.windows(2).zip(self.speed_mps.windows(2));
        let (at_s, change_mps2) = samples
            .map(|(t, v)| (t[0], (v[1] - v[0]) / (t[1] - t[0])))
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
            .filter(|(_, change_mps2)| change_mps2.abs() > TYRES_HOLD_MPS2)?;
        Some(format!(
            "cycle `{}` asks for {change_mps2:.1} m/s² at {at_s:.1} s from its begin: tyres hold about \
             {TYRES_HOLD_MPS2:.0} m/s², and the car cannot follow",
            self.name
        ))
    }

    /// The cycle driven `n` times on end (at least once), under the same name.
    ///
    /// Where a pass ends as the next begins (speed, grade and load), the two join at
    /// that instant, and duration and distance are `n` times those of one pass.
    /// Otherwise a straight bridge joins them, at 1 m/s² and not below one second:
    /// a jump of speed would ask for an infinite force. Bridges belong to no phase.
    /// Phases of later passes carry the number of the pass: `city#2`.
    #[must_use]
    #[expect(
        clippy::float_cmp,
        reason = "ends are equal when they are written equal"
    )]
    pub fn repeated(&self, n: usize) -> Self {
        let mut joined = self.clone();
        let Some(last) = self.time_s.len().checked_sub(1) else {
            return joined;
        };
        let closed = self.speed_mps[0] == self.speed_mps[last]
            && self.grade[0] == self.grade[last]
            && self.aux_w[0] == self.aux_w[last];
        let (bridge_s, first_row) = if closed {
            (0.0, 1)
        } else {
            let change_mps = (self.speed_mps[0] - self.speed_mps[last]).abs();
            let bridge_s = (change_mps / BRIDGE_ACCELERATION_MPS2).max(BRIDGE_SHORTEST_S);
            (bridge_s, 0)
        };
        for pass in 2..=n {
            let begin_s = (pass - 1) as f64 * (self.duration_s() + bridge_s);
            let shifted = self.time_s[first_row..].iter().map(|t| begin_s + t);
            joined.time_s.extend(shifted);
            joined.speed_mps.extend(&self.speed_mps[first_row..]);
            joined.grade.extend(&self.grade[first_row..]);
            joined.aux_w.extend(&self.aux_w[first_row..]);
            joined.phases.extend(self.phases.iter().map(|phase| Phase {
                name: format!("{}#{pass}", phase.name),
                start_s: begin_s + phase.start_s,
                end_s: begin_s + phase.end_s,
            }));
        }
        joined
    }

    /// The part between two instants, which are clamped to the cycle, with its time
    /// counted from 0 and no phases; values at the cuts are interpolated.
    #[must_use]
    pub fn between(&self, start_s: f64, end_s: f64) -> Self {
        let end_s = end_s.min(self.duration_s()).max(0.0);
        let start_s = start_s.min(end_s).max(0.0);
        let inner_from = self.time_s.partition_point(|&t| t <= start_s);
        let inner_to = self.time_s.partition_point(|&t| t < end_s).max(inner_from);
        let cut = |column: &[f64]| -> Vec<f64> {
            let mut part = vec![self.at(column, start_s)];
            part.extend(&column[inner_from..inner_to]);
            part.push(self.at(column, end_s));
            part
        };
        Self {
            phases: Vec::new(),
            time_s: cut(&self.time_s).iter().map(|t| t - start_s).collect(),
            speed_mps: cut(&self.speed_mps),
            grade: cut(&self.grade),
            aux_w: cut(&self.aux_w),
            ..self.clone()
        }
    }

    /// Value of a column at an instant inside the cycle.
    fn at(&self, column: &[f64], time_s: f64) -> f64 {
        let after = self.time_s.partition_point(|&t| t < time_s);
        if after == 0 || self.time_s[after] <= time_s {
            return column[after];
        }
        let (t0, t1) = (self.time_s[after - 1], self.time_s[after]);
        let share = (time_s - t0) / (t1 - t0);
        column[after - 1] + share * (column[after] - column[after - 1])
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact in binary")]
mod tests {
    use super::*;

    fn cycle(time_s: &[f64], speed_mps: &[f64]) -> Cycle {
        Cycle {
            name: "a".into(),
            title: "a".into(),
            source: "test".into(),
            phases: vec![Phase {
                name: "p".into(),
                start_s: 0.0,
                end_s: 4.0,
            }],
            time_s: time_s.to_vec(),
            speed_mps: speed_mps.to_vec(),
            grade: vec![0.0; time_s.len()],
            aux_w: vec![0.0; time_s.len()],
            start: Start::Balanced,
        }
    }

    #[test]
    fn passes_with_equal_ends_join_at_one_instant() {
        let once = cycle(&[0.0, 1.0, 4.0], &[0.0, 2.0, 0.0]);
        let thrice = once.repeated(3);
        assert_eq!(thrice.time_s, [0.0, 1.0, 4.0, 5.0, 8.0, 9.0, 12.0]);
        assert_eq!(thrice.speed_mps, [0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0]);
        assert_eq!(thrice.grade.len(), 7);
        assert_eq!(thrice.distance_m(), 3.0 * once.distance_m());
        let names: Vec<_> = thrice.phases.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["p", "p#2", "p#3"]);
        assert_eq!(
            (thrice.phases[2].start_s, thrice.phases[2].end_s),
            (8.0, 12.0)
        );
    }

    #[test]
    fn passes_with_unequal_ends_are_bridged_at_one_metre_per_second_squared() {
        let twice = cycle(&[0.0, 4.0], &[1.0, 4.0]).repeated(2);
        assert_eq!(twice.time_s, [0.0, 4.0, 7.0, 11.0]);
        assert_eq!(twice.speed_mps, [1.0, 4.0, 1.0, 4.0]);
        assert_eq!(twice.phases[1].start_s, 7.0);
    }

    #[test]
    fn a_change_of_grade_alone_is_bridged_in_one_second() {
        let mut hill = cycle(&[0.0, 4.0], &[3.0, 3.0]);
        hill.grade = vec![0.0, 0.05];
        assert_eq!(hill.repeated(2).time_s, [0.0, 4.0, 5.0, 9.0]);
    }

    #[test]
    fn one_pass_or_none_is_the_cycle_itself() {
        let once = cycle(&[0.0, 4.0], &[1.0, 4.0]);
        assert_eq!(once.repeated(1), once);
        assert_eq!(once.repeated(0), once);
    }

    #[test]
    fn only_a_change_beyond_what_tyres_hold_is_warned_of() {
        assert_eq!(cycle(&[0.0, 4.0, 8.0], &[0.0, 36.0, 0.0]).warning(), None);
        let warning = cycle(&[0.0, 4.0, 5.0], &[0.0, 20.0, 0.0]).warning();
        assert!(warning.is_some_and(|words| words.contains("-20.0 m/s² at 4.0 s")));
    }

    #[test]
    fn a_part_has_interpolated_ends_and_begins_at_zero() {
        let part = cycle(&[0.0, 2.0, 4.0], &[0.0, 2.0, 2.0]).between(1.0, 3.0);
        assert_eq!(part.time_s, [0.0, 1.0, 2.0]);
        assert_eq!(part.speed_mps, [1.0, 2.0, 2.0]);
        assert_eq!(part.grade, [0.0; 3]);
    }

    #[test]
    fn the_part_from_end_to_end_is_the_whole() {
        let whole = cycle(&[0.0, 2.0, 4.0], &[0.0, 2.0, 2.0]);
        let part = whole.between(-1.0, 99.0);
        assert_eq!(part.time_s, whole.time_s);
        assert_eq!(part.speed_mps, whole.speed_mps);
    }
}
