//! `scrim sign-in`: asks the server first, keeps the sign-in afterwards.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use scrim_model::{Environment, Role};
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::{KeyPlace, Keys, SignIn, keep_sign_in};
use scrim_wire::protocol::Session;

use crate::Found;
use crate::cli;
use crate::error::CliError;
use crate::limits::TOKEN_BYTES_MAX;
use crate::others::{Profiles, passphrase_of};
use crate::terminal::{say, secret};

pub(crate) fn run(profiles: &Profiles, options: &cli::SignIn) -> Result<Found, CliError> {
    let origin = Origin::parse(&options.url)?;
    let token = token(options.token_file.as_deref())?;
    let session = HttpQueue::new(origin.clone(), &token)
        .session()
        .map_err(CliError::SignIn)?;
    let profile = profiles.make()?;
    let sign_in = SignIn {
        origin: origin.as_str().to_owned(),
        moderator_id: session.moderator_id.clone(),
        token,
    };
    let keys = Keys::of(&profile, &sign_in);
    keep_sign_in(&profile, &sign_in, passphrase_of(&keys)?)?;
    say(match keys.place()? {
        Some(KeyPlace::Keyring) => {
            "Signed in. The token is sealed; its key is in this account's keyring."
        }
        Some(KeyPlace::Passphrase) => "Signed in. The token is sealed behind your passphrase.",
        _ => "Signed in. The token is kept in a file that only this account can read.",
    })?;
    for line in welcome(&session) {
        say(&line)?;
    }
    if profile.ring().is_ok() {
        say("Scrim is running and goes on with this sign-in.")?;
    }
    Ok(Found::AllWell)
}

/// What the server said about the person, in words.
fn welcome(session: &Session) -> Vec<String> {
    let mut lines = vec![environment(&session.environment), roles(&session.roles)];
    if !session.roles.contains(&Role::Moderator) {
        let text = "Without the role moderator, the server hands no items to this desk.";
        lines.push(text.to_owned());
    }
    lines
}

/// One sentence about the kind of server.
pub(crate) fn environment(environment: &Environment) -> String {
    match environment {
        Environment::Production => "Environment: production. Decisions have effect.".to_owned(),
        Environment::Test => "Environment: test. Decisions have no effect.".to_owned(),
        Environment::Training => "Environment: training, outside all statistics.".to_owned(),
        Environment::Other(name) => format!("Environment: {}.", name.escape_debug()),
    }
}

/// One sentence about roles.
pub(crate) fn roles(roles: &[Role]) -> String {
    let names: Vec<String> = roles
        .iter()
        .map(|role| role.as_str().escape_debug().to_string())
        .collect();
    if names.is_empty() {
        "Roles: none.".to_owned()
    } else {
        format!("Roles: {}.", names.join(", "))
    }
}

fn token(file: Option<&Path>) -> Result<String, CliError> {
    let bytes = match file {
        Some(file) => {
            let mut bytes = Vec::new();
            File::open(file)
                .and_then(|file| file.take(TOKEN_BYTES_MAX).read_to_end(&mut bytes))
                .map_err(CliError::io("reading the token's file"))?;
            bytes
        }
        None => secret(
            "Paste the token and press Enter. It is not shown.",
            TOKEN_BYTES_MAX,
        )
        .map_err(CliError::io("reading the token"))?,
    };
    checked(&bytes)
}

/// One run of visible ASCII: anything else could not stand in a header.
fn checked(bytes: &[u8]) -> Result<String, CliError> {
    if bytes.len() as u64 >= TOKEN_BYTES_MAX {
        return Err(CliError::Token("it is far too long."));
    }
    let bytes = bytes.trim_ascii();
    if bytes.is_empty() {
        return Err(CliError::Token("it is empty."));
    }
    if !bytes.iter().all(u8::is_ascii_graphic) {
        return Err(CliError::Token("it holds spaces or unusual characters."));
    }
    let text = String::from_utf8(bytes.to_vec());
    text.map_err(|_| CliError::Token("it holds unusual characters."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_token_is_one_visible_word() {
        assert_eq!(checked(b" abc-1\n").unwrap(), "abc-1");
        for bad in [
            &b""[..],
            b" \n",
            b"a b",
            b"a\r\nx: y",
            "ü".as_bytes(),
            &[b'a'; 5000],
        ] {
            let said = checked(bad).unwrap_err().to_string();
            assert!(said.contains("nothing was changed"), "{said}");
        }
    }
}
