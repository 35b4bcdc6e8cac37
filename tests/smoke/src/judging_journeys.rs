//! Journeys of the keys that judge: each digit, kind of decision, priority and reason does what its row
//! of the action table says.

use egui::{Key, Modifiers};
use scrim_model::view::{RevealMode, RevealReason};
use scrim_model::{ActionKind, Decision, ItemId, Kind, PolicyTree};
use scrim_queue::QueueServer;
use scrim_samples::Sample;
use scrim_wire::protocol::ClaimsRequest;
use scrim_wire::window::Screen;

use crate::journeys::{Journey, checkered, desk, item};
use crate::stage::{Failed, Look, Stage, hold};

/// All of them, in the order in which they are run.
pub(crate) const JUDGING: &[Journey] = &[
    Journey {
        name: "every-digit-of-a-policy",
        about: "digits choose the policies that they stand at, and a key goes back",
        run: every_digit,
    },
    Journey {
        name: "every-kind-of-decision",
        about: "each kind of decision has a key and arrives as that kind",
        run: every_kind,
    },
    Journey {
        name: "same-author-one-key",
        about: "a decision about an author is repeated with one key for their other items",
        run: same_author,
    },
    Journey {
        name: "not-me",
        about: "an item is given back with a key, undecided, and does not come to the same person again",
        run: not_me,
    },
    Journey {
        name: "passing-on-in-place",
        about: "digits set the priority of what is passed on, Esc calls it off, and the server gets both right",
        run: passing_on,
    },
    Journey {
        name: "every-reason",
        about: "each of the four reasons opens the gravest picture and is in the view log",
        run: every_reason,
    },
];

/// 1 to 9.
pub(crate) const DIGITS: [Key; 9] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
];

fn chosen(stage: &mut Stage) -> Option<String> {
    let chosen = stage.model().draft.chosen;
    chosen.map(|id| id.as_str().to_owned())
}

/// A policy at every digit.
fn full_tree() -> Result<PolicyTree, Failed> {
    let mut tree: PolicyTree = scrim_samples::policies();
    tree.version += 1;
    for digit in 1..=9 {
        let is_there =
            |node: &&scrim_model::PolicyNode| node.parent.is_none() && node.digit == Some(digit);
        if tree.policies.iter().find(is_there).is_none() {
            tree.policies
                .push(serde_json::from_value(serde_json::json!({
                    "id": format!("more-{digit}"), "name": format!("More {digit}"), "digit": digit
                }))?);
        }
    }
    Ok(tree)
}

fn every_digit() -> Result<(), Failed> {
    let tree = full_tree()?;
    let mut sample = checkered(1, Kind::Image);
    sample.ingest.item.default_policy = None;
    let mut stage = Stage::empty(&[sample], Look::default(), "test")?;
    stage.served.set_policies(&tree)?;
    stage.start_desk()?;
    for (digit, key) in (1..).zip(DIGITS) {
        let expected = tree
            .policies
            .iter()
            .find(|node| node.parent.is_none() && node.digit == Some(digit))
            .map(|node| node.id.as_str().to_owned());
        stage.press(key);
        hold!(
            chosen(&mut stage) == expected,
            "{digit} chooses {:?}, not {expected:?}",
            chosen(&mut stage)
        );
        stage.press(Key::Backspace);
        let draft = stage.model().draft;
        hold!(
            draft.chosen.is_none() && draft.parent.is_none(),
            "going back leaves {:?}",
            draft.chosen
        );
    }
    stage.press(Key::Num0);
    hold!(stage.model().draft.unsure, "0 does not mark as unsure");
    Ok(())
}

/// Pictures of one author each, which may be answered in every way.
fn of_authors(authors: &[&str]) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (number, author) in (1..).zip(authors) {
        let mut sample = checkered(number, Kind::Image);
        let item = &mut sample.ingest.item;
        item.allowed_actions = ActionKind::KNOWN.to_vec();
        item.appeal = None;
        if let Some(of) = &mut item.author {
            (*author).clone_into(&mut of.id);
        }
        samples.push(sample);
    }
    samples
}

fn every_kind() -> Result<(), Failed> {
    let authors = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let keys = [
        Key::F,
        Key::X,
        Key::L,
        Key::G,
        Key::P,
        Key::E,
        Key::W,
        Key::I,
        Key::D,
    ];
    let mut stage = Stage::set(&of_authors(&authors), Look::default())?;
    for key in keys {
        hold!(
            stage.model().screen == Screen::Serving,
            "before {key:?} the screen is {:?}",
            stage.model().screen
        );
        stage.press(Key::Num4);
        stage.press(key);
        if stage.model().confirm.is_some() {
            stage.pass(500);
            stage.press(Key::Enter);
        }
        stage.pass(6_500);
    }
    let made = stage.served.decisions()?;
    for kind in ActionKind::KNOWN {
        let count = made
            .iter()
            .filter(|made| made.headline() == kind.as_str())
            .count();
        hold!(count == 1, "{count} decisions are {kind:?}: {made:?}");
    }
    hold!(made.len() == keys.len(), "{} decisions", made.len());
    Ok(())
}

fn same_author() -> Result<(), Failed> {
    let mut stage = Stage::set(&of_authors(&["a", "a", "a"]), Look::default())?;
    stage.pass(1_000);
    stage.press(Key::Num2);
    stage.press(Key::D);
    stage.pass(1_000);
    let listed = stage.model().copies.map(|copies| copies.of_author.len());
    hold!(
        stage.model().screen == Screen::Copies && listed == Some(2),
        "{listed:?} items of the author are offered"
    );
    stage.press(Key::S);
    stage.pass(12_000);
    let made = stage.served.decisions()?;
    let (first, repeated): (Vec<&Decision>, Vec<&Decision>) =
        made.iter().partition(|made| made.propagated_from.is_none());
    hold!(
        first.len() == 1
            && repeated.len() == 2
            && repeated.iter().all(|made| made.propagated_from.as_ref()
                == Some(&first[0].decision_id)
                && made.headline() == "suspend_author"),
        "the server has {made:?}"
    );
    Ok(())
}

fn not_me() -> Result<(), Failed> {
    let mut stage = desk(2)?;
    let given = item(&mut stage);
    stage.press(Key::K);
    stage.pass(2_000);
    hold!(
        item(&mut stage).is_some() && item(&mut stage) != given,
        "the item stays"
    );
    stage.press(Key::F);
    stage.pass(30_000);
    hold!(
        stage.model().screen == Screen::QueueEmpty,
        "it comes again: {:?}",
        stage.model().screen
    );
    let made = stage.served.decisions()?;
    hold!(made.len() == 1, "the server has {made:?}");
    let other = stage.served.person("moderator-2", "moderator")?;
    let request = ClaimsRequest {
        count: 2,
        ..ClaimsRequest::default()
    };
    let claims = other.claim("other-1", &request)?.claims;
    hold!(
        claims.len() == 1 && given.as_deref() == Some(claims[0].item.id.as_str()),
        "somebody else is offered {} items",
        claims.len()
    );
    Ok(())
}

fn priority(stage: &mut Stage) -> Option<u8> {
    stage.model().confirm.map(|confirm| confirm.priority)
}

fn passing_on() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let open = item(&mut stage);
    stage.press(Key::P);
    for (key, expected) in [(Key::Num1, 1), (Key::Num3, 3), (Key::Num2, 2)] {
        stage.press(key);
        hold!(
            priority(&mut stage) == Some(expected),
            "the priority is {:?}, not {expected}",
            priority(&mut stage)
        );
    }
    stage.press(Key::Escape);
    stage.pass(6_000);
    hold!(
        priority(&mut stage).is_none() && item(&mut stage) == open,
        "Esc does not call it off"
    );
    hold!(
        stage.served.decisions()?.is_empty(),
        "what was called off was sent"
    );
    stage.press(Key::P);
    stage.press(Key::Num3);
    stage.pass(500);
    stage.press(Key::Enter);
    stage.pass(6_000);
    let made = stage.served.decisions()?;
    let priorities: Vec<_> = made
        .iter()
        .filter_map(|made| made.escalate.as_ref())
        .map(|escalation| escalation.priority)
        .collect();
    hold!(priorities == [3], "the server has {made:?}");
    Ok(())
}

fn every_reason() -> Result<(), Failed> {
    let mut sample = checkered(1, Kind::Image);
    sample.ingest.item.severity_hint = 4;
    let mut stage = Stage::set(&[sample], Look::default())?;
    let open = ItemId::new(item(&mut stage).unwrap_or_default())?;
    for (key, reason) in DIGITS.into_iter().zip(RevealReason::ALL) {
        stage.press_with(Key::R, Modifiers::SHIFT);
        hold!(
            stage.model().asks_reason && !stage.view().has_clear_pixels(),
            "no reason is asked for before {reason:?}"
        );
        stage.press(key);
        let mode = stage.model().item.and_then(|item| item.reveal);
        hold!(
            mode.is_some_and(|reveal| reveal.mode == RevealMode::Full)
                && stage.view().has_clear_pixels(),
            "{reason:?} does not open the picture"
        );
        let kept = stage.intervals_of(&open)?;
        let kept = kept.last().and_then(|interval| interval.reason);
        hold!(kept == Some(reason), "the view log has {kept:?}");
        stage.press_with(Key::R, Modifiers::SHIFT);
        stage.pass(400);
    }
    Ok(())
}
