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
        assert!(world.model().leads && asks(&mut world));

        world.server.roles.pop();
        world.clear_log();
        world.pass(DAY_POLL_MS + 1_000);
        let closed = |e: &Effect| matches!(e, Effect::Team(TeamAsk::Close));
        assert_eq!(world.log.iter().filter(|e| closed(e)).count(), 1);
        assert!(!world.model().leads && !asks(&mut world));
    }
}
