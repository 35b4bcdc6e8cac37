//! Settings as a store keeps them, and what is found when a desk starts.

use serde_json::{Map, Value as Json};

use super::{Floor, SettingRefused, Settings};

/// What a desk keeps: the moderator's own choice and the last floors that were good.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptSettings {
    /// The moderator's own choice.
    pub personal: Settings,
    /// The queue server's floor as last heard.
    pub server: Floor,
    /// The managed file as last read in full.
    pub managed: Floor,
}

/// What the store has of settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SettingsFound {
    /// Nothing: a new desk.
    #[default]
    None,
    /// As last written.
    Kept(Box<KeptSettings>),
    /// Something that was not written like this. What can be read of it.
    Doubtful(Box<KeptSettings>),
}

/// What there is of the managed file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ManagedFound {
    /// No file.
    #[default]
    Absent,
    /// Read in full.
    Read(Floor),
    /// It is there and cannot be used in full. What can be read of it, and why the rest cannot.
    Unusable {
        /// What can be read; empty if nothing can be trusted.
        floor: Floor,
        /// For people; names keys and ranges, never a path.
        why: String,
    },
}

const PARTS: [&str; 3] = ["personal", "server", "managed"];

impl KeptSettings {
    /// The form in which a store keeps it.
    #[must_use]
    pub fn to_store(&self) -> Vec<u8> {
        let parts = [&self.personal, &self.server, &self.managed];
        let document: Map<String, Json> = PARTS
            .iter()
            .zip(parts)
            .map(|(name, part)| ((*name).to_owned(), part.to_json().into()))
            .collect();
        Json::from(document).to_string().into_bytes()
    }

    /// Reads what [`KeptSettings::to_store`] made. The second part is whether all of it could be
    /// read; a key that this version does not know is passed over.
    #[must_use]
    pub fn from_store(body: &[u8]) -> (KeptSettings, bool) {
        let mut whole = true;
        let document = serde_json::from_slice::<Map<String, Json>>(body).unwrap_or_default();
        let mut part = |name: &str| {
            let Some(found) = document.get(name).and_then(Json::as_object) else {
                whole = false;
                return Settings::default();
            };
            let (settings, refused) = Settings::read(found);
            whole &= refused
                .iter()
                .all(|refused| matches!(refused, SettingRefused::Unknown { .. }));
            settings
        };
        let [personal, server, managed] = PARTS.map(&mut part);
        let kept = KeptSettings {
            personal,
            server,
            managed,
        };
        (kept, whole)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::{Key, Value};
    use super::*;

    #[test]
    fn what_is_kept_reads_back_and_an_edit_out_of_range_is_noticed() {
        let mut kept = KeptSettings::default();
        kept.personal
            .set(Key::BreakAfter, Value::Number(30))
            .unwrap();
        kept.server
            .set(Key::CoverBlur, Value::Choice("strong".into()))
            .unwrap();
        let body = kept.to_store();
        assert_eq!(KeptSettings::from_store(&body), (kept.clone(), true));
        let edited = String::from_utf8(body).unwrap().replace("strong", "none");
        let (found, whole) = KeptSettings::from_store(edited.as_bytes());
        assert!(!whole && found.personal == kept.personal);
        assert!(found.server.get(Key::CoverBlur).is_none());
        for broken in [&b""[..], b"[]", b"{\"personal\":{}}", b"\xff"] {
            assert!(!KeptSettings::from_store(broken).1);
        }
    }
}
