//! Starts of the real agent at which nobody is signed in yet, and a managed file that wants the key
//! kept better.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::{
    Agent, Computer, Session, World, exported, keyring, program, says, scrim, scrim_as, sign_in,
};

const PASSPHRASE: &str = "three old kites";
const TWICE: &str = "three old kites\nthree old kites\n";

/// Everything that the window says, by id.
fn texts(session: &mut Session) -> BTreeMap<String, Option<String>> {
    session.hands("says", json!([]))
}

/// Until the server has as many decisions and the desk knows it. That all is synced is said before
/// the first one is recorded, too.
fn until_taken(world: &World, session: &mut Session, count: usize) {
    world.until_taken(count);
    session.until("status.sync", "all synced");
}

#[test]
fn a_sealed_desk_asks_for_its_passphrase_and_then_has_what_was_decided_before() {
    let world = World::plain();
    let mut desk = world.desk(2);
    desk.until_all(2, &["Accepted"]);
    desk.stop();
    let before = exported(&world, "", None);
    says(&scrim(&world, &["key", "move", "passphrase"], TWICE, None));

    let mut session = Session::open();
    let agent = Agent::start(&world, &mut session);
    session.until("screen.title", "Locked");
    let shut = format!("{:?}", texts(&mut session));
    assert!(!shut.contains("decide.") && !shut.contains("m1"), "{shut}");
    session.hands::<()>("type_in", json!(["three new kites"]));
    session.until("lock.says", "That was not it");
    assert!(!format!("{:?}", texts(&mut session)).contains("kites"));
    session.hands::<()>("type_in", json!([PASSPHRASE]));
    session.hands::<Vec<String>>("item", json!([]));

    session.press("history.open");
    session.until("history.correct", "Correct");
    let rows = texts(&mut session);
    let is_listed = |id: &&String| rows.contains_key(&format!("history.correct.{id}"));
    assert_eq!(
        before.iter().filter(is_listed).count(),
        1,
        "the older: {rows:?}"
    );
    session.press("close.top");
    session.press("decide.allow");
    until_taken(&world, &mut session, 3);
    agent.stop(&mut session);

    let after = exported(&world, &format!("{PASSPHRASE}\n"), None);
    assert!(after.len() == 3 && after.is_superset(&before), "{after:?}");
}

#[test]
fn an_agent_at_which_nobody_is_signed_in_takes_up_a_sign_in_of_the_console() {
    let (world, mut session) = (World::plain(), Session::open());
    let token = world.profile.sign_in().unwrap().unwrap().token;
    world.profile.forget_sign_in().unwrap();
    let agent = Agent::start(&world, &mut session);
    session.until("screen.title", "Signed out");
    sign_in(&world, &token);
    session.hands::<Vec<String>>("item", json!([]));
    session.press("decide.allow");
    until_taken(&world, &mut session, 1);
    agent.stop(&mut session);
    world.all_hold_the_same(1);
}

const WANTS_KEYRING: &str = "[keys]\nrequire = \"keyring\"\n";
const WANTED: &str = "want the key of your records in the keyring, and it is in a private file";

#[test]
fn where_the_managed_file_wants_the_keyring_a_key_in_a_file_opens_nothing_until_it_is_moved() {
    let (world, mut session) = (World::plain(), Session::open());
    let mut desk = world.desk(2);
    desk.until_all(2, &["Accepted"]);
    desk.stop();
    let before = exported(&world, "", None);

    let computer = Computer::managed(WANTS_KEYRING);
    let console = program("scrim", "scrim-cli");
    let here = |arguments: &[&str], bus: Option<&str>| {
        scrim_as(computer.command(&console), &world, arguments, "", bus)
    };
    for arguments in [&["verify"][..], &["key", "rotate"]] {
        let refused = here(arguments, None);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(77), "{arguments:?}: {said}");
        assert!(said.contains(WANTED), "{said}");
        assert!(said.contains("all your decisions are kept"), "{said}");
        assert!(said.contains("`scrim key move keyring`"), "{said}");
    }
    let worse = here(&["key", "move", "file"], None);
    assert_eq!(worse.status.code(), Some(77));

    let own = session.command("unshare".as_ref());
    let mut command = computer.wrapped(own, &program("scrim-agent", "scrim-agent"));
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window_after(&mut session, 0);
    let title = session.until("screen.title", "Decisions cannot be written");
    let said = format!("{title} {:?}", texts(&mut session));
    assert!(!said.contains("decide."), "{said}");
    session.until("screen.message", WANTED);
    let log = agent.stop(&mut session);
    assert!(log.contains(WANTED), "{log}");
    assert_eq!(world.taken().len(), 2, "nothing was decided");

    let bus = session.bus();
    let home = tempfile::tempdir().unwrap();
    let _keyring = keyring(home.path(), &bus);
    let moved = says(&here(&["key", "move", "keyring"], Some(&bus)));
    assert!(moved.contains("in this account's keyring"), "{moved}");
    assert_eq!(exported(&world, "", Some(&bus)), before);
    let own = session.command("unshare".as_ref());
    let mut command = computer.wrapped(own, &program("scrim-agent", "scrim-agent"));
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window_after(&mut session, 0);
    session.hands::<Vec<String>>("item", json!([]));
    agent.stop(&mut session);
}

#[test]
fn a_sign_in_makes_the_key_where_the_managed_file_wants_it_or_not_at_all() {
    let world = World::plain();
    let token = world.profile.sign_in().unwrap().unwrap().token;
    world.profile.forget_sign_in().unwrap();
    let origin = format!("http://{}", world.road.address);
    let console = program("scrim", "scrim-cli");
    let keys = world.profile.folder().join("keys");
    let made = || std::fs::read_dir(&keys).map_or(0, |files| files.count());

    let computer = Computer::managed(WANTS_KEYRING);
    let command = computer.command(&console);
    let refused = scrim_as(command, &world, &["sign-in", &origin], &token, None);
    assert!(!refused.status.success(), "there is no keyring");
    assert!(world.profile.sign_in().unwrap().is_none() && made() == 0);

    let computer = Computer::managed("[keys]\nrequire = \"passphrase\"\n");
    let command = computer.command(&console);
    let file = world.folder.path().join("token");
    std::fs::write(&file, &token).unwrap();
    let file = file.to_str().unwrap();
    let arguments = ["sign-in", &origin, "--token-file", file];
    let signed = says(&scrim_as(command, &world, &arguments, TWICE, None));
    assert!(signed.contains("sealed behind your passphrase"), "{signed}");
    assert_eq!(
        world.profile.sign_in().unwrap().unwrap().token,
        "",
        "sealed"
    );
    let files = std::fs::read_dir(&keys).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    let is_sealed = |name: &std::ffi::OsString| {
        let name = name.to_string_lossy();
        name.ends_with(".sealed") || name.ends_with(".token")
    };
    assert!(names.iter().all(is_sealed), "{names:?}");
}
