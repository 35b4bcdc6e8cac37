use scrim_desk::Effect;
use scrim_desk::limits::DRAFT_EVERY_MS;
use scrim_model::ActionKind;
use scrim_model::mark::{Mark, Region};
use scrim_model::view::Part;
use scrim_wire::window::{Command, NoticeKey};

use crate::world::World;

/// An open item with a policy, a note and a mark of doubt.
fn drafted() -> World {
    let mut world = World::serving(1);
    for command in [
        Command::Digit(2),
        Command::Digit(1),
        Command::Digit(0),
        Command::Note("seen before".into()),
        Command::Mark(Mark::Region(Region::middle(0))),
        Command::Select(Part::Words),
    ] {
        world.command(command);
    }
    world.pass(DRAFT_EVERY_MS);
    world
}

fn assert_drafted(world: &World) {
    let model = world.model();
    let chosen = model.draft.chosen.map(|id| id.to_string());
    assert_eq!(chosen.as_deref(), Some("graphic"));
    assert_eq!(model.draft.note, "seen before");
    assert!(model.draft.unsure);
    assert_eq!(model.draft.marks, [Mark::Region(Region::middle(0))]);
    assert_eq!(model.item.unwrap().selected, Part::Words);
}

#[test]
fn a_draft_comes_back_after_a_kill_a_give_back_and_a_break() {
    let mut world = drafted();
    world.restart();
    assert_drafted(&world);
    world.command(Command::EndShift);
    world.command(Command::StartShift);
    world.pass(1_000);
    assert_drafted(&world);
    world.command(Command::TakeBreak);
    world.pass(1_000);
    world.command(Command::EndBreak);
    assert_drafted(&world);
}

#[test]
fn drafts_are_written_at_a_bounded_rate_and_not_without_a_change() {
    let mut world = World::serving(2);
    for n in 0..100 {
        world.command(Command::Note(format!("letter {n}")));
    }
    assert_eq!(world.order_of(&["KeepDraft"]).len(), 1);
    world.pass(DRAFT_EVERY_MS);
    world.pass(10_000);
    assert_eq!(world.order_of(&["KeepDraft"]).len(), 2);
    let item = world.open_item().unwrap();
    assert_eq!(world.drafts[&item].draft.note, "letter 99");
    world.command(Command::Note(String::new()));
    world.pass(DRAFT_EVERY_MS);
    assert!(world.drafts.is_empty(), "nothing written is no draft");
}

#[test]
fn what_is_not_written_yet_is_written_when_the_item_goes() {
    for way in [Command::EndShift, Command::Decide(ActionKind::Allow)] {
        let mut world = World::serving(1);
        let item = world.open_item().unwrap();
        world.command(Command::Note("one".into()));
        world.command(Command::Note("two".into()));
        world.command(way.clone());
        match way {
            Command::EndShift => assert_eq!(world.drafts[&item].draft.note, "two"),
            _ => assert!(world.drafts.is_empty(), "the decision holds it now"),
        }
    }
}

#[test]
fn undo_brings_the_draft_back_and_not_me_forgets_it() {
    let mut world = drafted();
    world.command(Command::Decide(ActionKind::Allow));
    assert!(world.drafts.is_empty());
    world.command(Command::Undo);
    world.pass(DRAFT_EVERY_MS);
    assert_drafted(&world);
    assert_eq!(world.drafts.len(), 1);
    world.command(Command::NotMe);
    assert!(world.drafts.is_empty());
}

#[test]
fn a_draft_of_an_older_version_is_not_used_and_that_is_said() {
    let mut world = drafted();
    world.drafts.values_mut().for_each(|kept| kept.version += 1);
    world.restart();
    assert_eq!(world.model().draft.note, "");
    assert!(world.has_notice(NoticeKey::DraftOutdated));
    assert!(world.drafts.is_empty());
}

#[test]
fn a_draft_is_kept_before_its_claim_is_forgotten() {
    let mut world = World::serving(1);
    world.command(Command::Note("one".into()));
    world.command(Command::Note("two".into()));
    world.clear_log();
    world.server.loses_claims = true;
    world.pass(61_000);
    assert_eq!(
        world.order_of(&["KeepDraft", "ForgetClaims"]),
        ["KeepDraft", "ForgetClaims"]
    );
    assert!(matches!(
        world.log.iter().find(|e| matches!(e, Effect::KeepDraft(_))),
        Some(Effect::KeepDraft(kept)) if kept.draft.note == "two"
    ));
}
