//! Access tokens that are renewed: before they end, and once when the server does not take one.
//!
//! Issuers may replace the refresh token with every use and take a second use of the old one for
//! theft. So only one renewal runs at a time, on this machine as well: [`RefreshKeeper`] locks,
//! hands out the newest refresh token, and keeps its successor durably **before** the new access
//! token is used. An answer that is lost on the way ends in "sign in again", and nothing else is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scrim_wire::call::CallFailed;

use crate::Tokens;
use crate::issuer::{Granted, Issuer, IssuerFailed};
use crate::limits::RENEW_BEFORE_MAX;

/// Keeps a refresh token.
pub trait RefreshKeeper: Send + Sync {
    /// Calls `renew` with the newest refresh token while nobody else, in no other process, does
    /// the same, and keeps the refresh token of its answer durably before returning.
    ///
    /// # Errors
    /// What `renew` says; [`CallFailed::SignedOut`] if there is no refresh token any more;
    /// [`CallFailed::Unreachable`] if it could not be read or kept now.
    fn renewing(
        &self,
        renew: &mut dyn FnMut(&str) -> Result<Granted, CallFailed>,
    ) -> Result<Granted, CallFailed>;
}

/// Time since some fixed moment.
pub type Elapsed = Box<dyn Fn() -> Duration + Send + Sync>;

/// Tokens of an identity issuer.
pub struct RenewedTokens {
    issuer: Issuer,
    keeper: Arc<dyn RefreshKeeper>,
    elapsed: Elapsed,
    held: Mutex<Option<Held>>,
}

struct Held {
    token: String,
    /// From when it is renewed before it is used; `None` if the issuer does not say.
    renew_at: Option<Duration>,
}

impl RenewedTokens {
    /// Tokens of `issuer` for the refresh token that `keeper` keeps.
    #[must_use]
    pub fn new(issuer: Issuer, keeper: Arc<dyn RefreshKeeper>) -> Self {
        let start = Instant::now();
        Self::on_clock(issuer, keeper, Box::new(move || start.elapsed()))
    }

    /// As [`RenewedTokens::new`], on another clock.
    #[must_use]
    pub fn on_clock(issuer: Issuer, keeper: Arc<dyn RefreshKeeper>, elapsed: Elapsed) -> Self {
        Self {
            issuer,
            keeper,
            elapsed,
            held: Mutex::new(None),
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        // What is held is replaced whole, so a thread that died left something whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renew(&self, held: &mut Option<Held>) -> Result<String, CallFailed> {
        *held = None;
        let mut renew = |refresh: &str| self.issuer.refresh(refresh).map_err(as_call);
        let granted = self.keeper.renewing(&mut renew)?;
        let lasts = granted.expires_in_s.map(Duration::from_secs);
        let renew_at = lasts.map(|lasts| {
            let before = (lasts / 5).min(RENEW_BEFORE_MAX);
            (self.elapsed)().saturating_add(lasts.saturating_sub(before))
        });
        let token = granted.access_token.clone();
        *held = Some(Held {
            token: granted.access_token,
            renew_at,
        });
        Ok(token)
    }
}

/// A desk must never take an issuer's words for the queue server's: those would settle a decision.
fn as_call(failed: IssuerFailed) -> CallFailed {
    match failed {
        IssuerFailed::Call(call) => call,
        IssuerFailed::Refused(code) if ends_the_sign_in(&code) => CallFailed::SignedOut,
        IssuerFailed::Refused(_) | IssuerFailed::Broken(_) => {
            CallFailed::Unreachable { after_s: None }
        }
    }
}

/// RFC 6749 section 5.2: the refresh token or the client is not good any more.
fn ends_the_sign_in(code: &str) -> bool {
    matches!(
        code,
        "invalid_grant" | "invalid_client" | "unauthorized_client"
    )
}

impl Tokens for RenewedTokens {
    fn token(&self) -> Result<String, CallFailed> {
        let mut held = self.held();
        let now = (self.elapsed)();
        let is_good = |held: &&Held| held.renew_at.is_none_or(|at| now < at);
        match held.as_ref().filter(is_good) {
            Some(good) => Ok(good.token.clone()),
            None => self.renew(&mut held),
        }
    }

    fn renewed(&self, refused: &str) -> Result<Option<String>, CallFailed> {
        let mut held = self.held();
        match held.as_ref() {
            // Another call was refused as well, and has renewed it meanwhile.
            Some(newer) if newer.token != refused => Ok(Some(newer.token.clone())),
            _ => self.renew(&mut held).map(Some),
        }
    }
}
