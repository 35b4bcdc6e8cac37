//! The exposure ledger on disk: whole or refused, never lower.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use scrim_model::exposure::{InView, KeptExposure, Ledger, Sight, Watched};
use scrim_model::serving::SevereRow;
use scrim_model::{DeskId, Now};
use scrim_store::{Advice, Store, StoreError, WrittenExposure};
use support::*;

fn written(minutes: u64) -> WrittenExposure {
    let at = |ms: u64| Now {
        awake_ms: ms,
        boot_ms: ms,
        utc_ms: NOW.0 + i64::try_from(ms).unwrap(),
        offset_s: 0,
    };
    let mut ledger = Ledger::begin(at(0));
    let seen = Watched {
        item: &item(1),
        severity_hint: 3,
        sight: Sight {
            in_view: InView::Clear,
            ..Sight::COVERED
        },
        active_ms: minutes * 60_000,
    };
    ledger.step(at(minutes * 60_000), Some(seen));
    WrittenExposure {
        kept: KeptExposure {
            ledger,
            row: SevereRow::default(),
            go_easy_on: None,
            told: None,
            watching: Some((item(1), 3)),
        },
        boot_id: "boot".to_owned(),
        boot_ms: minutes * 60_000,
    }
}

fn desk(store: &mut Store) -> DeskId {
    store.desk_id(|| "desk-1".to_owned()).unwrap()
}

#[test]
fn the_desks_id_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(desk(&mut open(&folder)).as_str(), "desk-1");
    let again = open(&folder).desk_id(|| "another".to_owned()).unwrap();
    assert_eq!(again.as_str(), "desk-1");
}

#[test]
fn what_was_written_comes_back_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    assert_eq!(store.exposure().unwrap(), None);
    let desk = desk(&mut store);
    for minutes in [1, 40] {
        store.save_exposure(&desk, &written(minutes)).unwrap();
    }
    drop(store);
    let found = open(&folder).exposure().unwrap().unwrap();
    assert!(found == written(40));
    let today = found.kept.ledger.today();
    assert_eq!(today.severe_clear_ms, 40 * 60_000);
}

#[test]
fn rows_that_do_not_fit_together_are_refused_and_nothing_is_lowered() {
    let damages = [
        "UPDATE exposure SET body = CAST(replace(CAST(body AS TEXT), '2400000', '2300000') AS BLOB)",
        "UPDATE exposure SET body = x'7b7d'",
        "UPDATE exposure SET sha256 = x'00'",
        "UPDATE exposure SET boot_ms = -1",
        "UPDATE exposure SET desk_id = 'another'",
        "UPDATE exposure_days SET weighted = weighted - 1",
        "UPDATE exposure_days SET severe_clear_ms = 0",
        "UPDATE exposure_days SET date = '2020-01-01'",
        "DELETE FROM exposure_days",
        "DELETE FROM exposure",
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder);
        let desk = desk(&mut store);
        store.save_exposure(&desk, &written(40)).unwrap();
        drop(store);
        let conn = raw(&folder);
        assert!(conn.execute(damage, []).unwrap() > 0, "{damage}");
        drop(conn);
        let mut store = open(&folder);
        let refused = store.exposure().unwrap_err();
        assert!(
            matches!(refused, StoreError::ExposureUnreadable),
            "{damage}"
        );
        assert_eq!(refused.advice(), Advice::AskPerson);
        assert!(refused.to_string().contains("counts as full"));
        // A new ledger takes its place.
        store.save_exposure(&desk, &written(1)).unwrap();
        assert!(store.exposure().unwrap().is_some());
    }
}
