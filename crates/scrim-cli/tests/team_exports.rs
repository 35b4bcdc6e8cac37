//! `export team-regulator`: the table for a regulator, of the team, beside the one of a desk.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::Output;

use scrim_model::retention::{Authority, Reported};
use scrim_model::{DecisionId, Escalation, QueueId, Timestamp};
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::records_key;
use scrim_store::TeamStore;
use scrim_wire::protocol::{
    ClaimsRequest, DecisionResult, HeldDecision, HeldDecisions, TeamDays, TeamFacts,
};
use serde_json::{Value, json};
use support::*;

const FEBRUARY: &str = "--from 2026-02-01 --to 2026-02-28";

fn export(folder: &Path, words: &str) -> Output {
    let line = format!("export {words} {FEBRUARY}");
    scrim(folder, &line.split(' ').collect::<Vec<_>>(), "")
}

fn facts(n: u32) -> TeamFacts {
    let flagged: Vec<Value> = match n.is_multiple_of(2) {
        true => vec![json!({"name": "text-check", "version": "3"})],
        false => Vec::new(),
    };
    serde_json::from_value(json!({"standing": "standing", "review": "first",
        "languages": [if n > 6 { "fr" } else { "de-AT" }], "reported": n < 4, "flagged_by": flagged}))
    .unwrap()
}

/// Decisions 1 to 12 of the team, on 12 items of two queues, and what the server counts.
fn with_team(folder: &Path) -> TeamStore {
    let (profile, sign_in) = signed_in(folder, "http://127.0.0.1:9", "token");
    let key = records_key(&profile, &sign_in).unwrap();
    let mut store = TeamStore::open(&profile.store_folder(&sign_in), &key).unwrap();
    let held = |n: u32| {
        let mut decision = decision(n);
        decision.queue_id = QueueId::new(if n > 9 { "other" } else { "queue" }).unwrap();
        if n == 2 {
            decision.policy_ids.clear();
        }
        HeldDecision {
            decision,
            receipt: String::new(),
            reverted: false,
            revert_reason: None,
            header: None,
            team: Some(facts(n)),
            cursor: n.into(),
        }
    };
    let page = HeldDecisions {
        decisions: (1..=12).map(held).collect(),
        next: 12,
        ..HeldDecisions::default()
    };
    store.keep(&page).unwrap();
    let day = |day: &str, queue: &str, took: &[u32]| json!({"day": day, "queue_id": queue, "received": 3, "upheld": 2, "reversed": 1, "took_days": took});
    let days: TeamDays = serde_json::from_value(json!({"count_min": 5, "days": [],
        "appeals": {"from": "2026-02-01", "days": [day("2026-02-03", "queue", &[1, 4, 6]),
            day("2026-02-04", "other", &[8, 2, 3]), day("2026-03-01", "queue", &[9, 9, 9])]},
        "reviewers": [{"language": "de", "people": 8}, {"language": "is"}]}))
    .unwrap();
    store.keep_days(&days).unwrap();
    store
        .read_to_the_end(NOW.plus_ms(30 * 86_400_000), None)
        .unwrap();
    store
}

fn csv(folder: &Path, words: &str) -> String {
    let output = export(folder, words);
    assert_eq!(code(&output), 0, "{}", complained(&output));
    assert_eq!(complained(&output), "");
    said(&output).replace("\r\n", "\n")
}

#[test]
fn the_table_of_the_team_is_made_of_the_copy_and_of_the_platforms_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _agent = with_decisions(folder, 1);
    let _reads_on = with_team(folder);
    let rules = r#"{"policies":{"spam":{"category":"STATEMENT_CATEGORY_SCAMS_AND_FRAUD","ground":"incompatible","reference":"Terms, 4","explanation":"It is unwanted.","facts":"A person looked at it."}}}"#;
    std::fs::write(folder.join("rules.json"), rules).unwrap();
    let item = r#"{"item_id":"item-1","content_date":"2026-01-30","source_type":"SOURCE_TRUSTED_FLAGGER","automated_detection":false,"content_language":"NL"}"#;
    std::fs::write(folder.join("items.jsonl"), item).unwrap();
    let files = format!(
        "--rules {0}/rules.json --items {0}/items.jsonl",
        folder.display()
    );
    let table = csv(folder, &format!("team-regulator --format csv {files}"));
    let (counted, detectors) = table.split_at(table.find("error_indicators").unwrap());
    assert_eq!(
        counted,
        "measure,group,unit,value\n\
         items_by_category,STATEMENT_CATEGORY_SCAMS_AND_FRAUD,items,11\n\
         items_by_category,none,items,1\n\
         items_by_language,DE,items,5\n\
         items_by_language,FR,items,6\n\
         items_by_language,NL,items,1\n\
         items_by_source,SOURCE_TRUSTED_FLAGGER,items,1\n\
         items_by_source,notice,items,2\n\
         items_by_source,own means,items,9\n\
         items_by_detection,automated,items,5\n\
         items_by_detection,automated and human,items,1\n\
         items_by_detection,human,items,2\n\
         items_by_detection,not known,items,4\n\
         items_by_decision,human,items,12\n\
         actions_by_ground,none: remove,actions,1\n\
         actions_by_ground,terms and conditions: remove,actions,11\n\
         appeals_received,,appeals,6\n\
         appeals_upheld,,appeals,4\n\
         appeals_reversed,,appeals,2\n\
         appeals_median_days,,days,3.5\n\
         time_to_report_by_priority,,hours,not known\n\
         reviewers_per_language,DE,reviewers,8\n\
         reviewers_per_language,IS,reviewers,too few\n"
    );
    let team = csv(folder, "team --format csv");
    for (what, column) in [
        ("flagged", "n"),
        ("right", "right"),
        ("precision", "share"),
        ("\"precision, low\"", "low"),
        ("\"precision, high\"", "high"),
    ] {
        let row = team.lines().find(|row| {
            row.starts_with(&format!("detectors,text-check\t3,text-check 3,{column},"))
        });
        let told = row.unwrap().split(',').nth(4).unwrap();
        let what = what.trim_matches('"');
        let quoted = match what.contains(',') {
            true => format!("\"text-check 3: {what}\""),
            false => format!("text-check 3: {what}"),
        };
        let row = detectors
            .lines()
            .find(|row| row.contains(&format!(",{quoted},")));
        assert!(
            row.unwrap().ends_with(&format!(",{told}")),
            "{row:?} {told}"
        );
    }
}

#[test]
fn one_queue_has_its_own_and_days_before_the_first_that_is_counted_are_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _records = with_decisions(folder, 1);
    drop(with_team(folder));
    let table = csv(folder, "team-regulator --format csv --queue other");
    for row in [
        "items_by_category,not known,items,3\n",
        "appeals_received,,appeals,3\n",
        "appeals_median_days,,days,too few\n",
        "reviewers_per_language,,reviewers,not known\n",
    ] {
        assert!(table.contains(row), "{row}{table}");
    }
    let words = "export team-regulator --format csv --from 2026-01-31 --to 2026-02-28";
    let table = said(&scrim(folder, &words.split(' ').collect::<Vec<_>>(), ""));
    assert!(
        table.contains("appeals_received,,appeals,not known"),
        "{table}"
    );
    assert!(
        table.contains("reviewers_per_language,DE,reviewers,8"),
        "{table}"
    );
}

#[test]
fn every_format_is_written_down_and_the_same_twice_and_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let records = with_decisions(folder, 1);
    let output = export(folder, "team-regulator --format csv");
    assert_eq!(
        code(&output),
        66,
        "there is no copy: {}",
        complained(&output)
    );
    drop(with_team(folder));
    for (format, starts) in [
        ("csv", "measure,"),
        ("jsonl", "{\"measure\""),
        ("xlsx", "PK"),
    ] {
        let file = folder.join(format!("out.{format}"));
        let words = format!("team-regulator --format {format} -o {}", file.display());
        let bytes = || {
            let output = export(folder, &words);
            assert_eq!(code(&output), 0, "{}", complained(&output));
            std::fs::read(&file).unwrap()
        };
        let first = bytes();
        assert!(first.starts_with(starts.as_bytes()), "{format}");
        assert!(bytes() == first, "{format} twice");
    }
    let log = std::fs::read_to_string(records.join("exports.log")).unwrap();
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let last = &last["export"];
    assert_eq!(
        (&last["what"], &last["records"], &last["format"]),
        (&json!("team-regulator"), &json!(12), &json!("xlsx"))
    );
    assert_eq!(
        last["columns"],
        json!(["measure", "group", "unit", "value"])
    );
    let each = [
        "team-regulator --format html",
        "team-regulator --format json",
        "team-regulator --format csv --policy spam",
        "team-regulator --format csv --named --reason why",
        "team-decisions --format csv --rules a",
    ];
    are_refused(|words| export(folder, words), &each);
}

#[test]
fn a_desks_own_table_tells_how_long_reports_took() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut store, _) = written(folder, 1);
    for n in 2..=7 {
        let escalated = scrim_model::Decision {
            escalate: Some(Escalation {
                to: "danger_to_life".to_owned(),
                priority: if n == 7 { 2 } else { 1 },
                reason: String::new(),
            }),
            ..decision(n)
        };
        store
            .commit_decision(&escalated, false, &[], &mut || [7; 32])
            .unwrap();
        let id = DecisionId::new(format!("decision-{n}")).unwrap();
        let day = escalated.decided_at.plus_ms(i64::from(n) * 86_400_000);
        let report = Reported {
            to: Authority::Us,
            on: Timestamp::parse(&format!("{}T00:00:00Z", day.utc_day())).unwrap(),
            reference: None,
        };
        store.keep_report(&id, &report, day).unwrap();
    }
    let table = csv(folder, "regulator --format csv");
    let rows: Vec<&str> = table
        .lines()
        .filter(|row| row.starts_with("time_to_report"))
        .collect();
    assert_eq!(
        rows,
        [
            "time_to_report_by_priority,1: reports,reports,5",
            "time_to_report_by_priority,1: median,hours,96",
            "time_to_report_by_priority,2: reports,reports,1",
            "time_to_report_by_priority,2: median,hours,too few",
        ]
    );
}

#[test]
fn an_export_that_goes_on_after_the_days_that_are_told_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _agent = with_decisions(folder, 1);
    let mut reads_on = with_team(folder);
    for (through, is_said) in [("2026-02-27", true), ("2026-02-28", false)] {
        reads_on.read_to_the_end(NOW, Some(through)).unwrap();
        for what in ["team", "team-decisions", "team-regulator"] {
            let output = export(folder, &format!("{what} --format csv"));
            assert_eq!(code(&output), 0, "{}", complained(&output));
            let said = complained(&output).contains("was last read up to 2026-02-27");
            assert_eq!(said, is_said, "{what}: {}", complained(&output));
        }
    }
}

/// Filed for review, with `more` in it.
fn filed(id: &str, more: &Value) -> String {
    let mut item = json!({"id": id, "kind": "text", "allowed_actions": ["allow", "remove"],
        "texts": [{"id": "t", "lang": "de-AT", "body": "Ein Satz."}]});
    for (name, value) in more.as_object().unwrap() {
        item[name] = value.clone();
    }
    json!({"queue_id": "queue", "item": item}).to_string()
}

/// Claims the only item and removes it; the receipt's time.
fn removes(queue: &HttpQueue, n: u32) -> Timestamp {
    let request = ClaimsRequest {
        count: 9,
        ..ClaimsRequest::default()
    };
    let claimed = queue.claim(&format!("claim-{n}"), &request).unwrap();
    let [claim] = &claimed.claims[..] else {
        panic!("{} items", claimed.claims.len())
    };
    let now = queue.session().unwrap().server_time;
    let sent = queue.send(&scrim_model::Decision {
        item_id: claim.item.id.clone(),
        item_version: claim.item.version,
        claim_id: claim.claim_id.clone(),
        fence: claim.fence,
        decided_at: now,
        ..decision(n)
    });
    match sent {
        Ok(DecisionResult::Accepted { at, .. }) => at,
        other => panic!("{other:?}"),
    }
}

/// What the server tells of days that are over, and the day on which it does.
fn days_told(lead: &HttpQueue) -> (TeamDays, String) {
    let today = || lead.session().unwrap().server_time.utc_day();
    loop {
        let before = today();
        let days = lead.team_days().unwrap();
        // With midnight in between nobody knows on which of the two it was.
        if today() == before {
            return (days, before);
        }
    }
}

#[test]
fn what_a_real_server_tells_is_in_the_table() {
    let server = Server::start();
    let queue = |user: &str, roles: &[&str]| {
        let origin = Origin::parse(&server.origin).unwrap();
        HttpQueue::new(origin, &server.token_of(user, roles))
    };
    let (first, second) = (queue("m2", &["moderator"]), queue("m3", &["moderator"]));
    let flagged =
        json!({"signals": [{"name": "text-check", "version": "3", "score": 9, "threshold": 9}]});
    server.seed(&filed("item", &flagged));
    let now = removes(&first, 1);
    let made = |at: Timestamp| {
        json!({"appeal": {"id": "x", "decision_id": "decision-1", "at": at},
            "reports": [{"reason": "spam"}]})
    };
    server.seed(&filed("appeal", &made(now.plus_ms(-3 * 86_400_000))));
    let decided = removes(&second, 2);

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let token = server.token();
    let (profile, sign_in) = signed_in(folder, &server.origin, &token);
    let key = records_key(&profile, &sign_in).unwrap();
    let records = profile.store_folder(&sign_in);
    drop(scrim_store::Store::open(&records, &key, now).unwrap());
    let lead = HttpQueue::new(Origin::parse(&server.origin).unwrap(), &token);
    let mut store = TeamStore::open(&records, &key).unwrap();
    store.keep(&lead.team_decisions(0, None).unwrap()).unwrap();
    let (days, today) = days_told(&lead);
    store.keep_days(&days).unwrap();
    let (from, to) = (
        now.plus_ms(-3 * 86_400_000).utc_day(),
        now.plus_ms(86_400_000).utc_day(),
    );
    let words = [
        "export",
        "team-regulator",
        "--format",
        "csv",
        "--from",
        &from,
        "--to",
        &to,
    ];
    let output = scrim(folder, &words, "");
    assert_eq!(code(&output), 0, "{}", complained(&output));
    let table = said(&output);
    // The day on which the appeal was decided goes on, unless midnight has come since.
    let (upheld, median) = match decided.utc_day() == today {
        true => ("appeals_upheld,,appeals,0", "not defined"),
        false => ("appeals_upheld,,appeals,1", "too few"),
    };
    let median = format!("appeals_median_days,,days,{median}");
    for row in [
        "items_by_language,DE,items,2",
        "items_by_source,notice,items,1",
        "items_by_source,own means,items,1",
        "items_by_detection,automated,items,1",
        "items_by_detection,human,items,1",
        "actions_by_ground,not known: remove,actions,2",
        "appeals_received,,appeals,1",
        upheld,
        median.as_str(),
        "reviewers_per_language,not known,reviewers,too few",
        "error_indicators_of_automated_means,text-check 3: flagged,decisions,1",
        "error_indicators_of_automated_means,text-check 3: precision,share,too few",
    ] {
        assert!(table.contains(&format!("{row}\r\n")), "{row}\n{table}");
    }
}

#[test]
fn an_export_of_a_copy_that_is_not_whole_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _agent = with_decisions(folder, 1);
    let mut reads_on = with_team(folder);
    let anew = HeldDecisions {
        next: 1,
        anew: true,
        ..HeldDecisions::default()
    };
    reads_on.keep(&anew).unwrap();
    for what in ["team", "team-decisions", "team-regulator"] {
        let output = export(folder, &format!("{what} --format csv"));
        assert_eq!(code(&output), 0, "{}", complained(&output));
        assert!(
            complained(&output).contains("not read to its end"),
            "{what}"
        );
    }
}
