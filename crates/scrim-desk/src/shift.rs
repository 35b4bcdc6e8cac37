//! The start and the end of a shift: what changed in the policies, what goes back.

use scrim_model::checkin::When;
use scrim_model::{PolicyNode, PolicyTree};
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::{PolicyChange, PolicyChanged};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;

impl Desk {
    pub(crate) fn end_shift(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        self.cover(now, out);
        self.confirm = None;
        self.covered_all = false;
        self.shift = false;
        self.correcting = None;
        let open_is_recorded = self
            .recording
            .as_ref()
            .is_some_and(|r| r.corrects.is_none());
        let mut claims = Vec::new();
        if !open_is_recorded {
            claims.extend(self.hand.open.take());
        }
        claims.append(&mut self.hand.next);
        self.return_items(fresh, now, claims, ReleaseWhy::Returned, out);
        self.offer_check_in(When::After);
        // Perhaps the last step before the end.
        self.write_exposure(now, out);
    }

    /// Policies are asked for again, so that their changes are read before the first item.
    pub(crate) fn start_shift(&mut self, out: &mut Vec<Effect>) {
        self.shift = true;
        self.offer_check_in(When::Before);
        self.link.next_claim_awake_ms = 0;
        if self.link.online && !self.link.asking_policies {
            self.link.asking_policies = true;
            out.push(Effect::FetchPolicies);
        }
    }

    /// Takes a tree over. What differs from the one that this person worked with is listed before
    /// the next item; until that is read the store keeps the old tree, so that a restart lists it
    /// again.
    pub(crate) fn take_policies(&mut self, tree: PolicyTree, out: &mut Vec<Effect>) {
        let was_known = std::mem::replace(&mut self.policies_known, true);
        if tree == self.policies {
            return;
        }
        if was_known {
            let read = self
                .policies_read
                .get_or_insert_with(|| self.policies.clone());
            self.policy_changes = changes(read, &tree);
        }
        self.policies = tree;
        self.match_copies();
        if self.policy_changes.is_empty() {
            self.policies_are_read(out);
        }
    }

    /// The list of changes has been read.
    pub(crate) fn policies_are_read(&mut self, out: &mut Vec<Effect>) {
        self.policy_changes.clear();
        self.policies_read = None;
        out.push(Effect::SavePolicies(Box::new(self.policies.clone())));
    }
}

/// What is new, different and gone, in the trees' own order.
fn changes(old: &PolicyTree, new: &PolicyTree) -> Vec<PolicyChange> {
    let change = |policy: &PolicyNode, what| PolicyChange {
        name: policy.name.clone(),
        what,
    };
    let come = new
        .policies
        .iter()
        .filter_map(|policy| match old.get(&policy.id) {
            None => Some(change(policy, PolicyChanged::Added)),
            Some(before) if before != policy => Some(change(policy, PolicyChanged::Changed)),
            Some(_) => None,
        });
    let gone = old
        .policies
        .iter()
        .filter(|policy| new.get(&policy.id).is_none());
    come.chain(gone.map(|policy| change(policy, PolicyChanged::Removed)))
        .collect()
}
