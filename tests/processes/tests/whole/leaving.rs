//! Signing out, being signed out, two people on one account, and where the key of the records is.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Gate, Running, World, exported, ids, keyring, says, scrim, sign_in};

fn held_by(world: &World, token: &str) -> BTreeSet<String> {
    world.server.decisions(token).into_iter().collect()
}

fn holds(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        let bytes = std::fs::read(path).unwrap_or_default();
        let mut parts = bytes.windows(needle.len());
        parts.any(|part| part == needle.as_bytes())
    })
}

#[test]
fn what_a_revoked_desk_decided_can_be_recovered_and_arrives_at_the_next_sign_in() {
    let world = World::plain();
    world.road.set(Gate::LosesRequests);
    let mut desk = world.desk(3);
    desk.until("three decisions", |desk| desk.decisions().len() == 3);
    let made: BTreeSet<String> = desk.decisions().keys().map(|id| (*id).to_owned()).collect();
    world.server.revoke("m1");
    world.road.set(Gate::Open);
    desk.until("the end of the sign-in", |desk| {
        desk.said.iter().any(|line| line == "left 3")
    });
    desk.stop();

    let file = world.folder.path().join("unsent.jsonl");
    let out = file.to_str().unwrap();
    let refused = scrim(&world, &["recover", "--out", out], "", None);
    assert!(!refused.status.success() && !file.exists(), "asks first");
    says(&scrim(
        &world,
        &["recover", "--out", out, "--yes"],
        "",
        None,
    ));
    assert_eq!(ids(&std::fs::read_to_string(&file).unwrap()), made);

    let token = world.server.token("m1", "moderator");
    assert!(held_by(&world, &token).is_empty());
    sign_in(&world, &token);
    let mut desk = world.desk(0);
    desk.until_all(3, &["Accepted"]);
    desk.stop();
    assert_eq!(held_by(&world, &token), made, "the same ones, each once");
}

#[test]
fn two_people_on_one_account_never_see_each_others_records() {
    let world = World::plain();
    let decide = |token: &str| {
        let mut desk = world.desk(2);
        desk.until_all(2, &["Accepted"]);
        desk.stop();
        held_by(&world, token)
    };
    let first = world.server.token("m1", "moderator");
    sign_in(&world, &first);
    let of_first = decide(&first);
    says(&scrim(&world, &["sign-out"], "", None));
    assert!(!holds(world.profile.folder(), &first), "the token is gone");
    let nobody = scrim(&world, &["verify"], "", None);
    assert_eq!(nobody.status.code(), Some(66), "nobody's records");

    let second = world.server.token("m2", "moderator");
    sign_in(&world, &second);
    assert!(world.profile.sign_in().unwrap().is_some());
    let of_second = decide(&second);
    assert_eq!(exported(&world, "", None), of_second);
    says(&scrim(&world, &["sign-out"], "", None));

    sign_in(&world, &first);
    assert_eq!(exported(&world, "", None), of_first);
    assert!(of_first.is_disjoint(&of_second));
}

#[test]
fn a_key_that_was_rotated_and_put_behind_a_passphrase_opens_the_same_records() {
    let world = World::plain();
    let mut desk = world.desk(2);
    desk.until_all(2, &["Accepted"]);
    desk.stop();
    let before = exported(&world, "", None);
    says(&scrim(&world, &["key", "rotate"], "", None));
    assert_eq!(exported(&world, "", None), before);

    let short = scrim(
        &world,
        &["key", "move", "passphrase"],
        "short\nshort\n",
        None,
    );
    assert!(!short.status.success());
    let typed = "three old kites\nthree old kites\n";
    says(&scrim(&world, &["key", "move", "passphrase"], typed, None));
    assert_eq!(exported(&world, "three old kites\n", None), before);
    let wrong = scrim(&world, &["verify"], "three new kites\n", None);
    assert_eq!(wrong.status.code(), Some(77));
    says(&scrim(
        &world,
        &["key", "rotate"],
        "three old kites\n",
        None,
    ));
    assert_eq!(exported(&world, "three old kites\n", None), before);
    let token = world.profile.sign_in().unwrap().unwrap().token;
    assert_eq!(token, "", "sealed");
    says(&scrim(
        &world,
        &["key", "move", "file"],
        "three old kites\n",
        None,
    ));
    world.all_hold_the_same(2);
}

#[test]
fn a_keyring_keeps_the_key_and_a_locked_one_opens_nothing() {
    let world = World::plain();
    let folder = tempfile::tempdir().unwrap();
    let address = format!("unix:path={}", folder.path().join("bus").display());
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--nopidfile"])
        .arg(format!("--address={address}"))
        .arg("--print-address=1")
        .stdout(Stdio::piped());
    let mut bus = bus.spawn().unwrap();
    let mut line = String::new();
    let out = bus.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
    let bus = Running(bus);
    let keyring = keyring(folder.path(), &address);

    let mut desk = world.desk(2);
    desk.until_all(2, &["Accepted"]);
    desk.stop();
    let before = exported(&world, "", None);
    let moved = says(&scrim(
        &world,
        &["key", "move", "keyring"],
        "",
        Some(&address),
    ));
    assert!(moved.contains("in this account's keyring"), "{moved}");
    assert_eq!(exported(&world, "", Some(&address)), before);
    says(&scrim(&world, &["key", "rotate"], "", Some(&address)));
    assert_eq!(exported(&world, "", Some(&address)), before);
    let token = world.profile.sign_in().unwrap().unwrap().token;
    assert_eq!(token, "", "sealed under the key");

    let without = scrim(&world, &["verify"], "", None);
    assert!(!without.status.success());
    let said = String::from_utf8_lossy(&without.stderr).into_owned();
    assert!(said.contains("keyring"), "{said}");
    says(&scrim(&world, &["key", "move", "file"], "", Some(&address)));
    drop((keyring, bus));
    world.all_hold_the_same(2);
}
