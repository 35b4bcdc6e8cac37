use scrim_desk::{ClearOf, CoverOf, Effect, Event, FilmKnown};
use scrim_model::view::{CoverKey, CoverStep, CoverStyle, FileViewed, RevealMode, ViewState};
use scrim_model::{ActionKind, ItemId, MediumKey};
use scrim_wire::window::{Command, FilmMove, FilmView, MediumState};
use serde_json::{Value, json};

use crate::world::World;

const LENGTH_MS: u32 = 12_000;

fn item(kind: &str, mime: &str) -> Value {
    json!({"id": "film", "kind": kind, "severity_hint": 1, "classes": ["violence"],
        "media": [{"n": 0, "mime": mime, "bytes": 10}]})
}

fn key(at_ms: Option<u32>) -> CoverKey {
    let item = ItemId::new("film").unwrap();
    CoverKey {
        medium: MediumKey { item, n: 0 },
        step: CoverStep::Normal,
        style: CoverStyle::default(),
        at_ms,
    }
}

fn known(begins_ms: u32, next_ms: Option<u32>) -> FilmKnown {
    FilmKnown {
        duration_ms: LENGTH_MS,
        begins_ms,
        next_ms,
        has_sound: true,
        peaks: Vec::new(),
        frames: 0,
    }
}

/// A film on its contact sheet.
fn film() -> World {
    let mut world = World::serving_items(vec![item("video", "video/mp4")]);
    let known = known(0, Some(40));
    world.event(Event::FilmKnown {
        key: key(None),
        known,
    });
    world
}

fn view(world: &World) -> FilmView {
    world.model().item.unwrap().films[0].clone().unwrap()
}

/// Covers that were asked for: of which time.
fn asked(world: &World) -> Vec<Option<u32>> {
    let times = world.log.iter().filter_map(|effect| match effect {
        Effect::PrepareCover { key, .. } => Some(key.at_ms),
        _ => None,
    });
    times.collect()
}

fn go(world: &mut World, to: FilmMove) -> Vec<Option<u32>> {
    world.clear_log();
    world.command(Command::Film(to));
    asked(world)
}

#[test]
fn a_film_opens_as_a_contact_sheet_with_nothing_to_look_at_closer() {
    let world = World::serving_items(vec![item("video", "video/mp4")]);
    let of = world.log.iter().find_map(|effect| match effect {
        Effect::PrepareCover { of, key, .. } => Some((*of, key.at_ms)),
        _ => None,
    });
    assert_eq!(of, Some((CoverOf::Film { stills: 9 }, None)));
    let mut world = film();
    assert_eq!((view(&world).at_ms, view(&world).stills), (None, 9));
    world.clear_log();
    for mode in [RevealMode::Hold, RevealMode::Full] {
        world.command(Command::Reveal(mode));
        assert!(world.order_of(&["RecordReveal", "OpenClear"]).is_empty());
    }
}

#[test]
fn the_kind_of_the_item_tells_where_the_server_does_not() {
    for (kind, mime, expected) in [
        ("image", "image/png", CoverOf::Picture),
        ("image", "video/webm", CoverOf::Film { stills: 9 }),
        ("video", "", CoverOf::Film { stills: 9 }),
        ("audio", "application/ogg", CoverOf::Sound),
        ("post", "audio/mpeg", CoverOf::Sound),
        ("post", "", CoverOf::Picture),
    ] {
        let world = World::serving_items(vec![item(kind, mime)]);
        let of = world.log.iter().find_map(|effect| match effect {
            Effect::PrepareCover { of, .. } => Some(*of),
            _ => None,
        });
        assert_eq!(of, Some(expected), "{kind} {mime}");
    }
}

#[test]
fn seconds_and_single_frames_are_covered_stills_within_the_film() {
    let mut world = film();
    assert!(
        go(&mut world, FilmMove::Back).is_empty(),
        "the sheet has no time"
    );
    assert!(go(&mut world, FilmMove::FrameOn).is_empty());
    assert_eq!(go(&mut world, FilmMove::On), [Some(0)]);
    assert_eq!(view(&world).at_ms, Some(0));
    assert_eq!(go(&mut world, FilmMove::On), [Some(5_000)]);
    world.event(Event::FilmKnown {
        key: key(Some(5_000)),
        known: known(4_960, Some(5_000)),
    });
    assert_eq!(view(&world).begins_ms, 4_960);
    assert_eq!(go(&mut world, FilmMove::FrameBack), [Some(4_959)]);
    world.event(Event::FilmKnown {
        key: key(Some(4_959)),
        known: known(4_920, Some(4_960)),
    });
    assert_eq!(go(&mut world, FilmMove::FrameOn), [Some(4_960)]);
    assert_eq!(
        go(&mut world, FilmMove::To(u32::MAX)),
        [Some(LENGTH_MS - 1)]
    );
    assert!(go(&mut world, FilmMove::On).is_empty(), "it is the end");
    assert_eq!(go(&mut world, FilmMove::Back), [Some(LENGTH_MS - 5_001)]);
    assert_eq!(go(&mut world, FilmMove::Sheet), [None]);
    assert_eq!(view(&world).at_ms, None);
}

#[test]
fn a_look_is_durable_first_at_the_time_on_the_screen_and_every_move_covers() {
    let mut world = film();
    go(&mut world, FilmMove::To(7_000));
    world.clear_log();
    world.command(Command::Reveal(RevealMode::Full));
    let order = world.order_of(&["RecordReveal", "OpenClear", "HandClear"]);
    assert_eq!(order, ["RecordReveal", "OpenClear", "HandClear"]);
    let at = world.log.iter().find_map(|effect| match effect {
        Effect::OpenClear { of, .. } => Some(*of),
        _ => None,
    });
    assert_eq!(at, Some(ClearOf::Time(7_000)));
    for to in [
        FilmMove::On,
        FilmMove::Back,
        FilmMove::To(1),
        FilmMove::Sheet,
    ] {
        go(&mut world, FilmMove::To(7_000));
        world.command(Command::Reveal(RevealMode::Full));
        assert!(world.desk.is_revealed());
        world.clear_log();
        world.command(Command::Film(to));
        assert!(!world.desk.is_revealed(), "{to:?}");
        let order = world.order_of(&["CoverNow", "CloseReveal", "PrepareCover"]);
        assert_eq!(order, ["CoverNow", "CloseReveal", "PrepareCover"], "{to:?}");
    }
}

#[test]
fn one_clear_still_is_not_a_viewed_film_even_if_nobody_says_how_long_it_is() {
    let mut world = film();
    go(&mut world, FilmMove::On);
    world.command(Command::Reveal(RevealMode::Full));
    world.pass(1_000);
    world.command(Command::CoverAgain);
    world.command(Command::Decide(ActionKind::Allow));
    let decision = world.recorded.values().next().unwrap();
    let medium = &decision.media[0];
    assert_eq!(medium.file_viewed, FileViewed::No);
    assert_eq!(medium.state, ViewState::Partial);
}

#[test]
fn a_still_that_cannot_be_made_leaves_what_was_on_the_screen() {
    let mut world = film();
    go(&mut world, FilmMove::On);
    world.event(Event::MediumFailed {
        medium: key(None).medium,
        failure: scrim_desk::MediumFailure::Rejected {
            reason: "damaged".into(),
        },
    });
    let item = world.model().item.unwrap();
    assert!(matches!(item.media[0], MediumState::Covered { .. }));
    assert_eq!(view(&world).at_ms, Some(0));
    assert_eq!(
        go(&mut world, FilmMove::On),
        [Some(5_000)],
        "others can be made"
    );
}

#[test]
fn a_sound_has_a_waveform_and_nothing_to_look_at() {
    let mut world = World::serving_items(vec![item("audio", "audio/ogg")]);
    let known = FilmKnown {
        peaks: vec![7; 512],
        ..known(0, None)
    };
    world.event(Event::FilmKnown {
        key: key(None),
        known,
    });
    let item = world.model().item.unwrap();
    assert_eq!(item.media[0], MediumState::Sound);
    assert_eq!(view(&world).peaks.len(), 512);
    assert!(go(&mut world, FilmMove::On).is_empty());
    world.command(Command::Reveal(RevealMode::Full));
    assert!(!world.desk.is_revealed());
}

#[test]
fn a_picture_that_moves_is_gone_through_frame_by_frame_and_never_viewed_whole() {
    let mut world = World::serving_items(vec![item("image", "image/gif")]);
    let known = FilmKnown {
        frames: 3,
        ..FilmKnown::default()
    };
    world.event(Event::FilmKnown {
        key: key(None),
        known,
    });
    assert_eq!((view(&world).frames, view(&world).at_ms), (3, None));
    assert!(go(&mut world, FilmMove::Back).is_empty(), "it is the first");
    assert_eq!(go(&mut world, FilmMove::On), [Some(1)]);
    assert_eq!(go(&mut world, FilmMove::On), [Some(2)]);
    assert!(go(&mut world, FilmMove::On).is_empty(), "it is the last");
    world.clear_log();
    world.command(Command::Reveal(RevealMode::Full));
    let of = world.log.iter().find_map(|effect| match effect {
        Effect::OpenClear { of, .. } => Some(*of),
        _ => None,
    });
    assert_eq!(of, Some(ClearOf::Frame(2)));
    world.pass(1_000);
    assert_eq!(go(&mut world, FilmMove::Back), [Some(1)]);
    assert!(!world.desk.is_revealed());
    assert_eq!(go(&mut world, FilmMove::Back), [None]);
    world.command(Command::Play);
    assert!(view(&world).playing.is_none(), "it does not play");
    world.command(Command::Decide(ActionKind::Allow));
    let decision = world.recorded.values().next().unwrap();
    assert_eq!(decision.media[0].file_viewed, FileViewed::No);
    assert_eq!(decision.media[0].state, ViewState::Partial);
}

mod playing {
    use scrim_model::view::{CoverKind, Played};
    use scrim_model::{ItemDraft, RevealId};
    use scrim_wire::window::{ClipKey, ClipTrack};

    use super::*;

    fn play(world: &mut World) -> u64 {
        world.clear_log();
        world.command(Command::Play);
        view(world).playing.expect("it plays").run
    }

    /// Clips that were asked for: number and track.
    fn clips(world: &World) -> Vec<(u32, &'static str)> {
        let clips = world.log.iter().filter_map(|effect| match effect {
            Effect::MakeClip { key, .. } => Some((
                key.clip,
                match key.track {
                    ClipTrack::Covered { .. } => "covered",
                    ClipTrack::Clear(_) => "clear",
                    ClipTrack::Sound(_) => "sound",
                },
            )),
            _ => None,
        });
        clips.collect()
    }

    fn played_to(world: &mut World, run: u64, at_ms: u32) {
        world.clear_log();
        world.event(Event::PlayedTo { run, at_ms });
    }

    fn reveal(world: &World) -> RevealId {
        world.model().item.unwrap().reveal.unwrap().id
    }

    fn seen(world: &mut World, reveal: &RevealId, stretch: (u64, u64), sound: bool) {
        world.event(Event::Seen {
            reveal: reveal.clone(),
            area: scrim_model::area::Area::default(),
            zoomed: false,
            played: Played::of(vec![stretch], sound),
        });
    }

    #[test]
    fn nothing_plays_by_itself_and_what_plays_is_covered_and_silent() {
        let mut world = film();
        assert!(view(&world).playing.is_none());
        let run = play(&mut world);
        assert_eq!(
            clips(&world),
            [(0, "covered"), (1, "covered"), (2, "covered")]
        );
        assert_eq!(view(&world).playing.unwrap().speed_pct, 150);
        assert!(world.order_of(&["RecordReveal"]).is_empty());
        played_to(&mut world, run, 1_000);
        assert_eq!(clips(&world), [(3, "covered")]);
        played_to(&mut world, run - 1, 9_000);
        assert!(clips(&world).is_empty(), "another start is not this one");
        played_to(&mut world, run, 11_500);
        assert_eq!(clips(&world), [(11, "covered")], "nothing behind the end");
    }

    #[test]
    fn clear_and_heard_clips_come_only_after_their_reveal_is_durable_and_go_with_it() {
        let mut world = film();
        play(&mut world);
        world.clear_log();
        world.store_works = false;
        world.command(Command::Reveal(RevealMode::Full));
        assert!(clips(&world).is_empty(), "asked for without a record");
        world.store_works = true;
        world.command(Command::Reveal(RevealMode::Full));
        assert_eq!(clips(&world), [(0, "clear"), (1, "clear")]);
        let id = reveal(&world);
        let key = ClipKey {
            medium: key(None).medium,
            clip: 1,
            track: ClipTrack::Clear(id),
        };
        assert!(world.desk.wants_clip(&key));
        world.command(Command::CoverAgain);
        assert!(!world.desk.wants_clip(&key), "wanted after its reveal");
        assert!(view(&world).playing.is_some(), "covered, it plays on");
    }

    #[test]
    fn sound_is_a_reveal_of_its_own_under_the_cover_and_ends_alone() {
        let mut world = film();
        let run = play(&mut world);
        world.clear_log();
        world.command(Command::Sound(true));
        let (mode, cover) = world
            .log
            .iter()
            .find_map(|effect| match effect {
                Effect::RecordReveal { mode, cover, .. } => Some((*mode, *cover)),
                _ => None,
            })
            .unwrap();
        assert_eq!(mode, RevealMode::Sound);
        assert_eq!(cover, CoverKind::Blur(CoverStep::Normal));
        assert_eq!(clips(&world), [(0, "sound"), (1, "sound"), (2, "sound")]);
        let id = reveal(&world);
        world.event(Event::Presented { reveal: id.clone() });
        world.pass(2_000);
        world.command(Command::Sound(false));
        assert!(!world.desk.is_revealed());
        assert!(view(&world).playing.is_some());
        seen(&mut world, &id, (0, 12_000), true);
        played_to(&mut world, run, 11_000);
        world.command(Command::Decide(ActionKind::Allow));
        let decision = world.recorded.values().next().unwrap();
        let medium = &decision.media[0];
        assert_eq!(medium.state, ViewState::Covered, "it was not seen");
        assert_eq!(medium.file_viewed, FileViewed::No);
    }

    #[test]
    fn sound_goes_with_a_look_that_is_open_and_stops_without_it() {
        let mut world = film();
        play(&mut world);
        world.command(Command::Reveal(RevealMode::Full));
        let looked = reveal(&world);
        world.clear_log();
        world.command(Command::Sound(true));
        assert_eq!(clips(&world), [(0, "sound"), (1, "sound"), (2, "sound")]);
        assert_eq!(reveal(&world), looked, "one reveal");
        world.command(Command::Sound(false));
        assert!(world.desk.is_revealed());
        assert!(!world.model().item.unwrap().reveal.unwrap().sound);
    }

    #[test]
    fn a_film_counts_as_viewed_only_by_the_whole_union_of_what_was_played_clear() {
        for (second, expected) in [
            ((5_000, 12_000), FileViewed::Yes),
            ((6_001, 12_000), FileViewed::No),
        ] {
            let mut world = film();
            play(&mut world);
            for stretch in [(0, 6_000), second] {
                world.command(Command::Reveal(RevealMode::Full));
                let id = reveal(&world);
                world.event(Event::Presented { reveal: id.clone() });
                world.pass(1_000);
                seen(&mut world, &id, stretch, false);
                world.command(Command::CoverAgain);
            }
            world.command(Command::Decide(ActionKind::Allow));
            let decision = world.recorded.values().next().unwrap();
            assert_eq!(decision.media[0].file_viewed, expected, "{second:?}");
        }
    }

    #[test]
    fn it_is_paused_and_covered_by_whatever_takes_it_from_the_screen() {
        type End = fn(&mut World);
        let ends: [(&str, End); 6] = [
            ("cover all", |world| world.command(Command::CoverAll)),
            ("a break", |world| world.command(Command::TakeBreak)),
            ("the lock", |world| world.event(Event::Locked)),
            ("the window's end", |world| {
                world.event(Event::WindowGone { crashed: true });
            }),
            ("the end of the shift", |world| {
                world.command(Command::EndShift)
            }),
            ("a decision", |world| {
                world.command(Command::Decide(ActionKind::Allow));
            }),
        ];
        for (what, end) in ends {
            let mut world = film();
            let run = play(&mut world);
            world.command(Command::Reveal(RevealMode::Full));
            played_to(&mut world, run, 3_000);
            end(&mut world);
            assert!(!world.desk.is_revealed(), "{what}");
            let item = world.model().item;
            let plays = item.and_then(|item| item.films.first().cloned().flatten());
            assert!(plays.is_none_or(|film| film.playing.is_none()), "{what}");
            assert!(!world.order_of(&["DropClips"]).is_empty(), "{what}");
        }
    }

    #[test]
    fn nobody_there_for_a_minute_pauses_it_and_a_key_in_time_does_not() {
        let mut world = film();
        let run = play(&mut world);
        world.command(Command::Reveal(RevealMode::Full));
        world.pass(20_000);
        assert!(
            world.desk.is_revealed(),
            "8 and 15 s end nothing that plays"
        );
        world.pass(30_000);
        world.event(Event::Active);
        world.pass(59_000);
        assert!(view(&world).playing.is_some(), "a key was pressed");
        played_to(&mut world, run, 7_000);
        world.pass(1_100);
        assert!(view(&world).playing.is_none() && view(&world).left_alone);
        assert!(!world.desk.is_revealed());
        assert_eq!(view(&world).at_ms, Some(7_000), "it stands where it was");
        play(&mut world);
        assert!(!view(&world).left_alone);
        assert_eq!(view(&world).playing.unwrap().from_ms, 7_000);
    }

    #[test]
    fn a_jump_goes_on_from_there_and_keeps_the_look() {
        let mut world = film();
        let run = play(&mut world);
        world.command(Command::Reveal(RevealMode::Full));
        played_to(&mut world, run, 6_000);
        world.command(Command::Film(FilmMove::Back));
        let jumped = view(&world).playing.unwrap();
        assert_eq!((jumped.from_ms, jumped.run), (1_000, run + 1));
        assert!(world.desk.is_revealed());
        world.clear_log();
        world.command(Command::Film(FilmMove::Sheet));
        assert!(view(&world).playing.is_none());
        assert!(!world.desk.is_revealed());
        assert_eq!(view(&world).at_ms, None);
    }

    #[test]
    fn a_clip_that_cannot_be_made_pauses_or_covers_and_says_so() {
        let mut world = film();
        play(&mut world);
        world.command(Command::Reveal(RevealMode::Full));
        let clear = ClipKey {
            medium: key(None).medium,
            clip: 0,
            track: ClipTrack::Clear(reveal(&world)),
        };
        world.event(Event::ClipFailed {
            key: clear,
            reason: "damaged".into(),
        });
        assert!(!world.desk.is_revealed() && view(&world).playing.is_some());
        let covered = ClipKey {
            medium: key(None).medium,
            clip: 1,
            track: ClipTrack::Covered {
                step: CoverStep::Normal,
                style: CoverStyle::default(),
            },
        };
        world.event(Event::ClipFailed {
            key: covered,
            reason: "damaged".into(),
        });
        assert!(view(&world).playing.is_none());
        let notices = world.model().notices;
        assert!(notices.iter().any(|notice| notice.arg == "damaged"));
        world.command(Command::Decide(ActionKind::Allow));
        world.pass(1_000);
        let notices = world.model().notices;
        assert!(!notices.iter().any(|notice| notice.arg == "damaged"));
    }

    #[test]
    fn the_place_is_kept_like_a_draft_and_comes_back_with_the_item() {
        let mut world = film();
        let run = play(&mut world);
        played_to(&mut world, run, 4_000);
        world.command(Command::Pause {
            at_ms: 4_200,
            alone: false,
        });
        world.pass(10_000);
        let kept = world.drafts.values().next().expect("a draft").draft.clone();
        assert_eq!(kept.places, [(0, 4_200)]);
        assert_ne!(kept, ItemDraft::default());
    }

    #[test]
    fn the_place_goes_with_a_hand_over_as_far_as_the_item_has_such_a_medium() {
        let mut mine = film();
        let run = play(&mut mine);
        played_to(&mut mine, run, 4_000);
        mine.command(Command::Pause {
            at_ms: 4_200,
            alone: false,
        });
        mine.command(Command::HandOver);
        let draft = mine.log.iter().rev().find_map(|effect| match effect {
            Effect::Release { request, .. } => request.draft.clone(),
            _ => None,
        });
        let mut draft = serde_json::to_value(draft.unwrap()).unwrap();
        assert_eq!(draft["places"], json!([{"n": 0, "at_ms": 4_200}]));

        draft["places"] = json!([{"n": 7, "at_ms": 1}, {"n": 0, "at_ms": 4_200}]);
        let mut theirs = World::serving(0);
        theirs.server.draft = Some(draft);
        theirs.server.open = film().server.held.into_values().take(1).collect();
        theirs.pass(15_000);
        theirs.event(Event::FilmKnown {
            key: key(None),
            known: known(0, Some(40)),
        });
        theirs.command(Command::Play);
        let playing = view(&theirs).playing.expect("it plays");
        assert_eq!(playing.from_ms, 4_200);
    }

    #[test]
    fn a_floor_that_lets_sound_on_plays_it_with_the_film() {
        let mut world = film();
        world
            .desk
            .set_protection(scrim_model::settings::Protection {
                play: scrim_model::settings::PlayRules {
                    mute: false,
                    ..world_protection().play
                },
                ..world_protection()
            });
        play(&mut world);
        assert!(world.model().item.unwrap().reveal.unwrap().sound);
    }

    fn world_protection() -> scrim_model::settings::Protection {
        scrim_model::settings::Protection::default()
    }
}
