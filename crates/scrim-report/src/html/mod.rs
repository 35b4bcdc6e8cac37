//! The report: one HTML file that needs nothing else, no script, no network. Charts are inline SVG, and each stands
//! beside the table of its numbers.

pub(crate) mod chart;
mod days;
mod sections;
pub(crate) mod text;

use std::io::Write;

use crate::error::ReportError;
pub(crate) use crate::html::text::escaped;
use crate::html::text::{count_of, seconds, whole};
use crate::summary::{EXPLANATIONS, NOT_KNOWN, Summary};
use crate::suppress::Figure;

pub(crate) const STYLE: &str = include_str!("style.css");

/// Even a file with somebody else's words in it could not run or fetch anything.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

impl Summary {
    /// Writes it as a report for people.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write_html(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        let (from, to) = (escaped(&self.period.from), escaped(&self.period.to));
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n\
             <title>Decisions of one desk, {from} to {to}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        )?;
        out.write_all(self.head(&from, &to).as_bytes())?;
        out.write_all(b"<main>\n")?;
        out.write_all(days::section(self).as_bytes())?;
        for section in sections::all(self) {
            out.write_all(section.as_bytes())?;
        }
        out.write_all(meanings().as_bytes())?;
        out.write_all(
            b"</main>\n<footer><p>Written by Scrim from the records of one desk. Nothing of an item and nobody\xe2\x80\x99s name is in this report.</p></footer>\n</body>\n</html>\n",
        )?;
        out.flush()?;
        Ok(())
    }

    /// Title, period, what it was narrowed to, and the few figures that matter most.
    fn head(&self, from: &str, to: &str) -> String {
        let mut filters = String::new();
        let chosen = [
            ("queue", &self.filters.queue),
            ("policy", &self.filters.policy),
            ("action", &self.filters.action),
        ];
        for (what, name) in chosen {
            if let Some(name) = name {
                filters.push_str(&format!(", {what} <strong>{}</strong> only", escaped(name)));
            }
        }
        let all = &self.totals.all;
        let days = self.totals.day.len() as u64;
        let time = |figure: Figure| match (figure.value(), figure.word()) {
            (Some(ms), _) => seconds(ms),
            (None, word) => word.unwrap_or_default().to_owned(),
        };
        let made_of = format!("of {}", count_of(all.times.n, "decision", "decisions"));
        let figures = [
            (
                "Decisions",
                whole(self.count),
                format!("on {}", count_of(days, "day", "days")),
            ),
            (
                "Queues",
                whole(self.totals.queue.len() as u64),
                String::new(),
            ),
            (
                "Active time, median",
                time(all.times.median),
                made_of.clone(),
            ),
            ("Active time, 90 % within", time(all.times.p90), made_of),
        ];
        let figure = |(name, value, says): (&str, String, String)| {
            let says = if says.is_empty() {
                says
            } else {
                format!("<small>{says}</small>")
            };
            format!("<div><dt>{name}</dt><dd>{value}{says}</dd></div>\n")
        };
        let figures: String = figures.into_iter().map(figure).collect();
        format!(
            "<header>\n<h1>Decisions of one desk</h1>\n\
             <p><strong>{from}</strong> to <strong>{to}</strong>, both inside, days in UTC{filters}. n = {}.</p>\n\
             <dl class=\"figures\">\n{figures}</dl>\n</header>\n",
            whole(self.count)
        )
    }
}

/// What each figure is, and what is not there.
fn meanings() -> String {
    let line = |(name, says): &(&str, &str)| {
        let name = escaped(&name.replace('_', " "));
        format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(says))
    };
    let list = |of: &[(&str, &str)]| {
        let lines: String = of.iter().map(line).collect();
        format!("<dl class=\"meanings\">\n{lines}</dl>\n")
    };
    format!(
        "<section>\n<h2>How these figures are made</h2>\n{}</section>\n\
         <section>\n<h2>What this report cannot tell</h2>\n\
         <p>These figures are not 0; the records of a desk do not hold them.</p>\n{}</section>\n",
        list(&EXPLANATIONS),
        list(&NOT_KNOWN)
    )
}
