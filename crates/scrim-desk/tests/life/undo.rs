//! Undoing what was sent, and what did not go as decided.

use scrim_desk::limits::UNDO_MS;
use scrim_desk::{HeadStands, Noted, UndoEnd};
use scrim_model::{ActionKind, DecisionId, HeadDiffers};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{ChainHead, DecisionResult};
use scrim_wire::window::{
    Command, ConflictStep, ConflictWhat, Correct, HistoryRow, NoticeKey, ParkReason, SyncState,
    UndoState,
};

use super::sending::left_with;
use crate::world::World;

fn newest(world: &World) -> HistoryRow {
    world.model().history[0].clone()
}

fn sent() -> World {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(newest(&world).state, SyncState::Accepted);
    world
}

fn refused(code: &str) -> Option<CallFailed> {
    Some(CallFailed::Refused {
        code: code.into(),
        message: String::new(),
    })
}

/// A desk whose only decision was not taken, for this reason.
fn parked(code: &str) -> World {
    let mut world = World::serving(3);
    world.server.refuses = refused(code);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(newest(&world).state, SyncState::Parked);
    world.server.refuses = None;
    world
}

#[test]
fn what_was_sent_is_undone_at_the_server_once() {
    let mut world = sent();
    let row = newest(&world);
    assert!(row.can_undo);
    world.server.loses_answers = true;
    world.command(Command::UndoSent(row.decision_id.clone()));
    assert_eq!(newest(&world).undo, UndoState::Waiting);
    assert!(!newest(&world).can_undo && !newest(&world).can_correct);
    world.server.loses_answers = false;
    world.restart();
    world.pass(120_000);
    assert_eq!(world.server.reverted.len(), 1);
    assert!(world.undoing.is_empty());
    assert!(matches!(
        &world.undone[..],
        [(id, UndoEnd::Done { .. })] if *id == row.decision_id
    ));
}

#[test]
fn undoing_waits_for_the_receipt_of_what_is_in_flight() {
    let mut world = World::serving(3);
    world.server.loses_answers = true;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let row = newest(&world);
    assert_eq!(row.state, SyncState::Waiting);
    world.clear_log();
    world.command(Command::UndoSent(row.decision_id));
    assert!(world.order_of(&["SendUndo"]).is_empty());
    world.server.loses_answers = false;
    world.pass(120_000);
    assert_eq!(newest(&world).undo, UndoState::Done);
    assert_eq!(world.server.reverted.len(), 1);
}

#[test]
fn what_never_left_is_taken_back_here_and_its_claim_goes_back() {
    let mut world = World::serving(3);
    world.server.reachable = false;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    // The first try told that there is no line; after that nothing left.
    world.pass(60_000);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    let row = newest(&world);
    assert_eq!(row.state, SyncState::Waiting);
    world.command(Command::UndoSent(row.decision_id.clone()));
    assert_eq!(newest(&world).state, SyncState::Withdrawn);
    world.server.reachable = true;
    world.pass(120_000);
    assert!(!world.server.received.contains(&row.decision_id));
    assert_eq!(world.server.given_back.len(), 1);
}

#[test]
fn an_undoing_that_cannot_be_recorded_is_not_asked_for() {
    let mut world = sent();
    world.store_works = false;
    let id = newest(&world).decision_id;
    world.command(Command::UndoSent(id));
    world.pass(60_000);
    assert!(world.has_notice(NoticeKey::UndoNotRecorded));
    assert!(world.server.reverted.is_empty());
    assert_eq!(newest(&world).undo, UndoState::NotAsked);
}

#[test]
fn too_late_to_undo_is_a_conflict_and_the_decision_stands() {
    let mut world = sent();
    world.server.refuses_undo = true;
    let id = newest(&world).decision_id;
    world.command(Command::UndoSent(id.clone()));
    let conflicts = world.model().conflicts;
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].what, ConflictWhat::UndoTooLate);
    assert_eq!(newest(&world).undo, UndoState::Refused);
    assert!(newest(&world).can_correct);
    world.command(Command::Conflict(Some(id.clone()), ConflictStep::Seen));
    assert!(world.model().conflicts.is_empty());
    assert_eq!(world.noted, [(Some(id), Some(Noted::Seen))]);
}

#[test]
fn without_the_capability_nothing_offers_to_undo() {
    let mut world = World::serving(3);
    world.server.lacks = vec!["revert"];
    world.restart();
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let row = newest(&world);
    assert!(!row.can_undo && row.can_correct);
    world.command(Command::UndoSent(row.decision_id));
    assert!(world.undoing.is_empty());
}

#[test]
fn a_decision_that_was_not_taken_leaves_nothing_to_undo() {
    let mut world = World::serving(3);
    world.server.loses_answers = true;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let id = newest(&world).decision_id;
    world.command(Command::UndoSent(id));
    world.server.loses_answers = false;
    world.server.overtakes = true;
    world.pass(120_000);
    assert!(matches!(world.undone[..], [(_, UndoEnd::Moot)]));
    assert!(world.server.reverted.is_empty());
}

#[test]
fn a_correction_made_in_flight_goes_after_the_first_ones_receipt() {
    let mut world = World::serving(3);
    world.server.loses_answers = true;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let first = newest(&world);
    assert!(first.can_correct && first.state == SyncState::Waiting);
    world.command(Command::Correct(Correct::Open(first.decision_id.clone())));
    world.command(Command::Correct(Correct::Action(ActionKind::Allow)));
    world.pass(1_000);
    world.command(Command::Correct(Correct::Record));
    let second = newest(&world);
    assert_eq!(second.supersedes, Some(first.decision_id.clone()));
    world.pass(UNDO_MS + 1_000);
    assert!(!world.server.received.contains(&second.decision_id));
    world.server.loses_answers = false;
    world.pass(240_000);
    let ids: Vec<_> = world
        .server
        .decisions
        .iter()
        .map(|d| &d.decision_id)
        .collect();
    assert_eq!(ids, [&first.decision_id, &second.decision_id]);
}

#[test]
fn every_code_has_a_reason_and_what_is_parked_can_be_tried_again() {
    for (code, reason) in [
        ("not_allowed", ParkReason::NotAllowed),
        ("invalid", ParkReason::Invalid),
        ("unknown_item", ParkReason::UnknownItem),
        ("too_large", ParkReason::TooLarge),
        ("key_reused", ParkReason::KeyReused),
        ("claim_lost", ParkReason::ClaimLost),
        ("something_new", ParkReason::Other),
    ] {
        let mut world = parked(code);
        let conflict = world.model().conflicts[0].clone();
        let what = ConflictWhat::Parked {
            reason,
            code: code.into(),
        };
        assert_eq!(conflict.what, what);
        let id = conflict.decision().cloned();
        world.server.loses_answers = true;
        world.command(Command::Conflict(id.clone(), ConflictStep::TryAgain));
        assert!(world.has_notice(NoticeKey::TriedAgain));
        world.pass(10_000);
        world.server.loses_answers = false;
        world.restart();
        world.pass(120_000);
        assert_eq!(world.model().waiting_to_sync, 0);
        assert!(world.server.accepted.contains(id.as_ref().unwrap()));
        // A server answers a key that it has refused as before: every further try has another one.
        let (key, ids) = world.server.calls[0].clone();
        assert_ne!(Some(key.as_str()), id.as_ref().map(DecisionId::as_str));
        assert!(world.server.calls.len() > 1);
        assert!(
            world
                .server
                .calls
                .iter()
                .all(|call| *call == (key.clone(), ids.clone()))
        );
        assert!(world.model().conflicts.is_empty());
    }
}

#[test]
fn what_is_parked_blocks_nothing_and_survives_a_retry_that_cannot_be_read() {
    let mut world = parked("invalid");
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(newest(&world).state, SyncState::Accepted);
    world.store_works = false;
    let id = world.model().conflicts[0].decision().cloned();
    world.command(Command::Conflict(id.clone(), ConflictStep::TryAgain));
    assert!(world.has_notice(NoticeKey::TryAgainFailed));
    assert_eq!(world.model().conflicts.len(), 1);
    world.store_works = true;
    world.command(Command::Conflict(id.clone(), ConflictStep::TellLead));
    assert_eq!(world.noted, [(id, Some(Noted::Lead))]);
}

#[test]
fn deciding_anew_replaces_what_was_parked_without_naming_it_to_the_server() {
    let mut world = parked("unknown_policy");
    let old = newest(&world).decision_id;
    assert!(newest(&world).can_correct);
    world.command(Command::Correct(Correct::Open(old.clone())));
    world.command(Command::Correct(Correct::Action(ActionKind::Allow)));
    world.pass(1_000);
    world.command(Command::Correct(Correct::Record));
    world.pass(UNDO_MS);
    assert_eq!(world.noted, [(Some(old.clone()), Some(Noted::Replaced))]);
    let taken = &world.server.decisions[0];
    assert!(taken.supersedes.is_none() && taken.decision_id != old);
    assert!(world.model().conflicts.is_empty());
}

#[test]
fn a_missing_tail_is_said_once_and_what_the_server_has_is_not_sent_as_new() {
    let mut world = left_with(&[
        ("a", "one", false),
        ("b", "two", false),
        ("c", "three", false),
    ]);
    // The server took two of them before the backup was put back.
    world.server.reachable = true;
    world.server.loses_answers = false;
    let rows: Vec<_> = world
        .outbox
        .iter()
        .map(|row| row.decision.clone())
        .collect();
    for decision in &rows[..2] {
        let at = scrim_model::Timestamp(world.now.utc_ms);
        world.server.send(decision, at).unwrap();
    }
    world.server.received.clear();
    let server = ChainHead {
        entries: 9,
        hash: "f".repeat(64),
    };
    world.server.chain_head = Some(server.clone());
    world.stands = HeadStands::Differs {
        here: 3,
        server,
        how: HeadDiffers::Shorter,
        is_new: true,
    };
    world.restart();
    world.pass(60_000);
    let received: Vec<_> = world.server.received.iter().map(|id| id.as_str()).collect();
    assert_eq!(received, ["c"]);
    assert_eq!(world.model().waiting_to_sync, 0);
    let marked = |(id, result): &(scrim_model::DecisionId, DecisionResult)| {
        id.as_str() != "c" && matches!(result, DecisionResult::Duplicate { .. })
    };
    assert_eq!(world.answers.iter().filter(|row| marked(row)).count(), 2);
    assert!(world.has_notice(NoticeKey::RecordsBehind));
    let conflicts = world.model().conflicts;
    assert!(matches!(
        conflicts[..],
        [ref only] if only.what == ConflictWhat::TailMissing { here: 3, server: 9 }
    ));
    world.command(Command::Conflict(None, ConflictStep::Seen));
    assert!(world.model().conflicts.is_empty());
    world.restart();
    assert!(
        !world.has_notice(NoticeKey::RecordsBehind),
        "it is said twice"
    );
}

#[test]
fn a_look_after_a_long_sleep_waits_until_the_claim_is_checked() {
    let mut world = World::serving(3);
    world.pass(5_000);
    world.server.loses_claims = true;
    world.now.boot_ms += 61_000;
    world.clear_log();
    world.command(Command::Reveal(scrim_model::view::RevealMode::Full));
    assert!(world.order_of(&["RecordReveal"]).is_empty());
    assert_eq!(world.order_of(&["Heartbeat"]), ["Heartbeat"]);
    assert!(world.has_notice(NoticeKey::ClaimLost));

    let mut world = World::serving(3);
    world.now.boot_ms += 61_000;
    world.now.utc_ms += 61_000;
    world.clear_log();
    world.command(Command::Reveal(scrim_model::view::RevealMode::Full));
    let order = world.order_of(&["Heartbeat", "RecordReveal"]);
    assert_eq!(order, ["Heartbeat", "RecordReveal"]);
}
