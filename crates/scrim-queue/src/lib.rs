//! The queue server as a desk sees it: one trait, and the connector to queue protocol v1.
//!
//! **Must never**: keep anything between two calls but the connection, follow a redirect, or
//! contact any origin but the one fixed at sign-in. Everything that comes back is held against the
//! named limits here, once, and typed. `scrim-runtime` is the only caller; it calls from threads
//! that may block.

mod answers;
mod http;
pub mod limits;
mod origin;

pub use http::{HttpQueue, TimeLimits};
pub use origin::{Origin, OriginRefused};

use scrim_model::{ClaimId, Decision, ItemId, MediumKey, PolicyTree};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{
    ClaimsRequest, DecisionResult, HeartbeatRow, ItemState, QueueInfo, ReleaseWhy, Session,
};

/// What a desk asks of a queue server. Every call blocks, ends within a bounded time, and may be
/// made from any thread. `key` arguments are idempotency keys made and kept by the caller.
pub trait QueueServer: Send + Sync {
    /// Who we are, and what the server can do.
    ///
    /// # Errors
    /// [`CallFailed`], as for every call of this trait.
    fn session(&self) -> Result<Session, CallFailed>;
    /// Which queues there are.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn queues(&self) -> Result<Vec<QueueInfo>, CallFailed>;
    /// What may be found in items.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn policies(&self) -> Result<PolicyTree, CallFailed>;
    /// More items.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn claim(&self, key: &str, request: &ClaimsRequest) -> Result<ClaimsTaken, CallFailed>;
    /// Keeps claims.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn heartbeat(&self, key: &str, claims: &[ClaimId]) -> Result<Vec<HeartbeatRow>, CallFailed>;
    /// Gives claims back.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn release(&self, key: &str, claims: &[ClaimId], why: &ReleaseWhy) -> Result<(), CallFailed>;
    /// Hands one decision over; its id is the idempotency key.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn send(&self, decision: &Decision) -> Result<DecisionResult, CallFailed>;
    /// How an item stands at the server.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn item(&self, item: &ItemId) -> Result<ItemState, CallFailed>;
    /// The bytes of one medium, at most 100 MB. Nothing here believes what they are.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn medium(&self, medium: &MediumKey, claim: &ClaimId) -> Result<Vec<u8>, CallFailed>;
}
