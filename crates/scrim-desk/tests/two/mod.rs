//! Two desks of one person, one server, and a true clock that only the test turns.

mod machine;
mod server;

use std::collections::VecDeque;

use scrim_desk::{Effect, Event, ExposureFound, Fresh, Now, Restored};
use scrim_model::exposure::{KeptExposure, Load};
use scrim_model::view::RevealMode;
use scrim_model::{ActionKind, Timestamp};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{DecisionResult, HeartbeatRow};
use scrim_wire::window::{Command, LinkState};

use machine::{CLEAR_MIN, Machine, WEIGHTED_MIN, desk, machine};
use server::{Server, policies, session};

/// One random thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blow(pub(crate) u32);

/// Half an hour after midnight, UTC: the longest honest day lies ahead.
const BEGIN_UTC_MS: i64 = 20_400 * 86_400_000 + 1_800_000;
/// No sequence is longer than this, so that no honest day can end.
const LONGEST_MS: u64 = 21 * 3_600_000;
/// Rounding of the floats of this module.
const ROUNDING_MIN: f64 = 1e-9;

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
            self.command(at, Command::Unlock(None));
        }
    }

    /// Both desks work on, online and with true clocks.
    pub(crate) fn settle(&mut self) {
        for at in 0..2 {
            self.machines[at].online = true;
            self.event(at, Event::WindowOpened);
            self.command(at, Command::Unlock(None));
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
            Effect::RecordDecision { decision, .. } => {
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
            Effect::MarkInFlight { ids, key } => Event::Marked {
                ids,
                key,
                durable: true,
            },
            Effect::OpenClear { reveal, .. } => Event::ClearReady { reveal },
            Effect::HandClear { reveal, .. } => Event::Presented { reveal },
            Effect::PrepareCover { key, .. } => Event::CoverReady {
                key,
                width: 4,
                height: 3,
                whole: true,
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
                    answer: self.ask(online, (accepted, None)),
                }
            }
            _ => return None,
        })
    }

    fn ask<T>(&self, online: bool, answer: T) -> Result<T, CallFailed> {
        if online { Ok(answer) } else { Err(GONE) }
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
