//! Made-up decisions.
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod platform;

use scrim_model::hashes::{HashRule, PictureHash};
use scrim_model::view::{FileViewed, MediumView, ViewState};
use scrim_model::{
    ActionKind, ClaimId, Decision, DecisionAction, DecisionId, Escalation, FileHashes, ItemId, Pdq,
    PolicyId, QueueId, Timestamp,
};
use scrim_report::DecisionRow;
use scrim_wire::window::SyncState;

pub(crate) const NOW: Timestamp = Timestamp(1_770_000_000_000);

pub(crate) fn decision(n: u32, severity: u8) -> Decision {
    Decision {
        decision_id: DecisionId::new(format!("d{n}")).unwrap(),
        item_id: ItemId::new(format!("i{n}")).unwrap(),
        item_version: 3,
        queue_id: QueueId::new("=queue").unwrap(),
        claim_id: ClaimId::new("c").unwrap(),
        fence: 7,
        policy_version: 2,
        policy_ids: vec![
            PolicyId::new("spam").unwrap(),
            PolicyId::new("scam").unwrap(),
        ],
        actions: vec![
            DecisionAction {
                kind: ActionKind::Restrict,
                duration_s: Some(60),
            },
            DecisionAction {
                kind: ActionKind::WarnAuthor,
                duration_s: None,
            },
        ],
        severity,
        unsure: n == 2,
        reason: "SECRET reason".into(),
        escalate: Some(Escalation {
            to: "lead".into(),
            priority: 2,
            reason: "SECRET why".into(),
        }),
        decided_at: NOW.plus_ms(i64::from(n)),
        skew_ms: -12,
        training: false,
        handle_ms: 1_000 * u64::from(n) + 500,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: None,
        marks: Vec::new(),
        media: vec![MediumView {
            n: 0,
            sha256: Some("ab".into()),
            state: ViewState::Full,
            file_viewed: FileViewed::Yes,
            ms_covered: 987_001,
            ms_clear: 987_002,
            policy_ids: Vec::new(),
            severity: None,
            loaded_by_choice: false,
            without_landlock: true,
            hashes: Some(FileHashes {
                sha256: "ab".into(),
                md5: "cd".into(),
                sha1: "ef".into(),
                picture: Some(PictureHash {
                    rule: HashRule::FullSizeAsStored,
                    pdq: Pdq::from_bytes([0; 32]),
                    quality: 77,
                }),
            }),
        }],
    }
}

pub(crate) fn row(n: u32, severity: u8) -> DecisionRow {
    DecisionRow {
        decision: decision(n, severity),
        state: SyncState::Accepted,
        receipt: Some((format!("+r,\"{n}\""), NOW)),
        awaiting_second: false,
        undone: false,
    }
}

/// A generator of numbers with a seed (Steele, Lea and Flood 2014, SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// From 0 to `below`, without it.
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below
    }
}

/// Decisions of February 2026, in the order in which they were made.
pub(crate) fn a_month(count: u32) -> Vec<DecisionRow> {
    let mut dice = Dice(7);
    let first = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let mut rows: Vec<DecisionRow> = (1..=count)
        .map(|n| {
            let day = dice.roll(28);
            // Nobody works on Sundays.
            let day = if day.is_multiple_of(7) { day + 1 } else { day };
            let policy = ["spam", "scam", "hate", ""][dice.roll(9).min(3) as usize % 4];
            let grave = dice.roll(40) == 0;
            let mut row = row(n, if grave { 3 } else { dice.roll(3) as u8 });
            let d = &mut row.decision;
            d.decided_at = first.plus_ms(day as i64 * 86_400_000 + i64::from(n) * 1_000);
            d.queue_id = QueueId::new(["=queue", "photos"][dice.roll(2) as usize]).unwrap();
            d.policy_ids =
                Vec::from_iter((!policy.is_empty()).then(|| PolicyId::new(policy).unwrap()));
            let kind = if policy.is_empty() {
                ActionKind::Allow
            } else {
                ActionKind::Remove
            };
            d.actions = vec![DecisionAction {
                kind,
                duration_s: None,
            }];
            d.unsure = dice.roll(9) == 0;
            d.handle_ms = 2_000 + dice.roll(60_000);
            row
        })
        .collect();
    rows.sort_by_key(|row| row.decision.decided_at);
    rows
}

/// As near as a reader of JSON comes that rounds the last digit in its own way.
pub(crate) fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= one.abs() * 1e-12
}
