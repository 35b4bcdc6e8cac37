//! Drafts: written down soon after they change, back when their item comes back.
//!
//! A draft is bound to one version of its item. It goes with the decision, with "not me", and when
//! the item has changed; it stays when the item is given back, lost, or the desk ends.

use scrim_model::{ItemDraft, ItemId, KeptDraft};
use scrim_wire::window::NoticeKey;

use crate::clock::Now;
use crate::desk::Desk;
use crate::effect::Effect;
use crate::film::make_wanted;
use crate::limits::DRAFT_EVERY_MS;
use crate::parts::hand::HandItem;

impl HandItem {
    /// What would be kept now; `None` if nothing was chosen or written.
    fn draft(&self) -> Option<ItemDraft> {
        let draft = ItemDraft {
            parent: self.draft_parent.clone(),
            chosen: self.draft_policy.clone(),
            media: self.draft_media.clone().into_iter().collect(),
            unsure: self.draft_unsure,
            note: self.draft_note.clone(),
            selected: Some(self.selected.clone()),
            places: self.film_places(),
            marks: self.draft_marks.clone(),
            not_copy_of: self.not_copy_of.clone(),
        };
        (!draft.is_blank()).then_some(draft)
    }

    fn take_draft(&mut self, draft: ItemDraft) {
        self.draft_parent = draft.parent;
        self.draft_policy = draft.chosen;
        let media = draft.media.into_iter();
        let of_item = self.item.media.len();
        self.draft_media = media.filter(|(n, _)| (*n as usize) < of_item).collect();
        self.draft_unsure = draft.unsure;
        self.draft_note = draft.note;
        self.not_copy_of = draft.not_copy_of;
        self.draft_marks = draft.marks;
        self.draft_marks.retain(|mark| mark.points_into(&self.item));
        self.go_back_to(draft.places);
        if let Some(part) = draft.selected.filter(|part| self.parts().contains(part)) {
            self.selected = part;
        }
    }

    /// The write that makes the store agree with this item, if one is due.
    pub(crate) fn draft_write(&mut self, now: Now) -> Option<Effect> {
        let draft = self.draft();
        if draft == self.kept_draft {
            return None;
        }
        self.kept_draft.clone_from(&draft);
        let item = self.item.id.clone();
        Some(match draft {
            None => Effect::ForgetDraft(item),
            Some(draft) => Effect::KeepDraft(Box::new(KeptDraft {
                item,
                version: self.item.version,
                at: now.utc(),
                draft,
            })),
        })
    }

    /// Forgets what was kept; what is in memory stays.
    pub(crate) fn forget_draft(&mut self) -> Option<Effect> {
        let item = &self.item.id;
        self.kept_draft
            .take()
            .map(|_| Effect::ForgetDraft(item.clone()))
    }
}

impl Desk {
    /// Writes at most one changed draft, and none sooner than [`DRAFT_EVERY_MS`] after the last.
    pub(crate) fn keep_drafts(&mut self, now: Now, out: &mut Vec<Effect>) {
        if now.awake_ms < self.next_draft_awake_ms || self.recording.is_some() {
            return;
        }
        let write = self.hand.iter_mut().find_map(|held| held.draft_write(now));
        if let Some(write) = write {
            self.next_draft_awake_ms = now.awake_ms + DRAFT_EVERY_MS;
            out.push(write);
        }
    }

    /// What an earlier stay of the item left. What was chosen or written since is not overwritten.
    pub(crate) fn draft_recalled(
        &mut self,
        item: &ItemId,
        kept: Option<KeptDraft>,
        out: &mut Vec<Effect>,
    ) {
        let (Some(kept), Some(held)) = (kept, self.hand.find_mut(item)) else {
            return;
        };
        if kept.version != held.item.version {
            out.push(Effect::ForgetDraft(item.clone()));
            return self.notice(NoticeKey::DraftOutdated, "");
        }
        held.kept_draft = Some(kept.draft.clone());
        if held.draft().is_none() {
            held.take_draft(kept.draft);
            for n in (0..).take(held.films.len()) {
                make_wanted(held, n, out);
            }
            self.match_copies();
        }
    }
}
