//! The report for people, of the same tables.

use scrim_model::Timestamp;
use scrim_wire::window::{TeamFigure, TeamQuery, TeamRow, TeamTable, TeamTableKind};

use super::says::{self, word};
use crate::html::chart::{Bar, Range, lying, of_most, over_time, ranges};
use crate::html::text::{escaped, exact, named, per_cent, per_cent_axis, whole};
use crate::html::{POLICY, STYLE};

pub(super) fn document(
    query: &TeamQuery,
    (as_of, through): (Option<Timestamp>, Option<&str>),
    tables: &[TeamTable],
) -> String {
    let (from, to) = (escaped(&query.from), escaped(&query.to));
    let queue = query.queue.as_ref().map_or_else(String::new, |queue| {
        format!(", queue <strong>{}</strong> only", escaped(queue.as_str()))
    });
    let as_of = as_of.map_or_else(
        || "The queue server was never read to its end.".to_owned(),
        |at| format!("As the queue server told it on {}.", minute(at)),
    );
    let through = through.map_or_else(String::new, |day| {
        format!(" It tells a day when it is over: up to {}.", escaped(day))
    });
    let sections: String = tables.iter().map(section).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n\
         <title>Decisions of a team, {from} to {to}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>Decisions of a team</h1>\n\
         <p><strong>{from}</strong> to <strong>{to}</strong>, both inside, days in UTC{queue}. n = {}. {as_of}{through}</p>\n</header>\n\
         <main>\n{sections}</main>\n\
         <footer><p>Written by Scrim. Nothing of an item and nobody\u{2019}s name is in this report. Times, and shares of unsure, are made of whole groups only: all decisions of one day, queue, policy and action, five at least. Other shares are of everything that is selected, from five on.</p></footer>\n</body>\n</html>\n",
        whole(says::decisions(tables))
    )
}

/// Day and time in UTC, to the minute.
fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let time = time.get(..5).unwrap_or(time);
    format!("{} at {} UTC", escaped(day), escaped(time))
}

fn section(table: &TeamTable) -> String {
    let (title, explained) = says::table(table.kind);
    let (title, explained) = (escaped(title), escaped(explained));
    let (id, n) = (table.kind.id(), whole(table.n));
    if table.rows.is_empty() {
        return format!(
            "<section>\n<h2>{title}</h2>\n<p>{explained}</p>\n<p>Nothing in this period.</p>\n</section>\n"
        );
    }
    let columns: String = table
        .kind
        .columns()
        .iter()
        .map(|column| format!("<th scope=\"col\">{}</th>", escaped(says::column(column))))
        .collect();
    let rows: String = table.rows.iter().map(|row| line(table.kind, row)).collect();
    let wide = table.kind == TeamTableKind::Days;
    let shown = format!(
        "<table id=\"table-{id}\">\n<caption>{title}; n = {n}</caption>\n<thead><tr><th scope=\"col\"></th>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    );
    let chart = chart(table, &title);
    let beside = match wide {
        true => format!("<figure class=\"wide\">{chart}</figure>\n{shown}"),
        false => format!("<div class=\"beside\">\n<figure>{chart}</figure>\n{shown}</div>\n"),
    };
    format!("<section>\n<h2>{title}</h2>\n<p>{explained}</p>\n{beside}</section>\n")
}

/// A row's name as a person reads it.
fn name(kind: TeamTableKind, row: &TeamRow) -> String {
    match row.name.as_str() {
        "" => says::row(kind, &row.id).to_owned(),
        name => name.to_owned(),
    }
}

fn line(kind: TeamTableKind, row: &TeamRow) -> String {
    let cells: String = kind
        .columns()
        .iter()
        .zip(&row.cells)
        .map(|(column, figure)| match figure {
            TeamFigure::Is(value) => format!(
                "<td data-column=\"{column}\" data-value=\"{}\">{}</td>",
                exact(*value),
                escaped(&for_people(column, *value))
            ),
            other => format!(
                "<td class=\"word\" data-column=\"{column}\">{}</td>",
                word(*other).unwrap_or_default()
            ),
        })
        .collect();
    format!(
        "<tr data-row=\"{}\"><th scope=\"row\">{}</th>{cells}</tr>\n",
        escaped(&row.id),
        named(&name(kind, row))
    )
}

fn for_people(column: &str, value: f64) -> String {
    match column {
        "share" | "low" | "high" | "prevalence" => per_cent(value),
        "value" => format!("{value:.3}"),
        _ if column.ends_with("-s") => duration(value),
        _ => whole(value as u64),
    }
}

/// Seconds in the unit that a person would choose.
fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s < 60.0 => (s, "s"),
        s if s < 3_600.0 => (s / 60.0, "min"),
        s if s < 172_800.0 => (s / 3_600.0, "h"),
        s => (s / 86_400.0, "d"),
    };
    format!("{value:.1}\u{202f}{unit}")
}

/// Which columns of a table are drawn: the point and what lies around it, or a bar.
enum Drawn {
    OverTime(&'static str),
    Bars(&'static str),
    Ranges(&'static str, &'static str, &'static str),
}

fn drawn(kind: TeamTableKind) -> Drawn {
    match kind {
        TeamTableKind::Days => Drawn::OverTime("count"),
        TeamTableKind::Policies | TeamTableKind::Actions => Drawn::Bars("count"),
        TeamTableKind::TimeToAction => Drawn::Ranges("median-s", "median-s", "p90-s"),
        TeamTableKind::Backlog => Drawn::Bars("open"),
        TeamTableKind::Agreement => Drawn::Bars("value"),
        TeamTableKind::Sla
        | TeamTableKind::UnsureByQueue
        | TeamTableKind::UnsureByPolicy
        | TeamTableKind::NotMe
        | TeamTableKind::Overturns
        | TeamTableKind::Detectors => Drawn::Ranges("low", "share", "high"),
    }
}

fn figure(kind: TeamTableKind, row: &TeamRow, column: &str) -> Option<f64> {
    let at = kind.columns().iter().position(|known| *known == column)?;
    match row.cells.get(at) {
        Some(TeamFigure::Is(value)) => Some(*value),
        _ => None,
    }
}

fn chart(table: &TeamTable, title: &str) -> String {
    let kind = table.kind;
    let (id, title) = (
        format!("chart-{}", kind.id()),
        format!("{title}, as in its table"),
    );
    let bars = |column: &str| {
        let bar = |row: &TeamRow| {
            let value = figure(kind, row, column)?;
            Some(Bar {
                name: name(kind, row),
                value: value as u64,
            })
        };
        table.rows.iter().filter_map(bar).collect::<Vec<_>>()
    };
    let nothing = "<p>Nothing that could be drawn: every figure is a word.</p>".to_owned();
    match drawn(kind) {
        Drawn::OverTime(column) => over_time(&id, &title, &bars(column)),
        Drawn::Bars("value") => {
            let point = |row: &TeamRow| {
                let value = figure(kind, row, "value")?.max(0.0);
                Some(range(kind, row, (0.0, value, value)))
            };
            let points: Vec<Range> = table.rows.iter().filter_map(point).collect();
            match points.is_empty() {
                true => nothing,
                false => ranges(&id, &title, &points, |value| format!("{value:.2}")),
            }
        }
        Drawn::Bars(column) => lying(&id, &title, bars(column)),
        Drawn::Ranges(low, point, high) => {
            let of = |row: &TeamRow| {
                let at = |column| figure(kind, row, column);
                Some(range(kind, row, (at(low)?, at(point)?, at(high)?)))
            };
            let all: Vec<Range> = table.rows.iter().filter_map(of).collect();
            let (shown, _) = of_most(&all);
            match (shown.is_empty(), point) {
                (true, _) => nothing,
                (_, "share") => ranges(&id, &title, &shown, per_cent_axis),
                _ => ranges(&id, &title, &shown, duration),
            }
        }
    }
}

fn range(kind: TeamTableKind, row: &TeamRow, (low, point, high): (f64, f64, f64)) -> Range {
    let column = match drawn(kind) {
        Drawn::OverTime(column) | Drawn::Bars(column) | Drawn::Ranges(_, column, _) => column,
    };
    Range {
        name: name(kind, row),
        n: figure(kind, row, "n").unwrap_or_default() as u64,
        low,
        point,
        high,
        says: for_people(column, point),
    }
}
