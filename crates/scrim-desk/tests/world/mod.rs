//! A scripted outside world: a store that is a set, a server that is a few lists, a clock that the
//! test turns. It carries effects out at once and remembers what it was asked.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scrim_desk::{Desk, Effect, Event, ExposureFound, Fresh, Now, OutboxRow, Restored};
use scrim_model::area::Area;
use scrim_model::breaks::BreakSaved;
use scrim_model::checkin::{CheckIn, When, kept_days};
use scrim_model::exposure::{KeptExposure, Load};
use scrim_model::mark::{Mark, Region};
use scrim_model::settings::{Key as SettingKey, ManagedFound, SettingsFound, Value};
use scrim_model::view::{RevealMode, RevealReason, SoftStep, WordPlace, WordSpan};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionId, ItemId, KeptDraft, PolicyTree, RevealId, Role,
    Timestamp,
};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{
    Claim, ClaimsRequest, Consult, ConsultOpened, Consulted, DayTotals, DecisionResult, Feedback,
    HeartbeatRow, ItemState, Lost, ReleaseRequest, Session,
};
use scrim_wire::window::{Command, Correct, NoticeKey, TextView, WindowModel};
use serde_json::json;

/// One random thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blow(pub(crate) u16);

/// The server's side.
#[derive(Default)]
pub(crate) struct Server {
    pub(crate) open: VecDeque<serde_json::Value>,
    pub(crate) held: BTreeMap<String, serde_json::Value>,
    pub(crate) received: Vec<DecisionId>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) accepted: BTreeSet<DecisionId>,
    pub(crate) decided_items: BTreeMap<ItemId, DecisionId>,
    pub(crate) reachable: bool,
    pub(crate) loses_answers: bool,
    pub(crate) loses_claims: bool,
    pub(crate) overtakes: bool,
    pub(crate) refuses: Option<CallFailed>,
    /// Shows escalated items as such.
    pub(crate) confirms: bool,
    /// How items of own decisions stand by now.
    pub(crate) later: &'static str,
    /// Decisions that stand on whatever item is read back, newest last.
    pub(crate) stands: Vec<String>,
    pub(crate) policies: PolicyTree,
    /// Claims come with a colleague's draft.
    pub(crate) hands_over: bool,
    /// Key, item and answer of each question.
    pub(crate) questions: Vec<(String, ItemId, Option<String>)>,
    /// Open questions of colleagues: the server's name of each, and its item.
    pub(crate) asked_of_me: Vec<(String, serde_json::Value)>,
    /// How often each was opened, and each answer with its key.
    pub(crate) looks: u64,
    pub(crate) answers: Vec<(String, String, String)>,
    /// What the person's other desks looked at.
    pub(crate) other_desks: DayTotals,
    /// `floor` and `lead` of the session.
    pub(crate) floor: Option<serde_json::Value>,
    pub(crate) lead: Option<serde_json::Value>,
    /// Requests to give claims back, in the order of their arrival.
    pub(crate) given_back: Vec<ReleaseRequest>,
    /// What kind of server it is.
    pub(crate) environment: &'static str,
    /// A training server says this of every decision.
    pub(crate) feedback: Option<Feedback>,
    claims_made: u64,
}

/// The whole.
pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) now: Now,
    pub(crate) log: Vec<Effect>,
    pub(crate) server: Server,
    pub(crate) store_works: bool,
    /// Outlives the desk, as the store does.
    pub(crate) drafts: BTreeMap<ItemId, KeptDraft>,
    saved_policies: PolicyTree,
    claims: BTreeSet<ClaimId>,
    /// Requests without an answer, as the store has them.
    pub(crate) releases: Vec<(String, ReleaseRequest)>,
    /// Escalations that were confirmed, or told by phone, on disk.
    pub(crate) confirmed: BTreeSet<DecisionId>,
    told: BTreeSet<DecisionId>,
    recorded: BTreeMap<DecisionId, Decision>,
    /// The exposure as last written, and the boot clock then.
    pub(crate) kept: Option<(Vec<u8>, u64)>,
    /// Settings as the store finds them at the next start, and what there is of the managed file.
    pub(crate) settings: SettingsFound,
    pub(crate) managed: ManagedFound,
    /// Check-ins as the store has them, and when they were asked.
    pub(crate) check_ins: Vec<CheckIn>,
    pub(crate) asked: Vec<(When, i64)>,
    breaks: BreakSaved,
    committed: BTreeSet<DecisionId>,
    withdrawn: BTreeSet<DecisionId>,
    durable_reveals: BTreeSet<RevealId>,
    handed: Option<RevealId>,
    ids_made: u64,
}

fn too_late() -> CallFailed {
    CallFailed::Refused {
        code: "too_late".into(),
        message: String::new(),
    }
}

const GONE: CallFailed = CallFailed::Unreachable { after_s: None };

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

fn image(n: u64) -> serde_json::Value {
    json!({"id": format!("item-{n}"), "kind": "image", "label": "Other · report · image", "severity_hint": 1,
        "reports": [{"class": "other", "text": REPORTED}],
        "media": [{"n": 0, "mime": "image/png", "bytes": 10}]})
}

fn policies() -> PolicyTree {
    serde_json::from_value(json!({"version": 12, "policies": [
        {"id": "violence", "name": "Violence", "digit": 2, "severity": 2},
        {"id": "graphic", "parent": "violence", "name": "Graphic", "digit": 1, "severity": 3},
        {"id": "safety", "name": "Child safety", "digit": 1, "severity": 4}]}))
    .unwrap()
}

impl Server {
    fn session(&self, at: Timestamp) -> Session {
        let object = |json: &Option<serde_json::Value>| {
            json.as_ref().map(|json| json.as_object().unwrap().clone())
        };
        Session {
            environment: self.environment.into(),
            floor: object(&self.floor),
            lead: object(&self.lead),
            ..session(at)
        }
    }
}

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
                ..Server::default()
            },
            store_works: true,
            drafts: BTreeMap::new(),
            saved_policies: PolicyTree::default(),
            claims: BTreeSet::new(),
            releases: Vec::new(),
            confirmed: BTreeSet::new(),
            told: BTreeSet::new(),
            recorded: BTreeMap::new(),
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

    fn start(&mut self) {
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
        self.event(Event::Started(Box::new(Restored {
            signed_in: true,
            policies: self.saved_policies.clone(),
            leftovers: self.claims.iter().cloned().collect(),
            releases: self.releases.clone(),
            unconfirmed: self.unconfirmed(),
            breaks: self.breaks,
            exposure,
            settings: self.settings.clone(),
            managed: self.managed.clone(),
            check_ins_asked: self.asked.clone(),
            ..Restored::default()
        })));
        self.event(Event::WindowOpened);
        self.event(Event::Active);
        self.pass(100);
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
            Effect::RecordDecision(decision) => {
                if self.store_works {
                    self.committed.insert(decision.decision_id.clone());
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
            Effect::RecordConfirmed { decision_id, .. } => {
                self.confirmed.insert(decision_id);
                return None;
            }
            Effect::CoverNow => {
                self.handed = None;
                return None;
            }
            Effect::PrepareCover { key, .. } => Event::CoverReady {
                key,
                width: 4,
                height: 3,
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
                Event::Sent {
                    decision_id: decision.decision_id.clone(),
                    answer: self
                        .server
                        .send(&decision, at)
                        .map(|result| (result, self.server.feedback.clone())),
                }
            }
            Effect::ReadBack(item) => {
                let state = json!({"item": {"id": item.as_str(), "kind": "image"},
                    "decisions": self.server.stands,
                    "state": if self.server.confirms { "escalated" } else { "decided" }});
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
        if self.server.reachable {
            Ok(answer(&mut self.server))
        } else {
            Err(GONE)
        }
    }

    /// One random blow.
    pub(crate) fn suffer(&mut self, Blow(random): Blow) {
        let argument = u64::from(random / 32);
        match random % 32 {
            0..=3 => self.pass(argument * 37 + 1),
            4 | 5 => self.command(Command::Decide(ActionKind::Allow)),
            6 => self.command(Command::Decide(ActionKind::Escalate)),
            7 if argument % 8 == 0 => self.command(Command::OpenLook("q".into())),
            7 if argument % 8 == 1 => self.command(Command::CloseLook),
            7 if argument % 8 == 2 => self.command(Command::AnswerColleague("yes".into())),
            7 if argument % 8 == 3 => self.command(Command::OtherLanguage),
            7 => self.command(Command::Confirm),
            8 if argument % 4 == 0 => self.command(Command::Slipped),
            8 => self.command(Command::Undo),
            9 if argument % 2 == 0 => self.command(Command::RevealSpan(RevealMode::Latch, REPORT)),
            9 => self.command(Command::Reveal(RevealMode::Full)),
            10 => self.command(Command::Reveal(RevealMode::Hold)),
            11 => self.command(Command::CoverAgain),
            12 => self.command(Command::CoverAll),
            13 => self.command(Command::TakeBreak),
            14 => self.command(Command::EndBreak),
            15 if argument % 3 == 0 => self.command(Command::AimedAtMe),
            15 => self.command(Command::NotMe),
            16 => self.command(Command::EndShift),
            17 => self.command(Command::StartShift),
            18 => self.event(Event::WindowGone { crashed: true }),
            19 => self.event(Event::WindowOpened),
            20 if argument % 2 == 0 => self.choose_something(argument),
            20 => self.event(Event::Locked),
            21 => self.server.reachable = !self.server.reachable,
            22 => self.server.loses_answers = !self.server.loses_answers,
            23 => self.server.loses_claims = !self.server.loses_claims,
            24 => self.store_works = !self.store_works,
            25 if argument % 4 == 0 => self.command(Command::Snooze),
            25 => self.correct_something(argument),
            26 if argument % 4 == 0 => self.see_something(argument),
            26 => self.command(Command::Digit(u8::try_from(argument % 10).unwrap())),
            27 if argument % 3 == 0 => self.command(Command::HandOver),
            27 if argument % 3 == 1 => self.command(Command::AskColleague {
                to: Role::Lead,
                question: "which?".into(),
            }),
            27 => self.command(Command::Decide(ActionKind::Remove)),
            28 => self.now.boot_ms += argument * 1_000,
            29 => self.now.utc_ms += (i64::try_from(argument).unwrap() - 1_000) * 1_000,
            30 if argument % 4 == 0 => self.command(Command::Stronger),
            30 if argument % 4 == 1 => self.command(Command::RevealReason(RevealReason::Compare)),
            30 if argument % 4 == 2 => {
                self.command(Command::Reveal(RevealMode::Soft(SoftStep::Middle)));
            }
            30 => self.command(Command::Note("x".repeat(usize::from(random / 32) % 3))),
            _ => self.event(Event::Active),
        }
    }

    /// Some setting, or another floor.
    fn choose_something(&mut self, argument: u64) {
        let list = |word: &str| Value::List([word.to_owned()].into());
        let choice = |word: &str| Value::Choice(word.to_owned());
        let (key, value) = match argument / 2 % 7 {
            0 => (SettingKey::TextMask, choice("whole")),
            1 => (SettingKey::TextMask, choice("spans")),
            2 => (SettingKey::TextWords, list("look")),
            3 => (
                SettingKey::CoverSketch,
                Value::Flag(argument.is_multiple_of(3)),
            ),
            4 => (
                SettingKey::CoverGreyscale,
                Value::Flag(argument.is_multiple_of(3)),
            ),
            5 => (SettingKey::ClassOptOut, list("violence")),
            _ => {
                let floors = [
                    json!({}),
                    json!({"text.mask": "whole", "cover.blur": "strong"}),
                ];
                self.server.floor = Some(floors[(argument / 14 % 2) as usize].clone());
                return;
            }
        };
        let value = (!argument.is_multiple_of(5)).then_some(value);
        self.command(Command::SetSetting { key, value });
    }

    /// The window says what one of the looks so far showed.
    fn see_something(&mut self, argument: u64) {
        let looks: Vec<RevealId> = self.durable_reveals.iter().cloned().collect();
        let at = argument as usize % looks.len().max(1);
        if let Some(reveal) = looks.get(at).cloned() {
            self.event(Event::Seen {
                reveal,
                area: Area::whole(),
                zoomed: argument.is_multiple_of(8),
            });
        }
    }

    /// Some step of a correction.
    fn correct_something(&mut self, argument: u64) {
        let newest = self
            .model()
            .history
            .first()
            .map(|row| row.decision_id.clone());
        match (argument % 4, newest) {
            (1, Some(id)) => self.command(Command::Correct(Correct::Open(id))),
            (2, _) => self.command(Command::Correct(Correct::Action(ActionKind::Allow))),
            _ => self.command(Command::Correct(Correct::Record)),
        }
    }

    /// All faults end; time passes.
    pub(crate) fn calm(&mut self) {
        self.server.reachable = true;
        self.server.loses_answers = false;
        self.server.loses_claims = false;
        self.store_works = true;
        self.pass(10 * 60_000);
    }

    /// Promises that hold after every step.
    pub(crate) fn check(&self) {
        let effective = self.desk.settings_view();
        let row = |key| effective.rows.iter().find(|row| row.key == key).unwrap();
        if let Some(item) = &self.model().item {
            let grey = row(SettingKey::CoverGreyscale).value == Value::Flag(true);
            assert!(!grey || item.style.grey, "a coloured cover under grey");
            let whole = row(SettingKey::TextMask).value == Value::Choice("whole".into());
            let words_are_open = item.reveal.as_ref().is_some_and(|r| r.part.is_words());
            let letters = |text: &TextView| text.words.body.chars().any(char::is_alphanumeric);
            assert!(
                !whole || words_are_open || !item.texts.iter().any(letters),
                "unmasked under a whole mask"
            );
        }
        if let Some(reveal) = &self.handed {
            assert!(
                self.desk.reveals(reveal),
                "clear pixels outlive their reveal"
            );
        }
        let model = self.model();
        let open = model.item.as_ref().and_then(|item| item.reveal.as_ref());
        let words_are_open = open.is_some_and(|r| r.open && r.part.is_words());
        assert!(
            words_are_open || !format!("{model:?}").contains(REPORTED),
            "clear words outside a durable reveal of them"
        );
        for row in model.history {
            assert!(
                self.committed.contains(&row.decision_id),
                "shown as decided, not on disk"
            );
        }
    }

    pub(crate) fn committed_and_standing(&self) -> BTreeSet<DecisionId> {
        self.committed
            .difference(&self.withdrawn)
            .cloned()
            .collect()
    }
}

impl Server {
    fn claim(&mut self, request: &ClaimsRequest, now: Now) -> ClaimsTaken {
        let mut taken = ClaimsTaken::default();
        let most = u64::from(request.severity_max.unwrap_or(4));
        for _ in 0..request.count {
            let allowed = |item: &serde_json::Value| {
                let out = |class| {
                    request
                        .exclude_classes
                        .iter()
                        .any(|c| Some(c.as_str()) == class)
                };
                let mut classes = item["classes"].as_array().into_iter().flatten();
                item["severity_hint"].as_u64().unwrap_or(0) <= most
                    && !classes.any(|class| out(class.as_str()))
            };
            let place = self.open.iter().position(allowed);
            let Some(item) = place.and_then(|at| self.open.remove(at)) else {
                break;
            };
            self.claims_made += 1;
            let claim_id = format!("claim-{}", self.claims_made);
            self.held.insert(claim_id.clone(), item.clone());
            let claim: Claim = serde_json::from_value(json!({"claim_id": claim_id, "fence": self.claims_made,
                "expires_at": Timestamp(now.utc_ms + 300_000), "offline_until": Timestamp(now.utc_ms + 1_800_000),
                "queue_id": "images", "item": item,
                "draft": self.hands_over.then(|| json!({"policy_ids": ["violence"], "note": "theirs",
                    "marks": [Mark::Region(Region::middle(0)), Mark::Region(Region::middle(9))]}))}))
            .unwrap();
            taken.claims.push(claim);
        }
        taken
    }

    fn asked(&mut self, key: &str, item: ItemId) -> Result<Consulted, CallFailed> {
        if let Some(refused) = &self.refuses {
            return Err(refused.clone());
        }
        if self.questions.iter().all(|(known, ..)| known != key) {
            self.questions.push((key.to_owned(), item, None));
        }
        Ok(Consulted {
            consult_id: format!("q-{key}"),
        })
    }

    pub(crate) fn answer_questions(&mut self, answer: &str) {
        for (.., slot) in &mut self.questions {
            *slot = Some(answer.to_owned());
        }
    }

    fn questions_of(&self, item: &ItemId) -> ItemState {
        let of_item = self.questions.iter().filter(|(_, of, _)| of == item);
        let rows = of_item.map(|(key, _, answer)| {
            let state = if answer.is_some() { "answered" } else { "open" };
            json!({"consult_id": format!("q-{key}"), "item_id": item.as_str(), "question": "",
                "state": state, "asked_at": Timestamp(0), "answer": answer, "by_role": "lead"})
        });
        serde_json::from_value(json!({"item": {"id": item.as_str(), "kind": "image"},
            "state": "claimed", "consults": rows.collect::<Vec<_>>()}))
        .unwrap()
    }

    fn asks(&self) -> Vec<Consult> {
        let rows = self.asked_of_me.iter();
        rows.map(|(id, item)| {
            serde_json::from_value(json!({"consult_id": id, "item_id": item["id"],
                "question": "is this an onion?", "state": "open", "asked_at": Timestamp(0)}))
            .unwrap()
        })
        .collect()
    }

    fn look(&mut self, id: &str, at: Timestamp) -> Result<Box<ConsultOpened>, CallFailed> {
        let asked = self.asked_of_me.iter().find(|(known, _)| known == id);
        let Some((_, item)) = asked else {
            return Err(too_late());
        };
        self.looks += 1;
        let opened = json!({"consult_id": id, "claim_id": format!("look-{}", self.looks),
            "expires_at": at.plus_ms(300_000), "question": "is this an onion?", "item": item});
        Ok(serde_json::from_value(opened).unwrap())
    }

    fn answered(&mut self, key: String, id: &str, answer: String) -> Result<(), CallFailed> {
        if self.answers.iter().any(|(known, ..)| *known == key) {
            return Ok(());
        }
        let at = self.asked_of_me.iter().position(|(known, _)| known == id);
        let at = at.ok_or_else(too_late)?;
        self.asked_of_me.remove(at);
        self.answers.push((key, id.to_owned(), answer));
        if self.loses_answers {
            Err(GONE)
        } else {
            Ok(())
        }
    }

    fn send(&mut self, decision: &Decision, at: Timestamp) -> Result<DecisionResult, CallFailed> {
        if !self.reachable {
            return Err(GONE);
        }
        self.received.push(decision.decision_id.clone());
        if let Some(refused) = &self.refuses {
            return Err(refused.clone());
        }
        if self.overtakes {
            return Ok(DecisionResult::Overtaken {
                by_role: "lead".into(),
                at,
                outcome: "remove".into(),
            });
        }
        let first = self.accepted.insert(decision.decision_id.clone());
        if first {
            self.decisions.push(decision.clone());
            self.held.remove(decision.claim_id.as_str());
            self.decided_items
                .insert(decision.item_id.clone(), decision.decision_id.clone());
        }
        let receipt = format!("receipt-{}", decision.decision_id);
        if self.loses_answers {
            Err(GONE)
        } else if first {
            Ok(DecisionResult::Accepted { receipt, at })
        } else {
            Ok(DecisionResult::Duplicate { receipt, at })
        }
    }
}

fn session(at: Timestamp) -> Session {
    serde_json::from_value(
        json!({"moderator_id": "m1", "display_name": "Moderator", "roles": ["moderator"],
        "capabilities": ["lease", "fence", "heartbeat", "consult"], "server_time": at,
        "environment": "test", "duty_contacts": [{"name": "Duty", "reach": "555"}]}),
    )
    .unwrap()
}
