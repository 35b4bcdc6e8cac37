//! What of a table is drawn, as data: every mark is one cell of it, and nothing else is there.

use scrim_wire::window::{TeamFigure, TeamTable, TeamTableKind};

use super::figures::{Unit, time_unit, unit_of};

/// How a series looks; told apart without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A filled bar.
    Bar,
    /// A bar that is only outlined.
    Hollow,
    /// A filled circle.
    Circle,
    /// A diamond that is only outlined.
    Diamond,
}

/// One cell, drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dot {
    /// The row's place in the table.
    pub(crate) row: usize,
    /// The cell's figure.
    pub(crate) value: f64,
    /// The ends of its interval, where the row has them.
    pub(crate) ends: Option<(f64, f64)>,
}

/// One column, drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// The column's id.
    pub(crate) column: &'static str,
    /// How it looks.
    pub(crate) mark: Mark,
    /// Its cells that are figures.
    pub(crate) dots: Vec<Dot>,
}

/// One chart: columns of one unit over the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chart {
    /// What all its values are.
    pub(crate) unit: Unit,
    /// Its columns.
    pub(crate) series: Vec<Series>,
}

/// Columns that are drawn, one list a chart.
fn drawn(kind: TeamTableKind) -> &'static [&'static [(&'static str, Mark)]] {
    match kind {
        TeamTableKind::Days => &[&[("count", Mark::Bar)]],
        TeamTableKind::Policies | TeamTableKind::Actions => &[
            &[("count", Mark::Bar)],
            &[("median-s", Mark::Circle), ("p90-s", Mark::Diamond)],
        ],
        TeamTableKind::TimeToAction => &[&[("median-s", Mark::Circle), ("p90-s", Mark::Diamond)]],
        TeamTableKind::Backlog => &[
            &[("open", Mark::Bar), ("unassignable", Mark::Hollow)],
            &[
                ("oldest-s", Mark::Circle),
                ("unassignable-oldest-s", Mark::Diamond),
            ],
        ],
        TeamTableKind::Agreement => &[&[("value", Mark::Circle), ("prevalence", Mark::Diamond)]],
        TeamTableKind::Sla
        | TeamTableKind::UnsureByQueue
        | TeamTableKind::UnsureByPolicy
        | TeamTableKind::NotMe
        | TeamTableKind::Overturns
        | TeamTableKind::Detectors => &[&[("share", Mark::Circle)]],
    }
}

/// The charts of a table; none of a chart's columns is left out, even if it has no figure.
pub(crate) fn charts(table: &TeamTable) -> Vec<Chart> {
    let cell = |row: usize, column: &str| {
        let at = table.kind.columns().iter().position(|id| *id == column)?;
        match table.rows.get(row)?.cells.get(at)? {
            TeamFigure::Is(value) if value.is_finite() => Some(*value),
            _ => None,
        }
    };
    let series = |(column, mark): &(&'static str, Mark)| Series {
        column,
        mark: *mark,
        dots: (0..table.rows.len())
            .filter_map(|row| {
                let ends = cell(row, "low").zip(cell(row, "high"));
                Some(Dot {
                    row,
                    value: cell(row, column)?,
                    ends: ends.filter(|_| *column == "share"),
                })
            })
            .collect(),
    };
    let chart = |columns: &&[(&'static str, Mark)]| Chart {
        unit: columns
            .first()
            .map_or(Unit::Plain, |(column, _)| unit_of(column)),
        series: columns.iter().map(series).collect(),
    };
    drawn(table.kind).iter().map(chart).collect()
}

impl Chart {
    /// Whether there is nothing to draw.
    pub(crate) fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.dots.is_empty())
    }

    /// Values at which a line is drawn, from the lowest to the highest; everything lies between them.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let dots = self.series.iter().flat_map(|series| &series.dots);
        let values = dots.flat_map(|dot| {
            let (low, high) = dot.ends.unwrap_or((dot.value, dot.value));
            [dot.value, low, high]
        });
        // Bars and times begin at nothing; shares with intervals are looked at closely.
        let begins = match self.unit {
            Unit::Share => f64::INFINITY,
            _ => 0.0,
        };
        let (mut lowest, mut highest) = (begins, 0.0_f64);
        for value in values {
            lowest = lowest.min(value);
            highest = highest.max(value);
        }
        let lowest = lowest.min(highest);
        let step = self.step((highest - lowest).max(f64::MIN_POSITIVE));
        // What a rounding error puts beyond a line is on it.
        let first = (lowest / step + 1e-9).floor();
        let last = (highest / step - 1e-9).ceil().max(first + 1.0);
        let places = (last - first) as usize;
        (0..=places)
            .map(|place| (first + place as f64) * step)
            .collect()
    }

    /// A round step, so that three or four of them hold `span`.
    fn step(&self, span: f64) -> f64 {
        let scale = match self.unit {
            Unit::Time => time_unit(span).1,
            Unit::Share => 0.01,
            Unit::Count | Unit::Plain => 1.0,
        };
        let least = match self.unit {
            Unit::Count => 1.0,
            Unit::Share | Unit::Time => 0.1,
            Unit::Plain => 0.01,
        };
        let rough = (span / scale / 4.0).max(least);
        let power = 10_f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power);
        let step = round.into_iter().find(|step| *step >= rough * 0.999);
        step.unwrap_or(rough) * scale
    }
}
