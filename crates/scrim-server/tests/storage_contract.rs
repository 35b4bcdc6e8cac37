//! What every implementation of [`Storage`] has to do. Another one adds a line to `contract!`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{START_MS, decision, fill, ingest};
use scrim_model::{ItemId, ModeratorId, Role, Timestamp};
use scrim_server::auth::User;
use scrim_server::error::ServerError;
use scrim_server::storage::{Change, LeaseTerms, QueuesAsked, SqliteStorage, Storage, Write};
use scrim_wire::protocol::DecisionsRequest;
use serde_json::{Value, json};

macro_rules! contract {
    ($name:ident, $fresh:expr; $($case:ident),+ $(,)?) => {
        mod $name {
            $(#[test]
            fn $case() {
                let folder = tempfile::tempdir().unwrap();
                super::$case(&|| $fresh(folder.path()));
            })+
        }
    };
}

contract!(sqlite, |folder: &std::path::Path| {
    Box::new(scrim_server::storage::SqliteStorage::open(&folder.join("s.db")).unwrap())
        as Box<dyn scrim_server::storage::Storage>
};
    a_refused_change_leaves_no_key,
    a_key_gives_the_first_answer_even_after_a_restart,
    fences_grow_and_survive,
    everything_survives_a_restart,
    an_item_changes_with_a_greater_version_only_while_open,
    policies_only_grow,
    roles_are_added_never_lost,
    a_replayed_claim_holds_no_withdrawn_item,
);

type Open<'a> = &'a dyn Fn() -> Box<dyn Storage>;

fn write(user: &str, key: &str, body: u8, later_s: i64) -> Write {
    Write {
        user: ModeratorId::new(user).unwrap(),
        role: Role::Moderator,
        is_lead: false,
        desk: None,
        chain_head: None,
        is_training: false,
        tells_at_once: true,
        route: "/v1/claims",
        key: key.to_owned(),
        body_sha256: [body; 32],
        now: Timestamp(START_MS + later_s * 1_000),
        terms: LeaseTerms {
            lease_ms: 300_000,
            offline_grace_ms: 1_800_000,
        },
    }
}

fn claim(storage: &dyn Storage, write: &Write) -> Vec<Value> {
    let request = serde_json::from_value(json!({"count": 5})).unwrap();
    let answer = storage.apply(write, Change::Claim(request)).unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer["claims"].as_array().unwrap().clone()
}

fn filled(open: Open<'_>) -> Box<dyn Storage> {
    let storage = open();
    fill(storage.as_ref());
    put(storage.as_ref(), json!({"id": "i"})).unwrap();
    storage
}

fn put(storage: &dyn Storage, item: Value) -> Result<ItemId, ServerError> {
    storage.put_item(ingest(item), Vec::new(), Timestamp(START_MS))
}

fn a_refused_change_leaves_no_key(open: Open<'_>) {
    let storage = filled(open);
    let withdraw = |id| Change::Withdraw(ItemId::new(id).unwrap());
    let refused = storage.apply(&write("u", "k", 1, 0), withdraw("none"));
    assert!(matches!(refused, Err(ServerError::Unknown)));
    storage
        .apply(&write("u", "k", 2, 0), withdraw("i"))
        .unwrap();
}

fn a_key_gives_the_first_answer_even_after_a_restart(open: Open<'_>) {
    let storage = filled(open);
    let first = claim(storage.as_ref(), &write("u", "k", 1, 0));
    assert_eq!(first.len(), 1);
    drop(storage);
    let storage = open();
    assert_eq!(claim(storage.as_ref(), &write("u", "k", 1, 9)), first);
    let request = serde_json::from_value(json!({"count": 5})).unwrap();
    let reused = storage.apply(&write("u", "k", 2, 9), Change::Claim(request));
    assert!(matches!(reused, Err(ServerError::KeyReused)));
}

fn fences_grow_and_survive(open: Open<'_>) {
    let mut storage = filled(open);
    for round in 0..4_i64 {
        let write = write("u", &format!("k{round}"), 1, round * 301);
        let claims = claim(storage.as_ref(), &write);
        assert_eq!(claims[0]["fence"], round + 1);
        storage = open();
    }
}

fn everything_survives_a_restart(open: Open<'_>) {
    let storage = filled(open);
    let claims = claim(storage.as_ref(), &write("u", "k", 1, 0));
    let sent = serde_json::from_value(decision("d1", &claims[0], json!({}))).unwrap();
    storage
        .apply(
            &write("u", "k2", 1, 1),
            Change::Decide(DecisionsRequest {
                decisions: vec![sent],
                records: Vec::new(),
            }),
        )
        .unwrap();
    let see = |storage: &dyn Storage| {
        let user = ModeratorId::new("u").unwrap();
        (
            storage
                .queues(QueuesAsked {
                    for_leads: Some(Timestamp(START_MS)),
                    is_training: false,
                })
                .unwrap(),
            storage.policies().unwrap(),
            storage.outcomes(0).unwrap(),
            storage
                .decisions(0, &scrim_server::storage::Scope::Mine(user))
                .unwrap(),
            storage
                .item(
                    &ItemId::new("i").unwrap(),
                    &ModeratorId::new("u").unwrap(),
                    Timestamp(START_MS),
                )
                .unwrap(),
        )
    };
    let before = see(storage.as_ref());
    assert_eq!(before.2.outcomes.len(), 1);
    drop(storage);
    assert_eq!(see(open().as_ref()), before);
}

fn an_item_changes_with_a_greater_version_only_while_open(open: Open<'_>) {
    let storage = filled(open);
    let storage = storage.as_ref();
    put(storage, json!({"id": "i"})).unwrap();
    assert!(put(storage, json!({"id": "i", "label": "new"})).is_err());
    put(storage, json!({"id": "i", "label": "new", "version": 1})).unwrap();
    let claims = claim(storage, &write("u", "k", 1, 0));
    assert_eq!(claims[0]["item"]["label"], "new");
    let sent = serde_json::from_value(decision("d1", &claims[0], json!({}))).unwrap();
    storage
        .apply(
            &write("u", "k2", 1, 1),
            Change::Decide(DecisionsRequest {
                decisions: vec![sent],
                records: Vec::new(),
            }),
        )
        .unwrap();
    assert!(put(storage, json!({"id": "i", "label": "late", "version": 2})).is_err());
    let mut elsewhere = ingest(json!({"id": "j"}));
    elsewhere.queue_id = scrim_model::QueueId::new("none").unwrap();
    assert!(
        storage
            .put_item(elsewhere, Vec::new(), Timestamp(0))
            .is_err()
    );
}

fn policies_only_grow(open: Open<'_>) {
    let storage = filled(open);
    let mut tree = storage.policies().unwrap();
    storage.put_policies(&tree, Timestamp(0)).unwrap();
    tree.policies.pop();
    assert!(storage.put_policies(&tree, Timestamp(0)).is_err());
    tree.version += 1;
    storage.put_policies(&tree, Timestamp(0)).unwrap();
    assert_eq!(storage.policies().unwrap(), tree);
}

fn roles_are_added_never_lost(open: Open<'_>) {
    let storage = open();
    let mut user = User {
        id: ModeratorId::new("u").unwrap(),
        name: "N".to_owned(),
        roles: vec![Role::Moderator],
        languages: vec!["en".to_owned()],
    };
    storage.put_user(&user).unwrap();
    user.roles = vec![Role::Lead];
    user.name.clear();
    user.languages.clear();
    storage.put_user(&user).unwrap();
    let stored = storage.users().unwrap().remove(0);
    assert_eq!(stored.roles, [Role::Moderator, Role::Lead]);
    assert_eq!(
        (stored.name.as_str(), &stored.languages[..]),
        ("N", &["en".to_owned()][..])
    );
    assert!(storage.user_by_token(&[7; 32]).unwrap().is_none());
    storage.add_token(&user.id, &[7; 32], Timestamp(0)).unwrap();
    assert_eq!(
        storage.user_by_token(&[7; 32]).unwrap().unwrap().id,
        user.id
    );
    let nobody = ModeratorId::new("nobody").unwrap();
    assert!(storage.add_token(&nobody, &[8; 32], Timestamp(0)).is_err());
}

fn a_replayed_claim_holds_no_withdrawn_item(open: Open<'_>) {
    let storage = filled(open);
    assert_eq!(claim(storage.as_ref(), &write("u", "k", 1, 0)).len(), 1);
    let withdraw = Change::Withdraw(ItemId::new("i").unwrap());
    storage.apply(&write("feed", "w", 1, 1), withdraw).unwrap();
    assert!(claim(storage.as_ref(), &write("u", "k", 1, 2)).is_empty());
}

#[test]
fn a_database_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert!(matches!(
        SqliteStorage::open(&path),
        Err(ServerError::Corrupt(_))
    ));
}
