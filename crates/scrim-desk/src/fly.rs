//! From the row to the road: what goes is marked on disk first, and goes when it is.

use scrim_model::{Decision, DecisionId};
use scrim_wire::window::SyncState;

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;

impl Desk {
    /// What goes is on disk as going, and under which key, before it goes: see [`Desk::marked`].
    pub(crate) fn ready_to_leave(
        &mut self,
        places: &[usize],
        key: Option<String>,
        out: &mut Vec<Effect>,
    ) {
        let ids: Vec<_> = places
            .iter()
            .map(|place| self.outbox[*place].decision.decision_id.clone())
            .collect();
        for (place, id) in places.iter().zip(&ids) {
            self.outbox[*place].state = SyncState::InFlight;
            self.set_history(id, SyncState::InFlight);
        }
        out.push(Effect::MarkInFlight { ids, key });
    }

    /// Lets go what is marked on disk, now or by an earlier try of the same call. Anything else waits:
    /// sent without, it could be taken back here after a restart while the server has it.
    pub(crate) fn marked(
        &mut self,
        now: Now,
        fresh: &Fresh,
        ids: &[DecisionId],
        key: Option<String>,
        durable: bool,
        out: &mut Vec<Effect>,
    ) {
        let places: Option<Vec<_>> = ids.iter().map(|id| self.place_of(id)).collect();
        let Some(places) = places else {
            return;
        };
        if !durable && !self.were_marked(&places, key.as_deref()) {
            for place in places {
                self.went_unanswered(place, false);
            }
            // One that cannot be marked holds up no other.
            self.link.one_by_one = true;
            return self.hold_sending(now, fresh);
        }
        match (key, places.as_slice()) {
            (Some(key), many) => self.go_together(many, key, out),
            (None, [place]) => self.go_alone(*place, out),
            (None, _) => {}
        }
    }

    /// Whether an earlier try of this very call was marked.
    fn were_marked(&self, places: &[usize], key: Option<&str>) -> bool {
        let is_so = |(n, place): (u32, &usize)| {
            let decided = &self.outbox[*place];
            let together = match &decided.sent_with {
                Some((of, Some(at))) => Some((of.as_str(), *at)),
                _ => None,
            };
            let same = together == key.map(|key| (key, n));
            decided.left && same
        };
        (0..).zip(places).all(is_so)
    }

    fn go_together(&mut self, places: &[usize], key: String, out: &mut Vec<Effect>) {
        let decisions = (0..)
            .zip(places)
            .map(|(n, place)| self.fly(*place, Some((key.clone(), Some(n)))))
            .collect();
        out.push(Effect::SendTogether { key, decisions });
    }

    /// Under its id, or under the key that a person's "try again" has given it.
    fn go_alone(&mut self, place: usize, out: &mut Vec<Effect>) {
        let with = self.outbox[place].sent_with.clone();
        self.take_apart(with.as_ref());
        let own_key = with.and_then(|(key, at)| at.is_none().then_some(key));
        let decision = self.fly(place, own_key.clone().map(|key| (key, None)));
        out.push(match own_key {
            Some(key) => Effect::SendTogether {
                key,
                decisions: vec![decision],
            },
            None => Effect::SendDecision(Box::new(decision)),
        });
    }

    /// What is left of a call of many, once one of it is answered or goes another way, is not that
    /// call any more.
    pub(crate) fn take_apart(&mut self, with: Option<&(String, Option<u32>)>) {
        let Some((key, Some(_))) = with else {
            return;
        };
        for decided in &mut self.outbox {
            if matches!(&decided.sent_with, Some((of, Some(_))) if of == key) {
                decided.sent_with = None;
            }
        }
    }

    fn fly(&mut self, place: usize, with: Option<(String, Option<u32>)>) -> Decision {
        let decided = &mut self.outbox[place];
        decided.left = true;
        decided.sent_with = with;
        decided.decision.clone()
    }
}
