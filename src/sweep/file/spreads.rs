//! Ranges and distributions of an axis.

use super::super::MOST_DESIGNS;
use super::super::spread::Spread;
use super::section::Section;
use crate::results::Sampling;

/// Bounds of a distribution leave something of it if they lie this many deviations off.
const FARTHEST_SIGMA: f64 = 8.0;

/// The table of a range or distribution.
struct Given<'a> {
    section: &'a Section<'a>,
    way: &'a str,
}

/// A range or distribution, and how many points it has in a grid.
pub(super) fn spread(
    section: &Section<'_>,
    way: &str,
    sampling: Sampling,
) -> Option<(Spread, u64)> {
    let given = Given { section, way };
    let points = given.points(sampling);
    let spread = match way {
        "range" => given.range(),
        "log" => given.logarithmic(),
        "uniform" => given.uniform(),
        "normal" => given.normal(),
        _ => given.triangular(),
    };
    Some((spread?, points?))
}

impl Given<'_> {
    fn refuse(&self, message: impl Into<String>, help: &str) -> Option<Spread> {
        let problems = self.section.problems;
        problems.say(self.section.span.clone(), message, help);
        None
    }

    /// A number that has to be there.
    fn need(&self, key: &'static str) -> Option<f64> {
        if self.section.get(key).is_none() {
            self.refuse(
                format!("`{}` has no `{key}`", self.way),
                "every end has to be given",
            );
        }
        Some(self.section.number(key)?.value)
    }

    fn points(&self, sampling: Sampling) -> Option<u64> {
        if self.section.get("points").is_some() {
            let points = self.section.whole("points", 1, MOST_DESIGNS)?;
            return Some(points.value);
        }
        if sampling == Sampling::Grid {
            self.refuse(
                format!("`{}` has no `points`", self.way),
                "a grid needs the number of points; or choose another `design.kind`",
            );
            return None;
        }
        Some(0)
    }

    /// Both ends of a range, the smaller one first.
    fn ends(&self) -> Option<(f64, f64)> {
        let (from, to) = (self.need("from"), self.need("to"));
        let (from, to) = (from?, to?);
        if from > to {
            self.refuse(
                format!("the range is reversed: from {from} to {to}"),
                "the smaller number first",
            );
            return None;
        }
        Some((from, to))
    }

    fn range(&self) -> Option<Spread> {
        let (from, to) = self.ends()?;
        Some(Spread::Linear { from, to })
    }

    fn logarithmic(&self) -> Option<Spread> {
        let (from, to) = self.ends()?;
        if from <= 0.0 {
            let message = format!("a logarithmic range cannot begin at {from}");
            return self.refuse(message, "both ends above 0");
        }
        Some(Spread::Logarithmic { from, to })
    }

    fn uniform(&self) -> Option<Spread> {
        let (low, high) = (self.need("low"), self.need("high"));
        let (from, to) = (low?, high?);
        if from >= to {
            let message = format!("the range is reversed or empty: {from} to {to}");
            return self.refuse(message, "`low` below `high`");
        }
        Some(Spread::Linear { from, to })
    }

    fn normal(&self) -> Option<Spread> {
        let (mean, sigma) = (self.need("mean"), self.need("sigma"));
        let bound = |key, none| self.section.number(key).map_or(none, |it| it.value);
        let low = bound("low", f64::NEG_INFINITY);
        let high = bound("high", f64::INFINITY);
        let (mean, sigma) = (mean?, sigma?);
        if sigma <= 0.0 {
            let message = format!("`sigma` = {sigma} is not above 0");
            return self.refuse(message, "a standard deviation");
        }
        if low >= high {
            let message = format!("the bounds are reversed or empty: {low} to {high}");
            return self.refuse(message, "`low` below `high`");
        }
        if (low - mean).max(mean - high) > FARTHEST_SIGMA * sigma {
            let message = format!("{low} to {high} leaves nothing of the distribution");
            return self.refuse(message, "bounds nearer to the mean");
        }
        Some(Spread::Normal {
            mean,
            sigma,
            low,
            high,
        })
    }

    fn triangular(&self) -> Option<Spread> {
        let (low, mode, high) = (self.need("low"), self.need("mode"), self.need("high"));
        let (low, mode, high) = (low?, mode?, high?);
        if low < high && (low..=high).contains(&mode) {
            return Some(Spread::Triangular { low, mode, high });
        }
        self.refuse(
            format!("{low}, {mode}, {high} is no triangle"),
            "`low` below `high`, `mode` between them",
        )
    }
}
