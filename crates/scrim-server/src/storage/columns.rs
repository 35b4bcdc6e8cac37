//! Values in and out of the database's columns.

use serde::Serialize;
use serde::de::DeserializeOwned;

use scrim_model::Timestamp;

use crate::error::ServerError;

impl From<rusqlite::Error> for ServerError {
    fn from(error: rusqlite::Error) -> Self {
        // The code only: SQLite's texts may quote values.
        tracing::warn!(code = ?error.sqlite_error_code(), "the database refused a call");
        Self::Database(Box::new(error))
    }
}

/// A value as JSON text.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, ServerError> {
    serde_json::to_string(value).map_err(|_| ServerError::Corrupt("a value that is to be written"))
}

/// A value from JSON text that this server wrote.
pub(super) fn from_json<T: DeserializeOwned>(
    text: &str,
    what: &'static str,
) -> Result<T, ServerError> {
    serde_json::from_str(text).map_err(|_| ServerError::Corrupt(what))
}

/// An id that this server wrote.
pub(super) fn from_id<T: TryFrom<String>>(text: String) -> Result<T, ServerError> {
    T::try_from(text).map_err(|_| ServerError::Corrupt("an id"))
}

/// SQLite's integers are signed; ids and sizes on the wire stay below 2^53.
pub(super) fn to_sql(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The other way round; a negative number can only come from a broken database.
pub(super) fn from_sql(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A day, in milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Days since the Unix epoch, UTC.
pub(super) fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MS)
}
