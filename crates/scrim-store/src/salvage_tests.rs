//! What can be read of a damaged database is saved, whatever page is gone and wherever it is stopped.
//! Inside the crate, because only here each step can be looked at.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use scrim_model::settings::{KeptSettings, SettingsFound};
use scrim_model::{DecisionId, Timestamp};
use scrim_wire::window::SyncState;

use super::Step;
use crate::source::Source;
use crate::support::*;
use crate::{DATABASE_FILE, OpenOptions, Opening, SetAside, Store, StoreError, Verdict, WORDS};

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
    to
}

/// Sixty decisions: 1 accepted, 2 parked, 3 withdrawn, 4 with erased words, the others waiting or
/// held; settings and a break timer.
fn filled(folder: &tempfile::TempDir) {
    let mut store = open(folder);
    for n in 1..=60 {
        let views = [interval(n, Some(9))];
        store
            .commit_decision(&decision(n), n == 7, &views, &mut salts())
            .unwrap();
    }
    store.withdraw(&id(3), NOW).unwrap();
    store
        .outbox_in_flight(&[id(1), id(2), id(5)], None)
        .unwrap();
    store.outbox_accepted(&id(1), "proof", NOW, false).unwrap();
    store.outbox_parked(&id(2), "invalid", None, NOW).unwrap();
    store.erase_part(&id(4), WORDS, NOW).unwrap();
    store.save_settings(&KeptSettings::default()).unwrap();
    store.save("break_timer", &17).unwrap();
    store.desk_id(|| "desk-1".to_owned()).unwrap();
}

fn states(store: &Store) -> Vec<(DecisionId, SyncState)> {
    let rows = store.decisions_between(Timestamp(0), Timestamp(i64::MAX));
    let rows = rows.unwrap().into_iter();
    rows.map(|row| (row.decision.decision_id, row.state))
        .collect()
}

fn opened(folder: &Path) -> (Store, SetAside) {
    let (store, opening) = Store::open(folder, &key(), NOW).unwrap();
    let Opening::SetAside(told) = opening else {
        panic!("the damage was not seen: {opening:?}");
    };
    (store, told)
}

#[test]
fn where_a_table_beside_the_chain_is_gone_every_decision_is_saved_as_it_stood() {
    let folder = tempfile::tempdir().unwrap();
    filled(&folder);
    let before = states(&open(&folder));
    assert!(pages::spoil(folder.path(), b"break_timer") > 0);
    let (mut store, told) = opened(folder.path());
    assert_eq!((told.saved, told.lost_known), (60, 0));
    assert_eq!(states(&store), before, "same ids, same states");
    assert!(folder.path().join(told.file_name).exists());
    let row = store.decision(&id(1)).unwrap().unwrap();
    assert_eq!(row.receipt.unwrap().receipt, "proof");
    assert!(store.decision(&id(7)).unwrap().unwrap().urgent);
    assert_eq!(store.decision(&id(5)).unwrap().unwrap().attempts, 1);
    assert_eq!(
        store.decision(&id(9)).unwrap().unwrap().decision,
        decision(9)
    );
    assert_eq!(store.decision(&id(4)).unwrap().unwrap().decision.reason, "");
    assert_eq!(store.intervals_of(&item(9)).unwrap().len(), 1);
    let whole = store.verify().unwrap();
    assert!(
        matches!(whole, Verdict::Whole { entries: 60, .. }),
        "{whole:?}"
    );
    let desk = store.desk_id(|| "desk-2".to_owned()).unwrap();
    assert_eq!(desk.as_str(), "desk-2", "a new chain has a desk of its own");
    drop(store);
    let (_, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
    assert_eq!(opening, Opening::Found, "told once");
}

#[test]
fn every_page_may_be_gone_and_what_is_saved_is_as_it_was_decided() {
    let whole = tempfile::tempdir().unwrap();
    filled(&whole);
    let before = states(&open(&whole));
    let path = whole.path().join(DATABASE_FILE);
    let bytes = std::fs::read(&path).unwrap();
    let (mut all, mut without_schema) = (0, 0);
    for page in 0..bytes.len() / 4_096 {
        let folder = copy(whole.path());
        let mut spoilt = bytes.clone();
        spoilt[page * 4_096 + 900] ^= 4;
        std::fs::write(folder.path().join(DATABASE_FILE), spoilt).unwrap();
        let (store, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
        let Opening::SetAside(told) = opening else {
            // A free page: nothing was in it.
            assert_eq!(states(&store), before, "page {page}");
            continue;
        };
        let found = states(&store);
        assert_eq!(found.len() as u64, told.saved);
        if told.saved + told.lost_known == 0 {
            // Without the schema nothing can be read; it is a handful of pages.
            without_schema += 1;
            continue;
        }
        // Of every decision it is known that it was there.
        assert!(told.saved + told.lost_known >= 60, "page {page}: {told:?}");
        all += u32::from(told.saved == 60);
        for (id, state) in found {
            let was = before.iter().find(|(was, _)| *was == id).unwrap().1;
            let open = [SyncState::Held, SyncState::Waiting, SyncState::InFlight];
            let same = state == was
                || (open.contains(&was) && open.contains(&state))
                || state == SyncState::Parked;
            assert!(same, "page {page}: {id} was {was:?} and is {state:?}");
            let row = store.decision(&id).unwrap().unwrap();
            assert_eq!(row.decision.actions, decision(1).actions);
        }
        assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
    }
    assert!(all > 3, "no page was without decisions");
    assert!((1..5).contains(&without_schema), "{without_schema}");
}

#[test]
fn what_may_have_been_lowered_counts_as_full_and_settings_are_doubtful() {
    let folder = tempfile::tempdir().unwrap();
    filled(&folder);
    let store = open(&folder);
    let (entries, hash) = store.head().unwrap();
    let head = scrim_wire::protocol::ChainHead { entries, hash };
    store.keep_head(&head).unwrap();
    drop(store);
    // The first page holds the schema: without it nothing is readable.
    let path = folder.path().join(DATABASE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[900] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let (store, told) = opened(folder.path());
    assert_eq!(
        (told.saved, told.lost_known),
        (0, 64),
        "as many as were whole"
    );
    let refused = store.exposure().unwrap_err();
    assert!(matches!(refused, StoreError::ExposureUnreadable));
    let settings = store.settings().unwrap();
    assert!(
        matches!(settings, SettingsFound::Doubtful(_)),
        "{settings:?}"
    );
}

#[test]
fn stopped_after_any_step_the_next_start_finishes_and_tells() {
    let folder = tempfile::tempdir().unwrap();
    filled(&folder);
    assert!(pages::spoil(folder.path(), b"break_timer") > 0);
    let damaged = std::fs::read(folder.path().join(DATABASE_FILE)).unwrap();
    let source = Source::new(folder.path(), &key(), &OpenOptions::default());
    let mut stops = vec![copy(folder.path())];
    let mut steps = Vec::new();
    super::replace_damaged(&source, NOW, &mut |step| {
        steps.push(step);
        stops.push(copy(folder.path()));
    })
    .unwrap();
    assert_eq!(steps, [Step::Salvaged, Step::SetAside, Step::Replaced]);
    for stop in &stops {
        let (store, told) = opened(stop.path());
        assert_eq!((states(&store).len(), told.saved), (60, 60));
        let kept = std::fs::read(stop.path().join(&told.file_name)).unwrap();
        assert!(kept == damaged, "set aside as it was");
        drop(store);
        let names = std::fs::read_dir(stop.path()).unwrap();
        let names = names.map(|f| f.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name.ends_with(".db")).collect();
        names.sort();
        assert_eq!(names, [told.file_name.as_str(), DATABASE_FILE]);
    }
}
