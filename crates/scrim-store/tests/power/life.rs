//! A random life of a store, and what can be seen of it.
//!
//! Nothing here says what a call should do: a store after a loss of power must look as it looked
//! before the call that was running, or as it looks after it.

use std::collections::BTreeMap;

use scrim_faults::Seeded;
use scrim_model::area::Area;
use scrim_model::checkin::{Answer, CheckIn, When};
use scrim_model::exposure::{InView, KeptExposure, Ledger, Sight, Watched};
use scrim_model::retention::RecordPart;
use scrim_model::serving::SevereRow;
use scrim_model::settings::{KeptSettings, Key as Setting, Value};
use scrim_model::view::{Part, Place, Played, RevealMode, ViewInterval};
use scrim_model::{ClaimId, ItemDraft, KeptDraft, Now};
use scrim_store::{NewHold, Store, StoreError, WrittenExposure};
use scrim_wire::protocol::{ReleaseRequest, ReleaseWhy};

use crate::support::*;

/// Items that a life is about: few, so that calls meet.
const ITEMS: u32 = 5;
const TODAY: i64 = 20_486;

/// Everything that a reader can ask for, as text.
pub(crate) fn seen(store: &Store) -> Result<String, StoreError> {
    let mut seen = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n",
        store.verify()?,
        store.pending_outbox()?,
        store.unconfirmed_escalations()?,
        store.history(100)?,
        store.conflicts()?,
        store.releases()?,
        store.load::<String>("note")?,
        store.leftover_claims()?,
        store.settings()?,
        store.check_ins()?,
        store.check_ins_asked()?,
        (store.exposure()?, store.holds(None)?),
    );
    for n in 1..=ITEMS {
        let (intervals, draft) = (store.intervals_of(&item(n))?, store.draft(&item(n))?);
        seen.push_str(&format!("{intervals:?} {draft:?}\n"));
    }
    Ok(seen)
}

/// One random call: whether it is one that forgets, and its answer.
pub(crate) fn call(
    store: &mut Store,
    rng: &mut Seeded,
    salt: &mut u8,
) -> (bool, Result<(), StoreError>) {
    let n = 1 + rng.below(u64::from(ITEMS)) as u32;
    match rng.below(20) {
        0 => {
            let part = RecordPart::ALL[rng.index(3)];
            (true, store.erase_part(&id(n), part, LATER))
        }
        1 => (true, store.forget_check_ins()),
        2 => (true, store.forget_old_check_ins(TODAY, 1)),
        3 => (false, hold(store, n, rng, salt)),
        _ => (false, write(store, n, rng, salt)),
    }
}

/// Sets a hold on one part, or lifts the oldest one.
fn hold(store: &mut Store, n: u32, rng: &mut Seeded, salt: &mut u8) -> Result<(), StoreError> {
    *salt = salt.wrapping_add(1);
    let holds = store.holds(None)?;
    let oldest = holds.iter().find(|hold| hold.lifted.is_none());
    if let Some(hold) = oldest.filter(|_| rng.one_in(2)) {
        return store.lift_hold(&hold.id, "over", NOW, [*salt; 32]);
    }
    let on = id(n);
    let hold = NewHold {
        on: Some(&on),
        reason: &format!("order {}", holds.len()),
        start: NOW,
        until: BTreeMap::from([(RecordPart::ALL[rng.index(3)], None)]),
    };
    store.set_hold(&hold, NOW, [*salt; 32]).map(drop)
}

fn write(store: &mut Store, n: u32, rng: &mut Seeded, salt: &mut u8) -> Result<(), StoreError> {
    let at = NOW.plus_ms(rng.below(1_000_000) as i64);
    let mut salts = || {
        *salt = salt.wrapping_add(1);
        [*salt; 32]
    };
    match rng.below(20) {
        0..=3 => {
            let escalates = rng.one_in(4);
            let made = if escalates { escalated(n) } else { decision(n) };
            let intervals = [interval(n, rng.one_in(2).then_some(900))];
            let known = if rng.one_in(2) { &intervals[..] } else { &[] };
            store.commit_decision(&made, escalates, known, &mut salts)
        }
        4 => store.outbox_ready(&id(n)),
        5 => store.outbox_in_flight(&[id(n)], None),
        6 => store.outbox_accepted(&id(n), "receipt", at, rng.one_in(3)),
        7 => store.outbox_overtaken(&id(n), "lead", "removed", at),
        8 => store.outbox_parked(&id(n), "unknown_policy", None, at),
        9 => store.withdraw(&id(n), at),
        10 => store.escalation_confirmed(&id(n), at),
        11 => store.told_by_phone(&id(n), at),
        12 => store.open_reveal(
            &item(n),
            &ViewInterval::opened(reveal(n), Part::Medium(0), RevealMode::Hold, at),
        ),
        13 if rng.one_in(3) => store.reveal_seen(
            &reveal(n),
            &Area::default(),
            Place::Main,
            &Played::default(),
        ),
        13 => store.close_reveal(&reveal(n), rng.below(9000), true, false),
        14 => keep(store, rng, n),
        15 => store.save_settings(&settings(rng)),
        16 => check_in(store, rng),
        17 => store.save("note", &"x".repeat(rng.index(9000))),
        18 => exposure(store, rng),
        _ => {
            let claim = ClaimId::new(format!("claim-{n}")).unwrap();
            match rng.one_in(2) {
                true => store.remember_claims(&[(claim, item(n))]),
                false => store.forget_claim(&claim),
            }
        }
    }
}

fn keep(store: &mut Store, rng: &mut Seeded, n: u32) -> Result<(), StoreError> {
    let draft = KeptDraft {
        item: item(n),
        version: 3,
        at: NOW,
        draft: ItemDraft {
            note: format!("note {}", rng.bits()).repeat(rng.index(40)),
            ..ItemDraft::default()
        },
    };
    let request = ReleaseRequest {
        claim_ids: vec![ClaimId::new(format!("claim-{n}")).unwrap()],
        why: ReleaseWhy::HandOver,
        draft: None,
        aimed: rng.one_in(2),
    };
    match rng.below(4) {
        0 => store.keep_draft(&draft),
        1 => store.forget_draft(&item(n)),
        2 => store.keep_release(&format!("key-{n}"), &request),
        _ => store.forget_release(&format!("key-{n}")),
    }
}

fn settings(rng: &mut Seeded) -> KeptSettings {
    let mut kept = KeptSettings::default();
    let minutes = Value::Number(20 + rng.below(20) as u32);
    kept.personal.set(Setting::BreakAfter, minutes).unwrap();
    kept
}

fn check_in(store: &mut Store, rng: &mut Seeded) -> Result<(), StoreError> {
    let date = TODAY - rng.below(3) as i64;
    let check_in = CheckIn {
        date,
        at: NOW,
        when: When::Before,
        answer: Answer::try_from(1 + rng.below(5) as u8).unwrap(),
        go_easy: rng.one_in(2),
    };
    match rng.below(4) {
        0 => store.check_in_asked(When::After, date),
        _ => store.keep_check_in(&check_in),
    }
}

fn exposure(store: &mut Store, rng: &mut Seeded) -> Result<(), StoreError> {
    let at = |ms: u64| Now {
        awake_ms: ms,
        boot_ms: ms,
        utc_ms: NOW.0 + ms as i64,
        offset_s: 0,
    };
    let active_ms = 60_000 * (1 + rng.below(30));
    let seen = Watched {
        item: &item(1),
        severity_hint: 3,
        sight: Sight {
            in_view: InView::Clear,
            ..Sight::COVERED
        },
        active_ms,
    };
    let mut ledger = Ledger::begin(at(0));
    ledger.step(at(active_ms), Some(seen));
    let written = WrittenExposure {
        kept: KeptExposure {
            ledger,
            row: SevereRow::default(),
            go_easy_on: None,
            told: None,
            watching: None,
        },
        boot_id: "boot".to_owned(),
        boot_ms: active_ms,
    };
    // Made when the life began, so that this is one call.
    let desk = store.desk_id(|| "desk-1".to_owned())?;
    store.save_exposure(&desk, &written)
}
