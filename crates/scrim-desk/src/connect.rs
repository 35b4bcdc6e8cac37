//! The conversation with the queue server: who we are, what waits, claims, back-off.

use scrim_model::PolicyTree;
use scrim_model::serving::ClaimLimits;
use scrim_wire::protocol::{ClaimsRequest, QueueInfo, Session};

use crate::back_off::back_off_ms;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::{EMPTY_POLL_MS, HAND_MAX, QUEUES_POLL_MS, SEVERITY_MAX, SLEEP_MS};
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
                self.comparing.confirmed_meanwhile = false;
                out.push(Effect::FetchSession);
            }
            return;
        }
        self.read_own(out);
        self.send_next(now, fresh, out);
        self.send_undo(out);
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
                self.heard_roles(&session.roles, out);
                self.compare_head(session.chain_head.as_ref(), out);
                self.link.one_by_one = false;
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

    /// Whatever made calls fail before may be over. A server that asked for time still has it.
    pub(crate) fn network_changed(&mut self, now: Now) {
        self.try_now(now);
        self.link.retry_awake_ms = self.link.asked_awake_ms.max(now.awake_ms);
    }

    /// The moderator wants the line tried: it is at once, and back-off begins anew, for a call that is
    /// still on its way too.
    pub(crate) fn try_now(&mut self, now: Now) {
        self.link.failures = 0;
        self.link.send_failures = 0;
        self.link.retry_awake_ms = now.awake_ms;
        self.link.next_send_awake_ms = now.awake_ms;
    }

    /// A machine that slept may wake up somewhere else.
    pub(crate) fn notice_sleep(&mut self, now: Now) {
        let slept_ms = now.boot_ms.saturating_sub(now.awake_ms);
        let before_ms = std::mem::replace(&mut self.link.slept_ms, slept_ms);
        if slept_ms > before_ms.saturating_add(SLEEP_MS) {
            self.network_changed(now);
        }
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
        // Calls of one try that fail together are one failure; a server that asks for time has it.
        let is_first = now.awake_ms >= self.link.retry_awake_ms;
        self.link.failures = self.link.failures.saturating_add(u32::from(is_first));
        if is_first || after_s.is_some() {
            let wait_ms = back_off_ms(self.link.failures, fresh.jitter, after_s);
            self.link.retry_awake_ms = self.link.retry_awake_ms.max(now.awake_ms + wait_ms);
        }
        if after_s.is_some() {
            self.link.asked_awake_ms = self.link.retry_awake_ms;
        }
        for held in self.hand.iter_mut() {
            held.unconfirmed = !held.is_look();
        }
    }
}
