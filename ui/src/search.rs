//! Searching the policy tree: what was typed in, hits out. Pure.

use scrim_model::{PolicyId, PolicyNode, PolicyTree};
use scrim_wire::window::{Command, WindowModel};

use crate::limits::{SEARCH_CHARS_MAX, SEARCH_HITS_MAX};

/// A policy that fits what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The policy.
    pub id: PolicyId,
    /// Its names from the root down.
    pub path: Vec<String>,
    /// Its keys from the root down; empty if one of them has none.
    pub digits: Vec<u8>,
    /// 0–4.
    pub severity: u8,
    /// What it says.
    pub text: String,
}

/// The search as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// It is on the screen.
    pub open: bool,
    /// Its field has the focus.
    pub has_focus: bool,
    /// Its field is to get the focus in the next frame.
    pub wants_focus: bool,
    /// What was typed.
    pub typed: String,
    /// The marked hit.
    pub at: usize,
}

impl Search {
    /// The marked hit as a command.
    #[must_use]
    pub fn chosen(&self, model: Option<&WindowModel>) -> Option<Command> {
        Some(Command::Policy(self.marked(&model?.policies)?))
    }

    /// Opens it, empty if it was closed.
    pub fn begin(&mut self) {
        if !self.open {
            *self = Self::default();
        }
        self.open = true;
        self.wants_focus = true;
    }

    /// Closes it.
    pub fn close(&mut self) {
        *self = Self::default();
    }

    /// Marks the next hit, or the previous one; the ends are ends.
    pub fn step(&mut self, forward: bool, tree: &PolicyTree) {
        let last = hits(tree, &self.typed).len().saturating_sub(1);
        self.at = if forward {
            (self.at + 1).min(last)
        } else {
            self.at.saturating_sub(1).min(last)
        };
    }

    /// The marked hit.
    #[must_use]
    pub fn marked(&self, tree: &PolicyTree) -> Option<PolicyId> {
        Some(hits(tree, &self.typed).into_iter().nth(self.at)?.id)
    }
}

/// At most [`SEARCH_HITS_MAX`] policies of all levels in whose name, text or path every typed word
/// occurs, whatever its case. Names that begin with what was typed come first, then names that hold
/// it, then the rest; within each in the order of the tree. Nothing typed: all.
#[must_use]
pub fn hits(tree: &PolicyTree, typed: &str) -> Vec<Hit> {
    let typed: String = typed.chars().take(SEARCH_CHARS_MAX).collect();
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut found: Vec<(u8, Hit)> = Vec::new();
    for top in tree.children(None) {
        let below = tree.children(Some(&top.id));
        for policy in std::iter::once(top).chain(below) {
            let hit = hit_of(tree, policy);
            let name = policy.name.to_lowercase();
            let all = format!("{} {}", hit.path.join(" "), policy.text).to_lowercase();
            if !words.iter().all(|word| all.contains(word)) {
                continue;
            }
            let rank = match () {
                () if name.starts_with(&typed) => 0,
                () if name.contains(&typed) => 1,
                () => 2,
            };
            found.push((rank, hit));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    let best = found.into_iter().map(|(_, hit)| hit);
    best.take(SEARCH_HITS_MAX).collect()
}

fn hit_of(tree: &PolicyTree, policy: &PolicyNode) -> Hit {
    let parent = policy.parent.as_ref().and_then(|id| tree.get(id));
    let line: Vec<_> = parent.into_iter().chain([policy]).collect();
    let digits: Option<Vec<u8>> = line.iter().map(|node| node.digit).collect();
    Hit {
        id: policy.id.clone(),
        path: line.iter().map(|node| node.name.clone()).collect(),
        digits: digits.unwrap_or_default(),
        severity: policy.severity,
        text: policy.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::demo_models::policies;

    fn paths(typed: &str) -> Vec<String> {
        let hits = hits(&policies(), typed);
        hits.iter().map(|hit| hit.path.join(" / ")).collect()
    }

    #[test]
    fn every_level_is_searched_and_names_come_before_paths() {
        assert_eq!(paths("THREAT"), ["Violence / Threat"]);
        assert_eq!(
            paths("viol"),
            ["Violence", "Violence / Graphic", "Violence / Threat"]
        );
        assert_eq!(paths("threat viol"), ["Violence / Threat"]);
        assert_eq!(paths("nothing of the kind"), [""; 0]);
    }

    #[test]
    fn what_a_policy_says_is_searched_and_the_digits_lead_to_it() {
        let mut tree = policies();
        tree.policies[3].text = "Announces harm.".to_owned();
        let hits = hits(&tree, "announces");
        assert_eq!(hits[0].digits, [2, 2]);
        assert_eq!(hits[0].severity, 3);
    }

    #[test]
    fn stepping_stays_on_the_hits() {
        let tree = policies();
        let mut search = Search {
            typed: "viol".to_owned(),
            ..Search::default()
        };
        for _ in 0..9 {
            search.step(true, &tree);
        }
        assert_eq!(search.marked(&tree).unwrap().as_str(), "threat");
        search.step(false, &tree);
        assert_eq!(search.marked(&tree).unwrap().as_str(), "graphic");
        search.typed = "spam".to_owned();
        search.step(false, &tree);
        assert_eq!(search.marked(&tree).unwrap().as_str(), "spam");
    }
}
