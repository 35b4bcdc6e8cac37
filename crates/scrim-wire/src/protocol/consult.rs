//! Asking a colleague about an item while keeping its claim.
//!
//! Who asks names a role or a person. Whoever is asked sees the question in `GET /v1/consults`,
//! opens the item with a claim that lets them look and nothing else, and answers. A look is kept
//! with the question. The item is covered for the colleague as every item is.

use serde::{Deserialize, Deserializer, Serialize};

use scrim_model::open_enum;
use scrim_model::{ClaimId, Item, ItemId, ModeratorId, Role, Timestamp};

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultTo {
    /// Anyone with this role.
    Role(Role),
    /// This person.
    Person(ModeratorId),
}

/// `POST /v1/items/{id}/consult`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultRequest {
    /// The caller's live claim of the item; it is kept.
    pub claim_id: ClaimId,
    /// Who is asked.
    pub to: ConsultTo,
    /// The question, 1 to `consult_chars_max` characters.
    pub question: String,
}

/// Answer of `POST /v1/items/{id}/consult`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consulted {
    /// Opaque id of the question.
    pub consult_id: String,
}

open_enum! {
    /// How a question stands.
    pub enum ConsultState {
        /// Nobody has answered.
        Open = "open",
        /// There is an answer.
        Answered = "answered",
        /// The item was decided or withdrawn first.
        Closed = "closed",
    }
}

/// A question, as the asker and whoever is asked see it. Neither is told the other's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consult {
    /// Opaque id.
    pub consult_id: String,
    /// The item.
    pub item_id: ItemId,
    /// The question.
    pub question: String,
    /// How it stands.
    pub state: ConsultState,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The answer, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The role of whoever answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_role: Option<String>,
}

/// Answer of `GET /v1/consults`: open questions to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consults {
    /// Oldest first.
    #[serde(deserialize_with = "each")]
    pub consults: Vec<Consult>,
}

/// Reads each question by itself: one that cannot be read spoils no other, and is passed over.
pub(super) fn each<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Consult>, D::Error> {
    let rows = Vec::<serde_json::Value>::deserialize(from)?.into_iter();
    Ok(rows
        .filter_map(|row| serde_json::from_value(row).ok())
        .collect())
}

/// Answer of `POST /v1/consults/{id}/open`: the item, to be looked at and not decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsultOpened {
    /// The question.
    pub consult_id: String,
    /// For the header `Scrim-Claim` of media; no decision is taken under it.
    pub claim_id: ClaimId,
    /// Until then media are given.
    pub expires_at: Timestamp,
    /// The question.
    pub question: String,
    /// The item.
    pub item: Item,
}

/// `POST /v1/consults/{id}/answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRequest {
    /// The answer, 1 to `consult_chars_max` characters.
    pub answer: String,
}
