//! Entries of a desk's chain that come with decisions.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::fresh;
use crate::{Ground, Held};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(salt: &[u8], text: &str) -> String {
    hex(&Sha256::digest([salt, text.as_bytes()].concat()))
}

/// The entry of a decision, as a desk writes it: what was judged and what was written are parts of
/// it, what was viewed is known to the header alone.
fn entry(decision: &Value, seq: u64) -> Value {
    let mut judgement = decision.clone();
    let fields = judgement.as_object_mut().unwrap();
    let reason = fields.remove("reason").unwrap();
    fields.remove("media");
    let bodies = [
        ("judgement", judgement.to_string()),
        ("words", json!({"reason": reason}).to_string()),
    ];
    let salt = |n: usize| [n as u8 + 1; 32];
    let mut hashes = json!({"viewing": hash(&salt(7), "stays at the desk")});
    let mut parts = Vec::new();
    for (n, (name, body)) in bodies.into_iter().enumerate() {
        hashes[name] = json!(hash(&salt(n), &body));
        parts.push(json!({"name": name, "salt": hex(&salt(n)), "body": body}));
    }
    let header = json!({"schema_version": 1, "seq": seq, "entry_id": decision["decision_id"],
        "kind": "decision", "at": decision["decided_at"], "prev_hash": "0".repeat(64),
        "parts": hashes});
    json!({"decision_id": decision["decision_id"], "header": header.to_string(), "parts": parts})
}

/// The header of an entry that says that a decision was taken back before it left.
fn taken_back(seq: u64) -> String {
    json!({"schema_version": 1, "seq": seq, "entry_id": format!("x/withdrawn/{seq}"),
        "kind": "withdrawn", "subject": "x", "prev_hash": "0".repeat(64)})
    .to_string()
}

fn head(ground: &Ground, desk: &str) -> Value {
    let session = ground.one.get_with("/v1/session", &[("Scrim-Desk", desk)]);
    session.good()["chain_head"].clone()
}

fn send(ground: &Ground, desk: &str, decision: &Value, record: &Value) -> Value {
    let body = json!({"decisions": [decision], "records": [record]});
    let answer = ground.one.post_at(desk, "/v1/decisions", &fresh(), &body);
    answer.rows("results").remove(0)
}

pub(super) fn an_entry_that_fits_is_kept_and_moves_the_head(ground: &Ground) -> Held {
    let desk = fresh();
    let claims = ground.claimed(&ground.one, 3);
    let made = [0, 1, 2].map(|at| {
        let changed = json!({"reason": "Seen before", "media": [{"n": 0, "state": "full",
            "file_viewed": "yes", "ms_covered": 7, "ms_clear": 77}]});
        ground.decision(&claims[at], &changed)
    });
    let first = entry(&made[0], 4);
    assert_eq!(send(ground, &desk, &made[0], &first)["result"], "accepted");
    let text = first["header"].as_str().unwrap();
    let told = json!({"entries": 4, "hash": hash(&[], text)});
    assert_eq!(head(ground, &desk), told);
    // What was made before comes later, with words that were erased; the head stays.
    let mut earlier = entry(&made[1], 2);
    earlier["parts"].as_array_mut().unwrap().truncate(1);
    assert_eq!(
        send(ground, &desk, &made[1], &earlier)["result"],
        "accepted"
    );
    assert_eq!(head(ground, &desk), told);
    // Without an entry a decision counts as well.
    assert_eq!(ground.one.decide(&made[2])["result"], "accepted");
    // As it came it can be read again, by oneself alone.
    let kept = |person: &crate::client::Person, scope: &str| {
        let (mut since, mut headers) = (0, Vec::new());
        loop {
            let path = format!("/v1/decisions?since={since}&scope={scope}");
            let page = person.get(&path).good();
            let rows = page["decisions"].as_array().unwrap();
            if rows.is_empty() {
                return headers;
            }
            // A team read has ids of its own.
            let is_of_these = |id: &Value| made.iter().any(|d| &d["item_id"] == id);
            let of_these = rows.iter().filter(|row| is_of_these(&row["item_id"]));
            headers.extend(of_these.map(|row| row["header"].clone()));
            since = page["next"].as_u64().unwrap();
        }
    };
    let own = [
        first["header"].clone(),
        earlier["header"].clone(),
        Value::Null,
    ];
    assert_eq!(kept(&ground.one, "mine"), own);
    assert_eq!(
        kept(&ground.lead, "team"),
        [Value::Null, Value::Null, Value::Null]
    );
    Held::Yes
}

pub(super) fn an_entry_that_does_not_fit_is_refused_with_its_decision(ground: &Ground) -> Held {
    let desk = fresh();
    let claims = ground.claimed(&ground.one, 2);
    let decision = ground.decision(&claims[0], &json!({"reason": "Seen before"}));
    let good = entry(&decision, 3);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut record = good.clone();
        change(&mut record);
        record
    };
    let header = |name: &str, value: Value| {
        changed(&|record| {
            let mut header: Value =
                serde_json::from_str(record["header"].as_str().unwrap()).unwrap();
            header[name] = value.clone();
            record["header"] = json!(header.to_string());
        })
    };
    let other = entry(&ground.decision(&claims[1], &json!({})), 3);
    let body = |at: usize| good["parts"][at]["body"].as_str().unwrap().to_owned();
    for (record, field) in [
        (changed(&|r| r["header"] = json!("no JSON")), "header"),
        (
            changed(&|r| r["header"] = other["header"].clone()),
            "header",
        ),
        (header("kind", json!("receipt")), "header"),
        (header("seq", json!(0)), "header"),
        (header("prev_hash", json!("0")), "header"),
        (header("parts", json!({})), "parts[0]"),
        (
            changed(&|r| r["parts"][0]["salt"] = json!("00")),
            "parts[0]",
        ),
        (
            changed(&|r| r["parts"][0]["body"] = json!(body(0).replace("4321", "4322"))),
            "parts[0]",
        ),
        (
            changed(&|r| r["parts"][1]["body"] = json!(body(1).replace("before", "after"))),
            "parts[1]",
        ),
        (
            changed(&|r| r["parts"][1] = r["parts"][0].clone()),
            "parts[1]",
        ),
        // Of what was taken back: another kind, not before the decision, not in order.
        (
            changed(&|r| r["withdrawn"] = json!(["no JSON"])),
            "withdrawn[0]",
        ),
        (
            changed(&|r| r["withdrawn"] = json!([r["header"]])),
            "withdrawn[0]",
        ),
        (
            changed(&|r| r["withdrawn"] = json!([taken_back(1), taken_back(3)])),
            "withdrawn[1]",
        ),
        (
            changed(&|r| r["withdrawn"] = json!([taken_back(2), taken_back(1)])),
            "withdrawn[1]",
        ),
    ] {
        let refused = send(ground, &desk, &decision, &record);
        let found = (&refused["result"], &refused["code"], &refused["path"]);
        let path = json!(format!("records[0].{field}"));
        assert_eq!(
            found,
            (&json!("rejected"), &json!("record_broken"), &path),
            "{record}"
        );
    }
    // Whole in itself, and about another content than the decision has.
    for reason in ["Seen before", "Seen after"] {
        let mut changed = decision.clone();
        changed["reason"] = json!(reason);
        changed["severity"] = json!(if reason == "Seen before" { 2 } else { 1 });
        let refused = send(ground, &desk, &decision, &entry(&changed, 3));
        assert_eq!(refused["path"], "records[0].parts", "{refused}");
    }
    let escalate = json!({"to": "lead", "priority": 2, "reason": ""});
    let passed_on = json!({"actions": [{"kind": "escalate"}], "escalate": escalate});
    let passed_on = ground.decision(&claims[1], &passed_on);
    for odd in [
        json!("a text"),
        json!([1]),
        json!(5),
        json!(true),
        json!({}),
    ] {
        let mut changed = passed_on.clone();
        changed["escalate"] = odd;
        let refused = send(ground, &desk, &passed_on, &entry(&changed, 3));
        assert_eq!(refused["path"], "records[0].parts", "{refused}");
    }
    assert_eq!(head(ground, &desk), Value::Null);
    assert_eq!(
        ground.state(claims[0]["item"]["id"].as_str().unwrap()),
        "claimed"
    );
    for records in [json!([other]), json!([good, good])] {
        let body = json!({"decisions": [decision], "records": records});
        let refused = ground.one.post_at(&desk, "/v1/decisions", &fresh(), &body);
        assert!(refused.wrong_field().starts_with("records["));
    }
    let with_others = changed(&|r| r["withdrawn"] = json!([taken_back(1), taken_back(2)]));
    let taken = send(ground, &desk, &decision, &with_others);
    assert_eq!(taken["result"], "accepted");
    Held::Yes
}

pub(super) fn a_key_stands_for_the_decisions_whatever_entries_come_along(ground: &Ground) -> Held {
    let (desk, key) = (fresh(), fresh());
    let claim = ground.claimed(&ground.one, 1).remove(0);
    let decision = ground.decision(&claim, &json!({}));
    let bodies = [
        json!({"decisions": [decision], "records": [entry(&decision, 9)]}),
        json!({"decisions": [decision]}),
        json!({"decisions": [decision], "records": [entry(&decision, 1)]}),
    ];
    let answers = bodies.map(|body| {
        ground
            .one
            .post_at(&desk, "/v1/decisions", &key, &body)
            .good()
    });
    assert_eq!(answers[0]["results"][0]["result"], "accepted");
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    let mut other = decision.clone();
    other["severity"] = json!(2);
    let body = json!({"decisions": [other]});
    let refused = ground.one.post_at(&desk, "/v1/decisions", &key, &body);
    refused.refused(422, "key_reused");
    Held::Yes
}
