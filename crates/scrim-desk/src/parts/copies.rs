//! Copies and items of one author: own decisions that may be repeated, what is offered, what is being repeated.

use std::collections::VecDeque;

use scrim_model::hashes::{FileHashes, Likeness, likeness_of_all};
use scrim_model::{ActionKind, Decision, DecisionId, ItemId, Kind, MediumKey, PolicyId, Timestamp};

use crate::limits::{CONFIRM_MS, EARLIER_MAX};

/// An own decision that may be repeated for copies of its item, or for its author's other items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    pub(crate) decision_id: DecisionId,
    pub(crate) action: ActionKind,
    pub(crate) policy: Option<PolicyId>,
    pub(crate) policy_version: u64,
    /// Passed on, or of the gravest severity: repeating it is confirmed.
    pub(crate) is_grave: bool,
    pub(crate) at: Timestamp,
    /// Of its item's media; empty if it is not repeated for copies.
    hashes: Vec<FileHashes>,
    /// The author whom it is about, if it is about one; known in the run that made it only.
    author: Option<String>,
}

impl Earlier {
    /// `None` for a decision that is not repeated for copies: made of words as well, in doubt, in training, itself
    /// repeated, or of media that are not all known.
    #[must_use]
    pub fn of(decision: &Decision) -> Option<Self> {
        Self::made(decision, None)
    }

    /// The same of a decision on an item of this author: what it says of them may be repeated too.
    pub(crate) fn made(decision: &Decision, author: Option<&str>) -> Option<Self> {
        let [action] = &decision.actions[..] else {
            return None;
        };
        let was_judged_here = !decision.training && decision.propagated_from.is_none();
        if !was_judged_here || decision.unsure {
            return None;
        }
        let hashes = hashes_of(decision).unwrap_or_default();
        let author = author.filter(|_| is_about_author(decision, &action.kind));
        if hashes.is_empty() && author.is_none() {
            return None;
        }
        Some(Self {
            decision_id: decision.decision_id.clone(),
            action: action.kind.clone(),
            policy: decision.policy_ids.first().cloned(),
            policy_version: decision.policy_version,
            is_grave: is_grave(decision, &action.kind),
            at: decision.decided_at,
            hashes,
            author: author.map(str::to_owned),
        })
    }

    /// How an item with these media is a copy of the one that was decided.
    pub(crate) fn likeness(&self, media: &[Hashed]) -> Option<Likeness> {
        if self.hashes.is_empty() {
            return None;
        }
        let those = self.hashes.iter().map(Some);
        likeness_of_all(media.iter().map(Hashed::known), those)
    }
}

/// What the media of a decided item are known by, if it is nothing but its media and all are known.
fn hashes_of(decision: &Decision) -> Option<Vec<FileHashes>> {
    let is_media =
        decision.item_texts == Some(0) && decision.item_kind.as_ref().is_some_and(is_its_media);
    let hashes = decision.media.iter().map(|medium| medium.hashes.clone());
    if is_media { hashes.collect() } else { None }
}

/// Whether a decision is about an author: something is done about them, or their account was judged and not let be.
fn is_about_author(decision: &Decision, action: &ActionKind) -> bool {
    match action {
        ActionKind::WarnAuthor | ActionKind::LimitAuthor | ActionKind::SuspendAuthor => true,
        ActionKind::Allow => false,
        _ => decision.item_kind == Some(Kind::Account),
    }
}

/// Whether an item of this kind, without words of its own, is nothing but its media. An account is more than its
/// picture, and a link more than a capture of its page.
pub(crate) fn is_its_media(kind: &Kind) -> bool {
    matches!(kind, Kind::Image | Kind::Video | Kind::Audio)
}

/// Whether repeating it is confirmed, as making it is.
fn is_grave(decision: &Decision, action: &ActionKind) -> bool {
    decision.escalate.is_some() || (decision.severity >= 4 && *action != ActionKind::Allow)
}

/// What is known of a medium's hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Hashed {
    /// Nothing yet.
    #[default]
    NotYet,
    /// They cannot be found.
    Never,
    /// These.
    As(Box<FileHashes>),
}

impl Hashed {
    pub(crate) fn known(&self) -> Option<&FileHashes> {
        match self {
            Self::As(hashes) => Some(hashes),
            Self::NotYet | Self::Never => None,
        }
    }
}

/// Copies that are offered before any of them is shown. Which these are does not change while they are offered.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) of: DecisionId,
    pub(crate) exact: Vec<ItemId>,
    /// Nearest first.
    pub(crate) near: Vec<(u32, ItemId)>,
    /// No copies: other items of the author whom it is about.
    pub(crate) of_author: Vec<ItemId>,
    pub(crate) since_awake_ms: u64,
}

impl Offer {
    /// Whether the lists were there for long enough to be read.
    pub(crate) fn is_read(&self, awake_ms: u64) -> bool {
        awake_ms.saturating_sub(self.since_awake_ms) >= CONFIRM_MS
    }

    /// Keeps what is still so; whether anything is left.
    pub(crate) fn retain(&mut self, is_so: impl Fn(&ItemId) -> bool) -> bool {
        self.exact.retain(&is_so);
        self.near.retain(|(_, item)| is_so(item));
        self.of_author.retain(&is_so);
        !(self.exact.is_empty() && self.near.is_empty() && self.of_author.is_empty())
    }
}

/// For which of the items that are offered a decision is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The exact copies.
    Exact,
    /// Those that look alike.
    Near,
    /// Other items of the author.
    OfAuthor,
}

/// A decision that is being repeated, one record after the other.
#[derive(Debug)]
pub(crate) struct Applying {
    pub(crate) of: DecisionId,
    /// Once the store has read it.
    pub(crate) decision: Option<Box<Decision>>,
    pub(crate) items: VecDeque<ItemId>,
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    /// Oldest first.
    earlier: VecDeque<Earlier>,
    pub(crate) offer: Option<Offer>,
    pub(crate) applying: Option<Applying>,
    /// A medium whose hashes are being found.
    pub(crate) hashing: Option<MediumKey>,
}

impl Copies {
    /// Takes over what earlier runs decided, oldest first.
    pub(crate) fn restored(earlier: Vec<Earlier>) -> Self {
        let mut copies = Self::default();
        earlier.into_iter().for_each(|one| copies.remember(one));
        copies
    }

    pub(crate) fn remember(&mut self, earlier: Earlier) {
        self.earlier.push_back(earlier);
        while self.earlier.len() > EARLIER_MAX {
            self.earlier.pop_front();
        }
    }

    /// It was taken back, corrected, undone or not taken. Whether it was one of these.
    pub(crate) fn forget(&mut self, id: &DecisionId) -> bool {
        let before = self.earlier.len();
        self.earlier.retain(|one| &one.decision_id != id);
        self.earlier.len() < before
    }

    /// Whether there is anything that an item could be a copy of.
    pub(crate) fn has_earlier(&self) -> bool {
        self.earlier.iter().any(|one| !one.hashes.is_empty())
    }

    pub(crate) fn get(&self, id: &DecisionId) -> Option<&Earlier> {
        self.earlier.iter().find(|one| &one.decision_id == id)
    }

    /// The newest decision about this author that may be repeated.
    pub(crate) fn about(
        &self,
        author: &str,
        may_be: impl Fn(&Earlier) -> bool,
    ) -> Option<DecisionId> {
        let about = |one: &&Earlier| one.author.as_deref() == Some(author) && may_be(one);
        let newest = self.earlier.iter().rev().find(about)?;
        Some(newest.decision_id.clone())
    }

    /// The author whom a decision is about.
    pub(crate) fn author_of(&self, id: &DecisionId) -> Option<String> {
        self.get(id)?.author.clone()
    }

    /// The decision whose item these media are the closest copy of, the newest of equally close ones.
    pub(crate) fn closest(
        &self,
        media: &[Hashed],
        may_be: impl Fn(&Earlier) -> bool,
    ) -> Option<(DecisionId, Likeness)> {
        let alike = self.earlier.iter().rev().filter(|one| may_be(one));
        let alike = alike.filter_map(|one| Some((one.likeness(media)?, one)));
        let (likeness, one) = alike.min_by_key(|(likeness, _)| *likeness)?;
        Some((one.decision_id.clone(), likeness))
    }
}
