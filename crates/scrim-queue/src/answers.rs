//! What came back, checked once.

use scrim_model::limits::{ID_BYTES_MAX, LABEL_CHARS_MAX, MEDIA_MAX, NOTE_CHARS_MAX};
use scrim_model::text::{cut_chars, made_visible};
use scrim_model::{ClaimId, Decision, DecisionId, Item, ItemId, PolicyTree, Timestamp};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::limits::{
    CLAIMS_MAX, CONSULT_CHARS_MAX, CONSULTS_LISTED_MAX, EXPOSURE_WEEKS_MAX, MESSAGE_CHARS_MAX,
    QUEUES_MAX,
};
use scrim_wire::protocol::{
    ChainHead, Claim, ClaimsAnswer, Consult, ConsultOpened, DecisionResult, DecisionRow, Draft,
    ErrorBody, Exposure, HeartbeatAnswer, HeartbeatRow, HeldDecisions, ItemState, QueueInfo,
    Queues, Receipt, Retry, Sample, Samples, Session, TeamDays,
};
use serde::{Deserialize, Serialize};

use crate::limits::{
    APPEALS_MAX, CODE_CHARS_MAX, DRAFT_POLICIES_MAX, ITEM_BYTES_MAX, LANGUAGE_BYTES_MAX,
    LANGUAGES_MAX, MARK_BYTES_MAX, OWN_DECISIONS_MAX, POLICIES_BYTES_MAX, RECEIPT_CHARS_MAX,
    SAMPLES_MAX, SESSION_BYTES_MAX, TEAM_DAYS_MAX, WHOLE_NUMBER_MAX,
};

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
                .map_or_else(|| format!("http_{status}"), |p| code(p.code.as_str()));
            let message = parsed.map_or_else(String::new, |p| p.message);
            CallFailed::Refused {
                code,
                message: made_visible(&cut_chars(&message, MESSAGE_CHARS_MAX)),
            }
        }
    }
}

/// A code as it may stand in a sentence: unknown ones are kept as long as they look like a code.
fn code(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !text.is_empty() && text.len() <= CODE_CHARS_MAX && text.bytes().all(plain) {
        text.to_owned()
    } else {
        "other".to_owned()
    }
}

/// One line that can be shown.
fn line(text: &str) -> String {
    made_visible(&cut_chars(text, LABEL_CHARS_MAX))
}

/// Whether `value` as JSON, its invisible characters written out, has at most `bytes_max` bytes.
fn fits<T: Serialize>(value: &T, bytes_max: usize) -> bool {
    serde_json::to_string(value)
        .is_ok_and(|text| text.len() <= bytes_max && made_visible(&text).len() <= bytes_max)
}

/// A session of bounded size.
pub(crate) fn session(mut session: Session) -> Result<Session, CallFailed> {
    session.display_name = line(&session.display_name);
    for contact in session
        .duty_contacts
        .iter_mut()
        .chain(&mut session.safety_contact)
    {
        contact.name = line(&contact.name);
        contact.reach = line(&contact.reach);
    }
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_head = |head: &ChainHead| {
        head.entries <= WHOLE_NUMBER_MAX && head.hash.len() == 64 && head.hash.bytes().all(is_hex)
    };
    if !session.chain_head.as_ref().is_none_or(is_head) {
        return Err(broken("session.chain_head: no count and SHA-256"));
    }
    if !fits(&session, SESSION_BYTES_MAX) {
        return Err(broken("session: larger than a desk keeps"));
    }
    Ok(session)
}

/// Queues within the limits.
pub(crate) fn queues(answer: Queues) -> Vec<QueueInfo> {
    let mut queues = answer.queues;
    queues.truncate(QUEUES_MAX);
    for queue in &mut queues {
        queue.name = line(&queue.name);
    }
    queues
}

/// A policy tree without faults.
pub(crate) fn policies(tree: PolicyTree) -> Result<PolicyTree, CallFailed> {
    if let Some(fault) = tree.fault() {
        return Err(broken(format!("policies: {fault}")));
    }
    if tree.version > WHOLE_NUMBER_MAX {
        return Err(broken("policies.version: 2^53 or more"));
    }
    if !fits(&tree, POLICIES_BYTES_MAX) {
        return Err(broken("policies: larger than a desk can show"));
    }
    Ok(tree)
}

/// Claims, each read on its own, so that one bad item spoils only itself.
pub(crate) fn claims(answer: ClaimsAnswer, asked: u32) -> Result<ClaimsTaken, CallFailed> {
    if answer.claims.len() > CLAIMS_MAX || answer.claims.len() > asked as usize {
        return Err(broken("claims: more items than were asked for"));
    }
    let mut taken = ClaimsTaken::default();
    for row in answer.claims {
        let ids = ids_of(&row);
        match (read_claim(row), ids) {
            (Some(claim), _) => taken.claims.push(claim),
            (None, Some(ids)) => taken.refused.push(ids),
            (None, None) => taken.unreadable += 1,
        }
    }
    Ok(taken)
}

fn read_claim(row: serde_json::Value) -> Option<Claim> {
    let mut claim: Claim = serde_json::from_value(row).ok()?;
    claim.item = item(claim.item).ok()?;
    claim.draft = claim.draft.map(draft);
    if let Some(escalation) = &mut claim.escalation {
        escalation.to = line(&escalation.to);
        escalation.reason = cut_chars(&escalation.reason, NOTE_CHARS_MAX);
    }
    (claim.fence <= WHOLE_NUMBER_MAX).then_some(claim)
}

/// A draft within the limits of a note.
fn draft(mut draft: Draft) -> Draft {
    draft.note = cut_chars(&draft.note, NOTE_CHARS_MAX);
    draft.policy_ids.truncate(DRAFT_POLICIES_MAX);
    draft.media.truncate(MEDIA_MAX);
    draft.places.truncate(MEDIA_MAX);
    draft.severity = draft.severity.filter(|severity| *severity <= 4);
    draft
}

/// Questions within the limits. What is hidden in them is made visible where it is drawn: before
/// that, words are looked up in them.
pub(crate) fn consults(mut rows: Vec<Consult>) -> Vec<Consult> {
    rows.truncate(CONSULTS_LISTED_MAX);
    rows.retain(|row| consult_id(&row.consult_id).is_ok());
    for row in &mut rows {
        row.question = cut_chars(&row.question, CONSULT_CHARS_MAX);
        row.answer = row
            .answer
            .as_deref()
            .map(|text| cut_chars(text, CONSULT_CHARS_MAX));
        row.by_role = row.by_role.as_deref().map(line);
    }
    rows
}

/// An opaque id of a question: what could be the id of anything else too.
pub(crate) fn consult_id(id: &str) -> Result<(), CallFailed> {
    ItemId::new(id)
        .map(drop)
        .map_err(|_| broken("consult_id: no id"))
}

/// The question that was opened, and its item.
pub(crate) fn opened(mut opened: ConsultOpened, asked: &str) -> Result<ConsultOpened, CallFailed> {
    if opened.consult_id != asked {
        return Err(broken("consult_id: not the question that was opened"));
    }
    opened.question = cut_chars(&opened.question, CONSULT_CHARS_MAX);
    opened.item = item(opened.item)?;
    Ok(opened)
}

/// Weeks and groups within the limits.
pub(crate) fn exposure(mut exposure: Exposure) -> Exposure {
    exposure.weeks.truncate(EXPOSURE_WEEKS_MAX);
    for week in &mut exposure.weeks {
        week.groups.truncate(QUEUES_MAX + 1);
    }
    exposure
}

/// A proof, cut to what can be kept.
pub(crate) fn receipt(mut receipt: Receipt) -> Receipt {
    receipt.receipt = cut_chars(&receipt.receipt, RECEIPT_CHARS_MAX);
    receipt
}

fn ids_of(row: &serde_json::Value) -> Option<(ClaimId, ItemId)> {
    let claim = ClaimId::new(row.get("claim_id")?.as_str()?).ok()?;
    let item = ItemId::new(row.get("item")?.get("id")?.as_str()?).ok()?;
    Some((claim, item))
}

/// An item within the limits.
fn item(item: Item) -> Result<Item, CallFailed> {
    let item = item
        .checked()
        .map_err(|refused| broken(refused.to_string()))?;
    if item.version > WHOLE_NUMBER_MAX {
        return Err(broken("item.version: 2^53 or more"));
    }
    if !fits(&item, ITEM_BYTES_MAX) {
        return Err(broken("item: larger than a desk can show"));
    }
    Ok(item)
}

/// The item that was asked for, and how it stands.
pub(crate) fn item_state(mut state: ItemState, asked: &ItemId) -> Result<ItemState, CallFailed> {
    if &state.item.id != asked {
        return Err(broken("item.id: not the item that was asked for"));
    }
    state.item = item(state.item)?;
    state.state = line(&state.state);
    state.consults = consults(state.consults);
    Ok(state)
}

/// Rows about claims that were asked for; a server has nothing to say about others.
pub(crate) fn heartbeat(
    answer: HeartbeatAnswer,
    asked: &[ClaimId],
) -> Result<Vec<HeartbeatRow>, CallFailed> {
    if answer.claims.len() > asked.len() {
        return Err(broken("claims: more rows than were asked for"));
    }
    let mut rows = answer.claims;
    rows.retain(|row| asked.contains(&row.claim_id));
    for lost in rows.iter_mut().filter_map(|row| row.lost.as_mut()) {
        lost.by_role = line(&lost.by_role);
    }
    Ok(rows)
}

/// The answer to decisions, its rows not read yet.
#[derive(Debug, Deserialize)]
pub(crate) struct RawRows {
    results: Vec<serde_json::Value>,
}

/// Rows about decisions that were sent, each read by itself, so that one that cannot be read spoils
/// no other. A result that this version does not know counts as "not taken": the decision is kept
/// and can be sent once more.
pub(crate) fn rows(answer: RawRows, sent: &[Decision]) -> Vec<DecisionRow> {
    let mut rows: Vec<DecisionRow> = Vec::new();
    for value in answer.results.into_iter().take(sent.len()) {
        let Some(row) = read_row(value) else { continue };
        let was_sent = sent.iter().any(|d| d.decision_id == row.decision_id);
        let is_known = rows
            .iter()
            .any(|known| known.decision_id == row.decision_id);
        if was_sent && !is_known {
            rows.push(row);
        }
    }
    rows
}

fn read_row(value: serde_json::Value) -> Option<DecisionRow> {
    const KNOWN: [&str; 5] = [
        "accepted",
        "duplicate",
        "awaiting_second",
        "overtaken",
        "rejected",
    ];
    let kind = value.get("result")?.as_str()?;
    if !KNOWN.contains(&kind) && code(kind) == kind {
        let id = value.get("decision_id")?.as_str()?;
        return Some(DecisionRow {
            decision_id: DecisionId::new(id).ok()?,
            result: DecisionResult::Rejected {
                code: "unknown_result".to_owned(),
                path: None,
            },
            feedback: None,
        });
    }
    serde_json::from_value(value).ok().map(row)
}

/// Days that are days, of ids that can be kept.
pub(crate) fn team_days(days: TeamDays) -> Result<TeamDays, CallFailed> {
    let appeals = days.appeals.as_ref();
    let of_appeals = appeals.map_or(&[][..], |appeals| &appeals.days);
    let reviewers = days.reviewers.as_deref().unwrap_or_default();
    if days.days.len().max(of_appeals.len()) > TEAM_DAYS_MAX || reviewers.len() > LANGUAGES_MAX {
        return Err(broken("days: more than a desk reads at once"));
    }
    let decided: usize = of_appeals.iter().map(|day| day.took_days.len()).sum();
    if decided > APPEALS_MAX {
        return Err(broken("appeals: more than a desk reads at once"));
    }
    if reviewers
        .iter()
        .any(|of| of.language.len() > LANGUAGE_BYTES_MAX)
    {
        return Err(broken("reviewers.language: too long"));
    }
    let named = days.days.iter().map(|row| &row.day);
    let named = named.chain(of_appeals.iter().map(|row| &row.day));
    match named
        .chain(appeals.map(|of| &of.from))
        .all(|day| is_day(day))
    {
        true => Ok(days),
        false => Err(broken("days.day: not a day")),
    }
}

fn is_day(text: &str) -> bool {
    Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok_and(|at| at.utc_day() == text)
}

pub(crate) fn sample(sample: Sample) -> Result<Sample, CallFailed> {
    match sample.id.len() {
        1..=ID_BYTES_MAX => Ok(sample),
        _ => Err(broken("samples.id: empty or too long")),
    }
}

pub(crate) fn samples(mut samples: Samples) -> Result<Samples, CallFailed> {
    samples.samples.truncate(SAMPLES_MAX);
    let checked = samples.samples.into_iter().map(sample);
    let samples = checked.collect::<Result<_, _>>()?;
    Ok(Samples { samples })
}

/// Own decisions within the limits.
pub(crate) fn own_decisions(mut held: HeldDecisions) -> Result<HeldDecisions, CallFailed> {
    if held.decisions.len() > OWN_DECISIONS_MAX {
        return Err(broken("decisions: more than a desk reads at once"));
    }
    if held.next > WHOLE_NUMBER_MAX {
        return Err(broken("decisions.next: 2^53 or more"));
    }
    for row in &mut held.decisions {
        row.receipt = cut_chars(&row.receipt, RECEIPT_CHARS_MAX);
        // A desk has its own.
        row.header = None;
    }
    Ok(held)
}

/// As one's own; a mark goes into an address as it is, and a day is one.
pub(crate) fn team_decisions(held: HeldDecisions) -> Result<HeldDecisions, CallFailed> {
    let is_plain = |mark: &String| {
        (1..=MARK_BYTES_MAX).contains(&mark.len())
            && mark
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    if !held.mark.iter().all(is_plain) {
        return Err(broken(
            "decisions.mark: not 1 to 128 letters, digits, - or _",
        ));
    }
    if !held.through.iter().all(|day| is_day(day)) {
        return Err(broken("decisions.through: not a day"));
    }
    own_decisions(held)
}

/// A row about a decision; feedback is cut as a note is.
fn row(mut row: DecisionRow) -> DecisionRow {
    row.result = result(row.result);
    if let Some(feedback) = &mut row.feedback {
        feedback.explanation = cut_chars(&feedback.explanation, NOTE_CHARS_MAX);
        feedback.policy_ids.truncate(DRAFT_POLICIES_MAX);
    }
    row
}

/// What became of a decision, its words cut to what can be kept and shown.
fn result(mut result: DecisionResult) -> DecisionResult {
    match &mut result {
        DecisionResult::Accepted { receipt, .. }
        | DecisionResult::Duplicate { receipt, .. }
        | DecisionResult::AwaitingSecond { receipt } => {
            *receipt = cut_chars(receipt, RECEIPT_CHARS_MAX);
        }
        DecisionResult::Overtaken {
            by_role, outcome, ..
        } => {
            *by_role = line(by_role);
            *outcome = line(outcome);
        }
        DecisionResult::Rejected { code: why, path } => {
            *why = code(why);
            *path = path.as_deref().map(line);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_counted_of_a_team_has_days_that_are_days_and_is_bounded() {
        let day = |day: &str| json!({"day": day, "queue_id": "q", "received": 1, "upheld": 1, "reversed": 0, "took_days": [1]});
        let whole = |change: &dyn Fn(&mut Value)| {
            let mut whole = json!({"count_min": 5, "days": [{"day": "2026-01-01", "queue_id": "q"}],
                "appeals": {"from": "2025-01-01", "days": [day("2026-01-01")]},
                "reviewers": [{"language": "de", "people": 5}]});
            change(&mut whole);
            team_days(serde_json::from_value(whole).unwrap())
        };
        assert!(whole(&|_| {}).is_ok());
        // An older server says nothing of these.
        let older = whole(&|whole| {
            whole
                .as_object_mut()
                .unwrap()
                .retain(|name, _| name == "count_min" || name == "days");
        });
        let older = older.unwrap();
        assert!(older.appeals.is_none() && older.reviewers.is_none());
        let broken: [&dyn Fn(&mut Value); 6] = [
            &|whole| whole["days"][0]["day"] = json!("2026-1-1"),
            &|whole| whole["appeals"]["from"] = json!(""),
            &|whole| whole["appeals"]["days"][0]["day"] = json!("2026-02-30"),
            &|whole| whole["reviewers"][0]["language"] = json!("x".repeat(LANGUAGE_BYTES_MAX + 1)),
            &|whole| whole["reviewers"] = json!(vec![json!({"language": ""}); LANGUAGES_MAX + 1]),
            &|whole| whole["appeals"]["days"][0]["took_days"] = json!(vec![0; APPEALS_MAX + 1]),
        ];
        for change in broken {
            assert!(matches!(whole(change), Err(CallFailed::Broken { .. })));
        }
    }
}
