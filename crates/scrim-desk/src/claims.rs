//! Items come into the hand and go back.

use scrim_model::{ClaimId, ItemId};
use scrim_wire::protocol::{ReleaseRequest, ReleaseWhy};
use scrim_wire::window::NoticeKey;

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::REFUSED_ITEMS_MAX;
use crate::media::prepare;
use crate::parts::decided::kept_items;
use crate::parts::hand::HandItem;
use crate::parts::link::Giving;
use scrim_wire::call::ClaimsTaken;

impl Desk {
    /// Gives items back and wipes their media.
    pub(crate) fn return_items(
        &mut self,
        fresh: &mut Fresh,
        now: Now,
        mut items: Vec<HandItem>,
        why: ReleaseWhy,
        out: &mut Vec<Effect>,
    ) {
        let request = ReleaseRequest {
            why,
            ..returned(Vec::new())
        };
        self.return_items_as(fresh, now, &mut items, request, out);
    }

    /// As [`Desk::return_items`]; `request` says everything but the claims, of which it has none.
    pub(crate) fn return_items_as(
        &mut self,
        fresh: &mut Fresh,
        now: Now,
        items: &mut [HandItem],
        mut request: ReleaseRequest,
        out: &mut Vec<Effect>,
    ) {
        for held in items.iter_mut().filter(|held| !held.is_look()) {
            // What was given away for good needs no draft; anything else may come back.
            let write = match request.why {
                ReleaseWhy::NotMe => held.forget_draft(),
                _ => held.draft_write(now),
            };
            out.extend(write);
            request.claim_ids.push(held.claim_id.clone());
        }
        for held in items.iter() {
            out.push(Effect::DropItem(held.item.id.clone()));
        }
        // A look at a colleague's item is no claim.
        if !request.claim_ids.is_empty() {
            self.give_back(fresh, request, out);
        }
    }

    /// Lists claims to be given back, on disk first; the call itself goes out when online, and
    /// again with the same key until it is answered.
    pub(crate) fn give_back(
        &mut self,
        fresh: &mut Fresh,
        request: ReleaseRequest,
        out: &mut Vec<Effect>,
    ) {
        let key = fresh.take();
        out.push(Effect::KeepRelease {
            key: key.clone(),
            request: request.clone(),
        });
        self.link.releases.push_back(Giving { key, request });
    }

    pub(crate) fn claims_taken(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        taken: ClaimsTaken,
        out: &mut Vec<Effect>,
    ) {
        let refused_count = taken.refused.len() + taken.unreadable as usize;
        if refused_count > 0 {
            self.notice(NoticeKey::ItemsRefused, refused_count.to_string());
            let ids = taken
                .refused
                .iter()
                .map(|(claim, _)| claim.clone())
                .collect::<Vec<_>>();
            for (_, item) in taken.refused {
                self.keep_away(item);
            }
            if !ids.is_empty() {
                self.give_back(fresh, returned(ids), out);
            }
        }
        let (mut remembered, mut unwanted) = (Vec::new(), Vec::new());
        let has_small = self.server_can("sized_media");
        for claim in taken.claims {
            if self.holds(&claim.item.id) {
                // Looked at for a colleague just now, or decided: nobody waits for it here.
                if !self.claims_of(&claim.claim_id) {
                    unwanted.push(claim.claim_id);
                }
                continue;
            }
            let mut claim = claim;
            let handed = claim.draft.take();
            let rules = (&self.protection, &self.masked_words);
            let mut held = HandItem::new(claim, now, self.link.skew_ms(now), rules);
            if has_small {
                held.take_small();
            }
            if let Some(draft) = handed {
                held.take_over(draft);
                self.notice(NoticeKey::TakenOver, "");
            }
            remembered.push((held.claim_id.clone(), held.item.id.clone()));
            out.push(Effect::RecallViews(held.item.id.clone()));
            out.push(Effect::RecallDraft(held.item.id.clone()));
            prepare(&held, out);
            self.hand.add(held);
        }
        if !unwanted.is_empty() {
            self.give_back(fresh, returned(unwanted), out);
        }
        if !remembered.is_empty() {
            self.match_copies();
            out.insert(0, Effect::RememberClaims(remembered));
        }
    }

    /// An item in hand, or one that comes back if its decision is taken back.
    pub(crate) fn item_mut(&mut self, item: &ItemId) -> Option<&mut HandItem> {
        kept_items(&mut self.hand, &mut self.outbox).find(|held| &held.item.id == item)
    }

    /// The item is not claimed again while this desk runs.
    pub(crate) fn keep_away(&mut self, item: ItemId) {
        self.refused_items.push_back(item);
        while self.refused_items.len() > REFUSED_ITEMS_MAX {
            self.refused_items.pop_front();
        }
    }

    /// Whether this claim is one that the desk works under.
    fn claims_of(&self, claim: &ClaimId) -> bool {
        self.hand.iter().any(|h| &h.claim_id == claim)
            || self.outbox.iter().any(|d| &d.decision.claim_id == claim)
    }

    /// Whether an item is in hand or decided and not yet final.
    pub(crate) fn holds(&self, item: &ItemId) -> bool {
        self.hand.iter().any(|h| &h.item.id == item)
            || self.outbox.iter().any(|d| &d.decision.item_id == item)
            || self.recording.iter().any(|r| &r.decision.item_id == item)
    }
}

/// Claims that go back to the queue as they came.
pub(crate) fn returned(claim_ids: Vec<ClaimId>) -> ReleaseRequest {
    ReleaseRequest {
        claim_ids,
        why: ReleaseWhy::Returned,
        draft: None,
        aimed: false,
    }
}
