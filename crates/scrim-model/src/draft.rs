//! What a moderator has chosen and written for an item that is not decided yet.

use serde::{Deserialize, Serialize};

use crate::ids::{DecisionId, ItemId, PolicyId};
use crate::mark::Mark;
use crate::time::Timestamp;
use crate::view::Part;

/// A draft. Every field may be missing in a stored one: older and newer versions of Scrim read each
/// other's. Its debug form holds no words.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemDraft {
    /// The policy whose children the digits choose from.
    #[serde(default)]
    pub parent: Option<PolicyId>,
    /// The chosen policy.
    #[serde(default)]
    pub chosen: Option<PolicyId>,
    /// Policies that were chosen for single media: `n` and policy, by `n`.
    #[serde(default)]
    pub media: Vec<(u32, PolicyId)>,
    /// Marked unsure.
    #[serde(default)]
    pub unsure: bool,
    /// What the moderator wrote.
    #[serde(default)]
    pub note: String,
    /// The part that was on the screen.
    #[serde(default)]
    pub selected: Option<Part>,
    /// Where films and sounds were left: `n` and milliseconds, by `n`.
    #[serde(default)]
    pub places: Vec<(u32, u32)>,
    /// What was pointed at.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Own decisions of whose items it is said to be no copy.
    #[serde(default)]
    pub not_copy_of: Vec<DecisionId>,
}

impl ItemDraft {
    /// Whether nothing was chosen or written. Having looked at another part is not a draft.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.parent.is_none()
            && self.chosen.is_none()
            && self.media.is_empty()
            && !self.unsure
            && self.note.is_empty()
            && self.marks.is_empty()
            && self.places.is_empty()
            && self.not_copy_of.is_empty()
    }
}

impl std::fmt::Debug for ItemDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ItemDraft")
    }
}

/// A draft as it is kept: of which item, in which version, since when.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptDraft {
    /// The item.
    pub item: ItemId,
    /// The version that was looked at. A draft of another version is not used.
    pub version: u64,
    /// The desk's UTC of the last change.
    pub at: Timestamp,
    /// The draft.
    pub draft: ItemDraft,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_draft_of_another_version_of_scrim_is_read() {
        let older: ItemDraft = serde_json::from_str(r#"{"note":"n"}"#).expect("a draft");
        assert_eq!(older.note, "n");
        let newer = r#"{"chosen":"p","marks":[{"texts":{"first":"a","last":"b"}}],"later":true}"#;
        let newer: ItemDraft = serde_json::from_str(newer).expect("a draft");
        assert_eq!(newer.marks.len(), 1);
        assert_eq!(format!("{older:?}"), "ItemDraft");
    }

    #[test]
    fn only_what_was_chosen_or_written_makes_a_draft() {
        let mut draft = ItemDraft {
            selected: Some(Part::Words),
            ..ItemDraft::default()
        };
        assert!(draft.is_blank());
        draft.unsure = true;
        assert!(!draft.is_blank());
    }
}
