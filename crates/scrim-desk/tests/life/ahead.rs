//! Clear pixels that are made before they are asked for.

use scrim_desk::{Effect, Event};
use scrim_model::view::RevealMode;
use scrim_wire::window::Command;

use crate::world::World;

/// What was asked for ahead, in order; items by number, `-` for none.
fn asked(world: &World) -> String {
    let asked = world.log.iter().filter_map(|effect| match effect {
        Effect::ReadyClear(Some(medium)) => {
            Some(medium.item.as_str().trim_start_matches("item-").to_owned())
        }
        Effect::ReadyClear(None) => Some("-".to_owned()),
        _ => None,
    });
    asked.collect()
}

#[test]
fn only_what_is_on_the_screen_is_made_ahead() {
    let mut world = World::serving(4);
    assert_eq!(asked(&world), "0");
    world.command(Command::Decide(scrim_model::ActionKind::Allow));
    assert_eq!(asked(&world), "01");
}

#[test]
fn a_look_uses_it_up_and_its_end_asks_again() {
    let mut world = World::serving(2);
    world.command(Command::Reveal(RevealMode::Full));
    assert!(world.handed.is_some());
    assert_eq!(asked(&world), "0");
    world.command(Command::CoverAgain);
    assert_eq!(asked(&world), "00");
    let order = world.order_of(&["ReadyClear", "RecordReveal", "OpenClear"]);
    assert_eq!(
        order,
        ["ReadyClear", "RecordReveal", "OpenClear", "ReadyClear"]
    );
}

#[test]
fn nothing_stays_ahead_of_a_blank_a_break_or_a_lock() {
    for blow in [
        Event::Command(Command::CoverAll),
        Event::Command(Command::TakeBreak),
        Event::Command(Command::EndShift),
        Event::Locked,
    ] {
        let mut world = World::serving(2);
        world.event(blow.clone());
        assert_eq!(asked(&world), "0-", "{blow:?}");
    }
}

#[test]
fn zoomed_into_a_look_has_all_pixels_after_those_that_fit() {
    let bounds = |world: &World| -> Vec<(u32, u32)> {
        let opened = world.log.iter().filter_map(|effect| match effect {
            Effect::OpenClear { bounds, .. } => Some(*bounds),
            _ => None,
        });
        opened.collect()
    };
    let mut world = World::serving(2);
    let key = world.log.iter().find_map(|effect| match effect {
        Effect::PrepareCover { key, .. } => Some(key.clone()),
        _ => None,
    });
    let ready = |width, height| Event::CoverReady {
        key: key.clone().unwrap(),
        width,
        height,
        whole: true,
    };
    world.event(ready(4_000, 3_000));
    world.clear_log();
    world.command(Command::Reveal(RevealMode::Full));
    assert_eq!(bounds(&world), [(1_920, 1_080)]);
    world.command(Command::Zoom(true));
    world.command(Command::Zoom(false));
    world.command(Command::Zoom(true));
    assert_eq!(
        bounds(&world),
        [(1_920, 1_080), (4_000, 3_000)],
        "once a look"
    );
    world.command(Command::CoverAgain);
    world.clear_log();
    world.command(Command::Reveal(RevealMode::Full));
    assert_eq!(
        bounds(&world),
        [(1_920, 1_080), (4_000, 3_000)],
        "zoomed before"
    );
    world.command(Command::CoverAgain);
    world.event(ready(1_900, 1_000));
    world.clear_log();
    world.command(Command::Reveal(RevealMode::Full));
    assert_eq!(bounds(&world), [(1_920, 1_080)], "there are no more");
}
