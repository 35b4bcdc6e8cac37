//! A team's figures as files: one table of all figures (CSV, JSON Lines, workbook), one JSON document, one report.

use std::io::Write;

use scrim_model::Timestamp;
use scrim_wire::window::{TeamFigure, TeamQuery, TeamTable};
use serde_json::{Map, Value, json};

use super::{TeamSource, html, says, team_tables};
use crate::error::ReportError;
use crate::table::{Cell, Format, write_table};
use crate::xlsx::write_sheet;

/// Columns of the table of all figures, in order.
pub const TEAM_COLUMNS: [&str; 6] = ["table", "row", "name", "column", "value", "n"];

/// What there is to write.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamReport {
    query: TeamQuery,
    /// When the server was last read.
    as_of: Option<Timestamp>,
    /// The newest day of which the server tells decisions, where it tells a day when it is over.
    through: Option<String>,
    tables: Vec<TeamTable>,
}

impl TeamReport {
    /// Of `source`, which was read from the server at `as_of`.
    #[must_use]
    pub fn of(source: &TeamSource<'_>, as_of: Option<Timestamp>) -> Self {
        Self {
            query: source.query.clone(),
            as_of,
            through: source.through.map(str::to_owned),
            tables: team_tables(source),
        }
    }

    /// A name for its file, from its days and queue.
    #[must_use]
    pub fn file_name(&self) -> String {
        let plain = |text: &str| -> String {
            let sign = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            text.chars().map(sign).collect()
        };
        let (from, to) = (plain(&self.query.from), plain(&self.query.to));
        let queue = self.query.queue.iter();
        let queue: String = queue.map(|id| format!("-{}", plain(id.as_str()))).collect();
        format!("scrim-team-{from}-{to}{queue}.html")
    }

    /// Decisions that it is of.
    #[must_use]
    pub fn count(&self) -> u64 {
        says::decisions(&self.tables)
    }

    fn rows(&self) -> impl Iterator<Item = [Cell; 6]> {
        self.tables.iter().flat_map(|table| {
            table.rows.iter().flat_map(move |row| {
                let columns = table.kind.columns().iter().zip(&row.cells);
                columns.map(move |(column, figure)| {
                    let text = |text: &str| Cell::Text(text.to_owned());
                    [
                        text(table.kind.id()),
                        text(&row.id),
                        text(&row.name),
                        text(column),
                        cell(*figure),
                        Cell::Number(table.n),
                    ]
                })
            })
        })
    }

    /// Writes one row per figure.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write(&self, out: &mut dyn Write, format: Format) -> Result<(), ReportError> {
        write_table(out, format, &TEAM_COLUMNS, self.rows())
    }

    /// Writes the same as a workbook.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it, [`ReportError::TooManyRows`].
    pub fn write_xlsx(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        write_sheet(out, "Team", &TEAM_COLUMNS, self.rows())
    }

    /// Writes it as one JSON document, each table with its explanation.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write_json(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        let table = |table: &TeamTable| {
            let row = |row: &scrim_wire::window::TeamRow| {
                let mut told = Map::new();
                told.insert("id".to_owned(), json!(row.id));
                told.insert("name".to_owned(), json!(row.name));
                for (column, figure) in table.kind.columns().iter().zip(&row.cells) {
                    told.insert((*column).to_owned(), value(*figure));
                }
                Value::Object(told)
            };
            let (title, explained) = says::table(table.kind);
            json!({
                "table": table.kind.id(),
                "title": title,
                "explained": explained,
                "n": table.n,
                "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
            })
        };
        let document = json!({
            "schema": "scrim.team/1",
            "period": {"from": self.query.from, "to": self.query.to},
            "queue": self.query.queue,
            "as_of": self.as_of,
            "through": self.through,
            "tables": self.tables.iter().map(table).collect::<Vec<_>>(),
        });
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }

    /// Writes it as a report for people: one file, no network, no script.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write_html(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        out.write_all(
            html::document(
                &self.query,
                (self.as_of, self.through.as_deref()),
                &self.tables,
            )
            .as_bytes(),
        )?;
        out.flush()?;
        Ok(())
    }
}

/// A figure, or the word for why there is none.
pub(super) fn cell(figure: TeamFigure) -> Cell {
    match figure {
        TeamFigure::Is(value) => Cell::Fraction(value),
        other => Cell::Text(says::word(other).unwrap_or_default().to_owned()),
    }
}

fn value(figure: TeamFigure) -> Value {
    match figure {
        TeamFigure::Is(x) if x.fract() == 0.0 && x.abs() < 9e15 => json!(x as i64),
        TeamFigure::Is(x) => json!(x),
        other => json!(says::word(other)),
    }
}
