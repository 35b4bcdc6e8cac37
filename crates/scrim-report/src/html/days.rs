//! Decisions over time: day by day as a chart and a calendar, or month by month where the period is long.

use std::collections::BTreeMap;

use scrim_model::days::{date_number, date_text};

use crate::html::chart::{Bar, over_time};
use crate::html::text::{count_of, escaped, short_date, whole};
use crate::limits::CHART_DAYS_MAX;
use crate::summary::Summary;

/// The Monday of its week. 1970-01-01 was a Thursday.
fn monday(number: i64) -> i64 {
    number - (number + 3).rem_euclid(7)
}

pub(crate) fn section(summary: &Summary) -> String {
    let counts: BTreeMap<&str, u64> = summary
        .totals
        .day
        .iter()
        .map(|day| (day.name.as_str(), day.count))
        .collect();
    let ends = date_number(&summary.period.from).zip(date_number(&summary.drawn_to));
    let drawn = match ends {
        Some((from, to)) if (0..CHART_DAYS_MAX).contains(&(to - from)) => {
            by_day((from, to), &counts)
        }
        _ => by_month(&counts),
    };
    let most = summary.totals.day.iter().max_by_key(|day| day.count);
    let most = most.map_or_else(String::new, |most| {
        let count = count_of(most.count, "decision", "decisions");
        format!(" The day with most: {}, {count}.", escaped(&most.name))
    });
    let days = count_of(counts.len() as u64, "day has", "days have");
    format!(
        "<section>\n<h2>Decisions over time</h2>\n<p>{days} decisions.{most}</p>\n{drawn}</section>\n"
    )
}

fn figure(bars: &[Bar]) -> String {
    let chart = over_time(
        "over-time",
        "Decisions over time, as in the table below",
        bars,
    );
    format!("<figure class=\"wide\">{chart}</figure>\n")
}

fn by_day((from, to): (i64, i64), counts: &BTreeMap<&str, u64>) -> String {
    let count = |number: i64| {
        counts
            .get(date_text(number).as_str())
            .copied()
            .unwrap_or_default()
    };
    let bar = |number| Bar {
        name: date_text(number),
        value: count(number),
    };
    let bars: Vec<Bar> = (from..=to).map(bar).collect();
    let mut weeks = String::new();
    let mut start = monday(from);
    while start <= to {
        let days = start..start + 7;
        let cell = |number: i64| {
            if number < from || number > to {
                return "<td class=\"none\"></td>".to_owned();
            }
            let (day, count) = (date_text(number), count(number));
            let none = if count == 0 { " class=\"none\"" } else { "" };
            format!(
                "<td{none} data-name=\"{day}\" data-value=\"{count}\">{}</td>",
                whole(count)
            )
        };
        let sum = days
            .clone()
            .filter(|n| (from..=to).contains(n))
            .map(count)
            .sum();
        let cells: String = days.map(cell).collect();
        weeks.push_str(&format!(
            "<tr><th scope=\"row\">{}</th>{cells}<td>{}</td></tr>\n",
            short_date(&date_text(start)),
            whole(sum)
        ));
        start += 7;
    }
    let names: String = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Week"]
        .into_iter()
        .map(|name| format!("<th scope=\"col\">{name}</th>"))
        .collect();
    format!(
        "{}<table class=\"calendar\">\n<caption>Decisions on each day, by weeks from Monday to Sunday</caption>\n\
         <thead><tr><th scope=\"col\">Week of</th>{names}</tr></thead>\n<tbody>\n{weeks}</tbody>\n</table>\n",
        figure(&bars)
    )
}

fn by_month(counts: &BTreeMap<&str, u64>) -> String {
    let mut months: BTreeMap<String, u64> = BTreeMap::new();
    for (day, count) in counts {
        let month = day.rsplit_once('-').map_or(*day, |(month, _)| month);
        *months.entry(month.to_owned()).or_default() += count;
    }
    let bar = |(name, value): (&String, &u64)| Bar {
        name: name.clone(),
        value: *value,
    };
    let bars: Vec<Bar> = months.iter().map(bar).collect();
    let row = |bar: &Bar| {
        format!(
            "<tr><th scope=\"row\">{}</th><td data-name=\"{}\" data-value=\"{}\">{}</td></tr>\n",
            escaped(&short_date(&bar.name)),
            escaped(&bar.name),
            bar.value,
            whole(bar.value)
        )
    };
    let rows: String = bars.iter().map(row).collect();
    format!(
        "{}<table>\n<caption>Decisions in each month; months without any are left out</caption>\n\
         <thead><tr><th scope=\"col\">Month</th><th scope=\"col\">Decisions</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
        figure(&bars)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        let of = |text| date_text(monday(date_number(text).expect("a day")));
        assert_eq!(of("2026-02-01"), "2026-01-26");
        assert_eq!(of("2026-02-02"), "2026-02-02");
        assert_eq!(of("1969-12-31"), "1969-12-29");
    }
}
