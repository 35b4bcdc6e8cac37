//! Copies of what was decided: looked at once, decided once, one record each, taken back together.

use scrim_desk::Effect;
use scrim_desk::limits::{CONFIRM_MS, UNDO_MS};
use scrim_model::hashes::Likeness;
use scrim_model::view::ViewState;
use scrim_model::{ActionKind, Decision, Timestamp};
use scrim_wire::window::{Command, ConfirmWhat, CopiesView, Correct, NoticeKey, Screen, SyncState};
use serde_json::json;

use crate::world::World;
use crate::world::server::{copy, image};

/// One picture, two exact copies, two near ones (7 and 31 bits), one that is too far (32), and something else.
fn family() -> World {
    World::serving_items(vec![
        copy(0, "a", 0xf0, 0),
        copy(1, "a", 0xf0, 0),
        copy(2, "b", 0xf0, 31),
        copy(3, "a", 0xf0, 0),
        copy(4, "c", 0xf0, 7),
        copy(5, "d", 0xf0, 32),
        image(6),
    ])
}

fn removed() -> World {
    let mut world = family();
    assert_eq!(open(&world), "item-0");
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Remove));
    world
}

fn open(world: &World) -> String {
    world
        .open_item()
        .map_or_else(String::new, |id| id.to_string())
}

fn offer(world: &World) -> CopiesView {
    let model = world.model();
    assert_eq!(model.screen, Screen::Copies);
    assert!(model.item.is_none());
    model.copies.unwrap()
}

fn of_item<'a>(world: &'a World, item: &str) -> Option<&'a Decision> {
    let of_it = |d: &&Decision| d.item_id.as_str() == item;
    let stands = |d: &&Decision| !world.withdrawn.contains(&d.decision_id);
    world.recorded.values().filter(stands).find(of_it)
}

fn apply(near: bool) -> Command {
    Command::ApplyToCopies { near }
}

#[test]
fn copies_are_offered_before_any_of_them_is_shown() {
    let world = removed();
    let offer = offer(&world);
    assert_eq!((offer.exact, &offer.near[..]), (2, &[7, 31][..]));
    assert_eq!(offer.of.action, ActionKind::Remove);
    assert_eq!(offer.of.policy, "Violence");
}

#[test]
fn exact_copies_take_one_key_and_get_a_record_each() {
    let mut world = removed();
    world.command(apply(false));
    let source = of_item(&world, "item-0").unwrap().clone();
    for item in ["item-1", "item-3"] {
        let copy = of_item(&world, item).unwrap();
        assert_eq!(copy.propagated_from.as_ref(), Some(&source.decision_id));
        assert_ne!(copy.decision_id, source.decision_id);
        assert_ne!(copy.claim_id, source.claim_id);
        assert_eq!(copy.actions, source.actions);
        assert_eq!(copy.policy_ids, source.policy_ids);
        assert_eq!(copy.severity, source.severity);
        assert_eq!(copy.handle_ms, 0);
        let viewed = &copy.media[0];
        assert_eq!((viewed.state, viewed.ms_covered), (ViewState::None, 0));
        assert_eq!(viewed.hashes.as_ref().unwrap().sha256, "a");
    }
    assert!(of_item(&world, "item-4").is_none());
    let left = offer(&world);
    assert_eq!((left.exact, &left.near[..]), (0, &[7, 31][..]));
}

#[test]
fn near_copies_follow_only_once_their_list_could_be_read() {
    let mut world = removed();
    assert!(!offer(&world).near_ready);
    world.command(apply(true));
    assert!(of_item(&world, "item-4").is_none());
    world.pass(CONFIRM_MS);
    assert!(offer(&world).near_ready);
    world.command(apply(true));
    assert!(of_item(&world, "item-4").is_some() && of_item(&world, "item-2").is_some());
    assert!(of_item(&world, "item-1").is_none() && of_item(&world, "item-5").is_none());
    assert_eq!((offer(&world).exact, offer(&world).near.len()), (2, 0));
    world.command(apply(false));
    assert_eq!(
        open(&world),
        "item-5",
        "too far to be a copy: looked at by itself"
    );
}

#[test]
fn everything_repeated_is_taken_back_with_what_it_repeats() {
    let mut world = removed();
    world.command(apply(false));
    world.pass(CONFIRM_MS);
    world.command(apply(true));
    assert_eq!(world.model().held.len(), 5);
    world.command(Command::Undo);
    assert!(world.model().held.is_empty());
    assert_eq!(world.withdrawn.len(), 5);
    assert_eq!(open(&world), "item-0");
    assert!(world.model().item.unwrap().copy_of.is_none());
    world.pass(UNDO_MS * 2);
    assert!(world.server.received.is_empty());
    // Decided otherwise, they are offered with that.
    world.command(Command::Decide(ActionKind::Allow));
    let offer = offer(&world);
    assert_eq!((offer.exact, offer.near.len()), (2, 2));
    assert_eq!(offer.of.action, ActionKind::Allow);
}

#[test]
fn what_is_on_its_way_stays_when_copies_are_taken_back() {
    let mut world = removed();
    world.pass(UNDO_MS);
    assert_eq!(world.server.received.len(), 1);
    world.command(apply(false));
    world.command(Command::Undo);
    assert_eq!(world.withdrawn.len(), 2);
    let offer = offer(&world);
    assert_eq!(offer.exact, 2, "they are offered again, not shown");
}

#[test]
fn copies_are_sent_like_any_decision() {
    let mut world = removed();
    world.command(apply(false));
    world.pass(UNDO_MS * 2);
    assert_eq!(world.server.accepted.len(), 3);
    let states: Vec<SyncState> = world.model().history.iter().map(|row| row.state).collect();
    assert_eq!(states, [SyncState::Accepted; 3]);
}

#[test]
fn shown_one_by_one_they_open_and_say_what_they_are_copies_of() {
    let mut world = removed();
    world.command(Command::LookAtCopies);
    assert_eq!(open(&world), "item-1");
    let item = world.model().item.unwrap();
    assert_eq!(item.copy_of.unwrap().likeness, Likeness::Exact);
    world.pass(2_000);
    world.command(apply(true));
    assert!(of_item(&world, "item-1").is_none(), "it is no near copy");
    world.command(apply(false));
    let repeated = of_item(&world, "item-1").unwrap();
    assert!(repeated.propagated_from.is_some());
    assert_eq!(
        repeated.media[0].state,
        ViewState::Covered,
        "it was on the screen"
    );
    assert_eq!(open(&world), "item-2");
}

#[test]
fn a_wrong_match_is_not_said_again() {
    let mut world = removed();
    world.command(Command::LookAtCopies);
    world.command(Command::WrongMatch);
    assert!(world.model().item.unwrap().copy_of.is_none());
    world.command(apply(false));
    assert!(of_item(&world, "item-1").is_none());
    world.pass(UNDO_MS * 2);
    // It stays so with the draft.
    world.restart();
    while open(&world) != "item-1" {
        world.command(Command::LookAtCopies);
        world.command(Command::NotMe);
    }
    assert!(world.model().item.unwrap().copy_of.is_none());
    world.command(Command::Decide(ActionKind::Allow));
    assert!(of_item(&world, "item-1").unwrap().propagated_from.is_none());
}

#[test]
fn a_grave_decision_is_confirmed_before_it_is_repeated() {
    let mut world = family();
    world.command(Command::Digit(1));
    world.command(Command::Decide(ActionKind::Remove));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    world.command(apply(false));
    let confirm = world.model().confirm.unwrap();
    let action = ActionKind::Remove;
    assert_eq!(
        confirm.what,
        ConfirmWhat::Copies {
            action,
            count: 2,
            of_author: false,
        }
    );
    assert!(of_item(&world, "item-1").is_none());
    world.command(Command::Confirm);
    assert!(of_item(&world, "item-1").is_none(), "too soon");
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    assert!(of_item(&world, "item-1").is_some() && of_item(&world, "item-3").is_some());
}

#[test]
fn copies_of_an_escalated_item_are_escalated_once_confirmed() {
    let mut world = family();
    world.command(Command::Decide(ActionKind::Escalate));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    world.command(apply(false));
    world.command(Command::CancelConfirm);
    assert_eq!(offer(&world).exact, 2);
    world.command(apply(false));
    world.pass(CONFIRM_MS);
    world.command(Command::Confirm);
    let source = of_item(&world, "item-0").unwrap();
    let copy = of_item(&world, "item-1").unwrap();
    assert_eq!(copy.escalate, source.escalate);
    assert!(copy.escalate.is_some());
}

#[test]
fn a_store_that_fails_in_between_leaves_the_others_offered() {
    let mut world = removed();
    world.store_works = false;
    world.command(apply(false));
    assert!(world.has_notice(NoticeKey::DecisionNotRecorded));
    assert_eq!(offer(&world).exact, 2);
    world.store_works = true;
    world.command(apply(false));
    assert!(of_item(&world, "item-1").is_some() && of_item(&world, "item-3").is_some());
}

#[test]
fn copies_of_an_earlier_run_are_told_after_a_restart() {
    let mut world = removed();
    world.pass(UNDO_MS * 2);
    world.restart();
    // Open before its hashes could be found.
    while open(&world) != "item-1" {
        world.command(Command::Decide(ActionKind::Allow));
    }
    let item = world.model().item.unwrap();
    assert_eq!(item.copy_of.unwrap().likeness, Likeness::Exact);
    world.command(apply(false));
    let source = of_item(&world, "item-0").unwrap().decision_id.clone();
    let copy = of_item(&world, "item-1").unwrap();
    assert_eq!(copy.propagated_from.as_ref(), Some(&source));
    assert_eq!(offer(&world).exact, 1);
}

#[test]
fn a_decision_that_does_not_stand_is_not_repeated() {
    let mut world = removed();
    world.pass(UNDO_MS * 2);
    let id = of_item(&world, "item-0").unwrap().decision_id.clone();
    world.command(Command::UndoSent(id));
    assert_eq!(
        open(&world),
        "item-1",
        "nothing is a copy of what was undone"
    );

    let mut world = family();
    world.server.overtakes = true;
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(offer(&world).exact, 2);
    world.pass(UNDO_MS * 2);
    assert_eq!(
        open(&world),
        "item-1",
        "nor of what somebody else decided first"
    );
}

#[test]
fn a_correction_is_repeated_in_the_place_of_what_it_corrects() {
    let mut world = removed();
    world.pass(UNDO_MS * 2);
    let id = of_item(&world, "item-0").unwrap().decision_id.clone();
    world.command(Command::Correct(Correct::Open(id)));
    world.command(Command::Correct(Correct::Action(ActionKind::Allow)));
    world.pass(CONFIRM_MS);
    world.command(Command::Correct(Correct::Record));
    assert_eq!(offer(&world).of.action, ActionKind::Allow);
}

#[test]
fn words_doubt_and_training_are_never_repeated() {
    let with_words = |n| {
        let mut item = copy(n, "a", 0xf0, 0);
        item["texts"] = json!([{"id": "t", "body": "a kite"}]);
        item
    };
    for items in [
        vec![with_words(0), copy(1, "a", 0xf0, 0)],
        vec![copy(0, "a", 0xf0, 0), with_words(1)],
    ] {
        let mut world = World::serving_items(items);
        world.command(Command::Decide(ActionKind::Allow));
        assert_eq!(open(&world), "item-1");
    }
    let mut world = family();
    world.command(Command::Digit(0));
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(open(&world), "item-1");
    let mut world = family();
    world.server.environment = "training";
    world.restart();
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(world.model().screen, Screen::Serving);
}

#[test]
fn an_account_or_a_link_is_more_than_its_picture() {
    for (kinds, is_offered) in [
        (["image", "image"], true),
        (["account", "account"], false),
        (["link", "link"], false),
        (["image", "account"], false),
        (["post", "image"], false),
    ] {
        let items = (0..).zip(kinds).map(|(n, kind)| {
            let mut item = copy(n, "a", 0xf0, 0);
            item["kind"] = json!(kind);
            item
        });
        let mut world = World::serving_items(items.collect());
        world.command(Command::Decide(ActionKind::Allow));
        assert_eq!(world.model().copies.is_some(), is_offered, "{kinds:?}");
    }
}

#[test]
fn an_action_that_the_copy_does_not_allow_is_not_offered_for_it() {
    let mut other = copy(1, "a", 0xf0, 0);
    other["allowed_actions"] = json!(["allow"]);
    let mut world = World::serving_items(vec![copy(0, "a", 0xf0, 0), other]);
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Remove));
    assert_eq!(open(&world), "item-1");
}

#[test]
fn other_policies_mean_another_look() {
    let mut world = removed();
    world.server.policies.version += 1;
    world.command(Command::EndShift);
    world.command(Command::StartShift);
    world.pass(60_000);
    assert!(world.model().copies.is_none());
}

#[test]
fn copies_whose_claims_are_lost_meanwhile_are_not_decided() {
    let mut world = removed();
    world.server.loses_claims = true;
    world.pass(120_000);
    assert!(world.model().copies.is_none());
    world.command(apply(false));
    assert!(of_item(&world, "item-1").is_none() && of_item(&world, "item-3").is_none());
}

#[test]
fn a_break_puts_the_offer_away_with_its_items() {
    let mut world = removed();
    world.command(Command::TakeBreak);
    assert_eq!(world.model().screen, Screen::OnBreak);
    assert!(world.model().copies.is_none());
    world.command(apply(false));
    assert!(of_item(&world, "item-1").is_none());
}

#[test]
fn hashes_are_found_one_at_a_time_after_the_covers() {
    let world = family();
    let asked = world.log.iter().filter_map(|effect| match effect {
        Effect::FindHashes(medium) => Some(medium.item.to_string()),
        _ => None,
    });
    let asked: Vec<String> = asked.collect();
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[0], "item-0");
    let order = world.order_of(&["PrepareCover", "FindHashes"]);
    assert_eq!(order[..6], ["PrepareCover"; 6]);
}

#[test]
fn the_time_of_a_copy_is_its_own() {
    let mut world = removed();
    world.pass(3_000);
    world.command(apply(false));
    let (source, copy) = (of_item(&world, "item-0"), of_item(&world, "item-1"));
    let at = |decision: Option<&Decision>| decision.map_or(Timestamp(0), |d| d.decided_at);
    assert_eq!(at(copy).since_ms(at(source)), 3_000);
}
