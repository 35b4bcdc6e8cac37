//! The commands for what desks are told: the protection floor, the lead's settings, the contact.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use scrim_model::settings::{SettingRefused, Settings};
use scrim_wire::protocol::{Contact, SettingsObject};

use crate::error::ServerError;
use crate::limits::{
    CONTACT_CHARS_MAX, SETTING_KEY_BYTES_MAX, SETTINGS_BYTES_MAX, SETTINGS_KEYS_MAX,
};
use crate::seed::json_file;
use crate::storage::{Kept, SqliteStorage, Storage};

#[derive(Debug, Args)]
pub(crate) struct Db {
    /// The database file; it is made if it is not there.
    #[arg(long)]
    db: PathBuf,
}

impl Db {
    pub(crate) fn open(&self) -> Result<SqliteStorage, ServerError> {
        SqliteStorage::open(&self.db)
    }
}

/// Commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Setting {
    /// The protection floor, and what the lead sets.
    #[command(subcommand)]
    Floor(Floor),
    /// Whom a moderator may turn to when something is aimed at them.
    #[command(subcommand)]
    SafetyContact(Safety),
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Who {
    /// The floor: no desk goes below it.
    #[default]
    Organisation,
    /// The lead's settings.
    Lead,
}

impl From<Who> for Kept {
    fn from(who: Who) -> Self {
        match who {
            Who::Organisation => Kept::Floor,
            Who::Lead => Kept::Lead,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Of {
    #[command(flatten)]
    db: Db,
    /// Whose settings.
    #[arg(long, value_enum, default_value_t)]
    who: Who,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Floor {
    /// Replaces it by a JSON object of setting key → value; desks get it with their next session.
    Set {
        #[command(flatten)]
        of: Of,
        /// The object as JSON.
        file: PathBuf,
    },
    /// Prints it.
    Show(Of),
    /// Takes it away: desks use their defaults.
    Clear(Of),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Safety {
    /// Sets it.
    Set {
        #[command(flatten)]
        db: Db,
        /// As NAME=NUMBER.
        #[arg(value_parser = contact)]
        contact: Contact,
    },
    /// Prints it.
    Show(Db),
    /// Takes it away.
    Clear(Db),
    /// Prints the ids of items of which a reviewer said that they are aimed at them.
    Notices {
        #[command(flatten)]
        db: Db,
        /// Only those after this position.
        #[arg(long, default_value_t = 0)]
        since: u64,
    },
}

/// Reads a contact.
pub(crate) fn contact(text: &str) -> Result<Contact, String> {
    match text.split_once('=') {
        _ if text.chars().count() > CONTACT_CHARS_MAX => Err("it is too long".to_owned()),
        Some((name, reach)) if !name.is_empty() && !reach.is_empty() => Ok(Contact {
            name: name.to_owned(),
            reach: reach.to_owned(),
        }),
        _ => Err("write it as NAME=NUMBER".to_owned()),
    }
}

/// Carries a command out; what it prints.
pub(crate) fn set(command: Setting) -> Result<Option<String>, ServerError> {
    match command {
        Setting::Floor(Floor::Set { of, file }) => {
            let settings: SettingsObject = json_file(&file, "the file")?;
            let text = checked(&settings)?;
            let unknown = understood(&settings)?;
            of.db.open()?.keep(of.who.into(), Some(&text))?;
            Ok((!unknown.is_empty()).then(|| unknown.join("\n")))
        }
        Setting::Floor(Floor::Show(of)) => shown(&of.db, of.who.into()),
        Setting::Floor(Floor::Clear(of)) => cleared(&of.db, of.who.into()),
        Setting::SafetyContact(Safety::Set { db, contact }) => {
            let text =
                serde_json::to_string(&contact).map_err(|_| ServerError::Corrupt("a contact"))?;
            db.open()?.keep(Kept::SafetyContact, Some(&text))?;
            Ok(None)
        }
        Setting::SafetyContact(Safety::Show(db)) => shown(&db, Kept::SafetyContact),
        Setting::SafetyContact(Safety::Clear(db)) => cleared(&db, Kept::SafetyContact),
        Setting::SafetyContact(Safety::Notices { db, since }) => {
            let notices = db.open()?.safety_notices(since)?.notices;
            let lines: Vec<String> = notices
                .iter()
                .map(|notice| format!("{}\t{}", notice.cursor, notice.item_id))
                .collect();
            Ok((!lines.is_empty()).then(|| lines.join("\n")))
        }
    }
}

fn shown(db: &Db, what: Kept) -> Result<Option<String>, ServerError> {
    Ok(Some(
        db.open()?.kept(what)?.unwrap_or_else(|| "none".to_owned()),
    ))
}

fn cleared(db: &Db, what: Kept) -> Result<Option<String>, ServerError> {
    db.open()?.keep(what, None)?;
    Ok(None)
}

/// Refuses what a desk would have to refuse. Keys that this version does not know may be a newer
/// desk's: they are kept, and named.
fn understood(settings: &SettingsObject) -> Result<Vec<String>, ServerError> {
    let mut unknown = Vec::new();
    for refused in Settings::read(settings).1 {
        match refused {
            SettingRefused::Unknown { key } => unknown.push(format!(
                "{key}: this version knows no such setting; it is kept for newer desks"
            )),
            SettingRefused::NotAllowed { key } => {
                let range = format!("it must be {}", key.row().shape);
                return Err(ServerError::invalid(key.name(), range));
            }
            other => return Err(ServerError::invalid("the file", other.to_string())),
        }
    }
    Ok(unknown)
}

/// Kept small and plainly named.
fn checked(settings: &SettingsObject) -> Result<String, ServerError> {
    if settings.len() > SETTINGS_KEYS_MAX {
        return Err(ServerError::TooLarge);
    }
    for (place, (key, value)) in settings.iter().enumerate() {
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte);
        if key.is_empty() || key.len() > SETTING_KEY_BYTES_MAX || !key.bytes().all(plain) {
            return Err(ServerError::invalid(
                format!("key {}", place + 1),
                "a key has 1 to 64 of a to z, 0 to 9, dot and underscore",
            ));
        }
        if value.is_null() {
            return Err(ServerError::invalid(key, "it has no value"));
        }
    }
    let text = serde_json::to_string(settings).map_err(|_| ServerError::Corrupt("settings"))?;
    if text.len() > SETTINGS_BYTES_MAX {
        return Err(ServerError::TooLarge);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_small_and_plainly_named() {
        let check = |value: serde_json::Value| checked(value.as_object().unwrap());
        assert_eq!(check(json!({})).unwrap(), "{}");
        assert_eq!(
            check(json!({"cap.weighted_min_day": 120, "cover.blur": {"step": 5}})).unwrap(),
            r#"{"cap.weighted_min_day":120,"cover.blur":{"step":5}}"#
        );
        for wrong in [
            json!({"": 1}),
            json!({"A": 1}),
            json!({"a b": 1}),
            json!({"a": null}),
            json!({"k".repeat(65): 1}),
        ] {
            assert!(matches!(check(wrong), Err(ServerError::Invalid { .. })));
        }
        let many: SettingsObject = (0..201).map(|n| (format!("k{n}"), json!(1))).collect();
        assert!(matches!(checked(&many), Err(ServerError::TooLarge)));
        let large = json!({"a": "x".repeat(SETTINGS_BYTES_MAX)});
        assert!(matches!(check(large), Err(ServerError::TooLarge)));
    }
}
