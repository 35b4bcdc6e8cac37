//! The report's sections on policies, actions, queues, doubt and time.

use crate::html::chart::{Bar, Range, lying, of_most, ranges};
use crate::html::text::{
    cells, escaped, named, per_cent, per_cent_axis, seconds, seconds_axis, whole,
};
use crate::summary::{Summary, Total};
use crate::suppress::{Figure, Times};

pub(crate) fn all(summary: &Summary) -> [String; 5] {
    let totals = &summary.totals;
    let counts = |of: &[Total]| of.iter().map(|t| bar(&t.name, t.count)).collect::<Vec<_>>();
    let actions = totals
        .action
        .iter()
        .map(|t| bar(&t.name, t.count))
        .collect();
    [
        counted(
            "policy",
            "Decisions by policy",
            "A decision counts for its first policy; \u{201c}(none)\u{201d} has none.",
            counts(&totals.policy),
        ),
        counted(
            "action",
            "Decisions by action",
            "A decision counts for its first action.",
            actions,
        ),
        counted(
            "queue",
            "Decisions by queue",
            "The queue that the item came from.",
            counts(&totals.queue),
        ),
        unsure(summary),
        time(summary),
    ]
}

fn bar(name: &str, value: u64) -> Bar {
    Bar {
        name: name.to_owned(),
        value,
    }
}

fn head(columns: &[&str]) -> String {
    let column = |name: &&str| format!("<th scope=\"col\">{}</th>", escaped(name));
    let columns: String = columns.iter().map(column).collect();
    format!("<thead><tr>{columns}</tr></thead>\n")
}

/// A chart and its table beside each other.
fn beside(chart: &str, table: &str) -> String {
    format!("<div class=\"beside\">\n<figure>{chart}</figure>\n{table}</div>\n")
}

fn counted(what: &str, title: &str, says: &str, mut bars: Vec<Bar>) -> String {
    let chart = lying(
        &format!("by-{what}"),
        &format!("{title}, as in the table beside it"),
        bars.clone(),
    );
    bars.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    let sum: u64 = bars.iter().map(|bar| bar.value).sum();
    let row = |bar: &Bar| {
        let share = if sum == 0 {
            0.0
        } else {
            bar.value as f64 / sum as f64
        };
        format!(
            "<tr><th scope=\"row\">{}</th><td data-name=\"{}\" data-value=\"{}\">{}</td><td>{}</td></tr>\n",
            named(&bar.name),
            escaped(&bar.name),
            bar.value,
            whole(bar.value),
            per_cent(share)
        )
    };
    let rows: String = bars.iter().map(row).collect();
    let mut name = what.to_owned();
    name[..1].make_ascii_uppercase();
    let table = format!(
        "<table id=\"table-{what}\">\n<caption>{title}; n = {}</caption>\n{}<tbody>\n{rows}</tbody>\n</table>\n",
        whole(sum),
        head(&[&name, "Decisions", "Share"])
    );
    format!(
        "<section>\n<h2>{title}</h2>\n<p>{says}</p>\n{}</section>\n",
        beside(&chart, &table)
    )
}

fn unsure(summary: &Summary) -> String {
    let part = |what: &str, title: &str, of: &[Total]| {
        let drawn = |total: &Total| {
            let rate = &total.rate;
            let (low, point, high) = (rate.low.value()?, rate.share.value()?, rate.high.value()?);
            let says = format!(
                "{}, {} to {}",
                per_cent(point),
                per_cent(low),
                per_cent(high)
            );
            let name = total.name.clone();
            Some(Range {
                name,
                n: rate.n,
                low,
                point,
                high,
                says,
            })
        };
        let drawn: Vec<Range> = of.iter().filter_map(drawn).collect();
        let row = |total: &Total| {
            let rate = &total.rate;
            let n = Figure::Is(rate.n as f64);
            let count = |n: f64| whole(n as u64);
            let cells = cells(&[
                (rate.part, &count),
                (n, &count),
                (rate.share, &per_cent),
                (rate.low, &per_cent),
                (rate.high, &per_cent),
            ]);
            format!(
                "<tr data-name=\"{}\"><th scope=\"row\">{}</th>{cells}</tr>\n",
                escaped(&total.name),
                named(&total.name)
            )
        };
        let rows: String = of.iter().map(row).collect();
        let table = format!(
            "<table id=\"table-unsure-{what}\">\n<caption>Decisions marked unsure, by {what}</caption>\n{}<tbody>\n{rows}</tbody>\n</table>\n",
            head(&[title, "Unsure", "Of", "Share", "From", "To"])
        );
        chart_or_word(
            &format!("unsure-{what}"),
            &format!("Share of unsure decisions by {what}"),
            &drawn,
            per_cent_axis,
            &table,
        )
    };
    format!(
        "<section>\n<h2>Unsure decisions</h2>\n\
         <p>The point is the share that was marked unsure. The line around it says where the true share lies with 95 % confidence (Wilson): the fewer decisions, the longer. Groups of fewer than five decisions are left out.</p>\n\
         <h3>By policy</h3>\n{}<h3>By queue</h3>\n{}</section>\n",
        part("policy", "Policy", &summary.totals.policy),
        part("queue", "Queue", &summary.totals.queue)
    )
}

fn time(summary: &Summary) -> String {
    let totals = &summary.totals;
    let with = |of: &[Total]| {
        let pairs = of.iter().map(|t| (t.name.clone(), t.times));
        pairs.collect::<Vec<_>>()
    };
    let actions: Vec<_> = totals
        .action
        .iter()
        .map(|t| (t.name.clone(), t.times))
        .collect();
    format!(
        "<section>\n<h2>Active time of a decision</h2>\n\
         <p>The point is the median, the line reaches to the time that nine of ten did not exceed. Breaks and idling are not in it, nor are groups of fewer than five decisions, and groups with an item of severity 3 or 4.</p>\n\
         <h3>By policy</h3>\n{}<h3>By action</h3>\n{}<h3>By queue</h3>\n{}</section>\n",
        timed("policy", "Policy", &with(&totals.policy)),
        timed("action", "Action", &actions),
        timed("queue", "Queue", &with(&totals.queue))
    )
}

fn timed(what: &str, title: &str, of: &[(String, Times)]) -> String {
    let drawn = |(name, times): &(String, Times)| {
        let (point, high) = (times.median.value()?, times.p90.value()?);
        let says = format!("median {}, 90 % within {}", seconds(point), seconds(high));
        Some(Range {
            name: name.clone(),
            n: times.n,
            low: point,
            point,
            high,
            says,
        })
    };
    let drawn: Vec<Range> = of.iter().filter_map(drawn).collect();
    let row = |(name, times): &(String, Times)| {
        let n = Figure::Is(times.n as f64);
        let cells = cells(&[
            (times.median, &seconds),
            (times.p90, &seconds),
            (n, &|n| whole(n as u64)),
        ]);
        format!(
            "<tr data-name=\"{}\"><th scope=\"row\">{}</th>{cells}</tr>\n",
            escaped(name),
            named(name)
        )
    };
    let rows: String = of.iter().map(row).collect();
    let table = format!(
        "<table id=\"table-time-{what}\">\n<caption>Active time by {what}, severity 0 to 2</caption>\n{}<tbody>\n{rows}</tbody>\n</table>\n",
        head(&[title, "Median", "90 % within", "Of decisions"])
    );
    chart_or_word(
        &format!("time-{what}"),
        &format!("Active time by {what}"),
        &drawn,
        seconds_axis,
        &table,
    )
}

/// The chart beside its table, or a word that there is nothing to draw.
fn chart_or_word(
    id: &str,
    title: &str,
    drawn: &[Range],
    label: impl Fn(f64) -> String,
    table: &str,
) -> String {
    if drawn.is_empty() {
        return beside(
            "<p>Nothing that could be drawn: every group is too small or left out.</p>",
            table,
        );
    }
    let title = format!("{title}, as in the table beside it");
    let (shown, left) = of_most(drawn);
    let mut chart = ranges(id, &title, &shown, label);
    if left > 0 {
        chart.push_str(&format!(
            "<figcaption>Those of most decisions; {left} more are in the table.</figcaption>"
        ));
    }
    beside(&chart, table)
}
