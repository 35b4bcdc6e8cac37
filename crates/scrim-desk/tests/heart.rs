//! The heart, step by step and under random storms, with a scripted outside world.
#![allow(clippy::unwrap_used, reason = "tests")]

mod life;
#[allow(dead_code, reason = "shared with the other tests of the heart")]
mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;
use scrim_desk::limits::{CONFIRM_MS, UNDO_MS};
use scrim_desk::{Effect, Event, UndoEnd};
use scrim_model::ActionKind;
use scrim_model::breaks::BreakPhase;
use scrim_model::view::{FileViewed, Part, RevealMode, RevealReason, SoftStep, ViewState};
use scrim_wire::call::CallFailed;
use scrim_wire::window::{Command, LinkState, NoticeKey, Screen, SyncState};
use world::World;
use world::storm::Blow;

/// The default of `reveal.latch_s`.
const LATCH_MS: u64 = 8_000;

#[test]
fn an_item_is_served_covered_and_the_next_ones_are_prepared() {
    let world = World::serving(8);
    let model = world.model();
    assert_eq!(model.screen, Screen::Serving);
    assert_eq!(model.in_hand, 6);
    assert!(model.item.unwrap().reveal.is_none());
    assert_eq!(world.covers_asked(), 6);
}

#[test]
fn a_reveal_opens_only_after_it_is_durable_and_covers_on_every_way_out() {
    let ways: [fn(&mut World); 6] = [
        |w| w.command(Command::CoverAgain),
        |w| w.command(Command::CoverAll),
        |w| w.command(Command::TakeBreak),
        |w| w.command(Command::Decide(ActionKind::Allow)),
        |w| w.event(Event::Locked),
        |w| w.event(Event::WindowGone { crashed: true }),
    ];
    for way in ways {
        let mut world = World::serving(8);
        world.command(Command::Reveal(RevealMode::Full));
        let order = world.order_of(&["RecordReveal", "OpenClear", "HandClear"]);
        assert_eq!(order, ["RecordReveal", "OpenClear", "HandClear"]);
        assert!(world.desk.is_revealed());
        world.clear_log();
        way(&mut world);
        assert!(!world.desk.is_revealed());
        assert_eq!(
            world.order_of(&["CoverNow", "CloseReveal"]),
            ["CoverNow", "CloseReveal"]
        );
    }
}

#[test]
fn a_reveal_that_cannot_be_recorded_shows_nothing() {
    let mut world = World::serving(3);
    world.store_works = false;
    world.command(Command::Reveal(RevealMode::Full));
    assert!(!world.desk.is_revealed());
    assert!(world.order_of(&["OpenClear", "HandClear"]).is_empty());
    assert!(world.has_notice(NoticeKey::RevealNotRecorded));
}

#[test]
fn the_whole_of_the_gravest_opens_only_with_a_reason_that_is_written_down() {
    let mut world = World::serving(3);
    world.command(Command::Digit(1));
    world.clear_log();
    world.command(Command::Reveal(RevealMode::Full));
    assert!(world.model().asks_reason && world.order_of(&["RecordReveal"]).is_empty());
    world.command(Command::CancelConfirm);
    world.command(Command::RevealReason(RevealReason::Danger));
    assert!(
        world.order_of(&["RecordReveal"]).is_empty(),
        "nobody asked for that reason"
    );
    world.command(Command::Reveal(RevealMode::Full));
    world.command(Command::RevealReason(RevealReason::Danger));
    let kept = world.log.iter().find_map(|effect| match effect {
        Effect::RecordReveal { reason, .. } => *reason,
        _ => None,
    });
    assert_eq!(kept, Some(RevealReason::Danger));
    assert!(world.desk.is_revealed() && !world.model().asks_reason);
}

#[test]
fn a_softened_reveal_asks_for_softened_pixels_only() {
    let mut world = World::serving(3);
    for step in SoftStep::ALL {
        world.clear_log();
        world.command(Command::Reveal(RevealMode::Soft(step)));
        let asked = world.log.iter().find_map(|effect| match effect {
            Effect::OpenClear { soft, .. } => Some(*soft),
            _ => None,
        });
        assert_eq!(asked, Some(Some(step)));
    }
}

#[test]
fn a_latched_reveal_ends_by_itself() {
    let mut world = World::serving(3);
    world.command(Command::Reveal(RevealMode::Latch));
    world.pass(LATCH_MS - 1);
    assert!(world.desk.is_revealed());
    world.pass(1);
    assert!(!world.desk.is_revealed());
}

#[test]
fn masked_words_become_clear_only_inside_a_durable_reveal_of_words() {
    let mut world = World::serving_words();
    let body = |w: &World| w.model().item.unwrap().texts[0].words.body.clone();
    assert_eq!(body(&world), "see the ░░░░");
    world.command(Command::Reveal(RevealMode::Hold));
    assert_eq!(body(&world), "see the kite");
    world.command(Command::CoverAgain);
    assert_eq!(body(&world), "see the ░░░░");
}

#[test]
fn decide_is_done_only_when_the_store_has_it() {
    let mut world = World::serving(3);
    world.store_works = false;
    let before = world.open_item();
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(world.open_item(), before);
    assert!(world.has_notice(NoticeKey::DecisionNotRecorded));
    assert_eq!(world.model().history.len(), 0);
    world.store_works = true;
    world.command(Command::Decide(ActionKind::Allow));
    assert_ne!(world.open_item(), before);
    assert_eq!(world.model().history[0].state, SyncState::Held);
}

#[test]
fn undo_brings_the_item_back_and_nothing_is_sent() {
    let mut world = World::serving(3);
    let before = world.open_item();
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS - 1);
    world.command(Command::Undo);
    assert_eq!(world.open_item(), before);
    world.pass(10 * UNDO_MS);
    assert!(world.server.received.is_empty());
    assert_eq!(world.model().history[0].state, SyncState::Withdrawn);
}

#[test]
fn a_decision_by_two_keys_together_is_taken_back() {
    let mut world = World::serving(3);
    let before = world.open_item();
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::Slipped);
    assert_eq!(world.open_item(), before);
    assert!(world.has_notice(NoticeKey::Slipped));
    assert_eq!(world.model().history[0].state, SyncState::Withdrawn);
    // Only what was decided just now: an older decision stands.
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::Digit(2));
    world.command(Command::Slipped);
    assert_eq!(world.model().history[0].state, SyncState::Held);
    world.pass(UNDO_MS);
    assert_eq!(world.server.received.len(), 1);
}

#[test]
fn an_escalation_by_two_keys_together_is_not_asked_for() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Escalate));
    assert!(world.model().confirm.is_some());
    world.command(Command::Slipped);
    assert!(world.model().confirm.is_none());
    assert!(world.model().history.is_empty());
}

#[test]
fn after_the_undo_window_it_is_sent_once_and_cannot_be_taken_back() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    world.command(Command::Undo);
    assert_eq!(world.server.received.len(), 1);
    assert!(world.has_notice(NoticeKey::TooLateToUndo));
    assert_eq!(world.model().waiting_to_sync, 0);
}

#[test]
fn a_lost_answer_sends_the_same_id_again() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Allow));
    world.server.loses_answers = true;
    world.pass(UNDO_MS);
    assert_eq!(world.server.received.len(), 1);
    assert_eq!(world.model().history[0].state, SyncState::Waiting);
    world.server.loses_answers = false;
    world.pass(120_000);
    assert_eq!(
        world
            .server
            .received
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        1
    );
    assert!(world.server.received.len() >= 2);
    assert_eq!(world.model().history[0].state, SyncState::Accepted);
}

#[test]
fn an_action_on_a_grave_policy_and_an_escalation_are_confirmed_not_before_400_ms() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Escalate));
    world.command(Command::Confirm);
    assert!(world.model().confirm.is_some());
    world.pass(CONFIRM_MS);
    world.command(Command::EscalatePriority(1));
    world.command(Command::Confirm);
    assert_eq!(world.model().history.len(), 1);
    world.pass(UNDO_MS);
    assert!(world.has_notice(NoticeKey::EscalationConfirmed));
}

#[test]
fn an_urgent_escalation_that_nobody_confirms_shows_the_duty_contact() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Escalate));
    world.pass(CONFIRM_MS);
    world.command(Command::EscalatePriority(1));
    world.command(Command::Confirm);
    world.server.reachable = false;
    world.pass(UNDO_MS + 61_000);
    assert!(world.has_notice(NoticeKey::EscalationUnconfirmed));
    world.server.reachable = true;
    world.pass(120_000);
    assert!(world.has_notice(NoticeKey::EscalationConfirmed));
    assert!(!world.has_notice(NoticeKey::EscalationUnconfirmed));
}

#[test]
fn a_policy_is_needed_and_two_keys_choose_one() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Remove));
    assert!(world.has_notice(NoticeKey::PolicyNeeded));
    world.command(Command::Digit(2));
    world.command(Command::Digit(1));
    world.command(Command::Decide(ActionKind::Remove));
    world.pass(UNDO_MS);
    let sent = world.server.decisions.last().unwrap();
    assert_eq!(sent.policy_ids[0].as_str(), "graphic");
    assert_eq!(sent.severity, 3);
}

#[test]
fn a_known_exact_hit_is_decided_in_one_key_without_a_byte() {
    let mut world = World::serving_known();
    assert_eq!(world.covers_asked(), 0);
    world.command(Command::Decide(ActionKind::Remove));
    world.pass(UNDO_MS);
    assert_eq!(world.server.decisions.len(), 1);
    assert_eq!(world.server.decisions[0].media[0].state, ViewState::None);
    assert_eq!(
        world.server.decisions[0].media[0].file_viewed,
        FileViewed::No
    );
}

#[test]
fn without_the_lane_a_known_exact_hit_is_loaded_like_any_other() {
    let mut world = World::serving(0);
    world.server.floor = Some(serde_json::json!({"known_hash.lane": false}));
    world.pass(120_000);
    world.server.open = World::serving_known().server.held.into_values().collect();
    world.pass(20_000);
    assert!(world.open_item().is_some());
    assert_eq!(world.covers_asked(), 1);
}

#[test]
fn view_totals_tell_lens_from_full_and_crash_from_no() {
    let mut world = World::serving(3);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(3_000);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let view = &world.server.decisions[0].media[0];
    assert_eq!(
        (view.state, view.file_viewed, view.ms_clear),
        (ViewState::Full, FileViewed::Yes, 3_000)
    );
}

#[test]
fn a_break_is_due_snoozed_twice_and_then_nothing_new_is_served() {
    let mut world = World::serving(8);
    world.work(50);
    assert_eq!(world.model().wellbeing.phase, BreakPhase::Due);
    for _ in 0..2 {
        world.command(Command::Snooze);
        assert_eq!(world.model().wellbeing.phase, BreakPhase::Working);
        world.work(5);
    }
    world.command(Command::Snooze);
    assert_eq!(world.model().wellbeing.phase, BreakPhase::Exhausted);
    assert_eq!(
        world.model().screen,
        Screen::Serving,
        "what is open can be finished"
    );
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(world.model().screen, Screen::BreakNeeded);
    world.command(Command::TakeBreak);
    assert_eq!(world.model().screen, Screen::OnBreak);
    world.pass(10 * 60_000);
    world.command(Command::EndBreak);
    world.pass(1_000);
    assert_eq!(world.model().screen, Screen::Serving);
}

#[test]
fn offline_the_hand_is_worked_off_and_sent_when_the_line_is_back() {
    let mut world = World::serving(8);
    world.server.reachable = false;
    for _ in 0..6 {
        world.command(Command::Decide(ActionKind::Allow));
        world.pass(UNDO_MS);
    }
    assert!(matches!(world.model().link, LinkState::Offline { .. }));
    assert_eq!(world.model().screen, Screen::OfflineEmpty);
    assert_eq!(world.model().waiting_to_sync, 6);
    world.server.reachable = true;
    world.pass(120_000);
    assert_eq!(world.model().waiting_to_sync, 0);
    assert_eq!(world.server.accepted.len(), 6);
}

#[test]
fn a_lost_claim_is_covered_and_put_away() {
    let mut world = World::serving(3);
    world.command(Command::Reveal(RevealMode::Full));
    let open = world.open_item();
    world.server.loses_claims = true;
    world.pass(61_000);
    assert!(!world.desk.is_revealed());
    assert_ne!(world.open_item(), open);
    assert!(world.has_notice(NoticeKey::ClaimLost));
}

#[test]
fn an_unconfirmed_claim_is_checked_before_it_is_revealed() {
    let mut world = World::serving(3);
    world.server.reachable = false;
    world.pass(61_000);
    assert!(matches!(
        world.model().item.unwrap().claim,
        scrim_wire::window::ClaimState::Unconfirmed
    ));
    world.server.reachable = true;
    world.pass(70_000);
    assert!(matches!(
        world.model().item.unwrap().claim,
        scrim_wire::window::ClaimState::Held
    ));
}

#[test]
fn overtaken_and_refused_decisions_are_listed_and_block_nothing() {
    let mut world = World::serving(8);
    world.server.overtakes = true;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    world.server.overtakes = false;
    world.server.refuses = Some(CallFailed::Refused {
        code: "invalid".into(),
        message: String::new(),
    });
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    world.server.refuses = None;
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let model = world.model();
    assert_eq!(model.conflicts.len(), 2);
    assert_eq!(model.waiting_to_sync, 0);
    assert_eq!(world.server.accepted.len(), 1);
}

#[test]
fn a_server_that_is_not_trusted_is_one_that_is_not_there_and_nothing_is_lost() {
    let mut world = World::serving(8);
    world.server.refuses = Some(CallFailed::Untrusted {
        why: scrim_wire::call::Untrusted::Expired,
    });
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(world.model().waiting_to_sync, 1);
    assert!(world.model().conflicts.is_empty() && world.server.accepted.is_empty());
    world.server.refuses = None;
    world.pass(120_000);
    assert_eq!(world.model().waiting_to_sync, 0);
    assert_eq!(world.server.accepted.len(), 1);
}

#[test]
fn cover_all_blanks_and_a_second_press_within_a_second_is_passed_over() {
    let mut world = World::serving(3);
    world.command(Command::CoverAll);
    assert_eq!(world.model().screen, Screen::CoveredAll);
    assert!(world.model().item.is_none());
    world.command(Command::CoverAll);
    assert_eq!(world.model().screen, Screen::CoveredAll);
    world.pass(1_000);
    world.command(Command::CoverAll);
    assert_eq!(world.model().screen, Screen::Serving);
    world.pass(50);
    world.command(Command::CoverAll);
    assert_eq!(
        world.model().screen,
        Screen::CoveredAll,
        "covering is never guarded"
    );
    world.command(Command::CoverAll);
    assert_eq!(world.model().screen, Screen::CoveredAll);
}

#[test]
fn the_end_of_a_shift_gives_everything_back() {
    let mut world = World::serving(8);
    world.command(Command::EndShift);
    world.pass(1_000);
    assert_eq!(world.model().screen, Screen::ShiftEnded { unconfirmed: 0 });
    assert_eq!(world.server.held.len(), 0);
    world.command(Command::StartShift);
    world.pass(1_000);
    assert_eq!(world.model().screen, Screen::Serving);
}

#[test]
fn not_me_asks_no_reason_and_the_item_goes() {
    let mut world = World::serving(8);
    let open = world.open_item();
    world.command(Command::NotMe);
    assert_ne!(world.open_item(), open);
    let released = world.order_of(&["Release"]);
    assert_eq!(released.len(), 1);
}

#[test]
fn selecting_another_part_covers_first() {
    let mut world = World::serving(3);
    world.command(Command::Reveal(RevealMode::Full));
    world.clear_log();
    world.command(Command::Select(Part::Words));
    assert!(!world.desk.is_revealed());
    assert_eq!(world.order_of(&["CoverNow"]).len(), 1);
}

/// Anything at all, in any order.
fn storm() -> impl Strategy<Value = Vec<Blow>> {
    proptest::collection::vec(any::<u16>().prop_map(Blow), 1..400)
}

proptest! {
    // Four parts of 2,500, so that they run beside each other.
    #![proptest_config(ProptestConfig::with_cases(2_500))]

    /// Whatever happens: clear pixels are handed over only inside a durable, open reveal; nothing
    /// is shown as decided that the store does not have; every decision is sent under one id and
    /// has effect once; when the faults end, everything drains.
    #[test]
    fn no_storm_breaks_a_promise_1(blows in storm()) {
        weather(blows)?;
    }

    #[test]
    fn no_storm_breaks_a_promise_2(blows in storm()) {
        weather(blows)?;
    }

    #[test]
    fn no_storm_breaks_a_promise_3(blows in storm()) {
        weather(blows)?;
    }

    #[test]
    fn no_storm_breaks_a_promise_4(blows in storm()) {
        weather(blows)?;
    }
}

fn weather(blows: Vec<Blow>) -> Result<(), TestCaseError> {
    let mut world = World::serving_some_copies(30);
    world.server.asked_of_me = vec![("q".into(), life::of_colleague(2))];
    for blow in blows {
        world.suffer(blow);
        world.check();
    }
    world.calm();
    world.check();
    prop_assert_eq!(world.model().waiting_to_sync, 0);
    prop_assert_eq!(&world.server.accepted, &world.committed_and_standing());
    // What was asked to be undone is undone at the server, or it is said that it is not.
    prop_assert!(world.undoing.is_empty());
    let at_server: BTreeSet<_> = world.server.reverted.iter().map(|(id, _)| id).collect();
    let done = world
        .undone
        .iter()
        .filter(|(_, end)| matches!(end, UndoEnd::Done { .. }));
    prop_assert_eq!(done.map(|(id, _)| id).collect::<BTreeSet<_>>(), at_server);
    Ok(())
}

#[test]
fn effects_of_the_store_come_before_what_depends_on_them() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    let order = world.order_of(&[
        "RecordDecision",
        "MarkInFlight",
        "SendDecision",
        "RecordAnswer",
    ]);
    assert_eq!(
        order,
        [
            "RecordDecision",
            "MarkInFlight",
            "SendDecision",
            "RecordAnswer"
        ]
    );
    assert!(!matches!(world.log.first(), Some(Effect::SendDecision(_))));
}

#[test]
fn the_table_of_states_is_the_same_in_the_code_and_in_the_documents() {
    let rows = |text: &'static str| -> Vec<&'static str> {
        let lines = text.lines().map(|line| line.trim_start_matches("//! "));
        let from = lines.skip_while(|line| !line.starts_with("| State | Event |"));
        from.take_while(|line| line.starts_with('|')).collect()
    };
    let in_code = rows(include_str!("../src/lib.rs"));
    assert!(in_code.len() > 20);
    assert_eq!(in_code, rows(include_str!("../../../docs/ARCHITECTURE.md")));
}

#[test]
fn an_entry_that_was_changed_is_told() {
    let mut world = World::serving(0);
    assert!(!world.has_notice(NoticeKey::RecordsChanged));
    world.event(Event::Started(Box::new(scrim_desk::Restored {
        changed_at: Some(8),
        ..Default::default()
    })));
    assert!(world.has_notice(NoticeKey::RecordsChanged));
}

#[test]
fn records_that_were_set_aside_are_told_with_what_was_saved_and_lost() {
    for (set_aside, expected) in [
        (None, vec![]),
        (Some((7, 0)), vec![(NoticeKey::RecordsSetAside, "7")]),
        (
            Some((7, 2)),
            vec![
                (NoticeKey::RecordsSetAside, "7"),
                (NoticeKey::RecordsLost, "2"),
            ],
        ),
    ] {
        let mut world = World::serving(0);
        world.event(Event::Started(Box::new(scrim_desk::Restored {
            set_aside,
            ..Default::default()
        })));
        let about =
            |key: &NoticeKey| matches!(key, NoticeKey::RecordsSetAside | NoticeKey::RecordsLost);
        let model = world.model();
        let told = model.notices.iter().filter(|n| about(&n.key));
        let told: Vec<_> = told.map(|n| (n.key, n.arg.as_str())).collect();
        assert_eq!(told, expected);
    }
}
