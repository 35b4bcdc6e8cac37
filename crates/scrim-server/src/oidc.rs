//! Access tokens of an identity issuer: JWTs that are checked here, without asking the issuer.
//!
//! Checked are the signature (by a key that the issuer lists), `iss`, `aud`, `exp` and, where it
//! stands, `nbf`. Only `sub` is taken from the token: who that is, and what they may do, the
//! administrator has said (`user add --subject`). Roles in a token are passed over.

use std::sync::Arc;
use std::time::Instant;

use jsonwebtoken::jwk::{JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::error::ServerError;
use crate::limits::{CLOCK_LEEWAY_S, ISSUER_BYTES_MAX, ISSUER_TIME_MAX, KEYS_AGAIN_MIN};
use crate::oidc_keys;

/// Signatures that are taken. None of them is symmetric: a listed public key is no secret.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// Whose tokens a server takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer's address, as it stands in `iss`.
    pub issuer: String,
    /// What must stand in `aud`.
    pub audience: String,
    /// The client that desks are at the issuer; told to them.
    pub client_id: String,
}

/// Checks tokens of one issuer.
pub(crate) struct OidcTokens {
    settings: OidcSettings,
    agent: ureq::Agent,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    listed: Arc<JwkSet>,
    fetched: Option<Instant>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
}

/// Whether a bearer token has the shape of a JWT. The server's own tokens hold no dot.
pub(crate) fn is_jwt(token: &str) -> bool {
    token.matches('.').count() == 2
}

impl OidcTokens {
    pub(crate) fn new(settings: OidcSettings) -> Self {
        oidc_keys::install();
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(ISSUER_TIME_MAX))
            .tls_config(
                ureq::tls::TlsConfig::builder()
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .build(),
            )
            .build()
            .new_agent();
        Self {
            settings,
            agent,
            keys: Mutex::default(),
        }
    }

    /// The subject of `token`.
    ///
    /// # Errors
    /// [`ServerError::SignedOut`] for a token that is not good; [`ServerError::IssuerSilent`] if
    /// the issuer's keys are needed and cannot be read.
    pub(crate) async fn subject(&self, token: &str) -> Result<String, ServerError> {
        let header = decode_header(token).map_err(|_| ServerError::SignedOut)?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(ServerError::SignedOut);
        }
        let kid = header.kid.ok_or(ServerError::SignedOut)?;
        let keys = self.keys_with(&kid).await?;
        let key = keys.find(&kid).ok_or(ServerError::SignedOut)?;
        let for_signing = |of: &PublicKeyUse| *of == PublicKeyUse::Signature;
        if !key.common.public_key_use.as_ref().is_none_or(for_signing) {
            return Err(ServerError::SignedOut);
        }
        let key = DecodingKey::from_jwk(key).map_err(|_| ServerError::SignedOut)?;
        let mut rules = Validation::new(header.alg);
        rules.set_audience(&[&self.settings.audience]);
        rules.set_issuer(&[&self.settings.issuer]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        rules.leeway = CLOCK_LEEWAY_S;
        let read = decode::<Claims>(token, &key, &rules);
        read.map(|read| read.claims.sub)
            .map_err(|_| ServerError::SignedOut)
    }

    /// The listed keys; read again if `kid` is not among them, but not at every made-up one.
    async fn keys_with(&self, kid: &str) -> Result<Arc<JwkSet>, ServerError> {
        let mut keys = self.keys.lock().await;
        let lately = |at: Instant| at.elapsed() < KEYS_AGAIN_MIN;
        if keys.listed.find(kid).is_some() || keys.fetched.is_some_and(lately) {
            return Ok(keys.listed.clone());
        }
        let (agent, issuer) = (self.agent.clone(), self.settings.issuer.clone());
        let fetched = tokio::task::spawn_blocking(move || fetch(&agent, &issuer)).await;
        let listed = fetched.map_err(|_| ServerError::Interrupted)??;
        keys.listed = Arc::new(listed);
        keys.fetched = Some(Instant::now());
        Ok(keys.listed.clone())
    }
}

fn fetch(agent: &ureq::Agent, issuer: &str) -> Result<JwkSet, ServerError> {
    #[derive(Deserialize)]
    struct About {
        issuer: String,
        jwks_uri: String,
    }
    let base = issuer.trim_end_matches('/');
    let about: About = read(agent, &format!("{base}/.well-known/openid-configuration"))?;
    if about.issuer != issuer || !is_protected(&about.jwks_uri) {
        return Err(ServerError::IssuerSilent);
    }
    read(agent, &about.jwks_uri)
}

fn read<T: serde::de::DeserializeOwned>(agent: &ureq::Agent, at: &str) -> Result<T, ServerError> {
    // The library's errors can hold an address, and nobody here could do anything with more.
    let mut answer = agent
        .get(at)
        .call()
        .map_err(|_| ServerError::IssuerSilent)?;
    let body = answer.body_mut().with_config().limit(ISSUER_BYTES_MAX);
    let bytes = body.read_to_vec().map_err(|_| ServerError::IssuerSilent)?;
    serde_json::from_slice(&bytes).map_err(|_| ServerError::IssuerSilent)
}

/// HTTPS, or plain HTTP to this machine: whoever could change the keys could sign as anyone.
pub(crate) fn is_protected(address: &str) -> bool {
    let Ok(uri) = address.parse::<ureq::http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = |ip: std::net::IpAddr| ip.is_loopback();
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => bare == "localhost" || bare.parse().is_ok_and(is_here),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_machine() {
        for good in [
            "https://id.example/keys",
            "http://127.0.0.1:1/k",
            "http://[::1]:1/k",
        ] {
            assert!(is_protected(good), "{good}");
        }
        for bad in [
            "http://id.example/keys",
            "http://127.0.0.1.evil.example/",
            "file:///x",
            "x",
        ] {
            assert!(!is_protected(bad), "{bad}");
        }
    }
}
