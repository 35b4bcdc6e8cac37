//! Whether the newest key can have been a slip.

/// Whether the newest key that counts decided something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Slip {
    /// It did not.
    #[default]
    None,
    /// It did, and can have been a slip.
    Possible,
    /// It was one, and the store is still writing the decision.
    WhileRecording,
}
