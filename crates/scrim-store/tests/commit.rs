//! Decisions, view log, saved values and claims on real SQLite files.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::area::{Area, Frame};
use scrim_model::mark::{Mark, Region};
use scrim_model::retention::RecordPart;
use scrim_model::view::{
    CoverKind, CoverStep, Part, Place, Played, RevealMode, RevealReason, SoftStep, ViewInterval,
    WordPlace, WordSpan,
};
use scrim_model::{ClaimId, DecisionId};
use scrim_store::{Advice, Store, StoreError, Verdict};
use scrim_wire::window::SyncState;
use support::*;

#[test]
fn a_decision_comes_back_as_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for made in [decision(1), escalated(2)] {
        commit(&mut store, &made);
    }
    drop(store);
    let pending = open(&folder).pending_outbox().unwrap();
    let decisions: Vec<_> = pending.iter().map(|row| row.decision.clone()).collect();
    assert_eq!(decisions, [escalated(2), decision(1)]);
    assert!(pending.iter().all(|row| row.state == SyncState::Held));
    assert!(pending[0].urgent && !pending[1].urgent);
}

#[test]
fn the_same_decision_twice_has_one_effect_and_another_content_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    commit(&mut store, &decision(1));
    let head = store.verify().unwrap();
    commit(&mut store, &decision(1));
    assert_eq!(store.verify().unwrap(), head);

    let mut other = decision(1);
    other.severity = 4;
    let refused = store.commit_decision(&other, false, &[], &mut salts());
    assert!(matches!(refused, Err(StoreError::IdReused)));
    assert_eq!(store.verify().unwrap(), head);
}

#[test]
fn a_number_that_the_chain_would_round_is_refused_and_nothing_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let mut large = decision(1);
    large.fence = 1 << 53;
    let refused = store.commit_decision(&large, false, &[interval(1, None)], &mut salts());
    assert!(matches!(refused, Err(StoreError::NumberTooLarge)));
    assert_eq!(store.pending_outbox().unwrap(), []);
    assert_eq!(store.intervals_of(&item(1)).unwrap(), []);
    large.fence = (1 << 53) - 1;
    commit(&mut store, &large);
    assert_eq!(store.history(1).unwrap()[0].decision, large);
}

#[test]
fn nothing_of_a_commit_is_visible_before_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let watcher = Store::open_read_only(folder.path(), &key()).unwrap();
    let mut looked = 0;
    let mut salt = || {
        assert_eq!(watcher.intervals_of(&item(1)).unwrap(), []);
        assert_eq!(watcher.history(10).unwrap(), []);
        looked += 1;
        [looked; 32]
    };
    store
        .commit_decision(&decision(1), false, &[interval(1, Some(5))], &mut salt)
        .unwrap();
    assert_eq!(looked, 3, "the salts are asked for inside the transaction");
    assert_eq!(watcher.history(10).unwrap().len(), 1);
    assert_eq!(watcher.intervals_of(&item(1)).unwrap().len(), 1);
}

#[test]
fn marks_are_part_of_the_judgement_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let mut made = decision(1);
    made.marks = vec![
        Mark::Region(Region::middle(0)),
        Mark::Texts {
            first: "m1".to_owned(),
            last: "m2".to_owned(),
        },
    ];
    commit(&mut store, &made);
    let pending = store.pending_outbox().unwrap();
    assert_eq!(pending[0].decision, made);
    let judgement: String = raw(&folder)
        .query_row("SELECT body FROM parts WHERE name = 'judgement'", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert!(judgement.contains(r#""x":375000"#), "{judgement}");
    assert!(judgement.contains(r#"{"texts":{"first":"m1","last":"m2"}}"#));
}

#[test]
fn a_reveal_that_a_crash_left_open_stays_unknown_and_goes_into_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in [1, 2] {
        store
            .open_reveal(
                &item(1),
                &ViewInterval::opened(reveal(n), Part::Words, RevealMode::Full, NOW),
            )
            .unwrap();
    }
    store.close_reveal(&reveal(1), 700, true, true).unwrap();
    drop(store);

    let mut store = open(&folder);
    let views = store.intervals_of(&item(1)).unwrap();
    let durations: Vec<_> = views.iter().map(|v| (v.duration_ms, v.shown)).collect();
    assert_eq!(durations, [(Some(700), true), (None, false)]);

    commit(&mut store, &decision(1));
    let viewing: String = raw(&folder)
        .query_row("SELECT body FROM parts WHERE name = 'viewing'", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert!(viewing.contains("reveal-1") && viewing.contains("reveal-2"));
    assert!(viewing.contains("\"duration_ms\":null"));
}

#[test]
fn a_reveal_ends_once_and_belongs_to_one_item() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let why = RevealReason::Compare;
    let mode = RevealMode::Soft(SoftStep::Middle);
    let part = Part::Span(WordSpan {
        place: WordPlace::Report,
        text: 3,
        translation: Some(1),
        start: 8,
        end: 12,
    });
    let interval = ViewInterval {
        reason: Some(why),
        ..ViewInterval::opened(reveal(1), part.clone(), mode, NOW)
    };
    let mut opened = |n| store.open_reveal(&item(n), &interval);
    opened(1).unwrap();
    opened(1).unwrap();
    assert!(matches!(opened(2), Err(StoreError::IdReused)));
    store.close_reveal(&reveal(1), 10, true, false).unwrap();
    store.close_reveal(&reveal(1), 99, false, true).unwrap();
    let view = &store.intervals_of(&item(1)).unwrap()[0];
    assert_eq!(
        (view.duration_ms, view.shown, view.colour),
        (Some(10), true, false)
    );
    assert_eq!(
        (&view.part, view.mode, view.reason),
        (&part, mode, Some(why))
    );
    let unknown = store.close_reveal(&reveal(9), 1, true, true);
    assert!(matches!(unknown, Err(StoreError::UnknownReveal)));
}

#[test]
fn erasing_a_part_removes_its_bytes_and_keeps_the_chain_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let marked = |n| {
        let mut marked = decision(n);
        marked.reason = "MARKER-TO-BE-ERASED".into();
        marked
    };
    commit(&mut store, &marked(1));
    commit(&mut store, &decision(2));
    store.erase_part(&id(1), RecordPart::Words, LATER).unwrap();
    assert!(matches!(
        store.erase_part(&id(1), RecordPart::Words, LATER),
        Err(StoreError::UnknownPart)
    ));
    assert!(matches!(
        store.erase_part(&DecisionId::new("x").unwrap(), RecordPart::Words, LATER),
        Err(StoreError::UnknownDecision)
    ));
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 3, .. }
    ));

    let kept = &store.history(2).unwrap()[1].decision;
    assert_eq!((kept.reason.as_str(), kept.severity), ("", 2));
    commit(&mut store, &marked(1)); // Still the same decision.

    store
        .erase_part(&id(1), RecordPart::Viewing, LATER)
        .unwrap();
    store
        .erase_part(&id(1), RecordPart::Judgement, LATER)
        .unwrap();
    assert_eq!(store.history(9).unwrap().len(), 1);
    assert!(matches!(
        store.verify().unwrap(),
        Verdict::Whole { entries: 5, .. }
    ));
    drop(store);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let marker = b"MARKER-TO-BE-ERASED";
        assert!(!bytes.windows(marker.len()).any(|w| w == marker));
    }
}

#[test]
fn exports_take_the_first_instant_and_leave_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    for n in [3, 1, 2, 4] {
        commit(&mut store, &decision(n));
    }
    let rows = store
        .decisions_between(decision(2).decided_at, decision(4).decided_at)
        .unwrap();
    let ids: Vec<_> = rows
        .into_iter()
        .map(|row| row.decision.decision_id)
        .collect();
    assert_eq!(ids, [id(2), id(3)]);
}

#[test]
fn values_and_claims_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let claim = |n: u32| (ClaimId::new(format!("claim-{n}")).unwrap(), item(n));
    store
        .save("break", &serde_json::json!({"active_ms": 1}))
        .unwrap();
    store
        .save("break", &serde_json::json!({"active_ms": 2}))
        .unwrap();
    store.remember_claims(&[claim(1), claim(2)]).unwrap();
    store.remember_claims(&[claim(2), claim(3)]).unwrap();
    store.forget_claim(&claim(1).0).unwrap();
    drop(store);
    let mut store = open(&folder);
    let value: Option<serde_json::Value> = store.load("break").unwrap();
    assert_eq!(value, Some(serde_json::json!({"active_ms": 2})));
    assert_eq!(store.load::<u8>("nothing").unwrap(), None);
    assert!(matches!(
        store.load::<u8>("break"),
        Err(StoreError::Unreadable)
    ));
    assert_eq!(store.leftover_claims().unwrap(), [claim(2), claim(3)]);

    let long = store.save(&"k".repeat(65), &1).unwrap_err();
    assert!(matches!(long, StoreError::TooLarge));
    assert_eq!(long.advice(), Advice::Bug);
}

#[test]
fn what_a_reveal_showed_is_kept_as_a_union_and_is_in_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(folder.path(), &key(), NOW).unwrap();
    let half = |left, right| {
        let mut area = Area::default();
        area.see_all(Frame {
            left,
            right,
            ..Frame::WHOLE
        });
        area
    };
    let part = Part::Medium(0);
    let opened = ViewInterval::opened(reveal(1), part, RevealMode::Hold, NOW);
    store.open_reveal(&item(1), &opened).unwrap();
    store.close_reveal(&reveal(1), 500, true, false).unwrap();
    let (left, right) = (half(0, 500_000), half(500_000, 1_000_000));
    store
        .reveal_seen(&reveal(1), &left, Place::Main, &Played::default())
        .unwrap();
    store
        .reveal_seen(&reveal(1), &right, Place::Zoom, &Played::default())
        .unwrap();
    store
        .reveal_seen(
            &reveal(1),
            &Area::default(),
            Place::Main,
            &Played::default(),
        )
        .unwrap();
    store
        .reveal_seen(&reveal(1), &left, Place::Main, &Played::default())
        .unwrap();
    let refused = store.reveal_seen(&reveal(2), &left, Place::Main, &Played::default());
    assert!(matches!(refused, Err(StoreError::UnknownReveal)));
    let kept = store.intervals_of(&item(1)).unwrap();
    assert_eq!(
        (&kept[0].area, kept[0].place),
        (&Area::whole(), Place::Zoom)
    );
    commit(&mut store, &decision(1));
    assert_eq!(store.intervals_of(&item(1)).unwrap(), kept, "unchanged");
    assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
}

#[test]
fn what_was_played_and_heard_of_a_film_is_kept_with_its_cover_and_only_grows() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let opened = ViewInterval {
        cover: CoverKind::Blur(CoverStep::Normal),
        ..ViewInterval::opened(reveal(1), Part::Medium(0), RevealMode::Sound, NOW)
    };
    store.open_reveal(&item(1), &opened).unwrap();
    store.close_reveal(&reveal(1), 4_000, true, false).unwrap();
    for (stretches, sound) in [
        (vec![(0, 1_000)], true),
        (vec![(3_000, 4_000)], false),
        (vec![(500, 2_000)], false),
    ] {
        let played = Played::of(stretches, sound);
        store
            .reveal_seen(&reveal(1), &Area::default(), Place::Main, &played)
            .unwrap();
    }
    let kept = store.intervals_of(&item(1)).unwrap();
    assert_eq!(kept[0].played, [(0, 2_000), (3_000, 4_000)]);
    assert!(kept[0].sound);
    assert_eq!(kept[0].cover, CoverKind::Blur(CoverStep::Normal));
    assert_eq!(kept[0].mode, RevealMode::Sound);
    commit(&mut store, &decision(1));
    assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
}
