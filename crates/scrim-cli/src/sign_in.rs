//! `scrim sign-in`: the token is tried, and kept only if the server takes it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use scrim_model::{Environment, Role};
use scrim_queue::{FixedToken, Origin, QueueServer, limits::CA_BYTES_MAX, sign_in_offer};
use scrim_runtime::{
    Connection, KeyPlace, Keys, Managed, OidcClient, Profile, Randomness, Reach, SignIn,
    SystemRandomness, keep_sign_in,
};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::Session;

use crate::Found;
use crate::cli;
use crate::error::CliError;
use crate::key::settle;
use crate::limits::TOKEN_BYTES_MAX;
use crate::others::Profiles;
use crate::sign_in_by_code::grant;
use crate::terminal::{say, secret};

/// What a desk is called at an issuer that nobody gave a name for.
const CLIENT_ID: &str = "scrim";
/// The roles that a server hands items to.
const REVIEWERS: &[Role] = &[Role::Moderator, Role::Lead, Role::Qa];

pub(crate) fn run(profiles: &Profiles, options: &cli::SignIn) -> Result<Found, CliError> {
    run_under(&Managed::of_this_computer(), profiles, options)
}

/// As [`run`], under these rules of the managed file.
fn run_under(
    managed: &Managed,
    profiles: &Profiles,
    options: &cli::SignIn,
) -> Result<Found, CliError> {
    let origin = origin(managed, options)?;
    let mut connection = Connection {
        ca_pem: options.ca.as_deref().map(ca_text).transpose()?,
        only_this_ca: options.only_this_ca,
        pins: options.pin.clone(),
        oidc: None,
    };
    connection.oidc = issuer(managed, options, &origin, &connection)?;
    let reach = Reach::new(origin.as_str(), &connection, managed)?;
    let (bearer, kept) = match &reach.issuer {
        None => {
            let token = token(options.token_file.as_deref())?;
            (token.clone(), token)
        }
        Some(issuer) => {
            let (granted, refresh) = grant(issuer)?;
            (granted.access_token, refresh)
        }
    };
    let queue = reach.queue(Arc::new(FixedToken::new(&bearer)));
    let session = queue.session().map_err(CliError::SignIn)?;
    let profile = profiles.make()?;
    let sign_in = SignIn {
        origin: origin.as_str().to_owned(),
        moderator_id: session.moderator_id.clone(),
        token: kept,
        connection,
    };
    let keys = Keys::under(&profile, &sign_in, managed);
    let passphrase = settle(&profile, &sign_in, &keys)?;
    keep_sign_in(&profile, &sign_in, passphrase.as_ref())?;
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
    tell_agent(&profile)?;
    Ok(Found::AllWell)
}

/// The server that was named, or the one that is managed.
fn origin(managed: &Managed, options: &cli::SignIn) -> Result<Origin, CliError> {
    let rules = managed.network.as_ref().ok();
    match (&options.url, rules.and_then(|rules| rules.server.clone())) {
        (Some(url), _) => Ok(Origin::parse(url)?),
        (None, Some(managed)) => Ok(managed),
        (None, None) => Err(CliError::Usage(
            "Say which queue server: scrim sign-in URL. Nothing was changed.".to_owned(),
        )),
    }
}

/// Who says who people are: as the command says, else the managed file, else, if asked to, the
/// server itself. Nobody for a sign-in with a token.
fn issuer(
    managed: &Managed,
    options: &cli::SignIn,
    origin: &Origin,
    connection: &Connection,
) -> Result<Option<OidcClient>, CliError> {
    let rules = managed.network.as_ref().ok();
    let managed_client = rules.and_then(|rules| rules.client_id.clone());
    let named = options.client_id.clone().or(managed_client);
    let client = |issuer: &str, told: Option<String>| OidcClient {
        issuer: issuer.to_owned(),
        client_id: named
            .clone()
            .or(told)
            .unwrap_or_else(|| CLIENT_ID.to_owned()),
        began: SystemRandomness.id(),
    };
    if let Some(asked) = options.oidc.as_deref().filter(|asked| !asked.is_empty()) {
        return Ok(Some(client(asked, None)));
    }
    let is_managed = rules.and_then(|rules| rules.issuer.as_ref());
    if let Some(issuer) = is_managed.filter(|_| options.token_file.is_none()) {
        return Ok(Some(client(issuer.as_str(), None)));
    }
    if options.oidc.is_none() {
        return Ok(None);
    }
    let reach = Reach::new(origin.as_str(), connection, managed)?;
    match sign_in_offer(&reach.out, origin) {
        Ok(offer) => Ok(Some(client(&offer.issuer, Some(offer.client_id)))),
        Err(CallFailed::Refused { .. }) => Err(CliError::NoOffer),
        Err(failed) => Err(CliError::SignIn(failed)),
    }
}

fn ca_text(file: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    File::open(file)
        .and_then(|file| file.take(CA_BYTES_MAX + 1).read_to_string(&mut text))
        .map_err(CliError::io("reading the certificate authority's file"))?;
    Ok(text)
}

fn tell_agent(profile: &Profile) -> Result<(), CliError> {
    if profile.ring().is_ok() {
        say("Scrim is running and goes on with this sign-in.")?;
    }
    Ok(())
}

/// What the server said about the person, in words.
fn welcome(session: &Session) -> Vec<String> {
    let mut lines = vec![environment(&session.environment), roles(&session.roles)];
    if !session.roles.iter().any(|role| REVIEWERS.contains(role)) {
        let text = "Without one of the roles moderator, lead and qa, the server hands no items to this desk. Ask whoever runs the server for one.";
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
