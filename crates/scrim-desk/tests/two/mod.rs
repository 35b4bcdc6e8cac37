//! Two desks of one person, one server, and a true clock that only the test turns.

use std::collections::{BTreeMap, VecDeque};

use scrim_desk::{Desk, Effect, Event, ExposureFound, Fresh, Now, Restored};
use scrim_model::breaks::{BreakSaved, BreakSettings};
use scrim_model::exposure::{KeptExposure, Load};
use scrim_model::settings::Protection;
use scrim_model::view::{Part, RevealMode, ViewState};
use scrim_model::{ActionKind, Decision, DecisionId, ItemId, PolicyTree, Timestamp};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{
    Claim, ClaimsRequest, DayTotals, DecisionResult, HeartbeatRow, Session, ViewTotals,
};
use scrim_wire::window::{Command, LinkState, MediumState, WindowModel};
use serde_json::json;

/// One random thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blow(pub(crate) u32);

/// Weighted minutes and clear minutes of the day's caps: small, so that a sequence comes to them.
const WEIGHTED_MIN: u32 = 1;
const CLEAR_MIN: u32 = 1;
/// Half an hour after midnight, UTC: the longest honest day lies ahead.
const BEGIN_UTC_MS: i64 = 20_400 * 86_400_000 + 1_800_000;
/// No sequence is longer than this, so that no honest day can end.
const LONGEST_MS: u64 = 21 * 3_600_000;
/// Rounding of the floats of this module.
const ROUNDING_MIN: f64 = 1e-9;

/// What was truly seen of one item at one desk.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Minutes × (view + sound + colour).
    minutes: f64,
    clear_min: f64,
    hint: u8,
    judged: Option<u8>,
}

impl Seen {
    fn severity(self) -> u8 {
        self.judged.unwrap_or(self.hint)
    }

    fn weighted(self) -> f64 {
        self.minutes * [0.0, 0.25, 0.5, 1.0, 2.0][usize::from(self.severity())]
    }

    fn severe_clear(self) -> f64 {
        if self.severity() >= 3 {
            self.clear_min
        } else {
            0.0
        }
    }
}

/// One machine with one desk on it.
struct Machine {
    desk: Desk,
    name: &'static str,
    awake_ms: u64,
    boot_ms: u64,
    boots: u32,
    /// What somebody set the wall to, less the truth.
    wall_off_ms: i64,
    offset_s: i32,
    online: bool,
    window: bool,
    kept: Option<(Vec<u8>, u64, u32)>,
    breaks: BreakSaved,
    /// Awake time of the last input.
    input_ms: Option<u64>,
    seen: BTreeMap<ItemId, Seen>,
    decided: BTreeMap<DecisionId, ItemId>,
    /// Items that were on the screen: they may be finished.
    opened: Vec<ItemId>,
    /// What the server told of the other desk, when last asked: weighted, clear.
    told: Option<(f64, f64)>,
    told_true_ms: u64,
}

#[derive(Default)]
struct Server {
    items_made: u64,
    decisions: Vec<(&'static str, i64, Decision)>,
    claims: u64,
}

/// The whole.
pub(crate) struct Two {
    machines: [Machine; 2],
    server: Server,
    true_ms: u64,
    /// How long the last step took.
    step_ms: u64,
    ids_made: u64,
    random: u64,
    /// Whether Scrim may end without a word.
    pub(crate) kills: bool,
    reached: bool,
}

const GONE: CallFailed = CallFailed::Unreachable { after_s: None };

fn desk() -> Desk {
    let mut protection = Protection::default();
    protection.caps.weighted_min = WEIGHTED_MIN;
    protection.caps.notice_min = 0;
    protection.caps.clear_min = CLEAR_MIN;
    // Breaks are another matter.
    protection.breaks = BreakSettings {
        after_ms: u64::MAX,
        severe_after_ms: u64::MAX,
        ..BreakSettings::default()
    };
    let mut desk = Desk::new();
    desk.set_protection(protection);
    desk
}

fn machine(name: &'static str, boot_ms: u64) -> Machine {
    Machine {
        desk: desk(),
        name,
        awake_ms: boot_ms,
        boot_ms,
        boots: 0,
        wall_off_ms: 0,
        offset_s: 0,
        online: true,
        window: false,
        kept: None,
        breaks: BreakSaved::default(),
        input_ms: None,
        seen: BTreeMap::new(),
        decided: BTreeMap::new(),
        opened: Vec::new(),
        told: None,
        told_true_ms: 0,
    }
}

fn policies() -> PolicyTree {
    serde_json::from_value(json!({"version": 1, "policies": [
        {"id": "light", "name": "Light", "digit": 1, "severity": 1},
        {"id": "severe", "name": "Severe", "digit": 3, "severity": 3}]}))
    .unwrap()
}

impl Two {
    pub(crate) fn begin() -> Self {
        let mut two = Self {
            machines: [machine("a", 5_000), machine("b", 900_000)],
            server: Server::default(),
            true_ms: 0,
            step_ms: 0,
            ids_made: 0,
            random: 7,
            kills: true,
            reached: false,
        };
        for at in 0..2 {
            two.start(at);
        }
        two
    }

    pub(crate) fn reached(&self) -> bool {
        self.reached
    }

    fn true_utc(&self) -> i64 {
        BEGIN_UTC_MS + i64::try_from(self.true_ms).unwrap()
    }

    fn now(&self, at: usize) -> Now {
        let m = &self.machines[at];
        Now {
            awake_ms: m.awake_ms,
            boot_ms: m.boot_ms,
            utc_ms: self.true_utc() + m.wall_off_ms,
            offset_s: m.offset_s,
        }
    }

    fn start(&mut self, at: usize) {
        let m = &mut self.machines[at];
        let exposure = match &m.kept {
            None => ExposureFound::None,
            Some((bytes, boot_ms, boots)) => ExposureFound::Kept {
                kept: Box::new(KeptExposure::from_store(bytes).unwrap()),
                same_boot: *boots == m.boots,
                gap_ms: match *boots == m.boots {
                    true => m.boot_ms - boot_ms,
                    false => u64::MAX,
                },
            },
        };
        m.desk = desk();
        m.opened.clear();
        m.told = None;
        m.input_ms = None;
        m.window = false;
        let restored = Restored {
            signed_in: true,
            breaks: m.breaks,
            exposure,
            ..Restored::default()
        };
        self.event(at, Event::Started(Box::new(restored)));
        self.event(at, Event::WindowOpened);
        self.active(at);
        self.pass(at, 100);
    }

    fn active(&mut self, at: usize) {
        self.machines[at].input_ms = Some(self.machines[at].awake_ms);
        self.event(at, Event::Active);
    }

    fn command(&mut self, at: usize, command: Command) {
        self.machines[at].input_ms = Some(self.machines[at].awake_ms);
        self.event(at, Event::Command(command));
        self.event(at, Event::Tick);
    }

    /// Time passes for everybody; what the windows show meanwhile is seen.
    fn pass(&mut self, _at: usize, ms: u64) {
        for at in 0..2 {
            let model = self.machines[at].desk.model(self.now(at));
            self.machines[at].watch(&model, ms);
        }
        self.true_ms += ms;
        self.step_ms = ms;
        for m in &mut self.machines {
            m.awake_ms += ms;
            m.boot_ms += ms;
        }
        for at in 0..2 {
            self.event(at, Event::Tick);
        }
    }

    fn work(&mut self, at: usize, pieces: u64) {
        for _ in 0..pieces {
            self.active(at);
            self.pass(at, 12_000);
        }
    }

    /// One random blow.
    pub(crate) fn suffer(&mut self, Blow(random): Blow) {
        if self.true_ms > LONGEST_MS {
            return;
        }
        let at = usize::from(random & 1 == 1);
        let kind = random >> 1 & 31;
        let argument = u64::from(random >> 8 & 0xffff);
        let signed = i64::try_from(argument).unwrap() - 32_768;
        match kind {
            0..=6 => self.work(at, argument % 5 + 1),
            7 | 8 => {
                let full = argument % 3 > 0;
                let mode = if full {
                    RevealMode::Full
                } else {
                    RevealMode::Hold
                };
                self.command(at, Command::Reveal(mode));
                if argument % 2 == 0 {
                    self.command(at, Command::Colour(true));
                }
                self.pass(at, argument % 7_000 + 500);
            }
            9..=12 => {
                let digit = if argument % 4 == 0 { 1 } else { 3 };
                self.command(at, Command::Digit(digit));
                self.command(at, Command::Decide(ActionKind::Restrict));
                self.event(at, Event::Tick);
            }
            13 => self.command(at, Command::Undo),
            14 => self.command(at, Command::CoverAll),
            15 => self.command(at, Command::NotMe),
            16 if argument % 4 == 0 => self.command(at, Command::TakeBreak),
            16 => self.command(at, Command::EndBreak),
            17 => self.command(at, Command::EndShift),
            18 => self.command(at, Command::StartShift),
            19 | 20 => self.machines[at].wall_off_ms = signed * 3_600_000,
            21 => self.machines[at].offset_s = i32::try_from(argument % 100_801).unwrap() - 50_400,
            22 if self.kills => self.start(at),
            23 => {
                self.command(at, Command::EndShift);
                self.start(at);
            }
            24 | 25 => self.reboot(at, signed),
            26 => self.suspend(at, argument * 40),
            27 => self.machines[at].online = !self.machines[at].online,
            28 => self.machines[at].online = true,
            29 => self.event(at, Event::WindowGone { crashed: true }),
            30 => self.event(at, Event::WindowOpened),
            _ => self.pass(at, argument % 90_000),
        }
    }

    /// The machine is started anew, with a wall that says anything.
    fn reboot(&mut self, at: usize, wall_h: i64) {
        if !self.kills {
            self.command(at, Command::EndShift);
        }
        let m = &mut self.machines[at];
        m.boots += 1;
        m.awake_ms = 20_000;
        m.boot_ms = 20_000;
        m.wall_off_ms = wall_h * 3_600_000;
        self.start(at);
    }

    /// Everything sleeps for a while; the other machine is idle.
    fn suspend(&mut self, at: usize, ms: u64) {
        self.event(at, Event::Locked);
        let other = 1 - at;
        let model = self.machines[other].desk.model(self.now(other));
        self.machines[other].watch(&model, ms);
        self.true_ms += ms;
        self.step_ms = ms;
        self.machines[at].boot_ms += ms;
        self.machines[other].boot_ms += ms;
        self.machines[other].awake_ms += ms;
        for at in [at, other] {
            self.event(at, Event::Tick);
        }
    }

    /// Both desks work on, online and with true clocks.
    pub(crate) fn settle(&mut self) {
        for at in 0..2 {
            self.machines[at].online = true;
            self.event(at, Event::WindowOpened);
            self.command(at, Command::EndBreak);
            self.command(at, Command::StartShift);
        }
        self.pass(0, 61_000);
        for at in 0..2 {
            self.command(at, Command::Decide(ActionKind::Allow));
            self.pass(at, 10_000);
            self.command(at, Command::EndShift);
            self.assert_nothing_lost(at);
            let (weighted, clear) = self.machines[at].all();
            self.reached |= weighted >= f64::from(WEIGHTED_MIN) || clear >= f64::from(CLEAR_MIN);
        }
    }

    fn event(&mut self, at: usize, event: Event) {
        match event {
            Event::WindowOpened => self.machines[at].window = true,
            Event::WindowGone { .. } => self.machines[at].window = false,
            _ => {}
        }
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let ids = std::array::from_fn(|_| {
                self.ids_made += 1;
                format!("id-{}", self.ids_made)
            });
            let now = self.now(at);
            let opens_nothing = matches!(
                event,
                Event::CoverReady { .. }
                    | Event::ClearReady { .. }
                    | Event::Presented { .. }
                    | Event::RevealRecorded { .. }
                    | Event::Queues(_)
                    | Event::Policies(_)
            );
            let mut fresh = Fresh::new(ids, 30_000);
            let effects = self.machines[at].desk.step(now, &mut fresh, event);
            if !opens_nothing {
                self.check_opening(at);
            }
            for effect in effects {
                events.extend(self.carry_out(at, effect));
            }
        }
    }

    /// The promise: an item that is not light opens only while everything that this desk saw today,
    /// and everything that it was last told of the other one, is below the caps.
    fn check_opening(&mut self, at: usize) {
        let now = self.now(at);
        let m = &mut self.machines[at];
        let model = m.desk.model(now);
        let Some(item) = model.item else { return };
        if m.opened.contains(&item.id) {
            return;
        }
        m.opened.push(item.id);
        let (weighted, clear) = m.all();
        let is_reached = weighted >= f64::from(WEIGHTED_MIN) + ROUNDING_MIN
            || clear >= f64::from(CLEAR_MIN) + ROUNDING_MIN;
        self.reached |= is_reached;
        assert!(
            !is_reached || item.severity_hint <= 1,
            "desk {} opens severity {} after {weighted} weighted and {clear} clear minutes",
            m.name,
            item.severity_hint
        );
        // The totals are a minute old at most, but for the one step in which time passed.
        let age_ms = self.true_ms - m.told_true_ms;
        assert!(
            item.severity_hint <= 1
                || model.link != LinkState::Online
                || (m.told.is_some() && age_ms <= 60_000 + self.step_ms),
            "an item was opened on totals that are {age_ms} ms old"
        );
    }

    fn carry_out(&mut self, at: usize, effect: Effect) -> Option<Event> {
        let utc = Timestamp(self.true_utc());
        let online = self.machines[at].online;
        Some(match effect {
            Effect::RecordReveal { reveal, .. } => Event::RevealRecorded {
                reveal,
                durable: true,
            },
            Effect::RecordDecision(decision) => {
                let m = &mut self.machines[at];
                m.judge(&decision.item_id, Some(decision.severity));
                let made = (decision.decision_id.clone(), decision.item_id.clone());
                m.decided.insert(made.0, made.1);
                Event::DecisionRecorded {
                    decision_id: decision.decision_id,
                    durable: true,
                }
            }
            Effect::Withdraw { decision_id, .. } => {
                let m = &mut self.machines[at];
                let item = m.decided.remove(&decision_id).unwrap();
                m.judge(&item, None);
                Event::Withdrawn {
                    decision_id,
                    durable: true,
                }
            }
            Effect::OpenClear { reveal, .. } => Event::ClearReady { reveal },
            Effect::HandClear { reveal, .. } => Event::Presented { reveal },
            Effect::PrepareCover { key, .. } => Event::CoverReady {
                key,
                width: 4,
                height: 3,
            },
            Effect::FetchSession => Event::Session(self.ask(online, session(utc, None))),
            Effect::FetchDay { day_from } => {
                let (totals, told) = self.totals(at, day_from);
                if online {
                    let m = &mut self.machines[at];
                    (m.told, m.told_true_ms) = (Some(told), self.true_ms);
                }
                Event::Day(self.ask(online, session(utc, Some(totals))))
            }
            Effect::SaveExposure(kept) => {
                let m = &mut self.machines[at];
                m.kept = Some((kept.to_store(), m.boot_ms, m.boots));
                return None;
            }
            Effect::SaveBreak(saved) => {
                self.machines[at].breaks = saved;
                return None;
            }
            Effect::FetchQueues => Event::Queues(self.ask(online, Vec::new())),
            Effect::FetchPolicies => Event::Policies(self.ask(online, Box::new(policies()))),
            Effect::Claim { request, .. } if online => Event::Claims(Ok(self.claim(&request, utc))),
            Effect::Claim { .. } => Event::Claims(Err(GONE)),
            Effect::Heartbeat(ids) => {
                let row = |claim_id| HeartbeatRow {
                    claim_id,
                    expires_at: Some(utc.plus_ms(300_000)),
                    lost: None,
                };
                Event::Heartbeat(self.ask(online, ids.into_iter().map(row).collect()))
            }
            Effect::Release { .. } => Event::Released(self.ask(online, ())),
            Effect::SendDecision(decision) => {
                let decision_id = decision.decision_id.clone();
                if online {
                    let seen_at = decision.decided_at.plus_ms(decision.skew_ms).min(utc);
                    let name = self.machines[at].name;
                    self.server.decisions.push((name, seen_at.0, *decision));
                }
                let accepted = DecisionResult::Accepted {
                    receipt: "r".into(),
                    at: utc,
                };
                Event::Sent {
                    decision_id,
                    answer: self.ask(online, accepted),
                }
            }
            _ => return None,
        })
    }

    fn ask<T>(&self, online: bool, answer: T) -> Result<T, CallFailed> {
        if online { Ok(answer) } else { Err(GONE) }
    }

    /// The other desk's day as the server tells it, and what of it was truly decided.
    fn totals(&self, at: usize, day_from: Timestamp) -> (DayTotals, (f64, f64)) {
        let mut rows: BTreeMap<u8, ViewTotals> = BTreeMap::new();
        let mut told = (0.0, 0.0);
        for (desk, decided_ms, decision) in &self.server.decisions {
            if *desk == self.machines[at].name {
                continue;
            }
            // The truth has no filter: no honest day ends in a sequence.
            let seen = self.machines[1 - at].seen.get(&decision.item_id);
            let by_severity = [0.0, 0.25, 0.5, 1.0, 2.0][usize::from(decision.severity)];
            let row = rows.entry(decision.severity).or_default();
            row.severity = decision.severity;
            row.items += 1;
            for medium in &decision.media {
                let (covered, clear) = (
                    medium.ms_covered as f64 / 60_000.0,
                    medium.ms_clear as f64 / 60_000.0,
                );
                let full = medium.state == ViewState::Full;
                let by_view = if full { 1.0 } else { 0.75 };
                told.0 += (covered * 0.5 + clear * by_view) * by_severity;
                if full && decision.severity >= 3 {
                    told.1 += clear;
                }
                if let Some(seen) = seen {
                    // Colour is in no totals: at most a quarter of all that was clear.
                    let least = covered * 0.5 + clear * 0.75;
                    assert!(seen.minutes + ROUNDING_MIN >= least, "{seen:?} {medium:?}");
                    assert!(
                        seen.minutes <= covered * 0.5 + clear * 1.25 + ROUNDING_MIN,
                        "{seen:?} {medium:?}"
                    );
                }
                if *decided_ms < day_from.0 {
                    continue;
                }
                row.ms_covered += medium.ms_covered;
                match full {
                    true => row.ms_clear += medium.ms_clear,
                    false => row.ms_lens += medium.ms_clear,
                }
            }
        }
        let totals = DayTotals {
            from: day_from,
            other_desks_only: true,
            rows: rows.into_values().collect(),
        };
        (totals, told)
    }

    fn claim(&mut self, request: &ClaimsRequest, utc: Timestamp) -> ClaimsTaken {
        let mut taken = ClaimsTaken::default();
        for _ in 0..request.count {
            self.random = self
                .random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let severity = [0, 1, 2, 3, 3, 4, 4, 4][(self.random >> 40) as usize % 8];
            if severity > request.severity_max.unwrap_or(4) {
                continue;
            }
            self.server.items_made += 1;
            self.server.claims += 1;
            let claim: Claim = serde_json::from_value(json!({
                "claim_id": format!("claim-{}", self.server.claims), "fence": self.server.claims,
                "expires_at": utc.plus_ms(86_400_000), "queue_id": "images",
                "item": {"id": format!("item-{}", self.server.items_made), "kind": "image",
                    "severity_hint": severity, "media": [{"n": 0, "mime": "image/png", "bytes": 1}]}}))
            .unwrap();
            taken.claims.push(claim);
        }
        taken
    }

    fn ledger(&self, at: usize) -> (Load, Load) {
        let (bytes, ..) = self.machines[at].kept.as_ref().unwrap();
        let ledger = KeptExposure::from_store(bytes).unwrap().ledger;
        (ledger.today(), ledger.others())
    }

    /// The ledger holds no less than what was seen, whatever happened.
    fn assert_nothing_lost(&self, at: usize) {
        let (today, others) = self.ledger(at);
        let (weighted, clear) = self.machines[at].own();
        let own = today.weighted.minutes() - others.weighted.minutes();
        assert!(own + ROUNDING_MIN >= weighted, "{own} < {weighted}");
        let own_clear = (today.severe_clear_ms - others.severe_clear_ms) as f64 / 60_000.0;
        assert!(own_clear + ROUNDING_MIN >= clear, "{own_clear} < {clear}");
    }

    /// And no more, if Scrim always ended in order.
    pub(crate) fn assert_exact(&self) {
        for at in 0..2 {
            let (today, others) = self.ledger(at);
            let (weighted, clear) = self.machines[at].own();
            let own = today.weighted.minutes() - others.weighted.minutes();
            assert!((own - weighted).abs() < ROUNDING_MIN, "{own} {weighted}");
            let own_clear = (today.severe_clear_ms - others.severe_clear_ms) as f64 / 60_000.0;
            assert!(
                (own_clear - clear).abs() < ROUNDING_MIN,
                "{own_clear} {clear}"
            );
        }
    }
}

impl Machine {
    /// What the window shows for `ms` is seen, as far as the moderator is there.
    fn watch(&mut self, model: &WindowModel, ms: u64) {
        let Some(item) = model.item.as_ref().filter(|_| self.window) else {
            return;
        };
        let reveal = item.reveal.as_ref().filter(|reveal| reveal.open);
        let there_ms = match (reveal, self.input_ms) {
            (Some(_), _) => ms,
            (None, Some(input)) => (input + 15_000).saturating_sub(self.awake_ms).min(ms),
            (None, None) => 0,
        };
        let view = match reveal.map(|reveal| (&reveal.part, reveal.mode)) {
            Some((Part::Medium(_), RevealMode::Full)) => 1.0,
            Some(_) => 0.75,
            None if matches!(item.media[0], MediumState::Covered { .. }) => 0.5,
            None => 0.0,
        };
        let colour = match reveal.is_some_and(|reveal| reveal.colour) {
            true => 0.25,
            false => 0.0,
        };
        let minutes = there_ms as f64 / 60_000.0;
        let seen = self.seen.entry(item.id.clone()).or_default();
        seen.hint = item.severity_hint;
        seen.minutes += minutes * (view + colour);
        if view == 1.0 {
            seen.clear_min += minutes;
        }
    }

    fn judge(&mut self, item: &ItemId, severity: Option<u8>) {
        self.seen.entry(item.clone()).or_default().judged = severity;
    }

    fn own(&self) -> (f64, f64) {
        let all = self.seen.values();
        all.fold((0.0, 0.0), |(weighted, clear), seen| {
            (weighted + seen.weighted(), clear + seen.severe_clear())
        })
    }

    fn all(&self) -> (f64, f64) {
        let (own, told) = (self.own(), self.told.unwrap_or_default());
        (own.0 + told.0, own.1 + told.1)
    }
}

fn session(at: Timestamp, totals: Option<DayTotals>) -> Box<Session> {
    let mut session: Session = serde_json::from_value(json!({"moderator_id": "m1",
        "display_name": "Moderator", "roles": ["moderator"],
        "capabilities": ["lease", "fence", "heartbeat"], "server_time": at, "environment": "test"}))
    .unwrap();
    session.day_totals = totals;
    Box::new(session)
}
