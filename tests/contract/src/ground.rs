//! Where rules are asked: a server, its people, and what a rule has fed.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::fresh;
use crate::{Answer, Person};

/// Longest wait for a lease to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest lease that a rule waits for, in seconds.
const LEASE_S_MAX: u64 = 5;

/// One token for each of the people that the rules need; all of them different people.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Role moderator.
    pub moderator: String,
    /// Role moderator.
    pub second: String,
    /// Role lead.
    pub lead: String,
    /// Role ingest.
    pub ingest: String,
    /// Role effect.
    pub effect: String,
}

/// See the module.
pub struct Ground {
    /// A moderator.
    pub one: Person,
    /// Another moderator.
    pub two: Person,
    /// A lead.
    pub lead: Person,
    /// The platform, feeding.
    pub feed: Person,
    /// The platform, carrying out.
    pub effect: Person,
    /// The queue that is fed and claimed from.
    pub queue: String,
    fed: Mutex<Vec<String>>,
}

impl Ground {
    /// Contacts nobody yet.
    #[must_use]
    pub fn new(base: &str, queue: &str, tokens: &Tokens) -> Self {
        Self {
            one: Person::new(base, &tokens.moderator),
            two: Person::new(base, &tokens.second),
            lead: Person::new(base, &tokens.lead),
            feed: Person::new(base, &tokens.ingest),
            effect: Person::new(base, &tokens.effect),
            queue: queue.to_owned(),
            fed: Mutex::new(Vec::new()),
        }
    }

    /// Feeds an item without media; `changed` overrides its fields. Its id.
    #[track_caller]
    pub fn put(&self, changed: &Value) -> String {
        self.put_with(changed, &[])
    }

    /// The same, with media.
    #[track_caller]
    pub fn put_with(&self, changed: &Value, media: &[&[u8]]) -> String {
        let item = self.item(changed);
        let id = item["item"]["id"].as_str().unwrap().to_owned();
        let sent = self.send_item(&fresh(), &item, media).good();
        assert_eq!(sent["item_id"], id.as_str());
        id
    }

    /// An item as it is fed.
    pub fn item(&self, changed: &Value) -> Value {
        let listed: Vec<Value> = Vec::new();
        let mut item = json!({"id": fresh(), "kind": "text", "media": listed,
            "allowed_actions": ["allow", "remove", "restrict", "warn_author", "escalate"],
            "texts": [{"id": "t", "lang": "en", "body": "A harmless sentence."}]});
        for (name, value) in changed.as_object().unwrap() {
            item[name] = value.clone();
        }
        json!({"queue_id": self.queue, "item": item})
    }

    /// Sends it, as `multipart/form-data`.
    #[track_caller]
    pub fn send_item(&self, key: &str, item: &Value, media: &[&[u8]]) -> Answer {
        let boundary = "contract-boundary";
        let mut body = Vec::new();
        let mut part = |name: &str, bytes: &[u8]| {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        part("item", item.to_string().as_bytes());
        for (n, bytes) in media.iter().enumerate() {
            part(&format!("media-{n}"), bytes);
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let answer = self.feed.post_bytes("/v1/items", key, &kind, &body);
        if answer.status == 200 {
            let id = item["item"]["id"].as_str().unwrap();
            self.fed.lock().unwrap().push(id.to_owned());
        }
        answer
    }

    /// Feeds `count` items; `person` claims them, in the order of their ids here.
    #[track_caller]
    pub fn claimed(&self, person: &Person, count: usize) -> Vec<Value> {
        let ids: Vec<String> = (0..count).map(|_| self.put(&json!({}))).collect();
        let claims = self.claim(person, 20);
        let of = |id: &String| {
            let found = claims
                .iter()
                .find(|claim| claim["item"]["id"] == id.as_str());
            found
                .unwrap_or_else(|| panic!("item {id} was not handed out"))
                .clone()
        };
        ids.iter().map(of).collect()
    }

    /// Claims of up to `count` items of the queue.
    #[track_caller]
    pub fn claim(&self, person: &Person, count: u32) -> Vec<Value> {
        self.claim_with(person, &json!({"count": count}))
    }

    /// The same with more to say.
    #[track_caller]
    pub fn claim_with(&self, person: &Person, request: &Value) -> Vec<Value> {
        let mut request = request.clone();
        request["queues"] = json!([self.queue]);
        person.post("/v1/claims", &request).rows("claims")
    }

    /// The state of an item.
    #[track_caller]
    pub fn state(&self, item: &str) -> String {
        let state = self.lead.get(&format!("/v1/items/{item}")).good();
        state["state"].as_str().unwrap().to_owned()
    }

    /// Outcomes about an item: what, decision, first action.
    #[track_caller]
    pub fn outcomes(&self, item: &str) -> Vec<(String, String, String)> {
        let (mut found, mut since) = (Vec::new(), 0);
        loop {
            let page = self
                .effect
                .get(&format!("/v1/outcomes?since={since}"))
                .good();
            let rows = page["outcomes"].as_array().unwrap();
            if rows.is_empty() {
                return found;
            }
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let about = rows.iter().filter(|row| row["item_id"] == item);
            found.extend(about.map(|row| {
                let action = &row["actions"][0]["kind"];
                (text(&row["what"]), text(&row["decision_id"]), text(action))
            }));
            since = page["next"].as_u64().unwrap();
        }
    }

    /// A decision about a claim; `changed` overrides its fields.
    #[track_caller]
    pub fn decision(&self, claim: &Value, changed: &Value) -> Value {
        let mut whole = json!({
            "decision_id": fresh(), "item_id": claim["item"]["id"],
            "item_version": claim["item"]["version"], "queue_id": claim["queue_id"],
            "claim_id": claim["claim_id"], "fence": claim["fence"],
            "policy_version": self.policies()["version"], "policy_ids": [],
            "actions": [{"kind": "allow"}], "severity": 1, "unsure": false, "reason": "",
            "decided_at": "2026-01-01T00:00:00Z", "skew_ms": 0, "handle_ms": 4321, "media": []});
        for (name, value) in changed.as_object().unwrap() {
            whole[name] = value.clone();
        }
        whole
    }

    /// The policy tree.
    #[track_caller]
    pub fn policies(&self) -> Value {
        self.one.get("/v1/policies").good()
    }

    /// A policy that needs a second review, if there is one that needs nothing else.
    #[track_caller]
    pub fn second_review(&self) -> Option<String> {
        let tree = self.policies();
        let policies = tree["policies"].as_array().unwrap();
        let fits = |p: &&Value| p["needs_second_review"] == true && p["needs_reason"] != true;
        let found = policies.iter().find(fits)?;
        Some(found["id"].as_str().unwrap().to_owned())
    }

    /// Claims `item` as soon as its lease has ended; why not, if leases are long here.
    ///
    /// # Errors
    /// The sentence for a rule that cannot be asked.
    pub fn claim_after_the_lease(&self, person: &Person, item: &str) -> Result<Value, String> {
        let lease_s = self.one.get("/v1/session").good()["lease_s"].as_u64();
        if lease_s.is_none_or(|s| s > LEASE_S_MAX) {
            return Err(format!("leases are longer than {LEASE_S_MAX} s"));
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let mut claims = self.claim(person, 20).into_iter();
            if let Some(claim) = claims.find(|claim| claim["item"]["id"] == item) {
                return Ok(claim);
            }
            assert!(Instant::now() < end, "a lease does not end");
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let fed = std::mem::take(
            &mut *self
                .fed
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner()),
        );
        for item in fed {
            // One that its rule withdrew already is told so again, which changes nothing. A server
            // that does not answer any more has been reported by the rule.
            if !self.feed.tries_to_withdraw(&item) {
                return;
            }
        }
    }
}
