//! The order in which decisions leave, and what a decision without an answer does to the others.

use scrim_desk::OutboxRow;
use scrim_desk::limits::{BACKOFF_FIRST_MS, UNDO_MS};
use scrim_model::{ActionKind, Decision};
use scrim_wire::call::CallFailed;
use scrim_wire::window::{Command, NoticeKey, SyncState};
use serde_json::json;

use crate::world::World;

pub(crate) fn decision(id: &str, item: &str, urgent: bool) -> Decision {
    let mut decision = json!({"decision_id": id, "item_id": item, "item_version": 1,
        "queue_id": "images", "claim_id": format!("claim-of-{id}"), "fence": 1,
        "policy_version": 12, "policy_ids": [], "actions": [{"kind": "allow"}], "severity": 0,
        "unsure": false, "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0});
    if urgent {
        decision["actions"][0]["kind"] = "escalate".into();
        decision["escalate"] = json!({"to": "danger_to_life", "priority": 1});
    }
    serde_json::from_value(decision).unwrap()
}

/// A desk whose last run left these decisions, in this order: id, item, whether it goes first.
pub(crate) fn left_with(rows: &[(&str, &str, bool)]) -> World {
    let mut world = World::serving(0);
    world.server.reachable = false;
    world.outbox = rows
        .iter()
        .map(|(id, item, first)| {
            let decision = decision(id, item, *first);
            world.committed.insert(decision.decision_id.clone());
            OutboxRow {
                decision,
                told: false,
                first: *first,
                left: false,
                sent_with: None,
            }
        })
        .collect();
    world.restart();
    world
}

fn arrived(world: &World) -> Vec<&str> {
    let received = world.server.received.iter();
    received.map(|id| id.as_str()).collect()
}

#[test]
fn urgent_ones_go_first_then_the_oldest_and_on_one_item_nothing_overtakes() {
    let mut world = left_with(&[
        ("a", "one", false),
        ("b", "two", false),
        ("c", "three", false),
        ("d", "two", true),
        ("e", "four", true),
    ]);
    world.server.reachable = true;
    world.pass(120_000);
    assert_eq!(arrived(&world), ["b", "d", "e", "a", "c"]);
}

#[test]
fn what_cannot_be_marked_on_disk_does_not_leave() {
    let mut world = left_with(&[("a", "one", false), ("b", "two", true)]);
    world.store_works = false;
    world.server.reachable = true;
    world.pass(120_000);
    assert!(world.server.received.is_empty(), "it could be taken back");
    let tries = world.order_of(&["MarkInFlight"]).len();
    assert!((2..200).contains(&tries), "{tries} tries in two minutes");
    world.store_works = true;
    world.pass(120_000);
    assert_eq!(world.server.accepted.len(), 2);
}

#[test]
fn a_removal_that_a_list_knows_exactly_goes_before_older_ones() {
    let mut world = World::serving(1);
    world.server.open = World::serving_known().server.held.into_values().collect();
    world.server.open[0]["id"] = "known".into();
    world.pass(20_000);
    world.command(Command::Decide(ActionKind::Allow));
    world.server.reachable = false;
    world.command(Command::Decide(ActionKind::Remove));
    world.pass(UNDO_MS + 1_000);
    world.server.reachable = true;
    world.pass(120_000);
    let items = world.server.decisions.iter().map(|d| d.item_id.as_str());
    assert_eq!(items.collect::<Vec<_>>(), ["known", "item-0"]);
}

#[test]
fn a_decision_that_never_gets_an_answer_lets_the_others_go_ahead() {
    let mut world = left_with(&[("urgent", "one", true), ("other", "two", false)]);
    world.server.reachable = true;
    world.server.breaks_on = Some("urgent");
    world.pass(10 * 60_000);
    assert!(arrived(&world).contains(&"other"));
    assert_eq!(world.model().waiting_to_sync, 1);
    world.server.breaks_on = None;
    world.pass(10 * 60_000);
    assert_eq!(world.model().waiting_to_sync, 0);
}

#[test]
fn the_server_is_given_the_time_that_it_asked_for() {
    let mut world = World::serving(3);
    world.server.refuses = Some(CallFailed::Unreachable { after_s: Some(90) });
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(world.server.received.len(), 1);
    world.pass(89_000);
    assert_eq!(world.server.received.len(), 1);
    world.server.refuses = None;
    world.pass(70_000);
    assert_eq!(world.model().history[0].state, SyncState::Accepted);
}

#[test]
fn a_moderator_who_says_try_now_starts_the_back_off_anew() {
    let mut world = World::serving(3);
    world.server.reachable = false;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(4 * 60_000);
    // The calls that this asks for fail too.
    world.command(Command::Reconnect);
    world.server.reachable = true;
    world.pass(4 * BACKOFF_FIRST_MS);
    assert_eq!(world.model().waiting_to_sync, 0);
}

#[test]
fn an_item_does_not_come_back_under_a_claim_that_was_lost_after_its_decision() {
    let mut world = World::serving(2);
    let item = world.open_item().unwrap();
    // The next heartbeat falls into the undo window.
    world.pass(57_000);
    world.command(Command::Decide(ActionKind::Allow));
    world.server.loses_claims = true;
    world.pass(UNDO_MS - 1_000);
    assert_eq!(world.model().held.len(), 1);
    world.command(Command::Undo);
    world.pass(1);
    assert_ne!(world.open_item(), Some(item));
    assert_eq!(world.model().history[0].state, SyncState::Withdrawn);
    assert!(world.has_notice(NoticeKey::ClaimLost));
}
