//! What leaves this machine: every call to the queue server, once.
//!
//! The connector takes its addresses from here, the window's privacy page is made from here, and a
//! test holds each call's fields against the request that is really sent. What is not in this
//! table does not leave.

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// Locale-free id; its sentence in the catalogue is `privacy-<id>`.
    pub id: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Address, `{}` for each id in it.
    pub path: &'static str,
    /// Fields of the request: of its address or its body, by their names in the protocol,
    /// a dot before each inner name.
    pub fields: &'static [&'static str],
}

impl Leaving {
    /// The address with `ids` in the place of each `{}`, in order. They must be escaped already.
    #[must_use]
    pub fn path_of(&self, ids: &[&str]) -> String {
        let mut ids = ids.iter();
        let mut out = String::new();
        for (n, part) in self.path.split("{}").enumerate() {
            if n > 0 {
                out.push_str(ids.next().copied().unwrap_or_default());
            }
            out.push_str(part);
        }
        out
    }
}

macro_rules! leaves {
    ($($(#[$doc:meta])* $name:ident $id:literal: $method:literal $path:literal [$($field:literal),*];)+) => {
        $($(#[$doc])* pub const $name: Leaving = Leaving {
            id: $id,
            method: $method,
            path: $path,
            fields: &[$($field),*],
        };)+

        /// Every call, in the order of the page.
        pub const TABLE: &[Leaving] = &[$($name),+];
    };
}

leaves! {
    /// Who we are.
    SESSION "session": "GET" "/v1/session" ["day_from"];
    /// Where one signs in, asked before anyone has.
    SIGN_IN "sign-in": "GET" "/v1/sign-in" [];
    /// How much waits.
    QUEUES "queues": "GET" "/v1/queues" [];
    /// What may be found.
    POLICIES "policies": "GET" "/v1/policies" [];
    /// More items.
    CLAIMS "claims": "POST" "/v1/claims"
        ["queues", "count", "severity_max", "exclude_classes", "languages", "exclude_items"];
    /// Still here.
    HEARTBEAT "heartbeat": "POST" "/v1/claims/heartbeat" ["claim_ids"];
    /// Given back.
    RELEASE "release": "POST" "/v1/claims/release"
        ["claim_ids", "why", "draft.policy_ids", "draft.note", "draft.severity", "draft.unsure",
         "draft.marks.region.medium", "draft.marks.region.x", "draft.marks.region.y",
         "draft.marks.region.width", "draft.marks.region.height", "draft.marks.texts.first",
         "draft.marks.texts.last", "draft.media.n", "draft.media.policy_id", "draft.item_policy_id",
         "draft.places.n", "draft.places.at_ms", "aimed"];
    /// Decided.
    DECISIONS "decisions": "POST" "/v1/decisions"
        ["decision_id", "item_id", "item_version", "queue_id", "claim_id", "fence",
         "policy_version", "policy_ids", "actions.kind", "actions.duration_s", "severity", "unsure",
         "reason", "escalate.to", "escalate.priority", "escalate.reason", "decided_at", "skew_ms",
         "handle_ms", "supersedes", "item_kind", "item_texts", "propagated_from", "training", "marks.region.medium", "marks.region.x", "marks.region.y",
         "marks.region.width", "marks.region.height", "marks.texts.first", "marks.texts.last",
         "media.n", "media.sha256", "media.state", "media.file_viewed", "media.ms_covered",
         "media.ms_clear", "media.policy_ids", "media.severity", "media.loaded_by_choice", "media.without_landlock", "media.hashes.sha256", "media.hashes.md5", "media.hashes.sha1",
         "media.hashes.picture.rule", "media.hashes.picture.pdq", "media.hashes.picture.quality",
         "records.decision_id", "records.header", "records.parts.name",
         "records.parts.salt", "records.parts.body", "records.withdrawn"];
    /// Own decisions, as the server holds them.
    OWN_DECISIONS "own-decisions": "GET" "/v1/decisions" ["since", "scope"];
    /// Undone.
    REVERT "revert": "POST" "/v1/decisions/{}/revert" ["reason"];
    /// Asked.
    CONSULT "consult": "POST" "/v1/items/{}/consult" ["claim_id", "to.role", "to.person", "question"];
    /// Questions to this person.
    CONSULTS "consults": "GET" "/v1/consults" [];
    /// A colleague's question opened.
    CONSULT_OPEN "consult-open": "POST" "/v1/consults/{}/open" [];
    /// A colleague's question answered.
    CONSULT_ANSWER "consult-answer": "POST" "/v1/consults/{}/answer" ["answer"];
    /// A team's decisions, for leads and QA.
    TEAM_DECISIONS "team-decisions": "GET" "/v1/decisions" ["since", "scope", "mark"];
    /// What is counted by day, for leads and QA.
    TEAM_DAYS "team-days": "GET" "/v1/team-days" [];
    /// A lead has decisions drawn for a second review.
    REVIEW_SAMPLE "review-sample": "POST" "/v1/review-samples"
        ["size", "drawing", "from", "to", "queues", "practice"];
    /// How second reviews stand.
    REVIEW_SAMPLES "review-samples": "GET" "/v1/review-samples" [];
    /// A lead's figures.
    EXPOSURE "exposure": "GET" "/v1/exposure" [];
    /// How an item stands.
    ITEM "item": "GET" "/v1/items/{}" [];
    /// A medium's bytes come.
    MEDIUM "medium": "GET" "/v1/items/{}/media/{}" ["size"];
}

/// Headers that go with calls besides those of HTTP itself: the sign-in, the key that makes a
/// repeated call count once, the id of these records, how far their chain goes, and the claim under
/// which a medium is fetched.
pub const HEADERS: &[&str] = &[
    "authorization",
    "idempotency-key",
    "scrim-desk",
    "scrim-chain-head",
    "scrim-claim",
];

#[cfg(test)]
#[path = "leaves_tests.rs"]
mod tests;
