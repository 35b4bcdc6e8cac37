//! What is in force: the stricter of floor and personal choice, key by key.
//!
//! | who | without a floor | floor names the key |
//! | --- | --- | --- |
//! | M | personal, else default | the same, joined with the floor |
//! | M↑ | personal joined with the default | personal (else default), joined with the floor |
//! | L, M↑ | personal joined with the default | personal joined with the floor |
//! | L, O | default | the floor |
//! | – | default | default |
//!
//! Two floors are joined first. Where neither value is stricter (*no order*), a floor that names
//! the key pins it, and the managed file goes before the server.

use serde::{Deserialize, Serialize};

use super::table::{Key, Row, TABLE, Who};
use super::value::Value;
use super::{Floor, Settings};

/// Both floors. An absent one is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Floors {
    /// From the session, or the last copy of it.
    pub server: Floor,
    /// From the managed file.
    pub managed: Floor,
}

/// Whose word a value in force is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetBy {
    /// Nobody's.
    Default,
    /// The moderator's.
    You,
    /// The lead's, through the server's floor.
    Lead,
    /// The organisation's, through the server's floor.
    OrganisationServer,
    /// The organisation's, through the managed file.
    OrganisationManaged,
}

/// What the moderator may do about a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MayChange {
    /// Any allowed value.
    Freely,
    /// Any allowed value that is at least as strict as `EffectiveRow::least`.
    AtLeast,
    /// Nothing.
    No,
}

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveRow {
    /// Which.
    pub key: Key,
    /// Its value.
    pub value: Value,
    /// Whose word that is.
    pub set_by: SetBy,
    /// What the moderator may do about it.
    pub may_change: MayChange,
    /// With [`MayChange::AtLeast`]: the least that the moderator may choose.
    pub least: Option<Value>,
    /// What the moderator has chosen, if anything; of a list, the part that is theirs.
    pub own: Option<Value>,
}

/// All settings in force, in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effective {
    rows: Vec<EffectiveRow>,
}

impl Effective {
    /// Every row.
    #[must_use]
    pub fn rows(&self) -> &[EffectiveRow] {
        &self.rows
    }

    /// One row.
    ///
    /// # Panics
    /// Never for what [`effective`] made: every key has its row.
    #[must_use]
    pub fn row(&self, key: Key) -> &EffectiveRow {
        self.rows
            .iter()
            .find(|row| row.key == key)
            .expect("every key has its row")
    }

    /// One value.
    #[must_use]
    pub fn value(&self, key: Key) -> &Value {
        &self.row(key).value
    }
}

/// Joins floors and personal choice. See the module's table.
#[must_use]
pub fn effective(floors: &Floors, personal: &Settings) -> Effective {
    let rows = TABLE
        .iter()
        .map(|row| in_force(row, floors, personal.get(row.key)))
        .collect();
    Effective { rows }
}

/// Why a moderator's change is not taken; what was in force stays in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRefused {
    /// Wrong type or out of range.
    NotAllowed {
        /// The setting.
        key: Key,
    },
    /// Not the moderator's to change.
    NotYours {
        /// The setting.
        key: Key,
        /// Who may.
        who: Who,
    },
    /// Pinned by a floor.
    Pinned {
        /// The setting.
        key: Key,
        /// By whom.
        by: SetBy,
    },
    /// Looser than allowed.
    Looser {
        /// The setting.
        key: Key,
        /// The least that may be chosen.
        least: Value,
        /// Who set that.
        by: SetBy,
    },
}

impl std::fmt::Display for ChangeRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let by = |by: &SetBy| match by {
            SetBy::Default | SetBy::You => "Scrim's default",
            SetBy::Lead => "your lead",
            SetBy::OrganisationServer | SetBy::OrganisationManaged => "your organisation",
        };
        match self {
            ChangeRefused::NotAllowed { key } => {
                write!(f, "{} must be {}", key.name(), key.row().shape)
            }
            ChangeRefused::NotYours { key, who } => {
                let whose = match who {
                    Who::Lead => "is set by the lead",
                    Who::Organisation => "is set by the organisation",
                    _ => "has no switch",
                };
                write!(f, "{} {whose}", key.name())
            }
            ChangeRefused::Pinned { key, by: whom } => {
                write!(f, "{} is pinned by {}", key.name(), by(whom))
            }
            ChangeRefused::Looser {
                key,
                least,
                by: whom,
            } => write!(
                f,
                "{} can only be stricter than {} has it: {least}",
                key.name(),
                by(whom)
            ),
        }
    }
}

impl std::error::Error for ChangeRefused {}

/// Whether the moderator may choose `value` for `key`.
///
/// # Errors
/// [`ChangeRefused`] with the reason, if not.
pub fn check_change(floors: &Floors, key: Key, value: &Value) -> Result<(), ChangeRefused> {
    let row = key.row();
    if !row.shape.allows(value) {
        return Err(ChangeRefused::NotAllowed { key });
    }
    let now = in_force(row, floors, None);
    match now.may_change {
        MayChange::Freely => Ok(()),
        MayChange::No if now.least.is_some() => Err(ChangeRefused::Pinned {
            key,
            by: now.set_by,
        }),
        MayChange::No => Err(ChangeRefused::NotYours { key, who: row.who }),
        MayChange::AtLeast => {
            let least = now.least.expect("a least value goes with AtLeast");
            // A list is joined with the floor's: whatever is chosen takes nothing away from it.
            let is_joined = row.order == super::Order::Union;
            if is_joined || row.order.stricter(row.shape, value, &least).as_ref() == Some(value) {
                return Ok(());
            }
            let by = floor_of(row, floors).map_or(SetBy::Default, |(_, by)| by);
            Err(ChangeRefused::Looser { key, least, by })
        }
    }
}

/// The two floors' joined value and whose word it is.
fn floor_of(row: &Row, floors: &Floors) -> Option<(Value, SetBy)> {
    let from_server = match row.who {
        Who::Lead | Who::LeadModeratorStricter => SetBy::Lead,
        _ => SetBy::OrganisationServer,
    };
    match (floors.server.get(row.key), floors.managed.get(row.key)) {
        (None, None) => None,
        (Some(server), None) => Some((server.clone(), from_server)),
        (None, Some(managed)) => Some((managed.clone(), SetBy::OrganisationManaged)),
        (Some(server), Some(managed)) => match row.order.stricter(row.shape, server, managed) {
            Some(joined) if joined == *server && joined != *managed => Some((joined, from_server)),
            Some(joined) => Some((joined, SetBy::OrganisationManaged)),
            None => Some((managed.clone(), SetBy::OrganisationManaged)),
        },
    }
}

fn in_force(row: &Row, floors: &Floors, personal: Option<&Value>) -> EffectiveRow {
    let out = |value, set_by, may_change, least| EffectiveRow {
        key: row.key,
        value,
        set_by,
        may_change,
        least,
        own: personal.cloned(),
    };
    let default = row.default_value();
    let floor = floor_of(row, floors).filter(|_| row.who != Who::Nobody);
    let (base, base_by) = match &floor {
        Some((value, by)) if row.who.floor_sets() => (value.clone(), *by),
        _ => (default.clone(), SetBy::Default),
    };
    let least = match (row.who, &floor) {
        (Who::Nobody | Who::Lead | Who::Organisation, _) => {
            return out(base, base_by, MayChange::No, None);
        }
        (_, Some(floor)) => Some(floor.clone()),
        (Who::Moderator, None) => None,
        (_, None) => Some((default, SetBy::Default)),
    };
    let (chosen, chosen_by) = match personal {
        Some(value) => (value.clone(), SetBy::You),
        None => (base, base_by),
    };
    let Some((least, least_by)) = least else {
        return out(chosen, chosen_by, MayChange::Freely, None);
    };
    match row.order.stricter(row.shape, &chosen, &least) {
        None => out(least.clone(), least_by, MayChange::No, Some(least)),
        // Equal under no order: pinned as well.
        Some(_) if row.order == super::Order::None => {
            out(least.clone(), least_by, MayChange::No, Some(least))
        }
        Some(joined) => {
            let by = if joined == least { least_by } else { chosen_by };
            out(joined, by, MayChange::AtLeast, Some(least))
        }
    }
}
