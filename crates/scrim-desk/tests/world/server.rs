//! The server of the scripted world: a few lists.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scrim_desk::Now;
use scrim_model::hashes::{HashRule, PictureHash};
use scrim_model::mark::{Mark, Region};
use scrim_model::{
    Decision, DecisionId, FileHashes, ItemId, MediumKey, Pdq, PolicyTree, Role, Timestamp,
};
use scrim_wire::call::{CallFailed, ClaimsTaken};
use scrim_wire::protocol::{
    ChainHead, Claim, ClaimsRequest, Consult, ConsultOpened, Consulted, DayTotals, DecisionResult,
    DecisionRow, Feedback, HeldDecision, HeldDecisions, ItemState, Receipt, ReleaseRequest,
    Session,
};
use serde_json::json;

use super::REPORTED;

/// The server's side.
#[derive(Default)]
pub(crate) struct Server {
    pub(crate) open: VecDeque<serde_json::Value>,
    pub(crate) held: BTreeMap<String, serde_json::Value>,
    pub(crate) received: Vec<DecisionId>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) accepted: BTreeSet<DecisionId>,
    pub(crate) decided_items: BTreeMap<ItemId, DecisionId>,
    pub(crate) reachable: bool,
    /// Takes the token no more.
    pub(crate) revoked: bool,
    pub(crate) loses_answers: bool,
    pub(crate) loses_claims: bool,
    pub(crate) overtakes: bool,
    pub(crate) refuses: Option<CallFailed>,
    /// Only the next time.
    pub(crate) refuses_once: bool,
    /// Fails, without an answer, whenever it is sent this decision.
    pub(crate) breaks_on: Option<&'static str>,
    /// Shows escalated items as such.
    pub(crate) confirms: bool,
    /// How items of own decisions stand by now.
    pub(crate) later: &'static str,
    /// Decisions that stand on whatever item is read back, newest last.
    pub(crate) stands: Vec<String>,
    /// Own decisions among them that were reviews.
    pub(crate) without_effect: Vec<String>,
    /// What whoever is signed in may do.
    pub(crate) roles: Vec<Role>,
    pub(crate) policies: PolicyTree,
    /// Claims come with a colleague's draft.
    pub(crate) hands_over: bool,
    /// Claims come with this draft.
    pub(crate) draft: Option<serde_json::Value>,
    /// Key, item and answer of each question.
    pub(crate) questions: Vec<(String, ItemId, Option<String>)>,
    /// Open questions of colleagues: the server's name of each, and its item.
    pub(crate) asked_of_me: Vec<(String, serde_json::Value)>,
    /// How often each was opened, and each answer with its key.
    pub(crate) looks: u64,
    pub(crate) answers: Vec<(String, String, String)>,
    /// What the person's other desks looked at.
    pub(crate) other_desks: DayTotals,
    /// `floor` and `lead` of the session.
    pub(crate) floor: Option<serde_json::Value>,
    pub(crate) lead: Option<serde_json::Value>,
    /// Requests to give claims back, in the order of their arrival.
    pub(crate) given_back: Vec<ReleaseRequest>,
    /// What kind of server it is.
    pub(crate) environment: &'static str,
    /// A training server says this of every decision.
    pub(crate) feedback: Option<Feedback>,
    pub(crate) claims_made: u64,
    /// Capabilities that it has not; `batch` is there only if it is asked for.
    pub(crate) lacks: Vec<&'static str>,
    pub(crate) takes_many: bool,
    /// It says that items can be practice.
    pub(crate) has_practice: bool,
    /// Its answers to calls of many can never be read.
    pub(crate) many_unreadable: bool,
    /// Calls of many: the key of each and how many decisions it had.
    pub(crate) calls: Vec<(String, Vec<DecisionId>)>,
    /// What it says of the desk's records.
    pub(crate) chain_head: Option<ChainHead>,
    /// Decisions that were undone, and the key of each request.
    pub(crate) reverted: Vec<(DecisionId, String)>,
    pub(crate) refuses_undo: bool,
    /// Items that somebody else decided.
    pub(crate) taken: BTreeSet<ItemId>,
}

/// What the server can do unless it lacks it.
const CAPABILITIES: [&str; 7] = [
    "lease",
    "fence",
    "heartbeat",
    "consult",
    "revert",
    "idempotent_decisions",
    "sized_media",
];

pub(crate) fn too_late() -> CallFailed {
    CallFailed::Refused {
        code: "too_late".into(),
        message: String::new(),
    }
}

pub(crate) const GONE: CallFailed = CallFailed::Unreachable { after_s: None };

pub(crate) fn image(n: u64) -> serde_json::Value {
    json!({"id": format!("item-{n}"), "kind": "image", "label": "Other · report · image", "severity_hint": 1,
        "reports": [{"class": "other", "text": REPORTED}],
        "media": [{"n": 0, "mime": "image/png", "bytes": 10}]})
}

pub(crate) fn policies() -> PolicyTree {
    serde_json::from_value(json!({"version": 12, "policies": [
        {"id": "violence", "name": "Violence", "digit": 2, "severity": 2},
        {"id": "graphic", "parent": "violence", "name": "Graphic", "digit": 1, "severity": 3},
        {"id": "safety", "name": "Child safety", "digit": 1, "severity": 4}]}))
    .unwrap()
}

/// An image that is a copy: exact of those with the same name, near to those with the same look and bits that differ by
/// 31 at most.
pub(crate) fn copy(n: u64, name: &str, look: u8, bits: u32) -> serde_json::Value {
    let mut item = image(n);
    item["media"][0]["sha256"] = json!(name);
    item["media"][0]["look"] = json!([look, bits]);
    item
}

impl Server {
    /// What a worker would find.
    pub(crate) fn hashes_of(&self, key: &MediumKey) -> Option<FileHashes> {
        let mut held = self.held.values();
        let item = held.find(|item| item["id"] == json!(key.item.as_str()))?;
        let medium = &item["media"][key.n as usize];
        let name = medium["sha256"].as_str().unwrap_or(key.item.as_str());
        let look = medium["look"].as_array().map(|look| {
            let number = |at: usize| look[at].as_u64().unwrap();
            let mut bytes = [u8::try_from(number(0)).unwrap(); 32];
            for bit in 0..usize::try_from(number(1)).unwrap() {
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            PictureHash {
                rule: HashRule::FullSizeAsStored,
                pdq: Pdq::from_bytes(bytes),
                quality: 100,
            }
        });
        Some(FileHashes {
            sha256: name.to_owned(),
            md5: String::new(),
            sha1: String::new(),
            picture: look,
        })
    }

    pub(crate) fn session(&self, at: Timestamp) -> Session {
        let object = |json: &Option<serde_json::Value>| {
            json.as_ref().map(|json| json.as_object().unwrap().clone())
        };
        Session {
            environment: self.environment.into(),
            floor: object(&self.floor),
            lead: object(&self.lead),
            capabilities: CAPABILITIES
                .into_iter()
                .filter(|name| !self.lacks.contains(name))
                .chain(self.takes_many.then_some("batch"))
                .chain(self.has_practice.then_some("practice_items"))
                .map(str::to_owned)
                .collect(),
            chain_head: self.chain_head.clone(),
            roles: self.roles.clone(),
            ..session(at)
        }
    }
}

impl Server {
    pub(crate) fn claim(&mut self, request: &ClaimsRequest, now: Now) -> ClaimsTaken {
        let mut taken = ClaimsTaken::default();
        let most = u64::from(request.severity_max.unwrap_or(4));
        for _ in 0..request.count {
            let allowed = |item: &serde_json::Value| {
                let out = |class| {
                    request
                        .exclude_classes
                        .iter()
                        .any(|c| Some(c.as_str()) == class)
                };
                let mut classes = item["classes"].as_array().into_iter().flatten();
                item["severity_hint"].as_u64().unwrap_or(0) <= most
                    && !classes.any(|class| out(class.as_str()))
            };
            let place = self.open.iter().position(allowed);
            let Some(item) = place.and_then(|at| self.open.remove(at)) else {
                break;
            };
            self.claims_made += 1;
            let claim_id = format!("claim-{}", self.claims_made);
            self.held.insert(claim_id.clone(), item.clone());
            let claim: Claim = serde_json::from_value(json!({"claim_id": claim_id, "fence": self.claims_made,
                "expires_at": Timestamp(now.utc_ms + 300_000), "offline_until": Timestamp(now.utc_ms + 1_800_000),
                "queue_id": "images", "item": item,
                "draft": self.draft.clone().or_else(|| self.hands_over.then(|| json!({"policy_ids": ["violence"], "note": "theirs",
                    "marks": [Mark::Region(Region::middle(0)), Mark::Region(Region::middle(9))]})))}))
            .unwrap();
            taken.claims.push(claim);
        }
        taken
    }

    pub(crate) fn asked(&mut self, key: &str, item: ItemId) -> Result<Consulted, CallFailed> {
        if let Some(refused) = &self.refuses {
            return Err(refused.clone());
        }
        if self.questions.iter().all(|(known, ..)| known != key) {
            self.questions.push((key.to_owned(), item, None));
        }
        Ok(Consulted {
            consult_id: format!("q-{key}"),
        })
    }

    pub(crate) fn answer_questions(&mut self, answer: &str) {
        for (.., slot) in &mut self.questions {
            *slot = Some(answer.to_owned());
        }
    }

    pub(crate) fn questions_of(&self, item: &ItemId) -> ItemState {
        let of_item = self.questions.iter().filter(|(_, of, _)| of == item);
        let rows = of_item.map(|(key, _, answer)| {
            let state = if answer.is_some() { "answered" } else { "open" };
            json!({"consult_id": format!("q-{key}"), "item_id": item.as_str(), "question": "",
                "state": state, "asked_at": Timestamp(0), "answer": answer, "by_role": "lead"})
        });
        serde_json::from_value(json!({"item": {"id": item.as_str(), "kind": "image"},
            "state": "claimed", "consults": rows.collect::<Vec<_>>()}))
        .unwrap()
    }

    pub(crate) fn asks(&self) -> Vec<Consult> {
        let rows = self.asked_of_me.iter();
        rows.map(|(id, item)| {
            serde_json::from_value(json!({"consult_id": id, "item_id": item["id"],
                "question": "is this an onion?", "state": "open", "asked_at": Timestamp(0)}))
            .unwrap()
        })
        .collect()
    }

    pub(crate) fn look(
        &mut self,
        id: &str,
        at: Timestamp,
    ) -> Result<Box<ConsultOpened>, CallFailed> {
        let asked = self.asked_of_me.iter().find(|(known, _)| known == id);
        let Some((_, item)) = asked else {
            return Err(too_late());
        };
        self.looks += 1;
        let opened = json!({"consult_id": id, "claim_id": format!("look-{}", self.looks),
            "expires_at": at.plus_ms(300_000), "question": "is this an onion?", "item": item});
        Ok(serde_json::from_value(opened).unwrap())
    }

    pub(crate) fn answered(
        &mut self,
        key: String,
        id: &str,
        answer: String,
    ) -> Result<(), CallFailed> {
        if self.answers.iter().any(|(known, ..)| *known == key) {
            return Ok(());
        }
        let at = self.asked_of_me.iter().position(|(known, _)| known == id);
        let at = at.ok_or_else(too_late)?;
        self.asked_of_me.remove(at);
        self.answers.push((key, id.to_owned(), answer));
        if self.loses_answers {
            Err(GONE)
        } else {
            Ok(())
        }
    }

    pub(crate) fn send(
        &mut self,
        decision: &Decision,
        at: Timestamp,
    ) -> Result<DecisionResult, CallFailed> {
        if !self.reachable {
            return Err(GONE);
        }
        if self.breaks_on == Some(decision.decision_id.as_str()) {
            return Err(GONE);
        }
        self.received.push(decision.decision_id.clone());
        if let Some(refused) = &self.refuses {
            let refused = refused.clone();
            if self.refuses_once {
                self.refuses = None;
            }
            return Err(refused);
        }
        if self.overtakes {
            return Ok(DecisionResult::Overtaken {
                by_role: "lead".into(),
                at,
                outcome: "remove".into(),
            });
        }
        let first = self.accepted.insert(decision.decision_id.clone());
        if first {
            self.decisions.push(decision.clone());
            self.held.remove(decision.claim_id.as_str());
            self.decided_items
                .insert(decision.item_id.clone(), decision.decision_id.clone());
        }
        let receipt = format!("receipt-{}", decision.decision_id);
        if self.loses_answers {
            Err(GONE)
        } else if first {
            Ok(DecisionResult::Accepted { receipt, at })
        } else {
            Ok(DecisionResult::Duplicate { receipt, at })
        }
    }

    pub(crate) fn send_together(
        &mut self,
        key: &str,
        decisions: &[Decision],
        at: Timestamp,
    ) -> Result<Vec<DecisionRow>, CallFailed> {
        if !self.reachable {
            return Err(GONE);
        }
        let ids: Vec<_> = decisions.iter().map(|d| d.decision_id.clone()).collect();
        let mut before = self.calls.iter().filter(|(known, _)| known == key);
        assert!(before.all(|(_, first)| *first == ids), "one key, two calls");
        self.calls.push((key.to_owned(), ids));
        if self.many_unreadable && decisions.len() > 1 {
            let what = "no JSON".to_owned();
            return Err(CallFailed::Broken { what });
        }
        let mut rows = Vec::new();
        let mut failed = None;
        for decision in decisions {
            match self.send(decision, at) {
                Ok(result) => rows.push(DecisionRow {
                    decision_id: decision.decision_id.clone(),
                    result,
                    feedback: None,
                }),
                Err(why @ CallFailed::Refused { .. }) => return Err(why),
                Err(why) if self.loses_answers => failed = Some(why),
                // A row that is left out.
                Err(_) => {}
            }
        }
        failed.map_or(Ok(rows), Err)
    }

    pub(crate) fn undo(
        &mut self,
        id: &DecisionId,
        key: &str,
        at: Timestamp,
    ) -> Result<Receipt, CallFailed> {
        assert!(self.accepted.contains(id), "asked before its receipt");
        match self.reverted.iter().find(|(known, _)| known == id) {
            Some((_, first)) => assert_eq!(first, key, "a try has a key of its own"),
            None if self.refuses_undo => return Err(too_late()),
            None => self.reverted.push((id.clone(), key.to_owned())),
        }
        if self.loses_answers {
            return Err(GONE);
        }
        Ok(Receipt {
            receipt: format!("undone-{id}"),
            at,
        })
    }

    /// Own decisions, two a page.
    pub(crate) fn own(&self, since: u64) -> HeldDecisions {
        let rows = self.decisions.iter().zip(1_u64..);
        let rows = rows.filter(|(_, cursor)| *cursor > since).take(2);
        let decisions: Vec<HeldDecision> = rows
            .map(|(decision, cursor)| HeldDecision {
                decision: decision.clone(),
                receipt: format!("receipt-{}", decision.decision_id),
                reverted: self
                    .reverted
                    .iter()
                    .any(|(id, _)| id == &decision.decision_id),
                revert_reason: None,
                header: None,
                team: None,
                cursor,
            })
            .collect();
        let next = decisions.last().map_or(since, |row| row.cursor);
        HeldDecisions {
            decisions,
            next,
            ..HeldDecisions::default()
        }
    }

    /// How an item stands.
    pub(crate) fn state_of(&self, item: &ItemId) -> ItemState {
        let own = self.decided_items.get(item).map(DecisionId::as_str);
        let stands = own.or(self.taken.contains(item).then_some("theirs"));
        let state = if stands.is_some() {
            "decided"
        } else {
            "claimed"
        };
        serde_json::from_value(json!({"item": {"id": item.as_str(), "kind": "image"},
            "decisions": stands.into_iter().collect::<Vec<_>>(), "state": state}))
        .unwrap()
    }
}

fn session(at: Timestamp) -> Session {
    serde_json::from_value(
        json!({"moderator_id": "m1", "display_name": "Moderator", "roles": ["moderator"],
        "server_time": at,
        "environment": "test", "duty_contacts": [{"name": "Duty", "reach": "555"}]}),
    )
    .unwrap()
}
