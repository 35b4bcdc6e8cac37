//! What the store remembers at a start. One value or row that cannot be read stops neither the start
//! nor the sending: what is only remembered is begun anew, a decision stays where it is and is named.

use scrim_desk::limits::{EARLIER_MAX, HISTORY_MAX};
use scrim_desk::{Event, ExposureFound, Now, Restored};
use scrim_model::PolicyTree;
use scrim_model::breaks::BreakSaved;
use scrim_model::settings::ManagedFound;
use scrim_store::{Opening, Store, StoreError, Verdict};
use scrim_wire::protocol::{ChainHead, ReleaseRequest};

use crate::kept::{conflicts, earlier, history_row, waiting, waiting_undos};
use crate::limits::{COPIES_OF_MS, OVERDUE_MS};
use crate::runtime::Runtime;
use crate::source::PassphraseStands;
use crate::store_effects::{BREAK_KEY, POLICIES_KEY, SavedBreak};

impl Runtime {
    /// What the store remembers, as the heart's first event.
    pub(crate) fn restored(&mut self) -> Event {
        let signed_in = self.parts.queue.is_some();
        let has_passphrase = self.parts.passphrase != PassphraseStands::Unset;
        if self.parts.store.is_none() {
            return Event::Started(Box::new(Restored {
                has_passphrase,
                sealed: self.parts.passphrase == PassphraseStands::Sealed,
                ..Restored::default()
            }));
        }
        match self.read_all() {
            Ok(restored) => Event::Started(Box::new(Restored {
                signed_in,
                has_passphrase,
                managed: self.parts.managed.clone(),
                ..restored
            })),
            Err(fault) => Event::StoreFailed {
                message: fault.to_string(),
            },
        }
    }

    fn read_all(&mut self) -> Result<Restored, StoreError> {
        let now = self.parts.clock.now();
        let boot_id = self.parts.clock.boot_id();
        let fresh_id = self.parts.randomness.id();
        self.desk_id = Some(self.store_mut()?.desk_id(|| fresh_id)?);
        let store = self.store_mut()?;
        let policies: PolicyTree = match remembered(store.load(POLICIES_KEY), "the policies")? {
            Kept::Value(policies) => policies,
            // The server sends them again.
            Kept::None | Kept::Unreadable => PolicyTree::default(),
        };
        let saved: Kept<SavedBreak> = remembered(store.load(BREAK_KEY), "the break timer")?;
        let (breaks, away_ms) = match saved {
            Kept::Value(saved) => (saved.timer, away_since(&saved, now, &boot_id)),
            Kept::None => (BreakSaved::default(), 0),
            Kept::Unreadable => (overdue(), 0),
        };
        let exposure = match store.exposure() {
            Ok(None) => ExposureFound::None,
            Ok(Some(written)) => {
                let same_boot = !boot_id.is_empty() && written.boot_id == boot_id;
                ExposureFound::Kept {
                    kept: Box::new(written.kept),
                    same_boot,
                    gap_ms: match same_boot {
                        true => now.boot_ms.saturating_sub(written.boot_ms),
                        false => u64::MAX,
                    },
                }
            }
            Err(fault @ StoreError::ExposureUnreadable) => {
                tracing::error!(%fault, "the exposure ledger");
                ExposureFound::Unreadable
            }
            Err(fault) => return Err(fault),
        };
        let pending = store.pending_outbox()?;
        let settings = store.settings()?;
        let reverts = store.reverts()?;
        Ok(Restored {
            check_ins_asked: store.check_ins_asked()?,
            signed_in: false,
            has_passphrase: false,
            sealed: false,
            breaks,
            away_ms,
            exposure,
            settings,
            managed: ManagedFound::Absent,
            outbox: pending.into_iter().map(waiting).collect(),
            unconfirmed: store
                .unconfirmed_escalations()?
                .into_iter()
                .map(waiting)
                .collect(),
            releases: readable(store.releases()?),
            leftovers: store
                .leftover_claims()?
                .into_iter()
                .map(|(claim, _)| claim)
                .collect(),
            undoing: waiting_undos(&reverts),
            history: store
                .history(HISTORY_MAX)?
                .iter()
                .map(|row| history_row(row, &policies, &reverts))
                .collect(),
            earlier: earlier(
                &store.decisions_since(now.utc().plus_ms(-COPIES_OF_MS), EARLIER_MAX)?,
                &reverts,
            ),
            conflicts: conflicts(store, &reverts)?,
            policies,
            changed_at: first(changed_at(store)?, unread(store)?),
            set_aside: match store.opening() {
                Opening::SetAside(told) => Some((told.saved, told.lost_known)),
                _ => None,
            },
        })
    }
}

/// What is found of something that is only remembered.
enum Kept<T> {
    None,
    Value(T),
    Unreadable,
}

/// Such a value that cannot be read is worth less than going on: it stops neither the start nor the
/// sending. Logged without content.
fn remembered<T>(found: Result<Option<T>, StoreError>, what: &str) -> Result<Kept<T>, StoreError> {
    Ok(match found {
        Ok(None) => Kept::None,
        Ok(Some(value)) => Kept::Value(value),
        Err(fault) if fault.is_unreadable() => {
            tracing::error!(what, "what was remembered cannot be read and is begun anew");
            Kept::Unreadable
        }
        Err(fault) => return Err(fault),
    })
}

/// Time since the timer was written down.
fn away_since(saved: &SavedBreak, now: Now, boot_id: &str) -> u64 {
    if !boot_id.is_empty() && saved.boot_id == boot_id {
        return now.boot_ms.saturating_sub(saved.boot_ms);
    }
    let passed = now.utc_ms.saturating_sub(saved.utc_ms);
    passed.max(0).unsigned_abs()
}

/// In the place of a break timer that cannot be read: a break is due at once, and
/// stays due however often it is put off.
fn overdue() -> BreakSaved {
    BreakSaved {
        active_ms: OVERDUE_MS,
        ..BreakSaved::default()
    }
}

/// The first decision that cannot be read though something is still to be done on it. It stays as it
/// is, the others go on, and the person is told.
fn unread(store: &Store) -> Result<Option<i64>, StoreError> {
    let places = store.unread()?;
    if !places.is_empty() {
        tracing::error!(
            ?places,
            "decisions that wait cannot be read; they stay here and are not sent"
        );
    }
    let first = places.into_iter().find(|place| *place > 0);
    Ok(first.and_then(|place| i64::try_from(place).ok()))
}

fn first(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// Checks what was recorded since the last good check; whole, it is kept as the next one's beginning.
fn changed_at(store: &Store) -> Result<Option<i64>, StoreError> {
    let since = store.kept_head()?;
    let verdict = match store.verify_since(&since) {
        Err(StoreError::Unreadable) => {
            tracing::error!("an entry of the records cannot be read");
            return Ok(i64::try_from(since.entries).ok().map(|last| last + 1));
        }
        verdict => verdict?,
    };
    match verdict {
        Verdict::Whole { entries, head } => {
            let head = ChainHead {
                entries,
                hash: head,
            };
            // Without it the next check is longer, and no worse.
            if let Err(fault) = store.keep_head(&head) {
                tracing::warn!(%fault, "what was verified cannot be kept");
            }
            Ok(None)
        }
        Verdict::Bad { seq, what, .. } => {
            tracing::error!(seq, %what, "an entry of the records is not as it was written");
            Ok(Some(seq))
        }
        Verdict::Beside { .. } => Err(StoreError::Damaged),
    }
}

/// What is to be given back, without what cannot be read: those claims end by themselves.
fn readable(kept: Vec<(String, Option<ReleaseRequest>)>) -> Vec<(String, ReleaseRequest)> {
    let read = |(key, request): (String, Option<ReleaseRequest>)| match request {
        Some(request) => Some((key, request)),
        None => {
            tracing::error!("something that was to be given back cannot be read");
            None
        }
    };
    kept.into_iter().filter_map(read).collect()
}
