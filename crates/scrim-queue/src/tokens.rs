//! Where the bearer token of a call comes from.

use scrim_wire::call::CallFailed;

/// A source of bearer tokens; many threads ask it.
pub trait Tokens: Send + Sync {
    /// A token that is good now, as far as is known.
    ///
    /// # Errors
    /// [`CallFailed`], if one has to be fetched first and that fails.
    fn token(&self) -> Result<String, CallFailed>;

    /// A token other than `refused`, which the server did not take; `None` if there is none.
    ///
    /// # Errors
    /// [`CallFailed`], as for [`Tokens::token`].
    fn renewed(&self, refused: &str) -> Result<Option<String>, CallFailed>;
}

/// A token that whoever runs the queue server handed out; it lasts until it is revoked.
pub struct FixedToken(String);

impl FixedToken {
    /// That token.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl Tokens for FixedToken {
    fn token(&self) -> Result<String, CallFailed> {
        Ok(self.0.clone())
    }

    fn renewed(&self, _: &str) -> Result<Option<String>, CallFailed> {
        Ok(None)
    }
}
