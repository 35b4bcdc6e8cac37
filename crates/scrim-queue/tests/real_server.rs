//! The same calls against a real `scrim-server` process with generated items.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use scrim_model::{
    ActionKind, Decision, DecisionAction, DecisionId, DeskId, Environment, Escalation, MediumKey,
    PolicyId, Role,
};
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::{
    ChainHead, ChainTold, Claim, ClaimsRequest, ConsultRequest, ConsultTo, DecisionResult, Draft,
    DraftMedium, DraftPlace, ReleaseRequest, ReleaseWhy,
};
use tempfile::TempDir;

/// The program beside the folder of this test's own program.
fn binary() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let mut found = own
        .ancestors()
        .skip(1)
        .map(|folder| folder.join("scrim-server"));
    let Some(path) = found.find(|path| path.is_file()) else {
        panic!("scrim-server is missing: build it with `cargo build -p scrim-server` first");
    };
    path
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(binary())
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

struct Server {
    child: Child,
    base: String,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        Self::of("test")
    }

    fn of(environment: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = scrim_samples::Settings {
            count: 12,
            side_max: Some(600),
            with_broken: false,
            with_covers: true,
            ..Default::default()
        };
        scrim_samples::write_folder(&settings, &folder.path().join("samples")).unwrap();
        run(
            folder.path(),
            &["seed", "--db", "s.db", "--from", "samples"],
        );
        let mut child = Command::new(binary())
            .args([
                "serve",
                "--db",
                "s.db",
                "--environment",
                environment,
                "--parent-watch",
            ])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self {
            child,
            base,
            folder,
        }
    }

    fn queue(&self, user: &str, role: &str) -> HttpQueue {
        let arguments = [
            "token", "add", "--db", "s.db", "--user", user, "--role", role,
        ];
        let token = run(self.folder.path(), &arguments);
        HttpQueue::new(Origin::parse(&self.base).unwrap(), &token)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn claim(queue: &HttpQueue, count: u32) -> Vec<Claim> {
    let request = ClaimsRequest {
        count,
        ..Default::default()
    };
    let taken = queue.claim(&key(), &request).unwrap();
    assert_eq!((taken.refused.len(), taken.unreadable), (0, 0));
    taken.claims
}

fn allow(queue: &HttpQueue, claim: &Claim) -> Decision {
    Decision {
        decision_id: DecisionId::new(key()).unwrap(),
        item_id: claim.item.id.clone(),
        item_version: claim.item.version,
        queue_id: claim.queue_id.clone(),
        claim_id: claim.claim_id.clone(),
        fence: claim.fence,
        policy_version: queue.policies().unwrap().version,
        policy_ids: Vec::new(),
        actions: vec![DecisionAction {
            kind: ActionKind::Allow,
            duration_s: None,
        }],
        severity: 0,
        unsure: false,
        reason: String::new(),
        escalate: None,
        decided_at: queue.session().unwrap().server_time,
        skew_ms: 0,
        training: false,
        handle_ms: 0,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: None,
        marks: Vec::new(),
        media: Vec::new(),
    }
}

#[test]
fn session_queues_and_policies() {
    let server = Server::start();
    let queue = server.queue("m1", "moderator");
    let session = queue.session().unwrap();
    assert_eq!(session.moderator_id.as_str(), "m1");
    assert_eq!(session.environment, Environment::Test);
    assert_eq!(
        queue
            .queues()
            .unwrap()
            .iter()
            .map(|q| q.pending)
            .sum::<u64>(),
        12
    );
    assert_eq!(queue.policies().unwrap(), scrim_samples::policies());
    let stranger = HttpQueue::new(Origin::parse(&server.base).unwrap(), "no-such-token");
    assert_eq!(stranger.session().map(drop), Err(CallFailed::SignedOut));
    let effect = server.queue("e1", "effect");
    let refused = effect.claim(
        &key(),
        &ClaimsRequest {
            count: 1,
            ..Default::default()
        },
    );
    assert!(
        matches!(refused, Err(CallFailed::Refused { ref code, .. }) if code == "not_allowed"),
        "{refused:?}"
    );
}

#[test]
fn claims_heartbeats_and_media() {
    let server = Server::start();
    let queue = server.queue("m1", "moderator");
    let request = ClaimsRequest {
        count: 5,
        ..Default::default()
    };
    let same_key = key();
    let first = queue.claim(&same_key, &request).unwrap().claims;
    assert_eq!(
        first,
        queue.claim(&same_key, &request).unwrap().claims,
        "the same key asks once"
    );
    let ids: Vec<_> = first.iter().map(|c| c.claim_id.clone()).collect();
    let rows = queue.heartbeat(&key(), &ids).unwrap();
    assert_eq!(rows.len(), 5);
    assert!(
        rows.iter()
            .all(|row| row.lost.is_none() && row.expires_at.is_some())
    );

    let mut all = first;
    all.extend(claim(&queue, 20));
    let with_media = all.iter().find(|c| !c.item.media.is_empty()).unwrap();
    let medium = MediumKey {
        item: with_media.item.id.clone(),
        n: 0,
    };
    let bytes = queue.medium(&medium, &with_media.claim_id).unwrap();
    assert_eq!(bytes.len() as u64, with_media.item.media[0].bytes);
    let other = all
        .iter()
        .find(|c| c.item.id != with_media.item.id)
        .unwrap();
    assert!(matches!(
        queue.medium(&medium, &other.claim_id),
        Err(CallFailed::Refused { .. })
    ));
    let with_cover = all
        .iter()
        .find(|c| c.item.media.iter().any(|m| m.cover.is_some()));
    let with_cover = with_cover.expect("large pictures come with one");
    let filed = with_cover
        .item
        .media
        .iter()
        .find(|m| m.cover.is_some())
        .unwrap();
    let large = MediumKey {
        item: with_cover.item.id.clone(),
        n: filed.n,
    };
    let small = queue.medium_cover(&large, &with_cover.claim_id).unwrap();
    let whole = queue.medium(&large, &with_cover.claim_id).unwrap();
    assert_eq!(small.len() as u64, filed.cover.as_ref().unwrap().bytes);
    assert!(small.len() < whole.len() && whole.len() as u64 == filed.bytes);
    let none = MediumKey { n: 99, ..medium };
    assert!(matches!(
        queue.medium(&none, &with_media.claim_id),
        Err(CallFailed::Refused { .. })
    ));
}

#[test]
fn a_decision_is_taken_once_and_shown_at_the_item() {
    let server = Server::start();
    let queue = server.queue("m1", "moderator");
    let held = claim(&queue, 1).remove(0);
    assert_eq!(queue.item(&held.item.id).unwrap().state, "claimed");
    let decision = allow(&queue, &held);
    let DecisionResult::Accepted { receipt, .. } = queue.send(&decision).unwrap() else {
        panic!("not accepted");
    };
    // The same key and body bring the first answer again, whatever it was called.
    match queue.send(&decision).unwrap() {
        DecisionResult::Accepted { receipt: again, .. }
        | DecisionResult::Duplicate { receipt: again, .. } => {
            assert_eq!(again, receipt);
        }
        other => panic!("{other:?}"),
    }
    let state = queue.item(&held.item.id).unwrap();
    assert_eq!(state.state, "decided");
    assert_eq!(state.decisions, std::slice::from_ref(&decision.decision_id));
    let mut changed = decision;
    changed.unsure = true;
    assert!(
        matches!(queue.send(&changed), Err(CallFailed::Refused { ref code, .. }) if code == "key_reused")
    );
}

#[test]
fn who_gave_an_item_back_is_overtaken_by_who_took_it() {
    let server = Server::start();
    let (first, second) = (
        server.queue("m1", "moderator"),
        server.queue("m2", "moderator"),
    );
    let held = claim(&first, 1).remove(0);
    let late = allow(&first, &held);
    first
        .release(
            &key(),
            std::slice::from_ref(&held.claim_id),
            &ReleaseWhy::NotMe,
        )
        .unwrap();
    assert!(
        claim(&first, 20).iter().all(|c| c.item.id != held.item.id),
        "not me keeps it away"
    );
    let taken = claim(&second, 1).remove(0);
    assert_eq!(taken.item.id, held.item.id);
    assert!(taken.fence > held.fence);
    let theirs = allow(&second, &taken);
    assert!(matches!(
        second.send(&theirs),
        Ok(DecisionResult::Accepted { .. })
    ));
    assert!(matches!(
        first.send(&late),
        Ok(DecisionResult::Overtaken { .. })
    ));
    let rows = first
        .heartbeat(&key(), std::slice::from_ref(&held.claim_id))
        .unwrap();
    assert!(rows[0].lost.is_some());
    let seen = |by: &HttpQueue| by.item(&held.item.id).unwrap().decisions;
    assert_eq!(seen(&second), std::slice::from_ref(&theirs.decision_id));
    // Others see that there is one, under an id that tells nothing of when it was made.
    let told = seen(&first);
    assert!(told.len() == 1 && told[0] != theirs.decision_id && told[0] != late.decision_id);
}

#[test]
fn the_session_tells_the_floor_the_contact_the_other_desk_and_the_chain() {
    let server = Server::start();
    std::fs::write(
        server.folder.path().join("floor.json"),
        r#"{"media.mute": true}"#,
    )
    .unwrap();
    run(
        server.folder.path(),
        &["floor", "set", "--db", "s.db", "floor.json"],
    );
    run(
        server.folder.path(),
        &["safety-contact", "set", "--db", "s.db", "Safety=555"],
    );
    let desk = |name: &str| DeskId::new(name).unwrap();
    let (one, two) = (
        server.queue("m1", "moderator").for_desk(desk("one")),
        server.queue("m1", "moderator").for_desk(desk("two")),
    );
    let held = claim(&one, 1).remove(0);
    let mut decision = allow(&one, &held);
    decision.handle_ms = 4_000;
    let head = ChainHead {
        entries: 3,
        hash: "a".repeat(64),
    };
    let told = |head: &ChainHead| ChainTold {
        head: Some(head.clone()),
        records: Vec::new(),
    };
    let row = one.send_row(&decision, told(&head)).unwrap();
    assert!(matches!(row.result, DecisionResult::Accepted { .. }) && row.feedback.is_none());
    // A retry after the chain has grown is still the same decision.
    let grown = ChainHead {
        entries: 4,
        ..head.clone()
    };
    assert!(one.send_row(&decision, told(&grown)).is_ok());
    let session = one.session().unwrap();
    assert_eq!(session.floor.unwrap()["media.mute"], true);
    assert_eq!(session.safety_contact.unwrap().reach, "555");
    assert_eq!(session.chain_head, Some(head));
    assert!(session.capabilities.contains(&"consult".to_owned()));
    assert!(
        session.day_totals.unwrap().rows.is_empty(),
        "one's own desk is left out"
    );
    let day = session.server_time.plus_ms(-3_600_000);
    let seen = two.session_of_day(day).unwrap();
    let totals = seen.day_totals.unwrap();
    assert_eq!((totals.from, totals.rows.len()), (day, 1));
    assert_eq!(totals.rows[0].items, 1);
    assert_eq!(seen.chain_head, None);
}

#[test]
fn a_question_goes_round_and_a_draft_goes_on() {
    let server = Server::start();
    let (asker, lead) = (server.queue("m1", "moderator"), server.queue("l1", "lead"));
    let held = claim(&asker, 20)
        .into_iter()
        .find(|c| !c.item.media.is_empty())
        .unwrap();
    let request = ConsultRequest {
        claim_id: held.claim_id.clone(),
        to: ConsultTo::Role(Role::Lead),
        question: "Which policy?".to_owned(),
    };
    let same_key = key();
    let asked = asker.ask(&same_key, &held.item.id, &request).unwrap();
    assert_eq!(
        asker.ask(&same_key, &held.item.id, &request).unwrap(),
        asked
    );
    let questions = lead.consults().unwrap();
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0].question, "Which policy?");
    let opened = lead.open_consult(&key(), &asked.consult_id).unwrap();
    assert_eq!(opened.item, held.item);
    let medium = MediumKey {
        item: held.item.id.clone(),
        n: 0,
    };
    assert!(lead.medium(&medium, &opened.claim_id).is_ok());
    lead.answer_consult(&key(), &asked.consult_id, "Spam.")
        .unwrap();
    assert!(lead.consults().unwrap().is_empty());
    let state = asker.item(&held.item.id).unwrap();
    assert_eq!(state.consults[0].answer.as_deref(), Some("Spam."));
    let too_late = lead.answer_consult(&key(), &asked.consult_id, "No.");
    assert!(matches!(too_late, Err(CallFailed::Refused { ref code, .. }) if code == "too_late"));

    let draft = Draft {
        note: "So far.".to_owned(),
        media: vec![DraftMedium {
            n: 0,
            policy_id: PolicyId::new("deception.spam").unwrap(),
        }],
        places: vec![DraftPlace { n: 0, at_ms: 2500 }],
        ..Default::default()
    };
    let back = ReleaseRequest {
        claim_ids: vec![held.claim_id],
        why: ReleaseWhy::HandOver,
        draft: Some(draft.clone()),
        aimed: false,
    };
    asker.give_back(&key(), &back).unwrap();
    let taken = claim(&lead, 20)
        .into_iter()
        .find(|c| c.item.id == held.item.id)
        .unwrap();
    assert_eq!(taken.draft, Some(draft));
    let aimed = ReleaseRequest {
        claim_ids: vec![taken.claim_id],
        why: ReleaseWhy::NotMe,
        draft: None,
        aimed: true,
    };
    lead.give_back(&key(), &aimed).unwrap();
    let told = run(
        server.folder.path(),
        &["safety-contact", "notices", "--db", "s.db"],
    );
    assert_eq!(told, format!("1\t{}", held.item.id));
}

#[test]
fn a_decision_is_undone_and_the_exposure_of_few_is_hidden() {
    let server = Server::start();
    let (queue, lead) = (server.queue("m1", "moderator"), server.queue("l1", "lead"));
    let held = claim(&queue, 1).remove(0);
    let decision = allow(&queue, &held);
    queue.send(&decision).unwrap();
    let receipt = queue
        .revert(&key(), &decision.decision_id, "By mistake.")
        .unwrap();
    assert!(!receipt.receipt.is_empty());
    assert_eq!(queue.item(&held.item.id).unwrap().state, "open");
    let again = queue.revert(&key(), &decision.decision_id, "");
    assert!(matches!(again, Err(CallFailed::Refused { ref code, .. }) if code == "too_late"));
    let exposure = lead.exposure().unwrap();
    assert_eq!((exposure.people_min, exposure.weeks.len()), (5, 4));
    assert!(exposure.weeks.iter().all(|week| week.groups.is_empty()));
    assert!(
        matches!(queue.exposure(), Err(CallFailed::Refused { ref code, .. }) if code == "not_allowed")
    );
}

#[test]
fn what_is_passed_on_is_shown_escalated_and_comes_to_a_lead() {
    let server = Server::start();
    let (queue, lead) = (server.queue("m1", "moderator"), server.queue("l1", "lead"));
    let held = claim(&queue, 1).remove(0);
    let mut decision = allow(&queue, &held);
    decision.actions[0].kind = ActionKind::Escalate;
    decision.escalate = Some(Escalation {
        to: "lead".to_owned(),
        priority: 2,
        reason: "Please look.".to_owned(),
    });
    assert!(matches!(
        queue.send(&decision),
        Ok(DecisionResult::Accepted { .. })
    ));
    assert_eq!(queue.item(&held.item.id).unwrap().state, "escalated");
    let taken = claim(&lead, 20)
        .into_iter()
        .find(|c| c.item.id == held.item.id)
        .unwrap();
    assert_eq!(taken.escalation, decision.escalate);
    assert!(matches!(
        lead.send(&allow(&lead, &taken)),
        Ok(DecisionResult::Accepted { .. })
    ));
    assert_eq!(queue.item(&held.item.id).unwrap().state, "decided");
}

#[test]
fn a_training_server_says_so_and_decides_nothing_for_the_platform() {
    let server = Server::of("training");
    let queue = server.queue("m1", "moderator");
    assert_eq!(queue.session().unwrap().environment, Environment::Training);
    let line = serde_json::json!({"queue_id": queue.queues().unwrap()[0].id, "files": [],
        "item": {"id": "practice", "kind": "text", "priority": 1, "allowed_actions": ["allow"]},
        "feedback": {"policy_ids": [], "explanation": "Nothing is wrong with it."}});
    let items = server.folder.path().join("samples/items.jsonl");
    let before = std::fs::read_to_string(&items).unwrap();
    std::fs::write(&items, format!("{before}{line}\n")).unwrap();
    run(
        server.folder.path(),
        &["seed", "--db", "s.db", "--from", "samples"],
    );
    let held = claim(&queue, 20)
        .into_iter()
        .find(|c| c.item.id.as_str() == "practice")
        .unwrap();
    let row = queue
        .send_row(&allow(&queue, &held), ChainTold::default())
        .unwrap();
    assert_eq!(
        row.feedback.unwrap().explanation,
        "Nothing is wrong with it."
    );
}

#[test]
fn many_decisions_go_in_one_call_once_and_are_read_back_by_cursor() {
    let server = Server::start();
    let queue = server.queue("m1", "moderator");
    let held = claim(&queue, 3);
    let mut sent: Vec<_> = held.iter().map(|claim| allow(&queue, claim)).collect();
    sent[1].fence += 1;
    let (call, chain) = (key(), ChainTold::default);
    let rows = queue.send_rows(&call, &sent, chain()).unwrap();
    let results: Vec<_> = rows.iter().map(|row| &row.result).collect();
    assert!(matches!(
        results[..],
        [
            DecisionResult::Accepted { .. },
            DecisionResult::Rejected { .. },
            DecisionResult::Accepted { .. }
        ]
    ));
    assert_eq!(queue.send_rows(&call, &sent, chain()).unwrap(), rows);
    // Alone, under its own id, it is the same decision.
    let again = queue.send(&sent[0]).unwrap();
    assert!(matches!(again, DecisionResult::Duplicate { .. }));
    let own = queue.own_decisions(0).unwrap();
    let ids: Vec<_> = own
        .decisions
        .iter()
        .map(|row| &row.decision.decision_id)
        .collect();
    assert_eq!(ids, [&sent[0].decision_id, &sent[2].decision_id]);
    assert!(queue.own_decisions(own.next).unwrap().decisions.is_empty());
    queue.revert(&key(), &sent[0].decision_id, "").unwrap();
    let own = queue.own_decisions(0).unwrap();
    assert!(own.decisions[0].reverted && !own.decisions[1].reverted);
    let other = server.queue("m2", "moderator");
    assert!(other.own_decisions(0).unwrap().decisions.is_empty());
}
