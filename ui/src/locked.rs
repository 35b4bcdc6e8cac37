//! What is typed at the lock, and nothing else of it.

use scrim_wire::window::Secret;
use zeroize::Zeroize;

use crate::limits::PASSPHRASE_CHARS_MAX;

/// The field of the lock. It has its room from the start, so that no copy is left behind by growing.
pub(crate) struct Passphrase {
    pub(crate) typed: String,
}

impl Default for Passphrase {
    fn default() -> Self {
        Self {
            typed: String::with_capacity(PASSPHRASE_CHARS_MAX * 4),
        }
    }
}

impl Passphrase {
    /// Takes it out for sending; the field is empty then.
    pub(crate) fn take(&mut self) -> Secret {
        let secret = Secret::new(self.typed.clone());
        self.clear();
        secret
    }

    pub(crate) fn clear(&mut self) {
        self.typed.zeroize();
    }
}

impl Drop for Passphrase {
    fn drop(&mut self) {
        self.clear();
    }
}
