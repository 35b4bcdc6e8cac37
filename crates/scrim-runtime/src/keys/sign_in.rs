//! The sign-in beside the key: its token, and what tells one sign-in from another.

use scrim_store::Key;
use scrim_wire::window::Secret;
use sha2::{Digest, Sha256};

use super::{KeyError, KeyPlace, Keys, file};
use crate::profile::{Profile, SignIn};

/// Keeps a sign-in with its token where the key is: as it is beside a key file, sealed otherwise.
///
/// # Errors
/// [`KeyError`].
pub fn keep_sign_in(
    profile: &Profile,
    sign_in: &SignIn,
    typed: Option<&Secret>,
) -> Result<(), KeyError> {
    let keys = Keys::of(profile, sign_in);
    let key = keys.get_or_make(typed)?;
    if keys.place()? == Some(KeyPlace::File) {
        profile.keep_sign_in(sign_in)?;
        return Ok(file::remove(&keys.token_file())?);
    }
    keys.keep_token(&key, &sign_in.token)?;
    let mut without = sign_in.clone();
    without.token.clear();
    Ok(profile.keep_sign_in(&without)?)
}

/// `sign_in` with its token, wherever that is.
///
/// # Errors
/// [`KeyError`].
pub fn with_token(profile: &Profile, sign_in: &SignIn, key: &Key) -> Result<SignIn, KeyError> {
    let mut whole = sign_in.clone();
    if whole.token.is_empty() {
        let sealed = Keys::unruled(profile, sign_in).token(key)?;
        sealed
            .ok_or(KeyError::TokenLost)?
            .expose()
            .clone_into(&mut whole.token);
    }
    Ok(whole)
}

/// Tells one stored sign-in from another without holding its token.
pub(crate) type SignInMark = [u8; 32];

/// Of the sign-in that is stored now; `None` if nobody is signed in.
pub(crate) fn sign_in_mark(profile: &Profile) -> Result<Option<SignInMark>, KeyError> {
    let Some(sign_in) = profile.sign_in()? else {
        return Ok(None);
    };
    let mut hash = Sha256::new();
    let connection = serde_json::to_string(&sign_in.connection).unwrap_or_default();
    for part in [
        sign_in.origin.as_str(),
        sign_in.moderator_id.as_str(),
        &connection,
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    // A token of an issuer is renewed all the time; there the connection tells sign-ins apart.
    if sign_in.connection.oidc.is_none() {
        let sealed = file::read(&Keys::unruled(profile, &sign_in).token_file())?;
        hash.update(sign_in.token.as_bytes());
        hash.update([0]);
        hash.update(sealed.as_deref().map_or(&[][..], Vec::as_slice));
    }
    Ok(Some(hash.finalize().into()))
}
