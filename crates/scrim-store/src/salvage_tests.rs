//! What can be read of a damaged database is saved, whatever page is gone and wherever it is stopped.
//! Inside the crate, because only here each step can be looked at.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use scrim_model::retention::RecordPart;
use scrim_model::settings::{KeptSettings, SettingsFound};
use scrim_model::{DecisionId, Timestamp};
use scrim_wire::window::SyncState;

use super::Step;
use crate::limits::PAGE_BYTES;
use crate::source::Source;
use crate::support::*;
use crate::{
    DATABASE_FILE, Noted, OpenOptions, Opening, RevertState, SetAside, Store, StoreError, Verdict,
};

pub(super) fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
    to
}

/// Sixty decisions: 1 accepted, 2 parked, 3 withdrawn, 4 with erased words, the others waiting or
/// held; settings and a break timer.
pub(super) fn filled(folder: &tempfile::TempDir) {
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
    store.erase_part(&id(4), RecordPart::Words, LATER).unwrap();
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

pub(super) fn opened(folder: &Path) -> (Store, SetAside) {
    let (store, opening) = Store::open(folder, &key(), NOW).unwrap();
    let Opening::SetAside(told) = opening else {
        panic!("the damage was not seen: {opening:?}");
    };
    (store, told)
}

/// A folder as a desk leaves it that dies: what it did stands in the log.
fn left_by_a_death() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    filled(&folder);
    let mut store = open(&folder);
    for n in 61..=70 {
        commit(&mut store, &decision(n));
    }
    copy(folder.path())
}

#[test]
fn what_was_saved_is_told_again_after_a_death() {
    let folder = left_by_a_death();
    std::fs::remove_file(folder.path().join(DATABASE_FILE)).unwrap();
    let (store, told) = opened(folder.path());
    let died = copy(folder.path());
    drop(store);
    assert_eq!(opened(died.path()).1, told);
    let (_, again) = Store::open(folder.path(), &key(), NOW).unwrap();
    assert_eq!(again, Opening::Found, "once it was told");
}

#[test]
fn words_about_a_rescue_that_cannot_be_read_stop_no_start() {
    let folder = left_by_a_death();
    let mut store = Store::open(folder.path(), &key(), NOW).unwrap().0;
    store.save(super::TOLD_KEY, &"no such words").unwrap();
    drop(store);
    let (store, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
    assert_eq!(opening, Opening::Found);
    assert!(store.decision(&id(70)).unwrap().is_some());
}

#[test]
fn a_log_whose_database_is_gone_or_empty_is_no_leftover() {
    let left = left_by_a_death();
    for is_empty in [false, true] {
        let folder = copy(left.path());
        let database = folder.path().join(DATABASE_FILE);
        std::fs::remove_file(&database).unwrap();
        if is_empty {
            std::fs::write(&database, []).unwrap();
        }
        let read = Store::open_read_only(folder.path(), &key());
        assert!(matches!(read, Err(StoreError::Damaged)));
        let (store, told) = opened(folder.path());
        // What no page of the log holds is gone with the database.
        assert!(told.saved >= 10, "{told:?}");
        for n in 61..=70 {
            assert!(store.decision(&id(n)).unwrap().is_some(), "{n}");
        }
        let aside = folder.path().join(told.file_name + "-wal");
        assert!(std::fs::metadata(aside).unwrap().len() > 0);
    }
}

#[test]
fn a_database_that_was_cut_short_is_read_as_far_as_it_goes() {
    let whole = tempfile::tempdir().unwrap();
    filled(&whole);
    let length = std::fs::metadata(whole.path().join(DATABASE_FILE))
        .unwrap()
        .len();
    let pages = length / u64::from(PAGE_BYTES);
    for (cut, at_least) in [(1, 50), (10, 25)] {
        let folder = copy(whole.path());
        let file = std::fs::File::options()
            .write(true)
            .open(folder.path().join(DATABASE_FILE))
            .unwrap();
        file.set_len((pages - cut) * u64::from(PAGE_BYTES)).unwrap();
        let (_, told) = opened(folder.path());
        assert!(told.saved >= at_least, "{cut} of {pages} pages: {told:?}");
    }
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
    let mut all = 0;
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
}

/// How a process that was killed leaves it: much of it in the log alone.
fn killed(whole: &tempfile::TempDir) -> Vec<u8> {
    let options = OpenOptions {
        grow_wal: false,
        ..OpenOptions::default()
    };
    let (mut store, _) = Store::open_with(whole.path(), &key(), NOW, &options).unwrap();
    for n in 61..=80 {
        let views = [interval(n, Some(9))];
        store
            .commit_decision(&decision(n), false, &views, &mut salts())
            .unwrap();
        store.outbox_in_flight(&[id(n)], None).unwrap();
    }
    store.withdraw(&id(6), NOW).unwrap();
    store.outbox_accepted(&id(61), "proof", NOW, false).unwrap();
    store.outbox_parked(&id(62), "invalid", None, NOW).unwrap();
    store.note_conflict(&id(62), Noted::Lead, NOW).unwrap();
    store.keep_revert(&id(61), "key-of-61", NOW).unwrap();
    store.keep_revert(&id(1), "key-of-1", NOW).unwrap();
    store.revert_ended(&id(1), &RevertState::Moot, NOW).unwrap();
    // Taken back, and after that nothing in the chain.
    store.withdraw(&id(8), NOW).unwrap();
    store.save("break_timer", &18).unwrap();
    store.save("break_timer", &19).unwrap();
    let log = whole.path().join(format!("{DATABASE_FILE}-wal"));
    let bytes = std::fs::read(&log).unwrap();
    drop(store);
    bytes
}

#[test]
fn a_damaged_log_is_mended_and_no_decision_comes_back_that_was_taken_back() {
    let whole = tempfile::tempdir().unwrap();
    filled(&whole);
    let before = copy(whole.path());
    let log = killed(&whole);
    let (mut mended, mut saved_most) = (0, 0);
    let frames = (log.len() - 32) / 4_120;
    // Every one of the last commits, and some of the others.
    for frame in (0..frames).filter(|frame| frame % 9 == 0 || frame + 16 > frames) {
        let folder = copy(before.path());
        let mut spoilt = log.clone();
        // In turn its page, its number, its salt and its sum.
        let at = [24 + 1_000, 1, 9, 18][frame % 4];
        spoilt[32 + frame * 4_120 + at] ^= 8;
        std::fs::write(folder.path().join(format!("{DATABASE_FILE}-wal")), spoilt).unwrap();
        let (store, opening) = Store::open(folder.path(), &key(), NOW).unwrap();
        let Opening::SetAside(told) = opening else {
            // In the last commit, which a loss of power might have cut off as well.
            assert!(frame + 40 > frames, "frame {frame}");
            continue;
        };
        mended += 1;
        assert!(told.saved + told.lost_known >= 80, "{frame}: {told:?}");
        assert!(told.lost_known <= 20, "frame {frame}: {told:?}");
        saved_most += u32::from(told.saved == 80);
        for (id, state) in states(&store) {
            let number: u64 = id.as_str().trim_start_matches("decision-").parse().unwrap();
            let withdrawn = [3, 6, 8].contains(&number);
            let safe = [SyncState::Withdrawn, SyncState::Parked].contains(&state);
            assert!(!withdrawn || safe, "frame {frame}: {id} is {state:?}");
        }
        assert!(matches!(store.verify().unwrap(), Verdict::Whole { .. }));
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        let left = left.into_iter().map(|file| file.unwrap().file_name());
        assert!(
            !left
                .into_iter()
                .any(|name| name.to_str().unwrap().contains("mended"))
        );
    }
    assert!(mended > 25 && saved_most > 10, "{mended} {saved_most}");
}

#[test]
fn without_its_first_page_a_database_that_grew_is_saved_whole() {
    let folder = tempfile::tempdir().unwrap();
    filled(&folder);
    // A long run, ended as it should be.
    let mut store = open(&folder);
    for n in 61..=400 {
        let views = [interval(n, Some(9))];
        store
            .commit_decision(&decision(n), false, &views, &mut salts())
            .unwrap();
    }
    drop(store);
    let path = folder.path().join(DATABASE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[900] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let (_, told) = opened(folder.path());
    assert_eq!((told.saved, told.lost_known), (400, 0));
}

#[test]
fn what_was_done_about_decisions_is_saved_from_its_table_or_from_the_chain() {
    for damage in [b"key-of-1moot".as_slice(), b"break_timer"] {
        let folder = tempfile::tempdir().unwrap();
        filled(&folder);
        drop(killed(&folder));
        assert!(pages::spoil(folder.path(), damage) > 0);
        let (store, _) = opened(folder.path());
        let reverts = store.reverts().unwrap();
        let of = |n| reverts.iter().find(|row| row.decision_id == id(n)).unwrap();
        assert_eq!(of(61).key, "key-of-61");
        assert_eq!(of(61).state, RevertState::Waiting);
        assert_eq!(of(1).state, RevertState::Moot);
        let conflicts = store.conflicts().unwrap();
        assert!(
            !conflicts.iter().any(|c| c.decision.decision_id == id(62)),
            "dealt with"
        );
    }
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
    // The first page holds the schema: without it and what was kept of it nothing is readable.
    std::fs::remove_file(folder.path().join("desk.schema")).unwrap();
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
