//! Opaque ids as distinct types, so that an item's id can never be handed over as a claim's.

use serde::{Deserialize, Serialize};

use crate::limits::ID_BYTES_MAX;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdError {
    /// Nothing in it.
    Empty,
    /// More than [`ID_BYTES_MAX`] bytes.
    TooLong,
    /// A control or blank character in it.
    Control,
}

impl std::fmt::Display for IdError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            IdError::Empty => "an id is empty",
            IdError::TooLong => "an id is longer than 128 bytes",
            IdError::Control => "an id holds a blank or control character",
        })
    }
}

impl std::error::Error for IdError {}

fn checked(text: String) -> Result<String, IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > ID_BYTES_MAX {
        return Err(IdError::TooLong);
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(IdError::Control);
    }
    Ok(text)
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks `text` (1–128 bytes, no blanks, no control characters).
            ///
            /// # Errors
            /// [`IdError`] says what is wrong with it.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                checked(text.into()).map(Self)
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A flagged item, as the server names it.
    ItemId
);
id!(
    /// One hold of one item by one moderator.
    ClaimId
);
id!(
    /// A decision; also its record's id and its idempotency key (UUIDv7).
    DecisionId
);
id!(
    /// A review queue.
    QueueId
);
id!(
    /// One policy in a policy tree.
    PolicyId
);
id!(
    /// A moderator, as the server names them.
    ModeratorId
);
id!(
    /// One desk's store, as it names itself to the server (UUIDv7); new with each new store.
    DeskId
);
id!(
    /// One reveal: from the key that opened it to the cover that ended it (UUIDv7).
    RevealId
);

/// One medium of one item. `n` counts from 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MediumKey {
    /// The item.
    pub item: ItemId,
    /// The medium's place in it.
    pub n: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_refuse_what_a_log_line_could_not_bear() {
        assert_eq!(ItemId::new(""), Err(IdError::Empty));
        assert_eq!(ItemId::new("a\nb"), Err(IdError::Control));
        assert_eq!(ItemId::new("x".repeat(129)), Err(IdError::TooLong));
        assert!(ItemId::new("x".repeat(128)).is_ok());
    }
}
