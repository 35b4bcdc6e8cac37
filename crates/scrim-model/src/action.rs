//! What can be done about an item.

use crate::open_enum;

open_enum! {
    /// What is done about an item.
    pub enum ActionKind {
        /// Leave it: nothing wrong.
        Allow = "allow",
        /// Take it down.
        Remove = "remove",
        /// Show it to fewer.
        Restrict = "restrict",
        /// Adults only.
        AgeGate = "age_gate",
        /// Put a notice on it.
        Label = "label",
        /// Warn its author.
        WarnAuthor = "warn_author",
        /// Limit its author.
        LimitAuthor = "limit_author",
        /// Suspend its author.
        SuspendAuthor = "suspend_author",
        /// Pass it on to someone.
        Escalate = "escalate",
    }
}
