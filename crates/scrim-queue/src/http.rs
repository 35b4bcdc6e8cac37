//! Queue protocol v1 over HTTPS.

use scrim_model::limits::{COVER_BYTES_MAX, MEDIUM_BYTES_MAX};
use scrim_model::{
    ClaimId, Decision, DecisionId, DeskId, ItemId, MediumKey, PolicyTree, Timestamp,
};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::leaves;
use scrim_wire::limits::ANSWER_BYTES_MAX;
use scrim_wire::protocol::{
    AnswerRequest, ChainHead, ChainTold, ClaimsRequest, Consult, ConsultOpened, ConsultRequest,
    Consulted, Consults, DecisionRow, DecisionsRequest, Exposure, HeartbeatAnswer,
    HeartbeatRequest, HeartbeatRow, HeldDecisions, IDEMPOTENCY_KEY, ItemState, QueueInfo, Receipt,
    ReleaseRequest, RevertRequest, SCRIM_CHAIN_HEAD, SCRIM_CLAIM, SCRIM_DESK, Sample,
    SampleRequest, Samples, Session, TeamDays,
};
use std::sync::Arc;

use ureq::Body;
use ureq::http::Response;

use crate::answers::{self, broken, json};
use crate::outbound::{failed, read};
use crate::{
    AllowedOrigins, FixedToken, Origin, Outbound, QueueServer, Road, TimeLimits, Tokens, Trust,
};

/// A desk's connection to one queue server.
pub struct HttpQueue {
    out: Outbound,
    origin: Origin,
    tokens: Arc<dyn Tokens>,
    desk: Option<DeskId>,
}

impl HttpQueue {
    /// A connector to `origin` alone that signs in with `token`, trusting the system's
    /// authorities. Contacts nobody yet.
    #[must_use]
    pub fn new(origin: Origin, token: &str) -> Self {
        Self::with_time_limits(origin, token, TimeLimits::default())
    }

    /// As [`HttpQueue::new`], with other time limits.
    #[must_use]
    pub fn with_time_limits(origin: Origin, token: &str, limits: TimeLimits) -> Self {
        let allowed = AllowedOrigins::new([origin.clone()]);
        let out = Outbound::with_time_limits(allowed, Trust::system(), limits);
        Self::through(out, origin, Arc::new(FixedToken::new(token)))
    }

    /// As [`HttpQueue::new`], on another road than this machine's network: nobody else is
    /// contacted.
    #[must_use]
    pub fn on_road(origin: Origin, token: &str, road: Box<dyn Road>) -> Self {
        let allowed = AllowedOrigins::new([origin.clone()]);
        let out = Outbound::on_road(allowed, road);
        Self::through(out, origin, Arc::new(FixedToken::new(token)))
    }

    /// A connector to `origin` by the way `out`, signing in with what `tokens` holds.
    #[must_use]
    pub fn through(out: Outbound, origin: Origin, tokens: Arc<dyn Tokens>) -> Self {
        Self {
            out,
            origin,
            tokens,
            desk: None,
        }
    }

    /// The same connector, naming the desk's store to the server: then the day's totals leave this
    /// desk out, and the server keeps the head of its chain.
    #[must_use]
    pub fn for_desk(mut self, desk: DeskId) -> Self {
        self.desk = Some(desk);
        self
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin.as_str())
    }

    /// The body of the answer to what `send` sends with the token that it is given. A token that
    /// the server does not take is renewed once, if it can be; the same bytes go again.
    fn answered(
        &self,
        send: impl Fn(&str) -> Result<Response<Body>, ureq::Error>,
        bytes_max: u64,
    ) -> Result<Vec<u8>, CallFailed> {
        let call = |token: &str| {
            let answer = send(&format!("Bearer {token}"));
            read(answer.map_err(|e| failed(&e))?, bytes_max)
        };
        let token = self.tokens.token()?;
        match call(&token) {
            Err(CallFailed::SignedOut) => match self.tokens.renewed(&token)? {
                Some(newer) => call(&newer),
                None => Err(CallFailed::SignedOut),
            },
            answer => answer,
        }
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, CallFailed> {
        self.answered(
            |bearer| {
                let request = self.out.agent.get(self.url(path));
                let mut request = request.header("authorization", bearer);
                if let Some(desk) = &self.desk {
                    request = request.header(SCRIM_DESK, desk.as_str());
                }
                request.call()
            },
            ANSWER_BYTES_MAX,
        )
    }

    fn post<T: serde::Serialize>(
        &self,
        path: &str,
        key: &str,
        body: &T,
    ) -> Result<Vec<u8>, CallFailed> {
        self.post_with_head(path, key, body, None)
    }

    fn post_with_head<T: serde::Serialize>(
        &self,
        path: &str,
        key: &str,
        body: &T,
        head: Option<&ChainHead>,
    ) -> Result<Vec<u8>, CallFailed> {
        let body = serde_json::to_vec(body).map_err(|_| broken("the request cannot be written"))?;
        self.answered(
            |bearer| {
                let mut request = self
                    .out
                    .agent
                    .post(self.url(path))
                    .header("authorization", bearer)
                    .header(IDEMPOTENCY_KEY, key)
                    .header("content-type", "application/json");
                if let Some(desk) = &self.desk {
                    request = request.header(SCRIM_DESK, desk.as_str());
                }
                if let Some(head) = head {
                    let far = format!("{}:{}", head.entries, head.hash);
                    request = request.header(SCRIM_CHAIN_HEAD, far);
                }
                request.send(&body)
            },
            ANSWER_BYTES_MAX,
        )
    }
}

impl QueueServer for HttpQueue {
    fn origin(&self) -> &str {
        self.origin.as_str()
    }

    fn session(&self) -> Result<Session, CallFailed> {
        json(&self.get(leaves::SESSION.path)?).and_then(answers::session)
    }

    fn session_of_day(&self, day_from: Timestamp) -> Result<Session, CallFailed> {
        let path = format!(
            "{}?day_from={}",
            leaves::SESSION.path,
            String::from(day_from)
        );
        json(&self.get(&path)?).and_then(answers::session)
    }

    fn queues(&self) -> Result<Vec<QueueInfo>, CallFailed> {
        json(&self.get(leaves::QUEUES.path)?).map(answers::queues)
    }

    fn policies(&self) -> Result<PolicyTree, CallFailed> {
        json(&self.get(leaves::POLICIES.path)?).and_then(answers::policies)
    }

    fn claim(&self, key: &str, request: &ClaimsRequest) -> Result<ClaimsTaken, CallFailed> {
        json(&self.post(leaves::CLAIMS.path, key, request)?)
            .and_then(|answer| answers::claims(answer, request.count))
    }

    fn heartbeat(&self, key: &str, claims: &[ClaimId]) -> Result<Vec<HeartbeatRow>, CallFailed> {
        let body = HeartbeatRequest {
            claim_ids: claims.to_vec(),
        };
        json(&self.post(leaves::HEARTBEAT.path, key, &body)?)
            .and_then(|answer: HeartbeatAnswer| answers::heartbeat(answer, claims))
    }

    fn give_back(&self, key: &str, request: &ReleaseRequest) -> Result<(), CallFailed> {
        self.post(leaves::RELEASE.path, key, request).map(drop)
    }

    fn send_row(&self, decision: &Decision, chain: ChainTold) -> Result<DecisionRow, CallFailed> {
        let key = decision.decision_id.as_str();
        self.send_rows(key, std::slice::from_ref(decision), chain)?
            .pop()
            .ok_or_else(|| broken("decisions: no row for the decision that was sent"))
    }

    fn send_rows(
        &self,
        key: &str,
        decisions: &[Decision],
        chain: ChainTold,
    ) -> Result<Vec<DecisionRow>, CallFailed> {
        let body = DecisionsRequest {
            decisions: decisions.to_vec(),
            records: chain.records,
        };
        let head = chain.head.as_ref();
        let answer = json(&self.post_with_head(leaves::DECISIONS.path, key, &body, head)?)?;
        Ok(answers::rows(answer, decisions))
    }

    fn own_decisions(&self, since: u64) -> Result<HeldDecisions, CallFailed> {
        let path = format!("{}?since={since}&scope=mine", leaves::OWN_DECISIONS.path);
        json(&self.get(&path)?).and_then(answers::own_decisions)
    }

    fn revert(
        &self,
        key: &str,
        decision: &DecisionId,
        reason: &str,
    ) -> Result<Receipt, CallFailed> {
        let path = leaves::REVERT.path_of(&[&escaped(decision.as_str())]);
        let body = RevertRequest {
            reason: reason.to_owned(),
        };
        json(&self.post(&path, key, &body)?).map(answers::receipt)
    }

    fn ask(
        &self,
        key: &str,
        item: &ItemId,
        request: &ConsultRequest,
    ) -> Result<Consulted, CallFailed> {
        let path = leaves::CONSULT.path_of(&[&escaped(item.as_str())]);
        let asked: Consulted = json(&self.post(&path, key, request)?)?;
        answers::consult_id(&asked.consult_id)?;
        Ok(asked)
    }

    fn consults(&self) -> Result<Vec<Consult>, CallFailed> {
        json(&self.get(leaves::CONSULTS.path)?)
            .map(|answer: Consults| answers::consults(answer.consults))
    }

    fn open_consult(&self, key: &str, consult: &str) -> Result<ConsultOpened, CallFailed> {
        let path = leaves::CONSULT_OPEN.path_of(&[&escaped(consult)]);
        let body = serde_json::json!({});
        json(&self.post(&path, key, &body)?).and_then(|opened| answers::opened(opened, consult))
    }

    fn answer_consult(&self, key: &str, consult: &str, answer: &str) -> Result<(), CallFailed> {
        let path = leaves::CONSULT_ANSWER.path_of(&[&escaped(consult)]);
        let body = AnswerRequest {
            answer: answer.to_owned(),
        };
        self.post(&path, key, &body).map(drop)
    }

    fn team_decisions(&self, since: u64, mark: Option<&str>) -> Result<HeldDecisions, CallFailed> {
        let mut path = format!("{}?since={since}&scope=team", leaves::TEAM_DECISIONS.path);
        if let Some(mark) = mark {
            path.push_str("&mark=");
            path.push_str(mark);
        }
        json(&self.get(&path)?).and_then(answers::team_decisions)
    }

    fn team_days(&self) -> Result<TeamDays, CallFailed> {
        json(&self.get(leaves::TEAM_DAYS.path)?).and_then(answers::team_days)
    }

    fn draw_sample(&self, key: &str, request: &SampleRequest) -> Result<Sample, CallFailed> {
        json(&self.post(leaves::REVIEW_SAMPLE.path, key, request)?).and_then(answers::sample)
    }

    fn samples(&self) -> Result<Samples, CallFailed> {
        json(&self.get(leaves::REVIEW_SAMPLES.path)?).and_then(answers::samples)
    }

    fn exposure(&self) -> Result<Exposure, CallFailed> {
        json(&self.get(leaves::EXPOSURE.path)?).map(answers::exposure)
    }

    fn item(&self, item: &ItemId) -> Result<ItemState, CallFailed> {
        let state = json(&self.get(&leaves::ITEM.path_of(&[&escaped(item.as_str())]))?)?;
        answers::item_state(state, item)
    }

    fn medium(&self, medium: &MediumKey, claim: &ClaimId) -> Result<Vec<u8>, CallFailed> {
        self.medium_bytes(&path_of(medium), claim, MEDIUM_BYTES_MAX)
    }

    fn medium_cover(&self, medium: &MediumKey, claim: &ClaimId) -> Result<Vec<u8>, CallFailed> {
        let path = format!("{}?size=cover", path_of(medium));
        self.medium_bytes(&path, claim, COVER_BYTES_MAX)
    }
}

impl HttpQueue {
    fn medium_bytes(
        &self,
        path: &str,
        claim: &ClaimId,
        bytes_max: u64,
    ) -> Result<Vec<u8>, CallFailed> {
        self.answered(
            |bearer| {
                self.out
                    .agent
                    .get(self.url(path))
                    .config()
                    .timeout_global(Some(self.out.limits.medium))
                    .build()
                    .header("authorization", bearer)
                    .header(SCRIM_CLAIM, claim.as_str())
                    .call()
            },
            bytes_max,
        )
    }
}

fn path_of(medium: &MediumKey) -> String {
    leaves::MEDIUM.path_of(&[&escaped(medium.item.as_str()), &medium.n.to_string()])
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn escaped(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_cannot_leave_their_segment() {
        assert_eq!(escaped("../a b?"), "..%2Fa%20b%3F");
    }
}
