use scrim_desk::limits::UNDO_MS;
use scrim_desk::{Effect, Event};
use scrim_model::ActionKind;
use scrim_model::settings::{Key, Value};
use scrim_model::view::RevealMode;
use scrim_wire::window::{Command, LockKey, MediumState, Screen, Secret, WindowModel};

use crate::world::{REPORTED, World};

const IDLE_MS: u64 = 10 * 60_000;

fn screen(world: &World) -> Screen {
    world.model().screen
}

fn locked(key: LockKey) -> Screen {
    Screen::Locked { key }
}

fn unlock(world: &mut World, typed: Option<&str>) {
    let typed = typed.map(|words| Secret::new(words.to_owned()));
    world.command(Command::Unlock(typed));
}

/// Nothing of an item, a list or a person is in what the window is shown.
#[track_caller]
fn says_nothing(model: &WindowModel) {
    let said = format!("{model:?}");
    for word in [
        REPORTED,
        "item-",
        "Other · report",
        "Violence",
        "id-",
        "claim-",
    ] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    assert!(model.item.is_none() && model.history.is_empty() && model.conflicts.is_empty());
    assert!(model.notices.is_empty() && model.asked_of_me.is_empty() && model.held.is_empty());
    assert_eq!(model.moderator, "");
}

#[test]
fn a_desk_that_is_left_alone_locks_wipes_and_gives_back_what_nobody_began() {
    let mut world = World::serving(8);
    world.command(Command::Note("half a sentence".into()));
    world.command(Command::Reveal(RevealMode::Full));
    let open = world.open_item().unwrap();
    world.pass(IDLE_MS - 2_000);
    assert_eq!(screen(&world), Screen::Serving);
    world.event(Event::Active);
    world.pass(IDLE_MS - 1_000);
    assert_eq!(screen(&world), Screen::Serving, "any key counts");
    world.clear_log();
    world.pass(1_000);
    assert_eq!(screen(&world), locked(LockKey::Press));
    assert_eq!(world.order_of(&["DropAll"]).len(), 1);
    assert!(!world.desk.keeps_media_of(&open, world.now));
    says_nothing(&world.model());
    assert_eq!(world.server.given_back[0].claim_ids.len(), 5);
    world.clear_log();
    world.event(Event::Active);
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::CoverAll);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(60_000);
    assert_eq!(
        screen(&world),
        locked(LockKey::Press),
        "nothing but this lifts it"
    );
    assert!(
        world
            .order_of(&["PrepareCover", "Claim", "RecordDecision"])
            .is_empty()
    );

    unlock(&mut world, None);
    let model = world.model();
    assert_eq!(world.open_item(), Some(open), "what was begun goes on");
    assert_eq!(model.draft.note, "half a sentence");
    let item = model.item.unwrap();
    assert!(item.reveal.is_none());
    assert!(
        matches!(item.media[0], MediumState::Covered { .. }),
        "made anew"
    );
    assert_eq!(model.in_hand, 6);
}

#[test]
fn the_machines_lock_is_a_lock_and_sleep_counts() {
    let mut world = World::serving(2);
    world.event(Event::Locked);
    assert_eq!(screen(&world), locked(LockKey::Press));
    unlock(&mut world, None);
    assert_eq!(screen(&world), Screen::Serving);
    world.now.boot_ms += IDLE_MS;
    world.event(Event::Tick);
    assert_eq!(screen(&world), locked(LockKey::Press));
}

#[test]
fn decisions_go_on_to_the_server_under_the_lock() {
    let mut world = World::serving(2);
    world.command(Command::Decide(ActionKind::Allow));
    world.event(Event::Locked);
    world.pass(UNDO_MS + 1_000);
    assert_eq!(world.server.accepted.len(), 1);
}

#[test]
fn with_a_passphrase_only_that_goes_on() {
    let mut world = World::serving(2);
    world.passphrase = Some("three old kites");
    world.restart();
    world.event(Event::Locked);
    assert_eq!(screen(&world), locked(LockKey::Passphrase));
    unlock(&mut world, None);
    assert_eq!(screen(&world), locked(LockKey::Passphrase));
    unlock(&mut world, Some("three new kites"));
    assert_eq!(screen(&world), locked(LockKey::PassphraseAgain));
    unlock(&mut world, Some("three old kites"));
    assert_eq!(screen(&world), Screen::Serving);
    assert!(!format!("{:?}", world.log).contains("kites"));
    // On a break the desk is wiped already; a lock still keeps its lists from others.
    world.command(Command::TakeBreak);
    world.pass(IDLE_MS);
    assert_eq!(screen(&world), locked(LockKey::Passphrase));
}

#[test]
fn a_break_without_a_passphrase_stays_a_break() {
    let mut world = World::serving(2);
    world.command(Command::TakeBreak);
    world.pass(2 * IDLE_MS);
    assert_eq!(screen(&world), Screen::OnBreak);
    world.command(Command::EndBreak);
    assert_eq!(screen(&world), Screen::Serving);
}

#[test]
fn the_time_can_be_made_shorter_and_never_longer() {
    let mut world = World::serving(2);
    let set = |world: &mut World, minutes| {
        world.command(Command::SetSetting {
            key: Key::LockIdle,
            value: Some(Value::Number(minutes)),
        });
    };
    set(&mut world, 30);
    world.pass(IDLE_MS);
    assert_eq!(screen(&world), locked(LockKey::Press));
    unlock(&mut world, None);
    set(&mut world, 2);
    world.pass(120_000);
    assert_eq!(screen(&world), locked(LockKey::Press));
}

#[test]
fn a_revoked_desk_keeps_nothing_in_memory_and_everything_on_disk() {
    let mut world = World::serving(8);
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::Note("half a sentence".into()));
    world.command(Command::Reveal(RevealMode::Full));
    world.server.revoked = true;
    world.clear_log();
    world.pass(UNDO_MS + 1_000);
    let model = world.model();
    let left = Screen::Left {
        revoked: true,
        waiting: 1,
        urgent: false,
    };
    assert_eq!(model.screen, left);
    says_nothing(&model);
    assert!(!world.desk.is_revealed());
    let order = world.order_of(&["CoverNow", "DropAll", "LetGo"]);
    assert_eq!(order, ["CoverNow", "DropAll", "LetGo"]);
    assert_eq!(world.drafts.len(), 1, "what was written is kept");
    assert!(world.log.contains(&Effect::LetGo {
        forget_token: false
    }));
    assert!(world.server.accepted.is_empty());

    // Late answers and keys change nothing, and nothing is asked of the server.
    world.clear_log();
    world.event(Event::Claims(Ok(scrim_wire::call::ClaimsTaken::default())));
    world.event(Event::Active);
    for command in [
        Command::TakeBreak,
        Command::StartShift,
        Command::Undo,
        Command::CoverAll,
    ] {
        world.command(command);
    }
    world.pass(60_000);
    assert_eq!(world.model().screen, left);
    assert!(world.log.is_empty(), "{:?}", world.log);

    world.server.revoked = false;
    world.command(Command::Reconnect);
    world.pass(2_000);
    assert_eq!(screen(&world), Screen::Serving);
    assert_eq!(
        world.server.accepted.len(),
        1,
        "what was decided is sent, once"
    );
    assert_eq!(world.server.received.len(), 1);
    assert!(
        world.claims.len() <= 6,
        "what the first sign-in held is given back"
    );
}

#[test]
fn whoever_signs_out_leaves_no_token_and_an_urgent_escalation_is_said() {
    let mut world = World::serving(3);
    world.server.confirms = false;
    world.command(Command::Decide(ActionKind::Escalate));
    world.command(Command::EscalatePriority(1));
    world.pass(1_000);
    world.command(Command::Confirm);
    world.command(Command::SignOut);
    let model = world.model();
    let left = Screen::Left {
        revoked: false,
        waiting: 1,
        urgent: true,
    };
    assert_eq!(model.screen, left);
    assert!(world.log.contains(&Effect::LetGo { forget_token: true }));
    says_nothing(&model);
    assert!(!model.duty_contacts.is_empty(), "whom to call");
}

#[test]
fn another_sign_in_at_the_terminal_begins_anew() {
    let mut world = World::serving(3);
    world.clear_log();
    world.event(Event::SignInChanged);
    let order = world.order_of(&["DropAll", "LetGo", "SignInAgain", "FetchSession"]);
    assert_eq!(
        order[..4],
        ["DropAll", "LetGo", "SignInAgain", "FetchSession"]
    );
}

#[test]
fn an_agent_that_ends_under_the_lock_gives_back_what_was_begun() {
    let mut world = World::serving(3);
    world.command(Command::Note("half a sentence".into()));
    let open = world.open_item().unwrap();
    world.event(Event::Locked);
    world.pass(10_000);
    world.server.given_back.clear();
    world.command(Command::EndShift);
    world.pass(1_000);
    assert_eq!(screen(&world), locked(LockKey::Press), "nobody came back");
    says_nothing(&world.model());
    let given: usize = world
        .server
        .given_back
        .iter()
        .map(|back| back.claim_ids.len())
        .sum();
    assert_eq!(given, 1, "the item that was begun");
    assert!(!world.desk.keeps_media_of(&open, world.now));
}

#[test]
fn a_store_that_fails_under_the_lock_says_so_and_nothing_else() {
    let mut world = World::serving(3);
    world.command(Command::Decide(ActionKind::Allow));
    world.event(Event::Locked);
    let message = "The disk is full.".to_owned();
    world.event(Event::StoreFailed {
        message: message.clone(),
    });
    let model = world.model();
    assert_eq!(model.screen, Screen::StoreFailed { message });
    says_nothing(&model);
}
