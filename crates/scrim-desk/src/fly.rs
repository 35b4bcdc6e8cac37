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

    /// Lets go what the store has marked. What it could not mark waits: sent without, it could be
    /// taken back here after a restart while the server has it.
    pub(crate) fn marked(
        &mut self,
        now: Now,
        fresh: &Fresh,
        ids: &[DecisionId],
        key: Option<String>,
        durable: bool,
        out: &mut Vec<Effect>,
    ) {
        let places: Vec<_> = ids.iter().filter_map(|id| self.place_of(id)).collect();
        if !durable {
            for (place, id) in places.into_iter().zip(ids) {
                self.outbox[place].state = SyncState::Waiting;
                self.set_history(id, SyncState::Waiting);
            }
            return self.hold_sending(now, fresh);
        }
        let Some(key) = key else {
            return places
                .into_iter()
                .for_each(|place| self.go_alone(place, out));
        };
        let numbered = (0_u32..).zip(places);
        let decisions = numbered
            .map(|(n, place)| self.fly(place, Some((key.clone(), Some(n)))))
            .collect();
        out.push(Effect::SendTogether { key, decisions });
    }

    /// Under its id, or under the key that a person's "try again" has given it.
    fn go_alone(&mut self, place: usize, out: &mut Vec<Effect>) {
        let own_key = match &self.outbox[place].sent_with {
            Some((key, None)) => Some(key.clone()),
            _ => None,
        };
        let decision = self.fly(place, own_key.clone().map(|key| (key, None)));
        out.push(match own_key {
            Some(key) => Effect::SendTogether {
                key,
                decisions: vec![decision],
            },
            None => Effect::SendDecision(Box::new(decision)),
        });
    }

    fn fly(&mut self, place: usize, with: Option<(String, Option<u32>)>) -> Decision {
        let decided = &mut self.outbox[place];
        decided.left = true;
        decided.sent_with = with;
        decided.decision.clone()
    }
}
