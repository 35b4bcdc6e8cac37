//! The conversation with the queue server: who we are, what waits, claims, heartbeats, back-off.

use scrim_model::serving::ClaimLimits;
use scrim_model::{ClaimId, PolicyTree};
use scrim_wire::protocol::{ClaimsRequest, HeartbeatRow, QueueInfo, Session};
use scrim_wire::window::NoticeKey;

use crate::back_off::back_off_ms;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::{EMPTY_POLL_MS, HAND_MAX, QUEUES_POLL_MS, SEVERITY_MAX};
use crate::parts::asked::Asked;
use crate::parts::hand::HandItem;
use scrim_wire::call::{CallFailed, ClaimsTaken};

impl Desk {
    /// Whatever is due and possible now, the most important first.
    pub(crate) fn speak(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if !self.signed_in {
            return;
        }
        self.warn_unconfirmed(now);
        if now.awake_ms < self.link.retry_awake_ms {
            return;
        }
        if !self.link.online || self.session.is_none() {
            if !self.link.asking_session {
                self.link.asking_session = true;
                out.push(Effect::FetchSession);
            }
            return;
        }
        self.send_next(now, out);
        self.read_back_escalations(now, out);
        self.beat(now, out);
        self.ask_questions(now, out);
        self.release_next(out);
        self.tend_looks(now, fresh, out);
        self.ask_later(out);
        if !self.policies_known && !self.link.asking_policies {
            self.link.asking_policies = true;
            out.push(Effect::FetchPolicies);
        }
        if !self.link.asking_queues && now.awake_ms >= self.link.next_queues_awake_ms {
            self.link.asking_queues = true;
            out.push(Effect::FetchQueues);
        }
        self.ask_day(now, out);
        self.claim_more(now, fresh, out);
    }

    fn claim_more(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let wanted = HAND_MAX.saturating_sub(self.hand.len());
        let ready = self.policies_known
            && !self.link.asking_policies
            && self.policy_changes.is_empty()
            && self.may_serve(now)
            && self.window;
        // What is being given back must not look like claimed by somebody: a queue would seem empty.
        let ready = ready && (!self.link.releasing || self.link.release_failed);
        // Without the other desks' totals a claim could pass the day's limit.
        let ready = ready && self.exposure.day_heard;
        if wanted == 0
            || !ready
            || self.link.claiming
            || now.awake_ms < self.link.next_claim_awake_ms
        {
            return;
        }
        let Some(limits) = self.claim_limits(now) else {
            return;
        };
        // An ask whose answer never came goes again as it was, so that its claims are not lost.
        let (key, request) = self
            .link
            .claim_again
            .take()
            .unwrap_or_else(|| (fresh.take(), self.claims_request(wanted, limits)));
        self.link.claiming = true;
        self.link.claim_again = Some((key.clone(), request.clone()));
        out.push(Effect::Claim { key, request });
    }

    fn claims_request(&self, wanted: usize, limits: ClaimLimits) -> ClaimsRequest {
        let mut exclude_items: Vec<_> = self.hand.iter().map(|h| h.item.id.clone()).collect();
        exclude_items.extend(self.outbox.iter().map(|d| d.decision.item_id.clone()));
        exclude_items.extend(self.refused_items.iter().cloned());
        ClaimsRequest {
            count: u32::try_from(wanted).unwrap_or(1),
            exclude_items,
            severity_max: (limits.severity_max < SEVERITY_MAX).then_some(limits.severity_max),
            exclude_classes: limits.exclude_classes,
            ..Default::default()
        }
    }

    fn beat(&mut self, now: Now, out: &mut Vec<Effect>) {
        let held = self.hand.iter().filter(|h| !h.is_look());
        let held = held.map(|h| h.claim_id.clone());
        let decided = self.outbox.iter().map(|d| d.decision.claim_id.clone());
        let ids: Vec<ClaimId> = held.chain(decided).collect();
        if self.link.beating || ids.is_empty() || now.boot_ms < self.link.next_beat_boot_ms {
            return;
        }
        self.link.beating = true;
        out.push(Effect::Heartbeat(ids));
    }

    fn release_next(&mut self, out: &mut Vec<Effect>) {
        if self.link.releasing {
            return;
        }
        if let Some(giving) = self.link.releases.front().cloned() {
            self.link.releasing = true;
            out.push(Effect::Release {
                key: giving.key,
                request: giving.request,
            });
        }
    }

    pub(crate) fn session_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Box<Session>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.asking_session = false;
        match answer {
            Ok(session) => {
                self.heard_server_time(now, &session);
                self.heard_floor(now, &session, out);
                self.heard_environment(&session.environment);
                self.session = Some(*session);
                self.link.refusal = None;
                // Policies may have changed while the desk was away.
                self.link.asking_policies = true;
                out.push(Effect::FetchPolicies);
                self.call_went_through(now, out);
            }
            Err(failed) => self.call_failed(now, fresh, failed),
        }
    }

    pub(crate) fn queues_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Vec<QueueInfo>, CallFailed>,
    ) {
        self.link.asking_queues = false;
        self.link.next_queues_awake_ms = now.awake_ms + QUEUES_POLL_MS;
        match answer {
            Ok(queues) => self.queues = queues,
            Err(failed) => self.call_failed(now, fresh, failed),
        }
    }

    pub(crate) fn policies_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Box<PolicyTree>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.asking_policies = false;
        match answer {
            Ok(tree) => self.take_policies(*tree, out),
            Err(failed) => self.call_failed(now, fresh, failed),
        }
    }

    pub(crate) fn claims_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<ClaimsTaken, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.claiming = false;
        let unheard = matches!(
            answer,
            Err(CallFailed::Unreachable { .. }
                | CallFailed::Untrusted { .. }
                | CallFailed::NotAllowed)
        );
        if !unheard {
            self.link.claim_again = None;
        }
        match answer {
            Ok(taken) => {
                self.queue_empty = taken.claims.is_empty();
                let before = self.hand.len();
                self.claims_taken(now, fresh, taken, out);
                // An answer that brought nothing useful is not asked for again at once.
                if self.hand.len() == before {
                    self.link.next_claim_awake_ms = now.awake_ms + EMPTY_POLL_MS;
                }
                if !self.may_serve(now) {
                    let is_new = |held: &mut HandItem| !held.was_opened;
                    let late = self.hand.next.extract_if(.., is_new).collect();
                    let why = scrim_wire::protocol::ReleaseWhy::Returned;
                    self.return_items(fresh, now, late, why, out);
                }
            }
            Err(failed) => {
                self.link.next_claim_awake_ms = now.awake_ms + EMPTY_POLL_MS;
                self.call_failed(now, fresh, failed);
            }
        }
    }

    pub(crate) fn heartbeat_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<Vec<HeartbeatRow>, CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.beating = false;
        let every_ms = self
            .session
            .as_ref()
            .map_or(60, |s| u64::from(s.heartbeat_s.clamp(1, 3600)))
            * 1000;
        self.link.next_beat_boot_ms = now.boot_ms + every_ms;
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
            }
        }
    }

    fn reveal_checked(&mut self, now: Now, fresh: &mut Fresh, asked: Asked, out: &mut Vec<Effect>) {
        if self
            .hand
            .open
            .as_ref()
            .is_some_and(|held| !held.unconfirmed)
        {
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

    pub(crate) fn release_answered(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        answer: Result<(), CallFailed>,
        out: &mut Vec<Effect>,
    ) {
        self.link.releasing = false;
        match answer {
            // A claim that cannot be given back is not ours any more: nothing is left to do.
            Ok(()) | Err(CallFailed::Refused { .. } | CallFailed::Broken { .. }) => {
                self.link.release_failed = false;
                let done = self.link.releases.pop_front();
                out.extend(done.map(|giving| Effect::ForgetRelease(giving.key)));
            }
            Err(failed) => {
                self.link.release_failed = true;
                self.call_failed(now, fresh, failed);
            }
        }
    }

    /// An answer came: the connection is there.
    pub(crate) fn call_went_through(&mut self, now: Now, out: &mut Vec<Effect>) {
        self.link.failures = 0;
        self.link.ever = true;
        if !self.link.online {
            self.link.online = true;
            self.link.next_queues_awake_ms = now.awake_ms;
            self.link.next_claim_awake_ms = now.awake_ms;
            self.retry_media(out);
            // Claims are checked before anything else is revealed.
            if self.hand.iter().any(|h| h.unconfirmed) {
                self.link.next_beat_boot_ms = now.boot_ms;
            }
        }
    }

    /// The moderator wants the line tried now.
    pub(crate) fn reconnect(&mut self, now: Now) {
        self.link.retry_awake_ms = now.awake_ms;
        self.link.next_send_awake_ms = now.awake_ms;
    }

    /// What a failed call means for the connection.
    pub(crate) fn call_failed(&mut self, now: Now, fresh: &mut Fresh, failed: CallFailed) {
        match failed {
            CallFailed::SignedOut => {
                // Carried out at the end of the step, before anything else is asked.
                self.link.revoked = true;
                self.link.online = false;
                self.exposure.is_alone();
            }
            CallFailed::Refused { message, .. } => self.link.refusal = Some(message),
            CallFailed::Unreachable { after_s } => self.back_off(now, fresh, after_s),
            failed @ (CallFailed::Untrusted { .. } | CallFailed::NotAllowed) => {
                self.link.refusal = Some(failed.to_string());
                self.back_off(now, fresh, None);
            }
            CallFailed::Broken { what } => {
                self.link.refusal = Some(what);
                self.back_off(now, fresh, None);
            }
        }
    }

    fn back_off(&mut self, now: Now, fresh: &mut Fresh, after_s: Option<u32>) {
        self.link.online = false;
        self.exposure.is_alone();
        self.link.failures = self.link.failures.saturating_add(1);
        self.link.retry_awake_ms =
            now.awake_ms + back_off_ms(self.link.failures, fresh.jitter, after_s);
        for held in self.hand.iter_mut() {
            held.unconfirmed = !held.is_look();
        }
    }
}
