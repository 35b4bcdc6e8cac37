//! What the window is shown: a model without a single clear pixel, words masked unless a durable
//! reveal of them is open.

use scrim_model::breaks::BreakPhase;
use scrim_model::item::KnownMatch;
use scrim_model::serving::Opening;
use scrim_model::view::WordPlace;
use scrim_model::{Environment, ModeratorId, PolicyTree};
use scrim_wire::window::{
    AuthorView, CheckInStands, CheckInView, ClaimState, ConfirmView, ConfirmWhat, Draft, HeldView,
    ItemView, LinkState, RevealView, Screen, SyncState, Wellbeing, WindowModel,
};

use crate::clock::Now;
use crate::desk::Desk;
use crate::limits::{CONFIRM_MS, QUESTIONS_MAX, SEVERITY_MAX};
use crate::parts::asked::{AskedFor, Reveal};
use crate::parts::hand::HandItem;
use crate::parts::judge::allowed;
use crate::team::may_lead;

/// Why severe items wait.
enum Limited {
    /// The day's limit is reached.
    Cap,
    /// Several were opened in a row.
    Row { left_s: u32 },
}

impl Desk {
    /// Everything that the window shows at `now`. Two models of the same desk differ only in what
    /// has changed; `revision` grows with every step.
    #[must_use]
    pub fn model(&self, now: Now) -> WindowModel {
        let screen = self.screen(now);
        if self.lock.is_on() || self.left.is_some() {
            return self.shut_model(now, screen);
        }
        let show_item = matches!(screen, Screen::Serving);
        let oldest = self.queues.iter().filter_map(|q| q.oldest_at).min();
        WindowModel {
            revision: self.revision,
            environment: self.session.as_ref().map(|s| s.environment.clone()),
            moderator: self
                .session
                .as_ref()
                .map_or_else(String::new, |s| s.display_name.clone()),
            leads: self.leads(),
            practice: self.has_practice(),
            queue_names: self
                .queues
                .iter()
                .map(|q| q.name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            waiting: self
                .queues
                .iter()
                .fold(0, |sum, q| sum.saturating_add(q.pending)),
            oldest_min: oldest.map(|at| now.utc().since_ms(at).max(0).unsigned_abs() / 60_000),
            in_hand: u32::try_from(self.hand.claimed()).unwrap_or(u32::MAX),
            link: self.link_state(now),
            waiting_to_sync: self.unconfirmed(),
            held: self.held_views(now),
            item: self
                .hand
                .open
                .as_ref()
                .filter(|_| show_item)
                .map(|held| self.item_view(held)),
            copies: self.copies_view(now).filter(|_| screen == Screen::Copies),
            policies: self.policies.clone(),
            draft: self
                .hand
                .open
                .as_ref()
                .filter(|_| show_item)
                .map_or_else(Draft::default, draft),
            asked_of_me: self.asked_views(),
            confirm: self.confirm_view(now),
            correction: self.correction_view(now),
            asks_reason: self.asks_reason && show_item,
            wellbeing: self.wellbeing(now),
            check_in: self.check_in_view(),
            policy_changes: self.policy_changes.clone(),
            feedback: self.feedback.front().cloned(),
            notices: self.notices.iter().cloned().collect(),
            conflicts: self.conflicts.iter().cloned().collect(),
            history: self.history_rows(),
            duty_contacts: self.duty_contacts(),
            screen,
        }
    }

    /// Whether who is signed in may see the lead's view.
    pub(crate) fn leads(&self) -> bool {
        self.session.iter().flat_map(|s| &s.roles).any(may_lead)
    }

    /// Whether some of the items can be practice. At a training server all of them are, and each says
    /// what was expected.
    fn has_practice(&self) -> bool {
        let session = self.session.as_ref();
        let is_training = session.is_some_and(|s| s.environment == Environment::Training);
        self.server_can("practice_items") && !is_training
    }

    /// Who is signed in, as the server last said.
    #[must_use]
    pub fn moderator(&self) -> Option<&ModeratorId> {
        self.session.as_ref().map(|session| &session.moderator_id)
    }

    pub(crate) fn duty_contacts(&self) -> Vec<String> {
        let session = self.session.iter();
        session
            .flat_map(|s| &s.duty_contacts)
            .map(|c| format!("{}: {}", c.name, c.reach))
            .collect()
    }

    /// Under the lock, and after the end of a sign-in: no item, no name, no list, no notice.
    fn shut_model(&self, now: Now, screen: Screen) -> WindowModel {
        let left = self.left.as_ref().filter(|left| left.urgent);
        WindowModel {
            revision: self.revision,
            environment: self.session.as_ref().map(|s| s.environment.clone()),
            moderator: String::new(),
            leads: false,
            practice: false,
            queue_names: String::new(),
            waiting: 0,
            oldest_min: None,
            in_hand: 0,
            link: LinkState::Unknown,
            waiting_to_sync: self.unconfirmed(),
            held: Vec::new(),
            item: None,
            copies: None,
            policies: PolicyTree::default(),
            draft: Draft::default(),
            asked_of_me: Vec::new(),
            confirm: None,
            correction: None,
            asks_reason: false,
            wellbeing: self.wellbeing(now),
            check_in: CheckInView {
                stands: CheckInStands::NotNow,
                kept_days: None,
            },
            policy_changes: Vec::new(),
            feedback: None,
            notices: Vec::new(),
            conflicts: Vec::new(),
            history: Vec::new(),
            duty_contacts: left.map_or_else(Vec::new, |left| left.contacts.clone()),
            screen,
        }
    }

    /// How long the desk can be left alone, in milliseconds; a `Tick` is due then.
    #[must_use]
    pub fn tick_after_ms(&self) -> u64 {
        let soon = self.reveal.is_some()
            || self.confirm.is_some()
            || self.correcting.is_some()
            || self.copies.offer.is_some()
            || self.outbox.iter().any(|d| d.state == SyncState::Held)
            || !self.link.online;
        if soon { 100 } else { 500 }
    }

    /// The open, durable reveal, if there is one: while it lasts the window is pinged.
    #[must_use]
    pub fn is_revealed(&self) -> bool {
        self.reveal.as_ref().is_some_and(|r| r.durable)
    }

    /// Whether this reveal is still the one in force: clear pixels of any other are dropped.
    #[must_use]
    pub fn reveals(&self, id: &scrim_model::RevealId) -> bool {
        self.reveal
            .as_ref()
            .is_some_and(|r| r.durable && &r.id == id)
    }

    /// Whether media of this item may be in memory: not on a break or under the lock, not after its
    /// decision went.
    #[must_use]
    pub fn keeps_media_of(&self, item: &scrim_model::ItemId, now: Now) -> bool {
        !self.resting(now) && !self.lock.is_on() && self.holds(item)
    }

    /// SHA-256 that the server names for a medium in hand, in hexadecimal digits.
    #[must_use]
    pub fn sha256_named(&self, medium: &scrim_model::MediumKey) -> Option<String> {
        let held = self.hand.iter().find(|held| held.item.id == medium.item)?;
        held.item.media.get(medium.n as usize)?.sha256.clone()
    }

    /// Whether this is the item on the screen.
    #[must_use]
    pub fn has_open(&self, item: &scrim_model::ItemId) -> bool {
        let open = self.hand.open.as_ref();
        open.is_some_and(|held| held.item.id == *item)
    }

    fn screen(&self, now: Now) -> Screen {
        if let Some(message) = &self.store_fault {
            return Screen::StoreFailed {
                message: message.clone(),
            };
        }
        if let Some(key) = self.lock.key {
            return Screen::Locked { key };
        }
        if let Some(left) = &self.left {
            return Screen::Left {
                revoked: left.revoked,
                waiting: left.waiting,
                urgent: left.urgent,
            };
        }
        if self.covered_all {
            return Screen::CoveredAll;
        }
        if self.resting(now) {
            return Screen::OnBreak;
        }
        if !self.shift {
            return Screen::ShiftEnded {
                unconfirmed: self.unconfirmed(),
            };
        }
        if self.hand.open.is_some() {
            return Screen::Serving;
        }
        if !self.policy_changes.is_empty() {
            return Screen::PoliciesChanged;
        }
        if self.breaks.phase(now.boot_ms) == BreakPhase::Exhausted {
            return Screen::BreakNeeded;
        }
        if !self.signed_in {
            return Screen::SignedOut;
        }
        if self.copies.offer.is_some() {
            return Screen::Copies;
        }
        if let Some(message) = &self.link.refusal {
            return Screen::ServerSaysNo {
                message: message.clone(),
            };
        }
        if !self.link.online && (self.link.ever || self.link.failures > 0) {
            return Screen::OfflineEmpty;
        }
        let nothing_waits = self.link.online && self.queue_empty;
        match self.limited(now) {
            Some(Limited::Cap) if nothing_waits || self.claim_limits(now).is_none() => {
                Screen::LimitReached
            }
            Some(Limited::Row { left_s }) if nothing_waits || !self.hand.next.is_empty() => {
                Screen::LighterNext { left_s }
            }
            _ if nothing_waits => Screen::QueueEmpty,
            _ => Screen::Connecting,
        }
    }

    /// Why severe items are not served now, if they are not.
    fn limited(&self, now: Now) -> Option<Limited> {
        match self.standing(now).opening(SEVERITY_MAX, &[]) {
            Opening::Capped => Some(Limited::Cap),
            Opening::Pause { left_ms } => Some(Limited::Row {
                left_s: u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX),
            }),
            Opening::Open | Opening::OptedOut => None,
        }
    }

    fn link_state(&self, now: Now) -> LinkState {
        if self.link.online {
            LinkState::Online
        } else if self.link.failures == 0 && !self.link.ever {
            LinkState::Unknown
        } else {
            let left_ms = self.link.retry_awake_ms.saturating_sub(now.awake_ms);
            LinkState::Offline {
                retry_in_s: u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX),
            }
        }
    }

    fn held_views(&self, now: Now) -> Vec<HeldView> {
        let held = self.outbox.iter().filter(|d| d.state == SyncState::Held);
        held.map(|d| HeldView {
            decision_id: d.decision.decision_id.clone(),
            action: d
                .decision
                .actions
                .first()
                .map_or_else(|| "none".into(), |a| a.kind.clone()),
            left_ms: whole_seconds_ms(d.held_until_awake_ms.saturating_sub(now.awake_ms)),
        })
        .collect()
    }

    fn confirm_view(&self, now: Now) -> Option<ConfirmView> {
        self.confirm.as_ref().map(|c| ConfirmView {
            what: match &c.what {
                AskedFor::Action(action) => ConfirmWhat::Action(action.clone()),
                AskedFor::Copies(which) => self.confirms_copies(now, *which),
                AskedFor::Aimed => ConfirmWhat::Aimed {
                    contact: self.safety_contact(),
                },
            },
            to: if c.priority == 1 {
                "danger_to_life"
            } else {
                "lead"
            }
            .to_owned(),
            priority: c.priority,
            ready: now.awake_ms.saturating_sub(c.since_awake_ms) >= CONFIRM_MS,
        })
    }

    fn wellbeing(&self, now: Now) -> Wellbeing {
        let minutes = |ms: u64| u32::try_from(ms / 60_000).unwrap_or(u32::MAX);
        Wellbeing {
            active_min: minutes(self.breaks.active_ms()),
            due_after_min: minutes(self.breaks.due_at_ms()),
            phase: whole_seconds(self.breaks.phase(now.boot_ms)),
            snoozes_left: self.breaks.snoozes_left(),
            exposure: self.exposure_view(),
        }
    }

    fn item_view(&self, held: &HandItem) -> ItemView {
        let item = &held.item;
        let open = self.reveal.as_ref().filter(|r| r.durable).map(|r| &r.part);
        let known = item
            .media
            .iter()
            .filter_map(|m| m.known.as_ref())
            .max_by_key(|k| k.match_kind == KnownMatch::Exact);
        ItemView {
            id: item.id.clone(),
            kind: item.kind.clone(),
            label: item.label.clone(),
            classes: item.classes.clone(),
            severity_hint: item.severity_hint,
            priority: item.priority,
            known: known.map(|k| format!("{} · {}", k.match_kind.as_str(), k.list)),
            known_exact: item.is_known_exact(),
            copy_of: self.copy_view(held),
            parts: held.parts(),
            selected: held.selected.clone(),
            media: held.media.clone(),
            without_landlock: held.without_landlock.contains(&true),
            films: self.film_views(held),
            step: held.step,
            step_min: self.weakest_step(&item.classes),
            style: held.style,
            texts: held.masks.text_views(item, WordPlace::Text, open),
            context: held.masks.text_views(item, WordPlace::Context, open),
            reports: held.masks.report_views(&item.reports, open),
            appeal: held.masks.appeal_view(item, open),
            author: item.author.as_ref().map(|a| AuthorView {
                account_age_d: a.account_age_d,
                prior_actions: a.prior_actions,
            }),
            signals: item.signals.iter().map(signal_line).collect(),
            link: item.link.as_ref().map(|l| {
                l.redirects
                    .iter()
                    .map(String::as_str)
                    .chain([l.domain.as_str()])
                    .collect::<Vec<_>>()
                    .join(" → ")
            }),
            allowed: allowed(held),
            claim: self.claim_state(held),
            reveal: self.reveal.as_ref().map(reveal_view),
            questions: held.questions.views(|words| self.listed_masked(words)),
            can_ask: self.can_consult()
                && !held.is_look()
                && held.questions.rows.len() < QUESTIONS_MAX,
            for_colleague: self.look_view(held),
            reported_at: item.reported_at,
        }
    }

    fn claim_state(&self, held: &HandItem) -> ClaimState {
        if self.session.is_some() && !self.server_can("lease") {
            ClaimState::Advisory
        } else if held.unconfirmed {
            ClaimState::Unconfirmed
        } else {
            ClaimState::Held
        }
    }
}

/// A resting phase is shown to the second, so that a model changes once a second at the most.
fn whole_seconds(phase: BreakPhase) -> BreakPhase {
    match phase {
        BreakPhase::Resting { left_ms } => BreakPhase::Resting {
            left_ms: left_ms.div_ceil(1000) * 1000,
        },
        other => other,
    }
}

fn whole_seconds_ms(left_ms: u64) -> u32 {
    u32::try_from(left_ms.div_ceil(1000) * 1000).unwrap_or(u32::MAX)
}

fn draft(held: &HandItem) -> Draft {
    let of_medium = held.judged_medium();
    let of_item = held.draft_policy.clone();
    // What the queue names counts only where nothing is chosen.
    let nothing = of_item.is_none() && held.draft_media.is_empty();
    let named = held.item.default_policy.clone().filter(|_| nothing);
    Draft {
        parent: held.draft_parent.clone(),
        chosen: held.chosen_here().cloned().or_else(|| named.clone()),
        of_medium,
        media: held.draft_media.clone().into_iter().collect(),
        of_item: of_item.or(named),
        unsure: held.draft_unsure,
        note: held.draft_note.clone(),
        marks: held.draft_marks.clone(),
    }
}

fn reveal_view(reveal: &Reveal) -> RevealView {
    RevealView {
        id: reveal.id.clone(),
        mode: reveal.mode,
        part: reveal.part.clone(),
        open: reveal.durable,
        colour: reveal.colour,
        sound: reveal.sound,
    }
}

fn signal_line(signal: &scrim_model::item::Signal) -> String {
    let share = |millionths: u32| f64::from(millionths) / 1e6;
    format!(
        "{} {:.2} (≥ {:.2})",
        signal.name,
        share(signal.score),
        share(signal.threshold)
    )
}
