//! What no document of a team may have: seeded marks in everything that the desk and its copy of the team's decisions
//! hold, and in what a server tells that nobody asked for.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::Command;

use scrim_model::checkin::{Answer, CheckIn, When};
use scrim_model::{Decision, Escalation, ItemDraft, KeptDraft, ModeratorId, PolicyId, Timestamp};
use scrim_runtime::Profile;
use scrim_store::{Store, TeamFilter};
use scrim_wire::protocol::{HeldDecisions, QueueInfo, TeamDays};
use serde_json::{Value, json};
use support::*;

const MARK: &str = "seeded-mark";
/// Begins every number that says how somebody looked or worked.
const NUMBER: &str = "424242";
const DAYS: [&str; 4] = ["--from", "2026-02-01", "--to", "2026-02-28"];

/// A marked word of its own for each place.
fn mark(place: &str) -> String {
    format!("{MARK}-{place}")
}

/// Decision `n` of the team as a server tells it that keeps nothing back.
fn told(n: u64, review_of: Option<u64>) -> Value {
    let id = |n: u64| format!("team-{n}");
    json!({
        "decision_id": id(n), "item_id": format!("item-{n}"), "item_version": 1, "queue_id": "queue-1",
        "claim_id": mark("claim"), "fence": 4_242_421, "policy_version": 1,
        "policy_ids": [if review_of.is_some() { "policy-2" } else { "policy-1" }],
        "actions": [{"kind": "remove", "params": {"note": mark("params")}}],
        "severity": 3, "unsure": true, "reason": mark("reason"), "explanation": mark("explanation"),
        "facts": mark("facts"), "escalate": {"to": mark("to"), "priority": 1, "reason": mark("escalation")},
        "decided_at": "2026-02-03T13:37:42.421Z", "skew_ms": 4_242_421, "handle_ms": 4_242_422,
        "item_kind": "image", "language_read": mark("language"),
        "item_texts": 4_242_424, "texts": [{"body": mark("item-text"), "lang": mark("lang")}],
        "media": [{"n": 0, "sha256": mark("sha256"), "blurhash": mark("blurhash"), "bytes": mark("media"),
            "state": "full", "file_viewed": "yes", "ms_covered": 4_242_423, "ms_clear": 4_242_424}],
        "receipt": mark("receipt"), "reverted": false, "revert_reason": mark("revert"), "header": mark("header"),
        "moderator_id": mark("moderator"), "display_name": mark("name"), "reviewer": mark("reviewer"),
        "breaks": mark("breaks"), "check_in": mark("check-in"), "item": {"label": mark("label")},
        "team": {"standing": "standing", "review": if review_of.is_some() { "sample" } else { "first" },
            "of": review_of.map(id), "reported": true, "languages": [mark("language")],
            "reporter": mark("reporter"), "reviewer": mark("team-reviewer")},
        "cursor": n,
    })
}

/// The records of a lead, and their copy of a team's decisions.
fn desk(folder: &Path) {
    let (mut store, _) = written(folder, 0);
    let own = Decision {
        reason: mark("own-reason"),
        escalate: Some(Escalation {
            to: "lead".into(),
            priority: 2,
            reason: mark("own-escalation"),
        }),
        handle_ms: 4_242_425,
        ..decision(1)
    };
    let salts = &mut || [7; 32];
    store.commit_decision(&own, false, &[], salts).unwrap();
    let draft = KeptDraft {
        item: decision(2).item_id,
        version: 1,
        at: NOW,
        draft: ItemDraft {
            chosen: Some(PolicyId::new("policy-1").unwrap()),
            note: mark("draft"),
            ..ItemDraft::default()
        },
    };
    store.keep_draft(&draft).unwrap();
    let check_in = CheckIn {
        date: 20_000,
        at: Timestamp(4_242_426),
        when: When::Before,
        answer: Answer::try_from(2).unwrap(),
        go_easy: true,
    };
    store.keep_check_in(&check_in).unwrap();
    store.save("session", &mark("saved")).unwrap();
    copy(&store);
}

fn copy(store: &Store) {
    let rows: Vec<Value> = (1..=20)
        .map(|n| told(n, (n > 10).then(|| n - 10)))
        .collect();
    let page: HeldDecisions =
        serde_json::from_value(json!({"decisions": rows, "next": 20})).unwrap();
    let queue: QueueInfo = serde_json::from_value(json!({
        "id": "queue-1", "name": "The queue", "classes": [mark("class")], "pending": 4,
        "moderators": [mark("queue-moderator")],
    }))
    .unwrap();
    let days: TeamDays = serde_json::from_value(json!({"count_min": 5, "days": [
        {"day": "2026-02-03", "queue_id": "queue-1", "not_me": 7, "who": [mark("not-me")]}]}))
    .unwrap();
    let mut team = store.team_place().open().unwrap();
    team.keep_queues(&[queue]).unwrap();
    team.keep(&page).unwrap();
    team.make_ready().unwrap();
    team.keep_days(&days).unwrap();
    team.read_to_the_end(NOW, None).unwrap();
    // What a lead reads in the window: the copy has the reasons, and documents could take them from there.
    let filter = TeamFilter {
        from: "2026-02-01".to_owned(),
        to: "2026-02-28".to_owned(),
        ..TeamFilter::default()
    };
    let disagreements = team.disagreements(&filter, 50).unwrap();
    assert_eq!(disagreements.len(), 10);
    assert!(
        disagreements
            .iter()
            .flatten()
            .all(|(_, why)| *why == mark("reason"))
    );
}

/// The document as text; of a workbook every file in it.
fn document(folder: &Path, what: &str, format: &str) -> String {
    let file = folder.join(format!("{what}.{format}"));
    let words = ["export", what, "--format", format, "-o"];
    let words = [&words[..], &[file.to_str().unwrap()], &DAYS].concat();
    let output = scrim(folder, &words, "");
    assert_eq!(code(&output), 0, "{what} {format}: {}", complained(&output));
    if format != "xlsx" {
        return std::fs::read_to_string(file).unwrap();
    }
    let all = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nsys.stdout.buffer.write(b''.join(map(z.read, z.namelist())))";
    let output = Command::new("python3")
        .args(["-c", all])
        .arg(file)
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", complained(&output));
    said(&output)
}

#[test]
fn no_document_of_a_team_has_a_word_of_items_or_people_or_how_somebody_worked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    desk(folder);
    // Whoever exports is named in none of them either.
    let profile = Profile::open(Some(folder)).unwrap();
    let mut sign_in = profile.sign_in().unwrap().unwrap();
    assert_eq!(sign_in.moderator_id, ModeratorId::new("m1").unwrap());
    sign_in.token = mark("token");
    profile.keep_sign_in(&sign_in).unwrap();
    for (what, formats, has) in [
        (
            "team",
            &["csv", "jsonl", "json", "xlsx", "html"][..],
            "queue-1",
        ),
        ("team-decisions", &["csv", "jsonl"][..], "team-7"),
        (
            "team-regulator",
            &["csv", "jsonl", "xlsx"][..],
            "items_by_language",
        ),
    ] {
        for format in formats {
            let text = document(folder, what, format);
            assert!(text.contains(has), "{what} {format} is of these decisions");
            for private in [MARK, NUMBER, "13:37", "127.0.0.1"] {
                let at = text.find(private);
                let around = at.map(|at| {
                    text[at.saturating_sub(40)..]
                        .chars()
                        .take(100)
                        .collect::<String>()
                });
                assert_eq!(around, None, "{what} {format} has {private}");
            }
        }
    }
}
