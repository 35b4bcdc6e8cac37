//! Keys and tokens that are wrapped: the key under a passphrase (Argon2id, XChaCha20-Poly1305), a
//! token under the key.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use scrim_store::{KEY_BYTES, Key};
use scrim_wire::window::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{KeyError, key_of, random};
use crate::limits::{ARGON_KIB, ARGON_KIB_MAX, ARGON_PASSES, ARGON_PASSES_MAX};

const NONCE: usize = 24;
const SALT: usize = 16;
const TOKEN_DOMAIN: &[u8] = b"scrim token 1\0";
const KEY_DOMAIN: &[u8] = b"scrim records key under a passphrase 1\0";

/// The wrapped key, as it stands in its file. Figures of Argon2id are kept, so that later ones open
/// older files.
#[derive(Serialize, Deserialize)]
struct Wrapped {
    kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

/// Wraps `key` under the passphrase.
pub(super) fn seal(key: &Key, typed: &Secret) -> Result<Vec<u8>, KeyError> {
    let (salt, nonce) = (random::<SALT>()?, random::<NONCE>()?);
    let wrapping = stretched(typed, &salt, ARGON_KIB, ARGON_PASSES)?;
    let sealed = encrypt(&wrapping, &nonce, key.bytes(), KEY_DOMAIN)?;
    let wrapped = Wrapped {
        kib: ARGON_KIB,
        passes: ARGON_PASSES,
        salt: hex(&salt),
        nonce: hex(&nonce),
        sealed: hex(&sealed),
    };
    serde_json::to_vec(&wrapped).map_err(|_| KeyError::Damaged)
}

/// Opens it again.
pub(super) fn open(bytes: &[u8], typed: &Secret) -> Result<Key, KeyError> {
    let wrapped: Wrapped = serde_json::from_slice(bytes).map_err(|_| KeyError::Damaged)?;
    // A file that was tampered with must not make this machine stand still.
    if wrapped.kib > ARGON_KIB_MAX || wrapped.passes > ARGON_PASSES_MAX {
        return Err(KeyError::Damaged);
    }
    let read = |text: &str| unhex(text).ok_or(KeyError::Damaged);
    let (salt, nonce) = (read(&wrapped.salt)?, read(&wrapped.nonce)?);
    let nonce = <[u8; NONCE]>::try_from(nonce.as_slice()).map_err(|_| KeyError::Damaged)?;
    let wrapping = stretched(typed, &salt, wrapped.kib, wrapped.passes)?;
    let key = decrypt(&wrapping, &nonce, &read(&wrapped.sealed)?, KEY_DOMAIN)
        .ok_or(KeyError::WrongPassphrase)?;
    key_of(&key)
}

/// A token under a key that is derived from the records' key.
pub(super) fn seal_token(key: &Key, token: &str) -> Result<Vec<u8>, KeyError> {
    let nonce = random::<NONCE>()?;
    let mut sealed = nonce.to_vec();
    let wrapping = token_key(key);
    sealed.extend(encrypt(&wrapping, &nonce, token.as_bytes(), TOKEN_DOMAIN)?);
    Ok(sealed)
}

/// Opens it again.
pub(super) fn open_token(key: &Key, bytes: &[u8]) -> Result<Secret, KeyError> {
    let (nonce, sealed) = bytes.split_first_chunk().ok_or(KeyError::Damaged)?;
    let token = decrypt(&token_key(key), nonce, sealed, TOKEN_DOMAIN).ok_or(KeyError::TokenLost)?;
    let token = std::str::from_utf8(&token).map_err(|_| KeyError::Damaged)?;
    Ok(Secret::new(token.to_owned()))
}

fn token_key(key: &Key) -> Zeroizing<[u8; KEY_BYTES]> {
    let mut hash = Sha256::new();
    hash.update(TOKEN_DOMAIN);
    hash.update(key.bytes());
    Zeroizing::new(hash.finalize().into())
}

fn stretched(
    typed: &Secret,
    salt: &[u8],
    kib: u32,
    passes: u32,
) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyError> {
    let params = Params::new(kib, passes, 1, Some(KEY_BYTES)).map_err(|_| KeyError::Damaged)?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = Zeroizing::new([0; KEY_BYTES]);
    argon
        .hash_password_into(typed.expose().as_bytes(), salt, out.as_mut_slice())
        .map_err(|_| KeyError::Damaged)?;
    Ok(out)
}

fn encrypt(
    wrapping: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE],
    msg: &[u8],
    aad: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let cipher = XChaCha20Poly1305::new(&(*wrapping).into());
    let sealed = cipher.encrypt(&XNonce::from(*nonce), Payload { msg, aad });
    sealed.map_err(|_| KeyError::Damaged)
}

fn decrypt(
    wrapping: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE],
    msg: &[u8],
    aad: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = XChaCha20Poly1305::new(&(*wrapping).into());
    let opened = cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad });
    opened.ok().map(Zeroizing::new)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}
