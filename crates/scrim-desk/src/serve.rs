//! Which item of the hand opens next.

use scrim_model::serving::{LIGHT_MAX, Opening};
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::NoticeKey;

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::media::prepare_rest;

impl Desk {
    /// What was begun before is open again, if there is such an item.
    pub(crate) fn go_on_with_begun(&mut self) {
        self.hand.open = self.hand.take_begun();
        if self.hand.open.is_some() {
            self.exposure.row.reopened();
            self.reveal_after_check = None;
        }
    }

    /// Opens the next item that may be opened, if the desk is free and may serve. Items that may not
    /// be opened today go back.
    pub(crate) fn serve(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if self.hand.open.is_some() {
            self.copies.offer = None;
            return;
        }
        // What was said of the item that has left means nothing beside the next.
        let is_of_item = |key| matches!(key, NoticeKey::PlayFailed | NoticeKey::ClearFailed);
        self.notices.retain(|notice| !is_of_item(notice.key));
        self.exposure.row.left(now.boot_ms);
        self.exposure.row.pass(now.boot_ms, &self.protection);
        if self.may_finish(now) {
            self.go_on_with_begun();
            return;
        }
        if self.hand.next.is_empty() || !self.may_serve(now) || !self.policy_changes.is_empty() {
            self.copies.offer = None;
            return;
        }
        if self.offers_copies(now) {
            return;
        }
        let standing = self.standing(now);
        // Back online, the other desks are heard first.
        let is_heard = self.exposure.day_heard || !self.link.online;
        let openings: Vec<Opening> = self
            .hand
            .next
            .iter()
            .map(|held| match (held.was_opened, held.item.severity_hint) {
                (true, _) => Opening::Open,
                (false, severity) if !is_heard && severity > LIGHT_MAX => {
                    Opening::Pause { left_ms: 0 }
                }
                (false, severity) => standing.opening(severity, &held.item.classes),
            })
            .collect();
        let open = openings.iter().position(|o| *o == Opening::Open);
        let (mut stay, mut back) = (Vec::new(), Vec::new());
        for ((at, opening), held) in openings
            .into_iter()
            .enumerate()
            .zip(self.hand.next.drain(..))
        {
            match opening {
                _ if Some(at) == open => self.hand.open = Some(held),
                Opening::Capped | Opening::OptedOut => back.push(held),
                Opening::Open | Opening::Pause { .. } => stay.push(held),
            }
        }
        self.hand.next = stay;
        self.return_items(fresh, now, back, ReleaseWhy::Returned, out);
        let Some(held) = &mut self.hand.open else {
            return;
        };
        if std::mem::replace(&mut held.was_opened, true) {
            self.exposure.row.reopened();
        } else {
            let severity = held.item.severity_hint;
            self.exposure.row.opened(severity, &self.protection);
        }
        self.reveal_after_check = None;
        prepare_rest(held, out);
    }
}
