use scrim_desk::Event;
use scrim_desk::limits::UNDO_MS;
use scrim_model::area::{Area, Frame};
use scrim_model::view::{FileViewed, Place, Played, RevealMode, ViewState};
use scrim_model::{ActionKind, MediumKey, RevealId};
use scrim_wire::window::Command;

use crate::world::World;

fn upper_half() -> Area {
    let mut area = Area::default();
    area.see_all(Frame {
        bottom: 500_000,
        ..Frame::WHOLE
    });
    area
}

fn reveal(world: &World) -> RevealId {
    world.model().item.unwrap().reveal.unwrap().id
}

fn seen(world: &mut World, reveal: RevealId, area: Area) {
    world.event(Event::Seen {
        reveal,
        area,
        zoomed: true,
        played: Played::default(),
    });
}

#[test]
fn a_medium_that_was_opened_without_a_wall_says_so_and_no_other_does() {
    let mut world = World::serving(2);
    let open = world.model().item.unwrap();
    assert!(!open.without_landlock);
    world.event(Event::WithoutLandlock(MediumKey {
        item: open.id,
        n: 0,
    }));
    assert!(world.model().item.unwrap().without_landlock);
    world.command(Command::Decide(ActionKind::Allow));
    assert!(!world.model().item.unwrap().without_landlock);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    let said = world
        .server
        .decisions
        .iter()
        .map(|decision| &decision.media[0]);
    let said: Vec<bool> = said.map(|medium| medium.without_landlock).collect();
    assert_eq!(said, [true, false]);
}

fn sent_view(world: &mut World) -> (ViewState, FileViewed) {
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    let media = &world.server.decisions[0].media[0];
    (media.state, media.file_viewed)
}

#[test]
fn a_whole_view_that_was_zoomed_all_the_time_is_no_whole_file() {
    let mut world = World::serving(1);
    world.command(Command::Reveal(RevealMode::Full));
    let id = reveal(&world);
    world.pass(1_000);
    seen(&mut world, id.clone(), upper_half());
    world.event(Event::WindowCovered { reveal: id });
    let closed = world.log.iter().find_map(|effect| match effect {
        scrim_desk::Effect::CloseReveal { area, place, .. } => Some((area.clone(), *place)),
        _ => None,
    });
    assert_eq!(closed, Some((upper_half(), Place::Zoom)));
    let viewed = (ViewState::Partial, FileViewed::No);
    assert_eq!(sent_view(&mut world), viewed);
}

#[test]
fn what_is_said_after_the_desk_ended_the_look_counts_as_well() {
    let mut world = World::serving(1);
    world.command(Command::Reveal(RevealMode::Full));
    let id = reveal(&world);
    world.pass(1_000);
    world.event(Event::Locked);
    world.clear_log();
    seen(&mut world, id, upper_half());
    world.command(Command::Unlock(None));
    assert_eq!(world.order_of(&["RecordSeen"]).len(), 1);
    let viewed = (ViewState::Partial, FileViewed::No);
    assert_eq!(sent_view(&mut world), viewed);
}

#[test]
fn a_window_that_says_nothing_or_speaks_of_another_look_takes_nothing_away() {
    let mut world = World::serving(1);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(1_000);
    let unknown = RevealId::new("never-opened").unwrap();
    seen(&mut world, unknown, upper_half());
    world.event(Event::Locked);
    world.command(Command::Unlock(None));
    let viewed = (ViewState::Full, FileViewed::Yes);
    assert_eq!(sent_view(&mut world), viewed);
}

#[test]
fn what_the_window_says_after_the_decision_counts_when_it_is_taken_back() {
    let mut world = World::serving(1);
    world.command(Command::Reveal(RevealMode::Full));
    let id = reveal(&world);
    world.pass(1_000);
    world.command(Command::Decide(ActionKind::Allow));
    seen(&mut world, id, upper_half());
    world.command(Command::Undo);
    assert_eq!(sent_view(&mut world), (ViewState::Partial, FileViewed::No));
}
