//! Copies of what this person has decided, and other items of an author whom they have decided about: one is looked at,
//! the others are offered without a picture.
//!
//! | State | Event | Next state | Effects |
//! | --- | --- | --- | --- |
//! | in hand, its cover is there | no cover is being made | its hashes are being found | find hashes |
//! | in hand, not begun, a copy of an own decision or of the author of one about them | desk free | offered | – |
//! | offered | repeat asked (confirmed where the decision was) | being repeated | recall decision |
//! | being repeated | decision recalled, or the one before recorded | recording | record decision |
//! | offered | shown one by one | in hand, opens like any other | – |
//! | open, a copy | wrong match | open | – |
//!
//! Each copy gets a record of its own that names the decision which it repeats. Undo takes back all of them that are
//! still held, together with that decision.

use scrim_model::hashes::Likeness;
use scrim_model::item::{Known, KnownMatch};
use scrim_model::{Decision, DecisionId, FileHashes, ItemId, MediumKey};
use scrim_wire::window::{
    ConfirmWhat, CopiesView, CopyView, EarlierView, MediumState, NoticeKey, OfAuthorView,
};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::SEVERITY_MAX;
use crate::parts::asked::{AskedFor, Confirming};
use crate::parts::copies::{Applying, Earlier, Hashed, Offer, Which, is_its_media};
use crate::parts::decided::Recording;
use crate::parts::hand::HandItem;
use crate::parts::judge::{allowed, goes_first, media_views};

impl Desk {
    /// Has the hashes of the next medium found, when no cover is being made: what is shown goes first.
    pub(crate) fn hash_next(&mut self, out: &mut Vec<Effect>) {
        let loads = |held: &HandItem| held.media.contains(&MediumState::Loading);
        if self.copies.hashing.is_some() || self.hand.iter().any(loads) {
            return;
        }
        let mine = self.hand.iter().filter(|held| !held.is_look());
        let Some(medium) = mine.filter_map(next_to_hash).next() else {
            return;
        };
        self.copies.hashing = Some(medium.clone());
        out.push(Effect::FindHashes(medium));
    }

    pub(crate) fn hashes_found(
        &mut self,
        medium: &MediumKey,
        found: Option<Box<FileHashes>>,
        listed: Option<Known>,
    ) {
        self.copies.hashing.take_if(|hashing| hashing == medium);
        let Some(held) = self.item_mut(&medium.item) else {
            return;
        };
        let n = medium.n as usize;
        let is_here = held.media.get(n).is_some_and(is_here);
        // What the server says comes first; a list of this desk's own says more only by being exact.
        if let (Some(listed), Some(medium)) = (listed, held.item.media.get_mut(n)) {
            let is_exact = listed.match_kind == KnownMatch::Exact;
            if is_exact || medium.known.is_none() {
                medium.known = Some(listed);
            }
        }
        if let Some(hashed) = held.hashes.get_mut(n) {
            *hashed = match found {
                Some(hashes) => Hashed::As(hashes),
                None if is_here => Hashed::Never,
                None => Hashed::NotYet,
            };
        }
        self.match_copies();
    }

    /// Which items in hand are copies of own decisions.
    pub(crate) fn match_copies(&mut self) {
        let (copies, version) = (&self.copies, self.policies.version);
        for held in self.hand.iter_mut() {
            // Words may change what a picture means, and whoever appeals is heard.
            let item = &held.item;
            let may_be_copy = !held.is_look()
                && is_its_media(&item.kind)
                && item.texts.is_empty()
                && item.appeal.is_none();
            let actions = allowed(held);
            let may_be = |earlier: &Earlier| {
                earlier.policy_version == version
                    && actions.contains(&earlier.action)
                    && !held.not_copy_of.contains(&earlier.decision_id)
            };
            held.copy_of = may_be_copy
                .then(|| copies.closest(&held.hashes, may_be))
                .flatten();
            // What may be the gravest or is urgent is looked at, whoever made it.
            let may_follow = !held.is_look()
                && item.appeal.is_none()
                && item.priority > 1
                && item.severity_hint < SEVERITY_MAX;
            let author = item.author.as_ref().filter(|_| may_follow);
            held.of_author = author.and_then(|author| copies.about(&author.id, may_be));
        }
    }

    /// Remembers a decision that is on record, in the place of the one that it corrects.
    pub(crate) fn remember_for_copies(
        &mut self,
        decision: &Decision,
        corrects: Option<&DecisionId>,
        author: Option<&str>,
    ) {
        let mut author = author.map(str::to_owned);
        if let Some(old) = corrects {
            author = self.copies.author_of(old);
            self.copies.forget(old);
        }
        if let Some(earlier) = Earlier::made(decision, author.as_deref()) {
            self.copies.remember(earlier);
        }
        self.match_copies();
    }

    /// A decision does not stand any more; nothing is a copy of its item.
    pub(crate) fn forget_for_copies(&mut self, id: &DecisionId) {
        if self.copies.forget(id) {
            self.match_copies();
        }
    }

    /// Whether copies are offered in the place of the next item.
    pub(crate) fn offers_copies(&mut self, now: Now) -> bool {
        let next = &self.hand.next;
        let is_copy = |of: &DecisionId, item: &ItemId| {
            let held = next.iter().find(|held| &held.item.id == item);
            held.is_some_and(|held| offered_of(held) == Some(of))
        };
        if let Some(offer) = &mut self.copies.offer {
            let of = offer.of.clone();
            if offer.retain(|item| is_copy(&of, item)) {
                return true;
            }
        }
        let of = next.iter().find_map(offered_of);
        self.copies.offer = of.map(|of| offer_of(of, next, now));
        self.copies.offer.is_some()
    }

    /// A copy that nobody looked at is not decided after all: it is offered again, not shown.
    pub(crate) fn offer_again(&mut self, held: HandItem) {
        self.hand.next.insert(0, held);
        self.copies.offer = None;
        self.match_copies();
    }

    pub(crate) fn look_at_copies(&mut self) {
        let Some(offer) = self.copies.offer.take() else {
            return;
        };
        for held in &mut self.hand.next {
            held.one_by_one |= offered_of(held) == Some(&offer.of);
        }
    }

    pub(crate) fn wrong_match(&mut self) {
        if let Some(held) = &mut self.hand.open
            && let Some((of, _)) = held.copy_of.take()
        {
            held.not_copy_of.push(of);
            self.match_copies();
        }
    }

    /// Repeats a decision for copies, or asks first where the decision itself was asked for.
    pub(crate) fn apply_to_copies(&mut self, now: Now, which: Which, out: &mut Vec<Effect>) {
        let busy = self.recording.is_some() || self.copies.applying.is_some();
        if busy || self.withdrawing > 0 || self.resting(now) || self.confirm.is_some() {
            return;
        }
        let Some((of, items)) = self.chosen_copies(now, which) else {
            return;
        };
        if self.copies.get(&of).is_some_and(|earlier| earlier.is_grave) {
            self.cover(now, out);
            self.confirm = Some(Confirming {
                what: AskedFor::Copies(which),
                priority: 2,
                since_awake_ms: now.awake_ms,
            });
        } else {
            self.apply(now, of, items, out);
        }
    }

    /// What was confirmed.
    pub(crate) fn copies_confirmed(&mut self, now: Now, which: Which, out: &mut Vec<Effect>) {
        if let Some((of, items)) = self.chosen_copies(now, which) {
            self.apply(now, of, items, out);
        }
    }

    /// The items that are meant, and which decision is repeated. `None` if there are none of that kind.
    pub(crate) fn chosen_copies(
        &self,
        now: Now,
        which: Which,
    ) -> Option<(DecisionId, Vec<ItemId>)> {
        if let Some(held) = &self.hand.open {
            let (of, likeness) = held.copy_of.as_ref()?;
            let is = match likeness {
                Likeness::Exact => Which::Exact,
                Likeness::Near { .. } => Which::Near,
            };
            return (which == is).then(|| (of.clone(), vec![held.item.id.clone()]));
        }
        let offer = self.copies.offer.as_ref()?;
        if which != Which::Exact && !offer.is_read(now.awake_ms) {
            return None;
        }
        let items = match which {
            Which::Exact => offer.exact.clone(),
            Which::Near => offer.near.iter().map(|(_, item)| item.clone()).collect(),
            Which::OfAuthor => offer.of_author.clone(),
        };
        (!items.is_empty()).then(|| (offer.of.clone(), items))
    }

    fn apply(&mut self, now: Now, of: DecisionId, items: Vec<ItemId>, out: &mut Vec<Effect>) {
        self.cover(now, out);
        out.push(Effect::RecallDecision(of.clone()));
        self.copies.applying = Some(Applying {
            of,
            decision: None,
            items: items.into(),
        });
    }

    /// The store has read the decision that is to be repeated. Whether it was wanted for that.
    pub(crate) fn copies_recalled(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        (id, decision): (&DecisionId, &Option<Box<Decision>>),
        out: &mut Vec<Effect>,
    ) -> bool {
        let waits = |a: &&mut Applying| &a.of == id && a.decision.is_none();
        let Some(applying) = self.copies.applying.as_mut().filter(waits) else {
            return false;
        };
        applying.decision.clone_from(decision);
        if decision.is_none() {
            self.copies.applying = None;
            self.forget_for_copies(id);
            self.notice(NoticeKey::CopiesUnreadable, "");
        }
        self.apply_next(now, fresh, out);
        true
    }

    /// Hands the next copy's record to the store.
    pub(crate) fn apply_next(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        let Some(applying) = &mut self.copies.applying else {
            return;
        };
        let Some(source) = applying.decision.clone() else {
            return;
        };
        while let Some(item) = applying.items.pop_front() {
            let open = self.hand.open.as_ref().filter(|held| held.item.id == item);
            let place = self.hand.next.iter().position(|held| held.item.id == item);
            let waiting = place.map(|at| self.hand.next.remove(at));
            if let Some(held) = open.or(waiting.as_ref()) {
                let decision = self.repeated(now, fresh, held, *source);
                let first = goes_first(&decision, held.item.priority, held.item.is_known_exact());
                let recording = Recording {
                    decision,
                    first,
                    corrects: None,
                    copy: waiting.map(Box::new),
                };
                self.hand_to_store(recording, out);
                return;
            }
        }
        self.copies.applying = None;
    }

    /// The record of one copy.
    fn repeated(
        &self,
        now: Now,
        fresh: &mut Fresh,
        held: &HandItem,
        source: Decision,
    ) -> Box<Decision> {
        let mut media = media_views(held);
        if held
            .copy_of
            .as_ref()
            .is_some_and(|(of, _)| *of == source.decision_id)
        {
            // What was found of each medium holds for its counterpart.
            for (copy, judged) in media.iter_mut().zip(&source.media) {
                copy.policy_ids.clone_from(&judged.policy_ids);
                copy.severity = judged.severity;
            }
        }
        Box::new(Decision {
            decision_id: DecisionId::new(fresh.take()).expect("fresh ids are ids"),
            item_id: held.item.id.clone(),
            item_version: held.item.version,
            queue_id: held.queue_id.clone(),
            claim_id: held.claim_id.clone(),
            fence: held.fence,
            decided_at: now.utc(),
            skew_ms: self.link.skew_ms(now),
            handle_ms: held.handle_ms,
            supersedes: None,
            item_kind: Some(held.item.kind.clone()),
            item_texts: Some(u32::try_from(held.item.texts.len()).unwrap_or(u32::MAX)),
            propagated_from: Some(source.decision_id.clone()),
            training: self.is_training(),
            // They point into another picture.
            marks: Vec::new(),
            media,
            ..source
        })
    }

    /// What undo takes back: the newest held decision, and with a repeated one all of its kind.
    pub(crate) fn taken_back_together(&self, newest: &Decision) -> Vec<DecisionId> {
        let root = newest.propagated_from.as_ref();
        let root = root.unwrap_or(&newest.decision_id);
        let held = self.outbox.iter().filter(|d| d.is_held());
        let same = held.filter(|d| {
            let decision = &d.decision;
            &decision.decision_id == root || decision.propagated_from.as_ref() == Some(root)
        });
        same.map(|d| d.decision.decision_id.clone()).collect()
    }

    pub(crate) fn copies_view(&self, now: Now) -> Option<CopiesView> {
        let offer = self.copies.offer.as_ref()?;
        Some(CopiesView {
            of: self.earlier_view(&offer.of)?,
            exact: u32::try_from(offer.exact.len()).unwrap_or(u32::MAX),
            near: offer.near.iter().map(|(distance, _)| *distance).collect(),
            of_author: offer
                .of_author
                .iter()
                .filter_map(|item| self.of_author_view(item))
                .collect(),
            near_ready: offer.is_read(now.awake_ms),
        })
    }

    fn of_author_view(&self, item: &ItemId) -> Option<OfAuthorView> {
        let held = self.hand.next.iter().find(|held| &held.item.id == item)?;
        Some(OfAuthorView {
            kind: held.item.kind.clone(),
            label: held.item.label.clone(),
        })
    }

    /// What stands in the line that asks whether a decision is to be repeated.
    pub(crate) fn confirms_copies(&self, now: Now, which: Which) -> ConfirmWhat {
        let chosen = self.chosen_copies(now, which);
        let (of, count) = chosen.map_or((None, 0), |(of, items)| (Some(of), items.len()));
        let earlier = of.as_ref().and_then(|of| self.copies.get(of));
        ConfirmWhat::Copies {
            action: earlier.map_or_else(|| "none".into(), |earlier| earlier.action.clone()),
            count: u32::try_from(count).unwrap_or(u32::MAX),
            of_author: which == Which::OfAuthor,
        }
    }

    pub(crate) fn copy_view(&self, held: &HandItem) -> Option<CopyView> {
        let (of, likeness) = held.copy_of.as_ref()?;
        Some(CopyView {
            of: self.earlier_view(of)?,
            likeness: *likeness,
        })
    }

    fn earlier_view(&self, id: &DecisionId) -> Option<EarlierView> {
        let earlier = self.copies.get(id)?;
        let policy = earlier.policy.as_ref();
        let policy = policy.and_then(|id| self.policies.get(id));
        Some(EarlierView {
            decision_id: id.clone(),
            action: earlier.action.clone(),
            policy: policy.map(|p| p.name.clone()).unwrap_or_default(),
            at: earlier.at,
        })
    }
}

/// The first medium of an item that is here and whose hashes are not known.
fn next_to_hash(held: &HandItem) -> Option<MediumKey> {
    let media = (0..).zip(held.media.iter().zip(&held.hashes));
    let mut unknown =
        media.filter(|(_, (state, hashed))| is_here(state) && **hashed == Hashed::NotYet);
    unknown.next().map(|(n, _)| MediumKey {
        item: held.item.id.clone(),
        n,
    })
}

/// Whether a medium has come. One that cannot be shown has hashes of its bytes all the same.
fn is_here(state: &MediumState) -> bool {
    matches!(
        state,
        MediumState::Covered { whole: true, .. } | MediumState::Rejected { .. }
    )
}

/// The decision that may be repeated for an item before it is shown: of whose item it is a copy, or about its author.
fn offered_of(held: &HandItem) -> Option<&DecisionId> {
    let copy_of = held.copy_of.as_ref().map(|(of, _)| of);
    let of = copy_of.or(held.of_author.as_ref())?;
    (!held.was_opened && !held.one_by_one).then_some(of)
}

fn offer_of(of: &DecisionId, next: &[HandItem], now: Now) -> Offer {
    let mut offer = Offer {
        of: of.clone(),
        exact: Vec::new(),
        near: Vec::new(),
        of_author: Vec::new(),
        since_awake_ms: now.awake_ms,
    };
    for held in next.iter().filter(|held| offered_of(held) == Some(of)) {
        let item = held.item.id.clone();
        match held.copy_of {
            Some((_, Likeness::Near { distance })) => offer.near.push((distance, item)),
            Some((_, Likeness::Exact)) => offer.exact.push(item),
            None => offer.of_author.push(item),
        }
    }
    offer.near.sort_unstable();
    offer
}
