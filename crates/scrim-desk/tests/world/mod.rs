//! A scripted outside world: a store that is a set, a server that is a few lists, a clock that the
//! test turns. It carries effects out at once and remembers what it was asked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scrim_desk::{
    Desk, Earlier, Effect, Event, ExposureFound, Fresh, HeadStands, Noted, Now, OutboxRow,
    Restored, UndoEnd,
};
use scrim_model::breaks::BreakSaved;
use scrim_model::checkin::{CheckIn, When, kept_days};
use scrim_model::exposure::{KeptExposure, Load};
use scrim_model::settings::{ManagedFound, SettingsFound};
use scrim_model::view::{WordPlace, WordSpan};
use scrim_model::{
    ClaimId, Decision, DecisionId, ItemId, KeptDraft, PolicyTree, RevealId, Role, Timestamp,
};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{DecisionResult, HeartbeatRow, ItemState, Lost, ReleaseRequest};
use scrim_wire::window::{Command, NoticeKey, WindowModel};
use serde_json::json;

pub(crate) mod server;
pub(crate) mod storm;

use server::{GONE, Server, copy, image, policies};

/// The whole.
pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) now: Now,
    pub(crate) log: Vec<Effect>,
    pub(crate) server: Server,
    pub(crate) store_works: bool,
    pub(crate) passphrase: Option<&'static str>,
    /// Outlives the desk, as the store does.
    pub(crate) drafts: BTreeMap<ItemId, KeptDraft>,
    pub(crate) saved_policies: PolicyTree,
    pub(crate) claims: BTreeSet<ClaimId>,
    /// Requests without an answer, as the store has them.
    pub(crate) releases: Vec<(String, ReleaseRequest)>,
    /// Escalations that wait for nothing any more, on disk.
    pub(crate) confirmed: BTreeSet<DecisionId>,
    pub(crate) told: BTreeSet<DecisionId>,
    pub(crate) recorded: BTreeMap<DecisionId, Decision>,
    /// Decisions without a final answer, as the store has them.
    pub(crate) outbox: Vec<OutboxRow>,
    /// What the server did not take, with its code; and every answer that was recorded.
    pub(crate) parked: Vec<(String, OutboxRow)>,
    pub(crate) answers: Vec<(DecisionId, DecisionResult)>,
    /// Conflicts that were dealt with.
    pub(crate) noted: Vec<(Option<DecisionId>, Option<Noted>)>,
    /// Requests to undo that wait, as the store has them; and what became of the others.
    pub(crate) undoing: Vec<(DecisionId, String)>,
    pub(crate) undone: Vec<(DecisionId, UndoEnd)>,
    /// How the store finds its records to stand.
    pub(crate) stands: HeadStands,
    /// The exposure as last written, and the boot clock then.
    pub(crate) kept: Option<(Vec<u8>, u64)>,
    /// Settings as the store finds them at the next start, and what there is of the managed file.
    pub(crate) settings: SettingsFound,
    pub(crate) managed: ManagedFound,
    /// Check-ins as the store has them, and when they were asked.
    pub(crate) check_ins: Vec<CheckIn>,
    pub(crate) asked: Vec<(When, i64)>,
    pub(crate) breaks: BreakSaved,
    pub(crate) committed: BTreeSet<DecisionId>,
    pub(crate) withdrawn: BTreeSet<DecisionId>,
    pub(crate) durable_reveals: BTreeSet<RevealId>,
    pub(crate) handed: Option<RevealId>,
    pub(crate) ids_made: u64,
}

/// What the reports of [`World::serving`] say.
pub(crate) const REPORTED: &str = "please look";

/// All of it.
pub(crate) const REPORT: WordSpan = WordSpan {
    place: WordPlace::Report,
    text: 0,
    translation: None,
    start: 0,
    end: 11,
};

impl World {
    fn new(open: VecDeque<serde_json::Value>) -> Self {
        let mut world = Self {
            desk: Desk::new(),
            now: Now {
                awake_ms: 1_000,
                boot_ms: 5_000,
                utc_ms: 1_760_000_000_000,
                offset_s: 0,
            },
            log: Vec::new(),
            server: Server {
                open,
                reachable: true,
                confirms: true,
                environment: "test",
                later: "decided",
                policies: policies(),
                roles: vec![Role::Moderator],
                ..Server::default()
            },
            store_works: true,
            passphrase: None,
            drafts: BTreeMap::new(),
            saved_policies: PolicyTree::default(),
            claims: BTreeSet::new(),
            releases: Vec::new(),
            confirmed: BTreeSet::new(),
            told: BTreeSet::new(),
            recorded: BTreeMap::new(),
            outbox: Vec::new(),
            parked: Vec::new(),
            answers: Vec::new(),
            noted: Vec::new(),
            undoing: Vec::new(),
            undone: Vec::new(),
            stands: HeadStands::Whole,
            kept: None,
            settings: SettingsFound::None,
            managed: ManagedFound::Absent,
            check_ins: Vec::new(),
            asked: Vec::new(),
            breaks: BreakSaved::default(),
            committed: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            durable_reveals: BTreeSet::new(),
            handed: None,
            ids_made: 0,
        };
        world.start();
        world
    }

    pub(crate) fn start(&mut self) {
        let restored = self.restored();
        self.event(restored);
        self.event(Event::WindowOpened);
        self.event(Event::Active);
        self.pass(100);
    }

    /// What the store holds, as the desk's first event.
    fn restored(&self) -> Event {
        let exposure = match &self.kept {
            None => ExposureFound::None,
            Some((bytes, boot_ms)) => {
                KeptExposure::from_store(bytes).map_or(ExposureFound::Unreadable, |kept| {
                    ExposureFound::Kept {
                        kept: Box::new(kept),
                        same_boot: true,
                        gap_ms: self.now.boot_ms - boot_ms,
                    }
                })
            }
        };
        Event::Started(Box::new(Restored {
            signed_in: true,
            has_passphrase: self.passphrase.is_some(),
            policies: self.saved_policies.clone(),
            leftovers: self.claims.iter().cloned().collect(),
            releases: self.releases.clone(),
            outbox: self.outbox.clone(),
            undoing: self.undoing.clone(),
            unconfirmed: self.unconfirmed(),
            earlier: self.earlier(),
            breaks: self.breaks,
            exposure,
            settings: self.settings.clone(),
            managed: self.managed.clone(),
            check_ins_asked: self.asked.clone(),
            ..Restored::default()
        }))
    }

    fn mark(&mut self, ids: &[DecisionId], key: Option<&String>) {
        for (n, id) in (0..).zip(ids) {
            if key.is_none() {
                self.take_apart(id);
            }
            let mut rows = self.outbox.iter_mut();
            let row = rows.find(|row| &row.decision.decision_id == id).unwrap();
            row.left = true;
            if let Some(key) = key {
                row.sent_with = Some((key.clone(), Some(n)));
            }
        }
    }

    /// What is left of a call of many goes by itself, as the store has it.
    fn take_apart(&mut self, id: &DecisionId) {
        let mut rows = self.outbox.iter();
        let with = rows.find(|row| &row.decision.decision_id == id);
        let Some((key, Some(_))) = with.and_then(|row| row.sent_with.clone()) else {
            return;
        };
        for row in &mut self.outbox {
            if matches!(&row.sent_with, Some((of, Some(_))) if *of == key) {
                row.sent_with = None;
            }
        }
    }

    fn settled(&mut self, id: &DecisionId) {
        self.outbox.retain(|row| &row.decision.decision_id != id);
    }

    fn earlier(&self) -> Vec<Earlier> {
        let stand = self.recorded.values();
        let stand = stand.filter(|d| !self.withdrawn.contains(&d.decision_id));
        stand.filter_map(Earlier::of).collect()
    }

    fn unconfirmed(&self) -> Vec<OutboxRow> {
        let taken = self.recorded.values().filter(|decision| {
            let id = &decision.decision_id;
            decision.escalate.is_some()
                && self.server.accepted.contains(id)
                && !self.confirmed.contains(id)
        });
        taken
            .map(|decision| OutboxRow {
                decision: decision.clone(),
                told: self.told.contains(&decision.decision_id),
                first: true,
                left: true,
                sent_with: None,
            })
            .collect()
    }

    /// The desk's process ends without a word and starts again over the same store.
    pub(crate) fn restart(&mut self) {
        self.desk = Desk::new();
        self.handed = None;
        self.start();
        self.pass(1_000);
    }

    pub(crate) fn serving(items: u64) -> Self {
        Self::new((0..items).map(image).collect())
    }

    /// Every second one is a copy, exact or near, of the others of its family.
    pub(crate) fn serving_some_copies(items: u64) -> Self {
        let family = |n: u64| match n % 4 {
            1 => copy(n, &format!("family {}", n / 8), 0xf0, 0),
            3 => copy(n, &format!("near {n}"), 0xf0, u32::try_from(n).unwrap()),
            _ => image(n),
        };
        Self::new((0..items).map(family).collect())
    }

    pub(crate) fn serving_words() -> Self {
        Self::serving_items(vec![json!({"id": "item-w", "kind": "text",
            "texts": [{"id": "t", "body": "see the kite", "flagged": [[8, 12]]}]})])
    }

    pub(crate) fn serving_items(items: Vec<serde_json::Value>) -> Self {
        Self::new(items.into())
    }

    pub(crate) fn serving_known() -> Self {
        let mut item = image(0);
        item["media"][0]["known"] = json!({"list": "demo", "match": "exact"});
        Self::new(VecDeque::from([item]))
    }

    pub(crate) fn model(&self) -> WindowModel {
        self.desk.model(self.now)
    }

    pub(crate) fn open_item(&self) -> Option<ItemId> {
        self.model().item.map(|item| item.id)
    }

    pub(crate) fn has_notice(&self, key: NoticeKey) -> bool {
        self.model().notices.iter().any(|notice| notice.key == key)
    }

    pub(crate) fn covers_asked(&self) -> usize {
        self.log
            .iter()
            .filter(|e| matches!(e, Effect::PrepareCover { .. }))
            .count()
    }

    pub(crate) fn clear_log(&mut self) {
        self.log.clear();
    }

    pub(crate) fn order_of(&self, names: &[&str]) -> Vec<String> {
        let name = |e: &Effect| {
            format!("{e:?}")
                .split([' ', '(', '{'])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        self.log
            .iter()
            .map(name)
            .filter(|n| names.contains(&n.as_str()))
            .collect()
    }

    fn order_of_tail(&self, from: usize) -> Vec<String> {
        let name = |e: &Effect| format!("{e:?}").chars().take(40).collect();
        self.log[from..].iter().map(name).collect()
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.event(Event::Command(command));
    }

    /// Time passes, second by second.
    pub(crate) fn pass(&mut self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(1_000);
            left -= step;
            self.now.awake_ms += step;
            self.now.boot_ms += step;
            self.now.utc_ms += i64::try_from(step).unwrap();
            self.event(Event::Tick);
        }
    }

    /// Until something is so, for ten minutes at most.
    pub(crate) fn pass_until(&mut self, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..600 {
            if is_so(self) {
                return;
            }
            self.pass(1_000);
        }
        panic!("it never was so");
    }

    /// Today's exposure as it was last written.
    pub(crate) fn today(&self) -> Load {
        let (bytes, _) = self.kept.as_ref().unwrap();
        KeptExposure::from_store(bytes).unwrap().ledger.today()
    }

    /// Minutes of active work.
    pub(crate) fn work(&mut self, minutes: u64) {
        for _ in 0..minutes * 6 {
            self.event(Event::Active);
            self.pass(10_000);
        }
    }

    pub(crate) fn event(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        let mut steps = 0;
        while let Some(event) = events.pop_front() {
            steps += 1;
            let tail = self.log.len().saturating_sub(12);
            assert!(
                steps < 1_000,
                "an endless chain: {:?}",
                self.order_of_tail(tail)
            );
            let ids = std::array::from_fn(|_| {
                self.ids_made += 1;
                format!("id-{}", self.ids_made)
            });
            let mut fresh = Fresh::new(ids, 30_000);
            for effect in self.desk.step(self.now, &mut fresh, event) {
                self.log.push(effect.clone());
                if let Some(answer) = self.carry_out(effect) {
                    events.push_back(answer);
                }
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        Some(match effect {
            Effect::RecordReveal { reveal, .. } => {
                if self.store_works {
                    self.durable_reveals.insert(reveal.clone());
                }
                Event::RevealRecorded {
                    reveal,
                    durable: self.store_works,
                }
            }
            Effect::RecordDecision { decision, first } => {
                if self.store_works {
                    self.committed.insert(decision.decision_id.clone());
                    self.outbox.push(OutboxRow {
                        decision: (*decision).clone(),
                        told: false,
                        first,
                        left: false,
                        sent_with: None,
                    });
                    self.recorded
                        .insert(decision.decision_id.clone(), (*decision).clone());
                }
                Event::DecisionRecorded {
                    decision_id: decision.decision_id,
                    durable: self.store_works,
                }
            }
            Effect::RecordTold { decision_id, .. } => {
                if self.store_works {
                    self.told.insert(decision_id.clone());
                }
                Event::Told {
                    decision_id,
                    durable: self.store_works,
                }
            }
            Effect::Withdraw { decision_id, .. } => {
                assert!(
                    !self.server.received.contains(&decision_id),
                    "taken back after it was sent"
                );
                if self.store_works {
                    self.withdrawn.insert(decision_id.clone());
                    self.settled(&decision_id);
                }
                Event::Withdrawn {
                    decision_id,
                    durable: self.store_works,
                }
            }
            Effect::OpenClear { reveal, .. } => {
                assert!(
                    self.durable_reveals.contains(&reveal),
                    "decoded clear before it was durable"
                );
                Event::ClearReady { reveal }
            }
            Effect::HandClear { reveal, .. } => {
                assert!(self.desk.reveals(&reveal), "handed over outside its reveal");
                self.handed = Some(reveal.clone());
                Event::Presented { reveal }
            }
            Effect::KeepCheckIn(check_in) => {
                if !self.store_works {
                    return Some(Event::CheckInNotKept);
                }
                self.check_ins.push(check_in);
                self.asked.push((check_in.when, check_in.date));
                return None;
            }
            Effect::CheckInAsked { when, date } => {
                self.asked.push((when, date));
                return None;
            }
            Effect::ForgetOldCheckIns { today, keep_days } => {
                let kept = kept_days(today, keep_days);
                self.check_ins.retain(|c| kept.contains(&c.date));
                return None;
            }
            Effect::ForgetCheckIns => {
                self.check_ins.clear();
                self.asked.clear();
                return None;
            }
            Effect::KeepDraft(kept) => {
                self.drafts.insert(kept.item.clone(), *kept);
                return None;
            }
            Effect::ForgetDraft(item) => {
                self.drafts.remove(&item);
                return None;
            }
            Effect::RecallDraft(item) => {
                let kept = self.drafts.get(&item).cloned().map(Box::new);
                Event::DraftRecalled { item, kept }
            }
            Effect::RecallDecision(decision_id) => {
                let decision = self.recorded.get(&decision_id).cloned().map(Box::new);
                Event::DecisionRecalled {
                    decision_id,
                    decision,
                }
            }
            Effect::FindHashes(medium) => {
                let hashes = self.server.hashes_of(&medium).map(Box::new);
                Event::HashesFound {
                    medium,
                    hashes,
                    listed: None,
                }
            }
            Effect::RememberClaims(claims) => {
                self.claims
                    .extend(claims.into_iter().map(|(claim, _)| claim));
                return None;
            }
            Effect::ForgetClaims(claims) => {
                self.claims.retain(|claim| !claims.contains(claim));
                return None;
            }
            Effect::KeepRelease { key, request } => {
                self.claims.retain(|c| !request.claim_ids.contains(c));
                self.releases.push((key, request));
                return None;
            }
            Effect::ForgetRelease(key) => {
                self.releases.retain(|(kept, _)| *kept != key);
                return None;
            }
            Effect::RecordAnswer {
                decision_id,
                result,
                ..
            } => {
                if let DecisionResult::Rejected { code, .. } = &result {
                    let row = self.outbox.iter();
                    let mut row = row.filter(|row| row.decision.decision_id == decision_id);
                    let parked = row.next().map(|row| (code.clone(), row.clone()));
                    self.parked.extend(parked);
                }
                self.take_apart(&decision_id);
                self.settled(&decision_id);
                self.answers.push((decision_id, result));
                return None;
            }
            Effect::MarkInFlight { ids, key } => {
                let durable = self.store_works;
                if durable {
                    self.mark(&ids, key.as_ref());
                }
                Event::Marked { ids, key, durable }
            }
            Effect::Unpark { decision_id, key } => {
                let is_it =
                    |(_, row): &(String, OutboxRow)| row.decision.decision_id == decision_id;
                let place = self.parked.iter().position(is_it);
                let place = place.filter(|_| self.store_works);
                let mut row = place.map(|at| self.parked.remove(at).1);
                if let (Some(row), Some(key)) = (&mut row, key) {
                    row.sent_with = Some((key, None));
                }
                self.outbox.extend(row.clone());
                let row = row.map(Box::new);
                Event::Unparked { decision_id, row }
            }
            Effect::NoteConflict {
                decision_id, how, ..
            } => {
                self.noted.push((Some(decision_id), Some(how)));
                return None;
            }
            Effect::NoteTail => {
                self.noted.push((None, None));
                return None;
            }
            Effect::KeepUndo {
                decision_id, key, ..
            } => {
                if self.store_works {
                    self.undoing.push((decision_id.clone(), key));
                }
                Event::UndoKept {
                    decision_id,
                    durable: self.store_works,
                }
            }
            Effect::RecordUndo {
                decision_id, end, ..
            } => {
                self.undoing.retain(|(id, _)| id != &decision_id);
                self.undone.push((decision_id, end));
                return None;
            }
            Effect::SendUndo { decision_id, key } => {
                assert!(
                    self.undoing.contains(&(decision_id.clone(), key.clone())),
                    "asked before it was on disk"
                );
                let at = Timestamp(self.now.utc_ms);
                let answer = self.ask(|server| server.undo(&decision_id, &key, at));
                Event::UndoAnswered {
                    decision_id,
                    answer: answer.and_then(|answer| answer),
                }
            }
            Effect::CompareHead(_) => Event::HeadCompared(self.stands.clone()),
            Effect::RecordTail { .. } => {
                if let HeadStands::Differs { is_new, .. } = &mut self.stands {
                    *is_new = false;
                }
                return None;
            }
            Effect::ReadOwn { since } => {
                Event::OwnRead(self.ask(|server| Box::new(server.own(since))))
            }
            Effect::ReadSent { decision_id, item } => {
                let state = self.server.state_of(&item);
                Event::SentRead {
                    decision_id,
                    answer: self.ask(|_| Box::new(state)),
                }
            }
            Effect::CheckClaim(item) => {
                let state = self.server.state_of(&item);
                Event::ClaimChecked {
                    item,
                    answer: self.ask(|_| Box::new(state)),
                }
            }
            Effect::SendTogether { key, decisions } => {
                let at = Timestamp(self.now.utc_ms);
                let committed = |d: &Decision| self.committed.contains(&d.decision_id);
                assert!(
                    decisions.iter().all(committed),
                    "sent before it was on disk"
                );
                Event::SentTogether {
                    ids: decisions.iter().map(|d| d.decision_id.clone()).collect(),
                    answer: self.server.send_together(&key, &decisions, at),
                }
            }
            Effect::RecordConfirmed { decision_id, .. }
            | Effect::RecordSettled { decision_id, .. } => {
                self.confirmed.insert(decision_id);
                return None;
            }
            Effect::TryPassphrase(typed) => Event::PassphraseTried {
                right: Some(typed.expose()) == self.passphrase,
            },
            Effect::SignInAgain => self.restored(),
            Effect::CoverNow => {
                self.handed = None;
                return None;
            }
            Effect::PrepareCover { key, small, .. } => Event::CoverReady {
                key,
                width: if small { 2 } else { 4 },
                height: if small { 1 } else { 3 },
                whole: !small,
            },
            Effect::FetchSession => {
                let at = Timestamp(self.now.utc_ms);
                Event::Session(self.ask(|server| Box::new(server.session(at))))
            }
            Effect::FetchDay { .. } => {
                let at = Timestamp(self.now.utc_ms);
                let totals = self.server.other_desks.clone();
                Event::Day(self.ask(|server| {
                    let mut session = server.session(at);
                    session.day_totals = Some(totals);
                    Box::new(session)
                }))
            }
            Effect::SaveExposure(kept) => {
                self.kept = Some((kept.to_store(), self.now.boot_ms));
                return None;
            }
            Effect::SaveSettings(kept) => {
                self.settings = SettingsFound::Kept(kept);
                return None;
            }
            Effect::SaveBreak(saved) => {
                self.breaks = saved;
                return None;
            }
            Effect::FetchQueues => Event::Queues(self.ask(|_| Vec::new())),
            Effect::FetchPolicies => {
                Event::Policies(self.ask(|server| Box::new(server.policies.clone())))
            }
            Effect::SavePolicies(tree) => {
                self.saved_policies = *tree;
                return None;
            }
            Effect::Claim { request, .. } => {
                let now = self.now;
                Event::Claims(self.ask(|server| server.claim(&request, now)))
            }
            Effect::Heartbeat(ids) => {
                let at = Timestamp(self.now.utc_ms);
                Event::Heartbeat(self.ask(|server| {
                    let lost = server.loses_claims.then(|| Lost {
                        by_role: "moderator".into(),
                        at,
                    });
                    let expires_at = lost.is_none().then(|| at.plus_ms(300_000));
                    ids.into_iter()
                        .map(|claim_id| HeartbeatRow {
                            claim_id,
                            expires_at,
                            lost: lost.clone(),
                        })
                        .collect()
                }))
            }
            Effect::Release { request, .. } => Event::Released(self.ask(|server| {
                server.given_back.push(request.clone());
                for claim in request.claim_ids {
                    if let Some(item) = server.held.remove(claim.as_str()) {
                        server.open.push_back(item);
                    }
                }
            })),
            Effect::AskColleague { key, item, .. } => {
                let answer = self.ask(|server| server.asked(&key, item));
                Event::Asked {
                    key,
                    answer: answer.and_then(|asked| asked),
                }
            }
            Effect::ReadQuestions(item) => Event::QuestionsRead {
                answer: self.ask(|server| Box::new(server.questions_of(&item))),
                item,
            },
            Effect::ReadLater(item) => {
                let state = json!({"item": {"id": item.as_str(), "kind": "image"},
                    "decisions": self.server.stands, "state": self.server.later});
                let state: ItemState = serde_json::from_value(state).unwrap();
                Event::LaterRead {
                    item,
                    answer: self.ask(|_| Box::new(state)),
                }
            }
            Effect::ReadAskedOfMe => Event::AskedOfMe(self.ask(|server| server.asks())),
            Effect::OpenLook { key, consult_id } => {
                let at = Timestamp(self.now.utc_ms);
                let answer = self.ask(|server| server.look(&consult_id, at));
                Event::LookOpened {
                    key,
                    answer: answer.and_then(|look| look),
                }
            }
            Effect::AnswerColleague {
                key,
                consult_id,
                answer,
            } => Event::AnsweredColleague {
                answer: self
                    .ask(|server| server.answered(key, &consult_id, answer))
                    .and_then(|taken| taken),
                consult_id,
            },
            Effect::SendDecision(decision) => {
                assert!(
                    self.committed.contains(&decision.decision_id),
                    "sent before it was on disk"
                );
                let at = Timestamp(self.now.utc_ms);
                let answer = if self.server.revoked {
                    Err(CallFailed::SignedOut)
                } else {
                    self.server.send(&decision, at)
                };
                Event::Sent {
                    decision_id: decision.decision_id.clone(),
                    answer: answer.map(|result| (result, self.server.feedback.clone())),
                }
            }
            Effect::ReadBack(item) => {
                let state = json!({"item": {"id": item.as_str(), "kind": "image"},
                    "decisions": self.server.stands,
                    "without_effect": self.server.without_effect,
                    "state": if self.server.confirms { "escalated" } else { self.server.later }});
                let state: ItemState = serde_json::from_value(state).unwrap();
                Event::ReadBack {
                    item,
                    answer: self.ask(|_| Box::new(state)),
                }
            }
            _ => return None,
        })
    }

    fn ask<T>(&mut self, answer: impl FnOnce(&mut Server) -> T) -> Result<T, CallFailed> {
        if self.server.revoked {
            Err(CallFailed::SignedOut)
        } else if self.server.reachable {
            Ok(answer(&mut self.server))
        } else {
            Err(GONE)
        }
    }
}
