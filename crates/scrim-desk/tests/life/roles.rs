use scrim_desk::Effect;
use scrim_desk::limits::DAY_POLL_MS;
use scrim_model::Role;
use scrim_wire::window::{Command, TeamAsk, TeamQuery};

use crate::world::World;

fn asks(world: &mut World) -> bool {
    world.clear_log();
    let query = TeamQuery {
        from: "2026-03-01".to_owned(),
        to: "2026-03-02".to_owned(),
        queue: None,
    };
    world.command(Command::Team(TeamAsk::Show(query)));
    world.order_of(&["Team"]).len() == 1
}

fn forgets(world: &World) -> bool {
    world.log.contains(&Effect::ForgetTeam)
}

#[test]
fn a_role_that_is_given_or_taken_counts_within_the_minute_and_without_a_new_connection() {
    let mut world = World::serving(2);
    assert!(!world.model().leads && !asks(&mut world));
    for role in [Role::Lead, Role::Qa] {
        world.server.roles.push(role);
        world.clear_log();
        world.pass(DAY_POLL_MS + 1_000);
        assert!(
            world.order_of(&["FetchSession"]).is_empty(),
            "no new session"
        );
        assert!(!forgets(&world));
        assert!(world.model().leads && asks(&mut world));

        world.server.roles.pop();
        world.clear_log();
        world.pass(DAY_POLL_MS + 1_000);
        assert!(forgets(&world), "the view closes, and its copy goes");
        assert!(!world.model().leads && !asks(&mut world));
    }
}

#[test]
fn a_copy_of_the_teams_decisions_goes_with_every_hearing_of_other_roles_and_stays_while_they_are_unknown()
 {
    let mut world = World::serving(2);
    assert!(forgets(&world), "a lead may have been here before");
    world.clear_log();
    world.server.reachable = false;
    world.pass(2 * DAY_POLL_MS);
    assert!(!forgets(&world), "offline");
    world.server.reachable = true;
    world.command(Command::Reconnect);
    world.pass(10_000);
    assert!(forgets(&world), "connected again");

    world.server.roles.push(Role::Lead);
    world.clear_log();
    world.restart();
    world.pass(2 * DAY_POLL_MS);
    assert!(world.model().leads && !forgets(&world));
    world.server.roles.pop();
    world.restart();
    assert!(forgets(&world), "taken while the desk was closed");

    world.clear_log();
    world.server.revoked = true;
    world.pass(2 * DAY_POLL_MS);
    assert!(!forgets(&world), "signed out");
}
