//! `GET /v1/session`: who we are, what the server can do, and what is fixed for the day.

use serde::{Deserialize, Serialize};

use scrim_model::{Environment, ModeratorId, Role, Timestamp};

/// `GET /v1/session`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Who the token belongs to.
    pub moderator_id: ModeratorId,
    /// Shown in the window only.
    pub display_name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// BCP 47 tags that they read.
    #[serde(default)]
    pub languages: Vec<String>,
    /// What the server can do: `lease`, `fence`, `heartbeat`, `batch`, `idempotent_decisions`, …
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Always on screen.
    pub environment: Environment,
    /// Length of a lease, in seconds.
    #[serde(default = "lease_default")]
    pub lease_s: u32,
    /// Time between heartbeats, in seconds.
    #[serde(default = "heartbeat_default")]
    pub heartbeat_s: u32,
    /// Whom to call when someone is in danger.
    #[serde(default)]
    pub duty_contacts: Vec<Contact>,
    /// Whom a moderator may turn to when something is aimed at them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety_contact: Option<Contact>,
    /// The organisation's protection floor: setting key → value. The server does not read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<SettingsObject>,
    /// What the lead sets, in the same shape; no weaker than the floor where both name a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<SettingsObject>,
    /// What this person's decisions of the day looked at, on their other desks. Nobody else reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_totals: Option<DayTotals>,
    /// The last chain head that the server saw of this desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_head: Option<ChainHead>,
    /// What the server takes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// `GET /v1/sign-in`: who says who people are. Asked without a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInOffer {
    /// Address of an OpenID Connect issuer.
    pub issuer: String,
    /// What desks are called there.
    pub client_id: String,
}

/// Setting key → value, as the server holds it.
pub type SettingsObject = serde_json::Map<String, serde_json::Value>;

/// How far a desk's chain of records goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// Entries in the chain.
    pub entries: u64,
    /// The last entry's SHA-256, lower-case hex.
    pub hash: String,
}

/// What one day's decisions looked at, unweighted: the desk weights it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DayTotals {
    /// Start of the day that is summed up, as the desk asked (`day_from`) or midnight UTC.
    pub from: Timestamp,
    /// Whether this desk's own decisions are left out; without the header `Scrim-Desk` they are in.
    pub other_desks_only: bool,
    /// One row per decided severity, least first.
    pub rows: Vec<ViewTotals>,
}

/// Milliseconds on screen of items of one severity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ViewTotals {
    /// 0–4, as decided.
    pub severity: u8,
    /// Items.
    pub items: u64,
    /// Under a cover.
    pub ms_covered: u64,
    /// Through the lens.
    pub ms_lens: u64,
    /// Clear.
    pub ms_clear: u64,
}

/// What the server takes at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Items in one claiming call.
    pub claim_count_max: u32,
    /// Live claims of one person.
    pub claims_live_max: u32,
    /// Decisions in one call.
    pub decisions_max: u32,
    /// Characters of a reason or note.
    pub note_chars_max: u32,
    /// Characters of a question to a colleague, and of its answer.
    pub consult_chars_max: u32,
    /// Open questions about one item.
    pub consults_max: u32,
    /// Bytes of a JSON body.
    pub json_bytes_max: u64,
}

fn lease_default() -> u32 {
    300
}

fn heartbeat_default() -> u32 {
    60
}

/// Someone to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Role or name.
    pub name: String,
    /// Number or address, as text.
    pub reach: String,
}
