//! Settings in the store: written whole, found again, and an edit is noticed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::Timestamp;
use scrim_model::settings::{KeptSettings, Key, SettingsFound, Value};
use scrim_store::Store;
use support::*;

fn kept() -> KeptSettings {
    let mut kept = KeptSettings::default();
    kept.personal
        .set(Key::BreakAfter, Value::Number(30))
        .unwrap();
    kept.server
        .set(Key::CapWeighted, Value::Number(120))
        .unwrap();
    kept.managed.set(Key::CapClear, Value::Number(20)).unwrap();
    kept
}

#[test]
fn settings_survive_and_an_edited_row_is_doubtful_with_what_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    assert_eq!(store.settings().unwrap(), SettingsFound::None);
    store.save_settings(&KeptSettings::default()).unwrap();
    store.save_settings(&kept()).unwrap();
    drop(store);
    let (store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    assert_eq!(
        store.settings().unwrap(),
        SettingsFound::Kept(Box::new(kept()))
    );
    drop(store);

    let edit = raw(&folder);
    edit.execute(
        "UPDATE settings SET body = CAST(replace(CAST(body AS TEXT), '120', '480') AS BLOB)",
        [],
    )
    .unwrap();
    drop(edit);
    let (store, _) = Store::open(folder.path(), &key(), Timestamp(0)).unwrap();
    let SettingsFound::Doubtful(found) = store.settings().unwrap() else {
        panic!("the edit went unnoticed");
    };
    assert_eq!(found.personal, kept().personal);
    assert_eq!(
        found.server.get(Key::CapWeighted),
        Some(&Value::Number(480))
    );
}
