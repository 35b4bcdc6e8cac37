//! Who is calling: bearer tokens and roles.
//!
//! A token is 256 random bits, written as base64url. Only its SHA-256 is stored, and it is found
//! by that hash: how long the look-up takes depends on the hash, which tells nothing of the token.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use sha2::{Digest, Sha256};

use scrim_model::{ModeratorId, Role};

use crate::error::ServerError;
use crate::limits::{JWT_BYTES_MAX, TOKEN_BYTES_MAX};
use crate::oidc::is_jwt;

/// A person or a machine that may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Opaque.
    pub id: ModeratorId,
    /// Shown in that person's own window only.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// BCP 47 tags that they read.
    pub languages: Vec<String>,
}

impl User {
    /// Whether one of the user's roles is among `roles`.
    #[must_use]
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }

    /// The role that others are told when this person was first: a reviewer's role before others.
    #[must_use]
    pub fn acting_role(&self) -> Role {
        [Role::Moderator, Role::Lead, Role::Qa]
            .into_iter()
            .find(|role| self.roles.contains(role))
            .or_else(|| self.roles.first().cloned())
            .unwrap_or(Role::Moderator)
    }
}

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A new token and its hash. The token itself is shown once and stored nowhere.
///
/// # Errors
/// [`ServerError::Io`] if the system has no random bits.
pub fn new_token() -> Result<(String, [u8; 32]), ServerError> {
    let mut bits = [0_u8; 32];
    rand::rngs::OsRng
        .try_fill_bytes(&mut bits)
        .map_err(|error| ServerError::Io {
            what: "asking the system for random bits",
            source: std::io::Error::other(error),
        })?;
    let token = URL_SAFE_NO_PAD.encode(bits);
    let hash = sha256(token.as_bytes());
    Ok((token, hash))
}

/// The bearer token in `headers`: one of the server's own, or perhaps one of an issuer.
///
/// # Errors
/// [`ServerError::SignedOut`] if there is none.
pub fn bearer(headers: &HeaderMap) -> Result<&str, ServerError> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .ok_or(ServerError::SignedOut)?;
    let (scheme, token) = value.split_once(' ').ok_or(ServerError::SignedOut)?;
    let token = token.trim();
    let bytes_max = if is_jwt(token) {
        JWT_BYTES_MAX
    } else {
        TOKEN_BYTES_MAX
    };
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > bytes_max {
        return Err(ServerError::SignedOut);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn tokens_have_256_bits_and_differ() {
        let (one, hash) = new_token().unwrap();
        let (two, _) = new_token().unwrap();
        assert_ne!(one, two);
        assert_eq!(URL_SAFE_NO_PAD.decode(&one).unwrap().len(), 32);
        let mut headers = HeaderMap::new();
        headers.insert(
            header::AUTHORIZATION,
            format!("Bearer {one}").parse().unwrap(),
        );
        assert_eq!(sha256(bearer(&headers).unwrap().as_bytes()), hash);
    }

    #[test]
    fn others_are_told_the_reviewing_role() {
        let user = User {
            id: ModeratorId::new("u").unwrap(),
            name: String::new(),
            roles: vec![Role::Admin, Role::Lead],
            languages: Vec::new(),
        };
        assert_eq!(user.acting_role(), Role::Lead);
    }
}
