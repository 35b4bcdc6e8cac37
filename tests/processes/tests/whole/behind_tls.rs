//! A queue server behind TLS, whose certificate an authority of one's own has signed.

use serde_json::json;

use crate::support::{
    Agent, Authority, Computer, Front, Session, World, program, says, scrim_as, write_pictures,
};

const ITEMS: usize = 2;
const MANAGED: &str = "[tls]\nca_file = \"/etc/scrim/ca.pem\"\nonly_this_ca = true\n";
/// What a person is told of a certificate that nobody they trust has signed.
const UNTRUSTED: &str = "nobody whom this computer trusts has signed it";
const NOTHING_SENT: &str = "Nothing was sent to it";

#[test]
fn behind_its_own_authority_a_desk_works_and_behind_another_one_it_sends_nothing() {
    let mut world = World::new(|folder| write_pictures(folder, ITEMS as u64));
    let (own, stranger) = (Authority::new(), Authority::new());
    let front = Front::of(world.road.address, &stranger);
    let token = world.signs_in_at(front.origin());
    let computer = Computer::managed(MANAGED);
    computer.has("scrim/ca.pem", &own.pem);
    let console = program("scrim", "scrim-cli");
    let sign_in = || {
        let arguments = ["sign-in", &front.origin()];
        scrim_as(computer.command(&console), &world, &arguments, &token, None)
    };

    let refused = sign_in();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(
        said.contains(UNTRUSTED) && said.contains(NOTHING_SENT),
        "{said}"
    );
    let (tried, heard) = front.met();
    assert!(tried > 0 && heard == 0, "{tried} {heard}");
    assert!(world.profile.sign_in().unwrap().is_none());

    front.shows(&own);
    says(&sign_in());
    let mut session = Session::open();
    let unshare = session.command("unshare".as_ref());
    let mut command = computer.wrapped(unshare, &program("scrim-agent", "scrim-agent"));
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window_after(&mut session, 0);
    let first: Vec<String> = session.hands("item", json!([]));
    session.press("decide.allow");
    session.hands::<Vec<String>>("next_item", json!([first]));
    world.until_taken(1);

    front.shows(&stranger);
    session.press("decide.allow");
    let said = session.until("screen.message", UNTRUSTED);
    assert!(said.contains(NOTHING_SENT), "{said}");
    assert!(said.contains("everything decided is kept here"), "{said}");
    let (tried, heard) = front.met();
    assert!(tried > 0 && heard == 0, "{tried} {heard}");
    assert_eq!(world.taken().len(), 1);
    assert_eq!(world.recorded().len(), ITEMS, "kept");

    front.shows(&own);
    session.press("link.reconnect");
    world.until_taken(ITEMS);
    session.until("status.sync", "all synced");
    agent.stop(&mut session);
    world.all_hold_the_same(ITEMS);
}
