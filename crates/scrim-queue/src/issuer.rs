//! An identity issuer: where its endpoints are, and what it hands out.
//!
//! OpenID Connect Discovery 1.0 for the addresses, OAuth 2.0 (RFC 6749) for what is sent and comes
//! back. All answers are bounded and checked here; no token ever stands in an error.

use std::sync::OnceLock;

use scrim_model::text::{cut_chars, made_visible};
use scrim_wire::call::CallFailed;
use serde::Deserialize;
use ureq::http::Uri;

use crate::limits::{ISSUER_BYTES_MAX, TOKEN_BYTES_MAX};
use crate::outbound::{body_of, failed};
use crate::{Origin, OriginRefused, Outbound};

/// An issuer's address: an origin and perhaps a path (`https://id.example/realms/desks`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerAddress {
    text: String,
    origin: Origin,
}

impl IssuerAddress {
    /// Checks `text`: HTTPS to anywhere, plain HTTP to loopback addresses only; no query.
    ///
    /// # Errors
    /// [`OriginRefused`].
    pub fn parse(text: &str) -> Result<Self, OriginRefused> {
        let text = text.trim();
        let uri: Uri = text.parse().map_err(|_| OriginRefused::Shape)?;
        let scheme = uri.scheme_str().ok_or(OriginRefused::Shape)?;
        let authority = uri.authority().ok_or(OriginRefused::Shape)?;
        if uri.query().is_some() || text.contains('#') {
            return Err(OriginRefused::Shape);
        }
        Ok(Self {
            origin: Origin::parse(&format!("{scheme}://{authority}"))?,
            text: text.to_owned(),
        })
    }

    /// As it was written; the issuer's own name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it is contacted.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// Why an issuer handed nothing out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssuerFailed {
    /// The call came to nothing. Never [`CallFailed::Refused`] or [`CallFailed::SignedOut`].
    Call(CallFailed),
    /// It refuses, with a closed code (RFC 6749 section 5.2, RFC 8628 section 3.5).
    Refused(String),
    /// Its answer breaks the standard; names no content.
    Broken(&'static str),
}

/// An issuer and the client that a desk is there.
#[derive(Debug, Clone)]
pub struct Issuer {
    out: Outbound,
    address: IssuerAddress,
    client_id: String,
    endpoints: OnceLock<Endpoints>,
}

#[derive(Debug, Clone, Deserialize)]
struct Endpoints {
    issuer: String,
    token_endpoint: String,
    #[serde(default)]
    device_authorization_endpoint: Option<String>,
}

/// What an issuer grants. Never printed.
#[derive(Clone)]
pub struct Granted {
    /// The bearer token for the queue server.
    pub access_token: String,
    /// How long it is good for, in seconds, if the issuer says so.
    pub expires_in_s: Option<u64>,
    /// The token that fetches the next one.
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for Granted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Granted")
    }
}

impl Issuer {
    /// The issuer at `address`, contacted by the way `out`. Contacts nobody yet.
    #[must_use]
    pub fn new(out: Outbound, address: IssuerAddress, client_id: &str) -> Self {
        Self {
            out,
            address,
            client_id: client_id.to_owned(),
            endpoints: OnceLock::new(),
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> &IssuerAddress {
        &self.address
    }

    /// What this desk is called there.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The token endpoint's grant for `pairs`.
    pub(crate) fn grant(&self, pairs: &[(&str, &str)]) -> Result<Granted, IssuerFailed> {
        let endpoint = self.endpoints()?.token_endpoint.clone();
        granted(&self.form(&endpoint, pairs)?)
    }

    /// A fresh access token for `refresh_token`, and perhaps the refresh token that replaces it.
    ///
    /// # Errors
    /// [`IssuerFailed`].
    pub fn refresh(&self, refresh_token: &str) -> Result<Granted, IssuerFailed> {
        self.grant(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ])
    }

    /// The answer of the device authorization endpoint.
    pub(crate) fn device_authorization(
        &self,
        pairs: &[(&str, &str)],
    ) -> Result<Vec<u8>, IssuerFailed> {
        let endpoint = self.endpoints()?.device_authorization_endpoint.clone();
        let endpoint = endpoint.ok_or(IssuerFailed::Broken("it offers no sign-in by code"))?;
        self.form(&endpoint, pairs)
    }

    fn endpoints(&self) -> Result<&Endpoints, IssuerFailed> {
        if let Some(known) = self.endpoints.get() {
            return Ok(known);
        }
        let base = self.address.text.trim_end_matches('/');
        let address = format!("{base}/.well-known/openid-configuration");
        let answer = self.out.agent.get(address).call();
        let found: Endpoints = serde_json::from_slice(&good(answer)?)
            .map_err(|_| IssuerFailed::Broken("its description cannot be read"))?;
        // OpenID Connect Discovery 1.0, section 4.3: otherwise one issuer could speak for another.
        if found.issuer.trim_end_matches('/') != base {
            return Err(IssuerFailed::Broken(
                "its description is that of another issuer",
            ));
        }
        Ok(self.endpoints.get_or_init(|| found))
    }

    fn form(&self, address: &str, pairs: &[(&str, &str)]) -> Result<Vec<u8>, IssuerFailed> {
        let mut all = vec![("client_id", self.client_id.as_str())];
        all.extend_from_slice(pairs);
        good(self.out.agent.post(address).send_form(all))
    }
}

/// The body of a good answer. A refusal has a code (RFC 6749 section 5.2); what has none is no
/// answer of an issuer.
fn good(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Vec<u8>, IssuerFailed> {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    let call = |error: &ureq::Error| match failed(error) {
        CallFailed::Broken { .. } => IssuerFailed::Broken("its answer cannot be read"),
        other => IssuerFailed::Call(other),
    };
    let mut answer = answer.map_err(|error| call(&error))?;
    let status = answer.status().as_u16();
    let body = body_of(&mut answer, ISSUER_BYTES_MAX).map_err(|error| call(&error))?;
    match status {
        200 => Ok(body),
        408 | 425 | 429 | 500..=599 => Err(IssuerFailed::Call(CallFailed::Unreachable {
            after_s: None,
        })),
        _ => match serde_json::from_slice::<Refusal>(&body) {
            Ok(refusal) => Err(IssuerFailed::Refused(code(&refusal.error))),
            Err(_) => Err(IssuerFailed::Broken("it is no identity issuer")),
        },
    }
}

fn code(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    if !text.is_empty() && text.len() <= 64 && text.bytes().all(plain) {
        text.to_owned()
    } else {
        "other".to_owned()
    }
}

fn granted(body: &[u8]) -> Result<Granted, IssuerFailed> {
    #[derive(Deserialize)]
    struct Answer {
        access_token: String,
        token_type: String,
        #[serde(default)]
        expires_in: Option<u64>,
        #[serde(default)]
        refresh_token: Option<String>,
    }
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| IssuerFailed::Broken("its grant cannot be read"))?;
    if !answer.token_type.eq_ignore_ascii_case("bearer") {
        return Err(IssuerFailed::Broken("its token is no bearer token"));
    }
    let is_token = |token: &str| {
        !token.is_empty()
            && token.len() <= TOKEN_BYTES_MAX
            && token.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if !is_token(&answer.access_token) || !answer.refresh_token.as_deref().is_none_or(is_token) {
        return Err(IssuerFailed::Broken(
            "its token could not stand in a request",
        ));
    }
    Ok(Granted {
        access_token: answer.access_token,
        expires_in_s: answer.expires_in,
        refresh_token: answer.refresh_token,
    })
}

/// One line from an issuer, as it may be shown on a terminal.
pub(crate) fn shown(text: &str, chars_max: usize) -> String {
    made_visible(&cut_chars(text, chars_max)).replace(['\n', '\r', '\t'], " ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_issuer_is_https_or_on_this_machine_and_may_have_a_path() {
        let address = IssuerAddress::parse("https://id.example/realms/desks").unwrap();
        assert_eq!(address.origin().as_str(), "https://id.example");
        assert!(IssuerAddress::parse("http://127.0.0.1:9/x").is_ok());
        for bad in [
            "http://id.example",
            "https://id.example?x=y",
            "https://u@id.example",
            "id",
            "https://id.example/#x",
        ] {
            assert!(IssuerAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_bearer_tokens_that_can_stand_in_a_header_are_taken() {
        let grant = |token: &str, kind: &str| {
            let body = serde_json::json!({"access_token": token, "token_type": kind});
            granted(&serde_json::to_vec(&body).unwrap()).map(|granted| granted.access_token)
        };
        assert_eq!(grant("abc", "Bearer").unwrap(), "abc");
        for (token, kind) in [
            ("abc", "mac"),
            ("", "bearer"),
            ("a\r\nx: y", "bearer"),
            (&"a".repeat(TOKEN_BYTES_MAX + 1), "bearer"),
        ] {
            assert!(matches!(grant(token, kind), Err(IssuerFailed::Broken(_))));
        }
    }
}
