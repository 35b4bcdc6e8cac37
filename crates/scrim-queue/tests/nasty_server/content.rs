//! Well-formed answers with bad content, through the real connector: the bad item is refused and
//! only that, what is too long is cut, and numbers that records cannot hold never come in.

use scrim_model::{ClaimId, Decision, ItemId, Kind};
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{ChainTold, ClaimsRequest, DecisionResult};
use serde_json::{Value, json};

use crate::MARKER;
use crate::scripted::{Script, ScriptedServer, answer};

const TWO_TO_53: u64 = 1 << 53;

fn said<T>(body: &Value, ask: impl FnOnce(&dyn QueueServer) -> T) -> T {
    let server = ScriptedServer::start(Script::Bytes(answer(
        "200 OK",
        "",
        body.to_string().as_bytes(),
    )));
    let origin = Origin::parse(&format!("http://{}", server.address)).unwrap();
    ask(&HttpQueue::new(origin, "token"))
}

#[track_caller]
fn is_broken<T: std::fmt::Debug>(outcome: Result<T, CallFailed>) {
    let failed = outcome.unwrap_err();
    assert!(matches!(failed, CallFailed::Broken { .. }), "{failed:?}");
    let text = failed.to_string();
    assert!(!text.contains(MARKER) && text.len() < 300, "{text}");
}

fn claim_row(id: &str) -> Value {
    json!({"claim_id": format!("c-{id}"), "fence": 1, "expires_at": "2030-01-01T00:00:00Z",
        "queue_id": "q", "item": {"id": id, "version": 1, "kind": "image"}})
}

/// What comes of a good item and one that `spoil` has changed.
fn claimed_with(spoil: impl FnOnce(&mut Value)) -> ClaimsTaken {
    let mut bad = claim_row("bad");
    spoil(&mut bad);
    let body = json!({"claims": [bad, claim_row("good")]});
    let request = ClaimsRequest {
        count: 2,
        ..Default::default()
    };
    said(&body, |queue| queue.claim("k", &request)).unwrap()
}

#[test]
fn a_bad_item_is_refused_and_only_that() {
    type Spoil = fn(&mut Value);
    let rows: [(&str, Spoil); 22] = [
        ("label of a wrong type", |c| {
            c["item"]["label"] = json!({ "MARKER-xyzzy": 1 })
        }),
        ("negative size", |c| {
            c["item"]["media"] = json!([{"n": 0, "bytes": -1}])
        }),
        ("negative width", |c| {
            c["item"]["media"] = json!([{"n": 0, "width": -640}])
        }),
        ("size with a fraction", |c| {
            c["item"]["media"] = json!([{"n": 0, "bytes": 1.5}])
        }),
        ("medium over 100 MB", |c| {
            c["item"]["media"] = json!([{"n": 0, "bytes": 104_857_601}])
        }),
        ("media not numbered", |c| {
            c["item"]["media"] = json!([{"n": 1}])
        }),
        ("too many media", |c| {
            c["item"]["media"] = (0..101).map(|n| json!({ "n": n })).collect()
        }),
        ("text over 64 KiB", |c| {
            c["item"]["texts"] = json!([{"id": "t", "body": "x".repeat(65_537)}])
        }),
        ("too many texts", |c| {
            c["item"]["texts"] = vec![json!({"id": "t", "body": ""}); 501].into()
        }),
        ("a time that is none", |c| {
            c["item"]["created_at"] = json!("MARKER-xyzzy")
        }),
        ("lease end that is none", |c| c["expires_at"] = json!(5)),
        ("priority beyond a byte", |c| {
            c["item"]["priority"] = json!(70_000)
        }),
        ("negative severity", |c| {
            c["item"]["severity_hint"] = json!(-1)
        }),
        ("negative fence", |c| c["fence"] = json!(-1)),
        ("fence of 2^53", |c| c["fence"] = json!(TWO_TO_53)),
        ("fence of 2^64", |c| {
            c["fence"] = json!(1.8446744073709552e19)
        }),
        ("version of 2^53", |c| {
            c["item"]["version"] = json!(TWO_TO_53)
        }),
        ("queue id with a control character", |c| {
            c["queue_id"] = json!("q\u{7}")
        }),
        ("kind of 5 MB", |c| {
            c["item"]["kind"] = json!("k".repeat(5_000_000))
        }),
        ("author of 5 MB", |c| {
            c["item"]["author"] = json!({"id": "a".repeat(5_000_000)})
        }),
        ("invisible characters that swell", |c| {
            let body = "\u{202e}".repeat(20_000);
            c["item"]["texts"] = (0..6)
                .map(|n| json!({"id": n.to_string(), "body": body}))
                .collect();
        }),
        ("policy id with a blank", |c| {
            c["item"]["default_policy"] = json!("MARKER xyzzy")
        }),
    ];
    for (row, spoil) in rows {
        let taken = claimed_with(spoil);
        let ids: Vec<_> = taken.claims.iter().map(|c| c.item.id.as_str()).collect();
        assert_eq!(ids, ["good"], "{row}");
        assert_eq!(taken.unreadable, 0, "{row}");
        let refused: Vec<_> = taken
            .refused
            .iter()
            .map(|(c, i)| (c.as_str(), i.as_str()))
            .collect();
        assert_eq!(refused, [("c-bad", "bad")], "{row}");
    }
}

#[test]
fn rows_without_usable_ids_are_counted() {
    type Spoil = fn(&mut Value);
    let rows: [(&str, Spoil); 6] = [
        ("control character", |c| {
            c["item"]["id"] = json!("bad\u{1b}[2J")
        }),
        ("line feed", |c| c["claim_id"] = json!("c\nMARKER-xyzzy")),
        ("empty id", |c| c["claim_id"] = json!("")),
        ("id of 129 bytes", |c| {
            c["item"]["id"] = json!("x".repeat(129))
        }),
        ("no item", |c| c["item"] = json!(null)),
        ("not an object", |c| *c = json!("MARKER-xyzzy")),
    ];
    for (row, spoil) in rows {
        let taken = claimed_with(spoil);
        assert_eq!(
            (taken.claims.len(), taken.refused.len(), taken.unreadable),
            (1, 0, 1),
            "{row}"
        );
    }
}

#[test]
fn what_can_be_mended_is_mended_on_the_safe_side() {
    let taken = claimed_with(|c| {
        c["item"]["label"] = json!("l".repeat(5_000_000));
        c["item"]["kind"] = json!("hologram");
        c["item"]["priority"] = json!(0);
        c["item"]["severity_hint"] = json!(200);
        c["item"]["allowed_actions"] = json!(["allow", "teleport"]);
        c["item"]["texts"] = json!([{"id": "a", "body": "añb", "flagged": [[2, 3]]},
            {"id": "b", "body": "abc", "flagged": [[3, 1], [0, 4_000_000_000_u32]]}]);
        c["item"]["novel"] = json!(["unknown", "field"]);
    });
    assert_eq!(taken.claims.len(), 2);
    let item = &taken.claims[0].item;
    assert_eq!(item.label.chars().count(), 80);
    assert_eq!(item.kind, Kind::Other("hologram".into()));
    assert_eq!((item.priority, item.severity_hint), (1, 4));
    assert_eq!(item.allowed_actions[1].as_str(), "teleport");
    assert_eq!(
        item.texts[0].flagged,
        [(0, 4)],
        "spans off the characters mask everything"
    );
    assert_eq!(item.texts[1].flagged, [(0, 3)]);
}

#[test]
fn more_than_was_asked_for_is_no_answer() {
    let million = json!({ "claims": vec![0; 1_000_000] });
    let three = json!({"claims": [claim_row("a"), claim_row("b"), claim_row("c")]});
    let request = ClaimsRequest {
        count: 2,
        ..Default::default()
    };
    is_broken(said(&million, |queue| queue.claim("k", &request)));
    is_broken(said(&three, |queue| queue.claim("k", &request)));

    let claim = ClaimId::new("c").unwrap();
    let ids = std::slice::from_ref(&claim);
    let many = json!({"claims": vec![json!({ "claim_id": "c" }); 300_000]});
    is_broken(said(&many, |queue| queue.heartbeat("k", ids)));
    let stranger =
        json!({"claims": [{"claim_id": "of-someone-else", "expires_at": "2030-01-01T00:00:00Z"}]});
    assert_eq!(
        said(&stranger, |queue| queue.heartbeat("k", ids)),
        Ok(vec![])
    );

    let queues = json!({"queues": vec![json!({"id": "q", "name": "n".repeat(100)}); 50_000]});
    let queues = said(&queues, |queue| queue.queues()).unwrap();
    assert_eq!((queues.len(), queues[0].name.chars().count()), (200, 80));
}

#[test]
fn policies_and_items_hold_the_limits_of_records() {
    let tree = |version: u64, text: usize| json!({"version": version, "policies": [{"id": "p", "name": "P", "text": "x".repeat(text)}]});
    assert!(said(&tree(TWO_TO_53 - 1, 9), |queue| queue.policies()).is_ok());
    is_broken(said(&tree(TWO_TO_53, 9), |queue| queue.policies()));
    is_broken(said(&tree(1, 600_000), |queue| queue.policies()));
    let gravity = json!({"version": 1, "policies": [{"id": "p", "name": MARKER, "severity": 9}]});
    is_broken(said(&gravity, |queue| queue.policies()));

    let item = |id: &str, version: u64| json!({"item": {"id": id, "kind": "image", "version": version}, "state": "s".repeat(999)});
    let asked = ItemId::new("i").unwrap();
    let state = said(&item("i", TWO_TO_53 - 1), |queue| queue.item(&asked)).unwrap();
    assert_eq!(state.state.chars().count(), 80);
    is_broken(said(&item("i", TWO_TO_53), |queue| queue.item(&asked)));
    is_broken(said(&item(MARKER, 1), |queue| queue.item(&asked)));
}

#[test]
fn sessions_stay_small() {
    let session = |name: usize, environment: usize| {
        json!({"moderator_id": "m", "display_name": format!("\u{202e}{}", "n".repeat(name)), "roles": ["king"],
            "server_time": "2026-01-01T00:00:00Z", "environment": "e".repeat(environment)})
    };
    let good = said(&session(5_000_000, 3), |queue| queue.session()).unwrap();
    assert!(good.display_name.starts_with("⟦U+202E⟧"));
    assert!(good.display_name.chars().count() < 100);
    is_broken(said(&session(3, 5_000_000), |queue| queue.session()));
    let mut control = session(3, 3);
    control["moderator_id"] = json!("m\u{0}");
    is_broken(said(&control, |queue| queue.session()));
}

#[test]
fn results_are_of_the_decision_that_was_sent_and_cut() {
    let decision: Decision = serde_json::from_value(json!({"decision_id": "d1", "item_id": "i1",
        "item_version": 1, "queue_id": "q", "claim_id": "c1", "fence": 1, "policy_version": 1,
        "policy_ids": [], "actions": [], "severity": 0, "unsure": false,
        "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0}))
    .unwrap();
    let send = |row: Value| said(&json!({ "results": [row] }), |queue| queue.send(&decision));
    let at = "2026-01-01T00:00:00Z";
    is_broken(send(
        json!({"decision_id": "d2", "result": "accepted", "receipt": "r", "at": at}),
    ));
    is_broken(send(
        json!({"decision_id": "d1", "result": MARKER, "receipt": "r", "at": at}),
    ));
    is_broken(send(
        json!({"decision_id": "d1", "result": "accepted", "receipt": 7, "at": at}),
    ));
    let long = "r".repeat(3_000_000);
    match send(json!({"decision_id": "d1", "result": "accepted", "receipt": long, "at": at})) {
        Ok(DecisionResult::Accepted { receipt, .. }) => assert_eq!(receipt.chars().count(), 1_024),
        other => panic!("{:?}", other.map(drop)),
    }
    match send(
        json!({"decision_id": "d1", "result": "overtaken", "by_role": long, "at": at, "outcome": long}),
    ) {
        Ok(DecisionResult::Overtaken {
            by_role, outcome, ..
        }) => {
            assert_eq!((by_role.chars().count(), outcome.chars().count()), (80, 80));
        }
        other => panic!("{:?}", other.map(drop)),
    }
    let rejected =
        send(json!({"decision_id": "d1", "result": "rejected", "code": format!("{MARKER}\n")}));
    assert_eq!(
        rejected,
        Ok(DecisionResult::Rejected {
            code: "other".into(),
            path: None
        })
    );
}

#[test]
fn a_result_that_is_not_known_yet_is_kept_as_not_taken_and_rows_spoil_no_other() {
    let decision = |id: &str| -> Decision {
        serde_json::from_value(json!({"decision_id": id, "item_id": "i1",
            "item_version": 1, "queue_id": "q", "claim_id": "c1", "fence": 1, "policy_version": 1,
            "policy_ids": [], "actions": [], "severity": 0, "unsure": false,
            "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0}))
        .unwrap()
    };
    let sent = ["a", "b", "c", "d"].map(decision);
    let taken = json!({"result": "accepted", "receipt": "r", "at": "2026-01-01T00:00:00Z"});
    let row = |id: &str, more: &Value| {
        let mut row = more.clone();
        row["decision_id"] = id.into();
        row
    };
    let body = json!({ "results": [
        row("a", &json!({"result": "put_on_hold", "until": 3})),
        row("b", &json!({"result": "accepted", "receipt": 7})),
        row("b", &json!({"result": MARKER})),
        row("d", &taken),
        row("stranger", &taken),
        row("d", &json!({"result": "rejected", "code": "invalid"})),
    ] });
    let rows = said(&body, |queue| {
        queue.send_rows("k", &sent, ChainTold::default())
    })
    .unwrap();
    let told: Vec<_> = rows.iter().map(|row| row.decision_id.as_str()).collect();
    assert_eq!(told, ["a", "d"]);
    assert_eq!(
        rows[0].result,
        DecisionResult::Rejected {
            code: "unknown_result".into(),
            path: None
        }
    );
    assert!(matches!(rows[1].result, DecisionResult::Accepted { .. }));
    let many: Vec<Value> = (0..1_001)
        .map(|n| {
            let mut held = json!(sent[0]);
            held["receipt"] = "r".into();
            held["cursor"] = n.into();
            held
        })
        .collect();
    let body = json!({"decisions": many, "next": 1_001});
    is_broken(said(&body, |queue| queue.own_decisions(0)).map(drop));
    let body = json!({"decisions": [], "next": TWO_TO_53});
    is_broken(said(&body, |queue| queue.own_decisions(0)).map(drop));
}

#[test]
fn what_colleagues_and_settings_say_stays_within_the_limits() {
    let session = |changed: Value| {
        let mut whole = json!({"moderator_id": "m", "display_name": "M", "roles": [],
            "server_time": "2026-01-01T00:00:00Z", "environment": "test"});
        for (name, value) in changed.as_object().unwrap() {
            whole[name] = value.clone();
        }
        said(&whole, |queue| queue.session())
    };
    assert!(
        session(json!({"floor": {"a": 1}, "chain_head": {"entries": 1, "hash": "a".repeat(64)}}))
            .is_ok()
    );
    for bad in [
        json!({"floor": {"a": "x".repeat(70_000)}}),
        json!({"floor": [1]}),
        json!({"chain_head": {"entries": TWO_TO_53, "hash": "a".repeat(64)}}),
        json!({"chain_head": {"entries": 1, "hash": MARKER}}),
        json!({"chain_head": {"entries": -1, "hash": "a".repeat(64)}}),
        json!({"day_totals": {"from": MARKER, "other_desks_only": true, "rows": []}}),
    ] {
        is_broken(session(bad));
    }
    let contact =
        session(json!({"safety_contact": {"name": "\u{202e}n", "reach": "5".repeat(500)}}));
    let contact = contact.unwrap().safety_contact.unwrap();
    assert!(contact.name.contains("U+202E") && contact.reach.chars().count() <= 80);

    let row = |id: &str| {
        json!({"consult_id": id, "item_id": "i", "question": "x".repeat(5_000),
        "state": "whatever", "asked_at": "2026-01-01T00:00:00Z", "answer": "\u{202e}y"})
    };
    let mut of_no_item = row("q");
    of_no_item["item_id"] = json!("a b");
    let rows = [row("a b"), of_no_item, json!(7)]
        .into_iter()
        .chain(vec![row("q"); 500])
        .collect::<Vec<_>>();
    let read = said(&json!({"consults": rows}), |queue| queue.consults()).unwrap();
    assert_eq!(
        read.len(),
        99,
        "no more than a hundred, and none that cannot be read"
    );
    assert_eq!(read[0].question.chars().count(), 1_000);
    let hidden = read[0].answer.as_deref();
    assert_eq!(hidden, Some("\u{202e}y"), "made visible where it is drawn");
    let mut opened = json!({"consult_id": "other", "claim_id": "c", "question": "x",
        "expires_at": "2026-01-01T00:00:00Z", "item": {"id": "i", "kind": "image"}});
    is_broken(said(&opened, |queue| queue.open_consult("k", "q")));
    opened["consult_id"] = json!("q");
    assert!(said(&opened, |queue| queue.open_consult("k", "q")).is_ok());
    opened["item"]["media"] = json!([{"n": 7}]);
    is_broken(said(&opened, |queue| queue.open_consult("k", "q")));
    let mut claim = claim_row("i");
    claim["draft"] = json!({"note": "x".repeat(9_000), "severity": 9, "policy_ids": vec!["p"; 99]});
    let request = ClaimsRequest {
        count: 1,
        ..Default::default()
    };
    let taken = said(&json!({"claims": [claim]}), |queue| {
        queue.claim("k", &request)
    })
    .unwrap();
    let draft = taken.claims[0].draft.clone().unwrap();
    assert_eq!(
        (
            draft.note.chars().count(),
            draft.policy_ids.len(),
            draft.severity
        ),
        (2_000, 32, None)
    );
    let weeks = vec![
        json!({"from": "2026-01-01T00:00:00Z", "notice_min": 1, "cap_min": 1,
        "groups": [], "some_hidden": false});
        50
    ];
    let read = said(&json!({"people_min": 5, "weeks": weeks}), |queue| {
        queue.exposure()
    })
    .unwrap();
    assert_eq!(read.weeks.len(), 10);
}
