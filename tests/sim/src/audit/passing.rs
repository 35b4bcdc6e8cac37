//! Promises about what a heart is told and what it has done.

use scrim_desk::limits::{TRIES_BEFORE_OTHERS, UNDO_MS};
use scrim_desk::{Effect, Event, Restored};
use scrim_model::{Decision, DecisionId, ItemId, RevealId};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{DecisionResult, HeartbeatRow, ItemState};
use scrim_wire::window::SyncState;

use super::Audit;
use super::book::{Book, Made};

impl Audit {
    /// An event reaches a heart.
    pub(crate) fn event(&mut self, desk: usize, event: &Event) {
        if !matches!(event, Event::Started(_)) {
            self.books[desk].make_sure();
        }
        match event {
            Event::Started(restored) => self.started(desk, restored),
            Event::DecisionRecorded {
                decision_id,
                durable: true,
            } => self.recorded(desk, decision_id),
            Event::Withdrawn {
                decision_id,
                durable: true,
            } => self.withdrawn(desk, decision_id),
            Event::Sent {
                decision_id,
                answer,
            } => {
                if let Some(made) = self.books[desk].made.get_mut(decision_id) {
                    match answer {
                        Ok((result, _)) => made.delivered = Some(result.clone()),
                        Err(CallFailed::Refused { code, .. }) => {
                            made.delivered = Some(refused(code))
                        }
                        Err(_) => made.unanswered += 1,
                    }
                }
            }
            Event::SentTogether { ids, answer } => self.answered_together(desk, ids, answer),
            Event::Told {
                decision_id,
                durable: true,
            } => {
                if let Some(made) = self.books[desk].made.get_mut(decision_id) {
                    made.is_told = true;
                }
            }
            Event::Claims(answer) => {
                let book = &mut self.books[desk];
                if !matches!(answer, Err(CallFailed::Unreachable { .. })) {
                    book.asking = None;
                }
                for claim in answer.iter().flat_map(|taken| &taken.claims) {
                    book.claim_of
                        .insert(claim.item.id.clone(), claim.claim_id.clone());
                }
            }
            Event::Heartbeat(Ok(rows)) => self.beaten(desk, rows),
            Event::ReadBack {
                item,
                answer: Ok(state),
            } => self.read_back(desk, item, state),
            Event::RevealRecorded {
                reveal,
                durable: true,
            } => self.revealed(desk, reveal),
            Event::Marked { ids, key, durable } => self.marked(desk, ids, key.as_deref(), *durable),
            Event::StoreFailed { .. } => self.books[desk].has_failed = true,
            _ => {}
        }
    }

    /// Nothing that was shown as recorded is gone, and nothing is there that nobody decided.
    fn started(&mut self, desk: usize, restored: &Restored) {
        let book = &mut self.books[desk];
        book.look_again(restored);
        let ids: Vec<&DecisionId> = restored
            .outbox
            .iter()
            .map(|row| &row.decision.decision_id)
            .collect();
        // A decision or its withdrawal may have reached the disk without the heart hearing of it.
        let mut invented = false;
        for row in &restored.outbox {
            let id = &row.decision.decision_id;
            if let Some(given) = book.given.remove(id) {
                book.make(given, 0);
            }
            invented |= !book.made.contains_key(id);
        }
        let standing = |made: &Made| {
            let read = book
                .reader
                .as_ref()
                .map(|reader| reader.decision(&made.decision.decision_id));
            read.and_then(Result::ok).flatten().map(|row| row.state)
        };
        let mut gone = !book.made.values().all(|made| standing(made).is_some());
        let mut withdrawn = Vec::new();
        for made in book
            .pending()
            .filter(|made| !ids.contains(&&made.decision.decision_id))
        {
            match standing(made) {
                Some(SyncState::Withdrawn) => withdrawn.push(made.decision.decision_id.clone()),
                _ => gone = true,
            }
        }
        for id in withdrawn {
            book.made
                .entry(id)
                .and_modify(|made| made.is_withdrawn = true);
        }
        book.given.clear();
        self.hold(
            desk,
            !gone,
            "what was shown as recorded is there after a start",
        );
        self.hold(
            desk,
            !invented,
            "nothing is in the outbox that nobody decided",
        );
    }

    fn recorded(&mut self, desk: usize, id: &DecisionId) {
        let on_disk = self.on_disk(desk, id);
        let book = &mut self.books[desk];
        let given = book.given.remove(id);
        let same =
            given.is_some() && given.as_ref().map(|(decision, _)| decision) == on_disk.as_ref();
        // One that failed may be whole in the log all the same, until the next commit takes its place:
        // a machine that ends before finds it at its start.
        book.given.clear();
        if let Some(given) = given {
            book.make(given, book.lives);
        }
        self.hold(
            desk,
            same,
            "a decision that is said to be recorded is on the disk as made",
        );
    }

    fn on_disk(&self, desk: usize, id: &DecisionId) -> Option<Decision> {
        let reader = self.books[desk].reader.as_ref()?;
        reader.decision(id).ok().flatten().map(|row| row.decision)
    }

    fn withdrawn(&mut self, desk: usize, id: &DecisionId) {
        let book = &mut self.books[desk];
        let never_left = book.made.get_mut(id).is_some_and(|made| {
            made.is_withdrawn = true;
            made.marked == 0
        });
        self.hold(desk, never_left, "only what never left is taken back");
    }

    fn beaten(&mut self, desk: usize, rows: &[HeartbeatRow]) {
        let lost = rows.iter().filter(|row| row.lost.is_some());
        self.books[desk]
            .lost
            .extend(lost.map(|row| row.claim_id.clone()));
    }

    fn read_back(&mut self, desk: usize, item: &ItemId, state: &ItemState) {
        if state.state == "escalated" {
            self.books[desk].seen_escalated.insert(item.clone());
        }
    }

    fn revealed(&mut self, desk: usize, reveal: &RevealId) {
        let book = &mut self.books[desk];
        let on_disk = book
            .reveals
            .get(reveal)
            .zip(book.reader.as_ref())
            .is_some_and(|(item, reader)| {
                let rows = reader.intervals_of(item).unwrap_or_default();
                rows.iter().any(|row| &row.reveal_id == reveal)
            });
        book.durable.insert(reveal.clone());
        self.hold(
            desk,
            on_disk,
            "a reveal that is said to be recorded is on the disk",
        );
    }

    /// Effects are about to be carried out, in this order.
    pub(crate) fn effects(&mut self, desk: usize, effects: &[Effect]) {
        for effect in effects {
            self.effect(desk, effect);
        }
    }

    fn effect(&mut self, desk: usize, effect: &Effect) {
        let book = &mut self.books[desk];
        if let Effect::RecordAnswer { decision_id, .. }
        | Effect::RecordConfirmed { decision_id, .. }
        | Effect::RecordSettled { decision_id, .. } = effect
        {
            book.unsure.push(decision_id.clone());
        }
        match effect {
            Effect::RecordDecision { decision, first } => {
                let id = decision.decision_id.clone();
                book.given.insert(id, ((**decision).clone(), *first));
            }
            Effect::SendDecision(decision) => self.leaves(desk, decision),
            Effect::SendTogether { decisions, .. } => self.leave_together(desk, decisions),
            Effect::RecordAnswer {
                decision_id,
                result,
                ..
            } => self.answered(desk, decision_id, result),
            Effect::RecordConfirmed { decision_id, .. } => self.confirmed(desk, decision_id),
            Effect::RecordSettled { decision_id, .. } => {
                if let Some(made) = book.made.get_mut(decision_id) {
                    made.is_settled = true;
                }
            }
            Effect::RecordReveal { reveal, item, .. } => {
                book.reveals.insert(reveal.clone(), item.clone());
            }
            Effect::HandClear { reveal, .. } => {
                let durable = book.durable.contains(reveal);
                self.handed.push_back((desk, reveal.clone()));
                self.hold(
                    desk,
                    durable,
                    "clear pixels are handed over after the reveal is durable",
                );
            }
            Effect::KeepRelease { key, request } => {
                book.releases.insert(key.clone(), request.clone());
            }
            Effect::Release { key, request } => {
                let kept = book.releases.get(key) == Some(request);
                self.hold(
                    desk,
                    kept,
                    "what is given back was written down with its key first",
                );
            }
            Effect::Claim { key, request } => {
                let asked = (key.clone(), request.clone());
                let same = book.asking.as_ref().is_none_or(|before| before == &asked);
                book.asking = Some(asked);
                self.hold(
                    desk,
                    same,
                    "an ask whose answer never came goes again as it was",
                );
            }
            _ => {}
        }
    }

    /// A decision is given to the road.
    fn leaves(&mut self, desk: usize, decision: &Decision) {
        self.may_leave(desk, decision);
        let book = &self.books[desk];
        let made = book.made.get(&decision.decision_id);
        let in_order = made.is_none_or(|made| is_next(book, made));
        self.hold(desk, in_order, "the urgent leave first, then the oldest");
    }

    /// Alone or with others, this holds for every decision that leaves.
    pub(super) fn may_leave(&mut self, desk: usize, decision: &Decision) {
        let id = &decision.decision_id;
        let on_disk = self.on_disk(desk, id).is_some();
        let book = &self.books[desk];
        let Some(made) = book.made.get(id) else {
            return self.breach(desk, "a decision leaves after the store has it");
        };
        let same = &made.decision == decision;
        let pending = made.is_pending();
        let marked = made.marked > 0;
        self.hold(desk, on_disk, "a decision leaves after the store has it");
        self.hold(
            desk,
            marked,
            "a decision leaves after it was marked as in flight",
        );
        self.hold(desk, same, "what leaves is what was recorded");
        self.hold(
            desk,
            pending,
            "nothing leaves that was taken back or answered",
        );
    }

    fn answered(&mut self, desk: usize, id: &DecisionId, result: &DecisionResult) {
        let mut heard = false;
        if let Some(made) = self.books[desk].made.get_mut(id) {
            heard = made.delivered.as_ref() == Some(result);
            made.answer = Some(result.clone());
            let item = made.decision.item_id.clone();
            self.books[desk].seen_escalated.remove(&item);
        }
        self.hold(
            desk,
            heard,
            "an answer is written down as the server gave it",
        );
    }

    fn confirmed(&mut self, desk: usize, id: &DecisionId) {
        let book = &mut self.books[desk];
        let mut seen = false;
        if let Some(made) = book.made.get_mut(id) {
            seen = book.seen_escalated.contains(&made.decision.item_id);
            made.is_confirmed = true;
        }
        self.hold(
            desk,
            seen,
            "an escalation is confirmed when the server shows it",
        );
    }
}

/// A call that is refused as a whole is an answer as well.
fn refused(code: &str) -> DecisionResult {
    DecisionResult::Rejected {
        code: code.to_owned(),
        path: None,
    }
}

/// Whether `made` may leave before all the others: what is older waits only if it got no answer
/// more often, or for something that goes first. Nothing overtakes what is of its own item.
pub(super) fn is_next(book: &Book, made: &Made) -> bool {
    let item = |made: &Made| made.decision.item_id.clone();
    let mut older = book.pending().filter(|other| other.order < made.order);
    older.all(|other| item(other) != item(made) && rank(book, made) < rank(book, other))
}

/// The place of `made` in the row: the least goes first.
pub(super) fn rank(book: &Book, made: &Made) -> impl Ord + use<> {
    // An urgent one takes the earlier ones on its item along, as soon as it may leave itself.
    let item = &made.decision.item_id;
    let mut same = book
        .pending()
        .filter(|other| &other.decision.item_id == item);
    let goes_first = same
        .any(|other| other.is_first && (other.life != book.lives || book.age_ms(other) >= UNDO_MS));
    (
        made.unanswered / TRIES_BEFORE_OTHERS,
        !goes_first,
        made.order,
    )
}
