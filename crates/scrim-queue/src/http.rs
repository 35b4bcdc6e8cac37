//! Queue protocol v1 over HTTPS.

use scrim_model::limits::MEDIUM_BYTES_MAX;
use scrim_model::{ClaimId, Decision, ItemId, MediumKey, PolicyTree};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::limits::ANSWER_BYTES_MAX;
use scrim_wire::protocol::{
    ClaimsRequest, DecisionResult, DecisionsAnswer, DecisionsRequest, HeartbeatAnswer,
    HeartbeatRequest, HeartbeatRow, IDEMPOTENCY_KEY, ItemState, QueueInfo, ReleaseRequest,
    ReleaseWhy, SCRIM_CLAIM, Session,
};
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

use crate::answers::{self, broken, json};
use crate::limits::{CALL_TIME_MAX, CONNECT_TIME_MAX, HEADER_BYTES_MAX, MEDIUM_TIME_MAX};
use crate::{Origin, QueueServer};

/// A desk's connection to one queue server.
pub struct HttpQueue {
    agent: Agent,
    origin: Origin,
    bearer: String,
}

impl HttpQueue {
    /// A connector to `origin` that signs in with `token`. Contacts nobody yet.
    #[must_use]
    pub fn new(origin: Origin, token: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("scrim/", env!("CARGO_PKG_VERSION")))
            .max_response_header_size(HEADER_BYTES_MAX)
            .timeout_global(Some(CALL_TIME_MAX))
            .timeout_connect(Some(CONNECT_TIME_MAX))
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
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin.as_str())
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, CallFailed> {
        let answer = self
            .agent
            .get(self.url(path))
            .header("authorization", &self.bearer)
            .call();
        read(answer.map_err(|e| failed(&e))?, ANSWER_BYTES_MAX)
    }

    fn post<T: serde::Serialize>(
        &self,
        path: &str,
        key: &str,
        body: &T,
    ) -> Result<Vec<u8>, CallFailed> {
        let body = serde_json::to_vec(body).map_err(|_| broken("the request cannot be written"))?;
        let answer = self
            .agent
            .post(self.url(path))
            .header("authorization", &self.bearer)
            .header(IDEMPOTENCY_KEY, key)
            .header("content-type", "application/json")
            .send(&body);
        read(answer.map_err(|e| failed(&e))?, ANSWER_BYTES_MAX)
    }
}

impl QueueServer for HttpQueue {
    fn session(&self) -> Result<Session, CallFailed> {
        json(&self.get("/v1/session")?)
    }

    fn queues(&self) -> Result<Vec<QueueInfo>, CallFailed> {
        json(&self.get("/v1/queues")?).map(answers::queues)
    }

    fn policies(&self) -> Result<PolicyTree, CallFailed> {
        json(&self.get("/v1/policies")?).and_then(answers::policies)
    }

    fn claim(&self, key: &str, request: &ClaimsRequest) -> Result<ClaimsTaken, CallFailed> {
        json(&self.post("/v1/claims", key, request)?)
            .and_then(|answer| answers::claims(answer, request.count))
    }

    fn heartbeat(&self, key: &str, claims: &[ClaimId]) -> Result<Vec<HeartbeatRow>, CallFailed> {
        let body = HeartbeatRequest {
            claim_ids: claims.to_vec(),
        };
        json(&self.post("/v1/claims/heartbeat", key, &body)?)
            .map(|answer: HeartbeatAnswer| answer.claims)
    }

    fn release(&self, key: &str, claims: &[ClaimId], why: &ReleaseWhy) -> Result<(), CallFailed> {
        let body = ReleaseRequest {
            claim_ids: claims.to_vec(),
            why: why.clone(),
        };
        self.post("/v1/claims/release", key, &body).map(drop)
    }

    fn send(&self, decision: &Decision) -> Result<DecisionResult, CallFailed> {
        let body = DecisionsRequest {
            decisions: vec![decision.clone()],
        };
        let answer: DecisionsAnswer =
            json(&self.post("/v1/decisions", decision.decision_id.as_str(), &body)?)?;
        let row = answer
            .results
            .into_iter()
            .find(|row| row.decision_id == decision.decision_id);
        row.map(|row| row.result)
            .ok_or_else(|| broken("decisions: no row for the decision that was sent"))
    }

    fn item(&self, item: &ItemId) -> Result<ItemState, CallFailed> {
        let mut state: ItemState =
            json(&self.get(&format!("/v1/items/{}", escaped(item.as_str())))?)?;
        state.item = state
            .item
            .checked()
            .map_err(|refused| broken(refused.to_string()))?;
        Ok(state)
    }

    fn medium(&self, medium: &MediumKey, claim: &ClaimId) -> Result<Vec<u8>, CallFailed> {
        let path = format!(
            "/v1/items/{}/media/{}",
            escaped(medium.item.as_str()),
            medium.n
        );
        let answer = self
            .agent
            .get(self.url(&path))
            .config()
            .timeout_global(Some(MEDIUM_TIME_MAX))
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
    if promised.is_some_and(|bytes| bytes > bytes_max) {
        return Err(broken("the answer is larger than a desk reads"));
    }
    let body = answer
        .body_mut()
        .with_config()
        .limit(bytes_max)
        .read_to_vec()
        .map_err(|e| failed(&e))?;
    if status == StatusCode::OK || status == StatusCode::CREATED || status == StatusCode::NO_CONTENT
    {
        Ok(body)
    } else {
        Err(answers::refused(status.as_u16(), &body, retry_after_s))
    }
}

/// A failure below HTTP. The text of the library's error can hold an address, so it goes nowhere.
fn failed(error: &ureq::Error) -> CallFailed {
    match error {
        ureq::Error::BodyExceedsLimit(_) => broken("the answer is larger than a desk reads"),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => broken("the answer is not HTTP"),
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
