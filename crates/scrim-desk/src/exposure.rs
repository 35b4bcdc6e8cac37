//! The ledger of what was seen, and what may be served by it.
//!
//! The ledger takes a step at every step of the heart, with what was on the screen since the last
//! one. It is written down soon after something else is on the screen, and every ten seconds of
//! work; what a crash leaves unwritten counts as seen clear, in colour.

use scrim_model::ItemId;
use scrim_model::exposure::{InView, KeptExposure, Ledger, Sight, Watched};
use scrim_model::serving::{Cap, ClaimLimits, Standing, cap};
use scrim_model::settings::AtLimit;
use scrim_model::view::{Part, RevealMode};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::Session;
use scrim_wire::window::{ExposureView, MediumState, NoticeKey};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::event::ExposureFound;
use crate::limits::{DAY_POLL_MS, SAVE_EXPOSURE_LATE_MS, SAVE_EXPOSURE_MS};
use crate::parts::exposure::load_of;

impl Desk {
    /// Takes up the ledger of the last run.
    pub(crate) fn resume_exposure(&mut self, now: Now, found: ExposureFound) {
        let exposure = &mut self.exposure;
        match found {
            ExposureFound::None => exposure.ledger = Some(Ledger::begin(now)),
            ExposureFound::Unreadable => {
                exposure.ledger = Some(Ledger::begin_unknown(now));
                self.notice(NoticeKey::ExposureUnknown, "");
            }
            ExposureFound::Kept {
                kept,
                same_boot,
                gap_ms,
            } => {
                let mut kept = *kept;
                if let Some((item, severity_hint)) = &kept.watching {
                    kept.ledger.unwritten(&Watched {
                        item,
                        severity_hint: *severity_hint,
                        sight: Sight {
                            in_view: InView::Clear,
                            sound: false,
                            colour: true,
                        },
                        active_ms: gap_ms.min(SAVE_EXPOSURE_MS),
                    });
                }
                kept.ledger.resume(now, same_boot);
                kept.row.resumed(now.boot_ms);
                exposure.ledger = Some(kept.ledger);
                exposure.row = kept.row;
                exposure.go_easy_on = kept.go_easy_on;
                exposure.told = kept.told;
            }
        }
        self.exposure.write_soon(now);
    }

    /// One step of the ledger: what was on the screen for `active_ms` since the last one.
    pub(crate) fn watch(&mut self, now: Now, active_ms: u64) {
        let sight = self.sight();
        let Some(ledger) = &mut self.exposure.ledger else {
            return;
        };
        let watched = match (&self.hand.open, sight) {
            (Some(held), Some(sight)) if active_ms > 0 => Some(Watched {
                item: &held.item.id,
                severity_hint: held.item.severity_hint,
                sight,
                active_ms,
            }),
            _ => None,
        };
        ledger.step(now, watched);
        if watched.is_some() && now.awake_ms >= self.exposure.next_save_awake_ms {
            self.exposure.write_soon(now);
        }
    }

    /// Whether the open item, if there is one, is on the screen.
    pub(crate) fn shows_item(&self) -> bool {
        self.window
            && self.shift
            && !self.covered_all
            && !self.lock.is_on()
            && !self.is_resting()
            && self.store_fault.is_none()
    }

    /// What of the open item reaches the moderator; `None` if no item is on the screen.
    fn sight(&self) -> Option<Sight> {
        let held = self.hand.open.as_ref().filter(|_| self.shows_item())?;
        let covers = |state: &MediumState| matches!(state, MediumState::Covered { .. });
        let covered = if held.item.has_words() || held.media.iter().any(covers) {
            InView::Covered
        } else {
            InView::Hidden
        };
        let covered_in_colour = held.style.has_colour() && held.media.iter().any(covers);
        let Some(reveal) = self.reveal.as_ref().filter(|reveal| reveal.durable) else {
            return Some(Sight {
                in_view: covered,
                colour: covered_in_colour,
                ..Sight::COVERED
            });
        };
        let shown = reveal.shown_awake_ms.is_some();
        let in_view = match (&reveal.part, reveal.mode) {
            (Part::Words, _) => InView::Clear,
            (Part::Span(_), _) => InView::Partial,
            (Part::Medium(_), RevealMode::Sound) => covered,
            (Part::Medium(_), _) if !shown => covered,
            (Part::Medium(_), RevealMode::Full) => InView::Clear,
            (Part::Medium(_), _) => InView::Partial,
        };
        Some(Sight {
            in_view,
            sound: shown && reveal.sound,
            colour: (shown && reveal.colour) || covered_in_colour,
        })
    }

    /// What serving depends on now.
    pub(crate) fn standing(&self, now: Now) -> Standing<'_> {
        Standing {
            protection: &self.protection,
            today: self.exposure.today(),
            row: &self.exposure.row,
            go_easy: self.exposure.goes_easy(),
            boot_ms: now.boot_ms,
        }
    }

    /// What the next claim may ask for; `None` while nothing may be asked for.
    pub(crate) fn claim_limits(&self, now: Now) -> Option<ClaimLimits> {
        self.exposure.ledger.as_ref()?;
        self.standing(now).claim()
    }

    pub(crate) fn cap(&self) -> Cap {
        cap(&self.protection, self.exposure.today())
    }

    /// Says once a day that a limit is near, and once that it is reached.
    pub(crate) fn tell_cap(&mut self, now: Now) {
        let (Some(day), known) = (self.exposure.day(), self.exposure_is_known()) else {
            return;
        };
        let told = match self.exposure.told {
            Some((on, level)) if on == day => level,
            _ => Cap::Under,
        };
        let stands = self.cap();
        if stands <= told {
            return;
        }
        self.exposure.told = Some((day, stands));
        self.exposure.write_soon(now);
        match (stands, self.protection.caps.at_limit) {
            _ if !known => {}
            (Cap::Under, _) => {}
            (Cap::Notice, _) => self.notice(NoticeKey::LimitNear, ""),
            (Cap::Reached, AtLimit::LightOnly) => self.notice(NoticeKey::LimitReached, ""),
            (Cap::Reached, AtLimit::EndShift) => self.notice(NoticeKey::LimitEndsShift, ""),
        }
        if stands == Cap::Reached {
            self.notices.retain(|n| n.key != NoticeKey::LimitNear);
            // Light items may wait although nothing else did.
            self.link.next_claim_awake_ms = now.awake_ms;
        }
    }

    fn exposure_is_known(&self) -> bool {
        let ledger = self.exposure.ledger.as_ref();
        ledger.is_some_and(Ledger::today_is_known)
    }

    pub(crate) fn go_easy(&mut self, now: Now, on: bool) {
        self.exposure.go_easy_on = self.exposure.day().filter(|_| on);
        self.exposure.write_soon(now);
    }

    /// Asks what the person's other desks looked at today, once a minute.
    pub(crate) fn ask_day(&mut self, now: Now, out: &mut Vec<Effect>) {
        let exposure = &mut self.exposure;
        if exposure.asking_day || now.boot_ms < exposure.next_day_boot_ms {
            return;
        }
        if let Some(ledger) = exposure.ledger.as_ref().filter(|l| l.has_witness()) {
            exposure.asking_day = true;
            out.push(Effect::FetchDay {
                day_from: ledger.day_from(),
            });
        }
    }

    /// The server's clock, with any answer that tells it.
    pub(crate) fn heard_server_time(&mut self, now: Now, session: &Session) {
        self.link.server_clock = Some((now.boot_ms, session.server_time.0));
        if let Some(ledger) = &mut self.exposure.ledger {
            ledger.server_time(now, session.server_time.0);
        }
    }

    pub(crate) fn day_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Box<Session>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.exposure.asking_day = false;
        self.exposure.next_day_boot_ms = now.boot_ms + DAY_POLL_MS;
        let session = match answer {
            Ok(session) => session,
            // A server that keeps no totals: limits count this desk alone.
            Err(CallFailed::Refused { .. }) => {
                self.exposure.day_heard = true;
                return;
            }
            Err(failed) => return self.call_failed(now, fresh, failed),
        };
        self.heard_server_time(now, &session);
        self.heard_floor(now, &session, out);
        self.heard_roles(&session.roles, out);
        self.exposure.day_heard = true;
        let Some(ledger) = &mut self.exposure.ledger else {
            return;
        };
        self.exposure.others_told = session.day_totals.is_some();
        if let Some(totals) = &session.day_totals {
            let others = load_of(totals);
            if others != ledger.others() {
                ledger.set_others(others);
                self.exposure.write_soon(now);
            }
        }
    }

    /// Writes the ledger down if it is time to; not in a step that answers a key, unless it waits
    /// for too long.
    pub(crate) fn save_exposure(&mut self, now: Now, answers_a_key: bool, out: &mut Vec<Effect>) {
        let watching = self.watching();
        if watching != self.exposure.written {
            self.exposure.write_soon(now);
        }
        let Some(since) = self.exposure.due_since_awake_ms else {
            return;
        };
        let late = now.awake_ms.saturating_sub(since) >= SAVE_EXPOSURE_LATE_MS;
        if !answers_a_key || late {
            self.write_exposure(now, out);
        }
    }

    fn watching(&self) -> Option<(ItemId, u8)> {
        self.sight()?;
        let item = &self.hand.open.as_ref()?.item;
        Some((item.id.clone(), item.severity_hint))
    }

    /// Writes the ledger down now.
    pub(crate) fn write_exposure(&mut self, now: Now, out: &mut Vec<Effect>) {
        // Before somebody is signed in there are no records to write it into.
        if !self.signed_in {
            return;
        }
        let watching = self.watching();
        let exposure = &mut self.exposure;
        let Some(ledger) = &exposure.ledger else {
            return;
        };
        exposure.due_since_awake_ms = None;
        exposure.next_save_awake_ms = now.awake_ms + SAVE_EXPOSURE_MS;
        exposure.written.clone_from(&watching);
        out.push(Effect::SaveExposure(Box::new(KeptExposure {
            ledger: ledger.clone(),
            row: exposure.row.clone(),
            go_easy_on: exposure.go_easy_on,
            told: exposure.told,
            watching,
        })));
    }

    /// For the window: whole minutes.
    pub(crate) fn exposure_view(&self) -> ExposureView {
        let today = self.exposure.today();
        let whole = |minutes: u64| u32::try_from(minutes).unwrap_or(u32::MAX);
        ExposureView {
            weighted_min: self
                .exposure_is_known()
                .then(|| whole(today.weighted.whole_minutes())),
            weighted_max: self.protection.caps.weighted_min,
            clear_min: whole(today.severe_clear_ms / 60_000),
            clear_max: self.protection.caps.clear_min,
            cap: self.cap(),
            at_limit: self.protection.caps.at_limit,
            alone: !self.exposure.others_told,
            go_easy: self.exposure.goes_easy(),
        }
    }
}
