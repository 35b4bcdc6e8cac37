//! What every storage does: the trait, and what goes in and out of it.

use scrim_model::{ClaimId, DecisionId, DeskId, ItemId, ModeratorId, PolicyTree, Role, Timestamp};
use scrim_wire::protocol::{
    ChainHead, ClaimsRequest, ConsultRequest, Consults, Contact, DayTotals, DecisionsRequest,
    Exposure, HeartbeatRequest, IngestItem, ItemState, Outcomes, QueueInfo, ReleaseRequest,
    SafetyNotices, SampleRequest, Samples, SettingsObject, TeamDays,
};

use crate::auth::User;
use crate::error::ServerError;

/// Lengths of a claim, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTerms {
    /// From a claim or heartbeat to the end of the lease.
    pub lease_ms: i64,
    /// From the end of the lease to the end of reviewing without a connection.
    pub offline_grace_ms: i64,
}

/// Who writes, under which key.
#[derive(Debug, Clone)]
pub struct Write {
    /// The caller.
    pub user: ModeratorId,
    /// The role that others are told.
    pub role: Role,
    /// Whether the caller may act on others' decisions.
    pub is_lead: bool,
    /// Template of the route; keys of different routes are different keys.
    pub route: &'static str,
    /// The idempotency key.
    pub key: String,
    /// SHA-256 of what makes the request this one and not another.
    pub body_sha256: [u8; 32],
    /// The desk that writes, if it says so.
    pub desk: Option<DeskId>,
    /// How far that desk's chain of records goes, if it says so.
    pub chain_head: Option<ChainHead>,
    /// Decisions are practice: without outcomes, outside statistics, answered with feedback.
    pub is_training: bool,
    /// The team is told of everything at once: a test environment.
    pub tells_at_once: bool,
    /// The server's clock.
    pub now: Timestamp,
    /// How long claims last.
    pub terms: LeaseTerms,
}

/// The days that are asked for, as instants: from the first on, before the second.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// The first day's start.
    pub from: Timestamp,
    /// The last day's end.
    pub before: Timestamp,
}

/// What is to be written.
#[derive(Debug)]
pub enum Change {
    /// Claim items; answered with `ClaimsAnswer`.
    Claim(ClaimsRequest),
    /// Keep claims; answered with `HeartbeatAnswer`.
    Heartbeat(HeartbeatRequest),
    /// Give claims back; answered with `{}`.
    Release(ReleaseRequest),
    /// Take decisions, each with its entry of the desk's chain; answered with `DecisionsAnswer`.
    Decide(DecisionsRequest),
    /// Undo a decision, for this reason; answered with `Receipt`.
    Revert(DecisionId, String),
    /// Take an item in; answered with `Ingested`.
    Ingest(Box<IngestItem>, Vec<Filed>),
    /// End an item; answered with `Ingested`.
    Withdraw(ItemId),
    /// Ask a colleague about an item; answered with `Consulted`.
    Ask(ItemId, ConsultRequest),
    /// Look at the item of a question; answered with `ConsultOpened`.
    OpenConsult(String),
    /// Answer a question; answered with `{}`.
    AnswerConsult(String, String),
    /// Draw decisions of a period for a second review; answered with `Sample`.
    Sample(SampleRequest, Period),
    /// Outcomes up to this cursor are carried out; answered with `{}`.
    Acknowledge(u64),
}

/// What is told of queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueuesAsked {
    /// Also what is overdue at this instant, and what nobody may take.
    pub for_leads: Option<Timestamp>,
    /// Known-answer items wait to be decided; elsewhere they are practice, and wait for nobody.
    pub is_training: bool,
}

/// A setting that the server keeps for desks, as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The organisation's protection floor.
    Floor,
    /// What the lead sets.
    Lead,
    /// Whom a moderator may turn to when something is aimed at them.
    SafetyContact,
}

/// What a session tells besides the user and the settings of the process.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionFacts {
    /// See [`Kept::Floor`].
    pub floor: Option<SettingsObject>,
    /// See [`Kept::Lead`].
    pub lead: Option<SettingsObject>,
    /// See [`Kept::SafetyContact`].
    pub safety_contact: Option<Contact>,
    /// What this person's other desks looked at.
    pub day_totals: DayTotals,
    /// The longest chain that this desk told of.
    pub chain_head: Option<ChainHead>,
}

/// Whose decisions are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One person's own, whole.
    Mine(ModeratorId),
    /// Everyone's, without names, view totals and (from severity 3 on) handle times, under ids of
    /// the server's own.
    Team(TeamRead),
}

/// How the team's decisions are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRead {
    /// Days that are over by then are told.
    pub now: Timestamp,
    /// Everything is told at once, each decision with its own times: in a test environment alone.
    pub at_once: bool,
    /// What the page before was marked with. If this database never told it, the team is told from
    /// the beginning.
    pub mark: Option<String>,
}

/// A medium as it is filed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filed {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Those of a smaller version, if whoever files it has one.
    pub cover: Option<Vec<u8>>,
}

impl From<Vec<u8>> for Filed {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, cover: None }
    }
}

/// Which version of a medium is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The medium itself.
    Whole,
    /// The smaller one.
    Cover,
}

/// A medium's facts, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediumFacts {
    /// As given at ingest; empty for a smaller version.
    pub mime: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Of all bytes of this version.
    pub sha256: [u8; 32],
}

/// Everything that the server keeps. Calls block; implementations are shared between threads.
///
/// # Errors
/// Every call: [`ServerError::Database`] if the database does not answer and
/// [`ServerError::Corrupt`] if it holds what cannot be read. Others are named with the call.
pub trait Storage: Send + Sync + 'static {
    /// Carries one change out, or gives the first answer to the same key again. The answer is a
    /// JSON text.
    ///
    /// # Errors
    /// [`ServerError::KeyReused`], and what the change itself may be refused with.
    fn apply(&self, write: &Write, change: Change) -> Result<String, ServerError>;

    /// The owner of the token with this SHA-256, unless it is revoked.
    fn user_by_token(&self, sha256: &[u8; 32]) -> Result<Option<User>, ServerError>;
    /// The user whom an issuer calls `subject`, as the administrator said.
    fn user_by_subject(&self, subject: &str) -> Result<Option<User>, ServerError>;
    /// From now on, whom an issuer calls `subject` is this user.
    ///
    /// # Errors
    /// [`ServerError::Unknown`] if there is no such user; [`ServerError::Invalid`] if the subject
    /// is somebody else.
    fn put_subject(&self, user: &ModeratorId, subject: &str) -> Result<(), ServerError>;
    /// Adds a user; one that exists gets the roles in addition and, if not empty, the name and
    /// languages.
    fn put_user(&self, user: &User) -> Result<(), ServerError>;
    /// Everyone, by id.
    fn users(&self) -> Result<Vec<User>, ServerError>;
    /// Stores a token's hash for a user.
    ///
    /// # Errors
    /// [`ServerError::Unknown`] if there is no such user.
    fn add_token(
        &self,
        user: &ModeratorId,
        sha256: &[u8; 32],
        now: Timestamp,
    ) -> Result<(), ServerError>;
    /// Revokes all tokens of a user and forgets what issuers call them; how many tokens there were.
    ///
    /// # Errors
    /// [`ServerError::Unknown`] if there is no such user: a slip in a name must not pass for done.
    fn revoke_tokens(&self, user: &ModeratorId, now: Timestamp) -> Result<u64, ServerError>;

    /// Adds or renames a queue; its counts are passed over.
    fn put_queue(&self, queue: &QueueInfo) -> Result<(), ServerError>;
    /// All queues, by id, with their open items counted.
    fn queues(&self, asked: QueuesAsked) -> Result<Vec<QueueInfo>, ServerError>;
    /// Stores a tree; decisions go on citing the older ones.
    ///
    /// # Errors
    /// [`ServerError::Invalid`] if the tree has a fault, or its version is taken by another tree
    /// or older than the newest.
    fn put_policies(&self, tree: &PolicyTree, now: Timestamp) -> Result<(), ServerError>;
    /// The newest tree; an empty one of version 0 if there is none.
    fn policies(&self) -> Result<PolicyTree, ServerError>;

    /// Takes an item in without a key, as seeding does. Again with the same content: nothing.
    ///
    /// # Errors
    /// [`ServerError::Invalid`] names the field; [`ServerError::TooLarge`].
    fn put_item(
        &self,
        item: IngestItem,
        media: Vec<Filed>,
        now: Timestamp,
    ) -> Result<ItemId, ServerError>;
    /// An item, how it stands, and what `user` asked colleagues about it.
    ///
    /// # Errors
    /// [`ServerError::Unknown`].
    fn item(
        &self,
        id: &ItemId,
        user: &ModeratorId,
        now: Timestamp,
    ) -> Result<ItemState, ServerError>;
    /// Facts of a medium of an item that `user` holds by `claim`.
    ///
    /// # Errors
    /// [`ServerError::Unknown`] if there is no such medium or the item is withdrawn,
    /// [`ServerError::NotAllowed`] if the claim is not this person's and this item's,
    /// [`ServerError::ClaimLost`] if it has ended.
    fn medium(
        &self,
        user: &ModeratorId,
        claim: &ClaimId,
        medium: (&ItemId, u32, Version),
        now: Timestamp,
    ) -> Result<MediumFacts, ServerError>;
    /// `len` bytes of a medium from `start` on.
    ///
    /// # Errors
    /// [`ServerError::Unknown`] if it is gone meanwhile.
    fn medium_bytes(
        &self,
        medium: (&ItemId, u32, Version),
        start: u64,
        len: u64,
    ) -> Result<Vec<u8>, ServerError>;

    /// Decisions after `since`, as `HeldDecisions` JSON: one's own in the order of arrival, the
    /// team's day by day, within a day in no order.
    fn decisions(&self, since: u64, scope: &Scope) -> Result<String, ServerError>;
    /// What is counted by day and queue, for days that are over, of what the team was told; and who
    /// reads which language.
    fn team_days(&self, asked: &TeamRead) -> Result<TeamDays, ServerError>;
    /// How the newest samples for review stand.
    fn samples(&self) -> Result<Samples, ServerError>;
    /// Open questions that reach `user`.
    fn consults(&self, user: &ModeratorId) -> Result<Consults, ServerError>;
    /// Stores a setting, or takes it away.
    fn keep(&self, what: Kept, value: Option<&str>) -> Result<(), ServerError>;
    /// A setting.
    fn kept(&self, what: Kept) -> Result<Option<String>, ServerError>;
    /// What the session of `user` at `desk` tells of a day that began at `day_from`.
    fn session_facts(
        &self,
        user: &ModeratorId,
        desk: Option<&DeskId>,
        day_from: Timestamp,
    ) -> Result<SessionFacts, ServerError>;
    /// Notices to the safety contact after `since`, in the order of arrival.
    fn safety_notices(&self, since: u64) -> Result<SafetyNotices, ServerError>;
    /// The exposure of groups of people in the newest finished weeks.
    fn exposure(&self, now: Timestamp) -> Result<Exposure, ServerError>;
    /// Outcomes after `since`, in the order of arrival.
    fn outcomes(&self, since: u64) -> Result<Outcomes, ServerError>;
}
