//! Promises about what a moderator is told.

use scrim_wire::window::{ItemView, NoticeKey, Screen, SyncState, WindowModel};

use super::Audit;
use super::book::{Book, Made};
use crate::items::FLAGGED;
use crate::limits::UNSAID_MS_MAX;

/// Notices that fit beside others: with more urgent ones than this some are not on the screen.
const URGENT_NOTICES_MAX: usize = 5;

impl Audit {
    /// A model is sent to the window.
    pub(crate) fn shown(&mut self, desk: usize, model: &WindowModel) {
        let book = &mut self.books[desk];
        book.make_sure();
        let book = &self.books[desk];
        // Under the lock nothing of the work is shown.
        if book.has_failed || matches!(model.screen, Screen::Locked { .. }) {
            return;
        }
        let mut faults = Vec::new();
        if !book.unsure.is_empty() {
            faults.push("what became of a decision is on the disk before it is shown");
        }
        for row in &model.history {
            let made = book.made.get(&row.decision_id);
            faults.extend(row_fault(made, row.state));
        }
        if model.waiting_to_sync as usize != book.pending().count() {
            faults.push("the number of unconfirmed decisions is true");
        }
        if let Some(item) = &model.item {
            faults.extend(item_fault(book, item));
        }
        let confirmed = |arg: &str| {
            let mut made = book.made.values();
            made.any(|made| made.is_confirmed && made.decision.item_id.as_str() == arg)
        };
        let said = |key| model.notices.iter().filter(move |notice| notice.key == key);
        if said(NoticeKey::EscalationConfirmed).any(|notice| !confirmed(&notice.arg)) {
            faults.push("an escalation is said to be confirmed when it is");
        }
        // In no world is the server put back.
        if said(NoticeKey::ServerPutBack).next().is_some() {
            faults.push("a server is said to have lost decisions when it has");
        }
        let unsaid = |made: &&Made| {
            let arg = made.decision.item_id.as_str();
            !said(NoticeKey::EscalationUnconfirmed).any(|notice| notice.arg == arg)
        };
        let late = late(book);
        if late.len() <= URGENT_NOTICES_MAX && late.iter().any(unsaid) {
            faults.push("an urgent escalation that is unconfirmed for a minute is said aloud");
        }
        if let Some(promise) = faults.first() {
            self.breach(desk, promise);
        }
    }
}

/// Urgent escalations that nobody has confirmed for too long, in this life.
fn late(book: &Book) -> Vec<&Made> {
    let is_late = |made: &&Made| {
        made.decision.is_urgent()
            && (made.is_pending() || made.is_accepted())
            && !(made.is_confirmed || made.is_settled || made.is_told)
            && book.age_ms(made) > UNSAID_MS_MAX
    };
    book.made.values().filter(is_late).collect()
}

fn row_fault(made: Option<&Made>, state: SyncState) -> Option<&'static str> {
    let Some(made) = made else {
        return Some("what is shown as decided is recorded");
    };
    let true_state = match state {
        SyncState::Accepted => made.is_accepted(),
        SyncState::Overtaken | SyncState::Parked => made.is_conflict(),
        SyncState::Withdrawn => made.is_withdrawn,
        SyncState::Held | SyncState::Waiting | SyncState::InFlight => made.is_pending(),
    };
    (!true_state).then_some("a decision is shown as it stands")
}

fn item_fault(book: &Book, item: &ItemView) -> Option<&'static str> {
    let reveal = item.reveal.as_ref().filter(|reveal| reveal.open);
    if reveal.is_some_and(|reveal| !book.durable.contains(&reveal.id)) {
        return Some("a reveal is open after it is durable");
    }
    let words_are_open = reveal.is_some_and(|reveal| reveal.part.is_words());
    let clear = |text: &scrim_wire::window::TextView| text.words.body.contains(FLAGGED);
    if !words_are_open && item.texts.iter().any(clear) {
        return Some("clear words are shown in a durable look at them only");
    }
    let claim = book.claim_of.get(&item.id);
    let is_lost = claim.is_some_and(|claim| book.lost.contains(claim));
    (is_lost && item.for_colleague.is_none()).then_some("an item whose claim is lost is put away")
}
