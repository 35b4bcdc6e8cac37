use scrim_desk::limits::{CONFIRM_MS, ESCALATION_WARN_MS};
use scrim_model::{ActionKind, DecisionId, ItemId};
use scrim_wire::window::{Command, NoticeKey};

use crate::world::World;

/// An urgent escalation that the server does not confirm.
fn unconfirmed(sent: bool) -> (World, ItemId) {
    let mut world = World::serving(2);
    let item = world.open_item().unwrap();
    world.server.confirms = false;
    world.server.reachable = sent;
    world.command(Command::Decide(ActionKind::Escalate));
    world.command(Command::EscalatePriority(1));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    world.pass(ESCALATION_WARN_MS + 10_000);
    assert!(world.has_notice(NoticeKey::EscalationUnconfirmed));
    (world, item)
}

#[test]
fn an_unconfirmed_escalation_stays_on_the_screen_until_it_is_told_and_that_is_recorded() {
    for sent in [true, false] {
        let (mut world, item) = unconfirmed(sent);
        let notices = world.model().notices;
        for notice in notices {
            world.command(Command::Dismiss(notice.id));
        }
        for _ in 0..10 {
            world.command(Command::Decide(ActionKind::Remove));
            world.command(Command::Undo);
        }
        assert!(
            world.has_notice(NoticeKey::EscalationUnconfirmed),
            "pushed out"
        );
        world.clear_log();
        world.command(Command::ToldByPhone(item.clone()));
        assert_eq!(world.order_of(&["RecordTold"]).len(), 1);
        assert!(!world.has_notice(NoticeKey::EscalationUnconfirmed));
        world.server.reachable = true;
        world.pass(2 * ESCALATION_WARN_MS);
        assert!(
            !world.has_notice(NoticeKey::EscalationUnconfirmed),
            "said again"
        );
        world.command(Command::ToldByPhone(item));
        assert_eq!(world.order_of(&["RecordTold"]).len(), 1, "recorded twice");
        world.server.confirms = true;
        world.pass(10_000);
        assert!(world.has_notice(NoticeKey::EscalationConfirmed));
    }
}

#[test]
fn what_cannot_be_recorded_goes_on_being_shown() {
    let (mut world, item) = unconfirmed(true);
    world.store_works = false;
    world.command(Command::ToldByPhone(item));
    assert!(world.has_notice(NoticeKey::ToldNotRecorded));
    assert!(world.has_notice(NoticeKey::EscalationUnconfirmed));
}

#[test]
fn an_escalation_that_waits_to_be_confirmed_outlives_a_restart() {
    for told in [false, true] {
        let (mut world, item) = unconfirmed(true);
        if told {
            world.command(Command::ToldByPhone(item));
        }
        world.restart();
        world.pass(ESCALATION_WARN_MS + 1_000);
        let warned = world.has_notice(NoticeKey::EscalationUnconfirmed);
        assert_eq!(warned, !told, "said until it is told");
        world.server.confirms = true;
        world.pass(10_000);
        assert!(world.has_notice(NoticeKey::EscalationConfirmed));
        assert_eq!(world.confirmed.len(), 1, "on record");
        world.restart();
        world.clear_log();
        world.pass(ESCALATION_WARN_MS);
        assert!(world.order_of(&["ReadBack"]).is_empty(), "asked no more");
    }
}

#[test]
fn an_escalation_that_somebody_dealt_with_is_settled_and_asked_after_no_more() {
    let (mut world, _) = unconfirmed(true);
    let own = world.model().history[0].decision_id.as_str().to_owned();
    world.server.stands = vec![own];
    world.pass(60_000);
    assert!(
        world.has_notice(NoticeKey::EscalationUnconfirmed),
        "decided by itself and not passed on"
    );
    world.server.stands.push("of-the-lead".to_owned());
    world.pass(10_000);
    assert!(!world.has_notice(NoticeKey::EscalationUnconfirmed));
    assert!(world.has_notice(NoticeKey::EscalationSettled));
    assert_eq!(
        world.order_of(&["RecordSettled", "RecordConfirmed"]),
        ["RecordSettled"]
    );
    world.clear_log();
    world.pass(60_000);
    assert!(world.order_of(&["ReadBack"]).is_empty());
}

#[test]
fn an_escalation_that_was_undone_is_settled_and_an_item_passed_on_twice_is_confirmed_for_the_right_one()
 {
    let (mut world, item) = unconfirmed(true);
    let own = world.model().history[0].decision_id.clone();
    world.server.later = "open";
    world.server.stands = vec![own.as_str().to_owned()];
    world.pass(10_000);
    assert!(!world.has_notice(NoticeKey::EscalationSettled), "it stands");
    world.server.stands.clear();
    world.pass(10_000);
    assert!(world.has_notice(NoticeKey::EscalationSettled));

    let (mut world, _) = unconfirmed(true);
    world.restart();
    world.server.confirms = true;
    world.pass(10_000);
    let ask_again = world
        .log
        .iter()
        .filter(|effect| matches!(effect, scrim_desk::Effect::ReadBack(read) if *read == item));
    assert!(ask_again.count() > 0);
    assert_eq!(world.confirmed.len(), 1);
}

/// An escalation that the server takes as a review, and shows as such.
fn of_review(priority: u8) -> (World, ItemId) {
    let mut world = World::serving(2);
    let item = world.open_item().unwrap();
    world.server.confirms = false;
    world.command(Command::Decide(ActionKind::Escalate));
    world.command(Command::EscalatePriority(priority));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    let own = world.model().history[0].decision_id.to_string();
    world.server.stands = vec!["of-the-first".to_owned(), own.clone()];
    world.server.without_effect = vec![own];
    world.pass(10_000);
    (world, item)
}

#[test]
fn an_escalation_in_a_review_waits_for_nothing_and_says_that_nobody_was_told() {
    let (mut world, _) = of_review(2);
    assert!(world.has_notice(NoticeKey::EscalationWithoutEffect));
    assert_eq!(world.order_of(&["RecordSettled"]).len(), 1);
    // The first reviewer's escalation is none of this one's.
    world.server.confirms = true;
    for restart in [false, true] {
        if restart {
            world.restart();
        }
        world.clear_log();
        world.pass(2 * ESCALATION_WARN_MS);
        assert!(world.order_of(&["ReadBack"]).is_empty(), "asked no more");
        assert!(!world.has_notice(NoticeKey::EscalationUnconfirmed));
        assert!(!world.has_notice(NoticeKey::EscalationConfirmed));
    }
}

#[test]
fn an_urgent_escalation_in_a_review_shows_the_duty_contact_until_they_are_told() {
    let (mut world, item) = of_review(1);
    assert!(world.has_notice(NoticeKey::EscalationNotPassedOn));
    for notice in world.model().notices {
        world.command(Command::Dismiss(notice.id));
    }
    world.restart();
    world.pass(2 * ESCALATION_WARN_MS);
    assert!(world.has_notice(NoticeKey::EscalationNotPassedOn));
    assert!(
        !world.has_notice(NoticeKey::EscalationUnconfirmed),
        "it waits for nothing"
    );
    assert!(world.order_of(&["RecordSettled"]).is_empty());
    world.clear_log();
    world.command(Command::ToldByPhone(item));
    assert_eq!(
        world.order_of(&["RecordTold", "RecordSettled", "ReadBack"]),
        ["RecordTold", "RecordSettled"]
    );
    assert!(!world.has_notice(NoticeKey::EscalationNotPassedOn));
    world.restart();
    world.clear_log();
    world.pass(2 * ESCALATION_WARN_MS);
    assert!(world.order_of(&["ReadBack"]).is_empty());
    assert!(!world.has_notice(NoticeKey::EscalationNotPassedOn));
}

/// An item that was passed on as urgent twice, first in a review; the server shows the second one as escalated, or not.
fn passed_on_twice(confirms: bool) -> (World, ItemId) {
    let (mut world, item) = of_review(1);
    let review = world.model().history[0].decision_id.clone();
    let mut real = world.recorded[&review].clone();
    real.decision_id = DecisionId::new("the-real-one").unwrap();
    assert!(review < real.decision_id, "read back in this order");
    world.server.accepted.insert(real.decision_id.clone());
    world.server.stands.push(real.decision_id.to_string());
    world.server.confirms = confirms;
    world.recorded.insert(real.decision_id.clone(), real);
    world.restart();
    world.pass(ESCALATION_WARN_MS + 10_000);
    (world, item)
}

#[test]
fn a_review_that_passed_nothing_on_is_said_until_it_is_told_also_when_another_escalation_is_confirmed()
 {
    let (mut world, item) = passed_on_twice(true);
    assert!(world.has_notice(NoticeKey::EscalationConfirmed));
    assert!(world.has_notice(NoticeKey::EscalationNotPassedOn));
    world.clear_log();
    world.command(Command::ToldByPhone(item));
    assert_eq!(
        world.order_of(&["RecordTold", "RecordSettled"]),
        ["RecordTold", "RecordSettled"],
        "the confirmed one needs no call"
    );
    assert!(!world.has_notice(NoticeKey::EscalationNotPassedOn));
}

#[test]
fn an_item_that_was_passed_on_twice_and_reached_nobody_says_both_and_one_call_is_enough() {
    let (mut world, item) = passed_on_twice(false);
    let both = [
        NoticeKey::EscalationNotPassedOn,
        NoticeKey::EscalationUnconfirmed,
    ];
    assert!(both.iter().all(|key| world.has_notice(*key)));
    world.clear_log();
    world.command(Command::ToldByPhone(item));
    assert_eq!(world.order_of(&["RecordTold"]).len(), 2);
    assert!(!both.iter().any(|key| world.has_notice(*key)));
}

#[test]
fn a_slow_way_to_the_server_does_not_start_the_minute_anew() {
    let mut world = World::serving(2);
    world.server.confirms = false;
    world.server.reachable = false;
    world.command(Command::Decide(ActionKind::Escalate));
    world.command(Command::EscalatePriority(1));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    world.pass(ESCALATION_WARN_MS - 20_000);
    assert!(!world.has_notice(NoticeKey::EscalationUnconfirmed));
    world.server.reachable = true;
    world.command(Command::Reconnect);
    world.pass(10_000);
    assert_eq!(world.model().waiting_to_sync, 0, "the server has it");
    world.pass(20_000);
    assert!(world.has_notice(NoticeKey::EscalationUnconfirmed));
}
