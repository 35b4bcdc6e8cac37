//! When leads are told what a team decided, outside a test environment; over real HTTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::samples::lead;
use common::{Person, World, decision};
use scrim_model::Environment;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;
const PEOPLE: [&str; 6] = ["a", "b", "c", "e", "f", "g"];

fn live() -> World {
    World::of(Environment::Production)
}

fn read(lead: &Person<'_>, since: u64, mark: Option<&str>) -> Value {
    let mark = mark.map_or_else(String::new, |mark| format!("&mark={mark}"));
    lead.get(&format!("/v1/decisions?scope=team&since={since}{mark}"))
        .good()
}

fn rows(lead: &Person<'_>) -> Vec<Value> {
    read(lead, 0, None)["decisions"].as_array().unwrap().clone()
}

/// `count` items decided by people in turn, a minute each; each decision takes other times.
fn a_day(world: &World, name: &str, people: &[&str], count: usize) {
    for n in 0..count {
        let reported = world.clock_text();
        world.put(json!({"id": format!("{name}-{n}"), "reported_at": reported}));
    }
    for n in 0..count {
        world.clock.later_s(60);
        let person = world.moderator(people[n % people.len()]);
        let claim = person.claim(1).remove(0);
        let item = claim["item"]["id"].as_str().unwrap();
        let changed = json!({"handle_ms": 1_000 + n, "decided_at": world.clock_text()});
        person.decide(decision(&format!("d-{item}"), &claim, changed));
    }
}

fn until_the_next_day(world: &World) {
    let now = world.clock_ms() / 1_000;
    world.clock.later_s(DAY_S - now.rem_euclid(DAY_S));
}

#[test]
fn a_day_is_told_when_it_is_over_and_reading_all_the_time_tells_no_more() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 3);
    let page = read(&lead, 0, None);
    assert_eq!(
        page,
        json!({"decisions": [], "next": 0, "through": "2025-12-31"})
    );
    let undone = world.moderator("a");
    undone.post("/v1/decisions/d-x-0/revert", json!({})).good();
    assert_eq!(read(&lead, 0, None), page);
    until_the_next_day(&world);
    let page = read(&lead, 0, None);
    assert_eq!(page["through"], "2026-01-01");
    let told = page["decisions"].as_array().unwrap().clone();
    let standing = |rows: &[Value]| -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| (text(&row["item_id"]), text(&row["team"]["standing"])))
            .collect()
    };
    assert_eq!(
        standing(&told),
        BTreeMap::from(
            [
                ("x-0", "reverted"),
                ("x-1", "standing"),
                ("x-2", "standing")
            ]
            .map(|(item, state)| (item.to_owned(), state.to_owned()))
        )
    );
    // What stands otherwise since is told with the next day, also to who begins anew.
    let second = world.moderator("b");
    second.post("/v1/decisions/d-x-1/revert", json!({})).good();
    assert_eq!(rows(&lead), told);
    until_the_next_day(&world);
    let (next, mark) = (page["next"].as_u64().unwrap(), page["mark"].as_str());
    let later = read(&lead, next, mark);
    assert_eq!(
        standing(later["decisions"].as_array().unwrap()),
        BTreeMap::from([("x-1".to_owned(), "reverted".to_owned())])
    );
    assert!(later.get("anew").is_none());
}

/// Items of what was told, by the day under which they are.
fn by_day(rows: &[Value]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut days: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap();
        let items = days.entry(text("decided_at")).or_default();
        items.insert(text("item_id"));
    }
    days
}

#[test]
fn a_decision_is_told_with_the_day_on_which_it_came_and_a_day_that_was_told_stays() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 3);
    let made = world.clock_text();
    until_the_next_day(&world);
    let finished = rows(&lead);
    assert_eq!(
        by_day(&finished),
        BTreeMap::from([(
            "2026-01-01T00:00:00.000Z",
            BTreeSet::from(["x-0", "x-1", "x-2"])
        )])
    );
    world.put(json!({"id": "made-before"}));
    let person = world.moderator("a");
    let claim = person.claim(1).remove(0);
    person.decide(decision("d", &claim, json!({"decided_at": made})));
    a_day(&world, "y", &PEOPLE, 2);
    assert_eq!(rows(&lead), finished);
    until_the_next_day(&world);
    let told = rows(&lead);
    let (before, after) = told.split_at(finished.len());
    assert_eq!(before, finished);
    assert_eq!(
        by_day(after),
        BTreeMap::from([(
            "2026-01-02T00:00:00.000Z",
            BTreeSet::from(["made-before", "y-0", "y-1"])
        )])
    );
}

#[test]
fn the_first_write_of_a_day_tells_the_day_before_as_it_ended() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 1);
    until_the_next_day(&world);
    // Undone today, before anybody read.
    let first = world.moderator("a");
    first.post("/v1/decisions/d-x-0/revert", json!({})).good();
    assert_eq!(rows(&lead)[0]["team"]["standing"], "standing");
    until_the_next_day(&world);
    assert_eq!(rows(&lead)[0]["team"]["standing"], "reverted");
}

#[test]
fn times_are_the_days_and_nobodys() {
    const COUNT: usize = 60;
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, COUNT);
    until_the_next_day(&world);
    let told = rows(&lead);
    // By the order in which it was decided: the number that is in the item's name.
    let number = |row: &Value| -> u64 {
        let (_, n) = row["item_id"].as_str().unwrap().split_once('-').unwrap();
        n.parse().unwrap()
    };
    let order: Vec<u64> = told.iter().map(number).collect();
    assert!(!order.is_sorted(), "in no order: {order:?}");
    let own = |row: &&Value| row["handle_ms"] == json!(1_000 + number(row));
    let own_wait = |row: &&Value| row["team"]["action_s"] == json!((number(row) + 1) * 60);
    let kept = told.iter().filter(own).count();
    let kept = kept.max(told.iter().filter(own_wait).count());
    assert!(
        kept < COUNT / 2,
        "{kept} decisions still have their own time"
    );
    let all: BTreeSet<u64> = told
        .iter()
        .map(|row| row["handle_ms"].as_u64().unwrap())
        .collect();
    assert_eq!(all, (1_000..1_000 + COUNT as u64).collect());
    let mut waited: Vec<u64> = told
        .iter()
        .map(|row| row["team"]["action_s"].as_u64().unwrap())
        .collect();
    waited.sort_unstable();
    let expected: Vec<u64> = (1..=COUNT as u64).map(|n| n * 60).collect();
    assert_eq!(waited, expected);
    // Read again, and after a change, they are the same.
    let before: BTreeMap<String, Value> = told
        .iter()
        .map(|row| (row["item_id"].to_string(), row["handle_ms"].clone()))
        .collect();
    let person = world.moderator("a");
    person.post("/v1/decisions/d-x-0/revert", json!({})).good();
    until_the_next_day(&world);
    for row in rows(&lead) {
        assert_eq!(row["handle_ms"], before[&row["item_id"].to_string()]);
    }
}

#[test]
fn active_times_of_fewer_than_five_people_are_not_told() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE[..4], 40);
    until_the_next_day(&world);
    a_day(&world, "y", &PEOPLE[..5], 5);
    until_the_next_day(&world);
    let told = rows(&lead);
    let of = |name: &str| {
        let day = |row: &&Value| row["item_id"].as_str().unwrap().starts_with(name);
        let timed = |row: &&Value| row.get("handle_ms").is_some();
        told.iter().filter(day).filter(timed).count()
    };
    assert_eq!((of("x"), of("y")), (0, 5));
}

#[test]
fn a_server_whose_database_was_put_back_says_so() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 2);
    until_the_next_day(&world);
    let first = read(&lead, 0, None);
    let place = |page: &Value| {
        let mark = page["mark"].as_str().unwrap().to_owned();
        (page["next"].as_u64().unwrap(), mark)
    };
    let (next, mark) = place(&first);
    let end = read(&lead, next, Some(&mark));
    assert_eq!(
        (&end["decisions"], &end["next"], &end["mark"]),
        (&json!([]), &json!(next), &json!(mark))
    );
    // Everything after the first day is lost, and other things happen in its place.
    let path = world.folder.path().join("s.db");
    let copy = world.folder.path().join("copy.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()])
        .unwrap();
    a_day(&world, "y", &PEOPLE, 2);
    until_the_next_day(&world);
    let (lost_next, lost_mark) = place(&read(&lead, next, Some(&mark)));
    let back = rusqlite::Connection::open(&copy).unwrap();
    let mut other = rusqlite::Connection::open(&path).unwrap();
    rusqlite::backup::Backup::new(&back, &mut other)
        .unwrap()
        .run_to_completion(1_000, std::time::Duration::ZERO, None)
        .unwrap();
    let page = read(&lead, lost_next, Some(&lost_mark));
    assert_eq!(page["anew"], true, "it was never told so far");
    assert_eq!(page["decisions"], first["decisions"]);
    assert!(read(&lead, next, Some(&mark)).get("anew").is_none());
    a_day(&world, "z", &PEOPLE, 2);
    until_the_next_day(&world);
    let page = read(&lead, lost_next, Some(&lost_mark));
    assert_eq!(page["anew"], true, "that far it was told something else");
    assert_eq!(page["decisions"].as_array().unwrap().len(), 4);
    let (next, mark) = place(&page);
    assert!(read(&lead, next, Some(&mark)).get("anew").is_none());
    // Who has no mark is told on.
    assert!(read(&lead, lost_next, None).get("anew").is_none());
}

#[test]
fn a_sample_is_drawn_of_days_that_are_told() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 3);
    let size = |to: &str| {
        let asked = json!({"size": 500, "drawing": "random", "from": "2026-01-01", "to": to});
        lead.post("/v1/review-samples", asked).good()["size"].clone()
    };
    assert_eq!(
        (size("2026-01-01"), size("2026-01-02")),
        (json!(0), json!(0))
    );
    until_the_next_day(&world);
    a_day(&world, "y", &PEOPLE, 2);
    assert_eq!(size("2026-01-02"), 3, "and none of today's");
}

#[test]
fn what_came_while_the_clock_was_a_year_ahead_is_told_with_the_day_after_it_is_right() {
    let world = live();
    let lead = lead(&world);
    world.clock.later_s(365 * DAY_S);
    a_day(&world, "ahead", &PEOPLE, 1);
    world.clock.later_s(-365 * DAY_S);
    a_day(&world, "x", &PEOPLE, 1);
    assert_eq!(rows(&lead), [] as [Value; 0]);
    until_the_next_day(&world);
    assert_eq!(rows(&lead).len(), 2);
}

#[test]
fn a_decision_that_is_late_for_a_day_that_was_just_told_waits_for_the_next() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 2);
    until_the_next_day(&world);
    assert_eq!(rows(&lead).len(), 2);
    // The clock goes back over midnight; alone, it would stand out.
    world.clock.later_s(-120);
    a_day(&world, "late", &PEOPLE, 1);
    world.clock.later_s(120);
    assert_eq!(rows(&lead).len(), 2);
    until_the_next_day(&world);
    let told = rows(&lead);
    assert_eq!(
        by_day(&told[2..]),
        BTreeMap::from([("2026-01-02T00:00:00.000Z", BTreeSet::from(["late-0"]))])
    );
}

#[test]
fn what_a_second_person_confirms_after_midnight_is_told_with_their_day() {
    let world = live();
    let lead = lead(&world);
    world.put(json!({"id": "i"}));
    let (first, second) = (world.moderator("a"), world.moderator("b"));
    let claim = first.claim(1).remove(0);
    first.decide(decision("d1", &claim, json!({"policy_ids": ["two"]})));
    until_the_next_day(&world);
    let claim = second.claim(1).remove(0);
    second.decide(decision("d2", &claim, json!({"policy_ids": ["two"]})));
    let standings = || {
        let mut all: Vec<String> = rows(&lead)
            .iter()
            .map(|row| format!("{} {}", row["team"]["review"], row["team"]["standing"]))
            .collect();
        all.sort();
        all
    };
    assert_eq!(standings(), ["\"first\" \"interim\""]);
    until_the_next_day(&world);
    assert_eq!(
        standings(),
        ["\"first\" \"standing\"", "\"second\" \"standing\""]
    );
}

#[test]
fn what_cannot_be_read_is_not_told_and_stops_nobody() {
    let world = live();
    let lead = lead(&world);
    a_day(&world, "x", &PEOPLE, 2);
    let db = rusqlite::Connection::open(world.folder.path().join("s.db")).unwrap();
    db.execute("UPDATE decisions SET body = '{' WHERE id = 'd-x-0'", [])
        .unwrap();
    until_the_next_day(&world);
    a_day(&world, "y", &PEOPLE, 1);
    assert_eq!(rows(&lead).len(), 1);
}
