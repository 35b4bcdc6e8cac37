//! "Aimed at me": what is in the item is meant for the person who looks at it.
//!
//! Asked in place, because it cannot be taken back. Then the item goes, the safety contact is told
//! its id and nothing else, and nothing of its author comes to this person again: the server keeps
//! the author away, and whatever of that author is in the hand goes back with the item.

use scrim_wire::protocol::{ReleaseRequest, ReleaseWhy};
use scrim_wire::window::NoticeKey;

use crate::claims::returned;
use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::parts::asked::{AskedFor, Confirming};
use crate::parts::hand::HandItem;

impl Desk {
    /// Asks in place.
    pub(crate) fn ask_aimed(&mut self, now: Now, out: &mut Vec<Effect>) {
        let busy = self.recording.is_some() || self.withdrawing > 0 || self.confirm.is_some();
        if busy || self.resting(now) || self.hand.open.is_none() {
            return;
        }
        self.cover(now, out);
        self.confirm = Some(Confirming {
            what: AskedFor::Aimed,
            priority: 2,
            since_awake_ms: now.awake_ms,
        });
    }

    /// It was meant.
    pub(crate) fn aimed_at_me(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        self.cover(now, out);
        let Some(held) = self.hand.open.take() else {
            return;
        };
        let author = held.item.author.as_ref().map(|author| author.id.clone());
        let request = ReleaseRequest {
            why: ReleaseWhy::NotMe,
            aimed: true,
            ..returned(Vec::new())
        };
        self.return_items_as(fresh, now, &mut [held], request, out);
        let of_author = |held: &mut HandItem| {
            let this = held.item.author.as_ref().map(|author| &author.id);
            author.is_some() && this == author.as_ref()
        };
        let others = self.hand.next.extract_if(.., of_author).collect();
        self.return_items(fresh, now, others, ReleaseWhy::Returned, out);
        self.notice(NoticeKey::AimedAway, self.safety_contact());
    }

    /// Name and number of the safety contact; empty if the server names none.
    pub(crate) fn safety_contact(&self) -> String {
        let session = self.session.as_ref();
        let contact = session.and_then(|session| session.safety_contact.as_ref());
        contact.map_or_else(String::new, |contact| {
            format!("{} · {}", contact.name, contact.reach)
        })
    }
}
