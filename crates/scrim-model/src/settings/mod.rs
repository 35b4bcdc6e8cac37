//! Protection settings: one table, checked values, floors, and what is in force.
//!
//! A [`Settings`] holds checked values for some keys. The moderator's own choice is one, and so is
//! each [`Floor`]: the queue server's and the managed file's. [`effective`] joins the three, key by
//! key, and [`Protection`] is the result as plain fields.
//!
//! Nothing here fails as a whole: a value that cannot be used is refused by name, with the range
//! that is allowed, and the rest stands.

mod effective;
mod kept;
mod protection;
mod table;
mod value;

use std::collections::BTreeMap;

pub use effective::{
    ChangeRefused, Effective, EffectiveRow, Floors, MayChange, SetBy, check_change, effective,
};
pub use kept::{KeptSettings, ManagedFound, SettingsFound};
pub use protection::{
    AtLimit, Caps, CoverRules, PlayRules, Protection, RevealRules, RevealStyle, TextMask,
};
pub use table::{DefaultValue, Key, Row, TABLE, Who, table_markdown};
pub use value::{Order, Shape, Value};

use crate::limits::{KEY_CHARS_MAX, SETTINGS_MAX};
use crate::text::{cut_chars, made_visible};

/// Checked values for some of the keys; the others are not named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    values: BTreeMap<Key, Value>,
}

/// The least protection that a team or an organisation allows. Of the same form as [`Settings`].
pub type Floor = Settings;

/// One entry that was not taken. The default, or what was there before, stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingRefused {
    /// No setting has this name.
    Unknown {
        /// What was written, cut and made visible.
        key: String,
    },
    /// The value is of another type or out of range.
    NotAllowed {
        /// The setting.
        key: Key,
    },
    /// The key is there a second time, dotted and nested.
    Twice {
        /// The setting.
        key: Key,
    },
    /// More entries than a settings document can have; the rest was not read.
    TooMany,
}

impl std::fmt::Display for SettingRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SettingRefused::Unknown { key } => {
                write!(
                    f,
                    "no protection setting is called {key}; it was passed over"
                )
            }
            SettingRefused::NotAllowed { key } => write!(
                f,
                "{} must be {}; it stays as it was",
                key.name(),
                key.row().shape
            ),
            SettingRefused::Twice { key } => {
                write!(f, "{} is there twice; the first one counts", key.name())
            }
            SettingRefused::TooMany => write!(
                f,
                "more than {SETTINGS_MAX} settings; the rest was passed over"
            ),
        }
    }
}

impl std::error::Error for SettingRefused {}

impl Settings {
    /// Reads a JSON object, or a TOML table read as one. `{"cover.blur": …}` and
    /// `{"cover": {"blur": …}}` are the same. What cannot be used is in the second part.
    #[must_use]
    pub fn read(
        document: &serde_json::Map<String, serde_json::Value>,
    ) -> (Settings, Vec<SettingRefused>) {
        let (mut settings, mut refused) = (Settings::default(), Vec::new());
        let mut left = SETTINGS_MAX;
        settings.read_into("", document, &mut left, &mut refused);
        (settings, refused)
    }

    fn read_into(
        &mut self,
        prefix: &str,
        document: &serde_json::Map<String, serde_json::Value>,
        left: &mut usize,
        refused: &mut Vec<SettingRefused>,
    ) {
        for (word, json) in document {
            if *left == 0 {
                if refused.last() != Some(&SettingRefused::TooMany) {
                    refused.push(SettingRefused::TooMany);
                }
                return;
            }
            *left -= 1;
            let name = format!("{prefix}{}", cut_chars(word, KEY_CHARS_MAX));
            // No key has more than one dot, so a deeper table cannot name one.
            if let (Some(inner), "") = (json.as_object(), prefix) {
                self.read_into(&format!("{name}."), inner, left, refused);
                continue;
            }
            match Key::named(&name) {
                None => refused.push(SettingRefused::Unknown {
                    key: made_visible(&cut_chars(&name, KEY_CHARS_MAX)).replace(['\n', '\t'], " "),
                }),
                Some(key) if self.values.contains_key(&key) => {
                    refused.push(SettingRefused::Twice { key });
                }
                Some(key) => match key.row().shape.read(json) {
                    Some(value) => drop(self.values.insert(key, value)),
                    None => refused.push(SettingRefused::NotAllowed { key }),
                },
            }
        }
    }

    /// The document that [`Settings::read`] reads back as the same settings.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        self.values
            .iter()
            .map(|(key, value)| (key.name().to_owned(), value.to_json()))
            .collect()
    }

    /// Sets a value.
    ///
    /// # Errors
    /// [`SettingRefused::NotAllowed`] if it is of another type or out of range; nothing changes.
    pub fn set(&mut self, key: Key, value: Value) -> Result<(), SettingRefused> {
        if !key.row().shape.allows(&value) {
            return Err(SettingRefused::NotAllowed { key });
        }
        self.values.insert(key, value);
        Ok(())
    }

    /// Takes a value back: the key is no longer named.
    pub fn unset(&mut self, key: Key) {
        self.values.remove(&key);
    }

    /// Both together, key by key the stricter value; where neither is stricter, this one's. Two
    /// lists together may be longer than a list may be.
    #[must_use]
    pub fn joined(&self, other: &Settings) -> Settings {
        let mut joined = self.clone();
        for (key, theirs) in &other.values {
            let row = key.row();
            let value = match self.values.get(key) {
                None => Some(theirs.clone()),
                Some(ours) => row.order.stricter(row.shape, ours, theirs),
            };
            if let Some(value) = value {
                joined.values.insert(*key, value);
            }
        }
        joined
    }

    /// The defaults as a floor: nothing may be looser. For the time in which a floor is there and
    /// cannot be read.
    #[must_use]
    pub fn defaults() -> Floor {
        let ordered = TABLE.iter().filter(|row| row.order != Order::None);
        Settings {
            values: ordered.map(|row| (row.key, row.default_value())).collect(),
        }
    }

    /// Keys that are named.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.values.keys().copied()
    }

    /// The value, if the key is named.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&Value> {
        self.values.get(&key)
    }
}

#[cfg(test)]
mod tests;
