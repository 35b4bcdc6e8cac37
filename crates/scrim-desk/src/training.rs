//! Training: the server says what was expected once a decision is taken. Nothing is counted or
//! added up; what was read is gone. Exposure, caps and breaks are those of any other day.

use std::collections::BTreeSet;

use scrim_model::text::masked_at;
use scrim_model::{Decision, Environment, PolicyId};
use scrim_wire::protocol::Feedback;
use scrim_wire::window::FeedbackView;

use crate::desk::Desk;
use crate::limits::FEEDBACK_MAX;

impl Desk {
    /// Whether decisions are made at a training server.
    pub(crate) fn is_training(&self) -> bool {
        self.link.training
    }

    pub(crate) fn heard_environment(&mut self, environment: &Environment) {
        self.link.training = *environment == Environment::Training;
    }

    /// What was expected of a decision, to be read when there is time.
    pub(crate) fn take_feedback(&mut self, decision: &Decision, feedback: Feedback) {
        let found: BTreeSet<&PolicyId> = decision.policy_ids.iter().collect();
        let expected: BTreeSet<&PolicyId> = feedback.policy_ids.iter().collect();
        let names = |ids: &[PolicyId]| -> Vec<String> {
            let name = |id: &PolicyId| {
                let policy = self.policies.get(id);
                policy.map_or_else(|| id.as_str().to_owned(), |policy| policy.name.clone())
            };
            ids.iter().map(name).collect()
        };
        let listed = self.masked_words.spans(&feedback.explanation);
        let view = FeedbackView {
            decision_id: decision.decision_id.clone(),
            agrees: found == expected,
            found: names(&decision.policy_ids),
            expected: names(&feedback.policy_ids),
            explanation: masked_at(&feedback.explanation, &listed),
        };
        self.feedback.push_back(view);
        while self.feedback.len() > FEEDBACK_MAX {
            self.feedback.pop_front();
        }
    }

    /// The oldest one has been read.
    pub(crate) fn feedback_read(&mut self) {
        self.feedback.pop_front();
    }
}
