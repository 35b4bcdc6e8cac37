//! The decisions of a team as a table of any length, written as they come.

use std::io::Write;

use crate::error::ReportError;
use crate::table::{Format, guarded};

/// Columns, in order.
pub const TEAM_DECISION_COLUMNS: [&str; 10] = [
    "decision_id",
    "item_id",
    "day",
    "queue",
    "policy",
    "action",
    "severity",
    "unsure",
    "review",
    "standing",
];

/// Writes one row after the other; nothing is gathered.
pub struct TeamLines<W: Write> {
    to: To<W>,
}

enum To<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
}

impl<W: Write> TeamLines<W> {
    /// Begins a table, in CSV with its header.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn begin(out: W, format: Format) -> Result<Self, ReportError> {
        let to = match format {
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(out);
                csv.write_record(TEAM_DECISION_COLUMNS)?;
                To::Csv(Box::new(csv))
            }
            Format::JsonLines => To::Json(out),
        };
        Ok(Self { to })
    }

    /// Writes one row: the cells of [`TEAM_DECISION_COLUMNS`], severity and unsure apart.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`].
    pub fn row(&mut self, words: [&str; 8], severity: u8, unsure: bool) -> Result<(), ReportError> {
        let [id, item, day, queue, policy, action, review, standing] = words;
        match &mut self.to {
            To::Csv(csv) => {
                let grade = [severity.min(9) + b'0'];
                let unsure: &[u8] = if unsure { b"true" } else { b"false" };
                for word in [id, item, day, queue, policy, action] {
                    csv.write_field(guarded(word).as_bytes())?;
                }
                csv.write_field(grade)?;
                csv.write_field(unsure)?;
                csv.write_field(guarded(review).as_bytes())?;
                csv.write_field(guarded(standing).as_bytes())?;
                csv.write_record(None::<&[u8]>)?;
            }
            To::Json(out) => {
                let cells = serde_json::json!([
                    id, item, day, queue, policy, action, severity, unsure, review, standing
                ]);
                let mut before = '{';
                let cells = cells.as_array().into_iter().flatten();
                for (column, cell) in TEAM_DECISION_COLUMNS.iter().zip(cells) {
                    write!(out, "{before}\"{column}\":{cell}")?;
                    before = ',';
                }
                out.write_all(b"}\n")?;
            }
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`].
    pub fn end(self) -> Result<(), ReportError> {
        match self.to {
            To::Csv(mut csv) => csv.flush()?,
            To::Json(mut out) => out.flush()?,
        }
        Ok(())
    }
}
