//! `scrim exposure`: the group figures that a lead may read, as the server gives them.

use scrim_queue::QueueServer;
use scrim_wire::protocol::{Exposure, ExposureGroup, ExposureWeek};

use crate::Found;
use crate::cli;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::say;

pub(crate) fn run(profiles: &Profiles, options: &cli::Exposure) -> Result<Found, CliError> {
    let told = profiles.queue()?.exposure().map_err(CliError::Asking)?;
    if options.json {
        let told = serde_json::to_string(&told).expect("plain data is JSON");
        say(&ascii(&told))?;
        return Ok(Found::AllWell);
    }
    for line in lines(&told) {
        say(&line)?;
    }
    Ok(Found::AllWell)
}

/// The same JSON without a sign that a terminal could act on or hide.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Weeks and groups in words; what the figures are, and are not, comes first.
fn lines(told: &Exposure) -> Vec<String> {
    let mut lines = vec![
        "Weighted minutes of each person's heaviest day in a week, rounded to 15.".to_owned(),
        format!(
            "Groups of fewer than {} people are left out. The weights are a judgement.",
            told.people_min
        ),
    ];
    for week in &told.weeks {
        lines.push(String::new());
        lines.extend(week_lines(week));
    }
    lines
}

fn week_lines(week: &ExposureWeek) -> Vec<String> {
    let from = week.from.to_string();
    let day = from.split('T').next().unwrap_or(&from);
    let mut lines = vec![format!(
        "Week from {day}: notice {} min, limit {} min a day",
        week.notice_min, week.cap_min
    )];
    if week.groups.is_empty() {
        let why = if week.some_hidden {
            "  Too few people to show anything."
        } else {
            "  Nothing was decided."
        };
        lines.push(why.to_owned());
        return lines;
    }
    let name = |group: &ExposureGroup| match &group.queue_id {
        Some(queue) => queue.as_str().escape_debug().to_string(),
        None => "everyone".to_owned(),
    };
    let width = week.groups.iter().map(|group| name(group).len()).max();
    let width = width.unwrap_or(0).max("group".len());
    lines.push(format!(
        "  {:width$}  {:>6}  {:>5}  {:>6}  {:>5}  {:>11}  {:>10}",
        "group", "people", "q1", "median", "q3", "over notice", "over limit"
    ));
    for group in &week.groups {
        let spread = &group.busiest_day;
        lines.push(format!(
            "  {:width$}  {:>6}  {:>5}  {:>6}  {:>5}  {:>11}  {:>10}",
            name(group),
            group.people,
            spread.q1_min,
            spread.median_min,
            spread.q3_min,
            group.over_notice,
            group.over_cap
        ));
    }
    if week.some_hidden {
        lines.push("  Some groups are left out, so that nobody can be told apart.".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn told(groups: serde_json::Value, some_hidden: bool) -> Exposure {
        serde_json::from_value(serde_json::json!({"people_min": 5, "weeks": [
            {"from": "2025-12-29T00:00:00Z", "notice_min": 180, "cap_min": 240,
             "groups": groups, "some_hidden": some_hidden}]}))
        .unwrap()
    }

    #[test]
    fn weeks_are_tables_that_say_what_they_are() {
        let group = serde_json::json!({"people": 12, "over_notice": 3, "over_cap": 1,
            "busiest_day": {"q1_min": 105, "median_min": 180, "q3_min": 195}});
        let mut queue = group.clone();
        queue["queue_id"] = "images-eu".into();
        let lines = lines(&told(serde_json::json!([group, queue]), true));
        assert_eq!(
            lines[3..],
            [
                "Week from 2025-12-29: notice 180 min, limit 240 min a day",
                "  group      people     q1  median     q3  over notice  over limit",
                "  everyone       12    105     180    195            3           1",
                "  images-eu      12    105     180    195            3           1",
                "  Some groups are left out, so that nobody can be told apart.",
            ]
        );
    }

    #[test]
    fn what_scripts_read_is_the_same_and_hides_nothing() {
        let json = r#"{"queue_id":"a\u202eb 😀"}"#.replace("\\u202e", "\u{202e}");
        let written = ascii(&json);
        assert!(
            written.is_ascii() && written.contains(r"\u202e"),
            "{written}"
        );
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&written), read(&json));
    }

    #[test]
    fn an_empty_week_says_why() {
        let none = serde_json::json!([]);
        let last = |told: Exposure| lines(&told).pop().unwrap();
        assert_eq!(last(told(none.clone(), false)), "  Nothing was decided.");
        assert_eq!(last(told(none, true)), "  Too few people to show anything.");
    }
}
