//! How a signed-in desk reaches its servers: the sign-in's own choices under the managed file's.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;

use scrim_queue::{
    AllowedOrigins, FixedToken, Granted, HttpQueue, Issuer, IssuerAddress, Origin, OriginRefused,
    Outbound, Pin, RefreshKeeper, RenewedTokens, Tokens, Trust, TrustRefused,
};
use scrim_wire::call::CallFailed;
use thiserror::Error;

use scrim_store::Key;

use crate::keys::{Keys, with_token};
use crate::managed::Managed;
use crate::profile::{Connection, Profile, SignIn};

/// Why a connection cannot be made. Nothing was contacted.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// An address that is none.
    #[error(transparent)]
    Origin(#[from] OriginRefused),
    /// What should be trusted cannot be.
    #[error(
        "What this sign-in trusts cannot be used: it {0}. Nothing was contacted; sign in again."
    )]
    Trust(#[from] TrustRefused),
    /// The managed file names another server.
    #[error(
        "This computer's managed file allows another queue server only. Nothing was contacted and nothing was changed. Ask whoever looks after this computer."
    )]
    OtherServer,
    /// The managed file names another issuer.
    #[error(
        "This computer's managed file allows another identity issuer only. Nothing was contacted and nothing was changed. Ask whoever looks after this computer."
    )]
    OtherIssuer,
    /// The managed file says what is trusted.
    #[error(
        "This computer's managed file says whose certificates are trusted; a sign-in cannot change it. Nothing was contacted and nothing was changed."
    )]
    TrustManaged,
    /// The managed file cannot be used in full.
    #[error(
        "This computer's managed file cannot be used in full ({0}), so no server is contacted. Nothing was changed; everything decided is kept. Tell whoever looks after this computer."
    )]
    Managed(String),
}

impl Connection {
    /// What this sign-in trusts.
    fn trust(&self) -> Result<Trust, TrustRefused> {
        let mut trust = Trust::system();
        if let Some(pem) = &self.ca_pem {
            trust = trust.with_authorities(pem.as_bytes(), self.only_this_ca)?;
        } else if self.only_this_ca {
            return Err(TrustRefused::NobodyTrusted);
        }
        let pins: Result<Vec<Pin>, _> = self.pins.iter().map(|pin| Pin::parse(pin)).collect();
        trust.with_pins(pins?)
    }

    fn says_whom_to_trust(&self) -> bool {
        self.ca_pem.is_some() || self.only_this_ca || !self.pins.is_empty()
    }
}

/// The servers of a desk and the way out to them.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The queue server.
    pub origin: Origin,
    /// The issuer and the client there, if the token is one of an issuer.
    pub issuer: Option<Issuer>,
    /// The way out to these and no others.
    pub out: Outbound,
    /// Whose certificates are believed.
    pub trust: Trust,
    /// What the managed file allows besides.
    pub also: Vec<Origin>,
}

impl Reach {
    /// The way to `origin` with the choices in `connection`, under the managed file.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub fn new(
        origin: &str,
        connection: &Connection,
        managed: &Managed,
    ) -> Result<Self, ConnectError> {
        let rules = managed.network.as_ref();
        let rules = rules.map_err(|why| ConnectError::Managed(why.clone()))?;
        let origin = Origin::parse(origin)?;
        if rules
            .server
            .as_ref()
            .is_some_and(|only| !only.is_same(&origin))
        {
            return Err(ConnectError::OtherServer);
        }
        let trust = match &rules.trust {
            Some(_) if connection.says_whom_to_trust() => return Err(ConnectError::TrustManaged),
            Some(managed) => managed.clone(),
            None => connection.trust()?,
        };
        let client = connection.oidc.as_ref();
        let issuer = client
            .map(|client| IssuerAddress::parse(&client.issuer))
            .transpose()?;
        if let (Some(only), Some(asked)) = (&rules.issuer, &issuer)
            && only != asked
        {
            return Err(ConnectError::OtherIssuer);
        }
        let managed = [&rules.updates, &rules.media].into_iter().flatten();
        let also: Vec<Origin> = rules.also.iter().chain(managed).cloned().collect();
        let of_issuer = issuer.as_ref().map(|issuer| issuer.origin().clone());
        let all = [origin.clone()].into_iter().chain(of_issuer);
        let mut allowed = AllowedOrigins::new(all.chain(also.iter().cloned()));
        if let Some(proxy) = &rules.proxy {
            allowed = allowed.through(proxy.clone());
        }
        let out = Outbound::new(allowed, trust.clone());
        let issuer = issuer
            .zip(client)
            .map(|(address, client)| Issuer::new(out.clone(), address, &client.client_id));
        Ok(Self {
            origin,
            issuer,
            out,
            trust,
            also,
        })
    }

    /// The queue server, asked with `tokens`.
    #[must_use]
    pub fn queue(&self, tokens: Arc<dyn Tokens>) -> HttpQueue {
        HttpQueue::through(self.out.clone(), self.origin.clone(), tokens)
    }
}

/// A queue server that nothing may be asked of: every call is refused before a socket is opened.
pub(crate) fn closed(origin: Origin) -> HttpQueue {
    let out = Outbound::new(AllowedOrigins::new([]), Trust::system());
    HttpQueue::through(out, origin, Arc::new(FixedToken::new("")))
}

impl SignIn {
    /// Whether `now` is this sign-in still: the same person on the same server, and the same
    /// token, or with an issuer one that was renewed.
    #[must_use]
    pub fn goes_on_as(&self, now: &SignIn) -> bool {
        self.origin == now.origin
            && self.moderator_id == now.moderator_id
            && self.connection == now.connection
            && (self.token == now.token || self.connection.oidc.is_some())
    }
}

/// The queue server of `sign_in`, with its token, which the profile keeps. `key` is that of the
/// records, needed where the token is sealed under it.
///
/// # Errors
/// [`ConnectError`].
pub fn queue_of(
    profile: &Profile,
    sign_in: &SignIn,
    managed: &Managed,
    key: Option<Key>,
) -> Result<HttpQueue, ConnectError> {
    let reach = Reach::new(&sign_in.origin, &sign_in.connection, managed)?;
    let tokens: Arc<dyn Tokens> = match &reach.issuer {
        None => Arc::new(FixedToken::new(&sign_in.token)),
        Some(issuer) => {
            let keeper = KeptInProfile {
                profile: profile.clone(),
                desk: sign_in.clone(),
                key,
            };
            Arc::new(RenewedTokens::new(issuer.clone(), Arc::new(keeper)))
        }
    };
    Ok(reach.queue(tokens))
}

/// A refresh token in the place of the sign-in's token. The agent and console commands renew one
/// after the other, each with what the one before left.
struct KeptInProfile {
    profile: Profile,
    desk: SignIn,
    /// What a sealed token opens with.
    key: Option<Key>,
}

/// Nothing is lost by waiting; the next call tries again.
const LATER: CallFailed = CallFailed::Unreachable { after_s: None };

impl KeptInProfile {
    fn locked(&self) -> std::io::Result<File> {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.profile.folder().join("renewing.lock"))?;
        // Ends with the file, so also if the process dies.
        file.lock()?;
        Ok(file)
    }
}

impl RefreshKeeper for KeptInProfile {
    fn renewing(
        &self,
        renew: &mut dyn FnMut(&str) -> Result<Granted, CallFailed>,
    ) -> Result<Granted, CallFailed> {
        let _locked = self.locked().map_err(|_| LATER)?;
        let stored = self.profile.sign_in().map_err(|_| LATER)?;
        // Somebody signed out, or somebody else in: this token is not theirs.
        let mut stored = stored
            .filter(|now| self.desk.goes_on_as(now))
            .ok_or(CallFailed::SignedOut)?;
        let token = self.token_of(&stored)?;
        let granted = renew(&token)?;
        if let Some(newer) = &granted.refresh_token {
            if let Some(key) = self.sealing_key(&stored)? {
                let keys = Keys::unruled(&self.profile, &stored);
                keys.keep_token(key, newer).map_err(|_| LATER)?;
            } else {
                stored.token.clone_from(newer);
                self.profile.keep_sign_in(&stored).map_err(|_| LATER)?;
            }
        }
        Ok(granted)
    }
}

impl KeptInProfile {
    /// The key that the token of `stored` is sealed under; `None` if it lies open in a private file.
    fn sealing_key(&self, stored: &SignIn) -> Result<Option<&Key>, CallFailed> {
        match (&self.key, stored.token.is_empty()) {
            (_, false) => Ok(None),
            (Some(key), true) => Ok(Some(key)),
            // Sealed since this desk was opened: the next start has the key.
            (None, true) => Err(LATER),
        }
    }

    fn token_of(&self, stored: &SignIn) -> Result<String, CallFailed> {
        match self.sealing_key(stored)? {
            None => Ok(stored.token.clone()),
            Some(key) => {
                let whole = with_token(&self.profile, stored, key);
                whole.map(|whole| whole.token).map_err(|_| LATER)
            }
        }
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
