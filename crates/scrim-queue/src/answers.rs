//! What came back, checked once.

use scrim_model::text::{cut_chars, made_visible};
use scrim_model::{ClaimId, ItemId, PolicyTree};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::limits::{CLAIMS_MAX, MESSAGE_CHARS_MAX, QUEUES_MAX};
use scrim_wire::protocol::{Claim, ClaimsAnswer, ErrorBody, ErrorCode, QueueInfo, Queues, Retry};

/// A broken answer; `what` names a field or a shape, never a value.
pub(crate) fn broken(what: impl Into<String>) -> CallFailed {
    CallFailed::Broken { what: what.into() }
}

/// Reads `body` as `T`.
pub(crate) fn json<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, CallFailed> {
    serde_json::from_slice(body).map_err(|fault| {
        // The text of a parse error can quote the value; its place and kind cannot.
        broken(format!(
            "{:?} at line {} column {}",
            fault.classify(),
            fault.line(),
            fault.column()
        ))
    })
}

/// Turns an error answer into what the desk may do about it.
pub(crate) fn refused(status: u16, body: &[u8], retry_after_s: Option<u32>) -> CallFailed {
    let parsed: Option<ErrorBody> = serde_json::from_slice(body).ok();
    let asked = match parsed.as_ref().map(|p| p.retry) {
        Some(Retry::AfterS(seconds)) => Some(seconds),
        _ => retry_after_s,
    };
    match status {
        401 => CallFailed::SignedOut,
        408 | 425 | 429 | 500..=599 => CallFailed::Unreachable { after_s: asked },
        300..=399 => broken("it redirects, which a desk never follows"),
        _ => {
            let code = parsed
                .as_ref()
                .map_or_else(|| format!("http_{status}"), |p| code_text(&p.code));
            let message = parsed.map_or_else(String::new, |p| p.message);
            CallFailed::Refused {
                code,
                message: made_visible(&cut_chars(&message, MESSAGE_CHARS_MAX)),
            }
        }
    }
}

fn code_text(code: &ErrorCode) -> String {
    cut_chars(code.as_str(), 64)
}

/// Queues within the limits.
pub(crate) fn queues(answer: Queues) -> Vec<QueueInfo> {
    let mut queues = answer.queues;
    queues.truncate(QUEUES_MAX);
    for queue in &mut queues {
        queue.name = made_visible(&cut_chars(
            &queue.name,
            scrim_model::limits::LABEL_CHARS_MAX,
        ));
    }
    queues
}

/// A policy tree without faults.
pub(crate) fn policies(tree: PolicyTree) -> Result<PolicyTree, CallFailed> {
    match tree.fault() {
        Some(fault) => Err(broken(format!("policies: {fault}"))),
        None => Ok(tree),
    }
}

/// Claims, each read on its own, so that one bad item spoils only itself.
pub(crate) fn claims(answer: ClaimsAnswer, asked: u32) -> Result<ClaimsTaken, CallFailed> {
    if answer.claims.len() > CLAIMS_MAX || answer.claims.len() > asked as usize {
        return Err(broken("claims: more items than were asked for"));
    }
    let mut taken = ClaimsTaken::default();
    for row in answer.claims {
        match read_claim(&row) {
            Some(claim) => taken.claims.push(claim),
            None => match ids_of(&row) {
                Some(ids) => taken.refused.push(ids),
                None => taken.unreadable += 1,
            },
        }
    }
    Ok(taken)
}

fn read_claim(row: &serde_json::Value) -> Option<Claim> {
    let mut claim: Claim = serde_json::from_value(row.clone()).ok()?;
    claim.item = claim.item.checked().ok()?;
    Some(claim)
}

fn ids_of(row: &serde_json::Value) -> Option<(ClaimId, ItemId)> {
    let claim = ClaimId::new(row.get("claim_id")?.as_str()?).ok()?;
    let item = ItemId::new(row.get("item")?.get("id")?.as_str()?).ok()?;
    Some((claim, item))
}
