//! Check-ins: offered twice a day at most, never in the way, and with no influence on anything.
#![allow(clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "shared with the other tests of the heart")]
mod world;

use scrim_desk::Effect;
use scrim_model::ActionKind;
use scrim_model::checkin::{Answer, When};
use scrim_model::settings::{Key, Value};
use scrim_wire::window::{CheckInStands, Command, NoticeKey, Screen, WindowModel};
use world::World;
use world::storm::Blow;

const HOUR_MS: u64 = 3_600_000;

fn answer(n: u8) -> Command {
    Command::CheckIn(Answer::try_from(n).unwrap())
}

fn stands(world: &World) -> CheckInStands {
    world.model().check_in.stands
}

fn decide(world: &mut World) {
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(6_000);
}

fn choose(world: &mut World, key: Key, value: Value) {
    let value = Some(value);
    world.command(Command::SetSetting { key, value });
}

fn next_day(world: &mut World) {
    world.pass(1_000);
    for clock in [&mut world.now.awake_ms, &mut world.now.boot_ms] {
        *clock += 24 * HOUR_MS;
    }
    world.now.utc_ms += i64::try_from(24 * HOUR_MS).unwrap();
    world.pass(1_000);
    world.command(Command::Unlock(None));
}

fn is_about_check_ins(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::KeepCheckIn(_)
            | Effect::CheckInAsked { .. }
            | Effect::ForgetOldCheckIns { .. }
            | Effect::ForgetCheckIns
    )
}

#[test]
fn it_is_offered_before_the_first_decision_and_after_the_shift_and_once_each() {
    let mut world = World::serving(9);
    assert_eq!(
        world.model().screen,
        Screen::Serving,
        "nothing waits for it"
    );
    assert_eq!(stands(&world), CheckInStands::Offered(When::Before));
    world.command(answer(2));
    assert_eq!(stands(&world), CheckInStands::Answered);
    world.command(answer(5));
    assert_eq!(world.check_ins.len(), 1, "one answer a moment");
    decide(&mut world);
    assert_eq!(stands(&world), CheckInStands::NotNow);

    world.command(Command::GoEasy(true));
    world.command(Command::EndShift);
    assert_eq!(stands(&world), CheckInStands::Offered(When::After));
    world.command(answer(4));
    let kept: Vec<_> = world
        .check_ins
        .iter()
        .map(|c| (c.when, u8::from(c.answer), c.go_easy))
        .collect();
    assert_eq!(kept, [(When::Before, 2, false), (When::After, 4, true)]);

    for _ in 0..2 {
        world.command(Command::StartShift);
        assert_eq!(stands(&world), CheckInStands::NotNow);
        world.command(Command::EndShift);
        assert_eq!(stands(&world), CheckInStands::NotNow);
        world.restart();
        assert_eq!(stands(&world), CheckInStands::NotNow);
    }
    next_day(&mut world);
    world.command(Command::EndShift);
    assert_eq!(stands(&world), CheckInStands::Offered(When::After));
    world.command(Command::StartShift);
    assert_eq!(stands(&world), CheckInStands::Offered(When::Before));
}

#[test]
fn passing_over_is_not_asked_again_and_leaves_no_answer() {
    let mut world = World::serving(3);
    world.command(Command::SkipCheckIn);
    assert_eq!(stands(&world), CheckInStands::NotNow);
    world.restart();
    assert_eq!(stands(&world), CheckInStands::NotNow);
    world.command(answer(3));
    world.command(Command::SkipCheckIn);
    assert!(world.check_ins.is_empty());
    assert_eq!(world.asked.len(), 1);
}

#[test]
fn it_is_withdrawn_when_work_begins_and_after_a_restart_in_mid_day() {
    let mut world = World::serving(3);
    decide(&mut world);
    assert_eq!(stands(&world), CheckInStands::NotNow);
    world.command(Command::EndShift);
    world.command(Command::StartShift);
    assert_eq!(stands(&world), CheckInStands::NotNow, "work had begun");
    assert!(world.asked.is_empty(), "not asked is not passed over");
}

#[test]
fn not_wanted_means_not_offered() {
    let mut world = World::serving(3);
    choose(&mut world, Key::CheckinOffer, Value::Flag(false));
    assert_eq!(stands(&world), CheckInStands::NotNow);
    world.command(answer(3));
    world.command(Command::EndShift);
    assert_eq!(stands(&world), CheckInStands::NotNow);
    world.restart();
    assert_eq!(stands(&world), CheckInStands::NotNow);
    assert!(world.check_ins.is_empty());
}

#[test]
fn do_not_store_forgets_what_was_kept_and_keeps_nothing_more() {
    let mut world = World::serving(3);
    world.command(answer(1));
    assert_eq!(world.check_ins.len(), 1);
    assert_eq!(world.model().check_in.kept_days, Some(30));
    let never = Value::Choice("do_not_store".into());
    choose(&mut world, Key::CheckinStore, never);
    assert!(world.check_ins.is_empty() && world.asked.is_empty());
    assert_eq!(world.model().check_in.kept_days, None);
    world.clear_log();
    world.command(Command::EndShift);
    world.command(answer(5));
    assert_eq!(stands(&world), CheckInStands::Answered);
    next_day(&mut world);
    world.command(Command::StartShift);
    world.command(Command::SkipCheckIn);
    let wrote = |e: &&Effect| matches!(e, Effect::KeepCheckIn(_) | Effect::CheckInAsked { .. });
    assert_eq!(world.log.iter().filter(wrote).count(), 0);
    world.clear_log();
    world.restart();
    assert!(
        world.log.contains(&Effect::ForgetCheckIns),
        "at every start"
    );
}

#[test]
fn old_ones_go_with_the_day_and_with_the_setting() {
    let mut world = World::serving(3);
    world.command(answer(3));
    for day in 1..30 {
        next_day(&mut world);
        assert_eq!(world.check_ins.len(), 1, "day {day}");
    }
    next_day(&mut world);
    assert!(world.check_ins.is_empty());
    world.command(Command::EndShift);
    world.command(answer(3));
    next_day(&mut world);
    assert_eq!(world.check_ins.len(), 1);
    choose(&mut world, Key::CheckinKeep, Value::Number(1));
    assert!(world.check_ins.is_empty());
}

#[test]
fn forgetting_is_said_and_a_store_that_fails_stops_no_work() {
    let mut world = World::serving(3);
    world.store_works = false;
    world.command(answer(3));
    assert!(world.has_notice(NoticeKey::CheckInNotKept));
    world.store_works = true;
    assert_eq!(world.model().screen, Screen::Serving);
    decide(&mut world);
    world.command(Command::ForgetCheckIns);
    assert!(world.has_notice(NoticeKey::CheckInsForgotten));
}

fn without_check_in(model: WindowModel) -> WindowModel {
    let mut model = model;
    model.check_in.stands = CheckInStands::NotNow;
    model
}

/// Four desks with one fate, of which one is told the best, one the worst, one nothing, and one is
/// not heard: nothing that any of them does or shows differs but the check-ins themselves.
#[test]
fn no_answer_changes_anything_that_the_desk_does() {
    let mut random = 0x5eed_u64;
    let mut draw = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let (mut compared, mut answered) = (0, 0);
    for _ in 0..300 {
        let mut worlds = [(); 4].map(|()| World::serving(6));
        let said = [
            answer(1),
            answer(5),
            Command::SkipCheckIn,
            Command::Dismiss(u64::MAX),
        ];
        for _ in 0..60 {
            let blow = Blow(u16::try_from(draw() % 65_536).unwrap());
            let asks = draw() % 4 == 0;
            for (world, said) in worlds.iter_mut().zip(&said) {
                if asks && world.store_works {
                    world.command(said.clone());
                }
                world.suffer(blow);
            }
            let [first, others @ ..] = &worlds;
            for other in others {
                let (a, b) = (first.model(), other.model());
                assert_eq!(without_check_in(a), without_check_in(b));
                compared += 1;
            }
        }
        answered += worlds[0].check_ins.len();
        let logs = worlds.map(|world| {
            let mut log = world.log;
            log.retain(|effect| !is_about_check_ins(effect));
            log
        });
        assert!(logs.windows(2).all(|pair| pair[0] == pair[1]));
    }
    assert!(compared > 10_000 && answered > 200, "{compared} {answered}");
}
