//! Queue protocol v1 over HTTPS.

use scrim_model::limits::MEDIUM_BYTES_MAX;
use scrim_model::{
    ClaimId, Decision, DecisionId, DeskId, ItemId, MediumKey, PolicyTree, Timestamp,
};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::leaves;
use scrim_wire::limits::ANSWER_BYTES_MAX;
use scrim_wire::protocol::{
    AnswerRequest, ChainHead, ClaimsRequest, Consult, ConsultOpened, ConsultRequest, Consulted,
    Consults, DecisionRow, DecisionsAnswer, DecisionsRequest, Exposure, HeartbeatAnswer,
    HeartbeatRequest, HeartbeatRow, IDEMPOTENCY_KEY, ItemState, QueueInfo, Receipt, ReleaseRequest,
    RevertRequest, SCRIM_CHAIN_HEAD, SCRIM_CLAIM, SCRIM_DESK, Session,
};
use std::time::Duration;

use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use crate::answers::{self, broken, json};
use crate::limits::{
    CALL_TIME_MAX, CONNECT_TIME_MAX, ERROR_BYTES_MAX, HEADER_BYTES_MAX, MEDIUM_TIME_MAX,
};
use crate::road::{OnRoad, Road};
use crate::{Origin, QueueServer};

/// How long calls may take. Every call ends within these, whatever the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// A call without media, from first byte sent to last byte read.
    pub call: Duration,
    /// The bytes of one medium.
    pub medium: Duration,
    /// The making of a connection.
    pub connect: Duration,
}

impl Default for TimeLimits {
    /// Those of [`crate::limits`].
    fn default() -> Self {
        Self {
            call: CALL_TIME_MAX,
            medium: MEDIUM_TIME_MAX,
            connect: CONNECT_TIME_MAX,
        }
    }
}

/// A desk's connection to one queue server.
pub struct HttpQueue {
    agent: Agent,
    origin: Origin,
    bearer: String,
    medium_time_max: Duration,
    desk: Option<DeskId>,
}

impl HttpQueue {
    /// A connector to `origin` that signs in with `token`. Contacts nobody yet.
    #[must_use]
    pub fn new(origin: Origin, token: &str) -> Self {
        Self::with_time_limits(origin, token, TimeLimits::default())
    }

    /// As [`HttpQueue::new`], with other time limits.
    #[must_use]
    pub fn with_time_limits(origin: Origin, token: &str, limits: TimeLimits) -> Self {
        Self::assembled(origin, token, limits, None)
    }

    /// As [`HttpQueue::new`], on another road than this machine's network: nobody else is
    /// contacted.
    #[must_use]
    pub fn on_road(origin: Origin, token: &str, road: Box<dyn Road>) -> Self {
        Self::assembled(origin, token, TimeLimits::default(), Some(OnRoad(road)))
    }

    fn assembled(origin: Origin, token: &str, limits: TimeLimits, road: Option<OnRoad>) -> Self {
        let mut config = Agent::config_builder();
        if let Some(road) = road {
            config = config.middleware(road);
        }
        let config = config
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("scrim/", env!("CARGO_PKG_VERSION")))
            .max_response_header_size(HEADER_BYTES_MAX)
            .timeout_global(Some(limits.call))
            .timeout_connect(Some(limits.connect))
            .tls_config(
                ureq::tls::TlsConfig::builder()
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .build(),
            )
            .build();
        Self {
            agent: config.new_agent(),
            origin,
            bearer: format!("Bearer {token}"),
            medium_time_max: limits.medium,
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

    fn get(&self, path: &str) -> Result<Vec<u8>, CallFailed> {
        let mut request = self
            .agent
            .get(self.url(path))
            .header("authorization", &self.bearer);
        if let Some(desk) = &self.desk {
            request = request.header(SCRIM_DESK, desk.as_str());
        }
        read(request.call().map_err(|e| failed(&e))?, ANSWER_BYTES_MAX)
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
        let mut request = self
            .agent
            .post(self.url(path))
            .header("authorization", &self.bearer)
            .header(IDEMPOTENCY_KEY, key)
            .header("content-type", "application/json");
        if let Some(desk) = &self.desk {
            request = request.header(SCRIM_DESK, desk.as_str());
        }
        if let Some(head) = head {
            request = request.header(SCRIM_CHAIN_HEAD, format!("{}:{}", head.entries, head.hash));
        }
        read(
            request.send(&body).map_err(|e| failed(&e))?,
            ANSWER_BYTES_MAX,
        )
    }
}

impl QueueServer for HttpQueue {
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

    fn send_row(
        &self,
        decision: &Decision,
        head: Option<&ChainHead>,
    ) -> Result<DecisionRow, CallFailed> {
        let body = DecisionsRequest {
            decisions: vec![decision.clone()],
        };
        let key = decision.decision_id.as_str();
        let answer: DecisionsAnswer =
            json(&self.post_with_head(leaves::DECISIONS.path, key, &body, head)?)?;
        let row = answer
            .results
            .into_iter()
            .find(|row| row.decision_id == decision.decision_id);
        row.map(answers::row)
            .ok_or_else(|| broken("decisions: no row for the decision that was sent"))
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

    fn exposure(&self) -> Result<Exposure, CallFailed> {
        json(&self.get(leaves::EXPOSURE.path)?).map(answers::exposure)
    }

    fn item(&self, item: &ItemId) -> Result<ItemState, CallFailed> {
        let state = json(&self.get(&leaves::ITEM.path_of(&[&escaped(item.as_str())]))?)?;
        answers::item_state(state, item)
    }

    fn medium(&self, medium: &MediumKey, claim: &ClaimId) -> Result<Vec<u8>, CallFailed> {
        let path = leaves::MEDIUM.path_of(&[&escaped(medium.item.as_str()), &medium.n.to_string()]);
        let answer = self
            .agent
            .get(self.url(&path))
            .config()
            .timeout_global(Some(self.medium_time_max))
            .build()
            .header("authorization", &self.bearer)
            .header(SCRIM_CLAIM, claim.as_str())
            .call();
        read(answer.map_err(|e| failed(&e))?, MEDIUM_BYTES_MAX)
    }
}

/// The body of a good answer, or what its error means.
fn read(mut answer: Response<Body>, bytes_max: u64) -> Result<Vec<u8>, CallFailed> {
    let status = answer.status();
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned)
    };
    let retry_after_s = header("retry-after").and_then(|text| text.trim().parse().ok());
    let promised = header("content-length").and_then(|text| text.parse::<u64>().ok());
    if !matches!(
        status,
        StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT
    ) {
        // The status alone decides; an error's body that cannot be read counts as none.
        let body = body_of(&mut answer, ERROR_BYTES_MAX).unwrap_or_default();
        return Err(answers::refused(status.as_u16(), &body, retry_after_s));
    }
    if promised.is_some_and(|bytes| bytes > bytes_max) {
        return Err(broken("the answer is larger than a desk reads"));
    }
    body_of(&mut answer, bytes_max).map_err(|e| failed(&e))
}

fn body_of(answer: &mut Response<Body>, bytes_max: u64) -> Result<Vec<u8>, ureq::Error> {
    let body = answer.body_mut().with_config().limit(bytes_max);
    body.read_to_vec()
}

/// A failure below HTTP. The text of the library's error can hold an address, so it goes nowhere.
fn failed(error: &ureq::Error) -> CallFailed {
    match error {
        ureq::Error::BodyExceedsLimit(_) => broken("the answer is larger than a desk reads"),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => broken("the answer is not HTTP"),
        ureq::Error::LargeResponseHeader(..) => {
            broken("the answer's headers are larger than a desk reads")
        }
        _ => CallFailed::Unreachable { after_s: None },
    }
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
