//! Pieces that cycles are put together from: straight lines of speed, and full throttle.

use super::{BRIDGE_ACCELERATION_MPS2, Cycle, Phase, Start};
use crate::units::GRAVITY_M_PER_S2;

/// What a pedal on the floor asks for, m/s²: all that tyres could give, more than any car
/// of the family has.
const FLOORED_MPS2: f64 = GRAVITY_M_PER_S2;

/// Starts from rest with the pedal on the floor, one like the other.
///
/// The speed asked rises faster than the car can follow: it drives as fast as it can until
/// it gets there, holds that speed for what is left of its time, brakes, and rests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FullThrottle {
    /// How many in a row.
    pub starts: usize,
    /// Speed asked, m/s.
    pub to_mps: f64,
    /// Time from the start to the first braking, s.
    pub held_s: f64,
    /// Braking, m/s², positive.
    pub brake_mps2: f64,
    /// Rest before the next start, s.
    pub rest_s: f64,
}

impl FullThrottle {
    /// Time from one start to the next, s.
    pub fn period_s(&self) -> f64 {
        self.held_s + self.to_mps / self.brake_mps2 + self.rest_s
    }

    /// The starts as a cycle.
    pub fn cycle(&self) -> Cycle {
        let mut points = vec![(0.0, 0.0)];
        for start in 0..self.starts {
            let begin_s = start as f64 * self.period_s();
            let brake_s = begin_s + self.held_s;
            points.extend([
                (begin_s + self.to_mps / FLOORED_MPS2, self.to_mps),
                (brake_s, self.to_mps),
                (brake_s + self.to_mps / self.brake_mps2, 0.0),
                (begin_s + self.period_s(), 0.0),
            ]);
        }
        Cycle::of_lines(&points)
    }
}

impl Cycle {
    /// Straight lines through points of time in s and speed in m/s, on the level.
    pub fn of_lines(points: &[(f64, f64)]) -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            source: "definition of thsim".into(),
            phases: Vec::new(),
            time_s: points.iter().map(|point| point.0).collect(),
            speed_mps: points.iter().map(|point| point.1).collect(),
            grade: vec![0.0; points.len()],
            aux_w: vec![0.0; points.len()],
            start: Start::Balanced,
        }
    }

    /// `from_mps` held for `lead_s`, then the pedal on the floor until `end_s`: asked for
    /// is `to_mps`, faster than the car can drive.
    pub fn kick_down(from_mps: f64, lead_s: f64, to_mps: f64, end_s: f64) -> Self {
        let kick_s = lead_s + (to_mps - from_mps) / FLOORED_MPS2;
        let kick = [(kick_s, to_mps), (end_s, to_mps)];
        if lead_s > 0.0 {
            let lead = [(0.0, from_mps), (lead_s, from_mps)];
            Self::of_lines(&[lead, kick].concat())
        } else {
            Self::of_lines(&[(0.0, from_mps), kick[0], kick[1]])
        }
    }

    /// The same cycle on a road of this grade, rise over run.
    #[must_use]
    pub fn on_grade(mut self, grade: f64) -> Self {
        self.grade.fill(grade);
        self
    }

    /// Drives `next` after this one, as a phase of that name. Unequal speeds are joined at
    /// 1 m/s², which belongs to the phase it leads to.
    pub(super) fn append(&mut self, next: &Self, name: &str) {
        let change_mps = match (self.speed_mps.last(), next.speed_mps.first()) {
            (Some(from), Some(to)) => (to - from).abs(),
            _ => 0.0,
        };
        let before_s = self.duration_s();
        let begin_s = before_s + change_mps / BRIDGE_ACCELERATION_MPS2;
        // Where the ends are equal, the last row is the first one of what follows.
        let first = usize::from(change_mps == 0.0 && !self.time_s.is_empty());
        let shifted = next.time_s[first..].iter().map(|time| begin_s + time);
        self.time_s.extend(shifted);
        self.speed_mps.extend(&next.speed_mps[first..]);
        self.grade.extend(&next.grade[first..]);
        self.aux_w.extend(&next.aux_w[first..]);
        self.phases.push(Phase {
            name: name.to_owned(),
            start_s: before_s,
            end_s: begin_s + next.duration_s(),
        });
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the figures are exact in binary")]
mod tests {
    use super::*;

    #[test]
    fn starts_follow_each_other_with_a_rest_between() {
        let starts = FullThrottle {
            starts: 2,
            to_mps: 20.0,
            held_s: 12.0,
            brake_mps2: 2.0,
            rest_s: 8.0,
        };
        let cycle = starts.cycle();
        assert_eq!(starts.period_s(), 30.0);
        assert_eq!(cycle.duration_s(), 60.0);
        assert_eq!(cycle.time_s[2..5], [12.0, 22.0, 30.0]);
        assert_eq!(cycle.speed_mps[2..6], [20.0, 0.0, 0.0, 20.0]);
    }

    #[test]
    fn pieces_are_joined_at_one_instant_or_bridged_at_one_metre_per_second_squared() {
        let mut joined = Cycle::of_lines(&[]);
        joined.append(&Cycle::of_lines(&[(0.0, 0.0), (4.0, 2.0)]), "up");
        joined.append(&Cycle::of_lines(&[(0.0, 2.0), (3.0, 2.0)]), "on");
        joined.append(&Cycle::of_lines(&[(0.0, 7.0), (1.0, 7.0)]), "fast");
        assert_eq!(joined.time_s, [0.0, 4.0, 7.0, 12.0, 13.0]);
        assert_eq!(joined.speed_mps, [0.0, 2.0, 2.0, 7.0, 7.0]);
        let phases: Vec<_> = joined.phases.iter().map(|p| (p.start_s, p.end_s)).collect();
        assert_eq!(phases, [(0.0, 4.0), (4.0, 7.0), (7.0, 13.0)]);
    }
}
