//! The whole desk (heart, connector, records, workers) behind a road that bends what an honest server
//! answers. It loses nothing, doubles nothing, shows nothing uncovered, and stays alive; when the road
//! is honest again, it sends what it has.
//!
//! What the connector alone makes of bad answers is tested in `crates/scrim-queue/tests/nasty_server`.

mod bends;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::Value;

use crate::matrix::headless::{SHORT_LEASES, write_items};
use crate::support::{Bend, Desk, PATIENCE, World, program};

/// Answers that are bent before the road is honest again.
const BENT: usize = 6;

/// Decides the first item, whose answers and all others are bent from then on.
fn stands(bend: Bend) {
    let world = World::with_server(|folder| write_items(folder, 2, 1), SHORT_LEASES);
    let mut desk = start(&world);
    desk.until("an open item and its covers", |desk| {
        desk.said_of("serving").count() > 0 && desk.said_of("preview").count() == 2
    });
    world.road.bend(Some(bend));
    desk.tell("decide");
    desk.until("a decision", |desk| desk.said_of("decision").count() > 0);
    // A desk that is told nothing true does not come so far as to send what it has.
    until_bent(&world, &mut desk, |(all, decisions)| {
        all >= 5 * BENT || (all >= BENT && decisions > 0)
    });
    world.road.bend(None);
    desk.reconnect();
    drain(&world, desk);
}

/// Has the desk try again and again until enough answers were bent.
fn until_bent(world: &World, desk: &mut Desk, enough: impl Fn((usize, usize)) -> bool) {
    let end = Instant::now() + PATIENCE;
    while !enough(world.road.bent()) {
        assert!(Instant::now() < end, "too few: {:?}", world.road.bent());
        desk.reconnect();
    }
    assert!(desk.is_alive(), "it has ended");
}

/// The same from its first call on: it never gets a true word.
fn starts_and_stands(bend: Bend) {
    let world = World::with_server(|folder| write_items(folder, 2, 1), SHORT_LEASES);
    // One decision that waits.
    let mut desk = start(&world);
    desk.until("an open item", |desk| desk.said_of("serving").count() > 0);
    desk.tell("decide");
    desk.until("a decision", |desk| desk.said_of("decision").count() > 0);
    let before = desk.kill();
    world.road.bend(Some(bend));
    let mut desk = start(&world);
    desk.until("the decision again", |desk| {
        desk.said_of("decision").count() > 0
    });
    until_bent(&world, &mut desk, |(all, _)| all >= BENT);
    let seen = desk.kill();
    let clear = |line: &&String| line.starts_with("clear ");
    assert_eq!(before.iter().chain(&seen).find(clear), None);
    world.road.bend(None);
    drain(&world, start(&world));
}

fn start(world: &World) -> Desk {
    let worker = program("scrim-decode", "scrim-decode");
    world.desk_with(0, &worker, &["--told"])
}

fn items(world: &World) -> BTreeSet<String> {
    let listed = world.folder.path().join("samples/items.jsonl");
    let text = std::fs::read_to_string(listed).unwrap();
    let id = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["item"]["id"].as_str().unwrap().to_owned()
    };
    text.lines().map(id).collect()
}

/// Item → newest state of each decision about it, by decision.
fn by_item(desk: &Desk) -> BTreeMap<&str, BTreeMap<&str, &str>> {
    let mut found: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for row in desk.said_of("decision") {
        let words: Vec<&str> = row.split(' ').collect();
        found
            .entry(words[1])
            .or_default()
            .insert(words[0], words[2]);
    }
    found
}

const SETTLED: [&str; 3] = ["Accepted", "Overtaken", "Parked"];

/// Decides whatever is open until each item has an answer, and compares.
fn drain(world: &World, mut desk: Desk) {
    let items = items(world);
    let is_done = |desk: &Desk| {
        let decided = by_item(desk);
        let settled = |item| {
            let states = decided.get(item);
            states.is_some_and(|s| s.values().all(|state| SETTLED.contains(state)))
        };
        items.iter().all(|item| settled(item.as_str()))
    };
    let mut handled = 0;
    loop {
        let (known, served) = (by_item(&desk).len(), desk.said_of("serving").count());
        let open = desk.said_of("serving").next_back().map(str::to_owned);
        let is_new = |desk: &Desk, item: &str| item != "-" && !by_item(desk).contains_key(item);
        if is_done(&desk) {
            break;
        }
        if open.is_some_and(|item| is_new(&desk, &item)) {
            desk.tell("decide");
            // Or the item is lost in the same moment.
            desk.until("one more decision", |desk| {
                by_item(desk).len() > known || desk.said_of("serving").count() > served
            });
            handled = served;
            continue;
        }
        desk.until("an item or the last answer", |desk| {
            desk.said_of("serving").count() > handled.max(served) || is_done(desk)
        });
    }
    assert_eq!(desk.said_of("clear").next(), None, "nothing was uncovered");
    agrees(world, &desk, &items);
    desk.stop();
}

/// What the desk says was taken is with the server and the platform, once; and so is what it lists
/// as a conflict, unless it was never taken.
fn agrees(world: &World, desk: &Desk, items: &BTreeSet<String>) {
    let (server, platform) = (world.taken(), world.server.outcomes());
    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(set(&server).len(), server.len(), "the server repeats one");
    assert_eq!(set(&platform), set(&server));
    assert_eq!(platform.len(), server.len(), "the platform repeats one");
    assert_eq!(server.len(), items.len(), "each item was decided once");
    for rows in by_item(desk).values() {
        for (id, state) in rows {
            let is_there = server.iter().any(|taken| taken == id);
            assert!(is_there || *state != "Accepted", "{id} {state} was lost");
        }
    }
    let exported = set(&world.exported());
    assert!(exported.is_superset(&set(&server)), "the export lacks one");
}

macro_rules! nasty {
    ($how:ident: $($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                $how(bends::$name());
            }
        )*
    };
}

nasty! {
    stands:
        answers_of_other_calls,
        answers_twice,
        stale_answers,
        half_answers,
        resets,
        trickles,
        wrong_lengths,
        huge_answers,
        wrong_ids,
        answers_for_other_decisions,
        overtaken_after_accepted,
        heartbeats_that_contradict,
        clocks_far_off,
        policies_that_change_in_each_call,
        errors_of_every_kind,
        everything_in_turn,
}

#[test]
fn nothing_but_noise_from_the_first_call_on() {
    starts_and_stands(bends::half_answers());
}
