//! Claims in hand: kept by heartbeats, checked before a look, lost or over. Missed heartbeats make a
//! claim unconfirmed, not lost: only the server's word or the end of the lease takes an item away.

use scrim_model::{ClaimId, ItemId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{HeartbeatRow, ItemState};
use scrim_wire::window::NoticeKey;

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::parts::asked::Asked;
use crate::parts::hand::HandItem;

impl Desk {
    pub(crate) fn beat(&mut self, now: Now, out: &mut Vec<Effect>) {
        let held = self.hand.iter().filter(|h| !h.is_look());
        let held = held.map(|h| h.claim_id.clone());
        let decided = self.outbox.iter().map(|d| d.decision.claim_id.clone());
        let ids: Vec<ClaimId> = held.chain(decided).collect();
        if self.session.is_some() && !self.server_can("heartbeat") {
            return;
        }
        if self.link.beating || ids.is_empty() || now.boot_ms < self.link.next_beat_boot_ms {
            return;
        }
        self.link.beating = true;
        out.push(Effect::Heartbeat(ids));
    }

    pub(crate) fn heartbeat_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Vec<HeartbeatRow>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.beating = false;
        self.link.next_beat_boot_ms = now.boot_ms + self.heartbeat_ms();
        match answer {
            Ok(rows) => {
                self.call_went_through(now, out);
                for row in rows {
                    self.heartbeat_row(now, row, out);
                }
                if let Some(asked) = self.reveal_after_check.take() {
                    self.reveal_checked(now, fresh, asked, out);
                }
            }
            Err(failed) => {
                for held in self.hand.iter_mut() {
                    held.unconfirmed = !held.is_look();
                }
                self.call_failed(now, fresh, failed);
                self.reveal_unchecked(now, fresh, out);
            }
        }
    }

    /// Time between two heartbeats, in milliseconds.
    fn heartbeat_ms(&self) -> u64 {
        let session = self.session.as_ref();
        session.map_or(60, |s| u64::from(s.heartbeat_s.clamp(1, 3600))) * 1000
    }

    /// Whether the server is to be asked before this item is revealed: the claim is in doubt, or was
    /// last confirmed more than a heartbeat ago, on a clock that goes on while the machine sleeps.
    /// Without a connection nobody can be asked, and the lease itself decides.
    pub(crate) fn must_check(&self, held: &HandItem, now: Now) -> bool {
        let age_ms = now.boot_ms.saturating_sub(held.confirmed_boot_ms);
        let is_old = age_ms > self.heartbeat_ms();
        self.link.online && !held.is_look() && (held.unconfirmed || is_old)
    }

    /// Asks now. Where there are no heartbeats the item itself is read.
    pub(crate) fn check_claim(&mut self, now: Now, item: ItemId, out: &mut Vec<Effect>) {
        self.link.next_beat_boot_ms = now.boot_ms;
        if self.session.is_some() && !self.server_can("heartbeat") {
            out.push(Effect::CheckClaim(item));
        }
    }

    pub(crate) fn claim_checked(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        item: &ItemId,
        answer: Result<Box<ItemState>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        match answer {
            Ok(state) => {
                self.call_went_through(now, out);
                let is_open = matches!(state.state.as_str(), "open" | "claimed");
                let Some(held) = self.hand.find_mut(item) else {
                    return;
                };
                let claim = held.claim_id.clone();
                if !is_open {
                    return self.lose(now, &claim, &state.state, out);
                }
                held.unconfirmed = false;
                held.confirmed_boot_ms = now.boot_ms;
                if let Some(asked) = self.reveal_after_check.take() {
                    self.ask_reveal(now, fresh, asked, out);
                }
            }
            Err(failed) => {
                self.call_failed(now, fresh, failed);
                self.reveal_unchecked(now, fresh, out);
            }
        }
    }

    /// The check got no answer. Without a connection the lease allows the look; otherwise it is
    /// asked for anew.
    fn reveal_unchecked(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let asked = self.reveal_after_check.take();
        if let Some(asked) = asked.filter(|_| !self.link.online) {
            self.ask_reveal(now, fresh, asked, out);
        }
    }

    fn reveal_checked(&mut self, now: Now, fresh: &mut Fresh, asked: Asked, out: &mut Vec<Effect>) {
        let open = self.hand.open.as_ref();
        if open.is_some_and(|held| !self.must_check(held, now)) {
            self.ask_reveal(now, fresh, asked, out);
        }
    }

    fn heartbeat_row(&mut self, now: Now, row: HeartbeatRow, out: &mut Vec<Effect>) {
        let skew_ms = self.link.skew_ms(now);
        if let Some(lost) = row.lost {
            return self.lose(now, &row.claim_id, &lost.by_role, out);
        }
        if let (Some(expires_at), Some(held)) = (
            row.expires_at,
            self.hand.iter_mut().find(|h| h.claim_id == row.claim_id),
        ) {
            held.renew(expires_at, now, skew_ms);
        }
    }

    /// A claim is gone: the item is covered, wiped and put away. A decision already made is sent
    /// all the same.
    fn lose(&mut self, now: Now, claim: &ClaimId, by: &str, out: &mut Vec<Effect>) {
        let being_recorded = self
            .recording
            .as_ref()
            .is_some_and(|r| &r.decision.claim_id == claim);
        if being_recorded {
            return;
        }
        self.lose_decided(claim, out);
        let lost = if self
            .hand
            .open
            .as_ref()
            .is_some_and(|h| &h.claim_id == claim)
        {
            self.cover(now, out);
            self.confirm = None;
            self.hand.open.take()
        } else {
            let place = self.hand.next.iter().position(|h| &h.claim_id == claim);
            place.map(|at| self.hand.next.remove(at))
        };
        if let Some(lost) = lost.as_ref().filter(|lost| lost.is_look()) {
            out.push(Effect::DropItem(lost.item.id.clone()));
            return self.notice(NoticeKey::LookOver, "");
        }
        if let Some(mut lost) = lost {
            out.extend(lost.draft_write(now));
            out.push(Effect::ForgetClaims(vec![lost.claim_id]));
            out.push(Effect::DropItem(lost.item.id));
            self.notice(NoticeKey::ClaimLost, by);
        }
    }

    /// An item that was decided a moment ago does not come back under a claim that is gone; its
    /// decision is sent, or can be taken back, all the same.
    fn lose_decided(&mut self, claim: &ClaimId, out: &mut Vec<Effect>) {
        let decided = self.outbox.iter_mut();
        for decided in decided.filter(|d| &d.decision.claim_id == claim) {
            if let Some(item) = decided.item.take() {
                out.push(Effect::DropItem(item.item.id));
            }
        }
    }

    /// Claims whose lease (or offline grant) is over end here, connection or not.
    pub(crate) fn drop_expired(&mut self, now: Now, out: &mut Vec<Effect>) {
        let online = self.link.online;
        let over: Vec<ClaimId> = self
            .hand
            .iter()
            .filter(|h| h.is_over(now, online))
            .map(|h| h.claim_id.clone())
            .collect();
        for claim in over {
            self.lose(now, &claim, "expired", out);
        }
    }
}
