use scrim_desk::Effect;
use scrim_desk::limits::{CONFIRM_MS, UNDO_MS};
use scrim_model::{ActionKind, DecisionId, PolicyId};
use scrim_wire::call::CallFailed;
use scrim_wire::window::{Command, Correct, CorrectionNeeds, NoticeKey, SyncState};

use crate::world::World;

/// One item allowed, sent and confirmed.
fn allowed(items: u64) -> (World, DecisionId) {
    let mut world = World::serving(items);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    let row = world.model().history[0].clone();
    assert_eq!(row.state, SyncState::Accepted);
    (world, row.decision_id)
}

fn correct(world: &mut World, what: Correct) {
    world.command(Command::Correct(what));
}

/// The decision becomes a removal under `graphic`.
fn removed(world: &mut World, id: &DecisionId) {
    correct(world, Correct::Open(id.clone()));
    correct(world, Correct::Policy(PolicyId::new("graphic").unwrap()));
    correct(world, Correct::Note("too quick".into()));
    correct(world, Correct::Action(ActionKind::Remove));
    world.pass(CONFIRM_MS);
    correct(world, Correct::Record);
}

#[test]
fn a_correction_is_recorded_first_names_the_old_one_and_arrives_once() {
    let (mut world, id) = allowed(2);
    let open = world.open_item();
    world.server.loses_answers = true;
    world.clear_log();
    removed(&mut world, &id);
    assert!(world.model().correction.is_none());
    world.pass(UNDO_MS + 1_000);
    world.server.loses_answers = false;
    world.pass(120_000);
    let (old, new) = (&world.server.decisions[0], &world.server.decisions[1]);
    assert_eq!(world.server.decisions.len(), 2, "it arrives once");
    assert_eq!(new.supersedes.as_ref(), Some(&id));
    assert_eq!((&new.item_id, &new.claim_id), (&old.item_id, &old.claim_id));
    assert_eq!((new.headline(), new.severity), ("remove", 3));
    assert_eq!(new.reason, "too quick");
    assert_eq!((&new.media, new.handle_ms), (&old.media, old.handle_ms));
    let order = world.order_of(&["RecordDecision", "SendDecision"]);
    assert_eq!(order[..2], ["RecordDecision", "SendDecision"]);
    assert_eq!(world.open_item(), open, "the open item stays where it was");
    let states: Vec<_> = world.model().history.iter().map(|row| row.state).collect();
    assert_eq!(states, [SyncState::Accepted, SyncState::Accepted]);
}

#[test]
fn nothing_is_recorded_in_haste_or_incomplete() {
    let (mut world, id) = allowed(2);
    let needs = |world: &World| world.model().correction.unwrap().needs;
    correct(&mut world, Correct::Open(id));
    assert_eq!(needs(&world), Some(CorrectionNeeds::Action));
    correct(&mut world, Correct::Action(ActionKind::Remove));
    world.pass(CONFIRM_MS);
    assert_eq!(needs(&world), Some(CorrectionNeeds::Policy));
    correct(&mut world, Correct::Record);
    assert_eq!(world.model().history.len(), 1);
    correct(&mut world, Correct::Action(ActionKind::Allow));
    assert_eq!(needs(&world), None);
    correct(&mut world, Correct::Record);
    assert_eq!(world.model().history.len(), 1, "a double press records");
    correct(&mut world, Correct::Action(ActionKind::Escalate));
    assert_eq!(
        world.model().correction.unwrap().action,
        Some(ActionKind::Allow)
    );
    correct(&mut world, Correct::Close);
    assert!(world.model().correction.is_none());
}

#[test]
fn a_correction_can_be_taken_back_and_leaves_the_open_item_alone() {
    let (mut world, id) = allowed(2);
    let open = world.open_item();
    removed(&mut world, &id);
    assert_eq!(world.model().held.len(), 1);
    world.command(Command::Undo);
    assert_eq!(world.model().history[0].state, SyncState::Withdrawn);
    assert_eq!(world.open_item(), open);
    world.pass(UNDO_MS + 1_000);
    assert_eq!(world.server.received.len(), 1);
    removed(&mut world, &id);
    assert_eq!(world.model().history[0].state, SyncState::Held, "not again");
}

#[test]
fn only_what_the_server_has_and_nothing_else_corrects_can_be_corrected() {
    let (mut world, id) = allowed(3);
    world.command(Command::Decide(ActionKind::Allow));
    let held = world.model().history[0].decision_id.clone();
    correct(&mut world, Correct::Open(held));
    assert!(world.model().correction.is_none(), "a held one");
    removed(&mut world, &id);
    world.pass(UNDO_MS + 1_000);
    correct(&mut world, Correct::Open(id));
    assert!(world.model().correction.is_none(), "a corrected one");
}

#[test]
fn too_late_is_said_and_both_stay_on_record() {
    let refused = CallFailed::Refused {
        code: "nothing_to_correct".into(),
        message: String::new(),
    };
    for refusal in [Some(refused), None] {
        let (mut world, id) = allowed(2);
        world.server.overtakes = refusal.is_none();
        world.server.refuses = refusal;
        removed(&mut world, &id);
        world.pass(UNDO_MS + 1_000);
        assert!(world.has_notice(NoticeKey::CorrectionTooLate));
        assert_eq!(world.model().conflicts.len(), 1);
        let rows = world.model().history;
        assert_eq!(rows[0].supersedes.as_ref(), Some(&id));
        assert_eq!(rows[1].state, SyncState::Accepted);
    }
}

#[test]
fn a_correction_that_cannot_be_written_is_not_made() {
    let (mut world, id) = allowed(2);
    world.store_works = false;
    removed(&mut world, &id);
    assert!(world.has_notice(NoticeKey::DecisionNotRecorded));
    assert!(
        world.model().correction.is_some(),
        "what was written is lost"
    );
    assert!(!world.log.iter().any(|effect| matches!(effect,
        Effect::SendDecision(decision) if decision.supersedes.is_some())));
}
