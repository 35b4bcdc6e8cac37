//! The same tables as a workbook for spreadsheets (Office Open XML).
//!
//! Text is text and never a formula, and is guarded as in CSV all the same, because a workbook is often saved as CSV.
//! The times that a workbook holds about itself are fixed, so that two exports are the same bytes.
//!
//! A workbook is made in memory. The library can write rows to a temporary file as they come (`constant_memory`), which
//! could lie without a name in the export's own folder. It is not used, because its writing to that file panics where the
//! disk is full, and an export has to say that and leave the older file. What goes to standard output has no folder of
//! its own besides, and rows of records must not lie in a shared one. CSV and JSON Lines are written as they come.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::error::ReportError;
use crate::limits::{SHEET_COLUMN_WIDTH_MIN, SHEET_ROWS_MAX};
use crate::table::Cell;

/// Greatest whole number that a sheet, which counts in `f64`, holds as it is.
const EXACT_MAX: u64 = 1 << 53;

/// Writes one sheet with a header line that stays in view.
pub(crate) fn write_sheet<const N: usize>(
    out: &mut dyn Write,
    name: &str,
    columns: &[&str; N],
    rows: impl Iterator<Item = [Cell; N]>,
) -> Result<(), ReportError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(format!("Scrim: {name}"))
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    header(sheet, columns)?;
    for (n, row) in rows.enumerate() {
        let line = u32::try_from(n + 1).unwrap_or(u32::MAX);
        if line >= SHEET_ROWS_MAX {
            return Err(ReportError::TooManyRows);
        }
        for (column, cell) in (0_u16..).zip(row) {
            put(sheet, line, column, cell)?;
        }
    }
    out.write_all(&workbook.save_to_buffer()?)?;
    out.flush()?;
    Ok(())
}

fn header(sheet: &mut Worksheet, columns: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        let width = u16::try_from(name.len() + 2).unwrap_or(SHEET_COLUMN_WIDTH_MIN);
        sheet.set_column_width(column, width.max(SHEET_COLUMN_WIDTH_MIN))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Numbers as numbers, as far as they fit; everything else as the text that CSV has.
fn put(sheet: &mut Worksheet, line: u32, column: u16, cell: Cell) -> Result<(), XlsxError> {
    let number = match &cell {
        Cell::Missing => return Ok(()),
        Cell::Number(n) if *n <= EXACT_MAX => Some(*n as f64),
        Cell::Signed(n) if n.unsigned_abs() <= EXACT_MAX => Some(*n as f64),
        Cell::Fraction(x) if x.is_finite() => Some(*x),
        _ => None,
    };
    match number {
        Some(number) => sheet.write_number(line, column, number)?,
        None => sheet.write_string(line, column, cell.csv())?,
    };
    Ok(())
}
