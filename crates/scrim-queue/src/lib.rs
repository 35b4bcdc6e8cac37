//! The queue server as a desk sees it: one trait, and the connector to queue protocol v1.
//!
//! **Must never**: keep anything between two calls, not even a connection, follow a redirect, or
//! contact any origin but those fixed at sign-in or by the managed file ([`AllowedOrigins`]). Everything that comes back is held against the
//! named limits here, once, and typed. `scrim-runtime` is the only caller; it calls from threads
//! that may block.

mod allowed;
mod answers;
mod device;
mod http;
mod issuer;
pub mod limits;
mod offer;
mod origin;
mod outbound;
mod renewed;
mod road;
mod tls;
mod tokens;
mod trust;

pub use allowed::{AllowedOrigins, ProxyAddress};
pub use device::{DeviceCode, DeviceFailed};
pub use http::HttpQueue;
pub use issuer::{Granted, Issuer, IssuerAddress, IssuerFailed};
pub use offer::sign_in_offer;
pub use origin::{Origin, OriginRefused};
pub use outbound::{Outbound, TimeLimits};
pub use renewed::{Elapsed, RefreshKeeper, RenewedTokens};
pub use road::{Answered, Asking, Road, Severed};
pub use tokens::{FixedToken, Tokens};
pub use trust::{Pin, Trust, TrustRefused};

use scrim_model::{ClaimId, Decision, DecisionId, ItemId, MediumKey, PolicyTree, Timestamp};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{
    ChainTold, ClaimsRequest, Consult, ConsultOpened, ConsultRequest, Consulted, DecisionResult,
    DecisionRow, Exposure, HeartbeatRow, HeldDecisions, ItemState, QueueInfo, Receipt,
    ReleaseRequest, ReleaseWhy, Sample, SampleRequest, Samples, Session, TeamDays,
};

/// What a desk asks of a queue server. Every call blocks, ends within a bounded time, and may be
/// made from any thread. `key` arguments are idempotency keys made and kept by the caller.
pub trait QueueServer: Send + Sync {
    /// Which server this is: its address.
    fn origin(&self) -> &str;
    /// Who we are, and what the server can do.
    ///
    /// # Errors
    /// [`CallFailed`], as for every call of this trait.
    fn session(&self) -> Result<Session, CallFailed>;
    /// As [`QueueServer::session`], with the totals of a day that began at `day_from` (the
    /// person's local midnight) on their other desks.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn session_of_day(&self, day_from: Timestamp) -> Result<Session, CallFailed>;
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
    fn release(&self, key: &str, claims: &[ClaimId], why: &ReleaseWhy) -> Result<(), CallFailed> {
        let request = ReleaseRequest {
            claim_ids: claims.to_vec(),
            why: why.clone(),
            draft: None,
            aimed: false,
        };
        self.give_back(key, &request)
    }
    /// Gives claims back, with a draft for whoever goes on, or as aimed at the person.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn give_back(&self, key: &str, request: &ReleaseRequest) -> Result<(), CallFailed>;
    /// Hands one decision over; its id is the idempotency key.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn send(&self, decision: &Decision) -> Result<DecisionResult, CallFailed> {
        self.send_row(decision, ChainTold::default())
            .map(|row| row.result)
    }
    /// As [`QueueServer::send`], telling of the desk's chain; the row holds the feedback of a
    /// training server.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn send_row(&self, decision: &Decision, chain: ChainTold) -> Result<DecisionRow, CallFailed>;
    /// Hands several decisions over in one call, in this order. Rows may be missing: nothing is known
    /// of those decisions then.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn send_rows(
        &self,
        key: &str,
        decisions: &[Decision],
        chain: ChainTold,
    ) -> Result<Vec<DecisionRow>, CallFailed>;
    /// Own decisions as the server holds them, after `since`, in the order of arrival.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn own_decisions(&self, since: u64) -> Result<HeldDecisions, CallFailed>;
    /// Undoes a decision that was sent.
    ///
    /// # Errors
    /// [`CallFailed`]; refused with `too_late` if it stands for good.
    fn revert(&self, key: &str, decision: &DecisionId, reason: &str)
    -> Result<Receipt, CallFailed>;
    /// Asks a colleague about an item; its claim is kept.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn ask(
        &self,
        key: &str,
        item: &ItemId,
        request: &ConsultRequest,
    ) -> Result<Consulted, CallFailed>;
    /// Open questions to this person.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn consults(&self) -> Result<Vec<Consult>, CallFailed>;
    /// Looks at the item of a question.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn open_consult(&self, key: &str, consult: &str) -> Result<ConsultOpened, CallFailed>;
    /// Answers a question.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn answer_consult(&self, key: &str, consult: &str, answer: &str) -> Result<(), CallFailed>;
    /// A team's decisions as the server holds them, after `since`; for leads and QA.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn team_decisions(&self, since: u64, mark: Option<&str>) -> Result<HeldDecisions, CallFailed>;
    /// What is counted of a team by day and queue alone; for leads and QA.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn team_days(&self) -> Result<TeamDays, CallFailed>;
    /// Has decisions drawn for a blind second review; for leads.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn draw_sample(&self, key: &str, request: &SampleRequest) -> Result<Sample, CallFailed>;
    /// Samples and how far they are; for leads and QA.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn samples(&self) -> Result<Samples, CallFailed>;
    /// The exposure of groups of people, for leads.
    ///
    /// # Errors
    /// [`CallFailed`].
    fn exposure(&self) -> Result<Exposure, CallFailed>;
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
    /// The bytes of its smaller version, where the item says that there is one; at most [`scrim_model::limits::COVER_BYTES_MAX`].
    ///
    /// # Errors
    /// [`CallFailed`].
    fn medium_cover(&self, medium: &MediumKey, claim: &ClaimId) -> Result<Vec<u8>, CallFailed>;
}
