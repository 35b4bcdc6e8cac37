//! A table of named columns as CSV (RFC 4180) or JSON Lines.

use std::borrow::Cow;
use std::io::Write;
use std::str::FromStr;

use crate::error::ReportError;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180: UTF-8 without a mark, comma, CRLF, header line, quotes where needed. Cells that a
    /// spreadsheet would take for a formula get a leading `'`.
    Csv,
    /// One JSON object a line, LF, keys in the order of the columns. Words are as they are: the
    /// guard is for spreadsheets.
    JsonLines,
}

impl FromStr for Format {
    type Err = ReportError;
    fn from_str(text: &str) -> Result<Self, ReportError> {
        match text {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::JsonLines),
            _ => Err(ReportError::UnknownFormat),
        }
    }
}

/// One cell. In CSV a missing one is empty, in JSON it is `null`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Number(u64),
    /// A number, which is never guarded: `-12` calculates to itself.
    Signed(i64),
    /// Written with the fewest digits that read back as the same number.
    Fraction(f64),
    Bool(bool),
    /// In CSV joined by `;`.
    List(Vec<String>),
    /// The same of numbers; a missing one is empty in CSV and `null` in JSON.
    Numbers(Vec<Option<u64>>),
    Missing,
}

/// `text` so that a spreadsheet does not calculate it: a cell that starts with `=`, `+`, `-`, `@`,
/// tab or carriage return gets a leading `'` (OWASP, "CSV injection").
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

impl Cell {
    pub(crate) fn csv(self) -> String {
        match self {
            Self::Text(text) => guarded(&text).into_owned(),
            Self::List(texts) => guarded(&texts.join(";")).into_owned(),
            Self::Numbers(numbers) => {
                let text = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
                numbers.into_iter().map(text).collect::<Vec<_>>().join(";")
            }
            Self::Number(n) => n.to_string(),
            Self::Signed(n) => n.to_string(),
            Self::Fraction(x) => x.to_string(),
            Self::Bool(b) => b.to_string(),
            Self::Missing => String::new(),
        }
    }

    fn json(self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.into(),
            Self::List(texts) => texts.into(),
            Self::Numbers(numbers) => numbers.into(),
            Self::Number(n) => n.into(),
            Self::Signed(n) => n.into(),
            // Whole numbers without a point, as in CSV: one number has one spelling.
            Self::Fraction(x) if x.fract() == 0.0 && (0.0..9e15).contains(&x) => (x as u64).into(),
            Self::Fraction(x) => x.into(),
            Self::Bool(b) => b.into(),
            Self::Missing => serde_json::Value::Null,
        }
    }
}

/// Writes the rows and flushes.
pub(crate) fn write_table<const N: usize>(
    out: &mut dyn Write,
    format: Format,
    columns: &[&str; N],
    rows: impl Iterator<Item = [Cell; N]>,
) -> Result<(), ReportError> {
    match format {
        Format::Csv => {
            let mut csv = csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .from_writer(&mut *out);
            csv.write_record(columns)?;
            for row in rows {
                csv.write_record(row.map(Cell::csv))?;
            }
            csv.flush()?;
        }
        Format::JsonLines => {
            for row in rows {
                write_line(out, columns, row)?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// By hand, because a JSON map would sort the columns.
fn write_line<const N: usize>(
    out: &mut dyn Write,
    columns: &[&str; N],
    row: [Cell; N],
) -> Result<(), ReportError> {
    let mut before = '{';
    for (column, cell) in columns.iter().zip(row) {
        let name = serde_json::Value::from(*column);
        write!(out, "{before}{name}:{}", cell.json())?;
        before = ',';
    }
    out.write_all(b"}\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(format: Format, cells: [Cell; 2]) -> Vec<u8> {
        let mut out = Vec::new();
        write_table(
            &mut out,
            format,
            &["first", "second"],
            std::iter::once(cells),
        )
        .expect("memory takes everything");
        out
    }

    #[test]
    fn one_number_has_one_spelling() {
        let cells = || [Cell::Fraction(1_500.0), Cell::Fraction(3.7)];
        assert_eq!(
            written(Format::Csv, cells()),
            b"first,second\r\n1500,3.7\r\n"
        );
        let line = b"{\"first\":1500,\"second\":3.7}\n";
        assert_eq!(written(Format::JsonLines, cells()), line);
    }

    proptest! {
        /// Any text comes back from a CSV reader as it was, but for the guard.
        #[test]
        fn quoting_loses_nothing_and_the_guard_holds(
            start in "[=+@\t\r\n\",;' a-]{0,2}",
            rest in any::<String>(),
            second in any::<String>(),
        ) {
            let first = format!("{start}{rest}");
            let cells = [Cell::Text(first.clone()), Cell::List(vec![second.clone()])];
            let bytes = written(Format::Csv, cells);
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
            prop_assert_eq!(rows.len(), 1);
            for (cell, original) in rows[0].iter().zip([&first, &second]) {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
                let bare = if original.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                    &cell[1..]
                } else {
                    cell
                };
                prop_assert_eq!(bare, original.as_str());
            }
        }

        #[test]
        fn a_json_line_is_one_line_and_reads_back(first in any::<String>(), list in any::<Vec<String>>()) {
            let cells = [Cell::Text(first.clone()), Cell::List(list.clone())];
            let bytes = written(Format::JsonLines, cells);
            prop_assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1);
            let value: serde_json::Value = serde_json::from_slice(&bytes).expect("an object");
            prop_assert_eq!(&value["first"], &serde_json::Value::from(first));
            prop_assert_eq!(&value["second"], &serde_json::Value::from(list));
        }
    }
}
