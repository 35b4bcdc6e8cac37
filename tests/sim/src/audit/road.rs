//! Promises about what stands on the road, and what the server did about it.

use scrim_model::{ClaimId, Decision, ItemId};
use scrim_queue::{Answered, Asking};
use scrim_wire::protocol::{DecisionsRequest, IDEMPOTENCY_KEY, SCRIM_CHAIN_HEAD};

use super::Audit;

impl Audit {
    /// A request is on its way.
    pub(crate) fn asked(&mut self, desk: usize, asking: &Asking) {
        let key = asking.header(IDEMPOTENCY_KEY);
        if let Some(id) = asking.path.strip_suffix("/revert") {
            let is_written = self.is_kept_undo(desk, id, key);
            let promise = "a decision is undone under the one key that is on the disk";
            self.hold(desk, is_written, promise);
        }
        if asking.path == "/v1/decisions" && asking.method == "POST" {
            let sent: Option<DecisionsRequest> = serde_json::from_slice(&asking.body).ok();
            let decisions = sent.as_ref().map_or(&[][..], |sent| &sent.decisions);
            let is_key = key.is_some_and(|key| self.is_their_key(desk, decisions, key));
            let promise = "every try has one key: the decision's id, or what is on the disk";
            self.hold(desk, is_key, promise);
            let ids: Vec<_> = decisions.iter().map(|d| d.decision_id.clone()).collect();
            let under = (desk, key.unwrap_or_default().to_owned());
            let first = self.keys.entry(under).or_insert_with(|| ids.clone());
            let is_same = *first == ids;
            self.hold(
                desk,
                is_same,
                "one key stands for the same decisions each time",
            );
            let head = asking.header(SCRIM_CHAIN_HEAD);
            let is_durable = head.is_some_and(|head| self.is_durable_head(desk, head));
            self.hold(
                desk,
                is_durable,
                "the chain that the server is told of is on the disk",
            );
            let is_written = sent.is_some_and(|sent| self.are_written(desk, &sent));
            self.hold(
                desk,
                is_written,
                "each decision goes with its entry, as it is on the disk",
            );
        }
    }

    /// Whether decisions that go in one call have this key, and these places, on the disk.
    fn is_their_key(&self, desk: usize, decisions: &[Decision], key: &str) -> bool {
        if self.books[desk].reader.is_none() {
            return true;
        }
        let with = |decision: &Decision| {
            let reader = self.books[desk].reader.as_ref()?;
            let row = reader.decision(&decision.decision_id).ok()??;
            row.sent_with
        };
        match decisions {
            [] => false,
            [alone] => match with(alone) {
                Some((own, None)) => own == key,
                _ => alone.decision_id.as_str() == key,
            },
            many => (0..).zip(many).all(|(place, decision)| {
                with(decision).is_some_and(|(of, at)| of == key && at == Some(place))
            }),
        }
    }

    /// Whether the request to undo is on the disk, with this key.
    fn is_kept_undo(&self, desk: usize, path: &str, key: Option<&str>) -> bool {
        let Some(reader) = self.books[desk].reader.as_ref() else {
            return true;
        };
        // A look that the disk refuses shows nothing.
        let Ok(rows) = reader.reverts() else {
            return true;
        };
        let id = path.trim_start_matches("/v1/decisions/");
        rows.iter()
            .any(|row| row.decision_id.as_str() == id && Some(row.key.as_str()) == key)
    }

    /// Whether each decision of the call comes with its entry of the chain on the disk.
    fn are_written(&self, desk: usize, sent: &DecisionsRequest) -> bool {
        let Some(reader) = self.books[desk].reader.as_ref() else {
            return true;
        };
        let on_disk = sent
            .decisions
            .iter()
            .filter_map(|d| reader.sent_record(&d.decision_id).transpose());
        on_disk
            .map(Result::ok)
            .eq(sent.records.iter().cloned().map(Some))
    }

    /// Whether the chain on the disk had this head at some time.
    fn is_durable_head(&self, desk: usize, head: &str) -> bool {
        let read = || {
            let (entries, hash) = head.split_once(':')?;
            let reader = self.books[desk].reader.as_ref()?;
            let on_disk = reader.hash_at(entries.parse().ok()?).ok()??;
            Some(on_disk == hash)
        };
        // A desk that is no more cannot be asked; its next life is held against the same server.
        self.books[desk].reader.is_none() || read() == Some(true)
    }

    /// The server has carried a request out.
    pub(crate) fn server_did(&mut self, desk: usize, asking: &Asking, answered: &Answered) {
        if asking.path != "/v1/claims" || answered.status != 200 {
            return;
        }
        let answer: serde_json::Value = serde_json::from_slice(&answered.body).unwrap_or_default();
        for row in answer["claims"].as_array().into_iter().flatten() {
            let claim = row["claim_id"]
                .as_str()
                .and_then(|id| ClaimId::new(id).ok());
            let item = row["item"]["id"]
                .as_str()
                .and_then(|id| ItemId::new(id).ok());
            if let Some((claim, item)) = claim.zip(item) {
                self.granted.insert(claim, (desk, item));
            }
        }
    }
}
