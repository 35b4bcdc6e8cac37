//! The desk's state.

use std::collections::{BTreeSet, VecDeque};

use scrim_model::breaks::BreakTimer;
use scrim_model::settings::Protection;
use scrim_model::{DecisionId, ItemId, MediumKey, PolicyTree, WordList};
use scrim_wire::protocol::{QueueInfo, Session};
use scrim_wire::window::{ConflictView, FeedbackView, HistoryRow, Notice, NoticeKey, PolicyChange};

use crate::clock::Now;
use crate::limits::NOTICES_MAX;
use crate::parts::asked::{Asked, Confirming, Reveal};
use crate::parts::comparing::Comparing;
use crate::parts::copies::Copies;
use crate::parts::correct::Correcting;
use crate::parts::decided::{Decided, Escalated, Recording, Undoing};
use crate::parts::exposure::Exposure;
use crate::parts::film::Playing;
use crate::parts::hand::Hand;
use crate::parts::link::Link;
use crate::parts::lock::{Left, Lock};
use crate::parts::look::AskedOfMe;
use crate::parts::slip::Slip;

/// One moderator's desk at one queue server.
pub struct Desk {
    pub(crate) revision: u64,
    pub(crate) signed_in: bool,
    pub(crate) shift: bool,
    pub(crate) store_fault: Option<String>,
    pub(crate) session: Option<Session>,
    pub(crate) queues: Vec<QueueInfo>,
    pub(crate) policies: PolicyTree,
    pub(crate) policies_known: bool,
    /// The tree that the store holds, while changes wait to be read.
    pub(crate) policies_read: Option<PolicyTree>,
    pub(crate) policy_changes: Vec<PolicyChange>,
    pub(crate) link: Link,
    pub(crate) hand: Hand,
    /// What colleagues ask this person.
    pub(crate) asked_of_me: AskedOfMe,
    pub(crate) refused_items: VecDeque<ItemId>,
    pub(crate) queue_empty: bool,
    pub(crate) reveal: Option<Reveal>,
    /// The film or sound that plays.
    pub(crate) playing: Option<Playing>,
    /// Starts and jumps so far.
    pub(crate) plays: u64,
    /// The medium whose clear pixels are made ahead of a reveal.
    pub(crate) ahead: Option<MediumKey>,
    /// A reveal that waits until an unconfirmed claim has been checked.
    pub(crate) reveal_after_check: Option<Asked>,
    /// A whole picture of the gravest severity waits for a reason.
    pub(crate) asks_reason: bool,
    /// Words that are masked besides what the server flags.
    pub(crate) masked_words: WordList,
    pub(crate) confirm: Option<Confirming>,
    /// A correction that the moderator is making.
    pub(crate) correcting: Option<Correcting>,
    /// A decision that the store reads for a correction.
    pub(crate) correct_next: Option<DecisionId>,
    /// A decision that the store is writing.
    pub(crate) recording: Option<Recording>,
    pub(crate) slip: Slip,
    /// Decisions that the store is taking back.
    pub(crate) withdrawing: usize,
    pub(crate) copies: Copies,
    pub(crate) outbox: Vec<Decided>,
    pub(crate) escalated: Vec<Escalated>,
    /// Decisions that were sent and are to be undone.
    pub(crate) undoing: Vec<Undoing>,
    /// These records against what the server saw of them.
    pub(crate) comparing: Comparing,
    pub(crate) history: VecDeque<HistoryRow>,
    /// Items of own decisions of which the server is asked what became of them.
    pub(crate) later_wanted: VecDeque<ItemId>,
    pub(crate) later_reading: bool,
    pub(crate) conflicts: VecDeque<ConflictView>,
    /// What training decisions were expected to find, oldest first.
    pub(crate) feedback: VecDeque<FeedbackView>,
    pub(crate) notices: VecDeque<Notice>,
    pub(crate) notices_made: u64,
    pub(crate) breaks: BreakTimer,
    pub(crate) break_told: bool,
    pub(crate) break_over_told: bool,
    pub(crate) next_save_awake_ms: u64,
    pub(crate) next_draft_awake_ms: u64,
    pub(crate) active_at: Option<Now>,
    pub(crate) accrued_awake_ms: u64,
    pub(crate) covered_all: bool,
    pub(crate) covered_all_at: Option<u64>,
    pub(crate) lock: Lock,
    /// Who was signed in until just now has gone, and how.
    pub(crate) left: Option<Left>,
    pub(crate) window: bool,
    pub(crate) window_crashed: bool,
    /// The settings in force.
    pub(crate) protection: Protection,
    pub(crate) exposure: Exposure,
    pub(crate) rules: crate::parts::settings::Rules,
    pub(crate) check_ins: crate::parts::checkin::CheckIns,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// A desk before its first event.
    #[must_use]
    pub fn new() -> Self {
        Self {
            revision: 0,
            signed_in: false,
            shift: true,
            store_fault: None,
            session: None,
            queues: Vec::new(),
            policies: PolicyTree::default(),
            policies_known: false,
            policies_read: None,
            policy_changes: Vec::new(),
            link: Link::default(),
            hand: Hand::default(),
            asked_of_me: AskedOfMe::default(),
            refused_items: VecDeque::new(),
            queue_empty: false,
            reveal: None,
            playing: None,
            plays: 0,
            ahead: None,
            reveal_after_check: None,
            asks_reason: false,
            masked_words: crate::words::masked_words(&BTreeSet::new()),
            confirm: None,
            correcting: None,
            correct_next: None,
            recording: None,
            slip: Slip::None,
            withdrawing: 0,
            copies: Copies::default(),
            outbox: Vec::new(),
            escalated: Vec::new(),
            undoing: Vec::new(),
            comparing: Comparing::default(),
            history: VecDeque::new(),
            later_wanted: VecDeque::new(),
            later_reading: false,
            conflicts: VecDeque::new(),
            feedback: VecDeque::new(),
            notices: VecDeque::new(),
            notices_made: 0,
            breaks: BreakTimer::restored(
                scrim_model::breaks::BreakSettings::default(),
                scrim_model::breaks::BreakSaved::default(),
                0,
                0,
            ),
            break_told: false,
            break_over_told: false,
            next_save_awake_ms: 0,
            next_draft_awake_ms: 0,
            active_at: None,
            accrued_awake_ms: 0,
            covered_all: false,
            covered_all_at: None,
            lock: Lock::default(),
            left: None,
            window: false,
            window_crashed: false,
            protection: Protection::default(),
            exposure: Exposure::default(),
            rules: crate::parts::settings::Rules::default(),
            check_ins: crate::parts::checkin::CheckIns::default(),
        }
    }

    /// The settings in force from now on.
    pub fn set_protection(&mut self, protection: Protection) {
        self.breaks.set_settings(protection.breaks);
        self.protection = protection;
    }

    /// Whether the server said, in this session, that it can do this.
    pub(crate) fn server_can(&self, capability: &str) -> bool {
        let session = self.session.as_ref();
        session.is_some_and(|s| s.capabilities.iter().any(|name| name == capability))
    }

    /// Adds a sentence for the window; the same one twice in a row is said once.
    pub(crate) fn notice(&mut self, key: NoticeKey, arg: impl Into<String>) {
        let arg = arg.into();
        if self
            .notices
            .back()
            .is_some_and(|last| last.key == key && last.arg == arg)
        {
            return;
        }
        self.notices_made += 1;
        self.notices.push_back(Notice {
            id: self.notices_made,
            key,
            arg,
        });
        while self.notices.len() > NOTICES_MAX {
            let oldest = self.notices.iter().position(|n| n.key.can_dismiss());
            self.notices.remove(oldest.unwrap_or(0));
        }
    }
}
