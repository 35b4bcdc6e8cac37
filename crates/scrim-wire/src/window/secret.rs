//! What is typed and must be nowhere else.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A passphrase on its way. Says nothing of itself and is wiped when it goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(String);

impl Secret {
    /// Takes the words over.
    #[must_use]
    pub fn new(words: String) -> Self {
        Self(words)
    }

    /// The words, for the one place that needs them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_nothing_of_itself() {
        let command = super::super::Command::Unlock(Some(Secret::new("four words".into())));
        assert_eq!(format!("{command:?}"), "Unlock(Some(Secret))");
    }
}
