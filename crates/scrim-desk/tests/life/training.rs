use scrim_model::{ActionKind, PolicyId};
use scrim_wire::protocol::Feedback;
use scrim_wire::window::Command;

use crate::world::World;
use scrim_desk::limits::{FEEDBACK_MAX, UNDO_MS};

fn training(policies: &[&str]) -> World {
    let mut world = World::serving(40);
    world.server.environment = "training";
    world.server.feedback = Some(Feedback {
        policy_ids: policies
            .iter()
            .map(|id| PolicyId::new(*id).unwrap())
            .collect(),
        explanation: "The rule says so.".into(),
    });
    world.restart();
    world
}

#[test]
fn what_was_expected_is_shown_once_the_decision_is_taken_and_goes_when_read() {
    let mut world = training(&["violence"]);
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Remove));
    assert!(
        world.model().feedback.is_none(),
        "it can still be taken back"
    );
    world.pass(UNDO_MS + 1_000);
    let told = world.model().feedback.unwrap();
    assert!(told.agrees);
    assert_eq!(
        (&told.found, &told.expected),
        (&vec!["Violence".to_owned()], &vec!["Violence".to_owned()])
    );
    assert_eq!(told.explanation, "The rule says so.");
    world.command(Command::FeedbackRead);
    assert!(world.model().feedback.is_none());
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 1_000);
    let told = world.model().feedback.unwrap();
    assert!(!told.agrees && told.found.is_empty());
}

#[test]
fn its_decisions_are_marked_and_its_looking_counts() {
    let mut world = training(&[]);
    world.work(2);
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS + 60_000);
    let marked = |world: &World| -> Vec<bool> {
        let decisions = world.server.decisions.iter();
        decisions.map(|decision| decision.training).collect()
    };
    assert!(!marked(&world).is_empty() && marked(&world).iter().all(|training| *training));
    assert!(world.today().weighted.0 > 0, "inside exposure");
    let mut elsewhere = World::serving(3);
    elsewhere.command(Command::Decide(ActionKind::Allow));
    elsewhere.pass(UNDO_MS + 1_000);
    assert!(!marked(&elsewhere).is_empty() && marked(&elsewhere).iter().all(|training| !training));
}

#[test]
fn unread_feedback_is_bounded() {
    let mut world = training(&[]);
    for _ in 0..FEEDBACK_MAX + 5 {
        world.command(Command::Decide(ActionKind::Allow));
        world.pass(UNDO_MS + 1_000);
    }
    let mut unread = 0;
    while world.model().feedback.is_some() {
        world.command(Command::FeedbackRead);
        unread += 1;
    }
    assert_eq!(unread, FEEDBACK_MAX);
}

#[test]
fn that_items_can_be_practice_is_shown_if_the_server_says_so_and_it_is_no_training() {
    let mut world = World::serving(3);
    assert!(!world.model().practice);
    world.server.has_practice = true;
    world.restart();
    assert!(world.model().practice);
    world.server.environment = "training";
    world.restart();
    assert!(!world.model().practice);
}
