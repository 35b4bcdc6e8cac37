use scrim_desk::limits::{ASKED_POLL_MS, UNDO_MS};
use scrim_desk::{Effect, Event};
use scrim_model::ActionKind;
use scrim_model::mark::{Mark, Region};
use scrim_model::view::RevealMode;
use scrim_wire::window::{Command, NoticeKey};
use serde_json::{Value, json};

use crate::world::World;

/// An item that a colleague asks about.
pub(crate) fn of_colleague(severity: u8) -> Value {
    json!({"id": "theirs", "kind": "image", "severity_hint": severity, "classes": ["violence"],
        "media": [{"n": 0, "mime": "image/png", "bytes": 10}]})
}

fn asked(severity: u8) -> World {
    let mut world = World::serving(3);
    world.server.asked_of_me = vec![("q".into(), of_colleague(severity))];
    world.pass(ASKED_POLL_MS + 1_000);
    world
}

fn look(world: &mut World) {
    world.command(Command::OpenLook("q".into()));
}

fn open_id(world: &World) -> String {
    world
        .open_item()
        .map_or(String::new(), |id| id.as_str().to_owned())
}

#[test]
fn a_question_is_listed_looked_at_covered_and_answered_once() {
    let mut world = asked(1);
    let listed = world.model().asked_of_me;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        listed[0].question, "is this an ░░░░░?",
        "what people write is masked"
    );
    world.clear_log();
    look(&mut world);
    assert_eq!(open_id(&world), "theirs");
    let item = world.model().item.unwrap();
    assert!(item.for_colleague.is_some() && item.reveal.is_none());
    assert_eq!(world.model().in_hand, 3, "their item is not this desk's");
    world.command(Command::Reveal(RevealMode::Full));
    assert_eq!(
        world.order_of(&["RecordReveal", "OpenClear"]),
        ["RecordReveal", "OpenClear"]
    );
    world.pass(2_000);
    world.command(Command::AnswerColleague("  yes, an onion ".into()));
    assert_eq!(open_id(&world), "item-0", "the item of before");
    assert_eq!(
        world.order_of(&["CoverNow", "DropItem"]),
        ["CoverNow", "DropItem"]
    );
    assert!(world.has_notice(NoticeKey::AnswerSent));
    assert_eq!(world.server.answers.len(), 1);
    assert_eq!(world.server.answers[0].2, "yes, an onion");
    assert!(world.model().asked_of_me.is_empty());
    assert!(world.server.given_back.is_empty(), "a look is no claim");
}

#[test]
fn nothing_of_it_is_decided_marked_kept_or_given_back() {
    let mut world = asked(1);
    look(&mut world);
    world.clear_log();
    for command in [
        Command::Digit(2),
        Command::Decide(ActionKind::Allow),
        Command::Decide(ActionKind::Escalate),
        Command::NotMe,
        Command::OtherLanguage,
        Command::AimedAtMe,
        Command::HandOver,
        Command::Note("x".into()),
        Command::Mark(Mark::Region(Region::middle(0))),
    ] {
        world.command(command);
        world.pass(1_000);
        assert_eq!(open_id(&world), "theirs");
    }
    let forbidden = [
        "RecordDecision",
        "Release",
        "KeepRelease",
        "KeepDraft",
        "RememberClaims",
    ];
    assert_eq!(world.order_of(&forbidden), [""; 0]);
    world.pass(61_000);
    let beats = world.log.iter().filter_map(|effect| match effect {
        Effect::Heartbeat(claims) => Some(claims),
        _ => None,
    });
    let beats: Vec<_> = beats.collect();
    assert!(!beats.is_empty());
    let names_look = |claim: &scrim_model::ClaimId| claim.as_str().starts_with("look-");
    assert!(beats.into_iter().flatten().all(|claim| !names_look(claim)));
}

#[test]
fn a_look_is_renewed_and_closed_when_the_question_is() {
    let mut world = asked(1);
    look(&mut world);
    world.work(10);
    assert_eq!(open_id(&world), "theirs", "renewed in time");
    assert!(world.server.looks >= 3);
    world.server.asked_of_me.clear();
    world.pass(5 * 60_000);
    assert_eq!(open_id(&world), "item-0");
    assert!(world.has_notice(NoticeKey::QuestionClosed));
}

#[test]
fn without_a_connection_a_look_ends_covered_and_an_answer_waits_with_its_key() {
    let mut world = asked(1);
    look(&mut world);
    world.command(Command::Reveal(RevealMode::Latch));
    world.server.reachable = false;
    world.pass(6 * 60_000);
    assert_ne!(open_id(&world), "theirs");
    assert!(world.has_notice(NoticeKey::LookOver) && !world.desk.is_revealed());

    let mut world = asked(1);
    look(&mut world);
    world.server.loses_answers = true;
    world.command(Command::AnswerColleague("no".into()));
    assert!(!world.has_notice(NoticeKey::AnswerSent), "not heard yet");
    world.pass(1_000);
    world.server.loses_answers = false;
    world.pass(120_000);
    assert!(world.has_notice(NoticeKey::AnswerSent));
    assert_eq!(world.server.answers.len(), 1, "one effect");
}

#[test]
fn after_an_outage_it_can_be_looked_at_as_before() {
    let mut world = asked(1);
    look(&mut world);
    world.server.reachable = false;
    world.pass(65_000);
    world.server.reachable = true;
    world.pass(10_000);
    assert_eq!(open_id(&world), "theirs");
    world.command(Command::Reveal(RevealMode::Latch));
    assert!(world.desk.is_revealed(), "nothing opens any more");
}

#[test]
fn what_was_begun_before_the_look_is_kept_over_a_break_and_can_be_finished() {
    let mut world = asked(1);
    world.command(Command::Digit(2));
    look(&mut world);
    world.command(Command::TakeBreak);
    world.command(Command::EndBreak);
    assert_eq!(open_id(&world), "item-0", "the look ends with the break");
    assert!(world.model().draft.chosen.is_some());

    let mut world = asked(1);
    look(&mut world);
    world.work(61);
    for _ in 0..3 {
        world.command(Command::Snooze);
        world.work(6);
    }
    world.command(Command::CloseLook);
    assert_eq!(
        open_id(&world),
        "item-0",
        "begun before: it may be finished"
    );
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(open_id(&world), "", "nothing new after it");
}

#[test]
fn one_that_cannot_be_opened_now_is_said_and_stays_listed() {
    let mut world = asked(1);
    world
        .server
        .asked_of_me
        .push(("q2".into(), of_colleague(1)));
    world.pass(ASKED_POLL_MS);
    look(&mut world);
    world.command(Command::OpenLook("q2".into()));
    assert!(world.has_notice(NoticeKey::LookLimited), "one at a time");
    assert_eq!(world.model().asked_of_me.len(), 2);
    world.command(Command::OpenLook("unknown".into()));
    assert_eq!(open_id(&world), "theirs");
}

#[test]
fn somebody_elses_answer_closes_it() {
    let mut world = asked(1);
    look(&mut world);
    world.server.asked_of_me.clear();
    world.command(Command::AnswerColleague("no".into()));
    assert!(world.has_notice(NoticeKey::AnswerRefused));
    assert_eq!(open_id(&world), "item-0");
    assert!(world.server.answers.is_empty());
}

#[test]
fn what_is_not_served_is_not_looked_at_either() {
    let mut world = World::serving(3);
    world.server.asked_of_me = vec![("q".into(), of_colleague(1))];
    world.pass(ASKED_POLL_MS + 1_000);
    world.command(Command::SetSetting {
        key: scrim_model::settings::Key::ClassOptOut,
        value: Some(scrim_model::settings::Value::List(
            ["violence".to_owned()].into(),
        )),
    });
    look(&mut world);
    assert_eq!(open_id(&world), "item-0");
    assert!(world.has_notice(NoticeKey::LookLimited));
    assert_eq!(world.model().asked_of_me.len(), 1, "the question stays");
}

#[test]
fn its_time_counts_and_shifts_and_undo_are_as_ever() {
    let mut world = asked(3);
    let before = world.today();
    look(&mut world);
    assert_eq!(open_id(&world), "theirs");
    world.work(2);
    assert!(world.today().weighted > before.weighted, "exposure counts");
    world.command(Command::CloseLook);
    assert_eq!(world.model().asked_of_me.len(), 1, "unanswered, it stays");
    world.command(Command::Decide(ActionKind::Allow));
    look(&mut world);
    world.command(Command::Undo);
    assert_ne!(open_id(&world), "theirs", "what was taken back comes first");
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(open_id(&world), "theirs", "then the look goes on");
    world.event(Event::Locked);
    assert_eq!(open_id(&world), "", "nothing is seen under the lock");
    world.command(Command::Unlock(None));
    assert_ne!(open_id(&world), "theirs", "a look ends with the lock");
    world.command(Command::EndShift);
    world.pass(1_000);
    assert_eq!(open_id(&world), "");
    let looks = world.server.given_back.iter().flat_map(|g| &g.claim_ids);
    assert!(
        looks
            .into_iter()
            .all(|claim| !claim.as_str().starts_with("look-"))
    );
}

#[test]
fn a_late_answer_to_a_claim_takes_nothing_that_was_begun() {
    let mut world = asked(1);
    world.command(Command::Digit(2));
    look(&mut world);
    world.command(Command::CoverAll);
    world.event(Event::Claims(Ok(scrim_wire::call::ClaimsTaken::default())));
    world.pass(1_100);
    world.command(Command::CoverAll);
    world.command(Command::CloseLook);
    assert_eq!(open_id(&world), "item-0");
    let begun = world
        .server
        .given_back
        .iter()
        .flat_map(|given| &given.claim_ids);
    assert_eq!(begun.count(), 2, "the two that nobody began");
}
