//! The policy tree of a queue: what may be found, and which actions answer it.

use serde::{Deserialize, Serialize};

use crate::action::ActionKind;
use crate::ids::PolicyId;
use crate::limits::POLICIES_MAX;

/// A versioned tree; every decision cites the version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PolicyTree {
    /// Grows with every change.
    pub version: u64,
    /// All policies, parents before or after their children.
    pub policies: Vec<PolicyNode>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyNode {
    /// The server's id.
    pub id: PolicyId,
    /// The policy above it.
    #[serde(default)]
    pub parent: Option<PolicyId>,
    /// Short name.
    pub name: String,
    /// What it says.
    #[serde(default)]
    pub text: String,
    /// Its fixed key, 1–9, unique among siblings.
    #[serde(default)]
    pub digit: Option<u8>,
    /// 0–4.
    #[serde(default)]
    pub severity: u8,
    /// Actions that answer it; empty means any that the item allows.
    #[serde(default)]
    pub actions: Vec<ActionKind>,
    /// A reason must be written.
    #[serde(default)]
    pub needs_reason: bool,
    /// Takes full effect only after a second person.
    #[serde(default)]
    pub needs_second_review: bool,
}

impl PolicyTree {
    /// The policy with this id.
    #[must_use]
    pub fn get(&self, id: &PolicyId) -> Option<&PolicyNode> {
        self.policies.iter().find(|p| &p.id == id)
    }

    /// The children of `parent` (of the root for `None`), by digit.
    #[must_use]
    pub fn children(&self, parent: Option<&PolicyId>) -> Vec<&PolicyNode> {
        let mut children: Vec<_> = self
            .policies
            .iter()
            .filter(|p| p.parent.as_ref() == parent)
            .collect();
        children.sort_by_key(|p| p.digit.unwrap_or(u8::MAX));
        children
    }

    /// The child of `parent` whose key is `digit`.
    #[must_use]
    pub fn by_digit(&self, parent: Option<&PolicyId>, digit: u8) -> Option<&PolicyNode> {
        self.children(parent)
            .into_iter()
            .find(|p| p.digit == Some(digit))
    }

    /// What is wrong with a tree from a server, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        if self.policies.len() > POLICIES_MAX {
            return Some("more policies than a desk can show");
        }
        for policy in &self.policies {
            if policy.severity > 4 {
                return Some("a severity is not 0 to 4");
            }
            if let Some(parent) = &policy.parent {
                match self.get(parent) {
                    None => return Some("a policy's parent is missing"),
                    Some(above) if above.parent.is_some() => {
                        return Some("the tree is deeper than two levels");
                    }
                    Some(_) => {}
                }
            }
            let same_key =
                |other: &&PolicyNode| other.parent == policy.parent && other.digit == policy.digit;
            if policy.digit.is_some() && self.policies.iter().filter(same_key).count() > 1 {
                return Some("two policies share one key");
            }
        }
        None
    }
}
