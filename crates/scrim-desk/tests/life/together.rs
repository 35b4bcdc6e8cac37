//! Long rows in calls of many; servers that keep no keys, or no leases.

use scrim_desk::Effect;
use scrim_desk::limits::UNDO_MS;
use scrim_model::{ActionKind, ItemId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::DecisionResult;
use scrim_wire::window::{ClaimState, Command, SyncState};

use super::sending::left_with;
use crate::world::World;

fn long_row(world: &mut World) {
    world.server.takes_many = true;
    world.server.reachable = true;
}

const ROWS: [(&str, &str, bool); 5] = [
    ("a", "one", false),
    ("b", "two", false),
    ("c", "three", true),
    ("d", "two", false),
    ("e", "four", false),
];

fn arrived(world: &World) -> Vec<&str> {
    let received = world.server.received.iter();
    received.map(|id| id.as_str()).collect()
}

#[test]
fn a_long_row_goes_in_one_call_and_what_waits_for_an_item_goes_after_it() {
    let mut world = left_with(&ROWS);
    long_row(&mut world);
    world.pass(120_000);
    assert_eq!(arrived(&world), ["c", "a", "b", "e", "d"]);
    assert_eq!(world.server.calls.len(), 1);
    assert_eq!(world.server.calls[0].1.len(), 4);
    assert_eq!(world.model().waiting_to_sync, 0);
}

#[test]
fn a_lost_answer_sends_the_same_call_again_under_its_key_even_after_a_restart() {
    let mut world = left_with(&ROWS);
    long_row(&mut world);
    world.server.loses_answers = true;
    world.pass_until(|world| world.server.calls.len() == 2);
    world.server.loses_answers = false;
    world.restart();
    world.pass(120_000);
    let keys: Vec<_> = world.server.calls.iter().map(|(key, _)| key).collect();
    assert!(keys.len() >= 2 && keys.iter().all(|key| *key == keys[0]));
    assert_eq!(world.server.decisions.len(), 5);
    assert_eq!(world.model().waiting_to_sync, 0);
}

#[test]
fn a_call_of_many_that_cannot_be_answered_goes_one_by_one() {
    for (unreadable, loses) in [(true, false), (false, true)] {
        let mut world = left_with(&ROWS);
        long_row(&mut world);
        world.server.many_unreadable = unreadable;
        world.server.loses_answers = loses;
        world.pass(30_000);
        world.server.loses_answers = false;
        world.pass(300_000);
        assert_eq!(world.server.decisions.len(), 5, "{unreadable}");
        assert_eq!(world.model().waiting_to_sync, 0);
        assert!(world.server.calls.len() <= 3);
    }
}

#[test]
fn what_is_left_of_a_call_that_was_taken_apart_is_not_that_call_after_a_restart() {
    let mut world = left_with(&ROWS);
    long_row(&mut world);
    world.server.many_unreadable = true;
    world.pass_until(|world| world.server.calls.len() == 1);
    world.server.loses_answers = true;
    world.pass_until(|world| !world.server.received.is_empty());
    (world.server.many_unreadable, world.server.loses_answers) = (false, false);
    world.restart();
    world.pass(120_000);
    // The server asserts that no key comes with other decisions.
    assert_eq!(world.server.decisions.len(), 5);
    assert_eq!(world.model().waiting_to_sync, 0);
}

#[test]
fn what_could_not_be_marked_can_be_taken_back_and_what_was_marked_goes_again() {
    let mut world = World::serving(4);
    world.server.takes_many = true;
    world.restart();
    for _ in 0..3 {
        world.command(Command::Decide(ActionKind::Allow));
    }
    world.store_works = false;
    world.pass(60_000);
    assert!(world.server.received.is_empty());
    world.store_works = true;
    let first = world.model().history.last().unwrap().decision_id.clone();
    world.server.reachable = false;
    world.command(Command::UndoSent(first.clone()));
    world.server.reachable = true;
    world.pass(120_000);
    assert_eq!(world.server.decisions.len(), 2);
    assert!(!world.server.accepted.contains(&first));
    // One that left before needs no new mark: a disk that is full now does not keep it here.
    world.server.loses_answers = true;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    assert_eq!(world.server.decisions.len(), 3);
    world.store_works = false;
    world.server.loses_answers = false;
    let before = world.server.received.len();
    world.pass(120_000);
    assert!(world.server.received.len() > before);
}

#[test]
fn each_row_of_an_answer_stands_for_itself() {
    let mut world = left_with(&ROWS);
    long_row(&mut world);
    world.server.breaks_on = Some("a");
    world.pass(20_000);
    assert!(!world.server.accepted.iter().any(|id| id.as_str() == "a"));
    assert_eq!(world.model().waiting_to_sync, 1);
    world.server.breaks_on = None;
    world.pass(600_000);
    assert_eq!(world.model().waiting_to_sync, 0);
    assert_eq!(world.server.decisions.len(), 5);
}

#[test]
fn a_call_that_is_refused_as_a_whole_parks_none_of_its_decisions() {
    let mut world = left_with(&ROWS);
    long_row(&mut world);
    world.server.refuses = Some(CallFailed::Refused {
        code: "too_large".into(),
        message: String::new(),
    });
    world.server.refuses_once = true;
    world.pass(120_000);
    assert_eq!(world.server.calls.len(), 1);
    assert_eq!(world.server.decisions.len(), 5);
    assert!(world.model().conflicts.is_empty());
}

#[test]
fn without_kept_keys_the_item_is_read_before_anything_goes_a_second_time() {
    let mut world = left_with(&[("a", "one", false)]);
    world.server.lacks = vec!["idempotent_decisions"];
    world.server.takes_many = true;
    world.server.loses_answers = true;
    world.server.reachable = true;
    world.clear_log();
    world.pass(60_000);
    assert_eq!(arrived(&world), ["a"], "it was sent again before a look");
    assert_eq!(world.order_of(&["ReadSent"]).len(), 1);
    assert_eq!(world.model().waiting_to_sync, 0);
    assert!(matches!(
        world.answers[..],
        [(_, DecisionResult::Duplicate { .. })]
    ));
}

#[test]
fn without_leases_the_item_is_read_before_the_decision_is_sent() {
    let mut world = World::serving(2);
    world.server.lacks = vec!["lease", "heartbeat", "fence"];
    world.restart();
    let item = world.model().item.unwrap();
    assert_eq!(item.claim, ClaimState::Advisory);
    world.server.taken.insert(ItemId::new("item-0").unwrap());
    let open = world.open_item().unwrap();
    for _ in 0..2 {
        world.command(Command::Decide(ActionKind::Allow));
    }
    world.pass(20_000);
    let is_beat = |effect: &Effect| matches!(effect, Effect::Heartbeat(_));
    let after = world
        .log
        .iter()
        .skip_while(|e| !matches!(e, Effect::ReadSent { .. }));
    assert!(
        !after.into_iter().any(is_beat),
        "a heartbeat to a server without them"
    );
    let states: Vec<_> = world.model().history.iter().map(|row| row.state).collect();
    assert!(states.contains(&SyncState::Overtaken) && states.contains(&SyncState::Accepted));
    assert_eq!(world.server.decisions.len(), 1);
    assert_eq!(world.model().conflicts.len(), 1);
    assert!(open.as_str().starts_with("item-"));
}
