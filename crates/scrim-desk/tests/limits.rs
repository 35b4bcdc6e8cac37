//! Exposure, caps, severe items in a row and severe breaks, through the whole heart.
#![allow(clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "shared with the other tests of the heart")]
mod world;

use scrim_desk::Effect;
use scrim_model::ActionKind;
use scrim_model::breaks::BreakPhase;
use scrim_model::exposure::{Load, Weighted};
use scrim_model::serving::Cap;
use scrim_model::settings::{AtLimit, Protection};
use scrim_model::view::RevealMode;
use scrim_wire::protocol::{ClaimsRequest, ViewTotals};
use scrim_wire::window::{Command, NoticeKey, Screen};
use serde_json::json;
use world::World;

fn item(n: usize, severity: u8) -> serde_json::Value {
    json!({"id": format!("item-{n}"), "kind": "image", "severity_hint": severity,
        "classes": [format!("class-{severity}")], "media": [{"n": 0, "mime": "image/png", "bytes": 10}]})
}

fn serving(severities: &[u8]) -> World {
    World::serving_items(
        severities
            .iter()
            .enumerate()
            .map(|(n, s)| item(n, *s))
            .collect(),
    )
}

fn open_severity(world: &World) -> Option<u8> {
    world.model().item.map(|item| item.severity_hint)
}

fn decide(world: &mut World) {
    world.command(Command::Digit(2));
    world.command(Command::Decide(ActionKind::Restrict));
    world.pass(1_000);
}

fn last_claim(world: &World) -> ClaimsRequest {
    let claim = world.log.iter().rev().find_map(|effect| match effect {
        Effect::Claim { request, .. } => Some(request.clone()),
        _ => None,
    });
    claim.unwrap()
}

/// A second desk has decided something that was looked at for so many minutes.
fn elsewhere(world: &mut World, severity: u8, covered_min: u64, clear_min: u64) {
    world.server.other_desks.rows = vec![ViewTotals {
        severity,
        items: 1,
        ms_covered: covered_min * 60_000,
        ms_lens: 0,
        ms_clear: clear_min * 60_000,
    }];
    world.pass(61_000);
}

/// Until the ledger is written down.
fn written(world: &mut World) -> Load {
    world.command(Command::EndShift);
    world.today()
}

#[test]
fn sixty_seconds_covered_and_ten_clear_at_severity_3_are_two_thirds_of_a_minute() {
    let mut world = serving(&[3]);
    let before = world.now.awake_ms;
    for _ in 0..6 {
        world.event(scrim_desk::Event::Active);
        world.pass(10_000);
    }
    // The world began with a tenth of a second on the screen.
    assert_eq!(world.now.awake_ms - before, 60_000);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(8_000);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(2_000);
    let today = written(&mut world);
    let tenth = Weighted::of(100, 3, scrim_model::exposure::Sight::COVERED);
    let expected = 2.0 / 3.0 + tenth.minutes();
    assert!(
        (today.weighted.minutes() - expected).abs() < 1e-9,
        "{today:?}"
    );
    assert_eq!(today.severe_clear_ms, 10_000);
}

#[test]
fn a_lens_is_partial_colour_adds_and_an_idle_or_hidden_item_counts_for_nothing() {
    let mut world = serving(&[3]);
    world.pass(14_900);
    let covered = 15_000 * 2;
    world.pass(60_000);
    world.command(Command::Reveal(RevealMode::Hold));
    world.command(Command::Colour(true));
    world.pass(4_000);
    let lens = 4_000 * (3 + 1);
    world.command(Command::CoverAll);
    world.pass(10_000);
    let today = written(&mut world);
    assert_eq!(today.weighted, Weighted((covered + lens) * 4));
    assert_eq!(today.severe_clear_ms, 0);
}

#[test]
fn a_judgement_weighs_all_of_the_items_time_and_taking_it_back_does_not() {
    let mut world = serving(&[3, 1]);
    world.pass(9_900);
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::Undo);
    assert_eq!(written(&mut world).weighted, Weighted(10_000 * 2 * 4));
    let mut world = serving(&[3, 1]);
    world.pass(9_900);
    world.command(Command::Decide(ActionKind::Allow));
    assert_eq!(written(&mut world).weighted, Weighted(0));
}

#[test]
fn at_the_cap_severe_items_go_back_and_only_light_ones_are_asked_for() {
    let mut world = serving(&[3, 4, 2, 3, 1, 0, 1, 3]);
    assert_eq!(open_severity(&world), Some(3));
    assert_eq!(last_claim(&world).severity_max, None);
    elsewhere(&mut world, 4, 0, 45);
    assert!(world.has_notice(NoticeKey::LimitNear));
    assert_eq!(world.model().wellbeing.exposure.weighted_min, Some(90));
    elsewhere(&mut world, 4, 0, 60);
    assert!(world.has_notice(NoticeKey::LimitReached));
    assert_eq!(world.model().wellbeing.exposure.cap, Cap::Reached);
    assert_eq!(
        open_severity(&world),
        Some(3),
        "what is open can be finished"
    );
    decide(&mut world);
    world.pass(11_000);
    assert_eq!(last_claim(&world).severity_max, Some(1));
    for _ in 0..3 {
        assert!(open_severity(&world).is_some_and(|s| s <= 1));
        decide(&mut world);
        world.pass(11_000);
    }
    assert_eq!(world.model().screen, Screen::LimitReached);
    let severe = world
        .server
        .open
        .iter()
        .filter(|i| i["severity_hint"].as_u64() > Some(1));
    assert_eq!(severe.count(), 4, "all others went back");
    // A restart changes nothing, and says nothing again.
    world.restart();
    world.pass(70_000);
    assert_eq!(world.model().screen, Screen::LimitReached);
    assert!(!world.has_notice(NoticeKey::LimitReached));
}

#[test]
fn a_team_may_end_the_shift_at_the_cap() {
    let mut world = serving(&[1, 0, 1]);
    let mut protection = Protection::default();
    protection.caps.at_limit = AtLimit::EndShift;
    world.desk.set_protection(protection);
    elsewhere(&mut world, 4, 0, 60);
    assert!(world.has_notice(NoticeKey::LimitEndsShift));
    decide(&mut world);
    assert_eq!(world.model().screen, Screen::LimitReached);
    assert_eq!(world.model().in_hand, 0);
    world.pass(120_000);
    assert_eq!(world.server.open.len(), 2);
}

#[test]
fn without_other_desks_totals_nothing_is_claimed_and_offline_they_are_kept() {
    let mut world = serving(&[3, 3, 3, 3, 3, 3, 3]);
    elsewhere(&mut world, 4, 0, 60);
    world.server.reachable = false;
    world.restart();
    world.pass(60_000);
    assert_eq!(world.model().wellbeing.exposure.cap, Cap::Reached);
    assert!(world.model().wellbeing.exposure.alone);
    assert_eq!(world.model().in_hand, 0);
}

#[test]
fn after_three_severe_items_a_lighter_one_or_a_minute() {
    let mut world = serving(&[3, 4, 3, 3, 3, 2, 3]);
    for _ in 0..3 {
        assert!(open_severity(&world) >= Some(3));
        decide(&mut world);
    }
    assert_eq!(
        open_severity(&world),
        Some(2),
        "the lighter one is taken from the hand"
    );
    decide(&mut world);
    for _ in 0..3 {
        assert_eq!(open_severity(&world), Some(3));
        decide(&mut world);
    }
    let mut world = serving(&[3, 3, 3, 3]);
    for _ in 0..3 {
        decide(&mut world);
    }
    assert!(matches!(
        world.model().screen,
        Screen::LighterNext { left_s: 1..=60 }
    ));
    world.pass(61_000);
    assert_eq!(open_severity(&world), Some(3));
    world.pass(11_000);
    assert_eq!(last_claim(&world).severity_max, None);
}

#[test]
fn a_class_that_was_opted_out_of_is_neither_asked_for_nor_opened() {
    let mut world = serving(&[1, 3, 3, 1]);
    let mut protection = Protection::default();
    protection.opt_out.insert("class-3".to_owned());
    world.desk.set_protection(protection);
    decide(&mut world);
    assert_eq!(open_severity(&world), Some(1));
    world.pass(11_000);
    assert_eq!(last_claim(&world).exclude_classes, ["class-3"]);
    decide(&mut world);
    world.pass(11_000);
    assert_eq!(world.model().screen, Screen::QueueEmpty);
    assert_eq!(world.server.open.len(), 2);
}

#[test]
fn going_easy_halves_the_share_of_severe_items_until_tomorrow() {
    let mut world = serving(&[3, 3, 2, 2, 2, 2, 2, 2, 2, 2]);
    world.command(Command::GoEasy(true));
    assert!(world.model().wellbeing.exposure.go_easy);
    decide(&mut world);
    assert_eq!(open_severity(&world), Some(2));
    world.restart();
    assert!(world.model().wellbeing.exposure.go_easy);
    world.command(Command::GoEasy(false));
    assert!(!world.model().wellbeing.exposure.go_easy);
}

#[test]
fn severe_work_asks_for_a_break_after_twenty_five_minutes() {
    let mut world = serving(&[3]);
    world.work(24);
    assert_eq!(world.model().wellbeing.phase, BreakPhase::Working);
    assert_eq!(world.model().wellbeing.due_after_min, 25);
    world.work(1);
    assert_eq!(world.model().wellbeing.phase, BreakPhase::Due);
    let mut light = serving(&[2]);
    light.work(49);
    assert_eq!(light.model().wellbeing.phase, BreakPhase::Working);
}

#[test]
fn a_kill_loses_nothing_and_a_ledger_that_cannot_be_read_counts_as_full() {
    let mut world = serving(&[4, 4]);
    world.work(1);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(5_000);
    let seen = Weighted((60_100 * 2 + 5_000 * 4) * 8);
    world.restart();
    let today = written(&mut world).weighted;
    assert!(today >= seen, "{today:?} < {seen:?}");
    let most = Weighted(seen.0 + (10_000 + 200) * 5 * 8);
    assert!(today <= most, "{today:?} > {most:?}");
    world.kept = Some((b"{}".to_vec(), 0));
    world.restart();
    assert!(world.has_notice(NoticeKey::ExposureUnknown));
    let exposure = world.model().wellbeing.exposure;
    assert_eq!((exposure.weighted_min, exposure.cap), (None, Cap::Reached));
    world.pass(61_000);
    assert_eq!(world.model().screen, Screen::LimitReached);
}

#[test]
fn nothing_is_written_between_a_key_and_its_answer() {
    let mut world = serving(&[3, 3, 3]);
    world.pass(1_000);
    world.clear_log();
    world.command(Command::Decide(ActionKind::Allow));
    assert!(world.order_of(&["SaveExposure"]).is_empty());
    world.pass(1_000);
    assert_eq!(world.order_of(&["SaveExposure"]).len(), 1);
}
