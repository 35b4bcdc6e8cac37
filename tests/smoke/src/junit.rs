//! The report that CI systems read: JUnit XML as the xUnit plug-in of Jenkins has it in its schema.

use std::fmt::Write;
use std::fs::{OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use scrim_model::Timestamp;
use tempfile::{Builder, NamedTempFile};

/// How a report is called, beside its place, until it is whole.
const PART: &str = ".scrim-smoke-";

/// One journey's result.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Which of the rings it belongs to.
    pub(crate) class: &'static str,
    pub(crate) seconds: f64,
    pub(crate) failure: Option<String>,
    /// Ids of what was done.
    pub(crate) actions: Vec<&'static str>,
}

/// Whether a report can be written there, asked before anything is run: what is there stays as it
/// is, and what is not there is not there afterwards either. Otherwise why, in words.
pub(crate) fn may_be_written(file: &Path) -> Result<(), String> {
    // To open a pipe and close it again would end its reader.
    if file
        .metadata()
        .is_ok_and(|there| there.file_type().is_fifo())
    {
        return Ok(());
    }
    let is_new = file.symlink_metadata().is_err();
    let opened = OpenOptions::new().append(true).create(true).open(file);
    let tried = opened.and_then(|_| match is_new {
        true => std::fs::remove_file(file),
        false => Ok(()),
    });
    let tried = tried.and_then(|()| match is_special(file) {
        true => Ok(()),
        false => beside(file).map(drop),
    });
    tried.map_err(|fault| {
        let file = file.display();
        format!("The report cannot be written to {file}: {fault}.")
    })
}

/// Writes the report. One that was there before stays as it was until the new one is whole and on the disk. Otherwise
/// why not, in words.
pub(crate) fn write(file: &Path, report: &str) -> Result<(), String> {
    let (written, kept) = match is_special(file) {
        true => (std::fs::write(file, report), ""),
        false => (
            replace(file, report),
            " A report that was there before is as it was.",
        ),
    };
    written.map_err(|fault| {
        let file = file.display();
        format!(
            "The report could not be written to {file}: {fault}.{kept} The results are those above. Make room there, or name another file."
        )
    })
}

/// Whether what is there is no ordinary file, such as a pipe, a device or a link: that is written to in its place.
fn is_special(file: &Path) -> bool {
    file.symlink_metadata().is_ok_and(|there| !there.is_file())
}

/// A new file beside it, which may be read by whom it may be. It is removed with the value.
fn beside(file: &Path) -> std::io::Result<NamedTempFile> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let part = Builder::new()
        .prefix(PART)
        // As any new file: the umask says who may not.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    if let Ok(old) = file.metadata() {
        part.as_file().set_permissions(old.permissions())?;
    }
    Ok(part)
}

fn replace(file: &Path, report: &str) -> std::io::Result<()> {
    let mut part = beside(file)?;
    part.write_all(report.as_bytes())?;
    part.as_file().sync_all()?;
    part.persist(file)?;
    Ok(())
}

/// One suite with a case for each row. What was done is the case's output.
pub(crate) fn report(rows: &[Row], at: Timestamp) -> String {
    let failures = rows.iter().filter(|row| row.failure.is_some()).count();
    let seconds: f64 = rows.iter().map(|row| row.seconds).sum();
    let counts = format!(
        r#"tests="{}" failures="{failures}" errors="0" time="{seconds:.3}""#,
        rows.len()
    );
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite name=\"scrim-smoke\" {counts} timestamp=\"{}\">\n",
        String::from(at)
    );
    for row in rows {
        out.push_str(&case(row));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(row: &Row) -> String {
    let mut out = format!(
        r#"    <testcase classname="{}" name="{}" time="{:.3}""#,
        row.class, row.name, row.seconds
    );
    let mut inside = String::new();
    if let Some(why) = &row.failure {
        let why = escaped(why);
        inside = format!("      <failure type=\"journey\" message=\"{why}\">{why}</failure>\n");
    }
    if !row.actions.is_empty() {
        let actions = row.actions.join(" ");
        let line = writeln!(inside, "      <system-out>actions: {actions}</system-out>");
        line.expect("a text takes every line");
    }
    out.push_str(&match inside.as_str() {
        "" => "/>\n".to_owned(),
        inside => format!(">\n{inside}    </testcase>\n"),
    });
    out
}

/// As XML may hold it. Characters that it may not hold at all become the sign for that.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
#[path = "junit_tests.rs"]
mod tests;
