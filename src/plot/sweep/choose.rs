//! From the names a user wrote to columns; what is left open is found.

use super::heat::Heat;
use super::line::Lines;
use super::parallel::Parallel;
use super::scatter::Scatter;
use super::{SweepFigure, SweepPlotError, SweepView};
use crate::analysis::Goal;
use crate::issue::suggestion;
use crate::results::{Column, Role, Sampling, Table};

/// Most lines of different colour, and most panels below each other.
const MOST_LINES: usize = 6;
const MOST_PANELS: usize = 6;
/// Panels of a line picture that nobody chose.
const USUAL_PANELS: usize = 4;

/// A figure, a table and what of it is wanted.
pub(super) struct Chooser<'a> {
    pub(super) figure: SweepFigure,
    pub(super) table: &'a Table,
    pub(super) view: &'a SweepView<'a>,
}

fn names<'a>(columns: impl Iterator<Item = &'a Column>) -> Vec<&'a str> {
    columns.map(|column| column.name.as_str()).collect()
}

impl<'a> Chooser<'a> {
    /// The column of a name.
    fn column(&self, name: &str) -> Result<&'a Column, SweepPlotError> {
        let unknown = || SweepPlotError::UnknownColumn {
            name: name.to_owned(),
            suggestion: suggestion(name, names(self.table.columns.iter())),
        };
        self.table.column(name).ok_or_else(unknown)
    }

    /// The axis, or what is bound to one, of a name.
    fn axis(&self, name: &str) -> Result<&'a Column, SweepPlotError> {
        let column = self.column(name)?;
        if column.role != Role::Output {
            return Ok(column);
        }
        let wanted = "an axis";
        Err(Self::wrong(name, wanted, &names(self.table.axes())))
    }

    /// The output of a name, if any design has a figure for it.
    fn output(&self, name: &str) -> Result<&'a Column, SweepPlotError> {
        let column = self.column(name)?;
        if column.role != Role::Output {
            let outputs = names(self.table.outputs());
            return Err(Self::wrong(name, "an output", &outputs));
        }
        with_figures(column)
    }

    fn wrong(name: &str, wanted: &'static str, valid: &[&str]) -> SweepPlotError {
        SweepPlotError::WrongColumn {
            name: name.to_owned(),
            wanted,
            suggestion: suggestion("", valid.iter().copied()),
        }
    }

    /// An error that says what the sweep has instead.
    fn missing(&self, needs: &'static str) -> SweepPlotError {
        let axes = match &names(self.table.axes())[..] {
            [] => "no axis".to_owned(),
            [one] => format!("1 axis (`{one}`)"),
            more => format!("{} axes (`{}`)", more.len(), more.join("`, `")),
        };
        let outputs = match self.table.outputs().count() {
            0 => "no output".to_owned(),
            1 => "1 output".to_owned(),
            count => format!("{count} outputs"),
        };
        let sampling = self.table.sampling.name();
        SweepPlotError::Missing {
            figure: self.figure.title(),
            needs,
            has: format!("{axes} and {outputs} in a {sampling} design"),
        }
    }

    fn too_many(&self, things: &str, most: usize, found: usize) -> SweepPlotError {
        SweepPlotError::TooMany {
            figure: self.figure.title(),
            things: things.to_owned(),
            most,
            found,
        }
    }

    /// The outputs that were named, or else the first of those that have figures.
    fn outputs(&self, usual: usize) -> Result<Vec<&'a Column>, SweepPlotError> {
        if !self.view.outputs.is_empty() {
            let named = self.view.outputs.iter();
            return named.map(|name| self.output(name)).collect();
        }
        let Some(first) = self.table.outputs().next() else {
            return Err(self.missing("an output"));
        };
        let known = self.table.outputs().filter(|it| with_figures(it).is_ok());
        let known: Vec<&Column> = known.take(usual).collect();
        if known.is_empty() {
            return with_figures(first).map(|output| vec![output]);
        }
        Ok(known)
    }

    /// The one output of a picture that shows one.
    pub(super) fn only_output(&self) -> Result<&'a Column, SweepPlotError> {
        let outputs = self.outputs(1)?;
        if self.table.axes().next().is_none() {
            return Err(self.missing("an axis"));
        }
        match outputs[..] {
            [output] => Ok(output),
            _ => Err(self.too_many("output", 1, outputs.len())),
        }
    }

    /// Which way an output is better.
    fn goal(&self, column: &Column) -> Goal {
        if self.view.large_is_better.contains(&column.name.as_str()) {
            Goal::Large
        } else {
            Goal::Small
        }
    }

    /// Names of outputs whose goal was given are checked even where it has no effect.
    fn check_goals(&self) -> Result<(), SweepPlotError> {
        let mut named = self.view.large_is_better.iter();
        named.try_for_each(|name| self.output(name).map(|_| ()))
    }

    /// The axis named, or the one with the most values.
    fn axis_of_most_values(&self) -> Result<&'a Column, SweepPlotError> {
        if let Some(name) = self.view.x {
            return self.axis(name);
        }
        // Of axes alike the first.
        let axes: Vec<&Column> = self.table.axes().collect();
        let most = axes.into_iter().rev();
        most.max_by_key(|axis| axis.distinct().len())
            .ok_or_else(|| self.missing("an axis"))
    }

    pub(super) fn line(&self) -> Result<Lines<'a>, SweepPlotError> {
        let x = self.axis_of_most_values()?;
        let outputs = self.outputs(USUAL_PANELS)?;
        if outputs.len() > MOST_PANELS {
            return Err(self.too_many("outputs", MOST_PANELS, outputs.len()));
        }
        let by = match self.view.by {
            Some(name) => Some(self.line_axis(name)?),
            None => self.other_axis_of_few_values(x),
        };
        Ok(Lines { x, by, outputs })
    }

    /// The axis of a name, if a line for each of its values can be told from the others.
    fn line_axis(&self, name: &str) -> Result<&'a Column, SweepPlotError> {
        let axis = self.axis(name)?;
        let values = axis.distinct().len();
        if values > MOST_LINES {
            let things = format!("lines, one for each value of `{name}`");
            return Err(self.too_many(&things, MOST_LINES, values));
        }
        Ok(axis)
    }

    /// The second axis of a grid of two, if it has few values.
    fn other_axis_of_few_values(&self, x: &Column) -> Option<&'a Column> {
        let mut others = self.table.axes().filter(|axis| axis.name != x.name);
        let second = others.next()?;
        let alone = others.next().is_none() && self.table.sampling == Sampling::Grid;
        (alone && second.distinct().len() <= MOST_LINES).then_some(second)
    }

    pub(super) fn heat(&self) -> Result<Heat<'a>, SweepPlotError> {
        let needs = "two axes of a grid";
        let x = self.view.x.map(|name| self.axis(name)).transpose()?;
        let y = self.view.y.map(|name| self.axis(name)).transpose()?;
        let output = self.only_output()?;
        if self.table.sampling != Sampling::Grid {
            return Err(self.missing(needs));
        }
        let is =
            |axis: &Column, other: Option<&Column>| other.is_some_and(|it| it.name == axis.name);
        let mut left = self
            .table
            .axes()
            .filter(|axis| !is(axis, x) && !is(axis, y));
        let x = x.or_else(|| left.next());
        let y = y.or_else(|| left.next());
        match (x, y) {
            (Some(x), Some(y)) if x.name != y.name => Ok(Heat { x, y, output }),
            _ => Err(self.missing(needs)),
        }
    }

    pub(super) fn parallel(&self) -> Result<Parallel<'a>, SweepPlotError> {
        self.check_goals()?;
        let outputs = self.outputs(usize::MAX)?;
        let axes: Vec<&Column> = self.table.axes().collect();
        if axes.is_empty() {
            return Err(self.missing("an axis"));
        }
        let by = match self.view.by {
            Some(name) => with_figures(self.column(name)?)?,
            None => outputs[0],
        };
        Ok(Parallel {
            axes,
            outputs,
            by,
            goal: (by.role == Role::Output).then(|| self.goal(by)),
        })
    }

    pub(super) fn scatter(&self) -> Result<Scatter<'a>, SweepPlotError> {
        self.check_goals()?;
        let named = |name: Option<&str>| {
            let column = name.map(|name| self.column(name)).transpose()?;
            column.map(with_figures).transpose()
        };
        let (x, y, by) = (
            named(self.view.x)?,
            named(self.view.y)?,
            named(self.view.by)?,
        );
        let found = self.outputs(usize::MAX)?;
        let is = |output: &Column, other: Option<&Column>| {
            other.is_some_and(|it| it.name == output.name)
        };
        let left: Vec<&Column> = found
            .into_iter()
            .filter(|output| !is(output, x) && !is(output, y))
            .collect();
        let x = x.or_else(|| left.first().copied());
        let others = || left.iter().copied().filter(|output| !is(output, x));
        // Fuel over fuel of another cycle says less than fuel over time.
        let unlike = |output: &&Column| x.is_some_and(|x| x.unit != output.unit);
        let y = y.or_else(|| others().find(unlike).or_else(|| others().next()));
        let (Some(x), Some(y)) = (x, y) else {
            return Err(self.missing("two outputs"));
        };
        if self.view.outputs.len() > 2 {
            return Err(self.too_many("outputs", 2, self.view.outputs.len()));
        }
        let goals = (x.role == Role::Output && y.role == Role::Output)
            .then(|| (self.goal(x), self.goal(y)));
        let by = by.or_else(|| self.table.axes().next());
        Ok(Scatter { x, y, by, goals })
    }
}

/// The column, if any design has a figure for it.
fn with_figures(column: &Column) -> Result<&Column, SweepPlotError> {
    if column.values.iter().any(|value| value.is_finite()) {
        return Ok(column);
    }
    Err(SweepPlotError::NoFigures {
        column: column.name.clone(),
    })
}
