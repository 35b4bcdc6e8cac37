//! The statistics as JSON, as a report and as a workbook say the same as the table does.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use roxmltree::{Document, Node};
use scrim_model::Timestamp;
use scrim_report::{DecisionRow, Format, Period, Selection, StatsTable, Summary};
use serde_json::Value;
use support::*;

fn february() -> Selection {
    Selection::of(Period {
        from: Timestamp::parse("2026-02-01T00:00:00Z").unwrap(),
        to: Timestamp::parse("2026-03-01T00:00:00Z").unwrap(),
    })
}

/// All of February is over.
fn later() -> Timestamp {
    Timestamp::parse("2026-03-04T10:00:00Z").unwrap()
}

fn summary(rows: &[DecisionRow]) -> Summary {
    Summary::of(rows, &february(), later())
}

fn json(rows: &[DecisionRow]) -> Value {
    let mut out = Vec::new();
    summary(rows).write_json(&mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn html(rows: &[DecisionRow]) -> String {
    let mut out = Vec::new();
    summary(rows).write_html(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn csv(rows: &[DecisionRow]) -> Vec<BTreeMap<String, String>> {
    let mut out = Vec::new();
    StatsTable::of(rows, &february(), later())
        .write(&mut out, Format::Csv)
        .unwrap();
    let mut reader = csv::Reader::from_reader(out.as_slice());
    reader.deserialize().map(Result::unwrap).collect()
}

fn sums(rows: &[BTreeMap<String, String>], by: &str, what: &str) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(row[by].clone()).or_default() += row[what].parse::<u64>().unwrap();
    }
    sums
}

#[test]
fn json_says_what_the_table_says() {
    let rows = a_month(900);
    let (table, document) = (csv(&rows), json(&rows));
    let told = document["rows"].as_array().unwrap();
    assert_eq!(told.len(), table.len());
    let (mut times, mut too_few, mut withheld) = (0, 0, 0);
    for (row, told) in table.iter().zip(told) {
        for column in ["day", "queue", "policy", "action"] {
            assert_eq!(
                told[column].as_str().unwrap(),
                row[column].trim_start_matches('\'')
            );
        }
        assert_eq!(told["count"].to_string(), row["count"]);
        for column in ["handle_ms_median", "handle_ms_p90"] {
            match &told[column] {
                Value::Number(number) => {
                    assert!(is_close(
                        number.as_f64().unwrap(),
                        row[column].parse().unwrap()
                    ));
                    times += 1;
                }
                Value::String(word) => {
                    assert_eq!(&row[column], word);
                    too_few += u32::from(word == "too few");
                    withheld += u32::from(word == "withheld");
                }
                other => panic!("{other}"),
            }
        }
    }
    assert!(
        times > 20 && too_few > 20 && withheld > 20,
        "{times} {too_few} {withheld}"
    );
    for by in ["day", "queue", "policy", "action"] {
        let totals = document["totals"][by].as_array().unwrap();
        let told: BTreeMap<String, u64> = totals
            .iter()
            .map(|t| {
                (
                    t["name"].as_str().unwrap().to_owned(),
                    t["count"].as_u64().unwrap(),
                )
            })
            .collect();
        let sums: BTreeMap<String, u64> = sums(&table, by, "count")
            .into_iter()
            .map(|(name, n)| (name.trim_start_matches('\'').to_owned(), n))
            .collect();
        assert_eq!(told, sums, "{by}");
    }
    assert_eq!(document["count"], document["totals"]["all"]["count"]);
}

#[test]
fn an_empty_document_says_so_in_words() {
    let document = json(&[]);
    assert_eq!(document["count"], 0);
    assert_eq!(document["totals"]["all"]["handle_ms_median"], "not defined");
    let not_known = document["not_known"].as_object().unwrap();
    assert!(
        not_known
            .values()
            .all(|word| word.as_str().unwrap().starts_with("not known: "))
    );
    assert!(html(&[]).contains("0 days have decisions"));
}

#[test]
fn the_unsure_rate_is_told_by_queue_and_policy_only() {
    let document = json(&a_month(900));
    let totals = &document["totals"];
    let has = |value: &Value| value.to_string().contains("unsure");
    assert!(has(&totals["queue"]) && has(&totals["policy"]));
    assert!(!has(&totals["day"]) && !has(&totals["action"]) && !has(&totals["all"]));
    assert!(!has(&document["rows"]));
    let queue = &totals["queue"][0];
    let (part, n) = (
        queue["unsure"].as_f64().unwrap(),
        queue["unsure_n"].as_f64().unwrap(),
    );
    assert_eq!(queue["unsure_share"].as_f64().unwrap(), part / n);
}

/// What the marks of a chart, or the cells of a table, say: names and numbers.
fn values(node: Node<'_, '_>) -> BTreeMap<String, String> {
    let named = node
        .descendants()
        .filter(|n| n.has_attribute("data-name") && n.has_attribute("data-value"));
    named
        .map(|n| {
            (
                n.attribute("data-name").unwrap().to_owned(),
                n.attribute("data-value").unwrap().to_owned(),
            )
        })
        .collect()
}

fn parsed(html: &str) -> Document<'_> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    Document::parse_with_options(html, options).unwrap()
}

fn chart<'a>(page: &'a Document<'_>, id: &str) -> Node<'a, 'a> {
    let title = page.descendants().find(|n| n.attribute("id") == Some(id));
    title
        .unwrap_or_else(|| panic!("no chart {id}"))
        .parent()
        .unwrap()
}

fn table<'a>(page: &'a Document<'_>, id: &str) -> Node<'a, 'a> {
    page.descendants()
        .find(|n| n.attribute("id") == Some(id))
        .unwrap()
}

#[test]
fn charts_their_tables_and_the_csv_have_the_same_numbers() {
    let rows = a_month(900);
    let (page, rows) = (html(&rows), csv(&rows));
    let page = parsed(&page);
    let text = |sums: BTreeMap<String, u64>| -> BTreeMap<String, String> {
        let bare =
            |(name, n): (String, u64)| (name.trim_start_matches('\'').to_owned(), n.to_string());
        sums.into_iter().map(bare).collect()
    };
    for by in ["policy", "action", "queue"] {
        let sums = text(sums(&rows, by, "count"));
        assert_eq!(values(chart(&page, &format!("by-{by}"))), sums, "{by}");
        assert_eq!(values(table(&page, &format!("table-{by}"))), sums, "{by}");
    }
    let days = values(chart(&page, "over-time"));
    let calendar = page
        .descendants()
        .find(|n| n.attribute("class") == Some("calendar"))
        .unwrap();
    assert_eq!(values(calendar), days);
    assert_eq!(days.len(), 28);
    let with_any: BTreeMap<_, _> = days.into_iter().filter(|(_, n)| n != "0").collect();
    assert_eq!(with_any, text(sums(&rows, "day", "count")));
}

#[test]
fn rates_and_times_are_drawn_as_their_tables_and_the_json_have_them() {
    let rows = a_month(900);
    let (page, document) = (html(&rows), json(&rows));
    let page = parsed(&page);
    let mut compared = 0;
    for by in ["policy", "queue", "action"] {
        for total in document["totals"][by].as_array().unwrap() {
            let name = total["name"].as_str().unwrap();
            for (what, keys) in [
                (
                    "unsure",
                    ["unsure_share_low", "unsure_share", "unsure_share_high"],
                ),
                (
                    "time",
                    ["handle_ms_median", "handle_ms_median", "handle_ms_p90"],
                ),
            ] {
                if total.get(keys[1]).is_none_or(|value| !value.is_number()) {
                    continue;
                }
                let named = |n: &Node<'_, '_>| n.attribute("data-name") == Some(name);
                let mark = chart(&page, &format!("{what}-{by}"))
                    .descendants()
                    .find(named)
                    .unwrap();
                let line = table(&page, &format!("table-{what}-{by}"))
                    .descendants()
                    .find(named)
                    .unwrap();
                let cells: Vec<f64> = line
                    .descendants()
                    .filter_map(|n| n.attribute("data-value")?.parse().ok())
                    .collect();
                for (attribute, key) in ["data-low", "data-value", "data-high"]
                    .into_iter()
                    .zip(keys)
                {
                    let drawn: f64 = mark.attribute(attribute).unwrap().parse().unwrap();
                    let told = total[key].as_f64().unwrap();
                    assert!(is_close(drawn, told), "{what} {name} {key}");
                    assert!(cells.contains(&drawn), "{what} {name} {key}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 30, "{compared}");
}

#[test]
fn a_report_needs_nothing_and_can_be_heard() {
    let mut rows = a_month(300);
    for row in &mut rows[..40] {
        row.decision.queue_id = scrim_model::QueueId::new("<script>alert('&\"</script>").unwrap();
    }
    let html = html(&rows);
    for outside in [
        "<script",
        "url(",
        "@import",
        "http:",
        "https:",
        "javascript",
    ] {
        assert!(!html.contains(outside), "{outside}");
    }
    let page = parsed(&html);
    for attribute in page.descendants().flat_map(|n| n.attributes()) {
        let name = attribute.name();
        assert!(
            !name.starts_with("on") && !["src", "href", "style"].contains(&name),
            "{name}"
        );
    }
    let all = |name: &'static str| page.descendants().filter(move |n| n.has_tag_name(name));
    assert_eq!(page.root_element().attribute("lang"), Some("en"));
    assert_eq!(
        (
            all("h1").count(),
            all("main").count(),
            all("title").count() > 1
        ),
        (1, 1, true)
    );
    for table in all("table") {
        let has = |name| table.descendants().any(|n| n.has_tag_name(name));
        assert!(has("caption") && has("thead"));
        assert!(
            table
                .descendants()
                .filter(|n| n.has_tag_name("th"))
                .all(|th| th.has_attribute("scope"))
        );
    }
    for svg in page.descendants().filter(|n| n.tag_name().name() == "svg") {
        assert_eq!(svg.attribute("role"), Some("img"));
        let title = svg.attribute("aria-labelledby").unwrap();
        assert!(
            page.descendants()
                .any(|n| n.attribute("id") == Some(title) && n.text().is_some())
        );
    }
    let mut ids: Vec<_> = page
        .descendants()
        .filter_map(|n| n.attribute("id"))
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id is there twice");
    let text: String = page.descendants().filter_map(|n| n.text()).collect();
    assert!(
        text.contains("<script>alert('&\"</script>"),
        "escaped, not lost"
    );
}

#[test]
fn a_long_period_is_drawn_by_month() {
    let rows = a_month(200);
    let mut selection = february();
    selection.period.from = Timestamp::parse("1990-01-01T00:00:00Z").unwrap();
    let mut out = Vec::new();
    Summary::of(&rows, &selection, later())
        .write_html(&mut out)
        .unwrap();
    let html = String::from_utf8(out).unwrap();
    let page = parsed(&html);
    let months = values(chart(&page, "over-time"));
    assert_eq!(months.keys().collect::<Vec<_>>(), ["2026-02"]);
    let count: u64 = sums(&csv(&rows), "day", "count").values().sum();
    assert_eq!(months["2026-02"], count.to_string());
}

#[test]
fn days_that_have_not_come_are_not_drawn() {
    let mut out = Vec::new();
    let now = Timestamp::parse("2026-02-10T08:00:00Z").unwrap();
    let early: Vec<DecisionRow> = a_month(300)
        .into_iter()
        .filter(|row| row.decision.decided_at < now)
        .collect();
    Summary::of(&early, &february(), now)
        .write_html(&mut out)
        .unwrap();
    let html = String::from_utf8(out).unwrap();
    let page = parsed(&html);
    assert_eq!(values(chart(&page, "over-time")).len(), 10);
    assert!(
        html.contains("2026-02-28"),
        "the period is told as it was asked for"
    );
}

#[test]
fn two_documents_of_the_same_rows_are_the_same_bytes_and_hold_nothing_private() {
    let rows = a_month(400);
    assert_eq!(html(&rows), html(&rows));
    let text = html(&rows) + &json(&rows).to_string();
    for private in ["SECRET", "98700"] {
        assert!(!text.contains(private), "{private}");
    }
}
