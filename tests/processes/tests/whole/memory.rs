//! What is left of items in the memory of a desk: of the agent, of its workers and of its window.

use std::collections::BTreeSet;

use rustix::process::Signal;
use serde_json::json;

use crate::support::{
    Agent, Desk, Needle, Session, World, all_media, children, decoded, file, found,
    found_if_it_lives, number, program, signal, words, write_marked,
};

/// More than one item, so that some are only waiting.
const ITEMS: u64 = 3;

/// What of `needles` is in a process or in one that it has started.
fn in_all(process: u32, needles: &[Needle]) -> BTreeSet<String> {
    let mut all = found(process, needles);
    // A worker that has done its job meanwhile is gone.
    let of_children = children(process).into_iter();
    all.extend(
        of_children
            .flat_map(|child| found_if_it_lives(child, needles))
            .flatten(),
    );
    all
}

fn has(found: &BTreeSet<String>, what: &str) -> bool {
    found.iter().any(|one| one.starts_with(what))
}

/// A desk without a window that has `ITEMS` items in hand, one of them open.
fn serving(world: &World) -> (Desk, String) {
    let worker = program("scrim-decode", "scrim-decode");
    let mut desk = world.desk_with(0, &worker, &["--told"]);
    desk.until("an open item and covers of all", |desk| {
        desk.said_of("serving").count() > 0 && covers(desk) as u64 == ITEMS
    });
    let item = desk.said_of("serving").next().unwrap().to_owned();
    (desk, item)
}

fn covers(desk: &Desk) -> usize {
    let all: BTreeSet<_> = desk.said_of("preview").collect();
    all.len()
}

/// Looks at the open item: its picture is clear.
fn look(desk: &mut Desk) {
    let before = desk.said_of("clear").count();
    desk.tell("reveal");
    desk.until("clear", |desk| desk.said_of("clear").count() > before);
}

#[test]
fn nothing_of_a_decided_item_is_left_in_memory() {
    let world = World::new(|folder| write_marked(folder, ITEMS));
    let (mut desk, item) = serving(&world);
    let number = number(&item);
    let needles = [vec![file(number), words(number)], decoded(number)].concat();
    look(&mut desk);
    let there = found(desk.id(), &needles);
    for needle in [file(number), words(number), decoded(number).remove(0)] {
        assert!(
            has(&there, &needle.what),
            "{} while the item is: {there:?}",
            needle.what
        );
    }
    desk.tell("decide");
    desk.until_all(1, &["Accepted"]);
    assert_eq!(in_all(desk.id(), &needles), BTreeSet::new());
    desk.stop();
}

/// Whatever `down` puts down is nowhere in memory, and `up` takes it up again.
fn is_wiped_and_goes_on(down: &str, up: &str) {
    let world = World::new(|folder| write_marked(folder, ITEMS));
    let (mut desk, item) = serving(&world);
    look(&mut desk);
    let needles = all_media(ITEMS);
    let there = found(desk.id(), &needles);
    for number in 1..=ITEMS {
        assert!(has(&there, &file(number).what), "{number}: {there:?}");
    }
    let clear = decoded(number(&item)).remove(0).what;
    assert!(has(&there, &clear), "{there:?}");

    desk.tell(down);
    desk.until("no open item", |desk| {
        desk.said.iter().any(|line| line == "serving -")
    });
    assert_eq!(in_all(desk.id(), &needles), BTreeSet::new(), "after {down}");

    let made = desk.said_of("preview").count();
    desk.tell(up);
    desk.until("the same item and its cover", |desk| {
        desk.said_of("serving").next_back() == Some(&item)
            && desk
                .said_of("preview")
                .skip(made)
                .any(|one| one.starts_with(&item))
    });
    look(&mut desk);
    assert!(has(&found(desk.id(), &needles), &clear));
    desk.tell("decide");
    desk.until_all(1, &["Accepted"]);
    desk.stop();
    world.all_hold_the_same(1);
}

#[test]
fn a_break_leaves_no_medium_in_memory_and_the_item_comes_back() {
    is_wiped_and_goes_on("break", "back");
}

#[test]
fn a_lock_leaves_no_medium_in_memory_and_the_item_comes_back() {
    is_wiped_and_goes_on("lock", "unlock");
}

/// What the display shows of the open picture, as the window may have drawn it.
fn on_screen(session: &mut Session) -> [Needle; 2] {
    let hex: String = session.hands("seen", json!([]));
    let digits = hex.as_bytes().chunks_exact(2);
    let seen: Vec<u8> = digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect();
    [0, u8::MAX].map(|unused| {
        let mut bytes = seen.clone();
        bytes
            .iter_mut()
            .skip(3)
            .step_by(4)
            .for_each(|byte| *byte = unused);
        let what = format!("what was on the screen, with {unused}");
        Needle { what, bytes }
    })
}

#[test]
fn a_lock_and_a_break_leave_no_pixel_in_the_real_window_and_its_agent() {
    let (world, mut session) = (
        World::new(|folder| write_marked(folder, ITEMS)),
        Session::open(),
    );
    let samples = world.folder.path().join("samples");
    let mut agent = Agent::spawn(&world, &mut Agent::open_to_us(&session));
    agent.window_after(&mut session, 0);
    let media = all_media(ITEMS);
    let saver = "org.freedesktop.ScreenSaver";
    session.hands::<()>("hear", json!(["session", saver]));
    for down in ["lock", "break"] {
        session.hands::<()>("uncover", json!([samples]));
        let needles = [media.clone(), on_screen(&mut session).into()].concat();
        // Either of them would end the look while it is searched.
        for process in [agent.window, agent.id()] {
            signal(process, Signal::STOP);
        }
        for (process, there) in [
            (agent.id(), &["file 1", "file 2", "file 3", "picture"][..]),
            (agent.window, &["picture", "what was on the screen"]),
        ] {
            let found = found(process, &needles);
            let all = there.iter().all(|what| has(&found, what));
            assert!(all, "{there:?} before the {down}: {found:?}");
        }
        for process in [agent.id(), agent.window] {
            signal(process, Signal::CONT);
        }
        session.hands::<Vec<String>>("item", json!([]));

        session.hands::<()>("uncover", json!([samples]));
        let up = match down {
            "lock" => {
                let path = "/org/freedesktop/ScreenSaver";
                let locked = json!(["session", path, saver, "ActiveChanged", true]);
                session.hands::<()>("emit", locked);
                session.until("screen.title", "Locked");
                "desk.unlock"
            }
            _ => {
                session.press("break.take");
                session.hands::<()>("gone", json!(["item.label"]));
                "break.end"
            }
        };
        let left = in_all(agent.id(), &needles);
        assert_eq!(left, BTreeSet::new(), "after the {down}");
        session.press(up);
        session.hands::<Vec<String>>("item", json!([]));
    }
    session.press("decide.allow");
    world.until_taken(1);
    agent.stop(&mut session);
    world.all_hold_the_same(1);
}
