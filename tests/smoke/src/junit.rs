//! The report that CI systems read.

/// One journey's result.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
    pub(crate) failure: Option<String>,
}

/// JUnit XML, one suite.
pub(crate) fn report(rows: &[Row]) -> String {
    let failures = rows.iter().filter(|row| row.failure.is_some()).count();
    let seconds: f64 = rows.iter().map(|row| row.seconds).sum();
    let head = format!(
        r#"tests="{}" failures="{failures}" errors="0" time="{seconds:.3}""#,
        rows.len()
    );
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {head}>\n  <testsuite name=\"scrim-smoke\" {head}>\n"
    );
    for row in rows {
        let case = format!(
            r#"    <testcase classname="scrim.journeys" name="{}" time="{:.3}""#,
            row.name, row.seconds
        );
        match &row.failure {
            None => out.push_str(&format!("{case}/>\n")),
            Some(why) => {
                out.push_str(&format!(
                    "{case}>\n      <failure message=\"{}\"/>\n    </testcase>\n",
                    escaped(why)
                ));
            }
        }
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
}
